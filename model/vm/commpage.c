/*
 * The comm pages of each flavour, read-only, at the addresses that
 * osfmk/i386/cpu_capabilities.h and osfmk/arm/cpu_capabilities.h give.  The
 * x86_64 one lies above the map, those of arm64 within the window, where a
 * dropped pmap takes them along.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#define _GNU_SOURCE
#include "model/vm/commpage.h"
#include "model/host/frame.h"
#include "model/vm/map.h"
#include "model/vm/page.h"
#include "model/vm/release.h"
#include "model/vm/task.h"
#include "model/vm/vm.h"

#include <errno.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>

#define ARM64_DATA	UINT64_C(0xFFFFFC000)
#define ARM64_READ_ONLY UINT64_C(0xFFFFF4000)

/* What the booted x86_64 kernels reported of their machine, but for two
 * processors; the first Apple silicon. */
static const struct machine machines[] = {
	{ 2, 64, 0x78ea4fbc, UINT64_C(1) << 31, 0x287af },
	{ 8, 128, 0x1b588bb3, UINT64_C(8) << 30, 0x80040 },
};
static const struct machine *machine = machines;

static struct {
	uint64_t address, frame;
	int protection; /* of the host */
	bool shown;
} pages[2];
static unsigned count;
static const char *missing;

const struct machine *
commpage_machine(void)
{
	return machine;
}

const char *
commpage_missing(void)
{
	return missing;
}

#define PUT(page_, type_, offset_, value_)                            \
	do {                                                          \
		type_ v_ = (type_)(value_);                           \
		memcpy((char *)(page_) + (offset_), &v_, sizeof(v_)); \
	} while (0)

static void
put_common(char *page, const struct rules *rules, unsigned version)
{
	const struct machine *m = machine;

	memcpy(page, "commpage 64-bit", 16);
	PUT(page, uint64_t, 0x10, m->capabilities);
	PUT(page, uint16_t, 0x1e, version);
	PUT(page, uint32_t, 0x20, m->capabilities);
	PUT(page, uint16_t, 0x26, m->cache_line);
	PUT(page, uint8_t, 0x34, m->cpus);
	PUT(page, uint8_t, 0x35, m->cpus);
	PUT(page, uint8_t, 0x36, m->cpus);
	PUT(page, uint64_t, 0x38, m->memory);
	(void)rules;
}

static void
put_x86_64(char *page, const struct rules *rules)
{
	put_common(page, rules, rules->comm_page_has_shifts ? 14 : 13);
	if (!rules->comm_page_has_shifts)
		PUT(page, uint32_t, 0x30, 1000); /* spin count */
	PUT(page, uint32_t, 0x40, machine->family);
	if (rules->comm_page_has_shifts) {
		PUT(page, uint8_t, 0x4d, rules->kernel_page_shift);
		PUT(page, uint8_t, 0x4e, rules->page_shift);
	}
	PUT(page, uint64_t, 0x50, 0x1f785798); /* nanotime: base */
	PUT(page, uint32_t, 0x58, 0x66772762); /* scale */
	PUT(page, uint32_t, 0x68, 1);	       /* generation */
	PUT(page, uint64_t, 0x80, 0x5f1e3bf5); /* approximate time */
	PUT(page, uint8_t, 0x88, 1);
}

static void
put_shifts_arm64(char *page, const struct rules *rules)
{
	PUT(page, uint8_t, 0x24, rules->page_shift);
	PUT(page, uint8_t, 0x25, rules->page_shift);
	PUT(page, uint8_t, 0x37, rules->kernel_page_shift);
}

static void
put_arm64(char *page, const struct rules *rules)
{
	put_common(page, rules, 3);
	put_shifts_arm64(page, rules);
	if (rules->comm_page_has_clusters)
		PUT(page, uint8_t, 0x2f, 2);
	PUT(page, uint32_t, 0x80, machine->family);
	PUT(page, uint8_t, 0x90, 1); /* user time base */
	PUT(page, uint64_t, 0xa0, UINT64_C(1700000000000000)); /* boot */
	PUT(page, uint8_t, 0xc8, 1);  /* approximate time */
	PUT(page, uint8_t, 0x10c, 3); /* SPRR: MAP_JIT is a thread's own */
}

static bool
show(unsigned i, bool replace)
{
	pages[i].shown = host_frame_show(pages[i].address, pages[i].frame,
	    pages[i].protection, replace);
	return pages[i].shown;
}

/* The frame that the kernel reads there, too, where the map has a page.  They
 * lie beside those of the shared region, as its own do. */
static uint64_t
frame_of(struct map *map, uint64_t address)
{
	const uint64_t hint = (48 + (uint64_t)count) * HOST_PAGE;
	struct entry *e, *leaf;
	struct page *page;

	if (!map_lookup_entry(map, address, &e) || !e->is_sub_map ||
	    !map_lookup_entry(e->submap, e->offset, &leaf))
		return host_frame_alloc(hint);
	page = page_alloc(leaf->object, 0, hint);
	page->referenced = page->dirty = true;
	return page->frame;
}

static uint64_t
add(struct map *map, uint64_t address, int protection)
{
	pages[count].address = address;
	pages[count].frame = frame_of(map, address);
	pages[count].protection = protection;
	return pages[count++].frame;
}

void
commpage_boot(struct map *map)
{
	const struct rules *rules = map->rules;
	bool x86 = strcmp(rules->arch, "x86_64") == 0;

	machine = &machines[x86 ? 0 : 1];
	if (x86) {
		put_x86_64(host_frame_data(
			       add(map, rules->comm_page, PROT_READ)),
		    rules);
		if (rules->comm_page_text != 0) /* breakpoints */
			host_frame_fill(add(map, rules->comm_page_text,
					    PROT_READ | PROT_EXEC),
			    0xcc);
	} else {
		put_arm64(host_frame_data(add(map, ARM64_DATA, PROT_READ)),
		    rules);
		if (rules->comm_page_is_twofold)
			put_shifts_arm64(host_frame_data(add(map,
					     ARM64_READ_ONLY, PROT_READ)),
			    rules);
	}
	for (unsigned i = 0; i < count; i++)
		if (host_in_window(pages[i].address, HOST_PAGE))
			show(i, true);
		else if (!show(i, false) && i == 0)
			missing = "the host has no room for the comm page";
}

/* Where the map has an entry around the page it denies access; a child without
 * the reserved ranges has none. */
static int64_t
denied(void)
{
	const struct rules *rules = current_task->rules;

	return current_task->is_forked && !rules->reserved_is_inherited &&
		strcmp(rules->arch, "arm64") == 0 ?
	    KERN_INVALID_ADDRESS :
	    KERN_PROTECTION_FAILURE;
}

bool
commpage_fault(uint64_t address, vm_prot_t access, int64_t *code)
{
	vm_prot_t allowed;

	for (unsigned i = 0; i < count; i++) {
		if (address - pages[i].address >= HOST_PAGE || !pages[i].shown)
			continue;
		allowed = VM_PROT_READ |
		    (pages[i].protection & PROT_EXEC ? VM_PROT_EXECUTE : 0);
		*code = access & ~allowed ? denied() :
		    show(i, true)	  ? KERN_SUCCESS :
					    KERN_MEMORY_ERROR;
		return true;
	}
	return false;
}
