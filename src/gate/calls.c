#include "base/base.h"

#include "gate/calls.h"

#include "gate/allow.h"
#include "gate/sql.h"
#include "gate/testing.h"
#include "gate/uses.h"

#include <string.h>

/* The arguments of a call that Spark reads as SQL expressions, or as names of
 * tables. */
struct role {
	const char *method;
	int place; /* -1: all of them */
	const char *name;
};

static const struct role expressions[] = {{"expr", -1, NULL},
    {"selectExpr", -1, NULL}, {"filter", 0, "condition"},
    {"where", 0, "condition"}, {"merge", 1, "condition"},
    {"whenMatchedUpdate", 0, "condition"}, {"whenMatchedUpdate", 1, "set"},
    {"whenMatchedUpdateAll", 0, "condition"},
    {"whenMatchedDelete", 0, "condition"},
    {"whenNotMatchedInsert", 0, "condition"},
    {"whenNotMatchedInsert", 1, "values"},
    {"whenNotMatchedInsertAll", 0, "condition"},
    {"whenNotMatchedBySourceDelete", 0, "condition"},
    {"whenNotMatchedBySourceUpdate", 0, "condition"},
    {"whenNotMatchedBySourceUpdate", 1, "set"}, {"delete", 0, "condition"},
    {"update", 0, "condition"}, {"update", 1, "set"}, {"agg", 0, "exprs"},
    {"addColumn", 3, "generatedAlwaysAs"}};

enum table_role { ROLE_READS, ROLE_WRITES, ROLE_EITHER };

static const struct {
	const char *method;
	int place;
	const char *name;
	enum table_role role;
} tables[] = {{"table", 0, "tableName", ROLE_READS},
    {"load", 0, "path", ROLE_READS},
    {"forName", 1, "tableOrViewName", ROLE_WRITES},
    {"forPath", 1, "path", ROLE_WRITES},
    {"saveAsTable", 0, "name", ROLE_WRITES},
    {"insertInto", 0, "tableName", ROLE_WRITES},
    {"writeTo", 0, "table", ROLE_WRITES}, {"save", 0, "path", ROLE_WRITES},
    {"tableName", 0, "identifier", ROLE_WRITES},
    {"location", 0, "location", ROLE_WRITES},
    {"tableExists", 0, "tableName", ROLE_READS},
    {"refreshTable", 0, "tableName", ROLE_READS},
    {"isDeltaTable", 1, "identifier", ROLE_READS},
    {"parquet", 0, "path", ROLE_EITHER}, {"csv", 0, "path", ROLE_EITHER},
    {"json", 0, "path", ROLE_EITHER}, {"orc", 0, "path", ROLE_EITHER},
    {"avro", 0, "path", ROLE_EITHER}, {"text", 0, "path", ROLE_EITHER}};

const struct py_node *
call_chain_find(const struct py_node *n, const char *name)
{
	while (n && n->n > 0 &&
	    (n->kind == PY_ATTRIBUTE || n->kind == PY_CALL ||
	        n->kind == PY_SUBSCRIPT)) {
		if (n->kind == PY_ATTRIBUTE && str_eq(n->text, name))
			return n;
		n = n->child[0];
	}
	return NULL;
}

bool
call_reads_files(const struct py_node *call)
{
	const struct py_node *n = call->child[0];

	for (; n && n->n > 0; n = n->child[0]) {
		if (n->kind == PY_ATTRIBUTE && str_eq(n->text, "read"))
			return true;
		if ((n->kind == PY_ATTRIBUTE && str_eq(n->text, "write")) ||
		    (n->kind != PY_ATTRIBUTE && n->kind != PY_CALL))
			return false;
	}
	return false;
}

/* Elsewhere, the name of a view is a path. */
static bool
names_view(const struct py_node *call)
{
	static const char *const methods[] = {
	    "table", "tableExists", "refreshTable"};

	return STR_IS_IN(pytree_called(call), methods);
}

