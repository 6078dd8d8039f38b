/*
 * Rows of recorded tables: what they say, and what is found.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "rows.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fault.h"
#include "system.h"

/* Everything that a row maps stands in [AREA, AREA_END), or was placed by the
 * kernel below it. */
#define AREA	 (RECORDED_AREA + rows_moved)
#define AREA_END (RECORDED_END + rows_moved)
enum { ENTRIES = 600 };
uint64_t rows_moved;

static uint64_t
moved(uint64_t recorded)
{
	return recorded >= RECORDED_AREA && recorded < RECORDED_END ?
	    recorded + rows_moved :
	    recorded;
}

/* ---- judgement ---------------------------------------------------------- */

static void
differs(struct rows *r, const char *what, const char *format, ...)
{
	va_list list;

	if (r->wrong != NULL)
		return;
	r->wrong = what;
	va_start(list, format);
	vsnprintf(r->found, sizeof(r->found), format, list);
	va_end(list);
}

void
stage_require(struct rows *r, kern_return_t kr, const char *what)
{
	if (kr != KERN_SUCCESS)
		differs(r, "the stage", "%s gave %d", what, kr);
}

void
row_kr(struct rows *r, kern_return_t kr)
{
	if (kr != r->row->kr)
		differs(r, "result", "%d", kr);
}

/* The value of name= in the outputs. */
static bool
output(const struct row *row, const char *name, uint64_t *value)
{
	size_t n = strlen(name);

	for (const char *p = row->outs; (p = strstr(p, name)) != NULL; p++) {
		if ((p != row->outs && p[-1] != ' ') || p[n] != '=')
			continue;
		p += n + 1;
		char *end;
		*value = *p == '-' ? (uint64_t)strtoll(p, &end, 10) :
				     strtoull(p, &end, 16);
		return end != p;
	}
	return false;
}

void
row_out(struct rows *r, const char *name, uint64_t found)
{
	uint64_t value;

	if (output(r->row, name, &value) && moved(value) != found)
		differs(r, name, "%s=%" PRIx64, name, found);
}

/* ---- expressions -------------------------------------------------------- */

static const struct word {
	const char *text;
	int pages; /* behind the base; -1: see term() */
} words[] = {
	{ "end-of-occ", 4 },
	{ "base", 0 },
	{ "occupied", 1 },
	{ "occ", 0 },
	{ "dst-unmapped", -1 },
	{ "dst", -1 },
	{ "hole", -1 },
	{ "max", -1 },
	{ "B", 0 },
	{ "P", -1 },
	{ "~0", -1 },
};

static bool
term(struct rows *r, const char **p, uint64_t *value)
{
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		size_t n = strlen(words[i].text);

		if (strncmp(*p, words[i].text, n) != 0)
			continue;
		*p += n;
		if (words[i].pages >= 0)
			*value = ROWS_BASE + (uint64_t)words[i].pages * r->page;
		else if (words[i].text[0] == 'm')
			*value = mt_system()->maximum;
		else if (words[i].text[0] == 'P')
			*value = r->page;
		else if (words[i].text[0] == '~')
			*value = UINT64_MAX;
		else
			return false; /* the family knows where it is */
		return true;
	}
	if (strncmp(*p, "2^", 2) == 0) {
		*value = UINT64_C(1)
		    << (strtoul(*p + 2, (char **)(uintptr_t)p, 10) & 63);
		return true;
	}
	char *end;
	uint64_t n = strtoull(*p, &end, 16);
	if (end == *p || **p == '-' || **p == '+')
		return false;
	*p = end;
	if (**p == 'P') { /* 4P: pages are counted in decimal */
		const char *start = *p;

		while (start[-1] >= '0' && start[-1] <= '9')
			start--;
		n = strtoull(start, NULL, 10) * r->page;
		(*p)++;
	}
	*value = moved(n);
	return true;
}

bool
row_expression(struct rows *r, const char *p, uint64_t *value, const char **end)
{
	uint64_t next;

	if (!term(r, &p, value))
		return false;
	while (*p == '+' || *p == '-') {
		char sign = *p++;

		if (!term(r, &p, &next))
			return false;
		*value = sign == '+' ? *value + next : *value - next;
	}
	if (end != NULL)
		*end = p;
	return true;
}

