/*
 * A trial of a pipeline: small source tables, and what the target rows made of
 * them must be. Generated tests are written from it.
 *
 * Nothing here looks at generated code. Expressions are evaluated by src/eval,
 * joins, filters and patterns by plain models (trial/transform.c,
 * trial/model.h) of what docs/mapping.md says. The same plan gives the same
 * trial.
 */
#ifndef T2C_TRIAL_H
#define T2C_TRIAL_H

#include "eval/eval.h"
#include "plan/plan.h"

struct trial_field {
	const char *name;
	struct value_type type;
};

struct trial_row {
	struct value *v;    /* one for each field */
	const char *remark; /* what the row is there for; NULL if nothing */
};

struct trial_table {
	LIST_OF(struct trial_field) fields;
	LIST_OF(struct trial_row) rows;
};

/* A column of the target. */
struct trial_column {
	const struct plan_column *plan;
	/* The whole value: expression, cast and default; NULL where the
	 * evaluator's parser refuses it. */
	const struct expr *value;
	bool is_typed;
	struct value_type type; /* where is_typed */
	/* Why its values cannot be foretold, a sentence; NULL: they can. */
	const char *why;
};

enum trial_topic {
	TRIAL_COLUMNS,    /* typical and boundary values */
	TRIAL_NULLS,      /* rows without any value */
	TRIAL_DUPLICATES, /* source rows that are there twice */
	TRIAL_JOINS,      /* keys that match once, twice, and not */
	TRIAL_FILTERS,    /* rows that are kept, and dropped */
	TRIAL__TOPICS
};

struct trial_case {
	enum trial_topic topic;
	struct trial_table *sources; /* one for each source of the plan */
	/* A field for each column of the plan, and whether its values can be
	 * foretold in this case; those that cannot are NULL. */
	struct trial_table expected;
	bool *is_known;
};

struct trial_scope; /* how names are found; for the files of trial/ alone */

struct trial {
	const struct plan_pipeline *pipeline;
	struct trial_scope *scope;
	LIST_OF(struct trial_column) columns;
	/* One for each source of the plan, with typical and boundary values;
	 * NULL where not even names are understood. */
	const struct trial_table *sources;
	/* Why the target rows of no source rows can be foretold (a join or a
	 * filter that is not understood), a sentence; then there is no case. */
	const char *why;
	LIST_OF(struct trial_case) cases; /* by topic; each at most once */
};

/* Never fails: what is not understood is said in the trial. */
void trial_make(struct arena *a, const struct plan_pipeline *p,
    struct trial *ret);

/* The case of that topic, NULL if there is none. */
const struct trial_case *trial_find(const struct trial *t,
    enum trial_topic topic);

/* What the target rows of these source tables are; false, and a sentence, if
 * that cannot be foretold. ret_why_not says why values of a column are not
 * known, NULL if they are; it has room for each column. */
bool trial_transform(struct arena *a, const struct trial *t,
    const struct trial_table *sources, struct trial_table *ret,
    const char **ret_why_not, const char **ret_why) MUST_USE;

/* The value number n (from 0) of a type: all different and growing with n, and
 * easy to read. False where the type has no such value. */
bool trial_value(struct arena *a, struct value_type type, size_t n,
    struct value *ret) MUST_USE;

#endif
