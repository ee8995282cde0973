#include "base/base.h"

#include "web/pages/mapping_sheet.h"

#include "web/form.h"
#include "web/pages/components.h"

#include <string.h>

/* A cell longer than this is cut in the table; the editor has it all. */
#define CELL_SHOWN 600

/* The problems of one row: a slice of the sorted list. */
struct row_problems {
	const struct problem *v;
	size_t n;
};

static struct row_problems
problems_of(const struct problems *list, int64_t row)
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
	for (ret.n = 0; low + ret.n < list->n &&
	    list->v[low + ret.n].row == row; ret.n++)
		;
	return ret;
}

void
sheet_page_init(struct req *req, const struct stored_mapping *stored,
    const struct compiled *compiled, struct sheet_page *ret)
{
	const struct sheet *sheet = compiled->mapping.sheet;
	const char *edit = query_get(req, "edit");
	size_t n = compiled->has_sheet ? sheet->rows.n : 0;
	bool *bad = arena_array(req->arena, bool, n + 1);
	size_t i;

	*ret = (struct sheet_page){.stored = stored, .compiled = compiled,
	    .page = component_page(req), .is_bad = bad};
	for (i = 0; i < n; i++) {
		bad[i] = problems_of(&compiled->problems,
		    sheet->rows.v[i].row).n > 0;
		ret->bad_rows += bad[i] ? 1 : 0;
	}
	ret->only_bad = ret->bad_rows > 0 &&
	    str_eq(query_get(req, "rows"), "problems");
	if (!edit || !str_to_int(edit, 1, INT64_MAX, &ret->edit))
		ret->edit = 0;
	/* A rejected row is shown again as it was typed. */
	if (req->method == METHOD_POST)
		ret->edit = req->param[1];
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

const struct url *
sheet_page_place(struct req *req, const struct problem *p, const void *data)
{
	const struct sheet_page *s = data;

	if (!s->compiled->has_sheet || p->row == 0)
		return url_path(req->arena, "/mappings/%" PRId64,
		    s->stored->id.v);
	return row_url(req->arena, present_url(req->arena, s, p->row), p->row);
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
	return html_list_render(list, v);
}

/* The problems of one cell (column -1: of the row as a whole) as markup, and
 * the class of the cell; NULL and "" where there are none. */
static const struct err *
cell_problems(struct arena *a, struct row_problems problems, int column,
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

		if (p->column != column || p->length == 0 ||
		    p->offset < end || p->offset + p->length > all.n)
			continue;
		end = p->offset + p->length;
		ranges[n++] = (struct html_range){p->offset, end,
		    code_info(p->code)->severity == SEVERITY_ERROR
		        ? "mark-error" : "mark-warning"};
	}
	if (n == 0)
		return html_text(a, utf8_cut(a, text, CELL_SHOWN));
	return html_marked(a, all, ranges, n);
}

static const struct err *
add_row(struct req *req, const struct sheet_page *s, const struct sheet_row *row,
    struct html_list *rows)
{
	struct arena *a = req->arena;
	struct row_problems problems = problems_of(&s->compiled->problems,
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

		e = cell_problems(a, problems, (int)i, &html, &class_name);
		if (e)
			return e;
		view_text(cell, "class", class_name);
		view_html(cell, "problems_html", html);
		view_html(cell, "text_html", row->cell[i][0] == '\0' ? NULL
		    : marked_cell(a, row->cell[i], problems, (int)i));
		e = html_list_render(&cells, cell);
		if (e)
			return e;
	}
	e = cell_problems(a, problems, -1, &html, &class_name);
	if (e)
		return e;
	view_int(v, "row", row->row);
	view_text(v, "class", problems.n > 0 ? "has-error" : "");
	view_url(v, "edit_url", row_url(a, url_with(a, present_url(a, s,
	    row->row), "edit", arena_printf(a, "%" PRId64, row->row)),
	    row->row));
	view_html(v, "cells_html", html_join(&cells));
	e = html_list_render(rows, v);
	if (e || !html)
		return e;
	v = view_new(a, "mapping#row_problem");
	view_int(v, "columns", (int64_t)n + 2);
	view_html(v, "problems_html", html);
	return html_list_render(rows, v);
}

