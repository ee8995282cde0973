#include "base/base.h"

#include "web/pages/pages.h"

#include "core/generations.h"
#include "core/own_patterns.h"
#include "web/pages/components.h"
#include "web/pages/graph.h"
#include "web/pages/mapping_sheet.h"
#include "web/pages/proposal.h"

#include <string.h>

#define PROBLEMS_SHOWN 50
#define GRAPHS_SHOWN 12
/* Pictures of more targets are shown when asked for. */
#define GRAPHS_OPEN 2
#define GENERATIONS_SHOWN 10

struct mapping_replace {
	struct upload file;
	int64_t base;
};

static const struct field replace_fields[] = {
    FIELD_FILE(struct mapping_replace, file, "CSV file", SHEET_MAX_BYTES),
    FIELD_INT(struct mapping_replace, base, "Revision", 1, INT64_MAX),
};

const struct form_table mapping_replace_form = FORM(struct mapping_replace,
    replace_fields);

struct mapping_row_form {
	int64_t base;
	bool next; /* then edit the next problem */
};

static const struct field row_fields[] = {
    FIELD_INT(struct mapping_row_form, base, "Revision", 1, INT64_MAX),
    FIELD_BOOL(struct mapping_row_form, next, "Next problem"),
};

const struct form_table mapping_row_form = FORM_PREFIX(struct mapping_row_form,
    row_fields, "cell.");

static struct mapping_id
mapping_of(const struct req *req)
{
	return (struct mapping_id){req->param[0]};
}

static const struct url *
own_url(struct req *req)
{
	return url_path(req->arena, "/mappings/%" PRId64, req->param[0]);
}

static size_t
count_sources(const struct mapping *m)
{
	size_t n = 0;
	size_t i;

	for (i = 0; i < m->targets.n; i++)
		n += m->targets.v[i].sources.n;
	return n;
}

static const char *
separator_name(char c)
{
	switch (c) {
	case ',':
		return "comma";
	case ';':
		return "semicolon";
	case '\t':
		return "tab";
	default:
		return "pipe";
	}
}

static const struct err *
add_facts(struct req *req, const struct stored_mapping *stored,
    const struct mapping *m, struct view *v)
{
	struct view *f = view_new(req->arena, "mapping#facts");
	const struct sheet *s = m->sheet;
	const struct html *html;
	const struct err *e;

	view_text(f, "encoding", s->encoding);
	view_bool(f, "bom", s->bom);
	view_text(f, "separator", separator_name(s->separator));
	view_text(f, "newline",
	    str_eq(s->newline, "\n")       ? "LF"
	        : str_eq(s->newline, "\r") ? "CR"
	                                   : "CRLF");
	view_text(f, "rows", component_count(req->arena, (int64_t)s->rows.n));
	view_int(f, "targets", (int64_t)m->targets.n);
	view_int(f, "sources", (int64_t)count_sources(m));
	view_text(f, "revision",
	    arena_printf(req->arena, "%" PRId64 " of %" PRId64,
	        stored->revision_number, stored->revision_count));
	e = view_render(f, &html);
	if (e)
		return e;
	view_html(v, "facts_html", html);
	return NULL;
}

static const struct err *
add_graphs(struct req *req, const struct mapping *m, struct view *v)
{
	const struct html *html;
	const struct err *e;

	e = graph_targets(req, m, GRAPHS_SHOWN, &html);
	if (e)
		return e;
	view_html(v, "graphs_html", html);
	view_bool(v, "few_graphs", m->targets.n <= GRAPHS_OPEN);
	view_bool(v, "graphs_cut", m->targets.n > GRAPHS_SHOWN);
	view_int(v, "graphs", GRAPHS_SHOWN);
	view_int(v, "targets", (int64_t)m->targets.n);
	return NULL;
}

static const struct err *
add_revisions(struct req *req, struct view *v)
{
	struct arena *a = req->arena;
	struct mapping_revisions list = {0};
	const struct err *e;
	struct html_list rows;
	size_t i;

	e = mappings_revisions(req->app, a, &req->session->user,
	    mapping_of(req), &list);
	if (e)
		return e;
	html_list_init(&rows, a);
	for (i = 0; i < list.n; i++) {
		const struct mapping_revision *r = &list.v[i];
		struct view *row = view_new(a, "mapping#revision");

		view_int(row, "number", r->number);
		view_text(row, "note", r->note);
		view_text(row, "author", r->author);
		view_url(row, "csv_url",
		    url_with(a,
		        url_path(a, "/mappings/%" PRId64 "/mapping.csv",
		            req->param[0]),
		        "revision", arena_printf(a, "%" PRId64, r->number)));
		e = component_time(req, row, "time_html", r->created_ms);
		if (!e)
			e = html_list_render(&rows, row);
		if (e)
			return e;
	}
	view_html(v, "revisions_html", html_join(&rows));
	return NULL;
}

