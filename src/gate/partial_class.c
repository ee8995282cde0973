#include "base/base.h"

#include "gate/partial_parts.h"

#include "gate/uses.h"

/* With a base of their own; for each, all of the program is read. */
#define MAX_CLASSES 50

/* A node of its own, where another one was. */
static struct py_node *
put(struct partial *r, struct py_node *parent, const struct py_node *at,
    enum py_kind kind, const char *text)
{
	const struct py_node like = {.kind = kind,
	    .line = at->line,
	    .text = text,
	    .module = "",
	    .alias = ""};

	return partial_add(r, parent, &like);
}

/* The class of that name is made by namedtuple(), and by nothing else. */
static bool
is_named_tuple(struct partial *r, const struct py_node *assign,
    struct knowns *ret_fields)
{
	const struct py_node *name = assign->child[0];
	const struct py_node *call = assign->child[1];
	const struct binding *b = call->kind == PY_CALL && call->n == 3
	    ? program_only(r->p, call->child[0])
	    : NULL;
	size_t i;

	if (!b || b->kind != BIND_IMPORT ||
	    !str_eq(b->node->module, "collections") ||
	    !str_eq(b->node->text, "namedtuple") || name->kind != PY_NAME ||
	    !program_only(r->p, name) || call->child[1]->kind != PY_STRING ||
	    !str_eq(call->child[1]->text, name->text) ||
	    map_get(&r->p->first, SLICE("NamedTuple"), SIZE_MAX) != SIZE_MAX ||
	    !partial_elements(r, call->child[2], NULL, ret_fields))
		return false;
	for (i = 0; i < ret_fields->n; i++) {
		if (ret_fields->v[i].node->kind != PY_STRING)
			return false;
	}
	return true;
}

bool
partial_class(struct partial *r, struct py_node *parent,
    const struct py_node *assign)
{
	struct knowns fields = {0};
	struct py_node *import;
	struct py_node *class;
	size_t i;

	if (assign->n != 2 || parent->parent ||
	    !is_named_tuple(r, assign, &fields))
		return false;
	r->kept[assign->child[1]->order] = true;
	import = put(r, parent, assign, PY_FROM, "NamedTuple");
	import->module = "typing";
	import->alias = "NamedTuple";
	class = put(r, parent, assign, PY_CLASS, assign->child[0]->text);
	put(r, put(r, class, assign, PY_OTHER, "argument_list"), assign,
	    PY_NAME, "NamedTuple");
	for (i = 0; i < fields.n; i++) {
		put(r, put(r, class, assign, PY_OTHER, "type"), assign, PY_NAME,
		    "str");
		put(r, put(r, class, assign, PY_ASSIGN, ""), assign, PY_NAME,
		    fields.v[i].node->text);
	}
	r->changed = true;
	return true;
}

/* It is written out, without names and calls. */
static bool
is_plain_value(const struct py_node *n)
{
	size_t i;

	if (n->kind != PY_STRING && n->kind != PY_NUMBER &&
	    n->kind != PY_LIST && n->kind != PY_DICT && n->kind != PY_PAIR &&
	    !(n->kind == PY_OTHER && n->n == 0))
		return false;
	for (i = 0; i < n->n; i++) {
		if (!is_plain_value(n->child[i]))
			return false;
	}
	return true;
}

/* Methods and constants, which mean the same in another class. */
static bool
is_plain_base(const struct py_node *class)
{
	size_t i;

	for (i = 0; i < class->n; i++) {
		const struct py_node *n = class->child[i];
		const struct py_node *def = pytree_is_other(n,
		                                "decorated_definition")
		    ? n->child[n->n - 1]
		    : n;

		if (n->kind == PY_STRING || pytree_is_other(n, "type") ||
		    pytree_is_other(n, "pass_statement") ||
		    pytree_is_other(n, "argument_list") || def->kind == PY_DEF)
			continue;
		if (n->kind != PY_ASSIGN || n->child[0]->kind != PY_NAME ||
		    (n->n > 1 && !is_plain_value(n->child[1])))
			return false;
	}
	return true;
}

/* The class that this one takes its methods from, and nothing else; NULL. */
static const struct py_node *
base_of(const struct partial *r, const struct py_node *class)
{
	const struct py_node *list = class->n > 0 ? class->child[0] : NULL;
	const struct binding *b;

	if (!list || !pytree_is_other(list, "argument_list") || list->n != 1)
		return NULL;
	b = program_only(r->p, list->child[0]);
	return b && b->kind == BIND_CLASS && b->node != class &&
	        !uses_is_exception(r->p, b->node) &&
	        !uses_is_record(r->p, b->node) && is_plain_base(b->node) &&
	        !class->parent->parent && !b->node->parent->parent &&
	        !pytree_is_other(class->parent, "decorated_definition") &&
	        !pytree_is_other(b->node->parent, "decorated_definition")
	    ? b->node
	    : NULL;
}

/* Its name stands for it only where another class names its base, or in
 * hints. */
