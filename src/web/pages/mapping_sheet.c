#include "base/base.h"

#include "web/pages/mapping_sheet.h"

#include "web/form.h"
#include "web/pages/components.h"
#include "web/pages/mapping_editor.h"

#include <string.h>

/* A cell longer than this is cut in the table; the editor has it all. */
#define CELL_SHOWN 600

struct row_problems
page_row_problems(const struct problems *list, int64_t row)
{
	size_t low = 0;
	size_t high = list->n;
	struct row_problems ret;

	while (low < high) {
		size_t mid = (low + high) / 2;

		if (list->v[mid].row < row)
			low = mid + 1;
		else
			high = mid;
	}
	ret.v = list->v + low;
	for (ret.n = 0;
	     low + ret.n < list->n && list->v[low + ret.n].row == row; ret.n++)
		;
	return ret;
}

static const struct url *
base_url(struct arena *a, const struct sheet_page *s, bool only_bad)
{
	return url_with(a, url_path(a, "/mappings/%" PRId64, s->stored->id.v),
	    "rows", only_bad ? "problems" : NULL);
}

static const struct url *
row_url(struct arena *a, const struct url *u, int64_t row)
{
	return url_fragment(a, u, arena_printf(a, "R%" PRId64, row));
}

/* The page on which a row stands, in the present selection of rows. */
static int64_t
page_of(const struct sheet_page *s, int64_t row)
{
	const struct sheet *sheet = s->compiled->mapping.sheet;
	int64_t position = 0;
	size_t i;

	for (i = 0; i < sheet->rows.n && sheet->rows.v[i].row < row; i++)
		position += !s->only_bad || s->is_bad[i] ? 1 : 0;
	return position / SHEET_PER_PAGE + 1;
}

static const struct url *
present_url(struct arena *a, const struct sheet_page *s, int64_t row)
{
	int64_t page = page_of(s, row);

	return url_with(a, base_url(a, s, s->only_bad), "page",
	    page > 1 ? arena_printf(a, "%" PRId64, page) : NULL);
}

/* The rows with problems. What was sent for a row and rejected is shown again
 * as it was typed, wherever the row stands now. */
static void
find_bad_rows(struct req *req, struct sheet_page *s)
{
	const struct sheet *sheet = s->compiled->mapping.sheet;
	size_t n = s->compiled->has_sheet ? sheet->rows.n : 0;
	bool *bad = arena_array(req->arena, bool, n + 1);
	size_t i;

	s->is_bad = bad;
	for (i = 0; i < n; i++) {
		bad[i] = page_row_problems(&s->compiled->problems,
		             sheet->rows.v[i].row)
		             .n > 0;
		s->bad_rows += bad[i] ? 1 : 0;
		if (req->method == METHOD_POST &&
		    sheet->rows.v[i].row == s->edit)
			bad[i] = true;
	}
}

void
sheet_page_init(struct req *req, const struct stored_mapping *stored,
    const struct compiled *compiled, struct sheet_page *ret)
{
	const char *edit = query_get(req, "edit");
	const char *shown = query_get(req, "row");
	int64_t row;

	*ret = (struct sheet_page){.stored = stored,
	    .compiled = compiled,
	    .page = component_page(req)};
	if (req->method == METHOD_POST)
		ret->edit = req->param[1];
	else if (!edit || !str_to_int(edit, 1, INT64_MAX, &ret->edit))
		ret->edit = 0;
	find_bad_rows(req, ret);
	ret->only_bad = ret->bad_rows > 0 &&
	    str_eq(query_get(req, "rows"), "problems");
	if (!compiled->has_sheet || query_get(req, "page"))
		return;
	if (ret->edit > 0)
		ret->page = page_of(ret, ret->edit);
	else if (shown && str_to_int(shown, 1, INT64_MAX, &row))
		ret->page = page_of(ret, row);
}

