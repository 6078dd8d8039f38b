/*
 * The routes agree: the same pseudo-random calls through the stage's route and
 * through the one under test, each on an arena of its own, give the same
 * codes, results, regions and bytes.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "transfer.h"
#include "trap.h"

enum { PAGES = 12, STEPS = 60, SEEDS = 6, RESULTS = 8 };
#define ENOUGH 1000 /* milliseconds: then no further seed begins */

/* Of a page that was only read these depend on its frame's past. */
#define OF_THE_FRAME (VM_PAGE_QUERY_PAGE_REF | VM_PAGE_QUERY_PAGE_DIRTY)

/* One side: a route and its arena. */
struct side {
	const struct mt_route *vm;
	mach_port_name_t self;
	mach_vm_address_t arena;
};

/* What a call is made with, addresses as offsets into the arena. */
struct arguments {
	uint32_t kind;
	uint64_t offset, size, other;
	uint32_t a, b, c;
};

/* What it gave: addresses as offsets, too. */
struct outcome {
	kern_return_t code;
	uint64_t results[RESULTS];
};
typedef void call(const struct side *, const struct arguments *,
    struct outcome *);

static uint32_t
next(uint32_t *state)
{
	*state ^= *state << 13;
	*state ^= *state >> 17;
	*state ^= *state << 5;
	return *state;
}

/* A range in the arena, mostly whole pages; now and then none that could be. */
static void
draw(uint32_t *state, struct arguments *x)
{
	uint32_t first = next(state) % PAGES, other = next(state) % PAGES;
	uint32_t most = PAGES - (first > other ? first : other);

	*x = (struct arguments){ .kind = next(state) };
	x->offset = first * mt_page;
	x->other = other * mt_page;
	x->size = (1 + next(state) % most) * mt_page;
	x->a = next(state);
	x->b = next(state);
	x->c = next(state);
	switch (next(state) % 12) {
	case 0:
		x->offset += next(state) % 0x200;
		x->size -= mt_page / 2;
		break;
	case 1:
		x->size = 0;
		break;
	case 2:
		x->size = UINT64_MAX - next(state) % 0x10000;
		break;
	}
}

static vm_prot_t
protection(uint32_t a)
{
	static const vm_prot_t some[] = { VM_PROT_NONE, VM_PROT_READ,
		VM_PROT_DEFAULT, VM_PROT_DEFAULT, VM_PROT_DEFAULT,
		VM_PROT_READ | VM_PROT_EXECUTE, VM_PROT_WRITE, 0x100 };

	return some[a % 8];
}

static int
flags(uint32_t a)
{
	static const int some[] = { 0, 0, VM_FLAGS_OVERWRITE,
		VM_FLAGS_OVERWRITE, VM_FLAGS_PURGABLE, VM_FLAGS_NO_CACHE, 0x200,
		VM_FLAGS_RETURN_DATA_ADDR };

	return VM_FLAGS_FIXED | PLAIN | some[a % 8];
}

/* An address of the arena as an offset, another as it is: allocate of size 0
 * answers 0. */
static uint64_t
place(const struct side *s, mach_vm_address_t at)
{
	return at - s->arena < 2 * PAGES * mt_page ? at - s->arena : at;
}

static void
anonymous_calls(const struct side *s, const struct arguments *x,
    struct outcome *o)
{
	mach_vm_address_t at = s->arena + x->offset;

	switch (x->kind % 4) {
	case 0:
		o->code = s->vm->allocate(s->self, &at, x->size, flags(x->a));
		break;
	case 1:
		o->code = s->vm->deallocate(s->self, at, x->size);
		break;
	case 2:
		o->code = s->vm->protect(s->self, at, x->size, x->b % 8 == 0,
		    protection(x->a));
		break;
	case 3:
		o->code = s->vm->map_anonymous(s->self, &at, x->size,
		    x->b % 4 == 0 ? 4 * mt_page - 1 : 0, flags(x->a),
		    protection(x->c));
		break;
	}
	o->results[0] = place(s, at);
}

static void
purgeable_calls(const struct side *s, const struct arguments *x,
    struct outcome *o)
{
	mach_vm_address_t at = s->arena + x->offset;
	int state = (int)(x->a % 5);

	if (x->kind % 3 == 0)
		o->code = stage->allocate(s->self, &at, x->size,
		    VM_FLAGS_OVERWRITE | VM_FLAGS_PURGABLE | PLAIN);
	else
		o->code = s->vm->purgable_control(s->self, at,
		    (vm_purgable_t)(x->b % 3), &state);
	o->results[0] = (uint64_t)state;
}

/* DEACTIVATE and KILLPAGES are for ranges of the arena alone: where the range
 * wraps the call never returns until macOS 12 (tests/README.md, Dangers). */
