/*
 * What a case needs, and why it cannot be had.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "check_backend.h"
#include "check_state.h"
#include "mig.h"

static char reason[300];

static const char *
because(const char *what, const char *need, const char *is)
{
	struct mt_text t = MT_TEXT(reason);

	mt_put(&t, what);
	mt_put(&t, need);
	if (is != NULL) {
		mt_put(&t, ", this is ");
		mt_put(&t, is);
	}
	return reason;
}

static bool
variable_is_true(const char *name)
{
	const char *value = mt_backend_variable(name);

	return value != NULL &&
	    (mt_equal(value, "yes") || mt_equal(value, "true") ||
		mt_equal(value, "1"));
}

/* The words of `needs`; order of the enum is that of the table. */
enum need {
	PRIVILEGED,
	TRANSLATED,
	NATIVE,
	DISPOSABLE,
	TRAPS,
	COMM_PAGE,
	JIT,
	THREADS,
	UNKNOWN
};
static const char *const words[] = { "privileged", "translated", "native",
	"disposable", "traps", "commpage", "jit", "threads" };

static bool
starts_with_word(const char *s, const char *word)
{
	for (; *word != '\0'; s++, word++)
		if (*s != *word)
			return false;
	return *s == '\0' || *s == ' ';
}

static enum need
next_need(const char **s)
{
	enum need need;

	for (need = 0; need < UNKNOWN; need++)
		if (starts_with_word(*s, words[need]))
			break;
	while (**s != '\0' && **s != ' ')
		(*s)++;
	while (**s == ' ')
		(*s)++;
	return need;
}

static const char *
unmet_need(enum need need, const struct mt_system *s)
{
	switch (need) {
	case PRIVILEGED:
		return s->privileged ? NULL : "needs the privileged host port";
	case TRANSLATED:
		return s->translated ? NULL : "needs a translated process";
	case NATIVE:
		return !s->translated ? NULL : "needs a native process";
	case DISPOSABLE:
		return variable_is_true("disposable") ?
		    NULL :
		    "needs a disposable machine: -v disposable=yes";
	case TRAPS:
		return s->no_traps;
	case COMM_PAGE:
		return s->no_comm_page;
	case JIT:
		return s->no_jit;
	case THREADS:
		return s->no_threads;
	case UNKNOWN:
		break;
	}
	return "needs something that check_needs.c does not know";
}

const char *
mt_case_since(const struct mt_case *c)
{
	const struct mt_mig *routine = mt_mig_named(c->routine);

	if (c->since != NULL || routine == NULL || *routine->since == '\0')
		return c->since;
	return routine->since;
}

const char *
mt_case_unmet(const struct mt_case *c, const struct mt_route *route)
{
	const struct mt_system *s = mt_system();
	const struct mt_mig *routine = mt_mig_named(c->routine);
	const char *unmet;

	if (routine != NULL && !mt_release_since(s->release, routine->since))
		return because("needs macOS ", routine->since, s->release);
	if (routine != NULL &&
	    !mt_release_within(s->release, routine->since, routine->before))
		return because("gone since macOS ", routine->before,
		    s->release);
	if (c->since != NULL && !mt_release_since(s->release, c->since))
		return because("needs macOS ", c->since, s->release);
	if (c->until != NULL && !mt_release_until(s->release, c->until))
		return because("gone after macOS ", c->until, s->release);
	if (c->arch != NULL && !mt_equal(c->arch, s->arch))
		return because("needs ", c->arch, s->arch);
	if (c->machine != NULL && !mt_equal(c->machine, s->machine))
		return because("needs a processor of ", c->machine, s->machine);
	if (route->traps && s->no_traps != NULL)
		return s->no_traps;
	for (const char *n = c->needs; n != NULL && *n != '\0';) {
		unmet = unmet_need(next_need(&n), s);
		if (unmet != NULL)
			return unmet;
	}
	return NULL;
}

bool
mt_is_release(const char *s)
{
	bool digit = false;

	for (; *s != '\0'; s++) {
		if (*s == '.' && !digit)
			return false;
		if (*s != '.' && (*s < '0' || *s > '9'))
			return false;
		digit = *s != '.';
	}
	return digit;
}

/* `.arch = "arm"`: must be ... */
static const char *
wrong(const char *member, const char *text, const char *must)
{
	struct mt_text t = MT_TEXT(reason);

	mt_put(&t, member);
	mt_put(&t, " = \"");
	mt_put(&t, text);
	mt_put(&t, "\": must be ");
	mt_put(&t, must);
	return reason;
}

static bool
is_arch(const char *s)
{
	return s == NULL || mt_equal(s, "arm64") || mt_equal(s, "x86_64");
}

static bool
is_empty(const char *s)
{
	return s == NULL || s[0] == '\0';
}

const char *
mt_case_problem(const struct mt_case *c)
{
	if (is_empty(c->id))
		return "has no id of a behaviour";
	if (is_empty(c->source))
		return "has no source";
	if (is_empty(c->sentence))
		return "has no sentence";
	if (c->since != NULL && !mt_is_release(c->since))
		return wrong(".since", c->since, "a release such as 10.15");
	if (c->until != NULL && !mt_is_release(c->until))
		return wrong(".until", c->until, "a release such as 10.15");
	if (!is_arch(c->arch))
		return wrong(".arch", c->arch, "arm64 or x86_64");
	if (!is_arch(c->machine))
		return wrong(".machine", c->machine, "arm64 or x86_64");
	for (const char *n = c->needs; n != NULL && *n != '\0';)
		if (next_need(&n) == UNKNOWN)
			return wrong(".needs", c->needs,
			    "words of privileged, translated, native, "
			    "disposable, traps, commpage, jit and threads");
	return NULL;
}
