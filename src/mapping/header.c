#include "base/base.h"

#include "mapping/reader.h"

#include "mapping/field.h"
#include "mapping/name.h"

/* The header row while it is being understood. */
struct headers {
	struct reader *r;
	struct cell *cell;         /* of each column */
	enum mapping_field *guess; /* what an unknown one may mean */
	bool *unknown;
	size_t n;
	bool missing[FIELD__COUNT]; /* required and not there */
	bool taken[FIELD__COUNT];   /* by a guess */
	bool any_bad;               /* one cell could not be read */
};

static struct cell
header_cell(const struct sheet *s, size_t column)
{
	struct slice raw = slice_of(s->header[column]);
	struct slice text = cell_trim(raw);

	return (struct cell){.text = text,
	    .shift = (size_t)(text.p - raw.p),
	    .row = s->header_row,
	    .column = (int)column};
}

static bool
column_is_blank(const struct sheet *s, size_t column)
{
	size_t i;

	for (i = 0; i < s->rows.n; i++) {
		if (!cell_is_blank(slice_of(s->rows.v[i].cell[column])))
			return false;
	}
	return true;
}

/* A column whose header is empty: no problem if it is empty throughout. */
static void
check_empty_header(struct reader *r, const struct cell *c)
{
	const struct sheet *s = r->sheet;

	/* Beyond the header row each cell is a problem of its own row. */
	if ((size_t)c->column >= s->n_headers - s->n_extra ||
	    column_is_blank(s, (size_t)c->column))
		return;
	reader_report(r, c, M_HEADER_EMPTY,
	    "Column %d has cells but no header.", c->column + 1);
}

static void
match(struct headers *h, size_t column)
{
	struct mapping *m = h->r->m;
	const struct cell *c = &h->cell[column];
	enum mapping_field field = field_find(c->text);
	struct problem *p;

	if (c->bad) {
		h->any_bad = true;
		return;
	}
	if (field == FIELD__COUNT) {
		h->unknown[column] = !cell_empty(c);
		if (cell_empty(c))
			check_empty_header(h->r, c);
		return;
	}
	if (m->field[field] < 0) {
		m->field[field] = (int)column;
		m->meaning[column] = field;
		return;
	}
	p = reader_report(h->r, c, M_HEADER_TWICE,
	    "\"%s\" and \"%s\" both mean %s.",
	    cell_shown(h->r, &h->cell[m->field[field]]), cell_shown(h->r, c),
	    mapping_field_name(field));
	reader_fix(h->r, p, "Keep one of the two columns.");
}

static void
find_missing(struct headers *h)
{
	static const enum mapping_field required[] = {
	    FIELD_SOURCE_TABLE, FIELD_TARGET_TABLE, FIELD_TARGET_COLUMN};
	const int *field = h->r->m->field;
	size_t i;

	for (i = 0; i < COUNT_OF(required); i++)
		h->missing[required[i]] = field[required[i]] < 0;
	if (field[FIELD_SOURCE_COLUMN] < 0 && field[FIELD_TRANSFORMATION] < 0) {
		h->missing[FIELD_SOURCE_COLUMN] = true;
		h->missing[FIELD_TRANSFORMATION] = true;
	}
}

/* Misspelled headers. */
static void
guess_by_letters(struct headers *h)
{
	size_t i;

	for (i = 0; i < h->n; i++) {
		enum mapping_field f = h->unknown[i]
		    ? field_guess(h->cell[i].text)
		    : FIELD__COUNT;

		if (f == FIELD__COUNT || h->taken[f] || h->r->m->field[f] >= 0)
			continue;
		h->guess[i] = f;
		h->taken[f] = true;
	}
}

static size_t
count_open(const struct headers *h, size_t *ret_missing)
{
	size_t unknown = 0;
	size_t i;

	*ret_missing = 0;
	for (i = 0; i < FIELD__COUNT; i++)
		*ret_missing += h->missing[i] && !h->taken[i];
	for (i = 0; i < h->n; i++)
		unknown += h->unknown[i] && h->guess[i] == FIELD__COUNT;
	return unknown;
}

/* An unknown header right before what usually follows a missing one, or right
 * after what usually comes before it; -1 if there is none. */
static int
find_by_neighbour(const struct headers *h, enum mapping_field missing)
{
	static const int steps[] = {1, -1};
	size_t i;

	for (i = 0; i < COUNT_OF(steps); i++) {
		int neighbour = (int)missing + steps[i];
		int column;

		if (neighbour < 0 || neighbour > FIELD_TRANSFORMATION)
			continue;
		column = h->r->m->field[neighbour];
		if (column < 0)
			continue;
		column -= steps[i];
		if (column >= 0 && (size_t)column < h->n &&
		    h->unknown[column] && h->guess[column] == FIELD__COUNT)
			return column;
	}
	return -1;
}

static int
next_open(const struct headers *h)
{
	size_t i;

	for (i = 0; i < h->n; i++) {
		if (h->unknown[i] && h->guess[i] == FIELD__COUNT)
			return (int)i;
	}
	return -1;
}

/* Headers in another language: as many unknown ones as are missing, or one at
 * the very place where a missing one belongs. */
