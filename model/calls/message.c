/*
 * The message traps: messages in and out of the kernel.  What a server makes
 * of them is in mig_server.c.
 *
 * The order of checks is that of osfmk/ipc/ipc_kmsg.c, ipc_kmsg_copyin().
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <signal.h>
#include <stddef.h>
#include <string.h>
#include <time.h>

#include "model/calls/message.h"
#include "model/calls/descriptor.h"
#include "model/calls/mig_server.h"
#include "model/calls/ports.h"
#include "model/calls/program.h"
#include "model/host/access.h"
#include "model/host/heap.h"
#include "model/host/lock.h"
#include "model/host/signal.h"
#include "model/vm/copy.h"
#include "model/vm/release.h"
#include "model/vm/user.h"
#include "model/vm/vm.h"

#define TRAILER_SIZE 8	 /* mach_msg_trailer_t: type 0, size 8 */
#define SMALLEST     256 /* what is not there of a shorter message is zero */

/* What either trap asks for. */
struct exchange {
	uint64_t send_at, receive_at; /* user addresses */
	uint64_t options;
	mach_msg_size_t send_size, receive_limit;
	mach_port_name_t receive_name;
};

/* Room for size bytes, a header or more, and a trailer. */
static struct message *
message_new(size_t size)
{
	const size_t room = offsetof(struct message, user) +
	    (size < SMALLEST ? SMALLEST : size) + TRAILER_SIZE;
	struct message *m = heap_alloc(room);

	m->room = (uint32_t)room;
	return m;
}

static void
message_free(struct message *m)
{
	for (unsigned i = 0; i < MESSAGE_DESCRIPTORS; i++)
		if (m->copies[i] != NULL)
			copy_discard(m->copies[i]);
	heap_free(m, m->room);
}

void
message_port_free(struct port *port)
{
	struct message *m;

	while ((m = port->messages) != NULL) {
		port->messages = m->next;
		message_free(m);
	}
}

static void
enqueue(struct port *port, struct message *m)
{
	struct message **last = (struct message **)&port->messages;

	while (*last != NULL)
		last = &(*last)->next;
	*last = m;
}

/* ---- copyin ---------------------------------------------------------------- */

/* The header takes rights to send alone. */
static bool
is_send_type(uint32_t type)
{
	return type >= MACH_MSG_TYPE_MOVE_SEND &&
	    type <= MACH_MSG_TYPE_MAKE_SEND_ONCE;
}

/* Both names are looked up and the reply's right is judged before that to the
 * destination is. */
static mach_msg_return_t
copyin_header(struct task *task, const mach_msg_header_t *h,
    struct port_right *target, struct port_right *reply)
{
	uint32_t to = h->msgh_bits & 0x1f, from = h->msgh_bits >> 8 & 0x1f;

	if (!is_send_type(to) ||
	    (from == 0 ? h->msgh_local_port != MACH_PORT_NULL :
			 !is_send_type(from)))
		return MACH_SEND_INVALID_HEADER;
	*target = port_lookup(task, h->msgh_remote_port);
	if (h->msgh_remote_port == MACH_PORT_NULL ||
	    h->msgh_remote_port == MACH_PORT_DEAD ||
	    target->kind == PORT_NONE || target->kind == PORT_DEAD)
		return MACH_SEND_INVALID_DEST;
	*reply = port_lookup(task, h->msgh_local_port);
	if (from != 0 && h->msgh_local_port != MACH_PORT_NULL &&
	    h->msgh_local_port != MACH_PORT_DEAD &&
	    (reply->kind == PORT_NONE || !port_has_right(reply, from)))
		return MACH_SEND_INVALID_REPLY;
	return port_has_right(target, to) ? MACH_MSG_SUCCESS :
					    MACH_SEND_INVALID_DEST;
}

/* ---- sending --------------------------------------------------------------- */