bool
row_value(struct rows *r, const char *key, uint64_t *value)
{
	for (const char *p = r->row->args; (p = strstr(p, key)) != NULL; p++)
		if (p == r->row->args || p[-1] == ' ' || p[-1] == '(')
			return row_expression(r, p + strlen(key), value, NULL);
	return false;
}

bool
row_says(const struct rows *r, const char *text)
{
	return strstr(r->row->args, text) != NULL;
}

bool
row_starts(const struct rows *r, const char *text)
{
	return strncmp(r->row->args, text, strlen(text)) == 0;
}

/* ---- the stage ---------------------------------------------------------- */

static bool
next_region(struct rows *r, mach_vm_address_t *address, mach_vm_size_t *size,
    vm_region_submap_info_data_64_t *info)
{
	mach_msg_type_number_t count = VM_REGION_SUBMAP_INFO_V2_COUNT_64;
	natural_t depth = 0;

	memset(info, 0, sizeof(*info));
	return r->vm->region_recurse(r->self, address, size, &depth,
		   (vm_region_recurse_info_t)info, &count) == KERN_SUCCESS &&
	    *size != 0;
}

bool
stage_find(struct rows *r)
{
	mach_vm_address_t address;
	mach_vm_size_t size;
	vm_region_submap_info_data_64_t info;

	for (rows_moved = 0; AREA_END < mt_system()->maximum;
	     rows_moved += UINT64_C(0x100000000)) {
		address = AREA;
		if (!next_region(r, &address, &size, &info) ||
		    address >= AREA_END)
			return true;
	}
	return false;
}

void
stage_clear(struct rows *r)
{
	mach_vm_address_t address = AREA;
	mach_vm_size_t size;
	vm_region_submap_info_data_64_t info;

	while (next_region(r, &address, &size, &info) && address < AREA_END) {
		(void)r->vm->deallocate(r->self, address, size);
		address += size;
	}
	r->shift = 0;
}

bool
stage_occupied(struct rows *r, uint64_t address, uint64_t size)
{
	mach_vm_address_t a = address;
	mach_vm_size_t n;
	vm_region_submap_info_data_64_t info;
	uint64_t last = size == 0 ? address : address + size - 1;

	if (last < address || address >= mt_system()->maximum)
		return false;
	last |= r->page - 1;
	while (next_region(r, &a, &n, &info) && a <= last) {
		if (a < AREA || a >= AREA_END)
			return true;
		a += n;
	}
	return false;
}

void
stage_allocate(struct rows *r, uint64_t address, uint64_t size, unsigned tag)
{
	mach_vm_address_t a = address;

	stage_require(r,
	    r->vm->allocate(r->self, &a, size, (int)VM_MAKE_TAG(tag)),
	    "allocate");
}

void
stage_touch(struct rows *r, uint64_t address, uint64_t size)
{
	for (uint64_t a = address; a < address + size; a += r->page)
		if (mt_write(a, 0x55).exception != 0)
			differs(r, "the stage", "no store to %" PRIx64, a);
}

/* ---- regions ------------------------------------------------------------ */

/* One region, required or found; -1: not stated. */
struct shown {
	uint64_t start, end;
	int cur, max, inherit, tag, object;
	int64_t offset, wired, share, refs, resident, behavior;
};

static int
protection(const char *p)
{
	return (p[0] == 'r' ? VM_PROT_READ : 0) |
	    (p[1] == 'w' ? VM_PROT_WRITE : 0) |
	    (p[2] == 'x' ? VM_PROT_EXECUTE : 0);
}

/*
 * "[300000000-300010000 rw-/rwx cpy t0 o1+0{ref2,...} shared w1/1]" at *p;
 * false: no such thing there.
 */
