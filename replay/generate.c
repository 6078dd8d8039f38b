/*
 * Sequences of calls from a seed.
 *
 * Calls meet only when they touch the same pages, so a sequence plays in a
 * window of some thirty pages, and addresses are mostly ones that earlier
 * calls of the sequence have used.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "generate.h"

#include "danger.h"

#include <stdlib.h>
#include <string.h>

enum { ARENA = 0x400000, WINDOW = 32, LARGEST = 12, USED = 16, GEN_SLOTS = 8 };

/* An address such as an arena has: what the generator draws is to be safe on
 * every release (lib/danger.h). */
#define SOMEWHERE (UINT64_C(1) << 40)

enum { ANYWHERE = 1, PURGABLE = 2, NO_CACHE = 0x10, OVERWRITE = 0x4000 };

/* ---- profiles ----------------------------------------------------------- */

struct profile {
	const char *name;
	int strange; /* of 100 arguments, those that make no sense */
	unsigned char weight[OP_CODES];
};

static const struct profile profiles[] = {
	{ "core", 8,
	    { [OP_ALLOCATE] = 50, [OP_DEALLOCATE] = 24, [OP_PROTECT] = 26 } },
	{ "coalesce", 1,
	    { [OP_ALLOCATE] = 46,
		[OP_DEALLOCATE] = 12,
		[OP_INHERIT] = 8,
		[OP_MAP] = 10,
		[OP_PROTECT] = 10,
		[OP_WRITE] = 14 } },
	{ "attributes", 5,
	    { [OP_ALLOCATE] = 15,
		[OP_BEHAVIOR] = 9,
		[OP_DEALLOCATE] = 5,
		[OP_INHERIT] = 9,
		[OP_MAP] = 15,
		[OP_MAPTRAP] = 5,
		[OP_MLOCK] = 3,
		[OP_MUNLOCK] = 3,
		[OP_MSYNC] = 4,
		[OP_PAGEQUERY] = 2,
		[OP_PROTECT] = 13,
		[OP_PURGABLE] = 9,
		[OP_READ] = 3,
		[OP_WIRE] = 2,
		[OP_WRITE] = 5 } },
	{ "copy", 5,
	    { [OP_ALLOCATE] = 17,
		[OP_COPY] = 13,
		[OP_DEALLOCATE] = 7,
		[OP_INHERIT] = 1,
		[OP_MAP] = 4,
		[OP_PAGEQUERY] = 2,
		[OP_PROTECT] = 5,
		[OP_READ] = 8,
		[OP_READOW] = 7,
		[OP_REMAP] = 16,
		[OP_VMWRITE] = 7,
		[OP_WRITE] = 13 } },
	{ "errors", 40,
	    { [OP_ALLOCATE] = 19,
		[OP_BEHAVIOR] = 5,
		[OP_COPY] = 6,
		[OP_DEALLOCATE] = 8,
		[OP_INHERIT] = 5,
		[OP_MAP] = 10,
		[OP_MAPTRAP] = 6,
		[OP_MLOCK] = 2,
		[OP_MUNLOCK] = 2,
		[OP_MSYNC] = 3,
		[OP_PAGEQUERY] = 3,
		[OP_PROTECT] = 8,
		[OP_PURGABLE] = 4,
		[OP_READ] = 2,
		[OP_READOW] = 3,
		[OP_REMAP] = 7,
		[OP_VMWRITE] = 4,
		[OP_WIRE] = 2,
		[OP_WRITE] = 3 } },
	{ "mixed", 6,
	    { [OP_ALLOCATE] = 18,
		[OP_BEHAVIOR] = 4,
		[OP_COPY] = 7,
		[OP_DEALLOCATE] = 9,
		[OP_INHERIT] = 4,
		[OP_MAP] = 7,
		[OP_MAPTRAP] = 3,
		[OP_MLOCK] = 2,
		[OP_MUNLOCK] = 2,
		[OP_MSYNC] = 2,
		[OP_PAGEQUERY] = 2,
		[OP_PROTECT] = 8,
		[OP_PURGABLE] = 4,
		[OP_READ] = 5,
		[OP_READOW] = 4,
		[OP_REMAP] = 8,
		[OP_VMWRITE] = 4,
		[OP_WIRE] = 1,
		[OP_WRITE] = 8 } },
	{ "anywhere", 2,
	    { [OP_AALLOCATE] = 15,
		[OP_AMAP] = 15,
		[OP_AREMAP] = 8,
		[OP_DEALLOCATE] = 20,
		[OP_INHERIT] = 4,
		[OP_PROTECT] = 8,
		[OP_READ] = 8,
		[OP_WRITE] = 8 } },
};

