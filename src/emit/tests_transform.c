#include "base/base.h"

#include "emit/tests_parts.h"

#include "base/map.h"
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

void
tests_fill_table(const struct tests *t, struct text_table *table,
    const struct trial_table *from, const bool *shown)
{
	size_t i;

	for (i = 0; i < from->fields.n; i++) {
		if (shown[i])
			add_text_column(t->arena, table, from, i, false);
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

/* "name": "comment", in pieces where it is long. */
static void
put_comment(struct tests *t, const struct plan_column *c)
{
	struct arena *a = t->arena;
	const char *name = python_string(a, c->name);
	const char *line = arena_printf(a, "%s: %s,", name,
	    python_string(a, c->comment));
	struct python_pieces pieces = {0};
	size_t i;

	python_split(a, c->comment, PYTHON_WIDTH - 8, &pieces);
	if (python_fits(1, line) || pieces.n < 2) {
		python_line(t->py, 1, "%s", line);
		return;
	}
	python_line(t->py, 1, "%s: (", name);
	for (i = 0; i < pieces.n; i++)
		python_line(t->py, 2, "%s", pieces.v[i]);
	python_line(t->py, 1, "),");
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
		    c->is_typed ? python_string(a, value_type_text(a, c->type))
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
			put_comment(t, c);
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
	python_line(t->py, 0, "# %s",
	    python_comment(t->arena, t->pipeline->target->name));
	put_schema(t);
	tests_put_stored(t);
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
	text_table_put(t->py, 0, tests_upper(t, "EXPECTED"), &expected);
}

/* rows = code.transform_…(table(spark, …), …) */
static void
put_transform_call(struct tests *t, const char *prefix, bool is_main)
{
	struct arena *a = t->arena;
	struct python_node *call = python_function(a,
	    arena_printf(a, "code.transform_%s", t->pipeline->id));
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
put_results(struct tests *t)
{
	const char *const fixtures[] = {"code", "spark", NULL};

	tests_put_gap(t);
	python_line(t->py, 0, "@pytest.fixture(scope=\"module\")");
	tests_put_head(t, "results", fixtures,
	    "The target rows that the code makes of the source rows above.");
	put_transform_call(t, "return ", true);
}

static void
put_schema_test(struct tests *t)
{
	const char *const fixtures[] = {tests_name(t, "results"), NULL};
	const char *const arguments[] = {fixtures[0], tests_upper(t, "COLUMNS"),
	    tests_upper(t, "COMMENTS"), NULL};

	tests_put_gap(t);
	tests_put_head(t, "test_schema", fixtures,
	    "The columns of the target: their names, order, types and "
	    "comments.");
	tests_put_call(t, 1, "", "check_schema", arguments);
}

/* expected = table(spark, EXPECTED_…, columns_of(EXPECTED_…, COLUMNS_…)) */
static void
put_expected(struct tests *t)
{
	struct arena *a = t->arena;
	struct python_node *columns = python_function(a, "columns_of");
	struct python_node *call = python_function(a, "table");

	python_add_atom(a, columns, tests_upper(t, "EXPECTED"));
	python_add_atom(a, columns, tests_upper(t, "COLUMNS"));
	python_add_atom(a, call, "spark");
	python_add_atom(a, call, tests_upper(t, "EXPECTED"));
	python_add(a, call, NULL, columns);
	python_put_statement(t->py, 1, "expected = ", call);
}

static void
put_columns_tests(struct tests *t)
{
	struct arena *a = t->arena;
	const char *const results[] = {tests_name(t, "results"), "spark", NULL};
	const char *const values[] = {tests_name(t, "values"), "name", NULL};
	const char *const rows[] = {tests_name(t, "results"), NULL};
	const char *const compared[] = {rows[0], tests_upper(t, "EXPECTED"),
	    tests_upper(t, "COLUMNS"), NULL};
	struct python_node *names = python_function(a, "names_of");
	struct python_node *mark = python_function(a,
	    "pytest.mark.parametrize");

	tests_put_gap(t);
	python_line(t->py, 0, "@pytest.fixture(scope=\"module\")");
	tests_put_head(t, "values", results,
	    "The target rows as they are, and as they should be.");
	put_expected(t);
	python_line(t->py, 1, "return %s.collect(), expected.collect()",
	    results[0]);
	tests_put_gap(t);
	python_add_text(a, mark, "name");
	python_add_atom(a, names, tests_upper(t, "EXPECTED"));
	python_add(a, mark, NULL, names);
	python_put_statement(t->py, 0, "@", mark);
	tests_put_head(t, "test_column", values,
	    "Each column has the values that the mapping sheet says.");
	tests_put_call(t, 1, "", "check_column", values);
	tests_put_gap(t);
	tests_put_head(t, "test_rows", rows,
	    "The values stand in the right rows, and there are no others.");
	tests_put_call(t, 1, "", "check", compared);
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
			bool wanted = round == 0
			    ? t->trial->columns.v[i].plan->is_key
			    : round == 1 ? varies(&c->expected, i)
			                 : true;

			if (shown[i] || !wanted || !c->is_known[i])
				continue;
			shown[i] = true;
			count++;
		}
	}
	if (c->topic == TRIAL_NULLS) {
		for (i = 0; i < n; i++)
			shown[i] = c->is_known[i];
	}
	return shown;
}

/* The columns of the sources that an expression reads, by place and name. */
static void
add_read(struct tests *t, const struct plan_inputs *inputs, struct map *ret)
{
	size_t i;

	for (i = 0; i < inputs->n; i++)
		map_add(t->arena, &ret[inputs->v[i].source],
		    slice_of(inputs->v[i].column), 1);
}

/* What is needed of the sources for the columns that are shown. */
static struct map *
needed_columns(struct tests *t, const bool *shown)
{
	const struct plan_pipeline *p = t->pipeline;
	struct map *needed = arena_array(t->arena, struct map, p->sources.n);
	size_t i;

	for (i = 0; i < p->sources.n; i++)
		needed[i].fold = true;
	for (i = 0; i < p->columns.n; i++) {
		if (shown[i])
			add_read(t, &p->columns.v[i].inputs, needed);
	}
	for (i = 0; i < p->filter_inputs.n; i++)
		add_read(t, &p->filter_inputs.v[i], needed);
	for (i = 0; i < p->sources.n; i++)
		add_read(t, &p->sources.v[i].on_inputs, needed);
	return needed;
}

static size_t
count_known(const struct tests *t, const struct trial_case *c)
{
	size_t n = 0;
	size_t i;

	for (i = 0; i < t->trial->columns.n; i++)
		n += c->is_known[i] ? 1 : 0;
	return n;
}

static void
put_case_tables(struct tests *t, const struct trial_case *c)
{
	bool *shown = choose_shown(t, c);
	struct map *needed = needed_columns(t, shown);
	struct text_table expected = {0};
	size_t i;
	size_t j;

	for (i = 0; i < t->pipeline->sources.n; i++) {
		const struct trial_table *from = &c->sources[i];
		struct text_table table = {0};

		for (j = 0; j < from->fields.n; j++) {
			if (varies(from, j) ||
			    map_get(&needed[i],
			        slice_of(from->fields.v[j].name), 0))
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
	tests_fill_table(t, &expected, &c->expected, shown);
	text_table_put(t->py, 1, "expected", &expected);
}

static void
put_case(struct tests *t, enum trial_topic topic, const char *name,
    const char *doc)
{
	const struct trial_case *c = trial_find(t->trial, topic);
	const char *const fixtures[] = {"code", "spark", NULL};
	const char *const arguments[] = {
	    "rows", "expected", tests_upper(t, "COLUMNS"), NULL};

	if (!c || count_known(t, c) == 0)
		return;
	tests_put_gap(t);
	tests_put_head(t, name, fixtures, doc);
	put_case_tables(t, c);
	put_transform_call(t, "rows = ", false);
	tests_put_call(t, 1, "", "check", arguments);
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
	put_case(t, TRIAL_NULLS, "test_nulls",
	    "Of a source row without any value comes this.");
	put_case(t, TRIAL_DUPLICATES, "test_duplicates",
	    "Equal source rows stay as many as they are, up to where the "
	    "pattern decides.");
	put_case(t, TRIAL_JOINS, "test_joins",
	    "Rows that match once, twice and not at all, and a key that is "
	    "NULL.");
	if (t->pipeline->filters.n > 0)
		put_case(t, TRIAL_FILTERS, "test_filters", filters_doc(t));
}
