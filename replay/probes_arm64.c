/*
 * probes_arm64 RELEASE ARCH FILE: compare the rows of the logs that the probe
 * of arm64 left of booted kernels (probe-*-arm64), "a3 WORDS x0=RESULT x1=...
 * nzcv=...", with the kernel that is there.  The rows are one process's calls in
 * their order, each on what those before it left; a row of a child, "a3 child
 * WORDS ..", and those behind it tell what met its touch.  Addresses count from
 * the first that the process was given.
 *
 * What registers hold but the result's is seen on arm64 alone; rows about
 * nothing else are named with that reason, and tests/ has cases of them.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "area.h"
#include "fault.h"
#include "system.h"
#include "trap.h"

#define RECORDED_FIRST UINT64_C(0x100014000)
#define HIGH_HALF      UINT64_C(0xdeadbeef00000000)

enum { RETURNED = 99, FAULTED = 100 }; /* how the probe's children exit */
#define SIGSYS_DARWIN 12

static int agree, differ, skipped;
static uint64_t first; /* the address that the process was given first */
static bool given;

/* ---- calls of the process ------------------------------------------------- */

enum trap { ALLOCATE = 10, DEALLOCATE = 12, PROTECT = 14, MAP = 15 };
enum { SET_MAXIMUM = 0 };

/* Arguments behind the task's name; of a row that has no variable for the
 * address x1, which the call leaves alone, is the address. */
struct call {
	const char *words;
	enum trap trap;
	uint64_t size, mask, last; /* flags or protection */
	uint64_t before;	   /* the address before the call */
	uint64_t task;		   /* instead of the process's own name */
	bool no_pointer;	   /* `before` is the pointer itself */
};
#define OWN UINT64_MAX

static const struct call calls[] = {
	{ "allocate anywhere 16K ", ALLOCATE, 0x4000, 0, 1, 0, OWN, false },
	{ "allocate anywhere 4K ", ALLOCATE, 0x1000, 0, 1, 0, OWN, false },
	{ "allocate anywhere 1 ", ALLOCATE, 1, 0, 1, 0, OWN, false },
	{ "allocate size 0 ", ALLOCATE, 0, 0, 1, 0x7777, OWN, false },
	{ "allocate size ~0 ", ALLOCATE, UINT64_MAX, 0, 1, 0x7777, OWN, false },
	{ "allocate fixed taken+0x1000 ", ALLOCATE, 0x1000, 0, 0,
	    RECORDED_FIRST + 0x1000, OWN, false },
	{ "allocate fixed overwrite +0x1000 ", ALLOCATE, 0x1000, 0, 0x4000,
	    RECORDED_FIRST + 0x1000, OWN, false },
	{ "allocate pointer 0 ", ALLOCATE, 0x4000, 0, 1, 0, OWN, true },
	{ "allocate pointer 8 ", ALLOCATE, 0x4000, 0, 1, 8, OWN, true },
	{ "allocate pointer -8 ", ALLOCATE, 0x4000, 0, 1, -UINT64_C(8), OWN,
	    true },
	{ "allocate task 0 ", ALLOCATE, 0x4000, 0, 1, 0, 0, false },
	{ "allocate task bad ", ALLOCATE, 0x4000, 0, 1, 0, 0xdead, false },
	{ "allocate task high half set ", ALLOCATE, 0x4000, 0, 1, 0,
	    OWN - HIGH_HALF, false },
	{ "allocate flags high half set ", ALLOCATE, 0x4000, 0, HIGH_HALF | 1,
	    0, OWN, false },
	{ "protect read ", PROTECT, 0x4000, 0, 1, 0, OWN, false },
	{ "protect rw ", PROTECT, 0x4000, 0, 3, 0, OWN, false },
	{ "protect part 4K ", PROTECT, 0x1000, 0, 1, 0, OWN, false },
	{ "protect rwx ", PROTECT, 0x4000, 0, 7, 0, OWN, false },
	{ "protect rx ", PROTECT, 0x4000, 0, 5, 0, OWN, false },
	{ "protect 8 ", PROTECT, 0x4000, 0, 8, 0, OWN, false },
	{ "protect 0x10 ", PROTECT, 0x4000, 0, 0x10, 0, OWN, false },
	{ "deallocate 16K ", DEALLOCATE, 0x4000, 0, 0, 0, OWN, false },
	{ "deallocate part 4K ", DEALLOCATE, 0x1000, 0, 0, 0, OWN, false },
	{ "deallocate size 0 ", DEALLOCATE, 0, 0, 0, 0, OWN, false },
	{ "deallocate size ~0 ", DEALLOCATE, UINT64_MAX, 0, 0, 0, OWN, false },
	{ "deallocate task 0 ", DEALLOCATE, 0x4000, 0, 0, 0, 0, false },
	{ "map anywhere ", MAP, 0x4000, 0, 3, 0, OWN, false },
	{ "map mask ffffff ", MAP, 0x4000, 0xffffff, 3, 0, OWN, false },
	{ "map rwx ", MAP, 0x4000, 0, 7, 0, OWN, false },
	{ "map rx ", MAP, 0x4000, 0, 5, 0, OWN, false },
	{ "map size 0 ", MAP, 0, 0, 3, 0x7777, OWN, false },
};

