#include "base/base.h"

#include "hostile_sheet.h"

#include "core/patterns.h"
#include "expr/keywords.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/*
 * Whatever a sheet is full of, its SQL is the statements that were planned: of
 * a sheet with hostile names and texts and of the same one with harmless ones
 * the words and signs are the same, but for names, the values of literals and
 * what comments say. T2C_SQL_PLANS is the number of sheets.
 */
#define PLANS 2000
#define COMMENT '-'
#define STRING '\''
#define NAME '`'
#define CALL '('
#define WORD 'w'

struct token {
	char kind; /* one of those above, or the sign itself */
	struct slice text;
};
struct tokens {
	struct token *v;
	size_t n;
	size_t cap;
};

/* What a notebook makes of a comment: a cell, its title, Markdown, nothing. */
static struct slice
meaning_of(struct slice comment)
{
	static const char *const marks[] = {
	    "-- COMMAND", "-- DBTITLE", "-- MAGIC %", "-- MAGIC"};
	size_t i;

	for (i = 0; i < COUNT_OF(marks); i++) {
		if (str_starts(comment.p, marks[i]))
			return slice_of(marks[i]);
	}
	return SLICE("--");
}

static bool
is_word(char c)
{
	return chr_is_alnum(c) || c == '_' || (c & 0x80);
}

/* How far the token that starts here goes. */
static size_t
length_of(const char *s)
{
	size_t n = 1;

	if (s[0] == '-' && s[1] == '-')
		return strcspn(s, "\n");
	if (is_word(*s)) {
		while (is_word(s[n]))
			n++;
		return n;
	}
	if (!strchr("'\"`", *s))
		return 1;
	for (; s[n]; n++) {
		if (*s == '`' ? s[n] == '`' && s[n + 1] == '`'
		              : s[n] == '\\' && s[n + 1] != '\0')
			n++;
		else if (s[n] == *s)
			break;
	}
	assert_true(s[n] == *s);
	return n + 1;
}

/* Words and signs; comments that follow one another are one. */
static void
read_tokens(struct arena *a, const char *s, struct tokens *ret)
{
	size_t n;

	*ret = (struct tokens){0};
	for (; *s; s += n) {
		struct token t = {*s, {s, 0}};

		n = length_of(s);
		t.text.n = n;
		if (chr_is_space(*s))
			continue;
		if (n > 1 && *s == '-') {
			t = (struct token){COMMENT, meaning_of(t.text)};
			if (ret->n > 0 && ret->v[ret->n - 1].kind == COMMENT &&
			    slice_eq(ret->v[ret->n - 1].text, t.text))
				continue;
		} else if (is_word(*s)) {
			t.kind = s[n] == '(' ? CALL : WORD;
		} else if (*s == '"') {
			t.kind = STRING;
		}
		*LIST_ADD(a, ret) = t;
	}
}

/* A name may be any other name, and in backticks or not. */
static bool
may_be_name(const struct token *t)
{
	return t->kind == NAME ||
	    (t->kind == WORD && keyword_find(t->text) == KW_NONE);
}

static bool
is_alike(const struct token *x, const struct token *y)
{
	if (may_be_name(x) && may_be_name(y))
		return true;
	if (x->kind != y->kind || x->kind == STRING)
		return x->kind == y->kind;
	return slice_eq(x->text, y->text);
}

/* False, and where they differ. */
static bool
are_alike(const struct tokens *x, const struct tokens *y, size_t *ret_at)
{
	size_t i;

	for (i = 0; i < x->n && i < y->n; i++) {
		if (!is_alike(&x->v[i], &y->v[i]))
			break;
	}
	*ret_at = i;
	return i == x->n && i == y->n;
}

static void
test_hostile_sheets(void **state)
{
	SCOPED(arena_done) struct arena kept = ARENA_INIT;
	const char *top = getenv("srcdir");
	const char *given = getenv("T2C_SQL_PLANS");
	struct patterns patterns = {0};
	int64_t plans = PLANS;
	int64_t compiled = 0;
	int64_t i;

	(void)state;
	assert_true(!given || str_to_int(given, 0, INT64_MAX, &plans));
	assert_null(patterns_load(&kept,
	    arena_printf(&kept, "%s/patterns", top ? top : "."), &patterns));
	for (i = 0; i < plans; i++) {
		SCOPED(arena_done) struct arena a = ARENA_INIT;
		const struct pattern *pattern =
		    &patterns.v[(size_t)i % patterns.n];
		struct dice d = {(uint64_t)i << 20};
		struct words_of_sheet words;
		struct tokens got;
		struct tokens want;
		const char *code;
		size_t at;

		hostile_words(&a, &d, "\n\r$", &words);
		code = hostile_code(&a, &words, pattern, "sql");
		if (!code)
			continue;
		read_tokens(&a, code, &got);
		code = hostile_code(&a, &harmless_words, pattern, "sql");
		assert_non_null(code);
		read_tokens(&a, code, &want);
		if (!are_alike(&got, &want, &at))
			fail_msg("sheet %" PRId64 ": %.200s\ninstead of %.200s",
			    i, at < got.n ? got.v[at].text.p : "",
			    at < want.n ? want.v[at].text.p : "");
		compiled++;
	}
	print_message("%" PRId64 " of %" PRId64 " hostile sheets compiled\n",
	    compiled, plans);
	assert_true(compiled * 4 >= plans);
}

/* Texts of which the second does what the first does not. */
static void
test_the_judge(void **state)
{
	static const char *const differing[][2] = {
	    {"SELECT 'a'", "SELECT 'a', b"},
	    {"SELECT 'a'", "SELECT a"},
	    {"SELECT f(a)", "SELECT g(a)"},
	    {"SELECT a FROM t", "SELECT a UNION t"},
	    {"-- a\nSELECT 1", "-- COMMAND ----------\nSELECT 1"},
	    {"-- MAGIC a", "-- MAGIC %sh a"},
	    {"SELECT 'a'; x", "SELECT 'a' -- '; x"},
	};
	static const char *const alike[][2] = {
	    {"SELECT 'a'", "SELECT 'it\\'s -- '"},
	    {"SELECT a", "SELECT `from; --`"},
	    {"-- a\nSELECT 1", "-- b\n-- c\nSELECT 1"},
	};
	SCOPED(arena_done) struct arena a = ARENA_INIT;
	struct tokens x;
	struct tokens y;
	size_t at;
	size_t i;

	(void)state;
	for (i = 0; i < COUNT_OF(differing); i++) {
		read_tokens(&a, differing[i][0], &x);
		read_tokens(&a, differing[i][1], &y);
		assert_false(are_alike(&x, &y, &at));
	}
	for (i = 0; i < COUNT_OF(alike); i++) {
		read_tokens(&a, alike[i][0], &x);
		read_tokens(&a, alike[i][1], &y);
		assert_true(are_alike(&x, &y, &at));
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_the_judge),
	    cmocka_unit_test(test_hostile_sheets),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
