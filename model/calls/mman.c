/*
 * The BSD calls on memory: bsd/kern/kern_mman.c.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "model/calls/mman.h"
#include "darwin_errno.h"
#include "darwin_mman.h"
#include "model/calls/caller.h"
#include "model/calls/mapping.h"
#include "model/calls/program.h"
#include "model/host/access.h"
#include "model/host/lock.h"
#include "model/vm/attributes.h"
#include "model/vm/enter.h"
#include "model/vm/map.h"
#include "model/vm/msync.h"
#include "model/vm/page.h"
#include "model/vm/query.h"
#include "model/vm/release.h"
#include "model/vm/sanitize.h"
#include "model/vm/user.h"
#include "model/vm/vm.h"

_Static_assert(MAP_ANON == 0x1000 && MS_SYNC == 0x10, "Darwin's constants");

/*
 * Whether the range passes the end of the address space: 2^64 itself does; from
 * 13.5 on its pages count.
 */
static bool
overflows(const struct task *task, uint64_t address, uint64_t size)
{
	if (task->rules->bsd_rounds_ranges)
		return range_overflows(address, size, page_mask(task->map));
	return address + size < address;
}

static vm_prot_t
implied(vm_prot_t protection)
{
	if ((protection & (VM_PROT_WRITE | VM_PROT_EXECUTE)) != 0)
		protection |= VM_PROT_READ;
	return protection;
}

/* ---- mmap ---------------------------------------------------------------- */

static int
check_unix03(const struct task *task, uint64_t size, uint64_t position,
    int flags)
{
	if ((flags & MAP_UNIX03) == 0 || !task->rules->mmap_knows_unix03)
		return 0;
	if ((position & page_mask(task->map)) != 0 ||
	    (flags & (MAP_PRIVATE | MAP_SHARED)) == 0 || size == 0)
		return DARWIN_EINVAL;
	return 0;
}

/* mmap_sanitize(), 15+. */
static int
take_sanitized(const struct task *task, uint64_t address, uint64_t size,
    uint64_t position, struct mapping *m)
{
	const uint64_t mask = page_mask(task->map);
	const uint64_t kernel_mask = (UINT64_C(1)
					 << task->rules->kernel_page_shift) -
	    1;

	if (range_overflows(position, size, kernel_mask) ||
	    ((m->flags & MAP_UNIX03) != 0 &&
		(size == 0 || (position & mask) != 0)))
		return DARWIN_EINVAL;
	if ((m->flags & MAP_FIXED) == 0) {
		m->address = (address + mask) & ~mask;
	} else {
		if (range_overflows(address, size, mask) ||
		    address != (address & ~mask) + (position & mask))
			return DARWIN_EINVAL;
		m->address = address & ~mask;
	}
	m->size = size == 0 ? 0 : (size + m->skipped + mask) & ~mask;
	return 0;
}

static int
take_older(const struct task *task, uint64_t address, uint64_t size,
    uint64_t position, struct mapping *m)
{
	const uint64_t mask = page_mask(task->map);
	int error;

	if (task->rules->mmap_checks_range && overflows(task, address, size))
		return DARWIN_EINVAL;
	if (task->rules->mmap_checks_range ? position + size < position ||
		    position + size + mask < position + size :
					     position + size > ~mask)
		return DARWIN_EINVAL;
	if ((error = check_unix03(task, size, position, m->flags)) != 0)
		return error;
	m->size = (size + m->skipped + mask) & ~mask;
	m->address = address;
	if ((m->flags & MAP_FIXED) != 0) {
		m->address -= m->skipped;
		if ((m->address & mask) != 0)
			return DARWIN_EINVAL;
	}
	return 0;
}

