/*
 * mach-vm-replay: make the calls of recorded kernels on the kernel that is
 * there and compare; record; shrink.  The manual page says it all.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <getopt.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "generate.h"
#include "jobs.h"
#include "record.h"
#include "shrink.h"
#include "system.h"

static struct {
	struct play_options play;
	struct jobs_options jobs;
	const char *route, *release, *arch, *output;
	struct generator generator;
	bool record, shrink, stats;
} options = {
	.play = { .compare = { .level = 1 } },
	.jobs = { .at_a_time = 1, .seconds = 60, .progress = true },
	.generator = { .profile = "mixed", .first = 1, .last = 1, .ops = 40 },
};

static const char usage_text[] =
    "usage: mach-vm-replay [options] FILE...\n"
    "       mach-vm-replay --record [options] [FILE]\n"
    "       mach-vm-replay --shrink [options] FILE\n"
    "\n"
    "Makes the calls of recorded traces (plain or .xz) on the kernel that is\n"
    "there and compares what it answers with what was recorded.\n"
    "\n"
    "    --level 1|2     1: results and regions (default); 2: objects too\n"
    "    --route NAME    the way into the kernel (libsystem, trap, mig, vm...)\n"
    "    --release R     model: be this release, not the one recorded\n"
    "    --arch A        model: be this architecture\n"
    "    --sequence N    only this sequence of each file\n"
    "    --jobs N        files at a time (default 1)\n"
    "    --brief         one line a difference\n"
    "    --quiet         no progress\n"
    "    --stats         calls a second, agreement of each field\n"
    "    --timeout S     seconds without progress before giving up (60)\n"
    "    --record        write a trace: the calls of FILE, or generated ones\n"
    "    --seed N[-M]    of the generator, one sequence each (default 1)\n"
    "    --profile P     core coalesce attributes copy errors mixed anywhere\n"
    "    --ops N         calls in a generated sequence (default 40)\n"
    "    --output FILE   of --record and --shrink (default: standard output)\n"
    "    --shrink        reduce the first sequence that differs\n"
    "    --help          this text\n"
    "\n"
    "The last line counts: replay: S sequences, C calls, D differ.\n"
    "Exit status: 0 the same, 1 differences, 2 a bad file or argument.\n";

static void
die(const char *what, const char *value)
{
	fprintf(stderr, "mach-vm-replay: %s%s%s (see --help)\n", what,
	    value == NULL ? "" : ": ", value == NULL ? "" : value);
	exit(STATUS_BAD);
}

/* ---- flavours ----------------------------------------------------------- */

/*
 * Makes the model what the header names, unless an option says otherwise.
 * On a real kernel a trace of another kernel is welcome.  False with a reason.
 */
static bool
choose_flavour(const struct header *h, struct play_options *play,
    const char **problem)
{
	static char recorded[32];
	const char *release = options.release, *arch = options.arch;
	bool chosen;

	header_release(h, recorded);
	if (release == NULL && recorded[0] != '\0')
		release = recorded;
	if (arch == NULL && h->arch[0] != '\0')
		arch = h->arch;
	chosen = mt_system_choose(release, arch, problem);
	if (mt_system()->model) {
		play->compare.other_version = options.release != NULL &&
		    strcmp(options.release, recorded) != 0;
		return chosen;
	}
	play->compare.other_version = strstr(mt_system()->kernel, h->kernel) ==
	    NULL;
	return chosen || (options.release == NULL && options.arch == NULL);
}

/* ---- replay ------------------------------------------------------------- */

static int
bad_file(FILE *out, struct trace *t)
{
	fprintf(out, "%s:%d: %s\n", t->name, t->line, t->problem);
	trace_close(t);
	return STATUS_BAD;
}

static int
cannot_replay(FILE *out, const struct trace *t, const char *problem)
{
	fprintf(out, "%s: cannot be replayed here: %s\n", t->name, problem);
	return STATUS_BAD;
}

