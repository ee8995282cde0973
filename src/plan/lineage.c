#include "base/base.h"

#include "plan/lineage.h"

#include "base/buf.h"
#include "base/json.h"
#include "base/map.h"
#include "expr/expr.h"

/* One pipeline as it is read. */
struct reading {
	struct arena *arena;
	struct lineage *lineage;
	struct lineage_pipeline *pipeline;
	struct map aliases; /* index of the source */
	struct map *seen;   /* of each source: the columns it has so far */
	struct map columns; /* index of the plan's column, by its name */
	LIST_OF(const struct json *) items;
};

bool
input_is_direct(enum input_kind kind)
{
	return kind == INPUT_IDENTITY || kind == INPUT_TRANSFORMATION ||
	    kind == INPUT_AGGREGATION;
}

static const char *
text_of(const struct json *object, const char *key)
{
	return json_string(json_get(object, key), "");
}

static int64_t
row_of(const struct json *object)
{
	int64_t row = 0;

	return json_to_int(json_get(object, "row"), 1, 999999999, &row) ? row
	                                                                : 0;
}

static const struct json *
first_of(const struct json *object, const char *key)
{
	const struct json *array = json_get(object, key);

	return array && array->kind == JSON_ARRAY ? array->child : NULL;
}

static enum input_kind
kind_of(const struct json *input)
{
	const char *name = text_of(input, "kind");
	int i;

	for (i = 0; i < INPUT__COUNT; i++) {
		if (str_eq(name, input_kind_name((enum input_kind)i)))
			return (enum input_kind)i;
	}
	return INPUT_TRANSFORMATION;
}

/* The table's name, or the path. */
static const char *
place_of(const struct json *object, const char *key, bool *ret_is_path)
{
	const struct json *place = json_get(object, key);
	const char *path = json_string(json_get(place, "path"), NULL);

	*ret_is_path = path != NULL;
	return path ? path : text_of(place, "table");
}

static size_t
column_index(struct reading *r, size_t source, const char *name)
{
	struct lineage_source *s = &r->pipeline->sources.v[source];
	struct slice key = slice_of(name);

	if (map_add(r->arena, &r->seen[source], key, s->columns.n))
		*LIST_ADD(r->arena, &s->columns) = name;
	return map_get(&r->seen[source], key, 0);
}

static void
read_inputs(struct reading *r, const struct json *array,
    struct lineage_inputs *ret)
{
	const struct json *item;

	if (!array || array->kind != JSON_ARRAY) {
		r->lineage->has_inputs = false;
		return;
	}
	for (item = array->child; item; item = item->next) {
		const char *name = json_string(json_get(item, "column"), NULL);
		size_t source = map_get(&r->aliases,
		    slice_of(text_of(item, "source")), SIZE_MAX);

		if (source == SIZE_MAX || !name)
			continue;
		*LIST_ADD(r->arena, ret) = (struct lineage_input){
		    source, column_index(r, source, name), kind_of(item)};
	}
}

static void
read_sources(struct reading *r, const struct json *pipeline)
{
	const struct json *item;
	size_t n = 0;

	for (item = first_of(pipeline, "sources"); item; item = item->next) {
		struct lineage_source *s = LIST_ADD(r->arena,
		    &r->pipeline->sources);

		s->name = place_of(item, "from", &s->is_path);
		s->alias = text_of(item, "alias");
		s->join = text_of(item, "join");
		s->row = row_of(item);
		map_add(r->arena, &r->aliases, slice_of(s->alias), n++);
	}
	r->seen = arena_array(r->arena, struct map, n + 1);
	while (n > 0)
		r->seen[--n].fold = true;
}

/* A deletion flag is no column of the target: it decides about rows. */
static bool
is_written(const struct json *column)
{
	const struct json *v = json_get(column, "written");

	return !v || v->kind != JSON_BOOL || v->boolean;
}

/* How a column enters what is made of another one that it enters. */
static enum input_kind
through(enum input_kind outer, enum input_kind inner)
{
	return outer > inner ? outer : inner;
}

