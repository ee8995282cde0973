#include "base/base.h"

#include "plan/options.h"

#include "base/buf.h"
#include "mapping/name.h"

/* Columns that a row may be told by. 600 compared columns were seen to work,
 * 2,000 to overflow Spark's stack. */
#define IDENTITY_MAX 200

#include <string.h>

/* What the applying functions need at hand. */
struct context {
	struct arena *arena;
	const struct plan *plan;
	const struct mapping_target *target;
	const struct plan_options *options;
	struct plan_pipeline *pipeline;
	struct problems *problems;
};

/* The part of "pipeline.name" behind the last dot. */
static const char *
plain_name(const char *name)
{
	const char *dot = strrchr(name, '.');

	return dot ? dot + 1 : name;
}

static const struct plan_pipeline *
find_pipeline(const struct plan *plan, struct slice id)
{
	size_t i;

	for (i = 0; i < plan->pipelines.n; i++) {
		if (slice_is(id, plan->pipelines.v[i].id))
			return &plan->pipelines.v[i];
	}
	return NULL;
}

static const char *
known_options(struct arena *a, const struct pattern *pattern)
{
	struct buf b;
	size_t i;

	buf_init(&b, a, 4096);
	for (i = 0; i < pattern->options.n; i++)
		buf_printf(&b, "%s%s", i ? ", " : "",
		    pattern->options.v[i].name);
	return buf_str(&b);
}

void
options_check(struct arena *a, const struct plan *plan,
    const struct plan_options *options, struct problems *problems)
{
	size_t i;

	for (i = 0; i < options->n; i++) {
		const char *name = options->v[i].name;
		const char *plain = plain_name(name);
		struct problem *p;

		if (plain != name &&
		    !find_pipeline(plan,
		        (struct slice){name, (size_t)(plain - name) - 1})) {
			problem_add(problems, a, P_OPTION_UNKNOWN, 0, -1,
			    "The option %s names no target of this sheet.",
			    name);
		} else if (!pattern_option(plan->pattern, plain)) {
			p = problem_add(problems, a, P_OPTION_UNKNOWN, 0, -1,
			    "The pattern %s has no option %s.",
			    plan->pattern->name, plain);
			p->fix = arena_printf(a, "Its options are: %s.",
			    known_options(a, plan->pattern));
		}
	}
}

const char *
plan_option_initial(struct arena *a, const struct option *option,
    const struct mapping_target *target)
{
	struct buf b;
	size_t i;

	if (option->role == ROLE_NONE)
		return option->initial;
	buf_init(&b, a, SHEET_MAX_BYTES);
	for (i = 0; i < target->rows.n; i++) {
		const struct mapping_row *row = &target->rows.v[i];

		if (row->role != option->role)
			continue;
		if (b.n > 0 && option->kind == OPTION_COLUMN)
			break;
		if (b.n > 0)
			buf_add_chr(&b, ',');
		buf_add_str(&b, row->target_column);
	}
	return b.n > 0 ? buf_str(&b) : option->initial;
}

static const char *
value_of(const struct context *c, const struct option *option)
{
	const char *plain = NULL;
	const char *own = NULL;
	size_t i;

	for (i = 0; i < c->options->n; i++) {
		const struct plan_option *o = &c->options->v[i];
		const char *name = plain_name(o->name);

		if (!str_eq(name, option->name))
			continue;
		if (name == o->name)
			plain = o->value;
		else if (slice_is((struct slice){o->name,
		                      (size_t)(name - o->name) - 1},
		             c->pipeline->id))
			own = o->value;
	}
	if (own)
		return own;
	return plain ? plain : plan_option_initial(c->arena, option, c->target);
}

static int
find_column(const struct plan_pipeline *p, struct slice name)
{
	size_t i;

	for (i = 0; i < p->columns.n; i++) {
		if (slice_ieq(name, p->columns.v[i].name))
			return (int)i;
	}
	return -1;
}

/* One more column named by an option; -1 and a problem if there is none. */
static int
take_column(const struct context *c, const struct option *option,
    struct slice name)
{
	int index = find_column(c->pipeline, name);
	const struct plan_column *column;
	struct problem *p;

