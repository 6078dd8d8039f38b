/*
 * Who answers: the fingerprint of the system under test.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef MT_SYSTEM_H
#define MT_SYSTEM_H

#include "types.h"

struct mt_system {
	const char *name;    /* "macos", "model", "bare" */
	const char *release; /* product version: "10.15", "15.5" */
	const char *build;   /* "24F74"; "" when unknown */
	const char *kernel;  /* kern.version, one line */
	const char *arch;    /* of the process: "arm64", "x86_64" */
	const char *machine; /* whose instructions run: the same but
					 * for the model, which is any arch */
	bool translated;     /* x86_64 under Rosetta */
	bool extrapolated;   /* newer than the newest known one */
	bool virtual_machine;
	bool model;
	bool privileged; /* holds the host privilege port */
	bool superuser;	 /* user 0: no mode of a file keeps it out */
	bool limited;	 /* RLIMIT_AS or RLIMIT_DATA was set for it */
	uint32_t sdk;	 /* of the program, as its Mach-O has it: header.h */
	mach_vm_size_t page;		    /* of the process's map, bytes */
	mach_vm_size_t kernel_page;	    /* of the kernel, bytes */
	mach_vm_address_t minimum, maximum; /* of the map; [min, max) */
	const char *boot_args, *sip;	    /* "" when unreadable */
	const char *no_traps;	  /* why the trap instruction cannot be
					 * used here; NULL: it can */
	const char *no_comm_page; /* the same for reading the comm page, */
	const char *no_files;	  /* for making files in this folder, */
	const char *no_threads;	  /* for more threads than one, */
	const char *no_jit;	  /* and for MAP_JIT */
};

/*
 * The system, the same for the life of the process.  Off macOS the
 * first call starts the model, so it stands before the first Mach call: the
 * library's main does it, other programs do it themselves.
 */
const struct mt_system *mt_system(void);

/*
 * Choose what the model is; before the first call of mt_system().  NULL keeps
 * the default.  False with *problem when there is no such flavour; on a real
 * kernel anything that is not what it is.
 */
bool mt_system_choose(const char *release, const char *arch,
    const char **problem);

/* The SDK that a program on the model says it was built with: "12.3"; before
 * the first call of mt_system(), else its own release's.  False: it is no
 * release, or the program has a Mach-O that tells. */
bool mt_system_choose_sdk(const char *);

/* The program was built with that SDK or a later one; one whose Mach-O names
 * none counts as such with the kernel, too. */
bool mt_built_since(const struct mt_system *, uint32_t major, uint32_t minor);

/*
 * What becomes of a message that this process sends through mach_msg_trap (31).
 * Since 13 a native process is killed by EXC_GUARD, whatever the message, so
 * mach_msg2 (47) is the way into the kernel.  If its Mach-O is for macOS with
 * an SDK of at most 12, a few routines live on, of ours mach_vm_read and
 * mach_vm_read_overwrite; as long as it is no hardened program.
 * xnu-11417.121.6 osfmk/ipc/ipc_policy.c, ipc_policy_allow_legacy_send_trap().
 */
enum mt_old_messages { MT_OLD_LIVE, MT_OLD_READS, MT_OLD_KILL };
enum mt_old_messages mt_old_messages(const struct mt_system *);
/* The system has the trap mach_msg2. */
bool mt_has_message2(const struct mt_system *);

/* What can be chosen, oldest first: index from 0, false past the end.  Off
 * macOS each row of releases.h on each architecture that it has. */
bool mt_system_flavour(unsigned index, const char **release, const char **arch);

/* The rows of releases.h, oldest first: index from 0, NULL past the end. */
const char *mt_release_at(unsigned index);
/* Its last row. */
const char *mt_release_newest(void);
/* Darwin's version of a row: "24.5.0" of "15.5"; NULL: there is none. */
const char *mt_release_darwin(const char *release);
/*
 * The release of a kernel: by the tag in its kern.version ("...
 * root:xnu-7195.141.2~1/RELEASE_X86_64"), else by its kern.osrelease ("20.6.0",
 * 11.5).  Of releases that share a number the latest; Darwin 24.6 after 24.5,
 * the last row, is 15.6, and 25.0 is 26.0.  "": neither says.
 */
const char *mt_release_of_kernel(const char *version, const char *darwin);

/*
 * Releases are compared in the parts that the second one has: "10.13.6" is
 * until and since "10.13"; "14" counts as "14.0" beside "14.4".
 */
bool mt_release_until(const char *release, const char *until);
bool mt_release_since(const char *release, const char *since);
/* The release has what came with `since` and went with `before`, as in the
 * tables of routines and traps; "": always, never. */
bool mt_release_within(const char *release, const char *since,
    const char *before);
/* Orders what stands behind until: 14.4 ends before 14, which has 14.5. */
int mt_until_compare(const char *, const char *);

/* sysctlbyname() for integers of 4 or 8 bytes; false when there is none. */
bool mt_sysctl(const char *name, uint64_t *value);

/* Milliseconds since some moment; what waits compares them. */
uint64_t mt_now(void);

/* Lets another process go on, where this one waits for what it stores. */
void mt_yield(void);

/* fork() with the map's inheritance: 0 in the child, its pid, or -1. */
int mt_fork(void);
/* Wait at most `seconds`; the wait status with Darwin's signal numbers (10 is
 * SIGBUS), or -1 after killing a child that hung. */
int mt_wait(int child, int seconds);
/* A new thread says so before it makes its first call: threads.h does. */
void mt_thread_begins(void);
void mt_exit(int status) __attribute__((noreturn));

#endif
