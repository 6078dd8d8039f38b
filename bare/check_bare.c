/*
 * The cases without libc: process 1 runs each in a child of its own and tells
 * the console how it ended.
 *
 *	PROBE BEGIN
 *	mt ...				records (lib/record.h)
 *	mt-case ID ROUTINE.NAME ROUTE VERDICT REASON
 *	bare: N passed, N failed, N skipped
 *	PROBE END
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <string.h>

#include "check_backend.h"
#include "check_state.h"
#include "mig.h"
#include "record.h"
#include "routes.h"
#include "text.h"
#include "unix.h"

/* How the child of a case ends; it has told the rest itself. */
enum { ENDED_PASSED = 40, ENDED_FAILED, ENDED_SKIPPED, ENDED_UNDECIDED };
#define SECONDS 30
#define NAME	"__"

/* Rewritten in the image by mach-vm-bare-image --only: a case runs when
 * "routine.name__route" contains the pattern. */
volatile char bare_only[256] __attribute__((used)) = "MT-BARE-ONLY:";

static int console;
static bool failed; /* in a case's process */

/* ---- the routes ------------------------------------------------------------ */

const struct mt_route *const mt_routes[] = {
	&mt_route_trap,
	&mt_route_mig,
	&mt_route_unix,
	NULL,
};

const struct mt_route *stage = &mt_route_mig;

/* ---- the back end ----------------------------------------------------------- */

void
mt_backend_write(enum mt_stream stream, const char *text, size_t length)
{
	int64_t n;

	(void)stream;
	while (length > 0) {
		n = bare_unix(CALL_WRITE, (uint64_t)console, (uintptr_t)text,
		    length, 0, 0, 0, NULL);
		if (n <= 0)
			return;
		text += n;
		length -= (size_t)n;
	}
}

static void
say(const char *text)
{
	mt_backend_write(MT_RECORDS, text, strlen(text));
}

static void
end_case(const char *verdict, const char *reason, int status)
{
	char buffer[1024];
	struct mt_text t = MT_TEXT(buffer);

	mt_put(&t, "mt-case\t");
	mt_put(&t, mt_run.c->id);
	mt_put_char(&t, '\t');
	mt_put(&t, mt_run.c->routine);
	mt_put_char(&t, '.');
	mt_put(&t, mt_run.c->name);
	mt_put_char(&t, '\t');
	mt_put(&t, mt_run.route->name);
	mt_put_char(&t, '\t');
	mt_put(&t, verdict);
	mt_put_char(&t, '\t');
	for (; *reason != '\0'; reason++)
		mt_put_char(&t, (unsigned char)*reason < ' ' ? ' ' : *reason);
	mt_put_char(&t, '\n');
	mt_backend_write(MT_RECORDS, t.data, t.length);
	if (status != 0)
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
	end_case("failed", summary, ENDED_FAILED);
	__builtin_unreachable();
}

void
mt_backend_skip(const char *reason)
{
	bool undecided = strlen(reason) > 9 &&
	    memcmp(reason, "undecided", 9) == 0;

	if (undecided)
		end_case("undecided", reason, ENDED_UNDECIDED);
	end_case("skipped", reason, ENDED_SKIPPED);
	__builtin_unreachable();
}

/* Only the model's gaps are expected. */
void
mt_backend_expect_fail(const char *reason)
{
	(void)reason;
}

const char *
mt_backend_variable(const char *name)
{
	return strcmp(name, "disposable") == 0 ? "yes" : NULL;
}

/* ---- running ----------------------------------------------------------------- */

static unsigned passed, broken, skipped;

/* In a child: never returns. */
static void
run_child(const struct mt_case *c, const struct mt_route *route)
{
	mt_case_run(c, route);
	if (failed)
		end_case("failed", "told above", ENDED_FAILED);
	end_case("passed", "", ENDED_PASSED);
}

