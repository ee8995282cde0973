#include "base/base.h"

#include "eval/builtin.h"

#include "eval/coerce.h"

static enum eval_outcome
run_coalesce(struct run *r, const struct node *n,
    const struct value *arg UNUSED, struct value *ret)
{
	size_t i;

	for (i = 0; i < n->n_args; i++) {
		enum eval_outcome o = node_run(r, n->arg[i], ret);

		if (o != EVAL_VALUE || !ret->is_null)
			return o;
	}
	return node_null(n, ret);
}

static struct node *
bind_coalesce(struct bind *b, const struct builtin *f,
    const struct expr *e UNUSED, const struct node **arg, size_t n)
{
	struct value_type type;
	struct node *made;
	size_t i;

	if (n == 0 || (f->index > 0 && n != f->index))
		return bind_wrong_count(b, f, n);
	if (!coerce_all(b, arg, n, &type))
		return NULL;
	made = bind_node(b, type, run_coalesce, NODE_LAZY, n);
	for (i = 0; i < n; i++)
		made->arg[i] = arg[i];
	return made;
}

static struct node *
bind_if(struct bind *b, const struct builtin *f, const struct expr *e UNUSED,
    const struct node **arg, size_t n)
{
	return n == 3 ? bind_when(b, arg, n) : bind_wrong_count(b, f, n);
}

/* nvl2(x, a, b): a where x is not NULL. */
static struct node *
bind_nvl2(struct bind *b, const struct builtin *f, const struct expr *e UNUSED,
    const struct node **arg, size_t n)
{
	if (n != 3)
		return bind_wrong_count(b, f, n);
	arg[0] = bind_not(b, bind_is_null(b, arg[0]));
	return bind_when(b, arg, n);
}

/* nullif(a, b): NULL where they are equal. */
static struct node *
bind_nullif(struct bind *b, const struct builtin *f,
    const struct expr *e UNUSED, const struct node **arg, size_t n)
{
	const struct node *when[3];

	if (n != 2)
		return bind_wrong_count(b, f, n);
	when[0] = bind_compare(b, "=", arg[0], arg[1]);
	when[1] = bind_constant(b, value_null(arg[0]->type));
	when[2] = arg[0];
	return when[0] ? bind_when(b, when, 3) : NULL;
}

static struct node *
bind_null_test(struct bind *b, const struct builtin *f,
    const struct expr *e UNUSED, const struct node **arg, size_t n)
{
	struct node *is_null;

	if (n != 1)
		return bind_wrong_count(b, f, n);
	is_null = bind_is_null(b, arg[0]);
	return f->index == 1 ? bind_not(b, is_null) : is_null;
}

static struct node *
bind_equal_null(struct bind *b, const struct builtin *f,
    const struct expr *e UNUSED, const struct node **arg, size_t n)
{
	return n == 2 ? bind_compare(b, "<=>", arg[0], arg[1])
	              : bind_wrong_count(b, f, n);
}

/* The largest, or the smallest, that is not NULL. */
static enum eval_outcome
run_extreme(struct run *r UNUSED, const struct node *n, const struct value *arg,
    struct value *ret)
{
	const struct value *best = NULL;
	size_t i;

	for (i = 0; i < n->n_args; i++) {
		int order = best ? value_compare(&arg[i], best) : 1;

		if (!arg[i].is_null &&
		    (!best || (n->index == 1 ? order > 0 : order < 0)))
			best = &arg[i];
	}
	if (!best)
		return node_null(n, ret);
	*ret = *best;
	return EVAL_VALUE;
}

static struct node *
bind_extreme(struct bind *b, const struct builtin *f,
    const struct expr *e UNUSED, const struct node **arg, size_t n)
{
	struct value_type type;
	struct node *made;
	size_t i;

	if (n < 2)
		return bind_wrong_count(b, f, n);
	for (i = 1; i < n; i++) {
		/* Text and numbers: only one of the modes takes them. */
		if ((arg[i]->type.kind == VALUE_STRING) !=
		        (arg[0]->type.kind == VALUE_STRING) &&
		    arg[i]->type.kind != VALUE_VOID &&
		    arg[0]->type.kind != VALUE_VOID)
			return bind_fail(b, EVAL_DIFFERS,
			    "Not every mode of Spark compares text and "
			    "numbers in %s().",
			    f->name);
	}
	if (!coerce_all(b, arg, n, &type))
		return NULL;
	if (type.kind >= VALUE_ARRAY)
		return bind_fail(b, EVAL_UNKNOWN,
		    "%s() of nested values is not known.", f->name);
	made = bind_node(b, type, run_extreme, NODE_EAGER, n);
	for (i = 0; i < n; i++)
		made->arg[i] = arg[i];
	made->index = f->index;
	return made;
}

/* nullifzero(x) and zeroifnull(x) came with Spark 4. */
static struct node *
bind_newer(struct bind *b, const struct builtin *f, const struct expr *e UNUSED,
    const struct node **arg UNUSED, size_t n UNUSED)
{
	return bind_fail(b, EVAL_DIFFERS, "Spark 3.5 has no %s().", f->name);
}

static struct node *
bind_decode(struct bind *b, const struct builtin *f,
    const struct expr *e UNUSED, const struct node **arg, size_t n)
{
	const struct node **when = arena_array(b->arena, const struct node *,
	    n);
	size_t i;

	/* With two it is the decoding of bytes. */
	if (n < 3)
		return bind_wrong_count(b, f, n);
	for (i = 1; i + 1 < n; i += 2) {
		when[i - 1] = bind_compare(b, "<=>", arg[0], arg[i]);
		when[i] = arg[i + 1];
		if (!when[i - 1])
			return NULL;
	}
	if (i < n)
		when[i - 1] = arg[i];
	return bind_when(b, when, n - 1);
}

static const struct builtin table[] = {
    {.name = "coalesce", .signature = "", .bind = bind_coalesce},
    {.name = "nvl", .signature = "", .bind = bind_coalesce, .index = 2},
    {.name = "ifnull", .signature = "", .bind = bind_coalesce, .index = 2},
    {.name = "if", .signature = "", .bind = bind_if},
    {.name = "nvl2", .signature = "", .bind = bind_nvl2},
    {.name = "nullif", .signature = "", .bind = bind_nullif},
    {.name = "isnull", .signature = "", .bind = bind_null_test},
    {.name = "isnotnull", .signature = "", .bind = bind_null_test, .index = 1},
    {.name = "equal_null", .signature = "", .bind = bind_equal_null},
    {.name = "greatest", .signature = "", .bind = bind_extreme, .index = 1},
    {.name = "least", .signature = "", .bind = bind_extreme},
    {.name = "decode", .signature = "", .bind = bind_decode},
    {.name = "nullifzero", .signature = "", .bind = bind_newer},
    {.name = "zeroifnull", .signature = "", .bind = bind_newer},
};

const struct builtins builtins_condition = {table, COUNT_OF(table)};
