#include "base/base.h"

#include "expr/parser.h"

#include "expr/hint.h"
#include "expr/units.h"

#include <string.h>

/* A keyword that is an argument: YEAR, BOTH. */
static struct expr *
parse_unit(struct parser *p)
{
	struct expr *e = node_new(p, EXPR_LITERAL);

	e->literal = LITERAL_TYPED;
	e->op = "unit";
	e->value = token_lower(p, take(p));
	return node_done(p, e, NULL);
}

static struct expr *
unit_implied(struct parser *p, const char *value)
{
	struct expr *e = node_new(p, EXPR_LITERAL);

	e->literal = LITERAL_TYPED;
	e->op = "unit";
	e->value = value;
	return e;
}

static struct expr *
parse_argument(struct parser *p)
{
	struct expr *e;
	struct expr *key;
	const struct token *t;

	if (!is_name(p, 0) || peek_kind(p, 1) != TOKEN_FAT_ARROW)
		return parse_expression(p);
	e = node_new(p, EXPR_BINARY);
	e->op = "=>";
	t = peek(p);
	key = literal_name(p, t, take_name(p, "a name"));
	take(p);
	return node_pair(p, e, key, parse_expression(p));
}

static void
parse_more_arguments(struct parser *p, struct nodes *args)
{
	while (take_kind(p, TOKEN_COMMA))
		nodes_add(p, args, parse_argument(p));
}

/* Each of the next returns whether the call has a grammar of its own, as
 * TRIM(BOTH 'x' FROM y) has. Nothing such as OVER may follow it then. */
static bool
parse_extract(struct parser *p, struct nodes *args)
{
	nodes_add(p, args, parse_unit(p));
	want_word(p, KW_FROM, "FROM after the field of EXTRACT");
	nodes_add(p, args, parse_value(p));
	return true;
}

static bool
is_trim_side(const struct parser *p)
{
	const struct token *next = peek_at(p, 1);

	if (!peek_word(p, 0, KW_BOTH) && !peek_word(p, 0, KW_LEADING) &&
	    !peek_word(p, 0, KW_TRAILING))
		return false;
	return starts_expression(next) || peek_word(p, 1, KW_FROM);
}

/* FROM right at the start; where it could be a call of from(), it is one. */
static bool
is_trim_from(const struct parser *p, bool side)
{
	enum token_kind next = peek_kind(p, 1);

	return peek_word(p, 0, KW_FROM) && starts_expression(peek_at(p, 1)) &&
	    (side || (next != TOKEN_LPAREN && next != TOKEN_STRING));
}

static bool
parse_trim(struct parser *p, struct nodes *args)
{
	struct expr *first;
	bool side = is_trim_side(p);

	nodes_add(p, args, side ? parse_unit(p) : unit_implied(p, "both"));
	if (!is_trim_from(p, side)) {
		first = side ? parse_value(p) : parse_argument(p);
		if (!side && !peek_word(p, 0, KW_FROM)) {
			args->v[0] = first;
			parse_more_arguments(p, args);
			return false;
		}
		nodes_add(p, args, first);
	}
	want_word(p, KW_FROM, "FROM in TRIM");
	nodes_add(p, args, parse_value(p));
	return true;
}

/* SUBSTRING(x FROM 1 FOR 2), where commas may stand too. */
static bool
parse_substring(struct parser *p, struct nodes *args)
{
	nodes_add(p, args, parse_argument(p));
	if (take_word(p, KW_FROM)) {
		nodes_add(p, args, parse_value(p));
		if (take_word(p, KW_FOR) || take_kind(p, TOKEN_COMMA))
			nodes_add(p, args, parse_value(p));
		return true;
	}
	parse_more_arguments(p, args);
	if (args->n == 2 && take_word(p, KW_FOR))
		nodes_add(p, args, parse_value(p));
	return args->n == 2 || args->n == 3;
}

/* POSITION('x' IN y): here IN is not the predicate. */
static bool
parse_position(struct parser *p, struct nodes *args)
{
	nodes_add(p, args, parse_value(p));
	if (take_word(p, KW_IN)) {
		nodes_add(p, args, parse_value(p));
		return true;
	}
	parse_more_arguments(p, args);
	return false;
}

static bool
parse_overlay(struct parser *p, struct nodes *args)
{
	nodes_add(p, args, parse_argument(p));
	if (!take_word(p, KW_PLACING)) {
		parse_more_arguments(p, args);
		return false;
	}
	nodes_add(p, args, parse_value(p));
	want_word(p, KW_FROM, "FROM after the PLACING of OVERLAY");
	nodes_add(p, args, parse_value(p));
	if (take_word(p, KW_FOR))
		nodes_add(p, args, parse_value(p));
	return true;
}

static bool
parse_struct(struct parser *p, struct nodes *args)
{
	do {
		nodes_add(p, args, parse_named(p));
	} while (take_kind(p, TOKEN_COMMA));
	return true;
}

