/*
 * Cases, what they require, and how they are judged.
 *
 * A case is one behaviour of one routine.  It runs once through every route
 * that has the routine and is reported once for each.  See tests/README.md.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef MT_CHECK_H
#define MT_CHECK_H

#include "fault.h"
#include "names.h"
#include "region.h"
#include "route.h"
#include "system.h"
#include "types.h"

struct mt_case {
	const char *routine, *name, *id, *source, *sentence;
	const char *file; /* where it is written */
	int line;
	size_t member; /* offset in struct mt_route */
	void (*body)(const struct mt_route *vm, mach_port_name_t self);

	/* Optional, given by name after the sentence; unmet: skipped. */
	const char *since, *until; /* first and last release that has it */
	const char *arch;	   /* of the system */
	const char *machine;	   /* whose instructions must run */
	const char *needs;	   /* words, a space between: "privileged",
					 * "translated", "native", "jit" and
					 * the others of tests/README.md */

	struct mt_case *next;
};
void mt_case_add(struct mt_case *);

/*
 * MT_CASE(allocate, size_is_rounded_up_to_pages, "alloc-size-round-up",
 *     "vm_allocate.html", "sentence" [, .since = "11", .arch = "arm64"])
 * { ... vm->allocate(self, ...) ... }
 */
#define MT_CASE(routine_, name_, id_, source_, ...)                          \
	static void name_(const struct mt_route *, mach_port_name_t);        \
	__attribute__((constructor)) static void mt_add_##name_(void)        \
	{                                                                    \
		static struct mt_case c_ = { .routine = #routine_,           \
			.name = #name_,                                      \
			.id = id_,                                           \
			.source = source_,                                   \
			.file = __FILE__,                                    \
			.line = __LINE__,                                    \
			.member = offsetof(struct mt_route, routine_),       \
			.body = name_,                                       \
			.sentence = __VA_ARGS__ };                           \
		mt_case_add(&c_);                                            \
	}                                                                    \
	static void name_(const struct mt_route *vm __attribute__((unused)), \
	    mach_port_name_t self __attribute__((unused)))

/*
 * Answers.  The one required from the newest known release stands first;
 * what follows is history and exceptions, as data.  Of those that apply the
 * one with the earliest `until` counts, then the one with most conditions;
 * two that could both apply with nothing to decide between them are a mistake
 * that ends the case on every system.  A release is written as people write
 * it: 10.15, 14, 15.3.  MT_UNTIL(14, x): 14 and all before it, 14.5 too.
 */
struct mt_answer {
	int64_t value;
	const char *until, *arch, *route, *pages;
};
#define MT_UNTIL(release_, value_)                             \
	{                                                      \
		.value = (int64_t)(value_), .until = #release_ \
	}
#define MT_ON(arch_, value_)                               \
	{                                                  \
		.value = (int64_t)(value_), .arch = #arch_ \
	}
#define MT_ON_UNTIL(arch_, release_, value_)                                   \
	{                                                                      \
		.value = (int64_t)(value_), .arch = #arch_, .until = #release_ \
	}
/* A route difference that the catalogue lists: MT_VIA(trap, KERN_...). */
#define MT_VIA(route_, value_)                               \
	{                                                    \
		.value = (int64_t)(value_), .route = #route_ \
	}
#define MT_VIA_UNTIL(route_, release_, value_)                \
	{                                                     \
		.value = (int64_t)(value_), .route = #route_, \
		.until = #release_                            \
	}
/* "4K on 16K": a process of 4 KiB pages on a kernel of 16 KiB (Rosetta). */
#define MT_PAGES(pages_, value_)                            \
	{                                                   \
		.value = (int64_t)(value_), .pages = pages_ \
	}
#define MT_PAGES_UNTIL(pages_, release_, value_)             \
	{                                                    \
		.value = (int64_t)(value_), .pages = pages_, \
		.until = #release_                           \
	}
#define MT_ON_PAGES(arch_, pages_, value_)                                  \
	{                                                                   \
		.value = (int64_t)(value_), .arch = #arch_, .pages = pages_ \
	}

#define MT_ANSWERS_(now_, ...)                                     \
	((const struct mt_answer[]){ { .value = (int64_t)(now_) }, \
	    __VA_ARGS__ })
#define MT_ANSWERS(...) MT_ANSWERS_(__VA_ARGS__, { .until = "" })

/* The answer that this system must give, for a field or an argument.  Only
 * inside a case: the route may count. */
int64_t mt_answer(const struct mt_answer *);
#define MT_VALUE(...) mt_answer(MT_ANSWERS(__VA_ARGS__))

/*
 * How a value is printed.  An address goes into the record relative to the
 * required one, as absolute ones differ between runs.
 */
enum mt_kind { MT_KERN, MT_NUMBER, MT_ADDRESS, MT_PROTECTION, MT_ERRNO };

