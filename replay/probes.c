/*
 * probes RELEASE ARCH FILE: compare the rows of a booted kernel's console log,
 * "case | call | kr=NAME(N) | out=... | walk: [...) ... | n=N", with the
 * kernel that is there.  A hand-written probe made them, so the stage of each
 * section is set here; a row whose stage the log does not tell is named with
 * that reason.  The last line counts as that of scenarios does.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "area.h"
#include "fault.h"
#include "route.h"

enum { REGIONS = 64 };

static int agree, differ, skipped;

struct probe {
	char *name, *call, *rest;
	char section[120];
	int line;
	int64_t kr;
};

/* ---- text --------------------------------------------------------------- */

/* key=A+0x..., key=0x..., key=12; false: no such key. */
static bool
value(const char *text, const char *key, uint64_t *v)
{
	char pattern[24];
	const char *p;

	snprintf(pattern, sizeof(pattern), "%s=", key);
	p = strstr(text, pattern);
	if (p == NULL)
		return false;
	p += strlen(pattern);
	if (strncmp(p, "~0", 2) == 0) {
		*v = UINT32_MAX;
		return true;
	}
	bool relative = strncmp(p, "A+", 2) == 0;
	*v = strtoull(relative ? p + 2 : p, NULL, 0) + (relative ? A : 0);
	return true;
}

/* ---- the map ------------------------------------------------------------ */

struct region {
	uint64_t start, end;
	char shown[64];
};

/* What the log prints of a region: its fields when they are not 0. */
static int
walk(struct region *to)
{
	mach_vm_address_t a = A;
	mach_vm_size_t size;
	vm_region_submap_info_data_64_t info;
	int n = 0;

	for (; n < REGIONS && next(&a, &size, &info) && a < A + SPAN;
	     a += size, n++) {
		char cur[4], max[4];
		struct region *r = &to[n];
		int at;

		show_protection(cur, info.protection);
		show_protection(max, info.max_protection);
		r->start = a;
		r->end = a + size;
		at = snprintf(r->shown, sizeof(r->shown), "t%u %s/%s i%u sm%d",
		    info.user_tag, cur, max, info.inheritance, info.share_mode);
		if (info.pages_resident != 0)
			at += snprintf(r->shown + at,
			    sizeof(r->shown) - (size_t)at, " res%u",
			    info.pages_resident);
		if (info.user_wired_count != 0)
			at += snprintf(r->shown + at,
			    sizeof(r->shown) - (size_t)at, " wired%u",
			    info.user_wired_count);
		if (info.offset != 0)
			snprintf(r->shown + at, sizeof(r->shown) - (size_t)at,
			    " off0x%" PRIx64, (uint64_t)info.offset);
	}
	return n;
}

/* NULL: the walk in the log is what is there; it is only judged where the
 * log has the test area's regions. */
static const char *
compare_walk(const char *rest)
{
	static struct region found[REGIONS];
	static char what[200];
	const char *p = strstr(rest, "walk:");
	int n, i = 0;

	if (p == NULL || strstr(p, "[0x") != NULL)
		return NULL;
	n = walk(found);
	for (p = strchr(p, '['); p != NULL; p = strchr(p, '['), i++) {
		uint64_t start, end;
		char shown[64];
		const char *stop;
		size_t length;

		if (sscanf(p, "[A+%" SCNx64 ",A+%" SCNx64 ")", &start, &end) !=
		    2)
			return "a walk that is not understood";
		p = strchr(p, ')') + 2;
		stop = p + strcspn(p, "[|\n");
		while (stop > p && stop[-1] == ' ')
			stop--;
		length = (size_t)(stop - p) < sizeof(shown) ?
		    (size_t)(stop - p) :
		    sizeof(shown) - 1;
		memcpy(shown, p, length);
		shown[length] = '\0';
		if (i >= n)
			return "a region too few";
		if (found[i].start != A + start || found[i].end != A + end ||
		    strcmp(found[i].shown, shown) != 0) {
			snprintf(what, sizeof(what),
			    "[A+%" PRIx64 ",A+%" PRIx64 ") %s",
			    found[i].start - A, found[i].end - A,
			    found[i].shown);
			return what;
		}
	}
	return i < n ? "a region too many" : NULL;
}

/* ---- stages ------------------------------------------------------------- */

static void
region(uint64_t offset, unsigned pages, unsigned tag)
{
	mach_vm_address_t a = A + offset;

	if (stage->allocate(self, &a, pages * page, (int)VM_MAKE_TAG(tag)) !=
	    KERN_SUCCESS)
		fprintf(stderr, "probes: the stage cannot be set\n");
}