/* DATEADD(DAY, 1, d): with three arguments the first is a unit. */
static bool
parse_date_arithmetic(struct parser *p, const char *name, struct nodes *args)
{
	const struct token *first = peek(p);
	bool unit = unit_is_datetime(token_slice(p, first)) &&
	    first->kind == TOKEN_WORD && peek_kind(p, 1) == TOKEN_COMMA;
	size_t at = p->at;

	nodes_add(p, args, parse_argument(p));
	parse_more_arguments(p, args);
	if (args->n != 3 || p->failed)
		return false;
	if (first->kind == TOKEN_STRING)
		fail(p, E_ARGUMENTS, first, NULL,
		    "The unit of %s stands "
		    "without quotes, such as DAY.",
		    name);
	if (unit) {
		size_t behind = p->at;

		p->at = at;
		args->v[0] = parse_unit(p);
		p->at = behind;
	}
	return unit;
}

static bool
parse_arguments(struct parser *p, const char *name, struct nodes *args)
{
	if (str_eq(name, "extract") && is_name(p, 0) &&
	    peek_word(p, 1, KW_FROM) && peek_kind(p, 2) != TOKEN_RPAREN)
		return parse_extract(p, args);
	if (str_eq(name, "trim"))
		return parse_trim(p, args);
	if (str_eq(name, "substring") || str_eq(name, "substr"))
		return parse_substring(p, args);
	if (str_eq(name, "position"))
		return parse_position(p, args);
	if (str_eq(name, "overlay"))
		return parse_overlay(p, args);
	if (unit_is_date_function(name))
		return parse_date_arithmetic(p, name, args);
	if (str_eq(name, "struct"))
		return parse_struct(p, args);
	nodes_add(p, args, parse_argument(p));
	parse_more_arguments(p, args);
	return false;
}

/* The star of count(*); any other is refused. */
static bool
take_star(struct parser *p, const struct expr *call)
{
	if (peek_kind(p, 0) != TOKEN_STAR)
		return false;
	if (!str_eq(call->op, "count") || peek_kind(p, 1) != TOKEN_RPAREN)
		fail(p, E_STAR, peek(p), "Name the columns.",
		    "Only count(*) may have a star.");
	take(p);
	return true;
}

/* DISTINCT or ALL before the arguments. */
static bool
take_quantifier(struct parser *p)
{
	if (take_word(p, KW_DISTINCT))
		return true;
	if (peek_word(p, 0, KW_ALL) && starts_expression(peek_at(p, 1)) &&
	    peek_kind(p, 1) != TOKEN_PLUS && peek_kind(p, 1) != TOKEN_MINUS)
		take(p);
	return false;
}

static const char *
call_name(struct parser *p, const struct expr *path)
{
	struct buf b;
	size_t i;

	if (path->n_parts == 1)
		return str_lower(p->arena, path->part[0]);
	buf_init(&b, p->arena, EXPR_MAX_BYTES);
	for (i = 0; i < path->n_parts; i++) {
		if (i > 0)
			buf_add_chr(&b, '.');
		buf_add_str(&b, str_lower(p->arena, path->part[i]));
	}
	return buf_str(&b);
}

/* first(x IGNORE NULLS), the older form of first(x) IGNORE NULLS. */
static bool
parse_inner_nulls(struct parser *p, struct expr *call)
{
	if (!peek_word(p, 1, KW_NULLS) ||
	    (!peek_word(p, 0, KW_IGNORE) && !peek_word(p, 0, KW_RESPECT)))
		return false;
	call->nulls = keyword_text((enum keyword)peek(p)->word);
	if (!peek_word(p, 0, KW_IGNORE) ||
	    (!str_eq(call->op, "first") && !str_eq(call->op, "last") &&
	        !str_eq(call->op, "any_value")))
		fail(p, E_SYNTAX, peek(p), "Move the words behind the ).",
		    "%s NULLS stands behind the call.",
		    token_describe(p, peek(p)));
	take(p);
	take(p);
	if (peek_word(p, 1, KW_OVER))
		fail(p, E_SYNTAX, peek_at(p, 1),
		    arena_printf(p->arena, "Write %s(x) IGNORE NULLS OVER (…).",
		        call->op),
		    "OVER cannot follow IGNORE NULLS within the parentheses.");
	return true;
}

/* What is between the parentheses; true if nothing may follow them. */
static bool
parse_inside(struct parser *p, struct expr *call, struct nodes *args)
{
	bool closed;
	size_t first;

	call->star = take_star(p, call);
	if (call->star || peek_kind(p, 0) == TOKEN_RPAREN)
		return false;
	if (starts_query(p, 0) && !peek_word(p, 0, KW_FROM))
		fail_query(p, peek(p));
	first = p->at;
	call->distinct = take_quantifier(p);
	closed = parse_arguments(p, p->at > first ? "" : call->op, args);
	return (args->n == 1 && parse_inner_nulls(p, call)) || closed;
}

/* Takes the path that has become a call's name. */
struct expr *
parse_call(struct parser *p, struct expr *call)
{
	struct nodes args = {0};
	const struct token *open = peek(p);
	unsigned cases = p->cases;
	bool closed;

	call->kind = EXPR_CALL;
	call->op = call_name(p, call);
	call->op_end = call->end;
	call->part = NULL;
	call->n_parts = 0;
	hint_before_call(p, call);
	take(p);
	p->cases = 0;
	closed = parse_inside(p, call, &args);
	p->cases = cases;
	hint_before_close(p, open);
	want_kind(p, TOKEN_RPAREN,
	    arena_printf(p->arena, "a comma or ) in the call of %s",
	        utf8_cut(p->arena, call->op, 40)));
	if (!closed)
		parse_call_tail(p, call);
	return node_done(p, call, &args);
}