/* What a column of the plan reads, as that enters something made of it. */
static void
add_inputs_of(struct reading *r, const char *name, enum input_kind kind,
    struct lineage_inputs *ret)
{
	size_t index = map_get(&r->columns, slice_of(name), SIZE_MAX);
	struct lineage_inputs found = {0};
	size_t i;
	size_t k;

	if (index == SIZE_MAX)
		return;
	read_inputs(r, json_get(r->items.v[index], "inputs"), &found);
	for (i = 0; i < found.n; i++) {
		struct lineage_input in = found.v[i];

		in.kind = through(kind, in.kind);
		for (k = 0; k < ret->n; k++) {
			if (ret->v[k].source == in.source &&
			    ret->v[k].column == in.column &&
			    ret->v[k].kind == in.kind)
				break;
		}
		if (k == ret->n)
			*LIST_ADD(r->arena, ret) = in;
	}
}

static void
add_inputs_of_all(struct reading *r, const struct json *names,
    enum input_kind kind, struct lineage_inputs *ret)
{
	for (; names; names = names->next)
		add_inputs_of(r, json_string(names, ""), kind, ret);
}

/* "a, `b c`": names as Spark SQL has them. */
static const char *
listed(struct arena *a, const struct json *names)
{
	struct buf b;

	buf_init(&b, a, SHEET_MAX_BYTES);
	for (; names; names = names->next)
		buf_printf(&b, "%s%s", b.n > 0 ? ", " : "",
		    expr_quote_name(a, json_string(names, "")));
	return buf_str(&b);
}

static struct lineage_column *
add_column(struct reading *r, const char *name, const char *text,
    const char *type)
{
	struct lineage_column *c = LIST_ADD(r->arena, &r->pipeline->columns);

	c->name = name;
	c->text = text;
	c->type = type;
	c->fallback = "";
	c->comment = "";
	return c;
}

/* The columns that a history has beside the sheet's. */
static void
read_history(struct reading *r, const struct json *pipeline)
{
	const struct json *options = json_get(pipeline, "options");
	const struct json *keys = first_of(options, "keys");
	const char *from = text_of(options, "valid_from");
	const char *to = text_of(options, "valid_to");
	const char *surrogate = text_of(options, "surrogate_key");
	const char *sequence = text_of(options, "order_by");
	const char *time = expr_quote_name(r->arena, sequence);
	size_t index = map_get(&r->columns, slice_of(sequence), SIZE_MAX);
	struct lineage_column *c;
	const char *type;

	if (from[0] == '\0' || index == SIZE_MAX)
		return;
	type = text_of(r->items.v[index], "type");
	if (surrogate[0] != '\0') {
		c = add_column(r, surrogate,
		    arena_printf(r->arena, "sha2(to_json(struct(%s, %s)), 256)",
		        listed(r->arena, keys), from),
		    "string");
		add_inputs_of_all(r, keys, INPUT_TRANSFORMATION, &c->inputs);
		add_inputs_of(r, sequence, INPUT_TRANSFORMATION, &c->inputs);
	}
	c = add_column(r, from, time, type);
	add_inputs_of(r, sequence, INPUT_IDENTITY, &c->inputs);
	c = add_column(r, to,
	    arena_printf(r->arena,
	        "lead(%s) OVER (PARTITION BY %s ORDER BY %s)", time,
	        listed(r->arena, keys), time),
	    type);
	add_inputs_of(r, sequence, INPUT_TRANSFORMATION, &c->inputs);
	add_inputs_of_all(r, keys, INPUT_WINDOW, &c->inputs);
	c = add_column(r, text_of(options, "is_current"),
	    arena_printf(r->arena, "%s IS NULL", to), "boolean");
	add_inputs_of(r, sequence, INPUT_TRANSFORMATION, &c->inputs);
	add_inputs_of_all(r, keys, INPUT_WINDOW, &c->inputs);
}

