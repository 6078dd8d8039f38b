/*
 * <sys/sysctl.h> of the reproducer kit: what the model knows of itself.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef KIT_SYS_SYSCTL_H
#define KIT_SYS_SYSCTL_H

#include <stddef.h>
#include <sys/types.h>

/* bsd/sys/sysctl.h */
#define CTL_KERN       1
#define CTL_VM	       2
#define CTL_HW	       6
#define KERN_OSTYPE    1
#define KERN_OSRELEASE 2
#define KERN_VERSION   4
#define HW_MACHINE     1
#define HW_NCPU	       3
#define HW_PAGESIZE    7
#define HW_MEMSIZE     24
#define HW_AVAILCPU    25

#ifdef __cplusplus
extern "C" {
#endif
int sysctl(int *, unsigned, void *, size_t *, void *, size_t);
int sysctlbyname(const char *, void *, size_t *, void *, size_t);
#ifdef __cplusplus
}
#endif

#endif
