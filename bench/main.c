/*
 * mach-vm-realloc-bench: ways to make a block larger, side by side.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#define _GNU_SOURCE
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "bench/bench.h"
#include "system.h"

enum { MOST = 1000, LEAST = 5, FACTORS = 4, KEPT = 64 };

static struct {
	size_t smallest, largest;	  /* bytes */
	unsigned factors[FACTORS], count; /* per cent */
	double seconds;			  /* for one row */
	unsigned neighbours; /* per cent of blocks whose place is taken */
	bool model, untouched, resident;
	const char *svg, *tsv;
} options = {
	.smallest = 0,
	.largest = (size_t)1 << 30,
	.factors = { 125, 200 },
	.count = 2,
	.seconds = 0.1,
	.neighbours = 50,
	.untouched = true,
	.resident = true,
};

static void
usage(FILE *to)
{
	fputs("usage: mach-vm-realloc-bench [OPTION...]\n\n"
	      "Measures ways to make a block of pages larger: time of a call, "
	      "how often the\nblock stays where it is, page faults.\n\n"
	      "--min-size B, --max-size B   sizes, with K, M or G (a page, "
	      "1G)\n"
	      "--factors P,...      the new size, per cent of the old one "
	      "(125,200)\n"
	      "--neighbours P       per cent of blocks with something behind "
	      "them (50)\n"
	      "--resident, --untouched   only blocks that were written, or "
	      "were not\n"
	      "--seconds S          time for a row, at least 5 calls (0.1)\n"
	      "--svg FILE           draw the medians, by gnuplot\n"
	      "--tsv FILE           the rows, for other tools\n"
	      "--model              off macOS: the model, whose times are no "
	      "kernel's\n"
	      "--release R, --arch A   which model\n\n"
	      "Exit status: 0 measured, 1 something failed, 2 wrong usage.\n",
	    to);
}

static void
die(const char *words, const char *value)
{
	fprintf(stderr, "mach-vm-realloc-bench: %s%s%s\n", words,
	    value == NULL ? "" : ": ", value == NULL ? "" : value);
	exit(2);
}

static size_t
size_of(const char *option, const char *text)
{
	char *end;
	unsigned long long n = strtoull(text, &end, 10);
	unsigned shift = *end == 'K' ? 10 :
	    *end == 'M'		     ? 20 :
	    *end == 'G'		     ? 30 :
				       0;

	if (end == text || n == 0 || (*end != '\0' && shift == 0) ||
	    (shift != 0 && end[1] != '\0') || n > SIZE_MAX >> (shift + 1))
		die(option, text);
	return (size_t)n << shift;
}

static unsigned
percent(const char *option, const char *text, unsigned least, unsigned most)
{
	char *end;
	unsigned long n = strtoul(text, &end, 10);

	if (end == text || *end != '\0' || n < least || n > most)
		die(option, text);
	return (unsigned)n;
}

static void
factors(char *text)
{
	options.count = 0;
	for (char *p = strtok(text, ","); p != NULL; p = strtok(NULL, ",")) {
		if (options.count == FACTORS)
			die("--factors: at most 4", NULL);
		options.factors[options.count++] = percent("--factors", p, 101,
		    1000);
	}
	if (options.count == 0)
		die("--factors: none", NULL);
}

