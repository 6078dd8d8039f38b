/*
 * The map as the kernel shows it: walk, compare, draw.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef MT_REGION_H
#define MT_REGION_H

#include "text.h"
#include "types.h"

/* A field with this value is not compared. */
#define MT_ANY INT64_C(-0x6d745f616e79)

/* vm_region_submap_info_64, in its words; depth as the walk found it. */
struct mt_region {
	int64_t address, size;
	int64_t protection, max_protection, inheritance;
	int64_t user_tag, share_mode, behavior, user_wired_count;
	int64_t is_submap, offset, ref_count, pages_resident;
	int64_t pages_dirtied, shadow_depth, external_pager;
	int64_t object_id;
};

#define MT_REGION_ANY                                                         \
	.address = MT_ANY, .size = MT_ANY, .protection = MT_ANY,              \
	.max_protection = MT_ANY, .inheritance = MT_ANY, .user_tag = MT_ANY,  \
	.share_mode = MT_ANY, .behavior = MT_ANY, .user_wired_count = MT_ANY, \
	.is_submap = MT_ANY, .offset = MT_ANY, .ref_count = MT_ANY,           \
	.pages_resident = MT_ANY, .pages_dirtied = MT_ANY,                    \
	.shadow_depth = MT_ANY, .external_pager = MT_ANY, .object_id = MT_ANY

/*
 * The first region that contains address or lies above it, asked of
 * mach_vm_region_recurse at depth 0.  False at the end of the map, and when
 * the kernel's answer makes no sense (*problem then says what, else NULL).
 */
bool mt_region_next(mach_vm_address_t address, struct mt_region *,
    const char **problem);

/* The region that contains address; false when nothing is mapped there. */
bool mt_region_at(mach_vm_address_t address, struct mt_region *);

/*
 * What a kernel's answer to any walk since the last call lacked in sense, for
 * people; NULL: nothing.  A case that leaves one behind fails.
 */
const char *mt_region_problem(void);

/*
 * A layout is a picture of pages, one character each: '.' is a hole, equal
 * neighbouring letters are one region, different ones are two.  "aa.b" is two
 * pages in one region, a hole, and another region.  mt_layout() writes the
 * picture of [start, start + pages) with letters in order of appearance; a
 * region that reaches beyond the range is cut.  picture has room for pages + 1
 * characters.  '?' stands from where the kernel's answers made no sense, '/'
 * where a region begins or ends within a page.
 */
void mt_layout(mach_vm_address_t start, unsigned pages, char *picture);

/* True when two pictures show the same regions, whatever their letters. */
bool mt_layout_equal(const char *, const char *);

/* The fields of a region, for loops over them. */
enum mt_unit {
	MT_UNIT_NUMBER,
	MT_UNIT_BYTES,
	MT_UNIT_PROTECTION,
	MT_UNIT_INHERITANCE,
	MT_UNIT_TAG,
	MT_UNIT_SHARE_MODE,
	MT_UNIT_BEHAVIOR
};
struct mt_region_field {
	const char *name;
	size_t offset; /* of the int64_t in struct mt_region */
	enum mt_unit unit;
};
extern const struct mt_region_field mt_region_fields[]; /* ended by NULL */
int64_t mt_region_get(const struct mt_region *, const struct mt_region_field *);
void mt_put_unit(struct mt_text *, enum mt_unit, int64_t value);

/*
 * One line a region, as failures show them.  start is the address of page 0:
 *
 *	+3..+5    2 pages rw-/rwx copy tag 240 private
 *
 * Fields that are not compared show as '*'.
 */
void mt_put_region(struct mt_text *, const struct mt_region *,
    mach_vm_address_t start);
/* The picture of [start, start + pages), at most 64, then its regions and
 * holes, each behind its character; at most `lines` of them. */
void mt_put_map(struct mt_text *, mach_vm_address_t start, unsigned pages,
    unsigned lines);

#endif
