/*
 * Tables of expressions and what becomes of them.
 */
#ifndef T2C_TEST_EXPR_CASES_H
#define T2C_TEST_EXPR_CASES_H

#include "base/base.h"

struct expr_case {
	const char *text;
	const char *want; /* expr_dump(), or "E101 3-5": code and bytes
	                           of the only finding */
};

/* Fails the test with all cases that come out otherwise. */
void expr_cases_check(const struct expr_case *cases, size_t n);

#endif
