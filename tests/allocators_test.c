/*
 * What allocators do with memory: how libmalloc, jemalloc, mimalloc and Go's
 * runtime reserve, commit, decommit and purge, and what each relies on.
 * Facts from their published sources: libmalloc src/vm.c and
 * src/magazine_large.c, jemalloc src/pages.c, mimalloc src/prim/unix/prim.c,
 * Go src/runtime/mem_darwin.go.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "bsd.h"

enum { HEAP = 16 }; /* pages of a heap here */

/* ---- jemalloc ------------------------------------------------------------ */

MT_CASE(mmap, jemalloc_trims_what_it_mapped_too_large, "alloc-jemalloc-align",
    JEMALLOC "pages_map_slow()",
    "The allocator jemalloc maps more than it needs and unmaps both ends to be aligned: "
    "what is left is whole, zero and can be unmapped.")
{
	const mach_vm_size_t size = 64 * KIB, all = 2 * size - mt_page;
	mach_vm_address_t got = mapped(vm, 0, all, READ_WRITE, PRIVATE_ANON);
	mach_vm_address_t start = (got + size - 1) & ~(size - 1);

	MT_REQUIRE_TRUE(got != 0);
	if (start != got)
		CHECK(munmap, (got, start - got), 0);
	if (got + all != start + size)
		CHECK(munmap, (start + size, got + all - start - size), 0);
	MT_CHECK_BYTE(start, 0);
	MT_CHECK_BYTE(start + size - 1, 0);
	MT_CHECK_WRITABLE(start + size - 1);
	CHECK(munmap, (start, size), 0);
}

MT_CASE(mmap, jemalloc_gives_back_another_place, "alloc-jemalloc-hint",
    JEMALLOC "os_pages_map()",
    "The allocator jemalloc asks for a place by a hint and takes another "
    "address for a refusal: what is there is untouched, and what it got can be "
    "given back.")
{
	mach_vm_address_t pages = mt_hole(4), other;

	mapped_at(vm, pages, 1);
	TOUCH(pages, 0x1a);
	other = mapped(vm, pages, mt_page, READ_WRITE, PRIVATE_ANON);
	MT_CHECK_TRUE(other != 0 && other != pages);
	CHECK(munmap, (other, mt_page), 0);
	MT_CHECK_BYTE(pages, 0x1a);
	MT_CHECK_ADDRESS(mapped(vm, PAGE(1), mt_page, READ_WRITE, PRIVATE_ANON),
	    PAGE(1));
}

MT_CASE(mmap, jemalloc_decommits_by_mapping_anew, "alloc-jemalloc-decommit",
    JEMALLOC "pages_commit_impl()",
    "The allocator jemalloc decommits by MAP_FIXED with PROT_NONE and commits by MAP_FIXED "
    "with access: in place, zero afterwards, nothing around changed.")
{
	mach_vm_address_t pages = mt_hole(HEAP);

	mapped_at(vm, pages, HEAP);
	TOUCH_PAGES(pages, HEAP, 0x1b);
	MT_CHECK_ADDRESS(mapped(vm, PAGE(4), PAGES(4), PROT_NONE,
			     PRIVATE_ANON | MAP_FIXED),
	    PAGE(4));
	MT_CHECK_FAULT(mt_read(PAGE(4)), EXC_BAD_ACCESS,
	    KERN_PROTECTION_FAILURE);
	MT_CHECK_ADDRESS(mapped(vm, PAGE(4), PAGES(4), READ_WRITE,
			     PRIVATE_ANON | MAP_FIXED),
	    PAGE(4));
	MT_CHECK_BYTE(PAGE(4), 0);
	MT_CHECK_BYTE(PAGE(7), 0);
	MT_CHECK_BYTE(PAGE(3), 0x1b);
	MT_CHECK_BYTE(PAGE(8), 0x1b);
}

MT_CASE(madvise, jemalloc_purges_lazily_by_free, "alloc-jemalloc-purge",
    JEMALLOC "pages_purge_lazy()",
    "The allocator jemalloc purges lazily by MADV_FREE, which succeeds also for memory "
    "without access, and the memory can be written at once; forced, by "
    "MAP_FIXED over it, it reads as zeros.")
{
	mach_vm_address_t pages = mt_hole(4);

	MT_REQUIRE_TRUE(mapped(vm, pages, mt_page, PROT_NONE,
			    PRIVATE_ANON | MAP_FIXED) == pages);
	CHECK(madvise, (pages, mt_page, MADV_FREE), 0);
	mapped_at(vm, PAGE(2), 2);
	TOUCH_PAGES(PAGE(2), 2, 0x1c);
	CHECK(madvise, (PAGE(2), PAGES(2), MADV_FREE), 0);
	TOUCH(PAGE(2), 0x1d);
	MT_CHECK_BYTE(PAGE(2), 0x1d);
	mapped_at(vm, PAGE(2), 2);
	MT_CHECK_BYTE(PAGE(2), 0);
	MT_CHECK_BYTE(PAGE(3), 0);
}

