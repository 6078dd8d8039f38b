/*
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "model/vm/entry_control.h"
#include "model/vm/kernel.h"
#include "model/vm/memory_entry.h"
#include "model/vm/object.h"
#include "model/vm/release.h"
#include "model/vm/vm.h"

/* osfmk/mach/vm_statistics.h */
enum {
	TAG_UNCHANGED = -1,
	TAG_NONE = 0,
	TAG_NETWORK = 2,
	TAG_MAX = 5,
	NO_FOOTPRINT = 1,
	NO_FOOTPRINT_FOR_DEBUG = 2,
};

/* memory_entry_access_tracking_internal() */
kern_return_t
kernel_entry_access_tracking(const struct memory_entry *entry)
{
	if (entry == NULL || entry->is_copy || entry->object == NULL)
		return KERN_INVALID_ARGUMENT;
	return KERN_NOT_SUPPORTED;
}

/* vm_object_ownership_change(), as far as a process can see it. */
static kern_return_t
change_owner(struct object *object, enum entry_owner owner, int tag)
{
	bool is_purgeable = object->purgable != VM_PURGABLE_DENY;

	if (tag == TAG_UNCHANGED)
		tag = object->ledger_tag;
	if (tag == TAG_NONE && !is_purgeable)
		return KERN_INVALID_ARGUMENT;
	if (object->ledger_tag == TAG_NONE && !is_purgeable &&
	    (object->resident_page_count != 0 || object->ref_count != 1 ||
		object->copy_strategy != COPY_NONE || owner == OWNER_NONE))
		return KERN_FAILURE;
	object->ledger_tag = tag;
	return KERN_SUCCESS;
}

/* mach_memory_entry_ownership() */
kern_return_t
kernel_entry_ownership(struct memory_entry *entry, enum entry_owner owner,
    int tag, int flags)
{
	const struct rules *rules = kernel->rules;
	const int known = NO_FOOTPRINT |
	    (rules->ownership_knows_debug ? NO_FOOTPRINT_FOR_DEBUG : 0);

	if (rules->ownership_judges_flags_first && (flags & ~known))
		return KERN_INVALID_ARGUMENT;
	if (owner == OWNER_OTHER ||
	    (owner == OWNER_NONE && !rules->ownership_may_stay) ||
	    (flags & known) || tag == TAG_NETWORK)
		return KERN_NO_ACCESS; /* without an entitlement */
	if (flags & ~known)
		return KERN_INVALID_ARGUMENT;
	if (rules->ownership_may_stay ? tag < TAG_UNCHANGED || tag > TAG_MAX :
					tag <= TAG_NONE || tag > TAG_MAX)
		return KERN_INVALID_ARGUMENT;
	if (entry == NULL || entry->is_copy || entry->object == NULL)
		return KERN_INVALID_ARGUMENT;
	if (rules->ownership_may_stay &&
	    (entry->is_child ||
		(entry->object->purgable == VM_PURGABLE_DENY &&
		    entry->object->ledger_tag == TAG_NONE)))
		return KERN_INVALID_ARGUMENT; /* !is_fully_owned */
	if (entry->offset != 0 || entry->object->size != entry->size)
		return KERN_INVALID_ARGUMENT;
	return change_owner(entry->object, owner, tag);
}

/* mach_memory_object_memory_entry_64(): no process has a pager that it could
 * name, so only memory of the kernel's own. */
kern_return_t
kernel_memory_object_entry(bool internal, uint64_t size, vm_prot_t permission,
    struct memory_entry **result)
{
	const struct rules *rules = kernel->rules;
	struct memory_entry *entry;

	*result = NULL;
	if (rules->object_entry_refuses_nothing && size == 0)
		return KERN_INVALID_ARGUMENT;
	if (rules->object_entry_rounds)
		size = round_object(size);
	if (!internal)
		return KERN_INVALID_ARGUMENT;
	entry = memory_entry_make(size, permission & VM_PROT_ALL);
	entry->object = object_allocate(round_object(size));
	entry->object->copy_strategy = COPY_DELAY;
	entry->access = (uint32_t)permission >> 24;
	*result = entry;
	return KERN_SUCCESS;
}
