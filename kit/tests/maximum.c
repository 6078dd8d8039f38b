/*
 * What may become of a mapping of a file that was opened for reading only?
 * Shared it is never written; private it is.
 *
 * Behaviours: reported-09, mmap-file-max, mmap-file-private-write.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <errno.h>
#include <fcntl.h>
#include <mach/mach.h>
#include <mach/mach_vm.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

static void
attempt(const char *what, int fd, int flags)
{
	size_t page = (size_t)getpagesize();
	char *p = mmap(NULL, page, PROT_READ, flags, fd, 0), text[2] = "";
	mach_vm_address_t at = (mach_vm_address_t)p;
	mach_vm_size_t size;
	vm_region_basic_info_data_64_t info;
	mach_msg_type_number_t count = VM_REGION_BASIC_INFO_COUNT_64;
	mach_port_t name;

	if (p == MAP_FAILED) {
		perror(what);
		return;
	}
	mach_vm_region(mach_task_self(), &at, &size, VM_REGION_BASIC_INFO_64,
	    (vm_region_info_t)&info, &count, &name);
	printf("%s: maximum %c%c%c", what,
	    info.max_protection & VM_PROT_READ ? 'r' : '-',
	    info.max_protection & VM_PROT_WRITE ? 'w' : '-',
	    info.max_protection & VM_PROT_EXECUTE ? 'x' : '-');
	if (mprotect(p, page, PROT_READ | PROT_WRITE) == -1) {
		printf(", mprotect: %s\n", strerror(errno));
		return;
	}
	p[0] = 'J';
	pread(fd, text, 1, 0);
	printf(", written %c, file %s\n", p[0], text);
}

int
main(void)
{
	char path[] = "/tmp/reproducer.XXXXXX";
	int fd = mkstemp(path);

	if (write(fd, "hello\n", 6) != 6)
		return perror("write"), 1;
	close(fd);
	fd = open(path, O_RDONLY);
	attempt("shared", fd, MAP_SHARED);
	attempt("private", fd, MAP_PRIVATE);
	unlink(path);
	return 0;
}
