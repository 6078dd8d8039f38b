/*
 * Memory entries of parts: the pages that they count, the regions and objects
 * that they leave, and where their data begins.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "bsd.h"
#include "entries.h"
#include "trap.h"

/* Ask for the counts, which a failure must leave alone. */
static kern_return_t
count_pages(const struct mt_route *vm, mach_port_name_t entry,
    uint64_t counts[3])
{
	counts[0] = counts[1] = counts[2] = 0x51;
	return vm->entry_get_page_counts(entry, &counts[0], &counts[1],
	    &counts[2]);
}

MT_CASE(entry_get_page_counts, pages_of_an_entry_are_counted,
    "entry-page-counts",
    XNU26 "osfmk/vm/vm_memory_entry.c, mach_memory_entry_get_page_counts()",
    "mach_memory_entry_get_page_counts() counts the pages of an entry that "
    "are resident, and those of them that are dirty.",
    .since = "26.0", .needs = "native")
{
	mach_vm_address_t pages = mt_pages(4);
	mach_port_name_t entry;
	uint64_t counts[3];

	TOUCH(pages, 1);
	TOUCH(pages + 2 * mt_page, 1);
	entry = entry_for(self, 4 * mt_page, pages, RW, MACH_PORT_NULL);

	MT_CHECK(count_pages(vm, entry, counts), KERN_SUCCESS);
	MT_CHECK_NUMBER(counts[0], 2);
	MT_CHECK_NUMBER(counts[1], 2);
	MT_CHECK_NUMBER(counts[2], 0);
	TOUCH(pages + mt_page, 1);
	MT_CHECK(count_pages(vm, entry, counts), KERN_SUCCESS);
	MT_CHECK_NUMBER(counts[0], 3);
	MT_CHECK_NUMBER(counts[1], 3);
	/* one that stays, and is clean */
	MT_REQUIRE(stage->behavior_set(self, pages, mt_page, VM_BEHAVIOR_FREE),
	    KERN_SUCCESS);
	MT_CHECK(count_pages(vm, entry, counts), KERN_SUCCESS);
	MT_CHECK_NUMBER(counts[0], 3);
	MT_CHECK_NUMBER(counts[1], 2);
	TOUCH(pages, 1);
	MT_CHECK(count_pages(vm, entry, counts), KERN_SUCCESS);
	MT_CHECK_NUMBER(counts[1], 3);
}

MT_CASE(entry_get_page_counts, entry_counts_its_part_alone,
    "entry-page-counts-part",
    XNU26 "osfmk/vm/vm_memory_entry.c, mach_memory_entry_get_page_counts()",
    "mach_memory_entry_get_page_counts() of an entry for a part of memory "
    "counts the pages of that part.",
    .since = "26.0", .needs = "native")
{
	mach_vm_address_t pages = four_pages();
	mach_port_name_t entry = entry_for(self, 2 * mt_page, pages + mt_page,
	    RO, MACH_PORT_NULL);
	uint64_t counts[3];

	MT_CHECK(count_pages(vm, entry, counts), KERN_SUCCESS);
	MT_CHECK_NUMBER(counts[0], 2);
	MT_CHECK_NUMBER(counts[1], 2);
}

MT_CASE(entry_get_page_counts, entry_that_is_a_copy_is_not_counted,
    "entry-page-counts-copy",
    XNU26 "osfmk/vm/vm_memory_entry.c, mach_memory_entry_get_page_counts()",
    "mach_memory_entry_get_page_counts() of an entry of MAP_MEM_VM_COPY or "
    "MAP_MEM_VM_SHARE, or of a port that is no entry, is "
    "KERN_INVALID_ARGUMENT.",
    .since = "26.0")
{
	mach_vm_address_t pages = four_pages();
	uint64_t counts[3];

	MT_CHECK(count_pages(vm,
		     entry_for(self, 4 * mt_page, pages, RW | MAP_MEM_VM_COPY,
			 MACH_PORT_NULL),
		     counts),
	    KERN_INVALID_ARGUMENT);
	MT_CHECK(count_pages(vm,
		     entry_for(self, 4 * mt_page, pages, RW | MAP_MEM_VM_SHARE,
			 MACH_PORT_NULL),
		     counts),
	    KERN_INVALID_ARGUMENT);
	MT_CHECK(count_pages(vm, self, counts), KERN_INVALID_ARGUMENT);
	MT_CHECK_NUMBER(counts[0], 0x51);
}

