/*
 * Every rule that some releases have and others have not:
 *
 *	RULE(name, since, before, arch, source)
 *
 * since: first release with it, "" if it always was; before: first release
 * without it, "" if it still is; arch: "arm64" or "x86_64" if only there (the
 * kernel's, so "arm64" for a translated process).  Included by release.h
 * (fields of struct rules) and release.c (their values): no include guard.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */

/* ---- map, placement ---- */
RULE(malloc_no_cow, "14", "", "",
    "osfmk/vm/vm_map.c vm_memory_malloc_no_cow(): malloc's tags get an "
    "object of their own, never coalesced")
RULE(simplifies_shared_entries, "11", "", "",
    "osfmk/vm/vm_map.c vm_map_simplify_entry(): is_shared equal; both false "
    "before")
