#include "base/base.h"

#include "mapping/row.h"

#include "mapping/field.h"
#include "mapping/name.h"

#include <string.h>

static bool
repeats_header(const struct row *w)
{
	const struct sheet *s = w->r->sheet;
	bool any = false;
	size_t i;

	for (i = 0; i < s->n_headers; i++) {
		struct slice cell = slice_of(w->sheet_row->cell[i]);
		enum mapping_field field = w->r->m->meaning[i];

		if (cell_is_blank(cell))
			continue;
		if (!field_same_text(cell, slice_of(s->header[i])) &&
		    (field == FIELD__COUNT || field_find(cell) != field))
			return false;
		any = any || field != FIELD__COUNT;
	}
	return any;
}

static bool
only_comments(const struct row *w)
{
	size_t f;

	for (f = 0; f < FIELD__COUNT; f++) {
		if (f != FIELD_COMMENT &&
		    (w->cell[f].bad || !cell_empty(&w->cell[f])))
			return false;
	}
	return true;
}

/* Reports a cell that has to be there, if the sheet has its column. */
static void
report_if_empty(struct row *w, enum mapping_field field, enum err_code code,
    const char *what)
{
	const struct cell *c = &w->cell[field];
	struct problem *p;

	if (c->column < 0 || c->bad || !cell_empty(c))
		return;
	p = reader_report(w->r, c, code, "The row says no %s.", what);
	if (code != M_TARGET_COLUMN_MISSING && w->r->rows.n > 1)
		reader_fix(w->r, p,
		    "Write the %s in every row; a merged cell is empty below "
		    "its first row.",
		    what);
}

static size_t
add_target(struct row *w, const struct table_cell *table)
{
	struct reader *r = w->r;
	struct target_state *state = LIST_ADD(r->a, &r->states);
	struct mapping_target *t = LIST_ADD(r->a, &r->m->targets);

	state->table = table->id;
	state->cell = w->cell[FIELD_TARGET_TABLE];
	t->table = table->ref;
	t->row = w->sheet_row->row;
	r->tables.v[table->id].target = r->states.n - 1;
	return r->states.n - 1;
}

static size_t
find_target(struct row *w)
{
	const struct cell *c = &w->cell[FIELD_TARGET_TABLE];
	const struct table_cell *table = read_table(w->r, c);
	size_t target;
	struct problem *p;

	if (!table) {
		report_if_empty(w, FIELD_TARGET_TABLE, M_TARGET_MISSING,
		    "target table");
		return NONE;
	}
	if (table->alias) {
		p = reader_report(w->r, c, M_TABLE_NAME,
		    "A target has no alias, but \"%s\" follows its name.",
		    table->alias);
		reader_fix(w->r, p, "Write only the name of the target.");
		return NONE;
	}
	if (table->ref.kind == TABLE_PATH && strpbrk(table->ref.name, "*?[{")) {
		reader_report(w->r, c, M_TABLE_NAME,
		    "A target is one folder, but * ? [ and { stand for many.");
		return NONE;
	}
	target = w->r->tables.v[table->id].target;
	return target != NONE ? target : add_target(w, table);
}

/* The alias that the row gives its source, in the table cell or in a cell of
 * its own. False after a report. */
static bool
read_alias(struct row *w, const struct table_cell *table, const char **ret)
{
	const struct cell *c = &w->cell[FIELD_ALIAS];
	const char *alias;
	struct problem *p;

	*ret = table->alias;
	if (c->bad)
		return false;
	if (cell_empty(c))
		return true;
	if (!name_is_identifier(c->text)) {
		p = reader_report(w->r, c, M_ALIAS, "\"%s\" is no alias.",
		    cell_shown(w->r, c));
		reader_fix(w->r, p,
		    "Write one word of letters, digits and underscores.");
		return false;
	}
	alias = cell_str(w->r, c);
	if (table->alias && !name_equal(table->alias, alias)) {
		p = reader_report(w->r, c, M_ALIAS,
		    "The table cell says %s, the alias cell says %s.",
		    table->alias, alias);
		reader_fix(w->r, p, "Keep one of the two.");
		return false;
	}
	*ret = alias;
	return true;
}

static void
read_source(struct row *w)
{
	const struct cell *c = &w->cell[FIELD_SOURCE_TABLE];
	struct row_state *s = w->state;
	const char *alias;

	w->table = read_table(w->r, c);
	if (!w->table)
		report_if_empty(w, FIELD_SOURCE_TABLE, M_SOURCE_MISSING,
		    "source table");
	else if (read_alias(w, w->table, &alias) && s->target != NONE)
		s->source = find_source(w->r, s->target, w->table, alias, c,
		    &w->cell[FIELD_JOIN]);
	if (s->target != NONE && s->source == NONE)
		w->r->states.v[s->target].blurred = true;
}

