/*
 * What some releases have and others have not:
 *
 *	RULE(name, since, before, arch, source)
 *	VALUE(name, since, before, arch, value, source)
 *	FLAGS(name, since, before, arch, flags, source)
 *
 * since: first kernel with it, "" if it always was; before: first kernel
 * without it, "" if it still is; both are rows of lib/releases.h, whose tag is
 * the first published one that shows the change: admin/dates looks for each in
 * the kernel's source.  arch: "arm64" or "x86_64" if it is so on that kernel
 * alone, "arm64 process" or "x86_64 process" if in those alone ("arm64" and
 * "x86_64 process": under Rosetta).  Of the VALUEs of a name that apply the
 * last counts, the FLAGS of one are joined.
 *
 * Included by release.h (fields of struct rules) and release.c (their values)
 * with those of the three that they want: no include guard.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef RULE
#define RULE(...)
#endif
#ifndef VALUE
#define VALUE(...)
#endif
#ifndef FLAGS
#define FLAGS(...)
#endif

/* ---- the address space, bytes ---- */
VALUE(page_shift, "", "", "x86_64 process", 12, "osfmk/mach/i386/vm_param.h")
VALUE(page_shift, "", "", "arm64 process", 14, "osfmk/mach/arm/vm_param.h")
VALUE(kernel_page_shift, "", "", "x86_64", 12, "osfmk/mach/i386/vm_param.h")
VALUE(kernel_page_shift, "", "", "arm64", 14, "osfmk/mach/arm/vm_param.h")
VALUE(min, "", "", "", 0x100000000, "__PAGEZERO of a 64-bit program")
VALUE(max, "", "", "x86_64 process", 0x7fffffe00000,
    "osfmk/mach/i386/vm_param.h MACH_VM_MAX_ADDRESS")
VALUE(max, "", "", "arm64 process", 0x7ffffe000000,
    "osfmk/mach/arm/vm_param.h MACH_VM_MAX_ADDRESS")
VALUE(stack_top, "", "", "x86_64 process", 0x7ffeefc00000,
    "osfmk/mach/i386/vm_param.h VM_USRSTACK64")
VALUE(stack_top, "12.0", "", "x86_64 process", 0x7ff7bff00000,
    "osfmk/mach/i386/vm_param.h VM_USRSTACK64")
VALUE(stack_top, "", "", "arm64 process", 0x16fe00000, "bsd/arm/vmparam.h")
VALUE(comm_page, "", "", "x86_64 process", 0x7fffffe00000,
    "osfmk/i386/cpu_capabilities.h _COMM_PAGE64_BASE_ADDRESS")
VALUE(comm_page_size, "", "", "x86_64 process", 0x1000,
    "osfmk/i386/cpu_capabilities.h")
VALUE(comm_page_text, "", "", "x86_64 process", 0x7fffffed3000,
    "osfmk/i386/commpage: random at every boot, this was one kernel's")
VALUE(comm_page, "", "", "arm64 process", 0xfffffc000,
    "osfmk/arm/cpu_capabilities.h _COMM_PAGE64_BASE_ADDRESS")
VALUE(comm_page_size, "", "", "arm64 process", 0x4000,
    "osfmk/arm/cpu_capabilities.h")
VALUE(shared_region, "", "", "x86_64 process", 0x7fff00000000,
    "osfmk/mach/shared_region.h SHARED_REGION_BASE_X86_64")
VALUE(shared_region, "12.0", "", "x86_64 process", 0x7ff800000000,
    "osfmk/mach/shared_region.h SHARED_REGION_BASE_X86_64")
VALUE(shared_region_size, "", "", "x86_64 process", 0xffe00000,
    "osfmk/mach/shared_region.h SHARED_REGION_SIZE_X86_64")
VALUE(shared_region_size, "12.0", "", "x86_64 process", 0x7fe000000,
    "osfmk/mach/shared_region.h SHARED_REGION_SIZE_X86_64")
VALUE(shared_region, "", "", "arm64 process", 0x180000000,
    "osfmk/mach/shared_region.h SHARED_REGION_BASE_ARM64")
VALUE(shared_region_size, "", "", "arm64 process", 0x100000000,
    "osfmk/mach/shared_region.h SHARED_REGION_SIZE_ARM64")
VALUE(shared_region_size, "14.4", "", "arm64 process", 0x180000000,
    "osfmk/mach/shared_region.h SHARED_REGION_SIZE_ARM64")
VALUE(nesting_size, "", "", "x86_64 process", 2 << 20,
    "osfmk/i386/pmap_x86_common.c pmap_shared_region_size_min()")
VALUE(nesting_size, "", "", "arm64 process", 32 << 20,
    "osfmk/arm/pmap/pmap.c pmap_shared_region_size_min()")
