#include "base/base.h"

#include "web/pages/components.h"

#include "mapping/sheet.h"
#include "web/form.h"

#include <string.h>

/* A longer list of problems scrolls. */
#define PROBLEMS_AT_ONCE 8

static const char *const step_labels[STEP__COUNT] = {
    [STEP_UPLOAD] = "Upload",
    [STEP_CHECK] = "Check",
    [STEP_PATTERN] = "Pattern",
    [STEP_CODE] = "Code",
};

static const struct url *
step_url(struct arena *a, enum step step, struct mapping_id mapping)
{
	switch (step) {
	case STEP_CHECK:
		return url_path(a, "/mappings/%" PRId64, mapping.v);
	case STEP_PATTERN:
		return url_path(a, "/mappings/%" PRId64 "/pattern", mapping.v);
	case STEP_UPLOAD:
	case STEP_CODE:
	case STEP__COUNT:
		break;
	}
	return url_path(a, "/mappings/new");
}

const struct err *
component_stepper(struct req *req, struct view *v, enum step present,
    struct mapping_id mapping)
{
	struct view *nav = view_new(req->arena, "components#stepper");
	const struct html *html;
	const struct err *e;
	struct html_list steps;
	int i;

	html_list_init(&steps, req->arena);
	for (i = 0; i < STEP__COUNT; i++) {
		struct view *step = view_new(req->arena, "components#step");

		view_text(step, "label", step_labels[i]);
		view_bool(step, "is_done", i < (int)present);
		view_bool(step, "is_current", i == (int)present);
		view_url(step, "step_url",
		    step_url(req->arena, (enum step)i, mapping));
		e = html_list_render(&steps, step);
		if (e)
			return e;
	}
	view_html(nav, "steps_html", html_join(&steps));
	e = view_render(nav, &html);
	if (e)
		return e;
	view_html(v, "stepper_html", html);
	return NULL;
}

int64_t
component_page(const struct req *req)
{
	const char *text = query_get(req, "page");
	int64_t page = 1;

	if (text && !str_to_int(text, 1, INT64_C(1000000), &page))
		page = 1;
	return page;
}

static const struct url *
page_url(struct arena *a, const struct url *base, int64_t page)
{
	return url_with(a, base, "page", arena_printf(a, "%" PRId64, page));
}

const struct err *
component_pager(struct req *req, struct view *v, const struct url *base,
    int64_t page, int64_t per_page, int64_t total)
{
	struct arena *a = req->arena;
	struct view *nav = view_new(a, "components#pager");
	int64_t first = (page - 1) * per_page + 1;
	int64_t last = page * per_page < total ? page * per_page : total;
	const struct html *html;
	const struct err *e;

	view_html(v, "pager_html", NULL);
	if (total <= per_page && page == 1)
		return NULL;
	view_text(nav, "first", component_count(a, first));
	view_text(nav, "last", component_count(a, last));
	view_text(nav, "total", component_count(a, total));
	view_url(nav, "previous_url",
	    page > 1 ? page_url(a, base, page - 1) : NULL);
	view_url(nav, "next_url",
	    last < total ? page_url(a, base, page + 1) : NULL);
	e = view_render(nav, &html);
	if (e)
		return e;
	view_html(v, "pager_html", html);
	return NULL;
}

const struct err *
component_time(struct req *req, struct view *v, const char *key, int64_t ms)
{
	struct view *t = view_new(req->arena, "components#time");
	const struct html *html;
	const struct err *e;

	view_html(v, key, NULL);
	if (ms == 0)
		return NULL;
	view_text(t, "iso", time_format_iso(req->arena, ms));
	view_text(t, "exact", time_format(req->arena, ms));
	view_text(t, "relative",
	    time_format_relative(req->arena, ms, req->now_ms));
	e = view_render(t, &html);
	if (e)
		return e;
	view_html(v, key, html);
	return NULL;
}

const struct url *
component_code_url(struct arena *a, enum err_code code)
{
	return url_fragment(a, url_path(a, "/errors"), code_info(code)->id);
}

const struct url *
component_row_url(struct arena *a, struct mapping_id mapping, int64_t row)
{
	const struct url *u = url_path(a, "/mappings/%" PRId64, mapping.v);

	u = url_with(a, u, "row", arena_printf(a, "%" PRId64, row));
	return url_fragment(a, u, arena_printf(a, "R%" PRId64, row));
}

