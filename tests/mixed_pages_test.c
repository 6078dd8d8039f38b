/*
 * Pages of 4 KiB on a kernel of 16 KiB, as processes for x86_64 have them on
 * arm64: what the kernel does to a part of its page.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "entries.h"
#include "queries.h"

/* Four pages with contents, in one page of the kernel's. */
static mach_vm_address_t
kernel_page(mach_port_name_t self)
{
	mach_vm_address_t hole = mt_hole_aligned(4, 16 * KIB);

	MT_REQUIRE(allocate_at(stage, self, hole, 4 * mt_page, PLAIN),
	    KERN_SUCCESS);
	TOUCH_PAGES(hole, 4, 0x61);
	return hole;
}

MT_CASE(behavior_set, reusable_has_no_effect, "behavior-reusable-rosetta",
    VM_MAP_C "vm_map_reusable_pages()",
    "Where the kernel's pages are larger than the process's, "
    "VM_BEHAVIOR_REUSABLE and VM_BEHAVIOR_REUSE succeed without effect.",
    .needs = "translated")
{
	mach_vm_address_t pages = kernel_page(self);
	struct mt_region before;

	MT_REQUIRE_TRUE(mt_region_at(pages, &before));
	MT_CHECK(vm->behavior_set(self, pages, mt_page, VM_BEHAVIOR_REUSABLE),
	    KERN_SUCCESS);
	MT_CHECK_REGION(pages, .pages_dirtied = before.pages_dirtied,
	    .pages_resident = before.pages_resident);
	MT_CHECK_BYTE(pages, 0x61);
	MT_CHECK(vm->behavior_set(self, pages, mt_page, VM_BEHAVIOR_REUSE),
	    KERN_SUCCESS);
	/* not even the range is looked at */
	MT_CHECK(vm->behavior_set(self, mt_hole(1), mt_page,
		     VM_BEHAVIOR_REUSABLE),
	    KERN_SUCCESS);
}

MT_CASE(behavior_set, can_reuse_looks_at_whole_pages_of_the_kernel,
    "behavior-can-reuse-rosetta", VM_USER_C "mach_vm_behavior_set()",
    "VM_BEHAVIOR_CAN_REUSE rounds its range to the kernel's pages, which are "
    "larger than the process's: a hole beside the range is "
    "KERN_INVALID_ADDRESS.",
    .needs = "translated")
{
	mach_vm_address_t pages = kernel_page(self);

	MT_CHECK(vm->behavior_set(self, pages + mt_page, mt_page,
		     VM_BEHAVIOR_CAN_REUSE),
	    KERN_SUCCESS);
	MT_REQUIRE(stage->deallocate(self, pages + 3 * mt_page, mt_page),
	    KERN_SUCCESS);
	MT_CHECK(vm->behavior_set(self, pages + mt_page, mt_page,
		     VM_BEHAVIOR_CAN_REUSE),
	    KERN_INVALID_ADDRESS);
}

MT_CASE(behavior_set, zero_has_no_access, "behavior-zero-rosetta",
    VM_MAP_C "vm_map_zero()",
    "Where the kernel's pages are larger than the process's, "
    "VM_BEHAVIOR_ZERO is KERN_NO_ACCESS.",
    .needs = "translated", .since = "14.4")
{
	mach_vm_address_t pages = kernel_page(self);

	MT_CHECK(vm->behavior_set(self, pages, 4 * mt_page, VM_BEHAVIOR_ZERO),
	    KERN_NO_ACCESS);
	MT_CHECK_BYTE(pages, 0x61);
}

MT_CASE(madvise, zero_is_not_supported, "madvise-zero-rosetta",
    VM_MAP_C "vm_map_zero()",
    "Where the kernel's pages are larger than the process's, MADV_ZERO is "
    "ENOTSUP.",
    .needs = "translated", .since = "14.4")
{
	mach_vm_address_t pages = kernel_page(self);
	int error = 0;

	MT_CHECK_ERRNO(vm->madvise(&error, pages, 4 * mt_page, MADV_ZERO),
	    error, DARWIN_ENOTSUP);
	MT_CHECK_BYTE(pages, 0x61);
}