static const struct profile *
profile_named(const char *name)
{
	for (size_t i = 0; i < sizeof(profiles) / sizeof(profiles[0]); i++)
		if (strcmp(profiles[i].name, name) == 0)
			return &profiles[i];
	return NULL;
}

bool
generator_knows(const char *profile)
{
	return profile_named(profile) != NULL;
}

struct header
generator_header(const struct generator *g)
{
	struct header h = { .gen = "mt1", .ops = g->ops, .arena = ARENA };

	snprintf(h.profile, sizeof(h.profile), "%s", g->profile);
	snprintf(h.seeds, sizeof(h.seeds), "%llu-%llu",
	    (unsigned long long)g->first, (unsigned long long)g->last);
	return h;
}

/* ---- chance ------------------------------------------------------------- */

struct dice {
	uint64_t state;
	const struct profile *profile;
	uint64_t page, arena, window; /* bytes; window: its offset */
	uint64_t used[USED];	      /* pages of the window */
	int uses;
	uint64_t slot_size[GEN_SLOTS]; /* 0: free, as far as one can tell */
};

/* Sebastiano Vigna's splitmix64, public domain. */
static uint64_t
next(struct dice *d)
{
	uint64_t z = d->state += UINT64_C(0x9e3779b97f4a7c15);

	z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
	return z ^ (z >> 31);
}

static uint64_t
below(struct dice *d, uint64_t n)
{
	return next(d) % n;
}

static bool
percent(struct dice *d, int p)
{
	return below(d, 100) < (uint64_t)p;
}

static bool
strange(struct dice *d)
{
	return percent(d, d->profile->strange);
}

static uint64_t
one_of(struct dice *d, const uint64_t *values, size_t n)
{
	return values[below(d, n)];
}
#define ONE_OF(d_, ...)                                 \
	one_of((d_), (const uint64_t[]){ __VA_ARGS__ }, \
	    sizeof((const uint64_t[]){ __VA_ARGS__ }) / sizeof(uint64_t))

/* ---- arguments ---------------------------------------------------------- */

static struct arg
plain(uint64_t value)
{
	return (struct arg){ .base = ARG_PLAIN, .slot = -1, .value = value };
}

static struct arg
in_arena(uint64_t offset)
{
	return (struct arg){ .base = ARG_ARENA, .slot = -1, .value = offset };
}

/* Mostly a page that was used before, or its neighbour. */
static uint64_t
some_page(struct dice *d)
{
	uint64_t n = below(d, WINDOW);

	if (d->uses > 0 && percent(d, 65)) {
		n = d->used[below(d, (uint64_t)d->uses)];
		if (percent(d, 40))
			n += percent(d, 50) ? 1 : WINDOW - 1;
	}
	n %= WINDOW;
	d->used[d->uses < USED ? d->uses++ : (int)below(d, USED)] = n;
	return d->window + n * d->page;
}

static struct arg
address(struct dice *d)
{
	uint64_t a = some_page(d);

	if (!strange(d))
		return in_arena(a);
	if (percent(d, 60))
		return in_arena(a + 1 + below(d, d->page - 1));
	return plain(ONE_OF(d, 0, 1, UINT64_MAX, -d->page));
}

static uint64_t
pages(struct dice *d)
{
	return (percent(d, 45) ? 1 :
				 1 + below(d, percent(d, 80) ? 5 : LARGEST)) *
	    d->page;
}

static uint64_t
size(struct dice *d)
{
	if (!strange(d))
		return pages(d);
	return ONE_OF(d, 0, 1, d->page - 1, d->page + 1, 2 * d->page + 0x10,
	    -d->page, UINT64_MAX);
}

/* Of what is freed or overwritten: never beyond the window's end, but for
 * sizes that wrap around. */
static uint64_t
inner_size(struct dice *d, const struct arg *a)
{
	uint64_t s = size(d), left;

	if (a->base != ARG_ARENA || s >= -UINT64_C(0x100000000))
		return a->base == ARG_ARENA ? s : pages(d);
	left = d->window + (WINDOW + LARGEST) * d->page - a->value;
	return s > left ? d->page : s;
}

static uint64_t
tag_flags(struct dice *d)
{
	return ONE_OF(d, 0, 0, 0, 1, 1, 3, 6, 6, 7, 30, 240) << 24;
}

static uint64_t
flags(struct dice *d)
{
	uint64_t f = tag_flags(d);

	if (percent(d, 8))
		f |= ONE_OF(d, PURGABLE, NO_CACHE, OVERWRITE);
	else if (strange(d))
		f |= ONE_OF(d, 4, 8, 0x20, 0x40, 0x400, 0x2000, 0x80000,
		    0x100000, 0x200000);
	return f;
}

