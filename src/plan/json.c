#include "base/base.h"

#include "plan/plan.h"

#include "base/json.h"

/* Only expressions that name thousands of columns each grow past this. */
#define MAX_PLAN ((size_t)64 * 1024 * 1024)

static const char *const join_names[] = {
    [JOIN_NONE] = NULL,
    [JOIN_LEFT] = "left",
    [JOIN_INNER] = "inner",
    [JOIN_RIGHT] = "right",
    [JOIN_FULL] = "full",
    [JOIN_CROSS] = "cross",
};

static const char *const role_names[] = {
    [ROLE_NONE] = NULL,
    [ROLE_KEY] = "key",
    [ROLE_WATERMARK] = "watermark",
    [ROLE_SEQUENCE] = "sequence",
    [ROLE_TRACKED] = "tracked",
    [ROLE_UNTRACKED] = "untracked",
};

static void
put_table(struct json_writer *w, const char *key, const struct table_ref *t,
    const char *widget)
{
	json_key(w, key);
	json_object(w);
	json_key_str(w, t->kind == TABLE_PATH ? "path" : "table", t->name);
	if (t->kind == TABLE_PATH)
		json_key_str(w, "format", t->format);
	json_key_str(w, "parameter", widget);
	json_object_end(w);
}

/* Under that key; as an item of an array where it is NULL. */
static void
put_inputs(struct json_writer *w, const char *key,
    const struct plan_pipeline *p, const struct plan_inputs *inputs)
{
	size_t i;

	if (key)
		json_key(w, key);
	json_array(w);
	for (i = 0; i < inputs->n; i++) {
		const struct plan_input *in = &inputs->v[i];

		json_object(w);
		json_key_str(w, "source", p->sources.v[in->source].alias);
		json_key_str(w, "column", in->column);
		json_key_str(w, "kind", input_kind_name(in->kind));
		json_object_end(w);
	}
	json_array_end(w);
}

static void
put_sources(struct json_writer *w, const struct plan_pipeline *p)
{
	size_t i;

	json_key(w, "sources");
	json_array(w);
	for (i = 0; i < p->sources.n; i++) {
		const struct plan_source *s = &p->sources.v[i];

		json_object(w);
		json_key_str(w, "alias", s->alias);
		put_table(w, "from", s->table, s->widget);
		if (s->join != JOIN_NONE)
			json_key_str(w, "join", join_names[s->join]);
		if (s->on) {
			json_key_str(w, "on", s->on);
			put_inputs(w, "inputs", p, &s->on_inputs);
		}
		json_key_int(w, "row", s->row);
		json_object_end(w);
	}
	json_array_end(w);
}

static void
put_column(struct json_writer *w, const struct plan_pipeline *p,
    const struct plan_column *c)
{
	json_object(w);
	json_key_str(w, "name", c->name);
	json_key_str(w, "source", c->source);
	if (c->copy)
		json_key_str(w, "copy", c->copy);
	else if (c->parameter)
		json_key_str(w, "parameter", c->parameter);
	else
		json_key_str(w, "expression", c->expression);
	if (c->type)
		json_key_str(w, "type", c->type);
	if (c->fallback)
		json_key_str(w, "default", c->fallback);
	if (c->comment[0])
		json_key_str(w, "comment", c->comment);
	if (c->role != ROLE_NONE)
		json_key_str(w, "role", role_names[c->role]);
	if (c->is_volatile)
		json_key_bool(w, "volatile", true);
	if (p->deleted >= 0 && c == &p->columns.v[p->deleted])
		json_key_bool(w, "written", false);
	put_inputs(w, "inputs", p, &c->inputs);
	if (c->row > 0)
		json_key_int(w, "row", c->row);
	json_object_end(w);
}

/* A column by its index; null for none. */
static void
put_index(struct json_writer *w, const char *key, const struct plan_pipeline *p,
    int index)
{
	json_key_str(w, key, index < 0 ? NULL : p->columns.v[index].name);
}

