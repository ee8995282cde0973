/*
 * The plan as a PySpark notebook in Databricks' source format. It runs on
 * Databricks Runtime 13.3 and later (Spark 3.4, Delta 2.4) and reads and
 * writes only what its parameters name.
 *
 * Identifiers and literals are quoted here, never pasted: names go through
 * expr_quote_name() where Spark parses them and through python_string() where
 * Python does.
 */
#ifndef T2C_PYSPARK_H
#define T2C_PYSPARK_H

#include "base/err.h"
#include "emit/source_map.h"
#include "plan/plan.h"

#define PYSPARK_MAX_BYTES ((size_t)8 * 1024 * 1024)

/* P_TOO_LARGE is the only failure. The same plan gives the same bytes. */
const struct err *emit_pyspark(struct arena *a, const struct plan *plan,
    struct slice *ret, struct source_map *ret_map) MUST_USE;

#endif
