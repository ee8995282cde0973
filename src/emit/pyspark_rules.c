#include "base/base.h"

#include "emit/pyspark_parts.h"

#include "expr/expr.h"

void
pyspark_put_write_def(struct python *py, const struct plan_pipeline *p)
{
	const char *name = arena_printf(py->arena, "write_%s", p->id);

	if (pipeline_tells_failed(p))
		pyspark_put_def(py, "None", name, "rows: DataFrame",
		    "failed: DataFrame", NULL);
	else
		pyspark_put_def(py, "None", name, "rows: DataFrame", NULL);
}

static void
put_space(struct python *py)
{
	python_line(py, 0, "%s", "");
	python_line(py, 0, "%s", "");
}

struct python_node *
pyspark_rules_dict(struct arena *a, const struct plan_pipeline *p, int level)
{
	struct python_node *rules = python_dict(a);
	size_t i;

	for (i = 0; i < p->rules.n; i++) {
		const struct plan_rule *rule = &p->rules.v[i];
		const char *name = python_string(a, rule->name);
		struct python_node *condition = python_text(a, rule->condition);

		/* Brackets of its own let a long text be broken. */
		if (!python_fits(level,
		        arena_printf(a, "%s: %s,", name,
		            python_string(a, rule->condition)))) {
			condition = python_function(a, "");
			python_add_text(a, condition, rule->condition);
		}
		python_of_row(condition, rule->row);
		python_add(a, rules, arena_printf(a, "%s: ", name), condition);
	}
	python_explode(rules);
	return rules;
}

void
pyspark_put_check(struct python *py, const struct plan_pipeline *p)
{
	struct arena *a = py->arena;
	struct python_node *call = python_function(a, "with_broken_rules");

	python_line(py, 0,
	    "def check_%s(rows: DataFrame) -> DataFrame:", p->id);
	python_line(py, 1,
	    "\"\"\"Return the rows with the rules of the sheet that they "
	    "break.\"\"\"");
	python_put_statement(py, 1, "rules = ", pyspark_rules_dict(a, p, 2));
	python_add_atom(a, call, "rows");
	python_add_atom(a, call, "rules");
	python_add_text(a, call, pipeline_exempt(a, p));
	python_put_statement(py, 1, "return ", call);
}

static struct python_node *
quarantined(struct arena *a, const struct plan_pipeline *p)
{
	struct python_node *call = python_function(a, "as_quarantined");
	struct python_node *names = python_list(a);
	size_t i;

	for (i = 0; i < p->columns.n; i++) {
		if (p->columns.v[i].is_volatile)
			python_add_text(a, names, p->columns.v[i].name);
	}
	python_add_atom(a, call, "failed");
	python_add(a, call, NULL, names);
	return call;
}

/* The quarantine is what fails now. */
static void
put_replace(struct python *py, const struct plan_pipeline *p)
{
	struct arena *a = py->arena;
	struct python_node *rows = python_method(a, python_atom(a, "failed"),
	    "withColumn");

	python_line(py, 1,
	    "\"\"\"Let the quarantine hold the rows that break a rule now."
	    "\"\"\"");
	python_add_text(a, rows, "_quarantined_at");
	python_add_atom(a, rows, "F.current_timestamp()");
	python_put_statement(py, 1, "rows = ", rows);
	pyspark_put_write(py, 1, &p->quarantine.table, p->quarantine.widget,
	    pyspark_writer(a, python_atom(a, "rows")), "overwrite",
	    "overwriteSchema");
}

