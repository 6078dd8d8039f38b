/*
 * What each task shows of which frame: the record, the reverse map and the
 * host's mappings that follow them.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#define _GNU_SOURCE
#include <errno.h>
#include <linux/futex.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "model/host/pmap.h"
#include "model/host/tree.h"
#include "model/host/frame.h"
#include "model/host/heap.h"
#include "model/host/lock.h"
#include "model/host/shared.h"
#include "model/host/signal.h"

#define LEAF_PAGES  64
#define PMAP_SIGNAL 60 /* of the real-time signals */

/* A run of pages that the host shows by one mapping needs that and one for
 * the hole after it; the host's limit is 65,530 for everything. */
#define RUNS_MAX 28000

/* 64 pages of a task; a page's word is frame << 3 | protection. */
struct leaf {
	RB_ENTRY(leaf) link;
	uint64_t base, present;
	uint64_t page[LEAF_PAGES];
};
RB_HEAD(leaf_tree, leaf);

struct pmap {
	int pid; /* of the process that shows it; 0: none yet */
	struct leaf_tree leaves;
	struct leaf *last; /* the one used last; NULL: none */
	uint64_t count;	   /* pages shown */
	uint64_t runs;	   /* at most so many host mappings */
	/* What another process asks of the one that is the task. */
	_Atomic uint32_t asked, done;
	_Atomic uint64_t start, end;
};

static struct pmap *host_pmap; /* this process's; NULL: none yet */

/* One more place that shows a frame. */
struct shown {
	struct shown *next;
	struct pmap *pmap;
	uint64_t address;
};

static int
compare(const struct leaf *a, const struct leaf *b)
{
	return a->base < b->base ? -1 : a->base > b->base;
}
RB_GENERATE_STATIC(leaf_tree, leaf, link, compare)

static inline uint64_t
leaf_base(uint64_t address)
{
	return address & ~(LEAF_PAGES * HOST_PAGE - 1);
}

static inline unsigned
leaf_index(uint64_t address)
{
	return (address >> host_page_shift) % LEAF_PAGES;
}

static struct leaf *
leaf_find(struct pmap *pmap, uint64_t address)
{
	struct leaf key = { .base = leaf_base(address) }, *leaf = pmap->last;

	if (leaf != NULL && leaf->base == key.base)
		return leaf;
	if ((leaf = RB_FIND(leaf_tree, &pmap->leaves, &key)) != NULL)
		pmap->last = leaf;
	return leaf;
}

/* The leaf of address or the next above it. */
static struct leaf *
leaf_from(struct pmap *pmap, uint64_t address)
{
	struct leaf key = { .base = leaf_base(address) }, *leaf = pmap->last;

	if (leaf != NULL && leaf->base == key.base)
		return leaf;
	return RB_NFIND(leaf_tree, &pmap->leaves, &key);
}

static void
leaf_drop(struct pmap *pmap, struct leaf *leaf)
{
	if (pmap->last == leaf)
		pmap->last = NULL;
	RB_REMOVE(leaf_tree, &pmap->leaves, leaf);
	heap_free(leaf, sizeof(*leaf));
}

static inline uint64_t
page_frame(const struct leaf *leaf, unsigned i)
{
	return leaf->page[i] >> 3;
}

static inline vm_prot_t
page_prot(const struct leaf *leaf, unsigned i)
{
	return leaf->page[i] & VM_PROT_ALL;
}

/* ---- the reverse map --------------------------------------------------------- */

static void
shown_link(struct pmap *pmap, uint64_t address, uint64_t frame)
{
	struct frame *f = host_frame(frame);
	struct shown *s;

	pmap->count++;
	if (f->pmap == NULL) {
		f->pmap = pmap;
		f->address = address;
		return;
	}
	s = heap_alloc(sizeof(*s));
	s->pmap = pmap;
	s->address = address;
	s->next = f->more;
	f->more = s;
}

static void
shown_unlink(struct pmap *pmap, uint64_t address, uint64_t frame)
{
	struct frame *f = host_frame(frame);
	struct shown **p, *s;

	pmap->count--;
	if (f->pmap == pmap && f->address == address) {
		if ((s = f->more) == NULL) {
			f->pmap = NULL;
			return;
		}
		f->pmap = s->pmap;
		f->address = s->address;
		f->more = s->next;
		heap_free(s, sizeof(*s));
		return;
	}
	for (p = &f->more; (s = *p) != NULL; p = &s->next)
		if (s->pmap == pmap && s->address == address) {
			*p = s->next;
			heap_free(s, sizeof(*s));
			return;
		}
	host_abort("frame %#lx is not shown at %#lx", frame, address);
}

