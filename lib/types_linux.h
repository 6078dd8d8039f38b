/*
 * The Mach VM API's types and constants where Apple's headers are absent.
 * Values are facts of Apple's headers; the one that has each group is named
 * above it.  admin/cross-macos proves every one of them against those headers.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef MT_TYPES_LINUX_H
#define MT_TYPES_LINUX_H

/* mach/std_types.h, mach/vm_types.h, mach/port.h and what they include */
typedef int kern_return_t;
typedef int integer_t;
typedef unsigned int natural_t;
typedef unsigned int boolean_t;
typedef natural_t mach_port_name_t;
typedef mach_port_name_t mach_port_t;
typedef natural_t mach_port_right_t;
typedef integer_t mach_port_delta_t;
typedef uint64_t mach_vm_address_t, mach_vm_offset_t, mach_vm_size_t;
typedef uint64_t memory_object_offset_t, memory_object_size_t;
typedef uintptr_t vm_offset_t, vm_address_t, vm_size_t;
typedef int vm_prot_t;
typedef unsigned int vm_inherit_t;
typedef int vm_behavior_t;
typedef unsigned int vm_sync_t;
typedef int vm_purgable_t;
typedef unsigned int vm_machine_attribute_t;
typedef int vm_machine_attribute_val_t;
typedef uint32_t vm32_object_id_t;
typedef uint64_t vm_object_id_t;

#ifndef TRUE
#define TRUE	1
#define FALSE	0
#endif
#define MACH_PORT_NULL	((mach_port_name_t)0)
#define MACH_PORT_DEAD	((mach_port_name_t)~0)
#define MACH_PORT_RIGHT_SEND		((mach_port_right_t)0)
#define MACH_PORT_RIGHT_RECEIVE		((mach_port_right_t)1)
#define MACH_PORT_RIGHT_SEND_ONCE	((mach_port_right_t)2)
#define MACH_PORT_RIGHT_PORT_SET	((mach_port_right_t)3)
#define MACH_PORT_RIGHT_DEAD_NAME	((mach_port_right_t)4)

/* mach/kern_return.h */
#define KERN_SUCCESS			0
#define KERN_INVALID_ADDRESS		1
#define KERN_PROTECTION_FAILURE		2
#define KERN_NO_SPACE			3
#define KERN_INVALID_ARGUMENT		4
#define KERN_FAILURE			5
#define KERN_RESOURCE_SHORTAGE		6
#define KERN_NOT_RECEIVER		7
#define KERN_NO_ACCESS			8
#define KERN_MEMORY_FAILURE		9
#define KERN_MEMORY_ERROR		10
#define KERN_ALREADY_IN_SET		11
#define KERN_NOT_IN_SET			12
#define KERN_NAME_EXISTS		13
#define KERN_ABORTED			14
#define KERN_INVALID_NAME		15
#define KERN_INVALID_TASK		16
#define KERN_INVALID_RIGHT		17
#define KERN_INVALID_VALUE		18
#define KERN_UREFS_OVERFLOW		19
#define KERN_INVALID_CAPABILITY		20
#define KERN_RIGHT_EXISTS		21
#define KERN_INVALID_HOST		22
#define KERN_MEMORY_PRESENT		23
#define KERN_MEMORY_DATA_MOVED		24
#define KERN_MEMORY_RESTART_COPY	25
#define KERN_INVALID_PROCESSOR_SET	26
#define KERN_POLICY_LIMIT		27
#define KERN_INVALID_POLICY		28
#define KERN_INVALID_OBJECT		29
#define KERN_ALREADY_WAITING		30
#define KERN_DEFAULT_SET		31
#define KERN_EXCEPTION_PROTECTED	32
#define KERN_INVALID_LEDGER		33
#define KERN_INVALID_MEMORY_CONTROL	34
#define KERN_INVALID_SECURITY		35
#define KERN_NOT_DEPRESSED		36
#define KERN_TERMINATED			37
#define KERN_LOCK_SET_DESTROYED		38
#define KERN_LOCK_UNSTABLE		39
#define KERN_LOCK_OWNED			40
#define KERN_LOCK_OWNED_SELF		41
#define KERN_SEMAPHORE_DESTROYED	42
#define KERN_RPC_SERVER_TERMINATED	43
#define KERN_RPC_TERMINATE_ORPHAN	44
#define KERN_RPC_CONTINUE_ORPHAN	45
#define KERN_NOT_SUPPORTED		46
#define KERN_NODE_DOWN			47
#define KERN_NOT_WAITING		48
#define KERN_OPERATION_TIMED_OUT	49
#define KERN_CODESIGN_ERROR		50
#define KERN_POLICY_STATIC		51
#define KERN_INSUFFICIENT_BUFFER_SIZE	52
#define KERN_DENIED			53
#define KERN_MISSING_KC			54
#define KERN_INVALID_KC			55
#define KERN_NOT_FOUND			56
#define KERN_INVALID_GUARD_OBJECT_SLOT	57
#define KERN_RETURN_MAX			0x100