static vm_sync_t
sync_flags(const struct arguments *x)
{
	vm_sync_t sync = x->a % 0x40;

	if (x->size > PAGES * mt_page)
		sync &= ~(VM_SYNC_DEACTIVATE | VM_SYNC_KILLPAGES);
	return sync;
}

static void
attribute_calls(const struct side *s, const struct arguments *x,
    struct outcome *o)
{
	mach_vm_address_t at = s->arena + x->offset;

	switch (x->kind % 3) {
	case 0:
		o->code = s->vm->inherit(s->self, at, x->size, x->a % 4);
		break;
	case 1:
		o->code = s->vm->behavior_set(s->self, at, x->size,
		    (vm_behavior_t)(x->a % 5));
		break;
	case 2:
		o->code = s->vm->msync(s->self, at, x->size, sync_flags(x));
		break;
	}
}

static void
transfer_calls(const struct side *s, const struct arguments *x,
    struct outcome *o)
{
	mach_vm_address_t at = s->arena + x->offset;
	mach_vm_address_t to = s->arena + x->other;
	mach_vm_size_t size = x->size % (PAGES * mt_page);

	switch (x->kind % 4) {
	case 0:
		o->code = s->vm->copy(s->self, at, x->size, to);
		break;
	case 1:
		o->code = s->vm->write(s->self, at, to, (uint32_t)size);
		break;
	case 2:
		o->results[0] = 0x777;
		o->code = s->vm->read_overwrite(s->self, at, x->size, to,
		    &o->results[0]);
		break;
	case 3:
		o->code = s->vm->protect(s->self, at, mt_page, FALSE,
		    protection(x->a % 6));
		break;
	}
}

static void
remap_calls(const struct side *s, const struct arguments *x, struct outcome *o)
{
	mach_vm_address_t at = s->arena + x->offset;
	vm_prot_t current = 0x77, maximum = 0x77;
	/* No range that wraps: tests/README.md, Dangers. */
	mach_vm_size_t size = x->size > PAGES * mt_page ? 0 : x->size;

	if (x->kind % 4 == 0) {
		o->code = s->vm->deallocate(s->self, at, mt_page);
		return;
	}
	o->code = s->vm->remap(s->self, &at, size, 0,
	    x->a % 3 == 0 ? VM_FLAGS_FIXED : VM_FLAGS_OVERWRITE, s->self,
	    s->arena + x->other, x->b % 2, &current, &maximum, x->c % 4);
	o->results[0] = place(s, at);
	o->results[1] = (uint64_t)current;
	o->results[2] = (uint64_t)maximum;
}

static void
query_calls(const struct side *s, const struct arguments *x, struct outcome *o)
{
	mach_vm_address_t at = s->arena + x->offset;
	vm_region_basic_info_data_64_t info = { 0 };
	mach_msg_type_number_t count = x->a % 4 == 0 ?
	    x->b % 12 :
	    VM_REGION_BASIC_INFO_COUNT_64;
	mach_port_name_t name = 0;
	mach_vm_size_t size = 0;

	o->code = s->vm->region(s->self, &at, &size, VM_REGION_BASIC_INFO_64,
	    (vm_region_info_t)&info, &count, &name);
	o->results[0] = place(s, at);
	o->results[1] = size;
	o->results[2] = count;
	o->results[3] = (uint64_t)info.protection;
	o->results[4] = info.inheritance;
	o->results[5] = (uint64_t)info.behavior;
	if (x->kind % 2 == 0)
		stage->protect(s->self, s->arena + x->other, mt_page, FALSE,
		    protection(x->a % 6));
}

/* One of the page queries. */
static void
page_calls(const struct side *s, const struct arguments *x, struct outcome *o)
{
	mach_vm_address_t at = s->arena + x->offset;
	vm_page_info_basic_data_t info = { 0 };
	mach_msg_type_number_t count = x->a % 4 == 0 ? x->b % 12 :
						       VM_PAGE_INFO_BASIC_COUNT;
	integer_t disposition = 0x777, references = 0x777;
	int pages[PAGES] = { 0 };
	mach_vm_size_t room = x->b % (PAGES + 1);

	switch (x->kind % 3) {
	case 0:
		o->code = s->vm->page_query(s->self, at, &disposition,
		    &references);
		o->results[0] = (uint64_t)(disposition & ~OF_THE_FRAME);
		o->results[1] = (uint64_t)references;
		break;
	case 1:
		o->code = s->vm->page_info(s->self, at, VM_PAGE_INFO_BASIC,
		    (vm_page_info_t)&info, &count);
		o->results[0] = count;
		o->results[1] = (uint64_t)(info.disposition & ~OF_THE_FRAME);
		o->results[2] = (uint64_t)info.ref_count;
		o->results[3] = (uint64_t)info.depth;
		break;
	case 2:
		o->code = s->vm->page_range_query(s->self, at,
		    x->size % (PAGES * mt_page),
		    (mach_vm_address_t)(uintptr_t)pages, &room);
		o->results[0] = room;
		for (unsigned i = 0; i < PAGES; i++)
			o->results[1 + i % (RESULTS - 1)] = 31 *
				o->results[1 + i % (RESULTS - 1)] +
			    (uint64_t)(pages[i] & ~OF_THE_FRAME);
		break;
	}
	if (x->c % 4 == 0)
		stage->deallocate(s->self, s->arena + x->other, mt_page);
}

