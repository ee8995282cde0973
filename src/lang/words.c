#include "base/base.h"

#include "lang/words.h"

bool
words_is_word(char c)
{
	return chr_is_alnum(c) || c == '_' || (c & 0x80);
}

const struct words *
words_of(enum lang lang)
{
	return lang == LANG_SQL  ? &words_sql
	    : lang == LANG_SCALA ? &words_scala
	                         : NULL;
}

/* The bracket that this one closes; 0 if it closes none. */
static char
opening(char c)
{
	return c == ')' ? '(' : c == ']' ? '[' : c == '}' ? '{' : '\0';
}

bool
words_check(struct arena *a, const struct words *words, struct slice text,
    size_t *ret_at, const char **ret_message)
{
	LIST_OF(size_t) open = {0};
	struct token t;

	for (t = words->next(text, 0); t.kind != TOKEN_END;
	     t = words->next(text, t.end)) {
		char c = text.p[t.start];

		*ret_at = t.start;
		if (t.is_open) {
			*ret_message = "Nothing closes this quote or comment.";
			return false;
		}
		if (t.kind != TOKEN_SIGN)
			continue;
		if (c == '(' || c == '[' || c == '{')
			*LIST_ADD(a, &open) = t.start;
		if (opening(c) ? open.n == 0 ||
		            text.p[open.v[open.n - 1]] != opening(c)
		               : c == words->end && open.n > 0) {
			*ret_message = "The brackets do not match.";
			return false;
		}
		open.n -= opening(c) ? 1 : 0;
	}
	if (open.n == 0)
		return true;
	*ret_at = open.v[open.n - 1];
	*ret_message = "Nothing closes this bracket.";
	return false;
}

static enum span_kind
kind_of(const struct words *words, struct slice text, const struct token *t)
{
	switch (t->kind) {
	case TOKEN_COMMENT:
		return SPAN_COMMENT;
	case TOKEN_STRING:
		return SPAN_STRING;
	case TOKEN_NUMBER:
		return SPAN_NUMBER;
	case TOKEN_WORD:
		return words->kind(text, t);
	case TOKEN_END:
	case TOKEN_BLANK:
	case TOKEN_NAME:
	case TOKEN_SIGN:
		break;
	}
	return SPAN_PLAIN;
}

void
words_highlight(struct arena *a, const struct words *words, struct slice text,
    struct spans *ret)
{
	struct token t;

	for (t = words->next(text, 0); t.kind != TOKEN_END;
	     t = words->next(text, t.end)) {
		enum span_kind kind = kind_of(words, text, &t);

		if (kind != SPAN_PLAIN)
			*LIST_ADD(a, ret) = (struct span){t.start, t.end, kind};
	}
}
