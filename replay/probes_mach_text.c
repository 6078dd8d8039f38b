/*
 * What the rows of the second probes say, and whether it is so.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fault.h"
#include "probes_mach.h"
#include "route.h"

char wrong[300];

/* ---- text --------------------------------------------------------------- */

/* The number behind key: decimal, hex, or A+hex. */
bool
number(const char *text, const char *key, int64_t *v)
{
	const char *p = text == NULL ? NULL : strstr(text, key);
	bool relative;

	if (p == NULL)
		return false;
	p += strlen(key);
	relative = starts(p, "A+");
	*v = (int64_t)(strtoull(relative ? p + 2 : p, NULL, 0) +
	    (relative ? A : 0));
	return true;
}

int64_t
get(const char *text, const char *key)
{
	int64_t v = -1;

	(void)number(text, key, &v);
	return v;
}

void
expect(const char *what, int64_t found, int64_t recorded)
{
	if (found != recorded && wrong[0] == '\0')
		snprintf(wrong, sizeof(wrong),
		    "%s=%" PRId64 ", recorded %" PRId64, what, found, recorded);
}

/* ---- the map ------------------------------------------------------------ */

/* The words of the log that describe a region, but for those that count how
 * the kernel does it (ref, sh, dirty, reus). */
static void
describe(char *to, size_t room, const vm_region_submap_info_data_64_t *info)
{
	char cur[4], max[4];
	int at;

	show_protection(cur, info->protection);
	show_protection(max, info->max_protection);
	at = snprintf(to, room, " t%u %s/%s i%u sm%d", info->user_tag, cur, max,
	    info->inheritance, info->share_mode);
#define WORD(...)                                                  \
	do {                                                       \
		if (at < (int)room)                                \
			at += snprintf(to + at, room - (size_t)at, \
			    __VA_ARGS__);                          \
	} while (0)
	if (info->pages_resident != 0)
		WORD(" res%u", info->pages_resident);
	if (info->is_submap)
		WORD(" SUBMAP");
	if (info->behavior != 0)
		WORD(" beh%d", info->behavior);
	if (info->user_wired_count != 0)
		WORD(" wired%u", info->user_wired_count);
	if (info->offset != 0)
		WORD(" off0x%" PRIx64, (uint64_t)info->offset);
#undef WORD
}

/* The log's words in the same form, from *p to the next region. */
static void
words(const char **p, char *to, size_t room)
{
	static const char *const left_out[] = { "ref", "sh", "dirty", "reus",
		"n=", "..." };
	char word[64];
	size_t at = 0, length;
	bool keep;

	to[0] = '\0';
	for (;;) {
		*p += strspn(*p, " ");
		length = strcspn(*p, " [|\n");
		if (length == 0 || length >= sizeof(word))
			return;
		memcpy(word, *p, length);
		word[length] = '\0';
		*p += length;
		keep = true;
		for (unsigned i = 0; i < sizeof(left_out) / sizeof(*left_out);
		     i++)
			keep &= !starts(word, left_out[i]);
		if (keep && at + length + 2 < room)
			at += (size_t)snprintf(to + at, room - at, " %s", word);
	}
}

/* The same words, in whatever order: that of the logs differs. */
static bool
same_words(const char *found, const char *recorded)
{
	char word[64];
	size_t length;

	if (strlen(found) != strlen(recorded))
		return false;
	while (*(found += strspn(found, " ")) != '\0') {
		length = strcspn(found, " ");
		snprintf(word, sizeof(word), " %.*s", (int)length, found);
		if (strstr(recorded, word) == NULL)
			return false;
		found += length;
	}
	return true;
}

/* An address in a list, behind which *p is left. */
static uint64_t
row_address(const char **p, int64_t moved)
{
	const bool relative = starts(*p, "A+");
	char *end;
	const uint64_t v = strtoull(*p + (relative ? 2 : 0), &end, 16);

	*p = end;
	return v + (relative ? A : (uint64_t)moved);
}

/* The regions that a row lists from `from` on are those that are there, up to
 * `end`; absolute ones keep their addresses.  A list that was cut ends in
 * dots. */
void
expect_moved(const char *row, uint64_t from, uint64_t end, int64_t moved)
{
	vm_region_submap_info_data_64_t info;
	mach_vm_address_t a = from;
	mach_vm_size_t size;
	char found[160], recorded[160];
	const char *p = row;
	uint64_t s, e;
	bool relative;

	while (wrong[0] == '\0' && (p = strchr(p, '[')) != NULL) {
		relative = starts(p, "[A+");
		p++;
		s = row_address(&p, moved);
		p++;
		e = row_address(&p, moved);
		p++;
		words(&p, recorded, sizeof(recorded));
		if (!next(&a, &size, &info) || a >= end) {
			snprintf(wrong, sizeof(wrong), "a region too few");
			return;
		}
		describe(found, sizeof(found), &info);
		if (a != s || a + size != e || !same_words(found, recorded))
			snprintf(wrong, sizeof(wrong),
			    "[%#" PRIx64 ",%#" PRIx64 ")%s",
			    (uint64_t)(a - (relative ? A : 0)),
			    (uint64_t)(a + size - (relative ? A : 0)), found);
		a += size;
	}
	if (strstr(row, " ...") == NULL && wrong[0] == '\0' &&
	    next(&a, &size, &info) && a < end)
		snprintf(wrong, sizeof(wrong), "a region too many");
}

void
expect_regions(const char *row, uint64_t from, uint64_t end)
{
	expect_moved(row, from, end, 0);
}

/* "bytes 1 -1 3": the first of the pages at address; -1, -2: they fault. */
void
expect_bytes(const char *row, uint64_t address)
{
	const char *p = strstr(row, "bytes ");
	struct mt_fault got;
	char *end;
	long byte;

	if (p == NULL)
		return;
	for (p += 6;; p = end, address += page) {
		byte = strtol(p, &end, 0);
		if (end == p)
			return;
		got = mt_read(address);
		expect("byte",
		    got.exception == 0			 ? got.value :
			got.code == KERN_INVALID_ADDRESS ? -1 :
							   -2,
		    byte);
	}
}

/* Pages with contents 1, 2, ... or a step of it. */
void
put(uint64_t address, unsigned pages, unsigned tag, int first)
{
	mach_vm_address_t a = address;

	if (stage->allocate(self, &a, pages * page, (int)VM_MAKE_TAG(tag)) !=
	    KERN_SUCCESS)
		snprintf(wrong, sizeof(wrong), "the stage cannot be set");
	for (unsigned i = 0; first >= 0 && i < pages; i++)
		(void)mt_write(address + i * page, (uint8_t)(first + (int)i));
}
