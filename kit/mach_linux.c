/*
 * What libSystem has of Mach beside the routines of the VM: names of errors,
 * time, a task's counts.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#define _GNU_SOURCE
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

#include "kit/include/kit.h"
#include "mig.h"
#include "trap.h"
#include "model/calls/message.h"
#include "model/vm/task.h"
#include "model/vm/vm.h"
#include "system.h"

/* ---- errors --------------------------------------------------------------------- */

/* The words of libsyscall/mach/err_kern.sub, err_mach_ipc.sub and
 * err_ipc.sub, which programs print. */
static const char *const kern[] = {
	"successful",
	"invalid address",
	"protection failure",
	"no space available",
	"invalid argument",
	"failure",
	"resource shortage",
	"not receiver",
	"no access",
	"memory failure",
	"memory error",
	"already in set",
	"not in set",
	"name exists",
	"aborted",
	"invalid name",
	"invalid task",
	"invalid right",
	"invalid value",
	"urefs overflow",
	"invalid capability",
	"right exists",
	"invalid host",
	"memory present",
	"memory data moved",
	"memory restart copy",
	"invalid processor set",
	"policy limit",
	"invalid policy",
	"invalid object",
	"already waiting",
	"default set",
	"exception protected",
	"invalid ledger",
	"invalid memory control",
	"invalid security",
	"not depressed",
	"object terminated",
	"lock set destroyed",
	"lock unstable",
	"lock owned by another",
	"lock owned by self",
	"semaphore destroyed",
	"RPC terminated",
	"terminate orphan",
	"let orphan continue",
	"service not supported",
	"remote node down",
	"thread not waiting",
	"operation timed out",
	"code signing error",
	"policy is static",
	"insufficient input buffer size",
	"denied by security policy",
	"missing kernel collection",
	"invalid kernel collection",
	"result not found",
};
static const char *const ipc_send[] = {
	"no error",
	"send in progress",
	"invalid data",
	"invalid destination port",
	"timed out",
	"invalid voucher",
	"unused error",
	"interrupted",
	"msg too small",
	"invalid reply port",
	"invalid port right",
	"invalid notify port",
	"invalid memory",
	"no msg buffer",
	"msg too large",
	"invalid msg-type",
	"invalid msg-header",
	"invalid msg-trailer",
	"invalid context for reply",
	"unused error",
	"unused error",
	"out-of-line buffer too large",
	"destination does not accept OOL ports",
};
static const char *const ipc_receive[] = {
	"no error",
	"receive in progress",
	"invalid name",
	"timed out",
	"msg too large",
	"interrupted",
	"port changed",
	"invalid notify port",
	"invalid data",
	"port died",
	"port in set",
	"header error",
	"body error",
	"invalid scatter list entry",
	"overwrite region too small",
	"invalid msg-trailer",
	"DIPC transport error",
};
static const char *const ipc_mig[] = {
	"client type check failure",
	"wrong reply message ID",
	"server detected error",
	"bad request message ID",
	"server type check failure",
	"no reply should be sent",
	"server raised exception",
	"array not large enough",
	"server died",
	"unknown trailer format",
};

struct subsystem {
	mach_error_t first, last;
	const char *name;
	const char *const *words;
	unsigned count;
};
#define WORDS(words_) words_, sizeof(words_) / sizeof((words_)[0])

static const struct subsystem subsystems[] = {
	{ 0, 0x3fff, "(os/kern)", WORDS(kern) },
	{ 0x10000000, 0x10003fff, "(ipc/send)", WORDS(ipc_send) },
	{ 0x10004000, 0x10007fff, "(ipc/rcv)", WORDS(ipc_receive) },
};
static const struct subsystem mig = { -399, -300, "(ipc/mig)", WORDS(ipc_mig) };

static const struct subsystem *
find(mach_error_t error, unsigned *code)
{
	const size_t n = sizeof(subsystems) / sizeof(subsystems[0]);

	if (error >= mig.first && error <= mig.last) {
		*code = (unsigned)(mig.last - error);
		return &mig;
	}
	for (size_t i = 0; i < n; i++)
		if (error >= subsystems[i].first &&
		    error <= subsystems[i].last) {
			*code = (unsigned)(error - subsystems[i].first);
			return &subsystems[i];
		}
	return NULL;
}

