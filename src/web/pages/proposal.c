#include "base/base.h"

#include "web/pages/proposal.h"

#include "core/answers.h"
#include "core/key.h"
#include "core/proposals.h"
#include "web/pages/answer.h"
#include "web/pages/components.h"
#include "web/pages/connection_form.h"
#include "web/pages/pages.h"

#include <string.h>

#define PATTERN_SHOWN "proposed rows"

struct propose {
	int64_t engine; /* a connection */
	int64_t revision;
	const char *wishes;
	const char *token;
};

static const struct field propose_fields[] = {
    FIELD_INT(struct propose, engine, "The model", 1, INT64_MAX),
    FIELD_INT(struct propose, revision, "Revision", 1, INT64_MAX),
    FIELD_TEXT(struct propose, wishes, "What you wish for", 0,
        ANSWER_WISHES_MAX),
    FIELD_SECRET(struct propose, token, "The token", CONNECTION_TOKEN_MAX),
};

const struct form_table propose_form = FORM(struct propose, propose_fields);

struct accept {
	int64_t count; /* rows that were shown */
};

static const struct field accept_fields[] = {
    FIELD_INT(struct accept, count, "Rows", 1, PROPOSAL_MAX_ROWS),
};

const struct form_table proposal_accept_form = FORM_PREFIX(struct accept,
    accept_fields, "row.");

static const struct url *
mapping_url(struct arena *a, struct mapping_id id)
{
	return url_path(a, "/mappings/%" PRId64, id.v);
}

/*
 * Asking.
 */

static const struct err *
add_models(struct req *req, struct view *v, size_t *ret)
{
	const char *chosen = form_typed(req, "engine");
	struct connections all;
	struct html_list list;
	const struct err *e;
	bool asks;

	e = connection_engines(req, &all, &asks);
	html_list_init(&list, req->arena);
	for (size_t i = 0; !e && i < all.n; i++) {
		const struct connection *c = &all.v[i];

		e = component_option(&list,
		    arena_printf(req->arena, "%" PRId64, c->id.v),
		    arena_printf(req->arena, "%s of %s%s", c->model, c->name,
		        c->is_simulated ? " (simulated)" : ""),
		    chosen);
	}
	*ret = list.n;
	view_bool(v, "asks", asks);
	view_html(v, "models_html", html_join(&list));
	return e;
}

/* Transformations that are no expressions: people wrote what they mean. */
static int64_t
count_words(const struct compiled *compiled)
{
	int column = compiled->mapping.field[FIELD_TRANSFORMATION];
	int64_t n = 0;

	for (size_t i = 0; i < compiled->problems.n; i++) {
		const struct problem *p = &compiled->problems.v[i];

		n += column >= 0 && p->column == column &&
		    code_info(p->code)->severity == SEVERITY_ERROR;
	}
	return n;
}

const struct err *
proposal_section(struct req *req, const struct stored_mapping *stored,
    const struct compiled *compiled, struct view *v)
{
	struct view *section = page_view(req, "proposal_form");
	const struct html *html = NULL;
	const struct err *e;
	int64_t words;
	size_t models;

	view_html(v, "proposal_html", NULL);
	if (!compiled->has_sheet)
		return NULL;
	e = add_models(req, section, &models);
	if (e || models == 0)
		return e;
	words = count_words(compiled);
	view_int(section, "words", words);
	view_bool(section, "several_words", words > 1);
	view_bool(section, "is_open",
	    form_error(req, "wishes") || form_error(req, "token") ||
	        form_error(req, "engine"));
	view_text(section, "wishes", form_typed(req, "wishes"));
	view_text(section, "wishes_error", form_error(req, "wishes"));
	view_text(section, "engine_error", form_error(req, "engine"));
	view_text(section, "token_error", form_error(req, "token"));
	view_int(section, "revision", stored->revision_number);
	view_url(section, "propose_url",
	    url_path(req->arena, "/mappings/%" PRId64 "/proposals",
	        stored->id.v));
	e = view_render(section, &html);
	view_html(v, "proposal_html", html);
	return e;
}

static struct generation
generation_of(const struct stored_mapping *stored, const struct connection *c)
{
	return (struct generation){
	    .mapping = stored->id,
	    .revision_number = stored->revision_number,
	    .name = stored->name,
	    .pattern = PATTERN_SHOWN,
	    .options = "{}",
	    .engine = PROPOSAL_ENGINE,
	    .compiler = c->model,
	    .targets = "",
	    .error = "",
	    .code = "",
	    .plan = "{}",
	};
}

