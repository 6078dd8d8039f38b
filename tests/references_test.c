/*
 * What a call takes of VM objects it gives back, whether it succeeds or fails:
 * with all that it made gone, an object has the reference of one mapping.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "entries.h"
#include "reallocate.h"
#include "trap.h"

#define HALFWAY (LARGE / 2)

/* One VM object that two mappings show: what is done is done to pages. */
struct twice {
	mach_vm_address_t pages, alias;
};

static struct twice
mapped_twice(mach_port_name_t self)
{
	struct twice t = { mt_pages(LARGE_PAGES), 0 };

	NUMBER_PAGES(t.pages, LARGE_PAGES, 1);
	REMAP(t.alias, LARGE, VM_FLAGS_ANYWHERE, t.pages, FALSE);
	return t;
}

/* What is wrong from halfway on. */
enum damage { SOUND, HOLE, NO_ACCESS, READ_ONLY };

static void
spoil(mach_port_name_t self, mach_vm_address_t pages, enum damage damage)
{
	if (damage == HOLE)
		PUNCH(pages + HALFWAY, 1);
	else if (damage == NO_ACCESS)
		PROTECT(pages + HALFWAY, 1, VM_PROT_NONE);
	else if (damage == READ_ONLY)
		PROTECT(pages + HALFWAY, 1, VM_PROT_READ);
}

/* As a source is spoilt, then as a destination; what that is for a copy. */
static const struct {
	enum damage from, to;
	kern_return_t kr;
} copies[] = {
	{ SOUND, SOUND, KERN_SUCCESS },
	{ HOLE, SOUND, KERN_INVALID_ADDRESS },
	{ NO_ACCESS, SOUND, KERN_PROTECTION_FAILURE },
	{ SOUND, HOLE, KERN_INVALID_ADDRESS },
	{ SOUND, READ_ONLY, KERN_PROTECTION_FAILURE },
};
#define COPIES (sizeof(copies) / sizeof(copies[0]))

static void
check_alone(mach_port_name_t self, struct twice t)
{
	PUNCH(t.pages, LARGE_PAGES);
	MT_CHECK_REGION(t.alias, .ref_count = 1);
	PUNCH(t.alias, LARGE_PAGES);
}

MT_CASE(copy, copy_gives_back_both_objects, "copy-references",
    VM_MAP_C "vm_map_copyin_internal(), vm_map_copy_overwrite()",
    "mach_vm_copy() of a large range, by bytes where it is not aligned, keeps "
    "no reference to the VM objects of source and destination, nor does one "
    "that fails on the way.")
{
	for (unsigned i = 0; i < 2 * COPIES; i++) {
		const mach_vm_size_t odd = i % 2 == 0 ? 0 : 16;
		struct twice from = mapped_twice(self), to = mapped_twice(self);

		spoil(self, from.pages, copies[i / 2].from);
		spoil(self, to.pages, copies[i / 2].to);
		MT_CHECK(vm->copy(self, from.pages, LARGE - odd,
			     to.pages + odd),
		    copies[i / 2].kr);
		check_alone(self, from);
		check_alone(self, to);
	}
}

MT_CASE(write, write_gives_back_both_objects, "write-references",
    VM_USER_C "mach_vm_write()",
    "mach_vm_write() of a large range keeps no reference to the VM objects of "
    "data and destination, nor does one that the destination makes fail.")
{
	for (unsigned i = 0; i < 2 * COPIES; i++) {
		const mach_vm_size_t odd = i % 2 == 0 ? 0 : 16;
		struct twice from, to;

		if (copies[i / 2].from != SOUND)
			continue; /* data that cannot be sent is another matter */
		from = mapped_twice(self);
		to = mapped_twice(self);
		spoil(self, to.pages, copies[i / 2].to);
		MT_CHECK(vm->write(self, to.pages + odd, from.pages,
			     (mach_msg_type_number_t)(LARGE - odd)),
		    copies[i / 2].kr);
		check_alone(self, from);
		check_alone(self, to);
	}
}

