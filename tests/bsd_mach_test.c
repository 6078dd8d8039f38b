/*
 * The two families side by side: memory of mmap(2) and of mach_vm_allocate(),
 * and calls of one on memory of the other.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "bsd.h"

/* Map one page with a tag. */
static bool
map_tagged(const struct mt_route *vm, mach_vm_address_t at, mach_vm_size_t size,
    int protection, int tag)
{
	int error = 0;

	return vm->mmap(&error, at, size, protection, PRIVATE_ANON | MAP_FIXED,
		   TAG(tag), 0) == (int64_t)at;
}

/* ---- joining ------------------------------------------------------------- */

MT_CASE(mmap, families_extend_each_other, "coalesce-bsd-mach",
    VM_MAP_C "vm_map_enter()",
    "Memory of mmap(2) extends memory of mach_vm_allocate() with the same "
    "tag, and the other way round.",
    .needs = "native")
{
	mach_vm_address_t pages = mt_hole(4);

	MT_REQUIRE(allocate_at(stage, self, pages, mt_page, TAG(240)),
	    KERN_SUCCESS);
	MT_REQUIRE_TRUE(map_tagged(vm, PAGE(1), mt_page, READ_WRITE, 240));
	MT_REQUIRE(allocate_at(stage, self, PAGE(2), mt_page, TAG(240)),
	    KERN_SUCCESS);
	MT_CHECK_LAYOUT(pages, "aaa.");
}

MT_CASE(mmap, other_tag_stays_apart, "coal-same-for-mmap",
    VM_MAP_C "vm_map_enter()",
    "Memory of mmap(2) with another tag than the memory below is a region of "
    "its own; with VM_MEMORY_REALLOC it extends what is below, whose tag "
    "stays.",
    .needs = "native")
{
	mach_vm_address_t pages = mt_hole(4);

	MT_REQUIRE(allocate_at(stage, self, pages, mt_page, TAG(240)),
	    KERN_SUCCESS);
	MT_REQUIRE_TRUE(map_tagged(vm, PAGE(1), mt_page, READ_WRITE, 241));
	MT_REQUIRE_TRUE(
	    map_tagged(vm, PAGE(2), mt_page, READ_WRITE, VM_MEMORY_REALLOC));
	MT_CHECK_LAYOUT(pages, "abb.");
	MT_CHECK_REGION(PAGE(2), .user_tag = 241);
}

MT_CASE(mmap, other_protection_stays_apart, "coalesce-mmap-prot",
    VM_MAP_C "vm_map_enter()",
    "Memory of mmap(2) with PROT_READ is a region of its own above writable "
    "memory, and extends it once that is read-only.",
    .needs = "native")
{
	mach_vm_address_t pages = mt_hole(5);

	MT_REQUIRE(allocate_at(stage, self, pages, mt_page, TAG(240)),
	    KERN_SUCCESS);
	MT_REQUIRE_TRUE(map_tagged(vm, PAGE(1), mt_page, PROT_READ, 240));
	MT_CHECK_LAYOUT(pages, "ab...");
	DO(munmap, (PAGE(1), mt_page));
	DO(mprotect, (pages, mt_page, PROT_READ));
	MT_REQUIRE_TRUE(map_tagged(vm, PAGE(1), mt_page, PROT_READ, 240));
	MT_CHECK_LAYOUT(pages, "aa...");
}

MT_CASE(mmap, other_maximum_stays_apart, "coalesce-mmap-max",
    VM_MAP_C "vm_map_enter()",
    "Memory of mmap(2), whose maximum is VM_PROT_ALL, is a region of its own "
    "above memory whose maximum was lowered.")
{
	mach_vm_address_t pages = mt_hole(3);

	mapped_at(vm, pages, 1);
	MT_REQUIRE(stage->protect(self, pages, mt_page, TRUE, VM_PROT_DEFAULT),
	    KERN_SUCCESS);
	mapped_at(vm, PAGE(1), 1);
	MT_CHECK_LAYOUT(pages, "ab.");
	MT_CHECK_REGION(pages, .max_protection = VM_PROT_DEFAULT);
	MT_CHECK_REGION(PAGE(1), .max_protection = VM_PROT_ALL);
}

MT_CASE(mmap, other_behavior_stays_apart, "coalesce-madvise",
    VM_MAP_C "vm_map_enter()",
    "Memory of mmap(2) is a region of its own above memory that has "
    "MADV_RANDOM.")
{
	mach_vm_address_t pages = mt_hole(3);

	mapped_at(vm, pages, 1);
	DO(madvise, (pages, mt_page, MADV_RANDOM));
	mapped_at(vm, PAGE(1), 1);
	MT_CHECK_LAYOUT(pages, "ab.");
	MT_CHECK_REGION(PAGE(1), .behavior = VM_BEHAVIOR_DEFAULT);
}

