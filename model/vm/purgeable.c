/*
 * Purgeable objects: volatile, empty, and back.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "model/vm/purgeable.h"
#include "model/host/pmap.h"
#include "model/vm/kernel.h"
#include "model/vm/map.h"
#include "model/vm/memory_entry.h"
#include "model/vm/page.h"
#include "model/vm/release.h"
#include "model/vm/vm.h"

static void
set_state(struct object *object, int state)
{
	if (object->purgable == VM_PURGABLE_VOLATILE)
		LIST_REMOVE(object, volatile_link);
	object->purgable = state;
	if (state == VM_PURGABLE_VOLATILE)
		LIST_INSERT_HEAD(&kernel->volatile_objects, object,
		    volatile_link);
}

/* vm_object_purge(): wired pages stay. */
static void
purge(struct object *object)
{
	struct page *page, *next;

	set_state(object, VM_PURGABLE_EMPTY);
	for (page = page_first(object, 0); page != NULL; page = next) {
		next = page_next(page);
		if (page->wire_count == 0 && !page->absent)
			page_free(page);
	}
}

/* Later touches must be noticed. */
static void
disconnect(struct object *object)
{
	struct page *page;

	for (page = page_first(object, 0); page != NULL; page = page_next(page))
		if (page->wire_count == 0)
			pmap_page_protect(page->frame, VM_PROT_NONE);
}

kern_return_t
object_purgable_control(struct object *object, vm_purgable_t control,
    int *state)
{
	int old_state, new_state;

	if (object == NULL || object->purgable == VM_PURGABLE_DENY)
		return KERN_INVALID_ARGUMENT;
	old_state = object->purgable;
	if (control == VM_PURGABLE_GET_STATE) {
		*state = old_state;
		return KERN_SUCCESS;
	}
	if (control != VM_PURGABLE_SET_STATE)
		return KERN_INVALID_ARGUMENT;
	if (*state & VM_PURGABLE_DEBUG_EMPTY)
		object->volatile_empty = true;
	if (*state & VM_PURGABLE_DEBUG_FAULT)
		object->volatile_fault = true;
	new_state = *state & VM_PURGABLE_STATE_MASK;
	if (new_state == VM_PURGABLE_VOLATILE &&
	    (old_state == VM_PURGABLE_EMPTY || object->volatile_empty))
		new_state = VM_PURGABLE_EMPTY;
	if (new_state == VM_PURGABLE_DENY)
		return KERN_INVALID_ARGUMENT;
	if (new_state != VM_PURGABLE_NONVOLATILE && object->volatile_fault)
		disconnect(object);
	if (new_state == VM_PURGABLE_EMPTY)
		purge(object);
	else
		set_state(object, new_state);
	object->volatile_order = *state;
	*state = old_state;
	return KERN_SUCCESS;
}

static void
purge_all(void)
{
	struct object *object;

	while ((object = LIST_FIRST(&kernel->volatile_objects)) != NULL)
		purge(object);
}

/* memory_entry_purgeable_control_internal(): the entry of a whole object. */
kern_return_t
kernel_entry_purgable_control(struct memory_entry *entry, vm_purgable_t control,
    int *state)
{
	if (control != VM_PURGABLE_SET_STATE &&
	    control != VM_PURGABLE_GET_STATE)
		return KERN_INVALID_ARGUMENT;
	if (control == VM_PURGABLE_SET_STATE &&
	    (*state & ~VM_PURGABLE_ALL_MASKS) != 0)
		return KERN_INVALID_ARGUMENT;
	if (entry->is_copy || entry->object == NULL || entry->offset != 0 ||
	    entry->object->size != entry->size)
		return KERN_INVALID_ARGUMENT;
	return object_purgable_control(entry->object, control, state);
}

kern_return_t
kernel_purgable_control(struct task *task, uint64_t address,
    vm_purgable_t control, int *state)
{
	struct entry *entry;

	if (control == VM_PURGABLE_SET_STATE_FROM_KERNEL)
		return KERN_INVALID_ARGUMENT;
	if (control != VM_PURGABLE_SET_STATE &&
	    control != VM_PURGABLE_GET_STATE &&
	    control != VM_PURGABLE_PURGE_ALL)
		return KERN_INVALID_ARGUMENT;
	if (control == VM_PURGABLE_PURGE_ALL) {
		purge_all();
		return KERN_SUCCESS;
	}
	if (control == VM_PURGABLE_SET_STATE &&
	    (*state & ~VM_PURGABLE_ALL_MASKS) != 0)
		return KERN_INVALID_ARGUMENT;
	if (!map_lookup_entry(task->map, trunc_page_in(task->map, address),
		&entry) ||
	    entry->is_sub_map)
		return KERN_INVALID_ADDRESS;
	if ((entry->protection & VM_PROT_WRITE) == 0 &&
	    (control != VM_PURGABLE_GET_STATE ||
		kernel->rules->purgable_get_needs_write))
		return KERN_PROTECTION_FAILURE;
	return object_purgable_control(entry->object, control, state);
}
