/*
 * remap and remap_new: sources, destinations, inheritance, protections.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "rules.h"
#include "rules_stage.h"

#define ANYWHERE	 UINT32_C(1)
#define RANDOM		 UINT32_C(8)
#define CODESIGN	 UINT32_C(0x20)
#define MEDIA		 UINT32_C(0x40)
#define OVERWRITE	 UINT32_C(0x4000)
#define RETURN_DATA_ADDR UINT32_C(0x100000)
#define MOST		 (UINT64_C(1) << 47)

enum { DESTINATION = 10 };

/* What the rules of all sweeps of remap look at. */
struct asked {
	uint64_t to, from, size, mask;
	uint32_t flags, inheritance;
	bool copy, is_new;
	int current, maximum;
};

/* The source in whole pages. */
struct source {
	uint64_t start, size;
	uint64_t data; /* where the bytes begin in the first page */
};

/* xnu: osfmk/mach/vm_statistics.h VM_FLAGS_USER_REMAP; no tag is taken */
static uint32_t
accepted(const struct flavour *f)
{
	return is_since(f, "10.15") ? 0x104069 : 0x104029;
}

/* B remap-unaligned-*, remap-return-data-addr, remapnew-returns-data-addr */
static bool
returns_data(const struct flavour *f, const struct asked *a)
{
	return a->is_new || (a->flags & RETURN_DATA_ADDR) != 0 ||
	    (is_since(f, "13.3") && is_until(f, "14.3"));
}

static struct source
source_of(const struct flavour *f, const struct asked *a)
{
	const uint64_t mask = f->page - 1;
	struct source s = { .start = a->from & ~mask };

	if (returns_data(f, a))
		s.data = a->from & mask;
	s.size = (s.data + a->size + mask) & ~mask;
	return s;
}

/* B remap-overflow.  13.5: vm_map_range_overflows() of what was given; 15.0:
 * vm_sanitize_addr_size(), whose start is cut to its page first unless the
 * address of the data is asked for. */
static bool
overflows(const struct flavour *f, const struct asked *a)
{
	const uint64_t mask = f->page - 1;
	uint64_t start = a->from, end;

	if (is_until(f, "13.4"))
		return false;
	if (is_since(f, "15.0") && !returns_data(f, a))
		start &= ~mask;
	end = start + a->size;
	return end < start || ((end + mask) & ~mask) <= (start & ~mask);
}

/* Until 10.15 nobody refuses a source that wraps, unless its size is nothing:
 * lib/danger.h.  And nothing but the stage is overwritten. */
static bool
is_left_out(const struct flavour *f, const struct asked *a)
{
	const struct range r = range_of(f, REMAP, a->to, a->size);

	if ((a->flags & OVERWRITE) != 0 && !is_bounded(&r))
		return true;
	return is_until(f, "10.15") && a->size <= UINT64_MAX - 0xfff &&
	    may_wrap(a->from, a->size);
}

/* Page by page; what refuses first is the answer, NULL if nothing does.  B
 * remap-src-hole, remapnew-insufficient; vm_map_remap_extract() */
static const char *
extract(const struct flavour *f, const struct asked *a, const struct source *s,
    bool legacy)
{
	const int current = a->copy ? 0 : a->current;
	const int maximum = a->copy ? 1 : a->maximum;

	/* vm_map_copy_extract(), since 11 */
	if (s->start + s->size < s->start)
		return "INVALID_ADDRESS";
	for (uint64_t done = 0; done < s->size; done += f->page) {
		const unsigned page = remap_page(f, s->start + done);
		struct rights has;

		if (remap_is_empty(page))
			return "INVALID_ADDRESS";
		has = rights_of(REMAP[page]);
		if (!legacy &&
		    ((current & ~has.current) != 0 ||
			(maximum & ~has.maximum) != 0))
			return "PROTECTION_FAILURE";
	}
	return NULL;
}

/* Where pages are smaller than the kernel's, vm_map_simplify_range() locks the
 * source first, and since 26.4 clips it: E lock-failed-atomic-clips. */
static void
put_simplified(const struct flavour *f, const struct source *s,
    struct mt_text *t)
{
	struct range r = { .page = f->page, .stage = REMAP };

	r.first = remap_page(f, s->start);
	if (!is_rosetta(f) || is_until(f, "26.3") || remap_is_empty(r.first) ||
	    s->start + s->size > MOST) /* not in the map: not locked */
		return;
	for (uint64_t i = 0; i < s->size; i += f->page)
		if (remap_is_empty(remap_page(f, s->start + i))) {
			put_clips(t, &r, true, false);
			return;
		}
}

/* B remap-cur-max-out, remap-resilient-codesign, remapnew-prots */
static void
put_told(const struct flavour *f, const struct asked *a, const struct source *s,
    bool legacy, struct mt_text *t)
{
	struct rights told = { a->current, a->maximum };

	if (legacy) {
		told = (struct rights){ 7, 7 };
		for (uint64_t i = 0; i < s->size; i += f->page) {
			const struct rights has = rights_of(
			    REMAP[remap_page(f, s->start + i)]);

			told.current &= has.current;
			told.maximum &= has.maximum;
		}
	}
	if ((a->flags & CODESIGN) != 0)
		told = (struct rights){ 1, 1 };
	mt_put_char(t, ' ');
	put_rights(t, told.current);
	mt_put_char(t, '/');
	put_rights(t, told.maximum);
}

/* B remap-anywhere-hint: the first hole from there on; of a place outside of
 * the stage nobody knows which. */
