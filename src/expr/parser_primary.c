#include "base/base.h"

#include "expr/parser.h"

#include "expr/hint.h"

/* No function passes more to a lambda. */
#define MAX_PARAMETERS 3

bool
starts_expression(const struct token *t)
{
	switch (t->kind) {
	case TOKEN_QUOTED:
	case TOKEN_STRING:
	case TOKEN_INTEGER:
	case TOKEN_DECIMAL:
	case TOKEN_NUMBER:
	case TOKEN_LPAREN:
	case TOKEN_PLUS:
	case TOKEN_MINUS:
	case TOKEN_TILDE:
	case TOKEN_BANG:
		return true;
	case TOKEN_WORD:
		return t->word == KW_NOT || t->word == KW_NULL ||
		    t->word == KW_TRUE || t->word == KW_FALSE ||
		    t->word == KW_CASE ||
		    (!keyword_is_hard((enum keyword)t->word) &&
		        t->word != KW_DIV);
	default:
		return false;
	}
}

bool
starts_query(const struct parser *p, size_t k)
{
	const struct token *t = peek_at(p, k);
	const struct token *next = peek_at(p, k + 1);

	if (t->kind == TOKEN_LPAREN)
		return peek_word(p, k + 1, KW_SELECT);
	if (t->kind != TOKEN_WORD)
		return false;
	if (t->word == KW_SELECT)
		return true;
	if (t->word == KW_WITH || t->word == KW_FROM || t->word == KW_TABLE)
		return next->kind == TOKEN_QUOTED ||
		    (next->kind == TOKEN_WORD && next->word == KW_NONE);
	return t->word == KW_VALUES &&
	    (next->kind == TOKEN_LPAREN || next->kind == TOKEN_INTEGER ||
	        next->kind == TOKEN_STRING);
}

void
fail_query(struct parser *p, const struct token *t)
{
	fail(p, E_SUBQUERY, t, NULL,
	    "A query starts here; column logic cannot contain one.");
}

struct expr *
parse_named(struct parser *p)
{
	uint32_t start = peek(p)->start;
	struct expr *value = parse_expression(p);
	struct expr *e;
	const struct token *t;

	if (!peek_word(p, 0, KW_AS))
		return value;
	e = node_new(p, EXPR_BINARY);
	e->start = start;
	e->op = "as";
	take(p);
	t = peek(p);
	return node_pair(p, e, value,
	    literal_name(p, t, take_name(p, "a name after AS")));
}

static struct expr *
parse_lambda(struct parser *p)
{
	struct expr *e = node_new(p, EXPR_LAMBDA);
	LIST_OF(const char *) params = {0};

	if (take_kind(p, TOKEN_LPAREN)) {
		do {
			*LIST_ADD(p->arena, &params) = take_name(p, "a name");
		} while (take_kind(p, TOKEN_COMMA));
		want_kind(p, TOKEN_RPAREN, ")");
	} else {
		*LIST_ADD(p->arena, &params) = take_name(p, "a name");
	}
	if (params.n > MAX_PARAMETERS)
		fail(p, E_SYNTAX, peek(p), NULL,
		    "A lambda has at most %d "
		    "parameters.",
		    MAX_PARAMETERS);
	want_kind(p, TOKEN_ARROW, "->");
	e->param = params.v;
	e->n_params = params.n;
	return node_pair(p, e, parse_expression(p), NULL);
}

/* (a, b) -> … */
static bool
starts_lambda(const struct parser *p)
{
	size_t k = 1;

	if (!is_name(p, 1) || peek_kind(p, 2) != TOKEN_COMMA)
		return false;
	while (is_name(p, k) && peek_kind(p, k + 1) == TOKEN_COMMA)
		k += 2;
	return is_name(p, k) && peek_kind(p, k + 1) == TOKEN_RPAREN &&
	    peek_kind(p, k + 2) == TOKEN_ARROW;
}

static struct expr *
parse_parenthesis(struct parser *p)
{
	struct expr *row;
	struct expr *first;
	const struct token *open = peek(p);
	struct nodes args = {0};
	unsigned cases = p->cases;

	if (starts_query(p, 1))
		fail_query(p, peek_at(p, 1));
	if (starts_lambda(p))
		return parse_lambda(p);
	row = node_new(p, EXPR_ROW);
	take(p);
	p->cases = 0;
	first = parse_named(p);
	if (take_kind(p, TOKEN_RPAREN)) {
		p->cases = cases;
		if (first->kind == EXPR_BINARY && str_eq(first->op, "as"))
			hint_alias(p);
		return first;
	}
	nodes_add(p, &args, first);
	while (take_kind(p, TOKEN_COMMA))
		nodes_add(p, &args, parse_named(p));
	p->cases = cases;
	hint_before_close(p, open);
	want_kind(p, TOKEN_RPAREN, "an operator or ) here");
	return node_done(p, row, &args);
}

