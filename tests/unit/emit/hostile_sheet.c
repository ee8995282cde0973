#include "base/base.h"

#include "hostile_sheet.h"

#include "base/buf.h"
#include "core/compile.h"
#include "emit/scala.h"
#include "emit/sql.h"
#include "expr/expr.h"
#include "lang/lang.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

const struct words_of_sheet harmless_words = {"orders",
    {"a b", "c d", "e f", "g h"}, {"a@0", "b@1", "c@2", "d@3"}, "text", "Said"};

/* Of that kind, without what is refused in names. */
static const char *
hostile(struct arena *a, struct dice *d, enum hostile kind, const char *refused)
{
	char *text = arena_strdup(a, hostile_kind(a, d, kind));
	size_t i;

	for (i = 0; text[i]; i++) {
		if (strchr(refused, text[i]))
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

const char *
hostile_code(struct arena *a, const struct words_of_sheet *w,
    const struct pattern *pattern, const char *output)
{
	const char *role = pattern->strategy == STRATEGY_FULL_LOAD ? ""
	    : pattern->strategy == STRATEGY_INCREMENTAL            ? "watermark"
	                                                           : "sequence";
	struct plan_option given[] = {{"output", output},
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
	assert_null((c.plan.output == OUTPUT_SQL ? emit_sql : emit_scala)(a,
	    &c.plan, &c.code, &map));
	if (!lang_check(a, lang_of(c.code), c.code, &where))
		fail_msg("%s at %zu: %s", where.message, where.line, c.code.p);
	return slice_dup(a, c.code);
}

void
hostile_words(struct arena *a, struct dice *d, const char *refused,
    struct words_of_sheet *ret)
{
	size_t i;

	ret->table = hostile(a, d, HOSTILE_NAME, refused);
	ret->comment = arena_printf(a, "Said%s",
	    hostile_kind(a, d, HOSTILE_CELL));
	ret->literal = hostile_kind(a, d, HOSTILE_CELL);
	for (i = 0; i < TARGETS; i++) {
		ret->source[i] = arena_printf(a, "%s#%zu",
		    hostile(a, d, HOSTILE_NAME, refused), i);
		ret->target[i] = arena_printf(a, "%s@%zu",
		    hostile(a, d, HOSTILE_COLUMN, refused), i);
	}
}
