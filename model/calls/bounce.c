/*
 * Buffers of the caller's outside the model's map.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "model/calls/bounce.h"
#include "model/host/access.h"
#include "model/host/frame.h"
#include "model/vm/release.h"
#include "model/vm/user.h"
#include "model/vm/vm.h"

#define LARGEST (UINT64_C(1) << 30)

/* Perhaps the host's own memory.  Its stack may lie where the map shows the
 * shared region, so only what the model itself shows is excluded. */
static bool
is_host_memory(const struct rules *rules, uint64_t address, uint64_t size)
{
	uint64_t start, end;

	host_window(&start, &end);
	return size != 0 && size <= LARGEST && address + size > address &&
	    (address + size <= start || address >= end) &&
	    (address + size <= rules->comm_page ||
		address >= rules->comm_page + rules->comm_page_size);
}

static bool
copy(uint64_t from, uint64_t to, uint64_t size)
{
	char piece[512];
	uint64_t n;

	for (; size > 0; size -= n, from += n, to += n) {
		n = size < sizeof(piece) ? size : sizeof(piece);
		if (!host_copyin(from, piece, n) || !host_copyout(piece, to, n))
			return false;
	}
	return true;
}

void
stage_begin(struct stage *stage, struct task *task, uint64_t address,
    uint64_t size)
{
	const uint64_t in_page = address & page_mask(task->map);
	uint64_t at = 0;

	stage->task = task;
	stage->original = stage->address = address;
	stage->size = size;
	stage->unit = 0;
	if (!is_host_memory(task->rules, address, size))
		return;
	if (kernel_allocate(task, &at, in_page + size,
		VM_FLAGS_ANYWHERE | (int)VM_MAKE_TAG(VM_MEMORY_MACH_MSG)) !=
	    KERN_SUCCESS)
		return;
	stage->unit = in_page + size;
	stage->address = at + in_page;
	if (!copy(address, stage->address, size)) {
		stage_end(stage, 0);
		stage->address = address;
	}
}

bool
stage_end(struct stage *stage, uint64_t wrote)
{
	bool done = true;

	if (stage->unit == 0)
		return true;
	if (wrote > 0)
		done = copy(stage->address, stage->original,
		    wrote < stage->size ? wrote : stage->size);
	kernel_deallocate(stage->task,
	    trunc_page_in(stage->task->map, stage->address), stage->unit);
	stage->unit = 0;
	return done;
}
