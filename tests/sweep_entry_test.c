/*
 * Every trial of ranges, permissions and parents: make_memory_entry, and what
 * a mapping of the entry shows.  The answers: sweeps/entry.txt.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "danger.h"
#include "sources.h"
#include "sweep.h"
#include "trap.h"

MT_SWEEP_FILE(answers, "tests/sweeps/entry.txt");

#define TAG  ((int)VM_MAKE_TAG(MT_TAG - 1))
#define DATA (MAP_MEM_USE_DATA_ADDR | MAP_MEM_4K_DATA_ADDR)

enum {
	DESTINATION = 11, /* a page behind what is mapped, and a guard */
	ROOM = 8,	  /* pages from there on */
	WITHIN = 0x123	  /* where a parent's data begins in its page */
};

struct asked {
	memory_object_size_t size;
	memory_object_offset_t offset;
	vm_prot_t permission;
	mach_port_name_t parent;
	uint64_t data; /* where the data begins, of any page */
};

/* " size=3" pages, " size=3-data" less what lies before the data. */
static void
put_size(struct mt_text *text, memory_object_size_t size, uint64_t data)
{
	const char *less = "";

	if (size % mt_page != 0) {
		const uint64_t within = data % mt_page;

		less = (size + within) % mt_page == 0 ? "-data" : "-4K";
		size += less[1] == 'd' ? within : within & ~UINT64_C(0xfff);
		if (size % mt_page != 0)
			less = "-other";
	}
	mt_put(text, " size=");
	mt_put_unsigned(text, size / mt_page);
	mt_put(text, less);
}

/* What the port denotes, mapped behind the stage's memory. */
static void
map_whole(const struct mt_sweep_trial *t, struct mt_sweep_done *d,
    const struct asked *a, mach_port_name_t entry, memory_object_size_t size)
{
	mach_vm_address_t at = t->window + DESTINATION * mt_page;
	struct mt_region r;
	kern_return_t kr = stage->map(t->self, &at, size, 0,
	    VM_FLAGS_FIXED | TAG, entry, 0, FALSE, VM_PROT_READ, VM_PROT_READ,
	    VM_INHERIT_COPY);

	if (kr != KERN_SUCCESS) {
		mt_put(d->text, " map:");
		mt_sweep_kern(d, kr);
		return;
	}
	d->change = MT_SWEEP_MAP;
	d->address = at;
	d->size = size;
	d->value = mt_sweep_mapping(VM_PROT_READ, VM_PROT_READ,
	    VM_INHERIT_COPY);
	if ((a->permission & MAP_MEM_VM_COPY) == 0 && mt_region_at(at, &r)) {
		mt_put(d->text, " offset=");
		mt_put_unsigned(d->text, (uint64_t)r.offset / mt_page);
	}
}

static void
make(const struct mt_sweep_trial *t, struct mt_sweep_done *d,
    const struct asked *a)
{
	const mach_port_name_t untouched = 0x7777;
	const struct mt_danger_entry e = { a->size, a->offset, a->permission,
		a->parent, false, false };
	memory_object_size_t size = a->size;
	mach_port_name_t entry = untouched;
	kern_return_t kr;

	if ((a->parent != MACH_PORT_NULL && a->size == 0) ||
	    mt_danger_make_memory_entry(mt_system(), &e) != NULL) {
		mt_sweep_not_made(d);
		return;
	}
	d->change = MT_SWEEP_NOTHING;
	d->size = 0;
	d->dirty = true; /* the memory has objects that are shared */
	kr = t->vm->make_memory_entry(t->self, &size, a->offset, a->permission,
	    &entry, a->parent);
	mt_sweep_kern(d, kr);
	if (kr != KERN_SUCCESS) {
		if (size != a->size || entry != untouched)
			mt_put(d->text, " written back");
		return;
	}
	if (entry == MACH_PORT_NULL) {
		mt_put(d->text, size == a->size ? " null" : " null, size");
		return;
	}
	put_size(d->text, size, a->data);
	if (size > 0 && size <= ROOM * mt_page && (a->permission & DATA) == 0)
		map_whole(t, d, a, entry, size);
	if (mt_trap_port_deallocate(t->self, entry) != KERN_SUCCESS)
		mt_put(d->text, " no port");
}

