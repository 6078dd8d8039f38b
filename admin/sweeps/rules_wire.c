/*
 * wire: ranges and accesses.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "rules.h"
#include "rules_stage.h"

/* The page that a range of nothing is, by its number. */
static void
put_split_pages(struct mt_text *t, const struct range *r)
{
	const char *between = " split=page";

	for (unsigned i = r->first; i <= r->stop; i++)
		if (is_within(r, i)) {
			mt_put(t, between);
			mt_put_unsigned(t, i);
			between = ",page";
		}
}

/* B wire-start-unmapped, wire-hole, wire-prot-mismatch; vm_map_wire_nested():
 * the first region refuses before anything is wired, and stays clipped.  Until
 * 26.3 a hole behind it counts first.  What later ones leave of the earlier is
 * other cases' subject. */
static void
wire_stage(const struct flavour *f, const struct range *r, int access,
    struct mt_text *t)
{
	const bool locks = is_since(f, "26.4");
	unsigned i = r->first;
	bool denied;

	if (is_hole(r, i)) {
		mt_put(t, "INVALID_ADDRESS");
		return;
	}
	for (; i < r->stop && r->stage[i] == r->stage[r->first]; i++)
		;
	denied = (access & ~rights_of(r->stage[r->first]).current) != 0;
	if (i < r->stop && is_hole(r, i) && (!denied || !locks)) {
		mt_put(t, "INVALID_ADDRESS");
		put_clips(t, r, true, false);
		return;
	}
	if (denied) {
		mt_put(t, "PROTECTION_FAILURE");
		if (!locks && r->nothing)
			put_split_pages(t, r);
		else if (!locks)
			put_clips(t, r, true, i == r->stop);
		return;
	}
	if (r->nothing) {
		mt_put(t, "-");
		return;
	}
	for (; i < r->stop; i++)
		if (is_hole(r, i) ||
		    (access & ~rights_of(r->stage[i]).current) != 0) {
			mt_put(t, "-");
			return;
		}
	mt_put(t, "SUCCESS done");
	put_clips(t, r, true, true);
}

/* B unwire-not-wired, E unwire-hole */
static void
unwire_stage(const struct flavour *f, const struct range *r, struct mt_text *t)
{
	if (is_hole(r, r->first)) {
		mt_put(t, "INVALID_ADDRESS");
	} else if (first_hole(r) < r->stop && is_since(f, "26.4")) {
		mt_put(t, "INVALID_ADDRESS");
		put_clips(t, r, true, false);
	} else {
		mt_put(t, "SUCCESS");
	}
}

/* B section 4; vm_user.c mach_vm_wire_external(): until 14 the access is judged
 * before a range of nothing, which is its page; a range outside of the map is
 * cut to nothing */
void
wire_rule(const struct flavour *f, const uint64_t *v, struct mt_text *t)
{
	const uint32_t access = (uint32_t)v[2];
	const bool sanitizes = is_since(f, "15.0");
	struct range r = range_of(f, MIXED, v[0], v[1]);

	if (!is_bounded(&r)) {
		mt_put(t, "-");
	} else if (sanitizes && r.nothing) {
		mt_put(t, "SUCCESS");
	} else if ((access & ~7u) != 0 || r.wraps || (r.rounds && sanitizes)) {
		mt_put(t, "INVALID_ARGUMENT");
	} else {
		if (r.nothing && v[0] % f->page != 0)
			r = range_of(f, MIXED, r.start, f->page);
		r.nothing = v[1] == 0;
		if (!r.inside)
			mt_put(t, "SUCCESS");
		else if (access == 0)
			unwire_stage(f, &r, t);
		else
			wire_stage(f, &r, (int)access, t);
	}
}
