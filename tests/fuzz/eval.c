/*
 * Any text as an expression over a fixed row of each type. What the evaluator
 * gives must be of the type that it promised, must survive being written, and
 * must be the same again; what it does not give has a reason.
 */
#include "base/base.h"

#include "eval/eval.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

/* Longer texts only take longer. */
#define MAX_BYTES 4000

static const struct {
	const char *name;
	const char *type;
	const char *value;
} columns[] = {
    {"t", "tinyint", "-128"},
    {"i", "int", "2147483647"},
    {"l", "bigint", "-9223372036854775808"},
    {"d", "decimal(12,2)", "12.30"},
    {"e", "decimal(38,10)", "-9999999999999999999999999999.9999999999"},
    {"f", "float", "1.5"},
    {"x", "double", "NaN"},
    {"b", "boolean", "true"},
    {"s", "string", " \xc3\xa4 \xf0\x9f\x98\x80 a,b"},
    {"u", "binary", "ab"},
    {"a", "date", "2024-02-29"},
    {"m", "timestamp", "1969-12-31 23:59:59.999999"},
    {"z", "int", NULL},
    {"v", "array<int>", NULL},
    {"w", "struct<p:string,q:int>", NULL},
};

static bool
find(void *arena, const char *const *part, size_t n_parts,
    struct eval_column *ret)
{
	size_t i;

	assert(n_parts > 0);
	for (i = 0; i < COUNT_OF(columns); i++) {
		bool known;

		if (!str_ieq(columns[i].name, part[0]))
			continue;
		known = value_type_parse(arena, columns[i].type, &ret->type);
		assert(known);
		(void)known;
		ret->index = i;
		ret->n_parts = 1;
		return true;
	}
	return false;
}

static struct value *
make_row(struct arena *a)
{
	struct value *row = arena_array(a, struct value, COUNT_OF(columns));
	size_t i;

	for (i = 0; i < COUNT_OF(columns); i++) {
		struct value text =
		    value_string(columns[i].value ? columns[i].value : "");
		struct eval_column c;
		const char *why;

		if (!find(a, &columns[i].name, 1, &c))
			continue;
		row[i] = value_null(c.type);
		if (columns[i].value &&
		    eval_cast(a, &text, c.type, &row[i], &why) != EVAL_VALUE)
			row[i] = value_null(c.type);
	}
	return row;
}

/* The parts of a value have the types that its own type says. */
static void
check_value(const struct value *v, struct value_type type)
{
	size_t i;

	assert(v->type.kind == type.kind || v->is_null);
	if (v->is_null)
		return;
	assert(value_fits(type.kind, v->integer) ||
	    !value_is_integral(type.kind));
	if (type.kind < VALUE_ARRAY)
		return;
	assert(type.kind != VALUE_STRUCT || v->list.n == type.n_fields);
	for (i = 0; i < v->list.n; i++)
		check_value(&v->list.v[i],
		    type.field[type.kind == VALUE_ARRAY  ? 0
		                : type.kind == VALUE_MAP ? i % 2
		                                         : i]
		        .type);
}

static void
check_result(struct arena *a, const struct eval_result *r,
    const struct eval_result *again, struct value_type type)
{
	struct value_type same;

	assert(r->outcome == again->outcome);
	if (r->outcome != EVAL_VALUE) {
		assert(r->why && str_eq(r->why, again->why));
		return;
	}
	assert(value_compare(&r->value, &again->value) == 0);
	assert(value_compare(&r->value, &r->value) == 0);
	check_value(&r->value, type);
	assert(value_format(a, &r->value));
	if (!strchr(value_type_text(a, type), '`') &&
	    type.kind != VALUE_STRUCT && type.kind != VALUE_ARRAY &&
	    type.kind != VALUE_MAP)
		assert(value_type_parse(a, value_type_text(a, type), &same) &&
		    value_type_eq(type, same));
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct arena arena = ARENA_INIT;
	const char *text = arena_strndup(&arena, (const char *)data, n);
	const struct value *row = make_row(&arena);
	const struct value *rows[] = {row, row};
	struct eval_scope scope = {find, &arena, rows, COUNT_OF(rows)};
	const struct eval_result *results;
	struct value_type type;
	struct expr_parsed p;
	const char *why;

	if (n > MAX_BYTES) {
		arena_done(&arena);
		return 0;
	}
	expr_parse(&arena, text, &p);
	if (p.root) {
		enum eval_outcome o = eval_type(&arena, &scope, p.root, &type,
		    &why);

		assert((o == EVAL_VALUE) == (why == NULL));
		results = eval_rows(&arena, &scope, p.root);
		if (o == EVAL_VALUE && !p.is_window)
			check_result(&arena, &results[0], &results[1], type);
		else if (o != EVAL_VALUE)
			assert(results[0].outcome == o);
	}
	arena_done(&arena);
	err_clear();
	return 0;
}
