#include "base/base.h"

#include "web/pages/pages.h"

#include "core/answers.h"
#include "core/generations.h"
#include "core/own_patterns.h"
#include "web/pages/components.h"

#include <string.h>

#define PER_PAGE 25
#define TARGETS_SHOWN 2
/* Rows of one CSV export. */
#define EXPORT_MAX 20000
#define EXPORT_AT_ONCE 1000

static const char *const sort_names[SORT__COUNT] = {
    [SORT_CREATED] = "created",
    [SORT_NAME] = "name",
    [SORT_PATTERN] = "pattern",
    [SORT_TARGET] = "targets",
    [SORT_STATUS] = "status",
    [SORT_DURATION] = "duration",
    [SORT_OWNER] = "by",
};

/* The columns as they stand, after the number. A label without sorting is not
 * a link. */
static const struct {
	const char *label;
	enum generation_sort sort;
	bool sortable;
	bool is_number;
} columns[] = {
    {"Name", SORT_NAME, true, false},
    {"Pattern", SORT_PATTERN, true, false},
    {"Targets", SORT_TARGET, true, false},
    {"Status", SORT_STATUS, true, false},
    {"Columns", SORT_CREATED, false, true},
    {"Duration", SORT_DURATION, true, true},
    {"When", SORT_CREATED, true, false},
    {"By", SORT_OWNER, true, false},
};

/* What the query asks for, as it was typed. */
struct asked {
	const char *q;
	const char *pattern;
	const char *status;
	const char *from;
	const char *to;
	enum generation_sort sort;
	bool ascending;
};

static const char *
query_or_empty(const struct req *req, const char *key)
{
	const char *text = query_get(req, key);

	return text ? text : "";
}

static struct asked
read_query(const struct req *req)
{
	const char *sort = query_or_empty(req, "sort");
	struct asked asked = {
	    .q = query_or_empty(req, "q"),
	    .pattern = query_or_empty(req, "pattern"),
	    .status = query_or_empty(req, "status"),
	    .from = query_or_empty(req, "from"),
	    .to = query_or_empty(req, "to"),
	    .ascending = str_eq(query_or_empty(req, "dir"), "asc"),
	};
	int i;

	for (i = 0; i < SORT__COUNT; i++) {
		if (str_eq(sort_names[i], sort))
			asked.sort = (enum generation_sort)i;
	}
	return asked;
}

static const char *
or_null(const char *text)
{
	return text[0] ? text : NULL;
}

static struct generation_filter
make_filter(const struct asked *asked)
{
	struct generation_filter f = {
	    .text = or_null(asked->q),
	    .pattern = or_null(asked->pattern),
	    .status = or_null(asked->status),
	    .sort = asked->sort,
	    .ascending = asked->ascending,
	};
	int64_t to;

	if (!time_parse_date(asked->from, &f.from_ms))
		f.from_ms = 0;
	/* The last day is meant to be in it. */
	if (time_parse_date(asked->to, &to))
		f.to_ms = to + INT64_C(24) * 60 * 60 * 1000;
	return f;
}

/* The address of this list with all filters, but no sorting and page. */
static const struct url *
filtered_url(struct arena *a, const struct asked *asked, bool csv)
{
	const struct url *u = csv ? url_path(a, "/generations.csv")
	                          : url_path(a, "/generations");

	u = url_with(a, u, "q", or_null(asked->q));
	u = url_with(a, u, "pattern", or_null(asked->pattern));
	u = url_with(a, u, "status", or_null(asked->status));
	u = url_with(a, u, "from", or_null(asked->from));
	return url_with(a, u, "to", or_null(asked->to));
}

static const struct url *
sorted_url(struct arena *a, const struct asked *asked, bool csv,
    enum generation_sort sort, bool ascending)
{
	const struct url *u = filtered_url(a, asked, csv);

	u = url_with(a, u, "sort",
	    sort == SORT_CREATED ? NULL : sort_names[sort]);
	return url_with(a, u, "dir", ascending ? "asc" : NULL);
}

static const struct err *
add_heads(struct req *req, const struct asked *asked, bool show_owner,
    struct view *v)
{
	struct arena *a = req->arena;
	struct html_list list;
	const struct err *e;
	size_t i;

