#include "base/base.h"

#include "emit/tests_parts.h"

#include "emit/pyspark_parts.h"
#include "emit/python_layout.h"
#include "emit/text_table.h"
#include "trial/rules.h"
#include "trial/scenario.h"

/* Spark reads it only with a package of its own. */
static bool
is_foreign(const struct table_ref *table)
{
	return str_eq(table->format, "avro");
}

/* Is it the first source that reads the parameter's table? */
static bool
is_first(const struct plan_pipeline *p, size_t source)
{
	size_t i;

	for (i = 0; i < source; i++) {
		if (str_eq(p->sources.v[i].widget, p->sources.v[source].widget))
			return false;
	}
	return true;
}

/* monkeypatch.setattr(notebook, "SOURCE_…", view(…) or files(…)) */
static void
put_source(struct tests *t, size_t source, struct python_node *rows)
{
	const struct plan_source *s = &t->pipeline->sources.v[source];
	bool is_path = s->table->kind == TABLE_PATH;
	struct arena *a = t->arena;
	struct python_node *set = python_function(a, "monkeypatch.setattr");
	struct python_node *where = python_function(a,
	    is_path ? "files" : "view");

	python_add(a, where, NULL, rows);
	if (is_path) {
		python_add_atom(a, where, "place(\"folder\")");
		python_add_text(a, where, s->table->format);
	}
	python_add_atom(a, set, "code");
	python_add_text(a, set, pyspark_constant(a, s->widget));
	python_add(a, set, NULL, where);
	python_put_statement(t->py, 1, "", set);
}

/* The rows of the table at the top, with their columns in another order where
 * the format gives them names. */
static struct python_node *
good_rows(struct tests *t, size_t source)
{
	const struct plan_source *s = &t->pipeline->sources.v[source];
	struct arena *a = t->arena;
	struct python_node *table = python_function(a, "table");
	struct python_node *call = python_function(a, "rearranged");

	python_add_atom(a, table, "spark");
	python_add_atom(a, table, tests_source(t, source));
	if (str_eq(s->table->format, "text"))
		return table;
	python_add(a, call, NULL, table);
	return call;
}

static void
put_good_sources(struct tests *t, size_t except)
{
	size_t i;

	for (i = 0; i < t->pipeline->sources.n; i++) {
		if (i != except && is_first(t->pipeline, i))
			put_source(t, i, good_rows(t, i));
	}
}

/* What a load of the tables at the top comes to. */
struct loaded {
	bool is_known;
	bool is_refused; /* since rows break rules */
	size_t n_broken; /* rows that went into the quarantine */
	struct model model;
};

/* Leaves in the batch what the rules let pass. False if nobody can tell. */
static bool
apply_rules(struct tests *t, struct trial_table *batch, struct loaded *ret)
{
	const struct plan_pipeline *p = t->pipeline;
	const char **why = arena_array(t->arena, const char *, p->rules.n + 1);
	bool **broken;
	size_t kept = 0;
	size_t i;
	size_t j;

	if (p->rules.n == 0 || p->broken_rules == RULES_REPORT)
		return true;
	broken = rules_look(t->arena, t->trial, batch, why);
	for (i = 0; i < p->rules.n; i++) {
		if (why[i])
			return false;
	}
	for (i = 0; i < batch->rows.n; i++) {
		for (j = 0; j < p->rules.n && !broken[i][j]; j++)
			;
		if (j == p->rules.n)
			batch->rows.v[kept++] = batch->rows.v[i];
	}
	ret->n_broken = batch->rows.n - kept;
	ret->is_refused = p->broken_rules == RULES_REFUSE && ret->n_broken > 0;
	batch->rows.n = kept;
	return true;
}

static bool
decides(const struct plan_pipeline *p, size_t column)
{
	return p->columns.v[column].is_key || (int)column == p->watermark ||
	    (int)column == p->order_by || (int)column == p->deleted;
}

