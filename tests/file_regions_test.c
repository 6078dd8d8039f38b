/*
 * What regions and page queries tell of mappings of files, and msync.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "files.h"
#include "queries.h"

/* ---- region -------------------------------------------------------------- */

MT_CASE(region, file_has_an_external_pager, "region-ext-file",
    VM_MAP_C "vm_map_region_walk()",
    "VM_REGION_EXTENDED_INFO has external_pager 1 for a mapping of a file, "
    "shared or private, touched or not, and 0 for other memory.")
{
	mach_vm_address_t shared = shared_file(2), mine = private_file(2);

	MT_CHECK_NUMBER(extended(vm, self, shared).external_pager, 1);
	MT_CHECK_NUMBER(extended(vm, self, mine).external_pager, 1);
	TOUCH(shared, 1);
	MT_REQUIRE(mt_read(mine).exception, 0);
	MT_CHECK_NUMBER(extended(vm, self, shared).external_pager, 1);
	MT_CHECK_NUMBER(extended(vm, self, mine).external_pager, 1);
	MT_CHECK_NUMBER(extended(vm, self, mt_pages(1)).external_pager, 0);
}

MT_CASE(region_recurse, pager_below_is_told_without_counting_pages,
    "recurse-short-file", VM_MAP_C "vm_map_region_walk()",
    "The short form of mach_vm_region_recurse() has external_pager 1 for a "
    "mapping of a file, shared, private, or private and stored to, with the "
    "number of VM objects below, and 0 for other memory.")
{
	mach_vm_address_t shared = shared_file(2), mine = private_file(2);
	mach_vm_address_t page = mt_pages(1);

	TOUCH(page, 1);
	MT_CHECK_NUMBER(brief(vm, self, shared).external_pager, 1);
	MT_CHECK_NUMBER(brief(vm, self, mine).external_pager, 1);
	MT_CHECK_NUMBER(brief(vm, self, mine).shadow_depth, 1);
	TOUCH(mine, 1);
	MT_CHECK_NUMBER(brief(vm, self, mine).external_pager, 1);
	MT_CHECK_NUMBER(brief(vm, self, mine).shadow_depth, 2);
	MT_CHECK_NUMBER(brief(vm, self, shared).shadow_depth, 0);
	MT_CHECK_NUMBER(brief(vm, self, page).external_pager, 0);
}

MT_CASE(region, file_that_is_mapped_once_is_private, "region-ext-file-once",
    VM_MAP_C "vm_map_region_walk()",
    "SM_PRIVATE is the share mode of a file that is mapped shared once: the "
    "second of its two references is the pager's.")
{
	mach_vm_address_t pages = shared_file(2);

	TOUCH(pages, 1);
	MT_CHECK_NUMBER(extended(vm, self, pages).share_mode, SM_PRIVATE);
	MT_CHECK_NUMBER(extended(vm, self, pages).ref_count, 2);
	MT_CHECK_NUMBER(extended(vm, self, pages).shadow_depth, 0);
	MT_CHECK_NUMBER(top(vm, self, pages).share_mode, SM_PRIVATE);
}

MT_CASE(region, file_that_is_mapped_twice_is_shared, "region-alias-file-twice",
    VM_MAP_C "vm_map_region_walk()",
    "SM_SHARED_ALIASED is the share mode of a file that one process mapped "
    "shared twice until macOS 26.3, SM_SHARED from 26.4 on.")
{
	int fd = file_of(stage_bsd, 2);
	mach_vm_address_t pages = map_file(stage_bsd, fd, 2, READ_WRITE,
	    MAP_SHARED);
	mach_vm_address_t second = map_file(stage_bsd, fd, 2, PROT_READ,
	    MAP_SHARED);

	TOUCH(pages, 1);
	MT_CHECK_NUMBER(extended(vm, self, pages).share_mode, SM_SHARED,
	    MT_UNTIL(26.3, SM_SHARED_ALIASED));
	MT_CHECK_NUMBER(extended(vm, self, second).share_mode, SM_SHARED,
	    MT_UNTIL(26.3, SM_SHARED_ALIASED));
	MT_CHECK_NUMBER(extended(vm, self, second).ref_count, 3);
	MT_CHECK_NUMBER(top(vm, self, second).share_mode, SM_SHARED);
}

