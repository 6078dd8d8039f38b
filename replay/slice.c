/*
 * Which calls of a sequence can have to do with its last one.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "slice.h"

#include <stdlib.h>
#include <string.h>

/* ---- the pages of a call ------------------------------------------------ */

/* Up to two ranges: where it writes, where it reads. */
struct footprint {
	int64_t start[2], end[2];
	int count;
};

static void
add_range(struct footprint *p, const struct header *h, const struct arg *a,
    uint64_t size, int64_t around)
{
	int64_t page = (int64_t)h->page;
	int64_t limit = (int64_t)(h->arena + h->guard);
	int64_t start, end;

	if (a->base != ARG_ARENA)
		return;
	start = (int64_t)a->value;
	if (size > (uint64_t)limit)
		size = (uint64_t)limit;
	end = start + (int64_t)size;
	if (end == start)
		end++;
	p->start[p->count] = (start & -page) - around;
	p->end[p->count] = ((end + page - 1) & -page) + around;
	p->count++;
}

static struct footprint
footprint(const struct op *op, const struct header *h, uint64_t around)
{
	const struct op_kind *kind = &op_kinds[op->code];
	struct footprint p = { .count = 0 };
	uint64_t size = 1, mask = 0;

	for (int i = 0; kind->args[i] != '\0'; i++) {
		if (kind->args[i] == 's')
			size = op->arg[i].value;
		if (kind->args[i] == 'S')
			mask = op->arg[i].value;
	}
	for (int i = 0; kind->args[i] != '\0'; i++) {
		struct arg a = op->arg[i];

		if (kind->args[i] != 'a' || p.count == 2)
			continue;
		if (i == 0 && mask != 0)
			a.value = (a.value + mask) & ~mask;
		add_range(&p, h, &a, size, (int64_t)around);
	}
	return p;
}

/* ---- the window --------------------------------------------------------- */

bool
window_has(const struct window *w, const struct entry *e)
{
	int64_t start = (int64_t)e->f[F_OFFSET];

	return w->everything ||
	    (start < w->end && start + (int64_t)e->f[F_SIZE] > w->start);
}

static void
include(struct window *w, int64_t start, int64_t end)
{
	if (start < w->start)
		w->start = start;
	if (end > w->end)
		w->end = end;
}

static bool
grow_over(struct window *w, const struct entry *e, int count)
{
	struct window was = *w;

	for (int i = 0; i < count; i++)
		if (window_has(w, &e[i]))
			include(w, (int64_t)e[i].f[F_OFFSET],
			    (int64_t)(e[i].f[F_OFFSET] + e[i].f[F_SIZE]));
	return w->start != was.start || w->end != was.end;
}

static bool
alike(const struct entry *a, const struct entry *b, int level)
{
	for (enum field f = 0; f < FIELDS; f++)
		if (f != F_OBJECT && (level == 2 || !field_is_structure(f)) &&
		    a->f[f] != b->f[f])
			return false;
	return true;
}

/* What stands between the first and the last entry that differ. */
static void
include_difference(struct window *w, int level, const struct layout *a,
    const struct entry *b, int b_count)
{
	int first = 0, last = 0;

	while (first < a->count && first < b_count &&
	    alike(&a->entry[first], &b[first], level))
		first++;
	while (last < a->count - first && last < b_count - first &&
	    alike(&a->entry[a->count - 1 - last], &b[b_count - 1 - last],
		level))
		last++;
	for (int i = first; i < a->count - last; i++)
		include(w, (int64_t)a->entry[i].f[F_OFFSET],
		    (int64_t)(a->entry[i].f[F_OFFSET] + a->entry[i].f[F_SIZE]));
	for (int i = first; i < b_count - last; i++)
		include(w, (int64_t)b[i].f[F_OFFSET],
		    (int64_t)(b[i].f[F_OFFSET] + b[i].f[F_SIZE]));
}

struct window
window_around(const struct sequence *s, const struct header *h, int last,
    int level, const struct layout *before, const struct layout *after,
    const struct entry *found, int found_count)
{
	struct window w = { INT64_MAX, INT64_MIN, s->anywhere };
	struct footprint p = footprint(&s->op[last], h, 0);

	for (int i = 0; i < p.count; i++)
		include(&w, p.start[i], p.end[i]);
	include_difference(&w, level, after, found, found_count);
	if (w.start >= w.end) {
		w.everything = true;
		return w;
	}
	bool more = true;
	while (more) {
		more = grow_over(&w, before->entry, before->count);
		more = grow_over(&w, after->entry, after->count) || more;
		more = grow_over(&w, found, found_count) || more;
	}
	return w;
}

/* ---- the slice ---------------------------------------------------------- */

static bool
tells_contents(enum op_code code)
{
	switch (code) {
	case OP_READ:
	case OP_PAGEQUERY:
	case OP_COPY:
	case OP_READOW:
	case OP_VMWRITE:
	case OP_PURGABLE:
		return true;
	default:
		return false;
	}
}

static bool
changes_contents(const struct op *op)
{
	switch (op->code) {
	case OP_WRITE:
	case OP_READ:
		return op->required.kind == RESULT_OK;
	case OP_COPY:
	case OP_READOW:
	case OP_VMWRITE:
	case OP_REMAP:
	case OP_PURGABLE:
	case OP_WIRE:
	case OP_MLOCK:
	case OP_MSYNC:
	case OP_BEHAVIOR:
		return op->required.kind == RESULT_CODE &&
		    op->required.code == 0;
	default:
		return false;
	}
}

/* Pages that matter, one byte each; page 0 is the leading guard's first. */
struct pages {
	unsigned char *matters;
	int64_t count, first, size;
};

static bool
touch(struct pages *p, int64_t start, int64_t end, bool set)
{
	bool any = false;

	for (int64_t a = start; a < end; a += p->size) {
		int64_t i = (a - p->first) / p->size;

		if (a < p->first || i >= p->count)
			continue;
		any = any || p->matters[i];
		if (set)
			p->matters[i] = 1;
	}
	return any;
}

void
slice(const struct sequence *s, const struct header *h, int last,
    const struct window *w, bool *sliced, bool *must)
{
	struct pages p = { .size = (int64_t)h->page,
		.first = -(int64_t)h->guard - (int64_t)h->page };

	p.count = (int64_t)((h->arena + 2 * h->guard) / h->page) + 2;
	p.matters = calloc((size_t)p.count, 1);
	if (p.matters == NULL)
		abort();
	if (!w->everything)
		touch(&p, w->start, w->end, true);
	for (int i = s->ops - 1; i >= 0; i--) {
		/* with the neighbours, which may coalesce */
		struct footprint f = footprint(&s->op[i], h, h->page);
		bool hit = w->everything || i == last;

		sliced[i] = must[i] = false;
		if (i > last)
			continue;
		for (int j = 0; j < f.count; j++)
			hit = touch(&p, f.start[j], f.end[j], false) || hit;
		if (!hit)
			continue;
		for (int j = 0; j < f.count; j++)
			touch(&p, f.start[j], f.end[j], true);
		sliced[i] = true;
		must[i] = i == last ||
		    (tells_contents(s->op[last].code) &&
			changes_contents(&s->op[i]));
	}
	free(p.matters);
}
