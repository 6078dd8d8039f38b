/*
 * The BSD entry of the model: numbers and arguments of calls on memory, files
 * and limits.
 *
 * An input is the flavour's byte and then, for each call, its number (240 and
 * above: a load, a store, a value) and its arguments.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <signal.h>
#include <string.h>
#include <sys/resource.h>

#include "child.h"
#include "entry.h"
#include "model/calls/mach_trap.h"
#include "model/calls/unix.h"
#include "model/vm/task.h"
#include "stage.h"

enum {
	OPEN = 5,
	CLOSE = 6,
	UNLINK = 10,
	PREAD = 153,
	PWRITE = 154,
	MMAP = 197,
	FTRUNCATE = 201,
	SHM_OPEN = 266,
	SHM_UNLINK = 267,
	ANY = 200,	     /* from this byte on any number follows */
	FILE_SIZE = 1 << 20, /* of what is written, bytes */
	NAMES = 32 << 10,    /* in the buffer: where names are */
	NAME_ROOM = 64,
};

static int numbers[UNIX_CALLS], number_count;

/* ---- what a call on files may have ------------------------------------------- */

static int descriptors[4] = { -1, -1, -1, -1 };

/* One that a call here has opened; the model has descriptors of its own. */
static uint64_t
descriptor(struct input *in)
{
	return (uint64_t)(int64_t)descriptors[take8(in) % 4];
}

static void
opened(int fd)
{
	static unsigned next;

	descriptors[next++ % 4] = fd;
}

static void
closed(uint64_t fd)
{
	for (unsigned i = 0; i < 4; i++)
		if (descriptors[i] == (int)fd)
			descriptors[i] = -1;
}

/* Names in the folder of this input alone, or none. */
static uint64_t
file_name_of(struct input *in, bool opens)
{
	static const char *const names[] = { "a", "b", "c", "", ".", "a/b",
		"/dev/zero" };
	uint8_t i = take8(in);

	if (i >= 240)
		return 1; /* cannot be read */
	i %= opens ? 7 : 6;
	strcpy((char *)stage_buffer + NAMES, names[i]);
	return stage_buffer + NAMES;
}

/* Names of shared memory are nobody else's: of any kind. */
static uint64_t
shm_name_of(struct input *in)
{
	char *name = (char *)stage_buffer + NAMES;
	uint8_t length = take8(in);

	if (length >= 240)
		return 1;
	memset(name, length & 1 ? 'x' : '/', length % NAME_ROOM);
	name[length % NAME_ROOM] = '\0';
	return (uintptr_t)name;
}

/* ---- calls ------------------------------------------------------------------------- */

static void
call(struct input *in, uint8_t which)
{
	struct trap trap = { .number = numbers[which % number_count] };
	uint64_t *a = trap.arguments;
	unsigned count = 6;
	int error;

	if (which >= ANY)
		trap.number = (int16_t)take(in, 2);
	if (trap.number >= 0 && trap.number < UNIX_CALLS)
		count = unix_table[trap.number].arguments;
	for (unsigned i = 0; i < count; i++)
		a[i] = stage_value(in);
	switch (trap.number) {
	case OPEN:
	case UNLINK:
		a[0] = file_name_of(in, trap.number == OPEN);
		break;
	case SHM_OPEN:
	case SHM_UNLINK:
		a[0] = shm_name_of(in);
		break;
	case CLOSE:
	case PREAD:
	case PWRITE:
	case FTRUNCATE:
		a[0] = descriptor(in);
		break;
	case MMAP:
		a[4] = descriptor(in);
		break;
	}
	error = unix_call(current_task, &trap);
	stage_limit();
	if (error != 0)
		return;
	if (trap.number == OPEN || trap.number == SHM_OPEN)
		opened((int)trap.result);
	else if (trap.number == CLOSE)
		closed(a[0]);
	else
		stage_saw(trap.result);
}

static void
run(struct input *in)
{
	const struct rlimit file = { FILE_SIZE, FILE_SIZE };

	stage_set(in);
	signal(SIGXFSZ, SIG_IGN);
	setrlimit(RLIMIT_FSIZE, &file);
	for (unsigned n = 0; n < STAGE_CALLS && !input_ended(in); n++) {
		uint8_t which = take8(in);

		if (which < 240)
			call(in, which);
		else
			stage_touch(in);
	}
	stage_judge();
}

static void
prepare(void)
{
	for (int i = 0; i < UNIX_CALLS; i++)
		if (unix_table[i].function != NULL)
			numbers[number_count++] = i;
}

const struct target target = { .prepare = prepare, .run = run };
