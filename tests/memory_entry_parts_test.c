/*
 * Memory entries that are new memory, snapshots, shares of several regions,
 * and parts of another entry.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "entries.h"
#include "trap.h"

MT_CASE(make_memory_entry, created_size_is_rounded, "entry-create-rounded",
    VM_MEMORY_ENTRY_C "mach_make_memory_entry_mem_only(), "
		      "mach_make_memory_entry_named_create()",
    "MAP_MEM_NAMED_CREATE rounds the size up to pages.")
{
	memory_object_size_t size = 1;
	mach_port_name_t entry;

	MT_CHECK(make(vm, self, &size, 0, RW | MAP_MEM_NAMED_CREATE, &entry,
		     MACH_PORT_NULL),
	    KERN_SUCCESS);
	MT_CHECK_NUMBER(size, mt_page);
	size = mt_page;
	MT_CHECK(make(vm, self, &size, 0x123, RW | MAP_MEM_NAMED_CREATE, &entry,
		     MACH_PORT_NULL),
	    KERN_SUCCESS);
	MT_CHECK_NUMBER(size, 2 * mt_page);
}

MT_CASE(make_memory_entry, created_entry_may_be_4_gib, "entry-create-limit",
    VM_MEMORY_ENTRY_C "mach_make_memory_entry_mem_only(), "
		      "mach_make_memory_entry_named_create()",
    "MAP_MEM_NAMED_CREATE of 4 GiB succeeds; until macOS 12 it failed.")
{
	memory_object_size_t size = 4 * GIB;
	mach_port_name_t entry;

	MT_CHECK(vm->make_memory_entry(self, &size, 0,
		     RW | MAP_MEM_NAMED_CREATE, &entry, MACH_PORT_NULL),
	    KERN_SUCCESS, MT_UNTIL(12, KERN_FAILURE));
	MT_CHECK(try_make(vm, self, 4 * GIB - 0x10000, 0,
		     RW | MAP_MEM_NAMED_CREATE, MACH_PORT_NULL),
	    KERN_SUCCESS);
}

MT_CASE(make_memory_entry, snapshot_mapped_twice_is_two_copies,
    "entry-vm-copy-twice", VM_MEMORY_ENTRY_C "mach_make_memory_entry_copy()",
    "Each mapping of a MAP_MEM_VM_COPY entry is a copy of its own.")
{
	mach_vm_address_t a = mt_hole(4), b = mt_hole(4);
	memory_object_size_t size = 4 * mt_page;
	mach_port_name_t entry;

	MT_CHECK(make(vm, self, &size, four_pages(), RW | MAP_MEM_VM_COPY,
		     &entry, MACH_PORT_NULL),
	    KERN_SUCCESS);
	MT_REQUIRE(map_at(stage, self, a, size, 0, entry, 0, TRUE, RW, RW),
	    KERN_SUCCESS);
	MT_CHECK_REGION(a, .share_mode = SM_COW, .ref_count = 3);
	TOUCH(a, 0x71);
	MT_REQUIRE(map_at(stage, self, b, size, 0, entry, 0, TRUE, RW, RW),
	    KERN_SUCCESS);
	MT_CHECK_BYTE(b, 1);
	MT_CHECK_BYTE(b + 3 * mt_page, 4);
}

MT_CASE(make_memory_entry, snapshot_and_share_refuse_a_hole,
    "entry-hole-later-kinds", VM_MAP_C "vm_map_copy_extract()",
    "MAP_MEM_VM_COPY and MAP_MEM_VM_SHARE refuse a range with a hole.")
{
	mach_vm_address_t pages = four_pages();

	PUNCH(pages + 2 * mt_page, 1);
	MT_CHECK(try_make(vm, self, 4 * mt_page, pages, RW | MAP_MEM_VM_SHARE,
		     MACH_PORT_NULL),
	    KERN_INVALID_ADDRESS);
	MT_CHECK(try_make(vm, self, 4 * mt_page, pages, RW | MAP_MEM_VM_COPY,
		     MACH_PORT_NULL),
	    KERN_INVALID_ADDRESS);
	MT_CHECK_BYTE(pages + mt_page, 2);
}

MT_CASE(make_memory_entry, child_can_be_a_parent, "entry-child-of-child",
    VM_MEMORY_ENTRY_C "mach_make_memory_entry_from_parent_entry()",
    "mach_make_memory_entry_64() with a child as the parent makes an entry "
    "of a part of that part.",
    .needs = "native")
{
	mach_vm_address_t pages = four_pages(), hole = mt_hole(1);
	mach_port_name_t parent = entry_for(self, 4 * mt_page, pages, RW,
			     MACH_PORT_NULL),
			 child, entry;
	memory_object_size_t size = 2 * mt_page;

	MT_CHECK(make(vm, self, &size, mt_page, RW, &child, parent),
	    KERN_SUCCESS);
	size = mt_page;
	MT_CHECK(make(vm, self, &size, mt_page, RW, &entry, child),
	    KERN_SUCCESS);
	MT_REQUIRE(map_at(stage, self, hole, size, 0, entry, 0, FALSE, RW, RW),
	    KERN_SUCCESS);
	MT_CHECK_BYTE(hole, 3);
}

MT_CASE(make_memory_entry, parent_name_without_a_right_cannot_be_sent,
    "entry-parent-no-right", IPC_KMSG_C "ipc_kmsg_copyin_port_descriptor()",
    "mach_make_memory_entry_64() with a parent name that denotes no right "
    "fails in sending.")
{
	MT_CHECK(try_make(vm, self, mt_page, four_pages(), RW, 0x00fade03),
	    MACH_SEND_INVALID_RIGHT);
}

MT_CASE(make_memory_entry, reused_parent_is_returned, "entry-reuse",
    VM_MEMORY_ENTRY_C "mach_make_memory_entry_share()",
    "MAP_MEM_NAMED_REUSE for the memory that the parent denotes returns the "
    "parent.")
{
	mach_vm_address_t pages = four_pages();
	mach_port_name_t parent = entry_for(self, 4 * mt_page, pages, RW,
			     MACH_PORT_NULL),
			 entry;
	memory_object_size_t size = 4 * mt_page;

	MT_CHECK(make(vm, self, &size, pages, RW | MAP_MEM_NAMED_REUSE, &entry,
		     parent),
	    KERN_SUCCESS);
	MT_CHECK_TRUE(entry == parent);
	MT_CHECK_REGION(pages, .ref_count = 2);

	size = 2 * mt_page;
	MT_CHECK(make(vm, self, &size, pages, RW | MAP_MEM_NAMED_REUSE, &entry,
		     parent),
	    KERN_SUCCESS);
	MT_CHECK_TRUE(entry != parent);
}

MT_CASE(make_memory_entry, reuse_needs_the_start_of_the_object,
    "entry-reuse-offset", VM_MEMORY_ENTRY_C "mach_make_memory_entry_share()",
    "MAP_MEM_NAMED_REUSE does not return a parent whose memory begins at "
    "another offset of its VM object: until macOS 10.15 the offsets were "
    "compared, since macOS 11 the parent's must be 0.")
{
	mach_vm_address_t pages = four_pages();
	mach_port_name_t parent = entry_for(self, 2 * mt_page,
			     pages + 2 * mt_page, RW, MACH_PORT_NULL),
			 entry;
	memory_object_size_t size = 2 * mt_page;

	MT_CHECK(make(vm, self, &size, pages + 2 * mt_page,
		     RW | MAP_MEM_NAMED_REUSE, &entry, parent),
	    KERN_SUCCESS);
	MT_CHECK_NUMBER(entry == parent, FALSE, MT_UNTIL(10.15, TRUE));
	MT_CHECK_NUMBER(size, 2 * mt_page);
	MT_REQUIRE(map_at(stage, self, mt_hole(2), size, 0, entry, 0, FALSE, RW,
		       RW),
	    KERN_SUCCESS);
}

MT_CASE(make_memory_entry, reuse_needs_equal_rights_in_old_releases,
    "entry-reuse-rights", VM_MEMORY_ENTRY_C "mach_make_memory_entry_share()",
    "MAP_MEM_NAMED_REUSE compared the parent's rights until macOS 10.15; "
    "since macOS 11 it does not.")
{
	mach_vm_address_t pages = four_pages();
	mach_port_name_t parent = entry_for(self, 4 * mt_page, pages, RW,
			     MACH_PORT_NULL),
			 entry;
	memory_object_size_t size = 4 * mt_page;

	MT_CHECK(make(vm, self, &size, pages, RO | MAP_MEM_NAMED_REUSE, &entry,
		     parent),
	    KERN_SUCCESS);
	MT_CHECK_NUMBER(entry == parent, TRUE, MT_UNTIL(10.15, FALSE));
}

/* What the parent and the request denote, in pages. */
struct part {
	unsigned at, count;
};

