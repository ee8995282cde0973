#include "base/base.h"

#include "core/proposals.h"

/* The fields that a row cannot do without. */
static const enum mapping_field needed[] = {
    FIELD_TARGET_TABLE, FIELD_TARGET_COLUMN};

static const char *
cell_of(struct arena *a, const struct mapping *m, const struct sheet_row *row,
    enum mapping_field field)
{
	if (m->field[field] < 0)
		return "";
	return str_trim(a, row->cell[m->field[field]]);
}

/* The row of the sheet that fills the same column. Names are compared as
 * people write them. */
static const struct sheet_row *
find_same(struct arena *a, const struct mapping *m,
    const struct proposed_row *row)
{
	const struct sheet *sheet = m->sheet;

	for (size_t i = 0; i < sheet->rows.n; i++) {
		bool same = true;

		for (size_t k = 0; k < COUNT_OF(needed); k++)
			same = same &&
			    str_ieq(cell_of(a, m, &sheet->rows.v[i], needed[k]),
			        row->cell[needed[k]]);
		if (same)
			return &sheet->rows.v[i];
	}
	return NULL;
}

static void
add_row(struct arena *a, const struct mapping *rows,
    const struct sheet_row *from, const struct problems *problems,
    struct proposal *ret)
{
	struct proposed_row *row = LIST_ADD(a, &ret->rows);
	const struct sheet_row *same;

	*row = (struct proposed_row){0};
	for (unsigned int f = 0; f < FIELD__COUNT; f++) {
		row->cell[f] = cell_of(a, rows, from, (enum mapping_field)f);
		row->before[f] = "";
		ret->is_used[f] = ret->is_used[f] || row->cell[f][0];
	}
	same = find_same(a, &ret->mapping, row);
	for (unsigned int f = 0; same && f < FIELD__COUNT; f++)
		row->before[f] = cell_of(a, &ret->mapping, same,
		    (enum mapping_field)f);
	row->replaces = same ? same->row : 0;
	for (size_t i = 0; i < problems->n; i++) {
		const struct problem *p = &problems->v[i];

		if (p->row != from->row)
			continue;
		*LIST_ADD(a, &row->problems) = p;
		row->has_errors = row->has_errors ||
		    code_info(p->code)->severity == SEVERITY_ERROR;
	}
}

/* What is wrong with all of it, in one sentence; NULL if nothing is. */
static const char *
wrong_with(struct arena *a, const struct mapping *rows,
    const struct problems *problems, bool is_sheet)
{
	size_t i;

	if (!is_sheet)
		return problems->n > 0 ? problems->v[0].message
		                       : "There are no rows.";
	for (i = 0; i < COUNT_OF(needed); i++) {
		if (rows->field[needed[i]] < 0)
			return arena_printf(a, "There is no column %s.",
			    mapping_field_name(needed[i]));
	}
	if (rows->sheet->rows.n == 0)
		return "There are no rows.";
	if (rows->sheet->rows.n > PROPOSAL_MAX_ROWS)
		return arena_printf(a, "There are more than %d rows.",
		    PROPOSAL_MAX_ROWS);
	return NULL;
}

bool
proposal_read(struct arena *a, struct slice sheet, struct slice rows,
    struct proposal *ret, const char **ret_why)
{
	struct problems *problems = arena_new(a, struct problems);
	struct mapping *read = arena_new(a, struct mapping);
	bool is_sheet;
	size_t i;

	*ret = (struct proposal){0};
	*problems = (struct problems){0};
	*ret_why = "The sheet itself cannot be read.";
	if (!mapping_load(a, sheet, &ret->mapping, &ret->problems))
		return false;
	is_sheet = rows.n > 0 && mapping_load(a, rows, read, problems);
	*ret_why = wrong_with(a, read, problems, is_sheet);
	if (*ret_why)
		return false;
	for (i = 0; i < read->sheet->rows.n; i++)
		add_row(a, read, &read->sheet->rows.v[i], problems, ret);
	return true;
}

/* The sheet with room for every field that a row has: columns that it lacks
 * are added at its right. *field gets where each field is. */
static struct sheet
widened(struct arena *a, const struct proposal *p, int *field)
{
	const struct sheet *was = p->mapping.sheet;
	struct sheet sheet = *was;
	size_t i;

	sheet.header = arena_array(a, const char *,
	    was->n_headers + FIELD__COUNT);
	for (i = 0; i < was->n_headers; i++)
		sheet.header[i] = was->header[i];
	for (unsigned int f = 0; f < FIELD__COUNT; f++) {
		field[f] = p->mapping.field[f];
		if (field[f] >= 0 || !p->is_used[f])
			continue;
		field[f] = (int)sheet.n_headers;
		sheet.header[sheet.n_headers++] =
		    mapping_field_name((enum mapping_field)f);
	}
	sheet.rows.v = NULL;
	sheet.rows.n = sheet.rows.cap = 0;
	for (i = 0; i < was->rows.n; i++) {
		const char **cell = arena_array(a, const char *,
		    sheet.n_headers);

		for (size_t c = 0; c < sheet.n_headers; c++)
			cell[c] = c < was->n_headers ? was->rows.v[i].cell[c]
			                             : "";
		*LIST_ADD(a, &sheet.rows) = (struct sheet_row){
		    .row = was->rows.v[i].row, .cell = cell};
	}
	return sheet;
}

static void
put_cells(const struct proposed_row *row, const int *field, const char **cell)
{
	for (unsigned int f = 0; f < FIELD__COUNT; f++) {
		if (field[f] >= 0)
			cell[field[f]] = row->cell[f];
	}
}

static const char **
find_cells(const struct sheet *sheet, int64_t row)
{
	for (size_t i = 0; i < sheet->rows.n; i++) {
		if (sheet->rows.v[i].row == row)
			return sheet->rows.v[i].cell;
	}
	return NULL;
}

static void
append(struct arena *a, struct sheet *sheet, const struct proposed_row *row,
    const int *field)
{
	const char **cell = arena_array(a, const char *, sheet->n_headers);
	int64_t last = sheet->header_row;

	for (size_t c = 0; c < sheet->n_headers; c++)
		cell[c] = "";
	if (sheet->rows.n > 0)
		last = sheet->rows.v[sheet->rows.n - 1].row;
	put_cells(row, field, cell);
	*LIST_ADD(a, &sheet->rows) = (struct sheet_row){
	    .row = last + 1, .cell = cell};
}

struct slice
proposal_apply(struct arena *a, const struct proposal *p, const bool *accepted)
{
	int field[FIELD__COUNT];
	struct sheet sheet = widened(a, p, field);

	for (size_t i = 0; i < p->rows.n; i++) {
		const struct proposed_row *row = &p->rows.v[i];
		const char **cell;

		if (!accepted[i])
			continue;
		cell = row->replaces ? find_cells(&sheet, row->replaces) : NULL;
		if (cell)
			put_cells(row, field, cell);
		else
			append(a, &sheet, row, field);
	}
	return sheet_write(a, &sheet);
}
