/*
 * The calls that rows of the BSD probes tell: "mmap(A+0x10000,0x1000,prot=0x3,
 * fl=0x1012,fd=-1,off=0x0) | 0x200010000=A+0x10000".
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "darwin_mman.h"
#include "fault.h"
#include "probes_bsd.h"
#include "route.h"
#include "routes.h"
#include "trap.h"

/* bsd/sys/resource.h */
enum { DATA = 2, STACK = 3, AS = 5, MEMLOCK = 6 };
#define INFINITE ((UINT64_C(1) << 63) - 1)

static const struct mt_route *const vm = &mt_route_unix;

/* ---- limits ------------------------------------------------------------- */

/* getrlimit (194) and setrlimit (195); errno. */
int
bsd_limit(int number, unsigned which, uint64_t limits[2])
{
	const uint64_t arguments[] = { which, (uintptr_t)limits };
	struct mt_registers r;

	mt_registers_unix(&r, number, arguments, 2);
	mt_trap_raw(&r);
	return mt_registers_failed(&r) ? (int)mt_registers_result(&r) : 0;
}

/* The least RLIMIT_AS that can be set: the map's size from 12 on, else 0. */
uint64_t
bsd_map_size(void)
{
	uint64_t low = 0, high = UINT64_C(1) << 48, limits[2];

	while (high - low > 1) {
		limits[0] = low + (high - low) / 2;
		limits[1] = INFINITE;
		if (bsd_limit(195, AS, limits) == 0)
			high = limits[0];
		else
			low = limits[0];
	}
	limits[0] = limits[1] = INFINITE;
	(void)bsd_limit(195, AS, limits);
	return high == 1 ? 0 : high;
}

static unsigned
which_limit(const char *p)
{
	return starts(p, "AS") ? AS :
	    starts(p, "DATA")  ? DATA :
	    starts(p, "STACK") ? STACK :
				 MEMLOCK;
}

/* "getrlimit(AS) | 0x7fffffffffffffff 0x1000" */
static const char *
get_limit(const char *p, const char *answer)
{
	uint64_t limits[2] = { 0, 0 };
	char *end;

	if (starts(p, "STACK"))
		return "the stack is the process's own";
	expect("errno", bsd_limit(194, which_limit(p), limits), 0);
	expect("soft limit", (int64_t)limits[0],
	    (int64_t)strtoull(answer, &end, 0));
	expect("hard limit", (int64_t)limits[1],
	    (int64_t)strtoull(end, NULL, 0));
	return NULL;
}

/* "AS,use+16M": the soft and hard limits both, as the log's next row shows. */
static int
set_limit(const char *p)
{
	const char *value = strchr(p, ',') + 1;
	uint64_t limits[2], soft;
	char *end;

	soft = starts(value, "use+") ?
	    bsd.used + (strtoull(value + 4, NULL, 10) << 20) :
	    strtoull(value, &end, 10);
	if (starts(value, "1.5P"))
		soft = page + page / 2;
	else if (!starts(value, "use+"))
		soft *= *end == 'P' ? page :
		    *end == 'M'	    ? UINT64_C(1) << 20 :
		    *end == 'K'	    ? UINT64_C(1) << 10 :
				      1;
	limits[0] = soft;
	limits[1] = starts(value, "use+") || starts(value, "64M") ? INFINITE :
								    soft;
	return bsd_limit(195, which_limit(p), limits);
}

/* ---- arguments and answers ---------------------------------------------- */

/* A row's address; the log's own A is in no number. */
static uint64_t
address_of(const char *p)
{
	const uint64_t a = starts(p, "A+") ? A + strtoull(p + 2, NULL, 0) :
					     strtoull(p, NULL, 0);

	/* where the log's process had its MAP_JIT memory */
	if (bsd.jit != 0 && a > UINT64_C(0x100000000) &&
	    a < UINT64_C(0x110000000))
		return bsd.jit + (a & (page - 1));
	return a;
}

