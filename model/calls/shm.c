/*
 * Shared memory objects.  An open one is a descriptor of the host's, a token by
 * which it is known again, in forked processes too.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#define _GNU_SOURCE
#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "model/calls/shm.h"
#include "darwin_errno.h"
#include "darwin_mman.h"
#include "model/calls/file.h"
#include "model/calls/mapping.h"
#include "model/calls/program.h"
#include "model/host/file.h"
#include "model/host/heap.h"
#include "model/host/lock.h"
#include "model/vm/delete.h"
#include "model/vm/kernel.h"
#include "model/vm/memory_entry.h"
#include "model/vm/release.h"
#include "model/vm/user.h"
#include "model/vm/vm.h"
#include "numbers.h"

#define NAME_SIZE 32 /* PSHMNAMLEN + 1 */

/* The part of an object that one memory entry holds. */
struct piece {
	STAILQ_ENTRY(piece) link;
	struct memory_entry *entry;
	uint64_t size;
};

struct shm {
	LIST_ENTRY(shm) link; /* while it has its name */
	char name[NAME_SIZE];
	unsigned references; /* its name, and each file */
	mode_t mode;
	uid_t uid;
	gid_t gid;
	bool is_allocated;
	uint64_t length;
	STAILQ_HEAD(, piece) pieces;
};

struct shm_file {
	LIST_ENTRY(shm_file) link;
	struct host_file token;
	struct shm *shm;
	bool writes;
};

LIST_HEAD(shm_list, shm);
LIST_HEAD(shm_file_list, shm_file);

/* What the kernel's state keeps for this file. */
struct shm_state {
	struct shm_list all;
	struct shm_file_list open;
};

static struct shm_state *
state(void)
{
	if (kernel->shared_memory == NULL)
		kernel->shared_memory = heap_alloc(sizeof(struct shm_state));
	return kernel->shared_memory;
}

static struct shm *
find(const char *name)
{
	struct shm *shm;

	LIST_FOREACH (shm, &state()->all, link)
		if (strcmp(shm->name, name) == 0)
			return shm;
	return NULL;
}

/* With the lock held: the open object that a file stands for; NULL: none. */
static const struct shm_file *
file_of(const struct host_file *file)
{
	const struct shm_file *f;

	LIST_FOREACH (f, &state()->open, link)
		if (host_file_equal(&f->token, file))
			break;
	return f;
}

bool
shm_is_open(const struct host_file *file)
{
	bool is_open;

	kernel_lock();
	is_open = file_of(file) != NULL;
	kernel_unlock();
	return is_open;
}

static void
drop_pieces(struct shm *shm)
{
	struct piece *piece;

	while ((piece = STAILQ_FIRST(&shm->pieces)) != NULL) {
		STAILQ_REMOVE_HEAD(&shm->pieces, link);
		kernel_memory_entry_release(piece->entry);
		heap_free(piece, sizeof(*piece));
	}
}

/* pshm_deref(): mappings have references of their own on the memory. */
static void
release(struct shm *shm)
{
	if (--shm->references > 0)
		return;
	drop_pieces(shm);
	heap_free(shm, sizeof(*shm));
}

/* With the lock held: those whose last descriptor was closed, or went with its
 * process. */
static void
close_files(void)
{
	struct shm_file *file = LIST_FIRST(&state()->open), *next;

	for (; file != NULL; file = next) {
		next = LIST_NEXT(file, link);
		if (host_file_token_is_open(&file->token))
			continue;
		LIST_REMOVE(file, link);
		release(file->shm);
		heap_free(file, sizeof(*file));
	}
}

int
shm_closed(const struct task *task, const struct host_file *token)
{
	const struct shm_file *file;
	int error = 0;

	kernel_lock();
	file = file_of(token);
	if (file != NULL && task->rules->shm_close_wants_size &&
	    !file->shm->is_allocated && !host_file_token_is_open(&file->token))
		error = DARWIN_EINVAL;
	close_files();
	kernel_unlock();
	return error;
}

/* posix_cred_access(): the superuser may do everything. */
static bool
may_access(const struct shm *shm, bool reads, bool writes)
{
	const mode_t wanted = (reads ? S_IROTH : 0) | (writes ? S_IWOTH : 0);
	const uid_t uid = geteuid();
	mode_t mode = shm->mode;

	if (uid == 0)
		return true;
	if (uid == shm->uid)
		mode >>= 6;
	else if (getegid() == shm->gid)
		mode >>= 3;
	return (mode & wanted) == wanted;
}

/* ---- shm_open, shm_unlink -------------------------------------------------- */

/* What is too long, or nothing. */
static int
take_name(const struct task *task, uint64_t from, char *name)
{
	const int error = file_name(from, name,
	    task->rules->shm_needs_name ? NAME_SIZE : NAME_SIZE - 1);

	return error == 0 && name[0] == '\0' && task->rules->shm_needs_name ?
	    DARWIN_EINVAL :
	    error;
}