/* Rows join those that are held already. */
static void
put_append(struct python *py, const struct plan_pipeline *p)
{
	struct arena *a = py->arena;
	const struct table_ref *table = &p->quarantine.table;
	struct python_node *none = python_method(a, python_atom(a, "rows"),
	    "limit");
	struct python_node *held;

	python_line(py, 1,
	    "\"\"\"Add the rows that break a rule to the quarantine; a second "
	    "run adds nothing.\"\"\"");
	python_put_statement(py, 1, "rows = ", quarantined(a, p));
	python_add_atom(a, none, "0");
	pyspark_put_write(py, 1, table, p->quarantine.widget,
	    pyspark_writer(a, none), "ignore", NULL);
	held = python_method(a, pyspark_read(py, table, p->quarantine.widget),
	    "select");
	python_add_text(a, held, "_row_hash");
	python_put_statement(py, 1, "held = ", held);
	python_line(py, 1,
	    "rows = rows.join(held, \"_row_hash\", \"left_anti\")");
	pyspark_put_write(py, 1, table, p->quarantine.widget,
	    pyspark_writer(a, python_atom(a, "rows")), "append", "mergeSchema");
}

static void
put_release(struct python *py, const struct plan_pipeline *p)
{
	struct arena *a = py->arena;
	const char *constant = pyspark_parameter(py, p->quarantine.widget);
	int order = p->watermark >= 0 ? p->watermark : p->order_by;
	struct python_node *call = python_function(a, "release_mended");
	struct python_pieces same = {0};

	put_space(py);
	pyspark_put_def(py, "None", arena_printf(a, "release_%s", p->id),
	    "passed: DataFrame", "failed: DataFrame", NULL);
	python_line(py, 1,
	    "\"\"\"Take out of the quarantine the keys that have passed since."
	    "\"\"\"");
	pyspark_add_same(a, p, &p->keys, &same);
	if (order >= 0) {
		const char *name = expr_quote_name(a, p->columns.v[order].name);

		python_add_piece(a, &same, " AND (target.%s IS NULL", name);
		python_add_piece(a, &same, " OR source.%s >= target.%s)", name,
		    name);
	}
	python_put_pieces(py, 1, "same", &same);
	python_put_statement(py, 1, "held = ",
	    pyspark_read(py, &p->quarantine.table, p->quarantine.widget));
	python_line(py, 1, "quarantine = %s",
	    pyspark_table(py, &p->quarantine.table, constant));
	python_put_statement(py, 1, "failed = ", quarantined(a, p));
	python_add_atom(a, call, "quarantine");
	python_add_atom(a, call, "held");
	python_add_atom(a, call, "passed");
	python_add_atom(a, call, "failed");
	python_add_atom(a, call, "same");
	python_put_statement(py, 1, "", call);
}

void
pyspark_rules(struct python *py, const struct plan *plan,
    const struct plan_pipeline *p)
{
	pyspark_put_check(py, p);
	if (!p->quarantine.widget)
		return;
	put_space(py);
	pyspark_put_def(py, "None",
	    arena_printf(py->arena, "quarantine_%s", p->id),
	    "failed: DataFrame", NULL);
	if (plan->pattern->strategy == STRATEGY_FULL_LOAD)
		put_replace(py, p);
	else
		put_append(py, p);
	if (pipeline_releases(p))
		put_release(py, p);
}

const char *
pyspark_passed(const struct plan_pipeline *p)
{
	return p->quarantine.widget ? "passed" : "rows";
}

void
pyspark_sort_out(struct python *py, int level, const struct plan_pipeline *p,
    const char *rows, const char *passed)
{
	const char *target = pyspark_parameter(py, p->widget);

	if (p->rules.n == 0)
		return;
	python_line(py, level, "checked = check_%s(%s)", p->id, rows);
	python_line(py, level, "%s_broken_rules(checked, %s)",
	    p->broken_rules == RULES_REFUSE ? "refuse" : "log", target);
	if (p->broken_rules != RULES_QUARANTINE)
		return;
	python_line(py, level,
	    "failed = checked.where(\"size(_broken_rules) > 0\")");
	python_line(py, level,
	    "%s = checked.where(\"size(_broken_rules) = 0\")"
	    ".drop(\"_broken_rules\")",
	    passed);
	python_line(py, level, "quarantine_%s(failed%s)", p->id,
	    pyspark_job(py));
}

void
pyspark_release(struct python *py, int level, const struct plan_pipeline *p,
    const char *rows)
{
	if (pipeline_releases(p))
		python_line(py, level, "release_%s(%s, failed%s)", p->id, rows,
		    pyspark_job(py));
}
