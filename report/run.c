/*
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <err.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "file_text.h"
#include "run.h"

static const char *const names[VERDICTS] = {
	[PASSED] = "passed",
	[FAILED] = "failed",
	[EXPECTED_FAILURE] = "expected_failure",
	[UNDECIDED] = "undecided",
	[SKIPPED] = "skipped",
	[BROKEN] = "broken",
};

const char *
verdict_name(enum verdict v)
{
	return names[v];
}

enum verdict
verdict_parse(const char *word)
{
	int v;

	for (v = 0; v < VERDICTS; v++)
		if (strcmp(word, names[v]) == 0)
			break;
	return (enum verdict)v;
}

bool
verdict_wrong(enum verdict v)
{
	return v == FAILED || v == BROKEN;
}

static void *
grow(void *array, size_t count, size_t size)
{
	/* Powers of two only: room is needed when count is one. */
	if ((count & (count - 1)) != 0 && count != 0)
		return array;
	/* No reallocarray() on macOS; results never come near overflow. */
	array = realloc(array, (count == 0 ? 1 : 2 * count) * size);
	if (array == NULL)
		err(2, "memory");
	return array;
}

char *
copy_string(const char *s)
{
	char *copy = strdup(s != NULL ? s : "");

	if (copy == NULL)
		err(2, "memory");
	return copy;
}

struct result *
run_add(struct run *run)
{
	struct result *r;

	run->results = grow(run->results, run->result_count,
	    sizeof(*run->results));
	r = &run->results[run->result_count++];
	memset(r, 0, sizeof(*r));
	r->program = copy_string("");
	r->name = copy_string("");
	r->id = copy_string("");
	r->routine = copy_string("");
	r->route = copy_string("");
	r->source = copy_string("");
	r->sentence = copy_string("");
	r->seen = copy_string("");
	r->reason = copy_string("");
	r->output = copy_string("");
	return r;
}

void
run_set_key(struct run *run, const char *name, const char *value)
{
	for (size_t i = 0; i < run->key_count; i++)
		if (strcmp(run->keys[i].name, name) == 0)
			return;
	run->keys = grow(run->keys, run->key_count, sizeof(*run->keys));
	run->keys[run->key_count++] = (struct key){ copy_string(name),
		copy_string(value) };
}

void
run_add_secret(struct run *run, const char *secret)
{
	run->secrets = grow(run->secrets, run->secret_count,
	    sizeof(*run->secrets));
	run->secrets[run->secret_count++] = copy_string(secret);
}

const char *
run_key(const struct run *run, const char *name)
{
	for (size_t i = 0; i < run->key_count; i++)
		if (strcmp(run->keys[i].name, name) == 0)
			return run->keys[i].value;
	return "";
}

const char *
run_label(const struct run *run)
{
	static char label[8][128];
	static unsigned turn;
	char *l = label[turn++ % 8];
	bool translated = strcmp(run_key(run, "translated"), "yes") == 0;

	snprintf(l, sizeof(*label), "%s %s %s%s", run_key(run, "system"),
	    run_key(run, "release"), run_key(run, "arch"),
	    translated ? " translated" : "");
	return l;
}

size_t
run_count(const struct run *run, enum verdict v)
{
	size_t count = 0;

	for (size_t i = 0; i < run->result_count; i++)
		count += run->results[i].verdict == v;
	return count;
}

size_t
result_name_length(const struct result *r)
{
	size_t route = strlen(r->route), length = strlen(r->name);

	if (route > 0 && length > route + 2 &&
	    strcmp(r->name + length - route, r->route) == 0)
		return length - route - 2;
	return length;
}

int
result_compare_rows(const struct result *a, const struct result *b)
{
	size_t x = result_name_length(a), y = result_name_length(b);
	int order = strcmp(a->routine, b->routine);

	if (order == 0)
		order = strcmp(a->id, b->id);
	if (order == 0)
		order = strncmp(a->name, b->name, x < y ? x : y);
	return order != 0 ? order : (x > y) - (x < y);
}

/* Programs may be renamed between two runs: they do not count. */
static int
compare(const void *a, const void *b)
{
	const struct result *x = a, *y = b;
	int order = result_compare_rows(x, y);

	return order != 0 ? order : strcmp(x->name, y->name);
}

void
run_sort(struct run *run)
{
	if (run->result_count > 1)
		qsort(run->results, run->result_count, sizeof(*run->results),
		    compare);
}

const struct result *
run_find(const struct run *run, const struct result *like)
{
	if (run->result_count == 0)
		return NULL;
	return bsearch(like, run->results, run->result_count,
	    sizeof(*run->results), compare);
}

