/*
 * The plan as a Lakeflow declarative pipeline in Python: a materialized view
 * for a full load, a streaming table for an append, an AUTO CDC flow for MERGE
 * and SCD type 2, expectations for rules. Names and arguments are those of
 * https://docs.databricks.com/aws/en/ldp/developer/python-ref (module
 * pyspark.pipelines, functions materialized_view, table, temporary_view,
 * create_streaming_table, create_auto_cdc_flow, expect_all…).
 *
 * Tables are parameters of the pipeline's configuration. A history has the
 * columns __START_AT and __END_AT in a table of its own, beside the target,
 * which is a view of it with the names that the plan has.
 *
 * The plan must have passed output_check().
 */
#ifndef T2C_LAKEFLOW_H
#define T2C_LAKEFLOW_H

#include "base/err.h"
#include "emit/source_map.h"
#include "plan/plan.h"

/* P_TOO_LARGE is the only failure. The same plan gives the same bytes. */
const struct err *emit_lakeflow(struct arena *a, const struct plan *plan,
    struct slice *ret, struct source_map *ret_map) MUST_USE;

#endif
