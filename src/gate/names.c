#include "base/base.h"

#include "gate/program.h"

#include "gate/allow.h"
#include "gate/flow.h"
#include "gate/imported.h"
#include "gate/testing.h"
#include "gate/uses.h"

#include <string.h>

/* Of a token or key: shorter texts are words. */
#define SECRET_LEAST 20

static bool
is_ascii(const char *text)
{
	for (; *text; text++) {
		if (*text & 0x80)
			return false;
	}
	return true;
}

static bool
may_import(const struct program *p, const char *module)
{
	return allow_module(module) ||
	    (p->testing && allow_test_module(module));
}

static bool
may_name(const struct program *p, const char *attribute)
{
	return allow_attribute(attribute) ||
	    (p->testing && allow_test_attribute(attribute));
}

static void
check_import(struct program *p, const struct py_node *n)
{
	static const char *const whole_modules[] = {"pyspark.sql.functions",
	    "pyspark.sql.types", "pyspark.sql.window", "pyspark.sql", "delta",
	    "delta.tables"};
	bool whole = n->kind == PY_IMPORT;
	const char *module = whole ? n->text : n->module;
	const char *both = arena_printf(p->arena, "%s.%s", module, n->text);

	if (!may_import(p, module)) {
		program_say(p, G_IMPORT, n, "The module %s is not for %s.",
		    module[0] ? module : ".", program_kind(p));
	} else if (!whole && str_eq(n->text, "*")) {
		if (!STR_IS_IN(module, whole_modules))
			program_say(p, G_IMPORT, n,
			    "All of %s is imported; name what is needed.",
			    module);
	} else if (!whole && str_eq(module, "pyspark.sql.functions")
	        ? !allow_column_function(n->text)
	        : !whole && !may_import(p, both) && !may_name(p, n->text)) {
		program_say(p, G_IMPORT, n, "%s of %s is not for %s.", n->text,
		    module, program_kind(p));
	}
}

/* import * of functions and types brings names that nobody sees. */
static bool
is_from_star(const struct program *p, const char *name)
{
	return p->has_star && (allow_attribute(name) || allow_function(name));
}

/* dbutils.widgets.get, dbutils.notebook.exit */
static bool
is_dbutils_use(const struct py_node *name)
{
	const struct py_node *part = name->parent;
	const struct py_node *method = part ? part->parent : NULL;

	if (!method || part->kind != PY_ATTRIBUTE ||
	    method->kind != PY_ATTRIBUTE)
		return false;
	if (str_eq(part->text, "widgets"))
		return true;
	return str_eq(part->text, "notebook") && str_eq(method->text, "exit");
}

static void
check_name(struct program *p, const struct py_node *n)
{
	bool bound = program_resolve(p, n, NULL, NULL);

	if (!is_ascii(n->text))
		program_say(p, G_CHARACTER, n,
		    "The name %s is not made of ASCII letters.", n->text);
	else if (deny_name(n->text))
		program_say(p, G_NAME, n, "%s is not for %s.", n->text,
		    program_kind(p));
	else if (str_eq(n->text, "dbutils") && !bound && !is_dbutils_use(n))
		program_say(p, G_CALL, n,
		    "Of dbutils, only the widgets are for loads.");
	else if (!bound && !allow_builtin(n->text) && !is_from_star(p, n->text))
		program_say(p, G_NAME, n, "The name %s is not defined.",
		    n->text);
}

static bool
is_plan_column(const struct plan *plan, const char *name)
{
	size_t i;
	size_t k;
	size_t m;

	for (i = 0; i < plan->pipelines.n; i++) {
		const struct plan_pipeline *l = &plan->pipelines.v[i];

		for (k = 0; k < l->columns.n; k++) {
			if (str_ieq(l->columns.v[k].name, name))
				return true;
		}
		for (k = 0; k < l->sources.n; k++) {
			for (m = 0; m < l->sources.v[k].needs.n; m++) {
				if (str_ieq(l->sources.v[k].needs.v[m], name))
					return true;
			}
		}
	}
	return false;
}

static bool
is_self(const struct program *p, const struct py_node *n)
{
	const struct binding *b = program_only(p, n);

	return b && uses_is_self(p, b);
}

