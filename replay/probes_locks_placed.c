/*
 * The rows about the locks of entries: placing and giving back memory, memory
 * entries, regions, messages and traps.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "darwin_mman.h"
#include "fault.h"
#include "mig.h"
#include "probes_locks.h"
#include "route.h"
#include "system.h"
#include "trap.h"

/* ---- allocate, map, deallocate ------------------------------------------ */

static bool
is_accepted(bool map, mach_vm_address_t where, int flags)
{
	return (map ? stage->map(self, &where, page, 0, flags, MACH_PORT_NULL,
			  0, FALSE, RW, RWX, VM_INHERIT_COPY) :
		      stage->allocate(self, &where, page, flags)) ==
	    KERN_SUCCESS;
}

/* Bits 1 to 23, superpages' aside, each with VM_FLAGS_FIXED. */
static const char *
bits(bool map)
{
	unsigned accepted = 0;

	for (unsigned bit = 1; bit < 24; bit++)
		if ((VM_FLAGS_SUPERPAGE_MASK >> bit & 1) == 0 &&
		    is_accepted(map, A + bit * 0x100000, 1 << bit))
			accepted |= 1u << bit;
	say(" 0x%x", accepted);
	return NULL;
}

ROW(allocate_bits, return bits(false))
ROW(map_bits, return bits(true))

static kern_return_t
allocate(unsigned pages, int flags)
{
	mach_vm_address_t where = A;

	return stage->allocate(self, &where, pages * page, flags);
}

static kern_return_t
deallocate(unsigned from, mach_vm_size_t size)
{
	return stage->deallocate(self, A + from * page, size);
}

ROW(allocate_new_bits, say_kr(allocate(2, 0x402000)); say_walk())
ROW(allocate_permanent, permanent(A, 1); fill(A, 1, 0x11);
    say_kr(allocate(1, VM_FLAGS_OVERWRITE)); say_walk(); say_bytes(A, 1))
ROW(allocate_over_three, touched(0, 1, 0); permanent(A + page, 1);
    touched(2, 2, 0); say_kr(allocate(3, VM_FLAGS_OVERWRITE)); say_walk();
    say_bytes(A, 4))

static const char *
mmap_permanent(const char *row __attribute__((unused)))
{
	int error = 0;

	permanent(A, 1);
	fill(A, 1, 0x11);
	if (bsd() == NULL)
		return "no route has mmap";
	(void)bsd()->mmap(&error, A, page, RW,
	    MAP_FIXED | MAP_PRIVATE | MAP_ANON, -1, 0);
	say(" | %d", -error);
	say_walk();
	say_bytes(A, 1);
	return NULL;
}

ROW(deallocate_permanent, permanent(A, 1); fill(A, 1, 0x11);
    say_kr(deallocate(0, page)); say_walk(); say(" | then allocate OVERWRITE");
    say_kr(allocate(1, VM_FLAGS_OVERWRITE)); say_walk())
ROW(deallocate_across, untouched(0, 2); permanent(A + 2 * page, 1);
    untouched(3, 2); say_kr(deallocate(1, 3 * page)); say_walk())
ROW(deallocate_half, permanent(A, 2); fill(A, 2, 0x11);
    say_kr(deallocate(1, page)); say_walk(); say_bytes(A, 2))
ROW(deallocate_gap, untouched(0, 2); untouched(3, 2);
    say_kr(deallocate(0, 5 * page)); say_walk())
ROW(deallocate_beyond, untouched(0, 1);
    say_kr(deallocate(0, mt_system()->maximum - A + page)); say_walk())

/* ---- memory entries ----------------------------------------------------- */

static mach_port_name_t
entry_of(unsigned pages, vm_prot_t permission)
{
	memory_object_size_t size = pages * page;
	mach_port_name_t port = MACH_PORT_NULL;

	(void)stage->make_memory_entry(self, &size, A, permission, &port,
	    MACH_PORT_NULL);
	return port;
}