/* mach/vm_prot.h */
#define VM_PROT_NONE			((vm_prot_t)0x00)
#define VM_PROT_READ			((vm_prot_t)0x01)
#define VM_PROT_WRITE			((vm_prot_t)0x02)
#define VM_PROT_EXECUTE			((vm_prot_t)0x04)
#define VM_PROT_DEFAULT			(VM_PROT_READ|VM_PROT_WRITE)
#define VM_PROT_ALL	(VM_PROT_READ | VM_PROT_WRITE | VM_PROT_EXECUTE)
#define VM_PROT_NO_CHANGE_LEGACY	((vm_prot_t)0x08)
#define VM_PROT_NO_CHANGE		((vm_prot_t)0x01000000)
#define VM_PROT_COPY			((vm_prot_t)0x10)
#define VM_PROT_WANTS_COPY		((vm_prot_t)0x10)
#define VM_PROT_TRUSTED			((vm_prot_t)0x20)
#define VM_PROT_IS_MASK			((vm_prot_t)0x40)
#define VM_PROT_STRIP_READ		((vm_prot_t)0x80)
#define VM_PROT_UEXEC			((vm_prot_t)0x8)

/* mach/vm_inherit.h */
#define VM_INHERIT_SHARE		((vm_inherit_t)0)
#define VM_INHERIT_COPY			((vm_inherit_t)1)
#define VM_INHERIT_NONE			((vm_inherit_t)2)
#define VM_INHERIT_DONATE_COPY		((vm_inherit_t)3)
#define VM_INHERIT_DEFAULT		VM_INHERIT_COPY
#define VM_INHERIT_LAST_VALID		VM_INHERIT_NONE

/* mach/vm_behavior.h */
#define VM_BEHAVIOR_DEFAULT		((vm_behavior_t)0)
#define VM_BEHAVIOR_RANDOM		((vm_behavior_t)1)
#define VM_BEHAVIOR_SEQUENTIAL		((vm_behavior_t)2)
#define VM_BEHAVIOR_RSEQNTL		((vm_behavior_t)3)
#define VM_BEHAVIOR_WILLNEED		((vm_behavior_t)4)
#define VM_BEHAVIOR_DONTNEED		((vm_behavior_t)5)
#define VM_BEHAVIOR_FREE		((vm_behavior_t)6)
#define VM_BEHAVIOR_ZERO_WIRED_PAGES	((vm_behavior_t)7)
#define VM_BEHAVIOR_REUSABLE		((vm_behavior_t)8)
#define VM_BEHAVIOR_REUSE		((vm_behavior_t)9)
#define VM_BEHAVIOR_CAN_REUSE		((vm_behavior_t)10)
#define VM_BEHAVIOR_PAGEOUT		((vm_behavior_t)11)
#define VM_BEHAVIOR_ZERO		((vm_behavior_t)12)

/* mach/vm_sync.h */
#define VM_SYNC_ASYNCHRONOUS		((vm_sync_t)0x01)
#define VM_SYNC_SYNCHRONOUS		((vm_sync_t)0x02)
#define VM_SYNC_INVALIDATE		((vm_sync_t)0x04)
#define VM_SYNC_KILLPAGES		((vm_sync_t)0x08)
#define VM_SYNC_DEACTIVATE		((vm_sync_t)0x10)
#define VM_SYNC_CONTIGUOUS		((vm_sync_t)0x20)
#define VM_SYNC_REUSABLEPAGES		((vm_sync_t)0x40)