/* A column of a row or a table, or what an own class has. */
static bool
is_own_attribute(struct program *p, const struct py_node *n)
{
	bool called = n->parent && n->parent->kind == PY_CALL &&
	    n->parent->child[0] == n;

	if (imported_root(p, n) ||
	    (n->child[0]->kind == PY_NAME &&
	        str_eq(n->child[0]->text, "spark")))
		return false;
	if (map_get(&p->members, slice_of(n->text), 0) &&
	    uses_is_own_object(p, n->child[0]))
		return true;
	/* A field of a row that the program makes. */
	if (!called && map_get(&p->rows, slice_of(n->text), 0))
		return true;
	/* Python, pytest or Spark may have it, and who knows what it is. */
	if (called || deny_unlisted(n->text))
		return false;
	if (map_get(&p->members, slice_of(n->text), 0))
		return true;
	return map_get(&p->texts, slice_of(n->text), 0) > 0 ||
	    is_plan_column(p->plan, n->text);
}

/* A method fills its own object; whose else an attribute is set of, is none
 * of a load's business, but for what a logger hands on. */
static bool
may_store(struct program *p, const struct py_node *n)
{
	const struct binding *b = program_only(p, n->child[0]);
	const struct py_node *list = b && b->kind == BIND_PARAM
	    ? b->node->parent
	    : NULL;

	return str_eq(n->text, "propagate") ||
	    uses_is_own_object(p, n->child[0]) ||
	    (list && list->child[0] == b->node && uses_is_method(list->parent));
}

/* A method of the program's own, which is looked at where it is defined. */
static bool
calls_own(struct program *p, const struct py_node *n)
{
	const struct py_node *call = n->parent;
	const struct py_node *callee = call && call->kind == PY_CALL &&
	        call->child[0] == n
	    ? program_callee(p, call)
	    : NULL;

	return callee && callee->kind == PY_DEF && flow_calls_own(p, call) &&
	    p->is_plain;
}

static void
check_attribute(struct program *p, const struct py_node *n)
{
	if (!is_ascii(n->text))
		program_say(p, G_CHARACTER, n,
		    "The name %s is not made of ASCII letters.", n->text);
	else if (n->text[0] == '_' && !str_starts(n->text, "__") &&
	    map_get(&p->members, slice_of(n->text), 0) &&
	    is_self(p, n->child[0]))
		return;
	else if (p->testing &&
	    (allow_test_attribute(n->text) ||
	        (testing_has(p, n->text) &&
	            fixture_is_given(p, n->child[0], "code"))))
		return;
	else if (uses_is_stored(n) && !may_store(p, n))
		program_say(p, G_CALL, n,
		    ".%s is set of what is no object of the code's own.",
		    n->text);
	else if (imported_functions(p, n->child[0]) &&
	    !allow_column_function(n->text))
		program_say(p, G_CALL, n,
		    "%s is no function of columns that a load needs.", n->text);
	else if (deny_attribute(n->text) && !calls_own(p, n))
		program_say(p, G_CALL, n, ".%s is not for %s.", n->text,
		    program_kind(p));
	else if (!allow_attribute(n->text) && !is_own_attribute(p, n) &&
	    !imported_functions(p, n->child[0]))
		program_say(p, G_CALL, n,
		    ".%s is not one of the calls that are known to be "
		    "harmless.",
		    n->text);
}

/* Prefixes of tokens that are handed out, with the letters that follow. */
static bool
is_token(const char *text)
{
	static const struct {
		const char *prefix;
		size_t least;
	} kinds[] = {{"dapi", 32}, {"dkea", 32}, {"dose", 32}, {"AKIA", 16},
	    {"ASIA", 16}, {"ghp_", 30}, {"github_pat_", 30}, {"glpat-", 20},
	    {"xoxb-", 20}, {"sk-", 30}, {"eyJ", 40}, {"AIza", 30}};
	size_t i;

	for (i = 0; i < COUNT_OF(kinds); i++) {
		const char *at = strstr(text, kinds[i].prefix);
		size_t n = 0;

		if (!at)
			continue;
		at += strlen(kinds[i].prefix);
		while (chr_is_alnum(at[n]) || at[n] == '_' || at[n] == '-' ||
		    at[n] == '.')
			n++;
		if (n >= kinds[i].least)
			return true;
	}
	return strstr(text, "-----BEGIN ") != NULL;
}

