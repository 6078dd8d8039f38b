/*
 * The arm64 stubs, executed without an arm64 machine: Unicorn runs the bytes
 * of trap_arm64.S (and the C that uses them), and this test is the kernel
 * behind their svc instruction.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <atf-c.h>

#ifndef HAVE_UNICORN

ATF_TC_WITHOUT_HEAD(arm64_stubs);
ATF_TC_BODY(arm64_stubs, tc)
{
	(void)tc;
	atf_tc_skip(
	    "built without Unicorn, or without clang and lld for arm64");
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, arm64_stubs);
	return atf_no_error();
}

#else

#include <elf.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unicorn/unicorn.h>

/* ---- the machine ------------------------------------------------------------------- */

#define STACK	   UINT64_C(0x16f000000)
#define STACK_SIZE UINT64_C(0x10000)
#define SP	   (STACK + STACK_SIZE / 2)
#define RETURN	   UINT64_C(0x180000000) /* where the caller goes on */
#define DATA	   UINT64_C(0x200000000)
#define DATA_SIZE  UINT64_C(0x10000)
#define STRUCTURE  DATA /* a struct mt_registers of arm64 */
#define ARGUMENTS  (DATA + 0x1000)
#define ERROR	   (DATA + 0x2000)
#define SVC	   2 /* Unicorn's number of the exception */

#define CARRY	   (UINT64_C(1) << 29)
#define CALL_MLOCK 203 /* bsd/kern/syscalls.master */

struct state {
	uint64_t x[31]; /* x30 is lr */
	uint64_t sp, pc, flags;
	uint64_t q[32][2];
};

static uc_engine *uc;
static char *image;
static long image_size;
static struct state at_trap, answer;
static uint32_t instruction;
static unsigned traps;

static void
must(uc_err error, const char *what)
{
	ATF_REQUIRE_MSG(error == UC_ERR_OK, "%s: %s", what, uc_strerror(error));
}

static int
x_register(unsigned i)
{
	return i < 29 ? UC_ARM64_REG_X0 + (int)i :
	    i == 29   ? UC_ARM64_REG_X29 :
			UC_ARM64_REG_X30;
}

static void
get(struct state *s)
{
	*s = (struct state){ 0 };
	for (unsigned i = 0; i < 31; i++)
		uc_reg_read(uc, x_register(i), &s->x[i]);
	for (unsigned i = 0; i < 32; i++)
		uc_reg_read(uc, UC_ARM64_REG_Q0 + (int)i, s->q[i]);
	uc_reg_read(uc, UC_ARM64_REG_SP, &s->sp);
	uc_reg_read(uc, UC_ARM64_REG_PC, &s->pc);
	uc_reg_read(uc, UC_ARM64_REG_NZCV, &s->flags);
}

/* All but pc. */
static void
set(const struct state *s)
{
	for (unsigned i = 0; i < 31; i++)
		uc_reg_write(uc, x_register(i), &s->x[i]);
	for (unsigned i = 0; i < 32; i++)
		uc_reg_write(uc, UC_ARM64_REG_Q0 + (int)i, s->q[i]);
	uc_reg_write(uc, UC_ARM64_REG_SP, &s->sp);
	uc_reg_write(uc, UC_ARM64_REG_NZCV, &s->flags);
}

/* Every register has a value of its own; another seed, other values. */
static void
junk(struct state *s, uint64_t seed)
{
	*s = (struct state){ .sp = SP, .flags = (seed & 0xf) << 28 };
	for (unsigned i = 0; i < 31; i++)
		s->x[i] = UINT64_C(0x9e3779b97f4a7c15) * (seed * 64 + i + 1);
	for (unsigned i = 0; i < 32; i++) {
		s->q[i][0] = UINT64_C(0xd1342543de82ef95) * (seed * 64 + i + 1);
		s->q[i][1] = ~s->q[i][0];
	}
}

