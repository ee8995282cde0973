#include "base/base.h"

#include "web/pages/pages.h"

#include "base/json.h"
#include "core/answers.h"
#include "core/compile.h"
#include "core/generations.h"
#include "core/key.h"
#include "core/own_patterns.h"
#include "core/recipe.h"
#include "sys/config.h"
#include "web/pages/components.h"
#include "web/pages/connection_form.h"
#include "web/pages/pattern_form.h"

struct generate {
	const char *pattern;
	int64_t revision;
	int64_t engine; /* 0: the compiler; else a connection */
	const char *wishes;
	const char *tests; /* who writes them: "compiler", "model" */
	const char *token;
	bool fresh;
};

static const struct field fields[] = {
    FIELD_TEXT(struct generate, pattern, "Pattern", 1, 100),
    FIELD_INT(struct generate, revision, "Revision", 1, INT64_MAX),
    FIELD_INT(struct generate, engine, "Who writes the code", 0, INT64_MAX),
    FIELD_TEXT(struct generate, wishes, "What you add", 0, ANSWER_WISHES_MAX),
    FIELD_TEXT(struct generate, tests, "Who writes the tests", 0, 10),
    FIELD_BOOL(struct generate, fresh, "Ask anew"),
    FIELD_SECRET(struct generate, token, "The token", CONNECTION_TOKEN_MAX),
};

const struct form_table generate_form = FORM_OPEN(struct generate, fields);

static const struct url *
mapping_url(struct req *req)
{
	return url_path(req->arena, "/mappings/%" PRId64, req->param[0]);
}

/* The mapping of the address, newest revision or the one asked for, checked.
 * *ret_ok is false where it has errors: the check page shows them. */
static const struct err *
load(struct req *req, int64_t revision, struct stored_mapping *ret_stored,
    struct compiled *ret)
{
	struct mapping_id id = {req->param[0]};
	const struct err *e;

	e = revision > 0 ? mappings_get_revision(req->app, req->arena,
	                       &req->session->user, id, revision, ret_stored)
	                 : mappings_get(req->app, req->arena,
	                       &req->session->user, id, ret_stored);
	if (e)
		return e;
	compile_check(req->arena, ret_stored->bytes, ret);
	return NULL;
}

/* What the generation that ?from= names was made with. */
static const struct err *
load_given(struct req *req, struct pattern_given *ret)
{
	const char *text = query_get(req, "from");
	const struct json *options;
	struct generation g;
	const struct err *e;
	int64_t id;

	*ret = (struct pattern_given){0};
	if (!text || !str_to_int(text, 1, INT64_MAX, &id))
		return NULL;
	e = generations_get(req->app, req->arena, &req->session->user,
	    (struct generation_id){id}, &g);
	if (!e)
		e = json_parse_own(req->arena, slice_of(g.options), &options);
	if (e)
		return e;
	*ret = (struct pattern_given){.pattern = g.pattern,
	    .version = g.pattern_version,
	    .options = options,
	    .generation = id};
	return NULL;
}

static const struct err *
add_model(struct req *req, const struct connection *c, struct html_list *list)
{
	struct view *v = view_new(req->arena, "pattern#model");
	const char *id = arena_printf(req->arena, "%" PRId64, c->id.v);

	view_text(v, "id", id);
	view_text(v, "model", c->model);
	view_text(v, "name", c->name);
	view_bool(v, "is_simulated", c->is_simulated);
	view_bool(v, "is_chosen", str_eq(form_typed(req, "engine"), id));
	return html_list_render(list, v);
}

/* Who writes the tests: as it was sent, else as it was for the generation that
 * is made again. */
static const struct err *
choose_tests(struct req *req, const struct pattern_given *given, bool *ret)
{
	const char *typed = form_typed(req, "tests");
	struct answer_row answer;
	const struct err *e;

	*ret = str_eq(typed, "model");
	if (given->generation == 0 || typed[0])
		return NULL;
	e = answers_get(req->app, req->arena, &req->session->user,
	    (struct generation_id){given->generation}, &answer);
	if (e)
		return e->code == W_NOT_FOUND ? NULL : e;
	*ret = answer.wants_tests;
	return NULL;
}