VALUE(shared_region_piece, "", "12.0", "arm64", 256 << 20,
    "xnu-7195 osfmk/arm/pmap.h ARM_NESTING_SIZE_MAX")
VALUE(nesting_subtree, "", "", "x86_64", 1 << 30,
    "osfmk/i386/pmap_x86_common.c pmap_nest(): NBPDPT")

/* ---- flags that the routines take; any other: KERN_INVALID_ARGUMENT ---- */
FLAGS(flags_allocate, "", "", "",
    VM_FLAGS_ANYWHERE | VM_FLAGS_PURGABLE | VM_FLAGS_4GB_CHUNK |
	VM_FLAGS_RANDOM_ADDR | VM_FLAGS_NO_CACHE | VM_FLAGS_OVERWRITE |
	VM_FLAGS_SUPERPAGE_MASK | VM_FLAGS_ALIAS_MASK,
    "osfmk/mach/vm_statistics.h VM_FLAGS_USER_ALLOCATE")
FLAGS(flags_allocate, "11.3", "", "", VM_FLAGS_PERMANENT,
    "osfmk/mach/vm_statistics.h VM_FLAGS_USER_ALLOCATE")
FLAGS(flags_allocate, "13.0", "", "", VM_FLAGS_TPRO,
    "osfmk/mach/vm_statistics.h VM_FLAGS_USER_ALLOCATE")
FLAGS(flags_allocate, "26.1", "", "", VM_FLAGS_MTE,
    "osfmk/mach/vm_statistics.h VM_FLAGS_USER_ALLOCATE")
FLAGS(flags_allocate, "26.4", "", "", VM_FLAGS_GUARD_OBJECT_OPTOUT,
    "osfmk/mach/vm_statistics.h VM_FLAGS_USER_ALLOCATE")
FLAGS(flags_map, "", "", "",
    VM_FLAGS_RETURN_DATA_ADDR | VM_FLAGS_RETURN_4K_DATA_ADDR,
    "osfmk/mach/vm_statistics.h VM_FLAGS_USER_MAP: beside those of allocate")
FLAGS(flags_remap, "", "", "",
    VM_FLAGS_ANYWHERE | VM_FLAGS_RANDOM_ADDR | VM_FLAGS_OVERWRITE |
	VM_FLAGS_RETURN_DATA_ADDR | VM_FLAGS_RESILIENT_CODESIGN,
    "osfmk/mach/vm_statistics.h VM_FLAGS_USER_REMAP")
FLAGS(flags_remap, "10.15.0", "", "", VM_FLAGS_RESILIENT_MEDIA,
    "osfmk/mach/vm_statistics.h VM_FLAGS_USER_REMAP")

/* ---- limits, bytes ---- */
VALUE(purgable_max, "", "", "", 0xfffff000,
    "osfmk/mach/vm_param.h ANON_MAX_SIZE")
VALUE(purgable_max, "11.3", "", "arm64", 0xffffc000,
    "osfmk/mach/vm_param.h ANON_MAX_SIZE: 4 GiB less a page")
VALUE(purgable_max, "13.0", "", "x86_64", 0xffffffff000,
    "osfmk/mach/vm_param.h ANON_MAX_PAGES")
VALUE(purgable_max, "13.0", "", "arm64", 0x3fffffffc000,
    "osfmk/mach/vm_param.h ANON_MAX_PAGES")
VALUE(small_copy_max, "", "", "", 2 * 4096 - 24 - 1,
    "osfmk/ipc/ipc_init.c msg_ool_size_small: less cpy_kdata_hdr_sz")
VALUE(small_copy_max, "11.0", "", "x86_64", 2 * 4096 - 1,
    "osfmk/ipc/ipc_init.c msg_ool_size_small: MSG_OOL_SIZE_SMALL_MAX")
VALUE(small_copy_max, "11.0", "", "arm64", 16 * 1024,
    "osfmk/ipc/ipc_init.c msg_ool_size_small: kalloc_max_prerounded")
VALUE(small_copy_max, "12.0", "", "arm64", 2 * 16384 - 1,
    "osfmk/ipc/ipc_init.c msg_ool_size_small: MSG_OOL_SIZE_SMALL_MAX")
VALUE(small_copy_max, "12.4", "", "x86_64", 16 * 1024,
    "osfmk/ipc/ipc_init.c msg_ool_size_small: KHEAP_MAX_SIZE")
VALUE(small_copy_max, "12.4", "", "arm64", 32 * 1024,
    "osfmk/ipc/ipc_init.c msg_ool_size_small: KHEAP_MAX_SIZE")

/* ---- parameters ---- */
RULE(sanitizes_addresses, "15.0", "", "",
    "osfmk/vm/vm_sanitize.c: one order of checks in allocate, deallocate, map, "
    "wire and copies; a range that rounds to nothing is refused")
