/*
 * A stand-in for a kernel: it checks everything that a loader must hand over
 * and answers on the console as an XNU with the bare image would, through a
 * panic, a wedge and a reboot.  It shares nothing with the loaders but
 * <mach-o/loader.h>'s numbers.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef TOY_H
#define TOY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* ---- what a machine supplies ------------------------------------------------- */

void toy_put(char);
void toy_halt(void) __attribute__((noreturn));
void toy_reboot(void) __attribute__((noreturn));

/* ---- what toy.c does ---------------------------------------------------------- */

void toy_say(const char *);
void toy_say_number(uint64_t);
/* Tells what is wrong; toy_answer() then gives no answer. */
void toy_check(bool, const char *what);

/* A property of the node, "" the root, "chosen/memory-map" one further down. */
struct toy_tree {
	const uint8_t *bytes;
	uint32_t size;
};
const void *toy_property(const struct toy_tree *, const char *node,
    const char *name, uint32_t *size);
bool toy_property_is(const struct toy_tree *, const char *node,
    const char *name, const char *text);
/* A number of 32 or 64 bits; toy_check() tells when there is none. */
uint64_t toy_number(const struct toy_tree *, const char *node,
    const char *name);

bool toy_has_prefix(const char *, const char *prefix);

/* Everything is there: run what the disk asks for. */
void toy_answer(const uint8_t *disk, uint32_t disk_size, uint32_t cpu)
    __attribute__((noreturn));

#endif
