/* SPDX-License-Identifier: BSD-2-Clause */
#include <atf-c.h>
#include <stdlib.h>
#include <string.h>

#include "compare.h"
#include "draw.h"

static const struct compare_options level_1 = { .level = 1 };
static const struct compare_options level_2 = { .level = 2 };
static const struct compare_options other_version = { .level = 2,
	.other_version = true };

#define MAP                                   \
	" 1000:1000:3/7:1:6:3:0:0:0:2000:0:0" \
	" 2000:3000:1/3:2:f0:2:1:2:1:0:3:2"

static struct layout
layout(const char *text)
{
	struct layout l = { .count = 0 };
	char *copy = strdup(text);

	ATF_REQUIRE_EQ(NULL, parse_layout(copy, &l, false));
	free(copy);
	return l;
}

static struct op
call(const char *text)
{
	struct op op;
	char copy[200];

	snprintf(copy, sizeof(copy), "%s", text);
	ATF_REQUIRE_EQ_MSG(NULL, parse_op(copy, &op, true), "%s", text);
	return op;
}

static bool
same_result(const char *required, const char *found)
{
	struct op a = call(required), b = call(found);

	return result_equal(&a, &a.required, &b.required);
}

ATF_TC_WITHOUT_HEAD(results_are_compared_with_their_outputs);
ATF_TC_BODY(results_are_compared_with_their_outputs, tc)
{
	ATF_CHECK(
	    same_result("allocate @0 1 0 = 0 @0", "allocate @0 1 0 = 0 @0"));
	ATF_CHECK(
	    !same_result("allocate @0 1 0 = 0 @0", "allocate @0 1 0 = 3"));
	ATF_CHECK(!same_result("allocate @0 1 0 = 0 @0",
	    "allocate @0 1 0 = 0 @1000"));
	ATF_CHECK(
	    !same_result("allocate @0 0 0 = 0 @0", "allocate @0 0 0 = 0 0"));
	ATF_CHECK(!same_result("remap @0 1 0 0 @0 0 0 = 0 @0 3 7",
	    "remap @0 1 0 0 @0 0 0 = 0 @0 1 7"));
	ATF_CHECK(!same_result("write @0 1 = ok", "write @0 1 = fault 2"));
	ATF_CHECK(!same_result("write @0 1 = fault 1", "write @0 1 = fault 2"));
	ATF_CHECK(!same_result("read @0 = ok 1", "read @0 = ok 2"));
	ATF_CHECK(!same_result("read $1+0 = skip", "read $1+0 = ok 0"));
	ATF_CHECK(!same_result("mlock @0 1 = c", "mlock @0 1 = d"));
}

ATF_TC_WITHOUT_HEAD(alignment_of_a_random_place_is_not_compared);
ATF_TC_BODY(alignment_of_a_random_place_is_not_compared, tc)
{
	ATF_CHECK(same_result("amap $0 0 1000 1fff 9 3 7 1 = 0 1",
	    "amap $0 0 1000 1fff 9 3 7 1 = 0 0"));
	ATF_CHECK(!same_result("amap $0 0 1000 1fff 1 3 7 1 = 0 1",
	    "amap $0 0 1000 1fff 1 3 7 1 = 0 0"));
	ATF_CHECK(!same_result("amap $0 0 1000 1fff 9 3 7 1 = 0 1",
	    "amap $0 0 1000 1fff 9 3 7 1 = 3"));
	ATF_CHECK(same_result("aremap $0 1000 1fff 9 @0 0 1 = 0 1 3 7",
	    "aremap $0 1000 1fff 9 @0 0 1 = 0 0 3 7"));
}

ATF_TC_WITHOUT_HEAD(ref_and_dirty_of_a_page_are_not_compared);
ATF_TC_BODY(ref_and_dirty_of_a_page_are_not_compared, tc)
{
	ATF_CHECK(same_result("pagequery @0 = 0 1 1", "pagequery @0 = 0 d 1"));
	ATF_CHECK(
	    !same_result("pagequery @0 = 0 1 1", "pagequery @0 = 0 21 1"));
	ATF_CHECK(!same_result("pagequery @0 = 0 1 1", "pagequery @0 = 0 1 5"));
	ATF_CHECK(!same_result("pagequery @0 = 0 1 1", "pagequery @0 = 1"));
}

ATF_TC_WITHOUT_HEAD(each_field_is_compared_at_its_level);
ATF_TC_BODY(each_field_is_compared_at_its_level, tc)
{
	struct layout required = layout(MAP), found = layout(MAP);

	for (int e = 0; e < 2; e++)
		for (enum field f = 0; f < FIELDS; f++) {
			struct difference d;

			found.entry[e].f[f] ^= 0x4000;
			d = layout_compare(&required, &found, &level_1, NULL);
			if (field_is_structure(f)) {
				ATF_CHECK_EQ(SAME, d.kind);
			} else {
				ATF_CHECK_EQ(REGIONS_DIFFER, d.kind);
				ATF_CHECK_EQ(e, d.entry);
				ATF_CHECK_EQ(f, d.field);
			}
			d = layout_compare(&required, &found, &level_2, NULL);
			ATF_CHECK_EQ(field_is_structure(f) ? STRUCTURE_DIFFERS :
							     REGIONS_DIFFER,
			    d.kind);
			ATF_CHECK_EQ(f, d.field);
			found.entry[e].f[f] ^= 0x4000;
		}
	ATF_CHECK_EQ(SAME,
	    layout_compare(&required, &found, &level_2, NULL).kind);
	layout_free(&required);
	layout_free(&found);
}