RULE(sanitizes_attributes, "15.2", "", "",
    "osfmk/vm/vm_sanitize.c: the same in protect, inherit, behavior_set, "
    "msync, machine_attribute and page queries")
RULE(attributes_check_overflow, "13.5", "", "",
    "osfmk/vm/vm_map.c vm_map_protect(), vm_map_behavior_set(): "
    "vm_map_range_overflows() of the rounded range")
RULE(map_denies_zero_rounded, "13.3", "", "",
    "osfmk/vm/vm_map.c vm_map_enter_mem_object_helper(): map_size == 0")
RULE(map_limits_current, "14.5", "", "",
    "osfmk/vm/vm_map.c vm_map_enter_mem_object_helper(): current beyond the "
    "maximum loses those rights; kept before")
RULE(map_limit_loses_mask, "15.0", "", "",
    "osfmk/vm/vm_map.c vm_map_enter_mem_object_sanitize(): VM_PROT_IS_MASK is "
    "lost where current is limited to the maximum; kept before")
RULE(map_execute_implies_read, "13.0", "", "arm64",
    "osfmk/vm/vm_map.c vm_map_enter_mem_object_helper()")
RULE(map_execute_maximum_reads, "26.4", "", "arm64",
    "osfmk/vm/vm_map.c vm_map_enter_mem_object(): READ for the maximum, too")
RULE(map_takes_uexec, "12.0", "15.0", "x86_64",
    "osfmk/vm/vm_map.c vm_map_enter_mem_object_helper(): VM_PROT_ALLEXEC; 15 "
    "takes what vm_sanitize_prot() leaves, no pmap has UEXEC")
RULE(bsd_checks_all_ranges, "10.15.0", "", "",
    "bsd/kern/kern_mman.c msync_nocancel(), munlock(): "
    "mach_vm_range_overflows()")
RULE(bsd_rounds_ranges, "13.5", "", "",
    "bsd/kern/kern_mman.c: vm_map_range_overflows() of the map, in all calls")
RULE(mlock_denied_is_permission, "15.0", "", "",
    "bsd/kern/kern_mman.c mlock(): KERN_PROTECTION_FAILURE is EPERM; EACCES "
    "before")
RULE(mmap_checks_range, "10.15.0", "", "",
    "bsd/kern/kern_mman.c mmap(): mach_vm_range_overflows(), "
    "os_add3_overflow()")
RULE(mmap_knows_unix03, "11.0", "", "",
    "bsd/kern/kern_mman.c mmap(): MAP_UNIX03, and unknown flags are refused "
    "for programs of an SDK of 11 or later")
RULE(mmap_sanitizes, "15.0", "", "",
    "bsd/kern/kern_mman.c mmap_sanitize(): a hint is only rounded")
RULE(madvise_sanitizes, "15.2", "", "",
    "bsd/kern/kern_mman.c madvise_sanitize(): the range is judged first and "
    "begins at its page from then on; mincore_sanitize()")
RULE(has_map_32bit, "10.15.0", "", "", "bsd/kern/kern_mman.c mmap(): MAP_32BIT")
RULE(has_map_tpro, "13.3", "", "", "bsd/kern/kern_mman.c mmap(): MAP_TPRO")
RULE(map_tpro_is_private_anonymous, "", "14.0", "",
    "bsd/kern/kern_mman.c mmap(): MAP_TPRO refused MAP_SHARED, and files")
RULE(mprotect_strips_read, "", "13.0", "arm64",
    "bsd/kern/kern_mman.c mprotect(): VM_PROT_STRIP_READ")
RULE(madvise_splits_errors, "14.4", "", "",
    "bsd/kern/kern_mman.c madvise(): EPERM, ENOTSUP; MADV_ZERO")
RULE(is_arm64, "", "", "arm64",
    "what bsd/kern/kern_mman.c has under __arm64__ and without "
    "CONFIG_DYNAMIC_CODE_SIGNING")

/* ---- placement ---- */
RULE(subpage_denies_realloc, "11.0", "15.0", "",
    "osfmk/vm/vm_map.c vm_map_enter(): FIXED with tag REALLOC in a map of "
    "smaller pages; 15: in the kernel's map only")
RULE(enter_heeds_delete, "13.0", "", "",
    "osfmk/vm/vm_map.c vm_map_enter(): remove_kr")
RULE(enforces_size_limit, "12.0", "", "",
    "osfmk/vm/vm_map.c vm_map_enter(): RLIMIT_AS, RLIMIT_DATA")
RULE(undoes_permanent, "13.0", "", "",
    "osfmk/vm/vm_map.c vm_map_enter(): VM_MAP_REMOVE_IMMUTABLE for a permanent "
    "mapping that failed")
RULE(malloc_no_cow, "14.0", "", "",
    "osfmk/vm/vm_map.c vm_memory_malloc_no_cow(): malloc's tags get an "
    "object of their own, never coalesced")
