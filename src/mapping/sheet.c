#include "base/base.h"

#include "mapping/sheet.h"

#include "base/buf.h"
#include "mapping/csv.h"
#include "mapping/encoding.h"
#include "mapping/field.h"
#include "mapping/name.h"
#include "mapping/separator.h"

#include <string.h>

/* A row before it is known how wide the sheet is. */
struct raw_row {
	int64_t row;
	size_t first;  /* index into the cells */
	size_t stored; /* cells that are there, at most SHEET_MAX_HEADERS */
	size_t width;  /* cells the text has */
	size_t used;   /* up to the last one that is not blank */
	int extra;     /* the first cell with text beyond the header row */
	int torn;      /* the cell that a comma tears apart; -1 if none */
};

struct reading {
	struct arena *a;
	struct problems *problems;
	struct sheet *sheet;
	char *p;                      /* the decoded text */
	LIST_OF(const char *) cells;  /* of all rows */
	LIST_OF(struct raw_row) rows; /* the header row first */
	/* Of the row being read: an unquoted cell with more ( than ), and how
	 * many are still open. */
	size_t open_column;
	int64_t open_depth;
};

static void
add_problem(struct reading *r, enum err_code code, int64_t row, size_t column,
    const char *message)
{
	if (r->problems->n < SHEET_MAX_PROBLEMS)
		problem_add(r->problems, r->a, code, row, (int)column, "%s",
		    message);
}

/* Parentheses within a string of the expression do not count. */
static int64_t
depth_of(const char *s, size_t n)
{
	bool in_string = false;
	int64_t depth = 0;
	size_t i;

	for (i = 0; i < n; i++) {
		if (s[i] == '\'')
			in_string = !in_string;
		else if (!in_string)
			depth += (s[i] == '(') - (s[i] == ')');
	}
	return depth;
}

/* "coalesce(x" and " 'y')" were one cell before the comma came between. */
static void
watch_parentheses(struct reading *r, struct raw_row *row, const char *text,
    size_t n, const struct csv_span *span)
{
	int64_t depth;

	if (r->sheet->separator != ',')
		return;
	if (span->quoted) {
		r->open_depth = 0;
		return;
	}
	depth = depth_of(text, n);
	if (r->open_depth == 0) {
		r->open_depth = depth > 0 ? depth : 0;
		r->open_column = span->column;
		return;
	}
	r->open_depth += depth;
	if (r->open_depth <= 0) {
		if (r->open_depth == 0 && row->torn < 0)
			row->torn = (int)r->open_column;
		r->open_depth = 0;
	}
}

/* Whether the header row has a place for the column. */
static bool
is_extra(const struct reading *r, size_t column)
{
	return column >= SHEET_MAX_HEADERS ||
	    (r->rows.n > 0 && column >= r->rows.v[0].width);
}

static void
add_cell(struct reading *r, struct raw_row *row, const struct csv_span *span)
{
	size_t n;
	const char *text = csv_text(r->p, span, &n);

	row->width++;
	if (span->column < SHEET_MAX_HEADERS) {
		*LIST_ADD(r->a, &r->cells) = text;
		row->stored++;
	}
	watch_parentheses(r, row, text, n, span);
	if (cell_is_blank((struct slice){text, n}))
		return;
	row->used = row->width;
	if (row->extra < 0 && is_extra(r, span->column))
		row->extra = (int)span->column;
	if (span->column >= SHEET_MAX_HEADERS)
		return;
	if (n > SHEET_MAX_CELL && r->problems->n < SHEET_MAX_PROBLEMS)
		problem_add(r->problems, r->a, M_CELL_TOO_LONG, span->row,
		    (int)span->column,
		    "The cell has %zu bytes; %zu are allowed.", n,
		    SHEET_MAX_CELL);
	if (span->dirty)
		add_problem(r, M_TEXT_AFTER_QUOTE, span->row, span->column,
		    "Text follows the closing quote of the cell.");
}

/* Keeps the row if it holds anything. False if there are too many. */
static bool
end_row(struct reading *r, const struct raw_row *row)
{
	r->open_depth = 0;
	if (row->used == 0) {
		r->cells.n = row->first;
		return true;
	}
	if (r->rows.n > SHEET_MAX_ROWS) {
		problem_add(r->problems, r->a, M_TOO_MANY_ROWS, row->row, -1,
		    "The sheet goes on after %d mapping rows.", SHEET_MAX_ROWS);
		return false;
	}
	*LIST_ADD(r->a, &r->rows) = *row;
	return true;
}

static const char *
newline_of(char kind)
{
	if (kind == 'b')
		return "\r\n";
	return kind == 'r' ? "\r" : "\n";
}

static bool
report_empty(struct reading *r)
{
	problem_add(r->problems, r->a, M_EMPTY, 0, -1,
	    "The sheet holds no text.");
	return false;
}

