/*
 * First fit: the lowest hole that is large enough, found by the holes that
 * the tree of entries knows.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "model/vm/space.h"
#include "model/vm/map.h"
#include "model/vm/vm.h"

static bool
fits(uint64_t start, uint64_t end, const struct map *map, uint64_t size,
    uint64_t mask, uint64_t *address)
{
	uint64_t a;

	a = (start + mask) & ~mask;
	a = round_page_in(map, a);
	if (a < start || a > end || end - a < size)
		return false;
	*address = a;
	return true;
}

bool
map_find_space(struct map *map, uint64_t hint, uint64_t limit, uint64_t size,
    uint64_t mask, uint64_t *address)
{
	struct entry *e, *last;
	uint64_t from, start;

	if (map_lookup_entry(map, hint, &e))
		hint = e->end;
	for (from = hint;
	     (e = entry_tree_hole(&map->entries, from, size)) != NULL;
	     from = e->start) {
		start = hole_start(map, entry_prev(e));
		if (start < hint)
			start = hint;
		if (start >= limit)
			return false;
		if (fits(start, e->start < limit ? e->start : limit, map, size,
			mask, address))
			return true;
	}
	last = TAILQ_LAST(&map->order, entry_list);
	start = hole_start(map, last);
	if (start < hint)
		start = hint;
	return start < limit && fits(start, limit, map, size, mask, address);
}
