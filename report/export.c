/*
 * export: one run in the formats that other tools read.  None carries the
 * environment in which the run was made.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "commands.h"
#include "json.h"
#include "utf8.h"

/* One line that says what a reader of such a report wants to see first. */
static void
put_message(const struct result *r, void (*put)(const char *))
{
	put(r->reason);
	for (size_t i = 0; i < r->answer_count; i++) {
		if (strcmp(r->answers[i].verdict, "fail") != 0)
			continue;
		put(" [");
		put(r->answers[i].call);
		put(" answered ");
		put(r->answers[i].answer);
		put("]");
	}
}

/* ---- JUnit (junit-4.xsd of Jenkins) ----------------------------------------
 * There "skipped" has no attribute: what it says is its text. */

static void
put_xml(const char *text)
{
	unsigned point;
	size_t n;

	for (; *text != '\0'; text += n) {
		n = utf8_next(text, &point);
		if (point == '<')
			fputs("&lt;", stdout);
		else if (point == '>')
			fputs("&gt;", stdout);
		else if (point == '&')
			fputs("&amp;", stdout);
		else if (point == '"')
			fputs("&quot;", stdout);
		else if (point == '\n' || point == '\t')
			printf("&#%u;", point);
		else if (!utf8_is_xml(point))
			fputs("\xef\xbf\xbd", stdout);
		else
			fwrite(text, 1, n, stdout);
	}
}

static void
put_outcome(const struct result *r)
{
	const char *tag = r->verdict == FAILED ? "failure" : "error";

	if (r->verdict == PASSED)
		return;
	if (!verdict_wrong(r->verdict)) {
		printf("    <skipped>");
		if (r->verdict == EXPECTED_FAILURE)
			put_xml("expected failure: ");
		put_message(r, put_xml);
		puts("</skipped>");
		return;
	}
	printf("    <%s message=\"", tag);
	put_message(r, put_xml);
	printf("\" type=\"%s\">", verdict_name(r->verdict));
	put_xml(r->output);
	printf("</%s>\n", tag);
}

static void
junit_case(const struct result *r)
{
	printf("   <testcase classname=\"");
	put_xml(r->routine);
	printf("\" name=\"");
	put_xml(r->name);
	printf("\" time=\"%.6f\">\n", r->seconds);
	put_outcome(r);
	puts("   </testcase>");
}

static void
junit_suite(const struct run *run, size_t from, size_t to)
{
	size_t count[VERDICTS] = { 0 };
	double seconds = 0;

	for (size_t i = from; i < to; i++) {
		count[run->results[i].verdict]++;
		seconds += run->results[i].seconds;
	}
	printf(" <testsuite name=\"");
	put_xml(run->results[from].routine);
	printf("\" tests=\"%zu\" failures=\"%zu\" errors=\"%zu\" "
	       "skipped=\"%zu\" time=\"%.6f\">\n",
	    to - from, count[FAILED], count[BROKEN],
	    to - from - count[FAILED] - count[BROKEN] - count[PASSED], seconds);
	if (run->key_count > 0)
		puts("  <properties>");
	for (size_t i = 0; i < run->key_count; i++) {
		printf("   <property name=\"");
		put_xml(run->keys[i].name);
		printf("\" value=\"");
		put_xml(run->keys[i].value);
		puts("\"/>");
	}
	if (run->key_count > 0)
		puts("  </properties>");
	for (size_t i = from; i < to; i++)
		junit_case(&run->results[i]);
	puts(" </testsuite>");
}

static void
junit(const struct run *run)
{
	size_t from = 0;

	puts("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>");
	for (size_t i = 1; i <= run->result_count; i++) {
		if (i < run->result_count &&
		    strcmp(run->results[i].routine,
			run->results[from].routine) == 0)
			continue;
		junit_suite(run, from, i);
		from = i;
	}
	puts("</testsuites>");
}

/* ---- CTRF (ctrf.io, a JSON schema for test reports) ------------------------ */

static json_t *
ctrf_test(const struct result *r)
{
	static const char *const status[VERDICTS] = {
		[PASSED] = "passed",
		[FAILED] = "failed",
		[EXPECTED_FAILURE] = "other",
		[UNDECIDED] = "other",
		[SKIPPED] = "skipped",
		[BROKEN] = "failed",
	};
	json_t *t;

	t = json_pack("{so ss sI ss s[o] s{so so so so}}", "name",
	    text_to_json(r->name), "status", status[r->verdict], "duration",
	    (json_int_t)(r->seconds * 1000 + 0.5), "rawStatus",
	    verdict_name(r->verdict), "suite", text_to_json(r->routine),
	    "extra", "id", text_to_json(r->id), "route", text_to_json(r->route),
	    "source", text_to_json(r->source), "sentence",
	    text_to_json(r->sentence));
	if (*r->reason != '\0')
		json_object_set_new(t, "message", text_to_json(r->reason));
	if (*r->program != '\0')
		json_object_set_new(t, "filePath", text_to_json(r->program));
	return t;
}

