/*
 * A B+ tree whose nodes know the largest hole of each item.  Neighbours are
 * never evened out: two become one when they fill three quarters of a node at
 * most, which costs some room and no height.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "model/vm/entry_tree.h"
#include "model/host/heap.h"
#include "model/vm/vm.h"

#include <string.h>

enum {
	ITEMS = ENTRY_TREE_ITEMS,
	FULL = ITEMS * 3 / 4, /* enough for one that was two */
	DEPTH = 20, /* for one level more thirteen times as many insertions */
	CACHE_LINE = 64,
};

/* How many items of a node start at or below address: without a branch. */
static unsigned
items_below(const struct entry_node *n, uint64_t address)
{
	unsigned below = 0;

	for (unsigned i = 0; i < n->count; i++)
		below += n->item[i].start <= address;
	return below;
}

/* The item in which what starts at address is, or would be. */
static unsigned
item_of(const struct entry_node *n, uint64_t address)
{
	const unsigned below = items_below(n, address);

	return below == 0 ? 0 : below - 1;
}

static uint64_t
largest_hole(const struct entry_node *n)
{
	uint64_t largest = 0;

	for (unsigned i = 0; i < n->count; i++)
		largest = n->hole[i] > largest ? n->hole[i] : largest;
	return largest;
}

/* Item i, a node, has changed. */
static void
update(struct entry_node *n, unsigned i)
{
	const struct entry_node *below = n->item[i].is;

	n->item[i].start = below->item[0].start;
	n->hole[i] = largest_hole(below);
}

/* Many nodes are in no cache: what a search looks at is asked for together. */
static void
fetch_items(const struct entry_node *n)
{
	const char *line = (const char *)n;

	for (; line < (const char *)(n->item + ITEMS); line += CACHE_LINE)
		__builtin_prefetch(line);
}

struct entry *
entry_tree_find(const struct entry_tree *tree, uint64_t address)
{
	const struct entry_node *n = tree->root;

	if (n == NULL || address < n->item[0].start)
		return NULL;
	while (!n->is_leaf) {
		n = n->item[items_below(n, address) - 1].is;
		fetch_items(n);
	}
	return n->item[items_below(n, address) - 1].is;
}

static struct entry *
first_hole(const struct entry_node *n, uint64_t address, uint64_t size)
{
	unsigned i = n->is_leaf ? items_below(n, address) : item_of(n, address);
	struct entry *found;

	for (; i < n->count; i++) {
		if (n->hole[i] < size)
			continue;
		if (n->is_leaf)
			return n->item[i].is;
		/* the first of them may have it at or below address */
		found = first_hole(n->item[i].is, address, size);
		if (found != NULL)
			return found;
	}
	return NULL;
}

struct entry *
entry_tree_hole(const struct entry_tree *tree, uint64_t address, uint64_t size)
{
	return tree->root == NULL ? NULL :
				    first_hole(tree->root, address, size);
}

/* ---- nodes --------------------------------------------------------------- */

/* So many items, from i on, to another place of this node or of another. */
static void
move_items(struct entry_node *to, unsigned at, const struct entry_node *from,
    unsigned i, unsigned count)
{
	memmove(to->item + at, from->item + i, count * sizeof(*to->item));
	memmove(to->hole + at, from->hole + i, count * sizeof(*to->hole));
}

static void
put(struct entry_node *n, unsigned at, uint64_t start, uint64_t hole,
    void *item)
{
	move_items(n, at + 1, n, at, n->count - at);
	n->item[at] = (struct entry_item){ start, item };
	n->hole[at] = hole;
	n->count++;
}

static void
take(struct entry_node *n, unsigned i)
{
	n->count--;
	move_items(n, i, n, i + 1, n->count - i);
}

static struct entry_node *
new_node(bool is_leaf)
{
	struct entry_node *n = heap_alloc(sizeof(*n));

	n->is_leaf = is_leaf;
	return n;
}

static void
free_node(struct entry_node *n)
{
	heap_free(n, sizeof(*n));
}

/* Puts an item in its place.  What a full node has no room for goes into a new
 * one, which comes behind it: half of the items, or the new item alone where
 * that is the last, as memory is often allocated upward. */
static struct entry_node *
put_or_split(struct entry_node *n, unsigned at, uint64_t start, uint64_t hole,
    void *item)
{
	const unsigned keep = at == ITEMS ? ITEMS : ITEMS / 2;
	struct entry_node *more;

	if (n->count < ITEMS) {
		put(n, at, start, hole, item);
		return NULL;
	}
	more = new_node(n->is_leaf);
	move_items(more, 0, n, keep, ITEMS - keep);
	more->count = (uint16_t)(ITEMS - keep);
	n->count = (uint16_t)keep;
	if (at > keep || keep == ITEMS)
		put(more, at - keep, start, hole, item);
	else
		put(n, at, start, hole, item);
	return more;
}