static void
guess_by_place(struct headers *h)
{
	size_t missing;
	size_t unknown = count_open(h, &missing);
	bool in_order = unknown == missing;
	int f;

	/* Of source_column and transformation one is enough. */
	if (unknown + 1 == missing && h->missing[FIELD_TRANSFORMATION]) {
		h->taken[FIELD_TRANSFORMATION] = true;
		in_order = true;
	}
	for (f = 0; f <= FIELD_TRANSFORMATION; f++) {
		int column;

		if (!h->missing[f] || h->taken[f])
			continue;
		column = in_order ? next_open(h)
		                  : find_by_neighbour(h, (enum mapping_field)f);
		if (column < 0)
			continue;
		h->guess[column] = (enum mapping_field)f;
		h->taken[f] = true;
	}
}

static void
report_unknown(struct headers *h, size_t column)
{
	enum mapping_field guess = h->guess[column];
	const struct cell *c = &h->cell[column];
	struct problem *p = reader_report(h->r, c, M_HEADER_UNKNOWN,
	    "\"%s\" is no column of a mapping sheet.", cell_shown(h->r, c));

	if (guess == FIELD__COUNT)
		reader_fix(h->r, p,
		    "Remove the column, or rename it: %s are required; role, "
		    "key, join, filter, data_type, default, comment, alias and "
		    "rule may be there.",
		    FIELD_REQUIRED);
	else if (h->missing[guess])
		reader_fix(h->r, p, "%s is missing; did you mean it here?",
		    mapping_field_name(guess));
	else
		reader_fix(h->r, p, "Did you mean %s?",
		    mapping_field_name(guess));
}

static void
report_missing(struct headers *h)
{
	struct cell row = {.row = h->r->sheet->header_row, .column = -1};
	bool either = h->missing[FIELD_SOURCE_COLUMN] &&
	    h->missing[FIELD_TRANSFORMATION];
	size_t f;
	struct problem *p;

	if (either &&
	    (h->taken[FIELD_SOURCE_COLUMN] || h->taken[FIELD_TRANSFORMATION]))
		either = false;
	for (f = 0; f < FIELD__COUNT; f++) {
		const char *name = mapping_field_name((enum mapping_field)f);

		if (f == FIELD_SOURCE_COLUMN || f == FIELD_TRANSFORMATION ||
		    !h->missing[f] || h->taken[f])
			continue;
		p = reader_report(h->r, &row, M_HEADER_MISSING,
		    "The header row has no %s.", name);
		reader_fix(h->r, p, "Add the column %s.", name);
	}
	if (!either)
		return;
	p = reader_report(h->r, &row, M_HEADER_MISSING,
	    "The header row has neither source_column nor transformation.");
	reader_fix(h->r, p,
	    "Add the column source_column, transformation, or both.");
}

/* A row in which nothing is known is no header row: one problem, not one for
 * each cell. */
static bool
is_no_header_row(const struct headers *h)
{
	size_t i;

	for (i = 0; i < h->n; i++) {
		if (!h->unknown[i] && !cell_empty(&h->cell[i]))
			return false;
		if (h->guess[i] != FIELD__COUNT)
			return false;
	}
	return true;
}

static void
init(struct headers *h, struct reader *r)
{
	size_t n = r->sheet->n_headers;
	size_t i;

	*h = (struct headers){.r = r, .n = n};
	h->cell = arena_array(r->a, struct cell, n);
	h->guess = arena_array(r->a, enum mapping_field, n);
	h->unknown = arena_array(r->a, bool, n);
	r->m->meaning = arena_array(r->a, enum mapping_field, n);
	for (i = 0; i < n; i++) {
		h->cell[i] = header_cell(r->sheet, i);
		h->cell[i].bad = reader_is_bad(r, h->cell[i].row, (int)i);
		h->guess[i] = FIELD__COUNT;
		r->m->meaning[i] = FIELD__COUNT;
	}
	for (i = 0; i < n; i++) {
		if (!field_is_vague(h->cell[i].text))
			match(h, i);
	}
	for (i = 0; i < n; i++) {
		if (field_is_vague(h->cell[i].text))
			match(h, i);
	}
}

bool
read_headers(struct reader *r)
{
	struct cell row = {.row = r->sheet->header_row, .column = -1};
	struct headers h;
	size_t i;

	init(&h, r);
	find_missing(&h);
	guess_by_letters(&h);
	if (is_no_header_row(&h)) {
		struct problem *p = reader_report(r, &row, M_HEADER_MISSING,
		    "Row %" PRId64
		    " is no header row: it holds no known column name.",
		    row.row);

		reader_fix(r, p,
		    "Put a row with the headers %s above the mapping rows.",
		    FIELD_REQUIRED);
		return false;
	}
	guess_by_place(&h);
	for (i = 0; i < h.n; i++) {
		if (h.unknown[i])
			report_unknown(&h, i);
		r->foggy = r->foggy || h.unknown[i] || h.cell[i].bad;
	}
	/* The header that could not be read may be the one that is missing. */
	if (!h.any_bad)
		report_missing(&h);
	if (r->sheet->rows.n == 0)
		reader_report(r, &row, M_NO_ROWS,
		    "Nothing stands below the header row.");
	return true;
}
