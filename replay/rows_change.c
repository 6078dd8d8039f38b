/*
 * Rows about changes: protect, inherit, behavior, msync, purgeable memory,
 * wiring, page queries.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fault.h"
#include "rows.h"
#include "rows_families.h"
#include "system.h"

static bool
is(const struct rows *r, const char *what)
{
	return strcmp(r->row->what, what) == 0;
}

/* addr=hole is the middle of the hole between the two regions. */
static bool
address_of(struct rows *r, uint64_t *address)
{
	if (row_says(r, "addr=hole")) {
		*address = ROWS_BASE + 6 * r->page;
		return true;
	}
	return row_value(r, "addr=", address);
}

static void
two_regions(struct rows *r)
{
	stage_allocate(r, ROWS_BASE, 4 * r->page, 0);
	stage_allocate(r, ROWS_BASE + 8 * r->page, 4 * r->page, 0);
}

/* A number that may be negative. */
static int
decimal(const struct rows *r, const char *key)
{
	const char *p = strstr(r->row->args, key);

	return p == NULL ? 0 : (int)strtol(p + strlen(key), NULL, 0);
}

/* ---- protect, inherit, and what takes a range --------------------------- */

static const char *
range(struct rows *r)
{
	uint64_t a, size;
	kern_return_t kr;

	if (!address_of(r, &a) || !row_value(r, "size=", &size))
		return "not understood";
	if (stage_occupied(r, a, size))
		return row_occupied;
	two_regions(r);
	if (is(r, "protect cur r--"))
		kr = r->vm->protect(r->self, a, size, FALSE, VM_PROT_READ);
	else if (is(r, "protect max r--"))
		kr = r->vm->protect(r->self, a, size, TRUE, VM_PROT_READ);
	else if (is(r, "inherit NONE"))
		kr = r->vm->inherit(r->self, a, size, VM_INHERIT_NONE);
	else if (is(r, "behavior SEQUENTIAL"))
		kr = r->vm->behavior_set(r->self, a, size,
		    VM_BEHAVIOR_SEQUENTIAL);
	else if (is(r, "msync SYNCHRONOUS"))
		kr = r->vm->msync(r->self, a, size, VM_SYNC_SYNCHRONOUS);
	else
		return "not understood";
	row_kr(r, kr);
	row_regions(r);
	return NULL;
}

const char *
rows_protect(struct rows *r)
{
	int first, second, kr1;
	uint64_t size = 4 * r->page;

	if (row_says(r, "(regions 0..4P"))
		return range(r);
	if (is(r, "protect VM_PROT_COPY"))
		return "the state before the call is not recorded";
	if (!row_says(r, " then max=")) /* which continues its neighbour */
		stage_allocate(r, ROWS_BASE, size, 0);
	if (is(r, "inherit")) {
		row_kr(r,
		    r->vm->inherit(r->self, ROWS_BASE + r->page, 2 * r->page,
			(vm_inherit_t)strtoul(r->row->args + strlen("value="),
			    NULL, 0)));
	} else if (sscanf(r->row->args, "after max=%d then max=%d", &first,
		       &second) == 2) {
		row_kr(r,
		    r->vm->protect(r->self, ROWS_BASE, size, TRUE, second));
	} else if (sscanf(r->row->args, "after max=%d (kr=%d), cur=%d", &first,
		       &kr1, &second) == 3) {
		if (r->vm->protect(r->self, ROWS_BASE, size, TRUE, first) !=
		    kr1)
			stage_require(r, -1, "the first protect");
		row_kr(r,
		    r->vm->protect(r->self, ROWS_BASE, size, FALSE, second));
	} else if (row_starts(r, "set_max=")) {
		if (!row_says(r, "untouched"))
			stage_touch(r, ROWS_BASE, size);
		row_kr(r,
		    r->vm->protect(r->self, ROWS_BASE, size,
			(boolean_t)decimal(r, "set_max="),
			(vm_prot_t)decimal(r, "prot=")));
	} else {
		return "not understood";
	}
	row_regions(r);
	return NULL;
}

/* ---- behavior, msync ---------------------------------------------------- */

static void
range_of_kind(struct rows *r, uint64_t *a, uint64_t *size)
{
	*a = ROWS_BASE;
	*size = 4 * r->page;
	if (row_says(r, "over hole")) {
		*a = ROWS_BASE + 2 * r->page;
		*size = 8 * r->page;
	} else if (row_says(r, "unaligned")) {
		*a = ROWS_BASE + 1;
		*size = r->page;
	} else if (row_says(r, "unmapped")) {
		*a = ROWS_BASE + UINT64_C(0x10000000);
	}
	if (row_says(r, "size 0") || row_says(r, "size=0"))
		*size = 0;
}

