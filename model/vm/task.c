/*
 * Tasks: the first, those that fork, and their end.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <string.h>

#include "model/vm/task.h"
#include "model/host/heap.h"
#include "model/host/pmap.h"
#include "model/vm/bootstrap.h"
#include "model/vm/copy.h"
#include "model/vm/kernel.h"
#include "model/vm/limits.h"
#include "model/vm/map.h"
#include "model/vm/object.h"
#include "model/vm/object_copy.h"
#include "model/vm/release.h"
#include "model/vm/vm.h"

struct task *current_task;

static struct task *
task_new(const struct rules *rules)
{
	struct task *task = heap_alloc(sizeof(*task));

	task->rules = rules;
	task->pmap = pmap_create();
	LIST_INSERT_HEAD(&kernel->tasks, task, link);
	return task;
}

struct task *
kernel_bootstrap(const struct rules *rules)
{
	struct task *task;

	kernel_state_init(rules);
	task = task_new(rules);
	task->map = map_create_for(rules, task->pmap);
	kernel_limits_init(task);
	return task;
}

/* ---- fork ------------------------------------------------------------------ */

/* vm_map_fork_share() */
static void
fork_share(struct map *map, struct entry *entry, struct map *child)
{
	struct object *object = entry->object;
	uint64_t size = entry->end - entry->start;
	struct entry *new_entry;

	if (entry->is_sub_map) {
		map_reference(entry->submap);
	} else {
		if (object == NULL) {
			object = entry->object = object_allocate(size);
			entry->offset = 0;
			entry->use_pmap = true;
		} else if (object->copy_strategy == COPY_SYMMETRIC &&
		    (entry->needs_copy || object->shadowed ||
			(!object->true_share && !entry->is_shared &&
			    object->size > size))) {
			entry_shadow(entry, size);
			if (!entry->needs_copy &&
			    (entry->protection & VM_PROT_WRITE) &&
			    map->pmap != NULL)
				pmap_protect(map->pmap, entry->start,
				    entry->end,
				    entry->protection & ~VM_PROT_WRITE);
			entry->needs_copy = false;
			object = entry->object;
		}
		object_reference(object);
		object->shared_for_good = true;
		if (object->copy_strategy == COPY_SYMMETRIC)
			object->copy_strategy = COPY_DELAY;
	}
	new_entry = entry_new_like(entry);
	entry_reset_copied(new_entry);
	entry->is_shared = new_entry->is_shared = true;
	map_link(child, new_entry);
}

/* The common case of a private copy: symmetric copy-on-write. */
static bool
fork_quickly(struct map *map, struct entry *entry, struct map *child)
{
	bool source_needs_copy, needs_copy;
	struct entry *new_entry;

	if (entry->wired_count != 0 ||
	    (entry->object != NULL && entry->object->true_share) ||
	    !object_copy_quickly(entry->object, &source_needs_copy,
		&needs_copy))
		return false;
	new_entry = entry_new_like(entry);
	entry_reset_copied(new_entry);
	if (kernel->rules->fork_keeps_permanent)
		new_entry->permanent = entry->permanent;
	new_entry->use_pmap = true;
	if (source_needs_copy && !entry->needs_copy) {
		object_pmap_protect(entry->object, entry->offset,
		    entry->end - entry->start,
		    entry->is_shared ? NULL : map->pmap, entry->start,
		    entry->protection & ~VM_PROT_WRITE);
		entry->needs_copy = true;
	}
	new_entry->needs_copy = needs_copy;
	map_link(child, new_entry);
	return true;
}

/* vm_map_fork_copy(): what cannot be read, ever, is left out. */
static void
fork_copy(struct map *map, struct entry *entry, struct map *child)
{
	const int flags = COPYIN_MAXPROT |
	    (kernel->rules->fork_copies_are_marked ? COPYIN_FORK : 0);
	struct entry *new_entry;
	struct copy *copy;
	kern_return_t kr;

	kr = kernel->rules->locks_entries ?
	    map_copyin_entry(map, entry, flags, &copy) :
	    map_copyin(map, entry->start, entry->end - entry->start, flags,
		&copy);
	if (kr != KERN_SUCCESS)
		return;
	while ((new_entry = TAILQ_FIRST(&copy->entries)) != NULL) {
		TAILQ_REMOVE(&copy->entries, new_entry, order);
		map_link(child, new_entry);
	}
	copy_discard(copy);
}

struct task *
kernel_fork(struct task *parent)
{
	struct map *map = parent->map, *child;
	struct task *task = task_new(parent->rules);
	struct entry *entry, *next;
	uint64_t start, end;

	task->is_forked = true;
	child = map_create(map->min_offset, map->max_offset, map->rules,
	    task->pmap);
	child->size_limit = map->size_limit;
	child->data_limit = map->data_limit;
	memcpy(task->limits, parent->limits, sizeof(task->limits));
	child->user_wire_limit = map->user_wire_limit;
	child->wx_denied = map->wx_denied;
	child->random = map->random;
	task->map = child;
	for (entry = map_first(map); entry != NULL; entry = next) {
		start = entry->start;
		end = entry->end;
		if (entry->inheritance == VM_INHERIT_SHARE)
			fork_share(map, entry, child);
		else if (entry->inheritance == VM_INHERIT_COPY &&
		    !entry->is_sub_map && !fork_quickly(map, entry, child)) {
			/* clips and merges in the parent: look again */
			fork_copy(map, entry, child);
			map_lookup_entry(map, start, &entry);
			if (entry != NULL && entry->end > end)
				map_clip_start(map, entry, end);
			next = map_lookup_or_next(map, end);
			continue;
		}
		next = entry_next(entry);
	}
	return task;
}

void
kernel_task_terminate(struct task *task)
{
	task->map->pmap = NULL;
	pmap_destroy(task->pmap);
	map_deallocate(task->map);
	LIST_REMOVE(task, link);
	heap_free(task, sizeof(*task));
}
