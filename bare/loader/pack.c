/*
 * mach-vm-bare-pack: what an XNU for arm64 is handed over by its booter, as one
 * ELF file that a machine without firmware starts: kernel, device tree, RAM
 * disk, boot_args and the four instructions in front.  Also tells what a kernel
 * file is for.
 *
 * The machine is QEMU's "virt": RAM from 1 GiB on, GIC and UART below.  What a
 * kernel looks at is in pexpert/pexpert/arm64/boot.h and pexpert/arm of XNU.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <elf.h>
#include <err.h>
#include <getopt.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "macho.h"
#include "tree.h"

#define PAGE	   UINT64_C(0x4000)
#define BLOCK	   (UINT64_C(32) << 20) /* the same offset in it everywhere */
#define RAM	   UINT64_C(0x40000000)
#define RAM_SIZE   (UINT64_C(1024) << 20)
#define IO	   UINT64_C(0x08000000)
#define IO_SIZE	   UINT64_C(0x02000000)
#define GIC	   UINT64_C(0x08000000)
#define GIC_REDIST UINT64_C(0x080a0000)
#define UART	   UINT64_C(0x09000000)
#define TIMEBASE   UINT64_C(62500000)
#define DARWIN_12  21 /* macOS 12, whose IONVRAM makes /options itself */
#define DARWIN_14  23 /* macOS 14, from which on the arguments differ */

struct boot_args {
	uint16_t revision, version;
	uint32_t pad;
	uint64_t virtual, physical, memory_size, top;
	uint64_t video[6];
	uint32_t machine, pad2;
	uint64_t tree;
	uint32_t tree_size;
	char command_line[]; /* 608 or 1024, then two numbers of 64 bits */
};

struct file {
	uint8_t *bytes;
	size_t size;
};

/* A piece of the ELF file. */
struct piece {
	uint64_t at, memory_size;
	const void *bytes;
	size_t size;
};
static struct piece pieces[32];
static unsigned piece_count;

static struct file
read_file(const char *path)
{
	FILE *f = fopen(path, "rb");
	struct file file = { 0 };
	long size;

	if (f == NULL || fseek(f, 0, SEEK_END) != 0 || (size = ftell(f)) < 0)
		err(2, "%s", path);
	rewind(f);
	file.size = (size_t)size;
	file.bytes = malloc(file.size + 1);
	if (file.bytes == NULL ||
	    fread(file.bytes, 1, file.size, f) != file.size)
		err(2, "%s", path);
	fclose(f);
	return file;
}

static uint64_t
round_page(uint64_t n)
{
	return (n + PAGE - 1) & ~(PAGE - 1);
}

static void
add(uint64_t at, uint64_t memory_size, const void *bytes, size_t size)
{
	if (piece_count == sizeof(pieces) / sizeof(*pieces))
		errx(2, "the kernel has too many segments");
	pieces[piece_count++] = (struct piece){ at, memory_size, bytes, size };
}

/* ---- the kernel ------------------------------------------------------------------ */

/* Of "Darwin Kernel Version 24.5.0: ...": 24.5.0, which the file must have. */
static const char *
darwin_version(const char *path, const struct file *kernel)
{
	static const char words[] = "Darwin Kernel Version ";
	static char version[32];
	const uint8_t *at = memmem(kernel->bytes, kernel->size, words,
	    strlen(words));
	size_t n = 0;

	if (at == NULL)
		errx(2, "%s: no Darwin kernel", path);
	at += strlen(words);
	while (at < kernel->bytes + kernel->size && n < sizeof(version) - 1 &&
	    strchr("0123456789.", *at) != NULL && *at != '\0')
		version[n++] = (char)*at++;
	version[n] = '\0';
	return version;
}

static const struct macho_arch *
check_kernel(const char *path, const struct file *kernel)
{
	const char *problem;

	if (!macho_check(kernel->bytes, kernel->size, &problem))
		errx(2, "%s: %s", path, problem);
	return macho_arch(kernel->bytes, kernel->size);
}

