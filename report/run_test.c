/*
 * Reading runs: good ones, and what must not pass for one.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <atf-c.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "json.h"
#include "run.h"
#include "utf8.h"

static void
write_file(const char *path, const char *text)
{
	FILE *f = fopen(path, "w");

	ATF_REQUIRE(f != NULL);
	fputs(text, f);
	fclose(f);
}

static const char log_text[] =
    "noise of a console\r\n"
    "mt-system 1\tsystem=bare\trelease=10.15\tarch=x86_64\tpage=4096\r\n"
    "mt\talloc-x\tallocate.a\ttrap\tbare\t10.15\t\tx86_64\t4096\tcall(1)\t"
    "KERN_SUCCESS (0)\tpass\r\n"
    "mt\tbyte at a, brief\t0x51 (81)\tpass\r\n"
    "mt-case\talloc-x\tallocate.a\ttrap\tpassed\t\r\n"
    "vm: a kernel's words.mt-case\talloc-y\tallocate.b\tmig\tskipped\t"
    "needs\\ta thread\r\n"
    "PROBE END\r\n";

ATF_TC_WITHOUT_HEAD(console_log_gives_cases_and_fingerprint);
ATF_TC_BODY(console_log_gives_cases_and_fingerprint, tc)
{
	struct run *run;

	write_file("log", log_text);
	ATF_REQUIRE((run = run_read("log")) != NULL);
	ATF_CHECK_STREQ(run_key(run, "release"), "10.15");
	ATF_CHECK_STREQ(run_label(run), "bare 10.15 x86_64");
	ATF_REQUIRE_EQ(run->result_count, 2);
	ATF_CHECK_STREQ(run->results[0].name, "a__trap");
	ATF_CHECK_EQ(run->results[0].verdict, PASSED);
	ATF_CHECK_EQ(run->results[0].answer_count, 2);
	ATF_CHECK_STREQ(run->results[0].answers[0].answer, "KERN_SUCCESS (0)");
	ATF_CHECK_STREQ(run->results[0].answers[1].call, "byte at a, brief");
	ATF_CHECK_STREQ(run->results[0].answers[1].answer, "0x51 (81)");
	ATF_CHECK_EQ(run->results[1].verdict, SKIPPED);
	ATF_CHECK_EQ(run_count(run, SKIPPED), 1);
	run_free(run);
}

ATF_TC_WITHOUT_HEAD(console_log_without_end_is_refused);
ATF_TC_BODY(console_log_without_end_is_refused, tc)
{
	char *cut = strdup(log_text);

	*strstr(cut, "PROBE END") = '\0';
	write_file("log", cut);
	free(cut);
	ATF_CHECK(run_read("log") == NULL);
}

ATF_TC_WITHOUT_HEAD(json_survives_a_round_trip);
ATF_TC_BODY(json_survives_a_round_trip, tc)
{
	struct run *run, *again;
	json_t *j, *k;

	write_file("log", log_text);
	ATF_REQUIRE((run = run_read("log")) != NULL);
	j = run_to_json(run, true);
	ATF_REQUIRE_EQ(json_dump_file(j, "json", 0), 0);
	ATF_REQUIRE((again = run_read("json")) != NULL);
	k = run_to_json(again, true);
	ATF_CHECK(json_equal(j, k));
	json_decref(j);
	json_decref(k);
	run_free(run);
	run_free(again);
}

ATF_TC_WITHOUT_HEAD(foreign_files_are_refused);
ATF_TC_BODY(foreign_files_are_refused, tc)
{
	static const char *const texts[] = { "", "hello\n", "{", "{}",
		"{\"format\": \"mach-vm-tests run\"}", "[]",
		"{\"format\": \"mach-vm-tests run\", \"version\": 2}",
		"{\"format\": \"mach-vm-tests run\", \"version\": 1}",
		"{\"format\": \"mach-vm-tests run\", \"version\": 1, "
		"\"results\": [1]}",
		"{\"format\": \"mach-vm-tests run\", \"version\": 1, "
		"\"results\": [{\"name\": \"x\", \"verdict\": \"good\"}]}",
		"SQLite format 3" };

	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++) {
		write_file("foreign", texts[i]);
		ATF_CHECK_MSG(run_read("foreign") == NULL, "%s", texts[i]);
	}
	ATF_CHECK(run_read("does-not-exist") == NULL);
	ATF_CHECK(run_read(".") == NULL);
}

ATF_TC_WITHOUT_HEAD(other_databases_are_refused);
ATF_TC_BODY(other_databases_are_refused, tc)
{
	sqlite3 *db;

	ATF_REQUIRE_EQ(sqlite3_open("other", &db), SQLITE_OK);
	ATF_REQUIRE_EQ(sqlite3_exec(db, "CREATE TABLE t (x)", NULL, NULL, NULL),
	    SQLITE_OK);
	ATF_CHECK(run_read("other") == NULL);
	ATF_REQUIRE_EQ(
	    sqlite3_exec(db,
		"CREATE TABLE metadata "
		"(schema_version, timestamp); INSERT INTO metadata VALUES (4, 1)",
		NULL, NULL, NULL),
	    SQLITE_OK);
	sqlite3_close(db);
	ATF_CHECK(run_read("other") == NULL);
}

/* A query of a view may last for ever. */
ATF_TC_WITHOUT_HEAD(databases_with_views_are_refused);
ATF_TC_BODY(databases_with_views_are_refused, tc)
{
	sqlite3 *db;

	ATF_REQUIRE_EQ(sqlite3_open("views", &db), SQLITE_OK);
	ATF_REQUIRE_EQ(sqlite3_exec(db,
			   "CREATE VIEW metadata AS WITH RECURSIVE"
			   " r(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM r)"
			   " SELECT 3 AS schema_version FROM r",
			   NULL, NULL, NULL),
	    SQLITE_OK);
	sqlite3_close(db);
	alarm(10);
	ATF_CHECK(run_read("views") == NULL);
	alarm(0);
}

