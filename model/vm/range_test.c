/*
 * Ranges taken entry by entry: what a hole or a refused entry leaves behind,
 * in both kinds of operation.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <atf-c.h>
#include <string.h>

#include "model/host/frame.h"
#include "model/host/lock.h"
#include "model/vm/enter.h"
#include "model/vm/kernel.h"
#include "model/vm/map.h"
#include "model/vm/object.h"
#include "model/vm/range.h"
#include "model/vm/release.h"
#include "model/vm/vm.h"

#define PAGE  UINT64_C(0x1000)
#define BASE  UINT64_C(0x400000000)
#define PAGES 16

static struct map *map;

/* A region from page `from` to page `to`. */
static void
enter(unsigned from, unsigned to, vm_prot_t protection, vm_prot_t maximum)
{
	uint64_t address = BASE + from * PAGE;
	const struct map_flags fixed = { .tag = 240 };

	ATF_REQUIRE_EQ(map_enter(map, &address, (to - from) * PAGE, 0, fixed,
			   NULL, 0, false, protection, maximum,
			   VM_INHERIT_COPY),
	    KERN_SUCCESS);
}

static void
begin(void)
{
	const struct rules *rules = rules_find("26.5", "x86_64");

	ATF_REQUIRE(rules != NULL);
	host_boot(rules->page_shift);
	kernel_lock();
	kernel_state_init(rules);
	map = map_create(BASE, BASE + PAGES * PAGE, rules, NULL);
}

/* A letter an entry, a dot a hole, in pages. */
static void
check_picture(const char *picture)
{
	char found[PAGES + 1], letter = 'a';
	const struct entry *e;

	memset(found, '.', PAGES);
	found[PAGES] = '\0';
	TAILQ_FOREACH (e, &map->order, order) {
		memset(found + (e->start - BASE) / PAGE, letter,
		    (e->end - e->start) / PAGE);
		letter++;
	}
	ATF_CHECK_MSG(strncmp(found, picture, strlen(picture)) == 0,
	    "%s, must be %s", found, picture);
}

static struct entry *
at(unsigned page)
{
	struct entry *e;

	ATF_REQUIRE(map_lookup_entry(map, BASE + page * PAGE, &e));
	return e;
}

static kern_return_t
wants_write(const struct range *r, const struct entry *e)
{
	(void)r;
	return e->protection & VM_PROT_WRITE ? KERN_SUCCESS :
					       KERN_PROTECTION_FAILURE;
}

static kern_return_t
says(const struct range *r, const struct entry *e)
{
	(void)e;
	return *(const kern_return_t *)r->request;
}

static struct range
range(unsigned from, unsigned to, unsigned how)
{
	return (struct range){ .map = map,
		.start = BASE + from * PAGE,
		.end = BASE + to * PAGE,
		.how = how,
		.judge = wants_write };
}

/* How many pages it gives, and that they lie end to end. */
static unsigned
take_all(struct range *r)
{
	uint64_t end = 0;
	unsigned pages = 0;

	while (range_next(r) != NULL) {
		ATF_CHECK(r->from >= end && r->to > r->from);
		ATF_CHECK(r->entry->start <= r->from && r->to <= r->entry->end);
		end = r->to;
		pages += (unsigned)((r->to - r->from) / PAGE);
	}
	return pages;
}

ATF_TC_WITHOUT_HEAD(hole_ends_an_atomic_range_whose_start_stays_split);
ATF_TC_BODY(hole_ends_an_atomic_range_whose_start_stays_split, tc)
{
	struct range r;

	begin();
	enter(0, 3, VM_PROT_DEFAULT, VM_PROT_ALL);
	r = range(1, 4, RANGE_ATOMIC | RANGE_CLIPS);
	ATF_CHECK_EQ(range_begin(&r), KERN_INVALID_ADDRESS);
	check_picture("abb.");
}

ATF_TC_WITHOUT_HEAD(entry_that_refuses_is_not_split);
ATF_TC_BODY(entry_that_refuses_is_not_split, tc)
{
	struct range r;

	begin();
	enter(0, 3, VM_PROT_READ, VM_PROT_READ);
	r = range(1, 2, RANGE_ATOMIC | RANGE_CLIPS);
	ATF_CHECK_EQ(range_begin(&r), KERN_PROTECTION_FAILURE);
	check_picture("aaa.");

	enter(4, 6, VM_PROT_DEFAULT, VM_PROT_ALL);
	enter(6, 9, VM_PROT_READ, VM_PROT_READ);
	r = range(5, 8, RANGE_ATOMIC | RANGE_CLIPS);
	ATF_CHECK_EQ(range_begin(&r), KERN_PROTECTION_FAILURE);
	check_picture("aaa.bcddd");
}

