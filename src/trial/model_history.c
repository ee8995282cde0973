#include "base/base.h"

#include "trial/model.h"

#include <stdlib.h>

/* The columns of the plan, and behind them whether the sighting says that the
 * key was deleted. */
struct sightings {
	struct trial_row *v;
	size_t n;
	size_t cap;
};

static const struct value *
time_of(const struct model *m, const struct trial_row *row)
{
	return &row->v[m->pipeline->order_by];
}

static bool
is_deletion(const struct model *m, const struct trial_row *row)
{
	return model_is_true(&row->v[m->n_columns]);
}

static struct trial_row
sighting(const struct model *m, const struct trial_row *row, bool deleted)
{
	struct trial_row made = {
	    arena_array(m->arena, struct value, m->n_columns + 1), NULL};
	size_t i;

	for (i = 0; i < m->n_columns; i++)
		made.v[i] = row->v[i];
	made.v[m->n_columns] = value_boolean(deleted);
	return made;
}

/* Which of two sightings of a key at one time holds: a deletion before a row,
 * then the greater values, tracked columns before the others. */
static int
better(const struct model *m, const struct trial_row *x,
    const struct trial_row *y)
{
	const struct plan_pipeline *p = m->pipeline;
	int order = value_compare(&x->v[m->n_columns], &y->v[m->n_columns]);
	int round;
	size_t i;

	for (round = 0; round < 2 && order == 0; round++) {
		for (i = 0; i < m->n_columns && order == 0; i++) {
			const struct plan_column *c = &p->columns.v[i];

			if (c->is_key || c->is_volatile ||
			    (int)i == p->order_by || (int)i == p->deleted ||
			    c->is_tracked != (round == 0))
				continue;
			order = value_compare(&x->v[i], &y->v[i]);
		}
	}
	return order;
}

/* Takes a sighting in, at its place in time; of several of a key at one time
 * the best one stays. */
static void
add_sighting(struct model *m, const struct trial_row *row)
{
	struct trial_row *list;
	size_t i;

	for (i = 0; i < m->seen.rows.n; i++) {
		struct trial_row *other = &m->seen.rows.v[i];

		if (!model_same_key(m, other, row) ||
		    !model_same(time_of(m, other), time_of(m, row)))
			continue;
		if (better(m, row, other) > 0)
			*other = *row;
		return;
	}
	(void)LIST_ADD(m->arena, &m->seen.rows);
	list = m->seen.rows.v;
	for (i = m->seen.rows.n - 1; i > 0 &&
	     value_compare(time_of(m, &list[i - 1]), time_of(m, row)) > 0;
	     i--)
		list[i] = list[i - 1];
	list[i] = *row;
}

static bool
same_tracked(const struct model *m, const struct trial_row *x,
    const struct trial_row *y)
{
	size_t i;

	for (i = 0; i < m->n_columns; i++) {
		if (m->pipeline->columns.v[i].is_tracked &&
		    !model_same(&x->v[i], &y->v[i]))
			return false;
	}
	return true;
}

/* Every version has the latest values of the columns that are not tracked. */
static void
set_latest(const struct model *m, struct trial_row *version,
    const struct trial_row *latest)
{
	const struct plan_pipeline *p = m->pipeline;
	size_t i;

	for (i = 0; i < m->n_columns; i++) {
		const struct plan_column *c = &p->columns.v[i];

		if (!c->is_key && !c->is_tracked && (int)i != p->order_by)
			version->v[i] = latest->v[i];
	}
}

static void
set_end(const struct model *m, struct trial_row *version,
    const struct value *end)
{
	version->v[m->n_columns + MODEL_END] = *end;
	version->v[m->n_columns + MODEL_CURRENT] = value_boolean(false);
}

static struct trial_row *
open_version(struct model *m, const struct trial_row *row)
{
	struct trial_row *version = LIST_ADD(m->arena, &m->target.rows);
	const struct value *start = time_of(m, row);
	size_t i;

	version->v = arena_array(m->arena, struct value,
	    m->n_columns + MODEL_ADDED);
	for (i = 0; i < m->n_columns; i++)
		version->v[i] = row->v[i];
	version->v[m->n_columns + MODEL_START] = *start;
	version->v[m->n_columns + MODEL_END] = value_null(start->type);
	version->v[m->n_columns + MODEL_CURRENT] = value_boolean(true);
	return version;
}

/* The versions of one key, from its sightings in the order of time. A deletion
 * of a key that nobody had seen by then is forgotten. */
