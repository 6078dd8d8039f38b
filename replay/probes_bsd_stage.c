/*
 * The language of the stages of the BSD probes' rows (probes_bsd_table.c).
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "darwin_mman.h"
#include "fault.h"
#include "probes_bsd.h"
#include "probes_bsd_table.h"
#include "route.h"
#include "routes.h"
#include "system.h"

enum { THE_TAG = 999 }; /* of operation T */

static const struct mt_route *const vm = &mt_route_unix;
static int pipe_to_living[2];
static const struct bsd_rows *current; /* section */
static const struct bsd_entry *entry;  /* of the row */

/* ---- children ----------------------------------------------------------- */

static void
let_die(void)
{
	if (bsd.living == 0)
		return;
	close(pipe_to_living[1]);
	(void)mt_wait(bsd.living, 10);
	bsd.living = 0;
	bsd.signal = 9; /* the probe killed its own */
}

/* A child that waits until it is let die. */
static void
let_live(void)
{
	char c;

	let_die();
	if (pipe(pipe_to_living) != 0)
		abort();
	fflush(stdout);
	bsd.living = mt_fork();
	if (bsd.living == 0) {
		close(pipe_to_living[1]);
		(void)!read(pipe_to_living[0], &c, 1);
		mt_exit(0);
	}
	close(pipe_to_living[0]);
}

/* A child that ends at once, or touches a page before. */
static void
brief_child(char how, uint64_t address, uint8_t value)
{
	int pid, status;
	struct mt_fault got = { .signal = 0 };

	fflush(stdout);
	pid = mt_fork();
	if (pid == 0) {
		if (how == 's')
			got = mt_write(address, value);
		else if (how == 'e')
			got = mt_read(address);
		mt_exit(got.signal);
	}
	status = mt_wait(pid, 10);
	bsd.signal = status >> 8 & 0xff;
}

/* ---- operations --------------------------------------------------------- */

struct operands {
	uint64_t v[5];
	int count;
};

static uint64_t
at(const struct operands *o, int i)
{
	return A + o->v[i] * page;
}

/* A child that could not store dies of it, at its end. */
static void
fill(uint64_t address, uint64_t pages, uint64_t first)
{
	for (uint64_t i = 0; i < pages; i++) {
		const int signal =
		    mt_write(address + i * page, (uint8_t)(first + i)).signal;

		if (signal != 0)
			bsd.died = signal;
	}
}

/* Page, number of pages, tag, protection, and the first content. */
static void
map(const struct operands *o, int flags, bool must)
{
	const uint64_t tag = o->v[2] == THE_TAG ? bsd.tag : o->v[2];
	int error = 0;

	(void)vm->mmap(&error, at(o, 0), o->v[1] * page, (int)o->v[3], flags,
	    tag == 0 ? -1 : (int)VM_MAKE_TAG(tag), 0);
	if (must)
		expect("stage", error, 0);
	if (o->count > 4)
		fill(at(o, 0), o->v[1], o->v[4]);
}

/* Page, number of pages, tag, and flags of mach_vm_allocate(). */
static void
allocate(const struct operands *o)
{
	mach_vm_address_t a = at(o, 0);

	bsd.kr = stage->allocate(self, &a, o->v[1] * page,
	    (int)(VM_MAKE_TAG(o->v[2]) | (o->count > 3 ? o->v[3] : 0)));
}

static void
map_jit(const struct operands *o)
{
	int error = 0;
	const uint64_t hint = o->count == 0 ? 0 : at(o, 0);
	const uint64_t pages = o->count > 2 ? o->v[2] : 1;
	int64_t a = vm->mmap(&error, hint, pages * page, 7,
	    MAP_PRIVATE | MAP_ANON | MAP_JIT,
	    o->count < 2 ? -1 : (int)VM_MAKE_TAG(o->v[1]), 0);

	if (o->count == 0)
		bsd.jit = a == -1 ? 0 : (uint64_t)a;
}

/* The shared memory object that the rows opened. */
static void
map_shm(const struct operands *o, int fd, int protection)
{
	int error = 0;

	(void)vm->mmap(&error, at(o, 0), o->v[1] * page, protection,
	    MAP_SHARED | MAP_FIXED, fd, 0);
	expect("stage", error, 0);
}

static void
remap(const struct operands *o)
{
	mach_vm_address_t to = at(o, 2);
	vm_prot_t current_protection, maximum;

	bsd.kr = stage->remap(self, &to, o->v[1] * page, 0, VM_FLAGS_FIXED,
	    self, at(o, 0), FALSE, &current_protection, &maximum,
	    VM_INHERIT_DEFAULT);
}

