#include "base/base.h"

#include "plan/plan.h"

#include "plan/fanout.h"
#include "plan/options.h"
#include "plan/output.h"
#include "plan/place.h"

#include "base/buf.h"
#include "base/map.h"

#include <string.h>

/* One target on its way to a pipeline. */
struct build {
	struct arena *arena;
	struct plan *plan;
	const struct mapping_target *target;
	struct plan_pipeline *pipeline;
	struct problems *problems;
	const char *const *ids; /* of all pipelines */
	size_t n_ids;
	struct map *needed; /* of each source: the columns in needs */
};

/* What expr_rewrite() needs to qualify the columns of one expression. */
struct qualify {
	const struct build *build;
	size_t own; /* source of the row */
};

static const char *
quote_parts(struct arena *a, const char *const *part, size_t n)
{
	struct buf b;
	size_t i;

	buf_init(&b, a, SHEET_MAX_CELL * 2);
	for (i = 0; i < n; i++) {
		if (i > 0)
			buf_add_chr(&b, '.');
		buf_add_str(&b, expr_quote_name(a, part[i]));
	}
	return buf_str(&b);
}

static void
need_column(const struct build *b, size_t source, const char *name)
{
	struct plan_source *s = &b->pipeline->sources.v[source];

	/* Spark adds this one to file sources without listing it. */
	if (str_ieq(name, "_metadata"))
		return;
	if (map_add(b->arena, &b->needed[source], slice_of(name), 0))
		*LIST_ADD(b->arena, &s->needs) = name;
}

/* Names stay as the sheet has them where that is unambiguous: one source and
 * no qualifier, or the alias itself. */
static const char *
qualify_column(const struct expr_column *column, void *data)
{
	const struct qualify *q = data;
	const struct build *b = q->build;
	struct column_ref ref = mapping_resolve(b->target, q->own, column);
	struct plan_source *s = &b->pipeline->sources.v[ref.source];

	need_column(b, ref.source, ref.part[0]);
	if (!ref.qualified && b->target->sources.n < 2)
		return NULL;
	s->alias_used = true;
	if (ref.qualified && column->n_parts == ref.n_parts + 1 &&
	    str_eq(column->part[0], s->alias))
		return NULL;
	return arena_printf(b->arena, "%s.%s",
	    expr_quote_name(b->arena, s->alias),
	    quote_parts(b->arena, ref.part, ref.n_parts));
}

static const char *
rewrite(const struct build *b, size_t own, const struct expr_parsed *parsed)
{
	struct qualify q = {b, own};

	return expr_rewrite(b->arena, parsed, qualify_column, &q);
}

static const char *
last_part(struct arena *a, const struct table_ref *t)
{
	struct slice path;
	size_t i;

	if (t->kind == TABLE_NAME)
		return t->part[t->n_parts - 1];
	path = slice_of(t->name);
	while (path.n > 1 && path.p[path.n - 1] == '/')
		path.n--;
	for (i = path.n; i > 0 && path.p[i - 1] != '/'; i--)
		;
	path.p += i;
	path.n -= i;
	for (i = 1; i < path.n; i++) {
		if (path.p[i] == '.') {
			path.n = i;
			break;
		}
	}
	return slice_dup(a, path);
}

/* base, or base_2, base_3 … where that name is in the map already; the map
 * takes it in. */
static const char *
unique_name(struct arena *a, struct map *names, const char *base)
{
	const char *name = base;
	/* How far the numbers of this base have gone. */
	size_t number = map_get(names, slice_of(base), 1);

	while (!map_add(a, names, slice_of(name), 1))
		name = arena_printf(a, "%s_%zu", base, ++number);
	map_set(a, names, slice_of(base), number);
	return name;
}

const char *const *
plan_pipeline_ids(struct arena *a, const struct mapping *mapping)
{
	size_t n = mapping->targets.n;
	const char **ids = arena_array(a, const char *, n + 1);
	struct map names = {0};
	size_t i;

	for (i = 0; i < n; i++)
		ids[i] = unique_name(a, &names,
		    plan_identifier(a,
		        last_part(a, &mapping->targets.v[i].table)));
	return ids;
}

