/*
 * Files of the host by what they are, not by who opened them: each process
 * that forked from the first reads and writes one, as long as some process
 * keeps a descriptor or the file has its name.
 *
 * Offsets and sizes are bytes.  Everything here may run in a signal handler.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef MODEL_HOST_FILE_H
#define MODEL_HOST_FILE_H

#include "types.h"

#define HOST_PATH 1024

/* Lives in the kernel heap. */
struct host_file {
	uint64_t device, inode;
	int pid, descriptor;  /* a process that keeps one */
	char path[HOST_PATH]; /* its name then; "": none */
};

enum host_file_kind {
	HOST_FILE_NONE, /* no such descriptor */
	HOST_FILE_REGULAR,
	HOST_FILE_DEVICE, /* of characters */
	HOST_FILE_OTHER,
};

/* What a descriptor of this process is, and for what it was opened. */
enum host_file_kind host_file_of(int descriptor, struct host_file *,
    bool *may_read, bool *may_write);

static inline bool
host_file_equal(const struct host_file *a, const struct host_file *b)
{
	return a->device == b->device && a->inode == b->inode;
}

/* This process keeps a descriptor of the file, whatever its program does with
 * the one that is given; false: there are no more. */
bool host_file_keep(struct host_file *, int descriptor);

/* What is kept of files that this says nobody needs is closed. */
void host_file_sweep(bool (*is_needed)(const struct host_file *));

/* Bytes read, 0 at the end; -1: the file cannot be reached. */
int64_t host_file_read(const struct host_file *, void *, uint64_t size,
    uint64_t offset);
bool host_file_write(const struct host_file *, const void *, uint64_t size,
    uint64_t offset);
int64_t host_file_size(const struct host_file *);

/* A new descriptor of something that is like nothing else, which host_file_of()
 * recognises, in forked processes too; -1 with errno. */
int host_file_token(struct host_file *);
/* Some process has a descriptor of it. */
bool host_file_token_is_open(const struct host_file *);

#endif
