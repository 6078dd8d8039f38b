/*
 * The stage of a sweep, and what became of it.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "sweep_stage.h"

#include "check_state.h"
#include "names.h"

/* Of an address no region gives: the walk stopped. */
struct page {
	bool mapped, joined; /* to the page before it, one region */
	uint8_t current, maximum, inheritance, behavior, tag, wired;
};

/* A protection that stays. */
enum { KEPT = 0xff };

static struct page before[MT_SWEEP_STAGE], after[MT_SWEEP_STAGE],
    asked[MT_SWEEP_STAGE];

static const struct {
	char letter;
	vm_prot_t current, maximum;
} kinds[] = { { 'a', VM_PROT_DEFAULT, VM_PROT_ALL },
	{ 'b', VM_PROT_READ, VM_PROT_ALL },
	{ 'c', VM_PROT_DEFAULT, VM_PROT_ALL },
	{ 'd', VM_PROT_READ, VM_PROT_READ },
	{ 'n', VM_PROT_NONE, VM_PROT_ALL } };

/* Each region has a tag of its own: nothing coalesces. */
static void
map_region(const struct mt_site *site, mach_vm_address_t address,
    mach_vm_size_t size, char letter)
{
	kern_return_t kr = KERN_FAILURE;

	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (kinds[i].letter == letter)
			kr = stage->map(mach_task_self(), &address, size, 0,
			    (int)(VM_FLAGS_FIXED |
				VM_MAKE_TAG(MT_TAG + (unsigned)i)),
			    MACH_PORT_NULL, 0, FALSE, kinds[i].current,
			    kinds[i].maximum, VM_INHERIT_DEFAULT);
	if (kr != KERN_SUCCESS) {
		const struct mt_site stop = { site->file, site->line,
			"the stage of a sweep", true };

		mt_fail(&stop, "the stage cannot be mapped", "");
	}
}

void
mt_sweep_build(const struct mt_site *site, const struct mt_sweep_trial *t)
{
	for (unsigned i = 0, n; i < t->pages; i += n) {
		const char letter = t->letters[i];

		for (n = 1; i + n < t->pages && t->letters[i + n] == letter;
		     n++)
			;
		if (letter != '.')
			map_region(site, t->window + i * mt_page, n * mt_page,
			    letter);
	}
}

static void
look(const struct mt_sweep_trial *t, struct page *pages)
{
	mach_vm_address_t address = t->window;
	const mach_vm_address_t end = t->window + t->pages * mt_page;
	struct mt_region r;

	for (unsigned i = 0; i < t->pages; i++)
		pages[i] = (struct page){ .mapped = false };
	while (address < end && mt_region_next(address, &r, NULL) &&
	    (mach_vm_address_t)r.address < end) {
		unsigned i, from = 0, to;

		if ((mach_vm_address_t)r.address > t->window)
			from = (unsigned)((r.address - t->window) / mt_page);
		address = (mach_vm_address_t)(r.address + r.size);
		to = (unsigned)((address - t->window) / mt_page);
		for (i = from; i < to && i < t->pages; i++)
			pages[i] = (struct page){ true,
				i > from ||
				    (mach_vm_address_t)r.address < t->window,
				(uint8_t)r.protection,
				(uint8_t)r.max_protection,
				(uint8_t)r.inheritance, (uint8_t)r.behavior,
				(uint8_t)r.user_tag,
				(uint8_t)r.user_wired_count };
	}
}

static bool
same(const struct page *a, const struct page *b)
{
	return a->mapped == b->mapped && a->current == b->current &&
	    a->maximum == b->maximum && a->inheritance == b->inheritance &&
	    a->behavior == b->behavior && a->tag == b->tag &&
	    a->wired == b->wired;
}

/* Every page, and where regions begin. */
static bool
is_as_before(const struct mt_sweep_trial *t)
{
	for (unsigned i = 0; i < t->pages; i++)
		if (!same(&before[i], &after[i]) ||
		    before[i].joined != after[i].joined)
			return false;
	return true;
}

uint64_t
mt_sweep_mapping(vm_prot_t current, vm_prot_t maximum, vm_inherit_t inheritance)
{
	return (uint8_t)current | (uint64_t)(uint8_t)maximum << 8 |
	    (uint64_t)(uint8_t)inheritance << 16;
}

uint64_t
mt_sweep_remapping(vm_inherit_t inheritance)
{
	return mt_sweep_mapping(KEPT, KEPT, inheritance);
}

/* The page shows what its source did. */
static void
change_to_source(struct page *p, const struct page *source, uint64_t value,
    bool begins)
{
	const bool joined = begins ? p->joined : source->joined;

	*p = *source;
	p->joined = joined;
	p->inheritance = (uint8_t)(value >> 16);
	p->wired = 0;
	if ((uint8_t)value == KEPT)
		return;
	p->current = (uint8_t)value;
	p->maximum = (uint8_t)(value >> 8);
}