/* The parameter for a table. A table that one pipeline writes and another
 * reads is one parameter: whoever redirects it redirects both. */
static const char *
parameter_for(struct arena *a, struct plan *plan, struct map *tables,
    struct map *names, const char *kind, const char *id,
    const struct table_ref *table)
{
	/* Names of tables fold case, paths do not. */
	struct slice key = slice_of(table->kind == TABLE_PATH
	        ? table->name
	        : str_lower(a, table->name));
	size_t known = map_get(tables, key, SIZE_MAX);
	struct plan_parameter *p;

	if (known != SIZE_MAX)
		return plan->parameters.v[known].name;
	map_add(a, tables, key, plan->parameters.n);
	p = LIST_ADD(a, &plan->parameters);
	p->name = unique_name(a, names, arena_printf(a, "%s_%s", kind, id));
	p->initial = table->name;
	p->label = arena_printf(a, "%s %s: %s",
	    str_eq(kind, "target")       ? "Target"
	        : str_eq(kind, "source") ? "Source"
	                                 : "Quarantine",
	    table->kind == TABLE_PATH ? "path" : "table", id);
	p->table = table;
	return p->name;
}

/* Has the code a function of that name for one of the pipelines? Those of
 * columns have a number behind the pipeline's id. */
static bool
is_function(const struct build *b, const char *name)
{
	static const char *const prefixes[] = {"check_", "columns_", "latest_",
	    "load_", "new_", "quarantine_", "release_", "transform_", "write_"};
	size_t i;
	size_t j;

	for (i = 0; i < COUNT_OF(prefixes); i++) {
		const char *id = name + strlen(prefixes[i]);

		if (!str_starts(name, prefixes[i]))
			continue;
		for (j = 0; j < b->n_ids; j++) {
			if (str_eq(id, b->ids[j]) ||
			    (str_eq(prefixes[i], "columns_") &&
			        str_starts(id, b->ids[j])))
				return true;
		}
	}
	return false;
}

/* The variable for a source. */
static const char *
source_id(const struct build *b, struct map *names,
    const struct table_ref *table)
{
	const char *id = plan_identifier(b->arena, last_part(b->arena, table));

	if (is_function(b, id))
		id = arena_printf(b->arena, "%s_data", id);
	return unique_name(b->arena, names, id);
}

static void
add_sources(struct build *b)
{
	const struct mapping_target *t = b->target;
	struct map names = {0};
	size_t i;

	b->needed = arena_array(b->arena, struct map, t->sources.n);
	for (i = 0; i < t->sources.n; i++) {
		const struct mapping_source *from = &t->sources.v[i];
		struct plan_source *s = LIST_ADD(b->arena,
		    &b->pipeline->sources);

		b->needed[i].fold = true;
		s->table = &from->table;
		s->alias = from->alias;
		s->id = source_id(b, &names, &from->table);
		s->join = from->join;
		s->row = from->row;
		if (from->table.kind == TABLE_PATH && !from->table.format)
			place_problem(b->arena, b->plan, b->problems,
			    P_SOURCE_FORMAT, from->row, FIELD_SOURCE_TABLE,
			    "%s is of no known file format.", from->table.name);
	}
	/* Joins may name every source, so they come when all are there. */
	for (i = 0; i < t->sources.n; i++) {
		const struct expr_parsed *on = t->sources.v[i].on;
		struct plan_source *s = &b->pipeline->sources.v[i];

		if (!on)
			continue;
		s->on = rewrite(b, i, on);
		fanout_match(b->arena, t, i, s);
		complexity_add(&b->pipeline->complexity, on);
		plan_inputs(b->arena, t, i, on, INPUT_JOIN, &s->on_inputs);
	}
}

