/*
 * What an SDK may lack: mach_vm.h's prototypes and the constants of newer
 * releases.  Values are those of types_linux.h, which names the headers.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef MT_TYPES_DARWIN_H
#define MT_TYPES_DARWIN_H

#include <mach/vm_page_size.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#define MT_LIBC(name_) name_

#define MT_COUNT(type) ((mach_msg_type_number_t)(sizeof(type) / sizeof(int)))

/* mach/vm_types.h since 14 */
#ifndef MACH_VM_RANGE_FLAVOR_DEFAULT
typedef uint32_t mach_vm_range_flavor_t;
typedef uint8_t *mach_vm_range_recipes_raw_t;
#define MACH_VM_RANGE_FLAVOR_INVALID 0
#define MACH_VM_RANGE_FLAVOR_V1	     1
#define MACH_VM_RANGE_DEFAULT	     0
#define MACH_VM_RANGE_DATA	     1
#define MACH_VM_RANGE_FIXED	     2
#endif

#ifndef KERN_DENIED
#define KERN_DENIED 53
#endif
#ifndef KERN_MISSING_KC
#define KERN_MISSING_KC 54
#endif
#ifndef KERN_INVALID_KC
#define KERN_INVALID_KC 55
#endif
#ifndef KERN_NOT_FOUND
#define KERN_NOT_FOUND 56
#endif
#ifndef KERN_INVALID_GUARD_OBJECT_SLOT
#define KERN_INVALID_GUARD_OBJECT_SLOT 57
#endif
#ifndef VM_REALLOCATE_DEALLOCATE_SOURCE
#define VM_REALLOCATE_DEALLOCATE_SOURCE 0
#endif
#ifndef VM_REALLOCATE_ZERO_FILL_SOURCE
#define VM_REALLOCATE_ZERO_FILL_SOURCE 1
#endif
#ifndef VM_REGION_FLAG_JIT_ENABLED
#define VM_REGION_FLAG_JIT_ENABLED 0x1
#endif
#ifndef VM_REGION_FLAG_TPRO_ENABLED
#define VM_REGION_FLAG_TPRO_ENABLED 0x2
#endif
#ifndef VM_PROT_NO_CHANGE_LEGACY
#define VM_PROT_NO_CHANGE_LEGACY ((vm_prot_t)0x08)
#endif
#ifndef VM_PROT_UEXEC
#define VM_PROT_UEXEC ((vm_prot_t)0x8)
#endif
#ifndef VM_PROT_TRUSTED
#define VM_PROT_TRUSTED ((vm_prot_t)0x20)
#endif
#ifndef VM_BEHAVIOR_ZERO
#define VM_BEHAVIOR_ZERO ((vm_behavior_t)12)
#endif
#ifndef VM_BEHAVIOR_PAGEOUT
#define VM_BEHAVIOR_PAGEOUT ((vm_behavior_t)11)
#endif
#ifndef VM_FLAGS_PERMANENT
#define VM_FLAGS_PERMANENT 0x00000080
#endif
#ifndef VM_FLAGS_TPRO
#define VM_FLAGS_TPRO 0x00001000
#endif
#ifndef VM_FLAGS_MTE
#define VM_FLAGS_MTE 0x00002000
#endif
#ifndef VM_FLAGS_GUARD_OBJECT_OPTOUT
#define VM_FLAGS_GUARD_OBJECT_OPTOUT 0x00400000
#endif
#ifndef VM_MEMORY_VM_RECLAIM
#define VM_MEMORY_VM_RECLAIM 22
#endif
#ifndef VM_MEMORY_LIBCHANNEL
#define VM_MEMORY_LIBCHANNEL 36
#endif
#ifndef VM_MEMORY_DFR
#define VM_MEMORY_DFR 85
#endif
#ifndef VM_MEMORY_COMPOSITOR_SERVICES
#define VM_MEMORY_COMPOSITOR_SERVICES 107
#endif
#ifndef VM_MEMORY_MALLOC_MEDIUM
#define VM_MEMORY_MALLOC_MEDIUM 12
#endif
#ifndef VM_MEMORY_MALLOC_PROB_GUARD
#define VM_MEMORY_MALLOC_PROB_GUARD 13
#endif
#ifndef VM_MEMORY_CM_XPC
#define VM_MEMORY_CM_XPC 92
#endif
#ifndef VM_MEMORY_CM_RPC
#define VM_MEMORY_CM_RPC 93
#endif
#ifndef VM_MEMORY_CM_MEMORYPOOL
#define VM_MEMORY_CM_MEMORYPOOL 94
#endif
#ifndef VM_MEMORY_CM_READCACHE
#define VM_MEMORY_CM_READCACHE 95
#endif
#ifndef VM_MEMORY_CM_CRABS
#define VM_MEMORY_CM_CRABS 96
#endif
#ifndef VM_MEMORY_QUICKLOOK_THUMBNAILS
#define VM_MEMORY_QUICKLOOK_THUMBNAILS 97
#endif
#ifndef VM_MEMORY_ACCOUNTS
#define VM_MEMORY_ACCOUNTS 98
#endif
#ifndef VM_MEMORY_SANITIZER
#define VM_MEMORY_SANITIZER 99
#endif
#ifndef VM_MEMORY_IOACCELERATOR
#define VM_MEMORY_IOACCELERATOR 100
#endif
#ifndef VM_MEMORY_CM_REGWARP
#define VM_MEMORY_CM_REGWARP 101
#endif
#ifndef VM_MEMORY_EAR_DECODER
#define VM_MEMORY_EAR_DECODER 102
#endif
#ifndef VM_MEMORY_COREUI_CACHED_IMAGE_DATA
#define VM_MEMORY_COREUI_CACHED_IMAGE_DATA 103
#endif
#ifndef VM_MEMORY_COLORSYNC
#define VM_MEMORY_COLORSYNC 104
#endif
#ifndef VM_MEMORY_BTINFO
#define VM_MEMORY_BTINFO 105
#endif
#ifndef VM_MEMORY_CM_HLS
#define VM_MEMORY_CM_HLS 106
#endif
#ifndef VM_MEMORY_ROSETTA
#define VM_MEMORY_ROSETTA 230
#endif
#ifndef VM_MEMORY_ROSETTA_THREAD_CONTEXT
#define VM_MEMORY_ROSETTA_THREAD_CONTEXT 231
#endif
#ifndef VM_MEMORY_ROSETTA_INDIRECT_BRANCH_MAP
#define VM_MEMORY_ROSETTA_INDIRECT_BRANCH_MAP 232
#endif
#ifndef VM_MEMORY_ROSETTA_RETURN_STACK
#define VM_MEMORY_ROSETTA_RETURN_STACK 233
#endif
#ifndef VM_MEMORY_ROSETTA_EXECUTABLE_HEAP
#define VM_MEMORY_ROSETTA_EXECUTABLE_HEAP 234
#endif
#ifndef VM_MEMORY_ROSETTA_USER_LDT
#define VM_MEMORY_ROSETTA_USER_LDT 235
#endif
#ifndef VM_MEMORY_ROSETTA_ARENA
#define VM_MEMORY_ROSETTA_ARENA 236
#endif
#ifndef VM_MEMORY_ROSETTA_10
#define VM_MEMORY_ROSETTA_10 239
#endif
#ifndef VM_MEMORY_COUNT
#define VM_MEMORY_COUNT 256
#endif
#ifndef MAP_MEM_RT
#define MAP_MEM_RT 7
#endif
#ifndef MAP_MEM_POSTED_REORDERED
#define MAP_MEM_POSTED_REORDERED 8
#endif
#ifndef MAP_MEM_POSTED_COMBINED_REORDERED
#define MAP_MEM_POSTED_COMBINED_REORDERED 9
#endif
#ifndef MAP_MEM_PROT_MASK
#define MAP_MEM_PROT_MASK 0xFF
#endif
#ifndef MAP_MEM_LEDGER_TAGGED
#define MAP_MEM_LEDGER_TAGGED 0x002000
#endif
#ifndef VM_PAGE_QUERY_PAGE_REUSABLE
#define VM_PAGE_QUERY_PAGE_REUSABLE 0x800
#endif
#ifndef MACH_SEND_FILTER_NONFATAL
#define MACH_SEND_FILTER_NONFATAL 0x00010000
#endif
#ifndef MACH_SEND_PROPAGATE_QOS
#define MACH_SEND_PROPAGATE_QOS 0x00200000
#endif
#ifndef MACH_SEND_SYNC_BOOTSTRAP_CHECKIN
#define MACH_SEND_SYNC_BOOTSTRAP_CHECKIN 0x00800000
#endif
#ifndef MACH_RCV_GUARDED_DESC
#define MACH_RCV_GUARDED_DESC 0x00001000
#endif
#ifndef MACH_SEND_INVALID_CONTEXT
#define MACH_SEND_INVALID_CONTEXT 0x10000012
#endif
#ifndef MACH_SEND_INVALID_OPTIONS
#define MACH_SEND_INVALID_OPTIONS 0x10000013
#endif
#ifndef MACH_SEND_NO_GRANT_DEST
#define MACH_SEND_NO_GRANT_DEST 0x10000016
#endif
#ifndef MACH_SEND_MSG_FILTERED
#define MACH_SEND_MSG_FILTERED 0x10000017
#endif
#ifndef MACH_SEND_AUX_TOO_SMALL
#define MACH_SEND_AUX_TOO_SMALL 0x10000018
#endif
#ifndef MACH_SEND_AUX_TOO_LARGE
#define MACH_SEND_AUX_TOO_LARGE 0x10000019
#endif
#ifndef MACH_RCV_INVALID_REPLY
#define MACH_RCV_INVALID_REPLY 0x10004012
#endif
#ifndef MACH_RCV_INVALID_ARGUMENTS
#define MACH_RCV_INVALID_ARGUMENTS 0x10004013
#endif

