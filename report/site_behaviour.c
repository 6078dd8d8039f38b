/*
 * A behaviour as the pages show it: what it says, what it rests on, and who
 * answers how, a column for each group that answers alike.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <err.h>
#include <stdlib.h>
#include <string.h>

#include "site.h"

enum { CALLS = 12, CALL_LENGTH = 240 };

static const char *const processors[] = { "x86_64", "arm64", "rosetta" };
enum { PROCESSORS = 3 };

static const char *
release_of(const struct variants *v, size_t column)
{
	return run_key(v->table->runs[column], "release");
}

static bool
of_processor(const struct variants *v, size_t column, size_t p)
{
	return strcmp(run_processor(v->table->runs[column]), processors[p]) ==
	    0;
}

/* ---- who answers so -------------------------------------------------------- */

char *
kernels_of(const struct variants *v, int variant)
{
	char *text;
	size_t size;
	FILE *f = open_memstream(&text, &size);
	bool any = false, first;

	if (f == NULL)
		err(2, "memory");
	for (size_t p = 0; p < PROCESSORS; p++) {
		first = true;
		for (size_t i = 0; i < v->table->run_count; i++) {
			if (run_is_model(v->table->runs[i]) ||
			    !of_processor(v, i, p) ||
			    v->members[i].standing < UNJUDGED ||
			    (variant >= 0 ? v->of[i] != variant :
					    v->members[i].standing != JUDGED))
				continue;
			if (first)
				fprintf(f, "%s%s", any ? "; " : "",
				    processors[p]);
			fprintf(f, "%s %s", first ? "" : ",", release_of(v, i));
			first = false;
			any = true;
		}
	}
	if (fclose(f) != 0)
		err(2, "memory");
	return text;
}

/* Columns of a processor that say anything, in order of release: kernels and
 * models of one release are one. */
static size_t
order_of(const struct variants *v, size_t p, size_t *columns)
{
	size_t count = 0, k;

	for (size_t i = 0; i < v->table->run_count; i++) {
		if (v->of[i] < 0 || !of_processor(v, i, p))
			continue;
		for (k = count++; k > 0 &&
		     release_compare(release_of(v, columns[k - 1]),
			 release_of(v, i)) > 0;
		     k--)
			columns[k] = columns[k - 1];
		columns[k] = i;
	}
	return count;
}

/* The oldest and the newest release of the variant. */
static void
bounds(const struct variants *v, size_t variant, const char **low,
    const char **high)
{
	*low = *high = NULL;
	for (size_t i = 0; i < v->table->run_count; i++) {
		if (v->of[i] != (int)variant)
			continue;
		if (*low == NULL || release_compare(release_of(v, i), *low) < 0)
			*low = release_of(v, i);
		if (*high == NULL ||
		    release_compare(release_of(v, i), *high) > 0)
			*high = release_of(v, i);
	}
}

/* Does it have everything between its bounds, whatever the processor? */
static bool
is_range(const struct variants *v, size_t variant, const char *low,
    const char *high)
{
	for (size_t i = 0; i < v->table->run_count; i++)
		if (v->of[i] >= 0 && v->of[i] != (int)variant &&
		    release_compare(release_of(v, i), low) >= 0 &&
		    release_compare(release_of(v, i), high) <= 0)
			return false;
	return true;
}

static void
put_range(FILE *f, const char *low, const char *high)
{
	if (strcmp(low, high) == 0)
		fputs(low, f);
	else
		fprintf(f, "%s \xe2\x80\x93 %s", low, high);
}

static char *
ranges_of(const struct variants *v, size_t variant, size_t p, size_t *columns)
{
	size_t count = order_of(v, p, columns), end, size;
	bool any = false;
	char *text;
	FILE *f = open_memstream(&text, &size);

	if (f == NULL)
		err(2, "memory");
	for (size_t i = 0; i < count; i = end) {
		end = i + 1;
		if (v->of[columns[i]] != (int)variant)
			continue;
		while (end < count && v->of[columns[end]] == (int)variant)
			end++;
		fputs(any ? ", " : "", f);
		put_range(f, release_of(v, columns[i]),
		    release_of(v, columns[end - 1]));
		any = true;
	}
	if (fclose(f) != 0)
		err(2, "memory");
	return text;
}