static uint64_t
protection(struct dice *d)
{
	if (strange(d))
		return ONE_OF(d, 8, 0x10, 0x13, 0x20, 0x43, 0x80, 0x80000003,
		    UINT32_MAX);
	return ONE_OF(d, 0, 1, 1, 3, 3, 3, 5, 7, 2, 4);
}

static uint64_t
inheritance(struct dice *d)
{
	return strange(d) ? ONE_OF(d, 3, 4, 0x80, UINT32_MAX) :
			    ONE_OF(d, 0, 1, 1, 2);
}

static uint64_t
mask(struct dice *d)
{
	return percent(d, 80) ? 0 : ONE_OF(d, 1, 0xfff, 0x3fff, 0xffff);
}

/* ---- calls in the arena ------------------------------------------------- */

static void
arena_op(struct dice *d, struct op *op)
{
	struct arg *a = op->arg;

	a[0] = address(d);
	switch (op->code) {
	case OP_ALLOCATE:
		a[2] = plain(flags(d));
		a[1] = plain(
		    (a[2].value & OVERWRITE) ? inner_size(d, &a[0]) : size(d));
		break;
	case OP_MAP:
	case OP_MAPTRAP:
		a[3] = plain(flags(d));
		a[2] = plain((a[3].value & OVERWRITE) ? 0 : mask(d));
		a[1] = plain(
		    (a[3].value & OVERWRITE) ? inner_size(d, &a[0]) : size(d));
		a[4] = plain(protection(d));
		a[5] = plain(percent(d, 50) ? 7 : protection(d));
		a[6] = plain(inheritance(d));
		break;
	case OP_DEALLOCATE:
		a[1] = plain(inner_size(d, &a[0]));
		break;
	case OP_PROTECT:
		a[1] = plain(size(d));
		a[2] = plain(percent(d, 20));
		a[3] = plain(protection(d));
		break;
	case OP_INHERIT:
		a[1] = plain(size(d));
		a[2] = plain(inheritance(d));
		break;
	case OP_BEHAVIOR:
		a[1] = plain(size(d));
		a[2] = plain(below(d, 13));
		break;
	case OP_COPY:
	case OP_READOW:
		a[1] = plain(size(d));
		a[2] = address(d);
		break;
	case OP_VMWRITE:
		a[1] = plain(pages(d));
		if (percent(d, 30))
			a[1] = plain(1 + below(d, 2 * d->page));
		a[2] = address(d);
		break;
	case OP_REMAP:
		a[3] = plain(percent(d, 15) ? OVERWRITE : 0);
		a[2] = plain(a[3].value ? 0 : mask(d));
		a[1] = plain(a[3].value ? inner_size(d, &a[0]) : size(d));
		if (mt_danger_remap(NULL, SOMEWHERE, a[1].value) != NULL)
			a[1] = plain(d->page);
		a[4] = address(d);
		a[5] = plain(percent(d, 50));
		a[6] = plain(inheritance(d));
		break;
	case OP_PURGABLE:
		a[1] = plain(strange(d) ? below(d, 5) : below(d, 2));
		a[2] = plain(strange(d) ? ONE_OF(d, 4, 0x40, 0x800, 0x10001) :
					  below(d, 3));
		break;
	case OP_MSYNC:
		a[1] = plain(size(d));
		a[2] = plain(
		    ONE_OF(d, 1, 2, 3, 4, 6, 8, 0x10, 0x20, 0x22, 0x40));
		if (mt_danger_msync(NULL, SOMEWHERE, a[1].value,
			(vm_sync_t)a[2].value) != NULL)
			a[1] = plain(d->page);
		break;
	case OP_WIRE:
		a[1] = plain(size(d));
		a[2] = plain(percent(d, 40) ? 0 : protection(d));
		break;
	case OP_MLOCK:
	case OP_MUNLOCK:
		a[1] = plain(size(d));
		break;
	case OP_WRITE:
		a[0] = in_arena(some_page(d) + below(d, d->page));
		a[1] = plain(below(d, 256));
		break;
	case OP_READ:
		a[0] = in_arena(some_page(d) + below(d, d->page));
		break;
	default:
		break;
	}
}

/* ---- calls by slot ------------------------------------------------------ */

static struct arg
slot_arg(int slot, uint64_t offset)
{
	return (struct arg){ .base = ARG_SLOT, .slot = slot, .value = offset };
}

/* A slot that should be live, -1 when none is. */
static int
live_slot(struct dice *d)
{
	int first = (int)below(d, GEN_SLOTS);

	for (int i = 0; i < GEN_SLOTS; i++)
		if (d->slot_size[(first + i) % GEN_SLOTS] != 0)
			return (first + i) % GEN_SLOTS;
	return -1;
}

