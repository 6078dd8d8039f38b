/*
 * probes_reallocate RELEASE ARCH FILE: compare the rows that a booted kernel
 * gave for mach_vm_reallocate.  A row is told in full: the regions before, the
 * call, its answer, the regions and the first bytes of the pages after.  The
 * stage is set from the regions before, and from the row's words where these
 * say more; if that does not give the same regions, there was more to it than
 * they tell, and the row is not compared.  Each row is done in a child of its
 * own.  The last line counts as that of probes does.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "area.h"
#include "fault.h"
#include "probes_reallocate.h"
#include "route.h"
#include "system.h"

enum { TEXT = ROW_TEXT, IN_THE_WAY = 9 };
#define MIB  (UINT64_C(1) << 20)
#define HUGE (UINT64_C(1) << 36) /* more than a host may have room for */

char wrong[TEXT + 64];

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

/* What stands between key and the next bar; its length.  Regions and bytes
 * may be cut off by "..." or followed by those outside the test area. */
static size_t
part(const char *row, const char *key, const char **text)
{
	const char *p = strstr(row, key), *end;

	if (p == NULL)
		return 0;
	p += strlen(key);
	end = strstr(p - 1, " |");
	*text = p;
	return end == NULL ? strlen(p) : end < p ? 0 : (size_t)(end - p);
}

void
judge_walk(const char *text, size_t length)
{
	static char found[TEXT];
	const char *end = memchr(text, ';', length);
	unsigned count;

	if (end != NULL)
		length = (size_t)(end - text);
	while (length > 0 && text[length - 1] == ' ')
		length--;
	(void)area_walk(found, sizeof(found), A, &count);
	if (length > 4 && memcmp(text + length - 4, " ...", 4) == 0) {
		length -= 4;
		if (strlen(found) > length && found[length] == ' ')
			found[length] = '\0';
	}
	if (wrong[0] == '\0' &&
	    (strlen(found) != length || memcmp(found, text, length) != 0))
		snprintf(wrong, sizeof(wrong), "%s", found);
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
make(const char *p, const char *end, int flags)
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
	if (stage->allocate(self, &a, e - s, flags | (int)VM_MAKE_TAG(tag)) !=
	    KERN_SUCCESS)
		return false;
	if (tag != IN_THE_WAY && a / MIB != first_page / MIB)
		first_page = a;
	touch(a, word(p, end, " res"));
	for (unsigned n = word(p, end, " wired"); n > 0; n--)
		(void)stage->wire(mach_host_self(), self, a, e - s,
		    VM_PROT_DEFAULT);
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
	mach_vm_address_t a = A;
	const char *text = NULL, *p, *end;
	size_t length = part(row, "| before: ", &text);
	unsigned number = 0;
	bool is_set;

	first_page = 0;
	if (strstr(row, "| before: ") == NULL) {
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
	is_set = words_stage(row);
	for (p = text; length > 0 && !is_set && p < text + length;
	     p = end + 1) {
		end = strstr(p + 1, " [");
		if (end == NULL || end > text + length)
			end = text + length;
		if (!make(p, end,
			words_flags(row, number++, end == text + length)))
			return "its stage is not told";
	}
	words_stage_behind(row);
	judge_walk(text, length);
	if (wrong[0] == '\0')
		return NULL;
	wrong[0] = '\0';
	return "its stage is not told";
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

/* NULL: it can be compared. */
static const char *
untold(const char *row)
{
	static const struct {
		const char *words, *why;
	} reasons[] = {
		{ "file: ", "the pages of the recorded program" },
		{ "program text", "the pages of the recorded program" },
		{ "shared region", "a shared region that is not modelled" },
		{ "128 MiB", "it is not told which pages are touched" },
		{ "vm32", "a message of another subsystem" },
		{ "id 3833 with zeroes, bytes 60",
		    "a message of another subsystem" },
		{ "target task ", "a port that the model does not have" },
		{ "source ends at the map's maximum",
		    "the end of the map is taken here" },
		{ "the child's task", "a child that waits for its parent" },
	};

	for (unsigned i = 0; i < sizeof(reasons) / sizeof(*reasons); i++)
		if (strstr(row, reasons[i].words) != NULL)
			return reasons[i].why;
	return NULL;
}

/* NULL: compared. */
static const char *
compare(const char *row)
{
	const char *call = strstr(row, "reallocate src="), *text = NULL, *why;
	mach_vm_address_t destination, source;
	mach_vm_size_t size, new_size;
	size_t length;
	kern_return_t kr;
	long recorded;

	why = untold(row);
	if (why != NULL)
		return why;
	if (call == NULL || strstr(row, "| id=") != NULL)
		return words_row(row, set_stage);
	new_size = get(call, "dsize=");
	if (new_size >= HUGE && new_size < HUGE << 11)
		return "more memory than there is room for";
	why = set_stage(row);
	if (why != NULL)
		return why;
	text = strstr(call, "kr=");
	text = text == NULL ? NULL : strchr(text, '(');
	if (text == NULL)
		return "no answer";
	recorded = strtol(text + 1, NULL, 0);
	size = get(call, " size=");
	if (strstr(row, "size wraps") != NULL)
		size = new_size = -A; /* from the test area to the end */
	source = get(call, "src=");
	destination = get(call, "dst=");
	if (!words_source(row, &source))
		return "no route makes its source";
	kr = stage->reallocate(words_target(row), source, size, &destination,
	    new_size, get(call, "mask="), (int)get(call, "opt="),
	    (int)get(call, "flags="));
	if (kr != recorded) {
		snprintf(wrong, sizeof(wrong), "kr=%d", kr);
		return NULL;
	}
	text = strstr(call, "out=");
	if (text != NULL && starts(text, "out=A+") &&
	    destination != value(text + 4))
		snprintf(wrong, sizeof(wrong), "out=A+%#" PRIx64,
		    (uint64_t)destination - A);
	if (!words_follow(row, call))
		return "what follows is not known";
	length = part(call, "walk: ", &text);
	if (strstr(call, "walk: ") != NULL)
		judge_walk(text, length);
	words_judge(call);
	/* where that is outside, first fit meets the process's own memory */
	if (strstr(call, "out=0x") == NULL && !starts(row, "MAP_JIT"))
		judge_bytes(call);
	return NULL;
}

/* In the child: 0 agrees, 1 differs, 2 is not compared. */
static int
one(int line, const char *row)
{
	const char *why = compare(row);

	if (why != NULL) {
		printf("%d: not compared: %s: %.60s\n", line, why, row);
		return 2;
	}
	if (wrong[0] != '\0') {
		printf("%d: %s: found %s\n", line, row, wrong);
		return 1;
	}
	return 0;
}

static bool
is_row(const char *line)
{
	return strstr(line, " | ") != NULL;
}

int
main(int argc, char **argv)
{
	FILE *f = area_open(argc, argv);

	return f == NULL ? 2 : area_compare(f, is_row, one);
}
