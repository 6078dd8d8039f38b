/*
 * The routines that user space calls on a range of its map: which parameters
 * they take, in the kernel's order.  osfmk/vm/vm_user.c, and since 15
 * osfmk/vm/vm_sanitize.c with vm_sanitize_error_compat.c.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "model/vm/user.h"
#include "darwin_errno.h"
#include "model/vm/attributes.h"
#include "model/vm/delete.h"
#include "model/vm/enter.h"
#include "model/vm/map.h"
#include "model/vm/memory_entry.h"
#include "model/vm/memory_entry_map.h"
#include "model/vm/protect.h"
#include "model/vm/release.h"
#include "model/vm/sanitize.h"
#include "model/vm/task.h"
#include "model/vm/vm.h"
#include "model/vm/wire.h"

#include <signal.h>

/* Darwin's numbers. */

kern_return_t
kernel_allocate(struct task *task, uint64_t *address, uint64_t size, int flags)
{
	struct map *map = task->map;
	uint64_t start, end, length;
	const uint64_t mask = page_mask(map);
	kern_return_t kr;

	if (((uint32_t)flags & ~task->rules->flags_allocate) != 0)
		return KERN_INVALID_ARGUMENT;
	if (size == 0) {
		*address = 0;
		return KERN_SUCCESS;
	}
	length = round_page_in(map, size);
	if (length == 0)
		return KERN_INVALID_ARGUMENT;
	start = 0;
	if ((flags & VM_FLAGS_ANYWHERE) == 0) {
		start = trunc_page_in(map, *address);
		/* The address is aligned before the size is added to it. */
		if (task->rules->sanitizes_addresses &&
		    !sanitize_range(start, size, mask, &start, &end))
			return KERN_INVALID_ADDRESS;
	}
	kr = map_enter(map, &start, length, 0, map_flags_from_user(flags), NULL,
	    0, false, VM_PROT_DEFAULT, VM_PROT_ALL, VM_INHERIT_DEFAULT);
	if (kr == KERN_SUCCESS)
		*address = start;
	return kr;
}

/* The image's text begins the map of a new process (bootstrap.c). */
bool
task_has_text(const struct task *task)
{
	struct entry *e;

	return map_lookup_entry(task->map, task->map->min_offset, &e);
}

kern_return_t
kernel_deallocate(struct task *task, uint64_t address, uint64_t size)
{
	struct map *map = task->map;
	uint64_t start, end;

	if (task->rules->sanitizes_addresses) {
		if (size == 0)
			return KERN_SUCCESS;
		if (!sanitize_range(address, size, page_mask(map), &start,
			&end))
			return KERN_INVALID_ARGUMENT;
		return map_delete(map, start, end, 0, NULL);
	}
	if (address + size < address)
		return KERN_INVALID_ARGUMENT;
	if (size == 0)
		return KERN_SUCCESS;
	start = trunc_page_in(map, address);
	end = round_page_in(map, address + size);
	if (!task->rules->delete_checks_limits)
		map_clamp(map, &start, &end);
	return map_delete(map, start, end, 0, NULL);
}

/* What older releases answered; osfmk/vm/vm_sanitize_error_compat.c
 * vm_sanitize_err_compat_addr_size_vm_protect(). */
static kern_return_t
protect_error(const struct map *map, uint64_t address, uint64_t size)
{
	uint64_t start = trunc_page_in(map, address);
	uint64_t end = round_page_in(map, address + size);

	if (address + size < address ||
	    range_overflows(start, end - start, page_mask(map)))
		return KERN_INVALID_ARGUMENT;
	return KERN_INVALID_ADDRESS;
}

