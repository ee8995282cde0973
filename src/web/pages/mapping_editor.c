#include "base/base.h"

#include "web/pages/mapping_editor.h"

#include "web/form.h"
#include "web/pages/components.h"

#include <string.h>

/* The names that a header may have, to choose from while typing. */
static const struct err *
add_suggestions(struct arena *a, struct view *v, bool suggests)
{
	const struct err *e;
	struct html_list list;
	int i;

	html_list_init(&list, a);
	for (i = 0; suggests && i < FIELD__COUNT; i++) {
		const char *name = mapping_field_name((enum mapping_field)i);

		e = component_option(&list, name, "", NULL);
		if (e)
			return e;
	}
	view_bool(v, "suggests", suggests);
	view_html(v, "suggestions_html", html_join(&list));
	return NULL;
}

static bool
has_error_elsewhere(const struct sheet_page *s, int64_t row)
{
	const struct problem *p = sheet_page_next_error(s, row + 1);

	return p && p->row != row;
}

/* What was typed into a cell stays typed; where the sheet says something else
 * by now, that is said. */
static void
fill_value(struct req *req, struct view *f, size_t column, const char *stored,
    bool has_problems)
{
	const char *typed = form_extra(req,
	    arena_printf(req->arena, "%zu", column));
	bool differs = typed && !str_eq(typed, stored);

	view_text(f, "value", typed ? typed : stored);
	view_bool(f, "differs", differs);
	view_bool(f, "described", differs || has_problems);
	view_text(f, "stored", stored);
}

/* One cell of a row as a field. */
static const struct err *
add_editor_field(struct req *req, const struct sheet_page *s, int64_t row,
    size_t column, const char *stored, struct html_list *fields)
{
	struct arena *a = req->arena;
	const struct mapping *m = &s->compiled->mapping;
	bool is_head = row == m->sheet->header_row;
	const char *header = m->sheet->header[column];
	struct view *f = view_new(a, "mapping#editor_field");
	const char *class_name;
	const struct html *html;
	const struct err *e;

	e = page_cell_problems(a,
	    page_row_problems(&s->compiled->problems, row), (int)column, &html,
	    &class_name);
	if (e)
		return e;
	view_int(f, "index", (int64_t)column);
	view_text(f, "label",
	    header[0] && !is_head ? header
	                          : arena_printf(a, "Column %zu", column + 1));
	view_text(f, "meaning", sheet_page_meaning(m, column));
	view_bool(f, "suggests", is_head);
	view_bool(f, "is_wide",
	    strchr(stored, '\n') ||
	        (m->meaning[column] == FIELD_TRANSFORMATION && !is_head));
	view_html(f, "problems_html", html);
	fill_value(req, f, column, stored, html != NULL);
	return html_list_render(fields, f);
}

const struct err *
mapping_editor(struct req *req, const struct sheet_page *s, int64_t row,
    const char *const *cells, struct html_list *rows)
{
	struct arena *a = req->arena;
	const struct sheet *sheet = s->compiled->mapping.sheet;
	bool is_head = row == sheet->header_row;
	struct view *v = page_view(req, "mapping#editor");
	const struct err *e;
	struct html_list fields;
	size_t i;

	html_list_init(&fields, a);
	for (i = 0; i < sheet->n_headers; i++) {
		e = add_editor_field(req, s, row, i, cells[i], &fields);
		if (e)
			return e;
	}
	e = add_suggestions(a, v, is_head);
	if (e)
		return e;
	view_int(v, "row", row);
	/* The header row stays above its editor and has the id already. */
	view_bool(v, "has_id", !is_head);
	view_text(v, "what",
	    is_head ? "the headers" : arena_printf(a, "row %" PRId64, row));
	view_text(v, "form_error", form_error(req, NULL));
	view_bool(v, "has_next", has_error_elsewhere(s, row));
	view_int(v, "columns", (int64_t)sheet->n_headers + 1);
	view_url(v, "save_url",
	    url_fragment(a,
	        url_with(a,
	            url_path(a, "/mappings/%" PRId64 "/rows/%" PRId64,
	                s->stored->id.v, row),
	            "rows", s->only_bad ? "problems" : NULL),
	        arena_printf(a, "R%" PRId64, row)));
	view_url(v, "cancel_url", sheet_page_row(req, s, row));
	view_int(v, "base", s->stored->revision_number);
	view_html(v, "fields_html", html_join(&fields));
	return html_list_render(rows, v);
}

const struct err *
mapping_editor_lost(struct req *req, const struct sheet_page *s,
    struct html_list *rows)
{
	size_t n = s->compiled->mapping.sheet->n_headers;
	const char **cells = arena_array(req->arena, const char *, n + 1);
	size_t i;

	for (i = 0; i < n; i++)
		cells[i] = "";
	return mapping_editor(req, s, s->edit, cells, rows);
}