/* Rows that go on where the one before ended. */
static const char *const continued[] = { "pr_back_rw", "pr_middle_back_rw",
	"pr_middle_back_rw_touched", "pr_two_entries_partial",
	"pr_beyond_max_rw", "pr_beyond_max_rwx", "pr_setmax_raise_rw",
	"pr_setmax_none", "pr_after_setmax_none_r", "de_double", NULL };
/* Rows whose stage was built by calls that the log does not show. */
static const char *const untold[] = { "de_spanning", "pr_bit_after", "pr_copy",
	"pr_nochange", "pr_~0", "pr_beyond_max_first", "pr_beyond_max_second",
	"pr_text", "de_wired", "de_reuse", "de_overwrite", "map_fixed_occupied",
	"map_fixed_overwrite", "map_mask_fixed_not", "pr_end_rounds",
	"pr_none_then", "de_0..4G", "de_1_~0-1", "de_above", "de_past_max",
	"de_null", "de_text", "de_commpage", "de_stack", "ow_over_readonly_max",
	"map_any_hint_occupied", "hi32", "search", "perm", "inherit_child",
	NULL };

static bool
listed(const char *const *list, const char *name, bool whole)
{
	for (; *list != NULL; list++)
		if (whole ? strcmp(name, *list) == 0 : starts(name, *list))
			return true;
	return false;
}

/* NULL, or why the row's stage is not set. */
static const char *
set_stage(const struct probe *p)
{
	if (listed(untold, p->name, false))
		return "the state before the call is not recorded, or is the process's own";
	if (listed(continued, p->name, true))
		return NULL;
	clear();
	if (strstr(p->section, "in occupied range") != NULL) {
		region(0x10000, 4, 1);
	} else if (strstr(p->section, "FIXED|OVERWRITE") != NULL) {
		if (strcmp(p->name, "ow_free") != 0) {
			region(0x10000, 4, 1);
			(void)mt_write(A + 0x10000, 1);
			(void)mt_write(A + 0x13000, 1);
		}
	} else if (strcmp(p->name, "pr_unmapped") == 0 ||
	    strcmp(p->name, "de_unmapped") == 0) {
		return NULL;
	} else if (strcmp(p->name, "pr_hole_between") == 0) {
		region(0x10000, 2, 1);
		region(0x14000, 2, 2);
	} else if (strcmp(p->name, "pr_two_entries") == 0) {
		region(0x10000, 2, 1);
		region(0x12000, 2, 2);
	} else if (starts(p->section, "## PROTECT") ||
	    strcmp(p->section, "## DEALLOCATE") == 0) {
		region(0x10000, 8, 1);
		if (strcmp(p->name, "pr_middle_r_touched") == 0)
			(void)mt_write(A + 0x12000, 1);
	} else if (strcmp(p->name, "map_any_hint_occupied") == 0) {
		region(0, 4, 1);
	}
	return NULL;
}

/* ---- calls -------------------------------------------------------------- */

