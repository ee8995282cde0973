#include "base/base.h"

#include "lang/pylex.h"

#include "lang/pyword.h"

#include <stdarg.h>
#include <string.h>

static const char needs_comma[] =
    "Something is missing here, perhaps a comma or an operator.";
static const char needs_colon[] = "A \":\" is missing here.";
static const char open_string[] = "The string is not closed on its line.";
static const char open_text[] = "The string in triple quotes is never closed.";

bool
pylex_flaw(struct pylex *x, size_t at, const char *format, ...)
{
	va_list ap;

	x->at = at;
	x->message = "";
	if (!x->quiet) {
		va_start(ap, format);
		x->message = arena_vprintf(x->arena, format, ap);
		va_end(ap);
	}
	return false;
}

size_t
pylex_line_number(const struct pylex *x, size_t at)
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

char
pylex_peek(const struct pylex *x, size_t ahead)
{
	return x->i < x->end && x->end - x->i > ahead ? x->p[x->i + ahead]
	                                              : '\0';
}

/* Whether these bytes come next. */
static bool
ahead(const struct pylex *x, const char *s)
{
	size_t n = strlen(s);

	return x->i < x->end && x->end - x->i >= n &&
	    memcmp(x->p + x->i, s, n) == 0;
}

struct slice
pylex_word(const struct pylex *x)
{
	struct slice word = {x->p + x->i, 0};

	while (is_word(pylex_peek(x, word.n)))
		word.n++;
	return word;
}

static struct open *
innermost(struct pylex *x)
{
	return x->open.n > 0 ? &x->open.v[x->open.n - 1] : NULL;
}

/* Notes a token that ends at the next byte. */
static void
took(struct pylex *x, char sign, bool value)
{
	x->tokens++;
	x->last = sign;
	x->last_end = x->i;
	x->value = value;
}

static struct open *
open_bracket(struct pylex *x, char sign)
{
	struct open *o = LIST_ADD(x->arena, &x->open);

	o->sign = sign;
	o->at = x->i++;
	took(x, sign, false);
	return o;
}

static void
skip_escape(struct pylex *x, const struct quote *q)
{
	if (q->format && !q->raw && ahead(x, "\\N{")) {
		/* The braces of \N{DIGIT ONE} hold no code. */
		while (x->i < x->end && !ahead(x, "}") && !ahead(x, "\n"))
			x->i++;
		if (ahead(x, "}"))
			x->i++;
	} else if (ahead(x, "\\\r\n")) {
		x->i += 3;
	} else if (q->format && (ahead(x, "\\{") || ahead(x, "\\}"))) {
		/* A backslash does not keep a brace from opening code. */
		x->i++;
	} else {
		x->i += 2;
	}
}

static bool
at_mark(const struct pylex *x, const struct quote *q)
{
	char mark[4] = {q->mark, q->triple ? q->mark : '\0', q->mark, '\0'};

	return ahead(x, mark);
}

/* Goes on within a string, in_spec: in the format specifier of its innermost
 * code, up to its end or to a brace that opens code. */
static bool
read_string(struct pylex *x, struct quote q, bool in_spec)
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
		} else if (!in_spec && pylex_peek(x, 1) == c) {
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
			return pylex_flaw(x, x->i,
			    "A single \"}\" in an f-string must be doubled.");
		}
	}
	x->i = x->i < x->end ? x->i : x->end;
	return pylex_flaw(x, q.at, q.triple ? open_text : open_string);
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
same_line(const struct pylex *x, size_t start, size_t end)
{
	return !memchr(x->p + start, '\n', end - start);
}

static bool
never_closed(struct pylex *x, const struct open *o)
{
	return pylex_flaw(x, o->at, "\"%c\" is never closed.", x->p[o->at]);
}

/* A value follows a value. True: reading goes on all the same. */
static bool
two_values(struct pylex *x)
{
	const struct open *o = innermost(x);

	if (x->tokens == 1 &&
	    (slice_is(x->first, "print") || slice_is(x->first, "exec")))
		return pylex_flaw(x, x->i,
		    "This is a function in Python 3; put its arguments into "
		    "parentheses.");
	if (!o && !x->colon && pyword_opens_block(x->first))
		return pylex_flaw(x, x->last_end, needs_colon);
	if (o && x->doubt)
		return true;
	if (!o || same_line(x, o->at, x->i))
		return pylex_flaw(x, x->last_end, needs_comma);
	/* Not a comma may be missing here but a bracket above. */
	x->doubt = true;
	x->doubt_at = x->last_end;
	return true;
}