void
call_check_table(struct program *p, const struct py_node *call,
    const struct py_node *arg, bool written)
{
	struct texts texts;
	size_t i;

	if (p->testing) {
		testing_check_table(p, call, arg, written);
		return;
	}
	flow_texts(p, arg, &texts);
	if (texts.unknown || texts.n == 0) {
		program_say(p, G_TABLE_UNKNOWN, call,
		    "What table .%s() means cannot be told.",
		    pytree_called(call));
		return;
	}
	for (i = 0; i < texts.n; i++) {
		const char *name = texts.v[i];
		enum table_use use = plan_table_use(p, name);

		if (!written && names_view(call) && view_is_made(p, name, call))
			continue;
		if (use == TABLE_UNKNOWN)
			program_say(p, G_TABLE, call,
			    "%s is no table of the mapping.",
			    name[0] ? utf8_cut(p->arena, name, 200)
			            : "The empty name");
		else if (written && !(use & TABLE_WRITTEN))
			program_say(p, G_WRITE, call,
			    "%s is a source; only targets are opened for "
			    "writing.",
			    name);
	}
}

static void
check_tables(struct program *p, const struct py_node *call)
{
	const char *method = pytree_called(call);
	size_t i;
	size_t k;

	if (call->child[0]->kind != PY_ATTRIBUTE)
		return;
	/* dbutils.widgets.text() */
	if (str_eq(method, "text") &&
	    call_chain_find(call->child[0], "widgets"))
		return;
	for (i = 0; i < COUNT_OF(tables); i++) {
		const struct py_node *arg;
		bool reads = tables[i].role == ROLE_READS;

		if (!str_eq(tables[i].method, method))
			continue;
		arg = pytree_argument(call, tables[i].place, tables[i].name);
		if (tables[i].role == ROLE_EITHER)
			reads = call_reads_files(call);
		/* noop has no place; a path may be an option. */
		if (!arg && call->n == 1 &&
		    (str_eq(method, "save") || str_eq(method, "load")))
			continue;
		if (!arg)
			program_say(p, G_TABLE_UNKNOWN, call,
			    "What table .%s() means cannot be told.", method);
		else
			call_check_table(p, call, arg, !reads);
		/* Its third is for the file system. */
		if (str_eq(method, "forPath") && call->n > 3)
			program_say(p, G_SETTING, call,
			    "Settings of file systems are not for %s.",
			    program_kind(p));
		/* parquet(path, path, …) */
		for (k = 2; reads && str_eq(method, "parquet") && k < call->n;
		     k++) {
			if (call->child[k]->kind != PY_KEYWORD)
				call_check_table(p, call, call->child[k],
				    false);
		}
	}
}

static bool
is_written_out(const struct py_node *n)
{
	return n && (n->kind == PY_LIST || n->kind == PY_DICT);
}

static void
check_added(const struct py_node *at, void *data)
{
	struct program *p = data;
	size_t i;

	if (at->kind == PY_SUBSCRIPT)
		call_check_expression(p, at->parent->child[1]);
	for (i = 1; at->kind == PY_CALL && i < at->n; i++)
		call_check_expression(p, at->child[i]);
}

/* A list or dictionary that grows: each part is an expression of its own. */
static bool
check_grown(struct program *p, const struct py_node *name)
{
	const struct binding *b = program_only(p, name);

	if (!b || b->kind != BIND_VALUE || !is_written_out(b->value))
		return false;
	if (!uses_are_known(p, b, true, uses_nest(p, b->value)))
		program_say(p, G_SQL_BUILT, name,
		    "What %s holds is changed where it cannot be followed.",
		    name->text);
	call_check_expression(p, b->value);
	uses_added(p, name, check_added, p);
	return true;
}

/* Values of a dictionary are SQL, its keys are columns. */
void
call_check_expression(struct program *p, const struct py_node *arg)
{
	const struct py_node *literal = flow_literal(p, arg);
	size_t i;

	if (is_written_out(literal))
		arg = literal;
	else if (check_grown(p, arg))
		return;
	if (arg->kind == PY_LIST || arg->kind == PY_DICT) {
		for (i = 0; i < arg->n; i++)
			call_check_expression(p, arg->child[i]);
	} else if (arg->kind == PY_PAIR && arg->n > 1) {
		call_check_expression(p, arg->child[1]);
	} else if (arg->kind == PY_STAR && arg->n > 0) {
		call_check_expression(p, arg->child[0]);
	} else if (arg->kind == PY_KEYWORD && arg->n > 0) {
		call_check_expression(p, arg->child[0]);
	} else {
		sql_check_texts(p, arg);
	}
}