	html_list_init(&list, a);
	for (i = 0; i < COUNT_OF(columns); i++) {
		bool current = columns[i].sortable &&
		    columns[i].sort == asked->sort;
		struct view *h = view_new(a,
		    columns[i].sortable ? "components#sort_head"
		                        : "generations#plain_head");
		/* Texts start with A, times with the newest. */
		bool ascending = current ? !asked->ascending
		                         : columns[i].sort != SORT_CREATED &&
		        columns[i].sort != SORT_DURATION;

		if (columns[i].sort == SORT_OWNER && !show_owner)
			continue;
		view_text(h, "label", columns[i].label);
		view_text(h, "class", columns[i].is_number ? "number" : "");
		view_text(h, "direction",
		    !current               ? ""
		        : asked->ascending ? "ascending"
		                           : "descending");
		view_url(h, "sort_url",
		    sorted_url(a, asked, false, columns[i].sort, ascending));
		e = html_list_render(&list, h);
		if (e)
			return e;
	}
	view_html(v, "heads_html", html_join(&list));
	return NULL;
}

/* The first targets of a generation, and how many it has besides. */
static const char *
first_targets(struct arena *a, const struct generation *g, int64_t *ret_more)
{
	const char *end = g->targets;
	int64_t n;

	for (n = 0; n < TARGETS_SHOWN && end; n++)
		end = strstr(n > 0 ? end + 2 : end, ", ");
	*ret_more = end && g->target_count > n ? g->target_count - n : 0;
	if (*ret_more == 0)
		return utf8_cut(a, g->targets, 160);
	return utf8_cut(a,
	    arena_strndup(a, g->targets, (size_t)(end - g->targets)), 160);
}

/* Of those that are stored as running some are not: whoever worked on one may
 * be gone. */
static const struct err *
add_status(struct req *req, const struct generation *g, struct view *v)
{
	static const char *const words[] = {
	    [ANSWER_ACCEPTED] = "waiting",
	    [ANSWER_RUNNING] = "running",
	    [ANSWER_INTERRUPTED] = "interrupted",
	    [ANSWER_ENDED] = "running",
	};
	const char *status = generation_status_name(g->status);
	struct answer_row answer;
	const struct err *e = NULL;

	view_text(v, "status_class",
	    g->status == GENERATION_STOPPED ? "note" : status);
	if (g->status == GENERATION_RUNNING)
		e = answers_get(req->app, req->arena, &req->session->user,
		    g->id, &answer);
	if (e)
		return e;
	if (g->status == GENERATION_RUNNING) {
		status = words[answer.state];
		view_text(v, "status_class",
		    answer.state == ANSWER_INTERRUPTED ? "warning" : "note");
	}
	view_text(v, "status", status);
	return NULL;
}

static const struct err *
add_row(struct req *req, const struct generation *g,
    const struct pattern_titles *titles, bool show_owner,
    struct html_list *list)
{
	struct arena *a = req->arena;
	struct view *v = view_new(a, "generations#row");
	const struct err *e;
	int64_t more;

	view_int(v, "id", g->id.v);
	view_url(v, "generation_url",
	    url_path(a, "/generations/%" PRId64, g->id.v));
	view_html(v, "name_html", html_breakable(a, g->name));
	view_text(v, "pattern",
	    pattern_title(a, titles, g->pattern, g->pattern_version));
	view_html(v, "targets_html",
	    html_breakable(a, first_targets(a, g, &more)));
	view_int(v, "more", more);
	view_text(v, "columns", component_count(a, g->column_count));
	view_text(v, "duration", component_duration(a, g->duration_us));
	view_bool(v, "show_owner", show_owner);
	view_text(v, "owner", g->owner);
	e = component_time(req, v, "time_html", g->created_ms);
	if (!e)
		e = add_status(req, g, v);
	return e ? e : html_list_render(list, v);
}

static const struct err *
add_filters(struct req *req, const struct asked *asked,
    const struct pattern_titles *titles, struct view *v)
{
	struct html_list list;
	const struct err *e;
	size_t i;

	html_list_init(&list, req->arena);
	for (i = 0; i < titles->n; i++) {
		e = component_option(&list, titles->v[i].name,
		    titles->v[i].title, asked->pattern);
		if (e)
			return e;
	}
	view_html(v, "patterns_html", html_join(&list));
	html_list_init(&list, req->arena);
	for (i = 0; i < GENERATION__STATUS_COUNT; i++) {
		const char *name =
		    generation_status_name((enum generation_status)i);

		e = component_option(&list, name, name, asked->status);
		if (e)
			return e;
	}
	view_html(v, "statuses_html", html_join(&list));
	view_text(v, "q", asked->q);
	view_text(v, "from", asked->from);
	view_text(v, "to", asked->to);
	view_text(v, "sort", sort_names[asked->sort]);
	view_text(v, "dir", asked->ascending ? "asc" : "desc");
	return NULL;
}

