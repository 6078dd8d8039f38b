/*
 * scenarios RELEASE ARCH FILE.tsv...: compare the rows of recorded tables with
 * the kernel that is there (the model becomes that release).  One line a row
 * that differs, the reasons of those that are not compared, and last
 * "FILE...: N agree, N differ, N not compared".
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "rows.h"
#include "system.h"

enum { REASONS = 64 };
static struct {
	const char *why;
	int rows, line; /* how many; the first */
} reasons[REASONS];
static bool every; /* name each row that is not compared */

static void
not_compared(struct rows *r, const char *why)
{
	r->skipped++;
	if (every)
		printf("%s:%d: not compared: %s: %s | %s\n", r->row->file,
		    r->row->line, why, r->row->what, r->row->args);
	for (int i = 0; i < REASONS; i++) {
		if (reasons[i].why == NULL) {
			reasons[i].why = why;
			reasons[i].line = r->row->line;
		}
		if (strcmp(reasons[i].why, why) == 0) {
			reasons[i].rows++;
			return;
		}
	}
}

/* Rows whose stage is what the row before them left. */
static bool
continues(const struct row *row)
{
	return strncmp(row->what, "then ", 5) == 0 ||
	    strncmp(row->args, "then ", 5) == 0 ||
	    strcmp(row->what, "big2") == 0 ||
	    strstr(row->what, "-back") != NULL ||
	    strncmp(row->what, "refill-", 7) == 0 ||
	    strncmp(row->what, "munlock-", 8) == 0 ||
	    (strcmp(row->what, "behavior_set") == 0 &&
		strstr(row->args, "[B,4P)") == NULL) ||
	    (strcmp(row->what, "read") == 0 &&
		strncmp(row->args, "src ", 4) == 0) ||
	    strstr(row->args, " then max=") != NULL ||
	    (strcmp(row->what, "read_overwrite") == 0 &&
		strstr(row->args, "dst ok") == NULL);
}

/* Leaves memory that no later row could remove. */
static bool
leaves_traces(const struct row *row)
{
	const char *flags = strstr(row->args, "flags=0x");

	return (flags != NULL &&
		   (strtoul(flags + 8, NULL, 16) & VM_FLAGS_PERMANENT) != 0) ||
	    strstr(row->args, "PERMANENT");
}

static const char *
judge(struct rows *r, row_family compare)
{
	if (!continues(r->row))
		stage_clear(r);
	if (r->row->kr == -1)
		return "the recorded kernel panics or does not return";
	r->wrong = NULL;
	r->found[0] = '\0';
	return compare(r);
}

static void
report(const struct rows *r)
{
	printf("%s:%d: %s | %s: %s\n    required  %d  %.200s  %.400s\n"
	       "    found     %s\n",
	    r->row->file, r->row->line, r->row->what, r->row->args, r->wrong,
	    (int)r->row->kr, r->row->outs, r->row->entries, r->found);
}

static void
one_row(struct rows *r, row_family compare)
{
	const char *why;

	if (!leaves_traces(r->row)) {
		why = judge(r, compare);
		if (why != NULL)
			not_compared(r, why);
		else if (r->wrong != NULL)
			report(r);
		r->agree += why == NULL && r->wrong == NULL;
		r->differ += why == NULL && r->wrong != NULL;
		return;
	}
	fflush(NULL);
	int pid = mt_fork();
	if (pid == 0) {
		/* A forked child has none of its parent's names. */
		r->self = mach_task_self();
		r->host = mach_host_self();
		why = judge(r, compare);
		if (why == NULL && r->wrong != NULL)
			report(r);
		fflush(NULL);
		mt_exit(why != NULL ? 2 : r->wrong != NULL);
	}
	int status = pid > 0 ? mt_wait(pid, 30) : -1;
	if (status == 0)
		r->agree++;
	else if (status == 2 << 8)
		not_compared(r, "memory that stays");
	else
		r->differ++;
}

static row_family
family_of(const char *path)
{
	const char *name = strrchr(path, '/');
	size_t n;

	name = name == NULL ? path : name + 1;
	n = strcspn(name, ".");
	for (int i = 0; row_families[i].file != NULL; i++)
		if (strlen(row_families[i].file) == n &&
		    strncmp(row_families[i].file, name, n) == 0)
			return row_families[i].compare;
	return NULL;
}

/* Columns, in place. */
static bool
split(char *line, struct row *row)
{
	char *p = line, *column[4] = { line, NULL, NULL, NULL };

	for (int i = 1; i < 4; i++) {
		p = strchr(p, '\t');
		if (p == NULL)
			return false;
		*p++ = '\0';
		column[i] = p;
	}
	column[3][strcspn(column[3], "\n")] = '\0';
	row->what = column[0];
	while (*row->what == ' ')
		row->what++;
	row->args = strstr(column[0], " | ");
	if (row->args != NULL) {
		*row->args = '\0';
		row->args += 3;
	} else {
		row->args = column[0] + strlen(column[0]);
	}
	row->kr = strtol(column[1], NULL, 10);
	row->outs = column[2];
	row->entries = column[3];
	return true;
}

static void
one_file(struct rows *r, const char *path)
{
	FILE *f = fopen(path, "r");
	row_family compare = family_of(path);
	const char *name = strrchr(path, '/');
	char *line = NULL;
	size_t room = 0;
	struct row row = { .file = name == NULL ? path : name + 1 };

	if (f == NULL || compare == NULL) {
		fprintf(stderr, "scenarios: %s: %s\n", path,
		    f == NULL ? "cannot be read" : "no such table is known");
		exit(2);
	}
	memset(reasons, 0, sizeof(reasons));
	r->agree = r->differ = r->skipped = 0;
	r->row = &row;
	while (getline(&line, &room, f) > 0) {
		row.line++;
		if (row.line == 1) /* the heading */
			continue;
		if (!split(line, &row)) {
			printf("%s:%d: is no row of four columns\n", row.file,
			    row.line);
			r->differ++;
			continue;
		}
		one_row(r, compare);
	}
	free(line);
	fclose(f);
	for (int i = 0; i < REASONS && reasons[i].why != NULL; i++)
		printf("%s: not compared: %d rows, the first line %d: %s\n",
		    row.file, reasons[i].rows, reasons[i].line, reasons[i].why);
	printf("%s: %d agree, %d differ, %d not compared\n", row.file, r->agree,
	    r->differ, r->skipped);
	fflush(stdout);
}

int
main(int argc, char **argv)
{
	struct rows r = { .self = 0 };
	const char *problem = NULL;
	int differ = 0;

	if (argc > 1 && strcmp(argv[1], "--every") == 0) {
		every = true;
		argv++;
		argc--;
	}
	if (argc < 4) {
		fputs("usage: scenarios [--every] RELEASE ARCH FILE.tsv...\n",
		    stderr);
		return 2;
	}
	if (!mt_system_choose(argv[1], argv[2], &problem)) {
		fprintf(stderr, "scenarios: %s\n", problem);
		return 2;
	}
	r.page = mt_system()->page;
	r.self = mach_task_self();
	r.host = mach_host_self();
	r.vm = stage;
	for (int i = 0; mt_routes[i] != NULL; i++)
		if (r.bsd == NULL && mt_routes[i]->mlock != NULL)
			r.bsd = mt_routes[i];
	if (!stage_find(&r)) {
		fputs("scenarios: no hole in the map is large enough\n",
		    stderr);
		return 2;
	}
	for (int i = 3; i < argc; i++) {
		one_file(&r, argv[i]);
		differ += r.differ;
	}
	return differ != 0;
}
