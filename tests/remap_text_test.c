/*
 * mach_vm_remap and mach_vm_remap_new: the text of the running program.
 *
 * All of it is done in a child.  Linkers differ in the maximum that they give
 * to __TEXT: old ones for x86_64 let it be written to.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "stage.h"

enum { BYTES = 64 };

/* The first region that the process may read and execute. */
static struct mt_region
program_text(void)
{
	const vm_prot_t wanted = VM_PROT_READ | VM_PROT_EXECUTE;
	mach_vm_address_t address = 0;
	struct mt_region region;
	const char *problem;

	do {
		MT_REQUIRE_TRUE(mt_region_next(address, &region, &problem));
		address = (mach_vm_address_t)(region.address + region.size);
	} while (region.is_submap || region.protection != wanted);
	MT_SKIP_UNLESS((region.max_protection & VM_PROT_WRITE) == 0,
	    "the program's text may be made writable");
	return region;
}

/* Its first bytes are those that the kernel copies out of the text. */
static void
check_bytes(mach_port_name_t self, mach_vm_address_t text, mach_vm_address_t to)
{
	uint8_t bytes[BYTES] = { 0 };
	mach_vm_size_t size = 0;

	MT_REQUIRE(stage->read_overwrite(self, text, BYTES,
		       (mach_vm_address_t)(uintptr_t)bytes, &size),
	    KERN_SUCCESS);
	for (unsigned i = 0; i < BYTES; i++)
		MT_CHECK_BYTE(to + i, bytes[i]);
}

static void
check_remapped(const struct mt_route *vm, mach_port_name_t self,
    mach_vm_address_t to, boolean_t copy)
{
	const struct mt_region text = program_text();
	const mach_vm_address_t from = (mach_vm_address_t)text.address;
	mach_vm_address_t address = to;
	vm_prot_t current = VM_PROT_NONE, maximum = VM_PROT_NONE;

	MT_CHECK(vm->remap(self, &address, mt_page, 0, VM_FLAGS_FIXED, self,
		     from, copy, &current, &maximum, VM_INHERIT_DEFAULT),
	    KERN_SUCCESS);
	MT_CHECK_PROTECTION(current, text.protection);
	MT_CHECK_PROTECTION(maximum, text.max_protection);
	MT_CHECK_REGION(to, .protection = text.protection,
	    .max_protection = text.max_protection);
	check_bytes(self, from, to);
	MT_CHECK_FAULT(mt_write(to, 0x51), EXC_BAD_ACCESS,
	    KERN_PROTECTION_FAILURE);
	MT_CHECK(stage->protect(self, to, mt_page, FALSE, VM_PROT_DEFAULT),
	    KERN_PROTECTION_FAILURE);
	check_bytes(self, from, to);
}

MT_CASE(remap, shared_program_text_cannot_be_made_writable, "remap-text-share",
    VM_MAP_C "vm_map_remap_extract()",
    "mach_vm_remap() without copy of program text gives the text's bytes and "
    "protections, the maximum, too: a store faults with "
    "KERN_PROTECTION_FAILURE, and mach_vm_protect() to write is refused so.",
    .needs = "native")
{
	mach_vm_address_t to = mt_hole(1);

	MT_CHILD {
		check_remapped(vm, self, to, FALSE);
	}
}

MT_CASE(remap, copied_program_text_cannot_be_made_writable, "remap-text-copy",
    VM_MAP_C "vm_map_remap_extract()",
    "mach_vm_remap() with copy of program text gives the text's bytes and "
    "protections, too: that it is a copy raises no maximum.",
    .needs = "native")
{
	mach_vm_address_t to = mt_hole(1);

	MT_CHILD {
		check_remapped(vm, self, to, TRUE);
	}
}

MT_CASE(remap_new, program_text_is_shared_for_reading_alone,
    "remapnew-text-share", VM_MAP_C "vm_map_remap_extract()",
    "mach_vm_remap_new() without copy of program text with a maximum of "
    "VM_PROT_DEFAULT is KERN_PROTECTION_FAILURE, as the text's has no write; "
    "with VM_PROT_READ it gives the text's bytes.",
    .needs = "native")
{
	mach_vm_address_t to = mt_hole(1), address = to;
	vm_prot_t current = VM_PROT_READ, maximum = VM_PROT_DEFAULT;

	MT_CHILD {
		const mach_vm_address_t from =
		    (mach_vm_address_t)program_text().address;

		MT_CHECK(vm->remap_new(self, &address, mt_page, 0,
			     VM_FLAGS_FIXED, self, from, FALSE, &current,
			     &maximum, VM_INHERIT_DEFAULT),
		    KERN_PROTECTION_FAILURE);
		MT_CHECK_HOLE(to);
		address = to;
		current = maximum = VM_PROT_READ;
		MT_CHECK(vm->remap_new(self, &address, mt_page, 0,
			     VM_FLAGS_FIXED, self, from, FALSE, &current,
			     &maximum, VM_INHERIT_DEFAULT),
		    KERN_SUCCESS);
		MT_CHECK_REGION(to, .protection = VM_PROT_READ,
		    .max_protection = VM_PROT_READ);
		check_bytes(self, from, to);
	}
}

MT_CASE(remap_new, copy_of_program_text_can_be_writable, "remapnew-text-copy",
    VM_MAP_C "vm_map_remap_extract()",
    "mach_vm_remap_new() with copy needs no more than VM_PROT_READ of the "
    "source's maximum: of program text it gives a writable copy, and what is "
    "stored there the text does not show.",
    .needs = "native")
{
	mach_vm_address_t to = mt_hole(1), address = to;
	vm_prot_t current = VM_PROT_DEFAULT, maximum = VM_PROT_DEFAULT;

	MT_CHILD {
		const struct mt_region text = program_text();
		const mach_vm_address_t from = (mach_vm_address_t)text.address;
		uint8_t byte;

		MT_CHECK(vm->remap_new(self, &address, mt_page, 0,
			     VM_FLAGS_FIXED, self, from, TRUE, &current,
			     &maximum, VM_INHERIT_DEFAULT),
		    KERN_SUCCESS);
		MT_CHECK_REGION(to, .protection = VM_PROT_DEFAULT,
		    .max_protection = VM_PROT_DEFAULT);
		check_bytes(self, from, to);
		byte = (uint8_t)~mt_read(to).value;
		TOUCH(to, byte);
		MT_CHECK_BYTE(to, byte);
		MT_REQUIRE(stage->read_overwrite(self, from, 1, to + 1,
			       &(mach_vm_size_t){ 0 }),
		    KERN_SUCCESS);
		MT_CHECK_BYTE(to + 1, (uint8_t)~byte);
		MT_CHECK_REGION(from, .protection = text.protection,
		    .max_protection = text.max_protection);
	}
}