MT_CASE(map, entries_of_one_buffer_share_its_object, "entry-parts-same-object",
    VM_MEMORY_ENTRY_C "mach_make_memory_entry_share()",
    "Two entries for parts of one private buffer, mapped, show one VM "
    "object, also after the buffer is deallocated.",
    .needs = "native")
{
	mach_vm_address_t pages = four_pages(), hole = mt_hole(3);
	mach_port_name_t low = entry_for(self, mt_page, pages, RW,
	    MACH_PORT_NULL);
	mach_port_name_t high = entry_for(self, mt_page, pages + 3 * mt_page,
	    RW, MACH_PORT_NULL);
	struct mt_region a, b;

	MT_CHECK(map_at(vm, self, hole, mt_page, PLAIN, low, 0, FALSE, RW, RW),
	    KERN_SUCCESS);
	MT_CHECK(map_at(vm, self, hole + 2 * mt_page, mt_page, PLAIN, high, 0,
		     FALSE, RW, RW),
	    KERN_SUCCESS);
	PUNCH(pages, 4);

	MT_REQUIRE_TRUE(mt_region_at(hole, &a));
	MT_REQUIRE_TRUE(mt_region_at(hole + 2 * mt_page, &b));
	MT_CHECK_TRUE(a.object_id == b.object_id);
	MT_CHECK_BYTE(hole, 1);
	MT_CHECK_BYTE(hole + 2 * mt_page, 4);
}

MT_CASE(map, own_memory_of_an_entry_is_copied_at_once, "map-entry-own-copy",
    VM_MAP_C "vm_map_enter_mem_object()",
    "A copy of memory that mach_make_memory_entry_64() made is made at once, "
    "also when there is an entry for a part of it and a child shares it: it "
    "shadows nothing.")
{
	mach_port_name_t entry = entry_for(self, LARGE, 0,
	    MAP_MEM_NAMED_CREATE | RW, MACH_PORT_NULL);
	mach_vm_address_t pages = mt_hole(LARGE_PAGES), to;

	(void)entry_for(self, mt_page, 0, RW, entry);
	MT_REQUIRE(stage->map(self, &pages, LARGE, 0, VM_FLAGS_FIXED, entry, 0,
		       FALSE, RW, RW, VM_INHERIT_SHARE),
	    KERN_SUCCESS);
	NUMBER_PAGES(pages, LARGE_PAGES, 1);
	for (unsigned i = 0; i < 2; i++) {
		to = mt_hole(LARGE_PAGES);
		MT_CHECK(map_at(vm, self, to, LARGE, 0, entry, 0, TRUE, RW, RW),
		    KERN_SUCCESS);
		MT_CHECK_REGION(to, .share_mode = SM_PRIVATE, .shadow_depth = 0,
		    .pages_resident = LARGE_PAGES);
		MT_CHILD {
			TOUCH(pages, 0x71);
		}
		MT_CHECK_BYTE(pages, 0x71);
		MT_CHECK_BYTE(to, i == 0 ? 1 : 0x71);
	}
}

MT_CASE(make_memory_entry, memory_is_not_split_by_an_entry,
    "entry-share-no-clip", VM_MEMORY_ENTRY_C "mach_make_memory_entry_share()",
    "mach_make_memory_entry_64() with VM_PROT_READ alone for a page of a "
    "region, writable or not, leaves the region whole.",
    .needs = "native")
{
	for (unsigned i = 0; i < 2; i++) {
		mach_vm_address_t pages = four_pages();
		memory_object_size_t size = mt_page;
		mach_port_name_t entry;

		if (i == 1)
			PROTECT(pages, 4, VM_PROT_READ);
		MT_CHECK(make(vm, self, &size, pages + mt_page, RO, &entry,
			     MACH_PORT_NULL),
		    KERN_SUCCESS);
		MT_CHECK_LAYOUT(pages, "aaaa");
	}
}