static struct expr *
parse_case(struct parser *p)
{
	struct expr *e = node_new(p, EXPR_CASE);
	struct nodes args = {0};

	take(p);
	p->cases++;
	if (!peek_word(p, 0, KW_WHEN)) {
		e->has_operand = true;
		nodes_add(p, &args, parse_expression(p));
	}
	if (!peek_word(p, 0, KW_WHEN))
		fail_expected(p,
		    e->has_operand ? "WHEN after the value of CASE"
		                   : "WHEN after CASE");
	while (take_word(p, KW_WHEN)) {
		nodes_add(p, &args, parse_expression(p));
		want_word(p, KW_THEN, "THEN after the condition of WHEN");
		nodes_add(p, &args, parse_expression(p));
	}
	if (take_word(p, KW_ELSE)) {
		hint_after_else(p);
		e->has_else = true;
		nodes_add(p, &args, parse_expression(p));
		hint_in_case(p);
		want_word(p, KW_END, "END after the ELSE of CASE");
	} else {
		hint_in_case(p);
		want_word(p, KW_END, "WHEN, ELSE or END of the CASE");
	}
	p->cases--;
	return node_done(p, e, &args);
}

static struct expr *
parse_cast(struct parser *p)
{
	struct expr *e = node_new(p, EXPR_CAST);
	struct expr *value;
	struct type type;

	e->op = token_lower(p, take(p));
	take(p);
	value = parse_expression(p);
	hint_in_cast(p);
	want_word(p, KW_AS, "AS and a type after the value of CAST");
	e->type = parse_type(p, &type);
	want_kind(p, TOKEN_RPAREN, ") after the type of CAST");
	return node_pair(p, e, value, NULL);
}

/* current_date and a few more are calls without parentheses. */
static bool
is_bare_call(const struct parser *p)
{
	return peek_word(p, 0, KW_CURRENT_DATE) ||
	    peek_word(p, 0, KW_CURRENT_TIMESTAMP) ||
	    peek_word(p, 0, KW_CURRENT_USER) ||
	    peek_word(p, 0, KW_SESSION_USER) ||
	    peek_word(p, 0, KW_CURRENT_TIME);
}

static struct expr *
parse_bare_call(struct parser *p)
{
	struct expr *e = node_new(p, EXPR_CALL);

	e->op_end = peek(p)->end;
	e->op = token_lower(p, take(p));
	return node_done(p, e, NULL);
}

/* A column or a call: name, a.b.c, name(…), a.b.name(…). */
static struct expr *
parse_path(struct parser *p)
{
	struct expr *e = node_new(p, EXPR_COLUMN);
	LIST_OF(const char *) parts = {0};

	*LIST_ADD(p->arena, &parts) = take_name(p, "a name");
	while (peek_kind(p, 0) == TOKEN_DOT) {
		if (peek_kind(p, 1) == TOKEN_STAR)
			fail(p, E_STAR, peek_at(p, 1), NULL,
			    "A star stands for many columns, but a row of the "
			    "mapping fills one.");
		take(p);
		hint_after_dot(p);
		*LIST_ADD(p->arena, &parts) = take_name(p,
		    "a name after the dot");
	}
	e->part = parts.v;
	e->n_parts = parts.n;
	e = node_done(p, e, NULL);
	return peek_kind(p, 0) == TOKEN_LPAREN ? parse_call(p, e) : e;
}

/* END is a column only where it cannot end a CASE. */
static bool
is_misplaced(const struct parser *p)
{
	enum keyword w = (enum keyword)peek(p)->word;
	enum token_kind next = peek_kind(p, 1);

	if (w == KW_END && p->cases > 0)
		return next == TOKEN_END || next == TOKEN_RPAREN ||
		    next == TOKEN_COMMA;
	if (next == TOKEN_LPAREN &&
	    (w == KW_LIKE || w == KW_ILIKE || w == KW_RLIKE || w == KW_REGEXP ||
	        w == KW_BETWEEN))
		return false;
	return keyword_is_hard(w);
}

/* CASE is the name of a column where no value and no WHEN follows. */
static bool
starts_case(const struct parser *p)
{
	enum token_kind behind = peek_kind(p, 2);

	if (peek_word(p, 1, KW_END))
		return behind != TOKEN_END && behind != TOKEN_RPAREN &&
		    behind != TOKEN_COMMA;
	return peek_word(p, 1, KW_WHEN) || starts_expression(peek_at(p, 1));
}

