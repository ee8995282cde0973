/*
 * The parts of emit_pyspark(), for its own files alone.
 */
#ifndef T2C_PYSPARK_PARTS_H
#define T2C_PYSPARK_PARTS_H

#include "emit/pipeline.h"
#include "emit/python_layout.h"
#include "plan/plan.h"

/* A target with more columns has them in several functions. */
#define PYSPARK_COLUMNS_AT_ONCE 400

/* As the format of python_line(). */
#define PYSPARK_LOG_FORMAT "%%(asctime)s %%(levelname)s %%(name)s: %%(message)s"

/* What the code of a plan imports. */
struct pyspark_needs {
	bool delta;
	bool definition; /* of a table, column by column */
	bool history;
	bool batch; /* a name for the run */
	bool column;
	bool window;
};
struct pyspark_needs pyspark_needs_of(const struct plan *plan);
/* session is ", SparkSession" or "". */
void pyspark_put_library_imports(struct python *py,
    const struct pyspark_needs *needs, const char *session);
const char *pyspark_logger(const struct plan *plan);

/* The docstring of a file: what the plan does, in words. */
void pyspark_put_docstring(struct python *py, const struct plan *plan);
/* Everything before the helpers and behind the pipelines. */
void pyspark_notebook_head(struct python *py, const struct plan *plan);
void pyspark_notebook_run(struct python *py, const struct plan *plan);
void pyspark_module_head(struct python *py, const struct plan *plan);
void pyspark_module_run(struct python *py, const struct plan *plan);
/* The beginning of some functions of a pipeline: a cell in a notebook. */
void pyspark_put_section(struct python *py, const struct plan_pipeline *p,
    const char *what);
/* The upper-case name of a parameter's variable in a notebook. */
const char *pyspark_constant(struct arena *a, const char *parameter);

/* def transform_…: sources to target rows. */
void pyspark_transform(struct python *py, const struct plan_pipeline *p);
/* In a module: some column has the value of a parameter. */
bool pyspark_transform_takes_job(const struct plan_pipeline *p);
/* def write_… and what it needs, by the pattern's strategy. */
void pyspark_write(struct python *py, const struct plan *plan,
    const struct plan_pipeline *p);

/* def write_… of each strategy. */
void pyspark_full_load(struct python *py, const struct plan_pipeline *p);
void pyspark_incremental(struct python *py, const struct plan_pipeline *p);
void pyspark_merge(struct python *py, const struct plan_pipeline *p);
void pyspark_history(struct python *py, const struct plan_pipeline *p);

/* A column's name, for people and as SQL has it. */
const char *pyspark_shown_column(struct arena *a, const struct plan_pipeline *p,
    int index);
const char *pyspark_quoted(struct arena *a, const struct plan_pipeline *p,
    size_t index);
/* The key columns as arguments. */
void pyspark_add_keys(struct arena *a, struct python_node *call,
    const struct plan_pipeline *p);
/* Equal rows become one; columns that differ from run to run do not make a
 * difference. */
struct python_node *pyspark_distinct(struct arena *a, struct python_node *rows,
    const struct plan_pipeline *p);
/* "target.a <=> source.a" */
const char *pyspark_same_value(struct arena *a, const struct plan_pipeline *p,
    size_t i);
/* require_unique(rows, name, and the keys that are added) */
struct python_node *pyspark_require_unique(struct arena *a, const char *rows,
    const char *name);
/* f"New rows for {TARGET_…}" */
const char *pyspark_new_rows_name(const struct python *py,
    const struct plan_pipeline *p);
/* values = {…}: what a merge writes into each column. */
void pyspark_put_values(struct python *py, const struct plan_pipeline *p);
/* The merge of batch ("batch" or "changes") into the target. */
void pyspark_put_insert(struct python *py, const struct plan_pipeline *p,
    const char *batch, bool update);
void pyspark_put_log_changes(struct python *py, const struct plan_pipeline *p,
    const char *changes);
/* The helpers that the plan's code calls. */
void pyspark_helpers(struct python *py, const struct plan *plan);
/* What sorts rows by the rules of the sheet: def check_…, quarantine_… and
 * release_…. */
void pyspark_rules(struct python *py, const struct plan *plan,
    const struct plan_pipeline *p);
/* {"row 2: …": "a > 0", …}, to stand at that level; and def check_…. */
struct python_node *pyspark_rules_dict(struct arena *a,
    const struct plan_pipeline *p, int level);
void pyspark_put_check(struct python *py, const struct plan_pipeline *p);
/* The lines that call them, if there are rules: rows is the variable whose
 * rows are to be loaded, passed the one of those that are, where rows may be
 * held back. */
void pyspark_sort_out(struct python *py, int level,
    const struct plan_pipeline *p, const char *rows, const char *passed);
/* That variable of load_…, of all strategies but the incremental one. */
const char *pyspark_passed(const struct plan_pipeline *p);
void pyspark_release(struct python *py, int level,
    const struct plan_pipeline *p, const char *rows);
/* "def write_…(…) -> None:" */
void pyspark_put_write_def(struct python *py, const struct plan_pipeline *p);

/* rows.write.format("delta"), and a statement that writes with it into the
 * table that the parameter names; option is set to true, or NULL. */
struct python_node *pyspark_writer(struct arena *a, struct python_node *rows);
void pyspark_put_write(struct python *py, int level,
    const struct table_ref *table, const char *parameter,
    struct python_node *writer, const char *mode, const char *option);
/* DeltaTable.forName(…) */
const char *pyspark_table(const struct python *py,
    const struct table_ref *table, const char *constant);
/* "target.a <=> source.a AND …" over these columns, as pieces. */
void pyspark_add_same(struct arena *a, const struct plan_pipeline *p,
    const struct plan_indices *columns, struct python_pieces *ret);

/* Makes the target where there is none, with the columns of the DataFrame that
 * rows names, and checks that it has them; its variable is `target`. */
void pyspark_ensure_target(struct python *py, const struct plan_pipeline *p,
    const char *rows);

/* The expression that reads a table from where the parameter says. */
struct python_node *pyspark_read(const struct python *py,
    const struct table_ref *table, const char *parameter);
/* The same by "readStream", say, and in a format such as "cloudFiles" that
 * takes the table's own as an option. */
struct python_node *pyspark_read_as(const struct python *py,
    const struct table_ref *table, const char *parameter, const char *format,
    const char *read);
/* What holds the session, and a parameter's value: globals in a notebook,
 * fields of `job` in a module. */
const char *pyspark_session(const struct python *py);
const char *pyspark_parameter(const struct python *py, const char *parameter);
/* ", job" as the last of some arguments, or nothing in a notebook. */
const char *pyspark_job(const struct python *py);
/* Writes "def name(arguments) -> result:", a job added in a module; arguments
 * end with NULL. */
void pyspark_put_def(struct python *py, const char *result, const char *name,
    ...);
/* A name as a comment or docstring may show it. */
const char *pyspark_shown(struct arena *a, const char *name);

#endif
