#include "base/base.h"

#include "expr/prose_match.h"

#include "base/buf.h"
#include "expr/expr.h"
#include "expr/keywords.h"
#include "expr/parser.h"

#include <string.h>
#include <strings.h>

#define COPY PROSE_COPY

/* Enough for every form below; keeps a hostile text from taking long. */
#define MAX_STEPS 4000
#define MAX_ANSWER 300
#define ELLIPSIS "\xe2\x80\xa6"

struct phrase {
	const char *form;
	const char *answer;
};

static const struct phrase phrases[] = {
#define PHRASE(form, answer) {form, answer},
#include "expr/prose_phrase.h"
#undef PHRASE
};

struct caught {
	size_t from;
	size_t n;
};

struct match {
	const struct prose_words *words;
	struct caught caught[4]; /* by the digit of the form */
	unsigned steps;
};

static const char *const fillers[] = {"the", "a", "an", "field", "column",
    "value", "der", "die", "das", "feld", "spalte", "wert", "of"};

struct separator {
	const char *word;
	const char *text;
};

static const struct separator separators[] = {
    {"blank", "' '"},
    {"blanks", "' '"},
    {"space", "' '"},
    {"spaces", "' '"},
    {"whitespace", "' '"},
    {"leerzeichen", "' '"},
    {"comma", "','"},
    {"commas", "','"},
    {"komma", "','"},
    {"semicolon", "';'"},
    {"semikolon", "';'"},
    {"dash", "'-'"},
    {"hyphen", "'-'"},
    {"minus", "'-'"},
    {"bindestrich", "'-'"},
    {"underscore", "'_'"},
    {"unterstrich", "'_'"},
    {"slash", "'/'"},
    {"pipe", "'|'"},
    {"dot", "'.'"},
    {"point", "'.'"},
    {"punkt", "'.'"},
    {"colon", "':'"},
    {"tab", "'\\t'"},
    {"newline", "'\\n'"},
};

static bool
is_quote(char c)
{
	return c == '\'' || c == '"';
}

static bool
is_quoted(struct slice s)
{
	return s.n >= 2 && is_quote(s.p[0]) && s.p[s.n - 1] == s.p[0];
}

static size_t
word_length(const char *p)
{
	size_t n = 0;

	if (is_quote(p[0])) {
		const char *end = strchr(p + 1, p[0]);

		if (end)
			return (size_t)(end - p) + 1;
	}
	while (p[n] && !chr_is_space(p[n]) &&
	    !(p[n] == ',' && !chr_is_digit(p[n + 1])))
		n++;
	return n;
}

static bool
is_trailing(char c)
{
	return c == '.' || c == ';' || c == ':' || c == '!' || c == '?';
}

void
prose_split(const char *text, struct prose_words *ret)
{
	const char *p = text;

	*ret = (struct prose_words){0};
	for (;;) {
		struct slice word;

		while (chr_is_space(*p))
			p++;
		if (!*p)
			return;
		word.p = p;
		word.n = *p == ',' ? 1 : word_length(p);
		p += word.n;
		while (word.n > 1 && is_trailing(word.p[word.n - 1]))
			word.n--;
		if (ret->n == PROSE_MAX_WORDS) {
			ret->more = true;
			return;
		}
		ret->v[ret->n++] = word;
	}
}

static bool
is_number(struct slice s)
{
	size_t i;

	for (i = 0; i < s.n; i++) {
		if (!chr_is_digit(s.p[i]) && s.p[i] != '.' && s.p[i] != ',' &&
		    !(i == 0 && s.p[i] == '-'))
			return false;
	}
	return s.n > 0 && chr_is_digit(s.p[s.n - 1]);
}

static bool
is_name_word(struct slice s)
{
	size_t i;

	for (i = 0; i < s.n; i++) {
		if (!chr_is_alnum(s.p[i]) && s.p[i] != '_' && s.p[i] != '.' &&
		    !(s.p[i] & 0x80))
			return false;
	}
	return s.n > 0 && !chr_is_digit(s.p[0]);
}

static bool
is_filler(struct slice s)
{
	size_t i;

	for (i = 0; i < COUNT_OF(fillers); i++) {
		if (slice_ieq(s, fillers[i]))
			return true;
	}
	return false;
}

static const char *
separator_find(struct slice s)
{
	size_t i;

	for (i = 0; i < COUNT_OF(separators); i++) {
		if (slice_ieq(s, separators[i].word))
			return separators[i].text;
	}
	return NULL;
}

/* One of a|b|c, without the ? behind them. */
static bool
is_alternative(struct slice form, struct slice word)
{
	size_t from = 0;
	size_t i;

	for (i = 0; i <= form.n; i++) {
		size_t k;

		if (i < form.n && form.p[i] != '|')
			continue;
		if (word.n == i - from) {
			for (k = 0; k < word.n; k++) {
				if (chr_lower(word.p[k]) != form.p[from + k])
					break;
			}
			if (k == word.n)
				return true;
		}
		from = i + 1;
	}
	return false;
}

