/*
 * The lines of a trace: what a call line and a map line say.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <string.h>

#include "trace.h"

const struct op_kind op_kinds[OP_CODES] = {
	[OP_ALLOCATE] = { "allocate", "asn", "a", false },
	[OP_MAP] = { "map", "asSnnnn", "a", false },
	[OP_MAPTRAP] = { "maptrap", "asSnn", "a", false },
	[OP_DEALLOCATE] = { "deallocate", "as", "", false },
	[OP_PROTECT] = { "protect", "asnn", "", false },
	[OP_INHERIT] = { "inherit", "asn", "", false },
	[OP_BEHAVIOR] = { "behavior", "asn", "", false },
	[OP_COPY] = { "copy", "asa", "", false },
	[OP_REMAP] = { "remap", "asSnann", "ann", false },
	[OP_PURGABLE] = { "purgable", "ann", "n", false },
	[OP_MSYNC] = { "msync", "asn", "", false },
	[OP_WIRE] = { "wire", "asn", "", false },
	[OP_MLOCK] = { "mlock", "as", "", false },
	[OP_MUNLOCK] = { "munlock", "as", "", false },
	[OP_WRITE] = { "write", "ab", "", false },
	[OP_READ] = { "read", "a", "b", false },
	[OP_PAGEQUERY] = { "pagequery", "a", "nn", false },
	[OP_READOW] = { "readow", "asa", "s", false },
	[OP_VMWRITE] = { "vmwrite", "asa", "", false },
	[OP_AALLOCATE] = { "aallocate", "$asn", "n", true },
	[OP_AMAP] = { "amap", "$asSnnnn", "n", true },
	[OP_AREMAP] = { "aremap", "$sSnann", "nnn", true },
};

const char *const field_names[FIELDS] = { "off", "size", "cur", "max",
	"inherit", "tag", "share_mode", "behavior", "user_wired", "objid",
	"objoff", "ref_count", "resident" };

bool
field_is_structure(enum field f)
{
	return f == F_SHARE_MODE || f >= F_OBJECT;
}

/* ---- numbers and words -------------------------------------------------- */

/* Lowercase hex without 0x at *p, moved behind it; false: none, or too big. */
static bool
number(char **p, uint64_t *value)
{
	uint64_t v = 0;
	int digits = 0;

	for (;; (*p)++) {
		char c = **p;
		unsigned d;

		if (c >= '0' && c <= '9')
			d = (unsigned)(c - '0');
		else if (c >= 'a' && c <= 'f')
			d = (unsigned)(c - 'a' + 10);
		else
			break;
		if (++digits > 16)
			return false;
		v = v << 4 | d;
	}
	*value = v;
	return digits > 0;
}

/* The next word, ended; NULL when there is none. */
static char *
word(char **p)
{
	while (**p == ' ')
		(*p)++;
	if (**p == '\0')
		return NULL;
	char *w = *p;
	while (**p != ' ' && **p != '\0')
		(*p)++;
	if (**p == ' ')
		*(*p)++ = '\0';
	return w;
}

static bool
whole_number(char *w, uint64_t *value)
{
	return number(&w, value) && *w == '\0';
}

static bool
slot_number(char **p, int *slot)
{
	uint64_t v;

	if (!number(p, &v) || v >= SLOTS)
		return false;
	*slot = (int)v;
	return true;
}

/* ---- calls -------------------------------------------------------------- */

static const char *
parse_arg(char *w, char kind, struct arg *arg)
{
	bool minus = false;

	arg->base = ARG_PLAIN;
	arg->slot = -1;
	arg->value = 0;
	if (kind == '$') {
		arg->base = ARG_SLOT;
		if (*w++ != '$' || !slot_number(&w, &arg->slot) || *w != '\0')
			return "a slot ($0...$3f) should stand here";
		return NULL;
	}
	if (kind == 'a' && *w == '@') {
		arg->base = ARG_ARENA;
		w++;
		if (*w == '-') {
			minus = true;
			w++;
		}
	} else if (kind == 'a' && *w == '$') {
		arg->base = ARG_SLOT;
		w++;
		if (!slot_number(&w, &arg->slot))
			return "no such slot";
		if (*w == '\0')
			return NULL;
		if (*w++ != '+')
			return "a slot is written $s+n";
	}
	if (!whole_number(w, &arg->value))
		return "not a number (lowercase hex of at most 16 digits)";
	if (minus)
		arg->value = -arg->value;
	if ((kind == 'n' && arg->value > UINT32_MAX) ||
	    (kind == 'b' && arg->value > UINT8_MAX))
		return "a number too large for its argument";
	return NULL;
}