/* user:password@ in an address, password= in a connection string. */
static bool
holds_password(struct program *p, const char *text)
{
	static const char *const words[] = {"password=", "pwd=", "accountkey=",
	    "sharedaccesssignature=", "secretkey=", "client_secret="};
	const char *lower = str_lower(p->arena, text);
	const char *colon = strstr(lower, "://");
	size_t i;

	for (i = 0; i < COUNT_OF(words); i++) {
		const char *at = strstr(lower, words[i]);

		if (at && at[strlen(words[i])] && at[strlen(words[i])] != '{')
			return true;
	}
	if (!colon)
		return str_starts(lower, "jdbc:");
	colon += 3;
	i = strcspn(colon, ":/@ ");
	return colon[i] == ':' && colon[i + strcspn(colon + i, "/@ ")] == '@';
}

/* Long, without blanks, and of letters and digits mixed. */
static bool
looks_random(const char *text)
{
	size_t digits = 0;
	size_t i;

	for (i = 0; text[i]; i++) {
		if (chr_is_space(text[i]))
			return false;
		digits += chr_is_digit(text[i]);
	}
	return i >= SECRET_LEAST && digits * 10 >= i;
}

/* What a value is called: x = "…", f(x="…"), {"x": "…"}. */
static const char *
title_of(const struct py_node *n)
{
	const struct py_node *up = n->parent;

	if (!up)
		return "";
	if (up->kind == PY_KEYWORD)
		return up->text;
	if (up->kind == PY_ASSIGN || up->kind == PY_PAIR)
		return up->child[0]->text;
	return "";
}

/* "{0.x}" and "{x[y]}": format() follows them. */
static bool
reaches_inside(const char *text)
{
	for (; *text; text++) {
		size_t n = 1;

		if (*text != '{')
			continue;
		while (chr_is_alnum(text[n]) || text[n] == '_')
			n++;
		if (text[n] == '.' || text[n] == '[')
			return true;
	}
	return false;
}

static void
check_fields(struct program *p, const struct py_node *at, const char *text)
{
	if (reaches_inside(text))
		program_say(p, G_NAME, at,
		    "The text has a replacement field with an attribute or "
		    "index: %s.",
		    utf8_cut(p->arena, text, 40));
}

/* "…".format(x): the text as it is put together; that of a writer takes
 * constants. */
static void
check_format(struct program *p, const struct py_node *call)
{
	const struct py_node *f = call->child[0];
	struct texts texts;
	bool plain = true;
	size_t i;

	if (f->kind != PY_ATTRIBUTE || !str_eq(f->text, "format"))
		return;
	for (i = 1; i < call->n; i++)
		plain = plain && flow_constant(p, call->child[i]);
	if (plain)
		return;
	flow_texts(p, f->child[0], &texts);
	for (i = 0; i < texts.n; i++)
		check_fields(p, f, texts.v[i]);
	if (texts.unknown || texts.from_widget)
		program_say(p, G_NAME, f,
		    "What text format() fills cannot be told.");
}

static void
check_string(struct program *p, const struct py_node *n)
{
	static const char *const words[] = {"token", "password", "passwd",
	    "secret", "pwd", "api_key", "apikey", "access_key", "account_key"};
	const char *title = str_lower(p->arena, title_of(n));
	const char *from = strstr(n->text, "__");
	bool found = is_token(n->text) || holds_password(p, n->text);
	size_t i;

	for (i = 0; i < COUNT_OF(words); i++)
		found = found ||
		    (strstr(title, words[i]) && looks_random(n->text));
	if (found)
		program_say(p, G_SECRET, n,
		    "The text looks like a credential.");
	check_fields(p, n, n->text);
	if (n->is_odd)
		program_say(p, G_CHARACTER, n,
		    "The text has a character by its name (\\N{…}).");
	if (from && strstr(from + 2, "__") && !str_eq(n->text, "__main__"))
		program_say(p, G_NAME, n,
		    "The text holds a name of Python's inside: %s.",
		    utf8_cut(p->arena, n->text, 40));
}

