/*
 * Resource limits that the VM knows: bsd/kern/kern_resource.c dosetrlimit().
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <unistd.h>

#include "model/vm/limits.h"
#include "darwin_errno.h"
#include "model/vm/release.h"
#include "model/vm/vm.h"

#define POSIX_FLAG 0x1000u /* _RLIMIT_POSIX_FLAG */

void
kernel_limits_init(struct task *task)
{
	for (unsigned i = 0; i < TASK_LIMITS; i++)
		task->limits[i].soft = task->limits[i].hard = TASK_NO_LIMIT;
	task->limits[LIMIT_STACK].soft = 8 << 20;
	task->limits[LIMIT_STACK].hard = (64 << 20) - page_size(task->map);
}

int
kernel_getrlimit(struct task *task, unsigned which, uint64_t limits[2])
{
	which &= ~POSIX_FLAG;
	if (which >= TASK_LIMITS)
		return DARWIN_EINVAL;
	limits[0] = task->limits[which].soft;
	limits[1] = task->limits[which].hard;
	return 0;
}

/* The limit of a map cannot be below what is in use; until 11 it knew none. */
static int
set_map_limit(struct map *map, uint64_t *limit, uint64_t value)
{
	if (!map->rules->enforces_size_limit)
		return 0;
	if (value < map->size)
		return DARWIN_EINVAL;
	*limit = value;
	return 0;
}

int
kernel_setrlimit(struct task *task, unsigned which, const uint64_t limits[2])
{
	struct map *map = task->map;
	int error = 0;

	which &= ~POSIX_FLAG;
	if (which >= TASK_LIMITS || limits[0] > limits[1])
		return DARWIN_EINVAL;
	if (limits[1] > task->limits[which].hard && geteuid() != 0)
		return DARWIN_EPERM;
	switch (which) {
	case LIMIT_DATA:
		error = set_map_limit(map, &map->data_limit, limits[0]);
		break;
	case LIMIT_AS:
		error = set_map_limit(map, &map->size_limit, limits[0]);
		break;
	case LIMIT_MEMLOCK:
		map->user_wire_limit = limits[0];
		break;
	default:
		break;
	}
	if (error == 0) {
		task->limits[which].soft = limits[0];
		task->limits[which].hard = limits[1];
	}
	return error;
}
