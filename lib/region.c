/*
 * Walks of the map.  The kernel that answers may be anybody's, so each answer
 * is checked before it is used, and every step of a walk goes up.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "region.h"
#include "route.h"
#include "system.h"

/* No kernel of the family has smaller pages, whatever the process's are. */
#define SMALLEST_PAGE 0x1000

static const char *last_problem;

const char *
mt_region_problem(void)
{
	const char *problem = last_problem;

	last_problem = NULL;
	return problem;
}

static const char *
sense(mach_vm_address_t asked, mach_vm_address_t address, mach_vm_size_t size,
    natural_t depth, mach_msg_type_number_t count)
{
	/* 10.13 and 10.14 know the first extension only */
	if (count != VM_REGION_SUBMAP_INFO_V2_COUNT_64 &&
	    count != VM_REGION_SUBMAP_INFO_V1_COUNT_64)
		return "region_recurse: wrong count of words";
	if (depth != 0)
		return "region_recurse: went deeper than depth 0";
	if (size == 0)
		return "region_recurse: region of size 0";
	if (address + (size - 1) < address)
		return "region_recurse: region wraps around";
	if (address + (size - 1) < asked)
		return "region_recurse: region below the address asked for";
	if (address % SMALLEST_PAGE != 0 || size % SMALLEST_PAGE != 0)
		return "region_recurse: region not of whole pages";
	return NULL;
}

bool
mt_region_next(mach_vm_address_t asked, struct mt_region *region,
    const char **problem)
{
	mach_vm_address_t address = asked;
	mach_vm_size_t size = 0;
	natural_t depth = 0;
	vm_region_submap_info_data_64_t info = { .protection = 0 };
	mach_msg_type_number_t count = VM_REGION_SUBMAP_INFO_V2_COUNT_64;
	kern_return_t kr;
	const char *wrong = NULL;

	kr = stage->region_recurse(mach_task_self(), &address, &size, &depth,
	    (vm_region_recurse_info_t)&info, &count);
	if (kr == KERN_SUCCESS)
		wrong = sense(asked, address, size, depth, count);
	else if (kr != KERN_INVALID_ADDRESS)
		wrong = "region_recurse: failed with another code than "
			"KERN_INVALID_ADDRESS";
	if (wrong != NULL)
		last_problem = wrong;
	if (problem != NULL)
		*problem = wrong;
	if (kr != KERN_SUCCESS || wrong != NULL)
		return false;

	*region = (struct mt_region){
		.address = (int64_t)address,
		.size = (int64_t)size,
		.protection = info.protection,
		.max_protection = info.max_protection,
		.inheritance = info.inheritance,
		.user_tag = info.user_tag,
		.share_mode = info.share_mode,
		.behavior = info.behavior,
		.user_wired_count = info.user_wired_count,
		.is_submap = info.is_submap,
		.offset = (int64_t)info.offset,
		.ref_count = info.ref_count,
		.pages_resident = info.pages_resident,
		.pages_dirtied = info.pages_dirtied,
		.shadow_depth = info.shadow_depth,
		.external_pager = info.external_pager,
		.object_id = count == VM_REGION_SUBMAP_INFO_V2_COUNT_64 ?
		    (int64_t)info.object_id_full :
		    (int64_t)info.object_id,
	};
	return true;
}

bool
mt_region_at(mach_vm_address_t address, struct mt_region *region)
{
	return mt_region_next(address, region, NULL) &&
	    (mach_vm_address_t)region->address <= address;
}

/* 'a'...'z', 'A'...'Z' and round: neighbours always differ. */
static char
letter(unsigned region)
{
	return "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"[region %
	    52];
}

void
mt_layout(mach_vm_address_t start, unsigned pages, char *picture)
{
	const mach_vm_size_t page = mt_system()->page;
	const mach_vm_address_t end = start + pages * page;
	mach_vm_address_t at = start;
	struct mt_region region;
	const char *problem;
	unsigned letters = 0;

	for (unsigned i = 0; i < pages; i++)
		picture[i] = '.';
	picture[pages] = '\0';

	while (at < end && mt_region_next(at, &region, &problem)) {
		mach_vm_address_t first = (mach_vm_address_t)region.address;
		mach_vm_address_t last = first + (mach_vm_size_t)region.size;
		char c = letter(letters);

		if (first >= end)
			return;
		if (first < at)
			first = at;
		if (last == 0 || last > end) /* 0: ends at 2^64 */
			last = end;
		letters++;
		if ((first - start) % page != 0) {
			picture[(first - start) / page] = '/';
			first += page - (first - start) % page;
		}
		for (at = first; at < last && last - at >= page; at += page)
			picture[(at - start) / page] = c;
		if (at < last)
			picture[(at - start) / page] = '/';
		at = last;
	}
	if (at < end && problem != NULL)
		for (unsigned i = (unsigned)((at - start) / page); i < pages;
		     i++)
			picture[i] = '?';
}

bool
mt_layout_equal(const char *a, const char *b)
{
	for (size_t i = 0; a[i] != '\0' || b[i] != '\0'; i++) {
		if (a[i] == '\0' || b[i] == '\0')
			return false;
		if (a[i] == '?' || b[i] == '?' || a[i] == '/' || b[i] == '/')
			return false;
		if ((a[i] == '.') != (b[i] == '.'))
			return false;
		if (i > 0 && (a[i] == a[i - 1]) != (b[i] == b[i - 1]))
			return false;
	}
	return true;
}