static const struct err *
add_generations(struct req *req, struct view *v)
{
	struct arena *a = req->arena;
	struct generation_list list = {0};
	struct pattern_titles titles;
	const struct err *e;
	struct html_list rows;
	size_t i;

	e = generations_of_mapping(req->app, a, &req->session->user,
	    mapping_of(req), GENERATIONS_SHOWN, &list);
	if (!e)
		e = own_patterns_titles(req->app, a, &titles);
	if (e)
		return e;
	html_list_init(&rows, a);
	for (i = 0; i < list.n; i++) {
		const struct generation *g = &list.v[i];
		struct view *row = view_new(a, "mapping#generation");

		view_int(row, "id", g->id.v);
		view_url(row, "generation_url",
		    url_path(a, "/generations/%" PRId64, g->id.v));
		view_text(row, "pattern",
		    pattern_title(a, &titles, g->pattern, g->pattern_version));
		view_int(row, "revision", g->revision_number);
		e = component_time(req, row, "time_html", g->created_ms);
		if (!e)
			e = html_list_render(&rows, row);
		if (e)
			return e;
	}
	view_html(v, "generations_html", rows.n > 0 ? html_join(&rows) : NULL);
	return NULL;
}

/* Everything of the view that does not need a readable sheet. */
static const struct err *
fill_head(struct req *req, const struct stored_mapping *stored,
    const struct compiled *compiled, struct view *v)
{
	struct arena *a = req->arena;
	const struct problems *problems = &compiled->problems;
	/* What is wrong with a row is said at the row. */
	bool at_row = compiled->has_sheet && req->param[1] > 0;

	view_html(v, "name_html", html_breakable(a, stored->name));
	view_bool(v, "has_sheet", compiled->has_sheet);
	view_bool(v, "has_errors", problems->errors > 0);
	view_int(v, "errors", (int64_t)problems->errors);
	view_bool(v, "several_errors", problems->errors > 1);
	view_text(v, "form_error", at_row ? "" : form_error(req, NULL));
	view_text(v, "file_error", form_error(req, "file"));
	view_bool(v, "open_replace",
	    !compiled->has_sheet || compiled->mapping.sheet->rows.n == 0 ||
	        form_error(req, "file"));
	view_url(v, "csv_url",
	    url_path(a, "/mappings/%" PRId64 "/mapping.csv", stored->id.v));
	view_url(v, "pattern_url",
	    url_path(a, "/mappings/%" PRId64 "/pattern", stored->id.v));
	view_url(v, "replace_url", own_url(req));
	view_int(v, "base", stored->revision_number);
	view_int(v, "revision_count", stored->revision_count);
	return component_stepper(req, v, STEP_CHECK, stored->id);
}

static const struct err *
fill_sheet(struct req *req, const struct stored_mapping *stored,
    const struct compiled *compiled, struct view *v)
{
	struct sheet_page page;
	const struct html *html;
	const struct err *e;

	sheet_page_init(req, stored, compiled, &page);
	e = component_problems(req, &compiled->problems, PROBLEMS_SHOWN,
	    sheet_page_place, &page, &html);
	if (e)
		return e;
	view_html(v, "problems_html", html);
	e = add_graphs(req, &compiled->mapping, v);
	if (e)
		return e;
	if (!compiled->has_sheet) {
		view_html(v, "facts_html", NULL);
		sheet_page_none(v);
		return NULL;
	}
	e = add_facts(req, stored, &compiled->mapping, v);
	if (e)
		return e;
	return sheet_page_fill(req, &page, v);
}

const struct err *
page_mapping(struct req *req, struct resp *resp)
{
	struct view *v = page_view(req, "mapping");
	struct stored_mapping stored;
	struct compiled compiled;
	const struct err *e;

	e = mappings_get(req->app, req->arena, &req->session->user,
	    mapping_of(req), &stored);
	if (e)
		return e;
	compile_check(req->arena, stored.bytes, &compiled);
	e = fill_head(req, &stored, &compiled, v);
	if (!e)
		e = fill_sheet(req, &stored, &compiled, v);
	if (!e)
		e = proposal_section(req, &stored, &compiled, v);
	if (!e)
		e = add_revisions(req, v);
	if (!e)
		e = add_generations(req, v);
	if (e)
		return e;
	return page_render(req, resp,
	    arena_printf(req->arena, "Check %s", stored.name), v);
}

