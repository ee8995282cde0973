#include "base/base.h"

#include "lang/lexer.h"

#include <string.h>

static const char needs_comma[] =
    "Something is missing here, perhaps a comma or an operator.";
static const char needs_colon[] = "A \":\" is missing here.";
static const char open_string[] = "The string is not closed on its line.";
static const char open_text[] = "The string in triple quotes is never closed.";

bool
lexer_flaw(struct lexer *x, size_t at, const char *message)
{
	x->at = at;
	x->message = message;
	return false;
}

size_t
lexer_line_number(const struct lexer *x, size_t at)
{
	size_t line = 1;
	size_t i;

	for (i = 0; i < at && !x->quiet; i++)
		line += x->p[i] == '\n';
	return line;
}

static bool
is_word(char c)
{
	return chr_is_alnum(c) || c == '_' || (c & 0x80);
}

static bool
is_one_of(struct slice word, const char *const *list, size_t n)
{
	size_t i;

	for (i = 0; i < n && word.n > 0; i++) {
		if (list[i][0] == word.p[0] && slice_is(word, list[i]))
			return true;
	}
	return false;
}

/* Reserved words that are no values. */
static bool
is_keyword(struct slice word)
{
	static const char *const list[] = {"and", "as", "assert", "async",
	    "await", "break", "class", "continue", "def", "del", "elif", "else",
	    "except", "finally", "for", "from", "global", "if", "import", "in",
	    "is", "lambda", "nonlocal", "not", "or", "pass", "raise", "return",
	    "try", "while", "with", "yield"};

	return word.n >= 2 && word.n <= 8 &&
	    is_one_of(word, list, COUNT_OF(list));
}

static bool
opens_block(struct slice word)
{
	static const char *const list[] = {"async", "class", "def", "elif",
	    "else", "except", "finally", "for", "if", "try", "while", "with"};

	return is_one_of(word, list, COUNT_OF(list));
}

bool
continues_block(struct slice word)
{
	static const char *const list[] = {"elif", "else", "except",
	    "finally"};

	return is_one_of(word, list, COUNT_OF(list));
}

/* Words that start a statement or a part of one and never stand in brackets;
 * but if, for, else, async, await, lambda, yield from do. */
static bool
is_statement_word(struct slice word)
{
	static const char *const list[] = {"assert", "break", "class",
	    "continue", "def", "del", "elif", "except", "finally", "global",
	    "import", "nonlocal", "pass", "raise", "return", "try", "while",
	    "with"};

	return is_one_of(word, list, COUNT_OF(list));
}

/* Words that are keywords only at the start of a statement. */
static bool
is_soft_keyword(struct slice word)
{
	static const char *const list[] = {"case", "match", "type"};

	return is_one_of(word, list, COUNT_OF(list));
}

/* The byte that many places ahead, NUL behind the end. */
char
lexer_peek(const struct lexer *x, size_t ahead)
{
	return x->i < x->end && x->end - x->i > ahead ? x->p[x->i + ahead]
	                                              : '\0';
}

struct slice
lexer_word(const struct lexer *x)
{
	struct slice word = {x->p + x->i, 0};

	while (is_word(lexer_peek(x, word.n)))
		word.n++;
	return word;
}

static struct open *
innermost(struct lexer *x)
{
	return x->open.n > 0 ? &x->open.v[x->open.n - 1] : NULL;
}

/* Notes a token that ends at the next byte. */
static void
took(struct lexer *x, char sign, bool value)
{
	x->tokens++;
	x->last = sign;
	x->last_end = x->i;
	x->value = value;
}

static struct open *
open_bracket(struct lexer *x, char sign)
{
	struct open *o = LIST_ADD(x->arena, &x->open);

	o->sign = sign;
	o->at = x->i++;
	took(x, sign, false);
	return o;
}

static void
skip_escape(struct lexer *x, const struct quote *q)
{
	if (lexer_peek(x, 1) == '\r' && lexer_peek(x, 2) == '\n') {
		x->i += 3;
		return;
	}
	if (q->format && !q->raw && lexer_peek(x, 1) == 'N' && lexer_peek(x, 2) == '{') {
		/* The braces of \N{DIGIT ONE} hold no code. */
		while (x->i < x->end && x->p[x->i] != '}' &&
		    x->p[x->i] != '\n')
			x->i++;
		if (lexer_peek(x, 0) == '}')
			x->i++;
		return;
	}
	/* A backslash does not keep a brace from opening code. */
	x->i += q->format && (lexer_peek(x, 1) == '{' || lexer_peek(x, 1) == '}') ? 1 : 2;
}