static void
put_history(struct json_writer *w, const struct plan_pipeline *p)
{
	size_t i;

	json_key(w, "tracked");
	json_array(w);
	for (i = 0; i < p->columns.n; i++) {
		if (p->columns.v[i].is_tracked)
			json_str(w, p->columns.v[i].name);
	}
	json_array_end(w);
	json_key_str(w, "late_rows",
	    p->late_rows == LATE_IGNORE ? "ignore" : "split");
	json_key_str(w, "valid_from", p->history.valid_from);
	json_key_str(w, "valid_to", p->history.valid_to);
	json_key_str(w, "is_current", p->history.is_current);
	json_key_str(w, "surrogate_key", p->history.surrogate);
}

/* What merge and scd2 have in common, and what each has alone. */
static void
put_change_options(struct json_writer *w, const struct plan *plan,
    const struct plan_pipeline *p)
{
	bool history = plan->pattern->strategy == STRATEGY_SCD2;

	put_index(w, "order_by", p, p->order_by);
	put_index(w, "deleted", p, plan_flag(p));
	if (!history)
		json_key_str(w, "deletions", p->marked < 0 ? "delete" : "mark");
	json_key_str(w, "vanished",
	    p->vanished == VANISHED_KEEP ? "keep"
	        : history                ? "close"
	                                 : "delete");
	if (history)
		put_history(w, p);
	else
		json_key_bool(w, "ignore_nulls", p->ignore_nulls);
}

/* The names of columns. */
static void
put_names(struct json_writer *w, const char *key, const struct plan_pipeline *p,
    const struct plan_indices *list)
{
	size_t i;

	json_key(w, key);
	json_array(w);
	for (i = 0; i < list->n; i++)
		json_str(w, p->columns.v[list->v[i]].name);
	json_array_end(w);
}

/* What every pattern has. */
static void
put_common_options(struct json_writer *w, const struct plan_pipeline *p)
{
	static const char *const broken[] = {
	    [RULES_QUARANTINE] = "quarantine",
	    [RULES_REFUSE] = "refuse",
	    [RULES_REPORT] = "report",
	};

	if (p->rules.n > 0)
		json_key_str(w, "broken_rules", broken[p->broken_rules]);
	if (p->sources.n > 1)
		json_key_str(w, "join_matches",
		    p->single_matches ? "refuse" : "allow");
	if (p->comment[0])
		json_key_str(w, "table_comment", p->comment);
	put_names(w, "partition_by", p, &p->partitions);
	put_names(w, "cluster_by", p, &p->clusters);
}

static void
put_options(struct json_writer *w, const struct plan *plan,
    const struct plan_pipeline *p)
{
	static const char *const nulls[] = {
	    [NULLS_REFUSE] = "refuse",
	    [NULLS_SKIP] = "skip",
	    [NULLS_LOAD] = "load",
	};

	json_key(w, "options");
	json_object(w);
	if (plan->pattern->strategy == STRATEGY_PROMPT) {
		json_object_end(w);
		return;
	}
	if (plan->pattern->strategy == STRATEGY_FULL_LOAD) {
		json_key_bool(w, "overwrite_schema", p->overwrite_schema);
		put_common_options(w, p);
		json_object_end(w);
		return;
	}
	put_names(w, "keys", p, &p->keys);
	if (plan->pattern->strategy == STRATEGY_INCREMENTAL) {
		json_key_str(w, "watermark", p->columns.v[p->watermark].name);
		json_key_str(w, "late_rows",
		    p->late_rows == LATE_IGNORE ? "ignore" : "load");
		json_key_str(w, "null_watermark", nulls[p->null_watermark]);
	} else {
		put_change_options(w, plan, p);
	}
	json_key_bool(w, "add_columns", p->add_columns);
	put_common_options(w, p);
	json_object_end(w);
}