MT_CASE(make_memory_entry, reuse_is_for_the_very_same_memory,
    "entry-reuse-parts", VM_MEMORY_ENTRY_C "mach_make_memory_entry_share()",
    "MAP_MEM_NAMED_REUSE returns no parent that begins at another page of the "
    "VM object or has another size: the new entry denotes the pages asked "
    "for.")
{
	static const struct part parts[] = { { 0, 1 }, { 0, 2 }, { 1, 1 },
		{ 1, 2 }, { 3, 1 } };
	const unsigned n = sizeof(parts) / sizeof(parts[0]);
	mach_vm_address_t pages = four_pages(), hole = mt_hole(2);
	/* Since 11 the parent's memory must begin with the VM object. */
	const bool any = MT_VALUE(FALSE, MT_UNTIL(10.15, TRUE));

	for (unsigned i = 0; i < n * n; i++) {
		struct part asked = parts[i % n], of = parts[i / n];
		mach_port_name_t parent = entry_for(self, of.count * mt_page,
				     pages + of.at * mt_page, RW,
				     MACH_PORT_NULL),
				 entry;
		memory_object_size_t size = asked.count * mt_page;

		MT_CHECK(make(vm, self, &size, pages + asked.at * mt_page,
			     RW | MAP_MEM_NAMED_REUSE, &entry, parent),
		    KERN_SUCCESS);
		MT_CHECK_NUMBER(entry == parent,
		    of.at == asked.at && of.count == asked.count &&
			(asked.at == 0 || any));
		MT_CHECK_NUMBER(size, asked.count * mt_page);
		MT_REQUIRE(map_at(stage, self, hole, size, VM_FLAGS_OVERWRITE,
			       entry, 0, FALSE, RW, RW),
		    KERN_SUCCESS);
		MT_CHECK_BYTE(hole, (uint8_t)(1 + asked.at));
		MT_CHECK_BYTE(hole + (asked.count - 1) * mt_page,
		    (uint8_t)(asked.at + asked.count));
		MT_REQUIRE(mt_trap_port_deallocate(self, entry), KERN_SUCCESS);
		MT_REQUIRE(mt_trap_port_deallocate(self, parent), KERN_SUCCESS);
	}
}

