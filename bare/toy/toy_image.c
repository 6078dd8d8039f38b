/*
 * mach-vm-bare-toy: makes the Mach-O of the toy kernel from its static ELF
 * program, whose addresses are physical.
 *
 *	mach-vm-bare-toy ELF KERNEL
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <elf.h>
#include <err.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "macho.h"

#define SEGMENTS 2
#define PAGE	 0x4000u

/* Where a kernel says that physical memory is: on x86_64 address 0, on arm64
 * RAM's start. */
#define VIRTUAL_X86_64 UINT64_C(0xffffff8000000000)
#define VIRTUAL_ARM64  (UINT64_C(0xfffffe0006000000) - 0x40000000)

/* Of either class. */
struct part {
	uint64_t at, size, memory_size, offset;
};
struct program {
	const struct macho_arch *arch;
	uint64_t entry;
	struct part parts[SEGMENTS];
};

#define READ_PROGRAM(bits_)                                                    \
	static struct program read_program_##bits_(const uint8_t *elf)         \
	{                                                                      \
		const Elf##bits_##_Ehdr *e = (const void *)elf;                \
		const Elf##bits_##_Phdr *p = (const void *)(elf + e->e_phoff); \
		struct program r = { .entry = e->e_entry };                    \
                                                                               \
		for (int i = 0, n = 0; i < e->e_phnum && n < SEGMENTS; i++)    \
			if (p[i].p_type == PT_LOAD)                            \
				r.parts[n++] = (struct part){ p[i].p_vaddr,    \
					p[i].p_filesz, p[i].p_memsz,           \
					p[i].p_offset };                       \
		return r;                                                      \
	}
READ_PROGRAM(32)
READ_PROGRAM(64)

static struct program
read_program(const uint8_t *elf, size_t size)
{
	struct program r;

	if (size < sizeof(Elf64_Ehdr) || memcmp(elf, ELFMAG, SELFMAG) != 0)
		errx(2, "not an ELF program");
	if (elf[EI_CLASS] == ELFCLASS32) {
		r = read_program_32(elf);
		r.arch = macho_arch_of_cpu(CPU_X86_64);
	} else {
		r = read_program_64(elf);
		r.arch = macho_arch_of_cpu(CPU_ARM64);
	}
	return r;
}

static uint8_t *
read_file(const char *path, size_t *size)
{
	FILE *f = fopen(path, "rb");
	uint8_t *bytes = malloc(1 << 20);

	if (f == NULL || bytes == NULL)
		err(2, "%s", path);
	*size = fread(bytes, 1, 1 << 20, f);
	fclose(f);
	return bytes;
}

int
main(int argc, char **argv)
{
	uint8_t *elf, *image, *at;
	size_t size, offset = PAGE;
	struct macho_header *h;
	struct macho_thread *t;
	struct program p;
	uint64_t base, entry;
	FILE *f;

	if (argc != 3)
		errx(2, "usage: mach-vm-bare-toy ELF KERNEL");
	elf = read_file(argv[1], &size);
	p = read_program(elf, size);
	base = p.arch->cpu == CPU_ARM64 ? VIRTUAL_ARM64 : VIRTUAL_X86_64;
	if ((image = calloc(1, PAGE + 2 * (1 << 20))) == NULL)
		err(2, "memory");
	h = (void *)image;
	at = image + sizeof(*h);
	for (int i = 0; i < SEGMENTS; i++) {
		struct macho_segment s = { LC_SEGMENT_64, sizeof(s), "__TOY",
			base + p.parts[i].at, p.parts[i].memory_size, offset,
			p.parts[i].size, 7, 7, 0, 0 };

		memcpy(at, &s, sizeof(s));
		at += sizeof(s);
		memcpy(image + offset, elf + p.parts[i].offset,
		    p.parts[i].size);
		offset = (offset + p.parts[i].size + PAGE - 1) & ~(PAGE - 1);
	}
	t = (void *)at;
	*t = (struct macho_thread){ LC_UNIXTHREAD,
		(uint32_t)(sizeof(*t) + p.arch->count * sizeof(uint32_t)),
		p.arch->flavor, p.arch->count };
	entry = base + p.entry;
	memcpy(at + sizeof(*t) + p.arch->entry * sizeof(entry), &entry,
	    sizeof(entry));
	*h = (struct macho_header){ MH_MAGIC_64, p.arch->cpu, p.arch->subtype,
		MH_EXECUTE, SEGMENTS + 1,
		(uint32_t)(at + t->size - image - sizeof(*h)), MH_NOUNDEFS, 0 };
	if ((f = fopen(argv[2], "wb")) == NULL ||
	    fwrite(image, offset, 1, f) != 1 || fclose(f) != 0)
		err(2, "%s", argv[2]);
	return 0;
}
