#include "base/base.h"

#include "trial/model.h"

struct row_list {
	struct trial_row *v;
	size_t n;
	size_t cap;
};

bool
model_same(const struct value *x, const struct value *y)
{
	return value_compare(x, y) == 0;
}

bool
model_is_true(const struct value *v)
{
	return !v->is_null && v->type.kind == VALUE_BOOLEAN && v->boolean;
}

bool
model_same_key(const struct model *m, const struct trial_row *x,
    const struct trial_row *y)
{
	const struct plan_indices *keys = &m->pipeline->keys;
	size_t i;

	for (i = 0; i < keys->n; i++) {
		if (!model_same(&x->v[keys->v[i]], &y->v[keys->v[i]]))
			return false;
	}
	return true;
}

/* Are they one row, where columns that change with every run do not count? */
static bool
same_row(const struct model *m, const struct trial_row *x,
    const struct trial_row *y)
{
	size_t i;

	for (i = 0; i < m->n_columns; i++) {
		if (!m->pipeline->columns.v[i].is_volatile &&
		    !model_same(&x->v[i], &y->v[i]))
			return false;
	}
	return true;
}

/* Do they stand for the same thing to an incremental load? */
static bool
same_identity(const struct model *m, const struct trial_row *x,
    const struct trial_row *y)
{
	int watermark = m->pipeline->watermark;

	if (m->pipeline->keys.n == 0)
		return same_row(m, x, y);
	return model_same_key(m, x, y) &&
	    model_same(&x->v[watermark], &y->v[watermark]);
}

typedef bool same_fn(const struct model *m, const struct trial_row *x,
    const struct trial_row *y);

/* The row of the list that is the same; n if there is none. */
static size_t
find(const struct model *m, const struct row_list *list, size_t first,
    const struct trial_row *row, same_fn *same)
{
	size_t i;

	for (i = first; i < list->n; i++) {
		if (same(m, &list->v[i], row))
			break;
	}
	return i;
}

static bool
has_twice(const struct model *m, const struct row_list *list, same_fn *same)
{
	size_t i;

	for (i = 0; i < list->n; i++) {
		if (find(m, list, i + 1, &list->v[i], same) < list->n)
			return true;
	}
	return false;
}

static void
add_once(const struct model *m, struct row_list *list,
    const struct trial_row *row)
{
	if (find(m, list, 0, row, same_row) == list->n)
		*LIST_ADD(m->arena, list) = *row;
}

static struct row_list
rows_of(const struct trial_table *table)
{
	return (struct row_list){table->rows.v, table->rows.n, 0};
}

/* A copy, so that changing it leaves the row of the batch as it is. */
static struct trial_row
copied(const struct model *m, const struct trial_row *row)
{
	return (struct trial_row){
	    arena_memdup(m->arena, row->v, m->n_columns * sizeof(row->v[0])),
	    NULL};
}

static const char *
run_full_load(struct model *m, const struct trial_table *batch)
{
	size_t i;

	m->target.rows.n = 0;
	for (i = 0; i < batch->rows.n; i++)
		*LIST_ADD(m->arena, &m->target.rows) = batch->rows.v[i];
	return NULL;
}

static const struct value *
highest_watermark(const struct model *m)
{
	const struct value *highest = NULL;
	size_t i;

	for (i = 0; i < m->target.rows.n; i++) {
		const struct value *v =
		    &m->target.rows.v[i].v[m->pipeline->watermark];

		if (!v->is_null && (!highest || value_compare(v, highest) > 0))
			highest = v;
	}
	return highest;
}

static const char *
run_incremental(struct model *m, const struct trial_table *batch)
{
	const struct plan_pipeline *p = m->pipeline;
	const struct value *highest = highest_watermark(m);
	struct row_list wanted = {0};
	struct row_list stored = rows_of(&m->target);
	size_t i;

	for (i = 0; i < batch->rows.n; i++) {
		const struct trial_row *row = &batch->rows.v[i];
		const struct value *v = &row->v[p->watermark];

		if (v->is_null && p->null_watermark == NULLS_REFUSE)
			return "have no watermark";
		if (v->is_null && p->null_watermark == NULLS_SKIP)
			continue;
		if (!v->is_null && highest && p->late_rows == LATE_IGNORE &&
		    value_compare(v, highest) < 0)
			continue;
		add_once(m, &wanted, row);
	}
	if (p->keys.n > 0 && has_twice(m, &wanted, same_identity))
		return "keys that occur more than once";
	for (i = 0; i < wanted.n; i++) {
		if (find(m, &stored, 0, &wanted.v[i], same_identity) ==
		    stored.n)
			*LIST_ADD(m->arena, &m->target.rows) = wanted.v[i];
	}
	return NULL;
}

