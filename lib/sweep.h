/*
 * Sweeps: a case that makes every trial of a product of parameters and judges
 * each by the text beside the programs (sweep_text.h, tests/sweeps/).
 *
 * Each trial begins with the same stage, a few pages in a hole of their own.
 * What it answers is a line: the code without KERN_ or MIG_, what it wrote,
 * and what became of the stage when that is not what it was:
 *
 *	SUCCESS done		what was asked was done to each page asked for
 *	split=start,end,page5	a region begins there that did not (joined=)
 *	map=.3rw-.1r--,2rw-	anything else: all of the stage, by region
 *
 * The variable `sweep` of the run says which trials: "all"; "record", all,
 * with the answers on standard output for mach-vm-sweep; "trial=N" only that
 * one; a number, about as many, spread over the product.  Without it 1,200.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef MT_SWEEP_H
#define MT_SWEEP_H

#include "check.h"
#include "sweep_text.h"

/* What is asked, in the order of the text's axes. */
struct mt_sweep_trial {
	const struct mt_route *vm;
	mach_port_name_t self;
	mach_vm_address_t window; /* where the stage begins */
	mach_vm_size_t pages;	  /* of the stage */
	const char *letters;	  /* what each is, not terminated */
	uint64_t value[MT_SWEEP_AXES];
};

/* What the call was to do with [address, address + size) of the stage. */
enum mt_sweep_change {
	MT_SWEEP_NOTHING,
	MT_SWEEP_PROTECTION,
	MT_SWEEP_MAXIMUM, /* lowers the current one with it */
	MT_SWEEP_INHERITANCE,
	MT_SWEEP_BEHAVIOR,
	MT_SWEEP_WIRE,
	MT_SWEEP_UNWIRE,
	MT_SWEEP_REMOVE,
	MT_SWEEP_MAP,  /* value: mt_sweep_mapping() */
	MT_SWEEP_REMAP /* value: mt_sweep_remapping(), from: the source */
};
struct mt_sweep_done {
	struct mt_text *text; /* the answer so far */
	bool succeeded;
	enum mt_sweep_change change;
	uint64_t address, size, value; /* set from the first two values */
	uint64_t from;		       /* of MT_SWEEP_REMAP */
	bool dirty; /* the stage is no more what it was, though it looks so */
};

/* Makes the call and puts its answer; mt_sweep_kern() and the like help. */
typedef void mt_sweep_call(const struct mt_sweep_trial *,
    struct mt_sweep_done *);

void mt_sweep_kern(struct mt_sweep_done *, kern_return_t);
void mt_sweep_errno(struct mt_sweep_done *, int);
/* " name=asked", page, stage+BYTES, 0 or elsewhere. */
void mt_sweep_address(const struct mt_sweep_trial *, struct mt_sweep_done *,
    const char *name, mach_vm_address_t);

/* What new memory is to be; its tag is the stage's, MT_TAG - 1. */
uint64_t mt_sweep_mapping(vm_prot_t current, vm_prot_t maximum, vm_inherit_t);
/* The same of pages that are else as the source's. */
uint64_t mt_sweep_remapping(vm_inherit_t);

/* [address, address + size) stays in the stage, is none, or wraps, so that a
 * call that changes memory changes none but the stage. */
bool mt_sweep_is_bounded(const struct mt_sweep_trial *, uint64_t address,
    uint64_t size);
/* No call is to be made: the answer is "-". */
void mt_sweep_not_made(struct mt_sweep_done *);

/* Inside a case: makes the trials of a sweep and judges each. */
#define mt_sweep(vm_, self_, text_, name_, call_)                            \
	mt_sweep_at(MT_SITE("sweep " name_, false), (vm_), (self_), (text_), \
	    (name_), (call_))
void mt_sweep_at(const struct mt_site *, const struct mt_route *,
    mach_port_name_t self, const char *text, const char *name, mt_sweep_call *);

/*
 * The text of a file, as an array of characters in the program: at the top of
 * a file, MT_SWEEP_FILE(ranges, "tests/sweeps/range.txt").
 */
#define MT_SWEEP_STRING_(x_) #x_
#define MT_SWEEP_STRING(x_)  MT_SWEEP_STRING_(x_)
#define MT_SWEEP_SYMBOL(name_) \
	MT_SWEEP_STRING(__USER_LABEL_PREFIX__) "mt_sweep_text_" #name_
#define MT_SWEEP_FILE(name_, path_)                                       \
	__asm__(".data\n" MT_SWEEP_SYMBOL(name_) ":\n"                    \
						 ".incbin \"" path_       \
						 "\"\n.byte 0\n.text\n"); \
	extern const char name_[] __asm__(MT_SWEEP_SYMBOL(name_))

#endif
