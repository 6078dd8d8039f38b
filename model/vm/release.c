/*
 * Releases and what each does differently.  The rules themselves are in
 * rules.h, each with its source; here one is chosen.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "model/vm/release.h"

#include <string.h>

static const struct {
	const char *macos, *xnu;
} releases[] = {
#define RELEASE(macos_, xnu_, darwin_) { macos_, xnu_ },
#include "releases.h"
#undef RELEASE
};
#define RELEASES (sizeof(releases) / sizeof(releases[0]))

/* ---- versions ------------------------------------------------------------ */

/* "10.13.6" as 10013006; parts: how many were given.  0: not a version. */
static uint32_t
version(const char *text, int *parts)
{
	uint32_t part, value = 0;
	int n = 0;

	for (;;) {
		if (*text < '0' || *text > '9' || n == 3)
			return 0;
		for (part = 0; *text >= '0' && *text <= '9'; text++)
			if ((part = part * 10 + (uint32_t)(*text - '0')) > 999)
				return 0;
		value = value * 1000 + part;
		n++;
		if (*text == '\0')
			break;
		if (*text++ != '.')
			return 0;
	}
	if (parts != NULL)
		*parts = n;
	for (; n < 3; n++)
		value *= 1000;
	return value;
}

/*
 * The kernel of a release: "15" is the newest of 15, "10.15" the newest of
 * 10.15 (no release before 11 is meant by one number).  RELEASES: none.
 */
static unsigned
kernel_of(const char *text)
{
	uint32_t wanted, have, family;
	unsigned i, found = RELEASES;
	int parts;

	wanted = version(text, &parts);
	if (wanted == 0)
		return RELEASES;
	family = wanted < 11000000 ? 1000 : 1000000;
	if (wanted % family == 0 && parts == (family == 1000 ? 2 : 1))
		wanted += family - 1;
	for (i = 0; i < RELEASES; i++) {
		have = version(releases[i].macos, NULL);
		if (have <= wanted &&
		    (have / family == wanted / family || i == RELEASES - 1))
			found = i;
	}
	return found;
}

/* Whose: a kernel's architecture, or a process's ("arm64 process"). */
static bool
applies(const struct rules *r, uint32_t release, const char *since,
    const char *before, const char *whose)
{
	const char *kernel = r->is_translated ? "arm64" : r->arch;
	const size_t n = strlen(r->arch);

	if ((*since != '\0' && release < version(since, NULL)) ||
	    (*before != '\0' && release >= version(before, NULL)))
		return false;
	return *whose == '\0' || strcmp(whose, kernel) == 0 ||
	    (strncmp(whose, r->arch, n) == 0 &&
		strcmp(whose + n, " process") == 0);
}

const struct rules *
rules_find(const char *text, const char *arch)
{
	/* One for each kernel and one for newer releases, in three kinds. */
	static struct rules known[RELEASES + 1][3];
	static char names[3][16];
	struct rules *r;
	uint32_t release;
	unsigned i, kind;
	bool is_newer;

	if (strcmp(arch, "arm64") == 0)
		kind = 0;
	else if (strcmp(arch, "rosetta") == 0)
		kind = 1;
	else if (strcmp(arch, "x86_64") == 0)
		kind = 2;
	else
		return NULL;
	i = kernel_of(text);
	if (i == RELEASES || strlen(text) >= sizeof(names[0]))
		return NULL;
	release = version(releases[i].macos, NULL);
	if (kind != 2 && release < version("11", NULL))
		return NULL;
	/* 27 is for arm64 only, and what runs there. */
	if (kind == 2 && version(text, NULL) >= version("27", NULL))
		return NULL;
	is_newer = i == RELEASES - 1 && version(text, NULL) > release;
	r = &known[is_newer ? RELEASES : i][kind];
	if (r->release != NULL && (!is_newer || strcmp(r->release, text) == 0))
		return r;
	memset(r, 0, sizeof(*r));
	r->release = releases[i].macos;
	r->xnu = releases[i].xnu;
	r->arch = kind == 0 ? "arm64" : "x86_64";
	r->is_translated = kind == 1;
	/* A native process of arm64 never has both. */
	r->denies_write_execute = kind == 0;
#define RULE(name_, since_, before_, whose_, source_) \
	r->name_ = applies(r, release, since_, before_, whose_);
#define VALUE(name_, since_, before_, whose_, value_, source_) \
	if (applies(r, release, since_, before_, whose_))      \
		r->name_ = (value_);
#define FLAGS(name_, since_, before_, whose_, flags_, source_) \
	if (applies(r, release, since_, before_, whose_))      \
		r->name_ |= (flags_);
#include "rules.h"
	r->flags_map |= r->flags_allocate;
	if (is_newer) {
		strcpy(names[kind], text);
		r->release = names[kind];
		r->is_extrapolated = true;
	}
	return r;
}
