/*
 * Releases and what each does differently.  The rules themselves are in
 * rules.h, each with its source; here are the layouts of the address space and
 * the choice of a rule's value.
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

static bool
applies(uint32_t release, const char *arch, const char *since,
    const char *before, const char *only)
{
	return (*since == '\0' || release >= version(since, NULL)) &&
	    (*before == '\0' || release < version(before, NULL)) &&
	    (*only == '\0' || strcmp(only, arch) == 0);
}

/* ---- layouts ------------------------------------------------------------- */

#define FOUR_GIB UINT64_C(0x100000000)

static void
lay_out_x86_64(struct rules *r, uint32_t release)
{
	r->page_shift = 12;
	r->kernel_page_shift = 12;
	r->min = FOUR_GIB;		   /* __PAGEZERO */
	r->max = UINT64_C(0x7fffffe00000); /* mach/i386/vm_param.h */
	r->comm_page = UINT64_C(0x7fffffe00000);
	r->comm_page_size = 0x1000;
	/* Random at every boot; this was one kernel's. */
	r->comm_page_text = UINT64_C(0x7fffffed3000);
	/* osfmk/mach/shared_region.h, osfmk/mach/i386/vm_param.h */
	if (applies(release, "", "12", "", "")) {
		r->shared_region = UINT64_C(0x7ff800000000);
		r->shared_region_size = UINT64_C(0x7fe000000);
		r->stack_top = UINT64_C(0x7ff7bff00000);
	} else {
		r->shared_region = UINT64_C(0x7fff00000000);
		r->shared_region_size = UINT64_C(0xffe00000);
		r->stack_top = UINT64_C(0x7ffeefc00000);
	}
	r->nesting_size = UINT64_C(2) << 20;
	r->nesting_subtree = UINT64_C(1) << 30;
}

static void
lay_out_arm64(struct rules *r, uint32_t release)
{
	r->page_shift = 14;
	r->kernel_page_shift = 14;
	r->min = FOUR_GIB;
	r->max = UINT64_C(0x7ffffe000000); /* mach/arm/vm_param.h */
	r->comm_page = UINT64_C(0xfffffc000);
	r->comm_page_size = 0x4000;
	r->shared_region = UINT64_C(0x180000000);
	r->shared_region_size = applies(release, "", "14.4", "", "") ?
	    UINT64_C(0x180000000) :
	    FOUR_GIB;
	r->stack_top = UINT64_C(0x16fe00000); /* bsd/arm/vmparam.h */
	r->nesting_size = UINT64_C(32) << 20;
}

/* osfmk/mach/vm_statistics.h VM_FLAGS_USER_ALLOCATE, _MAP, _REMAP */
static void
accept_flags(struct rules *r, uint32_t release)
{
	r->flags_allocate = VM_FLAGS_ANYWHERE | VM_FLAGS_PURGABLE |
	    VM_FLAGS_4GB_CHUNK | VM_FLAGS_RANDOM_ADDR | VM_FLAGS_NO_CACHE |
	    VM_FLAGS_OVERWRITE | VM_FLAGS_SUPERPAGE_MASK | VM_FLAGS_ALIAS_MASK;
	if (applies(release, "", "11.3", "", ""))
		r->flags_allocate |= VM_FLAGS_PERMANENT;
	if (applies(release, "", "13", "", ""))
		r->flags_allocate |= VM_FLAGS_TPRO;
	if (applies(release, "", "26.1", "", ""))
		r->flags_allocate |= VM_FLAGS_MTE;
	if (applies(release, "", "26.4", "", ""))
		r->flags_allocate |= VM_FLAGS_GUARD_OBJECT_OPTOUT;
	r->flags_map = r->flags_allocate | VM_FLAGS_RETURN_DATA_ADDR |
	    VM_FLAGS_RETURN_4K_DATA_ADDR;
	r->flags_remap = VM_FLAGS_ANYWHERE | VM_FLAGS_RANDOM_ADDR |
	    VM_FLAGS_OVERWRITE | VM_FLAGS_RETURN_DATA_ADDR |
	    VM_FLAGS_RESILIENT_CODESIGN;
	if (applies(release, "", "10.15", "", ""))
		r->flags_remap |= VM_FLAGS_RESILIENT_MEDIA;
}

/* osfmk/mach/vm_param.h ANON_MAX_SIZE */
static void
limit_purgable(struct rules *r, uint32_t release)
{
	const uint64_t page = UINT64_C(1) << r->kernel_page_shift;

	if (applies(release, "", "13", "", ""))
		r->purgable_max = UINT64_C(0xffffffff) * page;
	else if (applies(release, "", "11.3", "", ""))
		r->purgable_max = FOUR_GIB - page;
	else
		r->purgable_max = UINT64_C(0xfffff000);
}

/* ---- rules --------------------------------------------------------------- */

const struct rules *
rules_find(const char *text, const char *arch)
{
	/* One for each kernel and one for newer releases, in three kinds. */
	static struct rules known[RELEASES + 1][3];
	static char names[3][16];
	const char *kernel_arch = "arm64";
	struct rules *r;
	uint32_t release;
	unsigned i, kind;
	bool is_newer;

	if (strcmp(arch, "arm64") == 0)
		kind = 0;
	else if (strcmp(arch, "rosetta") == 0)
		kind = 1;
	else if (strcmp(arch, "x86_64") == 0) {
		kind = 2;
		kernel_arch = "x86_64";
	} else
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
	if (is_newer) {
		strcpy(names[kind], text);
		r->release = names[kind];
		r->is_extrapolated = true;
	}
	if (kind == 0)
		lay_out_arm64(r, release);
	else
		lay_out_x86_64(r, release);
	r->arch = kind == 0 ? "arm64" : "x86_64";
	r->is_translated = kind == 1;
	if (kind == 1) {
		r->kernel_page_shift = 14;
		r->nesting_subtree = 0;
	}
	/* A native process of arm64 never has both. */
	r->denies_write_execute = kind == 0;
	accept_flags(r, release);
	limit_purgable(r, release);
#define RULE(name_, since_, before_, arch_, source_) \
	r->name_ = applies(release, kernel_arch, since_, before_, arch_);
#include "rules.h"
#undef RULE
	return r;
}
