/*
 * What the bare image's Mach-O has in it: written by image.c, read by the
 * loader.  Numbers are those of Apple's <mach-o/loader.h>.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef BARE_MACHO_H
#define BARE_MACHO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define MACHO_BASE UINT64_C(0x100000000)

#define MH_MAGIC_64		 0xfeedfacf
#define CPU_X86_64		 0x01000007
#define CPU_X86_64_ALL		 0x80000003 /* CPU_SUBTYPE_LIB64 | ALL */
#define CPU_ARM64		 0x0100000c
#define CPU_ARM64_ALL		 0
#define MH_EXECUTE		 2
#define MH_NOUNDEFS		 1
#define LC_UNIXTHREAD		 0x5
#define LC_SEGMENT_64		 0x19
#define LC_UUID			 0x1b
#define X86_THREAD_STATE64	 4
#define X86_THREAD_STATE64_COUNT 42
#define RIP_INDEX		 16 /* rax...r15, rip */
#define ARM_THREAD_STATE64	 6
#define ARM_THREAD_STATE64_COUNT 68
#define PC_INDEX		 32 /* x0...x28, fp, lr, sp, pc */

struct macho_header {
	uint32_t magic, cpu, subtype, type, commands, size, flags, reserved;
};

struct macho_segment {
	uint32_t command, size;
	char name[16];
	uint64_t address, memory_size, offset, file_size;
	uint32_t maximum, initial, sections, flags;
};

struct macho_uuid {
	uint32_t command, size;
	uint8_t bytes[16];
};

struct macho_thread {
	uint32_t command, size, flavor, count;
	uint64_t state[]; /* count words of 32 bits */
};

/* e_machine, as <elf.h> has it, which not every compiler here can include */
#define ELF_X86_64  62
#define ELF_AARCH64 183

/* What differs between the processors.  Numbers are those of Apple's
 * <mach/machine.h>, <mach/{i386,arm}/thread_status.h>. */
struct macho_arch {
	const char *name;
	uint16_t elf_machine;
	uint32_t cpu, subtype, flavor, count;
	uint32_t entry; /* index in the state, 64 bits each */
	uint32_t page;
};
/* NULL: none of ours. */
const struct macho_arch *macho_arch_of_cpu(uint32_t cpu);
const struct macho_arch *macho_arch_of_elf(uint16_t elf_machine);
/* Of a file that may be anything; NULL: no Mach-O executable of 64 bits. */
const struct macho_arch *macho_arch(const uint8_t *, size_t);

/* An executable whose commands and segments lie within the file. */
bool macho_check(const uint8_t *, size_t, const char **problem);
/* Of a checked file: segment by number, the start of the thread. */
bool macho_segment(const uint8_t *, size_t, unsigned index,
    struct macho_segment *);
bool macho_entry(const uint8_t *, size_t, uint64_t *entry);

#endif
