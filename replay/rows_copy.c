/*
 * Rows about copies and what tells of them: remap, copy, read, write, memory
 * entries.
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

#define SECOND		   (ROWS_BASE + UINT64_C(0x100000))
#define THIRD		   (ROWS_BASE + UINT64_C(0x200000))
#define RECORDED_FIRST_FIT UINT64_C(0x100000000)

static bool
is(const struct rows *r, const char *what)
{
	return strcmp(r->row->what, what) == 0;
}

static void
shifted_to(struct rows *r, uint64_t address)
{
	const char *p = strstr(r->row->outs, "addr=");
	uint64_t recorded = p == NULL ? 0 : strtoull(p + 5, NULL, 16);

	r->shift = (int64_t)(address -
	    (recorded == 0 ? RECORDED_FIRST_FIT : recorded));
}

static unsigned
value_of(const struct rows *r, const char *key)
{
	const char *p = strstr(r->row->args, key);

	return p == NULL ? 0 : (unsigned)strtoul(p + strlen(key), NULL, 0);
}

/* ---- remap -------------------------------------------------------------- */

static const char *
remap(struct rows *r)
{
	mach_vm_address_t a = 0, source = ROWS_BASE;
	uint64_t size = 4 * r->page;
	vm_prot_t cur = 0, max = 0;
	boolean_t copy = (boolean_t)value_of(r, "copy=");
	vm_inherit_t inherit = VM_INHERIT_COPY;
	int flags = VM_FLAGS_ANYWHERE;
	unsigned tag = 0;

	if (row_starts(r, "then write"))
		return "the calls before it are part of its state";
	if (row_starts(r, "ANYWHERE"))
		tag = 7;
	stage_allocate(r, ROWS_BASE, size, tag);
	if (row_starts(r, "ANYWHERE")) {
		if (!row_says(r, "untouched"))
			stage_touch(r, ROWS_BASE, size);
		if (row_says(r, "src=max r--"))
			stage_require(r,
			    r->vm->protect(r->self, ROWS_BASE, size, TRUE,
				VM_PROT_READ),
			    "protect");
		else if (row_says(r, "src=r--"))
			stage_require(r,
			    r->vm->protect(r->self, ROWS_BASE, size, FALSE,
				VM_PROT_READ),
			    "protect");
		else if (row_says(r, "src=---"))
			stage_require(r,
			    r->vm->protect(r->self, ROWS_BASE, size, FALSE,
				VM_PROT_NONE),
			    "protect");
	} else if (row_starts(r, "inheritance=")) {
		inherit = value_of(r, "inheritance=");
	} else {
		stage_allocate(r, ROWS_BASE + 8 * r->page, 4 * r->page, 0);
	}
	if (row_starts(r, "copy=")) {
		if (row_says(r, "src=hole"))
			source = ROWS_BASE + 6 * r->page;
		else if (!row_value(r, "src=", &source))
			return "not understood";
		if (!row_value(r, "size=", &size))
			return "not understood";
	} else if (row_starts(r, "FIXED")) {
		stage_touch(r, ROWS_BASE, size);
		flags = row_says(r, "OVERWRITE") ? VM_FLAGS_OVERWRITE : 0;
		if (row_says(r, "target=hole"))
			a = SECOND + row_says(r, "hole+1");
		else if (row_says(r, "target=occupied"))
			a = ROWS_BASE + 8 * r->page;
		else if (row_says(r, "target=overlap"))
			a = ROWS_BASE + 2 * r->page;
		else if (!row_value(r, "target=", &a))
			return "not understood";
	}
	kern_return_t kr = r->vm->remap(r->self, &a, size, 0, flags, r->self,
	    source, copy, &cur, &max, inherit);
	row_kr(r, kr);
	if (kr == KERN_SUCCESS) {
		row_out(r, "cur", (uint64_t)cur);
		row_out(r, "max", (uint64_t)max);
		if (flags & VM_FLAGS_ANYWHERE)
			shifted_to(r, a);
		else
			row_out(r, "addr", a);
	}
	row_regions(r);
	if (kr == KERN_SUCCESS && flags & VM_FLAGS_ANYWHERE)
		(void)r->vm->deallocate(r->self, a, size);
	return NULL;
}