MT_CASE(read, read_gives_back_the_object, "read-references",
    VM_USER_C "mach_vm_read()",
    "mach_vm_read() of a large range keeps a reference to its VM object as "
    "long as the data is there, and none where it fails.")
{
	for (unsigned i = 0; i < COPIES; i++) {
		mach_msg_type_number_t size = 0;
		struct twice from;
		vm_offset_t data = 0;

		if (copies[i].to != SOUND)
			continue;
		from = mapped_twice(self);
		spoil(self, from.pages, copies[i].from);
		MT_CHECK(vm->read(self, from.pages, LARGE, &data, &size),
		    copies[i].kr);
		if (data != 0)
			PUNCH(data, LARGE_PAGES);
		check_alone(self, from);
	}
}

MT_CASE(read_overwrite, read_overwrite_gives_back_both_objects,
    "read-overwrite-references", VM_USER_C "mach_vm_read_overwrite()",
    "mach_vm_read_overwrite() of a large range keeps no reference to the VM "
    "objects of source and destination, nor does one that fails.")
{
	for (unsigned i = 0; i < COPIES; i++) {
		struct twice from = mapped_twice(self), to = mapped_twice(self);
		mach_vm_size_t size = 0;

		spoil(self, from.pages, copies[i].from);
		spoil(self, to.pages, copies[i].to);
		MT_CHECK(vm->read_overwrite(self, from.pages, LARGE, to.pages,
			     &size),
		    copies[i].kr);
		check_alone(self, from);
		check_alone(self, to);
	}
}

MT_CASE(remap, remap_gives_back_the_object, "remap-references-shared",
    VM_MAP_C "vm_map_remap()",
    "mach_vm_remap() keeps no reference to its source's VM object where the "
    "source has a hole or the place is taken, and with OVERWRITE drops that "
    "to the object that it replaces.")
{
	static const struct {
		enum damage from;
		int flags;
		kern_return_t kr;
	} remaps[] = {
		{ SOUND, VM_FLAGS_FIXED | VM_FLAGS_OVERWRITE, KERN_SUCCESS },
		{ HOLE, VM_FLAGS_FIXED | VM_FLAGS_OVERWRITE,
		    KERN_INVALID_ADDRESS },
		{ SOUND, VM_FLAGS_FIXED, KERN_NO_SPACE },
	};
	vm_prot_t current, maximum;

	for (unsigned i = 0; i < 6; i++) {
		struct twice from = mapped_twice(self), to = mapped_twice(self);

		spoil(self, from.pages, remaps[i / 2].from);
		MT_CHECK(vm->remap(self, &to.pages, LARGE, 0,
			     remaps[i / 2].flags, self, from.pages,
			     (boolean_t)(i % 2), &current, &maximum,
			     VM_INHERIT_COPY),
		    remaps[i / 2].kr);
		if (remaps[i / 2].kr == KERN_SUCCESS)
			MT_CHECK_REGION(to.alias, .ref_count = 1);
		check_alone(self, to);
		check_alone(self, from);
	}
}

/* Of a plain entry, of its copy, of its share. */
static const vm_prot_t kinds[] = { 0, MAP_MEM_VM_COPY, MAP_MEM_VM_SHARE };

