/*
 * The functions that notebooks share: written in helpers.py and helpers.scala,
 * where they can be read, linted and tried, and made part of the program when
 * it is built.
 */
#ifndef T2C_HELPER_H
#define T2C_HELPER_H

#include "emit/python.h"

/* Writes the function or class of that name, with two empty lines before it.
 * There must be one. */
void helper_put(struct python *py, const char *name);
/* The same of Scala, with one empty line. */
void helper_put_scala(struct python *out, const char *name);

#endif