static int
check_flags(const struct task *task, const struct mapping *m)
{
	const struct rules *rules = task->rules;
	const int known = MAP_SHARED | MAP_PRIVATE | MAP_FIXED | MAP_RENAME |
	    MAP_NORESERVE | 0x80 | MAP_NOEXTEND | MAP_HASSEMAPHORE |
	    MAP_NOCACHE | MAP_JIT | MAP_ANON | MAP_RESILIENT_CODESIGN |
	    MAP_RESILIENT_MEDIA | MAP_32BIT | MAP_TRANSLATED_ALLOW_EXECUTE |
	    MAP_UNIX03 | (rules->has_map_tpro ? MAP_TPRO : 0);
	const int flags = m->flags;
	vm_prot_t rejected = VM_PROT_WRITE | VM_PROT_EXECUTE;

	if (rules->mmap_knows_unix03 && (flags & ~known) != 0 &&
	    program_built_since(10, 16))
		return DARWIN_EINVAL;
	if (check_unix03(task, m->size, 0, flags) != 0)
		return DARWIN_EINVAL;
	if ((flags & MAP_JIT) != 0 &&
	    ((flags &
		 (MAP_FIXED | MAP_SHARED | MAP_RESILIENT_CODESIGN |
		     MAP_RESILIENT_MEDIA)) != 0 ||
		(flags & MAP_ANON) == 0 ||
		(rules->has_map_tpro && (flags & MAP_TPRO) != 0)))
		return DARWIN_EINVAL;
	if ((flags & (MAP_RESILIENT_CODESIGN | MAP_RESILIENT_MEDIA)) != 0 &&
	    ((flags & (MAP_ANON | MAP_JIT)) != 0 ||
		(rules->has_map_tpro && (flags & MAP_TPRO) != 0)))
		return DARWIN_EINVAL;
	if (rules->resilient_codesign_copy_may_write &&
	    (flags & MAP_PRIVATE) != 0)
		rejected = VM_PROT_EXECUTE;
	if ((flags & MAP_RESILIENT_CODESIGN) != 0 &&
	    (m->protection & rejected) != 0)
		return DARWIN_EPERM;
	if ((flags & MAP_RESILIENT_MEDIA) != 0 &&
	    !rules->resilient_media_may_write &&
	    (m->protection & (VM_PROT_WRITE | VM_PROT_EXECUTE)) != 0)
		return DARWIN_EPERM;
	if (rules->has_map_tpro && (flags & MAP_TPRO) != 0 &&
	    ((m->protection & VM_PROT_EXECUTE) != 0 ||
		(m->protection & VM_PROT_WRITE) == 0 ||
		(rules->map_tpro_is_private_anonymous &&
		    (flags & (MAP_SHARED | MAP_ANON)) != MAP_ANON)))
		return DARWIN_EPERM;
	return 0;
}

int
mapping_error(kern_return_t kr)
{
	switch (kr) {
	case KERN_SUCCESS:
		return 0;
	case KERN_INVALID_ADDRESS:
	case KERN_NO_SPACE:
		return DARWIN_ENOMEM;
	case KERN_PROTECTION_FAILURE:
		return DARWIN_EACCES;
	default:
		return DARWIN_EINVAL;
	}
}

/* fd carries a tag and some of VM_FLAGS_*; any other bit is a mistake. */
static int
flags_of_fd(const struct mapping *m, struct map_flags *flags)
{
	const int allowed = (int)VM_FLAGS_ALIAS_MASK | VM_FLAGS_SUPERPAGE_MASK |
	    VM_FLAGS_PURGABLE | VM_FLAGS_4GB_CHUNK;

	*flags = map_flags_from_user(0);
	if (m->fd == -1)
		return 0;
	if ((m->fd & allowed) != m->fd)
		return DARWIN_EINVAL;
	*flags = map_flags_from_user(m->fd);
	return 0;
}

void
mapping_add_flags(const struct task *task, const struct mapping *m,
    struct map_flags *flags)
{
	flags->anywhere = (m->flags & MAP_FIXED) == 0;
	flags->overwrite = (m->flags & MAP_FIXED) != 0;
	flags->no_cache = (m->flags & MAP_NOCACHE) != 0;
	flags->is_jit = (m->flags & MAP_JIT) != 0;
	flags->tpro = task->rules->has_map_tpro && (m->flags & MAP_TPRO) != 0;
	flags->below_4g = task->rules->has_map_32bit &&
	    (m->flags & MAP_32BIT) != 0;
	flags->resilient_codesign = (m->flags & MAP_RESILIENT_CODESIGN) != 0;
	flags->resilient_media = task->rules->resilient_media_may_write &&
	    (m->flags & (MAP_RESILIENT_MEDIA | MAP_SHARED)) ==
		MAP_RESILIENT_MEDIA;
}

kern_return_t
mapping_enter(struct task *task, const struct mapping *m, uint64_t *address,
    const struct map_flags *flags, struct object *object, uint64_t offset,
    bool needs_copy, vm_prot_t maximum)
{
	const vm_inherit_t inheritance = (m->flags & MAP_SHARED) != 0 ?
	    VM_INHERIT_SHARE :
	    VM_INHERIT_DEFAULT;
	kern_return_t kr;

	*address = m->address;
	if (!task->rules->mmap_sanitizes && flags->anywhere)
		*address = round_page_in(task->map, m->address);
	kr = map_enter(task->map, address, m->size, 0, *flags, object, offset,
	    needs_copy, m->protection, maximum, inheritance);
	if (kr != KERN_NO_SPACE || !flags->anywhere || m->address == 0)
		return kr;
	*address = page_size(task->map);
	return map_enter(task->map, address, m->size, 0, *flags, object, offset,
	    needs_copy, m->protection, maximum, inheritance);
}

