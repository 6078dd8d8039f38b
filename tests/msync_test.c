/*
 * mach_vm_msync and mach_vm_machine_attribute on anonymous memory.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "transfer.h"

#define VALID 0x7f /* all flags that have a meaning */

MT_CASE(msync, asynchronous_with_synchronous_is_refused,
    "msync-both-sync-async", "vm_msync.html",
    "VM_SYNC_ASYNCHRONOUS and VM_SYNC_SYNCHRONOUS exclude each other, "
    "whatever other flags are set.")
{
	mach_vm_address_t page = mt_pages(1);

	for (vm_sync_t flags = 0; flags <= VALID; flags++) {
		vm_sync_t both = VM_SYNC_ASYNCHRONOUS | VM_SYNC_SYNCHRONOUS;

		if ((flags & both) != both)
			continue;
		MT_CHECK(vm->msync(self, page, mt_page, flags),
		    KERN_INVALID_ARGUMENT);
	}
}

MT_CASE(msync, every_other_combination_succeeds, "msync-flags",
    VM_MAP_C "vm_map_msync()",
    "VM_SYNC_ASYNCHRONOUS with VM_SYNC_SYNCHRONOUS is the only combination "
    "of flags that mach_vm_msync() refuses.")
{
	mach_vm_address_t page = mt_pages(1);

	TOUCH(page, 0x51);
	for (vm_sync_t flags = 0; flags <= VALID; flags++) {
		vm_sync_t both = VM_SYNC_ASYNCHRONOUS | VM_SYNC_SYNCHRONOUS;

		if ((flags & both) == both)
			continue;
		MT_CHECK(vm->msync(self, page, mt_page, flags), KERN_SUCCESS);
	}
	MT_CHECK_REGION(page, .size = mt_page, .protection = VM_PROT_DEFAULT);
}

MT_CASE(msync, unknown_flags_are_ignored, "msync-unknown-flags",
    VM_MAP_C "vm_map_msync()", "mach_vm_msync() ignores undefined flags.")
{
	mach_vm_address_t page = mt_pages(1);

	for (int bit = 7; bit < 32; bit++)
		MT_CHECK(vm->msync(self, page, mt_page, (vm_sync_t)1 << bit),
		    KERN_SUCCESS);
}

MT_CASE(msync, size_zero_succeeds, "msync-zero-size",
    VM_MAP_C "vm_map_msync_sanitize()",
    "mach_vm_msync() of size 0 succeeds at any address, mapped or not.")
{
	mach_vm_address_t page = mt_pages(1);

	MT_CHECK(vm->msync(self, page, 0, VM_SYNC_SYNCHRONOUS), KERN_SUCCESS);
	MT_CHECK(vm->msync(self, 0, 0,
		     VM_SYNC_SYNCHRONOUS | VM_SYNC_CONTIGUOUS),
	    KERN_SUCCESS);
}

MT_CASE(msync, size_zero_is_accepted_before_bad_flags, "msync-zero-size-both",
    VM_MAP_C "vm_map_msync_sanitize()",
    "mach_vm_msync() accepts a size of 0 before it checks the flags; until "
    "macOS 14 it was the other way round.")
{
	MT_CHECK(vm->msync(self, 0, 0,
		     VM_SYNC_SYNCHRONOUS | VM_SYNC_ASYNCHRONOUS),
	    KERN_SUCCESS, MT_UNTIL(15.1, KERN_INVALID_ARGUMENT));
}

MT_CASE(msync, range_that_wraps_is_an_invalid_address, "msync-overflow",
    VM_MAP_C "vm_map_msync_sanitize()",
    "mach_vm_msync() of a range that wraps past 2^64 is "
    "KERN_INVALID_ADDRESS; until macOS 13.4 it was not noticed.")
{
	mach_vm_address_t page = mt_pages(1);

	MT_CHECK(vm->msync(self, page, UINT64_MAX, VM_SYNC_ASYNCHRONOUS),
	    KERN_INVALID_ADDRESS, MT_UNTIL(13.4, KERN_SUCCESS));
	MT_CHECK(vm->msync(self, LAST_PAGE, mt_page, VM_SYNC_ASYNCHRONOUS),
	    KERN_INVALID_ADDRESS, MT_UNTIL(13.4, KERN_SUCCESS));
}

