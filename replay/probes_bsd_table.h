/*
 * The stages of the BSD probes' rows: what each section's rows find, which the
 * log does not tell.
 *
 * A stage is a list of operations with numbers behind them; the first is a
 * page of the area, the second how many pages, addresses being A + n pages.
 *
 *	0	nothing is in the area
 *	m M h N	mmap private, shared, with a hint, without cache: page, pages,
 *		tag, protection [, first content]
 *	a	mach_vm_allocate: page, pages, tag [, flags]
 *	o S T A G H
 *		m that may fail; a superpage; the tag that 999 means; MiB of
 *		mach_vm_allocate anywhere, given back; pages of it that stay
 *		until H
 *	j	MAP_JIT: [page [, tag]]; without a page the kernel's choice
 *	O I D	the shared memory object, to store and to read: page, pages; what
 *		the row's mmap gave is given back
 *	w r	store first, first + 1...; load: page, pages [, first]
 *	W	store to the MAP_JIT page
 *	u P i b l L
 *		munmap, mprotect, minherit, madvise, mlock, munlock
 *	X V B y z
 *		the maximum, the protection, a behavior, msync, deallocate of
 *		Mach
 *	C R	mach_vm_copy and mach_vm_remap: page, pages, to which page
 *	p Y	mach_vm_purgable_control: the state; VM_PURGABLE_EMPTY
 *	d g	whose bytes the rows tell: page [, step]; range of calls: page,
 *		pages
 *	1	the rest only once in the section
 *	f	a child for the rows up to its end [, of the n-th child]
 *	E s e	a child that ends, stores, loads: [page [, content]]
 *	J Q	a child that stores to the MAP_JIT page, loads from the shared
 *		region
 *	F K	a child that lives; let it die
 *	t U	setrlimit: which, pages; ask for the map's size
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef REPLAY_PROBES_BSD_TABLE_H
#define REPLAY_PROBES_BSD_TABLE_H

#include <stdbool.h>

struct bsd_entry {
	const char *row;    /* what it begins with */
	const char *before; /* '*' first: for each row, not for the first
				 * of several */
	const char *after;  /* NULL: nothing */
};

struct bsd_rows {
	const char *section; /* what its line begins with */
	bool own; /* walks show the new mapping, which then goes away */
	const struct bsd_entry *entries; /* ended by NULL */
};
extern const struct bsd_rows bsd_table[]; /* ended by NULL */

#endif
