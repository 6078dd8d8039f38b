/*
 * The reader of recorded sequences of calls (replay/trace.h), plain or xz: what
 * it takes is written again, and that text read gives the same.
 *
 * An input is a file.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#define _GNU_SOURCE
#include <err.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "replay/trace.h"

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

static char path[32]; /* of a file in memory */
static int file = -1;

static void
put(const uint8_t *data, size_t size)
{
	if (file == -1) {
		if ((file = memfd_create("trace", 0)) == -1)
			err(2, "memfd_create");
		snprintf(path, sizeof(path), "/proc/self/fd/%d", file);
	}
	if (ftruncate(file, 0) == -1 ||
	    pwrite(file, data, size, 0) != (ssize_t)size)
		err(2, "memfd");
}

static bool
same_result(const struct result *a, const struct result *b)
{
	bool same = a->kind == b->kind && a->outs == b->outs &&
	    a->code == b->code && a->plain == b->plain;

	for (int i = 0; same && i < a->outs; i++)
		same = a->out[i] == b->out[i];
	return same;
}

static bool
same_op(const struct op *a, const struct op *b)
{
	bool same = a->code == b->code;

	for (int i = 0; same && op_kinds[a->code].args[i] != '\0'; i++)
		same = a->arg[i].base == b->arg[i].base &&
		    a->arg[i].slot == b->arg[i].slot &&
		    a->arg[i].value == b->arg[i].value;
	return same && a->required.kind == b->required.kind &&
	    (a->required.kind == RESULT_NONE ||
		same_result(&a->required, &b->required));
}

static void
check_op(const struct op *op, const struct header *header)
{
	struct op again = { .code = OP_CODES };
	char *text;
	size_t size;
	FILE *f = open_memstream(&text, &size);

	if (f == NULL)
		err(2, "memory");
	write_op(f, op, &op->required);
	fclose(f);
	text[size - 1] = '\0'; /* the LF */
	if (parse_op(text, &again, false) != NULL || !same_op(op, &again) ||
	    op_unsafe(&again, header) != NULL)
		abort();
	free(text);
}

static void
check_layout(const struct layout *l, bool anywhere)
{
	struct layout again = { .count = 0 };
	char *text;
	size_t size;
	FILE *f = open_memstream(&text, &size);

	if (f == NULL)
		err(2, "memory");
	write_layout(f, l, NULL);
	fclose(f);
	text[size - 1] = '\0';
	if (parse_layout(text + 1, &again, anywhere) != NULL ||
	    !layout_equal(l, &again))
		abort();
	layout_free(&again);
	free(text);
}

static void
read_all(bool answers)
{
	struct trace trace = { .header = { .page = 0x4000,
				   .arena = 0x400000,
				   .guard = 0x20000 } };
	struct sequence s = { .ops = 0 };
	char release[32];

	if (trace_open(&trace, path, answers)) {
		header_release(&trace.header, release);
		while (trace_next(&trace, &s) == 1) {
			for (int i = 0; i < s.ops; i++)
				check_op(&s.op[i], &trace.header);
			for (int i = 0; i < s.layouts; i++)
				check_layout(&s.layout[i], s.anywhere);
		}
	}
	sequence_free(&s);
	trace_close(&trace);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	put(data, size);
	read_all(true);
	read_all(false);
	return 0;
}
