/*
 * Calls on 40 MiB do to the last page what they do to the first: a kernel works
 * in batches, page tables and bitmaps, each of which ends somewhere.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "entries.h"
#include "queries.h"
#include "reallocate.h"

/* More pages than one page table shows, looked at on both sides of what a batch
 * may hold, and at the last. */
#define MANY   ((unsigned)(40 * MIB / mt_page))
#define SIZE   (MANY * mt_page)
#define PLACES 13

static mach_vm_address_t
at_place(mach_vm_address_t pages, unsigned i)
{
	static const unsigned places[PLACES - 1] = { 0, 1, 63, 64, 127, 128,
		255, 256, 511, 512, 2047, 2048 };

	return pages + (i == PLACES - 1 ? MANY - 1 : places[i]) * mt_page;
}

static int
store_at_places(mach_vm_address_t pages, uint8_t byte)
{
	int exception = 0;

	for (unsigned i = 0; i < PLACES && exception == 0; i++)
		exception =
		    mt_write(at_place(pages, i), (uint8_t)(byte + i)).exception;
	return exception;
}
#define STORE(pages_, byte_) MT_REQUIRE(store_at_places((pages_), (byte_)), 0)

#define CHECK_PLACES(pages_, byte_)              \
	for (unsigned i_ = 0; i_ < PLACES; i_++) \
	MT_CHECK_BYTE(at_place((pages_), i_), (uint8_t)((byte_) + i_))
#define CHECK_ZERO(pages_)                       \
	for (unsigned i_ = 0; i_ < PLACES; i_++) \
	MT_CHECK_BYTE(at_place((pages_), i_), 0)
#define CHECK_FAULTS(touch_, pages_, code_)      \
	for (unsigned i_ = 0; i_ < PLACES; i_++) \
	MT_CHECK_FAULT(touch_(at_place((pages_), i_)), EXC_BAD_ACCESS, (code_))
#define STORE_BYTE(address_) mt_write((address_), 0x77)

/* Each of two shows its own bytes, whoever stores. */
static void
check_apart(mach_vm_address_t from, mach_vm_address_t copy)
{
	CHECK_PLACES(copy, 1);
	STORE(from, 0x41);
	CHECK_PLACES(copy, 1);
	STORE(copy, 0x81);
	CHECK_PLACES(from, 0x41);
	CHECK_PLACES(copy, 0x81);
}

/* Both show what is stored to either. */
static void
check_together(mach_vm_address_t from, mach_vm_address_t alias)
{
	CHECK_PLACES(alias, 1);
	STORE(from, 0x41);
	CHECK_PLACES(alias, 0x41);
	STORE(alias, 0x81);
	CHECK_PLACES(from, 0x81);
}

MT_CASE(protect, every_page_of_many_is_protected, "many-protect",
    "vm_protect.html",
    "mach_vm_protect() of 40 MiB takes and gives back the access to each page "
    "that was touched; the bytes stay.")
{
	mach_vm_address_t pages = mt_pages(MANY);

	STORE(pages, 1);
	MT_CHECK(vm->protect(self, pages, SIZE, FALSE, VM_PROT_READ),
	    KERN_SUCCESS);
	CHECK_FAULTS(STORE_BYTE, pages, KERN_PROTECTION_FAILURE);
	CHECK_PLACES(pages, 1);
	MT_CHECK(vm->protect(self, pages, SIZE, FALSE, VM_PROT_NONE),
	    KERN_SUCCESS);
	CHECK_FAULTS(mt_read, pages, KERN_PROTECTION_FAILURE);
	MT_CHECK(vm->protect(self, pages, SIZE, FALSE, VM_PROT_DEFAULT),
	    KERN_SUCCESS);
	CHECK_PLACES(pages, 1);
	STORE(pages, 0x41);
}

/* The pages again, each seen there: a mapping that can go alone. */
static mach_vm_address_t
alias_of(mach_port_name_t self, mach_vm_address_t pages)
{
	mach_vm_address_t alias = mt_hole(MANY);

	STORE(pages, 1);
	REMAP(alias, SIZE, VM_FLAGS_FIXED, pages, FALSE);
	CHECK_PLACES(alias, 1);
	return alias;
}

