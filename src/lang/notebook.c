#include "base/base.h"

#include "lang/notebook.h"

#include <string.h>

static const char *const signs[] = {"#", "--", "//"};

/* True if the line is the sign, a blank and the words; blanks may follow. */
static bool
says(struct slice line, const char *sign, const char *words)
{
	size_t n = slice_of(sign).n;

	if (line.n <= n || !slice_is((struct slice){line.p, n}, sign) ||
	    line.p[n] != ' ')
		return false;
	line = slice_trim((struct slice){line.p + n, line.n - n});
	return slice_is(line, words);
}

size_t
notebook_start(struct slice text)
{
	return text.n >= 3 && memcmp(text.p, "\xef\xbb\xbf", 3) == 0 ? 3 : 0;
}

const char *
notebook_sign(struct slice text)
{
	struct slice line;
	size_t at = notebook_start(text);
	size_t i;

	if (!slice_line(text, &at, &line))
		return NULL;
	for (i = 0; i < COUNT_OF(signs); i++) {
		if (says(line, signs[i], "Databricks notebook source"))
			return signs[i];
	}
	return NULL;
}

bool
notebook_cell(struct slice text, const char *sign, size_t *at,
    struct slice *ret)
{
	struct slice line;
	size_t start = *at;

	if (start >= text.n)
		return false;
	if (!sign) {
		*at = text.n;
		*ret = (struct slice){text.p + start, text.n - start};
		return true;
	}
	while (slice_line(text, at, &line)) {
		if (!says(line, sign, "COMMAND ----------"))
			continue;
		*ret = (struct slice){
		    text.p + start, (size_t)(line.p - text.p) - start};
		return true;
	}
	*ret = (struct slice){text.p + start, text.n - start};
	return true;
}