static int
replay_file(const char *path, struct tally *tally, FILE *out)
{
	struct trace t = { .name = path };
	struct sequence s = { .ops = 0 };
	struct play_options play = options.play;
	struct run run;
	const char *problem = NULL;
	uint64_t differed = tally->differ, skip = tally->started;
	int got;

	if (!trace_open(&t, path, true))
		return bad_file(out, &t);
	if (!choose_flavour(&t.header, &play, &problem) ||
	    !run_open(&run, &t.header, options.route, &problem))
		return cannot_replay(out, &t, problem);
	run.timed = options.stats;
	while ((got = trace_next(&t, &s)) == 1) {
		if (play.only != 0 && s.id != play.only)
			continue;
		if (skip > 0) {
			skip--;
			continue;
		}
		if (!play_sequence(&run, path, &s, &play, tally, out, &problem))
			return cannot_replay(out, &t, problem);
	}
	run_close(&run);
	sequence_free(&s);
	if (got < 0)
		return bad_file(out, &t);
	trace_close(&t);
	return tally->differ == differed ? STATUS_SAME : STATUS_DIFFERS;
}

static void
print_rate(const char *what, uint64_t made, uint64_t nanoseconds)
{
	if (nanoseconds > 0)
		printf("%" PRIu64 " %s in %.3f s, walks not counted: %.0f/s\n",
		    made, what, (double)nanoseconds / 1e9,
		    (double)made * 1e9 / (double)nanoseconds);
}

static void
print_tally(const struct tally *t)
{
	for (int i = 0; i < OP_CODES; i++) {
		if (t->cannot[i] == 0)
			continue;
		printf("cut: %" PRIu64 " sequences at %s: %s\n", t->cannot[i],
		    op_kinds[i].name,
		    i == OP_WIRE ? "needs the privileged host port" :
				   "no route has it");
	}
	if (t->gave_up != 0)
		printf("cut: %" PRIu64 " sequences where the recorder gave "
		       "up\n",
		    t->gave_up);
	if (options.play.compare.level == 2)
		printf("level 1: %" PRIu64 " differ\n", t->plain);
	for (int f = 0; f < FIELDS && options.play.compare.level == 2; f++)
		if (t->agreement.compared[f] != 0)
			printf("%-10s agrees in %" PRIu64 " of %" PRIu64
			       " regions, differs in %" PRIu64 " sequences\n",
			    field_names[f], t->agreement.equal[f],
			    t->agreement.compared[f], t->disagreeing[f]);
	if (options.stats) {
		print_rate("calls, loads and stores", t->made, t->nanoseconds);
		print_rate("calls alone", t->made - t->touches,
		    t->nanoseconds - t->touch_nanoseconds);
	}
	printf("replay: %" PRIu64 " sequences, %" PRIu64 " calls, %" PRIu64
	       " differ\n",
	    t->sequences, t->calls, t->differ);
}

/* ---- record, shrink ----------------------------------------------------- */

static FILE *
open_output(void)
{
	FILE *f = options.output == NULL ? stdout : fopen(options.output, "w");

	if (f == NULL)
		die("cannot write", options.output);
	return f;
}

static int
close_output(FILE *f)
{
	if (fflush(f) != 0 || ferror(f))
		die("cannot write",
		    options.output == NULL ? "the output" : options.output);
	return STATUS_SAME;
}

static int
record(int files, char **file)
{
	struct trace t = { .name = NULL };
	struct play_options play = options.play;
	const char *problem = NULL;

	if (files > 1)
		die("--record takes one file", NULL);
	t.header = generator_header(&options.generator);
	if (files == 1) {
		t.header.page = 0; /* the file's, or this system's */
		t.header.guard = 0;
		if (!trace_open(&t, file[0], false))
			return bad_file(stderr, &t);
	}
	if (!choose_flavour(&t.header, &play, &problem))
		return cannot_replay(stderr, &t, problem);
	if (!t.headed)
		header_of_system(&t.header);
	FILE *out = open_output();
	bool fine = files == 1 ?
	    record_file(out, &t, options.route, &problem) :
	    record_generated(out, &options.generator, options.route, &problem);
	close_output(out);
	trace_close(&t);
	if (!fine && t.problem[0] != '\0')
		return bad_file(stderr, &t);
	if (!fine) {
		fprintf(stderr, "mach-vm-replay: %s\n", problem);
		return STATUS_BAD;
	}
	return STATUS_SAME;
}

static int
shrink(int files, char **file)
{
	struct shrink_options s = { .play = options.play,
		.route = options.route,
		.seconds = options.jobs.seconds,
		.choose = choose_flavour };

	if (files != 1)
		die("--shrink takes one file", NULL);
	FILE *out = open_output();
	int status = shrink_file(out, file[0], &s);
	close_output(out);
	return status;
}

