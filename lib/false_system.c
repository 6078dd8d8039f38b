/* SPDX-License-Identifier: BSD-2-Clause */
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "fault.h"
#include "false_system.h"
#include "text.h"
#include "trap.h"

struct mt_system false_system = {
	.name = "model",
	.release = "15.5",
	.build = "",
	.kernel = "false",
	.arch = "arm64",
	.machine = "x86_64",
	.model = true,
	.page = 0x4000,
	.kernel_page = 0x4000,
	.minimum = 0x4000,
	.maximum = 0x7fffffe00000,
	.boot_args = "",
	.sip = "",
};
struct false_answer false_answer;

struct entry {
	mach_vm_address_t start, end;
	vm_prot_t protection, max_protection;
	unsigned tag;
	vm_behavior_t behavior;
};
static struct entry entries[64]; /* in order of address */
static unsigned entry_count;
static uint8_t last_byte;

const struct mt_system *
mt_system(void)
{
	return &false_system;
}

bool
mt_system_choose_sdk(const char *sdk)
{
	(void)sdk;
	return false;
}

bool
mt_system_choose(const char *release, const char *arch, const char **problem)
{
	if (arch != NULL && strcmp(arch, "arm64") != 0) {
		*problem = "only arm64 here";
		return false;
	}
	if (release != NULL) {
		if (release[0] < '0' || release[0] > '9') {
			*problem = "no such release";
			return false;
		}
		false_system.release = release;
		false_system.extrapolated = mt_release_since(release, "16");
	}
	return true;
}

int
mt_fork(void)
{
	return (int)fork();
}

int
mt_wait(int child, int seconds)
{
	int status;

	(void)seconds;
	if (waitpid(child, &status, 0) != child)
		return -1;
	if (WIFSIGNALED(status) && WTERMSIG(status) == SIGBUS)
		return 10;
	return status;
}

void
mt_exit(int status)
{
	_exit(status);
}

mach_port_name_t(mach_task_self)(void)
{
	return 0x103;
}

mach_port_name_t
mach_host_self(void)
{
	return 0x203;
}

/* ---- the map ------------------------------------------------------------- */

void
false_map_clear(void)
{
	entry_count = 0;
}

static void
insert(struct entry e)
{
	unsigned i = entry_count++;

	for (; i > 0 && entries[i - 1].start > e.start; i--)
		entries[i] = entries[i - 1];
	entries[i] = e;
}

void
false_map_add(mach_vm_address_t address, mach_vm_size_t size,
    vm_prot_t protection, unsigned tag)
{
	insert((struct entry){ address, address + size, protection, VM_PROT_ALL,
	    tag, VM_BEHAVIOR_DEFAULT });
}

static struct entry *
at(mach_vm_address_t address)
{
	for (unsigned i = 0; i < entry_count; i++)
		if (entries[i].start <= address && address < entries[i].end)
			return &entries[i];
	return NULL;
}

static void
clip(mach_vm_address_t address)
{
	struct entry *e = at(address), above;

	if (e == NULL || e->start == address)
		return;
	above = *e;
	above.start = address;
	e->end = address;
	insert(above);
}

static bool
is_free(mach_vm_address_t start, mach_vm_address_t end)
{
	for (unsigned i = 0; i < entry_count; i++)
		if (entries[i].start < end && start < entries[i].end)
			return false;
	return true;
}

static kern_return_t
map(mach_port_name_t task, mach_vm_address_t *address, mach_vm_size_t size,
    mach_vm_offset_t mask, int flags, mach_port_name_t object,
    memory_object_offset_t offset, boolean_t copy, vm_prot_t current,
    vm_prot_t maximum, vm_inherit_t inheritance)
{
	mach_vm_address_t start = *address;

	(void)task, (void)mask, (void)object, (void)offset, (void)copy;
	(void)inheritance;
	if (start < false_system.minimum)
		start = false_system.minimum;
	while (flags & VM_FLAGS_ANYWHERE && !is_free(start, start + size))
		start += false_system.page;
	if (!is_free(start, start + size) ||
	    start + size > false_system.maximum)
		return KERN_NO_SPACE;
	insert((struct entry){ start, start + size, current, maximum,
	    (unsigned)flags >> 24, VM_BEHAVIOR_DEFAULT });
	*address = start;
	return KERN_SUCCESS;
}