kern_return_t
kernel_protect(struct task *task, uint64_t address, uint64_t size,
    boolean_t set_maximum, vm_prot_t protection)
{
	const bool is_valid = (protection & ~(VM_PROT_ALL | VM_PROT_COPY)) == 0;
	struct map *map = task->map;
	uint64_t start, end;

	if (task->rules->sanitizes_attributes) {
		if (size == 0)
			return KERN_SUCCESS;
		if (!is_valid)
			return KERN_INVALID_ARGUMENT;
		if (!sanitize_range(address, size, page_mask(map), &start,
			&end))
			return protect_error(map, address, size);
		return map_protect(map, start, end, protection,
		    set_maximum != 0);
	}
	if (address + size < address || !is_valid)
		return KERN_INVALID_ARGUMENT;
	if (size == 0)
		return KERN_SUCCESS;
	start = trunc_page_in(map, address);
	end = round_page_in(map, address + size);
	if (task->rules->attributes_check_overflow &&
	    range_overflows(start, end - start, page_mask(map)))
		return KERN_INVALID_ARGUMENT;
	return map_protect(map, start, end, protection, set_maximum != 0);
}

kern_return_t
kernel_inherit(struct task *task, uint64_t address, uint64_t size,
    vm_inherit_t inheritance)
{
	const bool is_valid = inheritance <= VM_INHERIT_LAST_VALID;
	struct map *map = task->map;
	uint64_t start, end;

	if (task->rules->sanitizes_attributes) {
		if (size == 0)
			return KERN_SUCCESS;
		if (!is_valid ||
		    !sanitize_range(address, size, page_mask(map), &start,
			&end))
			return KERN_INVALID_ARGUMENT;
		return map_inherit(map, start, end, inheritance);
	}
	if (address + size < address || !is_valid)
		return KERN_INVALID_ARGUMENT;
	if (size == 0)
		return KERN_SUCCESS;
	return map_inherit(map, trunc_page_in(map, address),
	    round_page_in(map, address + size), inheritance);
}

/* ---- map ----------------------------------------------------------------- */

/* Which bits a protection may have; UEXEC (8) exists on x86_64 only. */
static vm_prot_t
map_protections(const struct rules *rules)
{
	return VM_PROT_ALL | VM_PROT_IS_MASK |
	    (rules->map_takes_uexec ? VM_PROT_UEXEC : 0);
}

static kern_return_t
check_map(struct task *task, uint64_t address, uint64_t size, int flags,
    bool has_object, uint64_t offset, vm_prot_t current, vm_prot_t maximum,
    vm_inherit_t inheritance)
{
	const struct rules *rules = task->rules;
	const vm_prot_t odd = ~map_protections(rules);
	const uint64_t mask = page_mask(task->map);
	const uint64_t kernel_mask = (UINT64_C(1) << rules->kernel_page_shift) -
	    1;
	uint64_t start, end;

	if (((uint32_t)flags & ~rules->flags_map) != 0 ||
	    (current & odd) != 0 || (maximum & odd) != 0 ||
	    inheritance > VM_INHERIT_LAST_VALID || size == 0)
		return KERN_INVALID_ARGUMENT;
	size = (size + mask) & ~mask;
	if (rules->map_denies_zero_rounded && size == 0)
		return KERN_INVALID_ARGUMENT;
	if (!rules->sanitizes_addresses)
		return KERN_SUCCESS;
	if ((flags & VM_FLAGS_ANYWHERE) == 0 &&
	    !sanitize_range(address & ~mask, size, mask, &start, &end))
		return KERN_INVALID_ARGUMENT;
	size = (size + kernel_mask) & ~kernel_mask;
	if (size == 0 ||
	    (has_object &&
		!sanitize_range(offset, size, kernel_mask, &start, &end)))
		return KERN_INVALID_ARGUMENT;
	return KERN_SUCCESS;
}