static void
recurse_calls(const struct side *s, const struct arguments *x,
    struct outcome *o)
{
	mach_vm_address_t at = s->arena + x->offset;
	vm_region_submap_info_data_64_t info = { 0 };
	mach_msg_type_number_t count = x->a % 4 == 0 ?
	    x->b % 24 :
	    VM_REGION_SUBMAP_INFO_V1_COUNT_64;
	mach_vm_size_t size = 0;
	natural_t depth = x->b % 3;

	if (x->kind % 4 == 0) {
		stage->inherit(s->self, at, x->size, x->a % 3);
		return;
	}
	o->code = s->vm->region_recurse(s->self, &at, &size, &depth,
	    (vm_region_recurse_info_t)&info, &count);
	o->results[0] = place(s, at);
	o->results[1] = size;
	o->results[2] = depth;
	o->results[3] = count;
	o->results[4] = (uint64_t)info.protection << 32 | info.inheritance;
	o->results[5] = info.user_tag;
	o->results[6] = info.pages_resident;
	/* the short form has the object's number there */
	if (count >= VM_REGION_SUBMAP_INFO_V0_COUNT_64)
		o->results[7] = (uint64_t)info.share_mode << 32 |
		    info.ref_count;
}

/* Memory entries: made of a part, mapped over another. */
static void
entry_calls(const struct side *s, const struct arguments *x, struct outcome *o)
{
	static const vm_prot_t kinds[] = { 0, 0, MAP_MEM_VM_COPY,
		MAP_MEM_VM_SHARE, MAP_MEM_NAMED_CREATE, MAP_MEM_USE_DATA_ADDR,
		VM_PROT_IS_MASK, MAP_MEM_NAMED_REUSE };
	/* No range that wraps: tests/README.md, Dangers. */
	memory_object_size_t size = x->size > PAGES * mt_page ? 0 : x->size;
	mach_vm_address_t at = s->arena + x->other;
	mach_port_name_t entry = MACH_PORT_NULL;

	o->code = s->vm->make_memory_entry(s->self, &size, s->arena + x->offset,
	    kinds[x->a % 8] | protection(x->b % 6), &entry, MACH_PORT_NULL);
	o->results[0] = size;
	o->results[1] = entry != MACH_PORT_NULL;
	if (o->code != KERN_SUCCESS || entry == MACH_PORT_NULL)
		return;
	o->results[2] = (uint64_t)s->vm->map(s->self, &at, mt_page, 0,
	    VM_FLAGS_OVERWRITE | PLAIN, entry, x->c % 3 * mt_page, x->c / 3 % 2,
	    protection(x->c % 6), VM_PROT_DEFAULT, x->kind % 3);
	o->results[3] = place(s, at);
	(void)mt_trap_port_deallocate(s->self, entry);
}

/* The two arenas look alike. */
static bool
alike(mach_vm_address_t a, mach_vm_address_t b)
{
	char one[PAGES + 1], two[PAGES + 1];
	struct mt_region r, q;

	mt_layout(a, PAGES, one);
	mt_layout(b, PAGES, two);
	if (!mt_layout_equal(one, two))
		return false;
	for (unsigned i = 0; i < PAGES; i++) {
		if (one[i] == '.')
			continue;
		if (!mt_region_at(a + i * mt_page, &r) ||
		    !mt_region_at(b + i * mt_page, &q))
			return false;
		r.address -= (int64_t)a;
		q.address -= (int64_t)b;
		r.object_id = q.object_id = 0;
		r.pages_dirtied = q.pages_dirtied = 0;
		for (const struct mt_region_field *f = mt_region_fields;
		     f->name != NULL; f++)
			if (mt_region_get(&r, f) != mt_region_get(&q, f))
				return false;
		if ((r.protection & VM_PROT_READ) != 0 &&
		    mt_read(a + i * mt_page).value !=
			mt_read(b + i * mt_page).value)
			return false;
	}
	return true;
}

/* A fresh arena in the state that a seed begins with; aligned, so that a mask
 * tells the same of both. */
