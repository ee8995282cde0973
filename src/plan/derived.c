#include "base/base.h"

#include "plan/derived.h"

#include "base/buf.h"
#include "base/yaml.h"
#include "expr/suggest.h"
#include "mapping/name.h"
#include "plan/derived_parts.h"

#include <string.h>

/* The keys of a document. Texts have a place and limits in characters. */
struct text_key {
	const char *name;
	size_t offset; /* of a const char * in struct pattern */
	size_t max;
	bool required;
	bool one_line;
};
#define TEXT_KEY(member, max, required, one_line)                              \
	{                                                                      \
#member, offsetof(struct pattern, member), max, required,      \
		    one_line                                                   \
	}
static const struct text_key text_keys[] = {
    TEXT_KEY(name, 60, true, true),
    TEXT_KEY(title, 60, true, true),
    TEXT_KEY(summary, 200, true, true),
    TEXT_KEY(description, 4000, true, false),
    TEXT_KEY(prompt, 20000, false, false),
};
static const char *const root_keys[] = {"name", "title", "summary",
    "description", "prompt", "extends", "options", "example", "model"};
static const char *const option_keys[] = {
    "name", "default", "access", "title", "description"};

int64_t
derived_line_of(const struct json *v)
{
	return v ? (int64_t)v->line : 0;
}

struct problem *
derived_complain(const struct reading *r, enum err_code code, int64_t line,
    const char *message)
{
	return problem_add(r->problems, r->arena, code, line, -1, "%s",
	    message);
}

static void
unknown_key(const struct reading *r, const struct json *member,
    const char *nearest)
{
	struct problem *p = problem_add(r->problems, r->arena, P_KEY_UNKNOWN,
	    derived_line_of(member), -1, "There is no key %s here.",
	    text_shown(r->arena, slice_of(member->key)));

	if (nearest)
		p->fix = arena_printf(r->arena, "Did you mean %s?", nearest);
}

void
derived_check_known(const struct reading *r, const struct json *object,
    const char *const *keys, size_t n)
{
	const struct json *v;
	size_t i;

	for (v = object->child; v; v = v->next) {
		struct suggestion s;
		bool known = false;

		suggest_init(&s, slice_of(v->key));
		for (i = 0; i < n; i++) {
			known = known || str_eq(v->key, keys[i]);
			suggest_try(&s, keys[i]);
		}
		if (!known)
			unknown_key(r, v, suggest_best(&s));
	}
}

/* A text that people and models can read: no control characters, nothing that
 * reverses its direction. */
static bool
check_text(const struct reading *r, const char *key, const char *text,
    size_t max, bool one_line, int64_t line)
{
	struct slice s = slice_of(text);
	size_t at;
	size_t n;
	uint32_t cp;

	if (utf8_length(s) > max)
		problem_add(r->problems, r->arena, P_KEY_VALUE, line, -1,
		    "%s has %zu characters; it may have %zu.", key,
		    utf8_length(s), max)
		    ->fix = "Shorten it.";
	else if (text_find_invisible(s, VISIBLE_TEXT, &at, &n, &cp))
		problem_add(r->problems, r->arena, P_KEY_VALUE, line, -1,
		    "%s has the invisible character U+%04X.", key, cp)
		    ->fix = "Delete the character, or type the text again.";
	else if (one_line && strpbrk(text, "\n\r\t"))
		problem_add(r->problems, r->arena, P_KEY_VALUE, line, -1,
		    "%s must be one line.", key)
		    ->fix = "Write it into one line, without tabs.";
	else
		return true;
	return false;
}

/* NULL where v is no text to use. */
const char *
derived_take_text(const struct reading *r, const char *key,
    const struct json *v, size_t max, bool one_line)
{
	const char *text = json_string(v, NULL);

	if (!text) {
		problem_add(r->problems, r->arena, P_KEY_VALUE,
		    derived_line_of(v), -1, "%s must be a text.", key)
		    ->fix = arena_printf(r->arena,
		    "Write a text behind %s:, in quotes if it looks like a "
		    "number or a truth value.",
		    key);
		return NULL;
	}
	if (one_line)
		text = str_trim(r->arena, text);
	return check_text(r, key, text, max, one_line, derived_line_of(v))
	    ? text
	    : NULL;
}