	if (index < 0) {
		p = problem_add(c->problems, c->arena, P_COLUMN_UNKNOWN, 0, -1,
		    "The option %s names %.*s, which is no column of %s.",
		    option->name, (int)name.n, name.p,
		    c->pipeline->target->name);
		if (c->plan->pipelines.n > 1)
			p->fix = arena_printf(c->arena,
			    "For one target alone "
			    "write %s.%s=….",
			    c->pipeline->id, option->name);
		return -1;
	}
	column = &c->pipeline->columns.v[index];
	if (column->is_volatile) {
		problem_add(c->problems, c->arena, P_VOLATILE_KEY, column->row,
		    -1,
		    "%s is used as %s, but its value differs from run to "
		    "run.",
		    column->name, option->title);
		return -1;
	}
	return index;
}

static const struct option *
option_of(const struct context *c, const char *name)
{
	const struct option *o = pattern_option(c->plan->pattern, name);

	assert(o); /* core checks at start that a strategy has its options */
	return o;
}

static void
add_index(struct arena *a, struct plan_indices *list, size_t index)
{
	size_t i;

	for (i = 0; i < list->n; i++) {
		if (list->v[i] == index)
			return;
	}
	*LIST_ADD(a, list) = index;
}

/* The columns that an option names with commas between, each once. */
static struct plan_indices
take_columns(const struct context *c, const struct option *option)
{
	const char *rest = value_of(c, option);
	struct plan_indices list = {0};

	while (*rest) {
		size_t n = strcspn(rest, ",");
		struct slice name = slice_trim((struct slice){rest, n});
		int index = name.n > 0 ? take_column(c, option, name) : -1;

		if (index >= 0)
			add_index(c->arena, &list, (size_t)index);
		rest += n + (rest[n] == ',');
	}
	return list;
}

static void
take_keys(const struct context *c)
{
	struct plan_pipeline *p = c->pipeline;
	size_t i;

	p->keys = take_columns(c, option_of(c, "keys"));
	for (i = 0; i < p->keys.n; i++)
		p->columns.v[p->keys.v[i]].is_key = true;
}

static void
take_partitions(const struct context *c)
{
	struct plan_pipeline *p = c->pipeline;
	size_t i;

	p->partitions = take_columns(c, option_of(c, "partition_by"));
	for (i = 0; i < p->partitions.n; i++) {
		const char *column = p->columns.v[p->partitions.v[i]].name;

		if ((int)p->partitions.v[i] == p->deleted)
			problem_add(c->problems, c->arena, P_OPTION_VALUE, 0,
			    -1, "%s marks deletions and is not written.",
			    column)
			    ->fix = "Partition by another column.";
		/* Delta takes the dot for a field of a struct. */
		if (strpbrk(column, ".`"))
			problem_add(c->problems, c->arena, P_OPTION_VALUE, 0,
			    -1,
			    "Delta cannot partition by %s, which has a dot or "
			    "backtick in its name.",
			    column)
			    ->fix = "Rename it, or partition by another.";
	}
	if (p->partitions.n == p->columns.n)
		problem_add(c->problems, c->arena, P_OPTION_VALUE, 0, -1,
		    "The option partition_by names all columns of %s.",
		    p->target->name)
		    ->fix = "Leave one that is no partition.";
}

static int
take_one_column(const struct context *c, const struct option *option)
{
	struct slice name = slice_trim(slice_of(value_of(c, option)));

	return name.n == 0 ? -1 : take_column(c, option, name);
}

/* The position of the value among the choices; 0 and a problem if none. */
static size_t
take_choice(const struct context *c, const struct option *option)
{
	const char *value = value_of(c, option);
	struct buf known;
	size_t i;

	for (i = 0; i < option->choices.n; i++) {
		if (str_eq(option->choices.v[i].value, value))
			return i;
	}
	buf_init(&known, c->arena, 4096);
	for (i = 0; i < option->choices.n; i++)
		buf_printf(&known, "%s%s", i ? ", " : "",
		    option->choices.v[i].value);
	problem_add(c->problems, c->arena, P_OPTION_VALUE, 0, -1,
	    "%s cannot be %s.", option->name, value)
	    ->fix = arena_printf(c->arena, "Choose one of: %s.",
	    buf_str(&known));
	return 0;
}

