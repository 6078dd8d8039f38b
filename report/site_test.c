/*
 * The reference pages and what they rest on, from runs made here.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "test_command.h"

/* A run of one case; page decides the arch. */
static void
write_run(const char *path, const char *system, const char *release, int page,
    const char *verdict, const char *answer)
{
	FILE *f = fopen(path, "w");

	ATF_REQUIRE(f != NULL);
	fprintf(f,
	    "{\"format\": \"mach-vm-tests run\", \"version\": 1,"
	    " \"fingerprint\": {\"system\": \"%s\", \"release\": \"%s\","
	    " \"arch\": \"%s\", \"page\": \"%d\"},"
	    " \"start\": 0, \"results\": [{\"routine\": \"allocate\","
	    " \"id\": \"id-a\", \"name\": \"some_name__trap\","
	    " \"route\": \"trap\", \"verdict\": \"%s\","
	    " \"reason\": \"not judged: why\","
	    " \"source\": \"xnu-1.2 osfmk/vm/vm_map.c, f()\","
	    " \"sentence\": \"A <b>sentence</b> of KERN_NO_SPACE.\","
	    " \"answers\": [{\"call\": \"f(REALLOC)\", \"answer\": \"%s\","
	    " \"verdict\": \"pass\"}]}]}\n",
	    system, release, page == 4096 ? "x86_64" : "arm64", page, verdict,
	    answer);
	fclose(f);
}

CASE(releases_that_answer_alike_share_a_column)
{
	write_run("a", "model", "10.13", 4096, "passed", "KERN_SUCCESS (0)");
	write_run("b", "model", "11", 4096, "passed", "KERN_SUCCESS (0)");
	write_run("c", "model", "12", 4096, "passed", "KERN_FAILURE (5)");
	write_run("d", "kernel", "11", 4096, "passed", "KERN_SUCCESS (0)");
	ATF_REQUIRE_EQ(report("site -o out.d a b c d"), 0);
	ATF_CHECK(in_file("out.d/allocate.html",
	    "<th>10.13 \xe2\x80\x93 11<small class=k>x86_64 11</small>"
	    "<th>12<small class=m>model only</small>"));
	ATF_CHECK(in_file("out.d/allocate.html",
	    "<td>KERN_SUCCESS (0)<td>KERN_FAILURE (5)"));
	ATF_CHECK(in_file("out.d/changes.html", "<h2 id=\"12\">"));
	ATF_CHECK(!in_file("out.d/changes.html", "<h2 id=\"11\">"));
	ATF_CHECK(in_file("out.d/changes.html", "model only</b><br>"));
	ATF_CHECK(!in_file("out.d/changes.html", "seen on kernels</b><br>"));
	/* With a kernel on the other side, too. */
	write_run("e", "kernel", "12", 4096, "passed", "KERN_FAILURE (5)");
	ATF_REQUIRE_EQ(report("site -o out.d a b c d e"), 0);
	ATF_CHECK(in_file("out.d/changes.html", "seen on kernels</b><br>"));
}

CASE(sizes_are_compared_in_pages)
{
	write_run("a", "model", "11", 4096, "passed", "size=0x2000");
	write_run("b", "model", "11", 16384, "passed", "size=0x8000");
	ATF_REQUIRE_EQ(report("site -o out.d a b"), 0);
	ATF_CHECK(in_file("out.d/allocate.html", "<td>size=2 pages\n"));
	write_run("b", "model", "11", 16384, "passed", "size=0x4000");
	ATF_REQUIRE_EQ(report("site -o out.d a b"), 0);
	ATF_CHECK(
	    in_file("out.d/allocate.html", "<td>size=1 page<td>size=2 pages"));
}

CASE(numbers_of_bytes_are_pages_too)
{
	write_run("a", "model", "11", 4096, "passed",
	    "address=-8192 4096 (1 page) 0x1001 8192");
	write_run("b", "model", "11", 16384, "passed",
	    "address=-32768 16384 (1 page) 0x1001 8192");
	ATF_REQUIRE_EQ(report("site -o out.d a b"), 0);
	ATF_CHECK(in_file("out.d/allocate.html",
	    "<td>address=-2 pages 1 page 0x1001 8192\n"));
}

