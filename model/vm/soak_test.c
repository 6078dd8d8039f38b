/*
 * Random calls, most of them in an area of few pages, many with arguments that
 * are wrong: after each one every invariant holds (invariants.h).  What a call
 * answers is of no interest here.
 *
 * Variables of a case, by -v: seed, steps.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <atf-c.h>
#include <inttypes.h>
#include <stdio.h>

#include "model/vm/attributes.h"
#include "model/vm/copy.h"
#include "model/vm/fault.h"
#include "model/vm/fault_wire.h"
#include "model/vm/invariants.h"
#include "model/vm/memory_entry.h"
#include "model/vm/msync.h"
#include "model/vm/purgeable.h"
#include "model/vm/query.h"
#include "model/vm/reallocate.h"
#include "model/vm/region.h"
#include "model/vm/remap.h"
#include "model/vm/test_boot.h"
#include "model/vm/user.h"

#define PAGES 40

enum { STEPS = 20000, ENTRIES = 6, PLACES = 8 };

static struct task *parent, *child;
static struct memory_entry *entries[ENTRIES];
static uint64_t base, unit, state;
/* Where ANYWHERE led to. */
static struct place {
	struct task *task;
	uint64_t address, size;
} places[PLACES];
static char call[200]; /* what is done now */

static unsigned
dice(unsigned n)
{
	state = state * UINT64_C(6364136223846793005) + 1;
	return (unsigned)(state >> 33) % n;
}

static bool
rarely(unsigned n)
{
	return dice(n) == 0;
}

/* ---- arguments ----------------------------------------------------------- */

static struct task *
some_task(void)
{
	return child != NULL && rarely(3) ? child : parent;
}

static uint64_t
some_address(void)
{
	const uint64_t odd[] = { 0, unit, parent->map->max_offset - unit,
		parent->map->max_offset, UINT64_MAX - unit + 1, UINT64_MAX,
		base - unit, places[dice(PLACES)].address };

	if (rarely(40))
		return odd[dice(8)];
	return base + dice(PAGES) * unit +
	    (rarely(8) ? dice((unsigned)unit) : 0);
}

static uint64_t
some_size(void)
{
	const uint64_t odd[] = { 0, 1, unit - 1, PAGES * unit, UINT64_MAX,
		UINT64_MAX - unit + 1, (uint64_t)INT64_MAX };

	if (rarely(40))
		return odd[dice(7)];
	return (1 + dice(8)) * unit - (rarely(8) ? dice((unsigned)unit) : 0);
}

static vm_prot_t
some_protection(void)
{
	return rarely(3) ? (vm_prot_t)dice(8) : VM_PROT_DEFAULT;
}

static int
some_flags(void)
{
	static const int flags[] = { VM_FLAGS_FIXED, VM_FLAGS_ANYWHERE,
		VM_FLAGS_FIXED | VM_FLAGS_OVERWRITE,
		VM_FLAGS_FIXED | VM_FLAGS_OVERWRITE };
	static const int tags[] = { 0, VM_MEMORY_MALLOC, VM_MEMORY_STACK };

	return flags[dice(4)] | (int)VM_MAKE_TAG(tags[dice(3)]) |
	    (rarely(8) ? VM_FLAGS_PURGABLE : 0) |
	    (rarely(300) ? 1 << dice(24) : 0);
}

/* Memory outside the area does not get more and more. */
static void
remember(struct task *task, uint64_t address, uint64_t size, int flags)
{
	static unsigned next;
	struct place *place = &places[next++ % PLACES];

	if ((flags & VM_FLAGS_ANYWHERE) == 0)
		return;
	if (place->task != NULL &&
	    (place->task == parent || place->task == child))
		(void)kernel_deallocate(place->task, place->address,
		    place->size);
	*place = (struct place){ task, address, size };
}

#define CALL(...) ((void)snprintf(call, sizeof(call), __VA_ARGS__))

/* ---- calls --------------------------------------------------------------- */

static void
allocate(struct task *task, uint64_t address, uint64_t size)
{
	const int flags = some_flags();

	CALL("allocate %#" PRIx64 " %#" PRIx64 " flags %#x", address, size,
	    (unsigned)flags);
	if (kernel_allocate(task, &address, size, flags) == KERN_SUCCESS)
		remember(task, address, size, flags);
}

