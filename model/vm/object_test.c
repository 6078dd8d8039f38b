/*
 * Objects under random operations: what a page of memory holds against a list
 * of values, every invariant kept, nothing left behind.
 *
 * The tests touch memory as user code does, through what the pmap shows: a
 * page that shows more than it may is found by its content.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <atf-c.h>
#include <string.h>

#include "model/host/heap.h"
#include "model/vm/copy.h"
#include "model/vm/fault.h"
#include "model/vm/fault_wire.h"
#include "model/vm/invariants.h"
#include "model/vm/map.h"
#include "model/vm/memory_entry.h"
#include "model/vm/remap.h"
#include "model/vm/test_boot.h"
#include "model/vm/user.h"

#define PAGES 96
#define MOST  8
#define CELLS 100000

/* What a page holds; pages that share memory share a cell.  0: not mapped. */
static uint8_t value[CELLS];
static unsigned cells;

struct space {
	struct task *task;
	unsigned cell[PAGES];
	vm_inherit_t inheritance[PAGES];
};

static struct space parent, child;
static struct memory_entry *named;
static uint64_t base, unit;
static uint64_t state = 1;

static unsigned
dice(unsigned n)
{
	state = state * UINT64_C(6364136223846793005) + 1;
	return (unsigned)(state >> 33) % n;
}

static void
boot(const char *release, const char *arch)
{
	parent = child = (struct space){ 0 };
	parent.task = test_boot(release, arch);
	named = NULL;
	cells = 1;
	unit = kernel->page_size;
	ATF_REQUIRE_EQ(kernel_allocate(parent.task, &base, PAGES * unit,
			   VM_FLAGS_ANYWHERE),
	    KERN_SUCCESS);
	ATF_REQUIRE_EQ(kernel_deallocate(parent.task, base, PAGES * unit),
	    KERN_SUCCESS);
}

static void
check_references(void)
{
	const char *broken = invariants_broken(&named, 1);

	ATF_CHECK_MSG(broken == NULL, "%s", broken);
}

/* ---- memory ---------------------------------------------------------------- */

static uint64_t
at(unsigned page)
{
	return base + page * unit;
}

/* The byte as user code sees it: by what is shown, or by a fault. */
static uint8_t *
touch(struct space *s, unsigned page, vm_prot_t access)
{
	vm_prot_t shown = 0;
	uint64_t frame;

	frame = pmap_frame(s->task->pmap, at(page), &shown);
	if (frame == HOST_NO_FRAME || (shown & access) != access) {
		ATF_REQUIRE_EQ(kernel_fault(s->task, at(page), access),
		    KERN_SUCCESS);
		frame = pmap_frame(s->task->pmap, at(page), &shown);
	}
	ATF_REQUIRE(frame != HOST_NO_FRAME);
	ATF_REQUIRE_EQ(shown & access, access);
	return host_frame_data(frame);
}

static uint8_t
get(struct space *s, unsigned page)
{
	uint8_t byte;

	if (s == &parent)
		return *touch(s, page, VM_PROT_READ);
	ATF_REQUIRE(map_read_bytes(s->task->map, at(page), &byte, 1));
	return byte;
}

static void
put(struct space *s, unsigned page, uint8_t byte)
{
	value[s->cell[page]] = byte;
	if (s == &parent)
		*touch(s, page, VM_PROT_WRITE) = byte;
	else
		ATF_REQUIRE(map_write_bytes(s->task->map, at(page), &byte, 1));
}

static void
check_contents(struct space *s)
{
	unsigned i;

	if (s->task == NULL)
		return;
	for (i = 0; i < PAGES; i++) {
		if (s->cell[i] == 0) {
			ATF_CHECK_EQ(kernel_fault(s->task, at(i), VM_PROT_READ),
			    KERN_INVALID_ADDRESS);
			continue;
		}
		ATF_CHECK_MSG(get(s, i) == value[s->cell[i]],
		    "page %u of %s: %d, not %d", i,
		    s == &parent ? "parent" : "child", get(s, i),
		    value[s->cell[i]]);
	}
}