static void
anywhere(const struct flavour *f, const struct asked *a, const struct source *s,
    bool legacy, struct mt_text *t)
{
	const unsigned pages = (unsigned)(s->size / f->page);
	unsigned page = remap_page(f, a->to), n = 0;

	/* vm_map_locate_space_anywhere(): a random place looked at no hint
	 * until 26.3 */
	if ((a->to & ~(f->page - 1)) >= MOST &&
	    ((a->flags & RANDOM) == 0 || is_since(f, "26.4"))) {
		mt_put(t, "NO_SPACE");
	} else if (a->mask > f->page - 1) {
		mt_put(t, "-");
	} else if (page == REMAP_PAGES || (a->flags & RANDOM) != 0) {
		mt_put(t, "SUCCESS at=found");
		put_told(f, a, s, legacy, t);
	} else {
		for (; page + n < REMAP_PAGES && n < pages; n++)
			if (!remap_is_empty(page + n)) {
				page += n + 1;
				n = (unsigned)-1;
			}
		mt_put(t, "SUCCESS at=");
		mt_put_unsigned(t, page);
		if (s->data != 0)
			mt_put(t, "+data");
		put_told(f, a, s, legacy, t);
		mt_put(t, " done");
	}
}

/* B remap-fixed-*; vm_map_locate_space_fixed(), and the same checks in
 * vm_map_remap_range_allocate() before it */
static void
fixed(const struct flavour *f, const struct asked *a, const struct source *s,
    bool legacy, struct mt_text *t)
{
	const uint64_t start = a->to & ~(f->page - 1), end = start + s->size;
	struct range whole = { .page = f->page, .stage = REMAP };
	bool empty = true;

	if ((start & a->mask) != 0) {
		mt_put(t, "NO_SPACE");
		return;
	}
	if (end <= start || start < MINIMUM || end > MOST) {
		mt_put(t, "INVALID_ADDRESS");
		return;
	}
	whole.first = remap_page(f, start);
	whole.stop = remap_page(f, end - 1) + 1;
	for (unsigned i = whole.first; i < whole.stop; i++)
		empty &= remap_is_empty(i);
	if (!empty && (a->flags & OVERWRITE) == 0) {
		mt_put(t, "NO_SPACE");
		return;
	}
	mt_put(t, "SUCCESS at=");
	mt_put_unsigned(t, whole.first);
	if (s->data != 0)
		mt_put(t, "+data");
	put_told(f, a, s, legacy, t);
	mt_put(t, " done");
	put_clips(t, &whole, true, true);
}

/* B section 9; vm_user.c mach_vm_remap_external(),
 * mach_vm_remap_new_external(), vm_map.c vm_map_remap() */
static void
remap(const struct flavour *f, const struct asked *a, struct mt_text *t)
{
	const struct source s = source_of(f, a);
	/* B remapnew-none-none */
	const bool legacy = !a->is_new ||
	    (is_until(f, "15.1") && a->current == 0 && a->maximum == 0);
	const char *refused;

	if (is_left_out(f, a)) {
		mt_put(t, "-");
	} else if ((a->flags & ~accepted(f)) != 0 ||
	    (a->is_new &&
		(((a->current | a->maximum) & ~7) != 0 ||
		    (a->current & ~a->maximum) != 0))) {
		mt_put(t, "INVALID_ARGUMENT");
	} else if (a->is_new && (a->maximum & 6) == 6) {
		mt_put(t, "PROTECTION_FAILURE");
	} else if (a->inheritance > 2 || a->size == 0 || overflows(f, a) ||
	    s.size == 0 || ((a->flags & MEDIA) != 0 && !a->copy)) {
		mt_put(t, "INVALID_ARGUMENT");
	} else if ((refused = extract(f, a, &s, legacy)) != NULL) {
		mt_put(t, refused);
		put_simplified(f, &s, t);
	} else if (a->is_new && legacy && s.size > f->page) {
		mt_put(t, "-"); /* each region keeps its own protections */
	} else if ((a->flags & ANYWHERE) != 0) {
		anywhere(f, a, &s, legacy, t);
	} else {
		fixed(f, a, &s, legacy, t);
	}
}

static uint64_t
destination(const struct flavour *f)
{
	return WINDOW + DESTINATION * f->page;
}

void
remap_source_rule(const struct flavour *f, const uint64_t *v, struct mt_text *t)
{
	remap(f,
	    &(const struct asked){ .from = v[0],
		.size = v[1],
		.copy = v[2] != 0,
		.flags = (uint32_t)v[3],
		.to = destination(f),
		.inheritance = 1 },
	    t);
}

void
remap_place_rule(const struct flavour *f, const uint64_t *v, struct mt_text *t)
{
	remap(f,
	    &(const struct asked){ .to = v[0],
		.size = v[1],
		.mask = v[2],
		.flags = (uint32_t)v[3],
		.from = WINDOW + f->page,
		.inheritance = 1 },
	    t);
}

void
remap_inheritance_rule(const struct flavour *f, const uint64_t *v,
    struct mt_text *t)
{
	remap(f,
	    &(const struct asked){ .from = v[0],
		.size = f->page,
		.copy = v[1] != 0,
		.inheritance = (uint32_t)v[2],
		.flags = (uint32_t)v[3],
		.to = destination(f) },
	    t);
}

void
remap_protection_rule(const struct flavour *f, const uint64_t *v,
    struct mt_text *t)
{
	remap(f,
	    &(const struct asked){ .from = v[0],
		.size = v[1],
		.copy = v[2] != 0,
		.inheritance = (uint32_t)v[3],
		.current = (int)v[4],
		.maximum = (int)v[5],
		.is_new = true,
		.to = destination(f) },
	    t);
}
