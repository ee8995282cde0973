#include "base/base.h"

#include "expr/hint.h"

#define CASE_WHEN "Write CASE WHEN condition THEN a ELSE b END."

struct slip {
	const char *word;
	enum err_code code;
	const char *message;
	const char *fix;
};

static const struct slip slips[] = {
#define SLIP(word, code, message, fix) {word, code, message, fix},
#include "expr/hint_slip.h"
#undef SLIP
};

struct statement {
	const char *first;
	const char *second; /* NULL: any name */
};

static const struct statement statements[] = {
    {"insert", "into"},
    {"insert", "overwrite"},
    {"update", NULL},
    {"delete", "from"},
    {"merge", "into"},
    {"create", NULL},
    {"drop", "table"},
    {"drop", "view"},
    {"alter", "table"},
    {"truncate", "table"},
    {"set", NULL},
    {"use", NULL},
    {"call", NULL},
    {"exec", NULL},
    {"execute", NULL},
    {"declare", NULL},
    {"begin", NULL},
    {"grant", NULL},
    {"with", NULL},
};

static bool
is_plain_name(const struct parser *p, size_t k)
{
	return peek_kind(p, k) == TOKEN_QUOTED ||
	    (peek_kind(p, k) == TOKEN_WORD &&
	        !keyword_is_hard((enum keyword)peek_at(p, k)->word));
}

static bool
starts_statement(const struct parser *p)
{
	size_t i;

	if (peek_word(p, 0, KW_SELECT))
		return true;
	for (i = 0; i < COUNT_OF(statements); i++) {
		if (!token_is(p, peek(p), statements[i].first))
			continue;
		if (statements[i].second
		        ? token_is(p, peek_at(p, 1), statements[i].second)
		        : is_plain_name(p, 1))
			return true;
	}
	return false;
}

void
hint_start(struct parser *p)
{
	const struct token *t = peek(p);

	if (t->kind == TOKEN_EQ)
		fail(p, E_SYNTAX, t,
		    "Remove the = at the start, and write "
		    "column names instead of cells such as A1.",
		    "A formula of a spreadsheet starts like this, not an "
		    "expression.");
	if (starts_statement(p))
		fail(p, E_STATEMENT, t, NULL,
		    "A statement starts here, but a "
		    "row of the mapping holds one expression.");
	if (peek_word(p, 0, KW_WHERE) ||
	    (peek_word(p, 0, KW_ON) && starts_expression(peek_at(p, 1))))
		fail(p, E_STATEMENT, t, "Write the condition alone.",
		    "%s belongs to a query; the condition stands without it.",
		    token_describe(p, t));
	if (hint_is_if(p))
		fail(p, E_SYNTAX, t, CASE_WHEN,
		    "IF … THEN … is not known to "
		    "Spark SQL.");
	if (token_is(p, t, "top") && peek_kind(p, 1) == TOKEN_INTEGER)
		fail(p, E_STATEMENT, t, NULL, "TOP belongs to a query.");
	if (token_is(p, t, "default") && starts_expression(peek_at(p, 1)) &&
	    peek_kind(p, 1) != TOKEN_LPAREN && peek_kind(p, 1) != TOKEN_MINUS &&
	    peek_kind(p, 1) != TOKEN_PLUS)
		fail(p, E_SYNTAX, t,
		    "Write the value alone, or use the "
		    "default column of the sheet.",
		    "DEFAULT is not part of an expression.");
}

static void
refuse_alias(struct parser *p)
{
	const struct token *name = peek_at(p, 1);

	fail(p, E_SYNTAX, peek(p),
	    is_name(p, 1)
	        ? arena_printf(p->arena,
	              "Remove AS %s; the target column gives the name.",
	              utf8_cut(p->arena,
	                  slice_dup(p->arena, token_slice(p, name)), 40))
	        : "Remove AS; the target column gives the name.",
	    "An alias has no place in a mapping row.");
}

/* Two names in a row are perhaps one name with a blank. */
static void
refuse_second_name(struct parser *p)
{
	const struct token *t = peek(p);
	const struct token *before = &p->tok[p->at - 1];
	const char *fix = "Write an operator between them.";

	if (before->kind == TOKEN_WORD && t->kind == TOKEN_WORD &&
	    !keyword_is_hard((enum keyword)before->word) &&
	    !keyword_is_hard((enum keyword)t->word))
		fix = arena_printf(p->arena,
		    "Write an operator between them. "
		    "If it is one name with a blank, write `%.*s`.",
		    (int)(t->end - before->start > 80 ? 80
		                                      : t->end - before->start),
		    p->text + before->start);
	fail(p, E_SYNTAX, t, fix, "Expected an operator after %s, found %s.",
	    token_describe(p, before), token_describe(p, t));
}