static const struct url *
edit_url(struct arena *a, const struct sheet_page *s, int64_t row)
{
	return url_with(a, present_url(a, s, row), "edit",
	    arena_printf(a, "%" PRId64, row));
}

const struct url *
sheet_page_place(struct req *req, const struct problem *p, const void *data)
{
	struct arena *a = req->arena;
	const struct sheet_page *s = data;
	const struct url *u;

	if (!s->compiled->has_sheet || p->row == 0)
		return NULL;
	u = edit_url(a, s, p->row);
	return p->column < 0
	    ? row_url(a, u, p->row)
	    : url_fragment(a, u, arena_printf(a, "cell-%d", p->column));
}

const struct url *
sheet_page_row(struct req *req, const struct sheet_page *s, int64_t row)
{
	return row_url(req->arena, present_url(req->arena, s, row), row);
}

const struct problem *
sheet_page_next_error(const struct sheet_page *s, int64_t row)
{
	const struct problems *list = &s->compiled->problems;
	const struct problem *first = NULL;
	size_t i;

	for (i = 0; i < list->n; i++) {
		const struct problem *p = &list->v[i];

		if (p->row == 0 ||
		    code_info(p->code)->severity != SEVERITY_ERROR)
			continue;
		if (p->row >= row)
			return p;
		if (!first)
			first = p;
	}
	return first;
}

static const struct err *
add_cell_problem(struct html_list *list, const struct problem *p)
{
	const struct code_info *info = code_info(p->code);
	bool warning = info->severity == SEVERITY_WARNING;
	struct view *v = view_new(list->arena, "mapping#cell_problem");

	view_bool(v, "is_warning", warning);
	view_text(v, "severity", warning ? "warning" : "error");
	view_url(v, "code_url", component_code_url(list->arena, p->code));
	view_text(v, "code", info->id);
	view_text(v, "message", p->message);
	view_text(v, "fix", p->fix);
	return html_list_render(list, v);
}

const struct err *
page_cell_problems(struct arena *a, struct row_problems problems, int column,
    const struct html **ret_html, const char **ret_class)
{
	struct html_list list;
	const struct err *e;
	size_t i;

	*ret_html = NULL;
	*ret_class = "";
	html_list_init(&list, a);
	for (i = 0; i < problems.n; i++) {
		const struct problem *p = &problems.v[i];

		if (p->column != column)
			continue;
		e = add_cell_problem(&list, p);
		if (e)
			return e;
		if (code_info(p->code)->severity == SEVERITY_ERROR)
			*ret_class = "has-error";
		else if (!(*ret_class)[0])
			*ret_class = "has-warning";
	}
	if (list.n > 0)
		*ret_html = html_join(&list);
	return NULL;
}

/* The bytes that a problem is about. Where it is about the end of the text,
 * its last character; none where it is about all of the cell. */
static struct slice
marked_bytes(struct slice text, const struct problem *p)
{
	size_t end = p->offset + p->length;
	size_t start = p->offset;

	if (end > text.n || end == 0)
		return (struct slice){text.p, 0};
	if (p->length == 0) {
		while (end > 0 && chr_is_space(text.p[end - 1]))
			end--;
		start = end > 0 ? end - 1 : 0;
		while (start > 0 &&
		    ((unsigned char)text.p[start] & 0xc0) == 0x80)
			start--;
	}
	return (struct slice){text.p + start, end - start};
}

/* The cell's text with the bytes marked that a problem is about. */
static const struct html *
marked_cell(struct arena *a, const char *text, struct row_problems problems,
    int column)
{
	struct html_range *ranges = arena_array(a, struct html_range,
	    problems.n + 1);
	struct slice all = slice_of(text);
	size_t end = 0;
	size_t n = 0;
	size_t i;

	for (i = 0; i < problems.n; i++) {
		const struct problem *p = &problems.v[i];

		struct slice marked = marked_bytes(all, p);
		size_t start = (size_t)(marked.p - all.p);

		if (p->column != column || marked.n == 0 || start < end)
			continue;
		end = start + marked.n;
		ranges[n++] = (struct html_range){start, end,
		    code_info(p->code)->severity == SEVERITY_ERROR
		        ? "mark-error"
		        : "mark-warning"};
	}
	if (n == 0)
		return html_breakable(a, utf8_cut(a, text, CELL_SHOWN));
	return html_marked(a, all, ranges, n);
}

