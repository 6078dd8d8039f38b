/* SPDX-License-Identifier: BSD-2-Clause */
#include <atf-c.h>
#include <string.h>

#include "false_system.h"
#include "region.h"

#define PAGE UINT64_C(0x4000)
#define BASE UINT64_C(0x100000)

static char picture[65537];

static const char *
layout(mach_vm_address_t start, unsigned pages)
{
	memset(picture, '#', sizeof(picture));
	mt_layout(start, pages, picture);
	ATF_REQUIRE_EQ('\0', picture[pages]);
	ATF_REQUIRE_EQ('#', picture[pages + 1]);
	return picture;
}

/*
 *	page  0 1 2 3 4 5 6 7
 *	      a a . b c . . d d d (to page 10)
 */
static void
some_map(void)
{
	false_map_clear();
	false_map_add(BASE, 2 * PAGE, VM_PROT_DEFAULT, 240);
	false_map_add(BASE + 3 * PAGE, PAGE, VM_PROT_READ, 241);
	false_map_add(BASE + 4 * PAGE, PAGE, VM_PROT_NONE, 242);
	false_map_add(BASE + 7 * PAGE, 3 * PAGE, VM_PROT_ALL, 6);
}

ATF_TC_WITHOUT_HEAD(regions_are_found);
ATF_TC_BODY(regions_are_found, tc)
{
	struct mt_region r;
	const char *problem = "unset";

	some_map();
	ATF_REQUIRE(mt_region_next(0, &r, &problem));
	ATF_CHECK(problem == NULL);
	ATF_CHECK_EQ((int64_t)BASE, r.address);
	ATF_CHECK_EQ((int64_t)(2 * PAGE), r.size);
	ATF_CHECK_EQ(240, r.user_tag);
	ATF_CHECK_EQ(VM_PROT_ALL, r.max_protection);

	ATF_REQUIRE(mt_region_next(BASE + PAGE + 5, &r, NULL));
	ATF_CHECK_EQ((int64_t)BASE, r.address);
	ATF_REQUIRE(mt_region_next(BASE + 2 * PAGE, &r, NULL));
	ATF_CHECK_EQ(241, r.user_tag);

	ATF_CHECK(mt_region_at(BASE + 2 * PAGE - 1, &r));
	ATF_CHECK(!mt_region_at(BASE + 2 * PAGE, &r));
	ATF_CHECK(!mt_region_next(BASE + 10 * PAGE, &r, &problem));
	ATF_CHECK(problem == NULL); /* the end is no nonsense */
	ATF_CHECK(mt_region_problem() == NULL);
	(void)tc;
}

ATF_TC_WITHOUT_HEAD(layout_shows_regions_and_holes);
ATF_TC_BODY(layout_shows_regions_and_holes, tc)
{
	some_map();
	ATF_CHECK_STREQ("aa.bc..ddd", layout(BASE, 10));
	ATF_CHECK_STREQ(".aa.bc..ddd..", layout(BASE - PAGE, 13));
	ATF_CHECK_STREQ("a", layout(BASE + PAGE, 1));
	ATF_CHECK_STREQ("a.bc..d", layout(BASE + PAGE, 7));
	ATF_CHECK_STREQ("..", layout(BASE + 5 * PAGE, 2));
	ATF_CHECK_STREQ("..", layout(BASE + 20 * PAGE, 2));
	(void)tc;
}

ATF_TC_WITHOUT_HEAD(layout_of_many_regions);
ATF_TC_BODY(layout_of_many_regions, tc)
{
	false_map_clear();
	for (unsigned i = 0; i < 60; i++)
		false_map_add(BASE + i * PAGE, PAGE, VM_PROT_READ, i);
	layout(BASE, 60);
	for (unsigned i = 1; i < 60; i++)
		ATF_CHECK(picture[i] != picture[i - 1]);
	(void)tc;
}

ATF_TC_WITHOUT_HEAD(layout_shows_bounds_within_pages);
ATF_TC_BODY(layout_shows_bounds_within_pages, tc)
{
	false_map_clear();
	false_map_add(BASE + 0x1000, PAGE, VM_PROT_READ, 1);
	false_map_add(BASE + 3 * PAGE + 0x1000, 0x1000, VM_PROT_READ, 1);
	ATF_CHECK_STREQ("//./.", layout(BASE, 5));
	(void)tc;
}

ATF_TC_WITHOUT_HEAD(layouts_are_compared_by_regions);
ATF_TC_BODY(layouts_are_compared_by_regions, tc)
{
	ATF_CHECK(mt_layout_equal("aab", "aab"));
	ATF_CHECK(mt_layout_equal("aab", "xxy"));
	ATF_CHECK(mt_layout_equal("aba", "abc"));
	ATF_CHECK(mt_layout_equal("a.a", "a.b"));
	ATF_CHECK(mt_layout_equal("...", "..."));
	ATF_CHECK(!mt_layout_equal("aab", "abb"));
	ATF_CHECK(!mt_layout_equal("aa", "ab"));
	ATF_CHECK(!mt_layout_equal("a.", "aa"));
	ATF_CHECK(!mt_layout_equal("..", ".a"));
	ATF_CHECK(!mt_layout_equal("a", "aa"));
	ATF_CHECK(!mt_layout_equal("aa", "a"));
	ATF_CHECK(!mt_layout_equal("", "a"));
	ATF_CHECK(!mt_layout_equal("a?", "a?"));
	ATF_CHECK(!mt_layout_equal("a/", "a/"));
	(void)tc;
}

