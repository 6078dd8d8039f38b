/*
 * probes_bsd RELEASE ARCH FILE: compare the rows of the logs that the probes
 * of the BSD calls left on booted kernels (bsd-*, bsd2-*), in their order: a
 * row's stage is what the rows before it left, and what the table of
 * probes_bsd_stage.c adds.  A row that is not compared is named with the
 * reason.  The last line counts as that of probes does.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "fault.h"
#include "probes_bsd.h"
#include "route.h"
#include "routes.h"
#include "system.h"

struct bsd_state bsd;
static int agree, differ, skipped;

/* ---- parts of a row ----------------------------------------------------- */

/* Words after which the log lists bytes of memory. */
static const char *
bytes_begin(const char *p)
{
	static const char *const before[] = { "contents:", "parent bytes ",
		"child sees at alias | ", "child sees ", "parent afterwards ",
		"parent sees | ", "parent sees (0x99 = private) | ",
		"byte through RO mapping | ", "parent byte ", "occupant byte ",
		"tail byte ", "child byte | ", "| byte=" };

	for (unsigned i = 0; i < sizeof(before) / sizeof(*before); i++)
		if (starts(p, before[i]))
			return p + strlen(before[i]);
	return NULL;
}

/* "0x1 ! 0x2": the first byte of each page from bsd.look on; !: it faults. */
static void
compare_bytes(const char **p)
{
	uint64_t a = bsd.look;
	struct mt_fault got;
	char *end;

	for (;; a += bsd.step) {
		*p += strspn(*p, " ");
		if (**p == '!') {
			expect("fault", mt_read(a).exception != 0, true);
			(*p)++;
			continue;
		}
		if (!starts(*p, "0x"))
			return;
		got = mt_read(a);
		expect("byte", got.exception == 0 ? got.value : -1,
		    strtol(*p, &end, 16));
		*p = end;
	}
}

static bool
outside(uint64_t address)
{
	return address < A || address >= A + SPAN;
}

/* The mapping that a row made, wherever it is.  What the kernel joined to the
 * process's own memory has other ends here and there. */
static const char *
compare_own(const char *walk, const struct bsd_placed *placed)
{
	const uint64_t at = placed->at & ~(page - 1);
	const uint64_t recorded = placed->recorded & ~(page - 1);
	vm_region_submap_info_data_64_t info;
	mach_vm_address_t a = at;
	mach_vm_size_t size;
	const char *p = strchr(walk, '[');
	uint64_t s;

	if (p == NULL)
		return NULL;
	s = strtoull(p + 1 + (starts(p, "[A+") ? 2 : 0), NULL, 16) +
	    (starts(p, "[A+") ? A : 0);
	if (s != recorded)
		return wrong[0] != '\0' ? NULL :
					  "it joined what the process has";
	if (!next(&a, &size, &info))
		expect("regions", 0, 1);
	else if (a != at)
		return wrong[0] != '\0' ? NULL :
					  "it joins what the process has";
	expect_moved(walk, at, at + placed->size, (int64_t)(at - recorded));
	return NULL;
}

static uint64_t
end_of_walk(const char *p)
{
	const char *last = strchr(strrchr(p, '['), ',') + 1;

	return starts(last, "A+") ? A + strtoull(last + 2, NULL, 16) :
				    strtoull(last, NULL, 16);
}

static const char *
compare_walk(const char *p, const struct bsd_placed *placed)
{
	const char *first = strchr(p, '[');

	if (placed->at != 0 && (bsd.own || outside(placed->at)))
		return compare_own(p, placed);
	if (bsd.jit != 0 && first != NULL && !starts(first, "[A+")) {
		const uint64_t s = strtoull(first + 1, NULL, 16);

		expect_moved(p, bsd.jit, bsd.jit + page,
		    (int64_t)(bsd.jit - s));
		return NULL;
	}
	if (first != NULL && !starts(first, "[A+")) {
		const uint64_t s = strtoull(first + 1, NULL, 16);

		expect_regions(p, s, end_of_walk(p));
		return NULL;
	}
	expect_regions(p, A, A + SPAN);
	return NULL;
}