MT_CASE(mmap, touched_memory_is_extended, "coalesce-mmap-touched",
    VM_MAP_C "vm_object_coalesce()",
    "Memory of mmap(2) extends touched memory below; the old keeps its "
    "contents and the new is zero.",
    .needs = "native")
{
	mach_vm_address_t pages = mt_hole(3);

	mapped_at(vm, pages, 1);
	TOUCH(pages, 0x66);
	mapped_at(vm, PAGE(1), 1);
	MT_CHECK_LAYOUT(pages, "aa.");
	MT_CHECK_BYTE(pages, 0x66);
	MT_CHECK_BYTE(PAGE(1), 0);
}

MT_CASE(mmap, regions_of_128_kib_stay_apart, "coalesce-mmap-limit",
    VM_MAP_C "vm_map_enter()",
    "Memory of mmap(2) extends the memory below up to less than 128 KiB in "
    "all.",
    .needs = "native")
{
	const unsigned half = (unsigned)(64 * KIB / mt_page);
	mach_vm_address_t pages = mt_hole(2 * half + 1);

	mapped_at(vm, pages, half);
	mapped_at(vm, PAGE(half), half);
	MT_CHECK_NUMBER(count_regions(pages, PAGE(2 * half)), 2);
	DO(munmap, (PAGE(half), PAGES(half)));
	mapped_at(vm, PAGE(half), half - 1);
	MT_CHECK_NUMBER(count_regions(pages, PAGE(2 * half - 1)), 1);
}

/* ---- splitting ----------------------------------------------------------- */

MT_CASE(munmap, middle_of_allocated_memory_is_unmapped, "munmap-mach-middle",
    KERN_MMAN_C "munmap()",
    "munmap(2) removes the middle of memory of mach_vm_allocate(); both ends "
    "keep their contents and tag.")
{
	mach_vm_address_t pages = mt_pages(3);

	TOUCH_PAGES(pages, 3, 0x41);
	CHECK(munmap, (PAGE(1), mt_page), 0);
	MT_CHECK_LAYOUT(pages, "a.b");
	MT_CHECK_BYTE(pages, 0x41);
	MT_CHECK_BYTE(PAGE(2), 0x41);
	MT_CHECK_REGION(PAGE(2), .user_tag = MT_TAG);
}

MT_CASE(mmap, deallocate_takes_the_middle, "mmap-mach-deallocate",
    VM_USER_C "mach_vm_deallocate()",
    "mach_vm_deallocate() removes the middle of memory of mmap(2), which "
    "faults as what munmap(2) removed.")
{
	mach_vm_address_t pages = mt_hole(3);

	mapped_at(vm, pages, 3);
	TOUCH_PAGES(pages, 3, 0x42);
	MT_CHECK(stage->deallocate(self, PAGE(1), mt_page), KERN_SUCCESS);
	MT_CHECK_LAYOUT(pages, "a.b");
	MT_CHECK_FAULT(mt_read(PAGE(1)), EXC_BAD_ACCESS, KERN_INVALID_ADDRESS);
	MT_CHECK_BYTE(PAGE(2), 0x42);
}

MT_CASE(mprotect, mach_maximum_binds_mapped_memory, "mprotect-mach-maximum",
    KERN_MMAN_C "mprotect()",
    "mprotect(2) of memory of mmap(2) is EACCES beyond the maximum that "
    "mach_vm_protect() set.")
{
	mach_vm_address_t pages = mt_hole(2);

	mapped_at(vm, pages, 2);
	MT_REQUIRE(stage->protect(self, PAGE(1), mt_page, TRUE, VM_PROT_READ),
	    KERN_SUCCESS);
	CHECK(mprotect, (pages, PAGES(2), READ_WRITE), DARWIN_EACCES);
	CHECK(mprotect, (pages, PAGES(2), PROT_READ), 0);
	MT_CHECK_REGION(pages, .protection = VM_PROT_READ,
	    .max_protection = VM_PROT_ALL);
}

MT_CASE(mprotect, mach_write_only_memory_gets_read, "mprotect-mach-write-only",
    KERN_MMAN_C "mprotect()",
    "mach_vm_protect() with VM_PROT_WRITE alone shows write alone; mprotect(2) "
    "with PROT_WRITE adds read.")
{
	mach_vm_address_t pages = mt_pages(1);

	MT_REQUIRE(stage->protect(self, pages, mt_page, FALSE, VM_PROT_WRITE),
	    KERN_SUCCESS);
	MT_CHECK_REGION(pages, .protection = VM_PROT_WRITE);
	CHECK(mprotect, (pages, mt_page, PROT_WRITE), 0);
	MT_CHECK_REGION(pages, .protection = VM_PROT_DEFAULT);
}

