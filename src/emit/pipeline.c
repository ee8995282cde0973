#include "base/base.h"

#include "emit/pipeline.h"

#include "expr/expr.h"

bool
pipeline_defines(const struct plan_pipeline *p)
{
	return p->clusters.n > 0 || p->comment[0] != '\0';
}

bool
pipeline_deletes(const struct plan_pipeline *p)
{
	return p->deleted >= 0 || p->vanished == VANISHED_END;
}

bool
pipeline_matches_once(const struct plan_pipeline *p)
{
	return p->single_matches && p->sources.n > 1;
}

bool
pipeline_tells_row(const struct plan_pipeline *p, size_t column)
{
	const struct plan_column *c = &p->columns.v[column];

	return p->keys.n > 0 ? c->is_key || (int)column == p->watermark
	                     : !c->is_volatile;
}

bool
pipeline_compares(const struct plan_pipeline *p, size_t column)
{
	const struct plan_column *c = &p->columns.v[column];

	return !c->is_key && !c->is_volatile && (int)column != p->deleted;
}

bool
pipeline_releases(const struct plan_pipeline *p)
{
	return p->quarantine.widget && p->keys.n > 0;
}

bool
pipeline_tells_failed(const struct plan_pipeline *p)
{
	return p->quarantine.widget && p->vanished == VANISHED_END;
}

const char *
pipeline_exempt(struct arena *a, const struct plan_pipeline *p)
{
	int flag = plan_flag(p);

	if (flag < 0)
		return "false";
	return arena_printf(a, "coalesce(%s, false)",
	    expr_quote_name(a, p->columns.v[flag].name));
}

enum part
pipeline_part(const struct plan_pipeline *p, size_t column)
{
	const struct plan_column *c = &p->columns.v[column];

	if ((int)column == p->order_by || (int)column == p->deleted)
		return PART_OTHER;
	if (c->is_key)
		return PART_KEY;
	if (c->is_tracked)
		return PART_TRACKED;
	return c->is_volatile ? PART_VOLATILE : PART_LATEST;
}

/* How many columns from that one on have rows of the sheet that are as far
 * apart as the first two. */
static size_t
count_steps(const struct plan_pipeline *p, size_t from, int64_t *ret_step)
{
	size_t n = 1;

	*ret_step = from + 1 < p->columns.n
	    ? p->columns.v[from + 1].row - p->columns.v[from].row
	    : 0;
	while (*ret_step > 0 && from + n < p->columns.n &&
	    p->columns.v[from + n].row ==
	        p->columns.v[from + n - 1].row + *ret_step)
		n++;
	return n;
}

void
pipeline_rows(struct arena *a, const struct plan_pipeline *p,
    struct row_runs *ret)
{
	size_t i = 0;

	while (i < p->columns.n && p->columns.v[i].row > 0) {
		int64_t row = p->columns.v[i].row;
		int64_t step;
		size_t n = count_steps(p, i, &step);

		if (n < 3 && step != 1)
			n = 1;
		*LIST_ADD(a, ret) = (struct row_run){
		    row, row + (int64_t)(n - 1) * step, step};
		i += n;
	}
}

static bool
has_comment(const struct plan_pipeline *p)
{
	size_t i;

	for (i = 0; i < p->columns.n; i++) {
		if (p->columns.v[i].comment[0])
			return true;
	}
	return false;
}

/* What the rows of a batch must go through. */
static bool
sorts_need(enum need need, enum strategy strategy,
    const struct plan_pipeline *p)
{
	bool merges = strategy == STRATEGY_MERGE;
	bool appends = strategy == STRATEGY_INCREMENTAL;
	bool history = strategy == STRATEGY_SCD2;

	if (need == NEED_ONCE)
		return appends || (merges && p->order_by >= 0);
	if (need == NEED_RECENT)
		return appends && p->late_rows != LATE_LOAD;
	if (need == NEED_NEWEST)
		return merges && p->order_by >= 0;
	if (need == NEED_VANISHED)
		return history && p->vanished == VANISHED_END;
	return need == NEED_IN_TIME && history && p->late_rows == LATE_IGNORE;
}

static bool
is_needed(enum need need, enum strategy strategy, const struct plan_pipeline *p)
{
	switch (need) {
	case NEED_ALWAYS:
		return true;
	case NEED_COMMENT:
		return has_comment(p);
	case NEED_LACKING:
		return p->add_columns;
	case NEED_DEFINITION:
		return pipeline_defines(p);
	case NEED_KEYS:
		return p->keys.n > 0 || strategy == STRATEGY_MERGE ||
		    strategy == STRATEGY_SCD2 || pipeline_matches_once(p);
	case NEED_MATCHES:
		return pipeline_matches_once(p);
	case NEED_RULES:
		return p->rules.n > 0;
	case NEED_REFUSAL:
		return p->rules.n > 0 && p->broken_rules == RULES_REFUSE;
	case NEED_REPORT:
		return p->rules.n > 0 && p->broken_rules != RULES_REFUSE;
	case NEED_QUARANTINE:
		return p->quarantine.widget && strategy != STRATEGY_FULL_LOAD;
	case NEED_RELEASE:
		return pipeline_releases(p);
	case NEED_MERGE:
		return strategy != STRATEGY_FULL_LOAD;
	case NEED_HISTORY:
		return strategy == STRATEGY_SCD2;
	case NEED_ONCE:
	case NEED_RECENT:
	case NEED_NEWEST:
	case NEED_VANISHED:
	case NEED_IN_TIME:
		break;
	}
	return sorts_need(need, strategy, p);
}

bool
plan_needs(const struct plan *plan, enum need need)
{
	size_t i;

	for (i = 0; i < plan->pipelines.n; i++) {
		if (is_needed(need, plan->pattern->strategy,
		        &plan->pipelines.v[i]))
			return true;
	}
	return false;
}
