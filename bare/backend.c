/*
 * The cases without libc: what check_backend.h wants, in the process of one
 * case.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <string.h>

#include "bare.h"
#include "check_state.h"
#include "mig.h"
#include "routes.h"
#include "unix.h"

int bare_console;
static bool failed;

/* ---- the routes ------------------------------------------------------------ */

const struct mt_route *const mt_routes[] = {
	&mt_route_trap,
	&mt_route_mig,
	&mt_route_mig2,
	&mt_route_unix,
	NULL,
};

/* main.c takes mig2 where there is one. */
const struct mt_route *stage = &mt_route_mig;
const struct mt_route *const stage_bsd = &mt_route_unix;

/* ---- the back end ----------------------------------------------------------- */

void
mt_backend_write(enum mt_stream stream, const char *text, size_t length)
{
	int64_t n;

	(void)stream;
	while (length > 0) {
		n = bare_unix(CALL_WRITE, (uint64_t)bare_console,
		    (uintptr_t)text, length, 0, 0, 0, NULL);
		if (n <= 0)
			return;
		text += n;
		length -= (size_t)n;
	}
}

void
bare_say(const char *text)
{
	mt_backend_write(MT_RECORDS, text, strlen(text));
}

void
bare_tell_verdict(const struct mt_case *c, const struct mt_route *route,
    const char *verdict, const char *reason)
{
	char buffer[1024];
	struct mt_text t = MT_TEXT(buffer);

	mt_put(&t, "mt-case\t");
	mt_put(&t, c->id);
	mt_put_char(&t, '\t');
	mt_put(&t, c->routine);
	mt_put_char(&t, '.');
	mt_put(&t, c->name);
	mt_put_char(&t, '\t');
	mt_put(&t, route->name);
	mt_put_char(&t, '\t');
	mt_put(&t, verdict);
	mt_put_char(&t, '\t');
	for (; *reason != '\0'; reason++)
		mt_put_char(&t, (unsigned char)*reason < ' ' ? ' ' : *reason);
	mt_put_char(&t, '\n');
	mt_backend_write(MT_RECORDS, t.data, t.length);
}

static void __attribute__((noreturn))
end_case(const char *verdict, const char *reason, int status)
{
	bare_tell_verdict(mt_run.c, mt_run.route, verdict, reason);
	mt_exit(status);
}

void
mt_backend_fail(const char *file, int line, const char *summary,
    const char *detail)
{
	char buffer[4096];
	struct mt_text t = MT_TEXT(buffer);

	failed = true;
	mt_put(&t, "*** ");
	mt_put(&t, file);
	mt_put_char(&t, ':');
	mt_put_decimal(&t, line);
	mt_put(&t, ": ");
	mt_put(&t, summary);
	mt_put_char(&t, '\n');
	mt_put(&t, detail);
	mt_backend_write(MT_PEOPLE, t.data, t.length);
}

void
mt_backend_stop(const char *file, int line, const char *summary,
    const char *detail)
{
	mt_backend_fail(file, line, summary, detail);
	end_case("failed", summary, BARE_FAILED);
}

void
mt_backend_skip(const char *reason)
{
	bool undecided = strlen(reason) > 9 &&
	    memcmp(reason, "undecided", 9) == 0;

	if (undecided)
		end_case("undecided", reason, BARE_UNDECIDED);
	end_case("skipped", reason, BARE_SKIPPED);
}

/* Only the model's gaps are expected. */
void
mt_backend_expect_fail(const char *reason)
{
	(void)reason;
}

/* An emulated machine takes 2 ms for a trial of a sweep: a third of the usual
 * number of them. */
const char *
mt_backend_variable(const char *name)
{
	if (strcmp(name, "disposable") == 0)
		return "yes";
	return strcmp(name, "sweep") == 0 ? "400" : NULL;
}

void
bare_run_case(const struct mt_case *c, const struct mt_route *route)
{
	mt_case_run(c, route);
	if (failed)
		end_case("failed", "told above", BARE_FAILED);
	end_case("passed", "", BARE_PASSED);
}
