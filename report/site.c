/*
 * site: the reference pages, which need no server: a page a routine, what
 * changed, constants by name, the matrix, and the story of realloc first.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <err.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "commands.h"
#include "site.h"
#include "site_parts.h"

/* ---- files ----------------------------------------------------------------- */

FILE *
site_open(struct site *s, const char *name, const char *title)
{
	size_t size = strlen(s->folder) + strlen(name) + 2;
	char *path = malloc(size);
	FILE *f;

	if (path == NULL)
		err(2, "memory");
	snprintf(path, size, "%s/%s", s->folder, name);
	if ((f = fopen(path, "w")) == NULL)
		err(2, "%s", path);
	free(path);
	if (title == NULL)
		return f;
	fputs(site_head_html, f);
	fputs("<title>", f);
	put_html(f, title);
	fputs(" \xc2\xb7 Mach VM on macOS</title>\n", f);
	fputs(site_nav_html, f);
	return f;
}

void
site_close(struct site *s, FILE *f, bool page)
{
	long size;

	if (page)
		fputs("</main>\n</body>\n</html>\n", f);
	size = ftell(f);
	if (fflush(f) != 0 || ferror(f) || fclose(f) != 0)
		err(2, "%s", s->folder);
	s->bytes += size > 0 ? (size_t)size : 0;
}

static void
write_file(struct site *s, const char *name, const char *text)
{
	FILE *f = site_open(s, name, NULL);

	fputs(text, f);
	site_close(s, f, false);
}

/* ---- behaviours ------------------------------------------------------------ */

/* The id, and the name with it when an id has several cases on the page. */
static void
name_behaviours(struct site *s)
{
	for (size_t i = 0; i < s->table.row_count; i++) {
		struct behaviour *b = &s->all[i];
		int length = (int)result_name_length(b->row);
		bool twice = i > 0 &&
		    strcmp(s->all[i - 1].row->id, b->row->id) == 0 &&
		    strcmp(s->all[i - 1].row->routine, b->row->routine) == 0;

		if ((b->name = strndup(b->row->name, (size_t)length)) == NULL)
			err(2, "memory");
		if (asprintf(&b->anchor, twice ? "%s--%s" : "%s", b->row->id,
			b->name) < 0)
			err(2, "memory");
		for (char *c = b->name; *c != '\0'; c++)
			*c = *c == '_' ? ' ' : *c;
	}
}

static const struct behaviour *
find_behaviour(const struct site *s, const char *id)
{
	for (size_t i = 0; i < s->table.row_count; i++)
		if (strcmp(s->all[i].row->id, id) == 0)
			return &s->all[i];
	return NULL;
}

/* ---- the page of a routine ------------------------------------------------- */

static size_t
end_of_routine(const struct site *s, size_t i)
{
	size_t end = i + 1;

	while (end < s->table.row_count &&
	    strcmp(s->all[i].row->routine, s->all[end].row->routine) == 0)
		end++;
	return end;
}

/* The name becomes one of a file, beside those of other pages. */
static bool
is_routine(const char *name)
{
	static const char *const taken[] = { "changes", "constants", "evidence",
		"index", "matrix" };

	for (size_t i = 0; i < sizeof(taken) / sizeof(*taken); i++)
		if (strcmp(name, taken[i]) == 0)
			return false;
	return *name != '\0' && strlen(name) < 64 &&
	    strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789_") ==
	    strlen(name);
}

static void
count_support(const struct site *s, size_t from, size_t to, size_t *count)
{
	memset(count, 0, SUPPORTS * sizeof(*count));
	for (; from < to; from++)
		count[s->all[from].support]++;
}

