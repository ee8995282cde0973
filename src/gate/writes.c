#include "base/base.h"

#include "gate/calls.h"

#include "gate/flow.h"
#include "gate/order.h"
#include "gate/sql.h"

/* Variables that a writer is kept in, one after the other. */
#define MAX_KEPT 5

/* Whether the plan ever deletes rows, or closes versions. */
static bool
may_delete(const struct plan *plan)
{
	size_t i;

	for (i = 0; i < plan->pipelines.n; i++) {
		const struct plan_pipeline *l = &plan->pipelines.v[i];

		if (plan_flag(l) >= 0 || l->vanished == VANISHED_END)
			return true;
	}
	return plan->pattern->strategy == STRATEGY_SCD2;
}

/* What a prompt wants of rows, only a reader can tell. */
static bool
is_prompt(const struct program *p)
{
	return !pattern_compiles(p->plan->pattern);
}

void
call_say_deletes(struct program *p, const struct py_node *at, const char *what)
{
	if (may_delete(p->plan))
		return;
	program_say(p, is_prompt(p) ? G_DELETES : G_WRITE, at, "%s%s.", what,
	    is_prompt(p) ? "; whether the prompt says so, only a reader can "
	                   "tell"
	                 : ", which this plan never does");
}

/* A merge may be written as what is there and what is new, put together. */
static bool
reads_target(struct program *p)
{
	struct texts texts;
	size_t i;
	size_t k;

	for (i = 0; i < p->calls.n; i++) {
		const struct py_node *call = p->calls.v[i];

		if (call->child[0]->kind != PY_ATTRIBUTE)
			continue;
		if (str_eq(call->child[0]->text, "toDF") && call->n == 1)
			return true;
		if (!str_eq(call->child[0]->text, "table") || call->n < 2)
			continue;
		flow_texts(p, pytree_argument(call, 0, "tableName"), &texts);
		for (k = 0; k < texts.n; k++) {
			if (plan_table_use(p, texts.v[k]) & TABLE_TARGET)
				return true;
		}
	}
	return false;
}

/* replaceWhere, partitionOverwriteMode: who knows which rows these are. */
static bool
is_selective(const struct program *p)
{
	static const char *const keys[] = {"replaceWhere",
	    "partitionOverwriteMode",
	    "spark.sql.sources.partitionOverwriteMode"};
	size_t i;
	size_t k;

	for (k = 0; k < COUNT_OF(keys); k++) {
		if (map_get(&p->texts, slice_of(keys[k]), 0) > 0)
			return true;
	}
	for (i = 0; i < p->all.n; i++) {
		if (p->all.v[i]->kind == PY_KEYWORD &&
		    (str_ieq(p->all.v[i]->text, keys[0]) ||
		        str_ieq(p->all.v[i]->text, keys[1])))
			return true;
	}
	return false;
}

/* The table is a target: any that is written, where broken rows go nowhere. */
static bool
is_target(struct program *p, const char *name)
{
	size_t i;

	if (name)
		return plan_table_use(p, name) & TABLE_TARGET;
	for (i = 0; i < p->plan->pipelines.n; i++) {
		if (p->plan->pipelines.v[i].quarantine.widget)
			return false;
	}
	return true;
}

void
call_say_replaces(struct program *p, const struct py_node *at, const char *name,
    bool whole)
{
	bool refused;

	if (p->plan->pattern->strategy == STRATEGY_FULL_LOAD)
		return;
	if (is_prompt(p)) {
		program_say(p, G_DELETES, at,
		    "The whole table is replaced; whether the prompt says so, "
		    "only a reader can tell.");
		return;
	}
	refused = whole && !may_delete(p->plan) && is_target(p, name) &&
	    !is_selective(p) && order_is_always(p, at) && !reads_target(p);
	program_say(p, refused ? G_WRITE : G_DELETES, at,
	    "%s, which this pattern never does.",
	    whole ? "The whole table is replaced"
	          : "Rows of a table are replaced");
}

/* The node that a chain of calls goes on with, towards its beginning; a writer
 * may be kept in a variable. */
static const struct py_node *
chain_next(const struct program *p, const struct py_node *n, unsigned *kept)
{
	const struct binding *b;

	if (n->kind == PY_NAME) {
		b = *kept < MAX_KEPT ? program_only(p, n) : NULL;
		(*kept)++;
		return b && b->kind == BIND_VALUE ? b->value : NULL;
	}
	return n->kind == PY_ATTRIBUTE || n->kind == PY_CALL ? n->child[0]
	                                                     : NULL;
}

