#include "base/base.h"

#include "gate/selects.h"

#include "gate/sql.h"

#include <string.h>

#define MAX_DEPTH 20

bool
sql_is_end(const struct sql *s, size_t i)
{
	return i + 1 >= s->lexed.tokens.n;
}

const char *
sql_between(const struct sql *s, size_t from, size_t to)
{
	size_t start = sql_token(s, from)->start;

	return arena_strndup(s->program->arena, s->text + start,
	    sql_token(s, to - 1)->end - start);
}

size_t
sql_behind_name(const struct sql *s, size_t i)
{
	while (sql_kind(s, i + 1) == TOKEN_DOT)
		i += 2;
	return i + 1;
}

size_t
sql_next(const struct sql *s, size_t i)
{
	return sql_kind(s, i) == TOKEN_LPAREN ? sql_close(s, i) + 1 : i + 1;
}

size_t
sql_find(const struct sql *s, size_t i, const char *word)
{
	while (!sql_is_end(s, i) && sql_kind(s, i) != TOKEN_RPAREN &&
	    !sql_is(s, i, word))
		i = sql_next(s, i);
	return i;
}

/* A query in a text. */
struct query {
	struct program *p;
	const struct py_node *at;
	struct sql *s;
	size_t with;     /* the first name that WITH gives; 0: none */
	size_t at_token; /* where the query begins that is read */
	unsigned depth;
};

static const struct shape *shape_of(struct query *q, size_t i);

/* Where the query begins that WITH calls so; 0. */
static size_t
find_common(const struct query *q, const char *name)
{
	const struct sql *s = q->s;
	size_t i = q->with;

	while (i > 0 && sql_is(s, i + 1, "as") &&
	    sql_kind(s, i + 2) == TOKEN_LPAREN) {
		/* Those behind the query, or around it, it does not know. */
		if (sql_close(s, i + 2) >= q->at_token)
			break;
		if (str_ieq(sql_word(s, i), name))
			return i + 3;
		i = sql_close(s, i + 2) + 1;
		if (sql_kind(s, i) != TOKEN_COMMA)
			break;
		i++;
	}
	return 0;
}

/* CREATE TEMPORARY VIEW … AS query, of that name; NULL. */
static const struct shape *
view_of_sql(struct query *q, const struct py_node *call, const char *name)
{
	const char *text = str_eq(pytree_called(call), "sql") && call->n == 2 &&
	        call != q->at
	    ? flow_constant(q->p, call->child[1])
	    : NULL;
	struct query of = *q;
	struct sql s;
	size_t at;

	if (!text)
		return NULL;
	sql_read(q->p, call, text, &s);
	at = sql_view(&s);
	if (at == 0 || !str_ieq(sql_word(&s, at), name))
		return NULL;
	at = sql_find(&s, at, "as");
	of.s = &s;
	of.at = call;
	of.with = 0;
	return shape_of(&of, at + 1);
}

/* The rows of a temporary view, by whatever makes it; NULL. */
static const struct shape *
view_of(struct query *q, const char *name)
{
	struct program *p = q->p;
	const struct shape *found = NULL;
	const struct py_node *given = q->at->kind == PY_CALL && q->at->n > 2
	    ? pytree_argument(q->at, -1, name)
	    : NULL;
	size_t i;

	if (given)
		return shapes_of(p, given)->n == 1 ? shapes_of(p, given)->v[0]
		                                   : shape_unknown(p);
	for (i = 0; i < p->calls.n; i++) {
		const struct py_node *call = p->calls.v[i];
		const struct py_node *view = pytree_argument(call, 0, "name");
		const struct shape *made = view_of_sql(q, call, name);
		const char *text;

		if (made && found)
			return shape_unknown(p);
		if (made)
			found = made;
		if (!str_ends(pytree_called(call), "TempView") || !view ||
		    call->child[0]->kind != PY_ATTRIBUTE)
			continue;
		text = flow_constant(p, view);
		if (!text || !str_ieq(text, name))
			continue;
		/* Which of two it is, nobody knows. */
		if (found || shapes_of(p, call->child[0]->child[0])->n != 1)
			return shape_unknown(p);
		found = shapes_of(p, call->child[0]->child[0])->v[0];
	}
	return found;
}