static bool
at_mark(const struct lexer *x, const struct quote *q)
{
	return lexer_peek(x, 0) == q->mark &&
	    (!q->triple || (lexer_peek(x, 1) == q->mark && lexer_peek(x, 2) == q->mark));
}

/* Goes on within a string, in_spec: in the format specifier of its innermost
 * code, up to its end or to a brace that opens code. */
static bool
read_string(struct lexer *x, struct quote q, bool in_spec)
{
	while (x->i < x->end) {
		char c = x->p[x->i];

		if ((c == '\n' && !q.triple) || (in_spec && at_mark(x, &q)))
			break;
		if (at_mark(x, &q)) {
			x->i += q.triple ? 3 : 1;
			took(x, '"', true);
			return true;
		}
		if (c == '\\' && !in_spec) {
			skip_escape(x, &q);
		} else if ((c != '{' && c != '}') || !q.format) {
			x->i++;
		} else if (!in_spec && lexer_peek(x, 1) == c) {
			x->i += 2;
		} else if (c == '{') {
			struct open *o = open_bracket(x, 'f');

			o->quote = q;
			o->in_spec = in_spec;
			return true;
		} else if (in_spec) {
			x->i++;
			in_spec = x->open.v[--x->open.n].in_spec;
		} else {
			return lexer_flaw(x, x->i,
			    "A single \"}\" in an f-string must be doubled.");
		}
	}
	x->i = x->i < x->end ? x->i : x->end;
	return lexer_flaw(x, q.at, q.triple ? open_text : open_string);
}

/* Reads the prefix of a string into *q; false if the word is none. */
static bool
is_prefix(struct slice word, struct quote *q)
{
	size_t i;

	if (word.n > 2)
		return false;
	for (i = 0; i < word.n; i++) {
		char c = chr_lower(word.p[i]);

		if (c != 'r' && c != 'b' && c != 'u' && c != 'f')
			return false;
		q->raw = q->raw || c == 'r';
		q->format = q->format || c == 'f';
	}
	return true;
}

static bool
same_line(const struct lexer *x, size_t start, size_t end)
{
	return !memchr(x->p + start, '\n', end - start);
}

static bool
never_closed(struct lexer *x, const struct open *o)
{
	return lexer_flaw(x, o->at, arena_printf(x->arena,
	    "\"%c\" is never closed.", x->p[o->at]));
}

/* A value follows a value. True: reading goes on all the same. */
static bool
two_values(struct lexer *x)
{
	const struct open *o = innermost(x);

	if (x->tokens == 1 &&
	    (slice_is(x->first, "print") || slice_is(x->first, "exec")))
		return lexer_flaw(x, x->i, "This is a function in Python 3; "
		    "put its arguments into parentheses.");
	if (!o && !x->colon && opens_block(x->first))
		return lexer_flaw(x, x->last_end, needs_colon);
	if (o && x->doubt)
		return true;
	if (!o || same_line(x, o->at, x->i))
		return lexer_flaw(x, x->last_end, needs_comma);
	/* Not a comma may be missing here but a bracket above. */
	x->doubt = needs_comma;
	x->doubt_at = x->last_end;
	return true;
}

/* A string at the next byte, its prefix already read into q. */
static bool
start_string(struct lexer *x, struct quote q)
{
	if (x->value && x->last != '"' && !two_values(x))
		return false;
	q.mark = x->p[x->i];
	q.triple = lexer_peek(x, 1) == q.mark && lexer_peek(x, 2) == q.mark;
	x->i += q.triple ? 3 : 1;
	return read_string(x, q, false);
}

/* A character that text editors put in and Python does not know. */
static bool
is_foreign(uint32_t cp)
{
	return cp == 0xa0 || cp == 0xab || cp == 0xbb || cp == 0x2212 ||
	    cp == 0xfeff || (cp >= 0x2000 && cp <= 0x206f) ||
	    (cp >= 0x3000 && cp <= 0x303f) || (cp >= 0xff00 && cp <= 0xff0f);
}

static bool
foreign(struct lexer *x, uint32_t cp, size_t n)
{
	return lexer_flaw(x, x->i, arena_printf(x->arena,
	    "The character U+%04" PRIX32 "%s%.*s%s is not allowed here.", cp,
	    cp > 0xa0 && n < 4 ? " (" : "", cp > 0xa0 ? (int)n : 0,
	    x->p + x->i, cp > 0xa0 && n < 4 ? ")" : ""));
}