/* The last call of that name in the chain, which ends with a call. */
static const struct py_node *
chain_call(const struct program *p, const struct py_node *n, const char *name)
{
	unsigned kept = 0;

	for (; n; n = chain_next(p, n, &kept)) {
		if (n->kind == PY_CALL && n->child[0]->kind == PY_ATTRIBUTE &&
		    str_eq(n->child[0]->text, name))
			return n;
	}
	return NULL;
}

/* The call that a chain ends with. */
static const struct py_node *
chain_end(const struct py_node *call)
{
	while (call->parent && call->parent->kind == PY_ATTRIBUTE &&
	    call->parent->parent && call->parent->parent->kind == PY_CALL &&
	    call->parent->parent->child[0] == call->parent)
		call = call->parent->parent;
	return call;
}

/* Where that call writes to, by its place or name. */
static const struct py_node *
place_of_write(const struct program *p, const struct py_node *call)
{
	static const struct {
		const char *method;
		const char *name;
	} places[] = {{"saveAsTable", "name"}, {"insertInto", "tableName"},
	    {"save", "path"}, {"parquet", "path"}, {"json", "path"},
	    {"csv", "path"}, {"orc", "path"}, {"text", "path"}};
	const struct py_node *to;
	size_t i;

	for (i = 0; i < COUNT_OF(places); i++) {
		if (str_eq(places[i].method, pytree_called(call)))
			return pytree_argument(call, 0, places[i].name);
	}
	to = chain_call(p, call, "writeTo");
	if (to)
		return pytree_argument(to, 0, "table");
	to = chain_call(p, chain_end(call), "tableName");
	return to ? pytree_argument(to, 0, "identifier") : NULL;
}

static bool
is_saver(const struct py_node *call)
{
	static const char *const savers[] = {"save", "saveAsTable", "parquet",
	    "json", "csv", "orc", "text", "insertInto"};

	return call->child[0]->kind == PY_ATTRIBUTE &&
	    STR_IS_IN(call->child[0]->text, savers) && !call_reads_files(call);
}

/* mode("overwrite"), save(…, mode="overwrite"), insertInto(…, True): what is
 * written last says so. noop has no place. unsure: it may be another mode. */
static bool
saves_over(struct program *p, const struct py_node *call, bool *ret_unsure)
{
	const char *method = pytree_called(call);
	const struct py_node *mode = NULL;
	const struct py_node *format = NULL;
	const struct py_node *set;
	const char *text;
	int place = str_starts(method, "save") ? 2 : 1;

	*ret_unsure = false;
	if (str_eq(method, "insertInto")) {
		mode = pytree_argument(call, 1, "overwrite");
		if (mode && !str_eq(mode->text, "false"))
			return true;
		mode = NULL;
	} else if (!str_eq(method, "text")) {
		mode = pytree_argument(call, place, "mode");
	}
	set = mode ? NULL : chain_call(p, call->child[0], "mode");
	if (set)
		mode = pytree_argument(set, 0, "saveMode");
	text = flow_constant(p, mode);
	*ret_unsure = !text;
	if (!mode || (text && !str_ieq(text, "overwrite")))
		return false;
	if (!str_eq(method, "save"))
		return true;
	format = pytree_argument(call, 1, "format");
	set = format ? NULL : chain_call(p, call->child[0], "format");
	if (set)
		format = pytree_argument(set, 0, "source");
	text = flow_constant(p, format);
	return !text || !str_ieq(text, "noop");
}

/* A mode that is kept with its writer, wherever that goes. */
static bool
keeps_mode(struct program *p, const struct py_node *call)
{
	const char *text = flow_constant(p,
	    pytree_argument(call, 0, "saveMode"));

	return str_eq(pytree_called(call), "mode") &&
	    !is_saver(chain_end(call)) &&
	    (text ? str_ieq(text, "overwrite")
	          : call_chain_find(call->child[0], "write") != NULL);
}

/* replace() of a writer or of DeltaTable; a text, a column, rows and times have
 * one that takes more, or by name, or a dictionary. */