/* Where a judgement stands in the source. */
struct mt_site {
	const char *file;
	int line;
	const char *call; /* its text */
	bool fatal;	  /* MT_REQUIRE: the case ends on a failure */
};
#define MT_SITE(call_, fatal_) \
	(&(const struct mt_site){ __FILE__, __LINE__, call_, fatal_ })

/*
 * CHECK is the behaviour and goes on after a failure; REQUIRE sets the stage
 * and ends the case.  Each checked answer becomes one record line.
 */
#define MT_CHECK(call_, ...)                                        \
	mt_judge(MT_SITE(#call_, false), MT_KERN, (int64_t)(call_), \
	    MT_ANSWERS(__VA_ARGS__))
#define MT_REQUIRE(call_, ...)                                     \
	mt_judge(MT_SITE(#call_, true), MT_KERN, (int64_t)(call_), \
	    MT_ANSWERS(__VA_ARGS__))
#define MT_CHECK_NUMBER(expression_, ...)                 \
	mt_judge(MT_SITE(#expression_, false), MT_NUMBER, \
	    (int64_t)(expression_), MT_ANSWERS(__VA_ARGS__))
#define MT_CHECK_ADDRESS(expression_, ...)                 \
	mt_judge(MT_SITE(#expression_, false), MT_ADDRESS, \
	    (int64_t)(expression_), MT_ANSWERS(__VA_ARGS__))
#define MT_CHECK_PROTECTION(expression_, ...)                 \
	mt_judge(MT_SITE(#expression_, false), MT_PROTECTION, \
	    (int64_t)(expression_), MT_ANSWERS(__VA_ARGS__))
/* A BSD call: its errno (0: success).  error is filled by the call. */
#define MT_CHECK_ERRNO(call_, error_, ...)                                \
	((error_) = 0, (void)(call_),                                     \
	    mt_judge(MT_SITE(#call_, false), MT_ERRNO, (int64_t)(error_), \
		MT_ANSWERS(__VA_ARGS__)))
#define MT_CHECK_TRUE(condition_) \
	mt_judge_true(MT_SITE(#condition_, false), (condition_))
#define MT_REQUIRE_TRUE(condition_) \
	mt_judge_true(MT_SITE(#condition_, true), (condition_))
bool mt_judge(const struct mt_site *, enum mt_kind, int64_t answer,
    const struct mt_answer *required);
bool mt_judge_true(const struct mt_site *, bool);

/*
 * The region that contains address, in the fields that are given:
 * MT_CHECK_REGION(page, .protection = VM_PROT_READ, .size = mt_page).
 */
#define MT_CHECK_REGION(address_, ...)                                       \
	(__extension__({                                                     \
		MT_OVERRIDE_(const struct mt_region must_ = { MT_REGION_ANY, \
				 __VA_ARGS__ };)                             \
		mt_judge_region(MT_SITE("region at " #address_, false),      \
		    (address_), &must_);                                     \
	}))
/* Fields override the "not compared" before them, which is no mistake here. */
#define MT_OVERRIDE_(...)                                         \
	_Pragma("GCC diagnostic push")                            \
	    _Pragma("GCC diagnostic ignored \"-Woverride-init\"") \
		__VA_ARGS__ _Pragma("GCC diagnostic pop")
bool mt_judge_region(const struct mt_site *, mach_vm_address_t,
    const struct mt_region *required);

/* Nothing is mapped at address. */
#define MT_CHECK_HOLE(address_) \
	mt_judge_layout(MT_SITE("hole at " #address_, false), (address_), ".")

/* The pages from address on look like this (region.h): "aa.b". */
#define MT_CHECK_LAYOUT(address_, picture_)                                 \
	mt_judge_layout(MT_SITE("layout at " #address_, false), (address_), \
	    (picture_))
#define MT_REQUIRE_LAYOUT(address_, picture_)                              \
	mt_judge_layout(MT_SITE("layout at " #address_, true), (address_), \
	    (picture_))
bool mt_judge_layout(const struct mt_site *, mach_vm_address_t,
    const char *picture);
/* A picture by release or arch: MT_PICTURE("ab", MT_UNTIL(13, "aa")). */
#define MT_PICTURE(...) \
	((const char *)(intptr_t)mt_answer(MT_ANSWERS_PICTURE(__VA_ARGS__)))
#define MT_ANSWERS_PICTURE(...) \
	MT_ANSWERS_PICTURE_(__VA_ARGS__, { .until = "" })
#define MT_ANSWERS_PICTURE_(now_, ...)                                       \
	((const struct mt_answer[]){ { .value = (int64_t)(intptr_t)(now_) }, \
	    __VA_ARGS__ })

/* Touching memory: MT_CHECK_FAULT(mt_write(page), EXC_BAD_ACCESS, code). */
#define MT_CHECK_FAULT(touch_, exception_, ...)                         \
	mt_judge_fault(MT_SITE(#touch_, false), (touch_), (exception_), \
	    MT_ANSWERS(__VA_ARGS__))
bool mt_judge_fault(const struct mt_site *, struct mt_fault, int exception,
    const struct mt_answer *code);
#define MT_CHECK_READABLE(address_)                            \
	mt_judge_fault(MT_SITE("load from " #address_, false), \
	    mt_read(address_), 0, MT_ANSWERS(0))
#define MT_CHECK_WRITABLE(address_)                           \
	mt_judge_fault(MT_SITE("store to " #address_, false), \
	    mt_write((address_), 0x5a), 0, MT_ANSWERS(0))
/* A load gives this byte. */
#define MT_CHECK_BYTE(address_, byte_) \
	mt_judge_byte(MT_SITE("byte at " #address_, false), (address_), (byte_))
bool mt_judge_byte(const struct mt_site *, mach_vm_address_t, uint8_t);

/*
 * What no source decides: recorded; unless something fails the case ends as
 * "skipped: undecided, observed KERN_X (n)".
 */
#define MT_OBSERVE(call_) \
	mt_observe(MT_SITE(#call_, false), MT_KERN, (int64_t)(call_))
#define MT_OBSERVE_NUMBER(expression_)                      \
	mt_observe(MT_SITE(#expression_, false), MT_NUMBER, \
	    (int64_t)(expression_))
void mt_observe(const struct mt_site *, enum mt_kind, int64_t answer);

/* From here on the model is known to fail; an unexpected pass fails. */
void mt_model_lacks(const char *reason);
#define MT_MODEL_LACKS(reason_) mt_model_lacks(reason_)

/* The stage cannot be had here: the case ends as skipped, or as failed when
 * something failed before. */
void mt_skip(const char *reason) __attribute__((noreturn));
#define MT_SKIP_UNLESS(condition_, reason_) \
	do {                                \
		if (!(condition_))          \
			mt_skip(reason_);   \
	} while (0)

/*
 * What would hurt the process runs in a forked child; its failures are the
 * case's.  A child that dies or hangs (10 s) fails.
 *
 *	MT_CHILD {
 *		MT_CHECK(...);
 *	}
 *
 * The parameter `self` is the child's own task name in it.  What the parent
 * does while the child runs may follow as `else { ... }`.
 */
#define MT_CHILD                                                       \
	for (int mt_pid_ = mt_child_begin(MT_SITE("child", true));     \
	     mt_pid_ >= 0;                                             \
	     mt_pid_ = mt_child_end(MT_SITE("child", false), mt_pid_)) \
		if (mt_pid_ == 0 && (self = mach_task_self(), true))
int mt_child_begin(const struct mt_site *);
int mt_child_end(const struct mt_site *, int pid);
/* Run function in a child and give the signal that ended it, in Darwin's
 * numbers (SIGBUS 10, SIGSEGV 11, SIGSYS 12), 0 when it returned. */
int mt_child_signal(void (*function)(void *), void *argument);

/* The process has RLIMIT_AS or RLIMIT_DATA from here on, set by other means
 * than a route: a call that is a danger then is not made. */
void mt_note_limit(void);

/* The page size of the process's map, in bytes. */
#define mt_page (mt_system()->page)

/* Test memory: pages in a place of their own, holes and guards around it so
 * that no neighbour coalesces, tag MT_TAG, current protection read/write,
 * untouched.  Released with the process.  n at most 65,536. */
#define MT_TAG	     VM_MEMORY_APPLICATION_SPECIFIC_1
#define MT_FLAGS_TAG ((int)VM_MAKE_TAG(MT_TAG))
#define mt_pages(n_) mt_pages_at(MT_SITE("mt_pages(" #n_ ")", true), (n_))
mach_vm_address_t mt_pages_at(const struct mt_site *, unsigned n);
/* The same place with nothing in it: n pages free, guards on both sides with
 * no gap: [guard][n free pages][guard].  A guard is a region that nothing
 * coalesces with: no access, tag MT_GUARD_TAG, behavior RANDOM. */
#define MT_GUARD_TAG (MT_TAG + 10)
#define mt_hole(n_)  mt_hole_at(MT_SITE("mt_hole(" #n_ ")", true), (n_), 1)
/* A hole whose address is a multiple of alignment (bytes, a power of two). */
#define mt_hole_aligned(n_, alignment_)                                        \
	mt_hole_at(MT_SITE("mt_hole_aligned(" #n_ ", " #alignment_ ")", true), \
	    (n_), (alignment_))
mach_vm_address_t mt_hole_at(const struct mt_site *, unsigned n,
    mach_vm_size_t alignment);

#endif
