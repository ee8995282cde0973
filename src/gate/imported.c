#include "base/base.h"

#include "gate/imported.h"

#include "gate/allow.h"
#include "gate/uses.h"

#include <string.h>

#define FUNCTIONS "pyspark.sql.functions"

/* What a name may mean. */
struct meanings {
	const struct program *program;
	const struct py_node *import; /* the last one; NULL */
	bool differ;                  /* there are other imports */
	bool mixed;                   /* there is something else */
};

static bool
is_module_name(const struct program *p, const char *name)
{
	return allow_module(name) || (p->testing && allow_test_module(name));
}

/* The module that an import binds, NULL for what a module has: `import a.b`
 * binds a. */
static const char *
bound_module(const struct program *p, const struct py_node *import)
{
	size_t n = strlen(import->alias);
	const char *name;

	if (import->kind == PY_IMPORT)
		return str_starts(import->text, import->alias) &&
		        import->text[n] == '.'
		    ? import->alias
		    : import->text;
	name = arena_printf(p->arena, "%s.%s", import->module, import->text);
	return is_module_name(p, name) ? name : NULL;
}

static bool
is_same(const struct program *p, const struct py_node *a,
    const struct py_node *b)
{
	const char *one = bound_module(p, a);
	const char *other = bound_module(p, b);

	return one || other ? one && other && str_eq(one, other)
	                    : str_eq(a->text, b->text);
}

static void
note_meaning(const struct binding *b, void *data)
{
	struct meanings *m = data;

	if (b->kind != BIND_IMPORT) {
		m->mixed = true;
		return;
	}
	m->differ = m->differ ||
	    (m->import && !is_same(m->program, m->import, b->node));
	m->import = b->node;
}

static struct meanings
meanings_of(const struct program *p, const struct py_node *name)
{
	struct meanings m = {.program = p};

	if (name->kind == PY_NAME)
		program_resolve(p, name, note_meaning, &m);
	return m;
}

const struct py_node *
imported_root(const struct program *p, const struct py_node *n)
{
	while (n->n > 0 &&
	    (n->kind == PY_ATTRIBUTE || n->kind == PY_CALL ||
	        n->kind == PY_SUBSCRIPT))
		n = n->child[0];
	return meanings_of(p, n).import;
}

const char *
imported_module(const struct program *p, const struct py_node *n)
{
	const struct py_node *import;
	const char *of;
	const char *name;

	if (n->kind == PY_NAME) {
		import = meanings_of(p, n).import;
		return import ? bound_module(p, import) : NULL;
	}
	if (n->kind != PY_ATTRIBUTE)
		return NULL;
	of = imported_module(p, n->child[0]);
	if (!of)
		return NULL;
	name = arena_printf(p->arena, "%s.%s", of, n->text);
	return is_module_name(p, name) ? name : NULL;
}

bool
imported_functions(const struct program *p, const struct py_node *n)
{
	const char *module = imported_module(p, n);

	return module && str_eq(module, FUNCTIONS);
}

/* Modules that modules import, and so have: dir() of those that allow.c
 * lists, in CPython 3.11, pyspark 4.0 and delta 4.0. */
static bool
brings_module(const char *module, const char *name)
{
	static const char *const names[] = {"copy", "types", "time", "json",
	    "conf", "errors", "join", "sql", "version", "utils", "catalog",
	    "column", "group", "merge", "window", "datetime", "broadcast", "F",
	    "functions", "tables"};

	if (str_eq(module, FUNCTIONS) || !STR_IS_IN(name, names))
		return false;
	/* Classes and functions. */
	return !str_eq(module, name) &&
	    !(str_eq(module, "datetime") && str_eq(name, "time"));
}

static bool
is_capital(const char *text)
{
	return text[0] >= 'A' && text[0] <= 'Z';
}

/* A class of PySpark or Delta whose objects are tables, columns, writers. */
static bool
is_table_class(const struct program *p, const struct py_node *n)
{
	static const char *const plain[] = {
	    "Row", "Window", "WindowSpec", "StorageLevel", "F", "T"};
	const struct py_node *import;
	const char *module = NULL;

	if (n->kind == PY_ATTRIBUTE) {
		module = imported_module(p, n->child[0]);
	} else if (n->kind == PY_NAME) {
		import = meanings_of(p, n).import;
		module = import && import->kind == PY_FROM ? import->module
		                                           : NULL;
		n = import;
	}
	return module && is_capital(n->text) && !STR_IS_IN(n->text, plain) &&
	    !str_ends(n->text, "Exception") && !str_ends(n->text, "Error") &&
	    (str_starts(module, "pyspark") || str_starts(module, "delta")) &&
	    !str_ends(module, ".types") && !str_starts(module, "pyspark.test");
}

/* A hint, isinstance(x, C), Dict[str, C]. */
static bool
is_hint(const struct py_node *n)
{
	static const char *const calls[] = {
	    "isinstance", "issubclass", "TypeVar", "cast"};
	const struct py_node *up = n->parent;

	while (up &&
	    (up->kind == PY_LIST || up->kind == PY_KEYWORD ||
	        (up->kind == PY_SUBSCRIPT && up->child[0] != n) ||
	        pytree_is_other(up, "generic_type") ||
	        pytree_is_other(up, "binary_operator"))) {
		if (up->kind == PY_SUBSCRIPT)
			return true;
		n = up;
		up = up->parent;
	}
	if (!up)
		return false;
	if (up->kind == PY_CALL)
		return up->child[0] != n && STR_IS_IN(pytree_called(up), calls);
	return pytree_is_other(up, "type") ||
	    pytree_is_other(up, "comparison_operator");
}

