/*
 * The trap entry of the model: numbers and arguments of Mach traps.
 *
 * An input is the flavour's byte and then, for each call, its number (127: any
 * follows, 128 and above: a load, a store, a value) and its arguments.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "entry.h"
#include "mig.h"
#include "model/calls/mach_trap.h"
#include "model/host/access.h"
#include "stage.h"

enum { ANY = 127 };

/* Nobody would end a wait for a message. */
static void
tame(struct trap *trap)
{
	enum { MSG = 31, MSG_OVERWRITE = 32, MSG2 = 47 };

	if (trap->number == MSG || trap->number == MSG_OVERWRITE ||
	    trap->number == MSG2)
		trap->arguments[1] |= MACH_RCV_TIMEOUT;
}

/* What it gave: in the result, or where its pointer points. */
static void
look(const struct trap *trap)
{
	static const int8_t
	    pointers[] = { [10] = 1, [15] = 1, [16] = 2, [45] = 2 };
	uint64_t value = trap->result;

	if (trap->number < (int)sizeof(pointers) && pointers[trap->number] != 0)
		(void)host_copyin(trap->arguments[pointers[trap->number]],
		    &value, sizeof(value));
	stage_saw(value);
}

static void
call(struct input *in, int number)
{
	struct trap trap;
	unsigned count = 4;

	if (number == ANY)
		number = (int16_t)take(in, 2);
	trap = (struct trap){ .number = number };
	if (number == 31 || number == 32 || number == 47)
		count = 8;
	else if (number == 14 || number == 15)
		count = 6;
	for (unsigned i = 0; i < count; i++)
		trap.arguments[i] = stage_value(in);
	if ((take8(in) & 1) != 0)
		trap.stack = stage_pointer(in);
	tame(&trap);
	if (trap_mach(&trap) == TRAP_DONE)
		look(&trap);
}

static void
run(struct input *in)
{
	stage_set(in);
	for (unsigned n = 0; n < STAGE_CALLS && !input_ended(in); n++) {
		uint8_t number = take8(in);

		if (number <= ANY)
			call(in, number);
		else
			stage_touch(in);
	}
	stage_judge();
}

const struct target target = { .run = run };
