/*
 * A plan as a Databricks notebook in Spark SQL: one statement makes the table
 * of each target where there is none, one loads it. Tables are parameters,
 * named by IDENTIFIER(:source_orders), which notebooks have since Databricks
 * Runtime 15.2 (https://docs.databricks.com/en/notebooks/widgets.html).
 *
 * A load is a single statement, so it happens whole or not at all; what must
 * not be (a key twice, a row without time) is found by the same statement and
 * raised before anything is written.
 */
#ifndef T2C_SQL_H
#define T2C_SQL_H

#include "emit/source_map.h"
#include "plan/plan.h"

/* The code, and which lines come from which row. P_TOO_LARGE. */
const struct err *emit_sql(struct arena *a, const struct plan *plan,
    struct slice *ret, struct source_map *ret_map) MUST_USE;

#endif
