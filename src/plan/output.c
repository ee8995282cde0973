#include "base/base.h"

#include "plan/output.h"

#include "expr/expr.h"
#include "plan/place.h"

#include <string.h>

static const char *const names[OUTPUT__COUNT] = {
    [OUTPUT_NOTEBOOK] = "notebook",
    [OUTPUT_MODULE] = "module",
    [OUTPUT_LAKEFLOW] = "lakeflow",
    [OUTPUT_SQL] = "sql",
    [OUTPUT_SCALA] = "scala",
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

/* Reports that the output has no words for something. */
static void PRINTF(5, 6) refuse(const struct check *c, int64_t row,
    enum mapping_field field, const char *fix, const char *format, ...)
{
	static const char *const titles[OUTPUT__COUNT] = {
	    [OUTPUT_NOTEBOOK] = "A notebook",
	    [OUTPUT_MODULE] = "A module",
	    [OUTPUT_LAKEFLOW] = "A Lakeflow pipeline",
	    [OUTPUT_SQL] = "A SQL notebook",
	    [OUTPUT_SCALA] = "A Scala notebook",
	};
	const char *what;
	va_list ap;

	va_start(ap, format);
	what = arena_vprintf(c->arena, format, ap);
	va_end(ap);
	place_problem(c->arena, c->plan, c->problems, P_OUTPUT, row, field,
	    "%s cannot %s.", titles[c->plan->output], what)
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

/* The column that has the name of the batch, NULL if there is none. */
static const char *
batch_of(const struct plan_pipeline *p)
{
	size_t i;

	for (i = 0; i < p->columns.n; i++) {
		if (p->columns.v[i].parameter)
			return p->columns.v[i].name;
	}
	return NULL;
}

static void
check_common(const struct check *c)
{
	const struct plan_pipeline *p = c->pipeline;
	const char *batch = batch_of(p);

	if (p->target->kind == TABLE_PATH)
		refuse(c, p->row, FIELD_TARGET_TABLE, "Write to a table.",
		    "write to a path, as %s does", p->target->name);
	if (p->single_matches && p->sources.n > 1)
		refuse(c, p->row, FIELD_TARGET_TABLE,
		    "Choose allow in the option join_matches.",
		    "count what a join finds for %s", p->target->name);
	if (batch)
		refuse(c, 0, FIELD_TARGET_TABLE,
		    "Leave the option batch_id empty.",
		    "name its batches, as %s would", batch);
}

/* May people choose what the option is? */
static bool
is_open(const struct check *c, const char *option)
{
	return pattern_option(c->plan->pattern, option)->access == OPTION_OPEN;
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
		    is_open(c, "vanished")
		        ? "Choose keep in the option vanished."
		        : "Choose another output.",
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

/* Spark puts settings in the place of ${…} in all that it parses; literals are
 * written so that it does not (expr_rewrite). And lines of a notebook in SQL
 * mean something, so none of them begins in the sheet. */
static void
check_line(const struct check *c, int64_t row, enum mapping_field field,
    const char *text)
{
	static const char fix[] =
	    "Write another name, or a literal without the r.";

	if (!text || expr_one_line(c->arena, text))
		return;
	if (c->plan->output == OUTPUT_SQL)
		refuse(c, row, field, fix,
		    "have a $ or the end of a line in a name or a raw literal");
	else if (strstr(text, "${"))
		refuse(c, row, field, fix,
		    "have ${ in a name or a raw literal");
}

static void
check_lines(const struct check *c)
{
	const struct plan_pipeline *p = c->pipeline;
	const char *const added[] = {p->history.valid_from, p->history.valid_to,
	    p->history.is_current, p->history.surrogate};
	size_t i;

	for (i = 0; i < COUNT_OF(added); i++)
		check_line(c, p->row, FIELD_TARGET_TABLE,
		    added[i] ? expr_quote_name(c->arena, added[i]) : NULL);
	for (i = 0; i < p->sources.n; i++) {
		const struct plan_source *from = &p->sources.v[i];

		check_line(c, from->row, FIELD_JOIN, from->on);
		check_line(c, from->row, FIELD_ALIAS,
		    expr_quote_name(c->arena, from->alias));
	}
	for (i = 0; i < p->filters.n; i++)
		check_line(c, p->row, FIELD_FILTER, p->filters.v[i]);
	for (i = 0; i < p->rules.n; i++)
		check_line(c, p->rules.v[i].row, FIELD_RULE,
		    p->rules.v[i].condition);
	for (i = 0; i < p->columns.n; i++) {
		const struct plan_column *column = &p->columns.v[i];

		check_line(c, column->row, FIELD_SOURCE_COLUMN, column->copy);
		check_line(c, column->row, FIELD_TARGET_COLUMN,
		    expr_quote_name(c->arena, column->name));
		check_line(c, column->row, FIELD_DATA_TYPE, column->type);
		check_line(c, column->row, FIELD_TRANSFORMATION,
		    column->expression);
		check_line(c, column->row, FIELD_DEFAULT, column->fallback);
	}
}

/* Only tables have names that a parameter of SQL can be, and a name of one part
 * may be that of one of our own queries. */
static void
check_table(const struct check *c, int64_t row, enum mapping_field field,
    const struct table_ref *table)
{
	if (table->kind == TABLE_PATH)
		refuse(c, row, field, "Name a table.",
		    "name the path %s by a parameter", table->name);
	else if (!strchr(table->name, '.'))
		refuse(c, row, field,
		    arena_printf(c->arena, "Name its schema, too: default.%s.",
		        table->name),
		    "tell the table %s from queries of its own", table->name);
}

static void
check_tables(const struct check *c)
{
	const struct plan_pipeline *p = c->pipeline;
	size_t i;

	check_table(c, p->row, FIELD_TARGET_TABLE, p->target);
	for (i = 0; i < p->sources.n; i++)
		check_table(c, p->sources.v[i].row, FIELD_SOURCE_TABLE,
		    p->sources.v[i].table);
}

/* A new table has the columns of a query where a type is unknown, and those
 * have no comments. */
static void
check_comments(const struct check *c)
{
	const struct plan_pipeline *p = c->pipeline;
	const struct plan_column *untyped = NULL;
	bool commented = false;
	size_t i;

	if (c->plan->pattern->strategy == STRATEGY_FULL_LOAD &&
	    p->overwrite_schema)
		return;
	for (i = 0; i < p->columns.n; i++) {
		const struct plan_column *column = &p->columns.v[i];

		if (column->row > 0)
			commented = commented || column->comment[0] != '\0';
		if (column->row > 0 && !column->type && (int)i != p->deleted)
			untyped = column;
	}
	if (commented && untyped)
		refuse(c, untyped->row, FIELD_DATA_TYPE, "Say its data type.",
		    "give the columns of %s their comments while the type of "
		    "%s is unknown",
		    p->target->name, untyped->name);
}

static void
check_sql(const struct check *c)
{
	const struct plan_pipeline *p = c->pipeline;

	check_tables(c);
	check_comments(c);
	if (p->rules.n > 0 && p->broken_rules != RULES_REFUSE)
		refuse(c, p->rules.v[0].row, FIELD_RULE,
		    "Choose refuse in the option broken_rules.",
		    "load the rows that keep the rules and tell those that "
		    "break one");
	if (c->plan->pattern->strategy == STRATEGY_FULL_LOAD &&
	    p->clusters.n > 0)
		refuse(c, p->row, FIELD_TARGET_TABLE,
		    "Leave the option cluster_by empty.",
		    "replace the rows of %s and keep its clustering",
		    p->target->name);
	if (c->plan->pipelines.n > 1 && batch_of(p))
		refuse(c, p->row, FIELD_TARGET_TABLE,
		    "Leave the option batch_id empty.",
		    "give the batches of several targets one name");
	if (p->add_columns)
		refuse(c, p->row, FIELD_TARGET_TABLE,
		    "Choose no in the option add_columns.",
		    "add the columns that %s lacks", p->target->name);
	if (c->plan->pattern->strategy == STRATEGY_SCD2 &&
	    p->vanished == VANISHED_END && p->order_by >= 0 &&
	    !p->columns.v[p->order_by].type)
		refuse(c, p->columns.v[p->order_by].row, FIELD_DATA_TYPE,
		    "Say its data type.",
		    "end keys that vanished while the type of %s is unknown",
		    p->columns.v[p->order_by].name);
}

void
output_check(struct arena *a, const struct plan *plan,
    struct problems *problems)
{
	size_t i;

	for (i = 0; i < plan->pipelines.n; i++) {
		const struct check c = {
		    a, plan, &plan->pipelines.v[i], problems};

		check_lines(&c);
		if (plan->output == OUTPUT_LAKEFLOW)
			check_lakeflow(&c);
		else if (plan->output == OUTPUT_SQL)
			check_sql(&c);
	}
}
