/*
 * Lines of a file, plain or .xz.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "input.h"

#include <errno.h>
#include <lzma.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { CHUNK = 1 << 16, MEMORY = 128 << 20 };

struct input {
	FILE *file;
	bool compressed, ended;
	lzma_stream stream;
	uint8_t raw[CHUNK];
	/* the text not yet given: [start, end) */
	char *text;
	size_t start, end;
};

static const uint8_t magic[] = { 0xfd, '7', 'z', 'X', 'Z', 0 };

struct input *
input_open(const char *path, const char **problem)
{
	struct input *in = calloc(1, sizeof(*in));
	static const lzma_stream none = LZMA_STREAM_INIT;

	*problem = NULL;
	if (in == NULL || (in->text = malloc(INPUT_LINE + 1)) == NULL) {
		free(in);
		*problem = "out of memory";
		return NULL;
	}
	in->file = strcmp(path, "-") == 0 ? stdin : fopen(path, "rb");
	if (in->file == NULL) {
		*problem = strerror(errno);
		free(in->text);
		free(in);
		return NULL;
	}
	in->stream = none;
	/* A pipe cannot be rewound, so the first bytes stay in raw. */
	size_t n = fread(in->raw, 1, sizeof(magic), in->file);
	if (ferror(in->file)) {
		*problem = strerror(errno);
		input_close(in);
		return NULL;
	}
	if (n == sizeof(magic) && memcmp(in->raw, magic, n) == 0) {
		in->compressed = true;
		if (lzma_stream_decoder(&in->stream, MEMORY,
			LZMA_CONCATENATED) != LZMA_OK) {
			*problem = "no memory for the decompressor";
			input_close(in);
			return NULL;
		}
		in->stream.next_in = in->raw;
		in->stream.avail_in = n;
	} else {
		memcpy(in->text, in->raw, n);
		in->end = n;
	}
	return in;
}

void
input_close(struct input *in)
{
	if (in->compressed)
		lzma_end(&in->stream);
	if (in->file != NULL && in->file != stdin)
		fclose(in->file);
	free(in->text);
	free(in);
}

static const char *
lzma_problem(lzma_ret r)
{
	switch (r) {
	case LZMA_DATA_ERROR:
	case LZMA_FORMAT_ERROR:
		return "damaged xz data";
	case LZMA_BUF_ERROR:
		return "the xz data ends too early";
	case LZMA_MEMLIMIT_ERROR:
		return "the xz data wants more than 128 MiB of memory";
	case LZMA_OPTIONS_ERROR:
		return "xz options that this liblzma does not know";
	case LZMA_MEM_ERROR:
		return "out of memory";
	default:
		return "xz data that cannot be read";
	}
}

/* More text behind in->end; false at the end or with *problem. */
static bool
fill(struct input *in, const char **problem)
{
	if (in->start > 0) {
		memmove(in->text, in->text + in->start, in->end - in->start);
		in->end -= in->start;
		in->start = 0;
	}
	if (in->ended)
		return false;
	size_t room = INPUT_LINE - in->end;
	if (room == 0) {
		*problem = "a line longer than 262144 bytes";
		return false;
	}
	if (!in->compressed) {
		size_t n = fread(in->text + in->end, 1, room, in->file);

		if (ferror(in->file)) {
			*problem = strerror(errno);
			return false;
		}
		in->end += n;
		in->ended = n == 0;
		return n > 0;
	}
	in->stream.next_out = (uint8_t *)in->text + in->end;
	in->stream.avail_out = room;
	while (in->stream.avail_out == room) {
		bool end = false;

		if (in->stream.avail_in == 0) {
			in->stream.next_in = in->raw;
			in->stream.avail_in = fread(in->raw, 1, sizeof(in->raw),
			    in->file);
			if (ferror(in->file)) {
				*problem = strerror(errno);
				return false;
			}
			end = in->stream.avail_in == 0;
		}
		lzma_ret r = lzma_code(&in->stream,
		    end ? LZMA_FINISH : LZMA_RUN);
		if (r == LZMA_STREAM_END) {
			in->ended = true;
			break;
		}
		if (r != LZMA_OK) {
			*problem = lzma_problem(r);
			return false;
		}
	}
	in->end += room - in->stream.avail_out;
	return in->stream.avail_out != room;
}

char *
input_line(struct input *in, const char **problem)
{
	size_t searched = 0;

	*problem = NULL;
	for (;;) {
		char *line = in->text + in->start;
		char *lf = memchr(line + searched, '\n',
		    in->end - in->start - searched);

		if (lf != NULL) {
			*lf = '\0';
			in->start = (size_t)(lf + 1 - in->text);
			if (memchr(line, '\0', (size_t)(lf - line)) != NULL) {
				*problem = "a NUL byte";
				return NULL;
			}
			return line;
		}
		searched = in->end - in->start;
		if (!fill(in, problem)) {
			if (*problem == NULL && in->end > in->start)
				*problem = "the last line is not ended";
			return NULL;
		}
	}
}
