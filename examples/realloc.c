/*
 * realloc by virtual memory on macOS, in C.
 *
 * Since macOS 26.4 the kernel has it: mach_vm_reallocate grows a range in
 * place when the pages above it are free, and else moves its pages without
 * copying a byte.
 *
 * Before, a region grows by asking for the pages exactly above it.  When they
 * are free the kernel gives them and, if it can, makes one region of both;
 * when they are taken the answer is KERN_NO_SPACE, and the content moves to a
 * larger place with mach_vm_copy, which copies no byte until one side is
 * written.
 *
 * Which of the two is found out when the program runs: it builds with every
 * SDK and works on every release.
 *
 * On macOS:	cc realloc.c -o realloc && ./realloc
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <dlfcn.h>
#include <mach/mach.h>
#include <mach/mach_vm.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>

/* As the SDK of macOS 26.4 declares it. */
typedef kern_return_t reallocate_t(mach_port_t, mach_vm_address_t source,
    mach_vm_size_t, mach_vm_address_t *destination, mach_vm_size_t,
    mach_vm_offset_t mask, int options, int flags);

static const int large = (int)(VM_FLAGS_ANYWHERE |
    VM_MAKE_TAG(VM_MEMORY_MALLOC_LARGE));

static int
has_limit(int resource)
{
	struct rlimit limit;

	return getrlimit(resource, &limit) != 0 ||
	    limit.rlim_cur != RLIM_INFINITY;
}

/* NULL: this release has none, or it is better not called: with a limit on
 * the address space 26.4 and 26.5 do not come back from it. */
static reallocate_t *
find_reallocate(void)
{
	void *found = dlsym(RTLD_DEFAULT, "mach_vm_reallocate");
	reallocate_t *reallocate;

	if (has_limit(RLIMIT_AS) || has_limit(RLIMIT_DATA))
		return NULL;
	memcpy(&reallocate, &found, sizeof(reallocate));
	return reallocate;
}

/* The older way. */
static kern_return_t
grow_by_hand(mach_vm_address_t *address, mach_vm_size_t from, mach_vm_size_t to)
{
	mach_vm_address_t above = *address + from, moved = 0;
	kern_return_t error;

	/* VM_MEMORY_REALLOC joins a region of any tag, up to 128 MiB, and
	 * VM_FLAGS_FIXED without VM_FLAGS_OVERWRITE never replaces. */
	error = mach_vm_allocate(mach_task_self(), &above, to - from,
	    (int)(VM_FLAGS_FIXED | VM_MAKE_TAG(VM_MEMORY_REALLOC)));
	if (error != KERN_NO_SPACE)
		return error;

	error = mach_vm_allocate(mach_task_self(), &moved, to, large);
	if (error != KERN_SUCCESS)
		return error;
	error = mach_vm_copy(mach_task_self(), *address, from, moved);
	if (error != KERN_SUCCESS) {
		mach_vm_deallocate(mach_task_self(), moved, to);
		return error;
	}
	error = mach_vm_deallocate(mach_task_self(), *address, from);
	*address = moved;
	return error;
}

static const char *grown_by;

/*
 * Change the size of the range at *address from `from` to `to` bytes, both
 * multiples of the page size.  *address changes when the range moved.  On
 * any error the range is as it was.
 */
static kern_return_t
vm_realloc(mach_vm_address_t *address, mach_vm_size_t from, mach_vm_size_t to)
{
	reallocate_t *reallocate = find_reallocate();
	mach_vm_address_t grown = 0;

	if (to == from)
		return KERN_SUCCESS;
	if (to < from)
		return mach_vm_deallocate(mach_task_self(), *address + to,
		    from - to);

	/* Some sandboxes refuse it; the range is as it was then. */
	grown_by = "mach_vm_reallocate";
	if (reallocate != NULL &&
	    reallocate(mach_task_self(), *address, from, &grown, to, 0, 0,
		large) == KERN_SUCCESS) {
		*address = grown;
		return KERN_SUCCESS;
	}
	grown_by = "mach_vm_allocate";
	return grow_by_hand(address, from, to);
}

static int
failed(const char *what, kern_return_t error)
{
	if (error == KERN_SUCCESS)
		return 0;
	fprintf(stderr, "realloc: %s: error %d\n", what, error);
	return 1;
}

int
main(void)
{
	mach_vm_size_t page = vm_page_size;
	mach_vm_address_t memory = 0, first, blocker;

	if (failed("allocate",
		mach_vm_allocate(mach_task_self(), &memory, 2 * page, large)))
		return 1;
	*(volatile char *)memory = 'x';

	/* Shrinking frees the tail, so growing again finds the place free. */
	if (failed("shrink", vm_realloc(&memory, 2 * page, page)))
		return 1;
	first = memory;
	if (failed("grow", vm_realloc(&memory, page, 2 * page)))
		return 1;
	printf("grown %s by %s\n", memory == first ? "in place" : "and moved",
	    grown_by);

	/* With the place above taken, the range has to move. */
	blocker = memory + 2 * page;
	mach_vm_allocate(mach_task_self(), &blocker, page, VM_FLAGS_FIXED);
	first = memory;
	if (failed("grow", vm_realloc(&memory, 2 * page, 4 * page)))
		return 1;
	printf("grown %s by %s, first byte '%c'\n",
	    memory == first ? "in place" : "and moved", grown_by,
	    *(volatile char *)memory);

	/* However many times it grew, it is released as one. */
	if (failed("release",
		mach_vm_deallocate(mach_task_self(), memory, 4 * page)))
		return 1;
	puts("released");
	return 0;
}