MT_CASE(make_memory_entry, reuse_is_not_for_other_memory, "entry-reuse-other",
    VM_MEMORY_ENTRY_C "mach_make_memory_entry_share()",
    "MAP_MEM_NAMED_REUSE returns no parent for memory of another VM object.")
{
	mach_port_name_t parent = entry_for(self, mt_page, four_pages(), RW,
			     MACH_PORT_NULL),
			 entry;
	mach_vm_address_t other = mt_pages(1), hole = mt_hole(1);
	memory_object_size_t size = mt_page;

	TOUCH(other, 0x71);
	MT_CHECK(make(vm, self, &size, other, RW | MAP_MEM_NAMED_REUSE, &entry,
		     parent),
	    KERN_SUCCESS);
	MT_CHECK_TRUE(entry != parent);
	MT_REQUIRE(map_at(stage, self, hole, size, 0, entry, 0, FALSE, RW, RW),
	    KERN_SUCCESS);
	MT_CHECK_BYTE(hole, 0x71);
}

MT_CASE(make_memory_entry, region_of_fewer_rights_follows,
    "entry-plain-next-maximum", VM_USER_C "mach_make_memory_entry_64()",
    "An entry of VM_PROT_IS_MASK for two regions of one VM object ends with "
    "the first; until macOS 10.15 it went on with the rights that both have. "
    "Where the rights are required it ends before the region that lacks one.")
{
	mach_vm_address_t pages = four_pages(), hole = mt_hole(1);
	memory_object_size_t size = 4 * mt_page;
	mach_port_name_t entry;

	MT_REQUIRE(stage->protect(self, pages + 2 * mt_page, 2 * mt_page, TRUE,
		       VM_PROT_READ),
	    KERN_SUCCESS);
	MT_CHECK(make(vm, self, &size, pages, RW | VM_PROT_IS_MASK, &entry,
		     MACH_PORT_NULL),
	    KERN_SUCCESS);
	MT_CHECK_NUMBER(size,
	    MT_VALUE(2 * mt_page, MT_UNTIL(10.15, 4 * mt_page)));
	MT_CHECK(map_at(stage, self, hole, mt_page, 0, entry, mt_page, FALSE,
		     RO, RO),
	    KERN_SUCCESS);
	MT_CHECK_BYTE(hole, 2);
	MT_CHECK(map_at(stage, self, hole, mt_page, VM_FLAGS_OVERWRITE, entry,
		     0, FALSE, RW, RW),
	    KERN_SUCCESS, MT_UNTIL(10.15, KERN_INVALID_RIGHT));

	size = 4 * mt_page;
	MT_CHECK(make(vm, self, &size, pages, RW, &entry, MACH_PORT_NULL),
	    KERN_SUCCESS);
	MT_CHECK_NUMBER(size, 2 * mt_page);
	MT_CHECK(map_at(stage, self, hole, mt_page, VM_FLAGS_OVERWRITE, entry,
		     mt_page, FALSE, RW, RW),
	    KERN_SUCCESS);
	MT_CHECK_BYTE(hole, 2);
}

