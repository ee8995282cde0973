#include "base/base.h"

#include "hostile_sheet.h"

#include "base/buf.h"
#include "core/patterns.h"
#include "emit/scala_parts.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/*
 * Whatever a sheet is full of, its Scala is the calls that were planned: of a
 * sheet with hostile names and texts and of the same one with harmless ones
 * the words and signs are the same, but for the values of literals and what
 * comments say. T2C_SCALA_PLANS is the number of sheets.
 */
#define PLANS 2000
#define COMMENT '/'
#define STRING '"'
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
	    "// COMMAND", "// DBTITLE", "// MAGIC %", "// MAGIC"};
	size_t i;

	for (i = 0; i < COUNT_OF(marks); i++) {
		if (str_starts(comment.p, marks[i]))
			return slice_of(marks[i]);
	}
	return SLICE("//");
}

static bool
is_word(char c)
{
	return chr_is_alnum(c) || c == '_' || (c & 0x80);
}

/* How far the token that starts here goes. Of code the emitter writes only
 * what is known here: no characters, no strings of several lines. */
static size_t
length_of(const char *s)
{
	size_t n = 1;

	if (str_starts(s, "//"))
		return strcspn(s, "\n");
	if (str_starts(s, "/**"))
		return (size_t)(strstr(s, "*/") + 2 - s);
	if (is_word(*s)) {
		while (is_word(s[n]))
			n++;
		return n;
	}
	if (*s != '"')
		return 1;
	for (; s[n] && s[n] != '"' && s[n] != '\n'; n++) {
		if (s[n] == '\\')
			n++;
	}
	assert_true(s[n] == '"');
	return n + 1;
}

/* Scala 2.12 reads \uXXXX wherever it stands, where an even number of
 * backslashes precedes it. */
static void
check_backslashes(const struct token *t)
{
	size_t i;

	for (i = 0; i < t->text.n; i++) {
		if (t->text.p[i] != '\\')
			continue;
		assert_int_equal(t->kind, STRING);
		assert_non_null(strchr("nrtbfu\"\\", t->text.p[++i]));
	}
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
		check_backslashes(&t);
		if (n > 1 && *s == '/') {
			t = (struct token){COMMENT, meaning_of(t.text)};
			if (ret->n > 0 && ret->v[ret->n - 1].kind == COMMENT &&
			    slice_eq(ret->v[ret->n - 1].text, t.text))
				continue;
		} else if (is_word(*s)) {
			t.kind = WORD;
		}
		*LIST_ADD(a, ret) = t;
	}
}

/* The source's table has any name, and so has the parameter. */
static bool
is_source(const struct token *t)
{
	return t->kind == WORD && str_starts(t->text.p, "source") &&
	    t->text.n > 6;
}

/* False, and where they differ. */
static bool
are_alike(const struct tokens *x, const struct tokens *y, size_t *ret_at)
{
	size_t i;

	for (i = 0; i < x->n && i < y->n; i++) {
		const struct token *t = &x->v[i];

		if (is_source(t) && is_source(&y->v[i]))
			continue;
		if (t->kind != y->v[i].kind ||
		    (t->kind != STRING && !slice_eq(t->text, y->v[i].text)))
			break;
	}
	*ret_at = i;
	return i == x->n && i == y->n;
}

/* Some literal is this text. */
static bool
has_literal(struct arena *a, const struct tokens *tokens, const char *text)
{
	struct slice want = slice_of(scala_string(a, text));
	size_t i;

	for (i = 0; i < tokens->n; i++) {
		if (tokens->v[i].kind == STRING &&
		    slice_eq(tokens->v[i].text, want))
			return true;
	}
	return false;
}

static void
check_sheet(struct arena *a, const struct words_of_sheet *words,
    const struct pattern *pattern, const char *code)
{
	struct tokens got;
	struct tokens want;
	size_t at;
	size_t i;

	read_tokens(a, code, &got);
	code = hostile_code(a, &harmless_words, pattern, "scala");
	assert_non_null(code);
	read_tokens(a, code, &want);
	if (!are_alike(&got, &want, &at))
		fail_msg("%.200s\ninstead of %.200s",
		    at < got.n ? got.v[at].text.p : "",
		    at < want.n ? want.v[at].text.p : "");
	for (i = 0; i < TARGETS; i++)
		assert_true(has_literal(a, &got, words->target[i]));
}

static void
test_hostile_sheets(void **state)
{
	SCOPED(arena_done) struct arena kept = ARENA_INIT;
	const char *top = getenv("srcdir");
	const char *given = getenv("T2C_SCALA_PLANS");
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
		const char *code;

		hostile_words(&a, &d, "", &words);
		code = hostile_code(&a, &words, pattern, "scala");
		if (!code)
			continue;
		check_sheet(&a, &words, pattern, code);
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
	    {"f(\"a\")", "f(\"a\", b)"},
	    {"f(\"a\")", "f(a)"},
	    {"f(\"a\")", "g(\"a\")"},
	    {"f(\"a\")", "f(s\"a\")"},
	    {"// a\nf()", "// COMMAND ----------\nf()"},
	    {"// MAGIC a", "// MAGIC %sh a"},
	    {"f(\"a\"); x", "f(\"a\") // \"); x"},
	};
	static const char *const alike[][2] = {
	    {"f(\"a\")", "f(\"it\\\"s // ${x}\")"},
	    {"// a\nf()", "// b\n// c\nf()"},
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

static void
test_strings(void **state)
{
	static const struct {
		const char *text;
		const char *want;
	} cases[] = {
	    {"", "\"\""},
	    {"it's \"$x\" ${y}", "\"it's \\\"$x\\\" ${y}\""},
	    {"a\\u000ab", "\"a\\\\u000ab\""},
	    {"a\nb\tc\rd\fe\bf", "\"a\\nb\\tc\\rd\\fe\\bf\""},
	    {"\x01\x7f \xc2\xa0", "\"\\u0001\\u007f \\u00a0\""},
	    {"\xe2\x80\xae*/", "\"\\u202e*/\""},
	    {"\xc3\xa4 \xf0\x9f\x98\x80", "\"\xc3\xa4 \xf0\x9f\x98\x80\""},
	    {"\xf3\xa0\x80\x81", "\"\\udb40\\udc01\""},
	};
	SCOPED(arena_done) struct arena a = ARENA_INIT;
	struct buf b;
	size_t i;

	(void)state;
	for (i = 0; i < COUNT_OF(cases); i++)
		assert_string_equal(scala_string(&a, cases[i].text),
		    cases[i].want);
	/* More than a constant of the JVM may have. */
	buf_init(&b, &a, 200000);
	for (i = 0; i < 30000; i++)
		buf_add_str(&b, "\xe2\x82\xac");
	assert_true(str_starts(scala_string(&a, buf_str(&b)), "Seq(\""));
	assert_true(str_ends(scala_string(&a, buf_str(&b)), "\").mkString"));
}

static void
test_names(void **state)
{
	SCOPED(arena_done) struct arena a = ARENA_INIT;

	(void)state;
	assert_string_equal(scala_value(&a, "source_order_lines"),
	    "sourceOrderLines");
	assert_string_equal(scala_value(&a, "target_2_b"), "target_2B");
	assert_string_equal(scala_part(&a, "order_lines_2"), "OrderLines_2");
	assert_string_equal(scala_part(&a, "a1"), "A1");
	assert_string_equal(scala_part(&a, "a_1"), "A_1");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_the_judge),
	    cmocka_unit_test(test_strings),
	    cmocka_unit_test(test_names),
	    cmocka_unit_test(test_hostile_sheets),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