static struct expr *
parse_word(struct parser *p)
{
	const struct token *next = peek_at(p, 1);
	struct expr *e;

	switch (peek(p)->word) {
	case KW_NULL:
	case KW_TRUE:
	case KW_FALSE:
		e = node_new(p, EXPR_LITERAL);
		e->literal = peek_word(p, 0, KW_NULL) ? LITERAL_NULL
		                                      : LITERAL_BOOLEAN;
		e->value = token_lower(p, take(p));
		return node_done(p, e, NULL);
	case KW_CASE:
		if (starts_case(p))
			return parse_case(p);
		break;
	case KW_CAST:
	case KW_TRY_CAST:
		if (next->kind == TOKEN_LPAREN)
			return parse_cast(p);
		break;
	case KW_INTERVAL:
		e = parse_interval(p);
		if (e)
			return e;
		break;
	case KW_EXISTS:
		if (next->kind == TOKEN_LPAREN && starts_query(p, 2))
			fail_query(p, peek_at(p, 2));
		break;
	default:
		break;
	}
	if (peek_kind(p, 1) == TOKEN_ARROW)
		return parse_lambda(p);
	if (is_misplaced(p)) {
		hint_misplaced(p);
		fail_expected(p, hint_expected_value(p));
	}
	if (next->kind == TOKEN_STRING)
		return parse_typed_literal(p);
	if (is_bare_call(p) && next->kind != TOKEN_LPAREN &&
	    next->kind != TOKEN_DOT)
		return parse_bare_call(p);
	return parse_path(p);
}

static struct expr *
parse_atom(struct parser *p)
{
	switch (peek(p)->kind) {
	case TOKEN_WORD:
		return parse_word(p);
	case TOKEN_QUOTED:
		return peek_kind(p, 1) == TOKEN_ARROW ? parse_lambda(p)
		                                      : parse_path(p);
	case TOKEN_STRING:
		return parse_string(p);
	case TOKEN_MINUS:
	case TOKEN_INTEGER:
	case TOKEN_DECIMAL:
	case TOKEN_NUMBER:
		return parse_number(p);
	case TOKEN_LPAREN:
		return parse_parenthesis(p);
	case TOKEN_STAR:
		fail(p, E_STAR, peek(p), NULL,
		    "A star stands for many "
		    "columns, but a row of the mapping fills one.");
		break;
	default:
		hint_no_value(p);
		fail_expected(p, hint_expected_value(p));
		break;
	}
	return node_new(p, EXPR_LITERAL);
}

/* raw:name, Databricks' path into JSON. Elsewhere a colon is prose. */
static bool
is_path_colon(const struct parser *p)
{
	const struct token *t = peek(p);
	const struct token *before;

	if (t->kind != TOKEN_COLON || p->at == 0 || !is_name(p, 1))
		return false;
	before = &p->tok[p->at - 1];
	if (before->end != t->start || peek_at(p, 1)->start != t->end)
		return false;
	return before->kind == TOKEN_WORD || before->kind == TOKEN_QUOTED ||
	    before->kind == TOKEN_RPAREN || before->kind == TOKEN_RBRACKET;
}

static struct expr *
parse_postfix(struct parser *p, struct expr *left, uint32_t start)
{
	struct expr *e = node_new(p, EXPR_FIELD);
	const struct token *t = take(p);
	struct expr *right = NULL;
	struct type type;

	e->start = start;
	if (t->kind == TOKEN_DOT) {
		hint_after_dot(p);
		e->op = take_name(p, "a name after the dot");
	} else if (t->kind == TOKEN_LBRACKET) {
		e->kind = EXPR_SUBSCRIPT;
		right = parse_value(p);
		want_kind(p, TOKEN_RBRACKET, "] after the index");
	} else if (t->kind == TOKEN_COLON) {
		e->kind = EXPR_BINARY;
		e->op = ":";
		hint_after_colon(p);
		t = peek(p);
		right = literal_name(p, t, take_name(p, "a name"));
	} else if (t->kind == TOKEN_DOUBLE_COLON) {
		e->kind = EXPR_CAST;
		e->op = "::";
		e->type = parse_type(p, &type);
	} else {
		e->kind = EXPR_CALL;
		e->op = "collate";
		e->op_end = t->end;
		t = peek(p);
		right = literal_name(p, t, take_name(p, "a collation"));
	}
	return node_pair(p, e, left, right);
}

struct expr *
parse_primary(struct parser *p)
{
	uint32_t start = peek(p)->start;
	struct expr *e = parse_atom(p);

	for (;;) {
		enum token_kind kind = peek_kind(p, 0);

		if (kind != TOKEN_DOT && kind != TOKEN_LBRACKET &&
		    kind != TOKEN_DOUBLE_COLON && !is_path_colon(p) &&
		    !(peek_word(p, 0, KW_COLLATE) && is_name(p, 1)))
			return e;
		e = parse_postfix(p, e, start);
	}
}