/* To a port of user space, as it arrives there: what was remote is local. */
static void
deliver(struct task *task, const struct port_right *target,
    const struct port_right *reply, struct message *m)
{
	mach_msg_header_t *h = &m->user.header;
	const uint32_t from = h->msgh_bits >> 8 & 0x1f;
	const bool is_send = from == MACH_MSG_TYPE_MOVE_SEND ||
	    from == MACH_MSG_TYPE_COPY_SEND || from == MACH_MSG_TYPE_MAKE_SEND;
	mach_port_name_t to = MACH_PORT_NULL;

	if (reply->port != NULL)
		to = port_receive_right(task, reply->port, h->msgh_local_port,
		    from);
	else if (h->msgh_local_port == MACH_PORT_DEAD ||
	    reply->kind == PORT_DEAD)
		to = MACH_PORT_DEAD;
	if (reply->kind == PORT_DEAD)
		port_take_right(task, h->msgh_local_port, from);
	h->msgh_bits = (h->msgh_bits & MACH_MSGH_BITS_COMPLEX) |
	    MACH_MSGH_BITS(to == MACH_PORT_NULL ? 0 :
		    is_send			? MACH_MSG_TYPE_MOVE_SEND :
						  MACH_MSG_TYPE_MOVE_SEND_ONCE,
		MACH_MSG_TYPE_MOVE_SEND);
	h->msgh_remote_port = to;
	h->msgh_local_port = target->port->receiver_name;
	h->msgh_size = m->size;
	enqueue(target->port, m);
}

static void
serve(struct task *task, const struct port_right *target,
    const struct port_right *reply, struct message *request)
{
	static struct message largest; /* with the lock held */
	struct message *answer;
	mach_msg_header_t *h = &largest.user.header;

	largest.body_error = MACH_MSG_SUCCESS;
	mig_serve(task, target, request, &largest);
	message_take_rights(task, request);
	if (reply->kind == PORT_USER) {
		h->msgh_bits |= MACH_MSGH_BITS(0, MACH_MSG_TYPE_MOVE_SEND_ONCE);
		h->msgh_local_port = request->user.header.msgh_local_port;
		answer = message_new(h->msgh_size);
		answer->size = h->msgh_size;
		answer->body_error = largest.body_error;
		memcpy(&answer->user, &largest.user, answer->size);
		enqueue(reply->port, answer);
	}
	message_free(request);
}

/*
 * Whether who sends this by mach_msg2 and does not receive is killed.  Programs
 * of older SDKs may, if they ask for no reply.
 */
static bool
is_killed_alone(const struct rules *rules, const struct port_right *target,
    const struct port_right *reply)
{
	return rules->kills_lone_senders && target->kind != PORT_USER &&
	    (reply->kind != PORT_NONE || program_built_since(15, 0));
}

/* by_msg2: by mach_msg2, and alone if nothing is received.
 * MACH_SEND_INVALID_OPTIONS: the sender is killed. */
static mach_msg_return_t
send_locked(struct task *task, struct message *m, bool by_msg2, bool alone)
{
	const mach_msg_header_t *h = &m->user.header;
	const bool complex = (h->msgh_bits & MACH_MSGH_BITS_COMPLEX) != 0;
	const bool first = task->rules->measures_messages_first;
	const bool kernel_call = by_msg2 &&
	    port_lookup(task, h->msgh_remote_port).kind != PORT_USER;
	struct port_right target, reply;
	mach_msg_return_t error = MACH_MSG_SUCCESS;
	mach_msg_header_t header;

	if (complex && first)
		error = message_measure(task->rules, m, kernel_call, false);
	if (error == MACH_MSG_SUCCESS)
		error = copyin_header(task, h, &target, &reply);
	if (error == MACH_MSG_SUCCESS && by_msg2 && alone &&
	    is_killed_alone(task->rules, &target, &reply))
		error = MACH_SEND_INVALID_OPTIONS;
	if (error == MACH_MSG_SUCCESS && complex)
		error = message_measure(task->rules, m, kernel_call, true);
	if (error == MACH_MSG_SUCCESS && complex)
		error = message_copyin(task, m, kernel_call);
	if (error != MACH_MSG_SUCCESS) {
		message_free(m);
		return error;
	}
	header = *h;
	if (target.kind == PORT_USER)
		deliver(task, &target, &reply, m);
	else {
		serve(task, &target, &reply, m);
		port_take_right(task, header.msgh_local_port,
		    header.msgh_bits >> 8 & 0x1f);
	}
	port_take_right(task, header.msgh_remote_port, header.msgh_bits & 0x1f);
	return MACH_MSG_SUCCESS;
}

