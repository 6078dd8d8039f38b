/*
 * The kernel heap: size classes carved from one shared reservation.
 *
 * Whoever frees gives the size, so a block has no header.  A class keeps its
 * free blocks in a list through their first word.  All of it is touched with
 * the kernel lock held only, hence also from signal handlers.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <string.h>

#include "model/host/heap.h"
#include "model/host/frame.h"

enum {
	GRAIN = 16, /* classes up to SMALL are this far apart */
	LINE = 64,  /* of the cache: where a slab begins */
	COLOUR = 5, /* lines after a whole slab: blocks a power of two apart
		     * would else compete for the same sets of a cache */
	SMALL = 1024,
	SLAB = 64 * 1024, /* taken from the reservation at a time, */
	FIRST = 4,	  /* of a class's first blocks these many */
	CLASSES = SMALL / GRAIN + 48, /* then powers of two */
};

struct block {
	struct block *next;
};

/* At the start of the reservation, which is zero at first. */
struct heap {
	uint64_t next; /* offset of what was never handed out */
	uint64_t used;
	struct {
		struct block *free;
		char *slab; /* the rest of the newest slab: still zero */
		size_t left;
		size_t slab_size;
	} class[CLASSES];
};

static struct heap *const heap = (struct heap *)HOST_HEAP;

static unsigned
class_of(size_t size, size_t *rounded)
{
	unsigned class;

	if (size <= SMALL) {
		class = size == 0 ? 0 : (size - 1) / GRAIN;
		*rounded = (class + 1) * GRAIN;
		return class;
	}
	class = 64 - __builtin_clzl(size - 1); /* 1024 < size: at least 11 */
	*rounded = (size_t)1 << class;
	return SMALL / GRAIN + class - 11;
}

static void *
carve(size_t size)
{
	void *p;

	if (heap->next == 0)
		heap->next = sizeof(*heap);
	heap->next = (heap->next + LINE - 1) & ~(uint64_t)(LINE - 1);
	if (size > HOST_HEAP_SIZE - heap->next)
		host_abort("the kernel heap is full (%lu bytes in use)",
		    heap->used);
	p = (void *)(HOST_HEAP + heap->next);
	heap->next += size;
	if (size == SLAB)
		heap->next += COLOUR * LINE;
	return p;
}

/* Small slabs first, side by side: a program that makes a few calls touches
 * few pages. */
static size_t
next_slab(size_t last, size_t block)
{
	size_t size = last == 0 ? FIRST * block : 2 * last;

	return size < SLAB ? size : SLAB;
}

void *
heap_alloc(size_t size)
{
	size_t rounded;
	unsigned class;
	struct block *b;

	if (size > HOST_HEAP_SIZE)
		host_abort("%zu bytes asked of the kernel heap", size);
	class = class_of(size, &rounded);
	heap->used += rounded;
	if ((b = heap->class[class].free) != NULL) {
		heap->class[class].free = b->next;
		return memset(b, 0, rounded);
	}
	if (rounded >= SLAB)
		return carve(rounded);
	if (heap->class[class].left < rounded) {
		size = next_slab(heap->class[class].slab_size, rounded);
		heap->class[class].slab = carve(size);
		heap->class[class].left = heap->class[class].slab_size = size;
	}
	b = (struct block *)heap->class[class].slab;
	heap->class[class].slab += rounded;
	heap->class[class].left -= rounded;
	return b;
}

void
heap_free(void *p, size_t size)
{
	size_t rounded;
	unsigned class;
	struct block *b = p;

	if (p == NULL)
		return;
	class = class_of(size, &rounded);
	if ((uint64_t)p - HOST_HEAP > HOST_HEAP_SIZE || heap->used < rounded)
		host_abort("%p was freed and is not of the kernel heap", p);
#ifdef __SANITIZE_ADDRESS__
	/* Nobody must rely on what was freed. */
	memset(p, 0xa5, rounded);
#endif
	heap->used -= rounded;
	b->next = heap->class[class].free;
	heap->class[class].free = b;
}

uint64_t
heap_used(void)
{
	return heap->used;
}
