/*
 * Port names and rights: as much of osfmk/ipc as the VM calls can see.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "model/calls/ports.h"
#include "model/calls/message.h"
#include "model/host/heap.h"
#include "model/host/lock.h"
#include "model/vm/memory_entry.h"
#include "model/vm/vm.h"

#include <string.h>

#define UREFS_MAX   65535 /* then they stay there, and never drop */
#define RIGHTS	    6	  /* MACH_PORT_RIGHT_NUMBER */
#define FIRST_NAMES 64

/* One name; index 0 is never used. */
struct name {
	struct port *port;   /* NULL: free, or a dead name */
	uint32_t references; /* of send rights or the dead name */
	uint8_t generation;
	bool used, send, receive, send_once;
	uint32_t next_free;
};

struct space {
	struct name *names;
	uint32_t count, size; /* used so far, allocated */
	uint32_t free;	      /* list, 0: none */
	struct port *self;
};

static mach_port_name_t
name_of(const struct space *s, uint32_t index)
{
	return index << 8 | (s->names[index].generation << 2 | 3);
}

static struct name *
find(struct space *s, mach_port_name_t name)
{
	uint32_t index = name >> 8;

	if (index == 0 || index >= s->count || !s->names[index].used ||
	    name_of(s, index) != name)
		return NULL;
	return &s->names[index];
}

static void
port_release(struct port *p)
{
	if (--p->references > 0)
		return;
	if (p->entry != NULL)
		kernel_memory_entry_release(p->entry);
	if (p->messages != NULL)
		message_port_free(p);
	heap_free(p, sizeof(*p));
}

static struct port *
port_new(enum port_kind kind)
{
	struct port *p = heap_alloc(sizeof(*p));

	p->kind = kind;
	return p;
}

/* A free name for a reference on p; NULL: a dead name. */
static struct name *
enter(struct space *s, struct port *p)
{
	struct name *n;
	uint32_t index, size;

	if ((index = s->free) != 0) {
		s->free = s->names[index].next_free;
	} else {
		if (s->count == s->size) {
			size = 2 * s->size;
			n = heap_alloc(size * sizeof(*n));
			memcpy(n, s->names, s->size * sizeof(*n));
			heap_free(s->names, s->size * sizeof(*n));
			s->names = n;
			s->size = size;
		}
		index = s->count++;
	}
	n = &s->names[index];
	n->port = p;
	n->references = 0;
	n->used = true;
	n->send = n->receive = n->send_once = false;
	if (p != NULL)
		p->references++;
	return n;
}

static void
leave(struct space *s, struct name *n)
{
	struct port *p = n->port;
	uint8_t generation = n->generation + 1;

	memset(n, 0, sizeof(*n));
	n->generation = generation & 0x3f;
	n->next_free = s->free;
	s->free = n - s->names;
	if (p != NULL)
		port_release(p);
}

/* One send right more to p, under the name that the space has for it. */
static mach_port_name_t
add_send(struct space *s, struct port *p)
{
	struct name *n;

	for (uint32_t i = 1; i < s->count; i++)
		if (s->names[i].used && s->names[i].port == p &&
		    !s->names[i].send_once) {
			n = &s->names[i];
			goto found;
		}
	n = enter(s, p);
found:
	n->send = true;
	if (n->references < UREFS_MAX)
		n->references++;
	return name_of(s, n - s->names);
}

static struct space *
space_of(struct task *task)
{
	struct space *s = task->space;
	struct port *thread, *host;

	if (s != NULL)
		return s;
	s = task->space = heap_alloc(sizeof(*s));
	s->size = FIRST_NAMES;
	s->count = 1;
	s->names = heap_alloc(s->size * sizeof(*s->names));
	s->self = port_new(PORT_TASK);
	s->self->task = task;
	s->self->references = 1;
	if (task->is_forked) {
		/* A new space: nothing of its parent's, and other numbers. */
		s->count += 1 + (uint32_t)task->pid % 16;
		task->self_name = add_send(s, s->self);
		return s;
	}
	/* What a program has at its start. */
	thread = port_new(PORT_THREAD);
	thread->thread = task->pid;
	host = port_new(PORT_HOST_PRIV);
	add_send(s, thread);
	task->self_name = add_send(s, s->self);
	add_send(s, host);
	return s;
}

