/*
 * What MADV_DONTNEED, MADV_FREE_REUSABLE and MADV_FREE_REUSE do to the bytes
 * and to the footprint.  Under Rosetta, whose pages are smaller than the kernel's,
 * FREE_REUSABLE does nothing.
 *
 * Behaviours: madvise-dontneed, behavior-reusable-ok, behavior-reusable-rosetta,
 * madvise-bad-advice.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <errno.h>
#include <mach/mach.h>
#include <mach/task_info.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>

static long
footprint(void)
{
	task_vm_info_data_t info;
	mach_msg_type_number_t count = TASK_VM_INFO_COUNT;
	kern_return_t kr = task_info(mach_task_self(), TASK_VM_INFO,
	    (task_info_t)&info, &count);

	if (kr != KERN_SUCCESS) {
		printf("task_info: %s\n", mach_error_string(kr));
		return 0;
	}
	return (long)(info.phys_footprint >> 20);
}

int
main(void)
{
	const size_t size = 16 << 20;
	long before = footprint();
	char *p = mmap(NULL, size, PROT_READ | PROT_WRITE,
	    MAP_ANON | MAP_PRIVATE, -1, 0);

	memset(p, 'x', size);
	printf("written: %+ld MB\n", footprint() - before);
	printf("DONTNEED: %d", madvise(p, size, MADV_DONTNEED));
	printf(", byte %c\n", p[0]);
	printf("FREE_REUSABLE: %d", madvise(p, size, MADV_FREE_REUSABLE));
	printf(", %+ld MB\n", footprint() - before);
	printf("FREE_REUSE: %d", madvise(p, size, MADV_FREE_REUSE));
	printf(", %+ld MB\n", footprint() - before);
	if (madvise(p, size, 99) == -1)
		printf("99: %s\n", strerror(errno));
	munmap(p, size);
	printf("unmapped: %+ld MB\n", footprint() - before);
	return 0;
}
