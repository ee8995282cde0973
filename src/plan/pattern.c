#include "base/base.h"

#include "plan/pattern.h"

#include "base/buf.h"
#include "base/yaml.h"

#include <string.h>

static const char *const strategy_names[STRATEGY__COUNT] = {
    [STRATEGY_FULL_LOAD] = "full_load",
    [STRATEGY_INCREMENTAL] = "incremental",
    [STRATEGY_MERGE] = "merge",
    [STRATEGY_SCD2] = "scd2",
    [STRATEGY_PROMPT] = "prompt",
};

static const char *const kinds[] = {
    [OPTION_BOOLEAN] = "boolean",
    [OPTION_CHOICE] = "choice",
    [OPTION_COLUMN] = "column",
    [OPTION_COLUMNS] = "columns",
    [OPTION_NAME] = "name",
    [OPTION_TEXT] = "text",
};

static const struct {
	const char *name;
	enum mapping_role role;
} roles[] = {
    {"key", ROLE_KEY},
    {"watermark", ROLE_WATERMARK},
    {"sequence", ROLE_SEQUENCE},
    {"tracked", ROLE_TRACKED},
    {"untracked", ROLE_UNTRACKED},
};

const char *
strategy_name(enum strategy strategy)
{
	assert(strategy < STRATEGY__COUNT);
	return strategy_names[strategy];
}

static const struct err *
get_text(const struct json *object, const char *key, const char **ret)
{
	const char *text = json_string(json_get(object, key), NULL);

	if (str_empty(text))
		return err_new(P_DEFINITION, "%s must be a text.", key);
	*ret = text;
	return NULL;
}

static const struct err *
parse_kind(const struct json *object, struct option *o)
{
	const struct json *role = json_get(object, "role");
	const char *text;
	const struct err *e;
	size_t i;

	e = get_text(object, "kind", &text);
	if (e)
		return e;
	for (i = 0; i < COUNT_OF(kinds); i++) {
		if (str_eq(kinds[i], text))
			break;
	}
	if (i == COUNT_OF(kinds))
		return err_new(P_DEFINITION, "%s: unknown kind %s.", o->name,
		    text);
	o->kind = (enum option_kind)i;
	if (!role)
		return NULL;
	for (i = 0; i < COUNT_OF(roles); i++) {
		if (str_eq(roles[i].name, json_string(role, "")))
			break;
	}
	if (i == COUNT_OF(roles))
		return err_new(P_DEFINITION, "%s: unknown role.", o->name);
	o->role = roles[i].role;
	return NULL;
}

const char *
option_kind_name(enum option_kind kind)
{
	return kinds[kind];
}

const char *
option_access_name(enum option_access access)
{
	static const char *const names[] = {
	    [OPTION_OPEN] = "open",
	    [OPTION_FIXED] = "fixed",
	    [OPTION_HIDDEN] = "hidden",
	};

	return names[access];
}

const char *
option_role_name(const struct option *option)
{
	size_t i;

	for (i = 0; i < COUNT_OF(roles); i++) {
		if (option->role != ROLE_NONE && roles[i].role == option->role)
			return roles[i].name;
	}
	return "";
}

const char *
option_choice_names(struct arena *a, const struct option *option)
{
	struct buf b;
	size_t i;

	buf_init(&b, a, 4096);
	for (i = 0; i < option->choices.n; i++)
		buf_printf(&b, "%s%s", i ? ", " : "",
		    option->choices.v[i].value);
	return buf_str(&b);
}

bool
option_has_choice(const struct option *option, const char *value)
{
	size_t i;

	for (i = 0; i < option->choices.n; i++) {
		if (str_eq(option->choices.v[i].value, value))
			return true;
	}
	return false;
}

static const struct err *
parse_initial(const struct json *object, struct option *o)
{
	const struct json *v = json_get(object, "default");

	o->initial = "";
	if (v && v->kind == JSON_BOOL)
		o->initial = v->boolean ? "true" : "false";
	else if (v)
		o->initial = json_string(v, "");
	if (o->kind == OPTION_BOOLEAN && (!v || v->kind != JSON_BOOL))
		return err_new(P_DEFINITION,
		    "%s: default must be true or false.", o->name);
	if (o->kind == OPTION_CHOICE && !option_has_choice(o, o->initial))
		return err_new(P_DEFINITION,
		    "%s: default is none of the choices.", o->name);
	return NULL;
}

/* Who chooses, and whether somebody must. */
static const struct err *
parse_access(const struct json *object, struct option *o)
{
	const struct json *required = json_get(object, "required");
	const char *text = json_string(json_get(object, "access"), "open");
	size_t i;

	for (i = OPTION_OPEN; i <= OPTION_HIDDEN; i++) {
		if (str_eq(option_access_name((enum option_access)i), text))
			break;
	}
	if (i > OPTION_HIDDEN)
		return err_new(P_DEFINITION, "%s: unknown access %s.", o->name,
		    text);
	o->access = (enum option_access)i;
	o->is_preset = o->access != OPTION_OPEN;
	o->is_required = required && required->boolean;
	if (o->is_required && o->kind != OPTION_COLUMN)
		return err_new(P_DEFINITION,
		    "%s: only a column can be required.", o->name);
	return NULL;
}

