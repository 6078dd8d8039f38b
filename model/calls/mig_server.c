/*
 * The kernel's MIG servers: the routines behind the messages.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <string.h>

#include "model/calls/mig_server.h"
#include "model/calls/caller.h"
#include "model/calls/mig_fields.h"
#include "model/calls/ports.h"
#include "model/vm/attributes.h"
#include "model/vm/entry_control.h"
#include "model/vm/kernel.h"
#include "model/vm/machine_attribute.h"
#include "model/vm/memory_entry.h"
#include "model/vm/msync.h"
#include "model/vm/purgeable.h"
#include "model/vm/query.h"
#include "model/vm/reallocate.h"
#include "model/vm/region.h"
#include "model/vm/release.h"
#include "model/vm/remap.h"
#include "model/vm/user.h"
#include "model/vm/vm.h"
#include "system.h"

/* One call in progress. */
struct call {
	struct task *caller;
	struct task *target;	    /* NULL: the port was no task's */
	enum port_kind kind;	    /* of the port */
	struct memory_entry *entry; /* which it is, or NULL */
	struct message *reply;
	union value *in, *out;
};

enum { FIELDS = 12 };
#define COUNT(array_) (sizeof(array_) / sizeof((array_)[0]))

/* ---- the routines ---------------------------------------------------------- */

#define SERVE(name)                                                        \
	static kern_return_t serve_##name(struct call *c, union value *in, \
	    union value *out)
#define UNUSED(x) (void)(x)

/* The map that a port descriptor stands for; NULL: none. */
static struct task *
task_named(struct task *caller, mach_port_name_t name)
{
	struct port_right right = port_lookup(caller, name);

	return right.kind == PORT_TASK ? right.port->task : NULL;
}

SERVE(memory_object_entry)
{
	struct memory_entry *entry;
	kern_return_t kr;

	if (c->kind != PORT_HOST && c->kind != PORT_HOST_PRIV)
		return KERN_INVALID_HOST;
	kr = kernel_memory_object_entry(in[1].number != 0, in[2].number,
	    (vm_prot_t)in[3].number, &entry);
	if (kr == KERN_SUCCESS)
		out[0].name = port_memory_entry(c->caller, entry);
	return kr;
}

SERVE(memory_object_entry_64)
{
	return serve_memory_object_entry(c, in, out);
}

SERVE(wire)
{
	struct task *task = task_named(c->caller, in[0].name);

	UNUSED(out);
	if (c->kind != PORT_HOST_PRIV)
		return KERN_INVALID_HOST;
	if (task == NULL)
		return KERN_INVALID_TASK;
	return kernel_wire(task, in[1].number, in[2].number,
	    (vm_prot_t)in[3].number);
}

SERVE(allocate)
{
	out[0].number = in[0].number;
	return kernel_allocate(c->target, &out[0].number, in[1].number,
	    (int)in[2].number);
}

SERVE(deallocate)
{
	UNUSED(out);
	return caller_deallocate(c->target, c->caller, in[0].number,
	    in[1].number);
}

SERVE(protect)
{
	UNUSED(out);
	return kernel_protect(c->target, in[0].number, in[1].number,
	    (boolean_t)in[2].number, (vm_prot_t)in[3].number);
}

SERVE(inherit)
{
	UNUSED(out);
	return kernel_inherit(c->target, in[0].number, in[1].number,
	    (vm_inherit_t)in[2].number);
}

SERVE(read)
{
	kern_return_t kr;

	kr = caller_read(c->target, c->caller, in[0].number, in[1].number,
	    &out[0].address);
	out[1].number = in[1].number;
	if (kr == (MACH_RCV_BODY_ERROR | MACH_MSG_VM_SPACE)) {
		c->reply->body_error = kr;
		out[0].address = 0;
		return KERN_SUCCESS;
	}
	out[0].count = (uint32_t)in[1].number;
	return kr;
}

SERVE(read_list)
{
	out[0].data = in[0].data;
	return caller_read_list(c->target, c->caller, in[0].data,
	    (natural_t)in[1].number);
}

