/*
 * Reading traces: good ones, and every way a file can be bad.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <atf-c.h>
#include <lzma.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "input.h"
#include "trace.h"

#define HEAD                                                             \
	"# machvm-trace 1\n"                                             \
	"# kernel=xnu-1.2 macos=10.15.6-10.15.7 arch=x86_64 how=booted " \
	"gen=1 profile=core seeds=1-2 ops=3 page=4096 arena=0x400000 "   \
	"guard=0x10000\n"

static const char good[] = HEAD
    "S 1 core\n"
    "allocate @3e7000 1000 0 = 0 @3e7000\n"
    "M 3e7000:1000:3/7:1:0:3:0:0:0:0:0:0\n"
    "copy @3e7800 1000 @-1000 = 1\n"
    "M =\n"
    "write @3e7001 5a = fault 2\n"
    "M =\n"
    "remap @3eb000 1000 0 0 ffffffffffffffff 1 1 = 0 @3eb000 3 7\n"
    "M 3e7000:1000:3/7:1:0:5:0:0:1:0:2:1 3eb000:1000:3/7:1:0:1:0:0:2:0:2:1\n"
    "deallocate @0 400000 = 0\n"
    "M\n"
    "S 2 anywhere\n"
    "aallocate $3 0 1000 1 = 0 1\n"
    "M $3+0:1000:3/7:1:0:0:0\n"
    "read $3+12 = ok 0\n"
    "M =\n"
    "write $4+12 5 = skip\n"
    "M =\n"
    "allocate @1000 0 0 = 0 0\n"
    "M =\n";

static const char *
file_of(const void *data, size_t size)
{
	FILE *f = fopen("trace", "wb");

	ATF_REQUIRE(f != NULL);
	ATF_REQUIRE_EQ(size, fwrite(data, 1, size, f));
	ATF_REQUIRE_EQ(0, fclose(f));
	return "trace";
}

/* Everything that a trace says, as text again; NULL and *t when it is bad. */
static char *
read_all(const char *path, struct trace *t)
{
	struct sequence s = { .ops = 0 };
	char *text = NULL;
	size_t size;
	FILE *f = open_memstream(&text, &size);
	int got = -1;

	memset(t, 0, sizeof(*t));
	if (trace_open(t, path, true)) {
		write_header(f, &t->header);
		while ((got = trace_next(t, &s)) == 1) {
			const struct layout *previous = NULL;

			fprintf(f, "S %d %s\n", (int)s.id, s.profile);
			for (int i = 0; i < s.ops; i++) {
				int layout = s.op[i].layout;

				write_op(f, &s.op[i], &s.op[i].required);
				if (layout < 0) /* an X line instead */
					continue;
				write_layout(f, &s.layout[layout], previous);
				previous = &s.layout[layout];
			}
		}
	}
	trace_close(t);
	sequence_free(&s);
	fclose(f);
	if (got == 0)
		return text;
	free(text);
	return NULL;
}

ATF_TC_WITHOUT_HEAD(trace_is_read_and_written_back);
ATF_TC_BODY(trace_is_read_and_written_back, tc)
{
	struct trace t;
	char release[32];
	char *text = read_all(file_of(good, strlen(good)), &t);

	ATF_REQUIRE_MSG(text != NULL, "line %d: %s", t.line, t.problem);
	ATF_CHECK_STREQ(good, text);
	ATF_CHECK_STREQ("xnu-1.2", t.header.kernel);
	ATF_CHECK_EQ(4096, t.header.page);
	header_release(&t.header, release);
	ATF_CHECK_STREQ("10.15.7", release);
	free(text);
}

static size_t
compress(const void *data, size_t size, uint8_t *to, size_t room)
{
	size_t end = 0;

	ATF_REQUIRE_EQ(LZMA_OK,
	    lzma_easy_buffer_encode(6, LZMA_CHECK_CRC32, NULL, data, size, to,
		&end, room));
	return end;
}

ATF_TC_WITHOUT_HEAD(compressed_trace_is_read);
ATF_TC_BODY(compressed_trace_is_read, tc)
{
	uint8_t xz[8192];
	size_t n = compress(good, strlen(good), xz, sizeof(xz));
	struct trace t;
	char *text = read_all(file_of(xz, n), &t);

	ATF_REQUIRE_MSG(text != NULL, "line %d: %s", t.line, t.problem);
	ATF_CHECK_STREQ(good, text);
	free(text);
}

