/*
 * The descriptors of the BSD probes' rows.  A log tells its own numbers; which
 * descriptor has each here is kept, in the order of the rows.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "darwin_mman.h"
#include "probes_bsd.h"
#include "route.h"
#include "routes.h"

enum { NUMBERS = 60, UNKNOWN = -2 }; /* what is above is open nowhere */

#define OBJECT "/mt_rows"
/* Stands for the console, a device too, which is open from the begin. */
#define CONSOLE "/dev/null"

static const struct mt_route *const vm = &mt_route_unix;
static int descriptors[NUMBERS]; /* by the log's number */

void
bsd_file_begin(void)
{
	int error = 0;

	for (int i = 0; i < NUMBERS; i++)
		descriptors[i] = UNKNOWN;
	descriptors[0] = (int)vm->open(&error, (uintptr_t)CONSOLE, O_RDWR, 0);
	if (descriptors[0] == -1)
		abort();
}

bool
bsd_descriptor(int number, int *descriptor)
{
	*descriptor = number;
	if (number >= 0 && number < NUMBERS)
		*descriptor = descriptors[number];
	return *descriptor != UNKNOWN;
}

/* The log closed what had this number before. */
static void
keep(int64_t number, int descriptor)
{
	if (number < 0 || number >= NUMBERS)
		return;
	if (descriptors[number] >= 0)
		close(descriptors[number]);
	descriptors[number] = descriptor;
}

/* What a call answered: a descriptor, or an error's number. */
static void
expect_opened(int64_t descriptor, int error, int64_t recorded)
{
	expect("errno", descriptor == -1 ? error : 0,
	    recorded < 0 ? -recorded : 0);
	if (descriptor != -1)
		keep(recorded, (int)descriptor);
}

/* "open(/dev/zero,0) | 0x1": what each system has. */
const char *
bsd_open(const char *path, int64_t recorded)
{
	static const char *const everywhere[] = { "/dev", "/dev/null",
		"/dev/random", "/dev/zero" };
	const char *comma = strchr(path, ',');
	const size_t length = (size_t)(comma - path);
	int error = 0;
	int64_t opened;

	for (size_t i = 0; i < sizeof(everywhere) / sizeof(*everywhere); i++)
		if (strlen(everywhere[i]) == length &&
		    starts(path, everywhere[i])) {
			opened = vm->open(&error, (uintptr_t)everywhere[i],
			    atoi(comma + 1), 0);
			expect_opened(opened, error, recorded);
			return NULL;
		}
	keep(recorded, UNKNOWN);
	return "a file of the booted image";
}

/* "shm_open(O_CREAT|O_RDWR) | 0x5": the name is not told, the log's object is
 * one. */
void
bsd_shm_open(const char *flags, int64_t recorded)
{
	const bool creates = starts(flags, "O_CREAT");
	int64_t opened;
	int error = 0;

	opened = vm->shm_open(&error, (uintptr_t)OBJECT,
	    creates ? O_CREAT | O_RDWR : O_RDONLY, 0600);
	expect_opened(opened, error, recorded);
	if (creates)
		bsd.shm = (int)opened;
	else
		bsd.shm_read = (int)opened;
}

/* "ftruncate(3P) | 0" */
void
bsd_ftruncate(const char *pages, int64_t recorded)
{
	int error = 0;

	(void)vm->ftruncate(&error, bsd.shm,
	    (int64_t)(strtoull(pages, NULL, 10) * page));
	expect("value", -error, recorded);
}

/* "pipe | 1 2 cf=0", "socket | 0x3", "kqueue | 0x4", or no number. */
const char *
bsd_host_descriptor(const char *row)
{
	const char *bar = strstr(row, " | ");
	char *end;
	int ends[2];

	if (starts(row, "pipe | ")) {
		if (pipe(ends) != 0)
			abort();
		keep(strtoll(bar + 3, &end, 0), ends[0]);
		keep(strtoll(end, NULL, 0), ends[1]);
		return "the host makes the pipe";
	}
	if (starts(row, "socket | ")) {
		const int64_t number = strtoll(bar + 3, &end, 0);

		if (end == bar + 3)
			return "that kernel has no sockets";
		ends[0] = socket(AF_UNIX, SOCK_STREAM, 0);
		if (ends[0] == -1)
			abort();
		keep(number, ends[0]);
		return "the host makes the socket";
	}
	if (!starts(row, "kqueue | "))
		return NULL;
	keep(strtoll(bar + 3, NULL, 0), UNKNOWN);
	return "the host has no kqueue";
}
