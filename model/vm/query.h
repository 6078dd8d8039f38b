/*
 * What regions and page queries report about objects and pages.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef MODEL_VM_QUERY_H
#define MODEL_VM_QUERY_H

#include "model/vm/object.h"

struct entry;
struct map;
struct task;

struct region_sums { /* vm_region_extended_info and friends */
	uint32_t resident, swapped_out, shared_now_private, dirtied, reusable;
	uint32_t ref_count, shadow_depth;
	uint8_t external_pager, share_mode;
};

struct region_top { /* vm_region_top_info */
	uint32_t object_id, ref_count, private_resident, shared_resident;
	uint8_t share_mode;
};
kern_return_t kernel_page_query(struct task *, uint64_t address,
    int *disposition, int *ref_count);
kern_return_t kernel_page_info(struct task *, uint64_t address,
    vm_page_info_flavor_t, int *info, mach_msg_type_number_t *count);
kern_return_t kernel_page_range_query(struct task *, uint64_t address,
    uint64_t size, struct map *to, uint64_t dispositions, uint64_t *count);

/* vm_map_region_walk(): look_for_pages false leaves the page counts 0. */
void region_walk(struct map *, struct entry *, uint64_t offset, uint64_t range,
    bool look_for_pages, struct region_sums *);
void region_top_walk(struct entry *, struct region_top *);

#endif