ATF_TC_WITHOUT_HEAD(truncated_xz_is_reported_at_every_length);
ATF_TC_BODY(truncated_xz_is_reported_at_every_length, tc)
{
	uint8_t xz[8192];
	size_t n = compress(good, strlen(good), xz, sizeof(xz));
	struct trace t;

	for (size_t i = 1; i < n; i++) {
		char *text = read_all(file_of(xz, i), &t);

		ATF_CHECK_MSG(text == NULL, "%zu of %zu bytes are a trace", i,
		    n);
		ATF_CHECK(t.problem[0] != '\0' && t.line >= 1);
		free(text);
	}
}

ATF_TC_WITHOUT_HEAD(damaged_xz_is_reported);
ATF_TC_BODY(damaged_xz_is_reported, tc)
{
	uint8_t xz[8192];
	size_t n = compress(good, strlen(good), xz, sizeof(xz));
	struct trace t;

	for (size_t i = 6; i < n; i++) {
		xz[i] ^= 0x10;
		char *text = read_all(file_of(xz, n), &t);
		ATF_CHECK_MSG(text == NULL, "byte %zu does not matter", i);
		free(text);
		xz[i] ^= 0x10;
	}
}

/* The trace with `body` behind its header is bad in this line. */
static void
bad(int line, const char *body)
{
	char text[4096];
	struct trace t;

	snprintf(text, sizeof(text), "%s%s", HEAD, body);
	char *all = read_all(file_of(text, strlen(text)), &t);
	ATF_CHECK_MSG(all == NULL, "accepted: %s", body);
	ATF_CHECK_MSG(all != NULL || t.line == line, "line %d (%s) for: %s",
	    t.line, t.problem, body);
	ATF_CHECK(all != NULL ||
	    (t.problem[0] != '\0' && strchr(t.problem, '\n') == NULL));
	free(all);
}

ATF_TC_WITHOUT_HEAD(damaged_line_is_named);
ATF_TC_BODY(damaged_line_is_named, tc)
{
	bad(3, "allocate @0 1000 0 = 0 @0\nM\n"); /* before any S */
	bad(3, "S\n");
	bad(3, "S x core\n");
	bad(3, "S 1\n");
	bad(3, "S 1 a b\n");
	bad(3, "S 1 averyveryveryveryveryverylongnameofaprofile\n");
	bad(4, "S 1 core\nfrobnicate @0 = 0\nM\n");
	bad(4, "S 1 core\nallocate @0 1000 = 0 @0\nM\n");
	bad(4, "S 1 core\nallocate @0 1000 0 0 = 0 @0\nM\n");
	bad(4, "S 1 core\nallocate @0 1000 0\nM\n");
	bad(4, "S 1 core\nallocate @0 1000 0 = \nM\n");
	bad(4, "S 1 core\nallocate @0 1000 0 = 0\nM\n");
	bad(4, "S 1 core\nallocate @0 1000 0 = 0 @0 1\nM\n");
	bad(4, "S 1 core\nallocate @0 1000 0 = 3 @0\nM\n");
	bad(4, "S 1 core\nallocate @0 xyz 0 = 0 @0\nM\n");
	bad(4, "S 1 core\nallocate @0 0x1000 0 = 0 @0\nM\n");
	bad(4, "S 1 core\nallocate @0 1F000 0 = 0 @0\nM\n");
	bad(4, "S 1 core\nallocate @0 11111111111111111 0 = 0 @0\nM\n");
	bad(4, "S 1 core\nallocate @0 1000 100000000 = 0 @0\nM\n");
	bad(4, "S 1 core\nallocate @ 1000 0 = 0 @0\nM\n");
	bad(4, "S 1 core\nallocate @- 1000 0 = 0 @0\nM\n");
	bad(4, "S 1 core\nallocate $99+0 1000 0 = 0 @0\nM\n");
	bad(4, "S 1 core\nwrite @0 100 = ok\nM\n");
	bad(4, "S 1 core\nwrite @0 1 = 0\nM\n");
	bad(4, "S 1 core\nread @0 = ok\nM\n");
	bad(4, "S 1 core\nread @0 = fault\nM\n");
	bad(4, "S 1 core\n\nM\n");
	bad(4, "S 1 core\nM =\n");
	bad(4, "S 1 core\nM 0:1000:3/7:1:0:3:0:0:0:0:0:0\n");
	bad(5, "S 1 core\nread @0 = fault 1\nM =\n");
	bad(5, "S 1 core\nread @0 = fault 1\nread @0 = fault 1\n");
	bad(5, "S 1 core\nread @0 = fault 1\nM 0:1000:3/7:1:0\n");
	bad(5, "S 1 core\nread @0 = fault 1\nM 0:0:3/7:1:0:3:0:0:0:0:0:0\n");
	bad(5,
	    "S 1 core\nread @0 = fault 1\n"
	    "M 0:1000:3/7:1:0:3:0:0:0:0:0:0:0\n");
	bad(5,
	    "S 1 core\nread @0 = fault 1\n"
	    "M $0+0:1000:3/7:1:0:0:0\n");
	bad(5, "S 1 core\nread @0 = fault 1\n");  /* and the end */
	bad(5, "S 1 core\nread @0 = fault 1\nM"); /* no LF */
}

