#include "base/base.h"

#include "expr/parser.h"

#include "expr/hint.h"
#include "expr/literal.h"

const char *
string_value(struct parser *p, const struct token *t)
{
	/* Behind a failure there is only the last token. */
	if (t->kind != TOKEN_STRING)
		return "";
	return literal_unescape(p->arena, token_slice(p, t));
}

struct expr *
literal_name(struct parser *p, const struct token *t, const char *name)
{
	struct expr *e = node_new(p, EXPR_LITERAL);

	e->start = t->start;
	e->end = t->end;
	e->literal = LITERAL_STRING;
	e->value = name;
	return e;
}

/* Behind a number: 1,19 as much of Europe writes it. */
static void
refuse_decimal_comma(struct parser *p, const struct token *t)
{
	const struct token *comma = peek_at(p, 0);
	const struct token *next = peek_at(p, 1);

	if (p->depth > 1 || t->kind != TOKEN_INTEGER ||
	    comma->kind != TOKEN_COMMA || next->kind != TOKEN_INTEGER ||
	    comma->start != t->end || next->start != comma->end)
		return;
	fail(p, E_SYNTAX, comma,
	    arena_printf(p->arena, "Write %.*s.%.*s.", (int)(t->end - t->start),
	        p->text + t->start, (int)(next->end - next->start),
	        p->text + next->start),
	    "Numbers have a decimal point, not a comma.");
}

struct expr *
parse_number(struct parser *p)
{
	struct expr *e = node_new(p, EXPR_LITERAL);
	const struct token *t;
	const char *wrong;
	struct buf b;

	buf_init(&b, p->arena, EXPR_MAX_BYTES);
	if (take_kind(p, TOKEN_MINUS))
		buf_add_chr(&b, '-');
	t = take(p);
	buf_add_slice(&b, token_slice(p, t));
	e->literal = LITERAL_NUMBER;
	e->value = buf_str(&b);
	wrong = literal_check_number(p->arena, buf_slice(&b));
	if (wrong)
		fail(p, E_SYNTAX, t, NULL, "%s", wrong);
	refuse_decimal_comma(p, t);
	return node_done(p, e, NULL);
}

/* Spark joins neighbours, so 'it''s' is its and not it's. */
static void
warn_doubled(struct parser *p, const struct token *left,
    const struct token *right)
{
	struct expr_finding *f;
	char quote = p->text[left->start];

	if (left->end != right->start || p->text[right->start] != quote ||
	    chr_is_alpha(quote) || p->warnings.n == EXPR_MAX_FINDINGS)
		return;
	f = LIST_ADD(p->arena, &p->warnings);
	f->code = E_DOUBLED_QUOTE;
	f->start = left->end - 1;
	f->end = right->start + 1;
	f->message = arena_printf(p->arena,
	    "%c%c does not stand for a quote "
	    "here: Spark joins the two texts without it.",
	    quote, quote);
	f->fix = arena_printf(p->arena, "Write \\%c for a quote within text.",
	    quote);
}

struct expr *
parse_string(struct parser *p)
{
	struct expr *e = node_new(p, EXPR_LITERAL);
	const struct token *left = take(p);
	struct buf b;

	e->literal = LITERAL_STRING;
	e->value = string_value(p, left);
	if (peek_kind(p, 0) == TOKEN_STRING) {
		buf_init(&b, p->arena, EXPR_MAX_BYTES);
		buf_add_str(&b, e->value);
		while (peek_kind(p, 0) == TOKEN_STRING) {
			warn_doubled(p, left, peek(p));
			left = take(p);
			buf_add_str(&b, string_value(p, left));
		}
		e->value = buf_str(&b);
	}
	hint_after_string(p, left);
	return node_done(p, e, NULL);
}

/* Whether Spark accepts the value of DATE'…' and its like. */
static void
check_typed(struct parser *p, const struct expr *e, const struct token *t)
{
	struct slice value = slice_of(e->value);

	if (str_eq(e->op, "interval")) {
		interval_check(p, t, e->value);
	} else if (str_eq(e->op, "date")) {
		if (!literal_is_date(value))
			fail(p, E_SYNTAX, t,
			    "Write the date as year, month, "
			    "day: DATE'2026-03-01'.",
			    "This is not a date that Spark reads.");
	} else if (str_eq(e->op, "x")) {
		if (!literal_is_hex(value))
			fail(p, E_SYNTAX, t, "Write, for example, X'1F0A'.",
			    "X'…' takes hexadecimal digits only.");
	} else if (!literal_is_timestamp(value)) {
		fail(p, E_SYNTAX, t,
		    "Write it as in TIMESTAMP'2026-03-01 "
		    "14:05:00'.",
		    "This is not a timestamp that Spark reads.");
	}
}

/* DATE'2026-03-01': a word right before a string. */
struct expr *
parse_typed_literal(struct parser *p)
{
	struct expr *e = node_new(p, EXPR_LITERAL);
	const struct token *word = peek(p);
	const struct token *t = peek_at(p, 1);

	if (word->word != KW_DATE && word->word != KW_TIMESTAMP &&
	    word->word != KW_TIMESTAMP_LTZ && word->word != KW_TIMESTAMP_NTZ &&
	    word->word != KW_INTERVAL && word->word != KW_X)
		hint_name_and_string(p);
	e->literal = LITERAL_TYPED;
	e->op = token_lower(p, take(p));
	e->value = string_value(p, take(p));
	if (!p->failed)
		check_typed(p, e, t);
	return node_done(p, e, NULL);
}
