#include "base/base.h"

#include "web/pages/pages.h"

#include "base/json.h"
#include "core/compile.h"
#include "core/generations.h"
#include "core/proposals.h"
#include "core/proof.h"
#include "emit/proof.h"
#include "sys/crypto.h"
#include "web/pages/components.h"

/* Cases that are about an option, and what it is where it is not used. */
static const struct {
	const char *number;
	const char *option;
	const char *without;
} optional[] = {
    {"P27", "deleted", ""},
    {"P28", "vanished", "keep"},
    {"P39", "deleted", ""},
    {"P43", "add_columns", "false"},
};

static const struct err *
load(struct req *req, struct generation *ret, const struct json **ret_plan)
{
	const struct err *e;

	e = generations_get(req->app, req->arena, &req->session->user,
	    (struct generation_id){req->param[0]}, ret);
	if (!e && ret->status != GENERATION_SUCCEEDED)
		return err_new(W_NOT_FOUND,
		    "This generation failed and has no code.");
	if (!e &&
	    (str_eq(ret->engine, "model") ||
	        str_eq(ret->engine, PROPOSAL_ENGINE)))
		return err_new(W_NOT_FOUND,
		    "What is proved is what the compiler writes; this is a "
		    "model's.");
	if (!e)
		e = json_parse_own(req->arena, slice_of(ret->plan), ret_plan);
	return e;
}

static const char *
hash_of(struct arena *a, const char *text)
{
	return crypto_sha256(a, slice_of(text));
}

/* The pattern whose code this is; plans of older releases do not say it. */
static const char *
strategy_in(const struct json *plan)
{
	const char *pattern = json_string(json_get(plan, "extends"),
	    json_string(json_get(plan, "pattern"), ""));

	return json_string(json_get(plan, "strategy"), pattern);
}

static enum strategy
strategy_of(const struct json *plan)
{
	enum strategy s;

	for (s = STRATEGY_FULL_LOAD; s < STRATEGY__COUNT; s++) {
		if (str_eq(strategy_name(s), strategy_in(plan)))
			break;
	}
	return s;
}

/* What people call it. */
static const char *
pattern_title(const struct req *req, const struct json *plan)
{
	const char *name = strategy_in(plan);
	const struct pattern *pattern = pattern_find(req->app->patterns, name);

	return pattern ? pattern->title : name;
}

/* Some pipeline has the member. */
static bool
some_has(const struct json *plan, const char *member)
{
	const struct json *list = json_get(plan, "pipelines");
	const struct json *p;

	for (p = list ? list->child : NULL; p; p = p->next) {
		if (json_get(p, member))
			return true;
	}
	return false;
}

/* Some pipeline has another value of the option than that. */
static bool
some_uses(const struct json *plan, const char *option, const char *without)
{
	const struct json *list = json_get(plan, "pipelines");
	const struct json *p;

	for (p = list ? list->child : NULL; p; p = p->next) {
		const struct json *v = json_get(json_get(p, "options"), option);

		if (v && v->kind == JSON_BOOL
		        ? v->boolean
		        : !str_eq(json_string(v, ""), without))
			return true;
	}
	return false;
}

/* The option that the case is about and the plan does not use; "" if none. */
static const char *
unused_option(const struct json *plan, const char *number)
{
	size_t i;

	for (i = 0; i < COUNT_OF(optional); i++) {
		if (str_eq(optional[i].number, number) &&
		    !some_uses(plan, optional[i].option, optional[i].without))
			return optional[i].option;
	}
	return "";
}

static const struct err *
add_row(struct arena *a, const struct proof_case *c, const struct json *plan,
    struct html_list *list)
{
	struct view *v = view_new(a, "proof#row");
	struct html_list cells;
	const struct err *e;
	size_t n;
	size_t i;

	(void)proof_pairs(&n);
	html_list_init(&cells, a);
	for (i = 0; i < n; i++) {
		struct view *cell = view_new(a, "proof#cell");

		view_bool(cell, "is_tested", c->off[i] + c->on[i] > 0);
		view_int(cell, "off", c->off[i]);
		view_int(cell, "on", c->on[i]);
		e = html_list_render(&cells, cell);
		if (e)
			return e;
	}
	view_text(v, "number", c->number);
	view_text(v, "text", c->text);
	view_text(v, "unused", unused_option(plan, c->number));
	view_html(v, "cells_html", html_join(&cells));
	return html_list_render(list, v);
}

