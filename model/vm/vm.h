/*
 * The model's own state: tasks, maps, entries, objects, pages.
 *
 * The words are XNU's; model/README.md has the rooms and their layers.
 *
 * Everything below lives in the kernel heap, which is mapped shared at one
 * address in every process that forked from the first, so a pointer means the
 * same in all of them.  One lock (host/lock.h) covers all of it; it is taken
 * by the ways in (calls/), never here.
 * Nothing here may call malloc or stdio: it can run in a signal handler.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef MODEL_VM_VM_H
#define MODEL_VM_VM_H

#include <bsd/sys/queue.h>

#include "model/host/tree.h"
#include "model/vm/entry_tree.h"
#include "types.h"

struct rules; /* release.h */
struct object;
struct map;
struct pager; /* pager.h */
struct task;

/* ---- pages ---------------------------------------------------------------
 * A resident page of an object.  frame numbers a page of host memory (host.h)
 * whose content is the page's content. */
struct page {
	RB_ENTRY(page) link; /* in object->pages, by offset */
	struct object *object;
	uint64_t offset; /* in the object, bytes */
	uint64_t frame;
	uint32_t wire_count;
	bool absent; /* placeholder: no content */
	bool dirty, referenced, reusable;
	bool reused_volatile; /* content lost to a purge */
	uint8_t paged_out;
};
RB_HEAD(page_tree, page);

enum copy_strategy { /* MEMORY_OBJECT_COPY_* */
	COPY_NONE = 0,
	COPY_CALL = 1,
	COPY_DELAY = 2,
	COPY_SYMMETRIC = 4,
	COPY_DELAY_FORK = 6, /* 14+ */
};

/* ---- objects -------------------------------------------------------------
 * Field meanings are those of osfmk/vm/vm_object.h. */
struct object {
	struct page_tree pages;
	uint32_t resident_page_count, wired_page_count;
	int ref_count;
	uint64_t size; /* vo_size, bytes */
	struct object *shadow, *copy;
	uint64_t shadow_offset;
	enum copy_strategy copy_strategy;
	bool internal, temporary, true_share, shadowed, pager_ready;
	bool all_reusable, phys_contiguous;
	bool inherit_copy_none; /* copies of it have COPY_NONE too, 15+ */
	bool shared_for_good;	/* ever by an entry, a fork, a remap, wiring */
	bool clipped;		/* an entry that shows it was ever split */
	bool volatile_empty, volatile_fault; /* VM_PURGABLE_DEBUG_* */
	LIST_ENTRY(object) volatile_link;    /* while VM_PURGABLE_VOLATILE */
	uint32_t reusable_page_count;
	int purgable;	     /* VM_PURGABLE_*; VM_PURGABLE_DENY: is not */
	int volatile_order;  /* control bits last set */
	int ledger_tag;	     /* VM_LEDGER_TAG_*, 0: none */
	uint64_t id;	     /* never reused; what user space sees */
	void *named;	     /* what a memory entry adds, entry.c */
	struct pager *pager; /* of an external object; NULL: all is resident */
};

/* ---- entries -------------------------------------------------------------
 * Field meanings are those of osfmk/vm/vm_map.h (vm_map_entry). */
struct entry {
	uint64_t start, end;
	TAILQ_ENTRY(entry) order;
	struct object *object; /* NULL: none yet */
	struct map *submap;    /* is_sub_map */
	uint64_t offset;
	uint16_t wired_count, user_wired_count;
	vm_prot_t protection : 8, max_protection : 8;
	vm_inherit_t inheritance : 8;
	vm_behavior_t behavior : 8;
	uint8_t tag; /* vme_alias */
	bool is_sub_map : 1, is_shared : 1, needs_copy : 1, no_cache : 1;
	bool permanent : 1, used_for_jit : 1, zero_wired_pages : 1;
	bool superpage : 1, resilient_codesign : 1, resilient_media : 1;
	bool tpro : 1, reserved : 1, no_copy_on_read : 1, needs_wakeup : 1;
	bool iokit_accounted : 1, use_pmap : 1;
};
TAILQ_HEAD(entry_list, entry);

/* ---- maps ---------------------------------------------------------------- */
struct map {
	struct entry_tree entries;
	struct entry_list order; /* by address */
	uint32_t entry_count;
	uint64_t min_offset, max_offset;
	uint64_t size; /* virtual size in use, bytes */
	uint8_t page_shift;
	int ref_count;
	struct entry *hint;
	uint64_t size_limit, data_limit; /* RLIMIT_AS, RLIMIT_DATA */
	uint64_t user_wire_size, user_wire_limit;
	bool is_submap;
	bool is_sealed;	 /* a submap whose entries never change */
	bool wx_denied;	 /* write and execute exclude each other */
	bool terminated; /* being destroyed */
	bool jit_exists; /* MAP_JIT has been mapped, perhaps unmapped again */
	bool disallow_new_exec; /* vm_map_exec_lockdown() */
	uint64_t random;	/* state of RANDOM_ADDR */
	const struct rules *rules;
	struct pmap *pmap; /* what follows it; NULL: nothing */
};

/* ---- tasks --------------------------------------------------------------- */
#define TASK_LIMITS   9				/* RLIM_NLIMITS */
#define TASK_NO_LIMIT ((UINT64_C(1) << 63) - 1) /* RLIM_INFINITY */

struct task {
	struct map *map;
	const struct rules *rules;
	int pid; /* of the host process that it is */
	bool is_forked;
	mach_port_name_t self_name;
	struct pmap *pmap;   /* host/pmap.h */
	struct space *space; /* ports.c: its port names */
	struct {
		uint64_t soft, hard;
	} limits[TASK_LIMITS]; /* by RLIMIT_*, limits.c */
	LIST_ENTRY(task) link;
};

static inline uint64_t
page_size(const struct map *m)
{
	return UINT64_C(1) << m->page_shift;
}
static inline uint64_t
page_mask(const struct map *m)
{
	return page_size(m) - 1;
}
static inline uint64_t
trunc_page_in(const struct map *m, uint64_t a)
{
	return a & ~page_mask(m);
}
static inline uint64_t
round_page_in(const struct map *m, uint64_t a)
{
	return (a + page_mask(m)) & ~page_mask(m);
}

#endif