/* Tells how the sheet stands now, on the page that comes next. */
static const struct err *
revised(struct req *req, struct resp *resp, const struct compiled *compiled,
    const struct url *back)
{
	size_t n = compiled->problems.errors;

	if (n == 0)
		flash_set(req, resp, "ok", "Saved. No errors are left.");
	else
		flash_set(req, resp, "warning",
		    arena_printf(req->arena, "Saved. %zu error%s left.", n,
		        n == 1 ? " is" : "s are"));
	return resp_redirect(req, resp, back);
}

const struct err *
page_mapping_replace(struct req *req, struct resp *resp)
{
	const struct mapping_replace *form = form_values(req,
	    struct mapping_replace);
	struct compiled compiled;
	const struct err *e;

	if (form->file.bytes.n == 0) {
		form_reject(req, "file", "Choose a file that is not empty.");
		return NULL;
	}
	e = mappings_revise(req->app, &req->session->user, mapping_of(req),
	    form->base,
	    arena_printf(req->arena, "uploaded %s",
	        utf8_cut(req->arena, form->file.file_name, 200)),
	    form->file.bytes);
	if (e)
		return form_refuse(req, NULL, e);
	compile_check(req->arena, form->file.bytes, &compiled);
	return revised(req, resp, &compiled, own_url(req));
}

/* The cells of a row or of the header; NULL if there is no such row. */
static const char **
find_cells(const struct sheet *sheet, int64_t row)
{
	size_t i;

	if (row == sheet->header_row)
		return sheet->header;
	for (i = 0; i < sheet->rows.n; i++) {
		if (sheet->rows.v[i].row == row)
			return sheet->rows.v[i].cell;
	}
	return NULL;
}

/* Puts what was typed into the cells. Returns what changed in words, NULL if
 * nothing did. */
static const char *
apply_cells(struct req *req, const struct sheet *sheet, const char **cells)
{
	struct buf note;
	size_t changed = 0;
	size_t i;

	buf_init(&note, req->arena, 4096);
	buf_printf(&note, "row %" PRId64, req->param[1]);
	for (i = 0; i < sheet->n_headers; i++) {
		const char *typed = form_extra(req,
		    arena_printf(req->arena, "%zu", i));

		if (!typed || str_eq(typed, cells[i]))
			continue;
		buf_printf(&note, "%s %s: %s", changed++ ? ";" : ",",
		    sheet->header[i], utf8_cut(req->arena, typed, 80));
		cells[i] = typed;
	}
	return changed > 0 ? buf_str(&note) : NULL;
}

/* Where to go on when a row is saved: to the row, or to the next error. */
static const struct url *
after_row(struct req *req, const struct stored_mapping *stored,
    const struct compiled *compiled, bool next)
{
	const struct problem *p;
	struct sheet_page page;

	sheet_page_init(req, stored, compiled, &page);
	p = next ? sheet_page_next_error(&page, req->param[1]) : NULL;
	return p ? sheet_page_place(req, p, &page)
	         : sheet_page_row(req, &page, req->param[1]);
}

const struct err *
page_mapping_row(struct req *req, struct resp *resp)
{
	const struct mapping_row_form *form = form_values(req,
	    struct mapping_row_form);
	const struct user *user = &req->session->user;
	struct stored_mapping stored;
	struct compiled compiled;
	const struct sheet *sheet;
	const char **cells;
	const char *note;
	const struct err *e;
	struct slice bytes;

	e = mappings_get_revision(req->app, req->arena, user, mapping_of(req),
	    form->base, &stored);
	if (e)
		return e;
	compile_check(req->arena, stored.bytes, &compiled);
	sheet = compiled.mapping.sheet;
	cells = compiled.has_sheet ? find_cells(sheet, req->param[1]) : NULL;
	if (!cells)
		return err_new(W_NOT_FOUND, "The sheet has no row %" PRId64 ".",
		    req->param[1]);
	note = apply_cells(req, sheet, cells);
	bytes = sheet_write(req->arena, sheet);
	if (note) {
		e = mappings_revise(req->app, user, stored.id, form->base, note,
		    bytes);
		if (e)
			return form_refuse(req, NULL, e);
	}
	compile_check(req->arena, bytes, &compiled);
	return revised(req, resp, &compiled,
	    after_row(req, &stored, &compiled, form->next));
}

const struct err *
page_mapping_csv(struct req *req, struct resp *resp)
{
	const char *text = query_get(req, "revision");
	struct stored_mapping stored;
	const struct err *e;
	int64_t number;

	if (!text)
		e = mappings_get(req->app, req->arena, &req->session->user,
		    mapping_of(req), &stored);
	else if (str_to_int(text, 1, INT64_MAX, &number))
		e = mappings_get_revision(req->app, req->arena,
		    &req->session->user, mapping_of(req), number, &stored);
	else
		e = err_new(W_NOT_FOUND, "There is no revision %s.", text);
	if (e)
		return e;
	return resp_download(req, resp, "text/csv", stored.name, stored.bytes);
}
