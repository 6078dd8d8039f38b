/*
 * The arena: its place, its guards, the calls made in it, its regions.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "run.h"

#include "danger.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "fault.h"
#include "platform.h"
#include "system.h"

#define GIB (UINT64_C(1) << 30)
/* The arena's base is a multiple of this: masks up to 0x1ffffff are used. */
#define ALIGNMENT UINT64_C(0x2000000)
/* Guards get a tag of their own and, by this behaviour, merge with nothing. */
#define GUARD_FLAGS ((int)VM_MAKE_TAG(250))

/* ---- routes ------------------------------------------------------------- */

static bool
has(const struct mt_route *r, size_t member)
{
	void (*function)(void);

	memcpy(&function, (const char *)r + member, sizeof(function));
	return function != NULL;
}

static const struct mt_route *
route_named(const char *name)
{
	for (int i = 0; mt_routes[i] != NULL; i++)
		if (strcmp(mt_routes[i]->name, name) == 0)
			return mt_routes[i];
	return NULL;
}

static const struct mt_route *
route_with(const struct mt_route *first, size_t member)
{
	if (has(first, member))
		return first;
	if (has(stage, member))
		return stage;
	for (int i = 0; mt_routes[i] != NULL; i++)
		if (has(mt_routes[i], member))
			return mt_routes[i];
	return NULL;
}

static const size_t members[OP_CODES] = {
#define MEMBER(code_, member_) [code_] = offsetof(struct mt_route, member_)
	MEMBER(OP_ALLOCATE, allocate),
	MEMBER(OP_MAP, map),
	MEMBER(OP_MAPTRAP, map_anonymous),
	MEMBER(OP_DEALLOCATE, deallocate),
	MEMBER(OP_PROTECT, protect),
	MEMBER(OP_INHERIT, inherit),
	MEMBER(OP_BEHAVIOR, behavior_set),
	MEMBER(OP_COPY, copy),
	MEMBER(OP_REMAP, remap),
	MEMBER(OP_PURGABLE, purgable_control),
	MEMBER(OP_MSYNC, msync),
	MEMBER(OP_WIRE, wire),
	MEMBER(OP_MLOCK, mlock),
	MEMBER(OP_MUNLOCK, munlock),
	MEMBER(OP_WRITE, allocate), /* a store; any route will do */
	MEMBER(OP_READ, allocate),
	MEMBER(OP_PAGEQUERY, page_query),
	MEMBER(OP_READOW, read_overwrite),
	MEMBER(OP_VMWRITE, write),
	MEMBER(OP_AALLOCATE, allocate),
	MEMBER(OP_AMAP, map),
	MEMBER(OP_AREMAP, remap),
#undef MEMBER
};

/* ---- the place ---------------------------------------------------------- */

/*
 * In the largest hole below 2^47, far from its start, where a first fit for
 * the process's own memory would look.
 */
static bool
find_base(struct run *r, const char **problem)
{
	uint64_t previous = mt_system()->minimum, best = 0, best_size = 0;
	uint64_t limit = mt_system()->maximum;
	uint64_t need = r->arena + 2 * r->guard + 2 * r->page + ALIGNMENT;
	mach_vm_address_t address = previous;
	mach_vm_size_t size;
	vm_region_submap_info_data_64_t info;
	mach_msg_type_number_t count;

	while (previous < limit) {
		bool found = run_region_from(&address, &size, &info, &count);
		uint64_t end = found && address < limit ? address : limit;

		if (end > previous && end - previous > best_size) {
			best = previous;
			best_size = end - previous;
		}
		if (!found || address + size < previous)
			break;
		previous = address = address + size;
	}
	if (best_size < 2 * need) {
		*problem = "no hole in the map is large enough for the arena";
		return false;
	}
	uint64_t skip = best_size / 2 < 8 * GIB ? best_size / 2 : 8 * GIB;
	if (best_size - skip < need)
		skip = 0;
	r->base = (best + skip + r->guard + r->page + ALIGNMENT - 1) &
	    ~(ALIGNMENT - 1);
	return true;
}