static bool match_from(struct match *m, const char *form, size_t at);

/* Whether n words at a place can be caught as the kind of thing. */
static bool
can_catch(const struct match *m, char kind, size_t at, size_t n)
{
	const struct slice *w = &m->words->v[at];
	bool filler_only = true;
	size_t i;

	if (kind == '~')
		return separator_find(w[0]) || is_quoted(w[0]);
	for (i = 0; i < n; i++) {
		if (kind == '#' && !is_name_word(w[i]))
			return false;
		if ((kind == '$' || kind == '&') && n > 1 &&
		    !is_name_word(w[i]))
			return false;
		if (!is_filler(w[i]))
			filler_only = false;
	}
	return !filler_only;
}

static bool
match_catch(struct match *m, const char *form, size_t at)
{
	static const char kinds[] = "#$&%~";
	static const size_t most[] = {4, 2, 2, 10, 1};
	size_t max = most[strchr(kinds, form[0]) - kinds];
	size_t slot = (size_t)(form[1] - '0');
	size_t n;

	for (n = 1; n <= max && at + n <= m->words->n; n++) {
		if (!can_catch(m, form[0], at, n))
			continue;
		m->caught[slot] = (struct caught){at, n};
		if (match_from(m, form + 2, at + n))
			return true;
	}
	return false;
}

static bool
match_skip(struct match *m, const char *form, size_t at)
{
	size_t n;

	for (n = 0; n <= 4 && at + n <= m->words->n; n++) {
		if (match_from(m, form, at + n))
			return true;
	}
	return false;
}

static bool
match_from(struct match *m, const char *form, size_t at)
{
	struct slice token;
	bool optional;
	bool fits;

	if (++m->steps > MAX_STEPS)
		return false;
	while (*form == ' ')
		form++;
	if (!*form)
		return at == m->words->n;
	if (str_starts(form, ELLIPSIS))
		return match_skip(m,
		    form + strlen(ELLIPSIS) + (form[strlen(ELLIPSIS)] == '?'),
		    at);
	if (strchr("#$&%~", form[0]) && chr_is_digit(form[1]))
		return match_catch(m, form, at);
	token = (struct slice){form, strcspn(form, " ")};
	form += token.n;
	optional = token.p[token.n - 1] == '?';
	if (optional)
		token.n--;
	fits = at < m->words->n && is_alternative(token, m->words->v[at]);
	if (fits && match_from(m, form, at + 1))
		return true;
	if (optional && match_from(m, form, at))
		return true;
	return !fits && at < m->words->n && slice_is(m->words->v[at], ",") &&
	    match_from(m, token.p, at + 1);
}

/* first name → first_name */
static void
add_name(struct arena *a, struct buf *b, const struct slice *w, size_t n)
{
	struct buf name;
	size_t i;

	if (n == 1 && memchr(w[0].p, '.', w[0].n)) {
		buf_add_slice(b, w[0]);
		return;
	}
	buf_init(&name, a, MAX_ANSWER);
	for (i = 0; i < n; i++) {
		if (is_filler(w[i]))
			continue;
		if (name.n > 0)
			buf_add_chr(&name, '_');
		buf_add_slice(&name, w[i]);
	}
	buf_add_str(b, expr_quote_name(a, buf_str(&name)));
}

static void
add_text(struct arena *a, struct buf *b, const struct slice *w, size_t n)
{
	struct buf text;
	size_t i;

	buf_init(&text, a, MAX_ANSWER);
	for (i = 0; i < n; i++) {
		if (i > 0)
			buf_add_chr(&text, ' ');
		buf_add_slice(&text, w[i]);
	}
	buf_add_str(b, expr_quote_string(a, buf_str(&text)));
}

/* 1,19 → 1.19, current date → current_date(); a word is text if the caller
 * says so, or if it looks like a code. */
static void
add_value(struct arena *a, struct buf *b, const struct slice *w, size_t n,
    bool text)
{
	size_t i;

	if (n == 1 && is_number(w[0])) {
		for (i = 0; i < w[0].n; i++)
			buf_add_chr(b, w[0].p[i] == ',' ? '.' : w[0].p[i]);
	} else if (n == 1 && is_quoted(w[0])) {
		buf_add_str(b,
		    expr_quote_string(a,
		        slice_dup(a, (struct slice){w[0].p + 1, w[0].n - 2})));
	} else if (n == 2 &&
	    is_alternative(SLICE("current|today's|todays"), w[0]) &&
	    slice_ieq(w[1], "date")) {
		buf_add_str(b, "current_date()");
	} else if (n == 1 && is_alternative(SLICE("null|true|false"), w[0])) {
		buf_add_str(b, str_lower(a, slice_dup(a, w[0])));
	} else if (n == 1 && is_alternative(SLICE("blank|empty|leer"), w[0])) {
		buf_add_str(b, "''");
	} else if (!text && is_name_word(w[0])) {
		add_name(a, b, w, n);
	} else {
		add_text(a, b, w, n);
	}
}

