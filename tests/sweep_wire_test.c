/*
 * Every trial of ranges and accesses: wire.  The answers: sweeps/wire.txt.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "danger.h"
#include "sources.h"
#include "sweep.h"

MT_SWEEP_FILE(answers, "tests/sweeps/wire.txt");

static void
wire(const struct mt_sweep_trial *t, struct mt_sweep_done *d)
{
	const vm_prot_t access = (vm_prot_t)t->value[2];

	if (mt_danger_wire(mt_system(), t->value[0], t->value[1], access) !=
	    NULL) {
		mt_sweep_not_made(d);
		return;
	}
	d->change = access == VM_PROT_NONE ? MT_SWEEP_NOTHING : MT_SWEEP_WIRE;
	d->dirty = true; /* the memory has objects, and pages */
	mt_sweep_kern(d,
	    t->vm->wire(mach_host_self(), t->self, t->value[0], t->value[1],
		access));
}

MT_CASE(wire, every_range_and_access, "sweep-wire",
    VM_USER_C "mach_vm_wire_external()",
    "mach_vm_wire() of every range with every access answers by its first "
    "defect, and wires the pages that it touches; without access memory that "
    "is not wired stays so.",
    .needs = "privileged")
{
	mt_sweep(vm, self, answers, "wire", wire);
}
