/*
 * Calls of several threads at once on the same pages: each answer is one that
 * some order of the calls would give, and no byte is lost.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "bsd.h"
#include "threads.h"
#include "trap.h"

#define THREADS		4
#define RUN(body_, of_) MT_REQUIRE_TRUE(mt_threads(THREADS, (body_), &(of_)))

/* Each thread's own byte. */
#define OWN(thread_) ((uint8_t)(0x41 + (thread_)))

static void
store(mach_vm_address_t address, uint8_t byte)
{
	*(volatile uint8_t *)(uintptr_t)address = byte;
}

/* ---- free pages ----------------------------------------------------------- */

#define PLACES 64

struct places {
	const struct mt_route *vm;
	mach_port_name_t self;
	mach_vm_address_t hole;
	kern_return_t answers[THREADS][PLACES];
	mach_vm_address_t got[THREADS][PLACES];
};

static void
allocate_all(void *argument, unsigned me)
{
	struct places *p = argument;

	for (unsigned i = 0; i < PLACES; i++) {
		mach_vm_address_t at = p->hole + i * mt_page;

		p->answers[me][i] = allocate_at(p->vm, p->self, at, mt_page,
		    PLAIN);
		if (p->answers[me][i] == KERN_SUCCESS)
			store(at, OWN(me));
	}
}

MT_CASE(allocate, free_page_is_given_to_one_thread, "threads-allocate-fixed",
    VM_MAP_C "vm_map_enter()",
    "Of several threads that mach_vm_allocate() the same free page with "
    "VM_FLAGS_FIXED one gets it; the others have KERN_NO_SPACE, and its bytes "
    "stay.",
    .needs = "threads")
{
	struct places p = { .vm = vm, .self = self, .hole = mt_hole(PLACES) };

	RUN(allocate_all, p);
	for (unsigned i = 0; i < PLACES; i++) {
		unsigned owners = 0, refused = 0, owner = 0;

		for (unsigned t = 0; t < THREADS; t++) {
			if (p.answers[t][i] == KERN_SUCCESS)
				owners++, owner = t;
			refused += p.answers[t][i] == KERN_NO_SPACE;
		}
		MT_CHECK_NUMBER(owners, 1);
		MT_CHECK_NUMBER(refused, THREADS - 1);
		/* who is its owner differs from run to run */
		MT_CHECK_TRUE(stored_byte(p.hole + i * mt_page) == OWN(owner));
	}
}

static void
allocate_anywhere(void *argument, unsigned me)
{
	struct places *p = argument;

	for (unsigned i = 0; i < PLACES; i++) {
		p->answers[me][i] = p->vm->allocate(p->self, &p->got[me][i],
		    mt_page, VM_FLAGS_ANYWHERE | PLAIN);
		if (p->answers[me][i] == KERN_SUCCESS)
			store(p->got[me][i], OWN(me));
	}
}

/* Every page shows who got it: nobody else got the same. */
static void
check_own_pages(const struct places *p)
{
	for (unsigned t = 0; t < THREADS; t++)
		for (unsigned i = 0; i < PLACES; i++) {
			MT_CHECK(p->answers[t][i], KERN_SUCCESS);
			MT_CHECK_BYTE(p->got[t][i], OWN(t));
		}
}

MT_CASE(allocate, pages_of_threads_do_not_overlap, "threads-allocate-anywhere",
    VM_MAP_C "vm_map_enter()",
    "Several threads that mach_vm_allocate() with VM_FLAGS_ANYWHERE get a page "
    "of their own each time.",
    .needs = "threads")
{
	struct places p = { .vm = vm, .self = self };

	RUN(allocate_anywhere, p);
	check_own_pages(&p);
}

static void
map_anywhere(void *argument, unsigned me)
{
	struct places *p = argument;

	for (unsigned i = 0; i < PLACES; i++) {
		p->got[me][i] = mapped(p->vm, 0, mt_page, READ_WRITE,
		    PRIVATE_ANON);
		if (p->got[me][i] == 0)
			p->answers[me][i] = KERN_FAILURE;
		else
			store(p->got[me][i], OWN(me));
	}
}

MT_CASE(mmap, mappings_of_threads_do_not_overlap, "threads-mmap",
    KERN_MMAN_C "mmap()",
    "Several threads that mmap(2) anonymous memory get a page of their own "
    "each time.",
    .needs = "threads")
{
	struct places p = { .vm = vm, .self = self };

	RUN(map_anywhere, p);
	check_own_pages(&p);
}

