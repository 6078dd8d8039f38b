/*
 * What becomes the process's own when it writes to the shared region's data:
 * how much, with which bytes and protection, and that nobody else sees it.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "queries.h"
#include "shared_region.h"

/* Bytes to compare, at even distances. */
#define SAMPLES 64

static void
take_samples(mach_port_name_t self, struct part part, uint8_t *samples)
{
	for (unsigned i = 0; i < SAMPLES; i++)
		samples[i] = (uint8_t)byte_at(self,
		    part.address + i * (part.size / SAMPLES));
}

static bool
is_same(const uint8_t *a, const uint8_t *b)
{
	for (unsigned i = 0; i < SAMPLES; i++)
		if (a[i] != b[i])
			return false;
	return true;
}

/* What of a part a write to address copies: one unit of nesting. */
static struct part
copied_part(struct part part, mach_vm_address_t address)
{
	mach_vm_size_t unit = (mach_vm_size_t)MT_VALUE(32 * MIB,
	    MT_ON(x86_64, 2 * MIB));
	mach_vm_address_t end = part.address + part.size;
	struct part copied = { address & ~(unit - 1), unit };

	if (copied.address < part.address)
		copied.address = part.address;
	copied.size = (address & ~(unit - 1)) + unit - copied.address;
	if (copied.size > end - copied.address)
		copied.size = end - copied.address;
	return copied;
}

/* What a part's own maximum adds to the map's. */
static vm_prot_t
maximum_of(mach_port_name_t self, struct part part)
{
	vm_region_submap_info_data_64_t info;
	struct mt_region region;
	struct part found;

	MT_REQUIRE_TRUE(next_leaf(self, part.address, &found, &info));
	MT_REQUIRE_TRUE(mt_region_at(part.address, &region));
	return (vm_prot_t)region.max_protection | info.max_protection;
}

/* The last byte of the shared region's data: where one lies, few do. */
static mach_vm_address_t
last_byte(struct part part)
{
	return part.address + part.size - 1;
}

/* Write to address what stands there. */
static void
write_the_same(const struct mt_route *vm, mach_port_name_t self,
    mach_vm_address_t data, mach_vm_address_t address)
{
	TOUCH(data, (uint8_t)byte_at(self, address));
	MT_CHECK(vm->write(self, address, (vm_offset_t)data, 1), KERN_SUCCESS);
}

MT_CASE(write, write_copies_one_unit_of_nesting, "write-submap-part",
    VM_MAP_C "vm_map_lookup_and_lock_object()",
    "mach_vm_write() to the shared region's data makes of that part only what "
    "lies in the same unit of nesting the process's own: 2 MiB on x86_64, 32 "
    "MiB on arm64.",
    .needs = "native")
{
	struct part part = leaf(self, VM_PROT_DEFAULT, VM_PROT_ALL), copied;
	const vm_prot_t maximum = maximum_of(self, part);
	mach_vm_address_t data = mt_pages(1), at[2];

	at[0] = last_byte(part);
	at[1] = part.address;
	for (unsigned i = 0; i < 2; i++) {
		copied = copied_part(part, at[i]);
		MT_CHILD {
			write_the_same(vm, self, data, at[i]);
			MT_CHECK_REGION(at[i],
			    .address = (int64_t)copied.address,
			    .size = (int64_t)copied.size, .is_submap = FALSE,
			    .protection = VM_PROT_DEFAULT,
			    .max_protection = maximum);
		}
	}
}

MT_CASE(write, write_copies_one_unit_of_what_was_split_off,
    "write-submap-part-split", VM_MAP_C "vm_map_lookup_and_lock_object()",
    "mach_vm_write() to the shared region's data makes no more than one unit "
    "of nesting the process's own when the region's page tables are not shared "
    "any more, either, and a map entry of many units is there.",
    .needs = "native")
{
	struct part part = leaf(self, VM_PROT_DEFAULT, VM_PROT_ALL), copied;
	const struct part all = shared_region();
	mach_vm_address_t data = mt_pages(1), at[2];

	at[0] = last_byte(part);
	at[1] = part.address;
	for (unsigned i = 0; i < 2; i++) {
		copied = copied_part(part, at[i]);
		MT_CHILD {
			MT_REQUIRE(stage->inherit(self, all.address, all.size,
				       VM_INHERIT_SHARE),
			    KERN_SUCCESS);
			write_the_same(vm, self, data, at[i]);
			MT_CHECK_REGION(at[i],
			    .address = (int64_t)copied.address,
			    .size = (int64_t)copied.size, .is_submap = FALSE);
		}
	}
}

