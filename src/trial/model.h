/*
 * What a pattern makes of a target, told in the plainest way: a few rows,
 * compared one by one. The meaning is that of docs/mapping.md; how the
 * generated code gets there does not matter here.
 */
#ifndef T2C_MODEL_H
#define T2C_MODEL_H

#include "trial/trial.h"

struct model {
	struct arena *arena;
	const struct plan_pipeline *pipeline;
	enum strategy strategy;
	size_t n_columns; /* of the plan */
	/* What the target holds: the columns of the plan (the deletion flag is
	 * not to be looked at); a history has start, end and current behind
	 * them. */
	struct trial_table target;
	/* A history: all sightings that the target remembers. */
	struct trial_table seen;
	/* A history: when keys that are no longer there ended. */
	struct value snapshot_at;
};

#define MODEL_START 0 /* behind the columns of the plan */
#define MODEL_END 1
#define MODEL_CURRENT 2
#define MODEL_ADDED 3

/* columns are those of the plan, with their types. */
void model_init(struct arena *a, const struct plan_pipeline *p,
    enum strategy strategy, const struct trial_table *columns,
    struct model *ret);
/* One run with these rows, of the columns of the plan. Returns why they are
 * refused, and changes nothing then; NULL if they are not. */
const char *model_run(struct model *m, const struct trial_table *batch);

/* For the files of the model alone. */
bool model_same(const struct value *x, const struct value *y);
bool model_same_key(const struct model *m, const struct trial_row *x,
    const struct trial_row *y);
bool model_is_true(const struct value *v);
const char *model_run_history(struct model *m, const struct trial_table *batch);

#endif
