/* SPDX-License-Identifier: BSD-2-Clause */
#include <string.h>

#include "header.h"

#define MAGIC_64	   0xfeedfacf
#define HEADER_SIZE	   32
#define VERSION_MIN_MACOSX 0x24 /* command, size, version, sdk */
#define BUILD_VERSION	   0x32 /* command, size, platform, minimum, sdk */
#define PLATFORM_MACOS	   1

static uint32_t
word(const uint8_t *at, unsigned index)
{
	uint32_t value;

	memcpy(&value, at + index * sizeof(value), sizeof(value));
	return value;
}

uint32_t
mt_header_sdk(const void *header, size_t size)
{
	const uint8_t *at = header;
	size_t left;

	if (size < HEADER_SIZE || word(at, 0) != MAGIC_64)
		return 0;
	left = word(at, 5); /* of all load commands */
	if (left > size - HEADER_SIZE)
		left = size - HEADER_SIZE;
	for (at += HEADER_SIZE; left >= 8;) {
		const uint32_t command = word(at, 0), length = word(at, 1);

		if (length < 8 || length > left)
			break;
		if (command == VERSION_MIN_MACOSX && length >= 16)
			return word(at, 3);
		if (command == BUILD_VERSION && length >= 20)
			return word(at, 2) == PLATFORM_MACOS ? word(at, 4) : 0;
		at += length;
		left -= length;
	}
	return 0;
}
