#include "base/base.h"

#include "eval/builtin.h"

#include "eval/coerce.h"

static enum eval_outcome
run_list(struct run *r, const struct node *n, const struct value *arg,
    struct value *ret)
{
	*ret = (struct value){.type = n->type,
	    .list = {arena_memdup(r->arena, arg, n->n_args * sizeof(*arg)),
	        n->n_args}};
	return EVAL_VALUE;
}

/* Keys are never NULL and never twice. */
static enum eval_outcome
run_map(struct run *r, const struct node *n, const struct value *arg,
    struct value *ret)
{
	size_t i;
	size_t j;

	for (i = 0; i < n->n_args; i += 2) {
		for (j = 0; j < i; j += 2) {
			if (value_compare(&arg[i], &arg[j]) == 0)
				return node_differs(r, "A key is twice.");
		}
		if (arg[i].is_null)
			return node_differs(r, "A key is NULL.");
	}
	return run_list(r, n, arg, ret);
}

static struct node *
make_list(struct bind *b, struct value_type type, const struct node **arg,
    size_t n)
{
	struct node *made = bind_node(b, type, run_list, NODE_EAGER, n);
	size_t i;

	for (i = 0; i < n; i++)
		made->arg[i] = arg[i];
	return made;
}

static struct node *
bind_array(struct bind *b, const struct builtin *f UNUSED,
    const struct expr *e UNUSED, const struct node **arg, size_t n)
{
	struct value_type type;

	if (!coerce_all(b, arg, n, &type))
		return NULL;
	return make_list(b, value_type_array(b->arena, type), arg, n);
}

static struct node *
make_struct(struct bind *b, const char *const *name, const struct node **arg,
    size_t n)
{
	struct value_field *f = arena_array(b->arena, struct value_field, n);
	size_t i;

	for (i = 0; i < n; i++)
		f[i] = (struct value_field){name[i], arg[i]->type};
	return make_list(b,
	    (struct value_type){
	        .kind = VALUE_STRUCT, .field = f, .n_fields = n},
	    arg, n);
}

static struct node *
bind_named_struct(struct bind *b, const struct builtin *f,
    const struct expr *e UNUSED, const struct node **arg, size_t n)
{
	const char **name = arena_array(b->arena, const char *, n);
	size_t i;

	if (n == 0 || n % 2 == 1)
		return bind_wrong_count(b, f, n);
	for (i = 0; i < n; i += 2) {
		if (!node_is_constant(arg[i]) ||
		    arg[i]->type.kind != VALUE_STRING)
			return bind_fail(b, EVAL_UNKNOWN,
			    "A name in %s() is no literal.", f->name);
		name[i / 2] = slice_dup(b->arena, arg[i]->value.text);
		arg[i / 2] = arg[i + 1];
	}
	return make_struct(b, name, arg, n / 2);
}

/* struct(a, b.c, 1 AS d, 2): a, c, d, col4 */
struct node *
bind_struct(struct bind *b, const struct expr *e)
{
	const char **name = arena_array(b->arena, const char *, e->n_args);
	const struct node **arg = arena_array(b->arena, const struct node *,
	    e->n_args);
	size_t i;

	for (i = 0; i < e->n_args; i++) {
		const struct expr *from = e->arg[i];

		name[i] = arena_printf(b->arena, "col%zu", i + 1);
		if (from->kind == EXPR_BINARY && str_eq(from->op, "as")) {
			name[i] = from->arg[1]->value;
			from = from->arg[0];
		} else if (from->kind == EXPR_COLUMN) {
			name[i] = from->part[from->n_parts - 1];
		} else if (from->kind == EXPR_FIELD) {
			name[i] = from->op;
		}
		arg[i] = bind_expr(b, from);
		if (!arg[i])
			return NULL;
	}
	return make_struct(b, name, arg, e->n_args);
}

static struct node *
bind_struct_call(struct bind *b, const struct builtin *f UNUSED,
    const struct expr *e, const struct node **arg UNUSED, size_t n UNUSED)
{
	return bind_struct(b, e);
}

/* The value of a key; *ret is NULL where there is none. */
static bool
map_find(const struct value *map, const struct value *key, struct value *ret)
{
	size_t i;

	for (i = 0; i + 1 < map->list.n; i += 2) {
		if (value_compare(&map->list.v[i], key) == 0) {
			*ret = map->list.v[i + 1];
			return true;
		}
	}
	return false;
}

/* n->index: how an index counts. */
enum counting {
	COUNT_FROM_0,
	COUNT_FROM_1,
	COUNT_FROM_1_TRY,
	COUNT_FROM_0_GET
};