/* ---- mimalloc ------------------------------------------------------------ */

MT_CASE(mmap, mimalloc_reserves_with_a_tag_and_commits, "alloc-mimalloc-commit",
    MIMALLOC "unix_mmap(), _mi_prim_commit()",
    "The allocator mimalloc reserves with PROT_NONE, MAP_NORESERVE and a tag in the "
    "descriptor, and commits parts by mprotect(2): they are zero, keep the "
    "tag, and a second commit keeps what was stored.")
{
	mach_vm_address_t pages = mt_hole(HEAP);
	int error = 0;

	MT_CHECK_ERRNO(vm->mmap(&error, pages, PAGES(HEAP), PROT_NONE,
			   PRIVATE_ANON | MAP_FIXED | MAP_NORESERVE, TAG(100),
			   0),
	    error, 0);
	CHECK(mprotect, (PAGE(2), PAGES(2), READ_WRITE), 0);
	MT_CHECK_BYTE(PAGE(2), 0);
	TOUCH(PAGE(2), 0x2a);
	CHECK(mprotect, (PAGE(2), PAGES(4), READ_WRITE), 0);
	MT_CHECK_BYTE(PAGE(2), 0x2a);
	MT_CHECK_BYTE(PAGE(5), 0);
	MT_CHECK_REGION(PAGE(5), .user_tag = 100,
	    .protection = VM_PROT_DEFAULT);
	MT_CHECK_REGION(PAGE(6), .protection = VM_PROT_NONE);
}

MT_CASE(mmap, mimalloc_is_aligned_by_a_hint, "alloc-mimalloc-hint",
    MIMALLOC "unix_mmap_prim_aligned()",
    "The allocator mimalloc asks for an aligned address by a hint, and has it if nothing is "
    "there.")
{
	const mach_vm_size_t alignment = 4 * MIB;
	mach_vm_address_t hole = mt_hole_aligned((unsigned)(64 * KIB / mt_page),
	    alignment);

	MT_CHECK_ADDRESS(mapped(vm, hole, 64 * KIB, READ_WRITE,
			     PRIVATE_ANON | MAP_NORESERVE),
	    hole);
	MT_CHECK_WRITABLE(hole + 64 * KIB - 1);
}

MT_CASE(madvise, mimalloc_decommits_without_losing_the_right,
    "alloc-mimalloc-decommit", MIMALLOC "_mi_prim_decommit()",
    "The allocator mimalloc decommits by MADV_FREE_REUSABLE and goes on without a commit: "
    "after MADV_FREE_REUSE, or without, the memory can be read and written.")
{
	mach_vm_address_t pages = mt_pages(4);

	TOUCH_PAGES(pages, 4, 0x2b);
	CHECK(madvise, (pages, PAGES(4), MADV_FREE_REUSABLE), 0);
	TOUCH(pages, 0x2c);
	MT_CHECK_BYTE(pages, 0x2c);
	CHECK(madvise, (pages, PAGES(4), MADV_FREE_REUSE), 0);
	MT_CHECK_BYTE(pages, 0x2c);
	MT_CHECK_READABLE(PAGE(3));
	MT_CHECK_WRITABLE(PAGE(3));
	MT_CHECK_LAYOUT(pages, "aaaa");
}

MT_CASE(mprotect, mimalloc_guards_its_pages, "alloc-mimalloc-guard",
    MIMALLOC "_mi_prim_protect()",
    "The allocator mimalloc guards a page by PROT_NONE: it faults, its neighbours do not, "
    "and without the guard the contents are there.")
{
	mach_vm_address_t pages = mt_pages(3);

	TOUCH_PAGES(pages, 3, 0x2d);
	CHECK(mprotect, (PAGE(1), mt_page, PROT_NONE), 0);
	MT_CHECK_FAULT(mt_write(PAGE(1), 0), EXC_BAD_ACCESS,
	    KERN_PROTECTION_FAILURE);
	MT_CHECK_WRITABLE(PAGE(2));
	CHECK(mprotect, (PAGE(1), mt_page, READ_WRITE), 0);
	MT_CHECK_BYTE(PAGE(1), 0x2d);
}

