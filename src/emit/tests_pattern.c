#include "base/base.h"

#include "emit/tests_parts.h"

#include "emit/pyspark_parts.h"
#include "emit/python_layout.h"
#include "emit/text_table.h"
#include "trial/scenario.h"

/* A column that the pattern adds to the target. */
static void
put_added(struct tests *t, const char *name, const char *type)
{
	if (name[0] == '\0')
		return;
	python_line(t->py, 1, "%s: %s,", python_string(t->arena, name),
	    type ? python_string(t->arena, type) : "None");
}

/* STORED_…: the columns of the target as it is stored. */
void
tests_put_stored(struct tests *t)
{
	const struct plan_pipeline *p = t->pipeline;
	const struct plan_history *h = &p->history;
	const char *type = NULL;

	if (t->plan->pattern->strategy == STRATEGY_SCD2) {
		const struct trial_column *time =
		    &t->trial->columns.v[p->order_by];

		if (time->is_typed)
			type = value_type_text(t->arena, time->type);
		python_line(t->py, 0, "# As they are stored.");
		python_line(t->py, 0, "STORED_%s = {", t->upper);
		put_added(t, h->surrogate, "string");
		python_line(t->py, 1, "**COLUMNS_%s,", t->upper);
		put_added(t, h->valid_from, type);
		put_added(t, h->valid_to, type);
		put_added(t, h->is_current, "boolean");
		put_added(t, "_sightings",
		    type ? arena_printf(t->arena,
		               "array<struct<at:%s,deleted:boolean>>", type)
		         : NULL);
		python_line(t->py, 0, "}");
	} else if (p->deleted >= 0) {
		python_line(t->py, 0, "# As they are stored.");
		python_line(t->py, 0, "STORED_%s = {**COLUMNS_%s}", t->upper,
		    t->upper);
	} else {
		const char *line = arena_printf(t->arena,
		    "STORED_%s = COLUMNS_%s", t->upper, t->upper);

		if (python_fits(0, line)) {
			python_line(t->py, 0, "%s", line);
		} else {
			python_line(t->py, 0, "STORED_%s = (", t->upper);
			python_line(t->py, 1, "COLUMNS_%s", t->upper);
			python_line(t->py, 0, ")");
		}
	}
	if (p->deleted >= 0)
		python_line(t->py, 0, "del STORED_%s[%s]", t->upper,
		    python_string(t->arena, p->columns.v[p->deleted].name));
}

static void
put_target_fixture(struct tests *t)
{
	const struct plan_pipeline *p = t->pipeline;
	const char *const fixtures[] = {
	    "code", "spark", "place", "monkeypatch", NULL};
	const char *const arguments[] = {"spark",
	    pipeline_tells_failed(p)
	        ? "write"
	        : arena_printf(t->arena, "code.write_%s", p->id),
	    "name", tests_upper(t, "COLUMNS"), tests_upper(t, "STORED"), NULL};
	const char *const set[] = {"code",
	    python_string(t->arena, pyspark_constant(t->arena, p->widget)),
	    "name", NULL};
	const char *const quarantine[] = {"code",
	    p->quarantine.widget
	        ? python_string(t->arena,
	              pyspark_constant(t->arena, p->quarantine.widget))
	        : "",
	    p->quarantine.table.kind == TABLE_PATH ? "place(\"folder\")"
	                                           : "place(\"table\")",
	    NULL};

	tests_put_gap(t);
	python_line(t->py, 0, "@pytest.fixture");
	tests_put_head(t, "target", fixtures,
	    "A target that is not there yet.");
	python_line(t->py, 1, "name = place(\"%s\")",
	    p->target->kind == TABLE_PATH ? "folder" : "table");
	tests_put_call(t, 1, "", "monkeypatch.setattr", set);
	if (p->quarantine.widget)
		tests_put_call(t, 1, "", "monkeypatch.setattr", quarantine);
	if (pipeline_tells_failed(p)) {
		python_line(t->py, 0, "%s", "");
		python_line(t->py, 1, "def write(rows):");
		python_line(t->py, 2,
		    "\"\"\"None of the rows broke a rule.\"\"\"");
		python_line(t->py, 2, "code.write_%s(rows, rows.limit(0))",
		    p->id);
		python_line(t->py, 0, "%s", "");
	}
	tests_put_call(t, 1, "return ", "Target", arguments);
}