/*
 * Whether who sends this by trap 31 is killed.  Hardened programs and those of
 * the system, to which the list does not apply, do not occur here.
 */
static bool
is_killed(const struct rules *rules, const mach_msg_header_t *h)
{
	if (!rules->kills_old_senders || rules->is_translated)
		return false;
	if (program_built_since(13, 0))
		return true;
	return h->msgh_id != 3402 && /* task_threads */
	    h->msgh_id != 3405 &&    /* task_info */
	    h->msgh_id != 3603 &&    /* thread_get_state */
	    h->msgh_id != 4804 &&    /* mach_vm_read */
	    h->msgh_id != 4808;	     /* mach_vm_read_overwrite */
}

/* No server takes a request of more than MT_MIG_LIMIT bytes: of a larger
 * message the first of them are read, and its size is wrong for all. */
static mach_msg_return_t
send(struct task *task, const struct exchange *x,
    const mach_msg_header_t *header)
{
	struct message *m;
	mach_msg_return_t error;
	size_t size;

	if (x->send_size < sizeof(mach_msg_header_t) || x->send_size % 4 != 0)
		return MACH_SEND_MSG_TOO_SMALL;
	size = x->send_size < sizeof(m->user) ? x->send_size : sizeof(m->user);
	kernel_lock();
	m = message_new(size);
	kernel_unlock();
	m->size = x->send_size;
	error = host_copyin(x->send_at, &m->user, size) ?
	    MACH_MSG_SUCCESS :
	    MACH_SEND_INVALID_DATA;
	if (header != NULL)
		m->user.header = *header;
	else if (error == MACH_MSG_SUCCESS &&
	    (m->user.header.msgh_bits & MACH_MSGH_BITS_COMPLEX) != 0 &&
	    !message_has_room(task->rules, m))
		error = MACH_SEND_MSG_TOO_SMALL;
	if (header == NULL && error == MACH_MSG_SUCCESS &&
	    is_killed(task->rules, &m->user.header)) {
		kernel_lock();
		message_free(m);
		kernel_unlock();
		host_die(SIGKILL); /* EXC_GUARD */
	}
	m->user.header.msgh_size = m->size;
	if (m->size > sizeof(m->user))
		m->size = sizeof(m->user);
	kernel_lock();
	if (error == MACH_MSG_SUCCESS)
		error = send_locked(task, m, header != NULL,
		    (x->options & MACH_RCV_MSG) == 0);
	else
		message_free(m);
	kernel_unlock();
	if (error == MACH_SEND_INVALID_OPTIONS)
		host_die(SIGKILL); /* EXC_GUARD */
	return error;
}

/* ---- receiving ------------------------------------------------------------- */

static struct message *
dequeue(struct task *task, mach_port_name_t name, mach_msg_size_t limit,
    mach_msg_return_t *error)
{
	struct port_right right = port_lookup(task, name);
	struct message *m;

	*error = MACH_MSG_SUCCESS;
	if (right.kind != PORT_USER || !right.receive) {
		*error = MACH_RCV_INVALID_NAME;
		return NULL;
	}
	m = right.port->messages;
	if (m == NULL)
		return NULL;
	right.port->messages = m->next;
	if ((uint64_t)m->size + TRAILER_SIZE > limit)
		*error = MACH_RCV_TOO_LARGE;
	return m;
}

/* A message that is not received takes what it carries with it: the rights
 * and the memory that the server put into the caller's hands already. */
static void
withdraw(struct task *task, const struct message *m)
{
	const uint8_t *at = m->user.bytes + sizeof(mach_msg_header_t);
	uint32_t count, word[4];
	uint64_t address;

	if ((m->user.header.msgh_bits & MACH_MSGH_BITS_COMPLEX) == 0)
		return;
	memcpy(&count, at, sizeof(count));
	for (at += sizeof(count); count > 0; count--) {
		memcpy(word, at, 3 * sizeof(*word));
		if (word[2] >> 24 == MACH_MSG_PORT_DESCRIPTOR) {
			(void)port_deallocate(task, word[0]);
			at += 3 * sizeof(*word);
			continue;
		}
		memcpy(&address, at, sizeof(address));
		memcpy(word, at, sizeof(word));
		(void)kernel_deallocate(task, address, word[3]);
		at += sizeof(word);
	}
}