static void
check_class(struct program *p, const struct py_node *n)
{
	static const char *const its[] = {"forName", "forPath", "isDeltaTable",
	    "create", "createIfNotExists", "createOrReplace", "replace",
	    "builder", "getActiveSession", "active", "__name__"};
	/* reduce(DataFrame.union, tables): no text goes with them. */
	static const char *const folds[] = {"union", "unionAll", "unionByName"};
	const struct py_node *up = n->parent;

	if (up->kind == PY_ATTRIBUTE) {
		if (!STR_IS_IN(up->text, its) &&
		    (!STR_IS_IN(up->text, folds) ||
		        !str_eq(pytree_called(up->parent), "reduce")))
			program_say(p, G_CALL, up,
			    "%s.%s() is called on the class; call it on an "
			    "object.",
			    n->text, up->text);
	} else if (!is_hint(n)) {
		program_say(p, G_CALL, n,
		    "The class %s is handed on, where it cannot be followed.",
		    n->text);
	}
}

/* Modules stand before what they have, and have nothing that is not theirs. */
static void
check_module(struct program *p, const struct py_node *n)
{
	const char *of = n->kind == PY_ATTRIBUTE
	    ? imported_module(p, n->child[0])
	    : NULL;

	if (!imported_module(p, n)) {
		if (of && brings_module(of, n->text))
			program_say(p, G_CALL, n, "%s of %s is not for %s.",
			    n->text, of, program_kind(p));
	} else if (n->parent->kind != PY_ATTRIBUTE) {
		program_say(p, G_NAME, n,
		    "The module %s is handed on, where it cannot be followed.",
		    n->text);
	}
}

/* Which of its meanings a name has may depend on the run. */
static void
check_meanings(struct program *p, const struct py_node *n)
{
	struct meanings m = meanings_of(p, n);
	const struct py_node *up = n->parent;
	bool judged = (up->kind == PY_CALL || up->kind == PY_ATTRIBUTE) &&
	    up->child[0] == n;

	if (m.import && !uses_is_stored(n) && (m.differ || (m.mixed && judged)))
		program_say(p, G_NAME, n,
		    "%s is an import and something else, too; give it a name "
		    "of its own.",
		    n->text);
}

/* What import * brings takes the place of what has its name already. */
static void
check_star(struct program *p, const struct py_node *import)
{
	size_t i;

	for (i = 0; i < p->bindings.n; i++) {
		const struct binding *b = &p->bindings.v[i];

		if ((b->kind == BIND_DEF || b->kind == BIND_CLASS) &&
		    b->node->order < import->order) {
			program_say(p, G_NAME, import,
			    "An import of all stands before functions and "
			    "classes, or it may take the place of %s.",
			    b->name);
			return;
		}
	}
}

/* @wraps(f) before a function; else it fills objects. */
static void
check_wraps(struct program *p, const struct py_node *call)
{
	const struct py_node *up = call->parent;

	if (!str_eq(program_called(p, call), "wraps"))
		return;
	if (up->kind != PY_OTHER || !str_eq(up->text, "decorator") ||
	    call->n != 2 || call->child[1]->kind != PY_NAME ||
	    up->parent->child[up->parent->n - 1]->kind != PY_DEF)
		program_say(p, G_CALL, call,
		    "wraps() stands before a function, with the name of "
		    "another one.");
}

/* type(x).method(y) is called on the class, too. */
static void
check_type(struct program *p, const struct py_node *attribute)
{
	const struct py_node *of = attribute->child[0];

	if (of->kind == PY_CALL && of->child[0]->kind == PY_NAME &&
	    str_eq(of->child[0]->text, "type") &&
	    !str_eq(attribute->text, "__name__"))
		program_say(p, G_CALL, attribute,
		    "What type(…).%s is cannot be told.", attribute->text);
}

/* What a class imports would be its attribute, and that of its objects. */
static void
check_scopes(struct program *p)
{
	size_t i;

	for (i = 0; i < p->bindings.n; i++) {
		const struct binding *b = &p->bindings.v[i];

		if (b->kind == BIND_IMPORT && b->scope->kind == PY_CLASS)
			program_say(p, G_IMPORT, b->node,
			    "%s is imported in a class; import it at the top.",
			    b->name);
	}
}

void
gate_imported(struct program *p)
{
	size_t i;

	check_scopes(p);
	for (i = 0; i < p->all.n; i++) {
		const struct py_node *n = p->all.v[i];

		if (program_is_given(p, n))
			continue;
		if (n->kind == PY_FROM && str_eq(n->text, "*"))
			check_star(p, n);
		if (n->kind == PY_CALL)
			check_wraps(p, n);
		if (n->kind == PY_NAME)
			check_meanings(p, n);
		if (n->kind == PY_ATTRIBUTE)
			check_type(p, n);
		if (n->kind != PY_NAME && n->kind != PY_ATTRIBUTE)
			continue;
		check_module(p, n);
		if (is_table_class(p, n))
			check_class(p, n);
	}
}
