/*
 * Every trial of addresses, sizes and flags: allocate.  The answers:
 * sweeps/allocate.txt.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "sources.h"
#include "sweep.h"

MT_SWEEP_FILE(answers, "tests/sweeps/allocate.txt");

/* FIXED replaces what is in the stage, and nothing else. */
static bool
is_safe(const struct mt_sweep_trial *t)
{
	return (t->value[2] & VM_FLAGS_OVERWRITE) == 0 ||
	    mt_sweep_is_bounded(t, t->value[0], t->value[1]);
}

/* What was allocated anywhere is given back; where it was nobody can say. */
static void
put_found(const struct mt_sweep_trial *t, struct mt_sweep_done *d,
    mach_vm_address_t at)
{
	mt_put(d->text,
	    at % mt_page == 0 && at != 0 ? " address=found" : " address=wrong");
	if (stage->deallocate(t->self, at, t->value[1]) != KERN_SUCCESS)
		mt_put(d->text, " and stays");
}

static void
allocate(const struct mt_sweep_trial *t, struct mt_sweep_done *d)
{
	mach_vm_address_t at = t->value[0];
	const int flags = (int)t->value[2];
	kern_return_t kr;

	if (!is_safe(t)) {
		mt_sweep_not_made(d);
		return;
	}
	kr = t->vm->allocate(t->self, &at, t->value[1], flags);
	mt_sweep_kern(d, kr);
	if (kr != KERN_SUCCESS) {
		if (at != t->value[0])
			mt_sweep_address(t, d, "address", at);
	} else if (t->value[1] != 0 && (flags & VM_FLAGS_ANYWHERE) != 0) {
		put_found(t, d, at);
	} else {
		mt_sweep_address(t, d, "address", at);
		/* the start is cut to its page before the size is added */
		d->change = MT_SWEEP_MAP;
		d->value = mt_sweep_mapping(VM_PROT_DEFAULT, VM_PROT_ALL,
		    VM_INHERIT_COPY);
		d->address -= d->address % mt_page;
	}
}

MT_CASE(allocate, every_address_size_and_flag, "sweep-allocate",
    VM_KERN_C "mach_vm_allocate_kernel()",
    "vm_allocate of every address and size with every flag answers by its "
    "first defect; FIXED takes the place that was asked for, its start cut to "
    "a page, or nothing at all.")
{
	mt_sweep(vm, self, answers, "allocate", allocate);
}
