/*
 * The reader of the bare image (bare/macho.h): what it accepts lies within the
 * file; and the loader, which places it in a task of the model (load_linux.h).
 *
 * An input is a file.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <stdlib.h>
#include <string.h>

#include "entry.h"
#include "load_linux.h"
#include "macho.h"
#include "stage.h"

enum { LARGEST = 64 << 10 };

static void
load(struct input *in)
{
	const uint8_t *image = in->at;
	const size_t size = (size_t)(in->end - in->at);
	struct input flavour = { image + size - 1, image + size };
	const char *problem;
	uint64_t entry;

	stage_set(&flavour);
	(void)load_image(image, size, &entry, &problem);
	stage_judge();
}

static bool
accepts(const uint8_t *data, size_t size)
{
	struct macho_segment s;
	const char *problem;
	uint64_t entry;
	uint8_t *bytes;

	if (size > LARGEST || !macho_check(data, size, &problem))
		return false;
	(void)macho_entry(data, size, &entry);
	for (unsigned i = 0; macho_segment(data, size, i, &s); i++) {
		/* AddressSanitizer sees a byte outside */
		if ((bytes = malloc(s.file_size + 1)) == NULL)
			abort();
		memcpy(bytes, data + s.offset, s.file_size);
		free(bytes);
	}
	return true;
}

const struct target target = { .accepts = accepts, .run = load };