/* The kernel: note what came in, put the answer out. */
static void
on_exception(uc_engine *engine, uint32_t number, void *unused)
{
	(void)unused;
	get(&at_trap);
	traps++;
	if (number != SVC ||
	    uc_mem_read(engine, at_trap.pc - 4, &instruction, 4) != UC_ERR_OK) {
		instruction = 0;
		uc_emu_stop(engine);
		return;
	}
	if (answer.sp != 0) { /* it changes everything but sp */
		answer.sp = at_trap.sp;
		set(&answer);
	} else {
		uc_reg_write(engine, UC_ARM64_REG_X0, &answer.x[0]);
		uc_reg_write(engine, UC_ARM64_REG_X1, &answer.x[1]);
		uc_reg_write(engine, UC_ARM64_REG_NZCV, &answer.flags);
	}
}

static void
load_image(const atf_tc_t *tc)
{
	char path[1024];
	FILE *f;

	snprintf(path, sizeof(path), "%s/trap_arm64.elf",
	    atf_tc_get_config_var(tc, "srcdir"));
	f = fopen(path, "rb");
	ATF_REQUIRE_MSG(f != NULL, "%s is not there", path);
	fseek(f, 0, SEEK_END);
	image_size = ftell(f);
	rewind(f);
	image = malloc(image_size);
	ATF_REQUIRE_EQ(1, fread(image, image_size, 1, f));
	fclose(f);
}

static void
start(const atf_tc_t *tc)
{
	const uint64_t page = 0x4000;
	const Elf64_Ehdr *header;
	const Elf64_Phdr *p;
	uint64_t low = UINT64_MAX, high = 0;
	uc_hook hook;

	load_image(tc);
	header = (const Elf64_Ehdr *)image;
	ATF_REQUIRE_EQ(EM_AARCH64, header->e_machine);
	ATF_REQUIRE_EQ(ET_EXEC, header->e_type);
	must(uc_open(UC_ARCH_ARM64, UC_MODE_ARM, &uc), "uc_open");
	p = (const Elf64_Phdr *)(image + header->e_phoff);
	for (unsigned i = 0; i < header->e_phnum; i++) {
		if (p[i].p_type != PT_LOAD)
			continue;
		if (p[i].p_vaddr < low)
			low = p[i].p_vaddr;
		if (p[i].p_vaddr + p[i].p_memsz > high)
			high = p[i].p_vaddr + p[i].p_memsz;
	}
	low &= ~(page - 1);
	must(uc_mem_map(uc, low, (high - low + page - 1) & ~(page - 1),
		 UC_PROT_ALL),
	    "the program's memory");
	for (unsigned i = 0; i < header->e_phnum; i++)
		if (p[i].p_type == PT_LOAD)
			must(uc_mem_write(uc, p[i].p_vaddr,
				 image + p[i].p_offset, p[i].p_filesz),
			    "a segment");
	must(uc_mem_map(uc, STACK, STACK_SIZE, UC_PROT_READ | UC_PROT_WRITE),
	    "the stack");
	must(uc_mem_map(uc, RETURN, page, UC_PROT_ALL), "the caller");
	must(uc_mem_map(uc, DATA, DATA_SIZE, UC_PROT_READ | UC_PROT_WRITE),
	    "the data");
	must(uc_hook_add(uc, &hook, UC_HOOK_INTR, (void *)on_exception, NULL, 1,
		 0),
	    "the hook");
}

static uint64_t
symbol(const char *name)
{
	const Elf64_Ehdr *header = (const Elf64_Ehdr *)image;
	const Elf64_Shdr *s = (const Elf64_Shdr *)(image + header->e_shoff);
	const Elf64_Sym *symbols;
	const char *names;

	for (unsigned i = 0; i < header->e_shnum; i++) {
		if (s[i].sh_type != SHT_SYMTAB)
			continue;
		symbols = (const Elf64_Sym *)(image + s[i].sh_offset);
		names = image + s[s[i].sh_link].sh_offset;
		for (uint64_t n = 0; n < s[i].sh_size / sizeof(*symbols); n++)
			if (strcmp(names + symbols[n].st_name, name) == 0)
				return symbols[n].st_value;
	}
	atf_tc_fail("trap_arm64.elf has no %s", name);
}