/* simple: it has one part. Only such a name may be that of a view. */
static const struct shape *
named_table(struct query *q, const char *name, bool simple)
{
	struct program *p = q->p;
	enum table_use use = plan_table_use(p, name);
	size_t common = simple ? find_common(q, name) : 0;
	const struct shape *view;
	struct shape *table;

	if (simple && strchr(name, '.'))
		return shape_unknown(p);
	if (common > 0)
		return shape_of(q, common);
	view = simple ? view_of(q, name) : NULL;
	if (view)
		return view;
	table = arena_new(p->arena, struct shape);
	table->open = use != TABLE_UNKNOWN;
	table->target = table->own = (use & TABLE_WRITTEN) &&
	    !(use & TABLE_READ);
	table->unknown = !table->open;
	return table;
}

/* A table, view or query in brackets, and its alias. */
static const struct shape *
read_relation(struct query *q, size_t *i)
{
	static const char *const clauses[] = {"where", "join", "left", "right",
	    "inner", "full", "cross", "group", "having", "order", "limit",
	    "union", "lateral", "natural", "semi", "anti", "on", "using",
	    "when", "window", "qualify", "except", "intersect", "minus",
	    "tablesample", "pivot", "unpivot", "sort", "cluster", "distribute"};
	const struct sql *s = q->s;
	const struct shape *from;
	struct shape *to = arena_new(q->p->arena, struct shape);

	if (sql_kind(s, *i) == TOKEN_LPAREN) {
		from = shape_of(q, *i + 1);
		*i = sql_close(s, *i) + 1;
	} else {
		size_t end = sql_behind_name(s, *i);
		bool simple = end == *i + 1;
		const char *name = simple ? sql_word(s, *i)
		                          : sql_between(s, *i, end);

		from = named_table(q, name, simple);
		to->alias = sql_word(s, end - 1);
		*i = end;
	}
	*i += sql_is(s, *i, "as");
	*to = *from;
	if (sql_kind(s, *i) == TOKEN_QUOTED ||
	    (sql_kind(s, *i) == TOKEN_WORD &&
	        !STR_IS_IN(sql_word(s, *i), clauses)))
		to->alias = sql_word(s, (*i)++);
	else if (*i > 0 && sql_kind(s, *i - 1) != TOKEN_RPAREN)
		to->alias = sql_word(s, *i - 1);
	/* AS t (a, b) gives the columns other names. */
	if (sql_kind(s, *i) == TOKEN_LPAREN) {
		*i = sql_close(s, *i) + 1;
		return shape_unknown(q->p);
	}
	to->side[0] = to->side[1] = NULL;
	return to;
}

/* FROM a JOIN b ON … */
static const struct shape *
read_from(struct query *q, size_t i)
{
	static const char *const kinds[] = {
	    "left", "right", "full", "inner", "cross", "outer"};
	const struct sql *s = q->s;
	const struct shape *left = read_relation(q, &i);

	while (!sql_is_end(s, i) && sql_kind(s, i) != TOKEN_RPAREN) {
		bool few = false;
		struct shape *to;
		const struct shape *right;

		while (STR_IS_IN(sql_keyword(s, i), kinds))
			i++;
		if (sql_is(s, i, "semi") || sql_is(s, i, "anti")) {
			few = true;
			i++;
		}
		if (!sql_is(s, i, "join"))
			return sql_is(s, i, "union") ||
			        sql_kind(s, i) == TOKEN_COMMA ||
			        sql_is(s, i, "lateral") ||
			        sql_is(s, i, "natural") ||
			        sql_is(s, i, "pivot") || sql_is(s, i, "unpivot")
			    ? shape_unknown(q->p)
			    : left;
		i++;
		right = read_relation(q, &i);
		if (sql_is(s, i, "using"))
			return shape_unknown(q->p);
		if (sql_is(s, i, "on")) {
			while (!sql_is_end(s, i) &&
			    sql_kind(s, i) != TOKEN_RPAREN &&
			    !STR_IS_IN(sql_keyword(s, i), kinds) &&
			    !sql_is(s, i, "join") && !sql_is(s, i, "where") &&
			    !sql_is(s, i, "group") && !sql_is(s, i, "order") &&
			    !sql_is(s, i, "union") && !sql_is(s, i, "semi") &&
			    !sql_is(s, i, "anti") && !sql_is(s, i, "limit") &&
			    !sql_is(s, i, "qualify") &&
			    !sql_is(s, i, "having") &&
			    !sql_is(s, i, "lateral") && !sql_is(s, i, "window"))
				i = sql_next(s, i);
		}
		if (few)
			continue;
		to = shape_copy(q->p, left);
		to->alias = NULL;
		to->side[0] = left;
		to->side[1] = right;
		shape_put_all(q->p, to, right);
		left = to;
	}
	return left;
}