const struct result *
run_find_row(const struct run *run, const struct result *like)
{
	size_t low = 0, high = run->result_count, middle;

	while (low < high) { /* the first that is not below */
		middle = low + (high - low) / 2;
		if (result_compare_rows(&run->results[middle], like) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	if (low == run->result_count ||
	    result_compare_rows(&run->results[low], like) != 0)
		return NULL;
	return &run->results[low];
}

char *
result_answers(const struct result *r)
{
	size_t size = 1;
	char *text;

	for (size_t i = 0; i < r->answer_count; i++)
		size += strlen(r->answers[i].answer) + 2;
	if (r->answer_count == 0)
		return NULL;
	if ((text = malloc(size)) == NULL)
		err(2, "memory");
	*text = '\0';
	for (size_t i = 0; i < r->answer_count; i++) {
		if (i > 0 &&
		    strcmp(r->answers[i].answer, r->answers[i - 1].answer) == 0)
			continue;
		if (*text != '\0')
			strcat(text, "; ");
		strcat(text, r->answers[i].answer);
	}
	return text;
}

/* "EXC_BAD_ACCESS (1) by SIGSEGV (11)" gives 11, "... with
 * KERN_PROTECTION_FAILURE (2)" the signal that its code becomes
 * (bsd/uxkern/ux_exception.c; 13 is EXC_I386_GPFLT); 0: no fault. */
static long
signal_of(const char *answer, bool *told_code)
{
	static const char begin[] = "EXC_BAD_ACCESS (1) ";
	const char *number = strrchr(answer, '(');
	long n;

	if (strncmp(answer, begin, sizeof(begin) - 1) != 0 || number == NULL)
		return 0;
	answer += sizeof(begin) - 1;
	n = strtol(number + 1, NULL, 10);
	*told_code = strncmp(answer, "with ", 5) == 0;
	if (*told_code)
		return n == 1 || n == 13 ? 11 : 10;
	return strncmp(answer, "by SIG", 6) == 0 ? n : 0;
}

bool
answer_same(const char *a, const char *b)
{
	bool code_a = false, code_b = false;
	long x, y;

	if (strcmp(a, b) == 0)
		return true;
	x = signal_of(a, &code_a);
	y = signal_of(b, &code_b);
	return x != 0 && x == y && code_a != code_b;
}

const struct answer *
result_answer_like(const struct result *r, const struct result *like, size_t i)
{
	const char *call = like->answers[i].call;
	size_t before = 0;

	for (size_t k = 0; k < i; k++)
		before += strcmp(like->answers[k].call, call) == 0;
	for (size_t k = 0; k < r->answer_count; k++)
		if (strcmp(r->answers[k].call, call) == 0 && before-- == 0)
			return &r->answers[k];
	return NULL;
}

/* ---- record lines (lib/record.h) ----------------------------------------- */

/* Undo the escapes of a field, in place. */
static void
unescape(char *s)
{
	char *to = s, hex[3] = "";

	for (; *s != '\0'; s++) {
		if (*s != '\\' || s[1] == '\0') {
			*to++ = *s;
			continue;
		}
		switch (*++s) {
		case 't':
			*to++ = '\t';
			break;
		case 'n':
			*to++ = '\n';
			break;
		case 'r':
			*to++ = '\r';
			break;
		case 'x':
			if (s[1] != '\0' && s[2] != '\0') {
				hex[0] = s[1];
				hex[1] = s[2];
				*to = (char)strtol(hex, NULL, 16);
				to += *to != '\0';
				s += 2;
			}
			break;
		default:
			*to++ = *s;
		}
	}
	*to = '\0';
}

/* Cut line at its tabs, fields unescaped; how many there are, at most max. */
static size_t
split(char *line, char separator, char **fields, size_t max)
{
	size_t count = 0;
	char *next;

	while (line != NULL && count < max) {
		next = strchr(line, separator);
		if (next != NULL)
			*next++ = '\0';
		fields[count++] = line;
		line = next;
	}
	for (size_t i = 0; i < count; i++)
		unescape(fields[i]);
	return count;
}

/* Values may hold spaces that are not escaped only in old lines: a key is a
 * word followed by '='. */
static void
take_system(struct run *run, char *line)
{
	char *fields[64], *value;
	size_t count;

	count = split(line, '\t', fields, 64);
	if (count < 3) /* spaces between, then */
		count = split(line, ' ', fields, 64);
	for (size_t i = 0; i < count; i++) {
		value = strchr(fields[i], '=');
		if (value == NULL)
			continue;
		*value++ = '\0';
		run_set_key(run, fields[i], value);
	}
}

/* The last three fields of a record: call, answer, verdict. */
static void
add_answer(struct result *r, char **f)
{
	r->answers = grow(r->answers, r->answer_count, sizeof(*r->answers));
	r->answers[r->answer_count++] = (struct answer){ copy_string(f[0]),
		copy_string(f[1]), copy_string(f[2]) };
}

static void
take_record(struct run *run, struct result *r, char **f)
{
	static const char *const keys[] = { [4] = "system",
		[5] = "release",
		[6] = "build",
		[7] = "arch",
		[8] = "page" };

	for (size_t i = 4; i <= 8; i++)
		run_set_key(run, keys[i], f[i]);
	add_answer(r, f + 9);
}

bool
run_take_line(struct run *run, struct result *r, const char *line)
{
	char *copy, *fields[13];
	bool taken = false;

	if (strncmp(line, "mt-system", 9) == 0 &&
	    (line[9] == ' ' || line[9] == '\t')) {
		copy = copy_string(line);
		take_system(run, copy);
		free(copy);
		return true;
	}
	if (r == NULL || strncmp(line, "mt\t", 3) != 0)
		return false;
	copy = copy_string(line);
	switch (split(copy, '\t', fields, 13)) {
	case 12:
		take_record(run, r, fields);
		taken = true;
		break;
	case 4: /* brief, of a console */
		add_answer(r, fields + 1);
		taken = true;
	}
	free(copy);
	return taken;
}

/* ---- reading, freeing ---------------------------------------------------- */

/* What none of the readers has to think about; NULL: nothing. */
static const char *
unfit(const char *path)
{
	static char text[128];
	struct stat status;

	if (stat(path, &status) != 0) {
		snprintf(text, sizeof(text), "%s", strerror(errno));
		return text;
	}
	if (S_ISDIR(status.st_mode))
		return "is a folder";
	if (!S_ISREG(status.st_mode))
		return "is not a regular file";
	if (status.st_size == 0)
		return "is empty";
	return status.st_size > FILE_LIMIT ? "is larger than 512 MiB" : NULL;
}

static struct run *
run_new(const char *path)
{
	struct run *run = calloc(1, sizeof(*run));

	if (run == NULL)
		err(2, "memory");
	run->path = copy_string(path);
	return run;
}

/* What is not a database is text. */
static bool
read_text(struct run **run, const char *path, const char **problem)
{
	size_t size;
	char *text = file_text(path, &size, problem);
	bool good;

	if (text == NULL)
		return false;
	good = run_read_json(*run, text, size, problem);
	if (!good && *problem == NULL) {
		run_free(*run);
		*run = run_new(path);
		good = run_read_console(*run, text, size, problem);
	}
	free(text);
	return good;
}

struct run *
run_read(const char *path)
{
	const char *problem = unfit(path);
	struct run *run = run_new(path);

	if (problem == NULL && run_read_kyua(run, path, &problem)) {
		run_sort(run);
		return run;
	}
	run_free(run);
	run = run_new(path);
	if (problem == NULL && read_text(&run, path, &problem)) {
		run_sort(run);
		return run;
	}
	run_free(run);
	warnx("%s: %s", path,
	    problem != NULL ?
		problem :
		"neither a results file of Kyua, nor a console log, nor JSON of "
		"this program");
	return NULL;
}

static void
result_free(struct result *r)
{
	free(r->program);
	free(r->name);
	free(r->id);
	free(r->routine);
	free(r->route);
	free(r->source);
	free(r->sentence);
	free(r->seen);
	free(r->reason);
	free(r->output);
	for (size_t i = 0; i < r->answer_count; i++) {
		free(r->answers[i].call);
		free(r->answers[i].answer);
		free(r->answers[i].verdict);
	}
	free(r->answers);
}

void
run_drop_last(struct run *run)
{
	result_free(&run->results[--run->result_count]);
}

void
run_free(struct run *run)
{
	if (run == NULL)
		return;
	for (size_t i = 0; i < run->result_count; i++)
		result_free(&run->results[i]);
	for (size_t i = 0; i < run->key_count; i++) {
		free(run->keys[i].name);
		free(run->keys[i].value);
	}
	for (size_t i = 0; i < run->secret_count; i++)
		free(run->secrets[i]);
	free(run->results);
	free(run->keys);
	free(run->secrets);
	free(run->path);
	free(run);
}
