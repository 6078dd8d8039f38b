/*
 * The system under test is the kernel of the machine.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "system.h"

#include "header.h"
#include "mig.h"
#include "route.h"

#include <errno.h>
#include <mach-o/loader.h>
#include <sched.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/event.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/sysctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/* The program's own header, which the linker defines; mach-o/ldsyms.h has it,
 * but not every set of headers has that. */
extern const struct mach_header_64 _mh_execute_header;

/* libsystem_kernel; no public header declares it. */
int csr_get_active_config(uint32_t *);
int csops(pid_t, unsigned, void *, size_t);

/* osfmk/kern/cs_blobs.h, bsd/sys/codesign.h */
enum { CS_OPS_STATUS = 0, CS_RUNTIME = 0x10000 };

/* What the route unix has of it is laid out as Apple's. */
#define STAT(ours_, apples_)                              \
	_Static_assert(offsetof(struct mt_stat, ours_) == \
		offsetof(struct stat, apples_),           \
	    "struct stat." #apples_)
_Static_assert(sizeof(struct mt_stat) == sizeof(struct stat), "struct stat");
STAT(mode, st_mode);
STAT(links, st_nlink);
STAT(file, st_ino);
STAT(uid, st_uid);
STAT(special, st_rdev);
STAT(size, st_size);
STAT(blocks, st_blocks);
STAT(block_size, st_blksize);

static struct mt_system the_system;

static void
text_of(const char *name, char *text, size_t size)
{
	if (sysctlbyname(name, text, &size, NULL, 0) == -1)
		text[0] = '\0';
	text[strcspn(text, "\n")] = '\0';
}

bool
mt_sysctl(const char *name, uint64_t *value)
{
	union {
		uint32_t small;
		uint64_t large;
	} u = { .large = 0 };
	size_t size = sizeof(u);

	if (sysctlbyname(name, &u, &size, NULL, 0) == -1 ||
	    (size != sizeof(u.small) && size != sizeof(u.large)))
		return false;
	*value = size == sizeof(u.small) ? u.small : u.large;
	return true;
}

static bool
is_set(const char *name)
{
	uint64_t value;

	return mt_sysctl(name, &value) && value != 0;
}

static void
limits(struct mt_system *s)
{
	task_vm_info_data_t info;
	mach_msg_type_number_t count = TASK_VM_INFO_COUNT;

	memset(&info, 0, sizeof(info));
	if (task_info(mach_task_self(), TASK_VM_INFO, (task_info_t)&info,
		&count) == KERN_SUCCESS &&
	    info.max_address != 0) {
		s->minimum = info.min_address;
		s->maximum = info.max_address;
		return;
	}
	s->minimum = 0x100000000;
	s->maximum = strcmp(s->arch, "arm64") == 0 ? 0x00007ffffe000000 :
						     0x00007fffffe00000;
}

static bool
has_limit(int resource)
{
	struct rlimit limit;

	return getrlimit(resource, &limit) == 0 &&
	    limit.rlim_cur != RLIM_INFINITY;
}

/* A process with the hardened runtime has MAP_JIT by entitlement alone. */
static bool
is_hardened(void)
{
	uint32_t status;

	return csops(getpid(), CS_OPS_STATUS, &status, sizeof(status)) == 0 &&
	    (status & CS_RUNTIME) != 0;
}

const struct mt_system *
mt_system(void)
{
	static char release[32], build[32], kernel[256], boot_args[1024];
	char darwin[32];
	static char sip[16];
	struct mt_system *s = &the_system;
	uint32_t config;

	if (s->name != NULL)
		return s;
	text_of("kern.osproductversion", release, sizeof(release));
	text_of("kern.osversion", build, sizeof(build));
	text_of("kern.version", kernel, sizeof(kernel));
	text_of("kern.bootargs", boot_args, sizeof(boot_args));
	if (csr_get_active_config(&config) == 0)
		snprintf(sip, sizeof(sip), "%#x", config);
	s->release = release;
	if (release[0] == '\0') { /* 10.13.3 and before */
		text_of("kern.osrelease", darwin, sizeof(darwin));
		s->release = mt_release_of_kernel(kernel, darwin);
	}
	s->build = build;
	s->kernel = kernel;
#if defined(__x86_64__)
	s->arch = s->machine = "x86_64";
#else
	s->arch = s->machine = "arm64";
#endif
	s->translated = is_set("sysctl.proc_translated");
	s->extrapolated = !mt_release_until(s->release, mt_release_newest());
	s->virtual_machine = is_set("kern.hv_vmm_present");
	s->privileged = s->superuser = geteuid() == 0;
	s->limited = has_limit(RLIMIT_AS) || has_limit(RLIMIT_DATA);
	s->sdk = mt_header_sdk(&_mh_execute_header,
	    sizeof(_mh_execute_header) + _mh_execute_header.sizeofcmds);
	s->page = vm_page_size;
	s->kernel_page = vm_kernel_page_size;
	limits(s);
	if (access(".", W_OK) == -1)
		s->no_files = "no file can be made in this folder";
	if (is_hardened())
		s->no_jit = "a hardened process may have no MAP_JIT memory";
	s->boot_args = boot_args;
	s->sip = sip;
	s->name = "macos";
	return s;
}

bool
mt_system_choose(const char *release, const char *arch, const char **problem)
{
	static char line[128];
	const struct mt_system *s = mt_system();

	*problem = NULL;
	if ((release == NULL ||
		(mt_release_until(s->release, release) &&
		    mt_release_since(s->release, release))) &&
	    (arch == NULL || strcmp(arch, s->arch) == 0 ||
		(s->translated && strcmp(arch, "rosetta") == 0)))
		return true;
	snprintf(line, sizeof(line), "this is macOS %s on %s", s->release,
	    s->arch);
	*problem = line;
	return false;
}

bool
mt_system_choose_sdk(const char *sdk)
{
	(void)sdk;
	return false;
}

bool
mt_system_flavour(unsigned index, const char **release, const char **arch)
{
	const struct mt_system *s = mt_system();

	if (index != 0)
		return false;
	*release = s->release;
	*arch = s->translated ? "rosetta" : s->arch;
	return true;
}

/* ---- processes ----------------------------------------------------------------- */

int
mt_fork(void)
{
	int pid = fork();

	if (pid == 0)
		mt_mig_forked();
	return pid;
}

void
mt_thread_begins(void)
{
}

uint64_t
mt_now(void)
{
	return clock_gettime_nsec_np(CLOCK_UPTIME_RAW) / 1000000;
}

void
mt_yield(void)
{
	sched_yield();
}

/* True when the child has ended within so many seconds; not reaped yet. */
static bool
wait_for(int child, int seconds)
{
	struct timespec limit = { .tv_sec = seconds, .tv_nsec = 0 };
	struct kevent change, event;
	int queue = kqueue(), n;

	EV_SET(&change, (uintptr_t)child, EVFILT_PROC, EV_ADD | EV_ONESHOT,
	    NOTE_EXIT, 0, NULL);
	n = kevent(queue, &change, 1, NULL, 0, NULL);
	if (n == -1 && errno == ESRCH) /* a zombie already */
		n = 1;
	else
		do
			n = kevent(queue, NULL, 0, &event, 1, &limit);
		while (n == -1 && errno == EINTR);
	close(queue);
	return n > 0;
}

int
mt_wait(int child, int seconds)
{
	bool hung = !wait_for(child, seconds);
	int status;

	if (hung)
		kill(child, SIGKILL);
	while (waitpid(child, &status, 0) == -1)
		if (errno != EINTR)
			return -1;
	return hung ? -1 : status;
}

void
mt_exit(int status)
{
	_exit(status);
}
