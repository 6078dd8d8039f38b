/*
 * Which sweeps there are, and what they sweep.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "rules.h"
#include "rules_stage.h"

/* Every place of the stage that differs from its neighbours, within and at the
 * end of a page, page zero, above every map, and the end of it all. */
#define ADDRESSES "address " PLACES
#define PLACES                                                              \
	"0 1 page-1 page 3*page+1 a-page a-1 a a+1 a+page-1 a+page "        \
	"a+2*page a+3*page-1 hole hole+1 hole+page-1 b b+1 b+page-1 c c+1 " \
	"c+page c+page+1 d d+1 d+page-1 d+page d+2*page-1 0x1000000000000 " \
	"0x8000000000000000 0x8000000000000001 -4*page -2*page-1 -2*page "  \
	"-page-1 -page -page+1 -2 -1"
/* Nothing, around pages, all of the stage, and sums that wrap or round. */
#define SIZES                                                              \
	"size 0 1 2 page-1 page page+1 2*page-1 2*page 2*page+1 3*page-1 " \
	"3*page 3*page+1 4*page 5*page 6*page 7*page 8*page 9*page "       \
	"0x8000000000000000 -address-page-1 -address-page "                \
	"-address-page+1 -address-1 -address -address+1 -3*page -2*page "  \
	"-page-1 -page -page+1 -1"
/* What goes through a buffer on every release, and what wraps or rounds. */
#define SHORT_SIZES                                                          \
	"size 0 1 2 page-1 page page+1 -address-page+1 -address-1 -address " \
	"-address+1 -page -page+1 -1"
#define BITS                                                                   \
	"8 0x10 0x20 0x40 0x80 0x100 0x200 0x400 0x800 0x1000 0x8000 0x10000 " \
	"0x100000 0x1000000 0x10000000 0x40000000 0x80000000 0xffffffff"

#define RIGHTS                                                         \
	"none r w rw x rx wx rwx 0x10 0x20 0x80 0x100 0x1000 0x10000 " \
	"0x80000000"

#define REMAP_PLACES                                                       \
	"0 1 page-1 page 3*page+1 a-page a-1 a a+1 a+page-1 a+page "       \
	"a+2*page a+3*page-1 hole hole+1 b b+1 b+page-1 c c+1 c+page "     \
	"c+page+1 d d+1 d+page-1 n n+page-1 n+page 0x1000000000000 "       \
	"0x8000000000000000 0x8000000000000001 -4*page -2*page-1 -2*page " \
	"-page-1 -page -page+1 -2 -1"

/* Anonymous memory, then with each flag, then descriptors. */
#define MMAP_FLAGS                                                                        \
	"ANON+PRIVATE ANON+SHARED ANON+PRIVATE+SHARED ANON "                              \
	"ANON+PRIVATE+MAP_FIXED ANON+SHARED+MAP_FIXED ANON+MAP_FIXED "                    \
	"ANON+PRIVATE+UNIX03 ANON+MAP_FIXED+UNIX03 "                                      \
	"ANON+SHARED+MAP_FIXED+UNIX03 ANON+PRIVATE+MAP_FIXED+4 "                          \
	"ANON+PRIVATE+MAP_FIXED+8 ANON+PRIVATE+MAP_FIXED+0x20 "                           \
	"ANON+PRIVATE+MAP_FIXED+0x40 ANON+PRIVATE+MAP_FIXED+0x80 "                        \
	"ANON+PRIVATE+MAP_FIXED+0x100 ANON+PRIVATE+MAP_FIXED+0x200 "                      \
	"ANON+PRIVATE+MAP_FIXED+0x400 ANON+PRIVATE+MAP_FIXED+0x100000 "                   \
	"ANON+PRIVATE+MAP_FIXED+0x1000000 "                                               \
	"ANON+PRIVATE+MAP_FIXED+0x80000000 ANON+PRIVATE+JIT "                             \
	"ANON+SHARED+JIT ANON+PRIVATE+MAP_FIXED+JIT PRIVATE+JIT "                         \
	"ANON+PRIVATE+CODESIGN ANON+SHARED+MEDIA ANON+PRIVATE+JIT+MEDIA "                 \
	"PRIVATE+CODESIGN SHARED+CODESIGN PRIVATE+SHARED+CODESIGN "                       \
	"PRIVATE+MEDIA SHARED+MEDIA PRIVATE+CODESIGN+MEDIA "                              \
	"PRIVATE+CODESIGN+TPRO ANON+PRIVATE+BELOW_4G ANON+PRIVATE+TPRO "                  \
	"PRIVATE+TPRO ANON+SHARED+TPRO ANON+PRIVATE+JIT+TPRO PRIVATE SHARED MAP_FIXED 0 " \
	"PRIVATE+UNIX03 UNIX03"

