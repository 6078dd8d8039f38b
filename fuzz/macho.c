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

#include "child.h"
#include "load_linux.h"
#include "macho.h"
#include "stage.h"

enum { LARGEST = 64 << 10 };

int LLVMFuzzerInitialize(int *, char ***);
int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

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

int
LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc;
	(void)argv;
	stage_prepare();
	return 0;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct macho_segment s;
	const char *problem;
	uint64_t entry;
	uint8_t *bytes;

	if (size > LARGEST || !macho_check(data, size, &problem))
		return 0;
	(void)macho_entry(data, size, &entry);
	for (unsigned i = 0; macho_segment(data, size, i, &s); i++) {
		/* AddressSanitizer sees a byte outside */
		if ((bytes = malloc(s.file_size + 1)) == NULL)
			abort();
		memcpy(bytes, data + s.offset, s.file_size);
		free(bytes);
	}
	child_run(data, size, load);
	return 0;
}