static void
write_routine(struct site *s, size_t from, size_t to)
{
	const char *routine = s->all[from].row->routine;
	size_t count[SUPPORTS];
	char name[128];
	FILE *f;

	snprintf(name, sizeof(name), "%s.html", routine);
	f = site_open(s, name, routine);
	count_support(s, from, to, count);
	fputs("<h1>", f);
	put_html(f, routine);
	fprintf(f,
	    "</h1>\n<p>%zu behaviours: %zu seen on kernels, %zu in recorded "
	    "calls, %zu stated by a document and %zu read in the source but "
	    "seen on no kernel. A "
	    "table has a column for each group of releases that answers "
	    "alike; below the releases stand the kernels that were asked, or "
	    "<small class=m>model only</small>, which is a candidate, never "
	    "the oracle.</p>\n<details class=toc%s><summary>All on this "
	    "page</summary><ul>\n",
	    to - from, count[KERNEL], count[RECORDED], count[DOCUMENT],
	    count[SOURCE], to - from <= 20 ? " open" : "");
	for (size_t i = from; i < to; i++) {
		fputs("<li><a href=\"#", f);
		put_html(f, s->all[i].anchor);
		fputs("\">", f);
		put_html(f, s->all[i].name);
		fputs("</a>\n", f);
	}
	fputs("</ul></details>\n", f);
	for (size_t i = from; i < to; i++)
		put_behaviour(f, &s->all[i]);
	site_close(s, f, true);
}

/* ---- the front page -------------------------------------------------------- */

static void
put_routines(FILE *f, struct site *s)
{
	size_t end, count[SUPPORTS];

	fputs("<ul class=routines>\n", f);
	for (size_t i = 0; i < s->table.row_count; i = end) {
		end = end_of_routine(s, i);
		count_support(s, i, end, count);
		fputs("<li><a href=\"", f);
		put_html(f, s->all[i].row->routine);
		fputs(".html\">", f);
		put_html(f, s->all[i].row->routine);
		fprintf(f,
		    "</a> <small>%zu, %zu seen on kernels</small></li>\n",
		    end - i, count[KERNEL]);
	}
	fputs("</ul>\n", f);
}

static void
put_evidence(FILE *f, struct site *s)
{
	size_t count[SUPPORTS];

	count_support(s, 0, s->table.row_count, count);
	fprintf(f,
	    "<p>%zu behaviours: <b class=s0>%zu seen on kernels</b> <b "
	    "class=s1>%zu seen in recorded calls</b> <b class=s2>%zu stated "
	    "by a document, seen on no kernel</b> <b class=s3>%zu read in the "
	    "source, seen on no kernel</b></p>\n",
	    s->table.row_count, count[KERNEL], count[RECORDED], count[DOCUMENT],
	    count[SOURCE]);
}

static void
put_runs(FILE *f, struct site *s)
{
	fputs("<div class=t><table><thead><tr><th>kernel<th>processor<th>"
	      "pages<th>passed<th>not judged<th>how</thead>\n",
	    f);
	for (size_t i = 0; i < s->table.run_count; i++) {
		const struct run *run = s->table.runs[i];

		if (run_is_model(run))
			continue;
		fprintf(f, "<tr><td>macOS ");
		put_html(f, run_key(run, "release"));
		fputs("<td>", f);
		put_html(f, run_processor(run));
		fputs("<td>", f);
		put_html(f, run_key(run, "page"));
		fprintf(f, "<td>%zu<td>%zu<td>", run_count(run, PASSED),
		    run_count(run, UNDECIDED) + run_count(run, FAILED) +
			run_count(run, BROKEN));
		put_html(f, run_key(run, "provenance"));
		putc('\n', f);
	}
	fputs("</table></div>\n", f);
}

/* What stands between two @ in the page's text. */
static void
put_part(FILE *f, struct site *s, const char *part)
{
	const struct behaviour *b;

	if (strcmp(part, "CHANGES") == 0) {
		put_changes(f, s);
	} else if (strcmp(part, "ROUTINES") == 0) {
		put_routines(f, s);
	} else if (strcmp(part, "EVIDENCE") == 0) {
		put_evidence(f, s);
	} else if (strcmp(part, "KERNELS") == 0) {
		put_runs(f, s);
	} else if ((b = find_behaviour(s, part)) != NULL) {
		put_behaviour_briefly(f, b);
	} else {
		fprintf(f, "<p class=none>No run asked %s.</p>\n", part);
	}
}

