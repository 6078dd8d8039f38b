/*
 * probes_mach RELEASE ARCH FILE: compare the rows of the logs that the second
 * probes of booted kernels left: Mach calls (mach2-*).  The rows of a family
 * tell their call; its stage is set here.  A row of another family is named
 * with the reason why it is not compared.  The last line counts as that of
 * probes does.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <stdio.h>
#include <string.h>

#include "probes_mach.h"
#include "route.h"

static int agree, differ, skipped;

/* ---- rows --------------------------------------------------------------- */

static void
one(int line, const char *row)
{
	const char *why = "the state before the call is not recorded";

	wrong[0] = '\0';
	for (const struct family *f = families; f->name != NULL; f++)
		if (starts(row, f->name))
			why = f->compare(row + strlen(f->name));
	if (why != NULL) {
		skipped++;
		printf("%d: not compared: %s: %.60s\n", line, why, row);
	} else if (wrong[0] != '\0') {
		differ++;
		printf("%d: %.160s: found %s\n", line, row, wrong);
	} else {
		agree++;
	}
}

int
main(int argc, char **argv)
{
	char line[8192];
	FILE *f = area_open(argc, argv);

	if (f == NULL)
		return 2;
	for (int n = 1; fgets(line, sizeof(line), f) != NULL; n++) {
		line[strcspn(line, "\n")] = '\0';
		if (strstr(line, " | ") != NULL && line[0] != ' ')
			one(n, line);
	}
	fclose(f);
	printf("probes: %d agree, %d differ, %d not compared\n", agree, differ,
	    skipped);
	return differ != 0;
}