static const char *
parse_result(char *p, const struct op_kind *kind, struct result *r)
{
	char *w = word(&p);
	int outs = (int)strlen(kind->outs);
	bool touch = kind == &op_kinds[OP_READ] || kind == &op_kinds[OP_WRITE];

	r->outs = 0;
	r->code = 0;
	r->plain = false;
	if (w == NULL)
		return "no result";
	if (strcmp(w, "skip") == 0) {
		r->kind = RESULT_SKIP;
		return word(&p) == NULL ? NULL : "words after the result";
	}
	if (touch) {
		if (strcmp(w, "fault") == 0) {
			r->kind = RESULT_FAULT;
			w = word(&p);
			if (w == NULL || !whole_number(w, &r->code))
				return "a fault without its code";
			return word(&p) == NULL ? NULL :
						  "words after the result";
		}
		if (strcmp(w, "ok") != 0)
			return "ok, fault or skip should stand here";
		r->kind = RESULT_OK;
	} else {
		r->kind = RESULT_CODE;
		if (!whole_number(w, &r->code) || r->code > UINT32_MAX)
			return "not a result code";
		if (r->code != 0)
			outs = 0;
	}
	for (; r->outs < outs; r->outs++) {
		struct arg a;

		w = word(&p);
		if (w == NULL)
			return "fewer results than the call has";
		const char *problem = parse_arg(w, kind->outs[r->outs], &a);
		if (problem != NULL)
			return problem;
		if (kind->outs[r->outs] == 'a') {
			if (a.base == ARG_SLOT)
				return "an address result is written @n";
			r->plain = a.base == ARG_PLAIN;
		}
		r->out[r->outs] = a.value;
	}
	return word(&p) == NULL ? NULL : "words after the result";
}

const char *
parse_op(char *line, struct op *op, bool need_answer)
{
	char *p = line, *equals = strstr(line, " = ");
	const struct op_kind *kind = NULL;

	op->required.kind = RESULT_NONE;
	if (equals != NULL)
		*equals = '\0';
	else if (need_answer)
		return "a call without its result";
	char *w = word(&p);
	if (w == NULL)
		return "an empty line";
	for (int i = 0; i < OP_CODES; i++)
		if (strcmp(w, op_kinds[i].name) == 0) {
			kind = &op_kinds[i];
			op->code = (enum op_code)i;
		}
	if (kind == NULL)
		return "no such call";
	int n = 0;
	for (; kind->args[n] != '\0'; n++) {
		char c = kind->args[n] == 'S' ? 's' : kind->args[n];

		if ((w = word(&p)) == NULL)
			return "fewer arguments than the call has";
		const char *problem = parse_arg(w, c, &op->arg[n]);
		if (problem != NULL)
			return problem;
	}
	if (word(&p) != NULL)
		return "more arguments than the call has";
	return equals == NULL ? NULL :
				parse_result(equals + 3, kind, &op->required);
}

/* ---- regions ------------------------------------------------------------ */

static const enum field arena_fields[] = { F_SIZE, F_CURRENT, F_MAXIMUM,
	F_INHERIT, F_TAG, F_SHARE_MODE, F_BEHAVIOR, F_WIRED, F_OBJECT,
	F_OBJECT_OFFSET, F_REFS, F_RESIDENT, FIELDS };
static const enum field anywhere_fields[] = { F_SIZE, F_CURRENT, F_MAXIMUM,
	F_INHERIT, F_TAG, F_BEHAVIOR, F_WIRED, FIELDS };