static const struct err *
add_table(struct arena *a, const struct json *plan, struct view *v)
{
	const struct proof_pair *pairs;
	struct proof_cases cases = {0};
	struct html_list heads;
	struct html_list rows;
	const struct err *e;
	size_t n;
	size_t i;

	html_list_init(&heads, a);
	html_list_init(&rows, a);
	pairs = proof_pairs(&n);
	for (i = 0; i < n; i++) {
		struct view *head = view_new(a, "proof#pair");

		view_text(head, "spark", pairs[i].spark);
		view_text(head, "delta", pairs[i].delta);
		e = html_list_render(&heads, head);
		if (e)
			return e;
	}
	if (strategy_of(plan) < STRATEGY__COUNT)
		proof_of(a, strategy_of(plan), some_has(plan, "rules"), &cases);
	for (i = 0; i < cases.n; i++) {
		e = add_row(a, &cases.v[i], plan, &rows);
		if (e)
			return e;
	}
	view_html(v, "pairs_html", html_join(&heads));
	view_html(v, "rows_html", html_join(&rows));
	return NULL;
}

/* A sum of 64 digits may be broken where the page is narrow. */
static void
add_hash(struct arena *a, struct view *v, const char *key, const char *text)
{
	view_html(v, key, text ? html_breakable(a, hash_of(a, text)) : NULL);
}

const struct err *
page_proof(struct req *req, struct resp *resp)
{
	struct arena *a = req->arena;
	struct view *v = page_view(req, "proof");
	const struct url *generation_url;
	const struct json *plan = NULL;
	struct generation g;
	const char *output;
	const char *title;
	const struct err *e;

	e = load(req, &g, &plan);
	if (!e)
		e = add_table(a, plan, v);
	if (e)
		return e;
	generation_url = url_path(a, "/generations/%" PRId64, g.id.v);
	page_crumb(req, "History", url_path(a, "/generations"));
	page_crumb(req, arena_printf(a, "Generation %" PRId64, g.id.v),
	    generation_url);
	page_crumb(req, "Proof", NULL);
	output = json_string(json_get(plan, "output"), "");
	view_text(v, "pattern", pattern_title(req, plan));
	view_text(v, "compiler", g.compiler);
	view_text(v, "release", PACKAGE_VERSION);
	view_bool(v, "is_older", !str_eq(g.compiler, PACKAGE_VERSION));
	view_bool(v, "is_lakeflow", str_eq(output, "lakeflow"));
	view_bool(v, "is_sql", str_eq(output, "sql"));
	view_bool(v, "is_scala", str_eq(output, "scala"));
	add_hash(a, v, "plan_hash_html", g.plan);
	add_hash(a, v, "code_hash_html", g.code);
	add_hash(a, v, "tests_hash_html",
	    g.tests && g.tests[0] ? g.tests : NULL);
	view_url(v, "generation_url", generation_url);
	view_url(v, "again_url",
	    url_with(a,
	        url_path(a, "/mappings/%" PRId64 "/pattern", g.mapping.v),
	        "from", arena_printf(a, "%" PRId64, g.id.v)));
	view_url(v, "notebook_url",
	    g.tests && g.tests[0]
	        ? url_path(a, "/generations/%" PRId64 "/proof.py", g.id.v)
	        : NULL);
	title = arena_printf(a, "Proof of %s", compile_base_name(a, g.name));
	view_html(v, "title_html", html_breakable(a, title));
	return page_render(req, resp, title, v);
}

const struct err *
page_proof_notebook(struct req *req, struct resp *resp)
{
	struct arena *a = req->arena;
	const struct json *plan = NULL;
	struct proof_notebook proof;
	struct generation g;
	struct slice notebook;
	const struct err *e;

	e = load(req, &g, &plan);
	if (e)
		return e;
	if (!g.tests || !g.tests[0])
		return err_new(W_NOT_FOUND,
		    "This generation has no tests that could be repeated.");
	proof = (struct proof_notebook){
	    .mapping = g.name,
	    .base_name = compile_base_name(a, g.name),
	    .release = g.compiler,
	    .code = slice_of(g.code),
	    .tests = slice_of(g.tests),
	    .code_hash = hash_of(a, g.code),
	    .tests_hash = hash_of(a, g.tests),
	    .plan_hash = hash_of(a, g.plan),
	};
	e = emit_proof_notebook(a, &proof, &notebook);
	if (e)
		return e;
	return resp_download(req, resp, "text/x-python",
	    arena_printf(a, "proof_%s.py", proof.base_name), notebook);
}
