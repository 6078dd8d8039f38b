/*
 * Constants by name, numbers where there is no name.
 *
 * The functions that end in _name give the constant's name as the headers
 * spell it, NULL for a value that has none.  mt_put_* append to a text and
 * always say something: "KERN_NO_SPACE (3)", "0x1234".
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef MT_NAMES_H
#define MT_NAMES_H

#include "text.h"
#include "types.h"

/* KERN_*, MACH_SEND_*, MACH_RCV_*, MIG_*: whatever a routine can answer. */
const char *mt_kern_name(int64_t);
/* Darwin's errno, not the host's: ENOTSUP is 45. */
const char *mt_errno_name(int64_t);
/* Darwin's signals: SIGBUS is 10. */
const char *mt_signal_name(int64_t);
const char *mt_exception_name(int64_t);	  /* EXC_BAD_ACCESS */
const char *mt_inheritance_name(int64_t); /* VM_INHERIT_COPY */
const char *mt_behavior_name(int64_t);	  /* VM_BEHAVIOR_RANDOM */
const char *mt_share_mode_name(int64_t);  /* SM_PRIVATE */
const char *mt_tag_name(int64_t);	  /* VM_MEMORY_REALLOC */
const char *mt_purgable_name(int64_t);	  /* VM_PURGABLE_VOLATILE */

void mt_put_kern(struct mt_text *, int64_t);  /* KERN_NO_SPACE (3) */
void mt_put_errno(struct mt_text *, int64_t); /* ENOMEM (12) */
void mt_put_signal(struct mt_text *, int64_t);
void mt_put_exception(struct mt_text *, int64_t);
/* "rw-"; further bits follow by name: "r--|VM_PROT_COPY". */
void mt_put_protection(struct mt_text *, int64_t);
/* Without VM_INHERIT_, SM_...: "copy", "private"; for pictures. */
void mt_put_inheritance(struct mt_text *, int64_t);
void mt_put_behavior(struct mt_text *, int64_t);
void mt_put_share_mode(struct mt_text *, int64_t);
void mt_put_tag(struct mt_text *, int64_t); /* VM_MEMORY_REALLOC (6) */
/* "VM_FLAGS_FIXED|VM_MAKE_TAG(VM_MEMORY_REALLOC)" */
void mt_put_flags(struct mt_text *, int64_t);
void mt_put_purgable(struct mt_text *, int64_t);

#endif