static void
parse(int argc, char **argv)
{
	const char *release = NULL, *arch = NULL, *problem = NULL;
	char *end;

	for (int i = 1; i < argc; i++) {
		const char *o = argv[i];
		char *v = i + 1 < argc ? argv[i + 1] : NULL;

		if (strcmp(o, "--help") == 0) {
			usage(stdout);
			exit(0);
		} else if (strcmp(o, "--model") == 0) {
			options.model = true;
			continue;
		} else if (strcmp(o, "--resident") == 0) {
			options.untouched = false;
			continue;
		} else if (strcmp(o, "--untouched") == 0) {
			options.resident = false;
			continue;
		}
		if (strncmp(o, "--", 2) != 0)
			die("no argument but options", o);
		if (v == NULL)
			die("unknown option, or its value is missing", o);
		i++;
		if (strcmp(o, "--min-size") == 0)
			options.smallest = size_of(o, v);
		else if (strcmp(o, "--max-size") == 0)
			options.largest = size_of(o, v);
		else if (strcmp(o, "--factors") == 0)
			factors(v);
		else if (strcmp(o, "--neighbours") == 0)
			options.neighbours = percent(o, v, 0, 100);
		else if (strcmp(o, "--seconds") == 0) {
			options.seconds = strtod(v, &end);
			if (end == v || *end != '\0' || !(options.seconds >= 0))
				die(o, v);
		} else if (strcmp(o, "--svg") == 0)
			options.svg = v;
		else if (strcmp(o, "--tsv") == 0)
			options.tsv = v;
		else if (strcmp(o, "--release") == 0)
			release = v;
		else if (strcmp(o, "--arch") == 0)
			arch = v;
		else
			die("unknown option", o);
	}
	if (!options.untouched && !options.resident)
		die("--resident and --untouched leave nothing", NULL);
	if ((release != NULL || arch != NULL) && !options.model)
		die("--release and --arch are the model's (--model)", NULL);
	if (options.model && !mt_system_choose(release, arch, &problem))
		die(problem, NULL);
}

/* ---- one row ------------------------------------------------------------------ */

struct row {
	const char *strategy;
	size_t from, to;
	bool resident;
	unsigned calls;
	double median, p99; /* nanoseconds of a call */
	double write;	    /* median of writing each page afterwards */
	double in_place;    /* per cent */
	double faults;	    /* a call, with the writing; -1: not counted */
};

static double
now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