RULE(medium_has_small_chunks, "10.14.6", "", "",
    "osfmk/vm/vm_map.c vm_map_enter(): MALLOC_MEDIUM_CHUNK_SIZE")
RULE(purgable_is_true_share, "", "10.14.1", "",
    "osfmk/vm/vm_map.c vm_map_enter(): of an object made at once")
RULE(jit_copyin_is_copied_at_once, "11.0", "", "",
    "osfmk/vm/vm_map.c vm_map_copyin_internal(): used_for_jit: what is copied "
    "of a JIT region has COPY_NONE")
RULE(jit_copy_is_copied_at_once, "15.0", "", "",
    "osfmk/vm/vm_map.c vm_map_enter(): vo_inherit_copy_none: what is copied "
    "of a JIT region, and of that, has COPY_NONE")
RULE(jit_is_once_at_random, "", "10.14.1", "",
    "xnu-4570 osfmk/vm/vm_map.c vm_map_enter(): jit_entry_exists")
RULE(jit_is_not_inherited, "", "11.0", "",
    "xnu-6153 osfmk/vm/vm_map.c vm_map_enter(): VM_INHERIT_NONE")
RULE(jit_keeps_protection, "11.2", "", "",
    "osfmk/vm/vm_map.c vm_map_protect(): used_for_jit, pmap_has_prot_policy()")
RULE(has_superpages, "", "", "x86_64",
    "osfmk/vm/vm_map.c vm_map_enter(): SUPERPAGE_SIZE_2MB")
RULE(superpage_denies_object, "15.0", "", "",
    "osfmk/vm/vm_map.c vm_map_enter()")
RULE(resilient_media_may_write, "10.15.0", "", "",
    "osfmk/vm/vm_map.c vm_map_enter()")
RULE(resilient_codesign_copy_may_write, "11.0", "", "",
    "osfmk/vm/vm_map.c vm_map_enter(): reject_prot")
RULE(tpro_reads_only, "14.0", "", "",
    "osfmk/vm/vm_map.c vm_map_enter(): entry_for_tpro; 13 takes the flag and "
    "leaves the protection")

RULE(shm_maximum_follows_descriptor, "10.14.2", "", "",
    "bsd/kern/posix_shm.c pshm_mmap(): what a descriptor was not opened for "
    "is not in the maximum, either")
RULE(shm_needs_name, "10.14.6", "", "",
    "bsd/kern/posix_shm.c pshm_get_name(): at least one character, at most "
    "31, not 30; shm_unlink() answers EINVAL to any other")
RULE(shm_open_truncates_sizeless, "10.14.6", "", "",
    "bsd/kern/posix_shm.c shm_open(): O_TRUNC is taken while there is no size")
RULE(shm_close_wants_size, "", "10.14.6", "",
    "bsd/kern/posix_shm.c pshm_close(): EINVAL for an object without a size, "
    "whose descriptor goes all the same")
RULE(shm_open_knows_flags, "26.4", "", "",
    "bsd/kern/posix_shm.c shm_open(): flags beyond SHM_OPEN_MASK are EINVAL for "
    "programs of an SDK of 26.4 or later, no flags for others")
RULE(shm_unlink_asks_owner, "10.14.6", "", "",
    "bsd/kern/posix_shm.c shm_unlink(): whoever made it needs no right")

/* ---- entries ---- */
RULE(simplifies_shared_entries, "11.0", "", "",
    "osfmk/vm/vm_map.c vm_map_simplify_entry(): is_shared equal; both false "
    "before")
RULE(marks_file_mappings, "10.15.0", "", "",
    "bsd/kern/kern_mman.c mmap(): vmkf_no_copy_on_read, which "
    "vm_map_simplify_entry() compares")
RULE(delete_checks_limits, "12.5", "", "",
    "osfmk/vm/vm_map.c vm_map_delete(): a range that leaves the map removes "
    "nothing; vm_map_remove() cut it to the map before")
RULE(defers_disposal, "12.4", "", "",
    "osfmk/vm/vm_map.c vm_map_zap_dispose(): objects are released after all "
    "entries are gone, not one by one")
RULE(denies_permanent_submap, "13.0", "", "",
    "osfmk/vm/vm_map.c vm_map_delete(): step 2.1")
RULE(shared_region_never_writable, "", "", "arm64",
    "osfmk/vm/vm_map_internal.h VM_MAP_POLICY_WRITABLE_SHARED_REGION(): the submap's "
    "maximum; not for x86_64 processes")
RULE(shared_region_is_permanent, "13.0", "", "arm64",
    "osfmk/vm/vm_shared_region.c vm_shared_region_enter(): "
    "vmf_permanent; not for x86_64 processes")