static void
put_rules(struct json_writer *w, const struct plan_pipeline *p)
{
	size_t i;

	if (p->rules.n == 0)
		return;
	if (p->quarantine.widget)
		put_table(w, "quarantine", &p->quarantine.table,
		    p->quarantine.widget);
	json_key(w, "rules");
	json_array(w);
	for (i = 0; i < p->rules.n; i++) {
		json_object(w);
		json_key_str(w, "name", p->rules.v[i].name);
		json_key_str(w, "condition", p->rules.v[i].condition);
		json_key_int(w, "row", p->rules.v[i].row);
		put_names(w, "reads", p, &p->rules.v[i].reads);
		json_object_end(w);
	}
	json_array_end(w);
}

static void
put_complexity(struct json_writer *w, const struct complexity *c)
{
	json_key(w, "complexity");
	json_object(w);
	json_key_int(w, "score", complexity_score(c));
	json_key_int(w, "computed_columns", c->computed_columns);
	json_key_int(w, "function_calls", c->function_calls);
	json_key_int(w, "branches", c->branches);
	json_key_int(w, "windows", c->windows);
	json_key_int(w, "joins", c->joins);
	json_key_int(w, "filters", c->filters);
	json_object_end(w);
}

static void
put_pipeline(struct json_writer *w, struct arena *a, const struct plan *plan,
    const struct plan_pipeline *p)
{
	struct plan_words words = {0};
	size_t i;

	json_object(w);
	json_key_str(w, "id", p->id);
	put_table(w, "target", p->target, p->widget);
	plan_describe(a, p, plan->pattern, &words);
	json_key(w, "steps");
	json_array(w);
	for (i = 0; i < words.n; i++)
		json_str(w, words.v[i]);
	json_array_end(w);
	put_options(w, plan, p);
	put_complexity(w, &p->complexity);
	put_sources(w, p);
	json_key(w, "filters");
	json_array(w);
	for (i = 0; i < p->filters.n; i++)
		json_str(w, p->filters.v[i]);
	json_array_end(w);
	json_key(w, "filter_inputs");
	json_array(w);
	for (i = 0; i < p->filter_inputs.n; i++)
		put_inputs(w, NULL, p, &p->filter_inputs.v[i]);
	json_array_end(w);
	put_rules(w, p);
	json_key(w, "columns");
	json_array(w);
	for (i = 0; i < p->columns.n; i++)
		put_column(w, p, &p->columns.v[i]);
	json_array_end(w);
	json_object_end(w);
}

const struct err *
plan_json(struct arena *a, const struct plan *plan, const char **ret)
{
	struct json_writer w;
	struct buf b;
	size_t i;

	buf_init(&b, a, MAX_PLAN);
	json_init(&w, &b, true);
	json_object(&w);
	json_key_str(&w, "format", "text2code plan 1");
	json_key_str(&w, "compiler", plan->release);
	json_key_str(&w, "mapping", plan->mapping_name);
	json_key_str(&w, "pattern", plan->pattern->name);
	if (plan->pattern->version > 0)
		json_key_int(&w, "pattern_version", plan->pattern->version);
	if (plan->pattern->extends)
		json_key_str(&w, "extends", plan->pattern->extends);
	json_key_str(&w, "strategy", strategy_name(plan->pattern->strategy));
	json_key_str(&w, "output", plan_output_name(plan->output));
	json_key(&w, "parameters");
	json_array(&w);
	for (i = 0; i < plan->parameters.n; i++) {
		json_object(&w);
		json_key_str(&w, "name", plan->parameters.v[i].name);
		json_key_str(&w, "default", plan->parameters.v[i].initial);
		json_key_str(&w, "label", plan->parameters.v[i].label);
		json_object_end(&w);
	}
	json_array_end(&w);
	json_key(&w, "pipelines");
	json_array(&w);
	for (i = 0; i < plan->pipelines.n; i++)
		put_pipeline(&w, a, plan, &plan->pipelines.v[i]);
	json_array_end(&w);
	json_object_end(&w);
	if (buf_full(&b))
		return err_new(P_TOO_LARGE,
		    "The plan would have more than %zu MB.", MAX_PLAN >> 20);
	*ret = buf_str(&b);
	return NULL;
}
