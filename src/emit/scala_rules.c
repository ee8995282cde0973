#include "base/base.h"

#include "emit/scala_parts.h"

#include "expr/expr.h"

static void
put_check(struct scala *s)
{
	struct arena *a = s->arena;
	struct scala_elements rules = {0};
	const char *many;
	size_t i;

	for (i = 0; i < s->p->rules.n; i++) {
		const struct plan_rule *rule = &s->p->rules.v[i];

		scala_add_element(s, &rules, rule->row,
		    arena_printf(a, "(%s, %s)", scala_string(a, rule->name),
		        scala_string(a, rule->condition)));
	}
	many = scala_put_parts(s, arena_printf(a, "rulesOf%s", s->id),
	    "(String, String)", &rules, SCALA_AT_ONCE);
	SCALA_LINE(s, 0,
	    "/** Return the rows with the rules of the sheet that they break. "
	    "*/");
	SCALA_LINE(s, 0, "def check%s(rows: DataFrame): DataFrame = {", s->id);
	if (many) {
		SCALA_LINE(s, 1, "val rules = %s", many);
	} else {
		SCALA_LINE(s, 1, "val rules = Seq(");
		scala_put_elements(s, 2, &rules);
		SCALA_LINE(s, 1, ")");
	}
	SCALA_LINE(s, 1, "withBrokenRules(rows, rules, %s)",
	    scala_string(a, pipeline_exempt(a, s->p)));
	SCALA_LINE(s, 0, "}");
}

static const char *
quarantined(struct scala *s)
{
	return scala_of_volatile(s, "asQuarantined", "failed");
}

/* The quarantine is what fails now. */
static void
put_replace(struct scala *s)
{
	struct python_pieces with = {0};

	SCALA_LINE(s, 0,
	    "/** Let the quarantine hold the rows that break a rule now. */");
	SCALA_LINE(s, 0, "def putAside%s(failed: DataFrame): Unit = {", s->id);
	SCALA_LINE(s, 1,
	    "val rows = failed.withColumn(\"_quarantined_at\", "
	    "current_timestamp())");
	python_add_piece(s->arena, &with,
	    ".option(\"overwriteSchema\", \"true\")");
	scala_put_writer(s, 1, "rows", &s->p->quarantine.table,
	    s->p->quarantine.widget, "overwrite", &with);
	SCALA_LINE(s, 0, "}");
}

/* Rows join those that are held already. */
static void
put_append(struct scala *s)
{
	const struct plan_quarantine *q = &s->p->quarantine;
	struct python_pieces with = {0};

	SCALA_LINE(s, 0,
	    "/** Add the rows that break a rule to the quarantine; a second "
	    "run adds nothing. */");
	SCALA_LINE(s, 0, "def putAside%s(failed: DataFrame): Unit = {", s->id);
	SCALA_LINE(s, 1, "val rows = %s", quarantined(s));
	scala_put_writer(s, 1, "rows.limit(0)", &q->table, q->widget, "ignore",
	    NULL);
	SCALA_LINE(s, 1, "val held = %s.select(\"_row_hash\")",
	    scala_read(s, &q->table, q->widget));
	SCALA_LINE(s, 1,
	    "val added = rows.join(held, Seq(\"_row_hash\"), \"left_anti\")");
	python_add_piece(s->arena, &with, ".option(\"mergeSchema\", \"true\")");
	scala_put_writer(s, 1, "added", &q->table, q->widget, "append", &with);
	SCALA_LINE(s, 0, "}");
}

/* Which held row a row that has passed mends. */
static void
put_mends(struct scala *s)
{
	const struct plan_pipeline *p = s->p;
	struct arena *a = s->arena;
	int order = p->watermark >= 0 ? p->watermark : p->order_by;
	struct python_pieces keys = {0};
	const char *name;

	scala_add_names(s, &keys, &p->keys);
	if (order < 0) {
		scala_put_list(s, 1, "val mends = same(Seq(", &keys, "))");
		return;
	}
	name = expr_quote_name(a, p->columns.v[order].name);
	scala_put_list(s, 1, "val mends = same(Seq(", &keys, ")) +");
	SCALA_LINE(s, 2, "%s",
	    scala_string(a,
	        arena_printf(a,
	            " AND (target.%s IS NULL OR source.%s >= target.%s)", name,
	            name, name)));
}

static void
put_release(struct scala *s)
{
	const struct plan_pipeline *p = s->p;
	const struct plan_quarantine *q = &p->quarantine;

	SCALA_LINE(s, 0, "%s", "");
	SCALA_LINE(s, 0,
	    "/** Take out of the quarantine the keys that have passed since. "
	    "*/");
	SCALA_LINE(s, 0,
	    "def release%s(passed: DataFrame, failed: DataFrame): Unit = {",
	    s->id);
	put_mends(s);
	SCALA_LINE(s, 1, "val held = %s", scala_read(s, &q->table, q->widget));
	SCALA_LINE(s, 1, "val quarantine = %s",
	    scala_table(s, &q->table, q->widget));
	SCALA_LINE(s, 1, "val broken = %s", quarantined(s));
	SCALA_LINE(s, 1,
	    "releaseMended(quarantine, held, passed, broken, mends)");
	SCALA_LINE(s, 0, "}");
}

void
scala_rules(struct scala *s)
{
	put_check(s);
	if (!s->p->quarantine.widget)
		return;
	SCALA_LINE(s, 0, "%s", "");
	if (s->plan->pattern->strategy == STRATEGY_FULL_LOAD)
		put_replace(s);
	else
		put_append(s);
	if (pipeline_releases(s->p))
		put_release(s);
}

const char *
scala_sort_out(struct scala *s, int level, const char *rows)
{
	const struct plan_pipeline *p = s->p;

	if (p->rules.n == 0)
		return rows;
	SCALA_LINE(s, level, "val checked = check%s(%s)", s->id, rows);
	SCALA_LINE(s, level, "%sBrokenRules(checked, %s)",
	    p->broken_rules == RULES_REFUSE ? "refuse" : "log", s->target);
	if (p->broken_rules != RULES_QUARANTINE)
		return rows;
	SCALA_LINE(s, level,
	    "val failed = checked.where(\"size(_broken_rules) > 0\")");
	SCALA_LINE(s, level,
	    "val passed = checked.where(\"size(_broken_rules) = 0\")"
	    ".drop(\"_broken_rules\")");
	SCALA_LINE(s, level, "putAside%s(failed)", s->id);
	return "passed";
}

void
scala_release(struct scala *s, int level, const char *passed)
{
	if (pipeline_releases(s->p))
		SCALA_LINE(s, level, "release%s(%s, failed)", s->id, passed);
}