static bool
read_number(struct lexer *x)
{
	bool prefixed = lexer_peek(x, 0) == '0' && lexer_peek(x, 1) != '\0' &&
	    strchr("xXoObB", lexer_peek(x, 1));
	char point = '\0';      /* the last of . and e, which come once */

	if (x->value && !two_values(x))
		return false;
	for (; x->i < x->end; x->i++) {
		char c = chr_lower(x->p[x->i]);
		char next = lexer_peek(x, 1);

		if (chr_is_digit(c) || c == '_' || c == 'j' ||
		    (prefixed && chr_is_alpha(c)))
			continue;
		if (c == '.' && !prefixed && !point) {
			point = c;
			continue;
		}
		/* 1e5 is a number, 1else is 1 and else. */
		if (c != 'e' || point == 'e' ||
		    !(chr_is_digit(next) || next == '-' || next == '+'))
			break;
		point = 'e';
		x->i++;
	}
	took(x, 'w', true);
	return true;
}

/* Whether the point that was read last is the end of "...". */
static bool
after_ellipsis(const struct lexer *x)
{
	return x->last_end >= 3 && memcmp(x->p + x->last_end - 3, "...", 3) == 0;
}

/* Finds a character that does not belong into a word. */
static bool
check_word(struct lexer *x, struct slice word)
{
	size_t i = 0;

	while (i < word.n) {
		uint32_t cp;
		size_t n = utf8_next(word.p + i, word.n - i, &cp);

		if (is_foreign(cp)) {
			x->i += i;
			return foreign(x, cp, n);
		}
		i += n;
	}
	return true;
}

static bool
read_word(struct lexer *x)
{
	struct quote q = {.at = x->i};
	struct slice word = lexer_word(x);
	const struct open *o = innermost(x);
	bool keyword = is_keyword(word);
	char next = lexer_peek(x, word.n);

	if (!check_word(x, word))
		return false;
	if ((next == '"' || next == '\'') && is_prefix(word, &q)) {
		x->i += word.n;
		return start_string(x, q);
	}
	if (o && keyword && is_statement_word(word)) {
		if (o->sign != 'f' && !same_line(x, o->at, x->i))
			return never_closed(x, o);
		return lexer_flaw(x, x->i, arena_printf(x->arena,
		    "\"%.*s\" cannot stand within brackets.", (int)word.n,
		    word.p));
	}
	if (keyword && x->last == '.' && !after_ellipsis(x) &&
	    !slice_is(word, "import"))
		return lexer_flaw(x, x->i, arena_printf(x->arena,
		    "\"%.*s\" is a word of Python itself and cannot be a "
		    "name.", (int)word.n, word.p));
	if (x->value && !keyword && !two_values(x))
		return false;
	if (x->tokens == 0) {
		x->first = word;
		keyword = keyword || is_soft_keyword(word);
	}
	x->word = word;
	x->i += word.n;
	took(x, 'w', !keyword);
	return true;
}

static bool
close_bracket(struct lexer *x)
{
	char c = x->p[x->i];
	struct open *o = innermost(x);
	char want;

	if (!o)
		return lexer_flaw(x, x->i,
		    arena_printf(x->arena, "\"%c\" closes nothing.", c));
	want = o->sign == '(' ? ')' : o->sign == '[' ? ']' : '}';
	if (c != want)
		return lexer_flaw(x, x->i, arena_printf(x->arena,
		    "\"%c\" does not close the \"%c\" of line %zu.", c,
		    x->p[o->at], lexer_line_number(x, o->at)));
	x->open.n--;
	x->i++;
	if (o->sign == 'f')
		return read_string(x, o->quote, o->in_spec);
	took(x, c, true);
	return true;
}

