/*
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "utf8.h"

size_t
utf8_next(const char *text, unsigned *point)
{
	static const unsigned least[] = { 0, 0, 0x80, 0x800, 0x10000 };
	const unsigned char *s = (const unsigned char *)text;
	size_t length = s[0] < 0x80 ? 1 :
	    s[0] < 0xc2		    ? 0 :
	    s[0] < 0xe0		    ? 2 :
	    s[0] < 0xf0		    ? 3 :
	    s[0] < 0xf5		    ? 4 :
				      0;
	unsigned value;

	if (length == 1) {
		*point = s[0];
		return 1;
	}
	*point = 0xfffd;
	if (length == 0)
		return 1;
	value = s[0] & (0x7fu >> length);
	for (size_t i = 1; i < length; i++) {
		if ((s[i] & 0xc0) != 0x80)
			return 1;
		value = value << 6 | (s[i] & 0x3f);
	}
	if (value < least[length] || value > 0x10ffff ||
	    (value >= 0xd800 && value < 0xe000))
		return 1;
	*point = value;
	return length;
}

bool
utf8_is_xml(unsigned p)
{
	return p == '\t' || p == '\n' || p == '\r' ||
	    (p >= 0x20 && p < 0xfffd && !(p >= 0xd800 && p < 0xe000)) ||
	    (p >= 0x10000 && p <= 0x10ffff);
}
