/*
 * For tests: what holds of the model's state between any two calls.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef MODEL_VM_INVARIANTS_H
#define MODEL_VM_INVARIANTS_H

struct map;
struct memory_entry;

/*
 * Looks at every task of the kernel and what it reaches.  entries: the count
 * memory entries that somebody holds; NULL, and one twice, do not matter.
 *
 *  - Entries of a map are sorted, disjoint, page aligned and within it; tree
 *    and list agree; holes, number, size and wired size add up.
 *  - Every reference on an object or submap is somebody's, and no object or
 *    page is nobody's; numbers of pages add up; no frame has two pages.
 *  - A page is wired as often as wired entries show it, one of a superpage
 *    once.
 *  - What a pmap shows is the page that its entry leads to, with no permission
 *    but READ that the entry lacks, writable only where nobody else would see the
 *    store; host memory of this process has the page's bytes.
 *
 * NULL, or what does not hold (good until the next call).  With the lock held.
 */
const char *invariants_broken(struct memory_entry *const *entries,
    unsigned count);

/* Of these the first alone, of one map and what is nested in it. */
const char *invariants_map_broken(const struct map *);

#endif
