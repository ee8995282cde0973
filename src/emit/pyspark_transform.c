#include "base/base.h"

#include "emit/pyspark_parts.h"

#include "expr/expr.h"

static const char *
expr_call(struct arena *a, const char *sql)
{
	return arena_printf(a, "F.expr(%s)", python_string(a, sql));
}

/* head, the text as string literals below each other, tail */
static void
put_pieces(struct python *py, int level, const char *head, const char *text,
    const char *tail)
{
	struct python_pieces pieces = {0};
	size_t i;

	python_split(py->arena, text,
	    (size_t)PYTHON_WIDTH - ((size_t)level + 1) * 4, &pieces);
	python_line(py, level, "%s", head);
	for (i = 0; i < pieces.n; i++)
		python_line(py, level + 1, "%s", pieces.v[i]);
	python_line(py, level, "%s", tail);
}

/* What the column is computed from, on one line; without its default. */
static const char *
plain_value(struct arena *a, const struct plan_column *c)
{
	if (c->copy)
		return arena_printf(a, "F.col(%s)", python_string(a, c->copy));
	return expr_call(a, c->expression);
}

static const char *
cast_call(struct arena *a, const struct plan_column *c)
{
	if (!c->type)
		return "";
	return arena_printf(a, ".cast(%s)", python_string(a, c->type));
}

/* Value and default are cast each: coalesce() of a text and a number would
 * make both numbers of Spark's choice, and fail where ANSI mode is on. */
static const char *
value_line(struct arena *a, const struct plan_column *c)
{
	const char *value = plain_value(a, c);
	const char *cast = cast_call(a, c);

	if (!c->fallback)
		return value;
	return arena_printf(a, "F.coalesce(%s%s, %s%s)", value, cast,
	    expr_call(a, c->fallback), cast);
}

static void
put_sql(struct python *py, int level, const char *line, const char *sql,
    const char *tail)
{
	line = arena_printf(py->arena, "%s%s", line, tail);
	if (!sql || python_fits(level, line))
		python_line(py, level, "%s", line);
	else
		put_pieces(py, level, "F.expr(", sql,
		    arena_printf(py->arena, ")%s", tail));
}

/* The value in as many lines as it takes, tail behind the last. */
static void
put_value(struct python *py, int level, const struct plan_column *c,
    const char *tail)
{
	struct arena *a = py->arena;
	const char *line = arena_printf(a, "%s%s", value_line(a, c), tail);

	if (python_fits(level, line)) {
		python_line(py, level, "%s", line);
	} else if (!c->fallback) {
		put_sql(py, level, plain_value(a, c), c->expression, tail);
	} else {
		python_line(py, level, "F.coalesce(");
		put_sql(py, level + 1, plain_value(a, c), c->expression,
		    arena_printf(a, "%s,", cast_call(a, c)));
		put_sql(py, level + 1, expr_call(a, c->fallback), c->fallback,
		    arena_printf(a, "%s,", cast_call(a, c)));
		python_line(py, level, ")%s", tail);
	}
}

static const char *
alias_call(struct arena *a, const struct plan_column *c)
{
	const char *name = python_string(a, c->name);

	if (!c->comment[0])
		return arena_printf(a, ".alias(%s)", name);
	return arena_printf(a, ".alias(%s, metadata={\"comment\": %s})", name,
	    python_string(a, c->comment));
}

/* What stands in alias( … ), with the comment in pieces where it must be. */
static void
put_alias_arguments(struct python *py, int level, const struct plan_column *c)
{
	struct arena *a = py->arena;
	const char *name = python_string(a, c->name);
	const char *inner = c->comment[0]
	    ? arena_printf(a, "%s, metadata={\"comment\": %s}", name,
	          python_string(a, c->comment))
	    : name;

	if (python_fits(level + 1, inner) || !c->comment[0]) {
		python_line(py, level + 1, "%s", inner);
	} else {
		python_line(py, level + 1, "%s,", name);
		python_line(py, level + 1, "metadata={");
		put_pieces(py, level + 2, "\"comment\": (", c->comment, ")");
		python_line(py, level + 1, "},");
	}
	python_line(py, level, "),");
}

/* head.alias(…) */
static void
put_alias(struct python *py, int level, const char *head,
    const struct plan_column *c)
{
	const char *line = arena_printf(py->arena, "%s%s,", head,
	    alias_call(py->arena, c));

	if (python_fits(level, line)) {
		python_line(py, level, "%s", line);
		return;
	}
	python_line(py, level, "%s.alias(", head);
	put_alias_arguments(py, level, c);
}

/* One column of the select. A chain of two calls and more stands one call a
 * line; a single call stays with its value. */
static void
put_column(struct python *py, int level, const struct plan_column *c)
{
	struct arena *a = py->arena;
	const char *value = value_line(a, c);
	const char *alias = alias_call(a, c);
	bool chained = c->type && !c->fallback;
	const char *cast = chained ? cast_call(a, c) : "";
	const char *line = arena_printf(a, "%s%s%s,", value, cast, alias);

	if (python_fits(level, line)) {
		python_line(py, level, "%s", line);
	} else if (!chained &&
	    python_fits(level, arena_printf(a, "%s.alias(", value))) {
		put_alias(py, level, value, c);
	} else if (!chained &&
	    python_fits(level, arena_printf(a, ")%s,", alias))) {
		put_value(py, level, c, arena_printf(a, "%s,", alias));
	} else if (!chained) {
		put_value(py, level, c, ".alias(");
		put_alias_arguments(py, level, c);
	} else {
		put_value(py, level, c, "");
		python_line(py, level, "%s", cast);
		put_alias(py, level, "", c);
	}
}

