/*
 * mach-vm-report: shows, compares and draws runs of the suite.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <err.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "annotate.h"
#include "commands.h"

static const char usage_text[] =
    "usage: mach-vm-report show [--format text|json] [--brief|--wrong|--counts] RUN\n"
    "       mach-vm-report diff [--format text|markdown|json] OLD NEW\n"
    "       mach-vm-report matrix [--format html|markdown|tsv] [-o FILE] RUN...\n"
    "       mach-vm-report flaky [--format text|json] RUN...\n"
    "       mach-vm-report export --format json|junit|ctrf|tap|csv [-o FILE] RUN\n"
    "       mach-vm-report bundle [--set KEY=VALUE]... [--cases RUN] [--notes FILE]\n"
    "                             [-o FILE] RUN\n"
    "       mach-vm-report evidence [--format text|tsv] [--recorded FILE] [-o FILE]\n"
    "                               RUN...\n"
    "       mach-vm-report site [--recorded FILE] -o FOLDER RUN...\n"
    "A RUN is a results file of ./run, a console log of the bare image, or JSON\n"
    "of export and bundle.  Exit status: 0; 1 something is wrong or regressed;\n"
    "2 bad input.\n";

static const char *const format_names[FORMATS] = {
	[TEXT] = "text",
	[MARKDOWN] = "markdown",
	[JSON] = "json",
	[HTML] = "html",
	[TSV] = "tsv",
	[JUNIT] = "junit",
	[CTRF] = "ctrf",
	[TAP] = "tap",
	[CSV] = "csv",
};

struct command {
	const char *name;
	int least, most;	/* runs */
	enum format usual;	/* FORMATS: must be named */
	enum format formats[6]; /* ended by FORMATS */
};

static const struct command commands[] = {
	{ "show", 1, 1, TEXT, { TEXT, JSON, FORMATS } },
	{ "diff", 2, 2, TEXT, { TEXT, MARKDOWN, JSON, FORMATS } },
	{ "matrix", 1, 1000, HTML, { HTML, MARKDOWN, TSV, FORMATS } },
	{ "flaky", 1, 1000, TEXT, { TEXT, JSON, FORMATS } },
	{ "export", 1, 1, FORMATS, { JSON, JUNIT, CTRF, TAP, CSV, FORMATS } },
	{ "bundle", 1, 1, JSON, { JSON, FORMATS } },
	{ "evidence", 1, 1000, TEXT, { TEXT, TSV, FORMATS } },
	{ "site", 1, 1000, HTML, { HTML, FORMATS } },
};

enum { KEYS = 32 };

struct options {
	const struct command *command;
	enum format format;
	const char *output, *cases, *notes, *recorded;
	char *keys[KEYS];
	size_t key_count;
	enum part part;
};

static _Noreturn void
usage(const char *problem, const char *word)
{
	errx(2, "%s%s%s (--help tells how)", problem, word != NULL ? ": " : "",
	    word != NULL ? word : "");
}

static const struct command *
find_command(const char *name)
{
	for (size_t i = 0; i < sizeof(commands) / sizeof(*commands); i++)
		if (strcmp(commands[i].name, name) == 0)
			return &commands[i];
	usage("no such command", name);
}

static enum format
find_format(const struct command *c, const char *name)
{
	for (const enum format *f = c->formats; *f != FORMATS; f++)
		if (strcmp(format_names[*f], name) == 0)
			return *f;
	usage("no such format for this command", name);
}

