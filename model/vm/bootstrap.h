/*
 * The address space of a process as exec leaves it.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef MODEL_VM_BOOTSTRAP_H
#define MODEL_VM_BOOTSTRAP_H

struct map;
struct pmap;
struct rules;

/* The map of a process as exec leaves it (bootstrap.c). */
struct map *map_create_for(const struct rules *, struct pmap *);

#endif
