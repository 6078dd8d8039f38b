/*
 * Every trial of a product of ranges and what else the routine takes: the
 * routines that take a range of a map.  The answers: sweeps/range.txt.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "danger.h"
#include "sources.h"
#include "sweep.h"

MT_SWEEP_FILE(answers, "tests/sweeps/range.txt");

static void
deallocate(const struct mt_sweep_trial *t, struct mt_sweep_done *d)
{
	d->change = MT_SWEEP_REMOVE;
	mt_sweep_kern(d, t->vm->deallocate(t->self, t->value[0], t->value[1]));
}

MT_CASE(deallocate, every_range, "sweep-deallocate",
    VM_USER_C "mach_vm_deallocate()",
    "vm_deallocate of every range, aligned or not, empty, with holes, outside "
    "of the map, or past the end of the address space, answers as the release "
    "does and removes the pages that it touches, no others.")
{
	mt_sweep(vm, self, answers, "deallocate", deallocate);
}

static void
protect(const struct mt_sweep_trial *t, struct mt_sweep_done *d)
{
	const bool maximum = t->value[2] != 0;

	d->change = maximum ? MT_SWEEP_MAXIMUM : MT_SWEEP_PROTECTION;
	d->value = t->value[3];
	mt_sweep_kern(d,
	    t->vm->protect(t->self, t->value[0], t->value[1], maximum,
		(vm_prot_t)t->value[3]));
}

MT_CASE(protect, every_range_and_protection, "sweep-protect",
    VM_MAP_C "vm_map_protect()",
    "vm_protect of every range with every protection, current and maximum, "
    "answers by its first defect, and changes the pages that it touches or "
    "none.")
{
	mt_sweep(vm, self, answers, "protect", protect);
}

static void
inherit(const struct mt_sweep_trial *t, struct mt_sweep_done *d)
{
	d->change = MT_SWEEP_INHERITANCE;
	d->value = t->value[2];
	mt_sweep_kern(d,
	    t->vm->inherit(t->self, t->value[0], t->value[1],
		(vm_inherit_t)t->value[2]));
}

MT_CASE(inherit, every_range_and_inheritance, "sweep-inherit",
    VM_MAP_C "vm_map_inherit()",
    "vm_inherit of every range with every inheritance changes what is mapped "
    "there, and splits regions at both ends for good.")
{
	mt_sweep(vm, self, answers, "inherit", inherit);
}

static void
behavior_set(const struct mt_sweep_trial *t, struct mt_sweep_done *d)
{
	d->change = MT_SWEEP_BEHAVIOR;
	d->value = t->value[2];
	d->dirty = true; /* pages, wired pages to be zeroed: not in the map */
	if (t->value[2] > VM_BEHAVIOR_RSEQNTL)
		d->change = MT_SWEEP_NOTHING;
	mt_sweep_kern(d,
	    t->vm->behavior_set(t->self, t->value[0], t->value[1],
		(vm_behavior_t)t->value[2]));
}

MT_CASE(behavior_set, every_range_and_behavior, "sweep-behavior",
    VM_MAP_C "vm_map_behavior_set()",
    "vm_behavior_set of every range with every behavior, known or not, answers "
    "by its first defect, and stores the behavior where it is one that is "
    "stored.")
{
	mt_sweep(vm, self, answers, "behavior_set", behavior_set);
}

static void
sync_range(const struct mt_sweep_trial *t, struct mt_sweep_done *d)
{
	if (mt_danger_msync(NULL, t->value[0], t->value[1],
		(vm_sync_t)t->value[2]) != NULL) {
		mt_sweep_not_made(d);
		return;
	}
	mt_sweep_kern(d,
	    t->vm->msync(t->self, t->value[0], t->value[1],
		(vm_sync_t)t->value[2]));
}

MT_CASE(msync, every_range_and_flags, "sweep-msync", VM_MAP_C "vm_map_msync()",
    "vm_msync of every range with every flag minds a hole only if the range is "
    "to be CONTIGUOUS.")
{
	mt_sweep(vm, self, answers, "msync", sync_range);
}

static void
machine_attribute(const struct mt_sweep_trial *t, struct mt_sweep_done *d)
{
	vm_machine_attribute_val_t value = (vm_machine_attribute_val_t)
					       t->value[3];

	mt_sweep_kern(d,
	    t->vm->machine_attribute(t->self, t->value[0], t->value[1],
		(vm_machine_attribute_t)t->value[2], &value));
}

MT_CASE(machine_attribute, every_range_and_attribute, "sweep-machine-attribute",
    VM_MAP_C "vm_map_machine_attribute()",
    "vm_machine_attribute of every range supports the attribute CACHE alone, "
    "and requires a range without holes for it.")
{
	mt_sweep(vm, self, answers, "machine_attribute", machine_attribute);
}
