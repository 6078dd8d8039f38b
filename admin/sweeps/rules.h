/*
 * What the kernel must answer to each trial of a sweep, from the catalogue of
 * behaviours and the kernel's source: small rules, reviewed against both,
 * that share nothing with the model.
 *
 * A rule is given the flavour and the trial's values and puts the answer that
 * lib/sweep.h describes; "-" where no document, source or recording decides,
 * where the answer depends on more than the trial, or where the call would be
 * a danger (tests/README.md) or change memory outside of the stage.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef SWEEPS_RULES_H
#define SWEEPS_RULES_H

#include "sweep_text.h"

struct flavour {
	const char *release;
	const char *arch; /* "x86_64", "arm64", "rosetta": the process */
	uint64_t page;
};
/* A range that wraps when it is rounded to any page: what lib/danger.h takes for
 * one. */
bool may_wrap(uint64_t address, uint64_t size);

bool is_until(const struct flavour *, const char *release);
bool is_since(const struct flavour *, const char *release);
bool is_native_arm(const struct flavour *);
bool is_rosetta(const struct flavour *);

/* Where the stage begins, as far as a rule can know. */
#define WINDOW	UINT64_C(0x300000000)
#define MINIMUM UINT64_C(0x100000000)

typedef void rule(const struct flavour *, const uint64_t *values,
    struct mt_text *answer);
struct definition {
	const char *file; /* in tests/sweeps, without .txt */
	const char *name;
	const char *stage;
	const char *axes[MT_SWEEP_AXES]; /* "address 0 1 page", NULL ends */
	rule *answer;
};
extern const struct definition definitions[];
extern const unsigned definition_count;

/* The range [address, address + size) beside the stage. */
struct range {
	bool nothing;	      /* size 0 */
	bool wraps;	      /* address + size does, or is 2^64 */
	bool rounds;	      /* rounding it up to a page does */
	bool inside;	      /* all of it in the stage */
	bool above;	      /* of every map */
	bool below;	      /* of the map's minimum */
	uint64_t start, end;  /* whole pages */
	unsigned first, stop; /* pages of the stage */
	uint64_t page;
	const char *stage;
};
struct range range_of(const struct flavour *, const char *stage,
    uint64_t address, uint64_t size);
/* A call that changes memory may be made: nothing, all in the stage, or all
 * outside of the map. */
bool is_bounded(const struct range *);
bool is_hole(const struct range *, unsigned page);
/* The range begins in a page of the stage that is no hole, wherever it ends. */
bool is_start_mapped(const struct range *);
/* The first page of the range that is a hole; stop: none. */
unsigned first_hole(const struct range *);
/* The page begins within a region: a clip there splits it. */
bool is_within(const struct range *, unsigned page);
/* " split=start,end" as a clip at both bounds leaves it. */
void put_clips(struct mt_text *, const struct range *, bool start, bool end);
/* " split=page2": the start, of a range that ends outside of the stage. */
void put_split_page(struct mt_text *, const struct range *);

struct rights {
	int current, maximum;
};
struct rights rights_of(char letter);
/* "rw-" */
void put_rights(struct mt_text *, int protection);
/* " map=...": the stage MIXED with one page more, in its first hole. */
void put_filled_hole(struct mt_text *, int current, int maximum,
    uint32_t inheritance);

/* The same refusals, in the codes of the family that is asked. */
struct codes {
	const char *done, *hole, *denied, *no_access;
};
/* What vm_map_protect() and vm_map_behavior_set() make of a range in the
 * stage. */
void protect_stage(const struct flavour *, const struct range *, bool maximum,
    int protection, struct mt_text *, const struct codes *);
void behavior_stage(const struct flavour *, const struct range *, int behavior,
    struct mt_text *, const struct codes *);

rule allocate_rule, behavior_rule, bsd_msync_rule, copy_rule, deallocate_rule,
    entry_child_rule, entry_permission_rule, entry_range_rule, inherit_rule,
    machine_attribute_rule, madvise_rule, mincore_rule, minherit_rule,
    mlock_rule, mprotect_rule, msync_rule, munlock_rule, munmap_rule,
    map_place_rule, map_protection_rule, mmap_kind_rule, mmap_place_rule,
    page_query_rule, protect_rule, purgable_control_rule, read_overwrite_rule,
    read_rule, region_rule, remap_inheritance_rule, remap_place_rule,
    remap_protection_rule, remap_source_rule, wire_rule, write_rule;

#endif