/* What the first run makes of the target rows of the tables at the top. */
static struct loaded
first_load(struct tests *t)
{
	const struct trial_case *c = trial_find(t->trial, TRIAL_COLUMNS);
	const struct plan_pipeline *p = t->pipeline;
	struct trial_table columns = scenario_columns(t->arena, t->trial);
	struct loaded ret = {0};
	struct trial_table batch;
	size_t i;

	for (i = 0; c && i < p->columns.n; i++) {
		if (decides(p, i) && !tests_states(t, i))
			return ret;
	}
	if (!c)
		return ret;
	batch = c->expected;
	batch.rows.v = arena_memdup(t->arena, batch.rows.v,
	    batch.rows.n * sizeof(batch.rows.v[0]));
	if (!apply_rules(t, &batch, &ret))
		return ret;
	model_init(t->arena, p, t->plan->pattern->strategy, &columns,
	    &ret.model);
	ret.is_known = ret.is_refused || !model_run(&ret.model, &batch);
	return ret;
}

/* Values of files are not those of the tables: _metadata says so. */
static bool
is_of_files(const struct plan_column *c)
{
	size_t i;

	for (i = 0; i < c->inputs.n; i++) {
		if (str_ieq(c->inputs.v[i].column, "_metadata"))
			return true;
	}
	return false;
}

static bool
is_shown(const struct tests *t, size_t column)
{
	return tests_states(t, column) && (int)column != t->pipeline->deleted &&
	    !is_of_files(&t->pipeline->columns.v[column]);
}

/* Does the target hold what EXPECTED_… says, neither more nor less? */
static bool
is_as_expected(const struct tests *t, const struct model *model)
{
	const struct trial_case *c = trial_find(t->trial, TRIAL_COLUMNS);
	size_t i;
	size_t j;

	if (model->target.rows.n != c->expected.rows.n)
		return false;
	for (j = 0; j < t->trial->columns.n; j++) {
		if (tests_states(t, j) && !is_shown(t, j))
			return false;
	}
	/* The models keep the order of the rows where they keep the rows. */
	for (i = 0; i < model->target.rows.n; i++) {
		for (j = 0; j < t->trial->columns.n; j++) {
			if (value_compare(&model->target.rows.v[i].v[j],
			        &c->expected.rows.v[i].v[j]) != 0)
				return false;
		}
	}
	return true;
}

static void
put_loaded(struct tests *t, const struct model *model)
{
	const char *target = tests_name(t, "target");
	const char *const expected[] = {tests_upper(t, "EXPECTED"), NULL};
	struct text_table table = {0};
	/* A history has fields of its own behind the columns. */
	bool *shown = arena_array(t->arena, bool, model->target.fields.n);
	bool any = false;
	size_t i;

	assert(model->target.fields.n >= t->trial->columns.n);
	for (i = 0; i < t->trial->columns.n; i++) {
		shown[i] = is_shown(t, i);
		any = any || shown[i];
	}
	if (!any)
		return;
	if (is_as_expected(t, model)) {
		tests_put_call(t, 1, "",
		    arena_printf(t->arena, "%s.check", target), expected);
		return;
	}
	tests_fill_table(t, &table, &model->target, shown);
	text_table_put(t->py, 1, "expected", &table);
	python_line(t->py, 1, "%s.check(expected)", target);
}

static void
put_partitions(struct tests *t)
{
	struct arena *a = t->arena;
	struct python_node *names = python_list(a);
	size_t i;

	if (t->pipeline->partitions.n == 0)
		return;
	for (i = 0; i < t->pipeline->partitions.n; i++)
		python_add_text(a, names,
		    t->pipeline->columns.v[t->pipeline->partitions.v[i]].name);
	python_put_statement(t->py, 1,
	    arena_printf(a,
	        "assert %s.partitions() == ", tests_name(t, "target")),
	    names);
}

static void
put_quarantined(struct tests *t, const struct loaded *loaded)
{
	const struct plan_quarantine *q = &t->pipeline->quarantine;
	struct arena *a = t->arena;
	struct python_node *format = python_function(a, "spark.read.format");
	struct python_node *read;

	if (!q->widget || loaded->n_broken == 0)
		return;
	python_add_text(a, format, "delta");
	read = python_method(a, format,
	    q->table.kind == TABLE_PATH ? "load" : "table");
	python_add_atom(a, read,
	    arena_printf(a, "code.%s", pyspark_constant(a, q->widget)));
	python_put_statement(t->py, 1, "held = ", read);
	python_line(t->py, 1, "assert held.count() == %zu", loaded->n_broken);
}