static const char *
aliased(struct arena *a, const struct plan_source *s)
{
	if (!s->alias_used)
		return s->id;
	return arena_printf(a, "%s.alias(%s)", s->id,
	    python_string(a, s->alias));
}

static void
put_join(struct python *py, const struct plan_source *s)
{
	static const char *const kinds[] = {
	    [JOIN_LEFT] = "left",
	    [JOIN_INNER] = "inner",
	    [JOIN_RIGHT] = "right",
	    [JOIN_FULL] = "full",
	};
	struct python_args args = {0};

	if (!s->on) {
		python_line(py, 2, ".crossJoin(%s)", aliased(py->arena, s));
		return;
	}
	if (!python_fits(3,
	        arena_printf(py->arena, "%s,", expr_call(py->arena, s->on)))) {
		python_line(py, 2, ".join(");
		python_line(py, 3, "%s,", aliased(py->arena, s));
		put_pieces(py, 3, "F.expr(", s->on, "),");
		python_line(py, 3, "\"%s\",", kinds[s->join]);
		python_line(py, 2, ")");
		return;
	}
	python_arg(py, &args, "%s", aliased(py->arena, s));
	python_arg(py, &args, "%s", expr_call(py->arena, s->on));
	python_arg(py, &args, "\"%s\"", kinds[s->join]);
	python_call(py, 2, ".join(", &args, ")");
}

/* head.where("…") */
static void
put_filter(struct python *py, const char *head, const char *filter)
{
	const char *line = arena_printf(py->arena, "%s.where(%s)", head,
	    python_string(py->arena, filter));

	if (python_fits(2, line))
		python_line(py, 2, "%s", line);
	else
		put_pieces(py, 2, arena_printf(py->arena, "%s.where(", head),
		    filter, ")");
}

static void
put_signature(struct python *py, const struct plan_pipeline *p)
{
	struct python_args args = {0};
	struct buf names;
	size_t i;

	buf_init(&names, py->arena, 60);
	for (i = 0; i < p->sources.n; i++) {
		python_arg(py, &args, "%s: DataFrame", p->sources.v[i].id);
		buf_printf(&names, "%s%s",
		    i == 0                      ? ""
		        : i + 1 == p->sources.n ? " and "
		                                : ", ",
		    p->sources.v[i].id);
	}
	python_call(py, 0, arena_printf(py->arena, "def transform_%s(", p->id),
	    &args, ") -> DataFrame:");
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
	python_line(py, 0, "def columns_%s_%zu() -> list[Column]:", p->id,
	    part + 1);
	python_line(py, 1,
	    "\"\"\"Return the target columns %zu to %zu."
	    "\"\"\"",
	    first + 1, end);
	python_line(py, 1, "return [");
	for (i = first; i < end; i++)
		put_column(py, 2, &p->columns.v[i]);
	python_line(py, 1, "]");
	python_line(py, 0, "%s", "");
	python_line(py, 0, "%s", "");
}

/* head.select(…) */
static void
put_select(struct python *py, int level, const char *head,
    const struct plan_pipeline *p)
{
	struct python_args calls = {0};
	size_t parts = count_parts(p);
	size_t i;

	head = arena_printf(py->arena, "%s.select(", head);
	if (parts > 1) {
		for (i = 0; i < parts; i++)
			python_arg(py, &calls, "*columns_%s_%zu()", p->id,
			    i + 1);
		python_call(py, level, head, &calls, ")");
		return;
	}
	python_line(py, level, "%s", head);
	for (i = 0; i < p->columns.n; i++)
		put_column(py, level + 1, &p->columns.v[i]);
	python_line(py, level, ")");
}

/* Everything up to the select, one call a line. */
static void
put_chain(struct python *py, const struct plan_pipeline *p)
{
	const struct plan_source *first = &p->sources.v[0];
	/* The first call stays with the name it is called on. */
	bool attach = !first->alias_used && p->sources.n == 1;
	size_t i;

	if (!attach)
		python_line(py, 2, "%s", aliased(py->arena, first));
	for (i = 1; i < p->sources.n; i++)
		put_join(py, &p->sources.v[i]);
	for (i = 0; i < p->filters.n; i++)
		put_filter(py, attach && i == 0 ? first->id : "",
		    p->filters.v[i]);
}

void
pyspark_transform(struct python *py, const struct plan_pipeline *p)
{
	const struct plan_source *first = &p->sources.v[0];
	size_t calls = p->sources.n - 1 + p->filters.n +
	    (first->alias_used ? 1 : 0);
	const char *head = aliased(py->arena, first);
	bool chained = calls > 1;
	size_t i;

	if (p->filters.n == 1 && calls == 1) {
		head = arena_printf(py->arena, "%s.where(%s)", first->id,
		    python_string(py->arena, p->filters.v[0]));
		chained = !python_fits(1,
		    arena_printf(py->arena, "return %s.select(", head));
	} else if (p->sources.n > 1) {
		chained = true;
	}
	for (i = 0; count_parts(p) > 1 && i < count_parts(p); i++)
		put_part(py, p, i);
	put_signature(py, p);
	if (!chained) {
		put_select(py, 1, arena_printf(py->arena, "return %s", head),
		    p);
		return;
	}
	python_line(py, 1, "return (");
	put_chain(py, p);
	put_select(py, 2, "", p);
	python_line(py, 1, ")");
}
