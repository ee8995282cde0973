/*
 * Reads one fragment of a view file before the template engine sees it:
 * refuses everything outside the subset that web/view.h promises, and every
 * symbol at a place where its escaping would not be enough. What passes holds
 * none of the engine's traps.
 */
#ifndef T2C_VIEW_SOURCE_H
#define T2C_VIEW_SOURCE_H

#include "base/buf.h"
#include "base/err.h"

#define VIEW_SYMBOLS_MAX 90 /* of one fragment */
#define VIEW_TESTS_MAX 30   /* of them, those that an {if} asks */

struct view_symbol {
	const char *name;
	size_t length; /* of the name */
	int test;      /* its number among the tested ones, -1: none */
	bool printed;
};
struct view_symbols {
	struct view_symbol *v;
	size_t n;
	size_t cap;
};

struct view_source {
	/* For the engine: comments are gone, and {if x} asks for the symbol
	 * IF_x, so that what is tested need not be what is printed. */
	const char *text;
	struct view_symbols symbols;
	size_t n_tests;
};

/* S_CONFIG naming file and line if the fragment breaks a rule. line is that
 * of the fragment's first line in the file. */
const struct err *view_source_read(struct arena *a, const char *file, int line,
    struct slice text, struct view_source *ret) MUST_USE;

#endif