static void
hint_slip(struct parser *p)
{
	const struct token *t = peek(p);
	size_t i;

	if (t->kind != TOKEN_WORD)
		return;
	if (t->word == KW_AS) {
		refuse_alias(p);
		return;
	}
	for (i = 0; i < COUNT_OF(slips); i++) {
		if (token_is(p, t, slips[i].word))
			fail(p, slips[i].code, t, slips[i].fix, "%s",
			    slips[i].message);
	}
}

/* Signs that other languages have behind an operand. */
static void
hint_sign(struct parser *p)
{
	const struct token *t = peek(p);

	switch (t->kind) {
	case TOKEN_FAT_ARROW:
		fail(p, E_SYNTAX, t, "Write >= for greater or equal.",
		    "=> does not compare.");
		break;
	case TOKEN_ARROW:
		fail(p, E_SYNTAX, t,
		    "Write get_json_object(x, '$.name') or, "
		    "on Databricks, x:name.",
		    "-> is not an operator for fields; it stands in lambdas "
		    "such as transform(a, x -> x + 1).");
		break;
	case TOKEN_COLON:
		if (peek_kind(p, 1) == TOKEN_EQ)
			fail(p, E_ASSIGNMENT, t, "Remove the part up to :=.",
			    "Nothing is assigned here; the target column has "
			    "its own cell.");
		fail(p, E_SYNTAX, t, NULL, "A colon cannot stand here.");
		break;
	case TOKEN_QUESTION:
		fail(p, E_SYNTAX, t, "Write if(condition, a, b).",
		    "? is not an operator of Spark SQL.");
		break;
	case TOKEN_DECIMAL:
		if (p->text[t->start] == '.')
			fail(p, E_SYNTAX, t,
			    "Put the part after the dot into "
			    "backticks.",
			    "A name cannot start with a digit.");
		break;
	default:
		break;
	}
}

static void
hint_continuation(struct parser *p)
{
	const struct token *t = peek(p);

	if (p->failed || t->kind == TOKEN_BAD)
		return;
	hint_slip(p);
	hint_sign(p);
	if (is_name(p, 0) || t->kind == TOKEN_STRING ||
	    t->kind == TOKEN_INTEGER || t->kind == TOKEN_DECIMAL ||
	    t->kind == TOKEN_NUMBER)
		refuse_second_name(p);
}

void
hint_trailing(struct parser *p)
{
	const struct token *t = peek(p);

	if (t->kind == TOKEN_RPAREN)
		fail(p, E_SYNTAX, t, "Remove it, or write the missing (.",
		    "There is no ( for this ).");
	if (t->kind == TOKEN_COMMA)
		fail(p, E_SYNTAX, t, "Write one expression per row.",
		    "A second expression starts after this comma.");
	if (t->kind == TOKEN_SEMICOLON)
		fail(p, E_STATEMENT, t, "Remove the semicolon.",
		    "An expression does not end with a semicolon.");
	hint_continuation(p);
	fail_expected(p, "an operator or the end of the text");
}

void
hint_before_close(struct parser *p, const struct token *open)
{
	const struct token *t = peek(p);

	if (p->failed || t->kind == TOKEN_RPAREN || t->kind == TOKEN_COMMA)
		return;
	if (t->kind == TOKEN_END)
		fail(p, E_SYNTAX, open, "Write the missing ).",
		    "This ( is never closed.");
	if (t->kind == TOKEN_SEMICOLON)
		fail(p, E_SYNTAX, t, "Write a comma.",
		    "Arguments are separated by commas, not by semicolons.");
	if (t->kind == TOKEN_WORD && t->word == KW_AS)
		fail(p, E_SYNTAX, t, NULL,
		    "AS stands only in CAST and "
		    "struct().");
	hint_continuation(p);
}

static void
refuse_bracket(struct parser *p)
{
	const struct token *t = peek(p);

	if (is_name(p, 1) && peek_kind(p, 2) == TOKEN_RBRACKET)
		fail(p, E_SYNTAX, t,
		    arena_printf(p->arena, "Write %s.",
		        utf8_cut(p->arena,
		            expr_quote_name(p->arena,
		                token_name(p, peek_at(p, 1))),
		            80)),
		    "Names do not stand in brackets.");
	fail(p, E_SYNTAX, t,
	    "Write array(1, 2) for a list of values; put a "
	    "name with blanks into backticks.",
	    "A bracket cannot start a value.");
}

