#include "base/base.h"

#include "gate/partial_parts.h"

#include "gate/flow.h"
#include "gate/uses.h"

#include <string.h>

#define MAX_DEPTH 40

const struct stand_in *
partial_find(const struct stand_in *with, const char *name)
{
	while (with && !str_eq(with->name, name))
		with = with->outer;
	return with;
}

const struct stand_in *
partial_stand_in(struct partial *r, const char *name, struct known value,
    const struct stand_in *outer)
{
	struct stand_in *s = arena_new(r->p->arena, struct stand_in);

	*s = (struct stand_in){.name = name,
	    .value = value.node,
	    .of = value.with,
	    .outer = outer};
	return s;
}

struct known
partial_value(const struct py_node *node, const struct stand_in *with)
{
	return (struct known){node, node ? with : NULL};
}

static struct known know(struct partial *r, const struct py_node *n,
    const struct stand_in *with, unsigned depth);

/* The entry of a dictionary or list that is written out. */
static struct known
entry_of(struct partial *r, struct known of, struct known key, unsigned depth)
{
	struct known found = {0};
	size_t i;

	if (!of.node || !key.node)
		return found;
	if (of.node->kind == PY_LIST && key.node->kind == PY_NUMBER &&
	    !of.node->is_odd && !pytree_has(of.node, PY_STAR)) {
		for (i = 0; i < of.node->n; i++) {
			if (str_eq(arena_printf(r->p->arena, "%zu", i),
			        key.node->text))
				return know(r, of.node->child[i], of.with,
				    depth);
		}
	}
	if (of.node->kind != PY_DICT || !partial_text(key))
		return found;
	for (i = 0; i < of.node->n; i++) {
		const struct py_node *pair = of.node->child[i];
		struct known its;

		if (pair->kind != PY_PAIR || pair->n < 2)
			return (struct known){0};
		its = know(r, pair->child[0], of.with, depth);
		if (!partial_text(its))
			return (struct known){0};
		if (str_eq(its.node->text, key.node->text))
			found = know(r, pair->child[1], of.with, depth);
	}
	return found;
}

/* Nothing is added to a schema behind its making. */
static bool
schemas_are_known(struct program *p)
{
	size_t i;

	for (i = 0; i < p->calls.n; i++) {
		if (str_eq(pytree_called(p->calls.v[i]), "add"))
			return false;
	}
	return uses_of_field_are_known(p, "fields", false, false) &&
	    uses_of_field_are_known(p, "names", false, false) &&
	    !map_get(&p->stored, SLICE("name"), 0) &&
	    !map_get(&p->stored, SLICE("dataType"), 0) &&
	    !map_get(&p->stored, SLICE("fields"), 0);
}

/* A field of StructField(name, type, …), or of StructType([…]). */
const struct py_node *
partial_type_field(struct program *p, const struct py_node *call,
    const char *field)
{
	static const struct {
		const char *field;
		const char *type;
		int place;
		const char *name;
	} rows[] = {{"name", "StructField", 0, "name"},
	    {"dataType", "StructField", 1, "dataType"},
	    {"fields", "StructType", 0, "fields"}};
	size_t i;

	for (i = 0; i < COUNT_OF(rows); i++) {
		if (str_eq(rows[i].field, field) &&
		    str_eq(program_called(p, call), rows[i].type) &&
		    schemas_are_known(p))
			return pytree_argument(call, rows[i].place,
			    rows[i].name);
	}
	return NULL;
}

/* What a call of a class gives the field; a default of it is the same in any
 * place. */
static struct known
record_field(struct partial *r, const struct py_node *class,
    struct known record, const char *field)
{
	const struct py_node *given = NULL;
	const struct py_node *value;
	int place = 0;
	size_t i;

	for (i = 1; i < class->n; i++) {
		const struct py_node *n = class->child[i];

		/* A field has a hint. */
		if (n->kind != PY_ASSIGN ||
		    !pytree_is_other(class->child[i - 1], "type"))
			continue;
		if (str_eq(n->child[0]->text, field)) {
			given = pytree_argument(record.node, place, field);
			if (given)
				return partial_value(given, record.with);
			value = partial_default(r->p, n);
			return partial_value(value, NULL);
		}
		place++;
	}
	return partial_value(NULL, NULL);
}

