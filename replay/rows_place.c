/*
 * Rows about placement: allocate, map, flags, tags, coalescing, deallocate.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fault.h"
#include "rows.h"
#include "rows_families.h"

#define FLAGS_TAG(tag_) ((int)VM_MAKE_TAG(tag_))
#define HOLE		(ROWS_BASE + UINT64_C(0x1000000))
#define BIG		(UINT64_C(0x400000000) + rows_moved)

static bool
is(const struct rows *r, const char *what)
{
	return strcmp(r->row->what, what) == 0;
}

/* Where the kernel placed what it recorded at addr=. */
static void
placed(struct rows *r, uint64_t recorded, uint64_t found)
{
	r->shift = (int64_t)(found - recorded);
}

static uint64_t
recorded_address(const struct rows *r)
{
	const char *p = strstr(r->row->outs, "addr=");

	return p == NULL ? 0 : strtoull(p + 5, NULL, 16);
}

/* The answer, the address and the regions of a call that placed memory. */
static void
judge_placed(struct rows *r, kern_return_t kr, uint64_t address, bool anywhere)
{
	row_kr(r, kr);
	if (kr == KERN_SUCCESS && anywhere)
		placed(r, recorded_address(r), address);
	else if (kr == KERN_SUCCESS)
		row_out(r, "addr", address);
	row_regions(r);
	if (kr == KERN_SUCCESS && anywhere) {
		uint64_t size = 0;

		(void)row_value(r, "size=", &size);
		(void)r->vm->deallocate(r->self, address, size);
	}
}

/* ---- allocate, map: address by size ------------------------------------- */

static bool
place_address(struct rows *r, uint64_t hole, uint64_t *address)
{
	const char *p = strstr(r->row->args, "addr=");
	uint64_t plus = 0;

	if (p != NULL && strncmp(p + 5, "hole", 4) == 0) {
		if (p[9] == '+')
			(void)row_expression(r, p + 10, &plus, NULL);
		*address = hole + plus;
		return true;
	}
	return row_value(r, "addr=", address);
}

const char *
rows_allocate(struct rows *r)
{
	uint64_t address, size;
	mach_vm_address_t a;
	bool anywhere = row_starts(r, "ANYWHERE");

	if (is(r, "allocate-hint"))
		return row_first_fit;
	if (!is(r, "allocate") || !place_address(r, HOLE, &address) ||
	    !row_value(r, "size=", &size))
		return "not understood";
	if (anywhere && r->row->kr == KERN_SUCCESS && size > UINT64_C(1) << 39)
		return "more than a process that has memory can place";
	if (stage_occupied(r, address, size))
		return row_occupied;
	stage_allocate(r, ROWS_BASE, 4 * r->page, 0);
	a = address;
	kern_return_t kr = r->vm->allocate(r->self, &a, size,
	    anywhere ? VM_FLAGS_ANYWHERE : VM_FLAGS_FIXED);
	judge_placed(r, kr, a, anywhere && size != 0);
	return NULL;
}

const char *
rows_flagbits(struct rows *r)
{
	uint64_t address, size, flags;
	vm_prot_t cur = 0, max = 0;
	kern_return_t kr;

	if (!row_value(r, "flags=0x", &flags) &&
	    !row_value(r, "flags=", &flags))
		return "not understood";
	if (!place_address(r, HOLE, &address) || !row_value(r, "size=", &size))
		return "not understood";
	if (flags & VM_FLAGS_SUPERPAGE_MASK)
		if (r->row->kr == KERN_SUCCESS)
			return "superpages are not to be trusted";
	if (flags & VM_FLAGS_TPRO)
		return "TPRO is not to be trusted";
	stage_allocate(r, ROWS_BASE, 4 * r->page, 0);
	mach_vm_address_t a = address;
	if (is(r, "allocate_trap"))
		kr = r->vm->allocate(r->self, &a, size, (int)flags);
	else if (is(r, "map_trap"))
		kr = r->vm->map_anonymous(r->self, &a, size, 0, (int)flags,
		    VM_PROT_DEFAULT);
	else if (is(r, "map_mig"))
		kr = r->vm->map(r->self, &a, size, 0, (int)flags,
		    MACH_PORT_NULL, 0, FALSE, VM_PROT_DEFAULT, VM_PROT_ALL,
		    VM_INHERIT_COPY);
	else
		kr = r->vm->remap(r->self, &a, size, 0, (int)flags, r->self,
		    ROWS_BASE, FALSE, &cur, &max, VM_INHERIT_COPY);
	if (flags & VM_FLAGS_RANDOM_ADDR && kr == KERN_SUCCESS &&
	    flags & VM_FLAGS_ANYWHERE) {
		row_kr(r, kr);
		(void)r->vm->deallocate(r->self, a, size);
		return NULL;
	}
	judge_placed(r, kr, a,
	    (flags & VM_FLAGS_ANYWHERE) != 0 &&
		recorded_address(r) < RECORDED_BASE);
	return NULL;
}