static void
ctrf(const struct run *run)
{
	json_t *tests = json_array(), *keys = json_object(), *root;
	double seconds = 0;
	long long start = run->start / 1000;

	for (size_t i = 0; i < run->result_count; i++) {
		json_array_append_new(tests, ctrf_test(&run->results[i]));
		seconds += run->results[i].seconds;
	}
	for (size_t i = 0; i < run->key_count; i++)
		json_object_set_new(keys, run->keys[i].name,
		    text_to_json(run->keys[i].value));
	root = json_pack("{ss ss s{s{ss} s{sI sI sI sI sI sI sI sI} so so}}",
	    "reportFormat", "CTRF", "specVersion", "0.0.0", "results", "tool",
	    "name", "mach-vm-tests", "summary", "tests",
	    (json_int_t)run->result_count, "passed",
	    (json_int_t)run_count(run, PASSED), "failed",
	    (json_int_t)(run_count(run, FAILED) + run_count(run, BROKEN)),
	    "pending", (json_int_t)0, "skipped",
	    (json_int_t)run_count(run, SKIPPED), "other",
	    (json_int_t)(run_count(run, UNDECIDED) +
		run_count(run, EXPECTED_FAILURE)),
	    "start", (json_int_t)start, "stop",
	    (json_int_t)(start + (long long)(seconds * 1000)), "tests", tests,
	    "extra", keys);
	json_dumpf(root, stdout, JSON_INDENT(1));
	putchar('\n');
	json_decref(root);
}

/* ---- TAP (version 13), CSV (RFC 4180) --------------------------------------- */

static void
put_line(const char *text)
{
	for (; *text != '\0'; text++) {
		if (*text == '#')
			fputs("\\#", stdout);
		else
			putchar((unsigned char)*text < ' ' ? ' ' : *text);
	}
}

static void
tap(const struct run *run)
{
	printf("TAP version 13\n1..%zu\n", run->result_count);
	for (size_t i = 0; i < run->result_count; i++) {
		const struct result *r = &run->results[i];

		printf("%s %zu - ",
		    verdict_wrong(r->verdict) ||
			    r->verdict == EXPECTED_FAILURE ?
			"not ok" :
			"ok",
		    i + 1);
		put_line(r->routine);
		putchar('.');
		put_line(r->name);
		if (r->verdict == EXPECTED_FAILURE)
			printf(" # TODO ");
		else if (r->verdict == SKIPPED || r->verdict == UNDECIDED)
			printf(" # SKIP ");
		if (!verdict_wrong(r->verdict))
			put_line(r->reason);
		putchar('\n');
		if (verdict_wrong(r->verdict)) {
			printf("# ");
			put_message(r, put_line);
			putchar('\n');
		}
	}
}

static void
put_field(const char *text, bool last)
{
	putchar('"');
	for (; *text != '\0'; text++) {
		if (*text == '"')
			putchar('"');
		putchar(*text);
	}
	fputs(last ? "\"\r\n" : "\",", stdout);
}

static void
csv(const struct run *run)
{
	char seconds[32], *answers;

	fputs("routine,id,name,route,verdict,answers,reason,seconds,source,"
	      "sentence\r\n",
	    stdout);
	for (size_t i = 0; i < run->result_count; i++) {
		const struct result *r = &run->results[i];

		answers = result_answers(r);
		snprintf(seconds, sizeof(seconds), "%.6f", r->seconds);
		put_field(r->routine, false);
		put_field(r->id, false);
		put_field(r->name, false);
		put_field(r->route, false);
		put_field(verdict_name(r->verdict), false);
		put_field(answers != NULL ? answers : "", false);
		put_field(r->reason, false);
		put_field(seconds, false);
		put_field(r->source, false);
		put_field(r->sentence, true);
		free(answers);
	}
}

int export(const struct run *run, enum format format)
{
	json_t *root;

	switch (format) {
	case JUNIT:
		junit(run);
		break;
	case CTRF:
		ctrf(run);
		break;
	case TAP:
		tap(run);
		break;
	case CSV:
		csv(run);
		break;
	default:
		root = run_to_json(run, true);
		json_dumpf(root, stdout, JSON_INDENT(1));
		putchar('\n');
		json_decref(root);
	}
	return 0;
}
