#include "base/base.h"

#include "expr/lexer.h"

#include "expr/charset.h"

struct lexer {
	struct arena *arena;
	const char *p;
	size_t n;
	size_t at;
	size_t open_types; /* ARRAY, MAP and STRUCT without their > */
	struct lexed *out;
};

/* The byte k places ahead; NUL, which no token has, behind the end. */
static char
ahead(const struct lexer *lx, size_t k)
{
	return k < lx->n - lx->at ? lx->p[lx->at + k] : '\0';
}

static bool
is_word(char c)
{
	return chr_is_alnum(c) || c == '_';
}

static void
add(struct lexer *lx, enum token_kind kind, size_t length)
{
	struct token *t = LIST_ADD(lx->arena, &lx->out->tokens);

	t->start = (uint32_t)lx->at;
	lx->at += length;
	t->end = (uint32_t)lx->at;
	t->kind = (uint8_t)kind;
}

static void
refuse(struct lexer *lx, enum err_code code, size_t length, const char *message,
    const char *fix)
{
	lx->out->bad = (struct expr_finding){.code = code,
	    .start = lx->at,
	    .end = lx->at + length,
	    .message = message,
	    .fix = fix};
	add(lx, TOKEN_BAD, length);
	lx->at = lx->n;
}

static bool
skip_line_comment(struct lexer *lx)
{
	if (ahead(lx, 0) != '-' || ahead(lx, 1) != '-')
		return false;
	while (lx->at < lx->n) {
		char c = ahead(lx, 0);

		/* As in Spark, a backslash carries the comment on. */
		if (c == '\\' && ahead(lx, 1) == '\n')
			lx->at++;
		else if (c == '\n' || c == '\r')
			break;
		lx->at++;
	}
	return true;
}

static bool
skip_comment(struct lexer *lx)
{
	size_t i = lx->at + 2;
	size_t level = 1;

	if (ahead(lx, 0) != '/' || ahead(lx, 1) != '*' || ahead(lx, 2) == '+')
		return false;
	for (; i + 1 < lx->n && level > 0; i++) {
		if (lx->p[i] == '*' && lx->p[i + 1] == '/') {
			level--;
			i++;
		} else if (lx->p[i] == '/' && lx->p[i + 1] == '*') {
			level++;
			i++;
		}
	}
	if (level > 0) {
		refuse(lx, E_UNCLOSED, lx->n - lx->at,
		    "The comment that starts here is never closed.",
		    "Write */ at the end of the comment.");
		return false;
	}
	lx->at = i;
	return true;
}

static void
skip_blanks(struct lexer *lx)
{
	while (lx->at < lx->n) {
		char c = lx->p[lx->at];
		size_t n;

		if (chr_is_space(c)) {
			lx->at++;
		} else if (c == '-' || c == '/') {
			if (!skip_line_comment(lx) && !skip_comment(lx))
				return;
		} else {
			n = charset_space(lx->p + lx->at, lx->n - lx->at);
			if (n == 0)
				return;
			lx->at += n;
		}
	}
}

/* Length of a string from its quote on; 0 if it is not closed. */
static size_t
string_length(const struct lexer *lx, size_t from, bool raw)
{
	char quote = lx->p[from];
	size_t i;

	for (i = from + 1; i < lx->n; i++) {
		if (lx->p[i] == quote)
			return i + 1 - from;
		if (lx->p[i] == '\\' && !raw)
			i++;
	}
	return 0;
}

static void
lex_string(struct lexer *lx, size_t prefix)
{
	size_t from = lx->at + prefix;
	size_t n = string_length(lx, from, prefix > 0);

	if (n > 0) {
		add(lx, TOKEN_STRING, prefix + n);
		return;
	}
	refuse(lx, E_UNCLOSED, lx->n - lx->at,
	    arena_printf(lx->arena,
	        "The text that starts here with %c is "
	        "never closed.",
	        lx->p[from]),
	    arena_printf(lx->arena,
	        "Write %c at its end. Within the text, "
	        "write \\%c for the quote and \\\\ for a backslash.",
	        lx->p[from], lx->p[from]));
}

