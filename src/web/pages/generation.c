#include "base/base.h"

#include "web/pages/pages.h"

#include "base/json.h"
#include "core/compile.h"
#include "core/generations.h"
#include "core/own_patterns.h"
#include "core/proposals.h"
#include "web/pages/answer.h"
#include "web/pages/code.h"
#include "web/pages/components.h"
#include "web/pages/proposal.h"

#include <string.h>

/* The plans of more targets are folded. */
#define PLANS_OPEN 3

/* What compile_run() has made sure of before a result is stored. */
static const char *const checks[] = {
    "The sheet has no errors",
    "Every target column is written once",
    "Names and texts of the sheet are quoted, never pasted",
    "No credential, no fixed location: tables are parameters",
};

static const struct err *
load(struct req *req, struct generation *ret)
{
	return generations_get(req->app, req->arena, &req->session->user,
	    (struct generation_id){req->param[0]}, ret);
}

/* The same for downloads of code, which a failed one has not. */
static const struct err *
load_code(struct req *req, struct generation *ret)
{
	const struct err *e = load(req, ret);

	if (e)
		return e;
	if (ret->status != GENERATION_SUCCEEDED ||
	    str_eq(ret->engine, PROPOSAL_ENGINE))
		return err_new(W_NOT_FOUND, "This generation has no code.");
	return NULL;
}

static const char *
file_name(struct req *req, const struct generation *g)
{
	return arena_printf(req->arena, "%s.%s",
	    compile_base_name(req->arena, g->name),
	    lang_extension(lang_of(slice_of(g->code ? g->code : ""))));
}

static const char *
tests_name(struct req *req, const struct generation *g)
{
	return arena_printf(req->arena, "test_%s", file_name(req, g));
}

/* The same for its tests, which old ones have not. */
static const struct err *
load_tests(struct req *req, struct generation *ret)
{
	const struct err *e = load_code(req, ret);

	if (e)
		return e;
	if (!ret->tests)
		return err_new(W_NOT_FOUND,
		    "This generation is older than the tests. Generate it "
		    "again to have some.");
	return NULL;
}

static const struct err *
add_texts(struct arena *a, const char *fragment, const struct json *array,
    struct html_list *list)
{
	const struct json *item;
	const struct err *e;

	for (item = array ? array->child : NULL; item; item = item->next) {
		struct view *v = view_new(a, fragment);

		view_html(v, "text_html",
		    html_breakable(a, json_string(item, "")));
		e = html_list_render(list, v);
		if (e)
			return e;
	}
	return NULL;
}

static size_t
count(const struct json *list)
{
	const struct json *item;
	size_t n = 0;

	for (item = list ? list->child : NULL; item; item = item->next)
		n++;
	return n;
}

static const char *
target_name(const struct json *pipeline)
{
	const struct json *target = json_get(pipeline, "target");

	return json_string(json_get(target, "table"),
	    json_string(json_get(target, "path"), ""));
}

/* The plan's steps for each pipeline, as the compiler worded them. */
/* "14: 3 computed columns, 1 join (3)"; "" where the plan does not say. */
static const char *
complexity_text(struct arena *a, const struct json *complexity)
{
	static const struct {
		const char *key;
		const char *one;
		const char *many;
		const char *weight;
	} counts[] = {
	    {"computed_columns", "computed column", "computed columns", ""},
	    {"function_calls", "function call", "function calls", ""},
	    {"branches", "branch", "branches", ""},
	    {"windows", "window", "windows", " (3 each)"},
	    {"joins", "join", "joins", " (3 each)"},
	    {"filters", "filter", "filters", ""},
	};
	const struct json *v = json_get(complexity, "score");
	bool any = false;
	struct buf b;
	size_t i;

	if (!v)
		return "";
	buf_init(&b, a, 400);
	buf_printf(&b, "%.0f", v->number);
	for (i = 0; i < COUNT_OF(counts); i++) {
		v = json_get(complexity, counts[i].key);
		if (!v || v->number < 1)
			continue;
		buf_printf(&b, "%s%.0f %s%s", any ? ", " : ": ", v->number,
		    v->number < 2 ? counts[i].one : counts[i].many,
		    counts[i].weight);
		any = true;
	}
	return buf_str(&b);
}

