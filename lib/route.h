/*
 * A route is one way into the kernel.  A member that is NULL is a routine
 * which that route does not have: a case for it is absent there.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef MT_ROUTE_H
#define MT_ROUTE_H

#include "routine_lists.h"
#include "types.h"

struct mt_registers; /* trap.h */
struct mt_message;   /* mig.h */

/*
 * Every member returns what the kernel answered (KERN_*, MACH_SEND_*, MIG_*).
 * Addresses and sizes are in bytes and passed exactly as given.  Out
 * parameters keep their value unless the call succeeds.
 */
struct mt_route {
	const char *name;  /* suffix of the case's name */
	bool traps;	   /* our own trap instruction enters the kernel */
	bool old_messages; /* by mach_msg_trap (31): system.h */
	bool new_messages; /* by mach_msg2_trap (47) */

	/* The routines of routines.h.  wire needs the privileged host port;
	 * remap_new takes both protections in and gives both out. */
#define MESSAGE(name_, id_, since_, before_, request_, reply_, parameters_) \
	kern_return_t (*name_)(mach_port_name_t target MT_DECLARE(parameters_));
#include "routines.h"
	/* map with no object, maximum VM_PROT_ALL and default inheritance:
	 * the form that every route has */
	kern_return_t (*map_anonymous)(mach_port_name_t target,
	    mach_vm_address_t *address, mach_vm_size_t size,
	    mach_vm_offset_t mask, int flags, vm_prot_t cur_protection);

	/* Subjects for which no routine is called.  Each belongs to one route,
	 * so that its cases run once; nobody calls the member. */
	void (*comm_page)(void), (*fault)(void), (*libsystem)(void),
	    (*page_size)(void);

	/* The trap instruction itself, every register under control. */
	void (*raw)(struct mt_registers *);

	/* A message as it stands (mig.h): for messages that no stub makes. */
	mach_msg_return_t (*send)(struct mt_message *, mach_msg_size_t);
	/* The same, receiving at most that many bytes. */
	mach_msg_return_t (*exchange)(struct mt_message *, mach_msg_size_t,
	    mach_msg_size_t limit);

	/* BSD calls (routes libc and unix): the value, or -1 and *error is
	 * errno in Darwin's numbers, which success leaves alone. */
#define UNIX(name_, number_, parameters_) \
	int64_t (*name_)(int *error MT_DECLARE(parameters_));
#include "unix_calls.h"
	/* libc's alone: the kernel has no such call */
	int64_t (*posix_madvise)(int *error, uint64_t address, uint64_t size,
	    int advice);
};

/* What fstat64 fills: xnu bsd/sys/stat.h, __DARWIN_STRUCT_STAT64. */
struct mt_stat {
	int32_t device;
	uint16_t mode, links;
	uint64_t file;
	uint32_t uid, gid;
	int32_t special;
	uint32_t pad;
	struct {
		int64_t seconds, nanoseconds;
	} accessed, modified, changed, born;
	int64_t size, blocks; /* bytes; of 512 bytes */
	int32_t block_size;
	uint32_t flags, generation, spare;
	int64_t spares[2];
};

/*
 * All routes of this system, ended by NULL: "libsystem", "trap", "mig",
 * "mig2" (the same messages through mach_msg2_trap), "vm" (libSystem's vm_*
 * twins), "libc" and "unix" (BSD calls).
 */
extern const struct mt_route *const mt_routes[];

/* The member of a subject: does nothing. */
void mt_route_subject(void);

/* Whether this system has the route, and the route the routine: member is its
 * offset in struct mt_route. */
bool mt_route_has(const struct mt_route *, size_t member);

/*
 * The route with every Mach routine, for setting a stage: a body calls
 * stage->inherit() when the routine under test is another one.  The library's
 * own tests put a false kernel here.
 */
extern const struct mt_route *stage;
/* The same for the BSD calls: a file or shared memory for a Mach routine. */
extern const struct mt_route *const stage_bsd;

#endif