CASE(answers_of_the_machine_are_no_difference)
{
	write_run("a", "model", "11", 4096, "passed", "259 (0x103)");
	write_run("b", "model", "12", 4096, "passed", "259 (0x103)");
	write_run("c", "kernel", "11", 4096, "passed", "515 (0x203)");
	ATF_REQUIRE_EQ(report("site -o out.d a b c"), 0);
	ATF_CHECK(in_file("out.d/allocate.html",
	    "<td>515 (0x203) <small>of the machine</small>"));
	ATF_CHECK(!in_file("out.d/allocate.html", "259"));
	ATF_CHECK(!in_file("out.d/changes.html", "<h2"));
	/* But a kernel that failed is one. */
	write_run("c", "kernel", "11", 4096, "failed", "515 (0x203)");
	ATF_REQUIRE_EQ(report("site -o out.d a b c"), 0);
	ATF_CHECK(in_file("out.d/allocate.html", "<td>259 (0x103)"));
	ATF_CHECK(in_file("out.d/allocate.html", "class=u>not judged"));
}

CASE(wrong_questions_are_no_changes)
{
	write_run("a", "model", "11", 4096, "passed", "KERN_SUCCESS (0)");
	write_run("b", "kernel", "11", 4096, "undecided", "KERN_FAILURE (5)");
	ATF_REQUIRE_EQ(report("site -o out.d a b"), 0);
	ATF_CHECK(!in_file("out.d/changes.html", "<h2"));
	ATF_CHECK(in_file("out.d/allocate.html", "not judged: why"));
	/* Of a release that the model does not know it is the kernel's word. */
	write_run("b", "kernel", "26.5", 4096, "undecided", "KERN_FAILURE (5)");
	ATF_REQUIRE_EQ(report("site -o out.d a b"), 0);
	ATF_CHECK(in_file("out.d/changes.html", "<h2 id=\"26.5\">"));
}

CASE(constants_are_found_by_name)
{
	write_run("a", "model", "11", 4096, "passed", "KERN_SUCCESS (0)");
	ATF_REQUIRE_EQ(report("site -o out.d a"), 0);
	ATF_CHECK(in_file("out.d/constants.html", "<dt id=\"KERN_NO_SPACE\">"));
	ATF_CHECK(in_file("out.d/constants.html", "<dt id=\"KERN_SUCCESS\">"));
	ATF_CHECK(
	    in_file("out.d/constants.html", "<dt id=\"VM_MEMORY_REALLOC\">"));
	ATF_CHECK(in_file("out.d/search.js", "VM_MEMORY_REALLOC"));
}

CASE(kernels_that_all_answer_alike_are_counted)
{
	write_run("a", "model", "11", 4096, "passed", "KERN_SUCCESS (0)");
	write_run("b", "kernel", "11", 4096, "passed", "KERN_SUCCESS (0)");
	write_run("c", "kernel", "12", 4096, "passed", "KERN_SUCCESS (0)");
	ATF_REQUIRE_EQ(report("site -o out.d a b c"), 0);
	ATF_CHECK(in_file("out.d/allocate.html", ">all 2 kernels<"));
	write_run("c", "kernel", "12", 4096, "passed", "KERN_FAILURE (5)");
	ATF_REQUIRE_EQ(report("site -o out.d a b c"), 0);
	ATF_CHECK(!in_file("out.d/allocate.html", "2 kernels<"));
	ATF_CHECK(in_file("out.d/allocate.html", "<small class=k>x86_64 11<"));
	ATF_CHECK(in_file("out.d/allocate.html", "<small class=k>x86_64 12<"));
}

CASE(what_the_matrix_has_is_not_said_again)
{
	write_run("a", "model", "11", 4096, "passed", "KERN_SUCCESS (0)");
	ATF_REQUIRE_EQ(report("site -o out.d a"), 0);
	ATF_CHECK(in_file("out.d/matrix.js", "const matrixData = {"));
	ATF_CHECK(in_file("out.d/matrix.js", "sentence"));
	ATF_CHECK(in_file("out.d/matrix.html", "<script src=\"matrix.js\">"));
	ATF_CHECK(!in_file("out.d/matrix.html", "KERN_SUCCESS (0)"));
	ATF_CHECK(!in_file("out.d/search.js", "sentence"));
}