MT_CASE(map, data_of_a_copy_begins_in_its_page, "map-copy-entry-data-offset",
    XNU26 "osfmk/vm/vm_map.c, vm_map_enter_mem_object()",
    "mach_vm_map() of an entry of MAP_MEM_VM_COPY and MAP_MEM_USE_DATA_ADDR "
    "counts the offset from where the entry's data begins since macOS 26.4, "
    "with or without VM_FLAGS_RETURN_DATA_ADDR.",
    .since = "26.4", .needs = "native")
{
	mach_vm_address_t pages = four_pages(), hole = mt_hole(3);
	mach_port_name_t entry = entry_for(self, 2 * mt_page,
	    pages + mt_page / 2, RW | MAP_MEM_VM_COPY | MAP_MEM_USE_DATA_ADDR,
	    MACH_PORT_NULL);

	MT_CHECK(map_at(vm, self, hole, mt_page, PLAIN, entry, 0, FALSE, RW,
		     RW),
	    KERN_SUCCESS);
	MT_CHECK_LAYOUT(hole, "aa.");
	MT_CHECK_BYTE(hole, 1);
	PUNCH(hole, 3);
	MT_CHECK(map_at(vm, self, hole, mt_page / 2, PLAIN, entry, mt_page / 2,
		     FALSE, RW, RW),
	    KERN_SUCCESS);
	MT_CHECK_LAYOUT(hole, "a..");
	MT_CHECK_BYTE(hole, 2);
}

MT_CASE(map, part_of_shared_memory_is_an_alias, "map-copy-entry-clipped",
    XNU26 "osfmk/vm/vm_map.c, vm_map_copy_adjust_to_target()",
    "mach_vm_map() of a part of an entry of MAP_MEM_VM_SHARE clips it, which is "
    "known of the VM object from then on: purgeable memory is SM_SHARED when all "
    "of it is mapped and SM_SHARED_ALIASED when a part is.",
    .since = "26.4", .needs = "native")
{
	for (unsigned n = 4; n > 0; n--) {
		mach_vm_address_t pages = mt_hole(4), hole = mt_hole(4);
		mach_port_name_t entry;

		MT_REQUIRE(allocate_at(stage, self, pages, 4 * mt_page,
			       VM_FLAGS_PURGABLE | PLAIN),
		    KERN_SUCCESS);
		entry = entry_for(self, 4 * mt_page, pages,
		    RW | MAP_MEM_VM_SHARE, MACH_PORT_NULL);
		MT_CHECK(map_at(vm, self, hole, n * mt_page, PLAIN, entry, 0,
			     FALSE, RW, RW),
		    KERN_SUCCESS);
		MT_CHECK_REGION(hole, .size = (int64_t)(n * mt_page),
		    .share_mode = n == 4 ? SM_SHARED : SM_SHARED_ALIASED);
	}
}

MT_CASE(map, snapshot_of_jit_memory_is_shared, "map-copy-entry-jit",
    VM_MAP_C "vm_map_enter_mem_object()",
    "An entry of MAP_MEM_VM_COPY of MAP_JIT memory, which is copied at once, is "
    "mapped without copy as memory that the entry shares: SM_SHARED.",
    .arch = "x86_64", .needs = "native jit")
{
	mach_vm_address_t hole = mt_hole(2);
	mach_port_name_t entry;
	int error = 0;
	int64_t at = stage_bsd->mmap(&error, 0, 2 * mt_page, READ_WRITE,
	    PRIVATE_ANON | MAP_JIT, -1, 0);

	MT_REQUIRE_TRUE(error == 0);
	TOUCH_PAGES((mach_vm_address_t)at, 2, 0x51);
	entry = entry_for(self, 2 * mt_page, (mach_vm_address_t)at,
	    RW | MAP_MEM_VM_COPY, MACH_PORT_NULL);
	MT_CHECK(map_at(vm, self, hole, 2 * mt_page, PLAIN, entry, 0, FALSE, RW,
		     RW),
	    KERN_SUCCESS);
	MT_CHECK_REGION(hole, .share_mode = SM_SHARED);
	MT_CHECK_BYTE(hole + mt_page, 0x51);
}