/* Nothing but separators and white space, whichever separator it is. */
static bool
is_empty(struct slice text)
{
	size_t i;

	for (i = 0; i < text.n; i++) {
		if (!chr_is_space(text.p[i]) && !strchr(SEPARATORS, text.p[i]))
			return false;
	}
	return true;
}

static bool
read_rows(struct reading *r, struct slice text, int64_t first_row)
{
	struct raw_row row = {.row = 0};
	struct csv_span span;
	struct csv c;

	if (is_empty(text))
		return report_empty(r);
	csv_init(&c, text, r->sheet->separator);
	c.row = first_row;
	for (;;) {
		csv_skip_empty_rows(&c);
		if (!csv_next(&c, &span))
			break;
		if (span.open) {
			problem_add(r->problems, r->a, M_OPEN_QUOTE, span.row,
			    (int)span.column,
			    "The quote that opens this cell is never closed.");
			return false;
		}
		if (span.column == 0)
			row = (struct raw_row){.row = span.row,
			    .first = r->cells.n,
			    .extra = -1,
			    .torn = -1};
		add_cell(r, &row, &span);
		if (span.last && !end_row(r, &row))
			return false;
	}
	if (c.newline)
		r->sheet->newline = newline_of(c.newline);
	return r->rows.n > 0 || report_empty(r);
}

static size_t
count_known(const struct reading *r, const struct raw_row *row)
{
	uint32_t seen = 0;
	size_t n = 0;
	size_t i;

	for (i = 0; i < row->stored; i++) {
		enum mapping_field f =
		    mapping_field_find(r->cells.v[row->first + i]);

		if (f != FIELD__COUNT && !(seen & 1U << f)) {
			seen |= 1U << f;
			n++;
		}
	}
	return n;
}

/* The first row is the header row. Where it is a title instead, the row that
 * was meant is found and named. */
static bool
check_header(struct reading *r)
{
	const struct raw_row *header = &r->rows.v[0];
	size_t i;

	if (count_known(r, header) == 0) {
		for (i = 1; i < r->rows.n && i < SEPARATOR_HEADER_ROWS; i++) {
			struct problem *p;
			int64_t row = r->rows.v[i].row;

			if (count_known(r, &r->rows.v[i]) < 3)
				continue;
			p = problem_add(r->problems, r->a, M_HEADER_LATE,
			    header->row, -1,
			    "Row %" PRId64 " looks like the header row, but "
			    "there is text above it.",
			    row);
			p->fix = arena_printf(r->a,
			    "Remove everything above row %" PRId64 ".", row);
			return false;
		}
	}
	if (header->used > SHEET_MAX_HEADERS) {
		problem_add(r->problems, r->a, M_TOO_MANY_HEADERS, header->row,
		    -1, "The header row has %zu columns; %d are allowed.",
		    header->used, SHEET_MAX_HEADERS);
		return false;
	}
	return true;
}

/* Cells of a row, filled up to the width of the sheet. */
static const char **
make_cells(struct reading *r, const struct raw_row *row, size_t width)
{
	const char **cell = arena_array(r->a, const char *, width);
	size_t i;

	for (i = 0; i < width; i++)
		cell[i] = i < row->stored && i < row->used
		    ? r->cells.v[row->first + i]
		    : "";
	return cell;
}

static void
check_row(struct reading *r, const struct raw_row *row)
{
	const char *separator = r->sheet->separator == '\t'
	    ? "tab"
	    : arena_printf(r->a, "%c", r->sheet->separator);
	struct problem *p;

	if (r->problems->n >= SHEET_MAX_PROBLEMS)
		return;
	if (row->extra >= 0) {
		p = problem_add(r->problems, r->a, M_EXTRA_CELLS, row->row,
		    row->extra, "The row has %zu cells, the header row %zu.",
		    row->used, r->rows.v[0].width);
		p->fix = arena_printf(r->a,
		    "Put double quotes around the cell that contains the "
		    "separator (%s).",
		    separator);
	} else if (row->torn >= 0) {
		problem_add(r->problems, r->a, M_CELL_TORN, row->row, row->torn,
		    "The comma after \"%s\" starts the next cell.",
		    text_shown(r->a,
		        cell_trim(slice_of(r->cells.v[row->first +
		            (size_t)row->torn]))));
	}
}

/* Gives every row the width of the sheet. */
static void
finish(struct reading *r)
{
	const struct raw_row *header = &r->rows.v[0];
	struct sheet *s = r->sheet;
	size_t width = header->used;
	size_t i;

	for (i = 1; i < r->rows.n; i++) {
		if (r->rows.v[i].used > width)
			width = r->rows.v[i].used;
	}
	if (width > SHEET_MAX_HEADERS)
		width = SHEET_MAX_HEADERS;
	s->header_row = header->row;
	s->n_headers = width;
	s->n_extra = width > header->width ? width - header->width : 0;
	s->header = make_cells(r, header, width);
	for (i = 1; i < r->rows.n; i++) {
		struct sheet_row *row = LIST_ADD(r->a, &s->rows);

		row->row = r->rows.v[i].row;
		row->cell = make_cells(r, &r->rows.v[i], width);
		check_row(r, &r->rows.v[i]);
	}
}

