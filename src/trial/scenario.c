#include "base/base.h"

#include "trial/scenario.h"

/* Keys and values of scenarios are numbers; trial_value() dresses them. */
#define NONE (-1)
#define NUMBERS 11

/* More columns are not changed one by one. */
#define CHANGED_MAX 12

/* One row of a batch, in numbers; NONE is NULL. */
struct line {
	int key;
	int value;  /* of the column whose changes matter */
	int latest; /* a history: of a column that is not tracked */
	int time;   /* watermark or order */
	bool gone;
	const char *remark;
};

struct script {
	struct arena *arena;
	const struct trial *trial;
	const struct plan_pipeline *pipeline;
	enum strategy strategy;
	struct scenarios *scenarios;
	int value;  /* the column; -1 if there is none */
	int latest; /* -1 */
	int time;   /* -1 */
};

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

static bool
has_values(const struct script *s, size_t column, size_t n)
{
	struct value v;

	return trial_value(s->arena, type_of(s, column), n - 1, &v);
}

/* NULL for NONE, and where the type has no such value. */
static struct value
value_of(const struct script *s, size_t column, int number)
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
		v[keys->v[i]] = value_of(s, keys->v[i], number);
	}
}

static struct trial_row
row_of(const struct script *s, const struct line *line)
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
		row.v[s->value] = value_of(s, (size_t)s->value,
		    s->pipeline->keys.n > 0 ? line->value : line->key);
	if (s->latest >= 0)
		row.v[s->latest] = value_of(s, (size_t)s->latest, line->latest);
	if (s->time >= 0)
		row.v[s->time] = value_of(s, (size_t)s->time, line->time);
	/* NULL is as good as false. */
	if (s->pipeline->deleted >= 0 && line->key != 0)
		row.v[s->pipeline->deleted] = value_boolean(line->gone);
	return row;
}

static struct scenario *
new_scenario(const struct script *s, const char *name, const char *doc)
{
	struct scenario *made = LIST_ADD(s->arena, &s->scenarios->list);

	made->name = name;
	made->doc = doc;
	made->shown = arena_array(s->arena, bool, s->trial->columns.n + 1);
	made->snapshot_at = s->time >= 0 ? value_of(s, (size_t)s->time, 8)
	                                 : value_null((struct value_type){0});
	return made;
}

static void
add_line(const struct script *s, struct scenario_run *run,
    const struct line *line)
{
	*LIST_ADD(s->arena, &run->batch.rows) = row_of(s, line);
}