static int
map_anonymous(struct task *task, struct mapping *m, uint64_t *value)
{
	struct map_flags flags;
	uint64_t address;
	kern_return_t kr;
	int error;

	if ((error = flags_of_fd(m, &flags)) != 0)
		return error;
	*value = 0;
	if (m->size == 0)
		return 0;
	mapping_add_flags(task, m, &flags);
	kernel_lock();
	kr = mapping_enter(task, m, &address, &flags, NULL, 0, false,
	    VM_PROT_ALL);
	kernel_unlock();
	if (kr == KERN_SUCCESS)
		*value = address +
		    (task->rules->mmap_knows_unix03 ? 0 : m->skipped);
	return mapping_error(kr);
}

int
mman_mmap(struct task *task, const uint64_t *a, uint64_t *value)
{
	const uint64_t address = a[0], size = a[1], position = a[5];
	struct mapping m = {
		.protection = implied((vm_prot_t)a[2] & VM_PROT_ALL),
		.given = address,
		.skipped = position & page_mask(task->map),
		.position = position & ~page_mask(task->map),
		.flags = (int)a[3],
		.fd = (int)a[4],
	};
	int error;

	error = task->rules->mmap_sanitizes ?
	    take_sanitized(task, address, size, position, &m) :
	    take_older(task, address, size, position, &m);
	if (error == 0)
		error = check_flags(task, &m);
	if (error != 0)
		return error;
	if ((m.flags & MAP_ANON) != 0)
		return map_anonymous(task, &m, value);
	return mapping_file(task, &m, value);
}

/* ---- ranges -------------------------------------------------------------- */

int
mman_munmap(struct task *task, const uint64_t *a, uint64_t *value)
{
	kern_return_t kr;

	*value = 0;
	if ((a[0] & page_mask(task->map)) != 0 || overflows(task, a[0], a[1]) ||
	    a[1] == 0)
		return DARWIN_EINVAL;
	kernel_lock();
	kr = caller_deallocate(task, task, a[0], a[1]);
	kernel_unlock();
	return kr == KERN_SUCCESS ? 0 : DARWIN_EINVAL;
}

/*
 * VM_PROT_TRUSTED: vm_map_sign() where code can be signed at run time, which is
 * x86_64's kernel.  The range must lie in one entry whose object has each page
 * itself.
 */
static int
trust(struct task *task, uint64_t address, uint64_t size)
{
	struct map *map = task->map;
	const uint64_t end = round_page_in(map, address + size);
	uint64_t start = trunc_page_in(map, address);
	struct entry *e;

	if (task->rules->is_arm64)
		return DARWIN_ENOTSUP;
	if (!map_lookup_entry(map, start, &e) || e->is_sub_map)
		return DARWIN_ENOMEM;
	if (e->end < end || e->object == NULL)
		return DARWIN_EINVAL;
	for (; start < end; start += page_size(map)) {
		struct page *page = page_lookup(e->object,
		    start - e->start + e->offset);

		if (page == NULL || page->absent)
			return DARWIN_EINVAL;
	}
	return 0;
}

int
mman_mprotect(struct task *task, const uint64_t *a, uint64_t *value)
{
	vm_prot_t protection = (vm_prot_t)a[2] &
	    (VM_PROT_ALL | VM_PROT_TRUSTED | VM_PROT_STRIP_READ);
	kern_return_t kr;
	int error = 0;

	*value = 0;
	if (overflows(task, a[0], a[1]) || (a[0] & page_mask(task->map)) != 0)
		return DARWIN_EINVAL;
	protection = implied(protection);
	if ((protection & VM_PROT_STRIP_READ) != 0 &&
	    task->rules->mprotect_strips_read)
		protection &= ~(VM_PROT_READ | VM_PROT_STRIP_READ);
	kernel_lock();
	if ((protection & VM_PROT_TRUSTED) != 0)
		error = trust(task, a[0], a[1]);
	kr = error != 0 ? KERN_SUCCESS :
			  kernel_protect(task, a[0], a[1], FALSE,
			      protection & ~VM_PROT_TRUSTED);
	kernel_unlock();
	if (error != 0)
		return error;
	switch (kr) {
	case KERN_SUCCESS:
		return 0;
	case KERN_PROTECTION_FAILURE:
		return DARWIN_EACCES;
	case KERN_INVALID_ADDRESS:
		return DARWIN_ENOMEM;
	default:
		return DARWIN_EINVAL;
	}
}