/* Whether a value may be a text: a Column is no SQL. */
static bool
may_be_text(const struct program *p, const struct py_node *n, unsigned depth)
{
	const struct binding *b;
	size_t i;

	switch ((int)n->kind) {
	case PY_STRING:
	case PY_FORMAT:
	case PY_PLUS:
	case PY_LIST:
	case PY_DICT:
	case PY_EACH:
	case PY_STAR:
		return true;
	case PY_NAME:
		b = program_only(p, n);
		if (b && b->kind == BIND_VALUE && depth < 10)
			return may_be_text(p, b->value, depth + 1);
		return true;
	case PY_CALL:
		return !flow_gives_column(p, n);
	case PY_OTHER:
		if ((str_eq(n->text, "comparison_operator") && p->is_plain) ||
		    str_eq(n->text, "not_operator") ||
		    str_eq(n->text, "true") || str_eq(n->text, "false") ||
		    str_eq(n->text, "none"))
			return false;
		for (i = 0; i < n->n; i++) {
			if (may_be_text(p, n->child[i], depth + 1))
				return true;
		}
		return false;
	default:
		return true;
	}
}

/* It has more arguments than the method takes of an object: it may be called
 * on the class. What stands behind *x has no place either; agg() is given
 * columns so. */
static bool
has_no_places(const struct program *p, const struct py_node *call)
{
	const char *method = program_called(p, call);
	size_t most = 0;
	size_t places = 0;
	size_t i;

	if (str_eq(method, "agg") || flow_gives_column(p, call) ||
	    call->child[0]->kind == PY_NAME)
		return false;
	for (i = 0; i < COUNT_OF(expressions); i++) {
		const struct role *r = &expressions[i];

		if (str_eq(r->method, method) && r->place >= (int)most)
			most = (size_t)r->place + 1;
	}
	for (i = 1; i < call->n; i++)
		places += call->child[i]->kind != PY_KEYWORD;
	return places > most || pytree_has(call, PY_STAR);
}

static void
check_expressions(struct program *p, const struct py_node *call)
{
	const char *method = program_called(p, call);
	size_t i;
	size_t k;

	for (i = 0; i < COUNT_OF(expressions); i++) {
		const struct role *r = &expressions[i];
		const struct py_node *arg;

		if (!str_eq(r->method, method))
			continue;
		if (r->place < 0 || has_no_places(p, call)) {
			for (k = 1; k < call->n; k++)
				call_check_expression(p, call->child[k]);
			continue;
		}
		arg = pytree_argument(call, r->place, r->name);
		if (!arg ||
		    (call->child[0]->kind == PY_NAME &&
		        str_eq(method, "filter")))
			continue;
		if (may_be_text(p, arg, 0))
			call_check_expression(p, arg);
	}
}

/* agg({"column": "max"}) */
static void
check_aggregates(struct program *p, const struct py_node *call)
{
	const struct py_node *dict = call->n > 1 ? call->child[1] : NULL;
	const struct binding *b = dict ? program_only(p, dict) : NULL;
	size_t i;

	if (!str_eq(pytree_called(call), "agg") || !dict)
		return;
	if (b && b->kind == BIND_VALUE && b->value->kind == PY_DICT) {
		dict = flow_literal(p, dict);
		if (!dict)
			program_say(p, G_SQL_BUILT, call,
			    "What %s holds is changed where it cannot be "
			    "followed.",
			    b->name);
	}
	if (!dict || dict->kind != PY_DICT)
		return;
	for (i = 0; i < dict->n; i++) {
		const struct py_node *pair = dict->child[i];
		const char *name = pair->kind == PY_PAIR && pair->n > 1
		    ? flow_constant(p, pair->child[1])
		    : NULL;

		if (!name || !allow_function(str_lower(p->arena, name)))
			program_say(p, G_SQL, pair,
			    "agg() calls %s, which a load has no need of.",
			    name ? name : "what cannot be told");
	}
}

/* Beside the text there are but tables, which stand in it by their names. */
static bool
is_only_text(struct program *p, const struct py_node *call,
    const struct py_node *arg)
{
	const char *text = flow_constant(p, arg);
	size_t i;

	for (i = 2; i < call->n; i++) {
		if (call->child[i]->kind != PY_KEYWORD ||
		    str_eq(call->child[i]->text, "args") || !text ||
		    strpbrk(text, "{}:"))
			return false;
	}
	return call->n > 1;
}

