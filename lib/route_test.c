/*
 * The routes against the kernel that is there: what each passes on.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <atf-c.h>
#include <string.h>

#include "region.h"
#include "route.h"
#include "system.h"

#define FOR_EACH_ROUTE(vm_, routine_)                         \
	for (int i_ = 0; (vm_ = mt_routes[i_]) != NULL; i_++) \
		if (is_here(vm_, offsetof(struct mt_route, routine_)))

/* This system has the routine by the route, and this machine can go it. */
static bool
is_here(const struct mt_route *vm, size_t member)
{
	return mt_route_has(vm, member) &&
	    !(vm->traps && mt_system()->no_traps != NULL);
}

ATF_TC_WITHOUT_HEAD(names_are_unique);
ATF_TC_BODY(names_are_unique, tc)
{
	for (int i = 0; mt_routes[i] != NULL; i++)
		for (int j = 0; j < i; j++)
			ATF_CHECK(strcmp(mt_routes[i]->name,
				      mt_routes[j]->name) != 0);
	(void)tc;
}

ATF_TC_WITHOUT_HEAD(stage_has_every_mach_routine);
ATF_TC_BODY(stage_has_every_mach_routine, tc)
{
	ATF_CHECK_STREQ("libsystem", stage->name);
#define HAS(routine_) ATF_CHECK(stage->routine_ != NULL)
	HAS(allocate);
	HAS(deallocate);
	HAS(protect);
	HAS(inherit);
	HAS(read);
	HAS(read_list);
	HAS(read_overwrite);
	HAS(write);
	HAS(copy);
	HAS(msync);
	HAS(behavior_set);
	HAS(map);
	HAS(map_anonymous);
	HAS(machine_attribute);
	HAS(remap);
	HAS(page_query);
	HAS(page_info);
	HAS(region);
	HAS(region_recurse);
	HAS(make_memory_entry);
	HAS(purgable_control);
	HAS(wire);
	(void)tc;
}

ATF_TC_WITHOUT_HEAD(places_are_given_and_taken_back);
ATF_TC_BODY(places_are_given_and_taken_back, tc)
{
	const mach_vm_size_t page = mt_system()->page;
	const mach_port_name_t self = mach_task_self();
	const struct mt_route *vm;
	struct mt_region r;

	FOR_EACH_ROUTE(vm, allocate)
	{
		mach_vm_address_t a = 0;

		ATF_CHECK_EQ_MSG(KERN_SUCCESS,
		    vm->allocate(self, &a, page,
			(int)(VM_FLAGS_ANYWHERE | VM_MAKE_TAG(243))),
		    "%s", vm->name);
		ATF_REQUIRE_MSG(mt_region_at(a, &r), "%s", vm->name);
		ATF_CHECK_EQ_MSG(243, r.user_tag, "%s", vm->name);
		ATF_CHECK_EQ_MSG(KERN_SUCCESS,
		    vm->protect(self, a, page, FALSE, VM_PROT_READ), "%s",
		    vm->name);
		ATF_REQUIRE_MSG(mt_region_at(a, &r), "%s", vm->name);
		ATF_CHECK_EQ_MSG(VM_PROT_READ, r.protection, "%s", vm->name);
		ATF_CHECK_EQ_MSG(VM_PROT_ALL, r.max_protection, "%s", vm->name);
		ATF_CHECK_EQ_MSG(KERN_SUCCESS,
		    vm->protect(self, a, page, TRUE, VM_PROT_READ), "%s",
		    vm->name);
		ATF_REQUIRE_MSG(mt_region_at(a, &r), "%s", vm->name);
		ATF_CHECK_EQ_MSG(VM_PROT_READ, r.max_protection, "%s",
		    vm->name);
		ATF_CHECK_EQ_MSG(KERN_SUCCESS, vm->deallocate(self, a, page),
		    "%s", vm->name);
		ATF_CHECK_MSG(!mt_region_at(a, &r), "%s", vm->name);
	}
	(void)tc;
}

