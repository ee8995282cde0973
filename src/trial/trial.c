#include "base/base.h"

#include "trial/trial.h"

#include "trial/cases.h"

/* The types of what differs from run to run (Spark SQL reference, Built-in
 * Functions), which has a type all the same. */
static bool
fresh_type(const struct expr *e, struct value_type *ret)
{
	static const struct {
		const char *name;
		enum value_kind kind;
	} functions[] = {
	    {"current_timestamp", VALUE_TIMESTAMP},
	    {"now", VALUE_TIMESTAMP},
	    {"current_date", VALUE_DATE},
	    {"curdate", VALUE_DATE},
	    {"uuid", VALUE_STRING},
	    {"current_user", VALUE_STRING},
	    {"user", VALUE_STRING},
	    {"session_user", VALUE_STRING},
	    {"rand", VALUE_DOUBLE},
	    {"randn", VALUE_DOUBLE},
	};
	size_t i;

	for (i = 0; e->op && i < COUNT_OF(functions); i++) {
		if (str_eq(e->op, functions[i].name)) {
			*ret = value_type_of(functions[i].kind);
			return true;
		}
	}
	return false;
}

static void
add_columns(struct arena *a, struct trial *t)
{
	struct eval_scope scope = {scope_find, t->scope, NULL, 0};
	size_t i;

	for (i = 0; i < t->pipeline->columns.n; i++) {
		const struct plan_column *plan = &t->pipeline->columns.v[i];
		struct trial_column *c = LIST_ADD(a, &t->columns);
		const char *why = NULL;

		c->plan = plan;
		c->value = t->scope->value[i]->root;
		if (plan->type)
			c->is_typed = value_type_parse(a, plan->type, &c->type);
		else if (c->value)
			c->is_typed = eval_type(a, &scope, c->value, &c->type,
			                  &why) == EVAL_VALUE ||
			    fresh_type(c->value, &c->type);
		if (!c->value)
			c->why = "The expression is not understood.";
		else if (plan->parameter)
			c->why = "It is a parameter of the notebook.";
		else if (plan->is_volatile)
			c->why = "Its value differs from run to run.";
		else if (!c->is_typed)
			c->why = why ? why : "Its type is not known.";
	}
}

void
trial_make(struct arena *a, const struct plan_pipeline *p, struct trial *ret)
{
	struct rows rows;

	*ret = (struct trial){.pipeline = p};
	ret->scope = arena_new(a, struct trial_scope);
	if (!scope_make(a, p, NULL, ret->scope, &ret->why))
		return;
	add_columns(a, ret);
	rows_make(a, ret, &rows);
	cases_make(a, ret, &rows);
}

const struct trial_case *
trial_find(const struct trial *t, enum trial_topic topic)
{
	size_t i;

	for (i = 0; i < t->cases.n; i++) {
		if (t->cases.v[i].topic == topic)
			return &t->cases.v[i];
	}
	return NULL;
}

/* Whole days from 1970-01-01 to 2024-01-01. */
#define NEW_YEAR 19723
#define MICROS_A_DAY (INT64_C(86400) * 1000000)
#define TEN_OCLOCK (INT64_C(36000) * 1000000)

static struct value
decimal_value(struct value_type t, size_t n)
{
	int128 unscaled = (int64_t)n + 1;
	unsigned i;

	if (t.precision < t.scale + 2)
		return value_decimal(t, unscaled);
	for (i = 0; i < t.scale; i++)
		unscaled *= 10;
	/* 1.50, 2.50: something behind the point. */
	if (t.scale > 0)
		unscaled += unscaled / ((int64_t)n + 1) / 2;
	return value_decimal(t, unscaled);
}

bool
trial_value(struct arena *a, struct value_type t, size_t n, struct value *ret)
{
	int64_t number = (int64_t)n;

	switch (t.kind) {
	case VALUE_BOOLEAN:
		*ret = value_boolean(n == 1);
		return n < 2;
	case VALUE_TINYINT:
	case VALUE_SMALLINT:
	case VALUE_INT:
	case VALUE_BIGINT:
		*ret = value_integer(t.kind, number + 1);
		return n < 100;
	case VALUE_DECIMAL:
		*ret = decimal_value(t, n);
		return t.precision > 1 || n < 9;
	case VALUE_FLOAT:
	case VALUE_DOUBLE:
		*ret = value_real(t.kind, (double)number + 1.5);
		return true;
	case VALUE_STRING:
		*ret = value_string(n < 26
		        ? arena_printf(a, "%c", (char)('a' + n))
		        : arena_printf(a, "z%04zu", n));
		return true;
	case VALUE_DATE:
		*ret = value_integer(t.kind, NEW_YEAR + number);
		return true;
	case VALUE_TIMESTAMP:
	case VALUE_TIMESTAMP_NTZ:
		*ret = value_integer(t.kind,
		    (NEW_YEAR + number) * MICROS_A_DAY + TEN_OCLOCK);
		return true;
	case VALUE_VOID:
	case VALUE_BINARY:
	case VALUE_MONTHS:
	case VALUE_MICROS:
	case VALUE_ARRAY:
	case VALUE_MAP:
	case VALUE_STRUCT:
		break;
	}
	return false;
}
