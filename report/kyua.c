/*
 * Results files of Kyua, SQLite with schema 3.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <err.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "run.h"

/* Text beyond this in one case's output is cut: a hostile or runaway program
 * must not fill the memory of the reader of its results. */
enum { OUTPUT_LIMIT = 1 << 20 };

static const char query[] =
    "SELECT c.test_case_id, p.relative_path, c.name, r.result_type,"
    "    r.result_reason, r.start_time, r.end_time,"
    "    (SELECT property_value FROM metadatas m WHERE m.metadata_id ="
    "	c.metadata_id AND property_name = 'custom.id'),"
    "    (SELECT property_value FROM metadatas m WHERE m.metadata_id ="
    "	c.metadata_id AND property_name = 'custom.routine'),"
    "    (SELECT property_value FROM metadatas m WHERE m.metadata_id ="
    "	c.metadata_id AND property_name = 'custom.route'),"
    "    (SELECT property_value FROM metadatas m WHERE m.metadata_id ="
    "	c.metadata_id AND property_name = 'custom.source'),"
    /* Older results have it twice. */
    "    (SELECT property_value FROM metadatas m WHERE m.metadata_id ="
    "	c.metadata_id AND property_name IN"
    "	('custom.sentence', 'description') LIMIT 1),"
    "    (SELECT property_value FROM metadatas m WHERE m.metadata_id ="
    "	c.metadata_id AND property_name = 'custom.seen')"
    " FROM test_cases c"
    " JOIN test_programs p ON p.test_program_id = c.test_program_id"
    " LEFT JOIN test_results r ON r.test_case_id = c.test_case_id"
    " ORDER BY c.test_case_id";

static const char output_query[] =
    "SELECT f.contents FROM test_case_files t"
    " JOIN files f ON f.file_id = t.file_id"
    " WHERE t.test_case_id = ?1 AND t.file_name IN"
    "    ('__STDOUT__', '__STDERR__') ORDER BY t.file_name DESC";

static void
set(char **to, sqlite3_stmt *row, int column)
{
	const char *text = (const char *)sqlite3_column_text(row, column);

	if (text == NULL)
		return;
	free(*to);
	*to = copy_string(text);
}

/* Records into the result, the rest kept as its output. */
static void
take_output(struct run *run, struct result *r, const char *text, size_t size)
{
	size_t kept = strlen(r->output);
	char *line, *end, *copy;

	copy = strndup(text, size < OUTPUT_LIMIT ? size : OUTPUT_LIMIT);
	if (copy == NULL ||
	    (r->output = realloc(r->output, kept + strlen(copy) + 2)) == NULL)
		err(2, "memory");
	for (line = copy; *line != '\0'; line = end) {
		end = line + strcspn(line, "\n");
		if (*end == '\n')
			*end++ = '\0';
		if (run_take_line(run, r, line))
			continue;
		kept += (size_t)sprintf(r->output + kept, "%s\n", line);
	}
	r->output[kept] = '\0';
	free(copy);
}

static void
take_files(struct run *run, struct result *r, sqlite3_stmt *files,
    sqlite3_int64 id)
{
	sqlite3_reset(files);
	sqlite3_bind_int64(files, 1, id);
	while (sqlite3_step(files) == SQLITE_ROW)
		take_output(run, r,
		    sqlite3_column_blob(files, 0) != NULL ?
			sqlite3_column_blob(files, 0) :
			"",
		    (size_t)sqlite3_column_bytes(files, 0));
}

static enum verdict
verdict_of(const char *type, const char *reason)
{
	enum verdict v;

	if (type == NULL)
		return BROKEN; /* never finished */
	if (strcmp(type, "skipped") == 0 &&
	    strncmp(reason, "undecided", 9) == 0)
		return UNDECIDED;
	v = verdict_parse(type);
	return v == VERDICTS ? BROKEN : v;
}

static void
take_case(struct run *run, sqlite3_stmt *row, sqlite3_stmt *files)
{
	struct result *r = run_add(run);
	long long start = sqlite3_column_int64(row, 5);
	char *end;

	set(&r->program, row, 1);
	set(&r->name, row, 2);
	set(&r->reason, row, 4);
	set(&r->id, row, 7);
	set(&r->routine, row, 8);
	set(&r->route, row, 9);
	set(&r->source, row, 10);
	set(&r->sentence, row, 11);
	set(&r->seen, row, 12);
	r->verdict = verdict_of((const char *)sqlite3_column_text(row, 3),
	    r->reason);
	r->seconds = (double)(sqlite3_column_int64(row, 6) - start) / 1e6;
	if (start > 0 && (run->start == 0 || start < run->start))
		run->start = start;
	if (*r->routine == '\0') { /* not a case of the suite */
		free(r->routine);
		r->routine = copy_string(r->program);
	}
	if (*r->id == '\0') {
		free(r->id);
		r->id = copy_string(r->name);
		if ((end = strstr(r->id, "__")) != NULL)
			*end = '\0';
	}
	take_files(run, r, files, sqlite3_column_int64(row, 0));
}