static struct scenario_run *
add_run(const struct script *s, struct scenario *scenario,
    const struct line *lines, size_t n)
{
	struct scenario_run *run = LIST_ADD(s->arena, &scenario->runs);
	size_t i;

	run->batch = scenario_columns(s->arena, s->trial);
	for (i = 0; i < n; i++)
		add_line(s, run, &lines[i]);
	return run;
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

/* Runs the batches through the model, and finds out what is to be shown. */
static void
play(const struct script *s, struct scenario *scenario)
{
	struct trial_table columns = scenario_columns(s->arena, s->trial);
	struct model model;
	size_t i;
	size_t j;
	size_t k;

	model_init(s->arena, s->pipeline, s->strategy, &columns, &model);
	model.snapshot_at = scenario->snapshot_at;
	for (i = 0; i < scenario->runs.n; i++) {
		struct scenario_run *run = &scenario->runs.v[i];

		run->refused = model_run(&model, &run->batch);
		run->expected = snapshot(s->arena, &model.target);
		for (j = 0; j < run->batch.rows.n; j++) {
			for (k = 0; k < s->trial->columns.n; k++)
				scenario->shown[k] = scenario->shown[k] ||
				    !run->batch.rows.v[j].v[k].is_null;
		}
	}
}

static bool
policy_ends(const struct script *s)
{
	return s->pipeline->vanished == VANISHED_END;
}

static void
write_full_load(const struct script *s)
{
	static const struct line first[] = {
	    {0, 0, 0, 0, false, NULL},
	    {1, 0, 0, 0, false, NULL},
	};
	static const struct line second[] = {
	    {1, 1, 0, 0, false, NULL},
	    {2, 1, 0, 0, false, "there twice, and stays so"},
	    {2, 1, 0, 0, false, NULL},
	};
	struct scenario *made = new_scenario(s, "replaces",
	    "The new rows replace the old ones; a second run gives the same "
	    "rows.");

	add_run(s, made, first, COUNT_OF(first));
	add_run(s, made, second, COUNT_OF(second));
	made->repeats = true;
	play(s, made);
}

static void
write_incremental(const struct script *s)
{
	static const struct line first[] = {
	    {0, 0, 0, 1, false, NULL},
	    {1, 0, 0, 2, false, NULL},
	};
	static const struct line second[] = {
	    {1, 0, 0, 2, false, "stored already"},
	    {2, 0, 0, 2, false, "as high as the highest"},
	    {3, 0, 0, 3, false, "higher"},
	    {0, 1, 0, 3, false, "higher, of a known key"},
	    {4, 0, 0, 0, false, "late"},
	    {5, 1, 0, 4, false, "there twice"},
	    {5, 1, 0, 4, false, NULL},
	    {6, 0, 0, NONE, false, "without a watermark"},
	};
	static const struct line unmarked[] = {
	    {0, 0, 0, 1, false, NULL},
	    {1, 0, 0, NONE, false, "nobody knows whether it is new"},
	};
	static const struct line ambiguous[] = {
	    {0, 0, 0, 1, false, NULL},
	    {0, 1, 0, 1, false, "the same row with another value"},
	};
	bool refuses = s->pipeline->null_watermark == NULLS_REFUSE;
	struct scenario *made = new_scenario(s, "appends",
	    "What is new is added, once; a second run adds nothing.");

	add_run(s, made, first, COUNT_OF(first));
	add_run(s, made, second, COUNT_OF(second) - (refuses ? 1 : 0));
	made->repeats = true;
	play(s, made);
	if (refuses) {
		made = new_scenario(s, "refuses_rows_without_watermark",
		    "A row without a watermark refuses the batch.");
		add_run(s, made, unmarked, COUNT_OF(unmarked));
		play(s, made);
	}
	if (s->pipeline->keys.n > 0 && s->value >= 0) {
		made = new_scenario(s, "refuses_ambiguous_rows",
		    "Two rows of one key and watermark refuse the batch.");
		add_run(s, made, ambiguous, COUNT_OF(ambiguous));
		play(s, made);
	}
}

static const struct line merge_first[] = {
    {0, 0, 0, 1, false, NULL},
    {1, 0, 0, 1, false, NULL},
    {2, 0, 0, 1, false, NULL},
    {3, 0, 0, 4, false, NULL},
    {4, 0, 0, 1, false, NULL},
    {5, 0, 0, 4, false, NULL},
    {6, 0, 0, 1, false, NULL},
    {10, 0, 0, 1, false, NULL},
    {NONE, 0, 0, 1, false, "NULL is a key, too"},
};

/* The second batch: with what the options make of it. */
static void
add_merge_changes(const struct script *s, struct scenario *made)
{
	static const struct line lines[] = {
	    {0, 1, 0, 2, false, "changed"},
	    {1, 0, 0, 1, false, "as it was"},
	    {2, NONE, 0, 2, false, "now NULL"},
	    {7, 0, 0, 1, false, "new"},
	    {NONE, 1, 0, 2, false, "changed"},
	};
	static const struct line ordered[] = {
	    {3, 1, 0, 2, false, "older than stored"},
	    {10, 0, 0, 2, false, "nothing but newer"},
	    {8, 0, 0, 1, false, "the newest wins"},
	    {8, 2, 0, 3, false, NULL},
	    {8, 1, 0, 2, false, NULL},
	};
	static const struct line flagged[] = {
	    {4, 0, 0, 2, true, "deleted"},
	    {9, 0, 0, 2, true, "deleted, never seen"},
	};
	static const struct line late = {
	    5, 0, 0, 2, true, "deleted, but older"};
	struct scenario_run *run = add_run(s, made, lines, COUNT_OF(lines));
	size_t i;

	for (i = 0; s->time >= 0 && i < COUNT_OF(ordered); i++)
		add_line(s, run, &ordered[i]);
	for (i = 0; s->pipeline->deleted >= 0 && i < COUNT_OF(flagged); i++)
		add_line(s, run, &flagged[i]);
	if (s->pipeline->deleted >= 0 && s->time >= 0)
		add_line(s, run, &late);
}

static void
write_merge(const struct script *s)
{
	static const struct line ambiguous[] = {
	    {0, 0, 0, 1, false, NULL},
	    {0, 1, 0, 1, false, "nobody knows which one is right"},
	};
	struct scenario *made = new_scenario(s, "changes",
	    policy_ends(s)
	        ? "Rows are changed, inserted and, if they vanished, "
	          "deleted; a rerun does nothing."
	        : "Rows are changed and inserted, others stay; a "
	          "second run changes nothing.");

	add_run(s, made, merge_first, COUNT_OF(merge_first));
	add_merge_changes(s, made);
	made->repeats = true;
	play(s, made);
	if (s->value >= 0) {
		made = new_scenario(s, "refuses_ambiguous_rows",
		    s->time >= 0
		        ? "Two different rows of one key, none of them newer, "
		          "refuse the batch."
		        : "Two rows of one key refuse the batch.");
		add_run(s, made, ambiguous, COUNT_OF(ambiguous));
		play(s, made);
	}
}

static const struct line history_first[] = {
    {0, 0, 0, 0, false, NULL},
    {1, 0, 0, 0, false, NULL},
    {2, 0, 0, 0, false, "and back again"},
    {2, 0, 0, 2, false, NULL},
    {2, 1, 0, 1, false, NULL},
    {3, 0, 0, 0, false, NULL},
    {4, 0, 0, 0, false, NULL},
    {4, 0, 0, 4, false, "seen once more"},
    {5, NONE, 0, 0, false, NULL},
    {6, 0, 0, 0, false, NULL},
    {NONE, 0, 0, 0, false, "NULL is a key, too"},
};

static void
add_history_changes(const struct script *s, struct scenario *made)
{
	static const struct line lines[] = {
	    {0, 1, 0, 3, false, "changed"},
	    {1, 0, 1, 3, false, "no tracked column changed"},
	    {4, 1, 0, 2, false, "late"},
	    {5, 0, 0, 3, false, "NULL to a value"},
	    {6, NONE, 0, 3, false, "a value to NULL"},
	    {7, 0, 0, 3, false, "new"},
	    {7, 1, 0, 3, false, "the greater values win"},
	    {NONE, 1, 0, 3, false, "changed"},
	};
	static const struct line flagged[] = {
	    {3, 0, 0, 3, true, "deleted"},
	    {3, 0, 0, 5, false, "there again"},
	    {8, 0, 0, 3, true, "deleted, never seen"},
	};
	struct scenario_run *run = add_run(s, made, lines, COUNT_OF(lines));
	size_t i;

	for (i = 0; s->pipeline->deleted >= 0 && i < COUNT_OF(flagged); i++)
		add_line(s, run, &flagged[i]);
}

static void
write_history(const struct script *s)
{
	static const struct line untimed[] = {
	    {0, 0, 0, 1, false, NULL},
	    {1, 0, 0, NONE, false, "nobody knows when it was true"},
	};
	struct scenario *made = new_scenario(s, "versions",
	    "A change of a tracked column opens a version; a second run "
	    "changes nothing.");

	add_run(s, made, history_first, COUNT_OF(history_first));
	add_history_changes(s, made);
	made->repeats = true;
	play(s, made);
	made = new_scenario(s, "refuses_rows_without_time",
	    "A row of which nobody knows when it was true refuses the batch.");
	add_run(s, made, untimed, COUNT_OF(untimed));
	play(s, made);
}

/* Does a change of the column matter to the pattern? */
static bool
matters(const struct script *s, size_t i)
{
	const struct plan_column *c = &s->pipeline->columns.v[i];

	if (c->is_key || c->is_volatile || (int)i == s->time ||
	    (int)i == s->pipeline->deleted)
		return false;
	return s->strategy == STRATEGY_SCD2 ? c->is_tracked : true;
}

/* One key for each column, which changes in that column alone. */
static void
write_each_column(const struct script *s)
{
	struct scenario *made;
	struct scenario_run *runs[2];
	size_t columns[CHANGED_MAX];
	size_t n = 0;
	size_t i;
	size_t j;
	size_t k;

	for (i = 0; i < s->trial->columns.n && n < CHANGED_MAX; i++) {
		if (matters(s, i) && has_values(s, i, 2))
			columns[n++] = i;
	}
	if (n == 0)
		return;
	made = new_scenario(s, "each_column",
	    "One key a column: that it alone changes is enough.");
	for (i = 0; i < 2; i++)
		add_run(s, made, NULL, 0);
	for (i = 0; i < 2; i++)
		runs[i] = &made->runs.v[i];
	for (j = 0; j < n; j++) {
		for (i = 0; i < 2; i++) {
			struct line line = {(int)j, 0, 0, (int)i, false, NULL};
			struct trial_row row = row_of(s, &line);

			for (k = 0; k < n; k++)
				row.v[columns[k]] = value_of(s, columns[k],
				    k == j && i == 1 ? 1 : 0);
			*LIST_ADD(s->arena, &runs[i]->batch.rows) = row;
		}
	}
	play(s, made);
}

static void
write_empty(const struct script *s)
{
	static const struct line first[] = {{0, 0, 0, 0, false, NULL}};
	struct scenario *made = new_scenario(s, "refuses_an_empty_batch",
	    "A batch without rows would end all keys: it is refused.");

	add_run(s, made, first, COUNT_OF(first));
	add_run(s, made, NULL, 0);
	play(s, made);
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
		    (int)i == s->pipeline->deleted ||
		    (s->strategy == STRATEGY_SCD2 && c->is_tracked != tracked))
			continue;
		if (has_values(s, i, 3))
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

	for (i = 0; i < p->keys.n; i++) {
		bool is_last = i + 1 == p->keys.n && p->keys.n > 1;
		bool is_middle = i > 0 && !is_last;

		if (!has_values(s, p->keys.v[i],
		        is_middle     ? 1
		            : is_last ? 2
		                      : NUMBERS))
			return arena_printf(s->arena,
			    "The key column %s has too few values to try.",
			    p->columns.v[p->keys.v[i]].name);
	}
	if (s->time >= 0 && !has_values(s, (size_t)s->time, NUMBERS))
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
	struct script s = {a, t, t->pipeline, strategy, ret, -1, -1, -1};

	*ret = (struct scenarios){0};
	s.time = strategy == STRATEGY_INCREMENTAL ? t->pipeline->watermark
	                                          : t->pipeline->order_by;
	s.value = find_value(&s, true);
	if (strategy == STRATEGY_SCD2)
		s.latest = find_value(&s, false);
	ret->why = find_obstacle(&s);
	if (ret->why)
		return;
	if (strategy == STRATEGY_FULL_LOAD)
		write_full_load(&s);
	else if (strategy == STRATEGY_INCREMENTAL)
		write_incremental(&s);
	else if (strategy == STRATEGY_MERGE)
		write_merge(&s);
	else
		write_history(&s);
	if (strategy == STRATEGY_MERGE || strategy == STRATEGY_SCD2)
		write_each_column(&s);
	if (policy_ends(&s))
		write_empty(&s);
}
