/*
 * Random calls of several threads at once, by traps and by messages, in an area
 * that all of them change, with loads and stores of each in pages of its own,
 * from which the others copy: no store is lost, and the map is in order
 * afterwards.  What a call answers is of no interest here.
 *
 * Variables of a case, by -v: seed, steps (of each thread).
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <atf-c.h>
#include <unistd.h>

#include "model/host/lock.h"
#include "model/vm/invariants.h"
#include "model/vm/task.h"
#include "model/vm/vm.h"
#include "route.h"
#include "system.h"
#include "threads.h"

enum { THREADS = 4, STEPS = 2000, AREA = 24, OWN = 2 };

struct stress {
	mach_vm_address_t area, own;
	mach_vm_size_t page;
	mach_port_name_t self;
	uint64_t seed;
	long steps;
	const struct mt_route *routes[8];
	unsigned route_count;
	const char *lost[THREADS];
};

static unsigned
dice(uint64_t *state, unsigned n)
{
	*state = *state * UINT64_C(6364136223846793005) + 1;
	return (unsigned)(*state >> 33) % n;
}

/* Into the area, whole pages or the bytes of a few. */
static void
copy_in(const struct stress *s, const struct mt_route *vm, uint64_t *state,
    mach_vm_address_t to)
{
	mach_vm_address_t from = s->own + dice(state, THREADS * OWN) * s->page;
	mach_vm_size_t size = s->page, got;
	vm_prot_t current, maximum;

	switch (dice(state, 4)) {
	case 0:
		(void)vm->copy(s->self, from, size, to);
		break;
	case 1:
		(void)vm->read_overwrite(s->self, from + 1, size - 1, to, &got);
		break;
	case 2:
		(void)vm->write(s->self, to, (vm_offset_t)from,
		    (mach_msg_type_number_t)size);
		break;
	case 3:
		(void)vm->remap(s->self, &to, size, 0,
		    VM_FLAGS_FIXED | VM_FLAGS_OVERWRITE, s->self, from, TRUE,
		    &current, &maximum, VM_INHERIT_DEFAULT);
		break;
	}
}

/* Pages that nobody else is told of come and go; those in a hole of the area
 * are anybody's. */
static void
elsewhere(const struct stress *s, const struct mt_route *vm, uint64_t *state)
{
	mach_vm_size_t size = (1 + dice(state, 4)) * s->page;
	mach_vm_address_t at = 0;

	if (vm->allocate(s->self, &at, size, VM_FLAGS_ANYWHERE) != KERN_SUCCESS)
		return;
	if (at + size <= s->area || at >= s->area + AREA * s->page)
		*(volatile uint8_t *)(uintptr_t)at = 1;
	(void)vm->deallocate(s->self, at, size);
}

static void
one_call(const struct stress *s, uint64_t *state)
{
	const struct mt_route *vm = s->routes[dice(state, s->route_count)];
	mach_vm_address_t at = s->area + dice(state, AREA - 4) * s->page;
	mach_vm_size_t size = (1 + dice(state, 4)) * s->page;
	vm_region_basic_info_data_64_t info;
	mach_msg_type_number_t words = VM_REGION_BASIC_INFO_COUNT_64;
	mach_port_name_t name;
	integer_t disposition, references;

	switch (dice(state, 10)) {
	case 0:
	case 1:
		(void)vm->allocate(s->self, &at, size,
		    VM_FLAGS_FIXED | VM_FLAGS_OVERWRITE);
		break;
	case 2:
		(void)vm->deallocate(s->self, at, size);
		break;
	case 3:
		(void)vm->protect(s->self, at, size, FALSE,
		    (vm_prot_t)dice(state, 4));
		break;
	case 4:
		elsewhere(s, vm, state);
		break;
	case 5:
		(void)vm->region(s->self, &at, &size, VM_REGION_BASIC_INFO_64,
		    (vm_region_info_t)&info, &words, &name);
		break;
	case 6:
		(void)vm->page_query(s->self, at, &disposition, &references);
		break;
	case 7:
		(void)vm->inherit(s->self, at, size, VM_INHERIT_SHARE);
		break;
	default:
		copy_in(s, vm, state, at);
		break;
	}
}

static void
stress(void *argument, unsigned me)
{
	struct stress *s = argument;
	volatile uint8_t *own = (volatile uint8_t *)(uintptr_t)(s->own +
	    me * OWN * s->page);
	uint8_t value[OWN] = { 0 };
	uint64_t state = s->seed * THREADS + me;

	for (long i = 0; i < s->steps && s->lost[me] == NULL; i++) {
		unsigned page = dice(&state, OWN);
		volatile uint8_t *byte = own + page * s->page + 5;

		if (*byte != value[page])
			s->lost[me] = "a store of a thread is lost";
		*byte = value[page] = (uint8_t)(i + 1);
		one_call(s, &state);
	}
}

static void
run(const atf_tc_t *tc, const char *release, const char *arch)
{
	struct stress s = { 0 };
	const char *problem, *broken;

	ATF_REQUIRE_MSG(mt_system_choose(release, arch, &problem), "%s",
	    problem);
	if (sysconf(_SC_PAGESIZE) > (arch[0] == 'x' ? 4096 : 16384))
		atf_tc_skip("the host's pages are too large for %s", arch);
	s.page = mt_system()->page;
	s.self = mach_task_self();
	s.seed = (uint64_t)atf_tc_get_config_var_as_long_wd(tc, "seed", 1);
	s.steps = atf_tc_get_config_var_as_long_wd(tc, "steps", STEPS);
	for (unsigned i = 0; mt_routes[i] != NULL; i++)
		if (mt_route_has(mt_routes[i],
			offsetof(struct mt_route, page_query)) &&
		    !mt_routes[i]->old_messages)
			s.routes[s.route_count++] = mt_routes[i];
	ATF_REQUIRE(s.route_count >= 3);
	ATF_REQUIRE_EQ(KERN_SUCCESS,
	    stage->allocate(s.self, &s.area, AREA * s.page, VM_FLAGS_ANYWHERE));
	ATF_REQUIRE_EQ(KERN_SUCCESS,
	    stage->allocate(s.self, &s.own, THREADS * OWN * s.page,
		VM_FLAGS_ANYWHERE));
	ATF_REQUIRE(mt_threads(THREADS, stress, &s));
	for (unsigned i = 0; i < THREADS; i++)
		ATF_CHECK_MSG(s.lost[i] == NULL, "thread %u: %s", i, s.lost[i]);
	kernel_lock();
	broken = invariants_map_broken(current_task->map);
	kernel_unlock();
	ATF_CHECK_MSG(broken == NULL, "macOS %s %s: %s", release, arch, broken);
}

ATF_TC_WITHOUT_HEAD(macos_15_arm64);
ATF_TC_BODY(macos_15_arm64, tc)
{
	run(tc, "15.5", "arm64");
}

ATF_TC_WITHOUT_HEAD(macos_26_x86_64);
ATF_TC_BODY(macos_26_x86_64, tc)
{
	run(tc, "26.5", "x86_64");
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, macos_15_arm64);
	ATF_TP_ADD_TC(tp, macos_26_x86_64);
	return atf_no_error();
}