/* Thread n takes and gives pages n, n + THREADS, ..., neighbours of others. */
static void
take_and_give(void *argument, unsigned me)
{
	struct places *p = argument;

	for (unsigned turn = 0; turn < 8; turn++)
		for (unsigned i = me; i < PLACES; i += THREADS) {
			mach_vm_address_t at = p->hole + i * mt_page;

			p->answers[0][i] |= allocate_at(p->vm, p->self, at,
			    mt_page, REALLOC);
			if (p->answers[0][i] != KERN_SUCCESS)
				return;
			store(at, OWN(me));
			p->answers[1][i] |= stored_byte(at) != OWN(me);
			p->answers[2][i] |= p->vm->deallocate(p->self, at,
			    mt_page);
		}
}

MT_CASE(deallocate, neighbours_of_threads_are_left_alone, "threads-deallocate",
    VM_MAP_C "vm_map_remove()",
    "Threads that mach_vm_allocate() and mach_vm_deallocate() pages side by "
    "side, which coalesce and are clipped, never lose each other's.",
    .needs = "native threads")
{
	struct places p = { .vm = vm, .self = self, .hole = mt_hole(PLACES) };

	RUN(take_and_give, p);
	for (unsigned i = 0; i < PLACES; i++)
		for (unsigned what = 0; what < 3; what++)
			MT_CHECK(p.answers[what][i], KERN_SUCCESS);
	MT_CHECK_NUMBER(count_regions(p.hole, p.hole + PLACES * mt_page), 0);
}

/* ---- faults --------------------------------------------------------------- */

struct pages {
	const struct mt_route *vm;
	mach_port_name_t self;
	mach_vm_address_t at, from;
	kern_return_t answers[THREADS];
};

/* A byte of its own in every page, which all of them touch first. */
static void
store_own(void *argument, unsigned me)
{
	const struct pages *p = argument;

	for (unsigned i = 0; i < PLACES; i++)
		store(p->at + i * mt_page + me, OWN(me));
}

static void
check_own_bytes(mach_vm_address_t at)
{
	for (unsigned i = 0; i < PLACES; i++)
		for (unsigned t = 0; t < THREADS; t++)
			MT_CHECK_BYTE(at + i * mt_page + t, OWN(t));
}

MT_CASE(allocate, page_is_filled_with_zeros_once, "threads-zero-fill",
    VM_FAULT_C "vm_fault()",
    "Several threads that store into an untouched page of mach_vm_allocate() at "
    "once share one zero-filled page: every byte is there.",
    .needs = "threads")
{
	struct pages p = { .vm = vm, .self = self };

	MT_REQUIRE(vm->allocate(self, &p.at, PLACES * mt_page,
		       VM_FLAGS_ANYWHERE | PLAIN),
	    KERN_SUCCESS);
	RUN(store_own, p);
	check_own_bytes(p.at);
}

MT_CASE(copy, page_is_copied_once, "threads-copy-on-write",
    VM_FAULT_C "vm_fault()",
    "Several threads that store into a page that mach_vm_copy() left to be "
    "copied share one copy: every byte is there, and the original has none.",
    .needs = "threads")
{
	struct pages p = { .vm = vm,
		.self = self,
		.at = mt_pages(PLACES),
		.from = mt_pages(PLACES) };

	TOUCH_PAGES(p.from, PLACES, 0x21);
	MT_REQUIRE(vm->copy(self, p.from, PLACES * mt_page, p.at),
	    KERN_SUCCESS);
	RUN(store_own, p);
	check_own_bytes(p.at);
	for (unsigned i = 0; i < PLACES; i++)
		MT_CHECK_BYTE(p.from + i * mt_page, 0x21);
}

/* ---- a range that changes while it is used --------------------------------- */

#define LENGTH 32 /* pages of a copy */
#define TURNS  64

struct copying {
	const struct mt_route *vm;
	mach_port_name_t self;
	mach_vm_address_t from, to;
	kern_return_t answers[TURNS];
	unsigned torn;	/* pages that were neither the old nor the new ones */
	unsigned wrong; /* answers of the other threads */
};

