/*
 * Routines that take a range: deallocate, protect, inherit, behavior_set,
 * msync, machine_attribute.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "rules.h"
#include "rules_stage.h"

/*
 * What became of the check of ranges:
 * until 13.4	a sum that wraps; what only rounds up past 2^64 is an empty or
 *		inverted range to what follows
 * 13.5		vm_map_range_overflows() in most routines of vm_map.c
 * 15.0, 15.2	vm_sanitize_addr_size(), with the old codes by
 *		vm_sanitize_error_compat.c; 15.0 deallocate, wire, remap, copies,
 *		15.2 protect, inherit, behavior_set, msync, machine_attribute
 */
#define OVERFLOWS "13.5"
#define SANITIZES "15.2"

static const struct codes mach_codes = { "SUCCESS", "INVALID_ADDRESS",
	"PROTECTION_FAILURE", "NO_ACCESS" };

/* B deallocate, vd-rnd-strict; vm_user.c mach_vm_deallocate() */
void
deallocate_rule(const struct flavour *f, const uint64_t *v, struct mt_text *t)
{
	const struct range r = range_of(f, MIXED, v[0], v[1]);

	if (!is_bounded(&r))
		mt_put(t, "-");
	else if (r.wraps || (r.rounds && is_since(f, "15.0")))
		mt_put(t, "INVALID_ARGUMENT");
	else if (r.inside)
		mt_put(t, "SUCCESS done");
	else
		mt_put(t, "SUCCESS");
}

/* ---- protect --------------------------------------------------------------- */

/* A page of the stage refuses the protection. */
static bool
protect_denies(const struct flavour *f, struct rights has, bool maximum,
    int prot)
{
	int most = has.maximum;

	/* vm_map_protect(): without code signing in the map, for maxima */
	if (maximum && (prot & 4) != 0 && f->arch[0] == 'x' &&
	    is_since(f, "12.0"))
		most |= 4;
	if ((prot & ~most) != 0)
		return true;
	return is_native_arm(f) && (prot & 6) == 6;
}

void
protect_stage(const struct flavour *f, const struct range *r, bool maximum,
    int prot, struct mt_text *t, const struct codes *codes)
{
	bool start = false, end = false;
	struct rights before, after;
	unsigned i;

	for (i = r->first; i < r->stop; i++)
		if (is_hole(r, i) ||
		    protect_denies(f, rights_of(r->stage[i]), maximum, prot))
			break;
	if (i < r->stop) {
		mt_put(t, is_hole(r, i) ? codes->hole : codes->denied);
		/* E lock-failed-atomic-clips: unless the first one refuses */
		if (is_since(f, "26.4") && r->stage[i] != r->stage[r->first])
			put_clips(t, r, true, false);
		return;
	}
	mt_put(t, codes->done);
	mt_put(t, " done");
	/* what is equal on both sides of a bound is one region again */
	for (i = r->first; i < r->stop; i += r->stop - 1 - r->first) {
		before = after = rights_of(r->stage[i]);
		if (maximum) {
			after.maximum = prot;
			after.current &= prot;
		} else {
			after.current = prot;
		}
		if (before.current != after.current ||
		    before.maximum != after.maximum) {
			start |= i == r->first;
			end |= i == r->stop - 1;
		}
		if (r->stop - 1 == i)
			break;
	}
	put_clips(t, r, start, end);
}