static void
limits(const struct operands *o)
{
	uint64_t v[2] = { o->v[1] * page, o->v[1] * page };

	(void)bsd_limit(195, (unsigned)o->v[0], v);
}

/* Calls of a page, a number of pages and perhaps a value. */
static void
range(char op, const struct operands *o)
{
	const uint64_t a = at(o, 0), size = o->v[1] * page;
	const int value = (int)o->v[2];
	int error = 0;

	switch (op) {
	case 'u':
		(void)vm->munmap(&error, a, size);
		break;
	case 'P':
		(void)vm->mprotect(&error, a, size, value);
		break;
	case 'i':
		(void)vm->minherit(&error, a, size, value);
		break;
	case 'b':
		(void)vm->madvise(&error, a, size, value);
		break;
	case 'l':
		(void)vm->mlock(&error, a, size);
		break;
	case 'L':
		(void)vm->munlock(&error, a, size);
		break;
	case 'X':
		bsd.kr = stage->protect(self, a, size, TRUE, value);
		break;
	case 'V':
		bsd.kr = stage->protect(self, a, size, FALSE, value);
		break;
	case 'B':
		bsd.kr = stage->behavior_set(self, a, size, value);
		break;
	case 'y':
		bsd.kr = stage->msync(self, a, size, (vm_sync_t)value);
		break;
	case 'z':
		bsd.kr = stage->deallocate(self, a, size);
		break;
	case 'C':
		bsd.kr = stage->copy(self, a, size, at(o, 2));
		break;
	default:
		snprintf(wrong, sizeof(wrong), "no operation %c", op);
		return;
	}
	expect("stage", error, 0);
}

static void
operation(char op, const struct operands *o)
{
	mach_vm_address_t anywhere = 0;
	int state = 0;

	switch (op) {
	case '0':
		let_die();
		clear();
		bsd.step = page;
		bsd.jit = 0;
		break;
	case 'm':
		map(o, MAP_PRIVATE | MAP_ANON | MAP_FIXED, true);
		break;
	case 'M':
		map(o, MAP_SHARED | MAP_ANON | MAP_FIXED, true);
		break;
	case 'h': /* a hint */
		map(o, MAP_PRIVATE | MAP_ANON, true);
		break;
	case 'N':
		map(o, MAP_PRIVATE | MAP_ANON | MAP_FIXED | MAP_NOCACHE, true);
		break;
	case 'o': /* perhaps it is not allowed */
		map(o, MAP_PRIVATE | MAP_ANON | MAP_FIXED, false);
		break;
	case 'S':
		(void)vm->mmap(&state, at(o, 0), UINT64_C(2) << 20, 3,
		    MAP_PRIVATE | MAP_ANON | MAP_FIXED,
		    VM_FLAGS_SUPERPAGE_SIZE_2MB, 0);
		break;
	case 'T':
		bsd.tag = o->v[0];
		break;
	case 'A':
		bsd.kr = stage->allocate(self, &anywhere, o->v[0] << 20,
		    VM_FLAGS_ANYWHERE);
		if (bsd.kr == KERN_SUCCESS)
			(void)stage->deallocate(self, anywhere, o->v[0] << 20);
		break;
	case 'G':
		bsd.kr = stage->allocate(self, &anywhere, o->v[0] * page,
		    VM_FLAGS_ANYWHERE);
		bsd.jit = anywhere;
		break;
	case 'H':
		(void)stage->deallocate(self, bsd.jit, page);
		bsd.jit = 0;
		break;
	case 'Y':
		state = VM_PURGABLE_EMPTY;
		bsd.kr = stage->purgable_control(self, at(o, 0),
		    VM_PURGABLE_SET_STATE, &state);
		break;
	case 'J':
		brief_child('s', bsd.jit, 1);
		break;
	case 'Q': /* the shared region */
		brief_child('e',
		    page == 0x1000 ? UINT64_C(0x7fff00000000) :
				     UINT64_C(0x180000000),
		    0);
		break;
	case 'a':
		allocate(o);
		break;
	case 'j':
		map_jit(o);
		break;
	case 'O':
		map_shm(o, bsd.shm, 3);
		break;
	case 'I':
		map_shm(o, bsd.shm_read, 1);
		break;
	case 'D':
		if (bsd.given != 0)
			(void)stage->deallocate(self, bsd.given,
			    bsd.given_size);
		bsd.given = 0;
		break;
	case 'R':
		remap(o);
		break;
	case 'w': /* page, pages, first content */
		fill(at(o, 0), o->v[1], o->v[2]);
		break;
	case 'W': /* the page of MAP_JIT */
		(void)mt_write(bsd.jit, 1);
		break;
	case 'r':
		for (uint64_t i = 0; i < o->v[1]; i++)
			(void)mt_read(at(o, 0) + i * page);
		break;
	case 'd': /* the bytes that rows tell */
		bsd.look = at(o, 0);
		bsd.step = o->count > 1 ? o->v[1] * page : page;
		break;
	case 'g': /* the range of rows that tell none */
		bsd.start = at(o, 0);
		bsd.size = o->v[1] * page;
		break;
	case 'p':
		state = -1;
		bsd.kr = stage->purgable_control(self, at(o, 0),
		    VM_PURGABLE_GET_STATE, &state);
		break;
	case 'F':
		let_live();
		break;
	case 'K':
		let_die();
		break;
	case 'E':
	case 's':
	case 'e':
		brief_child(op, o->count == 0 ? 0 : at(o, 0), (uint8_t)o->v[1]);
		break;
	case 't':
		limits(o);
		break;
	case 'U':
		bsd.used = bsd_map_size();
		break;
	default:
		range(op, o);
	}
}

