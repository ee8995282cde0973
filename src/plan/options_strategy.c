#include "base/base.h"

#include "plan/options.h"

#include "plan/options_read.h"

/* Columns that a row may be told by. 600 compared columns were seen to work,
 * 2,000 to overflow Spark's stack. */
#define IDENTITY_MAX 200

static void
take_keys(const struct option_context *c)
{
	struct plan_pipeline *p = c->pipeline;
	size_t i;

	p->keys = option_take_columns(c, "keys");
	for (i = 0; i < p->keys.n; i++)
		p->columns.v[p->keys.v[i]].is_key = true;
}

static void
require_keys(const struct option_context *c)
{
	if (c->pipeline->keys.n == 0)
		place_problem(c->arena, c->plan, c->problems, P_KEY_MISSING,
		    c->pipeline->row, FIELD_TARGET_TABLE,
		    "%s has no key column.", c->pipeline->target->name);
}

/* Without a key a row is told by all its columns, which Spark must compare in
 * one join condition. */
static void
check_identity(const struct option_context *c)
{
	size_t compared = 0;
	size_t i;

	for (i = 0; i < c->pipeline->columns.n; i++)
		compared += c->pipeline->columns.v[i].is_volatile ? 0 : 1;
	if (c->pipeline->keys.n == 0 && compared > IDENTITY_MAX)
		place_problem(c->arena, c->plan, c->problems, P_IDENTITY_WIDE,
		    c->pipeline->row, FIELD_TARGET_TABLE,
		    "%s has no key, and %zu columns are "
		    "too many to compare.",
		    c->pipeline->target->name, compared);
}

/* Of two columns with the role none is it. */
static void
refuse_two(const struct option_context *c, enum mapping_role role,
    enum err_code code, const char *title)
{
	const struct plan_pipeline *p = c->pipeline;
	size_t count = 0;
	size_t i;

	for (i = 0; i < p->columns.n; i++) {
		if (p->columns.v[i].role == role && ++count == 2)
			place_problem(c->arena, c->plan, c->problems, code,
			    p->columns.v[i].row, FIELD_ROLE,
			    "%s has two %s columns.", p->target->name, title);
	}
}

static void
apply_incremental(const struct option_context *c)
{
	struct plan_pipeline *p = c->pipeline;

	bool named = !str_empty(option_value(c, "watermark"));

	take_keys(c);
	refuse_two(c, ROLE_WATERMARK, P_WATERMARK_TWICE, "watermark");
	p->watermark = option_take_column(c, "watermark");
	if (!named)
		place_problem(c->arena, c->plan, c->problems,
		    P_WATERMARK_MISSING, p->row, FIELD_TARGET_TABLE,
		    "%s has no watermark column.", p->target->name);
	check_identity(c);
	p->late_rows = (enum late_policy)option_take_choice(c, "late_rows");
	p->null_watermark = (enum null_policy)option_take_choice(c,
	    "null_watermark");
}

static void
require_column(const struct option_context *c, const char *option,
    enum err_code code, const char *title)
{
	if (pattern_option(c->plan->pattern, option)->is_required &&
	    str_empty(option_value(c, option)))
		place_problem(c->arena, c->plan, c->problems, code,
		    c->pipeline->row, FIELD_TARGET_TABLE, "%s has no %s.",
		    c->pipeline->target->name, title);
}

/* The flag says nothing else besides. */
static void
take_deleted(const struct option_context *c)
{
	struct plan_pipeline *p = c->pipeline;
	const struct plan_column *column;

	p->deleted = option_take_column(c, "deleted");
	if (p->deleted < 0)
		return;
	column = &p->columns.v[p->deleted];
	if (column->is_key || p->deleted == p->order_by)
		place_problem(c->arena, c->plan, c->problems, P_OPTION_VALUE,
		    column->row, FIELD_TARGET_COLUMN,
		    "%s marks deletions and is a key or orders rows, too.",
		    column->name)
		    ->fix = "Let a column of its own mark deletions.";
}

static void
apply_merge(const struct option_context *c)
{
	struct plan_pipeline *p = c->pipeline;
	size_t before = c->problems->errors;

	take_keys(c);
	if (c->problems->errors == before)
		require_keys(c);
	require_column(c, "order_by", P_SEQUENCE_MISSING, "sequence column");
	require_column(c, "deleted", P_DELETED_MISSING, "deletion flag");
	refuse_two(c, ROLE_SEQUENCE, P_SEQUENCE_TWICE, "sequence");
	p->order_by = option_take_column(c, "order_by");
	take_deleted(c);
	/* A row that is marked is updated as any other is. */
	if (option_take_choice(c, "deletions") == 1) {
		p->marked = p->deleted;
		p->deleted = -1;
	}
	p->vanished = (enum vanished_policy)option_take_choice(c, "vanished");
	p->ignore_nulls = option_take_boolean(c, "ignore_nulls");
}

static void
take_history(const struct option_context *c)
{
	static const char *const options[] = {
	    "valid_from", "valid_to", "is_current", "surrogate_key"};
	const char *name[COUNT_OF(options)];
	size_t i;
	size_t j;

	for (i = 0; i < COUNT_OF(options); i++) {
		name[i] = option_take_name(c, options[i]);
		if (name[i][0] == '\0' && i < 3)
			problem_add(c->problems, c->arena, P_OPTION_VALUE, 0,
			    -1, "The option %s is empty.", options[i])
			    ->fix = "Write the name of the column.";
		for (j = 0; j < i; j++) {
			if (name[i][0] != '\0' && str_ieq(name[i], name[j]))
				problem_add(c->problems, c->arena, P_NAME_TAKEN,
				    0, -1,
				    "The options %s and %s add the same "
				    "column %s.",
				    options[j], options[i], name[i]);
		}
	}
	c->pipeline->history = (struct plan_history){
	    name[0], name[1], name[2], name[3]};
}

