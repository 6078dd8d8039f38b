/*
 * Writes and copies onto writable memory of VM_FLAGS_PERMANENT.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "transfer.h"

/* What a large transfer onto permanent memory answers: kernels for arm64
 * refuse since 13. */
#define LARGE_ANSWER                                         \
	KERN_SUCCESS, MT_ON(arm64, KERN_PROTECTION_FAILURE), \
	    MT_ON_UNTIL(arm64, 12, KERN_SUCCESS),            \
	    MT_PAGES("4K on 16K", KERN_PROTECTION_FAILURE),  \
	    MT_PAGES_UNTIL("4K on 16K", 12, KERN_SUCCESS)
/* The byte that is in the last page then. */
#define LARGE_BYTE                                                            \
	((uint8_t)MT_VALUE(LARGE_PAGES, MT_ON(arm64, 0x51),                   \
	    MT_ON_UNTIL(arm64, 12, LARGE_PAGES), MT_PAGES("4K on 16K", 0x51), \
	    MT_PAGES_UNTIL("4K on 16K", 12, LARGE_PAGES)))

static mach_vm_address_t
permanent(mach_port_name_t self)
{
	mach_vm_address_t pages = mt_hole(LARGE_PAGES);

	MT_REQUIRE(allocate_at(stage, self, pages, LARGE,
		       VM_FLAGS_PERMANENT | PLAIN),
	    KERN_SUCCESS);
	TOUCH_PAGES(pages, LARGE_PAGES, 0x51);
	return pages;
}

MT_CASE(read, permanent_memory_can_be_read, "perm-read-large",
    VM_MAP_C "vm_map_copyin_internal()",
    "mach_vm_read() by reference of memory of VM_FLAGS_PERMANENT, writable or "
    "not, is a copy of it.",
    .since = "11.3")
{
	MT_CHILD {
		mach_vm_address_t pages = permanent(self);
		mach_msg_type_number_t count = 0;
		vm_offset_t data = 0;

		for (unsigned i = 0; i < 2; i++) {
			MT_CHECK(vm->read(self, pages, LARGE, &data, &count),
			    KERN_SUCCESS);
			MT_CHECK_BYTE(data + LARGE - mt_page, 0x51);
			PROTECT(pages, LARGE_PAGES, VM_PROT_READ);
		}
	}
}

static mach_vm_address_t
source(void)
{
	mach_vm_address_t pages = mt_pages(LARGE_PAGES);

	NUMBER_PAGES(pages, LARGE_PAGES, 1);
	return pages;
}

MT_CASE(copy, large_copy_onto_permanent_memory, "perm-copy-large",
    VM_MAP_C "vm_map_entry_is_overwritable()",
    "mach_vm_copy() of a large range onto writable permanent memory is "
    "KERN_PROTECTION_FAILURE on kernels for arm64 since macOS 13, else it "
    "succeeds.",
    .since = "11.3")
{
	MT_CHILD {
		mach_vm_address_t to = permanent(self), from = source();

		MT_CHECK(vm->copy(self, from, LARGE, to), LARGE_ANSWER);
		MT_CHECK_BYTE(to + LARGE - mt_page, LARGE_BYTE);
		MT_CHECK_WRITABLE(to);
	}
}

MT_CASE(copy, permanent_memory_keeps_its_object, "copy-dst-permanent",
    VM_MAP_C "vm_map_copy_overwrite_aligned()",
    "mach_vm_copy() of a large range onto writable permanent memory of an "
    "x86_64 process copies the bytes, and the memory stays private; until "
    "macOS 14.2 it took the source's VM object.",
    .arch = "x86_64", .since = "11.3", .needs = "native")
{
	MT_CHILD {
		mach_vm_address_t to = permanent(self), from = source();

		MT_CHECK(vm->copy(self, from, LARGE, to), KERN_SUCCESS);
		MT_CHECK_REGION(to,
		    .share_mode = MT_VALUE(SM_PRIVATE, MT_UNTIL(14.2, SM_COW)));
	}
}

MT_CASE(write, large_write_onto_permanent_memory, "perm-write-large",
    VM_MAP_C "vm_map_entry_is_overwritable()",
    "mach_vm_write() of a large range onto writable permanent memory is "
    "KERN_PROTECTION_FAILURE on kernels for arm64 since macOS 13, else it "
    "succeeds.",
    .since = "11.3")
{
	MT_CHILD {
		mach_vm_address_t to = permanent(self), from = source();

		MT_CHECK(vm->write(self, to, from,
			     (mach_msg_type_number_t)LARGE),
		    LARGE_ANSWER);
		MT_CHECK_BYTE(to + LARGE - mt_page, LARGE_BYTE);
	}
}

MT_CASE(read_overwrite, large_read_onto_permanent_memory,
    "perm-read-overwrite-large", VM_MAP_C "vm_map_entry_is_overwritable()",
    "mach_vm_read_overwrite() of a large range onto writable permanent "
    "memory is KERN_PROTECTION_FAILURE on kernels for arm64 since macOS 13, "
    "else it succeeds.",
    .since = "11.3")
{
	MT_CHILD {
		mach_vm_address_t to = permanent(self), from = source();
		mach_vm_size_t size = 0;

		MT_CHECK(vm->read_overwrite(self, from, LARGE, to, &size),
		    LARGE_ANSWER);
		MT_CHECK_BYTE(to + LARGE - mt_page, LARGE_BYTE);
	}
}

MT_CASE(copy, small_copy_onto_permanent_memory_succeeds, "perm-copy-small",
    VM_MAP_C "vm_map_copyout_kernel_buffer()",
    "mach_vm_copy() of a small range onto writable permanent memory stores "
    "the bytes.",
    .since = "11.3")
{
	MT_CHILD {
		mach_vm_address_t to = permanent(self), from = source();

		MT_CHECK(vm->copy(self, from, SMALL, to), KERN_SUCCESS);
		MT_CHECK_BYTE(to, 1);
		MT_CHECK_REGION(to, .protection = VM_PROT_DEFAULT,
		    .user_tag = MT_TAG);
	}
}
