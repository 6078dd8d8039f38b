/*
 * Memory entries that end within a page, mapped to their end, and the tag
 * that a mapping has.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "entries.h"

MT_CASE(make_memory_entry, last_byte_has_a_page, "entry-ends-in-page",
    VM_MEMORY_ENTRY_C "mach_make_memory_entry_share()",
    "An entry of two pages and one byte has three pages, and all of them "
    "can be mapped; a page more is KERN_INVALID_ARGUMENT.",
    .needs = "native")
{
	static const vm_prot_t kinds[] = { 0, MAP_MEM_VM_SHARE,
		MAP_MEM_NAMED_CREATE };

	for (unsigned i = 0; i < 3; i++) {
		mach_vm_address_t hole = mt_hole(4);
		memory_object_size_t size = 2 * mt_page + 1;
		mach_port_name_t entry;

		MT_CHECK(make(vm, self, &size,
			     kinds[i] == MAP_MEM_NAMED_CREATE ? 0 :
								four_pages(),
			     RW | kinds[i], &entry, MACH_PORT_NULL),
		    KERN_SUCCESS);
		MT_CHECK_NUMBER(size, 3 * mt_page);
		MT_CHECK(map_at(stage, self, hole, 4 * mt_page, 0, entry, 0,
			     FALSE, RW, RW),
		    KERN_INVALID_ARGUMENT);
		MT_CHECK(map_at(stage, self, hole, size, 0, entry, 0, FALSE, RW,
			     RW),
		    KERN_SUCCESS);
		MT_CHECK_WRITABLE(hole + 3 * mt_page - 1);
		MT_CHECK_HOLE(hole + 3 * mt_page);
	}
}

MT_CASE(make_memory_entry, data_address_is_not_counted, "entry-ends-data-addr",
    VM_MEMORY_ENTRY_C "vm_memory_entry_get_offset_in_page()",
    "With MAP_MEM_USE_DATA_ADDR the size that comes back is that of the "
    "pages less the offset of the data in the first.",
    .needs = "native")
{
	static const vm_prot_t kinds[] = { 0, MAP_MEM_VM_SHARE,
		MAP_MEM_VM_COPY };
	static const unsigned offsets[] = { 0, 1, 5, 0x123 };

	for (unsigned i = 0; i < 3; i++)
		for (unsigned j = 0; j < 4; j++) {
			memory_object_size_t size = 2 * mt_page + 1;
			mach_port_name_t entry;

			MT_CHECK(make(vm, self, &size,
				     four_pages() + offsets[j],
				     RW | kinds[i] | MAP_MEM_USE_DATA_ADDR,
				     &entry, MACH_PORT_NULL),
			    KERN_SUCCESS);
			MT_CHECK_NUMBER(size, 3 * mt_page - offsets[j]);
		}
}

MT_CASE(make_memory_entry, offsets_in_an_entry_have_64_bits, "entry-size-large",
    VM_MEMORY_ENTRY_C "mach_make_memory_entry_mem_only()",
    "mach_make_memory_entry_64() of 6 GiB makes an entry with a page of its "
    "own at 4 GiB and a page, which a part of the entry shows, too; until "
    "macOS 12 an entry ends before.",
    .since = "13")
{
	const mach_vm_size_t far = 4 * GIB + mt_page;
	mach_vm_address_t hole = mt_hole(3), part = hole + 2 * mt_page;
	vm_page_info_basic_data_t info;
	mach_msg_type_number_t count = VM_PAGE_INFO_BASIC_COUNT;
	mach_port_name_t entry = entry_for(self, 6 * GIB, 0,
	    RW | MAP_MEM_NAMED_CREATE, MACH_PORT_NULL);
	memory_object_size_t size = mt_page;
	mach_port_name_t child;

	MT_REQUIRE(map_at(stage, self, hole, mt_page, 0, entry, mt_page, FALSE,
		       RW, RW),
	    KERN_SUCCESS);
	MT_REQUIRE(map_at(stage, self, hole + mt_page, mt_page, 0, entry, far,
		       FALSE, RW, RW),
	    KERN_SUCCESS);
	NUMBER_PAGES(hole, 2, 1);
	MT_CHECK_BYTE(hole, 1);
	MT_CHECK_REGION(hole + mt_page, .offset = (int64_t)far);
	MT_REQUIRE(stage->page_info(self, hole + mt_page, VM_PAGE_INFO_BASIC,
		       (vm_page_info_t)&info, &count),
	    KERN_SUCCESS);
	MT_CHECK_NUMBER(info.offset, far);

	MT_CHECK(make(vm, self, &size, far, RW, &child, entry), KERN_SUCCESS);
	MT_REQUIRE(map_at(stage, self, part, mt_page, 0, child, 0, FALSE, RW,
		       RW),
	    KERN_SUCCESS);
	MT_CHECK_BYTE(part, 2);
}

MT_CASE(map, mapping_of_an_entry_has_the_tag_of_the_call, "map-entry-tag",
    VM_MAP_C "vm_map_enter_mem_object()",
    "A mapped memory entry has the tag of the flags of mach_vm_map(); "
    "without one MAP_MEM_VM_SHARE and MAP_MEM_VM_COPY keep the tag of the "
    "memory that they were made of.",
    .needs = "native")
{
	static const vm_prot_t kinds[] = { 0, MAP_MEM_VM_SHARE, MAP_MEM_VM_COPY,
		MAP_MEM_NAMED_CREATE };
	static const int tags[] = { 0, MT_TAG, MT_TAG, 0 };

	for (unsigned i = 0; i < 4; i++) {
		mach_vm_address_t hole = mt_hole(4);
		mach_port_name_t entry = entry_for(self, 4 * mt_page,
		    kinds[i] == MAP_MEM_NAMED_CREATE ? 0 : four_pages(),
		    RW | kinds[i], MACH_PORT_NULL);

		MT_CHECK(map_at(vm, self, hole, 4 * mt_page, TAG(MT_TAG + 1),
			     entry, 0, kinds[i] == MAP_MEM_VM_COPY, RW, RW),
		    KERN_SUCCESS);
		MT_CHECK_REGION(hole, .user_tag = MT_TAG + 1,
		    .size = (int64_t)(4 * mt_page));
		MT_CHECK(map_at(vm, self, hole, 4 * mt_page, VM_FLAGS_OVERWRITE,
			     entry, 0, kinds[i] == MAP_MEM_VM_COPY, RW, RW),
		    KERN_SUCCESS);
		MT_CHECK_REGION(hole, .user_tag = tags[i]);
	}
}

MT_CASE(make_memory_entry, largest_new_memory_is_known_by_a_page,
    "entry-create-limit-page", XNU "osfmk/mach/vm_param.h, ANON_MAX_SIZE",
    "MAP_MEM_NAMED_CREATE of 2^32 - 1 pages succeeds and of one page more is "
    "KERN_FAILURE; until macOS 12 the limit is 4 GiB less a page.",
    .needs = "native")
{
	const memory_object_size_t most = (memory_object_size_t)
	    MT_VALUE(UINT64_C(0xffffffff) * mt_page,
		MT_UNTIL(12, 4 * GIB - mt_page));

	MT_CHECK(try_make(vm, self, most, 0, RW | MAP_MEM_NAMED_CREATE,
		     MACH_PORT_NULL),
	    KERN_SUCCESS);
	MT_CHECK(try_make(vm, self, most + 1, 0, RW | MAP_MEM_NAMED_CREATE,
		     MACH_PORT_NULL),
	    KERN_FAILURE);
	MT_CHECK(try_make(vm, self, most + mt_page, 0,
		     RW | MAP_MEM_NAMED_CREATE, MACH_PORT_NULL),
	    KERN_FAILURE);
}

MT_CASE(make_memory_entry, region_of_less_access_follows,
    "entry-plain-next-current", VM_USER_C "mach_make_memory_entry_64()",
    "An entry for two regions of one VM object goes on with the second one as "
    "long as its maximum protection allows what is asked for, whatever its "
    "current protection is, until macOS 10.15; since then it has one region.")
{
	mach_vm_address_t pages = four_pages();
	memory_object_size_t size = 4 * mt_page;
	mach_port_name_t entry;

	PROTECT(pages + 2 * mt_page, 2, VM_PROT_READ);
	MT_CHECK(make(vm, self, &size, pages, RW, &entry, MACH_PORT_NULL),
	    KERN_SUCCESS);
	MT_CHECK_NUMBER(size,
	    MT_VALUE(2 * mt_page, MT_UNTIL(10.15, 4 * mt_page)));
}
