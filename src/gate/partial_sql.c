#include "base/base.h"

#include "gate/partial_parts.h"

#include "base/buf.h"
#include "expr/lexer.h"
#include "gate/flow.h"

#include <string.h>

#define MAX_SQL ((size_t)256 * 1024)

static bool
is_kind(const struct lexed *l, size_t i, enum token_kind kind)
{
	return i < l->tokens.n && l->tokens.v[i].kind == kind;
}

/* :name stands there, rather than value:field. */
static bool
is_marker(const struct lexed *l, size_t i)
{
	return is_kind(l, i, TOKEN_COLON) && is_kind(l, i + 1, TOKEN_WORD) &&
	    l->tokens.v[i + 1].start == l->tokens.v[i].end &&
	    (i == 0 || l->tokens.v[i - 1].end < l->tokens.v[i].start ||
	        l->tokens.v[i - 1].kind == TOKEN_LPAREN ||
	        l->tokens.v[i - 1].kind == TOKEN_COMMA);
}

static struct slice
text_of(const char *text, const struct lexed *l, size_t i)
{
	const struct token *t = &l->tokens.v[i];

	return (struct slice){text + t->start, t->end - t->start};
}

/* What the dictionary has for a marker; NULL. */
static const struct py_node *
value_of(struct partial *r, struct known args, struct slice name)
{
	const struct py_node *found = NULL;
	size_t i;

	for (i = 0; i < args.node->n; i++) {
		const struct py_node *pair = args.node->child[i];
		struct known key = pair->kind == PY_PAIR && pair->n == 2
		    ? partial_known(r, pair->child[0], args.with)
		    : (struct known){0};

		if (!key.node || key.node->kind != PY_STRING)
			return NULL;
		if (slice_eq(name, slice_of(key.node->text)))
			found = pair->child[1];
	}
	return found;
}

/* catalog.schema.table */
static bool
is_name(const char *text)
{
	bool starts = true;

	for (; *text; text++) {
		if (*text == '.' && starts)
			return false;
		if (*text != '.' && *text != '_' && !chr_is_alnum(*text))
			return false;
		starts = *text == '.';
	}
	return !starts;
}

/* IDENTIFIER(:name): the name that the value surely is, but for a widget. */
static bool
put_name(struct partial *r, struct buf *b, const struct py_node *value)
{
	struct texts texts;

	flow_texts(r->p, value, &texts);
	if (texts.n != 1 || texts.unknown || texts.from_field ||
	    !is_name(texts.v[0]))
		return false;
	buf_add_str(b, texts.v[0]);
	return true;
}

/* A value is no SQL: whatever it is, it names no column. */
static void
put_value(struct buf *b, struct known value)
{
	const char *text = value.node && value.node->kind == PY_STRING
	    ? value.node->text
	    : "?";

	if (value.node && value.node->kind == PY_NUMBER) {
		buf_add_str(b, value.node->text);
		return;
	}
	buf_add_str(b, "'");
	for (; *text; text++) {
		if (*text == '\'' || *text == '\\')
			buf_add_str(b, "\\");
		buf_add_chr(b, *text);
	}
	buf_add_str(b, "'");
}

/* The tables that are handed on by name; false: or something else is. */
static bool
find_tables(const struct py_node *call, const struct py_node *text,
    const struct py_node *args, struct py_node *ret)
{
	size_t i;

	for (i = 1; i < call->n; i++) {
		struct py_node *n = call->child[i];
		const struct py_node *value = n->kind == PY_KEYWORD && n->n > 0
		    ? n->child[0]
		    : n;

		if (value == text || value == args)
			continue;
		if (n->kind != PY_KEYWORD || n->n == 0)
			return false;
		ret->child[ret->n++] = n;
	}
	return true;
}

