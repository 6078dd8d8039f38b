/*
 * Host memory: what is reserved at start, and frames.
 *
 * The memfd holds, one after the other, the frames, the table of frames and
 * the heap; one shared mapping shows them all.  Its lower half of frames
 * mirrors the address space (modulo its size).  A frame whose mirror is taken
 * goes to the upper half, where a chunk of frames serves one chunk of
 * addresses as long as possible: so neighbours stay neighbours.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "model/host/frame.h"
#include "model/host/pmap.h"
#include "model/host/shared.h"
#include "model/host/signal.h"

#ifndef MFD_EXEC
#define MFD_EXEC 0x0010U
#endif

/* Frames in each half, and in a chunk. */
#define HALF	    (HOST_VIEW_SIZE / 2 >> host_page_shift)
#define CHUNK_SHIFT 8
#define CHUNK	    (1U << CHUNK_SHIFT)
#define DIRTY_MAX   1024U

#ifdef HOST_THREAD_SANITIZER
#define WINDOW_END UINT64_C(0x8000000000)
#else
#define WINDOW_END UINT64_C(0x500000000000)
#endif

#define TABLE_USED (HOST_TABLE_SIZE / 2) /* the rest: host_shared */

int host_fd = -1;
unsigned host_page_shift;
struct host_shared *const host_shared = (struct host_shared *)(HOST_TABLE +
    TABLE_USED);

static uint64_t window_start, window_end;

static void
say(const char *what, va_list arguments)
{
	char line[512];
	int n;

	n = snprintf(line, sizeof(line), "model: ");
	n += vsnprintf(line + n, sizeof(line) - n - 1, what, arguments);
	if (n > (int)sizeof(line) - 2)
		n = sizeof(line) - 2;
	line[n++] = '\n';
	if (write(STDERR_FILENO, line, n) == -1)
		line[0] = '\0'; /* nobody listens */
}

void
host_abort(const char *what, ...)
{
	va_list arguments;

	va_start(arguments, what);
	say(what, arguments);
	va_end(arguments);
	abort();
}

/* The host has not what the model needs: one line, exit status 2. */
static void __attribute__((noreturn, format(printf, 1, 2)))
refuse(const char *what, ...)
{
	va_list arguments;

	va_start(arguments, what);
	say(what, arguments);
	va_end(arguments);
	_exit(2);
}

/* ---- the window ------------------------------------------------------------ */

static bool
reserve(uint64_t start, uint64_t end)
{
	void *p;

	p = mmap((void *)start, end - start, PROT_NONE,
	    MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED_NOREPLACE,
	    -1, 0);
	if (p == MAP_FAILED)
		return false;
	if (p != (void *)start) { /* a kernel before 4.17 */
		munmap(p, end - start);
		return false;
	}
	madvise(p, end - start, MADV_DONTDUMP);
	window_start = start;
	window_end = end;
	return true;
}

/* The largest hole of [start, end), in multiples of 32 MiB. */
static bool
largest_hole(uint64_t *start, uint64_t *end)
{
	const uint64_t unit = 32 << 20;
	uint64_t from, to, last = *start, best = 0, best_start = 0;
	char line[512];
	FILE *f;

	if ((f = fopen("/proc/self/maps", "re")) == NULL)
		return false;
	while (last < *end) {
		if (fgets(line, sizeof(line), f) == NULL)
			from = to = *end;
		else if (sscanf(line, "%lx-%lx", &from, &to) != 2)
			continue;
		if (from > *end)
			from = *end;
		if (from > last && from - last > best) {
			best = from - last;
			best_start = last;
		}
		if (to > last)
			last = to;
	}
	fclose(f);
	*start = (best_start + unit - 1) & ~(unit - 1);
	*end = (best_start + best) & ~(unit - 1);
	return *end > *start && *end - *start >= UINT64_C(1) << 36;
}

static void
reserve_window(void)
{
	uint64_t start = UINT64_C(0x100000000);
	uint64_t end = WINDOW_END;

	/* AddressSanitizer's shadow and allocator leave the second one free. */
	if (reserve(start, end) ||
	    reserve(UINT64_C(0x300000000000), UINT64_C(0x380000000000)))
		return;
	if (!largest_hole(&start, &end) || !reserve(start, end))
		refuse("the host has no room for the address space");
}

