/*
 * Rows about what tells of memory: region flavors, fork, Apple's own
 * expectations; and the list of all tables.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "rows.h"
#include "rows_families.h"
#include "system.h"

static bool
is(const struct rows *r, const char *what)
{
	return strcmp(r->row->what, what) == 0;
}

static unsigned
value_of(const struct rows *r, const char *key)
{
	const char *p = strstr(r->row->args, key);

	return p == NULL ? 0 : (unsigned)strtoul(p + strlen(key), NULL, 0);
}

/* ---- region flavors ----------------------------------------------------- */

enum { INFO = 64, SPOILT = 0x5a5a5a5a };

/* The words that are numbers of objects, which differ from boot to boot. */
static bool
is_object_word(const struct rows *r, int flavor, unsigned word, unsigned count)
{
	if (is(r, "region"))
		return flavor == VM_REGION_TOP_INFO && word == 0;
	return count >= VM_REGION_SUBMAP_INFO_V0_COUNT_64 ?
	    word == 14 || word >= 17 :
	    word == 10;
}

static void
judge_words(struct rows *r, int flavor, const int *info, unsigned count)
{
	char *p = strstr(r->row->outs, "info=");

	if (p == NULL)
		return;
	p += strlen("info=");
	for (unsigned i = 0; i < count; i++) {
		char *end;
		unsigned long v = strtoul(p, &end, 16), mask = 0xffffffff;

		if (end == p)
			return;
		p = end;
		if (is_object_word(r, flavor, i, count))
			continue;
		/* the kernel wrote a part of the word only */
		for (int b = 0; b < 4; b++)
			if ((v >> (8 * b) & 0xff) == 0x5a)
				mask &= ~(0xffUL << (8 * b));
		if (((v ^ (unsigned)info[i]) & mask) != 0)
			row_out(r, "info", (unsigned)info[i]);
	}
}

const char *
rows_region(struct rows *r)
{
	int info[INFO], flavor = (int)value_of(r, "flavor=");
	mach_vm_address_t a = ROWS_BASE + r->page + 5;
	mach_vm_size_t size = 0;
	mach_msg_type_number_t count = value_of(r, "count=");
	mach_port_name_t object = MACH_PORT_NULL;
	natural_t depth = 0;
	kern_return_t kr;

	for (int i = 0; i < INFO; i++)
		info[i] = SPOILT;
	if (count > INFO)
		return "not understood";
	if (row_says(r, "addr=") && !row_says(r, "addr=B+P+5"))
		return "what lies around is the process's own";
	stage_allocate(r, ROWS_BASE, 4 * r->page, 7);
	stage_touch(r, ROWS_BASE, r->page);
	if (is(r, "region"))
		kr = r->vm->region(r->self, &a, &size, flavor, info, &count,
		    &object);
	else
		kr = r->vm->region_recurse(r->self, &a, &size, &depth, info,
		    &count);
	row_kr(r, kr);
	if (kr == KERN_SUCCESS) {
		const char *cnt = strstr(r->row->outs, "cnt=");

		row_out(r, "addr", a);
		row_out(r, "size", size);
		if (cnt != NULL && (unsigned)atoi(cnt + 4) != count)
			row_out(r, "cnt", count);
		judge_words(r, flavor, info, count);
	}
	return NULL;
}

/* ---- fork --------------------------------------------------------------- */

static void
judge_child(struct rows *r)
{
	struct row row = *r->row;

	row.entries = strstr(row.outs, "child=");
	if (row.entries == NULL)
		return;
	row.entries += strlen("child=");
	/* nothing of it is in the area: (empty) */
	if (strncmp(row.entries, "[3", 2) != 0)
		row.entries = (char[]){ "(empty)" };
	r->row = &row;
	row_regions(r);
}