/* B section 2; vm_user.c mach_vm_protect(), vm_map.c vm_map_protect() */
void
protect_rule(const struct flavour *f, const uint64_t *v, struct mt_text *t)
{
	const struct range r = range_of(f, MIXED, v[0], v[1]);
	const bool maximum = v[2] != 0, sanitizes = is_since(f, SANITIZES);
	const uint32_t prot = (uint32_t)v[3];

	if (!is_bounded(&r)) {
		mt_put(t, "-");
	} else if (r.nothing && sanitizes) {
		mt_put(t, "SUCCESS");
	} else if (prot == 8 && sanitizes && f->arch[0] == 'x' && !r.wraps) {
		mt_put(t, "-"); /* B section 20: the processor decides */
	} else if ((prot & ~UINT32_C(0x17)) != 0 || r.wraps) {
		mt_put(t, "INVALID_ARGUMENT");
	} else if (r.nothing) {
		mt_put(t, "SUCCESS");
	} else if ((prot & 0x10) != 0) {
		mt_put(t, "-"); /* a copy: protect_copy_test */
	} else if (r.rounds) {
		if (is_until(f, "13.4") && is_start_mapped(&r)) {
			mt_put(t, "SUCCESS"); /* no page, but clipped */
			put_split_page(t, &r);
		} else if (is_until(f, "13.4") || r.start == 0) {
			mt_put(t, "INVALID_ADDRESS");
		} else {
			mt_put(t, "INVALID_ARGUMENT");
		}
	} else if (!r.inside) {
		mt_put(t, "INVALID_ADDRESS");
	} else {
		protect_stage(f, &r, maximum, (int)prot, t, &mach_codes);
	}
}

/* ---- inherit --------------------------------------------------------------- */

/* B section 3; vm_map.c vm_map_inherit() */
void
inherit_rule(const struct flavour *f, const uint64_t *v, struct mt_text *t)
{
	const struct range r = range_of(f, MIXED, v[0], v[1]);
	const bool sanitizes = is_since(f, SANITIZES);

	if (!is_bounded(&r)) {
		mt_put(t, "-");
	} else if (r.nothing && sanitizes) {
		mt_put(t, "SUCCESS");
	} else if ((uint32_t)v[2] > 2 || r.wraps || (r.rounds && sanitizes)) {
		mt_put(t, "INVALID_ARGUMENT");
	} else if (!r.inside) {
		mt_put(t, "SUCCESS");
	} else {
		mt_put(t, "SUCCESS done");
		put_clips(t, &r, true, true);
	}
}

/* ---- behavior_set ---------------------------------------------------------- */

/* The page refuses: REUSABLE, ZERO_WIRED_PAGES and ZERO want to write. */
static bool
behavior_denies(const struct flavour *f, char letter, int behavior)
{
	const bool writable = (rights_of(letter).current & 2) != 0;

	if (behavior == 7)
		return !writable && is_since(f, "15.4");
	return (behavior == 8 || behavior == 12) && !writable;
}

void
behavior_stage(const struct flavour *f, const struct range *r, int behavior,
    struct mt_text *t, const struct codes *codes)
{
	const bool stored = behavior <= 3 || behavior == 7;
	const bool in_order = is_since(f, "26.4");
	unsigned i, hole = first_hole(r);

	if (is_rosetta(f) && (behavior == 8 || behavior == 9)) {
		mt_put(t, codes->done);
		return;
	}
	if (is_rosetta(f) && behavior == 10) {
		/* vm_map_can_reuse() looks at whole pages of the kernel, and
		 * where the stage begins in one nobody knows */
		mt_put(t, "-");
		return;
	}
	if (is_rosetta(f) && behavior == 12) {
		mt_put(t, codes->no_access);
		return;
	}
	for (i = r->first; i < r->stop; i++)
		if (is_hole(r, i) || behavior_denies(f, r->stage[i], behavior))
			break;
	if (!in_order && hole < r->stop)
		i = hole;
	if (i == r->stop) {
		mt_put(t, codes->done);
		if (behavior <= 3)
			mt_put(t, " done");
		if (stored)
			put_clips(t, r, true, true);
		return;
	}
	mt_put(t, is_hole(r, i) ? codes->hole : codes->denied);
	if (stored && in_order && r->stage[i] != r->stage[r->first])
		put_clips(t, r, true, false);
	else if (stored && !in_order &&
	    !is_hole(r, i)) /* clipped before it was judged */
		put_clips(t, r, true, false);
}

