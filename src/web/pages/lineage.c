#include "base/base.h"

#include "web/pages/pages.h"

#include "core/compile.h"
#include "plan/openlineage.h"
#include "web/form.h"
#include "web/pages/components.h"
#include "web/pages/lineage_page.h"

#define PER_PAGE 100
/* Inputs of one column that the table lists. */
#define INPUTS_SHOWN 50
/* An expression longer than this is cut in the table. */
#define TEXT_SHOWN 400

const char *
lineage_word(enum input_kind kind, const struct lineage_column *column)
{
	static const char *const words[INPUT__COUNT] = {
	    [INPUT_IDENTITY] = "copied",
	    [INPUT_TRANSFORMATION] = "computed",
	    [INPUT_AGGREGATION] = "aggregated",
	    [INPUT_CONDITIONAL] = "condition",
	    [INPUT_WINDOW] = "window",
	    [INPUT_JOIN] = "join",
	    [INPUT_FILTER] = "filter",
	};

	if (kind == INPUT_TRANSFORMATION && column && column->is_copy)
		return column->type[0] ? "cast" : "with default";
	return words[kind];
}

static const struct url *
own_url(struct arena *a, const struct lineage_page *p)
{
	return url_path(a, "/generations/%" PRId64 "/lineage",
	    p->generation->id.v);
}

static const struct url *
target_url(struct arena *a, const struct lineage_page *p)
{
	return url_with(a, own_url(a, p), "target",
	    p->target > 0 ? arena_printf(a, "%zu", p->target + 1) : NULL);
}

const struct url *
lineage_source_url(struct arena *a, const struct lineage_page *p, size_t source,
    const char *column)
{
	const struct url *u = url_with(a, target_url(a, p), "source",
	    arena_printf(a, "%zu", source + 1));

	return url_with(a, u, "column", column);
}

/* The list with its filter, without the page of it. */
static const struct url *
filtered_url(struct arena *a, const struct lineage_page *p)
{
	const char *column = p->column[0] ? p->column : NULL;

	return p->source > 0 ? lineage_source_url(a, p, p->source - 1, column)
	                     : url_with(a, target_url(a, p), "column", column);
}

const struct url *
lineage_row_url(struct arena *a, const struct lineage_page *p, int64_t row)
{
	return row == 0 ? NULL
	                : component_row_url(a, p->generation->mapping, row);
}

/* Without regard to the case of ASCII letters. */
static bool
has_part(const char *name, const char *part)
{
	size_t n = slice_of(part).n;
	size_t i;

	for (; *name; name++) {
		for (i = 0; i < n; i++) {
			if (chr_lower(name[i]) != chr_lower(part[i]))
				break;
		}
		if (i == n)
			return true;
	}
	return n == 0;
}

static bool
reads_asked(const struct lineage_page *p, const struct lineage_inputs *inputs)
{
	size_t i;

	for (i = 0; i < inputs->n; i++) {
		const struct lineage_input *in = &inputs->v[i];
		const char *name =
		    p->pipeline->sources.v[in->source].columns.v[in->column];

		if (p->source == 0 ? has_part(name, p->column)
		                   : p->source == in->source + 1 &&
		            (!p->column[0] || str_ieq(name, p->column)))
			return true;
	}
	return false;
}

/* A number of the query from 1 to max, 0 for anything else. */
static size_t
query_number(struct req *req, const char *key, size_t max)
{
	const char *text = query_get(req, key);
	int64_t n;

	return text && str_to_int(text, 1, (int64_t)max, &n) ? (size_t)n : 0;
}

static void
choose(struct req *req, struct lineage_page *p)
{
	const struct lineage_pipeline *pipeline;
	const char *column = query_get(req, "column");
	size_t target = query_number(req, "target", p->lineage->pipelines.n);
	size_t i;

	p->target = target > 0 ? target - 1 : 0;
	pipeline = &p->lineage->pipelines.v[p->target];
	p->pipeline = pipeline;
	p->column = column ? column : "";
	p->source = query_number(req, "source", pipeline->sources.n);
	p->is_filtered = p->column[0] || p->source > 0;
	p->shows_column = arena_array(req->arena, bool,
	    pipeline->columns.n + 1);
	p->shows_condition = arena_array(req->arena, bool,
	    pipeline->conditions.n + 1);
	for (i = 0; i < pipeline->columns.n; i++) {
		const struct lineage_column *c = &pipeline->columns.v[i];

		p->shows_column[i] = !p->is_filtered ||
		    reads_asked(p, &c->inputs) ||
		    (p->source == 0 && has_part(c->name, p->column));
	}
	for (i = 0; i < pipeline->conditions.n; i++)
		p->shows_condition[i] = !p->is_filtered ||
		    reads_asked(p, &pipeline->conditions.v[i].inputs);
}