MT_CASE(make_memory_entry, reuse_is_for_the_same_data, "entry-reuse-data",
    VM_MEMORY_ENTRY_C "mach_make_memory_entry_share()",
    "MAP_MEM_NAMED_REUSE with MAP_MEM_USE_DATA_ADDR returns no parent whose "
    "data begins at another byte of the page.")
{
	static const unsigned starts[] = { 0, 64, 128 };
	mach_vm_address_t pages = four_pages();

	for (unsigned i = 0; i < 9; i++) {
		unsigned of = starts[i / 3], asked = starts[i % 3];
		mach_port_name_t parent = entry_for(self, 100, pages + of,
				     RW | MAP_MEM_USE_DATA_ADDR,
				     MACH_PORT_NULL),
				 entry;
		memory_object_size_t size = 100;

		MT_CHECK(make(vm, self, &size, pages + asked,
			     RW | MAP_MEM_USE_DATA_ADDR | MAP_MEM_NAMED_REUSE,
			     &entry, parent),
		    KERN_SUCCESS);
		MT_CHECK_NUMBER(entry == parent, of == asked);
		MT_CHECK_NUMBER(size, mt_page - asked);
	}
}

/* The page at `at` of an entry for n pages, mapped. */
static void
check_mapped(mach_port_name_t self, mach_port_name_t entry, unsigned at,
    uint8_t byte)
{
	mach_vm_address_t hole = mt_hole(1);

	MT_REQUIRE(map_at(stage, self, hole, mt_page, 0, entry, at * mt_page,
		       FALSE, RO, RO),
	    KERN_SUCCESS);
	MT_CHECK_BYTE(hole, byte);
}

MT_CASE(make_memory_entry, part_of_a_copy_is_shared, "entry-plain-cow-part",
    VM_MEMORY_ENTRY_C "mach_make_memory_entry_share()",
    "An entry for some pages of copy-on-write memory, whole or of "
    "three regions, denotes those pages as that memory shows them.")
{
	for (unsigned i = 0; i < 16; i++) {
		mach_vm_address_t from = four_pages(), pages = mt_pages(4);
		const unsigned at = i / 2 % 4;
		memory_object_size_t size = (4 - at) * mt_page;
		mach_port_name_t entry;
		vm_prot_t current, maximum;

		MT_REQUIRE(stage->remap(self, &pages, 4 * mt_page, 0,
			       VM_FLAGS_FIXED | VM_FLAGS_OVERWRITE, self, from,
			       TRUE, &current, &maximum, VM_INHERIT_COPY),
		    KERN_SUCCESS);
		if (i % 2 != 0)
			MT_REQUIRE(stage->inherit(self, pages + mt_page,
				       mt_page, VM_INHERIT_NONE),
			    KERN_SUCCESS);
		MT_CHECK(make(vm, self, &size, pages + at * mt_page,
			     i < 8 ? RW : RO, &entry, MACH_PORT_NULL),
		    KERN_SUCCESS);
		for (unsigned k = 0; k < size / mt_page; k++)
			check_mapped(self, entry, k, (uint8_t)(1 + at + k));
		for (unsigned k = 0; k < 4; k++) {
			MT_CHECK_BYTE(pages + k * mt_page, (uint8_t)(1 + k));
			TOUCH(pages + k * mt_page, 0x71);
			MT_CHECK_BYTE(from + k * mt_page, (uint8_t)(1 + k));
		}
		check_mapped(self, entry, 0, 0x71);
	}
}

