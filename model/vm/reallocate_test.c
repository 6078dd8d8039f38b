/*
 * mach_vm_reallocate() in the model: the order of its checks as a table, and
 * random calls against a picture of the map in which each page is an object
 * and an offset.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <atf-c.h>
#include <string.h>

#include "model/vm/fault.h"
#include "model/vm/map.h"
#include "model/vm/reallocate.h"
#include "model/vm/test_boot.h"
#include "model/vm/user.h"

#define PAGE	   UINT64_C(0x1000)
#define PAGES	   64
#define FIXED_OVER (VM_FLAGS_FIXED | VM_FLAGS_OVERWRITE)

static struct task *task;
static uint64_t base;

/* What a page shows. */
struct cell {
	bool is_mapped;
	const struct object *object; /* NULL: never touched */
	uint64_t offset;
	vm_prot_t protection;
};

static void
boot(void)
{
	task = test_boot("26.5", "x86_64");
	ATF_REQUIRE_EQ(kernel_allocate(task, &base, PAGES * PAGE,
			   VM_FLAGS_ANYWHERE),
	    KERN_SUCCESS);
	ATF_REQUIRE_EQ(kernel_deallocate(task, base, PAGES * PAGE),
	    KERN_SUCCESS);
}

static struct cell
look(uint64_t address)
{
	struct entry *e;

	if (!map_lookup_entry(task->map, address, &e))
		return (struct cell){ .is_mapped = false };
	return (struct cell){ .is_mapped = true,
		.object = e->object,
		.offset = e->object == NULL ? 0 :
					      e->offset + (address - e->start),
		.protection = e->protection };
}

/* Pages of the area, which may be touched. */
static void
put(unsigned from, unsigned to, vm_prot_t protection, bool touch)
{
	uint64_t address = base + from * PAGE, size = (to - from) * PAGE;

	ATF_REQUIRE_EQ(kernel_allocate(task, &address, size, FIXED_OVER),
	    KERN_SUCCESS);
	if (touch)
		ATF_REQUIRE_EQ(kernel_fault(task, address, VM_PROT_WRITE),
		    KERN_SUCCESS);
	if (protection != VM_PROT_DEFAULT)
		ATF_REQUIRE_EQ(kernel_protect(task, address, size, false,
				   protection),
		    KERN_SUCCESS);
}

/* ---- the order of the checks ---------------------------------------------- */