/* mach/vm_purgable.h */
#define VM_PURGABLE_SET_STATE		((vm_purgable_t)0)
#define VM_PURGABLE_GET_STATE		((vm_purgable_t)1)
#define VM_PURGABLE_PURGE_ALL		((vm_purgable_t)2)
#define VM_PURGABLE_SET_STATE_FROM_KERNEL	((vm_purgable_t)3)
#define VM_PURGABLE_NO_AGING_SHIFT	16
#define VM_PURGABLE_NO_AGING_MASK	(0x1 << VM_PURGABLE_NO_AGING_SHIFT)
#define VM_PURGABLE_NO_AGING		(0x1 << VM_PURGABLE_NO_AGING_SHIFT)
#define VM_PURGABLE_DEBUG_SHIFT		12
#define VM_PURGABLE_DEBUG_MASK		(0x3 << VM_PURGABLE_DEBUG_SHIFT)
#define VM_PURGABLE_DEBUG_EMPTY		(0x1 << VM_PURGABLE_DEBUG_SHIFT)
#define VM_PURGABLE_DEBUG_FAULT		(0x2 << VM_PURGABLE_DEBUG_SHIFT)
#define VM_VOLATILE_GROUP_SHIFT		8
#define VM_VOLATILE_GROUP_MASK		(7 << VM_VOLATILE_GROUP_SHIFT)
#define VM_VOLATILE_GROUP_DEFAULT	VM_VOLATILE_GROUP_0
#define VM_VOLATILE_GROUP_0		(0 << VM_VOLATILE_GROUP_SHIFT)
#define VM_VOLATILE_GROUP_1		(1 << VM_VOLATILE_GROUP_SHIFT)
#define VM_VOLATILE_GROUP_2		(2 << VM_VOLATILE_GROUP_SHIFT)
#define VM_VOLATILE_GROUP_3		(3 << VM_VOLATILE_GROUP_SHIFT)
#define VM_VOLATILE_GROUP_4		(4 << VM_VOLATILE_GROUP_SHIFT)
#define VM_VOLATILE_GROUP_5		(5 << VM_VOLATILE_GROUP_SHIFT)
#define VM_VOLATILE_GROUP_6		(6 << VM_VOLATILE_GROUP_SHIFT)
#define VM_VOLATILE_GROUP_7		(7 << VM_VOLATILE_GROUP_SHIFT)
#define VM_PURGABLE_BEHAVIOR_SHIFT	6
#define VM_PURGABLE_BEHAVIOR_MASK	(1 << VM_PURGABLE_BEHAVIOR_SHIFT)
#define VM_PURGABLE_BEHAVIOR_FIFO	(0 << VM_PURGABLE_BEHAVIOR_SHIFT)
#define VM_PURGABLE_BEHAVIOR_LIFO	(1 << VM_PURGABLE_BEHAVIOR_SHIFT)
#define VM_PURGABLE_ORDERING_SHIFT	5
#define VM_PURGABLE_ORDERING_MASK	(1 << VM_PURGABLE_ORDERING_SHIFT)
#define VM_PURGABLE_ORDERING_OBSOLETE	(1 << VM_PURGABLE_ORDERING_SHIFT)
#define VM_PURGABLE_ORDERING_NORMAL	(0 << VM_PURGABLE_ORDERING_SHIFT)
#define VM_VOLATILE_ORDER_SHIFT		4
#define VM_VOLATILE_ORDER_MASK		(1 << VM_VOLATILE_ORDER_SHIFT)
#define VM_VOLATILE_MAKE_FIRST_IN_GROUP	(1 << VM_VOLATILE_ORDER_SHIFT)
#define VM_VOLATILE_MAKE_LAST_IN_GROUP	(0 << VM_VOLATILE_ORDER_SHIFT)
#define VM_PURGABLE_STATE_MIN		0
#define VM_PURGABLE_STATE_MAX		3
#define VM_PURGABLE_STATE_MASK		3
#define VM_PURGABLE_NONVOLATILE		0
#define VM_PURGABLE_VOLATILE		1
#define VM_PURGABLE_EMPTY		2
#define VM_PURGABLE_DENY		3
#define VM_PURGABLE_ALL_MASKS	(VM_PURGABLE_STATE_MASK |		\
	VM_VOLATILE_ORDER_MASK | VM_PURGABLE_ORDERING_MASK |		\
	VM_PURGABLE_BEHAVIOR_MASK | VM_VOLATILE_GROUP_MASK |		\
	VM_PURGABLE_DEBUG_MASK | VM_PURGABLE_NO_AGING_MASK)

