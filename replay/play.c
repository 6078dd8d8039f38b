/*
 * A trace replayed: sequence by sequence, counted and reported.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "play.h"

#include "draw.h"

void
tally_add(struct tally *to, const struct tally *from)
{
	to->started += from->started;
	to->sequences += from->sequences;
	to->calls += from->calls;
	to->differ += from->differ;
	to->plain += from->plain;
	to->cut += from->cut;
	to->gave_up += from->gave_up;
	for (int i = 0; i < OP_CODES; i++)
		to->cannot[i] += from->cannot[i];
	for (int i = 0; i < FIELDS; i++) {
		to->agreement.compared[i] += from->agreement.compared[i];
		to->agreement.equal[i] += from->agreement.equal[i];
		to->disagreeing[i] += from->disagreeing[i];
	}
	to->made += from->made;
	to->nanoseconds += from->nanoseconds;
	to->touches += from->touches;
	to->touch_nanoseconds += from->touch_nanoseconds;
}

static void
report(FILE *out, const struct play_options *options, struct drawing *d)
{
	if (options->brief)
		draw_line(out, d);
	else
		draw_difference(out, d);
	fflush(out);
}

bool
play_sequence(struct run *run, const char *name, const struct sequence *s,
    const struct play_options *options, struct tally *tally, FILE *out,
    const char **problem)
{
	static struct layout found;
	struct agreement agreement = { .compared = { 0 } };
	struct difference d = { .kind = SAME };
	struct result result;
	struct drawing drawing = { .name = name,
		.sequence = s,
		.difference = &d,
		.found = &result,
		.options = &options->compare,
		.page = run->page };
	bool reported = false;

	tally->line = s->line;
	tally->id = s->id;
	tally->started++;
	if (!run_start(run, problem))
		return false;
	tally->sequences++;
	for (int i = 0; i < s->ops; i++) {
		const struct op *op = &s->op[i];

		tally->line = op->line;
		if (run_cannot(run, op) != NULL) {
			tally->cannot[op->code]++;
			tally->cut++;
			break;
		}
		run_op(run, op, &result);
		tally->calls++;
		drawing.op = i;
		if (!result_equal(op, &op->required, &result)) {
			d.kind = RESULT_DIFFERS;
			drawing.regions = NULL;
			if (!reported) {
				run_walk(run, s->anywhere, &found);
				drawing.regions = &found;
				report(out, options, &drawing);
			}
			reported = true;
			break;
		}
		run_walk(run, s->anywhere, &found);
		if (op->layout < 0)
			continue;
		d = layout_compare(&s->layout[op->layout], &found,
		    &options->compare, &agreement);
		if (d.kind == SAME)
			continue;
		drawing.regions = &found;
		if (!reported)
			report(out, options, &drawing);
		reported = true;
		/* what follows would differ in consequence; of the structure
		 * the fields are still counted */
		if (d.kind == REGIONS_DIFFER)
			break;
	}
	tally->plain += d.kind == RESULT_DIFFERS || d.kind == REGIONS_DIFFER;
	if (s->gave_up) {
		tally->cut++;
		tally->gave_up++;
	}
	tally->differ += reported;
	for (int f = 0; f < FIELDS; f++) {
		tally->agreement.compared[f] += agreement.compared[f];
		tally->agreement.equal[f] += agreement.equal[f];
		tally->disagreeing[f] += agreement.equal[f] !=
		    agreement.compared[f];
	}
	run_end(run);
	tally->made = run->calls;
	tally->nanoseconds = run->nanoseconds;
	tally->touches = run->touches;
	tally->touch_nanoseconds = run->touch_nanoseconds;
	return true;
}