/* Sizes up to the end of the address space were counted from the log's A,
 * which is perhaps elsewhere. */
static uint64_t
size_of(const char *arguments, const char *p)
{
	const uint64_t size = strtoull(p, NULL, 0);

	if (!starts(arguments, "A+") || size >> 63 == 0 || size == UINT64_MAX)
		return size;
	return size + bsd.recorded_area - A;
}

/* "0": 0; "EINVAL(22)": -22; "0x200000000=A+0x0" or "0x7b": the address. */
static int64_t
answer_of(const char *p)
{
	const char *open = strchr(p, '('), *relative = strstr(p, "=A+");
	const size_t word = strcspn(p, " |");

	if (open != NULL && open < p + word)
		return -strtoll(open + 1, NULL, 10);
	if (relative != NULL && relative < p + word)
		return (int64_t)(A + strtoull(relative + 3, NULL, 0));
	return strtoll(p, NULL, 0);
}

/* Where the kernel chose the place, beside the process's own memory, it is
 * elsewhere here. */
static void
expect_place(uint64_t hint, bool jit, int64_t found, int64_t recorded)
{
	/* on 10.13 MAP_JIT memory was anywhere */
	const bool chosen = (jit && hint == 0) ||
	    (recorded >= INT64_C(0x100000000) &&
		recorded < INT64_C(0x180000000));

	if (found < 0 || recorded <= 0 || !chosen || hint == (uint64_t)recorded)
		expect("value", found, recorded);
	else
		expect("offset in page", found & (int64_t)(page - 1),
		    recorded & (int64_t)(page - 1));
}

static const char *
map(const char *a, const char *answer, struct bsd_placed *placed)
{
	const char *size = strchr(a, ',');
	const uint64_t at = address_of(a);
	const int flags = (int)get(size, "fl=");
	const int64_t recorded = answer_of(answer);
	int error = 0, fd = (int)get(size, "fd=");
	uint64_t length;
	int64_t found;

	if ((flags & MAP_ANON) == 0 && !bsd_descriptor(fd, &fd))
		return "a file that cannot be opened here";
	length = size_of(a, size + 1);
	found = vm->mmap(&error, at, length, (int)get(size, "prot="), flags, fd,
	    get(size, "off="));
	if (found == -1)
		found = -error;
	expect_place(at, (flags & MAP_JIT) != 0, found, recorded);
	bsd.given = 0;
	if (found > 0) {
		placed->at = (uint64_t)found & ~(page - 1);
		placed->size = (length +
				   (uint64_t)(get(size, "off=") &
				       (int64_t)(page - 1)) +
				   page - 1) &
		    ~(page - 1);
		placed->recorded = (uint64_t)recorded;
		bsd.given = placed->at;
		bsd.given_size = placed->size;
	}
	return NULL;
}

/* mincore(start,size,vec) | 0 | vec=0x87 0xee: one byte a page, and those
 * behind them.  REFERENCED and MODIFIED differ between two boots. */
static void
core(const char *row, uint64_t start, uint64_t size, const char *answer)
{
	const char *p = strstr(answer, "vec=");
	uint64_t vector = bsd.vector;
	int error = 0;
	char *end;

	if (strstr(row, "bad-vec:ro") != NULL)
		vector = bsd.vector + page;
	else if (strstr(row, "bad-vec:kernel") != NULL)
		vector = UINT64_C(0xffffff8000200000);
	else if (strstr(row, "bad-vec") != NULL)
		vector = A + 0x300 * page;
	for (unsigned i = 0; i < 32; i++)
		(void)mt_write(bsd.vector + i, 0xee);
	(void)stage->protect(self, bsd.vector + page, page, FALSE,
	    VM_PROT_READ);
	(void)vm->mincore(&error, start, size, vector);
	expect("value", -error, answer_of(answer));
	if (p == NULL)
		return;
	p += 4;
	for (uint64_t at = bsd.vector; starts(p, "0x"); at++) {
		const int recorded = (int)strtol(p, &end, 16);
		const int byte = mt_read(at).value;
		const int mask = recorded == 0xee || byte == 0xee ?
		    0xff :
		    ~(MINCORE_REFERENCED | MINCORE_MODIFIED);

		expect("core", byte & mask, recorded & mask);
		p = end + strspn(end, " ");
	}
}

