/*
 * Seeded defects: what a build with --enable-defects has at every place that
 * a table of this folder names.  MACH_VM_DEFECT=NAME switches one on,
 * MACH_VM_RULE=RULE=RELEASE gives a rule (rules.h) the value that another
 * release has, and MACH_VM_REACHED=FILE tells which places a process and its
 * children came to: a character a defect, 1 for those.
 *
 * Included by sources that weave.awk made and by nothing else.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef MODEL_DEFECTS_DEFECT_H
#define MODEL_DEFECTS_DEFECT_H

struct rules;

extern int defect_on; /* its number, 0: none */
extern char *defect_reached;

#define DEFECT(number_) (defect_reached[number_] = '1', defect_on == (number_))

/* With the rules of a flavour complete: the one that is to be moved. */
void defect_move_rule(struct rules *);

#endif