static bool
read_sign(struct lexer *x)
{
	char c = x->p[x->i];
	struct open *o = innermost(x);

	if (x->tokens == 0 && (c == '%' || c == '!'))
		return lexer_flaw(x, x->i, "A magic command is written as a comment "
		    "in a notebook source: # MAGIC %...");
	if (c == '$' || c == '?' || c == '`' ||
	    (c == '!' && lexer_peek(x, 1) != '=' && !(o && o->sign == 'f')))
		return lexer_flaw(x, x->i, arena_printf(x->arena,
		    "The character \"%c\" is not used in Python.", c));
	/* Not so after * and / of parameters and : of a slice. */
	if (c == ',' && !x->value && x->last != '\0' &&
	    strchr("([{,=+-%|&<>@~", x->last))
		return lexer_flaw(x, x->i, "A value is missing here.");
	if (c == ':' && o && o->sign == 'f') {
		x->i++;
		return read_string(x, o->quote, true);
	}
	if (c == ':' && !o)
		x->colon = true;
	x->i++;
	took(x, c, false);
	return true;
}

static bool
read_token(struct lexer *x)
{
	char c = x->p[x->i];

	switch (c) {
	case '"':
	case '\'':
		return start_string(x, (struct quote){.at = x->i});
	case '{':
		if (x->value && !two_values(x))
			return false;
		FALLTHROUGH;
	case '(':
	case '[':
		open_bracket(x, c);
		return true;
	case ')':
	case ']':
	case '}':
		return close_bracket(x);
	default:
		break;
	}
	if (chr_is_digit(c))
		return read_number(x);
	return is_word(c) ? read_word(x) : read_sign(x);
}

void
lexer_skip_comment(struct lexer *x)
{
	while (x->i < x->end && x->p[x->i] != '\n')
		x->i++;
}

/* Skips blanks and continued line ends; true if anything was skipped. */
static bool
skip_blanks(struct lexer *x)
{
	char c = lexer_peek(x, 0);

	if (c == ' ' || c == '\t' || c == '\f' || c == '\r')
		x->i++;
	else if (c == '\\' && lexer_peek(x, 1) == '\n')
		x->i += 2;
	else if (c == '\\' && lexer_peek(x, 1) == '\r' && lexer_peek(x, 2) == '\n')
		x->i += 3;
	else if (c == '#')
		lexer_skip_comment(x);
	else
		return false;
	return true;
}

static bool
read_tokens(struct lexer *x)
{
	const struct open *o;

	while (x->i < x->end) {
		if (x->p[x->i] == '\n') {
			o = innermost(x);
			if (o && o->sign == 'f' && !o->quote.triple)
				return lexer_flaw(x, o->quote.at, open_string);
			x->i++;
			if (!o)
				return true;
		} else if (!skip_blanks(x) && !read_token(x)) {
			return false;
		}
	}
	return x->open.n == 0;
}

/* Decides what is wrong where a bracket is open at the end of the text. */
static bool
open_at_end(struct lexer *x)
{
	size_t i = x->open.n;

	/* The doubt is about a token behind the bracket. */
	while (i > 1 && x->doubt && x->open.v[i - 1].at > x->doubt_at)
		i--;
	return never_closed(x, &x->open.v[i - 1]);
}

/* Whether a line may end with the token that was read last. The grammar would
 * go on with the next line. */
static bool
may_end(const struct lexer *x)
{
	static const char *const words[] = {"break", "continue", "pass",
	    "raise", "return", "yield"};

	if (x->value || x->tokens == 0)
		return true;
	if (x->last == 'w')
		return is_one_of(x->word, words, COUNT_OF(words)) ||
		    is_soft_keyword(x->word);
	if (x->last == '.')
		return after_ellipsis(x);
	if (x->last == '*')
		return slice_is(x->first, "from");
	return strchr(",:;", x->last);
}

static bool
check_end(struct lexer *x)
{
	if (opens_block(x->first) && !x->colon)
		return lexer_flaw(x, x->last_end, needs_colon);
	if (x->last == ':' && !opens_block(x->first) &&
	    !is_soft_keyword(x->first))
		return lexer_flaw(x, x->last_end, "The line ends with \":\" "
		    "but does not start with a word that opens a block.");
	if (!may_end(x))
		return lexer_flaw(x, x->last_end,
		    "The line ends in the middle of a statement.");
	return true;
}

bool
lexer_line(struct lexer *x)
{
	bool ok;

	x->first = (struct slice){"", 0};
	x->tokens = 0;
	x->last = '\0';
	x->last_end = x->i;
	x->colon = false;
	x->value = false;
	ok = read_tokens(x);
	if (!ok && !x->message)
		return open_at_end(x);
	/* Another flaw stands behind the doubt, unless it is a bracket. */
	if (x->doubt && (ok || x->at > x->doubt_at))
		return lexer_flaw(x, x->doubt_at, x->doubt);
	return ok && check_end(x);
}
