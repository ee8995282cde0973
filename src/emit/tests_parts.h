/*
 * The parts of emit_tests(), for its own files alone.
 */
#ifndef T2C_TESTS_PARTS_H
#define T2C_TESTS_PARTS_H

#include "emit/python.h"
#include "emit/tests.h"
#include "emit/text_table.h"
#include "trial/trial.h"

/* What is written for one pipeline. */
struct tests {
	struct python *py;
	struct arena *arena;
	const struct plan *plan;
	const struct plan_pipeline *pipeline;
	struct trial *trial;
	const char *upper; /* the pipeline's id in upper case */
};

/* "SOURCE_ORDERS", with the pipeline behind it where there are several. */
const char *tests_source(const struct tests *t, size_t source);
/* Are the values of that column of the target stated? */
bool tests_states(const struct tests *t, size_t column);

/* The name of something of the pipeline: "target_orders". */
const char *tests_name(const struct tests *t, const char *what);
/* The same in upper case: "COLUMNS_ORDERS". */
const char *tests_upper(const struct tests *t, const char *what);
/* Two empty lines before a definition. */
void tests_put_gap(struct tests *t);
/* def NAME_PIPELINE(fixtures) with its docstring; the fixtures end with
 * NULL. */
void tests_put_head(struct tests *t, const char *name,
    const char *const *fixtures, const char *doc);
/* NAME(argument, …) as a statement behind a prefix; the arguments end with
 * NULL. */
void tests_put_call(struct tests *t, int level, const char *prefix,
    const char *name, const char *const *arguments);

/* Adds the columns of a table that are shown, with its rows. */
void tests_fill_table(const struct tests *t, struct text_table *table,
    const struct trial_table *from, const bool *shown);

/* The tables at the top, and what they are computed to. */
void tests_put_tables(struct tests *t);
/* Schema, values, NULLs, duplicates, joins, filters. */
void tests_put_transform(struct tests *t);
/* The columns of the target as it is stored, and the fixture of a target. */
void tests_put_stored(struct tests *t);
void tests_put_target(struct tests *t);
/* What load_…() reads, and refuses to read. */
void tests_put_load(struct tests *t);
/* Which rows break rules of the sheet. */
void tests_put_rules(struct tests *t);
/* What the pattern does with rows. */
void tests_put_pattern(struct tests *t);

#endif
