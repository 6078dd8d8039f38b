/*
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <err.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>

#include "kyua_rows.h"

enum { FIELDS = 6 };

/* Those tables and columns of Kyua's that are read (report/kyua.c). */
static const char tables[] =
    "PRAGMA page_size = 512;"
    "CREATE TABLE metadata (schema_version INTEGER PRIMARY KEY);"
    "INSERT INTO metadata VALUES (3);"
    "CREATE TABLE contexts (cwd TEXT NOT NULL);"
    "INSERT INTO contexts VALUES ('/nonexistent');"
    "CREATE TABLE env_vars (var_name TEXT PRIMARY KEY,"
    "    var_value TEXT NOT NULL);"
    "CREATE TABLE metadatas (metadata_id INTEGER NOT NULL,"
    "    property_name TEXT NOT NULL, property_value TEXT,"
    "    PRIMARY KEY (metadata_id, property_name));"
    "CREATE TABLE test_programs (test_program_id INTEGER PRIMARY KEY,"
    "    root TEXT NOT NULL, relative_path TEXT NOT NULL);"
    "CREATE TABLE test_cases (test_case_id INTEGER PRIMARY KEY,"
    "    test_program_id INTEGER, name TEXT NOT NULL,"
    "    metadata_id INTEGER);"
    "CREATE TABLE test_results (test_case_id INTEGER PRIMARY KEY,"
    "    result_type TEXT NOT NULL, result_reason TEXT,"
    "    start_time TIMESTAMP NOT NULL, end_time TIMESTAMP NOT NULL);"
    "CREATE TABLE test_case_files (test_case_id INTEGER NOT NULL,"
    "    file_name TEXT NOT NULL, file_id INTEGER NOT NULL,"
    "    PRIMARY KEY (test_case_id, file_name));"
    "CREATE TABLE files (file_id INTEGER PRIMARY KEY,"
    "    contents BLOB NOT NULL);";

/* What each kind of line does, its fields from ?1 on; ?7: the program, ?8: the
 * case. */
static const struct {
	char kind;
	const char *sql[2];
} kinds[] = {
	{ 'p', { "INSERT INTO test_programs VALUES (?7, '/', ?1)", NULL } },
	{ 'c',
	    { "INSERT INTO test_cases VALUES (?8, ?7, ?1, ?8)",
		"INSERT INTO test_results VALUES (?8, ?2, ?3, ?4, ?5)" } },
	{ 'm', { "INSERT INTO metadatas VALUES (?8, ?1, ?2)", NULL } },
	{ 'f',
	    { "INSERT INTO files VALUES (NULL, ?2)",
		"INSERT INTO test_case_files"
		"    VALUES (?8, ?1, last_insert_rowid())" } },
	{ 'e', { "INSERT INTO env_vars VALUES (?1, ?2)", NULL } },
};

static sqlite3 *
open_memory(void)
{
	sqlite3 *db;

	if (sqlite3_open(":memory:", &db) != SQLITE_OK)
		errx(2, "sqlite3_open");
	return db;
}

static void
insert(sqlite3 *db, const char *sql, char *const *fields, int program,
    int case_)
{
	sqlite3_stmt *s;

	if (sqlite3_prepare_v2(db, sql, -1, &s, NULL) != SQLITE_OK)
		errx(2, "%s: %s", sql, sqlite3_errmsg(db));
	for (int i = 0; i < FIELDS; i++)
		if (fields[i] != NULL && strcmp(fields[i], "NULL") != 0)
			(void)sqlite3_bind_text(s, i + 1, fields[i], -1,
			    SQLITE_STATIC);
	(void)sqlite3_bind_int(s, 7, program);
	(void)sqlite3_bind_int(s, 8, case_);
	(void)sqlite3_step(s);
	sqlite3_finalize(s);
}

static void
undo_ends(char *s)
{
	char *to = s;

	for (; *s != '\0'; s++) {
		if (s[0] == '\\' && s[1] == 'n') {
			*to++ = '\n';
			s++;
		} else {
			*to++ = *s;
		}
	}
	*to = '\0';
}

/* The last field of f has tabs of its own. */
static void
one_line(sqlite3 *db, char *line, int *program, int *case_)
{
	char *fields[FIELDS] = { 0 }, *rest = line + 2;
	const int most = line[0] == 'f' ? 2 : FIELDS;

	if (line[0] == '\0' || line[1] != '\t')
		return;
	for (int i = 0; i < most && rest != NULL; i++)
		fields[i] = i == most - 1 ? rest : strsep(&rest, "\t");
	if (line[0] == 'f' && fields[1] != NULL)
		undo_ends(fields[1]);
	*program += line[0] == 'p';
	*case_ += line[0] == 'c';
	for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++)
		for (int k = 0; kinds[i].kind == line[0] && k < 2; k++)
			if (kinds[i].sql[k] != NULL)
				insert(db, kinds[i].sql[k], fields, *program,
				    *case_);
}

void *
kyua_rows(const char *text, size_t size, size_t *made)
{
	static unsigned char *empty;
	static sqlite3_int64 empty_size;
	sqlite3_int64 whole;
	sqlite3 *db = open_memory();
	char *copy = malloc(size + 1), *rest = copy, *line;
	unsigned char *bytes;
	void *out;
	int program = 0, case_ = 0;

	if (copy == NULL)
		err(2, "memory");
	memcpy(copy, text, size);
	copy[size] = '\0';
	if (empty == NULL) {
		if (sqlite3_exec(db, tables, NULL, NULL, NULL) != SQLITE_OK)
			errx(2, "%s", sqlite3_errmsg(db));
		empty = sqlite3_serialize(db, "main", &empty_size, 0);
	}
	if ((bytes = sqlite3_malloc64((sqlite3_uint64)empty_size)) == NULL)
		errx(2, "memory");
	memcpy(bytes, empty, (size_t)empty_size);
	if (sqlite3_deserialize(db, "main", bytes, empty_size, empty_size,
		SQLITE_DESERIALIZE_FREEONCLOSE |
		    SQLITE_DESERIALIZE_RESIZEABLE) != SQLITE_OK)
		errx(2, "%s", sqlite3_errmsg(db));
	(void)sqlite3_exec(db, "BEGIN", NULL, NULL, NULL);
	while ((line = strsep(&rest, "\n")) != NULL)
		one_line(db, line, &program, &case_);
	(void)sqlite3_exec(db, "COMMIT", NULL, NULL, NULL);
	bytes = sqlite3_serialize(db, "main", &whole, 0);
	if (bytes == NULL || (out = malloc((size_t)whole)) == NULL)
		errx(2, "memory");
	memcpy(out, bytes, (size_t)whole);
	*made = (size_t)whole;
	sqlite3_free(bytes);
	sqlite3_close(db);
	free(copy);
	return out;
}