/* NULL, or why the row cannot be compared; *wrong: what differs. */
static const char *
make(const struct probe *p, const char **wrong)
{
	static char text[64];
	uint64_t a = 0, size = page, flags = 0, mask = 0, cur = 3, out = 0;
	uint64_t set_max = 0, prot = 0, nx, ny, tx, ty;
	bool placed = false;
	mach_vm_address_t to;
	kern_return_t kr;

	(void)value(p->call, "addr", &a);
	(void)value(p->call, "size", &size);
	(void)value(p->call, "flags", &flags);
	(void)value(p->call, "mask", &mask);
	(void)value(p->call, "cur", &cur);
	to = a;
	if ((starts(p->call, "allocate ") || starts(p->call, "deallocate ") ||
		starts(p->call, "protect ") || starts(p->call, "map ")) &&
	    strstr(p->call, "addr=") == NULL)
		return "the arguments of the call are not recorded";
	if (starts(p->call, "allocate ")) {
		if ((flags & VM_FLAGS_ANYWHERE) && p->kr == KERN_SUCCESS &&
		    size > UINT64_C(1) << 39)
			return "more than a process that has memory can place";
		kr = stage->allocate(self, &to, size, (int)flags);
		placed = true;
	} else if (starts(p->call, "deallocate ")) {
		kr = stage->deallocate(self, a, size);
	} else if (starts(p->call, "protect ") &&
	    value(p->call, "set_max", &set_max) &&
	    value(p->call, "prot", &prot)) {
		kr = stage->protect(self, a, size, (boolean_t)set_max,
		    (vm_prot_t)prot);
	} else if (starts(p->call, "map ") || starts(p->name, "map_cur")) {
		if (starts(p->name, "map_cur"))
			flags = VM_FLAGS_ANYWHERE;
		kr = stage->map_anonymous(self, &to, size, mask, (int)flags,
		    (vm_prot_t)cur);
		placed = true;
	} else if (strcmp(p->name, "flagbit_alloc") == 0 ||
	    strcmp(p->name, "flagbit_map") == 0) {
		if (flags & VM_FLAGS_SUPERPAGE_MASK)
			return "superpages are not to be trusted";
		if ((flags & VM_FLAGS_PERMANENT) && p->kr == KERN_SUCCESS)
			return "PERMANENT would stay";
		kr = strcmp(p->name, "flagbit_map") == 0 ?
		    stage->map_anonymous(self, &to, page, 0, (int)flags, 3) :
		    stage->allocate(self, &to, page, (int)flags);
		placed = true;
	} else if (strcmp(p->name, "adj_after") == 0 &&
	    value(p->call, "tx", &tx) && value(p->call, "ty", &ty)) {
		region(0, 4, (unsigned)tx);
		to = A + 4 * page;
		kr = stage->allocate(self, &to, 4 * page, (int)VM_MAKE_TAG(ty));
	} else if (strcmp(p->name, "limit") == 0 && value(p->call, "nx", &nx) &&
	    value(p->call, "ny", &ny) && value(p->call, "tx", &tx) &&
	    value(p->call, "ty", &ty)) {
		region(0, (unsigned)nx, (unsigned)tx);
		to = A + nx * page;
		kr = stage->allocate(self, &to, ny * page,
		    (int)VM_MAKE_TAG(ty));
	} else if (strcmp(p->name, "pr_bit") == 0 &&
	    value(p->call, "prot", &prot)) {
		kr = stage->protect(self, A + 0x10000, page, FALSE,
		    (vm_prot_t)prot);
	} else {
		return "the arguments of the call are not recorded";
	}
	if (kr != p->kr) {
		snprintf(text, sizeof(text), "kr=%d", kr);
		*wrong = text;
	} else if (placed && kr == KERN_SUCCESS &&
	    value(p->rest, "out", &out) && out != to && out >= A &&
	    out < A + SPAN) {
		snprintf(text, sizeof(text), "out=0x%" PRIx64, to);
		*wrong = text;
	} else {
		*wrong = compare_walk(p->rest);
	}
	if (placed && kr == KERN_SUCCESS && size != 0 &&
	    (to < A || to >= A + SPAN))
		(void)stage->deallocate(self, to, size);
	return NULL;
}

/* ---- rows --------------------------------------------------------------- */

static bool
split(char *line, struct probe *p)
{
	char *bar = strstr(line, " | "), *kr;

	if (bar == NULL || *line == ' ')
		return false;
	*bar = '\0';
	p->name = line;
	p->call = bar + 3;
	kr = strstr(p->call, "kr=");
	if (kr == NULL)
		return false;
	p->rest = kr;
	kr = strchr(kr, '(');
	if (kr == NULL)
		return false;
	p->kr = (int32_t)strtoul(kr + 1, NULL, 0);
	return true;
}

static void
one(const struct probe *p)
{
	const char *wrong = NULL, *why = set_stage(p);

	if (why == NULL)
		why = make(p, &wrong);
	if (why != NULL) {
		skipped++;
		printf("%d: not compared: %s: %s\n", p->line, why, p->name);
	} else if (wrong != NULL) {
		differ++;
		printf("%d: %s | %s: found %s\n", p->line, p->name, p->call,
		    wrong);
	} else {
		agree++;
	}
}

int
main(int argc, char **argv)
{
	char line[8192];
	struct probe p = { .line = 0 };
	FILE *f = area_open(argc, argv);

	if (f == NULL)
		return 2;
	while (fgets(line, sizeof(line), f) != NULL) {
		p.line++;
		line[strcspn(line, "\n")] = '\0';
		if (starts(line, "## "))
			snprintf(p.section, sizeof(p.section), "%.100s", line);
		else if (split(line, &p))
			one(&p);
	}
	fclose(f);
	printf("probes: %d agree, %d differ, %d not compared\n", agree, differ,
	    skipped);
	return differ != 0;
}
