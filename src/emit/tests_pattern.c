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
		python_line(t->py, 0, "STORED_%s = COLUMNS_%s", t->upper,
		    t->upper);
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
	    "notebook", "spark", "place", "monkeypatch", NULL};
	const char *const arguments[] = {"spark",
	    pyspark_write_takes_failed(p)
	        ? "write"
	        : arena_printf(t->arena, "notebook.write_%s", p->id),
	    "name", tests_upper(t, "COLUMNS"), tests_upper(t, "STORED"), NULL};
	const char *const set[] = {"notebook",
	    python_string(t->arena, pyspark_constant(t->arena, p->widget)),
	    "name", NULL};
	const char *const quarantine[] = {"notebook",
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
	if (pyspark_write_takes_failed(p)) {
		python_line(t->py, 0, "%s", "");
		python_line(t->py, 1, "def write(rows):");
		python_line(t->py, 2,
		    "\"\"\"None of the rows broke a rule.\"\"\"");
		python_line(t->py, 2, "notebook.write_%s(rows, rows.limit(0))",
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

/* What is expected shows: what the batches show, without the flag that is not
 * stored, and the columns of a history. */
static void
put_expected(struct tests *t, const struct scenario *s,
    const struct trial_table *expected)
{
	size_t n = t->trial->columns.n;
	bool *shown = arena_array(t->arena, bool, expected->fields.n + 1);
	struct text_table table = {0};
	size_t i;

	for (i = 0; i < expected->fields.n; i++)
		shown[i] = i >= n ||
		    (s->shown[i] && (int)i != t->pipeline->deleted);
	tests_fill_table(t, &table, expected, shown);
	text_table_put(t->py, 1, "expected", &table);
	python_line(t->py, 1, "%s.check(expected)", tests_name(t, "target"));
}

static void
put_repeat(struct tests *t, const char *batch)
{
	const char *target = tests_name(t, "target");
	bool same_files = t->plan->pattern->strategy != STRATEGY_FULL_LOAD;

	if (same_files)
		python_line(t->py, 1, "files = %s.files()", target);
	python_line(t->py, 1, "%s.write(%s)", target, batch);
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
	const char *const arguments[] = {"notebook", "\"SNAPSHOT_AT\"",
	    python_string(t->arena, value_format(t->arena, &s->snapshot_at)),
	    NULL};

	if (uses_snapshot(t))
		tests_put_call(t, 1, "", "monkeypatch.setattr", arguments);
}

static void
put_scenario(struct tests *t, const struct scenario *s)
{
	const char *const fixtures[] = {tests_name(t, "target"),
	    uses_snapshot(t) ? "notebook" : NULL, "monkeypatch", NULL};
	const char *target = fixtures[0];
	size_t i;

	tests_put_gap(t);
	tests_put_head(t, arena_printf(t->arena, "test_%s", s->name), fixtures,
	    s->doc);
	put_snapshot(t, s);
	for (i = 0; i < s->runs.n; i++) {
		const struct scenario_run *run = &s->runs.v[i];
		bool is_last = i + 1 == s->runs.n;
		const char *name = s->runs.n == 1 ? "rows" : ordinal(i);
		struct text_table table = {0};

		tests_fill_table(t, &table, &run->batch, s->shown);
		text_table_put(t->py, 1, name, &table);
		if (run->refused)
			put_refused(t, name, run->refused);
		else
			python_line(t->py, 1, "%s.write(%s)", target, name);
		if (is_last)
			put_expected(t, s, &run->expected);
		if (is_last && s->repeats)
			put_repeat(t, name);
	}
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
}

void
tests_put_target(struct tests *t)
{
	if (t->trial->sources)
		put_target_fixture(t);
}
