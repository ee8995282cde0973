/*
 * The columns that the expressions of a pipeline see: those of all sources,
 * side by side in one row. For the files of trial/ alone.
 */
#ifndef T2C_SCOPE_H
#define T2C_SCOPE_H

#include "trial/guess.h"
#include "trial/trial.h"

#include "base/map.h"

struct trial_scope {
	const struct plan_pipeline *pipeline;
	struct map *names; /* of each source: column → its index there */
	size_t *first;     /* of each source: its first column in a row */
	size_t width;
	const char **fields;      /* the name of each column */
	struct value_type *types; /* of each column */
	struct guess *guesses;
	const struct expr_parsed **on;     /* of each source; NULL for none */
	const struct expr_parsed **filter; /* of each filter */
	const struct expr_parsed **value;  /* of each target column */
};

/* Parses the texts of the plan and guesses what the sources are like, if types
 * is NULL; else it has the type of each column. False, and a sentence, where a
 * join or filter does not parse. */
bool scope_make(struct arena *a, const struct plan_pipeline *p,
    const struct value_type *types, struct trial_scope *ret,
    const char **ret_why) MUST_USE;

/* As struct eval_scope wants it; data is the struct trial_scope. */
bool scope_find(void *data, const char *const *part, size_t n_parts,
    struct eval_column *ret);

/* The first source that reads the same table: the source itself, mostly. */
size_t scope_same_table(const struct trial_scope *s, size_t source);

/* Is the condition certainly true for the row? */
bool scope_holds(struct arena *a, struct trial_scope *s,
    const struct expr *condition, const struct value *row,
    enum eval_outcome *ret_outcome, const char **ret_why);

#endif
