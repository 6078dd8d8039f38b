/*
 * BSD calls that take a range: munmap, mprotect, minherit, madvise, msync,
 * mincore, mlock, munlock.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "rules.h"
#include "rules_stage.h"

static const struct codes unix_codes = { "0", "ENOMEM", "EACCES", "EINVAL" };
/* madvise: 14.4 tells a refusal from a hole */
static const struct codes madvise_codes = { "0", "EINVAL", "EPERM", "ENOTSUP" };
static const struct codes madvise_old_codes = { "0", "EINVAL", "EINVAL",
	"EINVAL" };

/*
 * kern_mman.c's own check of the range: 10.15 a sum that wraps, 13.5 what
 * rounds past 2^64, too; 15.0 (munmap, mlock, munlock) and 15.2 the sanitizers.
 */
static bool
overflows(const struct flavour *f, const struct range *r)
{
	return (r->wraps && is_since(f, "10.15")) ||
	    (r->rounds && is_since(f, "13.5"));
}

static bool
is_unaligned(const struct flavour *f, uint64_t address)
{
	return address % f->page != 0;
}

/* B munmap-*, D 1 */
void
munmap_rule(const struct flavour *f, const uint64_t *v, struct mt_text *t)
{
	const struct range r = range_of(f, MIXED, v[0], v[1]);

	if (!is_bounded(&r))
		mt_put(t, "-");
	else if (is_unaligned(f, v[0]) || r.nothing || r.wraps ||
	    overflows(f, &r))
		mt_put(t, "EINVAL");
	else
		mt_put(t, r.inside ? "0 done" : "0");
}

/* B mprotect-*, D 1 and 3, H section 3 */
void
mprotect_rule(const struct flavour *f, const uint64_t *v, struct mt_text *t)
{
	const struct range r = range_of(f, MIXED, v[0], v[1]);
	int prot = (int)v[2] & (7 | 0x20 | 0x80);

	if (!is_bounded(&r)) {
		mt_put(t, "-");
		return;
	}
	/* x86_64 signed before it looked at the end */
	if ((prot & 0x20) != 0 && f->arch[0] == 'x' && is_until(f, "10.14") &&
	    !is_unaligned(f, v[0])) {
		mt_put(t, "-");
		return;
	}
	if (is_unaligned(f, v[0]) || r.wraps || overflows(f, &r)) {
		mt_put(t, "EINVAL");
		return;
	}
	if ((prot & 0x80) != 0 && f->arch[0] != 'x' && is_until(f, "12")) {
		mt_put(t, "-"); /* what STRIP_READ leaves */
		return;
	}
	if ((prot & 0x20) != 0) {
		/* x86_64 signs the pages that are there */
		mt_put(t, f->arch[0] == 'x' ? "-" : "ENOTSUP");
		return;
	}
	if ((prot & 6) != 0)
		prot |= 1;
	if (r.nothing)
		mt_put(t,
		    (prot & 0x80) != 0 && is_until(f, "15.1") ? "EINVAL" : "0");
	else if ((prot & 0x80) != 0)
		mt_put(t, "EINVAL");
	else if (r.rounds && is_start_mapped(&r)) {
		mt_put(t, "0");
		put_split_page(t, &r);
	} else if (!r.inside)
		mt_put(t, "ENOMEM");
	else
		protect_stage(f, &r, false, prot, t, &unix_codes);
}

/* B minherit-*; kern_mman.c minherit_sanitize() judges the inheritance of an
 * empty range, too */
void
minherit_rule(const struct flavour *f, const uint64_t *v, struct mt_text *t)
{
	const struct range r = range_of(f, MIXED, v[0], v[1]);

	if (!is_bounded(&r)) {
		mt_put(t, "-");
	} else if ((uint32_t)v[2] > 2 || r.wraps || overflows(f, &r)) {
		mt_put(t, "EINVAL");
	} else if (!r.inside) {
		mt_put(t, "0");
	} else {
		mt_put(t, "0 done");
		put_clips(t, &r, true, true);
	}
}

