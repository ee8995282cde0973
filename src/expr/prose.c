#include "base/base.h"

#include "expr/prose.h"

#include "base/buf.h"
#include "expr/keywords.h"
#include "expr/prose_match.h"

#include <stdlib.h>
#include <string.h>

/* Remarks are short; longer cells are not looked at. */
#define MAX_REMARK 40
/* So much of a text is enough to know a sentence. */
#define MAX_LOOK 1000

#define COPY PROSE_COPY
#define NOTHING                                                                \
	"Write NULL if the target column stays empty, or remove the row."
#define UNDECIDED "Write the expression once it is decided, or remove the row."
#define DATE "Write current_date()."
#define TIMESTAMP "Write current_timestamp()."

struct remark {
	const char *text;
	const char *fix;
};

static const struct remark remarks[] = {
#define REMARK(text, fix) {text, fix},
#include "expr/prose_remark.h"
#undef REMARK
};

static const char *const words[] = {
#define WORD(text) text,
#include "expr/prose_word.h"
#undef WORD
};

static void
whole(const char *text, struct expr_finding *ret)
{
	struct slice s = slice_trim(slice_of(text));

	*ret = (struct expr_finding){.code = E_PROSE,
	    .start = (size_t)(s.p - text),
	    .end = (size_t)(s.p - text) + s.n};
}

/* Lower case, one blank between words, no full stop. */
static bool
normalise(const char *text, char out[MAX_REMARK + 1])
{
	struct slice s = slice_trim(slice_of(text));
	size_t n = 0;
	size_t i;

	if (s.n > 1 && s.p[s.n - 1] == '.')
		s.n--;
	for (i = 0; i < s.n; i++) {
		char c = chr_is_space(s.p[i]) ? ' ' : chr_lower(s.p[i]);

		if (c == ' ' && n > 0 && out[n - 1] == ' ')
			continue;
		if (n == MAX_REMARK)
			return false;
		out[n++] = c;
	}
	out[n] = '\0';
	return n > 0;
}

bool
prose_is_remark(struct arena *a, const char *text, struct expr_finding *ret)
{
	char normal[MAX_REMARK + 1];
	size_t i;

	if (!normalise(text, normal))
		return false;
	for (i = 0; i < COUNT_OF(remarks); i++) {
		const char *hint = "";

		if (normal[0] != remarks[i].text[0] ||
		    strcmp(normal, remarks[i].text) != 0)
			continue;
		whole(text, ret);
		ret->message = "This is a remark, not an expression.";
		if (chr_is_alpha(normal[0]) && !strpbrk(normal, " /-.'"))
			hint = arena_printf(a,
			    " A column of that name needs "
			    "backticks: `%.*s`.",
			    (int)(ret->end - ret->start), text + ret->start);
		ret->fix = arena_printf(a, "%s%s", remarks[i].fix, hint);
		return true;
	}
	return false;
}

static int
compare(const void *key, const void *row)
{
	return strcmp(key, *(const char *const *)row);
}

static bool
is_sentence_word(struct slice s)
{
	char lower[24];
	const char *key = lower;
	size_t i;

	if (s.n == 0 || s.n >= sizeof(lower))
		return false;
	for (i = 0; i < s.n; i++)
		lower[i] = chr_lower(s.p[i]);
	lower[s.n] = '\0';
	return bsearch(key, words, COUNT_OF(words), sizeof(words[0]),
	           compare) != NULL;
}

/* What a text looks like. */
struct look {
	size_t pairs; /* words side by side that are no keywords */
	size_t words; /* words of sentences */
	size_t all;   /* words */
	bool code;    /* calls, signs of SQL */
	bool plain;   /* nothing but words and punctuation */
};

static bool
is_word_byte(char c)
{
	return chr_is_alnum(c) || c == '_' || (c & 0x80);
}

static void
look_at(const char *text, struct look *ret)
{
	bool after_word = false;
	size_t i = 0;

	*ret = (struct look){.plain = true};
	while (text[i] && i < MAX_LOOK) {
		size_t from = i;
		struct slice word;

		if (!is_word_byte(text[i])) {
			if (!chr_is_space(text[i]))
				after_word = false;
			if (strchr("=|<>*+", text[i]) ||
			    (text[i] == '(' && i > 0 &&
			        is_word_byte(text[i - 1])))
				ret->code = true;
			if (!chr_is_space(text[i]) &&
			    !strchr(".,:;!?'-/", text[i]))
				ret->plain = false;
			i++;
			continue;
		}
		while (is_word_byte(text[i]))
			i++;
		word = (struct slice){text + from, i - from};
		ret->all++;
		if (is_sentence_word(word))
			ret->words++;
		if (chr_is_digit(word.p[0]) || keyword_find(word) != KW_NONE) {
			after_word = false;
		} else {
			if (after_word)
				ret->pairs++;
			after_word = true;
		}
	}
}

static bool
is_sentence(const char *text)
{
	struct look l;

	look_at(text, &l);
	if (l.code)
		return (l.pairs >= 2 && l.words >= 2) || l.pairs >= 6;
	return (l.pairs >= 1 && l.words >= 1) || l.pairs >= 3 ||
	    (l.plain && (l.words >= 2 || (l.words == 1 && l.all >= 3)));
}

bool
prose_is_sentence(struct arena *a, const char *text, struct expr_finding *ret)
{
	struct prose_words split;
	const char *advice;

	prose_split(text, &split);
	advice = prose_advise(a, &split);
	if (!advice && !is_sentence(text))
		return false;
	whole(text, ret);
	ret->message = "This describes the logic in words; the compiler needs "
	               "a Spark SQL expression.";
	ret->fix = advice;
	return true;
}