/* The compiler, and the models of the person's connections; nothing where
 * there are none, as *ret_any says. */
static const struct err *
add_engines(struct req *req, const struct pattern_given *given, struct view *v,
    bool *ret_any)
{
	struct view *engines = view_new(req->arena, "pattern#engines");
	const char *chosen = form_typed(req, "engine");
	const struct html *html = NULL;
	struct connections all;
	struct html_list list;
	const struct err *e;
	bool asks;
	bool tests = false;

	e = connection_engines(req, &all, &asks);
	if (!e)
		e = choose_tests(req, given, &tests);
	html_list_init(&list, req->arena);
	for (size_t i = 0; !e && i < all.n; i++)
		e = add_model(req, &all.v[i], &list);
	view_bool(engines, "is_compiler",
	    str_empty(chosen) || str_eq(chosen, "0"));
	view_bool(engines, "is_open", !str_empty(chosen) || tests);
	view_bool(engines, "by_model", tests);
	view_bool(engines, "asks", asks);
	view_text(engines, "tests_error", form_error(req, "tests"));
	view_html(engines, "models_html", html_join(&list));
	view_text(engines, "wishes", form_typed(req, "wishes"));
	view_int(engines, "hours", req->app->config->answer_cache_h);
	view_bool(engines, "is_fresh", !str_empty(form_typed(req, "fresh")));
	view_text(engines, "wishes_error", form_error(req, "wishes"));
	view_text(engines, "token_error", form_error(req, "token"));
	view_text(engines, "engine_error", form_error(req, "engine"));
	if (!e && list.n > 0)
		e = view_render(engines, &html);
	view_html(v, "engines_html", html);
	*ret_any = list.n > 0;
	return e;
}

static const struct err *
render(struct req *req, struct resp *resp, const struct stored_mapping *stored,
    const struct mapping *m, const struct problems *problems)
{
	struct pattern_given given;
	struct view *v = page_view(req, "pattern");
	const struct html *html = NULL;
	const struct err *e = NULL;

	if (problems)
		e = component_problems(req, problems, 50, NULL, NULL, &html);
	if (!e)
		e = load_given(req, &given);
	if (e)
		return e;
	view_html(v, "problems_html", html);
	view_html(v, "name_html", html_breakable(req->arena, stored->name));
	view_int(v, "from", given.generation);
	view_bool(v, "several", m->targets.n > 1);
	view_int(v, "targets", (int64_t)m->targets.n);
	view_text(v, "form_error", problems ? "" : form_error(req, NULL));
	view_url(v, "generate_url",
	    url_path(req->arena, "/mappings/%" PRId64 "/generations",
	        stored->id.v));
	view_url(v, "back_url",
	    url_path(req->arena, "/mappings/%" PRId64, stored->id.v));
	view_int(v, "revision", stored->revision_number);
	e = add_engines(req, &given, v, &given.models);
	if (!e)
		e = pattern_form_choices(req, m, &given, v);
	if (e)
		return e;
	e = component_stepper(req, v, STEP_PATTERN, stored->id);
	if (e)
		return e;
	return page_render(req, resp, "Choose a pattern", v);
}

const struct err *
page_pattern(struct req *req, struct resp *resp)
{
	struct stored_mapping stored;
	struct compiled compiled;
	const struct err *e;

	e = load(req, 0, &stored, &compiled);
	if (e)
		return e;
	if (compiled.problems.errors > 0) {
		flash_set(req, resp, "problem",
		    "Correct the errors of the sheet first.");
		return resp_redirect(req, resp, mapping_url(req));
	}
	return render(req, resp, &stored, &compiled.mapping, NULL);
}

static const char *
options_json(struct arena *a, const struct plan_options *options)
{
	struct json_writer w;
	struct buf b;
	size_t i;

	buf_init(&b, a, (size_t)4 * 1024 * 1024);
	json_init(&w, &b, false);
	json_object(&w);
	for (i = 0; i < options->n; i++)
		json_key_str(&w, options->v[i].name, options->v[i].value);
	json_object_end(&w);
	return buf_str(&b);
}