const char *
rows_tags(struct rows *r)
{
	const char *p = strstr(r->row->args, "tag=");
	int flags = FLAGS_TAG(p == NULL ? 0 : atoi(p + 4)) | VM_FLAGS_ANYWHERE;
	mach_vm_address_t a = 0;
	kern_return_t kr;

	if (is(r, "allocate"))
		kr = r->vm->allocate(r->self, &a, r->page, flags);
	else if (is(r, "map_trap"))
		kr = r->vm->map_anonymous(r->self, &a, r->page, 0, flags,
		    VM_PROT_DEFAULT);
	else
		kr = r->vm->map(r->self, &a, r->page, 0, flags, MACH_PORT_NULL,
		    0, FALSE, VM_PROT_DEFAULT, VM_PROT_ALL, VM_INHERIT_COPY);
	judge_placed(r, kr, a, true);
	return NULL;
}

/* ---- coalescing --------------------------------------------------------- */

/* What the first of two was made before the second was allocated. */
static const char *
first_region(struct rows *r, uint64_t at, uint64_t size, int tag)
{
	int error;
	mach_vm_address_t a = at;

	if (row_says(r, "first PURGABLE")) {
		stage_require(r,
		    r->vm->allocate(r->self, &a, size,
			FLAGS_TAG(tag) | VM_FLAGS_PURGABLE),
		    "allocate");
		return NULL;
	}
	stage_allocate(r, at, size, (unsigned)tag);
	if (row_says(r, "first touched all"))
		stage_touch(r, at, size);
	else if (row_says(r, "first touched first page"))
		stage_touch(r, at, r->page);
	else if (row_says(r, "first touched last page"))
		stage_touch(r, at + size - r->page, r->page);
	else if (row_says(r, "first protect r--"))
		stage_require(r,
		    r->vm->protect(r->self, at, size, FALSE, VM_PROT_READ),
		    "protect");
	else if (row_says(r, "first max rw-"))
		stage_require(r,
		    r->vm->protect(r->self, at, size, TRUE, VM_PROT_DEFAULT),
		    "protect");
	else if (row_says(r, "first inherit NONE"))
		stage_require(r,
		    r->vm->inherit(r->self, at, size, VM_INHERIT_NONE),
		    "inherit");
	else if (row_says(r, "first inherit SHARE"))
		stage_require(r,
		    r->vm->inherit(r->self, at, size, VM_INHERIT_SHARE),
		    "inherit");
	else if (row_says(r, "first behavior SEQUENTIAL"))
		/* so it says; the recorded regions show RANDOM */
		stage_require(r,
		    r->vm->behavior_set(r->self, at, size, VM_BEHAVIOR_RANDOM),
		    "behavior_set");
	else if (row_says(r, "first mlocked")) {
		if (r->bsd == NULL)
			return "no route has mlock";
		stage_require(r, r->bsd->mlock(&error, at, size), "mlock");
	} else if (!row_says(r, " same "))
		return "not understood";
	return NULL;
}

const char *
rows_pairs(struct rows *r)
{
	int n1, n2, tag1 = 0, tag2 = 0;
	const char *why;
	char place[32] = "";
	const char *tags = strstr(r->row->args, "tag1=");

	if (sscanf(r->row->args, "%dP+%dP", &n1, &n2) != 2 || tags == NULL ||
	    sscanf(tags, "tag1=%d tag2=%d pos=%31s", &tag1, &tag2, place) != 3)
		return "not understood";
	uint64_t size1 = (uint64_t)n1 * r->page;
	uint64_t size2 = (uint64_t)n2 * r->page;
	uint64_t at = ROWS_BASE + size1;

	if ((why = first_region(r, ROWS_BASE, size1, tag1)) != NULL)
		return why;
	if (strcmp(place, "right-before") == 0)
		at = ROWS_BASE - size2;
	else if (strcmp(place, "fill-hole-between") == 0 &&
	    (why = first_region(r, at + size2, size1, tag1)) != NULL)
		return why;
	mach_vm_address_t a = at;
	row_kr(r, r->vm->allocate(r->self, &a, size2, FLAGS_TAG(tag2)));
	row_regions(r);
	return NULL;
}

