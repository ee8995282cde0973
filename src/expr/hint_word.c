#include "base/base.h"

#include "expr/hint.h"

void
hint_before_predicate(struct parser *p)
{
	const struct token *t = peek(p);
	const struct token *next = peek_at(p, 1);

	if (t->kind == TOKEN_BANG && next->kind == TOKEN_EQ)
		fail(p, E_SYNTAX, t, "Write != without a blank.",
		    "! and = belong together.");
	if (t->kind == TOKEN_BANG)
		fail(p, E_SYNTAX, t, "Write NOT, as in NOT IN or NOT LIKE.",
		    "! can only stand before a condition.");
	if (!peek_word(p, 0, KW_NOT))
		return;
	if (next->kind == TOKEN_WORD && next->word == KW_NULL)
		fail(p, E_SYNTAX, t, "Write IS NOT NULL.",
		    "NOT NULL needs an IS before it.");
	if (next->kind == TOKEN_EQ)
		fail(p, E_SYNTAX, t, "Write <>.", "NOT cannot stand before =.");
}

void
hint_after_in(struct parser *p)
{
	const struct token *t = peek(p);

	if (t->kind == TOKEN_STRING || t->kind == TOKEN_INTEGER ||
	    t->kind == TOKEN_DECIMAL || t->kind == TOKEN_LBRACKET ||
	    is_name(p, 0))
		fail(p, E_SYNTAX, t,
		    "Put the values into parentheses, as in "
		    "IN ('a', 'b').",
		    "Expected ( after IN, found %s.", token_describe(p, t));
}

void
hint_after_dot(struct parser *p)
{
	const struct token *t = peek(p);

	if (t->kind == TOKEN_STRING && p->text[t->start] == '"')
		fail(p, E_SYNTAX, t,
		    arena_printf(p->arena, "Write %s.",
		        utf8_cut(p->arena,
		            expr_quote_name(p->arena, string_value(p, t)), 80)),
		    "Double quotes make text in Spark SQL, not a name.");
}

void
hint_after_is(struct parser *p)
{
	const struct token *t = peek(p);
	const char *fix = "Compare with =, as in status = 'open'.";

	if (token_is(p, t, "empty") || token_is(p, t, "blank"))
		fail(p, E_SYNTAX, t, "Write x IS NULL OR x = ''.",
		    "IS %.*s is not known to Spark SQL.",
		    (int)(t->end - t->start), p->text + t->start);
	if (token_is(p, t, "nan"))
		fail(p, E_SYNTAX, t, "Write isnan(x).",
		    "IS NAN is not known to Spark SQL.");
	if (peek_word(p, 0, KW_IN) || peek_word(p, 0, KW_LIKE) ||
	    peek_word(p, 0, KW_BETWEEN))
		fail(p, E_SYNTAX, t, "Remove IS.", "IS cannot stand before %s.",
		    token_describe(p, t));
	if (t->kind == TOKEN_STRING || t->kind == TOKEN_INTEGER ||
	    t->kind == TOKEN_DECIMAL || is_name(p, 0))
		fail(p, E_SYNTAX, t, fix,
		    "Expected NULL or NOT NULL after "
		    "IS, found %s.",
		    token_describe(p, t));
}

/* x:int is a field named int, but rarely meant so. */
void
hint_after_colon(struct parser *p)
{
	const struct token *t = peek(p);

	if (t->kind == TOKEN_WORD && type_is_name(token_slice(p, t)))
		fail(p, E_SYNTAX, t,
		    arena_printf(p->arena,
		        "Write ::%s for "
		        "the type, or `%s` for a field of that name.",
		        token_lower(p, t), token_lower(p, t)),
		    "One colon leads to a field, two lead to a type.");
}

bool
hint_is_if(const struct parser *p)
{
	return token_is(p, peek(p), "if") && peek_kind(p, 1) != TOKEN_LPAREN &&
	    !peek_word(p, 1, KW_END) && starts_expression(peek_at(p, 1));
}

