#include "base/base.h"

#include "gate/columns.h"

#include "gate/sql.h"
#include "gate/sql_words.h"

#include <string.h>

/* The last token ends the text, or is none. */
static bool
is_end(const struct sql *s, size_t i)
{
	return i + 1 >= s->lexed.tokens.n;
}

/* The text of some tokens. */
static const char *
text_of(const struct sql *s, size_t from, size_t to)
{
	size_t start = sql_token(s, from)->start;

	return arena_strndup(s->program->arena, s->text + start,
	    sql_token(s, to - 1)->end - start);
}

/* Behind a.b.c */
static size_t
behind_name(const struct sql *s, size_t i)
{
	while (sql_kind(s, i + 1) == TOKEN_DOT)
		i += 2;
	return i + 1;
}

/* Where a word stands outside brackets; the end. */
static size_t
find_word(const struct sql *s, size_t i, const char *word)
{
	while (!is_end(s, i) && !sql_is(s, i, word))
		i = sql_kind(s, i) == TOKEN_LPAREN ? sql_close(s, i) + 1
		                                   : i + 1;
	return i;
}

/* What the statement reads: one table, or the view of another one. */
static const struct shape *
read_from(struct checking *c, const struct sql *s, size_t from)
{
	static const char *const clauses[] = {"where", "join", "left", "right",
	    "inner", "full", "cross", "group", "having", "order", "limit",
	    "union", "lateral", "natural", "semi", "anti"};
	struct program *p = c->p;
	struct shape *table = arena_new(p->arena, struct shape);
	size_t end = behind_name(s, from + 1);
	const char *name = text_of(s, from + 1, end);
	enum table_use use = plan_table_use(p, name);
	size_t i;

	for (i = 0; i < p->calls.n; i++) {
		const struct py_node *call = p->calls.v[i];
		const struct py_node *view = pytree_argument(call, 0, "name");
		const char *text;

		if (!str_ends(pytree_called(call), "TempView") || !view ||
		    call->child[0]->kind != PY_ATTRIBUTE)
			continue;
		text = flow_constant(p, view);
		if (text && str_ieq(text, name))
			return shapes_of(p, call->child[0]->child[0])->v[0];
	}
	table->open = use != TABLE_UNKNOWN;
	table->target = (use & TABLE_WRITTEN) && !(use & TABLE_READ);
	table->unknown = !table->open || !is_end(s, find_word(s, end, "join"));
	end += sql_is(s, end, "as");
	if (sql_kind(s, end) == TOKEN_WORD &&
	    !STR_IS_IN(sql_word(s, end), clauses))
		table->alias = sql_word(s, end);
	return table;
}

/* The columns between SELECT and FROM. */
static const struct shape *
selected(struct checking *c, const struct py_node *at, const struct sql *s,
    size_t i)
{
	struct shape *to = arena_new(c->p->arena, struct shape);
	size_t end = find_word(s, i, "from");
	const struct shape *from;

	if (is_end(s, end) || sql_is(s, i, "distinct")) {
		to->unknown = true;
		return to;
	}
	from = read_from(c, s, end);
	while (i < end) {
		size_t item = i;

		while (i < end && sql_kind(s, i) != TOKEN_COMMA)
			i = sql_kind(s, i) == TOKEN_LPAREN ? sql_close(s, i) + 1
			                                   : i + 1;
		if (i > item)
			shape_add_sql(c->p, to, from, at, text_of(s, item, i));
		i++;
	}
	return to;
}

bool
columns_check_insert(struct checking *c, const struct py_node *call,
    const char *text)
{
	struct shape names = {0};
	struct shapes rows = {0};
	const struct shape *list;
	struct sql s;
	size_t i = 2;
	bool by_name = false;

	sql_read(c->p, call, text, &s);
	if (!sql_is(&s, 0, "insert") ||
	    (!sql_is(&s, 1, "into") && !sql_is(&s, 1, "overwrite")))
		return false;
	i = behind_name(&s, i + sql_is(&s, i, "table"));
	if (sql_is(&s, i, "by") && str_eq(sql_word(&s, i + 1), "name")) {
		by_name = true;
		i += 2;
	}
	if (sql_kind(&s, i) == TOKEN_LPAREN) {
		size_t end = sql_close(&s, i);

		for (i++; i < end; i += 2)
			*LIST_ADD(c->p->arena, &names) = (struct made){
			    .name = sql_word(&s, i)};
		i = end + 1;
	}
	if (!sql_is(&s, i, "select"))
		return false;
	list = selected(c, call, &s, i + 1);
	if (names.n > 0)
		list = shape_united(c->p, &names, list);
	else if (!by_name)
		list = columns_by_place(c, list);
	*LIST_ADD(c->p->arena, &rows) = list;
	columns_check_rows(c, &rows, call, false);
	return true;
}

/* a = s.a: the column comes as it is, out of the other table. */
static bool
is_copy(const struct sql *s, size_t left, size_t equal, size_t end)
{
	bool qualified = equal > left + 1;

	return sql_kind(s, equal) == TOKEN_EQ && end > equal + 1 &&
	    behind_name(s, equal + 1) == end &&
	    str_ieq(sql_word(s, equal - 1), sql_word(s, end - 1)) &&
	    !(qualified && str_ieq(sql_word(s, left), sql_word(s, equal + 1)));
}

/* SET a = …, b = … */
static size_t
check_set(struct checking *c, const struct sql *s, size_t i)
{
	size_t k;

	while (!is_end(s, i) && !sql_is(s, i, "when") &&
	    sql_kind(s, i) != TOKEN_STAR) {
		size_t left = i;
		size_t equal = behind_name(s, i);

		for (i = equal; !is_end(s, i) &&
		     sql_kind(s, i) != TOKEN_COMMA && !sql_is(s, i, "when");)
			i = sql_kind(s, i) == TOKEN_LPAREN ? sql_close(s, i) + 1
			                                   : i + 1;
		for (k = 0; k < c->l->columns.n; k++) {
			if (str_ieq(c->l->columns.v[k].name,
			        sql_word(s, equal - 1)) &&
			    !is_copy(s, left, equal, i))
				c->unsure[k] = true;
		}
		i += sql_kind(s, i) == TOKEN_COMMA;
	}
	return i;
}

void
columns_check_sql_merge(struct checking *c, const struct py_node *call,
    const char *text)
{
	struct sql s;
	size_t on;
	size_t i;

	sql_read(c->p, call, text, &s);
	on = find_word(&s, 0, "on");
	i = find_word(&s, on, "when");
	if (is_end(&s, i))
		return;
	text = text_of(&s, on, i);
	while (!is_end(&s, i))
		i = sql_is(&s, i, "set") ? check_set(c, &s, i + 1) : i + 1;
	for (i = 0; i < c->l->columns.n; i++) {
		if (c->l->columns.v[i].is_key &&
		    !text_has_word(text, c->l->columns.v[i].name))
			program_say(c->p, G_UNSURE, call,
			    "Whether the merge compares the key %s cannot be "
			    "told.",
			    c->l->columns.v[i].name);
	}
}
