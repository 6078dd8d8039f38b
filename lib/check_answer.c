/*
 * Which of the listed answers this system must give, and whether it did.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "check_state.h"

/* What is wrong with an answer's conditions; NULL: nothing.  A condition that
 * is misspelt would silently never apply, or always. */
static const char *
answer_problem(const struct mt_answer *a)
{
	static const char *const routes[] = { "libsystem", "trap", "mig",
		"mig2", "vm", "libc", "unix" };
	size_t i;

	if (a->until != NULL && !mt_is_release(a->until))
		return "the release of an answer is none";
	if (a->arch != NULL && !mt_equal(a->arch, "arm64") &&
	    !mt_equal(a->arch, "x86_64"))
		return "the arch of an answer is none";
	if (a->pages != NULL && !mt_equal(a->pages, "4K") &&
	    !mt_equal(a->pages, "16K") && !mt_equal(a->pages, "4K on 16K"))
		return "the pages of an answer are none that there are";
	for (i = 0; a->route != NULL && i < sizeof(routes) / sizeof(*routes);
	     i++)
		if (mt_equal(a->route, routes[i]))
			return NULL;
	return a->route != NULL ? "the route of an answer is none" : NULL;
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

/* More than zero: a counts before b. */
static int
precedence(const struct mt_answer *a, const struct mt_answer *b)
{
	int order;

	if ((a->until == NULL) != (b->until == NULL))
		return a->until != NULL ? 1 : -1;
	order = a->until == NULL ? 0 : mt_until_compare(b->until, a->until);
	if (order != 0)
		return order;
	return ((a->arch != NULL) + (a->route != NULL) + (a->pages != NULL)) -
	    ((b->arch != NULL) + (b->route != NULL) + (b->pages != NULL));
}

const struct mt_answer *
mt_answer_choose(const struct mt_answer *answers)
{
	const struct mt_answer *chosen = answers;
	const char *problem;

	for (const struct mt_answer *a = answers + 1;
	     a->until == NULL || a->until[0] != '\0'; a++) {
		problem = answer_problem(a);
		if (problem != NULL)
			mt_fail_case(problem);
		else if (applies(a) && precedence(a, chosen) > 0)
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