static const char *
target_names(struct arena *a, const struct mapping *m)
{
	struct buf b;
	size_t i;

	buf_init(&b, a, 64 * 1024);
	for (i = 0; i < m->targets.n; i++)
		buf_printf(&b, "%s%s", i ? ", " : "",
		    m->targets.v[i].table.name);
	return buf_str(&b);
}

/* What is to be generated, and by whom. */
struct order {
	const struct stored_mapping *stored;
	const struct pattern *pattern;
	const struct plan_options *options;
	const struct connection *model; /* NULL: the compiler */
	const char *key;
};

static struct generation
generation_of(struct req *req, const struct order *order,
    const struct compiled *compiled)
{
	const struct stored_mapping *stored = order->stored;
	const struct pattern *pattern = order->pattern;
	struct generation g = {
	    .mapping = stored->id,
	    .revision_number = stored->revision_number,
	    .name = stored->name,
	    .pattern = pattern->name,
	    .pattern_version = pattern->version,
	    .options = options_json(req->arena, order->options),
	    .engine = order->model ? "model" : "compiler",
	    .compiler = order->model ? order->model->model : req->app->release,
	    .targets = target_names(req->arena, &compiled->mapping),
	    .target_count = (int64_t)compiled->mapping.targets.n,
	    .error = "",
	    .code = "",
	    .plan = "",
	};
	size_t i;

	for (i = 0; i < compiled->mapping.targets.n; i++)
		g.column_count +=
		    (int64_t)compiled->mapping.targets.v[i].rows.n;
	return g;
}

/* Stores what the compiler made, or that it failed by a fault of its own. */
static const struct err *
store(struct req *req, const struct order *order,
    const struct compiled *compiled, const struct err *failure,
    struct generation_id *ret)
{
	struct generation g = generation_of(req, order, compiled);

	g.status = failure ? GENERATION_FAILED : GENERATION_SUCCEEDED;
	g.duration_us = compiled->duration_us;
	if (failure) {
		g.error = arena_printf(req->arena, "%s: %s",
		    code_info(failure->code)->id, failure->message);
	} else {
		g.code = slice_dup(req->arena, compiled->code);
		g.plan = compiled->plan_json;
		g.source_map = compiled->source_map;
		if (compiled->tests.n > 0)
			g.tests = slice_dup(req->arena, compiled->tests);
		g.untested = untested_json(req->arena, &compiled->untested);
	}
	return generations_create(req->app, &req->session->user, order->key, &g,
	    ret);
}

/* The plan is kept with what a model is asked for: it is what the code will be
 * checked against. */
static const struct err *
accept(struct req *req, const struct order *order,
    const struct compiled *compiled, struct generation_id *ret)
{
	const struct generate *form = form_values(req, struct generate);
	const struct answer_question question = {.connection = order->model,
	    .token = form->token,
	    .wishes = form->wishes,
	    .fresh = form->fresh,
	    .wants_tests = str_eq(form->tests, "model")};
	struct generation g = generation_of(req, order, compiled);
	const struct err *e;

	if (compiled->plan.output != OUTPUT_NOTEBOOK) {
		form_reject(req, "engine",
		    "A model writes notebooks in Python; choose that as the "
		    "output, or the compiler.");
		return NULL;
	}
	if (form->tests[0] && !str_eq(form->tests, "model") &&
	    !str_eq(form->tests, "compiler")) {
		form_reject(req, "tests",
		    "The compiler writes the tests, or the model.");
		return NULL;
	}
	g.plan = compiled->plan_json;
	if (compiled->tests.n > 0)
		g.tests = slice_dup(req->arena, compiled->tests);
	g.untested = untested_json(req->arena, &compiled->untested);
	e = answers_accept(req->app, req->arena, &req->session->user,
	    order->key, &g, &question, ret);
	return e ? form_refuse(req, e->code == W_FORM ? "token" : NULL, e)
	         : NULL;
}