bool
run_open(struct run *r, const struct header *h, const char *route,
    const char **problem)
{
	const struct mt_route *first = route_named(
	    route == NULL ? "libsystem" : route);

	memset(r, 0, sizeof(*r));
	if (first == NULL) {
		*problem = "no such route here";
		return false;
	}
	for (int i = 0; i < OP_CODES; i++)
		r->via[i] = route_with(first, members[i]);
	if (mt_system()->page != h->page) {
		*problem = "recorded with another page size than this "
			   "system's";
		return false;
	}
	r->page = h->page;
	r->arena = h->arena;
	r->guard = h->guard;
	r->self = mach_task_self();
	r->host = mach_host_self();
	platform_prepare();
	return find_base(r, problem);
}

void
run_close(struct run *r)
{
	free(r->placed);
	r->placed = NULL;
}

static bool
guard(struct run *r, uint64_t at)
{
	mach_vm_address_t address = at;

	return stage->map(r->self, &address, r->guard, 0, GUARD_FLAGS,
		   MACH_PORT_NULL, 0, FALSE, VM_PROT_NONE, VM_PROT_NONE,
		   VM_INHERIT_COPY) == KERN_SUCCESS &&
	    stage->behavior_set(r->self, at, r->guard, VM_BEHAVIOR_RANDOM) ==
	    KERN_SUCCESS;
}

bool
run_start(struct run *r, const char **problem)
{
	mach_vm_address_t address = r->base - r->guard - r->page;
	mach_vm_size_t size;
	vm_region_submap_info_data_64_t info;
	mach_msg_type_number_t count;

	memset(r->slot, 0, sizeof(r->slot));
	r->placements = 0;
	*problem = "the guards cannot be mapped";
	if (stage->deallocate(r->self, r->base - r->guard,
		r->arena + 2 * r->guard) != KERN_SUCCESS)
		*problem = "the arena cannot be emptied";
	else if (run_region_from(&address, &size, &info, &count) &&
	    address < r->base + r->arena + r->guard + r->page)
		*problem = "the arena is not empty after it was emptied";
	else if (guard(r, r->base - r->guard) && guard(r, r->base + r->arena))
		*problem = NULL;
	return *problem == NULL;
}

void
run_end(struct run *r)
{
	for (int i = 0; i < r->placements; i++)
		(void)stage->deallocate(r->self, r->placed[i].start,
		    r->placed[i].size);
	r->placements = 0;
}

/* ---- calls -------------------------------------------------------------- */

/* False when it names a slot that is not live. */
static bool
resolve(const struct run *r, const struct op *op, uint64_t v[OP_ARGS])
{
	const struct op_kind *kind = &op_kinds[op->code];

	for (int i = 0; kind->args[i] != '\0'; i++) {
		const struct arg *a = &op->arg[i];

		v[i] = a->value;
		if (a->base == ARG_ARENA)
			v[i] += r->base;
		if (a->base != ARG_SLOT || kind->args[i] == '$')
			continue;
		if (!r->slot[a->slot].live)
			return false;
		v[i] += r->slot[a->slot].span.start;
	}
	return true;
}

/* On a real kernel, what the call could do to the machine; NULL: nothing. */
static const char *
danger(const struct run *r, const struct op *op)
{
	const struct mt_system *s = mt_system();
	uint64_t v[OP_ARGS];

	if (s->model || !resolve(r, op, v))
		return NULL;
	switch (op->code) {
	case OP_MSYNC:
		return mt_danger_msync(s, v[0], v[1], (vm_sync_t)v[2]);
	case OP_REMAP:
	case OP_AREMAP:
		return mt_danger_remap(s, v[4], v[1]);
	case OP_COPY:
	case OP_READOW:
		return mt_danger_copyin(s, v[0], v[1]);
	case OP_WIRE:
		return mt_danger_wire(s, v[0], v[1], (vm_prot_t)v[2]);
	case OP_MLOCK:
		return mt_danger_wire(s, v[0], v[1], VM_PROT_DEFAULT);
	default:
		return NULL;
	}
}