/* ---- rows --------------------------------------------------------------- */

/* The line behind the child's rows: of the n-th that tells its end. */
static int
end_of_child(const struct bsd_log *log, int i, uint64_t n)
{
	for (; i < log->count; i++)
		if (strstr(log->lines[i], "fork=ok") != NULL && --n == 0)
			return i;
	return log->count;
}

/* The rows up to the child's end are the child's, with what is left of the
 * stage. */
static int
rows_of_child(int i, int end)
{
	int fds[2], pid, status;

	if (pipe(fds) != 0)
		abort();
	fflush(stdout);
	pid = mt_fork();
	if (pid == 0) {
		self = mach_task_self();
		return -fds[1];
	}
	close(fds[1]);
	bsd_counts(fds[0], end - i);
	close(fds[0]);
	status = mt_wait(pid, 60);
	bsd.signal = status >> 8 & 0xff;
	return end;
}

static void
run(const struct bsd_log *log, int i, const char *p, int *result, int *end_line,
    int *fd)
{
	while (*p != '\0') {
		struct operands o = { { 0 }, 0 };
		const char op = *p++;
		char *end;

		while (o.count < 5 && *p != ' ' && *p != '\0') {
			o.v[o.count] = strtoull(p, &end, 0);
			if (end == p)
				break;
			o.count++;
			p = end + (*end == ',');
		}
		p += strspn(p, " ");
		if (op == '1') {
			if (bsd.once)
				return;
			bsd.once = true;
		} else if (op == 'f' && log != NULL) {
			const int last = end_of_child(log, i,
			    o.count == 0 ? 1 : o.v[0]);
			const int got = rows_of_child(i, last);

			if (got > 0) {
				*result = got;
				return;
			}
			*fd = -got;
			*end_line = last;
		} else {
			operation(op, &o);
		}
	}
}

void
bsd_section(const char *line)
{
	let_die();
	clear();
	current = NULL;
	entry = NULL;
	for (const struct bsd_rows *r = bsd_table; r->section != NULL; r++)
		if (starts(line, r->section))
			current = r;
	bsd.section = line;
	bsd.once = false;
	bsd.own = current != NULL && current->own;
	bsd.jit = 0;
}

/* "begin~rest": the rest is anywhere behind the begin. */
static bool
is_row(const char *line, const char *name)
{
	const char *tilde = strchr(name, '~');

	if (tilde == NULL)
		return starts(line, name);
	return strncmp(line, name, (size_t)(tilde - name)) == 0 &&
	    strstr(line + (tilde - name), tilde + 1) != NULL;
}

int
bsd_stage(const struct bsd_log *log, int i)
{
	const struct bsd_entry *was = entry;
	int result = i, end = 0, fd = 0;

	entry = NULL;
	if (current == NULL)
		return i;
	for (const struct bsd_entry *e = current->entries; e->row != NULL; e++)
		if (is_row(log->lines[i], e->row)) {
			entry = e;
			break;
		}
	/* several rows of one name are one stage, unless it says again */
	if (entry == NULL || (entry == was && entry->before[0] != '*'))
		return i;
	run(log, i, entry->before + (entry->before[0] == '*'), &result, &end,
	    &fd);
	if (fd != 0)
		bsd_child(log, result, end, fd);
	return result;
}

void
bsd_after(void)
{
	int result, end, fd;

	if (entry != NULL && entry->after != NULL)
		run(NULL, 0, entry->after, &result, &end, &fd);
}