static const char *
ordinal(size_t n)
{
	static const char *const words[] = {"first", "second", "third"};

	assert(n < COUNT_OF(words));
	return words[n];
}

/* The message of a refused batch. */
static void
put_refused(struct tests *t, const char *batch, const char *message)
{
	python_line(t->py, 1, "with pytest.raises(RuntimeError, match=%s):",
	    python_string(t->arena, message));
	python_line(t->py, 2, "%s.write(%s)", tests_name(t, "target"), batch);
}

/* What the target shows: what the batches show, without the flag that is not
 * stored and the column that is not there, and what a history adds. */
static bool *
stored_columns(const struct tests *t, const struct scenario *s)
{
	size_t n = t->trial->columns.n;
	bool *shown = arena_array(t->arena, bool, n + MODEL_ADDED);
	size_t i;

	for (i = 0; i < n + MODEL_ADDED; i++)
		shown[i] = i >= n ||
		    (s->shown[i] && (int)i != t->pipeline->deleted &&
		        ((int)i != s->lacking || t->pipeline->add_columns));
	return shown;
}

static void
put_expected(struct tests *t, const struct scenario *s,
    const struct trial_table *expected)
{
	struct text_table table = {0};

	tests_fill_table(t, &table, expected, stored_columns(t, s));
	text_table_put(t->py, 1, "expected", &table);
	python_line(t->py, 1, "%s.check(expected)", tests_name(t, "target"));
}

/* target.create(table(…)), without the column that is lacking. */
static void
put_stored(struct tests *t, const struct scenario *s)
{
	struct arena *a = t->arena;
	const char *target = tests_name(t, "target");
	struct python_node *create = python_function(a,
	    arena_printf(a, "%s.create", target));
	struct python_node *rows = python_function(a, "table");
	struct python_node *drop;
	struct text_table table = {0};

	tests_fill_table(t, &table, &s->stored, stored_columns(t, s));
	text_table_put(t->py, 1, "stored", &table);
	python_add_atom(a, rows, "spark");
	python_add_atom(a, rows, "stored");
	python_add_atom(a, rows, arena_printf(a, "%s.stored", target));
	if (s->lacking >= 0) {
		drop = python_method(a, rows, "drop");
		python_add_text(a, drop,
		    t->pipeline->columns.v[s->lacking].name);
		rows = drop;
	}
	python_add(a, create, NULL, rows);
	python_put_statement(t->py, 1, "", create);
}

/* A run some time later, with the same rows: it changes nothing. */
static void
put_rerun(struct tests *t, const struct scenario *s)
{
	const struct scenario_run *run = &s->runs.v[s->runs.n - 1];
	const char *target = tests_name(t, "target");
	bool same_files = t->plan->pattern->strategy != STRATEGY_FULL_LOAD;
	const char *name = s->runs.n == 2 ? "rows" : ordinal(s->runs.n - 2);
	bool differs = false;
	struct text_table table = {0};
	size_t i;

	for (i = 0; i < t->trial->columns.n; i++)
		differs = differs ||
		    (s->shown[i] && same_files &&
		        t->pipeline->columns.v[i].is_volatile);
	if (same_files)
		python_line(t->py, 1, "files = %s.files()", target);
	if (differs) {
		name = "again";
		tests_fill_table(t, &table, &run->batch, s->shown);
		text_table_put(t->py, 1, name, &table);
	}
	python_line(t->py, 1, "%s.write(%s)", target, name);
	python_line(t->py, 1, "%s.check(expected)", target);
	if (same_files)
		python_line(t->py, 1, "assert %s.files() == files", target);
}

static bool
uses_snapshot(const struct tests *t)
{
	return t->plan->pattern->strategy == STRATEGY_SCD2 &&
	    t->pipeline->vanished == VANISHED_END;
}

