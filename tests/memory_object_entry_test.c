/*
 * mach_memory_object_memory_entry and its twin _64: an entry for new memory
 * that no map has, asked of the host.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "entries.h"
#include "trap.h"

/* Ask either routine. */
static kern_return_t
object_entry(const struct mt_route *vm, bool twin, mach_port_name_t host,
    boolean_t internal, mach_vm_size_t size, vm_prot_t permission,
    mach_port_name_t *entry)
{
	return twin ? vm->memory_object_entry_64(host, internal, size,
			  permission, MACH_PORT_NULL, entry) :
		      vm->memory_object_entry(host, internal, size, permission,
			  MACH_PORT_NULL, entry);
}

static void
mapped_twice(const struct mt_route *vm, mach_port_name_t self, bool twin)
{
	mach_vm_address_t a = mt_hole(4), b = mt_hole(4);
	mach_port_name_t entry = MACH_PORT_NULL;

	MT_CHECK(object_entry(vm, twin, mach_host_self(), TRUE, 4 * mt_page, RW,
		     &entry),
	    KERN_SUCCESS);
	MT_REQUIRE(map_at(stage, self, a, 4 * mt_page, 0, entry, 0, FALSE, RW,
		       RW),
	    KERN_SUCCESS);
	MT_REQUIRE(map_at(stage, self, b, 2 * mt_page, 0, entry, 2 * mt_page,
		       FALSE, RW, RW),
	    KERN_SUCCESS);
	MT_CHECK_BYTE(a, 0);
	TOUCH(a + 3 * mt_page, 0x61);
	MT_CHECK_BYTE(b, 0);
	MT_CHECK_BYTE(b + mt_page, 0x61);
}

MT_CASE(memory_object_entry, new_memory_is_shared_by_its_mappings,
    "object-entry", VM_MEMORY_ENTRY_C "mach_memory_object_memory_entry()",
    "mach_memory_object_memory_entry() without a pager returns an entry for "
    "new memory, zero at first, which all mappings share.")
{
	mapped_twice(vm, self, false);
}

MT_CASE(memory_object_entry_64, new_memory_is_shared_by_its_mappings_64,
    "object-entry-64", VM_MEMORY_ENTRY_C "mach_memory_object_memory_entry_64()",
    "mach_memory_object_memory_entry_64() without a pager returns an entry for "
    "new memory, zero at first, which all mappings share.")
{
	mapped_twice(vm, self, true);
}

MT_CASE(memory_object_entry_64, entry_has_more_than_4_gib,
    "object-entry-size-64",
    VM_MEMORY_ENTRY_C "mach_memory_object_memory_entry_64()",
    "mach_memory_object_memory_entry_64() returns an entry for as much memory "
    "as is asked for, 4 GiB and a page: its last page can be mapped.")
{
	const mach_vm_size_t wide = UINT64_C(1) << 32;
	mach_vm_address_t hole = mt_hole(1);
	mach_port_name_t entry = MACH_PORT_NULL;

	MT_CHECK(object_entry(vm, true, mach_host_self(), TRUE, wide + mt_page,
		     RW, &entry),
	    KERN_SUCCESS);
	MT_CHECK(map_at(stage, self, hole, mt_page, 0, entry, wide, FALSE, RW,
		     RW),
	    KERN_SUCCESS);
	TOUCH(hole, 0x61);
	MT_CHECK_REGION(hole, .offset = (int64_t)wide);
}

MT_CASE(memory_object_entry_64, entry_may_be_executed, "object-entry-execute",
    VM_MEMORY_ENTRY_C "mach_memory_object_memory_entry_64()",
    "An entry of mach_memory_object_memory_entry_64() with VM_PROT_EXECUTE is "
    "mapped so.")
{
	const vm_prot_t access = VM_PROT_READ | VM_PROT_EXECUTE;
	mach_vm_address_t hole = mt_hole(1);
	mach_port_name_t entry = MACH_PORT_NULL;

	MT_CHECK(object_entry(vm, true, mach_host_self(), TRUE, mt_page, access,
		     &entry),
	    KERN_SUCCESS);
	MT_CHECK(map_at(stage, self, hole, mt_page, PLAIN, entry, 0, FALSE,
		     access, access),
	    KERN_SUCCESS);
	MT_CHECK_REGION(hole, .protection = access, .max_protection = access);
}

