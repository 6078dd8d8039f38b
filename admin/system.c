/*
 * mach-vm-system: who would answer, in one line for ./run.
 *
 *	mach-vm-system [--release R] [--arch A]
 *		prints "name release arch page"; exit status 2 and one line
 *		on stderr when there is no such flavour
 *	mach-vm-system --flavours
 *		prints "release arch" for each that there is
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <stdio.h>
#include <string.h>

#include "system.h"

int
main(int argc, char **argv)
{
	const char *release = NULL, *arch = NULL, *problem = NULL;
	const struct mt_system *s;
	int i;

	if (argc == 2 && strcmp(argv[1], "--flavours") == 0) {
		for (i = 0; mt_system_flavour(i, &release, &arch); i++)
			printf("%s %s\n", release, arch);
		return 0;
	}
	for (i = 1; i + 1 < argc; i += 2)
		if (strcmp(argv[i], "--release") == 0)
			release = argv[i + 1];
		else if (strcmp(argv[i], "--arch") == 0)
			arch = argv[i + 1];
		else
			break;
	if (i < argc) {
		fprintf(stderr,
		    "usage: mach-vm-system [--release R] "
		    "[--arch A] | --flavours\n");
		return 2;
	}
	if (!mt_system_choose(release, arch, &problem)) {
		fprintf(stderr, "run: %s\n", problem);
		return 2;
	}
	s = mt_system();
	printf("%s %s %s %llu\n", s->name, s->release,
	    s->translated ? "rosetta" : s->arch, (unsigned long long)s->page);
	return 0;
}