/* ---- calls -------------------------------------------------------------- */

static const char *const names[] = { "mmap(", "munmap(", "mprotect(",
	"mprotect rw(", "mprotect r-x(", "mprotect rwx(", "minherit(",
	"madvise(", "mincore(", "msync(", "mlock(", "munlock(", "mlockall(",
	"munlockall", "getrlimit(", "setrlimit(", "open(", "shm_open(",
	"ftruncate(", "ftruncate again(" };

static const char *
name_at(const char *p)
{
	for (unsigned i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (starts(p, names[i]))
			return names[i];
	return NULL;
}

bool
bsd_is_call(const char *p)
{
	return name_at(p) != NULL;
}

/* Calls of an address, a size and perhaps a number. */
static void
range_call(const char *name, const char *a, const char *answer)
{
	const char *size = strchr(a, ','), *last = NULL;
	uint64_t start, length;
	int value, error = 0;

	if (starts(a, "1p touched")) {
		start = bsd.start;
		length = page;
		last = strchr(a, '=');
	} else if (size == NULL || size > strchr(a, ')')) {
		start = bsd.start;
		length = bsd.size;
		last = a - 1;
	} else {
		start = address_of(a);
		length = size_of(a, size + 1);
		last = strchr(size + 1, ',');
	}
	value = last == NULL ? 0 : (int)strtoll(last + 1, NULL, 0);
	if (starts(name, "munmap"))
		(void)vm->munmap(&error, start, length);
	else if (starts(name, "mprotect"))
		(void)vm->mprotect(&error, start, length, value);
	else if (starts(name, "minherit"))
		(void)vm->minherit(&error, start, length, value);
	else if (starts(name, "madvise"))
		(void)vm->madvise(&error, start, length, value);
	else if (starts(name, "msync"))
		(void)vm->bsd_msync(&error, start, length, value);
	else if (starts(name, "mlock("))
		(void)vm->mlock(&error, start, length);
	else
		(void)vm->munlock(&error, start, length);
	expect("value", -error, answer_of(answer));
}

const char *
bsd_call(const char **p, const char *row, struct bsd_placed *placed)
{
	const char *name = name_at(*p), *a = *p + strlen(name), *answer;
	int error = 0;

	answer = strstr(a, " | ");
	if (answer == NULL)
		return "no answer is told";
	answer += 3;
	*p = answer + strcspn(answer, " |");
	if (starts(name, "mmap("))
		return map(a, answer, placed);
	if (starts(name, "open"))
		return bsd_open(a, answer_of(answer));
	if (starts(name, "getrlimit"))
		return get_limit(a, answer);
	if (starts(name, "setrlimit")) {
		expect("value", -set_limit(a), answer_of(answer));
	} else if (starts(name, "shm_open")) {
		bsd_shm_open(a, answer_of(answer));
	} else if (starts(name, "ftruncate")) {
		bsd_ftruncate(a, answer_of(answer));
	} else if (starts(name, "mincore")) {
		core(row, address_of(a), size_of(a, strchr(a, ',') + 1),
		    answer);
	} else if (starts(name, "mlockall")) {
		(void)vm->mlockall(&error, (int)strtol(a, NULL, 0));
		expect("value", -error, answer_of(answer));
	} else if (starts(name, "munlockall")) {
		(void)vm->munlockall(&error);
		expect("value", -error, answer_of(answer));
	} else {
		range_call(name, a, answer);
	}
	return NULL;
}
