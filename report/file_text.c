/*
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <errno.h>
#include <lzma.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "file_text.h"

/* What the decompressor may use; xz -9 wants 65 MiB. */
enum { MEMORY = 128 << 20, CHUNK = 1 << 20 };

static const uint8_t magic[] = { 0xfd, '7', 'z', 'X', 'Z', 0 };

/* A buffer that doubles. */
struct text {
	char *bytes;
	size_t size, room;
};

static const char *
make_room(struct text *t)
{
	char *bytes;

	if (t->room - t->size > 1)
		return NULL;
	if (t->room >= FILE_LIMIT)
		return "is larger than 512 MiB";
	t->room = t->room == 0 ? CHUNK : 2 * t->room;
	if ((bytes = realloc(t->bytes, t->room)) == NULL)
		return "needs more memory than there is";
	t->bytes = bytes;
	return NULL;
}

static const char *
read_all(FILE *f, struct text *t)
{
	const char *problem;
	size_t n;

	do {
		if ((problem = make_room(t)) != NULL)
			return problem;
		n = fread(t->bytes + t->size, 1, t->room - t->size - 1, f);
		t->size += n;
	} while (n > 0);
	return ferror(f) ? "cannot be read" : NULL;
}

static const char *
decode(lzma_stream *stream, struct text *t)
{
	const char *problem;
	lzma_ret r;

	do {
		if ((problem = make_room(t)) != NULL)
			return problem;
		stream->next_out = (uint8_t *)t->bytes + t->size;
		stream->avail_out = t->room - t->size - 1;
		r = lzma_code(stream, LZMA_FINISH);
		t->size = (size_t)((char *)stream->next_out - t->bytes);
	} while (r == LZMA_OK);
	return r == LZMA_STREAM_END  ? NULL :
	    r == LZMA_MEMLIMIT_ERROR ? "xz data that wants more than 128 MiB" :
				       "damaged xz data";
}

static const char *
undo_xz(const struct text *from, struct text *to)
{
	lzma_stream stream = LZMA_STREAM_INIT;
	const char *problem;

	if (lzma_stream_decoder(&stream, MEMORY, LZMA_CONCATENATED) != LZMA_OK)
		return "needs more memory than there is";
	stream.next_in = (const uint8_t *)from->bytes;
	stream.avail_in = from->size;
	problem = decode(&stream, to);
	lzma_end(&stream);
	return problem;
}

char *
file_text(const char *path, size_t *size, const char **problem)
{
	struct text raw = { 0 }, plain = { 0 };
	FILE *f = fopen(path, "rb");

	if (f == NULL) {
		*problem = "cannot be opened";
		return NULL;
	}
	*problem = read_all(f, &raw);
	fclose(f);
	if (*problem == NULL && raw.size >= sizeof(magic) &&
	    memcmp(raw.bytes, magic, sizeof(magic)) == 0) {
		*problem = undo_xz(&raw, &plain);
		free(raw.bytes);
		raw = plain;
	}
	if (*problem != NULL) {
		free(raw.bytes);
		return NULL;
	}
	raw.bytes[raw.size] = '\0';
	*size = raw.size;
	return raw.bytes;
}

bool
file_is_xz(const char *path)
{
	size_t length = strlen(path);

	return length > 3 && strcmp(path + length - 3, ".xz") == 0;
}

const char *
file_write_xz(const char *path, const char *text, size_t size)
{
	size_t room = lzma_stream_buffer_bound(size), used = 0;
	uint8_t *out = malloc(room);
	const char *problem = NULL;
	FILE *f;

	/* The same bytes whatever the machine: one thread, a fixed preset. */
	if (out == NULL ||
	    lzma_easy_buffer_encode(9, LZMA_CHECK_CRC64, NULL,
		(const uint8_t *)text, size, out, &used, room) != LZMA_OK) {
		free(out);
		return "needs more memory than there is";
	}
	if ((f = fopen(path, "wbx")) == NULL) {
		problem = strerror(errno);
	} else {
		if (fwrite(out, 1, used, f) != used)
			problem = strerror(errno);
		if (fclose(f) != 0 && problem == NULL)
			problem = strerror(errno);
	}
	free(out);
	return problem;
}
