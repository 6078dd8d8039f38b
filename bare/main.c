/*
 * Process 1: executes the image anew for each case and tells the console how
 * that ended.
 *
 *	PROBE BEGIN
 *	mt-system ...			records (lib/record.h)
 *	bare: N cases from number FIRST on
 *	mt-begin NUMBER ID ROUTINE.NAME ROUTE
 *	mt ...
 *	mt-case ID ROUTINE.NAME ROUTE VERDICT REASON
 *	bare: N passed, N failed, N skipped
 *	PROBE END
 *
 * A case must be a program of its own: what only exec() gives to a process (on
 * arm64 the reserved ranges around the comm page, until macOS 11) a forked
 * child has not.  Its records are brief, as the lines around them tell the rest.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <string.h>

#include "bare.h"
#include "check_state.h"
#include "record.h"
#include "routes.h"
#include "unix.h"

#define SECONDS	      60 /* of a case */
#define SECONDS_KILL  5	 /* until a process that is killed is gone */
#define ONLY	      "MT-BARE-ONLY:"
#define FROM	      "MT-BARE-FROM:"
#define LENGTH(mark_) (sizeof(mark_) - 1)

/* Rewritten in the image by mach-vm-bare-image: --only, a case runs when
 * "routine.name__route" contains the pattern; --from, those of that number and
 * later run.  Each mark stands in the image once. */
volatile char bare_only[256] __attribute__((used)) = ONLY;
volatile char bare_from[32] __attribute__((used)) = FROM;

static const char *program; /* its own file */
static unsigned passed, broken, skipped;

static void
copy_out(char *to, const volatile char *from, size_t size)
{
	for (size_t i = 0; i < size; i++)
		to[i] = from[i];
	to[size - 1] = '\0';
}

static unsigned
number_in(const char *text)
{
	unsigned n = 0;

	for (; *text >= '0' && *text <= '9'; text++)
		n = 10 * n + (unsigned)(*text - '0');
	return n;
}

static unsigned
first_number(void)
{
	char text[sizeof(bare_from)];

	copy_out(text, bare_from, sizeof(text));
	return number_in(text + LENGTH(FROM));
}

static void
put_name(struct mt_text *t, const struct mt_case *c)
{
	mt_put(t, c->routine);
	mt_put_char(t, '.');
	mt_put(t, c->name);
}

