#include "base/base.h"

#include "eval/builtin.h"

#include "eval/decimal.h"

#include <math.h>

/*
 * Java's mathematics and those of C may differ in the last digit, so a result
 * is given only where it is exact: where it is the nearest double by the
 * standard, as of sqrt(), or a whole number that doubles hold.
 */

#define LARGEST_WHOLE 9007199254740992.0 /* 2^53 */

static const char last_digit[] = "The last digit of the result is not known.";

static enum eval_outcome
give(double d, struct value *ret)
{
	*ret = value_real(VALUE_DOUBLE, d);
	return EVAL_VALUE;
}

static enum eval_outcome
run_sqrt(struct run *r UNUSED, const struct node *n UNUSED,
    const struct value *arg, struct value *ret)
{
	return give(sqrt(arg[0].real), ret);
}

static enum eval_outcome
run_sign(struct run *r UNUSED, const struct node *n UNUSED,
    const struct value *arg, struct value *ret)
{
	double d = arg[0].real;

	return give(d > 0 ? 1 : d < 0 ? -1 : d, ret);
}

static enum eval_outcome
run_rint(struct run *r UNUSED, const struct node *n UNUSED,
    const struct value *arg, struct value *ret)
{
	return give(rint(arg[0].real), ret);
}

static bool
is_whole(double d)
{
	return fabs(d) <= LARGEST_WHOLE && d == floor(d);
}

static enum eval_outcome
run_power(struct run *r, const struct node *n UNUSED, const struct value *arg,
    struct value *ret)
{
	double base = arg[0].real;
	double exponent = arg[1].real;
	double power = 1;
	int64_t i;

	if (exponent == 0)
		return give(1, ret);
	if (exponent == 1)
		return give(base, ret);
	if (!is_whole(base) || !is_whole(exponent) || exponent < 0 ||
	    exponent > 1024)
		return node_unknown(r, last_digit);
	for (i = 0; i < (int64_t)exponent; i++) {
		power *= base;
		if (!is_whole(power))
			return node_unknown(r, last_digit);
	}
	return give(power, ret);
}

static enum eval_outcome
run_exp(struct run *r, const struct node *n UNUSED, const struct value *arg,
    struct value *ret)
{
	return arg[0].real == 0 ? give(1, ret) : node_unknown(r, last_digit);
}

/* NULL at and below zero. */
static enum eval_outcome
run_log(struct run *r, const struct node *n, const struct value *arg,
    struct value *ret)
{
	double power = 1;
	int i;

	if (arg[0].real <= 0)
		return node_null(n, ret);
	if (arg[0].real == 1)
		return give(0, ret);
	/* Whole powers of ten are exact. */
	for (i = 0; n->index == 10 && i <= 15; i++, power *= 10) {
		if (power == arg[0].real)
			return give(i, ret);
	}
	return node_unknown(r, last_digit);
}

static enum eval_outcome
run_constant(struct run *r UNUSED, const struct node *n,
    const struct value *arg UNUSED, struct value *ret)
{
	return give(n->index == 1 ? 3.141592653589793 : 2.718281828459045, ret);
}

static enum eval_outcome
run_isnan(struct run *r UNUSED, const struct node *n UNUSED,
    const struct value *arg, struct value *ret)
{
	*ret = value_boolean(!arg[0].is_null && isnan(arg[0].real));
	return EVAL_VALUE;
}

static enum eval_outcome
run_nanvl(struct run *r UNUSED, const struct node *n UNUSED,
    const struct value *arg, struct value *ret)
{
	*ret = !arg[0].is_null && isnan(arg[0].real) ? arg[1] : arg[0];
	return EVAL_VALUE;
}

static enum eval_outcome
run_factorial(struct run *r UNUSED, const struct node *n,
    const struct value *arg, struct value *ret)
{
	int64_t product = 1;
	int64_t i;

	if (arg[0].integer < 0 || arg[0].integer > 20)
		return node_null(n, ret);
	for (i = 2; i <= arg[0].integer; i++)
		product *= i;
	*ret = value_integer(VALUE_BIGINT, product);
	return EVAL_VALUE;
}

static const struct builtin table[] = {
    {.name = "sqrt", .signature = "d:d", .run = run_sqrt},
    {.name = "sign", .signature = "d:d", .run = run_sign},
    {.name = "signum", .signature = "d:d", .run = run_sign},
    {.name = "rint", .signature = "d:d", .run = run_rint},
    {.name = "power", .signature = "dd:d", .run = run_power},
    {.name = "pow", .signature = "dd:d", .run = run_power},
    {.name = "exp", .signature = "d:d", .run = run_exp},
    {.name = "ln", .signature = "d:d", .run = run_log},
    {.name = "log", .signature = "d:d", .run = run_log},
    {"log10", "d:d", run_log, NULL, NODE_STRICT, 10},
    {"log2", "d:d", run_log, NULL, NODE_STRICT, 2},
    {"pi", ":d", run_constant, NULL, NODE_STRICT, 1},
    {"e", ":d", run_constant, NULL, NODE_STRICT, 2},
    {"isnan", "d:b", run_isnan, NULL, NODE_EAGER, 0},
    {"nanvl", "dd:d", run_nanvl, NULL, NODE_EAGER, 0},
    {.name = "factorial", .signature = "i:l", .run = run_factorial},
};

const struct builtins builtins_real = {table, COUNT_OF(table)};