/* In pages of the area; +half is half a page. */
ATF_TC_WITHOUT_HEAD(first_defect_decides);
ATF_TC_BODY(first_defect_decides, tc)
{
	enum { HALF = 0x800 };
	const uint64_t huge = UINT64_MAX - PAGE + 1;
	boot();
	/* [4 pages][hole][4 pages] [occupied] */
	put(0, 4, VM_PROT_DEFAULT, true);
	put(8, 12, VM_PROT_DEFAULT, true);
	const uint64_t s = base, o = base + 8 * PAGE, h = base + 6 * PAGE;
	const struct {
		uint64_t source, size, at, length, mask;
		int options, flags;
		kern_return_t answer;
	} rows[] = {
		/* flags, options, destination, source: all 4 */
		{ s, PAGE, 0, 2 * PAGE, 0, 0, 0x2, KERN_INVALID_ARGUMENT },
		{ s, PAGE, 0, 2 * PAGE, 0, 2, VM_FLAGS_ANYWHERE,
		    KERN_INVALID_ARGUMENT },
		{ s, PAGE, h + HALF, 2 * PAGE, 0, 0, VM_FLAGS_FIXED,
		    KERN_INVALID_ARGUMENT },
		{ s, PAGE, 0, 2 * PAGE + HALF, 0, 0, VM_FLAGS_ANYWHERE,
		    KERN_INVALID_ARGUMENT },
		{ s, PAGE, 0, 0, 0, 0, VM_FLAGS_ANYWHERE,
		    KERN_INVALID_ARGUMENT },
		{ s, PAGE, huge, 2 * PAGE, 0, 0, VM_FLAGS_ANYWHERE,
		    KERN_INVALID_ARGUMENT },
		/* against the mask, before the source is looked at */
		{ s + HALF, PAGE, h + PAGE, 2 * PAGE, UINT64_MAX, 0,
		    VM_FLAGS_FIXED, KERN_INVALID_ADDRESS },
		{ s + HALF, PAGE, 0, 2 * PAGE, 0, 0, VM_FLAGS_ANYWHERE,
		    KERN_INVALID_ARGUMENT },
		{ s, HALF, 0, 2 * PAGE, 0, 0, VM_FLAGS_ANYWHERE,
		    KERN_INVALID_ARGUMENT },
		{ s, 0, 0, 2 * PAGE, 0, 0, VM_FLAGS_ANYWHERE,
		    KERN_INVALID_ARGUMENT },
		/* shrinking, before the overlap */
		{ s, 2 * PAGE, s, PAGE, 0, 0, FIXED_OVER,
		    KERN_INVALID_ARGUMENT },
		{ s, 2 * PAGE, s + PAGE, 2 * PAGE, 0, 0, FIXED_OVER,
		    KERN_INVALID_ADDRESS },
		/* nothing to do: a hole is not noticed */
		{ h, PAGE, 0, PAGE, 0, 0, VM_FLAGS_ANYWHERE, KERN_SUCCESS },
		/* the source, before the destination */
		{ h, PAGE, o, 2 * PAGE, 0, 0, VM_FLAGS_FIXED,
		    KERN_INVALID_ADDRESS },
		{ s, 5 * PAGE, 0, 6 * PAGE, 0, 0, VM_FLAGS_ANYWHERE,
		    KERN_INVALID_ADDRESS },
		{ s, PAGE, o, 2 * PAGE, 0, 0, VM_FLAGS_FIXED, KERN_NO_SPACE },
		{ s, PAGE, s, 2 * PAGE, 0, 0, VM_FLAGS_FIXED, KERN_NO_SPACE },
		{ s, PAGE, 0, 2 * PAGE, 0, 0, VM_FLAGS_FIXED,
		    KERN_NOT_SUPPORTED },
		{ s, PAGE, 0, 2 * PAGE, UINT64_MAX, 0, VM_FLAGS_ANYWHERE,
		    KERN_NO_SPACE },
	};

	for (unsigned i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		uint64_t at = rows[i].at;
		kern_return_t kr = kernel_reallocate(task, rows[i].source,
		    rows[i].size, &at, rows[i].length, rows[i].mask,
		    rows[i].options, rows[i].flags);

		ATF_CHECK_MSG(kr == rows[i].answer, "row %u: %d, must be %d", i,
		    kr, rows[i].answer);
		if (kr != KERN_SUCCESS)
			ATF_CHECK_EQ(at, rows[i].at);
		ATF_CHECK(look(s).is_mapped && look(o).is_mapped);
	}
}

ATF_TC_WITHOUT_HEAD(place_with_room_is_kept);
ATF_TC_BODY(place_with_room_is_kept, tc)
{
	uint64_t at = base + 40 * PAGE; /* a hint, which is not needed */
	struct cell before;
	struct entry *e;

	boot();
	at = base + 40 * PAGE;
	put(0, 2, VM_PROT_DEFAULT, true);
	before = look(base);
	ATF_REQUIRE_EQ(kernel_reallocate(task, base, 2 * PAGE, &at, 5 * PAGE, 0,
			   1, VM_FLAGS_ANYWHERE | (int)VM_MAKE_TAG(241)),
	    KERN_SUCCESS);
	ATF_CHECK_EQ(at, base);
	ATF_CHECK_EQ(look(base).object, before.object);
	ATF_REQUIRE(map_lookup_entry(task->map, base + 2 * PAGE, &e));
	ATF_CHECK_EQ(e->start, base + 2 * PAGE);
	ATF_CHECK_EQ(e->end, base + 5 * PAGE);
	ATF_CHECK_EQ(e->tag, 241);
	ATF_CHECK(e->object == NULL);
}

ATF_TC_WITHOUT_HEAD(source_that_moved_is_made_anew);
ATF_TC_BODY(source_that_moved_is_made_anew, tc)
{
	struct cell old[2], now;
	uint64_t at;

	boot();
	at = base + 8 * PAGE;
	put(0, 2, VM_PROT_READ, true);
	old[0] = look(base);
	old[1] = look(base + PAGE);
	ATF_REQUIRE_EQ(kernel_reallocate(task, base, 2 * PAGE, &at, 3 * PAGE, 0,
			   VM_REALLOCATE_ZERO_FILL_SOURCE, VM_FLAGS_FIXED),
	    KERN_SUCCESS);
	for (unsigned i = 0; i < 2; i++) {
		now = look(at + i * PAGE);
		ATF_CHECK_EQ(now.object, old[i].object);
		ATF_CHECK_EQ(now.offset, old[i].offset);
		now = look(base + i * PAGE);
		ATF_CHECK(now.is_mapped && now.object == NULL);
		ATF_CHECK_EQ(now.protection, VM_PROT_READ);
	}
	now = look(at + 2 * PAGE);
	ATF_CHECK(now.is_mapped && now.object != old[0].object);
	ATF_CHECK_EQ(now.protection, VM_PROT_READ);
}