MT_CASE(behavior_set, free_leaves_a_part_of_a_kernel_page,
    "behavior-free-partial-page", VM_MAP_C "vm_map_msync()",
    "Where the kernel's pages are larger than the process's, "
    "VM_BEHAVIOR_FREE discards whole pages of the kernel only.",
    .needs = "translated")
{
	mach_vm_address_t pages = kernel_page(self);
	struct mt_region before;

	MT_REQUIRE_TRUE(mt_region_at(pages, &before));
	MT_CHECK(vm->behavior_set(self, pages + mt_page, mt_page,
		     VM_BEHAVIOR_FREE),
	    KERN_SUCCESS);
	MT_CHECK_REGION(pages, .pages_dirtied = before.pages_dirtied);
	for (unsigned i = 0; i < 4; i++)
		MT_CHECK_BYTE(pages + i * mt_page, 0x61);
}

MT_CASE(behavior_set, free_takes_the_whole_kernel_pages,
    "behavior-free-partial-edges", VM_MAP_C "vm_map_msync()",
    "Where the kernel's pages are larger than the process's, VM_BEHAVIOR_FREE "
    "of a range leaves the kernel's pages at both ends dirty of which it has a "
    "part only, and those that it has whole are clean.",
    .needs = "translated")
{
	const unsigned n = (unsigned)(mt_system()->kernel_page / mt_page);
	mach_vm_address_t pages = mt_hole_aligned(3 * n,
	    mt_system()->kernel_page);

	MT_REQUIRE(allocate_at(stage, self, pages, 3 * n * mt_page, PLAIN),
	    KERN_SUCCESS);
	TOUCH_PAGES(pages, 3 * n, 0x61);
	MT_CHECK(vm->behavior_set(self, pages + mt_page, (3 * n - 2) * mt_page,
		     VM_BEHAVIOR_FREE),
	    KERN_SUCCESS);
	for (unsigned i = 0; i < 3 * n; i++)
		MT_CHECK_NUMBER(page_is(self, pages + i * mt_page,
				    VM_PAGE_QUERY_PAGE_DIRTY),
		    i / n == 1 ? 0 : VM_PAGE_QUERY_PAGE_DIRTY);
	MT_CHECK_BYTE(pages, 0x61);
	MT_CHECK_BYTE(pages + (3 * n - 1) * mt_page, 0x61);
}

MT_CASE(msync, deactivating_leaves_a_part_of_a_kernel_page,
    "msync-deactivate-rosetta", VM_MAP_C "vm_map_msync()",
    "Where the kernel's pages are larger than the process's, mach_vm_msync() "
    "with VM_SYNC_DEACTIVATE takes the reference of whole pages of the kernel "
    "only.",
    .needs = "translated")
{
	mach_vm_address_t pages = kernel_page(self);

	MT_CHECK(vm->msync(self, pages + mt_page, 3 * mt_page,
		     VM_SYNC_DEACTIVATE),
	    KERN_SUCCESS);
	for (unsigned i = 0; i < 4; i++)
		MT_CHECK_TRUE(
		    page_is(self, pages + i * mt_page, VM_PAGE_QUERY_PAGE_REF));
	MT_CHECK(vm->msync(self, pages, 4 * mt_page, VM_SYNC_DEACTIVATE),
	    KERN_SUCCESS);
	for (unsigned i = 0; i < 4; i++)
		MT_CHECK_TRUE(!page_is(self, pages + i * mt_page,
		    VM_PAGE_QUERY_PAGE_REF));
}

