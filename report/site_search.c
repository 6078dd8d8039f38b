/*
 * Constants by name, and what the search box looks through.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <ctype.h>
#include <err.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "json.h"
#include "site.h"

/* What the cases write for a longer name. */
static const struct {
	const char *in_call, *name;
} short_names[] = {
	{ "REALLOC", "VM_MEMORY_REALLOC" },
	{ "LARGE", "VM_MEMORY_MALLOC_LARGE" },
};

/* Of a constant that more behaviours have than this each would be in the way of
 * the others; the search box shows as many. */
#define MANY 60

/* A constant in a behaviour. */
struct use {
	char *name;
	size_t behaviour;
};

struct uses {
	struct use *list;
	size_t count, room;
};

static void
add(struct uses *u, const char *name, size_t length, size_t behaviour)
{
	for (size_t i = u->count; i-- > 0 && u->list[i].behaviour == behaviour;)
		if (strncmp(u->list[i].name, name, length) == 0 &&
		    u->list[i].name[length] == '\0')
			return;
	if (u->count == u->room) {
		u->room = u->room == 0 ? 1024 : 2 * u->room;
		u->list = realloc(u->list, u->room * sizeof(*u->list));
		if (u->list == NULL)
			err(2, "memory");
	}
	u->list[u->count].behaviour = behaviour;
	if ((u->list[u->count++].name = strndup(name, length)) == NULL)
		err(2, "memory");
}

static void
add_all(struct uses *u, const char *text, size_t behaviour)
{
	const char *name;
	size_t length;

	while ((length = next_constant(&text, &name)) > 0)
		add(u, name, length, behaviour);
}

static bool
is_word(char c)
{
	return isalnum((unsigned char)c) || c == '_';
}

static void
add_short_names(struct uses *u, const char *call, size_t behaviour)
{
	for (size_t i = 0; i < sizeof(short_names) / sizeof(*short_names);
	     i++) {
		const char *in = short_names[i].in_call;
		const char *at = strstr(call, in);

		if (at != NULL && (at == call || !is_word(at[-1])) &&
		    !is_word(at[strlen(in)]))
			add(u, short_names[i].name, strlen(short_names[i].name),
			    behaviour);
	}
}

static void
gather(struct uses *u, const struct site *s)
{
	for (size_t i = 0; i < s->table.row_count; i++) {
		const struct behaviour *b = &s->all[i];

		add_all(u, b->row->sentence, i);
		for (size_t n = 0; n < b->variants.count; n++) {
			const struct result *r =
			    b->variants.list[n].shown->shown;

			for (size_t k = 0; k < r->answer_count; k++) {
				add_all(u, r->answers[k].call, i);
				add_all(u, r->answers[k].answer, i);
				add_short_names(u, r->answers[k].call, i);
			}
		}
	}
}

static int
by_name(const void *a, const void *b)
{
	const struct use *x = a, *y = b;
	int order = strcmp(x->name, y->name);

	return order != 0 ?
	    order :
	    (x->behaviour > y->behaviour) - (x->behaviour < y->behaviour);
}

/* The behaviours that have one name, [from, to) of the list. */
static void
put_uses(FILE *f, const struct site *s, const struct uses *u, size_t from,
    size_t to)
{
	const bool many = to - from > MANY;
	size_t same;

	for (size_t i = from; i < to; i += same) {
		const char *routine = s->all[u->list[i].behaviour].row->routine;

		for (same = 1; i + same < to &&
		     strcmp(s->all[u->list[i + same].behaviour].row->routine,
			 routine) == 0;
		     same++)
			;
		fputs("<b>", f);
		put_html(f, routine);
		fputs("</b> ", f);
		if (many) {
			fputs("<a href=\"", f);
			put_html(f, routine);
			fprintf(f, ".html\">%zu</a>\n", same);
			continue;
		}
		for (size_t k = i; k < i + same; k++) {
			const struct behaviour *b =
			    &s->all[u->list[k].behaviour];

			fputs("<a href=\"", f);
			put_link(f, b);
			fputs("\">", f);
			put_html(f, b->row->id);
			fputs("</a>\n", f);
		}
	}
}

static void
write_constants(struct site *s, const struct uses *u)
{
	FILE *f = site_open(s, "constants.html", "Constants by name");
	size_t next;

	fprintf(f,
	    "<h1>Constants by name</h1>\n<p>Every behaviour whose sentence, "
	    "calls or answers have the name; where they are more than %d, how "
	    "many each routine has, and the search box finds them.</p>\n"
	    "<dl class=constants>\n",
	    MANY);
	for (size_t i = 0; i < u->count; i = next) {
		const char *name = u->list[i].name;

		for (next = i + 1;
		     next < u->count && strcmp(u->list[next].name, name) == 0;
		     next++)
			;
		fprintf(f, "<dt id=\"%s\"><a href=\"#%s\">%s</a>\n<dd>", name,
		    name, name);
		put_uses(f, s, u, i, next);
	}
	fputs("</dl>\n", f);
	site_close(s, f, true);
}

/* [support, [constants by place], anchor where it is not the id], for each row
 * of the matrix: what matrix.js has of it is not said again.  Scripts, as pages
 * that were opened as files cannot fetch anything. */
static json_t *
entries(const struct site *s, const struct uses *u, const json_t *places)
{
	json_t *list = json_array(), *one;

	for (size_t i = 0; i < s->table.row_count; i++) {
		const struct behaviour *b = &s->all[i];

		one = json_pack("[io]", (int)b->support, json_array());
		if (strcmp(b->anchor, b->row->id) != 0)
			json_array_append_new(one, text_to_json(b->anchor));
		json_array_append_new(list, one);
	}
	for (size_t i = 0; i < u->count; i++)
		json_array_append(json_array_get(json_array_get(list,
						     u->list[i].behaviour),
				      1),
		    json_object_get(places, u->list[i].name));
	return list;
}

static void
write_data(struct site *s, const struct uses *u)
{
	FILE *f = site_open(s, "search.js", NULL);
	json_t *names = json_array(), *places = json_object(), *root;

	for (size_t i = 0; i < u->count; i++) {
		if (json_object_get(places, u->list[i].name) != NULL)
			continue;
		json_object_set_new(places, u->list[i].name,
		    json_integer((json_int_t)json_array_size(names)));
		json_array_append_new(names, json_string(u->list[i].name));
	}
	root = json_pack("{soso}", "constants", names, "behaviours",
	    entries(s, u, places));
	fputs("searchIn(", f);
	json_dumpf(root, f, JSON_COMPACT);
	fputs(");\n", f);
	json_decref(root);
	json_decref(places);
	site_close(s, f, false);
}

void
write_search(struct site *s)
{
	struct uses u = { 0 };

	gather(&u, s);
	if (u.count > 1)
		qsort(u.list, u.count, sizeof(*u.list), by_name);
	write_constants(s, &u);
	write_data(s, &u);
	for (size_t i = 0; i < u.count; i++)
		free(u.list[i].name);
	free(u.list);
}
