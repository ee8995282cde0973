#include "base/base.h"

#include "trial/cases.h"

/* One more row of a source, with the values of the row of all sources. */
static struct trial_row *
add_row(struct arena *a, const struct trial_scope *s,
    struct trial_table *tables, size_t source, const struct value *row)
{
	size_t n = s->first[source + 1] - s->first[source];
	struct trial_row *added = LIST_ADD(a, &tables[source].rows);

	added->v = arena_array(a, struct value, n + 1);
	for (size_t i = 0; i < n; i++)
		added->v[i] = row[s->first[source] + i];
	return added;
}

/* Rows for what every row is joined with: two, but one where windows would
 * find them equal in their order. */
static size_t
crossed_rows(const struct trial_scope *s)
{
	size_t i;

	for (i = 0; i < s->pipeline->columns.n; i++) {
		if (s->value[i]->is_window)
			return 1;
	}
	return 2;
}

/* The same in all sources; the remark is at the first one's. */
static void
add_rows(struct arena *a, const struct trial_scope *s,
    struct trial_table *tables, const struct value *row, const char *remark)
{
	size_t i;

	for (i = 0; i < s->pipeline->sources.n; i++) {
		struct trial_row *added;

		if (s->pipeline->sources.v[i].join == JOIN_CROSS &&
		    tables[i].rows.n >= crossed_rows(s))
			continue;
		added = add_row(a, s, tables, i, row);
		if (i == 0)
			added->remark = remark;
	}
}

static struct trial_table *
new_tables(struct arena *a, const struct trial_scope *s)
{
	size_t n = s->pipeline->sources.n;
	struct trial_table *tables = arena_array(a, struct trial_table, n);
	size_t i;
	size_t j;

	for (i = 0; i < n; i++) {
		for (j = s->first[i]; j < s->first[i + 1]; j++)
			*LIST_ADD(a, &tables[i].fields) = (struct trial_field){
			    s->fields[j], s->types[j]};
	}
	return tables;
}

/* The row of that number, made anew, of which filters keep all. The second one
 * of two sources that are one table has other values, so that nobody takes one
 * for the other. */
static struct value *
numbered_row(const struct rows *r, size_t number)
{
	const struct trial_scope *s = r->scope;
	struct value *row = arena_array(r->arena, struct value, s->width + 1);
	size_t source = 0;
	size_t i;

	for (i = 0; i < s->width; i++) {
		size_t shift;

		while (i >= s->first[source + 1])
			source++;
		shift = scope_same_table(s, source) == source ? 0 : 1;
		row[i] = r->is_numbered[i] ? rows_value(r, i, number)
		    : r->is_filtered[i]    ? r->v[0][i]
		                           : r->v[(number + shift) % r->n][i];
	}
	return row;
}

/* Computes what is expected, and takes the case into the trial. */
static void
add_case(struct arena *a, struct trial *t, enum trial_topic topic,
    struct trial_table *tables)
{
	struct trial_case made = {.topic = topic, .sources = tables};
	const char **why = arena_array(a, const char *, t->columns.n + 1);
	size_t i;

	if (t->why ||
	    !trial_transform(a, t, tables, &made.expected, why, &t->why))
		return;
	made.is_known = arena_array(a, bool, t->columns.n + 1);
	for (i = 0; i < t->columns.n; i++) {
		made.is_known[i] = !why[i];
		if (topic == TRIAL_COLUMNS)
			t->columns.v[i].why = why[i];
	}
	*LIST_ADD(a, &t->cases) = made;
}

/* A table that is read twice has the same rows, whose fields stand in another
 * order. */
static void
share_rows(const struct trial_scope *s, struct trial_table *tables,
    size_t source)
{
	size_t first = scope_same_table(s, source);
	struct trial_table *table = &tables[source];
	size_t i;
	size_t j;

	for (i = 0; first < source && i < table->rows.n; i++) {
		for (j = 0; j < table->fields.n; j++) {
			size_t place = map_get(&s->names[first],
			    slice_of(table->fields.v[j].name), SIZE_MAX);

			if (place != SIZE_MAX)
				table->rows.v[i].v[j] =
				    tables[first].rows.v[i].v[place];
		}
	}
}

static void
add_columns_case(struct arena *a, struct trial *t, const struct rows *r)
{
	struct trial_table *tables = new_tables(a, t->scope);
	size_t i;

	for (i = 0; i < r->n; i++)
		add_rows(a, t->scope, tables, r->v[i], NULL);
	for (i = 1; i < t->pipeline->sources.n; i++)
		share_rows(t->scope, tables, i);
	t->sources = tables;
	add_case(a, t, TRIAL_COLUMNS, tables);
}

static void
add_nulls_case(struct arena *a, struct trial *t)
{
	struct trial_table *tables = new_tables(a, t->scope);
	struct value *row = arena_array(a, struct value, t->scope->width + 1);
	size_t i;

	for (i = 0; i < t->scope->width; i++)
		row[i] = value_null(t->scope->types[i]);
	add_rows(a, t->scope, tables, row, NULL);
	add_case(a, t, TRIAL_NULLS, tables);
}

static void
add_duplicates_case(struct arena *a, struct trial *t, const struct rows *r)
{
	struct trial_table *tables = new_tables(a, t->scope);

	add_rows(a, t->scope, tables, r->v[0], NULL);
	add_row(a, t->scope, tables, 0, r->v[0]);
	add_case(a, t, TRIAL_DUPLICATES, tables);
}