/* amount is greater than 0 → amount > 0 */
static void
add_condition(struct arena *a, struct buf *b, const struct slice *w, size_t n)
{
	static const char *const words[][2] = {{"equals", "="}, {"equal", "="},
	    {"is", "="}, {"ist", "="}, {"gleich", "="}, {"greater", ">"},
	    {"gr\xc3\xb6\xc3\x9f"
	     "er",
	        ">"},
	    {"above", ">"}, {"less", "<"}, {"kleiner", "<"}, {"below", "<"},
	    {"than", ""}, {"to", ""}, {"als", ""}, {"und", "AND"},
	    {"oder", "OR"}, {"null", "NULL"}, {"blank", "''"}, {"empty", "''"}};
	bool value = false;
	size_t i;
	size_t k;

	for (i = 0; i < n; i++) {
		const char *sign = NULL;

		for (k = 0; k < COUNT_OF(words); k++) {
			if (slice_ieq(w[i], words[k][0]))
				sign = words[k][1];
		}
		if (sign && sign[0] == '=' && i + 1 < n &&
		    is_alternative(SLICE("greater|less|equal|above|below|"
		                         "kleiner|gleich"),
		        w[i + 1]))
			sign = "";
		if (sign && !sign[0])
			continue;
		if (b->n > 0 && b->p[b->n - 1] != ' ')
			buf_add_chr(b, ' ');
		if (sign)
			buf_add_str(b, sign);
		else if (value)
			add_value(a, b, &w[i], 1, true);
		else
			buf_add_slice(b, w[i]);
		value = sign && strchr("=<>", sign[0]);
	}
}

/* A word is a column where the sentence has it twice, or where it has a dot
 * or an underscore. */
static bool
is_text(const struct match *m, size_t slot)
{
	const struct caught *c = &m->caught[slot];
	struct slice w = m->words->v[c->from];
	size_t i;

	if (c->n > 1)
		return true;
	for (i = 0; i < w.n; i++) {
		if (w.p[i] == '_' || w.p[i] == '.')
			return false;
	}
	for (i = 0; i < m->words->n; i++) {
		const char *other = m->words->v[i].p;

		if (other != w.p && m->words->v[i].n == w.n &&
		    strncasecmp(other, w.p, w.n) == 0)
			return false;
	}
	return true;
}

static void
add_caught(struct arena *a, struct buf *b, const struct match *m, char kind,
    size_t slot)
{
	const struct slice *w = &m->words->v[m->caught[slot].from];
	size_t n = m->caught[slot].n;

	if (kind == '#')
		add_name(a, b, w, n);
	else if (kind == '$' || kind == '&')
		add_value(a, b, w, n, kind == '&' && is_text(m, slot));
	else if (kind == '%')
		add_condition(a, b, w, n);
	else if (is_quoted(w[0]))
		add_value(a, b, w, 1, true);
	else
		buf_add_str(b, separator_find(w[0]));
}

/* The answer, where it is an expression that parses. */
static const char *
answer(struct arena *a, const struct match *m, const char *form)
{
	struct lexed tokens;
	struct parser p;
	struct buf b;

	buf_init(&b, a, MAX_ANSWER);
	for (; *form; form++) {
		if (strchr("#$&%~", *form) && chr_is_digit(form[1])) {
			add_caught(a, &b, m, *form, (size_t)(form[1] - '0'));
			form++;
		} else {
			buf_add_chr(&b, *form);
		}
	}
	lexer_read(a, buf_slice(&b), &tokens);
	parser_init(&p, a, buf_str(&b), &tokens);
	parse_expression(&p);
	if (buf_full(&b) || p.failed || peek(&p)->kind != TOKEN_END)
		return NULL;
	return arena_printf(a, "Write, for example, %s", buf_str(&b));
}

const char *
prose_advise(struct arena *a, const struct prose_words *words)
{
	struct match m = {.words = words};
	size_t i;

	if (words->more)
		return NULL;
	for (i = 0; i < COUNT_OF(phrases); i++) {
		const char *advice = phrases[i].answer;

		m.steps = 0;
		if (!match_from(&m, phrases[i].form, 0))
			continue;
		if (advice[0] == '!')
			return advice + 1;
		advice = answer(a, &m, advice);
		if (advice)
			return advice;
	}
	return NULL;
}