/* An item reads what another item before it is called, since the tables have
 * nothing of that name. */
static bool
reads_alias(const struct sql *s, const struct shape *items,
    const struct shape *from, size_t i, size_t end)
{
	for (; i < end; i++) {
		const char *name = sql_word(s, i);

		if (name[0] && sql_kind(s, i + 1) != TOKEN_LPAREN &&
		    !(i > 0 && sql_is(s, i - 1, "as")) && !from->open &&
		    !from->unknown && shape_find(items, name) &&
		    !shape_find(from, name))
			return true;
	}
	return false;
}

/* The columns between SELECT and FROM. */
static const struct shape *
read_select(struct query *q, size_t i)
{
	struct sql *s = q->s;
	struct shape *to = arena_new(q->p->arena, struct shape);
	size_t end = sql_find(s, i, "from");
	const struct shape *from;
	size_t tail;

	/* IS DISTINCT FROM */
	while (end > i && sql_is(s, end, "from") &&
	    sql_is(s, end - 1, "distinct") && end - 1 > i)
		end = sql_find(s, end + 1, "from");

	if (!sql_is(s, end, "from"))
		return shape_unknown(q->p);
	i += sql_is(s, i, "distinct") || sql_is(s, i, "all");
	from = read_from(q, end + 1);
	to->few = from->few;
	to->none = from->none;
	while (i < end) {
		size_t item = i;

		while (i < end && sql_kind(s, i) != TOKEN_COMMA)
			i = sql_next(s, i);
		if (i > item && reads_alias(s, to, from, item, i))
			return shape_unknown(q->p);
		if (i > item)
			shape_add_sql(q->p, to, from, q->at,
			    sql_between(s, item, i));
		i++;
	}
	for (tail = end;
	     !sql_is_end(s, tail) && sql_kind(s, tail) != TOKEN_RPAREN;
	     tail = sql_next(s, tail)) {
		if (sql_is(s, tail, "union") || sql_is(s, tail, "except") ||
		    sql_is(s, tail, "minus") || sql_is(s, tail, "intersect"))
			return shape_unknown(q->p);
		if (sql_is(s, tail, "limit"))
			to->few = q->at;
	}
	return to;
}

static const struct shape *
shape_of(struct query *q, size_t i)
{
	const struct shape *ret = shape_unknown(q->p);
	size_t outer = q->with;
	size_t outer_at = q->at_token;

	if (++q->depth < MAX_DEPTH && program_charge(q->p, 1)) {
		if (sql_is(q->s, i, "with")) {
			q->with = i + 1;
			for (i++; sql_is(q->s, i + 1, "as") &&
			     sql_kind(q->s, i + 2) == TOKEN_LPAREN;) {
				i = sql_close(q->s, i + 2) + 1;
				if (sql_kind(q->s, i) != TOKEN_COMMA)
					break;
				i++;
			}
		}
		q->at_token = i;
		if (sql_is(q->s, i, "select"))
			ret = read_select(q, i + 1);
	}
	q->depth--;
	q->with = outer;
	q->at_token = outer_at;
	return ret;
}

const struct shape *
sql_query_shape(struct program *p, const struct py_node *at, struct sql *s,
    size_t i)
{
	struct query q = {.p = p, .at = at, .s = s};

	return shape_of(&q, i);
}

const struct shape *
sql_relation_shape(struct program *p, const struct py_node *at, struct sql *s,
    size_t *i)
{
	struct query q = {.p = p, .at = at, .s = s};

	return read_relation(&q, i);
}
