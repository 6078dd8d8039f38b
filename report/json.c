/*
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <err.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "json.h"

/* How many bytes the UTF-8 character at s has; 0: it is none. */
static size_t
character(const char *s)
{
	json_t *j;

	for (size_t n = 1; n <= 4 && s[n - 1] != '\0'; n++) {
		if ((j = json_stringn(s, n)) != NULL) {
			json_decref(j);
			return n;
		}
	}
	return 0;
}

json_t *
text_to_json(const char *text)
{
	json_t *j = json_string(text);
	char *clean, *to;
	size_t n;

	if (j != NULL)
		return j;
	if ((to = clean = malloc(3 * strlen(text) + 1)) == NULL)
		err(2, "memory");
	while (*text != '\0') {
		if ((n = character(text)) > 0) {
			memcpy(to, text, n);
			to += n;
			text += n;
		} else {
			to = stpcpy(to, "\xef\xbf\xbd");
			text++;
		}
	}
	*to = '\0';
	j = json_string(clean);
	free(clean);
	if (j == NULL)
		err(2, "memory");
	return j;
}

json_t *
result_to_json(const struct result *r, bool output)
{
	json_t *j, *answers = json_array();

	for (size_t i = 0; i < r->answer_count; i++)
		json_array_append_new(answers,
		    json_pack("{so so so}", "call",
			text_to_json(r->answers[i].call), "answer",
			text_to_json(r->answers[i].answer), "verdict",
			text_to_json(r->answers[i].verdict)));
	j = json_pack("{so so so so so ss so sf so so so}", "routine",
	    text_to_json(r->routine), "id", text_to_json(r->id), "name",
	    text_to_json(r->name), "route", text_to_json(r->route), "program",
	    text_to_json(r->program), "verdict", verdict_name(r->verdict),
	    "reason", text_to_json(r->reason), "seconds", r->seconds, "source",
	    text_to_json(r->source), "sentence", text_to_json(r->sentence),
	    "answers", answers);
	if (j == NULL)
		errx(2, "memory");
	if (*r->seen != '\0')
		json_object_set_new(j, "seen", text_to_json(r->seen));
	if (output && *r->output != '\0')
		json_object_set_new(j, "output", text_to_json(r->output));
	return j;
}

json_t *
run_to_json(const struct run *run, bool output)
{
	json_t *keys = json_object(), *results = json_array();

	for (size_t i = 0; i < run->key_count; i++)
		json_object_set_new(keys, run->keys[i].name,
		    text_to_json(run->keys[i].value));
	for (size_t i = 0; i < run->result_count; i++)
		json_array_append_new(results,
		    result_to_json(&run->results[i], output));
	return json_pack("{ss si so sI so}", "format", RUN_FORMAT, "version",
	    RUN_VERSION, "fingerprint", keys, "start", (json_int_t)run->start,
	    "results", results);
}

/* ---- reading ------------------------------------------------------------- */

static void
take(char **to, const json_t *object, const char *key)
{
	const char *text = json_string_value(json_object_get(object, key));

	if (text == NULL)
		return;
	free(*to);
	*to = copy_string(text);
}

static bool
take_answers(struct result *r, const json_t *answers)
{
	size_t i;
	json_t *a;

	r->answers = calloc(json_array_size(answers) + 1, sizeof(*r->answers));
	if (r->answers == NULL)
		err(2, "memory");
	json_array_foreach(answers, i, a)
	{
		struct answer *to = &r->answers[r->answer_count++];

		to->call = copy_string("");
		to->answer = copy_string("");
		to->verdict = copy_string("");
		take(&to->call, a, "call");
		take(&to->answer, a, "answer");
		take(&to->verdict, a, "verdict");
	}
	return true;
}

static bool
take_result(struct run *run, const json_t *j)
{
	const char *verdict = json_string_value(json_object_get(j, "verdict"));
	struct result *r;

	if (verdict == NULL || verdict_parse(verdict) == VERDICTS ||
	    !json_is_string(json_object_get(j, "name")))
		return false;
	r = run_add(run);
	take(&r->program, j, "program");
	take(&r->name, j, "name");
	take(&r->id, j, "id");
	take(&r->routine, j, "routine");
	take(&r->route, j, "route");
	take(&r->source, j, "source");
	take(&r->sentence, j, "sentence");
	take(&r->seen, j, "seen");
	take(&r->reason, j, "reason");
	take(&r->output, j, "output");
	r->verdict = verdict_parse(verdict);
	r->seconds = json_number_value(json_object_get(j, "seconds"));
	return take_answers(r, json_object_get(j, "answers"));
}

static bool
take_run(struct run *run, const json_t *root, const char **problem)
{
	const char *key, *format;
	json_t *value, *results;
	size_t i;

	format = json_string_value(json_object_get(root, "format"));
	if (format == NULL || strcmp(format, RUN_FORMAT) != 0) {
		*problem = "JSON, but not a run of this suite";
		return false;
	}
	if (json_integer_value(json_object_get(root, "version")) !=
	    RUN_VERSION) {
		*problem = "a run of an unknown version (1 is known)";
		return false;
	}
	json_object_foreach(json_object_get(root, "fingerprint"), key, value)
	{
		if (json_is_string(value))
			run_set_key(run, key, json_string_value(value));
	}
	run->start = json_integer_value(json_object_get(root, "start"));
	results = json_object_get(root, "results");
	json_array_foreach(results, i, value)
	{
		if (!take_result(run, value)) {
			*problem = "a result without a name or a verdict";
			return false;
		}
	}
	if (!json_is_array(results))
		*problem = "a run without results";
	return json_is_array(results);
}

bool
run_read_json(struct run *run, const char *text, size_t size,
    const char **problem)
{
	static char said[160];
	json_error_t error;
	json_t *root;
	bool good;

	if (size == 0 || *text != '{')
		return false; /* of another kind */
	root = json_loadb(text, size, JSON_REJECT_DUPLICATES, &error);
	if (root == NULL) {
		snprintf(said, sizeof(said), "line %d: %.120s", error.line,
		    error.text);
		*problem = said;
		return false;
	}
	good = take_run(run, root, problem);
	json_decref(root);
	return good;
}
