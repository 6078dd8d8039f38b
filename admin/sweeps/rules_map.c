/*
 * map of new memory: protections and inheritance; places, masks and flags.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "rules.h"
#include "rules_stage.h"

/* B map-cur-not-in-max, map-bad-prot-inherit, map-exec-implies-read, vd-wx, E
 * map-execute-max-read; vm_map.c vm_map_enter_mem_object(), vm_map_enter() */
void
map_protection_rule(const struct flavour *f, const uint64_t *v,
    struct mt_text *t)
{
	int current = (int)v[0], maximum = (int)v[1];
	const uint32_t inheritance = (uint32_t)v[2];

	if ((current & ~7) != 0 || (maximum & ~7) != 0 || inheritance > 2) {
		mt_put(t, "INVALID_ARGUMENT");
		return;
	}
	if (is_since(f, "14.5"))
		current &= maximum;
	if (f->arch[0] != 'x' && is_since(f, "13.0") && (current & 4) != 0) {
		current |= 1;
		if (is_since(f, "26.4"))
			maximum |= 1;
	}
	if (is_native_arm(f) && (current & 6) == 6) {
		mt_put(t, "PROTECTION_FAILURE");
		return;
	}
	mt_put(t, "SUCCESS");
	if (current == (int)v[0] && maximum == (int)v[1])
		mt_put(t, " done");
	else
		put_filled_hole(t, current, maximum, inheritance);
}

#define FLAGS	  UINT32_C(0xff97401f) /* VM_FLAGS_USER_MAP, always */
#define ANYWHERE  UINT32_C(1)
#define OVERWRITE UINT32_C(0x4000)
#define MOST	  (UINT64_C(1) << 47)

/* vm_map_store_internal.h, vm_map_store_rsv_t: of the place of new memory bit
 * 63 is that below it */
static uint64_t
place_of(const struct flavour *f, uint64_t start)
{
	return is_since(f, "26.4") ?
	    (start & (UINT64_MAX >> 1)) | (start & (UINT64_C(1) << 62)) << 1 :
	    start;
}

/* B matrix and map-mask; vm_map.c vm_map_enter_mem_object(),
 * vm_map_locate_space_fixed(): the mask before the limits of the map */
void
map_place_rule(const struct flavour *f, const uint64_t *v, struct mt_text *t)
{
	const struct range r = range_of(f, MIXED, v[0], v[1]);
	const uint64_t mask = v[2];
	const uint32_t flags = (uint32_t)v[3];
	const uint64_t size = (v[1] + f->page - 1) & ~(f->page - 1);
	const uint64_t start = v[0] & ~(f->page - 1), end = start + size;
	struct range whole = r;
	unsigned i;

	if ((flags & ~FLAGS) != 0 || size == 0) {
		mt_put(t, "INVALID_ARGUMENT");
	} else if ((flags & ANYWHERE) != 0 ||
	    ((flags & 2) != 0 && size > 64 * f->page)) {
		/* where it goes hangs on the hint; ANON_MAX_SIZE */
		mt_put(t, "-");
	} else if ((flags & OVERWRITE) != 0 && !is_bounded(&r)) {
		mt_put(t, "-");
	} else if (is_since(f, "15.0") &&
	    (end <= start || (is_rosetta(f) && size > UINT64_MAX - 0x3fff))) {
		/* vm_map_enter_mem_object_sanitize(): nor may it round to
		 * nothing in the kernel's pages */
		mt_put(t, "INVALID_ARGUMENT");
	} else if ((place_of(f, start) & mask) != 0) {
		mt_put(t, "NO_SPACE");
	} else if (end <= start || start < MINIMUM || end > MOST) {
		mt_put(t, "INVALID_ADDRESS");
	} else {
		whole.first = (unsigned)((start - WINDOW) / f->page);
		whole.stop = (unsigned)((end - WINDOW) / f->page);
		for (i = whole.first; i < whole.stop && i < sizeof(MIXED) - 1 &&
		     is_hole(&whole, i);
		     i++)
			;
		if ((flags & OVERWRITE) == 0 && i < whole.stop) {
			mt_put(t, "NO_SPACE");
			return;
		}
		mt_put(t,
		    start == v[0] ? "SUCCESS address=asked done" :
				    "SUCCESS address=page done");
		put_clips(t, &whole, true, true);
	}
}
