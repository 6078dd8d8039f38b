/*
 * A run as JSON; the schema is report/run.schema.json.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef REPORT_JSON_H
#define REPORT_JSON_H

#include <jansson.h>

#include "run.h"

#define RUN_FORMAT  "mach-vm-tests run"
#define RUN_VERSION 1

/* output: with what the cases printed besides records. */
json_t *run_to_json(const struct run *, bool output);
json_t *result_to_json(const struct result *, bool output);
/* A JSON string of text that may not be UTF-8: bytes that are not become
 * U+FFFD.  Never NULL. */
json_t *text_to_json(const char *);

#endif
