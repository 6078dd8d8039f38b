/*
 * The texts of the sweeps, from the rules.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "write.h"

#include <err.h>
#include <stdlib.h>
#include <string.h>

#include "fold.h"
#include "rules.h"
#include "system.h"

enum { ARCHES = 3, RELEASES = 80, FLAVOURS = ARCHES * RELEASES };
static const char *const arches[ARCHES] = { "x86_64", "arm64", "rosetta" };

static struct flavour flavours[FLAVOURS];
static unsigned flavour_count;
/* The first flavour of each architecture. */
static unsigned begins[ARCHES + 1];

static void
list_flavours(void)
{
	const char *release;

	for (unsigned a = 0; a < ARCHES; a++) {
		begins[a] = flavour_count;
		for (unsigned i = 0; (release = mt_release_at(i)) != NULL; i++)
			if (a == 0 || mt_release_since(release, "11"))
				flavours[flavour_count++] = (struct flavour){
					release, arches[a],
					a == 1 ? 0x4000 : 0x1000
				};
	}
	begins[ARCHES] = flavour_count;
}

/* ---- histories: the answers of all flavours --------------------------------- */

/* History h is the one before it and one answer more; 0 is the empty one. */
static struct history {
	uint32_t before, answer;
} * histories;
static uint32_t history_count, history_room;
static uint32_t *slots;

static void
room_for_histories(void)
{
	history_room = history_room * 2 + 4096;
	histories = realloc(histories, history_room * sizeof(*histories));
	free(slots);
	slots = calloc(2 * (size_t)history_room, sizeof(*slots));
	if (histories == NULL || slots == NULL)
		errx(1, "no memory");
	for (uint32_t i = 1; i < history_count; i++) {
		uint32_t s = (histories[i].before * 2654435761u ^
				 histories[i].answer * 40503u) %
		    (2 * history_room);

		while (slots[s] != 0)
			s = (s + 1) % (2 * history_room);
		slots[s] = i;
	}
}

static uint32_t
longer(uint32_t before, uint32_t answer)
{
	uint32_t s;

	if (history_count + 1 >= history_room)
		room_for_histories();
	if (history_count == 0)
		history_count = 1;
	s = (before * 2654435761u ^ answer * 40503u) % (2 * history_room);
	for (; slots[s] != 0; s = (s + 1) % (2 * history_room))
		if (histories[slots[s]].before == before &&
		    histories[slots[s]].answer == answer)
			return slots[s];
	histories[history_count] = (struct history){ before, answer };
	slots[s] = history_count;
	return history_count++;
}

/* ---- a history in words ------------------------------------------------------ */

static bool
is_major(const char *release, const char *next)
{
	const size_t n = strcspn(release, "."), m = strcspn(next, ".");

	if (n != m || strncmp(release, next, n) != 0)
		return true;
	if (strncmp(release, "10.", 3) != 0)
		return false;
	return strncmp(release, next, 5) != 0;
}

/* The release, or its major one if it is the last of it. */
static void
put_until(struct mt_text *t, unsigned f)
{
	const char *release = flavours[f].release;
	size_t n = mt_length(release);

	if (is_major(release, flavours[f + 1].release))
		n = strncmp(release, "10.", 3) == 0 ? 5 : strcspn(release, ".");
	mt_put_bytes(t, release, n);
}

static void
put_arch(struct mt_text *t, const uint32_t *answer, const struct names *names,
    unsigned arch, const char *name)
{
	for (unsigned f = begins[arch]; f < begins[arch + 1]; f++) {
		bool last = f + 1 == begins[arch + 1];

		if (!last && answer[f + 1] == answer[f])
			continue;
		if (t->length > 0)
			mt_put(t, "; ");
		if (name != NULL || !last)
			mt_put_char(t, '[');
		if (name != NULL)
			mt_put(t, name);
		if (!last) {
			mt_put(t, name != NULL ? " until " : "until ");
			put_until(t, f);
		}
		if (name != NULL || !last)
			mt_put(t, "] ");
		mt_put(t, names->name[answer[f]]);
	}
}

