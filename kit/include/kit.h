/*
 * What the kit's <mach/...> headers offer: the types, constants and routines of
 * lib/types_linux.h, and what a program of macOS finds beside them in those
 * headers.  Facts of Apple's headers; the one of each group is named above it.
 *
 * A name of libSystem that the host has, too, means the model's, or one that
 * knows the model, by the label of its symbol; nothing else of a program
 * changes.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef KIT_H
#define KIT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h> /* as the stubs that Apple's compiler makes do */
#include <sys/types.h>
#include <unistd.h>

#include "AvailabilityMacros.h"
#include "TargetConditionals.h"

#ifdef __cplusplus
extern "C" {
#endif

#include "../../lib/types_linux.h"

/* sys/cdefs.h */
#ifndef __unused
#define __unused __attribute__((unused))
#endif
#ifndef __dead2
#define __dead2 __attribute__((noreturn))
#endif

/* mach/mach_types.h, mach/port.h, mach/memory_object_types.h */
typedef mach_port_t task_t, task_name_t, task_read_t, task_inspect_t;
typedef mach_port_t thread_t, thread_act_t, thread_read_t, thread_inspect_t;
typedef mach_port_t host_t, host_priv_t, vm_map_t, vm_map_read_t;
typedef mach_port_t vm_map_inspect_t, vm_task_entry_t, mem_entry_name_port_t;
typedef mach_port_t memory_object_t, memory_object_name_t, ipc_space_t;
typedef mach_port_t memory_object_default_t, memory_object_control_t;
typedef mach_port_t exception_handler_t, semaphore_t, clock_serv_t;
typedef uint64_t vm_map_offset_t, vm_map_address_t, vm_map_size_t;
typedef uint64_t vm_object_offset_t, vm_object_size_t;
typedef int exception_type_t, policy_t, thread_state_flavor_t;
typedef vm_offset_t pointer_t;
typedef integer_t *task_info_t;
typedef natural_t task_flavor_t;
typedef struct vm_region_basic_info_64 *vm_region_basic_info_64_t;
typedef struct vm_region_basic_info *vm_region_basic_info_t;
typedef struct vm_region_extended_info *vm_region_extended_info_t;
typedef struct vm_region_top_info *vm_region_top_info_t;
typedef struct vm_region_submap_info *vm_region_submap_info_t;
typedef struct vm_region_submap_info_64 *vm_region_submap_info_64_t;
typedef struct vm_region_submap_short_info_64 *vm_region_submap_short_info_64_t;
typedef int *vm_region_info_64_t, *vm_region_recurse_info_64_t;
typedef struct vm_page_info_basic *vm_page_info_basic_t;

#define TASK_NULL		((task_t)0)
#define TASK_NAME_NULL		((task_name_t)0)
#define THREAD_NULL		((thread_t)0)
#define HOST_NULL		((host_t)0)
#define HOST_PRIV_NULL		((host_priv_t)0)
#define VM_MAP_NULL		((vm_map_t)0)
#define MEMORY_OBJECT_NULL	((memory_object_t)0)
#define MEMORY_OBJECT_NAME_NULL ((memory_object_name_t)0)
#define EXC_MASK_ALL		0x00001bfe
#define MACH_PORT_VALID(name_)	((name_) != 0 && (name_) != MACH_PORT_DEAD)

/* mach/machine/vm_param.h, mach/vm_page_size.h */
#define PAGE_SHIFT     vm_page_shift
#define PAGE_SIZE      vm_page_size
#define PAGE_MASK      vm_page_mask
#define VM_PAGE_SIZE   vm_page_size
#define PAGE_MAX_SHIFT 14
#define PAGE_MAX_SIZE  (1 << PAGE_MAX_SHIFT)
#define PAGE_MAX_MASK  (PAGE_MAX_SIZE - 1)
#define PAGE_MIN_SHIFT 12
#define PAGE_MIN_SIZE  (1 << PAGE_MIN_SHIFT)
#define PAGE_MIN_MASK  (PAGE_MIN_SIZE - 1)
#define round_page(x_) (((vm_offset_t)(x_) + vm_page_mask) & ~vm_page_mask)
#define trunc_page(x_) ((vm_offset_t)(x_) & ~vm_page_mask)
#define mach_vm_round_page(x_) \
	(((mach_vm_offset_t)(x_) + vm_page_mask) & ~(uint64_t)vm_page_mask)
#define mach_vm_trunc_page(x_) \
	((mach_vm_offset_t)(x_) & ~(uint64_t)vm_page_mask)
#define round_page_kernel(x_) \
	(((vm_offset_t)(x_) + vm_kernel_page_mask) & ~vm_kernel_page_mask)
#define trunc_page_kernel(x_) ((vm_offset_t)(x_) & ~vm_kernel_page_mask)
#define atop(x_)	      ((vm_offset_t)(x_) >> vm_page_shift)
#define ptoa(x_)	      ((vm_offset_t)(x_) << vm_page_shift)
#define mach_vm_atop(x_)      ((mach_vm_offset_t)(x_) >> vm_page_shift)
#define VM_MIN_ADDRESS	      ((vm_address_t)0)
#define MACH_VM_MIN_ADDRESS   ((mach_vm_offset_t)0)
#if defined(__x86_64__)
#define MACH_VM_MAX_ADDRESS ((mach_vm_offset_t)0x00007FFFFFE00000)
#define VM_MAX_ADDRESS	    ((vm_address_t)0xFFE00000)
#else
#define MACH_VM_MAX_ADDRESS ((mach_vm_offset_t)0x00007FFFFE000000)
#define VM_MAX_ADDRESS	    ((vm_address_t)0xF0000000)
#endif
#define BYTE_SIZE 8

/* mach/mach_init.h, mach/mach_traps.h */
#define mach_task_self_				 mach_task_self()
#define current_task()				 mach_task_self()
#define task_self_trap				 mt_trap_task_self
#define thread_self_trap			 mt_trap_thread_self
#define host_self_trap				 mt_trap_host_self
#define _kernelrpc_mach_vm_allocate_trap	 mt_trap_allocate
#define _kernelrpc_mach_vm_deallocate_trap	 mt_trap_deallocate
#define _kernelrpc_mach_vm_protect_trap		 mt_trap_protect
#define _kernelrpc_mach_vm_map_trap		 mt_trap_map
#define _kernelrpc_mach_vm_purgable_control_trap mt_trap_purgable_control
mach_port_name_t mt_trap_task_self(void);
mach_port_name_t mt_trap_thread_self(void);
mach_port_name_t mt_trap_host_self(void);
kern_return_t mt_trap_allocate(mach_port_name_t, mach_vm_address_t *,
    mach_vm_size_t, int flags);
kern_return_t mt_trap_deallocate(mach_port_name_t, mach_vm_address_t,
    mach_vm_size_t);
kern_return_t mt_trap_protect(mach_port_name_t, mach_vm_address_t,
    mach_vm_size_t, boolean_t set_maximum, vm_prot_t);
kern_return_t mt_trap_map(mach_port_name_t, mach_vm_address_t *, mach_vm_size_t,
    mach_vm_offset_t mask, int flags, vm_prot_t current);
kern_return_t mt_trap_purgable_control(mach_port_name_t, mach_vm_address_t,
    vm_purgable_t control, int *state);
kern_return_t task_for_pid(mach_port_name_t, int pid, mach_port_name_t *);
kern_return_t pid_for_task(mach_port_name_t, int *pid);

/* mach/mach_error.h, mach/error.h */
typedef kern_return_t mach_error_t;
#define ERR_SUCCESS	   ((mach_error_t)0)
#define err_get_system(e_) (((e_) >> 26) & 0x3f)
#define err_get_sub(e_)	   (((e_) >> 14) & 0xfff)
#define err_get_code(e_)   ((e_)&0x3fff)
char *mach_error_string(mach_error_t);
char *mach_error_type(mach_error_t);
void mach_error(const char *, mach_error_t);

/* mach/message.h */
mach_msg_return_t mach_msg(mach_msg_header_t *, mach_msg_option_t,
    mach_msg_size_t send_size, mach_msg_size_t receive_limit, mach_port_name_t,
    mach_msg_timeout_t, mach_port_name_t notify);

/* mach/vm_map.h: with flavors for 32-bit offsets */
#define vm_region vm_region_64

/* mach/mach_time.h */
struct mach_timebase_info {
	uint32_t numer, denom;
};
typedef struct mach_timebase_info *mach_timebase_info_t;
typedef struct mach_timebase_info mach_timebase_info_data_t;
uint64_t mach_absolute_time(void);
uint64_t mach_continuous_time(void);
kern_return_t mach_timebase_info(mach_timebase_info_t);

/* mach/time_value.h */
typedef struct time_value {
	integer_t seconds, microseconds;
} time_value_t;

/* mach/task_info.h */
#pragma pack(push, 4)
struct task_basic_info {
	integer_t suspend_count;
	vm_size_t virtual_size, resident_size;
	time_value_t user_time, system_time;
	policy_t policy;
};
struct mach_task_basic_info {
	mach_vm_size_t virtual_size, resident_size, resident_size_max;
	time_value_t user_time, system_time;
	policy_t policy;
	integer_t suspend_count;
};
struct task_vm_info {
	mach_vm_size_t virtual_size;
	integer_t region_count, page_size;
	mach_vm_size_t resident_size, resident_size_peak;
	mach_vm_size_t device, device_peak;
	mach_vm_size_t internal, internal_peak;
	mach_vm_size_t external, external_peak;
	mach_vm_size_t reusable, reusable_peak;
	mach_vm_size_t purgeable_volatile_pmap;
	mach_vm_size_t purgeable_volatile_resident;
	mach_vm_size_t purgeable_volatile_virtual;
	mach_vm_size_t compressed, compressed_peak, compressed_lifetime;
	mach_vm_size_t phys_footprint;		    /* revision 1 */
	mach_vm_address_t min_address, max_address; /* 2 */
	int64_t ledger_phys_footprint_peak;	    /* 3 */
	int64_t ledger_purgeable_nonvolatile;
	int64_t ledger_purgeable_novolatile_compressed;
	int64_t ledger_purgeable_volatile;
	int64_t ledger_purgeable_volatile_compressed;
	int64_t ledger_tag_network_nonvolatile;
	int64_t ledger_tag_network_nonvolatile_compressed;
	int64_t ledger_tag_network_volatile;
	int64_t ledger_tag_network_volatile_compressed;
	int64_t ledger_tag_media_footprint;
	int64_t ledger_tag_media_footprint_compressed;
	int64_t ledger_tag_media_nofootprint;
	int64_t ledger_tag_media_nofootprint_compressed;
	int64_t ledger_tag_graphics_footprint;
	int64_t ledger_tag_graphics_footprint_compressed;
	int64_t ledger_tag_graphics_nofootprint;
	int64_t ledger_tag_graphics_nofootprint_compressed;
	int64_t ledger_tag_neural_footprint;
	int64_t ledger_tag_neural_footprint_compressed;
	int64_t ledger_tag_neural_nofootprint;
	int64_t ledger_tag_neural_nofootprint_compressed;
	uint64_t limit_bytes_remaining;		     /* 4 */
	integer_t decompressions;		     /* 5 */
	int64_t ledger_swapins;			     /* 6 */
	int64_t ledger_tag_neural_nofootprint_total; /* 7, newer SDKs */
	int64_t ledger_tag_neural_nofootprint_peak;  /* newer SDKs */
};
#pragma pack(pop)
typedef struct task_basic_info task_basic_info_data_t, *task_basic_info_t;
typedef struct task_basic_info task_basic_info_64_data_t;
typedef struct mach_task_basic_info mach_task_basic_info_data_t;
typedef struct mach_task_basic_info *mach_task_basic_info_t;
typedef struct task_vm_info task_vm_info_data_t, *task_vm_info_t;
#if defined(__x86_64__)
#define TASK_BASIC_INFO_64 5
#else
#define TASK_BASIC_INFO_64 TASK_BASIC_INFO_64_2
#endif
#define TASK_BASIC_INFO_64_2	   18
#define TASK_BASIC_INFO		   TASK_BASIC_INFO_64
#define TASK_BASIC_INFO_COUNT	   MT_COUNT(task_basic_info_data_t)
#define TASK_BASIC_INFO_64_COUNT   TASK_BASIC_INFO_COUNT
#define MACH_TASK_BASIC_INFO	   20
#define MACH_TASK_BASIC_INFO_COUNT MT_COUNT(mach_task_basic_info_data_t)
#define TASK_VM_INFO		   22
#define TASK_VM_INFO_PURGEABLE	   23
#define TASK_VM_INFO_COUNT	   MT_COUNT(task_vm_info_data_t) /* newer SDKs */
#define TASK_VM_INFO_REV0_COUNT                                 \
	((mach_msg_type_number_t)(offsetof(struct task_vm_info, \
				      phys_footprint) /         \
	    sizeof(int)))
#define TASK_VM_INFO_REV1_COUNT (TASK_VM_INFO_REV0_COUNT + 2)
#define TASK_VM_INFO_REV2_COUNT (TASK_VM_INFO_REV1_COUNT + 4)
#define TASK_VM_INFO_REV3_COUNT (TASK_VM_INFO_REV2_COUNT + 42)
#define TASK_VM_INFO_REV4_COUNT (TASK_VM_INFO_REV3_COUNT + 2)
#define TASK_VM_INFO_REV5_COUNT (TASK_VM_INFO_REV4_COUNT + 1)
#define TASK_VM_INFO_REV6_COUNT (TASK_VM_INFO_REV5_COUNT + 2)
#define TASK_VM_INFO_REV7_COUNT (TASK_VM_INFO_REV6_COUNT + 4)
#define TASK_INFO_MAX		1024
typedef integer_t task_info_data_t[TASK_INFO_MAX];
kern_return_t task_info(mach_port_name_t, task_flavor_t, task_info_t,
    mach_msg_type_number_t *);

#include "host.h"

#ifdef __cplusplus
}
#endif

#endif
