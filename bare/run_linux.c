/*
 * mach-vm-bare-run: starts the bare image on Linux, as an XNU would start it
 * with nothing else: its segments in the model's map, its traps caught, Mach
 * into the model and the few BSD calls that it makes into the host.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#define _GNU_SOURCE
#include <err.h>
#include <fcntl.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "calls_linux.h"
#include "load_linux.h"
#include "macho.h"
#include "model/calls/boot.h"
#include "model/calls/exception.h"
#include "model/calls/mach_trap.h"
#include "model/calls/program.h"
#include "model/calls/unix.h"
#include "model/host/frame.h"
#include "model/host/signal.h"
#include "system.h"

#define STACK_SIZE (UINT64_C(8) << 20)
#define SKIPPED	   77
#if defined(__x86_64__)
#define MACHINE "x86_64"
#else
#define MACHINE "arm64"
#endif
#define ARGUMENTS 8 /* of a program, at most */

/* ---- the image ---------------------------------------------------------------- */

static const uint8_t *image;
static size_t image_size;

static void
map_image(const char *path)
{
	struct stat st;
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd == -1 || fstat(fd, &st) == -1)
		err(2, "%s", path);
	image_size = (size_t)st.st_size;
	image = mmap(NULL, image_size + 1, PROT_READ, MAP_PRIVATE, fd, 0);
	if (image == MAP_FAILED)
		err(2, "%s: cannot be read", path);
	close(fd);
}

/* argc, argv, no environment; 8 MiB below the top that the release uses, or
 * where the host has room. */
static uint64_t
make_stack(int argc, char **argv)
{
	void *low = (void *)(UINT64_C(0x7ffeefc00000) - STACK_SIZE);
	uint64_t *top;
	char *memory, *text;

	memory = mmap(low, STACK_SIZE, PROT_READ | PROT_WRITE,
	    MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED_NOREPLACE,
	    -1, 0);
	if (memory == MAP_FAILED)
		memory = mmap(NULL, STACK_SIZE, PROT_READ | PROT_WRITE,
		    MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	if (memory == MAP_FAILED)
		err(2, "stack");
	text = memory + STACK_SIZE - 4096;
	top = (uint64_t *)(void *)(memory + STACK_SIZE - 8192);
	top[0] = (uint64_t)argc;
	for (int i = 0; i < argc; i++) {
		top[1 + i] = (uintptr_t)text;
		text = stpncpy(text, argv[i],
			   (size_t)(memory + STACK_SIZE - 1 - text)) +
		    1;
	}
	return (uintptr_t)top;
}

/* The processor in the program's hands, with this stack. */
static void __attribute__((noreturn)) start(uint64_t entry, uint64_t stack)
{
#if defined(__x86_64__)
	__asm__ volatile("movq %0, %%rsp\n\txorl %%ebp, %%ebp\n\tjmpq *%1"
			 :
			 : "d"(stack), "a"(entry)
			 : "memory");
#else
	__asm__ volatile("mov sp, %0\n\tmov x29, #0\n\tbr %1"
			 :
			 : "r"(stack), "r"(entry)
			 : "memory");
#endif
	__builtin_unreachable();
}

int
main(int argc, char **argv)
{
	static const struct option longs[] = {
		{ "release", required_argument, NULL, 'r' },
		{ "help", no_argument, NULL, 'h' },
		{ NULL, 0, NULL, 0 },
	};
	const struct macho_arch *arch;
	const char *image_path, *release = NULL, *problem;
	uint64_t entry, low, end;
	int c;

	while ((c = getopt_long(argc, argv, "+r:h", longs, NULL)) != -1) {
		switch (c) {
		case 'r':
			release = optarg;
			break;
		case 'h':
			puts("usage: mach-vm-bare-run [--release R] IMAGE "
			     "[ARGUMENT...]");
			return 0;
		default:
			return 2;
		}
	}
	if (argc - optind < 1 || argc - optind > ARGUMENTS)
		errx(2, "one image is needed (--help tells how)");
	image_path = argv[optind];
	calls_executed_as(image_path, release);
	map_image(image_path);
	if (!macho_check(image, image_size, &problem))
		errx(2, "%s: %s", image_path, problem);
	arch = macho_arch(image, image_size);
	if (strcmp(arch->name, MACHINE) != 0)
		errx(2, "%s: for %s, this is " MACHINE, image_path, arch->name);
	if (!mt_system_choose(release, arch->name, &problem))
		errx(2, "%s", problem);
	trap_watch(MACHO_BASE, MACHO_BASE + UINT32_MAX);
	if (mt_system()->no_traps != NULL) {
		puts(mt_system()->no_traps);
		return SKIPPED;
	}
	host_window(&low, &end);
	if (low > MACHO_BASE) {
		puts("the host has no room at the image's address");
		return SKIPPED;
	}
	unix_program = calls_of_image;
	exception_program = calls_deliver;
	program_sdk = 0; /* the image does not say */
	if (!load_image(image, image_size, &entry, &problem))
		errx(2, "%s: %s", image_path, problem);
	fflush(NULL);
	start(entry, make_stack(argc - optind, argv + optind));
}
