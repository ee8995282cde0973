#include "base/base.h"

#include "lang/sql.h"

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

enum token_kind {
	TOKEN_END,
	TOKEN_BLANK,
	TOKEN_COMMENT,
	TOKEN_STRING,
	TOKEN_NAME, /* in backticks */
	TOKEN_NUMBER,
	TOKEN_WORD,
	TOKEN_SIGN,
};

struct token {
	enum token_kind kind;
	size_t start;
	size_t end;
	bool is_open; /* a quote or comment that nothing closes */
};

static bool
is_word(char c)
{
	return chr_is_alnum(c) || c == '_' || (c & 0x80);
}

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
	} else if (is_word(c)) {
		t.kind = chr_is_digit(c) ? TOKEN_NUMBER : TOKEN_WORD;
		while (t.end < s.n && is_word(s.p[t.end]))
			t.end++;
	} else if (chr_is_space(c)) {
		t.kind = TOKEN_BLANK;
	}
	return t;
}

bool
sql_check(struct slice text, size_t *ret_at, const char **ret_message)
{
	size_t open = 0;
	size_t depth = 0;
	struct token t;

	for (t = next(text, 0); t.kind != TOKEN_END; t = next(text, t.end)) {
		char c = text.p[t.start];

		*ret_at = t.start;
		if (t.is_open) {
			*ret_message = "Nothing closes this quote or comment.";
			return false;
		}
		if (t.kind != TOKEN_SIGN)
			continue;
		if (c == '(' && depth++ == 0)
			open = t.start;
		if ((c == ')' && depth == 0) || (c == ';' && depth > 0)) {
			*ret_message = "The brackets do not match.";
			return false;
		}
		depth -= c == ')' ? 1 : 0;
	}
	*ret_at = open;
	*ret_message = "Nothing closes this bracket.";
	return depth == 0;
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
kind_of(struct slice text, const struct token *t)
{
	struct slice word = {text.p + t->start, t->end - t->start};

	switch (t->kind) {
	case TOKEN_COMMENT:
		return SPAN_COMMENT;
	case TOKEN_STRING:
		return SPAN_STRING;
	case TOKEN_NUMBER:
		return SPAN_NUMBER;
	case TOKEN_WORD:
		/* A field, or a parameter. */
		if (t->start > 0 && strchr(".:", text.p[t->start - 1]))
			return SPAN_PLAIN;
		if (is_one_of(word, constants, COUNT_OF(constants)))
			return SPAN_CONSTANT;
		if (is_one_of(word, keywords, COUNT_OF(keywords)))
			return SPAN_KEYWORD;
		return t->end < text.n && text.p[t->end] == '(' ? SPAN_FUNCTION
		                                                : SPAN_PLAIN;
	case TOKEN_END:
	case TOKEN_BLANK:
	case TOKEN_NAME:
	case TOKEN_SIGN:
		break;
	}
	return SPAN_PLAIN;
}

void
sql_highlight(struct arena *a, struct slice text, struct spans *ret)
{
	struct token t;

	for (t = next(text, 0); t.kind != TOKEN_END; t = next(text, t.end)) {
		enum span_kind kind = kind_of(text, &t);

		if (kind != SPAN_PLAIN)
			*LIST_ADD(a, ret) = (struct span){t.start, t.end, kind};
	}
}