static void
read_texts(const struct reading *r, const struct json *root)
{
	size_t i;

	for (i = 0; i < COUNT_OF(text_keys); i++) {
		const struct text_key *k = &text_keys[i];
		const struct json *v = json_get(root, k->name);
		const char **member =
		    (const char **)(void *)((char *)&r->derived->pattern +
		        k->offset);
		const char *text = NULL;

		if (v && v->kind != JSON_NULL)
			text = derived_take_text(r, k->name, v, k->max,
			    k->one_line);
		if (text)
			*member = text;
		if (k->required &&
		    (!v || v->kind == JSON_NULL ||
		        (text && slice_trim(slice_of(text)).n == 0)))
			problem_add(r->problems, r->arena, P_KEY_VALUE,
			    derived_line_of(v), -1, "The pattern has no %s.",
			    k->name)
			    ->fix = arena_printf(r->arena, "Write %s: …",
			    k->name);
	}
}

static void
check_name(const struct reading *r)
{
	const char *name = r->derived->pattern.name;
	size_t i;

	for (i = 0; name[i]; i++) {
		bool letter = name[i] >= 'a' && name[i] <= 'z';

		if (!letter &&
		    (i == 0 || (!chr_is_digit(name[i]) && name[i] != '_')))
			break;
	}
	if (name[i])
		problem_add(r->problems, r->arena, P_KEY_VALUE,
		    r->derived->name_line, -1, "%s cannot be a name.",
		    text_shown(r->arena, slice_of(name)))
		    ->fix = "Use small letters, digits and underscores, a "
		            "letter first.";
}

/* The compiled pattern that is extended; NULL where there is none. */
static const struct pattern *
read_base(const struct reading *r, const struct json *root)
{
	const struct json *v = json_get(root, "extends");
	struct pattern *p = &r->derived->pattern;
	const struct pattern *base;
	struct problem *problem;
	struct buf known;
	size_t i;

	p->extends = "";
	r->derived->extends_line = derived_line_of(v);
	if (!v || v->kind == JSON_NULL) {
		if (p->prompt[0] == '\0')
			derived_complain(r, P_BASE_UNKNOWN, derived_line_of(v),
			    "The pattern extends nothing and has no prompt.");
		return NULL;
	}
	base = pattern_find(r->bases, json_string(v, ""));
	if (base && !base->extends) {
		p->extends = base->name;
		return base;
	}
	buf_init(&known, r->arena, 4096);
	for (i = 0; i < r->bases->n; i++) {
		if (!r->bases->v[i].extends)
			buf_printf(&known, "%s%s", known.n ? ", " : "",
			    r->bases->v[i].name);
	}
	problem = problem_add(r->problems, r->arena, P_BASE_UNKNOWN,
	    derived_line_of(v), -1, "%s is no pattern that the compiler knows.",
	    text_shown(r->arena, slice_of(json_string(v, "This"))));
	problem->fix = arena_printf(r->arena, "Extend one of: %s.",
	    buf_str(&known));
	return NULL;
}

static struct problem *
preset_problem(const struct reading *r, const struct json *v,
    const struct option *o, const char *what)
{
	return problem_add(r->problems, r->arena, P_PRESET_VALUE,
	    derived_line_of(v), -1, "The default of %s must be %s.", o->name,
	    what);
}

/* Column names: a text with commas, or a list of texts. NULL where it is
 * neither. */
static const char *
columns_of(const struct reading *r, const struct json *v)
{
	const struct json *item;
	struct buf b;

	if (v->kind == JSON_STRING || v->kind == JSON_NULL)
		return json_string(v, "");
	if (v->kind != JSON_ARRAY)
		return NULL;
	buf_init(&b, r->arena, DERIVED_MAX_BYTES);
	for (item = v->child; item; item = item->next) {
		const char *name = json_string(item, "");

		if (name[0] == '\0' || strchr(name, ','))
			return NULL;
		if (b.n > 0)
			buf_add_chr(&b, ',');
		buf_add_str(&b, name);
	}
	return buf_str(&b);
}

static void
preset_columns(const struct reading *r, const struct json *v, struct option *o)
{
	const char *value = columns_of(r, v);

	if (!value)
		preset_problem(r, v, o, "column names")->fix =
		    "Write names with commas between, or a list of them.";
	else if (check_text(r, "default", value, 4000, true,
	             derived_line_of(v)))
		o->initial = value;
}

static void
preset_name(const struct reading *r, const struct json *v, struct option *o)
{
	const char *value = v->kind == JSON_NULL ? "" : json_string(v, NULL);

	if (!value)
		preset_problem(r, v, o, "the name of a column");
	else if (value[0] == '\0' && o->initial[0] != '\0')
		preset_problem(r, v, o, "the name of a column")->fix =
		    "Write a name: the pattern needs this column.";
	else if (value[0] != '\0' && !name_is_identifier(slice_of(value)))
		preset_problem(r, v, o, "the name of a column")->fix =
		    "Use letters, digits and underscores.";
	else
		o->initial = value;
}