RULE(shared_data_is_permanent, "13.0", "", "arm64",
    "osfmk/vm/vm_shared_region.c shared_region_make_permanent(): what nobody "
    "may ever write or execute; not for x86_64 processes")
RULE(submap_copies_by_strategy, "11.3", "", "",
    "osfmk/vm/vm_map.c vm_map_lookup_locked(): a write in a submap that is "
    "to be copied; before, the object is shadowed unless it has COPY_NONE")
RULE(submap_copy_keeps_protection, "10.14.1", "", "",
    "osfmk/vm/vm_map.c vm_map_lookup_locked(): what vm_protect() gave the "
    "submap is not replaced by the copied entry's")
RULE(has_user_ranges, "14.0", "", "arm64",
    "config/MASTER CONFIG_MAP_RANGES: but only hardened processes use "
    "them")
RULE(reserved_is_inherited, "12.0", "", "",
    "osfmk/vm/vm_map.c vm_map_exec(): VM_INHERIT_COPY; NONE before")

/* ---- attributes ---- */
RULE(maximum_may_gain_execute, "12.0", "", "x86_64",
    "osfmk/vm/vm_map.c vm_map_protect(): set_maximum in a map without code "
    "signing")
RULE(protect_copy_overwrites_permanent, "10.14.1", "13.0", "",
    "osfmk/vm/vm_map.c vm_map_protect(): vmkf_overwrite_immutable")
RULE(zero_wired_ends_at_first, "", "15.4", "",
    "osfmk/vm/vm_fault.c vm_fault_unwire(): the mark goes with the first page "
    "that is zeroed")
RULE(zero_wired_needs_write, "15.4", "", "",
    "osfmk/vm/vm_map.c vm_map_behavior_set(): VM_BEHAVIOR_ZERO_WIRED_PAGES; "
    "osfmk/vm/vm_fault.c vm_fault_unwire(): what may not be written by then "
    "is not zeroed")
RULE(has_behavior_zero, "14.4", "", "",
    "osfmk/mach/vm_behavior.h VM_BEHAVIOR_ZERO")
RULE(wire_shares_object, "13.0", "", "",
    "osfmk/vm/vm_map.c vm_map_wire_nested(): an object of its own for what is "
    "wired, COPY_DELAY and true_share from then on")
RULE(wire_tells_submap_fault, "11.0", "", "",
    "osfmk/vm/vm_map.c vm_map_wire_nested(): the answer of "
    "vm_map_lookup_locked() in a submap; KERN_FAILURE before")
RULE(unwire_skips_before_hole, "", "15.4", "",
    "osfmk/vm/vm_map.c vm_map_unwire_nested(): an entry below a hole stays "
    "wired")

/* ---- regions ---- */
RULE(region_tells_full_identity, "10.15.0", "", "",
    "osfmk/vm/vm_map.c vm_map_region_recurse_64(): INFO_V2")
RULE(region_tells_submap_copy, "11.3", "", "",
    "osfmk/vm/vm_map.c vm_map_region_recurse_64(): submap_needed_copy")
RULE(region_tells_flags, "26.0", "", "",
    "osfmk/mach/vm_region.h vm_region_submap_info_64: flags, JIT and TPRO")

/* ---- copies (object half) ---- */
RULE(permanent_is_not_overwritten, "13.0", "", "arm64",
    "osfmk/vm/vm_map.c vm_map_entry_is_overwritable()")
RULE(overwrite_keeps_special_objects, "14.3", "", "",
    "osfmk/vm/vm_map.c vm_map_copy_overwrite_aligned(): permanent, JIT, "
    "executable, COPY_NONE")
RULE(overwrite_denies_submap, "15.2", "", "",
    "osfmk/vm/vm_map.c vm_map_copy_overwrite_aligned(): a submap is replaced "
    "by what is copied if it may be written; denied since")
RULE(malloc_medium_is_malloc, "10.14.6", "", "",
    "osfmk/vm/vm_map.c vm_map_copy_overwrite_aligned(): tags up to "
    "MALLOC_MEDIUM")
RULE(unaligned_copy_checks_again, "13.1", "", "",
    "osfmk/vm/vm_map.c vm_map_copy_overwrite_unaligned()")

/* ---- remap ---- */
RULE(remap_refuses_overflow, "13.5", "", "",
    "osfmk/vm/vm_map.c vm_map_remap(): vm_map_range_overflows()")
RULE(remap_truncates_first, "15.0", "", "",
    "osfmk/vm/vm_map.c vm_map_remap_sanitize(): REALIGN_START")
RULE(extract_refuses_overflow, "11.0", "", "",
    "osfmk/vm/vm_map.c vm_map_copy_extract()")
RULE(remap_returns_data_address, "13.3", "14.4", "",
    "osfmk/vm/vm_user.c mach_vm_remap_kernel_helper(): RETURN_DATA_ADDR")