static unsigned
new_cell(uint8_t byte)
{
	ATF_REQUIRE(cells < CELLS);
	value[cells] = byte;
	return cells++;
}

static bool
is_all(const struct space *s, unsigned first, unsigned n, bool mapped)
{
	unsigned i;

	if (first + n > PAGES)
		return false;
	for (i = first; i < first + n; i++)
		if ((s->cell[i] != 0) != mapped)
			return false;
	return true;
}

/* ---- operations ------------------------------------------------------------ */

static void
allocate(struct space *s, unsigned first, unsigned n)
{
	static const int tags[] = { 0, VM_MEMORY_MALLOC, VM_MEMORY_MALLOC_SMALL,
		VM_MEMORY_STACK };
	uint64_t address = at(first);
	unsigned i;

	if (!is_all(s, first, n, false))
		return;
	ATF_REQUIRE_EQ(kernel_allocate(s->task, &address, n * unit,
			   (int)(VM_MAKE_TAG(tags[dice(4)]) |
			       (dice(6) == 0 ? VM_FLAGS_PURGABLE : 0))),
	    KERN_SUCCESS);
	for (i = first; i < first + n; i++) {
		s->cell[i] = new_cell(0);
		s->inheritance[i] = VM_INHERIT_COPY;
		/* Older ones let what was read first be written below a copy. */
		if (kernel->rules->read_zero_fill_may_write)
			put(s, i, 0);
	}
}

static void
deallocate(struct space *s, unsigned first, unsigned n)
{
	if (first + n > PAGES)
		return;
	ATF_REQUIRE_EQ(kernel_deallocate(s->task, at(first), n * unit),
	    KERN_SUCCESS);
	memset(s->cell + first, 0, n * sizeof(*s->cell));
}

static void
take_over(struct space *s, unsigned from, unsigned to, unsigned n, bool copy)
{
	unsigned i;

	for (i = 0; i < n; i++) {
		s->cell[to + i] = copy ? new_cell(value[s->cell[from + i]]) :
					 s->cell[from + i];
		s->inheritance[to + i] = VM_INHERIT_COPY;
	}
}

static void
remap(struct space *s, unsigned from, unsigned to, unsigned n)
{
	uint64_t address = at(to);
	vm_prot_t current, maximum;
	bool copy = dice(2) == 0;

	if (!is_all(s, from, n, true) || !is_all(s, to, n, false))
		return;
	ATF_REQUIRE_EQ(kernel_remap(s->task, &address, n * unit, 0,
			   VM_FLAGS_FIXED, s->task, at(from), copy, &current,
			   &maximum, VM_INHERIT_COPY, false),
	    KERN_SUCCESS);
	take_over(s, from, to, n, copy);
}

static void
copy(struct space *s, unsigned from, unsigned to, unsigned n)
{
	uint8_t bytes[MOST];
	unsigned i, k;

	if (!is_all(s, from, n, true) || !is_all(s, to, n, true))
		return;
	for (i = 0; i < n; i++)
		for (k = 0; k < i; k++)
			if (s->cell[to + i] == s->cell[to + k])
				return; /* which comes last? */
	/* Kernel buffers and entry lists, whole pages and parts. */
	ATF_REQUIRE_EQ(kernel_copy(s->task, at(from),
			   dice(3) == 0 ? (n - 1) * unit + 1 : n * unit,
			   at(to)),
	    KERN_SUCCESS);
	for (i = 0; i < n; i++)
		bytes[i] = value[s->cell[from + i]];
	for (i = 0; i < n; i++)
		value[s->cell[to + i]] = bytes[i];
}

/* Would sharing be known to the entries only, as it is after fork() and for
 * purgeable memory until 12?  The mapping of a memory entry does not know, and
 * loses the memory when something is copied there. */
