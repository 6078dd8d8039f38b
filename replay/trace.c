/*
 * A trace, one sequence at a time, and the memory that sequences live in.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "trace.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "input.h"

enum { OPS_LIMIT = 100000 };

/* ---- memory ------------------------------------------------------------- */

/* Room for one more in an array that doubles; false: no memory. */
static bool
grow(void *array, int count, int *room, size_t size)
{
	void **a = array;

	if (count < *room)
		return true;
	int more = *room == 0 ? 16 : *room * 2;
	void *p = realloc(*a, (size_t)more * size);
	if (p == NULL)
		return false;
	memset((char *)p + (size_t)*room * size, 0,
	    (size_t)(more - *room) * size);
	*a = p;
	*room = more;
	return true;
}

struct entry *
layout_add(struct layout *l)
{
	if (!grow(&l->entry, l->count, &l->room, sizeof(*l->entry)))
		return NULL;
	return &l->entry[l->count++];
}

void
layout_copy(struct layout *to, const struct layout *from)
{
	to->count = 0;
	for (int i = 0; i < from->count; i++) {
		struct entry *e = layout_add(to);

		if (e == NULL)
			abort();
		*e = from->entry[i];
	}
}

void
layout_free(struct layout *l)
{
	free(l->entry);
	memset(l, 0, sizeof(*l));
}

struct op *
sequence_add_op(struct sequence *s)
{
	if (!grow(&s->op, s->ops, &s->op_room, sizeof(*s->op)))
		return NULL;
	struct op *op = &s->op[s->ops++];
	memset(op, 0, sizeof(*op));
	op->layout = -1;
	return op;
}

int
sequence_add_layout(struct sequence *s)
{
	if (!grow(&s->layout, s->layouts, &s->layout_room, sizeof(*s->layout)))
		return -1;
	s->layout[s->layouts].count = 0;
	return s->layouts++;
}

void
sequence_clear(struct sequence *s)
{
	s->ops = s->layouts = 0;
	s->gave_up = false;
	s->why[0] = '\0';
	s->anywhere = false;
}

void
sequence_free(struct sequence *s)
{
	for (int i = 0; i < s->layout_room; i++)
		layout_free(&s->layout[i]);
	free(s->layout);
	free(s->op);
	memset(s, 0, sizeof(*s));
}

/* ---- the header --------------------------------------------------------- */

static bool
bad(struct trace *t, const char *format, ...)
{
	va_list list;

	va_start(list, format);
	vsnprintf(t->problem, sizeof(t->problem), format, list);
	va_end(list);
	return false;
}

static char *
next_line(struct trace *t)
{
	const char *problem;
	char *line = t->next;

	if (line != NULL) {
		t->next = NULL;
		t->line++;
		return line;
	}
	line = input_line(t->input, &problem);
	t->line++;
	if (problem != NULL)
		bad(t, "%s", problem);
	return line;
}

static void
put_back(struct trace *t, char *line)
{
	t->next = line;
	t->line--;
}

static bool
text(char *to, size_t size, const char *value)
{
	size_t n = strlen(value);

	if (n == 0 || n >= size)
		return false;
	memcpy(to, value, n + 1);
	return true;
}

static bool
header_number(const char *value, uint64_t *n)
{
	char *end;

	if (*value < '0' || *value > '9')
		return false;
	*n = strtoull(value, &end, 0);
	return *end == '\0';
}