MT_CASE(make_memory_entry, entry_gives_back_the_object, "entry-references",
    VM_MEMORY_ENTRY_C "mach_make_memory_entry_internal()",
    "A memory entry keeps a reference to the VM object of its range, of every "
    "kind, until its last right is deallocated, in one region or in two; one "
    "that a hole, at the start or behind it, refuses keeps none.")
{
	for (unsigned i = 0; i < 12; i++) {
		struct twice t = mapped_twice(self);
		memory_object_size_t size = LARGE;
		mach_port_name_t entry = MACH_PORT_NULL;
		kern_return_t kr;

		if (i / 3 == 1)
			PUNCH(t.pages, 1);
		else if (i / 3 == 2)
			PUNCH(t.pages + HALFWAY, 1);
		else if (i / 3 == 3)
			MT_REQUIRE(stage->inherit(self, t.pages, HALFWAY,
				       VM_INHERIT_NONE),
			    KERN_SUCCESS);
		kr = vm->make_memory_entry(self, &size, t.pages,
		    kinds[i % 3] | VM_PROT_READ, &entry, MACH_PORT_NULL);
		/* A plain entry ends with its first region. */
		if (i % 9 < 3 || i > 9 || i == 6)
			MT_CHECK(kr, KERN_SUCCESS);
		else
			MT_CHECK_TRUE(kr != KERN_SUCCESS);
		if (kr == KERN_SUCCESS)
			MT_CHECK(mt_trap_port_deallocate(self, entry),
			    KERN_SUCCESS);
		check_alone(self, t);
	}
}

MT_CASE(make_memory_entry, entry_that_is_handed_out_again_gives_back_the_object,
    "entry-references-reuse",
    VM_MEMORY_ENTRY_C "mach_make_memory_entry_share()",
    "A memory entry that MAP_MEM_NAMED_REUSE hands out again has one right "
    "more, and goes with the last: no reference to the VM object is left.")
{
	struct twice t = mapped_twice(self);
	memory_object_size_t size = LARGE;
	mach_port_name_t again,
	    entry = entry_for(self, LARGE, t.pages, RW, MACH_PORT_NULL);

	MT_CHECK(vm->make_memory_entry(self, &size, t.pages,
		     RW | MAP_MEM_NAMED_REUSE, &again, entry),
	    KERN_SUCCESS);
	MT_CHECK_TRUE(again == entry);
	for (unsigned i = 0; i < 2; i++)
		MT_CHECK(mt_trap_port_deallocate(self, entry), KERN_SUCCESS);
	check_alone(self, t);
}

MT_CASE(make_memory_entry, entry_of_a_child_ends_with_it,
    "entry-references-child",
    VM_MEMORY_ENTRY_C "mach_memory_entry_no_senders()",
    "A memory entry that a child makes of memory it shares with its parent, "
    "and of which it keeps the right, keeps no reference to the VM object once "
    "the child has ended.")
{
	struct twice t = mapped_twice(self);

	MT_REQUIRE(stage->inherit(self, t.pages, LARGE, VM_INHERIT_SHARE),
	    KERN_SUCCESS);
	MT_CHILD {
		memory_object_size_t size = LARGE;
		mach_port_name_t entry;

		MT_CHECK(vm->make_memory_entry(self, &size, t.pages, RW, &entry,
			     MACH_PORT_NULL),
		    KERN_SUCCESS);
	}
	check_alone(self, t);
}

MT_CASE(map, mapping_of_an_entry_gives_back_the_object, "map-references",
    VM_MAP_C "vm_map_enter_mem_object()",
    "mach_vm_map() of a memory entry, of every kind, by reference or as a "
    "copy, keeps no reference to the VM object where the place is taken or the "
    "permission missing, and one as long as the mapping is there.")
{
	static const kern_return_t answers[] = { KERN_SUCCESS, KERN_NO_SPACE,
		KERN_INVALID_RIGHT };

	for (unsigned i = 0; i < 18; i++) {
		const kern_return_t kr = answers[i / 6];
		struct twice t = mapped_twice(self);
		mach_port_name_t entry = entry_for(self, LARGE, t.pages,
		    kinds[i % 3] | VM_PROT_READ, MACH_PORT_NULL);
		mach_vm_address_t at = mt_hole(LARGE_PAGES);

		if (kr == KERN_NO_SPACE)
			MT_REQUIRE(allocate_at(stage, self, at + HALFWAY,
				       mt_page, PLAIN),
			    KERN_SUCCESS);
		MT_CHECK(map_at(vm, self, at, LARGE, 0, entry, 0,
			     (boolean_t)(i / 3 % 2), RO,
			     kr == KERN_INVALID_RIGHT ? RW : RO),
		    kr);
		PUNCH(at, LARGE_PAGES);
		MT_REQUIRE(mt_trap_port_deallocate(self, entry), KERN_SUCCESS);
		check_alone(self, t);
	}
}