void
hint_after_else(struct parser *p)
{
	const struct token *t = peek(p);

	if (hint_is_if(p))
		fail(p, E_SYNTAX, t,
		    "Write WHEN condition THEN value again; "
		    "one CASE takes many of them.",
		    "ELSE IF is not known to Spark SQL.");
}

void
hint_in_case(struct parser *p)
{
	const struct token *t = peek(p);

	if (token_is(p, t, "elseif") || token_is(p, t, "elsif") ||
	    token_is(p, t, "elif"))
		fail(p, E_SYNTAX, t,
		    "Write WHEN condition THEN value again; "
		    "one CASE takes many of them.",
		    "%.*s is not known to Spark SQL.", (int)(t->end - t->start),
		    p->text + t->start);
	if (peek_word(p, 0, KW_ELSE))
		fail(p, E_SYNTAX, t, NULL,
		    "A CASE has one ELSE, right before its END.");
}

void
hint_in_cast(struct parser *p)
{
	if (peek_kind(p, 0) == TOKEN_COMMA)
		fail(p, E_SYNTAX, peek(p), "Write CAST(x AS INT).",
		    "CAST has AS before the type, not a comma.");
}

void
hint_before_call(struct parser *p, const struct expr *call)
{
	const struct token *t = &p->tok[p->at - 1];

	if (str_eq(call->op, "identifier"))
		fail(p, E_SYNTAX, t, "Write the column's name itself.",
		    "IDENTIFIER() hides the column from the compiler.");
	if (str_eq(call->op, "col") || str_eq(call->op, "f.col") ||
	    str_eq(call->op, "column"))
		fail(p, E_SYNTAX, t, "Write the column's name alone.",
		    "%s() is Python, not SQL.", call->op);
	if (str_eq(call->op, "lit") || str_eq(call->op, "f.lit"))
		fail(p, E_SYNTAX, t,
		    "Write the value alone, such as 'open' "
		    "or 1.",
		    "%s() is Python, not SQL.", call->op);
	if (str_eq(call->op, "f.when"))
		fail(p, E_SYNTAX, t,
		    "Write CASE WHEN condition THEN a ELSE b "
		    "END.",
		    "%s() is Python, not SQL.", call->op);
	if (str_eq(call->op, "f.expr"))
		fail(p, E_SYNTAX, t, "Write what is between its quotes.",
		    "%s() is Python, not SQL.", call->op);
}

void
hint_alias(struct parser *p)
{
	if (p->failed || p->at < 3)
		return;
	fail(p, E_SYNTAX, &p->tok[p->at - 3],
	    "Remove AS and the name; the "
	    "target column gives the name.",
	    "An alias has no place in a mapping row.");
}

void
hint_after_string(struct parser *p, const struct token *t)
{
	const struct token *next = peek(p);

	if (next->kind != TOKEN_WORD || next->start != t->end ||
	    next->word != KW_NONE)
		return;
	fail(p, E_SYNTAX, next,
	    arena_printf(p->arena,
	        "If the quote belongs to the text, write \\%c.",
	        p->text[t->end - 1]),
	    "The text ends before %s.", token_describe(p, next));
}

void
hint_name_and_string(struct parser *p)
{
	static const char *const prefixes[] = {"n", "e", "b", "u", "q"};
	const struct token *word = peek(p);
	const struct token *string = peek_at(p, 1);
	size_t i;

	for (i = 0; i < COUNT_OF(prefixes); i++) {
		if (token_is(p, word, prefixes[i]) &&
		    word->end == string->start)
			fail(p, E_SYNTAX, word,
			    arena_printf(p->arena,
			        "Remove the %s before the quote.", prefixes[i]),
			    "Text has no prefix but r in Spark SQL.");
	}
	if (token_is(p, word, "time") || token_is(p, word, "datetime"))
		fail(p, E_SYNTAX, word,
		    "Write TIMESTAMP'2026-03-01 14:05:00' "
		    "or DATE'2026-03-01'.",
		    "%.*s'…' is not a literal of "
		    "Spark SQL.",
		    (int)(word->end - word->start), p->text + word->start);
	fail(p, E_SYNTAX, string, "Write an operator between them.",
	    "Expected an operator after %s, found %s.", token_describe(p, word),
	    token_describe(p, string));
}
