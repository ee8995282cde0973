#include "base/base.h"

#include "trial/script.h"

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
	struct scenario *made = script_new(s, "replaces",
	    "The new rows replace the old ones; a second run gives the same "
	    "rows.");

	script_run(s, made, first, COUNT_OF(first));
	script_run(s, made, second, COUNT_OF(second));
	script_rerun(s, made);
	script_play(s, made);
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
	    {7, 0, 0, 1, false, "late, though not the oldest"},
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
	struct scenario *made = script_new(s, "appends",
	    "What is new is added, once; a second run adds nothing.");

	script_stored(s, made, first, COUNT_OF(first));
	script_run(s, made, second, COUNT_OF(second) - (refuses ? 1 : 0));
	script_rerun(s, made);
	script_play(s, made);
	if (refuses) {
		made = script_new(s, "refuses_rows_without_watermark",
		    "A row without a watermark refuses the batch.");
		script_run(s, made, unmarked, COUNT_OF(unmarked));
		script_play(s, made);
	}
	if (s->pipeline->keys.n > 0 && s->value >= 0) {
		made = script_new(s, "refuses_ambiguous_rows",
		    "Two rows of one key and watermark refuse the batch.");
		script_run(s, made, ambiguous, COUNT_OF(ambiguous));
		script_play(s, made);
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
	    {9, 0, 0, 1, false, "new"},
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
	    {7, 0, 0, 2, true, "deleted, never seen"},
	};
	static const struct line late = {
	    5, 0, 0, 2, true, "deleted, but older"};
	struct scenario_run *run = script_run(s, made, lines, COUNT_OF(lines));
	size_t i;

	for (i = 0; s->time >= 0 && i < COUNT_OF(ordered); i++)
		script_add_line(s, run, &ordered[i]);
	for (i = 0; plan_flag(s->pipeline) >= 0 && i < COUNT_OF(flagged); i++)
		script_add_line(s, run, &flagged[i]);
	if (plan_flag(s->pipeline) >= 0 && s->time >= 0)
		script_add_line(s, run, &late);
}

/* What was deleted is remembered. */
static void
write_marks(const struct script *s)
{
	static const struct line first[] = {
	    {1, 0, 0, 3, true, "deleted"},
	    {2, 0, 0, 3, true, "deleted"},
	};
	static const struct line second[] = {
	    {1, 1, 0, 2, false, "older than its deletion"},
	    {2, 1, 0, 4, false, "there again"},
	    {3, 0, 0, 3, true, "deleted before it is seen"},
	};
	static const struct line third[] = {
	    {3, 1, 0, 2, false, "older than its deletion"},
	};
	struct scenario *made;

	if (s->pipeline->marked < 0 || s->time < 0 ||
	    s->pipeline->vanished == VANISHED_END)
		return;
	made = script_new(s, "remembers_deletions",
	    "A deleted row stays, and older rows of its key stay out.");
	script_stored(s, made, first, COUNT_OF(first));
	script_run(s, made, second, COUNT_OF(second));
	script_run(s, made, third, COUNT_OF(third));
	script_play(s, made);
}

static void
write_merge(const struct script *s)
{
	static const struct line ambiguous[] = {
	    {0, 0, 0, 1, false, NULL},
	    {0, 1, 0, 1, false, "nobody knows which one is right"},
	};
	struct scenario *made = script_new(s, "changes",
	    policy_ends(s)
	        ? "Rows are changed, inserted and, if they vanished, "
	          "deleted; a rerun does nothing."
	        : "Rows are changed and inserted, others stay; a "
	          "second run changes nothing.");

	script_stored(s, made, merge_first, COUNT_OF(merge_first));
	add_merge_changes(s, made);
	script_rerun(s, made);
	script_play(s, made);
	write_marks(s);
	if (s->value >= 0) {
		made = script_new(s, "refuses_ambiguous_rows",
		    s->time >= 0
		        ? "Two different rows of one key, none of them newer, "
		          "refuse the batch."
		        : "Two rows of one key refuse the batch.");
		script_run(s, made, ambiguous, COUNT_OF(ambiguous));
		script_play(s, made);
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
    {9, 0, 0, 0, false, NULL},
    {9, 1, 0, 4, false, NULL},
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
	    {9, 1, 0, 2, false, "late: so that version began before"},
	    {NONE, 1, 0, 3, false, "changed"},
	};
	static const struct line flagged[] = {
	    {3, 0, 0, 3, true, "deleted"},
	    {3, 0, 0, 5, false, "there again"},
	    {8, 0, 0, 3, true, "deleted, never seen"},
	};
	struct scenario_run *run = script_run(s, made, lines, COUNT_OF(lines));
	size_t i;

	for (i = 0; s->pipeline->deleted >= 0 && i < COUNT_OF(flagged); i++)
		script_add_line(s, run, &flagged[i]);
}

