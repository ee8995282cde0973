/*
 * What happens to a target run by run: batches of rows, as transform_…() would
 * make them, and what the pattern must make of the target. Each scenario
 * shows one property of the pattern.
 */
#ifndef T2C_SCENARIO_H
#define T2C_SCENARIO_H

#include "trial/model.h"

struct scenario_run {
	/* Of the columns of the plan. Those that no row of the scenario has a
	 * value for are not shown. */
	struct trial_table batch;
	const char *refused;         /* part of the message; NULL */
	struct trial_table expected; /* as struct model has it */
};

struct scenario {
	const char *name; /* "changes" */
	const char *doc;  /* a sentence */
	LIST_OF(struct scenario_run) runs;
	bool *shown; /* of the columns of the plan */
	/* What somebody else has stored before the first run; no rows: there is
	 * no target. */
	struct trial_table stored;
	/* A column of the plan that this target lacks; -1 if none. */
	int lacking;
	/* The last batch is the one before once more, but for columns that
	 * change with every run: nothing may change. */
	bool repeats;
	struct value snapshot_at; /* NULL where it does not matter */
};

struct scenarios {
	LIST_OF(struct scenario) list;
	/* Why there are not all of them; NULL if there are. */
	const char *why;
};

void scenarios_make(struct arena *a, const struct trial *t,
    enum strategy strategy, struct scenarios *ret);

/* A table without rows, with the columns of the plan and their types; a type
 * that is not known is text. */
struct trial_table scenario_columns(struct arena *a, const struct trial *t);

#endif
