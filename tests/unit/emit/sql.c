#include "base/base.h"

#include "hostile.h"

#include "base/buf.h"
#include "core/compile.h"
#include "core/patterns.h"
#include "emit/sql.h"
#include "expr/expr.h"
#include "expr/keywords.h"
#include "lang/lang.h"

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

#define TARGETS 4

/* What a sheet names and says. */
struct words_of_sheet {
	const char *table;
	const char *source[TARGETS];
	const char *target[TARGETS];
	const char *literal;
	const char *comment;
};

/* Of that kind, without what SQL refuses in names. */
static const char *
hostile(struct arena *a, struct dice *d, enum hostile kind)
{
	char *text = arena_strdup(a, hostile_kind(a, d, kind));
	size_t i;

	for (i = 0; text[i]; i++) {
		if (strchr("\n\r$", text[i]))
			text[i] = ' ';
	}
	return text;
}

static void
add_cell(struct buf *b, const char *text)
{
	buf_add_chr(b, '"');
	for (; *text; text++) {
		if (*text == '"')
			buf_add_chr(b, '"');
		buf_add_chr(b, *text);
	}
	buf_add_str(b, "\",");
}

static const char *
in_backticks(struct arena *a, const char *name)
{
	struct buf b;

	buf_init(&b, a, 2 * strlen(name) + 2);
	buf_add_chr(&b, '`');
	for (; *name; name++) {
		if (*name == '`')
			buf_add_chr(&b, '`');
		buf_add_chr(&b, *name);
	}
	buf_add_chr(&b, '`');
	return buf_str(&b);
}

/* A key, two values and a time; the first value has a transformation, a
 * default, a rule and a filter. */
static const char *
sheet_of(struct arena *a, const struct words_of_sheet *w, const char *role)
{
	static const char *const types[TARGETS] = {
	    "int", "string", "string", "timestamp"};
	const char *const roles[TARGETS] = {"key", "", "", role};
	const char *text = expr_quote_string(a, w->literal);
	const char *from = arena_printf(a, "a.b.%s x",
	    in_backticks(a, w->table));
	struct buf b;
	size_t i;

	buf_init(&b, a, 1 << 20);
	buf_add_str(&b,
	    "source_table,source_column,target_table,target_column,"
	    "data_type,comment,role,transformation,filter,default,"
	    "rule,\n");
	for (i = 0; i < TARGETS; i++) {
		const char *name = in_backticks(a, w->source[i]);

		add_cell(&b, from);
		add_cell(&b, name);
		add_cell(&b, "a.c.orders");
		add_cell(&b, in_backticks(a, w->target[i]));
		add_cell(&b, types[i]);
		add_cell(&b, w->comment);
		add_cell(&b, roles[i]);
		add_cell(&b,
		    i == 1 ? arena_printf(a, "concat(%s, %s)", name, text)
		           : "");
		add_cell(&b,
		    i == 1 ? arena_printf(a, "%s <> %s", name, text) : "");
		add_cell(&b, i == 1 ? text : "");
		add_cell(&b, i == 1 ? arena_printf(a, "<> %s", text) : "");
		buf_add_chr(&b, '\n');
	}
	return buf_str(&b);
}

/* NULL if the sheet is refused. */
static const char *
compile(struct arena *a, const struct words_of_sheet *w,
    const struct pattern *pattern)
{
	const char *role = pattern->strategy == STRATEGY_FULL_LOAD ? ""
	    : pattern->strategy == STRATEGY_INCREMENTAL            ? "watermark"
	                                                           : "sequence";
	struct plan_option given[] = {{"output", "sql"},
	    {"broken_rules", "refuse"}, {"table_comment", w->comment}};
	const struct plan_options options = {
	    given, COUNT_OF(given), COUNT_OF(given)};
	struct source_map map = {0};
	struct lang_error where;
	struct compiled c;

	compile_check(a, slice_of(sheet_of(a, w, role)), &c);
	if (c.problems.errors > 0)
		return NULL;
	plan_make(a, &c.mapping, w->comment, pattern, &options, "0", &c.plan,
	    &c.problems);
	if (c.problems.errors > 0)
		return NULL;
	assert_null(emit_sql(a, &c.plan, &c.code, &map));
	if (!lang_check(a, LANG_SQL, c.code, &where))
		fail_msg("%s at %zu: %s", where.message, where.line, c.code.p);
	return slice_dup(a, c.code);
}

static void
make_hostile(struct arena *a, struct dice *d, struct words_of_sheet *ret)
{
	size_t i;

	ret->table = hostile(a, d, HOSTILE_NAME);
	ret->comment = arena_printf(a, "Said%s",
	    hostile_kind(a, d, HOSTILE_CELL));
	ret->literal = hostile_kind(a, d, HOSTILE_CELL);
	for (i = 0; i < TARGETS; i++) {
		ret->source[i] = arena_printf(a, "%s#%zu",
		    hostile(a, d, HOSTILE_NAME), i);
		ret->target[i] = arena_printf(a, "%s@%zu",
		    hostile(a, d, HOSTILE_COLUMN), i);
	}
}

static void
test_hostile_sheets(void **state)
{
	static const struct words_of_sheet harmless = {"orders",
	    {"a b", "c d", "e f", "g h"}, {"a@0", "b@1", "c@2", "d@3"}, "text",
	    "Said"};
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

		make_hostile(&a, &d, &words);
		code = compile(&a, &words, pattern);
		if (!code)
			continue;
		read_tokens(&a, code, &got);
		code = compile(&a, &harmless, pattern);
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
