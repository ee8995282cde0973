/*
 * The parts of emit_pyspark(), for its own files alone.
 */
#ifndef T2C_PYSPARK_PARTS_H
#define T2C_PYSPARK_PARTS_H

#include "emit/python.h"
#include "plan/plan.h"

/* A target with more columns has them in several functions. */
#define PYSPARK_COLUMNS_AT_ONCE 400

/* def transform_…: sources to target rows. */
void pyspark_transform(struct python *py, const struct plan_pipeline *p);
/* def write_… and what it needs, by the pattern's strategy. */
void pyspark_write(struct python *py, const struct plan *plan,
    const struct plan_pipeline *p);

/* def write_… of a full load, and of a history. */
void pyspark_full_load(struct python *py, const struct plan_pipeline *p);
void pyspark_history(struct python *py, const struct plan_pipeline *p);
/* Makes the target where there is none, with the columns of the DataFrame that
 * rows names, and checks that it has them; its variable is `target`. */
void pyspark_ensure_target(struct python *py, const struct plan_pipeline *p,
    const char *rows);

/* The expression that reads a table from where the parameter says. */
const char *pyspark_read(struct arena *a, const struct table_ref *table,
    const char *parameter);
/* The upper-case name of a parameter's variable. */
const char *pyspark_constant(struct arena *a, const char *parameter);
/* A name as a comment or docstring may show it. */
const char *pyspark_shown(struct arena *a, const char *name);

#endif
