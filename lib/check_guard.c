/*
 * The routes as a case sees them: a call that would panic or wedge the
 * machine's kernel ends the case instead.
 *
 * A member of struct mt_route has no place for the route that it belongs to,
 * so there are two sets of functions: for the route under test and for stage.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "check_state.h"
#include "danger.h"
#include "darwin_mman.h"

enum { TESTED, STAGE, GUARDED };
static const struct mt_route *real[GUARDED];
static struct mt_route guarded[GUARDED];

/* Where superpages were allocated. */
enum { SUPERPAGES = 32 };
static struct {
	mach_vm_address_t start, end;
} superpages[SUPERPAGES];
static unsigned superpage_count;

/* The case has set RLIMIT_AS or RLIMIT_DATA. */
static bool limited;

void
mt_note_limit(void)
{
	limited = true;
}

static void
refuse(const char *danger)
{
	char buffer[320];
	struct mt_text t = MT_TEXT(buffer);

	if (danger == NULL)
		return;
	mt_put(&t, "a danger to the machine, not called: ");
	mt_put(&t, danger);
	mt_stop_case(buffer);
}

/* What the kernel makes of msync(2)'s flags. */
static vm_sync_t
mach_sync(int flags)
{
	return ((flags & MS_KILLPAGES) != 0 ? VM_SYNC_KILLPAGES : 0) |
	    ((flags & MS_DEACTIVATE) != 0 ? VM_SYNC_DEACTIVATE : 0);
}

static void
note_superpages(mach_vm_address_t address, mach_vm_size_t size, int flags)
{
	if ((flags & VM_FLAGS_SUPERPAGE_MASK) == 0 || size == 0)
		return;
	if (superpage_count == SUPERPAGES)
		mt_stop_case("more superpages than check_guard.c can keep");
	superpages[superpage_count].start = address & ~UINT64_C(0x1fffff);
	superpages[superpage_count++].end = address + size + 0x1fffff;
}

static bool
has_superpage(mach_vm_address_t address, mach_vm_size_t size)
{
	for (unsigned i = 0; i < superpage_count; i++)
		if (address < superpages[i].end &&
		    (address + size > superpages[i].start ||
			address + size < address))
			return true;
	return false;
}

static bool
is_submap(mach_vm_address_t address)
{
	struct mt_region r;

	return mt_region_at(address, &r) && r.is_submap != 0;
}

static void
write_check(mach_vm_address_t address, mach_vm_size_t size)
{
	const char *danger = mt_danger_write_submap(mt_system(), address, size);

	if (danger != NULL && is_submap(address))
		refuse(danger);
}

/* A port that is no task: the message server finds no map for it. */
static bool
is_no_task(mach_port_name_t task)
{
	mach_vm_address_t address = 0;
	mach_vm_size_t size = 0;
	vm_region_basic_info_data_64_t info;
	mach_msg_type_number_t count = VM_REGION_BASIC_INFO_COUNT_64;
	mach_port_name_t name;

	return task != mach_task_self() &&
	    real[STAGE]->region(task, &address, &size, VM_REGION_BASIC_INFO_64,
		(vm_region_info_t)&info, &count,
		&name) == KERN_INVALID_ARGUMENT;
}

static void
entry_check(mach_port_name_t task, memory_object_size_t size,
    memory_object_offset_t offset, vm_prot_t permission,
    mach_port_name_t parent)
{
	struct mt_danger_entry e = { size, offset, permission, parent,
		is_no_task(task), false };
	struct mt_region r;

	e.reservation = task == mach_task_self() && mt_region_at(offset, &r) &&
	    r.max_protection == VM_PROT_NONE;
	refuse(mt_danger_make_memory_entry(mt_system(), &e));
}

static bool
has_hole(mach_vm_address_t address, mach_vm_size_t size)
{
	const mach_vm_address_t end = address + size;
	struct mt_region r;

	if (end < address)
		return true;
	for (; address < end; address = (uint64_t)(r.address + r.size))
		if (!mt_region_at(address, &r))
			return true;
	return false;
}