MT_CASE(region, file_whose_mapping_was_split_is_aliased,
    "region-alias-file-clipped", VM_MAP_C "vm_map_region_walk()",
    "SM_SHARED_ALIASED is the share mode of the parts of a file's mapping that "
    "was split.")
{
	mach_vm_address_t pages = shared_file(2);

	TOUCH_PAGES(pages, 2, 1);
	MT_REQUIRE(stage->protect(self, pages, mt_page, FALSE, VM_PROT_READ),
	    KERN_SUCCESS);
	MT_REQUIRE_LAYOUT(pages, "ab");
	MT_CHECK_NUMBER(extended(vm, self, pages).share_mode,
	    SM_SHARED_ALIASED);
}

MT_CASE(region, private_file_is_copy_on_write, "region-ext-file-private",
    VM_MAP_C "vm_map_region_walk()",
    "SM_COW is the share mode of a private mapping of a file; the file's own "
    "object lies one level deep below the copy's.")
{
	mach_vm_address_t pages = private_file(2);

	MT_CHECK_NUMBER(extended(vm, self, pages).share_mode, SM_COW);
	MT_CHECK_NUMBER(extended(vm, self, pages).shadow_depth, 1);
	MT_REQUIRE(mt_read(pages).exception, 0);
	MT_CHECK_NUMBER(extended(vm, self, pages).share_mode, SM_COW);
	MT_CHECK_NUMBER(extended(vm, self, pages).user_tag, 0);
	MT_CHECK_NUMBER(top(vm, self, pages).share_mode, SM_COW);
}

MT_CASE(region, private_mapping_keeps_its_own_pages_only,
    "region-top-file-written", MEMORY_OBJECT_C "vm_object_update()",
    "What pwrite(2) writes into a file beyond the page that is mapped private "
    "gives the mapping no page of its own, and it shows the same byte.")
{
	int fd = file_of(stage_bsd, 3);
	mach_vm_address_t mine = map_file(stage_bsd, fd, 1, PROT_READ,
	    MAP_PRIVATE);

	MT_CHECK_BYTE(mine, BYTE_OF(0));
	MT_CHECK_NUMBER(top(vm, self, mine).private_pages_resident, 0);
	write_file(stage_bsd, fd, (int64_t)mt_system()->kernel_page, 0x42);
	write_file(stage_bsd, fd, 3 * (int64_t)mt_page - 1, 0x43);
	MT_CHECK_NUMBER(top(vm, self, mine).private_pages_resident, 0);
	MT_CHECK_NUMBER(top(vm, self, mine).share_mode, SM_COW);
	MT_CHECK_BYTE(mine, BYTE_OF(0));
}

MT_CASE(region, file_is_no_reserved_or_shared_memory, "region-basic-file",
    VM_MAP_C "vm_map_region()",
    "VM_REGION_BASIC_INFO_64 of a mapping of a file: not shared, not reserved, "
    "not wired, the offset is the place in the file, the inheritance is "
    "mmap(2)'s.")
{
	int fd = file_of(stage_bsd, 4), error = 0;
	mach_vm_address_t hole = mt_hole(2), address = hole;
	vm_region_basic_info_data_64_t info;
	mach_msg_type_number_t count = VM_REGION_BASIC_INFO_COUNT_64;
	mach_vm_size_t size = 0;
	mach_port_name_t name;

	MT_REQUIRE_TRUE(
	    stage_bsd->mmap(&error, hole, 2 * mt_page, PROT_READ,
		MAP_SHARED | MAP_FIXED, fd, (int64_t)mt_page) == (int64_t)hole);
	MT_CHECK(vm->region(self, &address, &size, VM_REGION_BASIC_INFO_64,
		     (vm_region_info_t)&info, &count, &name),
	    KERN_SUCCESS);
	MT_CHECK_ADDRESS(address, hole);
	MT_CHECK_NUMBER(size, 2 * mt_page);
	MT_CHECK_NUMBER(info.shared, FALSE);
	MT_CHECK_NUMBER(info.reserved, FALSE);
	MT_CHECK_NUMBER(info.user_wired_count, 0);
	MT_CHECK_NUMBER(info.offset, mt_page);
	MT_CHECK_NUMBER(info.inheritance, VM_INHERIT_SHARE);
	MT_CHECK_PROTECTION(info.max_protection, VM_PROT_ALL);
}

