/*
 * Parts of a file's mapping in the routines that copy, share or write: regions
 * that begin inside of the file, ranges that begin inside of the region.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "entries.h"
#include "files.h"

/* The file has BEFORE pages more than the mapping before it, and one behind;
 * the range begins at page FIRST of the mapping and has MANY, which no copy of
 * bytes in a buffer has. */
enum { BEFORE = 2, FIRST = 3, MANY = 16, MAPPED = FIRST + MANY + 2 };

struct part {
	int fd;
	mach_vm_address_t pages; /* MAPPED of them */
	mach_vm_address_t range; /* MANY of them */
};

static struct part
part_of_file(int flags)
{
	struct part p = { .fd = file_of(stage_bsd, BEFORE + MAPPED + 1) };
	int error = 0;

	p.pages = mt_hole(MAPPED);
	p.range = p.pages + FIRST * mt_page;
	MT_REQUIRE_TRUE(stage_bsd->mmap(&error, p.pages, MAPPED * mt_page,
			    READ_WRITE, flags | MAP_FIXED, p.fd,
			    BEFORE * (int64_t)mt_page) == (int64_t)p.pages);
	return p;
}

/* Where page n of the range stands in the file, and the byte there at first. */
#define PLACE(n_) ((int64_t)((BEFORE + FIRST + (n_)) * mt_page))
#define FILED(n_) BYTE_OF(BEFORE + FIRST + (n_))

/* Bytes that came into the range are in the file, and none beside it. */
static void
check_written(struct part p, uint8_t first)
{
	for (unsigned n = 0; n < MANY; n++) {
		MT_CHECK_NUMBER(read_file(stage_bsd, p.fd, PLACE(n)),
		    first + n);
		MT_CHECK_BYTE(p.range + n * mt_page, (uint8_t)(first + n));
	}
	MT_CHECK_NUMBER(read_file(stage_bsd, p.fd, PLACE(-1)), FILED(-1));
	MT_CHECK_NUMBER(read_file(stage_bsd, p.fd, PLACE(MANY)), FILED(MANY));
	MT_CHECK_REGION(p.range, .external_pager = 1);
	TOUCH(p.range + 1, 0x77);
	MT_CHECK_NUMBER(read_file(stage_bsd, p.fd, PLACE(0) + 1), 0x77);
}

/* MANY pages of memory that count from first. */
static mach_vm_address_t
counted(uint8_t first)
{
	mach_vm_address_t pages = mt_pages(MANY);

	for (unsigned n = 0; n < MANY; n++)
		TOUCH(PAGE(n), first + n);
	return pages;
}

MT_CASE(write, many_pages_come_into_the_file, "write-file-large",
    VM_MAP_C "vm_map_copy_overwrite_aligned()",
    "mach_vm_write() of many whole pages into the middle of a shared mapping of "
    "a file writes them into the file: the region shows the file as before, "
    "and does not take over the pages of the data.")
{
	struct part p = part_of_file(MAP_SHARED);

	MT_CHECK(vm->write(self, p.range, (vm_offset_t)counted(0x81),
		     (mach_msg_type_number_t)(MANY * mt_page)),
	    KERN_SUCCESS);
	check_written(p, 0x81);
}

MT_CASE(copy, middle_of_a_file_takes_many_pages, "copy-file-dst-large",
    VM_MAP_C "vm_map_copy_overwrite_aligned()",
    "mach_vm_copy() of many whole pages into the middle of a shared mapping of "
    "a file writes them into the file, also where the source is a part of "
    "another file's mapping.")
{
	struct part p = part_of_file(MAP_SHARED);
	struct part other = part_of_file(MAP_SHARED);

	MT_CHECK(vm->copy(self, counted(0x81), MANY * mt_page, p.range),
	    KERN_SUCCESS);
	check_written(p, 0x81);
	MT_CHECK(vm->copy(self, other.range, MANY * mt_page, p.range + mt_page),
	    KERN_SUCCESS);
	for (unsigned n = 0; n < MANY; n++)
		MT_CHECK_NUMBER(read_file(stage_bsd, p.fd, PLACE(n + 1)),
		    FILED(n));
	MT_CHECK_BYTE(p.range, 0x81);
}