ATF_TC_WITHOUT_HEAD(what_is_no_regular_file_is_refused);
ATF_TC_BODY(what_is_no_regular_file_is_refused, tc)
{
	ATF_REQUIRE_EQ(mkfifo("pipe", 0600), 0);
	alarm(10);
	ATF_CHECK(run_read("pipe") == NULL);
	ATF_CHECK(run_read("/dev/zero") == NULL);
	ATF_CHECK(run_read(".") == NULL);
	alarm(0);
}

ATF_TC_WITHOUT_HEAD(answers_are_matched_by_call_and_order);
ATF_TC_BODY(answers_are_matched_by_call_and_order, tc)
{
	struct answer old[] = { { "f", "1", "pass" }, { "g", "2", "pass" },
		{ "f", "3", "pass" } };
	struct answer new[] = { { "g", "4", "pass" }, { "f", "5", "pass" },
		{ "f", "6", "pass" }, { "f", "7", "pass" } };
	struct result a = { .answers = old, .answer_count = 3 };
	struct result b = { .answers = new, .answer_count = 4 };

	ATF_CHECK_EQ(result_answer_like(&a, &b, 0), &old[1]);
	ATF_CHECK_EQ(result_answer_like(&a, &b, 1), &old[0]);
	ATF_CHECK_EQ(result_answer_like(&a, &b, 2), &old[2]);
	ATF_CHECK_EQ(result_answer_like(&a, &b, 3), NULL);
}

ATF_TC_WITHOUT_HEAD(signals_tell_no_code);
ATF_TC_BODY(signals_tell_no_code, tc)
{
	static const char segv[] = "EXC_BAD_ACCESS (1) by SIGSEGV (11)";
	static const char bus[] = "EXC_BAD_ACCESS (1) by SIGBUS (10)";
	static const char address[] = "EXC_BAD_ACCESS (1) with "
				      "KERN_INVALID_ADDRESS (1)";
	static const char memory[] = "EXC_BAD_ACCESS (1) with "
				     "KERN_MEMORY_ERROR (10)";
	static const char protection[] = "EXC_BAD_ACCESS (1) with "
					 "KERN_PROTECTION_FAILURE (2)";

	ATF_CHECK(answer_same(segv, segv));
	ATF_CHECK(answer_same(segv, address));
	ATF_CHECK(answer_same(memory, bus));
	ATF_CHECK(answer_same(protection, bus));
	ATF_CHECK(!answer_same(protection, memory));
	ATF_CHECK(!answer_same(segv, bus));
	ATF_CHECK(!answer_same(segv, protection));
	ATF_CHECK(!answer_same(bus, address));
	ATF_CHECK(!answer_same(bus, "no fault"));
	ATF_CHECK(!answer_same("KERN_SUCCESS (0)", "KERN_FAILURE (5)"));
}

