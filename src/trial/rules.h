/*
 * Which rules of the sheet rows of the target break.
 */
#ifndef T2C_RULES_H
#define T2C_RULES_H

#include "trial/trial.h"

struct trial_rules {
	/* Of each rule: why nobody can tell who breaks it; NULL: one can. */
	const char **why;
	/* Rows of the target's columns that keep the rules, and that break
	 * them. */
	struct trial_table rows;
	bool *reads;   /* of each column: some rule looks at it */
	bool **broken; /* of each of those rows, for each rule */
};

/* Chooses rows and looks at them. For a pipeline that has rules. */
void rules_make(struct arena *a, const struct trial *t,
    struct trial_rules *ret);
/* Looks at rows of the target; the result is as `broken` is. Rows that say
 * that a key was deleted break none. */
bool **rules_look(struct arena *a, const struct trial *t,
    const struct trial_table *rows, const char **ret_why);

#endif