void
host_keep_out(uint64_t start, uint64_t end)
{
	uint64_t size = end - start;

	if (start >= end)
		return;
	if (mmap((void *)start, size, PROT_NONE,
		MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE |
		    MAP_FIXED_NOREPLACE,
		-1, 0) != MAP_FAILED ||
	    size <= HOST_PAGE)
		return;
	/* Something is there: around it. */
	size = (size / 2 + HOST_PAGE - 1) & ~(HOST_PAGE - 1);
	host_keep_out(start, start + size);
	host_keep_out(start + size, end);
}

void
host_window(uint64_t *start, uint64_t *end)
{
	*start = window_start;
	*end = window_end;
}

bool
host_in_window(uint64_t address, uint64_t size)
{
	return address >= window_start && address <= window_end &&
	    size <= window_end - address;
}

void
host_boot(unsigned page_shift)
{
	const uint64_t size = HOST_VIEW_SIZE + HOST_TABLE_SIZE + HOST_HEAP_SIZE;
	int fd, high;
	void *p;

	if (host_fd != -1)
		return;
	if (sysconf(_SC_PAGESIZE) > 1L << page_shift)
		host_abort("the host's pages are larger than the model's");
	host_page_shift = page_shift;

	fd = memfd_create("mach-vm", MFD_CLOEXEC | MFD_EXEC);
	if (fd == -1 && errno == EINVAL) /* before 6.3 */
		fd = memfd_create("mach-vm", MFD_CLOEXEC);
	if (fd == -1)
		refuse("memfd_create: %s", strerror(errno));
	/* Out of the way of tests that count on small descriptors. */
	if ((high = fcntl(fd, F_DUPFD_CLOEXEC, 200)) != -1) {
		close(fd);
		fd = high;
	}
	if (ftruncate(fd, size) == -1)
		refuse("ftruncate of the memfd: %s", strerror(errno));
	p = mmap((void *)HOST_VIEW, size, PROT_READ | PROT_WRITE,
	    MAP_SHARED | MAP_NORESERVE | MAP_FIXED_NOREPLACE, fd, 0);
	if (p != (void *)HOST_VIEW)
		refuse("the kernel's memory at %#lx: %s", HOST_VIEW,
		    p == MAP_FAILED ? strerror(errno) : "elsewhere");
	madvise(p, size, MADV_DONTDUMP);
	reserve_window();

	host_signals_boot();
	pmap_catch();
	host_fd = fd;
}

/* ---- frames ------------------------------------------------------------------
 * The first frames of a chunk keep what is known of it: how many are in use,
 * whether it is cached, the next empty one. */

static inline uint32_t *
chunk_word(uint32_t chunk, unsigned which)
{
	return &host_frame(HALF + ((uint64_t)chunk << CHUNK_SHIFT) + which)
		    ->chunk;
}
#define chunk_used(chunk_)   (*chunk_word((chunk_), 0))
#define chunk_cached(chunk_) (*chunk_word((chunk_), 1))
#define chunk_next(chunk_)   (*chunk_word((chunk_), 2))

static void
chunk_is_empty(uint32_t chunk)
{
	chunk_next(chunk) = host_shared->chunk_free;
	host_shared->chunk_free = chunk + 1;
}

static uint32_t
chunk_take(void)
{
	uint32_t chunk;

	if (host_shared->chunk_free != 0) {
		chunk = host_shared->chunk_free - 1;
		host_shared->chunk_free = chunk_next(chunk);
		return chunk;
	}
	if (host_shared->overflow_next >= HALF >> CHUNK_SHIFT)
		host_abort("all frames are in use (%lu)", host_shared->frames);
	return host_shared->overflow_next++;
}

/* A free frame of the upper half for this page number. */
static uint64_t
frame_elsewhere(uint64_t page)
{
	uint64_t place = page >> CHUNK_SHIFT, frame;
	unsigned slot = (place ^ place >> 12) %
	    (sizeof(host_shared->cached) / sizeof(host_shared->cached[0]));
	uint32_t *cached = &host_shared->cached[slot].chunk, chunk;

	if (*cached != 0) {
		chunk = *cached - 1;
		frame = HALF + ((uint64_t)chunk << CHUNK_SHIFT) +
		    (page & (CHUNK - 1));
		if (host_shared->cached[slot].place == place + 1 &&
		    host_frame(frame)->state != FRAME_USED)
			return frame;
		chunk_cached(chunk) = 0;
		if (chunk_used(chunk) == 0)
			chunk_is_empty(chunk);
	}
	chunk = chunk_take();
	chunk_cached(chunk) = 1;
	*cached = chunk + 1;
	host_shared->cached[slot].place = place + 1;
	return HALF + ((uint64_t)chunk << CHUNK_SHIFT) + (page & (CHUNK - 1));
}