/* Call the function with these registers; afterwards they are the result. */
static void
call(uint64_t function, struct state *s)
{
	s->x[30] = RETURN;
	traps = 0;
	set(s);
	must(uc_emu_start(uc, function, RETURN, 0, 100000), "uc_emu_start");
	get(s);
	ATF_REQUIRE_EQ_MSG(RETURN, s->pc, "it stands at %#lx", s->pc);
}

/* What a function must keep: AAPCS64 and its Apple variant, where x18 is the
 * system's. */
static void
check_callee_saved(const struct state *before, const struct state *after)
{
	for (unsigned i = 19; i < 30; i++)
		ATF_CHECK_EQ_MSG(before->x[i], after->x[i], "x%u", i);
	for (unsigned i = 8; i < 16; i++)
		ATF_CHECK_EQ_MSG(before->q[i][0], after->q[i][0], "d%u", i);
	ATF_CHECK_EQ(before->sp, after->sp);
}

static void
check_immediate(unsigned immediate)
{
	ATF_CHECK_EQ(1, traps);
	ATF_CHECK_EQ_MSG(UINT32_C(0xd4000001) | immediate << 5, instruction,
	    "the instruction is %#x", instruction);
}

/* ---- the stubs of the table --------------------------------------------------------- */

static const struct {
	const char *name;
	int number;
} table[] = {
#define TRAP(name_, number_, arguments_, since_, before_) \
	{ "mt_trap_" #name_, number_ },
#include "traps.h"
};
#define STUBS (sizeof(table) / sizeof(table[0]))

ATF_TC_WITHOUT_HEAD(stub_enters_with_its_number_and_arguments);
ATF_TC_BODY(stub_enters_with_its_number_and_arguments, tc)
{
	struct state before, after;

	start(tc);
	ATF_REQUIRE(STUBS >= 13);
	for (unsigned i = 0; i < STUBS; i++) {
		junk(&before, i);
		after = before;
		call(symbol(table[i].name), &after);
		check_immediate(0x80);
		ATF_CHECK_EQ_MSG(-(int64_t)table[i].number,
		    (int64_t)at_trap.x[16], "%s: x16 is %ld", table[i].name,
		    (long)at_trap.x[16]);
		/* Arguments or not, all is as the caller left it. */
		for (unsigned r = 0; r < 30; r++)
			if (r != 16)
				ATF_CHECK_EQ_MSG(before.x[r], at_trap.x[r],
				    "%s: x%u", table[i].name, r);
		ATF_CHECK_EQ(SP, at_trap.sp);
		ATF_CHECK_EQ(before.flags, at_trap.flags);
		ATF_CHECK(memcmp(before.q, at_trap.q, sizeof(at_trap.q)) == 0);
	}
}

ATF_TC_WITHOUT_HEAD(stub_returns_the_kernels_answer_and_keeps_the_rest);
ATF_TC_BODY(stub_returns_the_kernels_answer_and_keeps_the_rest, tc)
{
	struct state before, after;

	start(tc);
	for (unsigned i = 0; i < STUBS; i++) {
		junk(&before, i);
		answer = (struct state){ .flags = before.flags };
		answer.x[0] = UINT64_C(0xfedcba9810000000) + i;
		answer.x[1] = before.x[1];
		after = before;
		call(symbol(table[i].name), &after);
		ATF_CHECK_EQ_MSG(answer.x[0], after.x[0], "%s", table[i].name);
		for (unsigned r = 1; r < 30; r++)
			if (r != 16)
				ATF_CHECK_EQ_MSG(before.x[r], after.x[r],
				    "%s: x%u", table[i].name, r);
		check_callee_saved(&before, &after);
		ATF_CHECK_EQ(before.flags, after.flags);
		ATF_CHECK(memcmp(before.q, after.q, sizeof(after.q)) == 0);
	}
}

ATF_TC_WITHOUT_HEAD(stubs_fill_a_page_of_their_own);
ATF_TC_BODY(stubs_fill_a_page_of_their_own, tc)
{
	uint64_t first, end, at;

	start(tc);
	first = symbol("mt_trap_stubs");
	end = symbol("mt_trap_stubs_end");
	ATF_CHECK_EQ(0, first % 0x4000);
	ATF_CHECK_EQ(0x4000, end - first);
	for (unsigned i = 0; i < STUBS; i++) {
		at = symbol(table[i].name);
		ATF_CHECK_MSG(at >= first && at < end, "%s", table[i].name);
	}
}

/* ---- the raw trap ------------------------------------------------------------------- */

/* struct mt_registers of arm64 (trap.h): x0...x29, then the flags. */
struct structure {
	uint64_t x[30], flags;
};

static void
raw(const char *name, unsigned immediate, uint64_t number, unsigned seed)
{
	struct state before, after, other;
	struct structure s;

	/* What the structure asks for is another thing than what the caller
	 * holds, and the kernel changes all of it. */
	junk(&before, seed);
	junk(&other, seed + 1);
	junk(&answer, seed + 2);
	memcpy(s.x, other.x, sizeof(s.x));
	s.x[16] = number;
	s.flags = other.flags;
	must(uc_mem_write(uc, STRUCTURE, &s, sizeof(s)), "the structure");
	before.x[0] = STRUCTURE;
	after = before;
	call(symbol(name), &after);
	check_immediate(immediate);
	s.x[18] = before.x[18]; /* the platform's: neither loaded nor stored */
	for (unsigned r = 0; r < 30; r++)
		ATF_CHECK_EQ_MSG(s.x[r], at_trap.x[r], "into the trap, x%u", r);
	ATF_CHECK_EQ(s.flags, at_trap.flags);
	ATF_CHECK(memcmp(before.q, at_trap.q, sizeof(before.q)) == 0);

	must(uc_mem_read(uc, STRUCTURE, &s, sizeof(s)), "the structure");
	for (unsigned r = 0; r < 30; r++)
		ATF_CHECK_EQ_MSG(r == 18 ? other.x[r] : answer.x[r], s.x[r],
		    "out of it, x%u", r);
	ATF_CHECK_EQ_MSG(answer.flags, s.flags, "%#lx for %#lx", s.flags,
	    answer.flags);
	/* The kernel keeps vector registers; this one did not. */
	memcpy(before.q, answer.q, sizeof(before.q));
	check_callee_saved(&before, &after);
}

ATF_TC_WITHOUT_HEAD(raw_trap_loads_and_stores_every_register);
ATF_TC_BODY(raw_trap_loads_and_stores_every_register, tc)
{
	start(tc);
	/* Seeds whose flags are none, all and each. */
	for (unsigned seed = 0; seed < 16; seed++)
		raw("mt_trap_raw", 0x80, -UINT64_C(28), seed);
	raw("mt_trap_raw", 0x80, CALL_MLOCK, 3);
}

ATF_TC_WITHOUT_HEAD(raw_traps_have_their_immediates);
ATF_TC_BODY(raw_traps_have_their_immediates, tc)
{
	start(tc);
	raw("mt_trap_raw_svc_0", 0, -UINT64_C(28), 5);
	raw("mt_trap_raw_svc_ffff", 0xffff, -UINT64_C(28), 6);
}

/* ---- the C that uses it: trap.c and the route of BSD calls -------------------------- */

static uint64_t
call_c(const char *name, uint64_t a, uint64_t b, uint64_t c, uint64_t d)
{
	struct state before, after;

	junk(&before, 9);
	before.x[0] = a;
	before.x[1] = b;
	before.x[2] = c;
	before.x[3] = d;
	after = before;
	call(symbol(name), &after);
	check_callee_saved(&before, &after);
	return after.x[0];
}

static void
fill(const char *name, int number, int64_t wanted)
{
	struct structure s;
	uint64_t arguments[8];

	for (unsigned i = 0; i < 8; i++)
		arguments[i] = UINT64_C(0x8877665500000000) + i;
	must(uc_mem_write(uc, ARGUMENTS, arguments, sizeof(arguments)),
	    "the arguments");
	call_c(name, STRUCTURE, number, ARGUMENTS, 8);
	must(uc_mem_read(uc, STRUCTURE, &s, sizeof(s)), "the structure");
	for (unsigned i = 0; i < 30; i++)
		ATF_CHECK_EQ_MSG(i < 8 ? arguments[i] :
			i == 16	       ? (uint64_t)wanted :
					 0,
		    s.x[i], "%s: x%u is %#lx", name, i, s.x[i]);
	ATF_CHECK_EQ(0, s.flags);
}

ATF_TC_WITHOUT_HEAD(numbers_are_negative_for_mach_and_positive_for_bsd);
ATF_TC_BODY(numbers_are_negative_for_mach_and_positive_for_bsd, tc)
{
	start(tc);
	fill("mt_registers_mach", 47, -47);
	fill("mt_registers_unix", CALL_MLOCK, CALL_MLOCK);
}

/* mt_route_unix.mlock(&error, address, size), by the name of its function. */
static int
mlock_answers(uint64_t result, uint64_t flags, uint32_t *error)
{
	answer = (struct state){ .flags = flags };
	answer.x[0] = result;
	*error = 0xeeeeeeee;
	must(uc_mem_write(uc, ERROR, error, sizeof(*error)), "the error");
	result = call_c("call_mlock", ERROR, UINT64_C(0x123456789000), 0x4000,
	    0);
	check_immediate(0x80);
	ATF_CHECK_EQ(CALL_MLOCK, at_trap.x[16]);
	ATF_CHECK_EQ(UINT64_C(0x123456789000), at_trap.x[0]);
	ATF_CHECK_EQ(0x4000, at_trap.x[1]);
	ATF_CHECK_EQ(0, at_trap.flags & CARRY);
	must(uc_mem_read(uc, ERROR, error, sizeof(*error)), "the error");
	return (int)result;
}

ATF_TC_WITHOUT_HEAD(bsd_call_fails_by_carry_alone);
ATF_TC_BODY(bsd_call_fails_by_carry_alone, tc)
{
	uint32_t error;

	start(tc);
	ATF_CHECK_EQ(-1, mlock_answers(22, CARRY, &error));
	ATF_CHECK_EQ(22, error);
	ATF_CHECK_EQ(-1, mlock_answers(12, UINT64_C(0xf) << 28, &error));
	ATF_CHECK_EQ(12, error);
	/* A value that would be an errno, and every other flag. */
	ATF_CHECK_EQ(22,
	    mlock_answers(22, ~CARRY & UINT64_C(0xf) << 28, &error));
	ATF_CHECK_EQ(0xeeeeeeee, error);
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, stub_enters_with_its_number_and_arguments);
	ATF_TP_ADD_TC(tp, stub_returns_the_kernels_answer_and_keeps_the_rest);
	ATF_TP_ADD_TC(tp, stubs_fill_a_page_of_their_own);
	ATF_TP_ADD_TC(tp, raw_trap_loads_and_stores_every_register);
	ATF_TP_ADD_TC(tp, raw_traps_have_their_immediates);
	ATF_TP_ADD_TC(tp, numbers_are_negative_for_mach_and_positive_for_bsd);
	ATF_TP_ADD_TC(tp, bsd_call_fails_by_carry_alone);
	return atf_no_error();
}

#endif