static void
lex_quoted(struct lexer *lx)
{
	size_t i = lx->at + 1;

	for (; i < lx->n; i++) {
		if (lx->p[i] != '`')
			continue;
		if (i + 1 == lx->n || lx->p[i + 1] != '`') {
			add(lx, TOKEN_QUOTED, i + 1 - lx->at);
			return;
		}
		i++;
	}
	refuse(lx, E_UNCLOSED, lx->n - lx->at,
	    "The name that starts here with ` is never closed.",
	    "Write ` at its end.");
}

/* E, a sign, digits: their length, 0 if there are none. */
static size_t
exponent_length(const struct lexer *lx, size_t at)
{
	size_t i = at;

	if (chr_lower(ahead(lx, i)) != 'e')
		return 0;
	i++;
	if (ahead(lx, i) == '+' || ahead(lx, i) == '-')
		i++;
	if (!chr_is_digit(ahead(lx, i)))
		return 0;
	while (chr_is_digit(ahead(lx, i)))
		i++;
	return i - at;
}

/* F, D, BD; after whole digits also L, S, Y. */
static size_t
suffix_length(const struct lexer *lx, size_t at, bool whole)
{
	char c = chr_lower(ahead(lx, at));

	if (c == 'f' || c == 'd')
		return 1;
	if (c == 'b' && chr_lower(ahead(lx, at + 1)) == 'd')
		return 2;
	return whole && (c == 'l' || c == 's' || c == 'y') ? 1 : 0;
}

/* What follows mantissa digits in Spark: the longest reading wins, and a
 * number with a point must not run into a word (1.5x is 1 . 5x). */
static size_t
number_length(const struct lexer *lx, size_t mantissa, bool point,
    enum token_kind *kind)
{
	size_t e = exponent_length(lx, mantissa);
	size_t s = suffix_length(lx, mantissa + e, !point && e == 0);
	size_t n = mantissa + e + s;

	*kind = TOKEN_NUMBER;
	if (e == 0 && s == 0)
		*kind = point ? TOKEN_DECIMAL : TOKEN_INTEGER;
	if (point && is_word(ahead(lx, n)))
		return 0;
	return n;
}

static void
lex_number(struct lexer *lx)
{
	enum token_kind kind = TOKEN_INTEGER;
	enum token_kind with_point = TOKEN_DECIMAL;
	size_t whole = 0;
	size_t word = 0;
	size_t point = 0;
	size_t plain = 0;

	while (chr_is_digit(ahead(lx, whole)))
		whole++;
	if (ahead(lx, whole) == '.') {
		size_t n = whole + 1;

		while (chr_is_digit(ahead(lx, n)))
			n++;
		if (n > 1)
			point = number_length(lx, n, true, &with_point);
	}
	if (whole > 0) {
		plain = number_length(lx, whole, false, &kind);
		while (is_word(ahead(lx, word)))
			word++;
	}
	if (point > plain && point > word)
		add(lx, with_point, point);
	else if (word > plain)
		add(lx, TOKEN_WORD, word);
	else if (plain > 0)
		add(lx, kind, plain);
	else
		add(lx, TOKEN_DOT, 1);
}

static void
lex_word(struct lexer *lx)
{
	size_t n = 1;
	struct token *t;

	if (chr_lower(ahead(lx, 0)) == 'r' &&
	    (ahead(lx, 1) == '\'' || ahead(lx, 1) == '"')) {
		lex_string(lx, 1);
		return;
	}
	while (is_word(ahead(lx, n)))
		n++;
	if (ahead(lx, n) & 0x80) {
		size_t more = charset_letters(lx->p + lx->at + n,
		    lx->n - lx->at - n);

		if (more > 0) {
			const char *name;

			name = arena_strndup(lx->arena, lx->p + lx->at,
			    n + more);
			refuse(lx, E_CHARACTER, n + more,
			    charset_name_message(lx->arena, name),
			    charset_name_fix(lx->arena, name));
			return;
		}
	}
	add(lx, TOKEN_WORD, n);
	t = &lx->out->tokens.v[lx->out->tokens.n - 1];
	t->word = (uint8_t)keyword_find((struct slice){lx->p + t->start, n});
	if (t->word == KW_ARRAY || t->word == KW_MAP || t->word == KW_STRUCT)
		lx->open_types++;
}

struct operator
{
	char text[4];
	enum token_kind kind;
};

