#include "base/base.h"

#include "trial/scenario.h"

#include "trial/script.h"

struct trial_table
scenario_columns(struct arena *a, const struct trial *t)
{
	struct trial_table table = {0};
	size_t i;

	for (i = 0; i < t->columns.n; i++) {
		const struct trial_column *c = &t->columns.v[i];

		*LIST_ADD(a, &table.fields) = (struct trial_field){
		    c->plan->name,
		    c->is_typed ? c->type : value_type_of(VALUE_STRING)};
	}
	return table;
}

static struct value_type
type_of(const struct script *s, size_t column)
{
	const struct trial_column *c = &s->trial->columns.v[column];

	return c->is_typed ? c->type : value_type_of(VALUE_STRING);
}

bool
script_has_values(const struct script *s, size_t column, size_t n)
{
	struct value v;

	return trial_value(s->arena, type_of(s, column), n - 1, &v);
}

struct value
script_value(const struct script *s, size_t column, int number)
{
	struct value v;

	if (number == NONE ||
	    !trial_value(s->arena, type_of(s, column), (size_t)number, &v))
		return value_null(type_of(s, column));
	return v;
}

/* Of several key columns the last one tells odd keys from even ones, so that
 * rows are one row only if all columns agree. */
static void
set_key(const struct script *s, struct value *v, int key)
{
	const struct plan_indices *keys = &s->pipeline->keys;
	size_t i;

	for (i = 0; i < keys->n; i++) {
		int number = key;

		if (key != NONE && keys->n > 1)
			number = i + 1 == keys->n ? key % 2
			    : i == 0              ? key / 2
			                          : 0;
		/* One column without a value is enough. */
		if (key == NONE && i > 0)
			number = 0;
		v[keys->v[i]] = script_value(s, keys->v[i], number);
	}
}

struct trial_row
script_row(const struct script *s, const struct line *line)
{
	struct trial_row row = {
	    arena_array(s->arena, struct value, s->trial->columns.n + 1),
	    line->remark};
	size_t i;

	for (i = 0; i < s->trial->columns.n; i++)
		row.v[i] = value_null(type_of(s, i));
	set_key(s, row.v, line->key);
	/* Without keys the value tells rows apart. */
	if (s->value >= 0)
		row.v[s->value] = script_value(s, (size_t)s->value,
		    s->pipeline->keys.n > 0 ? line->value : line->key);
	if (s->latest >= 0)
		row.v[s->latest] = script_value(s, (size_t)s->latest,
		    line->latest);
	if (s->time >= 0)
		row.v[s->time] = script_value(s, (size_t)s->time, line->time);
	if (s->fresh >= 0)
		row.v[s->fresh] = script_value(s, (size_t)s->fresh, 0);
	/* NULL is as good as false. */
	if (plan_flag(s->pipeline) >= 0 && line->key != 0)
		row.v[plan_flag(s->pipeline)] = value_boolean(line->gone);
	return row;
}

struct scenario *
script_new(const struct script *s, const char *name, const char *doc)
{
	struct scenario *made = LIST_ADD(s->arena, &s->scenarios->list);

	made->name = name;
	made->doc = doc;
	made->lacking = -1;
	made->shown = arena_array(s->arena, bool, s->trial->columns.n + 1);
	made->snapshot_at = s->time >= 0 ? script_value(s, (size_t)s->time, 8)
	                                 : value_null((struct value_type){0});
	return made;
}

void
script_add_line(const struct script *s, struct scenario_run *run,
    const struct line *line)
{
	*LIST_ADD(s->arena, &run->batch.rows) = script_row(s, line);
}

struct scenario_run *
script_run(const struct script *s, struct scenario *scenario,
    const struct line *lines, size_t n)
{
	struct scenario_run *run = LIST_ADD(s->arena, &scenario->runs);
	size_t i;

	run->batch = scenario_columns(s->arena, s->trial);
	for (i = 0; i < n; i++)
		script_add_line(s, run, &lines[i]);
	return run;
}

void
script_rerun(const struct script *s, struct scenario *scenario)
{
	struct scenario_run *again = LIST_ADD(s->arena, &scenario->runs);
	const struct trial_table *last =
	    &scenario->runs.v[scenario->runs.n - 2].batch;
	size_t i;

	scenario->repeats = true;
	again->batch = scenario_columns(s->arena, s->trial);
	for (i = 0; i < last->rows.n; i++) {
		struct trial_row *row = LIST_ADD(s->arena, &again->batch.rows);

		row->v = arena_memdup(s->arena, last->rows.v[i].v,
		    s->trial->columns.n * sizeof(row->v[0]));
		if (s->fresh >= 0)
			row->v[s->fresh] = script_value(s, (size_t)s->fresh, 1);
	}
}

void
script_stored(const struct script *s, struct scenario *scenario,
    const struct line *lines, size_t n)
{
	size_t i;

	scenario->stored = scenario_columns(s->arena, s->trial);
	for (i = 0; i < n; i++)
		*LIST_ADD(s->arena, &scenario->stored.rows) = script_row(s,
		    &lines[i]);
}