static uint64_t
part_of(struct dice *d, int slot, uint64_t *offset)
{
	uint64_t n = d->slot_size[slot] / d->page;
	uint64_t first = below(d, n);

	*offset = first * d->page;
	return (1 + below(d, n - first)) * d->page;
}

static void
slot_op(struct dice *d, struct op *op)
{
	struct arg *a = op->arg;
	int slot = live_slot(d);
	uint64_t offset = 0, length = 0;

	if (slot == -1 && op->code != OP_AMAP)
		op->code = OP_AALLOCATE;
	if (slot != -1)
		length = part_of(d, slot, &offset);
	switch (op->code) {
	case OP_AALLOCATE:
	case OP_AMAP:
		a[0] = slot_arg((int)below(d, GEN_SLOTS), 0);
		a[1] = percent(d, 80) ? plain(0) : in_arena(some_page(d));
		a[2] = plain(pages(d) * (percent(d, 10) ? 64 : 1));
		if (op->code == OP_AALLOCATE) {
			a[3] = plain(tag_flags(d) | ANYWHERE);
		} else {
			a[3] = plain(percent(d, 60) ?
				0 :
				ONE_OF(d, 0xfff, 0x3fff, 0xffff, 0xfffff,
				    0x1ffffff));
			a[4] = plain(tag_flags(d) | ANYWHERE);
			a[5] = plain(percent(d, 70) ? 3 : protection(d));
			a[6] = plain(percent(d, 80) ? 7 : protection(d));
			a[7] = plain(inheritance(d));
		}
		d->slot_size[a[0].slot] = a[2].value;
		break;
	case OP_AREMAP:
		a[4] = slot_arg(slot, offset);
		a[0] = slot_arg((int)below(d, GEN_SLOTS), 0);
		a[1] = plain(length);
		a[2] = plain(
		    percent(d, 70) ? 0 : ONE_OF(d, 0xfff, 0x3fff, 0xfffff));
		a[3] = plain(ANYWHERE);
		a[5] = plain(percent(d, 50));
		a[6] = plain(inheritance(d));
		d->slot_size[a[0].slot] = length;
		break;
	case OP_DEALLOCATE:
		a[0] = slot_arg(slot, 0);
		a[1] = plain(d->slot_size[slot]);
		d->slot_size[slot] = 0;
		break;
	case OP_PROTECT:
		a[0] = slot_arg(slot, offset);
		a[1] = plain(length);
		a[2] = plain(percent(d, 15));
		a[3] = plain(protection(d));
		break;
	case OP_INHERIT:
		a[0] = slot_arg(slot, offset);
		a[1] = plain(length);
		a[2] = plain(inheritance(d));
		break;
	case OP_WRITE:
		a[0] = slot_arg(slot, offset + below(d, d->page));
		a[1] = plain(below(d, 256));
		break;
	default: /* read */
		a[0] = slot_arg(slot, offset + below(d, d->page));
		break;
	}
}

/* ---- sequences ---------------------------------------------------------- */

static enum op_code
some_op(struct dice *d)
{
	uint64_t sum = 0, n;
	int code = 0;

	for (int i = 0; i < OP_CODES; i++)
		sum += d->profile->weight[i];
	n = below(d, sum);
	while (n >= d->profile->weight[code])
		n -= d->profile->weight[code++];
	return (enum op_code)code;
}

void
generate(const struct generator *g, const struct header *h, uint64_t seed,
    struct sequence *s)
{
	struct dice d = { .profile = profile_named(g->profile),
		.page = h->page,
		.arena = h->arena,
		.state = seed };
	uint64_t places = h->arena / h->page - WINDOW - LARGEST;

	/* sequences of neighbouring seeds and profiles have nothing in common */
	for (const char *c = g->profile; *c != '\0'; c++)
		d.state = next(&d) ^ (uint64_t)(unsigned char)*c;
	d.window = below(&d, places + 1) * h->page;

	sequence_clear(s);
	s->id = seed;
	snprintf(s->profile, sizeof(s->profile), "%s", g->profile);
	s->anywhere = strcmp(g->profile, "anywhere") == 0;
	for (unsigned i = 0; i < g->ops; i++) {
		struct op *op = sequence_add_op(s);

		if (op == NULL)
			abort();
		do {
			memset(op->arg, 0, sizeof(op->arg));
			op->code = some_op(&d);
			if (s->anywhere)
				slot_op(&d, op);
			else
				arena_op(&d, op);
		} while (op_unsafe(op, h) != NULL);
	}
}