static bool
is_filtered(const struct asked *asked)
{
	return asked->q[0] || asked->pattern[0] || asked->status[0] ||
	    asked->from[0] || asked->to[0];
}

const struct err *
page_generations(struct req *req, struct resp *resp)
{
	struct arena *a = req->arena;
	struct view *v = page_view(req, "generations");
	bool admin = req->session->user.role == USER_ROLE_ADMIN;
	struct asked asked = read_query(req);
	struct generation_filter filter = make_filter(&asked);
	int64_t page = component_page(req);
	struct generation_list list = {0};
	struct pattern_titles titles;
	const struct err *e;
	struct html_list rows;
	int64_t total;
	size_t i;

	filter.limit = PER_PAGE;
	filter.offset = (page - 1) * PER_PAGE;
	e = generations_list(req->app, a, &req->session->user, &filter, &list,
	    &total);
	if (!e)
		e = own_patterns_titles(req->app, a, &titles);
	if (e)
		return e;
	html_list_init(&rows, a);
	for (i = 0; i < list.n; i++) {
		e = add_row(req, &list.v[i], &titles, admin, &rows);
		if (e)
			return e;
	}
	view_html(v, "rows_html", list.n > 0 ? html_join(&rows) : NULL);
	view_bool(v, "has_any", total > 0 || page > 1 || is_filtered(&asked));
	view_url(v, "self_url", url_path(a, "/generations"));
	view_url(v, "new_url", url_path(a, "/mappings/new"));
	view_url(v, "csv_url",
	    sorted_url(a, &asked, true, asked.sort, asked.ascending));
	e = add_filters(req, &asked, &titles, v);
	if (!e)
		e = add_heads(req, &asked, admin, v);
	if (!e)
		e = component_pager(req, v,
		    sorted_url(a, &asked, false, asked.sort, asked.ascending),
		    page, PER_PAGE, total);
	if (e)
		return e;
	return page_render(req, resp, "History", v);
}

/* A cell of the export. A text that a spreadsheet would take for a formula
 * gets an apostrophe, as spreadsheets write it themselves. */
static void
put_cell(struct buf *b, const char *text)
{
	bool formula = text[0] == '=' || text[0] == '+' || text[0] == '-' ||
	    text[0] == '@' || text[0] == '\t' || text[0] == '\r';

	buf_add_str(b, ",\"");
	if (formula)
		buf_add_chr(b, '\'');
	for (; *text; text++) {
		if (*text == '"')
			buf_add_chr(b, '"');
		buf_add_chr(b, *text);
	}
	buf_add_chr(b, '"');
}

static void
put_rows(struct arena *a, struct buf *b, const struct generation_list *list)
{
	size_t i;

	for (i = 0; i < list->n; i++) {
		const struct generation *g = &list->v[i];

		buf_printf(b, "%" PRId64, g->id.v);
		put_cell(b, g->name);
		put_cell(b, g->pattern);
		buf_printf(b, ",%" PRId64, g->pattern_version);
		put_cell(b, g->targets);
		put_cell(b, generation_status_name(g->status));
		buf_printf(b, ",%" PRId64 ",%" PRId64 ",%s", g->column_count,
		    g->duration_us, time_format_iso(a, g->created_ms));
		put_cell(b, g->owner);
		buf_add_str(b, "\r\n");
	}
}

const struct err *
page_generations_csv(struct req *req, struct resp *resp)
{
	struct arena *a = req->arena;
	struct asked asked = read_query(req);
	struct generation_filter filter = make_filter(&asked);
	const struct err *e;
	struct buf b;
	int64_t total;

	buf_init(&b, a, (size_t)64 * 1024 * 1024);
	buf_add_str(&b,
	    "number,name,pattern,pattern_version,targets,status,columns,"
	    "duration_us,created,by\r\n");
	filter.limit = EXPORT_AT_ONCE;
	do {
		struct generation_list list = {0};

		e = generations_list(req->app, a, &req->session->user, &filter,
		    &list, &total);
		if (e)
			return e;
		put_rows(a, &b, &list);
		filter.offset += EXPORT_AT_ONCE;
	} while (filter.offset < total && filter.offset < EXPORT_MAX);
	return resp_download(req, resp, "text/csv", "generations.csv",
	    buf_slice(&b));
}
