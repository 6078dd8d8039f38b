/*
 * Reducing a sequence that differs to the shortest that still differs.
 *
 * Every run is a child of its own: the kernel under test starts afresh, and
 * may hang or die.  What a run finds comes back through shared memory as the
 * text of a layout or a result would be too much: only the verdict does.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "shrink.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "jobs.h"

enum { REGIONS = 2048 };

/* What a run tells; in shared memory. */
struct outcome {
	bool ran; /* to its end */
	bool differs;
	int last; /* the call that differs */
	struct difference difference;
	struct result found;
	int before_count, after_count;
	struct entry before[REGIONS], after[REGIONS];
	char problem[128];
};

struct shrinking {
	const struct sequence *s;
	const struct header *h;
	const struct shrink_options *options;
	struct outcome *outcome; /* of the latest run */
	struct outcome whole;	 /* of the whole sequence */
	struct window window;	 /* around the difference */
	bool agreed[FIELDS];	 /* before the last call, in the window */
	int runs;
};

/* ---- one run, in the child ---------------------------------------------- */

static void
store(const struct layout *l, struct entry *to, int *count)
{
	*count = l->count < REGIONS ? l->count : REGIONS;
	for (int i = 0; i < *count; i++)
		to[i] = l->entry[i];
}

/*
 * The calls that keep names, up to the first that differs.  last: the whole
 * sequence's; -1 while that is not known.
 */
static void
run_candidate(struct shrinking *k, const bool *keep, int last)
{
	const struct sequence *s = k->s;
	struct outcome *o = k->outcome;
	struct play_options play = k->options->play;
	struct layout before = { .count = 0 }, after = { .count = 0 };
	const char *problem = NULL;
	struct run run;

	if (!k->options->choose(k->h, &play, &problem) ||
	    !run_open(&run, k->h, k->options->route, &problem) ||
	    !run_start(&run, &problem)) {
		snprintf(o->problem, sizeof(o->problem), "%s", problem);
		return;
	}
	for (int i = 0; i < s->ops; i++) {
		const struct op *op = &s->op[i];

		if (!keep[i])
			continue;
		if (run_cannot(&run, op) != NULL)
			break;
		if (i == last) {
			run_walk(&run, s->anywhere, &before);
			store(&before, o->before, &o->before_count);
		}
		run_op(&run, op, &o->found);
		bool equal = result_equal(op, &op->required, &o->found);
		if (last == -1 || i == last)
			run_walk(&run, s->anywhere, &after);
		if (last != -1 && i != last && !equal)
			return; /* not as recorded */
		o->difference.kind = equal ? SAME : RESULT_DIFFERS;
		if (equal && op->layout >= 0 && (last == -1 || i == last))
			o->difference = layout_compare(&s->layout[op->layout],
			    &after, &play.compare, NULL);
		if (o->difference.kind == SAME)
			continue;
		o->differs = true;
		o->last = i;
		store(&after, o->after, &o->after_count);
		break;
	}
	run_end(&run);
	o->ran = true;
}

/* False when the candidate did not come to its end. */
static bool
try_candidate(struct shrinking *k, const bool *keep, int last)
{
	pid_t pid;
	int status;

	memset(k->outcome, 0, offsetof(struct outcome, before));
	k->outcome->problem[0] = '\0';
	k->runs++;
	fflush(NULL);
	pid = fork();
	if (pid == 0) {
		alarm((unsigned)k->options->seconds);
		run_candidate(k, keep, last);
		_exit(0);
	}
	if (pid == -1 || waitpid(pid, &status, 0) != pid)
		return false;
	return WIFEXITED(status) && k->outcome->ran;
}

/* ---- is it the same difference? ----------------------------------------- */

static bool
fields_equal(const struct entry *a, const struct entry *b, const bool *which)
{
	for (enum field f = 0; f < FIELDS; f++)
		if (f != F_OBJECT && which[f] && a->f[f] != b->f[f])
			return false;
	return a->slot == b->slot &&
	    (!which[F_OBJECT] ||
		(a->f[F_OBJECT] == 0) == (b->f[F_OBJECT] == 0));
}

/* The regions of two lists that stand in the window, one by one. */
static bool
window_equal(const struct shrinking *k, const struct entry *a, int a_count,
    const struct entry *b, int b_count, const bool *which)
{
	int i = 0, j = 0;

	for (;;) {
		while (i < a_count && !window_has(&k->window, &a[i]))
			i++;
		while (j < b_count && !window_has(&k->window, &b[j]))
			j++;
		if (i == a_count || j == b_count)
			return i == a_count && j == b_count;
		if (!fields_equal(&a[i++], &b[j++], which))
			return false;
	}
}

static const struct layout nothing;

static const struct layout *
recorded_before(const struct shrinking *k)
{
	int last = k->whole.last;

	return last > 0 && k->s->op[last - 1].layout >= 0 ?
	    &k->s->layout[k->s->op[last - 1].layout] :
	    &nothing;
}