const struct err *
page_propose(struct req *req, struct resp *resp)
{
	const struct propose *form = form_values(req, struct propose);
	const struct user *user = &req->session->user;
	struct answer_question question = {
	    .token = form->token, .wishes = form->wishes};
	struct stored_mapping stored;
	struct generation_id id;
	struct connection c;
	struct generation g;
	const struct err *e;
	const char *key;

	e = mappings_get_revision(req->app, req->arena, user,
	    (struct mapping_id){req->param[0]}, form->revision, &stored);
	if (!e)
		e = connection_engine(req, form->engine, NULL, &c);
	if (e || req->form->has_errors)
		return e;
	question.connection = &c;
	g = generation_of(&stored, &c);
	key = key_bind(req->arena, req->form->key,
	    slice_of(arena_printf(req->arena, "rows %" PRId64 " %" PRId64 " %s",
	        form->revision, form->engine, form->wishes)));
	e = answers_accept(req->app, req->arena, user, key, &g, &question, &id);
	if (e)
		return form_refuse(req, e->code == W_FORM ? "token" : NULL, e);
	return resp_redirect(req, resp,
	    url_path(req->arena, "/generations/%" PRId64 "/live", id.v));
}

/*
 * Looking over.
 */

/* The sheet and the rows; *ret_why where they do not fit any more. */
static const struct err *
load(struct req *req, const struct generation *g, struct proposal *ret,
    bool *ret_newest, const char **ret_why)
{
	struct stored_mapping stored;
	const struct err *e;

	*ret_why = NULL;
	e = mappings_get_revision(req->app, req->arena, &req->session->user,
	    g->mapping, g->revision_number, &stored);
	if (e)
		return e;
	*ret_newest = stored.revision_count == g->revision_number;
	if (!proposal_read(req->arena, stored.bytes, slice_of(g->code), ret,
	        ret_why))
		return NULL;
	*ret_why = NULL;
	return NULL;
}

static const struct err *
add_cell(struct req *req, const struct proposed_row *row, unsigned int field,
    struct html_list *list)
{
	struct view *v = view_new(req->arena, "proposal#cell");
	const char *before = row->before[field];
	bool differs = row->replaces && !str_eq(before, row->cell[field]);

	view_text(v, "text", row->cell[field]);
	view_bool(v, "differs", differs);
	view_text(v, "before", differs ? before : "");
	return html_list_render(list, v);
}

static const struct err *
add_problems(struct req *req, const struct proposed_row *row, struct view *v)
{
	struct html_list list;
	const struct err *e;

	html_list_init(&list, req->arena);
	for (size_t i = 0; i < row->problems.n; i++) {
		const struct problem *p = row->problems.v[i];
		struct view *line = view_new(req->arena, "proposal#problem");

		view_text(line, "severity",
		    code_info(p->code)->severity == SEVERITY_ERROR ? "error"
		                                                   : "warning");
		view_text(line, "code", code_info(p->code)->id);
		view_url(line, "code_url",
		    component_code_url(req->arena, p->code));
		view_text(line, "message", p->message);
		view_text(line, "fix", p->fix);
		e = html_list_render(&list, line);
		if (e)
			return e;
	}
	view_html(v, "problems_html", list.n > 0 ? html_join(&list) : NULL);
	return NULL;
}

static const struct err *
add_row(struct req *req, const struct proposal *p, size_t i, size_t columns,
    struct html_list *list)
{
	const struct proposed_row *row = &p->rows.v[i];
	struct view *v = view_new(req->arena, "proposal#row");
	struct html_list cells;
	const struct err *e;

	html_list_init(&cells, req->arena);
	for (unsigned int f = 0; f < FIELD__COUNT; f++) {
		if (!p->is_used[f])
			continue;
		e = add_cell(req, row, f, &cells);
		if (e)
			return e;
	}
	view_int(v, "index", (int64_t)i);
	view_int(v, "number", (int64_t)i + 1);
	view_int(v, "columns", (int64_t)columns + 2);
	view_bool(v, "is_checked", !row->has_errors);
	view_int(v, "replaces", row->replaces);
	view_html(v, "cells_html", html_join(&cells));
	e = add_problems(req, row, v);
	return e ? e : html_list_render(list, v);
}

