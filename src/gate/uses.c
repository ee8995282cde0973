#include "base/base.h"

#include "gate/uses.h"

#include "gate/allow.h"
#include "gate/flow.h"

/*
 * Lists and dictionaries.
 */

/* What a value is read by: methods of lists, dictionaries and sets. */
static const char *const readers[] = {"items", "keys", "values", "get", "copy",
    "index", "count", "union", "intersection", "difference"};
/* These put their arguments in. */
static const char *const adders[] = {
    "append", "extend", "insert", "update", "add"};
/* Of whom it is an argument: they read it. */
static const char *const builtins[] = {
    "len", "print", "any", "all", "sum", "isinstance", "str", "repr", "range"};
/* These, too, but they hand on what is in it. */
static const char *const copies[] = {"sorted", "list", "tuple", "set", "dict",
    "frozenset", "enumerate", "zip", "reversed"};
/* What is done with it in a statement or a comparison keeps no hold of it. */
static const char *const looks[] = {"comparison_operator", "not_operator",
    "unary_operator", "if_clause", "if_statement", "elif_clause",
    "assert_statement", "while_statement"};
/* Methods of tables, columns, writers and loggers that read what they are
 * given, and keep no hold of it. */
static const char *const takers[] = {"select", "selectExpr", "join",
    "dropDuplicates", "drop_duplicates", "groupBy", "groupby", "orderBy",
    "sort", "sortWithinPartitions", "partitionBy", "clusterBy", "bucketBy",
    "sortBy", "drop", "toDF", "isin", "withColumns", "withColumnsRenamed",
    "agg", "fillna", "fill", "dropna", "whenMatchedUpdate",
    "whenMatchedUpdateAll", "whenNotMatchedInsert", "whenNotMatchedInsertAll",
    "whenNotMatchedBySourceUpdate", "info", "debug", "warning", "error",
    "critical", "exception", "createDataFrame", "repartition",
    "repartitionByRange", "unpivot", "melt", "cube", "rollup", "format",
    "issubset", "intersection", "difference", "union", "dumps", "table",
    "forName", "forPath", "load", "save", "saveAsTable", "insertInto",
    "writeTo", "merge", "where", "filter", "sql", "option", "mode", "parquet"};

bool
uses_is_stored(const struct py_node *n)
{
	const struct py_node *up = n->parent;

	while (up && (up->kind == PY_LIST || up->kind == PY_STAR)) {
		n = up;
		up = up->parent;
	}
	if (!up)
		return false;
	if (up->kind == PY_ASSIGN || up->kind == PY_ADD || up->kind == PY_FOR)
		return up->child[0] == n;
	if (up->kind == PY_AS)
		return up->child[up->n - 1] == n;
	return pytree_is_other(up, "delete_statement");
}

struct use {
	struct program *p;
	bool adds;
	bool nests;      /* its elements may change, too */
	bool dict;       /* what a loop over it gives are texts */
	struct map seen; /* bindings that are looked at, or were */
};

static bool alias_is_known(struct use *u, const struct py_node *bound);
static bool fields_are_known(struct use *u, const char *name);
static bool field_is_known(struct use *u, const struct py_node *attribute);
static bool target_is_known(struct use *u, const struct py_node *target);
static bool is_known(struct use *u, const struct py_node *n);

/* An argument of a function of the program: what that does with it. */
static bool
own_reads(struct use *u, const struct py_node *def, const struct py_node *call,
    const struct py_node *arg)
{
	const struct py_node *list = def->child[0];
	size_t i;

	if (def->kind != PY_DEF || uses_is_decorated(def))
		return false;
	for (i = 0; i < list->n; i++) {
		const struct py_node *param = list->child[i];

		if (param->kind == PY_PARAM && program_place(param) >= 0 &&
		    pytree_argument(call, program_place(param), param->text) ==
		        arg)
			return alias_is_known(u, param);
	}
	return false;
}

/* A call that gives what is in it, to names that are looked at. */
static bool
elements_are_known(struct use *u, const struct py_node *call)
{
	return !u->nests ||
	    (call->parent->kind == PY_FOR &&
	        target_is_known(u, call->parent->child[0]));
}

/* It becomes a field of a record, by its name. */
static bool
record_holds(struct use *u, const struct py_node *class,
    const struct py_node *arg)
{
	bool adds = u->adds;
	bool known;

	if (arg->parent->kind != PY_KEYWORD || !uses_is_record(u->p, class))
		return false;
	u->adds = false;
	known = fields_are_known(u, arg->parent->text);
	u->adds = adds;
	return known;
}

