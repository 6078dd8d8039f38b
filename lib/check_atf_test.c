/*
 * Each way in which a case can end really ends it so: runs the cases of
 * check_atf_cases as Kyua would and looks at the result, the records and what
 * people read.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <atf-c.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static char result[1024], records[65536], people[65536];

static void
load(const char *file, char *buffer, size_t size)
{
	int fd = open(file, O_RDONLY);
	ssize_t n = fd == -1 ? 0 : read(fd, buffer, size - 1);

	buffer[n < 0 ? 0 : n] = '\0';
	if (fd != -1)
		close(fd);
}

static void
redirect(const char *file, int to)
{
	int fd = open(file, O_WRONLY | O_CREAT | O_TRUNC, 0600);

	if (fd == -1 || dup2(fd, to) == -1)
		_exit(99);
}

/* Runs the program with up to four arguments; its exit status. */
static int
run(const atf_tc_t *tc, const char *a, const char *b, const char *c,
    const char *d)
{
	char path[1024];
	int status;
	pid_t pid;

	snprintf(path, sizeof(path), "%s/check_atf_cases",
	    atf_tc_get_config_var(tc, "srcdir"));
	unlink("result");
	pid = fork();
	ATF_REQUIRE(pid != -1);
	if (pid == 0) {
		redirect("stdout", STDOUT_FILENO);
		redirect("stderr", STDERR_FILENO);
		setenv("__RUNNING_INSIDE_ATF_RUN", "internal-yes-value", 1);
		execl(path, path, a, b, c, d, (char *)NULL);
		_exit(98);
	}
	ATF_REQUIRE_EQ(pid, waitpid(pid, &status, 0));
	load("result", result, sizeof(result));
	load("stdout", records, sizeof(records));
	load("stderr", people, sizeof(people));
	ATF_REQUIRE(WIFEXITED(status));
	return WEXITSTATUS(status);
}

/* One case: how its result begins, what a record and a message contain. */
static void
check(const atf_tc_t *tc, const char *ident, const char *begins,
    const char *record, const char *message)
{
	int status = run(tc, "-rresult", ident, NULL, NULL);

	ATF_CHECK_MSG(status == (strncmp(begins, "failed", 6) == 0),
	    "%s: exit status %d", ident, status);
	ATF_CHECK_MSG(strncmp(result, begins, strlen(begins)) == 0,
	    "%s: %s, must begin with %s", ident, result, begins);
	ATF_CHECK_MSG(strchr(result, '\n') == NULL ||
		strchr(result, '\n')[1] == '\0',
	    "%s: a long reason", ident);
	ATF_CHECK_MSG(strncmp(records, "mt-system\t1\t", 12) == 0,
	    "%s: no fingerprint", ident);
	ATF_CHECK_MSG(record == NULL || strstr(records, record) != NULL,
	    "%s: records lack %s:\n%s", ident, record, records);
	ATF_CHECK_MSG(message == NULL || strstr(people, message) != NULL,
	    "%s: messages lack %s:\n%s", ident, message, people);
}

ATF_TC_WITHOUT_HEAD(right_answers_pass);
ATF_TC_BODY(right_answers_pass, tc)
{
	check(tc, "right_answer_passes__trap", "passed",
	    "\tKERN_NO_SPACE (3)\tpass\n", NULL);
	ATF_CHECK_STREQ("", people);
	check(tc, "trap_alone_has_it__trap", "passed", "\t2\tpass\n", NULL);
}