/* A string at the next byte, its prefix already read into q. */
static bool
start_string(struct pylex *x, struct quote q)
{
	const struct open *o = innermost(x);

	/* The end of the string that the code stands in. */
	if (x->value && o && o->sign == 'f' && x->p[x->i] == o->quote.mark)
		return never_closed(x, o);
	if (x->value && x->last != '"' && !two_values(x))
		return false;
	q.mark = x->p[x->i];
	q.triple = pylex_peek(x, 1) == q.mark && pylex_peek(x, 2) == q.mark;
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

/* Of these, those that show nothing or turn the text around. */
static bool
is_invisible(uint32_t cp)
{
	return cp == 0xa0 || cp == 0xfeff || cp == 0x3000 ||
	    (cp >= 0x2000 && cp <= 0x200f) || (cp >= 0x2028 && cp <= 0x202f) ||
	    (cp >= 0x205f && cp <= 0x206f);
}

static bool
foreign(struct pylex *x, uint32_t cp, size_t n)
{
	if (is_invisible(cp))
		return pylex_flaw(x, x->i,
		    "The invisible character U+%04" PRIX32 " is here.", cp);
	return pylex_flaw(x, x->i,
	    "The character %.*s (U+%04" PRIX32 ") is not used in Python.",
	    (int)n, x->p + x->i, cp);
}

static bool
read_number(struct pylex *x)
{
	bool prefixed = pylex_peek(x, 0) == '0' && pylex_peek(x, 1) != '\0' &&
	    strchr("xXoObB", pylex_peek(x, 1));
	char point = '\0'; /* the last of . and e, which come once */

	if (x->value && !two_values(x))
		return false;
	for (; x->i < x->end; x->i++) {
		char c = chr_lower(x->p[x->i]);
		char next = pylex_peek(x, 1);

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
after_ellipsis(const struct pylex *x)
{
	return x->last_end >= 3 &&
	    memcmp(x->p + x->last_end - 3, "...", 3) == 0;
}

/* Finds a character that does not belong into a word. */
static bool
check_word(struct pylex *x, struct slice word)
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

/* Whether a keyword may follow what was read of the line. The grammar takes it
 * for a name where it cannot be a keyword. False: there is a flaw. */
static bool
check_keyword(struct pylex *x, struct slice word)
{
	const struct open *o = innermost(x);
	int n = (int)word.n;

	if (o && pyword_is_statement(word)) {
		if (o->sign != 'f' && !same_line(x, o->at, x->i))
			return never_closed(x, o);
		return pylex_flaw(x, x->i,
		    "\"%.*s\" cannot stand within brackets.", n, word.p);
	}
	if (x->last == '.' && !after_ellipsis(x) && !slice_is(word, "import"))
		return pylex_flaw(x, x->i,
		    "\"%.*s\" is a word of Python and cannot be a name.", n,
		    word.p);
	/* A statement may begin here, or the line is a soft keyword's. */
	if (x->value || x->tokens == 0 || strchr(".:;", x->last) ||
	    pyword_starts_value(word))
		return true;
	if (x->last == 'w' &&
	    (pyword_may_follow(word, x->word) || pyword_is_soft(x->word)))
		return true;
	/* for x, in y */
	if (x->last == ',' && slice_is(word, "in"))
		return true;
	return pylex_flaw(x, x->i, "\"%.*s\" cannot stand here.", n, word.p);
}

static bool
read_word(struct pylex *x)
{
	struct quote q = {.at = x->i};
	struct slice word = pylex_word(x);
	bool keyword = pyword_is_keyword(word);
	char next = pylex_peek(x, word.n);

	if (!check_word(x, word))
		return false;
	if ((next == '"' || next == '\'') && is_prefix(word, &q)) {
		x->i += word.n;
		return start_string(x, q);
	}
	if (keyword && !check_keyword(x, word))
		return false;
	if (x->value && !keyword && !two_values(x))
		return false;
	if (x->tokens == 0) {
		x->first = word;
		keyword = keyword || pyword_is_soft(word);
	}
	x->word = word;
	x->i += word.n;
	took(x, 'w', !keyword);
	return true;
}

static bool
close_bracket(struct pylex *x)
{
	char c = x->p[x->i];
	struct open *o = innermost(x);
	char want;

	if (!o)
		return pylex_flaw(x, x->i, "\"%c\" closes nothing.", c);
	want = o->sign == '(' ? ')' : o->sign == '[' ? ']' : '}';
	if (c != want)
		return pylex_flaw(x, x->i,
		    "\"%c\" does not close the \"%c\" of line %zu.", c,
		    x->p[o->at], pylex_line_number(x, o->at));
	x->open.n--;
	x->i++;
	if (o->sign == 'f')
		return read_string(x, o->quote, o->in_spec);
	took(x, c, true);
	return true;
}

static bool
read_sign(struct pylex *x)
{
	char c = x->p[x->i];
	struct open *o = innermost(x);

	if (x->tokens == 0 && (c == '%' || c == '!'))
		return pylex_flaw(x, x->i,
		    "A magic command is written as a comment in a notebook "
		    "source: # MAGIC %%...");
	if (c == '$' || c == '?' || c == '`' ||
	    (c == '!' && pylex_peek(x, 1) != '=' && !(o && o->sign == 'f')))
		return pylex_flaw(x, x->i,
		    "The character %c is not used in Python.", c);
	/* Not so after * and / of parameters and : of a slice. */
	if (c == ',' && !x->value && x->last != '\0' &&
	    strchr("([{,=+-%|&<>@~", x->last))
		return pylex_flaw(x, x->i, "A value is missing here.");
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
read_token(struct pylex *x)
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
pylex_skip_comment(struct pylex *x)
{
	while (x->i < x->end && x->p[x->i] != '\n')
		x->i++;
}

/* Skips blanks and continued line ends; true if anything was skipped. */
static bool
skip_blanks(struct pylex *x)
{
	char c = pylex_peek(x, 0);

	if (c == ' ' || c == '\t' || c == '\f' || c == '\r')
		x->i++;
	else if (ahead(x, "\\\n"))
		x->i += 2;
	else if (ahead(x, "\\\r\n"))
		x->i += 3;
	else if (c == '#')
		pylex_skip_comment(x);
	else
		return false;
	return true;
}

static bool
read_tokens(struct pylex *x)
{
	const struct open *o;

	while (x->i < x->end) {
		if (x->p[x->i] == '\n') {
			o = innermost(x);
			if (o && o->sign == 'f' && !o->quote.triple)
				return pylex_flaw(x, o->quote.at, open_string);
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
open_at_end(struct pylex *x)
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
may_end(const struct pylex *x)
{
	if (x->value || x->tokens == 0)
		return true;
	if (x->last == 'w')
		return pyword_may_end(x->word);
	if (x->last == '.')
		return after_ellipsis(x);
	if (x->last == '*')
		return slice_is(x->first, "from");
	return strchr(",:;", x->last);
}

static bool
check_end(struct pylex *x)
{
	if (pyword_opens_block(x->first) && !x->colon)
		return pylex_flaw(x, x->last_end, needs_colon);
	if (x->last == ':' && !pyword_opens_block(x->first) &&
	    !pyword_is_soft(x->first))
		return pylex_flaw(x, x->last_end,
		    "The line ends with \":\" but does not start with a word "
		    "that opens a block.");
	if (!may_end(x))
		return pylex_flaw(x, x->last_end,
		    "The line ends in the middle of a statement.");
	return true;
}

void
pylex_start(struct pylex *x, size_t start, size_t end)
{
	x->i = start;
	x->end = end;
	x->message = NULL;
	x->doubt = false;
	x->open.n = 0;
}

bool
pylex_line(struct pylex *x)
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
		return pylex_flaw(x, x->doubt_at, needs_comma);
	return ok && check_end(x);
}
