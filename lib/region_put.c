/*
 * Regions as text, for failures.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "names.h"
#include "region.h"
#include "system.h"

#define FIELD(name_, unit_)                                      \
	{                                                        \
#name_, offsetof(struct mt_region, name_), unit_ \
	}

const struct mt_region_field mt_region_fields[] = {
	FIELD(address, MT_UNIT_BYTES),
	FIELD(size, MT_UNIT_BYTES),
	FIELD(protection, MT_UNIT_PROTECTION),
	FIELD(max_protection, MT_UNIT_PROTECTION),
	FIELD(inheritance, MT_UNIT_INHERITANCE),
	FIELD(user_tag, MT_UNIT_TAG),
	FIELD(share_mode, MT_UNIT_SHARE_MODE),
	FIELD(behavior, MT_UNIT_BEHAVIOR),
	FIELD(user_wired_count, MT_UNIT_NUMBER),
	FIELD(is_submap, MT_UNIT_NUMBER),
	FIELD(offset, MT_UNIT_BYTES),
	FIELD(ref_count, MT_UNIT_NUMBER),
	FIELD(pages_resident, MT_UNIT_NUMBER),
	FIELD(pages_dirtied, MT_UNIT_NUMBER),
	FIELD(shadow_depth, MT_UNIT_NUMBER),
	FIELD(external_pager, MT_UNIT_NUMBER),
	FIELD(object_id, MT_UNIT_BYTES),
	{ NULL, 0, MT_UNIT_NUMBER },
};

int64_t
mt_region_get(const struct mt_region *region,
    const struct mt_region_field *field)
{
	return *(const int64_t *)(const void *)((const char *)region +
	    field->offset);
}

void
mt_put_unit(struct mt_text *t, enum mt_unit unit, int64_t value)
{
	if (value == MT_ANY) {
		mt_put_char(t, '*');
		return;
	}
	switch (unit) {
	case MT_UNIT_NUMBER:
		mt_put_decimal(t, value);
		break;
	case MT_UNIT_BYTES:
		mt_put_hex(t, (uint64_t)value);
		break;
	case MT_UNIT_PROTECTION:
		mt_put_protection(t, value);
		break;
	case MT_UNIT_INHERITANCE:
		mt_put_inheritance(t, value);
		break;
	case MT_UNIT_TAG:
		mt_put_tag(t, value);
		break;
	case MT_UNIT_SHARE_MODE:
		mt_put_share_mode(t, value);
		break;
	case MT_UNIT_BEHAVIOR:
		mt_put_behavior(t, value);
		break;
	}
}

/* "+3", "-1", "+2+0x10": pages from start, and the rest in bytes. */
static void
put_place(struct mt_text *t, mach_vm_address_t address, mach_vm_address_t start)
{
	const mach_vm_size_t page = mt_system()->page;
	mach_vm_size_t distance;

	mt_put_char(t, address < start ? '-' : '+');
	distance = address < start ? start - address : address - start;
	mt_put_unsigned(t, distance / page);
	if (distance % page != 0) {
		mt_put_char(t, address < start ? '-' : '+');
		mt_put_hex(t, distance % page);
	}
}

static void
put_range(struct mt_text *t, mach_vm_address_t first, mach_vm_address_t last,
    mach_vm_address_t start)
{
	const mach_vm_size_t page = mt_system()->page;
	size_t line = t->length;

	put_place(t, first, start);
	mt_put(t, "..");
	put_place(t, last, start);
	do {
		mt_put_char(t, ' ');
	} while (t->length < line + 10 && !t->truncated);
	mt_put_unsigned(t, (last - first) / page);
	mt_put(t, (last - first) / page == 1 ? " page " : " pages ");
}

void
mt_put_region(struct mt_text *t, const struct mt_region *r,
    mach_vm_address_t start)
{
	if (r->address == MT_ANY || r->size == MT_ANY)
		mt_put(t, "*         ");
	else
		put_range(t, (mach_vm_address_t)r->address,
		    (mach_vm_address_t)r->address + (mach_vm_size_t)r->size,
		    start);
	mt_put_unit(t, MT_UNIT_PROTECTION, r->protection);
	mt_put_char(t, '/');
	mt_put_unit(t, MT_UNIT_PROTECTION, r->max_protection);
	mt_put_char(t, ' ');
	mt_put_unit(t, MT_UNIT_INHERITANCE, r->inheritance);
	mt_put(t, " tag ");
	mt_put_unit(t, MT_UNIT_NUMBER, r->user_tag);
	mt_put_char(t, ' ');
	mt_put_unit(t, MT_UNIT_SHARE_MODE, r->share_mode);
	if (r->behavior != VM_BEHAVIOR_DEFAULT && r->behavior != MT_ANY) {
		mt_put(t, " behavior ");
		mt_put_behavior(t, r->behavior);
	}
	if (r->user_wired_count != 0 && r->user_wired_count != MT_ANY) {
		mt_put(t, " wired ");
		mt_put_decimal(t, r->user_wired_count);
	}
	if (r->is_submap != 0 && r->is_submap != MT_ANY)
		mt_put(t, " submap");
	mt_put_char(t, '\n');
}

/* The character that the picture has for what begins at address. */
static void
put_character(struct mt_text *t, const char *picture, mach_vm_address_t address,
    mach_vm_address_t start)
{
	mt_put_char(t, '\t');
	mt_put_char(t,
	    address < start ? picture[0] :
			      picture[(address - start) / mt_system()->page]);
	mt_put_char(t, ' ');
}

void
mt_put_map(struct mt_text *t, mach_vm_address_t start, unsigned pages,
    unsigned lines)
{
	mach_vm_address_t at = start, end;
	struct mt_region region;
	const char *problem = NULL;
	char picture[64 + 1];

	if (pages > 64)
		pages = 64;
	end = start + pages * mt_system()->page;
	mt_layout(start, pages, picture);
	mt_put_char(t, '\t');
	mt_put(t, picture);
	mt_put_char(t, '\n');

	for (; at < end && mt_region_next(at, &region, &problem); lines--) {
		mach_vm_address_t first = (mach_vm_address_t)region.address;

		if (lines == 0) {
			mt_put(t, "\t...\n");
			return;
		}
		if (first > at) {
			put_character(t, picture, at, start);
			put_range(t, at, first < end ? first : end, start);
			mt_put(t, "free\n");
		}
		if (first >= end)
			return;
		put_character(t, picture, first, start);
		mt_put_region(t, &region, start);
		at = first + (mach_vm_size_t)region.size;
		if (at == 0)
			return;
	}
	if (at >= end)
		return;
	put_character(t, picture, at, start);
	if (problem != NULL) {
		mt_put(t, problem);
		mt_put_char(t, '\n');
	} else {
		put_range(t, at, end, start);
		mt_put(t, "free\n");
	}
}
