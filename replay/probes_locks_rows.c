/*
 * The rows about the locks of entries: which call each made, on which memory.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "probes_locks.h"
#include "route.h"

/* ---- protect ------------------------------------------------------------ */

ROW(protect_touched_hole, touched(0, 3, 0); say_kr(protect(1, 3, RO));
    say_walk())
ROW(protect_untouched_hole, untouched(0, 3); say_kr(protect(1, 3, RO));
    say_walk())
ROW(protect_read_only_above, touched(0, 2, 0); put(A + 2 * page, 1, 0, RO, RO);
    say_kr(protect(1, 2, RW)); say_walk())
ROW(protect_read_only_below, put(A, 1, 0, RO, RO); touched(1, 2, 0);
    say_kr(protect(0, 2, RW)); say_walk())
ROW(protect_copy_permanent, permanent(A, 1); fill(A, 1, 0x11);
    say_kr(protect(0, 1, RW | VM_PROT_COPY)); say_walk(); say_bytes(A, 1))
ROW(protect_copy_untouched, untouched(0, 3);
    say_kr(protect(1, 1, RO | VM_PROT_COPY)); say_walk();
    say_kr(protect(0, 3, RW)); say_walk())
ROW(protect_copy_touched, touched(0, 3, 0);
    say_kr(protect(1, 1, RO | VM_PROT_COPY)); say_walk();
    say_kr(protect(0, 3, RW)); say_walk())

/* ---- behavior, msync, machine_attribute --------------------------------- */

static void
behavior(unsigned from, unsigned pages, vm_behavior_t which)
{
	say_kr(stage->behavior_set(self, A + from * page, pages * page, which));
}

static void
two_hole_two(void)
{
	touched(0, 2, 0);
	touched(3, 2, 0);
}

ROW(zero_wired_order, put(A, 1, 0, RO, RWX);
    behavior(0, 2, VM_BEHAVIOR_ZERO_WIRED_PAGES))
ROW(random_hole, touched(0, 3, 0); behavior(1, 3, VM_BEHAVIOR_RANDOM);
    say_walk())
ROW(willneed_hole, untouched(0, 2); untouched(3, 2);
    behavior(0, 5, VM_BEHAVIOR_WILLNEED); say_walk(); say_read_pages(row, 5))
ROW(zero_hole, two_hole_two(); behavior(0, 5, VM_BEHAVIOR_ZERO);
    say_bytes(A, 5))
ROW(zero_read_only, touched(0, 2, 0); (void)protect(1, 1, RO);
    behavior(0, 2, VM_BEHAVIOR_ZERO); say_bytes(A, 2))
ROW(reusable_read_only, touched(0, 2, 0); touched(2, 2, SECOND);
    (void)protect(2, 2, RO); behavior(0, 4, VM_BEHAVIOR_REUSABLE); say_walk();
    say_pages(4))
ROW(reusable_hole, touched(0, 2, 0); behavior(0, 4, VM_BEHAVIOR_REUSABLE);
    say_walk(); say_pages(2))
ROW(reuse_hole, touched(0, 2, 0);
    (void)stage->behavior_set(self, A, 2 * page, VM_BEHAVIOR_REUSABLE);
    behavior(0, 4, VM_BEHAVIOR_REUSE); say_walk(); say_pages(2))
ROW(reusable_order, put(A, 1, 0, RO, RWX); behavior(0, 2, VM_BEHAVIOR_REUSABLE))
ROW(can_reuse_hole, touched(0, 1, 0); behavior(0, 2, VM_BEHAVIOR_CAN_REUSE))
ROW(free_hole, two_hole_two(); behavior(0, 5, VM_BEHAVIOR_FREE); say_pages(5))
ROW(dontneed_hole, two_hole_two(); behavior(0, 5, VM_BEHAVIOR_DONTNEED);
    say_pages(5))
static void
attribute(unsigned from, unsigned pages, vm_machine_attribute_t which)
{
	vm_machine_attribute_val_t value = MATTR_VAL_CACHE_FLUSH;

	touched(0, 3, 0);
	say_kr(stage->machine_attribute(self, A + from * page, pages * page,
	    which, &value));
	say_walk();
}

ROW(attribute_hole, attribute(1, 3, MATTR_CACHE))
ROW(attribute_part, attribute(1, 1, MATTR_CACHE))
ROW(attribute_other, attribute(0, 3, MATTR_MIGRATE))

/* ---- wire --------------------------------------------------------------- */

static const char *
two_and_refused(const char *row)
{
	untouched(0, 2);
	put(A + 2 * page, 1, 0, NONE, RWX);
	say_kr(wire(0, 3, RW));
	say_walk();
	say_read_pages(row, 3);
	return NULL;
}

ROW(two_and_hole, untouched(0, 2); say_kr(wire(0, 4, RW)); say_walk();
    say_pages(2))