MT_CASE(wire, wiring_gives_back_the_object, "wire-references",
    VM_MAP_C "vm_map_wire_nested()",
    "vm_wire keeps no reference to the VM object when the range is unwired "
    "again, and none where a hole or memory without access makes it fail.",
    .needs = "privileged")
{
	for (enum damage damage = SOUND; damage <= NO_ACCESS; damage++) {
		struct twice t = mapped_twice(self);

		spoil(self, t.pages, damage);
		MT_CHECK(vm->wire(mach_host_self(), self, t.pages, LARGE,
			     VM_PROT_DEFAULT),
		    damage == SOUND    ? KERN_SUCCESS :
			damage == HOLE ? KERN_INVALID_ADDRESS :
					 KERN_PROTECTION_FAILURE);
		if (damage == SOUND)
			MT_CHECK(vm->wire(mach_host_self(), self, t.pages,
				     LARGE, VM_PROT_NONE),
			    KERN_SUCCESS);
		check_alone(self, t);
	}
}

MT_CASE(page_range_query, query_gives_back_the_object, "pagerange-references",
    VM_MAP_C "vm_map_page_range_info_internal()",
    "mach_vm_page_range_query() keeps no reference to the VM object of its "
    "range.")
{
	static integer_t dispositions[LARGE / (4 * KIB)];
	struct twice t = mapped_twice(self);
	mach_vm_size_t count = LARGE_PAGES;

	MT_CHECK(vm->page_range_query(self, t.pages, LARGE,
		     (mach_vm_address_t)(uintptr_t)dispositions, &count),
	    KERN_SUCCESS);
	check_alone(self, t);
}

MT_CASE(behavior_set, advice_gives_back_the_object, "behavior-references",
    VM_MAP_C "vm_map_behavior_set()",
    "vm_behavior_set of shared memory, with any behavior, keeps no reference "
    "to its VM object.")
{
	for (vm_behavior_t b = VM_BEHAVIOR_DEFAULT; b <= VM_BEHAVIOR_ZERO;
	     b++) {
		struct twice t = mapped_twice(self);

		/* Whether it is known or does anything is for other cases. */
		(void)vm->behavior_set(self, t.pages, LARGE, b);
		check_alone(self, t);
	}
}

MT_CASE(reallocate, reallocate_gives_back_both_objects, "reallocate-references",
    REALLOCATE_C "vm_map_relocate()",
    "mach_vm_reallocate() to another place takes no reference to the VM object "
    "that moves, with OVERWRITE drops that to the object that it replaces, and "
    "keeps none where the place is taken.",
    .since = "26.4", .needs = "native")
{
	const int flags[] = { 0, 0, VM_FLAGS_OVERWRITE };

	for (unsigned i = 0; i < 3; i++) {
		struct twice t = mapped_twice(self), to = mapped_twice(self);
		mach_vm_address_t hole = mt_hole(LARGE_PAGES);

		MT_CHECK(grow_to(vm, self, t.pages, LARGE_PAGES / 2,
			     i == 0 ? hole : to.pages, LARGE_PAGES, flags[i]),
		    i == 1 ? KERN_NO_SPACE : KERN_SUCCESS);
		MT_CHECK_REGION(to.alias, .ref_count = i == 2 ? 1 : 2);
		PUNCH(hole, LARGE_PAGES);
		check_alone(self, to);
		check_alone(self, t);
	}
}