/* mach/vm_statistics.h */
#define VM_FLAGS_FIXED			0x00000000
#define VM_FLAGS_ANYWHERE		0x00000001
#define VM_FLAGS_PURGABLE		0x00000002
#define VM_FLAGS_4GB_CHUNK		0x00000004
#define VM_FLAGS_RANDOM_ADDR		0x00000008
#define VM_FLAGS_NO_CACHE		0x00000010
#define VM_FLAGS_RESILIENT_CODESIGN	0x00000020
#define VM_FLAGS_RESILIENT_MEDIA	0x00000040
#define VM_FLAGS_PERMANENT		0x00000080
#define VM_FLAGS_TPRO			0x00001000
#define VM_FLAGS_MTE			0x00002000
#define VM_FLAGS_GUARD_OBJECT_OPTOUT	0x00400000
#define VM_REALLOCATE_DEALLOCATE_SOURCE	0
#define VM_REALLOCATE_ZERO_FILL_SOURCE	1
#define VM_FLAGS_OVERWRITE		0x00004000
#define VM_FLAGS_SUPERPAGE_MASK		0x00070000
#define VM_FLAGS_RETURN_DATA_ADDR	0x00100000
#define VM_FLAGS_RETURN_4K_DATA_ADDR	0x00800000
#define VM_FLAGS_ALIAS_MASK		0xFF000000
#define VM_FLAGS_SUPERPAGE_SHIFT	16
#define VM_FLAGS_SUPERPAGE_NONE		0
#define VM_FLAGS_SUPERPAGE_SIZE_ANY	0x10000
#define VM_FLAGS_SUPERPAGE_SIZE_2MB	0x20000
#define VM_MEMORY_MALLOC		1
#define VM_MEMORY_MALLOC_SMALL		2
#define VM_MEMORY_MALLOC_LARGE		3
#define VM_MEMORY_MALLOC_HUGE		4
#define VM_MEMORY_SBRK			5
#define VM_MEMORY_REALLOC		6
#define VM_MEMORY_MALLOC_TINY		7
#define VM_MEMORY_MALLOC_LARGE_REUSABLE	8
#define VM_MEMORY_MALLOC_LARGE_REUSED	9
#define VM_MEMORY_ANALYSIS_TOOL		10
#define VM_MEMORY_MALLOC_NANO		11
#define VM_MEMORY_MALLOC_MEDIUM		12
#define VM_MEMORY_MALLOC_PROB_GUARD	13
#define VM_MEMORY_MACH_MSG		20
#define VM_MEMORY_IOKIT			21
#define VM_MEMORY_STACK			30
#define VM_MEMORY_VM_RECLAIM		22
#define VM_MEMORY_GUARD			31
#define VM_MEMORY_SHARED_PMAP		32
#define VM_MEMORY_DYLIB			33
#define VM_MEMORY_OBJC_DISPATCHERS	34
#define VM_MEMORY_UNSHARED_PMAP		35
#define VM_MEMORY_LIBCHANNEL		36
#define VM_MEMORY_APPKIT		40
#define VM_MEMORY_FOUNDATION		41
#define VM_MEMORY_COREGRAPHICS		42
#define VM_MEMORY_CORESERVICES		43
#define VM_MEMORY_CARBON		VM_MEMORY_CORESERVICES
#define VM_MEMORY_JAVA			44
#define VM_MEMORY_COREDATA		45
#define VM_MEMORY_COREDATA_OBJECTIDS	46
#define VM_MEMORY_ATS			50
#define VM_MEMORY_LAYERKIT		51
#define VM_MEMORY_CGIMAGE		52
#define VM_MEMORY_TCMALLOC		53
#define VM_MEMORY_COREGRAPHICS_DATA	54
#define VM_MEMORY_COREGRAPHICS_SHARED	55
#define VM_MEMORY_COREGRAPHICS_FRAMEBUFFERS	56
#define VM_MEMORY_COREGRAPHICS_BACKINGSTORES	57
#define VM_MEMORY_COREGRAPHICS_XALLOC	58
#define VM_MEMORY_COREGRAPHICS_MISC	VM_MEMORY_COREGRAPHICS
#define VM_MEMORY_DYLD			60
#define VM_MEMORY_DYLD_MALLOC		61
#define VM_MEMORY_SQLITE		62
#define VM_MEMORY_JAVASCRIPT_CORE	63
#define VM_MEMORY_WEBASSEMBLY		VM_MEMORY_JAVASCRIPT_CORE
#define VM_MEMORY_JAVASCRIPT_JIT_EXECUTABLE_ALLOCATOR	64
#define VM_MEMORY_JAVASCRIPT_JIT_REGISTER_FILE	65
#define VM_MEMORY_GLSL			66
#define VM_MEMORY_OPENCL		67
#define VM_MEMORY_COREIMAGE		68
#define VM_MEMORY_WEBCORE_PURGEABLE_BUFFERS	69
#define VM_MEMORY_IMAGEIO		70
#define VM_MEMORY_COREPROFILE		71
#define VM_MEMORY_ASSETSD		72
#define VM_MEMORY_OS_ALLOC_ONCE		73
#define VM_MEMORY_LIBDISPATCH		74
#define VM_MEMORY_ACCELERATE		75
#define VM_MEMORY_COREUI		76
#define VM_MEMORY_COREUIFILE		77
#define VM_MEMORY_GENEALOGY		78
#define VM_MEMORY_RAWCAMERA		79
#define VM_MEMORY_CORPSEINFO		80
#define VM_MEMORY_ASL			81
#define VM_MEMORY_SWIFT_RUNTIME		82
#define VM_MEMORY_SWIFT_METADATA	83
#define VM_MEMORY_DHMM			84
#define VM_MEMORY_SCENEKIT		86
#define VM_MEMORY_DFR			85
#define VM_MEMORY_SKYWALK		87
#define VM_MEMORY_IOSURFACE		88
#define VM_MEMORY_LIBNETWORK		89
#define VM_MEMORY_AUDIO			90
#define VM_MEMORY_VIDEOBITSTREAM	91
#define VM_MEMORY_CM_XPC		92
#define VM_MEMORY_CM_RPC		93
#define VM_MEMORY_CM_MEMORYPOOL		94
#define VM_MEMORY_CM_READCACHE		95
#define VM_MEMORY_CM_CRABS		96
#define VM_MEMORY_QUICKLOOK_THUMBNAILS	97
#define VM_MEMORY_ACCOUNTS		98
#define VM_MEMORY_SANITIZER		99
#define VM_MEMORY_IOACCELERATOR		100
#define VM_MEMORY_CM_REGWARP		101
#define VM_MEMORY_EAR_DECODER		102
#define VM_MEMORY_COREUI_CACHED_IMAGE_DATA	103
#define VM_MEMORY_COLORSYNC		104
#define VM_MEMORY_BTINFO		105
#define VM_MEMORY_CM_HLS		106
#define VM_MEMORY_COMPOSITOR_SERVICES	107
#define VM_MEMORY_ROSETTA		230
#define VM_MEMORY_ROSETTA_THREAD_CONTEXT	231
#define VM_MEMORY_ROSETTA_INDIRECT_BRANCH_MAP	232
#define VM_MEMORY_ROSETTA_RETURN_STACK	233
#define VM_MEMORY_ROSETTA_EXECUTABLE_HEAP	234
#define VM_MEMORY_ROSETTA_USER_LDT	235
#define VM_MEMORY_ROSETTA_ARENA		236
#define VM_MEMORY_ROSETTA_10		239
#define VM_MEMORY_APPLICATION_SPECIFIC_1	240
#define VM_MEMORY_APPLICATION_SPECIFIC_16	255
#define VM_MEMORY_COUNT			256
#define VM_MAKE_TAG(tag)	((uint32_t)(tag) << 24)
#define VM_GET_FLAGS_ALIAS(flags, alias)				\
	((alias) = ((flags) >> 24) & 0xff)