MT_CASE(make_memory_entry, pages_out_of_order_are_not_one_entry,
    "entry-plain-out-of-order", VM_USER_C "mach_make_memory_entry_64()",
    "An entry for two regions of one VM object whose pages do not follow each "
    "other there ends with the first.")
{
	mach_vm_address_t pages = four_pages(), hole = mt_hole(2);
	memory_object_size_t size = 2 * mt_page;
	mach_port_name_t entry;

	for (unsigned i = 0; i < 2; i++) {
		mach_vm_address_t to = hole + i * mt_page;

		REMAP(to, mt_page, VM_FLAGS_FIXED,
		    pages + (2 - 2 * i) * mt_page, FALSE);
	}
	MT_CHECK(make(vm, self, &size, hole, RW, &entry, MACH_PORT_NULL),
	    KERN_SUCCESS);
	MT_CHECK_NUMBER(size, mt_page);
	check_mapped(self, entry, 0, 3);
}

MT_CASE(make_memory_entry, entry_ends_before_a_hole_of_its_object,
    "entry-plain-object-hole", VM_USER_C "mach_make_memory_entry_64()",
    "An entry for two regions that show pages of one VM object in their order, "
    "with a hole between, ends with the first, as does one whose second region "
    "is locked.")
{
	mach_vm_address_t pages = four_pages(), hole = mt_hole(3);
	memory_object_size_t size = 3 * mt_page;
	mach_port_name_t entry;
	int error = 0;

	for (unsigned i = 0; i < 2; i++) {
		mach_vm_address_t to = hole + 2 * i * mt_page;

		REMAP(to, mt_page, VM_FLAGS_FIXED, pages + i * mt_page, FALSE);
	}
	MT_CHECK(make(vm, self, &size, hole, RW, &entry, MACH_PORT_NULL),
	    KERN_SUCCESS);
	MT_CHECK_NUMBER(size, mt_page);

	pages = four_pages();
	MT_REQUIRE_TRUE(
	    stage_bsd->mlock(&error, pages + 2 * mt_page, 2 * mt_page) == 0);
	size = 4 * mt_page;
	MT_CHECK(make(vm, self, &size, pages, RW, &entry, MACH_PORT_NULL),
	    KERN_SUCCESS);
	MT_CHECK_NUMBER(size, 2 * mt_page);
}

MT_CASE(make_memory_entry, half_that_was_not_copied_is_shared_alone,
    "entry-plain-half-copied", VM_USER_C "mach_make_memory_entry_64()",
    "An entry with VM_PROT_READ for memory whose upper half was copied ends "
    "before that half and shows later stores to the lower one, which gets a VM "
    "object of its own; the upper half stays copy-on-write.")
{
	mach_vm_address_t pages = mt_pages(2 * LARGE_PAGES);
	mach_vm_address_t to = mt_pages(LARGE_PAGES), hole = mt_hole(1);
	memory_object_size_t size = 2 * LARGE;
	mach_port_name_t entry;

	NUMBER_PAGES(pages, 2 * LARGE_PAGES, 1);
	MT_REQUIRE(stage->copy(self, pages + LARGE, LARGE, to), KERN_SUCCESS);
	MT_CHECK(make(vm, self, &size, pages, RO, &entry, MACH_PORT_NULL),
	    KERN_SUCCESS);
	MT_CHECK_NUMBER(size, LARGE);
	MT_REQUIRE(map_at(stage, self, hole, mt_page, 0, entry, mt_page, FALSE,
		       RO, RO),
	    KERN_SUCCESS);
	TOUCH(pages + mt_page, 0x72);
	MT_CHECK_BYTE(hole, 0x72);
	MT_CHECK_REGION(pages + LARGE, .share_mode = SM_COW);
	TOUCH(pages + LARGE, 0x73);
	MT_CHECK_BYTE(to, (uint8_t)(1 + LARGE_PAGES));
}