static void
check_statement(struct program *p, const struct py_node *call)
{
	const struct py_node *arg = pytree_argument(call, 0, "sqlQuery");
	struct texts texts;
	size_t i;

	if (!str_eq(pytree_called(call), "sql"))
		return;
	if (!arg || !is_only_text(p, call, arg)) {
		program_say(p, G_SQL_BUILT, call,
		    "spark.sql() takes one constant text here.");
		return;
	}
	flow_texts(p, arg, &texts);
	if (texts.unknown || texts.from_widget || texts.n == 0)
		program_say(p, G_SQL_BUILT, call,
		    "The statement of spark.sql() is not a constant.");
	for (i = 0; i < texts.n; i++)
		sql_check_statement(p, call, texts.v[i]);
}

/* self.load(x), where the class has that method; or A(…).load(x). */
static bool
is_own_method(const struct program *p, const struct py_node *call)
{
	const struct py_node *f = call->child[0];
	const struct py_node *class;
	const struct binding *b;

	if (f->kind != PY_ATTRIBUTE)
		return false;
	b = program_only(p, f->child[0]);
	if (b && b->kind == BIND_VALUE && b->value->kind == PY_CALL)
		class = program_callee(p, b->value);
	else if (b && uses_is_self(p, b))
		class = b->node->parent->parent->parent;
	else
		class = f->child[0]->kind == PY_CALL
		    ? program_callee(p, f->child[0])
		    : NULL;
	return class && uses_has_method(class, f->text) &&
	    !map_get(&p->stored, slice_of(f->text), 0);
}

/* A method that is handed on is called where nobody looks. */
static void
check_handed(struct program *p, const struct py_node *n)
{
	static const char *const others[] = {"sql", "option", "options",
	    "config", "mode", "basicConfig", "table", "format", "set", "using",
	    "get", "property", "tableProperty", "dropdown", "combobox",
	    "multiselect", "addColumn", "createOrReplace", "replace",
	    "overwrite", "overwritePartitions", "whenNotMatchedBySourceUpdate"};
	const char *name = n->text;
	const struct binding *b;
	bool found = false;
	size_t i;

	if (n->kind == PY_NAME) {
		b = program_only(p, n);
		if (b && b->kind == BIND_IMPORT && b->node->kind == PY_FROM)
			name = b->node->text;
		else if (!p->has_star || program_has(p, n))
			return;
	} else if (n->kind != PY_ATTRIBUTE || uses_is_stored(n) ||
	    (program_has(p, n) && uses_is_own_object(p, n->child[0]))) {
		return;
	}
	if (n->parent && n->parent->kind == PY_CALL && n->parent->child[0] == n)
		return;
	/* Its get() and set() are looked at where it stands before them. */
	found = str_eq(name, "conf") && n->parent->kind != PY_ATTRIBUTE;
	for (i = 0; i < COUNT_OF(tables); i++)
		found = found || str_eq(tables[i].method, name);
	for (i = 0; i < COUNT_OF(expressions); i++)
		found = found || str_eq(expressions[i].method, name);
	for (i = 0; i < COUNT_OF(others); i++)
		found = found || str_eq(others[i], name);
	if (found &&
	    !(n->kind == PY_ATTRIBUTE && n->parent &&
	        n->parent->kind == PY_ATTRIBUTE))
		program_say(p, G_CALL, n,
		    "%s is handed on, where it cannot be followed.", name);
}

void
gate_calls(struct program *p)
{
	size_t i;

	gate_views(p);
	for (i = 0; i < p->calls.n; i++) {
		const struct py_node *call = p->calls.v[i];

		if (program_is_given(p, call) ||
		    (p->is_plain && is_own_method(p, call)))
			continue;
		check_tables(p, call);
		check_expressions(p, call);
		check_aggregates(p, call);
		check_statement(p, call);
		gate_settings(p, call);
		/* A table of a test's own may be emptied. */
		if (!p->testing)
			gate_writes(p, call);
	}
	for (i = 0; i < p->all.n; i++) {
		if (!program_is_given(p, p->all.v[i]))
			check_handed(p, p->all.v[i]);
	}
}