static const char *
source_name(struct arena *a, const struct lineage_page *p,
    const struct lineage_input *in)
{
	const struct lineage_source *s = &p->pipeline->sources.v[in->source];

	return arena_printf(a, "%s.%s", s->alias, s->columns.v[in->column]);
}

static const struct err *
add_inputs(struct arena *a, const struct lineage_page *p,
    const struct lineage_inputs *inputs, const struct lineage_column *column,
    struct view *row)
{
	struct html_list list;
	const struct err *e;
	size_t i;

	html_list_init(&list, a);
	for (i = 0; i < inputs->n && i < INPUTS_SHOWN; i++) {
		const struct lineage_input *in = &inputs->v[i];
		struct view *v = view_new(a, "lineage#input");

		view_url(v, "input_url",
		    lineage_source_url(a, p, in->source,
		        p->pipeline->sources.v[in->source]
		            .columns.v[in->column]));
		view_html(v, "name_html",
		    html_breakable(a, source_name(a, p, in)));
		view_text(v, "kind", lineage_word(in->kind, column));
		e = html_list_render(&list, v);
		if (e)
			return e;
	}
	view_html(row, "inputs_html", list.n > 0 ? html_join(&list) : NULL);
	view_text(row, "more",
	    inputs->n > list.n
	        ? component_count(a, (int64_t)(inputs->n - list.n))
	        : "");
	return NULL;
}

static const struct err *
add_row(struct arena *a, const struct lineage_page *p, const char *name,
    bool is_condition, const char *text, int64_t number,
    const struct lineage_inputs *inputs, const struct lineage_column *column,
    struct html_list *rows)
{
	struct view *v = view_new(a, "lineage#row");
	const struct err *e;

	view_bool(v, "is_condition", is_condition);
	view_bool(v, "is_known", p->lineage->has_inputs);
	view_url(v, "row_url", lineage_row_url(a, p, number));
	view_html(v, "name_html", html_breakable(a, name));
	view_html(v, "text_html",
	    html_breakable(a, utf8_cut(a, text, TEXT_SHOWN)));
	view_int(v, "row", number);
	e = add_inputs(a, p, inputs, column, v);
	if (e)
		return e;
	return html_list_render(rows, v);
}

/* The columns that are left, then the joins and filters. */
static const struct err *
add_rows(struct req *req, const struct lineage_page *p, struct view *v)
{
	struct arena *a = req->arena;
	const struct lineage_pipeline *pipeline = p->pipeline;
	int64_t page = component_page(req);
	int64_t skip = (page - 1) * PER_PAGE;
	const struct err *e = NULL;
	struct html_list rows;
	int64_t position = 0;
	size_t i;

	html_list_init(&rows, a);
	for (i = 0; i < pipeline->columns.n && !e; i++) {
		const struct lineage_column *c = &pipeline->columns.v[i];

		if (!p->shows_column[i] || position++ < skip ||
		    position > skip + PER_PAGE)
			continue;
		e = add_row(a, p, c->name, false, c->text, c->row, &c->inputs,
		    c, &rows);
	}
	for (i = 0; i < pipeline->conditions.n && !e; i++) {
		const struct lineage_condition *c = &pipeline->conditions.v[i];

		if (!p->shows_condition[i] || position++ < skip ||
		    position > skip + PER_PAGE)
			continue;
		e = add_row(a, p, c->kind == INPUT_JOIN ? "Join" : "Filter",
		    true, c->text, c->row, &c->inputs, NULL, &rows);
	}
	if (e)
		return e;
	view_html(v, "rows_html", rows.n > 0 ? html_join(&rows) : NULL);
	return component_pager(req, v, filtered_url(a, p), page, PER_PAGE,
	    position);
}

/* "o.amount", or "o" for all of it; "" where no source was asked for. */
static const char *
source_asked(struct arena *a, const struct lineage_page *p)
{
	const char *alias;

	if (p->source == 0)
		return "";
	alias = p->pipeline->sources.v[p->source - 1].alias;
	return p->column[0] ? arena_printf(a, "%s.%s", alias, p->column)
	                    : alias;
}

