#include "base/base.h"

#include "emit/lakeflow.h"

#include "emit/helper.h"
#include "emit/pyspark.h"
#include "emit/pyspark_parts.h"
#include "expr/expr.h"

static void
put_space(struct python *py)
{
	python_line(py, 0, "%s", "");
	python_line(py, 0, "%s", "");
}

static void
put_head(struct python *py, const struct plan *plan)
{
	const struct pyspark_needs needs = pyspark_needs_of(plan);
	bool rules = false;
	size_t i;

	pyspark_put_docstring(py, plan);
	python_line(py, 0, "%s", "");
	python_line(py, 0, "from pyspark import pipelines as dp");
	python_line(py, 0, "from pyspark.sql import %sDataFrame",
	    needs.column ? "Column, " : "");
	python_line(py, 0, "from pyspark.sql import functions as F");
	python_line(py, 0, "%s", "");
	for (i = 0; i < plan->parameters.n; i++) {
		const struct plan_parameter *p = &plan->parameters.v[i];
		struct python_node *call = python_function(py->arena,
		    "spark.conf.get");

		python_add_text(py->arena, call, p->name);
		python_add_text(py->arena, call, p->initial);
		python_put_statement(py, 0,
		    arena_printf(py->arena,
		        "%s = ", pyspark_constant(py->arena, p->name)),
		    call);
	}
	for (i = 0; i < plan->pipelines.n; i++)
		rules = rules || plan->pipelines.v[i].quarantine.widget;
	if (rules)
		helper_put(py, "with_broken_rules");
}

/* A source of which only new rows are read, or all. */
static struct python_node *
read_source(const struct python *py, const struct plan_source *s, bool stream)
{
	const char *format = s->table->format;

	if (!stream)
		return pyspark_read(py, s->table, s->widget);
	/* Auto Loader reads each file once. */
	if (s->table->kind == TABLE_PATH && !str_eq(format, "delta"))
		format = "cloudFiles";
	return pyspark_read_as(py, s->table, s->widget, format, "readStream");
}

/* The body of a function that gives the target's rows. */
static void
put_rows(struct python *py, const struct plan_pipeline *p, bool stream,
    const char *prefix)
{
	struct arena *a = py->arena;
	struct python_node *call = python_function(a,
	    arena_printf(a, "transform_%s", p->id));
	size_t i;

	for (i = 0; i < p->sources.n; i++) {
		const struct plan_source *s = &p->sources.v[i];

		struct python_node *read = read_source(py, s, stream && i == 0);

		python_of_row(read, s->row);
		python_put_statement(py, 1, arena_printf(a, "%s = ", s->id),
		    read);
		python_add_atom(a, call, s->id);
	}
	python_put_statement(py, 1, prefix, call);
}

static struct python_node *
names(struct arena *a, const struct plan_pipeline *p,
    const struct plan_indices *list)
{
	struct python_node *node = python_list(a);
	size_t i;

	for (i = 0; i < list->n; i++)
		python_add_text(a, node, p->columns.v[list->v[i]].name);
	return node;
}

/* name=…, comment=… and how the files are laid out. */
static void
add_table(const struct python *py, struct python_node *call,
    const struct plan_pipeline *p)
{
	struct arena *a = py->arena;

	python_add(a, call,
	    "name=", python_atom(a, pyspark_parameter(py, p->widget)));
	if (p->comment[0])
		python_add(a, call, "comment=", python_text(a, p->comment));
	if (p->partitions.n > 0)
		python_add(a, call,
		    "partition_cols=", names(a, p, &p->partitions));
	if (p->clusters.n > 0)
		python_add(a, call, "cluster_by=", names(a, p, &p->clusters));
}

static const char *
no_watermark(struct arena *a, const struct plan_pipeline *p)
{
	return arena_printf(a, "%s IS NOT NULL",
	    expr_quote_name(a, p->columns.v[p->watermark].name));
}

/* Rules as expectations, which count in the pipeline's event log. */
static void
put_expectations(struct python *py, const struct plan *plan,
    const struct plan_pipeline *p)
{
	struct arena *a = py->arena;
	struct python_node *call = python_function(a,
	    p->broken_rules == RULES_REFUSE ? "@dp.expect_all_or_fail"
	                                    : "@dp.expect_all");
	struct python_node *watermark = python_function(a,
	    "@dp.expect_or_fail");

	if (p->rules.n > 0 && p->broken_rules != RULES_QUARANTINE) {
		python_add(a, call, NULL, pyspark_rules_dict(a, p, 1));
		python_put_statement(py, 0, "", call);
	}
	if (plan->pattern->strategy == STRATEGY_INCREMENTAL &&
	    p->null_watermark == NULLS_REFUSE) {
		python_add_text(a, watermark, "a watermark");
		python_add_text(a, watermark, no_watermark(a, p));
		python_put_statement(py, 0, "", watermark);
	}
}