/* ---- page queries -------------------------------------------------------- */

MT_CASE(page_query, page_of_a_file_is_external, "pagequery-file",
    VM_MAP_C "vm_map_page_range_info_internal()",
    "VM_PAGE_QUERY_PAGE_EXTERNAL is set for a page of a file, also in a "
    "private mapping until something is stored there.")
{
	mach_vm_address_t shared = shared_file(1), mine = private_file(1);
	const int wanted = VM_PAGE_QUERY_PAGE_PRESENT |
	    VM_PAGE_QUERY_PAGE_EXTERNAL;

	TOUCH(shared, 1);
	MT_REQUIRE(mt_read(mine).exception, 0);
	MT_CHECK_NUMBER(disposition(vm, self, shared) & wanted, wanted);
	MT_CHECK_NUMBER(disposition(vm, self, mine) & wanted, wanted);
	TOUCH(mine, 1);
	MT_CHECK_NUMBER(disposition(vm, self, mine) & wanted,
	    VM_PAGE_QUERY_PAGE_PRESENT);
}

MT_CASE(page_range_query, pages_of_a_file_are_external, "pagerange-file",
    VM_USER_C "mach_vm_page_range_query()",
    "VM_PAGE_QUERY_PAGE_EXTERNAL: mach_vm_page_range_query() sets it for each "
    "page of a range that is a file's.")
{
	mach_vm_address_t pages = private_file(2);
	int dispositions[2] = { 0, 0 };
	mach_vm_size_t count = 2;

	MT_REQUIRE(mt_read(pages).exception, 0);
	TOUCH(pages + mt_page, 1);
	MT_CHECK(vm->page_range_query(self, pages, 2 * mt_page,
		     ADDRESS_OF(dispositions), &count),
	    KERN_SUCCESS);
	MT_CHECK_NUMBER(dispositions[0] & VM_PAGE_QUERY_PAGE_EXTERNAL,
	    VM_PAGE_QUERY_PAGE_EXTERNAL);
	MT_CHECK_NUMBER(dispositions[1] & VM_PAGE_QUERY_PAGE_EXTERNAL, 0);
}

MT_CASE(mincore, page_of_a_file_is_not_anonymous, "mincore-file",
    KERN_MMAN_C "mincore()",
    "mincore(2) of a page of a file that is there has MINCORE_INCORE without "
    "MINCORE_ANONYMOUS; one that a private mapping stored to is anonymous.")
{
	const uint8_t wanted = MINCORE_INCORE | MINCORE_ANONYMOUS;
	mach_vm_address_t shared = shared_file(2), mine = private_file(2);
	uint8_t vector[2] = { 0 };
	int error = 0;

	TOUCH_PAGES(shared, 2, 1);
	MT_REQUIRE(mt_read(mine).exception, 0);
	TOUCH(mine + mt_page, 1);
	MT_CHECK_ERRNO(vm->mincore(&error, shared, 2 * mt_page,
			   ADDRESS_OF(vector)),
	    error, 0);
	MT_CHECK_NUMBER(vector[0] & wanted, MINCORE_INCORE);
	MT_CHECK_NUMBER(vector[1] & (wanted | MINCORE_MODIFIED),
	    MINCORE_INCORE | MINCORE_MODIFIED);
	MT_CHECK_ERRNO(vm->mincore(&error, mine, 2 * mt_page,
			   ADDRESS_OF(vector)),
	    error, 0);
	MT_CHECK_NUMBER(vector[0] & wanted, MINCORE_INCORE);
	MT_CHECK_NUMBER(vector[1] & wanted, wanted);
}