ROW(wire_untouched_hole, untouched(0, 3); say_kr(wire(1, 3, RW)); say_walk())
ROW(wire_touched_hole, touched(0, 3, 0); say_kr(wire(1, 3, RW)); say_walk())
ROW(wire_too_much, untouched(0, 3); say_kr(wire(1, 1, RWX)); say_walk())

static void
wire_the_middle(void)
{
	say_kr(wire(1, 1, RW));
	say_walk();
	say_kr(wire(1, 1, NONE));
	say_walk();
	say_kr(protect(0, 3, RW));
	say_walk();
}

ROW(wire_part_untouched, untouched(0, 3); wire_the_middle())
ROW(wire_part_touched, touched(0, 3, 0); wire_the_middle())
ROW(wire_whole, untouched(0, 2); say_kr(wire(0, 2, RW)); say_walk();
    say_kr(wire(0, 2, NONE)); say_walk())
ROW(wire_none, put(A, 2, 0, NONE, NONE); say_kr(wire(0, 2, RW)); say_walk())
ROW(unwire_hole, untouched(0, 2); untouched(3, 2); (void)wire(0, 2, RW);
    (void)wire(3, 2, RW); say_kr(wire(0, 5, NONE)); say_walk())
ROW(unwire_not_wired, untouched(0, 2); put(A + 2 * page, 2, SECOND, RW, RWX);
    (void)wire(0, 2, RW); say_kr(wire(0, 4, NONE)); say_walk())

static const char *
mlock_hole(const char *row __attribute__((unused)))
{
	int error = 0;

	untouched(0, 2);
	if (bsd() == NULL)
		return "no route has mlock";
	if (bsd()->mlock(&error, A, 4 * page) == 0)
		error = 0;
	say(" | %d", -error);
	say_walk();
	return NULL;
}

/* ---- copy --------------------------------------------------------------- */

/* As large as travels by reference: 32 pages, and 16 to be written. */
static void
copy_stage(unsigned pages)
{
	put(A, pages, 0, RW, RWX);
	fill(A, pages, 0x80);
	put(OTHER, 32, 0, RW, RWX);
	fill(OTHER, 32, 1);
}

ROW(copy_hole, copy_stage(16); say_kr(stage->copy(self, OTHER, 32 * page, A));
    say_bytes(A, 16); say_walk())
ROW(copy_read_only, copy_stage(32); (void)protect(16, 16, RO);
    say_kr(stage->copy(self, OTHER, 32 * page, A)); say_bytes(A, 18))
ROW(copy_small, copy_stage(1); say_kr(stage->copy(self, OTHER, 2 * page, A));
    say_bytes(A, 2))
ROW(write_hole, copy_stage(16); say_kr(stage->write(self, A, (vm_offset_t)OTHER,
    (mach_msg_type_number_t)(32 * page)));
    say_bytes(A, 16))

static const char *
read_over_hole(const char *row __attribute__((unused)))
{
	mach_vm_size_t size = 0;

	copy_stage(16);
	say_kr(stage->read_overwrite(self, OTHER, 32 * page, A, &size));
	say_bytes(A, 16);
	return NULL;
}

ROW(copy_from_hole, put(A, 32, 0, RW, RWX); put(OTHER, 16, 0, RW, RWX);
    fill(OTHER, 16, 1); say_kr(stage->copy(self, OTHER, 32 * page, A));
    say_walk())

/* ---- remap -------------------------------------------------------------- */

static void
remap(unsigned from, unsigned pages, int flags, boolean_t copy)
{
	mach_vm_address_t to = OTHER;
	vm_prot_t current, maximum;

	say_kr(stage->remap(self, &to, pages * page, 0, VM_FLAGS_FIXED | flags,
	    self, A + from * page, copy, &current, &maximum, VM_INHERIT_COPY));
	say_walk();
}

ROW(share_untouched_hole, untouched(0, 2); remap(0, 4, 0, FALSE))
ROW(share_touched_hole, touched(0, 2, 0); remap(0, 4, 0, FALSE))
ROW(copy_touched_hole, touched(0, 2, 0); remap(0, 4, 0, TRUE))
ROW(copy_untouched_page, untouched(0, 3); remap(1, 1, 0, TRUE))
ROW(copy_touched_page, touched(0, 3, 0); remap(1, 1, 0, TRUE))
ROW(share_untouched_page, untouched(0, 3); remap(1, 1, 0, FALSE))
ROW(share_touched_page, touched(0, 3, 0); remap(1, 1, 0, FALSE))
ROW(remap_permanent, untouched(0, 2); permanent(OTHER, 1); fill(OTHER, 1, 0x55);
    remap(0, 2, VM_FLAGS_OVERWRITE, FALSE); say_bytes(OTHER, 1))

/* ---- the rows ----------------------------------------------------------- */