RULE(extract_judges_maximum, "11.3", "", "",
    "osfmk/vm/vm_map.c vm_map_remap_extract(): required_max_prot")
RULE(remap_new_none_is_legacy, "11.3", "15.2", "",
    "osfmk/vm/vm_map.c vm_map_remap_extract(): both protections NONE")
RULE(remap_sets_true_share, "11.3", "", "",
    "osfmk/vm/vm_map.c vm_map_remap_extract()")
RULE(remap_copies_submap, "11.3", "", "",
    "osfmk/vm/vm_map.c vm_map_remap_extract(): what a submap shows there, "
    "copied if the submap would be; the submap itself before")
RULE(remap_wired_keeps_object, "11.0", "", "",
    "osfmk/vm/vm_map.c vm_map_remap_extract(): wired_count")
RULE(remap_keeps_reservations, "13.0", "", "",
    "osfmk/vm/vm_map.c vm_map_remap_extract(): no object, maximum NONE")
RULE(remap_reservations_unshared, "15.0", "", "",
    "osfmk/vm/vm_map.c vm_map_remap_extract(): nothing to share")
RULE(prot_copy_limits_protection, "10.14.1", "", "",
    "osfmk/vm/vm_map.c vm_map_remap_extract(): max_prot_for_prot_copy")
RULE(prot_copy_keeps_permanent, "13.0", "", "",
    "osfmk/vm/vm_map.c vm_map_remap_extract(): vme_permanent")

/* ---- objects ---- */
RULE(shadow_is_never_spared, "11.3", "13.0", "",
    "osfmk/vm/vm_object.c vm_object_shadow(): vm_object_shadow_check is off")

/* ---- faults, pages ---- */
RULE(fetch_from_execute_only, "", "", "arm64",
    "osfmk/vm/vm_map.c vm_map_lookup_and_lock_object(): prefetch abort")
RULE(read_zero_fill_may_write, "", "12.4", "",
    "osfmk/vm/vm_fault.c vm_fault_internal(): write permission in spite of a "
    "copy object, so that a later write does not push")
RULE(truncation_pushes_last_page, "10.14.3", "", "",
    "bsd/kern/ubc_subr.c ubc_setsize_ex(): UPL_WILL_MODIFY for the page in "
    "which the file will end")
RULE(msync_refuses_overflow, "13.5", "", "",
    "osfmk/vm/vm_map.c vm_map_msync()")
RULE(msync_nothing_succeeds, "15.2", "", "",
    "osfmk/vm/vm_map.c vm_map_msync_sanitize(): size 0; a page before")
RULE(reusable_not_shared, "", "10.14.1", "",
    "osfmk/vm/vm_map.c vm_map_entry_is_reusable(): is_shared, copy strategy")
RULE(reusable_not_true_share, "", "11.3", "",
    "osfmk/vm/vm_map.c vm_map_entry_is_reusable(): nor COPY_DELAY")
RULE(reusable_not_wired, "", "14.0", "",
    "osfmk/vm/vm_map.c vm_map_entry_is_reusable(): no wired page in the "
    "object")
RULE(refmod_by_translations, "12.0", "", "arm64",
    "osfmk/arm/pmap/pmap.c phys_attribute_clear_range_internal(): a range's "
    "bits are cleared by its translations (__ARM_RANGE_TLBI__)")
RULE(willneed_prefaults, "10.15.0", "", "",
    "osfmk/vm/vm_map.c vm_map_willneed(): anonymous memory")
RULE(willneed_reports_faults, "15.4", "", "",
    "osfmk/vm/vm_map.c vm_map_willneed(): vm_pre_fault_with_info()")
RULE(purgable_get_needs_write, "", "12.0", "",
    "osfmk/vm/vm_map.c vm_map_purgable_control(): GET_STATE too")
RULE(execute_only_stays_readable, "", "", "x86_64",
    "osfmk/x86_64/pmap.c pmap_protect_options()")
RULE(page_query_tells_reusable, "10.15.0", "", "",
    "osfmk/vm/vm_map.c vm_map_page_range_info_internal(): "
    "VM_PAGE_QUERY_PAGE_REUSABLE")
RULE(page_query_tells_garbage, "", "10.14.6", "",
    "osfmk/vm/vm_map.c vm_map_page_info(): the last page of the address "
    "space: what was on the stack")
RULE(page_query_refuses_overflow, "13.5", "", "",
    "osfmk/vm/vm_map.c vm_map_page_range_info_internal()")
RULE(page_range_query_checks_count, "11.3", "", "",
    "osfmk/vm/vm_user.c mach_vm_page_range_query(): os_mul_overflow(); before, "
    "what is left of the buffer's size below 2^64 counts")
RULE(page_range_query_checks_buffer, "15.2", "", "",
    "osfmk/vm/vm_user.c mach_vm_page_range_query_sanitize()")