/* mach/vm_attributes.h */
#define MATTR_CACHE			1
#define MATTR_MIGRATE			2
#define MATTR_REPLICATE			4
#define MATTR_VAL_OFF			0
#define MATTR_VAL_ON			1
#define MATTR_VAL_GET			2
#define MATTR_VAL_CACHE_FLUSH		6
#define MATTR_VAL_DCACHE_FLUSH		7
#define MATTR_VAL_ICACHE_FLUSH		8
#define MATTR_VAL_CACHE_SYNC		9
#define MATTR_VAL_GET_INFO		10

/* mach/memory_object_types.h */
#define MAP_MEM_NOOP			0
#define MAP_MEM_COPYBACK		1
#define MAP_MEM_IO			2
#define MAP_MEM_WTHRU			3
#define MAP_MEM_WCOMB			4
#define MAP_MEM_INNERWBACK		5
#define MAP_MEM_POSTED			6
#define MAP_MEM_RT			7
#define MAP_MEM_POSTED_REORDERED	8
#define MAP_MEM_POSTED_COMBINED_REORDERED	9
#define MAP_MEM_PROT_MASK		0xFF
#define MAP_MEM_LEDGER_TAGGED		0x002000
#define MAP_MEM_PURGABLE_KERNEL_ONLY	0x004000
#define MAP_MEM_GRAB_SECLUDED		0x008000
#define MAP_MEM_ONLY			0x010000
#define MAP_MEM_NAMED_CREATE		0x020000
#define MAP_MEM_PURGABLE		0x040000
#define MAP_MEM_NAMED_REUSE		0x080000
#define MAP_MEM_USE_DATA_ADDR		0x100000
#define MAP_MEM_VM_COPY			0x200000
#define MAP_MEM_VM_SHARE		0x400000
#define MAP_MEM_4K_DATA_ADDR		0x800000

/* mach/vm_region.h */
typedef int vm_region_flavor_t, *vm_region_info_t, *vm_region_recurse_info_t;
#define VM_REGION_INFO_MAX		1024
#define VM_REGION_BASIC_INFO_64		9
#define VM_REGION_BASIC_INFO		10
#define VM_REGION_TOP_INFO		12
#define VM_REGION_EXTENDED_INFO		13

#define SM_COW			1
#define SM_PRIVATE		2
#define SM_EMPTY		3
#define SM_SHARED		4
#define SM_TRUESHARED		5
#define SM_PRIVATE_ALIASED	6
#define SM_SHARED_ALIASED	7
#define SM_LARGE_PAGE		8

#pragma pack(push, 4)
struct vm_region_basic_info_64 {
	vm_prot_t protection, max_protection;
	vm_inherit_t inheritance;
	boolean_t shared, reserved;
	memory_object_offset_t offset;
	vm_behavior_t behavior;
	unsigned short user_wired_count;
};

struct vm_region_basic_info {
	vm_prot_t protection, max_protection;
	vm_inherit_t inheritance;
	boolean_t shared, reserved;
	uint32_t offset;
	vm_behavior_t behavior;
	unsigned short user_wired_count;
};

struct vm_region_extended_info {
	vm_prot_t protection;
	unsigned int user_tag, pages_resident, pages_shared_now_private;
	unsigned int pages_swapped_out, pages_dirtied, ref_count;
	unsigned short shadow_depth;
	unsigned char external_pager, share_mode;
	unsigned int pages_reusable;
};

struct vm_region_top_info {
	unsigned int obj_id, ref_count;
	unsigned int private_pages_resident, shared_pages_resident;
	unsigned char share_mode;
};

struct vm_region_submap_info {
	vm_prot_t protection, max_protection;
	vm_inherit_t inheritance;
	uint32_t offset;
	unsigned int user_tag, pages_resident, pages_shared_now_private;
	unsigned int pages_swapped_out, pages_dirtied, ref_count;
	unsigned short shadow_depth;
	unsigned char external_pager, share_mode;
	boolean_t is_submap;
	vm_behavior_t behavior;
	vm32_object_id_t object_id;
	unsigned short user_wired_count;
};

struct vm_region_submap_info_64 {
	vm_prot_t protection, max_protection;
	vm_inherit_t inheritance;
	memory_object_offset_t offset;
	unsigned int user_tag, pages_resident, pages_shared_now_private;
	unsigned int pages_swapped_out, pages_dirtied, ref_count;
	unsigned short shadow_depth;
	unsigned char external_pager, share_mode;
	boolean_t is_submap;
	vm_behavior_t behavior;
	vm32_object_id_t object_id;
	unsigned short user_wired_count;
	unsigned short flags; /* newer SDKs; padding in others */
	unsigned int pages_reusable;
	vm_object_id_t object_id_full;
};

