/*
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "model/vm/invariants.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "model/host/access.h"
#include "model/host/frame.h"
#include "model/host/pmap.h"
#include "model/vm/copy.h"
#include "model/vm/kernel.h"
#include "model/vm/map.h"
#include "model/vm/memory_entry.h"
#include "model/vm/page.h"
#include "model/vm/release.h"
#include "model/vm/space.h"
#include "model/vm/task.h"
#include "model/vm/vm.h"

enum { MOST = 8192 };

static char broken[256];

/* The first that does not hold is told. */
static void expect(bool holds, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
static void
expect(bool holds, const char *format, ...)
{
	va_list ap;

	if (holds || broken[0] != '\0')
		return;
	va_start(ap, format);
	(void)vsnprintf(broken, sizeof(broken), format, ap);
	va_end(ap);
}

/* ---- what is counted ----------------------------------------------------- */

struct count {
	const void *what;
	int times;
};
struct counts {
	unsigned number;
	struct count of[MOST];
};
static struct counts objects, submaps, wired, frames;

/* One more; true: the first. */
static bool
add(struct counts *counts, const void *what)
{
	unsigned i;

	/* the one of last time is often asked for again */
	for (i = counts->number; i-- > 0;)
		if (counts->of[i].what == what) {
			counts->of[i].times++;
			return false;
		}
	expect(counts->number < MOST, "more than %d to count", MOST);
	if (counts->number == MOST)
		return false;
	counts->of[counts->number++] = (struct count){ what, 1 };
	return true;
}

static int
times(const struct counts *counts, const void *what)
{
	for (unsigned i = 0; i < counts->number; i++)
		if (counts->of[i].what == what)
			return counts->of[i].times;
	return 0;
}

/* ---- objects ------------------------------------------------------------- */

static uint64_t page_count;

static void
check_pages(struct object *o)
{
	uint32_t resident = 0, reusable = 0, is_wired = 0;
	struct page *page;

	for (page = page_first(o, 0); page != NULL; page = page_next(page)) {
		expect(page->object == o &&
			page_lookup(o, page->offset) == page,
		    "object %" PRIu64 ": a page of another", o->id);
		expect(page->offset == trunc_object(page->offset),
		    "object %" PRIu64 ": a page at %#" PRIx64, o->id,
		    page->offset);
		expect(add(&frames, host_frame_data(page->frame)),
		    "object %" PRIu64 ": frame %" PRIu64 " has two pages",
		    o->id, page->frame);
		resident++;
		reusable += page->reusable;
		is_wired += page->wire_count > 0;
		expect(!o->phys_contiguous || page->wire_count == 1,
		    "object %" PRIu64 ": a superpage wired %u times", o->id,
		    page->wire_count);
	}
	expect(o->resident_page_count == resident &&
		o->reusable_page_count == reusable &&
		o->wired_page_count == is_wired,
	    "object %" PRIu64 ": has %u pages, %u reusable, %u wired, counted "
	    "%u, %u, %u",
	    o->id, o->resident_page_count, o->reusable_page_count,
	    o->wired_page_count, resident, reusable, is_wired);
	page_count += resident;
}

static void
count_object(struct object *o)
{
	for (; o != NULL && add(&objects, o); o = o->shadow) {
		check_pages(o);
		expect(o->copy == NULL || o->copy->shadow == o,
		    "object %" PRIu64 ": its copy has another shadow", o->id);
	}
}

static void
check_references(void)
{
	const struct object *o;

	for (unsigned i = 0; i < objects.number; i++) {
		o = objects.of[i].what;
		expect(o->ref_count == objects.of[i].times,
		    "object %" PRIu64 ": %d references, %d found", o->id,
		    o->ref_count, objects.of[i].times);
	}
	for (unsigned i = 0; i < submaps.number; i++)
		expect(((const struct map *)submaps.of[i].what)->ref_count ==
			submaps.of[i].times,
		    "submap: %d references, %d found",
		    ((const struct map *)submaps.of[i].what)->ref_count,
		    submaps.of[i].times);
	expect(kernel->object_count == objects.number,
	    "%" PRIu64 " objects, %u found", kernel->object_count,
	    objects.number);
	expect(kernel->page_count == page_count,
	    "%" PRIu64 " pages, %" PRIu64 " found", kernel->page_count,
	    page_count);
}

/* ---- maps ---------------------------------------------------------------- */

static void
check_entry(const struct map *map, const struct entry *e)
{
	const uint64_t size = e->end - e->start;

	/* comm pages lie behind the end */
	expect(e->start < e->end && e->start >= map->min_offset &&
		(e->end <= map->max_offset || e->start >= map->max_offset),
	    "entry %#" PRIx64 "-%#" PRIx64 ": not in its map", e->start,
	    e->end);
	expect(((e->start | e->end | e->offset) & page_mask(map)) == 0,
	    "entry %#" PRIx64 ": not on pages", e->start);
	expect(e->is_sub_map ? e->object == NULL && e->submap != NULL :
			       e->submap == NULL,
	    "entry %#" PRIx64 ": submap and object", e->start);
	expect(e->is_sub_map || e->object == NULL || !e->object->internal ||
		e->offset + size <= e->object->size,
	    "entry %#" PRIx64 ": beyond the end of its object", e->start);
	expect(e->user_wired_count == 0 || e->wired_count > 0,
	    "entry %#" PRIx64 ": wired for user space only", e->start);
}

/* A node of the tree of entries, `level` below the root; the leaves are all as
 * deep as the first.  *next: the entry that the list has there.  Its largest
 * hole. */
static uint64_t
check_node(const struct map *map, const struct entry_node *n, int level,
    int *depth, const struct entry **next)
{
	uint64_t hole, largest = 0;
	const struct entry_node *child;

	expect(n->count >= 1 && n->count <= ENTRY_TREE_ITEMS,
	    "%u items in a node of the tree", n->count);
	if (n->is_leaf && *depth == 0)
		*depth = level;
	expect(n->is_leaf == (level == *depth), "a leaf is %d deep, not %d",
	    level, *depth);
	for (unsigned i = 0; i < n->count; i++) {
		if (n->is_leaf) {
			const struct entry *e = *next;

			if (e == NULL || n->item[i].is != e) {
				expect(false,
				    "%#" PRIx64 ": tree and list differ",
				    n->item[i].start);
				return largest;
			}
			*next = entry_next(e);
			expect(n->item[i].start == e->start,
			    "entry %#" PRIx64 ": its place in the tree",
			    e->start);
			hole = e->start - hole_start(map, entry_prev(e));
		} else {
			child = n->item[i].is;
			hole = check_node(map, child, level + 1, depth, next);
			expect(n->item[i].start == child->item[0].start,
			    "%#" PRIx64 ": where a node begins",
			    n->item[i].start);
		}
		expect(n->hole[i] == hole, "%#" PRIx64 ": largest hole",
		    n->item[i].start);
		largest = hole > largest ? hole : largest;
	}
	return largest;
}

static void
check_map(const struct map *map)
{
	const struct entry *e, *next = map_first(map);
	uint64_t end = map->min_offset, size = 0, wire_size = 0;
	bool has_hint = map->hint == NULL;
	uint32_t number = 0;
	int depth = 0;

	TAILQ_FOREACH (e, &map->order, order) {
		check_entry(map, e);
		expect(e->start >= end, "entry %#" PRIx64 ": overlaps",
		    e->start);
		end = e->end;
		number++;
		has_hint |= map->hint == e;
		if (!e->reserved)
			size += e->end - e->start;
		if (e->user_wired_count > 0)
			wire_size += e->end - e->start;
		if (!e->is_sub_map)
			count_object(e->object);
		else if (add(&submaps, e->submap))
			check_map(e->submap);
	}
	if (map->entries.root != NULL)
		(void)check_node(map, map->entries.root, 1, &depth, &next);
	expect(next == NULL, "the list is longer than the tree");
	expect(has_hint, "the hint is no entry");
	/* Until wired objects were shared for good, memory that a copy replaced
	 * went without leaving the sum: vm_map_copy_overwrite_aligned(). */
	expect(map->entry_count == number && map->size == size &&
		(map->user_wire_size == wire_size ||
		    (!kernel->rules->wire_shares_object &&
			map->user_wire_size > wire_size)),
	    "map: %u entries of %#" PRIx64 " bytes, %#" PRIx64
	    " wired, counted %u, %#" PRIx64 ", %#" PRIx64,
	    map->entry_count, map->size, map->user_wire_size, number, size,
	    wire_size);
}

/* ---- wiring and host memory ---------------------------------------------- */

/* The page that an address leads to; NULL: none is resident. */
static struct page *
page_at(const struct entry *e, uint64_t address)
{
	uint64_t offset = e->offset + (address - e->start);
	struct page *page;

	for (struct object *o = e->object; o != NULL; o = o->shadow) {
		if ((page = page_lookup(o, offset)) != NULL)
			return page;
		offset += o->shadow_offset;
	}
	return NULL;
}

/*
 * Would nobody else see a store there?  Older ones let what was read first be
 * written below a copy; memory entries of those that do not extract take the
 * permission to write from other pages than those that they shadow, since the
 * entry's offset is asked for after it was changed.
 */
static bool
may_store(const struct entry *e, const struct page *page)
{
	const struct rules *rules = kernel->rules;
	struct object *copy = page->object->copy;

	if (e->needs_copy)
		return false;
	if (page->object != e->object)
		return !rules->entry_extracts;
	return copy == NULL || rules->read_zero_fill_may_write ||
	    page->offset < copy->shadow_offset ||
	    page->offset - copy->shadow_offset >= copy->size ||
	    page_lookup(copy, page->offset - copy->shadow_offset) != NULL;
}

static bool
check_shown(const struct task *task, const struct entry *e,
    const struct page *page, uint64_t address)
{
	vm_prot_t shown = VM_PROT_NONE;
	const uint64_t frame = pmap_frame(task->pmap, address, &shown);
	const uint8_t *data;
	uint8_t byte;

	if (frame == HOST_NO_FRAME)
		return false;
	expect(frame == page->frame, "%#" PRIx64 ": shows another page",
	    address);
	/* What is shown can be read, even where nothing is allowed: locked
	 * memory without access can be read on booted kernels, too. */
	expect((shown & ~e->protection & ~VM_PROT_READ) == 0,
	    "%#" PRIx64 ": shown with %d, allowed %d", address, shown,
	    e->protection);
	expect((shown & VM_PROT_WRITE) == 0 || may_store(e, page),
	    "%#" PRIx64 ": a store would be seen elsewhere (object %" PRIu64
	    ", page of %" PRIu64 "%s)",
	    address, e->object->id, page->object->id,
	    e->needs_copy ? ", needs a copy" : "");
	if (task == current_task && (shown & VM_PROT_READ) != 0) {
		data = host_frame_data(page->frame);
		expect(host_copyin(address, &byte, 1) && byte == *data,
		    "%#" PRIx64 ": host memory differs", address);
	}
	return true;
}

/* How many of its pages are shown. */
static uint64_t
check_entry_pages(const struct task *task, const struct entry *e)
{
	const uint64_t size = e->end - e->start;
	uint64_t offset = e->offset, address, shown = 0;
	struct page *page;

	for (struct object *o = e->object; o != NULL; o = o->shadow) {
		for (page = page_first(o, offset);
		     page != NULL && page->offset - offset < size;
		     page = page_next(page)) {
			address = e->start + (page->offset - offset);
			if (page_at(e, address) != page)
				continue;
			if (e->wired_count > 0 && !o->phys_contiguous)
				(void)add(&wired, page);
			shown += check_shown(task, e, page, address);
		}
		offset += o->shadow_offset;
	}
	return shown;
}

static void
check_task(const struct task *task)
{
	const struct entry *e;
	uint64_t shown = 0;

	TAILQ_FOREACH (e, &task->map->order, order)
		if (!e->is_sub_map)
			shown += check_entry_pages(task, e);
	expect(shown == pmap_shown(task->pmap),
	    "%" PRIu64 " pages are shown, %" PRIu64 " by entries",
	    pmap_shown(task->pmap), shown);
}

static void
check_wiring(void)
{
	struct page *page;
	struct object *o;

	/* until then pages stayed wired when a copy came to lie above them */
	if (!kernel->rules->wire_shares_object)
		return;
	for (unsigned i = 0; i < objects.number; i++) {
		o = (struct object *)(uintptr_t)objects.of[i].what;
		if (o->wired_page_count == 0 || o->phys_contiguous)
			continue;
		for (page = page_first(o, 0); page != NULL;
		     page = page_next(page))
			expect((int)page->wire_count == times(&wired, page),
			    "object %" PRIu64 ", page %#" PRIx64
			    ": wired %u times, by %d entries",
			    o->id, page->offset, page->wire_count,
			    times(&wired, page));
	}
	for (unsigned i = 0; i < wired.number; i++) {
		page = (struct page *)(uintptr_t)wired.of[i].what;
		expect((int)page->wire_count == wired.of[i].times,
		    "object %" PRIu64 ", page %#" PRIx64
		    ": wired %u times, by %d entries",
		    page->object->id, page->offset, page->wire_count,
		    wired.of[i].times);
	}
}

/* -------------------------------------------------------------------------- */

/* What one refers to that no earlier one is; a copy of nothing is NULL. */
static void
count_named(struct memory_entry *const *entries, unsigned i)
{
	const struct memory_entry *named = entries[i];
	const struct entry *e;

	for (unsigned k = 0; k < i; k++)
		if (entries[k] == named)
			return;
	if (named == NULL)
		return;
	if (!named->is_copy)
		count_object(named->object);
	else if (named->copy != NULL)
		TAILQ_FOREACH (e, &named->copy->entries, order)
			count_object(e->object);
}

static void
begin(void)
{
	broken[0] = '\0';
	page_count = 0;
	objects.number = submaps.number = wired.number = frames.number = 0;
}

const char *
invariants_map_broken(const struct map *map)
{
	begin();
	check_map(map);
	return broken[0] == '\0' ? NULL : broken;
}

const char *
invariants_broken(struct memory_entry *const *entries, unsigned count)
{
	const struct task *task;

	begin();
	LIST_FOREACH (task, &kernel->tasks, link)
		check_map(task->map);
	for (unsigned i = 0; i < count; i++)
		count_named(entries, i);
	check_references();
	LIST_FOREACH (task, &kernel->tasks, link)
		check_task(task);
	check_wiring();
	return broken[0] == '\0' ? NULL : broken;
}
