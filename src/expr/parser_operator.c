#include "base/base.h"

#include "expr/parser.h"

#include "expr/hint.h"

/* Binary operators by how tightly they bind; 0 is none. */
enum level {
	LEVEL_NONE,
	LEVEL_COMPARISON,
	LEVEL_PIPE,
	LEVEL_HAT,
	LEVEL_AMPERSAND,
	LEVEL_SHIFT,
	LEVEL_SUM,
	LEVEL_PRODUCT,
	LEVEL_UNARY,
};

static enum level
value_level(const struct token *t)
{
	switch (t->kind) {
	case TOKEN_EQ:
	case TOKEN_NSEQ:
	case TOKEN_NEQ:
	case TOKEN_LT:
	case TOKEN_LTE:
	case TOKEN_GT:
	case TOKEN_GTE:
		return LEVEL_COMPARISON;
	case TOKEN_PIPE:
		return LEVEL_PIPE;
	case TOKEN_HAT:
		return LEVEL_HAT;
	case TOKEN_AMPERSAND:
		return LEVEL_AMPERSAND;
	case TOKEN_SHIFT_LEFT:
	case TOKEN_SHIFT_RIGHT:
	case TOKEN_SHIFT_RIGHT_UNSIGNED:
		return LEVEL_SHIFT;
	case TOKEN_PLUS:
	case TOKEN_MINUS:
	case TOKEN_CONCAT:
		return LEVEL_SUM;
	case TOKEN_STAR:
	case TOKEN_SLASH:
	case TOKEN_PERCENT:
		return LEVEL_PRODUCT;
	case TOKEN_WORD:
		return t->word == KW_DIV ? LEVEL_PRODUCT : LEVEL_NONE;
	default:
		return LEVEL_NONE;
	}
}

static struct expr *
parse_unary(struct parser *p)
{
	struct expr *e;
	const struct token *t = peek(p);
	enum token_kind next = peek_kind(p, 1);

	if (t->kind != TOKEN_MINUS && t->kind != TOKEN_PLUS &&
	    t->kind != TOKEN_TILDE)
		return parse_primary(p);
	/* A minus right before a number belongs to the literal. */
	if (t->kind == TOKEN_MINUS &&
	    (next == TOKEN_INTEGER || next == TOKEN_DECIMAL ||
	        next == TOKEN_NUMBER))
		return parse_primary(p);
	e = node_new(p, EXPR_UNARY);
	e->op = token_lower(p, take(p));
	if (++p->depth > EXPR_MAX_DEPTH)
		fail_too_deep(p);
	e = node_pair(p, e, parse_unary(p), NULL);
	p->depth--;
	return e;
}

static struct expr *
parse_operators(struct parser *p, enum level min)
{
	uint32_t start = peek(p)->start;
	struct expr *left = parse_unary(p);
	enum level level;

	while ((level = value_level(peek(p))) != LEVEL_NONE && level >= min) {
		struct expr *e = node_new(p, EXPR_BINARY);

		e->start = start;
		e->op = token_lower(p, take(p));
		hint_after_operator(p);
		left = node_pair(p, e, left,
		    parse_operators(p, (enum level)(level + 1)));
	}
	return left;
}

static struct expr *
parse_operand(struct parser *p)
{
	return parse_operators(p, LEVEL_COMPARISON);
}

struct expr *
parse_value(struct parser *p)
{
	struct expr *e;

	if (++p->depth > EXPR_MAX_DEPTH)
		fail_too_deep(p);
	e = parse_operand(p);
	p->depth--;
	return e;
}

static void
parse_in_list(struct parser *p, struct nodes *args)
{
	hint_after_in(p);
	want_kind(p, TOKEN_LPAREN, "( after IN");
	if (starts_query(p, 0))
		fail_query(p, peek(p));
	if (peek_kind(p, 0) == TOKEN_RPAREN)
		fail(p, E_SYNTAX, peek(p), NULL,
		    "The list of IN is empty; it needs at least one value.");
	do {
		nodes_add(p, args, parse_expression(p));
	} while (take_kind(p, TOKEN_COMMA));
	want_kind(p, TOKEN_RPAREN, "a comma or ) in the list of IN");
}

static void
check_escape(struct parser *p, const struct token *t)
{
	const char *value;

	if (t->kind != TOKEN_STRING) {
		fail_expected(p, "one character in quotes after ESCAPE");
		return;
	}
	value = string_value(p, t);
	if (utf8_length(slice_of(value)) != 1)
		fail(p, E_SYNTAX, t, NULL,
		    "ESCAPE takes exactly one character, such as '/'.");
}

