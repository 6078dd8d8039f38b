/*
 * Every trial of places, sizes and offsets, and of protections, flags and
 * descriptors: mmap(2) of anonymous memory.  The answers: sweeps/mmap.txt.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "bsd.h"
#include "sweep.h"

MT_SWEEP_FILE(answers, "tests/sweeps/mmap.txt");

/* Writing or executing asks for reading, too; what is no permission is
 * nothing. */
static vm_prot_t
given(int protection)
{
	const vm_prot_t p = (vm_prot_t)protection & VM_PROT_ALL;

	return (p & (VM_PROT_WRITE | VM_PROT_EXECUTE)) != 0 ? p | VM_PROT_READ :
							      p;
}

/* The page of the stage; what is mapped elsewhere is unmapped, as where it was
 * nobody can say. */
static void
put_place(const struct mt_sweep_trial *t, struct mt_sweep_done *d,
    mach_vm_address_t at, mach_vm_size_t size)
{
	if (at == 0) {
		mt_put(d->text, " at=0");
	} else if (at % mt_page != 0) {
		mt_put(d->text, " at=unaligned");
	} else if (at - t->window < t->pages * mt_page) {
		mt_put(d->text, " at=");
		mt_put_unsigned(d->text, (at - t->window) / mt_page);
	} else {
		mt_put(d->text, " at=found");
		if (stage->deallocate(t->self, at, size) != KERN_SUCCESS)
			mt_put(d->text, " and stays");
	}
}

static void
map_memory(const struct mt_sweep_trial *t, struct mt_sweep_done *d,
    mach_vm_address_t address, mach_vm_size_t size, int protection, int flags,
    int fd, int64_t offset)
{
	int error = 0;
	mach_vm_address_t at;

	if ((flags & MAP_FIXED) != 0 &&
	    !mt_sweep_is_bounded(t, address, size)) {
		mt_sweep_not_made(d);
		return;
	}
	at = (mach_vm_address_t)t->vm->mmap(&error, address, size, protection,
	    flags, fd, offset);
	mt_sweep_errno(d, error);
	if (error != 0)
		return;
	d->change = MT_SWEEP_MAP;
	d->value = mt_sweep_mapping(given(protection), VM_PROT_ALL,
	    (flags & MAP_SHARED) != 0 ? VM_INHERIT_SHARE : VM_INHERIT_COPY);
	d->address = at;
	d->size = size;
	put_place(t, d, at, size);
}

static void
mmap_place(const struct mt_sweep_trial *t, struct mt_sweep_done *d)
{
	map_memory(t, d, t->value[0], t->value[1], READ_WRITE, (int)t->value[2],
	    TAG(MT_TAG - 1), (int64_t)t->value[3]);
}

MT_CASE(mmap, every_address_size_and_offset, "sweep-mmap-place",
    KERN_MMAN_C "mmap()",
    "mmap(2) of anonymous memory at every address, of every size, with every "
    "offset answers by its first defect; MAP_FIXED takes the place that was "
    "asked for, or nothing at all.")
{
	mt_sweep(vm, self, answers, "mmap_place", mmap_place);
}

static void
mmap_kind(const struct mt_sweep_trial *t, struct mt_sweep_done *d)
{
	map_memory(t, d, t->value[0], mt_page, (int)t->value[1],
	    (int)t->value[2], (int)t->value[3], 0);
}

MT_CASE(mmap, every_protection_flag_and_descriptor, "sweep-mmap-kind",
    KERN_MMAN_C "mmap()",
    "mmap(2) with every protection, flag and descriptor answers by its first "
    "defect; anonymous memory has the protection that was asked for, may have "
    "any, and MAP_SHARED makes it be shared with children.")
{
	mt_sweep(vm, self, answers, "mmap_kind", mmap_kind);
}