/* An address of the log as one of this process, and back. */
static uint64_t
here(uint64_t recorded)
{
	return recorded >= RECORDED_FIRST ? recorded - RECORDED_FIRST + first :
					    recorded;
}

static bool
value(const char *row, const char *key, uint64_t *v)
{
	const char *p = strstr(row, key);

	if (p == NULL)
		return false;
	*v = strtoull(p + strlen(key), NULL, 0);
	return true;
}

static uint64_t address; /* what the last call left in its variable */

/* The call's result, the low half of the register. */
static uint32_t
make(const struct call *c, uint64_t x1)
{
	uint64_t a[6] = { self, 0, c->size, 0, 0, 0 };
	struct mt_registers r;
	int count = 4;

	if (c->task == 0 || c->task == 0xdead)
		a[0] = c->task;
	else if (c->task != OWN)
		a[0] |= HIGH_HALF;
	address = here(c->before);
	a[1] = c->no_pointer ? c->before : (uintptr_t)&address;
	switch (c->trap) {
	case ALLOCATE:
		a[3] = c->last;
		break;
	case PROTECT:
		a[1] = here(x1);
		a[3] = SET_MAXIMUM;
		a[4] = c->last;
		count = 5;
		break;
	case DEALLOCATE:
		a[1] = here(x1);
		count = 3;
		break;
	case MAP:
		a[3] = c->mask;
		a[4] = 1; /* VM_FLAGS_ANYWHERE */
		a[5] = c->last;
		count = 6;
	}
	mt_registers_mach(&r, c->trap, a, count);
	mt_trap_raw(&r);
	if (!given && c->trap == ALLOCATE) {
		first = address;
		given = true;
	}
	return (uint32_t)mt_registers_result(&r);
}

/* ---- children --------------------------------------------------------------- */

enum touch { LOAD, STORE, JUMP, BSD };

/* Where: an address of the log; of BSD the number of a call. */
struct touch_row {
	const char *words;
	enum touch touch;
	uint64_t where;
	vm_prot_t protection; /* that the page gets before; -1: none */
};
#define COMM UINT64_MAX /* the comm page that the log told last */
/* Since 13 what may not change is in a second one: a page of its own where the
 * page tables have a monitor, on VMAPPLE the first once more
 * (osfmk/arm/pmap/pmap.c, pmap_create_commpages()). */
#define SECOND_COMM UINT64_C(0xfffff4000)