/* ---- random calls ---------------------------------------------------------- */

static uint64_t state = 1;

static unsigned
dice(unsigned n)
{
	state = state * UINT64_C(6364136223846793005) + 1;
	return (unsigned)(state >> 33) % n;
}

static void
remember(struct cell *cells)
{
	for (unsigned i = 0; i < PAGES; i++)
		cells[i] = look(base + i * PAGE);
}

static bool
is_mapped(const struct cell *cells, unsigned from, unsigned count)
{
	for (unsigned i = from; i < from + count; i++)
		if (i >= PAGES || !cells[i].is_mapped)
			return false;
	return true;
}

static bool
is_same(struct cell a, struct cell b)
{
	return a.is_mapped == b.is_mapped && a.object == b.object &&
	    a.offset == b.offset && a.protection == b.protection;
}

/* What moved is where it went, the tail is new, all else is as it was. */
static void
check_moved(const struct cell *before, unsigned source, unsigned count,
    uint64_t at, unsigned length, bool is_filled)
{
	const unsigned to = (unsigned)((at - base) / PAGE);

	for (unsigned i = 0; i < length; i++) {
		struct cell now = look(at + i * PAGE);

		ATF_REQUIRE(now.is_mapped);
		if (i < count)
			ATF_REQUIRE(is_same(now, before[source + i]));
		else
			ATF_REQUIRE_EQ(now.protection,
			    before[source].protection);
	}
	for (unsigned i = 0; i < PAGES; i++) {
		struct cell now = look(base + i * PAGE);

		if (at >= base && i >= to && i < to + length)
			continue;
		if (i >= source && i < source + count) {
			ATF_REQUIRE_EQ(now.is_mapped, is_filled);
			if (is_filled)
				ATF_REQUIRE(now.object == NULL);
		} else {
			ATF_REQUIRE(is_same(now, before[i]));
		}
	}
}

ATF_TC(pages_are_where_they_went);
ATF_TC_HEAD(pages_are_where_they_went, tc)
{
	atf_tc_set_md_var(tc, "timeout", "120");
}
ATF_TC_BODY(pages_are_where_they_went, tc)
{
	static const vm_prot_t protections[] = { VM_PROT_NONE, VM_PROT_READ,
		VM_PROT_DEFAULT };
	struct cell before[PAGES];
	unsigned moves = 0;

	boot();
	for (unsigned n = 0; n < 4000; n++) {
		unsigned source = dice(PAGES - 8), count = 1 + dice(4);
		unsigned length = count + dice(4), to = dice(PAGES - 8);
		bool fixed = dice(2) == 0, fills = dice(3) == 0, overlaps;
		uint64_t at = fixed ? base + to * PAGE : base;
		kern_return_t kr;

		if (dice(2) == 0) {
			unsigned from = dice(PAGES - 4);

			put(from, from + 1 + dice(4), protections[dice(3)],
			    dice(2) == 0);
		}
		if (dice(3) == 0)
			(void)kernel_deallocate(task, base + dice(PAGES) * PAGE,
			    (1 + dice(3)) * PAGE);
		remember(before);
		kr = kernel_reallocate(task, base + source * PAGE, count * PAGE,
		    &at, length * PAGE, 0, fills,
		    fixed ? VM_FLAGS_FIXED : VM_FLAGS_ANYWHERE);
		if (!is_mapped(before, source, count) &&
		    (fixed || length != count)) {
			ATF_REQUIRE_EQ(kr, KERN_INVALID_ADDRESS);
			check_moved(before, source, 0, base, 0, false);
			continue;
		}
		overlaps = false;
		for (unsigned i = to; fixed && i < to + length; i++)
			overlaps |= before[i].is_mapped;
		ATF_REQUIRE_EQ(kr, overlaps ? KERN_NO_SPACE : KERN_SUCCESS);
		if (overlaps || (!fixed && length == count)) {
			check_moved(before, source, 0, base, 0, false);
			continue;
		}
		moves++;
		check_moved(before, source, count, at, length,
		    fills && at != base + source * PAGE);
		if (at >= base + PAGES * PAGE)
			ATF_REQUIRE_EQ(kernel_deallocate(task, at,
					   length * PAGE),
			    KERN_SUCCESS);
	}
	ATF_CHECK(moves > 500);
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, first_defect_decides);
	ATF_TP_ADD_TC(tp, place_with_room_is_kept);
	ATF_TP_ADD_TC(tp, source_that_moved_is_made_anew);
	ATF_TP_ADD_TC(tp, pages_are_where_they_went);
	return atf_no_error();
}