MT_CASE(deallocate, every_page_of_many_goes, "many-deallocate",
    "vm_deallocate.html",
    "mach_vm_deallocate() of one of two mappings of 40 MiB leaves none of its "
    "pages to be touched, and all of the other's.")
{
	mach_vm_address_t pages = mt_pages(MANY), alias = alias_of(self, pages);

	MT_CHECK(vm->deallocate(self, alias, SIZE), KERN_SUCCESS);
	MT_CHECK_HOLE(alias);
	CHECK_FAULTS(mt_read, alias, KERN_INVALID_ADDRESS);
	CHECK_PLACES(pages, 1);
}

MT_CASE(allocate, every_page_of_many_is_replaced, "many-overwrite",
    "vm_allocate.html",
    "mach_vm_allocate() with VM_FLAGS_OVERWRITE over one of two mappings of "
    "40 MiB shows zero there, and leaves the other's bytes.")
{
	mach_vm_address_t pages = mt_pages(MANY), alias = alias_of(self, pages);

	MT_CHECK(allocate_at(vm, self, alias, SIZE, VM_FLAGS_OVERWRITE | PLAIN),
	    KERN_SUCCESS);
	CHECK_ZERO(alias);
	CHECK_PLACES(pages, 1);
}

MT_CASE(copy, every_page_of_many_is_copied, "many-copy", "vm_copy.html",
    "mach_vm_copy() of 40 MiB copies each page, and later stores to source "
    "or target are seen there alone.")
{
	mach_vm_address_t from = mt_pages(MANY), to = mt_pages(MANY);

	STORE(from, 1);
	STORE(to, 0x21);
	MT_CHECK(vm->copy(self, from, SIZE, to), KERN_SUCCESS);
	check_apart(from, to);
}

MT_CASE(read, every_page_of_many_is_read, "many-read", "vm_read.html",
    "mach_vm_read() of 40 MiB gives each page, which later stores to the "
    "source leave alone.")
{
	mach_vm_address_t from = mt_pages(MANY);
	mach_msg_type_number_t size = 0;
	vm_offset_t data = 0;

	STORE(from, 1);
	MT_REQUIRE(vm->read(self, from, SIZE, &data, &size), KERN_SUCCESS);
	MT_CHECK_NUMBER(size, SIZE);
	check_apart(from, data);
}

MT_CASE(write, every_page_of_many_is_written, "many-write", "vm_write.html",
    "mach_vm_write() of 40 MiB writes each page, and later stores to data "
    "or target are seen there alone.")
{
	mach_vm_address_t from = mt_pages(MANY), to = mt_pages(MANY);

	STORE(from, 1);
	STORE(to, 0x21);
	MT_CHECK(vm->write(self, to, from, (mach_msg_type_number_t)SIZE),
	    KERN_SUCCESS);
	check_apart(from, to);
}

MT_CASE(remap, every_page_of_many_is_shown, "many-remap", "mach/mach_vm.defs",
    "mach_vm_remap() of 40 MiB shows each page: a copy keeps its bytes, "
    "without a copy both mappings show what is stored to either.")
{
	vm_prot_t current, maximum;

	for (boolean_t copy = FALSE; copy <= TRUE; copy++) {
		mach_vm_address_t from = mt_pages(MANY), at = 0;

		STORE(from, 1);
		MT_REQUIRE(vm->remap(self, &at, SIZE, 0, VM_FLAGS_ANYWHERE,
			       self, from, copy, &current, &maximum,
			       VM_INHERIT_COPY),
		    KERN_SUCCESS);
		if (copy)
			check_apart(from, at);
		else
			check_together(from, at);
	}
}