static const struct touch_row touches[] = {
	{ "store into read-only", STORE, RECORDED_FIRST, -1 },
	{ "store below part", STORE, RECORDED_FIRST, -1 },
	{ "store in part", STORE, RECORDED_FIRST + 0x1000, -1 },
	{ "jump into rw page", JUMP, RECORDED_FIRST, 3 },
	{ "load from nothing", LOAD, RECORDED_FIRST + 0x4000, -1 },
	{ "load from what was around", LOAD, RECORDED_FIRST, -1 },
	{ "comm first byte", LOAD, COMM, -1 },
	{ "comm 0x1e", LOAD, COMM, -1 },
	{ "comm 0x24", LOAD, COMM, -1 },
	{ "comm 0x25", LOAD, COMM, -1 },
	{ "comm 0x37", LOAD, COMM, -1 },
	{ "comm store", STORE, COMM, -1 },
	{ "jump comm page", JUMP, COMM, -1 },
	{ "load 0", LOAD, 0, -1 },
	{ "load 4G-1", LOAD, 0xffffffff, -1 },
	{ "load kernel", LOAD, UINT64_C(0xfffffff007004000), -1 },
	{ "jump 0", JUMP, 0, -1 },
	{ "store text", STORE, UINT64_C(0x100000000), -1 },
	{ "bsd 8", BSD, 8, -1 },
	{ "bsd 600", BSD, 600, -1 },
	{ "bsd 65535", BSD, 65535, -1 },
};

static uint64_t comm;	/* the base that the log told last */
static char child[120]; /* "WORDS" of the row that began one; "": none */
/* Of the row in between: the byte that was loaded, or the call's errno. */
static uint64_t told;
static bool has_told;

static const struct touch_row *
touch_of(const char *words)
{
	size_t n = sizeof(touches) / sizeof(*touches);

	for (size_t i = 0; i < n; i++)
		if (strcmp(words, touches[i].words) == 0)
			return &touches[i];
	return NULL;
}

/* In a child: the touch, with or without a handler, and its end. */
static void __attribute__((noreturn))
touch(const struct touch_row *t, uint64_t where, bool by_default)
{
	struct mt_fault fault = { .exception = 0 };

	if (t->touch == BSD) {
		const uint64_t none[6] = { 0 };
		struct mt_registers r;

		mt_registers_unix(&r, (int)where, none, 6);
		mt_trap_raw(&r);
		mt_exit(
		    mt_registers_failed(&r) && mt_registers_result(&r) == told ?
			RETURNED :
			RETURNED - 1);
	}
	if (by_default && t->touch == STORE)
		*(volatile uint8_t *)(uintptr_t)where = 1;
	else if (by_default && t->touch == LOAD)
		(void)*(volatile uint8_t *)(uintptr_t)where;
	else if (t->touch == LOAD)
		fault = mt_read(where);
	else if (t->touch == STORE)
		fault = mt_write(where, 1);
	else
		fault = mt_execute(where);
	if (fault.exception != 0)
		mt_exit(FAULTED + fault.signal);
	if (has_told && fault.value != told)
		mt_exit(RETURNED - 1);
	mt_exit(RETURNED);
}

/* ---- rows --------------------------------------------------------------------- */

static void
judge(int line, const char *row, uint64_t found, uint64_t recorded)
{
	if (found == recorded) {
		agree++;
		return;
	}
	differ++;
	printf("%d: %.120s: found 0x%" PRIx64 "\n", line, row, found);
}

static void
skip(int line, const char *row, const char *why)
{
	skipped++;
	printf("%d: not compared: %s: %.60s\n", line, why, row);
}

