/*
 * What the rules share.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "rules.h"

#include <string.h>

#include "rules_stage.h"
#include "system.h"

bool
is_until(const struct flavour *f, const char *release)
{
	return mt_release_until(f->release, release);
}

bool
is_since(const struct flavour *f, const char *release)
{
	return mt_release_since(f->release, release);
}

bool
is_native_arm(const struct flavour *f)
{
	return f->arch[0] == 'a';
}

bool
is_rosetta(const struct flavour *f)
{
	return f->arch[0] == 'r';
}

struct range
range_of(const struct flavour *f, const char *stage, uint64_t address,
    uint64_t size)
{
	const uint64_t mask = f->page - 1, pages = strlen(stage);
	struct range r = { .page = f->page, .stage = stage };

	r.start = address & ~mask;
	r.end = (address + size + mask) & ~mask;
	r.nothing = size == 0;
	r.wraps = address + size < address;
	r.rounds = !r.wraps && !r.nothing && r.end == 0;
	if (r.nothing || r.wraps || r.rounds)
		return r;
	r.below = r.end <= MINIMUM;
	r.above = r.start >> 48 != 0;
	r.inside = r.start >= WINDOW && r.end <= WINDOW + pages * f->page;
	if (r.inside) {
		r.first = (unsigned)((r.start - WINDOW) / f->page);
		r.stop = (unsigned)((r.end - WINDOW) / f->page);
	}
	return r;
}

bool
is_bounded(const struct range *r)
{
	return r->nothing || r->wraps || r->rounds || r->inside || r->below ||
	    r->above;
}

bool
is_hole(const struct range *r, unsigned page)
{
	return r->stage[page] == '.';
}

static unsigned
start_page(const struct range *r)
{
	return (unsigned)((r->start - WINDOW) / r->page);
}

bool
is_start_mapped(const struct range *r)
{
	return r->start >= WINDOW &&
	    r->start - WINDOW < strlen(r->stage) * r->page &&
	    !is_hole(r, start_page(r));
}

unsigned
first_hole(const struct range *r)
{
	unsigned i = r->first;

	while (i < r->stop && !is_hole(r, i))
		i++;
	return i;
}

bool
is_within(const struct range *r, unsigned page)
{
	return page > 0 && page < strlen(r->stage) && !is_hole(r, page) &&
	    r->stage[page - 1] == r->stage[page];
}

void
put_clips(struct mt_text *t, const struct range *r, bool start, bool end)
{
	const char *between = " split=";

	if (start && is_within(r, r->first)) {
		mt_put(t, between);
		mt_put(t, "start");
		between = ",";
	}
	if (end && is_within(r, r->stop)) {
		mt_put(t, between);
		mt_put(t, "end");
	}
}

void
put_split_page(struct mt_text *t, const struct range *r)
{
	if (!is_within(r, start_page(r)))
		return;
	mt_put(t, " split=page");
	mt_put_unsigned(t, start_page(r));
}

struct rights
rights_of(char letter)
{
	switch (letter) {
	case 'a':
	case 'c':
		return (struct rights){ 3, 7 };
	case 'b':
		return (struct rights){ 1, 7 };
	case 'd':
		return (struct rights){ 1, 1 };
	default:
		return (struct rights){ 0, 7 };
	}
}

void
put_rights(struct mt_text *t, int protection)
{
	static const char letters[] = "rwx";

	for (unsigned b = 0; b < 3; b++)
		mt_put_char(t, (protection >> b & 1) != 0 ? letters[b] : '-');
}

void
put_filled_hole(struct mt_text *t, int current, int maximum,
    uint32_t inheritance)
{
	mt_put(t, " map=.3rw-,1");
	put_rights(t, current);
	if (maximum != 7) {
		mt_put_char(t, '/');
		put_rights(t, maximum);
	}
	if (inheritance != 1) {
		mt_put_char(t, 'i');
		mt_put_unsigned(t, inheritance);
	}
	mt_put(t, ",1r--,2rw-,1r--/r--.");
}

bool
may_wrap(uint64_t address, uint64_t size)
{
	return size > UINT64_MAX - 0x3fff || address + size + 0x3fff < address;
}

unsigned
remap_page(const struct flavour *f, uint64_t address)
{
	if (address < WINDOW || address - WINDOW >= REMAP_PAGES * f->page)
		return REMAP_PAGES;
	return (unsigned)((address - WINDOW) / f->page);
}

bool
remap_is_empty(unsigned page)
{
	return page >= REMAP_PAGES || REMAP[page] == '.';
}
