#include "base/base.h"

#include "mapping/reader.h"

#include "base/buf.h"
#include "mapping/name.h"

/* More are not listed in a message. */
#define LISTED 8

/* The last n parts of the table's name are these. */
static bool
ends_with(const struct table_ref *t, const char *const *part, size_t n)
{
	size_t i;

	if (n > t->n_parts)
		return false;
	for (i = 0; i < n; i++) {
		if (!name_equal(t->part[t->n_parts - n + i], part[i]))
			return false;
	}
	return true;
}

size_t
find_qualifier(const struct mapping_target *t, const char *const *part,
    size_t n_parts, size_t *ret_n)
{
	size_t n = n_parts > 3 ? 3 : n_parts - 1;
	size_t i;

	if (n_parts < 2)
		return NONE;
	for (i = 0; i < t->sources.n; i++) {
		if (name_equal(t->sources.v[i].alias, part[0])) {
			*ret_n = 1;
			return i;
		}
	}
	for (; n > 0; n--) {
		for (i = 0; i < t->sources.n; i++) {
			if (ends_with(&t->sources.v[i].table, part, n)) {
				*ret_n = n;
				return i;
			}
		}
	}
	return NONE;
}

struct column_ref
mapping_resolve(const struct mapping_target *t, size_t own,
    const struct expr_column *column)
{
	size_t n = 0;
	size_t source = find_qualifier(t, column->part, column->n_parts, &n);
	bool qualified = source != NONE;

	return (struct column_ref){.source = qualified ? source : own,
	    .part = column->part + n,
	    .n_parts = column->n_parts - n,
	    .qualified = qualified};
}

const char *
known_aliases(struct arena *a, const struct mapping_target *t)
{
	struct buf b;
	size_t i;

	buf_init(&b, a, SHEET_MAX_CELL);
	for (i = 0; i < t->sources.n && i < LISTED; i++) {
		if (i > 0)
			buf_add_str(&b, i + 1 == t->sources.n ? " and " : ", ");
		buf_add_str(&b, text_shown(a, slice_of(t->sources.v[i].alias)));
	}
	if (i < t->sources.n)
		buf_add_str(&b, " and others");
	return buf_str(&b);
}

/* Another source that the same name could mean; NONE if there is none. An
 * alias that was given means its source alone. */
static size_t
find_other(const struct reader *r, size_t target, size_t found,
    const struct expr_column *column, size_t n)
{
	const struct target_state *state = &r->states.v[target];
	const struct mapping_target *t = &r->m->targets.v[target];
	bool by_alias = n == 1 &&
	    name_equal(t->sources.v[found].alias, column->part[0]);
	size_t i;

	if (by_alias && state->sources.v[found].alias)
		return NONE;
	for (i = 0; i < t->sources.n; i++) {
		if (i != found && (!by_alias || !state->sources.v[i].alias) &&
		    ends_with(&t->sources.v[i].table, column->part, n))
			return i;
	}
	return NONE;
}

/* Whether the first parts name something that other rows of the sheet read. */
static bool
names_other_source(struct reader *r, const struct expr_column *column)
{
	size_t n;

	for (n = 1; n <= 3 && n < column->n_parts; n++) {
		struct slice key = names_key(r->a, column->part, n);

		if (map_get(&r->qualifiers, key, NONE) != NONE)
			return true;
	}
	return false;
}

bool
is_blurred(const struct reader *r, size_t target)
{
	return r->states.v[target].blurred ||
	    (r->foggy && r->m->field[FIELD_ALIAS] < 0);
}

bool
check_column(struct reader *r, size_t target, const struct cell *cell,
    size_t offset, const struct expr_column *column, bool strict)
{
	const struct mapping_target *t = &r->m->targets.v[target];
	struct slice text;
	struct problem *p;
	size_t n;
	size_t found;
	size_t other;

	if (column->n_parts < 2)
		return false;
	text = (struct slice){
	    cell->text.p + offset + column->start, column->end - column->start};
	found = find_qualifier(t, column->part, column->n_parts, &n);
	if (found != NONE) {
		other = find_other(r, target, found, column, n);
		if (other == NONE)
			return false;
		p = reader_report(r, cell, M_ALIAS,
		    "%s may belong to %s or to %s.", text_shown(r->a, text),
		    t->sources.v[found].alias, t->sources.v[other].alias);
		reader_fix(r, p,
		    "Write one of these aliases before the column, or give the "
		    "tables aliases of your own.");
		problem_mark(p, cell, offset + column->start,
		    offset + column->end);
		return true;
	}
	if (is_blurred(r, target) ||
	    (!strict && !names_other_source(r, column)))
		return false;
	p = reader_report(r, cell, M_COLUMN_UNKNOWN_ALIAS,
	    "%s names no source of this target.", text_shown(r->a, text));
	reader_fix(r, p,
	    "This target reads %s. The field of a struct needs the alias, too: "
	    "%s.%s.",
	    known_aliases(r->a, t), t->sources.v[0].alias,
	    text_shown(r->a, text));
	problem_mark(p, cell, offset + column->start, offset + column->end);
	return true;
}

void
check_columns(struct reader *r, size_t target)
{
	const struct target_state *t = &r->states.v[target];
	size_t i;
	size_t k;

	for (i = 0; i < t->rows.n; i++) {
		const struct row_state *row = &r->rows.v[t->rows.v[i]];

		if (!row->parsed || row->source == NONE)
			continue;
		r->quiet = row->quiet;
		for (k = 0; k < row->parsed->columns.n; k++)
			check_column(r, target, &row->transformation, 0,
			    &row->parsed->columns.v[k], false);
	}
	r->quiet = false;
}