static const char *
row_class(struct row_problems problems)
{
	size_t i;

	for (i = 0; i < problems.n; i++) {
		if (code_info(problems.v[i].code)->severity == SEVERITY_ERROR)
			return "has-error";
	}
	return problems.n > 0 ? "has-warning" : "";
}

/* A row of its own for the problems of a row as a whole, if there are any. */
static const struct err *
add_row_problems(struct html_list *rows, struct row_problems problems,
    size_t n_headers)
{
	struct view *v = view_new(rows->arena, "mapping#row_problem");
	const char *class_name;
	const struct html *html;
	const struct err *e;

	e = page_cell_problems(rows->arena, problems, -1, &html, &class_name);
	if (e || !html)
		return e;
	view_int(v, "columns", (int64_t)n_headers + 2);
	view_html(v, "problems_html", html);
	return html_list_render(rows, v);
}

static const struct err *
add_row(struct req *req, const struct sheet_page *s,
    const struct sheet_row *row, struct html_list *rows)
{
	struct arena *a = req->arena;
	struct row_problems problems = page_row_problems(&s->compiled->problems,
	    row->row);
	size_t n = s->compiled->mapping.sheet->n_headers;
	struct view *v = view_new(a, "mapping#row");
	const struct html *html;
	const struct err *e;
	struct html_list cells;
	const char *class_name;
	size_t i;

	html_list_init(&cells, a);
	for (i = 0; i < n; i++) {
		struct view *cell = view_new(a, "mapping#cell");

		e = page_cell_problems(a, problems, (int)i, &html, &class_name);
		if (e)
			return e;
		view_text(cell, "class", class_name);
		view_html(cell, "problems_html", html);
		view_html(cell, "text_html",
		    row->cell[i][0] == '\0'
		        ? NULL
		        : marked_cell(a, row->cell[i], problems, (int)i));
		e = html_list_render(&cells, cell);
		if (e)
			return e;
	}
	view_int(v, "row", row->row);
	view_text(v, "class", row_class(problems));
	view_url(v, "edit_url", row_url(a, edit_url(a, s, row->row), row->row));
	view_html(v, "cells_html", html_join(&cells));
	e = html_list_render(rows, v);
	if (e)
		return e;
	return add_row_problems(rows, problems, n);
}

/* Whether a header is the name of its field but for case and blanks. */
static bool
is_named(const char *header, const char *name)
{
	struct slice h = slice_trim(slice_of(header));
	size_t i;

	for (i = 0; i < h.n && name[i]; i++) {
		bool joint = name[i] == '_' && (h.p[i] == ' ' || h.p[i] == '-');

		if (!joint && chr_lower(h.p[i]) != name[i])
			return false;
	}
	return i == h.n && !name[i];
}

const char *
sheet_page_meaning(const struct mapping *m, size_t column)
{
	const char *name;

	if (m->meaning[column] == FIELD__COUNT)
		return "not recognised";
	name = mapping_field_name(m->meaning[column]);
	return is_named(m->sheet->header[column], name) ? "" : name;
}

