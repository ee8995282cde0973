#include "base/base.h"

#include "gate/calls.h"

#include "gate/allow.h"
#include "gate/flow.h"
#include "gate/imported.h"

#include <string.h>

/* Delta's own classes, where a setting names one. */
static bool
is_delta(struct program *p, const struct py_node *call)
{
	const char *value = flow_constant(p, pytree_argument(call, 1, "value"));

	return value &&
	    (str_eq(value, "io.delta.sql.DeltaSparkSessionExtension") ||
	        str_eq(value,
	            "org.apache.spark.sql.delta.catalog.DeltaCatalog"));
}

/* Columns that differ in case alone are two, which no reader here knows. */
static void
check_case(struct program *p, const struct py_node *call, const char *key)
{
	const char *value = flow_constant(p, pytree_argument(call, 1, "value"));
	const struct py_node *given = pytree_argument(call, 1, "value");

	if (!str_ieq(key, "spark.sql.caseSensitive") || !given ||
	    str_eq(given->text, "false") || (value && str_ieq(value, "false")))
		return;
	program_say(p, G_UNSURE, call,
	    "Columns whose names differ in case alone are told apart.");
}

static void
check_setting(struct program *p, const struct py_node *call, const char *key)
{
	bool known = key &&
	    (allow_setting(key) || (p->testing && allow_test_setting(key)));

	if (known && call->n > 2 &&
	    (str_ieq(key, "spark.sql.extensions") ||
	        str_ieq(key, "spark.sql.catalog.spark_catalog")))
		known = is_delta(p, call);
	if (!known || str_ends(str_lower(p->arena, key), "class"))
		program_say(p, G_SETTING, call, "The setting %s is not for %s.",
		    key ? key : "that is named here", program_kind(p));
	else
		check_case(p, call, key);
}

/* A setting of Hadoop's file systems. */
static bool
reaches_files(const char *key)
{
	return str_starts(key, "fs.") || str_starts(key, "dfs.") ||
	    strstr(key, ".fs.") || str_starts(key, "hadoop.");
}

/* Which class reads, writes or hides what: parquet.crypto.factory.class. */
static bool
names_class(struct program *p, const char *key, const struct py_node *value)
{
	const char *lower = str_lower(p->arena, key);
	const char *text = value ? flow_constant(p, value) : NULL;

	if (str_eq(lower, "compression") || str_eq(lower, "codec"))
		return text && strchr(text, '.');
	return str_ends(lower, "class") || str_ends(lower, "classname");
}

static void
check_option(struct program *p, const struct py_node *call, const char *key,
    const struct py_node *value)
{
	if (!key)
		program_say(p, G_SETTING, call,
		    "The name of the option is not a constant.");
	else if (deny_option(key) || reaches_files(key))
		program_say(p, G_SETTING, call,
		    "The option %s reaches another system.", key);
	else if (names_class(p, key, value))
		program_say(p, G_SETTING, call,
		    "The option %s names a class, which may do anything.", key);
	else if (!allow_option(key))
		program_say(p, G_UNSURE, call,
		    "The option %s is not one that this check knows.", key);
	else if (str_ieq(key, "path") && value)
		call_check_table(p, call, value, !call_reads_files(call));
	else if (str_ieq(key, "replaceWhere") && value)
		call_check_expression(p, value);
}

static void
check_options(struct program *p, const struct py_node *call)
{
	const struct py_node *name = pytree_argument(call, 0, "key");
	size_t i;

	if (str_eq(pytree_called(call), "option")) {
		check_option(p, call, flow_constant(p, name),
		    pytree_argument(call, 1, "value"));
		return;
	}
	for (i = 1; i < call->n; i++) {
		const struct py_node *arg = call->child[i];
		bool named = arg->kind == PY_KEYWORD && arg->n > 0;

		check_option(p, call, named ? arg->text : NULL,
		    named ? arg->child[0] : NULL);
	}
}

static void
check_format(struct program *p, const struct py_node *call,
    const struct py_node *arg)
{
	const char *text = flow_constant(p, arg);

	if (!text || !allow_format(text))
		program_say(p, G_SETTING, call,
		    "The format %s is not for loads.",
		    text ? text : "that is named here");
}