static const struct err *
add_plan(struct arena *a, const struct json *plan, struct view *v)
{
	const struct json *pipelines = json_get(plan, "pipelines");
	const struct json *p;
	const struct err *e;
	struct html_list list;

	html_list_init(&list, a);
	for (p = pipelines ? pipelines->child : NULL; p; p = p->next) {
		struct view *target = view_new(a, "generation#plan_target");
		struct html_list words;

		html_list_init(&words, a);
		e = add_texts(a, "generation#word", json_get(p, "steps"),
		    &words);
		if (e)
			return e;
		view_html(target, "target_html",
		    html_breakable(a, target_name(p)));
		view_bool(target, "folds", count(pipelines) > PLANS_OPEN);
		view_html(target, "words_html", html_join(&words));
		view_text(target, "complexity",
		    complexity_text(a, json_get(p, "complexity")));
		e = html_list_render(&list, target);
		if (e)
			return e;
	}
	view_html(v, "plan_html", html_join(&list));
	return NULL;
}

static const struct err *
add_parameters(struct arena *a, const struct json *plan, struct view *v)
{
	const struct json *parameters = json_get(plan, "parameters");
	const struct json *p;
	const struct err *e;
	struct html_list list;

	html_list_init(&list, a);
	for (p = parameters ? parameters->child : NULL; p; p = p->next) {
		struct view *row = view_new(a, "generation#parameter");

		view_text(row, "name", json_string(json_get(p, "name"), ""));
		view_html(row, "initial_html",
		    html_breakable(a, json_string(json_get(p, "default"), "")));
		view_text(row, "label", json_string(json_get(p, "label"), ""));
		e = html_list_render(&list, row);
		if (e)
			return e;
	}
	view_html(v, "parameters_html", html_join(&list));
	return NULL;
}

/* "keys" of the pattern is "Key columns". */
static const char *
option_title(const struct pattern *pattern, const char *name)
{
	const struct option *o = pattern ? pattern_option(pattern, name) : NULL;

	return o ? o->title : name;
}

/* The pattern that it was made with; NULL where this release has none. */
static const struct err *
find_pattern(struct req *req, const struct generation *g,
    const struct pattern **ret)
{
	const struct err *e;
	bool disabled;

	e = own_patterns_get_version(req->app, req->arena, g->pattern,
	    g->pattern_version, ret, &disabled);
	if (e && code_info(e->code)->http >= 500)
		return e;
	if (e)
		*ret = NULL;
	return NULL;
}

static void
add_pattern(struct req *req, const struct generation *g,
    const struct pattern *pattern, struct view *v)
{
	view_text(v, "pattern", pattern ? pattern->title : g->pattern);
	view_int(v, "pattern_version", g->pattern_version);
	view_url(v, "pattern_url",
	    pattern ? component_pattern_url(req->arena, g->pattern,
	                  g->pattern_version)
	            : NULL);
}

/* What was chosen. The options are named PIPELINE.OPTION. */
static const struct err *
add_options(struct req *req, const struct generation *g, struct view *v)
{
	const struct pattern *pattern = NULL;
	struct arena *a = req->arena;
	const struct json *options = NULL;
	const struct json *o;
	const struct err *e;
	struct html_list list;

	e = find_pattern(req, g, &pattern);
	if (e)
		return e;
	add_pattern(req, g, pattern, v);
	e = json_parse_own(a, slice_of(g->options), &options);
	if (e)
		return e;
	html_list_init(&list, a);
	for (o = options ? options->child : NULL; o; o = o->next) {
		struct view *row = view_new(a, "generation#option");
		const char *dot = strrchr(o->key, '.');

		view_text(row, "title",
		    option_title(pattern, dot ? dot + 1 : o->key));
		view_html(row, "value_html",
		    html_breakable(a, json_string(o, "")));
		view_text(row, "pipeline",
		    dot && g->target_count > 1
		        ? arena_strndup(a, o->key, (size_t)(dot - o->key))
		        : "");
		e = html_list_render(&list, row);
		if (e)
			return e;
	}
	view_html(v, "options_html", list.n > 0 ? html_join(&list) : NULL);
	return NULL;
}

static const struct err *
add_checks(struct arena *a, enum lang lang, bool of_model, struct view *v)
{
	static const char brackets[] = "Quotes and brackets are closed";
	const struct err *e;
	struct html_list list;
	size_t i;

	html_list_init(&list, a);
	/* Of a model's, the gate says what was found. */
	for (i = 0; i <= COUNT_OF(checks) && !of_model; i++) {
		struct view *check = view_new(a, "generation#check");

		view_text(check, "text",
		    i < COUNT_OF(checks)      ? checks[i]
		        : lang == LANG_PYTHON ? "The code parses as Python"
		                              : brackets);
		e = html_list_render(&list, check);
		if (e)
			return e;
	}
	view_html(v, "checks_html", list.n > 0 ? html_join(&list) : NULL);
	return NULL;
}