char *
releases_of(const struct variants *v, size_t variant)
{
	size_t *columns = calloc(v->table->run_count + 1, sizeof(*columns));
	const char *low, *high;
	char *ranges[PROCESSORS], *text;
	size_t size;
	bool any = false;
	FILE *f = open_memstream(&text, &size);

	if (f == NULL || columns == NULL)
		err(2, "memory");
	bounds(v, variant, &low, &high);
	if (is_range(v, variant, low, high))
		put_range(f, low, high);
	else
		low = NULL;
	for (size_t p = 0; p < PROCESSORS; p++)
		ranges[p] = ranges_of(v, variant, p, columns);
	for (size_t p = 0; p < PROCESSORS && low == NULL; p++) {
		if (*ranges[p] == '\0')
			continue;
		fprintf(f, "%s%s", any ? "; " : "", processors[p]);
		any = true;
		for (size_t q = p + 1; q < PROCESSORS; q++) {
			if (strcmp(ranges[p], ranges[q]) != 0)
				continue;
			fprintf(f, ", %s", processors[q]);
			*ranges[q] = '\0';
		}
		fprintf(f, " %s", ranges[p]);
	}
	for (size_t p = 0; p < PROCESSORS; p++)
		free(ranges[p]);
	free(columns);
	if (fclose(f) != 0)
		err(2, "memory");
	return text;
}

/* ---- answers --------------------------------------------------------------- */

static const char *
page_of(const struct variants *v, size_t variant)
{
	return run_key(v->table->runs[v->list[variant].shown->column], "page");
}

/* "aab." drawn: a box for each region, a gap for a hole. */
static void
put_layout(FILE *f, const char *answer)
{
	size_t n;

	fputs("<span class=map>", f);
	for (; *answer != '\0'; answer += n) {
		n = 1;
		while (answer[n] == *answer)
			n++;
		fputs(*answer == '.' ? "<i class=h" : "<i", f);
		if (n > 1)
			fprintf(f, " style=--n:%zu", n);
		putc('>', f);
		put_html_n(f, answer, 1);
		fputs("</i>", f);
	}
	fputs("</span>", f);
}

static bool
is_layout(const char *call, const char *answer)
{
	size_t length = strlen(answer);

	return strncmp(call, "layout at ", 10) == 0 && length > 0 &&
	    length <= 64 &&
	    strspn(answer, "abcdefghijklmnopqrstuvwxyz.") == length;
}

static void
put_answer(FILE *f, const char *call, const char *answer, bool pages,
    const char *page)
{
	char *text;

	if (answer == NULL) {
		fputs("<i>not asked</i>", f);
	} else if (is_layout(call, answer)) {
		put_layout(f, answer);
	} else {
		text = pages ? answer_in_pages(answer, page) :
			       copy_string(answer);
		if (strlen(text) > CALL_LENGTH)
			text[CALL_LENGTH] = '\0';
		put_html(f, text);
		free(text);
	}
}

static bool
same_text(const char *a, const char *b)
{
	return a == b || (a != NULL && b != NULL && strcmp(a, b) == 0);
}

/* The calls to show: those of the newest variant that has answers. */
static const struct result *
calls_of(const struct variants *v)
{
	for (size_t i = v->count; i-- > 0;)
		if (v->list[i].standing != ABSENT)
			return v->list[i].shown->shown;
	return NULL;
}

/* Do the variants answer call i as they did call k? */
static bool
repeats(const struct variants *v, const struct result *calls, size_t i,
    size_t k)
{
	if (strcmp(calls->answers[i].call, calls->answers[k].call) != 0)
		return false;
	for (size_t n = 0; n < v->count; n++)
		if (v->list[n].standing != ABSENT &&
		    !same_text(variant_answer(v, n, calls, i),
			variant_answer(v, n, calls, k)) &&
		    !variant_of_machine(v, calls->answers[i].call))
			return false;
	return true;
}

static bool
all_alike(const struct variants *v, const struct result *calls, size_t i)
{
	const char *first = NULL;
	bool any = false;

	for (size_t n = 0; n < v->count; n++) {
		if (v->list[n].standing == ABSENT)
			return false;
		if (any && !same_text(first, variant_answer(v, n, calls, i)) &&
		    !variant_of_machine(v, calls->answers[i].call))
			return false;
		first = variant_answer(v, n, calls, i);
		any = true;
	}
	return true;
}

