/*
 * Of <mach/mach_host.h>, <mach/host_info.h> and <mach/vm_statistics.h>: what a
 * host tells of its memory.  Included by kit.h.
 *
 * Layouts: osfmk/mach/vm_statistics.h of xnu-11417.121.6.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef KIT_HOST_H
#define KIT_HOST_H

struct vm_statistics {
	natural_t free_count, active_count, inactive_count, wire_count;
	natural_t zero_fill_count, reactivations, pageins, pageouts, faults;
	natural_t cow_faults, lookups, hits;
	natural_t purgeable_count, purges;
	natural_t speculative_count;
};

#pragma pack(push, 4)
struct vm_statistics64 {
	natural_t free_count, active_count, inactive_count, wire_count;
	uint64_t zero_fill_count, reactivations, pageins, pageouts, faults;
	uint64_t cow_faults, lookups, hits, purges;
	natural_t purgeable_count, speculative_count;
	uint64_t decompressions, compressions, swapins, swapouts;
	natural_t compressor_page_count, throttled_count;
	natural_t external_page_count, internal_page_count;
	uint64_t total_uncompressed_pages_in_compressor;
};
#pragma pack(pop)

typedef struct vm_statistics vm_statistics_data_t, *vm_statistics_t;
typedef struct vm_statistics64 vm_statistics64_data_t, *vm_statistics64_t;
typedef integer_t host_flavor_t, *host_info_t, *host_info64_t;
#define HOST_VM_INFO	     2
#define HOST_VM_INFO64	     4
#define HOST_VM_INFO_COUNT   MT_COUNT(vm_statistics_data_t)
#define HOST_VM_INFO64_COUNT MT_COUNT(vm_statistics64_data_t)

/* Pages of the model's size; what the model does not count is 0.
 * KERN_INVALID_HOST: no host port; KERN_INVALID_ARGUMENT: another flavor;
 * KERN_FAILURE: a count below the oldest programs'. */
kern_return_t host_statistics(host_t, host_flavor_t, host_info_t,
    mach_msg_type_number_t *);
kern_return_t host_statistics64(host_t, host_flavor_t, host_info64_t,
    mach_msg_type_number_t *);

#endif
