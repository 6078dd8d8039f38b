/*
 * Mapping memory that is mapped already: vm_map_remap().
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "model/vm/remap.h"
#include "model/vm/copy.h"
#include "model/vm/delete.h"
#include "model/vm/enter.h"
#include "model/vm/kernel.h"
#include "model/vm/map.h"
#include "model/vm/object.h"
#include "model/vm/release.h"
#include "model/vm/sanitize.h"
#include "model/vm/vm.h"

/* Put extracted entries at address. */
static void
link_extracted(struct map *map, uint64_t address, struct copy *copy,
    struct map_flags flags)
{
	struct entry *entry;

	while ((entry = TAILQ_FIRST(&copy->entries)) != NULL) {
		TAILQ_REMOVE(&copy->entries, entry, order);
		if (flags.remap_prot_copy &&
		    kernel->rules->prot_copy_keeps_permanent &&
		    (!entry->permanent ||
			(entry->max_protection & VM_PROT_EXECUTE)))
			entry->max_protection |= VM_PROT_WRITE;
		if (flags.resilient_codesign) {
			entry->protection = entry->max_protection =
			    VM_PROT_READ;
			entry->resilient_codesign = true;
		}
		if (flags.resilient_media &&
		    (entry->object == NULL || entry->object->internal))
			entry->resilient_media = true;
		entry->start += address;
		entry->end += address;
		map_link(map, entry);
	}
}

kern_return_t
map_remap(struct map *map, uint64_t *address, uint64_t size, uint64_t mask,
    struct map_flags flags, unsigned how, struct map *source_map,
    uint64_t source, vm_prot_t *current, vm_prot_t *maximum,
    vm_inherit_t inheritance)
{
	uint64_t offset = 0, at = trunc_page_in(map, *address);
	struct entry_list zap;
	struct copy *copy;
	kern_return_t kr;

	if (inheritance > VM_INHERIT_LAST_VALID || size == 0)
		return KERN_INVALID_ARGUMENT;
	if (kernel->rules->remap_refuses_overflow) {
		uint64_t from = source;

		if (kernel->rules->remap_truncates_first &&
		    !(how & REMAP_DATA_ADDRESS))
			from = trunc_page_in(source_map, source);
		if (range_overflows(from, size, page_mask(source_map)))
			return KERN_INVALID_ARGUMENT;
	}
	if (how & REMAP_DATA_ADDRESS) {
		offset = source & page_mask(source_map);
		size = round_page_in(source_map, size + offset);
	} else
		size = round_page_in(source_map, size);
	source = trunc_page_in(source_map, source);
	if (size == 0)
		return KERN_INVALID_ARGUMENT;
	if (flags.resilient_media && !(how & REMAP_COPY))
		return KERN_INVALID_ARGUMENT;

	if (!kernel->rules->remap_copies_submap)
		how |= REMAP_NESTS;
	kr = map_extract(source_map, source, size, how, flags, current, maximum,
	    inheritance, &copy);
	if (kr != KERN_SUCCESS)
		return kr;
	TAILQ_INIT(&zap);
	kr = map_locate_space(map, &at, size, mask, flags, &zap);
	if (kr == KERN_MEMORY_PRESENT)
		kr = KERN_NO_SPACE;
	if (kr == KERN_SUCCESS) {
		link_extracted(map, at, copy, flags);
		if (flags.resilient_codesign)
			*current = *maximum = VM_PROT_READ;
		*address = at + offset;
	}
	map_dispose(&zap);
	copy_discard(copy);
	return kr;
}

kern_return_t
kernel_remap(struct task *task, uint64_t *address, uint64_t size, uint64_t mask,
    int flags, struct task *source_task, uint64_t source, boolean_t copy,
    vm_prot_t *current, vm_prot_t *maximum, vm_inherit_t inheritance,
    bool is_new)
{
	const struct rules *rules = kernel->rules;
	unsigned how = copy ? REMAP_COPY : 0;
	vm_prot_t new_current = *current, new_maximum = *maximum;
	uint64_t at = *address;
	kern_return_t kr;

	if ((uint32_t)flags & ~rules->flags_remap)
		return KERN_INVALID_ARGUMENT;
	if (is_new) {
		if (((new_current | new_maximum) & ~VM_PROT_ALL) != 0 ||
		    (new_current & new_maximum) != new_current)
			return KERN_INVALID_ARGUMENT;
		if ((new_maximum & (VM_PROT_WRITE | VM_PROT_EXECUTE)) ==
		    (VM_PROT_WRITE | VM_PROT_EXECUTE))
			return KERN_PROTECTION_FAILURE;
		if (rules->remap_new_none_is_legacy &&
		    new_current == VM_PROT_NONE && new_maximum == VM_PROT_NONE)
			how |= REMAP_LEGACY;
	} else
		how |= REMAP_LEGACY;
	if (is_new || (flags & VM_FLAGS_RETURN_DATA_ADDR) ||
	    rules->remap_returns_data_address)
		how |= REMAP_DATA_ADDRESS;
	kr = map_remap(task->map, &at, size, mask, map_flags_from_user(flags),
	    how, source_task->map, source, &new_current, &new_maximum,
	    inheritance);
	if (kr == KERN_SUCCESS) {
		*address = at;
		*current = new_current;
		*maximum = new_maximum;
	}
	return kr;
}
