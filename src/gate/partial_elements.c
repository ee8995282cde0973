#include "base/base.h"

#include "gate/partial_parts.h"

#include <string.h>

/* [first, second] */
static const struct py_node *
pair_of(struct partial *r, const struct py_node *first,
    const struct py_node *second)
{
	struct py_node *pair = arena_new(r->p->arena, struct py_node);

	*pair = (struct py_node){.kind = PY_LIST,
	    .line = first->line,
	    .text = "",
	    .module = "",
	    .alias = "",
	    .is_tuple = true,
	    .n = 2,
	    .cap = 2};
	pair->child = arena_array(r->p->arena, struct py_node *, 2);
	/* They are read, and copied, but never changed. */
	memcpy(&pair->child[0], &first, sizeof(first));
	memcpy(&pair->child[1], &second, sizeof(second));
	return pair;
}

/* Each key is a text of its own. */
static bool
keys_differ(struct partial *r, const struct py_node *dict)
{
	struct map seen = {0};
	size_t i;

	for (i = 0; i < dict->n; i++) {
		const struct py_node *pair = dict->child[i];

		if (pair->kind != PY_PAIR || pair->n < 2 ||
		    !partial_is_text(pair->child[0]) ||
		    !map_add(r->p->arena, &seen, slice_of(pair->child[0]->text),
		        1))
			return false;
	}
	return true;
}

/* Elements of a list, keys of a dictionary, and its values or pairs. */
static bool
add_elements(struct partial *r, struct known of, const char *what,
    struct knowns *ret)
{
	size_t i;

	if (!of.node || (of.node->kind == PY_DICT && !keys_differ(r, of.node)))
		return false;
	for (i = 0; i < of.node->n; i++) {
		const struct py_node *n = of.node->child[i];

		if (of.node->kind == PY_LIST && !of.node->is_odd &&
		    n->kind != PY_STAR && !what)
			*LIST_ADD(r->p->arena, ret) = partial_value(n, of.with);
		else if (of.node->kind != PY_DICT || n->kind != PY_PAIR)
			return false;
		else if (what && str_eq(what, "items"))
			*LIST_ADD(r->p->arena, ret) =
			    partial_value(pair_of(r, n->child[0], n->child[1]),
			        of.with);
		else
			*LIST_ADD(r->p->arena,
			    ret) = partial_value(n->child[what &&
			                             str_eq(what, "values")],
			    of.with);
	}
	return of.node->kind == PY_LIST || of.node->kind == PY_DICT;
}

/* The fields of StructType([…]), or their names. */
static bool
add_fields(struct partial *r, struct known schema, bool names,
    struct knowns *ret)
{
	struct knowns fields = {0};
	const struct py_node *list = schema.node && schema.node->kind == PY_CALL
	    ? partial_type_field(r->p, schema.node, "fields")
	    : NULL;
	const struct py_node *name;
	size_t i;

	if (!list || !partial_elements(r, list, schema.with, &fields))
		return false;
	for (i = 0; i < fields.n; i++) {
		struct known field = partial_known(r, fields.v[i].node,
		    fields.v[i].with);

		name = field.node && field.node->kind == PY_CALL
		    ? partial_type_field(r->p, field.node, "name")
		    : NULL;
		if (!name)
			return false;
		*LIST_ADD(r->p->arena,
		    ret) = partial_value(names ? name : field.node, field.with);
	}
	return true;
}

/* enumerate(x), zip(x, y) */
static bool
add_pairs(struct partial *r, const struct py_node *call,
    const struct stand_in *with, struct knowns *ret)
{
	struct knowns first = {0};
	struct knowns second = {0};
	bool zips = str_eq(pytree_called(call), "zip");
	size_t i;

	if (call->n != (zips ? 3U : 2U) || call->child[1]->kind == PY_KEYWORD ||
	    !partial_elements(r, call->child[1], with, &first) ||
	    (zips && !partial_elements(r, call->child[2], with, &second)))
		return false;
	if (zips && first.n != second.n)
		return false;
	for (i = 0; i < first.n; i++) {
		struct py_node *number = arena_new(r->p->arena, struct py_node);

		*number = (struct py_node){.kind = PY_NUMBER,
		    .line = call->line,
		    .text = arena_printf(r->p->arena, "%zu", i),
		    .module = "",
		    .alias = ""};
		if (zips && first.v[i].with != second.v[i].with)
			return false;
		*LIST_ADD(r->p->arena, ret) = partial_value(zips
		        ? pair_of(r, first.v[i].node, second.v[i].node)
		        : pair_of(r, number, first.v[i].node),
		    first.v[i].with);
	}
	return true;
}

/* Lists, joined. */
static bool
add_sum(struct partial *r, const struct py_node *n, const struct stand_in *with,
    struct knowns *ret)
{
	size_t i;

	for (i = 0; i < n->n; i++) {
		if (!partial_elements(r, n->child[i], with, ret))
			return false;
	}
	return n->n > 0;
}

/* It does nothing but say what is in it. */
static bool
is_reader(const struct py_node *f)
{
	static const char *const names[] = {"items", "keys", "values",
	    "fieldNames", "enumerate", "zip", "list", "tuple"};

	return STR_IS_IN(f->text, names);
}

bool
partial_elements(struct partial *r, const struct py_node *n,
    const struct stand_in *with, struct knowns *ret)
{
	static const char *const views[] = {"items", "keys", "values"};
	static const char *const pairs[] = {"enumerate", "zip"};
	static const char *const copies[] = {"list", "tuple"};
	const struct py_node *f = n->kind == PY_CALL ? n->child[0] : NULL;
	bool own = f && program_has(r->p, f);
	struct known of;

	if (!program_charge(r->p, 1))
		return false;
	if (f && !own && r->p->all.v[n->order] == n && is_reader(f))
		r->kept[n->order] = true;
	if (n->kind == PY_PLUS)
		return add_sum(r, n, with, ret);
	if (n->kind == PY_ATTRIBUTE && str_eq(n->text, "names"))
		return add_fields(r, partial_known(r, n->child[0], with), true,
		    ret);
	if (f && !own && f->kind == PY_ATTRIBUTE && n->n == 1) {
		of = partial_base(r, f->child[0], with);
		if (str_eq(f->text, "fieldNames"))
			return add_fields(r, of, true, ret);
		if (STR_IS_IN(f->text, views))
			return of.node && of.node->kind == PY_DICT &&
			    add_elements(r, of, f->text, ret);
	}
	if (f && !own && f->kind == PY_NAME && STR_IS_IN(f->text, pairs))
		return add_pairs(r, n, with, ret);
	if (f && !own && f->kind == PY_NAME && STR_IS_IN(f->text, copies) &&
	    n->n == 2)
		return partial_elements(r, n->child[1], with, ret);
	of = partial_known(r, n, with);
	return of.node && of.node->kind == PY_CALL
	    ? add_fields(r, of, false, ret)
	    : add_elements(r, of, NULL, ret);
}
