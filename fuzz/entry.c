/*
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "child.h"
#include "entry.h"
#include "stage.h"

int LLVMFuzzerInitialize(int *, char ***);
int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

int
LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc;
	(void)argv;
	stage_prepare();
	if (target.prepare != NULL)
		target.prepare();
	return 0;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (target.accepts == NULL || target.accepts(data, size))
		child_run(data, size, target.run);
	return 0;
}