static void
map(struct task *task, uint64_t address, uint64_t size)
{
	const unsigned i = dice(2 * ENTRIES);
	struct memory_entry *entry = i < ENTRIES ? entries[i] : NULL;
	const int flags = some_flags();
	const uint64_t mask = rarely(8) ? 4 * unit - 1 : 0,
		       offset = rarely(2) ? 0 : dice(4) * unit;
	const boolean_t copy = (boolean_t)dice(2);
	const vm_prot_t current = some_protection(),
			maximum = rarely(3) ? current : VM_PROT_ALL;

	CALL("map %#" PRIx64 " %#" PRIx64 " flags %#x entry %u offset %#" PRIx64
	     " copy %d %d/%d",
	    address, size, (unsigned)flags, i, offset, (int)copy, current,
	    maximum);
	if (kernel_map(task, &address, size, mask, flags, entry, false, offset,
		copy, current, maximum, dice(4)) == KERN_SUCCESS)
		remember(task, address, size, flags);
}

static void
remap(struct task *task, uint64_t address, uint64_t size)
{
	struct task *from = some_task();
	const uint64_t source = some_address();
	const int flags = some_flags();
	const boolean_t copy = (boolean_t)dice(2);
	const bool is_new = rarely(3);
	vm_prot_t current = some_protection(), maximum = some_protection();

	maximum |= current;
	/* before 11 one that wraps never returns (tests/README.md, Dangers) */
	if (size > UINT64_MAX - unit - source &&
	    !parent->rules->extract_refuses_overflow)
		return;
	CALL("remap%s %#" PRIx64 " %#" PRIx64 " flags %#x from %#" PRIx64
	     " copy %d",
	    is_new ? "_new" : "", address, size, (unsigned)flags, source,
	    (int)copy);
	if (kernel_remap(task, &address, size, 0, flags, from, source, copy,
		&current, &maximum, dice(3), is_new) == KERN_SUCCESS)
		remember(task, address, size, flags);
}

static void
read_out(struct task *task, uint64_t address, uint64_t size)
{
	static const int how[] = { 0, 0, COPYIN_DESTROY, COPYIN_ENTRY_LIST };
	const int flags = how[dice(4)];
	struct copy *copy;
	uint64_t at;

	CALL("read %#" PRIx64 " %#" PRIx64 " how %d", address, size, flags);
	if (size == 0 ||
	    map_copyin(task->map, address, size, flags, &copy) != KERN_SUCCESS)
		return;
	if (rarely(3) || map_copyout(task->map, &at, copy) != KERN_SUCCESS)
		copy_discard(copy);
	else
		remember(task, at, size, VM_FLAGS_ANYWHERE);
}

static void
wire(struct task *task, uint64_t address, uint64_t size)
{
	const vm_prot_t access = rarely(2) ? VM_PROT_NONE : VM_PROT_READ;

	CALL("wire %#" PRIx64 " %#" PRIx64 " %d", address, size, access);
	if (rarely(2))
		(void)kernel_wire(task, address, size, access);
	else if (access != VM_PROT_NONE)
		(void)kernel_mlock(task, address, size);
	else
		(void)kernel_munlock(task, address, size);
}

static void
purge(struct task *task, uint64_t address)
{
	struct memory_entry *entry = entries[dice(ENTRIES)];
	const vm_purgable_t control = (vm_purgable_t)dice(4);
	int value = (int)dice(4);

	CALL("purgable_control %#" PRIx64 " %d %d", address, (int)control,
	    value);
	if (entry != NULL && rarely(3))
		(void)kernel_entry_purgable_control(entry, control, &value);
	else
		(void)kernel_purgable_control(task, address, control, &value);
}

