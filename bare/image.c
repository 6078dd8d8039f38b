/*
 * mach-vm-bare-image: writes the bare image, a static Mach-O, from the ELF
 * program that the linker made of it; or changes which cases an image runs.
 *
 * No linker at hand writes an executable with LC_UNIXTHREAD, which is what an
 * XNU without dyld starts.  The file is small enough to write by hand:
 *
 *	offset	0	mach_header_64, load commands, then zero up to the
 *			first page of the program: 4 KiB on x86_64, 16 on arm64
 *		page	the ELF's first segment (text)	__TEXT, r-x
 *		...	its second (data)		__DATA, rw-
 *		...	zero up to a multiple of the page (and so of 512: the
 *			image may be a RAM disk's whole content)
 *
 * Load commands: LC_SEGMENT_64 __PAGEZERO, [0, 4 GiB); __TEXT from the header
 * on; __DATA; __LINKEDIT, one empty page; LC_UUID, a hash of the content;
 * LC_UNIXTHREAD with the entry as rip or pc.  Numbers are those of Apple's
 * <mach-o/loader.h>.
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

#define BASE MACHO_BASE

/* An option that is written into the image: main.c. */
struct mark {
	const char *text;
	size_t size;
};
static const struct mark only_mark = { "MT-BARE-ONLY:", 256 };
static const struct mark from_mark = { "MT-BARE-FROM:", 32 };

/* All that stands in front of the thread's state. */
struct head {
	struct macho_header header;
	struct macho_segment zero, text, data, link;
	struct macho_uuid uuid;
	struct macho_thread thread;
};
static const struct macho_arch *arch;

struct file {
	uint8_t *bytes;
	size_t size;
};

static void
read_file(const char *path, struct file *file)
{
	FILE *f = fopen(path, "rb");
	size_t n;

	if (f == NULL)
		err(2, "%s", path);
	file->size = 0;
	file->bytes = NULL;
	do {
		file->bytes = realloc(file->bytes, file->size + (1 << 20));
		if (file->bytes == NULL)
			err(2, "memory");
		n = fread(file->bytes + file->size, 1, 1 << 20, f);
		file->size += n;
	} while (n > 0);
	if (ferror(f))
		err(2, "%s", path);
	fclose(f);
}

static void
write_file(const char *path, const struct file *file)
{
	FILE *f = fopen(path, "wb");

	if (f == NULL || fwrite(file->bytes, 1, file->size, f) != file->size ||
	    fclose(f) != 0)
		err(2, "%s", path);
}

static uint64_t
round_page(uint64_t n)
{
	return (n + arch->page - 1) & ~(uint64_t)(arch->page - 1);
}

static struct macho_segment
segment(const char *name, uint64_t address, uint64_t memory_size,
    uint64_t offset, uint64_t file_size, uint32_t protection)
{
	struct macho_segment s = { LC_SEGMENT_64, sizeof(s), "", address,
		memory_size, offset, file_size, protection, protection, 0, 0 };

	memcpy(s.name, name, strlen(name));
	return s;
}

/* FNV-1a, twice from different starts: equal content, equal name. */
static void
name_content(const struct file *file, uint8_t uuid[16])
{
	uint64_t hash[2] = { UINT64_C(0xcbf29ce484222325),
		UINT64_C(0x84222325cbf29ce4) };

	for (size_t i = 0; i < file->size; i++)
		for (int k = 0; k < 2; k++)
			hash[k] = (hash[k] ^ file->bytes[i]) *
			    UINT64_C(0x100000001b3);
	memcpy(uuid, hash, sizeof(hash));
}

static const Elf64_Phdr *
load_segment(const struct file *elf, unsigned wanted)
{
	const Elf64_Ehdr *e = (const void *)elf->bytes;
	const Elf64_Phdr *p = (const void *)(elf->bytes + e->e_phoff);

	for (unsigned i = 0; i < e->e_phnum; i++)
		if (p[i].p_type == PT_LOAD && wanted-- == 0)
			return &p[i];
	return NULL;
}

static void
check_elf(const char *path, const struct file *elf)
{
	const Elf64_Ehdr *e = (const void *)elf->bytes;

	if (elf->size < sizeof(*e) ||
	    memcmp(e->e_ident, ELFMAG, SELFMAG) != 0 || e->e_type != ET_EXEC ||
	    (arch = macho_arch_of_elf(e->e_machine)) == NULL ||
	    e->e_phoff + e->e_phnum * sizeof(Elf64_Phdr) > elf->size)
		errx(2, "%s: not a static ELF program for x86_64 or arm64",
		    path);
	for (unsigned i = 0; i < 2; i++) {
		const Elf64_Phdr *p = load_segment(elf, i);

		if (p == NULL || p->p_offset + p->p_filesz > elf->size ||
		    p->p_vaddr % arch->page != 0 ||
		    p->p_vaddr < BASE + arch->page)
			errx(2, "%s: not laid out by image.ld", path);
	}
	if (load_segment(elf, 2) != NULL)
		errx(2, "%s: more than two segments", path);
}

