/*
 * Every trial of addresses and what else a query takes: region, page_query,
 * and purgable_control of memory that is not purgeable.  The answers:
 * sweeps/query.txt.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "sources.h"
#include "sweep.h"

MT_SWEEP_FILE(answers, "tests/sweeps/query.txt");

enum { WORDS = 16 };

static void
put_place(const struct mt_sweep_trial *t, struct mt_sweep_done *d,
    mach_vm_address_t address, mach_vm_size_t size)
{
	if (address - t->window >= t->pages * mt_page) {
		mt_put(d->text, " elsewhere");
		return;
	}
	mt_put(d->text, " page=");
	mt_put_unsigned(d->text, (address - t->window) / mt_page);
	mt_put(d->text, " pages=");
	mt_put_unsigned(d->text, size / mt_page);
}

static void
region(const struct mt_sweep_trial *t, struct mt_sweep_done *d)
{
	mach_vm_address_t address = t->value[0];
	mach_vm_size_t size = 0;
	natural_t info[WORDS];
	mach_msg_type_number_t count = (mach_msg_type_number_t)t->value[2];
	mach_port_name_t name = MACH_PORT_NULL;
	kern_return_t kr;

	kr = t->vm->region(t->self, &address, &size,
	    (vm_region_flavor_t)t->value[1], (vm_region_info_t)info, &count,
	    &name);
	mt_sweep_kern(d, kr);
	if (kr != KERN_SUCCESS)
		return;
	mt_put(d->text, " words=");
	mt_put_unsigned(d->text, count);
	put_place(t, d, address, size);
	if (name != MACH_PORT_NULL)
		mt_put(d->text, " named");
}

MT_CASE(region, every_address_flavor_and_count, "sweep-region",
    VM_MAP_C "vm_map_region()",
    "vm_region of every address with every flavor and count gives the region "
    "there or the next one above; an unknown flavor, or too few words, fails "
    "before the address is checked.")
{
	mt_sweep(vm, self, answers, "region", region);
}

static void
page_query(const struct mt_sweep_trial *t, struct mt_sweep_done *d)
{
	integer_t disposition = -1, references = -1;
	kern_return_t kr;

	kr = t->vm->page_query(t->self, t->value[0], &disposition, &references);
	mt_sweep_kern(d, kr);
	if (kr != KERN_SUCCESS)
		return;
	mt_put(d->text, " disposition=");
	mt_put_decimal(d->text, disposition);
	if (references != 0)
		mt_put(d->text, " referenced");
}

MT_CASE(page_query, every_address, "sweep-page-query",
    VM_MAP_C "vm_map_page_range_info_internal()",
    "vm_map_page_query of every address, mapped or not, says nothing of a page "
    "that nobody touched; the last page of the address space fails.")
{
	mt_sweep(vm, self, answers, "page_query", page_query);
}

static void
purgable_control(const struct mt_sweep_trial *t, struct mt_sweep_done *d)
{
	int state = (int)t->value[2];

	if (t->value[1] == VM_PURGABLE_PURGE_ALL) {
		mt_sweep_not_made(d);
		return;
	}
	mt_sweep_kern(d,
	    t->vm->purgable_control(t->self, t->value[0],
		(vm_purgable_t)t->value[1], &state));
	if (state != (int)t->value[2])
		mt_put(d->text, " state changed");
}

MT_CASE(purgable_control, every_address_control_and_state, "sweep-purgable",
    VM_MAP_C "vm_map_purgable_control()",
    "vm_purgable_control of memory that is not purgeable judges control and "
    "state first, then the address, then the protection, then the memory.")
{
	mt_sweep(vm, self, answers, "purgable_control", purgable_control);
}
