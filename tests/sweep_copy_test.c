/*
 * Every trial of sources, destinations and sizes: read, read_overwrite, write
 * and copy of few bytes.  The answers: sweeps/copy.txt.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "danger.h"
#include "sources.h"
#include "sweep.h"

MT_SWEEP_FILE(answers, "tests/sweeps/copy.txt");

static void
read_(const struct mt_sweep_trial *t, struct mt_sweep_done *d)
{
	vm_offset_t data = 0;
	mach_msg_type_number_t count = 0;
	kern_return_t kr;

	kr = t->vm->read(t->self, t->value[0], t->value[1], &data, &count);
	mt_sweep_kern(d, kr);
	if (kr != KERN_SUCCESS)
		return;
	mt_put(d->text,
	    count == 0		     ? " bytes=0" :
		count == t->value[1] ? " bytes=all" :
				       " bytes=some");
	if (count > 0 &&
	    stage->deallocate(t->self, data, count) != KERN_SUCCESS)
		mt_put(d->text, " that stay");
}

MT_CASE(read, every_range, "sweep-read", VM_USER_C "mach_vm_read()",
    "vm_read of every short range answers by its first defect, and gives all "
    "bytes or none.")
{
	mt_sweep(vm, self, answers, "read", read_);
}

static bool
is_dangerous(const struct mt_sweep_trial *t)
{
	return mt_danger_copyin(mt_system(), t->value[0], t->value[1]) != NULL;
}

static void
read_overwrite(const struct mt_sweep_trial *t, struct mt_sweep_done *d)
{
	mach_vm_size_t out = 0x7777;
	kern_return_t kr;

	if (is_dangerous(t)) {
		mt_sweep_not_made(d);
		return;
	}
	kr = t->vm->read_overwrite(t->self, t->value[0], t->value[1],
	    t->value[2], &out);
	mt_sweep_kern(d, kr);
	if (out != (kr == KERN_SUCCESS ? t->value[1] : 0x7777))
		mt_put(d->text, " size=other");
}

MT_CASE(read_overwrite, every_source_size_and_destination,
    "sweep-read-overwrite", VM_USER_C "mach_vm_read_overwrite()",
    "vm_read_overwrite of every short range to every place wants a source that "
    "may be read and a destination that may be written.")
{
	mt_sweep(vm, self, answers, "read_overwrite", read_overwrite);
}

static void
write_(const struct mt_sweep_trial *t, struct mt_sweep_done *d)
{
	static const uint8_t data[0x4000 + 1];

	if (t->value[1] > sizeof(data)) {
		mt_sweep_not_made(d);
		return;
	}
	mt_sweep_kern(d,
	    t->vm->write(t->self, t->value[0], (vm_offset_t)data,
		(mach_msg_type_number_t)t->value[1]));
}

MT_CASE(write, every_range_of_the_destination, "sweep-write",
    VM_USER_C "mach_vm_write()",
    "vm_write of few bytes to every place wants memory that may be written.")
{
	mt_sweep(vm, self, answers, "write", write_);
}

static void
copy(const struct mt_sweep_trial *t, struct mt_sweep_done *d)
{
	if (is_dangerous(t)) {
		mt_sweep_not_made(d);
		return;
	}
	mt_sweep_kern(d,
	    t->vm->copy(t->self, t->value[0], t->value[1], t->value[2]));
}

MT_CASE(copy, every_source_size_and_destination_of_a_copy, "sweep-copy",
    VM_USER_C "mach_vm_copy()",
    "vm_copy of every short range to every place wants a source that may be "
    "read and a destination that may be written.")
{
	mt_sweep(vm, self, answers, "copy", copy);
}