static const struct layout *
recorded_after(const struct shrinking *k)
{
	int layout = k->s->op[k->whole.last].layout;

	return layout >= 0 ? &k->s->layout[layout] : &nothing;
}

static bool
same_difference(struct shrinking *k)
{
	const struct outcome *o = k->outcome, *w = &k->whole;
	const struct layout *before = recorded_before(k);
	static const bool every[FIELDS] = { true, true, true, true, true, true,
		true, true, true, true, true, true, true };
	bool level[FIELDS];

	if (!o->differs || o->last != w->last ||
	    o->difference.kind != w->difference.kind)
		return false;
	if (!window_equal(k, before->entry, before->count, o->before,
		o->before_count, k->agreed))
		return false;
	if (w->difference.kind == RESULT_DIFFERS)
		return result_equal(&k->s->op[w->last], &w->found, &o->found);
	for (enum field f = 0; f < FIELDS; f++)
		level[f] = w->difference.kind == STRUCTURE_DIFFERS ?
		    every[f] && k->agreed[f] :
		    !field_is_structure(f);
	level[w->difference.field] = true;
	return window_equal(k, w->after, w->after_count, o->after,
	    o->after_count, level);
}

/* ---- delta debugging ---------------------------------------------------- */

static int
kept(const bool *keep, int n)
{
	int count = 0;

	for (int i = 0; i < n; i++)
		count += keep[i];
	return count;
}

static bool
still(struct shrinking *k, const bool *keep)
{
	return try_candidate(k, keep, k->whole.last) && same_difference(k);
}

/* Leaves out chunk after chunk, of halving sizes, as long as it differs. */
static void
reduce(struct shrinking *k, bool *keep, const bool *must)
{
	int n = k->s->ops;
	bool *candidate = malloc((size_t)n * sizeof(*candidate));

	if (candidate == NULL)
		abort();
	for (int chunk = kept(keep, n) / 2; chunk >= 1;) {
		bool less = false;

		for (int i = n - 1; i >= 0;) {
			int dropped = 0;

			memcpy(candidate, keep, (size_t)n * sizeof(*keep));
			for (; i >= 0 && dropped < chunk; i--)
				if (candidate[i] && !must[i]) {
					candidate[i] = false;
					dropped++;
				}
			if (dropped > 0 && still(k, candidate)) {
				memcpy(keep, candidate,
				    (size_t)n * sizeof(*keep));
				less = true;
			}
		}
		if (chunk > 1)
			chunk /= 2;
		else if (!less)
			break;
	}
	free(candidate);
}

/* In which fields did the whole sequence agree before its last call? */
static void
find_agreement(struct shrinking *k)
{
	const struct layout *before = recorded_before(k);

	for (enum field f = 0; f < FIELDS; f++) {
		bool one[FIELDS] = { false };

		one[f] = true;
		k->agreed[f] = window_equal(k, before->entry, before->count,
		    k->outcome->before, k->outcome->before_count, one);
	}
}

int
shrink_sequence(const struct sequence *s, const struct header *h,
    const struct shrink_options *options, bool *keep, struct window *window,
    const char **problem)
{
	static struct shrinking k;
	size_t n = (size_t)s->ops * sizeof(bool);
	bool *must = calloc((size_t)s->ops + 1, sizeof(*must));
	bool *sliced = calloc((size_t)s->ops + 1, sizeof(*sliced));

	if (must == NULL || sliced == NULL)
		abort();
	memset(&k, 0, sizeof(k));
	k.s = s;
	k.h = h;
	k.options = options;
	k.outcome = mmap(NULL, sizeof(*k.outcome), PROT_READ | PROT_WRITE,
	    MAP_SHARED | MAP_ANON, -1, 0);
	if (k.outcome == MAP_FAILED)
		abort();
	memset(keep, true, n);
	*problem = NULL;
	int left = -1;
	if (!try_candidate(&k, keep, -1)) {
		static char text[sizeof(k.outcome->problem)];

		snprintf(text, sizeof(text), "%s",
		    k.outcome->problem[0] ? k.outcome->problem :
					    "the sequence ends the process");
		*problem = text;
	} else if (!k.outcome->differs) {
		left = 0;
	} else {
		k.whole = *k.outcome;
		for (int i = k.whole.last + 1; i < s->ops; i++)
			keep[i] = false;
		k.window = window_around(s, h, k.whole.last,
		    options->play.compare.level, recorded_before(&k),
		    recorded_after(&k), k.whole.after, k.whole.after_count);
		/* once more, for the regions before the last call */
		if (try_candidate(&k, keep, k.whole.last))
			find_agreement(&k);
		slice(s, h, k.whole.last, &k.window, sliced, must);
		if (kept(sliced, s->ops) < kept(keep, s->ops) &&
		    still(&k, sliced))
			memcpy(keep, sliced, n);
		reduce(&k, keep, must);
		left = kept(keep, s->ops);
		*window = k.window;
	}
	munmap(k.outcome, sizeof(*k.outcome));
	free(must);
	free(sliced);
	return left;
}

