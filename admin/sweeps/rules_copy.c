/*
 * read, read_overwrite, write and copy of what goes through the kernel's
 * buffer: at most a page and a byte.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "rules.h"
#include "rules_stage.h"

/* All of the range is mapped, and may be written if it is to be. */
static bool
is_there(const struct range *r, bool write)
{
	if (!r->inside)
		return false;
	for (unsigned i = r->first; i < r->stop; i++)
		if (is_hole(r, i) ||
		    (write && (rights_of(r->stage[i]).current & 2) == 0))
			return false;
	return true;
}

/* G section 2: on arm64 kernels of 11 more than 16 KiB is no small copy, and
 * leaves clips */
static bool
is_large(const struct flavour *f, uint64_t size)
{
	return is_native_arm(f) && is_until(f, "11") && size > 0x4000 &&
	    size <= 2 * f->page;
}

/* Until 13.4 vm_map_copyin_internal() goes on with an end that rounded up to
 * 2^64, with room for the largest page: tests/README.md, Dangers. */
static bool
is_danger(const struct flavour *f, uint64_t source, uint64_t size)
{
	const uint64_t end = source + size;

	return is_until(f, "13.4") && size >> 63 != 0 && end >= source &&
	    end >= -UINT64_C(0x4000) + 1;
}

/* B section 8: what is wrong with either side is INVALID_ADDRESS */
static void
transfer(const struct flavour *f, uint64_t source, uint64_t size,
    uint64_t destination, struct mt_text *t)
{
	const struct range from = range_of(f, MIXED, source, size);
	const struct range to = range_of(f, MIXED, destination, size);

	if (is_danger(f, source, size) ||
	    (is_large(f, size) && is_start_mapped(&from)))
		mt_put(t, "-");
	else if (size == 0 || (is_there(&from, false) && is_there(&to, true)))
		mt_put(t, "SUCCESS");
	else
		mt_put(t, "INVALID_ADDRESS");
}

void
copy_rule(const struct flavour *f, const uint64_t *v, struct mt_text *t)
{
	transfer(f, v[0], v[1], v[2], t);
}

void
read_overwrite_rule(const struct flavour *f, const uint64_t *v,
    struct mt_text *t)
{
	transfer(f, v[0], v[1], v[2], t);
}

void
read_rule(const struct flavour *f, const uint64_t *v, struct mt_text *t)
{
	const struct range r = range_of(f, MIXED, v[0], v[1]);

	if (is_large(f, v[1]) && is_start_mapped(&r))
		mt_put(t, "-");
	else if (v[1] > UINT32_MAX)
		mt_put(t, "INVALID_ARGUMENT");
	else if (r.nothing)
		mt_put(t, "SUCCESS bytes=0");
	else if (is_there(&r, false))
		mt_put(t, "SUCCESS bytes=all");
	else if (v[1] > 2 * f->page && is_start_mapped(&r))
		mt_put(t, "-"); /* what lies below the hole is clipped */
	else
		mt_put(t, "INVALID_ADDRESS");
}

void
write_rule(const struct flavour *f, const uint64_t *v, struct mt_text *t)
{
	const struct range r = range_of(f, MIXED, v[0], v[1]);

	if (is_large(f, v[1]) && is_start_mapped(&r))
		mt_put(t, "-");
	else
		mt_put(t,
		    r.nothing || is_there(&r, true) ? "SUCCESS" :
						      "INVALID_ADDRESS");
}