int
mman_minherit(struct task *task, const uint64_t *a, uint64_t *value)
{
	kern_return_t kr;

	*value = 0;
	/* the value is looked at even where the size is 0 */
	if (overflows(task, a[0], a[1]) ||
	    (vm_inherit_t)a[2] > VM_INHERIT_LAST_VALID)
		return DARWIN_EINVAL;
	kernel_lock();
	kr = kernel_inherit(task, a[0], a[1], (vm_inherit_t)a[2]);
	kernel_unlock();
	switch (kr) {
	case KERN_SUCCESS:
		return 0;
	case KERN_PROTECTION_FAILURE:
		return DARWIN_EACCES;
	default:
		return DARWIN_EINVAL;
	}
}

/* ---- madvise ------------------------------------------------------------- */

static int
behavior_of(const struct task *task, int advice, vm_behavior_t *behavior)
{
	static const vm_behavior_t behaviors[] = {
		[MADV_NORMAL] = VM_BEHAVIOR_DEFAULT,
		[MADV_RANDOM] = VM_BEHAVIOR_RANDOM,
		[MADV_SEQUENTIAL] = VM_BEHAVIOR_SEQUENTIAL,
		[MADV_WILLNEED] = VM_BEHAVIOR_WILLNEED,
		[MADV_DONTNEED] = VM_BEHAVIOR_DONTNEED,
		[MADV_FREE] = VM_BEHAVIOR_FREE,
		[MADV_ZERO_WIRED_PAGES] = VM_BEHAVIOR_ZERO_WIRED_PAGES,
		[MADV_FREE_REUSABLE] = VM_BEHAVIOR_REUSABLE,
		[MADV_FREE_REUSE] = VM_BEHAVIOR_REUSE,
		[MADV_CAN_REUSE] = VM_BEHAVIOR_CAN_REUSE,
		[MADV_PAGEOUT] = VM_BEHAVIOR_PAGEOUT,
		[MADV_ZERO] = VM_BEHAVIOR_ZERO,
	};

	if (advice == MADV_PAGEOUT) /* development kernels only */
		return DARWIN_ENOTSUP;
	if (advice < 0 || advice > MADV_ZERO ||
	    (advice == MADV_ZERO && !task->rules->madvise_splits_errors))
		return DARWIN_EINVAL;
	*behavior = behaviors[advice];
	return 0;
}

int
mman_madvise(struct task *task, const uint64_t *a, uint64_t *value)
{
	const bool overflow = overflows(task, a[0], a[1]);
	const int advice = (int)a[2];
	uint64_t start = a[0];
	vm_behavior_t behavior;
	kern_return_t kr;
	int error;

	*value = 0;
	if (task->rules->madvise_sanitizes && overflow)
		return DARWIN_EINVAL;
	if ((error = behavior_of(task, advice, &behavior)) != 0)
		return error;
	if (overflow)
		return DARWIN_EINVAL;
	if (task->rules->madvise_sanitizes)
		start = trunc_page_in(task->map, start);
	if (task->rules->is_arm64 && start == 0 && a[1] != 0 &&
	    (advice == MADV_FREE || advice == MADV_FREE_REUSABLE))
		return DARWIN_EINVAL;
	kernel_lock();
	kr = kernel_behavior_set(task, a[0], a[1], behavior);
	kernel_unlock();
	switch (kr) {
	case KERN_SUCCESS:
		return 0;
	case KERN_NO_SPACE:
		return DARWIN_ENOMEM;
	case KERN_PROTECTION_FAILURE:
		return task->rules->madvise_splits_errors ? DARWIN_EPERM :
							    DARWIN_EINVAL;
	case KERN_NO_ACCESS:
		return task->rules->madvise_splits_errors ? DARWIN_ENOTSUP :
							    DARWIN_EINVAL;
	default:
		return DARWIN_EINVAL;
	}
}

/* ---- mincore ------------------------------------------------------------- */