/* load(path, format="…", option="…") and its like. */
static void
check_place_options(struct program *p, const struct py_node *call)
{
	static const char *const own[] = {
	    "name", "schema", "mode", "partitionBy", "tableName"};
	static const char *const methods[] = {"load", "save", "saveAsTable",
	    "csv", "json", "parquet", "orc", "text"};
	const char *method = pytree_called(call);
	size_t place = 0;
	size_t i;
	size_t k;

	for (k = 0; k < COUNT_OF(methods) && !str_eq(methods[k], method); k++)
		continue;
	if (k == COUNT_OF(methods) || call->child[0]->kind != PY_ATTRIBUTE ||
	    call_chain_find(call->child[0], "widgets"))
		return;
	for (i = 1; i < call->n; i++) {
		const struct py_node *arg = call->child[i];
		size_t m = 0;

		if (arg->kind == PY_STAR) {
			check_option(p, call, NULL, NULL);
		} else if (arg->kind != PY_KEYWORD) {
			if (place++ == 1 && k < 3)
				check_format(p, call, arg);
		} else if (str_eq(arg->text, "format") && arg->n > 0) {
			check_format(p, call, arg->child[0]);
		} else if (str_ieq(arg->text, "path") ||
		    str_ieq(arg->text, "paths")) {
			call_check_table(p, call, arg->child[0],
			    !call_reads_files(call));
		} else {
			while (m < COUNT_OF(own) && !str_eq(own[m], arg->text))
				m++;
			if (m == COUNT_OF(own))
				check_option(p, call, arg->text, arg->child[0]);
		}
	}
}

/* Of a table: what Delta reads, but for conditions, which are SQL; and words of
 * people's own, but for those by which Spark says where a table is. */
static void
check_property(struct program *p, const struct py_node *call)
{
	static const char *const places[] = {
	    "location", "path", "provider", "owner", "external"};
	const char *key = flow_constant(p, pytree_argument(call, 0, NULL));
	bool known = key &&
	    (str_starts(key, "delta.") ? !str_starts(key, "delta.constraints")
	                               : !strchr(key, '.'));
	size_t i;

	for (i = 0; known && i < COUNT_OF(places); i++)
		known = !str_ieq(key, places[i]);
	if (!known)
		program_say(p, G_SETTING, call,
		    "The property %s of a table is not for %s.",
		    key ? key : "that is named here", program_kind(p));
}

/* "…".format(x) */
static bool
is_text(struct program *p, const struct py_node *call)
{
	const struct py_node *object = call->child[0]->child[0];
	struct texts texts;

	if (object->kind == PY_STRING || object->kind == PY_FORMAT)
		return true;
	flow_texts(p, object, &texts);
	return texts.n > 0;
}

/* sys.stdout, sys.stderr */
static bool
is_standard(const struct program *p, const struct py_node *n)
{
	const char *module = n->kind == PY_ATTRIBUTE
	    ? imported_module(p, n->child[0])
	    : NULL;

	return module && str_eq(module, "sys") &&
	    (str_eq(n->text, "stdout") || str_eq(n->text, "stderr"));
}

void
gate_settings(struct program *p, const struct py_node *call)
{
	const struct py_node *first = pytree_argument(call, 0, "key");
	const char *method = program_called(p, call);
	const char *text = flow_constant(p, first);

	if (call->child[0]->kind != PY_ATTRIBUTE &&
	    !str_eq(method, "basicConfig"))
		return;
	check_place_options(p, call);
	if (str_eq(method, "tableProperty") || str_eq(method, "property"))
		check_property(p, call);
	if (str_eq(method, "option") || str_eq(method, "options")) {
		check_options(p, call);
	} else if (str_eq(method, "set") || str_eq(method, "config") ||
	    (str_eq(method, "get") &&
	        call_chain_find(call->child[0]->child[0], "conf"))) {
		check_setting(p, call, text);
	} else if ((str_eq(method, "format") && !is_text(p, call)) ||
	    (str_eq(method, "using") && call_chain_find(call, "writeTo"))) {
		check_format(p, call, pytree_argument(call, 0, "source"));
	} else if (str_eq(method, "basicConfig")) {
		size_t i;

		for (i = 1; i < call->n; i++) {
			if (call->child[i]->kind != PY_KEYWORD ||
			    str_eq(call->child[i]->text, "filename") ||
			    (str_eq(call->child[i]->text, "stream") &&
			        !is_standard(p, call->child[i]->child[0])))
				program_say(p, G_CALL, call,
				    "The log of a load is no file.");
		}
	}
}
