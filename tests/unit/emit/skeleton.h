/*
 * What a Python text does, whatever its names and texts are: the syntax tree
 * with every node and every identifier, but of a string literal only that it is
 * one, and of comments only what a notebook would act on. Two notebooks of one
 * skeleton make the same calls.
 *
 * Layout is no part of it: parentheses around an expression, trailing commas
 * and a literal in several pieces make no difference.
 */
#ifndef T2C_TEST_SKELETON_H
#define T2C_TEST_SKELETON_H

#include "base/buf.h"

struct skeleton_names {
	const char **v;
	size_t n;
	size_t cap;
};

struct skeleton {
	const char *shape;
	/* The values of the string literals, in their order; not of
	 * f-strings. */
	struct skeleton_names texts;
	/* Of each: the function or variable that takes it for Spark SQL; NULL
	 * if it is none. */
	struct skeleton_names takers;
	const char *shadowed; /* a function that is called within another one
	                         which has a variable of that name; NULL */
};

/* False, and where it is, if the text has a syntax error. Each cell of a
 * notebook is read on its own, as the notebook does; the cells of imports and
 * helpers, which are few and often the same, are read once a process. */
bool skeleton_read(struct arena *a, struct slice code, struct skeleton *ret,
    const char **ret_error) MUST_USE;

/* The same of a Spark SQL expression: its tree without the names of columns
 * (but with the number of their parts) and the values of literals. NULL if it
 * does not parse. */
const char *skeleton_of_sql(struct arena *a, const char *text);

#endif
