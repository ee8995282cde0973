#include "base/base.h"

#include "plan/plan.h"

#include "base/buf.h"

static const char *const join_words[] = {
    [JOIN_LEFT] = "Left-joins",
    [JOIN_INNER] = "Inner-joins",
    [JOIN_RIGHT] = "Right-joins",
    [JOIN_FULL] = "Full-joins",
    [JOIN_CROSS] = "Cross-joins",
};

static void PRINTF(3, 4)
    say(struct arena *a, struct plan_words *words, const char *format, ...)
{
	va_list ap;

	va_start(ap, format);
	*LIST_ADD(a, words) = arena_vprintf(a, format, ap);
	va_end(ap);
}

static const char *
key_names(struct arena *a, const struct plan_pipeline *p)
{
	struct buf b;
	size_t i;

	buf_init(&b, a, SHEET_MAX_BYTES);
	for (i = 0; i < p->keys.n; i++)
		buf_printf(&b, "%s%s", i ? ", " : "",
		    p->columns.v[p->keys.v[i]].name);
	return buf_str(&b);
}

static void
say_sources(struct arena *a, const struct plan_pipeline *p,
    struct plan_words *words)
{
	size_t i;

	for (i = 0; i < p->sources.n; i++) {
		const struct plan_source *s = &p->sources.v[i];

		if (i == 0)
			say(a, words, "Reads %s as %s.", s->table->name,
			    s->alias);
		else if (s->on)
			say(a, words, "%s %s as %s on %s.", join_words[s->join],
			    s->table->name, s->alias, s->on);
		else
			say(a, words, "%s %s as %s.", join_words[s->join],
			    s->table->name, s->alias);
	}
	for (i = 0; i < p->filters.n; i++)
		say(a, words, "Keeps rows where %s.", p->filters.v[i]);
}

static void
say_columns(struct arena *a, const struct plan_pipeline *p,
    struct plan_words *words)
{
	size_t copied = 0;
	size_t added = 0;
	size_t i;

	for (i = 0; i < p->columns.n; i++) {
		copied += p->columns.v[i].copy ? 1 : 0;
		added += p->columns.v[i].row == 0 ? 1 : 0;
	}
	say(a, words, "Fills %zu column%s: %zu copied, %zu computed.",
	    p->columns.n - added, p->columns.n - added == 1 ? "" : "s", copied,
	    p->columns.n - added - copied);
	for (i = p->columns.n - added; i < p->columns.n; i++)
		say(a, words, "Adds %s: %s.", p->columns.v[i].name,
		    p->columns.v[i].comment);
}

static void
say_rules(struct arena *a, const struct plan_pipeline *p,
    struct plan_words *words)
{
	const char *rules = p->rules.n == 1 ? "a rule" : "one of the rules";

	if (p->single_matches && p->sources.n > 1)
		say(a, words,
		    "Refuses a batch in which a join finds several rows for "
		    "one key.");
	if (p->rules.n == 0)
		return;
	say(a, words, "Checks %zu rule%s of the sheet.", p->rules.n,
	    p->rules.n == 1 ? "" : "s");
	switch (p->broken_rules) {
	case RULES_QUARANTINE:
		say(a, words, "Rows that break %s go to %s, not to %s.", rules,
		    p->quarantine.table.name, p->target->name);
		break;
	case RULES_REFUSE:
		say(a, words, "Refuses a batch in which a row breaks %s.",
		    rules);
		break;
	case RULES_REPORT:
		say(a, words, "Loads rows that break %s, and logs how many.",
		    rules);
		break;
	}
}

static void
say_incremental(struct arena *a, const struct plan_pipeline *p,
    struct plan_words *words)
{
	static const char *const nulls[] = {
	    [NULLS_REFUSE] = "refuses the batch if one has none",
	    [NULLS_SKIP] = "leaves out those that have none",
	    [NULLS_LOAD] = "loads those that have none, once",
	};
	const char *watermark = p->columns.v[p->watermark].name;

	if (p->late_rows == LATE_IGNORE)
		say(a, words,
		    "Takes the rows at or above the highest %s of "
		    "the target; %s.",
		    watermark, nulls[p->null_watermark]);
	else
		say(a, words,
		    "Takes all rows, also those below the highest "
		    "%s of the target; %s.",
		    watermark, nulls[p->null_watermark]);
	if (p->keys.n > 0)
		say(a, words,
		    "Appends to %s the rows whose %s and %s are not "
		    "there yet.",
		    p->target->name, key_names(a, p), watermark);
	else
		say(a, words,
		    "Appends to %s the rows that are not there yet, "
		    "all columns compared.",
		    p->target->name);
}