/* "VM_SHARE entry of 4 pages, offset 0x0 size 0x4000 | ..." */
static const char *
map_part(const char *row)
{
	mach_vm_address_t where = OTHER;
	uint64_t offset = 0, size = 0;
	char kind[16];
	int length = 0;
	mach_port_name_t entry;

	if (sscanf(row,
		" %15s entry of 4 pages, offset %" SCNx64 " size %" SCNx64 "%n",
		kind, &offset, &size, &length) != 3)
		return "it does not tell the part";
	say("%.*s", length, row);
	touched(0, 4, 0);
	entry = entry_of(4,
	    RW |
		(strcmp(kind, "VM_SHARE") == 0	     ? MAP_MEM_VM_SHARE :
			strcmp(kind, "VM_COPY") == 0 ? MAP_MEM_VM_COPY :
						       0));
	say_kr(stage->map(self, &where, size, 0, VM_FLAGS_FIXED, entry, offset,
	    FALSE, RW, RW, VM_INHERIT_COPY));
	say(" out=A+0x%" PRIx64 " walk:", (uint64_t)where - A);
	say_regions(OTHER);
	say_bytes(OTHER, 5);
	return NULL;
}

/* Send so many bytes, zeroes behind the header; the answer and the reply. */
static kern_return_t
exchange(mach_port_name_t target, mach_msg_id_t id, mach_msg_size_t size,
    struct mt_message *m)
{
	kern_return_t kr;

	memset(m, 0, sizeof(*m));
	m->header.msgh_bits = MACH_MSGH_BITS(MACH_MSG_TYPE_COPY_SEND,
	    MACH_MSG_TYPE_MAKE_SEND_ONCE);
	m->header.msgh_size = size;
	m->header.msgh_remote_port = target;
	m->header.msgh_id = id;
	kr = mt_mig_any(m, size);
	if (kr != MACH_MSG_SUCCESS)
		return kr;
	memcpy(&kr, m->bytes + 32, sizeof(kr));
	return kr;
}

static const char *
page_counts(const char *row)
{
	struct mt_message m;
	uint64_t counts[3];
	kern_return_t kr;
	bool is_plain = !starts(row, " of a VM_SHARE");

	put(A, 4, 0, RW, RWX);
	fill(A, 2, 0x11);
	say("%s",
	    is_plain ? " (4903) of 4 pages, 2 touched" :
		       " of a VM_SHARE entry");
	kr = exchange(entry_of(4, RW | (is_plain ? 0 : MAP_MEM_VM_SHARE)), 4903,
	    24, &m);
	say_kr(kr);
	if (is_plain)
		say(" reply size %u", m.header.msgh_size);
	if (is_plain && kr == KERN_SUCCESS) {
		memcpy(counts, m.bytes + 36, sizeof(counts));
		say(" | %" PRIu64 " %" PRIu64 " %" PRIu64, counts[0], counts[1],
		    counts[2]);
	}
	return NULL;
}

/* ---- regions ------------------------------------------------------------ */

/* Two pages, cut in two by protecting the second one. */
static void
cut(void)
{
	(void)protect(1, 1, RO);
	say_walk();
}

static void
purgeable(void)
{
	(void)allocate(2, VM_FLAGS_PURGABLE);
	fill(A, 2, 0x11);
}

ROW(alias_wired, purgeable(); (void)wire(0, 2, RW); (void)wire(0, 2, NONE);
    cut())
ROW(alias_purgeable, purgeable(); cut())
ROW(alias_private, touched(0, 2, 0); cut())

/* Memory that a child shared that is gone. */
static void
share_with_a_child(void)
{
	int pid;

	(void)stage->inherit(self, A, 2 * page, VM_INHERIT_SHARE);
	fflush(NULL);
	pid = mt_fork();
	if (pid == 0)
		mt_exit(0);
	(void)mt_wait(pid, 30);
}

ROW(fork_gone, touched(0, 2, 0); share_with_a_child(); say_walk())
ROW(fork_gone_two, touched(0, 2, 0); (void)protect(1, 1, RO);
    share_with_a_child(); say_walk())
ROW(fork_gone_cut, touched(0, 2, 0); share_with_a_child(); cut())

static const char *
alias_entry(const char *row __attribute__((unused)))
{
	mach_vm_address_t where = OTHER;
	mach_port_name_t entry;

	touched(0, 2, 0);
	entry = entry_of(2, RW);
	(void)stage->map(self, &where, 2 * page, 0, VM_FLAGS_FIXED, entry, 0,
	    FALSE, RW, RW, VM_INHERIT_COPY);
	(void)stage->deallocate(self, where, 2 * page);
	cut();
	return NULL;
}

