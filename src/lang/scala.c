#include "base/base.h"

#include "lang/words.h"

#include <string.h>

/* Interpolated strings within each other. */
#define DEPTH_MAX 10

static const char *const keywords[] = {"abstract", "case", "catch", "class",
    "def", "do", "else", "extends", "final", "finally", "for", "forSome", "if",
    "implicit", "import", "lazy", "match", "new", "object", "override",
    "package", "private", "protected", "return", "sealed", "super", "this",
    "throw", "trait", "try", "type", "val", "var", "while", "with", "yield"};
static const char *const constants[] = {"false", "null", "true"};

static struct token next(struct slice s, size_t at, int depth);

static bool
stands(struct slice s, size_t at, const char *what)
{
	size_t n = strlen(what);

	return s.n - at >= n && memcmp(s.p + at, what, n) == 0;
}

/* Behind the bracket that closes the one at `at`, of code within a string. */
static size_t
interpolated(struct slice s, size_t at, int depth, bool *ret_open)
{
	size_t open = 0;
	struct token t;

	for (t = next(s, at, depth + 1); t.kind != TOKEN_END && !t.is_open;
	     t = next(s, t.end, depth + 1)) {
		if (t.kind != TOKEN_SIGN)
			continue;
		if (s.p[t.start] == '{')
			open++;
		else if (s.p[t.start] == '}' && --open == 0)
			return t.end;
	}
	*ret_open = true;
	return s.n;
}

/* Behind the string whose quotes begin at `at`. */
static size_t
quoted(struct slice s, size_t at, bool has_code, int depth, bool *ret_open)
{
	bool triple = stands(s, at, "\"\"\"");
	size_t i = at + (triple ? 3 : 1);

	*ret_open = depth >= DEPTH_MAX;
	while (i < s.n && !*ret_open) {
		if (triple && stands(s, i, "\"\"\"")) {
			for (i += 3; i < s.n && s.p[i] == '"';)
				i++;
			return i;
		}
		if (!triple && s.p[i] == '"')
			return i + 1;
		if (!triple && s.p[i] == '\n')
			break;
		if (has_code && stands(s, i, "${"))
			i = interpolated(s, i + 1, depth, ret_open);
		else
			i += !triple && s.p[i] == '\\' ? 2 : 1;
	}
	*ret_open = true;
	return i < s.n ? i : s.n;
}

/* Comments may hold comments. */
static size_t
commented(struct slice s, size_t at, bool *ret_open)
{
	size_t depth = 1;
	size_t i = at + 2;
	const char *end;

	if (s.p[at + 1] == '/') {
		end = memchr(s.p + at, '\n', s.n - at);
		return end ? (size_t)(end - s.p) : s.n;
	}
	while (i < s.n && depth > 0) {
		if (stands(s, i, "/*")) {
			depth++;
			i += 2;
		} else if (stands(s, i, "*/")) {
			depth--;
			i += 2;
		} else {
			i++;
		}
	}
	*ret_open = depth > 0;
	return i;
}

/* Behind the character literal at `at`; `at` if it is none. */
static size_t
character(struct slice s, size_t at)
{
	uint32_t cp;
	size_t i = at + 1;

	if (i >= s.n)
		return at;
	if (s.p[i] == '\\')
		i += stands(s, i, "\\u") ? 6 : 2;
	else
		i += utf8_next(s.p + i, s.n - i, &cp);
	return i < s.n && s.p[i] == '\'' ? i + 1 : at;
}

static struct token
word(struct slice s, size_t at, int depth)
{
	struct token t = {TOKEN_WORD, at, at + 1, false};

	while (t.end < s.n && words_is_word(s.p[t.end]))
		t.end++;
	if (chr_is_digit(s.p[at])) {
		t.kind = TOKEN_NUMBER;
	} else if (t.end < s.n && s.p[t.end] == '"') {
		t.kind = TOKEN_STRING;
		t.end = quoted(s, t.end, true, depth, &t.is_open);
	}
	return t;
}

static struct token
next(struct slice s, size_t at, int depth)
{
	struct token t = {TOKEN_SIGN, at, at + 1, false};
	const char *end;

	if (at >= s.n)
		return (struct token){TOKEN_END, s.n, s.n, false};
	if (stands(s, at, "//") || stands(s, at, "/*")) {
		t.kind = TOKEN_COMMENT;
		t.end = commented(s, at, &t.is_open);
	} else if (s.p[at] == '"') {
		t.kind = TOKEN_STRING;
		t.end = quoted(s, at, false, depth, &t.is_open);
	} else if (s.p[at] == '\'' && character(s, at) > at) {
		t.kind = TOKEN_STRING;
		t.end = character(s, at);
	} else if (s.p[at] == '`') {
		t.kind = TOKEN_NAME;
		end = memchr(s.p + at + 1, '`', s.n - at - 1);
		t.is_open = !end;
		t.end = end ? (size_t)(end - s.p) + 1 : s.n;
	} else if (words_is_word(s.p[at])) {
		t = word(s, at, depth);
	} else if (chr_is_space(s.p[at])) {
		t.kind = TOKEN_BLANK;
	}
	return t;
}

static bool
is_one_of(struct slice text, const char *const *list, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++) {
		if (slice_is(text, list[i]))
			return true;
	}
	return false;
}

static enum span_kind
word_kind(struct slice text, const struct token *t)
{
	struct slice w = {text.p + t->start, t->end - t->start};

	if (is_one_of(w, constants, COUNT_OF(constants)))
		return SPAN_CONSTANT;
	if (is_one_of(w, keywords, COUNT_OF(keywords)))
		return SPAN_KEYWORD;
	if (t->end < text.n && text.p[t->end] == '(')
		return SPAN_FUNCTION;
	return *w.p >= 'A' && *w.p <= 'Z' ? SPAN_TYPE : SPAN_PLAIN;
}

static struct token
next_token(struct slice text, size_t at)
{
	return next(text, at, 0);
}

const struct words words_scala = {next_token, word_kind, '\0'};