/* Adds the segments; the virtual address of RAM's start, and the end. */
static uint64_t
add_kernel(const struct file *kernel, uint64_t *end)
{
	struct macho_segment s;
	uint64_t low = UINT64_MAX, base;

	for (unsigned i = 0; macho_segment(kernel->bytes, kernel->size, i, &s);
	     i++)
		if (s.memory_size != 0 && s.address < low)
			low = s.address;
	base = low & ~(BLOCK - 1);
	*end = 0;
	for (unsigned i = 0; macho_segment(kernel->bytes, kernel->size, i, &s);
	     i++) {
		if (s.memory_size == 0)
			continue;
		s.address += RAM - base;
		if (s.address - RAM > RAM_SIZE / 2 ||
		    s.memory_size > RAM_SIZE / 2)
			errx(2, "the kernel's segments do not fit into RAM");
		add(s.address, s.memory_size, kernel->bytes + s.offset,
		    s.file_size);
		if (s.address + s.memory_size > *end)
			*end = s.address + s.memory_size;
	}
	return base;
}

/* ---- the device tree --------------------------------------------------------------- */

/* Where things stand; addresses are physical. */
struct places {
	uint64_t disk, disk_size, tree, tree_size, args, args_size;
	bool is_12, is_14;
};

static void
add_chosen(struct tree *t, const struct places *p)
{
	uint8_t seed[256]; /* 26 asks for that much, who came before for 64 */
	FILE *f = fopen("/dev/urandom", "rb");

	if (f == NULL || fread(seed, 1, sizeof(seed), f) != sizeof(seed))
		err(2, "/dev/urandom");
	fclose(f);
	tree_node(t, "chosen");
	tree_u32(t, "debug-enabled", 1);
	tree_bytes(t, "random-seed", seed, sizeof(seed));
	tree_text(t, "firmware-version", "mach-vm-tests");
	tree_u64(t, "dram-base", RAM);
	tree_u64(t, "dram-size", RAM_SIZE);
	tree_u32(t, "board-id", 0x20);
	tree_u32(t, "security-domain", 1);
	tree_u32(t, "certificate-production-status", 0);
	tree_u32(t, "certificate-security-mode", 0);
	tree_u32(t, "effective-production-status-ap", 0);
	tree_u32(t, "effective-security-mode-ap", 0);
	tree_u64(t, "unique-chip-id", 1);
	tree_node(t, "memory-map");
	tree_range(t, "RAMDisk", p->disk, p->disk_size);
	tree_range(t, "DeviceTree", p->tree, p->tree_size);
	tree_range(t, "BootArgs", p->args, p->args_size);
	tree_end(t);
	tree_node(t, "manifest-properties");
	tree_end(t);
	tree_node(t, "asmb");
	tree_end(t);
	tree_end(t);
}

static void
add_cpus(struct tree *t)
{
	tree_node(t, "cpus");
	tree_u32(t, "#address-cells", 1);
	tree_u32(t, "#size-cells", 0);
	tree_node(t, "cpu0");
	tree_text(t, "device_type", "cpu");
	tree_text(t, "compatible", "arm,v8");
	tree_text(t, "state", "running");
	tree_u32(t, "reg", 0);
	tree_u32(t, "cpu-id", 0);
	tree_u64(t, "timebase-frequency", TIMEBASE);
	tree_u64(t, "clock-frequency", UINT64_C(1000000000));
	tree_u64(t, "bus-frequency", UINT64_C(100000000));
	tree_u64(t, "memory-frequency", UINT64_C(100000000));
	tree_u64(t, "peripheral-frequency", UINT64_C(100000000));
	tree_u64(t, "fixed-frequency", UINT64_C(24000000));
	tree_u32(t, "l2-cache-size", 1 << 20);
	tree_end(t);
	tree_end(t);
}

enum { PHANDLE_UART = 3, PHANDLE_GIC = 2 };

