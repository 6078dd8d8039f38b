/*
 * make_memory_entry: ranges, permissions, parents.
 *
 * Left out, "-": what lib/danger.h lists; size 0 of a copy or share until
 * 10.15, and of a parent, since what is left has no memory; copies that fail
 * behind their first region, which leave it clipped; under Rosetta parts of a
 * page of the kernel's.  Cache modes and MACH_PORT_DEAD are no value of an axis.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "rules.h"
#include "rules_stage.h"

/* osfmk/mach/memory_object_types.h */
#define FLAGS	UINT32_C(0x00ffff00)
#define USER	UINT32_C(0x00ffc000)
#define TAGGED	UINT32_C(0x00002000)
#define ONLY	UINT32_C(0x00010000)
#define CREATE	UINT32_C(0x00020000)
#define PURGE	UINT32_C(0x00040000)
#define REUSE	UINT32_C(0x00080000)
#define DATA	UINT32_C(0x00100000)
#define COPY	UINT32_C(0x00200000)
#define SHARE	UINT32_C(0x00400000)
#define DATA_4K UINT32_C(0x00800000)
#define IS_MASK UINT32_C(0x40)

enum { ROOM = 8, WITHIN = 0x123 };

struct parent {
	uint64_t size, within; /* within: its data in the first page */
	uint32_t protection;
	bool copy;
};

struct asked {
	uint64_t offset, size;
	uint32_t permission;
	const struct parent *parent;
};

/* What is made, in bytes. */
struct made {
	uint64_t size;
	uint64_t within; /* of the data, in the first page */
	uint64_t offset; /* in the object */
	uint32_t protection;
};

static uint64_t
down(uint64_t value, uint64_t page)
{
	return value & ~(page - 1);
}

static uint64_t
up(uint64_t value, uint64_t page)
{
	return down(value + page - 1, page);
}

/* PAGE_MASK, where that is not the map's */
static uint64_t
kernel_page(const struct flavour *f)
{
	return is_rosetta(f) ? 0x4000 : f->page;
}

/* vm_map_range_overflows(), vm_sanitize_addr_size() */
static bool
overflows(uint64_t offset, uint64_t size, uint64_t page)
{
	return size != 0 &&
	    (offset + size < offset ||
		up(offset + size, page) <= down(offset, page));
}

/* vm_memory_entry_get_offset_in_page() */
static uint64_t
within_of(const struct asked *a, uint64_t data, uint64_t start)
{
	if ((a->permission & (DATA | DATA_4K)) == 0)
		return 0;
	if ((a->permission & DATA_4K) != 0)
		return (data - start) & ~UINT64_C(0xfff);
	return data - start;
}

/* The first page of the region, and the one behind it. */
static unsigned
region_start(unsigned page)
{
	while (REMAP[page - 1] == REMAP[page])
		page--;
	return page;
}

static unsigned
region_end(unsigned page)
{
	const char letter = REMAP[page];

	while (REMAP[page] == letter)
		page++;
	return page;
}

/* The written size is told in pages and what the data lies behind. */
static void
put_made(const struct flavour *f, const struct asked *a, const struct made *m,
    struct mt_text *t)
{
	const uint64_t size = m->size - m->within;
	const uint64_t less = m->within % f->page;

	mt_put(t, "SUCCESS size=");
	mt_put_unsigned(t, (size + less) / f->page);
	if (less != 0)
		mt_put(t,
		    (a->permission & DATA_4K) == 0 || less % 0x1000 != 0 ||
			    (a->offset & 0xfff) == 0 ?
			"-data" :
			"-4K");
	if (size == 0 || size > ROOM * f->page ||
	    (a->permission & (DATA | DATA_4K)) != 0)
		return;
	if ((m->protection & 1) == 0) {
		mt_put(t, " map:INVALID_RIGHT");
		return;
	}
	if ((a->permission & COPY) == 0) {
		mt_put(t, " offset=");
		mt_put_unsigned(t, m->offset / f->page);
	}
	mt_put(t, " done");
}

/* ANON_MAX_SIZE: 4 GiB until 12, 2^32 pages since; nothing asked for lies
 * between. */
