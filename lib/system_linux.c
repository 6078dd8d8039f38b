/*
 * The system under test is the model: which one, its start, its processes.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#define _GNU_SOURCE
#include "system.h"

#include <errno.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "mig.h"
#include "numbers.h"
#include "model/calls/boot.h"
#include "model/calls/program.h"
#include "model/vm/commpage.h"
#include "model/vm/release.h"

#if defined(__x86_64__)
#define MACHINE "x86_64"
#else
#define MACHINE "arm64"
#endif

static const struct rules *chosen;
static uint32_t sdk; /* 0: not chosen */
static struct mt_system the_system;

bool
mt_system_choose(const char *release, const char *arch, const char **problem)
{
	static char line[128];
	const struct rules *rules;

	*problem = NULL;
	if (release == NULL)
		release = mt_release_newest();
	if (arch == NULL)
		arch = MACHINE;
	rules = rules_find(release, arch);
	if (rules == NULL)
		snprintf(line, sizeof(line), "no model of macOS %s on %s",
		    release, arch);
	else if (sysconf(_SC_PAGESIZE) > 1L << rules->page_shift)
		snprintf(line, sizeof(line),
		    "a host with pages of %ld bytes "
		    "cannot show %s",
		    sysconf(_SC_PAGESIZE), arch);
	else if (the_system.model && rules != chosen)
		snprintf(line, sizeof(line),
		    "this process already is a model "
		    "of macOS %s on %s",
		    the_system.release, the_system.arch);
	else {
		chosen = rules;
		return true;
	}
	*problem = line;
	return false;
}

/* "12.3.1" as a Mach-O has it, 0: no release. */
static uint32_t
packed(const char *release)
{
	unsigned part[3] = { 0, 0, 0 };
	char rest;
	int n;

	n = sscanf(release, "%5u.%3u.%3u%c", &part[0], &part[1], &part[2],
	    &rest);
	return n < 1 || n > 3 || part[0] > 0xffff || part[1] > 0xff ||
		part[2] > 0xff ?
	    0 :
	    part[0] << 16 | part[1] << 8 | part[2];
}

bool
mt_system_choose_sdk(const char *release)
{
	if (the_system.model)
		return false;
	sdk = packed(release);
	return sdk != 0;
}

bool
mt_system_flavour(unsigned index, const char **release, const char **arch)
{
	static const char *const archs[] = { "x86_64", "arm64", "rosetta" };
	const struct rules *rules;

	for (unsigned i = 0; mt_release_at(i) != NULL; i++) {
		for (unsigned a = 0; a < 3; a++) {
			rules = rules_find(mt_release_at(i), archs[a]);
			if (rules == NULL ||
			    sysconf(_SC_PAGESIZE) > 1L << rules->page_shift ||
			    index-- > 0)
				continue;
			*release = mt_release_at(i);
			*arch = archs[a];
			return true;
		}
	}
	return false;
}

const struct mt_system *
mt_system(void)
{
	static char kernel[128];
	struct mt_system *s = &the_system;
	const char *problem;

	if (s->model)
		return s;
	if (chosen == NULL && !mt_system_choose(NULL, NULL, &problem) &&
	    !mt_system_choose(NULL, "arm64", &problem)) {
		dprintf(STDERR_FILENO, "%s\n", problem);
		_exit(2);
	}
	if (sdk == 0)
		sdk = packed(chosen->release);
	program_sdk = sdk;
	model_boot(chosen);
	snprintf(kernel, sizeof(kernel), "Reference model of xnu-%s for %s%s",
	    chosen->xnu, chosen->arch,
	    chosen->is_translated ? ", translated" : "");
	s->name = "model";
	s->release = chosen->release;
	s->build = "";
	s->kernel = kernel;
	s->arch = chosen->arch;
	s->machine = MACHINE;
	s->translated = chosen->is_translated;
	s->sdk = sdk;
	s->extrapolated = chosen->is_extrapolated;
	s->virtual_machine = false;
	s->privileged = true;
	s->superuser = geteuid() == 0;
	s->page = UINT64_C(1) << chosen->page_shift;
	s->kernel_page = UINT64_C(1) << chosen->kernel_page_shift;
	s->minimum = chosen->min;
	s->maximum = chosen->max;
	s->boot_args = s->sip = "";
	s->no_traps = model_no_traps();
	s->no_comm_page = commpage_missing();
	if (access(".", W_OK) == -1)
		s->no_files = "no file can be made in this folder";
	s->model = true;
	return s;
}

bool
mt_sysctl(const char *name, uint64_t *value)
{
	const struct mt_system *s = mt_system();
	const struct machine *m = commpage_machine();
	const struct {
		const char *name;
		uint64_t value;
	} numbers[] = {
		{ "hw.pagesize", s->page },
		{ "vm.pagesize", s->kernel_page },
		{ "hw.ncpu", m->cpus },
		{ "hw.activecpu", m->cpus },
		{ "hw.physicalcpu", m->cpus },
		{ "hw.physicalcpu_max", m->cpus },
		{ "hw.logicalcpu", m->cpus },
		{ "hw.logicalcpu_max", m->cpus },
		{ "hw.memsize", m->memory },
		{ "hw.cpufamily", m->family },
		{ "hw.cachelinesize", m->cache_line },
		{ "kern.hv_vmm_present", 0 },
		{ "sysctl.proc_translated", s->translated },
	};

	for (unsigned i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++)
		if (strcmp(name, numbers[i].name) == 0) {
			*value = numbers[i].value;
			return true;
		}
	return false;
}

/* ---- processes ----------------------------------------------------------------- */

int
mt_fork(void)
{
	int pid;

	mt_system();
	if ((pid = model_fork()) == 0)
		mt_mig_forked();
	return pid;
}

void
mt_thread_begins(void)
{
	model_thread_begins();
}

uint64_t
mt_now(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
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
	struct pollfd ended = { .events = POLLIN };
	uint64_t end = mt_now() + (uint64_t)seconds * 1000;
	int64_t left;
	siginfo_t info;
	int n;

	ended.fd = syscall(SYS_pidfd_open, child, 0);
	do {
		left = (int64_t)(end - mt_now());
		if (left < 0)
			left = 0;
		/* Without pidfd_open (before 5.3): look every now and then. */
		n = poll(&ended, ended.fd == -1 ? 0 : 1,
		    ended.fd == -1 && left > 5 ? 5 : (int)left);
		if (ended.fd == -1) {
			info.si_pid = 0;
			n = waitid(P_PID, child, &info,
				WEXITED | WNOHANG | WNOWAIT) == -1 ||
			    info.si_pid != 0;
		}
	} while (n <= 0 && left > 0);
	if (ended.fd != -1)
		close(ended.fd);
	return n > 0;
}

int
mt_wait(int child, int seconds)
{
	bool hung = !wait_for(child, seconds);
	int status;

	if (hung)
		model_kill(child);
	while (waitpid(child, &status, 0) == -1)
		if (errno != EINTR)
			return -1;
	model_reaped(child);
	return hung ? -1 : mt_status_to_darwin(status);
}

void
mt_exit(int status)
{
	model_end();
	_exit(status);
}
