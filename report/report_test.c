/*
 * The program as a user runs it, on runs made here.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <atf-c.h>
#include <jansson.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "test_command.h"

/* ---- results files -------------------------------------------------------- */

static void
sql(sqlite3 *db, const char *text)
{
	char *problem = NULL;

	if (sqlite3_exec(db, text, NULL, NULL, &problem) != SQLITE_OK)
		atf_tc_fail("%s: %s", text, problem);
}

static sqlite3 *
open_results(const char *path)
{
	sqlite3 *db;

	ATF_REQUIRE_EQ(sqlite3_open(path, &db), SQLITE_OK);
	sql(db,
	    "PRAGMA synchronous = OFF; BEGIN;"
	    "CREATE TABLE metadata (schema_version, timestamp);"
	    "INSERT INTO metadata VALUES (3, 1);"
	    "CREATE TABLE contexts (cwd);"
	    "INSERT INTO contexts VALUES ('/Users/alice/src/secret-place');"
	    "CREATE TABLE env_vars (var_name, var_value);"
	    "INSERT INTO env_vars VALUES ('USER', 'alice');"
	    "INSERT INTO env_vars VALUES ('TOKEN', 'hunter2-hunter2');"
	    "CREATE TABLE metadatas (metadata_id, property_name,"
	    "    property_value);"
	    "CREATE TABLE test_programs (test_program_id, absolute_path, root,"
	    "    relative_path, test_suite_name, metadata_id, interface);"
	    "INSERT INTO test_programs VALUES (1, '/x/t', '/x', 'tests/t',"
	    "    'mach-vm', 0, 'atf');"
	    "CREATE TABLE test_cases (test_case_id, test_program_id, name,"
	    "    metadata_id);"
	    "CREATE TABLE test_results (test_case_id, result_type,"
	    "    result_reason, start_time, end_time);"
	    "CREATE TABLE test_case_files (test_case_id, file_name, file_id);"
	    "CREATE TABLE files (file_id, contents);");
	return db;
}

static void
close_results(sqlite3 *db)
{
	sql(db, "COMMIT");
	sqlite3_close(db);
}

static void
add_case(sqlite3 *db, int n, const char *release, const char *name,
    const char *type, const char *reason, const char *answer)
{
	char *text = sqlite3_mprintf(
	    "INSERT INTO test_cases VALUES (%d, 1, '%q__trap', %d);"
	    "INSERT INTO metadatas VALUES (%d, 'custom.id', 'id-%q');"
	    "INSERT INTO metadatas VALUES (%d, 'custom.routine', 'allocate');"
	    "INSERT INTO metadatas VALUES (%d, 'custom.route', 'trap');"
	    "INSERT INTO metadatas VALUES (%d, 'description',"
	    "    'A <b>sentence</b> & more');"
	    "INSERT INTO test_results VALUES (%d, '%q', '%q', 1000000,"
	    "    1500000);"
	    "INSERT INTO files VALUES (%d, 'mt-system 1\tsystem=model\t"
	    "release=%q\tarch=arm64' || char(10) || 'mt\tid-%q\tallocate.%q\t"
	    "trap\tmodel\t%q\t\tarm64\t16384\tvm->allocate(<x>)\t%q\tpass' ||"
	    " char(10) || 'alice was in /Users/alice/x with hunter2-hunter2'"
	    " || char(10));"
	    "INSERT INTO test_case_files VALUES (%d, '__STDOUT__', %d);",
	    n, name, n, n, name, n, n, n, n, type, reason, n, release, name,
	    name, release, answer, n, n);

	sql(db, text);
	sqlite3_free(text);
}

/* Two runs: b passes then fails, c is mended, d answers otherwise, e goes, f
 * comes. */
static void
make_two_runs(void)
{
	sqlite3 *db = open_results("old.db");

	add_case(db, 1, "14.6", "a", "passed", "", "KERN_SUCCESS (0)");
	add_case(db, 2, "14.6", "b", "passed", "", "KERN_SUCCESS (0)");
	add_case(db, 3, "14.6", "c", "failed", "bad", "KERN_FAILURE (5)");
	add_case(db, 4, "14.6", "d", "passed", "", "KERN_SUCCESS (0)");
	add_case(db, 5, "14.6", "e", "passed", "", "KERN_SUCCESS (0)");
	close_results(db);
	db = open_results("new.db");
	add_case(db, 1, "15.5", "a", "passed", "", "KERN_SUCCESS (0)");
	add_case(db, 2, "15.5", "b", "failed", "</script><b>",
	    "KERN_NO_SPACE (3)");
	add_case(db, 3, "15.5", "c", "passed", "", "KERN_SUCCESS (0)");
	add_case(db, 4, "15.5", "d", "passed", "", "KERN_INVALID_ARGUMENT (4)");
	add_case(db, 5, "15.5", "f", "skipped", "undecided, observed 4",
	    "KERN_INVALID_ARGUMENT (4)");
	close_results(db);
}