const struct definition definitions[] = {
	{ "range", "deallocate", MIXED, { ADDRESSES, SIZES }, deallocate_rule },
	{ "range", "protect", MIXED,
	    { ADDRESSES, SIZES, "set_maximum 0 1",
		"protection none r w rw x rx wx rwx " BITS },
	    protect_rule },
	{ "range", "inherit", MIXED,
	    { ADDRESSES, SIZES,
		"inheritance 0 1 2 3 4 0x7fffffff 0x80000000 0xffffffff" },
	    inherit_rule },
	{ "range", "behavior_set", MIXED,
	    { ADDRESSES, SIZES,
		"behavior 0 1 2 3 4 5 6 7 8 9 10 11 12 13 99 0x7fffffff "
		"0x80000000 0xffffffff" },
	    behavior_rule },
	{ "range", "msync", MIXED,
	    { ADDRESSES, SIZES,
		"flags 0 ASYNCHRONOUS SYNCHRONOUS ASYNCHRONOUS+SYNCHRONOUS "
		"INVALIDATE SYNCHRONOUS+INVALIDATE CONTIGUOUS "
		"CONTIGUOUS+SYNCHRONOUS CONTIGUOUS+ASYNCHRONOUS+SYNCHRONOUS "
		"CONTIGUOUS+INVALIDATE KILLPAGES CONTIGUOUS+KILLPAGES "
		"DEACTIVATE CONTIGUOUS+DEACTIVATE 0x40 0x80 0x1000 0x80000000 "
		"0xffffffe0" },
	    msync_rule },
	{ "range", "machine_attribute", MIXED,
	    { ADDRESSES, SIZES, "attribute 0 1 2 3 4 5 8 0x80000000 0xffffffff",
		"value 0 1 6 7 8 9 10 11 0xffffffff" },
	    machine_attribute_rule },

	{ "allocate", "allocate", MIXED,
	    { ADDRESSES, SIZES,
		"flags TAG ANYWHERE+TAG OVERWRITE+TAG ANYWHERE+OVERWRITE+TAG "
		"PURGABLE+TAG ANYWHERE+PURGABLE+TAG TAG+4 ANYWHERE+TAG+8 TAG+8 "
		"NO_CACHE+TAG OVERWRITE+NO_CACHE+PURGABLE+TAG TAG+0x20 "
		"TAG+0x40 TAG+0x80 TAG+0x100 TAG+0x200 TAG+0x400 TAG+0x800 "
		"TAG+0x1000 TAG+0x2000 TAG+0x8000 TAG+0x10000 TAG+0x80000 "
		"TAG+0x100000 TAG+0x200000 TAG+0x400000 TAG+0x800000 "
		"ANYWHERE+TAG+0x400000 ANYWHERE+TAG+0x20 ANYWHERE+TAG+0x800" },
	    allocate_rule },

	{ "copy", "read", MIXED,
	    { ADDRESSES, SHORT_SIZES " 0xffffffff 0x100000000" }, read_rule },
	{ "copy", "read_overwrite", MIXED,
	    { ADDRESSES, SHORT_SIZES, "destination " PLACES },
	    read_overwrite_rule },
	{ "copy", "write", MIXED,
	    { ADDRESSES, "size 0 1 2 page-1 page page+1" }, write_rule },
	{ "copy", "copy", MIXED,
	    { ADDRESSES, SHORT_SIZES, "destination " PLACES }, copy_rule },

	{ "entry", "entry_range", REMAP,
	    { "address 0 page-1 a-1 a a+1 a+page-1 a+page a+0x1000 a+0x1234 "
	      "a+2*page a+3*page-1 hole hole+1 b b+1 c c+page c+page+1 d "
	      "d+page-1 n n+1 0x1000000000000 0x8000000000000001 -2*page "
	      "-page-1 -page -page+1 -1",
		"size 0 1 page-1 page page+1 2*page 3*page 4*page 5*page "
		"0x8000000000000000 -address-page -address-1 -address "
		"-address+1 -page -page+1 -1",
		"permission none r rw rx rw+IS_MASK rx+IS_MASK r+DATA_ADDR "
		"rw+DATA_ADDR r+DATA_4K r+REUSE none+VM_SHARE r+VM_SHARE "
		"rw+VM_SHARE rw+VM_SHARE+IS_MASK r+VM_SHARE+DATA_ADDR "
		"none+VM_COPY r+VM_COPY rw+VM_COPY+DATA_ADDR r+ONLY rw+CREATE "
		"rw+CREATE+DATA_ADDR" },
	    entry_range_rule },
	{ "entry", "entry_permission", REMAP,
	    { "address a+page b c+1 d n hole", "size 0 page",
		"protection none r w rw x rwx IS_MASK r+IS_MASK w+IS_MASK "
		"rwx+IS_MASK 8 0x10 0x20 0x80 r+0x80",
		"flags 0 0x100 0x200 0x400 0x800 0x1000 0x2000 0x4000 0x8000 "
		"ONLY CREATE MEM_PURGABLE REUSE DATA_ADDR VM_COPY VM_SHARE "
		"DATA_4K DATA_ADDR+DATA_4K CREATE+MEM_PURGABLE "
		"CREATE+MEM_PURGABLE+0x4000 CREATE+DATA_4K ONLY+CREATE "
		"CREATE+VM_COPY CREATE+VM_SHARE VM_COPY+VM_SHARE "
		"VM_SHARE+REUSE VM_COPY+0x800" },
	    entry_permission_rule },
	{ "entry", "entry_child", REMAP,
	    { "address 0 1 page-1 page page+1 0x1234 2*page 3*page-1 3*page "
	      "4*page 0x8000000000000000 -page -1",
		"size 0 1 page-1 page page+1 2*page 3*page-1 3*page 3*page+1 "
		"0x8000000000000000 -address-page -address-1 -address -page -1",
		"parent 0 1 2 3 4 5",
		"permission none r rw x rw+IS_MASK x+IS_MASK r+DATA_ADDR "
		"r+DATA_4K r+ONLY r+ONLY+DATA_ADDR r+0x100 rw+CREATE r+VM_COPY "
		"r+VM_SHARE r+REUSE" },
	    entry_child_rule },

	{ "map", "map_protection", MIXED,
	    { "current " RIGHTS, "maximum " RIGHTS,
		"inheritance 0 1 2 3 4 0x80000000 0xffffffff" },
	    map_protection_rule },
	{ "map", "map_place", MIXED,
	    { ADDRESSES, SIZES, "mask 0 1 0x7ff page-1 -1 -page",
		"flags TAG OVERWRITE+TAG ANYWHERE+TAG PURGABLE+TAG TAG+0x20 "
		"TAG+0x100 TAG+0x400 TAG+0x8000 TAG+0x80000 TAG+0x200000" },
	    map_place_rule },

	{ "mmap", "mmap_place", MIXED,
	    { ADDRESSES, SIZES,
		"flags ANON+PRIVATE ANON+PRIVATE+MAP_FIXED "
		"ANON+SHARED+MAP_FIXED+UNIX03",
		"offset 0 1 page -5*page -2*page -page -1" },
	    mmap_place_rule },
	{ "mmap", "mmap_kind", MIXED,
	    { "address hole",
		"protection none r w rw x rx wx rwx 8 0x10 0x80 0x100 rw+0x8000 "
		"0x80000000",
		"flags " MMAP_FLAGS,
		"fd TAG TAG+PURGABLE -1 0 1 PURGABLE 4 6 8 0x10 0x20 0x40 0x80 "
		"0x100 0x1000 0x4000 0x8000 0x1000000 9999" },
	    mmap_kind_rule },

	{ "query", "region", MIXED,
	    { ADDRESSES,
		"flavor 0 1 8 9 10 11 12 13 14 15 0x7fffffff 0xffffffff",
		"count 0 1 4 5 6 7 8 9 10" },
	    region_rule },
	{ "query", "page_query", MIXED, { ADDRESSES }, page_query_rule },
	{ "query", "purgable_control", MIXED,
	    { ADDRESSES, "control 0 1 3 4 5 0x7fffffff 0x80000000 0xffffffff",
		"state 0 1 2 3 4 8 0x10 0x20 0x40 0x80 0x100 0x700 0x800 0x1000 "
		"0x2000 0x3000 0x4000 0x8000 0x10000 0x13773 0x20000 "
		"0x80000000 0xffffffff" },
	    purgable_control_rule },

	{ "remap", "remap_source", REMAP,
	    { "address " REMAP_PLACES, SIZES, "copy 0 1",
		"flags FIXED RETURN_DATA_ADDR" },
	    remap_source_rule },
	{ "remap", "remap_place", REMAP,
	    { "address " REMAP_PLACES,
		"size 0 1 page page+1 2*page 3*page 4*page -page -1",
		"mask 0 1 0x7ff page-1 -1 -page",
		"flags FIXED OVERWRITE ANYWHERE ANYWHERE+8 8 RETURN_DATA_ADDR "
		"0x20 OVERWRITE+0x20 ANYWHERE+0x20 0x40 2 4 0x10 0x80 0x100 "
		"0x200 0x400 0x800 0x1000 0x2000 0x8000 0x10000 0x80000 "
		"0x200000 0x400000 0x800000 TAG 0x80000000" },
	    remap_place_rule },
	{ "remap", "remap_inheritance", REMAP,
	    { "address a a+2*page b c d n hole", "copy 0 1",
		"inheritance 0 1 2 3 4 0x7fffffff 0x80000000 0xffffffff",
		"flags FIXED 0x20 0x40 0x60 2 8" },
	    remap_inheritance_rule },
	{ "remap", "remap_protection", REMAP,
	    { "address a a+page-1 a+3*page-1 b b+1 c d d+1 n hole",
		"size 0 page 2*page -address", "copy 0 1", "inheritance 1 2 3",
		"current " RIGHTS, "maximum " RIGHTS },
	    remap_protection_rule },

	{ "unix", "munmap", MIXED, { ADDRESSES, SIZES }, munmap_rule },
	{ "unix", "mprotect", MIXED,
	    { ADDRESSES, SIZES, "protection none r w rw x rx wx rwx " BITS },
	    mprotect_rule },
	{ "unix", "minherit", MIXED,
	    { ADDRESSES, SIZES,
		"inheritance 0 1 2 3 4 0x7fffffff 0x80000000 0xffffffff" },
	    minherit_rule },
	{ "unix", "madvise", MIXED,
	    { ADDRESSES, SIZES,
		"advice 0 1 2 3 4 5 6 7 8 9 10 11 12 99 0x7fffffff 0x80000000 "
		"0xffffffff" },
	    madvise_rule },
	{ "unix", "bsd_msync", MIXED,
	    { ADDRESSES, SIZES,
		"flags 0 1 2 3 4 5 6 8 9 0xc 0x10 0x11 0x12 0x13 0x14 0x18 "
		"0x20 0x40 0x100 0x80000000 0xffffffee" },
	    bsd_msync_rule },
	{ "unix", "mincore", MIXED, { ADDRESSES, SIZES }, mincore_rule },
	{ "unix", "mlock", MIXED, { ADDRESSES, SIZES }, mlock_rule },
	{ "unix", "munlock", MIXED, { ADDRESSES, SIZES }, munlock_rule },

	{ "wire", "wire", MIXED,
	    { ADDRESSES, SIZES,
		"access none r w rw x rx wx rwx 0x10 0x20 0x80 0x100 "
		"0x80000000" },
	    wire_rule },
};
const unsigned definition_count = sizeof(definitions) / sizeof(definitions[0]);
