#include "base/base.h"

#include "gate/sql_words.h"

#include "gate/sql.h"

const struct token *
sql_token(const struct sql *s, size_t i)
{
	return &s->lexed.tokens
	            .v[i < s->lexed.tokens.n ? i : s->lexed.tokens.n - 1];
}

enum token_kind
sql_kind(const struct sql *s, size_t i)
{
	return (enum token_kind)sql_token(s, i)->kind;
}

const char *
sql_word(const struct sql *s, size_t i)
{
	return i < s->lexed.tokens.n ? s->words[i] : "";
}

const char *
sql_keyword(const struct sql *s, size_t i)
{
	return i < s->lexed.tokens.n && !s->is_name[i] ? s->words[i] : "";
}

bool
sql_is(const struct sql *s, size_t i, const char *keyword)
{
	return str_eq(sql_keyword(s, i), keyword);
}

bool
sql_takes_bracket(const char *word)
{
	static const char *const words[] = {"in", "and", "or", "not", "when",
	    "then", "else", "over", "as", "on", "using", "values", "by", "from",
	    "where", "exists", "any", "all", "some", "between", "case", "is",
	    "like", "ilike", "rlike", "distinct", "filter", "within", "group",
	    "decimal", "numeric", "dec", "varchar", "char", "character",
	    "insert", "select", "having", "sets", "cube", "rollup", "join",
	    "union", "intersect", "except", "with", "set", "escape", "div",
	    "clustered", "options", "tblproperties", "columns", "interval",
	    "view", "partitioned", "cluster", "cast", "try_cast", "extract",
	    "overlay", "position", "timestampadd", "timestampdiff", "dateadd",
	    "datediff", "date_diff", "struct", "array", "map", "merge"};

	return STR_IS_IN(word, words);
}

bool
sql_ends_value(const struct sql *s, size_t i)
{
	static const char *const openers[] = {"all", "and", "as", "between",
	    "by", "case", "distinct", "div", "else", "escape", "from", "having",
	    "ilike", "in", "is", "join", "like", "limit", "not", "on", "or",
	    "regexp", "rlike", "select", "set", "then", "using", "values",
	    "when", "where", "with"};

	switch ((int)sql_kind(s, i)) {
	case TOKEN_WORD:
		return !STR_IS_IN(sql_keyword(s, i), openers);
	case TOKEN_QUOTED:
	case TOKEN_STRING:
	case TOKEN_INTEGER:
	case TOKEN_DECIMAL:
	case TOKEN_NUMBER:
	case TOKEN_RPAREN:
	case TOKEN_RBRACKET:
		return true;
	default:
		return false;
	}
}

bool
sql_is_constant(const struct sql *s, size_t from)
{
	static const char *const ends[] = {
	    "select", "values", "from", "with", "table"};
	static const char *const words[] = {
	    "true", "false", "and", "or", "not", "null", "is", "in", "between"};

	for (; from < s->lexed.tokens.n; from++) {
		if (STR_IS_IN(sql_keyword(s, from), ends))
			break;
		if (sql_word(s, from)[0] &&
		    !STR_IS_IN(sql_keyword(s, from), words))
			return false;
	}
	return true;
}

size_t
sql_close(const struct sql *s, size_t open)
{
	size_t depth = 0;
	size_t i;

	for (i = open; i + 1 < s->lexed.tokens.n; i++) {
		depth += sql_kind(s, i) == TOKEN_LPAREN;
		depth -= sql_kind(s, i) == TOKEN_RPAREN;
		if (depth == 0)
			break;
	}
	return i;
}

void
sql_read(struct program *p, const struct py_node *at, const char *text,
    struct sql *ret)
{
	size_t n;
	size_t i;