/* What a page query says of a page, in mincore's bits. */
static uint8_t
core_of(int disposition)
{
	static const struct {
		int query;
		uint8_t core;
	} bits[] = {
		{ VM_PAGE_QUERY_PAGE_PRESENT, MINCORE_INCORE },
		{ VM_PAGE_QUERY_PAGE_REF, MINCORE_REFERENCED },
		{ VM_PAGE_QUERY_PAGE_DIRTY, MINCORE_MODIFIED },
		{ VM_PAGE_QUERY_PAGE_PAGED_OUT, MINCORE_PAGED_OUT },
		{ VM_PAGE_QUERY_PAGE_COPIED, MINCORE_COPIED },
	};
	uint8_t core = 0;

	for (size_t i = 0; i < sizeof(bits) / sizeof(*bits); i++)
		if ((disposition & bits[i].query) != 0)
			core |= bits[i].core;
	if ((disposition & VM_PAGE_QUERY_PAGE_EXTERNAL) == 0)
		core |= MINCORE_ANONYMOUS;
	return core;
}

int
mman_mincore(struct task *task, const uint64_t *a, uint64_t *value)
{
	const uint64_t unit = page_size(task->map);
	struct vm_page_info_basic info;
	mach_msg_type_number_t count;
	uint64_t start = trunc_page_in(task->map, a[0]), vector = a[2];
	uint64_t end = round_page_in(task->map, a[0] + a[1]);
	uint8_t cores[512];

	*value = 0;
	if (task->rules->madvise_sanitizes) {
		if (a[1] == 0)
			return 0;
		if (overflows(task, a[0], a[1]))
			return DARWIN_EINVAL;
	}
	if (end < start)
		return DARWIN_EINVAL;
	while (start < end) {
		size_t n = 0;

		kernel_lock();
		for (; n < sizeof(cores) && start < end; start += unit, n++) {
			count = VM_PAGE_INFO_BASIC_COUNT;
			cores[n] = core_of(
			    kernel_page_info(task, start, VM_PAGE_INFO_BASIC,
				(int *)&info, &count) == KERN_SUCCESS ?
				info.disposition :
				0);
		}
		kernel_unlock();
		if (!host_copyout(cores, vector, n))
			return DARWIN_EFAULT;
		vector += n;
	}
	return 0;
}

/* ---- msync, mlock -------------------------------------------------------- */

int
mman_msync(struct task *task, const uint64_t *a, uint64_t *value)
{
	const int flags = (int)a[2];
	vm_sync_t sync = VM_SYNC_CONTIGUOUS;
	kern_return_t kr;

	*value = 0;
	if ((a[0] & page_mask(task->map)) != 0 ||
	    (task->rules->bsd_checks_all_ranges &&
		overflows(task, a[0], a[1])) ||
	    a[1] == 0 || (flags & (MS_SYNC | MS_ASYNC)) == (MS_SYNC | MS_ASYNC))
		return DARWIN_EINVAL;
	if ((flags & MS_KILLPAGES) != 0)
		sync |= VM_SYNC_KILLPAGES;
	if ((flags & MS_DEACTIVATE) != 0)
		sync |= VM_SYNC_DEACTIVATE;
	if ((flags & MS_INVALIDATE) != 0)
		sync |= VM_SYNC_INVALIDATE;
	if ((flags & (MS_KILLPAGES | MS_DEACTIVATE)) == 0)
		sync |= (flags & MS_ASYNC) != 0 ? VM_SYNC_ASYNCHRONOUS :
						  VM_SYNC_SYNCHRONOUS;
	kernel_lock();
	kr = kernel_msync(task, a[0], a[1], sync);
	kernel_unlock();
	switch (kr) {
	case KERN_SUCCESS:
		return 0;
	case KERN_INVALID_ADDRESS:
		return DARWIN_ENOMEM;
	case KERN_FAILURE:
		return DARWIN_EIO;
	default:
		return DARWIN_EINVAL;
	}
}

int
mman_mlock(struct task *task, const uint64_t *a, uint64_t *value)
{
	int error;

	kernel_lock();
	error = kernel_mlock(task, a[0], a[1]);
	kernel_unlock();
	*value = 0;
	return error;
}

int
mman_munlock(struct task *task, const uint64_t *a, uint64_t *value)
{
	int error;

	kernel_lock();
	error = kernel_munlock(task, a[0], a[1]);
	kernel_unlock();
	*value = 0;
	return error;
}

/* mlockall, munlockall */
int
mman_no_call(struct task *task, const uint64_t *a, uint64_t *value)
{
	(void)task;
	(void)a;
	(void)value;
	return DARWIN_ENOSYS;
}
