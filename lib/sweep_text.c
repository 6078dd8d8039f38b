/*
 * Reading the text of a sweep.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "sweep_text.h"

#include "darwin_mman.h"
#include "system.h"

static const struct {
	const char *name;
	uint64_t value;
} names[] = {
#define NAME(name_, value_) { name_, (uint64_t)(value_) },
#include "sweep_names.h"
#undef NAME
};

static struct mt_piece
piece(const char *s)
{
	return (struct mt_piece){ s, mt_length(s) };
}

bool
mt_piece_equal(struct mt_piece a, struct mt_piece b)
{
	if (a.length != b.length)
		return false;
	for (size_t i = 0; i < a.length; i++)
		if (a.start[i] != b.start[i])
			return false;
	return true;
}

void
mt_put_piece(struct mt_text *t, struct mt_piece p)
{
	mt_put_bytes(t, p.start, p.length);
}

static void
drop(struct mt_piece *p, size_t n)
{
	p->start += n;
	p->length -= n;
}

/* What stands before the next c, or all; it and the c are taken away. */
static struct mt_piece
cut(struct mt_piece *p, char c)
{
	struct mt_piece head = *p;
	size_t n = 0;

	while (n < p->length && p->start[n] != c)
		n++;
	head.length = n;
	drop(p, n < p->length ? n + 1 : n);
	return head;
}

static struct mt_piece
trim(struct mt_piece p)
{
	while (p.length > 0 && p.start[0] == ' ')
		drop(&p, 1);
	while (p.length > 0 && p.start[p.length - 1] == ' ')
		p.length--;
	return p;
}

/* The next word; what is taken away ends behind the space after it. */
static struct mt_piece
word(struct mt_piece *p)
{
	*p = trim(*p);
	return cut(p, ' ');
}

static bool
begins(struct mt_piece p, const char *s)
{
	const struct mt_piece prefix = piece(s);

	if (p.length < prefix.length)
		return false;
	p.length = prefix.length;
	return mt_piece_equal(p, prefix);
}

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* Digits, or 0x and hexadecimal ones, off the front. */
static uint64_t
number(struct mt_piece *p)
{
	uint64_t n = 0;
	bool hex = begins(*p, "0x");

	if (hex)
		drop(p, 2);
	for (; p->length > 0; drop(p, 1)) {
		char c = p->start[0];

		if (is_digit(c))
			n = n * (hex ? 16 : 10) + (uint64_t)(c - '0');
		else if (hex && c >= 'a' && c <= 'f')
			n = n * 16 + (uint64_t)(c - 'a' + 10);
		else
			break;
	}
	return n;
}

static int
place(struct mt_piece stage, struct mt_piece name)
{
	const bool hole = mt_piece_equal(name, piece("hole"));

	if (mt_piece_equal(name, piece("end")))
		return (int)stage.length;
	if (!hole && name.length != 1)
		return -1;
	for (size_t i = 0; i < stage.length; i++)
		if (hole ? i > 0 && stage.start[i] == '.' :
			   stage.start[i] == name.start[0])
			return (int)i;
	return -1;
}

/* The letters of a protection, "rw": each a constant. */
static bool
protection(struct mt_piece name, uint64_t *value)
{
	*value = 0;
	for (size_t i = 0; i < name.length; i++)
		switch (name.start[i]) {
		case 'r':
			*value |= VM_PROT_READ;
			break;
		case 'w':
			*value |= VM_PROT_WRITE;
			break;
		case 'x':
			*value |= VM_PROT_EXECUTE;
			break;
		default:
			return false;
		}
	return name.length > 0;
}

static bool
constant(struct mt_piece name, uint64_t *value)
{
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (mt_piece_equal(name, piece(names[i].name))) {
			*value = names[i].value;
			return true;
		}
	return protection(name, value);
}

static bool
term(struct mt_sweep_value *v, struct mt_piece stage, struct mt_piece p,
    bool negative)
{
	const int64_t sign = negative ? -1 : 1;
	uint64_t factor = 1, value;
	int page;

	if (p.length > 0 && is_digit(p.start[0])) {
		factor = number(&p);
		if (p.length == 0) {
			v->bytes += (uint64_t)sign * factor;
			return true;
		}
		if (p.start[0] != '*')
			return false;
		drop(&p, 1);
	}
	if (mt_piece_equal(p, piece("page"))) {
		v->pages += sign * (int64_t)factor;
	} else if (mt_piece_equal(p, piece("address"))) {
		v->addresses += sign * (int64_t)factor;
	} else if ((page = place(stage, p)) >= 0) {
		v->pages += sign * page;
		v->in_stage = true;
	} else if (constant(p, &value)) {
		v->bytes += (uint64_t)sign * value * factor;
	} else {
		return false;
	}
	return true;
}