MT_CASE(mincore, page_that_a_store_leaves_to_a_private_mapping_is_modified,
    "mincore-file-pushed", VM_FAULT_C "vm_fault_page()",
    "A store into a shared mapping of a file, of which a private mapping read "
    "the page, leaves that a page of its own, with MINCORE_MODIFIED, though "
    "nobody stored into it.")
{
	const uint8_t wanted = MINCORE_INCORE | MINCORE_ANONYMOUS |
	    MINCORE_MODIFIED;
	const int fd = file_of(stage_bsd, 1);
	mach_vm_address_t shared = map_file(stage_bsd, fd, 1, READ_WRITE,
	    MAP_SHARED);
	mach_vm_address_t mine = map_file(stage_bsd, fd, 1, READ_WRITE,
	    MAP_PRIVATE);
	uint8_t core = 0;
	int error = 0;

	MT_CHECK_BYTE(shared, BYTE_OF(0));
	MT_CHECK_BYTE(mine, BYTE_OF(0));
	MT_CHECK_ERRNO(vm->mincore(&error, mine, mt_page, ADDRESS_OF(&core)),
	    error, 0);
	MT_CHECK_NUMBER(core & (MINCORE_INCORE | MINCORE_ANONYMOUS),
	    MINCORE_INCORE);
	TOUCH(shared, 0x42);
	MT_CHECK_ERRNO(vm->mincore(&error, mine, mt_page, ADDRESS_OF(&core)),
	    error, 0);
	MT_CHECK_NUMBER(core & wanted, wanted);
	MT_CHECK_BYTE(mine, BYTE_OF(0));
}

MT_CASE(mincore, wired_page_that_cannot_be_written_is_not_modified,
    "mincore-file-wired", VM_FAULT_C "vm_fault_enter_prepare()",
    "mlock(2) of a file that is mapped for reading leaves its page without "
    "MINCORE_MODIFIED.")
{
	mach_vm_address_t page = map_file(stage_bsd, file_of(stage_bsd, 1), 1,
	    PROT_READ, MAP_SHARED);
	uint8_t core = 0;
	int error = 0;

	REQUIRE_ERRNO(ERRNO(stage_bsd->mlock(&error, page, mt_page)), 0);
	MT_CHECK_ERRNO(vm->mincore(&error, page, mt_page, ADDRESS_OF(&core)),
	    error, 0);
	MT_CHECK_NUMBER(core & (MINCORE_INCORE | MINCORE_MODIFIED),
	    MINCORE_INCORE);
}

/* ---- msync --------------------------------------------------------------- */

/* The pages of which a query tells this, one bit each. */
static int
which(mach_port_name_t self, mach_vm_address_t pages, unsigned n, int what)
{
	int bits = 0;

	for (unsigned i = 0; i < n; i++)
		if (disposition(stage, self, pages + i * mt_page) & what)
			bits |= 1 << i;
	return bits;
}
#define DIRTY(n_)    which(self, pages, (n_), VM_PAGE_QUERY_PAGE_DIRTY)
#define RESIDENT(n_) which(self, pages, (n_), VM_PAGE_QUERY_PAGE_PRESENT)

MT_CASE(msync, dirty_pages_of_a_file_are_written, "msync-file", "vm_msync.html",
    "VM_SYNC_SYNCHRONOUS: writes the dirty pages of a shared mapping of a file "
    "in the range, which are clean then; they and their bytes stay.",
    .needs = "native")
{
	int fd = file_of(stage_bsd, 3);
	mach_vm_address_t pages = map_file(stage_bsd, fd, 3, READ_WRITE,
	    MAP_SHARED);

	TOUCH_PAGES(pages, 3, 0x42);
	MT_CHECK_NUMBER(DIRTY(3), 7);
	MT_CHECK(vm->msync(self, pages, 2 * mt_page, VM_SYNC_SYNCHRONOUS),
	    KERN_SUCCESS);
	MT_CHECK_NUMBER(DIRTY(3), 4);
	MT_CHECK_NUMBER(RESIDENT(3), 7);
	MT_CHECK_BYTE(pages, 0x42);
	MT_CHECK_NUMBER(read_file(stage_bsd, fd, 0), 0x42);
	TOUCH(pages + mt_page, 0x43);
	MT_CHECK_NUMBER(DIRTY(3), 6);
	MT_CHECK_NUMBER(read_file(stage_bsd, fd, (int64_t)mt_page), 0x43);
}