MT_CASE(msync, holes_are_skipped, "msync-hole-default",
    VM_MAP_C "vm_map_msync()",
    "mach_vm_msync() without VM_SYNC_CONTIGUOUS skips holes, and a range in "
    "which nothing is mapped succeeds.")
{
	mach_vm_address_t pages = mt_pages(3);

	MT_REQUIRE(stage->deallocate(self, pages + mt_page, mt_page),
	    KERN_SUCCESS);
	MT_CHECK(vm->msync(self, pages, 3 * mt_page, VM_SYNC_ASYNCHRONOUS),
	    KERN_SUCCESS);
	MT_CHECK(vm->msync(self, pages + mt_page, mt_page, VM_SYNC_SYNCHRONOUS),
	    KERN_SUCCESS);
}

MT_CASE(msync, contiguous_range_has_no_holes, "msync-hole-contiguous",
    "vm_sync.h, VM_SYNC_CONTIGUOUS",
    "VM_SYNC_CONTIGUOUS makes a hole in the range KERN_INVALID_ADDRESS.")
{
	mach_vm_address_t pages = mt_pages(3);

	MT_CHECK(vm->msync(self, pages, 3 * mt_page,
		     VM_SYNC_ASYNCHRONOUS | VM_SYNC_CONTIGUOUS),
	    KERN_SUCCESS);
	MT_REQUIRE(stage->deallocate(self, pages + mt_page, mt_page),
	    KERN_SUCCESS);
	MT_CHECK(vm->msync(self, pages, 3 * mt_page,
		     VM_SYNC_ASYNCHRONOUS | VM_SYNC_CONTIGUOUS),
	    KERN_INVALID_ADDRESS);
	MT_CHECK(vm->msync(self, pages + mt_page, mt_page, VM_SYNC_CONTIGUOUS),
	    KERN_INVALID_ADDRESS);
}

MT_CASE(msync, killing_pages_stops_at_a_hole, "msync-killpages-hole",
    VM_MAP_C "vm_map_msync()",
    "VM_SYNC_KILLPAGES stops at the first hole, which is "
    "KERN_INVALID_ADDRESS only with VM_SYNC_CONTIGUOUS.")
{
	mach_vm_address_t pages = mt_pages(3);

	TOUCH_PAGES(pages, 3, 0x51);
	MT_REQUIRE(stage->deallocate(self, pages + mt_page, mt_page),
	    KERN_SUCCESS);
	MT_CHECK(vm->msync(self, pages, 3 * mt_page, VM_SYNC_KILLPAGES),
	    KERN_SUCCESS);
	MT_CHECK(vm->msync(self, pages, 3 * mt_page,
		     VM_SYNC_KILLPAGES | VM_SYNC_CONTIGUOUS),
	    KERN_INVALID_ADDRESS);
	MT_CHECK_BYTE(pages + 2 * mt_page, 0x51);
}

MT_CASE(msync, anonymous_contents_stay, "msync-anon-noop",
    VM_MAP_C "vm_map_msync()",
    "mach_vm_msync() leaves the contents of anonymous memory alone: it has "
    "no pager to write to.")
{
	mach_vm_address_t pages = mt_pages(2);

	TOUCH_PAGES(pages, 2, 0x51);
	MT_CHECK(vm->msync(self, pages, 2 * mt_page, VM_SYNC_SYNCHRONOUS),
	    KERN_SUCCESS);
	MT_CHECK(vm->msync(self, pages, 2 * mt_page,
		     VM_SYNC_SYNCHRONOUS | VM_SYNC_INVALIDATE),
	    KERN_SUCCESS);
	MT_CHECK_BYTE(pages, 0x51);
	MT_CHECK_BYTE(pages + mt_page, 0x51);
}

MT_CASE(msync, deactivated_pages_keep_their_contents, "msync-deactivate-keeps",
    VM_MAP_C "vm_map_msync()",
    "VM_SYNC_DEACTIVATE leaves the contents of the pages alone.")
{
	mach_vm_address_t page = mt_pages(1);

	TOUCH(page, 0x51);
	MT_CHECK(vm->msync(self, page, mt_page, VM_SYNC_DEACTIVATE),
	    KERN_SUCCESS);
	MT_CHECK_BYTE(page, 0x51);
}

MT_CASE(msync, killed_pages_are_old_or_zero, "msync-killpages-anon",
    VM_MAP_C "vm_map_msync()",
    "After VM_SYNC_KILLPAGES pages read as before or as zero and are no "
    "longer dirty.",
    .needs = "native")
{
	mach_vm_address_t page = mt_pages(1);
	uint8_t byte;

	TOUCH(page, 0x51);
	MT_CHECK(vm->msync(self, page, mt_page, VM_SYNC_KILLPAGES),
	    KERN_SUCCESS);
	MT_CHECK_REGION(page, .pages_dirtied = 0);
	byte = mt_read(page).value;
	MT_CHECK_TRUE(byte == 0x51 || byte == 0);
}