static mach_vm_address_t
arena(mach_port_name_t self)
{
	mach_vm_address_t pages = mt_hole_aligned(PAGES, 16 * mt_page);

	MT_REQUIRE(allocate_at(stage, self, pages, PAGES * mt_page, PLAIN),
	    KERN_SUCCESS);
	NUMBER_PAGES(pages, PAGES / 2, 1);
	return pages;
}

/* Steps that gave the same on both sides. */
static unsigned
steps_in_agreement(const struct side *reference, const struct side *side,
    call *run, uint32_t seed)
{
	uint32_t state = seed * UINT32_C(2654435761) | 1;
	struct arguments x;

	for (unsigned i = 0; i < STEPS; i++) {
		struct outcome one = { 0 }, two = { 0 };

		draw(&state, &x);
		run(reference, &x, &one);
		run(side, &x, &two);
		if (one.code != two.code) {
			MT_CHECK(two.code, one.code);
			return i;
		}
		for (unsigned r = 0; r < RESULTS; r++)
			if (one.results[r] != two.results[r])
				return i;
		if (!alike(reference->arena, side->arena))
			return i;
	}
	return STEPS;
}

static void
agree(const struct mt_route *vm, mach_port_name_t self, call *run)
{
	const uint64_t end = mt_now() + ENOUGH;
	unsigned steps = STEPS;

	for (uint32_t seed = 1; seed <= SEEDS && steps == STEPS; seed++) {
		struct side reference = { stage, self, arena(self) };
		struct side side = { vm, self, arena(self) };

		if (seed > 1 && mt_now() >= end)
			break;
		steps = steps_in_agreement(&reference, &side, run, seed);
	}
	MT_CHECK_NUMBER(steps, STEPS);
}

MT_CASE(map_anonymous, traps_and_messages_agree_on_anonymous_memory,
    "trap-or-mig", XNU "osfmk/ipc/mach_kernelrpc.c",
    "mach_vm_allocate(), mach_vm_deallocate(), mach_vm_protect() and "
    "mach_vm_map() give the same results by trap and by message.")
{
	agree(vm, self, anonymous_calls);
}

MT_CASE(purgable_control, traps_and_messages_agree_on_purgeable_memory,
    "trap-or-mig-purgable", XNU "osfmk/ipc/mach_kernelrpc.c",
    "mach_vm_purgable_control() gives the same results by trap and by "
    "message.")
{
	agree(vm, self, purgeable_calls);
}

MT_CASE(msync, routes_agree_on_attributes, "vm-equals-machvm",
    XNU "osfmk/mach/mach_vm.defs",
    "mach_vm_inherit(), mach_vm_behavior_set() and mach_vm_msync() give the "
    "same results through every route.")
{
	agree(vm, self, attribute_calls);
}

MT_CASE(write, routes_agree_on_copies, "vm-equals-machvm-copy",
    XNU "osfmk/mach/mach_vm.defs",
    "mach_vm_copy(), mach_vm_write() and mach_vm_read_overwrite() give the "
    "same results through every route.")
{
	agree(vm, self, transfer_calls);
}

MT_CASE(remap, routes_agree_on_remapping, "vm-equals-machvm-remap",
    XNU "osfmk/mach/mach_vm.defs",
    "mach_vm_remap() gives the same results through every route.")
{
	agree(vm, self, remap_calls);
}

MT_CASE(region, routes_agree_on_regions, "vm-equals-machvm-region",
    XNU "osfmk/mach/mach_vm.defs",
    "mach_vm_region() gives the same results through every route.")
{
	agree(vm, self, query_calls);
}

MT_CASE(page_query, routes_agree_on_pages, "vm-equals-machvm-pages",
    XNU "osfmk/mach/mach_vm.defs",
    "mach_vm_page_query(), mach_vm_page_info() and "
    "mach_vm_page_range_query() give the same results through every route.")
{
	MT_SKIP_UNLESS(vm->page_info != NULL && vm->page_range_query != NULL,
	    "the route has page_query alone");
	agree(vm, self, page_calls);
}

MT_CASE(region_recurse, routes_agree_on_submaps, "vm-equals-machvm-recurse",
    XNU "osfmk/mach/mach_vm.defs",
    "mach_vm_region_recurse() gives the same results through every route.")
{
	agree(vm, self, recurse_calls);
}

MT_CASE(make_memory_entry, routes_agree_on_memory_entries,
    "vm-equals-machvm-entry", XNU "osfmk/mach/mach_vm.defs",
    "mach_make_memory_entry_64() and mach_vm_map() of the entry give the "
    "same results through every route.",
    .needs = "traps")
{
	MT_SKIP_UNLESS(vm->map != NULL, "the route maps no entries");
	agree(vm, self, entry_calls);
}
