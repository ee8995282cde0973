#include "base/base.h"

#include "emit/scala.h"

#include "emit/cells.h"
#include "emit/pyspark.h"
#include "emit/scala_parts.h"

#define SIGN "//"

/* A cell is a class, whose values one method of the interpreter shows. */
#define PARAMETERS_AT_ONCE 200

void
scala_put_cell(struct scala *s, const char *what)
{
	cells_put(&s->out, SIGN,
	    arena_printf(s->arena, "%s: %s", s->p->id, what));
}

/* The parameters from one on, as many as one cell may have. */
static void
put_parameters(struct scala *s, size_t first)
{
	const struct plan *plan = s->plan;
	struct arena *a = s->arena;
	size_t end = first + PARAMETERS_AT_ONCE;
	size_t i;

	end = end < plan->parameters.n ? end : plan->parameters.n;
	cells_put(&s->out, SIGN, "Parameters");
	for (i = first; i < end; i++) {
		const struct plan_parameter *p = &plan->parameters.v[i];

		SCALA_LINE(s, 0, "dbutils.widgets.text(\"%s\", %s, %s)",
		    p->name, scala_string(a, p->initial),
		    scala_string(a, p->label));
	}
	SCALA_LINE(s, 0, "%s", "");
	for (i = first; i < end; i++) {
		const char *name = plan->parameters.v[i].name;
		const char *value = scala_value(a, name);

		SCALA_LINE(s, 0, "val %s = dbutils.widgets.get(\"%s\")",
		    str_eq(name, PLAN_BATCH_ID) ? "givenBatch" : value, name);
		if (str_eq(name, PLAN_BATCH_ID))
			SCALA_LINE(s, 0,
			    "val %s = if (givenBatch.isEmpty) "
			    "UUID.randomUUID().toString else givenBatch",
			    value);
	}
}

static void
put_pipeline(struct scala *s)
{
	scala_put_cell(s, "transform");
	scala_transform(s);
	if (s->p->rules.n > 0) {
		scala_put_cell(s, "rules");
		scala_rules(s);
	}
	scala_put_cell(s, "write");
	switch (s->plan->pattern->strategy) {
	case STRATEGY_FULL_LOAD:
		scala_full_load(s);
		break;
	case STRATEGY_INCREMENTAL:
		scala_incremental(s);
		break;
	case STRATEGY_MERGE:
		scala_merge(s);
		break;
	case STRATEGY_SCD2:
		scala_history(s);
		break;
	case STRATEGY_PROMPT:
	case STRATEGY__COUNT:
		break;
	}
	scala_put_cell(s, "load");
	scala_load(s);
}

static void
put_notebook(struct scala *s)
{
	const struct plan *plan = s->plan;
	size_t i;

	cells_put_title(&s->out, plan, SIGN);
	cells_put(&s->out, SIGN, "Imports");
	scala_imports(s);
	for (i = 0; i < plan->parameters.n; i += PARAMETERS_AT_ONCE)
		put_parameters(s, i);
	cells_put(&s->out, SIGN, "Helpers");
	scala_helpers(s);
	for (i = 0; i < plan->pipelines.n; i++) {
		s->p = &plan->pipelines.v[i];
		s->id = scala_part(s->arena, s->p->id);
		s->target = scala_value(s->arena, s->p->widget);
		put_pipeline(s);
	}
	cells_put(&s->out, SIGN, "Run");
	for (i = 0; i < plan->pipelines.n; i++)
		SCALA_LINE(s, 0, "load%s()",
		    scala_part(s->arena, plan->pipelines.v[i].id));
}

const struct err *
emit_scala(struct arena *a, const struct plan *plan, struct slice *ret,
    struct source_map *ret_map)
{
	struct buf out;
	struct source_map map = {0};
	struct scala s = {
	    .out = {.out = &out, .arena = a, .map = &map, .is_scala = true},
	    .arena = a,
	    .plan = plan};

	buf_init(&out, a, PYSPARK_MAX_BYTES);
	put_notebook(&s);
	if (buf_full(&out))
		return err_new(P_TOO_LARGE,
		    "The code of this sheet would be larger than %zu MB.",
		    PYSPARK_MAX_BYTES / (1024 * 1024));
	*ret = buf_slice(&out);
	*ret_map = map;
	return NULL;
}