static void
parse(int argc, char **argv, struct options *o)
{
	static const struct option longs[] = {
		{ "format", required_argument, NULL, 'f' },
		{ "output", required_argument, NULL, 'o' },
		{ "brief", no_argument, NULL, 'b' },
		{ "wrong", no_argument, NULL, 'w' },
		{ "counts", no_argument, NULL, 'c' },
		{ "set", required_argument, NULL, 's' },
		{ "cases", required_argument, NULL, 'C' },
		{ "notes", required_argument, NULL, 'N' },
		{ "recorded", required_argument, NULL, 'R' },
		{ "help", no_argument, NULL, 'h' },
		{ NULL, 0, NULL, 0 },
	};
	const char *format = NULL;
	int c;

	opterr = 0;
	while ((c = getopt_long(argc, argv, ":f:o:bwch", longs, NULL)) != -1) {
		switch (c) {
		case 'f':
			format = optarg;
			break;
		case 'o':
			o->output = optarg;
			break;
		case 'b':
			o->part = BRIEF;
			break;
		case 'w':
			o->part = WRONG;
			break;
		case 'c':
			o->part = COUNTS;
			break;
		case 's':
			if (o->key_count == KEYS)
				usage("too many keys", optarg);
			o->keys[o->key_count++] = optarg;
			break;
		case 'C':
			o->cases = optarg;
			break;
		case 'R':
			o->recorded = optarg;
			break;
		case 'N':
			o->notes = optarg;
			break;
		case 'h':
			fputs(usage_text, stdout);
			exit(0);
		case ':':
			usage("an argument is missing", argv[optind - 1]);
		default:
			usage("no such option", argv[optind - 1]);
		}
	}
	if (optind >= argc)
		usage("no command", NULL);
	o->command = find_command(argv[optind++]);
	o->format = format != NULL ? find_format(o->command, format) :
				     o->command->usual;
	if (o->format == FORMATS)
		usage("this command needs --format", o->command->name);
	if ((o->key_count > 0 || o->cases != NULL || o->notes != NULL) &&
	    strcmp(o->command->name, "bundle") != 0)
		usage("--set, --cases and --notes are for bundle",
		    o->command->name);
	if (o->recorded != NULL && strcmp(o->command->name, "site") != 0 &&
	    strcmp(o->command->name, "evidence") != 0)
		usage("--recorded is for evidence and site", o->command->name);
	if (argc - optind < o->command->least)
		usage("too few runs", NULL);
	if (argc - optind > o->command->most)
		usage("too many runs", NULL);
}

static int
keep(const struct options *o, struct run *run)
{
	struct bundle b = { o->output, (char **)o->keys, o->key_count, NULL,
		o->notes };
	struct run *cases = NULL;
	int status;

	if (o->cases != NULL && (cases = run_read(o->cases)) == NULL)
		return 2;
	b.cases = cases;
	status = bundle(run, &b);
	run_free(cases);
	return status;
}

static int
act(const struct options *o, struct run **runs, size_t count)
{
	const char *name = o->command->name;

	if (strcmp(name, "show") == 0)
		return show(runs[0], o->format, o->part);
	if (strcmp(name, "diff") == 0)
		annotate_names(runs[0], runs[1]);
	else if (count > 1)
		annotate_kernels(runs, count);
	if (strcmp(name, "diff") == 0)
		return diff(runs[0], runs[1], o->format);
	if (strcmp(name, "matrix") == 0)
		return matrix(runs, count, o->format);
	if (strcmp(name, "flaky") == 0)
		return flaky(runs, count, o->format);
	if (strcmp(name, "site") == 0)
		return site(runs, count, o->output, o->recorded);
	if (strcmp(name, "evidence") == 0)
		return evidence(runs, count, o->format, o->recorded);
	if (strcmp(name, "bundle") == 0)
		return keep(o, runs[0]);
	return export(runs[0], o->format);
}

int
main(int argc, char **argv)
{
	struct options o = { 0 };
	struct run **runs;
	size_t count;
	int status;

	parse(argc, argv, &o);
	count = (size_t)(argc - optind);
	if ((runs = calloc(count, sizeof(*runs))) == NULL)
		err(2, "memory");
	/* Everything is read before anything is written. */
	for (size_t i = 0; i < count; i++)
		if ((runs[i] = run_read(argv[optind + (int)i])) == NULL)
			return 2;
	for (size_t i = 0; i < count; i++)
		if (o.format == TEXT || o.format == MARKDOWN)
			run_make_printable(runs[i]);
	if (o.output != NULL && strcmp(o.command->name, "bundle") != 0 &&
	    strcmp(o.command->name, "site") != 0 &&
	    freopen(o.output, "w", stdout) == NULL)
		err(2, "%s", o.output);
	status = act(&o, runs, count);
	if (fflush(stdout) != 0 || ferror(stdout))
		err(2, "%s", o.output != NULL ? o.output : "standard output");
	for (size_t i = 0; i < count; i++)
		run_free(runs[i]);
	free(runs);
	return status;
}