void
hint_no_value(struct parser *p)
{
	const struct token *t = peek(p);
	const struct token *before = p->at > 0 ? &p->tok[p->at - 1] : NULL;

	if (t->kind == TOKEN_LBRACKET)
		refuse_bracket(p);
	if (t->kind == TOKEN_QUESTION ||
	    (t->kind == TOKEN_COLON && is_name(p, 1)))
		fail(p, E_SYNTAX, t, "Write the value itself.",
		    "Parameters such as :name are not filled in here.");
	if (!before)
		return;
	if (t->kind == TOKEN_RPAREN && before->kind == TOKEN_PLUS &&
	    p->at > 1 && p->tok[p->at - 2].kind == TOKEN_LPAREN)
		fail(p, E_SYNTAX, before, "Say LEFT JOIN in the join column.",
		    "(+) for an outer join is not known to Spark SQL.");
	if (before->kind == TOKEN_COMMA &&
	    (t->kind == TOKEN_RPAREN || t->kind == TOKEN_COMMA))
		fail(p, E_SYNTAX, t,
		    "Write the missing value, or remove the "
		    "comma.",
		    "There is no value after the comma.");
	if (t->kind == TOKEN_RPAREN && before->kind == TOKEN_LPAREN)
		fail(p, E_SYNTAX, t, NULL, "The parentheses are empty.");
	if (t->kind == TOKEN_SEMICOLON)
		fail(p, E_SYNTAX, t,
		    "Remove it; arguments are separated by "
		    "commas.",
		    "A semicolon cannot stand here.");
}

void
hint_misplaced(struct parser *p)
{
	const struct token *t = peek(p);

	switch (t->word) {
	case KW_SELECT:
		fail_query(p, t);
		break;
	case KW_NOT:
		fail(p, E_SYNTAX, t,
		    "Put NOT and what follows into "
		    "parentheses.",
		    "NOT cannot follow an operator.");
		break;
	case KW_AND:
	case KW_OR:
		if (p->at == 0)
			fail(p, E_SYNTAX, t,
			    peek_kind(p, 1) == TOKEN_LPAREN
			        ? arena_printf(p->arena, "Write a %s b.",
			              token_describe(p, t))
			        : "Remove it, or write the condition before "
			          "it.",
			    "%s stands between two conditions.",
			    token_describe(p, t));
		break;
	case KW_WHEN:
		fail(p, E_SYNTAX, t, CASE_WHEN,
		    "WHEN stands only within CASE … END.");
		break;
	case KW_DISTINCT:
		fail(p, E_SYNTAX, t, "Remove DISTINCT.",
		    "DISTINCT concerns whole rows, not one column.");
		break;
	default:
		break;
	}
}

const char *
hint_expected_value(struct parser *p)
{
	if (p->at == 0)
		return "an expression";
	return arena_printf(p->arena, "a value after %s",
	    token_describe(p, &p->tok[p->at - 1]));
}

void
hint_after_operator(struct parser *p)
{
	static const struct {
		enum token_kind first;
		enum token_kind second;
		const char *fix;
	} pairs[] = {
	    {TOKEN_EQ, TOKEN_EQ, "Write = once."},
	    {TOKEN_EQ, TOKEN_LT, "Write <= for less or equal."},
	    {TOKEN_EQ, TOKEN_GT, "Write >= for greater or equal."},
	    {TOKEN_GT, TOKEN_GT, "Write shiftright(a, b)."},
	    {TOKEN_GT, TOKEN_EQ, "Write >= without a blank."},
	    {TOKEN_LT, TOKEN_EQ, "Write <= without a blank."},
	    {TOKEN_LT, TOKEN_GT, "Write <> without a blank."},
	    {TOKEN_AMPERSAND, TOKEN_AMPERSAND, "Write AND."},
	    {TOKEN_PIPE, TOKEN_PIPE, "Write || without a blank."},
	    {TOKEN_STAR, TOKEN_STAR, "Write power(a, b)."},
	    {TOKEN_SLASH, TOKEN_SLASH,
	        "Write -- before a comment, or a DIV b."},
	};
	const struct token *t = peek(p);
	const struct token *before = &p->tok[p->at - 1];
	size_t i;

	for (i = 0; i < COUNT_OF(pairs); i++) {
		if (before->kind == pairs[i].first &&
		    t->kind == pairs[i].second)
			fail(p, E_SYNTAX, before, pairs[i].fix,
			    "%.*s is not an operator of Spark SQL.",
			    (int)(t->end - before->start),
			    p->text + before->start);
	}
}
