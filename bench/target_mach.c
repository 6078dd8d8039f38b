/*
 * Mach's ways, on a Mac's kernel or on the model.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <mach/mach.h>
#include <mach/mach_vm.h>
#include <stdio.h>
#include <sys/resource.h>

#include "bench/bench.h"
#include "examples/realloc_strategies.h"
#include "system.h"

static void *
make(size_t size, size_t largest)
{
	mach_vm_address_t address = 0;

	(void)largest;
	return mach_vm_allocate(mach_task_self(), &address, size,
		   VM_FLAGS_ANYWHERE |
		       (int)VM_MAKE_TAG(VM_MEMORY_MALLOC_LARGE)) ==
		KERN_SUCCESS ?
	    (void *)(uintptr_t)address :
	    NULL;
}

static void *
make_reserved(size_t size, size_t largest)
{
	return reserve(largest, size);
}

static void
release(void *block, size_t size, size_t largest)
{
	(void)largest;
	mach_vm_deallocate(mach_task_self(), (uintptr_t)block, size);
}

static void
release_reserved(void *block, size_t size, size_t largest)
{
	(void)size;
	mach_vm_deallocate(mach_task_self(), (uintptr_t)block, largest);
}

/* What a program does that has nothing better than the first. */
static void *
in_place_or_vm_copy(void *old, size_t from, size_t to)
{
	void *new = grow_in_place(old, from, to);

	return new != NULL ? new : grow_by_vm_copy(old, from, to);
}

static const struct strategy strategies[] = {
	{ "in place, else vm_copy", make, in_place_or_vm_copy, release },
	{ "mmap hint, else memcpy", make, grow_by_hint, release },
	{ "vm_copy", make, grow_by_vm_copy, release },
	{ "remap", make, grow_by_remap, release },
	{ "memcpy", make, grow_by_memcpy, release },
	{ "reserve and commit", make_reserved, grow_by_commit,
	    release_reserved },
	{ "mach_vm_reallocate", make, grow_by_reallocate, release },
	{ NULL, NULL, NULL, NULL },
};

static bool
occupy(void *at, size_t size)
{
	mach_vm_address_t address = (uintptr_t)at;

	return mach_vm_allocate(mach_task_self(), &address, size,
		   VM_FLAGS_FIXED) == KERN_SUCCESS;
}

static long
faults(void)
{
	struct rusage usage;

	return mt_system()->model || getrusage(RUSAGE_SELF, &usage) != 0 ?
	    -1 :
	    usage.ru_minflt + usage.ru_majflt;
}

struct target
target_mach(void)
{
	static char name[160];
	const struct mt_system *s = mt_system();

	snprintf(name, sizeof(name), "%smacOS %s, %s",
	    s->model ? "MODEL of " : "", s->release,
	    s->translated ? "rosetta" : s->arch);
	return (struct target){ name, s->model, s->page, strategies, occupy,
		faults };
}
