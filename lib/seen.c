/*
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "seen.h"

#include <stddef.h>
#include <string.h>

static const struct {
	const char *id, *seen;
} table[] = {
#include "lib/seen_table.h"
};

const char *
mt_seen(const char *id)
{
	size_t low = 0, high = sizeof(table) / sizeof(*table), middle;
	int order;

	while (low < high) {
		middle = low + (high - low) / 2;
		order = strcmp(table[middle].id, id);
		if (order == 0)
			return table[middle].seen;
		if (order < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return NULL;
}
