/*
 * mmap of a descriptor.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "model/calls/mapping.h"
#include "darwin_errno.h"
#include "darwin_mman.h"
#include "model/calls/shm.h"
#include "model/host/file.h"
#include "model/host/lock.h"
#include "model/vm/enter.h"
#include "model/vm/object.h"
#include "model/vm/object_copy.h"
#include "model/vm/release.h"
#include "model/vm/vm.h"
#include "model/vm/vnode.h"

/* What the mapping may become: a shared one only what the descriptor was opened
 * for, a private one may always be written to. */
static int
maximum_of(const struct mapping *m, bool reads, bool writes, vm_prot_t *maximum)
{
	*maximum = VM_PROT_EXECUTE;
	if (reads)
		*maximum |= VM_PROT_READ;
	else if ((m->protection & VM_PROT_READ) != 0)
		return DARWIN_EACCES;
	if ((m->flags & MAP_SHARED) == 0 || writes)
		*maximum |= VM_PROT_WRITE;
	else if ((m->protection & VM_PROT_WRITE) != 0)
		return DARWIN_EACCES;
	return 0;
}

/* The object for the mapping, with a reference: the file's own, or a copy. */
static kern_return_t
take_object(const struct mapping *m, struct vnode *vnode,
    struct object **object, uint64_t *offset, bool *needs_copy)
{
	*object = vnode_object(vnode);
	*offset = m->position;
	*needs_copy = false;
	if ((m->flags & MAP_SHARED) == 0)
		return object_copy_strategically(*object, m->position, m->size,
		    false, object, offset, needs_copy);
	object_reference(*object);
	return KERN_SUCCESS;
}

static bool
is_mapped(const struct host_file *file)
{
	return vnode_find(file) != NULL;
}

static int
map_vnode(struct task *task, const struct mapping *m, struct host_file *file,
    vm_prot_t maximum, uint64_t *value)
{
	struct map_flags flags = map_flags_from_user(0);
	struct vnode *vnode;
	struct object *object;
	uint64_t address, offset;
	bool needs_copy;
	kern_return_t kr;

	mapping_add_flags(task, m, &flags);
	flags.no_copy_on_read = task->rules->marks_file_mappings;
	kernel_lock();
	host_file_sweep(is_mapped);
	if (!host_file_keep(file, m->fd)) {
		kernel_unlock();
		return DARWIN_ENOMEM;
	}
	vnode = vnode_get(file);
	kr = take_object(m, vnode, &object, &offset, &needs_copy);
	if (kr == KERN_SUCCESS) {
		kr = mapping_enter(task, m, &address, &flags, object, offset,
		    needs_copy, maximum);
		if (kr != KERN_SUCCESS)
			object_deallocate(object);
		else
			*value = address + m->skipped;
	}
	/* a copy that was given back has taken it along */
	if ((vnode = vnode_find(file)) != NULL)
		vnode_put(vnode);
	kernel_unlock();
	return mapping_error(kr);
}

int
mapping_file(struct task *task, struct mapping *m, uint64_t *value)
{
	struct host_file file;
	bool reads, writes;
	vm_prot_t maximum;
	int error;

	*value = 0;
	switch (host_file_of(m->fd, &file, &reads, &writes)) {
	case HOST_FILE_NONE:
		return DARWIN_EBADF;
	case HOST_FILE_DEVICE:
		return DARWIN_ENODEV;
	case HOST_FILE_OTHER:
		return shm_is_open(&file) ? mapping_shm(task, m, &file, value) :
					    DARWIN_EINVAL;
	case HOST_FILE_REGULAR:
		break;
	}
	if ((error = maximum_of(m, reads, writes, &maximum)) != 0)
		return error;
	if (m->size == 0)
		return 0;
	if ((maximum & (VM_PROT_WRITE | VM_PROT_EXECUTE)) != 0)
		maximum |= VM_PROT_READ;
	if ((m->flags & MAP_RESILIENT_CODESIGN) != 0 ||
	    ((m->flags & MAP_RESILIENT_MEDIA) != 0 &&
		!task->rules->resilient_media_may_write))
		maximum &= m->protection;
	return map_vnode(task, m, &file, maximum, value);
}