static void
read_preset(const struct reading *r, const struct json *v, struct option *o)
{
	const char *text;

	o->is_preset = true;
	switch (o->kind) {
	case OPTION_BOOLEAN:
		if (v->kind == JSON_BOOL)
			o->initial = v->boolean ? "true" : "false";
		else
			preset_problem(r, v, o, "true or false")->fix =
			    "Write true or false, without quotes.";
		break;
	case OPTION_CHOICE:
		if (option_has_choice(o, json_string(v, "")))
			o->initial = v->string;
		else
			preset_problem(r, v, o, "one of its choices")->fix =
			    arena_printf(r->arena, "Choose one of: %s.",
			        option_choice_names(r->arena, o));
		break;
	case OPTION_COLUMN:
	case OPTION_COLUMNS:
		preset_columns(r, v, o);
		break;
	case OPTION_NAME:
		preset_name(r, v, o);
		break;
	case OPTION_TEXT:
		text = v->kind == JSON_NULL
		    ? ""
		    : derived_take_text(r, "default", v, 1000, true);
		o->initial = text ? text : o->initial;
		break;
	}
}

static void
read_access(const struct reading *r, const struct json *v, struct option *o)
{
	const char *text = json_string(v, "");
	size_t i;

	for (i = OPTION_OPEN; i <= OPTION_HIDDEN; i++) {
		if (str_eq(option_access_name((enum option_access)i), text)) {
			o->access = (enum option_access)i;
			return;
		}
	}
	derived_complain(r, P_KEY_VALUE, derived_line_of(v),
	    "access must be open, fixed or hidden.")
	    ->fix = "Write one of the three words.";
}

/* The pattern's own option of that name. */
static struct option *
find_option(const struct reading *r, const struct json *entry,
    const struct pattern *base)
{
	struct pattern *p = &r->derived->pattern;
	const struct json *v = json_get(entry, "name");
	const char *name = json_string(v, "");
	struct suggestion s;
	struct problem *problem;
	size_t i;

	suggest_init(&s, slice_of(name));
	for (i = 0; i < p->options.n; i++) {
		if (str_eq(p->options.v[i].name, name))
			return &p->options.v[i];
		suggest_try(&s, p->options.v[i].name);
	}
	problem = problem_add(r->problems, r->arena, P_PRESET_OPTION,
	    v ? derived_line_of(v) : derived_line_of(entry), -1,
	    "%s has no option %s.", base->name,
	    name[0] ? text_shown(r->arena, slice_of(name)) : "without a name");
	problem->fix = arena_printf(r->arena, "%s%s%sIts options are: %s.",
	    suggest_best(&s) ? "Did you mean " : "",
	    suggest_best(&s) ? suggest_best(&s) : "",
	    suggest_best(&s) ? "? " : "", pattern_option_names(r->arena, base));
	return NULL;
}

/* What the base has closed stays as it is; it may be called otherwise. */
static void
check_closed(const struct reading *r, const struct json *entry,
    const struct pattern *base, const char *name)
{
	static const char *const keys[] = {"default", "access"};
	size_t i;

	if (pattern_option(base, name)->access == OPTION_OPEN)
		return;
	for (i = 0; i < COUNT_OF(keys); i++) {
		const struct json *v = json_get(entry, keys[i]);

		if (v)
			problem_add(r->problems, r->arena, P_BASE_CLOSED,
			    derived_line_of(v), -1,
			    "The pattern %s has settled the option %s.",
			    base->name, name);
	}
}

static void
read_option(const struct reading *r, const struct json *entry,
    const struct pattern *base, bool *seen)
{
	struct pattern *p = &r->derived->pattern;
	const struct json *v;
	const char *text;
	struct option *o;

	if (entry->kind != JSON_OBJECT) {
		derived_complain(r, P_KEY_VALUE, derived_line_of(entry),
		    "An option is written - name: …, with its keys below.");
		return;
	}
	o = find_option(r, entry, base);
	if (!o)
		return;
	if (seen[o - p->options.v])
		problem_add(r->problems, r->arena, P_KEY_VALUE,
		    derived_line_of(entry), -1, "The option %s stands twice.",
		    o->name)
		    ->fix = "Remove one of the two.";
	seen[o - p->options.v] = true;
	check_closed(r, entry, base, o->name);
	derived_check_known(r, entry, option_keys, COUNT_OF(option_keys));
	for (v = entry->child; v; v = v->next) {
		if (str_eq(v->key, "default")) {
			read_preset(r, v, o);
		} else if (str_eq(v->key, "access")) {
			read_access(r, v, o);
		} else if (str_eq(v->key, "title")) {
			text = derived_take_text(r, "title", v, 60, true);
			o->title = text ? text : o->title;
		} else if (str_eq(v->key, "description")) {
			text = derived_take_text(r, "description", v, 1000,
			    false);
			o->description = text ? text : o->description;
		}
	}
}

