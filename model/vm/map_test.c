/*
 * The tree of entries: its order and its holes after random operations, and
 * first fit against a walk of the list.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <atf-c.h>

#include "model/host/frame.h"
#include "model/host/heap.h"
#include "model/host/lock.h"
#include "model/vm/bootstrap.h"
#include "model/vm/delete.h"
#include "model/vm/enter.h"
#include "model/vm/invariants.h"
#include "model/vm/kernel.h"
#include "model/vm/map.h"
#include "model/vm/protect.h"
#include "model/vm/release.h"
#include "model/vm/space.h"
#include "model/vm/vm.h"
#include "system.h"

#define PAGE  UINT64_C(0x4000)
#define BASE  UINT64_C(0x400000000)
#define PAGES 512

static uint64_t state = 1;

static unsigned
dice(unsigned n)
{
	state = state * UINT64_C(6364136223846793005) + 1;
	return (unsigned)(state >> 33) % n;
}

static struct map *
make_map(void)
{
	const struct rules *rules = rules_find("15.5", "arm64");

	ATF_REQUIRE(rules != NULL);
	host_boot(rules->page_shift);
	kernel_lock();
	kernel_state_init(rules);
	return map_create(BASE, BASE + PAGES * PAGE, rules, NULL);
}

static void
check_tree(const struct map *map)
{
	const char *broken = invariants_map_broken(map);

	ATF_REQUIRE_MSG(broken == NULL, "%s", broken);
}

static bool
fit_by_list(const struct map *map, uint64_t hint, uint64_t size, uint64_t mask,
    uint64_t *address)
{
	const struct entry *e = map_first(map);
	uint64_t low = map->min_offset, high, a;

	for (;;) {
		high = e == NULL ? map->max_offset : e->start;
		a = low < hint ? hint : low;
		a = (a + mask) & ~mask;
		a = round_page_in(map, a);
		if (a < high && high - a >= size) {
			*address = a;
			return true;
		}
		if (e == NULL)
			return false;
		low = e->end;
		e = entry_next(e);
	}
}

static void
enter_somewhere(struct map *map)
{
	const struct map_flags flags = {
		.anywhere = dice(3) == 0,
		.tag = (uint8_t)(240 + dice(3)),
		.overwrite = false,
	};
	uint64_t address = flags.anywhere ? 0 : BASE + dice(PAGES) * PAGE;

	map_enter(map, &address, (1 + dice(8)) * PAGE, 0, flags, NULL, 0, false,
	    VM_PROT_DEFAULT, VM_PROT_ALL, VM_INHERIT_COPY);
}

ATF_TC_WITHOUT_HEAD(holes_are_known_after_any_operation);
ATF_TC_BODY(holes_are_known_after_any_operation, tc)
{
	struct map *map = make_map();
	uint64_t start;
	int i;

	for (i = 0; i < 20000; i++) {
		start = BASE + dice(PAGES) * PAGE;
		switch (dice(5)) {
		case 0:
		case 1:
			enter_somewhere(map);
			break;
		case 2:
		case 3:
			map_delete(map, start, start + dice(12) * PAGE, 0,
			    NULL);
			break;
		default:
			map_protect(map, start, start + (1 + dice(4)) * PAGE,
			    (vm_prot_t)dice(4), false);
			break;
		}
		if (i % 16 == 0)
			check_tree(map);
	}
	check_tree(map);
}

/* Entries of one page, with a page between, are put in and taken out. */
enum { MANY = 3000 };

enum order { UPWARD, DOWNWARD, MIXED, ORDERS };

static unsigned
nth(enum order order, unsigned i)
{
	return order == UPWARD ?
	    i :
	    order == DOWNWARD ?
	    MANY - 1 - i :
	    i * 1237 % MANY; /* which have no common factor */
}

static struct entry *many[MANY];

/* Of those that are there each is found from its first to its last byte, and
 * before the next one. */
static void
check_many(struct map *map)
{
	struct entry *below = NULL, *e;

	check_tree(map);
	for (unsigned i = 0; i < MANY; i++) {
		const uint64_t start = BASE + 2 * i * PAGE;

		if (many[i] != NULL)
			below = many[i];
		map->hint = NULL;
		ATF_REQUIRE_EQ(map_lookup_entry(map, start + PAGE - 1, &e),
		    many[i] != NULL);
		ATF_REQUIRE_EQ(e, below);
		ATF_REQUIRE(!map_lookup_entry(map, start + PAGE, &e));
		ATF_REQUIRE_EQ(e, below);
	}
}