static bool
only_entries_know(struct space *s, unsigned first, unsigned n)
{
	struct entry *e;
	unsigned i;

	for (i = first; i < first + n; i++) {
		ATF_REQUIRE(map_lookup_entry(s->task->map, at(i), &e));
		if (e->object->copy_strategy != COPY_SYMMETRIC &&
		    !e->object->true_share)
			return true;
	}
	return false;
}

/* A memory entry lives on while others come and go. */
static void
name(struct space *s, unsigned from, unsigned to, unsigned n)
{
	static unsigned cell[MOST], pages;
	uint64_t size = n * unit, address = at(to);
	bool copy = dice(2) == 0;
	unsigned i;

	/* Older ones share what they copied only until a fork. */
	if (!kernel->rules->entry_copy_copies)
		return;
	if (named == NULL && is_all(s, from, n, true)) {
		/* What has no object yet is copied as nothing. */
		for (i = 0; i < n; i++)
			get(s, from + i);
		copy |= only_entries_know(s, from, n);
		ATF_REQUIRE_EQ(kernel_make_memory_entry(s->task, &size,
				   at(from),
				   VM_PROT_DEFAULT |
				       (copy ? MAP_MEM_VM_COPY :
					       MAP_MEM_VM_SHARE),
				   &named, NULL),
		    KERN_SUCCESS);
		for (i = 0; i < n; i++)
			cell[i] = copy ? new_cell(value[s->cell[from + i]]) :
					 s->cell[from + i];
		pages = n;
		return;
	}
	if (named == NULL || !is_all(s, to, pages, false))
		return;
	ATF_REQUIRE_EQ(kernel_map(s->task, &address, pages * unit, 0,
			   VM_FLAGS_FIXED, named, false, 0, false,
			   VM_PROT_DEFAULT, VM_PROT_DEFAULT, VM_INHERIT_COPY),
	    KERN_SUCCESS);
	for (i = 0; i < pages; i++) {
		s->cell[to + i] = cell[i];
		s->inheritance[to + i] = VM_INHERIT_COPY;
	}
	if (dice(3) == 0) {
		kernel_memory_entry_release(named);
		named = NULL;
	}
}

static void
inherit(struct space *s, unsigned first, unsigned n)
{
	vm_inherit_t how = dice(3);
	unsigned i;

	if (first + n > PAGES)
		return;
	ATF_REQUIRE_EQ(kernel_inherit(s->task, at(first), n * unit, how),
	    KERN_SUCCESS);
	for (i = first; i < first + n; i++)
		s->inheritance[i] = how;
}

static void
wire(struct space *s, unsigned first, unsigned n)
{
	/* Older ones lose the sharing of what is partly wired and copied. */
	if (!kernel->rules->wire_shares_object || !is_all(s, first, n, true))
		return;
	if (kernel_wire(s->task, at(first), n * unit, VM_PROT_READ) ==
		KERN_SUCCESS &&
	    dice(2) == 0)
		kernel_wire(s->task, at(first), n * unit, VM_PROT_NONE);
}

static void
fork_or_end(void)
{
	unsigned i;

	if (child.task != NULL) {
		kernel_task_terminate(child.task);
		child.task = NULL;
		return;
	}
	child.task = kernel_fork(parent.task);
	for (i = 0; i < PAGES; i++) {
		child.inheritance[i] = parent.inheritance[i];
		child.cell[i] = 0;
		if (parent.cell[i] == 0)
			continue;
		if (parent.inheritance[i] == VM_INHERIT_SHARE)
			child.cell[i] = parent.cell[i];
		else if (parent.inheritance[i] == VM_INHERIT_COPY)
			child.cell[i] = new_cell(value[parent.cell[i]]);
	}
}

