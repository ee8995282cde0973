#include "base/base.h"

#include "lang/pyword.h"

static bool
pyword_in(struct slice word, const char *const *list, size_t n)
{
	size_t i;

	for (i = 0; i < n && word.n > 0; i++) {
		if (list[i][0] == word.p[0] && slice_is(word, list[i]))
			return true;
	}
	return false;
}

bool
pyword_is_keyword(struct slice word)
{
	static const char *const list[] = {"and", "as", "assert", "async",
	    "await", "break", "class", "continue", "def", "del", "elif", "else",
	    "except", "finally", "for", "from", "global", "if", "import", "in",
	    "is", "lambda", "nonlocal", "not", "or", "pass", "raise", "return",
	    "try", "while", "with", "yield"};

	return word.n >= 2 && word.n <= 8 &&
	    pyword_in(word, list, COUNT_OF(list));
}

bool
pyword_opens_block(struct slice word)
{
	static const char *const list[] = {"async", "class", "def", "elif",
	    "else", "except", "finally", "for", "if", "try", "while", "with"};

	return pyword_in(word, list, COUNT_OF(list));
}

bool
pyword_continues_block(struct slice word)
{
	static const char *const list[] = {"elif", "else", "except", "finally"};

	return pyword_in(word, list, COUNT_OF(list));
}

bool
pyword_is_statement(struct slice word)
{
	static const char *const list[] = {"assert", "break", "class",
	    "continue", "def", "del", "elif", "except", "finally", "global",
	    "import", "nonlocal", "pass", "raise", "return", "try", "while",
	    "with"};

	return pyword_in(word, list, COUNT_OF(list));
}

bool
pyword_is_soft(struct slice word)
{
	static const char *const list[] = {"case", "match", "type"};

	return pyword_in(word, list, COUNT_OF(list));
}

bool
pyword_may_end(struct slice word)
{
	static const char *const list[] = {
	    "break", "continue", "pass", "raise", "return", "yield"};

	return pyword_in(word, list, COUNT_OF(list)) || pyword_is_soft(word);
}

bool
pyword_starts_value(struct slice word)
{
	static const char *const list[] = {"await", "lambda", "not", "yield"};

	return pyword_in(word, list, COUNT_OF(list));
}

bool
pyword_may_follow(struct slice word, struct slice keyword)
{
	if (slice_is(keyword, "async"))
		return slice_is(word, "def") || slice_is(word, "for") ||
		    slice_is(word, "with");
	return (slice_is(keyword, "not") && slice_is(word, "in")) ||
	    (slice_is(keyword, "yield") && slice_is(word, "from"));
}

bool
pyword_continues(struct slice word, struct slice head)
{
	static const char *const before_else[] = {
	    "async", "elif", "except", "for", "if", "while"};
	static const char *const before_finally[] = {"else", "except", "try"};

	if (slice_is(word, "elif"))
		return slice_is(head, "if") || slice_is(head, "elif");
	if (slice_is(word, "else"))
		return pyword_in(head, before_else, COUNT_OF(before_else));
	if (slice_is(word, "except"))
		return slice_is(head, "try") || slice_is(head, "except");
	return pyword_in(head, before_finally, COUNT_OF(before_finally));
}