static const char *
copy_of(const struct build *b, const struct mapping_row *row)
{
	const char *column = expr_quote_name(b->arena, row->source_column);
	struct plan_source *s = &b->pipeline->sources.v[row->source];

	need_column(b, row->source, row->source_column);
	if (b->target->sources.n < 2)
		return column;
	s->alias_used = true;
	return arena_printf(b->arena, "%s.%s",
	    expr_quote_name(b->arena, s->alias), column);
}

/* What the value is made of. A default is a literal and reads nothing. */
static void
add_inputs(const struct build *b, const struct mapping_row *row,
    struct plan_inputs *ret)
{
	enum input_kind kind = row->type || row->fallback ? INPUT_TRANSFORMATION
	                                                  : INPUT_IDENTITY;

	if (row->transformation)
		plan_inputs(b->arena, b->target, row->source,
		    row->transformation, kind, ret);
	else
		*LIST_ADD(b->arena, ret) = (struct plan_input){
		    row->source, row->source_column, kind};
}

static void
add_columns(const struct build *b)
{
	const struct mapping_target *t = b->target;
	size_t i;

	for (i = 0; i < t->rows.n; i++) {
		const struct mapping_row *row = &t->rows.v[i];
		struct plan_column *c = LIST_ADD(b->arena,
		    &b->pipeline->columns);

		c->name = row->target_column;
		c->source = t->sources.v[row->source].alias;
		if (row->transformation) {
			c->expression = rewrite(b, row->source,
			    row->transformation);
			c->is_volatile = row->transformation->is_volatile;
			c->is_window = row->transformation->is_window;
			b->pipeline->complexity.computed_columns++;
			complexity_add(&b->pipeline->complexity,
			    row->transformation);
		} else {
			c->copy = copy_of(b, row);
		}
		add_inputs(b, row, &c->inputs);
		c->type = row->type ? row->type->text : NULL;
		c->fallback = row->fallback
		    ? rewrite(b, row->source, row->fallback)
		    : NULL;
		c->comment = row->comment;
		c->row = row->row;
		c->role = row->role;
	}
}

/* The columns and joins have counted themselves. */
static void
add_complexity(const struct build *b)
{
	const struct mapping_target *t = b->target;
	struct complexity *c = &b->pipeline->complexity;
	size_t i;

	c->joins = (int64_t)t->sources.n - (t->sources.n > 0);
	c->filters = (int64_t)t->filters.n;
	for (i = 0; i < t->filters.n; i++)
		complexity_add(c, t->filters.v[i]);
}

static void
add_pipeline(struct build *b)
{
	const struct mapping_target *t = b->target;
	size_t i;

	b->pipeline->target = &t->table;
	b->pipeline->row = t->row;
	b->pipeline->watermark = -1;
	b->pipeline->order_by = -1;
	b->pipeline->deleted = -1;
	b->pipeline->marked = -1;
	b->pipeline->comment = "";
	add_sources(b);
	for (i = 0; i < t->filters.n; i++) {
		*LIST_ADD(b->arena, &b->pipeline->filters) = rewrite(b, 0,
		    t->filters.v[i]);
		plan_inputs(b->arena, t, 0, t->filters.v[i], INPUT_FILTER,
		    LIST_ADD(b->arena, &b->pipeline->filter_inputs));
	}
	add_columns(b);
	add_complexity(b);
	if (t->table.kind == TABLE_PATH && !str_eq(t->table.format, "delta"))
		place_problem(b->arena, b->plan, b->problems, P_TARGET_FORMAT,
		    t->row, FIELD_TARGET_TABLE, "%s is not a Delta folder.",
		    t->table.name);
}

/* The table beside the target that takes what breaks a rule. */
static void
name_quarantine(struct arena *a, struct plan_pipeline *p)
{
	const char *suffix = "_quarantine";
	struct table_ref *t = &p->quarantine.table;
	size_t n;

	*t = *p->target;
	if (t->kind == TABLE_PATH) {
		n = strlen(t->name);
		while (n > 1 && t->name[n - 1] == '/')
			n--;
		t->name = arena_printf(a, "%.*s%s", (int)n, t->name, suffix);
		return;
	}
	n = t->n_parts - 1;
	t->part[n] = arena_printf(a, "%s%s", t->part[n], suffix);
	t->name = quote_parts(a, t->part, t->n_parts);
}