ATF_TC_WITHOUT_HEAD(what_lies_lower_decides);
ATF_TC_BODY(what_lies_lower_decides, tc)
{
	struct range r;

	begin();
	enter(0, 1, VM_PROT_READ, VM_PROT_READ);
	r = range(0, 2, RANGE_ATOMIC);
	ATF_CHECK_EQ(range_begin(&r), KERN_PROTECTION_FAILURE);
	enter(3, 4, VM_PROT_READ, VM_PROT_READ);
	r = range(2, 4, RANGE_ATOMIC);
	ATF_CHECK_EQ(range_begin(&r), KERN_INVALID_ADDRESS);
	r = range(2, 4, RANGE_ATOMIC | RANGE_HOLES);
	ATF_CHECK_EQ(range_begin(&r), KERN_PROTECTION_FAILURE);
}

ATF_TC_WITHOUT_HEAD(stream_gives_what_lies_below_the_defect);
ATF_TC_BODY(stream_gives_what_lies_below_the_defect, tc)
{
	struct range r;

	begin();
	enter(0, 2, VM_PROT_DEFAULT, VM_PROT_ALL);
	enter(4, 6, VM_PROT_READ, VM_PROT_READ);
	r = range(1, 6, RANGE_STREAM);
	ATF_REQUIRE_EQ(range_begin(&r), KERN_SUCCESS);
	ATF_CHECK_EQ(take_all(&r), 1);
	ATF_CHECK_EQ(r.error, KERN_INVALID_ADDRESS);
	check_picture("aa..bb");

	r = range(1, 6, RANGE_STREAM | RANGE_CLIPS | RANGE_HOLES);
	ATF_REQUIRE_EQ(range_begin(&r), KERN_SUCCESS);
	ATF_CHECK_EQ(take_all(&r), 1);
	ATF_CHECK_EQ(r.error, KERN_PROTECTION_FAILURE);
	check_picture("ab..cc");
}

ATF_TC_WITHOUT_HEAD(holes_are_passed_over);
ATF_TC_BODY(holes_are_passed_over, tc)
{
	struct range r;

	begin();
	enter(1, 2, VM_PROT_DEFAULT, VM_PROT_ALL);
	enter(4, 6, VM_PROT_DEFAULT, VM_PROT_ALL);
	for (unsigned how = 0; how < 2; how++) {
		r = range(0, 8,
		    RANGE_HOLES | (how == 0 ? RANGE_STREAM : RANGE_ATOMIC));
		ATF_REQUIRE_EQ(range_begin(&r), KERN_SUCCESS);
		ATF_CHECK_EQ(take_all(&r), 3);
		ATF_CHECK_EQ(r.error, KERN_SUCCESS);
	}
	r = range(8, 10, RANGE_HOLES | RANGE_ATOMIC);
	ATF_REQUIRE_EQ(range_begin(&r), KERN_SUCCESS);
	ATF_CHECK_EQ(take_all(&r), 0);
}

ATF_TC_WITHOUT_HEAD(empty_ranges_and_those_outside_are_refused);
ATF_TC_BODY(empty_ranges_and_those_outside_are_refused, tc)
{
	struct range r;

	begin();
	enter(0, PAGES, VM_PROT_DEFAULT, VM_PROT_ALL);
	for (unsigned how = RANGE_STREAM; how <= RANGE_ATOMIC; how++) {
		r = range(2, 2, how);
		ATF_CHECK_EQ(range_begin(&r), KERN_INVALID_ADDRESS);
		r = range(3, 2, how);
		ATF_CHECK_EQ(range_begin(&r), KERN_INVALID_ADDRESS);
		r = range(PAGES - 1, PAGES + 1, how);
		ATF_CHECK_EQ(range_begin(&r), KERN_INVALID_ADDRESS);
	}
	r = range(PAGES - 1, PAGES + 1, RANGE_ANYWHERE | RANGE_HOLES);
	ATF_CHECK_EQ(range_begin(&r), KERN_SUCCESS);
	ATF_CHECK_EQ(take_all(&r), 1);
}