RULE(page_range_query_nothing_succeeds, "15.2", "", "",
    "osfmk/vm/vm_user.c mach_vm_page_range_query(): size 0")
RULE(fork_keeps_permanent, "12.0", "", "",
    "osfmk/vm/vm_map.c vm_map_fork(): vme_permanent")
RULE(fork_copies_are_marked, "14.0", "", "",
    "osfmk/vm/vm_map.c vm_map_fork(): VM_MAP_COPYIN_FORK")

/* ---- traps, comm page (trap.c, commpage.c) ---- */
RULE(trap_pointer_is_memory_error, "12.0", "", "",
    "osfmk/ipc/mach_kernelrpc.c: mach_copyin(), mach_copyout()")
RULE(bad_system_call_is_signal, "12.3", "", "",
    "bsd/uxkern/ux_exception.c ux_exception(): EXC_SYSCALL")
RULE(kills_old_senders, "13.0", "", "",
    "osfmk/ipc/mach_msg.c mach_msg_copyin_user_header(): "
    "kGUARD_EXC_INVALID_OPTIONS; from 14.6 ipc_policy.c "
    "ipc_policy_allow_legacy_send_trap()")
RULE(judges_descriptors_first, "12.0", "", "",
    "osfmk/ipc/ipc_kmsg.c ipc_kmsg_copyin_body(): the first pass knows all "
    "types; ipc_kmsg_get_from_user(): is there room for so many?")
RULE(measures_messages_first, "13.0", "", "",
    "osfmk/ipc/ipc_kmsg.c ipc_kmsg_get_from_user(): ikm_check_descriptors(), "
    "before the header's rights are taken")
RULE(kills_lone_senders, "14.6", "", "",
    "osfmk/ipc/ipc_policy.c ipc_validate_kmsg_dest_from_user(): a call of the "
    "kernel is a combined send and receive")
RULE(kernel_calls_take_few_descriptors, "14.6", "", "",
    "osfmk/ipc/ipc_kmsg.c ipc_kmsg_user_desc_type_is_valid(): with "
    "MACH64_SEND_KOBJECT_CALL ports, memory and arrays of ports alone")
RULE(has_time_traps, "", "", "arm64", "osfmk/arm64/sleh.c handle_svc()")
RULE(comm_page_has_shifts, "11.0", "", "",
    "osfmk/i386/cpu_capabilities.h: version 14; arm64 always")
RULE(comm_page_has_clusters, "14.0", "", "",
    "osfmk/arm/cpu_capabilities.h _COMM_PAGE_CPU_CLUSTERS")
RULE(comm_page_is_twofold, "13.0", "", "arm64",
    "osfmk/arm/cpu_capabilities.h: _COMM_PAGE64_RO_ADDRESS")

/* ---- messages ---- */
RULE(receives_misaligned_by_copy, "10.15.6", "", "",
    "osfmk/ipc/ipc_kmsg.c ipc_kmsg_copyout_ool_descriptor(): misaligned")
RULE(receives_as_kernel, "12.3", "14.0", "",
    "osfmk/ipc/ipc_kmsg.c: the kernel's tag VM_KERN_MEMORY_IPC, 7")
RULE(receives_as_message, "14.0", "", "",
    "osfmk/ipc/ipc_kmsg.c: VM_MEMORY_MACH_MSG")

/* ---- memory entries ---- */
RULE(entry_refuses_overflow, "13.5", "", "",
    "osfmk/vm/vm_user.c mach_make_memory_entry_internal(): "
    "vm_map_range_overflows()")
RULE(entry_overflow_is_address, "13.5", "14.4", "",
    "osfmk/vm/vm_user.c mach_make_memory_entry_internal(): "
    "KERN_INVALID_ADDRESS, else KERN_INVALID_ARGUMENT")
RULE(forgets_cache_modes, "12.3", "13.3", "",
    "osfmk/vm/vm_map.h struct vm_named_entry: four bits of protection, no "
    "access")
RULE(entry_refuses_nothing, "11.0", "", "",
    "osfmk/vm/vm_user.c mach_make_memory_entry_internal(): map_size == 0")
RULE(entry_judges_size, "15.0", "", "",
    "osfmk/vm/vm_memory_entry.c: size 0 itself, not what it rounds to")
RULE(entry_judges_size_first, "13.5", "", "",
    "osfmk/vm/vm_user.c mach_make_memory_entry_internal(): before "
    "USE_DATA_ADDR with NAMED_CREATE")
RULE(entry_takes_ledger_tag, "10.15.0", "", "",
    "osfmk/mach/memory_object_types.h MAP_MEM_LEDGER_TAGGED")