MT_CASE(msync, regions_stay_whole, "msync-no-clip", VM_MAP_C "vm_map_msync()",
    "mach_vm_msync() splits no region, whatever its flags.")
{
	mach_vm_address_t pages = mt_pages(3);

	TOUCH_PAGES(pages, 3, 0x51);
	for (vm_sync_t flag = 1; flag <= VM_SYNC_REUSABLEPAGES; flag <<= 1)
		MT_CHECK(vm->msync(self, pages + mt_page, mt_page, flag),
		    KERN_SUCCESS);
	MT_CHECK_LAYOUT(pages, "aaa");
}

MT_CASE(machine_attribute, size_zero_succeeds_for_every_attribute,
    "attr-zero-size", VM_MAP_C "vm_map_machine_attribute()",
    "mach_vm_machine_attribute() of size 0 succeeds for every attribute.")
{
	vm_machine_attribute_val_t value = MATTR_VAL_GET;

	MT_CHECK(vm->machine_attribute(self, 0, 0, MATTR_CACHE, &value),
	    KERN_SUCCESS);
	MT_CHECK(vm->machine_attribute(self, 0, 0, 99, &value), KERN_SUCCESS);
}

MT_CASE(machine_attribute, range_outside_the_map_is_an_invalid_address,
    "attr-range", VM_MAP_C "vm_map_machine_attribute()",
    "mach_vm_machine_attribute() of a range outside the map is "
    "KERN_INVALID_ADDRESS.")
{
	vm_machine_attribute_val_t value = MATTR_VAL_CACHE_FLUSH;

	MT_CHECK(vm->machine_attribute(self, 0x1000, mt_page, MATTR_CACHE,
		     &value),
	    KERN_INVALID_ADDRESS);
	MT_CHECK(vm->machine_attribute(self, mt_system()->maximum, mt_page,
		     MATTR_CACHE, &value),
	    KERN_INVALID_ADDRESS);
}

MT_CASE(machine_attribute, other_attributes_are_an_invalid_address,
    "attr-not-cache", VM_MAP_C "vm_map_machine_attribute()",
    "MATTR_MIGRATE and MATTR_REPLICATE are not implemented: "
    "mach_vm_machine_attribute() is KERN_INVALID_ADDRESS.")
{
	mach_vm_address_t page = mt_pages(1);
	vm_machine_attribute_val_t value = MATTR_VAL_ON;

	TOUCH(page, 0x51);
	MT_CHECK(vm->machine_attribute(self, page, mt_page, MATTR_MIGRATE,
		     &value),
	    KERN_INVALID_ADDRESS);
	MT_CHECK(vm->machine_attribute(self, page, mt_page, MATTR_REPLICATE,
		     &value),
	    KERN_INVALID_ADDRESS);
}

MT_CASE(machine_attribute, cache_of_a_hole_is_a_failure, "attr-cache-hole",
    VM_MAP_C "vm_map_machine_attribute()",
    "MATTR_CACHE over a range with a hole is KERN_FAILURE, not "
    "KERN_INVALID_ADDRESS.")
{
	mach_vm_address_t hole = mt_hole(1), pages = mt_pages(3);
	vm_machine_attribute_val_t value = MATTR_VAL_CACHE_FLUSH;

	MT_CHECK(vm->machine_attribute(self, hole, mt_page, MATTR_CACHE,
		     &value),
	    KERN_FAILURE);
	/* resident memory below it, which alone has an error on x86_64 */
	TOUCH(pages, 0x51);
	MT_REQUIRE(stage->deallocate(self, pages + mt_page, mt_page),
	    KERN_SUCCESS);
	MT_CHECK(vm->machine_attribute(self, pages, 3 * mt_page, MATTR_CACHE,
		     &value),
	    KERN_FAILURE);
}

MT_CASE(machine_attribute, cache_of_untouched_memory_succeeds,
    "attr-cache-untouched", VM_MAP_C "vm_map_machine_attribute()",
    "MATTR_CACHE succeeds on memory without a resident page: there is "
    "nothing to flush.")
{
	mach_vm_address_t page = mt_pages(1);
	vm_machine_attribute_val_t value = MATTR_VAL_ICACHE_FLUSH;

	MT_CHECK(vm->machine_attribute(self, page, mt_page, MATTR_CACHE,
		     &value),
	    KERN_SUCCESS);
	MT_CHECK_REGION(page, .share_mode = SM_EMPTY);
}

