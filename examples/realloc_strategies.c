/*
 * Ways to make a block of pages larger by virtual memory.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <dlfcn.h>
#include <mach/mach.h>
#include <mach/mach_vm.h>
#include <string.h>
#include <sys/mman.h>

#include "realloc_strategies.h"

#define LARGE (VM_FLAGS_ANYWHERE | (int)VM_MAKE_TAG(VM_MEMORY_MALLOC_LARGE))

static void *
elsewhere(size_t size)
{
	mach_vm_address_t address = 0;

	return mach_vm_allocate(mach_task_self(), &address, size, LARGE) ==
		KERN_SUCCESS ?
	    (void *)(uintptr_t)address :
	    NULL;
}

static void
release(void *block, size_t size)
{
	mach_vm_deallocate(mach_task_self(), (uintptr_t)block, size);
}

void *
grow_in_place(void *old, size_t from, size_t to)
{
	mach_vm_address_t above = (uintptr_t)old + from;

	/* FIXED without OVERWRITE replaces nothing: KERN_NO_SPACE.  With the
	 * tag REALLOC old and new become one region, up to 128 MiB. */
	return mach_vm_allocate(mach_task_self(), &above, to - from,
		   VM_FLAGS_FIXED | (int)VM_MAKE_TAG(VM_MEMORY_REALLOC)) ==
		KERN_SUCCESS ?
	    old :
	    NULL;
}

void *
grow_by_hint(void *old, size_t from, size_t to)
{
	char *above = (char *)old + from;
	void *got = mmap(above, to - from, PROT_READ | PROT_WRITE,
	    MAP_PRIVATE | MAP_ANON, -1, 0);

	if (got == above)
		return old;
	if (got != MAP_FAILED)
		munmap(got, to - from);
	return grow_by_memcpy(old, from, to);
}

void *
grow_by_vm_copy(void *old, size_t from, size_t to)
{
	void *new = elsewhere(to);

	if (new == NULL)
		return NULL;
	if (mach_vm_copy(mach_task_self(), (uintptr_t)old, from,
		(uintptr_t) new) != KERN_SUCCESS) {
		release(new, to);
		return NULL;
	}
	release(old, from);
	return new;
}

void *
grow_by_remap(void *old, size_t from, size_t to)
{
	void *new = elsewhere(to);
	mach_vm_address_t at = (uintptr_t) new;
	vm_prot_t current, maximum;

	if (new == NULL)
		return NULL;
	/* VM_INHERIT_COPY: a child is to have a copy of it, as of any. */
	if (mach_vm_remap(mach_task_self(), &at, from, 0,
		VM_FLAGS_FIXED | VM_FLAGS_OVERWRITE, mach_task_self(),
		(uintptr_t)old, FALSE, &current, &maximum,
		VM_INHERIT_COPY) != KERN_SUCCESS) {
		release(new, to);
		return NULL;
	}
	release(old, from);
	return new;
}

void *
grow_by_memcpy(void *old, size_t from, size_t to)
{
	void *new = elsewhere(to);

	if (new == NULL)
		return NULL;
	memcpy(new, old, from);
	release(old, from);
	return new;
}

/* As the SDK of macOS 26.4 declares it. */
typedef kern_return_t reallocate_t(mach_port_t, mach_vm_address_t source,
    mach_vm_size_t, mach_vm_address_t *destination, mach_vm_size_t,
    mach_vm_offset_t mask, int options, int flags);

void *
grow_by_reallocate(void *old, size_t from, size_t to)
{
	static reallocate_t *reallocate;
	mach_vm_address_t at = 0;
	void *found;

	/* Not where the process has a limit on its address space: see Dangers
	 * in tests/README.md. */
	if (reallocate == NULL) {
		found = dlsym(RTLD_DEFAULT, "mach_vm_reallocate");
		memcpy(&reallocate, &found, sizeof(reallocate));
	}
	return reallocate != NULL &&
		reallocate(mach_task_self(), (uintptr_t)old, from, &at, to, 0,
		    0, LARGE) == KERN_SUCCESS ?
	    (void *)(uintptr_t)at :
	    NULL;
}

void *
reserve(size_t largest, size_t size)
{
	void *block = mmap(NULL, largest, PROT_NONE, MAP_PRIVATE | MAP_ANON, -1,
	    0);

	if (block == MAP_FAILED)
		return NULL;
	if (mprotect(block, size, PROT_READ | PROT_WRITE) != 0) {
		munmap(block, largest);
		return NULL;
	}
	return block;
}

void *
grow_by_commit(void *old, size_t from, size_t to)
{
	return mprotect((char *)old + from, to - from,
		   PROT_READ | PROT_WRITE) == 0 ?
	    old :
	    NULL;
}
