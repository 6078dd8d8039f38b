/*
 * Text for a terminal: no character of a foreign file may move its cursor or
 * begin a line of its own.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <string.h>

#include "run.h"

/* Controls become '?', except those in keep; so do C1 controls (U+0080 to
 * U+009F), which UTF-8 writes as 0xC2 and one more byte. */
static void
make_printable(char *text, const char *keep)
{
	for (unsigned char *s = (unsigned char *)text; *s != '\0'; s++) {
		if ((*s < ' ' && strchr(keep, *s) == NULL) || *s == 0x7f)
			*s = '?';
		else if (*s == 0xc2 && s[1] >= 0x80 && s[1] <= 0x9f)
			*s = s[1] = '?';
	}
}

void
run_make_printable(struct run *run)
{
	for (size_t i = 0; i < run->key_count; i++) {
		make_printable(run->keys[i].name, "");
		make_printable(run->keys[i].value, "");
	}
	for (size_t i = 0; i < run->result_count; i++) {
		struct result *r = &run->results[i];
		char *texts[] = { r->program, r->name, r->id, r->routine,
			r->route, r->source, r->sentence, r->reason };

		for (size_t k = 0; k < sizeof(texts) / sizeof(*texts); k++)
			make_printable(texts[k], "");
		make_printable(r->output, "\n\t");
		for (size_t k = 0; k < r->answer_count; k++) {
			make_printable(r->answers[k].call, "");
			make_printable(r->answers[k].answer, "");
			make_printable(r->answers[k].verdict, "");
		}
	}
}