/* Where it is placed hangs on what else is there. */
static const char *
jit(const char *row)
{
	const char *end = strchr(row, ')');
	int error = 0;
	int64_t where;

	if (bsd() == NULL || end == NULL)
		return "no route has mmap";
	where = bsd()->mmap(&error, A, 2 * page, RWX,
	    MAP_PRIVATE | MAP_ANON | MAP_JIT, -1, 0);
	say("%.*s", (int)(end - row), row);
	if (where == (int64_t)A)
		say_region(A);
	return NULL;
}

ROW(read_only_touch, untouched(0, 4); (void)mt_read(A); (void)mt_read(A + page);
    (void)mt_write(A + 2 * page, 1); say_read_pages(row, 4); say_walk())

/* ---- messages and traps ------------------------------------------------- */

static const char *
message(const char *row)
{
	struct mt_message m;
	unsigned id, size;
	int length = 0;

	if (sscanf(row, " %u with %u bytes of zeroes%n", &id, &size, &length) !=
	    2)
		return "it does not tell the message";
	if (id != 4829 && strstr(row, "MIG_BAD_ID") == NULL)
		return "the routine is not modelled";
	say("%.*s", length, row);
	say_kr(exchange(self, (mach_msg_id_t)id, size, &m));
	say(" reply %u", m.header.msgh_size);
	return NULL;
}

static const char *
trap(const char *row)
{
	struct mt_registers registers = { .flags = 0 };
	uint64_t arguments[8] = { 0 };
	int number = atoi(row), length = 0, pid, status;

	if (number == 62)
		return "the trap is not modelled";
	(void)sscanf(row, "%*d with zeroes%n", &length);
	say("%.*s", length, row);
	fflush(NULL);
	pid = mt_fork();
	if (pid == 0) {
		mt_registers_mach(&registers, number, arguments, 8);
		mt_trap_raw(&registers);
		mt_exit(0);
	}
	status = mt_wait(pid, 30);
	say(" | child status 0x%x", (unsigned)status);
	if (status == 0) {
		mt_registers_mach(&registers, number, arguments, 8);
		mt_trap_raw(&registers);
		say(" value 0x%" PRIx64,
		    mt_registers_result(&registers) & UINT32_MAX);
	}
	return NULL;
}

/* ---- the rows ----------------------------------------------------------- */

const struct lock_row lock_rows_placed[] = {
	{ "allocate: bits accepted with FIXED", allocate_bits, NULL },
	{ "map: bits accepted with FIXED", map_bits, NULL },
	{ "allocate 0x402000", allocate_new_bits, NULL },
	{ "alloc-overwrite-permanent: allocate", allocate_permanent, NULL },
	{ "alloc-overwrite-permanent: [rw][permanent][2 rw], allocate 3P",
	    allocate_over_three, NULL },
	{ "mmap-fixed-permanent: mmap errno", mmap_permanent, NULL },
	{ "deallocate-permanent", deallocate_permanent, NULL },
	{ "deallocate [2][permanent][2], A+P 3P", deallocate_across, NULL },
	{ "deallocate half of a permanent one", deallocate_half, NULL },
	{ "deallocate-gap-guard: [2][hole][2] (see the console)",
	    deallocate_gap, NULL },
	{ "deallocate-beyond-map (see the console)", deallocate_beyond, NULL },
	{ "map a part of a", map_part, NULL },
	{ "entry-page-counts", page_counts, NULL },
	{ "region-alias-wired: purgeable, wired once, cut", alias_wired, NULL },
	{ "region-alias: purgeable, never wired, cut", alias_purgeable, NULL },
	{ "region-alias-clipped-private", alias_private, NULL },
	{ "region-alias-fork-gone: INHERIT_SHARE, one entry", fork_gone, NULL },
	{ "region-alias-fork-gone: INHERIT_SHARE, two entries", fork_gone_two,
	    NULL },
	{ "region-alias-fork-gone: INHERIT_SHARE, cut after the child is gone",
	    fork_gone_cut, NULL },
	{ "region-alias: entry mapped once and unmapped, then cut", alias_entry,
	    NULL },
	{ "region-submap-flags: MAP_JIT", jit, NULL },
	{ "read-only touch: load, copyin, store, none", read_only_touch, NULL },
	{ "id", message, NULL },
	{ "Mach trap ", trap, NULL },
	{ NULL, NULL, NULL },
};