ATF_TC_WITHOUT_HEAD(wrong_answers_fail);
ATF_TC_BODY(wrong_answers_fail, tc)
{
	check(tc, "wrong_answer_fails__libsystem", "failed: 2 checks failed",
	    "\tKERN_NO_SPACE (3)\tfail\n", "lib/check_atf_cases.c:");
	ATF_CHECK(
	    strstr(people,
		"vm->allocate(self, &page, mt_page, "
		"VM_FLAGS_FIXED): KERN_NO_SPACE (3), must be KERN_SUCCESS (0)\n") !=
	    NULL);
	ATF_CHECK(strstr(people, "route libsystem") != NULL);
	check(tc, "wrong_region_fails__trap", "failed: 1 checks failed",
	    "\tsize=0x8000 protection=rw-\tfail\n", "region required");
	ATF_CHECK(strstr(people,
		      "size is 0x8000, must be 0x4000; "
		      "protection is rw-, must be r--\n") != NULL);
	ATF_CHECK(strstr(people, "\t..a.bb.c........\n") != NULL);
	check(tc, "missing_region_fails__trap", "failed: 1 checks failed",
	    "\tnothing is mapped\tfail\n", ": nothing is mapped\n");
	check(tc, "wrong_layout_fails__trap", "failed: 1 checks failed",
	    "\taaaa\tfail\n", "\trequired  aabb\n\tfound     aaaa\n");
	check(tc, "wrong_fault_fails__trap", "failed: 2 checks failed",
	    "\tEXC_BAD_ACCESS (1) with KERN_INVALID_ADDRESS (1)\tfail\n",
	    ", must be no fault");
	check(tc, "wrong_byte_fails__trap", "failed: 1 checks failed",
	    "\t0x0\tfail\n", ": 0x0, must be 0x1\n");
	check(tc, "false_condition_fails__trap", "failed: 1 checks failed",
	    "\tfalse\tfail\n", "mt_page == 1: false, must be true");
}

ATF_TC_WITHOUT_HEAD(broken_cases_fail);
ATF_TC_BODY(broken_cases_fail, tc)
{
	check(tc, "wrong_stage_ends_the_case__trap",
	    "failed: lib/check_atf_cases.c:", "\tKERN_FAILURE (5)\tstage\n",
	    "*** Requirement failed: ");
	ATF_CHECK(strstr(result,
		      "KERN_FAILURE (5), must be KERN_SUCCESS (0)") != NULL);
	ATF_CHECK(strstr(records, "\tpass\n") == NULL);
	check(tc, "nonsense_kernel_fails__trap", "failed: 1 checks failed",
	    NULL, "region_recurse: region of size 0");
	check(tc, "nothing_judged_fails__trap", "failed: 1 checks failed", NULL,
	    "judged nothing");
}

ATF_TC_WITHOUT_HEAD(undecided_answers_are_observed);
ATF_TC_BODY(undecided_answers_are_observed, tc)
{
	check(tc, "undecided_is_skipped__trap",
	    "skipped: undecided, observed KERN_NO_SPACE (3)",
	    "\tKERN_NO_SPACE (3)\tundecided\n", NULL);
	check(tc, "undecided_but_wrong_fails__trap", "failed: 1 checks failed",
	    "\tfail\n", NULL);
}

ATF_TC_WITHOUT_HEAD(known_gaps_are_expected);
ATF_TC_BODY(known_gaps_are_expected, tc)
{
	check(tc, "gap_is_an_expected_failure__trap",
	    "expected_failure: the model lacks: a reason", "\tfail\n", NULL);
	check(tc, "closed_gap_fails__trap", "failed: ", "\tpass\n", NULL);
}

ATF_TC_WITHOUT_HEAD(children_count);
ATF_TC_BODY(children_count, tc)
{
	check(tc, "child_passes__trap", "passed", "\tpass\n", NULL);
	check(tc, "child_fails__trap", "failed: 1 checks failed", "\tfail\n",
	    "*** In a child: lib/check_atf_cases.c:");
	check(tc, "child_stage_fails__trap", "failed: 1 checks failed",
	    "\tstage\n", "the child failed");
	check(tc, "child_dies__trap", "failed: 1 checks failed", NULL,
	    "the child died of SIGBUS (10)");
	check(tc, "child_dies_as_required__trap", "passed",
	    "\t10 (0xa)\tpass\n", NULL);
}

ATF_TC_WITHOUT_HEAD(unmet_needs_skip);
ATF_TC_BODY(unmet_needs_skip, tc)
{
	check(tc, "old_is_skipped__trap",
	    "skipped: gone after macOS 14, this is 15.5", NULL, NULL);
	check(tc, "new_is_skipped__trap",
	    "skipped: needs macOS 27, this is 15.5", NULL, NULL);
	check(tc, "other_arch_is_skipped__trap",
	    "skipped: needs x86_64, this is arm64", NULL, NULL);
	check(tc, "need_is_skipped__trap",
	    "skipped: needs the privileged host port", NULL, NULL);
	check(tc, "disposable_is_skipped__trap",
	    "skipped: needs a disposable machine", NULL, NULL);
	check(tc, "skips_itself__libsystem", "skipped: no reason", NULL, NULL);
	ATF_CHECK_EQ(0,
	    run(tc, "-rresult", "-vdisposable=yes",
		"disposable_is_skipped__trap", NULL));
	ATF_CHECK_STREQ("passed\n", result);
}