static void
change(struct page *p, const struct mt_sweep_done *d)
{
	if (d->change != MT_SWEEP_MAP && !p->mapped)
		return;
	switch (d->change) {
	case MT_SWEEP_NOTHING:
		break;
	case MT_SWEEP_PROTECTION:
		p->current = (uint8_t)d->value;
		break;
	case MT_SWEEP_MAXIMUM:
		p->maximum = (uint8_t)d->value;
		p->current &= (uint8_t)d->value;
		break;
	case MT_SWEEP_INHERITANCE:
		p->inheritance = (uint8_t)d->value;
		break;
	case MT_SWEEP_BEHAVIOR:
		p->behavior = (uint8_t)d->value;
		break;
	case MT_SWEEP_WIRE:
		p->wired++;
		break;
	case MT_SWEEP_UNWIRE:
		p->wired -= p->wired > 0;
		break;
	case MT_SWEEP_REMOVE:
		*p = (struct page){ .mapped = false };
		break;
	case MT_SWEEP_MAP:
		*p = (struct page){ .mapped = true,
			.current = (uint8_t)d->value,
			.maximum = (uint8_t)(d->value >> 8),
			.inheritance = (uint8_t)(d->value >> 16),
			.tag = MT_TAG - 1 };
		break;
	case MT_SWEEP_REMAP: /* change_to_source() */
		break;
	}
}

/* The pages of the range are first to end - 1. */
static void
range(const struct mt_sweep_trial *t, const struct mt_sweep_done *d,
    unsigned *first, unsigned *end)
{
	const uint64_t mask = mt_page - 1;
	const uint64_t stop = (d->address + d->size + mask) & ~mask;

	*first = *end = 0;
	if (d->size == 0 || d->address - t->window >= t->pages * mt_page ||
	    stop - t->window > t->pages * mt_page)
		return;
	*first = (unsigned)((d->address - t->window) / mt_page);
	*end = (unsigned)((stop - t->window) / mt_page);
}

/* Whether each page is as the call was to leave it. */
static bool
is_done(const struct mt_sweep_trial *t, const struct mt_sweep_done *d)
{
	unsigned first, end, from = 0;

	range(t, d, &first, &end);
	if (end == first)
		return false;
	if (d->change == MT_SWEEP_REMAP) {
		from = (unsigned)((d->from - t->window) / mt_page);
		if (d->from < t->window || from + end - first > t->pages)
			return false;
	}
	for (unsigned i = 0; i < t->pages; i++) {
		asked[i] = before[i];
		if (i < first || i >= end)
			;
		else if (d->change == MT_SWEEP_REMAP)
			change_to_source(&asked[i], &before[from + i - first],
			    d->value, i == first);
		else
			change(&asked[i], d);
		if (!same(&asked[i], &after[i]))
			return false;
	}
	return true;
}

static void
put_borders(const struct mt_sweep_trial *t, struct mt_sweep_done *d,
    const char *name, bool joined, bool done)
{
	unsigned first, end;
	const char *between = name;

	range(t, d, &first, &end);
	for (unsigned i = 1; i < t->pages; i++) {
		const struct page *was = before;

		if (d->change == MT_SWEEP_MAP && i > first && i < end)
			continue; /* one region, whatever was there */
		if (d->change == MT_SWEEP_REMAP && done && i > first && i < end)
			was = asked; /* regions as in the source */
		if (!after[i - 1].mapped || !after[i].mapped ||
		    was[i].joined == after[i].joined ||
		    after[i].joined != joined)
			continue;
		mt_put(d->text, between);
		between = ",";
		if (end > first && i == first)
			mt_put(d->text, "start");
		else if (end > first && i == end)
			mt_put(d->text, "end");
		else {
			mt_put(d->text, "page");
			mt_put_unsigned(d->text, i);
		}
	}
}

static void
put_map(const struct mt_sweep_trial *t, struct mt_text *text)
{
	mt_put(text, " map=");
	for (unsigned i = 0, n; i < t->pages; i += n) {
		const struct page *p = &after[i];

		for (n = 1; i + n < t->pages && after[i + n].joined; n++)
			;
		if (!p->mapped) {
			n = 1;
			mt_put_char(text, '.');
			continue;
		}
		if (i > 0 && after[i - 1].mapped)
			mt_put_char(text, ',');
		mt_put_unsigned(text, n);
		mt_put_protection(text, p->current);
		if (p->maximum != VM_PROT_ALL) {
			mt_put_char(text, '/');
			mt_put_protection(text, p->maximum);
		}
		if (p->inheritance != VM_INHERIT_COPY) {
			mt_put_char(text, 'i');
			mt_put_unsigned(text, p->inheritance);
		}
		if (p->behavior != 0) {
			mt_put_char(text, 'b');
			mt_put_unsigned(text, p->behavior);
		}
		if (p->wired != 0) {
			mt_put_char(text, 'w');
			mt_put_unsigned(text, p->wired);
		}
	}
}

/* What became of the stage; true if it is as it was. */
bool
mt_sweep_put_stage(const struct mt_sweep_trial *t, struct mt_sweep_done *d)
{
	bool right = true, done;

	look(t, after);
	done = d->succeeded && d->change != MT_SWEEP_NOTHING && is_done(t, d);
	if (done)
		mt_put(d->text, " done");
	else
		for (unsigned i = 0; i < t->pages; i++)
			right &= same(&before[i], &after[i]);
	if (right) {
		put_borders(t, d, " split=", false, done);
		put_borders(t, d, " joined=", true, done);
	} else {
		put_map(t, d->text);
	}
	return is_as_before(t) && !d->dirty;
}

void
mt_sweep_note_stage(const struct mt_sweep_trial *t)
{
	look(t, before);
}
