/*
 * mach-vm-sweep: the texts of the sweeps, and what runs of them answered.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <stdio.h>
#include <string.h>

#include "record.h"
#include "write.h"

static const char usage[] =
    "usage: mach-vm-sweep write FOLDER\n"
    "       mach-vm-sweep show RECORD\n"
    "       mach-vm-sweep diff RECORD RECORD\n"
    "\n"
    "write	the texts of tests/sweeps, as the rules have them, into FOLDER\n"
    "show	what a run of admin/sweeps answered, equal parts once\n"
    "diff	which trials of two runs answered otherwise, by their values;\n"
    "	exit status 1 if there are any\n";

int
main(int argc, char **argv)
{
	struct names names = { NULL, 0, 0, NULL, 0 };
	struct record *a, *b;
	uint32_t n;

	if (argc == 2 && strcmp(argv[1], "--help") == 0) {
		fputs(usage, stdout);
		return 0;
	}
	if (argc == 3 && strcmp(argv[1], "write") == 0) {
		write_texts(argv[2]);
		return 0;
	}
	if (argc == 3 && strcmp(argv[1], "show") == 0) {
		record_show(record_read(argv[2], &names), &names);
		return 0;
	}
	if (argc == 4 && strcmp(argv[1], "diff") == 0) {
		a = record_read(argv[2], &names);
		b = record_read(argv[3], &names);
		n = record_diff(a, b, &names);
		printf("%u trials answer otherwise\n", n);
		return n != 0;
	}
	fputs(usage, stderr);
	return 2;
}