RULE(ownership_may_stay, "13.0", "", "",
    "osfmk/vm/vm_user.c mach_memory_entry_ownership(): TASK_NULL and "
    "VM_LEDGER_TAG_UNCHANGED; is_fully_owned")
RULE(ownership_judges_flags_first, "15.0", "", "",
    "osfmk/vm/vm_memory_entry.c mach_memory_entry_ownership()")
RULE(ownership_knows_debug, "12.0", "", "",
    "osfmk/mach/vm_statistics.h VM_LEDGER_FLAG_NO_FOOTPRINT_FOR_DEBUG")
RULE(object_entry_rounds, "13.3", "", "",
    "osfmk/vm/vm_user.c mach_memory_object_memory_entry_64(): "
    "vm_object_round_page()")
RULE(object_entry_refuses_nothing, "15.0", "", "",
    "osfmk/vm/vm_memory_entry.c mach_memory_object_memory_entry_64(): "
    "VM_SANITIZE_FLAGS_SIZE_ZERO_FAILS")
RULE(entry_has_4g_limit, "", "13.0", "",
    "osfmk/mach/vm_param.h ANON_MAX_SIZE: 4 GiB less a page, later 2^32-1 "
    "pages")
RULE(entry_extracts, "11.0", "", "",
    "osfmk/vm/vm_user.c mach_make_memory_entry_internal(): a plain entry is "
    "what vm_map_copy_extract() gives; before, the object and the entries "
    "that continue it")
RULE(entry_refuses_reservation, "26.0", "", "",
    "osfmk/vm/vm_memory_entry.c mach_make_memory_entry_share(): no object, "
    "which 13 to 15 lock all the same")
RULE(entry_judges_task_first, "26.4", "", "",
    "osfmk/vm/vm_memory_entry.c mach_make_memory_entry_share()")
RULE(entry_child_refuses_nothing, "26.0", "", "",
    "osfmk/vm/vm_memory_entry.c "
    "mach_make_memory_entry_from_parent_entry_sanitize()")
RULE(entry_child_limits_end, "15.0", "", "",
    "osfmk/vm/vm_memory_entry.c "
    "mach_make_memory_entry_from_parent_entry_sanitize()")
RULE(entry_copy_is_trimmed, "", "11.0", "",
    "osfmk/vm/vm_map.c vm_map_enter_mem_object_helper(): only the part that "
    "was asked for stays mapped, none of it FIXED")
RULE(maps_part_of_copy_entry, "26.4", "", "",
    "osfmk/vm/vm_map.c vm_map_enter_mem_object(): "
    "vm_map_copy_adjust_to_target() always, with the entry's data offset")
RULE(list_is_always_shadowed, "13.0", "", "",
    "osfmk/vm/vm_map.c vm_map_enter_mem_object_helper(): VME_OBJECT_SHADOW() "
    "of a copy's entry with always_shadow")
RULE(map_truncates_data_offset, "", "15.2", "",
    "osfmk/vm/vm_map.c vm_map_enter_mem_object(): what RETURN_4K_DATA_ADDR "
    "drops is an unaligned offset since, KERN_INVALID_ARGUMENT")
RULE(entry_copy_copies, "12.4", "", "",
    "osfmk/vm/vm_map.c vm_map_enter_mem_object_helper(): copies a copy by "
    "its strategy and shadows what is symmetric")

/* ---- machine attributes ---- */
RULE(caches_flush, "", "", "arm64",
    "osfmk/arm/pmap/pmap.c pmap_attribute_cache_sync(); "
    "KERN_INVALID_ADDRESS in osfmk/i386/pmap.h")

/* ---- ranges (range.h) ---- */
RULE(locks_entries, "26.4", "", "",
    "osfmk/vm/vm_map_lock.c: a lock for each entry instead of one for the "
    "map; ranges are taken entry by entry, atomic or streaming")
RULE(places_have_63_bits, "26.4", "", "",
    "osfmk/vm/vm_map_store_internal.h vm_map_store_rsv_t: the start of new "
    "memory is a signed field of 63 bits")
RULE(kills_if_not_shadowed, "26.4", "", "",
    "osfmk/vm/vm_object.c vm_object_no_shadowing(): pages may be discarded "
    "unless the object is or was copied; references do not count")
RULE(aliases_by_history, "26.4", "", "",
    "osfmk/vm/vm_map.c vm_map_region_walk(): share mode by "
    "has_been_shared_permanently and has_been_clipped, not by counting")
RULE(wired_fault_needs_write, "26.4", "", "",
    "osfmk/vm/vm_fault.c vm_fault_internal(): the entry is looked up again "
    "with the WRITE of a wired fault; a copy object makes it get there")
RULE(random_ignores_mask, "26.4", "", "",
    "osfmk/vm/vm_map_store.c vm_map_store_find_space_random(): no mask, and "
    "not below the hint")

#undef RULE
#undef VALUE
#undef FLAGS