ATF_TC_WITHOUT_HEAD(thousands_of_entries_come_and_go_in_any_order);
ATF_TC_BODY(thousands_of_entries_come_and_go_in_any_order, tc)
{
	struct map *map = make_map();
	uint64_t used;

	map->max_offset = BASE + 2 * MANY * PAGE;
	used = heap_used();
	for (unsigned both = 0; both < ORDERS * ORDERS; both++) {
		for (unsigned i = 0; i < MANY; i++) {
			const unsigned n = nth(both / ORDERS, i);

			many[n] = entry_new();
			many[n]->start = BASE + 2 * n * PAGE;
			many[n]->end = many[n]->start + PAGE;
			map_link(map, many[n]);
			if (i % 500 == 0)
				check_many(map);
		}
		for (unsigned i = 0; i < MANY; i++) {
			const unsigned n = nth(both % ORDERS, i);

			if (i % 500 == 0)
				check_many(map);
			map_unlink(map, many[n]);
			entry_free(many[n]);
			many[n] = NULL;
		}
		check_many(map);
		ATF_CHECK_EQ(heap_used(), used);
	}
}

ATF_TC_WITHOUT_HEAD(first_fit_is_the_lowest_hole);
ATF_TC_BODY(first_fit_is_the_lowest_hole, tc)
{
	struct map *map = make_map();
	uint64_t hint, size, mask, a, b, start;
	bool found;
	int i;

	for (i = 0; i < 20000; i++) {
		enter_somewhere(map);
		if (dice(2) == 0) {
			start = BASE + dice(PAGES) * PAGE;
			map_delete(map, start, start + dice(40) * PAGE, 0,
			    NULL);
		}
		hint = BASE + dice(PAGES + 4) * PAGE;
		size = (1 + dice(12)) * PAGE;
		mask = dice(2) == 0 ? 0 : (PAGE << dice(5)) - 1;
		a = b = 0;
		found = fit_by_list(map, hint, size, mask, &b);
		ATF_REQUIRE_EQ(map_find_space(map, hint, map->max_offset, size,
				   mask, &a),
		    found);
		ATF_REQUIRE_EQ(a, b);
	}
}

ATF_TC_WITHOUT_HEAD(destroyed_map_leaves_nothing);
ATF_TC_BODY(destroyed_map_leaves_nothing, tc)
{
	struct map *map = make_map();
	uint64_t before = heap_used();
	struct map *other = map_create(BASE, BASE + PAGES * PAGE, map->rules,
	    NULL);
	int i;

	for (i = 0; i < 1000; i++)
		enter_somewhere(other);
	map_deallocate(other);
	ATF_CHECK_EQ(heap_used(), before);
}

/* Of every release: a host boots with one page size. */
static void
check_exec(const char *arch)
{
	const struct rules *rules;
	struct map *map;
	unsigned n = 0;

	for (unsigned i = 0; mt_release_at(i) != NULL; i++) {
		if ((rules = rules_find(mt_release_at(i), arch)) == NULL)
			continue;
		if (n++ == 0)
			host_boot(rules->page_shift);
		kernel_lock();
		kernel_state_init(rules);
		map = map_create_for(rules, NULL);
		check_tree(map);
		map_deallocate(map);
		kernel_unlock();
	}
	ATF_CHECK(n > 20);
}

ATF_TC_WITHOUT_HEAD(exec_leaves_an_orderly_map_arm64);
ATF_TC_BODY(exec_leaves_an_orderly_map_arm64, tc)
{
	(void)tc;
	check_exec("arm64");
}

ATF_TC_WITHOUT_HEAD(exec_leaves_an_orderly_map_x86_64);
ATF_TC_BODY(exec_leaves_an_orderly_map_x86_64, tc)
{
	(void)tc;
	check_exec("x86_64");
}

ATF_TC_WITHOUT_HEAD(exec_leaves_an_orderly_map_rosetta);
ATF_TC_BODY(exec_leaves_an_orderly_map_rosetta, tc)
{
	(void)tc;
	check_exec("rosetta");
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, holes_are_known_after_any_operation);
	ATF_TP_ADD_TC(tp, thousands_of_entries_come_and_go_in_any_order);
	ATF_TP_ADD_TC(tp, first_fit_is_the_lowest_hole);
	ATF_TP_ADD_TC(tp, destroyed_map_leaves_nothing);
	ATF_TP_ADD_TC(tp, exec_leaves_an_orderly_map_arm64);
	ATF_TP_ADD_TC(tp, exec_leaves_an_orderly_map_x86_64);
	ATF_TP_ADD_TC(tp, exec_leaves_an_orderly_map_rosetta);
	return atf_no_error();
}