static bool
header_field(struct header *h, const char *name, const char *value)
{
#define TEXT(field_)                    \
	if (strcmp(name, #field_) == 0) \
	return text(h->field_, sizeof(h->field_), value)
	TEXT(kernel);
	TEXT(macos);
	TEXT(arch);
	TEXT(how);
	TEXT(gen);
	TEXT(profile);
	TEXT(seeds);
#undef TEXT
	if (strcmp(name, "page") == 0)
		return header_number(value, &h->page);
	if (strcmp(name, "arena") == 0)
		return header_number(value, &h->arena);
	if (strcmp(name, "guard") == 0)
		return header_number(value, &h->guard);
	if (strcmp(name, "ops") == 0) {
		uint64_t n;

		if (!header_number(value, &n) || n > OPS_LIMIT)
			return false;
		h->ops = (unsigned)n;
	}
	return true; /* a word of a later revision */
}

static bool
parse_header(struct trace *t, char *line)
{
	struct header *h = &t->header;
	char *save, *w;

	for (w = strtok_r(line + 1, " ", &save); w != NULL;
	     w = strtok_r(NULL, " ", &save)) {
		char *value = strchr(w, '=');

		if (value == NULL)
			continue;
		*value++ = '\0';
		if (!header_field(h, w, value))
			return bad(t, "header: %.30s=%.40s makes no sense", w,
			    value);
	}
	return true;
}

static bool
check_header(struct trace *t)
{
	const struct header *h = &t->header;

	/* calls without answers: the page is this system's */
	if (!t->answers && !t->headed)
		return true;
	if (h->page < 4096 || h->page > 65536 || (h->page & (h->page - 1)) != 0)
		return bad(t, "header: page= is not a page size");
	if (h->arena == 0 || h->arena > UINT64_C(1) << 30 ||
	    h->arena % h->page != 0)
		return bad(t,
		    "header: arena= is no number of pages up to "
		    "1 GiB");
	if (h->guard == 0 || h->guard > UINT64_C(1) << 24 ||
	    h->guard % h->page != 0)
		return bad(t,
		    "header: guard= is no number of pages up to "
		    "16 MiB");
	return true;
}

void
header_release(const struct header *h, char release[32])
{
	const char *last = strrchr(h->macos, '-');

	snprintf(release, 32, "%s", last == NULL ? h->macos : last + 1);
}

bool
trace_open(struct trace *t, const char *path, bool need_answers)
{
	const char *problem;
	char *line;
	bool first = true;

	t->name = path;
	t->answers = need_answers;
	t->line = 0;
	t->next = NULL;
	t->problem[0] = '\0';
	t->headed = false;
	t->input = input_open(path, &problem);
	if (t->input == NULL)
		return bad(t, "%s", problem);
	while ((line = next_line(t)) != NULL) {
		if (line[0] != '#') {
			put_back(t, line);
			break;
		}
		if (first && strcmp(line, "# machvm-trace 1") == 0)
			t->headed = true;
		else if (strncmp(line, "# machvm-trace ", 15) == 0)
			return bad(t, "not version 1 of the format");
		else if (strncmp(line, "# kernel=", 9) == 0 &&
		    !parse_header(t, line))
			return false;
		first = false;
	}
	if (t->problem[0] != '\0')
		return false;
	if (need_answers && !t->headed) {
		t->line = 1;
		return bad(t,
		    "not a machvm-trace: the first line should be "
		    "\"# machvm-trace 1\"");
	}
	return check_header(t);
}

void
trace_close(struct trace *t)
{
	if (t->input != NULL)
		input_close(t->input);
	t->input = NULL;
}

/* ---- sequences ---------------------------------------------------------- */

static bool
parse_start(struct trace *t, char *line, struct sequence *s)
{
	char *end;

	if (line[2] < '0' || line[2] > '9')
		return bad(t, "S line: no sequence number");
	s->id = strtoull(line + 2, &end, 10);
	if (*end != ' ' || !text(s->profile, sizeof(s->profile), end + 1) ||
	    strchr(s->profile, ' ') != NULL)
		return bad(t, "S line: no profile");
	s->anywhere = strcmp(s->profile, "anywhere") == 0;
	return true;
}

/* An op line; the M line that belongs to it follows. */
static bool
one_op(struct trace *t, char *line, struct sequence *s)
{
	struct op *op = sequence_add_op(s);
	const char *problem;

	if (op == NULL)
		return bad(t, "out of memory");
	if (s->ops > OPS_LIMIT)
		return bad(t, "a sequence of more than %d calls", OPS_LIMIT);
	op->line = t->line;
	problem = parse_op(line, op, t->answers);
	if (problem == NULL)
		problem = op_unsafe(op, &t->header);
	if (problem != NULL)
		return bad(t, "%s", problem);
	return true;
}

static bool
one_layout(struct trace *t, char *line, struct sequence *s, struct op *op)
{
	const char *problem;

	if (strcmp(line, "M =") == 0) {
		if (s->layouts == 0)
			return bad(t, "M = without an M line before it");
		op->layout = s->layouts - 1;
		return true;
	}
	op->layout = sequence_add_layout(s);
	if (op->layout < 0)
		return bad(t, "out of memory");
	problem = parse_layout(line + 1, &s->layout[op->layout], s->anywhere);
	return problem == NULL || bad(t, "%s", problem);
}

int
trace_next(struct trace *t, struct sequence *s)
{
	char *line;
	struct op *wanting = NULL; /* the op whose M line is to come */
	bool started = false;

	sequence_clear(s);
	while ((line = next_line(t)) != NULL) {
		if (line[0] == '#')
			continue;
		if (line[0] == 'S' && line[1] == ' ') {
			if (started) {
				put_back(t, line);
				break;
			}
			if (!parse_start(t, line, s))
				return -1;
			s->line = t->line;
			started = true;
			continue;
		}
		if (!started) {
			if (t->answers) {
				bad(t, "a line before the first S line");
				return -1;
			}
			/* plain calls: one sequence without a start */
			started = true;
			s->id = 1;
			snprintf(s->profile, sizeof(s->profile), "%s",
			    t->header.profile[0] ? t->header.profile : "ops");
			s->anywhere = strcmp(s->profile, "anywhere") == 0;
			s->line = t->line;
		}
		if (line[0] == 'X' && (line[1] == ' ' || line[1] == '\0')) {
			s->gave_up = true;
			snprintf(s->why, sizeof(s->why), "%.100s",
			    line[1] ? line + 2 : "");
			wanting = NULL;
		} else if (s->gave_up) {
			continue;
		} else if (line[0] == 'M' &&
		    (line[1] == ' ' || line[1] == '\0')) {
			/* the state before the first call: empty */
			if (s->ops == 0 && line[1] == '\0')
				continue;
			if (wanting == NULL) {
				bad(t, "an M line that follows no call");
				return -1;
			}
			if (!one_layout(t, line, s, wanting))
				return -1;
			wanting = NULL;
		} else {
			if (wanting != NULL && t->answers) {
				bad(t,
				    "the M line of the call before is "
				    "missing");
				return -1;
			}
			if (!one_op(t, line, s))
				return -1;
			wanting = &s->op[s->ops - 1];
		}
	}
	if (t->problem[0] != '\0')
		return -1;
	if (wanting != NULL && t->answers) {
		bad(t, "the file ends where an M line should be");
		return -1;
	}
	return started ? 1 : 0;
}
