/*
 * What each release and architecture does differently.  rules.h lists every
 * rule and value with its source; algorithms ask for them by name and never
 * compare versions.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef MODEL_VM_RELEASE_H
#define MODEL_VM_RELEASE_H

#include "model/vm/vm.h"

struct rules {
	/* ---- identity ---- */
	const char *release;  /* macOS version: "15.5" */
	const char *xnu;      /* tag without "xnu-": "11417.121.6" */
	const char *arch;     /* "arm64", "x86_64" */
	bool is_extrapolated; /* newer than the newest published source */
	bool is_translated;   /* x86_64 process on an arm64 kernel */

	/* ---- address space, bytes ---- */
	unsigned page_shift; /* of the process's map */
	unsigned kernel_page_shift;
	uint64_t min, max; /* of the map: [min, max) */
	uint64_t comm_page, comm_page_size;
	uint64_t comm_page_text; /* 0: none */
	uint64_t shared_region, shared_region_size;
	uint64_t stack_top;	      /* USRSTACK64 */
	uint64_t nesting_size;	      /* unit in which it stops being nested */
	uint64_t shared_region_piece; /* of one entry; 0: all of it */
	uint64_t nesting_subtree;     /* what is nested in one; 0: none */

	/* ---- accepted VM_FLAGS_*; any other bit: KERN_INVALID_ARGUMENT ---- */
	uint32_t flags_allocate, flags_map, flags_remap;

	uint64_t purgable_max;	   /* of a purgeable region, bytes */
	uint64_t small_copy_max;   /* copied through a kernel buffer, bytes */
	bool denies_write_execute; /* both at once, and wiring of code */

	/* ---- rules; rules.h says from when and where ---- */
#define RULE(name_, since_, before_, arch_, source_) bool name_;
#include "rules.h"
};

/*
 * The rules of a release ("10.13" is the newest 10.13, "15" the newest 15,
 * "15.3" that one; newer than all: the newest known, marked) and architecture
 * ("arm64", "x86_64", "rosetta": x86_64 on an arm64 kernel).  NULL: no such
 * flavour.
 */
const struct rules *rules_find(const char *release, const char *arch);

#endif
