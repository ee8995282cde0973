/*
 * Types of columns, as the API and Databricks' SQL name them.
 */
#ifndef T2C_SIM_SQL_TYPE_H
#define T2C_SIM_SQL_TYPE_H

#include "base/json.h"

/* As type_name has it: "LONG" for "bigint", "DECIMAL" for "decimal(10,2)",
 * "ARRAY" for "array<int>". */
const char *sql_type_name(struct arena *a, const char *type);
/* type_name and type_text, with type_precision and type_scale where it has
 * them, as members of an object. */
void sql_type_json(struct json_writer *w, struct arena *a, const char *type);

#endif