const char *
parse_layout(char *line, struct layout *l, bool anywhere)
{
	const enum field *fields = anywhere ? anywhere_fields : arena_fields;
	char *p = line, *w;

	l->count = 0;
	while ((w = word(&p)) != NULL) {
		struct entry *e = layout_add(l);
		bool minus = false;

		if (e == NULL)
			return "out of memory";
		memset(e, 0, sizeof(*e));
		e->slot = -1;
		if (anywhere) {
			if (*w++ != '$' || !slot_number(&w, &e->slot) ||
			    *w++ != '+')
				return "a region of a slot is written $s+n";
		} else if (*w == '-') {
			minus = true;
			w++;
		}
		if (!number(&w, &e->f[F_OFFSET]))
			return "a region without its offset";
		if (minus)
			e->f[F_OFFSET] = -e->f[F_OFFSET];
		for (int i = 0; fields[i] != FIELDS; i++) {
			if (*w++ != (fields[i] == F_MAXIMUM ? '/' : ':') ||
			    !number(&w, &e->f[fields[i]]))
				return "a region with a field missing";
		}
		if (*w != '\0')
			return "a region with more fields than it has";
		if (e->f[F_SIZE] == 0)
			return "a region of size 0";
	}
	return NULL;
}

/* ---- what a call may do ------------------------------------------------- */

enum { ANYWHERE = 1, PERMANENT = 0x80, TPRO = 0x1000, OVERWRITE = 0x4000 };

/* Pages that no process has: the first 4 GiB and the kernel's half. */
static bool
nobodys(uint64_t a)
{
	return a < UINT64_C(0x100000000) || a >= UINT64_C(1) << 63;
}

static bool
near_arena(uint64_t offset, const struct header *h)
{
	return offset + h->guard < h->arena + 2 * h->guard;
}

/* [a, a + size) of the arena stays inside it, or wraps around for any base. */
static bool
stays_inside(uint64_t offset, uint64_t size, const struct header *h)
{
	uint64_t last = offset + size;

	if (size >= -UINT64_C(0x100000000))
		return true;
	return near_arena(offset, h) && size <= h->arena + 2 * h->guard &&
	    last + h->guard <= h->arena + 2 * h->guard;
}

const char *
op_unsafe(const struct op *op, const struct header *h)
{
	const struct op_kind *kind = &op_kinds[op->code];
	uint64_t size = 0, mask = 0;
	int sizes = 0;

	for (int i = 0; kind->args[i] != '\0'; i++) {
		const struct arg *a = &op->arg[i];

		if (kind->args[i] == 's' && sizes++ == 0)
			size = a->value;
		if (kind->args[i] == 'S')
			mask = a->value;
		if (kind->args[i] != 'a')
			continue;
		if (a->base == ARG_PLAIN && !nobodys(a->value))
			return "an address that may be anybody's";
		if (a->base == ARG_ARENA && !near_arena(a->value, h))
			return "an address outside the arena and its guards";
		if (a->base == ARG_SLOT && a->value > INT64_C(1) << 40)
			return "an address far outside its slot";
	}

	const struct arg *first = &op->arg[0];
	uint64_t flags = 0;
	switch (op->code) {
	case OP_ALLOCATE:
		flags = op->arg[2].value;
		break;
	case OP_MAP:
	case OP_MAPTRAP:
	case OP_REMAP:
	case OP_AALLOCATE:
		flags = op->arg[3].value;
		break;
	case OP_AMAP:
		flags = op->arg[4].value;
		break;
	case OP_AREMAP:
		flags = op->arg[3].value;
		break;
	case OP_DEALLOCATE:
		if (first->base == ARG_PLAIN && nobodys(first->value) &&
		    first->value + size - 1 > first->value &&
		    !nobodys(first->value + size - 1))
			return "it would free what is not the arena's";
		if (first->base == ARG_ARENA &&
		    !stays_inside(first->value, size, h))
			return "it would free what is not the arena's";
		return NULL;
	default:
		return NULL;
	}
	if (flags & (PERMANENT | TPRO))
		return "memory that cannot be freed";
	if ((flags & OVERWRITE) && !(flags & ANYWHERE) &&
	    first->base == ARG_ARENA &&
	    (!stays_inside(first->value, size, h) ||
		!stays_inside((first->value + mask) & ~mask, size, h)))
		return "it would overwrite what is not the arena's";
	return NULL;
}