ATF_TC_WITHOUT_HEAD(escapes_in_records_are_undone);
ATF_TC_BODY(escapes_in_records_are_undone, tc)
{
	struct run run = { 0 };
	struct result *r = run_add(&run);

	ATF_REQUIRE(run_take_line(&run, r,
	    "mt\tid\tallocate.a\ttrap\tmodel\t"
	    "15.5\t\tarm64\t16384\tf(\\t\\\\\\x01)\ta\\nb\tpass"));
	ATF_CHECK_STREQ(r->answers[0].call, "f(\t\\\001)");
	ATF_CHECK_STREQ(r->answers[0].answer, "a\nb");
	ATF_CHECK(!run_take_line(&run, r, "mt\tshort"));
	ATF_CHECK(!run_take_line(&run, r, "something else"));
}

ATF_TC_WITHOUT_HEAD(rows_are_found_whatever_the_names);
ATF_TC_BODY(rows_are_found_whatever_the_names, tc)
{
	static const char *const names[] = { "a__trap", "a0__trap", "a__mig",
		"a_b__trap", "aB__mig" };
	struct run run = { 0 };
	struct result *r;

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		r = run_add(&run);
		free(r->name);
		r->name = copy_string(names[i]);
		free(r->route);
		r->route = copy_string(strstr(names[i], "__") + 2);
	}
	run_sort(&run);
	for (size_t i = 0; i < run.result_count; i++) {
		ATF_CHECK_EQ(run_find(&run, &run.results[i]), &run.results[i]);
		ATF_CHECK(run_find_row(&run, &run.results[i]) != NULL);
		ATF_CHECK_EQ(result_compare_rows(run_find_row(&run,
						     &run.results[i]),
				 &run.results[i]),
		    0);
	}
}

ATF_TC_WITHOUT_HEAD(text_that_is_not_utf8_becomes_utf8);
ATF_TC_BODY(text_that_is_not_utf8_becomes_utf8, tc)
{
	json_t *j = text_to_json("a\xff\xc3\xa9\xed\xa0\x80z");
	unsigned point;

	ATF_CHECK_STREQ(json_string_value(j),
	    "a\xef\xbf\xbd\xc3\xa9"
	    "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbdz");
	json_decref(j);
	ATF_CHECK_EQ(utf8_next("\xf0\x9f\x98\x80", &point), 4);
	ATF_CHECK_EQ(point, 0x1f600);
	ATF_CHECK_EQ(utf8_next("\xc0\x80", &point), 1);
	ATF_CHECK_EQ(point, 0xfffd);
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, console_log_gives_cases_and_fingerprint);
	ATF_TP_ADD_TC(tp, console_log_without_end_is_refused);
	ATF_TP_ADD_TC(tp, json_survives_a_round_trip);
	ATF_TP_ADD_TC(tp, foreign_files_are_refused);
	ATF_TP_ADD_TC(tp, other_databases_are_refused);
	ATF_TP_ADD_TC(tp, databases_with_views_are_refused);
	ATF_TP_ADD_TC(tp, what_is_no_regular_file_is_refused);
	ATF_TP_ADD_TC(tp, answers_are_matched_by_call_and_order);
	ATF_TP_ADD_TC(tp, signals_tell_no_code);
	ATF_TP_ADD_TC(tp, escapes_in_records_are_undone);
	ATF_TP_ADD_TC(tp, rows_are_found_whatever_the_names);
	ATF_TP_ADD_TC(tp, text_that_is_not_utf8_becomes_utf8);
	return atf_no_error();
}
