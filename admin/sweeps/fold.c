/*
 * From the last axis to the first, each row of equal nodes is a node: a table
 * for each axis, from what stands below to a number.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "fold.h"

#include <err.h>
#include <stdlib.h>
#include <string.h>

static void *
room_for(size_t count, size_t size)
{
	void *p = calloc(count + 1, size);

	if (p == NULL)
		errx(1, "no memory");
	return p;
}

static uint32_t
hash(const void *data, size_t size)
{
	uint32_t h = 2166136261u;

	for (size_t i = 0; i < size; i++)
		h = (h ^ ((const unsigned char *)data)[i]) * 16777619u;
	return h;
}

static void
rehash(struct names *n)
{
	free(n->slot);
	n->slots = n->room * 2;
	n->slot = room_for(n->slots, sizeof(*n->slot));
	for (uint32_t i = 0; i < n->count; i++) {
		uint32_t s = hash(n->name[i], strlen(n->name[i])) % n->slots;

		while (n->slot[s] != 0)
			s = (s + 1) % n->slots;
		n->slot[s] = i + 1;
	}
}

uint32_t
names_add(struct names *n, const char *name)
{
	uint32_t s;

	if (n->count == n->room) {
		n->room = n->room * 2 + 64;
		n->name = realloc(n->name, n->room * sizeof(*n->name));
		if (n->name == NULL)
			errx(1, "no memory");
		rehash(n);
	}
	s = hash(name, strlen(name)) % n->slots;
	for (; n->slot[s] != 0; s = (s + 1) % n->slots)
		if (strcmp(n->name[n->slot[s] - 1], name) == 0)
			return n->slot[s] - 1;
	n->slot[s] = n->count + 1;
	n->name[n->count] = strdup(name);
	if (n->name[n->count] == NULL)
		errx(1, "no memory");
	return n->count++;
}

struct tree {
	FILE *out;
	const struct mt_sweep_text *s;
	const struct names *names;
	/* of axis a, by the values before it, the node; of the last, leaves */
	uint32_t *node[MT_SWEEP_AXES + 1];
	uint32_t skip;
	/* a leaf's number + 1, in a node all of whose leaves are that, else 0 */
	uint32_t *all[MT_SWEEP_AXES + 1];
};

/* Numbers rows of `width` below; prefix p's row begins at p * width. */
static void
number_rows(struct tree *t, unsigned axis, uint32_t rows, uint32_t width)
{
	const uint32_t *below = t->node[axis + 1];
	uint32_t slots = rows * 2 + 1, next = 0;
	uint32_t *slot = room_for(slots, sizeof(*slot));
	uint32_t *first = room_for(rows, sizeof(*first));

	for (uint32_t p = 0; p < rows; p++) {
		const uint32_t *row = below + (size_t)p * width;
		uint32_t h = hash(row, width * sizeof(*row)) % slots;

		while (slot[h] != 0 &&
		    memcmp(row, below + (size_t)first[slot[h] - 1] * width,
			width * sizeof(*row)) != 0)
			h = (h + 1) % slots;
		if (slot[h] == 0) {
			first[next] = p;
			slot[h] = ++next;
		}
		t->node[axis][p] = slot[h] - 1;
		t->all[axis][p] = t->all[axis + 1][(size_t)p * width];
		for (uint32_t i = 1; i < width; i++)
			if (t->all[axis + 1][(size_t)p * width + i] !=
			    t->all[axis][p])
				t->all[axis][p] = 0;
	}
	free(slot);
	free(first);
}

/* The values i of the axis with same[i], runs as x..y. */
static void
put_values(FILE *out, const struct mt_sweep_axis *a, const bool *same)
{
	const char *space = "";

	for (unsigned i = 0, n; i < a->count; i += n) {
		n = 1;
		if (!same[i])
			continue;
		while (i + n < a->count && same[i + n])
			n++;
		fprintf(out, "%s%.*s", space, (int)a->value[i].name.length,
		    a->value[i].name.start);
		if (n > 1)
			fprintf(out, "%s%.*s", n > 2 ? ".." : " ",
			    (int)a->value[i + n - 1].name.length,
			    a->value[i + n - 1].name.start);
		space = " ";
	}
}

static bool
is_skipped(const struct tree *t, unsigned axis, uint32_t p)
{
	return t->skip != UINT32_MAX && t->all[axis][p] == t->skip + 1;
}

/* The part of the tree below the values before the axis; open: its line has
 * begun. */
static void
put_part(const struct tree *t, unsigned axis, uint32_t p, bool open)
{
	const struct mt_sweep_axis *a = &t->s->axis[axis];
	const uint32_t *below;
	bool same[MT_SWEEP_VALUES], done[MT_SWEEP_VALUES] = { false };
	uint32_t leaf = t->all[axis][p];

	if (leaf != 0) {
		fprintf(t->out, "%s: %s\n", open ? "" : "*",
		    t->names->name[leaf - 1]);
		return;
	}
	below = t->node[axis + 1] + (size_t)p * a->count;
	for (unsigned i = 0; i < a->count; i++) {
		uint32_t q = p * a->count + i;
		unsigned n = 0;

		if (done[i] || is_skipped(t, axis + 1, q))
			continue;
		for (unsigned j = 0; j < a->count; j++) {
			same[j] = j >= i && below[j] == below[i];
			done[j] |= same[j];
			n += same[j];
		}
		if (n == a->count) { /* nothing depends on this axis */
			if (open)
				fprintf(t->out, " / *");
			else
				fprintf(t->out, "%*s*", (int)axis, "");
			put_part(t, axis + 1, q, true);
			return;
		}
		if (open)
			fputc('\n', t->out);
		open = false;
		fprintf(t->out, "%*s", (int)axis, "");
		put_values(t->out, a, same);
		put_part(t, axis + 1, q, true);
	}
	if (open)
		fputc('\n', t->out);
}

void
fold(FILE *out, const struct mt_sweep_text *s, const uint32_t *answer,
    const struct names *names, uint32_t skip)
{
	struct tree t = { .out = out, .s = s, .names = names, .skip = skip };
	uint32_t rows = s->trials;

	t.node[s->axes] = room_for(rows, sizeof(uint32_t));
	t.all[s->axes] = room_for(rows, sizeof(uint32_t));
	for (uint32_t i = 0; i < rows; i++) {
		t.node[s->axes][i] = answer[i];
		t.all[s->axes][i] = answer[i] + 1;
	}
	for (unsigned a = s->axes; a-- > 0;) {
		rows /= s->axis[a].count;
		t.node[a] = room_for(rows, sizeof(uint32_t));
		t.all[a] = room_for(rows, sizeof(uint32_t));
		number_rows(&t, a, rows, s->axis[a].count);
	}
	put_part(&t, 0, 0, false);
	for (unsigned a = 0; a <= s->axes; a++) {
		free(t.node[a]);
		free(t.all[a]);
	}
}