/* A constant of a class, that nothing else sets or changes. */
static const struct py_node *
class_constant(struct partial *r, const struct py_node *n)
{
	struct program *p = r->p;
	const struct py_node *class = uses_class(p, n->child[0]);
	const struct py_node *value = NULL;
	size_t i = map_get(&p->first, slice_of(n->text), SIZE_MAX);

	if (!class || uses_is_record(p, class) || !uses_holds_texts(class) ||
	    map_get(&p->stored, slice_of(n->text), 0))
		return NULL;
	for (; i != SIZE_MAX; i = p->bindings.v[i].next) {
		const struct binding *b = &p->bindings.v[i];

		if (b->scope->kind != PY_CLASS)
			continue;
		/* Nor does another class have one of the name. */
		if (b->scope != class || b->kind != BIND_VALUE || value ||
		    partial_is_in_loop(b->node))
			return NULL;
		value = b->value;
	}
	if (value && (value->kind == PY_LIST || value->kind == PY_DICT) &&
	    !uses_of_field_are_known(p, n->text, false, uses_nest(p, value)))
		return NULL;
	return value;
}

/* Class.MEMBER.value, of an Enum. */
static const struct py_node *
member_value(struct partial *r, const struct py_node *n)
{
	const struct program *p = r->p;
	const struct py_node *member = n->child[0];
	const struct binding *class = member->kind == PY_ATTRIBUTE
	    ? program_only(p, member->child[0])
	    : NULL;
	const struct binding *b;

	if (!class || class->kind != BIND_CLASS || !p->is_plain ||
	    !str_eq(n->text, "value") || !uses_is_enum(class->node) ||
	    map_get(&p->stored, slice_of(member->text), 0) ||
	    map_get(&p->stored, SLICE("value"), 0) ||
	    map_get(&p->members, SLICE("value"), 0))
		return NULL;
	b = partial_bound_once(p, class->node, member->text);
	return b && b->kind == BIND_VALUE && b->value->kind == PY_STRING
	    ? b->value
	    : NULL;
}

/* Of what stands in the expression itself, nothing may be left out. */
static struct known
base(struct partial *r, const struct py_node *n, const struct stand_in *with,
    unsigned depth)
{
	struct known of = know(r, n, with, depth);

	return of.node && pytree_is_within(of.node, n)
	    ? partial_value(NULL, NULL)
	    : of;
}

struct giving {
	const struct py_node *value;
	size_t n;
};

static void
count_value(const struct py_node *value, void *data)
{
	struct giving *g = data;

	g->value = value;
	g->n++;
}

/* What the only call of the class hands to its __init__. */
static const struct py_node *
only_argument(struct partial *r, const struct py_node *param)
{
	struct program *p = r->p;
	const struct py_node *def = param->parent->parent;
	const struct py_node *found = NULL;
	size_t calls = 0;
	size_t i;

	if (def->kind != PY_DEF || !str_eq(def->text, "__init__") ||
	    def->parent->kind != PY_CLASS ||
	    uses_is_exception(p, def->parent) || program_place(param) < 0 ||
	    !uses_calls_are_known(p, def))
		return NULL;
	for (i = 0; i < p->calls.n; i++) {
		if (!uses_is_call_of(p, p->calls.v[i], def))
			continue;
		calls++;
		found = pytree_argument(p->calls.v[i], program_place(param),
		    param->text);
	}
	if (!found && param->n > 0)
		found = param->child[0];
	return calls == 1 ? found : NULL;
}

static const struct py_node *
find_field(struct partial *r, const char *name)
{
	struct program *p = r->p;
	struct giving g = {0};
	const struct binding *b;
	const struct py_node *given;

	if (!uses_field_values(p, name, count_value, &g) || g.n != 1)
		return NULL;
	b = program_only(p, g.value);
	if (!b || b->kind != BIND_PARAM)
		return NULL;
	given = only_argument(r, b->node);
	return given && partial_may_stand_for(r, b->node, given) ? given : NULL;
}

/* The field of an own object, where there is but one thing that it is ever set
 * to, by one object of the class. */
static const struct py_node *
only_field(struct partial *r, const struct py_node *n)
{
	size_t at;

	if (!program_has(r->p, n) || !uses_is_own_object(r->p, n->child[0]))
		return NULL;
	at = map_get(&r->field, slice_of(n->text), SIZE_MAX);
	if (at == SIZE_MAX) {
		at = r->fields.n;
		*LIST_ADD(r->p->arena, &r->fields) = find_field(r, n->text);
		map_set(r->p->arena, &r->field, slice_of(n->text), at);
	}
	return r->fields.v[at];
}

/* A list of a class whose elements are names of the class, which mean nothing
 * elsewhere: with what they are. */
static const struct py_node *
settled(struct partial *r, const struct py_node *list)
{
	struct py_node *made;
	size_t i;

	if (!list || list->kind != PY_LIST || !pytree_has(list, PY_NAME))
		return list;
	made = arena_new(r->p->arena, struct py_node);
	*made = *list;
	made->child = arena_array(r->p->arena, struct py_node *, list->n);
	for (i = 0; i < list->n; i++) {
		struct known one = partial_known(r, list->child[i], NULL);

		if (partial_text(one))
			memcpy(&made->child[i], &one.node, sizeof(one.node));
		else
			made->child[i] = list->child[i];
	}
	return made;
}