ATF_TC_WITHOUT_HEAD(object_made_is_that_of_the_whole_entry);
ATF_TC_BODY(object_made_is_that_of_the_whole_entry, tc)
{
	struct range r;

	begin();
	enter(0, 4, VM_PROT_DEFAULT, VM_PROT_ALL);
	r = range(1, 2, RANGE_ATOMIC | RANGE_CLIPS | RANGE_ALLOCATES);
	ATF_REQUIRE_EQ(range_begin(&r), KERN_SUCCESS);
	check_picture("abcc");
	ATF_REQUIRE(at(1)->object != NULL);
	ATF_CHECK_EQ(at(1)->object, at(0)->object);
	ATF_CHECK_EQ(at(1)->object, at(2)->object);
	ATF_CHECK_EQ(at(1)->object->size, 4 * PAGE);
	ATF_CHECK_EQ(at(2)->offset, 2 * PAGE);
	ATF_REQUIRE(range_next(&r) != NULL);
	ATF_CHECK_EQ(range_offset(&r), PAGE);

	/* a reservation stays without */
	enter(6, 8, VM_PROT_NONE, VM_PROT_NONE);
	r = range(6, 8, RANGE_ATOMIC | RANGE_RESOLVES);
	r.judge = NULL;
	ATF_REQUIRE_EQ(range_begin(&r), KERN_SUCCESS);
	ATF_CHECK(at(6)->object == NULL);
}

ATF_TC_WITHOUT_HEAD(copies_are_prepared_for_a_part_or_for_the_whole);
ATF_TC_BODY(copies_are_prepared_for_a_part_or_for_the_whole, tc)
{
	const kern_return_t part = RANGE_COPY, whole = RANGE_COPY_WHOLE;
	struct range r;

	begin();
	enter(0, 3, VM_PROT_DEFAULT, VM_PROT_ALL);
	enter(4, 7, VM_PROT_DEFAULT, VM_PROT_ALL);
	r = range(1, 2, RANGE_STREAM | RANGE_ALLOCATES);
	r.judge = says;
	r.request = &whole;
	ATF_REQUIRE_EQ(range_begin(&r), KERN_SUCCESS);
	ATF_CHECK_EQ(take_all(&r), 1);
	check_picture("aaa.bbb");
	ATF_CHECK(at(0)->needs_copy && at(0)->object->shadowed);

	r = range(5, 6, RANGE_STREAM | RANGE_ALLOCATES);
	r.judge = says;
	r.request = &part;
	ATF_REQUIRE_EQ(range_begin(&r), KERN_SUCCESS);
	ATF_CHECK_EQ(take_all(&r), 1);
	check_picture("aaa.bcd");
	ATF_CHECK(!at(4)->needs_copy && !at(6)->needs_copy);
}

ATF_TC_WITHOUT_HEAD(equal_neighbours_are_one_at_the_end);
ATF_TC_BODY(equal_neighbours_are_one_at_the_end, tc)
{
	struct range r;

	begin();
	enter(0, 4, VM_PROT_DEFAULT, VM_PROT_ALL);
	r = range(1, 3, RANGE_ATOMIC | RANGE_CLIPS | RANGE_MERGES);
	ATF_REQUIRE_EQ(range_begin(&r), KERN_SUCCESS);
	check_picture("abbc");
	ATF_CHECK_EQ(take_all(&r), 2);
	range_end(&r);
	check_picture("aaaa.");

	r = range(1, 3, RANGE_ATOMIC | RANGE_CLIPS);
	ATF_REQUIRE_EQ(range_begin(&r), KERN_SUCCESS);
	range_end(&r);
	check_picture("abbc.");
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, hole_ends_an_atomic_range_whose_start_stays_split);
	ATF_TP_ADD_TC(tp, entry_that_refuses_is_not_split);
	ATF_TP_ADD_TC(tp, what_lies_lower_decides);
	ATF_TP_ADD_TC(tp, stream_gives_what_lies_below_the_defect);
	ATF_TP_ADD_TC(tp, holes_are_passed_over);
	ATF_TP_ADD_TC(tp, empty_ranges_and_those_outside_are_refused);
	ATF_TP_ADD_TC(tp, object_made_is_that_of_the_whole_entry);
	ATF_TP_ADD_TC(tp, copies_are_prepared_for_a_part_or_for_the_whole);
	ATF_TP_ADD_TC(tp, equal_neighbours_are_one_at_the_end);
	return atf_no_error();
}