static const struct err *
add_filters(struct req *req, const struct lineage_page *p, struct view *v)
{
	struct arena *a = req->arena;
	const char *selected = arena_printf(a, "%zu", p->target + 1);
	struct html_list list;
	const struct err *e;
	size_t i;

	html_list_init(&list, a);
	for (i = 0; i < p->lineage->pipelines.n; i++) {
		e = component_option(&list, arena_printf(a, "%zu", i + 1),
		    p->lineage->pipelines.v[i].name, selected);
		if (e)
			return e;
	}
	view_html(v, "targets_html", html_join(&list));
	view_bool(v, "several_targets", p->lineage->pipelines.n > 1);
	view_text(v, "column", p->source > 0 ? "" : p->column);
	view_bool(v, "has_source", p->source > 0);
	view_text(v, "source", source_asked(a, p));
	view_url(v, "self_url", own_url(a, p));
	view_url(v, "all_url", target_url(a, p));
	return NULL;
}

/* Whether the sheet was changed since, so that rows may stand elsewhere. */
static const struct err *
add_revision(struct req *req, const struct generation *g, struct view *v)
{
	struct mapping_revisions list = {0};
	const struct err *e;
	bool changed = false;
	size_t i;

	e = mappings_revisions(req->app, req->arena, &req->session->user,
	    g->mapping, &list);
	if (e)
		return e;
	for (i = 0; i < list.n; i++)
		changed = changed || list.v[i].number > g->revision_number;
	view_bool(v, "is_changed", changed);
	view_int(v, "revision", g->revision_number);
	return NULL;
}

static const struct err *
load(struct req *req, struct generation *g, struct lineage *lineage)
{
	const struct err *e = generations_get(req->app, req->arena,
	    &req->session->user, (struct generation_id){req->param[0]}, g);

	if (e)
		return e;
	if (g->status != GENERATION_SUCCEEDED)
		return err_new(W_NOT_FOUND,
		    "This generation failed and has no lineage.");
	return lineage_read(req->arena, slice_of(g->plan), lineage);
}

/* A plan without a target is one that no version of ours has made. */
static const struct lineage_pipeline no_pipeline = {.name = ""};

static const struct err *
fill(struct req *req, struct lineage_page *p, struct view *v)
{
	const struct html *graph = NULL;
	bool by_column = true;
	const struct err *e = NULL;

	if (p->lineage->pipelines.n > 0) {
		choose(req, p);
		e = lineage_graph(req, p, &graph, &by_column);
	} else {
		p->pipeline = &no_pipeline;
		p->column = "";
	}
	view_html(v, "graph_html", graph);
	view_bool(v, "is_coarse", !by_column && p->lineage->has_inputs);
	view_bool(v, "is_known", p->lineage->has_inputs);
	view_bool(v, "has_any", p->lineage->pipelines.n > 0);
	if (!e)
		e = add_filters(req, p, v);
	if (!e)
		e = add_rows(req, p, v);
	if (!e)
		e = add_revision(req, p->generation, v);
	return e;
}

const struct err *
page_lineage(struct req *req, struct resp *resp)
{
	struct arena *a = req->arena;
	struct view *v = page_view(req, "lineage");
	struct generation g;
	struct lineage lineage;
	struct lineage_page p = {.generation = &g, .lineage = &lineage};
	const struct url *generation_url;
	const char *title;
	const struct err *e;

	e = load(req, &g, &lineage);
	if (e)
		return e;
	generation_url = url_path(a, "/generations/%" PRId64, g.id.v);
	page_crumb(req, "History", url_path(a, "/generations"));
	page_crumb(req, arena_printf(a, "Generation %" PRId64, g.id.v),
	    generation_url);
	page_crumb(req, "Lineage", NULL);
	e = fill(req, &p, v);
	if (e)
		return e;
	view_html(v, "target_html", html_breakable(a, p.pipeline->name));
	view_url(v, "generation_url", generation_url);
	view_url(v, "again_url",
	    url_with(a,
	        url_path(a, "/mappings/%" PRId64 "/pattern", g.mapping.v),
	        "from", arena_printf(a, "%" PRId64, g.id.v)));
	view_url(v, "json_url",
	    url_path(a, "/generations/%" PRId64 "/lineage.json", g.id.v));
	title = arena_printf(a, "Lineage of %s", compile_base_name(a, g.name));
	view_html(v, "title_html", html_breakable(a, title));
	return page_render(req, resp, title, v);
}

const struct err *
page_lineage_json(struct req *req, struct resp *resp)
{
	struct lineage lineage;
	struct generation g;
	const char *event;
	const struct err *e;

	e = load(req, &g, &lineage);
	if (!e)
		e = openlineage_json(req->arena, &lineage,
		    compile_base_name(req->arena, g.name), g.created_ms,
		    &event);
	if (e)
		return e;
	return resp_download(req, resp, "application/json", "lineage.json",
	    slice_of(event));
}