/* What the model adds to a kernel's signal: the code; NULL: nothing. */
static const char *
code_of_model(const struct variants *v, size_t variant, const char *answer,
    const struct result *calls, size_t i)
{
	const struct answer *a;

	if (answer == NULL ||
	    strncmp(answer, "EXC_BAD_ACCESS (1) by SIG", 25) != 0)
		return NULL;
	for (size_t c = 0; c < v->table->run_count; c++) {
		if (v->of[c] != (int)variant ||
		    !run_is_model(v->table->runs[c]))
			continue;
		a = result_answer_like(v->members[c].shown, calls, i);
		if (a != NULL && answer_same(a->answer, answer))
			return a->answer + sizeof("EXC_BAD_ACCESS (1)");
	}
	return NULL;
}

static void
put_call(FILE *f, const struct variants *v, const struct result *calls,
    size_t i, size_t times, bool pages)
{
	const char *call = calls->answers[i].call;
	bool alike = all_alike(v, calls, i);
	const char *code;

	/* in the look of code: site.css */
	fprintf(f, "<tr%s><td>", alike || v->count == 1 ? "" : " class=d");
	put_html_n(f, call, CALL_LENGTH);
	if (times > 1)
		fprintf(f, " <small>%zu times</small>", times);
	for (size_t n = 0; n < v->count; n++) {
		if (alike && n > 0)
			break;
		if (alike && v->count > 1)
			fprintf(f, "<td colspan=%zu>", v->count);
		else
			fputs("<td>", f);
		if (v->list[n].standing == ABSENT)
			fputs("<i>absent</i>", f);
		else
			put_answer(f, call, variant_answer(v, n, calls, i),
			    pages, page_of(v, n));
		code = code_of_model(v, n, variant_answer(v, n, calls, i),
		    calls, i);
		if (code != NULL) {
			fputs(" <small class=m>model: ", f);
			put_html(f, code);
			fputs("</small>", f);
		}
		if (variant_of_machine(v, call))
			fputs(" <small>of the machine</small>", f);
	}
	putc('\n', f);
}

/* Columns of both sizes of a page are told in pages. */
static bool
has_two_sizes(const struct variants *v)
{
	const char *page = NULL, *other;

	for (size_t i = 0; i < v->table->run_count; i++) {
		if (v->of[i] < 0)
			continue;
		other = run_key(v->table->runs[i], "page");
		if (page != NULL && strcmp(page, other) != 0)
			return true;
		page = other;
	}
	return false;
}

static void
put_calls(FILE *f, const struct variants *v, const struct result *calls,
    size_t limit)
{
	size_t end, shown = 0;
	bool pages = has_two_sizes(v);

	for (size_t i = 0; i < calls->answer_count; i = end) {
		for (end = i + 1;
		     end < calls->answer_count && repeats(v, calls, i, end);
		     end++)
			;
		if (shown++ < limit)
			put_call(f, v, calls, i, end - i, pages);
	}
	if (shown > limit)
		fprintf(f, "<tr><td colspan=%zu><small>and %zu more</small>\n",
		    v->count + 1, shown - limit);
}

/* How many kernels were asked anything, if all of them are in the variant, else
 * 0. */
static size_t
all_kernels(const struct variants *v, size_t variant)
{
	size_t count = 0;

	for (size_t i = 0; i < v->table->run_count; i++) {
		if (run_is_model(v->table->runs[i]))
			continue;
		if (v->of[i] != (int)variant ||
		    v->members[i].standing < UNJUDGED)
			return 0;
		count++;
	}
	return count;
}

static void
put_kernels(FILE *f, const struct variants *v, size_t variant, bool by_name)
{
	char *kernels = kernels_of(v, (int)variant);
	size_t all = by_name ? 0 : all_kernels(v, variant);

	if (*kernels == '\0') {
		fputs("<small class=m>model only", f);
	} else {
		fputs("<small class=k>", f);
		if (all > 1)
			fprintf(f, "all %zu kernels", all);
		else
			put_html(f, kernels);
	}
	fputs("</small>", f);
	free(kernels);
}

