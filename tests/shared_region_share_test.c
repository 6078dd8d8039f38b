/*
 * The shared region's constant parts through memory entries, mach_vm_remap_new
 * and mach_vm_copy: nothing gives a right to write them.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "shared_region.h"

/* What an entry for a part of the shared region may do. */
static kern_return_t
entry_of(const struct mt_route *vm, mach_port_name_t self, struct part part,
    vm_prot_t permission, mach_port_name_t *entry)
{
	memory_object_size_t size = LARGE;

	*entry = MACH_PORT_NULL;
	return vm->make_memory_entry(self, &size, part.address, permission,
	    entry, MACH_PORT_NULL);
}

MT_CASE(make_memory_entry, constant_part_is_shared_read_only,
    "entry-submap-constant", VM_MEMORY_ENTRY_C "mach_make_memory_entry_share()",
    "MAP_MEM_VM_SHARE of a constant part of the shared region gives an entry "
    "that can be read, not written; with VM_PROT_IS_MASK it is cut to what may "
    "be read.",
    .since = "11", .until = "26.3", .needs = "native")
{
	struct part part = leaf(self, VM_PROT_READ, VM_PROT_READ);
	mach_vm_address_t at = mt_hole(LARGE_PAGES);
	mach_port_name_t entry;

	MT_CHECK(entry_of(vm, self, part, VM_PROT_READ | MAP_MEM_VM_SHARE,
		     &entry),
	    KERN_SUCCESS);
	MT_CHECK(entry_of(vm, self, part, VM_PROT_DEFAULT | MAP_MEM_VM_SHARE,
		     &entry),
	    KERN_PROTECTION_FAILURE);
	MT_CHECK(entry_of(vm, self, part,
		     VM_PROT_DEFAULT | VM_PROT_IS_MASK | MAP_MEM_VM_SHARE,
		     &entry),
	    KERN_SUCCESS);
	MT_CHECK(stage->map(self, &at, LARGE, 0, VM_FLAGS_FIXED, entry, 0,
		     FALSE, VM_PROT_DEFAULT, VM_PROT_DEFAULT, VM_INHERIT_COPY),
	    KERN_INVALID_RIGHT);
	MT_CHECK(stage->map(self, &at, LARGE, 0, VM_FLAGS_FIXED, entry, 0,
		     FALSE, VM_PROT_READ, VM_PROT_READ, VM_INHERIT_COPY),
	    KERN_SUCCESS);
	MT_CHECK_BYTE(at, (uint8_t)byte_at(self, part.address));
	MT_CHECK_REGION(part.address, .is_submap = TRUE);
}

MT_CASE(make_memory_entry, entry_of_shared_data_is_of_the_process,
    "entry-submap-data", VM_MEMORY_ENTRY_C "mach_make_memory_entry_share()",
    "A memory entry for writing of a page of the shared region's data gives the "
    "process its own copy of it first, which the entry shares.",
    .since = "11", .needs = "native")
{
	struct part part = leaf(self, VM_PROT_DEFAULT, VM_PROT_ALL);
	mach_vm_address_t page = part.address + part.size - mt_page;
	mach_vm_address_t hole = mt_hole(1), at = hole;
	memory_object_size_t size = mt_page;
	mach_port_name_t entry = MACH_PORT_NULL;

	MT_SKIP_UNLESS(mt_read(page + mt_page - 1).exception == 0,
	    "the shared region cannot be touched here");
	MT_CHILD {
		MT_CHECK(vm->make_memory_entry(self, &size, page,
			     VM_PROT_DEFAULT, &entry, MACH_PORT_NULL),
		    KERN_SUCCESS);
		MT_CHECK_NUMBER(size, mt_page);
		MT_CHECK(stage->map(self, &at, mt_page, 0, VM_FLAGS_FIXED,
			     entry, 0, FALSE, VM_PROT_DEFAULT, VM_PROT_DEFAULT,
			     VM_INHERIT_COPY),
		    KERN_SUCCESS);
		TOUCH(hole + mt_page - 1, 0x51);
		MT_CHECK_BYTE(page + mt_page - 1, 0x51);
		MT_CHECK_REGION(page, .is_submap = FALSE);
	}
	MT_CHECK_REGION(page, .is_submap = TRUE);
}