static enum eval_outcome
run_item(struct run *r, const struct node *n, const struct value *arg,
    struct value *ret)
{
	bool from_1 = n->index == COUNT_FROM_1 || n->index == COUNT_FROM_1_TRY;
	int64_t count = (int64_t)arg[0].list.n;
	int64_t at = arg[1].integer;

	if (arg[0].type.kind == VALUE_MAP)
		return map_find(&arg[0], &arg[1], ret) ? EVAL_VALUE
		                                       : node_null(n, ret);
	if (from_1 && at == 0)
		return node_differs(r, "There is no element 0.");
	if (from_1)
		at = at > 0 ? at - 1 : count + at;
	if (at >= 0 && at < count) {
		*ret = arg[0].list.v[at];
		return EVAL_VALUE;
	}
	if (n->index == COUNT_FROM_1_TRY || n->index == COUNT_FROM_0_GET)
		return node_null(n, ret);
	return node_differs(r,
	    "Modes of Spark differ about an index out of "
	    "range.");
}

static struct node *
bind_item(struct bind *b, const struct node *of, const struct node *at,
    size_t counting)
{
	struct value_type type;
	const struct node *key = at;
	struct node *n;

	if (of->type.kind != VALUE_ARRAY && of->type.kind != VALUE_MAP)
		return bind_fail(b, EVAL_UNKNOWN, "%s has no elements.",
		    value_type_text(b->arena, of->type));
	if (of->type.kind == VALUE_ARRAY) {
		/* Only a[i] takes a BIGINT. */
		if (!value_is_integral(at->type.kind) ||
		    (counting != COUNT_FROM_0 && at->type.kind == VALUE_BIGINT))
			return bind_fail(b, EVAL_UNKNOWN,
			    "The index of an array is no INT.");
		type = of->type.field[0].type;
	} else {
		key = coerce_implicit(b, at, of->type.field[0].type);
		type = of->type.field[1].type;
	}
	if (!key)
		return NULL;
	n = bind_two(b, type, run_item, of, key);
	n->index = counting;
	return n;
}

struct node *
bind_subscript(struct bind *b, const struct expr *e)
{
	const struct node **arg = bind_args(b, e->arg, 2);

	if (!arg)
		return NULL;
	if (arg[0]->type.kind == VALUE_STRUCT && node_is_constant(arg[1]) &&
	    arg[1]->type.kind == VALUE_STRING)
		return bind_field(b, arg[0],
		    slice_dup(b->arena, arg[1]->value.text));
	return bind_item(b, arg[0], arg[1], COUNT_FROM_0);
}

static struct node *
bind_element_at(struct bind *b, const struct builtin *f,
    const struct expr *e UNUSED, const struct node **arg, size_t n)
{
	if (n != 2)
		return bind_wrong_count(b, f, n);
	if (f->index == COUNT_FROM_0_GET && arg[0]->type.kind == VALUE_MAP)
		return bind_fail(b, EVAL_UNKNOWN, "get() of a map.");
	return bind_item(b, arg[0], arg[1], f->index);
}

static struct node *
bind_map(struct bind *b, const struct builtin *f, const struct expr *e UNUSED,
    const struct node **arg, size_t n)
{
	const struct node **side[2];
	struct value_field *field = arena_array(b->arena, struct value_field,
	    2);
	struct node *made;
	size_t i;

	if (n == 0 || n % 2 == 1)
		return bind_wrong_count(b, f, n);
	for (i = 0; i < 2; i++)
		side[i] = arena_array(b->arena, const struct node *, n / 2);
	for (i = 0; i < n; i++)
		side[i % 2][i / 2] = arg[i];
	field[0].name = "key";
	field[1].name = "value";
	for (i = 0; i < 2; i++) {
		if (!coerce_all(b, side[i], n / 2, &field[i].type))
			return NULL;
	}
	made = make_list(b,
	    (struct value_type){
	        .kind = VALUE_MAP, .field = field, .n_fields = 2},
	    arg, n);
	made->fn = run_map;
	for (i = 0; i < n; i++)
		made->arg[i] = side[i % 2][i / 2];
	return made;
}

static const struct builtin table[] = {
    {.name = "array", .signature = "", .bind = bind_array},
    {.name = "map", .signature = "", .bind = bind_map},
    {.name = "struct", .bind = bind_struct_call},
    {.name = "named_struct", .signature = "", .bind = bind_named_struct},
    {"element_at", "", NULL, bind_element_at, NODE_STRICT, COUNT_FROM_1},
    {"try_element_at", "", NULL, bind_element_at, NODE_STRICT,
        COUNT_FROM_1_TRY},
    {"get", "", NULL, bind_element_at, NODE_STRICT, COUNT_FROM_0_GET},
};

const struct builtins builtins_nested = {table, COUNT_OF(table)};