/* "fault | store into r-- at A+0x10123 | signal 10 code 2 addr A+0x10123" */
static const char *
compare_fault(const char *row)
{
	const char *at = strstr(row, " at "), *bar = strrchr(row, '|');
	struct mt_fault got;
	uint64_t address;

	if (at == NULL || strstr(row, "text") != NULL ||
	    strstr(row, "linkedit") != NULL)
		return "the process's own memory";
	if (strstr(row, "inherit NONE") != NULL) {
		expect("signal", bsd.signal, get(bar, "signal "));
		return NULL;
	}
	while (strstr(at + 1, " at ") != NULL)
		at = strstr(at + 1, " at ");
	address = (uint64_t)get(at, " at ");
	if (address >> 63 != 0 || address >> 47 == 1)
		return "the host's kernel keeps that address to itself";
	if (strstr(row, "store ") != NULL)
		got = mt_write(address, 0);
	else if (strstr(row, "jump ") != NULL)
		return "code would have to stand there";
	else
		got = mt_read(address);
	if (starts(bar, "| signal"))
		expect("signal", got.signal, get(bar, "signal "));
	else
		expect("signal", got.exception, 0);
	if (starts(bar, "| read") && strstr(row, "comm page") == NULL)
		expect("byte", got.value, get(bar, "read "));
	return NULL;
}

/* Advice that looks at pages, not at entries alone. */
static bool
depends_on_pages(const char *row)
{
	const int64_t advice = get(strrchr(row, ',') - 1, ",");

	return advice > 2 && advice != 6;
}

/* What was mapped there is the host's own here: a reserved entry. */
static bool
host_keeps(const char *row)
{
	vm_region_submap_info_data_64_t info;
	mach_vm_address_t a = (uint64_t)get(row, ") | ");
	const mach_vm_address_t at = a;
	mach_vm_size_t size;

	return next(&a, &size, &info) && a <= at && !info.is_submap &&
	    info.max_protection == VM_PROT_NONE;
}

/* Rows whose call is not among those that are made here. */
static const char *
left_out(const char *row)
{
	static const struct {
		const char *word, *why;
	} reasons[] = {
		{ "sysctl | ", "a sysctl" },
		{ "text", "the process's own memory" },
		{ "stack", "the process's own memory" },
		{ "regions below A", "the process's own memory" },
		{ "nonzero bytes", "the call is not told" },
		{ "two MAP_JIT", "the call is not told" },
		{ "mmap-jit-multiple:child", "the call is not told" },
		{ "64G NONE resident", "the call is not told" },
		{ "sr:msync", "nothing filled the shared region there" },
		{ "sr:mlock", "nothing filled the shared region there" },
		{ "sr:mincore", "nothing filled the shared region there" },
		{ "sr | child read", "nothing filled the shared region there" },
		{ " shared region at",
		    "nothing filled the shared region there" },
		{ "mmap SHARED fd=2", "the call is not told" },
		{ "exec rw- page", "code would have to stand there" },
		{ "exec --x", "code would have to stand there" },
	};

	if (bsd.placeholder &&
	    (starts(row, "sr") || strstr(row, "(0x7fff00000000") != NULL))
		return "a process without dyld has no shared region there";
	if (mt_system()->page != 0x1000 && strstr(row, "comm page") != NULL)
		return "a row before took the comm page from its children";
	if (mt_system()->page != 0x1000 &&
	    (starts(row, "mprotect-jit") || starts(row, "grid:mprotect jit") ||
		starts(row, "over:jit")))
		return "that processor has no policy of MAP_JIT's pages";
	if (starts(row, "sr:madvise") && depends_on_pages(row))
		return "nothing filled the shared region there";
	if ((starts(row, "mmap-hint:") ||
		starts(row, "mmap-fixed-below:min-page")) &&
	    host_keeps(row))
		return "the host keeps that address";
	if (strstr(bsd.section, "SDK 10.15") != NULL)
		return "a program built with an old SDK";
	for (unsigned i = 0; i < sizeof(reasons) / sizeof(*reasons); i++)
		if (strstr(row, reasons[i].word) != NULL)
			return reasons[i].why;
	return NULL;
}

/* ---- rows --------------------------------------------------------------- */

/* From left to right, as the probe did and asked. */
static const char *
compare(const char *row)
{
	struct bsd_placed placed = { 0, 0, 0 };
	/* what lies behind a row that was not compared is not, either */
	const char *why = row[0] == ' ' ? bsd.why : left_out(row);
	const char *p = row, *bytes;
	bool told = false;

	if (why == NULL)
		why = bsd_host_descriptor(row);
	if (why != NULL)
		return why;
	if (starts(row, "fault | "))
		return compare_fault(row);
	if (strstr(row, "fork=ok") != NULL) {
		expect("sig", bsd.signal, get(row, "sig="));
		return NULL;
	}
	while (*p != '\0' && why == NULL) {
		if (starts(p, "walk:")) {
			why = compare_walk(p, &placed);
			told = true;
			break;
		}
		if ((bytes = bytes_begin(p)) != NULL) {
			p = bytes;
			compare_bytes(&p);
			told = true;
		} else if (bsd_is_call(p) && (p == row || p[-1] == ' ')) {
			why = bsd_call(&p, row, &placed);
			told = true;
		} else {
			if (starts(p, "kr=")) {
				expect("kr", bsd.kr, get(p, "kr="));
				told = true;
			}
			p++;
		}
	}
	if (placed.at != 0 && (bsd.own || outside(placed.at)))
		(void)stage->deallocate(self, placed.at, placed.size);
	return told || why != NULL ? why : "no call is told";
}