const char *
rows_fork(struct rows *r)
{
	mach_vm_address_t a = ROWS_BASE;
	uint64_t size = 4 * r->page;
	int error;

	stage_require(r,
	    r->vm->allocate(r->self, &a, size,
		row_says(r, "purgable") ? VM_FLAGS_PURGABLE : 0),
	    "allocate");
	if (row_starts(r, "mlocked")) {
		if (r->bsd == NULL)
			return "no route has mlock";
		stage_require(r, r->bsd->mlock(&error, a, size), "mlock");
	} else {
		if (!row_says(r, "untouched"))
			stage_touch(r, a, size);
		stage_require(r,
		    r->vm->inherit(r->self, a, size, value_of(r, "inherit=")),
		    "inherit");
	}
	fflush(NULL);
	int pid = mt_fork();
	if (pid == 0) {
		r->self = mach_task_self();
		judge_child(r);
		mt_exit(r->wrong != NULL);
	}
	row_kr(r, pid > 0 ? KERN_SUCCESS : KERN_FAILURE);
	if (mt_wait(pid, 30) != 0)
		stage_require(r, -1, "the child's regions: it");
	row_regions(r);
	return NULL;
}

/* ---- Apple's own expectations ------------------------------------------- */

const char *
rows_apple(struct rows *r)
{
	uint64_t a = 0, size = 0;
	mach_vm_address_t at = ROWS_BASE;
	vm_offset_t data = 0;
	mach_msg_type_number_t count = 0;
	kern_return_t kr;

	if (row_starts(r, "test_reallocate_pages") &&
	    row_value(r, "size=", &size)) {
		stage_allocate(r, ROWS_BASE, size, 0);
		kr = r->vm->allocate(r->self, &at, size, VM_FLAGS_FIXED);
	} else if (row_starts(r, "mach_vm_map mask=~0 ANYWHERE") &&
	    row_value(r, "size=", &size)) {
		at = 0;
		kr = r->vm->map(r->self, &at, size, UINT64_MAX,
		    VM_FLAGS_ANYWHERE, MACH_PORT_NULL, 0, FALSE,
		    VM_PROT_DEFAULT, VM_PROT_ALL, VM_INHERIT_DEFAULT);
	} else if (row_starts(r, "deallocate zero size at ") &&
	    row_expression(r, r->row->args + 24, &a, NULL)) {
		kr = r->vm->deallocate(r->self, a, 0);
	} else if (row_starts(r, "protect zero size at ") &&
	    row_expression(r, r->row->args + 21, &a, NULL)) {
		kr = r->vm->protect(r->self, a, 0, FALSE, VM_PROT_READ);
	} else if (row_starts(r, "test_read_zero_size at ") &&
	    row_expression(r, r->row->args + 23, &a, NULL)) {
		kr = r->vm->read(r->self, a, 0, &data, &count);
	} else if (row_starts(r, "test_allocate_zero_size (mach_vm_allocate")) {
		kr = r->vm->allocate(r->self, &at, 0, VM_FLAGS_FIXED);
	} else {
		return "the row does not tell the call";
	}
	row_kr(r, kr);
	return NULL;
}

/* ---- the tables --------------------------------------------------------- */

const struct row_family_entry row_families[] = {
	{ "a_allocate", rows_allocate },
	{ "a_flagbits", rows_flagbits },
	{ "a_tags", rows_tags },
	{ "b_coalesce_limit", rows_limit },
	{ "b_coalesce_misc", rows_misc },
	{ "b_coalesce_pairs", rows_pairs },
	{ "c_deallocate", rows_deallocate },
	{ "d_map", rows_map },
	{ "d_mem_entry", rows_memory_entry },
	{ "e_behavior_msync", rows_behavior },
	{ "e_fork", rows_fork },
	{ "e_protect", rows_protect },
	{ "e_purgable", rows_purgable },
	{ "e_region", rows_region },
	{ "e_remap_copy_rw", rows_copies },
	{ "e_wire_page", rows_wire },
	{ "f_apple_expectations", rows_apple },
	{ NULL, NULL },
};
