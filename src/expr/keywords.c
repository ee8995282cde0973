#include "base/base.h"

#include "expr/keywords.h"

#include <stdlib.h>
#include <string.h>

#define QUOTED 1U
#define HARD 2U

struct row {
	const char *text;
	unsigned flags;
};

static const struct row rows[] = {
#define KEYWORD(symbol, text, flags) {text, flags},
#include "expr/keyword_list.h"
#undef KEYWORD
};

static_assert(COUNT_OF(rows) + 1 == KW__COUNT, "one row for each keyword");

/* Longer than any keyword. */
#define MAX_WORD 32

static int
compare(const void *key, const void *row)
{
	return strcmp(key, ((const struct row *)row)->text);
}

enum keyword
keyword_find(struct slice word)
{
	char lower[MAX_WORD];
	const struct row *row;
	size_t i;

	if (word.n == 0 || word.n >= sizeof(lower))
		return KW_NONE;
	for (i = 0; i < word.n; i++)
		lower[i] = chr_lower(word.p[i]);
	lower[i] = '\0';
	row = bsearch(lower, rows, COUNT_OF(rows), sizeof(rows[0]), compare);
	return row ? (enum keyword)(row - rows + 1) : KW_NONE;
}

static const struct row *
row_of(enum keyword k)
{
	assert(k > KW_NONE && k < KW__COUNT);
	return &rows[k - 1];
}

const char *
keyword_text(enum keyword k)
{
	return row_of(k)->text;
}

bool
keyword_is_quoted(enum keyword k)
{
	return k != KW_NONE && (row_of(k)->flags & QUOTED);
}

bool
keyword_is_hard(enum keyword k)
{
	return k != KW_NONE && (row_of(k)->flags & HARD);
}