const struct err *
component_problems(struct req *req, const struct problems *problems, size_t max,
    const struct url *(*place_url)(struct req *, const struct problem *,
        const void *),
    const void *data, const struct html **ret)
{
	struct arena *a = req->arena;
	struct view *v = view_new(a,
	    problems->n > 0 ? "components#problems" : "components#all_clear");
	size_t warnings = problems->n - problems->errors;
	const struct err *e;
	struct html_list items;
	size_t i;

	html_list_init(&items, a);
	for (i = 0; i < problems->n && i < max; i++) {
		const struct problem *p = &problems->v[i];
		const struct code_info *info = code_info(p->code);
		struct view *item = view_new(a, "components#problem");

		view_text(item, "severity",
		    info->severity == SEVERITY_ERROR ? "error" : "warning");
		view_text(item, "code", info->id);
		view_url(item, "code_url", component_code_url(a, p->code));
		view_text(item, "place", place_url ? problem_place(a, p) : "");
		view_url(item, "place_url",
		    place_url ? place_url(req, p, data) : NULL);
		view_text(item, "message", p->message);
		view_text(item, "fix", p->fix);
		e = html_list_render(&items, item);
		if (e)
			return e;
	}
	view_bool(v, "is_long", problems->n > PROBLEMS_AT_ONCE);
	view_int(v, "errors", (int64_t)problems->errors);
	view_bool(v, "several_errors", problems->errors > 1);
	view_int(v, "warnings", (int64_t)warnings);
	view_bool(v, "several_warnings", warnings > 1);
	view_int(v, "more",
	    problems->n > max ? (int64_t)(problems->n - max) : 0);
	view_html(v, "items_html", html_join(&items));
	return view_render(v, ret);
}

static bool
is_among(int64_t number, const int64_t *list, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (list[i] == number)
			return true;
	}
	return false;
}

const struct err *
component_lines(struct arena *a, const char *text, const char *prefix,
    const int64_t *marked, size_t n, const struct html **ret)
{
	struct html_list list;
	const struct err *e;

	html_list_init(&list, a);
	for (int64_t number = 1; *text && number <= LINES_SHOWN; number++) {
		size_t length = strcspn(text, "\n");
		struct view *line = view_new(a, "components#line");

		view_int(line, "number", number);
		view_text(line, "prefix", prefix);
		view_bool(line, "is_bad", is_among(number, marked, n));
		view_slice(line, "text", (struct slice){text, length});
		e = html_list_render(&list, line);
		if (e)
			return e;
		text += length + (text[length] == '\n');
	}
	*ret = list.n > 0 ? html_join(&list) : NULL;
	return NULL;
}

const struct err *
component_option(struct html_list *list, const char *value, const char *label,
    const char *selected)
{
	struct view *v = view_new(list->arena, "components#option");

	view_text(v, "value", value);
	view_text(v, "label", label);
	view_bool(v, "is_selected", str_eq(value, selected));
	return html_list_render(list, v);
}

const struct url *
component_pattern_url(struct arena *a, const char *name, int64_t version)
{
	const struct url *u = url_path(a, "/patterns/%s", name);

	if (version == 0)
		return u;
	return url_with(a, u, "version", arena_printf(a, "%" PRId64, version));
}

static const struct err *
add_sheet_row(struct html_list *list, const char *const *cells, size_t n,
    bool head)
{
	struct arena *a = list->arena;
	struct view *row = view_new(a,
	    head ? "components#sheet_head" : "components#sheet_row");
	struct html_list html;
	const struct err *e;
	size_t i;

	html_list_init(&html, a);
	for (i = 0; i < n; i++) {
		struct view *cell = view_new(a,
		    head ? "components#sheet_th" : "components#sheet_td");

		view_text(cell, "text", cells[i]);
		e = html_list_render(&html, cell);
		if (e)
			return e;
	}
	view_html(row, "cells_html", html_join(&html));
	return html_list_render(list, row);
}

const struct err *
component_sheet(struct arena *a, struct slice bytes, const struct html **ret)
{
	struct problems problems = {0};
	struct sheet sheet;
	struct html_list list;
	const struct err *e;
	size_t i;

	*ret = NULL;
	if (!sheet_read(a, bytes, &sheet, &problems))
		return NULL;
	html_list_init(&list, a);
	e = add_sheet_row(&list, sheet.header, sheet.n_headers, true);
	for (i = 0; !e && i < sheet.rows.n; i++)
		e = add_sheet_row(&list, sheet.rows.v[i].cell, sheet.n_headers,
		    false);
	if (!e)
		*ret = html_join(&list);
	return e;
}

/* n in the unit, with one digit behind the point. */
static void
add_tenths(struct buf *b, int64_t n, int64_t unit)
{
	n = (n + unit / 20) / (unit / 10);
	buf_add_int(b, n / 10);
	buf_add_chr(b, '.');
	buf_add_int(b, n % 10);
}

const char *
component_duration(struct arena *a, int64_t us)
{
	struct buf b;

	buf_init(&b, a, 32);
	if (us < 10000) {
		add_tenths(&b, us, 1000);
		buf_add_str(&b, " ms");
	} else if (us < 1000000) {
		buf_add_int(&b, us / 1000);
		buf_add_str(&b, " ms");
	} else {
		add_tenths(&b, us, 1000000);
		buf_add_str(&b, " s");
	}
	return buf_str(&b);
}

const char *
component_size(struct arena *a, int64_t bytes)
{
	if (bytes < 1000)
		return arena_printf(a, "%" PRId64 " B", bytes);
	if (bytes < 1000000)
		return arena_printf(a, "%.1f kB", (double)bytes / 1000);
	return arena_printf(a, "%.1f MB", (double)bytes / 1000000);
}

const char *
component_count(struct arena *a, int64_t n)
{
	struct buf b;

	if (n >= 1000)
		return arena_printf(a, "%s,%03d", component_count(a, n / 1000),
		    (int)(n % 1000));
	buf_init(&b, a, 32);
	buf_add_int(&b, n);
	return buf_str(&b);
}
