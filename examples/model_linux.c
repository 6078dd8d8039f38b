/*
 * Off macOS: start the model before main(), so that the assembly finds its
 * comm page and its traps are caught.  The variable MODEL_RELEASE says which
 * macOS it is; unset: the library's default.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <stdio.h>
#include <stdlib.h>

#include "system.h"

__attribute__((constructor)) static void
start_model(void)
{
	const char *release = getenv("MODEL_RELEASE"), *problem = NULL;

	if (release != NULL && !mt_system_choose(release, NULL, &problem)) {
		fprintf(stderr, "MODEL_RELEASE: %s\n",
		    problem != NULL ? problem : "there is no such release");
		exit(2);
	}
	mt_system();
}