/* Longer ones first. */
static const struct operator operators[] = {
    {">>>", TOKEN_SHIFT_RIGHT_UNSIGNED},
    {"<=>", TOKEN_NSEQ},
    {"==", TOKEN_EQ},
    {"<>", TOKEN_NEQ},
    {"!=", TOKEN_NEQ},
    {"<=", TOKEN_LTE},
    {"!>", TOKEN_LTE},
    {">=", TOKEN_GTE},
    {"!<", TOKEN_GTE},
    {"<<", TOKEN_SHIFT_LEFT},
    {">>", TOKEN_SHIFT_RIGHT},
    {"||", TOKEN_CONCAT},
    {"::", TOKEN_DOUBLE_COLON},
    {"->", TOKEN_ARROW},
    {"=>", TOKEN_FAT_ARROW},
    {"(", TOKEN_LPAREN},
    {")", TOKEN_RPAREN},
    {"[", TOKEN_LBRACKET},
    {"]", TOKEN_RBRACKET},
    {",", TOKEN_COMMA},
    {";", TOKEN_SEMICOLON},
    {":", TOKEN_COLON},
    {"?", TOKEN_QUESTION},
    {"!", TOKEN_BANG},
    {"=", TOKEN_EQ},
    {"<", TOKEN_LT},
    {">", TOKEN_GT},
    {"+", TOKEN_PLUS},
    {"-", TOKEN_MINUS},
    {"*", TOKEN_STAR},
    {"/", TOKEN_SLASH},
    {"%", TOKEN_PERCENT},
    {"~", TOKEN_TILDE},
    {"&", TOKEN_AMPERSAND},
    {"|", TOKEN_PIPE},
    {"^", TOKEN_HAT},
};

/* Behind ARRAY, MAP or STRUCT Spark reads >> as two closing brackets, even
 * where the word was a function: then array(1) >> 2 does not parse. */
static void
add_operator(struct lexer *lx, enum token_kind kind, size_t n)
{
	if (lx->open_types > 0 &&
	    (kind == TOKEN_SHIFT_RIGHT || kind == TOKEN_SHIFT_RIGHT_UNSIGNED)) {
		kind = TOKEN_GT;
		n = 1;
	}
	if (kind == TOKEN_GT && lx->open_types > 0)
		lx->open_types--;
	add(lx, kind, n);
}

static bool
lex_operator(struct lexer *lx)
{
	size_t i;

	for (i = 0; i < COUNT_OF(operators); i++) {
		const char *text = operators[i].text;
		size_t n = 1;

		if (text[0] != ahead(lx, 0))
			continue;
		while (text[n] && text[n] == ahead(lx, n))
			n++;
		if (!text[n]) {
			add_operator(lx, operators[i].kind, n);
			return true;
		}
	}
	return false;
}

static void
lex_other(struct lexer *lx)
{
	struct charset_bad bad;

	if (ahead(lx, 0) == '/' && ahead(lx, 1) == '*') {
		refuse(lx, E_SYNTAX, 3,
		    "A hint /*+ … */ belongs to a query, not to an "
		    "expression.",
		    "Remove the hint.");
		return;
	}
	if (lex_operator(lx))
		return;
	charset_explain(lx->arena,
	    (struct slice){lx->p + lx->at, lx->n - lx->at}, &bad);
	refuse(lx, E_CHARACTER, bad.length, bad.message, bad.fix);
}

static void
lex_token(struct lexer *lx)
{
	char c = ahead(lx, 0);

	if (chr_is_alpha(c) || c == '_')
		lex_word(lx);
	else if (chr_is_digit(c) || c == '.')
		lex_number(lx);
	else if (c == '\'' || c == '"')
		lex_string(lx, 0);
	else if (c == '`')
		lex_quoted(lx);
	else
		lex_other(lx);
}

void
lexer_read(struct arena *a, struct slice text, struct lexed *ret)
{
	struct lexer lx = {.arena = a, .p = text.p, .n = text.n, .out = ret};

	*ret = (struct lexed){0};
	if (text.n > EXPR_MAX_BYTES) {
		lx.n = 0;
		refuse(&lx, E_SYNTAX, 0, "The text is longer than 1 MB.",
		    "Shorten the expression.");
		return;
	}
	for (;;) {
		skip_blanks(&lx);
		if (lx.at >= lx.n)
			break;
		lex_token(&lx);
	}
	if (ret->tokens.n == 0 ||
	    ret->tokens.v[ret->tokens.n - 1].kind != TOKEN_BAD)
		add(&lx, TOKEN_END, 0);
}