/* mach/mach_vm.h */
#if __has_include(<mach/mach_vm.h>) && !defined(MT_NO_MACH_VM_H)
#include <mach/mach_vm.h>
#else
kern_return_t mach_vm_allocate(mach_port_t, mach_vm_address_t *, mach_vm_size_t,
    int flags);
kern_return_t mach_vm_deallocate(mach_port_t, mach_vm_address_t,
    mach_vm_size_t);
kern_return_t mach_vm_protect(mach_port_t, mach_vm_address_t, mach_vm_size_t,
    boolean_t set_maximum, vm_prot_t);
kern_return_t mach_vm_inherit(mach_port_t, mach_vm_address_t, mach_vm_size_t,
    vm_inherit_t);
kern_return_t mach_vm_read(mach_port_t, mach_vm_address_t, mach_vm_size_t,
    vm_offset_t *data, mach_msg_type_number_t *count);
kern_return_t mach_vm_read_list(mach_port_t, mach_vm_read_entry_t,
    natural_t count);
kern_return_t mach_vm_read_overwrite(mach_port_t, mach_vm_address_t,
    mach_vm_size_t, mach_vm_address_t data, mach_vm_size_t *out_size);
kern_return_t mach_vm_write(mach_port_t, mach_vm_address_t, vm_offset_t data,
    mach_msg_type_number_t count);