struct vm_region_submap_short_info_64 {
	vm_prot_t protection, max_protection;
	vm_inherit_t inheritance;
	memory_object_offset_t offset;
	unsigned int user_tag, ref_count;
	unsigned short shadow_depth;
	unsigned char external_pager, share_mode;
	boolean_t is_submap;
	vm_behavior_t behavior;
	vm32_object_id_t object_id;
	unsigned short user_wired_count;
	unsigned short flags; /* newer SDKs; padding in others */
};
#define VM_REGION_FLAG_JIT_ENABLED  0x1
#define VM_REGION_FLAG_TPRO_ENABLED 0x2
#pragma pack(pop)

typedef struct vm_region_basic_info_64 vm_region_basic_info_data_64_t;
typedef struct vm_region_basic_info vm_region_basic_info_data_t;
typedef struct vm_region_extended_info vm_region_extended_info_data_t;
typedef struct vm_region_top_info vm_region_top_info_data_t;
typedef struct vm_region_submap_info vm_region_submap_info_data_t;
typedef struct vm_region_submap_info_64 vm_region_submap_info_data_64_t;
typedef struct vm_region_submap_short_info_64
    vm_region_submap_short_info_data_64_t;

#define MT_COUNT(type)	((mach_msg_type_number_t)(sizeof(type) / sizeof(int)))
#define VM_REGION_BASIC_INFO_COUNT_64	MT_COUNT(vm_region_basic_info_data_64_t)
#define VM_REGION_BASIC_INFO_COUNT	MT_COUNT(vm_region_basic_info_data_t)
#define VM_REGION_EXTENDED_INFO_COUNT	MT_COUNT(vm_region_extended_info_data_t)
#define VM_REGION_TOP_INFO_COUNT	MT_COUNT(vm_region_top_info_data_t)
#define VM_REGION_SUBMAP_INFO_COUNT	MT_COUNT(vm_region_submap_info_data_t)
#define VM_REGION_SUBMAP_INFO_V2_COUNT_64	\
	MT_COUNT(vm_region_submap_info_data_64_t)
#define VM_REGION_SUBMAP_INFO_V1_COUNT_64	\
	(VM_REGION_SUBMAP_INFO_V2_COUNT_64 - 2)
#define VM_REGION_SUBMAP_INFO_V0_COUNT_64	\
	(VM_REGION_SUBMAP_INFO_V1_COUNT_64 - 1)
#define VM_REGION_SUBMAP_INFO_COUNT_64	VM_REGION_SUBMAP_INFO_V2_COUNT_64
#define VM_REGION_SUBMAP_SHORT_INFO_COUNT_64	\
	MT_COUNT(vm_region_submap_short_info_data_64_t)

/* mach/vm_statistics.h and mach/vm_page_size.h: page queries */
typedef int vm_page_info_flavor_t, *vm_page_info_t;
#define VM_PAGE_INFO_BASIC	1
#define VM_PAGE_QUERY_PAGE_PRESENT	0x1
#define VM_PAGE_QUERY_PAGE_FICTITIOUS	0x2
#define VM_PAGE_QUERY_PAGE_REF		0x4
#define VM_PAGE_QUERY_PAGE_DIRTY	0x8
#define VM_PAGE_QUERY_PAGE_PAGED_OUT	0x10
#define VM_PAGE_QUERY_PAGE_COPIED	0x20
#define VM_PAGE_QUERY_PAGE_SPECULATIVE	0x40
#define VM_PAGE_QUERY_PAGE_EXTERNAL	0x80
#define VM_PAGE_QUERY_PAGE_CS_VALIDATED	0x100
#define VM_PAGE_QUERY_PAGE_CS_TAINTED	0x200
#define VM_PAGE_QUERY_PAGE_CS_NX	0x400
#define VM_PAGE_QUERY_PAGE_REUSABLE	0x800
struct vm_page_info_basic {
	int disposition, ref_count;
	vm_object_id_t object_id;
	memory_object_offset_t offset;
	int depth, __pad;
};
typedef struct vm_page_info_basic vm_page_info_basic_data_t;
#define VM_PAGE_INFO_BASIC_COUNT	MT_COUNT(vm_page_info_basic_data_t)

/* mach/vm_types.h: ranges (14+) */
typedef uint32_t mach_vm_range_flavor_t;
typedef uint8_t *mach_vm_range_recipes_raw_t;
#define MACH_VM_RANGE_FLAVOR_INVALID	0
#define MACH_VM_RANGE_FLAVOR_V1		1
#define MACH_VM_RANGE_DEFAULT		0
#define MACH_VM_RANGE_DATA		1
#define MACH_VM_RANGE_FIXED		2

/* mach/vm_map.h */
#define VM_MAP_ENTRY_MAX	256
typedef struct mach_vm_read_entry {
	mach_vm_address_t address;
	mach_vm_size_t size;
} mach_vm_read_entry_t[VM_MAP_ENTRY_MAX];

/* mach/message.h, mach/ndr.h */
typedef natural_t mach_msg_type_number_t;
typedef int mach_msg_return_t, mach_msg_option_t, mach_msg_id_t;
typedef unsigned int mach_msg_size_t, mach_msg_bits_t, mach_msg_timeout_t;

typedef struct {
	mach_msg_bits_t msgh_bits;
	mach_msg_size_t msgh_size;
	mach_port_t msgh_remote_port, msgh_local_port;
	mach_port_name_t msgh_voucher_port;
	mach_msg_id_t msgh_id;
} mach_msg_header_t;

