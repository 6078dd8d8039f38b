/*
 * Loads an XNU for x86_64 as its own booter would: from a multiboot machine
 * with two modules, the kernel's Mach-O and the content of the RAM disk.
 *
 * In memory, from the lowest segment of the kernel on, page aligned:
 *
 *	kernel | boot_args | device tree | memory map | EFI table | RAM disk
 *
 * and the loader with its modules above all that.  What a kernel looks at is
 * in pexpert/pexpert/i386/boot.h and pexpert/i386/pe_init.c of XNU.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "macho.h"
#include "tree.h"

#define PAGE	    4096u
#define KERNEL_BASE UINT64_C(0xffffff8000000000)
#define LOADER	    0x10000000u /* x86_64.ld */

struct multiboot {
	uint32_t flags, lower, upper, device, command_line;
	uint32_t modules, module_at, symbols[4];
	uint32_t map_size, map_at;
};
struct module {
	uint32_t start, end, text, reserved;
};
/* Its size field does not count itself. */
struct __attribute__((packed)) region {
	uint32_t size;
	uint64_t start, length;
	uint32_t type; /* 1: RAM */
};

struct boot_args {
	uint16_t revision, version;
	uint8_t efi_mode, debug_mode;
	uint16_t flags;
	char command_line[1024];
	uint32_t map, map_size, map_descriptor_size, map_descriptor_version;
	uint32_t old_video[6];
	uint32_t tree, tree_size;
	uint32_t kernel, kernel_size;
	uint32_t efi_pages, efi_page_count;
	uint64_t efi_pages_virtual;
	uint32_t efi_table, slide;
	uint32_t performance[2], key_store[2];
	uint64_t boot_memory, boot_memory_size, memory_size;
	uint64_t bus_frequency, pci_config;
	uint32_t pci_start, pci_end;
	uint32_t csr_active, csr_capabilities;
	uint8_t rest[4096 - 1184];
};
_Static_assert(sizeof(struct boot_args) == 4096, "one page");

struct efi_descriptor {
	uint32_t type, pad;
	uint64_t physical, virtual, pages, attribute;
	uint64_t pad2; /* 48 bytes */
};
enum { EFI_RESERVED = 0, EFI_CONVENTIONAL = 7, EFI_WRITE_BACK_ETC = 0xf };

struct efi_table {
	char signature[8];
	uint32_t revision, size, crc, reserved;
	uint64_t vendor;
	uint32_t vendor_revision, pad;
	uint64_t console[6], runtime, boot;
	uint64_t count, tables;
};
_Static_assert(sizeof(struct efi_table) == 120, "headerSize");
struct efi_configuration {
	uint8_t guid[16];
	uint64_t table;
};

/* Physical addresses, which here are addresses. */
#define AT(address_) ((void *)(uintptr_t)(address_))

void enter_kernel(uint32_t entry, uint32_t boot_args) __attribute__((noreturn));

/* ---- the machine --------------------------------------------------------------- */

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

static uint64_t
tsc(void)
{
	uint32_t low, high;

	__asm__ volatile("rdtsc" : "=a"(low), "=d"(high));
	return (uint64_t)high << 32 | low;
}

static void
say(const char *text)
{
	for (; *text != '\0'; text++) {
		while ((in(0x3f8 + 5) & 0x20) == 0)
			;
		out(0x3f8, (uint8_t)*text);
	}
}

static void __attribute__((noreturn)) die(const char *why)
{
	say("loader: ");
	say(why);
	say("\n");
	for (;;)
		__asm__ volatile("cli; hlt");
}

/* Ticks of the TSC a second, by channel 2 of the PIT: 1193182 Hz. */
static uint64_t
tsc_frequency(void)
{
	const uint16_t count = 1193182 / 20;
	uint64_t start;

	out(0x61, (uint8_t)((in(0x61) & ~2) | 1));
	out(0x43, 0xb0);
	out(0x42, count & 0xff);
	out(0x42, count >> 8);
	start = tsc();
	while ((in(0x61) & 0x20) == 0)
		;
	return (tsc() - start) * 20;
}

/* ---- the kernel ------------------------------------------------------------------ */

