/*
 * probes_locks RELEASE ARCH FILE: compare the rows that a booted kernel gave
 * about the locks of entries (macOS 26.4), and what came with them.  A row
 * says in words what was set up and called; each is done again here, in a child
 * of its own, and told in the row's form.  Everything behind the words is
 * compared: answers, regions, contents, page queries.  The last line counts as
 * that of probes does.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "area.h"
#include "fault.h"
#include "mig.h"
#include "names.h"
#include "probes_locks.h"
#include "route.h"
#include "system.h"
#include "trap.h"

static char found[8192];
static size_t at;

/* ---- telling ------------------------------------------------------------ */

void
say(const char *format, ...)
{
	va_list ap;
	int n;

	va_start(ap, format);
	n = vsnprintf(found + at, sizeof(found) - at, format, ap);
	va_end(ap);
	at += (size_t)n;
	if (at >= sizeof(found))
		at = sizeof(found) - 1;
}

void
say_kr(kern_return_t kr)
{
	const char *name = mt_kern_name(kr);

	if (name != NULL && starts(name, "KERN_"))
		name += strlen("KERN_");
	say(" | kr=%s(%d)", name == NULL ? "?" : name, kr);
}

void
say_regions(uint64_t from)
{
	char text[4096];
	unsigned count;

	if (area_walk(text, sizeof(text), from, &count) > 0)
		say(" %s", text);
}

void
say_region(uint64_t from)
{
	char text[4096], *p;
	unsigned count;

	(void)area_walk(text, sizeof(text), from, &count);
	p = strchr(text, ')');
	if (p != NULL && count == 1)
		say("%s", p);
}

void
say_walk(void)
{
	char text[4096];
	unsigned count;

	(void)area_walk(text, sizeof(text), A, &count);
	say(" | walk: %s%s| n=%u", text, count == 0 ? "" : " ", count);
}

void
say_bytes(uint64_t from, unsigned count)
{
	say(" A+0x%" PRIx64 "=", from - A);
	for (unsigned i = 0; i < count; i++) {
		struct mt_fault got = mt_read(from + i * page);

		if (got.exception != 0)
			say("%s!", i == 0 ? "" : ",");
		else
			say("%s%x", i == 0 ? "" : ",", got.value);
	}
}

void
say_pages(unsigned count)
{
	integer_t disposition, references;

	say(" | pages A+0x0:");
	for (unsigned i = 0; i < count; i++) {
		disposition = 0;
		(void)stage->page_query(self, A + i * page, &disposition,
		    &references);
		say(" %x", (unsigned)disposition);
	}
}

void
say_read_pages(const char *row, unsigned count)
{
	const char *p = strstr(row, "| pages A+0x0:");
	integer_t disposition, references;
	unsigned recorded;
	char *end;

	say(" | pages A+0x0:");
	p = p == NULL ? "" : strchr(p, ':') + 1;
	for (unsigned i = 0; i < count; i++, p = end) {
		disposition = 0;
		(void)stage->page_query(self, A + i * page, &disposition,
		    &references);
		recorded = (unsigned)strtoul(p, &end, 16);
		if ((((unsigned)disposition ^ recorded) &
			~(unsigned)VM_PAGE_QUERY_PAGE_DIRTY) == 0)
			disposition = (integer_t)recorded;
		say(" %x", (unsigned)disposition);
	}
}

/* ---- stages ------------------------------------------------------------- */

void
put(uint64_t a, unsigned pages, unsigned tag, vm_prot_t current,
    vm_prot_t maximum)
{
	mach_vm_address_t where = a;

	(void)stage->map(self, &where, pages * page, 0,
	    VM_FLAGS_FIXED | (int)VM_MAKE_TAG(tag), MACH_PORT_NULL, 0, FALSE,
	    current, maximum, VM_INHERIT_COPY);
}

void
fill(uint64_t a, unsigned pages, unsigned first)
{
	for (unsigned i = 0; i < pages; i++)
		(void)mt_write(a + i * page, (uint8_t)(first + 0x11 * i));
}

/* Touched in the order of the area: 0x11, 0x22, ... */
void
touched(unsigned from, unsigned pages, unsigned tag)
{
	put(A + from * page, pages, tag, VM_PROT_DEFAULT, VM_PROT_ALL);
	fill(A + from * page, pages, 0x11 * (from + 1));
}

void
untouched(unsigned from, unsigned pages)
{
	put(A + from * page, pages, 0, VM_PROT_DEFAULT, VM_PROT_ALL);
}

void
permanent(uint64_t a, unsigned pages)
{
	mach_vm_address_t where = a;

	(void)stage->allocate(self, &where, pages * page, VM_FLAGS_PERMANENT);
}

kern_return_t
protect(unsigned from, unsigned pages, vm_prot_t protection)
{
	return stage->protect(self, A + from * page, pages * page, FALSE,
	    protection);
}

kern_return_t
wire(unsigned from, unsigned pages, vm_prot_t access)
{
	return stage->wire(mach_host_self(), self, A + from * page,
	    pages * page, access);
}

const struct mt_route *
bsd(void)
{
	for (const struct mt_route *const *r = mt_routes; *r != NULL; r++)
		if ((*r)->mlock != NULL && (*r)->mmap != NULL &&
		    mt_route_has(*r, offsetof(struct mt_route, mmap)))
			return *r;
	return NULL;
}

/* ---- rows --------------------------------------------------------------- */

static const struct lock_row *
row_of(const char *row)
{
	static const struct lock_row *const tables[] = { lock_rows,
		lock_rows_placed };

	for (unsigned i = 0; i < 2; i++)
		for (const struct lock_row *r = tables[i]; r->words != NULL;
		     r++)
			if (starts(row, r->words))
				return r;
	return NULL;
}

/* In the child: 0 agrees, 1 differs, 2 is not compared. */
static int
compare(int line, const char *row)
{
	const struct lock_row *r = row_of(row);
	const char *rest = r == NULL ? row : row + strlen(r->words);
	const char *why = r == NULL ? "no call is known by these words" :
	    r->make == NULL	    ? r->why :
				      r->make(rest);

	if (why != NULL) {
		printf("%d: not compared: %s: %.60s\n", line, why, row);
		return 2;
	}
	if (strcmp(rest, found) == 0)
		return 0;
	printf("%d: %s: found %s\n", line, row, found);
	return 1;
}

static bool
is_row(const char *line)
{
	return line[0] != '\0' && line[0] != '#' && !starts(line, "PROBE ") &&
	    !starts(line, "kern.version");
}

int
main(int argc, char **argv)
{
	FILE *f = area_open(argc, argv);

	return f == NULL ? 2 : area_compare(f, is_row, compare);
}
