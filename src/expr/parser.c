#include "base/base.h"

#include "expr/parser.h"

#include <stdarg.h>
#include <string.h>

void
parser_init(struct parser *p, struct arena *a, const char *text,
    struct lexed *tokens)
{
	*p = (struct parser){.arena = a,
	    .text = text,
	    .tok = tokens->tokens.v,
	    .last = tokens->tokens.n - 1,
	    .bad = &tokens->bad};
}

const struct token *
peek(const struct parser *p)
{
	return &p->tok[p->at];
}

const struct token *
peek_at(const struct parser *p, size_t k)
{
	return k < p->last - p->at ? &p->tok[p->at + k] : &p->tok[p->last];
}

enum token_kind
peek_kind(const struct parser *p, size_t k)
{
	return (enum token_kind)peek_at(p, k)->kind;
}

bool
peek_word(const struct parser *p, size_t k, enum keyword w)
{
	const struct token *t = peek_at(p, k);

	return t->kind == TOKEN_WORD && t->word == w;
}

struct slice
token_slice(const struct parser *p, const struct token *t)
{
	return (struct slice){p->text + t->start, t->end - t->start};
}

bool
token_is(const struct parser *p, const struct token *t, const char *s)
{
	return t->kind == TOKEN_WORD && slice_ieq(token_slice(p, t), s);
}

const struct token *
take(struct parser *p)
{
	const struct token *t = peek(p);

	if (p->at < p->last)
		p->at++;
	return t;
}

bool
take_kind(struct parser *p, enum token_kind kind)
{
	if (peek_kind(p, 0) != kind)
		return false;
	take(p);
	return true;
}

bool
take_word(struct parser *p, enum keyword w)
{
	if (!peek_word(p, 0, w))
		return false;
	take(p);
	return true;
}

void
want_kind(struct parser *p, enum token_kind kind, const char *what)
{
	if (!take_kind(p, kind))
		fail_expected(p, what);
}

void
want_word(struct parser *p, enum keyword w, const char *what)
{
	if (!take_word(p, w))
		fail_expected(p, what);
}

bool
is_name(const struct parser *p, size_t k)
{
	enum token_kind kind = peek_kind(p, k);

	return kind == TOKEN_WORD || kind == TOKEN_QUOTED;
}

const char *
token_name(const struct parser *p, const struct token *t)
{
	struct slice s = token_slice(p, t);
	char *name;
	size_t from;
	size_t to = 0;

	if (t->kind != TOKEN_QUOTED)
		return arena_strndup(p->arena, s.p, s.n);
	name = arena_alloc(p->arena, s.n);
	for (from = 1; from + 1 < s.n; from++) {
		name[to++] = s.p[from];
		if (s.p[from] == '`')
			from++;
	}
	return name;
}

const char *
take_name(struct parser *p, const char *what)
{
	if (!is_name(p, 0)) {
		fail_expected(p, what);
		return "";
	}
	return token_name(p, take(p));
}

const char *
token_lower(struct parser *p, const struct token *t)
{
	struct slice s = token_slice(p, t);
	char *lower = arena_strndup(p->arena, s.p, s.n);
	size_t i;

	for (i = 0; i < s.n; i++)
		lower[i] = chr_lower(lower[i]);
	return lower;
}

static const char *
upper(struct arena *a, const char *s)
{
	char *p = arena_strdup(a, s);
	size_t i;

	for (i = 0; p[i]; i++)
		p[i] = chr_upper(p[i]);
	return p;
}

const char *
token_describe(struct parser *p, const struct token *t)
{
	const char *s;

	if (t->kind == TOKEN_END)
		return "the end of the text";
	s = utf8_cut(p->arena, slice_dup(p->arena, token_slice(p, t)), 40);
	switch (t->kind) {
	case TOKEN_WORD:
		if (t->word == KW_NONE || t->word == KW_X)
			return arena_printf(p->arena, "the name %s", s);
		return upper(p->arena, s);
	case TOKEN_QUOTED:
		return arena_printf(p->arena, "the name %s", s);
	case TOKEN_STRING:
		return arena_printf(p->arena, "the text %s", s);
	case TOKEN_INTEGER:
	case TOKEN_DECIMAL:
	case TOKEN_NUMBER:
		return arena_printf(p->arena, "the number %s", s);
	case TOKEN_COMMA:
		return "a comma";
	case TOKEN_DOT:
		return "a dot";
	default:
		return s;
	}
}

void
fail(struct parser *p, enum err_code code, const struct token *t,
    const char *fix, const char *format, ...)
{
	va_list ap;

	if (p->failed)
		return;
	p->failed = true;
	p->error_at = (size_t)(t - p->tok);
	if (t->kind == TOKEN_BAD) {
		p->error = *p->bad;
	} else {
		va_start(ap, format);
		p->error = (struct expr_finding){.code = code,
		    .start = t->start,
		    .end = t->end,
		    .message = arena_vprintf(p->arena, format, ap),
		    .fix = fix};
		va_end(ap);
	}
	p->at = p->last;
}

void
fail_expected(struct parser *p, const char *what)
{
	const struct token *t = peek(p);

	fail(p, E_SYNTAX, t, NULL, "Expected %s, found %s.", what,
	    token_describe(p, t));
}

void
fail_too_deep(struct parser *p)
{
	fail(p, E_TOO_DEEP, peek(p), NULL,
	    "The nesting goes deeper than %d "
	    "levels here.",
	    EXPR_MAX_DEPTH);
}

struct expr *
node_new(struct parser *p, enum expr_kind kind)
{
	struct expr *e = arena_new(p->arena, struct expr);

	e->kind = kind;
	e->start = peek(p)->start;
	e->end = e->start;
	e->height = 1;
	return e;
}

static void
reach(struct parser *p, struct expr *e, const struct expr *child)
{
	if (child && child->height >= e->height)
		e->height = child->height + 1;
	if (e->height > EXPR_MAX_HEIGHT)
		fail(p, E_TOO_DEEP, peek(p),
		    "Use concat() or concat_ws() for a long chain of ||, or "
		    "split the expression.",
		    "More than %d operators in a row end here.",
		    EXPR_MAX_HEIGHT - 1);
}

struct expr *
node_done(struct parser *p, struct expr *e, struct nodes *args)
{
	size_t i;

	if (args) {
		e->arg = args->v;
		e->n_args = args->n;
	}
	for (i = 0; i < e->n_args; i++)
		reach(p, e, e->arg[i]);
	for (i = 0; i < e->n_within; i++)
		reach(p, e, e->within[i]);
	if (e->over) {
		for (i = 0; i < e->over->n_partition; i++)
			reach(p, e, e->over->partition[i]);
		for (i = 0; i < e->over->n_order; i++)
			reach(p, e, e->over->order[i]);
	}
	reach(p, e, e->filter);
	if (p->at > 0 && p->tok[p->at - 1].end > e->end)
		e->end = p->tok[p->at - 1].end;
	return e;
}

struct expr *
node_pair(struct parser *p, struct expr *e, const struct expr *left,
    const struct expr *right)
{
	struct nodes args = {0};

	args.v = arena_array(p->arena, const struct expr *, 2);
	args.v[args.n++] = left;
	if (right)
		args.v[args.n++] = right;
	return node_done(p, e, &args);
}

void
nodes_add(struct parser *p, struct nodes *list, const struct expr *e)
{
	*LIST_ADD(p->arena, list) = e;
}