MT_CASE(inherit, every_page_of_many_is_inherited, "many-inherit",
    "vm_inherit.html",
    "A child has each page of 40 MiB as mach_vm_inherit() says: copied, "
    "shared or not at all.")
{
	mach_vm_address_t copied = mt_pages(MANY), shared = mt_pages(MANY);
	mach_vm_address_t kept = mt_pages(MANY), signal = signal_page(self);

	STORE(copied, 1);
	STORE(shared, 1);
	STORE(kept, 1);
	MT_CHECK(vm->inherit(self, copied, SIZE, VM_INHERIT_COPY),
	    KERN_SUCCESS);
	MT_CHECK(vm->inherit(self, shared, SIZE, VM_INHERIT_SHARE),
	    KERN_SUCCESS);
	MT_CHECK(vm->inherit(self, kept, SIZE, VM_INHERIT_NONE), KERN_SUCCESS);
	MT_CHILD {
		AWAIT(stored_byte(signal) == 1);
		CHECK_PLACES(copied, 1);
		CHECK_PLACES(shared, 0x41);
		CHECK_FAULTS(mt_read, kept, KERN_INVALID_ADDRESS);
		STORE(copied, 0x81);
		STORE(shared, 0x81);
	}
	else
	{
		STORE(copied, 0x41);
		STORE(shared, 0x41);
		tell(signal, 1);
	}
	CHECK_PLACES(copied, 0x41);
	CHECK_PLACES(shared, 0x81);
	CHECK_PLACES(kept, 1);
}

MT_CASE(make_memory_entry, every_page_of_many_is_in_the_entry, "many-entry",
    VM_MEMORY_ENTRY_C "mach_make_memory_entry_64()",
    "A memory entry for 40 MiB shows each page where it is mapped; one "
    "with MAP_MEM_VM_COPY shows what they were.")
{
	for (unsigned copies = 0; copies < 2; copies++) {
		mach_vm_address_t from = mt_pages(MANY), at = 0;
		memory_object_size_t size = SIZE;
		mach_port_name_t entry;

		STORE(from, 1);
		MT_REQUIRE(make(vm, self, &size, from,
			       RW | (copies == 1 ? MAP_MEM_VM_COPY : 0), &entry,
			       MACH_PORT_NULL),
		    KERN_SUCCESS);
		MT_CHECK_NUMBER(size, SIZE);
		MT_REQUIRE(stage->map(self, &at, SIZE, 0, VM_FLAGS_ANYWHERE,
			       entry, 0, FALSE, RW, RW, VM_INHERIT_COPY),
		    KERN_SUCCESS);
		if (copies == 1)
			check_apart(from, at);
		else
			check_together(from, at);
	}
}

MT_CASE(purgable_control, every_page_of_many_is_emptied, "many-purge",
    VM_MAP_C "vm_map_purgable_control()",
    "VM_PURGABLE_EMPTY empties each page of 40 MiB of purgeable memory.")
{
	mach_vm_address_t pages = mt_hole(MANY);
	int state = VM_PURGABLE_EMPTY;

	MT_REQUIRE(allocate_at(stage, self, pages, SIZE,
		       VM_FLAGS_PURGABLE | PLAIN),
	    KERN_SUCCESS);
	STORE(pages, 1);
	MT_CHECK(vm->purgable_control(self, pages, VM_PURGABLE_SET_STATE,
		     &state),
	    KERN_SUCCESS);
	state = VM_PURGABLE_NONVOLATILE;
	MT_CHECK(vm->purgable_control(self, pages, VM_PURGABLE_SET_STATE,
		     &state),
	    KERN_SUCCESS);
	MT_CHECK_NUMBER(state, VM_PURGABLE_EMPTY);
	CHECK_ZERO(pages);
}

MT_CASE(wire, every_page_of_many_is_copied_though_wired, "many-wire",
    VM_OBJECT_C "vm_object_copy_slowly()",
    "Each of 600 pages that mach_vm_wire() wired is copied, and can be stored to.",
    .needs = "privileged")
{
	const mach_vm_size_t size = 600 * mt_page; /* what costs memory */
	mach_vm_address_t from = mt_pages(MANY), to = mt_pages(MANY);

	STORE(from, 1);
	MT_CHECK(vm->wire(mach_host_self(), self, from, size, VM_PROT_DEFAULT),
	    KERN_SUCCESS);
	MT_REQUIRE(stage->copy(self, from, size, to), KERN_SUCCESS);
	STORE(from, 0x41);
	for (unsigned i = 0; at_place(from, i) < from + size; i++)
		MT_CHECK_BYTE(at_place(to, i), (uint8_t)(1 + i));
	MT_CHECK(vm->wire(mach_host_self(), self, from, size, VM_PROT_NONE),
	    KERN_SUCCESS);
	CHECK_PLACES(from, 0x41);
}