/* ---- options ------------------------------------------------------------ */

static uint64_t
number(const char *what, const char *text, uint64_t least, uint64_t most)
{
	char *end;
	uint64_t v = strtoull(text, &end, 10);

	if (*text < '0' || *text > '9' || *end != '\0' || v < least || v > most)
		die(what, text);
	return v;
}

static void
seeds(char *text)
{
	char *dash = strchr(text, '-');

	if (dash != NULL)
		*dash = '\0';
	options.generator.first = number("not a seed", text, 0, UINT64_MAX);
	options.generator.last = dash == NULL ?
	    options.generator.first :
	    number("not a seed", dash + 1, options.generator.first, UINT64_MAX);
}

enum {
	LEVEL = 1,
	ROUTE,
	RELEASE,
	ARCH,
	SEQUENCE,
	JOBS,
	BRIEF,
	QUIET,
	STATS,
	TIMEOUT,
	RECORD,
	SEED,
	PROFILE,
	OPS,
	OUTPUT,
	SHRINK,
	HELP
};

static const struct option long_options[] = {
	{ "level", required_argument, NULL, LEVEL },
	{ "route", required_argument, NULL, ROUTE },
	{ "release", required_argument, NULL, RELEASE },
	{ "arch", required_argument, NULL, ARCH },
	{ "sequence", required_argument, NULL, SEQUENCE },
	{ "jobs", required_argument, NULL, JOBS },
	{ "brief", no_argument, NULL, BRIEF },
	{ "quiet", no_argument, NULL, QUIET },
	{ "stats", no_argument, NULL, STATS },
	{ "timeout", required_argument, NULL, TIMEOUT },
	{ "record", no_argument, NULL, RECORD },
	{ "seed", required_argument, NULL, SEED },
	{ "profile", required_argument, NULL, PROFILE },
	{ "ops", required_argument, NULL, OPS },
	{ "output", required_argument, NULL, OUTPUT },
	{ "shrink", no_argument, NULL, SHRINK },
	{ "help", no_argument, NULL, HELP },
	{ NULL, 0, NULL, 0 },
};

static void
take_option(int c)
{
	switch (c) {
	case LEVEL:
		options.play.compare.level = (int)number("no such level",
		    optarg, 1, 2);
		break;
	case ROUTE:
		options.route = optarg;
		break;
	case RELEASE:
		options.release = optarg;
		break;
	case ARCH:
		options.arch = optarg;
		break;
	case SEQUENCE:
		options.play.only = number("not a sequence", optarg, 1,
		    UINT64_MAX);
		break;
	case JOBS:
		options.jobs.at_a_time = (int)number("not a number of jobs",
		    optarg, 1, 256);
		break;
	case BRIEF:
		options.play.brief = true;
		break;
	case QUIET:
		options.jobs.progress = false;
		break;
	case STATS:
		options.stats = true;
		break;
	case TIMEOUT:
		options.jobs.seconds = (int)number("not a number of seconds",
		    optarg, 1, 86400);
		break;
	case RECORD:
		options.record = true;
		break;
	case SEED:
		seeds(optarg);
		break;
	case PROFILE:
		if (!generator_knows(optarg))
			die("no such profile", optarg);
		options.generator.profile = optarg;
		break;
	case OPS:
		options.generator.ops = (unsigned)number("not a number of "
							 "calls",
		    optarg, 1, 10000);
		break;
	case OUTPUT:
		options.output = optarg;
		break;
	case SHRINK:
		options.shrink = true;
		break;
	case HELP:
		fputs(usage_text, stdout);
		exit(STATUS_SAME);
	default:
		fputs("try mach-vm-replay --help\n", stderr);
		exit(STATUS_BAD);
	}
}

int
main(int argc, char **argv)
{
	struct tally total = { .sequences = 0 };
	int c;

	while ((c = getopt_long(argc, argv, "", long_options, NULL)) != -1)
		take_option(c);
	argc -= optind;
	argv += optind;
	if (options.record && options.shrink)
		die("--record or --shrink, not both", NULL);
	if (options.record)
		return record(argc, argv);
	if (argc == 0)
		die("no file", NULL);
	if (options.shrink)
		return shrink(argc, argv);
	int status = jobs_run((const char *const *)argv, argc, &options.jobs,
	    replay_file, &total);
	print_tally(&total);
	return status;
}
