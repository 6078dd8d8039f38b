/*
 * Queries: region, page_query, purgable_control.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "rules.h"
#include "rules_stage.h"

/* The page of the stage that an address is in; sizeof(MIXED): none. */
static unsigned
page_of(const struct flavour *f, uint64_t address)
{
	const uint64_t page = (address - WINDOW) / f->page;

	return address >= WINDOW && page < sizeof(MIXED) - 1 ? (unsigned)page :
							       sizeof(MIXED);
}

/* The words of a flavor; 0: it is none.  B section 7 */
static unsigned
words_of(uint32_t flavor)
{
	switch (flavor) {
	case 9:
	case 10: /* of a 64-bit process: the same as 9 */
	case 13:
		return 9;
	case 11:
		return 8;
	case 12:
		return 5;
	default:
		return 0;
	}
}

void
region_rule(const struct flavour *f, const uint64_t *v, struct mt_text *t)
{
	const unsigned words = words_of((uint32_t)v[1]);
	unsigned page = page_of(f, v[0]), end;

	if (words == 0 || v[2] < words) {
		mt_put(t, "INVALID_ARGUMENT");
		return;
	}
	if (v[0] >> 48 != 0) {
		mt_put(t, "INVALID_ADDRESS");
		return;
	}
	mt_put(t, "SUCCESS words=");
	mt_put_unsigned(t, words);
	while (page < sizeof(MIXED) - 1 && MIXED[page] == '.')
		page++; /* the next region above */
	if (page >= sizeof(MIXED) - 1) {
		mt_put(t, " elsewhere");
		return;
	}
	while (page > 0 && MIXED[page - 1] == MIXED[page])
		page--;
	for (end = page; MIXED[end] == MIXED[page]; end++)
		;
	mt_put(t, " page=");
	mt_put_unsigned(t, page);
	mt_put(t, " pages=");
	mt_put_unsigned(t, end - page);
}

/* B pagequery-*; the last page of the address space has no end */
void
page_query_rule(const struct flavour *f, const uint64_t *v, struct mt_text *t)
{
	/* the address is cut to the kernel's page until 14, so under Rosetta
	 * the last four */
	if (v[0] >= -(is_rosetta(f) ? UINT64_C(0x4000) : f->page)) {
		if (is_rosetta(f) || is_until(f, "10.14.3"))
			mt_put(t, "-");
		else
			mt_put(t,
			    is_since(f, "13.5") ? "INVALID_ADDRESS" :
						  "INVALID_ARGUMENT");
	} else if (v[0] >> 48 == 0 && page_of(f, v[0]) == sizeof(MIXED)) {
		mt_put(t, v[0] < MINIMUM ? "SUCCESS disposition=0" : "-");
	} else {
		mt_put(t, "SUCCESS disposition=0");
	}
}

/* B section 11; vm_map.c vm_map_purgable_control() of ordinary memory.  The
 * control 2, PURGE_ALL, is not in the product. */
void
purgable_control_rule(const struct flavour *f, const uint64_t *v,
    struct mt_text *t)
{
	const unsigned page = page_of(f, v[0]);
	const uint32_t control = (uint32_t)v[1], state = (uint32_t)v[2];
	const bool get = control == 1;

	if (control > 1 || (!get && (state & ~UINT32_C(0x13773)) != 0)) {
		mt_put(t, "INVALID_ARGUMENT");
	} else if (page == sizeof(MIXED) || MIXED[page] == '.') {
		mt_put(t, "INVALID_ADDRESS");
	} else if ((rights_of(MIXED[page]).current & 2) == 0 &&
	    (!get || is_until(f, "11"))) {
		mt_put(t, "PROTECTION_FAILURE");
	} else {
		mt_put(t, "INVALID_ARGUMENT");
	}
}