MT_CASE(remap_new, constant_part_is_remapped_read_only, "remap-new-submap",
    VM_MAP_C "vm_map_remap_extract()",
    "mach_vm_remap_new() of a constant part of the shared region is "
    "KERN_PROTECTION_FAILURE to be written and succeeds to be read.",
    .until = "26.3", .needs = "native")
{
	struct part part = leaf(self, VM_PROT_READ, VM_PROT_READ);
	mach_vm_address_t at = mt_hole(LARGE_PAGES);
	vm_prot_t current = VM_PROT_DEFAULT, maximum = VM_PROT_DEFAULT;

	MT_CHECK(vm->remap_new(self, &at, LARGE, 0, VM_FLAGS_FIXED, self,
		     part.address, FALSE, &current, &maximum, VM_INHERIT_COPY),
	    KERN_PROTECTION_FAILURE);
	MT_CHECK_HOLE(at);
	current = maximum = VM_PROT_READ;
	MT_CHECK(vm->remap_new(self, &at, LARGE, 0, VM_FLAGS_FIXED, self,
		     part.address, FALSE, &current, &maximum, VM_INHERIT_COPY),
	    KERN_SUCCESS);
	MT_CHECK_REGION(at, .protection = VM_PROT_READ,
	    .max_protection = VM_PROT_READ, .is_submap = FALSE);
	MT_CHECK_BYTE(at, (uint8_t)byte_at(self, part.address));
}

/* On arm64 macOS 11 has the region in pieces of 256 MiB. */
MT_CASE(remap, pieces_of_the_region_show_their_own_parts, "remap-submap-pieces",
    VM_MAP_C "vm_map_remap_extract()",
    "mach_vm_remap() of a page of any map entry of the shared region maps what "
    "the submap has there; where that has nothing it is KERN_INVALID_ADDRESS.",
    .since = "11.3", .until = "26.3", .needs = "native")
{
	mach_vm_address_t at = shared_region().address;
	struct mt_region piece;

	for (; at < mt_system()->maximum && mt_region_at(at, &piece) &&
	     piece.is_submap;
	     at += (mach_vm_size_t)piece.size) {
		mach_vm_address_t to = mt_hole(1);
		vm_region_submap_info_data_64_t info;
		vm_prot_t current, maximum;
		struct part part;
		const bool none = !next_leaf(self, at, &part, &info) ||
		    part.address != at;

		MT_CHECK(vm->remap(self, &to, mt_page, 0, VM_FLAGS_FIXED, self,
			     at, FALSE, &current, &maximum, VM_INHERIT_COPY),
		    none ? KERN_INVALID_ADDRESS : KERN_SUCCESS);
		if (!none && (current & VM_PROT_READ) != 0)
			MT_CHECK_NUMBER(byte_at(self, to), byte_at(self, at));
	}
}

MT_CASE(remap_new, code_is_remapped_executable, "remap-new-submap-code",
    VM_MAP_C "vm_map_remap_extract()",
    "mach_vm_remap_new() of the shared region's code to be read and executed "
    "succeeds, though the map's own entry may not be executed: the submap's "
    "decides.",
    .needs = "native")
{
	const vm_prot_t code = VM_PROT_READ | VM_PROT_EXECUTE;
	struct part part = leaf(self, code, VM_PROT_ALL);
	mach_vm_address_t at = mt_hole(LARGE_PAGES);
	vm_prot_t current = code, maximum = code;

	MT_CHECK(vm->remap_new(self, &at, LARGE, 0, VM_FLAGS_FIXED, self,
		     part.address, FALSE, &current, &maximum, VM_INHERIT_COPY),
	    KERN_SUCCESS);
	MT_CHECK_REGION(at, .protection = code, .is_submap = FALSE);
}

MT_CASE(copy, constant_part_is_not_copied_onto_itself, "copy-submap-itself",
    VM_MAP_C "vm_map_copy_overwrite_aligned()",
    "mach_vm_copy() of a constant part of the shared region onto itself is "
    "KERN_PROTECTION_FAILURE.",
    .needs = "native")
{
	struct part part = leaf(self, VM_PROT_READ, VM_PROT_READ);

	MT_CHILD {
		MT_CHECK(vm->copy(self, part.address, LARGE, part.address),
		    KERN_PROTECTION_FAILURE);
	}
}
