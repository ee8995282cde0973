#include "base/base.h"

#include "emit/tests_parts.h"

#include "emit/python_layout.h"
#include "emit/text_table.h"

/* Cases that are about a few columns show that many of the target. */
#define SHOWN 6

/* One column of a table: its name, its type if wanted, its values. */
static void
add_text_column(struct arena *a, struct text_table *table,
    const struct trial_table *from, size_t column, bool with_type)
{
	struct text_column *c = LIST_ADD(a, &table->columns);
	const struct trial_field *f = &from->fields.v[column];
	size_t lead = with_type ? 2 : 1;
	size_t i;

	*LIST_ADD(a, &c->cells) = text_cell(a, f->name);
	if (with_type)
		*LIST_ADD(a, &c->cells) = text_cell(a,
		    value_type_text(a, f->type));
	for (i = 0; i < from->rows.n; i++) {
		const struct trial_row *row = &from->rows.v[i];

		*LIST_ADD(a, &c->cells) = text_value_cell(a, &row->v[column]);
		if (row->remark)
			text_remark(a, table, i + lead, row->remark);
	}
}

/* "customer_id: trim(name)", as a comment. */
static void
put_rule(struct tests *t, const struct trial_column *c)
{
	struct arena *a = t->arena;
	const char *line = arena_printf(a, "# %s: %s", c->plan->name, c->why);

	python_line(t->py, 0, "%s",
	    utf8_cut(a, python_comment(a, line), PYTHON_WIDTH - 1));
}

static void
put_unstated(struct tests *t)
{
	bool any = false;
	size_t i;

	if (t->trial->why) {
		python_line(t->py, 0, "%s",
		    utf8_cut(t->arena,
		        python_comment(t->arena,
		            arena_printf(t->arena,
		                "# Which rows there will be cannot be "
		                "foretold: %s",
		                t->trial->why)),
		        PYTHON_WIDTH - 1));
		return;
	}
	for (i = 0; i < t->trial->columns.n; i++) {
		if (tests_states(t, i))
			continue;
		if (!any)
			python_line(t->py, 0,
			    "# Values that cannot be foretold, and why:");
		any = true;
		put_rule(t, &t->trial->columns.v[i]);
	}
}

static size_t
count_stated(const struct tests *t)
{
	size_t n = 0;
	size_t i;

	for (i = 0; i < t->trial->columns.n; i++)
		n += tests_states(t, i) ? 1 : 0;
	return n;
}

/* COLUMNS_… = {name: type} and COMMENTS_… = {name: comment}. */
static void
put_schema(struct tests *t)
{
	const struct trial *trial = t->trial;
	struct arena *a = t->arena;
	bool any = false;
	size_t i;

	python_line(t->py, 0,
	    "# The columns of the target and their types; None is a type that "
	    "nobody knows beforehand.");
	python_line(t->py, 0, "COLUMNS_%s = {", t->upper);
	for (i = 0; i < trial->columns.n; i++) {
		const struct trial_column *c = &trial->columns.v[i];

		python_line(t->py, 1, "%s: %s,",
		    python_string(a, c->plan->name),
		    c->is_typed
		        ? python_string(a, value_type_text(a, c->type))
		        : "None");
		any = any || c->plan->comment[0];
	}
	python_line(t->py, 0, "}");
	if (!any) {
		python_line(t->py, 0, "COMMENTS_%s = {}", t->upper);
		return;
	}
	python_line(t->py, 0, "COMMENTS_%s = {", t->upper);
	for (i = 0; i < trial->columns.n; i++) {
		const struct plan_column *c = trial->columns.v[i].plan;

		if (c->comment[0])
			python_line(t->py, 1, "%s: %s,",
			    python_string(a, c->name),
			    python_string(a, c->comment));
	}
	python_line(t->py, 0, "}");
}

void
tests_put_tables(struct tests *t)
{
	const struct trial_case *c = trial_find(t->trial, TRIAL_COLUMNS);
	struct text_table expected = {0};
	size_t i;
	size_t j;

	tests_put_gap(t);
	tests_put_gap(t);
	python_line(t->py, 0, "# %s",
	    python_comment(t->arena, t->pipeline->target->name));
	put_schema(t);
	put_unstated(t);
	for (i = 0; t->trial->sources && i < t->pipeline->sources.n; i++) {
		const struct trial_table *from = &t->trial->sources[i];
		struct text_table table = {0};

		for (j = 0; j < from->fields.n; j++)
			add_text_column(t->arena, &table, from, j, true);
		text_table_put(t->py, 0, tests_source(t, i), &table);
	}
	if (!c || count_stated(t) == 0)
		return;
	for (i = 0; i < t->trial->columns.n; i++) {
		if (tests_states(t, i))
			add_text_column(t->arena, &expected, &c->expected, i,
			    false);
	}
	text_table_put(t->py, 0,
	    arena_printf(t->arena, "EXPECTED_%s", t->upper), &expected);
}

