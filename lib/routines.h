/*
 * Every routine that the suite calls, once, and which kernels have it.  From
 * these rows come the members of struct mt_route, our own messages, the routes
 * libsystem and vm, the prototypes off macOS, libSystem's stubs of the model
 * and its table of servers, and which releases a case of the routine needs:
 *
 *	TRAPPED(name, id, since, before, request, reply, function, twin, parameters)
 *	ROUTINE(name, id, since, before, request, reply, function, twin, parameters)
 *	MACH_VM(name, id, since, before, request, reply, function, parameters)
 *	MESSAGE(name, id, since, before, request, reply, parameters)
 *	UNCALLED(id, since, before)
 *
 * ROUTINE is a function of libSystem with a twin for the process's own address
 * type, TRAPPED one that tries a trap before it sends a message, MACH_VM one
 * without a twin, MESSAGE a routine that no function reaches, UNCALLED one that
 * the suite does not call, of which it only knows whether it is there.  The
 * traps stand in traps.h, which the assembler reads too.
 *
 * since: the first kernel that has the routine, "" if all do; before: the
 * first that has it no more, "" if the newest has it.  Both are rows of
 * releases.h, and admin/dates.tsv says where the source shows it.
 *
 * The first parameter, which is not listed, is the port that the message goes
 * to.  The others are in C's order, each (kind, type, name); routine_lists.h
 * makes C of them:
 *
 *	IN64 IN32		a value
 *	IO64 IO32		by reference, in and out
 *	OUT64 OUT32		by reference, out only
 *	PORT OUT_PORT		a port, copy send; move send
 *	MEMORY OUT_MEMORY	address and count of bytes out of line
 *	WORDS			out: an array, and its count in and out
 *	BYTES			in: an array and its count
 *	LIST			mach_vm_read_list's, in and out
 *
 * request and reply name the fields in the message's order, packed to 4 bytes;
 * descriptors come first there:
 *
 *	P O	a descriptor of the request's body: port (copy send), memory
 *	p o	the same in a reply: port (move send), memory
 *	q i	64 and 32 bits after the NDR record
 *	L	the fixed array of mach_vm_read_list: 256 pairs of 64 bits
 *	v	a count of at most 32 and that many 32-bit words, the last field
 *	b	a count of at most 1024 and that many bytes, the last field
 *
 * A request is header, body with its descriptors if it has any, NDR record,
 * fields; one without fields is a header alone.  A reply is header, NDR record,
 * return code, fields; one with descriptors has body and descriptors instead
 * of the return code, and no NDR record where no field follows.  The reply to
 * id N has id N + 100; any failure is a reply of 36 bytes that ends with the
 * return code.
 *
 * xnu: osfmk/mach/mach_vm.defs (subsystem 4800), mach_host.defs (200),
 * host_priv.defs (400), vm_map.defs (3800), memory_entry.defs (4900).
 * mig_layouts.h has what Apple's compiler makes of these, and mig_test.c
 * compares.
 *
 * In order of id.  Included many times: no include guard; what a user does not
 * define is nothing.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef TRAPPED
#define TRAPPED(name_, id_, since_, before_, request_, reply_, function_, \
    twin_, parameters_)                                                   \
	ROUTINE(name_, id_, since_, before_, request_, reply_, function_, \
	    twin_, parameters_)
#endif
#ifndef ROUTINE
#define ROUTINE(name_, id_, since_, before_, request_, reply_, function_, \
    twin_, parameters_)                                                   \
	MACH_VM(name_, id_, since_, before_, request_, reply_, function_, \
	    parameters_)
#endif
#ifndef MACH_VM
#define MACH_VM(name_, id_, since_, before_, request_, reply_, function_, \
    parameters_)                                                          \
	MESSAGE(name_, id_, since_, before_, request_, reply_, parameters_)
#endif
#ifndef MESSAGE
#define MESSAGE(name_, id_, since_, before_, request_, reply_, parameters_)
#endif
#ifndef UNCALLED
#define UNCALLED(id_, since_, before_)
#endif

MESSAGE(memory_object_entry, 203, "", "", "Piqi", "p",
    (IN32, boolean_t, internal) (IN64, mach_vm_size_t, size)
    (IN32, vm_prot_t, permission) (PORT, mach_port_name_t, pager)
    (OUT_PORT, mach_port_name_t, entry))
MESSAGE(memory_object_entry_64, 215, "", "", "Piqi", "p",
    (IN32, boolean_t, internal) (IN64, memory_object_size_t, size)
    (IN32, vm_prot_t, permission) (PORT, mach_port_name_t, pager)
    (OUT_PORT, mach_port_name_t, entry))
ROUTINE(wire, 418, "", "", "Pqqi", "", mach_vm_wire, vm_wire,
    (PORT, mach_port_name_t, task) (IN64, mach_vm_address_t, address)
    (IN64, mach_vm_size_t, size) (IN32, vm_prot_t, desired_access))
MESSAGE(exec_lockdown, 3831, "", "", "", "",)
UNCALLED(3833, "26.4", "") /* vm_reallocate */
TRAPPED(allocate, 4800, "", "", "qqi", "q", mach_vm_allocate, vm_allocate,
    (IO64, mach_vm_address_t, address) (IN64, mach_vm_size_t, size)
    (IN32, int, flags))
