/*
 * matrix: many runs side by side, a behaviour a row.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <err.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "commands.h"
#include "json.h"
#include "matrix_html.h"
#include "merge_routes.h"
#include "table.h"

/* Why a case failed is told of so many, and so long, that a page of runs that
 * fail everywhere stays small. */
enum { WRONG_LIMIT = 500, WRONG_SIZE = 1500 };

struct page {
	struct table table;
	json_t *strings, *string_index;
	json_t *pairs, *pair_index; /* of a call and its answer */
	json_t *outcomes, *outcome_index;
	size_t wrong; /* that were printed in full */
};

/* The place of a string in the list of all strings. */
static json_int_t
intern(json_t *list, json_t *index, const char *key, json_t *value)
{
	json_t *known = json_object_get(index, key);
	json_int_t at;

	if (known != NULL) {
		json_decref(value);
		return json_integer_value(known);
	}
	at = (json_int_t)json_array_size(list);
	json_array_append_new(list, value);
	json_object_set_new(index, key, json_integer(at));
	return at;
}

static json_int_t
intern_string(struct page *p, const char *s)
{
	json_t *j = text_to_json(s);

	return intern(p->strings, p->string_index, json_string_value(j), j);
}

/* The reason; of what is wrong, what it printed. */
static json_int_t
intern_reason(struct page *p, const struct result *r)
{
	json_int_t at;
	size_t size;
	char *text;
	FILE *f;

	if (!verdict_wrong(r->verdict) || p->wrong++ >= WRONG_LIMIT)
		return intern_string(p, r->reason);
	if ((f = open_memstream(&text, &size)) == NULL)
		err(2, "memory");
	put_wrong(f, r);
	if (fclose(f) != 0)
		err(2, "memory");
	if (size > WRONG_SIZE)
		strcpy(text + WRONG_SIZE - 4, "...");
	at = intern_string(p, text);
	free(text);
	return at;
}

/* Under the text of a list that says where its parts are. */
static json_int_t
intern_list(json_t *list, json_t *index, json_t *value)
{
	char *key = json_dumps(value, JSON_COMPACT);
	json_int_t at;

	if (key == NULL)
		errx(2, "memory");
	at = intern(list, index, key, value);
	free(key);
	return at;
}

/* [verdict, reason, pair...], all but the first by place. */
static json_int_t
intern_outcome(struct page *p, const struct result *r)
{
	json_t *o = json_pack("[iI]", (int)r->verdict, intern_reason(p, r));
	json_t *pair;

	for (size_t i = 0; i < r->answer_count; i++) {
		pair = json_pack("[II]", intern_string(p, r->answers[i].call),
		    intern_string(p, r->answers[i].answer));
		json_array_append_new(o,
		    json_integer(intern_list(p->pairs, p->pair_index, pair)));
	}
	return intern_list(p->outcomes, p->outcome_index, o);
}

/* The outcomes of a route, one a column, -1 where it did not run. */
static json_t *
route_cells(struct page *p, json_t *cells, const char *route)
{
	json_t *name = text_to_json(route); /* a key must be UTF-8 */
	json_t *list = json_object_get(cells, json_string_value(name));

	if (list == NULL) {
		list = json_array();
		for (size_t i = 0; i < p->table.run_count; i++)
			json_array_append_new(list, json_integer(-1));
		json_object_set_new(cells, json_string_value(name), list);
	}
	json_decref(name);
	return list;
}

static void
fill_column(struct page *p, const struct result *row, size_t column,
    json_t *cells)
{
	const struct run *run = p->table.runs[column];

	for (const struct result *r = run_find_row(run, row); r != NULL;
	     r = table_next(run, r))
		json_array_set_new(route_cells(p, cells, r->route), column,
		    json_integer(intern_outcome(p, r)));
}