/* ---- cases ------------------------------------------------------------------ */

CASE(show_tells_what_is_wrong_and_counts)
{
	make_two_runs();
	ATF_CHECK_EQ(report("show old.db"), 1);
	ATF_CHECK(in_file("out", "failed: allocate.c\n"));
	ATF_CHECK(in_file("out", "    failed: bad\n"));
	ATF_CHECK(in_file("out",
	    "conformance: 4 passed, 1 failed, "
	    "0 skipped\n"));
	ATF_CHECK_EQ(report("show --counts new.db"), 1);
	ATF_CHECK(in_file("out", "1 undecided: observed, not judged"));
	ATF_CHECK(in_file("out",
	    "conformance: 3 passed, 1 failed, "
	    "1 skipped\n"));
}

/* A run of one behaviour through three routes. */
static void
write_routes(const char *path, const char *trap, const char *mig,
    const char *vm)
{
	static const char one[] =
	    "{\"routine\": \"allocate\", \"id\": \"i\","
	    " \"name\": \"a__%s\", \"route\": \"%s\", \"verdict\": \"failed\","
	    " \"output\": \"t.c:1: f(): %s, must be 7\\n\","
	    " \"answers\": [{\"call\": \"f()\", \"answer\": \"%s\","
	    " \"verdict\": \"fail\"}]}%s";
	FILE *f = fopen(path, "w");

	ATF_REQUIRE(f != NULL);
	fprintf(f,
	    "{\"format\": \"mach-vm-tests run\", \"version\": 1,"
	    " \"fingerprint\": {\"release\": \"15\\u001b[31m\"}, \"start\": 0,"
	    " \"results\": [");
	fprintf(f, one, "trap", "trap", trap, trap, ",");
	fprintf(f, one, "mig", "mig", mig, mig, ",");
	fprintf(f, one, "vm", "vm", vm, vm, "]}");
	fclose(f);
}

CASE(routes_that_say_the_same_are_told_once)
{
	write_routes("a.json", "1", "2", "1");
	ATF_CHECK_EQ(report("show --wrong a.json"), 1);
	ATF_CHECK(in_file("out", "through: trap, vm\n"));
	ATF_CHECK(in_file("out", "through: mig\n"));
	ATF_CHECK(in_file("out", "    t.c:1: f(): 2, must be 7\n"));
	/* Addresses differ from run to run: no other answer. */
	write_routes("a.json", "at 0x340000004000", "at 0x340000008000",
	    "at 0x34000");
	ATF_CHECK_EQ(report("show --wrong a.json"), 1);
	ATF_CHECK(in_file("out", "through: mig, trap\n"));
	ATF_CHECK(in_file("out", "through: vm\n"));
	write_routes("a.json", "1", "2", "1");
	write_routes("b.json", "3", "2", "3");
	ATF_CHECK_EQ(report("diff a.json b.json"), 0);
	ATF_CHECK(in_file("out", "answers               1      2  "));
	ATF_CHECK(in_file("out",
	    "through: trap, vm\n    f()\n"
	    "        1 -> 3\n"));
	ATF_CHECK_EQ(report("diff --format markdown a.json b.json"), 0);
	ATF_CHECK(in_file("out", "f(): 1 \xe2\x86\x92 **3**<br> | trap, vm |"));
}

CASE(terminal_is_told_no_controls)
{
	write_routes("a.json", "1\\u001b]0;x\\u0007", "\\u009b2J", "\\r2");
	ATF_CHECK_EQ(report("show a.json"), 1);
	ATF_CHECK(!in_file("out", "\033"));
	ATF_CHECK(!in_file("out", "\007"));
	ATF_CHECK(!in_file("out", "\r"));
	ATF_CHECK(!in_file("out", "\xc2\x9b"));
	ATF_CHECK(in_file("out", "f(): 1?]0;x?, must be 7"));
	ATF_CHECK_EQ(report("diff a.json a.json"), 0);
	ATF_CHECK(!in_file("out", "\033"));
}