/* ---- copy, read, write -------------------------------------------------- */

static const char *
copy(struct rows *r)
{
	mach_vm_address_t source = ROWS_BASE, to = SECOND;
	uint64_t size = 4 * r->page;

	if (row_says(r, "64P"))
		return "the state before the call is not recorded";
	stage_allocate(r, ROWS_BASE, size, 0);
	if (!row_starts(r, "src=")) { /* no access, read-only, untouched */
		stage_allocate(r, SECOND, size, 0);
		if (!row_says(r, "untouched"))
			stage_touch(r, ROWS_BASE, size);
		if (row_says(r, "dst read-only"))
			stage_require(r,
			    r->vm->protect(r->self, SECOND, size, FALSE,
				VM_PROT_READ),
			    "protect");
		if (row_says(r, "no access"))
			stage_require(r,
			    r->vm->protect(r->self, ROWS_BASE, size, FALSE,
				VM_PROT_NONE),
			    "protect");
	} else {
		if (row_says(r, "src=unmapped")) {
			if (strcmp(mt_system()->arch, "arm64") == 0)
				return "a mapped source was used by mistake";
			source = ROWS_BASE + UINT64_C(0x10000000);
		} else if (!row_value(r, "src=", &source)) {
			return "not understood";
		}
		if (!row_value(r, "size=", &size))
			return "not understood";
		stage_touch(r, ROWS_BASE, 4 * r->page);
		stage_allocate(r, SECOND, 4 * r->page, 240);
		stage_touch(r, SECOND, r->page);
		if (row_says(r, "dst=overlapping"))
			to = ROWS_BASE + 2 * r->page;
		else if (row_says(r, "dst=dst-unmapped"))
			to = THIRD;
		else if (row_says(r, "dst=dst+1"))
			to = SECOND + 1;
		else if (!row_says(r, "dst=dst") && !row_value(r, "dst=", &to))
			return "not understood";
	}
	if (row_says(r, "dst=overlapping") && size != 0)
		return "where the destination overlaps is not recorded";
	row_kr(r, r->vm->copy(r->self, source, size, to));
	row_regions(r);
	return NULL;
}

/*
 * Four rows on one stage: two pages to a place that is not mapped, then
 * read-only; then one page of a source that cannot be read.
 */
static const char *
read_refused(struct rows *r)
{
	uint64_t to = ROWS_BASE + 64 * r->page, size = 2 * r->page;
	mach_vm_size_t got = 0;
	vm_offset_t data = 0;
	mach_msg_type_number_t count = 0;

	if (row_says(r, "dst unmapped")) {
		stage_clear(r);
		stage_allocate(r, ROWS_BASE, 4 * r->page, 0);
		stage_touch(r, ROWS_BASE, 4 * r->page);
	} else if (row_says(r, "dst read-only")) {
		stage_allocate(r, to, 4 * r->page, 0);
		stage_require(r,
		    r->vm->protect(r->self, to, 4 * r->page, FALSE,
			VM_PROT_READ),
		    "protect");
	} else {
		stage_require(r,
		    r->vm->protect(r->self, ROWS_BASE, 4 * r->page, FALSE,
			row_says(r, "no access") ? VM_PROT_NONE :
						   VM_PROT_WRITE),
		    "protect");
	}
	if (is(r, "read"))
		row_kr(r,
		    r->vm->read(r->self, ROWS_BASE, r->page, &data, &count));
	else
		row_kr(r,
		    r->vm->read_overwrite(r->self, ROWS_BASE, size, to, &got));
	row_regions(r);
	return NULL;
}

static const char *
read_row(struct rows *r)
{
	uint64_t a, size;
	vm_offset_t data = 0;
	mach_msg_type_number_t count = 0;
	const char *cnt = strstr(r->row->outs, "cnt=");

	if (row_starts(r, "src "))
		return read_refused(r);
	if (!row_value(r, "addr=", &a) || !row_value(r, "size=", &size))
		return "not understood";
	stage_allocate(r, ROWS_BASE, 4 * r->page, 0);
	stage_touch(r, ROWS_BASE, r->page);
	stage_allocate(r, ROWS_BASE + 8 * r->page, 4 * r->page, 0);
	kern_return_t kr = r->vm->read(r->self, a, size, &data, &count);
	row_kr(r, kr);
	if (kr == KERN_SUCCESS && cnt != NULL && atol(cnt + 4) != count)
		row_out(r, "cnt", count);
	shifted_to(r, data & ~(r->page - 1));
	row_regions(r);
	if (kr == KERN_SUCCESS && count != 0)
		(void)r->vm->deallocate(r->self, data, count);
	return NULL;
}