static void
name(struct task *task, uint64_t address, uint64_t size)
{
	static const vm_prot_t kinds[] = { 0, 0, MAP_MEM_VM_SHARE,
		MAP_MEM_VM_COPY, MAP_MEM_NAMED_CREATE,
		MAP_MEM_NAMED_CREATE | MAP_MEM_PURGABLE };
	struct memory_entry **entry = &entries[dice(ENTRIES)];
	const vm_prot_t permission = some_protection() | kinds[dice(6)];

	if (*entry != NULL) {
		CALL("release of an entry");
		kernel_memory_entry_release(*entry);
		*entry = NULL;
		return;
	}
	/* this one panics (tests/README.md, Dangers) */
	if ((permission & VM_PROT_ALL) == 0 &&
	    task->rules->remap_keeps_reservations &&
	    !task->rules->entry_refuses_reservation)
		return;
	CALL("make_memory_entry %#" PRIx64 " %#" PRIx64 " %#x", address, size,
	    (unsigned)permission);
	if (kernel_make_memory_entry(task, &size, address, permission, entry,
		entries[dice(ENTRIES)]) != KERN_SUCCESS)
		*entry = NULL;
}

static void
look(struct task *task, uint64_t address, uint64_t size)
{
	mach_msg_type_number_t count = VM_REGION_EXTENDED_INFO_COUNT;
	int info[32], disposition, references;

	CALL("region and page_query %#" PRIx64, address);
	(void)kernel_page_query(task, address, &disposition, &references);
	(void)kernel_region(task, &address, &size, VM_REGION_EXTENDED_INFO,
	    info, &count);
}

/* As user code of this process, or as the kernel for another. */
static void
touch(struct task *task, uint64_t address)
{
	const vm_prot_t access = rarely(2) ? VM_PROT_READ : VM_PROT_WRITE;
	uint8_t byte = (uint8_t)dice(256);
	vm_prot_t shown;
	uint64_t frame;

	CALL("touch %#" PRIx64 " %d", address, access);
	if (task != parent) {
		if (access == VM_PROT_WRITE)
			(void)map_write_bytes(task->map, address, &byte, 1);
		else
			(void)map_read_bytes(task->map, address, &byte, 1);
		return;
	}
	if (kernel_fault(task, address, access) != KERN_SUCCESS)
		return;
	frame = pmap_frame(task->pmap, address & ~(unit - 1), &shown);
	if (frame == HOST_NO_FRAME && address - base >= PAGES * unit)
		return; /* the comm page */
	ATF_REQUIRE_MSG(frame != HOST_NO_FRAME && (shown & access) != 0,
	    "%s: shows nothing", call);
	if (access == VM_PROT_WRITE)
		*(uint8_t *)host_frame_data(frame) = byte;
}

static void
fork_or_end(void)
{
	CALL("fork or end of the child");
	if (child == NULL) {
		child = kernel_fork(parent);
		return;
	}
	kernel_task_terminate(child);
	child = NULL;
}

static void
reallocate(struct task *task, uint64_t address, uint64_t size)
{
	const int flags = some_flags(), options = (int)dice(3);
	uint64_t to = some_address(), new_size = some_size();

	CALL("reallocate %#" PRIx64 " %#" PRIx64 " to %#" PRIx64 " %#" PRIx64
	     " options %d flags %#x",
	    address, size, to, new_size, options, (unsigned)flags);
	if (task->rules->locks_entries &&
	    kernel_reallocate(task, address, size, &to, new_size, 0, options,
		flags) == KERN_SUCCESS)
		remember(task, to, new_size, flags);
}

static void
attribute(struct task *task, uint64_t address, uint64_t size)
{
	const unsigned value = dice(16);

	CALL("behavior_set or inherit or msync %#" PRIx64 " %#" PRIx64 " %u",
	    address, size, value);
	switch (dice(3)) {
	case 0:
		(void)kernel_behavior_set(task, address, size,
		    (vm_behavior_t)value);
		break;
	case 1:
		(void)kernel_inherit(task, address, size, value % 4);
		break;
	case 2:
		(void)kernel_msync(task, address, size, 1U << value);
		break;
	}
}