static void
create(const struct flavour *f, const struct asked *a, struct mt_text *t)
{
	const uint64_t start = down(a->offset, f->page);
	const uint64_t end = up(a->offset + a->size, f->page);
	const struct made m = { .size = end - start,
		.protection = a->permission & 7 };
	const bool data = (a->permission & (DATA | DATA_4K)) != 0;
	const bool null = is_since(f, "15.0") ?
	    a->size == 0 :
	    is_since(f, "11") && m.size == 0;

	if (data && is_until(f, "13.4"))
		mt_put(t, "INVALID_ARGUMENT");
	else if (null) /* B entry-create-zero */
		mt_put(t, a->size == 0 ? "SUCCESS null" : "SUCCESS null, size");
	else if ((end == 0 && is_since(f, "13.5")) || data)
		mt_put(t, "INVALID_ARGUMENT");
	else if (m.size > UINT64_C(1) << 48)
		mt_put(t, "FAILURE");
	else if ((a->permission & (PURGE | 2)) == PURGE)
		mt_put(t, "INVALID_ARGUMENT");
	else
		put_made(f, a, &m, t);
}

/* B entry-vm-copy; vm_map_copyin_internal() clips the source and, of memory that
 * nobody touched, simplifies it to what it was (E copyin-clips-source) */
static void
copy(const struct flavour *f, const struct asked *a, uint64_t start,
    uint64_t size, struct mt_text *t)
{
	const struct made m = { .size = size,
		.within = within_of(a, a->offset, start),
		.protection = a->permission & 7 };

	if (start + size < start || remap_is_empty(remap_page(f, start))) {
		mt_put(t, "INVALID_ADDRESS");
		return;
	}
	for (uint64_t i = 0; i < size; i += f->page) {
		const unsigned page = remap_page(f, start + i);

		if (remap_is_empty(page) ||
		    (rights_of(REMAP[page]).current & 1) == 0) {
			mt_put(t, size == f->page ? "PROTECTION_FAILURE" : "-");
			return;
		}
	}
	put_made(f, a, &m, t);
}

/* B entry-plain, entry-size-truncated, entry-vm-share, entry-is-mask;
 * vm_map_copy_extract(), until 10.15 vm_map_lookup_locked() of a plain one:
 * the same for regions that each have an object of their own */
static void
share(const struct flavour *f, const struct asked *a, uint64_t start,
    uint64_t size, struct mt_text *t)
{
	const bool mask = (a->permission & IS_MASK) != 0;
	const unsigned first = remap_page(f, start);
	struct made m = { .size = size,
		.within = within_of(a, a->offset, start),
		.protection = a->permission & 7 };
	uint32_t current = 7;
	bool denied = false;

	if (start + size < start || remap_is_empty(first)) {
		mt_put(t, "INVALID_ADDRESS");
		return;
	}
	m.offset = (first - region_start(first)) * f->page;
	if ((a->permission & SHARE) == 0) {
		const uint64_t most = (region_end(first) - first) * f->page;

		if (m.size > most)
			m.size = most;
	}
	for (uint64_t i = 0; i < m.size || i == 0; i += f->page) {
		const unsigned page = remap_page(f, start + i);

		if (remap_is_empty(page)) {
			mt_put(t, "INVALID_ADDRESS");
			return;
		}
		current &= (uint32_t)rights_of(REMAP[page]).current;
		denied = !mask && (m.protection & ~current) != 0;
		/* until 10.15 all of it is taken first */
		if (denied && is_since(f, "11"))
			break;
	}
	if (mask)
		m.protection &= current;
	if (denied || (mask && m.protection == 0))
		mt_put(t, "PROTECTION_FAILURE");
	else
		put_made(f, a, &m, t);
}

/* Of memory, by its address. */
static void
of_memory(const struct flavour *f, const struct asked *a, struct mt_text *t)
{
	const uint64_t start = down(a->offset, f->page);
	const uint64_t end = up(a->offset + a->size, f->page);
	const uint64_t size = end - start;
	const bool kind = (a->permission & (COPY | SHARE)) != 0;

	/* lib/danger.h: until 10.15 nobody notices one that wraps; until 13.0
	 * no kernel was asked for a copy of one that rounds to 2^64 */
	if (is_until(f, "10.15") && may_wrap(a->offset, a->size)) {
		mt_put(t, "-");
	} else if ((a->permission & COPY) != 0 && is_until(f, "13.0") &&
	    start + size > -UINT64_C(0x8000)) {
		mt_put(t, "-");
	} else if (size == 0 && is_until(f, "10.15") && kind) {
		mt_put(t, "-");
	} else if ((size == 0 && is_since(f, "11")) ||
	    (a->size == 0 && is_since(f, "15.0")) ||
	    (end == 0 && is_since(f, "13.5"))) {
		mt_put(t, "INVALID_ARGUMENT");
	} else if ((a->permission & COPY) != 0) {
		copy(f, a, start, size, t);
	} else if (start % kernel_page(f) != 0) {
		mt_put(t, "-"); /* a part of a page of the kernel's */
	} else {
		share(f, a, start, size, t);
	}
}