/* A view of all rows with the rules that they break, and a table of those that
 * break one. */
static void
put_quarantine(struct python *py, const struct plan_pipeline *p, bool stream)
{
	struct python_node *call = python_function(py->arena,
	    stream ? "@dp.table" : "@dp.materialized_view");

	put_space(py);
	pyspark_put_check(py, p);
	put_space(py);
	python_line(py, 0, "@dp.temporary_view(name=\"checked_%s\")", p->id);
	python_line(py, 0, "def checked_%s() -> DataFrame:", p->id);
	python_line(py, 1,
	    "\"\"\"Return all rows with the rules that they break.\"\"\"");
	put_rows(py, p, stream, "rows = ");
	python_line(py, 1, "return check_%s(rows)", p->id);
	put_space(py);
	python_add(py->arena, call, "name=",
	    python_atom(py->arena,
	        pyspark_parameter(py, p->quarantine.widget)));
	python_put_statement(py, 0, "", call);
	python_line(py, 0, "def quarantine_%s() -> DataFrame:", p->id);
	python_line(py, 1,
	    "\"\"\"Return the rows that break a rule of the sheet.\"\"\"");
	python_line(py, 1, "checked = spark.%s.table(\"checked_%s\")",
	    stream ? "readStream" : "read", p->id);
	python_line(py, 1, "return checked.where(\"size(_broken_rules) > 0\")");
}

/* The body of the function that gives the rows to load. */
static void
put_loaded_rows(struct python *py, const struct plan *plan,
    const struct plan_pipeline *p, bool stream)
{
	struct arena *a = py->arena;
	bool skip = plan->pattern->strategy == STRATEGY_INCREMENTAL &&
	    p->null_watermark == NULLS_SKIP;
	struct python_node *rows = python_atom(a, "rows");
	struct python_node *call;

	if (p->quarantine.widget) {
		python_line(py, 1, "checked = spark.%s.table(\"checked_%s\")",
		    stream ? "readStream" : "read", p->id);
		python_line(py, 1,
		    "rows = checked.where(\"size(_broken_rules) = 0\")"
		    ".drop(\"_broken_rules\")");
	} else {
		put_rows(py, p, stream, skip ? "rows = " : "return ");
		if (!skip)
			return;
	}
	if (skip) {
		call = python_method(a, rows, "where");
		python_add_text(a, call, no_watermark(a, p));
		rows = call;
	}
	python_put_statement(py, 1, "return ", rows);
}

/* A target that is exactly the rows: all of them, or each once. */
static void
put_table(struct python *py, const struct plan *plan,
    const struct plan_pipeline *p, bool stream)
{
	struct python_node *call = python_function(py->arena,
	    stream ? "@dp.table" : "@dp.materialized_view");

	put_space(py);
	add_table(py, call, p);
	python_put_statement(py, 0, "", call);
	put_expectations(py, plan, p);
	python_line(py, 0, "def load_%s() -> DataFrame:", p->id);
	python_line(py, 1, "\"\"\"Return the rows of the target.\"\"\"");
	put_loaded_rows(py, plan, p, stream);
}

static struct python_node *
tracked(struct arena *a, const struct plan_pipeline *p)
{
	struct python_node *node = python_list(a);
	size_t i;

	for (i = 0; i < p->columns.n; i++) {
		if (p->columns.v[i].is_tracked)
			python_add_text(a, node, p->columns.v[i].name);
	}
	return node;
}

static void
add_deletions(struct arena *a, struct python_node *call,
    const struct plan_pipeline *p)
{
	struct python_node *flag = python_function(a, "F.expr");
	struct python_node *list = python_list(a);
	const char *name;

	if (p->deleted < 0)
		return;
	name = p->columns.v[p->deleted].name;
	python_add_text(a, flag,
	    arena_printf(a, "coalesce(%s, false)", expr_quote_name(a, name)));
	python_add(a, call, "apply_as_deletes=", flag);
	python_add_text(a, list, name);
	python_add(a, call, "except_column_list=", list);
}