MT_CASE(memory_object_entry_64, entry_gives_the_rights_asked_for,
    "object-entry-rights",
    VM_MEMORY_ENTRY_C "mach_memory_object_memory_entry_64()",
    "mach_memory_object_memory_entry_64(): mapping the entry with more rights "
    "than the permission is KERN_INVALID_RIGHT.")
{
	mach_vm_address_t hole = mt_hole(1);
	mach_port_name_t entry = MACH_PORT_NULL;

	MT_CHECK(object_entry(vm, true, mach_host_self(), TRUE, mt_page, RO,
		     &entry),
	    KERN_SUCCESS);
	MT_CHECK(map_at(stage, self, hole, mt_page, 0, entry, 0, FALSE, RO, RW),
	    KERN_INVALID_RIGHT);
	MT_CHECK(map_at(stage, self, hole, mt_page, 0, entry, 0, FALSE, RO, RO),
	    KERN_SUCCESS);
	MT_CHECK_REGION(hole, .protection = RO, .max_protection = RO);
}

MT_CASE(memory_object_entry_64, memory_needs_a_pager_or_the_kernel,
    "object-entry-external",
    VM_MEMORY_ENTRY_C "mach_memory_object_memory_entry_64()",
    "mach_memory_object_memory_entry_64() of memory that is not internal and "
    "has no pager is KERN_INVALID_ARGUMENT.")
{
	mach_port_name_t entry = 0x7777;

	MT_CHECK(object_entry(vm, true, mach_host_self(), FALSE, mt_page, RW,
		     &entry),
	    KERN_INVALID_ARGUMENT);
	MT_CHECK_NUMBER(entry, 0x7777);
	MT_CHECK(object_entry(vm, false, mach_host_self(), FALSE, mt_page, RW,
		     &entry),
	    KERN_INVALID_ARGUMENT);
}

MT_CASE(memory_object_entry_64, internal_is_any_number_but_zero,
    "object-entry-internal",
    VM_MEMORY_ENTRY_C "mach_memory_object_memory_entry_64()",
    "mach_memory_object_memory_entry_64() without a pager makes new memory for "
    "every value of internal but 0.")
{
	static const boolean_t values[] = { 1, 2, 0x100, INT32_MIN, -1 };
	mach_port_name_t entry = MACH_PORT_NULL;

	for (unsigned i = 0; i < sizeof(values) / sizeof(values[0]); i++) {
		MT_CHECK(object_entry(vm, true, mach_host_self(), values[i],
			     mt_page, RW, &entry),
		    KERN_SUCCESS);
		MT_REQUIRE(mt_trap_port_deallocate(self, entry), KERN_SUCCESS);
	}
}

MT_CASE(memory_object_entry_64, task_is_no_host, "object-entry-host",
    VM_MEMORY_ENTRY_C "mach_memory_object_memory_entry_64()",
    "mach_memory_object_memory_entry_64() to a port that is no host's is "
    "KERN_INVALID_HOST.")
{
	mach_port_name_t entry = 0x7777;

	MT_CHECK(object_entry(vm, true, self, TRUE, mt_page, RW, &entry),
	    KERN_INVALID_HOST);
	MT_CHECK_NUMBER(entry, 0x7777);
}

MT_CASE(memory_object_entry_64, size_is_rounded_to_pages, "object-entry-size",
    VM_MEMORY_ENTRY_C "mach_memory_object_memory_entry_64()",
    "mach_memory_object_memory_entry_64() rounds the size to pages since macOS "
    "13.3; before that what is left of the last one cannot be mapped.")
{
	const bool rounds = MT_VALUE(TRUE, MT_UNTIL(13.2, FALSE));
	mach_vm_address_t hole = mt_hole(2);
	mach_port_name_t entry = MACH_PORT_NULL;

	MT_CHECK(object_entry(vm, true, mach_host_self(), TRUE, mt_page + 1, RW,
		     &entry),
	    KERN_SUCCESS);
	MT_CHECK(map_at(stage, self, hole, 2 * mt_page, 0, entry, 0, FALSE, RW,
		     RW),
	    KERN_SUCCESS, MT_UNTIL(13.2, KERN_INVALID_ARGUMENT));
	if (rounds)
		MT_CHECK_WRITABLE(hole + mt_page);
}