/* Thread 0 copies, again and again; between, it writes the old bytes. */
static void
copy_again(struct copying *c)
{
	for (unsigned turn = 0; turn < TURNS; turn++) {
		for (unsigned i = 0; i < LENGTH; i++)
			store(c->to + i * mt_page, 0x21);
		c->answers[turn] = c->vm->copy(c->self, c->from,
		    LENGTH * mt_page, c->to);
		for (unsigned i = 0; i < LENGTH; i++) {
			uint8_t byte = stored_byte(c->to + i * mt_page);

			if (byte != 0x42 &&
			    (c->answers[turn] == KERN_SUCCESS || byte != 0x21))
				c->torn++;
		}
	}
}

/* Each copy succeeds or fails like this. */
static void
check_copies(const struct mt_route *vm, mach_port_name_t self,
    void (*body)(void *, unsigned), kern_return_t failure)
{
	struct copying c = { .vm = vm,
		.self = self,
		.from = mt_pages(LENGTH),
		.to = mt_pages(LENGTH) };
	unsigned others = 0;

	TOUCH_PAGES(c.from, LENGTH, 0x42);
	RUN(body, c);
	for (unsigned i = 0; i < TURNS; i++)
		others += c.answers[i] != KERN_SUCCESS &&
		    c.answers[i] != failure;
	MT_CHECK_NUMBER(others, 0);
	MT_CHECK_NUMBER(c.torn, 0);
	MT_CHECK_NUMBER(c.wrong, 0);
}

static void
protect_while_copied(void *argument, unsigned me)
{
	struct copying *c = argument;
	mach_vm_address_t page = c->from + LENGTH / 2 * mt_page;

	if (me == 0) {
		copy_again(c);
		return;
	}
	for (unsigned i = 0; i < 4 * TURNS; i++)
		if (stage->protect(c->self, page, mt_page, FALSE,
			i % 2 == 0 ? VM_PROT_NONE : VM_PROT_DEFAULT) !=
		    KERN_SUCCESS)
			__atomic_fetch_add(&c->wrong, 1, __ATOMIC_RELAXED);
}

MT_CASE(copy, protection_changes_while_it_is_copied, "threads-copy-protect",
    VM_MAP_C "vm_map_copyin_internal()",
    "mach_vm_copy() from pages whose protection other threads change copies all "
    "or is KERN_PROTECTION_FAILURE; no page of the target is a mixture.",
    .needs = "threads")
{
	check_copies(vm, self, protect_while_copied, KERN_PROTECTION_FAILURE);
}

/* Thread 1 takes the middle page away and puts a like one there. */
static void
remap_while_copied(void *argument, unsigned me)
{
	struct copying *c = argument;
	mach_vm_address_t page = c->from + LENGTH / 2 * mt_page, spare, at;
	vm_prot_t current, maximum;

	if (me == 0) {
		copy_again(c);
		return;
	}
	if (me > 1)
		return;
	for (unsigned i = 0; i < 4 * TURNS; i++) {
		spare = c->from; /* which has the same byte */
		at = page;
		if (stage->deallocate(c->self, page, mt_page) != KERN_SUCCESS ||
		    stage->remap(c->self, &at, mt_page, 0, VM_FLAGS_FIXED,
			c->self, spare, TRUE, &current, &maximum,
			VM_INHERIT_COPY) != KERN_SUCCESS)
			c->wrong++;
	}
}

MT_CASE(copy, page_is_replaced_while_it_is_copied, "threads-copy-unmap",
    VM_MAP_C "vm_map_copyin_internal()",
    "mach_vm_copy() from pages of which another thread unmaps and replaces one "
    "copies all or is KERN_INVALID_ADDRESS; no page of the target is a mixture.",
    .needs = "threads")
{
	check_copies(vm, self, remap_while_copied, KERN_INVALID_ADDRESS);
}

/* ---- protections and locks -------------------------------------------------- */

static void
protect_again(void *argument, unsigned me)
{
	struct pages *p = argument;

	for (unsigned i = 0; i < TURNS; i++)
		p->answers[me] |= p->vm->protect(p->self, p->at,
		    PLACES * mt_page, FALSE,
		    me % 2 == 0 ? VM_PROT_READ : VM_PROT_DEFAULT);
}