MT_CASE(make_memory_entry, child_begins_at_a_page_of_the_process,
    "entry-child-offset-trunc",
    VM_MEMORY_ENTRY_C "mach_make_memory_entry_from_parent_entry_sanitize()",
    "Where the kernel's pages are larger than the process's, a child's "
    "offset is truncated to the process's page and its end rounded up to "
    "the kernel's.",
    .needs = "translated")
{
	mach_port_name_t parent = entry_for(self, 8 * mt_page, 0,
	    RW | MAP_MEM_NAMED_CREATE, MACH_PORT_NULL);
	memory_object_size_t size = mt_page;
	mach_port_name_t child;

	MT_CHECK(make(vm, self, &size, mt_page + 0x123, RW, &child, parent),
	    KERN_SUCCESS);
	MT_CHECK_NUMBER(size, 3 * mt_page);
}

MT_CASE(make_memory_entry, child_with_a_data_address_begins_at_a_kernel_page,
    "entry-child-data-trunc",
    VM_MEMORY_ENTRY_C "mach_make_memory_entry_from_parent_entry_sanitize()",
    "Where the kernel's pages are larger than the process's, the start of a "
    "child with MAP_MEM_USE_DATA_ADDR or MAP_MEM_4K_DATA_ADDR is truncated to "
    "the kernel's page: a mapping shows that page's first byte.",
    .needs = "translated")
{
	static const vm_prot_t kinds[] = { MAP_MEM_USE_DATA_ADDR,
		MAP_MEM_4K_DATA_ADDR };
	mach_vm_address_t all = mt_hole_aligned(8, 16 * KIB), at = mt_hole(4);
	mach_port_name_t parent = entry_for(self, 32 * KIB, 0,
	    RW | MAP_MEM_NAMED_CREATE, MACH_PORT_NULL);
	memory_object_size_t size;
	mach_port_name_t child;

	MT_REQUIRE(map_at(stage, self, all, 32 * KIB, 0, parent, 0, FALSE, RW,
		       RW),
	    KERN_SUCCESS);
	NUMBER_PAGES(all, 8, 1);
	for (unsigned i = 0; i < 2; i++) {
		size = mt_page;
		MT_CHECK(make(vm, self, &size, 3 * mt_page, RW | kinds[i],
			     &child, parent),
		    KERN_SUCCESS);
		MT_CHECK_NUMBER(size, mt_page);
		MT_CHECK(map_at(stage, self, at, mt_page, VM_FLAGS_OVERWRITE,
			     child, 0, FALSE, RW, RW),
		    KERN_SUCCESS);
		MT_CHECK_BYTE(at, 1);
		size = 2 * mt_page;
		MT_CHECK(make(vm, self, &size, 4 * mt_page + 0x123,
			     RW | kinds[i], &child, parent),
		    KERN_SUCCESS);
		MT_REQUIRE(map_at(stage, self, at, mt_page, VM_FLAGS_OVERWRITE,
			       child, 0, FALSE, RW, RW),
		    KERN_SUCCESS);
		MT_CHECK_BYTE(at, 5);
	}
}

MT_CASE(make_memory_entry, limit_of_a_child_counts_kernel_pages,
    "entry-child-limit-rosetta",
    VM_MEMORY_ENTRY_C "mach_make_memory_entry_from_parent_entry_sanitize()",
    "Where the kernel's pages are larger than the process's, a child may end "
    "where its parent's last kernel page ends; until macOS 14 its unaligned "
    "offset was added to the rounded size.",
    .needs = "translated")
{
	mach_port_name_t parent = entry_for(self, 32 * KIB, 0,
	    RW | MAP_MEM_NAMED_CREATE, MACH_PORT_NULL);

	MT_CHECK(try_make(vm, self, mt_page, 5 * mt_page, RW, parent),
	    KERN_SUCCESS);
	MT_CHECK(try_make(vm, self, mt_page, 5 * mt_page + 0x123, RW, parent),
	    KERN_SUCCESS, MT_UNTIL(14, KERN_INVALID_ARGUMENT));
	MT_CHECK(try_make(vm, self, mt_page, 7 * mt_page + 0x123, RW, parent),
	    KERN_INVALID_ARGUMENT);
}