MT_CASE(behavior_set, every_page_of_many_is_zeroed, "many-zero",
    VM_MAP_C "vm_map_zero()", "VM_BEHAVIOR_ZERO zeroes each page of 40 MiB.",
    .since = "14.4", .needs = "native")
{
	mach_vm_address_t pages = mt_pages(MANY);

	STORE(pages, 1);
	MT_CHECK(vm->behavior_set(self, pages, SIZE, VM_BEHAVIOR_ZERO),
	    KERN_SUCCESS);
	CHECK_ZERO(pages);
}

MT_CASE(reallocate, every_page_of_many_moves, "many-reallocate",
    REALLOCATE_C "vm_map_reallocate()",
    "mach_vm_reallocate() moves each page of 40 MiB; nothing is left where "
    "they were.",
    .needs = "native")
{
	mach_vm_address_t from = mt_hole(MANY), to = mt_hole(MANY + 1);

	MT_REQUIRE(allocate_at(stage, self, from, SIZE, PLAIN), KERN_SUCCESS);
	STORE(from, 1);
	MT_CHECK(grow_to(vm, self, from, MANY, to, MANY + 1, PLAIN),
	    KERN_SUCCESS);
	CHECK_FAULTS(mt_read, from, KERN_INVALID_ADDRESS);
	CHECK_PLACES(to, 1);
	STORE(to, 0x41);
}

MT_CASE(behavior_set, each_page_of_many_is_reusable, "many-reusable",
    VM_MAP_C "vm_map_reusable_pages()",
    "VM_BEHAVIOR_REUSABLE, VM_BEHAVIOR_REUSE and VM_BEHAVIOR_FREE of 40 MiB "
    "do to each page what they do to the first.",
    .needs = "native")
{
	mach_vm_address_t pages = mt_pages(MANY);

	STORE(pages, 1);
	MT_CHECK_REGION(pages, .pages_resident = PLACES,
	    .pages_dirtied = PLACES);
	MT_CHECK(vm->behavior_set(self, pages, SIZE, VM_BEHAVIOR_REUSABLE),
	    KERN_SUCCESS);
	MT_CHECK_NUMBER(extended(stage, self, pages).pages_reusable, PLACES);
	MT_CHECK(vm->behavior_set(self, pages, SIZE, VM_BEHAVIOR_REUSE),
	    KERN_SUCCESS);
	MT_CHECK_NUMBER(extended(stage, self, pages).pages_reusable, 0);
	STORE(pages, 1);
	MT_CHECK_REGION(pages, .pages_dirtied = PLACES);
	MT_CHECK(vm->behavior_set(self, pages, SIZE, VM_BEHAVIOR_FREE),
	    KERN_SUCCESS);
	MT_CHECK_REGION(pages, .pages_dirtied = 0);
}

MT_CASE(purgable_control, every_page_of_many_faults, "many-purge-fault",
    VM_MAP_C "vm_map_purgable_control()",
    "VM_PURGABLE_DEBUG_FAULT makes an access to each page of 40 MiB of volatile "
    "memory raise EXC_BAD_ACCESS with code KERN_MEMORY_ERROR.")
{
	mach_vm_address_t pages = mt_hole(MANY);
	int state = VM_PURGABLE_VOLATILE | VM_PURGABLE_DEBUG_FAULT;

	MT_REQUIRE(allocate_at(stage, self, pages, SIZE,
		       VM_FLAGS_PURGABLE | PLAIN),
	    KERN_SUCCESS);
	STORE(pages, 1);
	MT_CHECK(vm->purgable_control(self, pages, VM_PURGABLE_SET_STATE,
		     &state),
	    KERN_SUCCESS);
	CHECK_FAULTS(mt_read, pages, KERN_MEMORY_ERROR);
}