static bool
value(struct mt_sweep_value *v, struct mt_piece stage, struct mt_piece name)
{
	struct mt_piece rest = name;
	bool negative = false;

	*v = (struct mt_sweep_value){ .name = name };
	while (rest.length > 0) {
		struct mt_piece t = rest;
		size_t n = 0;

		if (rest.start[0] == '-' || rest.start[0] == '+') {
			negative = rest.start[0] == '-';
			drop(&rest, 1);
			t = rest;
		}
		while (n < t.length && t.start[n] != '-' && t.start[n] != '+')
			n++;
		t.length = n;
		drop(&rest, n);
		if (!term(v, stage, t, negative))
			return false;
	}
	return name.length > 0;
}

static const char *
read_axis(struct mt_sweep_text *s, struct mt_piece line)
{
	struct mt_sweep_axis *a = &s->axis[s->axes];

	if (s->axes == MT_SWEEP_AXES)
		return "more axes than there can be";
	a->name = word(&line);
	a->count = 0;
	while ((line = trim(line)).length > 0) {
		if (a->count == MT_SWEEP_VALUES)
			return "an axis has more values than it can";
		if (!value(&a->value[a->count++], s->stage, word(&line)))
			return "a value of an axis has no meaning";
	}
	if (a->count == 0 || s->trials > MT_SWEEP_TRIALS / a->count)
		return "a sweep has no trial, or too many";
	s->trials *= a->count;
	s->axes++;
	return NULL;
}

const char *
mt_sweep_read(struct mt_sweep_text *s, const char *text, const char *name)
{
	struct mt_piece rest = piece(text), line;
	const char *problem = NULL;

	s->name = piece(name);
	s->axes = 0;
	s->trials = 1;
	s->stage = piece("");
	do {
		if (rest.length == 0)
			return "there is no sweep of that name";
		line = cut(&rest, '\n');
	} while (!begins(line, "sweep ") ||
	    (drop(&line, 6), !mt_piece_equal(line, s->name)));
	while (problem == NULL && rest.length > 0) {
		line = cut(&rest, '\n');
		if (begins(line, "stage ")) {
			drop(&line, 6);
			s->stage = line;
		} else if (begins(line, "axis ")) {
			drop(&line, 5);
			problem = read_axis(s, line);
		} else if (begins(line, "answers")) {
			break;
		} else {
			problem = "a line is neither stage, axis nor answers";
		}
	}
	if (problem == NULL && s->stage.length > MT_SWEEP_STAGE)
		problem = "the stage has too many pages";
	s->answers = rest;
	return problem;
}

/* ---- answers -------------------------------------------------------------- */

struct reading {
	const struct mt_sweep_text *s;
	const struct mt_sweep_flavour *flavour;
	struct mt_piece *pieces;
	unsigned *count;
	uint16_t *answer;
	uint64_t chosen[MT_SWEEP_AXES]; /* of each axis which values */
	uint32_t filled;
};

static int
find(const struct mt_sweep_axis *a, struct mt_piece name)
{
	for (unsigned i = 0; i < a->count; i++)
		if (mt_piece_equal(a->value[i].name, name))
			return (int)i;
	return -1;
}

/* "x..y" or "x" */
static bool
choose_values(const struct mt_sweep_axis *a, struct mt_piece name,
    uint64_t *chosen)
{
	struct mt_piece last = name;
	int i, j;

	for (size_t n = 0; n + 1 < name.length; n++)
		if (name.start[n] == '.' && name.start[n + 1] == '.') {
			drop(&last, n + 2);
			name.length = n;
		}
	i = find(a, name);
	j = find(a, last);
	if (i < 0 || j < i)
		return false;
	for (; i <= j; i++)
		*chosen |= UINT64_C(1) << i;
	return true;
}

static uint64_t
all_values(const struct mt_sweep_axis *a)
{
	return a->count == 64 ? UINT64_MAX : (UINT64_C(1) << a->count) - 1;
}

static bool
holds(const struct mt_sweep_flavour *f, struct mt_piece conditions)
{
	char release[16];
	struct mt_text t = MT_TEXT(release);

	while ((conditions = trim(conditions)).length > 0) {
		struct mt_piece w = word(&conditions);

		if (mt_piece_equal(w, piece("until"))) {
			t = MT_TEXT(release);
			mt_put_piece(&t, word(&conditions));
			if (!mt_release_until(f->release, release))
				return false;
		} else if (!mt_piece_equal(w, piece(f->arch))) {
			return false;
		}
	}
	return true;
}

/* The alternative for the flavour; of length 0: none. */
static struct mt_piece
alternative(const struct mt_sweep_flavour *f, struct mt_piece leaf)
{
	while ((leaf = trim(leaf)).length > 0) {
		struct mt_piece one = trim(cut(&leaf, ';')), conditions;

		if (!begins(one, "["))
			return one;
		drop(&one, 1);
		conditions = cut(&one, ']');
		if (holds(f, conditions))
			return trim(one);
	}
	return leaf;
}