/* [-1, -1, 7] as [-1, 2, 7, 1]: neighbours mostly answer alike. */
static json_t *
by_lengths(const json_t *list)
{
	json_t *runs = json_array();
	size_t count = json_array_size(list), end;
	json_int_t value;

	for (size_t i = 0; i < count; i = end) {
		value = json_integer_value(json_array_get(list, i));
		for (end = i + 1; end < count &&
		     json_integer_value(json_array_get(list, end)) == value;
		     end++)
			;
		json_array_append_new(runs, json_integer(value));
		json_array_append_new(runs,
		    json_integer((json_int_t)(end - i)));
	}
	return runs;
}

/* The group of the routes that have these runs, or a new one. */
static json_t *
group_of(json_t *groups, json_t *runs)
{
	json_t *group;

	for (size_t i = 0; i < json_array_size(groups); i++) {
		group = json_array_get(groups, i);
		if (json_equal(json_array_get(group, 0), runs))
			return group;
	}
	group = json_pack("[O]", runs);
	json_array_append_new(groups, group);
	return group;
}

/* [runs, route, route...] for each list that differs, strings by place. */
static json_t *
join_routes(struct page *p, json_t *cells)
{
	json_t *groups = json_array(), *list, *runs;
	const char *route;

	json_object_foreach(cells, route, list)
	{
		runs = by_lengths(list);
		json_array_append_new(group_of(groups, runs),
		    json_integer(intern_string(p, route)));
		json_decref(runs);
	}
	return groups;
}

static json_t *
row_to_json(struct page *p, const struct result *r)
{
	char *name = strndup(r->name, result_name_length(r));
	json_t *cells = json_object(), *j;

	if (name == NULL)
		err(2, "memory");
	for (size_t i = 0; i < p->table.run_count; i++)
		fill_column(p, r, i, cells);
	j = json_pack("[IIIIIoI]", intern_string(p, r->routine),
	    intern_string(p, r->id), intern_string(p, name),
	    intern_string(p, r->sentence), intern_string(p, r->source),
	    join_routes(p, cells), intern_string(p, r->seen));
	json_decref(cells);
	free(name);
	return j;
}

static json_t *
column_to_json(const struct run *run)
{
	json_t *keys = json_object(), *counts = json_array();

	for (size_t i = 0; i < run->key_count; i++)
		json_object_set_new(keys, run->keys[i].name,
		    text_to_json(run->keys[i].value));
	for (int v = 0; v < VERDICTS; v++)
		json_array_append_new(counts,
		    json_integer((json_int_t)run_count(run, (enum verdict)v)));
	return json_pack("{so sI so so}", "label", text_to_json(run_label(run)),
	    "start", (json_int_t)run->start, "keys", keys, "counts", counts);
}

static json_t *
table_to_json(struct page *p)
{
	json_t *columns = json_array(), *rows = json_array();

	const struct table *t = &p->table;

	for (size_t i = 0; i < t->run_count; i++)
		json_array_append_new(columns, column_to_json(t->runs[i]));
	for (size_t i = 0; i < t->row_count; i++)
		json_array_append_new(rows, row_to_json(p, t->rows[i]));
	return json_pack("{sO so sO sO so}", "strings", p->strings, "columns",
	    columns, "pairs", p->pairs, "outcomes", p->outcomes, "rows", rows);
}

/* JSON inside a script element: no text may end the element. */
static int
put_script(const char *buffer, size_t size, void *to)
{
	for (size_t i = 0; i < size; i++) {
		if (buffer[i] == '<')
			fputs("\\u003c", to);
		else
			putc(buffer[i], to);
	}
	return 0;
}

/* The page up to the mark, which is left out; what follows it. */
static const char *
put_until(FILE *f, const char *page, const char *mark)
{
	const char *at = strstr(page, mark);

	fwrite(page, 1, (size_t)(at - page), f);
	return at + strlen(mark);
}

/* With a FILE of its own for the data the page loads them as matrix.js. */
static void
put_page(struct page *p, FILE *f, FILE *data)
{
	json_t *root = table_to_json(p);
	const char *rest = put_until(f, matrix_html, "@HOME@");

	if (data != NULL)
		fputs("<p><a href=\"index.html\">Reference pages</a></p>\n", f);
	rest = put_until(f, rest, "@DATA@");
	fputs(data != NULL ? "<script src=\"matrix.js\">" :
			     "<script type=\"application/json\" id=\"data\">",
	    f);
	if (data != NULL)
		fputs("const matrixData = ", data);
	json_dump_callback(root, put_script, data != NULL ? data : f,
	    JSON_COMPACT);
	if (data != NULL)
		fputs(";\n", data);
	fputs("</script>", f);
	fputs(rest, f);
	json_decref(root);
}

