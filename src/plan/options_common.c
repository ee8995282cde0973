#include "base/base.h"

#include "plan/options_read.h"

#include <string.h>

/* Liquid clustering takes that many columns
 * (https://docs.databricks.com/aws/en/delta/clustering). */
#define CLUSTERS_MAX 4

/* A column of the run, not of the sheet. */
static void
add_column(const struct option_context *c, const char *option,
    const struct plan_column *column)
{
	const char *name = option_take_name(c, option);
	struct plan_column *added;

	if (name[0] == '\0')
		return;
	added = LIST_ADD(c->arena, &c->pipeline->columns);
	*added = *column;
	added->name = name;
	added->source = c->pipeline->sources.v[0].alias;
	added->is_volatile = true;
}

void
options_add_columns(const struct option_context *c)
{
	const struct plan_source *first = &c->pipeline->sources.v[0];
	const char *file = option_value(c, "source_file");
	struct plan_inputs metadata = {0};

	add_column(c, "loaded_at",
	    &(struct plan_column){.expression = "current_timestamp()",
	        .comment = "When the row was loaded"});
	add_column(c, "batch_id",
	    &(struct plan_column){.parameter = PLAN_BATCH_ID,
	        .comment = "The run that loaded the row"});
	if (!str_empty(file) && first->table->kind == TABLE_NAME) {
		place_problem(c->arena, c->plan, c->problems, P_SOURCE_FILE,
		    first->row, FIELD_SOURCE_TABLE,
		    "%s is a table, so its rows have no file of their own.",
		    first->table->name);
		return;
	}
	*LIST_ADD(c->arena, &metadata) = (struct plan_input){
	    0, "_metadata", INPUT_TRANSFORMATION};
	add_column(c, "source_file",
	    &(struct plan_column){.expression = c->pipeline->sources.n < 2
	            ? "_metadata.file_path"
	            : arena_printf(c->arena, "%s._metadata.file_path",
	                  expr_quote_name(c->arena, first->alias)),
	        .inputs = metadata,
	        .comment = "The file that the row was read from"});
	if (!str_empty(file) && c->pipeline->sources.n > 1)
		c->pipeline->sources.v[0].alias_used = true;
}

/* Columns that decide in which files rows are stored. */
static struct plan_indices
take_layout(const struct option_context *c, const char *option)
{
	struct plan_indices list = option_take_columns(c, option);
	const struct plan_pipeline *p = c->pipeline;
	size_t i;

	for (i = 0; i < list.n; i++) {
		const char *column = p->columns.v[list.v[i]].name;

		if ((int)list.v[i] == p->deleted)
			problem_add(c->problems, c->arena, P_OPTION_VALUE, 0,
			    -1, "%s marks deletions and is not written.",
			    column)
			    ->fix = "Name another column.";
		/* Delta takes the dot for a field of a struct. */
		if (strpbrk(column, ".`"))
			problem_add(c->problems, c->arena, P_OPTION_VALUE, 0,
			    -1,
			    "The option %s cannot name %s, which has a dot or "
			    "backtick in its name.",
			    option, column)
			    ->fix = "Rename it, or name another column.";
	}
	return list;
}

/* Delta stores the empty text of a partition column as NULL (PROTOCOL.md,
 * Partition Value Serialization: "an empty string for any type translates to a
 * null partition value"). */
static bool
may_be_empty(const struct plan_column *c)
{
	return !c->type || str_eq(c->type, "string") ||
	    str_starts(c->type, "char(") || str_starts(c->type, "varchar(");
}

static void
take_files(const struct option_context *c)
{
	struct plan_pipeline *p = c->pipeline;
	size_t i;

	p->partitions = take_layout(c, "partition_by");
	for (i = 0; i < p->partitions.n; i++) {
		struct plan_column *column = &p->columns.v[p->partitions.v[i]];

		column->empty_is_null = may_be_empty(column);
	}
	p->clusters = take_layout(c, "cluster_by");
	if (p->partitions.n == p->columns.n)
		problem_add(c->problems, c->arena, P_OPTION_VALUE, 0, -1,
		    "The option partition_by names all columns of %s.",
		    p->target->name)
		    ->fix = "Leave one that is no partition.";
	if (p->clusters.n > CLUSTERS_MAX)
		problem_add(c->problems, c->arena, P_OPTION_VALUE, 0, -1,
		    "The option cluster_by names %zu columns; Delta takes up "
		    "to %d.",
		    p->clusters.n, CLUSTERS_MAX)
		    ->fix = "Name those that queries filter by most.";
	if (p->partitions.n > 0 && p->clusters.n > 0)
		problem_add(c->problems, c->arena, P_OPTION_VALUE, 0, -1,
		    "%s cannot have partitions and clustering.",
		    p->target->name)
		    ->fix = "Leave partition_by or cluster_by empty.";
}

static const char *
keep_name(const struct expr_column *column UNUSED, void *data UNUSED)
{
	return NULL;
}

/* How messages name it: on one line, and short. */
static const char *
rule_name(struct arena *a, const struct mapping_rule *rule)
{
	char *text = arena_strdup(a, rule->text);
	size_t n = 0;
	size_t i;

	for (i = 0; text[i]; i++) {
		bool space = chr_is_space(text[i]);

		if (!space || (n > 0 && text[n - 1] != ' '))
			text[n++] = space ? ' ' : text[i];
	}
	text[n] = '\0';
	return arena_printf(a, "row %" PRId64 ": %s", rule->row,
	    utf8_cut(a, text, 60));
}

/* The columns of the target that a rule is about, each once. */
static struct plan_indices
columns_in(const struct option_context *c, const struct expr_parsed *condition)
{
	struct plan_indices list = {0};
	size_t i;
	size_t k;

	for (i = 0; i < condition->columns.n; i++) {
		const struct expr_column *used = &condition->columns.v[i];
		int index = option_find_column(c->pipeline,
		    slice_of(used->part[0]));

		for (k = 0; k < list.n && (int)list.v[k] != index; k++)
			;
		if (index >= 0 && k == list.n)
			*LIST_ADD(c->arena, &list) = (size_t)index;
	}
	return list;
}

static void
take_rules(const struct option_context *c)
{
	struct plan_pipeline *p = c->pipeline;
	size_t i;

	p->broken_rules = (enum rule_policy)option_take_choice(c,
	    "broken_rules");
	for (i = 0; i < c->target->rules.n; i++) {
		const struct mapping_rule *from = &c->target->rules.v[i];
		struct plan_rule *rule = LIST_ADD(c->arena, &p->rules);

		rule->name = rule_name(c->arena, from);
		rule->condition = expr_rewrite(c->arena, from->condition,
		    keep_name, NULL);
		rule->row = from->row;
		rule->is_window = from->condition->is_window;
		rule->reads = columns_in(c, from->condition);
	}
}

void
options_apply_common(const struct option_context *c)
{
	struct plan_pipeline *p = c->pipeline;

	take_files(c);
	take_rules(c);
	p->comment = slice_dup(c->arena,
	    slice_trim(slice_of(option_value(c, "table_comment"))));
	p->single_matches = option_take_choice(c, "join_matches") == 1;
}