CASE(diff_sorts_what_changed)
{
	json_t *j;

	make_two_runs();
	ATF_CHECK_EQ(report("diff old.db new.db"), 1);
	ATF_CHECK(in_file("out", "regressions           1      1  "));
	ATF_CHECK(in_file("out",
	    "vm->allocate(<x>)\n        "
	    "KERN_SUCCESS (0) -> KERN_INVALID_ARGUMENT (4)\n"));
	ATF_CHECK_EQ(report("diff old.db old.db"), 0);
	ATF_CHECK_EQ(report("diff --format markdown old.db new.db"), 1);
	ATF_CHECK_EQ(report("diff --format json old.db new.db"), 1);
	ATF_REQUIRE((j = json_load_file("out", 0, NULL)) != NULL);
	ATF_CHECK_EQ(json_array_size(json_object_get(j, "regressions")), 1);
	ATF_CHECK_EQ(json_array_size(json_object_get(j, "fixes")), 1);
	ATF_CHECK_EQ(json_array_size(json_object_get(j, "answers")), 1);
	ATF_CHECK_EQ(json_array_size(json_object_get(j, "new")), 1);
	ATF_CHECK_EQ(json_array_size(json_object_get(j, "gone")), 1);
	ATF_CHECK(json_object_get(json_object_get(j, "fingerprint"),
		      "release") != NULL);
	json_decref(j);
}

CASE(diff_calls_what_a_release_lacks_new_or_gone)
{
	sqlite3 *db = open_results("old.db");

	add_case(db, 1, "26.3", "a", "passed", "", "KERN_SUCCESS (0)");
	add_case(db, 2, "26.3", "b", "skipped",
	    "needs macOS 26.4, this is 26.3", "");
	add_case(db, 3, "26.3", "c", "skipped",
	    "needs macOS 26.4, this is 26.3", "");
	add_case(db, 4, "26.3", "d", "skipped", "needs root", "");
	close_results(db);
	db = open_results("new.db");
	add_case(db, 1, "26.4", "a", "skipped",
	    "gone after macOS 26.3, this is 26.4", NULL);
	add_case(db, 2, "26.4", "b", "passed", "", "KERN_SUCCESS (0)");
	add_case(db, 3, "26.4", "c", "failed", "bad", "KERN_FAILURE (5)");
	add_case(db, 4, "26.4", "d", "passed", "", "KERN_SUCCESS (0)");
	close_results(db);
	ATF_CHECK_EQ(report("diff old.db new.db"), 1);
	ATF_CHECK(in_file("out", "verdicts              1      1  "));
	ATF_CHECK(in_file("out", "regressions           1      1  "));
	ATF_CHECK(in_file("out", "new                   1      1  "));
	ATF_CHECK(in_file("out", "gone                  1      1  "));
}

CASE(matrix_lets_no_text_be_markup)
{
	make_two_runs();
	ATF_CHECK_EQ(report("matrix -o m.html new.db old.db"), 0);
	ATF_CHECK(!in_file("m.html", "</script><b>"));
	ATF_CHECK(!in_file("m.html", "<b>sentence"));
	ATF_CHECK(in_file("m.html", "\\u003cb>sentence"));
	ATF_CHECK_EQ(report("matrix --format tsv new.db old.db"), 0);
	ATF_CHECK_EQ(lines("out"), 7);
	ATF_CHECK(in_file("out", "model 14.6 arm64\tmodel 15.5 arm64\n"));
	ATF_CHECK_EQ(report("matrix --format markdown new.db old.db"), 0);
	ATF_CHECK(in_file("out", "| model 14.6 arm64 | model 15.5 arm64 |"));
}

CASE(matrix_takes_routes_that_are_not_utf8)
{
	sqlite3 *db = open_results("bytes.db");

	add_case(db, 1, "14.6", "a", "passed", "", "KERN_SUCCESS (0)");
	add_case(db, 2, "14.6", "b", "passed", "", "KERN_SUCCESS (0)");
	sql(db,
	    "UPDATE metadatas SET property_value = CAST(X'ff41' AS TEXT)"
	    " WHERE property_name = 'custom.route'");
	close_results(db);
	ATF_CHECK_EQ(report("matrix -o m.html bytes.db bytes.db"), 0);
	ATF_CHECK(in_file("m.html",
	    "\"\xef\xbf\xbd"
	    "A\""));
}

CASE(flaky_counts_how_often)
{
	make_two_runs();
	ATF_CHECK_EQ(report("flaky old.db old.db"), 0);
	ATF_CHECK_EQ(report("flaky old.db new.db old.db"), 1);
	ATF_CHECK(in_file("out", "passed 2 of 3, failed 1 of 3"));
	ATF_CHECK(in_file("out", "absent 1 of 3"));
	ATF_CHECK(in_file("err", "not the same machine"));
}