SERVE(write)
{
	kern_return_t kr;

	UNUSED(out);
	if (in[0].count != in[2].number)
		return MIG_TYPE_ERROR;
	kr = caller_write(c->target, c->caller, in[1].number, in[0].copy,
	    in[0].count);
	if (kr == KERN_SUCCESS)
		in[0].copy = NULL; /* used up */
	return kr;
}

SERVE(copy)
{
	UNUSED(out);
	return caller_copy(c->target, c->caller, in[0].number, in[1].number,
	    in[2].number);
}

SERVE(read_overwrite)
{
	return caller_read_overwrite(c->target, c->caller, in[0].number,
	    in[1].number, in[2].number, &out[0].number);
}

SERVE(msync)
{
	UNUSED(out);
	return kernel_msync(c->target, in[0].number, in[1].number,
	    (vm_sync_t)in[2].number);
}

SERVE(behavior_set)
{
	UNUSED(out);
	return kernel_behavior_set(c->target, in[0].number, in[1].number,
	    (vm_behavior_t)in[2].number);
}

SERVE(map)
{
	struct port_right object = port_lookup(c->caller, in[0].name);
	struct memory_entry *entry = NULL;
	bool wrong;

	if (object.kind == PORT_MEMORY_ENTRY)
		entry = object.port->entry;
	/* what is dead is no object, by whichever name */
	wrong = entry == NULL && in[0].name != MACH_PORT_NULL &&
	    in[0].name != MACH_PORT_DEAD && object.kind != PORT_DEAD;
	out[0].number = in[1].number;
	return kernel_map(c->target, &out[0].number, in[2].number, in[3].number,
	    (int)in[4].number, entry, wrong, in[5].number,
	    (boolean_t)in[6].number, (vm_prot_t)in[7].number,
	    (vm_prot_t)in[8].number, (vm_inherit_t)in[9].number);
}

SERVE(machine_attribute)
{
	vm_machine_attribute_val_t value;
	kern_return_t kr;

	value = (vm_machine_attribute_val_t)in[3].number;
	kr = kernel_machine_attribute(c->target, in[0].number, in[1].number,
	    (vm_machine_attribute_t)in[2].number, &value);
	out[0].number = (uint32_t)value;
	return kr;
}

static kern_return_t
remap(struct call *c, const union value *in, union value *out,
    vm_prot_t current, vm_prot_t maximum, vm_inherit_t inheritance, bool is_new)
{
	struct task *source = task_named(c->caller, in[0].name);
	kern_return_t kr;

	if (source == NULL)
		return KERN_INVALID_ARGUMENT;
	out[0].number = in[1].number;
	kr = kernel_remap(c->target, &out[0].number, in[2].number, in[3].number,
	    (int)in[4].number, source, in[5].number, (boolean_t)in[6].number,
	    &current, &maximum, inheritance, is_new);
	out[1].number = (uint32_t)current;
	out[2].number = (uint32_t)maximum;
	return kr;
}

SERVE(remap)
{
	return remap(c, in, out, VM_PROT_NONE, VM_PROT_NONE,
	    (vm_inherit_t)in[7].number, false);
}

SERVE(remap_new)
{
	return remap(c, in, out, (vm_prot_t)in[7].number,
	    (vm_prot_t)in[8].number, (vm_inherit_t)in[9].number, true);
}

SERVE(page_query)
{
	int disposition = 0, references = 0;
	kern_return_t kr;

	kr = kernel_page_query(c->target, in[0].number, &disposition,
	    &references);
	out[0].number = (uint32_t)disposition;
	out[1].number = (uint32_t)references;
	return kr;
}

/* How many words the server has room for: the most that the type of the
 * argument allows (osfmk/mach/mach_types.defs). */
static void
take_words(union value *v, int *words, uint64_t asked, uint32_t most)
{
	v->data = words;
	v->count = asked < most ? (uint32_t)asked : most;
}

SERVE(region_recurse)
{
	static int words[MT_MIG_WORDS]; /* under the lock */
	natural_t depth = (natural_t)in[1].number;
	kern_return_t kr;

	out[0].number = in[0].number;
	take_words(&out[3], words, in[2].number, 19);
	kr = kernel_region_recurse(c->target, &out[0].number, &out[1].number,
	    &depth, words, &out[3].count);
	out[2].number = depth;
	return kr;
}

