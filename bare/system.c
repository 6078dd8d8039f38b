/*
 * The system under test is the kernel below, with nothing beside us.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "system.h"

#include <string.h>

#include "header.h"
#include "mig.h"
#include "trap.h"
#include "unix.h"

/* bsd/sys/sysctl.h */
enum {
	CTL_KERN = 1,
	CTL_HW = 6,
	KERN_OSRELEASE = 2,
	KERN_VERSION = 4,
	KERN_OSVERSION = 65,
	HW_PAGESIZE = 7
};

#if defined(__x86_64__)
#define ARCH	"x86_64"
#define MAXIMUM UINT64_C(0x7fffffe00000)
#else
#define ARCH	"arm64"
#define MAXIMUM UINT64_C(0x7ffffe000000)
#endif
#define BASE UINT64_C(0x100000000) /* of the image: its Mach-O header */

static struct mt_system the_system;

static void
read_string(int second, char *to, size_t size)
{
	const int mib[2] = { CTL_KERN, second };
	size_t length = bare_sysctl(mib, 2, to, size - 1);

	to[length < size ? length : size - 1] = '\0';
	for (char *s = to; *s != '\0'; s++)
		if (*s == '\n')
			*s = ' ';
}

const struct mt_system *
mt_system(void)
{
	static char darwin[32], build[32], version[160];
	const int page[2] = { CTL_HW, HW_PAGESIZE };
	struct mt_system *s = &the_system;
	uint64_t size = 0;

	if (s->name != NULL)
		return s;
	read_string(KERN_OSRELEASE, darwin, sizeof(darwin));
	read_string(KERN_OSVERSION, build, sizeof(build));
	read_string(KERN_VERSION, version, sizeof(version));
	bare_sysctl(page, 2, &size, sizeof(size));
	s->release = mt_release_of_kernel(version, darwin);
	s->extrapolated = !mt_release_until(s->release, mt_release_newest());
	s->build = build;
	s->kernel = version;
	s->arch = s->machine = ARCH;
	s->privileged = s->superuser = true; /* process 1, user 0 */
	s->sdk = mt_header_sdk((const void *)BASE, 4096);
	s->page = s->kernel_page = size != 0 ? (uint32_t)size : 4096;
	s->minimum = BASE;
	s->maximum = MAXIMUM;
	s->boot_args = s->sip = "";
	s->no_files = "the bare image has no file system";
	if (memcmp(version, "Darwin ", 7) != 0)
		s->no_threads = "mach-vm-bare-run has one thread";
	s->name = "bare";
	return s;
}

bool
mt_sysctl(const char *name, uint64_t *value)
{
	const int by_name[2] = { 0, 3 };
	int mib[12];
	uint64_t length = sizeof(mib);
	size_t size;

	*value = 0;
	if (bare_unix(CALL_SYSCTL, (uintptr_t)by_name, 2, (uintptr_t)mib,
		(uintptr_t)&length, (uintptr_t)name, strlen(name), NULL) != 0)
		return false;
	size = bare_sysctl(mib, (unsigned)(length / sizeof(*mib)), value,
	    sizeof(*value));
	return size == 4 || size == 8;
}

/* ---- processes ------------------------------------------------------------- */

int
mt_fork(void)
{
	uint64_t second = 0;
	int64_t pid = bare_unix(CALL_FORK, 0, 0, 0, 0, 0, 0, &second);

	if (pid < 0)
		return -1;
	if (second != 1)
		return (int)pid;
	bare_forked();
	mt_mig_forked();
	return 0;
}

/* Look for the child's end until then. */
static bool
has_ended(int child, int *status, uint64_t end)
{
	while (bare_unix(CALL_WAIT4, (uint64_t)child, (uintptr_t)status,
		   1 /* WNOHANG */, 0, 0, 0, NULL) == 0) {
		if (bare_now() >= end)
			return false;
		bare_sleep(1);
	}
	return true;
}

int
bare_wait(int child, int seconds, int seconds_kill)
{
	int status = 0;

	if (has_ended(child, &status, bare_now() + (uint64_t)seconds * 1000))
		return status;
	bare_unix(CALL_KILL, (uint64_t)child, 9, 1, 0, 0, 0, NULL);
	return has_ended(child, &status,
		   bare_now() + (uint64_t)seconds_kill * 1000) ?
	    -1 :
	    -2;
}

uint64_t
mt_now(void)
{
	return bare_now();
}

void
mt_yield(void)
{
	bare_sleep(1);
}

int
mt_wait(int child, int seconds)
{
	int status = bare_wait(child, seconds, 5);

	return status < 0 ? -1 : status;
}

void
mt_exit(int status)
{
	for (;;)
		bare_unix(CALL_EXIT, (uint64_t)(unsigned)status, 0, 0, 0, 0, 0,
		    NULL);
}

/* ---- what cases ask of libSystem --------------------------------------------- */

mach_port_name_t
mach_task_self(void)
{
	return mt_trap_task_self();
}

mach_port_name_t
mach_thread_self(void)
{
	return mt_trap_thread_self();
}

mach_port_name_t
mach_host_self(void)
{
	return mt_trap_host_self();
}

mach_port_name_t
mach_reply_port(void)
{
	return mt_trap_reply_port();
}

kern_return_t
mach_port_deallocate(mach_port_name_t task, mach_port_name_t name)
{
	return mt_trap_port_deallocate(task, name);
}

kern_return_t
mach_port_mod_refs(mach_port_name_t task, mach_port_name_t name,
    mach_port_right_t right, mach_port_delta_t delta)
{
	return mt_trap_port_mod_refs(task, name, right, delta);
}