/* B madvise-*, H sections 1 and 3 */
void
madvise_rule(const struct flavour *f, const uint64_t *v, struct mt_text *t)
{
	const struct range r = range_of(f, MIXED, v[0], v[1]);
	const uint32_t advice = (uint32_t)v[2];
	const bool sanitizes = is_since(f, "15.2");
	const bool known = advice <= (is_since(f, "14.4") ? 11u : 10u);
	const bool wrong = r.wraps || overflows(f, &r);
	const uint64_t start = sanitizes ? r.start : v[0];

	if (!is_bounded(&r))
		mt_put(t, "-");
	else if (sanitizes && wrong)
		mt_put(t, "EINVAL");
	else if (!known)
		mt_put(t, "EINVAL");
	else if (advice == 10)
		mt_put(t, "ENOTSUP");
	else if (wrong ||
	    (f->arch[0] != 'x' && start == 0 && !r.nothing &&
		(advice == 5 || advice == 7)))
		mt_put(t, "EINVAL");
	else if (r.nothing)
		mt_put(t, "0");
	else if (r.rounds || !r.inside)
		mt_put(t, "ENOMEM");
	else
		/* WILLNEED is 3 here and 4 there, and so on */
		behavior_stage(f, &r, (int)advice + (advice >= 3), t,
		    is_since(f, "14.4") ? &madvise_codes : &madvise_old_codes);
}

/* B msync-bsd-*, D 1 and 2 */
void
bsd_msync_rule(const struct flavour *f, const uint64_t *v, struct mt_text *t)
{
	const struct range r = range_of(f, MIXED, v[0], v[1]);

	/* the guard takes every flag for the dangerous ones */
	if (!is_bounded(&r) || may_wrap(v[0], v[1]))
		mt_put(t, "-");
	else if (is_unaligned(f, v[0]) || r.nothing || (v[2] & 0x11) == 0x11)
		mt_put(t, "EINVAL");
	else if (r.inside && first_hole(&r) == r.stop)
		mt_put(t, "0");
	else
		mt_put(t, "ENOMEM");
}

/* B mincore-*, D 16; kern_mman.c mincore() until 15.1 compares whole pages */
void
mincore_rule(const struct flavour *f, const uint64_t *v, struct mt_text *t)
{
	const struct range r = range_of(f, MIXED, v[0], v[1]);
	const uint64_t pages = (r.end - r.start) / f->page;

	if (is_since(f, "15.2") && r.nothing) {
		mt_put(t, "0 bytes=0");
	} else if ((is_since(f, "15.2") && (r.wraps || r.rounds)) ||
	    r.end < r.start) {
		mt_put(t, "EINVAL");
	} else if (pages > 16) {
		mt_put(t, "-"); /* more than the buffer */
	} else {
		mt_put(t, "0 bytes=");
		mt_put_unsigned(t, pages);
	}
}

/* B mlock-*, D 6 and 7: a range outside of the map is cut to nothing */
void
mlock_rule(const struct flavour *f, const uint64_t *v, struct mt_text *t)
{
	const struct range r = range_of(f, MIXED, v[0], v[1]);
	unsigned hole;

	if (!is_bounded(&r)) {
		mt_put(t, "-");
	} else if (r.wraps || (r.rounds && is_since(f, "13.5"))) {
		mt_put(t, "EINVAL");
	} else if (!r.inside) {
		mt_put(t, "0");
	} else if ((hole = first_hole(&r)) == r.first) {
		mt_put(t, "ENOMEM");
	} else if (hole < r.stop) {
		mt_put(t, "-"); /* what was wired before leaves its traces */
	} else {
		mt_put(t, "0 done");
		put_clips(t, &r, true, true);
	}
}

/* B munlock-*, unwire-*, E unwire-hole; of memory that is not wired */
void
munlock_rule(const struct flavour *f, const uint64_t *v, struct mt_text *t)
{
	struct range r = range_of(f, MIXED, v[0], v[1]);

	if (!is_bounded(&r)) {
		mt_put(t, "-");
		return;
	}
	if (r.wraps) {
		mt_put(t, is_since(f, "10.15") ? "EINVAL" : "ENOMEM");
		return;
	}
	if (r.rounds) {
		mt_put(t, is_since(f, "13.5") ? "EINVAL" : "0");
		return;
	}
	/* vm_map_wire_sanitize() came with 15.0 */
	if (r.nothing && is_until(f, "14") && is_unaligned(f, v[0]))
		r = range_of(f, MIXED, r.start, f->page);
	if (!r.inside) {
		mt_put(t, "0");
	} else if (is_hole(&r, r.first)) {
		mt_put(t, "ENOMEM");
	} else if (first_hole(&r) < r.stop && is_since(f, "26.4")) {
		mt_put(t, "ENOMEM");
		put_clips(t, &r, true, false);
	} else {
		mt_put(t, "0");
	}
}
