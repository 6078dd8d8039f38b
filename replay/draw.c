/*
 * A difference, drawn.
 *
 * The picture has one column a page; a stretch of more than four pages in
 * which neither map has a boundary is drawn as "aa~a".
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "draw.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "names.h"

enum { CALLS = 10, COLUMNS = 64 };

/* ---- answers ------------------------------------------------------------ */

static void
put_code(FILE *f, enum op_code code, uint64_t value)
{
	char buffer[80];
	struct mt_text t = MT_TEXT(buffer);

	if (code == OP_MLOCK || code == OP_MUNLOCK) {
		if (value == 0)
			mt_put(&t, "0");
		else
			mt_put_errno(&t, (int64_t)value);
	} else {
		mt_put_kern(&t, (int32_t)value);
	}
	fputs(t.data, f);
}

static void
put_result(FILE *f, const struct op *op, const struct result *r)
{
	const char *outs = op_kinds[op->code].outs;

	switch (r->kind) {
	case RESULT_NONE:
		fputs("nothing", f);
		return;
	case RESULT_SKIP:
		fputs("no call: the slot is not live", f);
		return;
	case RESULT_FAULT:
		fputs("fault, ", f);
		put_code(f, op->code, r->code);
		return;
	case RESULT_OK:
		fputs("no fault", f);
		break;
	case RESULT_CODE:
		put_code(f, op->code, r->code);
		break;
	}
	for (int i = 0; i < r->outs; i++) {
		fputs(i == 0 ? ", " : " ", f);
		if (outs[i] == 'a' && !r->plain)
			fprintf(f, r->out[i] >> 63 ? "@-%" PRIx64 : "@%" PRIx64,
			    r->out[i] >> 63 ? -r->out[i] : r->out[i]);
		else
			fprintf(f, "%" PRIx64, r->out[i]);
	}
}

/* ---- regions ------------------------------------------------------------ */

void
draw_entry(FILE *f, const struct entry *e)
{
	char buffer[160];
	struct mt_text t = MT_TEXT(buffer);

	mt_put_protection(&t, (int64_t)e->f[F_CURRENT]);
	mt_put_char(&t, '/');
	mt_put_protection(&t, (int64_t)e->f[F_MAXIMUM]);
	mt_put_char(&t, ' ');
	mt_put_inheritance(&t, (int64_t)e->f[F_INHERIT]);
	mt_put(&t, " tag ");
	mt_put_unsigned(&t, e->f[F_TAG]);
	if (e->f[F_BEHAVIOR] != 0) {
		mt_put_char(&t, ' ');
		mt_put_behavior(&t, (int64_t)e->f[F_BEHAVIOR]);
	}
	if (e->f[F_WIRED] != 0) {
		mt_put(&t, " wired ");
		mt_put_unsigned(&t, e->f[F_WIRED]);
	}
	if (e->slot >= 0)
		fprintf(f, "$%x+", (unsigned)e->slot);
	fprintf(f, e->f[F_OFFSET] >> 63 ? "-%" PRIx64 : "%" PRIx64,
	    e->f[F_OFFSET] >> 63 ? -e->f[F_OFFSET] : e->f[F_OFFSET]);
	fprintf(f, " +%" PRIx64 " %s", e->f[F_SIZE], t.data);
	if (e->slot < 0) {
		t = MT_TEXT(buffer);
		mt_put_share_mode(&t, (int64_t)e->f[F_SHARE_MODE]);
		fprintf(f, " %s", t.data);
		fprintf(f,
		    " object %" PRIu64 "+%" PRIx64 " ref %" PRIu64
		    " resident %" PRIu64,
		    e->f[F_OBJECT], e->f[F_OBJECT_OFFSET], e->f[F_REFS],
		    e->f[F_RESIDENT]);
	}
}

static bool
entry_differs(const struct entry *a, const struct entry *b,
    const struct compare_options *options)
{
	if (a->slot != b->slot)
		return true;
	for (enum field f = 0; f < FIELDS; f++)
		if (field_differs(f, a, b, options))
			return true;
	return false;
}

/* a stands before b */
static bool
before(const struct entry *a, const struct entry *b)
{
	if (a->slot != b->slot)
		return a->slot < b->slot;
	return (int64_t)a->f[F_OFFSET] < (int64_t)b->f[F_OFFSET];
}

static void
one_side(FILE *f, char mark, const struct entry *e)
{
	fprintf(f, "    %c ", mark);
	draw_entry(f, e);
	fputc('\n', f);
}

/* The entries that differ, with one equal neighbour before each stretch. */
static void
draw_entries(FILE *f, const struct layout *required, const struct layout *found,
    const struct compare_options *options)
{
	static const struct layout nothing;
	const struct entry *equal = NULL;
	int a = 0, b = 0;

	if (required == NULL)
		required = &nothing;
	while (a < required->count || b < found->count) {
		const struct entry *r = a < required->count ?
		    &required->entry[a] :
		    NULL;
		const struct entry *g = b < found->count ? &found->entry[b] :
							   NULL;

		if (r != NULL && g != NULL && !entry_differs(r, g, options)) {
			equal = r;
			a++, b++;
			continue;
		}
		if (equal != NULL)
			one_side(f, ' ', equal);
		equal = NULL;
		bool take_r = r != NULL && (g == NULL || !before(g, r));
		bool take_g = g != NULL && (r == NULL || !before(r, g));
		if (take_r) {
			one_side(f, '-', r);
			a++;
		}
		if (take_g) {
			one_side(f, '+', g);
			b++;
		}
	}
}