static void
convert(const struct file *elf, struct file *image)
{
	const Elf64_Ehdr *e = (const void *)elf->bytes;
	const Elf64_Phdr *text = load_segment(elf, 0);
	const Elf64_Phdr *data = load_segment(elf, 1);
	uint64_t data_at = data->p_vaddr - BASE;
	uint64_t data_file = round_page(data->p_filesz);
	uint64_t end = round_page(data->p_vaddr + data->p_memsz);
	const size_t state = arch->count * sizeof(uint32_t);
	struct head head = {
		.header = { MH_MAGIC_64, arch->cpu, arch->subtype, MH_EXECUTE,
		    6, sizeof(head) - sizeof(head.header) + state, MH_NOUNDEFS,
		    0 },
		.zero = segment("__PAGEZERO", 0, BASE, 0, 0, 0),
		.text = segment("__TEXT", BASE, data_at, 0, data_at, 5),
		.data = segment("__DATA", data->p_vaddr, end - data->p_vaddr,
		    data_at, data_file, 3),
		.link = segment("__LINKEDIT", end, arch->page,
		    data_at + data_file, arch->page, 1),
		.uuid = { LC_UUID, sizeof(head.uuid), { 0 } },
		.thread = { LC_UNIXTHREAD, sizeof(head.thread) + state,
		    arch->flavor, arch->count },
	};

	image->size = data_at + data_file + arch->page;
	if ((image->bytes = calloc(1, image->size)) == NULL)
		err(2, "memory");
	memcpy(image->bytes + (text->p_vaddr - BASE),
	    elf->bytes + text->p_offset, text->p_filesz);
	memcpy(image->bytes + data_at, elf->bytes + data->p_offset,
	    data->p_filesz);
	name_content(image, head.uuid.bytes);
	memcpy(image->bytes, &head, sizeof(head));
	memcpy(image->bytes + sizeof(head) + arch->entry * sizeof(e->e_entry),
	    &e->e_entry, sizeof(e->e_entry));
}

static void
rewrite(const char *path, struct file *image, const struct mark *mark,
    const char *value)
{
	const size_t length = strlen(mark->text);
	char *at = memmem(image->bytes, image->size, mark->text, length);

	if (at == NULL ||
	    (uint8_t *)at + mark->size > image->bytes + image->size)
		errx(2, "%s: not a bare image", path);
	if (memmem(at + 1,
		(size_t)((char *)image->bytes + image->size - at) - 1,
		mark->text, length) != NULL)
		errx(2, "%s: has %s twice", path, mark->text);
	if (strlen(value) >= mark->size - length)
		errx(2, "%s: more than %zu characters", value,
		    mark->size - length - 1);
	memset(at + length, 0, mark->size - length);
	memcpy(at + length, value, strlen(value));
}

int
main(int argc, char **argv)
{
	static const struct option longs[] = {
		{ "from", required_argument, NULL, 'f' },
		{ "only", required_argument, NULL, 'n' },
		{ "output", required_argument, NULL, 'o' },
		{ "help", no_argument, NULL, 'h' },
		{ NULL, 0, NULL, 0 },
	};
	static const char usage[] =
	    "usage: mach-vm-bare-image -o IMAGE ELF\n"
	    "       mach-vm-bare-image [--only PATTERN] [--from N] [-o NEW] "
	    "IMAGE\n"
	    "The cases whose routine.name__route contains PATTERN run; all, "
	    "if it is empty.\nOf these the cases from number N on, as the "
	    "console counts them.\n";
	const char *only = NULL, *from = NULL, *output = NULL;
	struct file file, image;
	int c;

	while ((c = getopt_long(argc, argv, "o:h", longs, NULL)) != -1) {
		switch (c) {
		case 'f':
			from = optarg;
			if (*from == '\0' ||
			    strspn(from, "0123456789") != strlen(from))
				errx(2, "--from %s: not a number", from);
			break;
		case 'n':
			only = optarg;
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
	if (argc - optind != 1 ||
	    (only == NULL && from == NULL && output == NULL))
		errx(2, "one file is needed (--help tells how)");
	read_file(argv[optind], &file);
	if (only != NULL || from != NULL) {
		if (only != NULL)
			rewrite(argv[optind], &file, &only_mark, only);
		if (from != NULL)
			rewrite(argv[optind], &file, &from_mark, from);
		write_file(output != NULL ? output : argv[optind], &file);
		return 0;
	}
	check_elf(argv[optind], &file);
	convert(&file, &image);
	write_file(output, &image);
	return 0;
}
