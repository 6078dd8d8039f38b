/*
 * Which macOS a program of the kit runs on; the model starts before main().
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kit/kit_linux.h"
#include "system.h"

/* MACH_VM_RELEASE=list: every release and architecture, a line each. */
static void
list(void)
{
	const char *release, *arch;

	for (unsigned i = 0; mt_system_flavour(i, &release, &arch); i++)
		printf("%s %s\n", release, arch);
	exit(0);
}

/* Before the program's own constructors. */
__attribute__((constructor(101))) void
mach_vm_kit_start(void)
{
	const char *release = getenv("MACH_VM_RELEASE");
	const char *arch = getenv("MACH_VM_ARCH"), *problem = NULL;

	if (release != NULL && strcmp(release, "list") == 0)
		list();
	if (!mt_system_choose(release, arch, &problem)) {
		fprintf(stderr, "%s: MACH_VM_RELEASE, MACH_VM_ARCH: %s\n",
		    program_invocation_short_name, problem);
		exit(KIT_NO_SYSTEM);
	}
	mt_system();
	darwin_errno_mark = KIT_ERRNO;
	kit_signals_start();
	errno = 0; /* what starting the model left */
}
