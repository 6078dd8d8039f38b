/*
 * What a loader hands over on x86_64.  Offsets in boot_args are those of
 * pexpert/pexpert/i386/boot.h, counted by hand.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <string.h>

#include "toy.h"

#define AT(address_) ((const uint8_t *)(uintptr_t)(address_))

extern const char toy_start[], toy_end[]; /* x86_64.ld */
static uint32_t zero[4096];		  /* cleared by the loader */
static volatile uint32_t data = 0x600df00d;

static void
out(uint16_t port, uint8_t value)
{
	__asm__ volatile("outb %0, %1" : : "a"(value), "Nd"(port));
}

static uint8_t
in(uint16_t port)
{
	uint8_t value;

	__asm__ volatile("inb %1, %0" : "=a"(value) : "Nd"(port));
	return value;
}

void
toy_put(char c)
{
	while ((in(0x3f8 + 5) & 0x20) == 0)
		;
	out(0x3f8, (uint8_t)c);
}

void
toy_halt(void)
{
	for (;;)
		__asm__ volatile("cli; hlt");
}

void
toy_reboot(void)
{
	out(0x64, 0xfe); /* the keyboard's way */
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
	uint64_t n;

	memcpy(&n, at, sizeof(n));
	return n;
}

static bool
sums_to_zero(const uint8_t *bytes, unsigned size)
{
	uint8_t sum = 0;

	while (size-- > 0)
		sum = (uint8_t)(sum + *bytes++);
	return sum == 0;
}

/* The residue of a CRC-32 over a table with its own CRC in it cannot be used:
 * the field counts as zero. */
static uint32_t
crc_without_field(const uint8_t *bytes, unsigned size, unsigned field)
{
	uint32_t crc = ~0u;

	for (unsigned i = 0; i < size; i++) {
		crc ^= i >= field && i < field + 4 ? 0 : bytes[i];
		for (int bit = 0; bit < 8; bit++)
			crc = crc >> 1 ^ (crc & 1 ? 0xedb88320 : 0);
	}
	return ~crc;
}

static void
check_map(const uint8_t *a)
{
	const uint8_t *d = AT(u32(a + 1032));
	uint32_t size = u32(a + 1036);
	uint64_t ram = 0;
	bool has_us = false;

	toy_check(u32(a + 1040) == 48 && u32(a + 1044) == 1,
	    "memory map: size or version of a descriptor");
	toy_check(size != 0 && size % 48 == 0, "memory map: its size");
	for (uint32_t i = 0; i < size; i += 48) {
		uint64_t start = u64(d + i + 8), n = u64(d + i + 24) << 12;

		toy_check((start & 4095) == 0, "memory map: not on pages");
		toy_check(u64(d + i + 32) == 0xf, "memory map: attribute");
		if (u32(d + i) != 7)
			continue;
		ram += n;
		has_us |= start <= (uintptr_t)toy_start &&
		    start + n >= (uintptr_t)toy_end;
	}
	toy_check(has_us, "memory map: no RAM where the kernel is");
	toy_check(ram > (UINT64_C(2900) << 20) && u64(a + 1144) >= ram &&
		u64(a + 1144) <= UINT64_C(3072) << 20,
	    "memory map: RAM of 3 GiB");
}

static void
check_efi(const uint8_t *t)
{
	static const uint8_t acpi[] = { 0x30, 0x2d, 0x9d, 0xeb, 0x88, 0x2d,
		0xd3, 0x11, 0x9a, 0x16, 0, 0x90, 0x27, 0x3f, 0xc1, 0x4d };
	const uint8_t *c, *rsdp;

	toy_check(memcmp(t, "IBI SYST", 8) == 0 && u32(t + 12) == 120,
	    "EFI table: signature or size");
	toy_check(u32(t + 16) == crc_without_field(t, 120, 16),
	    "EFI table: CRC");
	toy_check(u64(t + 104) == 1, "EFI table: one configuration table");
	c = AT(u64(t + 112));
	rsdp = AT(u64(c + 16));
	toy_check(memcmp(c, acpi, 16) == 0, "EFI table: GUID of ACPI 1.0");
	toy_check(memcmp(rsdp, "RSD PTR ", 8) == 0 && sums_to_zero(rsdp, 20),
	    "EFI table: ACPI's root pointer");
}