const char *
rows_limit(struct rows *r)
{
	int n1, n2, mb, kb, tag1, tag2;
	const char *tag = strstr(r->row->args, "tag=");
	mach_vm_address_t a;

	if (is(r, "limit") && tag != NULL &&
	    sscanf(r->row->args, "FIXED %dP then right-after %dP", &n1, &n2) ==
		2) {
		int t = FLAGS_TAG(atoi(tag + 4));

		a = ROWS_BASE;
		stage_require(r,
		    r->vm->allocate(r->self, &a, (uint64_t)n1 * r->page, t),
		    "allocate");
		a = ROWS_BASE + (uint64_t)n1 * r->page;
		row_kr(r,
		    r->vm->allocate(r->self, &a, (uint64_t)n2 * r->page, t));
	} else if (sscanf(r->row->args,
		       "FIXED %dMB tag %d then right-after "
		       "%dK tag %d",
		       &mb, &tag1, &kb, &tag2) == 4) {
		a = BIG;
		stage_require(r,
		    r->vm->allocate(r->self, &a, (uint64_t)mb << 20,
			FLAGS_TAG(tag1)),
		    "allocate");
		a = BIG + ((uint64_t)mb << 20);
		row_kr(r,
		    r->vm->allocate(r->self, &a, (uint64_t)kb << 10,
			FLAGS_TAG(tag2)));
	} else {
		return row_first_fit;
	}
	row_regions(r);
	return NULL;
}

/* ---- coalescing: one of each -------------------------------------------- */

/* Six pages one by one. */
static const char *
row_of_pages(struct rows *r)
{
	bool up = row_starts(r, "FIXED ascending");

	if (!up && !row_starts(r, "FIXED descending"))
		return "not understood";
	for (int i = 0; i < 6; i++) {
		uint64_t a = ROWS_BASE + (uint64_t)(up ? i : 5 - i) * r->page;

		stage_allocate(r, a, r->page, 0);
		if (row_says(r, "each touched"))
			stage_touch(r, a, r->page);
	}
	row_regions(r);
	return NULL;
}

/* A change of [2P, 4P) of eight pages, and back.  The rows ending in -back,
 * refill- and munlock- continue the one before. */
static const char *
change_of_middle(struct rows *r)
{
	const char *tag = strstr(r->row->args, "tag");
	int t = tag == NULL ? 0 : atoi(tag + 3), error = 0;
	uint64_t at = ROWS_BASE + 2 * r->page, size = 2 * r->page;
	mach_vm_address_t a;
	bool back = strstr(r->row->what, "-back") != NULL ||
	    strncmp(r->row->what, "refill", 6) == 0 ||
	    strncmp(r->row->what, "munlock", 7) == 0;
	kern_return_t kr;

	if (strstr(r->row->what, "-tail") != NULL)
		at = ROWS_BASE + 6 * r->page;
	else if (strstr(r->row->what, "-head") != NULL)
		at = ROWS_BASE;
	if (!back) {
		stage_allocate(r, ROWS_BASE, 8 * r->page, (unsigned)t);
		if (!row_says(r, "untouched"))
			stage_touch(r, ROWS_BASE, 8 * r->page);
	}
	if (strncmp(r->row->what, "protect-max", 11) == 0)
		kr = r->vm->protect(r->self, at, size, TRUE,
		    back ? VM_PROT_DEFAULT : VM_PROT_READ);
	else if (strncmp(r->row->what, "protect", 7) == 0)
		kr = r->vm->protect(r->self, at, size, FALSE,
		    back ? VM_PROT_DEFAULT : VM_PROT_READ);
	else if (strncmp(r->row->what, "inherit", 7) == 0)
		kr = r->vm->inherit(r->self, at, size,
		    back ? VM_INHERIT_COPY : VM_INHERIT_NONE);
	else if (strncmp(r->row->what, "behavior", 8) == 0)
		kr = r->vm->behavior_set(r->self, at, size,
		    back ? VM_BEHAVIOR_DEFAULT : VM_BEHAVIOR_SEQUENTIAL);
	else if (strncmp(r->row->what, "dealloc", 7) == 0)
		kr = r->vm->deallocate(r->self, at, size);
	else if (strstr(r->row->what, "lock") != NULL && r->bsd == NULL)
		return "no route has mlock";
	else if (strncmp(r->row->what, "mlock", 5) == 0)
		kr = r->bsd->mlock(&error, at, size);
	else if (strncmp(r->row->what, "munlock", 7) == 0)
		kr = r->bsd->munlock(&error, at, size);
	else {
		a = at;
		kr = r->vm->allocate(r->self, &a, size,
		    FLAGS_TAG(t) |
			(strncmp(r->row->what, "overwrite", 9) == 0 ?
				VM_FLAGS_OVERWRITE :
				0));
		if (strstr(r->row->outs, "read=") != NULL)
			row_out(r, "read", mt_read(at).value);
	}
	row_kr(r, kr);
	row_regions(r);
	return NULL;
}

