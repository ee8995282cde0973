#include "base/base.h"

#include "emit/tests_parts.h"

#include "base/json.h"
#include "emit/python_layout.h"
#include "trial/rules.h"

/* ["amount > 0", …] as a cell. */
static const char *
names_cell(struct tests *t, const struct trial_rules *rules, size_t row)
{
	struct json_writer w;
	struct buf b;
	size_t i;

	buf_init(&b, t->arena, SIZE_MAX);
	json_init(&w, &b, false);
	json_array(&w);
	for (i = 0; i < t->pipeline->rules.n; i++) {
		if (!rules->why[i] && rules->broken[row][i])
			json_str(&w, t->pipeline->rules.v[i].name);
	}
	json_array_end(&w);
	return text_cell(t->arena, buf_str(&b));
}

/* The columns that rules look at, if they have a value in some row. */
static bool *
shown_columns(struct tests *t, const struct trial_rules *rules)
{
	const struct trial_table *rows = &rules->rows;
	bool *shown = arena_array(t->arena, bool, rows->fields.n + 1);
	size_t i;
	size_t j;

	for (i = 0; i < rows->fields.n; i++) {
		for (j = 0; j < rows->rows.n; j++)
			shown[i] = shown[i] ||
			    (rules->reads[i] && !rows->rows.v[j].v[i].is_null);
	}
	return shown;
}

/* Leaves out the rules of which nobody knows beforehand who breaks them. */
static void
put_without_unknown(struct tests *t, const struct trial_rules *rules)
{
	struct arena *a = t->arena;
	struct python_node *names = python_function(a, "F.array");
	struct python_node *except = python_function(a, "F.array_except");
	struct python_node *call = python_method(a, python_atom(a, "checked"),
	    "withColumn");
	bool any = false;
	size_t i;

	for (i = 0; i < t->pipeline->rules.n; i++) {
		struct python_node *name = python_function(a, "F.lit");

		if (!rules->why[i])
			continue;
		python_add_text(a, name, t->pipeline->rules.v[i].name);
		python_add(a, names, NULL, name);
		any = true;
		python_line(t->py, 1, "%s",
		    utf8_cut(a,
		        python_comment(a,
		            arena_printf(a, "# %s: %s",
		                t->pipeline->rules.v[i].name, rules->why[i])),
		        PYTHON_WIDTH - 6));
	}
	if (!any)
		return;
	python_add_text(a, except, "_broken_rules");
	python_add(a, except, NULL, names);
	python_add_text(a, call, "_broken_rules");
	python_add(a, call, NULL, except);
	python_put_statement(t->py, 1, "checked = ", call);
}

void
tests_put_rules(struct tests *t)
{
	const char *const fixtures[] = {"code", "spark", NULL};
	const char *const rows[] = {
	    arena_printf(t->arena, "table(spark, rows, %s)",
	        tests_upper(t, "COLUMNS")),
	    NULL};
	const char *const arguments[] = {"checked", "rows",
	    arena_printf(t->arena,
	        "{**%s, \"_broken_rules\": \"array<string>\"}",
	        tests_upper(t, "COLUMNS")),
	    NULL};
	struct trial_rules rules;
	struct text_table table = {0};
	struct text_column *column;
	size_t i;

	if (t->pipeline->rules.n == 0 || !t->trial->sources)
		return;
	rules_make(t->arena, t->trial, &rules);
	if (!rules.broken)
		return;
	tests_put_gap(t);
	tests_put_head(t, "test_rules", fixtures,
	    "Which rules of the sheet each row breaks.");
	tests_fill_table(t, &table, &rules.rows, shown_columns(t, &rules));
	column = LIST_ADD(t->arena, &table.columns);
	*LIST_ADD(t->arena, &column->cells) = "_broken_rules";
	for (i = 0; i < rules.rows.rows.n; i++)
		*LIST_ADD(t->arena, &column->cells) = names_cell(t, &rules, i);
	text_table_put(t->py, 1, "rows", &table);
	tests_put_call(t, 1, "checked = ",
	    arena_printf(t->arena, "code.check_%s", t->pipeline->id), rows);
	put_without_unknown(t, &rules);
	tests_put_call(t, 1, "", "check", arguments);
}