static bool
call_reads(struct use *u, const struct py_node *call, const struct py_node *arg)
{
	const struct program *p = u->p;
	const struct py_node *f = call->child[0];
	const struct py_node *own = program_callee(p, call);

	if (own && own->kind == PY_CLASS)
		return record_holds(u, own, arg);
	if (own)
		return own_reads(u, own, call, arg);
	if (f->kind == PY_ATTRIBUTE)
		return !program_has(p, f) &&
		    (STR_IS_IN(f->text, takers) || flow_gives_column(p, call));
	if (f->kind != PY_NAME)
		return false;
	if (program_resolve(p, f, NULL, NULL))
		return flow_gives_column(p, call) ||
		    (!u->nests && call->n > 2 && arg == call->child[2] &&
		        str_eq(program_called(p, call), "reduce"));
	/* dict(x=list) holds the list. */
	if (STR_IS_IN(f->text, copies))
		return arg->parent == call && elements_are_known(u, call);
	return STR_IS_IN(f->text, builtins) ||
	    (p->has_star && !allow_builtin(f->text) &&
	        allow_column_function(f->text));
}

static bool
method_reads(struct use *u, const struct py_node *method)
{
	const struct py_node *call = method->parent;

	if (!call || call->kind != PY_CALL || call->child[0] != method ||
	    map_get(&u->p->members, slice_of(method->text), 0))
		return false;
	if (!str_eq(method->text, "keys") && !elements_are_known(u, call))
		return false;
	return STR_IS_IN(method->text, readers) ||
	    (u->adds && STR_IS_IN(method->text, adders));
}

/* What is taken from it is read, and nothing else. */
static bool
element_is_known(struct use *u, const struct py_node *element)
{
	struct use of = *u;

	of.adds = false;
	of.nests = false;
	of.dict = false;
	return is_known(&of, element);
}

/* n is the name, or the attribute, that stands for it. */
static bool
is_known(struct use *u, const struct py_node *n)
{
	const struct py_node *up = n->parent;
	const struct py_node *from = n;
	const struct binding *b;

	/* x += […] changes what other names have, too. */
	if (uses_is_stored(n) && n->kind == PY_NAME)
		return u->adds || n->parent->kind != PY_ADD;
	if (uses_is_stored(n))
		return n->parent->kind == PY_ASSIGN;
	if (up->kind == PY_KEYWORD) {
		from = up;
		up = up->parent;
	}
	switch ((int)up->kind) {
	case PY_CALL:
		return up->child[0] != from &&
		    call_reads(u, up, from->kind == PY_KEYWORD ? n : from);
	case PY_ATTRIBUTE:
		return method_reads(u, up);
	case PY_SUBSCRIPT:
		if (up->child[0] != n)
			return true;
		if (uses_is_stored(up))
			return u->adds;
		return !u->nests || element_is_known(u, up);
	case PY_FOR:
		return !u->nests || u->dict || target_is_known(u, up->child[0]);
	/* [*x] and f(*x) hand on what is in it. */
	case PY_STAR:
	case PY_PLUS:
		return !u->nests;
	case PY_FORMAT:
		return true;
	/* [x for _ in y] holds it. */
	case PY_EACH:
		return up->child[0] != n || n->kind == PY_SUBSCRIPT;
	case PY_CHOICE:
		return up->child[1] == n;
	case PY_RETURN:
		/* One that each call makes anew. */
		b = program_only(u->p, n);
		return u->adds && b && b->kind != BIND_PARAM &&
		    b->scope == program_function(n);
	case PY_ASSIGN:
		/* What it gives is given to others, too. */
		if (up->is_odd || up->parent->kind == PY_ASSIGN)
			return false;
		if (up->child[0]->kind == PY_ATTRIBUTE)
			return field_is_known(u, up->child[0]);
		return up->child[0]->kind == PY_NAME &&
		    alias_is_known(u, up->child[0]);
	case PY_OTHER:
		/* x & y, of columns; of sets, what is in them. */
		if (str_eq(up->alias, "&") || str_eq(up->alias, "|"))
			return !u->nests;
		return STR_IS_IN(up->text, looks) || str_eq(up->text, "module");
	default:
		return false;
	}
}

struct meant {
	const struct py_node *bound;
	bool found;
};

static void
compare(const struct binding *b, void *data)
{
	struct meant *m = data;

	m->found = m->found || b->node == m->bound;
}

/* All names that may mean what is bound there. */
static bool
bound_is_known(struct use *u, const struct py_node *bound)
{
	struct program *p = u->p;
	const char *key = arena_printf(p->arena, "%zu", bound->order);
	bool known = program_charge(p, p->all.n / 64 + 1);
	size_t i;

	if (map_get(&u->seen, slice_of(key), 2) <= (size_t)u->adds)
		return known;
	map_set(p->arena, &u->seen, slice_of(key), u->adds);
	for (i = 0; known && i < p->all.n; i++) {
		const struct py_node *n = p->all.v[i];
		struct meant m = {.bound = bound};

		if (n->kind != PY_NAME || !str_eq(n->text, bound->text))
			continue;
		program_resolve(p, n, compare, &m);
		known = !m.found || is_known(u, n);
	}
	return known;
}

