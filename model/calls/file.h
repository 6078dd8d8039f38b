/*
 * The BSD calls on files: descriptors are the host's, what is mapped of a file
 * is the model's, and the two agree.
 *
 * Arguments are the registers', results errno in Darwin's numbers; 0: *value
 * is what the call returns.  Called without the lock.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef MODEL_CALLS_FILE_H
#define MODEL_CALLS_FILE_H

#include "model/calls/unix.h"

unix_function file_open, file_close, file_unlink;
unix_function file_pread, file_pwrite, file_ftruncate, file_fstat;

/* A name of at most size - 1 bytes out of the caller's memory: 0, EFAULT or
 * ENAMETOOLONG. */
int file_name(uint64_t from, char *to, uint64_t size);

#endif