/* mach_make_memory_entry_mem_only(): neither offset nor size counts, and the
 * size is not written */
static void
only(const struct asked *a, struct mt_text *t)
{
	mt_put(t,
	    (a->permission & (DATA | DATA_4K)) != 0 || a->parent == NULL ?
		"INVALID_ARGUMENT" :
		"SUCCESS null");
}

/* B entry-child-*; mach_make_memory_entry_from_parent_entry(): the start is
 * cut to the map's page without a data address, the end to the kernel's */
static void
part(const struct flavour *f, const struct asked *a, struct mt_text *t)
{
	const struct parent *p = a->parent;
	const bool data = (a->permission & (DATA | DATA_4K)) != 0;
	const uint64_t page = kernel_page(f);
	const uint64_t from = a->offset + (data ? p->within : 0);
	const uint64_t start = down(from, data ? page : f->page);
	const uint64_t end = up(from + a->size, page);
	struct made m = { .size = end - start,
		.within = within_of(a, from, start),
		.offset = start,
		.protection = a->permission & 7 };
	bool beyond;

	if (is_since(f, "15.0"))
		beyond = end > p->size || from < a->offset ||
		    (is_since(f, "26.0") && end <= start);
	else if (data)
		beyond = from + a->size > p->size || from < a->offset;
	else
		beyond = a->offset + m.size > p->size;
	if ((a->permission & IS_MASK) != 0)
		m.protection &= p->protection;
	if (overflows(from, a->size, page) || beyond)
		mt_put(t, "INVALID_ARGUMENT");
	else if ((m.protection & ~p->protection) != 0)
		mt_put(t, "PROTECTION_FAILURE");
	else
		put_made(f, a, &m, t);
}

/* mach_make_memory_entry_internal() */
static void
entry(const struct flavour *f, const struct asked *a, struct mt_text *t)
{
	const uint32_t known = is_since(f, "10.15") ? USER | TAGGED : USER;
	const uint32_t permission = a->permission;
	/* until 14 of every kind; since 15 where the size is not 0 */
	const bool wraps = is_since(f, "13.5") &&
	    overflows(a->offset, a->size, f->page);
	const bool is_part = a->parent != NULL &&
	    (permission & (ONLY | CREATE | COPY | SHARE | REUSE)) == 0;

	/* lib/danger.h */
	if ((a->parent != NULL && a->size == 0) ||
	    (is_part && is_until(f, "13.4") && may_wrap(a->offset, a->size)))
		mt_put(t, "-");
	else if ((permission & FLAGS & ~known) != 0)
		mt_put(t, "INVALID_VALUE");
	else if (a->parent != NULL && a->parent->copy)
		mt_put(t, "INVALID_ARGUMENT");
	else if (wraps && !(is_part && is_since(f, "15.0")))
		mt_put(t,
		    is_until(f, "14.3") ? "INVALID_ADDRESS" :
					  "INVALID_ARGUMENT");
	else if ((permission & ONLY) != 0)
		only(a, t);
	else if ((permission & CREATE) != 0)
		create(f, a, t);
	else if (is_part)
		part(f, a, t);
	else
		of_memory(f, a, t);
}

void
entry_range_rule(const struct flavour *f, const uint64_t *v, struct mt_text *t)
{
	entry(f,
	    &(const struct asked){ .offset = v[0],
		.size = v[1],
		.permission = (uint32_t)v[2] },
	    t);
}

void
entry_permission_rule(const struct flavour *f, const uint64_t *v,
    struct mt_text *t)
{
	entry(f,
	    &(const struct asked){ .offset = v[0],
		.size = v[1],
		.permission = (uint32_t)(v[2] | v[3]) },
	    t);
}

void
entry_child_rule(const struct flavour *f, const uint64_t *v, struct mt_text *t)
{
	const struct parent parent = { .size = 3 * f->page,
		.within = v[2] == 2 ? WITHIN : 0,
		.protection = v[2] == 1 ? 1 : 3,
		.copy = v[2] > 3 };

	entry(f,
	    &(const struct asked){ .offset = v[0],
		.size = v[1],
		.permission = (uint32_t)v[3],
		.parent = &parent },
	    t);
}
