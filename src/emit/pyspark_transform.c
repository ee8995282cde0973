#include "base/base.h"

#include "emit/pyspark_parts.h"

#include "expr/expr.h"

static struct python_node *
expr_call(struct arena *a, const char *sql)
{
	struct python_node *call = python_function(a, "F.expr");

	python_add_text(a, call, sql);
	return call;
}

/* What the column is computed from, without its default. */
static struct python_node *
plain_value(const struct python *py, const struct plan_column *c)
{
	struct arena *a = py->arena;
	struct python_node *call;

	if (c->parameter) {
		call = python_function(a, "F.lit");
		python_add_atom(a, call, pyspark_parameter(py, c->parameter));
		return call;
	}
	if (!c->copy)
		return expr_call(a, c->expression);
	call = python_function(a, "F.col");
	python_add_text(a, call, c->copy);
	return call;
}

static struct python_node *
cast(struct arena *a, const struct plan_column *c, struct python_node *value)
{
	struct python_node *call;

	if (!c->type)
		return value;
	call = python_method(a, value, "cast");
	python_add_text(a, call, c->type);
	return call;
}

/* NULL for an empty text. */
static struct python_node *
empty_as_null(struct arena *a, const struct plan_column *c,
    struct python_node *value)
{
	struct python_node *text = value;
	struct python_node *call;

	if (!c->type) {
		text = python_method(a, value, "cast");
		python_add_text(a, text, "string");
	}
	text = python_method(a, text, "eqNullSafe");
	python_add_text(a, text, "");
	call = python_function(a, "F.when");
	python_add(a, call, NULL, text);
	python_add_atom(a, call, "None");
	call = python_method(a, call, "otherwise");
	python_add(a, call, NULL, value);
	return call;
}

/* Value and default are cast each: coalesce() of a text and a number would
 * make both numbers of Spark's choice, and fail where ANSI mode is on. */
static struct python_node *
value_of(const struct python *py, const struct plan_column *c)
{
	struct arena *a = py->arena;
	struct python_node *value = cast(a, c, plain_value(py, c));
	struct python_node *call;

	if (c->fallback) {
		call = python_function(a, "F.coalesce");
		python_add(a, call, NULL, value);
		python_add(a, call, NULL,
		    cast(a, c, expr_call(a, c->fallback)));
		value = call;
	}
	return c->empty_is_null ? empty_as_null(a, c, value) : value;
}

/* One column of the select: its value under the target's name. */
static struct python_node *
column_of(const struct python *py, const struct plan_column *c)
{
	struct arena *a = py->arena;
	struct python_node *call = python_method(a, value_of(py, c), "alias");
	struct python_node *metadata;

	python_add_text(a, call, c->name);
	if (c->comment[0]) {
		metadata = python_dict(a);
		python_add(a, metadata,
		    "\"comment\": ", python_text(a, c->comment));
		python_add(a, call, "metadata=", metadata);
	}
	python_of_row(call, c->row);
	return call;
}

static struct python_node *
source_of(struct arena *a, const struct plan_source *s)
{
	struct python_node *name = python_atom(a, s->id);
	struct python_node *call;

	if (!s->alias_used)
		return name;
	call = python_method(a, name, "alias");
	python_add_text(a, call, s->alias);
	return call;
}

static struct python_node *
joined(struct arena *a, struct python_node *rows, const struct plan_source *s)
{
	static const char *const kinds[] = {
	    [JOIN_LEFT] = "left",
	    [JOIN_INNER] = "inner",
	    [JOIN_RIGHT] = "right",
	    [JOIN_FULL] = "full",
	};
	struct python_node *call;

	call = python_method(a, rows, s->on ? "join" : "crossJoin");
	python_add(a, call, NULL, source_of(a, s));
	if (s->on) {
		python_add(a, call, NULL, expr_call(a, s->on));
		python_add_text(a, call, kinds[s->join]);
	}
	python_of_row(call, s->row);
	return call;
}

static struct python_node *
filtered(struct arena *a, struct python_node *rows, const char *filter)
{
	struct python_node *call = python_method(a, rows, "where");

	python_add_text(a, call, filter);
	return call;
}

