/*
 * Every trial of sources, destinations, flags and protections: remap and
 * remap_new.  The answers: sweeps/remap.txt.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "danger.h"
#include "names.h"
#include "sources.h"
#include "sweep.h"

MT_SWEEP_FILE(answers, "tests/sweeps/remap.txt");

enum { DESTINATION = 10 }; /* the page behind what is mapped */

/* What is asked for, and what is told. */
struct asked {
	mach_vm_address_t to, from;
	mach_vm_size_t size;
	mach_vm_offset_t mask;
	int flags;
	boolean_t copy;
	vm_prot_t current, maximum;
	vm_inherit_t inheritance;
};

/* " at=10" pages of the stage, " at=10+data" the source's byte of a page. */
static void
put_place(const struct mt_sweep_trial *t, struct mt_sweep_done *d,
    const struct asked *a, mach_vm_address_t at)
{
	const uint64_t data = at % mt_page;

	if (at - t->window >= t->pages * mt_page) {
		mt_put(d->text, at == 0 ? " at=0" : " at=found");
		if (stage->deallocate(t->self, at, a->size) != KERN_SUCCESS)
			mt_put(d->text, " and stays");
		return;
	}
	mt_put(d->text, " at=");
	mt_put_unsigned(d->text, (at - t->window) / mt_page);
	if (data != 0)
		mt_put(d->text, data == a->from % mt_page ? "+data" : "+other");
	d->address = at - data;
	d->from = a->from - a->from % mt_page;
	d->size = a->size + data;
}

static void
remap(const struct mt_sweep_trial *t, struct mt_sweep_done *d, bool new_,
    const struct asked *a)
{
	mach_vm_address_t to = a->to;
	vm_prot_t current = a->current, maximum = a->maximum;
	kern_return_t kr;

	if (mt_danger_remap(mt_system(), a->from, a->size) != NULL ||
	    ((a->flags & VM_FLAGS_OVERWRITE) != 0 &&
		!mt_sweep_is_bounded(t, a->to, a->size))) {
		mt_sweep_not_made(d);
		return;
	}
	kr = (new_ ? t->vm->remap_new : t->vm->remap)(t->self, &to, a->size,
	    a->mask, a->flags, t->self, a->from, a->copy, &current, &maximum,
	    a->inheritance);
	mt_sweep_kern(d, kr);
	if (kr != KERN_SUCCESS) {
		if (to != a->to || current != a->current ||
		    maximum != a->maximum)
			mt_put(d->text, " written back");
		return;
	}
	d->change = MT_SWEEP_REMAP;
	d->value = mt_sweep_remapping(a->inheritance);
	if (new_ || (a->flags & VM_FLAGS_RESILIENT_CODESIGN) != 0)
		d->value = mt_sweep_mapping(current, maximum, a->inheritance);
	put_place(t, d, a, to);
	mt_put_char(d->text, ' ');
	mt_put_protection(d->text, current);
	mt_put_char(d->text, '/');
	mt_put_protection(d->text, maximum);
	d->dirty = true; /* the source's objects are shared */
}

/* What the legacy call does not look at. */
#define GARBAGE .current = 0x5100, .maximum = 0x5200

static void
remap_source(const struct mt_sweep_trial *t, struct mt_sweep_done *d)
{
	remap(t, d, false,
	    &(const struct asked){ .from = t->value[0],
		.size = t->value[1],
		.copy = (boolean_t)t->value[2],
		.flags = (int)t->value[3],
		.to = t->window + DESTINATION * mt_page,
		.inheritance = VM_INHERIT_COPY,
		GARBAGE });
}

MT_CASE(remap, every_source_and_size, "sweep-remap-source",
    VM_MAP_C "vm_map_remap_sanitize()",
    "mach_vm_remap() of every source and size, shared and copied, with the "
    "address of the data and without, maps all of it or nothing, and returns the "
    "protections that its regions have in common.")
{
	mt_sweep(vm, self, answers, "remap_source", remap_source);
}

static void
remap_place(const struct mt_sweep_trial *t, struct mt_sweep_done *d)
{
	remap(t, d, false,
	    &(const struct asked){ .to = t->value[0],
		.size = t->value[1],
		.mask = t->value[2],
		.flags = (int)t->value[3],
		.from = t->window + mt_page,
		.inheritance = VM_INHERIT_COPY,
		GARBAGE });
}

MT_CASE(remap, every_destination_size_mask_and_flag, "sweep-remap-place",
    VM_MAP_C "vm_map_locate_space_fixed()",
    "mach_vm_remap() to every destination with every mask and flag answers by "
    "its first defect; the source is taken before the place is judged.")
{
	mt_sweep(vm, self, answers, "remap_place", remap_place);
}

static void
remap_inheritance(const struct mt_sweep_trial *t, struct mt_sweep_done *d)
{
	remap(t, d, false,
	    &(const struct asked){ .from = t->value[0],
		.size = mt_page,
		.copy = (boolean_t)t->value[1],
		.inheritance = (vm_inherit_t)t->value[2],
		.flags = (int)t->value[3],
		.to = t->window + DESTINATION * mt_page,
		GARBAGE });
}

MT_CASE(remap, every_inheritance_of_a_source, "sweep-remap-inheritance",
    VM_MAP_C "vm_map_remap_sanitize()",
    "mach_vm_remap() with every inheritance, shared and copied, of memory of "
    "every protection gives the mapping that inheritance and the source's "
    "protections.")
{
	mt_sweep(vm, self, answers, "remap_inheritance", remap_inheritance);
}

static void
remap_protection(const struct mt_sweep_trial *t, struct mt_sweep_done *d)
{
	remap(t, d, true,
	    &(const struct asked){ .from = t->value[0],
		.size = t->value[1],
		.copy = (boolean_t)t->value[2],
		.inheritance = (vm_inherit_t)t->value[3],
		.current = (vm_prot_t)t->value[4],
		.maximum = (vm_prot_t)t->value[5],
		.flags = VM_FLAGS_FIXED,
		.to = t->window + DESTINATION * mt_page });
}

MT_CASE(remap_new, every_pair_of_protections, "sweep-remap-new",
    VM_USER_C "mach_vm_remap_new_external()",
    "mach_vm_remap_new() with every pair of protections wants a current one "
    "within the maximum, never both to write and to execute, and no more than "
    "every region of the source has, unless it is copied.")
{
	mt_sweep(vm, self, answers, "remap_protection", remap_protection);
}
