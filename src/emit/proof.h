/*
 * A notebook that repeats the proof on a cluster: it holds the code and its
 * tests, checks that they are the ones that were generated, and runs pytest.
 */
#ifndef T2C_EMIT_PROOF_H
#define T2C_EMIT_PROOF_H

#include "base/err.h"
#include "base/str.h"

struct proof_notebook {
	const char *mapping;   /* "orders.csv" */
	const char *base_name; /* of the files: "orders" */
	const char *release;   /* compiler version */
	struct slice code;
	struct slice tests;
	const char *code_hash; /* SHA-256 in hexadecimal */
	const char *tests_hash;
	const char *plan_hash;
};

/* P_TOO_LARGE is the only failure. The same input gives the same bytes. */
const struct err *emit_proof_notebook(struct arena *a,
    const struct proof_notebook *proof, struct slice *ret) MUST_USE;

#endif
