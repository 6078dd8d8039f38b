/*
 * What a host tells of its memory: osfmk/kern/host.c, host_statistics64().
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#define _GNU_SOURCE
#include <string.h>
#include <sys/resource.h>
#include <sys/sysinfo.h>

#include "kit/include/kit.h"
#include "system.h"

/* Words of the oldest programs. */
#define OLDEST	 12
#define OLDEST64 24

static bool
is_host(host_t port)
{
	return port == mt_trap_host_self();
}

/* The Linux machine's memory in the model's pages: free, buffers as inactive,
 * the rest as active. */
static void
count(struct vm_statistics64 *out)
{
	struct sysinfo machine = { 0 };
	struct rusage usage;
	const uint64_t page = mt_system()->page;
	uint64_t free_bytes, buffers, all;

	memset(out, 0, sizeof(*out));
	sysinfo(&machine);
	getrusage(RUSAGE_SELF, &usage);
	free_bytes = machine.freeram * (uint64_t)machine.mem_unit;
	buffers = machine.bufferram * (uint64_t)machine.mem_unit;
	all = machine.totalram * (uint64_t)machine.mem_unit;
	out->free_count = (natural_t)(free_bytes / page);
	out->inactive_count = (natural_t)(buffers / page);
	out->active_count = (natural_t)((all - free_bytes - buffers) / page);
	out->internal_page_count = out->active_count;
	out->external_page_count = out->inactive_count;
	out->faults = (uint64_t)(usage.ru_minflt + usage.ru_majflt);
	out->pageins = (uint64_t)usage.ru_majflt;
}

/* As much of it as there is room for. */
static kern_return_t
put(const void *from, mach_msg_type_number_t whole,
    mach_msg_type_number_t oldest, integer_t *to, mach_msg_type_number_t *words)
{
	if (*words < oldest)
		return KERN_FAILURE;
	*words = *words < whole ? oldest : whole;
	memcpy(to, from, *words * sizeof(*to));
	return KERN_SUCCESS;
}

kern_return_t
host_statistics(host_t host, host_flavor_t flavor, host_info_t info,
    mach_msg_type_number_t *words)
{
	struct vm_statistics64 all;
	struct vm_statistics narrow = { 0 };

	if (!is_host(host))
		return KERN_INVALID_HOST;
	if (flavor != HOST_VM_INFO)
		return KERN_INVALID_ARGUMENT;
	count(&all);
	narrow.free_count = all.free_count;
	narrow.active_count = all.active_count;
	narrow.inactive_count = all.inactive_count;
	narrow.pageins = (natural_t)all.pageins;
	narrow.faults = (natural_t)all.faults;
	return put(&narrow, HOST_VM_INFO_COUNT, OLDEST, info, words);
}

kern_return_t
host_statistics64(host_t host, host_flavor_t flavor, host_info64_t info,
    mach_msg_type_number_t *words)
{
	struct vm_statistics64 all;

	if (!is_host(host))
		return KERN_INVALID_HOST;
	if (flavor != HOST_VM_INFO64)
		return host_statistics(host, flavor, info, words);
	count(&all);
	return put(&all, HOST_VM_INFO64_COUNT, OLDEST64, info, words);
}
