/*
 * What all systems have in common: the order of releases, and what follows
 * from one for messages.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "system.h"

/* The next part of "10.13.6", or -1 at its end. */
static int
next_part(const char **s)
{
	int part = 0;

	if (**s < '0' || **s > '9')
		return -1;
	for (; **s >= '0' && **s <= '9'; (*s)++)
		if (part < 100000)
			part = 10 * part + (**s - '0');
	if (**s == '.')
		(*s)++;
	return part;
}

static int
compare(const char *release, const char *other)
{
	int a, b;

	while ((b = next_part(&other)) != -1) {
		a = next_part(&release);
		if (a == -1)
			a = 0;
		if (a != b)
			return a < b ? -1 : 1;
	}
	return 0;
}

bool
mt_release_until(const char *release, const char *until)
{
	return compare(release, until) <= 0;
}

bool
mt_release_since(const char *release, const char *since)
{
	return compare(release, since) >= 0;
}

int
mt_until_compare(const char *a, const char *b)
{
	int x, y;

	do {
		x = next_part(&a);
		y = next_part(&b);
		if (x == -1 || y == -1) /* 14 includes all 14.x */
			return (x == -1) - (y == -1);
	} while (x == y);
	return x < y ? -1 : 1;
}

bool
mt_has_message2(const struct mt_system *s)
{
	return mt_release_since(s->release, "13");
}

enum mt_old_messages
mt_old_messages(const struct mt_system *s)
{
	if (!mt_has_message2(s) || s->translated)
		return MT_OLD_LIVE;
	return s->sdk != 0 && s->sdk >> 16 <= 12 ? MT_OLD_READS : MT_OLD_KILL;
}