static bool
is_replace(const struct program *p, const struct py_node *call)
{
	const struct py_node *arg = call->n > 1 ? call->child[1] : NULL;
	const struct binding *b = arg ? program_only(p, arg) : NULL;

	if (!str_eq(pytree_called(call), "replace") || call->n > 2)
		return false;
	if (!arg || arg->kind == PY_STAR)
		return true;
	if (arg->kind == PY_KEYWORD)
		return str_eq(arg->text, "sparkSession");
	if (b && b->kind == BIND_VALUE)
		arg = b->value;
	return arg->kind != PY_DICT && arg->kind != PY_EACH;
}

/* F.lit(True), "1 = 1": the condition is that of all rows. */
static bool
is_of_all(struct program *p, const struct py_node *condition)
{
	const struct binding *b = condition ? program_only(p, condition) : NULL;
	const char *text;

	if (b && b->kind == BIND_VALUE)
		condition = b->value;

	if (!condition || pytree_is_other(condition, "true") ||
	    pytree_is_other(condition, "none"))
		return true;
	if (condition->kind == PY_CALL) {
		const char *name = program_called(p, condition);

		if (str_eq(name, "lit"))
			return true;
		if (str_eq(name, "expr"))
			condition = pytree_argument(condition, 0, "str");
	}
	text = flow_constant(p, condition);
	return text && sql_names_nothing(p, text);
}

static void
check_replaces(struct program *p, const struct py_node *call)
{
	const char *method = pytree_called(call);
	const char *name = flow_constant(p, place_of_write(p, call));
	bool unsure;

	if (is_saver(call)) {
		if (saves_over(p, call, &unsure))
			call_say_replaces(p, call, name, !unsure);
	} else if (keeps_mode(p, call)) {
		call_say_replaces(p, call, NULL,
		    flow_constant(p, pytree_argument(call, 0, "saveMode")));
	} else if (str_eq(method, "createOrReplace")) {
		call_say_replaces(p, call, name, true);
	} else if (is_replace(p, call)) {
		call_say_replaces(p, call, name, name || call->n == 1);
	} else if (str_eq(method, "overwrite")) {
		call_say_replaces(p, call, name,
		    is_of_all(p, pytree_argument(call, 0, "condition")));
	} else if (str_eq(method, "overwritePartitions")) {
		call_say_replaces(p, call, name, false);
	}
}

/* delete(…), update(…, {…}) */
static void
check_changes(struct program *p, const struct py_node *call)
{
	const char *method = pytree_called(call);
	const struct py_node *condition = pytree_argument(call, 0, "condition");

	if (str_eq(method, "update") && call->n != 3 &&
	    !pytree_argument(call, -1, "set"))
		return;
	if (str_eq(method, "delete") && is_of_all(p, condition))
		program_say(p, G_WRITE, call,
		    "All rows of a table are deleted.");
	else if (!may_delete(p->plan) && is_of_all(p, condition))
		call_say_deletes(p, call, "All rows of a table are changed");
	else
		program_say(p, G_DELETES, call,
		    "Rows of a table are changed by %s().", method);
}

/* What would write when nothing runs any more. */
static void
check_exit(struct program *p, const struct py_node *call)
{
	static const char *const writers[] = {
	    "execute", "append", "create", "createOrReplace", "sql"};
	size_t i;

	if (program_has(p, call->child[0]))
		return;
	for (i = 0; i < p->calls.n; i++) {
		const struct py_node *c = p->calls.v[i];

		if ((is_saver(c) || STR_IS_IN(pytree_called(c), writers)) &&
		    order_is_before(p, call, c, NULL)) {
			program_say(p, G_UNSURE, call,
			    "The run ends before what is written behind.");
			return;
		}
	}
}

void
gate_writes(struct program *p, const struct py_node *call)
{
	const char *method = pytree_called(call);
	const struct py_node *own = program_callee(p, call);

	if (call->child[0]->kind != PY_ATTRIBUTE ||
	    (own && own->kind == PY_DEF && flow_calls_own(p, call)))
		return;
	if (str_eq(method, "delete") || str_eq(method, "update"))
		check_changes(p, call);
	else if (str_eq(method, "whenMatchedDelete") ||
	    str_eq(method, "whenNotMatchedBySourceDelete"))
		call_say_deletes(p, call, "Rows are deleted");
	else if (str_eq(method, "whenNotMatchedBySourceUpdate"))
		call_say_deletes(p, call,
		    "Rows that no source has are changed");
	else if (str_eq(method, "exit"))
		check_exit(p, call);
	else
		check_replaces(p, call);
}
