/*
 * The bytes of an input, taken one after the other; zeros behind their end.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef FUZZ_INPUT_H
#define FUZZ_INPUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct input {
	const uint8_t *at, *end;
};

static inline bool
input_ended(const struct input *in)
{
	return in->at == in->end;
}

static inline uint8_t
take8(struct input *in)
{
	return in->at < in->end ? *in->at++ : 0;
}

/* Little endian. */
static inline uint64_t
take(struct input *in, unsigned bytes)
{
	uint64_t value = 0;

	for (unsigned i = 0; i < bytes; i++)
		value |= (uint64_t)take8(in) << (8 * i);
	return value;
}

#endif