static void
put_load_test(struct tests *t)
{
	struct loaded loaded = first_load(t);
	const char *const fixtures[] = {"code", "spark", "place", "monkeypatch",
	    tests_name(t, "target"), NULL};
	const char *const schema[] = {
	    arena_printf(t->arena, "%s.read()", fixtures[4]),
	    tests_upper(t, "STORED"), tests_upper(t, "COMMENTS"), NULL};

	/* Whether it is refused at all: then there is no target to look at. */
	if (!loaded.is_known && t->pipeline->rules.n > 0 &&
	    t->pipeline->broken_rules == RULES_REFUSE)
		return;
	tests_put_gap(t);
	tests_put_head(t, "test_load", fixtures,
	    "From the sources, whose columns have another order, into the "
	    "target.");
	put_good_sources(t, SIZE_MAX);
	if (loaded.is_refused) {
		python_line(t->py, 1,
		    "with pytest.raises(RuntimeError, match=\"rules that rows "
		    "break\"):");
		python_line(t->py, 2, "code.load_%s()", t->pipeline->id);
		return;
	}
	python_line(t->py, 1, "code.load_%s()", t->pipeline->id);
	tests_put_call(t, 1, "", "check_schema", schema);
	put_partitions(t);
	if (loaded.is_known)
		put_loaded(t, &loaded.model);
	else
		python_line(t->py, 1,
		    "# Which rows the target has now cannot be foretold.");
	if (loaded.is_known)
		put_quarantined(t, &loaded);
}

/* The columns that a source must have, as a list or as those of its table. */
static struct python_node *
needs_of(struct tests *t, size_t source)
{
	const struct plan_source *s = &t->pipeline->sources.v[source];
	struct arena *a = t->arena;
	struct python_node *call = python_function(a, "names_of");
	struct python_node *list = python_list(a);
	size_t i;

	if (s->needs.n == t->trial->sources[source].fields.n) {
		python_add_atom(a, call, tests_source(t, source));
		return call;
	}
	for (i = 0; i < s->needs.n; i++)
		python_add_text(a, list, s->needs.v[i]);
	return list;
}

static void
put_refusal_test(struct tests *t, size_t source)
{
	const struct plan_source *s = &t->pipeline->sources.v[source];
	struct arena *a = t->arena;
	const char *const fixtures[] = {
	    "code", "spark", "place", "monkeypatch", NULL};
	struct python_node *other = python_function(a, "spark.sql");
	struct python_node *check = python_function(a, "check_lacking");

	tests_put_gap(t);
	tests_put_head(t,
	    arena_printf(a, "test_refuses_%s_without_columns_of", s->id),
	    fixtures,
	    "A source that lacks mapped columns is refused by their "
	    "names.");
	put_good_sources(t, source);
	python_add_text(a, other, "SELECT 'x' AS not_mapped");
	put_source(t, source, other);
	python_add_atom(a, check,
	    arena_printf(a, "code.load_%s", t->pipeline->id));
	python_add(a, check, NULL, needs_of(t, source));
	python_put_statement(t->py, 1, "", check);
}

void
tests_put_load(struct tests *t)
{
	const struct plan_pipeline *p = t->pipeline;
	size_t i;

	if (!t->trial->sources)
		return;
	for (i = 0; i < p->sources.n; i++) {
		if (!is_foreign(p->sources.v[i].table))
			continue;
		tests_put_gap(t);
		python_line(t->py, 0,
		    "# Spark reads Avro with a package of its own: "
		    "load_%s() is not tested here.",
		    p->id);
		return;
	}
	put_load_test(t);
	for (i = 0; i < p->sources.n; i++) {
		if (p->sources.v[i].needs.n > 0 && is_first(p, i) &&
		    !str_eq(p->sources.v[i].table->format, "text"))
			put_refusal_test(t, i);
	}
}
