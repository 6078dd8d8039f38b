/* SPDX-License-Identifier: BSD-2-Clause */
#include <string.h>

#include "tree.h"

enum { NAME_SIZE = 32 };

static uint8_t *
take(struct tree *t, size_t size)
{
	uint8_t *at = t->bytes + t->size;

	if (t->room - t->size < size) {
		t->full = 1;
		return NULL;
	}
	memset(at, 0, size);
	t->size += size;
	return at;
}

static void
count_up(struct tree *t, size_t at)
{
	uint32_t n;

	memcpy(&n, t->bytes + at, sizeof(n));
	n++;
	memcpy(t->bytes + at, &n, sizeof(n));
}

void
tree_begin(struct tree *t, void *bytes, size_t room)
{
	memset(t, 0, sizeof(*t));
	t->bytes = bytes;
	t->room = room;
}

void
tree_node(struct tree *t, const char *name)
{
	size_t here = t->size;

	if (t->depth == TREE_DEPTH || take(t, 8) == NULL) {
		t->full = 1;
		return;
	}
	if (t->depth > 0)
		count_up(t, t->open[t->depth - 1] + 4);
	t->open[t->depth++] = here;
	tree_text(t, "name", name);
}

void
tree_end(struct tree *t)
{
	if (t->depth == 0)
		t->full = 1;
	else
		t->depth--;
}

void
tree_bytes(struct tree *t, const char *name, const void *value, size_t size)
{
	uint8_t *at = take(t, NAME_SIZE + 4 + ((size + 3) & ~(size_t)3));
	uint32_t length = (uint32_t)size;

	if (at == NULL || t->depth == 0 || strlen(name) >= NAME_SIZE) {
		t->full = 1;
		return;
	}
	memcpy(at, name, strlen(name));
	memcpy(at + NAME_SIZE, &length, sizeof(length));
	memcpy(at + NAME_SIZE + 4, value, size);
	count_up(t, t->open[t->depth - 1]);
}

void
tree_text(struct tree *t, const char *name, const char *value)
{
	tree_bytes(t, name, value, strlen(value) + 1);
}

void
tree_u32(struct tree *t, const char *name, uint32_t value)
{
	tree_bytes(t, name, &value, sizeof(value));
}

void
tree_u64(struct tree *t, const char *name, uint64_t value)
{
	tree_bytes(t, name, &value, sizeof(value));
}

void
tree_range(struct tree *t, const char *name, uint64_t start, uint64_t size)
{
	const uint64_t range[2] = { start, size };

	tree_bytes(t, name, range, sizeof(range));
}