/* A row as a form; cells[i] is what stands in it. */
static const struct err *
add_editor(struct req *req, const struct sheet_page *s, int64_t row,
    const char *const *cells, struct html_list *rows)
{
	struct arena *a = req->arena;
	const struct mapping *m = &s->compiled->mapping;
	struct row_problems problems = problems_of(&s->compiled->problems, row);
	struct view *v = page_view(req, "mapping#editor");
	const char *class_name;
	const struct html *html;
	const struct err *e;
	struct html_list fields;
	size_t i;

	html_list_init(&fields, a);
	for (i = 0; i < m->sheet->n_headers; i++) {
		struct view *f = view_new(a, "mapping#editor_field");
		const char *typed = form_extra(req,
		    arena_printf(a, "%zu", i));

		e = cell_problems(a, problems, (int)i, &html, &class_name);
		if (e)
			return e;
		view_int(f, "index", (int64_t)i);
		view_text(f, "label", m->sheet->header[i][0]
		    ? m->sheet->header[i] : arena_printf(a, "Column %zu",
		        i + 1));
		view_bool(f, "is_wide",
		    m->meaning[i] == FIELD_TRANSFORMATION ||
		    strchr(cells[i], '\n') != NULL);
		view_text(f, "value", typed ? typed : cells[i]);
		view_html(f, "problems_html", html);
		e = html_list_render(&fields, f);
		if (e)
			return e;
	}
	view_int(v, "row", row);
	/* The header row stays above its editor and has the id already. */
	view_bool(v, "has_id", row != m->sheet->header_row);
	view_int(v, "columns", (int64_t)m->sheet->n_headers + 1);
	view_url(v, "save_url", url_path(a, "/mappings/%" PRId64 "/rows/%"
	    PRId64, s->stored->id.v, row));
	view_url(v, "cancel_url", row_url(a, present_url(a, s, row), row));
	view_int(v, "base", s->stored->revision_number);
	view_html(v, "fields_html", html_join(&fields));
	return html_list_render(rows, v);
}

static const struct err *
add_head_cells(struct req *req, const struct sheet_page *s, struct view *head)
{
	struct arena *a = req->arena;
	const struct mapping *m = &s->compiled->mapping;
	struct row_problems problems = problems_of(&s->compiled->problems,
	    m->sheet->header_row);
	const char *class_name;
	const struct html *html;
	const struct err *e;
	struct html_list cells;
	size_t i;

	html_list_init(&cells, a);
	for (i = 0; i < m->sheet->n_headers; i++) {
		struct view *v = view_new(a, "mapping#head_cell");
		const char *meaning = m->meaning[i] == FIELD__COUNT
		    ? "not recognised" : mapping_field_name(m->meaning[i]);

		e = cell_problems(a, problems, (int)i, &html, &class_name);
		if (e)
			return e;
		view_text(v, "class", class_name);
		view_text(v, "text", m->sheet->header[i]);
		view_text(v, "meaning", str_eq(meaning, m->sheet->header[i])
		        ? "" : meaning);
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
	view_url(head, "edit_url", row_url(a, url_with(a, base_url(a, s,
	    s->only_bad), "edit", arena_printf(a, "%" PRId64,
	    sheet->header_row)), sheet->header_row));
	e = add_head_cells(req, s, head);
	if (!e)
		e = html_list_render(&rows, head);
	if (!e && s->edit == sheet->header_row)
		e = add_editor(req, s, sheet->header_row, sheet->header, &rows);
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
	size_t i;

	html_list_init(&rows, a);
	for (i = 0; i < sheet->rows.n; i++) {
		const struct sheet_row *row = &sheet->rows.v[i];

		if (s->only_bad && !s->is_bad[i])
			continue;
		if (position++ < skip || position > skip + SHEET_PER_PAGE)
			continue;
		e = row->row == s->edit
		    ? add_editor(req, s, row->row, row->cell, &rows)
		    : add_row(req, s, row, &rows);
		if (e)
			return e;
	}
	view_html(v, "rows_html", html_join(&rows));
	view_text(v, "rows", component_count(a, (int64_t)sheet->rows.n));
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
