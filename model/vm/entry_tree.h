/*
 * The entries of a map by address: a B+ tree.  A node has a few cache lines of
 * starts side by side, so that a search among a million entries misses the
 * cache some five times; a binary tree's took twenty steps to other places.
 * Called with the kernel lock held.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef MODEL_VM_ENTRY_TREE_H
#define MODEL_VM_ENTRY_TREE_H

#include <stdbool.h>
#include <stdint.h>

struct entry;

/* So many that a node is ten cache lines. */
enum { ENTRY_TREE_ITEMS = 26 };

struct entry_node {
	uint16_t count; /* 1 to ENTRY_TREE_ITEMS */
	bool is_leaf;
	struct entry_item {
		uint64_t start;
		void *is; /* of a leaf an entry, else a node */
	} item[ENTRY_TREE_ITEMS];
	uint64_t hole[ENTRY_TREE_ITEMS]; /* the largest below an entry of it */
};

struct entry_tree {
	struct entry_node *root; /* NULL: empty */
};

/* The last entry that starts at or below address; NULL: none. */
struct entry *entry_tree_find(const struct entry_tree *, uint64_t address);

/* The first entry that starts above address and has a hole of size bytes below
 * it; NULL: none. */
struct entry *entry_tree_hole(const struct entry_tree *, uint64_t address,
    uint64_t size);

/* An entry that the tree has not, and one that it has. */
void entry_tree_insert(struct entry_tree *, struct entry *, uint64_t hole);
void entry_tree_remove(struct entry_tree *, const struct entry *);

/* What stood in the tree by start begins at new_start now, still between its
 * neighbours, behind this hole. */
void entry_tree_change(struct entry_tree *, uint64_t start, uint64_t new_start,
    uint64_t hole);

#endif