static bool
required_entry(const char **p, struct shown *s)
{
	const char *end = strchr(*p, ']');
	char text[256], inherit[4], cur[4], max[4], object[16] = "";
	int n = 0;

	if (**p != '[' || end == NULL || end - *p >= (int)sizeof(text))
		return false;
	memcpy(text, *p + 1, (size_t)(end - *p) - 1);
	text[end - *p - 1] = '\0';
	*p = end + 1;
	*s = (struct shown){ .wired = 0,
		.share = -1,
		.refs = -1,
		.resident = -1,
		.behavior = -1 };
	if (sscanf(text, "%" SCNx64 "-%" SCNx64 " %3s%n", &s->start, &s->end,
		cur, &n) != 3)
		return false;
	if (strstr(text, "RESERVED") != NULL) {
		s->tag = -1;
		return true;
	}
	if (sscanf(text + n, "/%3s %3s t%d %15[^{ ]", max, inherit, &s->tag,
		object) != 4)
		return false;
	s->cur = protection(cur);
	s->max = protection(max);
	s->inherit = strcmp(inherit, "shr") == 0 ? VM_INHERIT_SHARE :
	    strcmp(inherit, "cpy") == 0		 ? VM_INHERIT_COPY :
						   VM_INHERIT_NONE;
	s->offset = -1;
	if (strcmp(object, "o-") != 0) {
		char *plus = strchr(object, '+');

		s->object = atoi(object + 1);
		if (plus != NULL)
			s->offset = (int64_t)strtoull(plus + 1, NULL, 16);
	}
	const char *w = strstr(text, " w");
	int total = 0, user = 0;
	if (w != NULL && sscanf(w, " w%d/%d", &total, &user) == 2)
		s->wired = user;
	const char *b = strstr(text, " beh");
	s->behavior = b == NULL ? 0 : atoi(b + 4);
	return true;
}

static int64_t
share_mode(const char *name)
{
	static const char *const names[] = { "?", "COW", "PRV", "NUL", "SHR",
		"TSH", "ALI", "SAL", "LPG" };

	for (int i = 0; i < 9; i++)
		if (strncmp(name, names[i], 3) == 0)
			return i;
	return -1;
}

/* "{300000000-300010000 3/7 inh1 tag0 NUL ref0 res0 ... off0 beh0 ...}" */
static bool
required_region(const char **p, struct shown *s)
{
	char share[4];
	unsigned cur, max;
	int n = 0;

	*s = (struct shown){ .object = -1 };
	if (**p != '{' ||
	    sscanf(*p,
		"{%" SCNx64 "-%" SCNx64 " %x/%x inh%d tag%d %3s ref%" SCNd64
		" res%" SCNd64 " dirty%*d uw%" SCNd64 " d%*d sd%*d off%" SCNx64
		" beh%" SCNd64 "%n",
		&s->start, &s->end, &cur, &max, &s->inherit, &s->tag, share,
		&s->refs, &s->resident, &s->wired, (uint64_t *)&s->offset,
		&s->behavior, &n) < 12)
		return false;
	s->cur = (int)cur;
	s->max = (int)max;
	s->share = share_mode(share);
	*p = strchr(*p + n, '}');
	if (*p == NULL)
		return false;
	(*p)++;
	return true;
}

static int
required_list(const char *p, bool regions, struct shown *list)
{
	int n = 0;
	struct shown s;

	int first[ENTRIES], numbers = 0;

	while (n < ENTRIES && *p != '\0' &&
	    (regions ? required_region(&p, &s) : required_entry(&p, &s))) {
		/* RESERVED, and the comm page: the system's own */
		if (s.tag == -1 || s.start == UINT64_C(0x7fffffe00000) ||
		    (s.start >= RECORDED_END && s.cur == 0 && s.max == 0))
			continue;
		/* objects by first appearance in this list */
		for (int i = 0; s.object > 0; i++) {
			if (i == numbers)
				first[numbers++] = s.object;
			if (first[i] == s.object) {
				s.object = i + 1;
				break;
			}
		}
		list[n++] = s;
	}
	return n;
}

