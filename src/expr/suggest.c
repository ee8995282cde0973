#include "base/base.h"

#include "expr/suggest.h"

#include <string.h>

static uint32_t
letters_of(const char *s)
{
	uint32_t set = 0;

	for (; *s; s++) {
		if (*s >= 'a' && *s <= 'z')
			set |= (uint32_t)1 << (*s - 'a');
	}
	return set;
}

void
suggest_init(struct suggestion *s, struct slice word)
{
	size_t i;

	*s = (struct suggestion){0};
	if (word.n < 2 || word.n >= SUGGEST_MAX)
		return;
	for (i = 0; i < word.n; i++)
		s->word[i] = chr_lower(word.p[i]);
	s->n = word.n;
	s->letters = letters_of(s->word);
	s->limit = word.n < 5 ? 1 : word.n < 9 ? 2 : 3;
	s->distance = s->limit + 1;
}

static size_t
min3(size_t a, size_t b, size_t c)
{
	size_t m = a < b ? a : b;

	return m < c ? m : c;
}

/* Edits, a swap of neighbours counted as one (optimal string alignment). */
static size_t
distance(const char *a, size_t n, const char *b, size_t m)
{
	size_t rows[3][SUGGEST_MAX + 1];
	size_t i;
	size_t j;

	for (j = 0; j <= m; j++)
		rows[0][j] = j;
	for (i = 1; i <= n; i++) {
		const size_t *above = rows[(i - 1) % 3];
		size_t *row = rows[i % 3];

		row[0] = i;
		for (j = 1; j <= m; j++) {
			row[j] = min3(above[j] + 1, row[j - 1] + 1,
			    above[j - 1] + (a[i - 1] != b[j - 1]));
			if (i > 1 && j > 1 && a[i - 1] == b[j - 2] &&
			    a[i - 2] == b[j - 1] &&
			    rows[(i - 2) % 3][j - 2] + 1 < row[j])
				row[j] = rows[(i - 2) % 3][j - 2] + 1;
		}
	}
	return rows[n % 3][m];
}

void
suggest_try(struct suggestion *s, const char *candidate)
{
	size_t m = strlen(candidate);
	size_t gap = m > s->n ? m - s->n : s->n - m;
	uint32_t differ;
	size_t d;

	if (s->n == 0 || m >= SUGGEST_MAX || gap >= s->distance)
		return;
	/* Each edit changes at most two letters of the set. */
	differ = s->letters ^ letters_of(candidate);
	if ((size_t)__builtin_popcount(differ) > 2 * s->limit)
		return;
	d = distance(s->word, s->n, candidate, m);
	if (d < s->distance) {
		s->distance = d;
		s->best = candidate;
	}
}

const char *
suggest_best(const struct suggestion *s)
{
	return s->best;
}