MT_CASE(copy, private_mapping_of_a_file_takes_the_copy, "copy-file-dst-private",
    VM_MAP_C "vm_map_copy_overwrite_aligned()",
    "mach_vm_copy() into the middle of a private mapping of a file leaves the "
    "file and other mappings alone.")
{
	struct part p = part_of_file(MAP_PRIVATE);

	MT_CHECK(vm->copy(self, counted(0x81), MANY * mt_page, p.range),
	    KERN_SUCCESS);
	for (unsigned n = 0; n < MANY; n++) {
		MT_CHECK_BYTE(p.range + n * mt_page, (uint8_t)(0x81 + n));
		MT_CHECK_NUMBER(read_file(stage_bsd, p.fd, PLACE(n)), FILED(n));
	}
	MT_CHECK_BYTE(p.range - mt_page, FILED(-1));
	MT_CHECK_BYTE(p.range + MANY * mt_page, FILED(MANY));
}

/* ---- copies of a part ---------------------------------------------------- */

/* What was copied keeps the bytes of its time, and each its own stores. */
static void
check_copy(struct part p, mach_vm_address_t copy)
{
	for (unsigned n = 0; n < MANY; n++)
		TOUCH(p.range + n * mt_page, 0x42);
	for (unsigned n = 0; n < MANY; n++)
		MT_CHECK_BYTE(copy + n * mt_page, FILED(n));
	TOUCH(copy + mt_page, 0x43);
	TOUCH(copy + (MANY - 1) * mt_page, 0x44);
	MT_CHECK_BYTE(p.range + mt_page, 0x42);
	MT_CHECK_BYTE(p.range + (MANY - 1) * mt_page, 0x42);
	MT_CHECK_BYTE(copy + mt_page, 0x43);
	MT_CHECK_BYTE(copy + 2 * mt_page, FILED(2));
}

MT_CASE(copy, copy_of_a_part_of_a_file_is_of_its_time, "copy-file-part",
    VM_MAP_C "vm_map_copyin_internal()",
    "mach_vm_copy() and mach_vm_read() of many pages from the middle of a "
    "mapping of a file, shared or private, give the bytes of that part as they "
    "were: what is stored there later does not show.")
{
	static const int kinds[] = { MAP_SHARED, MAP_PRIVATE };

	for (unsigned i = 0; i < 2; i++) {
		struct part p = part_of_file(kinds[i]);
		mach_msg_type_number_t size = 0;
		mach_vm_address_t copy = mt_pages(MANY);
		vm_offset_t data = 0;

		MT_CHECK(vm->copy(self, p.range, MANY * mt_page, copy),
		    KERN_SUCCESS);
		check_copy(p, copy);

		p = part_of_file(kinds[i]);
		MT_REQUIRE(stage->read(self, p.range, MANY * mt_page, &data,
			       &size),
		    KERN_SUCCESS);
		check_copy(p, (mach_vm_address_t)data);
		MT_REQUIRE(stage->deallocate(self, (mach_vm_address_t)data,
			       size),
		    KERN_SUCCESS);
	}
}

