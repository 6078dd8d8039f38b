/*
 * Apple's flattened device tree, written front to back: a node is its number
 * of properties, its number of children, the properties, the children.  A
 * property is a name in 32 bytes, the length of its value, the value padded to
 * 4 bytes.
 *
 * Source: pexpert/pexpert/device_tree.h of XNU.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef LOADER_TREE_H
#define LOADER_TREE_H

#include <stddef.h>
#include <stdint.h>

#define TREE_DEPTH 8

struct tree {
	uint8_t *bytes;
	size_t size, room;
	size_t open[TREE_DEPTH]; /* where the open nodes begin */
	unsigned depth;
	int full; /* something had no room, or was nested wrongly */
};

void tree_begin(struct tree *, void *bytes, size_t room);
/* A node with a property "name"; its properties come before its children. */
void tree_node(struct tree *, const char *name);
void tree_end(struct tree *);
void tree_bytes(struct tree *, const char *name, const void *, size_t);
void tree_text(struct tree *, const char *name, const char *);
void tree_u32(struct tree *, const char *name, uint32_t);
void tree_u64(struct tree *, const char *name, uint64_t);
/* Two numbers of 64 bits: an address and a size. */
void tree_range(struct tree *, const char *name, uint64_t, uint64_t);

#endif