/* The port of this kind whose name the space has. */
static struct port *
known(struct space *s, enum port_kind kind, int thread)
{
	for (uint32_t i = 1; i < s->count; i++)
		if (s->names[i].used && s->names[i].port != NULL &&
		    s->names[i].port->kind == kind &&
		    (kind != PORT_THREAD || s->names[i].port->thread == thread))
			return s->names[i].port;
	return NULL;
}

mach_port_name_t
port_task_self(struct task *task)
{
	struct space *s = space_of(task);
	struct name *n = find(s, task->self_name);

	if (n != NULL && n->port == s->self) {
		if (n->references < UREFS_MAX)
			n->references++;
		return task->self_name;
	}
	return task->self_name = add_send(s, s->self);
}

static mach_port_name_t
self_of_kind(struct task *task, enum port_kind kind, int thread)
{
	struct space *s = space_of(task);
	struct port *p = known(s, kind, thread);

	if (p == NULL) {
		p = port_new(kind);
		p->thread = thread;
	}
	return add_send(s, p);
}

mach_port_name_t
port_thread_self(struct task *task)
{
	return self_of_kind(task, PORT_THREAD, (int)host_thread_id());
}

mach_port_name_t
port_host_self(struct task *task)
{
	/* The superuser's host port is the privileged one:
	 * bsd/kern/kern_prot.c set_security_token_task_internal(). */
	return self_of_kind(task, PORT_HOST_PRIV, 0);
}

mach_port_name_t
port_of_task(struct task *task, struct task *other)
{
	return add_send(space_of(task), space_of(other)->self);
}

mach_port_name_t
port_allocate(struct task *task, bool with_send)
{
	struct space *s = space_of(task);
	struct port *p = port_new(PORT_USER);
	struct name *n = enter(s, p);

	n->receive = true;
	n->send = with_send;
	n->references = with_send;
	p->receiver = s;
	return p->receiver_name = name_of(s, n - s->names);
}

mach_port_name_t
port_allocate_dead(struct task *task)
{
	struct space *s = space_of(task);
	struct name *n = enter(s, NULL);

	n->references = 1;
	return name_of(s, n - s->names);
}

mach_port_name_t
port_reply(struct task *task)
{
	return port_allocate(task, false);
}

mach_port_name_t
port_memory_entry(struct task *task, struct memory_entry *entry)
{
	struct space *s = space_of(task);
	struct port *p;
	struct name *n;

	/* An entry that is handed out again has its port. */
	for (uint32_t i = 1; i < s->count; i++) {
		n = &s->names[i];
		if (n->used && n->port != NULL && n->port->entry == entry) {
			kernel_memory_entry_release(entry);
			return add_send(s, n->port);
		}
	}
	p = port_new(PORT_MEMORY_ENTRY);
	n = enter(s, p);
	p->entry = entry;
	n->send = true;
	n->references = 1;
	return name_of(s, n - s->names);
}

mach_port_name_t
port_insert_send(struct task *task, struct port *p)
{
	return add_send(space_of(task), p);
}

mach_port_name_t
port_insert_send_once(struct task *task, struct port *p)
{
	struct space *s = space_of(task);
	struct name *n = enter(s, p);

	n->send_once = true;
	n->references = 1;
	return name_of(s, n - s->names);
}

struct port_right
port_lookup(struct task *task, mach_port_name_t name)
{
	struct port_right right = { .kind = PORT_NONE };
	struct name *n = find(space_of(task), name);

	if (n == NULL)
		return right;
	right.kind = n->port == NULL ? PORT_DEAD : n->port->kind;
	right.references = n->references;
	if (right.kind == PORT_DEAD)
		return right;
	right.port = n->port;
	right.send = n->send;
	right.receive = n->receive;
	right.send_once = n->send_once;
	return right;
}