static void
put_snapshot(struct tests *t, const struct scenario *s)
{
	const char *const arguments[] = {"code", "\"SNAPSHOT_AT\"",
	    python_string(t->arena, value_format(t->arena, &s->snapshot_at)),
	    NULL};

	if (uses_snapshot(t))
		tests_put_call(t, 1, "", "monkeypatch.setattr", arguments);
}

static void
put_run(struct tests *t, const struct scenario *s, size_t i, const char *name)
{
	const struct scenario_run *run = &s->runs.v[i];
	struct text_table table = {0};

	tests_fill_table(t, &table, &run->batch, s->shown);
	text_table_put(t->py, 1, name, &table);
	if (run->refused)
		put_refused(t, name, run->refused);
	else
		python_line(t->py, 1, "%s.write(%s)", tests_name(t, "target"),
		    name);
}

static void
put_scenario(struct tests *t, const struct scenario *s)
{
	const char *fixtures[5] = {tests_name(t, "target")};
	size_t n_runs = s->runs.n - (s->repeats ? 1 : 0);
	size_t n = 1;
	size_t i;

	if (s->stored.rows.n > 0)
		fixtures[n++] = "spark";
	if (uses_snapshot(t)) {
		fixtures[n++] = "code";
		fixtures[n++] = "monkeypatch";
	}
	tests_put_gap(t);
	tests_put_head(t, arena_printf(t->arena, "test_%s", s->name), fixtures,
	    s->doc);
	put_snapshot(t, s);
	if (s->stored.rows.n > 0)
		put_stored(t, s);
	for (i = 0; i < n_runs; i++)
		put_run(t, s, i, n_runs == 1 ? "rows" : ordinal(i));
	put_expected(t, s, &s->runs.v[n_runs - 1].expected);
	if (s->repeats)
		put_rerun(t, s);
}

/* A target that has other columns: replaced or refused, as the option says. */
static void
put_other_columns(struct tests *t)
{
	const char *const fixtures[] = {tests_name(t, "target"), "spark", NULL};
	const char *const schema[] = {
	    arena_printf(t->arena, "%s.read()", fixtures[0]),
	    tests_upper(t, "STORED"), tests_upper(t, "COMMENTS"), NULL};
	const char *const other[] = {"spark.sql(\"SELECT 1 AS other\")", NULL};
	bool replaces = t->pipeline->overwrite_schema;

	if (t->plan->pattern->strategy != STRATEGY_FULL_LOAD ||
	    pipeline_defines(t->pipeline) || t->pipeline->partitions.n > 0)
		return;
	tests_put_gap(t);
	tests_put_head(t,
	    replaces ? "test_replaces_columns" : "test_refuses_other_columns",
	    fixtures,
	    replaces ? "The target takes over the columns of the sheet."
	             : "A target with other columns is refused, and stays.");
	tests_put_call(t, 1, "",
	    arena_printf(t->arena, "%s.create", fixtures[0]), other);
	if (replaces) {
		python_line(t->py, 1, "%s.write(\"\")", fixtures[0]);
		tests_put_call(t, 1, "", "check_schema", schema);
		return;
	}
	python_line(t->py, 1,
	    "with pytest.raises(Exception, match=\"(?i)schema\"):");
	python_line(t->py, 2, "%s.write(\"\")", fixtures[0]);
	python_line(t->py, 1, "assert %s.read().columns == [\"other\"]",
	    fixtures[0]);
}

void
tests_put_pattern(struct tests *t)
{
	struct scenarios scenarios;
	size_t i;

	if (!t->trial->sources)
		return;
	scenarios_make(t->arena, t->trial, t->plan->pattern->strategy,
	    &scenarios);
	if (scenarios.why) {
		tests_put_gap(t);
		python_line(t->py, 0, "%s",
		    utf8_cut(t->arena,
		        python_comment(t->arena,
		            arena_printf(t->arena,
		                "# What the pattern does is not tested: %s",
		                scenarios.why)),
		        PYTHON_WIDTH - 1));
	}
	for (i = 0; i < scenarios.list.n; i++)
		put_scenario(t, &scenarios.list.v[i]);
	put_other_columns(t);
}

void
tests_put_target(struct tests *t)
{
	if (t->trial->sources)
		put_target_fixture(t);
}