static void
add_io(struct tree *t)
{
	const uint64_t ranges[] = { 0, IO, IO_SIZE };
	const uint64_t gic[] = { GIC - IO, 0x10000, GIC_REDIST - IO, 0x20000 };

	tree_node(t, "arm-io");
	tree_text(t, "device_type", "vmapple-io");
	tree_bytes(t, "compatible", "arm-io,vmapple", sizeof("arm-io,vmapple"));
	tree_u32(t, "#address-cells", 2);
	tree_u32(t, "#size-cells", 2);
	tree_bytes(t, "ranges", ranges, sizeof(ranges));
	tree_node(t, "gic");
	tree_text(t, "device_type", "interrupt-controller");
	tree_text(t, "compatible", "arm,gic-v3");
	tree_bytes(t, "reg", gic, sizeof(gic));
	tree_bytes(t, "interrupt-controller", "", 0);
	tree_u32(t, "#interrupt-cells", 3);
	tree_u32(t, "AAPL,phandle", PHANDLE_GIC);
	tree_end(t);
	tree_node(t, "uart0");
	tree_text(t, "device_type", "uart");
	tree_text(t, "compatible", "arm,pl011");
	tree_bytes(t, "boot-console", "", 0);
	tree_range(t, "reg", UART - IO, 0x4000);
	tree_u32(t, "AAPL,phandle", PHANDLE_UART);
	tree_end(t);
	tree_node(t, "timer");
	tree_text(t, "device_type", "timer");
	tree_end(t);
	tree_end(t);
}

static void
add_defaults(struct tree *t, const struct places *p)
{
	const struct {
		uint64_t start, size;
		uint32_t caching, tag;
	} io = { IO, IO_SIZE, 7, 0x30494350 /* "PCI0" */ };

	tree_node(t, "defaults");
	tree_bytes(t, "pmap-io-ranges", &io, sizeof(io));
	tree_u32(t, "serial-device", p->is_14 ? PHANDLE_UART : 1);
	tree_end(t);
}

static void
make_tree(struct tree *t, void *bytes, size_t room, const struct places *p)
{
	static const char compatible[] =
	    "VMA2MACOSAP\0VirtualMac2,1\0AppleVirtualPlatformARM";

	tree_begin(t, bytes, room);
	tree_node(t, "device-tree");
	tree_text(t, "model", "VirtualMac2,1");
	tree_bytes(t, "compatible", compatible, sizeof(compatible));
	tree_text(t, "target-type", "VMA2MACOS");
	tree_u32(t, "#address-cells", 2);
	tree_u32(t, "#size-cells", 2);
	tree_u32(t, "clock-frequency", 24000000);
	tree_text(t, "platform-name", "vmapple");
	add_chosen(t, p);
	add_cpus(t);
	add_io(t);
	add_defaults(t, p);
	tree_node(t, "memory");
	tree_text(t, "device_type", "memory");
	tree_range(t, "reg", RAM, RAM_SIZE);
	tree_end(t);
	if (!p->is_12) {
		tree_node(t, "options");
		tree_end(t);
	}
	tree_node(t, "product");
	tree_end(t);
	tree_end(t);
	if (t->full || t->depth != 0)
		errx(2, "the device tree does not fit");
}

/* ---- the file ---------------------------------------------------------------------- */

static void
write_elf(const char *path, uint64_t entry)
{
	FILE *f = fopen(path, "wb");
	Elf64_Ehdr e = {
		.e_ident = ELFMAG "\x02\x01\x01",
		.e_type = ET_EXEC,
		.e_machine = EM_AARCH64,
		.e_version = 1,
		.e_entry = entry,
		.e_phoff = sizeof(e),
		.e_ehsize = sizeof(e),
		.e_phentsize = sizeof(Elf64_Phdr),
		.e_phnum = (uint16_t)piece_count,
	};
	uint64_t offset = PAGE;

	if (f == NULL || fwrite(&e, sizeof(e), 1, f) != 1)
		err(2, "%s", path);
	for (unsigned i = 0; i < piece_count; i++) {
		const Elf64_Phdr p = { PT_LOAD, PF_R | PF_W | PF_X, offset,
			pieces[i].at, pieces[i].at, pieces[i].size,
			pieces[i].memory_size, PAGE };

		if (fwrite(&p, sizeof(p), 1, f) != 1)
			err(2, "%s", path);
		offset = round_page(offset + pieces[i].size);
	}
	offset = PAGE;
	for (unsigned i = 0; i < piece_count; i++) {
		if (fseek(f, (long)offset, SEEK_SET) != 0 ||
		    (pieces[i].size != 0 &&
			fwrite(pieces[i].bytes, pieces[i].size, 1, f) != 1))
			err(2, "%s", path);
		offset = round_page(offset + pieces[i].size);
	}
	if (fclose(f) != 0)
		err(2, "%s", path);
}