MT_CASE(write, part_that_is_copied_keeps_its_bytes, "write-submap-bytes",
    VM_MAP_C "vm_map_lookup_and_lock_object()",
    "What mach_vm_write() makes the process's own of the shared region has "
    "the bytes that the shared region has there.",
    .needs = "native")
{
	struct part part = leaf(self, VM_PROT_DEFAULT, VM_PROT_ALL);
	struct part copied = copied_part(part, last_byte(part));
	mach_vm_address_t data = mt_pages(1);
	uint8_t before[SAMPLES], after[SAMPLES];

	take_samples(self, copied, before);
	MT_CHILD {
		write_the_same(vm, self, data, last_byte(part));
		take_samples(self, copied, after);
		MT_CHECK_TRUE(is_same(before, after));
	}
}

MT_CASE(deallocate, written_part_can_be_removed, "dealloc-submap-written",
    VM_MAP_C "vm_map_lookup_and_lock_object()",
    "The shared region's map entry is permanent on arm64 since macOS 13; what "
    "a process has written of its data is not, and mach_vm_deallocate() "
    "removes it.",
    .needs = "native")
{
	struct part part = leaf(self, VM_PROT_DEFAULT, VM_PROT_ALL);
	mach_vm_address_t page = last_byte(part) + 1 - mt_page;
	mach_vm_address_t data = mt_pages(1);

	/* A child's submap is permanent no more, its memory is as it was. */
	write_the_same(stage, self, data, page);
	MT_CHILD {
		MT_CHECK(vm->deallocate(self, page, mt_page), KERN_SUCCESS);
		MT_CHECK_HOLE(page);
	}
}

/* A sanitizer takes the place of both, the comm page and the shared region. */
MT_CASE(deallocate, removed_data_cannot_be_read, "dealloc-submap-shown",
    VM_MAP_C "vm_map_delete()",
    "A load from the shared region's data that mach_vm_deallocate() removed is "
    "KERN_INVALID_ADDRESS, though the page was in the page table.",
    .arch = "arm64", .needs = "native commpage")
{
	struct part part = leaf(self, VM_PROT_DEFAULT, VM_PROT_ALL);
	mach_vm_address_t page = last_byte(part) + 1 - mt_page;

	MT_CHILD {
		MT_CHECK_READABLE(page);
		MT_CHECK(vm->deallocate(self, page, mt_page), KERN_SUCCESS);
		MT_CHECK_FAULT(mt_read(page), EXC_BAD_ACCESS,
		    KERN_INVALID_ADDRESS);
	}
}

MT_CASE(write, written_byte_stays_in_the_process, "write-submap-private",
    VM_MAP_C "vm_map_lookup_and_lock_object()",
    "What a process writes to the shared region by mach_vm_write() is not seen "
    "by another.",
    .needs = "native")
{
	struct part part = leaf(self, VM_PROT_DEFAULT, VM_PROT_ALL);
	mach_vm_address_t last = last_byte(part), data = mt_pages(1);
	mach_vm_address_t told = mt_pages(1);
	uint8_t byte = (uint8_t)byte_at(self, last);

	TOUCH(data, (uint8_t)~byte);
	TOUCH(told, 0);
	MT_REQUIRE(stage->inherit(self, told, mt_page, VM_INHERIT_SHARE),
	    KERN_SUCCESS);
	/* The byte is another for as long only as the parent needs to look. */
	MT_CHILD {
		MT_CHECK(vm->write(self, last, (vm_offset_t)data, 1),
		    KERN_SUCCESS);
		TOUCH(told, 1);
		AWAIT(stored_byte(told) == 2);
		MT_CHECK_NUMBER(byte_at(self, last), (uint8_t)~byte);
		TOUCH(data, byte);
		MT_CHECK(vm->write(self, last, (vm_offset_t)data, 1),
		    KERN_SUCCESS);
	}
	else
	{
		AWAIT(stored_byte(told) == 1);
		MT_CHECK_NUMBER(byte_at(self, last), byte);
		TOUCH(told, 2);
	}
	MT_CHECK_REGION(last, .is_submap = TRUE);
}

MT_CASE(protect, written_part_has_the_protection_that_was_set,
    "protect-submap-written", VM_MAP_C "vm_map_lookup_and_lock_object()",
    "On x86_64 a page of the shared region's constants that mach_vm_protect() "
    "made writable stays so when it is written and copied.",
    .arch = "x86_64", .needs = "native")
{
	struct part part = leaf(self, VM_PROT_READ, VM_PROT_ALL);
	mach_vm_address_t data = mt_pages(1);

	MT_CHILD {
		MT_CHECK(vm->protect(self, part.address, mt_page, FALSE,
			     VM_PROT_DEFAULT),
		    KERN_SUCCESS);
		write_the_same(stage, self, data, part.address);
		MT_CHECK_REGION(part.address, .is_submap = FALSE,
		    .size = (int64_t)mt_page, .protection = VM_PROT_DEFAULT);
	}
}