/* The environment and the folders of the run: nobody's business, but a bundle
 * must know them to leave them out. */
static void
take_secrets(struct run *run, sqlite3 *db)
{
	sqlite3_stmt *s;

	if (sqlite3_prepare_v2(db,
		"SELECT var_value FROM env_vars UNION"
		" SELECT cwd FROM contexts UNION SELECT root FROM test_programs",
		-1, &s, NULL) != SQLITE_OK)
		return;
	while (sqlite3_step(s) == SQLITE_ROW)
		if (sqlite3_column_text(s, 0) != NULL)
			run_add_secret(run,
			    (const char *)sqlite3_column_text(s, 0));
	sqlite3_finalize(s);
}

static bool
schema_is_known(sqlite3 *db, const char **problem)
{
	sqlite3_stmt *s;
	int version = 0, error;

	error = sqlite3_prepare_v2(db,
	    "SELECT MAX(schema_version) FROM metadata", -1, &s, NULL);
	if (error == SQLITE_OK && sqlite3_step(s) == SQLITE_ROW)
		version = sqlite3_column_int(s, 0);
	sqlite3_finalize(s);
	if (version == 3)
		return true;
	*problem = error == SQLITE_NOTADB ?
	    "not a database" :
	    version == 0 ?
	    "a database, but no results file of Kyua" :
	    "a results file of an unknown version of Kyua (schema 3 is known)";
	return false;
}

/* Kyua makes tables alone: no view or trigger of a foreign file may decide what
 * a query does.  And the pages must be whole. */
static bool
is_sound(sqlite3 *db, const char **problem)
{
	static const char foreign[] =
	    "SELECT COUNT(*) FROM sqlite_master WHERE type NOT IN"
	    "    ('table', 'index') OR sql LIKE 'CREATE VIRTUAL%'";
	sqlite3_stmt *s;
	bool sound;

	sound = sqlite3_prepare_v2(db, foreign, -1, &s, NULL) == SQLITE_OK &&
	    sqlite3_step(s) == SQLITE_ROW;
	if (sound && sqlite3_column_int(s, 0) > 0)
		*problem = "a database, but no results file of Kyua";
	sqlite3_finalize(s);
	if (!sound || *problem != NULL)
		return false;
	sound = sqlite3_prepare_v2(db, "PRAGMA quick_check(1)", -1, &s, NULL) ==
		SQLITE_OK &&
	    sqlite3_step(s) == SQLITE_ROW &&
	    strcmp((const char *)sqlite3_column_text(s, 0), "ok") == 0;
	sqlite3_finalize(s);
	return sound;
}

bool
run_read_kyua(struct run *run, const char *path, const char **problem)
{
	sqlite3_stmt *rows = NULL, *files = NULL;
	sqlite3 *db = NULL;
	char magic[16] = "";
	FILE *f;
	int error;

	if ((f = fopen(path, "rb")) == NULL) {
		*problem = "cannot be opened";
		return false;
	}
	error = fread(magic, 1, sizeof(magic), f) != sizeof(magic) ||
	    memcmp(magic, "SQLite format 3", sizeof(magic)) != 0;
	fclose(f);
	if (error)
		return false; /* of another kind */

	if (sqlite3_open_v2(path, &db, SQLITE_OPEN_READONLY, NULL) !=
		SQLITE_OK ||
	    !is_sound(db, problem) || !schema_is_known(db, problem)) {
		if (*problem == NULL)
			*problem = "damaged results file";
		sqlite3_close(db);
		return false;
	}
	error = sqlite3_prepare_v2(db, query, -1, &rows, NULL);
	if (error == SQLITE_OK)
		error = sqlite3_prepare_v2(db, output_query, -1, &files, NULL);
	if (error == SQLITE_OK) {
		take_secrets(run, db);
		while ((error = sqlite3_step(rows)) == SQLITE_ROW)
			take_case(run, rows, files);
	}
	sqlite3_finalize(rows);
	sqlite3_finalize(files);
	sqlite3_close(db);
	if (error != SQLITE_DONE) {
		*problem = "damaged results file";
		return false;
	}
	return true;
}