static kern_return_t
allocate(mach_port_name_t task, mach_vm_address_t *address, mach_vm_size_t size,
    int flags)
{
	return map(task, address, size, 0, flags, MACH_PORT_NULL, 0, FALSE,
	    VM_PROT_DEFAULT, VM_PROT_ALL, VM_INHERIT_DEFAULT);
}

static kern_return_t
deallocate(mach_port_name_t task, mach_vm_address_t address,
    mach_vm_size_t size)
{
	unsigned kept = 0;

	(void)task;
	clip(address);
	clip(address + size);
	for (unsigned i = 0; i < entry_count; i++)
		if (entries[i].start < address ||
		    entries[i].start >= address + size)
			entries[kept++] = entries[i];
	entry_count = kept;
	return KERN_SUCCESS;
}

static kern_return_t
behavior_set(mach_port_name_t task, mach_vm_address_t address,
    mach_vm_size_t size, vm_behavior_t behavior)
{
	(void)task;
	clip(address);
	clip(address + size);
	for (unsigned i = 0; i < entry_count; i++)
		if (entries[i].start >= address &&
		    entries[i].end <= address + size)
			entries[i].behavior = behavior;
	return KERN_SUCCESS;
}

static kern_return_t
region_recurse(mach_port_name_t task, mach_vm_address_t *address,
    mach_vm_size_t *size, natural_t *depth, vm_region_recurse_info_t info,
    mach_msg_type_number_t *count)
{
	vm_region_submap_info_data_64_t region;

	(void)task;
	false_answer.calls++;
	if (false_answer.enabled) {
		*address = false_answer.address;
		*size = false_answer.size;
		*depth = false_answer.depth;
		*count = false_answer.count;
		return false_answer.kr;
	}
	for (unsigned i = 0; i < entry_count; i++) {
		if (entries[i].end <= *address)
			continue;
		memset(&region, 0, sizeof(region));
		region.protection = entries[i].protection;
		region.max_protection = entries[i].max_protection;
		region.inheritance = VM_INHERIT_COPY;
		region.user_tag = entries[i].tag;
		region.behavior = entries[i].behavior;
		region.share_mode = SM_EMPTY;
		*address = entries[i].start;
		*size = entries[i].end - entries[i].start;
		memcpy(info, &region, sizeof(region));
		return KERN_SUCCESS;
	}
	return KERN_INVALID_ADDRESS;
}

static void
raw(struct mt_registers *r)
{
	(void)r;
}

struct mt_route false_libsystem = {
	.name = "libsystem",
	.allocate = allocate,
	.deallocate = deallocate,
	.map = map,
	.behavior_set = behavior_set,
	.region_recurse = region_recurse,
};
struct mt_route false_trap = {
	.name = "trap",
	.traps = true,
	.allocate = allocate,
	.raw = raw,
};
static const struct mt_route later = {
	.name = "later",
	.new_messages = true,
	.allocate = allocate,
};
const struct mt_route *const mt_routes[] = {
	&false_libsystem,
	&false_trap,
	&later,
	NULL,
};
const struct mt_route *stage = &false_libsystem;

/* ---- touching it --------------------------------------------------------- */

static struct mt_fault
touch(mach_vm_address_t address, vm_prot_t need)
{
	const struct entry *e = at(address);

	if (e == NULL)
		return (struct mt_fault){ .exception = EXC_BAD_ACCESS,
			.code = KERN_INVALID_ADDRESS,
			.signal = 11 };
	if ((e->protection & need) == 0)
		return (struct mt_fault){ .exception = EXC_BAD_ACCESS,
			.code = KERN_PROTECTION_FAILURE,
			.signal = 10 };
	return (struct mt_fault){ .value = last_byte };
}

struct mt_fault
mt_read(mach_vm_address_t address)
{
	return touch(address, VM_PROT_READ);
}

struct mt_fault
mt_write(mach_vm_address_t address, uint8_t value)
{
	struct mt_fault fault = touch(address, VM_PROT_WRITE);

	if (fault.exception == 0)
		last_byte = value;
	return fault;
}