/* What the grammar takes and Python 3 does not, or what no load has. */
static void
check_other(struct program *p, const struct py_node *n)
{
	static const char *const old[] = {
	    "print_statement", "exec_statement", "chevron"};
	static const char *const unread[] = {
	    "match_statement", "type_parameters", "type_alias_statement"};
	size_t i;

	for (i = 0; i < COUNT_OF(old); i++) {
		if (str_eq(n->text, old[i]))
			program_say(p, G_SYNTAX, n,
			    "This is a statement of Python 2.");
	}
	if (str_eq(n->text, "await"))
		program_say(p, G_CALL, n, "A load does not wait for others.");
	/* What they bind is not followed. */
	for (i = 0; i < COUNT_OF(unread); i++) {
		if (str_eq(n->text, unread[i]))
			program_say(p, G_CALL, n,
			    "No %s is needed in %s: what its names mean cannot "
			    "be followed.",
			    unread[i], program_kind(p));
	}
}

/* Classes are written out with their methods, or nobody can tell those. */
static void
check_making(struct program *p, const struct py_node *call)
{
	static const char *const makers[] = {
	    "namedtuple", "NamedTuple", "TypedDict", "Enum", "StrEnum"};
	const char *name = program_called(p, call);

	if (STR_IS_IN(name, makers) || (str_eq(name, "type") && call->n > 2))
		program_say(p, G_CALL, call,
		    "%s() makes a class; write it out with its fields.", name);
}

/* What Python calls by itself, but for what fills or prints an object. */
static bool
is_magic(const struct binding *b)
{
	static const char *const known[] = {"__init__", "__post_init__",
	    "__repr__", "__str__", "__enter__", "__exit__"};

	return str_starts(b->name, "__") && b->scope->kind == PY_CLASS &&
	    (b->kind != BIND_DEF || !STR_IS_IN(b->name, known));
}

static void
check_magic(struct program *p)
{
	size_t i;

	for (i = 0; i < p->bindings.n; i++) {
		const struct binding *b = &p->bindings.v[i];

		if (is_magic(b) && !program_is_given(p, b->node))
			program_say(p, G_NAME, b->node,
			    "%s is called by Python itself, where nobody "
			    "sees it.",
			    b->name);
	}
}

/* What decorates is told by its name. */
static void
check_decorators(struct program *p)
{
	static const char *const names[] = {
	    "staticmethod", "classmethod", "property"};
	size_t i;

	for (i = 0; i < COUNT_OF(names); i++) {
		size_t at = map_get(&p->first, slice_of(names[i]), SIZE_MAX);

		if (at != SIZE_MAX)
			program_say(p, G_NAME, p->bindings.v[at].node,
			    "%s is Python's own; give another name to this.",
			    names[i]);
	}
}

void
gate_names(struct program *p)
{
	size_t i;

	check_decorators(p);
	check_magic(p);
	gate_imported(p);
	for (i = 0; i < p->all.n; i++) {
		const struct py_node *n = p->all.v[i];

		if (program_is_given(p, n))
			continue;
		switch ((int)n->kind) {
		case PY_IMPORT:
		case PY_FROM:
			check_import(p, n);
			break;
		case PY_NAME:
			check_name(p, n);
			break;
		case PY_ATTRIBUTE:
			check_attribute(p, n);
			break;
		case PY_STRING:
			check_string(p, n);
			break;
		case PY_OTHER:
			check_other(p, n);
			break;
		case PY_CALL:
			check_making(p, n);
			break;
		case PY_PARAM:
		case PY_DEF:
		case PY_CLASS:
			if (!is_ascii(n->text) || deny_name(n->text))
				program_say(p, G_NAME, n,
				    "%s is no name for this.", n->text);
			break;
		default:
			break;
		}
	}
}

void
gate_formats(struct program *p)
{
	size_t i;

	for (i = 0; i < p->calls.n; i++) {
		if (!program_is_given(p, p->calls.v[i]))
			check_format(p, p->calls.v[i]);
	}
}
