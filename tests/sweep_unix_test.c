/*
 * Every trial of a product of ranges and what else the call takes: BSD calls.
 * The answers: sweeps/unix.txt.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "danger.h"
#include "sources.h"
#include "sweep.h"

MT_SWEEP_FILE(answers, "tests/sweeps/unix.txt");

static void
munmap_(const struct mt_sweep_trial *t, struct mt_sweep_done *d)
{
	int error = 0;

	d->change = MT_SWEEP_REMOVE;
	(void)t->vm->munmap(&error, t->value[0], t->value[1]);
	mt_sweep_errno(d, error);
}

MT_CASE(munmap, every_range_is_unmapped, "sweep-munmap", KERN_MMAN_C "munmap()",
    "munmap(2) of every range answers as the release does and removes the pages "
    "that it touches, no others.")
{
	mt_sweep(vm, self, answers, "munmap", munmap_);
}

/* Writing or executing asks for reading, too. */
static vm_prot_t
with_read(uint64_t protection)
{
	const vm_prot_t p = (vm_prot_t)protection & VM_PROT_ALL;

	return (p & (VM_PROT_WRITE | VM_PROT_EXECUTE)) != 0 ? p | VM_PROT_READ :
							      p;
}

static void
mprotect_(const struct mt_sweep_trial *t, struct mt_sweep_done *d)
{
	int error = 0;

	d->change = MT_SWEEP_PROTECTION;
	d->value = (uint64_t)with_read(t->value[2]);
	(void)t->vm->mprotect(&error, t->value[0], t->value[1],
	    (int)t->value[2]);
	mt_sweep_errno(d, error);
}

MT_CASE(mprotect, every_range_and_protection, "sweep-mprotect",
    KERN_MMAN_C "mprotect()",
    "mprotect(2) of every range with every protection answers by its first "
    "defect; PROT_WRITE or PROT_EXEC gives PROT_READ, too.")
{
	mt_sweep(vm, self, answers, "mprotect", mprotect_);
}

static void
minherit_(const struct mt_sweep_trial *t, struct mt_sweep_done *d)
{
	int error = 0;

	d->change = MT_SWEEP_INHERITANCE;
	d->value = t->value[2];
	(void)t->vm->minherit(&error, t->value[0], t->value[1],
	    (int)t->value[2]);
	mt_sweep_errno(d, error);
}

MT_CASE(minherit, every_range_and_inheritance, "sweep-minherit",
    KERN_MMAN_C "minherit()",
    "minherit(2) of every range with every inheritance changes what is mapped "
    "there.")
{
	mt_sweep(vm, self, answers, "minherit", minherit_);
}

static void
madvise_(const struct mt_sweep_trial *t, struct mt_sweep_done *d)
{
	int error = 0;

	d->dirty = true;
	d->value = t->value[2]; /* 0 to 2 are the behaviors' numbers */
	if (t->value[2] <= VM_BEHAVIOR_SEQUENTIAL)
		d->change = MT_SWEEP_BEHAVIOR;
	(void)t->vm->madvise(&error, t->value[0], t->value[1],
	    (int)t->value[2]);
	mt_sweep_errno(d, error);
}

MT_CASE(madvise, every_range_and_advice, "sweep-madvise",
    KERN_MMAN_C "madvise()",
    "madvise(2) of every range with every advice, known or not, answers by its "
    "first defect.")
{
	mt_sweep(vm, self, answers, "madvise", madvise_);
}

static void
msync_(const struct mt_sweep_trial *t, struct mt_sweep_done *d)
{
	int error = 0;

	if (mt_danger_msync(NULL, t->value[0], t->value[1],
		VM_SYNC_KILLPAGES) != NULL) {
		mt_sweep_not_made(d);
		return;
	}
	(void)t->vm->bsd_msync(&error, t->value[0], t->value[1],
	    (int)t->value[2]);
	mt_sweep_errno(d, error);
}

MT_CASE(bsd_msync, every_range_and_flags, "sweep-bsd-msync",
    KERN_MMAN_C "msync()",
    "msync(2) of every range with every flag wants whole pages without a hole.")
{
	mt_sweep(vm, self, answers, "bsd_msync", msync_);
}

/* How many bytes of the vector were written, each as of a page that nobody
 * touched. */
static void
put_bytes(struct mt_sweep_done *d, const uint8_t *vector, unsigned size)
{
	unsigned n = 0;

	while (n < size && vector[n] == 0x80)
		n++;
	mt_put(d->text, " bytes=");
	mt_put_unsigned(d->text, n);
	for (; n < size; n++)
		if (vector[n] != 0x55) {
			mt_put(d->text, " and others");
			return;
		}
}

static void
mincore_(const struct mt_sweep_trial *t, struct mt_sweep_done *d)
{
	static uint8_t vector[64];
	int error = 0;

	for (unsigned i = 0; i < sizeof(vector); i++)
		vector[i] = 0x55;
	(void)t->vm->mincore(&error, t->value[0], t->value[1],
	    (uintptr_t)vector);
	mt_sweep_errno(d, error);
	if (error == 0)
		put_bytes(d, vector, sizeof(vector));
}

MT_CASE(mincore, every_range_is_reported, "sweep-mincore",
    KERN_MMAN_C "mincore()",
    "mincore(2) of every range writes a byte for each page that it touches, "
    "mapped or not.")
{
	mt_sweep(vm, self, answers, "mincore", mincore_);
}

static void
mlock_(const struct mt_sweep_trial *t, struct mt_sweep_done *d)
{
	int error = 0;

	d->change = MT_SWEEP_WIRE;
	(void)t->vm->mlock(&error, t->value[0], t->value[1]);
	mt_sweep_errno(d, error);
}

MT_CASE(mlock, every_range_is_wired, "sweep-mlock", KERN_MMAN_C "mlock()",
    "mlock(2) of every range wires the pages that it touches; a range outside of "
    "the map is none.")
{
	mt_sweep(vm, self, answers, "mlock", mlock_);
}

static void
munlock_(const struct mt_sweep_trial *t, struct mt_sweep_done *d)
{
	int error = 0;

	(void)t->vm->munlock(&error, t->value[0], t->value[1]);
	mt_sweep_errno(d, error);
}

MT_CASE(munlock, every_range_stays_unwired, "sweep-munlock",
    KERN_MMAN_C "munlock()",
    "munlock(2) of every range of memory that is not wired succeeds unless it "
    "begins in a hole, and changes nothing.")
{
	mt_sweep(vm, self, answers, "munlock", munlock_);
}