static void
fill(struct reading *r, unsigned axis, uint32_t trial, uint16_t answer)
{
	const struct mt_sweep_axis *a = &r->s->axis[axis];

	if (axis == r->s->axes) {
		r->filled += r->answer[trial] == UINT16_MAX;
		r->answer[trial] = answer;
		return;
	}
	for (unsigned i = 0; i < a->count; i++)
		if ((r->chosen[axis] >> i & 1) != 0)
			fill(r, axis + 1, trial * a->count + i, answer);
}

static const char *
read_leaf(struct reading *r, struct mt_piece leaf)
{
	const struct mt_piece one = alternative(r->flavour, leaf);
	unsigned i = 0;

	if (one.length == 0)
		return "no alternative of an answer applies";
	while (i < *r->count && !mt_piece_equal(r->pieces[i], one))
		i++;
	if (i == MT_SWEEP_ANSWERS)
		return "more answers than there can be";
	if (i == *r->count)
		r->pieces[(*r->count)++] = one;
	fill(r, 0, 0, (uint16_t)i);
	return NULL;
}

static const char *
read_line(struct reading *r, struct mt_piece line)
{
	struct mt_piece path;
	bool leaf = false;
	unsigned axis = 0;

	while (line.length > 0 && line.start[0] == ' ') {
		drop(&line, 1);
		axis++;
	}
	for (size_t i = 0; i < line.length; i++)
		leaf |= line.start[i] == ':';
	path = cut(&line, ':');
	while ((path = trim(path)).length > 0) {
		struct mt_piece part = trim(cut(&path, '/'));

		if (axis >= r->s->axes)
			return "an answer stands deeper than there are axes";
		r->chosen[axis] = 0;
		if (mt_piece_equal(part, piece("*")))
			r->chosen[axis] = all_values(&r->s->axis[axis]);
		else
			while ((part = trim(part)).length > 0)
				if (!choose_values(&r->s->axis[axis],
					word(&part), &r->chosen[axis]))
					return "an answer names a value that "
					       "its axis has not";
		axis++;
	}
	if (!leaf)
		return NULL;
	for (; axis < r->s->axes; axis++)
		r->chosen[axis] = all_values(&r->s->axis[axis]);
	return read_leaf(r, line);
}

const char *
mt_sweep_answers(const struct mt_sweep_text *s,
    const struct mt_sweep_flavour *flavour, struct mt_piece *pieces,
    unsigned *count, uint16_t *answer)
{
	struct reading r = { .s = s,
		.flavour = flavour,
		.pieces = pieces,
		.count = count,
		.answer = answer };
	struct mt_piece rest = s->answers;
	const char *problem = NULL;

	*count = 0;
	for (uint32_t i = 0; i < s->trials; i++)
		answer[i] = UINT16_MAX;
	while (problem == NULL && rest.length > 0) {
		struct mt_piece line = cut(&rest, '\n');

		if (begins(line, "sweep "))
			break;
		if (trim(line).length > 0)
			problem = read_line(&r, line);
	}
	if (problem == NULL && r.filled != s->trials)
		problem = "a trial has no answer";
	return problem;
}

/* ---- trials --------------------------------------------------------------- */

/* Of each axis the value's place. */
static void
places(const struct mt_sweep_text *s, uint32_t trial, unsigned *place_of)
{
	for (unsigned a = s->axes; a-- > 0; trial /= s->axis[a].count)
		place_of[a] = trial % s->axis[a].count;
}

void
mt_sweep_values(const struct mt_sweep_text *s, uint32_t trial,
    mach_vm_address_t window, mach_vm_size_t page, uint64_t *values)
{
	unsigned place_of[MT_SWEEP_AXES];
	uint64_t address = 0;

	places(s, trial, place_of);
	for (unsigned a = 0; a < s->axes; a++) {
		const struct mt_sweep_value *v = &s->axis[a].value[place_of[a]];

		values[a] = v->bytes + (uint64_t)v->pages * page +
		    (v->in_stage ? window : 0) +
		    (uint64_t)v->addresses * address;
		if (mt_piece_equal(s->axis[a].name, piece("address")))
			address = values[a];
	}
}

void
mt_put_trial(struct mt_text *t, const struct mt_sweep_text *s, uint32_t trial)
{
	unsigned place_of[MT_SWEEP_AXES];

	places(s, trial, place_of);
	for (unsigned a = 0; a < s->axes; a++) {
		if (a > 0)
			mt_put_char(t, ' ');
		mt_put_piece(t, s->axis[a].name);
		mt_put_char(t, '=');
		mt_put_piece(t, s->axis[a].value[place_of[a]].name);
	}
}