/* Tracked are the columns named; where none is, all that the sheet does not
 * say to be untracked. */
static void
settle_tracked(const struct option_context *c)
{
	struct plan_pipeline *p = c->pipeline;
	struct plan_indices named = option_take_columns(c, "tracked");
	size_t i;

	for (i = 0; i < named.n; i++)
		p->columns.v[named.v[i]].is_tracked = true;
	for (i = 0; i < p->columns.n; i++) {
		struct plan_column *column = &p->columns.v[i];
		bool other = column->is_key || (int)i == p->order_by ||
		    (int)i == p->deleted;

		if (column->is_tracked && other)
			place_problem(c->arena, c->plan, c->problems, P_TRACKED,
			    column->row, FIELD_TARGET_COLUMN,
			    "%s is a key, the sequence or the deletion flag, "
			    "so it cannot be tracked.",
			    column->name);
		column->is_tracked = named.n > 0 ? column->is_tracked
		                                 : !other &&
		        !column->is_volatile && column->role != ROLE_UNTRACKED;
	}
	for (i = 0; i < p->columns.n && !p->columns.v[i].is_tracked; i++)
		;
	if (i == p->columns.n)
		place_problem(c->arena, c->plan, c->problems, P_TRACKED, p->row,
		    FIELD_TARGET_TABLE,
		    "%s has no column whose changes would be kept.",
		    p->target->name);
}

static void
apply_scd2(const struct option_context *c)
{
	struct plan_pipeline *p = c->pipeline;

	size_t before = c->problems->errors;

	take_keys(c);
	if (c->problems->errors == before)
		require_keys(c);
	if (str_empty(option_value(c, "order_by")))
		place_problem(c->arena, c->plan, c->problems,
		    P_SEQUENCE_MISSING, p->row, FIELD_TARGET_TABLE,
		    "%s has no sequence column.", p->target->name);
	refuse_two(c, ROLE_SEQUENCE, P_SEQUENCE_TWICE, "sequence");
	p->order_by = option_take_column(c, "order_by");
	take_deleted(c);
	if (c->problems->errors == before)
		settle_tracked(c);
	p->late_rows = (enum late_policy)option_take_choice(c, "late_rows");
	p->vanished = (enum vanished_policy)option_take_choice(c, "vanished");
	take_history(c);
}

/* Does a history add a column of that name? */
static bool
adds_name(const struct plan_pipeline *p, const char *name)
{
	const char *const names[] = {p->history.valid_from, p->history.valid_to,
	    p->history.is_current, p->history.surrogate};
	size_t i;

	for (i = 0; i < COUNT_OF(names); i++) {
		if (names[i] && str_ieq(names[i], name))
			return true;
	}
	return false;
}

/* Columns that the code of a strategy works with; a target that has one of
 * its own would be understood wrongly. */
static void
check_reserved(const struct option_context *c)
{
	static const char *const reserved[STRATEGY__COUNT][20] = {
	    [STRATEGY_INCREMENTAL] = {"_occurrences", "_highest"},
	    [STRATEGY_MERGE] = {"_occurrences", "_rank", "_deleted"},
	    [STRATEGY_SCD2] = {"_occurrences", "_rank", "_at", "_deleted",
	        "_seen", "_tracked", "_opens", "_version", "_latest", "_from",
	        "_gone", "_to", "_sightings", "_obsolete", "_newest",
	        "_volatile", "_now"},
	};
	const char *const *name = reserved[c->plan->pattern->strategy];

	for (; *name; name++) {
		int index = option_find_column(c->pipeline, slice_of(*name));

		if (index >= 0)
			place_problem(c->arena, c->plan, c->problems,
			    P_NAME_TAKEN, c->pipeline->columns.v[index].row,
			    FIELD_TARGET_COLUMN,
			    "The code of this pattern has a column %s of "
			    "its own.",
			    *name);
		else if (adds_name(c->pipeline, *name))
			place_problem(c->arena, c->plan, c->problems,
			    P_NAME_TAKEN, c->pipeline->row, FIELD_TARGET_TABLE,
			    "The code of this pattern has a column %s of "
			    "its own, and an option names another one so.",
			    *name);
	}
}

void
options_apply(struct arena *a, const struct plan *plan,
    const struct mapping_target *target, const struct plan_options *options,
    struct plan_pipeline *pipeline, struct problems *problems)
{
	const struct option_context c = {
	    a, plan, target, options, pipeline, problems};

	options_check_closed(a, plan, target, options, pipeline->id, problems);
	options_add_columns(&c);
	switch (plan->pattern->strategy) {
	case STRATEGY_FULL_LOAD:
		pipeline->overwrite_schema = option_take_boolean(&c,
		    "overwrite_schema");
		break;
	case STRATEGY_INCREMENTAL:
		apply_incremental(&c);
		break;
	case STRATEGY_MERGE:
		apply_merge(&c);
		break;
	case STRATEGY_SCD2:
		apply_scd2(&c);
		break;
	case STRATEGY_PROMPT:
	case STRATEGY__COUNT:
		break;
	}
	if (plan->pattern->strategy != STRATEGY_FULL_LOAD)
		pipeline->add_columns = option_take_boolean(&c, "add_columns");
	options_apply_common(&c);
	check_reserved(&c);
}