uint64_t
host_frame_alloc(uint64_t hint)
{
	uint64_t page = hint >> host_page_shift, frame = page & (HALF - 1);
	struct frame *f;

	if (host_frame(frame)->state == FRAME_USED)
		frame = frame_elsewhere(page);
	if (frame >= HALF)
		chunk_used((frame - HALF) >> CHUNK_SHIFT)++;
	f = host_frame(frame);
	if (f->state == FRAME_DIRTY)
		memset(host_frame_data(frame), 0, HOST_PAGE);
	f->state = FRAME_USED;
	host_shared->frames++;
	return frame;
}

void *
host_frame_data(uint64_t frame)
{
	void *data = (void *)(HOST_VIEW + (frame << host_page_shift));
	struct frame *f = host_frame(frame);

	if (f->fill == DUE_NOTHING)
		return data;
	if (f->fill == DUE_PAGE)
		memcpy(data, (const void *)f->address, HOST_PAGE);
	else
		memset(data, f->fill - DUE_BYTE, HOST_PAGE);
	f->fill = DUE_NOTHING;
	return data;
}

void
host_frame_fill(uint64_t frame, uint8_t byte)
{
	host_frame(frame)->fill = DUE_BYTE + byte;
}

void
host_frame_load(uint64_t frame, const void *page)
{
	host_frame(frame)->fill = DUE_PAGE;
	host_frame(frame)->address = (uintptr_t)page;
}

/* Give the host back the oldest of the freed frames. */
static void
punch(void)
{
	struct host_shared *s = host_shared;
	uint64_t start = 0, count = 0, frame;

	for (unsigned i = 0; i < DIRTY_MAX / 4 + 1; i++) {
		frame = HOST_NO_FRAME;
		if (i < DIRTY_MAX / 4) {
			frame = s->dirty[(s->dirty_first + i) % DIRTY_MAX];
			if (host_frame(frame)->state != FRAME_DIRTY)
				continue;
			host_frame(frame)->state = FRAME_CLEAN;
			if (count != 0 && frame == start + count) {
				count++;
				continue;
			}
		}
		if (count != 0 &&
		    fallocate(host_fd,
			FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE,
			start << host_page_shift,
			count << host_page_shift) == -1)
			host_abort("fallocate: %s", strerror(errno));
		start = frame;
		count = 1;
	}
	s->dirty_first = (s->dirty_first + DIRTY_MAX / 4) % DIRTY_MAX;
	s->dirty_count -= DIRTY_MAX / 4;
}

void
host_frame_free(uint64_t frame)
{
	struct host_shared *s = host_shared;
	struct frame *f = host_frame(frame);
	uint32_t chunk;

	if (frame >= 2 * HALF || f->state != FRAME_USED)
		host_abort("frame %#lx is freed and was not in use", frame);
	if (f->pmap != NULL)
		pmap_page_protect(frame, VM_PROT_NONE);
	f->state = FRAME_DIRTY;
	f->fill = DUE_NOTHING;
	s->frames--;
	if (s->dirty_count == DIRTY_MAX)
		punch();
	s->dirty[(s->dirty_first + s->dirty_count++) % DIRTY_MAX] = frame;
	if (frame >= HALF) {
		chunk = (frame - HALF) >> CHUNK_SHIFT;
		if (--chunk_used(chunk) == 0 && chunk_cached(chunk) == 0)
			chunk_is_empty(chunk);
	}
}

bool
host_frame_show(uint64_t address, uint64_t frame, int protection, bool replace)
{
	void *p = (void *)address;

	host_frame_data(frame); /* what it is due */
	return mmap(p, HOST_PAGE, protection,
		   MAP_SHARED | (replace ? MAP_FIXED : MAP_FIXED_NOREPLACE),
		   host_fd, frame << host_page_shift) == p;
}