/* A run of as many behaviours with KERN_NO_SPACE in their sentence. */
static void
write_many(const char *path, int behaviours)
{
	FILE *f = fopen(path, "w");

	ATF_REQUIRE(f != NULL);
	fprintf(f,
	    "{\"format\": \"mach-vm-tests run\", \"version\": 1,"
	    " \"fingerprint\": {\"system\": \"model\","
	    " \"release\": \"11\", \"arch\": \"x86_64\","
	    " \"page\": \"4096\"}, \"start\": 0, \"results\": [");
	for (int i = 0; i < behaviours; i++)
		fprintf(f,
		    "%s{\"routine\": \"%s\", \"id\": \"id-%d\","
		    " \"name\": \"name_%d__trap\", \"route\": \"trap\","
		    " \"verdict\": \"passed\", \"reason\": \"\","
		    " \"source\": \"a page\", \"sentence\": \"KERN_NO_SPACE.\","
		    " \"answers\": []}",
		    i == 0 ? "" : ", ", i < 2 ? "allocate" : "map", i, i);
	fputs("]}\n", f);
	fclose(f);
}

CASE(constants_of_many_behaviours_are_counted)
{
	write_many("a", 60);
	ATF_REQUIRE_EQ(report("site -o out.d a"), 0);
	ATF_CHECK(in_file("out.d/constants.html", "map.html#id-59"));
	write_many("a", 61);
	ATF_REQUIRE_EQ(report("site -o out.d a"), 0);
	ATF_CHECK(!in_file("out.d/constants.html", "#id-"));
	ATF_CHECK(in_file("out.d/constants.html",
	    "<b>allocate</b> <a href=\"allocate.html\">2</a>"));
	ATF_CHECK(in_file("out.d/constants.html",
	    "<b>map</b> <a href=\"map.html\">59</a>"));
}

CASE(layouts_are_drawn)
{
	write_run("a", "model", "11", 4096, "passed", "KERN_SUCCESS (0)");
	ATF_REQUIRE_EQ(system("sed -e 's/f(REALLOC)/layout at hole/'"
			      " -e 's/KERN_SUCCESS (0)/aa.b/' a >b"),
	    0);
	ATF_REQUIRE_EQ(report("site -o out.d b"), 0);
	ATF_CHECK(in_file("out.d/allocate.html",
	    "<span class=map><i style=--n:2>a</i><i class=h>.</i><i>b</i>"));
}

CASE(hostile_runs_stay_text)
{
	write_run("a", "model", "<script>bad=1</script>", 4096, "passed",
	    "</td><img src=x onerror=bad=1>");
	write_run("b", "model", "\\\"><script>bad=1</script>", 4096, "passed",
	    "\\u0007");
	ATF_REQUIRE_EQ(report("site -o out.d a b"), 0);
	ATF_CHECK_EQ(system("cat out.d/*.html out.d/*.js >all"), 0);
	ATF_CHECK(!in_file("all", "<script>bad"));
	ATF_CHECK(!in_file("all", "<img"));
	ATF_CHECK(!in_file("all", "<b>sentence"));
	ATF_CHECK(in_file("out.d/allocate.html", "A &lt;b&gt;sentence"));
	ATF_CHECK(!in_file("out.d/allocate.html", "\007"));
}

CASE(names_of_files_are_no_ones_choice)
{
	write_run("a", "model", "11", 4096, "passed", "KERN_SUCCESS (0)");
	ATF_REQUIRE_EQ(system("sed 's/allocate/..\\/..\\/a/' a >b && "
			      "sed 's/\"allocate\"/\"index\"/' a >c"),
	    0);
	ATF_CHECK_EQ(report("site -o out.d b"), 2);
	ATF_CHECK_EQ(lines("err"), 1);
	ATF_CHECK_EQ(report("site -o out.d c"), 2);
	ATF_CHECK_EQ(lines("err"), 1);
	ATF_CHECK_EQ(system("test ! -e out.d"), 0);
}