const struct lock_row lock_rows[] = {
	{ "initial ", NULL, "the memory of another program" },
	{ "protect-failure-clips: touched [3 rw][hole], protect A+P 3P r--",
	    protect_touched_hole, NULL },
	{ "protect-failure-clips: untouched [3 rw][hole], protect A+P 3P r--",
	    protect_untouched_hole, NULL },
	{ "protect-failure-clips: [2 rw][r--/r--], protect A+P 2P rw-",
	    protect_read_only_above, NULL },
	{ "protect: [r--/r--][2 rw], protect A 2P rw-", protect_read_only_below,
	    NULL },
	{ "protect-copy-permanent", protect_copy_permanent, NULL },
	{ "protect COPY of the middle page, untouched", protect_copy_untouched,
	    NULL },
	{ "protect COPY of the middle page, touched", protect_copy_touched,
	    NULL },
	{ "inherit-submap-partial: ", NULL,
	    "the shared region of a process without dyld" },
	{ "behavior-hole-order: ZERO_WIRED_PAGES over [r--][hole]",
	    zero_wired_order, NULL },
	{ "behavior-failure-clips: RANDOM over A+P 3P of [3][hole]",
	    random_hole, NULL },
	{ "behavior-willneed-partial: WILLNEED over untouched [2][hole][2]",
	    willneed_hole, NULL },
	{ "behavior-zero-partial: ZERO over [2][hole][2]", zero_hole, NULL },
	{ "behavior-zero-denied: ZERO over [rw][r--]", zero_read_only, NULL },
	{ "behavior-reusable-atomic: REUSABLE over [2 rw][2 r--]",
	    reusable_read_only, NULL },
	{ "behavior-reusable: REUSABLE over [2][hole]", reusable_hole, NULL },
	{ "behavior-reuse-atomic: REUSE over [2 reusable][hole]", reuse_hole,
	    NULL },
	{ "behavior-reusable-hole-order: REUSABLE over [r--][hole]",
	    reusable_order, NULL },
	{ "behavior-can-reuse: CAN_REUSE over [1][hole]", can_reuse_hole,
	    NULL },
	{ "behavior-free-stops: FREE over [2][hole][2]", free_hole, NULL },
	{ "behavior-dontneed-stops: DONTNEED over [2][hole][2]", dontneed_hole,
	    NULL },
	{ "msync KILLPAGES", NULL,
	    "its flags were others: the sequences of this kernel clean pages" },
	{ "machine-attribute-hole: CACHE flush over A+P 3P of [3][hole]",
	    attribute_hole, NULL },
	{ "machine-attribute-clips: CACHE flush over A+P 1P of [3]",
	    attribute_part, NULL },
	{ "machine-attribute-other: MIGRATE", attribute_other, NULL },
	{ "wire-preflight: [2 rw untouched][---], wire rw", two_and_refused,
	    NULL },
	{ "wire-preflight: [2 rw untouched][hole]", two_and_hole, NULL },
	{ "wire-failure-clips: A+P 3P of [3 rw untouched][hole]",
	    wire_untouched_hole, NULL },
	{ "wire-failure-clips: A+P 3P of [3 rw touched][hole]",
	    wire_touched_hole, NULL },
	{ "wire-failure: A+P 1P of [3 rw], wire rwx", wire_too_much, NULL },
	{ "wire-part-of-untouched: wire A+P", wire_part_untouched, NULL },
	{ "wire-part-of-touched: wire A+P", wire_part_touched, NULL },
	{ "wire-whole-untouched", wire_whole, NULL },
	{ "wire-max-none", wire_none, NULL },
	{ "unwire-hole: [2 wired][hole][2 wired]", unwire_hole, NULL },
	{ "unwire: [2 wired][2 not]", unwire_not_wired, NULL },
	{ "mlock beyond the hole: errno", mlock_hole, NULL },
	{ "overwrite-hole-partial: copy 32 pages onto [16][hole]", copy_hole,
	    NULL },
	{ "overwrite-readonly-partial: copy 32 pages onto [16 rw][16 r--]",
	    copy_read_only, NULL },
	{ "overwrite-small: copy 2 pages onto [1][hole]", copy_small, NULL },
	{ "read_overwrite 32 pages onto [16][hole]", read_over_hole, NULL },
	{ "write 32 pages onto [16][hole]", write_hole, NULL },
	{ "copyin-failure-marks: copy from [16][hole]", copy_from_hole, NULL },
	{ "remap-extract-stream: share [2 untouched][hole]",
	    share_untouched_hole, NULL },
	{ "remap-extract-stream: share [2 touched][hole]", share_touched_hole,
	    NULL },
	{ "remap-extract-stream: copy [2 touched][hole]", copy_touched_hole,
	    NULL },
	{ "remap copy of an untouched middle page", copy_untouched_page, NULL },
	{ "remap copy of a touched middle page", copy_touched_page, NULL },
	{ "remap share of an untouched middle page", share_untouched_page,
	    NULL },
	{ "remap share of a touched middle page", share_touched_page, NULL },
	{ "remap OVERWRITE over permanent", remap_permanent, NULL },
	{ NULL, NULL, NULL },
};
