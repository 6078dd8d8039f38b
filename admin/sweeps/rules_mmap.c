/*
 * mmap(2) of anonymous memory: places, sizes and offsets; protections, flags
 * and descriptors.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "rules.h"
#include "rules_stage.h"

#include "darwin_mman.h"

#define MAP_RESERVED 0x80
#define MOST	     (UINT64_C(1) << 47)

enum { PAGES = sizeof(MIXED) - 1 };

struct asked {
	uint64_t address, size, offset;
	uint32_t protection;
	int flags, fd;
	bool tagged; /* as " done" wants it */
};

static bool
has(const struct asked *a, int flags)
{
	return (a->flags & flags) != 0;
}

static uint64_t
kernel_page(const struct flavour *f)
{
	return f->arch[0] == 'x' ? 0x1000 : 0x4000;
}

/* The sum passes 2^64, or what it rounds up to. */
static bool
passes(uint64_t start, uint64_t size, uint64_t page)
{
	const uint64_t end = start + size;

	return size != 0 &&
	    (end < start || ((end + page - 1) & -page) <= (start & -page));
}

/* mmap_sanitize(), and until 14 the first checks of mmap() */
static bool
is_bad_range(const struct flavour *f, const struct asked *a)
{
	const uint64_t mask = f->page - 1, end = a->offset + a->size;
	const bool fixed = has(a, MAP_FIXED);

	if (is_since(f, "11") && has(a, MAP_UNIX03) &&
	    (a->size == 0 || (a->offset & mask) != 0))
		return true;
	if (fixed && (a->address & mask) != (a->offset & mask))
		return true;
	if (is_since(f, "15.0"))
		return passes(a->offset, a->size, kernel_page(f)) ||
		    (fixed && passes(a->address, a->size, f->page));
	if (is_until(f, "10.14")) /* which may wrap */
		return end > ~mask;
	return end < a->offset || end + mask < end ||
	    (is_since(f, "13.5") ? passes(a->address, a->size, f->page) :
				   a->address + a->size < a->address);
}

/* B mmap-unknown-flags, mmap-jit-invalid, mmap-resilient-*, mmap-tpro */
static const char *
refused_flags(const struct flavour *f, const struct asked *a)
{
	const int known = MAP_SHARED | MAP_PRIVATE | MAP_FIXED | MAP_RENAME |
	    MAP_NORESERVE | MAP_RESERVED | MAP_NOEXTEND | MAP_HASSEMAPHORE |
	    MAP_NOCACHE | MAP_JIT | MAP_ANON | MAP_RESILIENT_CODESIGN |
	    MAP_RESILIENT_MEDIA | MAP_32BIT | MAP_TRANSLATED_ALLOW_EXECUTE |
	    MAP_UNIX03;
	const bool tpro = is_since(f, "13.3") && has(a, MAP_TPRO);
	const bool resilient = has(a,
	    MAP_RESILIENT_CODESIGN | MAP_RESILIENT_MEDIA);
	uint32_t rejected = 6;

	if (is_since(f, "11") &&
	    (a->flags & ~known & ~(is_since(f, "13.3") ? MAP_TPRO : 0)) != 0)
		return "EINVAL";
	if (is_since(f, "11") && has(a, MAP_UNIX03) &&
	    !has(a, MAP_PRIVATE | MAP_SHARED))
		return "EINVAL";
	if (has(a, MAP_JIT) &&
	    (has(a, MAP_FIXED | MAP_SHARED) || !has(a, MAP_ANON) || resilient ||
		tpro))
		return is_rosetta(f) && is_since(f, "26") ? "-" : "EINVAL";
	if (resilient && (has(a, MAP_ANON | MAP_JIT) || tpro))
		return "EINVAL";
	if (has(a, MAP_PRIVATE) && is_since(f, "11"))
		rejected = 4;
	if (has(a, MAP_RESILIENT_CODESIGN) && (a->protection & rejected) != 0)
		return "EPERM";
	if (has(a, MAP_RESILIENT_MEDIA) && is_until(f, "10.14") &&
	    (a->protection & 6) != 0)
		return "EPERM";
	if (tpro && ((a->protection & 4) != 0 || (a->protection & 2) == 0))
		return "EPERM";
	if (tpro && is_until(f, "13") &&
	    (has(a, MAP_SHARED) || !has(a, MAP_ANON)))
		return "EPERM";
	return NULL;
}

/* B mmap-anon-fd-flags, mmap-anon-fd-bad: a tag, PURGABLE, 4GB_CHUNK, and
 * superpages, which are left to other cases; without MAP_ANON a descriptor
 * that is none */
