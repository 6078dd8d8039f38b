/*
 * What the program that runs says about itself.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "model/calls/program.h"

uint32_t program_sdk;

bool
program_built_since(uint32_t major, uint32_t minor)
{
	return program_sdk == 0 || program_sdk >= (major << 16 | minor << 8);
}
