/*
 * From rules to texts: what each must answer on every flavour, with the
 * releases at which it changed.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef SWEEPS_WRITE_H
#define SWEEPS_WRITE_H

/* Writes each file of the definitions into the folder; ends the program when
 * one cannot be written. */
void write_texts(const char *folder);

#endif
