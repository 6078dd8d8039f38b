/*
 * What a trace requires against what was found.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "compare.h"

enum { REF = 4, DIRTY = 8, RANDOM_ADDR = 8 };

/* A random place is aligned to the mask by chance only: since 26.4 the kernel
 * does not look at the mask. */
static bool
is_random(const struct op *op)
{
	const struct arg *flags = op->code == OP_AMAP ? &op->arg[4] :
	    op->code == OP_AREMAP		      ? &op->arg[3] :
							NULL;

	return flags != NULL && (flags->value & RANDOM_ADDR) != 0;
}

bool
result_equal(const struct op *op, const struct result *required,
    const struct result *found)
{
	if (required->kind != found->kind || required->code != found->code ||
	    required->outs != found->outs || required->plain != found->plain)
		return false;
	for (int i = 0; i < required->outs; i++) {
		uint64_t mask = UINT64_MAX;

		if (op->code == OP_PAGEQUERY && i == 0)
			mask = ~(uint64_t)(REF | DIRTY);
		if (i == 0 && is_random(op))
			mask = 0;
		if ((required->out[i] & mask) != (found->out[i] & mask))
			return false;
	}
	return true;
}

bool
field_differs(enum field f, const struct entry *required,
    const struct entry *found, const struct compare_options *options)
{
	if (field_is_structure(f)) {
		if (options->level < 2 || required->slot >= 0)
			return false;
		if (f == F_OBJECT_OFFSET && options->other_version &&
		    required->f[F_OBJECT] == 0)
			return false;
	}
	return required->f[f] != found->f[f];
}

struct difference
layout_compare(const struct layout *required, const struct layout *found,
    const struct compare_options *options, struct agreement *agreement)
{
	struct difference d = { .kind = SAME };
	int common = required->count < found->count ? required->count :
						      found->count;

	for (int i = 0; i < common; i++) {
		const struct entry *a = &required->entry[i];
		const struct entry *b = &found->entry[i];

		for (enum field f = 0; f < FIELDS; f++) {
			if (field_is_structure(f) ||
			    (a->slot == b->slot && a->f[f] == b->f[f]))
				continue;
			d.kind = REGIONS_DIFFER;
			d.entry = i;
			d.field = f;
			return d;
		}
	}
	if (required->count != found->count) {
		d.kind = REGIONS_DIFFER;
		d.entry = common;
		return d;
	}
	if (options->level < 2)
		return d;
	for (int i = 0; i < common; i++) {
		const struct entry *a = &required->entry[i];
		const struct entry *b = &found->entry[i];

		if (a->slot >= 0)
			continue;
		for (enum field f = F_SHARE_MODE; f < FIELDS; f++) {
			if (!field_is_structure(f))
				continue;
			bool differs = field_differs(f, a, b, options);

			if (agreement != NULL) {
				agreement->compared[f]++;
				agreement->equal[f] += !differs;
			}
			if (differs && d.kind == SAME) {
				d.kind = STRUCTURE_DIFFERS;
				d.entry = i;
				d.field = f;
			}
		}
	}
	return d;
}