/* The newest rows of each key, each once; without an order, all. */
static struct row_list
newest_rows(const struct model *m, const struct trial_table *batch)
{
	struct row_list all = rows_of(batch);
	struct row_list newest = {0};
	int order = m->pipeline->order_by;
	size_t i;
	size_t j;

	if (order < 0)
		return all;
	for (i = 0; i < all.n; i++) {
		bool is_newest = true;

		for (j = 0; j < all.n; j++) {
			if (model_same_key(m, &all.v[i], &all.v[j]) &&
			    value_compare(&all.v[j].v[order],
			        &all.v[i].v[order]) > 0)
				is_newest = false;
		}
		if (is_newest)
			add_once(m, &newest, &all.v[i]);
	}
	return newest;
}

/* Is the stored row not newer than the incoming one? */
static bool
in_order(const struct model *m, const struct trial_row *stored,
    const struct trial_row *row)
{
	int order = m->pipeline->order_by;

	return order < 0 || stored->v[order].is_null ||
	    (!row->v[order].is_null &&
	        value_compare(&row->v[order], &stored->v[order]) >= 0);
}

static void
update(const struct model *m, struct trial_row *stored,
    const struct trial_row *row)
{
	const struct plan_pipeline *p = m->pipeline;
	struct trial_row changed = copied(m, row);
	bool differs = false;
	size_t i;

	for (i = 0; i < m->n_columns; i++) {
		const struct plan_column *c = &p->columns.v[i];

		if (p->ignore_nulls && changed.v[i].is_null)
			changed.v[i] = stored->v[i];
		if (!c->is_key && !c->is_volatile && (int)i != p->deleted &&
		    !model_same(&changed.v[i], &stored->v[i]))
			differs = true;
	}
	if (differs && in_order(m, stored, row))
		*stored = changed;
}

static void
remove_row(struct model *m, size_t i)
{
	for (; i + 1 < m->target.rows.n; i++)
		m->target.rows.v[i] = m->target.rows.v[i + 1];
	m->target.rows.n--;
}

static void
merge_row(struct model *m, const struct trial_row *row)
{
	const struct plan_pipeline *p = m->pipeline;
	struct row_list stored = rows_of(&m->target);
	size_t at = find(m, &stored, 0, row, model_same_key);
	bool is_deleted = p->deleted >= 0 && model_is_true(&row->v[p->deleted]);

	if (is_deleted) {
		if (at < stored.n && in_order(m, &stored.v[at], row))
			remove_row(m, at);
	} else if (at < stored.n) {
		update(m, &m->target.rows.v[at], row);
	} else {
		*LIST_ADD(m->arena, &m->target.rows) = copied(m, row);
	}
}

static const char *
run_merge(struct model *m, const struct trial_table *batch)
{
	struct row_list newest = newest_rows(m, batch);
	struct row_list stored = rows_of(&m->target);
	bool ends = m->pipeline->vanished == VANISHED_END;
	size_t i;

	if (has_twice(m, &stored, model_same_key) ||
	    has_twice(m, &newest, model_same_key))
		return "keys that occur more than once";
	if (ends && batch->rows.n == 0)
		return "have no rows";
	for (i = m->target.rows.n; ends && i-- > 0;) {
		if (find(m, &newest, 0, &m->target.rows.v[i], model_same_key) ==
		    newest.n)
			remove_row(m, i);
	}
	for (i = 0; i < newest.n; i++)
		merge_row(m, &newest.v[i]);
	return NULL;
}

void
model_init(struct arena *a, const struct plan_pipeline *p,
    enum strategy strategy, const struct trial_table *columns,
    struct model *ret)
{
	size_t i;

	*ret = (struct model){.arena = a,
	    .pipeline = p,
	    .strategy = strategy,
	    .n_columns = columns->fields.n};
	for (i = 0; i < columns->fields.n; i++)
		*LIST_ADD(a, &ret->target.fields) = columns->fields.v[i];
	if (strategy != STRATEGY_SCD2)
		return;
	*LIST_ADD(a, &ret->target.fields) = (struct trial_field){
	    p->history.valid_from, columns->fields.v[p->order_by].type};
	*LIST_ADD(a, &ret->target.fields) = (struct trial_field){
	    p->history.valid_to, columns->fields.v[p->order_by].type};
	*LIST_ADD(a, &ret->target.fields) = (struct trial_field){
	    p->history.is_current, value_type_of(VALUE_BOOLEAN)};
}

const char *
model_run(struct model *m, const struct trial_table *batch)
{
	switch (m->strategy) {
	case STRATEGY_FULL_LOAD:
		return run_full_load(m, batch);
	case STRATEGY_INCREMENTAL:
		return run_incremental(m, batch);
	case STRATEGY_MERGE:
		return run_merge(m, batch);
	case STRATEGY_SCD2:
		return model_run_history(m, batch);
	case STRATEGY_PROMPT:
	case STRATEGY__COUNT:
		break;
	}
	return NULL;
}