MT_CASE(make_memory_entry, entry_of_a_part_leaves_the_rest_unshared,
    "entry-plain-part-rest", VM_USER_C "mach_make_memory_entry_64()",
    "An entry for a region that shows a part of its VM object makes that part "
    "SM_TRUESHARED in an object of its own and leaves the regions beside it "
    "as they are.")
{
	static const unsigned parts[] = { 0, 2, 3 };
	memory_object_size_t size = mt_page;
	mach_vm_address_t pages, part;
	mach_port_name_t entry;

	for (unsigned k = 0; k < 3; k++) {
		pages = four_pages();
		part = pages + parts[k] * mt_page;
		MT_REQUIRE(stage->inherit(self, part, mt_page, VM_INHERIT_NONE),
		    KERN_SUCCESS);
		MT_CHECK(make(vm, self, &size, part, RW, &entry,
			     MACH_PORT_NULL),
		    KERN_SUCCESS);
		for (unsigned i = 0; i < 4; i++)
			MT_CHECK_REGION(pages + i * mt_page,
			    .shadow_depth = i == parts[k]);
		TOUCH(part, 0x71);
		check_mapped(self, entry, 0, 0x71);
	}
}

MT_CASE(make_memory_entry, entry_without_a_right_releases_the_memory,
    "entry-lifetime", VM_MEMORY_ENTRY_C "mach_make_memory_entry_share()",
    "Deallocating the last right to a memory entry drops its reference to "
    "the VM object.")
{
	mach_vm_address_t pages = four_pages();
	memory_object_size_t size = 4 * mt_page;
	mach_port_name_t entry;

	MT_CHECK(make(vm, self, &size, pages, RW, &entry, MACH_PORT_NULL),
	    KERN_SUCCESS);
	MT_CHECK_REGION(pages, .ref_count = 2);
	MT_CHECK(mt_trap_port_deallocate(self, entry), KERN_SUCCESS);
	MT_CHECK_REGION(pages, .ref_count = 1);
	MT_CHECK(map_at(stage, self, mt_hole(1), mt_page, 0, entry, 0, FALSE,
		     RW, RW),
	    MACH_SEND_INVALID_RIGHT);
	MT_CHECK_BYTE(pages + 3 * mt_page, 4);
}

MT_CASE(make_memory_entry, regions_of_one_object_are_one_entry,
    "entry-continues", VM_MEMORY_ENTRY_C "mach_make_memory_entry_share()",
    "An entry of existing memory ends with its first region, though the next "
    "one shows the same VM object; until macOS 10.15 it went on over such "
    "regions.")
{
	mach_vm_address_t pages = four_pages(), hole = mt_hole(4);
	memory_object_size_t size = 4 * mt_page;
	mach_port_name_t entry;
	unsigned n;

	MT_REQUIRE(stage->inherit(self, pages + 2 * mt_page, 2 * mt_page,
		       VM_INHERIT_NONE),
	    KERN_SUCCESS);
	MT_CHECK(make(vm, self, &size, pages, RW, &entry, MACH_PORT_NULL),
	    KERN_SUCCESS);
	MT_CHECK_NUMBER(size / mt_page, 2, MT_UNTIL(10.15, 4));
	n = (unsigned)(size / mt_page);
	MT_REQUIRE(map_at(stage, self, hole, size, 0, entry, 0, FALSE, RW, RW),
	    KERN_SUCCESS);
	TOUCH(pages + (n - 1) * mt_page, 0x71);
	MT_CHECK_BYTE(hole + (n - 1) * mt_page, 0x71);
}

MT_CASE(make_memory_entry, copied_regions_of_one_object_are_one_entry,
    "entry-continues-copied", VM_USER_C "mach_make_memory_entry_64()",
    "An entry of memory that was copied shows the stores that its task makes "
    "later, until macOS 10.15 also those to a region behind the first one with "
    "the same VM object; the copy keeps what it was given.")
{
	mach_vm_address_t pages = mt_pages(LARGE_PAGES), alias = 0;
	mach_vm_address_t copy = mt_pages(LARGE_PAGES);
	memory_object_size_t size = LARGE;
	mach_port_name_t entry;
	mach_vm_size_t last;

	NUMBER_PAGES(pages, LARGE_PAGES, 1);
	MT_REQUIRE(stage->copy(self, pages, LARGE, copy), KERN_SUCCESS);
	MT_REQUIRE(stage->inherit(self, pages + LARGE / 2, LARGE / 2,
		       VM_INHERIT_NONE),
	    KERN_SUCCESS);
	MT_CHECK(make(vm, self, &size, pages, RO, &entry, MACH_PORT_NULL),
	    KERN_SUCCESS);
	MT_CHECK_NUMBER(size, LARGE / 2, MT_UNTIL(10.15, LARGE));
	MT_REQUIRE(stage->map(self, &alias, size, 0, VM_FLAGS_ANYWHERE, entry,
		       0, FALSE, RO, RO, VM_INHERIT_COPY),
	    KERN_SUCCESS);
	for (last = 0; last < size; last += mt_page) {
		TOUCH(pages + last, 0x71);
		MT_CHECK_BYTE(alias + last, 0x71);
		MT_CHECK_BYTE(copy + last, (uint8_t)(1 + last / mt_page));
	}
}

