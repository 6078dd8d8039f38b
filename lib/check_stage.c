/*
 * Places of its own for a case: test memory and holes between guards.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "check_state.h"

/*
 * A hole is the first fit of the next placement anywhere: of the case, of a
 * reply's out of line data, of malloc.  So places begin high above where such
 * placements start, and each lies above the one before.
 */
#define FIRST_PLACE UINT64_C(0x340000000000)
#define MOST_PAGES  (65536 + 2)

static mach_vm_address_t next_place = FIRST_PLACE;

static void
require(const struct mt_site *site, const char *step, kern_return_t kr)
{
	char buffer[256];
	struct mt_text t = MT_TEXT(buffer);

	if (kr == KERN_SUCCESS)
		return;
	mt_put(&t, site->call);
	mt_put(&t, ": ");
	mt_put(&t, step);
	mt_put(&t, " answered ");
	mt_put_kern(&t, kr);
	mt_record_at(site, buffer, "stage");
	mt_fail(site, buffer, "");
}

static kern_return_t
map_guard(mach_vm_address_t *address, mach_vm_size_t size)
{
	return stage->map(mach_task_self(), address, size, 0,
	    (int)(VM_FLAGS_ANYWHERE | VM_MAKE_TAG(MT_GUARD_TAG)),
	    MACH_PORT_NULL, 0, FALSE, VM_PROT_NONE, VM_PROT_NONE,
	    VM_INHERIT_DEFAULT);
}

mach_vm_address_t
mt_hole_at(const struct mt_site *site, unsigned n, mach_vm_size_t alignment)
{
	const mach_port_name_t self = mach_task_self();
	const mach_vm_size_t page = mt_page, size = n * page;
	mach_vm_address_t start = next_place, hole, end;
	mach_vm_size_t all;

	if (n == 0 || n > MOST_PAGES || (alignment & (alignment - 1)) != 0)
		mt_fail(site,
		    "a hole has 1 to 65536 pages and is aligned to "
		    "a power of two",
		    "");
	if (alignment < page)
		alignment = page;
	all = page + (alignment - page) + size + page;

	/* [guards], all of it; above the places before, else anywhere */
	if (map_guard(&start, all) != KERN_SUCCESS) {
		start = 0;
		require(site, "map", map_guard(&start, all));
	}
	end = start + all;
	next_place = end + page;

	/* [guard][n free pages][guard] */
	hole = (start + page + alignment - 1) & ~(alignment - 1);
	require(site, "behavior_set",
	    stage->behavior_set(self, start, hole - start, VM_BEHAVIOR_RANDOM));
	require(site, "behavior_set",
	    stage->behavior_set(self, hole + size, end - (hole + size),
		VM_BEHAVIOR_RANDOM));
	require(site, "deallocate", stage->deallocate(self, hole, size));
	return hole;
}

mach_vm_address_t
mt_pages_at(const struct mt_site *site, unsigned n)
{
	/* [guard][a free page][n pages][a free page][guard] */
	mach_vm_address_t pages = mt_hole_at(site, n + 2, 1) + mt_page;

	require(site, "allocate",
	    stage->allocate(mach_task_self(), &pages, n * mt_page,
		VM_FLAGS_FIXED | MT_FLAGS_TAG));
	return pages;
}