bool
port_has_right(const struct port_right *r, uint32_t type)
{
	switch (type) {
	case MACH_MSG_TYPE_COPY_SEND:
	case MACH_MSG_TYPE_MOVE_SEND:
		return r->send || r->kind == PORT_DEAD;
	case MACH_MSG_TYPE_MOVE_SEND_ONCE:
		return r->send_once || r->kind == PORT_DEAD;
	default:
		return r->receive;
	}
}

/* ---- rights that go -------------------------------------------------------------- */

static bool
is_dead(const struct name *n)
{
	return n->port == NULL || n->port->kind == PORT_DEAD;
}

/* The receive right goes: the port is dead, and a send right under the same
 * name is a dead name. */
static void
destroy_port(struct space *s, struct name *n)
{
	struct port *p = n->port;

	p->kind = PORT_DEAD;
	p->receiver = NULL;
	n->receive = false;
	if (!n->send) {
		leave(s, n);
		return;
	}
	n->send = false;
	n->port = NULL;
	port_release(p);
}

/* ipc_object_insert_send_right() */
kern_return_t
port_insert_right(struct task *task, mach_port_name_t name, bool made)
{
	struct name *n = find(space_of(task), name);

	if (n == NULL)
		return KERN_INVALID_NAME;
	if (is_dead(n))
		return KERN_INVALID_CAPABILITY;
	if (made ? !n->receive : !n->send)
		return KERN_INVALID_RIGHT;
	n->send = true;
	if (n->references < UREFS_MAX)
		n->references++;
	return KERN_SUCCESS;
}

kern_return_t
port_deallocate(struct task *task, mach_port_name_t name)
{
	struct space *s = space_of(task);
	struct name *n;

	if (name == MACH_PORT_NULL || name == MACH_PORT_DEAD)
		return KERN_SUCCESS;
	if ((n = find(s, name)) == NULL)
		return KERN_INVALID_NAME;
	if (!is_dead(n) && !n->send && !n->send_once)
		return KERN_INVALID_RIGHT;
	if (n->references > 1) {
		if (n->references < UREFS_MAX)
			n->references--;
	} else if (n->receive) {
		n->send = false;
		n->references = 0;
	} else {
		leave(s, n);
	}
	return KERN_SUCCESS;
}

/* A send right has the name that the task has for the port, one to send once a
 * name of its own. */
mach_port_name_t
port_receive_right(struct task *task, struct port *p, mach_port_name_t from,
    uint32_t type)
{
	mach_port_name_t to;

	if (type == MACH_MSG_TYPE_MOVE_SEND)
		return from;
	if (type == MACH_MSG_TYPE_COPY_SEND || type == MACH_MSG_TYPE_MAKE_SEND)
		return port_insert_send(task, p);
	to = port_insert_send_once(task, p);
	if (type == MACH_MSG_TYPE_MOVE_SEND_ONCE)
		(void)port_deallocate(task, from);
	return to;
}

/* User references of a send right or a dead name. */
static kern_return_t
count_refs(struct space *s, struct name *n, mach_port_delta_t delta)
{
	int64_t references = n->references;

	if (delta > UREFS_MAX || delta < -UREFS_MAX)
		return KERN_INVALID_VALUE;
	if (references == UREFS_MAX && delta != -UREFS_MAX)
		delta = 0;
	if (references + delta < 0)
		return KERN_INVALID_VALUE;
	references += delta;
	n->references = references > UREFS_MAX ? UREFS_MAX : references;
	if (references != 0)
		return KERN_SUCCESS;
	if (n->receive)
		n->send = false;
	else
		leave(s, n);
	return KERN_SUCCESS;
}