ATF_TC_WITHOUT_HEAD(a_region_more_or_less_is_a_difference);
ATF_TC_BODY(a_region_more_or_less_is_a_difference, tc)
{
	struct layout two = layout(MAP), one = layout(MAP), none = layout("");

	one.count = 1;
	ATF_CHECK_EQ(REGIONS_DIFFER,
	    layout_compare(&two, &one, &level_1, NULL).kind);
	ATF_CHECK_EQ(REGIONS_DIFFER,
	    layout_compare(&one, &two, &level_1, NULL).kind);
	ATF_CHECK_EQ(REGIONS_DIFFER,
	    layout_compare(&none, &one, &level_1, NULL).kind);
	ATF_CHECK_EQ(SAME, layout_compare(&none, &none, &level_2, NULL).kind);
	layout_free(&two);
	layout_free(&one);
	layout_free(&none);
}

ATF_TC_WITHOUT_HEAD(agreement_is_counted_by_field);
ATF_TC_BODY(agreement_is_counted_by_field, tc)
{
	struct layout required = layout(MAP), found = layout(MAP);
	struct agreement a = { .compared = { 0 } };

	found.entry[1].f[F_REFS]++;
	found.entry[0].f[F_OBJECT_OFFSET]++;
	(void)layout_compare(&required, &found, &level_2, &a);
	ATF_CHECK_EQ(2, a.compared[F_REFS]);
	ATF_CHECK_EQ(1, a.equal[F_REFS]);
	ATF_CHECK_EQ(2, a.equal[F_SHARE_MODE]);
	ATF_CHECK_EQ(1, a.equal[F_OBJECT_OFFSET]);
	ATF_CHECK_EQ(0, a.compared[F_TAG]);
	layout_free(&required);
	layout_free(&found);
}

ATF_TC_WITHOUT_HEAD(offset_without_object_is_loose_across_versions);
ATF_TC_BODY(offset_without_object_is_loose_across_versions, tc)
{
	struct layout required = layout(MAP), found = layout(MAP);

	found.entry[0].f[F_OBJECT_OFFSET] = 0;
	ATF_CHECK_EQ(STRUCTURE_DIFFERS,
	    layout_compare(&required, &found, &level_2, NULL).kind);
	ATF_CHECK_EQ(SAME,
	    layout_compare(&required, &found, &other_version, NULL).kind);
	found.entry[1].f[F_OBJECT_OFFSET] = 0x1000;
	ATF_CHECK_EQ(STRUCTURE_DIFFERS,
	    layout_compare(&required, &found, &other_version, NULL).kind);
	layout_free(&required);
	layout_free(&found);
}

/*
 *	required  aaa.~
 *	found     abb.~		the second half of a has lost its tag
 */
ATF_TC_WITHOUT_HEAD(difference_is_drawn);
ATF_TC_BODY(difference_is_drawn, tc)
{
	struct sequence s = { .id = 7, .profile = "core" };
	struct layout found;
	struct difference d;
	struct result result = { .kind = RESULT_CODE };
	struct op *op = sequence_add_op(&s);
	char *text, line[] = "protect @1000 2000 0 3 = 0";
	size_t size;
	FILE *f = open_memstream(&text, &size);

	ATF_REQUIRE_EQ(NULL, parse_op(line, op, true));
	op->line = 12;
	op->layout = sequence_add_layout(&s);
	s.layout[0] = layout(" 0:3000:3/7:1:6:3:0:0:0:0:0:0"
			     " 10000:9000:3/7:1:0:3:0:0:0:0:0:0");
	found = layout(" 0:1000:3/7:1:6:3:0:0:0:0:0:0"
		       " 1000:2000:3/7:1:0:3:0:0:0:1000:0:0"
		       " 10000:9000:3/7:1:0:3:0:0:0:0:0:0");
	d = layout_compare(&s.layout[0], &found, &level_1, NULL);
	draw_difference(f,
	    &(struct drawing){ .name = "x.trace",
		.sequence = &s,
		.difference = &d,
		.found = &result,
		.regions = &found,
		.options = &level_1,
		.page = 0x1000 });
	fclose(f);
	ATF_CHECK_STREQ(
	    "x.trace:12: sequence 7 (core), call 1: protect: region 0: size: "
	    "required 3000; found 1000\n"
	    "  *   1  protect @1000 2000 0 3 = 0\n"
	    "    pages from @0 to @19000:\n"
	    "    required  aaa..~.bb~b\n"
	    "    found     abb..~.cc~c\n"
	    "    - 0 +3000 rw-/rwx copy tag 6 empty object 0+0 ref 0 "
	    "resident 0\n"
	    "    + 0 +1000 rw-/rwx copy tag 6 empty object 0+0 ref 0 "
	    "resident 0\n"
	    "    + 1000 +2000 rw-/rwx copy tag 0 empty object 0+1000 ref 0 "
	    "resident 0\n\n",
	    text);
	free(text);
	layout_free(&found);
	sequence_free(&s);
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, results_are_compared_with_their_outputs);
	ATF_TP_ADD_TC(tp, alignment_of_a_random_place_is_not_compared);
	ATF_TP_ADD_TC(tp, ref_and_dirty_of_a_page_are_not_compared);
	ATF_TP_ADD_TC(tp, each_field_is_compared_at_its_level);
	ATF_TP_ADD_TC(tp, a_region_more_or_less_is_a_difference);
	ATF_TP_ADD_TC(tp, agreement_is_counted_by_field);
	ATF_TP_ADD_TC(tp, offset_without_object_is_loose_across_versions);
	ATF_TP_ADD_TC(tp, difference_is_drawn);
	return atf_no_error();
}
