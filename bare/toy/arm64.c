/*
 * What a loader hands over on arm64.  Offsets in boot_args are those of
 * pexpert/pexpert/arm64/boot.h, counted by hand.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <string.h>

#include "toy.h"

#define RAM	UINT64_C(0x40000000)
#define VIRTUAL UINT64_C(0xfffffe0006000000) /* of RAM: toy_image.c */
#define IO	UINT64_C(0x08000000)
#if TOY_DARWIN >= 23
#define LINE 1024
#else
#define LINE 608
#endif
#define END_OF_LINE ((108 + LINE + 7) & ~7)

extern const char toy_start[], toy_end[]; /* arm64.ld */
static uint32_t zero[4096];		  /* cleared by the loader */
static volatile uint32_t data = 0x600df00d;

void toy_call_firmware(uint32_t function);

void
toy_put(char c)
{
	volatile uint32_t *uart = (volatile uint32_t *)0x09000000;

	while ((uart[0x18 / 4] & 0x20) != 0) /* its queue is full */
		;
	uart[0] = (uint8_t)c;
}

void
toy_halt(void)
{
	for (;;)
		__asm__ volatile("wfi");
}

void
toy_reboot(void)
{
	toy_call_firmware(0x84000009); /* SYSTEM_RESET */
	toy_halt();
}

static uint32_t
u32(const uint8_t *at)
{
	uint32_t n;

	memcpy(&n, at, sizeof(n));
	return n;
}

static uint64_t
u64(const uint8_t *at)
{
	return u32(at) | (uint64_t)u32(at + 4) << 32;
}

/* A property that is an address and a size. */
static bool
is_range(const struct toy_tree *t, const char *node, const char *name,
    uint64_t start, uint64_t length)
{
	uint32_t size;
	const uint8_t *p = toy_property(t, node, name, &size);

	return p != NULL && size >= 16 && u64(p) == start &&
	    u64(p + 8) == length;
}

static void
check_chosen(const struct toy_tree *t, uint64_t tree, uint64_t args,
    uint64_t args_size)
{
	const uint8_t *seed;
	uint32_t size = 0, used = 0;

	toy_check(toy_number(t, "chosen", "debug-enabled") == 1, "debug");
	toy_check(toy_number(t, "chosen", "dram-base") == RAM, "dram-base");
	toy_check(toy_number(t, "chosen", "dram-size") == 1024u << 20,
	    "dram-size");
	seed = toy_property(t, "chosen", "random-seed", &size);
	for (unsigned i = 0; seed != NULL && i < 256; i++)
		used |= seed[i];
	toy_check(seed != NULL && size == 256 && used != 0, "random-seed");
	toy_check(is_range(t, "chosen/memory-map", "DeviceTree", tree, t->size),
	    "memory-map: DeviceTree");
	toy_check(is_range(t, "chosen/memory-map", "BootArgs", args, args_size),
	    "memory-map: BootArgs");
	toy_check(toy_property(t, "chosen", "chip-id", &size) == NULL,
	    "there is no chip-id");
}

static void
check_machine(const struct toy_tree *t)
{
	const uint8_t *p;
	uint32_t size = 0, serial;

	p = toy_property(t, "", "compatible", &size);
	toy_check(p != NULL && size == 50 &&
		memcmp(p, "VMA2MACOSAP\0VirtualMac2,1\0", 26) == 0,
	    "compatible");
	toy_check(toy_property_is(t, "", "platform-name", "vmapple"),
	    "platform-name");
	toy_check(toy_property_is(t, "cpus/cpu0", "state", "running") &&
		toy_property_is(t, "cpus/cpu0", "compatible", "arm,v8"),
	    "cpu0");
	toy_check(toy_number(t, "cpus/cpu0", "timebase-frequency") == 62500000,
	    "timebase-frequency");
	p = toy_property(t, "arm-io", "ranges", &size);
	toy_check(p != NULL && size == 24 && u64(p) == 0 && u64(p + 8) == IO,
	    "arm-io: ranges");
	toy_check(is_range(t, "arm-io/gic", "reg", 0, 0x10000), "gic");
	toy_check(is_range(t, "arm-io/uart0", "reg", 0x01000000, 0x4000) &&
		toy_property(t, "arm-io/uart0", "boot-console", &size) != NULL,
	    "uart0");
	p = toy_property(t, "defaults", "pmap-io-ranges", &size);
	toy_check(p != NULL && size == 24 && u64(p) == IO && u32(p + 16) == 7,
	    "pmap-io-ranges");
	serial = (uint32_t)toy_number(t, "defaults", "serial-device");
#if TOY_DARWIN >= 23
	toy_check(serial == toy_number(t, "arm-io/uart0", "AAPL,phandle"),
	    "serial-device names the UART");
#else
	toy_check(serial == 1, "serial-device");
#endif
	toy_check((toy_property(t, "options", "name", &size) == NULL) ==
		(TOY_DARWIN >= 21),
	    "options");
}

void toy_main(const uint8_t *a, uint64_t level, uint64_t control);

void
toy_main(const uint8_t *a, uint64_t level, uint64_t control)
{
	const uint64_t args = (uintptr_t)a, tree = u64(a + 96) - VIRTUAL + RAM;
	const uint64_t top = u64(a + 32);
	const struct toy_tree t = { (const uint8_t *)(uintptr_t)tree,
		u32(a + 104) };
	const uint8_t *range;
	uint32_t size = 0, used = 0;

	for (unsigned i = 0; i < 4096; i++)
		used |= zero[i];
	toy_check(used == 0, "memory behind the file's end is not zero");
	toy_check(data == 0x600df00d, "data are not there");
	toy_check(level == 1 << 2, "EL1");
	toy_check((control & 1) == 0, "translation is off");

	toy_check(u32(a) == 0x00020002, "revision and version 2");
	toy_check(u64(a + 8) == VIRTUAL && u64(a + 16) == RAM, "bases");
	toy_check(u64(a + 24) == 1024u << 20, "memory size");
	toy_check(top % 0x4000 == 0 && top > args + END_OF_LINE && top > tree,
	    "top of the kernel's data");
	toy_check(toy_has_prefix((const char *)a + 108, "debug=0x14e ") &&
		a[108 + LINE - 1] == 0,
	    "the command line");
	toy_check(u64(a + END_OF_LINE) == 0 &&
		u64(a + END_OF_LINE + 8) == 1024u << 20,
	    "boot flags and actual memory behind the command line");
	toy_check(args % 0x4000 == 0 && tree % 0x4000 == 0 &&
		tree >= (uintptr_t)toy_end,
	    "places on pages behind the kernel");
	check_chosen(&t, tree, args, END_OF_LINE + 16);
	check_machine(&t);

	range = toy_property(&t, "chosen/memory-map", "RAMDisk", &size);
	toy_check(range != NULL && size == 16 && u64(range) % 0x4000 == 0 &&
		u64(range) >= (uintptr_t)toy_end &&
		u64(range) + u64(range + 8) <= top,
	    "the disk's place");
	if (range == NULL)
		toy_halt();
	toy_answer((const uint8_t *)(uintptr_t)u64(range),
	    (uint32_t)u64(range + 8), 0x0100000c);
}