	*ret = (struct sql){.program = p, .at = at, .text = text};
	lexer_read(p->arena, slice_of(text), &ret->lexed);
	n = ret->lexed.tokens.n;
	ret->words = arena_array(p->arena, const char *, n);
	ret->is_name = arena_array(p->arena, bool, n);
	for (i = 0; i < n; i++) {
		const struct token *t = sql_token(ret, i);
		size_t quote = t->kind == TOKEN_QUOTED;

		ret->words[i] = "";
		if (t->kind == TOKEN_WORD || t->kind == TOKEN_QUOTED)
			ret->words[i] = str_lower(p->arena,
			    arena_strndup(p->arena, text + t->start + quote,
			        t->end - t->start - 2 * quote));
		/* No keyword stands next to a dot. */
		ret->is_name[i] = quote ||
		    (i > 0 && sql_kind(ret, i - 1) == TOKEN_DOT) ||
		    sql_kind(ret, i + 1) == TOKEN_DOT;
	}
}

static void
add_common(struct sql *s, size_t name, size_t from)
{
	const char *word = sql_word(s, name);
	size_t before = map_get(&s->common, slice_of(word), SIZE_MAX);
	struct sql_common *c;

	/* Spark refuses it. */
	if (before != SIZE_MAX && s->commons.v[before].depth == s->depth)
		return;
	c = LIST_ADD(s->program->arena, &s->commons);
	*c = (struct sql_common){word, from, s->depth, before};
	map_set(s->program->arena, &s->common, slice_of(word),
	    s->commons.n - 1);
}

size_t
sql_read_with(struct sql *s, size_t at)
{
	size_t i = at;

	i += sql_is(s, at + 1, "recursive") && sql_word(s, at + 2)[0];
	do {
		size_t name = ++i;
		size_t end = 0;
		bool as;

		/* A keyword: WITH is a name, and this goes on behind it. */
		if (!sql_word(s, name)[0] ||
		    keyword_is_quoted((enum keyword)sql_token(s, name)->word))
			return 0;
		/* Its columns, or, without AS, what it stands for. */
		if (sql_kind(s, ++i) == TOKEN_LPAREN) {
			end = sql_close(s, i);
			i = end + 1;
		}
		as = sql_is(s, i, "as");
		i += as;
		if (sql_kind(s, i) == TOKEN_LPAREN) {
			end = sql_close(s, i);
			i = end + 1;
		} else if (as || end == 0) {
			return 0;
		}
		s->is_name[name] = true;
		/* Within, even of RECURSIVE, Spark may find a table. */
		add_common(s, name, end);
	} while (sql_kind(s, i) == TOKEN_COMMA);
	return i;
}

bool
sql_is_common(const struct sql *s, const char *name)
{
	size_t i = map_get(&s->common, slice_of(name), SIZE_MAX);

	while (i != SIZE_MAX && s->commons.v[i].from > s->i)
		i = s->commons.v[i].before;
	return i != SIZE_MAX;
}

void
sql_leave(struct sql *s)
{
	while (s->commons.n > 0 &&
	    s->commons.v[s->commons.n - 1].depth > s->depth) {
		const struct sql_common *c = &s->commons.v[--s->commons.n];

		map_set(s->program->arena, &s->common, slice_of(c->name),
		    c->before);
	}
}

size_t
sql_view(const struct sql *s)
{
	size_t at = sql_is(s, 1, "or") && sql_is(s, 2, "replace") ? 3 : 1;

	return sql_is(s, 0, "create") &&
	        (sql_is(s, at, "temp") || sql_is(s, at, "temporary")) &&
	        sql_is(s, at + 1, "view")
	    ? at + 2
	    : 0;
}

bool
sql_names_nothing(struct program *p, const char *text)
{
	struct sql s;

	sql_read(p, NULL, text, &s);
	return sql_is_constant(&s, 0);
}

const char *
sql_view_name(struct program *p, const char *text)
{
	struct sql s;
	size_t name;

	sql_read(p, NULL, text, &s);
	name = sql_view(&s);
	return name > 0 ? sql_word(&s, name) : NULL;
}