static void
one_call(void)
{
	struct task *task = some_task();
	const uint64_t address = some_address(), size = some_size();
	vm_prot_t protection;
	uint64_t to;

	switch (dice(24)) {
	case 0:
	case 1:
	case 2:
		allocate(task, address, size);
		break;
	case 3:
		CALL("deallocate %#" PRIx64 " %#" PRIx64, address, size);
		(void)kernel_deallocate(task, address, size);
		break;
	case 4:
	case 5:
		protection = rarely(8) ? VM_PROT_DEFAULT | VM_PROT_COPY :
					 some_protection();
		CALL("protect %#" PRIx64 " %#" PRIx64 " %d", address, size,
		    protection);
		(void)kernel_protect(task, address, size, rarely(12),
		    protection);
		break;
	case 6:
	case 7:
		map(task, address, size);
		break;
	case 8:
	case 9:
		remap(task, address, size);
		break;
	case 10:
	case 11:
		to = some_address();
		CALL("copy %#" PRIx64 " %#" PRIx64 " to %#" PRIx64, address,
		    size, to);
		(void)kernel_copy(task, address, size, to);
		break;
	case 12:
		read_out(task, address, size);
		break;
	case 13:
		wire(task, address, size);
		break;
	case 14:
		purge(task, address);
		break;
	case 15:
		name(task, address, size);
		break;
	case 16:
		look(task, address, size);
		break;
	case 17:
		if (rarely(4))
			fork_or_end();
		break;
	case 18:
		reallocate(task, address, size);
		break;
	case 19:
		attribute(task, address, size);
		break;
	default:
		touch(task, address);
		break;
	}
}

/* ---- the cases ----------------------------------------------------------- */

static void
run(const atf_tc_t *tc, const char *release, const char *arch, long first)
{
	const long seed = atf_tc_get_config_var_as_long_wd(tc, "seed", first);
	const long steps = atf_tc_get_config_var_as_long_wd(tc, "steps", STEPS);
	const char *what = NULL;
	long i;

	state = (uint64_t)seed;
	parent = test_boot(release, arch);
	unit = kernel->page_size;
	ATF_REQUIRE_EQ(kernel_allocate(parent, &base, PAGES * unit,
			   VM_FLAGS_ANYWHERE),
	    KERN_SUCCESS);
	CALL("boot");
	for (i = 0; i <= steps && what == NULL; i++) {
		if (i > 0)
			one_call();
		what = invariants_broken(entries, ENTRIES);
		if (what == NULL && steps > STEPS && i % (steps / 100) == 0)
			fprintf(stderr, "%ld of %ld calls\n", i, steps);
	}
	ATF_REQUIRE_MSG(what == NULL, "macOS %s %s, seed %ld, call %ld, %s: %s",
	    release, arch, seed, i - 1, call, what);
	/* Nothing is left behind. */
	for (i = 0; i < ENTRIES; i++)
		if (entries[i] != NULL)
			kernel_memory_entry_release(entries[i]);
	if (child != NULL)
		kernel_task_terminate(child);
	kernel_task_terminate(parent);
	current_task = NULL;
	what = invariants_broken(NULL, 0);
	ATF_CHECK_MSG(what == NULL, "macOS %s %s, seed %ld, at the end: %s",
	    release, arch, seed, what);
}

#define FLAVOUR(name_, release_, arch_, seed_)   \
	ATF_TC_WITHOUT_HEAD(name_);              \
	ATF_TC_BODY(name_, tc)                   \
	{                                        \
		run(tc, release_, arch_, seed_); \
	}

FLAVOUR(macos_10_13_x86_64, "10.13.6", "x86_64", 1)
FLAVOUR(macos_11_x86_64, "11.5", "x86_64", 1)
FLAVOUR(macos_15_arm64, "15.5", "arm64", 1)
FLAVOUR(macos_26_x86_64, "26.5", "x86_64", 1)
FLAVOUR(macos_26_arm64, "26.5", "arm64", 1)
/* call 8462 allocates a superpage */
FLAVOUR(superpage_x86_64, "26.5", "x86_64", 31)

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, macos_10_13_x86_64);
	ATF_TP_ADD_TC(tp, macos_11_x86_64);
	ATF_TP_ADD_TC(tp, macos_15_arm64);
	ATF_TP_ADD_TC(tp, macos_26_x86_64);
	ATF_TP_ADD_TC(tp, macos_26_arm64);
	ATF_TP_ADD_TC(tp, superpage_x86_64);
	return atf_no_error();
}
