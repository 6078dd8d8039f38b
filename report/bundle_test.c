/*
 * Runs that are kept: compressed, annotated, and compared with others.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "test_command.h"

static void
write_file(const char *path, const char *text)
{
	FILE *f = fopen(path, "w");

	ATF_REQUIRE(f != NULL);
	fputs(text, f);
	fclose(f);
}

/* A run of one case, "allocate.NAME" of id-a, through the route. */
static void
write_run(const char *path, const char *name, const char *route,
    const char *verdict, const char *answer, const char *sentence)
{
	FILE *f = fopen(path, "w");

	ATF_REQUIRE(f != NULL);
	fprintf(f,
	    "{\"format\": \"mach-vm-tests run\", \"version\": 1,"
	    " \"fingerprint\": {\"system\": \"bare\", \"arch\": \"arm64\"},"
	    " \"start\": 0, \"results\": [{\"routine\": \"allocate\","
	    " \"id\": \"id-a\", \"name\": \"%s__%s\", \"route\": \"%s\","
	    " \"verdict\": \"%s\", \"sentence\": \"%s\", \"answers\":"
	    " [{\"call\": \"f()\", \"answer\": \"%s\", \"verdict\": \"pass\"}]"
	    "}]}\n",
	    name, route, route, verdict, sentence, answer);
	fclose(f);
}

CASE(xz_is_written_and_read)
{
	write_run("a.json", "a", "trap", "passed", "KERN_SUCCESS (0)", "S.");
	ATF_REQUIRE_EQ(report("bundle -o b.json.xz a.json"), 0);
	ATF_CHECK_EQ(system("xz -t b.json.xz"), 0);
	ATF_CHECK_EQ(report("show --counts b.json.xz"), 0);
	ATF_CHECK(in_file("out", "1 passed, 0 failed"));
	ATF_CHECK_EQ(report("diff a.json b.json.xz"), 0);
	ATF_CHECK(in_file("out", "    the same\n"));
	/* An existing file is not lost. */
	ATF_CHECK_EQ(report("bundle -o b.json.xz a.json"), 2);
	ATF_CHECK_EQ(lines("err"), 1);
	/* A console is read so, too. */
	write_file("log",
	    "mt-case\tid-a\tallocate.a\ttrap\tpassed\t\n"
	    "PROBE END\n");
	ATF_REQUIRE_EQ(system("xz log"), 0);
	ATF_CHECK_EQ(report("show --counts log.xz"), 0);
}

CASE(damaged_xz_is_refused_in_one_line)
{
	write_run("a.json", "a", "trap", "passed", "KERN_SUCCESS (0)", "S.");
	ATF_REQUIRE_EQ(system("xz -k a.json && "
			      "head -c 60 a.json.xz >cut.xz && "
			      "{ head -c 40 a.json.xz; echo xxxxxxxx; } >bad.xz"
			      " && echo nothing | xz >none.xz"
			      " && head -c 33554432 /dev/zero | xz -0 >part.xz"
			      " && for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14"
			      " 15 16 17; do cat part.xz; done >huge.xz"),
	    0);
	ATF_CHECK_EQ(report("show cut.xz"), 2);
	ATF_CHECK(in_file("err", "cut.xz: damaged xz data"));
	ATF_CHECK_EQ(report("show bad.xz"), 2);
	ATF_CHECK_EQ(report("show none.xz"), 2);
	ATF_CHECK(in_file("err", "neither a results file"));
	ATF_CHECK_EQ(report("show huge.xz"), 2);
	ATF_CHECK(in_file("err", "larger than 512 MiB"));
	ATF_CHECK_EQ(lines("err"), 1);
}

/* Until 10.15 the console ends a line by both characters, the wrong way. */
CASE(console_lines_may_begin_with_a_return)
{
	write_file("log",
	    "mt-system\t1\tsystem=bare\trelease=10.13.6\n\r"
	    "mt-case\tid-a\tallocate.a\ttrap\tpassed\t\n\rPROBE END\n\r");
	ATF_CHECK_EQ(report("show log"), 0);
	ATF_CHECK(in_file("out", "bare 10.13.6"));
	ATF_CHECK(in_file("out", "conformance: 1 passed, 0 failed"));
}

CASE(keys_are_set)
{
	write_run("a.json", "a", "trap", "passed", "KERN_SUCCESS (0)", "S.");
	ATF_REQUIRE_EQ(report("bundle --set system=kernel --set how=booted "
			      "-o b.json a.json"),
	    0);
	ATF_CHECK_EQ(report("show b.json"), 0);
	ATF_CHECK(in_file("out", "kernel  arm64\n"));
	ATF_CHECK(in_file("out", "how              booted\n"));
	ATF_CHECK_EQ(report("bundle --set how a.json"), 2);
	ATF_CHECK(in_file("err", "--set how: must be KEY=VALUE"));
	ATF_CHECK_EQ(report("bundle --set =x a.json"), 2);
	ATF_CHECK_EQ(report("show --set a=b a.json"), 2);
	ATF_CHECK_EQ(lines("err"), 1);
}