MT_CASE(protect, written_code_is_not_executable, "protect-submap-gains",
    VM_MAP_C "vm_map_lookup_and_lock_object()",
    "A page of the shared region's code that mach_vm_protect() left "
    "VM_PROT_DEFAULT is that when it is written and copied; until macOS "
    "10.14.0 it could be executed again.",
    .until = "10.15", .needs = "native")
{
	struct part part = leaf(self, VM_PROT_READ | VM_PROT_EXECUTE,
	    VM_PROT_ALL);
	mach_vm_address_t data = mt_pages(1);

	MT_CHILD {
		MT_CHECK(vm->protect(self, part.address, mt_page, FALSE,
			     VM_PROT_DEFAULT),
		    KERN_SUCCESS);
		write_the_same(stage, self, data, part.address);
		MT_CHECK_REGION(part.address, .is_submap = FALSE,
		    .size = (int64_t)mt_page,
		    .protection = MT_VALUE(VM_PROT_DEFAULT,
			MT_UNTIL(10.14.0, VM_PROT_ALL)));
	}
}

MT_CASE(remap, remapped_shared_data_is_a_copy, "remap-submap-data",
    VM_MAP_C "vm_map_remap_extract()",
    "mach_vm_remap() without copy of the shared region's data maps it "
    "copy-on-write all the same: writable, and shared with nobody.",
    .since = "11.3", .needs = "native")
{
	struct part part = leaf(self, VM_PROT_DEFAULT, VM_PROT_ALL);
	mach_vm_address_t at = mt_hole(LARGE_PAGES);
	vm_prot_t current, maximum;

	MT_CHECK(vm->remap(self, &at, LARGE, 0, VM_FLAGS_FIXED, self,
		     part.address, FALSE, &current, &maximum, VM_INHERIT_COPY),
	    KERN_SUCCESS);
	MT_CHECK_PROTECTION(current, VM_PROT_DEFAULT);
	MT_CHECK_REGION(at, .is_submap = FALSE, .share_mode = SM_COW,
	    .protection = VM_PROT_DEFAULT);
	MT_CHECK_NUMBER(byte_at(self, at), byte_at(self, part.address));
	MT_CHECK_REGION(part.address, .is_submap = TRUE);
}

MT_CASE(remap, remapped_shared_data_is_shared_with_nobody,
    "remap-submap-data-unshared", VM_MAP_C "vm_map_remap_extract()",
    "mach_vm_remap() without copy of the shared region's data gives memory "
    "that is not reported as shared. Since macOS 26.4 the copy that is due is "
    "made at once: there is one more VM object in front of the file's.",
    .since = "11.3", .needs = "native")
{
	struct part part = leaf(self, VM_PROT_DEFAULT, VM_PROT_ALL);
	mach_vm_address_t at = mt_hole(LARGE_PAGES);
	vm_region_basic_info_data_64_t info = { .shared = 7 };
	vm_prot_t current, maximum;

	MT_CHECK(vm->remap(self, &at, LARGE, 0, VM_FLAGS_FIXED, self,
		     part.address, FALSE, &current, &maximum, VM_INHERIT_COPY),
	    KERN_SUCCESS);
	region_info(stage, self, at, VM_REGION_BASIC_INFO_64, &info,
	    VM_REGION_BASIC_INFO_COUNT_64);
	MT_CHECK_NUMBER(info.shared, FALSE);
	MT_CHECK_REGION(at, .shadow_depth = MT_VALUE(2, MT_UNTIL(26.3, 1)));
}

MT_CASE(region, written_part_is_shared_no_more, "region-submap-written",
    VM_MAP_C "vm_map_lookup_and_lock_object()",
    "What a child has written of the shared region, which it shares with its "
    "parent, is not shared for VM_REGION_BASIC_INFO_64; until macOS 11.2 it "
    "was.",
    .needs = "native")
{
	struct part part = leaf(self, VM_PROT_DEFAULT, VM_PROT_ALL);
	vm_region_basic_info_data_64_t info = { .shared = 7 };
	mach_vm_address_t data = mt_pages(1);

	MT_CHILD {
		write_the_same(stage, self, data, last_byte(part));
		region_info(vm, self, last_byte(part), VM_REGION_BASIC_INFO_64,
		    &info, VM_REGION_BASIC_INFO_COUNT_64);
		MT_CHECK_NUMBER(info.shared, FALSE, MT_UNTIL(11.2, TRUE));
		MT_CHECK_REGION(last_byte(part), .share_mode = SM_COW);
	}
}