static const struct macho_segment *
segment(const uint8_t *file, uint32_t size, unsigned index)
{
	static struct macho_segment s;

	return macho_segment(file, size, index, &s) ? &s : NULL;
}

static int
is_loaded(const struct macho_segment *s)
{
	return s->address >= KERNEL_BASE &&
	    s->address - KERNEL_BASE < UINT32_MAX / 2 && s->memory_size != 0;
}

/* Puts the segments where they belong; [*start, *end) is what they take. */
static void
load(const uint8_t *file, uint32_t size, uint32_t *start, uint32_t *end)
{
	const struct macho_segment *s;
	const char *problem;

	if (!macho_check(file, size, &problem))
		die(problem);
	*start = UINT32_MAX;
	*end = 0;
	for (unsigned i = 0; (s = segment(file, size, i)) != NULL; i++) {
		uint32_t at = (uint32_t)s->address;
		uint32_t length = (uint32_t)s->memory_size;

		if (!is_loaded(s))
			continue;
		if (length > LOADER || at > LOADER - length)
			die("the kernel has a segment where the loader is");
		memset(AT(at), 0, length);
		memcpy(AT(at), file + s->offset, (size_t)s->file_size);
		if (at < *start)
			*start = at;
		if (at + length > *end)
			*end = at + length;
	}
	if (*end == 0)
		die("the kernel has no segment to load");
}

/* ---- what it is told ---------------------------------------------------------------- */

/* Pages from where the last one ended. */
static uint32_t next_page;

static void *
pages(uint32_t size)
{
	uint32_t at = next_page;

	size = (size + PAGE - 1) & ~(PAGE - 1);
	if (size > LOADER || at > LOADER - size)
		die("kernel and RAM disk do not fit below the loader");
	next_page += size;
	memset(AT(at), 0, size);
	return AT(at);
}

static uint32_t
crc32(const uint8_t *bytes, size_t size)
{
	uint32_t crc = ~0u;

	while (size-- > 0) {
		crc ^= *bytes++;
		for (int i = 0; i < 8; i++)
			crc = crc >> 1 ^ (crc & 1 ? 0xedb88320 : 0);
	}
	return ~crc;
}

/* The machine's pointer to its ACPI tables: 20 bytes on a multiple of 16. */
static const uint8_t *
find_rsdp(void)
{
	for (uint32_t at = 0xe0000; at < 0x100000; at += 16)
		if (memcmp(AT(at), "RSD PTR ", 8) == 0)
			return AT(at);
	die("the machine has no ACPI tables");
}

static void
make_efi(struct boot_args *a)
{
	/* eb9d2d30-2d88-11d3-9a16-0090273fc14d: ACPI 1.0 */
	static const uint8_t acpi[16] = { 0x30, 0x2d, 0x9d, 0xeb, 0x88, 0x2d,
		0xd3, 0x11, 0x9a, 0x16, 0x00, 0x90, 0x27, 0x3f, 0xc1, 0x4d };
	struct efi_table *t = pages(PAGE);
	struct efi_configuration *c = (void *)(t + 1);
	uint8_t *rsdp = (uint8_t *)(c + 1);

	memcpy(rsdp, find_rsdp(), 20);
	memcpy(c->guid, acpi, sizeof(acpi));
	c->table = (uintptr_t)rsdp;
	memcpy(t->signature, "IBI SYST", 8);
	t->revision = 0x10002;
	t->size = sizeof(*t);
	t->count = 1;
	t->tables = (uintptr_t)c;
	t->crc = crc32((const uint8_t *)t, sizeof(*t));
	a->efi_table = (uintptr_t)t;
}

static void
make_map(struct boot_args *a, const struct multiboot *m)
{
	struct efi_descriptor *d = pages(PAGE);
	uint32_t at = m->map_at, n = 0;

	a->map = (uintptr_t)d;
	while (at < m->map_at + m->map_size) {
		const struct region *r = AT(at);
		uint64_t start = (r->start + PAGE - 1) & ~(uint64_t)(PAGE - 1);
		uint64_t end = (r->start + r->length) & ~(uint64_t)(PAGE - 1);

		at += r->size + sizeof(r->size);
		if (r->type == 1)
			a->memory_size += r->length;
		if (start >= end)
			continue;
		if (n == PAGE / sizeof(*d))
			die("the machine's memory has too many parts");
		d[n++] = (struct efi_descriptor){
			.type = r->type == 1 ? EFI_CONVENTIONAL : EFI_RESERVED,
			.physical = start,
			.pages = (end - start) / PAGE,
			.attribute = EFI_WRITE_BACK_ETC,
		};
	}
	a->map_size = n * sizeof(*d);
	a->map_descriptor_size = sizeof(*d);
	a->map_descriptor_version = 1;
}