static void
put_head(FILE *f, const struct variants *v, bool by_name)
{
	fputs("<thead><tr><th>", f);
	for (size_t n = 0; n < v->count; n++) {
		const struct variant *to = &v->list[n];
		char *releases = releases_of(v, n);

		fputs("<th>", f);
		put_html(f, releases);
		if (to->standing == UNJUDGED)
			fputs(" <small class=u>not judged</small>", f);
		put_kernels(f, v, n, by_name);
		free(releases);
	}
	fputs("</thead>\n", f);
}

static void
put_table(FILE *f, const struct behaviour *b, size_t limit, bool by_name)
{
	const struct variants *v = &b->variants;
	const struct result *calls = calls_of(v);

	if (v->count == 0) {
		fputs("<p class=none>No run asked this.</p>\n", f);
		return;
	}
	fputs("<div class=t><table>", f);
	put_head(f, v, by_name);
	if (calls != NULL)
		put_calls(f, v, calls, limit);
	fputs("</table></div>\n", f);
	for (size_t n = 0; n < v->count; n++)
		if (v->list[n].standing == UNJUDGED &&
		    *v->list[n].shown->shown->reason != '\0') {
			fputs("<p class=u>", f);
			put_html(f, v->list[n].shown->shown->reason);
			fputs("</p>\n", f);
		}
}

/* Routes that answer otherwise than the one that is shown. */
static void
put_routes(FILE *f, const struct variants *v)
{
	for (size_t n = 0; n < v->count; n++) {
		const struct member *m = v->list[n].shown;

		if (v->list[n].standing == ABSENT ||
		    !member_routes_differ(v, m))
			continue;
		fputs("<p class=r>The routes differ: the table shows ", f);
		put_html(f, m->shown->route);
		fputs("; the <a href=\"matrix.html#q=", f);
		put_html(f, m->shown->id);
		fputs("\">matrix</a> shows all.</p>\n", f);
		return;
	}
}

static void
put_support(FILE *f, const struct behaviour *b)
{
	static const char *const text[] = {
		[KERNEL] = "Seen on kernels",
		[RECORDED] = "Seen in recorded calls",
		[DOCUMENT] = "Stated by a document; seen on no kernel",
		[SOURCE] = "Read in the source; seen on no kernel",
	};

	fprintf(f, "<b class=s%d>%s</b>", b->support, text[b->support]);
	if (b->support == RECORDED) {
		putc(' ', f);
		put_html(f, b->recorded);
	}
}

void
put_behaviour(FILE *f, const struct behaviour *b)
{
	fputs("<section id=\"", f);
	put_html(f, b->anchor);
	/* site.js makes the heading a link to its place. */
	fputs("\"><h3>", f);
	put_html(f, b->name);
	fputs("</h3>\n<p>", f);
	put_html(f, b->row->sentence);
	fputs("\n<p class=e>", f);
	put_support(f, b);
	fputs(" \xc2\xb7 ", f);
	put_source(f, b->row->source);
	fputs(" \xc2\xb7 <code>", f);
	put_html(f, b->row->id);
	fputs("</code></p>\n", f);
	put_table(f, b, CALLS, false);
	put_routes(f, &b->variants);
	fputs("</section>\n", f);
}

void
put_behaviour_briefly(FILE *f, const struct behaviour *b)
{
	fputs("<div class=brief><p><a href=\"", f);
	put_link(f, b);
	fputs("\">", f);
	put_html(f, b->row->sentence);
	fputs("</a></p>\n", f);
	put_table(f, b, 3, true);
	fputs("</div>\n", f);
}

char *
answer_apart(const struct variants *v, size_t variant, int other,
    const char **call)
{
	const struct result *calls = v->list[variant].shown->shown;
	const char *answer, *was;

	*call = "";
	if (v->list[variant].standing == ABSENT)
		return copy_string("absent");
	for (size_t i = 0; i < calls->answer_count; i++) {
		answer = calls->answers[i].answer;
		was = other < 0 || v->list[other].standing == ABSENT ?
		    NULL :
		    variant_answer(v, (size_t)other, calls, i);
		if (was != NULL &&
		    (strcmp(was, answer) == 0 ||
			variant_of_machine(v, calls->answers[i].call)))
			continue;
		*call = calls->answers[i].call;
		return copy_string(answer);
	}
	return copy_string("");
}
