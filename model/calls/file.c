/*
 * Descriptors of the process that BSD calls name: files of the host.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <sys/stat.h>

#include "model/calls/file.h"
#include "darwin_errno.h"

int
file_map_error(int fd)
{
	struct stat status;

	if (fstat(fd, &status) == -1)
		return DARWIN_EBADF;
	return S_ISCHR(status.st_mode) ? DARWIN_ENODEV : DARWIN_EINVAL;
}
