/*
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "probes_bsd_table.h"

#include <stddef.h>

#define END                      \
	{                        \
		NULL, NULL, NULL \
	}

static const struct bsd_entry rows_none[] = { END };

static const struct bsd_entry rows_12_1_mmap_length[] = {
	{ "mmap-rw-equals-allocate", "G1", "H" },
	END,
};

static const struct bsd_entry rows_12_1_hints[] = {
	{ "mmap-hint-occupied:start", "0 m16,4,240,3", NULL },
	{ "mmap-hint-occupied:gap2-needs2", "0 m16,4,240,3 m22,4,240,3", NULL },
	{ "mmap-hint-below-min", "0", NULL },
	END,
};

static const struct bsd_entry rows_12_1_map_fixed[] = {
	{ "mmap-fixed-replaces | mmap", "0 m16,6,240,3,0x11 d16", NULL },
	{ "mmap-fixed-replaces:over-hole", "w18,2,1", NULL },
	{ "mmap-fixed-fails-keeps:badfdbits", "0 m16,1,240,3,0x55 d16", NULL },
	{ "mmap-fixed-unaligned |", "0", NULL },
	{ "mmap-fixed-over-wired-purgeable:wired", "0 m16,4,240,3 l16,4",
	    NULL },
	{ "mmap-fixed-over-wired-purgeable:purgeable", "0 a16,4,240,2", NULL },
	{ "mmap-fixed-replaces:over-max-r-mach", "0 a16,4,9 X16,4,1", NULL },
	{ "mmap-no-noreplace", "0 m16,1,240,3 a16,1,240", NULL },
	{ "realloc-tag-partial", "a15,2,6", NULL },
	{ "mmap-fixed-replaces:mach-overwrite", "a15,2,250,0x4000", NULL },
	{ "munmap-permanent", "", "w512,1,1" },
	{ "mmap-fixed-over-permanent | allocate", "f a512,2,1,0x80 w512,1,1",
	    NULL },
	END,
};

static const struct bsd_entry rows_12_1_fd_of[] = {
	{ "mmap-anon-fd-flags:purgable-get", "0 a16,2,240,2 p16", NULL },
	END,
};

static const struct bsd_entry rows_12_1_special[] = {
	{ "mmap-nocache:upper", "0 m16,1,240,3", NULL },
	{ "mmap-jit-invalid:fixed", "0 1 f", NULL },
	{ "mmap-jit:child-prot", "f", NULL },
	{ "mprotect-jit |", "0 j", NULL },
	{ "mmap-jit:hint", "0", "u256,1" },
	END,
};

static const struct bsd_entry rows_12_1_files[] = {
	{ "mmap-unaligned-offset-raw:fixed-match", "0", "D" },
	{ "mmap-shm:hint |", "0", "D" },
	{ "mmap-shm:aliases |", "0 O16,2 I32,2 w16,1,0x77 d32", NULL },
	{ "coalesce:anon-above-shm |", "m18,1,0,3", NULL },
	{ "mmap-shm:fork | child write", "s17,0x99 d17", NULL },
	{ "minherit:shm-copy | child write", "s17,0x11", NULL },
	END,
};

static const struct bsd_entry rows_12_1_16_fork[] = {
	{ "mmap-anon-shared-inherit | child sees",
	    "0 M16,2,240,3 w16,1,1 d16 f", "w16,1,0x33 w17,1,0x33" },
	{ "mmap-anon-private-inherit | child sees",
	    "0 m16,2,240,3 w16,1,1 d16 f", "w16,1,0x33 w17,1,0x33" },
	{ "mmap-private-and-shared:fork | child sees",
	    "0 M16,2,240,3 w16,1,1 d16 f", "w16,1,0x33 w17,1,0x33" },
	{ "mmap-anon-shared-inherit:coalesce", "M18,1,240,3", NULL },
	{ "mmap-anon-private-inherit:coalesce", "m18,1,240,3", NULL },
	{ "mmap-private-and-shared:fork:coalesce", "M18,1,240,3", NULL },
	{ "minherit-basic:0 | minherit", "0 m16,2,240,3 w16,1,1 d16", NULL },
	{ "minherit-basic:0 | child map", "f", "w16,1,0x44 w17,1,0x44" },
	{ "minherit-basic:1 | minherit", "0 m16,2,240,3 w16,1,1 d16", NULL },
	{ "minherit-basic:1 | child map", "f", "w16,1,0x44 w17,1,0x44" },
	{ "minherit-basic:2 | minherit", "0 m16,2,240,3 w16,1,1 d16", NULL },
	{ "minherit-basic:2 | child map", "f", "w16,1,0x44 w17,1,0x44" },
	{ "minherit-bad:3 | minherit", "0 m16,2,240,3 w16,1,1 d16", NULL },
	{ "minherit-bad:3 | child map", "f", "w16,1,0x44 w17,1,0x44" },
	{ "fork-grandchild | minherit", "0 m16,1,240,3 d16", NULL },
	{ "fork-grandchild | child grandchild", "f2 s16,0x66", NULL },
	{ "fork-prot-none | map", "0 m16,2,240,0", NULL },
	{ "fork-prot-none | mprotect(~0x3)", "f", NULL },
	{ "fork-prot-none | mprotect(~0x1)",
	    "0 m16,2,240,3 w16,1,0x21 P16,1,0 d16 f", NULL },
	{ "fork-wired | child map", "0 m16,2,240,3 l16,2 f", NULL },
	{ "fork-wired:share | minherit", "0 m16,3,240,3 w17,1,1 l17,1 d17",
	    NULL },
	{ "fork-wired:share | child map", "f", "w17,1,0x17" },
	{ "fork-jit | child map", "0 j W f", NULL },
	{ "fork-jit | child MAP_JIT", "j W J", NULL },
	{ "fork-purgeable | child GET kr=4", "0 a16,2,240,2 f p16", NULL },
	{ "fork-purgeable | child GET kr=0", "0 a16,2,240,2 i16,2,0 f p16",
	    NULL },
	{ "fork-coalesce-after | child alive",
	    "0 m16,2,240,3 w16,1,1 F m18,2,240,3", NULL },
	{ "fork-coalesce-after | child killed", "K", NULL },
	{ "fork-coalesce-after | child gone", "m20,2,240,3", NULL },
	{ "fork-coalesce-after:untouched | child", "0 m16,2,240,3 E", NULL },
	{ "fork-coalesce-after:untouched | mmap", "m18,2,240,3", NULL },
	END,
};

static const struct bsd_entry rows_fault_signals[] = {
	{ "fault-signals | child write r--", "0 m16,1,240,1 s16", NULL },
	{ "fault-signals | child read ---", "0 m16,1,240,0 e16", NULL },
	{ "fault-signals | child read hole", "0 e16", NULL },
	{ "fault-signals | child munmap", "0 m16,1,240,3 u16,1 e16", NULL },
	{ "mmap-w-implies-r | child", "0 m16,1,240,2 e16", NULL },
	{ "mprotect-w-implies-r | child", "0 m16,1,240,1 P16,1,2 e16", NULL },
	END,
};

static const struct bsd_entry rows_13_coalescing[] = {
	{ "coalesce-bsd-mach | mach", "0 a16,1,240 m17,1,240,3", NULL },
	{ "coalesce-bsd-mach | mmap", "0 m16,1,240,3 a17,1,240", NULL },
	{ "mmap-coalesce-mach | mmap x3",
	    "0 m16,1,240,3 m17,1,240,3 m18,1,240,3", NULL },
	{ "mmap-coalesce-mach | tag0", "0 a16,1,0 m17,1,0,3", NULL },
	{ "coalesce-mmap-prot", "0 a16,1,240 m17,1,240,1", NULL },
	{ "coalesce-only-upward", "0 m17,1,240,3 m16,1,240,3", NULL },
	{ "coalesce-fill-gap", "0 m16,1,240,3 m18,1,240,3 m17,1,240,3", NULL },
	{ "coalesce-inherit-differs", "0 m16,1,240,3 M17,1,240,3", NULL },
	{ "coalesce | SHARED", "0 M16,1,240,3 M17,1,240,3", NULL },
	{ "coalesce-limit | mmap 16p+16p", "0 m16,16,240,3 m32,16,240,3",
	    NULL },
	{ "coalesce-limit | mmap 16p+15p", "0 m16,16,240,3 m32,15,240,3",
	    NULL },
	{ "coalesce-tag-realloc", "0 m16,64,240,3 m80,64,6,3", NULL },
	{ "coalesce-touched", "0 m16,1,240,3,1 m17,1,240,3", NULL },
	{ "coalesce-wired | mlocked below", "0 m16,1,240,3 l16,1 m17,1,240,3",
	    NULL },
	{ "coalesce-wired | mlocked+", "0 m16,1,240,3 l16,1 L16,1 m17,1,240,3",
	    NULL },
	{ "coalesce-behavior", "0 m16,1,240,3 b16,1,1 m17,1,240,3", NULL },
	{ "coalesce | NONE", "0 m16,1,240,0 m17,1,240,0", NULL },
	{ "coalesce-hint", "0 m16,1,240,3 h17,1,240,3", NULL },
	{ "coalesce-prot-differs", "0 m16,1,240,3 P16,1,1 m17,1,240,1", NULL },
	{ "coalesce-max-differs", "0 m16,1,240,3 X16,1,3 m17,1,240,3", NULL },
	{ "coalesce-fixed-replace | middle replaced same",
	    "0 m16,3,240,3 m17,1,240,3", NULL },
	{ "coalesce-fixed-replace | middle replaced, t",
	    "0 m16,3,240,3,1 m17,1,240,3", NULL },
	{ "s3-split-regions | NONE 8p, commit",
	    "0 m16,8,240,0 m18,2,240,3 m18,2,240,0", NULL },
	{ "s3-split-regions | NONE 8p, mprotect",
	    "0 m16,8,240,0 P18,2,3 P18,2,0", NULL },
	{ "s3-split-regions | same", "0 m16,8,240,0 P18,2,3 w18,1,1 P18,2,0",
	    NULL },
	{ "coalesce-jit", "0 o16,1,240,7 j17,240", NULL },
	END,
};

static const struct bsd_entry rows_12_2_munmap[] = {
	{ "munmap-unaligned |", "0 m16,8,240,3", NULL },
	{ "munmap-commpage | child", "E", NULL },
	{ "munmap-mach-memory | ", "0 a16,4,9", NULL },
	{ "munmap-mach-memory:reverse", "m32,4,240,3 z33,1", NULL },
	{ "munmap-wired", "0 m16,4,240,3 l16,4", NULL },
	END,
};

static const struct bsd_entry rows_12_2_mprotect[] = {
	{ "mprotect-unaligned |", "0 m16,4,240,3,0x21 d16", NULL },
	{ "mprotect-beyond-max | ", "0 a16,4,9 X18,2,1", NULL },
	{ "mprotect-beyond-max:max0-r", "X18,1,0", NULL },
	{ "mprotect-beyond-max:maxW", "0 a16,1,9 X16,1,2", NULL },
	END,
};

static const struct bsd_entry rows_12_2_minherit[] = {
	{ "minherit-basic:0 |", "0 m16,4,240,3", NULL },
	END,
};

static const struct bsd_entry rows_12_3_madvise[] = {
	{ "madvise-~ touched |", "0 m16,4,240,3,0x31 d16", NULL },
	{ "madvise-untouched:", "m32,2,240,3 d32", NULL },
	{ "madvise-prot-none:", "m48,2,240,0", NULL },
	{ "madvise-errno-14(RO):", "m64,2,240,3 w64,1,0x5a P64,2,1 d64", NULL },
	{ "madvise-none-touched:", "m80,2,240,3 w80,1,0x5b P80,2,0 d80",
	    "P80,2,3" },
	{ "madvise-wired:", "m96,2,240,3,0x5c l96,2", NULL },
	{ "madvise-shared-anon:", "M112,2,240,3 w112,1,0x5d d112", NULL },
	{ "s1-can-reuse-cycle |", "0 m16,2,240,3,0x61 d16 g16,2", NULL },
	{ "s1-can-reuse-cycle:tag3", "0 m32,2,3,3 w32,1,1 g32,2", NULL },
	{ "s1-vmcopy-then-reusable | child", "E", NULL },
	{ "madvise-reusable-after-fork", "0 m48,1,240,3,1 E", NULL },
	{ "madvise-reusable-while-child | madvise", "m50,1,240,3,1 F", NULL },
	{ "madvise-reusable-while-child | child", "K", NULL },
	END,
};

static const struct bsd_entry rows_12_3_mincore[] = {
	{ "mincore-touched/", "0 m16,6,240,3 w16,1,1 r18,2 P20,1,0", NULL },
	{ "mincore-copied:child-before", "f", NULL },
	{ "mincore-copied:child-after", "w16,1,2 r18,1", NULL },
	{ "mincore-copied:parent-after", "w16,1,3", NULL },
	{ "mincore-copied | vm_copy",
	    "m32,4,240,3 w32,1,1 m16,4,240,3 C32,4,16", NULL },
	{ "mincore:mlocked", "m64,2,240,3 w64,1,1 l64,2", NULL },
	{ "mincore:after-MADV_FREE", "b64,2,5", NULL },
	{ "mincore:after-DONTNEED", "b64,2,4", NULL },
	END,
};

static const struct bsd_entry rows_12_3_msync[] = {
	{ "msync-bsd-unaligned |", "0 m16,4,240,3,0x71 d16 g16,1", NULL },
	{ "msync-~(1p touched", "*w16,1,0x71", NULL },
	{ "msync-bsd-anon:none |", "P17,1,0", NULL },
	END,
};

static const struct bsd_entry rows_12_3_mlock[] = {
	{ "mlock-basic |", "0 m16,4,240,3", NULL },
	{ "mlock-none | ", "0 m16,3,240,3 P17,1,0", NULL },
	{ "mlock-none:touched", "0 m16,3,240,3 w17,1,1 P17,1,0", NULL },
	{ "mlock-ro:untouched", "0 m16,2,240,1", NULL },
	{ "mlock-none:max0", "0 a16,1,9 X16,1,0", NULL },
	{ "mlock-w-only", "0 a16,1,9 V16,1,2", NULL },
	{ "mlock-exec:anon-rx", "0 m16,1,0,5", NULL },
	{ "mlock-then-prot-none | mlock", "0 m16,2,240,3", NULL },
	{ "mlock-limit | getrlimit", "0 m16,8,240,3 f", NULL },
	{ "mlock-limit | setrlimit(MEMLOCK,1.5P)", "0 m16,8,240,3 f", NULL },
	{ "fork-wired | child child", "E", NULL },
	END,
};

static const struct bsd_entry rows_16_limits[] = {
	{ "limit-as | getrlimit(AS)~virtual", "f", NULL },
	{ "limit-old | mach_vm_allocate", "A64", NULL },
	{ "limit-data | getrlimit", "f", NULL },
	{ "limit-stack | getrlimit", "f", NULL },
	END,
};

static const struct bsd_entry rows_19__cross[] = {
	{ "x | mmap FIXED", "0 a16,4,9 w16,1,1", NULL },
	{ "x | mach_vm_protect", "X17,1,1", NULL },
	{ "x | mach_vm_behavior", "B16,4,1", NULL },
	{ "x | mach_vm_msync", "y16,4,2", NULL },
	{ "s4-move | mach_vm_remap",
	    "0 m16,4,240,3 w16,1,0x51 w19,1,0x54 R16,4,32", NULL },
	{ "s4-move | contents", "d32", NULL },
	{ "coalesce-truesshared", "m36,1,240,3", NULL },
	{ "s2-hint-exact", "0 m16,1,240,3,0x10", NULL },
	{ "s2-hint-moved | occupant", "d16", NULL },
	{ "s1-shrink-tail", "0 m16,8,3,3 w16,1,1", NULL },
	{ "s1-shrink-regrow", "a20,4,6 d20", NULL },
	END,
};

static const struct bsd_entry rows_extra[] = {
	{ "vd-willneed-anon | madvise", "0 m16,2,240,3", NULL },
	{ "vd-willneed-anon:", "0 m16,2,240,3", NULL },
	{ "fork-max-no-read | child map", "0 m16,2,240,3 X16,1,0 l16,1 f",
	    NULL },
	{ "fork-max-no-read:not-wired | child map", "0 m16,2,240,3 X16,1,0 f",
	    NULL },
	{ "fork-true-share | child map", "0 m16,1,240,3,1 R16,1,32 f", NULL },
	{ "fork-true-share | child sees", "w16,1,0x77 d32", NULL },
	{ "fork-true-share | parent sees", "d16,16", NULL },
	{ "coalesce-cow | mmap",
	    "0 m16,2,240,3 w16,1,1 m32,2,240,3 C16,2,32 m18,1,240,3 m34,1,240,3",
	    NULL },
	{ "coalesce-cow | REALLOC",
	    "0 m16,64,240,3,1 m160,64,240,3 C16,64,160 a80,1,6 a224,1,6",
	    NULL },
	{ "mincore-copied:dst-written", "w160,1,9", NULL },
	{ "msync-bsd-hole:kill/deact |", "0 m16,1,240,3", NULL },
	{ "msync-bsd-killpages:ro", "0 m16,1,240,3,1 P16,1,1", NULL },
	{ "mlock-out-of-map:cross-min", "0", NULL },
	END,
};

static const struct bsd_entry rows_extra_shared_region[] = {
	{ "sr:munmap |", "f", NULL },
	{ "sr:mprotect-none", "f", NULL },
	{ "sr:madvise~0x0) |", "f", NULL },
	{ "sr:mmap-fixed", "f", NULL },
	{ "sr | child read", "Q", NULL },
	END,
};

static const struct bsd_entry rows_extra_reserve[] = {
	{ "s3-commit-mprotect", "0 m0,4096,240,0 d16", NULL },
	{ "s3-decommit-free | madvise", "w16,1,1", NULL },
	END,
};

static const struct bsd_entry rows_second_probe[] = {
	{ "tag 1 vm_copy", "0 T1 m16,64,999,3,1 m160,64,999,3 C16,64,160",
	    NULL },
	{ "tag 2 vm_copy", "0 T2 m16,64,999,3,1 m160,64,999,3 C16,64,160",
	    NULL },
	{ "tag 3 vm_copy", "0 T3 m16,64,999,3,1 m160,64,999,3 C16,64,160",
	    NULL },
	{ "tag 7 vm_copy", "0 T7 m16,64,999,3,1 m160,64,999,3 C16,64,160",
	    NULL },
	{ "tag 8 vm_copy", "0 T8 m16,64,999,3,1 m160,64,999,3 C16,64,160",
	    NULL },
	{ "tag 9 vm_copy", "0 T9 m16,64,999,3,1 m160,64,999,3 C16,64,160",
	    NULL },
	{ "tag 11 vm_copy", "0 T11 m16,64,999,3,1 m160,64,999,3 C16,64,160",
	    NULL },
	{ "tag 240 vm_copy", "0 T240 m16,64,999,3,1 m160,64,999,3 C16,64,160",
	    NULL },
	{ "reusable-while-child | madvise", "0 m16,1,999,3,1 F", NULL },
	{ "reusable-while-child:after-write", "w16,1,2", NULL },
	{ "reusable-while-child | child", "K", NULL },
	{ "coal-after-fork:gone", "0 m16,1,240,3,1 d16 E", NULL },
	{ "coal-after-fork | touched, child gone, no", "m17,1,240,3", NULL },
	{ "coal-after-fork | touched, child gone, parent",
	    "w16,1,2 m17,1,240,3", NULL },
	{ "  then write to upper", "w17,1,1", NULL },
	{ "coal-after-fork | child killed", "0 m16,1,240,3,1 F w16,1,2 K",
	    NULL },
	{ "coal-after-fork | parent wrote", "m17,1,240,3", NULL },
	END,
};

static const struct bsd_entry rows_third_probe[] = {
	{ "t3 fork, child alive, parent wrote",
	    "0 m16,2,3,3 w16,1,1 w17,1,1 F w16,1,2 d16", NULL },
	{ "t3 fork, child alive, parent did",
	    "0 m16,2,3,3 w16,1,1 w17,1,1 F d16", NULL },
	{ "t1 fork, child alive, parent wrote",
	    "0 m16,2,1,3 w16,1,1 w17,1,1 F w16,1,2 d16", NULL },
	{ "t1 fork, child alive, parent did",
	    "0 m16,2,1,3 w16,1,1 w17,1,1 F d16", NULL },
	{ "t240 fork, child alive, parent wrote",
	    "0 m16,2,240,3 w16,1,1 w17,1,1 F w16,1,2 d16", NULL },
	{ "t240 fork, child alive, parent did",
	    "0 m16,2,240,3 w16,1,1 w17,1,1 F d16", NULL },
	{ "x | child killed", "K", NULL },
	{ "behavior-reusable-not-pristine:inherit-none",
	    "0 m16,2,3,3,1 i16,2,2", NULL },
	{ "behavior-reusable-not-pristine:wired", "0 m16,2,3,3,1 l16,2", NULL },
	{ "s1-vmcopy-then-reusable:dst w",
	    "0 m16,64,3,3,1 m160,64,3,3 C16,64,160 w160,1,9", NULL },
	{ "s1-vmcopy-then-reusable:src w", "w16,1,9", NULL },
	{ "madvise-clip:random", "0 m16,16,240,3 w16,1,1", NULL },
	{ "mmap-fixed:over-wired-then-limit", "0 f t6,2 m16,2,240,3 l16,2",
	    NULL },
	{ "mlock-limit:a |", "0 m16,2,240,3", NULL },
	{ "mlock-limit:after-munmap", "u16,2 m32,2,240,3", NULL },
	END,
};

static const struct bsd_entry rows_a8_faults[] = {
	{ "fault | store into r--", "0 m16,1,0,1", NULL },
	{ "fault | load from --- at", "0 m16,2,0,0", NULL },
	{ "fault | load from hole", "0", NULL },
	{ "fault | store into r-x", "0 m16,1,0,5", NULL },
	{ "fault | load from rwx", "0 o16,1,0,7", NULL },
	{ "fault | load from inherit", "0 m16,1,240,3 i16,1,2 e16", NULL },
	{ "fault | store into read-only shm", "0 I16,1", NULL },
	{ "fault | load from -w-", "0 a16,1,9 V16,1,2", NULL },
	{ "fault | load from --x", "0 a16,1,9 V16,1,4", NULL },
	{ "fault | load from purgeable", "0 a16,1,240,2 Y16", NULL },
	END,
};

static const struct bsd_entry rows_a8_madvise_values[] = {
	{ "madvise-high:", "0 m16,2,240,3 w16,1,1", NULL },
	END,
};

static const struct bsd_entry rows_a8_madvise_on_other[] = {
	{ "madvise-malloc-tag:", "0 m16,2,3,3 w16,1,0x31 d16", NULL },
	{ "madvise-purgeable:", "0 a16,2,240,2 w16,1,0x32 d16", NULL },
	{ "madvise-shm:", "0 O16,2 w16,1,0x33 d16", NULL },
	{ "madvise-aliased:", "0 m16,2,240,3 w16,1,0x34 R16,2,32 d16", NULL },
	{ "madvise-cow:", "0 m16,2,240,3 w16,1,0x35 F d16", NULL },
	{ "madvise-hole-mid:", "0 m16,4,240,3,0x36 u18,1 d16", NULL },
	{ "madvise-ro-mid:", "0 m16,4,240,3,0x36 P18,1,1 d16", NULL },
	{ "madvise-wired2:", "0 m16,2,240,3,0x37 l16,2 d16", NULL },
	END,
};

static const struct bsd_entry rows_a8_sub_page[] = {
	{ "sub:munmap +0x1000", "0 m16,4,240,3", NULL },
	{ "sub:munmap 0x1000", "0 m16,4,240,3", NULL },
	{ "sub:mprotect +0x1000", "0 m16,4,240,3", NULL },
	END,
};

static const struct bsd_entry rows_a8_mmap_prot[] = {
	{ "grid:shared ", "*0", NULL },
	{ "grid:private ", "*0", NULL },
	{ "grid:mprotect touched", "*0 m16,1,240,3 w16,1,1", NULL },
	{ "grid:mprotect jit", "*0 j16,240", NULL },
	{ "grid:mprotect shm", "*0 O16,1", NULL },
	{ "grid:mprotect ", "*0 m16,1,240,3", NULL },
	{ "mprotect-max-mid |", "0 m16,4,240,3 X18,1,1", NULL },
	{ "mprotect-hole-mid", "0 m16,4,240,3 w16,1,1 u18,1", NULL },
	{ "mlock-untouched-mid", "0 m16,4,240,3", NULL },
	{ "munlock-across-hole", "0 m16,4,240,3 l16,1 l18,1 u17,1", NULL },
	END,
};

static const struct bsd_entry rows_a8_permanent[] = {
	{ "permanent:mprotect r |", "0 f a16,4,240,0x80 w16,1,1", NULL },
	{ "permanent:munmap half", "0 f a16,4,240,0x80 w16,1,1 m20,2,241,3",
	    NULL },
	{ "permanent:mmap FIXED across",
	    "0 f a16,2,240,0x80 w16,1,1 m18,2,241,3 w18,1,2 d16", NULL },
	{ " | walk", "0 f2 a16,2,240,0x80 w16,1,1 f", NULL },
	END,
};

static const struct bsd_entry rows_a8_fork[] = {
	{ "fork:half wired, child", "0 m16,2,240,3 w16,1,1 l16,1 d16 f", NULL },
	{ "fork:copy/none/share/copy, child",
	    "0 m16,4,240,3 w16,1,1 w17,1,1 w18,1,1 w19,1,1 i17,1,2 i18,1,0 d16 f",
	    "w16,1,2 w18,1,2 w19,1,2" },
	{ "fork:shared mprotect |", "0 M16,2,240,3 w16,1,1 d16 f", NULL },
	{ "fork:shared munmap |", "0 M16,2,240,3 w16,1,1 d16 f", NULL },
	{ "fork:madvise free |", "0 m16,2,240,3 w16,1,1 d16 f", NULL },
	{ "kr=0 state=0", "0 a16,2,240,2 w16,1,1 i16,2,0 f p16", NULL },
	END,
};

static const struct bsd_entry rows_a8_superpages[] = {
	{ "superpage:2M hint |", "0", NULL },
	{ "superpage:mprotect", "0 S4096", NULL },
	END,
};

static const struct bsd_entry rows_a8_shm[] = {
	{ "shm:rw prot 0 |", "0", "D" },
	{ "shm:r", "", "D" },
	{ "shm:fixed unaligned", "", "D" },
	{ "shm:fixed exec over", "0 m16,3,240,3,0x41 d16", NULL },
	{ "shm:fixed too big over", "0 m16,3,240,3,0x41 d16", NULL },
	END,
};

static const struct bsd_entry rows_a8_map_fixed[] = {
	{ "over:shm", "0 O16,3 w16,3,0x51 d16", NULL },
	{ "over:purgeable", "0 a16,3,240,2 w16,3,0x51 d16", NULL },
	{ "over:aliased", "0 m16,3,240,3,0x51 R16,3,32 d16", NULL },
	{ "over:cow", "0 m16,3,240,3,0x51 F d16", NULL },
	{ "over:jit", "0 j16,240,3 P16,3,3 w16,3,0x51 d16", NULL },
	{ "over:ro max", "0 m16,3,240,3,0x51 X16,3,1 d16", NULL },
	{ "over:mlocked", "0 m16,3,240,3,0x51 l16,3 d16", NULL },
	END,
};

static const struct bsd_entry rows_a8_msync[] = {
	{ "msync-mid-hole", "0 m16,4,240,3,0x61 u18,1 d16", NULL },
	END,
};

static const struct bsd_entry rows_a8_descriptors[] = {
	{ "fd-tag", "*0", NULL },
	END,
};

static const struct bsd_entry rows_a8_limits[] = {
	{ "limit12 | setrlimit(AS,use", "0 f U", NULL },
	{ "limit12 | setrlimit(DATA,64M", "f", NULL },
	{ "limit12 | mach_vm_allocate", "A128", NULL },
	END,
};

const struct bsd_rows bsd_table[] = {
	{ "## 12.1 mmap: length", true, rows_12_1_mmap_length },
	{ "## 12.1 hints", true, rows_12_1_hints },
	{ "## 12.1 length", true, rows_none },
	{ "## 12.1 MAP_FIXED", false, rows_12_1_map_fixed },
	{ "## 12.1 fd of", true, rows_12_1_fd_of },
	{ "## 12.1 special", false, rows_12_1_special },
	{ "## 12.1 files", false, rows_12_1_files },
	{ "## 12.1/16 fork", false, rows_12_1_16_fork },
	{ "## fault signals", false, rows_fault_signals },
	{ "## 13 coalescing", false, rows_13_coalescing },
	{ "## 12.2 munmap", false, rows_12_2_munmap },
	{ "## 12.2 mprotect", false, rows_12_2_mprotect },
	{ "## 12.2 minherit", false, rows_12_2_minherit },
	{ "## 12.3 madvise", false, rows_12_3_madvise },
	{ "## 12.3 mincore", false, rows_12_3_mincore },
	{ "## 12.3 msync", false, rows_12_3_msync },
	{ "## 12.3 mlock", false, rows_12_3_mlock },
	{ "## 16 limits", true, rows_16_limits },
	{ "## 19 / cross", false, rows_19__cross },
	{ "## extra", false, rows_extra },
	{ "## extra: shared region", false, rows_extra_shared_region },
	{ "## extra: reserve", false, rows_extra_reserve },
	{ "## second probe", false, rows_second_probe },
	{ "## third probe", false, rows_third_probe },
	{ "## a8: faults", false, rows_a8_faults },
	{ "## a8: madvise values", false, rows_a8_madvise_values },
	{ "## a8: madvise on other", false, rows_a8_madvise_on_other },
	{ "## a8: sub-page", false, rows_a8_sub_page },
	{ "## a8: mmap, prot", false, rows_a8_mmap_prot },
	{ "## a8: permanent", false, rows_a8_permanent },
	{ "## a8: fork", false, rows_a8_fork },
	{ "## a8: superpages", true, rows_a8_superpages },
	{ "## a8: shm", false, rows_a8_shm },
	{ "## a8: MAP_FIXED", false, rows_a8_map_fixed },
	{ "## a8: msync", false, rows_a8_msync },
	{ "## a8: descriptors", false, rows_a8_descriptors },
	{ "## a8: limits", true, rows_a8_limits },
	{ NULL, false, NULL },
};