/* In the order of use: the sources of a pipeline, then its target. */
static void
add_parameters(struct arena *a, struct plan *plan)
{
	struct map tables = {0};
	struct map names = {0};
	size_t i;
	size_t j;

	for (i = 0; i < plan->pipelines.n; i++) {
		struct plan_pipeline *p = &plan->pipelines.v[i];

		for (j = 0; j < p->sources.n; j++) {
			struct plan_source *s = &p->sources.v[j];

			s->widget = parameter_for(a, plan, &tables, &names,
			    "source", s->id, s->table);
		}
		p->widget = parameter_for(a, plan, &tables, &names, "target",
		    p->id, p->target);
		if (p->rules.n == 0 || p->broken_rules != RULES_QUARANTINE)
			continue;
		name_quarantine(a, p);
		p->quarantine.widget = parameter_for(a, plan, &tables, &names,
		    "quarantine", p->id, &p->quarantine.table);
	}
}

static bool
has_parameter_column(const struct plan_pipeline *p)
{
	size_t i;

	for (i = 0; i < p->columns.n; i++) {
		if (p->columns.v[i].parameter)
			return true;
	}
	return false;
}

/* What the notebook is told of one run. */
static void
add_run_parameters(struct arena *a, struct plan *plan)
{
	bool snapshot = false;
	bool batch = false;
	size_t i;

	for (i = 0; i < plan->pipelines.n; i++) {
		const struct plan_pipeline *p = &plan->pipelines.v[i];

		snapshot = snapshot ||
		    (plan->pattern->strategy == STRATEGY_SCD2 &&
		        p->vanished == VANISHED_END);
		batch = batch || has_parameter_column(p);
	}
	if (snapshot)
		*LIST_ADD(a, &plan->parameters) = (struct plan_parameter){
		    .name = PLAN_SNAPSHOT_AT,
		    .initial = "",
		    .label = "When keys that vanished ended (empty: now)",
		};
	if (batch)
		*LIST_ADD(a, &plan->parameters) = (struct plan_parameter){
		    .name = PLAN_BATCH_ID,
		    .initial = "",
		    .label = "Name of this batch (empty: a new one)",
		};
}

int
plan_flag(const struct plan_pipeline *p)
{
	return p->marked < 0 ? p->deleted : p->marked;
}

void
plan_make(struct arena *a, const struct mapping *mapping,
    const char *mapping_name, const struct pattern *pattern,
    const struct plan_options *options, const char *release, struct plan *ret,
    struct problems *problems)
{
	const char *const *ids = plan_pipeline_ids(a, mapping);
	size_t i;

	*ret = (struct plan){.mapping = mapping,
	    .pattern = pattern,
	    .mapping_name = mapping_name,
	    .release = release};
	for (i = 0; i < mapping->targets.n; i++) {
		struct build b = {.arena = a,
		    .plan = ret,
		    .target = &mapping->targets.v[i],
		    .pipeline = LIST_ADD(a, &ret->pipelines),
		    .problems = problems,
		    .ids = ids,
		    .n_ids = mapping->targets.n};

		b.pipeline->id = ids[i];
		add_pipeline(&b);
	}
	options_check(a, ret, options, problems);
	if (pattern_compiles(pattern))
		options_apply_plan(a, ret, options, problems);
	for (i = 0; i < mapping->targets.n; i++) {
		if (pattern_compiles(pattern))
			options_apply(a, ret, &mapping->targets.v[i], options,
			    &ret->pipelines.v[i], problems);
		fanout_check(a, ret, &mapping->targets.v[i],
		    &ret->pipelines.v[i], problems);
	}
	if (pattern_compiles(pattern))
		output_check(a, ret, problems);
	add_parameters(a, ret);
	add_run_parameters(a, ret);
}