/* B section 5, E 2.3; vm_user.c mach_vm_behavior_set() */
void
behavior_rule(const struct flavour *f, const uint64_t *v, struct mt_text *t)
{
	const int behavior = (int)v[2];
	const bool sanitizes = is_since(f, SANITIZES);
	const bool known = behavior >= 0 &&
	    behavior <= (is_since(f, "14.4") ? 12 : 11);
	struct range r = range_of(f, MIXED, v[0], v[1]);

	if (!is_bounded(&r)) {
		mt_put(t, "-");
		return;
	}
	if (sanitizes && !known)
		mt_put(t, "INVALID_ARGUMENT");
	else if (r.nothing)
		mt_put(t, "SUCCESS");
	else if (r.wraps)
		mt_put(t, "INVALID_ARGUMENT");
	else if (r.rounds || !r.inside)
		mt_put(t, "NO_SPACE");
	else if (!known || behavior == 11)
		mt_put(t, "INVALID_ARGUMENT");
	else
		behavior_stage(f, &r, behavior, t, &mach_codes);
}

/* ---- msync ----------------------------------------------------------------- */

/* B section 6; vm_map.c vm_map_msync() */
void
msync_rule(const struct flavour *f, const uint64_t *v, struct mt_text *t)
{
	struct range r = range_of(f, MIXED, v[0], v[1]);
	const uint32_t flags = (uint32_t)v[2];
	const bool sanitizes = is_since(f, SANITIZES);
	bool hole;

	/* a danger until 12, with room for the largest page */
	if (!is_bounded(&r) || ((flags & 0x18) != 0 && may_wrap(v[0], v[1]))) {
		mt_put(t, "-");
		return;
	}
	if (sanitizes && r.nothing) {
		mt_put(t, "SUCCESS");
		return;
	}
	if ((flags & 3) == 3) {
		mt_put(t, "INVALID_ARGUMENT");
		return;
	}
	if ((r.wraps || r.rounds) && is_since(f, OVERFLOWS)) {
		mt_put(t, "INVALID_ADDRESS");
		return;
	}
	if (r.nothing && v[0] % f->page != 0)
		r = range_of(f, MIXED, r.start, f->page); /* its page */
	if (r.inside)
		hole = first_hole(&r) < r.stop;
	else
		/* the end is below the start: all of it is in one entry */
		hole = r.end != r.start && !is_start_mapped(&r);
	mt_put(t, hole && (flags & 0x20) != 0 ? "INVALID_ADDRESS" : "SUCCESS");
}

/* ---- machine_attribute ----------------------------------------------------- */

/* B section 6, E machine-attribute-hole; vm_map.c vm_map_machine_attribute() */
void
machine_attribute_rule(const struct flavour *f, const uint64_t *v,
    struct mt_text *t)
{
	const struct range r = range_of(f, MIXED, v[0], v[1]);
	const bool cache = (uint32_t)v[2] == 1;
	unsigned hole;

	if (!is_bounded(&r)) {
		mt_put(t, "-");
	} else if (r.nothing) {
		mt_put(t, "SUCCESS");
	} else if (r.wraps) {
		mt_put(t, "INVALID_ARGUMENT");
	} else if (r.rounds) {
		/* until 13.4 a walk that comes to a hole, if it begins inside
		 * of the map */
		if (is_until(f, "13.4") && cache && r.start >= MINIMUM)
			mt_put(t, "FAILURE");
		else
			mt_put(t, "INVALID_ADDRESS");
	} else if (!r.inside || !cache) {
		mt_put(t, "INVALID_ADDRESS");
	} else if ((hole = first_hole(&r)) < r.stop) {
		mt_put(t, "FAILURE");
		if (is_since(f, "26.4") && hole > r.first)
			put_clips(t, &r, true, false);
	} else {
		mt_put(t, "SUCCESS");
	}
}
