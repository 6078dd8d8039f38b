/*
 * For tests of ATF's: a kernel of a release with its first task.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef MODEL_VM_TEST_BOOT_H
#define MODEL_VM_TEST_BOOT_H

#include <atf-c.h>
#include <unistd.h>

#include "model/host/frame.h"
#include "model/host/lock.h"
#include "model/host/pmap.h"
#include "model/vm/kernel.h"
#include "model/vm/release.h"
#include "model/vm/task.h"
#include "model/vm/vm.h"

/* The task, which is the current one; with the lock held from here on.  Skips
 * the test where the host's pages are larger than the model's. */
static inline struct task *
test_boot(const char *release, const char *arch)
{
	const struct rules *rules = rules_find(release, arch);
	struct task *task;

	ATF_REQUIRE(rules != NULL);
	if (sysconf(_SC_PAGESIZE) > 1L << rules->page_shift)
		atf_tc_skip("a host with pages of %ld bytes cannot show %s",
		    sysconf(_SC_PAGESIZE), arch);
	host_boot(rules->page_shift);
	kernel_lock();
	task = kernel_bootstrap(rules);
	task->pid = getpid();
	current_task = task;
	pmap_adopt(task->pmap);
	return task;
}

#endif