/* ---- the picture -------------------------------------------------------- */

static int
by_value(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return x < y ? -1 : x > y;
}

/* The letter of the region that has [offset, ...); '.' where none is. */
static char
letter(const struct layout *l, int64_t offset)
{
	static const char letters[] =
	    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";

	for (int i = 0; i < l->count; i++) {
		int64_t start = (int64_t)l->entry[i].f[F_OFFSET];

		if (offset >= start &&
		    offset < start + (int64_t)l->entry[i].f[F_SIZE])
			return letters[i % (int)(sizeof(letters) - 1)];
	}
	return '.';
}

static int
boundaries(const struct layout *l, int64_t *to)
{
	int n = 0;

	for (int i = 0; i < l->count; i++) {
		to[n++] = (int64_t)l->entry[i].f[F_OFFSET];
		to[n++] = (int64_t)(l->entry[i].f[F_OFFSET] +
		    l->entry[i].f[F_SIZE]);
	}
	return n;
}

static void
draw_picture(FILE *f, const struct layout *required, const struct layout *found,
    uint64_t page)
{
	size_t room = 2 * (size_t)(required->count + found->count);
	int64_t *at = calloc(room + 1, sizeof(*at));
	char *top = malloc(4 * room + 1), *bottom = malloc(4 * room + 1);
	int n = 0, width = 0;

	if (room > 0 && at != NULL && top != NULL && bottom != NULL) {
		n = boundaries(required, at);
		n += boundaries(found, at + n);
		qsort(at, (size_t)n, sizeof(*at), by_value);
	}
	for (int i = 0; i + 1 < n; i++) {
		uint64_t pages = (uint64_t)(at[i + 1] - at[i]) / page;
		int columns = pages > 4 ? 4 : (int)pages;

		if (at[i + 1] != at[i] && columns == 0)
			columns = 1;
		memset(top + width, letter(required, at[i]), (size_t)columns);
		memset(bottom + width, letter(found, at[i]), (size_t)columns);
		if (pages > 4)
			top[width + 2] = bottom[width + 2] = '~';
		width += columns;
	}
	if (n > 0)
		fprintf(f, "    pages from @%" PRIx64 " to @%" PRIx64 ":\n",
		    (uint64_t)at[0], (uint64_t)at[n - 1]);
	for (int i = 0; i < width; i += COLUMNS) {
		int some = width - i > COLUMNS ? COLUMNS : width - i;

		fprintf(f, "    required  %.*s\n    found     %.*s\n", some,
		    top + i, some, bottom + i);
	}
	free(at);
	free(top);
	free(bottom);
}

/* ---- the report --------------------------------------------------------- */

void
draw_line(FILE *f, const struct drawing *d)
{
	const struct op *op = &d->sequence->op[d->op];

	fprintf(f, "%s:%d: sequence %" PRIu64 " (%s), call %d: ", d->name,
	    op->line, d->sequence->id, d->sequence->profile, d->op + 1);
	fputs(op_kinds[op->code].name, f);
	switch (d->difference->kind) {
	case RESULT_DIFFERS:
		fputs(": required ", f);
		put_result(f, op, &op->required);
		fputs("; found ", f);
		put_result(f, op, d->found);
		break;
	case REGIONS_DIFFER:
	case STRUCTURE_DIFFERS: {
		const struct layout *r = op->layout < 0 ?
		    NULL :
		    &d->sequence->layout[op->layout];
		int i = d->difference->entry;

		if (r == NULL || i >= r->count)
			fprintf(f, ": a region too many");
		else if (i >= d->regions->count)
			fprintf(f, ": a region too few");
		else if (r->entry[i].slot != d->regions->entry[i].slot)
			fprintf(f,
			    ": required a region of slot %x; found one "
			    "of slot %x",
			    (unsigned)r->entry[i].slot,
			    (unsigned)d->regions->entry[i].slot);
		else
			fprintf(f,
			    ": region %" PRIx64 ": %s: required %" PRIx64
			    "; found %" PRIx64,
			    r->entry[i].f[F_OFFSET],
			    field_names[d->difference->field],
			    r->entry[i].f[d->difference->field],
			    d->regions->entry[i].f[d->difference->field]);
		break;
	}
	case SAME:
		break;
	}
	fputc('\n', f);
}

void
draw_difference(FILE *f, const struct drawing *d)
{
	const struct sequence *s = d->sequence;
	int first = d->op + 1 > CALLS ? d->op + 1 - CALLS : 0;
	const struct op *op = &s->op[d->op];
	const struct layout *required = op->layout < 0 ? NULL :
							 &s->layout[op->layout];

	draw_line(f, d);
	if (first > 0)
		fprintf(f, "    ... %d calls before\n", first);
	for (int i = first; i <= d->op; i++) {
		fprintf(f, "  %c %3d  ", i == d->op ? '*' : ' ', i + 1);
		write_op(f, &s->op[i], &s->op[i].required);
	}
	if (d->difference->kind == RESULT_DIFFERS) {
		fputs("    required  ", f);
		put_result(f, op, &op->required);
		fputs("\n    found     ", f);
		put_result(f, op, d->found);
		fputc('\n', f);
	}
	if (d->regions != NULL && required != NULL) {
		if (!s->anywhere)
			draw_picture(f, required, d->regions, d->page);
		draw_entries(f, required, d->regions, d->options);
	}
	fputc('\n', f);
}