MT_CASE(copy, malloc_memory_takes_the_bytes_of_a_file, "copy-malloc-dst-file",
    VM_MAP_C "vm_map_copy_overwrite_aligned()",
    "mach_vm_copy() of many pages of a file to memory of a malloc tag copies the "
    "bytes: it stays private memory without a pager. Memory without a tag takes "
    "over a copy-on-write view of the file.")
{
	struct part p = part_of_file(MAP_SHARED);
	mach_vm_address_t heap = mt_hole(MANY), plain = mt_hole(MANY);

	MT_REQUIRE(allocate_at(stage, self, heap, MANY * mt_page,
		       VM_MAKE_TAG(VM_MEMORY_MALLOC_LARGE)),
	    KERN_SUCCESS);
	MT_REQUIRE(allocate_at(stage, self, plain, MANY * mt_page, PLAIN),
	    KERN_SUCCESS);
	MT_CHECK(vm->copy(self, p.range, MANY * mt_page, heap), KERN_SUCCESS);
	MT_CHECK(vm->copy(self, p.range, MANY * mt_page, plain), KERN_SUCCESS);
	MT_CHECK_REGION(heap, .share_mode = SM_PRIVATE, .shadow_depth = 0,
	    .external_pager = 0);
	MT_CHECK_REGION(plain, .share_mode = SM_COW, .external_pager = 1);
	check_copy(p, plain);
	for (unsigned n = 0; n < MANY; n++)
		MT_CHECK_BYTE(heap + n * mt_page, FILED(n));
}

/* ---- parts that are shared ----------------------------------------------- */

MT_CASE(make_memory_entry, entry_of_a_part_of_a_file, "entry-file-part",
    VM_MEMORY_ENTRY_C "mach_make_memory_entry_64()",
    "A memory entry for the middle of a shared mapping of a file maps that part "
    "of the file: stores go into the file, through either mapping.")
{
	struct part p = part_of_file(MAP_SHARED);
	memory_object_size_t size = 3 * mt_page;
	mach_vm_address_t pages = mt_hole(3);
	mach_port_name_t entry = MACH_PORT_NULL;

	MT_CHECK(make(vm, self, &size, p.range, RW, &entry, MACH_PORT_NULL),
	    KERN_SUCCESS);
	MT_CHECK_NUMBER(size, 3 * mt_page);
	MT_REQUIRE(map_at(stage, self, pages, PAGES(3), 0, entry, 0, FALSE, RW,
		       RW),
	    KERN_SUCCESS);
	for (unsigned n = 0; n < 3; n++)
		MT_CHECK_BYTE(PAGE(n), FILED(n));
	TOUCH(PAGE(1), 0x42);
	TOUCH(p.range + PAGES(2), 0x43);
	MT_CHECK_BYTE(p.range + PAGES(1), 0x42);
	MT_CHECK_NUMBER(read_file(stage_bsd, p.fd, PLACE(1)), 0x42);
	MT_CHECK_BYTE(PAGE(2), 0x43);
	MT_CHECK_REGION(pages, .external_pager = 1);
}

MT_CASE(remap, copy_of_a_file_is_resilient, "remap-resilient-media-zero",
    VM_FAULT_C "vm_fault_internal()",
    "A copy of a file's mapping by mach_vm_remap() with "
    "VM_FLAGS_RESILIENT_MEDIA has zeroes for pages that the file has not; "
    "without the flag they fault with KERN_MEMORY_ERROR.",
    .since = "10.15", .needs = "native")
{
	mach_vm_address_t file = map_file(stage_bsd, file_of(stage_bsd, 1), 3,
	    READ_WRITE, MAP_SHARED);

	for (unsigned plain = 0; plain < 2; plain++) {
		const int flag = plain ? 0 : VM_FLAGS_RESILIENT_MEDIA;
		mach_vm_address_t pages = mt_hole(3), at = pages;
		vm_prot_t current, maximum;

		MT_CHECK(vm->remap(self, &at, PAGES(3), 0,
			     VM_FLAGS_FIXED | flag, self, file, TRUE, &current,
			     &maximum, VM_INHERIT_COPY),
		    KERN_SUCCESS);
		MT_CHECK_BYTE(pages, BYTE_OF(0));
		MT_CHECK_FAULT(mt_read(PAGE(2)), plain ? EXC_BAD_ACCESS : 0,
		    plain ? KERN_MEMORY_ERROR : 0);
	}
	MT_CHECK_FAULT(mt_read(file + PAGES(2)), EXC_BAD_ACCESS,
	    KERN_MEMORY_ERROR);
}