MT_CASE(copy, every_page_of_many_is_taken_over, "many-collapse",
    VM_OBJECT_C "vm_object_do_collapse()",
    "A store to a copy by mach_vm_copy() of 40 MiB whose source is gone moves "
    "each of the source's pages into the copy's VM object.")
{
	mach_vm_address_t from = mt_pages(MANY), to = mt_pages(MANY);

	STORE(from, 1);
	TOUCH(from + 3 * mt_page, 0x71);
	MT_CHECK(vm->copy(self, from, SIZE, to), KERN_SUCCESS);
	TOUCH(to + 2 * mt_page, 0x72);
	PUNCH(from, MANY);
	TOUCH(to + 3 * mt_page, 0x73);
	MT_CHECK_REGION(to, .shadow_depth = 0, .ref_count = 1,
	    .pages_resident = PLACES + 2);
	CHECK_PLACES(to, 1);
}

MT_CASE(allocate, no_page_of_many_comes_back, "many-coalesce",
    VM_OBJECT_C "vm_object_coalesce()",
    "Where mach_vm_allocate() with VM_MEMORY_REALLOC makes a region larger that "
    "had 40 MiB before and lost all but its first page, each page is zero.",
    .needs = "native")
{
	mach_vm_address_t pages = mt_hole(MANY);

	MT_REQUIRE(allocate_at(stage, self, pages, SIZE, REALLOC),
	    KERN_SUCCESS);
	STORE(pages, 1);
	PUNCH(pages + mt_page, MANY - 1);
	MT_CHECK(allocate_at(vm, self, pages + mt_page, SIZE - mt_page,
		     REALLOC),
	    KERN_SUCCESS);
	MT_CHECK_REGION(pages, .size = (int64_t)SIZE);
	MT_CHECK_BYTE(pages, 1);
	for (unsigned i = 1; i < PLACES; i++)
		MT_CHECK_BYTE(at_place(pages, i), 0);
}

/* ---- more than 4 GiB, of which nothing is touched but what is looked at ---- */

#define HUGE (4 * GIB + 2 * mt_page)

/* So much new memory. */
static mach_vm_address_t
huge(mach_port_name_t self)
{
	mach_vm_address_t at = 0;

	MT_SKIP_UNLESS(map_has_room(3 * HUGE), "the map has no such room");
	MT_REQUIRE(stage->allocate(self, &at, HUGE, VM_FLAGS_ANYWHERE | PLAIN),
	    KERN_SUCCESS);
	return at;
}

MT_CASE(copy, end_of_4_gib_is_copied, "huge-copy", "vm_copy.html",
    "mach_vm_copy() of two pages more than 4 GiB copies the last of them.")
{
	mach_vm_address_t from = huge(self), to = huge(self);

	TOUCH(from, 0x11);
	TOUCH(from + HUGE - mt_page, 0x12);
	MT_CHECK(vm->copy(self, from, HUGE, to), KERN_SUCCESS);
	MT_CHECK_BYTE(to, 0x11);
	MT_CHECK_BYTE(to + HUGE - mt_page, 0x12);
	MT_CHECK(stage->deallocate(self, from, HUGE), KERN_SUCCESS);
	MT_CHECK(stage->deallocate(self, to, HUGE), KERN_SUCCESS);
}

MT_CASE(reallocate, end_of_4_gib_is_added, "huge-reallocate",
    REALLOCATE_C "vm_map_relocate()",
    "mach_vm_reallocate() of a page to more than 4 GiB, where nothing is behind "
    "it, adds all of that in place.",
    .needs = "native")
{
	mach_vm_address_t at = huge(self), moved = NOWHERE;

	MT_REQUIRE(stage->deallocate(self, at, HUGE), KERN_SUCCESS);
	MT_REQUIRE(allocate_at(stage, self, at, mt_page, PLAIN), KERN_SUCCESS);
	TOUCH(at, 0x11);
	MT_CHECK(vm->reallocate(self, at, mt_page, &moved, HUGE, 0,
		     VM_REALLOCATE_DEALLOCATE_SOURCE,
		     VM_FLAGS_ANYWHERE | PLAIN),
	    KERN_SUCCESS);
	MT_CHECK_ADDRESS(moved, at);
	MT_CHECK_BYTE(at, 0x11);
	MT_CHECK_BYTE(at + HUGE - mt_page, 0);
	MT_CHECK(stage->deallocate(self, at, HUGE), KERN_SUCCESS);
}