SERVE(region)
{
	static int words[MT_MIG_WORDS];

	out[0].name = MACH_PORT_NULL;
	out[1].number = in[0].number;
	take_words(&out[3], words, in[2].number, 10);
	return kernel_region(c->target, &out[1].number, &out[2].number,
	    (vm_region_flavor_t)in[1].number, words, &out[3].count);
}

SERVE(make_memory_entry)
{
	struct port_right right = port_lookup(c->caller, in[0].name);
	struct memory_entry *parent = NULL, *entry = NULL;
	kern_return_t kr;

	if (right.kind == PORT_MEMORY_ENTRY)
		parent = right.port->entry;
	out[1].number = in[1].number;
	kr = kernel_make_memory_entry(c->target, &out[1].number, in[2].number,
	    (vm_prot_t)in[3].number, &entry, parent);
	if (kr == KERN_SUCCESS)
		out[0].name = entry != NULL ?
		    port_memory_entry(c->caller, entry) :
		    MACH_PORT_NULL;
	return kr;
}

SERVE(purgable_control)
{
	int state = (int)in[2].number;
	kern_return_t kr;

	kr = kernel_purgable_control(c->target, in[0].number,
	    (vm_purgable_t)in[1].number, &state);
	out[0].number = (uint32_t)state;
	return kr;
}

SERVE(page_info)
{
	static int words[MT_MIG_WORDS];

	take_words(&out[0], words, in[2].number, 32);
	return kernel_page_info(c->target, in[0].number,
	    (vm_page_info_flavor_t)in[1].number, words, &out[0].count);
}

SERVE(page_range_query)
{
	out[0].number = in[3].number;
	return caller_page_range_query(c->target, c->caller, in[0].number,
	    in[1].number, in[2].number, &out[0].number);
}

SERVE(range_create)
{
	UNUSED(out);
	return kernel_range_create(c->target, (int)in[0].number, in[1].data,
	    in[1].count);
}

SERVE(exec_lockdown)
{
	UNUSED(in);
	UNUSED(out);
	c->target->map->disallow_new_exec = true;
	return KERN_SUCCESS;
}

SERVE(reallocate)
{
	out[0].number = in[2].number;
	return kernel_reallocate(c->target, in[0].number, in[1].number,
	    &out[0].number, in[3].number, in[4].number, (int)in[5].number,
	    (int)in[6].number);
}

SERVE(entry_purgable_control)
{
	int state = (int)in[1].number;
	kern_return_t kr;

	if (c->entry == NULL)
		return KERN_INVALID_ARGUMENT;
	kr = kernel_entry_purgable_control(c->entry,
	    (vm_purgable_t)in[0].number, &state);
	out[0].number = (uint32_t)state;
	return kr;
}

SERVE(entry_access_tracking)
{
	UNUSED(in);
	UNUSED(out);
	return kernel_entry_access_tracking(c->entry);
}

SERVE(entry_ownership)
{
	struct task *task = task_named(c->caller, in[0].name);
	enum entry_owner owner = task == NULL ? OWNER_NONE :
	    task == c->caller		      ? OWNER_CALLER :
						OWNER_OTHER;

	UNUSED(out);
	return kernel_entry_ownership(c->entry, owner, (int)in[1].number,
	    (int)in[2].number);
}

/* No process of the model has a ring. */
SERVE(reclamation_buffer_query)
{
	UNUSED(c);
	UNUSED(in);
	out[0].number = 0;
	out[1].number = 0;
	return KERN_SUCCESS;
}

SERVE(entry_get_page_counts)
{
	(void)in;
	return kernel_entry_page_counts(c->entry, &out[0].number,
	    &out[1].number, &out[2].number);
}