ATF_TC_WITHOUT_HEAD(call_that_could_hurt_is_refused);
ATF_TC_BODY(call_that_could_hurt_is_refused, tc)
{
	bad(4, "S 1 core\ndeallocate 100000000 1000 = 0\nM\n");
	bad(4, "S 1 core\ndeallocate 0 7fffffffffff = 0\nM\n");
	bad(4, "S 1 core\ndeallocate @0 7fffffffffff = 0\nM\n");
	bad(4, "S 1 core\ndeallocate @411000 1000 = 0\nM\n");
	bad(4, "S 1 core\nwrite 7fff5fbff000 1 = ok\nM\n");
	bad(4, "S 1 core\nwrite @7ffeefbff000 1 = ok\nM\n");
	bad(4, "S 1 core\nallocate @0 1000000 4000 = 0 @0\nM\n");
	bad(4, "S 1 core\nallocate @0 1000 80 = 0 @0\nM\n");
	bad(4, "S 1 core\nallocate @0 1000 1000 = 0 @0\nM\n");
	bad(4, "S 1 core\nmap @1000 1000 7fffffff 4000 3 7 1 = 0 @0\nM\n");
	bad(4, "S 1 anywhere\nwrite $0+fffffffff0000000 1 = ok\nM\n");
}

ATF_TC_WITHOUT_HEAD(bad_header_is_reported);
ATF_TC_BODY(bad_header_is_reported, tc)
{
	static const char *const heads[] = {
		"",
		"\n",
		"hello\n",
		"# machvm-trace 2\n",
		"# machvm-trace 1\n",
		"# machvm-trace 1\n# kernel=x page=4095 arena=0x1000 guard=4096\n",
		"# machvm-trace 1\n# kernel=x page=0 arena=0x1000 guard=4096\n",
		"# machvm-trace 1\n# kernel=x page=4096 arena=0 guard=4096\n",
		"# machvm-trace 1\n# kernel=x page=4096 arena=-4096 guard=4096\n",
		("# machvm-trace 1\n# kernel=x page=4096 arena=0x800000000000 "
		 "guard=4096\n"),
		"# machvm-trace 1\n# kernel=x page=4096 arena=4096 guard=1\n",
		"# machvm-trace 1\n# kernel= page=4096 arena=4096 guard=4096\n",
	};
	struct trace t;

	for (size_t i = 0; i < sizeof(heads) / sizeof(heads[0]); i++) {
		char *text = read_all(file_of(heads[i], strlen(heads[i])), &t);

		ATF_CHECK_MSG(text == NULL && t.problem[0] != '\0',
		    "accepted: %s", heads[i]);
		free(text);
	}
}

ATF_TC_WITHOUT_HEAD(line_without_end_is_refused);
ATF_TC_BODY(line_without_end_is_refused, tc)
{
	size_t size = INPUT_LINE + sizeof(HEAD) + 100;
	char *text = malloc(size);
	struct trace t;

	ATF_REQUIRE(text != NULL);
	memset(text, 'a', size);
	memcpy(text, HEAD, sizeof(HEAD) - 1);
	ATF_CHECK(read_all(file_of(text, size), &t) == NULL);
	ATF_CHECK_EQ_MSG(3, t.line, "line %d", t.line);
	text[sizeof(HEAD) + 5] = '\0';
	text[sizeof(HEAD) + 9] = '\n';
	ATF_CHECK(read_all(file_of(text, size), &t) == NULL);
	ATF_CHECK_STREQ("a NUL byte", t.problem);
	free(text);
}