MT_CASE(protect, threads_protect_the_same_pages, "threads-protect",
    VM_MAP_C "vm_map_protect()",
    "Several threads that mach_vm_protect() the same range all succeed; each "
    "page has a protection that one of them gave, and its bytes.",
    .needs = "threads")
{
	struct pages p = { .vm = vm, .self = self, .at = mt_pages(PLACES) };
	struct mt_region region;
	const char *problem;

	TOUCH_PAGES(p.at, PLACES, 0x21);
	RUN(protect_again, p);
	for (unsigned t = 0; t < THREADS; t++)
		MT_CHECK(p.answers[t], KERN_SUCCESS);
	for (unsigned i = 0; i < PLACES; i++) {
		MT_REQUIRE_TRUE(
		    mt_region_next(p.at + i * mt_page, &region, &problem));
		MT_CHECK_TRUE(region.protection == VM_PROT_READ ||
		    region.protection == VM_PROT_DEFAULT);
		MT_CHECK_BYTE(p.at + i * mt_page, 0x21);
	}
}

static void
lock_again(void *argument, unsigned me)
{
	struct pages *p = argument;
	int error = 0;

	for (unsigned i = 0; i < TURNS; i++)
		if (p->vm->mlock(&error, p->at, 2 * mt_page) == -1 ||
		    stage_bsd->munlock(&error, p->at, 2 * mt_page) == -1)
			p->answers[me] = error;
}

MT_CASE(mlock, locks_of_threads_are_counted, "threads-mlock",
    KERN_MMAN_C "mlock()",
    "When several threads have made as many munlock(2) as mlock(2) of the same "
    "pages, nothing is locked.",
    .needs = "threads")
{
	struct pages p = { .vm = vm, .self = self, .at = mt_pages(2) };

	RUN(lock_again, p);
	for (unsigned t = 0; t < THREADS; t++)
		MT_CHECK_NUMBER(p.answers[t], 0);
	MT_CHECK_REGION(p.at, .user_wired_count = 0);
}

/* ---- reallocate ------------------------------------------------------------- */

#define GROWN 16 /* pages at last */

/* Each grows its own block by a page, in place or elsewhere. */
static void
grow_own(void *argument, unsigned me)
{
	struct places *p = argument;
	mach_vm_address_t at = p->got[me][0], to;

	for (unsigned n = 1; n < GROWN; n++) {
		to = 0;
		p->answers[me][n] = p->vm->reallocate(p->self, at, n * mt_page,
		    &to, (n + 1) * mt_page, 0, VM_REALLOCATE_DEALLOCATE_SOURCE,
		    VM_FLAGS_ANYWHERE);
		if (p->answers[me][n] != KERN_SUCCESS)
			return;
		at = to;
		store(at + n * mt_page, OWN(me));
	}
	p->got[me][0] = at;
}

MT_CASE(reallocate, blocks_of_threads_grow_apart, "threads-reallocate",
    REALLOCATE_C "vm_map_reallocate()",
    "Several threads that grow a block each by mach_vm_reallocate() find their "
    "bytes in it.",
    .since = "26.4", .needs = "native threads")
{
	struct places p = { .vm = vm, .self = self };

	for (unsigned t = 0; t < THREADS; t++) {
		MT_REQUIRE(stage->allocate(self, &p.got[t][0], mt_page,
			       VM_FLAGS_ANYWHERE | PLAIN),
		    KERN_SUCCESS);
		TOUCH(p.got[t][0], OWN(t));
	}
	RUN(grow_own, p);
	for (unsigned t = 0; t < THREADS; t++)
		for (unsigned n = 0; n < GROWN; n++) {
			MT_CHECK(p.answers[t][n], KERN_SUCCESS);
			MT_CHECK_BYTE(p.got[t][0] + n * mt_page, OWN(t));
		}
}

/* ---- names ------------------------------------------------------------------ */

static void
name_own(void *argument, unsigned me)
{
	struct places *p = argument;

	p->got[me][0] = mt_trap_thread_self();
	p->got[me][1] = mt_trap_thread_self();
}

MT_CASE(raw, each_thread_has_its_own_port, "threads-thread-self",
    XNU "osfmk/kern/ipc_tt.c, thread_self_trap()",
    "The trap thread_self_trap gives a thread its own port, under one name, and "
    "no two threads the same.",
    .needs = "threads")
{
	const mach_vm_address_t own = mt_trap_thread_self();
	struct places p = { .vm = vm, .self = self };

	RUN(name_own, p);
	for (unsigned t = 0; t < THREADS; t++) {
		MT_CHECK_TRUE(p.got[t][0] != 0 && p.got[t][0] != own);
		MT_CHECK_TRUE(p.got[t][1] == p.got[t][0]);
		for (unsigned u = 0; u < t; u++)
			MT_CHECK_TRUE(p.got[u][0] != p.got[t][0]);
	}
}
