/*
 * Which of the listed answers this system must give, and whether it did.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "check_state.h"

/* What is wrong with how the answers of a case are written. */
static char problem[240];

static const char *
must_be(const char *macro, const char *text, const char *what)
{
	struct mt_text t = MT_TEXT(problem);

	mt_put(&t, macro);
	mt_put_char(&t, '(');
	mt_put(&t, text);
	mt_put(&t, "): must be ");
	mt_put(&t, what);
	return problem;
}

static bool
is_one_of(const char *s, const char *const *words)
{
	while (*words != NULL && !mt_equal(s, *words))
		words++;
	return *words != NULL;
}

/* NULL: nothing.  A condition that is misspelt would never apply, or always,
 * without a word. */
static const char *
answer_problem(const struct mt_answer *a)
{
	static const char *const arches[] = { "arm64", "x86_64", NULL },
				 *const pages[] = { "4K", "16K", "4K on 16K",
					 NULL },
				 *const routes[] = { "libsystem", "trap", "mig",
					 "mig2", "vm", "libc", "unix", NULL };

	if (a->until != NULL && !mt_is_release(a->until))
		return must_be("MT_UNTIL", a->until,
		    "a release such as 10.15 or 14");
	if (a->arch != NULL && !is_one_of(a->arch, arches))
		return must_be("MT_ON", a->arch, "arm64 or x86_64");
	if (a->pages != NULL && !is_one_of(a->pages, pages))
		return must_be("MT_PAGES", a->pages,
		    "\"4K\", \"16K\" or \"4K on 16K\"");
	if (a->route != NULL && !is_one_of(a->route, routes))
		return must_be("MT_VIA", a->route,
		    "libsystem, trap, mig, mig2, vm, libc or unix");
	return NULL;
}

/* "4K on 16K", or "16K": the process's pages, then the kernel's. */
static bool
pages_are(const char *pages, const struct mt_system *s)
{
	mach_vm_size_t size[2] = { 0, 0 };
	int n = 0;

	for (; *pages != '\0'; pages++) {
		if (*pages >= '0' && *pages <= '9')
			size[n] = 10 * size[n] + (mach_vm_size_t)(*pages - '0');
		if (*pages == 'K') {
			size[n] *= 1024;
			if (++n == 2)
				break;
		}
	}
	return size[0] == s->page && (n < 2 || size[1] == s->kernel_page);
}

static bool
applies(const struct mt_answer *a)
{
	const struct mt_system *s = mt_system();

	if (a->until != NULL && !mt_release_until(s->release, a->until))
		return false;
	if (a->arch != NULL && !mt_equal(a->arch, s->arch))
		return false;
	if (a->route != NULL &&
	    (mt_run.route == NULL || !mt_equal(a->route, mt_run.route->name)))
		return false;
	return a->pages == NULL || pages_are(a->pages, s);
}

/* "4K on 16K" is a kind of "4K". */
static bool
is_kind_of(const char *pages, const char *wider)
{
	for (; *wider != '\0'; pages++, wider++)
		if (*pages != *wider)
			return false;
	return true;
}

/* More than zero: a counts before b; zero: nothing decides between them. */
static int
precedence(const struct mt_answer *a, const struct mt_answer *b)
{
	int order;

	if ((a->until == NULL) != (b->until == NULL))
		return a->until != NULL ? 1 : -1;
	order = a->until == NULL ? 0 : mt_until_compare(b->until, a->until);
	if (order == 0)
		order = (a->arch != NULL) + (a->route != NULL) +
		    (a->pages != NULL) - (b->arch != NULL) -
		    (b->route != NULL) - (b->pages != NULL);
	if (order == 0 && a->pages != NULL && b->pages != NULL &&
	    !mt_equal(a->pages, b->pages))
		order = is_kind_of(a->pages, b->pages) ? 1 :
		    is_kind_of(b->pages, a->pages)     ? -1 :
							 0;
	return order;
}

/* Some system and route meets the conditions of both. */
static bool
can_both_apply(const struct mt_answer *a, const struct mt_answer *b)
{
	const char *arch = a->arch != NULL ? a->arch : b->arch,
		   *pages = a->pages != NULL ? a->pages : b->pages;

	if (a->arch != NULL && b->arch != NULL && !mt_equal(a->arch, b->arch))
		return false;
	if (a->route != NULL && b->route != NULL &&
	    !mt_equal(a->route, b->route))
		return false;
	if (a->pages != NULL && b->pages != NULL &&
	    !is_kind_of(a->pages, b->pages) && !is_kind_of(b->pages, a->pages))
		return false;
	return arch == NULL || pages == NULL ||
	    mt_equal(arch, "arm64") == mt_equal(pages, "16K");
}