/* Another name for it: nobody looks for what that adds. */
static bool
alias_is_known(struct use *u, const struct py_node *bound)
{
	bool adds = u->adds;
	bool known;

	u->adds = false;
	known = bound_is_known(u, bound);
	u->adds = adds;
	return known;
}

/* The names that what is in it gets one after the other. */
static bool
target_is_known(struct use *u, const struct py_node *target)
{
	size_t i;

	if (target->kind == PY_NAME)
		return alias_is_known(u, target);
	for (i = 0; i < target->n; i++) {
		if (!target_is_known(u, target->child[i]))
			return false;
	}
	return target->kind == PY_LIST;
}

bool
uses_nest(const struct program *p, const struct py_node *value)
{
	size_t i;

	if (value->kind != PY_LIST && value->kind != PY_DICT &&
	    value->kind != PY_PAIR && value->kind != PY_EACH)
		return false;
	for (i = 0; i < value->n; i++) {
		const struct py_node *n = value->child[i];
		bool tuple = n->is_tuple;

		if (n->kind == PY_PAIR || tuple ? uses_nest(p, n)
		                                : n->kind == PY_LIST ||
		            n->kind == PY_DICT || n->kind == PY_EACH ||
		            (n->kind == PY_CALL && uses_may_change(p, n) &&
		                !uses_is_fixed(p, n)))
			return true;
	}
	return false;
}

bool
uses_are_known(struct program *p, const struct binding *b, bool adds,
    bool nests)
{
	struct use u = {.p = p,
	    .adds = adds,
	    .nests = nests,
	    .dict = b->value && b->value->kind == PY_DICT};

	return bound_is_known(&u, b->node);
}

static bool
fields_are_known(struct use *u, const char *name)
{
	struct program *p = u->p;
	const char *key = arena_printf(p->arena, ".%s", name);
	bool known = program_charge(p, p->all.n / 64 + 1);
	size_t i;

	if (map_get(&u->seen, slice_of(key), 2) <= (size_t)u->adds)
		return known;
	map_set(p->arena, &u->seen, slice_of(key), u->adds);
	for (i = 0; known && i < p->all.n; i++) {
		const struct py_node *n = p->all.v[i];

		/* What is called is a method of something else. */
		known = n->kind != PY_ATTRIBUTE || !str_eq(n->text, name) ||
		    (n->parent->kind == PY_CALL && n->parent->child[0] == n) ||
		    is_known(u, n);
	}
	return known;
}

/* It becomes a field of an own object. */
static bool
field_is_known(struct use *u, const struct py_node *attribute)
{
	bool adds = u->adds;
	bool known;

	if (!uses_is_own_object(u->p, attribute->child[0]))
		return false;
	u->adds = false;
	known = fields_are_known(u, attribute->text);
	u->adds = adds;
	return known;
}

bool
uses_of_field_are_known(struct program *p, const char *name, bool adds,
    bool nests)
{
	struct use u = {.p = p, .adds = adds, .nests = nests};

	return fields_are_known(&u, name);
}

void
uses_added(const struct program *p, const struct py_node *name,
    void (*each)(const struct py_node *, void *), void *data)
{
	size_t i;

	for (i = 0; i < p->all.n; i++) {
		const struct py_node *n = p->all.v[i];
		const struct py_node *up = n->parent;

		if (n->kind != name->kind || !str_eq(n->text, name->text) ||
		    !up)
			continue;
		if (up->kind == PY_ATTRIBUTE && up->parent &&
		    up->parent->kind == PY_CALL && up->parent->child[0] == up)
			each(up->parent, data);
		else if (up->kind == PY_SUBSCRIPT && up->child[0] == n &&
		    up->parent && up->parent->n > 1 && uses_is_stored(up))
			each(up, data);
	}
}

bool
uses_may_change(const struct program *p, const struct py_node *value)
{
	switch ((int)value->kind) {
	case PY_STRING:
	case PY_FORMAT:
	case PY_NUMBER:
		return false;
	case PY_OTHER:
		/* ~x, x & y, x | y of columns */
		if (str_eq(value->text, "unary_operator") ||
		    str_eq(value->alias, "&") || str_eq(value->alias, "|"))
			return uses_may_change(p, value->child[0]) &&
			    uses_may_change(p, value->child[value->n - 1]);
		return !str_eq(value->text, "none") &&
		    !str_eq(value->text, "true") &&
		    !str_eq(value->text, "false");
	case PY_PLUS:
		return uses_may_change(p, value->child[0]) &&
		    uses_may_change(p, value->child[value->n - 1]);
	case PY_CALL:
		return program_callee(p, value) ||
		    STR_IS_IN(pytree_called(value), builtins) ||
		    STR_IS_IN(pytree_called(value), copies) ||
		    STR_IS_IN(pytree_called(value), readers);
	default:
		return true;
	}
}