static const char *
big_region(struct rows *r)
{
	const char *s = strstr(r->row->args, "size="), *tag;
	mach_vm_address_t a = BIG;
	int mb, plus = 0;

	if (s == NULL || sscanf(s, "size=%dMB+%d", &mb, &plus) < 1 ||
	    (tag = strstr(s, "tag")) == NULL)
		return "not understood";
	int t = FLAGS_TAG(atoi(tag + 3));
	static uint64_t size; /* of the row "big": the others leave out what
				 * it adds to the megabytes */

	if (is(r, "big"))
		size = ((uint64_t)mb << 20) + (uint64_t)plus;
	if (is(r, "bigmapped")) {
		row_kr(r,
		    r->vm->map(r->self, &a, size, 0, t, MACH_PORT_NULL, 0,
			FALSE, VM_PROT_DEFAULT, VM_PROT_ALL, VM_INHERIT_COPY));
	} else if (is(r, "big")) {
		row_kr(r, r->vm->allocate(r->self, &a, size, t));
	} else if (is(r, "big2")) {
		a = BIG + ((size + r->page - 1) & ~(r->page - 1));
		row_kr(r, r->vm->allocate(r->self, &a, r->page, t));
	} else {
		return row_first_fit;
	}
	row_regions(r);
	return NULL;
}

static const char *
two_maps(struct rows *r)
{
	unsigned cur1 = 3, cur2 = 3, max1 = 7, max2 = 7, inh1 = 1, inh2 = 1;
	mach_vm_address_t a = ROWS_BASE;
	uint64_t size = 4 * r->page;

	if (sscanf(r->row->args, "cur1=%u cur2=%u", &cur1, &cur2) != 2 &&
	    sscanf(r->row->args, "inh1=%u inh2=%u", &inh1, &inh2) != 2) {
		if (sscanf(r->row->args, "cur1 max1=%u max2=%u", &max1,
			&max2) != 2)
			return "not understood";
		cur1 = cur2 = 1;
	}
	kern_return_t first = r->vm->map(r->self, &a, size, 0, 0,
	    MACH_PORT_NULL, 0, FALSE, (vm_prot_t)cur1, (vm_prot_t)max1, inh1);
	if (strncmp(r->row->outs, "first kr=", 9) == 0 &&
	    atoi(r->row->outs + 9) != first)
		stage_require(r, first, "the first map");
	a = ROWS_BASE + size;
	row_kr(r,
	    r->vm->map(r->self, &a, size, 0, 0, MACH_PORT_NULL, 0, FALSE,
		(vm_prot_t)cur2, (vm_prot_t)max2, inh2));
	row_regions(r);
	return NULL;
}

static const char *
two_neighbours(struct rows *r)
{
	mach_vm_address_t a = ROWS_BASE, b = ROWS_BASE + 4 * r->page;
	uint64_t size = 4 * r->page;
	int first = 0, second = 0;

	if (is(r, "nocache-nocache"))
		first = second = VM_FLAGS_NO_CACHE;
	else if (is(r, "purg-purg"))
		first = second = VM_FLAGS_PURGABLE;
	else if (is(r, "alloc-then-nocache"))
		second = VM_FLAGS_NO_CACHE;
	stage_require(r, r->vm->allocate(r->self, &a, size, first), "allocate");
	row_kr(r,
	    is(r, "alloc-then-map") ?
		r->vm->map_anonymous(r->self, &b, size, 0, 0, VM_PROT_DEFAULT) :
		r->vm->allocate(r->self, &b, size, second));
	row_regions(r);
	return NULL;
}

const char *
rows_misc(struct rows *r)
{

	if (is(r, "row"))
		return row_of_pages(r);
	if (strncmp(r->row->what, "big", 3) == 0)
		return big_region(r);
	if (is(r, "mapmap"))
		return two_maps(r);
	if (is(r, "anyrow"))
		return row_first_fit;
	if (strncmp(r->row->what, "alloc-", 6) == 0 ||
	    is(r, "nocache-nocache") || is(r, "purg-purg"))
		return two_neighbours(r);
	return change_of_middle(r);
}

/* ---- map ---------------------------------------------------------------- */