MT_CASE(remap, part_of_a_private_file_is_shared, "remap-file-part",
    VM_MAP_C "vm_map_remap_extract()",
    "mach_vm_remap() without a copy of the middle of a private mapping of a "
    "file, some of whose pages were stored to, shares that mapping's pages, not "
    "the file's; of a shared one, the file's.")
{
	static const int kinds[] = { MAP_SHARED, MAP_PRIVATE };

	for (unsigned i = 0; i < 2; i++) {
		struct part p = part_of_file(kinds[i]);
		mach_vm_address_t pages = mt_hole(3), at = pages;
		vm_prot_t current, maximum;
		const bool shared = kinds[i] == MAP_SHARED;

		TOUCH(p.range, 0x41);
		MT_CHECK(vm->remap(self, &at, PAGES(3), 0, VM_FLAGS_FIXED, self,
			     p.range, FALSE, &current, &maximum,
			     VM_INHERIT_SHARE),
		    KERN_SUCCESS);
		MT_CHECK_BYTE(pages, 0x41);
		MT_CHECK_BYTE(PAGE(1), FILED(1));
		TOUCH(PAGE(1), 0x42);
		TOUCH(p.range + PAGES(2), 0x43);
		MT_CHECK_BYTE(p.range + PAGES(1), 0x42);
		MT_CHECK_BYTE(PAGE(2), 0x43);
		MT_CHECK_NUMBER(read_file(stage_bsd, p.fd, PLACE(1)),
		    shared ? 0x42 : FILED(1));
		MT_CHECK_BYTE(p.range + PAGES(3), FILED(3));
	}
}

MT_CASE(inherit, part_of_a_private_file_is_shared_with_a_child,
    "fork-file-part", VM_MAP_C "vm_map_fork_share()",
    "The middle of a private mapping of a file that is inherited with "
    "VM_INHERIT_SHARE is one memory of parent and child, apart from the file; "
    "what is inherited as a copy is each one's own.")
{
	struct part p = part_of_file(MAP_PRIVATE);

	TOUCH(p.range, 0x41);
	MT_CHECK(vm->inherit(self, p.range, 2 * mt_page, VM_INHERIT_SHARE),
	    KERN_SUCCESS);
	MT_CHILD {
		MT_CHECK_BYTE(p.range, 0x41);
		MT_CHECK_BYTE(p.range + mt_page, FILED(1));
		TOUCH(p.range + mt_page, 0x42);
		TOUCH(p.range + 2 * mt_page, 0x43);
		MT_CHECK_BYTE(p.range + 3 * mt_page, FILED(3));
	}
	MT_CHECK_BYTE(p.range, 0x41);
	MT_CHECK_BYTE(p.range + mt_page, 0x42);
	MT_CHECK_BYTE(p.range + 2 * mt_page, FILED(2));
	MT_CHECK_NUMBER(read_file(stage_bsd, p.fd, PLACE(1)), FILED(1));
}

MT_CASE(copy, source_behind_the_end_of_the_file_is_a_memory_error,
    "copy-file-src-end", VM_FAULT_C "vm_fault_copy()",
    "mach_vm_copy() of many pages of a file's mapping that lie behind the end "
    "of the file onto shared memory is KERN_MEMORY_ERROR; the pages below it "
    "are copied.",
    .needs = "native")
{
	mach_vm_address_t from = map_file(stage_bsd, file_of(stage_bsd, 2),
	    MANY, READ_WRITE, MAP_SHARED);
	mach_vm_address_t to = counted(0x81), alias = mt_hole(MANY);

	REMAP(alias, MANY * mt_page, VM_FLAGS_FIXED, to, FALSE);
	MT_CHECK(vm->copy(self, from, MANY * mt_page, to), KERN_MEMORY_ERROR);
	MT_CHECK_BYTE(alias, BYTE_OF(0));
	MT_CHECK_BYTE(alias + mt_page, BYTE_OF(1));
	MT_CHECK_BYTE(alias + 2 * mt_page, 0x83);
}