/* SHM_OPEN_MASK, by Darwin's numbers: O_RDONLY is 0, and O_WRONLY is not in it,
 * so an access mode of 3 that loses it is O_RDWR. */
static int
take_flags(const struct task *task, int *flags)
{
	const int known = O_RDWR | O_CREAT | O_EXCL | O_TRUNC;

	if (!task->rules->shm_open_knows_flags || (*flags & ~known) == 0)
		return 0;
	*flags &= known;
	return program_built_since(26, 4) ? DARWIN_EINVAL : 0;
}

static int
check_found(const struct task *task, const struct shm *shm, int flags,
    bool reads, bool writes)
{
	if ((flags & O_CREAT) != 0 && (flags & O_EXCL) != 0)
		return DARWIN_EEXIST;
	if ((flags & O_TRUNC) != 0 && shm->is_allocated &&
	    task->rules->shm_open_truncates_sizeless)
		return DARWIN_EINVAL;
	return may_access(shm, reads, writes) ? 0 : DARWIN_EACCES;
}

static struct shm *
create(const char *name, mode_t mode)
{
	struct shm *shm = heap_alloc(sizeof(*shm));

	strcpy(shm->name, name);
	shm->references = 1;
	shm->mode = mode & 07777;
	shm->uid = geteuid();
	shm->gid = getegid();
	STAILQ_INIT(&shm->pieces);
	LIST_INSERT_HEAD(&state()->all, shm, link);
	return shm;
}

/* With the lock held: a descriptor for shm. */
static int
open_file(struct shm *shm, bool writes, uint64_t *value)
{
	struct shm_file *file = heap_alloc(sizeof(*file));
	const int fd = host_file_token(&file->token);

	if (fd == -1) {
		heap_free(file, sizeof(*file));
		return mt_errno_to_darwin(errno);
	}
	shm->references++;
	file->shm = shm;
	file->writes = writes;
	LIST_INSERT_HEAD(&state()->open, file, link);
	*value = (uint64_t)fd;
	return 0;
}

int
shm_call_open(struct task *task, const uint64_t *a, uint64_t *value)
{
	int flags = (int)a[1], mode, error;
	char name[NAME_SIZE];
	bool reads, writes;
	struct shm *shm;

	if ((error = take_name(task, a[0], name)) != 0 ||
	    (error = take_flags(task, &flags)) != 0)
		return error;
	mode = flags & 3;
	reads = mode == O_RDONLY || mode == O_RDWR;
	writes = mode == O_WRONLY || mode == O_RDWR;
	if (!reads && !writes)
		return DARWIN_EINVAL;
	kernel_lock();
	close_files();
	shm = find(name);
	if (shm != NULL)
		error = check_found(task, shm, flags, reads, writes);
	else if ((flags & O_CREAT) == 0)
		error = DARWIN_ENOENT;
	/* 10.13 knows no O_TRUNC, but looks at everything else before */
	if (error == 0 && (flags & O_TRUNC) != 0 &&
	    !task->rules->shm_open_truncates_sizeless)
		error = DARWIN_EINVAL;
	if (error == 0 && shm == NULL)
		shm = create(name, (mode_t)a[2]);
	if (error == 0)
		error = open_file(shm, writes, value);
	kernel_unlock();
	return error;
}

int
shm_call_unlink(struct task *task, const uint64_t *a, uint64_t *value)
{
	char name[NAME_SIZE];
	struct shm *shm;
	int error;

	*value = 0;
	if ((error = take_name(task, a[0], name)) != 0)
		return task->rules->shm_needs_name ? DARWIN_EINVAL : error;
	kernel_lock();
	if ((shm = find(name)) == NULL)
		error = DARWIN_ENOENT;
	else if (!may_access(shm, false, true) &&
	    (!task->rules->shm_unlink_asks_owner || shm->uid != geteuid()))
		error = DARWIN_EACCES;
	else {
		LIST_REMOVE(shm, link);
		release(shm); /* descriptors keep it */
	}
	kernel_unlock();
	return error;
}

/* ---- ftruncate ------------------------------------------------------------- */

static int
add_piece(struct task *task, struct shm *shm, uint64_t size)
{
	const uint64_t limit = task->rules->entry_has_4g_limit ?
	    (UINT64_C(1) << 32) - kernel->page_size :
	    UINT64_C(0xffffffff) * kernel->page_size;
	struct piece *piece = heap_alloc(sizeof(*piece));
	kern_return_t kr;

	piece->size = size < limit ? size : limit;
	kr = kernel_make_memory_entry(task, &piece->size, 0,
	    MAP_MEM_NAMED_CREATE | VM_PROT_DEFAULT, &piece->entry, NULL);
	if (kr != KERN_SUCCESS) {
		heap_free(piece, sizeof(*piece));
		return mapping_error(kr);
	}
	STAILQ_INSERT_TAIL(&shm->pieces, piece, link);
	return 0;
}