static const char *
read_overwrite(struct rows *r)
{
	uint64_t a, size;
	mach_vm_size_t got = 0;

	if (!row_says(r, "dst ok"))
		return read_refused(r);
	if (!row_value(r, "addr=", &a) || !row_value(r, "size=", &size))
		return "not understood";
	stage_allocate(r, ROWS_BASE, 4 * r->page, 0);
	stage_touch(r, ROWS_BASE, r->page);
	stage_allocate(r, SECOND, 16 * r->page, 0);
	kern_return_t kr = r->vm->read_overwrite(r->self, a, size, SECOND,
	    &got);
	row_kr(r, kr);
	if (kr == KERN_SUCCESS)
		row_out(r, "outsize", got);
	row_regions(r);
	return NULL;
}

static const char *
write_row(struct rows *r)
{
	uint64_t to = SECOND, n = 0, from = ROWS_BASE + r->page;

	stage_allocate(r, ROWS_BASE, 8 * r->page, 0);
	stage_touch(r, ROWS_BASE, 8 * r->page);
	stage_allocate(r, SECOND, 4 * r->page, 0);
	if (row_starts(r, "dst read-only")) {
		n = row_says(r, "1 byte") ? 1 : 2 * r->page;
		from = ROWS_BASE;
		stage_require(r,
		    r->vm->protect(r->self, SECOND, 4 * r->page, FALSE,
			VM_PROT_READ),
		    "protect");
	} else {
		if (!row_value(r, "dst=", &to) || !row_value(r, "n=", &n))
			return "not understood";
		stage_touch(r, SECOND, r->page);
	}
	row_kr(r,
	    r->vm->write(r->self, to, (vm_offset_t)from,
		(mach_msg_type_number_t)n));
	row_regions(r);
	return NULL;
}

/* On x86_64 the recorded map has nothing but a reserved range where the comm
 * page is, at the map's end. */
static bool
at_comm_page(struct rows *r)
{
	static const char *const keys[] = { "src=", "dst=", "addr=" };
	uint64_t a;

	for (int i = 0; i < 3; i++)
		if (row_value(r, keys[i], &a) && a == UINT64_C(0x7fffffe00000))
			return true;
	return false;
}

/*
 * The tables of 11 on arm64 were recorded with large copies from 32 KiB on;
 * the booted kernel has them from 16 KiB + 1.
 */
static bool
has_wrong_limit(struct rows *r)
{
	const struct mt_system *s = mt_system();
	uint64_t size;

	return r->page == 0x4000 && !mt_release_since(s->release, "12") &&
	    (is(r, "copy") || is(r, "write")) &&
	    (row_value(r, "size=", &size) || row_value(r, "n=", &size)) &&
	    size > 0x4000 && size <= 0x8000;
}

const char *
rows_copies(struct rows *r)
{
	if (has_wrong_limit(r))
		return "the recording has another size of small copies";
	if (at_comm_page(r))
		return "the recorded map has no comm page";
	if (is(r, "remap"))
		return remap(r);
	if (is(r, "copy"))
		return copy(r);
	if (is(r, "read"))
		return read_row(r);
	if (is(r, "read_overwrite"))
		return read_overwrite(r);
	if (is(r, "write"))
		return write_row(r);
	return "several calls, of which the row tells the last";
}

/* ---- memory entries ----------------------------------------------------- */

static mach_port_name_t handle;
static uint64_t handle_size;

static void
drop_handle(struct rows *r)
{
	if (handle != MACH_PORT_NULL)
		(void)mach_port_deallocate(r->self, handle);
	handle = MACH_PORT_NULL;
	handle_size = 0;
}

static kern_return_t
make(struct rows *r, uint64_t size, uint64_t at, unsigned permission)
{
	memory_object_size_t s = size;

	drop_handle(r);
	kern_return_t kr = r->vm->make_memory_entry(r->self, &s, at,
	    (vm_prot_t)permission, &handle, MACH_PORT_NULL);
	if (kr != KERN_SUCCESS)
		handle = MACH_PORT_NULL;
	else
		handle_size = s;
	return kr;
}