TRAPPED(deallocate, 4801, "", "", "qq", "", mach_vm_deallocate, vm_deallocate,
    (IN64, mach_vm_address_t, address) (IN64, mach_vm_size_t, size))
TRAPPED(protect, 4802, "", "", "qqii", "", mach_vm_protect, vm_protect,
    (IN64, mach_vm_address_t, address) (IN64, mach_vm_size_t, size)
    (IN32, boolean_t, set_maximum) (IN32, vm_prot_t, new_protection))
ROUTINE(inherit, 4803, "", "", "qqi", "", mach_vm_inherit, vm_inherit,
    (IN64, mach_vm_address_t, address) (IN64, mach_vm_size_t, size)
    (IN32, vm_inherit_t, new_inheritance))
ROUTINE(read, 4804, "", "", "qq", "oi", mach_vm_read, vm_read,
    (IN64, mach_vm_address_t, address) (IN64, mach_vm_size_t, size)
    (OUT_MEMORY, vm_offset_t, data))
ROUTINE(read_list, 4805, "", "", "Li", "L", mach_vm_read_list, vm_read_list,
    (LIST, mach_vm_read_entry_t, list) (IN32, natural_t, count))
ROUTINE(write, 4806, "", "", "Oqi", "", mach_vm_write, vm_write,
    (IN64, mach_vm_address_t, address) (MEMORY, vm_offset_t, data))
ROUTINE(copy, 4807, "", "", "qqq", "", mach_vm_copy, vm_copy,
    (IN64, mach_vm_address_t, source) (IN64, mach_vm_size_t, size)
    (IN64, mach_vm_address_t, destination))
ROUTINE(read_overwrite, 4808, "", "", "qqq", "q", mach_vm_read_overwrite,
    vm_read_overwrite,
    (IN64, mach_vm_address_t, address) (IN64, mach_vm_size_t, size)
    (IN64, mach_vm_address_t, data) (OUT64, mach_vm_size_t, out_size))
ROUTINE(msync, 4809, "", "", "qqi", "", mach_vm_msync, vm_msync,
    (IN64, mach_vm_address_t, address) (IN64, mach_vm_size_t, size)
    (IN32, vm_sync_t, sync_flags))
ROUTINE(behavior_set, 4810, "", "", "qqi", "", mach_vm_behavior_set,
    vm_behavior_set,
    (IN64, mach_vm_address_t, address) (IN64, mach_vm_size_t, size)
    (IN32, vm_behavior_t, new_behavior))
TRAPPED(map, 4811, "", "", "Pqqqiqiiii", "q", mach_vm_map, vm_map,
    (IO64, mach_vm_address_t, address) (IN64, mach_vm_size_t, size)
    (IN64, mach_vm_offset_t, mask) (IN32, int, flags)
    (PORT, mach_port_name_t, object) (IN64, memory_object_offset_t, offset)
    (IN32, boolean_t, copy) (IN32, vm_prot_t, cur_protection)
    (IN32, vm_prot_t, max_protection) (IN32, vm_inherit_t, inheritance))
ROUTINE(machine_attribute, 4812, "", "", "qqii", "i", mach_vm_machine_attribute,
    vm_machine_attribute,
    (IN64, mach_vm_address_t, address) (IN64, mach_vm_size_t, size)
    (IN32, vm_machine_attribute_t, attribute)
    (IO32, vm_machine_attribute_val_t, value))
ROUTINE(remap, 4813, "", "", "Pqqqiqii", "qii", mach_vm_remap, vm_remap,
    (IO64, mach_vm_address_t, address) (IN64, mach_vm_size_t, size)
    (IN64, mach_vm_offset_t, mask) (IN32, int, flags)
    (PORT, mach_port_name_t, source_task) (IN64, mach_vm_address_t, source)
    (IN32, boolean_t, copy) (OUT32, vm_prot_t, cur_protection)
    (OUT32, vm_prot_t, max_protection) (IN32, vm_inherit_t, inheritance))
ROUTINE(page_query, 4814, "", "", "q", "ii", mach_vm_page_query,
    vm_map_page_query,
    (IN64, mach_vm_offset_t, offset) (OUT32, integer_t, disposition)
    (OUT32, integer_t, ref_count))
