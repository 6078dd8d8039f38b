/*
 * The comm page: kernel data that user space reads without a call.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef MODEL_VM_COMMPAGE_H
#define MODEL_VM_COMMPAGE_H

#include "types.h"

struct map;

/* Make the pages of the map's flavour and show them; once a boot, with the lock
 * held.  Where the host has no room commpage_missing() says so. */
void commpage_boot(struct map *);
/* Why the data page cannot be read at its address; NULL: it can. */
const char *commpage_missing(void);

/* True when address is in a comm page: *code is 0 when it is shown now (it
 * had been dropped), else the code of the exception. */
bool commpage_fault(uint64_t address, vm_prot_t access, int64_t *code);

/* The machine that the comm page and sysctl describe. */
struct machine {
	uint32_t cpus, cache_line, family;
	uint64_t memory, capabilities;
};
const struct machine *commpage_machine(void);

#endif
