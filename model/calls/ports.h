/*
 * Port names: what each of a task's names denotes.
 *
 * A name is an index and a generation, as osfmk/ipc makes them: the first
 * three of a task are 0x103 (its thread), 0x203 (itself), 0x303 (its host).
 * Called with the kernel lock held.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef MODEL_CALLS_PORTS_H
#define MODEL_CALLS_PORTS_H

#include "types.h"

struct space;
struct task;

struct memory_entry;

enum port_kind {
	PORT_NONE, /* the name denotes nothing */
	PORT_DEAD, /* a dead name, or a right to a dead port */
	PORT_TASK, /* ->task: this one or another */
	PORT_THREAD,
	PORT_HOST,
	PORT_HOST_PRIV,
	PORT_MEMORY_ENTRY, /* ->entry */
	PORT_USER,	   /* its receive right is in a task */
};

/* A port; user space has rights to it under names. */
struct port {
	enum port_kind kind; /* PORT_DEAD once it is destroyed */
	int references;
	struct task *task;
	struct memory_entry *entry;
	int thread;		/* id of the host's thread */
	struct space *receiver; /* PORT_USER: who has the receive right */
	mach_port_name_t receiver_name;
	/* What the message entry keeps with a port of user space; freed with
	 * it by message_port_free(). */
	void *messages;
};

/* What a name denotes, and by which right: MACH_PORT_RIGHT_*. */
struct port_right {
	enum port_kind kind;
	struct port *port; /* NULL for PORT_NONE and PORT_DEAD */
	bool send, receive, send_once;
	uint32_t references; /* user references */
};
struct port_right port_lookup(struct task *, mach_port_name_t);
/* What a message's disposition takes is there; from a dead name all is taken but
 * what would be made. */
bool port_has_right(const struct port_right *, uint32_t disposition);

/* Names that each call adds a user reference to; MACH_PORT_NULL: none. */
mach_port_name_t port_task_self(struct task *);
mach_port_name_t port_thread_self(struct task *);
mach_port_name_t port_host_self(struct task *);
/* A send right to another task (task_for_pid). */
mach_port_name_t port_of_task(struct task *, struct task *other);
/* A new receive right; the same with a send right under its name. */
mach_port_name_t port_reply(struct task *);
mach_port_name_t port_allocate(struct task *, bool with_send);
mach_port_name_t port_allocate_dead(struct task *); /* a dead name */
/* A send right to a memory entry, whose reference it takes. */
mach_port_name_t port_memory_entry(struct task *, struct memory_entry *);
/* A send (or send-once) right to a port, one user reference more. */
mach_port_name_t port_insert_send(struct task *, struct port *);
mach_port_name_t port_insert_send_once(struct task *, struct port *);
/* One more under the name, made from its receive right or copied. */
kern_return_t port_insert_right(struct task *, mach_port_name_t, bool made);
/* What a message brings that takes `from`, a right to the port, by one of
 * MACH_MSG_TYPE_*. */
mach_port_name_t port_receive_right(struct task *, struct port *,
    mach_port_name_t from, uint32_t type);

kern_return_t port_deallocate(struct task *, mach_port_name_t);
kern_return_t port_mod_refs(struct task *, mach_port_name_t, mach_port_right_t,
    mach_port_delta_t);
kern_return_t port_destroy(struct task *, mach_port_name_t);
/* What a message moved, of MACH_MSG_TYPE_*, goes. */
void port_take_right(struct task *, mach_port_name_t, uint32_t type);
/* Its user references under a right; KERN_INVALID_NAME, KERN_INVALID_VALUE. */
kern_return_t port_get_refs(struct task *, mach_port_name_t, mach_port_right_t,
    uint32_t *);

/* The task ends: its names go, and rights to it are dead. */
void port_space_destroy(struct task *);

#endif