/* ---- the host's mappings ------------------------------------------------------ */

static int
host_protection(vm_prot_t prot)
{
	int p = PROT_NONE;

	if (prot & VM_PROT_READ)
		p |= PROT_READ;
	if (prot & VM_PROT_WRITE)
		p |= PROT_WRITE;
	/* Execute alone would cost a protection key. */
	if (prot & VM_PROT_EXECUTE)
		p |= PROT_EXEC | PROT_READ;
	return p;
}

static bool
host_hide(uint64_t start, uint64_t end)
{
	return mmap((void *)start, end - start, PROT_NONE,
		   MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED, -1,
		   0) != MAP_FAILED;
}

static void
host_hide_all(void)
{
	uint64_t start, end;

	host_window(&start, &end);
	/* With no mapping left even this is refused, but munmap() is not. */
	if (!host_hide(start, end) &&
	    (munmap((void *)start, end - start) == -1 ||
		mmap((void *)start, end - start, PROT_NONE,
		    MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE |
			MAP_FIXED_NOREPLACE,
		    -1, 0) != (void *)start))
		host_abort("the host cannot take back its mappings: %s",
		    strerror(errno));
	madvise((void *)start, end - start, MADV_DONTDUMP);
}

static void
forget(struct pmap *pmap)
{
	struct leaf *leaf;

	while ((leaf = RB_ROOT(&pmap->leaves)) != NULL) {
		for (uint64_t set = leaf->present; set != 0; set &= set - 1) {
			unsigned i = __builtin_ctzl(set);

			shown_unlink(pmap, leaf->base + i * HOST_PAGE,
			    page_frame(leaf, i));
		}
		leaf_drop(pmap, leaf);
	}
	pmap->runs = 0;
}

/* Would the host join the page at address to one that shows word? */
static bool
joins(struct pmap *pmap, uint64_t address, uint64_t word)
{
	struct leaf *leaf = leaf_find(pmap, address);
	unsigned i = leaf_index(address);

	return leaf != NULL && (leaf->present & UINT64_C(1) << i) &&
	    leaf->page[i] == word;
}

/* Removing and protecting leave the count too high: count again, and keep
 * away from the host's limit, which everybody else in the process shares. */
static void
limit_runs(struct pmap *pmap)
{
	struct leaf *leaf;
	uint64_t before = 0, word = 0, address;

	pmap->runs = 0;
	RB_FOREACH (leaf, leaf_tree, &pmap->leaves)
		for (uint64_t set = leaf->present; set != 0; set &= set - 1) {
			unsigned i = __builtin_ctzl(set);

			address = leaf->base + i * HOST_PAGE;
			pmap->runs += address != before + HOST_PAGE ||
			    leaf->page[i] != word + (1 << 3);
			before = address;
			word = leaf->page[i];
		}
	if (pmap->runs > RUNS_MAX * 3 / 4) {
		forget(pmap);
		host_hide_all();
	}
}

/* The host has no mapping left for what failed: start afresh. */
static void
host_exhausted(struct pmap *pmap, const char *call, uint64_t address)
{
	if (errno != ENOMEM)
		host_abort("%s at %#lx: %s", call, address, strerror(errno));
	forget(pmap);
	host_hide_all();
}

static void
on_signal(int signal)
{
	int saved = errno;
	struct pmap *pmap = host_pmap;
	uint32_t asked;

	(void)signal;
	if (pmap != NULL && (asked = pmap->asked) != pmap->done) {
		if (!host_hide(pmap->start, pmap->end))
			host_hide_all(); /* what is recorded faults */
		pmap->done = asked;
		syscall(SYS_futex, &pmap->done, FUTEX_WAKE, 1, NULL, NULL, 0);
	}
	errno = saved;
}

void
pmap_catch(void)
{
	struct sigaction action = { .sa_handler = on_signal,
		.sa_flags = SA_RESTART | SA_ONSTACK };

	sigfillset(&action.sa_mask);
	if (sigaction(PMAP_SIGNAL, &action, NULL) == -1)
		host_abort("sigaction: %s", strerror(errno));
	sigdelset(&host_async_signals, PMAP_SIGNAL);
}

/* Make another process show nothing in the range, which its record no longer
 * has. */
