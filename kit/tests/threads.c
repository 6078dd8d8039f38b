/*
 * Threads that grow one block until the place behind it is taken: exactly one
 * gets each page.
 *
 * Behaviours: s1-extend-fails-clean.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <mach/mach.h>
#include <mach/mach_vm.h>
#include <pthread.h>
#include <stdio.h>

enum { THREADS = 4, PAGES = 200 };
static mach_vm_address_t base;
static int got[THREADS], lost[THREADS];

static void *
run(void *argument)
{
	long me = (long)argument;

	for (int i = 1; i < PAGES; i++) {
		mach_vm_address_t at = base + i * PAGE_SIZE;

		switch (mach_vm_allocate(mach_task_self(), &at, PAGE_SIZE,
		    VM_FLAGS_FIXED)) {
		case KERN_SUCCESS:
			got[me]++;
			*(char *)at = 1;
			break;
		case KERN_NO_SPACE:
			lost[me]++;
		}
	}
	return NULL;
}

int
main(void)
{
	pthread_t threads[THREADS];
	int sum = 0, both = 0;

	mach_vm_allocate(mach_task_self(), &base, PAGES * PAGE_SIZE,
	    VM_FLAGS_ANYWHERE);
	mach_vm_deallocate(mach_task_self(), base + PAGE_SIZE,
	    (PAGES - 1) * PAGE_SIZE);
	for (long i = 0; i < THREADS; i++)
		pthread_create(&threads[i], NULL, run, (void *)i);
	for (int i = 0; i < THREADS; i++) {
		pthread_join(threads[i], NULL);
		sum += got[i];
		both += lost[i];
	}
	printf("pages %d, refused %d\n", sum, both);
	return 0;
}