static void
read_options(const struct reading *r, const struct json *root,
    const struct pattern *base)
{
	const struct json *options = json_get(root, "options");
	struct pattern *p = &r->derived->pattern;
	const struct json *v;
	bool *seen;
	size_t i;

	for (i = 0; base && i < base->options.n; i++)
		*LIST_ADD(r->arena, &p->options) = base->options.v[i];
	if (!options || options->kind == JSON_NULL)
		return;
	if (options->kind != JSON_ARRAY) {
		derived_complain(r, P_KEY_VALUE, derived_line_of(options),
		    "options must be a list.")
		    ->fix = "Begin each option with - name: …";
		return;
	}
	if (!base && p->extends[0] == '\0' && !json_get(root, "extends")) {
		derived_complain(r, P_PRESET_OPTION, derived_line_of(options),
		    "A pattern that extends nothing has no options.")
		    ->fix = "Remove the options, or extend a pattern.";
		return;
	}
	seen = arena_array(r->arena, bool, p->options.n + 1);
	for (v = options->child; base && v; v = v->next)
		read_option(r, v, base, seen);
}

static void
read_example(const struct reading *r, const struct json *root)
{
	const struct json *v = json_get(root, "example");
	const char *text = json_string(v, "");

	r->derived->example_line = derived_line_of(v);
	if (v && v->kind != JSON_STRING && v->kind != JSON_NULL)
		derived_complain(r, P_KEY_VALUE, derived_line_of(v),
		    "example must be a text.")
		    ->fix = "Write example: | and the sheet below, indented.";
	r->derived->pattern.example = slice_of(text);
}

/* UTF-8, and small enough to look at. */
static bool
check_bytes(const struct reading *r, struct slice document)
{
	size_t at = 0;
	int64_t line = 1;
	uint32_t cp;

	if (document.n > DERIVED_MAX_BYTES) {
		problem_add(r->problems, r->arena, P_DOCUMENT_LARGE, 0, -1,
		    "The pattern has %zu bytes; it may have %zu.", document.n,
		    DERIVED_MAX_BYTES);
		return false;
	}
	if (utf8_valid(document))
		return true;
	while (at < document.n) {
		size_t n = utf8_next(document.p + at, document.n - at, &cp);

		if (cp == 0xfffd && n == 1)
			break;
		line += document.p[at] == '\n';
		at += n;
	}
	derived_complain(r, P_DOCUMENT, line, "The text is not UTF-8.")->fix =
	    "Save the file as UTF-8.";
	return false;
}

static void
read_document(const struct reading *r, struct slice document)
{
	struct derived *ret = r->derived;
	struct arena *a = r->arena;
	const struct json *root = NULL;
	const struct pattern *base;
	struct yaml_fault fault;

	if (!check_bytes(r, document))
		return;
	if (!yaml_read(a, document, &root, &fault)) {
		problem_add(r->problems, a, P_DOCUMENT, (int64_t)fault.line, -1,
		    "At character %zu of the line: %s.", fault.column,
		    fault.what);
		return;
	}
	if (root->kind != JSON_OBJECT) {
		derived_complain(r, P_DOCUMENT, derived_line_of(root),
		    "The text is no list of keys and values.")
		    ->fix = "Write name: …, title: … and so on, one a line.";
		return;
	}
	ret->name_line = derived_line_of(json_get(root, "name"));
	derived_check_known(r, root, root_keys, COUNT_OF(root_keys));
	read_texts(r, root);
	derived_read_model(r, root);
	check_name(r);
	base = read_base(r, root);
	if (base)
		ret->pattern.strategy = base->strategy;
	read_options(r, root, base);
	read_example(r, root);
}

void
derived_read(struct arena *a, const struct patterns *bases,
    struct slice document, struct derived *ret, struct problems *problems)
{
	const struct reading r = {a, bases, ret, problems};

	*ret = (struct derived){.pattern = {.name = "",
	                            .title = "",
	                            .summary = "",
	                            .description = "",
	                            .prompt = "",
	                            .extends = "",
	                            .strategy = STRATEGY_PROMPT,
	                            .example = slice_of("")}};
	read_document(&r, document);
	problems_sort(problems);
	problems_are_lines(problems, a);
}