static void
check_tree(const struct toy_tree *t, const uint8_t *a)
{
	const uint8_t *seed;
	uint32_t size, used = 0;

	seed = toy_property(t, "chosen", "random-seed", &size);
	for (unsigned i = 0; seed != NULL && i < 64; i++)
		used |= seed[i];
	toy_check(seed != NULL && size == 64 && used != 0, "random-seed");
	toy_check(toy_property_is(t, "", "compatible", "ACPI"), "compatible");
	toy_check(toy_property(t, "chosen", "boot-file", &size) != NULL,
	    "boot-file");
	toy_check(toy_property_is(t, "efi", "firmware-abi", "EFI64"),
	    "firmware-abi");
	toy_check(toy_number(t, "efi/platform", "FSBFrequency") ==
		u64(a + 1152),
	    "FSBFrequency is that of boot_args");
	(void)toy_number(t, "efi/platform", "InitialTSC");
	toy_check(toy_property(t, "efi/runtime-services", "name", &size) !=
		NULL,
	    "runtime-services");
	toy_check(toy_property(t, "efi/configuration-table", "name", &size) !=
		NULL,
	    "configuration-table");
}

static bool
is_inside(const uint8_t *a, uint64_t at, uint64_t size)
{
	uint64_t start = u32(a + 1080), end = start + u32(a + 1084);

	return (at & 4095) == 0 && at >= start && at + size <= end;
}

void toy_main(const uint8_t *a, uint32_t cr0, uint32_t flags);

void
toy_main(const uint8_t *a, uint32_t cr0, uint32_t flags)
{
	const struct toy_tree tree = { AT(u32(a + 1072)), u32(a + 1076) };
	const uint8_t *range;
	uint64_t hertz = u64(a + 1152) * 4;
	uint32_t size = 0, used = 0;

	for (unsigned i = 0; i < 4096; i++)
		used |= zero[i];
	toy_check(used == 0, "memory behind the file's end is not zero");
	toy_check(data == 0x600df00d, "data are not there");
	toy_check((cr0 & 1) != 0 && (cr0 >> 31) == 0, "protected, not paged");
	toy_check((flags & 0x200) == 0, "interrupts off");
	toy_check(in(0x21) == 0xff && in(0xa1) == 0xff, "8259s masked");

	toy_check(a[0] == 0 && a[2] == 2 && a[4] == 64, "version, efiMode");
	toy_check(toy_has_prefix((const char *)a + 8, "rd=md0 "),
	    "the command line begins with rd=md0");
	toy_check(u32(a + 1080) == (uintptr_t)toy_start, "kaddr");
	toy_check(is_inside(a, (uintptr_t)a, 4096), "boot_args' place");
	toy_check(is_inside(a, u32(a + 1072), tree.size), "the tree's place");
	toy_check(is_inside(a, u32(a + 1032), u32(a + 1036)),
	    "the memory map's place");
	toy_check(is_inside(a, u32(a + 1104), 120), "the EFI table's place");
	toy_check(u32(a + 1108) == 0, "slide");
	toy_check(hertz > 100000000 && hertz < UINT64_C(20000000000),
	    "FSBFrequency is a quarter of the TSC's");
	toy_check(u32(a + 1176) == 0x7f, "csrActiveConfig");
	check_map(a);
	check_efi(AT(u32(a + 1104)));
	check_tree(&tree, a);

	range = toy_property(&tree, "chosen/memory-map", "RAMDisk", &size);
	toy_check(range != NULL && size == 16, "RAMDisk");
	if (range == NULL)
		toy_halt();
	toy_check(is_inside(a, u64(range), u64(range + 8)), "the disk's place");
	toy_answer(AT(u64(range)), (uint32_t)u64(range + 8), 0x01000007);
}