static int
found_list(struct rows *r, uint64_t from, uint64_t to, struct shown *list,
    uint64_t *ids, int n)
{
	mach_vm_address_t address = from;
	mach_vm_size_t size;
	vm_region_submap_info_data_64_t info;

	while (n < ENTRIES && next_region(r, &address, &size, &info) &&
	    address < to) {
		struct shown *s = &list[n];

		/* permanent memory that was freed has no access and is
		 * hidden from the recorded entries */
		if (info.max_protection == 0 && info.protection == 0 &&
		    info.object_id == 0 && info.user_tag == 0 &&
		    strstr(r->row->entries, "---/---") == NULL) {
			address += size;
			continue;
		}
		*s = (struct shown){ address, address + size, info.protection,
			info.max_protection, (int)info.inheritance,
			(int)info.user_tag, 0, (int64_t)info.offset,
			info.user_wired_count, info.share_mode, info.ref_count,
			info.pages_resident, info.behavior };
		ids[n] = info.object_id_full != 0 ? info.object_id_full :
						    info.object_id;
		if (ids[n] != 0) {
			int i = 0, highest = 0;

			for (; i < n && ids[i] != ids[n]; i++)
				if (list[i].object > highest)
					highest = list[i].object;
			s->object = i < n ? list[i].object : highest + 1;
		}
		n++;
		address += size;
	}
	return n;
}

static const char *
shown_differs(const struct shown *a, const struct shown *b)
{
	if (a->start != b->start || a->end != b->end)
		return "bounds";
	if (a->cur != b->cur || a->max != b->max)
		return "protection";
	if (a->inherit != b->inherit)
		return "inheritance";
	if (a->tag != b->tag)
		return "tag";
	if (a->wired != b->wired)
		return "wiring";
	if (a->behavior != -1 && a->behavior != b->behavior)
		return "behavior";
	if (a->object != -1 && a->object != b->object)
		return "object";
	if (a->offset != -1 && a->object != 0 && a->offset != b->offset)
		return "offset";
	if (a->share != -1 && a->share != b->share)
		return "share mode";
	if (a->refs != -1 && a->refs != b->refs)
		return "references";
	if (a->resident != -1 && a->resident != b->resident)
		return "resident pages";
	return NULL;
}

static void
compare_list(struct rows *r, const char *text, bool regions)
{
	static struct shown required[ENTRIES], found[ENTRIES];
	static uint64_t ids[ENTRIES];
	int n = required_list(text, regions, required), m = 0;
	uint64_t low = UINT64_MAX, high = 0;

	/* what the kernel placed elsewhere comes first, as it is lower */
	for (int i = 0; i < n; i++) {
		if (required[i].start >= RECORDED_AREA &&
		    required[i].start < RECORDED_END) {
			required[i].start += rows_moved;
			required[i].end += rows_moved;
			continue;
		}
		required[i].start += (uint64_t)r->shift;
		required[i].end += (uint64_t)r->shift;
		if (required[i].start < low)
			low = required[i].start;
		if (required[i].end > high)
			high = required[i].end;
	}
	/* or in the area itself, where the walk finds it */
	if (low < high && low >= AREA && low < AREA_END)
		low = high;
	if (low < high && low < AREA)
		m = found_list(r, low, high, found, ids, m);
	m = found_list(r,
	    low < AREA && high > AREA && high < AREA_END ? high : AREA,
	    AREA_END, found, ids, m);
	if (low < high && low >= AREA_END)
		m = found_list(r, low, high, found, ids, m);
	for (int i = 0; i < n && i < m; i++) {
		const char *what = shown_differs(&required[i], &found[i]);

		if (what != NULL)
			differs(r, what,
			    "%" PRIx64 "-%" PRIx64
			    " %x/%x inherit %d tag %d object %d+%" PRIx64
			    " wired %d share %d ref %d resident %d behavior %d",
			    found[i].start, found[i].end,
			    (unsigned)found[i].cur, (unsigned)found[i].max,
			    found[i].inherit, found[i].tag, found[i].object,
			    (uint64_t)found[i].offset, (int)found[i].wired,
			    (int)found[i].share, (int)found[i].refs,
			    (int)found[i].resident, (int)found[i].behavior);
	}
	if (n != m)
		differs(r, "number of regions", "%d instead of %d", m, n);
}

void
row_regions(struct rows *r)
{
	const char *regions = strstr(r->row->outs, "regions={");

	if (regions != NULL)
		compare_list(r, regions + strlen("regions="), true);
	if (r->row->entries[0] == '[')
		compare_list(r, r->row->entries, false);
	else if (strcmp(r->row->entries, "(empty)") == 0)
		compare_list(r, "", false);
}