static bool
is_only_base(const struct partial *r, const struct py_node *class)
{
	size_t i;

	for (i = 0; i < r->p->all.n; i++) {
		const struct py_node *n = r->p->all.v[i];
		const struct py_node *up = n->parent;

		if (n->kind != PY_NAME || !str_eq(n->text, class->text))
			continue;
		while (up && up->kind == PY_SUBSCRIPT)
			up = up->parent;
		if (pytree_is_other(up, "type"))
			continue;
		if (!up || !pytree_is_other(up, "argument_list") ||
		    up->parent->kind != PY_CLASS ||
		    base_of(r, up->parent) != class)
			return false;
	}
	return true;
}

/* What a statement of a class defines; NULL. */
static const char *
defined(const struct py_node *n)
{
	if (pytree_is_other(n, "decorated_definition") && n->n > 0)
		n = n->child[n->n - 1];
	if (n->kind == PY_DEF)
		return n->text;
	return n->kind == PY_ASSIGN && n->n > 1 && n->child[0]->kind == PY_NAME
	    ? n->child[0]->text
	    : NULL;
}

static bool
defines(const struct py_node *class, const char *name)
{
	size_t i;

	for (i = 0; i < class->n; i++) {
		const char *one = defined(class->child[i]);

		if (one && str_eq(one, name))
			return true;
	}
	return false;
}

/* Nobody asks which class something is of, or calls what a class covers. */
static bool
asks_for_classes(const struct program *p)
{
	static const char *const asking[] = {
	    "super", "isinstance", "issubclass", "type"};
	size_t i;

	for (i = 0; i < p->all.n; i++) {
		const struct py_node *n = p->all.v[i];

		/* Python gives such a name the class's own. */
		if ((n->kind == PY_ATTRIBUTE || n->kind == PY_DEF) &&
		    str_starts(n->text, "__") && !str_ends(n->text, "__"))
			return true;
		if ((n->kind == PY_NAME && STR_IS_IN(n->text, asking)) ||
		    (n->kind == PY_ATTRIBUTE &&
		        (str_eq(n->text, "__init_subclass__") ||
		            str_eq(n->text, "__mro__") ||
		            str_eq(n->text, "__bases__"))))
			return true;
	}
	return false;
}

static bool
is_base(const struct partial *r, const struct py_node *class)
{
	size_t i;

	for (i = 0; i < r->p->all.n; i++) {
		if (r->p->all.v[i]->kind == PY_CLASS &&
		    base_of(r, r->p->all.v[i]) == class)
			return true;
	}
	return false;
}

void
partial_flatten(struct partial *r)
{
	size_t classes = 0;
	size_t i;

	for (i = 0; i < r->p->all.n; i++) {
		const struct py_node *n = r->p->all.v[i];

		classes += n->kind == PY_CLASS && base_of(r, n);
	}
	r->flattens = classes > 0 && classes <= MAX_CLASSES &&
	    !asks_for_classes(r->p);
}

/* A method that another one takes the place of is never called. */
static void
keep_body(struct partial *r, const struct py_node *n)
{
	size_t i;

	if (pytree_is_other(n, "decorated_definition"))
		n = n->child[n->n - 1];
	for (i = 1; n->kind == PY_DEF && i < n->n; i++) {
		if (!pytree_is_other(n->child[i], "hints"))
			partial_keep(r, n->child[i]);
	}
}

bool
partial_flat(struct partial *r, struct py_node *parent,
    const struct py_node *class)
{
	const struct py_node *base = base_of(r, class);
	struct py_node *made;
	size_t from;
	size_t i;

	if (parent->parent || !r->flattens)
		return false;
	/* Who takes from it comes first. */
	if (!base && is_only_base(r, class) && is_base(r, class)) {
		r->changed = true;
		return true;
	}
	if (!base || base_of(r, base))
		return false;
	made = partial_add(r, parent, class);
	from = pytree_is_other(base->child[0], "argument_list");
	if (from)
		partial_build(r, made, base->child[0], NULL);
	for (i = from; i < base->n; i++) {
		const char *name = defined(base->child[i]);

		/* A hint of what is left out does no harm. */
		if (!name || !defines(class, name))
			partial_build(r, made, base->child[i], NULL);
		else
			keep_body(r, base->child[i]);
	}
	partial_children(r, made, class, 1, NULL);
	r->changed = true;
	return true;
}

/* self.__class__.__name__, in a method of a class. */
bool
partial_class_name(struct partial *r, struct py_node *parent,
    const struct py_node *n)
{
	const struct py_node *of = n->child[0];
	const struct binding *b = of->kind == PY_ATTRIBUTE &&
	        str_eq(n->text, "__name__") && str_eq(of->text, "__class__")
	    ? program_only(r->p, of->child[0])
	    : NULL;
	const struct py_node *class = b && uses_is_self(r->p, b)
	    ? uses_class(r->p, of->child[0])
	    : NULL;

	if (!class)
		return false;
	put(r, parent, n, PY_STRING, class->text);
	r->changed = true;
	return true;
}
