/* SPDX-License-Identifier: BSD-2-Clause */
#include "toy.h"

#include <string.h>

#define STRING_(x_) #x_
#define STRING(x_)  STRING_(x_)

/* What bare/boot tells the kernel's version by. */
static const char version[] = "Darwin Kernel Version " STRING(
    TOY_DARWIN) ".5.0: a toy";

static unsigned wrong;

void
toy_say(const char *text)
{
	for (; *text != '\0'; text++) {
		if (*text != '\n') {
			toy_put(*text);
			continue;
		}
		/* as newer kernels end a line, and as 10.13 to 10.15 do */
		toy_put('\r');
		toy_put('\r');
		toy_put('\n');
		toy_put('\r');
	}
}

void
toy_say_number(uint64_t n)
{
	char digits[17];
	unsigned i = sizeof(digits) - 1;

	/* hexadecimal: there is no division of 64 bits here */
	digits[i] = '\0';
	do
		digits[--i] = "0123456789abcdef"[n & 15];
	while ((n >>= 4) != 0);
	toy_say("0x");
	toy_say(digits + i);
}

void
toy_check(bool right, const char *what)
{
	if (right)
		return;
	wrong++;
	toy_say("toy: wrong: ");
	toy_say(what);
	toy_say("\n");
}

bool
toy_has_prefix(const char *s, const char *prefix)
{
	return strlen(s) >= strlen(prefix) &&
	    memcmp(s, prefix, strlen(prefix)) == 0;
}

/* ---- the device tree -------------------------------------------------------------- */

static uint32_t
word(const uint8_t *at)
{
	return at[0] | (uint32_t)at[1] << 8 | (uint32_t)at[2] << 16 |
	    (uint32_t)at[3] << 24;
}

/* Behind the properties of the node at offset. */
static uint32_t
skip_properties(const struct toy_tree *t, uint32_t at)
{
	uint32_t count = word(t->bytes + at);

	for (at += 8; count > 0; count--)
		at += 36 + ((word(t->bytes + at + 32) + 3) & ~3u);
	return at;
}

static uint32_t
skip_node(const struct toy_tree *t, uint32_t at)
{
	uint32_t children = word(t->bytes + at + 4);

	for (at = skip_properties(t, at); children > 0; children--)
		at = skip_node(t, at);
	return at;
}

static const void *
property_at(const struct toy_tree *t, uint32_t at, const char *name,
    uint32_t *size)
{
	uint32_t count = word(t->bytes + at);

	for (at += 8; count > 0; count--) {
		const uint8_t *p = t->bytes + at;

		if (strcmp((const char *)p, name) == 0) {
			*size = word(p + 32);
			return p + 36;
		}
		at += 36 + ((word(p + 32) + 3) & ~3u);
	}
	return NULL;
}

/* The child whose property "name" is the first part of the path; 0: none. */
static uint32_t
child_at(const struct toy_tree *t, uint32_t at, const char *path, size_t length)
{
	uint32_t children = word(t->bytes + at + 4), size;
	const char *name;

	for (at = skip_properties(t, at); children > 0; children--) {
		name = property_at(t, at, "name", &size);
		if (name != NULL && size == length + 1 &&
		    memcmp(name, path, length) == 0)
			return at;
		at = skip_node(t, at);
	}
	return 0;
}

const void *
toy_property(const struct toy_tree *t, const char *node, const char *name,
    uint32_t *size)
{
	uint32_t at = 0;

	while (*node != '\0') {
		size_t length = 0;

		while (node[length] != '\0' && node[length] != '/')
			length++;
		if ((at = child_at(t, at, node, length)) == 0)
			return NULL;
		node += length + (node[length] == '/');
	}
	return property_at(t, at, name, size);
}

bool
toy_property_is(const struct toy_tree *t, const char *node, const char *name,
    const char *text)
{
	uint32_t size;
	const void *value = toy_property(t, node, name, &size);

	return value != NULL && size >= strlen(text) + 1 &&
	    memcmp(value, text, strlen(text) + 1) == 0;
}

uint64_t
toy_number(const struct toy_tree *t, const char *node, const char *name)
{
	uint32_t size = 0;
	const uint8_t *value = toy_property(t, node, name, &size);

	if (value == NULL || (size != 4 && size != 8)) {
		toy_check(false, name);
		return 0;
	}
	return word(value) | (size == 8 ? (uint64_t)word(value + 4) << 32 : 0);
}

