/*
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "probes_reallocate.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "area.h"
#include "darwin_mman.h"
#include "fault.h"
#include "mig.h"
#include "route.h"
#include "system.h"
#include "trap.h"

#define RW VM_PROT_DEFAULT
/* The places of the rows. */
#define OTHER	  (A + 0x100000)
#define ALIAS	  (A + 0x200000)
#define FROM_PORT (A + 0x300000)

static mach_port_name_t entry; /* of the source */

static bool
says(const char *row, const char *words)
{
	const char *at = strstr(row, words), *call = strstr(row, " | ");

	return at != NULL && (call == NULL || at < call);
}

/* The row goes on with that text behind key. */
static void judge(const char *row, const char *key, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
static void
judge(const char *row, const char *key, const char *format, ...)
{
	static char found[ROW_TEXT];
	const char *p = strstr(row, key);
	size_t length;
	va_list ap;

	va_start(ap, format);
	(void)vsnprintf(found, sizeof(found), format, ap);
	va_end(ap);
	length = strlen(found);
	if (wrong[0] != '\0' || p == NULL)
		return;
	p += strlen(key);
	if (strncmp(p, found, length) != 0 ||
	    (p[length] != '\0' && p[length] != ' '))
		snprintf(wrong, sizeof(wrong), "%s%s", key, found);
}

static const char *
bytes(uint64_t a, unsigned count)
{
	static char text[256];
	size_t at = 0;

	for (unsigned i = 0; i < count; i++) {
		struct mt_fault got = mt_read(a + i * page);

		if (got.exception != 0)
			at += (size_t)snprintf(text + at, sizeof(text) - at,
			    "%s!", i == 0 ? "" : ",");
		else
			at += (size_t)snprintf(text + at, sizeof(text) - at,
			    "%s%x", i == 0 ? "" : ",", got.value);
	}
	return text;
}

static const struct mt_route *
bsd(void)
{
	for (const struct mt_route *const *r = mt_routes; *r != NULL; r++)
		if ((*r)->munlock != NULL && (*r)->mmap != NULL &&
		    mt_route_has(*r, offsetof(struct mt_route, mmap)))
			return *r;
	return NULL;
}

static void
put(uint64_t a, unsigned pages, unsigned tag)
{
	mach_vm_address_t where = a;

	(void)stage->allocate(self, &where, pages * page,
	    (int)VM_MAKE_TAG(tag));
}

static kern_return_t
move(uint64_t from, unsigned pages, uint64_t to, unsigned new_pages,
    int options, int flags)
{
	mach_vm_address_t where = to;

	return stage->reallocate(self, from, pages * page, &where,
	    new_pages * page, 0, options, flags);
}

/* ---- the stage ---------------------------------------------------------- */

bool
words_stage(const char *row)
{
	if (says(row, "first page wired")) {
		put(A, 2, 0);
		(void)mt_write(A, 0x11);
		(void)mt_write(A + page, 0x22);
		(void)stage->wire(mach_host_self(), self, A, page, RW);
		put(A + 2 * page, 1, 9);
		return true;
	}
	if (says(row, "40 entries")) {
		for (unsigned i = 0; i < 40; i++) {
			put(A + i * page, 1, i % 2 == 0 ? 51 : 50);
			(void)mt_write(A + i * page, (uint8_t)(1 + 0x11 * i));
		}
		return true;
	}
	if (says(row, "one object, two protections")) {
		put(A, 2, 0);
		(void)mt_write(A, 0x11);
		(void)mt_write(A + page, 0x22);
		(void)stage->protect(self, A, page, FALSE, VM_PROT_READ);
		put(A + 2 * page, 1, 9);
		return true;
	}
	return false;
}

/* The last one where it stands above or is told last, and the first one where
 * it stands below; all where nothing else is told. */
static bool
is_permanent(const char *row, unsigned number, bool is_last)
{
	if (!says(row, "permanent"))
		return false;
	return starts(row, "permanent") ||
	    (says(row, "below") ? number == 0 : is_last);
}

int
words_flags(const char *row, unsigned number, bool is_last)
{
	int flags = 0;

	if (is_permanent(row, number, is_last))
		flags |= VM_FLAGS_PERMANENT;
	if (says(row, "purgeable"))
		flags |= VM_FLAGS_PURGABLE;
	return flags;
}

/* Two pages of the source mapped again. */
static void
remap(boolean_t is_copy)
{
	mach_vm_address_t where = ALIAS;
	vm_prot_t current, maximum;

	(void)stage->deallocate(self, ALIAS, 2 * page);
	(void)stage->remap(self, &where, 2 * page, 0, VM_FLAGS_FIXED, self, A,
	    is_copy, &current, &maximum, VM_INHERIT_COPY);
}

/* The row before tells that the entry was refused: what was mapped is nobody's,
 * which is new memory. */
static void
map_without_entry(void)
{
	const mach_vm_size_t size = 4 * page;
	mach_vm_address_t where = ALIAS;

	(void)stage->deallocate(self, ALIAS, size);
	(void)stage->map(self, &where, size, 0, VM_FLAGS_FIXED, MACH_PORT_NULL,
	    0, FALSE, RW, RW, VM_INHERIT_COPY);
	for (unsigned i = 0; i < 4; i++)
		(void)mt_write(ALIAS + i * page, (uint8_t)(0x11 * (i + 1)));
}

void
words_stage_behind(const char *row)
{
	memory_object_size_t size = 2 * page;
	int state = VM_PURGABLE_VOLATILE;

	if (says(row, "purgeable volatile"))
		(void)stage->purgable_control(self, A, VM_PURGABLE_SET_STATE,
		    &state);
	if (starts(row, "remapped (shared)"))
		remap(FALSE);
	if (starts(row, "remapped as copy"))
		remap(TRUE);
	if (starts(row, "memory entry of the source"))
		(void)stage->make_memory_entry(self, &size, A, RW, &entry,
		    MACH_PORT_NULL);
	if (says(row, "named-create entry"))
		map_without_entry();
	if (says(row, "page query before")) {
		integer_t disposition = 0, references;

		(void)stage->page_query(self, A, &disposition, &references);
		judge(row, "query before: ", "0x%x", (unsigned)disposition);
	}
}

bool
words_source(const char *row, mach_vm_address_t *source)
{
	int error = 0;

	if (!starts(row, "MAP_JIT"))
		return true;
	if (bsd() == NULL)
		return false;
	*source = (mach_vm_address_t)bsd()->mmap(&error, 0, 2 * page,
	    VM_PROT_ALL, MAP_PRIVATE | MAP_ANON | MAP_JIT, -1, 0);
	return error == 0;
}

mach_port_name_t
words_target(const char *row)
{
	if (starts(row, "target thread_self"))
		return mt_trap_thread_self();
	if (starts(row, "target host_self"))
		return mach_host_self();
	if (starts(row, "target null"))
		return MACH_PORT_NULL;
	if (starts(row, "target bad name"))
		return 0x12345;
	return self;
}

/* ---- what follows ------------------------------------------------------- */

/* Six bytes in the words of the rows, which have 8 for their count: those of
 * the destination and of the source, ee where there are none. */
static void
judge_child(const char *row, kern_return_t kr)
{
	char text[128];
	size_t at = 0;

	for (unsigned i = 0; i < 6; i++) {
		struct mt_fault got = mt_read(
		    i < 4 ? OTHER + i * page : A + (i - 4) * page);

		at += (size_t)snprintf(text + at, sizeof(text) - at, "%s,%x",
		    i == 4 ? " src=" : "",
		    got.exception != 0 ? 0xee : got.value);
	}
	judge(row, "child read 8 kr=", "%d dst=%s", kr, text);
}

static void
with_a_child(const char *row, bool moves)
{
	const char *p = strstr(row, "parent: "), *end;
	kern_return_t kr = KERN_SUCCESS;
	int pid, status;

	fflush(NULL);
	pid = mt_fork();
	if (pid == 0) {
		self = mach_task_self();
		if (moves)
			kr = move(A, 2, OTHER, 4, 0, 0);
		judge_child(row, kr);
		(void)mt_write(OTHER, 0x99);
		if (wrong[0] != '\0')
			printf("child: %s\n", wrong);
		fflush(NULL);
		mt_exit(wrong[0] != '\0');
	}
	status = mt_wait(pid, 30);
	if (status != 0 && wrong[0] == '\0')
		snprintf(wrong, sizeof(wrong), "child status %#x",
		    (unsigned)status);
	p = p == NULL ? row : p + strlen("parent: ");
	end = strstr(p, " A+0x100000=");
	judge_walk(p, end == NULL ? 0 : (size_t)(end - p));
	judge(p, " A+0x100000=", "%s", bytes(OTHER, 4));
	judge(p, " A+0x0=", "%s", bytes(A, 2));
}

static void
protect(uint64_t a)
{
	(void)stage->protect(self, a, 4 * page, FALSE, RW);
}

bool
words_follow(const char *row, const char *call)
{
	uint64_t a = says(row, "moved FIXED") ? OTHER : A;

	if (says(row, "then fork: ")) {
		(void)mt_write(OTHER + 2 * page, 0x66);
		with_a_child(row, false);
	} else if (says(row, "then protect RW over all")) {
		protect(a);
	} else if (says(row, "then inherit COPY over all")) {
		(void)stage->inherit(self, A, 4 * page, VM_INHERIT_COPY);
	} else if (says(row, "then grow again by the whole")) {
		(void)move(A, 4, 0, 6, 0, VM_FLAGS_ANYWHERE);
	} else if (says(row, "behind the tail")) {
		put(a + 4 * page, 1, 0);
	} else if (says(row, "then back")) {
		judge(call, "back kr=SUCCESS(", "%d)",
		    move(OTHER, 2, A, 2, 0, 0));
	} else if (says(row, "then the source again")) {
		(void)mt_write(A, 0x55);
		judge(call, "again kr=SUCCESS(", "%d)",
		    move(A, 2, ALIAS, 2, 1, 0));
	} else if (says(row, "munlock at the new place")) {
		int error = 0;

		if (bsd() == NULL)
			return false;
		(void)bsd()->munlock(&error, OTHER, 2 * page);
		judge(call, "munlock=", "%d", error);
	} else if (strstr(row, ", then ") != NULL &&
	    !says(row, "then permanent") && !says(row, "then a permanent")) {
		return false;
	}
	return true;
}

/* ---- what was asked afterwards ------------------------------------------ */

static void
judge_state(const char *call, const char *key, uint64_t a)
{
	int state = -1;
	kern_return_t kr = stage->purgable_control(self, a,
	    VM_PURGABLE_GET_STATE, &state);

	judge(call, key, "%s(%d) %d",
	    kr == KERN_SUCCESS ? "SUCCESS" : "INVALID_ARGUMENT", kr, state);
}

static void
judge_page(const char *call, const char *key, uint64_t a)
{
	integer_t disposition = 0, references;

	(void)stage->page_query(self, a, &disposition, &references);
	judge(call, key, "0x%x", (unsigned)disposition);
}

void
words_judge(const char *call)
{
	const char *p = strstr(call, "copy after a store at dst");
	bool is_moved = strstr(call, "out=A+0x100000") != NULL;
	uint64_t a = is_moved ? OTHER : A;

	judge_state(call, "state at dst kr=", a);
	judge_state(call, "state of tail kr=", a + 2 * page);
	judge_state(call, "state at src kr=", A);
	judge_page(call, "page query of dst kr=SUCCESS(0) ", OTHER);
	judge_page(call, "of tail kr=SUCCESS(0) ", OTHER + 2 * page);
	judge_page(call, "of src kr=SUCCESS(0) ", A);
	if (strstr(call, "after a store at src") != NULL)
		(void)mt_write(A, 0x77);
	else if (strstr(call, "after a store at dst") != NULL ||
	    strstr(call, "entry mapped") != NULL)
		(void)mt_write(OTHER, 0x77);
	judge(call, "alias after a store at src A+0x200000=", "%s",
	    bytes(ALIAS, 2));
	judge(call, "alias after a store at dst A+0x200000=", "%s",
	    bytes(ALIAS, 2));
	judge(call, "copy after a store at dst A+0x200000=", "%s",
	    bytes(ALIAS, 2));
	p = p == NULL ? NULL : strstr(p, " then ");
	if (p != NULL)
		judge_walk(p + 6, strlen(p + 6));
	if (strstr(call, "entry mapped") != NULL) {
		mach_vm_address_t where = FROM_PORT;

		judge(call, "entry mapped kr=SUCCESS(", "%d)",
		    stage->map(self, &where, 2 * page, 0, VM_FLAGS_FIXED, entry,
			0, FALSE, RW, RW, VM_INHERIT_COPY));
		judge(call, "A+0x300000=", "%s", bytes(FROM_PORT, 2));
	}
}

/* ---- rows without the call ---------------------------------------------- */

/* As many bytes, of a request that asks to grow the source. */
static const char *
message(const char *row, mach_msg_id_t id, mach_msg_size_t size, bool is_zero)
{
	static struct mt_message m;
	const uint64_t arguments[] = { A, 2 * page, 0, 4 * page, 0,
		(uint64_t)VM_FLAGS_ANYWHERE << 32 };
	const char *answer = strstr(row, "kr=");
	kern_return_t kr;

	memset(&m, 0, sizeof(m));
	m.header.msgh_bits = MACH_MSGH_BITS(MACH_MSG_TYPE_COPY_SEND,
	    MACH_MSG_TYPE_MAKE_SEND_ONCE);
	m.header.msgh_size = size;
	m.header.msgh_remote_port = self;
	m.header.msgh_id = id;
	if (!is_zero) {
		memcpy(m.bytes + 24, mt_mig_ndr, sizeof(mt_mig_ndr));
		memcpy(m.bytes + 32, arguments, sizeof(arguments));
	}
	kr = mt_mig_any(&m, size);
	if (kr == MACH_MSG_SUCCESS)
		memcpy(&kr, m.bytes + 32, sizeof(kr));
	answer = answer == NULL ? "" : strchr(answer, '(');
	judge(answer, "(", "%d)", kr);
	judge(answer, "reply id=", "%d", m.header.msgh_id);
	judge(answer, "size=", "%u", m.header.msgh_size);
	judge(answer, "bits=", "0x%x", m.header.msgh_bits);
	return NULL;
}

const char *
words_row(const char *row, const char *(*set_stage)(const char *row))
{
	const char *why = set_stage(row);
	unsigned id = 4829, size = 80;

	if (why != NULL)
		return why;
	if (sscanf(row, "request of %u bytes", &size) == 1)
		return message(row, 4829, size, false);
	if (sscanf(row, "id %u with zeroes, bytes %u", &id, &size) == 2 ||
	    sscanf(row, "id %u with %u bytes of zeroes", &id, &size) == 2)
		return message(row, (mach_msg_id_t)id, size, true);
	if (starts(row, "as vm_reallocate, id in base")) {
		const char *text = strstr(row, "walk: ");

		(void)message(row, 3833, size, false);
		if (text != NULL)
			judge_walk(text + 6,
			    (size_t)(strstr(text, " |") - text) - 6);
		return NULL;
	}
	if (starts(row, "fork ") && says(row, "child moves")) {
		(void)stage->inherit(self, A, 2 * page,
		    says(row, "SHARE")	  ? VM_INHERIT_SHARE :
			says(row, "NONE") ? VM_INHERIT_NONE :
					    VM_INHERIT_COPY);
		with_a_child(row, true);
		return NULL;
	}
	return "no call of the routine";
}
