/*
 * A child that stays, and its task port.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef TESTS_OTHERS_H
#define TESTS_OTHERS_H

#include "stage.h"
#include "trap.h"

/* What parent and child write for each other, in memory that they share. */
struct talk {
	volatile int pid;  /* of the child, once it runs */
	volatile int done; /* the parent has finished */
};

static inline struct talk *
talk(mach_port_name_t self)
{
	mach_vm_address_t page = mt_pages(1);

	TOUCH(page, 0);
	MT_REQUIRE(stage->inherit(self, page, mt_page, VM_INHERIT_SHARE),
	    KERN_SUCCESS);
	return (struct talk *)(uintptr_t)page;
}

/* The child: write its pid, and live until the parent has finished. */
static inline void
stay(struct talk *talk, mach_port_name_t self)
{
	struct mt_registers registers = { .flags = 0 };
	int pid = 0;
	uint64_t arguments[] = { self, (uintptr_t)&pid };

	/* pid_for_task */
	mt_registers_mach(&registers, 46, arguments, 2);
	mt_trap_raw(&registers);
	MT_REQUIRE_TRUE(pid != 0);
	talk->pid = pid;
	AWAIT(talk->done != 0);
}

/* The task of a process, MACH_PORT_NULL where it is not given: task_for_pid. */
static inline mach_port_name_t
task_of(mach_port_name_t self, int pid)
{
	struct mt_registers registers = { .flags = 0 };
	mach_port_name_t task = MACH_PORT_NULL;
	const uint64_t arguments[] = { self, (uint64_t)pid, (uintptr_t)&task };

	mt_registers_mach(&registers, 45, arguments, 3);
	mt_trap_raw(&registers);
	return mt_registers_result(&registers) == KERN_SUCCESS ? task :
								 MACH_PORT_NULL;
}

/* The parent: the child's task, once it runs. */
static inline mach_port_name_t
child_task(struct talk *talk, mach_port_name_t self)
{
	mach_port_name_t task;

	AWAIT(talk->pid != 0);
	task = task_of(self, talk->pid);
	if (task == MACH_PORT_NULL) {
		talk->done = 1;
		mt_skip("this system gives no task port of a child");
	}
	return task;
}

#endif
