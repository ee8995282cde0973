/*
 * The parts of emit_tests(), for its own files alone.
 */
#ifndef T2C_TESTS_PARTS_H
#define T2C_TESTS_PARTS_H

#include "emit/python.h"
#include "emit/tests.h"
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

/* A line between definitions. */
void tests_put_gap(struct tests *t);
/* def NAME(FIXTURES) with its docstring, after two empty lines. */
void tests_put_head(struct tests *t, const char *name, const char *fixtures,
    const char *doc);

/* The tables at the top, and what they are computed to. */
void tests_put_tables(struct tests *t);
/* Schema, values, NULLs, duplicates, joins, filters. */
void tests_put_transform(struct tests *t);
/* What load_…() reads, and refuses to read. */
void tests_put_load(struct tests *t);
/* What the pattern does with rows. */
void tests_put_pattern(struct tests *t);

#endif