/* "routine.name__route" contains the pattern, which may be empty. */
static bool
is_chosen(const struct mt_case *c, const struct mt_route *route)
{
	char name[256], pattern[sizeof(bare_only)];
	const char *wanted = pattern + LENGTH(ONLY);
	struct mt_text t = MT_TEXT(name);
	size_t length;

	put_name(&t, c);
	mt_put(&t, "__");
	mt_put(&t, route->name);
	copy_out(pattern, bare_only, sizeof(pattern));
	length = strlen(wanted);
	for (size_t i = 0; i + length <= t.length; i++)
		if (memcmp(t.data + i, wanted, length) == 0)
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

/* ---- one case ------------------------------------------------------------------ */

static void
tell_begin(unsigned number, const struct mt_case *c,
    const struct mt_route *route)
{
	char buffer[320];
	struct mt_text t = MT_TEXT(buffer);

	mt_put(&t, "mt-begin\t");
	mt_put_unsigned(&t, number);
	mt_put_char(&t, '\t');
	mt_put(&t, c->id);
	mt_put_char(&t, '\t');
	put_name(&t, c);
	mt_put_char(&t, '\t');
	mt_put(&t, route->name);
	mt_put_char(&t, '\n');
	mt_backend_write(MT_RECORDS, t.data, t.length);
}

/* Each case has one constructor, which puts it at the list's end: its place in
 * both is the same. */
static unsigned
place_of(const struct mt_case *wanted)
{
	unsigned place = 0;

	for (const struct mt_case *c = mt_cases(); c != wanted; c = c->next)
		place++;
	return place;
}

/* In a child: become the program of this case. */
static void
execute(const struct mt_case *c, const struct mt_route *route)
{
	char digits[16];
	struct mt_text t = MT_TEXT(digits);
	const uint64_t arguments[] = { (uintptr_t)program, (uintptr_t)digits,
		(uintptr_t)route->name, 0 };

	mt_put_unsigned(&t, place_of(c));
	bare_unix(CALL_EXECVE, (uintptr_t)program, (uintptr_t)arguments, 0, 0,
	    0, 0, NULL);
	bare_tell_verdict(c, route, "broken",
	    "the program cannot be executed anew");
	mt_exit(BARE_FAILED);
}

static void
tell_end(const struct mt_case *c, const struct mt_route *route, int status)
{
	char buffer[80];
	struct mt_text t = MT_TEXT(buffer);
	int signal = status & 0x7f;

	if (status == -1)
		mt_put(&t, "hung and was killed");
	else if (status == -2)
		mt_put(&t, "hung and cannot be killed");
	else
		mt_put(&t, signal != 0 ? "died of signal " : "exited with ");
	if (status >= 0)
		mt_put_decimal(&t, signal != 0 ? signal : status >> 8);
	bare_tell_verdict(c, route, "broken", t.data);
}

static void
run_case(unsigned number, const struct mt_case *c, const struct mt_route *route)
{
	const char *reason = mt_case_unmet(c, route);
	int status, pid;

	if (reason != NULL) {
		bare_tell_verdict(c, route, "skipped", reason);
		skipped++;
		return;
	}
	tell_begin(number, c, route);
	if ((pid = mt_fork()) == 0)
		execute(c, route);
	if (pid < 0) {
		bare_tell_verdict(c, route, "broken", "the kernel cannot fork");
		broken++;
		return;
	}
	status = bare_wait(pid, SECONDS, SECONDS_KILL);
	switch (status) {
	case BARE_PASSED << 8:
		passed++;
		break;
	case BARE_FAILED << 8:
		broken++;
		break;
	case BARE_SKIPPED << 8:
	case BARE_UNDECIDED << 8:
		skipped++;
		break;
	default:
		tell_end(c, route, status);
		broken++;
	}
}

/* ---- all cases ----------------------------------------------------------------- */

typedef void visitor(unsigned number, const struct mt_case *,
    const struct mt_route *);

/* All that are chosen, in their order: those that may end the machine last. */
static unsigned
for_each_case(visitor *visit)
{
	unsigned number = 0;

	for (int risky = 0; risky < 2; risky++)
		for (struct mt_case *c = mt_cases(); c != NULL; c = c->next)
			for (unsigned i = 0; mt_routes[i] != NULL; i++)
				if (is_risky(c) == risky &&
				    mt_case_has_route(c, mt_routes[i]) &&
				    is_chosen(c, mt_routes[i])) {
					if (visit != NULL &&
					    number >= first_number())
						visit(number, c, mt_routes[i]);
					number++;
				}
	return number;
}

static void
tell_plan(void)
{
	char buffer[80];
	struct mt_text t = MT_TEXT(buffer);

	mt_put(&t, "bare: ");
	mt_put_unsigned(&t, for_each_case(NULL));
	mt_put(&t, " cases from number ");
	mt_put_unsigned(&t, first_number());
	mt_put(&t, " on\n");
	mt_backend_write(MT_RECORDS, t.data, t.length);
}

static void
tell_summary(void)
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

/* ---- start ----------------------------------------------------------------------- */

typedef void constructor(void);
extern constructor *const bare_constructors[], *const bare_constructors_end[];

/* The program of one case: of the constructors only its own runs, as the others
 * would touch, and so have the kernel copy, most pages of the image. */
static void __attribute__((noreturn))
be_case(const char *place, const char *route)
{
	constructor *const *c = bare_constructors + number_in(place);

	mt_record_briefly();
	if (c < bare_constructors_end) {
		(*c)();
		for (unsigned i = 0; mt_routes[i] != NULL; i++)
			if (strcmp(mt_routes[i]->name, route) == 0)
				bare_run_case(mt_cases(), mt_routes[i]);
	}
	mt_exit(1); /* no such case */
}

void bare_main(const uint64_t *stack) __attribute__((noreturn));

/* stack: argc, argv, as the kernel leaves them. */
void
bare_main(const uint64_t *stack)
{
	static const char path[] = "/dev/console";
	int64_t fd;

	program = (const char *)(uintptr_t)stack[1];
	fd = bare_unix(CALL_OPEN, (uintptr_t)path, 2 /* O_RDWR */, 0, 0, 0, 0,
	    NULL);
	bare_console = fd >= 0 ? (int)fd : 1;
	if (mt_has_message2(mt_system()))
		stage = &mt_route_mig2;
	if (stack[0] == 3) /* by execute() */
		be_case((const char *)(uintptr_t)stack[2],
		    (const char *)(uintptr_t)stack[3]);
	for (constructor *const *c = bare_constructors;
	     c < bare_constructors_end; c++)
		(*c)();
	bare_say("PROBE BEGIN\n");
	mt_record_system();
	tell_plan();
	for_each_case(run_case);
	tell_summary();
	/* Process 1 must not return; any other may. */
	if (bare_getpid() != 1)
		mt_exit(broken > 0);
	for (;;)
		bare_sleep(1000);
}
