#include "base/base.h"

#include "emit/scala_parts.h"

/* Names of columns in one method. */
#define NAMES_MAX 2000

const char *
scala_read(struct scala *s, const struct table_ref *table,
    const char *parameter)
{
	struct arena *a = s->arena;
	const char *from = scala_value(a, parameter);

	if (table->kind == TABLE_NAME)
		return arena_printf(a, "spark.table(%s)", from);
	return arena_printf(a, "spark.read.format(%s)%s.load(%s)",
	    scala_string(a, table->format),
	    str_eq(table->format, "csv") ? ".option(\"header\", \"true\")" : "",
	    from);
}

static size_t
count_needs(const struct plan_pipeline *p)
{
	size_t n = 0;
	size_t i;

	for (i = 0; i < p->sources.n; i++)
		n += p->sources.v[i].needs.n;
	return n;
}

/* Names in functions of their own where there are many. */
static const char *
put_names(struct scala *s, size_t source)
{
	const struct plan_source *from = &s->p->sources.v[source];
	struct scala_elements names = {0};
	size_t i;

	for (i = 0; i < from->needs.n; i++)
		scala_add_element(s, &names, 0,
		    scala_string(s->arena, from->needs.v[i]));
	return scala_put_parts(s,
	    arena_printf(s->arena, "namesOf%s_%zu", s->id, source + 1),
	    "String", &names, count_needs(s->p) > NAMES_MAX ? 0 : NAMES_MAX);
}

/* The source with the columns that the sheet names, and how it is called.
 * many: the functions that have their names, or NULL. */
static void
put_source(struct scala *s, int level, size_t source, const char *many,
    const char *end)
{
	const struct plan_source *from = &s->p->sources.v[source];
	struct arena *a = s->arena;
	const char *table = scala_read(s, from->table, from->widget);
	const char *parameter = scala_value(a, from->widget);
	struct python_pieces names = {0};
	int64_t first = python_line_number(&s->out);
	const char *after;
	size_t i;

	after = !from->alias_used
	    ? end
	    : arena_printf(a, ".as(%s)%s", scala_string(a, from->alias), end);
	for (i = 0; i < from->needs.n; i++)
		python_add_piece(a, &names, "%s",
		    scala_string(a, from->needs.v[i]));
	if (names.n == 0)
		SCALA_LINE(s, level, "%s%s", table, after);
	else if (many)
		SCALA_LINE(s, level, "requireColumns(%s, %s, %s)%s", table,
		    parameter, many, after);
	else
		scala_put_list(s, level,
		    arena_printf(a, "requireColumns(%s, %s, Seq(", table,
		        parameter),
		    &names, arena_printf(a, "))%s", after));
	python_mark(&s->out, first, from->row);
}

static void
put_join(struct scala *s, size_t source, const char *many)
{
	static const char *const kinds[] = {
	    [JOIN_LEFT] = "left",
	    [JOIN_INNER] = "inner",
	    [JOIN_RIGHT] = "right",
	    [JOIN_FULL] = "full",
	};
	const struct plan_source *from = &s->p->sources.v[source];
	int64_t first = python_line_number(&s->out);

	SCALA_LINE(s, 2, "%s", from->on ? ".join(" : ".crossJoin(");
	put_source(s, 3, source, many, from->on ? "," : "");
	if (from->on) {
		SCALA_LINE(s, 3, "expr(%s),", scala_string(s->arena, from->on));
		SCALA_LINE(s, 3, "\"%s\"", kinds[from->join]);
	}
	SCALA_LINE(s, 2, ")");
	python_mark(&s->out, first, from->row);
}

/* A run without a batch gets one, so that a parameter is never empty. */
static const char *
column_of(struct scala *s, const struct plan_column *c)
{
	struct arena *a = s->arena;
	const char *value = c->parameter
	    ? arena_printf(a, "lit(%s)", scala_value(a, c->parameter))
	    : arena_printf(a, "expr(%s)",
	          scala_string(a, plan_column_sql(a, c, "")));

	if (!c->comment[0])
		return arena_printf(a, "%s.as(%s)", value,
		    scala_string(a, c->name));
	return arena_printf(a, "%s.as(%s, comment(%s))", value,
	    scala_string(a, c->name), scala_string(a, c->comment));
}

void
scala_transform(struct scala *s)
{
	const struct plan_pipeline *p = s->p;
	struct scala_elements columns = {0};
	const char **names = arena_array(s->arena, const char *, p->sources.n);
	const char *many;
	size_t i;

	for (i = 0; i < p->columns.n; i++)
		scala_add_element(s, &columns, p->columns.v[i].row,
		    column_of(s, &p->columns.v[i]));
	many = scala_put_parts(s, arena_printf(s->arena, "columnsOf%s", s->id),
	    "Column", &columns, SCALA_AT_ONCE);
	for (i = 0; i < p->sources.n; i++)
		names[i] = put_names(s, i);
	SCALA_LINE(s, 0, "/** Build the target rows from the sources. */");
	SCALA_LINE(s, 0, "def transform%s(): DataFrame =", s->id);
	put_source(s, 1, 0, names[0], "");
	for (i = 1; i < p->sources.n; i++)
		put_join(s, i, names[i]);
	for (i = 0; i < p->filters.n; i++)
		SCALA_LINE(s, 2, ".where(%s)",
		    scala_string(s->arena, p->filters.v[i]));
	if (many) {
		SCALA_LINE(s, 2, ".select(%s: _*)", many);
		return;
	}
	SCALA_LINE(s, 2, ".select(");
	scala_put_elements(s, 3, &columns);
	SCALA_LINE(s, 2, ")");
}
