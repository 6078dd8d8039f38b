/*
 * Descriptors of the process that BSD calls name: files of the host.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef MODEL_CALLS_FILE_H
#define MODEL_CALLS_FILE_H

/* What mmap answers for a descriptor that cannot be mapped, errno in Darwin's
 * numbers: EBADF, ENODEV for character devices, EINVAL for the rest. */
int file_map_error(int fd);

#endif