static void
run_case(const struct mt_case *c, const struct mt_route *route)
{
	int status, pid = mt_fork();

	if (pid == 0)
		run_child(c, route);
	mt_run = (struct mt_run){ .c = c, .route = route };
	if (pid < 0) {
		end_case("broken", "the kernel cannot fork", 0);
		broken++;
		return;
	}
	status = mt_wait(pid, c->seconds != 0 ? c->seconds : SECONDS);
	if (status == ENDED_PASSED << 8) {
		passed++;
	} else if (status == ENDED_FAILED << 8) {
		broken++;
	} else if (status == ENDED_SKIPPED << 8 ||
	    status == ENDED_UNDECIDED << 8) {
		skipped++;
	} else {
		char buffer[80];
		struct mt_text t = MT_TEXT(buffer);

		mt_put(&t,
		    status == -1	     ? "hung and was killed" :
			(status & 0x7f) != 0 ? "died of signal " :
					       "exited with ");
		if (status != -1)
			mt_put_decimal(&t,
			    (status & 0x7f) != 0 ? status & 0x7f : status >> 8);
		end_case("broken", t.data, 0);
		broken++;
	}
}

/* "routine.name__route" contains the pattern, which may be empty. */
static bool
chosen(const struct mt_case *c, const struct mt_route *route)
{
	char name[256], pattern[sizeof(bare_only)];
	struct mt_text t = MT_TEXT(name);
	size_t length;

	mt_put(&t, c->routine);
	mt_put_char(&t, '.');
	mt_put(&t, c->name);
	mt_put(&t, NAME);
	mt_put(&t, route->name);
	for (size_t i = 0; i < sizeof(pattern); i++)
		pattern[i] = bare_only[i];
	length = strlen(pattern + 13);
	for (size_t i = 0; i + length <= t.length; i++)
		if (memcmp(t.data + i, pattern + 13, length) == 0)
			return true;
	return false;
}

/* Only a disposable machine should run it, as it may not survive. */
static bool
is_risky(const struct mt_case *c)
{
	static const char word[] = "disposable";

	for (const char *s = c->needs; s != NULL && *s != '\0'; s++)
		if (strlen(s) >= sizeof(word) - 1 &&
		    memcmp(s, word, sizeof(word) - 1) == 0)
			return true;
	return false;
}

static void
run_all(bool risky)
{
	for (struct mt_case *c = mt_cases(); c != NULL; c = c->next)
		for (unsigned i = 0; mt_routes[i] != NULL; i++)
			if (is_risky(c) == risky &&
			    mt_case_has_route(c, mt_routes[i]) &&
			    chosen(c, mt_routes[i]))
				run_case(c, mt_routes[i]);
}

static void
summary(void)
{
	char buffer[128];
	struct mt_text t = MT_TEXT(buffer);

	mt_put(&t, "bare: ");
	mt_put_unsigned(&t, passed);
	mt_put(&t, " passed, ");
	mt_put_unsigned(&t, broken);
	mt_put(&t, " failed, ");
	mt_put_unsigned(&t, skipped);
	mt_put(&t, " skipped\nPROBE END\n");
	mt_backend_write(MT_RECORDS, t.data, t.length);
}

typedef void constructor(void);
extern constructor *const bare_constructors[], *const bare_constructors_end[];

void bare_main(const uint64_t *stack) __attribute__((noreturn));

void
bare_main(const uint64_t *stack)
{
	static const char path[] = "/dev/console";
	int64_t fd;

	(void)stack;
	fd = bare_unix(CALL_OPEN, (uintptr_t)path, 2 /* O_RDWR */, 0, 0, 0, 0,
	    NULL);
	console = fd >= 0 ? (int)fd : 1;
	for (constructor *const *c = bare_constructors;
	     c < bare_constructors_end; c++)
		(*c)();
	say("PROBE BEGIN\n");
	mt_record_system(); /* once: children know that it is written */
	run_all(false);
	run_all(true); /* last, lest they end the machine */
	summary();
	/* Process 1 must not return; any other may. */
	if (bare_getpid() != 1)
		mt_exit(broken > 0);
	for (;;)
		bare_sleep(1000);
}