bool
pyspark_transform_takes_job(const struct plan_pipeline *p)
{
	size_t i;

	for (i = 0; i < p->columns.n; i++) {
		if (p->columns.v[i].parameter)
			return true;
	}
	return false;
}

static bool
takes_job(const struct python *py, const struct plan_pipeline *p)
{
	return py->is_module && pyspark_transform_takes_job(p);
}

static void
put_signature(struct python *py, const struct plan_pipeline *p)
{
	struct python_node *function = python_function(py->arena,
	    arena_printf(py->arena, "transform_%s", p->id));
	struct buf names;
	size_t i;

	buf_init(&names, py->arena, 60);
	for (i = 0; i < p->sources.n; i++) {
		python_add_atom(py->arena, function,
		    arena_printf(py->arena, "%s: DataFrame",
		        p->sources.v[i].id));
		buf_printf(&names, "%s%s",
		    i == 0                      ? ""
		        : i + 1 == p->sources.n ? " and "
		                                : ", ",
		    p->sources.v[i].id);
	}
	if (takes_job(py, p))
		python_add_atom(py->arena, function, "job: Job");
	python_put_def(py, function, "DataFrame");
	if (buf_full(&names))
		python_line(py, 1,
		    "\"\"\"Build the target rows from the "
		    "sources.\"\"\"");
	else
		python_line(py, 1,
		    "\"\"\"Build the target rows from %s."
		    "\"\"\"",
		    buf_str(&names));
}

/* The columns of a wide target stand in functions of this many: a statement
 * of thousands of lines is more than readers and parsers can take in. */
static size_t
count_parts(const struct plan_pipeline *p)
{
	if (p->columns.n <= PYSPARK_COLUMNS_AT_ONCE)
		return 1;
	return (p->columns.n + PYSPARK_COLUMNS_AT_ONCE - 1) /
	    PYSPARK_COLUMNS_AT_ONCE;
}

static void
put_part(struct python *py, const struct plan_pipeline *p, size_t part)
{
	size_t first = part * PYSPARK_COLUMNS_AT_ONCE;
	size_t end = first + PYSPARK_COLUMNS_AT_ONCE;
	size_t i;

	if (end > p->columns.n)
		end = p->columns.n;
	python_line(py, 0, "def columns_%s_%zu(%s) -> list[Column]:", p->id,
	    part + 1, takes_job(py, p) ? "job: Job" : "");
	python_line(py, 1,
	    "\"\"\"Return the target columns %zu to %zu."
	    "\"\"\"",
	    first + 1, end);
	python_line(py, 1, "return [");
	for (i = first; i < end; i++)
		python_put_element(py, 2, column_of(py, &p->columns.v[i]));
	python_line(py, 1, "]");
	python_line(py, 0, "%s", "");
	python_line(py, 0, "%s", "");
}

static struct python_node *
selected(struct python *py, struct python_node *rows,
    const struct plan_pipeline *p)
{
	struct arena *a = py->arena;
	struct python_node *call = python_method(a, rows, "select");
	size_t parts = count_parts(p);
	size_t i;

	for (i = 0; parts > 1 && i < parts; i++)
		python_add_atom(a, call,
		    arena_printf(a, "*columns_%s_%zu(%s)", p->id, i + 1,
		        takes_job(py, p) ? "job" : ""));
	for (i = 0; parts == 1 && i < p->columns.n; i++)
		python_add(a, call, NULL, column_of(py, &p->columns.v[i]));
	if (parts == 1)
		python_explode(call);
	return call;
}

void
pyspark_transform(struct python *py, const struct plan_pipeline *p)
{
	struct arena *a = py->arena;
	struct python_node *rows = source_of(a, &p->sources.v[0]);
	size_t i;

	for (i = 0; count_parts(p) > 1 && i < count_parts(p); i++)
		put_part(py, p, i);
	put_signature(py, p);
	for (i = 1; i < p->sources.n; i++)
		rows = joined(a, rows, &p->sources.v[i]);
	for (i = 0; i < p->filters.n; i++)
		rows = filtered(a, rows, p->filters.v[i]);
	python_put_statement(py, 1, "return ", selected(py, rows, p));
}