/* rows = notebook.transform_…(table(spark, …), …) */
static void
put_transform_call(struct tests *t, const char *prefix, bool is_main)
{
	struct arena *a = t->arena;
	struct python_node *call = python_function(a,
	    arena_printf(a, "notebook.transform_%s", t->pipeline->id));
	size_t i;

	for (i = 0; i < t->pipeline->sources.n; i++) {
		struct python_node *table = python_function(a, "table");

		python_add_atom(a, table, "spark");
		if (is_main) {
			python_add_atom(a, table, tests_source(t, i));
		} else {
			python_add_atom(a, table,
			    arena_printf(a, "source_%s",
			        t->pipeline->sources.v[i].id));
			python_add_atom(a, table,
			    arena_printf(a, "types_of(%s)",
			        tests_source(t, i)));
		}
		python_add(a, call, NULL, table);
	}
	python_put_statement(t->py, 1, prefix, call);
}

static void
put_schema_test(struct tests *t)
{
	const char *id = t->pipeline->id;

	tests_put_head(t, arena_printf(t->arena, "test_schema_%s", id),
	    arena_printf(t->arena, "results_%s", id),
	    "The columns of the target: their names, order, types and "
	    "comments.");
	python_line(t->py, 1, "fields = results_%s.schema.fields", id);
	python_line(t->py, 1,
	    "types = {f.name: f.dataType.simpleString() for f in fields}");
	python_line(t->py, 1, "assert list(types) == list(COLUMNS_%s)",
	    t->upper);
	python_line(t->py, 1,
	    "assert {n: k and types[n] for n, k in COLUMNS_%s.items()} == "
	    "COLUMNS_%s",
	    t->upper, t->upper);
	python_line(t->py, 1,
	    "comments = {f.name: f.metadata.get(\"comment\", \"\") for f in "
	    "fields}");
	python_line(t->py, 1,
	    "assert {n: c for n, c in comments.items() if c} == COMMENTS_%s",
	    t->upper);
}

static void
put_results(struct tests *t)
{
	tests_put_gap(t);
	tests_put_gap(t);
	python_line(t->py, 0, "@pytest.fixture(scope=\"module\")");
	python_line(t->py, 0, "def results_%s(notebook, spark):",
	    t->pipeline->id);
	python_line(t->py, 1,
	    "\"\"\"The target rows that the code makes of the source rows "
	    "above.\"\"\"");
	put_transform_call(t, "return ", true);
}

static void
put_columns_tests(struct tests *t)
{
	const char *id = t->pipeline->id;
	struct arena *a = t->arena;

	tests_put_gap(t);
	tests_put_gap(t);
	python_line(t->py, 0, "@pytest.fixture(scope=\"module\")");
	python_line(t->py, 0, "def values_%s(results_%s, spark):", id, id);
	python_line(t->py, 1,
	    "\"\"\"The target rows as they are, and as they should be."
	    "\"\"\"");
	python_line(t->py, 1,
	    "expected = table(spark, EXPECTED_%s, columns_of(EXPECTED_%s, "
	    "COLUMNS_%s))",
	    t->upper, t->upper, t->upper);
	python_line(t->py, 1, "return results_%s.collect(), expected.collect()",
	    id);
	tests_put_gap(t);
	tests_put_gap(t);
	python_line(t->py, 0,
	    "@pytest.mark.parametrize(\"name\", read(EXPECTED_%s)[0])",
	    t->upper);
	python_line(t->py, 0, "def test_column_%s(values_%s, name):", id, id);
	python_line(t->py, 1,
	    "\"\"\"Each column has the values that the mapping sheet says."
	    "\"\"\"");
	python_line(t->py, 1, "found, expected = values_%s", id);
	python_line(t->py, 1,
	    "assert column(found, name) == column(expected, name)");
	tests_put_head(t, arena_printf(a, "test_rows_%s", id),
	    arena_printf(a, "results_%s", id),
	    "The values stand in the right rows, and there are no others.");
	python_line(t->py, 1, "check(results_%s, EXPECTED_%s, COLUMNS_%s)", id,
	    t->upper, t->upper);
}

/* Whether a column differs in the rows of a source. */
static bool
varies(const struct trial_table *table, size_t column)
{
	size_t i;

	for (i = 1; i < table->rows.n; i++) {
		if (value_compare(&table->rows.v[i].v[column],
		        &table->rows.v[0].v[column]) != 0)
			return true;
	}
	return false;
}

/* Which columns of the target a case shows: where they are many, keys and
 * what varies first. */
