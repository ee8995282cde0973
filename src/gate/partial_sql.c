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

const char *
partial_sql(struct partial *r, const struct py_node *call,
    const struct stand_in *with)
{
	const struct py_node *arg = pytree_argument(call, 0, "sqlQuery");
	const struct py_node *given = pytree_argument(call, 1, "args");
	struct lexed l = {0};
	struct known text;
	struct known args;
	struct buf b;
	size_t at = 0;
	size_t i;

	if (!str_eq(pytree_called(call), "sql") || !arg || !given ||
	    call->n != 3 || call->child[0]->kind != PY_ATTRIBUTE)
		return NULL;
	text = partial_known(r, arg, with);
	args = partial_known(r, given, with);
	if (!text.node || text.node->kind != PY_STRING || text.node->is_odd ||
	    !args.node || args.node->kind != PY_DICT)
		return NULL;
	lexer_read(r->p->arena, slice_of(text.node->text), &l);
	if (l.tokens.n == 0 || l.tokens.v[l.tokens.n - 1].kind == TOKEN_BAD)
		return NULL;
	buf_init(&b, r->p->arena, MAX_SQL);
	for (i = 0; i < l.tokens.n; i++) {
		bool named = is_kind(&l, i, TOKEN_WORD) &&
		    slice_ieq(text_of(text.node->text, &l, i), "identifier") &&
		    is_kind(&l, i + 1, TOKEN_LPAREN) && is_marker(&l, i + 2) &&
		    is_kind(&l, i + 4, TOKEN_RPAREN);
		size_t marker = named ? i + 2 : i;
		const struct py_node *value;

		if (!named && !is_marker(&l, i))
			continue;
		value = value_of(r, args,
		    text_of(text.node->text, &l, marker + 1));
		if (!value || partial_calls(value))
			return NULL;
		buf_add_slice(&b,
		    (struct slice){
		        text.node->text + at, l.tokens.v[i].start - at});
		if (named && !put_name(r, &b, value))
			return NULL;
		if (!named)
			put_value(&b, partial_known(r, value, args.with));
		i = named ? i + 4 : i + 1;
		at = l.tokens.v[i].end;
	}
	buf_add_str(&b, text.node->text + at);
	return buf_full(&b) ? NULL : buf_str(&b);
}