/* FROM {name}, JOIN {name}, USING {name}: a table that the call is given. */
static bool
put_tables(struct buf *b, const char *text, const struct py_node *tables)
{
	static const char *const before[] = {"from", "join", "using"};
	const char *open;
	size_t i;

	for (; (open = strchr(text, '{')); text = strchr(open, '}') + 1) {
		size_t n = strcspn(open, "}");
		const char *word = open;
		size_t length = 0;

		while (word > text && chr_is_space(word[-1]))
			word--;
		while (word > text && chr_is_alnum(word[-1])) {
			word--;
			length++;
		}
		for (i = 0; i < COUNT_OF(before); i++) {
			if (slice_ieq((struct slice){word, length}, before[i]))
				break;
		}
		if (i == COUNT_OF(before) || open[n] != '}')
			return false;
		for (i = 0; i < tables->n; i++) {
			if (slice_eq((struct slice){open + 1, n - 1},
			        slice_of(tables->child[i]->text)))
				break;
		}
		if (i == tables->n)
			return false;
		buf_add(b, text, (size_t)(open - text));
		buf_add(b, open + 1, n - 1);
	}
	buf_add_str(b, text);
	return true;
}

/* :name, of what the dictionary has for it. */
static bool
put_values(struct partial *r, struct buf *b, const char *text,
    struct known args)
{
	struct lexed l = {0};
	size_t at = 0;
	size_t i;

	lexer_read(r->p->arena, slice_of(text), &l);
	if (l.tokens.n == 0 || l.tokens.v[l.tokens.n - 1].kind == TOKEN_BAD)
		return false;
	for (i = 0; i < l.tokens.n; i++) {
		bool named = is_kind(&l, i, TOKEN_WORD) &&
		    slice_ieq(text_of(text, &l, i), "identifier") &&
		    is_kind(&l, i + 1, TOKEN_LPAREN) && is_marker(&l, i + 2) &&
		    is_kind(&l, i + 4, TOKEN_RPAREN);
		size_t marker = named ? i + 2 : i;
		const struct py_node *value;

		if (!named && !is_marker(&l, i))
			continue;
		value = value_of(r, args, text_of(text, &l, marker + 1));
		if (!value || partial_calls(value))
			return false;
		buf_add(b, text + at, l.tokens.v[i].start - at);
		if (named && !put_name(r, b, value))
			return false;
		if (!named)
			put_value(b, partial_known(r, value, args.with));
		i = named ? i + 4 : i + 1;
		at = l.tokens.v[i].end;
	}
	buf_add_str(b, text + at);
	return true;
}

const char *
partial_sql(struct partial *r, const struct py_node *call,
    const struct stand_in *with, struct py_node *ret_tables)
{
	const struct py_node *arg = pytree_argument(call, 0, "sqlQuery");
	const struct py_node *given = pytree_argument(call, 1, "args");
	struct known text;
	struct known args = {0};
	struct buf tables;
	struct buf b;

	*ret_tables = *call;
	ret_tables->n = 0;
	ret_tables->child = arena_array(r->p->arena, struct py_node *, call->n);
	if (!str_eq(pytree_called(call), "sql") || !arg || call->n < 3 ||
	    call->child[0]->kind != PY_ATTRIBUTE ||
	    !find_tables(call, arg, given, ret_tables))
		return NULL;
	text = partial_known(r, arg, with);
	if (given)
		args = partial_known(r, given, with);
	if (!text.node || !partial_is_text(text.node) ||
	    (given && (!args.node || args.node->kind != PY_DICT)))
		return NULL;
	buf_init(&tables, r->p->arena, MAX_SQL);
	buf_init(&b, r->p->arena, MAX_SQL);
	if (!put_tables(&tables, text.node->text, ret_tables))
		return NULL;
	/* Nothing is left to do where the tables are in their places. */
	if (!given)
		return str_eq(buf_str(&tables), text.node->text)
		    ? NULL
		    : buf_str(&tables);
	return put_values(r, &b, buf_str(&tables), args) && !buf_full(&b)
	    ? buf_str(&b)
	    : NULL;
}