static void
ask(struct pmap *pmap, uint64_t start, uint64_t end)
{
	const struct timespec moment = { .tv_nsec = 2000000 };
	uint32_t before = pmap->done;

	if (pmap->asked != before) /* it is stopped and owes an answer */
		host_window(&start, &end);
	pmap->start = start;
	pmap->end = end;
	pmap->asked = before + 1;
	if (pmap->pid <= 0 || kill(pmap->pid, PMAP_SIGNAL) == -1) {
		forget(pmap);
		return;
	}
	while (pmap->done == before) {
		syscall(SYS_futex, &pmap->done, FUTEX_WAIT, before, &moment,
		    NULL, 0);
		if (pmap->done != before)
			return;
		switch (host_process_state(pmap->pid)) {
		case '\0':
		case 'Z':
		case 'X':
			forget(pmap);
			return;
		case 'T':
		case 't': /* answers before it goes on */
			return;
		}
	}
}

static void
hide(struct pmap *pmap, uint64_t start, uint64_t end)
{
	if (pmap != host_pmap)
		ask(pmap, start, end);
	else if (!host_hide(start, end))
		host_exhausted(pmap, "mmap", start);
}

/* ---- what the kernel calls ------------------------------------------------------ */

struct pmap *
pmap_create(void)
{
	struct pmap *pmap = heap_alloc(sizeof(*pmap));

	RB_INIT(&pmap->leaves);
	return pmap;
}

#ifdef HOST_THREAD_SANITIZER
/* It takes the showing of a page for a write of the whole page, which races
 * with the program's own stores in it. */
const char *__tsan_default_suppressions(void);
const char *
__tsan_default_suppressions(void)
{
	return "race_top:mmap\n";
}
#endif

void
pmap_enter(struct pmap *pmap, uint64_t address, uint64_t frame, vm_prot_t prot)
{
	struct leaf *leaf;
	unsigned i = leaf_index(address);
	uint64_t word = frame << 3 | (prot & VM_PROT_ALL);

	if (pmap != host_pmap || (prot & VM_PROT_ALL) == VM_PROT_NONE) {
		pmap_remove(pmap, address, address + HOST_PAGE);
		return;
	}
	if (!host_in_window(address, HOST_PAGE))
		return;
	if (pmap->runs >= RUNS_MAX)
		limit_runs(pmap);
	host_frame_data(frame); /* what it is due */
	if (mmap((void *)address, HOST_PAGE, host_protection(prot),
		MAP_SHARED | MAP_FIXED | MAP_POPULATE, host_fd,
		frame << host_page_shift) == MAP_FAILED) {
		host_exhausted(pmap, "mmap", address);
		if (mmap((void *)address, HOST_PAGE, host_protection(prot),
			MAP_SHARED | MAP_FIXED, host_fd,
			frame << host_page_shift) == MAP_FAILED)
			host_abort("mmap of a frame at %#lx: %s", address,
			    strerror(errno));
	}
	if ((leaf = leaf_find(pmap, address)) == NULL) {
		leaf = heap_alloc(sizeof(*leaf));
		leaf->base = leaf_base(address);
		RB_INSERT(leaf_tree, &pmap->leaves, leaf);
		pmap->last = leaf;
	}
	if (!(leaf->present & UINT64_C(1) << i)) {
		leaf->present |= UINT64_C(1) << i;
		shown_link(pmap, address, frame);
	} else if (page_frame(leaf, i) != frame) {
		shown_unlink(pmap, address, page_frame(leaf, i));
		shown_link(pmap, address, frame);
	}
	leaf->page[i] = word;
	if (!joins(pmap, address - HOST_PAGE, word - (1 << 3)))
		pmap->runs++;
}

void
pmap_remove(struct pmap *pmap, uint64_t start, uint64_t end)
{
	struct leaf *leaf, *next;
	uint64_t first = 0, last = 0, address;
	bool any = false;

	if (pmap == NULL || start >= end)
		return;
	for (leaf = leaf_from(pmap, start); leaf != NULL && leaf->base < end;
	     leaf = next) {
		next = RB_NEXT(leaf_tree, &pmap->leaves, leaf);
		for (uint64_t set = leaf->present; set != 0; set &= set - 1) {
			unsigned i = __builtin_ctzl(set);

			address = leaf->base + i * HOST_PAGE;
			if (address < start)
				continue;
			if (address >= end)
				break;
			shown_unlink(pmap, address, page_frame(leaf, i));
			leaf->present &= ~(UINT64_C(1) << i);
			if (!any)
				first = address;
			any = true;
			last = address;
		}
		if (leaf->present == 0)
			leaf_drop(pmap, leaf);
	}
	if (!any)
		return;
	pmap->runs++;
	hide(pmap, first, last + HOST_PAGE);
}