ATF_TC_WITHOUT_HEAD(list_tells_what_a_case_is);
ATF_TC_BODY(list_tells_what_a_case_is, tc)
{
	ATF_CHECK_EQ(0, run(tc, "-l", NULL, NULL, NULL));
	ATF_CHECK(strstr(records, "mt-system") == NULL);
	ATF_CHECK(strstr(records,
		      "ident: wrong_byte_fails__trap\n"
		      "descr: A sentence.\nX-id: id-wrong_byte_fails\n"
		      "X-routine: allocate\nX-route: trap\n"
		      "X-source: here\n") != NULL);
	ATF_CHECK(strstr(records, "X-needs: native privileged\n") != NULL);
	ATF_CHECK(strstr(records, "X-since: 27\n") != NULL);
	ATF_CHECK(strstr(records, "X-until: 14\n") != NULL);
	ATF_CHECK(strstr(records, "X-extrapolated") == NULL);
	/* a route that lacks the routine has no such case */
	ATF_CHECK(strstr(records, "ident: trap_alone_has_it__trap") != NULL);
	ATF_CHECK(
	    strstr(records, "ident: trap_alone_has_it__libsystem") == NULL);
	ATF_CHECK(strstr(records, "ident: skips_itself__trap") == NULL);
	/* nor has a release that lacks the route */
	ATF_CHECK(strstr(records, "__later") != NULL);
	ATF_CHECK_EQ(0, run(tc, "-vrelease=12.6", "-l", NULL, NULL));
	ATF_CHECK(strstr(records, "__later") == NULL);

	ATF_CHECK_EQ(0, run(tc, "-vroute=trap", "-vrelease=26", "-l", NULL));
	ATF_CHECK(strstr(records, "__libsystem") == NULL);
	ATF_CHECK(strstr(records, "__trap") != NULL);
	ATF_CHECK(strstr(records, "X-extrapolated: yes\n") != NULL);

	ATF_CHECK_EQ(0,
	    run(tc, "-vroute=libsystem,trap", "-vrelease=16", "-l", NULL));
	ATF_CHECK(strstr(records, "__libsystem") != NULL);
	ATF_CHECK(strstr(records, "__trap") != NULL);
	ATF_CHECK(strstr(records, "__later") == NULL);
}

ATF_TC_WITHOUT_HEAD(wrong_variables_are_refused);
ATF_TC_BODY(wrong_variables_are_refused, tc)
{
	ATF_CHECK_EQ(2, run(tc, "-vrelease=Ventura", "-l", NULL, NULL));
	ATF_CHECK_STREQ("release Ventura, arch not given: no such release\n",
	    people);
	ATF_CHECK_EQ(2,
	    run(tc, "-varch=ppc", "right_answer_passes__trap", NULL, NULL));
	ATF_CHECK_STREQ("release not given, arch ppc: only arm64 here\n",
	    people);
	ATF_CHECK_EQ(2, run(tc, "-vroute=air", "-l", NULL, NULL));
	ATF_CHECK_STREQ("route air: there is no such route\n", people);
	ATF_CHECK_EQ(2, run(tc, "-vroute=trap,air", "-l", NULL, NULL));
	ATF_CHECK_STREQ("route air: there is no such route\n", people);
	ATF_CHECK_EQ(2, run(tc, "-vroute=trap,", "-l", NULL, NULL));
	ATF_CHECK_STREQ("route : there is no such route\n", people);
	ATF_CHECK(run(tc, "no_such_case__trap", NULL, NULL, NULL) != 0);
	ATF_CHECK(strstr(people, "no_such_case__trap") != NULL);
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, right_answers_pass);
	ATF_TP_ADD_TC(tp, wrong_answers_fail);
	ATF_TP_ADD_TC(tp, broken_cases_fail);
	ATF_TP_ADD_TC(tp, undecided_answers_are_observed);
	ATF_TP_ADD_TC(tp, known_gaps_are_expected);
	ATF_TP_ADD_TC(tp, children_count);
	ATF_TP_ADD_TC(tp, unmet_needs_skip);
	ATF_TP_ADD_TC(tp, list_tells_what_a_case_is);
	ATF_TP_ADD_TC(tp, wrong_variables_are_refused);
	return atf_no_error();
}