/* Two architectures have the same answers in the releases of both. */
static bool
alike(const uint32_t *answer, unsigned a, unsigned b)
{
	unsigned n = begins[a + 1] - begins[a], m = begins[b + 1] - begins[b];

	for (unsigned i = 1; i <= n && i <= m; i++)
		if (answer[begins[a + 1] - i] != answer[begins[b + 1] - i])
			return false;
	return true;
}

static void
put_history(struct mt_text *t, uint32_t h, const struct names *names)
{
	uint32_t answer[FLAVOURS];
	unsigned rest = 0; /* the architecture that needs no name */

	for (unsigned f = flavour_count; f-- > 0; h = histories[h].before)
		answer[f] = histories[h].answer;
	if (!alike(answer, 0, 1) && !alike(answer, 0, 2) && alike(answer, 1, 2))
		rest = 1;
	for (unsigned a = 0; a < ARCHES; a++)
		if (a != rest && !alike(answer, rest, a))
			put_arch(t, answer, names, a, arches[a]);
	/* the longer history, if both are alike */
	put_arch(t, answer, names, rest, NULL);
}

/* ---- texts ------------------------------------------------------------------- */

static void
put_head(struct mt_text *t, const struct definition *d)
{
	mt_put(t, "sweep ");
	mt_put(t, d->name);
	mt_put(t, "\nstage ");
	mt_put(t, d->stage);
	mt_put_char(t, '\n');
	for (unsigned i = 0; i < MT_SWEEP_AXES && d->axes[i] != NULL; i++) {
		mt_put(t, "axis ");
		mt_put(t, d->axes[i]);
		mt_put_char(t, '\n');
	}
	mt_put(t, "answers\n");
}

static void
write_text(FILE *out, const struct definition *d)
{
	static struct mt_sweep_text s;
	static char head[8192], answer[512], line[4096];
	struct mt_text t = MT_TEXT(head);
	struct names names = { NULL, 0, 0, NULL, 0 }, leaves = names;
	const char *problem;
	uint32_t *history, *leaf;

	put_head(&t, d);
	problem = mt_sweep_read(&s, head, d->name);
	if (problem != NULL)
		errx(1, "sweep %s: %s", d->name, problem);
	history = calloc(s.trials, sizeof(*history));
	leaf = calloc(s.trials, sizeof(*leaf));
	if (history == NULL || leaf == NULL)
		errx(1, "no memory");
	history_count = 0;
	history_room = 0;
	room_for_histories();
	for (unsigned f = 0; f < flavour_count; f++)
		for (uint32_t i = 0; i < s.trials; i++) {
			uint64_t values[MT_SWEEP_AXES];

			t = MT_TEXT(answer);
			mt_sweep_values(&s, i, WINDOW, flavours[f].page,
			    values);
			d->answer(&flavours[f], values, &t);
			history[i] = longer(history[i],
			    names_add(&names, answer));
		}
	for (uint32_t i = 0; i < s.trials; i++) {
		t = MT_TEXT(line);
		put_history(&t, history[i], &names);
		leaf[i] = names_add(&leaves, line);
	}
	fprintf(out, "%s", head);
	fold(out, &s, leaf, &leaves, UINT32_MAX);
	fprintf(stderr, "%-24s %8u trials\n", d->name, s.trials);
	free(history);
	free(leaf);
}

void
write_texts(const char *folder)
{
	FILE *out = NULL;
	char path[1024];

	list_flavours();
	for (unsigned i = 0; i < definition_count; i++) {
		const struct definition *d = &definitions[i];

		if (i == 0 || strcmp(d->file, definitions[i - 1].file) != 0) {
			if (out != NULL && fclose(out) != 0)
				err(1, "%s", path);
			snprintf(path, sizeof(path), "%s/%s.txt", folder,
			    d->file);
			out = fopen(path, "w");
			if (out == NULL)
				err(1, "%s", path);
		} else {
			fputc('\n', out);
		}
		write_text(out, d);
	}
	if (out != NULL && fclose(out) != 0)
		err(1, "%s", path);
}
