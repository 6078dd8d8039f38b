/*
 * Which calls are known to panic or wedge a kernel.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "danger.h"

#include "mig.h"

/* Rounding may add up to a page of the largest size. */
#define MOST_ROUNDING 0x3fff

/* arm64: the range that exec reserves around the comm page. */
#define RESERVED     UINT64_C(0xFC0000000)
#define RESERVED_END UINT64_C(0x1000000000)

static bool
wraps(mach_vm_address_t address, mach_vm_size_t size)
{
	return size > UINT64_MAX - MOST_ROUNDING ||
	    address + size + MOST_ROUNDING < address;
}

static bool
until(const struct mt_system *s, const char *release)
{
	return s == NULL || mt_release_until(s->release, release);
}

static bool
on(const struct mt_system *s, char arch)
{
	return s == NULL || s->arch[0] == arch;
}

const char *
mt_danger_msync(const struct mt_system *s, mach_vm_address_t address,
    mach_vm_size_t size, vm_sync_t flags)
{
	if ((flags & (VM_SYNC_DEACTIVATE | VM_SYNC_KILLPAGES)) != 0 &&
	    wraps(address, size) && until(s, "12"))
		return "mach_vm_msync(), DEACTIVATE or KILLPAGES, a range that "
		       "wraps: the call never returns until macOS 12";
	return NULL;
}

const char *
mt_danger_page_range_query(const struct mt_system *s, mach_vm_address_t address,
    mach_vm_size_t size)
{
	if (wraps(address, size) && until(s, "10.15"))
		return "mach_vm_page_range_query(), a range that wraps: panics "
		       "until macOS 10.15";
	return NULL;
}

const char *
mt_danger_remap(const struct mt_system *s, mach_vm_address_t source,
    mach_vm_size_t size)
{
	/* What rounds up to 2^64 every release refuses; until 10.15 all pages
	 * are of 4 KiB. */
	if (size <= UINT64_MAX - 0xfff && wraps(source, size) &&
	    until(s, "10.15"))
		return "mach_vm_remap(), a source that wraps: the call never "
		       "returns until macOS 10.15";
	return NULL;
}

const char *
mt_danger_copyin(const struct mt_system *s, mach_vm_address_t source,
    mach_vm_size_t size)
{
	const mach_vm_address_t end = source + size;

	/* vm_map_copyin_internal() refuses an end beyond 2^64, and a source
	 * where nothing is mapped: no memory lies in the upper half. */
	if (size > UINT64_MAX / 2 && end >= source &&
	    end > UINT64_MAX - MOST_ROUNDING && until(s, "13.4"))
		return "mach_vm_copy(), mach_vm_read_overwrite() or "
		       "mach_vm_read_list(), a source whose end rounds up to "
		       "2^64: the call never returns until macOS 13.4";
	return NULL;
}

const char *
mt_danger_wire(const struct mt_system *s, mach_vm_address_t address,
    mach_vm_size_t size, vm_prot_t access)
{
	/* A range that wraps every release refuses. */
	if (on(s, 'a') && access != VM_PROT_NONE && !wraps(address, size) &&
	    address < RESERVED_END && address + size > RESERVED)
		return "mach_vm_wire() or mlock(2), the comm page of arm64: "
		       "zeroes it for every process until macOS 12.3, panics "
		       "since";
	return NULL;
}

const char *
mt_danger_inherit_superpage(const struct mt_system *s, vm_inherit_t inheritance)
{
	if (on(s, 'x') && inheritance == VM_INHERIT_COPY && until(s, "26.3"))
		return "mach_vm_inherit(), VM_INHERIT_COPY on a superpage: the "
		       "next fork never returns until macOS 26.3";
	return NULL;
}

const char *
mt_danger_write_submap(const struct mt_system *s, mach_vm_address_t address,
    mach_vm_size_t size)
{
	/* A few bytes go through a buffer on every release. */
	if (size >= 0x1000 && ((address | size) & 0xfff) != 0 &&
	    until(s, "13.0"))
		return "a write or copy of parts of pages into the shared "
		       "region: panics until macOS 13.0";
	return NULL;
}