ROUTINE(region_recurse, 4815, "", "", "qii", "qqiv", mach_vm_region_recurse,
    vm_region_recurse_64,
    (IO64, mach_vm_address_t, address) (OUT64, mach_vm_size_t, size)
    (IO32, natural_t, depth) (WORDS, vm_region_recurse_info_t, info))
ROUTINE(region, 4816, "", "", "qii", "pqqv", mach_vm_region, vm_region_64,
    (IO64, mach_vm_address_t, address) (OUT64, mach_vm_size_t, size)
    (IN32, vm_region_flavor_t, flavor) (WORDS, vm_region_info_t, info)
    (OUT_PORT, mach_port_name_t, object_name))
ROUTINE(make_memory_entry, 4817, "", "", "Pqqi", "pq",
    mach_make_memory_entry_64, mach_make_memory_entry,
    (IO64, memory_object_size_t, size) (IN64, memory_object_offset_t, offset)
    (IN32, vm_prot_t, permission) (OUT_PORT, mach_port_name_t, object)
    (PORT, mach_port_name_t, parent))
TRAPPED(purgable_control, 4818, "", "", "qii", "i", mach_vm_purgable_control,
    vm_purgable_control,
    (IN64, mach_vm_address_t, address) (IN32, vm_purgable_t, control)
    (IO32, int, state))
MACH_VM(page_info, 4819, "", "", "qii", "v", mach_vm_page_info,
    (IN64, mach_vm_address_t, address) (IN32, vm_page_info_flavor_t, flavor)
    (WORDS, vm_page_info_t, info))
MACH_VM(page_range_query, 4820, "", "", "qqqq", "q", mach_vm_page_range_query,
    (IN64, mach_vm_offset_t, address) (IN64, mach_vm_size_t, size)
    (IN64, mach_vm_address_t, dispositions)
    (IO64, mach_vm_size_t, dispositions_count))
ROUTINE(remap_new, 4821, "11.3", "", "Pqqqiqiiii", "qii",
    mach_vm_remap_new, vm_remap_new,
    (IO64, mach_vm_address_t, address) (IN64, mach_vm_size_t, size)
    (IN64, mach_vm_offset_t, mask) (IN32, int, flags)
    (PORT, mach_port_name_t, source_task) (IN64, mach_vm_address_t, source)
    (IN32, boolean_t, copy) (IO32, vm_prot_t, cur_protection)
    (IO32, vm_prot_t, max_protection) (IN32, vm_inherit_t, inheritance))
/* Of deferred reclamation; what 4824 did is trap 63 since 26. */
UNCALLED(4822, "13.0", "")
UNCALLED(4823, "13.0", "")
UNCALLED(4824, "13.0", "26.0")
MACH_VM(range_create, 4825, "14.0", "", "ib", "", mach_vm_range_create,
    (IN32, mach_vm_range_flavor_t, flavor)
    (BYTES, mach_vm_range_recipes_raw_t, recipes))
UNCALLED(4826, "15.4", "") /* mach_vm_deferred_reclamation_buffer_resize */
UNCALLED(4827, "15.5", "") /* mach_vm_update_pointers_with_remote_tags */
MESSAGE(reclamation_buffer_query, 4828, "26.0", "", "", "qq",
    (OUT64, mach_vm_address_t, address) (OUT64, mach_vm_size_t, size))
ROUTINE(reallocate, 4829, "26.4", "", "qqqqqii", "q", mach_vm_reallocate,
    vm_reallocate,
    (IN64, mach_vm_address_t, source) (IN64, mach_vm_size_t, source_size)
    (IO64, mach_vm_address_t, destination)
    (IN64, mach_vm_size_t, destination_size)
    (IN64, mach_vm_offset_t, align_mask) (IN32, int, options)
    (IN32, int, flags))
MESSAGE(entry_purgable_control, 4900, "10.14.1", "", "ii", "i",
    (IN32, vm_purgable_t, control) (IO32, int, state))
MESSAGE(entry_access_tracking, 4901, "10.14.1", "", "i", "iii",
    (IO32, int, access_tracking) (OUT32, uint32_t, access_tracking_reads)
    (OUT32, uint32_t, access_tracking_writes))
MESSAGE(entry_ownership, 4902, "10.15.0", "", "Pii", "",
    (PORT, mach_port_name_t, owner) (IN32, int, ledger_tag)
    (IN32, int, ledger_flags))
MESSAGE(entry_get_page_counts, 4903, "26.0", "", "", "qqq",
    (OUT64, uint64_t, resident) (OUT64, uint64_t, dirty)
    (OUT64, uint64_t, swapped))

#undef TRAPPED
#undef ROUTINE
#undef MACH_VM
#undef MESSAGE
#undef UNCALLED