CASE(cases_give_words_and_names)
{
	write_run("old.json", "a", "trap", "passed", "KERN_SUCCESS (0)", "");
	write_run("new.json", "better", "mig", "passed", "KERN_SUCCESS (0)",
	    "A sentence.");
	ATF_REQUIRE_EQ(report("bundle --cases new.json -o b.json old.json"), 0);
	ATF_CHECK_EQ(lines("err"), 0);
	ATF_CHECK(in_file("b.json", "\"name\": \"better__trap\""));
	ATF_CHECK(in_file("b.json", "\"sentence\": \"A sentence.\""));
	ATF_CHECK_EQ(report("bundle --cases none.json old.json"), 2);
	ATF_CHECK_EQ(lines("err"), 1);
}

/* Both routes of a case that was renamed. */
CASE(renamed_cases_are_compared)
{
	write_run("a.json", "a", "trap", "passed", "KERN_SUCCESS (0)", "S.");
	ATF_REQUIRE_EQ(system("sed -e 's/.*\\[{\"routine/{\"routine/'"
			      " -e 's/]}$//' -e s/trap/mig/g a.json >one && "
			      "{ sed 's/]}$/,/' a.json; cat one; echo ']}'; }"
			      " >old.json && "
			      "sed s/a__/better__/ old.json >new.json"),
	    0);
	ATF_CHECK_EQ(report("show --counts old.json"), 0);
	ATF_CHECK(in_file("out", "2 passed"));
	ATF_CHECK_EQ(report("diff old.json new.json"), 0);
	ATF_CHECK(in_file("out", "new                   0      0  "));
	ATF_CHECK(in_file("out", "gone                  0      0  "));
	/* Of two cases of one id nobody knows which it was. */
	ATF_REQUIRE_EQ(system("sed s/a__mig/b__mig/ old.json >two.json"), 0);
	ATF_CHECK_EQ(report("diff two.json new.json"), 0);
	ATF_CHECK(in_file("out", "gone                  2      2  "));
}

CASE(notes_take_failures_back)
{
	write_run("a.json", "a", "trap", "failed", "KERN_FAILURE (5)", "S.");
	write_file("notes",
	    "# a comment\n"
	    "*-x86_64\tid-a\tskipped\twrong processor\n"
	    "7*-arm64\tallocate.a*\tundecided\tasked wrongly\n"
	    "*\t*\tskipped\ta later line\n");
	ATF_REQUIRE_EQ(report("bundle --set xnu=7195 --notes notes -o b.json "
			      "a.json"),
	    0);
	ATF_CHECK_EQ(report("show b.json"), 0);
	ATF_CHECK(
	    in_file("out", "allocate.a__trap: not judged: asked wrongly"));
	ATF_CHECK(in_file("out", "0 passed, 0 failed, 1 skipped"));
	ATF_CHECK(in_file("b.json", "KERN_FAILURE (5)"));
	/* What passed stays. */
	write_run("a.json", "a", "trap", "passed", "KERN_SUCCESS (0)", "S.");
	ATF_REQUIRE_EQ(report("bundle --notes notes a.json"), 0);
	ATF_CHECK(in_file("out", "\"verdict\": \"passed\""));
	write_file("notes", "*\tid-a\tgood\twhy\n");
	ATF_CHECK_EQ(report("bundle --notes notes a.json"), 2);
	ATF_CHECK(in_file("err", "notes: line 1: "));
	ATF_CHECK_EQ(report("bundle --notes missing a.json"), 2);
	ATF_CHECK_EQ(lines("err"), 1);
}

CASE(diff_compares_the_two_ways_to_send_a_message)
{
	write_run("a.json", "a", "mig", "passed", "KERN_SUCCESS (0)", "S.");
	write_run("b.json", "a", "mig2", "passed", "KERN_FAILURE (5)", "S.");
	ATF_CHECK_EQ(report("diff a.json b.json"), 0);
	ATF_CHECK(in_file("out", "answers               1      1  "));
	ATF_CHECK(in_file("out", "KERN_SUCCESS (0) -> KERN_FAILURE (5)"));
	ATF_CHECK(in_file("out", "gone                  0      0  "));
}

CASE(diff_leaves_out_routes_that_one_run_has)
{
	write_run("a.json", "a", "trap", "passed", "KERN_SUCCESS (0)", "S.");
	write_run("b.json", "a", "libsystem", "passed", "KERN_FAILURE (5)",
	    "S.");
	ATF_CHECK_EQ(report("diff a.json b.json"), 0);
	ATF_CHECK(in_file("out", "new                   0      0  "));
	ATF_CHECK(in_file("out", "gone                  0      0  "));
	ATF_CHECK(in_file("out", "2 cases through routes that only one"));
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, xz_is_written_and_read);
	ATF_TP_ADD_TC(tp, damaged_xz_is_refused_in_one_line);
	ATF_TP_ADD_TC(tp, console_lines_may_begin_with_a_return);
	ATF_TP_ADD_TC(tp, keys_are_set);
	ATF_TP_ADD_TC(tp, cases_give_words_and_names);
	ATF_TP_ADD_TC(tp, renamed_cases_are_compared);
	ATF_TP_ADD_TC(tp, notes_take_failures_back);
	ATF_TP_ADD_TC(tp, diff_compares_the_two_ways_to_send_a_message);
	ATF_TP_ADD_TC(tp, diff_leaves_out_routes_that_one_run_has);
	return atf_no_error();
}
