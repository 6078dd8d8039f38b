/*
 * probes_reallocate RELEASE ARCH FILE: compare the rows that a booted kernel
 * gave for mach_vm_reallocate.  A row is told in full: the regions before, the
 * call, its answer, the regions and the first bytes of the pages after.  The
 * stage is set from the regions before; if that does not give the same regions,
 * there was more to it than they tell, and the row is not compared.  The last
 * line counts as that of probes does.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "area.h"
#include "fault.h"
#include "route.h"

enum { TEXT = 4096, IN_THE_WAY = 9 };
#define MIB  (UINT64_C(1) << 20)
#define HUGE (UINT64_C(1) << 36) /* more than a host may have room for */

static char wrong[TEXT + 64];
static int agree, differ, skipped;

/* ---- numbers ------------------------------------------------------------ */

/* "A+0x1000" or "0x1000". */
static uint64_t
value(const char *p)
{
	return starts(p, "A+") ? A + strtoull(p + 2, NULL, 16) :
				 strtoull(p, NULL, 16);
}

static uint64_t
get(const char *row, const char *key)
{
	const char *p = strstr(row, key);

	return p == NULL ? 0 : value(p + strlen(key));
}

/* ---- the map ------------------------------------------------------------ */

/* In the words of the rows. */
static void
walk(char *to, size_t room)
{
	unsigned count;

	(void)area_walk(to, room, A, &count);
}

/* What stands between key and the next bar; its length. */
static size_t
part(const char *row, const char *key, const char **text)
{
	const char *p = strstr(row, key), *end;

	if (p == NULL)
		return 0;
	p += strlen(key);
	end = strstr(p, " |");
	*text = p;
	return end == NULL ? strlen(p) : (size_t)(end - p);
}

/* ---- the stage ---------------------------------------------------------- */

static int
protection(const char *p)
{
	return (p[0] == 'r' ? VM_PROT_READ : 0) |
	    (p[1] == 'w' ? VM_PROT_WRITE : 0) |
	    (p[2] == 'x' ? VM_PROT_EXECUTE : 0);
}

static unsigned
word(const char *p, const char *end, const char *key)
{
	const char *at = strstr(p, key);

	return at == NULL || at >= end ?
	    0 :
	    (unsigned)strtoul(at + strlen(key), NULL, 0);
}

/* Numbered like those of the rows: 0x11, 0x22..., in each MiB from the first
 * region that is not there to be in the way (tag 9). */
static uint64_t first_page;
static void
touch(uint64_t a, unsigned count)
{
	for (; count > 0; count--, a += page)
		(void)mt_write(a,
		    (uint8_t)(0x11 * ((a - first_page) / page + 1)));
}

/* One region at p; false: it cannot be made. */
static bool
make(const char *p, const char *end)
{
	uint64_t s, e;
	unsigned tag, inherit, mode;
	char cur[4], max[4];
	mach_vm_address_t a;

	if (sscanf(p,
		"[A+%" SCNx64 ",A+%" SCNx64 ") t%u %3[rwx-]/%3[rwx-] i%u sm%u",
		&s, &e, &tag, cur, max, &inherit, &mode) != 7)
		return false;
	a = A + s;
	if (stage->allocate(self, &a, e - s, (int)VM_MAKE_TAG(tag)) !=
	    KERN_SUCCESS)
		return false;
	if (tag != IN_THE_WAY && a / MIB != first_page / MIB)
		first_page = a;
	touch(a, word(p, end, " res"));
	(void)stage->inherit(self, a, e - s, inherit);
	(void)stage->behavior_set(self, a, e - s,
	    (vm_behavior_t)word(p, end, " beh"));
	return stage->protect(self, a, e - s, FALSE, protection(cur)) ==
	    KERN_SUCCESS &&
	    stage->protect(self, a, e - s, TRUE, protection(max)) ==
	    KERN_SUCCESS;
}

/* As the row has it before the call; NULL, or why not. */
static const char *
set_stage(const char *row)
{
	static char found[TEXT];
	mach_vm_address_t a = A;
	const char *text = NULL, *p, *end;
	size_t length = part(row, "before: ", &text);

	clear();
	area_forget_objects();
	first_page = 0;
	if (length == 0) {
		/* not told: two pages, and one that is in their way */
		(void)stage->allocate(self, &a, 2 * page, 0);
		first_page = A;
		touch(A, 2);
		a = A + 2 * page;
		if (strstr(row, "room behind") == NULL)
			(void)stage->allocate(self, &a, page,
			    (int)VM_MAKE_TAG(IN_THE_WAY));
		return NULL;
	}
	for (p = text; p != NULL && p < text + length; p = end + 1) {
		end = strstr(p + 1, " [");
		if (end == NULL || end > text + length)
			end = text + length;
		if (!make(p, end))
			return "its stage is not told";
		if (*end == '\0' || end >= text + length)
			break;
	}
	walk(found, sizeof(found));
	if (strlen(found) != length || memcmp(found, text, length) != 0)
		return "its stage is not told";
	return NULL;
}

/* ---- the judgement ------------------------------------------------------ */