MT_CASE(msync, invalidated_pages_of_a_file_are_read_again,
    "msync-invalidate-file", "vm_msync.html",
    "VM_SYNC_INVALIDATE: discards the pages of a file in the range, which have "
    "been written: they are not there any more, and their bytes come from the "
    "file again.",
    .needs = "native")
{
	int fd = file_of(stage_bsd, 2);
	mach_vm_address_t pages = map_file(stage_bsd, fd, 2, READ_WRITE,
	    MAP_SHARED);

	TOUCH_PAGES(pages, 2, 0x42);
	MT_CHECK(vm->msync(self, pages, mt_page,
		     VM_SYNC_SYNCHRONOUS | VM_SYNC_INVALIDATE),
	    KERN_SUCCESS);
	MT_CHECK_NUMBER(disposition(stage, self, pages) &
		VM_PAGE_QUERY_PAGE_PRESENT,
	    0);
	MT_CHECK_NUMBER(disposition(stage, self, pages + mt_page) &
		VM_PAGE_QUERY_PAGE_PRESENT,
	    VM_PAGE_QUERY_PAGE_PRESENT);
	MT_CHECK_BYTE(pages, 0x42);
}

MT_CASE(msync, file_beyond_a_hole_is_not_written, "msync-contiguous-stops",
    VM_MAP_C "vm_map_msync()",
    "mach_vm_msync() with VM_SYNC_CONTIGUOUS over a file, a hole and a file is "
    "KERN_INVALID_ADDRESS; until macOS 26.3 the file beyond the hole was "
    "written nevertheless.",
    .needs = "native")
{
	mach_vm_address_t pages = shared_file(3);

	TOUCH_PAGES(pages, 3, 0x42);
	MT_REQUIRE(stage->deallocate(self, pages + mt_page, mt_page),
	    KERN_SUCCESS);
	MT_CHECK(vm->msync(self, pages, 3 * mt_page,
		     VM_SYNC_SYNCHRONOUS | VM_SYNC_CONTIGUOUS),
	    KERN_INVALID_ADDRESS);
	MT_CHECK_NUMBER(DIRTY(1), 0);
	MT_CHECK_NUMBER(which(self, pages + 2 * mt_page, 1,
			    VM_PAGE_QUERY_PAGE_DIRTY),
	    1, MT_UNTIL(26.3, 0));
}

MT_CASE(bsd_msync, file_is_written, "msync-bsd-file", "msync(2)",
    "msync(2) of a shared mapping of a file writes its dirty pages, which are "
    "clean then; MS_INVALIDATE discards them besides.",
    .needs = "native")
{
	mach_vm_address_t pages = shared_file(2);
	int error = 0;

	TOUCH_PAGES(pages, 2, 0x42);
	MT_CHECK_ERRNO(vm->bsd_msync(&error, pages, mt_page, MS_SYNC), error,
	    0);
	MT_CHECK_NUMBER(DIRTY(2), 2);
	MT_CHECK_ERRNO(vm->bsd_msync(&error, pages, 2 * mt_page,
			   MS_SYNC | MS_INVALIDATE),
	    error, 0);
	MT_CHECK_NUMBER(DIRTY(2), 0);
	MT_CHECK_NUMBER(disposition(stage, self, pages) &
		VM_PAGE_QUERY_PAGE_PRESENT,
	    0);
	MT_CHECK_BYTE(pages, 0x42);
	MT_CHECK_BYTE(pages + mt_page, 0x42);
}

MT_CASE(bsd_msync, locked_pages_are_not_busy, "doc-msync-ebusy",
    XNU "osfmk/vm/{memory_object.c, vm_pageout.c}, memory_object_lock_page() "
	"and vm_object_upl_request()",
    "msync(2) with MS_INVALIDATE of locked pages of a file is 0, where its "
    "manual page says EBUSY: they stay, and dirty ones are not written.",
    .needs = "native")
{
	mach_vm_address_t pages = shared_file(2);

	TOUCH_PAGES(pages, 2, 0x42);
	DO(mlock, (pages, mt_page));
	CHECK(bsd_msync, (pages, PAGES(2), MS_SYNC | MS_INVALIDATE), 0);
	MT_CHECK_NUMBER(DIRTY(2), 1);
	MT_CHECK_NUMBER(RESIDENT(2), 1);
	MT_CHECK_REGION(pages, .user_wired_count = 1);
	MT_CHECK_BYTE(pages, 0x42);
	CHECK(bsd_msync, (pages, PAGES(2), MS_ASYNC | MS_INVALIDATE), 0);
	CHECK(bsd_msync, (pages, PAGES(2), MS_INVALIDATE), 0);
	MT_CHECK_NUMBER(RESIDENT(1), 1);
}