CASE(bundle_keeps_answers_and_no_person)
{
	make_two_runs();
	ATF_REQUIRE_EQ(report("bundle -o b.json new.db"), 0);
	ATF_CHECK(!in_file("b.json", "alice"));
	ATF_CHECK(!in_file("b.json", "secret-place"));
	ATF_CHECK(!in_file("b.json", "hunter2"));
	ATF_CHECK(in_file("b.json", "KERN_NO_SPACE (3)"));
	ATF_CHECK_EQ(report("diff new.db b.json"), 0);
	/* An existing file is not lost. */
	ATF_CHECK_EQ(report("bundle -o b.json new.db"), 2);
}

CASE(exports_are_well_formed)
{
	json_t *j;

	make_two_runs();
	ATF_CHECK_EQ(report("export --format tap new.db"), 0);
	ATF_CHECK(in_file("out", "1..5\n"));
	ATF_CHECK(in_file("out", "not ok 2 - allocate.b__trap"));
	ATF_CHECK(in_file("out", "# SKIP undecided"));
	ATF_CHECK_EQ(report("export --format csv new.db"), 0);
	ATF_CHECK_EQ(lines("out"), 6);
	ATF_CHECK_EQ(report("export --format junit new.db"), 0);
	ATF_CHECK(in_file("out", "&lt;/script&gt;&lt;b&gt;"));
	ATF_CHECK(!in_file("out", "USER"));
	ATF_CHECK_EQ(report("export --format ctrf new.db"), 0);
	ATF_REQUIRE((j = json_load_file("out", 0, NULL)) != NULL);
	json_decref(j);
	ATF_CHECK_EQ(report("export --format json new.db"), 0);
	ATF_REQUIRE((j = json_load_file("out", 0, NULL)) != NULL);
	json_decref(j);
}

CASE(bad_input_is_one_line_and_status_2)
{
	static const char *const calls[] = { "", "shew", "show", "show a b",
		"diff old.db", "show --format xml old.db", "export old.db",
		"show --nonsense old.db", "show missing.db",
		"matrix -o /nonexistent/m.html old.db", "show -f" };

	make_two_runs();
	for (size_t i = 0; i < sizeof(calls) / sizeof(*calls); i++) {
		ATF_CHECK_EQ_MSG(report("%s", calls[i]), 2, "%s", calls[i]);
		ATF_CHECK_EQ_MSG(lines("err"), 1, "%s", calls[i]);
		ATF_CHECK_EQ_MSG(lines("out"), 0, "%s", calls[i]);
	}
	ATF_CHECK_EQ(report("--help"), 0);
}

CASE(damaged_files_are_refused)
{
	FILE *f;
	long size;
	int status;

	make_two_runs();
	ATF_REQUIRE((f = fopen("old.db", "r+")) != NULL);
	fseek(f, 0, SEEK_END);
	size = ftell(f);
	for (long at = 100; at < size; at += size / 40) {
		fseek(f, at, SEEK_SET);
		fwrite("\xff\xff\xff\xff\xff\xff", 1, 6, f);
		fflush(f);
		status = report("show old.db");
		ATF_CHECK_MSG(status <= 2, "%d", status);
	}
	fclose(f);
	ATF_CHECK_EQ(report("show old.db"), 2);
	ATF_CHECK_EQ(lines("out"), 0);
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, show_tells_what_is_wrong_and_counts);
	ATF_TP_ADD_TC(tp, routes_that_say_the_same_are_told_once);
	ATF_TP_ADD_TC(tp, terminal_is_told_no_controls);
	ATF_TP_ADD_TC(tp, diff_sorts_what_changed);
	ATF_TP_ADD_TC(tp, diff_calls_what_a_release_lacks_new_or_gone);
	ATF_TP_ADD_TC(tp, matrix_lets_no_text_be_markup);
	ATF_TP_ADD_TC(tp, matrix_takes_routes_that_are_not_utf8);
	ATF_TP_ADD_TC(tp, flaky_counts_how_often);
	ATF_TP_ADD_TC(tp, bundle_keeps_answers_and_no_person);
	ATF_TP_ADD_TC(tp, exports_are_well_formed);
	ATF_TP_ADD_TC(tp, bad_input_is_one_line_and_status_2);
	ATF_TP_ADD_TC(tp, damaged_files_are_refused);
	return atf_no_error();
}