static void
make_of_memory(const struct mt_sweep_trial *t, struct mt_sweep_done *d,
    uint64_t permission)
{
	make(t, d,
	    &(const struct asked){ .offset = t->value[0],
		.size = t->value[1],
		.permission = (vm_prot_t)permission,
		.data = t->value[0] });
}

static void
entry_range(const struct mt_sweep_trial *t, struct mt_sweep_done *d)
{
	make_of_memory(t, d, t->value[2]);
}

MT_CASE(make_memory_entry, every_range_of_every_kind, "sweep-entry-range",
    VM_MEMORY_ENTRY_C "mach_make_memory_entry_share()",
    "mach_make_memory_entry_64() of every range answers by its first defect; "
    "an entry without a flag ends with the first region, MAP_MEM_VM_SHARE and "
    "MAP_MEM_VM_COPY take all of the range or nothing, and a mapping shows "
    "the size that was written back.")
{
	mt_sweep(vm, self, answers, "entry_range", entry_range);
}

static void
entry_permission(const struct mt_sweep_trial *t, struct mt_sweep_done *d)
{
	make_of_memory(t, d, t->value[2] | t->value[3]);
}

MT_CASE(make_memory_entry, every_permission_and_flag, "sweep-entry-permission",
    VM_SANITIZE_C "vm_sanitize_memory_entry_perm()",
    "mach_make_memory_entry_64() with every permission and every flag of "
    "permission refuses flags that the release does not know, drops other "
    "bits, and of two kinds makes that of MAP_MEM_ONLY, MAP_MEM_NAMED_CREATE, "
    "MAP_MEM_VM_COPY, MAP_MEM_VM_SHARE that is first.")
{
	mt_sweep(vm, self, answers, "entry_permission", entry_permission);
}

/* The kinds of parents, by the number that the text gives. */
static const vm_prot_t parents[] = { VM_PROT_DEFAULT, VM_PROT_READ,
	VM_PROT_DEFAULT | MAP_MEM_USE_DATA_ADDR,
	VM_PROT_DEFAULT | MAP_MEM_NAMED_CREATE,
	VM_PROT_DEFAULT | MAP_MEM_VM_SHARE, VM_PROT_DEFAULT | MAP_MEM_VM_COPY };

static void
entry_child(const struct mt_sweep_trial *t, struct mt_sweep_done *d)
{
	const vm_prot_t kind = parents[t->value[2]];
	const uint64_t within = (kind & MAP_MEM_USE_DATA_ADDR) != 0 ? WITHIN :
								      0;
	memory_object_size_t size = 3 * mt_page - within;
	mach_port_name_t parent = MACH_PORT_NULL;

	if (stage->make_memory_entry(t->self, &size,
		(kind & MAP_MEM_NAMED_CREATE) != 0 ?
		    0 :
		    t->window + mt_page + within,
		kind, &parent, MACH_PORT_NULL) != KERN_SUCCESS) {
		mt_put(d->text, "no parent");
		return;
	}
	make(t, d,
	    &(const struct asked){ .offset = t->value[0],
		.size = t->value[1],
		.permission = (vm_prot_t)t->value[3],
		.parent = parent,
		.data = t->value[0] + within });
	d->dirty = true;
	if (mt_trap_port_deallocate(t->self, parent) != KERN_SUCCESS)
		mt_put(d->text, " no parent");
}

MT_CASE(make_memory_entry, every_part_of_every_parent, "sweep-entry-child",
    VM_MEMORY_ENTRY_C "mach_make_memory_entry_from_parent_entry()",
    "mach_make_memory_entry_64() of every part of a parent takes what lies in "
    "it, with no more permission than it has; copies and shares have no parts, "
    "and MAP_MEM_ONLY gives no port.")
{
	mt_sweep(vm, self, answers, "entry_child", entry_child);
}