char *
mach_error_type(mach_error_t error)
{
	unsigned code;
	const struct subsystem *s = find(error, &code);

	return (char *)(s == NULL ? "(?/?)" : s->name);
}

char *
mach_error_string(mach_error_t error)
{
	/* The caller may keep it: each has a place of its own. */
	static char texts[4][64][64];
	unsigned code;
	const struct subsystem *s = find(error, &code);
	char *text;

	if (s == NULL || code >= s->count)
		return (char *)"unknown error code";
	text = texts[s == &mig ? 3 : s - subsystems][code];
	snprintf(text, sizeof(texts[0][0]), "%s %s", s->name, s->words[code]);
	return text;
}

void
mach_error(const char *what, mach_error_t error)
{
	unsigned code;
	const struct subsystem *s = find(error, &code);

	if (s != NULL && code < s->count)
		fprintf(stderr, "%s: %s\n", what, mach_error_string(error));
	else
		fprintf(stderr, "%s: %s (0x%x)\n", what,
		    mach_error_string(error), (unsigned)error);
}

/* ---- messages, other tasks ------------------------------------------------------ */

mach_msg_return_t
mach_msg(mach_msg_header_t *header, mach_msg_option_t option,
    mach_msg_size_t send_size, mach_msg_size_t limit, mach_port_name_t name,
    mach_msg_timeout_t timeout, mach_port_name_t notify)
{
	const mach_msg_option_t both = MACH_SEND_MSG | MACH_RCV_MSG;
	const uint64_t arguments[8] = { (uintptr_t)header, (uint32_t)option,
		send_size, limit, name, timeout, notify };
	struct mt_message message;
	mach_msg_return_t result;

	if ((option & both) != both || send_size > sizeof(message))
		return message_trap(current_task, arguments, false);
	/* Since 13 libSystem sends by mach_msg2. */
	memset(&message, 0, sizeof(message));
	memcpy(&message, header, send_size);
	result = message_call(current_task, &message, send_size);
	if (result != MACH_MSG_SUCCESS)
		return result;
	if (message.header.msgh_size > limit)
		return MACH_RCV_TOO_LARGE;
	memcpy(header, &message, message.header.msgh_size);
	return result;
}

/* traps 45 and 46, osfmk/mach/syscall_sw.h */
static kern_return_t
trap(int number, const uint64_t *arguments, int count)
{
	struct mt_registers registers = { .flags = 0 };

	mt_registers_mach(&registers, number, arguments, count);
	mt_trap_raw(&registers);
	return (kern_return_t)mt_registers_result(&registers);
}

kern_return_t
task_for_pid(mach_port_name_t target, int pid, mach_port_name_t *task)
{
	const uint64_t arguments[] = { target, (uint64_t)pid, (uintptr_t)task };

	return trap(45, arguments, 3);
}

kern_return_t
pid_for_task(mach_port_name_t task, int *pid)
{
	const uint64_t arguments[] = { task, (uintptr_t)pid };

	return trap(46, arguments, 2);
}

/* ---- time ------------------------------------------------------------------------ */

/* In nanoseconds: Apple silicon's unit is 125/3 of them, which no program may
 * count on. */
uint64_t
mach_absolute_time(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec;
}