bool
sheet_read(struct arena *a, struct slice bytes, struct sheet *ret,
    struct problems *problems)
{
	struct reading r = {.a = a, .problems = problems, .sheet = ret};
	size_t before = problems->n;
	struct decoded text;
	struct slice s;
	size_t skip = 0;
	size_t i;

	*ret = (struct sheet){.encoding = "UTF-8",
	    .separator = ',',
	    .newline = "\n",
	    .header_row = 1};
	if (!encoding_decode(a, bytes, &text, problems))
		return false;
	ret->encoding = text.encoding;
	ret->bom = text.bom;
	s = (struct slice){text.p, text.n};
	ret->separator = separator_line(s, &skip);
	ret->separator_line = ret->separator != 0;
	s = (struct slice){s.p + skip, s.n - skip};
	if (!ret->separator_line)
		ret->separator = separator_find(s);
	r.p = text.p + skip;
	if (!read_rows(&r, s, ret->separator_line ? 2 : 1) || !check_header(&r))
		return false;
	finish(&r);
	for (i = before; i < problems->n; i++) {
		struct problem *p = &problems->v[i];

		if (p->column >= 0 && (size_t)p->column < ret->n_headers)
			p->header = ret->header[p->column];
	}
	return true;
}

/* Whether a cell would be read as something else without quotes. */
static bool
needs_quotes(const struct sheet *s, const char *cell, bool first)
{
	const char *p = cell;

	/* The start of a file may look like a mark of another format. */
	if (first && *p && !chr_is_alnum(*p) && *p != '_')
		return true;
	if (slice_ieq((struct slice){cell, strlen(cell) < 4 ? 0 : 4}, "sep="))
		return true;
	for (; *p; p++) {
		if (*p == '"' || *p == s->separator || strchr(SEPARATORS, *p) ||
		    (*p > 0 && *p < ' ') || *p == (char)0xef)
			return true;
	}
	return false;
}

static void
write_cell(struct buf *b, const struct sheet *s, const char *cell, bool first)
{
	if (!needs_quotes(s, cell, first)) {
		buf_add_str(b, cell);
		return;
	}
	buf_add_chr(b, '"');
	for (;;) {
		const char *quote = strchr(cell, '"');

		if (!quote)
			break;
		buf_add(b, cell, (size_t)(quote - cell) + 1);
		buf_add_chr(b, '"');
		cell = quote + 1;
	}
	buf_add_str(b, cell);
	buf_add_chr(b, '"');
}

static void
write_row(struct buf *b, const struct sheet *s, const char *const *cell,
    size_t n, bool first)
{
	size_t i;

	for (i = 0; i < n; i++) {
		if (i > 0)
			buf_add_chr(b, s->separator);
		write_cell(b, s, cell[i], first && i == 0);
	}
	buf_add_chr(b, '\n');
}

static struct slice
write_sheet(struct arena *a, const struct sheet *s, bool separator_line)
{
	size_t width = s->n_headers - s->n_extra;
	int64_t row = 1;
	struct buf b;
	size_t i;

	/* A column beyond the header row may have got its header meanwhile. */
	for (i = width; i < s->n_headers; i++) {
		if (!cell_is_blank(slice_of(s->header[i])))
			width = i + 1;
	}
	/* Twice what every byte as a doubled quote would need, for cells that
	 * were corrected, and quotes and separators for every cell. */
	buf_init(&b, a,
	    4 * SHEET_MAX_BYTES +
	        (size_t)SHEET_MAX_ROWS * SHEET_MAX_HEADERS * 3);
	if (separator_line) {
		buf_printf(&b, "sep=%c\n", s->separator);
		row++;
	}
	for (; row < s->header_row; row++)
		buf_add_chr(&b, '\n');
	write_row(&b, s, s->header, width, true);
	row = s->header_row;
	for (i = 0; i < s->rows.n; i++) {
		for (row++; row < s->rows.v[i].row; row++)
			buf_add_chr(&b, '\n');
		write_row(&b, s, s->rows.v[i].cell, s->n_headers, false);
	}
	assert(!buf_full(&b));
	return buf_slice(&b);
}

struct slice
sheet_write(struct arena *a, const struct sheet *s)
{
	struct slice out = write_sheet(a, s, s->separator_line);

	/* A sheet made of nothing but tricks may look otherwise than it is. */
	if (!s->separator_line && s->n_headers > 1 &&
	    separator_find(out) != s->separator)
		return write_sheet(a, s, true);
	return out;
}