/* For each joined source a row that has what it joins in all but that one:
 * each join is then tried for itself. */
static void
add_lacking(struct arena *a, const struct trial_scope *s,
    struct trial_table *tables, const struct rows *r, size_t number)
{
	const struct plan_pipeline *p = s->pipeline;
	size_t i;
	size_t j;

	for (i = 1; i < p->sources.n; i++) {
		const struct value *row;

		if (p->sources.v[i].join == JOIN_CROSS)
			continue;
		row = numbered_row(r, number++);
		add_row(a, s, tables, 0, row)->remark = arena_printf(a,
		    "has all but %s", p->sources.v[i].id);
		for (j = 1; j < p->sources.n; j++) {
			if (j != i && p->sources.v[j].join != JOIN_CROSS)
				add_row(a, s, tables, j, row);
		}
	}
}

/* For each column of several that a join compares a row whose partner differs
 * in that one. Returns the number of the next row. */
static size_t
add_near_misses(struct arena *a, const struct trial_scope *s,
    struct trial_table *tables, const struct rows *r, size_t number)
{
	const struct plan_pipeline *p = s->pipeline;
	size_t i;
	size_t j;
	size_t k;

	for (i = 1; i < p->sources.n; i++) {
		const struct plan_source *source = &p->sources.v[i];

		for (j = 0; source->match.n > 1 && j < source->match.n; j++) {
			struct value *row = numbered_row(r, number);
			size_t at = map_get(&s->names[i],
			    slice_of(source->match.v[j]), SIZE_MAX);

			if (at == SIZE_MAX || !r->is_numbered[s->first[i] + at])
				continue;
			at += s->first[i];
			add_row(a, s, tables, 0, row)->remark = arena_printf(a,
			    "%s has another %s", source->id, s->fields[at]);
			row[at] = rows_value(r, at, number + 1);
			for (k = 1; k < p->sources.n; k++) {
				if (p->sources.v[k].join != JOIN_CROSS)
					add_row(a, s, tables, k, row);
			}
			number += 2;
		}
	}
	return number;
}

/* The rows 0 and 2 have what they join, 2 has two of it in one source, 1 has
 * nothing, and of 4 there is only what would be joined; from 5 on each differs
 * in one column that is compared, or lacks one source. */
static void
add_joins_case(struct arena *a, struct trial *t, const struct rows *r)
{
	struct trial_table *tables = new_tables(a, t->scope);
	struct value *row;
	bool doubled = false;
	size_t n = t->pipeline->sources.n;
	size_t joined = 0;
	size_t next;
	size_t i;

	add_rows(a, t->scope, tables, numbered_row(r, 0), "matches");
	row = numbered_row(r, 1);
	add_row(a, t->scope, tables, 0, row)->remark = "matches nothing";
	row = numbered_row(r, 2);
	add_row(a, t->scope, tables, 0, row)->remark = "matches twice";
	for (i = 1; i < n; i++) {
		if (t->pipeline->sources.v[i].join == JOIN_CROSS)
			continue;
		add_row(a, t->scope, tables, i, row);
		if (!doubled)
			add_row(a, t->scope, tables, i, row);
		doubled = true;
		joined++;
		add_row(a, t->scope, tables, i, numbered_row(r, 4))->remark =
		    "joins nothing";
	}
	next = add_near_misses(a, t->scope, tables, r, 5);
	if (joined > 1)
		add_lacking(a, t->scope, tables, r, next);
	row = numbered_row(r, 3);
	for (i = 0; i < t->scope->width; i++) {
		if (r->is_numbered[i])
			row[i] = value_null(t->scope->types[i]);
	}
	add_row(a, t->scope, tables, 0, row)->remark = "has no key to join by";
	add_case(a, t, TRIAL_JOINS, tables);
}

static const char *
kept_remark(struct arena *a, struct trial *t, const struct value *row)
{
	enum eval_outcome outcome;
	const char *why;
	size_t i;

	for (i = 0; i < t->pipeline->filters.n; i++) {
		if (!scope_holds(a, t->scope, t->scope->filter[i]->root, row,
		        &outcome, &why))
			return outcome == EVAL_VALUE ? "dropped" : NULL;
	}
	return "kept";
}

static void
add_filters_case(struct arena *a, struct trial *t, const struct rows *r)
{
	struct trial_table *tables = new_tables(a, t->scope);
	const size_t most = 9;
	size_t number = 1;
	size_t i;
	size_t j;

	add_rows(a, t->scope, tables, r->v[0], "kept");
	for (i = 0; i < t->scope->width; i++) {
		if (!r->is_filtered[i] || r->is_numbered[i])
			continue;
		for (j = 0; j < r->n_values[i] && number < most; j++) {
			struct value *row = numbered_row(r, number);
			const char *remark;

			row[i] = r->values[i][j];
			remark = kept_remark(a, t, row);
			if (!remark || value_compare(&row[i], &r->v[0][i]) == 0)
				continue;
			add_rows(a, t->scope, tables, row, remark);
			number++;
		}
	}
	add_case(a, t, TRIAL_FILTERS, tables);
}

void
cases_make(struct arena *a, struct trial *t, struct rows *rows)
{
	add_columns_case(a, t, rows);
	add_nulls_case(a, t);
	add_duplicates_case(a, t, rows);
	if (t->pipeline->sources.n > 1)
		add_joins_case(a, t, rows);
	if (t->pipeline->filters.n > 0)
		add_filters_case(a, t, rows);
}