/* The flow that merges the changes into the table of that name. */
static void
put_flow(struct python *py, const struct plan_pipeline *p, const char *target,
    bool history)
{
	struct arena *a = py->arena;
	struct python_node *call = python_function(a,
	    "dp.create_auto_cdc_flow");

	python_add(a, call, "target=", python_atom(a, target));
	python_add(a, call,
	    "source=", python_text(a, arena_printf(a, "changes_%s", p->id)));
	python_add(a, call, "keys=", names(a, p, &p->keys));
	python_add(a, call, "sequence_by=",
	    python_text(a, expr_quote_name(a, p->columns.v[p->order_by].name)));
	if (p->ignore_nulls)
		python_add(a, call,
		    "ignore_null_updates=", python_atom(a, "True"));
	add_deletions(a, call, p);
	python_add(a, call,
	    "stored_as_scd_type=", python_atom(a, history ? "2" : "1"));
	if (history)
		python_add(a, call,
		    "track_history_column_list=", tracked(a, p));
	python_put_statement(py, 0, "", call);
}

/* The target of a history: the flow's table under the plan's names. */
static void
put_history_view(struct python *py, const struct plan_pipeline *p)
{
	struct arena *a = py->arena;
	struct python_node *call = python_function(a, "@dp.materialized_view");
	struct python_node *rows = python_atom(a, "versions");
	struct python_node *current;

	put_space(py);
	add_table(py, call, p);
	python_put_statement(py, 0, "", call);
	python_line(py, 0, "def load_%s() -> DataFrame:", p->id);
	python_line(py, 1,
	    "\"\"\"Return the versions under the names of the plan.\"\"\"");
	python_line(py, 1, "versions = spark.read.table(\"%s_versions\")",
	    p->id);
	rows = python_method(a, rows, "withColumnRenamed");
	python_add_text(a, rows, "__START_AT");
	python_add_text(a, rows, p->history.valid_from);
	rows = python_method(a, rows, "withColumnRenamed");
	python_add_text(a, rows, "__END_AT");
	python_add_text(a, rows, p->history.valid_to);
	python_put_statement(py, 1, "versions = ", rows);
	current = python_function(a, "F.expr");
	python_add_text(a, current,
	    arena_printf(a, "%s IS NULL",
	        expr_quote_name(a, p->history.valid_to)));
	rows = python_method(a, python_atom(a, "versions"), "withColumn");
	python_add_text(a, rows, p->history.is_current);
	python_add(a, rows, NULL, current);
	python_put_statement(py, 1, "return ", rows);
}

/* Changes of keys: a view of them, the table, and the flow between. */
static void
put_changes(struct python *py, const struct plan *plan,
    const struct plan_pipeline *p)
{
	struct arena *a = py->arena;
	bool history = plan->pattern->strategy == STRATEGY_SCD2;
	struct python_node *table = python_function(a,
	    "dp.create_streaming_table");
	const char *target = history
	    ? python_string(a, arena_printf(a, "%s_versions", p->id))
	    : pyspark_parameter(py, p->widget);

	put_space(py);
	python_line(py, 0, "@dp.temporary_view(name=\"changes_%s\")", p->id);
	put_expectations(py, plan, p);
	python_line(py, 0, "def changes_%s() -> DataFrame:", p->id);
	python_line(py, 1,
	    "\"\"\"Return the rows that change the target.\"\"\"");
	put_loaded_rows(py, plan, p, true);
	put_space(py);
	if (history)
		python_add(a, table, "name=", python_atom(a, target));
	else
		add_table(py, table, p);
	python_put_statement(py, 0, "", table);
	put_flow(py, p, target, history);
	if (history)
		put_history_view(py, p);
}

static void
put_pipeline(struct python *py, const struct plan *plan,
    const struct plan_pipeline *p)
{
	bool stream = plan->pattern->strategy != STRATEGY_FULL_LOAD;

	put_space(py);
	pyspark_transform(py, p);
	if (p->quarantine.widget)
		put_quarantine(py, p, stream);
	switch (plan->pattern->strategy) {
	case STRATEGY_FULL_LOAD:
	case STRATEGY_INCREMENTAL:
		put_table(py, plan, p, stream);
		break;
	case STRATEGY_MERGE:
	case STRATEGY_SCD2:
		put_changes(py, plan, p);
		break;
	case STRATEGY_PROMPT:
	case STRATEGY__COUNT:
		break;
	}
}

const struct err *
emit_lakeflow(struct arena *a, const struct plan *plan, struct slice *ret,
    struct source_map *ret_map)
{
	struct buf out;
	struct source_map map = {0};
	struct python py = {.out = &out, .arena = a, .map = &map};
	size_t i;

	buf_init(&out, a, PYSPARK_MAX_BYTES);
	put_head(&py, plan);
	for (i = 0; i < plan->pipelines.n; i++)
		put_pipeline(&py, plan, &plan->pipelines.v[i]);
	if (buf_full(&out))
		return err_new(P_TOO_LARGE,
		    "The code of this sheet would be larger than %zu MB.",
		    PYSPARK_MAX_BYTES / (1024 * 1024));
	*ret = buf_slice(&out);
	*ret_map = map;
	return NULL;
}