/* ---- the trace that is written ------------------------------------------ */

/* The kernel's regions, but the recorded ones in the window. */
static void
patch(const struct window *w, const struct layout *found,
    const struct layout *recorded, struct layout *to)
{
	int i = 0, j = 0;

	to->count = 0;
	while (i < found->count || j < recorded->count) {
		const struct entry *e = NULL;

		if (i < found->count && window_has(w, &found->entry[i])) {
			i++;
			continue;
		}
		if (j < recorded->count &&
		    !window_has(w, &recorded->entry[j])) {
			j++;
			continue;
		}
		if (j == recorded->count ||
		    (i < found->count &&
			(int64_t)found->entry[i].f[F_OFFSET] <
			    (int64_t)recorded->entry[j].f[F_OFFSET]))
			e = &found->entry[i++];
		else
			e = &recorded->entry[j++];
		struct entry *new = layout_add(to);
		if (new == NULL)
			abort();
		*new = *e;
	}
}

/* In a child of its own: the run whose answers are written. */
static int
write_reduced(FILE *f, const struct sequence *s, const struct header *h,
    const struct shrink_options *options, const bool *keep,
    const struct window *window)
{
	struct play_options play = options->play;
	struct layout now[2] = { { .count = 0 } }, patched = { .count = 0 };
	const struct layout *previous = NULL;
	const char *problem;
	struct result found;
	struct run run;
	int last = 0, n = 0;

	for (int i = 0; i < s->ops; i++)
		if (keep[i])
			last = i;
	if (!options->choose(h, &play, &problem) ||
	    !run_open(&run, h, options->route, &problem) ||
	    !run_start(&run, &problem))
		return STATUS_BAD;
	fprintf(f, "S %" PRIu64 " %s\n", s->id, s->profile);
	for (int i = 0; i <= last; i++) {
		const struct op *op = &s->op[i];
		struct layout *here = &now[n % 2];

		if (!keep[i])
			continue;
		n++;
		run_op(&run, op, &found);
		run_walk(&run, s->anywhere, here);
		write_op(f, op, &op->required);
		if (i == last && op->layout >= 0) {
			patch(window, here, &s->layout[op->layout], &patched);
			here = &patched;
		}
		write_layout(f, here, previous);
		previous = here;
	}
	return STATUS_DIFFERS;
}

static int
write_trace(FILE *f, const struct sequence *s, const struct trace *t,
    const struct shrink_options *options, const bool *keep, int left,
    const struct window *window)
{
	int status;
	pid_t pid;

	write_header(f, &t->header);
	fprintf(f,
	    "# %d of the %d calls of sequence %" PRIu64 ", which is "
	    "line %d of %s\n",
	    left, s->ops, s->id, s->line, t->name);
	fprintf(f,
	    "# The last call's answer and its regions are as recorded. "
	    "The answers before it\n# are as recorded too; the regions are "
	    "those of the kernel that it differs on.\n");
	fflush(NULL);
	pid = fork();
	if (pid == 0) {
		alarm((unsigned)options->seconds);
		status = write_reduced(f, s, &t->header, options, keep, window);
		fflush(NULL);
		_exit(status);
	}
	if (pid == -1 || waitpid(pid, &status, 0) != pid || !WIFEXITED(status))
		return STATUS_BAD;
	return WEXITSTATUS(status);
}

int
shrink_file(FILE *f, const char *path, const struct shrink_options *options)
{
	struct trace t = { .name = path };
	struct sequence s = { .ops = 0 };
	const char *problem = NULL;
	int got = 0, status = STATUS_SAME;
	bool *keep = NULL;
	struct window window = { .everything = true };

	if (!trace_open(&t, path, true)) {
		fprintf(stderr, "%s:%d: %s\n", path, t.line, t.problem);
		return STATUS_BAD;
	}
	while (status == STATUS_SAME && (got = trace_next(&t, &s)) == 1) {
		if (options->play.only != 0 && s.id != options->play.only)
			continue;
		keep = realloc(keep, (size_t)s.ops + 1);
		if (keep == NULL)
			abort();
		int left = shrink_sequence(&s, &t.header, options, keep,
		    &window, &problem);
		if (left < 0) {
			fprintf(stderr, "%s:%d: %s\n", path, s.line, problem);
			status = STATUS_BAD;
		} else if (left > 0) {
			status = write_trace(f, &s, &t, options, keep, left,
			    &window);
		}
	}
	if (got < 0) {
		fprintf(stderr, "%s:%d: %s\n", path, t.line, t.problem);
		status = STATUS_BAD;
	}
	if (status == STATUS_SAME)
		fprintf(stderr, "%s: nothing differs\n", path);
	free(keep);
	sequence_free(&s);
	trace_close(&t);
	return status;
}