static kern_return_t
map_either(struct rows *r, mach_vm_address_t *a, uint64_t size, uint64_t mask,
    int flags, vm_prot_t cur, vm_prot_t max, vm_inherit_t inherit,
    uint64_t offset, boolean_t copy)
{
	if (is(r, "map_trap"))
		return r->vm->map_anonymous(r->self, a, size, mask, flags, cur);
	return r->vm->map(r->self, a, size, mask, flags, MACH_PORT_NULL, offset,
	    copy, cur, max, inherit);
}

const char *
rows_map(struct rows *r)
{
	uint64_t size = r->page, address = ROWS_BASE, mask = 0, cur = 3;
	uint64_t max = 7, inherit = 1, offset = 0, copy = 0;
	bool anywhere = row_says(r, "ANYWHERE");

	if (is(r, "allocate") || is(r, "overwrite") ||
	    strchr(r->row->args, '=') == NULL)
		return "the state before the call is not recorded";
	if (row_says(r, "object=IP_DEAD"))
		return "the stage had a dead port in kernel space";
	if (!row_value(r, "mask=0x", &mask))
		(void)row_value(r, "mask=", &mask);
	(void)row_value(r, "size=", &size);
	if (strstr(r->row->args, "addr=") != NULL &&
	    !place_address(r, ROWS_BASE, &address))
		return "not understood";
	if (!row_value(r, "cur=0x", &cur))
		(void)row_value(r, "cur=", &cur);
	if (!row_value(r, "max=0x", &max))
		(void)row_value(r, "max=", &max);
	if (!row_value(r, "inheritance=0x", &inherit))
		(void)row_value(r, "inheritance=", &inherit);
	(void)row_value(r, "copy=", &copy);
	if (!row_value(r, "offset=0x", &offset))
		(void)row_value(r, "offset=", &offset);
	if (anywhere && r->row->kr == KERN_SUCCESS && size > UINT64_C(1) << 39)
		return "more than a process that has memory can place";
	mach_vm_address_t a = 0, before = 0;
	if (stage_occupied(r, address, size))
		return row_occupied;
	if (row_says(r, "mask=")) { /* the first entry of the row */
		if (anywhere)
			return row_first_fit;
		stage_require(r,
		    r->vm->allocate(r->self, &before, r->page,
			VM_FLAGS_ANYWHERE),
		    "allocate");
		r->shift = (int64_t)(before - UINT64_C(0x100000000));
	}
	a = address;
	kern_return_t kr = map_either(r, &a, size, mask,
	    anywhere ? VM_FLAGS_ANYWHERE : 0, (vm_prot_t)cur, (vm_prot_t)max,
	    (vm_inherit_t)inherit, offset, (boolean_t)copy);
	judge_placed(r, kr, a, anywhere && recorded_address(r) < RECORDED_BASE);
	if (before != 0)
		(void)r->vm->deallocate(r->self, before, r->page);
	return NULL;
}

/* ---- deallocate --------------------------------------------------------- */

const char *
rows_deallocate(struct rows *r)
{
	uint64_t address, size;
	int error;

	if (r->row->args[0] == '\0' || row_says(r, "PERMANENT"))
		return "PERMANENT would stay in the area";
	if (row_says(r, "carveout"))
		return "the reserved range depends on the device";
	if (row_says(r, "whole user") || row_says(r, "below min"))
		return "it would free the process";
	if (row_says(r, "double")) {
		stage_allocate(r, ROWS_BASE, 4 * r->page, 0);
		stage_require(r,
		    r->vm->deallocate(r->self, ROWS_BASE, 4 * r->page),
		    "deallocate");
		address = ROWS_BASE;
		size = 4 * r->page;
	} else if (row_says(r, "mlock")) {
		stage_allocate(r, ROWS_BASE, 4 * r->page, 0);
		if (r->bsd == NULL)
			return "no route has mlock";
		stage_require(r, r->bsd->mlock(&error, ROWS_BASE, 4 * r->page),
		    "mlock");
		address = ROWS_BASE + (row_says(r, "middle") ? r->page : 0);
		size = row_says(r, "middle") ? r->page : 4 * r->page;
	} else if (row_says(r, "null page")) {
		address = 0;
		size = r->page;
	} else {
		if (!row_value(r, "addr=", &address) ||
		    !row_value(r, "size=", &size))
			return "not understood";
		stage_allocate(r, ROWS_BASE, 4 * r->page, 0);
		stage_allocate(r, ROWS_BASE + 8 * r->page, 4 * r->page, 0);
		if (stage_occupied(r, address, size))
			return row_occupied;
	}
	row_kr(r, r->vm->deallocate(r->self, address, size));
	row_regions(r);
	return NULL;
}
