/* SPDX-License-Identifier: BSD-2-Clause */
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>

#include "system.h"
#include "threads.h"

struct crew {
	void (*body)(void *, unsigned);
	void *argument;
	atomic_uint missing; /* of those that are to begin together */
	atomic_bool given_up;
};

struct member {
	struct crew *crew;
	unsigned i;
	pthread_t thread;
};

static void *
begin(void *argument)
{
	const struct member *m = argument;
	struct crew *crew = m->crew;

	mt_thread_begins();
	atomic_fetch_sub(&crew->missing, 1);
	while (atomic_load(&crew->missing) > 0 && !atomic_load(&crew->given_up))
		sched_yield();
	if (!atomic_load(&crew->given_up))
		crew->body(crew->argument, m->i);
	return NULL;
}

bool
mt_threads(unsigned n, void (*body)(void *, unsigned), void *argument)
{
	struct crew crew = { .body = body, .argument = argument };
	struct member members[MT_THREADS];
	unsigned made = 0;

	if (n > MT_THREADS)
		return false;
	atomic_init(&crew.missing, n);
	atomic_init(&crew.given_up, false);
	for (; made < n; made++) {
		members[made] = (struct member){ .crew = &crew, .i = made };
		if (pthread_create(&members[made].thread, NULL, begin,
			&members[made]) != 0)
			break;
	}
	if (made < n)
		atomic_store(&crew.given_up, true);
	for (unsigned i = 0; i < made; i++)
		pthread_join(members[i].thread, NULL);
	return made == n;
}