MT_CASE(bsd_msync, private_file_is_not_written, "msync-bsd-file-private",
    "msync(2)",
    "msync(2) of a private mapping of a file succeeds and writes nothing.")
{
	int fd = file_of(stage_bsd, 1), error = 0;
	mach_vm_address_t page = map_file(stage_bsd, fd, 1, READ_WRITE,
	    MAP_PRIVATE);

	TOUCH(page, 0x42);
	MT_CHECK_ERRNO(vm->bsd_msync(&error, page, mt_page,
			   MS_SYNC | MS_INVALIDATE),
	    error, 0);
	MT_CHECK_BYTE(page, 0x42);
	MT_CHECK_NUMBER(read_file(stage_bsd, fd, 0), BYTE_OF(0));
}

/* ---- what joins ---------------------------------------------------------- */

/* Show a page of the file at `to`, marked as shared on both sides. */
static void
alias_file(mach_port_name_t self, mach_vm_address_t page, mach_vm_address_t to)
{
	vm_prot_t current, maximum;

	MT_REQUIRE(stage->remap(self, &to, mt_page, 0, VM_FLAGS_FIXED, self,
		       page, FALSE, &current, &maximum, VM_INHERIT_SHARE),
	    KERN_SUCCESS);
}

MT_CASE(protect, parts_of_a_files_mapping_join_again, "simp-file-parts",
    VM_MAP_C "vm_map_simplify_entry()",
    "A mapping of a file that mach_vm_protect() splits is one region again when "
    "the protection is restored.")
{
	mach_vm_address_t pages = shared_file(3);

	MT_CHECK(vm->protect(self, pages + mt_page, mt_page, FALSE,
		     VM_PROT_READ),
	    KERN_SUCCESS);
	MT_CHECK_LAYOUT(pages, "abc");
	MT_CHECK(vm->protect(self, pages + mt_page, mt_page, FALSE,
		     VM_PROT_DEFAULT),
	    KERN_SUCCESS);
	MT_CHECK_LAYOUT(pages, "aaa");
}

MT_CASE(protect, file_does_not_join_its_next_page_remapped,
    "simp-no-copy-on-read", VM_MAP_C "vm_map_simplify_entry()",
    "A page of a file that mmap(2) mapped stays apart from the file's next "
    "page that mach_vm_remap() put behind it, whose entry lacks the mark of a "
    "file's mapping; two pages of mach_vm_remap() become one region, since "
    "macOS 11.",
    .needs = "native")
{
	int fd = file_of(stage_bsd, 2), error = 0;
	mach_vm_address_t file = map_file(stage_bsd, fd, 2, READ_WRITE,
	    MAP_SHARED);
	mach_vm_address_t mixed = mt_hole(2), aliases = mt_hole(2);

	MT_REQUIRE_TRUE(stage_bsd->mmap(&error, mixed, mt_page, READ_WRITE,
			    MAP_SHARED | MAP_FIXED, fd, 0) == (int64_t)mixed);
	alias_file(self, mixed, mt_hole(1));
	alias_file(self, file + mt_page, mixed + mt_page);
	alias_file(self, file, aliases);
	alias_file(self, file + mt_page, aliases + mt_page);

	MT_CHECK(vm->protect(self, mixed, 2 * mt_page, FALSE, VM_PROT_READ),
	    KERN_SUCCESS);
	MT_CHECK(vm->protect(self, aliases, 2 * mt_page, FALSE, VM_PROT_READ),
	    KERN_SUCCESS);

	MT_CHECK_LAYOUT(mixed, "ab");
	MT_CHECK_LAYOUT(aliases, MT_PICTURE("aa", MT_UNTIL(10.15, "ab")));
}

/* ---- joining ------------------------------------------------------------- */

/* Two pages of a file in a hole, by mmap() or by an entry for the file. */
static void
map_half(const struct mt_route *vm, mach_port_name_t self, int fd,
    mach_port_name_t entry, bool by_entry, mach_vm_address_t address,
    int64_t offset)
{
	mach_vm_address_t at = address;
	int error = 0;

	if (by_entry)
		MT_REQUIRE(stage->map(self, &at, 2 * mt_page, 0, VM_FLAGS_FIXED,
			       entry, (memory_object_offset_t)offset, FALSE,
			       VM_PROT_DEFAULT, VM_PROT_DEFAULT,
			       VM_INHERIT_SHARE),
		    KERN_SUCCESS);
	else
		MT_REQUIRE_TRUE(vm->mmap(&error, address, 2 * mt_page,
				    READ_WRITE, MAP_SHARED | MAP_FIXED, fd,
				    offset) == (int64_t)address);
}

