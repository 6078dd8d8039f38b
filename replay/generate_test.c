/* SPDX-License-Identifier: BSD-2-Clause */
#include <atf-c.h>
#include <stdlib.h>
#include <string.h>

#include "danger.h"
#include "generate.h"

static const char *const profiles[] = { "core", "coalesce", "attributes",
	"copy", "errors", "mixed", "anywhere" };
enum { PROFILES = sizeof(profiles) / sizeof(profiles[0]) };

static struct header
header(const struct generator *g, uint64_t page)
{
	struct header h = generator_header(g);

	h.page = page;
	h.guard = 16 * page;
	return h;
}

/* No release is to be harmed, wherever the arena lies. */
static void
check_safe(const struct op *op)
{
	const struct arg *a = op->arg;

	for (uint64_t base = UINT64_C(1) << 33; base < UINT64_C(1) << 47;
	     base <<= 1) {
		if (op->code == OP_MSYNC)
			ATF_CHECK_EQ(NULL,
			    mt_danger_msync(NULL, base, a[1].value,
				(vm_sync_t)a[2].value));
		if (op->code == OP_COPY || op->code == OP_READOW)
			ATF_CHECK_EQ(NULL,
			    mt_danger_copyin(NULL, base, a[1].value));
		if (op->code == OP_REMAP || op->code == OP_AREMAP)
			ATF_CHECK_EQ(NULL,
			    mt_danger_remap(NULL, base, a[1].value));
	}
}

static char *
text_of(const char *profile, uint64_t seed, uint64_t page)
{
	struct generator g = { .profile = profile,
		.first = seed,
		.last = seed,
		.ops = 40 };
	struct header h = header(&g, page);
	struct sequence s = { .ops = 0 };
	struct result none = { .kind = RESULT_NONE };
	char *text;
	size_t size;
	FILE *f = open_memstream(&text, &size);

	generate(&g, &h, seed, &s);
	ATF_CHECK_EQ(40, s.ops);
	for (int i = 0; i < s.ops; i++) {
		ATF_CHECK_EQ(NULL, op_unsafe(&s.op[i], &h));
		check_safe(&s.op[i]);
		write_op(f, &s.op[i], &none);
	}
	fclose(f);
	sequence_free(&s);
	return text;
}

ATF_TC_WITHOUT_HEAD(sequence_depends_on_its_seed_alone);
ATF_TC_BODY(sequence_depends_on_its_seed_alone, tc)
{
	for (int p = 0; p < PROFILES; p++) {
		char *a = text_of(profiles[p], 5, 4096);
		char *b = text_of(profiles[p], 6, 4096);
		char *again = text_of(profiles[p], 5, 4096);

		ATF_CHECK_STREQ(a, again);
		ATF_CHECK(strcmp(a, b) != 0);
		free(a);
		free(b);
		free(again);
	}
}

ATF_TC_WITHOUT_HEAD(every_call_can_be_read_back);
ATF_TC_BODY(every_call_can_be_read_back, tc)
{
	for (int p = 0; p < PROFILES; p++)
		for (uint64_t seed = 0; seed < 200; seed++) {
			char *text = text_of(profiles[p], seed,
				 seed % 2 ? 4096 : 16384),
			     *rest = text, *line;

			while ((line = strsep(&rest, "\n")) != NULL &&
			    *line != '\0') {
				char copy[200];
				struct op op;

				snprintf(copy, sizeof(copy), "%s", line);
				ATF_CHECK_EQ_MSG(NULL,
				    parse_op(copy, &op, false), "%s", line);
			}
			free(text);
		}
}

ATF_TC_WITHOUT_HEAD(calls_of_a_profile_all_occur);
ATF_TC_BODY(calls_of_a_profile_all_occur, tc)
{
	int count[OP_CODES] = { 0 };
	struct generator g = { .profile = "mixed", .ops = 40 };
	struct header h = header(&g, 4096);
	struct sequence s = { .ops = 0 };

	for (uint64_t seed = 0; seed < 100; seed++) {
		generate(&g, &h, seed, &s);
		for (int i = 0; i < s.ops; i++)
			count[s.op[i].code]++;
	}
	for (int i = 0; i < OP_CODES; i++)
		ATF_CHECK_MSG((count[i] > 0) == (op_kinds[i].args[0] != '$'),
		    "%s: %d", op_kinds[i].name, count[i]);
	sequence_free(&s);
}

ATF_TC_WITHOUT_HEAD(unknown_profile_is_not_known);
ATF_TC_BODY(unknown_profile_is_not_known, tc)
{
	for (int p = 0; p < PROFILES; p++)
		ATF_CHECK(generator_knows(profiles[p]));
	ATF_CHECK(!generator_knows("everything"));
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, sequence_depends_on_its_seed_alone);
	ATF_TP_ADD_TC(tp, every_call_can_be_read_back);
	ATF_TP_ADD_TC(tp, calls_of_a_profile_all_occur);
	ATF_TP_ADD_TC(tp, unknown_profile_is_not_known);
	return atf_no_error();
}