CASE(bad_calls_are_refused)
{
	static const char *const calls[] = { "site a", "site -o a a",
		"site -o none/x a", "site -o out.d", "site -o out.d missing",
		"site --recorded missing -o out.d a",
		"site --recorded bad -o out.d a", "evidence --recorded bad a",
		"evidence --format html a", "evidence", "show --recorded x a",
		"evidence --cases a a" };
	FILE *f;

	write_run("a", "model", "11", 4096, "passed", "KERN_SUCCESS (0)");
	ATF_REQUIRE((f = fopen("bad", "w")) != NULL);
	fputs("b\tone\na\ttwo\n", f);
	fclose(f);
	for (size_t i = 0; i < sizeof(calls) / sizeof(*calls); i++) {
		ATF_CHECK_EQ_MSG(report("%s", calls[i]), 2, "%s", calls[i]);
		ATF_CHECK_EQ_MSG(lines("err"), 1, "%s", calls[i]);
		ATF_CHECK_EQ_MSG(lines("out"), 0, "%s", calls[i]);
	}
}

CASE(evidence_tells_what_supports)
{
	FILE *f;

	write_run("a", "model", "11", 4096, "passed", "KERN_SUCCESS (0)");
	ATF_REQUIRE_EQ(report("evidence a"), 0);
	ATF_CHECK(in_file("out", "     1  source "));
	ATF_CHECK(in_file("out", "Nothing but reading supports"));
	ATF_CHECK(in_file("out", "some_name  [id-a]"));
	ATF_REQUIRE((f = fopen("recorded", "w")) != NULL);
	fputs("# comment\nid-a\tbooted x86_64 1.2\n", f);
	fclose(f);
	ATF_REQUIRE_EQ(report("evidence --recorded recorded a"), 0);
	ATF_CHECK(in_file("out", "     1  recorded "));
	ATF_CHECK(!in_file("out", "Nothing but"));
	write_run("b", "kernel", "11.6", 4096, "passed", "KERN_SUCCESS (0)");
	write_run("c", "macos", "15.5", 16384, "passed", "KERN_SUCCESS (0)");
	ATF_REQUIRE_EQ(report("evidence --format tsv a b c"), 0);
	ATF_CHECK(in_file("out",
	    "id-a\tallocate.some_name\tkernel\t"
	    "booted x86_64 11.6; hardware arm64 15.5\t\n"));
	/* A kernel that failed supports nothing. */
	write_run("b", "kernel", "11.6", 4096, "failed", "KERN_FAILURE (5)");
	ATF_REQUIRE_EQ(report("evidence a b"), 0);
	ATF_CHECK(in_file("out", "     1  source "));
	/* Nor a kernel of one release for the answers of another. */
	write_run("b", "kernel", "11.6", 4096, "passed", "KERN_SUCCESS (0)");
	write_run("c", "model", "12", 4096, "passed", "KERN_FAILURE (5)");
	ATF_REQUIRE_EQ(report("evidence a b c"), 0);
	ATF_CHECK(in_file("out", "the model alone answers so"));
	ATF_CHECK(in_file("out", "allocate.some_name  [id-a]  12\n"));
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, releases_that_answer_alike_share_a_column);
	ATF_TP_ADD_TC(tp, sizes_are_compared_in_pages);
	ATF_TP_ADD_TC(tp, numbers_of_bytes_are_pages_too);
	ATF_TP_ADD_TC(tp, answers_of_the_machine_are_no_difference);
	ATF_TP_ADD_TC(tp, wrong_questions_are_no_changes);
	ATF_TP_ADD_TC(tp, constants_are_found_by_name);
	ATF_TP_ADD_TC(tp, kernels_that_all_answer_alike_are_counted);
	ATF_TP_ADD_TC(tp, what_the_matrix_has_is_not_said_again);
	ATF_TP_ADD_TC(tp, constants_of_many_behaviours_are_counted);
	ATF_TP_ADD_TC(tp, layouts_are_drawn);
	ATF_TP_ADD_TC(tp, hostile_runs_stay_text);
	ATF_TP_ADD_TC(tp, names_of_files_are_no_ones_choice);
	ATF_TP_ADD_TC(tp, bad_calls_are_refused);
	ATF_TP_ADD_TC(tp, evidence_tells_what_supports);
	return atf_no_error();
}