static void
make_tree(struct boot_args *a, uint32_t disk, uint32_t disk_size)
{
	uint8_t seed[64];
	struct tree t;

	for (unsigned i = 0; i < sizeof(seed); i++)
		seed[i] = (uint8_t)(tsc() >> i % 5);
	tree_begin(&t, pages(PAGE), PAGE);
	tree_node(&t, "device-tree");
	tree_text(&t, "compatible", "ACPI");
	tree_text(&t, "model", "ACPI");
	tree_text(&t, "IODeviceType", "bootrom");
	tree_node(&t, "chosen");
	tree_bytes(&t, "random-seed", seed, sizeof(seed));
	tree_text(&t, "boot-file", "kernel");
	tree_node(&t, "memory-map");
	tree_range(&t, "RAMDisk", disk, disk_size);
	tree_end(&t);
	tree_end(&t);
	tree_node(&t, "efi");
	tree_text(&t, "firmware-abi", "EFI64");
	tree_node(&t, "platform");
	tree_u64(&t, "FSBFrequency", a->bus_frequency);
	tree_u64(&t, "InitialTSC", 0);
	tree_end(&t);
	tree_node(&t, "runtime-services");
	tree_end(&t);
	tree_node(&t, "configuration-table");
	tree_end(&t);
	tree_end(&t);
	tree_end(&t);
	if (t.full || t.depth != 0)
		die("the device tree does not fit");
	a->tree = (uintptr_t)t.bytes;
	a->tree_size = t.size;
}

/* QEMU puts the loader's name in front. */
static void
take_command_line(struct boot_args *a, const char *line)
{
	while (*line != '\0' && *line != ' ')
		line++;
	while (*line == ' ')
		line++;
	if (strlen(line) >= sizeof(a->command_line))
		die("the command line is too long");
	memcpy(a->command_line, line, strlen(line));
}

void loader_main(uint32_t magic, const struct multiboot *);

void
loader_main(uint32_t magic, const struct multiboot *m)
{
	const struct module *kernel = AT(m->module_at), *disk = kernel + 1;
	uint32_t start, end, disk_at, disk_size;
	uint64_t entry;
	struct boot_args *a;

	if (magic != 0x2badb002 || (m->flags & 0x4c) != 0x4c)
		die("not started by multiboot with modules and a memory map");
	if (m->modules != 2)
		die("needs two modules: kernel and RAM disk");
	out(0x21, 0xff); /* both 8259 masked */
	out(0xa1, 0xff);

	load(AT(kernel->start), kernel->end - kernel->start, &start, &end);
	if (!macho_entry(AT(kernel->start), kernel->end - kernel->start,
		&entry))
		die("the kernel has no entry");
	next_page = (end + PAGE - 1) & ~(PAGE - 1);
	a = pages(sizeof(*a));
	a->version = 2;
	a->efi_mode = 64;
	a->flags = 1 << 3; /* csr_active counts */
	a->csr_active = 0x7f;
	a->bus_frequency = tsc_frequency() / 4;
	take_command_line(a, AT(m->command_line));

	/* The tree names the disk, which comes last: its place is known. */
	disk_at = next_page + 3 * PAGE;
	disk_size = disk->end - disk->start;
	make_tree(a, disk_at, disk_size);
	make_map(a, m);
	make_efi(a);
	memcpy(pages(disk_size), AT(disk->start), disk_size);
	if (next_page - disk_at < disk_size)
		die("the RAM disk is not where the tree says");
	a->kernel = start;
	a->kernel_size = next_page - start;
	enter_kernel((uint32_t)entry & 0x7fffffff, (uintptr_t)a);
}
