/*
 * Writing what the kernel that is there answers.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "record.h"

#include <inttypes.h>
#include <string.h>

#include "system.h"

enum { GUARD_PAGES = 16 };

/* "xnu-7195.141.2" out of "... root:xnu-7195.141.2~1/RELEASE_X86_64". */
static void
kernel_tag(const char *version, char *tag, size_t size)
{
	const char *start = strstr(version, "xnu-");
	size_t n;

	if (start == NULL) {
		snprintf(tag, size, "unknown");
		return;
	}
	n = 4 + strspn(start + 4, "0123456789.");
	if (n >= size)
		n = size - 1;
	memcpy(tag, start, n);
	tag[n] = '\0';
}

void
header_of_system(struct header *h)
{
	const struct mt_system *s = mt_system();

	kernel_tag(s->kernel, h->kernel, sizeof(h->kernel));
	snprintf(h->macos, sizeof(h->macos), "%s", s->release);
	snprintf(h->arch, sizeof(h->arch), "%s", s->arch);
	snprintf(h->how, sizeof(h->how), "%s",
	    s->model	      ? "model" :
		s->translated ? "translated" :
				"native");
	h->page = s->page;
	if (h->gen[0] == '\0')
		snprintf(h->gen, sizeof(h->gen), "none");
	if (h->profile[0] == '\0')
		snprintf(h->profile, sizeof(h->profile), "ops");
	if (h->seeds[0] == '\0')
		snprintf(h->seeds, sizeof(h->seeds), "none");
	if (h->guard == 0)
		h->guard = GUARD_PAGES * s->page;
}

bool
record_sequence(FILE *f, struct run *run, const struct sequence *s,
    const char **problem)
{
	static struct layout layouts[2];
	const struct layout *previous = NULL;
	struct result result;

	if (!run_start(run, problem))
		return false;
	fprintf(f, "S %" PRIu64 " %s\n", s->id, s->profile);
	for (int i = 0; i < s->ops; i++) {
		const char *cannot = run_cannot(run, &s->op[i]);
		struct layout *now = &layouts[i % 2];

		if (cannot != NULL) {
			fprintf(f, "X %s: %s\n", op_kinds[s->op[i].code].name,
			    cannot);
			break;
		}
		run_op(run, &s->op[i], &result);
		run_walk(run, s->anywhere, now);
		write_op(f, &s->op[i], &result);
		write_layout(f, now, previous);
		previous = now;
	}
	run_end(run);
	return true;
}

bool
record_file(FILE *f, struct trace *t, const char *route, const char **problem)
{
	struct sequence s = { .ops = 0 };
	struct header h = t->header;
	struct run run;
	int got;

	if (h.page != 0 && h.page != mt_system()->page) {
		*problem = "the calls are for another page size";
		return false;
	}
	header_of_system(&h);
	if (!run_open(&run, &h, route, problem))
		return false;
	write_header(f, &h);
	t->header = h;
	while ((got = trace_next(t, &s)) == 1)
		if (!record_sequence(f, &run, &s, problem))
			return false;
	run_close(&run);
	sequence_free(&s);
	return got == 0;
}

bool
record_generated(FILE *f, const struct generator *g, const char *route,
    const char **problem)
{
	struct sequence s = { .ops = 0 };
	struct header h = generator_header(g);
	struct run run;

	header_of_system(&h);
	if (!run_open(&run, &h, route, problem))
		return false;
	write_header(f, &h);
	for (uint64_t seed = g->first;; seed++) {
		generate(g, &h, seed, &s);
		if (!record_sequence(f, &run, &s, problem))
			return false;
		if (seed == g->last)
			break;
	}
	run_close(&run);
	sequence_free(&s);
	return true;
}