/* ---- Markdown and TSV ------------------------------------------------------ */

static bool
same_outcome(const struct result *a, const struct result *b)
{
	char *x = result_answers(a), *y = result_answers(b);
	bool same = a->verdict == b->verdict &&
	    strcmp(x != NULL ? x : "", y != NULL ? y : "") == 0;

	free(x);
	free(y);
	return same;
}

static bool
routes_agree(const struct run *run, const struct result *first)
{
	for (const struct result *r = first; r != NULL; r = table_next(run, r))
		if (!same_outcome(first, r))
			return false;
	return true;
}

static void put_plain(const char *, bool markdown);

/* Routes that agree once, else "route: answer" for each. */
static void
print_cell(const struct run *run, const struct result *row, bool markdown)
{
	const struct result *first = run_find_row(run, row), *r;
	bool agree = routes_agree(run, first);
	char *answers;

	for (r = first; r != NULL; r = agree ? NULL : table_next(run, r)) {
		answers = result_answers(r);
		if (!agree)
			printf("%s%s: ", r != first ? ", " : "", r->route);
		printf("%s ", verdict_name(r->verdict));
		put_plain(answers != NULL ? answers : "", markdown);
		free(answers);
	}
}

static void
put_plain(const char *text, bool markdown)
{
	for (; *text != '\0'; text++) {
		if (markdown && (*text == '|' || *text == '<'))
			fputs(*text == '|' ? "\\|" : "&lt;", stdout);
		else
			putchar((unsigned char)*text < ' ' ? ' ' : *text);
	}
}

static void
print_plain(const struct table *t, bool markdown)
{
	const char *bar = markdown ? " | " : "\t";

	printf("%sroutine%sid%sname", markdown ? "| " : "", bar, bar);
	for (size_t i = 0; i < t->run_count; i++) {
		fputs(bar, stdout);
		put_plain(run_label(t->runs[i]), markdown);
	}
	puts(markdown ? " |" : "");
	if (markdown) {
		printf("|---|---|---|");
		for (size_t i = 0; i < t->run_count; i++)
			printf("---|");
		putchar('\n');
	}
	for (size_t i = 0; i < t->row_count; i++) {
		const struct result *r = t->rows[i];

		printf("%s%s%s%s%s%.*s", markdown ? "| " : "", r->routine, bar,
		    r->id, bar, (int)result_name_length(r), r->name);
		for (size_t k = 0; k < t->run_count; k++) {
			fputs(bar, stdout);
			print_cell(t->runs[k], r, markdown);
		}
		puts(markdown ? " |" : "");
	}
}

static void
page_make(struct page *p, struct run *const *runs, size_t count)
{
	*p = (struct page){ .strings = json_array(),
		.string_index = json_object(),
		.pairs = json_array(),
		.pair_index = json_object(),
		.outcomes = json_array(),
		.outcome_index = json_object() };
	table_make(&p->table, runs, count);
}

static void
page_free(struct page *p)
{
	json_decref(p->strings);
	json_decref(p->string_index);
	json_decref(p->pairs);
	json_decref(p->pair_index);
	json_decref(p->outcomes);
	json_decref(p->outcome_index);
	table_free(&p->table);
}

int
matrix(struct run *const *runs, size_t count, enum format format)
{
	struct page p;

	page_make(&p, runs, count);
	if (format == HTML)
		put_page(&p, stdout, NULL);
	else
		print_plain(&p.table, format == MARKDOWN);
	page_free(&p);
	return 0;
}

void
matrix_page(struct run *const *runs, size_t count, FILE *page, FILE *data)
{
	struct page p;

	page_make(&p, runs, count);
	put_page(&p, page, data);
	page_free(&p);
}