/* ---- change -------------------------------------------------------------- */

/* From the root to a leaf: nodes, and the item of each that was taken. */
struct way {
	unsigned leaf; /* how far it is down */
	struct {
		struct entry_node *node;
		unsigned item;
	} at[DEPTH];
};

static void
go_down(const struct entry_tree *tree, uint64_t address, struct way *way)
{
	struct entry_node *n = tree->root;
	unsigned i, level = 0;

	for (;; n = n->item[i].is) {
		i = item_of(n, address);
		way->at[level].node = n;
		way->at[level].item = i;
		if (n->is_leaf)
			break;
		level++;
	}
	way->leaf = level;
}

/* Tells the nodes above this level what it is now: an item with a hole of the
 * size `old` has one of the size `hole`. */
static void
go_up(const struct way *way, unsigned level, uint64_t old, uint64_t hole)
{
	while (level > 0) {
		const struct entry_node *child = way->at[level--].node;
		struct entry_node *n = way->at[level].node;
		const unsigned i = way->at[level].item;
		const uint64_t known = n->hole[i], start = n->item[i].start;

		if (hole < known)
			hole = old == known ? largest_hole(child) : known;
		n->hole[i] = hole;
		n->item[i].start = child->item[0].start;
		if (hole == known && n->item[i].start == start)
			return;
		old = known;
	}
}

void
entry_tree_change(struct entry_tree *tree, uint64_t start, uint64_t new_start,
    uint64_t hole)
{
	struct way way;
	struct entry_node *n;
	uint64_t old;
	unsigned i;

	go_down(tree, start, &way);
	n = way.at[way.leaf].node;
	i = way.at[way.leaf].item;
	old = n->hole[i];
	if (old == hole && start == new_start)
		return;
	n->item[i].start = new_start;
	n->hole[i] = hole;
	go_up(&way, way.leaf, old, hole);
}

static void
grow(struct entry_tree *tree, struct entry_node *more)
{
	struct entry_node *old = tree->root, *root = new_node(false);

	put(root, 0, old->item[0].start, largest_hole(old), old);
	put(root, 1, more->item[0].start, largest_hole(more), more);
	tree->root = root;
}

void
entry_tree_insert(struct entry_tree *tree, struct entry *e, uint64_t hole)
{
	struct entry_node *leaf, *more;
	struct way way;
	unsigned level;

	if (tree->root == NULL)
		tree->root = new_node(true);
	go_down(tree, e->start, &way);
	level = way.leaf;
	leaf = way.at[level].node;
	more = put_or_split(leaf, items_below(leaf, e->start), e->start, hole,
	    e);
	while (more != NULL && level > 0) {
		struct entry_node *n = way.at[--level].node;
		const unsigned i = way.at[level].item;

		update(n, i);
		more = put_or_split(n, i + 1, more->item[0].start,
		    largest_hole(more), more);
	}
	if (more != NULL)
		grow(tree, more);
	else
		go_up(&way, level, 0, hole);
}

/* Item i of n and the one behind it, or before the last one, become one, where
 * they are small. */
static bool
join(struct entry_node *n, unsigned i)
{
	const struct entry_node *it = n->item[i].is;
	const unsigned right = i + 1 < n->count ? i + 1 : i;
	struct entry_node *low, *high;

	if (it->count > FULL || right == 0)
		return false;
	low = n->item[right - 1].is;
	high = n->item[right].is;
	if (low->count + high->count > FULL)
		return false;
	move_items(low, low->count, high, 0, high->count);
	low->count += high->count;
	free_node(high);
	take(n, right);
	update(n, right - 1);
	return true;
}

void
entry_tree_remove(struct entry_tree *tree, const struct entry *e)
{
	struct entry_node *n;
	struct way way;
	unsigned level;
	uint64_t hole;

	go_down(tree, e->start, &way);
	level = way.leaf;
	n = way.at[level].node;
	hole = n->hole[way.at[level].item];
	take(n, way.at[level].item);
	for (; level > 0; level--) {
		struct entry_node *above = way.at[level - 1].node;
		const unsigned i = way.at[level - 1].item;

		if (n->count == 0) {
			free_node(n);
			take(above, i);
		} else if (!join(above, i))
			break;
		n = above;
	}
	go_up(&way, level, hole, 0);

	n = tree->root;
	if (n->count == 0) {
		free_node(n);
		tree->root = NULL;
		return;
	}
	for (; n->count == 1 && !n->is_leaf; n = tree->root) {
		tree->root = n->item[0].is;
		free_node(n);
	}
}