static void
parse_like(struct parser *p, struct expr *e, struct nodes *args)
{
	const struct token *t = peek(p);
	bool rlike = t->word == KW_RLIKE || t->word == KW_REGEXP;
	bool any;

	e->op = rlike ? "rlike" : keyword_text((enum keyword)t->word);
	take(p);
	any = peek_word(p, 0, KW_ANY) || peek_word(p, 0, KW_SOME);
	if (!rlike && (any || peek_word(p, 0, KW_ALL)) &&
	    peek_kind(p, 1) == TOKEN_LPAREN) {
		e->op = arena_printf(p->arena, "%s %s", e->op,
		    any ? "any" : "all");
		take(p);
		take(p);
		if (peek_kind(p, 0) == TOKEN_RPAREN)
			fail(p, E_SYNTAX, peek(p), NULL,
			    "The list of patterns is empty.");
		do {
			nodes_add(p, args, parse_expression(p));
		} while (take_kind(p, TOKEN_COMMA));
		want_kind(p, TOKEN_RPAREN, "a comma or ) after a pattern");
		return;
	}
	nodes_add(p, args, parse_operand(p));
	if (!rlike && take_word(p, KW_ESCAPE)) {
		check_escape(p, peek(p));
		nodes_add(p, args, parse_string(p));
	}
}

static void
parse_is(struct parser *p, struct expr *e, struct nodes *args)
{
	static const enum keyword words[] = {
	    KW_NULL, KW_TRUE, KW_FALSE, KW_UNKNOWN};
	size_t i;

	take(p);
	e->negated = take_word(p, KW_NOT);
	for (i = 0; i < COUNT_OF(words); i++) {
		if (take_word(p, words[i])) {
			e->op = keyword_text(words[i]);
			return;
		}
	}
	if (!peek_word(p, 0, KW_DISTINCT)) {
		hint_after_is(p);
		fail_expected(p,
		    e->negated ? "NULL after IS NOT"
		               : "NULL or NOT NULL after IS");
	}
	take(p);
	want_word(p, KW_FROM, "FROM after IS DISTINCT");
	e->op = "distinct from";
	nodes_add(p, args, parse_operand(p));
}

static bool
is_like(const struct token *t)
{
	return t->kind == TOKEN_WORD &&
	    (t->word == KW_LIKE || t->word == KW_ILIKE || t->word == KW_RLIKE ||
	        t->word == KW_REGEXP);
}

/* A predicate, the NOT of one, or neither. */
static bool
starts_predicate(const struct parser *p)
{
	return peek_word(p, 0, KW_IN) || peek_word(p, 0, KW_BETWEEN) ||
	    is_like(peek(p)) || peek_word(p, 0, KW_IS) ||
	    peek_word(p, 0, KW_NOT) || peek_kind(p, 0) == TOKEN_BANG;
}

static struct expr *
parse_predicate(struct parser *p, struct expr *left, uint32_t start)
{
	struct expr *e = node_new(p, EXPR_LIKE);
	struct nodes args = {0};

	e->start = start;
	nodes_add(p, &args, left);
	hint_before_predicate(p);
	e->negated = take_word(p, KW_NOT);
	if (take_word(p, KW_BETWEEN)) {
		e->kind = EXPR_BETWEEN;
		nodes_add(p, &args, parse_operand(p));
		want_word(p, KW_AND, "AND between the two bounds");
		nodes_add(p, &args, parse_operand(p));
	} else if (take_word(p, KW_IN)) {
		e->kind = EXPR_IN;
		parse_in_list(p, &args);
	} else if (is_like(peek(p))) {
		parse_like(p, e, &args);
	} else if (!e->negated && peek_word(p, 0, KW_IS)) {
		e->kind = EXPR_IS;
		parse_is(p, e, &args);
	} else {
		fail_expected(p, "IN, BETWEEN, LIKE or RLIKE after NOT");
	}
	return node_done(p, e, &args);
}

static struct expr *
parse_predicated(struct parser *p)
{
	uint32_t start = peek(p)->start;
	struct expr *e = parse_operand(p);

	if (!starts_predicate(p))
		return e;
	e = parse_predicate(p, e, start);
	if (starts_predicate(p) || value_level(peek(p)) != LEVEL_NONE)
		fail(p, E_SYNTAX, peek(p),
		    "Put the first condition into parentheses, or write AND "
		    "between the two.",
		    "A condition ends before %s and cannot be continued so.",
		    token_describe(p, peek(p)));
	return e;
}

static struct expr *
parse_not(struct parser *p)
{
	struct expr *e;

	if (!peek_word(p, 0, KW_NOT) && peek_kind(p, 0) != TOKEN_BANG)
		return parse_predicated(p);
	e = node_new(p, EXPR_UNARY);
	e->op = "not";
	take(p);
	if (++p->depth > EXPR_MAX_DEPTH)
		fail_too_deep(p);
	e = node_pair(p, e, parse_not(p), NULL);
	p->depth--;
	return e;
}

static struct expr *
parse_and(struct parser *p)
{
	uint32_t start = peek(p)->start;
	struct expr *left = parse_not(p);

	while (peek_word(p, 0, KW_AND)) {
		struct expr *e = node_new(p, EXPR_BINARY);

		e->start = start;
		e->op = "and";
		take(p);
		left = node_pair(p, e, left, parse_not(p));
	}
	return left;
}

struct expr *
parse_expression(struct parser *p)
{
	uint32_t start = peek(p)->start;
	struct expr *left;

	if (++p->depth > EXPR_MAX_DEPTH)
		fail_too_deep(p);
	left = parse_and(p);
	while (peek_word(p, 0, KW_OR)) {
		struct expr *e = node_new(p, EXPR_BINARY);

		e->start = start;
		e->op = "or";
		take(p);
		left = node_pair(p, e, left, parse_and(p));
	}
	p->depth--;
	return left;
}