static const struct err *
add_rows(struct req *req, const struct proposal *p, struct view *v)
{
	struct html_list head;
	struct html_list rows;
	const struct err *e = NULL;
	size_t columns = 0;

	html_list_init(&head, req->arena);
	html_list_init(&rows, req->arena);
	for (unsigned int f = 0; !e && f < FIELD__COUNT; f++) {
		struct view *cell = view_new(req->arena, "proposal#head");

		if (!p->is_used[f])
			continue;
		columns++;
		view_text(cell, "name",
		    mapping_field_name((enum mapping_field)f));
		e = html_list_render(&head, cell);
	}
	for (size_t i = 0; !e && i < p->rows.n; i++)
		e = add_row(req, p, i, columns, &rows);
	view_html(v, "head_html", html_join(&head));
	view_html(v, "rows_html", p->rows.n > 0 ? html_join(&rows) : NULL);
	view_int(v, "count", (int64_t)p->rows.n);
	return e;
}

const struct err *
proposal_page(struct req *req, struct resp *resp, const struct generation *g)
{
	struct view *v = page_view(req, "proposal");
	struct arena *a = req->arena;
	struct proposal proposal = {0};
	const char *why = NULL;
	const struct err *e = NULL;
	bool newest = true;

	if (g->status == GENERATION_SUCCEEDED)
		e = load(req, g, &proposal, &newest, &why);
	if (!e)
		e = add_rows(req, &proposal, v);
	if (!e)
		e = answer_section(req, v, g);
	if (!e)
		e = component_time(req, v, "time_html", g->created_ms);
	if (e)
		return e;
	page_crumb(req, "History", url_path(a, "/generations"));
	page_crumb(req, arena_printf(a, "Generation %" PRId64, g->id.v), NULL);
	view_html(v, "name_html", html_breakable(a, g->name));
	view_text(v, "status", generation_status_name(g->status));
	view_text(v, "error", why ? why : g->error);
	view_text(v, "form_error", form_error(req, NULL));
	view_text(v, "model", g->compiler);
	view_int(v, "revision", g->revision_number);
	view_bool(v, "is_newest", newest);
	view_url(v, "mapping_url", mapping_url(a, g->mapping));
	view_url(v, "accept_url",
	    url_path(a, "/generations/%" PRId64 "/rows", g->id.v));
	return page_render(req, resp, arena_printf(a, "Rows for %s", g->name),
	    v);
}

const struct err *
page_proposal_accept(struct req *req, struct resp *resp)
{
	const struct user *user = &req->session->user;
	struct arena *a = req->arena;
	struct proposal proposal;
	struct generation g;
	const struct err *e;
	const char *why;
	bool *accepted;
	bool newest;
	size_t n = 0;

	e = generations_get(req->app, a, user,
	    (struct generation_id){req->param[0]}, &g);
	if (!e &&
	    (!str_eq(g.engine, PROPOSAL_ENGINE) ||
	        g.status != GENERATION_SUCCEEDED))
		e = err_of(W_NOT_FOUND);
	if (!e)
		e = load(req, &g, &proposal, &newest, &why);
	if (!e && why)
		e = err_new(W_CONFLICT, "%s", why);
	if (e)
		return e;
	accepted = arena_array(a, bool, proposal.rows.n + 1);
	for (size_t i = 0; i < proposal.rows.n; i++) {
		accepted[i] = form_extra(req, arena_printf(a, "%zu", i)) !=
		    NULL;
		n += accepted[i];
	}
	if (n == 0) {
		form_reject(req, NULL, "No row is chosen.");
		return NULL;
	}
	e = mappings_revise(req->app, user, g.mapping, g.revision_number,
	    arena_printf(a,
	        "%zu of %zu rows that %s proposed (generation %" PRId64 ")", n,
	        proposal.rows.n, g.compiler, g.id.v),
	    proposal_apply(a, &proposal, accepted));
	if (e)
		return form_refuse(req, NULL, e);
	flash_set(req, resp, "ok",
	    arena_printf(a, "%zu row%s in the sheet now.", n,
	        n == 1 ? " is" : "s are"));
	return resp_redirect(req, resp, mapping_url(a, g.mapping));
}
