/*
 * Judging the map and what touching memory does.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "check_state.h"

/* A picture of the largest stage, mt_hole(65536). */
#define PICTURE_MAX 65536
/* Pages of the neighbourhood that a failure shows, and its lines. */
#define BEFORE 4
#define AFTER  12
#define LINES  24

static char detail_buffer[8192];

static mach_vm_address_t
page_of(mach_vm_address_t address)
{
	return address - address % mt_page;
}

/* The map around address, page 0 being the page of address. */
static void
put_neighbourhood(struct mt_text *t, mach_vm_address_t address)
{
	const mach_vm_address_t page = page_of(address);
	mach_vm_address_t start = page;

	if (page / mt_page >= BEFORE)
		start = page - BEFORE * mt_page;
	mt_put(t, "\tmap found (pages from ");
	mt_put_hex(t, start);
	mt_put(t, "; the address is in +");
	mt_put_unsigned(t, (page - start) / mt_page);
	mt_put(t, "):\n");
	mt_put_map(t, start, BEFORE + AFTER, LINES);
}

static int64_t
relative(const struct mt_region_field *f, int64_t value,
    mach_vm_address_t address)
{
	if (f->offset == offsetof(struct mt_region, address) && value != MT_ANY)
		return value - (int64_t)address;
	return value;
}

/* "protection=rw- size=0x4000": the fields that required names. */
static void
put_fields(struct mt_text *t, const struct mt_region *found,
    const struct mt_region *required, mach_vm_address_t address)
{
	const char *space = "";

	for (const struct mt_region_field *f = mt_region_fields;
	     f->name != NULL; f++) {
		if (mt_region_get(required, f) == MT_ANY)
			continue;
		mt_put(t, space);
		space = " ";
		mt_put(t, f->name);
		mt_put_char(t, '=');
		if (f->offset == offsetof(struct mt_region, object_id))
			mt_put(t,
			    mt_region_get(found, f) ==
				    mt_region_get(required, f) ?
				"required" :
				"other");
		else if (f->offset == offsetof(struct mt_region, address))
			mt_put_decimal(t,
			    relative(f, mt_region_get(found, f), address));
		else
			mt_put_unit(t, f->unit, mt_region_get(found, f));
	}
}

bool
mt_judge_region(const struct mt_site *site, mach_vm_address_t address,
    const struct mt_region *required)
{
	struct mt_region found;
	const char *problem = NULL;
	char buffer[512];
	struct mt_text t = MT_TEXT(buffer), detail = MT_TEXT(detail_buffer);
	bool right, is_there;

	is_there = mt_region_next(address, &found, &problem) &&
	    (mach_vm_address_t)found.address <= address;
	if (!is_there) {
		mt_put(&t, problem != NULL ? problem : "nothing is mapped");
		mt_record_at(site, buffer, mt_verdict(site, false));
		t = MT_TEXT(buffer);
		mt_put(&t, site->call);
		mt_put(&t, problem != NULL ? ": " : ": nothing is mapped");
		mt_put(&t, problem != NULL ? problem : "");
		(void)mt_region_problem(); /* reported now */
		put_neighbourhood(&detail, address);
		mt_fail(site, buffer, detail_buffer);
		return false;
	}

	right = true;
	for (const struct mt_region_field *f = mt_region_fields;
	     f->name != NULL; f++)
		if (mt_region_get(required, f) != MT_ANY &&
		    mt_region_get(required, f) != mt_region_get(&found, f))
			right = false;
	put_fields(&t, &found, required, address);
	mt_record_at(site, buffer, mt_verdict(site, right));
	if (right)
		return true;

	t = MT_TEXT(buffer);
	mt_put(&t, site->call);
	for (const struct mt_region_field *f = mt_region_fields;
	     f->name != NULL; f++) {
		int64_t is = mt_region_get(&found, f);
		int64_t must = mt_region_get(required, f);

		if (must == MT_ANY || must == is)
			continue;
		mt_put(&t, t.length == mt_length(site->call) ? ": " : "; ");
		mt_put(&t, f->name);
		mt_put(&t, " is ");
		mt_put_unit(&t, f->unit, is);
		mt_put(&t, ", must be ");
		mt_put_unit(&t, f->unit, must);
	}
	mt_put(&detail,
	    "\tregion required (page 0 is that of the address):\n\t");
	mt_put_region(&detail, required, page_of(address));
	mt_put(&detail, "\tregion found:\n\t");
	mt_put_region(&detail, &found, page_of(address));
	put_neighbourhood(&detail, address);
	mt_fail(site, buffer, detail_buffer);
	return false;
}

/* The part of a picture that begins at `from`, cut to what a line holds. */
static void
put_picture(struct mt_text *t, const char *what, const char *picture,
    size_t from)
{
	mt_put_char(t, '\t');
	mt_put(t, what);
	if (from > 0)
		mt_put(t, "...");
	for (size_t i = 0; i < 60 && picture[from] != '\0'; i++)
		mt_put_char(t, picture[from++]);
	if (picture[from] != '\0')
		mt_put(t, "...");
	mt_put_char(t, '\n');
}