static void
write_history(const struct script *s)
{
	static const struct line untimed[] = {
	    {0, 0, 0, 1, false, NULL},
	    {1, 0, 0, NONE, false, "nobody knows when it was true"},
	};
	struct scenario *made = script_new(s, "versions",
	    "A change of a tracked column opens a version; a second run "
	    "changes nothing.");

	script_run(s, made, history_first, COUNT_OF(history_first));
	add_history_changes(s, made);
	script_rerun(s, made);
	script_play(s, made);
	made = script_new(s, "refuses_rows_without_time",
	    "A row of which nobody knows when it was true refuses the batch.");
	script_run(s, made, untimed, COUNT_OF(untimed));
	script_play(s, made);
}

/* A target that somebody else made, with two rows of one key. */
static void
write_doubled(const struct script *s)
{
	static const struct line stored[] = {
	    {0, 0, 0, 0, false, "one key"},
	    {0, 1, 0, 1, false, "twice"},
	};
	static const struct line rows[] = {{1, 0, 0, 2, false, NULL}};
	struct scenario *made = script_new(s, "refuses_doubled_target",
	    "Keys that the target has twice refuse the run.");

	script_stored(s, made, stored, COUNT_OF(stored));
	script_run(s, made, rows, COUNT_OF(rows));
	script_play(s, made);
}

/* A target that was made for fewer columns. */
static void
write_lacking(const struct script *s)
{
	static const struct line stored[] = {{0, NONE, 0, 0, false, NULL}};
	static const struct line rows[] = {{1, 1, 0, 2, false, NULL}};
	struct scenario *made;

	if (s->value < 0 || s->strategy == STRATEGY_SCD2 ||
	    s->pipeline->keys.n == 0)
		return;
	made = script_new(s,
	    s->pipeline->add_columns ? "adds_a_column"
	                             : "refuses_target_without_column",
	    s->pipeline->add_columns
	        ? "A column that the target lacks is added to it."
	        : "A target that lacks a column of the sheet is refused.");
	made->lacking = s->value;
	script_stored(s, made, stored, COUNT_OF(stored));
	script_run(s, made, rows, COUNT_OF(rows));
	script_play(s, made);
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

/* One key for each column, which is to change in that column alone. */
static struct trial_table
changing_rows(const struct script *s, const size_t *columns, size_t n, int step)
{
	struct trial_table table = scenario_columns(s->arena, s->trial);
	/* An order that changes, too, would be enough. */
	int time = s->strategy == STRATEGY_SCD2 ? step : 0;
	size_t i;
	size_t j;

	for (i = 0; i < n; i++) {
		struct line line = {(int)i, 0, 0, time, false, NULL};
		struct trial_row row = script_row(s, &line);

		for (j = 0; j < n; j++)
			row.v[columns[j]] = script_value(s, columns[j],
			    i == j ? step : 0);
		*LIST_ADD(s->arena, &table.rows) = row;
	}
	return table;
}

static void
write_each_column(const struct script *s)
{
	struct scenario *made;
	size_t columns[CHANGED_MAX];
	size_t n = 0;
	size_t i;

	for (i = 0; i < s->trial->columns.n && n < CHANGED_MAX; i++) {
		if (matters(s, i) && script_has_values(s, i, 2))
			columns[n++] = i;
	}
	if (n == 0)
		return;
	made = script_new(s, "each_column",
	    "One key a column: that it alone changes is enough.");
	/* A history is more than its rows: it has to be loaded. */
	if (s->strategy == STRATEGY_SCD2)
		script_run(s, made, NULL, 0)->batch = changing_rows(s, columns,
		    n, 0);
	else
		made->stored = changing_rows(s, columns, n, 0);
	script_run(s, made, NULL, 0)->batch = changing_rows(s, columns, n, 1);
	script_play(s, made);
}

static void
write_empty(const struct script *s)
{
	static const struct line first[] = {{0, 0, 0, 0, false, NULL}};
	struct scenario *made = script_new(s, "refuses_an_empty_batch",
	    "A batch without rows would end all keys: it is refused.");

	script_run(s, made, first, COUNT_OF(first));
	script_run(s, made, NULL, 0);
	script_play(s, made);
}

void
script_write(const struct script *s)
{
	if (s->strategy == STRATEGY_FULL_LOAD)
		write_full_load(s);
	else if (s->strategy == STRATEGY_INCREMENTAL)
		write_incremental(s);
	else if (s->strategy == STRATEGY_MERGE)
		write_merge(s);
	else
		write_history(s);
	if (s->strategy == STRATEGY_MERGE || s->strategy == STRATEGY_SCD2)
		write_each_column(s);
	if (policy_ends(s))
		write_empty(s);
	if (s->strategy == STRATEGY_MERGE)
		write_doubled(s);
	if (s->strategy != STRATEGY_FULL_LOAD)
		write_lacking(s);
}