/* Two answers of which the first would win by its place alone. */
static const char *
tie(const struct mt_answer *a, const struct mt_answer *b)
{
	struct mt_text t = MT_TEXT(problem);

	if (precedence(a, b) != 0 || !can_both_apply(a, b))
		return NULL;
	mt_put(&t, "the answers");
	mt_put_conditions(&t, a);
	mt_put(&t, " and");
	mt_put_conditions(&t, b);
	mt_put(&t, " can both apply, and neither counts before the other");
	return problem;
}

static bool
is_last(const struct mt_answer *a)
{
	return a->until != NULL && a->until[0] == '\0';
}

const struct mt_answer *
mt_answer_choose(const struct mt_answer *answers)
{
	const struct mt_answer *chosen = answers;
	const char *wrong = NULL;

	for (const struct mt_answer *a = answers + 1; !is_last(a); a++) {
		wrong = answer_problem(a);
		for (const struct mt_answer *b = answers + 1;
		     b < a && wrong == NULL; b++)
			wrong = tie(b, a);
		if (wrong != NULL)
			mt_stop_case(wrong);
		if (applies(a) && precedence(a, chosen) > 0)
			chosen = a;
	}
	return chosen;
}

int64_t
mt_answer(const struct mt_answer *answers)
{
	return mt_answer_choose(answers)->value;
}

static void
put_condition(struct mt_text *t, bool *any, const char *word, const char *value)
{
	if (value == NULL)
		return;
	mt_put(t, *any ? ", " : " (");
	mt_put(t, word);
	mt_put(t, value);
	*any = true;
}

void
mt_put_conditions(struct mt_text *t, const struct mt_answer *a)
{
	bool any = false;

	put_condition(t, &any, "until ", a->until);
	put_condition(t, &any, "on ", a->arch);
	put_condition(t, &any, "through ", a->route);
	put_condition(t, &any, "pages ", a->pages);
	if (!any && mt_system()->extrapolated)
		put_condition(t, &any, "as in the newest known release", "");
	if (any)
		mt_put_char(t, ')');
}

static void
put_value(struct mt_text *t, enum mt_kind kind, int64_t value)
{
	switch (kind) {
	case MT_KERN:
		mt_put_kern(t, value);
		break;
	case MT_ERRNO:
		mt_put_errno(t, value);
		break;
	case MT_PROTECTION:
		mt_put_protection(t, value);
		break;
	case MT_ADDRESS:
		mt_put_hex(t, (uint64_t)value);
		break;
	case MT_NUMBER:
		mt_put_decimal(t, value);
		if (value > 9 || value < 0) {
			mt_put(t, " (");
			mt_put_hex(t, (uint64_t)value);
			mt_put_char(t, ')');
		}
		break;
	}
}

/* As a value, but an address in relation to the one that it must be. */
static void
put_recorded(struct mt_text *t, enum mt_kind kind, int64_t value,
    int64_t required)
{
	uint64_t distance = (uint64_t)value - (uint64_t)required;

	if (kind != MT_ADDRESS) {
		put_value(t, kind, value);
	} else {
		mt_put(t, "required");
		if (distance != 0) {
			mt_put_char(t, distance >> 63 ? '-' : '+');
			mt_put_hex(t, distance >> 63 ? -distance : distance);
		}
	}
}

bool
mt_judge(const struct mt_site *site, enum mt_kind kind, int64_t answer,
    const struct mt_answer *required)
{
	const struct mt_answer *must = mt_answer_choose(required);
	const bool right = answer == must->value;
	char buffer[1024];
	struct mt_text t = MT_TEXT(buffer);

	put_recorded(&t, kind, answer, must->value);
	mt_record_at(site, buffer, mt_verdict(site, right));
	if (right)
		return true;
	t = MT_TEXT(buffer);
	mt_put(&t, site->call);
	mt_put(&t, ": ");
	put_value(&t, kind, answer);
	mt_put(&t, ", must be ");
	put_value(&t, kind, must->value);
	mt_put_conditions(&t, must);
	mt_fail(site, buffer, "");
	return false;
}

bool
mt_judge_true(const struct mt_site *site, bool condition)
{
	char buffer[1024];
	struct mt_text t = MT_TEXT(buffer);

	mt_record_at(site, condition ? "true" : "false",
	    mt_verdict(site, condition));
	if (condition)
		return true;
	mt_put(&t, site->call);
	mt_put(&t, ": false, must be true");
	mt_fail(site, buffer, "");
	return false;
}

void
mt_observe(const struct mt_site *site, enum mt_kind kind, int64_t answer)
{
	char buffer[160];
	struct mt_text t = MT_TEXT(buffer), observed;

	put_recorded(&t, kind, answer, 0);
	mt_record_at(site, buffer, "undecided");
	observed = (struct mt_text){ mt_run.observed, sizeof(mt_run.observed),
		mt_length(mt_run.observed), false };
	mt_put(&observed, observed.length == 0 ? "undecided, observed " : ", ");
	mt_put(&observed, buffer);
}