/* Where two pictures part, less some pages to see what stands before. */
static size_t
difference(const char *a, const char *b)
{
	size_t i = 0;

	while (a[i] != '\0' && b[i] != '\0' && (a[i] == '.') == (b[i] == '.') &&
	    (i == 0 || (a[i] == a[i - 1]) == (b[i] == b[i - 1])))
		i++;
	return i < 20 ? 0 : i - 20;
}

bool
mt_judge_layout(const struct mt_site *site, mach_vm_address_t address,
    const char *required)
{
	static char found[PICTURE_MAX + 1];
	size_t pages = mt_length(required), from;
	char buffer[512];
	struct mt_text t = MT_TEXT(buffer), detail = MT_TEXT(detail_buffer);
	char answer[128];
	struct mt_text a = MT_TEXT(answer);
	const char *problem;
	bool right;

	if (pages == 0 || pages > PICTURE_MAX) {
		mt_fail(site, "a picture has 1 to 65536 pages", "");
		return false;
	}
	mt_layout(address, (unsigned)pages, found);
	problem = mt_region_problem();
	right = problem == NULL && mt_layout_equal(required, found);
	mt_put(&a, found);
	mt_record_at(site, answer, mt_verdict(site, right));
	if (right)
		return true;

	mt_put(&t, site->call);
	mt_put(&t, ": ");
	if (problem != NULL) {
		mt_put(&t, problem);
	} else if (pages <= 64) {
		mt_put(&t, found);
		mt_put(&t, ", must be ");
		mt_put(&t, required);
	} else
		mt_put(&t, "differs from the required picture");
	from = difference(required, found);
	mt_put(&detail, "\tpages from ");
	mt_put_hex(&detail, address + from * mt_page);
	mt_put_char(&detail, '\n');
	put_picture(&detail, "required  ", required, from);
	put_picture(&detail, "found     ", found, from);
	put_neighbourhood(&detail, address + from * mt_page);
	mt_fail(site, buffer, detail_buffer);
	return false;
}

static void
put_fault(struct mt_text *t, int exception, int64_t code)
{
	if (exception == 0) {
		mt_put(t, "no fault");
		return;
	}
	mt_put_exception(t, exception);
	mt_put(t, " with ");
	mt_put_kern(t, code);
}

/* What was met: a signal alone does not tell the code. */
static void
put_met(struct mt_text *t, struct mt_fault fault)
{
	if (fault.exception == 0 || !fault.by_signal) {
		put_fault(t, fault.exception, fault.code);
		return;
	}
	mt_put_exception(t, fault.exception);
	mt_put(t, fault.signal == 11 ? " by SIGSEGV (11)" : " by SIGBUS (10)");
}

/* Codes that become one signal: bsd/uxkern/ux_exception.c and
 * machine_exception(); 13 is EXC_I386_GPFLT. */
static bool
same_signal(int64_t a, int64_t b)
{
	return (a == KERN_INVALID_ADDRESS || a == 13) ==
	    (b == KERN_INVALID_ADDRESS || b == 13);
}

bool
mt_judge_fault(const struct mt_site *site, struct mt_fault fault, int exception,
    const struct mt_answer *code)
{
	const struct mt_answer *must = mt_answer_choose(code);
	const bool right = fault.exception == exception &&
	    (exception == 0 || fault.code == must->value ||
		(fault.by_signal && same_signal(fault.code, must->value)));
	char buffer[512];
	struct mt_text t = MT_TEXT(buffer);

	put_met(&t, fault);
	mt_record_at(site, buffer, mt_verdict(site, right));
	if (right)
		return true;
	t = MT_TEXT(buffer);
	mt_put(&t, site->call);
	mt_put(&t, ": ");
	put_met(&t, fault);
	mt_put(&t, ", must be ");
	put_fault(&t, exception, must->value);
	mt_put_conditions(&t, must);
	mt_fail(site, buffer, "");
	return false;
}

bool
mt_judge_byte(const struct mt_site *site, mach_vm_address_t address,
    uint8_t byte)
{
	const struct mt_fault fault = mt_read(address);
	const bool right = fault.exception == 0 && fault.value == byte;
	char buffer[512], answer[128];
	struct mt_text t = MT_TEXT(buffer), a = MT_TEXT(answer);
	struct mt_text detail = MT_TEXT(detail_buffer);

	if (fault.exception != 0)
		put_met(&a, fault);
	else
		mt_put_hex(&a, fault.value);
	mt_record_at(site, answer, mt_verdict(site, right));
	if (right)
		return true;
	mt_put(&t, site->call);
	mt_put(&t, ": ");
	mt_put(&t, answer);
	mt_put(&t, ", must be ");
	mt_put_hex(&t, byte);
	if (fault.exception != 0)
		put_neighbourhood(&detail, address);
	mt_fail(site, buffer, detail_buffer);
	return false;
}
