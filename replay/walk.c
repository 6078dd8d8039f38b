/*
 * The regions of the arena, or of the slots, as an M line has them.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <stdlib.h>
#include <string.h>

#include "run.h"

bool
run_region_from(mach_vm_address_t *address, mach_vm_size_t *size,
    vm_region_submap_info_data_64_t *info, mach_msg_type_number_t *count)
{
	mach_vm_address_t asked = *address;
	natural_t depth = 0;

	*size = 0;
	*count = VM_REGION_SUBMAP_INFO_V2_COUNT_64;
	memset(info, 0, sizeof(*info));
	if (stage->region_recurse(mach_task_self(), address, size, &depth,
		(vm_region_recurse_info_t)info, count) != KERN_SUCCESS)
		return false;
	/* an answer that does not go up would make a walk endless */
	return *size != 0 && *address + (*size - 1) >= asked &&
	    *address + (*size - 1) >= *address;
}

static void
fill(struct entry *e, const vm_region_submap_info_data_64_t *info)
{
	e->f[F_CURRENT] = (uint32_t)info->protection;
	e->f[F_MAXIMUM] = (uint32_t)info->max_protection;
	e->f[F_INHERIT] = info->inheritance;
	e->f[F_TAG] = info->user_tag;
	e->f[F_BEHAVIOR] = (uint32_t)info->behavior;
	e->f[F_WIRED] = info->user_wired_count;
}

/* Objects are numbered by first appearance. */
static uint64_t
number_object(struct layout *l, uint64_t *ids, uint64_t id)
{
	uint64_t highest = 0;

	if (id == 0)
		return 0;
	/* neighbours often share one: look backwards */
	for (int i = l->count - 2; i >= 0; i--) {
		uint64_t n = l->entry[i].f[F_OBJECT];

		if (n != 0 && ids[n - 1] == id)
			return n;
		if (n > highest)
			highest = n;
	}
	ids[highest] = id;
	return highest + 1;
}

static void
walk_arena(struct run *r, struct layout *l)
{
	static uint64_t *ids;
	static int room;
	uint64_t end = r->base + r->arena;
	mach_vm_address_t address = r->base;
	mach_vm_size_t size;
	vm_region_submap_info_data_64_t info;
	mach_msg_type_number_t count;

	while (address < end &&
	    run_region_from(&address, &size, &info, &count) && address < end) {
		struct entry *e = layout_add(l);

		if (l->count > room) {
			room = l->count * 2;
			ids = realloc(ids, (size_t)room * sizeof(*ids));
		}
		if (e == NULL || ids == NULL)
			abort();
		memset(e, 0, sizeof(*e));
		e->slot = -1;
		fill(e, &info);
		e->f[F_OFFSET] = address - r->base;
		e->f[F_SIZE] = size;
		e->f[F_SHARE_MODE] = info.share_mode;
		e->f[F_OBJECT] = number_object(l, ids,
		    count >= VM_REGION_SUBMAP_INFO_V2_COUNT_64 ?
			info.object_id_full :
			info.object_id);
		e->f[F_OBJECT_OFFSET] = info.offset;
		e->f[F_REFS] = info.ref_count;
		e->f[F_RESIDENT] = info.pages_resident;
		address += size;
	}
}

static bool
joins(const struct entry *a, const struct entry *b)
{
	static const enum field alike[] = { F_CURRENT, F_MAXIMUM, F_INHERIT,
		F_TAG, F_BEHAVIOR, F_WIRED };

	if (a->f[F_OFFSET] + a->f[F_SIZE] != b->f[F_OFFSET])
		return false;
	for (size_t i = 0; i < sizeof(alike) / sizeof(alike[0]); i++)
		if (a->f[alike[i]] != b->f[alike[i]])
			return false;
	return true;
}

static void
walk_slot(struct run *r, int slot, struct layout *l)
{
	struct span s = r->slot[slot].span;
	uint64_t end = s.start + s.size;
	mach_vm_address_t address = s.start;
	mach_vm_size_t size;
	vm_region_submap_info_data_64_t info;
	mach_msg_type_number_t count;
	struct entry *last = NULL;

	while (address < end &&
	    run_region_from(&address, &size, &info, &count) && address < end) {
		struct entry now = { .slot = slot };
		uint64_t from = address < s.start ? s.start : address;
		uint64_t to = address + size > end ? end : address + size;

		fill(&now, &info);
		now.f[F_OFFSET] = from - s.start;
		now.f[F_SIZE] = to - from;
		if (last != NULL && joins(last, &now)) {
			last->f[F_SIZE] += now.f[F_SIZE];
		} else {
			last = layout_add(l);
			if (last == NULL)
				abort();
			*last = now;
		}
		address += size;
	}
}

void
run_walk(struct run *r, bool anywhere, struct layout *l)
{
	l->count = 0;
	if (!anywhere) {
		walk_arena(r, l);
		return;
	}
	for (int i = 0; i < SLOTS; i++)
		if (r->slot[i].live && r->slot[i].span.size != 0)
			walk_slot(r, i, l);
}
