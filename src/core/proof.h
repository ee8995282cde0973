/*
 * What was proved on Spark about the code that the compiler writes: the tables
 * of docs/proof.md, which the tests in tests/spark write and which become part
 * of the program when it is built.
 */
#ifndef T2C_PROOF_H
#define T2C_PROOF_H

#include "plan/pattern.h"

/* A pair that the tests ran on. */
struct proof_pair {
	const char *spark; /* "3.5.8" */
	const char *delta;
};
/* The pairs, in the order of the document; *ret_n of them. */
const struct proof_pair *proof_pairs(size_t *ret_n);

#define PROOF_PAIRS_MAX 4

/* A case and what was proved of it for one strategy. */
struct proof_case {
	const char *number; /* "P26" */
	const char *text;   /* "only what changed is written: …" */
	/* Tests that passed in each pair, ANSI mode off and on; 0 for none. */
	int off[PROOF_PAIRS_MAX];
	int on[PROOF_PAIRS_MAX];
};
struct proof_cases {
	struct proof_case *v;
	size_t n;
	size_t cap;
};

/* The cases that are about the strategy; those about rules of the sheet only
 * where it has some. */
void proof_of(struct arena *a, enum strategy strategy, bool rules,
    struct proof_cases *ret);

#endif