static bool *
choose_shown(const struct tests *t, const struct trial_case *c)
{
	size_t n = t->trial->columns.n;
	bool *shown = arena_array(t->arena, bool, n + 1);
	size_t count = 0;
	size_t i;
	int round;

	for (round = 0; round < 3; round++) {
		for (i = 0; i < n && count < SHOWN; i++) {
			bool wanted = round == 0 ? t->trial->columns.v[i]
			                               .plan->is_key
			    : round == 1         ? varies(&c->expected, i)
			                         : true;

			if (shown[i] || !wanted || !tests_states(t, i))
				continue;
			shown[i] = true;
			count++;
		}
	}
	if (c->topic == TRIAL_NULLS) {
		for (i = 0; i < n; i++)
			shown[i] = tests_states(t, i);
	}
	return shown;
}

/* Is the column of a source needed for what is shown? */
static bool
is_needed(const struct tests *t, const bool *shown, size_t source,
    const char *name, const struct trial_table *table, size_t column)
{
	size_t i;
	size_t j;

	if (varies(table, column))
		return true;
	for (i = 0; i < t->trial->columns.n; i++) {
		const struct plan_inputs *inputs =
		    &t->trial->columns.v[i].plan->inputs;

		for (j = 0; shown[i] && j < inputs->n; j++) {
			if (inputs->v[j].source == source &&
			    str_ieq(inputs->v[j].column, name))
				return true;
		}
	}
	for (i = 0; i < t->pipeline->filter_inputs.n; i++) {
		const struct plan_inputs *inputs =
		    &t->pipeline->filter_inputs.v[i];

		for (j = 0; j < inputs->n; j++) {
			if (inputs->v[j].source == source &&
			    str_ieq(inputs->v[j].column, name))
				return true;
		}
	}
	return false;
}

static void
put_case_tables(struct tests *t, const struct trial_case *c)
{
	bool *shown = choose_shown(t, c);
	struct text_table expected = {0};
	size_t i;
	size_t j;

	for (i = 0; i < t->pipeline->sources.n; i++) {
		const struct trial_table *from = &c->sources[i];
		struct text_table table = {0};

		for (j = 0; j < from->fields.n; j++) {
			if (is_needed(t, shown, i, from->fields.v[j].name,
			        from, j))
				add_text_column(t->arena, &table, from, j,
				    false);
		}
		if (table.columns.n == 0 && from->fields.n > 0)
			add_text_column(t->arena, &table, from, 0, false);
		text_table_put(t->py, 1,
		    arena_printf(t->arena, "source_%s",
		        t->pipeline->sources.v[i].id),
		    &table);
	}
	for (i = 0; i < t->trial->columns.n; i++) {
		if (shown[i])
			add_text_column(t->arena, &expected, &c->expected, i,
			    false);
	}
	text_table_put(t->py, 1, "expected", &expected);
}

static void
put_case(struct tests *t, enum trial_topic topic, const char *name,
    const char *doc)
{
	const struct trial_case *c = trial_find(t->trial, topic);

	if (!c || count_stated(t) == 0)
		return;
	tests_put_head(t,
	    arena_printf(t->arena, "test_%s_%s", name, t->pipeline->id),
	    "notebook, spark", doc);
	put_case_tables(t, c);
	put_transform_call(t, "rows = ", false);
	python_line(t->py, 1, "check(rows, expected, COLUMNS_%s)", t->upper);
}

/* "Kept are the rows where a = 1 and b = 2." */
static const char *
filters_doc(const struct tests *t)
{
	struct buf b;
	size_t i;

	buf_init(&b, t->arena, SIZE_MAX);
	buf_add_str(&b, "Kept are the rows where ");
	for (i = 0; i < t->pipeline->filters.n; i++)
		buf_printf(&b, "%s%s", i ? " and " : "",
		    t->pipeline->filters.v[i]);
	buf_add_chr(&b, '.');
	return buf_str(&b);
}

void
tests_put_transform(struct tests *t)
{
	if (!t->trial->sources)
		return;
	put_results(t);
	put_schema_test(t);
	if (trial_find(t->trial, TRIAL_COLUMNS) && count_stated(t) > 0)
		put_columns_tests(t);
	put_case(t, TRIAL_NULLS, "nulls",
	    "Of a source row without any value comes this.");
	put_case(t, TRIAL_DUPLICATES, "duplicates",
	    "Equal source rows stay as many as they are, up to where the "
	    "pattern decides.");
	put_case(t, TRIAL_JOINS, "joins",
	    "Rows that match once, twice and not at all, and a key that is "
	    "NULL.");
	if (t->pipeline->filters.n > 0)
		put_case(t, TRIAL_FILTERS, "filters", filters_doc(t));
}