const char *
rows_behavior(struct rows *r)
{
	uint64_t a, size;
	unsigned flags;

	range_of_kind(r, &a, &size);
	if (is(r, "msync")) {
		stage_allocate(r, ROWS_BASE, 4 * r->page, 0);
		flags = (unsigned)decimal(r, "flags=");
		if (row_says(r, "|CONTIGUOUS"))
			flags |= VM_SYNC_CONTIGUOUS;
		stage_touch(r, ROWS_BASE, 4 * r->page);
		row_kr(r, r->vm->msync(r->self, a, size, flags));
		return NULL;
	}
	/* the other rows of a behavior continue the first */

	if (row_says(r, "[B,4P)")) {
		stage_allocate(r, ROWS_BASE, 4 * r->page, 0);
		if (!row_says(r, "untouched"))
			stage_touch(r, ROWS_BASE, 4 * r->page);
	}
	row_kr(r,
	    r->vm->behavior_set(r->self, a, size,
		(vm_behavior_t)decimal(r, "behavior=")));
	row_regions(r);
	return NULL;
}

/* ---- purgeable ---------------------------------------------------------- */

static void
purgeable_region(struct rows *r)
{
	mach_vm_address_t a = ROWS_BASE;

	stage_require(r,
	    r->vm->allocate(r->self, &a, 4 * r->page, VM_FLAGS_PURGABLE),
	    "allocate");
	if (strstr(r->row->entries, "res4") != NULL ||
	    row_starts(r, "PURGABLE region"))
		stage_touch(r, a, 4 * r->page);
}

static const char *
purgeable_elsewhere(struct rows *r)
{
	static const char *const names[] = { "SET", "GET", "PURGE_ALL" };
	uint64_t a = ROWS_BASE;
	int control = -1, state = VM_PURGABLE_VOLATILE;

	for (int i = 0; i < 3; i++) {
		char key[24];

		snprintf(key, sizeof(key), "ctl=%s ", names[i]);
		if (row_starts(r, key))
			control = i;
	}
	if (control == VM_PURGABLE_PURGE_ALL)
		return "it empties what others have, too";
	purgeable_region(r);
	if (row_says(r, "addr=nonpurg")) {
		a = ROWS_BASE + UINT64_C(0x100000);
		stage_allocate(r, a, 4 * r->page, 0);
		if (row_says(r, "touched"))
			stage_touch(r, a, 4 * r->page);
	} else if (row_says(r, "addr=hole")) {
		a = ROWS_BASE + UINT64_C(0x200000);
	} else if (row_says(r, "addr=max")) {
		return "the comm page may stand at the map's end";
	} else if (!row_value(r, "addr=", &a)) {
		return "not understood";
	}
	row_kr(r, r->vm->purgable_control(r->self, a, control, &state));
	return NULL;
}

const char *
rows_purgable(struct rows *r)
{
	int state = 0, control = VM_PURGABLE_SET_STATE;
	kern_return_t kr;

	if (is(r, "allocate PURGABLE")) {
		mach_vm_address_t a = 0;
		uint64_t size;

		if (!row_value(r, "size=", &size))
			return "not understood";
		if (size > UINT64_C(1) << 39)
			return "more than a process that has memory can "
			       "place";
		kr = r->vm->allocate(r->self, &a, size,
		    VM_FLAGS_ANYWHERE | VM_FLAGS_PURGABLE);
		row_kr(r, kr);
		if (kr == KERN_SUCCESS && size != 0) {
			r->shift = (int64_t)(a - UINT64_C(0x100000000));
			row_regions(r);
			(void)r->vm->deallocate(r->self, a, size);
		}
		return NULL;
	}
	if (is(r, "purgable"))
		return "the order of the calls is not recorded";
	if (row_starts(r, "ctl="))
		return purgeable_elsewhere(r);
	if (row_starts(r, "then GET")) {
		control = VM_PURGABLE_GET_STATE;
	} else if (row_starts(r, "SET state=0x")) {
		purgeable_region(r);
		state = decimal(r, "state=");
	} else if (row_starts(r, "PURGABLE region")) {
		purgeable_region(r);
		control = decimal(r, "ctl=");
		state = decimal(r, "state=");
		if (control == VM_PURGABLE_PURGE_ALL)
			return "it empties what others have, too";
	} else {
		return "not understood";
	}
	kr = r->vm->purgable_control(r->self, ROWS_BASE, control, &state);
	row_kr(r, kr);
	if (kr == KERN_SUCCESS)
		row_out(r, "state", (uint64_t)state);
	row_regions(r);
	return NULL;
}

/* ---- wire, page queries, machine_attribute ------------------------------ */

enum {
	SPOILT = 0x11111111,
	REF_DIRTY = VM_PAGE_QUERY_PAGE_REF | VM_PAGE_QUERY_PAGE_DIRTY
};

static void
three_pages(struct rows *r)
{
	stage_allocate(r, ROWS_BASE, 4 * r->page, 0);
	stage_touch(r, ROWS_BASE, r->page);
	(void)mt_read(ROWS_BASE + r->page);
}

