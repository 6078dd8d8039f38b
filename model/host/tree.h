/*
 * Red-black trees: libbsd's <sys/tree.h>, whose static variants use __unused,
 * which its cdefs.h no longer has.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef MODEL_HOST_TREE_H
#define MODEL_HOST_TREE_H

#include <bsd/sys/tree.h>

#undef RB_GENERATE_STATIC
#define RB_GENERATE_STATIC(name_, type_, field_, compare_)   \
	RB_GENERATE_INTERNAL(name_, type_, field_, compare_, \
	    __attribute__((unused)) static)
#undef RB_PROTOTYPE_STATIC
#define RB_PROTOTYPE_STATIC(name_, type_, field_, compare_)   \
	RB_PROTOTYPE_INTERNAL(name_, type_, field_, compare_, \
	    __attribute__((unused)) static)

#endif