MT_CASE(map, snapshot_of_locked_memory_is_shared, "map-copy-entry-locked",
    VM_MAP_C "vm_map_enter_mem_object()",
    "An entry of MAP_MEM_VM_COPY of locked memory, which is copied at once, can "
    "be mapped twice without copy: both mappings share the copy. A copy of one "
    "shows what was stored to the other until macOS 12.3.",
    .needs = "native")
{
	mach_vm_address_t pages = mt_pages(LARGE_PAGES);
	mach_vm_address_t a = mt_hole(LARGE_PAGES), b = mt_hole(LARGE_PAGES);
	mach_vm_address_t copy = mt_pages(LARGE_PAGES);
	mach_port_name_t entry;
	int error = 0;

	NUMBER_PAGES(pages, LARGE_PAGES, 1);
	MT_REQUIRE(stage_bsd->mlock(&error, pages, LARGE), 0);
	entry = entry_for(self, LARGE, pages, RW | MAP_MEM_VM_COPY,
	    MACH_PORT_NULL);
	MT_CHECK(map_at(vm, self, a, LARGE, PLAIN, entry, 0, FALSE, RW, RW),
	    KERN_SUCCESS);
	MT_CHECK(map_at(vm, self, b, LARGE, PLAIN, entry, 0, FALSE, RW, RW),
	    KERN_SUCCESS);
	TOUCH(a, 0x71);
	MT_CHECK_BYTE(b, 0x71);
	MT_CHECK(stage->copy(self, a, LARGE, copy), KERN_SUCCESS);
	TOUCH(b + mt_page, 0x72);
	MT_CHECK_BYTE(a + mt_page, 0x72);
	MT_CHECK_BYTE(copy + mt_page,
	    (uint8_t)MT_VALUE(2, MT_UNTIL(12.3, 0x72)));
	MT_CHECK_BYTE(copy, 0x71);
	MT_CHECK_BYTE(pages, 1);
}

MT_CASE(make_memory_entry, task_is_judged_before_the_range,
    "entry-null-task-order",
    XNU26 "osfmk/vm/vm_memory_entry.c, mach_make_memory_entry_share()",
    "An entry for memory, plain or of MAP_MEM_VM_SHARE, of a range that "
    "wraps is KERN_INVALID_TASK on a port that is no task since macOS 26.4, "
    "KERN_INVALID_ARGUMENT before; with MAP_MEM_VM_COPY it is still that.",
    .since = "15")
{
	MT_CHECK(try_make(vm, mt_trap_thread_self(), 2 * mt_page, LAST_PAGE, RW,
		     MACH_PORT_NULL),
	    KERN_INVALID_TASK, MT_UNTIL(26.3, KERN_INVALID_ARGUMENT));
	MT_CHECK(try_make(vm, mt_trap_thread_self(), 2 * mt_page, LAST_PAGE,
		     RW | MAP_MEM_VM_SHARE, MACH_PORT_NULL),
	    KERN_INVALID_TASK, MT_UNTIL(26.3, KERN_INVALID_ARGUMENT));
	MT_CHECK(try_make(vm, mt_trap_thread_self(), 2 * mt_page, LAST_PAGE,
		     RW | MAP_MEM_VM_COPY, MACH_PORT_NULL),
	    KERN_INVALID_ARGUMENT);
}

MT_CASE(make_memory_entry, part_that_goes_refers_to_nothing, "entry-child-refs",
    VM_MEMORY_ENTRY_C "mach_memory_entry_port_release()",
    "A memory entry that is a part of another leaves no reference on the memory "
    "when its port goes.")
{
	const mach_port_name_t parent = entry_for(self, 4 * mt_page, 0,
	    RW | MAP_MEM_NAMED_CREATE, MACH_PORT_NULL);
	mach_vm_address_t hole = mt_hole(4);
	memory_object_size_t size = mt_page;
	mach_port_name_t part;
	struct mt_region before;

	MT_REQUIRE(map_at(stage, self, hole, 4 * mt_page, PLAIN, parent, 0,
		       FALSE, RW, RW),
	    KERN_SUCCESS);
	TOUCH(hole, 0x51);
	MT_REQUIRE_TRUE(mt_region_at(hole, &before));
	MT_CHECK(make(vm, self, &size, mt_page, RW, &part, parent),
	    KERN_SUCCESS);
	MT_CHECK(mt_trap_port_deallocate(self, part), KERN_SUCCESS);
	MT_CHECK_REGION(hole, .ref_count = before.ref_count);
}
