/*
 * Recorded sequences of calls (machvm-trace, version 1): the file read line by
 * line, plain or compressed, into one sequence at a time.
 *
 * Nothing in a file is trusted.  A file that is not a trace gives a line
 * number and a reason, and no call of a trace that is accepted can touch what
 * is not the arena's: see trace_op_safe().
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef REPLAY_TRACE_H
#define REPLAY_TRACE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/* ---- what a line says --------------------------------------------------- */

enum op_code {
	OP_ALLOCATE,
	OP_MAP,
	OP_MAPTRAP,
	OP_DEALLOCATE,
	OP_PROTECT,
	OP_INHERIT,
	OP_BEHAVIOR,
	OP_COPY,
	OP_REMAP,
	OP_PURGABLE,
	OP_MSYNC,
	OP_WIRE,
	OP_MLOCK,
	OP_MUNLOCK,
	OP_WRITE,
	OP_READ,
	OP_PAGEQUERY,
	OP_READOW,
	OP_VMWRITE,
	OP_AALLOCATE,
	OP_AMAP,
	OP_AREMAP,
	OP_CODES,
};

enum { OP_ARGS = 8, OP_OUTS = 3, SLOTS = 64 };

/*
 * args and outs have one letter a value: 'a' address, 's' size (64 bits),
 * 'n' number (32 bits), 'b' byte, '$' slot.
 */
struct op_kind {
	const char *name, *args, *outs;
	bool places; /* a success defines the slot of argument 0 */
};
extern const struct op_kind op_kinds[OP_CODES];

/* How an argument is written: 12, @12, @-12, $3+12. */
enum arg_base { ARG_PLAIN, ARG_ARENA, ARG_SLOT };
struct arg {
	enum arg_base base;
	int slot;
	uint64_t value; /* added to the base, modulo 2^64 */
};

/* What a call gave.  code: KERN_*, an errno, the code of a fault. */
enum result_kind {
	RESULT_NONE,
	RESULT_CODE,
	RESULT_OK,
	RESULT_FAULT,
	RESULT_SKIP
};
struct result {
	enum result_kind kind;
	uint64_t code;
	int outs;
	uint64_t out[OP_OUTS]; /* an address: its offset in the arena... */
	bool plain;	       /* ...or itself */
};

struct op {
	enum op_code code;
	struct arg arg[OP_ARGS];
	struct result required;
	int layout; /* index in sequence->layout; -1: not known */
	int line;
};

/* One region of the arena, in the fields of an M line. */
enum field {
	F_OFFSET,
	F_SIZE,
	F_CURRENT,
	F_MAXIMUM,
	F_INHERIT,
	F_TAG,
	F_SHARE_MODE,
	F_BEHAVIOR,
	F_WIRED,
	F_OBJECT,
	F_OBJECT_OFFSET,
	F_REFS,
	F_RESIDENT,
	FIELDS,
};
extern const char *const field_names[FIELDS];
/* F_SHARE_MODE, F_OBJECT and what follows it tell the structure (level 2). */
bool field_is_structure(enum field);

struct entry {
	int slot; /* -1: in the arena */
	uint64_t f[FIELDS];
};

struct layout {
	struct entry *entry;
	int count, room;
};

struct sequence {
	uint64_t id;
	char profile[32];
	struct op *op;
	int ops, op_room;
	struct layout *layout; /* each M line that is not "M =" */
	int layouts, layout_room;
	bool gave_up; /* an X line: the rest is unknown */
	char why[128];
	int line;
	bool anywhere; /* regions are named by slot */
};

/* ---- the header --------------------------------------------------------- */

struct header {
	char kernel[64], macos[32], arch[16], how[64], gen[32], profile[32];
	char seeds[64];
	unsigned ops;
	uint64_t page, arena, guard; /* bytes */
};

/* The newest release that the header names: "15.5" of macos=15.4-15.5. */
void header_release(const struct header *, char release[32]);

/* ---- reading ------------------------------------------------------------ */

struct input;
struct trace {
	const char *name;
	struct header header;
	bool answers; /* every op has its result and its regions */
	int line;     /* of the last line read */
	char problem[200];
	/* private */
	struct input *input;
	char *next; /* a line read too far */
	bool headed;
};

/*
 * Opens a trace and reads its header.  need_answers: false reads op lines
 * without results too, and a missing header takes the values already in
 * trace->header.  False with trace->problem (and trace->line).
 */
bool trace_open(struct trace *, const char *path, bool need_answers);
/* 1: a sequence; 0: the end; -1: damaged, with problem and line. */
int trace_next(struct trace *, struct sequence *);
void trace_close(struct trace *);

void sequence_clear(struct sequence *); /* keeps the memory */
void sequence_free(struct sequence *);
struct op *sequence_add_op(struct sequence *);
/* A new last layout, empty; its index. */
int sequence_add_layout(struct sequence *);
struct entry *layout_add(struct layout *);
void layout_copy(struct layout *, const struct layout *);
void layout_free(struct layout *);

/* One op line, with or without its result.  NULL, or what is wrong. */
const char *parse_op(char *line, struct op *, bool need_answer);
/* An M line's entries. */
const char *parse_layout(char *line, struct layout *, bool anywhere);

/*
 * NULL when the call, made in an arena of this size, cannot reach memory that
 * is not the arena's or its guards' and leaves nothing permanent; else why it
 * may.
 */
const char *op_unsafe(const struct op *, const struct header *);

/* ---- writing ------------------------------------------------------------ */

void write_header(FILE *, const struct header *);
void write_op(FILE *, const struct op *, const struct result *);
/* previous: the layout of the last M line, NULL when there was none. */
void write_layout(FILE *, const struct layout *, const struct layout *previous);
bool layout_equal(const struct layout *, const struct layout *);

#endif