static void
read_columns(struct reading *r, const struct json *pipeline)
{
	const struct json *item;

	for (item = first_of(pipeline, "columns"); item; item = item->next) {
		struct lineage_column *c;

		map_add(r->arena, &r->columns, slice_of(text_of(item, "name")),
		    r->items.n);
		*LIST_ADD(r->arena, &r->items) = item;
		if (!is_written(item))
			continue;
		c = LIST_ADD(r->arena, &r->pipeline->columns);
		c->name = text_of(item, "name");
		c->is_copy = json_get(item, "copy") != NULL;
		c->text = text_of(item,
		    c->is_copy                        ? "copy"
		        : json_get(item, "parameter") ? "parameter"
		                                      : "expression");
		c->type = text_of(item, "type");
		c->fallback = text_of(item, "default");
		c->comment = text_of(item, "comment");
		c->row = row_of(item);
		read_inputs(r, json_get(item, "inputs"), &c->inputs);
	}
}

static void
read_flag(struct reading *r, const struct json *column)
{
	struct lineage_condition *c = LIST_ADD(r->arena,
	    &r->pipeline->conditions);
	size_t i;

	c->kind = INPUT_FILTER;
	c->text = text_of(column,
	    json_get(column, "copy") ? "copy" : "expression");
	c->row = row_of(column);
	read_inputs(r, json_get(column, "inputs"), &c->inputs);
	for (i = 0; i < c->inputs.n; i++)
		c->inputs.v[i].kind = INPUT_FILTER;
}

/* Rules that are but reported keep no row out. */
static void
read_rules(struct reading *r, const struct json *pipeline)
{
	const struct json *options = json_get(pipeline, "options");
	const struct json *item;
	struct lineage_condition *c;

	if (str_eq(text_of(options, "broken_rules"), "report"))
		return;
	for (item = first_of(pipeline, "rules"); item; item = item->next) {
		c = LIST_ADD(r->arena, &r->pipeline->conditions);
		c->kind = INPUT_FILTER;
		c->text = text_of(item, "condition");
		c->row = row_of(item);
		add_inputs_of_all(r, first_of(item, "reads"), INPUT_FILTER,
		    &c->inputs);
	}
}

static void
read_conditions(struct reading *r, const struct json *pipeline)
{
	const struct json *item;
	const struct json *inputs = first_of(pipeline, "filter_inputs");
	struct lineage_condition *c;

	for (item = first_of(pipeline, "sources"); item; item = item->next) {
		if (!json_get(item, "on"))
			continue;
		c = LIST_ADD(r->arena, &r->pipeline->conditions);
		c->kind = INPUT_JOIN;
		c->text = text_of(item, "on");
		c->row = row_of(item);
		read_inputs(r, json_get(item, "inputs"), &c->inputs);
	}
	for (item = first_of(pipeline, "filters"); item; item = item->next) {
		c = LIST_ADD(r->arena, &r->pipeline->conditions);
		c->kind = INPUT_FILTER;
		c->text = json_string(item, "");
		read_inputs(r, inputs, &c->inputs);
		inputs = inputs ? inputs->next : NULL;
	}
	for (item = first_of(pipeline, "columns"); item; item = item->next) {
		if (!is_written(item))
			read_flag(r, item);
	}
	read_rules(r, pipeline);
}

const struct err *
lineage_read(struct arena *a, struct slice plan_json, struct lineage *ret)
{
	const struct json *plan;
	const struct json *item;
	const struct json *step;
	const struct err *e;

	e = json_parse_own(a, plan_json, &plan);
	if (e)
		return e;
	*ret = (struct lineage){.has_inputs = true};
	ret->compiler = text_of(plan, "compiler");
	for (item = first_of(plan, "pipelines"); item; item = item->next) {
		struct reading r = {
		    .arena = a, .lineage = ret, .columns.fold = true};

		r.pipeline = LIST_ADD(a, &ret->pipelines);
		r.pipeline->name = place_of(item, "target",
		    &r.pipeline->is_path);
		read_sources(&r, item);
		read_columns(&r, item);
		read_history(&r, item);
		read_conditions(&r, item);
		for (step = first_of(item, "steps"); step; step = step->next)
			*LIST_ADD(a, &ret->steps) = json_string(step, "");
	}
	return NULL;
}
