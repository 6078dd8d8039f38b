/*
 * The readers of results (report/run.h): files of Kyua, console logs, JSON,
 * plain or xz; what one reads is written as JSON, which must be read the same.
 *
 * An input is a file; one that starts with the line "kyua" has rows from which
 * a results file of Kyua is made (kyua_rows.h), as no change of a byte leaves a
 * database whole.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <err.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "json.h"
#include "kyua_rows.h"
#include "run.h"

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

static char path[256]; /* SQLite opens nothing but real files */

static void
clean(void)
{
	(void)unlink(path);
}

static void
put(const void *data, size_t size)
{
	const char *tmp = getenv("TMPDIR");
	FILE *f;
	int fd;

	if (path[0] == '\0') {
		snprintf(path, sizeof(path), "%s/fuzz.XXXXXX",
		    tmp != NULL ? tmp : "/tmp");
		if ((fd = mkstemp(path)) == -1)
			err(2, "%s", path);
		close(fd);
		atexit(clean);
	}
	if ((f = fopen(path, "wb")) == NULL ||
	    fwrite(data, 1, size, f) != size || fclose(f) != 0)
		err(2, "%s", path);
}

static json_t *
read_again(const json_t *j)
{
	const char *problem = NULL;
	char *text = json_dumps(j, 0);
	struct run *run = calloc(1, sizeof(*run));
	json_t *again;

	if (text == NULL || run == NULL ||
	    !run_read_json(run, text, strlen(text), &problem))
		abort();
	run_sort(run);
	again = run_to_json(run, true);
	run_free(run);
	free(text);
	return again;
}

/* The first writing may lose what is no UTF-8, the second nothing. */
static void
check(struct run *run)
{
	json_t *first = run_to_json(run, true), *second, *third;

	if (first == NULL)
		abort();
	second = read_again(first);
	third = read_again(second);
	if (!json_equal(second, third))
		abort();
	json_decref(first);
	json_decref(second);
	json_decref(third);
	for (size_t i = 0; i < run->result_count; i++) {
		const struct result *r = &run->results[i];

		free(result_answers(r));
		for (size_t a = 0; a < r->answer_count; a++)
			(void)result_answer_like(r, r, a);
		if (run_find_row(run, r) == NULL || run_find(run, r) == NULL)
			abort();
	}
	(void)run_label(run);
	run_make_printable(run);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char rows[] = "kyua\n";
	struct run *run;
	void *made;

	if (size >= sizeof(rows) - 1 &&
	    memcmp(data, rows, sizeof(rows) - 1) == 0) {
		made = kyua_rows((const char *)data, size, &size);
		put(made, size);
		free(made);
	} else {
		put(data, size);
	}
	if ((run = run_read(path)) != NULL) {
		check(run);
		run_free(run);
	}
	return 0;
}
