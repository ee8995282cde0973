#include "base/base.h"

#include "plan/output.h"

#include "plan/place.h"

static const char *const names[OUTPUT__COUNT] = {
    [OUTPUT_NOTEBOOK] = "notebook",
    [OUTPUT_MODULE] = "module",
    [OUTPUT_LAKEFLOW] = "lakeflow",
};

const char *
plan_output_name(enum plan_output output)
{
	assert(output < OUTPUT__COUNT);
	return names[output];
}

/* A pipeline whose output is asked for. */
struct check {
	struct arena *arena;
	const struct plan *plan;
	const struct plan_pipeline *pipeline;
	struct problems *problems;
};

/* Reports that a declarative pipeline has no words for something. */
static void PRINTF(5, 6) refuse(const struct check *c, int64_t row,
    enum mapping_field field, const char *fix, const char *format, ...)
{
	const char *what;
	va_list ap;

	va_start(ap, format);
	what = arena_vprintf(c->arena, format, ap);
	va_end(ap);
	place_problem(c->arena, c->plan, c->problems, P_OUTPUT, row, field,
	    "A Lakeflow pipeline cannot %s.", what)
	    ->fix = fix;
}

/* What a stream of rows does not allow: only one source streams, and no row
 * sees the others. */
static void
check_stream(const struct check *c)
{
	const struct plan_pipeline *p = c->pipeline;
	size_t i;

	for (i = 1; i < p->sources.n; i++) {
		const struct plan_source *s = &p->sources.v[i];

		if (s->join == JOIN_RIGHT || s->join == JOIN_FULL)
			refuse(c, s->row, FIELD_JOIN,
			    "Use a left or inner join.",
			    "read new rows of a source and keep all rows of %s",
			    s->alias);
	}
	for (i = 0; i < p->columns.n; i++) {
		if (p->columns.v[i].is_window)
			refuse(c, p->columns.v[i].row, FIELD_TRANSFORMATION,
			    "Choose another output, or compute the column in "
			    "a view before.",
			    "compute %s, which looks at other rows, for new "
			    "rows alone",
			    p->columns.v[i].name);
	}
}

static void
check_rules(const struct check *c, bool stream)
{
	const struct plan_pipeline *p = c->pipeline;
	size_t i;

	for (i = 0; i < p->rules.n; i++) {
		if (p->rules.v[i].is_window &&
		    (stream || p->broken_rules != RULES_QUARANTINE))
			refuse(c, p->rules.v[i].row, FIELD_RULE,
			    "Choose another output, or leave the rule out.",
			    "check \"%s\", which looks at other rows",
			    p->rules.v[i].name);
	}
}

static void
check_common(const struct check *c)
{
	const struct plan_pipeline *p = c->pipeline;
	size_t i;

	if (p->target->kind == TABLE_PATH)
		refuse(c, p->row, FIELD_TARGET_TABLE, "Write to a table.",
		    "write to a path, as %s does", p->target->name);
	if (p->single_matches && p->sources.n > 1)
		refuse(c, p->row, FIELD_TARGET_TABLE,
		    "Choose allow in the option join_matches.",
		    "count what a join finds for %s", p->target->name);
	for (i = 0; i < p->columns.n; i++) {
		if (p->columns.v[i].parameter)
			refuse(c, 0, FIELD_TARGET_TABLE,
			    "Leave the option batch_id empty.",
			    "name its batches, as %s would",
			    p->columns.v[i].name);
	}
}

static void
check_changes(const struct check *c)
{
	const struct plan_pipeline *p = c->pipeline;
	bool history = c->plan->pattern->strategy == STRATEGY_SCD2;

	if (p->order_by < 0)
		refuse(c, p->row, FIELD_TARGET_TABLE,
		    "Name a column in the option order_by.",
		    "merge changes of %s that have no order", p->target->name);
	if (p->vanished == VANISHED_END)
		refuse(c, p->row, FIELD_TARGET_TABLE,
		    "Choose keep in the option vanished.",
		    "end rows of %s that vanished and follow the changes of "
		    "others",
		    p->target->name);
	if (history && p->late_rows == LATE_IGNORE)
		refuse(c, p->row, FIELD_TARGET_TABLE,
		    "Choose split in the option late_rows.",
		    "leave out rows of %s that come late", p->target->name);
	if (history && p->history.surrogate[0])
		refuse(c, 0, FIELD_TARGET_TABLE,
		    "Leave the option surrogate_key empty.",
		    "give versions the key %s", p->history.surrogate);
}

static void
check_lakeflow(const struct check *c)
{
	const struct plan_pipeline *p = c->pipeline;
	enum strategy strategy = c->plan->pattern->strategy;
	bool stream = strategy != STRATEGY_FULL_LOAD;

	check_common(c);
	check_rules(c, stream);
	if (stream)
		check_stream(c);
	if (strategy == STRATEGY_INCREMENTAL && p->late_rows == LATE_IGNORE)
		refuse(c, p->row, FIELD_TARGET_TABLE,
		    "Choose load in the option late_rows.",
		    "leave out rows of %s that come late: it loads each row "
		    "once, whenever it comes",
		    p->target->name);
	if (strategy == STRATEGY_MERGE || strategy == STRATEGY_SCD2)
		check_changes(c);
}

void
output_check(struct arena *a, const struct plan *plan,
    struct problems *problems)
{
	size_t i;

	for (i = 0; plan->output == OUTPUT_LAKEFLOW && i < plan->pipelines.n;
	     i++) {
		const struct check c = {
		    a, plan, &plan->pipelines.v[i], problems};

		check_lakeflow(&c);
	}
}