kern_return_t
port_mod_refs(struct task *task, mach_port_name_t name, mach_port_right_t right,
    mach_port_delta_t delta)
{
	struct space *s = space_of(task);
	struct name *n;

	if (right >= RIGHTS)
		return KERN_INVALID_VALUE;
	if (name == MACH_PORT_NULL || name == MACH_PORT_DEAD)
		return right == MACH_PORT_RIGHT_SEND ||
			right == MACH_PORT_RIGHT_SEND_ONCE ?
		    KERN_SUCCESS :
		    KERN_INVALID_NAME;
	if ((n = find(s, name)) == NULL)
		return KERN_INVALID_NAME;
	switch (right) {
	case MACH_PORT_RIGHT_SEND:
		if (is_dead(n) || !n->send)
			return KERN_INVALID_RIGHT;
		return count_refs(s, n, delta);
	case MACH_PORT_RIGHT_DEAD_NAME:
		if (!is_dead(n))
			return KERN_INVALID_RIGHT;
		return count_refs(s, n, delta);
	case MACH_PORT_RIGHT_RECEIVE:
		if (!n->receive)
			return KERN_INVALID_RIGHT;
		if (delta == -1)
			destroy_port(s, n);
		return delta == 0 || delta == -1 ? KERN_SUCCESS :
						   KERN_INVALID_VALUE;
	case MACH_PORT_RIGHT_SEND_ONCE:
		if (is_dead(n) || !n->send_once)
			return KERN_INVALID_RIGHT;
		if (delta == -1)
			leave(s, n);
		return delta == 0 || delta == -1 ? KERN_SUCCESS :
						   KERN_INVALID_VALUE;
	default:
		return KERN_INVALID_RIGHT; /* no sets, no labels */
	}
}

void
port_take_right(struct task *task, mach_port_name_t name, uint32_t type)
{
	if (type == MACH_MSG_TYPE_MOVE_RECEIVE)
		(void)port_mod_refs(task, name, MACH_PORT_RIGHT_RECEIVE, -1);
	else if (type == MACH_MSG_TYPE_MOVE_SEND ||
	    type == MACH_MSG_TYPE_MOVE_SEND_ONCE)
		(void)port_deallocate(task, name);
}

kern_return_t
port_destroy(struct task *task, mach_port_name_t name)
{
	struct space *s = space_of(task);
	struct name *n = find(s, name);

	if (name == MACH_PORT_NULL || name == MACH_PORT_DEAD)
		return KERN_SUCCESS;
	if (n == NULL)
		return KERN_INVALID_NAME;
	if (n->receive)
		n->port->kind = PORT_DEAD;
	leave(s, n);
	return KERN_SUCCESS;
}

kern_return_t
port_get_refs(struct task *task, mach_port_name_t name, mach_port_right_t right,
    uint32_t *references)
{
	struct name *n = find(space_of(task), name);
	bool has;

	if (right >= RIGHTS)
		return KERN_INVALID_VALUE;
	if (n == NULL)
		return KERN_INVALID_NAME;
	has = right == MACH_PORT_RIGHT_DEAD_NAME ? is_dead(n) :
						   !is_dead(n) &&
		((right == MACH_PORT_RIGHT_SEND && n->send) ||
		    (right == MACH_PORT_RIGHT_RECEIVE && n->receive) ||
		    (right == MACH_PORT_RIGHT_SEND_ONCE && n->send_once));
	*references = !has		     ? 0 :
	    right == MACH_PORT_RIGHT_RECEIVE ? 1 :
					       n->references;
	return KERN_SUCCESS;
}

void
port_space_destroy(struct task *task)
{
	struct space *s = task->space;

	if (s == NULL)
		return;
	s->self->kind = PORT_DEAD;
	s->self->task = NULL;
	for (uint32_t i = 1; i < s->count; i++) {
		if (!s->names[i].used)
			continue;
		if (s->names[i].receive && s->names[i].port != NULL)
			s->names[i].port->kind = PORT_DEAD;
		leave(s, &s->names[i]);
	}
	port_release(s->self);
	heap_free(s->names, s->size * sizeof(*s->names));
	heap_free(s, sizeof(*s));
	task->space = NULL;
}
