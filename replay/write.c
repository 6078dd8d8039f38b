/*
 * A trace as text.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <inttypes.h>
#include <string.h>

#include "trace.h"

void
write_header(FILE *f, const struct header *h)
{
	fprintf(f,
	    "# machvm-trace 1\n"
	    "# kernel=%s macos=%s arch=%s how=%s gen=%s profile=%s seeds=%s "
	    "ops=%u page=%" PRIu64 " arena=0x%" PRIx64 " guard=0x%" PRIx64 "\n",
	    h->kernel, h->macos, h->arch, h->how, h->gen, h->profile, h->seeds,
	    h->ops, h->page, h->arena, h->guard);
}

static void
write_offset(FILE *f, const char *mark, uint64_t offset)
{
	if (offset >> 63)
		fprintf(f, "%s-%" PRIx64, mark, -offset);
	else
		fprintf(f, "%s%" PRIx64, mark, offset);
}

static void
write_arg(FILE *f, char kind, const struct arg *a)
{
	if (kind == '$')
		fprintf(f, " $%x", (unsigned)a->slot);
	else if (a->base == ARG_ARENA)
		write_offset(f, " @", a->value);
	else if (a->base == ARG_SLOT)
		fprintf(f, " $%x+%" PRIx64, (unsigned)a->slot, a->value);
	else
		fprintf(f, " %" PRIx64, a->value);
}

static void
write_result(FILE *f, const char *outs, const struct result *r)
{
	switch (r->kind) {
	case RESULT_NONE:
		return;
	case RESULT_SKIP:
		fputs(" = skip", f);
		return;
	case RESULT_FAULT:
		fprintf(f, " = fault %" PRIx64, r->code);
		return;
	case RESULT_OK:
		fputs(" = ok", f);
		break;
	case RESULT_CODE:
		fprintf(f, " = %" PRIx64, r->code);
		break;
	}
	for (int i = 0; i < r->outs; i++)
		if (outs[i] == 'a' && !r->plain)
			write_offset(f, " @", r->out[i]);
		else
			fprintf(f, " %" PRIx64, r->out[i]);
}

void
write_op(FILE *f, const struct op *op, const struct result *r)
{
	const struct op_kind *kind = &op_kinds[op->code];

	fputs(kind->name, f);
	for (int i = 0; kind->args[i] != '\0'; i++)
		write_arg(f, kind->args[i], &op->arg[i]);
	write_result(f, kind->outs, r);
	fputc('\n', f);
}

bool
layout_equal(const struct layout *a, const struct layout *b)
{
	if (a->count != b->count)
		return false;
	for (int i = 0; i < a->count; i++)
		if (a->entry[i].slot != b->entry[i].slot ||
		    memcmp(a->entry[i].f, b->entry[i].f,
			sizeof(a->entry[i].f)) != 0)
			return false;
	return true;
}

static void
write_entry(FILE *f, const struct entry *e)
{
	const uint64_t *v = e->f;

	fputc(' ', f);
	if (e->slot >= 0)
		fprintf(f, "$%x+%" PRIx64, (unsigned)e->slot, v[F_OFFSET]);
	else
		write_offset(f, "", v[F_OFFSET]);
	fprintf(f, ":%" PRIx64 ":%" PRIx64 "/%" PRIx64 ":%" PRIx64 ":%" PRIx64,
	    v[F_SIZE], v[F_CURRENT], v[F_MAXIMUM], v[F_INHERIT], v[F_TAG]);
	if (e->slot < 0)
		fprintf(f, ":%" PRIx64, v[F_SHARE_MODE]);
	fprintf(f, ":%" PRIx64 ":%" PRIx64, v[F_BEHAVIOR], v[F_WIRED]);
	if (e->slot < 0)
		fprintf(f, ":%" PRIx64 ":%" PRIx64 ":%" PRIx64 ":%" PRIx64,
		    v[F_OBJECT], v[F_OBJECT_OFFSET], v[F_REFS], v[F_RESIDENT]);
}

void
write_layout(FILE *f, const struct layout *l, const struct layout *previous)
{
	if (l->count > 0 && previous != NULL && layout_equal(l, previous)) {
		fputs("M =\n", f);
		return;
	}
	fputc('M', f);
	for (int i = 0; i < l->count; i++)
		write_entry(f, &l->entry[i]);
	fputc('\n', f);
}