int
shm_truncate(struct task *task, const struct host_file *token, uint64_t size)
{
	const uint64_t total = round_page_in(task->map, size);
	const struct shm_file *file;
	struct shm *shm;
	uint64_t done = 0;
	int error = 0;

	kernel_lock();
	if ((file = file_of(token)) == NULL) { /* closed by another thread */
		kernel_unlock();
		return DARWIN_EBADF;
	}
	shm = file->shm;
	if (shm->is_allocated)
		error = DARWIN_EINVAL;
	while (error == 0 && done < total) {
		error = add_piece(task, shm, total - done);
		if (error == 0)
			done += STAILQ_LAST(&shm->pieces, piece, link)->size;
	}
	if (error == 0) {
		shm->is_allocated = true;
		shm->length = total;
	} else if (!shm->is_allocated)
		drop_pieces(shm);
	kernel_unlock();
	return error;
}

bool
shm_stat(const struct host_file *token, struct shm_status *status)
{
	const struct shm_file *file;

	kernel_lock();
	file = file_of(token);
	if (file != NULL)
		*status = (struct shm_status){ file->shm->mode, file->shm->uid,
			file->shm->gid, file->shm->length };
	kernel_unlock();
	return file != NULL;
}

/* ---- mmap ------------------------------------------------------------------ */

static int
check_mapping(const struct mapping *m, const struct shm_file *file)
{
	const struct shm *shm = file->shm;

	if ((m->flags & MAP_SHARED) == 0)
		return DARWIN_EINVAL;
	if (!file->writes && (m->protection & VM_PROT_WRITE) != 0)
		return DARWIN_EPERM;
	if (!shm->is_allocated || m->size > shm->length ||
	    m->position > shm->length || m->size + m->position > shm->length ||
	    STAILQ_EMPTY(&shm->pieces))
		return DARWIN_EINVAL;
	return 0;
}

/* Over the place that is reserved for them; *mapped bytes came to be. */
static kern_return_t
map_pieces(struct task *task, const struct mapping *m,
    const struct shm_file *file, uint64_t address, uint64_t *mapped)
{
	const vm_prot_t maximum = file->writes ||
		!task->rules->shm_maximum_follows_descriptor ?
	    VM_PROT_DEFAULT :
	    VM_PROT_READ;
	uint64_t start = 0, from, size, at;
	const struct piece *piece;
	kern_return_t kr;

	STAILQ_FOREACH(piece, &file->shm->pieces, link)
	{
		from = m->position + *mapped - start;
		start += piece->size;
		if (*mapped == m->size || m->position + *mapped >= start)
			continue;
		size = piece->size - from;
		if (size > m->size - *mapped)
			size = m->size - *mapped;
		at = address + *mapped;
		kr = kernel_map(task, &at, size, 0,
		    VM_FLAGS_FIXED | VM_FLAGS_OVERWRITE, piece->entry, false,
		    from, FALSE, m->protection, maximum, VM_INHERIT_SHARE);
		if (kr != KERN_SUCCESS)
			return kr;
		*mapped += size;
	}
	return KERN_SUCCESS;
}

/* First the whole place without access, then what belongs there: a failure in
 * between leaves the reservation behind. */
static kern_return_t
map(struct task *task, const struct mapping *m, const struct shm_file *file,
    uint64_t *address)
{
	const bool is_fixed = (m->flags & MAP_FIXED) != 0;
	uint64_t mapped = 0;
	kern_return_t kr;

	*address = is_fixed ? m->address : round_page_in(task->map, m->address);
	kr = kernel_map(task, address, m->size, 0,
	    is_fixed ? VM_FLAGS_FIXED | VM_FLAGS_OVERWRITE : VM_FLAGS_ANYWHERE,
	    NULL, false, 0, FALSE, VM_PROT_NONE, VM_PROT_NONE, VM_INHERIT_NONE);
	if (kr != KERN_SUCCESS)
		return kr;
	kr = map_pieces(task, m, file, *address, &mapped);
	if (kr != KERN_SUCCESS && mapped != 0)
		(void)map_delete(task->map, *address, *address + mapped, 0,
		    NULL);
	return kr;
}

int
mapping_shm(struct task *task, const struct mapping *m,
    const struct host_file *token, uint64_t *value)
{
	const struct shm_file *file;
	uint64_t address;
	kern_return_t kr;
	int error;

	*value = 0;
	if (m->size == 0)
		return 0;
	kernel_lock();
	file = file_of(token);
	/* NULL: closed by another thread */
	error = file == NULL ? DARWIN_EBADF : check_mapping(m, file);
	/* From 15 on the address is looked at as it was given, and what is no
	 * page is refused without an error. */
	if (error == 0 && task->rules->mmap_sanitizes &&
	    (m->flags & MAP_FIXED) != 0 &&
	    (m->given & page_mask(task->map)) != 0) {
		*value = m->skipped;
		kernel_unlock();
		return 0;
	}
	if (error == 0) {
		kr = map(task, m, file, &address);
		if (kr == KERN_SUCCESS)
			*value = address + m->skipped;
		error = mapping_error(kr);
	}
	kernel_unlock();
	return error;
}
