/*
 * Every trial of protections and inheritance, and of places, masks and flags:
 * map of new memory.  The answers: sweeps/map.txt.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "sources.h"
#include "sweep.h"

MT_SWEEP_FILE(answers, "tests/sweeps/map.txt");

#define TAG ((int)VM_MAKE_TAG(MT_TAG - 1))

/* Into the stage's hole. */
static void
map_protection(const struct mt_sweep_trial *t, struct mt_sweep_done *d)
{
	mach_vm_address_t at = t->window + 4 * mt_page;
	const vm_prot_t current = (vm_prot_t)t->value[0];
	const vm_prot_t maximum = (vm_prot_t)t->value[1];
	const vm_inherit_t inheritance = (vm_inherit_t)t->value[2];

	d->change = MT_SWEEP_MAP;
	d->address = at;
	d->size = mt_page;
	d->value = mt_sweep_mapping(current, maximum, inheritance);
	mt_sweep_kern(d,
	    t->vm->map(t->self, &at, mt_page, 0, VM_FLAGS_FIXED | TAG,
		MACH_PORT_NULL, 0, FALSE, current, maximum, inheritance));
}

MT_CASE(map, every_protection_and_inheritance, "sweep-map-protection",
    VM_MAP_C "vm_map_enter_mem_object()",
    "vm_map of new memory takes every pair of a current and a maximum "
    "protection with every inheritance, limits the current one to the maximum, "
    "and fails with KERN_INVALID_ARGUMENT if one is none.")
{
	mt_sweep(vm, self, answers, "map_protection", map_protection);
}

static void
map_place(const struct mt_sweep_trial *t, struct mt_sweep_done *d)
{
	mach_vm_address_t at = t->value[0];
	const int flags = (int)t->value[3];
	kern_return_t kr;

	if ((flags & VM_FLAGS_OVERWRITE) != 0 &&
	    !mt_sweep_is_bounded(t, t->value[0], t->value[1])) {
		mt_sweep_not_made(d);
		return;
	}
	kr = t->vm->map_anonymous(t->self, &at, t->value[1], t->value[2], flags,
	    VM_PROT_DEFAULT);
	mt_sweep_kern(d, kr);
	if (kr == KERN_SUCCESS || at != t->value[0])
		mt_sweep_address(t, d, "address", at);
	/* the start is cut to its page before the size is added */
	d->change = MT_SWEEP_MAP;
	d->value = mt_sweep_mapping(VM_PROT_DEFAULT, VM_PROT_ALL,
	    VM_INHERIT_COPY);
	d->address -= d->address % mt_page;
}

MT_CASE(map_anonymous, every_address_size_mask_and_flag, "sweep-map-place",
    VM_MAP_C "vm_map_locate_space_fixed()",
    "vm_map of new memory at every fixed address, of every size, with every "
    "mask and flag answers by its first defect, and takes the place that was "
    "asked for or nothing.")
{
	mt_sweep(vm, self, answers, "map_place", map_place);
}
