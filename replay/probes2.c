/*
 * probes2 RELEASE ARCH FILE: compare the rows of the logs that the second
 * probes of booted kernels left: Mach calls (mach2-*) and BSD calls (bsd-*).
 * The rows of a family tell their call; its stage is set here.  A row of
 * another family is named with the reason why it is not compared.  The last
 * line counts as that of probes does.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fault.h"
#include "probes2.h"
#include "route.h"

char wrong[300];
static int agree, differ, skipped;

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
	if (info->user_wired_count != 0)
		WORD(" wired%u", info->user_wired_count);
	if (info->is_submap)
		WORD(" SUBMAP");
	if (info->behavior != 0)
		WORD(" beh%d", info->behavior);
	if (info->offset != 0)
		WORD(" off0x%" PRIx64, (uint64_t)info->offset);
#undef WORD
}

/* The log's words in the same form, from *p to the next region. */
static void
words(const char **p, char *to, size_t room)
{
	static const char *const left_out[] = { "ref", "sh", "dirty", "reus",
		"n=" };
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

/* The regions that a row lists from `from` on are those that are there, up to
 * `end`; absolute ones keep their addresses. */
void
expect_regions(const char *row, uint64_t from, uint64_t end)
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
		if (sscanf(p,
			relative ? "[A+%" SCNx64 ",A+%" SCNx64 ")" :
				   "[%" SCNx64 ",%" SCNx64 ")",
			&s, &e) != 2)
			return;
		s += relative ? A : 0;
		e += relative ? A : 0;
		p = strchr(p, ')') + 1;
		words(&p, recorded, sizeof(recorded));
		if (!next(&a, &size, &info) || a >= end) {
			snprintf(wrong, sizeof(wrong), "a region too few");
			return;
		}
		describe(found, sizeof(found), &info);
		if (a != s || a + size != e || strcmp(found, recorded) != 0)
			snprintf(wrong, sizeof(wrong),
			    "[%#" PRIx64 ",%#" PRIx64 ")%s",
			    (uint64_t)(a - (relative ? A : 0)),
			    (uint64_t)(a + size - (relative ? A : 0)), found);
		a += size;
	}
	if (wrong[0] == '\0' && next(&a, &size, &info) && a < end)
		snprintf(wrong, sizeof(wrong), "a region too many");
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

/* ---- rows --------------------------------------------------------------- */

static void
one(int line, const char *row, bool bsd)
{
	const char *why = bsd ? "a BSD call, or the state that it left" :
				"the state before the call is not recorded";

	wrong[0] = '\0';
	for (const struct family *f = families; f->name != NULL; f++)
		if (starts(row, f->name) && bsd == f->bsd)
			why = f->compare(row + strlen(f->name));
	if (why != NULL) {
		skipped++;
		printf("%d: not compared: %s: %.60s\n", line, why, row);
	} else if (wrong[0] != '\0') {
		differ++;
		printf("%d: %.160s: found %s\n", line, row, wrong);
	} else {
		agree++;
	}
}

int
main(int argc, char **argv)
{
	const char *problem = NULL;
	char line[8192];
	bool bsd;
	FILE *f;

	if (argc != 4) {
		fputs("usage: probes2 RELEASE ARCH FILE\n", stderr);
		return 2;
	}
	f = fopen(argv[3], "r");
	if (f == NULL || !area_choose(argv[1], argv[2], &problem)) {
		fprintf(stderr, "probes2: %s\n",
		    f == NULL ? "the file cannot be read" : problem);
		return 2;
	}
	bsd = strstr(argv[3], "bsd-") != NULL;
	for (int n = 1; fgets(line, sizeof(line), f) != NULL; n++) {
		line[strcspn(line, "\n")] = '\0';
		if (strstr(line, " | ") != NULL && line[0] != ' ')
			one(n, line, bsd);
	}
	fclose(f);
	printf("probes: %d agree, %d differ, %d not compared\n", agree, differ,
	    skipped);
	return differ != 0;
}
