/*
 * allocate: flags, sizes, fixed and free places.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "rules.h"
#include "rules_stage.h"

/* xnu: osfmk/mach/vm_statistics.h VM_FLAGS_USER_ALLOCATE */
static uint32_t
accepted(const struct flavour *f)
{
	uint32_t flags = 0xff07401f;

	if (is_since(f, "11.3"))
		flags |= 0x80; /* PERMANENT */
	if (is_since(f, "13.0"))
		flags |= 0x1000; /* TPRO */
	if (is_since(f, "26.1"))
		flags |= 0x2000; /* MTE */
	if (is_since(f, "26.4"))
		flags |= 0x400000; /* GUARD_OBJECT_OPTOUT */
	return flags;
}

/* Flags whose effect is other cases' subject: superpages, what cannot be
 * removed again, what hangs on the processor. */
#define ELSEWHERE UINT32_C(0x73080)
#define ANYWHERE  UINT32_C(1)
#define OVERWRITE UINT32_C(0x4000)
#define MOST	  (UINT64_C(1) << 47) /* no map has as much */

/* As it was asked for, its page, or 0. */
static void
put_place(const struct flavour *f, struct mt_text *t, uint64_t at,
    uint64_t asked)
{
	mt_put(t, " address=");
	if (at == asked)
		mt_put(t, "asked");
	else
		mt_put(t, at == asked - asked % f->page ? "page" : "0");
}

/* vm_map_locate_space_fixed(): [start, end) of whole pages in the stage, or
 * beginning in it and reaching into the guard behind it */
static void
fixed(const struct flavour *f, const struct range *r, uint64_t start,
    uint64_t end, uint32_t flags, uint64_t asked, struct mt_text *t)
{
	struct range whole = *r;
	unsigned i;

	whole.first = (unsigned)((start - WINDOW) / r->page);
	whole.stop = (unsigned)((end - WINDOW) / r->page);
	for (i = whole.first; i < whole.stop && i < sizeof(MIXED) - 1; i++)
		if (!is_hole(&whole, i))
			break;
	if ((flags & OVERWRITE) == 0 &&
	    (i < whole.stop || whole.stop > sizeof(MIXED) - 1)) {
		mt_put(t, "NO_SPACE");
		return;
	}
	mt_put(t, "SUCCESS");
	put_place(f, t, start, asked);
	mt_put(t, " done");
	put_clips(t, &whole, true, true);
}

/* A section 2; B matrix; vm_kern.c mach_vm_allocate_kernel() */
void
allocate_rule(const struct flavour *f, const uint64_t *v, struct mt_text *t)
{
	const struct range r = range_of(f, MIXED, v[0], v[1]);
	const uint32_t flags = (uint32_t)v[2];
	const uint64_t size = (v[1] + f->page - 1) & ~(f->page - 1);
	const uint64_t start = v[0] & ~(f->page - 1), end = start + size;

	if ((flags & ~accepted(f)) != 0) {
		mt_put(t, "INVALID_ARGUMENT");
	} else if (v[1] == 0) {
		mt_put(t, "SUCCESS");
		put_place(f, t, 0, v[0]);
	} else if (size == 0) {
		mt_put(t, "INVALID_ARGUMENT");
	} else if ((flags & ELSEWHERE) != 0 ||
	    ((flags & 2) != 0 && size > 64 * f->page)) {
		mt_put(t, "-");
	} else if ((flags & ANYWHERE) != 0) {
		if ((flags & OVERWRITE) != 0 ||
		    (size > 64 * f->page && size < MOST))
			mt_put(t, "-");
		else
			mt_put(t,
			    size >= MOST ? "NO_SPACE" :
					   "SUCCESS address=found");
	} else if ((flags & OVERWRITE) != 0 && !is_bounded(&r)) {
		mt_put(t, "-");
	} else if (end <= start || start < MINIMUM || end > MOST) {
		mt_put(t, "INVALID_ADDRESS");
	} else {
		fixed(f, &r, start, end, flags, v[0], t);
	}
}