kern_return_t mach_vm_copy(mach_port_t, mach_vm_address_t source,
    mach_vm_size_t, mach_vm_address_t destination);
kern_return_t mach_vm_msync(mach_port_t, mach_vm_address_t, mach_vm_size_t,
    vm_sync_t);
kern_return_t mach_vm_behavior_set(mach_port_t, mach_vm_address_t,
    mach_vm_size_t, vm_behavior_t);
kern_return_t mach_vm_map(mach_port_t, mach_vm_address_t *, mach_vm_size_t,
    mach_vm_offset_t mask, int flags, mach_port_t object,
    memory_object_offset_t, boolean_t copy, vm_prot_t current,
    vm_prot_t maximum, vm_inherit_t);
kern_return_t mach_vm_machine_attribute(mach_port_t, mach_vm_address_t,
    mach_vm_size_t, vm_machine_attribute_t, vm_machine_attribute_val_t *);
kern_return_t mach_vm_remap(mach_port_t, mach_vm_address_t *, mach_vm_size_t,
    mach_vm_offset_t mask, int flags, mach_port_name_t source_task,
    mach_vm_address_t source, boolean_t copy, vm_prot_t *current,
    vm_prot_t *maximum, vm_inherit_t);
kern_return_t mach_vm_remap_new(mach_port_t, mach_vm_address_t *,
    mach_vm_size_t, mach_vm_offset_t mask, int flags,
    mach_port_name_t source_task, mach_vm_address_t source, boolean_t copy,
    vm_prot_t *current, vm_prot_t *maximum, vm_inherit_t);
kern_return_t mach_vm_purgable_control(mach_port_t, mach_vm_address_t,
    vm_purgable_t, int *state);
kern_return_t mach_vm_page_query(mach_port_t, mach_vm_offset_t,
    integer_t *disposition, integer_t *ref_count);
kern_return_t mach_vm_page_info(mach_port_t, mach_vm_address_t,
    vm_page_info_flavor_t, vm_page_info_t, mach_msg_type_number_t *);
kern_return_t mach_vm_page_range_query(mach_port_t, mach_vm_offset_t,
    mach_vm_size_t, mach_vm_address_t dispositions, mach_vm_size_t *count);
kern_return_t mach_vm_region(mach_port_t, mach_vm_address_t *, mach_vm_size_t *,
    vm_region_flavor_t, vm_region_info_t, mach_msg_type_number_t *,
    mach_port_t *object_name);
kern_return_t mach_vm_region_recurse(mach_port_t, mach_vm_address_t *,
    mach_vm_size_t *, natural_t *depth, vm_region_recurse_info_t,
    mach_msg_type_number_t *);
kern_return_t mach_vm_wire(mach_port_name_t host_priv, mach_port_name_t,
    mach_vm_address_t, mach_vm_size_t, vm_prot_t);
kern_return_t mach_vm_range_create(mach_port_t, mach_vm_range_flavor_t,
    mach_vm_range_recipes_raw_t, mach_msg_type_number_t);
#endif

/* In no SDK before 26.4; configure lets them be undefined when linking. */
kern_return_t mach_vm_reallocate(mach_port_t, mach_vm_address_t source,
    mach_vm_size_t, mach_vm_address_t *destination, mach_vm_size_t,
    mach_vm_offset_t align_mask, int options, int flags);
kern_return_t vm_reallocate(mach_port_t, vm_address_t source, vm_size_t,
    vm_address_t *destination, vm_size_t, vm_offset_t align_mask, int options,
    int flags);

/* Absent from older systems: NULL there, and so absent from the routes. */
#define MT_WEAK(function) \
	extern __typeof__(function) function __attribute__((weak_import));
MT_WEAK(mach_vm_page_range_query)
MT_WEAK(mach_vm_range_create)
MT_WEAK(mach_vm_reallocate)
MT_WEAK(mach_vm_remap_new)
MT_WEAK(vm_reallocate)
MT_WEAK(vm_remap_new)
#undef MT_WEAK

#endif
