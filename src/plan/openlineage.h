/*
 * Lineage as OpenLineage says it, for data catalogues: one JobEvent, which is
 * what the specification has for a job that is known but did not run.
 *
 * After the OpenLineage specification 2-0-2 (spec/OpenLineage.json: JobEvent)
 * and its facets Schema 1-1-1, ColumnLineage 1-2-0, JobType 2-0-3 and
 * Documentation 1-0-1; kinds of transformation after the text of the column
 * lineage facet: DIRECT with IDENTITY, TRANSFORMATION or AGGREGATION, and
 * INDIRECT with CONDITIONAL, WINDOW, JOIN or FILTER. Joins and filters stand in
 * the facet's "dataset", since they decide about all columns. Sources get no
 * schema facet: of a table only the used columns are known, and half a schema
 * would be taken for a whole one.
 *
 * Names of data sets after spec/Naming.md. What it leaves open here:
 * - Tables: namespace "databricks" and the name without quotes, "a.b.c". The
 *   specification has unitycatalog://{host}, but the host of the workspace is
 *   not known to a sheet; put it in before sending.
 * - Object stores: scheme and bucket or container, then the key without the
 *   slash in front; s3a and s3n are s3. A slash at the end is dropped.
 * - dbfs:/x, /x and /Volumes/…: namespace "dbfs" and the path. Spark on
 *   Databricks takes a path without a scheme as one of DBFS. The specification
 *   has dbfs://{workspace}, which is not known either.
 * - file:/x: namespace "file".
 */
#ifndef T2C_OPENLINEAGE_H
#define T2C_OPENLINEAGE_H

#include "plan/lineage.h"

struct dataset_name {
	const char *space;
	const char *name;
};

/* A table's name as Spark SQL takes it, or a path. */
struct dataset_name openlineage_dataset(struct arena *a, const char *name,
    bool is_path);

/* The event, pretty-printed, in stable order. event_ms is when the lineage was
 * found; the specification requires a time, so whoever has none passes 0,
 * which gives 1970-01-01T00:00:00.000Z. The job's namespace is "text2code".
 * P_TOO_LARGE. */
const struct err *openlineage_json(struct arena *a,
    const struct lineage *lineage, const char *job_name, int64_t event_ms,
    const char **ret) MUST_USE;

#endif