static bool
take_boolean(const struct context *c, const struct option *option)
{
	const char *value = value_of(c, option);

	if (!str_eq(value, "true") && !str_eq(value, "false"))
		problem_add(c->problems, c->arena, P_OPTION_VALUE, 0, -1,
		    "%s is true or false, not %s.", option->name, value)
		    ->fix = "Write true or false.";
	return str_eq(value, "true");
}

static void
require_keys(const struct context *c)
{
	if (c->pipeline->keys.n == 0)
		problem_add(c->problems, c->arena, P_KEY_MISSING,
		    c->pipeline->row, -1, "%s has no key column.",
		    c->pipeline->target->name);
}

/* Without a key a row is told by all its columns, which Spark must compare in
 * one join condition. */
static void
check_identity(const struct context *c)
{
	size_t compared = 0;
	size_t i;

	for (i = 0; i < c->pipeline->columns.n; i++)
		compared += c->pipeline->columns.v[i].is_volatile ? 0 : 1;
	if (c->pipeline->keys.n == 0 && compared > IDENTITY_MAX)
		problem_add(c->problems, c->arena, P_IDENTITY_WIDE,
		    c->pipeline->row, -1,
		    "%s has no key, and %zu columns are "
		    "too many to compare.",
		    c->pipeline->target->name, compared);
}

static void
apply_incremental(const struct context *c)
{
	struct plan_pipeline *p = c->pipeline;
	const struct option *watermark = option_of(c, "watermark");
	bool named = !str_empty(value_of(c, watermark));
	size_t count = 0;
	size_t i;

	take_keys(c);
	for (i = 0; i < p->columns.n; i++) {
		if (p->columns.v[i].role == ROLE_WATERMARK && ++count == 2)
			problem_add(c->problems, c->arena, P_WATERMARK_TWICE,
			    p->columns.v[i].row, -1,
			    "%s has two watermark columns.", p->target->name);
	}
	p->watermark = take_one_column(c, watermark);
	if (!named)
		problem_add(c->problems, c->arena, P_WATERMARK_MISSING, p->row,
		    -1, "%s has no watermark column.", p->target->name);
	check_identity(c);
	p->late_rows = (enum late_policy)take_choice(c,
	    option_of(c, "late_rows"));
	p->null_watermark = (enum null_policy)take_choice(c,
	    option_of(c, "null_watermark"));
}

/* The flag is not written, so it can be nothing else besides. */
static void
take_deleted(const struct context *c)
{
	struct plan_pipeline *p = c->pipeline;
	const struct plan_column *column;

	p->deleted = take_one_column(c, option_of(c, "deleted"));
	if (p->deleted < 0)
		return;
	column = &p->columns.v[p->deleted];
	if (column->is_key || p->deleted == p->order_by)
		problem_add(c->problems, c->arena, P_OPTION_VALUE, column->row,
		    -1, "%s marks deletions and is a key or orders rows, too.",
		    column->name)
		    ->fix = "Let a column of its own mark deletions.";
}

static void
apply_merge(const struct context *c)
{
	struct plan_pipeline *p = c->pipeline;
	size_t before = c->problems->errors;

	take_keys(c);
	if (c->problems->errors == before)
		require_keys(c);
	p->order_by = take_one_column(c, option_of(c, "order_by"));
	take_deleted(c);
	p->vanished = (enum vanished_policy)take_choice(c,
	    option_of(c, "vanished"));
	p->ignore_nulls = take_boolean(c, option_of(c, "ignore_nulls"));
}

/* A column that the pattern adds: not one that the sheet has. */
static const char *
take_name(const struct context *c, const char *option)
{
	const char *value = value_of(c, option_of(c, option));
	const char *name = slice_dup(c->arena, slice_trim(slice_of(value)));

	if (name[0] != '\0' && !name_is_identifier(slice_of(name)))
		problem_add(c->problems, c->arena, P_OPTION_VALUE, 0, -1,
		    "The option %s cannot name a column %s.", option, name)
		    ->fix = "Use letters, digits and underscores.";
	if (find_column(c->pipeline, slice_of(name)) >= 0)
		problem_add(c->problems, c->arena, P_NAME_TAKEN,
		    c->pipeline->row, -1,
		    "%s has a column %s already, which the option %s adds.",
		    c->pipeline->target->name, name, option);
	return name;
}