ATF_TC_WITHOUT_HEAD(anonymous_map_has_maximum_all);
ATF_TC_BODY(anonymous_map_has_maximum_all, tc)
{
	const mach_vm_size_t page = mt_system()->page;
	const mach_port_name_t self = mach_task_self();
	const struct mt_route *vm;
	struct mt_region r;

	FOR_EACH_ROUTE(vm, map_anonymous)
	{
		mach_vm_address_t a = 0;

		ATF_CHECK_EQ_MSG(KERN_SUCCESS,
		    vm->map_anonymous(self, &a, page, 0xffff, VM_FLAGS_ANYWHERE,
			VM_PROT_READ),
		    "%s", vm->name);
		ATF_CHECK_EQ_MSG(0, a & 0xffff, "%s", vm->name);
		ATF_REQUIRE_MSG(mt_region_at(a, &r), "%s", vm->name);
		ATF_CHECK_EQ_MSG(VM_PROT_READ, r.protection, "%s", vm->name);
		ATF_CHECK_EQ_MSG(VM_PROT_ALL, r.max_protection, "%s", vm->name);
		ATF_CHECK_EQ_MSG((int64_t)VM_INHERIT_DEFAULT, r.inheritance,
		    "%s", vm->name);
	}
	(void)tc;
}

ATF_TC_WITHOUT_HEAD(failure_leaves_out_parameters);
ATF_TC_BODY(failure_leaves_out_parameters, tc)
{
	const mach_vm_size_t page = mt_system()->page;
	const mach_port_name_t self = mach_task_self();
	const struct mt_route *vm;

	FOR_EACH_ROUTE(vm, map_anonymous)
	{
		mach_vm_address_t a = 0x1234567;
		mach_vm_size_t size = 0x89abc;
		int state = 77;

		if (vm->allocate != NULL) {
			ATF_CHECK_MSG(vm->allocate(self, &a, page, 0x800) !=
				KERN_SUCCESS,
			    "%s", vm->name);
			ATF_CHECK_EQ_MSG(0x1234567, a, "%s", vm->name);
		}
		if (vm->map_anonymous != NULL) {
			ATF_CHECK_MSG(vm->map_anonymous(self, &a, page, 0,
					  0x800, VM_PROT_READ) != KERN_SUCCESS,
			    "%s", vm->name);
			ATF_CHECK_EQ_MSG(0x1234567, a, "%s", vm->name);
		}
		if (vm->purgable_control != NULL) {
			ATF_CHECK_MSG(vm->purgable_control(self, 0,
					  VM_PURGABLE_GET_STATE,
					  &state) != KERN_SUCCESS,
			    "%s", vm->name);
			ATF_CHECK_EQ_MSG(77, state, "%s", vm->name);
		}
		if (vm->read_overwrite != NULL) {
			ATF_CHECK_MSG(vm->read_overwrite(self, 0, page, 0,
					  &size) != KERN_SUCCESS,
			    "%s", vm->name);
			ATF_CHECK_EQ_MSG(0x89abc, size, "%s", vm->name);
		}
	}
	(void)tc;
}

ATF_TC_WITHOUT_HEAD(target_and_sizes_are_passed_on);
ATF_TC_BODY(target_and_sizes_are_passed_on, tc)
{
	const struct mt_route *vm;
	mach_vm_address_t a = 0;

	FOR_EACH_ROUTE(vm, allocate)
	{
		ATF_CHECK_MSG(vm->allocate(MACH_PORT_NULL, &a, 1,
				  VM_FLAGS_ANYWHERE) != KERN_SUCCESS,
		    "%s", vm->name);
		/* far more than 2^32 bytes, and more than there are */
		ATF_CHECK_MSG(vm->allocate(mach_task_self(), &a,
				  UINT64_C(1) << 63,
				  VM_FLAGS_ANYWHERE) != KERN_SUCCESS,
		    "%s", vm->name);
	}
	(void)tc;
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, names_are_unique);
	ATF_TP_ADD_TC(tp, stage_has_every_mach_routine);
	ATF_TP_ADD_TC(tp, places_are_given_and_taken_back);
	ATF_TP_ADD_TC(tp, anonymous_map_has_maximum_all);
	ATF_TP_ADD_TC(tp, failure_leaves_out_parameters);
	ATF_TP_ADD_TC(tp, target_and_sizes_are_passed_on);
	return atf_no_error();
}
