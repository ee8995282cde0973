/*
 * Runs `text2code compile` as a child, as anybody would at the command line:
 * the simulator has no part of the compiler in it.
 */
#ifndef T2C_SIM_COMPILER_H
#define T2C_SIM_COMPILER_H

#include "sim/script.h"
#include "sim/sim.h"

struct compiler_result {
	bool ok;
	/* The code; where it is not ok, what the compiler says against it. */
	struct slice text;
	struct slice tests; /* of the code; empty where it has none */
};

/* S_FILE where the program cannot be run. Takes what the compiler takes, some
 * milliseconds. */
const struct err *compiler_run(struct arena *a, const struct sim *sim,
    const struct script_task *task, struct compiler_result *ret) MUST_USE;

#endif
