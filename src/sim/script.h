/*
 * What the simulated model reads in a prompt. It is no model: it looks for the
 * mapping that the prompt holds, and has the compiler write the code.
 */
#ifndef T2C_SIM_SCRIPT_H
#define T2C_SIM_SCRIPT_H

#include "sim/fields.h"

struct script_task {
	const char *pattern;   /* "" where no line says it */
	struct fields options; /* for the pattern */
	struct slice sheet;    /* CSV */
	const char *name;      /* of the code's file, as a frame of tests in
	                          the prompt has it; "mapping" */
};

/* Whether a line of the prompt says "Task: write tests". */
bool script_wants_tests(struct slice prompt);

/*
 * Finds in a prompt the lines
 *
 *	Pattern: NAME
 *	Option: NAME=VALUE		(any number of them)
 *	<<<MAPPING NONCE
 *	…the sheet as CSV…
 *	>>>
 *
 * where the sheet ends with the first line that is ">>>" alone or with the
 * NONCE after it. False where there is no such block. This is the one place
 * that knows the shape.
 */
bool script_mapping(struct arena *a, struct slice prompt,
    struct script_task *ret);

#endif