typedef struct {
	mach_msg_size_t msgh_descriptor_count;
} mach_msg_body_t;

#pragma pack(push, 4)
typedef struct {
	mach_port_t name;
	mach_msg_size_t pad1;
	unsigned int pad2 : 16, disposition : 8, type : 8;
} mach_msg_port_descriptor_t;

typedef struct {
	void *address;
	unsigned int deallocate : 8, copy : 8, pad1 : 8, type : 8;
	mach_msg_size_t size;
} mach_msg_ool_descriptor_t;
#pragma pack(pop)

typedef struct {
	unsigned int msgh_trailer_type;
	mach_msg_size_t msgh_trailer_size;
} mach_msg_trailer_t;

typedef struct {
	unsigned char mig_vers, if_vers, reserved1, mig_encoding;
	unsigned char int_rep, char_rep, float_rep, reserved2;
} NDR_record_t;

#define MACH_MSGH_BITS(remote, local)	((remote) | ((local) << 8))

/* mach/message.h */
#define MACH_MSG_TIMEOUT_NONE		((mach_msg_timeout_t) 0)
#define MACH_MSGH_BITS_COMPLEX		0x80000000U
#define MACH_MSG_TYPE_MOVE_RECEIVE	16
#define MACH_MSG_TYPE_MOVE_SEND		17
#define MACH_MSG_TYPE_MOVE_SEND_ONCE	18
#define MACH_MSG_TYPE_COPY_SEND		19
#define MACH_MSG_TYPE_MAKE_SEND		20
#define MACH_MSG_TYPE_MAKE_SEND_ONCE	21
#define MACH_MSG_TYPE_COPY_RECEIVE	22
#define MACH_MSG_PHYSICAL_COPY		0
#define MACH_MSG_VIRTUAL_COPY		1
#define MACH_MSG_PORT_DESCRIPTOR	0
#define MACH_MSG_OOL_DESCRIPTOR		1
#define MACH_MSG_OOL_PORTS_DESCRIPTOR	2
#define MACH_MSG_OPTION_NONE		0x00000000
#define MACH_SEND_MSG			0x00000001
#define MACH_RCV_MSG			0x00000002
#define MACH_RCV_LARGE			0x00000004
#define MACH_RCV_LARGE_IDENTITY		0x00000008
#define MACH_SEND_TIMEOUT		0x00000010
#define MACH_SEND_OVERRIDE		0x00000020
#define MACH_SEND_INTERRUPT		0x00000040
#define MACH_SEND_NOTIFY		0x00000080
#define MACH_SEND_ALWAYS		0x00010000
#define MACH_SEND_FILTER_NONFATAL	0x00010000
#define MACH_SEND_TRAILER		0x00020000
#define MACH_SEND_NOIMPORTANCE		0x00040000
#define MACH_SEND_IMPORTANCE		0x00080000
#define MACH_SEND_SYNC_OVERRIDE		0x00100000
#define MACH_SEND_PROPAGATE_QOS		0x00200000
#define MACH_SEND_SYNC_BOOTSTRAP_CHECKIN	0x00800000
#define MACH_RCV_TIMEOUT		0x00000100
#define MACH_RCV_NOTIFY			0x00000000
#define MACH_RCV_INTERRUPT		0x00000400
#define MACH_RCV_VOUCHER		0x00000800
#define MACH_RCV_OVERWRITE		0x00000000
#define MACH_RCV_GUARDED_DESC		0x00001000
#define MACH_RCV_SYNC_WAIT		0x00004000
#define MACH_MSG_SUCCESS		0x00000000
#define MACH_SEND_IN_PROGRESS		0x10000001
#define MACH_SEND_INVALID_DATA		0x10000002
#define MACH_SEND_INVALID_DEST		0x10000003
#define MACH_SEND_TIMED_OUT		0x10000004
#define MACH_SEND_INVALID_VOUCHER	0x10000005
#define MACH_SEND_INTERRUPTED		0x10000007
#define MACH_SEND_MSG_TOO_SMALL		0x10000008
#define MACH_SEND_INVALID_REPLY		0x10000009
#define MACH_SEND_INVALID_RIGHT		0x1000000a
#define MACH_SEND_INVALID_NOTIFY	0x1000000b
#define MACH_SEND_INVALID_MEMORY	0x1000000c
#define MACH_SEND_NO_BUFFER		0x1000000d
#define MACH_SEND_TOO_LARGE		0x1000000e
#define MACH_SEND_INVALID_TYPE		0x1000000f
#define MACH_SEND_INVALID_HEADER	0x10000010
#define MACH_SEND_INVALID_TRAILER	0x10000011
#define MACH_SEND_INVALID_CONTEXT	0x10000012
#define MACH_SEND_INVALID_OPTIONS	0x10000013
#define MACH_SEND_INVALID_RT_OOL_SIZE	0x10000015
#define MACH_SEND_NO_GRANT_DEST		0x10000016
#define MACH_SEND_MSG_FILTERED		0x10000017
#define MACH_SEND_AUX_TOO_SMALL		0x10000018
#define MACH_SEND_AUX_TOO_LARGE		0x10000019
#define MACH_RCV_IN_PROGRESS		0x10004001
#define MACH_RCV_INVALID_NAME		0x10004002
#define MACH_RCV_TIMED_OUT		0x10004003
#define MACH_RCV_TOO_LARGE		0x10004004
#define MACH_RCV_INTERRUPTED		0x10004005
#define MACH_RCV_PORT_CHANGED		0x10004006
#define MACH_RCV_INVALID_NOTIFY		0x10004007
#define MACH_RCV_INVALID_DATA		0x10004008
#define MACH_RCV_PORT_DIED		0x10004009
#define MACH_RCV_IN_SET			0x1000400a
#define MACH_RCV_HEADER_ERROR		0x1000400b
#define MACH_RCV_BODY_ERROR		0x1000400c
#define MACH_RCV_INVALID_TYPE		0x1000400d
#define MACH_RCV_SCATTER_SMALL		0x1000400e
#define MACH_RCV_INVALID_TRAILER	0x1000400f
#define MACH_RCV_IN_PROGRESS_TIMED	0x10004011
#define MACH_RCV_INVALID_REPLY		0x10004012
#define MACH_RCV_INVALID_ARGUMENTS	0x10004013
/* What a body error carries besides: no room for the memory in the map. */
#define MACH_MSG_MASK			0x00003e00
#define MACH_MSG_VM_SPACE		0x00001000