static const struct err *
parse_option(struct arena *a, const struct json *object, struct option *o)
{
	const struct json *choices = json_get(object, "choices");
	const struct json *c;
	const struct err *e;

	e = get_text(object, "name", &o->name);
	if (!e)
		e = get_text(object, "title", &o->title);
	if (!e)
		e = get_text(object, "description", &o->description);
	if (!e)
		e = parse_kind(object, o);
	if (e)
		return e;
	o->is_of_plan = str_eq(json_string(json_get(object, "scope"), ""),
	    "plan");
	for (c = choices ? choices->child : NULL; c; c = c->next) {
		struct option_choice *choice = LIST_ADD(a, &o->choices);

		e = get_text(c, "value", &choice->value);
		if (!e)
			e = get_text(c, "title", &choice->title);
		if (e)
			return e;
	}
	e = parse_initial(object, o);
	return e ? e : parse_access(object, o);
}

static const struct err *
parse_options(struct arena *a, const struct json *root, bool common,
    struct pattern *p)
{
	const struct json *options = json_get(root, "options");
	const struct json *o;

	for (o = options ? options->child : NULL; o; o = o->next) {
		struct option *option = LIST_ADD(a, &p->options);
		const struct err *e = parse_option(a, o, option);

		if (e)
			return e;
		option->is_common = common;
	}
	return NULL;
}

const struct err *
pattern_parse_common(struct arena *a, struct slice text, struct pattern *ret)
{
	const struct json *root = NULL;
	const struct err *e;

	e = yaml_parse(a, text, &root);
	if (e)
		return e;
	return parse_options(a, root, true, ret);
}

static const struct err *
parse_strategy(const struct json *root, enum strategy *ret)
{
	const char *name;
	const struct err *e;
	int i;

	e = get_text(root, "strategy", &name);
	if (e)
		return e;
	for (i = 0; i < STRATEGY__COUNT; i++) {
		if (i != STRATEGY_PROMPT && str_eq(strategy_names[i], name)) {
			*ret = (enum strategy)i;
			return NULL;
		}
	}
	return err_new(P_DEFINITION, "Unknown strategy %s.", name);
}

const struct err *
pattern_parse(struct arena *a, struct slice definition, struct slice example,
    struct slice prompt, struct pattern *ret)
{
	struct pattern p = {.example = example, .prompt = slice_dup(a, prompt)};
	const struct json *root = NULL;
	const struct json *position;
	const struct err *e;

	e = yaml_parse(a, definition, &root);
	if (!e)
		e = get_text(root, "name", &p.name);
	if (!e)
		e = get_text(root, "title", &p.title);
	if (!e)
		e = get_text(root, "summary", &p.summary);
	if (!e)
		e = get_text(root, "description", &p.description);
	if (!e)
		e = parse_strategy(root, &p.strategy);
	if (e)
		return e;
	position = json_get(root, "position");
	if (!json_to_int(position, INT64_MIN, INT64_MAX, &p.position))
		return err_new(P_DEFINITION, "position must be a number.");
	e = parse_options(a, root, false, &p);
	if (e)
		return e;
	*ret = p;
	return NULL;
}

const struct pattern *
pattern_find(const struct patterns *patterns, const char *name)
{
	size_t i;

	for (i = 0; i < patterns->n; i++) {
		if (str_eq(patterns->v[i].name, name))
			return &patterns->v[i];
	}
	return NULL;
}

const struct option *
pattern_option(const struct pattern *pattern, const char *name)
{
	size_t i;

	for (i = 0; i < pattern->options.n; i++) {
		if (str_eq(pattern->options.v[i].name, name))
			return &pattern->options.v[i];
	}
	return NULL;
}

const char *
pattern_option_names(struct arena *a, const struct pattern *pattern)
{
	struct buf b;
	size_t i;

	buf_init(&b, a, 4096);
	for (i = 0; i < pattern->options.n; i++)
		buf_printf(&b, "%s%s", i ? ", " : "",
		    pattern->options.v[i].name);
	return buf_str(&b);
}

bool
pattern_compiles(const struct pattern *pattern)
{
	return pattern->strategy != STRATEGY_PROMPT;
}

bool
option_next_column(const char **rest, struct slice *ret)
{
	while (**rest) {
		size_t n = strcspn(*rest, ",");

		*ret = slice_trim((struct slice){*rest, n});
		*rest += n + ((*rest)[n] == ',');
		if (ret->n > 0)
			return true;
	}
	return false;
}

bool
option_lists(const char *value, const char *name)
{
	struct slice column;

	while (option_next_column(&value, &column)) {
		if (slice_ieq(column, name))
			return true;
	}
	return false;
}

/* Each column of a list is in the other one. */
static bool
is_within(const char *list, const char *other)
{
	struct slice column;

	while (option_next_column(&list, &column)) {
		const char *rest = other;
		struct slice found;

		do {
			if (!option_next_column(&rest, &found))
				return false;
		} while (found.n != column.n ||
		    strncasecmp(found.p, column.p, found.n) != 0);
	}
	return true;
}

bool
option_same_value(const struct option *option, const char *a, const char *b)
{
	if (option->kind == OPTION_COLUMN || option->kind == OPTION_COLUMNS)
		return is_within(a, b) && is_within(b, a);
	return str_eq(a, b);
}