static const char *
refused_descriptor(const struct asked *a)
{
	if (!has(a, MAP_ANON))
		return a->fd >= 0 && a->fd < 256 ? "-" : "EBADF";
	if (a->fd != -1 && (a->fd & 0xfff9 & ~0x70000) != 0)
		return "EINVAL";
	return a->fd != -1 && (a->fd & 0x70000) != 0 ? "-" : NULL;
}

static void
put_mapped(const struct flavour *f, const struct asked *a, uint64_t start,
    uint64_t size, struct mt_text *t)
{
	struct range r = { .page = f->page, .stage = MIXED };

	r.first = (unsigned)((start - WINDOW) / f->page);
	r.stop = r.first + (unsigned)(size / f->page);
	mt_put(t, "0 at=");
	mt_put_unsigned(t, r.first);
	if (!a->tagged) {
		put_filled_hole(t, (int)a->protection, 7,
		    has(a, MAP_SHARED) ? 0 : 1);
		return;
	}
	mt_put(t, " done");
	put_clips(t, &r, true, true);
}

/* B mmap-fixed-* */
static void
fixed(const struct flavour *f, const struct asked *a, uint64_t size,
    struct mt_text *t)
{
	const uint64_t start = a->address & ~(f->page - 1), end = start + size;

	if (end <= start || start < MINIMUM || end > MOST)
		mt_put(t, "ENOMEM");
	else
		put_mapped(f, a, start, size, t);
}

/* B mmap-hint-*: a page in a hole of the stage; else where nobody knows.
 * Under Rosetta what a hint does is reported otherwise. */
static void
anywhere(const struct flavour *f, const struct asked *a, uint64_t size,
    struct mt_text *t)
{
	const uint64_t mask = f->page - 1;
	const uint64_t hint = (a->address + mask) & ~mask;
	uint64_t page;

	if (size >= MOST) {
		mt_put(t, "ENOMEM");
		return;
	}
	if (size > 64 * f->page) {
		mt_put(t, "-");
		return;
	}
	if (hint >= WINDOW && size == f->page)
		for (page = (hint - WINDOW) / f->page; page < PAGES; page++)
			if (MIXED[page] == '.') {
				if (is_rosetta(f))
					mt_put(t, "-");
				else if (WINDOW + page * f->page == hint)
					put_mapped(f, a, hint, size, t);
				else
					mt_put(t, "-");
				return;
			}
	mt_put(t, "0 at=found");
}

static void
map_memory(const struct flavour *f, struct asked *a, struct mt_text *t)
{
	const struct range r = range_of(f, MIXED, a->address, a->size);
	const uint64_t mask = f->page - 1, size = (a->size + mask) & ~mask;
	const char *refused = NULL;

	a->protection &= 7;
	if ((a->protection & 6) != 0)
		a->protection |= 1;
	if (has(a, MAP_FIXED) && !is_bounded(&r)) {
		mt_put(t, "-");
		return;
	}
	if (is_bad_range(f, a))
		refused = "EINVAL";
	else if (a->size == 0 || (a->offset & mask) != 0 ||
	    !has(a, MAP_PRIVATE | MAP_SHARED))
		/* libc's wrapper refuses these, the call without it does not */
		refused = "-";
	if (refused == NULL)
		refused = refused_flags(f, a);
	if (refused == NULL)
		refused = refused_descriptor(a);
	/* until 10.14 an offset may make the sum wrap */
	if (refused == NULL && size == 0)
		refused = "0 at=0";
	/* what these make of memory is other cases' subject */
	if (refused == NULL &&
	    (has(a, MAP_JIT) || (has(a, MAP_TPRO) && is_since(f, "13.3")) ||
		(has(a, MAP_32BIT) && is_since(f, "10.15"))))
		refused = "-";
	if (refused == NULL && is_native_arm(f) && (a->protection & 6) == 6)
		refused = "EACCES";
	if (refused != NULL)
		mt_put(t, refused);
	else if (has(a, MAP_FIXED))
		fixed(f, a, size, t);
	else
		anywhere(f, a, size, t);
}

/* B section 12.1; kern_mman.c mmap() */
void
mmap_place_rule(const struct flavour *f, const uint64_t *v, struct mt_text *t)
{
	map_memory(f,
	    &(struct asked){ .address = v[0],
		.size = v[1],
		.flags = (int)v[2],
		.offset = v[3],
		.protection = 3,
		.fd = -1,
		.tagged = true },
	    t);
}

void
mmap_kind_rule(const struct flavour *f, const uint64_t *v, struct mt_text *t)
{
	map_memory(f,
	    &(struct asked){ .address = v[0],
		.size = f->page,
		.protection = (uint32_t)v[1],
		.flags = (int)v[2],
		.fd = (int)v[3],
		.tagged = (uint32_t)v[3] >> 24 == 239 },
	    t);
}
