/*
 * SPDX-License-Identifier: BSD-2-Clause
 */
#define _GNU_SOURCE
#include <sanitizer/asan_interface.h>
#include <stdlib.h>
#include <sys/mman.h>

#include "model/calls/ports.h"
#include "model/host/access.h"
#include "model/host/frame.h"
#include "model/host/heap.h"
#include "model/host/lock.h"
#include "model/vm/invariants.h"
#include "model/vm/kernel.h"
#include "model/vm/map.h"
#include "model/vm/release.h"
#include "model/vm/task.h"
#include "model/vm/user.h"
#include "model/vm/vm.h"
#include "stage.h"
#include "system.h"

#define MIB	   (UINT64_C(1) << 20)
#define GIB	   (UINT64_C(1) << 30)
#define AROUND	   (16 * MIB) /* of no access beside the buffer */
#define USER_END   (UINT64_C(1) << 47)
#define FIRST_HOST (64 << 10) /* the host maps nothing below */

uint64_t stage_page, stage_arena, stage_buffer;

static uint64_t window_start, window_end;
static mach_port_name_t names[4];
static uint64_t seen[8];
static unsigned seen_count;

/* ---- between the model and the host --------------------------------------------- */

/*
 * An address out of an input may be one of the fuzzer's own, as the model and
 * what it serves share a process.  A program that overwrites itself so is its
 * own fault and no defect of the model's.
 */
static bool
may_touch(uint64_t address, uint64_t size)
{
	uint64_t end = address + size;
	const struct rules *rules = current_task->rules;

	if (end < address || address >= USER_END || end <= FIRST_HOST)
		return true; /* faults by itself */
	return (address >= window_start && end <= window_end) ||
	    (address >= stage_buffer - AROUND &&
		end <= stage_buffer + STAGE_BUFFER + AROUND) ||
	    (address >= rules->comm_page &&
		end <= rules->comm_page + rules->comm_page_size);
}

/* Linked with --wrap of these four. */
bool __real_host_copyin(uint64_t, void *, size_t);
bool __wrap_host_copyin(uint64_t, void *, size_t);
bool __real_host_copyout(const void *, uint64_t, size_t);
bool __wrap_host_copyout(const void *, uint64_t, size_t);
void *__real_heap_alloc(size_t);
void *__wrap_heap_alloc(size_t);
void __wrap_heap_free(void *, size_t);

bool
__wrap_host_copyin(uint64_t user, void *kernel_, size_t size)
{
	return may_touch(user, size) && __real_host_copyin(user, kernel_, size);
}

bool
__wrap_host_copyout(const void *kernel_, uint64_t user, size_t size)
{
	return may_touch(user, size) &&
	    __real_host_copyout(kernel_, user, size);
}

/* AddressSanitizer knows nothing of the model's heap: what lies behind a block
 * and what was freed is told to it, and no block is used twice. */
void *
__wrap_heap_alloc(size_t size)
{
	enum { BEHIND = 16 };
	uint8_t *p = __real_heap_alloc(size + BEHIND);

	ASAN_POISON_MEMORY_REGION(p + size, BEHIND);
	return p;
}

void
__wrap_heap_free(void *p, size_t size)
{
	ASAN_POISON_MEMORY_REGION(p, size);
}

/* ---- the task ---------------------------------------------------------------------- */

static struct {
	const char *release, *arch;
} flavours[256];
static unsigned flavour_count;

void
stage_prepare(void)
{
	while (flavour_count < 256 &&
	    mt_system_flavour(flavour_count, &flavours[flavour_count].release,
		&flavours[flavour_count].arch))
		flavour_count++;
}

static void
boot(uint8_t flavour)
{
	const char *problem;
	unsigned i = flavour % flavour_count;

	if (!mt_system_choose(flavours[i].release, flavours[i].arch, &problem))
		host_abort("%s", problem);
	(void)mt_system();
}

/* n pages from page `first` of the arena on. */
static void
allocate(unsigned first, unsigned n, int tag)
{
	uint64_t at = stage_arena + first * stage_page;

	kernel_lock();
	(void)kernel_allocate(current_task, &at, n * stage_page,
	    VM_FLAGS_FIXED | (int)VM_MAKE_TAG(tag));
	kernel_unlock();
}

