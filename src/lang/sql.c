#include "base/base.h"

#include "lang/words.h"

#include <string.h>

/* Words that are keywords wherever they stand. Sorted. */
static const char *const keywords[] = {"ALL", "ALTER", "AND", "ANTI", "AS",
    "ASC", "BETWEEN", "BY", "CASE", "CAST", "CLUSTER", "COLUMN", "COMMENT",
    "CREATE", "CROSS", "CURRENT", "DEFAULT", "DELETE", "DESC", "DISTINCT",
    "ELSE", "END", "EXISTS", "FOLLOWING", "FROM", "FULL", "GROUP", "HAVING",
    "IF", "IN", "INNER", "INSERT", "INTO", "IS", "JOIN", "LAST", "LATERAL",
    "LEFT", "LIKE", "LIMIT", "MATCHED", "MERGE", "NAME", "NOT", "NULLS", "ON",
    "OR", "ORDER", "OVER", "OVERWRITE", "PARTITION", "PARTITIONED", "PRECEDING",
    "REPLACE", "RIGHT", "ROWS", "SELECT", "SEMI", "SET", "TABLE", "TEXT",
    "THEN", "UNBOUNDED", "UNION", "UPDATE", "USING", "VALUES", "VIEW", "WHEN",
    "WHERE", "WIDGET", "WITH"};
static const char *const constants[] = {"FALSE", "NULL", "TRUE"};

/* Behind the quote that closes the one at `at`; the literal is raw where an r
 * stands before it. */
static size_t
quoted(struct slice s, size_t at, bool raw, bool *ret_open)
{
	char quote = s.p[at];
	size_t i;

	for (i = at + 1; i < s.n; i++) {
		if (s.p[i] == '\\' && quote != '`' && !raw)
			i++;
		else if (s.p[i] == quote)
			return i + 1;
	}
	*ret_open = true;
	return s.n;
}

static size_t
commented(struct slice s, size_t at, bool *ret_open)
{
	const char *end;

	if (s.p[at] == '-') {
		end = memchr(s.p + at, '\n', s.n - at);
		return end ? (size_t)(end - s.p) : s.n;
	}
	end = s.n - at < 4 ? NULL : memmem(s.p + at + 2, s.n - at - 2, "*/", 2);
	*ret_open = !end;
	return end ? (size_t)(end - s.p) + 2 : s.n;
}

static struct token
next(struct slice s, size_t at)
{
	struct token t = {TOKEN_SIGN, at, at + 1, false};
	char c;

	if (at >= s.n)
		return (struct token){TOKEN_END, s.n, s.n, false};
	c = s.p[at];
	if (at + 1 < s.n &&
	    ((c == '-' && s.p[at + 1] == '-') ||
	        (c == '/' && s.p[at + 1] == '*'))) {
		t.kind = TOKEN_COMMENT;
		t.end = commented(s, at, &t.is_open);
	} else if (c == '\'' || c == '"' || c == '`') {
		t.kind = c == '`' ? TOKEN_NAME : TOKEN_STRING;
		t.end = quoted(s, at, false, &t.is_open);
	} else if (chr_lower(c) == 'r' && at + 1 < s.n &&
	    (s.p[at + 1] == '\'' || s.p[at + 1] == '"')) {
		t.kind = TOKEN_STRING;
		t.end = quoted(s, at + 1, true, &t.is_open);
	} else if (words_is_word(c)) {
		t.kind = chr_is_digit(c) ? TOKEN_NUMBER : TOKEN_WORD;
		while (t.end < s.n && words_is_word(s.p[t.end]))
			t.end++;
	} else if (chr_is_space(c)) {
		t.kind = TOKEN_BLANK;
	}
	return t;
}

static bool
is_one_of(struct slice word, const char *const *list, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++) {
		if (slice_of(list[i]).n == word.n &&
		    strncasecmp(list[i], word.p, word.n) == 0)
			return true;
	}
	return false;
}

static enum span_kind
word_kind(struct slice text, const struct token *t)
{
	struct slice word = {text.p + t->start, t->end - t->start};

	/* A field, or a parameter. */
	if (t->start > 0 && strchr(".:", text.p[t->start - 1]))
		return SPAN_PLAIN;
	if (is_one_of(word, constants, COUNT_OF(constants)))
		return SPAN_CONSTANT;
	if (is_one_of(word, keywords, COUNT_OF(keywords)))
		return SPAN_KEYWORD;
	return t->end < text.n && text.p[t->end] == '(' ? SPAN_FUNCTION
	                                                : SPAN_PLAIN;
}

const struct words words_sql = {next, word_kind, ';'};
