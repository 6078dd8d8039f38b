/* SPDX-License-Identifier: BSD-2-Clause */
#include <atf-c.h>

#include "names.h"

#define CHECK_PUT(must_, put_, value_)                \
	do {                                          \
		char buffer_[160];                    \
		struct mt_text t_ = MT_TEXT(buffer_); \
                                                      \
		put_(&t_, (int64_t)(value_));         \
		ATF_CHECK_STREQ(must_, buffer_);      \
	} while (0)

ATF_TC_WITHOUT_HEAD(answers);
ATF_TC_BODY(answers, tc)
{
	CHECK_PUT("KERN_SUCCESS (0)", mt_put_kern, 0);
	CHECK_PUT("KERN_INVALID_ADDRESS (1)", mt_put_kern, 1);
	CHECK_PUT("KERN_DENIED (53)", mt_put_kern, 53);
	CHECK_PUT("MACH_SEND_INVALID_DEST (0x10000003)", mt_put_kern,
	    0x10000003);
	CHECK_PUT("MACH_RCV_TIMED_OUT (0x10004003)", mt_put_kern, 0x10004003);
	CHECK_PUT("MIG_BAD_ID (-303)", mt_put_kern, -303);
	CHECK_PUT("1000", mt_put_kern, 1000);
	CHECK_PUT("-1", mt_put_kern, -1);
	CHECK_PUT("0x10000099", mt_put_kern, 0x10000099);
	(void)tc;
}

ATF_TC_WITHOUT_HEAD(errno_is_darwins);
ATF_TC_BODY(errno_is_darwins, tc)
{
	CHECK_PUT("success (0)", mt_put_errno, 0);
	CHECK_PUT("ENOMEM (12)", mt_put_errno, 12);
	CHECK_PUT("EAGAIN (35)", mt_put_errno, 35);
	CHECK_PUT("ENOTSUP (45)", mt_put_errno, 45);
	CHECK_PUT("ENOSYS (78)", mt_put_errno, 78);
	CHECK_PUT("72", mt_put_errno, 72);
	CHECK_PUT("9999", mt_put_errno, 9999);
	CHECK_PUT("-1", mt_put_errno, -1);
	(void)tc;
}

ATF_TC_WITHOUT_HEAD(signals_are_darwins);
ATF_TC_BODY(signals_are_darwins, tc)
{
	CHECK_PUT("SIGBUS (10)", mt_put_signal, 10);
	CHECK_PUT("SIGSEGV (11)", mt_put_signal, 11);
	CHECK_PUT("SIGSYS (12)", mt_put_signal, 12);
	CHECK_PUT("99", mt_put_signal, 99);
	(void)tc;
}

ATF_TC_WITHOUT_HEAD(protections);
ATF_TC_BODY(protections, tc)
{
	CHECK_PUT("---", mt_put_protection, VM_PROT_NONE);
	CHECK_PUT("rw-", mt_put_protection, VM_PROT_DEFAULT);
	CHECK_PUT("--x", mt_put_protection, VM_PROT_EXECUTE);
	CHECK_PUT("r--|VM_PROT_COPY", mt_put_protection,
	    VM_PROT_READ | VM_PROT_COPY);
	CHECK_PUT("---|VM_PROT_NO_CHANGE|0x4000", mt_put_protection,
	    VM_PROT_NO_CHANGE | 0x4000);
	(void)tc;
}

ATF_TC_WITHOUT_HEAD(flags);
ATF_TC_BODY(flags, tc)
{
	CHECK_PUT("VM_FLAGS_FIXED", mt_put_flags, 0);
	CHECK_PUT("VM_FLAGS_FIXED|VM_FLAGS_MTE|VM_FLAGS_GUARD_OBJECT_OPTOUT",
	    mt_put_flags, 0x402000);
	CHECK_PUT("VM_FLAGS_FIXED|VM_MAKE_TAG(VM_MEMORY_REALLOC)", mt_put_flags,
	    VM_MAKE_TAG(VM_MEMORY_REALLOC));
	CHECK_PUT("VM_FLAGS_ANYWHERE|VM_FLAGS_OVERWRITE|VM_MAKE_TAG(250)",
	    mt_put_flags,
	    VM_FLAGS_ANYWHERE | VM_FLAGS_OVERWRITE | VM_MAKE_TAG(250));
	/* an int with the sign bit set is still 32 bits */
	CHECK_PUT("VM_FLAGS_FIXED|VM_MAKE_TAG("
		  "VM_MEMORY_APPLICATION_SPECIFIC_1)",
	    mt_put_flags, (int)VM_MAKE_TAG(240));
	CHECK_PUT("VM_FLAGS_FIXED|VM_FLAGS_SUPERPAGE_SIZE_2MB|0x800",
	    mt_put_flags, VM_FLAGS_SUPERPAGE_SIZE_2MB | 0x800);
	(void)tc;
}