/* ---- Go ------------------------------------------------------------------ */

MT_CASE(mmap, go_reserves_by_a_hint_and_maps_over_it, "alloc-go-map",
    GO "sysReserve(), sysMap()",
    "Go reserves by a hint with PROT_NONE and maps parts by MAP_FIXED: they "
    "are where it said, zero and writable; the rest faults.")
{
	mach_vm_address_t pages = mt_hole(HEAP);

	MT_CHECK_ADDRESS(mapped(vm, pages, PAGES(HEAP), PROT_NONE,
			     PRIVATE_ANON),
	    pages);
	MT_CHECK_ADDRESS(mapped(vm, pages, PAGES(4), READ_WRITE,
			     PRIVATE_ANON | MAP_FIXED),
	    pages);
	MT_CHECK_BYTE(PAGE(3), 0);
	MT_CHECK_WRITABLE(PAGE(3));
	MT_CHECK_FAULT(mt_write(PAGE(4), 1), EXC_BAD_ACCESS,
	    KERN_PROTECTION_FAILURE);
	CHECK(munmap, (pages, PAGES(HEAP)), 0);
	MT_CHECK_HOLE(pages);
}

MT_CASE(mmap, go_gives_back_a_reservation_elsewhere, "alloc-go-hints",
    GO "sysReserve()",
    "Go tries mmap(2) with hint after hint: where one is taken it gets another "
    "address, "
    "which it gives back, and the next hint is honoured.")
{
	mach_vm_address_t pages = mt_hole(HEAP), got;

	mapped_at(vm, pages, 4);
	got = mapped(vm, pages, PAGES(2), PROT_NONE, PRIVATE_ANON);
	MT_CHECK_TRUE(got != 0 && got != pages);
	CHECK(munmap, (got, PAGES(2)), 0);
	MT_CHECK_ADDRESS(mapped(vm, PAGE(8), PAGES(2), PROT_NONE, PRIVATE_ANON),
	    PAGE(8));
}

MT_CASE(madvise, go_marks_unused_and_used_memory, "alloc-go-unused",
    GO "sysUnusedOS(), sysUsedOS()",
    "Go marks unused memory by MADV_FREE_REUSABLE, and by MADV_FREE_REUSE "
    "before it uses it again: both succeed over several mappings at once, of "
    "which some were never touched, and stores stay.")
{
	mach_vm_address_t pages = mt_hole(HEAP);

	for (int i = 0; i < HEAP; i += 4)
		mapped_at(vm, PAGE(i), 4);
	TOUCH_PAGES(pages, HEAP / 2, 0x3a);
	CHECK(madvise, (pages, PAGES(HEAP), MADV_FREE_REUSABLE), 0);
	CHECK(madvise, (pages, PAGES(HEAP), MADV_FREE_REUSE), 0);
	TOUCH_PAGES(pages, HEAP, 0x3b);
	MT_CHECK_BYTE(PAGE(HEAP - 1), 0x3b);
}

MT_CASE(mmap, go_faults_what_it_freed, "alloc-go-fault", GO "sysFault()",
    "Go maps freed memory anew with PROT_NONE: every access is SIGBUS, and "
    "the address stays taken.")
{
	mach_vm_address_t pages = mt_hole(2);

	mapped_at(vm, pages, 2);
	TOUCH_PAGES(pages, 2, 0x3c);
	MT_CHECK_ADDRESS(mapped(vm, pages, PAGES(2), PROT_NONE,
			     PRIVATE_ANON | MAP_FIXED),
	    pages);
	MT_CHECK_FAULT(mt_read(pages), EXC_BAD_ACCESS, KERN_PROTECTION_FAILURE);
	MT_CHECK(allocate_at(stage, self, pages, mt_page, PLAIN),
	    KERN_NO_SPACE);
}

/* ---- libmalloc ----------------------------------------------------------- */