/* disp=, without the bits that depend on the machine. */
static void
judge_disposition(struct rows *r, int found)
{
	const char *p = strstr(r->row->outs, "disp=");
	unsigned long required = p == NULL ? 0 : strtoul(p + 5, NULL, 16);

	if (p != NULL &&
	    ((required ^ (unsigned)found) & ~(unsigned long)REF_DIRTY) != 0)
		row_out(r, "disp", (uint64_t)(unsigned)found);
}

static const char *
page_query(struct rows *r)
{
	int disposition = 0, refs = 0;
	uint64_t a;
	kern_return_t kr;

	if (!row_value(r, "addr=", &a))
		return "not understood";
	if (a == mt_system()->maximum || a == UINT64_C(0x7fffffe00000))
		return "the comm page may stand at the map's end";
	three_pages(r);
	kr = r->vm->page_query(r->self, a, &disposition, &refs);
	row_kr(r, kr);
	if (kr == KERN_SUCCESS) {
		judge_disposition(r, disposition);
		row_out(r, "ref", (uint64_t)(unsigned)refs);
	}
	return NULL;
}

static const char *
page_info(struct rows *r)
{
	int info[16] = { 0 };
	mach_msg_type_number_t count = (unsigned)decimal(r, "count=");
	uint64_t a;
	kern_return_t kr;

	if (!row_value(r, "addr=", &a) || count > 16)
		return "not understood";
	if (a == mt_system()->maximum || a == UINT64_C(0x7fffffe00000))
		return "the comm page may stand at the map's end";
	three_pages(r);
	kr = r->vm->page_info(r->self, a, decimal(r, "flavor="), info, &count);
	row_kr(r, kr);
	if (kr == KERN_SUCCESS) {
		judge_disposition(r, info[0]);
		row_out(r, "ref", (uint64_t)(unsigned)info[1]);
		row_out(r, "cnt", count);
	}
	return NULL;
}

static const char *
page_range_query(struct rows *r)
{
	uint64_t at = ROWS_BASE + UINT64_C(0x1000000), size, count;
	int *to = (int *)(uintptr_t)at;
	char *disp = strstr(r->row->outs, "disp=");

	if (!row_value(r, "size=", &size) || !row_value(r, "count=", &count))
		return "not understood";
	three_pages(r);
	stage_allocate(r, at, r->page, 0);
	for (int i = 0; i < 16; i++)
		to[i] = SPOILT;
	mach_vm_size_t n = count;
	kern_return_t kr = r->vm->page_range_query(r->self, ROWS_BASE, size, at,
	    &n);
	row_kr(r, kr);
	if (kr != KERN_SUCCESS)
		return NULL;
	row_out(r, "count", n);
	/* beyond the pages that there are the recording is not to be
	 * trusted */
	uint64_t pages = (size + r->page - 1) / r->page;
	for (uint64_t i = 0; disp != NULL && i < n && i < pages && i < 5; i++) {
		char *end;
		unsigned long v = strtoul(i == 0 ? disp + 5 : disp, &end, 16);

		disp = end;
		if (((v ^ (unsigned)to[i]) & ~(unsigned long)REF_DIRTY) != 0)
			row_out(r, "disp", (uint64_t)(unsigned)to[i]);
	}
	return NULL;
}

const char *
rows_wire(struct rows *r)
{
	uint64_t a, size;
	int value;

	if (is(r, "page_query"))
		return page_query(r);
	if (is(r, "page_info"))
		return page_info(r);
	if (is(r, "page_range_query"))
		return page_range_query(r);
	if (is(r, "machine_attribute")) {
		if (!row_starts(r, "attr="))
			return "the range is not recorded";
		if (r->row->kr == KERN_SUCCESS)
			return "successes of machine_attribute are not to be "
			       "trusted";
		return "the range is not recorded";
	}
	if (!is(r, "mach_vm_wire"))
		return "not understood";
	if (!row_starts(r, "addr=")) {
		stage_allocate(r, ROWS_BASE, 4 * r->page, 0);
		stage_require(r,
		    r->vm->protect(r->self, ROWS_BASE, 4 * r->page, FALSE,
			row_says(r, "on r--") ? VM_PROT_READ : VM_PROT_NONE),
		    "protect");
		row_kr(r,
		    r->vm->wire(r->host, r->self, ROWS_BASE, 4 * r->page,
			row_starts(r, "rw") ? VM_PROT_DEFAULT : VM_PROT_READ));
		row_regions(r);
		return NULL;
	}
	if (!address_of(r, &a) || !row_value(r, "size=", &size))
		return "not understood";
	value = decimal(r, "access=");
	if (stage_occupied(r, a, size))
		return row_occupied;
	two_regions(r);
	if (row_says(r, "wired before"))
		stage_require(r,
		    r->vm->wire(r->host, r->self, ROWS_BASE, 4 * r->page,
			VM_PROT_DEFAULT),
		    "wire");
	row_kr(r, r->vm->wire(r->host, r->self, a, size, value));
	row_regions(r);
	return NULL;
}
