/*
 * Buffers of the caller's outside the model's map.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "model/calls/bounce.h"
#include "model/host/access.h"
#include "model/host/frame.h"
#include "model/vm/enter.h"
#include "model/vm/fault_wire.h"
#include "model/vm/map.h"
#include "model/vm/release.h"
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

/* Between the host's memory and the stage's, which no process sees. */
static bool
copy(const struct stage *stage, uint64_t size, bool to_host)
{
	uint64_t host = stage->original, at = stage->address, n;
	char piece[512];

	for (; size > 0; size -= n, host += n, at += n) {
		n = size < sizeof(piece) ? size : sizeof(piece);
		if (to_host ? !map_read_bytes(stage->map, at, piece, n) ||
			    !host_copyout(piece, host, n) :
			      !host_copyin(host, piece, n) ||
			    !map_write_bytes(stage->map, at, piece, n))
			return false;
	}
	return true;
}

static void
drop(struct stage *stage)
{
	map_deallocate(stage->map);
	stage->map = stage->task->map;
	stage->address = stage->original;
}

void
stage_begin(struct stage *stage, struct task *task, uint64_t address,
    uint64_t size)
{
	const struct map_flags flags = { .anywhere = true };
	const uint64_t in_page = address & page_mask(task->map);
	uint64_t at = 0;

	*stage = (struct stage){ .task = task,
		.map = task->map,
		.original = address,
		.address = address,
		.size = size };
	if (!is_host_memory(task->rules, address, size))
		return;
	stage->map = map_create(task->map->min_offset, task->map->max_offset,
	    task->rules, NULL);
	if (map_enter(stage->map, &at,
		round_page_in(stage->map, in_page + size), 0, flags, NULL, 0,
		false, VM_PROT_DEFAULT, VM_PROT_ALL,
		VM_INHERIT_DEFAULT) != KERN_SUCCESS) {
		drop(stage);
		return;
	}
	stage->address = at + in_page;
	if (!copy(stage, size, false))
		drop(stage);
}

bool
stage_end(struct stage *stage, uint64_t wrote)
{
	bool done = true;

	if (stage->map == stage->task->map)
		return true;
	if (wrote > 0)
		done = copy(stage, wrote < stage->size ? wrote : stage->size,
		    true);
	drop(stage);
	return done;
}
