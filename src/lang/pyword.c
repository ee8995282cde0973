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