/* ---- answers ------------------------------------------------------------------------ */

/* As POSIX has it for cksum(1). */
static uint32_t
checksum(const uint8_t *bytes, uint32_t size)
{
	uint32_t crc = 0, length = size;

	for (uint32_t i = 0; i < size || length != 0; i++) {
		uint8_t byte;

		if (i < size) {
			byte = bytes[i];
		} else {
			byte = length & 0xff;
			length >>= 8;
		}
		crc ^= (uint32_t)byte << 24;
		for (int bit = 0; bit < 8; bit++)
			crc = crc << 1 ^ (crc >> 31 ? 0x04c11db7 : 0);
	}
	return ~crc;
}

/* The number behind the mark that mach-vm-bare-image writes to. */
static unsigned
first_case(const uint8_t *disk, uint32_t size)
{
	static const char mark[] = "MT-BARE-FROM:";
	const size_t length = sizeof(mark) - 1;
	unsigned n = 0;

	for (uint32_t i = 0; i + length + 32 < size; i++)
		if (memcmp(disk + i, mark, length) == 0) {
			disk += i + length;
			while (*disk >= '0' && *disk <= '9')
				n = 10 * n + (unsigned)(*disk++ - '0');
			return n;
		}
	toy_check(false, "the disk has no mark for the first case");
	return 0;
}

enum ending { PASSES, PANICS, WEDGES, REBOOTS, CHATTERS, FAILS };
static const struct {
	const char *name;
	enum ending ending;
} cases[] = {
	{ "passes", PASSES },
	{ "panics", PANICS },
	{ "wedges", WEDGES },
	{ "reboots", REBOOTS },
	{ "chatters", CHATTERS },
	{ "fails", FAILS },
	{ "passes_again", PASSES },
};
#define CASES (sizeof(cases) / sizeof(*cases))

static void
tell_case(unsigned i, const char *begin, const char *end)
{
	toy_say(begin);
	toy_say("\ttoy-");
	toy_say(cases[i].name);
	toy_say("\tallocate.");
	toy_say(cases[i].name);
	toy_say("\ttrap");
	toy_say(end);
}

/* As a kernel that tries for ever. */
static void __attribute__((noreturn)) chatter(void)
{
	for (;;) {
		toy_say("mount(2) failed\n");
		for (volatile unsigned n = 0; n < 20000000; n++)
			;
	}
}

static void
run_case(unsigned i)
{
	toy_say("mt-begin\t");
	toy_put((char)('0' + i));
	tell_case(i, "", "\n");
	switch (cases[i].ending) {
	case PANICS:
		toy_say("panic(cpu 0 caller 0xffffff80002ae4a5): \"a toy\"\n");
		toy_say("Debugger called: <panic>\n");
		toy_halt();
	case WEDGES:
		toy_halt();
	case REBOOTS:
		toy_reboot();
	case CHATTERS:
		chatter();
	case FAILS:
		tell_case(i, "mt",
		    "\tbare\t15.5\t\tx\t4096\tcall\tKERN_FAILURE (5)"
		    "\tfail\n");
		tell_case(i, "mt-case", "\tfailed\ttold above\n");
		return;
	case PASSES:
		tell_case(i, "mt",
		    "\tbare\t15.5\t\tx\t4096\tcall\tKERN_SUCCESS (0)"
		    "\tpass\n");
		/* a kernel does not end every line */
		toy_say("vm: a word in between.");
		tell_case(i, "mt-case", "\tpassed\t\n");
	}
}

void
toy_answer(const uint8_t *disk, uint32_t disk_size, uint32_t cpu)
{
	unsigned first;

	toy_check(disk_size > 4096 && word(disk) == 0xfeedfacf &&
		word(disk + 4) == cpu,
	    "the disk is no Mach-O of this processor");
	first = first_case(disk, disk_size);
	toy_say(version);
	toy_say("\ntoy: disk ");
	toy_say_number(checksum(disk, disk_size));
	toy_say(" ");
	toy_say_number(disk_size);
	toy_say("\n");
	if (wrong != 0)
		toy_halt();
	toy_say("PROBE BEGIN\nmt-system\t1\tsystem=bare\trelease=15.5\t"
		"arch=toy\tpage=4096\nbare: 7 cases from number ");
	toy_put((char)('0' + first));
	toy_say(" on\n");
	for (unsigned i = first; i < CASES; i++)
		run_case(i);
	toy_say("PROBE END\n");
	toy_halt();
}