static void
fold_key(struct model *m, const struct trial_row *key)
{
	const struct trial_row *latest = NULL;
	size_t first = m->target.rows.n;
	struct trial_row *open = NULL;
	size_t i;

	for (i = 0; i < m->seen.rows.n; i++) {
		const struct trial_row *row = &m->seen.rows.v[i];

		if (!model_same_key(m, row, key))
			continue;
		if (is_deletion(m, row)) {
			if (open)
				set_end(m, open, time_of(m, row));
			open = NULL;
			continue;
		}
		latest = row;
		if (open && same_tracked(m, open, row))
			continue;
		if (open)
			set_end(m, open, time_of(m, row));
		open = open_version(m, row);
	}
	for (i = first; latest && i < m->target.rows.n; i++)
		set_latest(m, &m->target.rows.v[i], latest);
}

/* Is it the first sighting of its key, or the first but for deletions? */
static bool
is_forgotten(const struct model *m, size_t at)
{
	size_t i;

	if (!is_deletion(m, &m->seen.rows.v[at]))
		return false;
	for (i = 0; i < at; i++) {
		if (model_same_key(m, &m->seen.rows.v[i],
		        &m->seen.rows.v[at]) &&
		    !is_deletion(m, &m->seen.rows.v[i]))
			return false;
	}
	return true;
}

static void
fold(struct model *m)
{
	size_t kept = 0;
	size_t i;
	size_t j;

	for (i = 0; i < m->seen.rows.n; i++) {
		struct trial_row row = m->seen.rows.v[i];

		if (!is_forgotten(m, i))
			m->seen.rows.v[kept++] = row;
	}
	m->seen.rows.n = kept;
	m->target.rows.n = 0;
	for (i = 0; i < m->seen.rows.n; i++) {
		for (j = 0; j < i; j++) {
			if (model_same_key(m, &m->seen.rows.v[j],
			        &m->seen.rows.v[i]))
				break;
		}
		if (j == i)
			fold_key(m, &m->seen.rows.v[i]);
	}
}

/* The sightings of a batch, with the keys that vanished. */
static void
collect(const struct model *m, const struct trial_table *batch,
    struct sightings *ret)
{
	const struct plan_pipeline *p = m->pipeline;
	size_t i;
	size_t j;

	for (i = 0; i < batch->rows.n; i++) {
		const struct trial_row *row = &batch->rows.v[i];

		*LIST_ADD(m->arena, ret) = sighting(m, row,
		    p->deleted >= 0 && model_is_true(&row->v[p->deleted]));
	}
	for (i = 0; p->vanished == VANISHED_END && i < m->target.rows.n; i++) {
		const struct trial_row *stored = &m->target.rows.v[i];
		struct trial_row gone;

		for (j = 0; j < batch->rows.n; j++) {
			if (model_same_key(m, stored, &batch->rows.v[j]))
				break;
		}
		if (j < batch->rows.n ||
		    !model_is_true(&stored->v[m->n_columns + MODEL_CURRENT]))
			continue;
		gone = sighting(m, stored, true);
		gone.v[p->order_by] = m->snapshot_at;
		*LIST_ADD(m->arena, ret) = gone;
	}
}

/* Is the sighting older than the newest that was there before of its key? */
static bool
is_late(const struct model *m, const struct trial_row *row, size_t before)
{
	size_t i;

	for (i = 0; i < before; i++) {
		const struct trial_row *other = &m->seen.rows.v[i];

		if (model_same_key(m, other, row) &&
		    value_compare(time_of(m, other), time_of(m, row)) > 0)
			return true;
	}
	return false;
}

const char *
model_run_history(struct model *m, const struct trial_table *batch)
{
	const struct plan_pipeline *p = m->pipeline;
	struct sightings fresh = {0};
	size_t n = 0;
	size_t i;

	for (i = 0; i < batch->rows.n; i++) {
		if (time_of(m, &batch->rows.v[i])->is_null)
			return "have no";
	}
	if (p->vanished == VANISHED_END && batch->rows.n == 0)
		return "has no rows";
	collect(m, batch, &fresh);
	/* All are compared with what was there before the batch. */
	for (i = 0; i < fresh.n; i++) {
		if (p->late_rows != LATE_IGNORE ||
		    !is_late(m, &fresh.v[i], m->seen.rows.n))
			fresh.v[n++] = fresh.v[i];
	}
	for (i = 0; i < n; i++)
		add_sighting(m, &fresh.v[i]);
	fold(m);
	return NULL;
}