static void
take_history(const struct context *c)
{
	static const char *const options[] = {
	    "valid_from", "valid_to", "is_current", "surrogate_key"};
	const char *name[COUNT_OF(options)];
	size_t i;
	size_t j;

	for (i = 0; i < COUNT_OF(options); i++) {
		name[i] = take_name(c, options[i]);
		if (name[i][0] == '\0' && i < 3)
			problem_add(c->problems, c->arena, P_OPTION_VALUE, 0,
			    -1, "The option %s is empty.", options[i])
			    ->fix = "Write the name of the column.";
		for (j = 0; j < i; j++) {
			if (name[i][0] != '\0' && str_ieq(name[i], name[j]))
				problem_add(c->problems, c->arena, P_NAME_TAKEN,
				    c->pipeline->row, -1,
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
settle_tracked(const struct context *c)
{
	struct plan_pipeline *p = c->pipeline;
	struct plan_indices named = take_columns(c, option_of(c, "tracked"));
	size_t i;

	for (i = 0; i < named.n; i++)
		p->columns.v[named.v[i]].is_tracked = true;
	for (i = 0; i < p->columns.n; i++) {
		struct plan_column *column = &p->columns.v[i];
		bool other = column->is_key || (int)i == p->order_by ||
		    (int)i == p->deleted;

		if (column->is_tracked && other)
			problem_add(c->problems, c->arena, P_TRACKED,
			    column->row, -1,
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
		problem_add(c->problems, c->arena, P_TRACKED, p->row, -1,
		    "%s has no column whose changes would be kept.",
		    p->target->name);
}

static void
apply_scd2(const struct context *c)
{
	struct plan_pipeline *p = c->pipeline;
	const struct option *sequence = option_of(c, "order_by");
	size_t before = c->problems->errors;

	take_keys(c);
	if (c->problems->errors == before)
		require_keys(c);
	if (str_empty(value_of(c, sequence)))
		problem_add(c->problems, c->arena, P_SEQUENCE_MISSING, p->row,
		    -1, "%s has no sequence column.", p->target->name);
	p->order_by = take_one_column(c, sequence);
	take_deleted(c);
	if (c->problems->errors == before)
		settle_tracked(c);
	p->late_rows = (enum late_policy)take_choice(c,
	    option_of(c, "late_rows"));
	p->vanished = (enum vanished_policy)take_choice(c,
	    option_of(c, "vanished"));
	take_history(c);
}

/* Columns that the code of a strategy works with; a target that has one of
 * its own would be understood wrongly. */
static void
check_reserved(const struct context *c)
{
	static const char *const reserved[STRATEGY__COUNT][16] = {
	    [STRATEGY_INCREMENTAL] = {"_occurrences"},
	    [STRATEGY_MERGE] = {"_occurrences", "_rank", "_deleted"},
	    [STRATEGY_SCD2] = {"_occurrences", "_rank", "_at", "_deleted",
	        "_seen", "_tracked", "_opens", "_version", "_latest", "_from",
	        "_gone", "_to", "_sightings", "_obsolete", "_newest"},
	};
	const char *const *name = reserved[c->plan->pattern->strategy];

	for (; *name; name++) {
		int index = find_column(c->pipeline, slice_of(*name));

		if (index >= 0)
			problem_add(c->problems, c->arena, P_NAME_TAKEN,
			    c->pipeline->columns.v[index].row, -1,
			    "The code of this pattern has a column %s of "
			    "its own.",
			    *name);
	}
}

void
options_apply(struct arena *a, const struct plan *plan,
    const struct mapping_target *target, const struct plan_options *options,
    struct plan_pipeline *pipeline, struct problems *problems)
{
	const struct context c = {a, plan, target, options, pipeline, problems};

	pipeline->watermark = -1;
	pipeline->order_by = -1;
	pipeline->deleted = -1;
	switch (plan->pattern->strategy) {
	case STRATEGY_FULL_LOAD:
		pipeline->overwrite_schema = take_boolean(&c,
		    option_of(&c, "overwrite_schema"));
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
	case STRATEGY__COUNT:
		break;
	}
	if (plan->pattern->strategy != STRATEGY_FULL_LOAD)
		pipeline->add_columns = take_boolean(&c,
		    option_of(&c, "add_columns"));
	take_partitions(&c);
	check_reserved(&c);
}