static void
move_check(mach_port_name_t task, mach_vm_address_t source, mach_vm_size_t size,
    mach_vm_address_t destination, int flags)
{
	struct mt_danger_move m = { source, destination, flags,
		limited || mt_system()->limited,
		task != mach_task_self() || has_hole(source, size),
		has_superpage(source, size) };

	refuse(mt_danger_reallocate(mt_system(), &m));
}

#define DANGER(name_, ...) refuse(mt_danger_##name_(mt_system(), __VA_ARGS__))

#define GUARDS(n_)                                                             \
	static kern_return_t allocate_##n_(mach_port_name_t task,              \
	    mach_vm_address_t *address, mach_vm_size_t size, int flags)        \
	{                                                                      \
		kern_return_t kr = real[n_]->allocate(task, address, size,     \
		    flags);                                                    \
                                                                               \
		if (kr == KERN_SUCCESS)                                        \
			note_superpages(*address, size, flags);                \
		return kr;                                                     \
	}                                                                      \
	static kern_return_t inherit_##n_(mach_port_name_t task,               \
	    mach_vm_address_t address, mach_vm_size_t size,                    \
	    vm_inherit_t inheritance)                                          \
	{                                                                      \
		if (has_superpage(address, size))                              \
			DANGER(inherit_superpage, inheritance);                \
		return real[n_]->inherit(task, address, size, inheritance);    \
	}                                                                      \
	static kern_return_t write_##n_(mach_port_name_t task,                 \
	    mach_vm_address_t address, vm_offset_t data,                       \
	    mach_msg_type_number_t size)                                       \
	{                                                                      \
		write_check(address, size);                                    \
		return real[n_]->write(task, address, data, size);             \
	}                                                                      \
	static kern_return_t copy_##n_(mach_port_name_t task,                  \
	    mach_vm_address_t source, mach_vm_size_t size,                     \
	    mach_vm_address_t destination)                                     \
	{                                                                      \
		DANGER(copyin, source, size);                                  \
		write_check(destination, size);                                \
		return real[n_]->copy(task, source, size, destination);        \
	}                                                                      \
	static kern_return_t read_overwrite_##n_(mach_port_name_t task,        \
	    mach_vm_address_t address, mach_vm_size_t size,                    \
	    mach_vm_address_t data, mach_vm_size_t *out_size)                  \
	{                                                                      \
		DANGER(copyin, address, size);                                 \
		write_check(data, size);                                       \
		return real[n_]->read_overwrite(task, address, size, data,     \
		    out_size);                                                 \
	}                                                                      \
	static kern_return_t read_list_##n_(mach_port_name_t task,             \
	    mach_vm_read_entry_t list, natural_t count)                        \
	{                                                                      \
		for (natural_t i = 0; i < count && i < VM_MAP_ENTRY_MAX; i++)  \
			DANGER(copyin, list[i].address, list[i].size);         \
		return real[n_]->read_list(task, list, count);                 \
	}                                                                      \
	static kern_return_t msync_##n_(mach_port_name_t task,                 \
	    mach_vm_address_t address, mach_vm_size_t size, vm_sync_t flags)   \
	{                                                                      \
		DANGER(msync, address, size, flags);                           \
		return real[n_]->msync(task, address, size, flags);            \
	}                                                                      \
	static kern_return_t remap_##n_(mach_port_name_t target,               \
	    mach_vm_address_t *address, mach_vm_size_t size,                   \
	    mach_vm_offset_t mask, int flags, mach_port_name_t task,           \
	    mach_vm_address_t source, boolean_t copy, vm_prot_t *current,      \
	    vm_prot_t *maximum, vm_inherit_t inheritance)                      \
	{                                                                      \
		DANGER(remap, source, size);                                   \
		return real[n_]->remap(target, address, size, mask, flags,     \
		    task, source, copy, current, maximum, inheritance);        \
	}                                                                      \
	static kern_return_t page_range_query_##n_(mach_port_name_t task,      \
	    mach_vm_offset_t address, mach_vm_size_t size,                     \
	    mach_vm_address_t dispositions, mach_vm_size_t *count)             \
	{                                                                      \
		DANGER(page_range_query, address, size);                       \
		return real[n_]->page_range_query(task, address, size,         \
		    dispositions, count);                                      \
	}                                                                      \
	static kern_return_t make_memory_entry_##n_(mach_port_name_t task,     \
	    memory_object_size_t *size, memory_object_offset_t offset,         \
	    vm_prot_t permission, mach_port_name_t *entry,                     \
	    mach_port_name_t parent)                                           \
	{                                                                      \
		entry_check(task, *size, offset, permission, parent);          \
		return real[n_]->make_memory_entry(task, size, offset,         \
		    permission, entry, parent);                                \
	}                                                                      \
	static kern_return_t wire_##n_(mach_port_name_t host,                  \
	    mach_port_name_t task, mach_vm_address_t address,                  \
	    mach_vm_size_t size, vm_prot_t access)                             \
	{                                                                      \
		DANGER(wire, address, size, access);                           \
		return real[n_]->wire(host, task, address, size, access);      \
	}                                                                      \
	static kern_return_t reallocate_##n_(mach_port_name_t task,            \
	    mach_vm_address_t source, mach_vm_size_t source_size,              \
	    mach_vm_address_t *destination, mach_vm_size_t size,               \
	    mach_vm_offset_t mask, int options, int flags)                     \
	{                                                                      \
		move_check(task, source, source_size, *destination, flags);    \
		return real[n_]->reallocate(task, source, source_size,         \
		    destination, size, mask, options, flags);                  \
	}                                                                      \
	static int64_t mlock_##n_(int *error, uint64_t address, uint64_t size) \
	{                                                                      \
		DANGER(wire, address, size, VM_PROT_DEFAULT);                  \
		return real[n_]->mlock(error, address, size);                  \
	}                                                                      \
	static int64_t bsd_msync_##n_(int *error, uint64_t address,            \
	    uint64_t size, int flags)                                          \
	{                                                                      \
		DANGER(msync, address, size, mach_sync(flags));                \
		return real[n_]->bsd_msync(error, address, size, flags);       \
	}                                                                      \
	static int64_t mmap_##n_(int *error, uint64_t address, uint64_t size,  \
	    int protection, int flags, int fd, int64_t offset)                 \
	{                                                                      \
		const int64_t at = real[n_]->mmap(error, address, size,        \
		    protection, flags, fd, offset);                            \
                                                                               \
		if (at != -1 && fd > 0)                                        \
			note_superpages((uint64_t)at, size, fd);               \
		return at;                                                     \
	}                                                                      \
	static int64_t minherit_##n_(int *error, uint64_t address,             \
	    uint64_t size, int inheritance)                                    \
	{                                                                      \
		if (has_superpage(address, size))                              \
			DANGER(inherit_superpage, (vm_inherit_t)inheritance);  \
		return real[n_]->minherit(error, address, size, inheritance);  \
	}                                                                      \
	static void fill_##n_(struct mt_route *r)                              \
	{                                                                      \
		GUARD(allocate, n_)                                            \
		GUARD(inherit, n_)                                             \
		GUARD(write, n_)                                               \
		GUARD(copy, n_)                                                \
		GUARD(read_overwrite, n_)                                      \
		GUARD(read_list, n_)                                           \
		GUARD(msync, n_)                                               \
		GUARD(remap, n_)                                               \
		GUARD(page_range_query, n_)                                    \
		GUARD(make_memory_entry, n_)                                   \
		GUARD(wire, n_)                                                \
		GUARD(reallocate, n_)                                          \
		GUARD(mlock, n_)                                               \
		GUARD(bsd_msync, n_)                                           \
		GUARD(mmap, n_)                                                \
		GUARD(minherit, n_)                                            \
	}
#define GUARD(member_, n_)      \
	if (r->member_ != NULL) \
		r->member_ = member_##_##n_;

/* One set of functions for each slot of real[]. */
GUARDS(0)
GUARDS(1)
_Static_assert(TESTED == 0 && STAGE == 1, "the sets of functions");

const struct mt_route *
mt_guard(const struct mt_route *route)
{
	if (real[STAGE] == NULL) {
		real[STAGE] = stage;
		guarded[STAGE] = *stage;
		fill_1(&guarded[STAGE]);
		stage = &guarded[STAGE];
	}
	real[TESTED] = route;
	guarded[TESTED] = *route;
	fill_0(&guarded[TESTED]);
	return &guarded[TESTED];
}