MT_CASE(memory_object_entry_64, size_zero_is_an_invalid_argument,
    "object-entry-zero", VM_SANITIZE_C "vm_sanitize_object_size()",
    "mach_memory_object_memory_entry_64() of no bytes is "
    "KERN_INVALID_ARGUMENT.",
    .since = "15")
{
	mach_port_name_t entry = 0x7777;

	MT_CHECK(object_entry(vm, true, mach_host_self(), TRUE, 0, RW, &entry),
	    KERN_INVALID_ARGUMENT);
	MT_CHECK_NUMBER(entry, 0x7777);
}

MT_CASE(memory_object_entry_64, memory_stays_shared_when_it_is_copied,
    "object-entry-copied",
    VM_MEMORY_ENTRY_C "mach_memory_object_memory_entry_64()",
    "Memory of an entry of mach_memory_object_memory_entry_64() stays shared "
    "by its mappings after one of them was copied.")
{
	mach_vm_address_t a = mt_hole(LARGE_PAGES), b = mt_hole(LARGE_PAGES);
	mach_vm_address_t to = mt_pages(LARGE_PAGES);
	mach_port_name_t entry = MACH_PORT_NULL;

	MT_CHECK(object_entry(vm, true, mach_host_self(), TRUE, LARGE, RW,
		     &entry),
	    KERN_SUCCESS);
	MT_REQUIRE(map_at(stage, self, a, LARGE, 0, entry, 0, FALSE, RW, RW),
	    KERN_SUCCESS);
	TOUCH(a, 0x61);
	MT_REQUIRE(stage->copy(self, a, LARGE, to), KERN_SUCCESS);
	TOUCH(a, 0x62);
	MT_REQUIRE(map_at(stage, self, b, LARGE, 0, entry, 0, FALSE, RW, RW),
	    KERN_SUCCESS);
	MT_CHECK_BYTE(b, 0x62);
	MT_CHECK_BYTE(to, 0x61);
}

MT_CASE(entry_ownership, memory_of_the_kernel_cannot_be_given,
    "object-entry-owner", VM_OBJECT_C "vm_object_ownership_change()",
    "mach_memory_entry_ownership() of an entry of "
    "mach_memory_object_memory_entry_64() is KERN_INVALID_ARGUMENT, until macOS "
    "12 KERN_FAILURE: that memory may be copied by delay.",
    .since = "10.15")
{
	mach_port_name_t entry = MACH_PORT_NULL;

	MT_CHECK(object_entry(vm, true, mach_host_self(), TRUE, 4 * mt_page, RW,
		     &entry),
	    KERN_SUCCESS);
	MT_CHECK(vm->entry_ownership(entry, self, 1, 0), KERN_INVALID_ARGUMENT,
	    MT_UNTIL(12, KERN_FAILURE));
}

MT_CASE(memory_object_entry_64, entry_has_the_cache_mode_asked_for,
    "object-entry-mode",
    VM_MEMORY_ENTRY_C "mach_memory_object_memory_entry_64()",
    "An entry of mach_memory_object_memory_entry_64() has the cache mode of its "
    "permission: MAP_MEM_ONLY with another one is KERN_INVALID_RIGHT, but from "
    "macOS 12.3 to 13.2, when entries forget theirs.")
{
	const vm_prot_t modes[] = { 0, MAP_MEM_COPYBACK << 24 };
	mach_port_name_t entry = MACH_PORT_NULL, again;

	for (unsigned i = 0; i < 2; i++) {
		memory_object_size_t size = mt_page;

		MT_CHECK(object_entry(vm, true, mach_host_self(), TRUE,
			     4 * mt_page, RO | modes[i], &entry),
		    KERN_SUCCESS);
		MT_CHECK(stage->make_memory_entry(self, &size, 0,
			     MAP_MEM_ONLY | RO, &again, entry),
		    i == 0 ? KERN_SUCCESS : KERN_INVALID_RIGHT,
		    MT_UNTIL(13.2, KERN_SUCCESS),
		    MT_UNTIL(12.2, i == 0 ? KERN_SUCCESS : KERN_INVALID_RIGHT));
	}
}