/* Compiles and stores, or shows the page again with what is wrong. *ret stays
 * 0 in that case. */
static const struct err *
generate(struct req *req, struct resp *resp, const struct order *order,
    struct generation_id *ret)
{
	const struct stored_mapping *stored = order->stored;
	struct compiled compiled;
	const struct err *failure;

	failure = (order->model ? compile_for_model : compile_run)(req->arena,
	    stored->bytes, stored->name, order->pattern, order->options,
	    req->app->release, &compiled);
	if (!failure && compiled.problems.errors > 0) {
		resp->status = 422;
		return render(req, resp, stored, &compiled.mapping,
		    &compiled.problems);
	}
	if (order->model && !failure)
		return accept(req, order, &compiled, ret);
	return store(req, order, &compiled, failure, ret);
}

/* The pattern to compile with. A disabled one makes again what it has made of
 * this mapping, and nothing else. */
static const struct err *
find_pattern(struct req *req, const char *reference, const struct pattern **ret)
{
	bool disabled;
	bool used = false;
	const struct err *e;

	e = own_patterns_get(req->app, req->arena, reference, ret, &disabled);
	if (e || !disabled)
		return e;
	e = generations_used(req->app, &req->session->user,
	    (struct mapping_id){req->param[0]}, (*ret)->name, (*ret)->version,
	    &used);
	if (!e && !used)
		e = err_new(P_DISABLED, "The pattern %s is disabled.",
		    (*ret)->title);
	return e;
}

const struct err *
page_generate(struct req *req, struct resp *resp)
{
	const struct generate *form = form_values(req, struct generate);
	struct plan_options options = {0};
	struct stored_mapping stored;
	struct order order = {.stored = &stored, .options = &options};
	struct generation_id id = {0};
	struct compiled compiled;
	struct connection c;
	const struct err *e;

	e = find_pattern(req, form->pattern, &order.pattern);
	if (!e)
		e = load(req, form->revision, &stored, &compiled);
	if (!e && form->engine != 0) {
		order.model = &c;
		e = connection_engine(req, form->engine, order.pattern, &c);
	}
	if (e || req->form->has_errors)
		return e;
	pattern_form_options(req, order.pattern, &compiled.mapping, &options);
	order.key = key_bind(req->arena, req->form->key,
	    slice_of(arena_printf(req->arena,
	        "%" PRId64 " %s %s %" PRId64 " %s %s", form->revision,
	        pattern_reference(req->arena, order.pattern),
	        options_json(req->arena, &options), form->engine, form->wishes,
	        form->tests)));
	e = generations_find_key(req->app, &req->session->user, order.key, &id);
	if (!e && id.v == 0)
		e = generate(req, resp, &order, &id);
	if (e || id.v == 0)
		return e;
	return resp_redirect(req, resp,
	    url_path(req->arena,
	        order.model ? "/generations/%" PRId64 "/live"
	                    : "/generations/%" PRId64,
	        id.v));
}

/* What a model was asked for, made by the compiler. Asked twice it is the same
 * generation, since it would be the same code. */
const struct err *
page_compile_instead(struct req *req, struct resp *resp)
{
	struct generation g;
	struct recipe recipe;
	struct order order;
	struct generation_id id = {0};
	const struct err *e;

	e = generations_get(req->app, req->arena, &req->session->user,
	    (struct generation_id){req->param[0]}, &g);
	if (!e && !str_eq(g.engine, "model"))
		e = err_of(W_NOT_FOUND);
	if (!e)
		e = recipe_of(req->app, req->arena, &req->session->user, &g,
		    &recipe);
	if (e)
		return e;
	order = (struct order){.stored = &recipe.sheet,
	    .pattern = recipe.pattern,
	    .options = &recipe.options,
	    .key = arena_printf(req->arena, "instead of %" PRId64 " by %s",
	        g.id.v, req->app->release)};
	e = generate(req, resp, &order, &id);
	if (e || id.v == 0)
		return e;
	return resp_redirect(req, resp,
	    url_path(req->arena, "/generations/%" PRId64, id.v));
}