/* The fields and rows as they are now: the model goes on changing its own. */
static struct trial_table
snapshot(struct arena *a, const struct trial_table *table)
{
	struct trial_table copy = {0};
	size_t n = table->fields.n;
	size_t i;

	copy.fields.v = arena_memdup(a, table->fields.v,
	    n * sizeof(table->fields.v[0]));
	copy.fields.n = n;
	for (i = 0; i < table->rows.n; i++)
		*LIST_ADD(a, &copy.rows) = (struct trial_row){
		    arena_memdup(a, table->rows.v[i].v,
		        n * sizeof(struct value)),
		    NULL};
	return copy;
}

static void
show(const struct script *s, struct scenario *scenario,
    const struct trial_table *table)
{
	size_t i;
	size_t j;

	for (i = 0; i < table->rows.n; i++) {
		for (j = 0; j < s->trial->columns.n; j++)
			scenario->shown[j] = scenario->shown[j] ||
			    !table->rows.v[i].v[j].is_null;
	}
}

/* Runs the batches through the model, and finds out what is to be shown. */
void
script_play(const struct script *s, struct scenario *scenario)
{
	struct trial_table columns = scenario_columns(s->arena, s->trial);
	struct model model;
	size_t i;

	model_init(s->arena, s->pipeline, s->strategy, &columns, &model);
	model.snapshot_at = scenario->snapshot_at;
	for (i = 0; i < scenario->stored.rows.n; i++)
		*LIST_ADD(s->arena,
		    &model.target.rows) = scenario->stored.rows.v[i];
	show(s, scenario, &scenario->stored);
	for (i = 0; i < scenario->runs.n; i++) {
		struct scenario_run *run = &scenario->runs.v[i];

		run->refused = model_run(&model, &run->batch);
		if (scenario->lacking >= 0 && !s->pipeline->add_columns)
			run->refused = "lacks the mapped columns";
		run->expected = run->refused
		    ? scenario->runs.v[i > 0 ? i - 1 : 0].expected
		    : snapshot(s->arena, &model.target);
		if (run->refused && i == 0) {
			model_init(s->arena, s->pipeline, s->strategy, &columns,
			    &model);
			run->expected = scenario->stored.rows.n > 0
			    ? scenario->stored
			    : snapshot(s->arena, &model.target);
		}
		show(s, scenario, &run->batch);
	}
}

/* The first column whose values may be chosen, of those that are tracked or,
 * of a history, those that are not. */
static int
find_value(const struct script *s, bool tracked)
{
	size_t i;

	for (i = 0; i < s->pipeline->columns.n; i++) {
		const struct plan_column *c = &s->pipeline->columns.v[i];

		if (c->is_key || c->is_volatile || (int)i == s->time ||
		    (int)i == plan_flag(s->pipeline) ||
		    (s->strategy == STRATEGY_SCD2 && c->is_tracked != tracked))
			continue;
		if (script_has_values(s, i, 3))
			return (int)i;
	}
	return -1;
}

/* Why there are no scenarios; NULL if there may be. */
static const char *
find_obstacle(const struct script *s)
{
	const struct plan_pipeline *p = s->pipeline;
	size_t i;

	/* An append asks the rules about what is new, within its write. */
	if (s->strategy == STRATEGY_INCREMENTAL && p->rules.n > 0 &&
	    p->broken_rules != RULES_REPORT)
		return "The rules of the sheet decide about the rows first.";
	for (i = 0; i < p->keys.n; i++) {
		bool is_last = i + 1 == p->keys.n && p->keys.n > 1;
		bool is_middle = i > 0 && !is_last;

		if (!script_has_values(s, p->keys.v[i],
		        is_middle     ? 1
		            : is_last ? 2
		                      : NUMBERS))
			return arena_printf(s->arena,
			    "The key column %s has too few values to try.",
			    p->columns.v[p->keys.v[i]].name);
	}
	if (s->time >= 0 && !script_has_values(s, (size_t)s->time, NUMBERS))
		return arena_printf(s->arena,
		    "The column %s has too few values to try.",
		    p->columns.v[s->time].name);
	if (s->value < 0 && (s->strategy == STRATEGY_SCD2 || p->keys.n == 0))
		return "No column has values that may be tried.";
	return NULL;
}

void
scenarios_make(struct arena *a, const struct trial *t, enum strategy strategy,
    struct scenarios *ret)
{
	struct script s = {a, t, t->pipeline, strategy, ret, -1, -1, -1, -1};
	size_t i;

	*ret = (struct scenarios){0};
	s.time = strategy == STRATEGY_INCREMENTAL ? t->pipeline->watermark
	                                          : t->pipeline->order_by;
	s.value = find_value(&s, true);
	if (strategy == STRATEGY_SCD2)
		s.latest = find_value(&s, false);
	for (i = t->columns.n; strategy != STRATEGY_FULL_LOAD && i-- > 0;) {
		if (t->pipeline->columns.v[i].is_volatile &&
		    script_has_values(&s, i, 2))
			s.fresh = (int)i;
	}
	ret->why = find_obstacle(&s);
	if (ret->why)
		return;
	script_write(&s);
}
