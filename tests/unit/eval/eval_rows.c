#include "base/base.h"

#include "eval_rows.h"

#include "base/buf.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#define N_ROWS 4

static const struct {
	const char *name;
	const char *type;
	const char *value[N_ROWS];
} columns[] = {
    {"i", "int", {"1", NULL, "-7", "2147483647"}},
    {"l", "bigint", {"10", NULL, "0", "-9223372036854775808"}},
    {"d", "decimal(12,2)", {"12.30", NULL, "-0.05", "9999999999.99"}},
    {"x", "double", {"1.5", NULL, "NaN", "-0.0"}},
    {"b", "boolean", {"true", NULL, "false", "true"}},
    {"s", "string", {"Abc", NULL, "", " \xc3\xa4 b"}},
    {"n", "string", {"12", NULL, "x", " -3 "}},
    {"u", "binary", {"a", NULL, "", "\xc3\xa4"}},
    {"a", "date", {"2024-02-29", NULL, "1969-12-31", "2023-12-31"}},
    {"m", "timestamp",
        {"2024-02-29 12:30:45.5", NULL, "1969-12-31 23:59:59.999999",
            "2024-10-27 02:30:00"}},
    {"g", "string", {"A", "A", "B", "A"}},
    {"k", "int", {"1", "2", "3", "4"}},
};

static bool
find(void *data, const char *const *part, size_t n_parts UNUSED,
    struct eval_column *ret)
{
	size_t i;

	for (i = 0; i < COUNT_OF(columns); i++) {
		if (!str_eq(columns[i].name, part[0]))
			continue;
		if (!value_type_parse(data, columns[i].type, &ret->type))
			fail_msg("%s is no type", columns[i].type);
		ret->index = i;
		ret->n_parts = 1;
		return true;
	}
	return false;
}

struct eval_scope
eval_rows_scope(struct arena *a)
{
	const struct value **rows = arena_array(a, const struct value *,
	    N_ROWS);
	struct eval_scope scope = {find, a, rows, N_ROWS};
	size_t i;
	size_t j;

	for (i = 0; i < N_ROWS; i++) {
		struct value *row = arena_array(a, struct value,
		    COUNT_OF(columns));

		for (j = 0; j < COUNT_OF(columns); j++) {
			struct eval_column c;
			struct value text;
			const char *why;

			assert_true(find(a, &columns[j].name, 1, &c));
			row[j] = value_null(c.type);
			if (!columns[j].value[i])
				continue;
			text = value_string(columns[j].value[i]);
			assert_int_equal(eval_cast(a, &text, c.type, &row[j],
			                     &why),
			    EVAL_VALUE);
		}
		rows[i] = row;
	}
	return scope;
}

static const char *
outcome_text(enum eval_outcome outcome)
{
	return outcome == EVAL_DIFFERS ? "differs" : "unknown";
}

const char *
eval_rows_text(struct arena *a, const char *text)
{
	struct eval_scope scope = eval_rows_scope(a);
	const struct eval_result *results;
	enum eval_outcome outcome;
	struct value_type type;
	struct expr_parsed p;
	const char *why;
	struct buf b;
	size_t i;

	expr_parse(a, text, &p);
	if (!p.root)
		return "does not parse";
	outcome = eval_type(a, &scope, p.root, &type, &why);
	if (outcome != EVAL_VALUE) {
		assert_true(str_ends(why, "."));
		return outcome_text(outcome);
	}
	buf_init(&b, a, 65536);
	buf_add_str(&b, value_type_text(a, type));
	results = eval_rows(a, &scope, p.root);
	for (i = 0; i < N_ROWS; i++) {
		const struct eval_result *r = &results[i];

		buf_add_str(&b, i == 0 ? ": " : " | ");
		buf_add_str(&b,
		    r->outcome == EVAL_VALUE ? value_format(a, &r->value)
		                             : outcome_text(r->outcome));
		assert_true(r->outcome == EVAL_VALUE || str_ends(r->why, "."));
	}
	return buf_str(&b);
}