static void
put_template(FILE *f, struct site *s, const char *text)
{
	char part[64];
	const char *end;

	while (*text != '\0') {
		if (*text != '@' || (end = strchr(text + 1, '@')) == NULL ||
		    (size_t)(end - text) > sizeof(part)) {
			putc(*text++, f);
			continue;
		}
		snprintf(part, sizeof(part), "%.*s", (int)(end - text - 1),
		    text + 1);
		put_part(f, s, part);
		text = end + 1;
	}
}

static void
write_front(struct site *s)
{
	FILE *f = site_open(s, "index.html", "What each release answers");

	put_template(f, s, site_front_html);
	site_close(s, f, true);
	f = site_open(s, "evidence.html", "How we know");
	put_template(f, s, site_evidence_html);
	site_close(s, f, true);
}

/* ---- the whole ------------------------------------------------------------- */

static void
write_matrix(struct site *s, struct run *const *runs, size_t count)
{
	FILE *page = site_open(s, "matrix.html", NULL);
	FILE *data = site_open(s, "matrix.js", NULL);

	matrix_page(runs, count, page, data);
	site_close(s, page, false);
	site_close(s, data, false);
}

/* Old pages stay where they are: a folder of somebody's is not emptied. */
static void
make_folder(const char *path)
{
	struct stat status;

	if (mkdir(path, 0777) == 0)
		return;
	if (errno != EEXIST)
		err(2, "%s", path);
	if (stat(path, &status) != 0 || !S_ISDIR(status.st_mode))
		errx(2, "%s: is there and is not a folder", path);
}

int
site(struct run *const *runs, size_t count, const char *folder,
    const char *recorded)
{
	struct site s = { .folder = folder };
	const char *problem = NULL;

	if (folder == NULL)
		errx(2, "site needs -o FOLDER (--help tells how)");
	for (size_t i = 0; i < count; i++)
		for (size_t k = 0; k < runs[i]->result_count; k++)
			if (!is_routine(runs[i]->results[k].routine))
				errx(2, "%s: no name of a routine: \"%.40s\"",
				    runs[i]->path, runs[i]->results[k].routine);
	if (!recorded_read(&s.recorded, recorded, &problem))
		errx(2, "%s: %s", recorded, problem);
	make_folder(folder);
	table_make(&s.table, runs, count);
	if ((s.all = calloc(s.table.row_count + 1, sizeof(*s.all))) == NULL)
		err(2, "memory");
	for (size_t i = 0; i < s.table.row_count; i++) {
		s.all[i].row = s.table.rows[i];
		s.all[i].support = evidence_support(&s.table, s.table.rows[i],
		    &s.recorded);
		s.all[i].recorded = recorded_find(&s.recorded,
		    s.table.rows[i]->id);
		variants_make(&s.all[i].variants, &s.table, s.table.rows[i]);
	}
	name_behaviours(&s);
	write_front(&s);
	write_changes(&s);
	write_search(&s);
	for (size_t i = 0; i < s.table.row_count; i = end_of_routine(&s, i))
		write_routine(&s, i, end_of_routine(&s, i));
	write_file(&s, "site.css", site_css);
	write_file(&s, "site.js", site_js);
	write_matrix(&s, runs, count);
	printf("%s/index.html: %zu behaviours, %zu runs, %zu bytes in all\n",
	    folder, s.table.row_count, count, s.bytes);
	for (size_t i = 0; i < s.table.row_count; i++) {
		variants_free(&s.all[i].variants);
		free(s.all[i].anchor);
		free(s.all[i].name);
	}
	free(s.all);
	table_free(&s.table);
	recorded_free(&s.recorded);
	return 0;
}