/* Whether the row can take its column; reports if not. */
static bool
claim_column(struct row *w, const char *name)
{
	const struct cell *c = &w->cell[FIELD_TARGET_COLUMN];
	struct reader *r = w->r;
	struct target_state *t = &r->states.v[w->state->target];
	struct slice key = slice_of(name_fold(r->a, slice_of(name)));
	size_t first = map_get(&t->columns, key, NONE);

	if (first != NONE) {
		reader_report(r, c, M_TARGET_COLUMN_TWICE,
		    "The column %s of %s is mapped in row %zu already.",
		    text_shown(r->a, slice_of(name)),
		    text_shown(r->a,
		        slice_of(r->m->targets.v[w->state->target].table.name)),
		    first);
		return false;
	}
	(void)map_add(r->a, &t->columns, key, (size_t)w->sheet_row->row);
	if (++t->n_columns <= MAPPING_MAX_COLUMNS)
		return true;
	/* Once: the rows after it are part of the same fault. */
	if (t->n_columns == MAPPING_MAX_COLUMNS + 1)
		reader_report(r, c, M_TOO_MANY_COLUMNS,
		    "From this row on the target has more than %d columns.",
		    MAPPING_MAX_COLUMNS);
	return false;
}

/* What the row computes: a copy, an expression, or nothing. */
static void
read_value(struct row *w)
{
	const struct cell *column = &w->cell[FIELD_SOURCE_COLUMN];
	const struct cell *logic = &w->cell[FIELD_TRANSFORMATION];
	const struct cell *at = logic->column >= 0 ? logic : column;
	bool both = logic->column >= 0 && column->column >= 0;
	struct problem *p;

	w->out.source_column = row_source_column(w);
	w->out.transformation = row_transformation(w);
	if (!cell_empty(column) || !cell_empty(logic) || column->bad ||
	    logic->bad || at->column < 0 || (w->r->foggy && !both))
		return;
	p = reader_report(w->r, at, M_NOTHING_MAPPED,
	    "The row has neither a source column nor a transformation.");
	if (logic->column < 0 && w->cell[FIELD_RULE].column >= 0)
		reader_fix(w->r, p,
		    "A rule says what must be true of a row. If this column "
		    "says how values are made, call it transformation.");
}

static void
keep_row(struct row *w)
{
	struct reader *r = w->r;
	struct mapping_target *t = &r->m->targets.v[w->state->target];

	w->out.row = w->sheet_row->row;
	w->out.source = w->state->source;
	*LIST_ADD(r->a, &t->rows) = w->out;
}

static void
read_row(struct reader *r, const struct sheet_row *sheet_row)
{
	struct row w = {.r = r, .sheet_row = sheet_row};
	struct row_state state = {
	    .row = sheet_row->row, .target = NONE, .source = NONE};
	struct cell whole = {.row = sheet_row->row, .column = -1};
	size_t f;

	if (repeats_header(&w)) {
		reader_report(r, &whole, M_HEADER_AS_DATA,
		    "The row repeats the header row.");
		return;
	}
	state.quiet = r->quiet = reader_is_bad(r, sheet_row->row, -1);
	for (f = 0; f < FIELD__COUNT; f++)
		w.cell[f] = reader_cell(r, sheet_row, (enum mapping_field)f);
	if (only_comments(&w))
		return;
	w.state = &state;
	state.target = find_target(&w);
	read_source(&w);
	w.out.target_column = row_target_column(&w);
	report_if_empty(&w, FIELD_TARGET_COLUMN, M_TARGET_COLUMN_MISSING,
	    "target column");
	read_value(&w);
	row_details(&w);
	state.transformation = w.cell[FIELD_TRANSFORMATION];
	state.parsed = w.out.transformation;
	state.join = w.cell[FIELD_JOIN];
	state.filter = w.cell[FIELD_FILTER];
	state.rule = w.cell[FIELD_RULE];
	state.target_column = w.out.target_column;
	if (state.target != NONE) {
		*LIST_ADD(r->a, &r->states.v[state.target].rows) = r->rows.n;
		if (w.out.target_column &&
		    claim_column(&w, w.out.target_column) &&
		    state.source != NONE)
			keep_row(&w);
	}
	*LIST_ADD(r->a, &r->rows) = state;
}

void
read_rows(struct reader *r)
{
	size_t i;

	for (i = 0; i < r->sheet->rows.n; i++) {
		read_row(r, &r->sheet->rows.v[i]);
		r->quiet = false;
	}
}
