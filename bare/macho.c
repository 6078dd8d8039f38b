/*
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "macho.h"

#include <string.h>

static const struct macho_arch arches[] = {
	{ "x86_64", ELF_X86_64, CPU_X86_64, CPU_X86_64_ALL, X86_THREAD_STATE64,
	    X86_THREAD_STATE64_COUNT, RIP_INDEX, 4096 },
	{ "arm64", ELF_AARCH64, CPU_ARM64, CPU_ARM64_ALL, ARM_THREAD_STATE64,
	    ARM_THREAD_STATE64_COUNT, PC_INDEX, 16384 },
};
#define ARCHES (sizeof(arches) / sizeof(*arches))

const struct macho_arch *
macho_arch_of_cpu(uint32_t cpu)
{
	for (size_t i = 0; i < ARCHES; i++)
		if (arches[i].cpu == cpu)
			return &arches[i];
	return NULL;
}

const struct macho_arch *
macho_arch_of_elf(uint16_t machine)
{
	for (size_t i = 0; i < ARCHES; i++)
		if (arches[i].elf_machine == machine)
			return &arches[i];
	return NULL;
}

const struct macho_arch *
macho_arch(const uint8_t *file, size_t size)
{
	struct macho_header h;

	if (size < sizeof(h))
		return NULL;
	memcpy(&h, file, sizeof(h));
	return h.magic == MH_MAGIC_64 && h.type == MH_EXECUTE ?
	    macho_arch_of_cpu(h.cpu) :
	    NULL;
}

/* The next load command of this kind at or behind *at; NULL: none.  Commands
 * that leave the file end the list. */
static const uint8_t *
command(const uint8_t *file, size_t size, uint32_t kind, size_t least,
    size_t *at)
{
	struct macho_header h;
	uint32_t head[2];
	size_t end;

	memcpy(&h, file, sizeof(h));
	end = sizeof(h) + h.size < size ? sizeof(h) + h.size : size;
	while (*at + sizeof(head) <= end) {
		const uint8_t *here = file + *at;

		memcpy(head, here, sizeof(head));
		if (head[1] < sizeof(head) || head[1] > end - *at)
			return NULL;
		*at += head[1];
		if (head[0] == kind && head[1] >= least)
			return here;
	}
	return NULL;
}

bool
macho_segment(const uint8_t *file, size_t size, unsigned index,
    struct macho_segment *s)
{
	size_t at = sizeof(struct macho_header);
	const uint8_t *here = NULL;

	for (unsigned i = 0; i <= index; i++) {
		here = command(file, size, LC_SEGMENT_64, sizeof(*s), &at);
		if (here == NULL)
			return false;
	}
	memcpy(s, here, sizeof(*s));
	return true;
}

bool
macho_entry(const uint8_t *file, size_t size, uint64_t *entry)
{
	const struct macho_arch *arch = macho_arch(file, size);
	size_t at = sizeof(struct macho_header);
	struct macho_thread t;
	const uint8_t *here;

	if (arch == NULL)
		return false;
	here = command(file, size, LC_UNIXTHREAD,
	    sizeof(t) + arch->count * sizeof(uint32_t), &at);
	if (here == NULL)
		return false;
	memcpy(&t, here, sizeof(t));
	memcpy(entry, here + sizeof(t) + arch->entry * sizeof(*entry),
	    sizeof(*entry));
	return t.flavor == arch->flavor;
}

bool
macho_check(const uint8_t *file, size_t size, const char **problem)
{
	struct macho_segment s;

	*problem = "not a Mach-O executable for x86_64 or arm64";
	if (macho_arch(file, size) == NULL)
		return false;
	*problem = "a segment that leaves the file or its memory";
	for (unsigned i = 0; macho_segment(file, size, i, &s); i++)
		if (s.offset > size || s.file_size > size - s.offset ||
		    s.file_size > s.memory_size)
			return false;
	*problem = NULL;
	return true;
}
