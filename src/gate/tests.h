/*
 * The gate for tests that a model wrote of code that has passed gate/gate.h.
 * They are read, never run. Lists say what tests may import, name and call:
 * what a load may, pytest, chispa and little more; what is on none is refused.
 *
 * What loads the code under test, and makes tables of the tests' own, is the
 * compiler's: the lines that its own tests of the plan begin with, which stay
 * word for word (gate/frame.h). The rest may make rows, hand them to functions
 * of the code, and compare what comes; it may write tables that the fixtures
 * place and tmp_path name, and no other, neither itself nor by a function of
 * the code whose target has not been set to such a table before.
 *
 * A pass says that running them does no harm and that each test compares
 * something. It does not say that they expect the right values.
 */
#ifndef T2C_GATE_TESTS_H
#define T2C_GATE_TESTS_H

#include "gate/gate.h"

/* What the tests are of. */
struct gate_tested {
	const struct plan *plan;
	struct slice code;     /* under test; it has passed */
	struct slice compiled; /* the compiled tests of the plan */
};

/* Any bytes. */
void gate_check_tests(struct arena *a, struct slice tests,
    const struct gate_tested *about, struct gate_report *ret);
/* What tests begin with, from the compiled ones; "" where there are none. */
const char *gate_tests_frame(struct arena *a, struct slice compiled)
    RETURNS_NONNULL;

#endif