/* The value of a field as it was given, which may be a name. */
static struct known
field_of(struct partial *r, const struct py_node *n,
    const struct stand_in *with, unsigned depth)
{
	struct program *p = r->p;
	struct known of = base(r, n->child[0], with, depth);
	struct known value = partial_value(member_value(r, n), NULL);
	const struct py_node *class;

	if (value.node)
		return value;
	if (!of.node) {
		value.node = settled(r, class_constant(r, n));
		if (!value.node)
			value.node = only_field(r, n);
	} else if (of.node->kind == PY_CALL &&
	    !map_get(&p->stored, slice_of(n->text), 0)) {
		class = partial_record(p, of.node);
		if (class)
			value = record_field(r, class, of, n->text);
		else if (!program_has(p, n))
			return partial_value(partial_type_field(p, of.node,
			                         n->text),
			    of.with);
	}
	if (value.node &&
	    (value.node->kind == PY_LIST || value.node->kind == PY_DICT) &&
	    !uses_of_field_are_known(p, n->text, false,
	        uses_nest(p, value.node)))
		return partial_value(NULL, NULL);
	return value;
}

static struct known
know_attribute(struct partial *r, const struct py_node *n,
    const struct stand_in *with, unsigned depth)
{
	struct known value = field_of(r, n, with, depth);

	return value.node ? know(r, value.node, value.with, depth) : value;
}

struct known
partial_field(struct partial *r, const struct py_node *n,
    const struct stand_in *with)
{
	return field_of(r, n, with, 0);
}

/* MappingProxyType({…}), which nobody can change. */
static bool
is_proxy(const struct program *p, const struct py_node *call)
{
	const struct binding *b = call->n == 2 &&
	        call->child[1]->kind == PY_DICT
	    ? program_only(p, call->child[0])
	    : NULL;

	return b && b->kind == BIND_IMPORT &&
	    str_eq(b->node->module, "types") &&
	    str_eq(b->node->text, "MappingProxyType") &&
	    !uses_nest(p, call->child[1]);
}

/* d.get("key"), of what has it. */
static struct known
know_call(struct partial *r, const struct py_node *n,
    const struct stand_in *with, unsigned depth)
{
	const struct py_node *f = n->child[0];
	struct known key;

	if (f->kind == PY_ATTRIBUTE && str_eq(f->text, "get") && n->n >= 2 &&
	    !program_has(r->p, f)) {
		key = know(r, n->child[1], with, depth);
		return entry_of(r, base(r, f->child[0], with, depth), key,
		    depth);
	}
	if (is_proxy(r->p, n))
		return know(r, n->child[1], with, depth);
	if (partial_record(r->p, n) || partial_is_type(r->p, n))
		return partial_value(n, with);
	return partial_value(NULL, NULL);
}

static struct known
know(struct partial *r, const struct py_node *n, const struct stand_in *with,
    unsigned depth)
{
	const struct stand_in *in;
	const struct py_node *literal;

	if (depth >= MAX_DEPTH || !program_charge(r->p, 1))
		return partial_value(NULL, NULL);
	depth++;
	switch ((int)n->kind) {
	case PY_STRING:
	case PY_NUMBER:
	case PY_LIST:
	case PY_DICT:
		return partial_value(n, with);
	case PY_OTHER:
		return pytree_is_constant(n) ? partial_value(n, with)
		                             : partial_value(NULL, NULL);
	case PY_NAME:
		in = partial_find(with, n->text);
		if (in)
			return know(r, in->value, in->of, depth);
		literal = flow_literal(r->p, n);
		return literal && literal != n && !partial_is_in_loop(literal)
		    ? know(r, literal, NULL, depth)
		    : partial_value(NULL, NULL);
	case PY_SUBSCRIPT:
		return n->n == 2
		    ? entry_of(r, base(r, n->child[0], with, depth),
		          know(r, n->child[1], with, depth), depth)
		    : partial_value(NULL, NULL);
	case PY_ATTRIBUTE:
		return know_attribute(r, n, with, depth);
	case PY_CALL:
		return know_call(r, n, with, depth);
	default:
		return partial_value(NULL, NULL);
	}
}

struct known
partial_known(struct partial *r, const struct py_node *n,
    const struct stand_in *with)
{
	return know(r, n, with, 0);
}

struct known
partial_base(struct partial *r, const struct py_node *n,
    const struct stand_in *with)
{
	return base(r, n, with, 0);
}
