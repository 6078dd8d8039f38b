/*
 * Where the sources of cases stand: each name is one file, the same in every
 * test.  What follows it names the function, table or constant:
 * VM_MAP_C "vm_map_enter()".  A source that only another release has names
 * its own tag.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef TESTS_SOURCES_H
#define TESTS_SOURCES_H

/* The published tag that the sentences were read in: macOS 15.5. */
#define XNU "xnu-11417.121.6 "
/* What came with macOS 26: 26.5. */
#define XNU26 "xnu-12377.121.6 "

#define COMM_PAGE_H	     XNU "osfmk/{i386,arm}/cpu_capabilities.h, "
#define COMM_PAGE_ARM_H	     XNU "osfmk/arm/cpu_capabilities.h, "
#define COMM_PAGE_I386_H     XNU "osfmk/i386/cpu_capabilities.h, "
#define IPC_INIT_C	     XNU "osfmk/ipc/ipc_init.c, "
#define IPC_KMSG_C	     XNU "osfmk/ipc/ipc_kmsg.c, "
#define IPC_TT_C	     XNU "osfmk/kern/ipc_tt.c, "
#define KERN_DESCRIP_C	     XNU "bsd/kern/kern_descrip.c, "
#define KERN_MMAN_C	     XNU "bsd/kern/kern_mman.c, "
#define KERN_RESOURCE_C	     XNU "bsd/kern/kern_resource.c, "
#define MACH_KERNELRPC_C     XNU "osfmk/ipc/mach_kernelrpc.c, "
#define MACH_MSG_C	     XNU "osfmk/ipc/mach_msg.c, "
#define MACH_PORT_C	     XNU "libsyscall/mach/mach_port.c, "
#define MACH_VM_C	     XNU "libsyscall/mach/mach_vm.c, "
#define MEMORY_OBJECT_C	     XNU "osfmk/vm/memory_object.c, "
#define VM_PAGEOUT_C	     XNU "osfmk/vm/vm_pageout.c, "
#define POSIX_SHM_C	     XNU "bsd/kern/posix_shm.c, "
#define REALLOCATE_C	     XNU26 "osfmk/vm/vm_map.c, "
#define SYS_GENERIC_C	     XNU "bsd/kern/sys_generic.c, "
#define UBC_SUBR_C	     XNU "bsd/kern/ubc_subr.c, "
#define UX_EXCEPTION_C	     XNU "bsd/uxkern/ux_exception.c, "
#define VFS_SYSCALLS_C	     XNU "bsd/vfs/vfs_syscalls.c, "
#define VM_DEBUG_C	     XNU "osfmk/vm/vm_debug.c, "
#define VM_FAULT_C	     XNU "osfmk/vm/vm_fault.c, "
#define VM_KERN_C	     XNU "osfmk/vm/vm_kern.c, "
#define VM_MAP_C	     XNU "osfmk/vm/vm_map.c, "
#define VM_MAP_STORE_C	     XNU "osfmk/vm/vm_map_store.c, "
#define VM_MEMORY_ENTRY26_C  XNU26 "osfmk/vm/vm_memory_entry.c, "
#define VM_MEMORY_ENTRY_C    XNU "osfmk/vm/vm_memory_entry.c, "
#define VM_OBJECT_C	     XNU "osfmk/vm/vm_object.c, "
#define VM_SANITIZE_C	     XNU "osfmk/vm/vm_sanitize.c, "
#define VM_SANITIZE_COMPAT_C XNU "osfmk/vm/vm_sanitize_error_compat.c, "
#define VM_SHARED_REGION_C   XNU "osfmk/vm/vm_shared_region.c, "
#define VM_STATISTICS_H	     XNU "osfmk/mach/vm_statistics.h, "
#define VM_USER_C	     XNU "osfmk/vm/vm_user.c, "

/* Allocators, whose sequences of calls allocators_test.c makes. */
#define GO	  "golang/go src/runtime/mem_darwin.go, "
#define JEMALLOC  "jemalloc/jemalloc src/pages.c, "
#define LIBMALLOC "libmalloc-792.1.1 "
#define MIMALLOC  "microsoft/mimalloc src/prim/unix/prim.c, "

/* What MIG generates from the interface: no file of the kernel's source. */
#define MIG_TYPE_CHECK "mach/mach_vm.defs, the type check of MIG's server stubs"

#endif