MT_CASE(mprotect, libmalloc_guards_a_large_block, "alloc-libmalloc-guard",
    LIBMALLOC "src/vm.c, mvm_allocate_pages()",
    "The allocator libmalloc allocates a large block with a page more at both ends, and "
    "protects these: the block is whole and writable, the guards fault, and "
    "one call gives all of it back.")
{
	mach_vm_address_t pages = mt_hole(6);

	MT_REQUIRE(allocate_at(stage, self, pages, PAGES(6),
		       TAG(VM_MEMORY_MALLOC_LARGE)),
	    KERN_SUCCESS);
	CHECK(mprotect, (pages, mt_page, PROT_NONE), 0);
	CHECK(mprotect, (PAGE(5), mt_page, PROT_NONE), 0);
	MT_CHECK_FAULT(mt_write(PAGE(1) - 1, 1), EXC_BAD_ACCESS,
	    KERN_PROTECTION_FAILURE);
	MT_CHECK_FAULT(mt_write(PAGE(5), 1), EXC_BAD_ACCESS,
	    KERN_PROTECTION_FAILURE);
	MT_CHECK_WRITABLE(PAGE(1));
	MT_CHECK_WRITABLE(PAGE(5) - 1);
	MT_CHECK(stage->deallocate(self, pages, PAGES(6)), KERN_SUCCESS);
	MT_CHECK_LAYOUT(pages, "......");
}

MT_CASE(madvise, libmalloc_keeps_freed_large_blocks, "alloc-libmalloc-cache",
    LIBMALLOC "src/magazine_large.c, free_large()",
    "The allocator libmalloc calls MADV_FREE_REUSABLE on a large block that it "
    "keeps, and MADV_FREE_REUSE when it is wanted again: both succeed for "
    "VM_MEMORY_MALLOC_LARGE, and the block can be written.")
{
	mach_vm_address_t pages = mt_hole(HEAP);

	MT_REQUIRE(allocate_at(stage, self, pages, PAGES(HEAP),
		       TAG(VM_MEMORY_MALLOC_LARGE)),
	    KERN_SUCCESS);
	TOUCH_PAGES(pages, HEAP, 0x4a);
	for (int i = 0; i < 2; i++) {
		CHECK(madvise, (pages, PAGES(HEAP), MADV_FREE_REUSABLE), 0);
		CHECK(madvise, (pages, PAGES(HEAP), MADV_FREE_REUSE), 0);
		TOUCH_PAGES(pages, HEAP, 0x4b);
	}
	MT_CHECK_BYTE(PAGE(HEAP - 1), 0x4b);
}

MT_CASE(madvise, libmalloc_gives_free_pages_of_a_region_back,
    "alloc-libmalloc-region", LIBMALLOC "src/vm.c, mvm_madvise_free()",
    "The allocator libmalloc calls MADV_FREE_REUSABLE on free pages in the "
    "middle of a region of small blocks: the blocks around keep their "
    "contents, and the region stays whole.")
{
	mach_vm_address_t pages = mt_hole(HEAP);

	MT_REQUIRE(allocate_at(stage, self, pages, PAGES(HEAP),
		       TAG(VM_MEMORY_MALLOC_SMALL)),
	    KERN_SUCCESS);
	TOUCH_PAGES(pages, HEAP, 0x4c);
	CHECK(madvise, (PAGE(4), PAGES(4), MADV_FREE_REUSABLE), 0);
	MT_CHECK_BYTE(PAGE(3), 0x4c);
	MT_CHECK_BYTE(PAGE(8), 0x4c);
	MT_CHECK_NUMBER(count_regions(pages, PAGE(HEAP)), 1);
	CHECK(madvise, (PAGE(4), PAGES(4), MADV_FREE_REUSE), 0);
	TOUCH(PAGE(5), 0x4d);
	MT_CHECK_BYTE(PAGE(5), 0x4d);
}

MT_CASE(deallocate, libmalloc_shrinks_in_place, "alloc-libmalloc-shrink",
    LIBMALLOC "src/magazine_large.c, large_try_shrink_in_place()",
    "The allocator libmalloc shrinks a large block by giving back its end: what is left "
    "keeps its contents, the end faults and can be grown into again.")
{
	mach_vm_address_t pages = mt_hole(HEAP);

	MT_REQUIRE(allocate_at(stage, self, pages, PAGES(HEAP),
		       TAG(VM_MEMORY_MALLOC_LARGE)),
	    KERN_SUCCESS);
	TOUCH_PAGES(pages, HEAP, 0x4e);
	MT_CHECK(vm->deallocate(self, PAGE(8), PAGES(HEAP - 8)), KERN_SUCCESS);
	MT_CHECK_BYTE(PAGE(7), 0x4e);
	MT_CHECK_FAULT(mt_read(PAGE(8)), EXC_BAD_ACCESS, KERN_INVALID_ADDRESS);
	MT_CHECK(allocate_at(stage, self, PAGE(8), PAGES(4), REALLOC),
	    KERN_SUCCESS, MT_PAGES_UNTIL("4K on 16K", 14, KERN_NO_SPACE));
}