ATF_TC_WITHOUT_HEAD(missing_file_is_reported);
ATF_TC_BODY(missing_file_is_reported, tc)
{
	struct trace t;

	ATF_CHECK(read_all("no/such/file", &t) == NULL);
	ATF_CHECK(t.problem[0] != '\0');
}

ATF_TC_WITHOUT_HEAD(calls_alone_are_read_for_recording);
ATF_TC_BODY(calls_alone_are_read_for_recording, tc)
{
	static const char text[] = "allocate @1000 4000 0\n"
				   "read @0 = ok 7\n"
				   "M 0:1000:3/7:1:0:3:0:0:0:0:0:0\n"
				   "protect @0 4000 0 1\n";
	struct trace t = { .header = { .arena = 0x400000, .guard = 0 } };
	struct sequence s = { .ops = 0 };

	ATF_REQUIRE(trace_open(&t, file_of(text, strlen(text)), false));
	ATF_REQUIRE_EQ(1, trace_next(&t, &s));
	ATF_CHECK_EQ(3, s.ops);
	ATF_CHECK_EQ(OP_PROTECT, s.op[2].code);
	ATF_CHECK_EQ(RESULT_NONE, s.op[0].required.kind);
	ATF_CHECK_EQ(0, trace_next(&t, &s));
	trace_close(&t);
	sequence_free(&s);
}

ATF_TC_WITHOUT_HEAD(x_line_ends_a_sequence);
ATF_TC_BODY(x_line_ends_a_sequence, tc)
{
	static const char text[] = HEAD
	    "S 1 core\n"
	    "read @0 = fault 1\nM\nX wire: no privilege\nrubbish\n"
	    "S 2 core\nread @0 = fault 1\nM\n";
	struct trace t = { .name = NULL };
	struct sequence s = { .ops = 0 };

	ATF_REQUIRE(trace_open(&t, file_of(text, strlen(text)), true));
	ATF_REQUIRE_EQ(1, trace_next(&t, &s));
	ATF_CHECK(s.gave_up);
	ATF_CHECK_EQ(1, s.ops);
	ATF_CHECK_STREQ("wire: no privilege", s.why);
	ATF_REQUIRE_EQ(1, trace_next(&t, &s));
	ATF_CHECK(!s.gave_up);
	ATF_CHECK_EQ(0, trace_next(&t, &s));
	trace_close(&t);
	sequence_free(&s);
}

/* No change of one byte, and no cut, makes reading do anything but answer. */
ATF_TC_WITHOUT_HEAD(any_byte_may_change);
ATF_TC_BODY(any_byte_may_change, tc)
{
	char text[sizeof(good)];
	struct trace t;
	static const char bytes[] = "\n =M@$:-0fSX#\xff";

	for (size_t i = 0; i < sizeof(good) - 1; i++)
		for (size_t j = 0; j < sizeof(bytes); j += 3) {
			memcpy(text, good, sizeof(good));
			text[i] = bytes[(i + j) % sizeof(bytes)];
			char *all = read_all(file_of(text, sizeof(good) - 1),
			    &t);
			ATF_CHECK(all != NULL || t.problem[0] != '\0');
			free(all);
			free(read_all(file_of(good, i), &t));
		}
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, trace_is_read_and_written_back);
	ATF_TP_ADD_TC(tp, compressed_trace_is_read);
	ATF_TP_ADD_TC(tp, truncated_xz_is_reported_at_every_length);
	ATF_TP_ADD_TC(tp, damaged_xz_is_reported);
	ATF_TP_ADD_TC(tp, damaged_line_is_named);
	ATF_TP_ADD_TC(tp, call_that_could_hurt_is_refused);
	ATF_TP_ADD_TC(tp, bad_header_is_reported);
	ATF_TP_ADD_TC(tp, line_without_end_is_refused);
	ATF_TP_ADD_TC(tp, missing_file_is_reported);
	ATF_TP_ADD_TC(tp, calls_alone_are_read_for_recording);
	ATF_TP_ADD_TC(tp, x_line_ends_a_sequence);
	ATF_TP_ADD_TC(tp, any_byte_may_change);
	return atf_no_error();
}