static int
compare(const void *a, const void *b)
{
	const double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static void
touch(void *block, size_t size, size_t page)
{
	for (size_t i = 0; i < size; i += page)
		((volatile char *)block)[i] = 1;
}

/* The same numbers in every run. */
static bool
chance(unsigned per_cent)
{
	static uint32_t state = 1;

	state = state * 1664525 + 1013904223;
	return (state >> 16) % 100 < per_cent;
}

/* A block that stays for a while, and what stands behind its first end. */
struct kept {
	void *block, *neighbour;
};

static void
drop(const struct target *t, const struct strategy *s, const struct row *row,
    struct kept *kept)
{
	if (kept->block != NULL)
		s->release(kept->block, row->to, row->to);
	if (kept->neighbour != NULL)
		t->strategies[0].release(kept->neighbour, t->page, t->page);
	*kept = (struct kept){ NULL, NULL };
}

/* One block, grown; false: it did not. */
static bool
once(const struct target *t, const struct strategy *s, struct row *row,
    struct kept *kept, double *call, double *write)
{
	const bool taken = chance(options.neighbours);
	char *block = s->make(row->from, row->to);
	long before;
	double start;

	if (block == NULL)
		return false;
	if (row->resident)
		touch(block, row->from, t->page);
	if (taken && t->occupy(block + row->from, t->page))
		kept->neighbour = block + row->from;
	before = t->faults();
	start = now();
	kept->block = s->grow(block, row->from, row->to);
	*call = now() - start;
	if (kept->block == NULL) {
		s->release(block, row->from, row->to);
		return false;
	}
	start = now();
	if (row->resident)
		touch(kept->block, row->to, t->page);
	*write = now() - start;
	row->faults = before == -1 ?
	    -1 :
	    row->faults + (double)(t->faults() - before);
	row->in_place += kept->block == block;
	return true;
}

/* False: it did not always grow. */
static bool
measure(const struct target *t, const struct strategy *s, struct row *row)
{
	static double calls[MOST], writes[MOST];
	struct kept kept[KEPT] = { { NULL, NULL } };
	const size_t keep = row->to > (size_t)1 << 20 ? 1 : KEPT;
	const double end = now() + options.seconds * 1e9;
	unsigned n = 0;
	bool grew = true;

	while (grew && n < MOST && (n < LEAST || now() < end)) {
		drop(t, s, row, &kept[n % keep]);
		grew = once(t, s, row, &kept[n % keep], &calls[n], &writes[n]);
		n += grew;
	}
	for (size_t i = 0; i < keep; i++)
		drop(t, s, row, &kept[i]);
	if (!grew)
		return false;
	qsort(calls, n, sizeof(*calls), compare);
	qsort(writes, n, sizeof(*writes), compare);
	row->strategy = s->name;
	row->calls = n;
	row->median = calls[n / 2];
	row->p99 = calls[n * 99 / 100];
	row->write = writes[n / 2];
	row->in_place = 100 * row->in_place / n;
	if (row->faults > 0)
		row->faults /= n;
	return true;
}

/* ---- all of them -------------------------------------------------------------- */

static struct row *rows;
static size_t count;

static void
put_bytes(char *text, size_t room, size_t bytes)
{
	if (bytes >= (size_t)1 << 30 && bytes % ((size_t)1 << 28) == 0)
		snprintf(text, room, "%.4g GiB", (double)bytes / (1 << 30));
	else if (bytes >= 1 << 20)
		snprintf(text, room, "%.4g MiB", (double)bytes / (1 << 20));
	else
		snprintf(text, room, "%.4g KiB", (double)bytes / 1024);
}

static void
put_row(const struct row *row)
{
	char from[24], to[24], faults[24] = "-";

	put_bytes(from, sizeof(from), row->from);
	put_bytes(to, sizeof(to), row->to);
	if (row->faults >= 0)
		snprintf(faults, sizeof(faults), "%.1f", row->faults);
	printf("%-24s%10s%10s%7u%12.2f%12.2f%12.2f%7.0f%%%10s\n", row->strategy,
	    from, to, row->calls, row->median / 1e3, row->p99 / 1e3,
	    row->write / 1e3, row->in_place, faults);
}

static void
progress(const char *strategy, size_t size)
{
	char text[24];

	if (!isatty(STDERR_FILENO))
		return;
	put_bytes(text, sizeof(text), size);
	fprintf(stderr, "\r%-24s %-12s\r", strategy, text);
}

/* Memory that a row may take: half of what is there. */
static size_t
room(void)
{
	return (size_t)sysconf(_SC_PHYS_PAGES) * (size_t)sysconf(_SC_PAGESIZE) /
	    2;
}

static void
run(const struct target *t, bool resident)
{
	size_t from, to;

	printf("\n%s; blocks %s; times in microseconds%s\n", t->name,
	    resident ? "that were written" : "that were not touched",
	    t->model ? " of the model, no kernel's" : "");
	printf("%-24s%10s%10s%7s%12s%12s%12s%8s%10s\n", "", "from", "to",
	    "calls", "median", "p99", "writing", "in pl.", "faults");
	from = options.smallest < t->page ?
	    t->page :
	    options.smallest / t->page * t->page;
	for (; from <= options.largest; from *= 8) {
		for (unsigned f = 0; f < options.count; f++) {
			to = from / 100 * options.factors[f];
			to = (to + t->page - 1) / t->page * t->page;
			if (to == from)
				to += t->page;
			if (resident && from + to > room()) {
				printf("not measured for want of memory: %zu "
				       "MiB\n",
				    to >> 20);
				continue;
			}
			for (const struct strategy *s = t->strategies;
			     s->name != NULL; s++) {
				struct row row = { .from = from,
					.to = to,
					.resident = resident };

				progress(s->name, to);
				if (!measure(t, s, &row))
					continue;
				put_row(&row);
				fflush(stdout);
				rows = realloc(rows,
				    (count + 1) * sizeof(*rows));
				if (rows == NULL)
					abort();
				rows[count++] = row;
			}
		}
	}
}

static int
save(const char *path, const struct target *t)
{
	FILE *file = fopen(path, "w");

	if (file == NULL) {
		fprintf(stderr, "mach-vm-realloc-bench: %s: %s\n", path,
		    strerror(errno));
		return 1;
	}
	fprintf(file,
	    "# %s\n# strategy\tblocks\tfrom\tto\tcalls\tmedian ns\t"
	    "p99 ns\twriting ns\tin place %%\tfaults\n",
	    t->name);
	for (size_t i = 0; i < count; i++)
		fprintf(file,
		    "%s\t%s\t%zu\t%zu\t%u\t%.0f\t%.0f\t%.0f\t%.1f\t%.1f\n",
		    rows[i].strategy,
		    rows[i].resident ? "written" : "untouched", rows[i].from,
		    rows[i].to, rows[i].calls, rows[i].median, rows[i].p99,
		    rows[i].write, rows[i].in_place, rows[i].faults);
	return fclose(file) != 0;
}

/* Medians of calls and of writing afterwards, of the last factor. */
static int
draw(const struct target *t)
{
	const unsigned factor = options.factors[options.count - 1];
	const bool resident = options.resident;
	const char *separator = "";
	FILE *plot = popen("gnuplot", "w");

	if (plot == NULL)
		return 1;
	fprintf(plot,
	    "set terminal svg size 900,560 dynamic background "
	    "'white' name 'realloc'\n"
	    "set output '%s'\n"
	    "set title \"%s%s\\nto %u %% of the size, blocks %s: "
	    "call and first writing\" noenhanced\n"
	    "set logscale xy\nset xlabel 'size before, bytes'\n"
	    "set ylabel 'median, microseconds%s'\n"
	    "set key left top\nset grid\nset format x '%%.0b%%B'\n"
	    "set xtics (%s)\nset style data linespoints\n",
	    options.svg, t->name,
	    t->model ? ": times of the model, no kernel's" : "", factor,
	    resident ? "written" : "untouched", t->model ? " (model)" : "",
	    "\"4K\" 4096, \"16K\" 16384, \"128K\" 131072, \"1M\" 1048576, "
	    "\"8M\" 8388608, \"64M\" 67108864, \"1G\" 1073741824");
	for (const struct strategy *s = t->strategies; s->name != NULL; s++) {
		fprintf(plot, "$d%td << END\n", s - t->strategies);
		for (size_t i = 0; i < count; i++)
			if (rows[i].strategy == s->name &&
			    rows[i].resident == resident &&
			    (i + 1 == count ||
				rows[i + 1].from != rows[i].from ||
				rows[i].to * 100 >=
				    rows[i].from * (size_t)factor))
				fprintf(plot, "%zu %g\n", rows[i].from,
				    (rows[i].median + rows[i].write) / 1e3);
		fprintf(plot, "END\n");
	}
	fprintf(plot, "plot ");
	for (const struct strategy *s = t->strategies; s->name != NULL; s++) {
		fprintf(plot, "%s$d%td title '%s' noenhanced", separator,
		    s - t->strategies, s->name);
		separator = ", ";
	}
	fprintf(plot, "\n");
	return pclose(plot) != 0;
}

int
main(int argc, char **argv)
{
	struct target t;
	int status = 0;

	parse(argc, argv);
	t = options.model ? target_mach() : target_native();
	if (options.untouched)
		run(&t, false);
	if (options.resident)
		run(&t, true);
	if (count == 0) {
		fprintf(stderr, "mach-vm-realloc-bench: nothing measured\n");
		return 1;
	}
	if (options.tsv != NULL)
		status |= save(options.tsv, &t);
	if (options.svg != NULL && draw(&t) != 0) {
		fprintf(stderr,
		    "mach-vm-realloc-bench: no gnuplot (Debian: "
		    "gnuplot-nox, Homebrew: gnuplot)\n");
		status = 1;
	}
	return status;
}