/* mach/mig_errors.h */
#define MIG_TYPE_ERROR			(-300)
#define MIG_REPLY_MISMATCH		(-301)
#define MIG_REMOTE_ERROR		(-302)
#define MIG_BAD_ID			(-303)
#define MIG_BAD_ARGUMENTS		(-304)
#define MIG_NO_REPLY			(-305)
#define MIG_EXCEPTION			(-306)
#define MIG_ARRAY_TOO_LARGE		(-307)
#define MIG_SERVER_DIED			(-308)
#define MIG_TRAILER_ERROR		(-309)

/* mach/exception_types.h */
#define EXC_BAD_ACCESS			1
#define EXC_BAD_INSTRUCTION		2
#define EXC_ARITHMETIC			3
#define EXC_EMULATION			4
#define EXC_SOFTWARE			5
#define EXC_BREAKPOINT			6
#define EXC_SYSCALL			7
#define EXC_MACH_SYSCALL		8
#define EXC_GUARD			12

/* mach/mach_vm.h, mach/vm_map.h, mach/mach_init.h, mach/mach_port.h: what
 * libSystem offers.  The vm_* twins take the same arguments. */

mach_port_name_t mach_task_self(void);
mach_port_name_t mach_thread_self(void);
mach_port_name_t mach_host_self(void);
mach_port_name_t mach_reply_port(void);
kern_return_t mach_port_deallocate(mach_port_name_t task, mach_port_name_t);
kern_return_t mach_port_mod_refs(mach_port_name_t task, mach_port_name_t,
    mach_port_right_t, mach_port_delta_t);
kern_return_t host_page_size(mach_port_name_t host, vm_size_t *);

#include "routine_lists.h"
#define MACH_VM(name_, id_, since_, before_, request_, reply_, function_, parameters_) \
	kern_return_t function_(mach_port_name_t target MT_DECLARE(parameters_));
#define ROUTINE(name_, id_, since_, before_, request_, reply_, function_, twin_, parameters_) \
	kern_return_t function_(mach_port_name_t target MT_DECLARE(parameters_)); \
	kern_return_t twin_(mach_port_name_t target MT_DECLARE(parameters_));
#include "routines.h"

/* mach/vm_page_size.h */
extern vm_size_t vm_page_size, vm_page_mask, vm_kernel_page_size;
extern vm_size_t vm_kernel_page_mask;
extern int vm_page_shift, vm_kernel_page_shift;

/*
 * libc's memory calls, as Darwin has them (sys/mman.h), under names that do not
 * meet the host's.  errno is set in Darwin's numbers.
 */
#define MT_LIBC(name_) darwin_##name_
extern int darwin_errno_mark; /* added to it; 0 unless somebody sets it */
void *darwin_mmap(void *, size_t, int protection, int flags, int fd,
    int64_t offset);
int darwin_munmap(void *, size_t);
int darwin_mprotect(void *, size_t, int protection);
int darwin_minherit(void *, size_t, int inheritance);
int darwin_madvise(void *, size_t, int advice);
int darwin_posix_madvise(void *, size_t, int advice);
int darwin_mincore(const void *, size_t, char *vector);
int darwin_msync(void *, size_t, int flags);
int darwin_mlock(const void *, size_t);
int darwin_munlock(const void *, size_t);
int darwin_mlockall(int flags);
int darwin_munlockall(void);
int darwin_open(const char *, int flags, ...);
int darwin_close(int fd);
int darwin_unlink(const char *);
int64_t darwin_pread(int fd, void *, size_t, int64_t offset);
int64_t darwin_pwrite(int fd, const void *, size_t, int64_t offset);
int darwin_ftruncate(int fd, int64_t size);
int darwin_shm_open(const char *, int flags, ...);
int darwin_shm_unlink(const char *);

#endif
