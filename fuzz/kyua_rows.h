/*
 * A results file of Kyua (schema 3) made from lines of text:
 *
 *	p PROGRAM
 *	c NAME TYPE REASON START END	a case of it and its result
 *	m PROPERTY VALUE		of that case
 *	f NAME CONTENTS			what it printed; \n is a line's end
 *	e NAME VALUE			of the environment
 *
 * Fields are separated by one tab; NULL is none.  Lines of another kind, and
 * rows that the tables refuse, are left out.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef FUZZ_KYUA_ROWS_H
#define FUZZ_KYUA_ROWS_H

#include <stddef.h>

/* The database's bytes, malloc()ed. */
void *kyua_rows(const char *text, size_t size, size_t *made);

#endif
