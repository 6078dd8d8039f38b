/* SPDX-License-Identifier: BSD-2-Clause */
#include "route.h"
#include "system.h"

/* What a program that is old enough may still send by mach_msg_trap. */
static bool
is_old_read(size_t member)
{
	return member == offsetof(struct mt_route, read) ||
	    member == offsetof(struct mt_route, read_overwrite);
}

bool
mt_route_has(const struct mt_route *route, size_t member)
{
	const struct mt_system *s = mt_system();
	void (*const *routine)(void) = (void (*const *)(void))(
	    const void *)((const char *)route + member);

	if (*routine == NULL)
		return false;
	if (route->new_messages && !mt_has_message2(s))
		return false;
	if (!route->old_messages)
		return true;
	switch (mt_old_messages(s)) {
	case MT_OLD_LIVE:
		return true;
	case MT_OLD_READS:
		return is_old_read(member);
	case MT_OLD_KILL:
		break;
	}
	return false;
}

void
mt_route_subject(void)
{
}