static void
say_merge(struct arena *a, const struct plan_pipeline *p,
    struct plan_words *words)
{
	if (p->order_by >= 0)
		say(a, words, "Of several rows of one key the highest %s wins.",
		    p->columns.v[p->order_by].name);
	else
		say(a, words, "Refuses a batch with two rows of one key.");
	say(a, words,
	    "Merges into %s by %s: changed rows are updated, new "
	    "ones inserted.",
	    p->target->name, key_names(a, p));
	if (p->ignore_nulls)
		say(a, words, "Where the new value is NULL the old one stays.");
	if (p->deleted >= 0)
		say(a, words, "Deletes the rows whose %s is true.",
		    p->columns.v[p->deleted].name);
	if (p->marked >= 0)
		say(a, words,
		    "Keeps the rows whose %s is true, so that older rows of "
		    "their keys stay out.",
		    p->columns.v[p->marked].name);
	if (p->vanished == VANISHED_END)
		say(a, words,
		    "Deletes the rows that the sources no longer "
		    "have; refuses an empty batch.");
}

/* How many columns are named in a sentence. */
#define NAMED_MAX 8

static const char *
tracked_names(struct arena *a, const struct plan_pipeline *p)
{
	size_t n = 0;
	struct buf b;
	size_t i;

	buf_init(&b, a, SHEET_MAX_BYTES);
	for (i = 0; i < p->columns.n; i++) {
		if (!p->columns.v[i].is_tracked)
			continue;
		if (n < NAMED_MAX)
			buf_printf(&b, "%s%s", n ? ", " : "",
			    p->columns.v[i].name);
		n++;
	}
	if (n > NAMED_MAX)
		buf_printf(&b, " and %zu more", n - NAMED_MAX);
	return buf_str(&b);
}

static void
say_history(struct arena *a, const struct plan_pipeline *p,
    struct plan_words *words)
{
	const char *sequence = p->columns.v[p->order_by].name;

	say(a, words,
	    "Keeps in %s a version of each %s from one change of %s to the "
	    "next.",
	    p->target->name, key_names(a, p), tracked_names(a, p));
	say(a, words,
	    "%s says when a change happened: %s, %s and %s are made of it.",
	    sequence, p->history.valid_from, p->history.valid_to,
	    p->history.is_current);
	say(a, words,
	    p->late_rows == LATE_IGNORE
	        ? "Leaves out rows older than the newest of their key."
	        : "A row that comes late changes the versions of its time.");
	if (p->history.surrogate[0])
		say(a, words, "Names each version by %s.",
		    p->history.surrogate);
	if (p->deleted >= 0)
		say(a, words, "Closes the key where %s is true.",
		    p->columns.v[p->deleted].name);
	if (p->vanished == VANISHED_END)
		say(a, words,
		    "Closes the keys that the sources no longer have, at the "
		    "time of the parameter " PLAN_SNAPSHOT_AT
		    "; refuses an empty batch.");
}

void
plan_describe(struct arena *a, const struct plan_pipeline *p,
    const struct pattern *pattern, struct plan_words *ret)
{
	say_sources(a, p, ret);
	say_columns(a, p, ret);
	say_rules(a, p, ret);
	switch (pattern->strategy) {
	case STRATEGY_FULL_LOAD:
		say(a, ret,
		    "Replaces the content%s of %s in one transaction%s.",
		    p->overwrite_schema && p->clusters.n == 0
		        ? " and the schema"
		        : "",
		    p->target->name,
		    p->overwrite_schema && p->clusters.n > 0
		        ? "; adds columns that it lacks"
		        : "");
		break;
	case STRATEGY_INCREMENTAL:
		say_incremental(a, p, ret);
		break;
	case STRATEGY_MERGE:
		say_merge(a, p, ret);
		break;
	case STRATEGY_SCD2:
		say_history(a, p, ret);
		break;
	case STRATEGY_PROMPT:
		say(a, ret,
		    "How rows get into %s is what the pattern's prompt says "
		    "and a model makes of it; the plan knows nothing of it.",
		    p->target->name);
		break;
	case STRATEGY__COUNT:
		break;
	}
}