const char *
run_cannot(const struct run *r, const struct op *op)
{
	if (r->via[op->code] == NULL)
		return "no route has the call";
	if (op->code == OP_WIRE && !mt_system()->privileged)
		return "needs the privileged host port";
	return danger(r, op);
}

static void
define_slot(struct run *r, int slot, uint64_t address, uint64_t size)
{
	uint64_t mask = r->page - 1;
	struct span span = { address & ~mask, (size + mask) & ~mask };

	/* no memory, no new meaning: the slot keeps what it had (profile
	 * anywhere, seed 95 on every recorded kernel) */
	if (span.size == 0)
		return;
	r->slot[slot].live = true;
	r->slot[slot].span = span;
	if (r->placements == r->placement_room) {
		int more = r->placement_room == 0 ? 64 : r->placement_room * 2;
		struct span *p = realloc(r->placed, (size_t)more * sizeof(*p));

		if (p == NULL)
			abort();
		r->placed = p;
		r->placement_room = more;
	}
	r->placed[r->placements++] = span;
}

static void
give_address(const struct run *r, struct result *found, uint64_t address)
{
	uint64_t offset = address - r->base;

	found->plain = offset + r->guard >= r->arena + 2 * r->guard;
	found->out[0] = found->plain ? address : offset;
	found->outs = 1;
}

static void
give_touch(struct result *found, struct mt_fault f, bool load)
{
	if (f.exception != 0) {
		found->kind = RESULT_FAULT;
		found->code = (uint32_t)f.code;
		return;
	}
	found->kind = RESULT_OK;
	if (load) {
		found->outs = 1;
		found->out[0] = f.value;
	}
}

static uint64_t
now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000000000 + (uint64_t)t.tv_nsec;
}

