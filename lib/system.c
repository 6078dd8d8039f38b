/*
 * What all systems have in common: the releases and their order, and what
 * follows from one for messages.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "system.h"

#include "text.h"

/* The next part of "10.13.6", or -1 at its end. */
static int
next_part(const char **s)
{
	int part = 0;

	if (**s < '0' || **s > '9')
		return -1;
	for (; **s >= '0' && **s <= '9'; (*s)++)
		if (part < 100000)
			part = 10 * part + (**s - '0');
	if (**s == '.')
		(*s)++;
	return part;
}

static int
compare(const char *release, const char *other)
{
	int a, b;

	while ((b = next_part(&other)) != -1) {
		a = next_part(&release);
		if (a == -1)
			a = 0;
		if (a != b)
			return a < b ? -1 : 1;
	}
	return 0;
}

bool
mt_release_until(const char *release, const char *until)
{
	return compare(release, until) <= 0;
}

bool
mt_release_since(const char *release, const char *since)
{
	return compare(release, since) >= 0;
}

bool
mt_release_within(const char *release, const char *since, const char *before)
{
	return mt_release_since(release, since) &&
	    (*before == '\0' || !mt_release_since(release, before));
}

int
mt_until_compare(const char *a, const char *b)
{
	int x, y;

	do {
		x = next_part(&a);
		y = next_part(&b);
		if (x == -1 || y == -1) /* 14 includes all 14.x */
			return (x == -1) - (y == -1);
	} while (x == y);
	return x < y ? -1 : 1;
}

/* ---- traps --------------------------------------------------------------- */

enum {
#define TRAP(name_, number_, arguments_, since_, before_) TRAP_##name_,
#include "traps.h"
};

static const struct {
	const char *since, *before;
} traps[] = {
#define TRAP(name_, number_, arguments_, since_, before_) { since_, before_ },
#include "traps.h"
};

/* ---- the known ones ------------------------------------------------------ */

static const struct {
	const char *macos, *xnu, *darwin;
} releases[] = {
#define RELEASE(macos_, xnu_, darwin_) { macos_, xnu_, darwin_ },
#include "releases.h"
#undef RELEASE
};
#define RELEASES (sizeof(releases) / sizeof(releases[0]))

const char *
mt_release_at(unsigned index)
{
	return index < RELEASES ? releases[index].macos : NULL;
}

const char *
mt_release_newest(void)
{
	return releases[RELEASES - 1].macos;
}

const char *
mt_release_darwin(const char *release)
{
	for (size_t i = 0; i < RELEASES; i++)
		if (compare(releases[i].macos, release) == 0)
			return releases[i].darwin;
	return NULL;
}

/* version has the tag xnu, and not one that begins with it. */
static bool
has_tag(const char *version, const char *xnu)
{
	static const char mark[] = "xnu-";
	const size_t n = mt_length(xnu);
	size_t i;

	for (; *version != '\0'; version++) {
		for (i = 0; mark[i] != '\0' && version[i] == mark[i]; i++)
			;
		if (mark[i] != '\0')
			continue;
		version += i;
		for (i = 0; i < n && version[i] == xnu[i]; i++)
			;
		return n > 0 && i == n && version[n] != '.' &&
		    (version[n] < '0' || version[n] > '9');
	}
	return false;
}

/* What a Darwin that has no row is called: 18.0 is 10.14.0. */
static const char *
name_of_darwin(const char *darwin)
{
	static char buffer[16];
	struct mt_text t = MT_TEXT(buffer);
	int major = next_part(&darwin), minor = next_part(&darwin);

	if (major < 20) {
		mt_put(&t, "10.");
		mt_put_decimal(&t, major - 4);
	} else
		mt_put_decimal(&t, major < 25 ? major - 9 : major + 1);
	mt_put_char(&t, '.');
	mt_put_decimal(&t, minor == -1 ? 0 : minor);
	return buffer;
}

const char *
mt_release_of_kernel(const char *version, const char *darwin)
{
	const char *major = darwin, *row;
	const int wanted = next_part(&major);
	unsigned i, found = RELEASES;

	for (i = 0; i < RELEASES; i++)
		if (has_tag(version, releases[i].xnu))
			return releases[i].macos;
	for (i = 0; i < RELEASES; i++) {
		row = releases[i].darwin;
		if (next_part(&row) == wanted &&
		    compare(releases[i].darwin, darwin) <= 0)
			found = i;
	}
	if (wanted == -1)
		return "";
	if (found == RELEASES ||
	    (found == RELEASES - 1 &&
		compare(releases[found].darwin, darwin) < 0))
		return name_of_darwin(darwin);
	return releases[found].macos;
}

bool
mt_has_message2(const struct mt_system *s)
{
	return mt_release_within(s->release, traps[TRAP_msg2].since,
	    traps[TRAP_msg2].before);
}

bool
mt_built_since(const struct mt_system *s, uint32_t major, uint32_t minor)
{
	return s->sdk == 0 || s->sdk >= (major << 16 | minor << 8);
}

enum mt_old_messages
mt_old_messages(const struct mt_system *s)
{
	if (!mt_has_message2(s) || s->translated)
		return MT_OLD_LIVE;
	return mt_built_since(s, 13, 0) ? MT_OLD_KILL : MT_OLD_READS;
}
