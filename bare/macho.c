/*
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "macho.h"

#include <string.h>

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
	size_t at = sizeof(struct macho_header);
	struct macho_thread t;
	const uint8_t *here;

	here = command(file, size, LC_UNIXTHREAD, sizeof(t), &at);
	if (here == NULL)
		return false;
	memcpy(&t, here, sizeof(t));
	*entry = t.state[RIP_INDEX];
	return t.flavor == X86_THREAD_STATE64;
}

bool
macho_check(const uint8_t *file, size_t size, const char **problem)
{
	struct macho_header h;
	struct macho_segment s;

	*problem = "not an x86_64 Mach-O executable";
	if (size < sizeof(h))
		return false;
	memcpy(&h, file, sizeof(h));
	if (h.magic != MH_MAGIC_64 || h.cpu != CPU_X86_64 ||
	    h.type != MH_EXECUTE)
		return false;
	*problem = "a segment that leaves the file or its memory";
	for (unsigned i = 0; macho_segment(file, size, i, &s); i++)
		if (s.offset > size || s.file_size > size - s.offset ||
		    s.file_size > s.memory_size || s.memory_size > MACHO_BASE)
			return false;
	*problem = NULL;
	return true;
}