static void
one(int line, const char *row)
{
	const char *why;

	why = compare(row);
	if (row[0] != ' ')
		bsd.why = why;
	bsd_after();
	if (why != NULL) {
		skipped++;
		printf("%d: not compared: %s: %.60s\n", line, why, row);
	} else if (wrong[0] != '\0') {
		differ++;
		printf("%d: %.170s: found %s\n", line, row, wrong);
	} else {
		agree++;
	}
}

/* ---- children ----------------------------------------------------------- */

static void
rows(const struct bsd_log *log, int from, int end)
{
	for (int i = from, next_line; i < end; i++) {
		const char *row = log->lines[i], *a = strstr(row, "(A=0x");

		if (a != NULL)
			bsd.recorded_area = strtoull(a + 3, NULL, 16);
		if (starts(row, "## ")) {
			bsd_section(row);
			continue;
		}
		if (strstr(row, " | ") == NULL &&
		    strstr(row, "contents") == NULL &&
		    strstr(row, "kr=") == NULL)
			continue;
		wrong[0] = '\0';
		next_line = bsd_stage(log, i);
		if (next_line > i) { /* the child has had the rows between */
			i = next_line - 1;
			continue;
		}
		one(i + 1, row);
	}
}

/* The child's rows: its counts go to the parent. */
void
bsd_child(const struct bsd_log *log, int from, int end, int fd)
{
	int counts[3];

	self = mach_task_self();
	agree = differ = skipped = bsd.died = 0;
	if (wrong[0] != '\0')
		printf("%d: the stage of the child: %s\n", from + 1, wrong);
	one(from + 1, log->lines[from]);
	rows(log, from + 1, end);
	counts[0] = agree;
	counts[1] = differ;
	counts[2] = skipped;
	fflush(stdout);
	(void)!write(fd, counts, sizeof(counts));
	mt_exit(bsd.died);
}

void
bsd_counts(int fd, int rows_of_child)
{
	int counts[3];

	if (read(fd, counts, sizeof(counts)) != (ssize_t)sizeof(counts)) {
		printf("a child with %d rows died\n", rows_of_child);
		differ += rows_of_child;
		return;
	}
	agree += counts[0];
	differ += counts[1];
	skipped += counts[2];
}

/* ---- the log ------------------------------------------------------------ */

static bool
read_log(const char *path, struct bsd_log *log)
{
	char line[16384];
	FILE *f = fopen(path, "r");

	if (f == NULL)
		return false;
	while (fgets(line, sizeof(line), f) != NULL) {
		line[strcspn(line, "\n")] = '\0';
		log->lines = realloc(log->lines,
		    (size_t)(log->count + 1) * sizeof(*log->lines));
		if (log->lines == NULL)
			abort();
		log->lines[log->count++] = strdup(line);
	}
	fclose(f);
	return true;
}

int
main(int argc, char **argv)
{
	struct bsd_log log = { NULL, 0 };
	const char *problem = NULL;
	mach_vm_address_t vector = 0;

	if (argc != 4) {
		fputs("usage: probes_bsd RELEASE ARCH FILE\n", stderr);
		return 2;
	}
	if (!read_log(argv[3], &log) ||
	    !area_choose(argv[1], argv[2], &problem)) {
		fprintf(stderr, "probes_bsd: %s\n",
		    problem == NULL ? "the file cannot be read" : problem);
		return 2;
	}
	if (stage->allocate(self, &vector, 2 * page,
		VM_FLAGS_ANYWHERE | (int)VM_MAKE_TAG(251)) != KERN_SUCCESS) {
		fputs("probes_bsd: no memory for the answers\n", stderr);
		return 2;
	}
	for (int i = 0; i < log.count; i++)
		bsd.placeholder |= starts(log.lines[i], "sr | before") &&
		    strstr(log.lines[i], "SUBMAP") == NULL;
	bsd.section = "";
	bsd.vector = vector;
	bsd.step = page;
	bsd_file_begin();
	rows(&log, 0, log.count);
	printf("probes: %d agree, %d differ, %d not compared\n", agree, differ,
	    skipped);
	return differ != 0;
}
