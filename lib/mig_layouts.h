/*
 * Where the fields of the kernel's messages lie, by Apple's own means:
 *
 *	ROUTINE(routine, id, subsystem, name, twin)
 *	REQUEST(routine, size, F(field, offset, size)...)
 *	REPLY(routine, size, F(field, offset, size)...)
 *
 * lib/mig_test.c requires of mig.c, which follows the layouts of routines.h,
 * that it writes and reads each field there; so a routine of routines.h needs
 * its lines here.  Nothing but these two may include this table.
 *
 * The numbers were not written by hand.  They are the sizes and offsets of the
 * structures that Apple's MIG compiler (bootstrap_cmds, migcom) makes of
 * osfmk/mach/{mach_vm,memory_entry,mach_host,host_priv,vm_map}.defs, and the
 * same in each tag from xnu-4570.1.46 to xnu-11417.121.6, and in
 * xnu-12377.121.6, that has the routine; admin/messages compares them again.
 * twin is the routine whose structures in Apple's public headers (mach/vm_map.h,
 * mach/mach_host.h, mach/host_priv.h; mach/mach_vm.h where there is one) must
 * be the same, "none" where no header has it.
 *
 * Sizes are those of the structures, with a variable array at its longest.
 * Head and msgh_body, which begin every message, are left out.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
ROUTINE(memory_object_entry, 203, mach_host, mach_memory_object_memory_entry,
	mach_memory_object_memory_entry)
REQUEST(memory_object_entry, 64,
	F(pager, 28, 12) F(NDR, 40, 8) F(internal, 48, 4) F(size, 52, 8)
	F(permission, 60, 4))
REPLY(memory_object_entry, 40,
	F(entry_handle, 28, 12))

ROUTINE(memory_object_entry_64, 215, mach_host,
	mach_memory_object_memory_entry_64,
	mach_memory_object_memory_entry_64)
REQUEST(memory_object_entry_64, 64,
	F(pager, 28, 12) F(NDR, 40, 8) F(internal, 48, 4) F(size, 52, 8)
	F(permission, 60, 4))
REPLY(memory_object_entry_64, 40,
	F(entry_handle, 28, 12))

ROUTINE(wire, 418, host_priv, mach_vm_wire, mach_vm_wire)
REQUEST(wire, 68,
	F(task, 28, 12) F(NDR, 40, 8) F(address, 48, 8) F(size, 56, 8)
	F(desired_access, 64, 4))
REPLY(wire, 36,
	F(NDR, 24, 8) F(RetCode, 32, 4))

ROUTINE(exec_lockdown, 3831, vm_map, vm_map_exec_lockdown,
	vm_map_exec_lockdown)
REQUEST(exec_lockdown, 24,)
REPLY(exec_lockdown, 36,
	F(NDR, 24, 8) F(RetCode, 32, 4))

ROUTINE(allocate, 4800, mach_vm, mach_vm_allocate, vm_allocate)
REQUEST(allocate, 52,
	F(NDR, 24, 8) F(address, 32, 8) F(size, 40, 8) F(flags, 48, 4))
REPLY(allocate, 44,
	F(NDR, 24, 8) F(RetCode, 32, 4) F(address, 36, 8))

ROUTINE(deallocate, 4801, mach_vm, mach_vm_deallocate, vm_deallocate)
REQUEST(deallocate, 48,
	F(NDR, 24, 8) F(address, 32, 8) F(size, 40, 8))
REPLY(deallocate, 36,
	F(NDR, 24, 8) F(RetCode, 32, 4))

ROUTINE(protect, 4802, mach_vm, mach_vm_protect, vm_protect)
REQUEST(protect, 56,
	F(NDR, 24, 8) F(address, 32, 8) F(size, 40, 8) F(set_maximum, 48, 4)
	F(new_protection, 52, 4))
REPLY(protect, 36,
	F(NDR, 24, 8) F(RetCode, 32, 4))

ROUTINE(inherit, 4803, mach_vm, mach_vm_inherit, vm_inherit)
REQUEST(inherit, 52,
	F(NDR, 24, 8) F(address, 32, 8) F(size, 40, 8)
	F(new_inheritance, 48, 4))
REPLY(inherit, 36,
	F(NDR, 24, 8) F(RetCode, 32, 4))

ROUTINE(read, 4804, mach_vm, mach_vm_read, vm_read)
REQUEST(read, 48,
	F(NDR, 24, 8) F(address, 32, 8) F(size, 40, 8))
REPLY(read, 56,
	F(data, 28, 16) F(NDR, 44, 8) F(dataCnt, 52, 4))

ROUTINE(read_list, 4805, mach_vm, mach_vm_read_list, vm_read_list)
REQUEST(read_list, 4132,
	F(NDR, 24, 8) F(data_list, 32, 4096) F(count, 4128, 4))
REPLY(read_list, 4132,
	F(NDR, 24, 8) F(RetCode, 32, 4) F(data_list, 36, 4096))

ROUTINE(write, 4806, mach_vm, mach_vm_write, vm_write)
REQUEST(write, 64,
	F(data, 28, 16) F(NDR, 44, 8) F(address, 52, 8) F(dataCnt, 60, 4))
REPLY(write, 36,
	F(NDR, 24, 8) F(RetCode, 32, 4))

ROUTINE(copy, 4807, mach_vm, mach_vm_copy, vm_copy)
REQUEST(copy, 56,
	F(NDR, 24, 8) F(source_address, 32, 8) F(size, 40, 8)
	F(dest_address, 48, 8))
REPLY(copy, 36,
	F(NDR, 24, 8) F(RetCode, 32, 4))

ROUTINE(read_overwrite, 4808, mach_vm, mach_vm_read_overwrite,
	vm_read_overwrite)
REQUEST(read_overwrite, 56,
	F(NDR, 24, 8) F(address, 32, 8) F(size, 40, 8) F(data, 48, 8))
REPLY(read_overwrite, 44,
	F(NDR, 24, 8) F(RetCode, 32, 4) F(outsize, 36, 8))

ROUTINE(msync, 4809, mach_vm, mach_vm_msync, vm_msync)
REQUEST(msync, 52,
	F(NDR, 24, 8) F(address, 32, 8) F(size, 40, 8) F(sync_flags, 48, 4))
REPLY(msync, 36,
	F(NDR, 24, 8) F(RetCode, 32, 4))

ROUTINE(behavior_set, 4810, mach_vm, mach_vm_behavior_set, vm_behavior_set)
REQUEST(behavior_set, 52,
	F(NDR, 24, 8) F(address, 32, 8) F(size, 40, 8) F(new_behavior, 48, 4))
REPLY(behavior_set, 36,
	F(NDR, 24, 8) F(RetCode, 32, 4))

ROUTINE(map, 4811, mach_vm, mach_vm_map, vm_map)
REQUEST(map, 100,
	F(object, 28, 12) F(NDR, 40, 8) F(address, 48, 8) F(size, 56, 8)
	F(mask, 64, 8) F(flags, 72, 4) F(offset, 76, 8) F(copy, 84, 4)
	F(cur_protection, 88, 4) F(max_protection, 92, 4)
	F(inheritance, 96, 4))
REPLY(map, 44,
	F(NDR, 24, 8) F(RetCode, 32, 4) F(address, 36, 8))

ROUTINE(machine_attribute, 4812, mach_vm, mach_vm_machine_attribute,
	vm_machine_attribute)
REQUEST(machine_attribute, 56,
	F(NDR, 24, 8) F(address, 32, 8) F(size, 40, 8) F(attribute, 48, 4)
	F(value, 52, 4))
REPLY(machine_attribute, 40,
	F(NDR, 24, 8) F(RetCode, 32, 4) F(value, 36, 4))

ROUTINE(remap, 4813, mach_vm, mach_vm_remap, vm_remap)
REQUEST(remap, 92,
	F(src_task, 28, 12) F(NDR, 40, 8) F(target_address, 48, 8)
	F(size, 56, 8) F(mask, 64, 8) F(flags, 72, 4) F(src_address, 76, 8)
	F(copy, 84, 4) F(inheritance, 88, 4))
REPLY(remap, 52,
	F(NDR, 24, 8) F(RetCode, 32, 4) F(target_address, 36, 8)
	F(cur_protection, 44, 4) F(max_protection, 48, 4))

ROUTINE(page_query, 4814, mach_vm, mach_vm_page_query, vm_map_page_query)
REQUEST(page_query, 40,
	F(NDR, 24, 8) F(offset, 32, 8))
REPLY(page_query, 44,
	F(NDR, 24, 8) F(RetCode, 32, 4) F(disposition, 36, 4)
	F(ref_count, 40, 4))

ROUTINE(region_recurse, 4815, mach_vm, mach_vm_region_recurse,
	vm_region_recurse_64)
REQUEST(region_recurse, 48,
	F(NDR, 24, 8) F(address, 32, 8) F(nesting_depth, 40, 4)
	F(infoCnt, 44, 4))
REPLY(region_recurse, 136,
	F(NDR, 24, 8) F(RetCode, 32, 4) F(address, 36, 8) F(size, 44, 8)
	F(nesting_depth, 52, 4) F(infoCnt, 56, 4) F(info, 60, 76))

ROUTINE(region, 4816, mach_vm, mach_vm_region, vm_region_64)
REQUEST(region, 48,
	F(NDR, 24, 8) F(address, 32, 8) F(flavor, 40, 4) F(infoCnt, 44, 4))
REPLY(region, 108,
	F(object_name, 28, 12) F(NDR, 40, 8) F(address, 48, 8) F(size, 56, 8)
	F(infoCnt, 64, 4) F(info, 68, 40))

ROUTINE(make_memory_entry, 4817, mach_vm, _mach_make_memory_entry,
	mach_make_memory_entry_64)
REQUEST(make_memory_entry, 68,
	F(parent_handle, 28, 12) F(NDR, 40, 8) F(size, 48, 8) F(offset, 56, 8)
	F(permission, 64, 4))
REPLY(make_memory_entry, 56,
	F(object_handle, 28, 12) F(NDR, 40, 8) F(size, 48, 8))

ROUTINE(purgable_control, 4818, mach_vm, mach_vm_purgable_control,
	vm_purgable_control)
REQUEST(purgable_control, 48,
	F(NDR, 24, 8) F(address, 32, 8) F(control, 40, 4) F(state, 44, 4))
REPLY(purgable_control, 40,
	F(NDR, 24, 8) F(RetCode, 32, 4) F(state, 36, 4))

ROUTINE(page_info, 4819, mach_vm, mach_vm_page_info, none)
REQUEST(page_info, 48,
	F(NDR, 24, 8) F(address, 32, 8) F(flavor, 40, 4) F(infoCnt, 44, 4))
REPLY(page_info, 168,
	F(NDR, 24, 8) F(RetCode, 32, 4) F(infoCnt, 36, 4) F(info, 40, 128))

ROUTINE(page_range_query, 4820, mach_vm, mach_vm_page_range_query, none)
REQUEST(page_range_query, 64,
	F(NDR, 24, 8) F(address, 32, 8) F(size, 40, 8) F(dispositions, 48, 8)
	F(dispositions_count, 56, 8))
REPLY(page_range_query, 44,
	F(NDR, 24, 8) F(RetCode, 32, 4) F(dispositions_count, 36, 8))

ROUTINE(remap_new, 4821, mach_vm, mach_vm_remap_new, vm_remap_new)
REQUEST(remap_new, 100,
	F(src_task, 28, 12) F(NDR, 40, 8) F(target_address, 48, 8)
	F(size, 56, 8) F(mask, 64, 8) F(flags, 72, 4) F(src_address, 76, 8)
	F(copy, 84, 4) F(cur_protection, 88, 4) F(max_protection, 92, 4)
	F(inheritance, 96, 4))
REPLY(remap_new, 52,
	F(NDR, 24, 8) F(RetCode, 32, 4) F(target_address, 36, 8)
	F(cur_protection, 44, 4) F(max_protection, 48, 4))

ROUTINE(range_create, 4825, mach_vm, mach_vm_range_create, none)
REQUEST(range_create, 1064,
	F(NDR, 24, 8) F(flavor, 32, 4) F(recipesCnt, 36, 4)
	F(recipes, 40, 1024))
REPLY(range_create, 36,
	F(NDR, 24, 8) F(RetCode, 32, 4))

ROUTINE(reclamation_buffer_query, 4828, mach_vm,
	mach_vm_deferred_reclamation_buffer_query, none)
REQUEST(reclamation_buffer_query, 24,)
REPLY(reclamation_buffer_query, 52,
	F(NDR, 24, 8) F(RetCode, 32, 4) F(addr, 36, 8) F(size, 44, 8))

ROUTINE(reallocate, 4829, mach_vm, mach_vm_reallocate, none)
REQUEST(reallocate, 80,
	F(NDR, 24, 8) F(src, 32, 8) F(src_size, 40, 8) F(dst, 48, 8)
	F(dst_size, 56, 8) F(align_mask, 64, 8) F(options, 72, 4)
	F(flags, 76, 4))
REPLY(reallocate, 44,
	F(NDR, 24, 8) F(RetCode, 32, 4) F(dst, 36, 8))

ROUTINE(entry_purgable_control, 4900, memory_entry,
	mach_memory_entry_purgable_control,
	none)
REQUEST(entry_purgable_control, 40,
	F(NDR, 24, 8) F(control, 32, 4) F(state, 36, 4))
REPLY(entry_purgable_control, 40,
	F(NDR, 24, 8) F(RetCode, 32, 4) F(state, 36, 4))

ROUTINE(entry_access_tracking, 4901, memory_entry,
	mach_memory_entry_access_tracking, none)
REQUEST(entry_access_tracking, 36,
	F(NDR, 24, 8) F(access_tracking, 32, 4))
REPLY(entry_access_tracking, 48,
	F(NDR, 24, 8) F(RetCode, 32, 4) F(access_tracking, 36, 4)
	F(access_tracking_reads, 40, 4) F(access_tracking_writes, 44, 4))

ROUTINE(entry_ownership, 4902, memory_entry,
	mach_memory_entry_ownership, none)
REQUEST(entry_ownership, 56,
	F(owner, 28, 12) F(NDR, 40, 8) F(ledger_tag, 48, 4)
	F(ledger_flags, 52, 4))
REPLY(entry_ownership, 36,
	F(NDR, 24, 8) F(RetCode, 32, 4))

ROUTINE(entry_get_page_counts, 4903, memory_entry,
	mach_memory_entry_get_page_counts, none)
REQUEST(entry_get_page_counts, 24,)
REPLY(entry_get_page_counts, 60,
	F(NDR, 24, 8) F(RetCode, 32, 4) F(resident_cnt, 36, 8)
	F(dirty_cnt, 44, 8) F(swapped_cnt, 52, 8))