/* Protecting there and back joins what can be joined. */
static void
check_joined(const struct mt_route *vm, mach_port_name_t self, int fd,
    mach_port_name_t entry, bool low, bool high, const char *picture)
{
	mach_vm_address_t hole = mt_hole(4);

	map_half(vm, self, fd, entry, low, hole, 0);
	map_half(vm, self, fd, entry, high, hole + 2 * mt_page,
	    2 * (int64_t)mt_page);
	MT_REQUIRE(stage->protect(self, hole, 4 * mt_page, TRUE,
		       VM_PROT_DEFAULT),
	    KERN_SUCCESS);
	MT_REQUIRE(stage->protect(self, hole, 4 * mt_page, FALSE, VM_PROT_READ),
	    KERN_SUCCESS);
	MT_REQUIRE(stage->protect(self, hole, 4 * mt_page, FALSE,
		       VM_PROT_DEFAULT),
	    KERN_SUCCESS);
	MT_CHECK_LAYOUT(hole, picture);
	MT_CHECK_BYTE(hole + 3 * mt_page, BYTE_OF(3));
}

MT_CASE(mmap, mapping_of_a_file_joins_none_by_another_way,
    "simp-conditions-file", VM_MAP_C "vm_map_simplify_entry()",
    "Two halves of a file that mmap(2) maps side by side are one region, as "
    "are two that mach_vm_map() maps from a memory entry; one of each are two "
    "since macOS 10.15, though no query shows the difference.",
    .needs = "native")
{
	const int fd = file_of(stage_bsd, 4);
	mach_vm_address_t file = map_file(stage_bsd, fd, 4, READ_WRITE,
	    MAP_SHARED);
	const char *mixed = MT_PICTURE("aabb", MT_UNTIL(10.14, "aaaa"));
	memory_object_size_t size = 4 * mt_page;
	mach_port_name_t entry = MACH_PORT_NULL;

	MT_REQUIRE(stage->make_memory_entry(self, &size, file, VM_PROT_DEFAULT,
		       &entry, MACH_PORT_NULL),
	    KERN_SUCCESS);
	check_joined(vm, self, fd, entry, false, false, "aaaa");
	check_joined(vm, self, fd, entry, true, true, "aaaa");
	check_joined(vm, self, fd, entry, false, true, mixed);
	check_joined(vm, self, fd, entry, true, false, mixed);
}

MT_CASE(mmap, resilient_half_of_a_file_stays_apart, "simp-conditions-resilient",
    VM_MAP_C "vm_map_simplify_entry()",
    "MAP_RESILIENT_CODESIGN: of two halves of a file that mmap(2) maps side by "
    "side one with it and one without stay two regions; both with it or both "
    "without it are one.")
{
	static const int flags[][2] = { { 0, 0 }, { MAP_RESILIENT_CODESIGN, 0 },
		{ MAP_RESILIENT_CODESIGN, MAP_RESILIENT_CODESIGN } };
	int fd = file_of(vm, 4), error = 0;

	for (unsigned i = 0; i < 3; i++) {
		mach_vm_address_t hole = mt_hole(4);

		for (unsigned half = 0; half < 2; half++)
			MT_REQUIRE_TRUE(
			    vm->mmap(&error, hole + half * 2 * mt_page,
				2 * mt_page, PROT_READ,
				MAP_SHARED | MAP_FIXED | flags[i][half], fd,
				half * 2 * (int64_t)mt_page) ==
			    (int64_t)(hole + half * 2 * mt_page));
		MT_REQUIRE(stage->protect(self, hole, 4 * mt_page, TRUE,
			       VM_PROT_READ),
		    KERN_SUCCESS);
		MT_CHECK_LAYOUT(hole, i == 1 ? "aabb" : "aaaa");
		MT_CHECK_BYTE(hole + 3 * mt_page, BYTE_OF(3));
	}
	CLOSE(vm, fd);
}