/* The columns whose values the tests do not state. */
static const struct err *
add_untested(struct arena *a, const struct generation *g, struct view *v)
{
	const struct json *list = NULL;
	const struct json *item;
	const struct err *e;
	struct html_list rows;

	e = json_parse_own(a, slice_of(g->untested), &list);
	if (e)
		return e;
	html_list_init(&rows, a);
	for (item = list->child; item; item = item->next) {
		struct view *row = view_new(a, "generation#untested");
		const char *column = json_string(json_get(item, "column"), "");

		view_html(row, "column_html",
		    html_breakable(a, column[0] ? column : "All columns"));
		view_text(row, "pipeline",
		    g->target_count > 1
		        ? json_string(json_get(item, "pipeline"), "")
		        : "");
		view_html(row, "why_html",
		    html_breakable(a, json_string(json_get(item, "why"), "")));
		e = html_list_render(&rows, row);
		if (e)
			return e;
	}
	view_html(v, "untested_html", rows.n > 0 ? html_join(&rows) : NULL);
	return NULL;
}

/* What the page shows: the code, or its tests. */
enum tab { TAB_CODE, TAB_TESTS };

/* The text of the tab, empty where the generation has none. */
static struct slice
shown_text(const struct generation *g, enum tab tab)
{
	const char *text = tab == TAB_CODE ? g->code : g->tests;

	return slice_of(text ? text : "");
}

/* The text of the tab as markup. Lines of the code lead to the sheet. */
static const struct err *
mark_up(struct req *req, const struct generation *g, enum tab tab,
    struct source_map *map, struct code_markup *ret)
{
	const struct err *e = NULL;

	if (tab == TAB_CODE)
		e = source_map_read(req->arena, slice_of(g->source_map), map);
	if (e)
		return e;
	return code_markup(req->arena, lang_of(shown_text(g, tab)),
	    shown_text(g, tab), g->mapping, map, ret);
}

static const struct err *
add_result(struct req *req, const struct generation *g, enum tab tab,
    struct view *v)
{
	struct code_markup markup = {0};
	struct source_map map = {0};
	const struct json *plan = NULL;
	const struct err *e = NULL;
	struct slice shown = shown_text(g, tab);

	if (g->status == GENERATION_SUCCEEDED) {
		e = json_parse_own(req->arena, slice_of(g->plan), &plan);
		if (!e)
			e = mark_up(req, g, tab, &map, &markup);
	}
	if (!e)
		e = add_plan(req->arena, plan, v);
	if (!e)
		e = add_parameters(req->arena, plan, v);
	if (!e)
		e = add_options(req, g, v);
	if (!e)
		e = add_checks(req->arena, lang_of(shown_text(g, TAB_CODE)),
		    str_eq(g->engine, "model"), v);
	if (!e)
		e = add_untested(req->arena, g, v);
	if (e)
		return e;
	view_html(v, "code_html", markup.code);
	view_html(v, "jumps_html", markup.jumps);
	view_text(v, "kind", code_kind(plan));
	view_text(v, "lines", component_count(req->arena, markup.lines));
	view_bool(v, "has_rows", map.n > 0);
	view_bool(v, "is_cut", markup.lines > CODE_LINES_SHOWN);
	view_text(v, "shown", component_count(req->arena, CODE_LINES_SHOWN));
	view_text(v, "size", component_size(req->arena, (int64_t)shown.n));
	return NULL;
}

static void
add_links(struct req *req, const struct generation *g, enum tab tab,
    struct view *v)
{
	struct arena *a = req->arena;
	bool is_tests = tab == TAB_TESTS;

	view_url(v, "again_url",
	    url_with(a,
	        url_path(a, "/mappings/%" PRId64 "/pattern", g->mapping.v),
	        "from", arena_printf(a, "%" PRId64, g->id.v)));
	view_url(v, "mapping_url",
	    url_path(a, "/mappings/%" PRId64, g->mapping.v));
	view_url(v, "mapping_csv_url",
	    url_path(a, "/generations/%" PRId64 "/mapping.csv", g->id.v));
	view_url(v, "lineage_url",
	    url_path(a, "/generations/%" PRId64 "/lineage", g->id.v));
	/* What is proved is what the compiler makes. */
	view_url(v, "proof_url",
	    str_eq(g->engine, "model")
	        ? NULL
	        : url_path(a, "/generations/%" PRId64 "/proof", g->id.v));
	view_url(v, "plan_url",
	    url_path(a, "/generations/%" PRId64 "/plan.json", g->id.v));
	view_url(v, "raw_url",
	    url_path(a,
	        is_tests ? "/generations/%" PRId64 "/tests/raw"
	                 : "/generations/%" PRId64 "/raw",
	        g->id.v));
	view_url(v, "download_url",
	    url_path(a,
	        is_tests ? "/generations/%" PRId64 "/tests.py"
	                 : "/generations/%" PRId64 "/notebook.py",
	        g->id.v));
	view_url(v, "code_url", url_path(a, "/generations/%" PRId64, g->id.v));
	view_url(v, "tests_url",
	    g->tests ? url_path(a, "/generations/%" PRId64 "/tests", g->id.v)
	             : NULL);
	view_bool(v, "is_tests", is_tests);
}