MT_CASE(madvise, normal_undoes_a_behavior_of_mach, "madvise-mach-behavior",
    KERN_MMAN_C "madvise()",
    "MADV_NORMAL undoes what mach_vm_behavior_set() stored, over several "
    "regions.")
{
	mach_vm_address_t pages = mt_pages(2);

	MT_REQUIRE(stage->behavior_set(self, pages, mt_page,
		       VM_BEHAVIOR_RANDOM),
	    KERN_SUCCESS);
	MT_REQUIRE(stage->behavior_set(self, PAGE(1), mt_page,
		       VM_BEHAVIOR_SEQUENTIAL),
	    KERN_SUCCESS);
	CHECK(madvise, (pages, PAGES(2), MADV_NORMAL), 0);
	MT_CHECK_REGION(pages, .behavior = VM_BEHAVIOR_DEFAULT);
	MT_CHECK_REGION(PAGE(1), .behavior = VM_BEHAVIOR_DEFAULT);
	MT_CHECK_LAYOUT(pages, "ab");
}

MT_CASE(minherit, memory_of_either_family_takes_it, "minherit-mach-memory",
    KERN_MMAN_C "minherit()",
    "minherit(2) over memory of both families sets all of it.")
{
	mach_vm_address_t pages = mt_hole(2);

	MT_REQUIRE(allocate_at(stage, self, pages, mt_page, PLAIN),
	    KERN_SUCCESS);
	mapped_at(vm, PAGE(1), 1);
	CHECK(minherit, (pages, PAGES(2), VM_INHERIT_SHARE), 0);
	MT_CHECK_REGION(pages, .inheritance = VM_INHERIT_SHARE);
	MT_CHECK_REGION(PAGE(1), .inheritance = VM_INHERIT_SHARE);
}

MT_CASE(munmap, remapped_memory_outlives_the_old, "s4-move-munmap",
    VM_MAP_C "vm_map_remap()",
    "Memory of mmap(2) that mach_vm_remap() mapped a second time keeps its "
    "contents when munmap(2) removes the first.")
{
	mach_vm_address_t pages = mt_hole(2), to = mt_hole(2);
	vm_prot_t current, maximum;

	mapped_at(vm, pages, 2);
	TOUCH(pages, 0x51);
	MT_REQUIRE(stage->remap(self, &to, PAGES(2), 0, VM_FLAGS_FIXED, self,
		       pages, FALSE, &current, &maximum, VM_INHERIT_COPY),
	    KERN_SUCCESS);
	MT_CHECK_PROTECTION(current, VM_PROT_DEFAULT);
	MT_CHECK_PROTECTION(maximum, VM_PROT_ALL);
	CHECK(munmap, (pages, PAGES(2)), 0);
	MT_CHECK_BYTE(to, 0x51);
	MT_CHECK_BYTE(to + mt_page, 0);
}

MT_CASE(mmap, copies_go_into_mapped_memory, "mmap-mach-copy",
    VM_USER_C "mach_vm_copy()",
    "mach_vm_copy() between memory of mmap(2) copies the contents; writes "
    "afterwards stay apart.")
{
	mach_vm_address_t pages = mt_hole(2);

	mapped_at(vm, pages, 2);
	TOUCH(pages, 0x57);
	MT_REQUIRE(stage->copy(self, pages, mt_page, PAGE(1)), KERN_SUCCESS);
	TOUCH(pages, 0x58);
	MT_CHECK_BYTE(PAGE(1), 0x57);
}

MT_CASE(mmap, regrown_tail_is_zero, "s1-shrink-regrow-mmap",
    VM_MAP_C "vm_object_coalesce()",
    "Memory of mmap(2) whose tail munmap(2) removed grows again in place by "
    "mach_vm_allocate() with VM_MEMORY_REALLOC, and the tail is zero.",
    .needs = "native")
{
	mach_vm_address_t pages = mt_hole(4);

	MT_REQUIRE_TRUE(map_tagged(vm, pages, PAGES(4), READ_WRITE, 3));
	TOUCH_PAGES(pages, 4, 0x59);
	DO(munmap, (PAGE(2), PAGES(2)));
	MT_CHECK(allocate_at(stage, self, PAGE(2), PAGES(2), REALLOC),
	    KERN_SUCCESS);
	MT_CHECK_LAYOUT(pages, "aaaa");
	MT_CHECK_BYTE(PAGE(1), 0x59);
	MT_CHECK_BYTE(PAGE(2), 0);
	MT_CHECK_REGION(PAGE(3), .user_tag = 3);
}