static mach_msg_return_t
receive(struct task *task, const struct exchange *x)
{
	static const uint32_t trailer[2] = { 0, TRAILER_SIZE };
	const struct timespec pause = { .tv_nsec = 1000000 };
	struct message *m;
	mach_msg_return_t error;

	for (;;) {
		kernel_lock();
		m = dequeue(task, x->receive_name, x->receive_limit, &error);
		kernel_unlock();
		if (m != NULL || error != MACH_MSG_SUCCESS)
			break;
		if ((x->options & MACH_RCV_TIMEOUT) != 0)
			return MACH_RCV_TIMED_OUT;
		nanosleep(&pause, NULL);
	}
	if (error == MACH_MSG_SUCCESS) {
		memcpy(m->user.bytes + m->size, trailer, sizeof(trailer));
		if (!host_copyout(m->user.bytes, x->receive_at,
			m->size + sizeof(trailer)))
			error = MACH_RCV_INVALID_DATA;
		else
			error = m->body_error;
	}
	if (m != NULL) {
		kernel_lock();
		if (error == MACH_RCV_TOO_LARGE)
			withdraw(task, m);
		message_free(m);
		kernel_unlock();
	}
	return error;
}

static mach_msg_return_t
exchange(struct task *task, const struct exchange *x,
    const mach_msg_header_t *header)
{
	mach_msg_return_t error = MACH_MSG_SUCCESS;

	if ((x->options & MACH_SEND_MSG) != 0)
		error = send(task, x, header);
	if (error == MACH_MSG_SUCCESS && (x->options & MACH_RCV_MSG) != 0)
		error = receive(task, x);
	return error;
}

mach_msg_return_t
message_trap(struct task *task, const uint64_t *a, bool overwrite)
{
	const struct exchange x = {
		.send_at = a[0],
		.receive_at = overwrite && a[7] != 0 ? a[7] : a[0],
		.options = (uint32_t)a[1],
		.send_size = (mach_msg_size_t)a[2],
		.receive_limit = (mach_msg_size_t)a[3],
		.receive_name = (mach_port_name_t)a[4],
	};

	return exchange(task, &x, NULL);
}

/* The header comes in registers, low half first; what memory holds there does
 * not count.  A vector of buffers is not modelled. */
mach_msg_return_t
message2_trap(struct task *task, const uint64_t *a)
{
	const mach_msg_header_t header = {
		.msgh_bits = (mach_msg_bits_t)a[2],
		.msgh_remote_port = (mach_port_t)a[3],
		.msgh_local_port = (mach_port_t)(a[3] >> 32),
		.msgh_voucher_port = (mach_port_name_t)a[4],
		.msgh_id = (mach_msg_id_t)(a[4] >> 32),
	};
	const struct exchange x = {
		.send_at = a[0],
		.receive_at = a[0],
		.options = a[1],
		.send_size = (mach_msg_size_t)(a[2] >> 32),
		.receive_limit = (mach_msg_size_t)a[6],
		.receive_name = (mach_port_name_t)(a[5] >> 32),
	};

	return exchange(task, &x, &header);
}

mach_msg_return_t
message_call(struct task *task, struct mt_message *m, mach_msg_size_t size)
{
	mach_port_name_t reply;
	mach_msg_return_t error;
	struct exchange x = {
		.send_at = (uintptr_t)m,
		.receive_at = (uintptr_t)m,
		.options = MACH_SEND_MSG | MACH_RCV_MSG,
		.send_size = size,
		.receive_limit = sizeof(*m),
	};
	mach_msg_header_t header;

	kernel_lock();
	reply = port_reply(task);
	kernel_unlock();
	m->header.msgh_local_port = x.receive_name = reply;
	header = m->header;
	error = exchange(task, &x, &header);
	kernel_lock();
	(void)port_mod_refs(task, reply, MACH_PORT_RIGHT_RECEIVE, -1);
	kernel_unlock();
	return error;
}