/* The first page shown at or above *address and below end. */
static struct leaf *
shown_from(struct pmap *pmap, uint64_t *address, uint64_t end)
{
	struct leaf *leaf;
	uint64_t set;

	for (leaf = leaf_from(pmap, *address); leaf != NULL;
	     leaf = RB_NEXT(leaf_tree, &pmap->leaves, leaf)) {
		if (leaf->base >= end)
			return NULL;
		set = leaf->present;
		if (leaf->base < *address)
			set &= ~UINT64_C(0) << leaf_index(*address);
		if (set == 0)
			continue;
		*address = leaf->base + __builtin_ctzl(set) * HOST_PAGE;
		return *address < end ? leaf : NULL;
	}
	return NULL;
}

/* True when prot takes from the page at address what leaves new. */
static bool
loses(struct pmap *pmap, uint64_t address, vm_prot_t prot, vm_prot_t new)
{
	struct leaf *leaf = leaf_find(pmap, address);
	unsigned i = leaf_index(address);

	return leaf != NULL && (leaf->present & UINT64_C(1) << i) &&
	    page_prot(leaf, i) != new && (page_prot(leaf, i) & prot) == new;
}

void
pmap_protect(struct pmap *pmap, uint64_t start, uint64_t end, vm_prot_t prot)
{
	struct leaf *leaf;
	uint64_t run;
	vm_prot_t new;
	unsigned i;

	if (pmap == NULL || (prot & VM_PROT_ALL) == VM_PROT_ALL)
		return;
	if ((prot & VM_PROT_ALL) == VM_PROT_NONE) {
		pmap_remove(pmap, start, end);
		return;
	}
	while (start < end && (leaf = shown_from(pmap, &start, end)) != NULL) {
		pmap->runs += 2;
		run = start;
		new = page_prot(leaf, leaf_index(start)) & prot;
		while (start < end && loses(pmap, start, prot, new)) {
			leaf = leaf_find(pmap, start);
			i = leaf_index(start);
			leaf->page[i] = page_frame(leaf, i) << 3 | new;
			start += HOST_PAGE;
		}
		if (run == start)
			start += HOST_PAGE;
		else if (new == VM_PROT_NONE || pmap != host_pmap)
			pmap_remove(pmap, run, start);
		else if (mprotect((void *)run, start - run,
			     host_protection(new)) == -1)
			host_exhausted(pmap, "mprotect", run);
	}
}

void
pmap_page_protect(uint64_t frame, vm_prot_t prot)
{
	struct frame *f = host_frame(frame);
	struct shown *s;
	struct leaf *leaf;

	prot &= VM_PROT_ALL;
	if (prot == VM_PROT_NONE) {
		while (f->pmap != NULL)
			pmap_remove(f->pmap, f->address,
			    f->address + HOST_PAGE);
		return;
	}
again:
	if (f->pmap == NULL)
		return;
	leaf = leaf_find(f->pmap, f->address);
	if (page_prot(leaf, leaf_index(f->address)) & ~prot) {
		pmap_protect(f->pmap, f->address, f->address + HOST_PAGE, prot);
		goto again; /* the list may have changed */
	}
	for (s = f->more; s != NULL; s = s->next) {
		leaf = leaf_find(s->pmap, s->address);
		if (page_prot(leaf, leaf_index(s->address)) & ~prot) {
			pmap_protect(s->pmap, s->address,
			    s->address + HOST_PAGE, prot);
			goto again;
		}
	}
}

void
pmap_destroy(struct pmap *pmap)
{
	if (pmap == host_pmap) {
		if (pmap->count != 0)
			host_hide_all();
		host_pmap = NULL;
	}
	forget(pmap);
	heap_free(pmap, sizeof(*pmap));
}

void
pmap_assign(struct pmap *pmap, int pid)
{
	pmap->pid = pid;
}

void
pmap_adopt(struct pmap *pmap)
{
	static bool is_used; /* the window as host_boot() leaves it is empty */

	pmap->pid = getpid();
	host_pmap = pmap;
	if (is_used)
		host_hide_all();
	is_used = true;
}

uint64_t
pmap_frame(const struct pmap *pmap, uint64_t address, vm_prot_t *prot)
{
	struct leaf *leaf = leaf_find((struct pmap *)pmap, address);
	unsigned i = leaf_index(address);

	if (leaf == NULL || (leaf->present & UINT64_C(1) << i) == 0)
		return HOST_NO_FRAME;
	if (prot != NULL)
		*prot = page_prot(leaf, i);
	return page_frame(leaf, i);
}

uint64_t
pmap_shown(const struct pmap *pmap)
{
	return pmap->count;
}
