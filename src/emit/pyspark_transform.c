#include "base/base.h"

#include "emit/pyspark_parts.h"

#include "expr/expr.h"

/* One value on its way into the select: `base` and the calls after it. */
struct chain {
	const char *base;              /* on one line */
	const char *text;              /* SQL text of F.expr(), NULL if none */
	struct python_args calls;      /* ".cast(…)", ".alias(…)" */
};

static const char *
expr_call(struct arena *a, const char *sql)
{
	return arena_printf(a, "F.expr(%s)", python_string(a, sql));
}

static const char *
value_of(struct arena *a, const struct plan_column *c)
{
	if (c->copy)
		return arena_printf(a, "F.col(%s)", python_string(a, c->copy));
	return expr_call(a, c->expression);
}

static void
make_chain(struct python *py, const struct plan_column *c, struct chain *ret)
{
	struct arena *a = py->arena;

	*ret = (struct chain){.base = value_of(a, c), .text = c->expression};
	if (c->fallback) {
		/* The cast comes last, so that a malformed value stays visible
		 * as NULL and is not taken for a missing one. */
		ret->base = arena_printf(a, "F.coalesce(%s, %s)", ret->base,
		    expr_call(a, c->fallback));
		ret->text = NULL;
	}
	if (c->type)
		python_arg(py, &ret->calls, ".cast(%s)",
		    python_string(a, c->type));
	if (c->comment[0])
		python_arg(py, &ret->calls,
		    ".alias(%s, metadata={\"comment\": %s})",
		    python_string(a, c->name), python_string(a, c->comment));
	else
		python_arg(py, &ret->calls, ".alias(%s)",
		    python_string(a, c->name));
}

/* F.expr( with its text in pieces ) */
static void
put_pieces(struct python *py, int level, const char *text, const char *tail)
{
	struct python_pieces pieces = {0};
	size_t i;

	python_split(py->arena, text,
	    (size_t)PYTHON_WIDTH - ((size_t)level + 1) * 4, &pieces);
	python_line(py, level, "F.expr(");
	for (i = 0; i < pieces.n; i++)
		python_line(py, level + 1, "%s", pieces.v[i]);
	python_line(py, level, ")%s", tail);
}

static bool
fits(int level, const char *text)
{
	return (size_t)level * 4 + utf8_length(slice_of(text)) + 1 <=
	    PYTHON_WIDTH;
}

/* .alias() with a comment too long for one line. */
static void
put_long_alias(struct python *py, int level, const struct plan_column *c)
{
	struct python_pieces pieces = {0};
	size_t i;

	python_split(py->arena, c->comment,
	    (size_t)PYTHON_WIDTH - ((size_t)level + 3) * 4, &pieces);
	python_line(py, level, ".alias(");
	python_line(py, level + 1, "%s,", python_string(py->arena, c->name));
	python_line(py, level + 1, "metadata={");
	python_line(py, level + 2, "\"comment\": (");
	for (i = 0; i < pieces.n; i++)
		python_line(py, level + 3, "%s", pieces.v[i]);
	python_line(py, level + 2, ")");
	python_line(py, level + 1, "},");
	python_line(py, level, "),");
}

static void
put_column(struct python *py, int level, const struct plan_column *c)
{
	struct chain chain;
	struct buf line;
	size_t i;

	make_chain(py, c, &chain);
	buf_init(&line, py->arena, PYTHON_WIDTH * 4);
	buf_add_str(&line, chain.base);
	for (i = 0; i < chain.calls.n; i++)
		buf_add_str(&line, chain.calls.v[i]);
	if (!buf_full(&line) && fits(level, buf_str(&line))) {
		python_line(py, level, "%s,", buf_str(&line));
		return;
	}
	if (chain.text && chain.calls.n == 1 && fits(level, chain.calls.v[0])) {
		put_pieces(py, level, chain.text,
		    arena_printf(py->arena, "%s,", chain.calls.v[0]));
		return;
	}
	if (chain.text && !fits(level, chain.base))
		put_pieces(py, level, chain.text, "");
	else
		python_line(py, level, "%s", chain.base);
	for (i = 0; i < chain.calls.n; i++) {
		bool last = i + 1 == chain.calls.n;

		if (last && c->comment[0] && !fits(level, chain.calls.v[i]))
			put_long_alias(py, level, c);
		else
			python_line(py, level, "%s%s", chain.calls.v[i],
			    last ? "," : "");
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
	python_arg(py, &args, "%s", aliased(py->arena, s));
	python_arg(py, &args, "%s", expr_call(py->arena, s->on));
	python_arg(py, &args, "\"%s\"", kinds[s->join]);
	python_call(py, 2, ".join(", &args, ")");
}

static void
put_filter(struct python *py, const char *filter)
{
	struct python_pieces pieces = {0};
	const char *line = arena_printf(py->arena, ".where(%s)",
	    python_string(py->arena, filter));
	size_t i;

	if (fits(2, line)) {
		python_line(py, 2, "%s", line);
		return;
	}
	python_split(py->arena, filter, (size_t)PYTHON_WIDTH - 12, &pieces);
	python_line(py, 2, ".where(");
	for (i = 0; i < pieces.n; i++)
		python_line(py, 3, "%s", pieces.v[i]);
	python_line(py, 2, ")");
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
		buf_printf(&names, "%s%s", i == 0 ? ""
		    : i + 1 == p->sources.n ? " and " : ", ",
		    p->sources.v[i].id);
	}
	python_call(py, 0, arena_printf(py->arena, "def transform_%s(", p->id),
	    &args, ") -> DataFrame:");
	if (buf_full(&names))
		python_line(py, 1, "\"\"\"Build the target rows from the "
		    "sources.\"\"\"");
	else
		python_line(py, 1, "\"\"\"Build the target rows from %s."
		    "\"\"\"", buf_str(&names));
}

void
pyspark_transform(struct python *py, const struct plan_pipeline *p)
{
	const char *first = aliased(py->arena, &p->sources.v[0]);
	bool chained = p->sources.n > 1 || p->filters.n > 0;
	int level = chained ? 2 : 1;
	size_t i;

	put_signature(py, p);
	if (chained) {
		python_line(py, 1, "return (");
		python_line(py, 2, "%s", first);
		for (i = 1; i < p->sources.n; i++)
			put_join(py, &p->sources.v[i]);
		for (i = 0; i < p->filters.n; i++)
			put_filter(py, p->filters.v[i]);
		python_line(py, 2, ".select(");
	} else {
		python_line(py, 1, "return %s.select(", first);
	}
	for (i = 0; i < p->columns.n; i++)
		put_column(py, level + 1, &p->columns.v[i]);
	python_line(py, level, ")");
	if (chained)
		python_line(py, 1, ")");
}