void
run_op(struct run *r, const struct op *op, struct result *found)
{
	const struct mt_route *vm = r->via[op->code];
	mach_port_name_t self = r->self;
	uint64_t v[OP_ARGS], began = 0;
	mach_vm_address_t address = 0;
	mach_vm_size_t out_size = 0;
	vm_prot_t cur = 0, max = 0;
	integer_t disposition = 0, refs = 0;
	int state = 0, error = 0;
	kern_return_t kr = 0;

	memset(found, 0, sizeof(*found));
	if (!resolve(r, op, v)) {
		found->kind = RESULT_SKIP;
		return;
	}
	found->kind = RESULT_CODE;
	r->calls++;
	if (r->timed)
		began = now();
	switch (op->code) {
	case OP_ALLOCATE:
		address = v[0];
		kr = vm->allocate(self, &address, v[1], (int)v[2]);
		break;
	case OP_AALLOCATE:
		address = v[1];
		kr = vm->allocate(self, &address, v[2], (int)v[3]);
		break;
	case OP_MAP:
		address = v[0];
		kr = vm->map(self, &address, v[1], v[2], (int)v[3],
		    MACH_PORT_NULL, 0, FALSE, (vm_prot_t)v[4], (vm_prot_t)v[5],
		    (vm_inherit_t)v[6]);
		break;
	case OP_AMAP:
		address = v[1];
		kr = vm->map(self, &address, v[2], v[3], (int)v[4],
		    MACH_PORT_NULL, 0, FALSE, (vm_prot_t)v[5], (vm_prot_t)v[6],
		    (vm_inherit_t)v[7]);
		break;
	case OP_MAPTRAP:
		address = v[0];
		kr = vm->map_anonymous(self, &address, v[1], v[2], (int)v[3],
		    (vm_prot_t)v[4]);
		break;
	case OP_DEALLOCATE:
		kr = vm->deallocate(self, v[0], v[1]);
		break;
	case OP_PROTECT:
		kr = vm->protect(self, v[0], v[1], (boolean_t)v[2],
		    (vm_prot_t)v[3]);
		break;
	case OP_INHERIT:
		kr = vm->inherit(self, v[0], v[1], (vm_inherit_t)v[2]);
		break;
	case OP_BEHAVIOR:
		kr = vm->behavior_set(self, v[0], v[1], (vm_behavior_t)v[2]);
		break;
	case OP_COPY:
		kr = vm->copy(self, v[0], v[1], v[2]);
		break;
	case OP_REMAP:
		address = v[0];
		kr = vm->remap(self, &address, v[1], v[2], (int)v[3], self,
		    v[4], (boolean_t)v[5], &cur, &max, (vm_inherit_t)v[6]);
		break;
	case OP_AREMAP:
		kr = vm->remap(self, &address, v[1], v[2], (int)v[3], self,
		    v[4], (boolean_t)v[5], &cur, &max, (vm_inherit_t)v[6]);
		break;
	case OP_PURGABLE:
		state = (int)v[2];
		kr = vm->purgable_control(self, v[0], (vm_purgable_t)v[1],
		    &state);
		break;
	case OP_MSYNC:
		kr = vm->msync(self, v[0], v[1], (vm_sync_t)v[2]);
		break;
	case OP_WIRE:
		kr = vm->wire(r->host, self, v[0], v[1], (vm_prot_t)v[2]);
		break;
	case OP_MLOCK:
		kr = vm->mlock(&error, v[0], v[1]) == 0 ? 0 : error;
		break;
	case OP_MUNLOCK:
		kr = vm->munlock(&error, v[0], v[1]) == 0 ? 0 : error;
		break;
	case OP_WRITE:
		give_touch(found, mt_write(v[0], (uint8_t)v[1]), false);
		break;
	case OP_READ:
		give_touch(found, mt_read(v[0]), true);
		break;
	case OP_PAGEQUERY:
		kr = vm->page_query(self, v[0], &disposition, &refs);
		break;
	case OP_READOW:
		kr = vm->read_overwrite(self, v[0], v[1], v[2], &out_size);
		break;
	case OP_VMWRITE:
		kr = vm->write(self, v[0], (vm_offset_t)v[2],
		    (mach_msg_type_number_t)v[1]);
		break;
	case OP_CODES:
		break;
	}
	if (r->timed) {
		uint64_t took = now() - began;

		r->nanoseconds += took;
		if (op->code == OP_READ || op->code == OP_WRITE) {
			r->touches++;
			r->touch_nanoseconds += took;
		}
	}
	if (found->kind != RESULT_CODE)
		return;
	found->code = (uint32_t)kr;
	if (kr != 0)
		return;

	switch (op->code) {
	case OP_ALLOCATE:
	case OP_MAP:
	case OP_MAPTRAP:
		give_address(r, found, address);
		break;
	case OP_REMAP:
		give_address(r, found, address);
		found->out[1] = (uint32_t)cur;
		found->out[2] = (uint32_t)max;
		found->outs = 3;
		break;
	case OP_AALLOCATE:
		found->out[0] = address % r->page == 0;
		found->outs = 1;
		define_slot(r, op->arg[0].slot, address, v[2]);
		break;
	case OP_AMAP:
		found->out[0] = address % r->page == 0 && (address & v[3]) == 0;
		found->outs = 1;
		define_slot(r, op->arg[0].slot, address, v[2]);
		break;
	case OP_AREMAP:
		found->out[0] = address % r->page == 0 && (address & v[2]) == 0;
		found->out[1] = (uint32_t)cur;
		found->out[2] = (uint32_t)max;
		found->outs = 3;
		define_slot(r, op->arg[0].slot, address, v[1]);
		break;
	case OP_DEALLOCATE:
		/* From its start: the whole slot, by the generator's book,
		 * which also counts calls that were skipped. */
		if (op->arg[0].base == ARG_SLOT && op->arg[0].value == 0)
			r->slot[op->arg[0].slot].live = false;
		break;
	case OP_PURGABLE:
		found->out[0] = (uint32_t)state;
		found->outs = 1;
		break;
	case OP_PAGEQUERY:
		found->out[0] = (uint32_t)disposition;
		found->out[1] = (uint32_t)refs;
		found->outs = 2;
		break;
	case OP_READOW:
		found->out[0] = out_size;
		found->outs = 1;
		break;
	default:
		break;
	}
}