static void
check_nonsense(const char *what)
{
	struct mt_region r;
	const char *problem = NULL;

	false_answer.calls = 0;
	ATF_CHECK(!mt_region_next(BASE, &r, &problem));
	ATF_REQUIRE(problem != NULL);
	ATF_CHECK_MSG(strstr(problem, what) != NULL, "%s, must be about %s",
	    problem, what);
	ATF_CHECK_STREQ("????", layout(BASE, 4));
	ATF_CHECK(false_answer.calls < 5);
	ATF_CHECK(mt_region_problem() != NULL);
	ATF_CHECK(mt_region_problem() == NULL);
}

ATF_TC_WITHOUT_HEAD(nonsense_is_told);
ATF_TC_BODY(nonsense_is_told, tc)
{
	const struct false_answer good = { true, KERN_SUCCESS, BASE, PAGE, 0,
		VM_REGION_SUBMAP_INFO_V2_COUNT_64, 0 };
	struct mt_region r;

	false_answer = good;
	ATF_CHECK(mt_region_next(BASE, &r, NULL));
	false_answer.count = VM_REGION_SUBMAP_INFO_V1_COUNT_64;
	ATF_CHECK(mt_region_next(BASE, &r, NULL));

	false_answer.count = 3;
	check_nonsense("count");
	false_answer = good;
	false_answer.count = 1000;
	check_nonsense("count");
	false_answer = good;
	false_answer.depth = 1;
	check_nonsense("depth");
	false_answer = good;
	false_answer.size = 0;
	check_nonsense("size 0");
	false_answer = good;
	false_answer.address = BASE - PAGE;
	check_nonsense("below");
	false_answer = good;
	false_answer.address = UINT64_MAX - PAGE + 1;
	false_answer.size = 2 * PAGE;
	check_nonsense("wraps");
	false_answer = good;
	false_answer.address = BASE + 1;
	check_nonsense("whole pages");
	false_answer = good;
	false_answer.kr = KERN_FAILURE;
	check_nonsense("another code");
	false_answer.kr = MACH_SEND_INVALID_DEST;
	check_nonsense("another code");
	(void)tc;
}

ATF_TC_WITHOUT_HEAD(region_up_to_the_end_of_addresses);
ATF_TC_BODY(region_up_to_the_end_of_addresses, tc)
{
	false_answer = (struct false_answer){ true, KERN_SUCCESS, 0, -PAGE, 0,
		VM_REGION_SUBMAP_INFO_V2_COUNT_64, 0 };
	ATF_CHECK_STREQ("aaaa", layout(BASE, 4));
	false_answer.address = PAGE; /* ends at 2^64 */
	ATF_CHECK_STREQ("aaaa", layout(BASE, 4));
	(void)tc;
}

ATF_TC_WITHOUT_HEAD(map_is_drawn);
ATF_TC_BODY(map_is_drawn, tc)
{
	static char buffer[4096];
	struct mt_text t = MT_TEXT(buffer);

	some_map();
	mt_put_map(&t, BASE, 9, 20);
	ATF_CHECK_STREQ("\taa.bc..dd\n"
			"\ta +0..+2    2 pages rw-/rwx copy tag 240 empty\n"
			"\t. +2..+3    1 page free\n"
			"\tb +3..+4    1 page r--/rwx copy tag 241 empty\n"
			"\tc +4..+5    1 page ---/rwx copy tag 242 empty\n"
			"\t. +5..+7    2 pages free\n"
			"\td +7..+10   3 pages rwx/rwx copy tag 6 empty\n",
	    buffer);
	t = MT_TEXT(buffer);
	mt_put_map(&t, BASE, 9, 1);
	ATF_CHECK(strstr(buffer, "\t...\n") != NULL);
	t = MT_TEXT(buffer);
	false_answer.enabled = true;
	mt_put_map(&t, BASE, 9, 20);
	ATF_CHECK(strstr(buffer, "region_recurse: ") != NULL);
	(void)tc;
}

ATF_TC_WITHOUT_HEAD(required_region_is_drawn);
ATF_TC_BODY(required_region_is_drawn, tc)
{
	const struct mt_region any = { MT_REGION_ANY };
	struct mt_region r = any;
	char buffer[200];
	struct mt_text t = MT_TEXT(buffer);

	mt_put_region(&t, &any, BASE);
	ATF_CHECK_STREQ("*         */* * tag * *\n", buffer);
	t = MT_TEXT(buffer);
	r.address = (int64_t)(BASE - PAGE);
	r.size = 0x1000;
	r.protection = VM_PROT_READ;
	r.behavior = VM_BEHAVIOR_RANDOM;
	r.user_wired_count = 2;
	r.is_submap = 1;
	mt_put_region(&t, &r, BASE);
	ATF_CHECK_STREQ("-1..-0-0x3000 0 pages r--/* * tag * * "
			"behavior random wired 2 submap\n",
	    buffer);
	(void)tc;
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, regions_are_found);
	ATF_TP_ADD_TC(tp, layout_shows_regions_and_holes);
	ATF_TP_ADD_TC(tp, layout_of_many_regions);
	ATF_TP_ADD_TC(tp, layout_shows_bounds_within_pages);
	ATF_TP_ADD_TC(tp, layouts_are_compared_by_regions);
	ATF_TP_ADD_TC(tp, nonsense_is_told);
	ATF_TP_ADD_TC(tp, region_up_to_the_end_of_addresses);
	ATF_TP_ADD_TC(tp, map_is_drawn);
	ATF_TP_ADD_TC(tp, required_region_is_drawn);
	return atf_no_error();
}