static const struct err *
add_head_cells(struct req *req, const struct sheet_page *s, struct view *head)
{
	struct arena *a = req->arena;
	const struct mapping *m = &s->compiled->mapping;
	struct row_problems problems = page_row_problems(&s->compiled->problems,
	    m->sheet->header_row);
	const char *class_name;
	const struct html *html;
	const struct err *e;
	struct html_list cells;
	size_t i;

	html_list_init(&cells, a);
	for (i = 0; i < m->sheet->n_headers; i++) {
		struct view *v = view_new(a, "mapping#head_cell");

		e = page_cell_problems(a, problems, (int)i, &html, &class_name);
		if (e)
			return e;
		view_text(v, "class", class_name);
		view_text(v, "text", m->sheet->header[i]);
		view_text(v, "meaning", sheet_page_meaning(m, i));
		view_html(v, "problems_html", html);
		e = html_list_render(&cells, v);
		if (e)
			return e;
	}
	view_html(head, "cells_html", html_join(&cells));
	return NULL;
}

static const struct err *
fill_head(struct req *req, const struct sheet_page *s, struct view *v)
{
	struct arena *a = req->arena;
	const struct sheet *sheet = s->compiled->mapping.sheet;
	struct view *head = view_new(a, "mapping#head");
	const struct err *e;
	struct html_list rows;

	html_list_init(&rows, a);
	view_int(head, "row", sheet->header_row);
	view_url(head, "edit_url",
	    row_url(a, edit_url(a, s, sheet->header_row), sheet->header_row));
	e = add_head_cells(req, s, head);
	if (!e)
		e = html_list_render(&rows, head);
	if (!e)
		e = add_row_problems(&rows,
		    page_row_problems(&s->compiled->problems,
		        sheet->header_row),
		    sheet->n_headers);
	if (!e && s->edit == sheet->header_row)
		e = mapping_editor(req, s, sheet->header_row, sheet->header,
		    &rows);
	if (e)
		return e;
	view_html(v, "head_html", html_join(&rows));
	return NULL;
}

const struct err *
sheet_page_fill(struct req *req, const struct sheet_page *s, struct view *v)
{
	struct arena *a = req->arena;
	const struct sheet *sheet = s->compiled->mapping.sheet;
	int64_t skip = (s->page - 1) * SHEET_PER_PAGE;
	const struct err *e;
	struct html_list rows;
	int64_t position = 0;
	bool edited = s->edit == sheet->header_row;
	size_t i;

	html_list_init(&rows, a);
	for (i = 0; i < sheet->rows.n; i++) {
		const struct sheet_row *row = &sheet->rows.v[i];

		edited = edited || row->row == s->edit;
		if (s->only_bad && !s->is_bad[i])
			continue;
		if (position++ < skip || position > skip + SHEET_PER_PAGE)
			continue;
		e = row->row == s->edit
		    ? mapping_editor(req, s, row->row, row->cell, &rows)
		    : add_row(req, s, row, &rows);
		if (e)
			return e;
	}
	if (!edited && req->method == METHOD_POST && s->edit > 0) {
		e = mapping_editor_lost(req, s, &rows);
		if (e)
			return e;
	}
	view_html(v, "rows_html", html_join(&rows));
	view_text(v, "rows", component_count(a, (int64_t)sheet->rows.n));
	view_bool(v, "several_rows", sheet->rows.n != 1);
	view_int(v, "bad_rows", (int64_t)s->bad_rows);
	view_url(v, "all_url", base_url(a, s, false));
	view_url(v, "bad_url", base_url(a, s, true));
	view_bool(v, "shows_all", !s->only_bad);
	view_bool(v, "shows_bad", s->only_bad);
	e = fill_head(req, s, v);
	if (e)
		return e;
	return component_pager(req, v, base_url(a, s, s->only_bad), s->page,
	    SHEET_PER_PAGE, position);
}

void
sheet_page_none(struct view *v)
{
	view_html(v, "rows_html", NULL);
	view_html(v, "head_html", NULL);
	view_html(v, "pager_html", NULL);
	view_text(v, "rows", "");
	view_bool(v, "several_rows", false);
	view_int(v, "bad_rows", 0);
	view_url(v, "all_url", NULL);
	view_url(v, "bad_url", NULL);
	view_bool(v, "shows_all", false);
	view_bool(v, "shows_bad", false);
}