static void
judge_bytes(const char *row)
{
	const char *p = strstr(row, "bytes: ");
	struct mt_fault got;
	uint64_t a;
	char *end;

	for (p = p == NULL ? NULL : p + 7; p != NULL && starts(p, "A+"); p++) {
		a = value(p);
		p = strchr(p, '=');
		for (; p != NULL && (*p == '=' || *p == ','); a += page) {
			got = mt_read(a);
			if (p[1] == '!') {
				p += 2;
				if (got.exception == 0 && wrong[0] == '\0')
					snprintf(wrong, sizeof(wrong),
					    "no fault at A+%#" PRIx64, a - A);
				continue;
			}
			unsigned byte = (unsigned)strtoul(p + 1, &end, 16);
			p = end;
			if ((got.exception != 0 || got.value != byte) &&
			    wrong[0] == '\0')
				snprintf(wrong, sizeof(wrong),
				    "byte %#x at A+%#" PRIx64,
				    got.exception != 0 ? ~0u : got.value,
				    a - A);
		}
		if (p == NULL || *p != ' ')
			return;
	}
}

/* NULL: compared. */
static const char *
compare(const char *row)
{
	static const char *const untold[] = { "named-create", "permanent",
		"JIT", "purgeable", "request of", "target ", "shared region",
		"page zero" };
	static char found[TEXT];
	const char *call = strstr(row, "reallocate src="), *text = NULL, *why;
	mach_vm_address_t destination;
	size_t length;
	kern_return_t kr;
	bool is_outside;
	int recorded;

	if (call == NULL)
		return "no call of the routine";
	for (unsigned i = 0; i < sizeof(untold) / sizeof(*untold); i++)
		if (strstr(row, untold[i]) != NULL)
			return "its stage is not told";
	if (strstr(row, ", then ") != NULL || strstr(row, "then the") != NULL)
		return "other calls follow";
	if (strstr(row, "size wraps") != NULL)
		return "its size goes from the recorded area to the end";
	if (strstr(row, "128 MiB") != NULL)
		return "it is not told which pages are touched";
	if (strstr(row, " | id=") != NULL || strstr(row, "vm32") != NULL)
		return "a message of another subsystem";
	if (get(call, "dsize=") >= HUGE && get(call, "dsize=") < HUGE << 11)
		return "more memory than there is room for";
	why = set_stage(row);
	if (why != NULL)
		return why;
	text = strstr(call, "kr=");
	text = text == NULL ? NULL : strchr(text, '(');
	if (text == NULL)
		return "no answer";
	recorded = atoi(text + 1);
	destination = get(call, "dst=");
	kr = stage->reallocate(self, get(call, "src="), get(call, " size="),
	    &destination, get(call, "dsize="), get(call, "mask="),
	    (int)get(call, "opt="), (int)get(call, "flags="));
	if (kr != recorded) {
		snprintf(wrong, sizeof(wrong), "kr=%d", kr);
		return NULL;
	}
	text = strstr(call, "out=");
	is_outside = text != NULL && starts(text, "out=0x");
	if (text != NULL && starts(text, "out=A+") &&
	    destination != value(text + 4))
		snprintf(wrong, sizeof(wrong), "out=A+%#" PRIx64,
		    (uint64_t)destination - A);
	length = part(call, "walk: ", &text);
	if (length > 0 && wrong[0] == '\0') {
		const char *end = memchr(text, ';', length);

		if (end != NULL)
			length = (size_t)(end - text);
		while (length > 0 && text[length - 1] == ' ')
			length--;
		walk(found, sizeof(found));
		if (strlen(found) != length || memcmp(found, text, length) != 0)
			snprintf(wrong, sizeof(wrong), "%s", found);
	}
	/* where that is outside, first fit meets the process's own memory */
	if (is_outside)
		(void)stage->deallocate(self, destination, get(call, "dsize="));
	else
		judge_bytes(call);
	return NULL;
}

static void
one(int line, const char *row)
{
	const char *why;

	wrong[0] = '\0';
	why = compare(row);
	if (why != NULL) {
		skipped++;
		printf("%d: not compared: %s: %.60s\n", line, why, row);
	} else if (wrong[0] != '\0') {
		differ++;
		printf("%d: %s: found %s\n", line, row, wrong);
	} else {
		agree++;
	}
}

int
main(int argc, char **argv)
{
	const char *problem = NULL;
	static char line[16384];
	FILE *f;

	if (argc != 4) {
		fputs("usage: probes_reallocate RELEASE ARCH FILE\n", stderr);
		return 2;
	}
	f = fopen(argv[3], "r");
	if (f == NULL || !area_choose(argv[1], argv[2], &problem)) {
		fprintf(stderr, "probes_reallocate: %s\n",
		    f == NULL ? "the file cannot be read" : problem);
		return 2;
	}
	for (int n = 1; fgets(line, sizeof(line), f) != NULL; n++) {
		line[strcspn(line, "\n")] = '\0';
		if (strstr(line, " | ") != NULL)
			one(n, line);
	}
	fclose(f);
	printf("probes: %d agree, %d differ, %d not compared\n", agree, differ,
	    skipped);
	return differ != 0;
}