static void
pack(const char *output, const char *kernel_path, const struct file *kernel,
    const struct file *disk, const char *line)
{
	/* ldr x0, args; ldr x1, entry; br x1; nop */
	static struct {
		uint32_t code[4];
		uint64_t args, entry;
	} stub = { { 0x58000080, 0x580000a1, 0xd61f0020, 0xd503201f }, 0, 0 };
	static uint8_t tree_bytes_[32768];
	struct places p = { .disk_size = disk->size };
	size_t line_size, args_size;
	struct boot_args *a;
	struct tree tree;
	uint64_t base, end, entry, numbers[2] = { 0, RAM_SIZE };
	int darwin;

	darwin = atoi(darwin_version(kernel_path, kernel));
	p.is_12 = darwin >= DARWIN_12;
	p.is_14 = darwin >= DARWIN_14;
	line_size = p.is_14 ? 1024 : 608;
	if (strlen(line) >= line_size)
		errx(2, "the command line is too long");
	if (!macho_entry(kernel->bytes, kernel->size, &entry))
		errx(2, "%s: no LC_UNIXTHREAD", kernel_path);
	base = add_kernel(kernel, &end);
	args_size = offsetof(struct boot_args, command_line) + line_size;
	args_size = ((args_size + 7) & ~(size_t)7) + sizeof(numbers);

	/* kernel | RAM disk | tree | stub | boot_args */
	p.disk = round_page(end);
	p.tree = round_page(p.disk + p.disk_size);
	make_tree(&tree, tree_bytes_, sizeof(tree_bytes_), &p);
	p.tree_size = tree.size;
	p.args = round_page(p.tree + p.tree_size) + PAGE;
	p.args_size = args_size;
	make_tree(&tree, tree_bytes_, sizeof(tree_bytes_), &p);

	if ((a = calloc(1, args_size)) == NULL)
		err(2, "memory");
	a->revision = a->version = 2;
	a->virtual = base;
	a->physical = RAM;
	a->memory_size = RAM_SIZE;
	a->top = round_page(p.args + args_size);
	a->tree = p.tree - RAM + base;
	a->tree_size = (uint32_t)tree.size;
	memcpy(a->command_line, line, strlen(line));
	memcpy((uint8_t *)a + args_size - sizeof(numbers), numbers,
	    sizeof(numbers));
	stub.args = p.args;
	stub.entry = entry - base + RAM;

	add(p.disk, round_page(disk->size), disk->bytes, disk->size);
	add(p.tree, PAGE * 2, tree.bytes, tree.size);
	add(p.args - PAGE, PAGE, &stub, sizeof(stub));
	add(p.args, PAGE, a, args_size);
	write_elf(output, p.args - PAGE);
}

int
main(int argc, char **argv)
{
	static const struct option longs[] = {
		{ "about", no_argument, NULL, 'a' },
		{ "args", required_argument, NULL, 'l' },
		{ "output", required_argument, NULL, 'o' },
		{ "help", no_argument, NULL, 'h' },
		{ NULL, 0, NULL, 0 },
	};
	static const char usage[] =
	    "usage: mach-vm-bare-pack --about KERNEL\n"
	    "       mach-vm-bare-pack [--args LINE] -o ELF KERNEL DISK\n"
	    "--about prints architecture and version of an XNU for x86_64 or "
	    "arm64.\n";
	const char *line = "", *output = NULL;
	const struct macho_arch *arch;
	struct file kernel, disk;
	bool about = false;
	int c;

	while ((c = getopt_long(argc, argv, "o:h", longs, NULL)) != -1) {
		switch (c) {
		case 'a':
			about = true;
			break;
		case 'l':
			line = optarg;
			break;
		case 'o':
			output = optarg;
			break;
		case 'h':
			fputs(usage, stdout);
			return 0;
		default:
			return 2;
		}
	}
	if (argc - optind != (about ? 1 : 2) || (!about && output == NULL))
		errx(2, "a kernel is needed (--help tells how)");
	kernel = read_file(argv[optind]);
	arch = check_kernel(argv[optind], &kernel);
	if (about) {
		printf("%s %s\n", arch->name,
		    darwin_version(argv[optind], &kernel));
		return 0;
	}
	if (strcmp(arch->name, "arm64") != 0)
		errx(2, "%s: an %s kernel is not packed", argv[optind],
		    arch->name);
	disk = read_file(argv[optind + 1]);
	pack(output, argv[optind], &kernel, &disk, line);
	return 0;
}