uint64_t
mach_continuous_time(void)
{
	struct timespec now;

	clock_gettime(CLOCK_BOOTTIME, &now);
	return (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec;
}

kern_return_t
mach_timebase_info(mach_timebase_info_t info)
{
	info->numer = info->denom = 1;
	return KERN_SUCCESS;
}

/* ---- counts of a task ------------------------------------------------------------ */

/*
 * Summed up over the regions: bytes.  What is shared with others counts where
 * it is seen, as in the kernel; what was written to memory of a file, as the
 * file's.
 */
static void
count(mach_port_name_t task, struct task_vm_info *sum)
{
	mach_vm_address_t at = 0;
	mach_vm_size_t size;
	natural_t depth = 0;
	struct vm_region_submap_info_64 info;
	mach_msg_type_number_t words;
	uint64_t resident, reusable;
	int state;

	memset(sum, 0, sizeof(*sum));
	sum->page_size = (integer_t)mt_system()->page;
	sum->min_address = mt_system()->minimum;
	sum->max_address = mt_system()->maximum;
	for (;; at += size) {
		words = VM_REGION_SUBMAP_INFO_COUNT_64;
		if (mach_vm_region_recurse(task, &at, &size, &depth,
			(vm_region_recurse_info_t)&info,
			&words) != KERN_SUCCESS)
			break;
		sum->virtual_size += size;
		sum->region_count++;
		if (info.is_submap)
			continue;
		resident = (uint64_t)info.pages_resident * vm_page_size;
		reusable = words >= VM_REGION_SUBMAP_INFO_V1_COUNT_64 ?
		    (uint64_t)info.pages_reusable * vm_page_size :
		    0;
		sum->resident_size += resident;
		if (info.external_pager) {
			sum->external += resident;
			continue;
		}
		sum->internal += resident;
		sum->reusable += reusable;
		state = 0;
		if (mach_vm_purgable_control(task, at, VM_PURGABLE_GET_STATE,
			&state) == KERN_SUCCESS &&
		    (state & VM_PURGABLE_STATE_MASK) == VM_PURGABLE_VOLATILE) {
			sum->purgeable_volatile_resident += resident;
			sum->purgeable_volatile_virtual += size;
		} else {
			sum->phys_footprint += resident - reusable;
		}
	}
	sum->internal -= sum->reusable;
	sum->resident_size_peak = sum->resident_size;
	sum->ledger_phys_footprint_peak = (int64_t)sum->phys_footprint;
}

static time_value_t
time_value(struct timeval time)
{
	return (
	    time_value_t){ (integer_t)time.tv_sec, (integer_t)time.tv_usec };
}

/* The counts of older SDKs are taken, and what they hold is filled. */
static kern_return_t
vm_info(const struct task_vm_info *sum, task_info_t out,
    mach_msg_type_number_t *words)
{
	mach_msg_type_number_t have = TASK_VM_INFO_COUNT;

	if (*words < TASK_VM_INFO_REV0_COUNT)
		return KERN_INVALID_ARGUMENT;
	if (*words < have)
		have = *words;
	memcpy(out, sum, have * sizeof(*out));
	*words = have;
	return KERN_SUCCESS;
}

kern_return_t
task_info(mach_port_name_t task, task_flavor_t flavor, task_info_t out,
    mach_msg_type_number_t *words)
{
	struct task_vm_info sum;
	struct mach_task_basic_info basic = { 0 };
	struct task_basic_info older = { 0 };
	struct rusage usage;

	count(task, &sum);
	getrusage(RUSAGE_SELF, &usage);
	switch (flavor) {
	case MACH_TASK_BASIC_INFO:
		if (*words < MACH_TASK_BASIC_INFO_COUNT)
			return KERN_INVALID_ARGUMENT;
		basic.virtual_size = sum.virtual_size;
		basic.resident_size = sum.resident_size;
		basic.resident_size_max = sum.resident_size_peak;
		basic.user_time = time_value(usage.ru_utime);
		basic.system_time = time_value(usage.ru_stime);
		memcpy(out, &basic, sizeof(basic));
		*words = MACH_TASK_BASIC_INFO_COUNT;
		return KERN_SUCCESS;
	case 5: /* TASK_BASIC_INFO_64 of x86_64 */
	case TASK_BASIC_INFO_64_2:
		if (*words < TASK_BASIC_INFO_COUNT)
			return KERN_INVALID_ARGUMENT;
		older.virtual_size = sum.virtual_size;
		older.resident_size = sum.resident_size;
		older.user_time = time_value(usage.ru_utime);
		older.system_time = time_value(usage.ru_stime);
		memcpy(out, &older, sizeof(older));
		*words = TASK_BASIC_INFO_COUNT;
		return KERN_SUCCESS;
	case TASK_VM_INFO:
	case TASK_VM_INFO_PURGEABLE:
		return vm_info(&sum, out, words);
	default:
		return KERN_INVALID_ARGUMENT;
	}
}