/* Of existing memory, by its address: neither new memory nor a child. */
static bool
is_of_memory(const struct mt_danger_entry *e)
{
	return e->parent == MACH_PORT_NULL &&
	    (e->permission & (MAP_MEM_NAMED_CREATE | MAP_MEM_ONLY)) == 0;
}

/* Of a part of the parent. */
static bool
is_part(const struct mt_danger_entry *e)
{
	const vm_prot_t others = MAP_MEM_ONLY | MAP_MEM_NAMED_CREATE |
	    MAP_MEM_NAMED_REUSE | MAP_MEM_VM_COPY | MAP_MEM_VM_SHARE;

	return e->parent != MACH_PORT_NULL && (e->permission & others) == 0;
}

const char *
mt_danger_make_memory_entry(const struct mt_system *s,
    const struct mt_danger_entry *e)
{
	const vm_prot_t kinds = MAP_MEM_VM_COPY | MAP_MEM_VM_SHARE |
	    MAP_MEM_NAMED_CREATE | MAP_MEM_ONLY | VM_PROT_IS_MASK | VM_PROT_ALL;
	const uint32_t mode = (uint32_t)e->permission >> 24;

	if (mode > (until(s, "10.14") ? 6 : 9) && until(s, "10.15"))
		return "mach_make_memory_entry_64(), an unknown cache mode: "
		       "panics until macOS 10.15";
	if (mode > 7 && (e->permission & MAP_MEM_NAMED_CREATE) == 0)
		return "mach_make_memory_entry_64(), an unusual cache mode of "
		       "memory that is there";
	if (e->parent == MACH_PORT_DEAD && until(s, "10.14"))
		return "mach_make_memory_entry_64(), MACH_PORT_DEAD as the "
		       "parent: panics until macOS 10.14";
	/* MAP_MEM_NOOP, 0, leaves the mode. */
	if ((e->permission & MAP_MEM_ONLY) != 0 &&
	    e->parent != MACH_PORT_NULL && mode != 0)
		return "mach_make_memory_entry_64(), MAP_MEM_ONLY with a "
		       "parent and a cache mode: changes how caches treat its "
		       "memory";
	if (is_of_memory(e) && wraps(e->offset, e->size) && until(s, "10.15"))
		return "mach_make_memory_entry_64(), a range that wraps: not "
		       "noticed until macOS 10.15";
	if (is_part(e) && wraps(e->offset, e->size) && until(s, "13.4"))
		return "mach_make_memory_entry_64(), a part of a parent that "
		       "wraps: an entry beyond its memory until macOS 13.4";
	if (is_of_memory(e) && e->no_task && until(s, "14"))
		return "mach_make_memory_entry_64(), a port that is no task: "
		       "older kernels look into a map that is not there";
	if (is_part(e) && e->size == 0 &&
	    (s == NULL ||
		(mt_release_since(s->release, "14") && until(s, "15"))))
		return "mach_make_memory_entry_64(), size 0 of a parent: "
		       "panics from macOS 14 to 15";
	if (e->parent == MACH_PORT_NULL && (e->permission & kinds) == 0 &&
	    e->reservation &&
	    (s == NULL ||
		(mt_release_since(s->release, "13") && until(s, "15"))))
		return "mach_make_memory_entry_64(), no permission, memory "
		       "whose maximum is none: panics from macOS 13 to 15";
	return NULL;
}

const char *
mt_danger_reallocate(const struct mt_system *s, const struct mt_danger_move *m)
{
	const struct mt_mig *routine = &mt_migs[MT_MIG_reallocate];
	const int place = VM_FLAGS_ANYWHERE | VM_FLAGS_OVERWRITE;

	if (s != NULL &&
	    !mt_release_within(s->release, routine->since, routine->before))
		return NULL; /* a routine that is not there */
	if (m->limited)
		return "mach_vm_reallocate() under RLIMIT_AS or RLIMIT_DATA: "
		       "panics or never returns";
	if (m->hole && (m->flags & place) == VM_FLAGS_OVERWRITE &&
	    m->destination < m->source)
		return "mach_vm_reallocate() over memory below a source that "
		       "has a hole: its process can never be reaped";
	if (m->superpage)
		return "mach_vm_reallocate() of superpages: leaves parts of "
		       "some";
	return NULL;
}
