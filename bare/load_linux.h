/*
 * The bare image in the map of the model's task.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef BARE_LOAD_LINUX_H
#define BARE_LOAD_LINUX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Of an image that macho_check() accepts: its segments in their places, where
 * its thread starts.  False with *problem. */
bool load_image(const uint8_t *image, size_t size, uint64_t *entry,
    const char **problem);

#endif