ATF_TC_WITHOUT_HEAD(tags);
ATF_TC_BODY(tags, tc)
{
	CHECK_PUT("0", mt_put_tag, 0);
	CHECK_PUT("VM_MEMORY_REALLOC (6)", mt_put_tag, 6);
	CHECK_PUT("VM_MEMORY_ROSETTA (230)", mt_put_tag, 230);
	CHECK_PUT("VM_MEMORY_VM_RECLAIM (22)", mt_put_tag, 22);
	CHECK_PUT("VM_MEMORY_LIBCHANNEL (36)", mt_put_tag, 36);
	CHECK_PUT("VM_MEMORY_DFR (85)", mt_put_tag, 85);
	CHECK_PUT("VM_MEMORY_COMPOSITOR_SERVICES (107)", mt_put_tag, 107);
	CHECK_PUT("VM_MEMORY_APPLICATION_SPECIFIC_1 (240)", mt_put_tag, 240);
	CHECK_PUT("VM_MEMORY_APPLICATION_SPECIFIC_2 (241)", mt_put_tag, 241);
	CHECK_PUT("VM_MEMORY_APPLICATION_SPECIFIC_16 (255)", mt_put_tag, 255);
	CHECK_PUT("256", mt_put_tag, 256);
	(void)tc;
}

ATF_TC_WITHOUT_HEAD(words);
ATF_TC_BODY(words, tc)
{
	CHECK_PUT("share", mt_put_inheritance, VM_INHERIT_SHARE);
	CHECK_PUT("donate-copy", mt_put_inheritance, VM_INHERIT_DONATE_COPY);
	CHECK_PUT("7", mt_put_inheritance, 7);
	CHECK_PUT("random", mt_put_behavior, VM_BEHAVIOR_RANDOM);
	CHECK_PUT("zero-wired-pages", mt_put_behavior,
	    VM_BEHAVIOR_ZERO_WIRED_PAGES);
	CHECK_PUT("private-aliased", mt_put_share_mode, SM_PRIVATE_ALIASED);
	CHECK_PUT("VM_PURGABLE_EMPTY (2)", mt_put_purgable, VM_PURGABLE_EMPTY);
	CHECK_PUT("EXC_BAD_ACCESS (1)", mt_put_exception, EXC_BAD_ACCESS);
	(void)tc;
}

ATF_TC_WITHOUT_HEAD(no_name_is_null);
ATF_TC_BODY(no_name_is_null, tc)
{
	ATF_CHECK(mt_kern_name(0x7fffffff) == NULL);
	ATF_CHECK(mt_kern_name(INT64_MIN) == NULL);
	ATF_CHECK(mt_errno_name(INT64_MAX) == NULL);
	ATF_CHECK(mt_errno_name(0) == NULL);
	ATF_CHECK(mt_signal_name(-1) == NULL);
	ATF_CHECK(mt_tag_name(0) == NULL);
	ATF_CHECK(mt_behavior_name(99) == NULL);
	ATF_CHECK(mt_inheritance_name(-1) == NULL);
	ATF_CHECK(mt_share_mode_name(0) == NULL);
	ATF_CHECK(mt_purgable_name(4) == NULL);
	ATF_CHECK(mt_exception_name(0) == NULL);
	(void)tc;
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, answers);
	ATF_TP_ADD_TC(tp, errno_is_darwins);
	ATF_TP_ADD_TC(tp, signals_are_darwins);
	ATF_TP_ADD_TC(tp, protections);
	ATF_TP_ADD_TC(tp, flags);
	ATF_TP_ADD_TC(tp, tags);
	ATF_TP_ADD_TC(tp, words);
	ATF_TP_ADD_TC(tp, no_name_is_null);
	return atf_no_error();
}