MT_CASE(machine_attribute, cache_of_touched_memory_depends_on_the_machine,
    "attr-cache-resident",
    XNU "osfmk/arm/pmap/pmap.c, pmap_attribute_cache_sync()",
    "MATTR_CACHE flushes the cache of a resident page on arm64; x86_64, "
    "whose caches are coherent, refuses it wherever in the range it is.",
    .needs = "native")
{
	mach_vm_address_t pages = mt_pages(3);
	vm_machine_attribute_val_t value = MATTR_VAL_ICACHE_FLUSH;

	TOUCH(pages + mt_page, 0x51);
	MT_CHECK(vm->machine_attribute(self, pages, 3 * mt_page, MATTR_CACHE,
		     &value),
	    KERN_SUCCESS, MT_ON(x86_64, KERN_INVALID_ADDRESS));
	MT_CHECK(vm->machine_attribute(self, pages, mt_page, MATTR_CACHE,
		     &value),
	    KERN_SUCCESS);
	MT_CHECK_BYTE(pages + mt_page, 0x51);
}

MT_CASE(machine_attribute, last_page_in_memory_decides, "attr-cache-last",
    VM_MAP_C "vm_map_machine_attribute()",
    "MATTR_CACHE over several regions, of which x86_64 refuses those with a "
    "page in memory: any of them decides; since macOS 26.4 the last one that "
    "has a VM object.",
    .needs = "native")
{
	/* t: touched, u: not, but of the object of one that is */
	static const struct {
		const char *pages;
		kern_return_t until, now;
	} rows[] = {
		{ "tu", KERN_INVALID_ADDRESS, KERN_SUCCESS },
		{ "ut", KERN_INVALID_ADDRESS, KERN_INVALID_ADDRESS },
		{ "utu", KERN_INVALID_ADDRESS, KERN_SUCCESS },
		{ "tut", KERN_INVALID_ADDRESS, KERN_INVALID_ADDRESS },
		{ "u", KERN_SUCCESS, KERN_SUCCESS },
	};
	vm_machine_attribute_val_t value = MATTR_VAL_ICACHE_FLUSH;

	for (unsigned i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		mach_vm_address_t pages = mt_pages(4);
		unsigned n = 0;

		TOUCH(pages + 3 * mt_page, 0x51);
		for (; rows[i].pages[n] != '\0'; n++) {
			PROTECT(pages + n * mt_page, 1,
			    n % 2 ? VM_PROT_READ : VM_PROT_DEFAULT);
			if (rows[i].pages[n] == 't')
				MT_REQUIRE(mt_read(pages + n * mt_page)
					       .exception,
				    0);
		}
		MT_CHECK(vm->machine_attribute(self, pages, n * mt_page,
			     MATTR_CACHE, &value),
		    KERN_SUCCESS, MT_ON(x86_64, rows[i].now),
		    MT_ON_UNTIL(x86_64, 26.3, rows[i].until));
	}
}

MT_CASE(machine_attribute, range_that_wraps_is_refused, "attr-overflow",
    VM_MAP_C "vm_map_machine_attribute()",
    "mach_vm_machine_attribute() of a range that wraps past 2^64 is "
    "KERN_INVALID_ARGUMENT; of one that wraps only when its end is rounded "
    "KERN_INVALID_ADDRESS, until macOS 13.4 KERN_FAILURE.")
{
	mach_vm_address_t page = mt_pages(1);
	vm_machine_attribute_val_t value = MATTR_VAL_CACHE_FLUSH;

	MT_CHECK(vm->machine_attribute(self, page, UINT64_MAX, MATTR_CACHE,
		     &value),
	    KERN_INVALID_ARGUMENT);
	MT_CHECK(vm->machine_attribute(self, page, UINT64_MAX - page,
		     MATTR_CACHE, &value),
	    KERN_INVALID_ADDRESS, MT_UNTIL(13.4, KERN_FAILURE));
}

MT_CASE(machine_attribute, value_is_left_alone, "attr-value",
    VM_MAP_C "vm_map_machine_attribute()",
    "mach_vm_machine_attribute() that flushes caches gives back the value "
    "that it was called with.",
    .arch = "arm64")
{
	vm_machine_attribute_val_t value = MATTR_VAL_CACHE_FLUSH;
	mach_vm_address_t page = mt_pages(1);

	TOUCH(page, 1);
	MT_CHECK(vm->machine_attribute(self, page, mt_page, MATTR_CACHE,
		     &value),
	    KERN_SUCCESS);
	MT_CHECK_NUMBER(value, MATTR_VAL_CACHE_FLUSH);
}