static void
make_buffer(void)
{
	char *p = mmap(NULL, STAGE_BUFFER + 2 * AROUND, PROT_NONE,
	    MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	if (p == MAP_FAILED ||
	    mprotect(p + AROUND, STAGE_BUFFER, PROT_READ | PROT_WRITE) == -1)
		host_abort("no buffer");
	stage_buffer = (uint64_t)p + AROUND;
}

void
stage_limit(void)
{
	if (current_task->map->user_wire_limit > STAGE_WIRED)
		current_task->map->user_wire_limit = STAGE_WIRED;
}

void
stage_set(struct input *in)
{
	boot(take8(in));
	stage_limit();
	stage_page = mt_system()->page;
	host_window(&window_start, &window_end);
	stage_arena = window_start + 16 * GIB;
	make_buffer();
	kernel_lock();
	names[0] = port_task_self(current_task);
	names[1] = port_thread_self(current_task);
	names[2] = port_host_self(current_task);
	names[3] = port_allocate(current_task, true);
	kernel_unlock();
	/* eight pages, a hole, four that are read-only, four with a tag */
	allocate(0, 8, 0);
	allocate(12, 4, 0);
	allocate(16, 4, 240);
	kernel_lock();
	(void)kernel_protect(current_task, stage_arena + 12 * stage_page,
	    4 * stage_page, FALSE, VM_PROT_READ);
	kernel_unlock();
	(void)host_store(stage_arena, 1);
	(void)host_store(stage_arena + 17 * stage_page, 2);
}

/* ---- values --------------------------------------------------------------------------- */

static uint64_t
edge(unsigned which)
{
	const struct rules *rules = current_task->rules;
	const uint64_t values[] = { INT32_MAX, UINT32_MAX, UINT64_C(1) << 47,
		INT64_MAX, UINT64_C(1) << 63, UINT64_MAX, -stage_page,
		rules->min, rules->max, rules->max - stage_page,
		rules->comm_page, window_start, window_end - stage_page,
		UINT64_C(0x100000000) };

	return values[which % (sizeof(values) / sizeof(*values))];
}

uint64_t
stage_value(struct input *in)
{
	switch (take8(in) % 11) {
	case 0:
		return take8(in);
	case 1:
		return take(in, 2);
	case 2:
		return take8(in) * stage_page;
	case 3:
		return stage_arena + take8(in) % STAGE_PAGES * stage_page;
	case 4:
		return stage_arena + take(in, 2);
	case 5:
		return stage_pointer(in);
	case 6:
		return edge(take8(in));
	case 7:
		return seen[take8(in) % 8];
	case 8:
		return names[take8(in) % 4];
	case 9:
		return (uint64_t)(int32_t)take(in, 4);
	default:
		return -take(in, 2);
	}
}

uint64_t
stage_pointer(struct input *in)
{
	uint8_t how = take8(in);

	switch (how) {
	case 255:
		return 0;
	case 254:
		return stage_buffer + STAGE_BUFFER - take8(in);
	case 253:
		return stage_arena + take(in, 2);
	case 252:
		return stage_value(in);
	default:
		return stage_buffer + how * UINT64_C(16);
	}
}

void
stage_saw(uint64_t value)
{
	seen[seen_count++ % 8] = value;
}

void
stage_touch(struct input *in)
{
	uint8_t how = take8(in);
	uint64_t at = stage_arena + how % STAGE_PAGES * stage_page;

	if (how >= 192)
		*(uint64_t *)(stage_buffer +
		    take8(in) * UINT64_C(16)) = stage_value(in);
	else if (how >= 128)
		(void)host_load(at + take8(in));
	else
		(void)host_store(at + take8(in), how);
}

/* ---- afterwards ---------------------------------------------------------------------- */

void
stage_judge(void)
{
	const char *broken;

	kernel_lock();
	broken = invariants_map_broken(current_task->map);
	if (broken != NULL)
		host_abort("%s", broken);
	kernel_unlock();
	/* Every entry goes, and with it what it refers to. */
	kernel_lock();
	port_space_destroy(current_task);
	kernel_task_terminate(current_task);
	current_task = NULL;
	kernel_unlock();
}