static kern_return_t (*const servers[MT_MIG_COUNT])(struct call *,
    union value *in, union value *out) = {
#define MESSAGE(name_, id_, since_, before_, request_, reply_, parameters_) \
	[MT_MIG_##name_] = serve_##name_,
#include "routines.h"
};

/* ---- dispatch -------------------------------------------------------------- */

/* The older subsystem, vm_map, is for processes of 32 bits: its addresses have
 * four bytes (osfmk/mach/vm32_map.defs).  These three tell nothing in a kernel
 * that is not made for debugging (osfmk/vm/vm_debug.c). */
static bool
is_of_32_bits(mach_msg_id_t id, const struct message *request,
    kern_return_t *answer)
{
	const mach_msg_size_t size = request->user.header.msgh_size;

	if (id != 3818 && id != 3819 && id != 3823)
		return false;
	*answer = size == (id == 3819 ? 24 : 36) ? KERN_FAILURE :
						   MIG_BAD_ARGUMENTS;
	return true;
}

/* Routines that are there but not modelled: any message to them has the wrong
 * size.  osfmk/kern/ipc_kobject.c, mig_e[]. */
static bool
is_foreign(mach_msg_id_t id)
{
	static const struct {
		mach_msg_id_t id;
		const char *since, *before;
	} others[] = {
#define UNCALLED(id_, since_, before_) { id_, since_, before_ },
#include "routines.h"
	};
	static const struct {
		mach_msg_id_t first, end;
	} subsystems[] = {
		{ 200, 235 },
		{ 400, 426 },
		{ 1000, 1003 },
		{ 2800, 2890 },
		{ 3000, 3010 },
		{ 3200, 3244 },
		{ 3400, 3465 },
		{ 3600, 3631 },
		{ 3800, 3820 },
		{ 3821, 3827 },
		{ 3830, 3832 },
		{ 4000, 4011 },
		{ 5400, 5406 },
	};

	for (size_t i = 0; i < COUNT(others); i++)
		if (id == others[i].id)
			return mt_release_within(kernel->rules->release,
			    others[i].since, others[i].before);
	for (size_t i = 0; i < COUNT(subsystems); i++)
		if (id >= subsystems[i].first && id < subsystems[i].end)
			return true;
	return false;
}

static int
find(mach_msg_id_t id)
{
	for (int i = 0; i < MT_MIG_COUNT; i++) {
		if (mt_migs[i].id != id)
			continue;
		return mt_release_within(kernel->rules->release,
			   mt_migs[i].since, mt_migs[i].before) ?
		    i :
		    MT_MIG_COUNT;
	}
	return MT_MIG_COUNT;
}

/* The port of these is a task's; theirs else is a host's or an entry's, and
 * make_memory_entry may do without. */
static bool
is_of_a_map(int routine)
{
	const mach_msg_id_t id = mt_migs[routine].id;

	return id >= 3800 && id < 4900 && routine != MT_MIG_make_memory_entry;
}

/* What a routine answers when its target is no task. */
static kern_return_t
no_task(int routine)
{
	return routine == MT_MIG_msync ? KERN_INVALID_TASK :
					 KERN_INVALID_ARGUMENT;
}

static kern_return_t
dispatch(struct call *c, int routine, struct message *request, union value *out)
{
	const struct mt_mig *r = &mt_migs[routine];
	union value in[FIELDS] = { 0 };
	kern_return_t answer;

	answer = mig_check_shape(r, request);
	if (answer != KERN_SUCCESS)
		return answer;
	mig_take_fields(r, request, in);
	if (c->target == NULL && is_of_a_map(routine))
		return no_task(routine);
	answer = servers[routine](c, in, out);
	if (*r->request == 'O') /* what is left of it is discarded */
		request->copies[0] = in[0].copy;
	return answer;
}

void
mig_serve(struct task *task, const struct port_right *target,
    struct message *request, struct message *reply)
{
	mach_msg_id_t id = request->user.header.msgh_id;
	union value out[FIELDS] = { 0 };
	struct call c = {
		.caller = task,
		.target = target->kind == PORT_TASK ? target->port->task : NULL,
		.reply = reply,
		.kind = target->kind,
		.entry = target->kind == PORT_MEMORY_ENTRY ?
		    target->port->entry :
		    NULL,
	};
	int routine = find(id);
	kern_return_t answer;

	if (is_of_32_bits(id, request, &answer))
		;
	else if (routine == MT_MIG_COUNT)
		answer = is_foreign(id) ? MIG_BAD_ARGUMENTS : MIG_BAD_ID;
	else
		answer = dispatch(&c, routine, request, out);
	mig_lay_out(reply, id,
	    routine < MT_MIG_COUNT ? mt_migs[routine].reply : "", answer, out);
}