/* "child WORDS status 0x6e00 exit 0x6e", "... status 0xa killed by 0xa". */
static void
end_of_child(int line, const char *row, uint64_t status)
{
	char words[sizeof(child)], *end;
	const struct touch_row *t;
	bool by_default;
	uint64_t where;
	int pid, ended;

	snprintf(words, sizeof(words), "%s", child);
	if ((end = strstr(words, ", default")) == NULL)
		end = strstr(words, " default");
	if ((by_default = end != NULL))
		*end = '\0';
	if ((t = touch_of(words)) == NULL) {
		skip(line, row, "it needs instructions or registers of arm64");
		return;
	}
	if (comm == SECOND_COMM && t->where == COMM && has_told &&
	    (strcmp(words, "comm first byte") == 0 ||
		strcmp(words, "comm 0x1e") == 0)) {
		skip(line, row,
		    "the page is the first one without XNU_MONITOR");
		return;
	}
	where = t->where;
	if (where == COMM) {
		where = comm;
		(void)value(words, "comm ", &where);
		where = where == comm ? comm : comm + where;
		if (strcmp(words, "comm store") == 0)
			where = comm + 0x25;
	} else if (where >= RECORDED_FIRST && where < UINT64_C(1) << 40) {
		where = here(where);
	}
	if (t->protection >= 0)
		(void)mt_trap_protect(self, where, page, FALSE, t->protection);
	fflush(NULL);
	if ((pid = mt_fork()) == 0)
		touch(t, where, by_default);
	ended = mt_wait(pid, 60);
	if (t->touch == BSD && ended == SIGSYS_DARWIN)
		ended = (FAULTED + SIGSYS_DARWIN)
		    << 8; /* the probe's handler */
	judge(line, row, (uint64_t)ended, status);
}

/* NULL: compared; or why not. */
static const char *
own_row(int line, const char *row)
{
	static const char *const of_machine[] = { "sysctl ", "console ", "sp ",
		"argc ", "argv0 " };
	uint64_t x0 = 0, x1 = 0, at;

	for (size_t i = 0; i < sizeof(calls) / sizeof(*calls); i++)
		if (starts(row, calls[i].words) && value(row, "x0=", &x0)) {
			(void)value(row, "x1=", &x1);
			judge(line, row, make(&calls[i], x1), x0);
			return NULL;
		}
	if (value(row, "  at ", &at)) {
		judge(line, row, address,
		    at < UINT64_C(0x100000000) || (at & 0xffffff) == 0 ?
			at :
			here(at));
		return NULL;
	}
	if (starts(row, "task_self ") && value(row, "x0=", &x0)) {
		judge(line, row, mt_trap_task_self(), x0);
		return NULL;
	}
	if (starts(row, "comm +0x0 ") || starts(row, "comm +0x8 ")) {
		uint64_t offset = 0;

		(void)value(row, "comm +", &offset);
		(void)value(strchr(row, '+'), " ", &x0);
		for (unsigned i = 0; i < 8; i++)
			x1 |= (uint64_t)mt_read(
				  UINT64_C(0xfffffc000) + offset + i)
				  .value
			    << 8 * i;
		judge(line, row, x1, x0);
		return NULL;
	}
	if (starts(row, "comm +"))
		return "it is the processor's, or a time";
	for (size_t i = 0; i < sizeof(of_machine) / sizeof(*of_machine); i++)
		if (starts(row, of_machine[i]))
			return "it is the machine's, or the probe's";
	return "it needs instructions or registers of arm64";
}

static void
one(int line, const char *row)
{
	const char *why, *end;
	uint64_t status;

	if (value(row, "comm page base ", &comm))
		return;
	if (value(row, "  byte ", &told) ||
	    value(row, "  returned x0=", &told)) {
		has_told = true;
		return;
	}
	if (starts(row, "  signal ") || starts(row, "  sp "))
		return; /* the child's end tells it again */
	if (starts(row, "child ") && (end = strstr(row, " ..")) != NULL) {
		snprintf(child, sizeof(child), "%.*s", (int)(end - row - 6),
		    row + 6);
		has_told = false;
		return;
	}
	if (starts(row, "child ") && value(row, " status ", &status)) {
		end_of_child(line, row, status);
		return;
	}
	if ((why = own_row(line, row)) != NULL)
		skip(line, row, why);
}

int
main(int argc, char **argv)
{
	char line[1024];
	FILE *f = area_open(argc, argv);

	if (f == NULL)
		return 2;
	for (int n = 1; fgets(line, sizeof(line), f) != NULL; n++) {
		line[strcspn(line, "\n")] = '\0';
		if (starts(line, "a3 "))
			one(n, line + 3);
	}
	fclose(f);
	printf("probes: %d agree, %d differ, %d not compared\n", agree, differ,
	    skipped);
	return differ != 0;
}