MT_CASE(write, remapped_shared_data_is_copied_when_written,
    "write-submap-remapped", VM_MAP_C "vm_map_remap_extract()",
    "The shared region's data is copied when it is written after "
    "mach_vm_remap() without copy mapped it a second time, and so is what that "
    "mapped until macOS 11.2, the submap itself.",
    .needs = "native")
{
	struct part part = leaf(self, VM_PROT_DEFAULT, VM_PROT_ALL);
	mach_vm_address_t at = mt_hole(LARGE_PAGES), data = mt_pages(1);

	/* The bytes that stand there. */
	TOUCH(data, (uint8_t)byte_at(self, part.address));
	MT_CHILD {
		REMAP(at, LARGE, VM_FLAGS_FIXED, part.address, FALSE);
		MT_CHECK(vm->write(self, part.address, (vm_offset_t)data, 1),
		    KERN_SUCCESS);
		MT_CHECK_REGION(part.address, .is_submap = FALSE);
		MT_CHECK(vm->write(self, at, (vm_offset_t)data, 1),
		    KERN_SUCCESS);
		MT_CHECK_REGION(at, .is_submap = FALSE);
	}
}

/* What follows the data without a hole is other memory, of another
 * protection. */
MT_CASE(remap, parts_of_the_shared_region_are_remapped_apart,
    "remap-submap-parts", VM_MAP_C "vm_map_remap_extract()",
    "mach_vm_remap() of two parts of the shared region that follow one another "
    "gives two regions, each with its own protection and bytes.",
    .since = "11.3", .needs = "native")
{
	struct part part = leaf(self, VM_PROT_DEFAULT, VM_PROT_ALL), next;
	mach_vm_address_t end = part.address + part.size;
	mach_vm_address_t at = mt_hole(2 * LARGE_PAGES);
	vm_region_submap_info_data_64_t info;
	vm_prot_t current, maximum;

	if (!next_leaf(self, end, &next, &info) || next.address != end ||
	    next.size < LARGE || info.protection != VM_PROT_READ)
		mt_skip("nothing follows the shared region's data");
	MT_CHECK(vm->remap(self, &at, 2 * LARGE, 0, VM_FLAGS_FIXED, self,
		     end - LARGE, FALSE, &current, &maximum, VM_INHERIT_COPY),
	    KERN_SUCCESS);
	MT_CHECK_PROTECTION(current, VM_PROT_READ);
	MT_CHECK_REGION(at, .size = LARGE, .protection = VM_PROT_DEFAULT);
	MT_CHECK_REGION(at + LARGE, .size = LARGE, .protection = VM_PROT_READ);
	MT_CHECK_NUMBER(byte_at(self, at), byte_at(self, end - LARGE));
	MT_CHECK_NUMBER(byte_at(self, at + LARGE), byte_at(self, end));
}

/* Large parts of the shared region are read below a page, above it, over it. */
static void
read_around(const struct mt_route *vm, mach_port_name_t self,
    mach_vm_address_t page, kern_return_t over)
{
	const struct {
		mach_vm_address_t from;
		kern_return_t code;
	} reads[] = { { page - LARGE, KERN_SUCCESS },
		{ page + mt_page, KERN_SUCCESS },
		{ page + mt_page - LARGE, over }, { page, over } };
	mach_msg_type_number_t count;
	mach_vm_address_t from;
	vm_offset_t data;

	for (unsigned i = 0; i < 4; i++) {
		from = reads[i].from;
		count = 0;
		data = 0;
		MT_CHECK(vm->read(self, from, LARGE, &data, &count),
		    reads[i].code);
		if (reads[i].code != KERN_SUCCESS)
			continue;
		MT_CHECK_NUMBER(count, LARGE);
		MT_CHECK_BYTE(data, (uint8_t)byte_at(self, from));
		MT_CHECK_BYTE(data + LARGE - 1,
		    (uint8_t)byte_at(self, from + LARGE - 1));
	}
}

MT_CASE(read, read_crosses_parts_of_the_shared_region, "read-submap-parts",
    VM_MAP_C "vm_map_copyin_internal()",
    "mach_vm_read() of the shared region over a page that was split off gives "
    "the bytes below it, of it and above it; over one that was removed it is "
    "KERN_INVALID_ADDRESS.",
    .until = "26.3", .needs = "native")
{
	struct part part = leaf(self, VM_PROT_READ, VM_PROT_ALL);
	mach_vm_address_t page = part.address + LARGE;

	MT_SKIP_UNLESS(part.size > 2 * LARGE, "the part is too small");
	MT_CHILD {
		MT_REQUIRE(stage->inherit(self, page, mt_page, VM_INHERIT_NONE),
		    KERN_SUCCESS);
		MT_CHECK_REGION(page, .address = (int64_t)page,
		    .size = (int64_t)mt_page, .is_submap = TRUE);
		read_around(vm, self, page, KERN_SUCCESS);
	}
	MT_CHILD {
		PUNCH(page, 1);
		read_around(vm, self, page, KERN_INVALID_ADDRESS);
	}
}