static void
operate(void)
{
	struct space *s = child.task != NULL && dice(2) == 0 ? &child : &parent;
	unsigned a = dice(PAGES), b = dice(PAGES), n = 1 + dice(MOST);

	switch (dice(16)) {
	case 0:
	case 1:
	case 2:
		allocate(s, a, n);
		break;
	case 3:
		deallocate(s, a, n);
		break;
	case 4:
	case 5:
		remap(s, a, b, n);
		break;
	case 6:
	case 7:
		copy(s, a, b, n);
		break;
	case 8:
		name(s, a, b, n);
		break;
	case 9:
		inherit(s, a, n);
		break;
	case 10:
		if (dice(4) == 0)
			wire(s, a, n);
		break;
	case 11:
		if (dice(8) == 0)
			fork_or_end();
		break;
	default:
		if (s->cell[a] != 0)
			put(s, a, (uint8_t)(1 + dice(255)));
		break;
	}
}

static void
run(const char *release, const char *arch)
{
	uint64_t objects, pages, heap;
	int i;

	boot(release, arch);
	allocate(&parent, 0, 1); /* makes what lasts: the pmap */
	put(&parent, 0, 1);
	deallocate(&parent, 0, 1);
	objects = kernel->object_count;
	pages = kernel->page_count;
	heap = heap_used();
	for (i = 0; i < 12000; i++) {
		operate();
		if (i % 50 == 0) {
			check_references();
			check_contents(&parent);
			check_contents(&child);
			check_references();
		}
	}
	if (child.task != NULL)
		fork_or_end();
	if (named != NULL)
		kernel_memory_entry_release(named);
	named = NULL;
	deallocate(&parent, 0, PAGES);
	check_references();
	ATF_CHECK_EQ(kernel->object_count, objects);
	ATF_CHECK_EQ(kernel->page_count, pages);
	ATF_CHECK_EQ(heap_used(), heap);
}

/* ---- the cases ------------------------------------------------------------- */

ATF_TC_WITHOUT_HEAD(macos_15_arm64);
ATF_TC_BODY(macos_15_arm64, tc)
{
	run("15.5", "arm64");
}

ATF_TC_WITHOUT_HEAD(macos_14_arm64);
ATF_TC_BODY(macos_14_arm64, tc)
{
	run("14", "arm64");
}

ATF_TC_WITHOUT_HEAD(macos_12_arm64);
ATF_TC_BODY(macos_12_arm64, tc)
{
	run("12", "arm64");
}

ATF_TC_WITHOUT_HEAD(macos_11_x86_64);
ATF_TC_BODY(macos_11_x86_64, tc)
{
	run("11", "x86_64");
}

ATF_TC_WITHOUT_HEAD(macos_10_13_x86_64);
ATF_TC_BODY(macos_10_13_x86_64, tc)
{
	run("10.13", "x86_64");
}

/* A chain of copies, each written once, becomes one object. */
ATF_TC_WITHOUT_HEAD(chain_collapses);
ATF_TC_BODY(chain_collapses, tc)
{
	struct entry *entry;
	unsigned i;

	boot("15.5", "arm64");
	allocate(&parent, 0, MOST);
	for (i = 0; i < MOST; i++)
		put(&parent, i, (uint8_t)(1 + i));
	for (i = 0; i < 20; i++) {
		fork_or_end();
		put(&parent, i % MOST, (uint8_t)(100 + i));
		check_contents(&child);
		fork_or_end();
		check_contents(&parent);
	}
	put(&parent, 0, 1);
	ATF_REQUIRE(map_lookup_entry(parent.task->map, base, &entry));
	ATF_CHECK_EQ(entry->object->shadow, NULL);
	ATF_CHECK_EQ(entry->object->resident_page_count, MOST);
	check_references();
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, macos_15_arm64);
	ATF_TP_ADD_TC(tp, macos_14_arm64);
	ATF_TP_ADD_TC(tp, macos_12_arm64);
	ATF_TP_ADD_TC(tp, macos_11_x86_64);
	ATF_TP_ADD_TC(tp, macos_10_13_x86_64);
	ATF_TP_ADD_TC(tp, chain_collapses);
	return atf_no_error();
}
