/*
 * Cases: their list, what they need, running one, children.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "check_backend.h"
#include "check_state.h"
#include "record.h"

struct mt_run mt_run;

/* How a child ends; anything else is not a child of ours that ended well. */
enum { CHILD_PASSED, CHILD_FAILED, CHILD_UNDECIDED, CHILD_SKIPPED };
#define CHILD_SECONDS 10

static struct mt_case *first, **last = &first;

void
mt_case_add(struct mt_case *c)
{
	*last = c;
	last = &c->next;
}

struct mt_case *
mt_cases(void)
{
	return first;
}

bool
mt_case_has_route(const struct mt_case *c, const struct mt_route *route)
{
	return mt_route_has(route, c->member);
}

void
mt_case_run(const struct mt_case *c, const struct mt_route *route)
{
	const char *reason;

	mt_run = (struct mt_run){ .c = c, .route = route };
	mt_record_system();
	reason = mt_case_unmet(c, route);
	if (reason != NULL)
		mt_backend_skip(reason);

	c->body(mt_guard(route), mach_task_self());

	reason = mt_region_problem();
	if (reason != NULL)
		mt_fail_case(reason);
	if (mt_run.judged == 0 && mt_run.observed[0] == '\0')
		mt_fail_case("the case judged nothing");
	if (mt_run.failures == 0 && mt_run.observed[0] != '\0')
		mt_backend_skip(mt_run.observed);
}

/* "/anywhere/suite/tests/x_test.c" as "tests/x_test.c". */
static const char *
short_path(const char *path)
{
	const char *start = path, *previous = path;

	for (const char *s = path; *s != '\0'; s++)
		if (*s == '/') {
			start = previous;
			previous = s + 1;
		}
	return start;
}

static void
child_says(const struct mt_site *site, const char *summary, const char *detail)
{
	static char buffer[16384];
	struct mt_text t = MT_TEXT(buffer);

	mt_put(&t, "*** In a child: ");
	mt_put(&t, short_path(site->file));
	mt_put_char(&t, ':');
	mt_put_decimal(&t, site->line);
	mt_put(&t, ": ");
	mt_put(&t, summary);
	mt_put_char(&t, '\n');
	mt_put(&t, detail);
	mt_backend_write(MT_PEOPLE, t.data, t.length);
}

/* What every failure prints after its own lines. */
static void
put_context(struct mt_text *t)
{
	const struct mt_system *s = mt_system();

	mt_put(t, "\tbehavior  ");
	mt_put(t, mt_run.c->id);
	mt_put(t, ": ");
	mt_put(t, mt_run.c->sentence);
	mt_put(t, "\n\tsource    ");
	mt_put(t, mt_run.c->source);
	mt_put(t, "\n\tsystem    ");
	mt_put(t, s->name);
	mt_put_char(t, ' ');
	mt_put(t, s->release);
	mt_put_char(t, ' ');
	mt_put(t, s->arch);
	mt_put(t, ", pages of ");
	mt_put_unsigned(t, s->page);
	mt_put(t, ", route ");
	mt_put(t, mt_run.route->name);
	mt_put_char(t, '\n');
}

void
mt_fail(const struct mt_site *site, const char *summary, const char *detail)
{
	static char buffer[16384];
	struct mt_text t = MT_TEXT(buffer);

	mt_run.failures++;
	mt_put(&t, detail);
	put_context(&t);
	if (mt_run.in_child) {
		child_says(site, summary, t.data);
		if (site->fatal)
			mt_exit(CHILD_FAILED);
	} else if (site->fatal) {
		mt_backend_stop(short_path(site->file), site->line, summary,
		    t.data);
	} else {
		mt_backend_fail(short_path(site->file), site->line, summary,
		    t.data);
	}
}

/* For what no line of the body stands for: the case itself. */
static struct mt_site
case_site(bool fatal)
{
	return (struct mt_site){ mt_run.c->file, mt_run.c->line, mt_run.c->name,
		fatal };
}

void
mt_fail_case(const char *summary)
{
	const struct mt_site site = case_site(false);

	mt_fail(&site, summary, "");
}

void
mt_stop_case(const char *summary)
{
	const struct mt_site site = case_site(true);

	mt_fail(&site, summary, "");
	mt_exit(CHILD_FAILED);
}

const char *
mt_verdict(const struct mt_site *site, bool right)
{
	mt_run.judged += !site->fatal;
	if (site->fatal)
		return right ? NULL : "stage";
	return right ? "pass" : "fail";
}

void
mt_record_at(const struct mt_site *site, const char *answer,
    const char *verdict)
{
	if (verdict == NULL)
		return;
	mt_record(&(struct mt_record){ mt_run.c->id, mt_run.c->routine,
	    mt_run.c->name, mt_run.route->name, site->call, answer, verdict });
}

void
mt_skip(const char *reason)
{
	const struct mt_site site = case_site(true);

	if (mt_run.failures != 0)
		mt_fail(&site, reason, "");
	if (mt_run.in_child) {
		child_says(&site, reason, "");
		mt_exit(CHILD_SKIPPED);
	}
	mt_backend_skip(reason);
}

void
mt_model_lacks(const char *reason)
{
	/* a child's failures become its parent's, which expects them too */
	if (mt_system()->model && !mt_run.in_child)
		mt_backend_expect_fail(reason);
}

int
mt_child_begin(const struct mt_site *site)
{
	int pid = mt_fork();

	if (pid == -1)
		mt_fail(site, "the system cannot fork", "");
	if (pid == 0) {
		mt_run.in_child = true;
		mt_run.failures = 0;
		mt_run.observed[0] = '\0';
	}
	return pid;
}

static void
child_ends(void)
{
	const char *problem = mt_region_problem();

	if (problem != NULL)
		mt_fail_case(problem);
	if (mt_run.failures != 0)
		mt_exit(CHILD_FAILED);
	mt_exit(mt_run.observed[0] != '\0' ? CHILD_UNDECIDED : CHILD_PASSED);
}

int
mt_child_end(const struct mt_site *site, int pid)
{
	char buffer[160];
	struct mt_text t = MT_TEXT(buffer);
	int status;

	if (pid == 0)
		child_ends();
	mt_run.judged++;
	status = mt_wait(pid, CHILD_SECONDS);
	if (status == -1) {
		mt_put(&t, "the child hung and was killed");
	} else if ((status & 0x7f) != 0) {
		mt_put(&t, "the child died of ");
		mt_put_signal(&t, status & 0x7f);
	} else {
		switch (status >> 8 & 0xff) {
		case CHILD_PASSED:
			return -1;
		case CHILD_FAILED:
			mt_put(&t, "the child failed, see above");
			break;
		case CHILD_UNDECIDED:
			t = MT_TEXT(mt_run.observed);
			mt_put(&t, "undecided, observed in a child");
			return -1;
		case CHILD_SKIPPED:
			mt_skip("in a child, with the reason above");
		default:
			mt_put(&t, "the child exited with ");
			mt_put_decimal(&t, status >> 8 & 0xff);
		}
	}
	mt_fail(site, buffer, "");
	return -1;
}

int
mt_child_signal(void (*function)(void *), void *argument)
{
	const struct mt_site site = case_site(true);
	int pid, status;

	pid = mt_fork();
	if (pid == 0) {
		function(argument);
		mt_exit(0);
	}
	status = pid == -1 ? -1 : mt_wait(pid, CHILD_SECONDS);
	if (pid == -1)
		mt_fail(&site, "the system cannot fork", "");
	if (status == -1)
		mt_fail(&site, "the child hung and was killed", "");
	return status & 0x7f;
}