kern_return_t
kernel_map(struct task *task, uint64_t *address, uint64_t size, uint64_t mask,
    int flags, struct memory_entry *entry, bool wrong_object, uint64_t offset,
    boolean_t copy, vm_prot_t current, vm_prot_t maximum,
    vm_inherit_t inheritance)
{
	const struct rules *rules = task->rules;
	struct map *map = task->map;
	uint64_t start;
	kern_return_t kr;

	kr = check_map(task, *address, size, flags,
	    entry != NULL || wrong_object, offset, current, maximum,
	    inheritance);
	if (kr != KERN_SUCCESS)
		return kr;
	if (rules->map_limits_current &&
	    (current & ~maximum & VM_PROT_ALL) != 0)
		current &= maximum |
		    (rules->map_limit_loses_mask ? 0 : VM_PROT_IS_MASK);
	if (rules->map_execute_implies_read &&
	    (current & VM_PROT_EXECUTE) != 0) {
		current |= VM_PROT_READ;
		if (rules->map_execute_maximum_reads)
			maximum |= VM_PROT_READ;
	}
	if (wrong_object)
		return KERN_INVALID_OBJECT;
	start = trunc_page_in(map, *address);
	if (entry != NULL)
		kr = memory_entry_map(map, &start, size, mask, flags, entry,
		    offset, copy != 0, current, maximum, inheritance);
	else
		kr = map_enter(map, &start, round_page_in(map, size), mask,
		    map_flags_from_user(flags), NULL, 0, false,
		    current & ~VM_PROT_IS_MASK, maximum & ~VM_PROT_IS_MASK,
		    inheritance);
	if (kr == KERN_SUCCESS)
		*address = start;
	return kr;
}

/* ---- wire ---------------------------------------------------------------- */

kern_return_t
kernel_wire(struct task *task, uint64_t address, uint64_t size,
    vm_prot_t access)
{
	struct map *map = task->map;
	uint64_t start, end;

	if (task->rules->sanitizes_addresses) {
		if (size == 0)
			return KERN_SUCCESS;
		if (!sanitize_range(address, size, page_mask(map), &start,
			&end) ||
		    (access & ~VM_PROT_ALL) != 0)
			return KERN_INVALID_ARGUMENT;
	} else {
		/* Size 0 at an unaligned address acts on that page. */
		if ((access & ~VM_PROT_ALL) != 0 || address + size < address)
			return KERN_INVALID_ARGUMENT;
		start = trunc_page_in(map, address);
		end = round_page_in(map, address + size);
	}
	if (access == VM_PROT_NONE)
		return map_unwire(map, start, end, true);
	return map_wire(map, start, end, access, true);
}

/* Does the BSD call refuse the range as one that wraps? */
static bool
mlock_overflows(const struct task *task, uint64_t address, uint64_t size)
{
	if (task->rules->bsd_rounds_ranges)
		return range_overflows(address, size, page_mask(task->map));
	return address + size < address;
}

int
kernel_mlock(struct task *task, uint64_t address, uint64_t size)
{
	struct map *map = task->map;
	uint64_t start, length;

	if (mlock_overflows(task, address, size))
		return DARWIN_EINVAL;
	if (size == 0)
		return 0;
	start = trunc_page_in(map, address);
	length = round_page_in(map, size + (address - start));
	switch (map_wire(map, start, start + length, VM_PROT_NONE, true)) {
	case KERN_SUCCESS:
		return 0;
	case KERN_RESOURCE_SHORTAGE:
		return DARWIN_EAGAIN;
	case KERN_PROTECTION_FAILURE:
		return task->rules->mlock_denied_is_permission ? DARWIN_EPERM :
								 DARWIN_EACCES;
	default:
		return DARWIN_ENOMEM;
	}
}

int
kernel_munlock(struct task *task, uint64_t address, uint64_t size)
{
	if (task->rules->bsd_checks_all_ranges &&
	    mlock_overflows(task, address, size))
		return DARWIN_EINVAL;
	return kernel_wire(task, address, size, VM_PROT_NONE) == KERN_SUCCESS ?
	    0 :
	    DARWIN_ENOMEM;
}

/* ---- ranges -------------------------------------------------------------- */

/* A map has ranges only in hardened processes of arm64, which this is not;
 * osfmk/vm/vm_user.c mach_vm_range_create(), uses_user_ranges. */
kern_return_t
kernel_range_create(struct task *task, int flavor, const void *recipes,
    uint32_t size)
{
	(void)flavor;
	(void)recipes;
	(void)size;
	if (task->rules->has_user_ranges && task != current_task)
		return KERN_INVALID_ARGUMENT;
	return KERN_NOT_SUPPORTED;
}