MT_CASE(make_memory_entry, entry_of_a_locked_part_leaves_its_object,
    "entry-plain-locked-part", VM_USER_C "mach_make_memory_entry_64()",
    "An entry for a locked region that shows a part of its VM object is one for "
    "that object: nothing comes in front of it.")
{
	mach_vm_address_t pages = four_pages(), part = pages + mt_page;
	memory_object_size_t size = mt_page;
	mach_port_name_t entry;
	struct mt_region before;
	int error = 0;

	MT_REQUIRE(stage->inherit(self, part, mt_page, VM_INHERIT_NONE),
	    KERN_SUCCESS);
	MT_REQUIRE(stage_bsd->mlock(&error, part, mt_page), 0);
	MT_REQUIRE_TRUE(mt_region_at(part, &before));
	MT_CHECK(make(vm, self, &size, part, RW, &entry, MACH_PORT_NULL),
	    KERN_SUCCESS);
	MT_CHECK_REGION(part, .shadow_depth = before.shadow_depth);
	TOUCH(part, 0x71);
	check_mapped(self, entry, 0, 0x71);
	MT_REQUIRE(stage_bsd->munlock(&error, part, mt_page), 0);
}

/* A heap of malloc's before it had others: its object, whole. */
static void
check_heap(const struct mt_route *vm, mach_port_name_t self,
    mach_vm_size_t size, int tag)
{
	mach_vm_address_t heap = mt_hole((unsigned)(size / mt_page));
	memory_object_size_t part = mt_page;
	mach_port_name_t entry;

	MT_REQUIRE(allocate_at(stage, self, heap, size, TAG(tag)),
	    KERN_SUCCESS);
	NUMBER_PAGES(heap, 3, 1);
	MT_CHECK(make(vm, self, &part, heap + mt_page, RW, &entry,
		     MACH_PORT_NULL),
	    KERN_SUCCESS);
	MT_CHECK_REGION(heap, .size = (int64_t)mt_page, .shadow_depth = 0);
	MT_CHECK_REGION(heap + mt_page, .size = (int64_t)mt_page,
	    .share_mode = SM_COW, .shadow_depth = 1);
	TOUCH(heap + mt_page, 0x71);
	check_mapped(self, entry, 0, 0x71);
	MT_CHECK_BYTE(heap + 2 * mt_page, 3);
	/* and no further than its region */
	MT_REQUIRE(stage->inherit(self, heap + 4 * mt_page, mt_page,
		       VM_INHERIT_NONE),
	    KERN_SUCCESS);
	part = 2 * mt_page;
	MT_CHECK(make(vm, self, &part, heap + 3 * mt_page, RW, &entry,
		     MACH_PORT_NULL),
	    KERN_SUCCESS);
	MT_CHECK_NUMBER(part, mt_page);
}

MT_CASE(make_memory_entry, part_of_a_heap_is_shared_alone, "entry-plain-heap",
    XNU "osfmk/vm/vm_map.c, vm_map_entry_should_cow_for_true_share()",
    "Until macOS 10.15 an entry for a page of a region of VM_MEMORY_MALLOC of "
    "128 MiB, or of VM_MEMORY_MALLOC_SMALL of 8 MiB, splits the region: the "
    "page gets a VM object of its own, the rest stays as it is.",
    .until = "10.15")
{
	check_heap(vm, self, CHUNK, VM_MEMORY_MALLOC);
	check_heap(vm, self, 8 * MIB, VM_MEMORY_MALLOC_SMALL);
}