static const struct err *
render(struct req *req, struct resp *resp, const struct generation *stored,
    enum tab tab)
{
	struct arena *a = req->arena;
	struct view *v = page_view(req, "generation");
	struct generation g = *stored;
	const struct err *e;

	page_crumb(req, "History", url_path(a, "/generations"));
	page_crumb(req, arena_printf(a, "Generation %" PRId64, g.id.v), NULL);
	view_html(v, "title_html",
	    html_breakable(a, compile_base_name(a, g.name)));
	view_text(v, "name", g.name);
	view_text(v, "status", generation_status_name(g.status));
	view_text(v, "error", g.error);
	view_bool(v, "is_running", g.status == GENERATION_RUNNING);
	view_text(v, "file_name",
	    tab == TAB_CODE ? file_name(req, &g) : tests_name(req, &g));
	view_text(v, "columns", component_count(a, g.column_count));
	view_text(v, "engine", g.engine);
	view_text(v, "compiler", g.compiler);
	view_text(v, "duration", component_duration(a, g.duration_us));
	view_int(v, "revision", g.revision_number);
	view_text(v, "owner", g.owner);
	add_links(req, &g, tab, v);
	e = component_time(req, v, "time_html", g.created_ms);
	if (!e)
		e = add_result(req, &g, tab, v);
	if (!e)
		e = answer_section(req, v, &g);
	if (!e)
		e = component_stepper(req, v, STEP_CODE, g.mapping);
	if (e)
		return e;
	return page_render(req, resp, compile_base_name(a, g.name), v);
}

const struct err *
page_generation(struct req *req, struct resp *resp)
{
	struct generation g;
	const struct err *e;

	e = load(req, &g);
	if (e)
		return e;
	if (str_eq(g.engine, PROPOSAL_ENGINE))
		return proposal_page(req, resp, &g);
	return render(req, resp, &g, TAB_CODE);
}

const struct err *
page_generation_tests(struct req *req, struct resp *resp)
{
	struct generation g;
	const struct err *e;

	e = load_tests(req, &g);
	if (e)
		return e;
	return render(req, resp, &g, TAB_TESTS);
}

const struct err *
page_generation_tests_download(struct req *req, struct resp *resp)
{
	struct generation g;
	const struct err *e;

	e = load_tests(req, &g);
	if (e)
		return e;
	return resp_download(req, resp, "text/x-python", tests_name(req, &g),
	    slice_of(g.tests));
}

const struct err *
page_generation_tests_raw(struct req *req, struct resp *resp)
{
	struct generation g;
	const struct err *e;

	e = load_tests(req, &g);
	if (e)
		return e;
	return resp_text(req, resp, slice_of(g.tests));
}

const struct err *
page_generation_download(struct req *req, struct resp *resp)
{
	struct generation g;
	const struct err *e;

	e = load_code(req, &g);
	if (e)
		return e;
	return resp_download(req, resp, "text/x-python", file_name(req, &g),
	    slice_of(g.code));
}

const struct err *
page_generation_raw(struct req *req, struct resp *resp)
{
	struct generation g;
	const struct err *e;

	e = load_code(req, &g);
	if (e)
		return e;
	return resp_text(req, resp, slice_of(g.code));
}

const struct err *
page_generation_plan(struct req *req, struct resp *resp)
{
	struct generation g;
	const struct err *e;

	e = load_code(req, &g);
	if (e)
		return e;
	return resp_download(req, resp, "application/json", "plan.json",
	    slice_of(g.plan));
}

const struct err *
page_generation_mapping(struct req *req, struct resp *resp)
{
	struct stored_mapping stored;
	struct generation g;
	const struct err *e;

	e = load(req, &g);
	if (!e)
		e = mappings_get_revision(req->app, req->arena,
		    &req->session->user, g.mapping, g.revision_number, &stored);
	if (e)
		return e;
	return resp_download(req, resp, "text/csv", g.name, stored.bytes);
}