static const char *
make_entry(struct rows *r)
{
	uint64_t size, at;

	if (!row_value(r, "size=", &size) || !row_value(r, "off=", &at))
		return "the state before the call is not recorded";
	stage_allocate(r, ROWS_BASE, 4 * r->page, 0);
	stage_touch(r, ROWS_BASE, 2 * r->page);
	kern_return_t kr = make(r, size, at, value_of(r, "perm="));
	row_kr(r, kr);
	if (kr == KERN_SUCCESS)
		row_out(r, "size", handle_size);
	row_regions(r);
	return NULL;
}

static const char *
map_entry_of_row_before(struct rows *r)
{
	mach_vm_address_t a = SECOND;
	uint64_t size = handle_size;
	boolean_t copied = (boolean_t)value_of(r, "copy=");
	vm_prot_t cur = VM_PROT_READ, max = VM_PROT_READ;

	if (handle == MACH_PORT_NULL)
		return "there is no memory entry";
	if (row_says(r, "max=rwx")) {
		if (!row_value(r, "size=", &size))
			return "not understood";
		cur = VM_PROT_DEFAULT;
		max = VM_PROT_ALL;
	} else if (copied) {
		a = ROWS_BASE + UINT64_C(0x300000);
		cur = max = VM_PROT_DEFAULT;
	} else {
		a = THIRD;
	}
	kern_return_t kr = r->vm->map(r->self, &a, size, 0, 0, handle, 0,
	    copied, cur, max, VM_INHERIT_COPY);
	row_kr(r, kr);
	if (kr == KERN_SUCCESS)
		row_out(r, "addr", a);
	row_regions(r);
	return NULL;
}

const char *
rows_memory_entry(struct rows *r)
{
	uint64_t size, at;
	mach_vm_address_t a = SECOND;
	int wanted = 0;

	if (is(r, "make_memory_entry_64"))
		return make_entry(r);
	if (is(r, "then map_mig"))
		return map_entry_of_row_before(r);
	if (row_says(r, "IP_DEAD"))
		return "the stage had a dead port in kernel space";
	stage_allocate(r, ROWS_BASE, 4 * r->page, 0);
	if (strstr(r->row->what, "VM_SHARE") != NULL) {
		if (!row_value(r, "off=", &at) || !row_value(r, "size=", &size))
			return "not understood";
		if (strstr(r->row->entries, "[100000001-") != NULL)
			return "the recorded region is not of whole pages";
		stage_touch(r, ROWS_BASE, 4 * r->page);
		stage_require(r,
		    make(r, 4 * r->page, ROWS_BASE,
			MAP_MEM_VM_SHARE | VM_PROT_DEFAULT),
		    "the entry");
		a = 0;
		kern_return_t kr = r->vm->map(r->self, &a, size, 0,
		    VM_FLAGS_ANYWHERE, handle, at, FALSE, VM_PROT_DEFAULT,
		    VM_PROT_DEFAULT, VM_INHERIT_COPY);
		row_kr(r, kr);
		shifted_to(r, a);
		row_regions(r);
		if (kr == KERN_SUCCESS)
			(void)r->vm->deallocate(r->self, a, size);
		return NULL;
	}
	const char *permission = strstr(r->row->what, "perm=");
	const char *k = strstr(r->row->args, "mkentry kr=");
	if (permission == NULL || k == NULL)
		return "not understood";
	stage_touch(r, ROWS_BASE, r->page);
	wanted = atoi(k + strlen("mkentry kr="));
	if (make(r, 4 * r->page, ROWS_BASE, (unsigned)atoi(permission + 5)) !=
	    wanted)
		stage_require(r, -1, "the memory entry");
	if (handle != MACH_PORT_NULL)
		row_kr(r,
		    r->vm->map(r->self, &a, 4 * r->page, 0, 0, handle, 0, FALSE,
			(vm_prot_t)value_of(r, "cur="),
			(vm_prot_t)value_of(r, "max="), VM_INHERIT_COPY));
	row_regions(r);
	return NULL;
}
