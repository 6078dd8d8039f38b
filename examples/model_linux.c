/*
 * Off macOS: start the model before main(), so that the assembly finds its
 * comm page and its traps are caught.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "system.h"

__attribute__((constructor)) static void
start_model(void)
{
	mt_system();
}
