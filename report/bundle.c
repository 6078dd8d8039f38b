/*
 * bundle: a copy of a run that can be shown to anybody.  It keeps what the
 * suite measured and leaves out who measured it: the environment is not in it
 * at all, and its values, the names of the user and of the machine, and
 * folders are replaced wherever a program printed them.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <ctype.h>
#include <err.h>
#include <errno.h>
#include <pwd.h>
#include <regex.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "annotate.h"
#include "commands.h"
#include "file_text.h"
#include "json.h"

/* Values that are no secret and would tear words apart. */
enum { SHORTEST = 3 };
static const char *const harmless[] = { "C", "C.UTF-8", "POSIX", "UTC", "yes",
	"true", "root", "xterm", "dumb", "/tmp", "/usr/bin:/bin", "/bin",
	"/usr/bin" };

/* Folders of a person, wherever a text has them. */
static const char folders[] = "/(Users|home)/[^/[:space:]:'\")]+";

static bool
is_harmless(const char *s)
{
	size_t digits = strspn(s, "0123456789");

	if (strlen(s) < SHORTEST || s[digits] == '\0')
		return true;
	for (size_t i = 0; i < sizeof(harmless) / sizeof(*harmless); i++)
		if (strcmp(s, harmless[i]) == 0)
			return true;
	return false;
}

static int
longer_first(const void *a, const void *b)
{
	size_t x = strlen(*(char *const *)a), y = strlen(*(char *const *)b);

	return (y > x) - (y < x);
}

/* A search path is as many secrets as it has folders. */
static void
add_parts(struct run *run, const char *value)
{
	char *copy = copy_string(value), *part, *rest = copy;

	if (strchr(value, ':') != NULL && strchr(value, '/') != NULL)
		while ((part = strsep(&rest, ":")) != NULL)
			run_add_secret(run, part);
	free(copy);
}

static void
gather(struct run *run)
{
	const struct passwd *user = getpwuid(getuid());
	char host[256] = "";
	size_t count = run->secret_count;

	for (size_t i = 0; i < count; i++)
		add_parts(run, run->secrets[i]);
	if (user != NULL) {
		run_add_secret(run, user->pw_name);
		run_add_secret(run, user->pw_dir);
	}
	gethostname(host, sizeof(host) - 1);
	run_add_secret(run, host);
	host[strcspn(host, ".")] = '\0';
	run_add_secret(run, host);

	count = 0;
	for (size_t i = 0; i < run->secret_count; i++) {
		if (is_harmless(run->secrets[i]))
			free(run->secrets[i]);
		else
			run->secrets[count++] = run->secrets[i];
	}
	run->secret_count = count;
	qsort(run->secrets, count, sizeof(*run->secrets), longer_first);
}

/* A whole word only, lest a user named "map" empty the report; a value with a
 * slash is one wherever it stands. */
static bool
is_word(const char *text, const char *at, size_t length)
{
	if (memchr(at, '/', length) != NULL)
		return true;
	return (at == text ||
		   !(isalnum((unsigned char)at[-1]) || at[-1] == '_')) &&
	    !(isalnum((unsigned char)at[length]) || at[length] == '_');
}

static void
replace_all(char **text, const char *secret)
{
	static const char mark[] = "(removed)";
	size_t length = strlen(secret), size = 0;
	char *at = *text, *found, *out;
	FILE *f;

	if (strstr(at, secret) == NULL)
		return;
	if ((f = open_memstream(&out, &size)) == NULL)
		err(2, "memory");
	while ((found = strstr(at, secret)) != NULL) {
		fwrite(at, 1, (size_t)(found - at), f);
		if (is_word(*text, found, length))
			fputs(mark, f);
		else
			fwrite(found, 1, length, f);
		at = found + length;
	}
	fputs(at, f);
	if (fclose(f) != 0)
		err(2, "memory");
	free(*text);
	*text = out;
}

static void
replace_folders(char **text, const regex_t *expression)
{
	regmatch_t m;
	char *part;

	while (regexec(expression, *text, 1, &m, 0) == 0) {
		part = strndup(*text + m.rm_so, (size_t)(m.rm_eo - m.rm_so));
		if (part == NULL)
			err(2, "memory");
		replace_all(text, part);
		free(part);
	}
}

static void
scrub(const struct run *run, const regex_t *expression, char **text)
{
	for (size_t i = 0; i < run->secret_count; i++)
		replace_all(text, run->secrets[i]);
	replace_folders(text, expression);
}

static void
scrub_result(const struct run *run, const regex_t *expression, struct result *r)
{
	char **texts[] = { &r->program, &r->reason, &r->output };

	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++)
		scrub(run, expression, texts[i]);
	for (size_t i = 0; i < r->answer_count; i++)
		scrub(run, expression, &r->answers[i].answer);
}

static void
annotate(struct run *run, const struct bundle *b)
{
	const char *problem = NULL;
	size_t without;

	for (size_t i = 0; i < b->key_count; i++)
		if (!annotate_key(run, b->keys[i]))
			errx(2, "--set %s: must be KEY=VALUE", b->keys[i]);
	if (b->cases != NULL && (without = annotate_cases(run, b->cases)) > 0)
		warnx("%zu cases are not in %s", without, b->cases->path);
	if (b->notes != NULL && !annotate_notes(run, b->notes, &problem))
		errx(2, "%s: %s", b->notes, problem);
}

static void
write_json(const json_t *root, const char *path)
{
	const char *problem = NULL;
	char *text = json_dumps(root, JSON_INDENT(1));
	FILE *f = stdout;

	if (text == NULL)
		errx(2, "memory");
	if (path != NULL && file_is_xz(path)) {
		problem = file_write_xz(path, text, strlen(text));
	} else {
		if (path != NULL && (f = fopen(path, "wx")) == NULL)
			err(2, "%s", path);
		fprintf(f, "%s\n", text);
		if (fflush(f) != 0 || (f != stdout && fclose(f) != 0))
			problem = strerror(errno);
	}
	if (problem != NULL)
		errx(2, "%s: %s", path != NULL ? path : "standard output",
		    problem);
	free(text);
}

int
bundle(struct run *run, const struct bundle *b)
{
	regex_t expression;
	json_t *root;

	if (regcomp(&expression, folders, REG_EXTENDED) != 0)
		errx(2, "regular expression");
	annotate(run, b);
	gather(run);
	for (size_t i = 0; i < run->key_count; i++)
		scrub(run, &expression, &run->keys[i].value);
	for (size_t i = 0; i < run->result_count; i++)
		scrub_result(run, &expression, &run->results[i]);
	regfree(&expression);
	root = run_to_json(run, true);
	write_json(root, b->path);
	json_decref(root);
	return 0;
}
