#include "base/base.h"

#include "web/pages/answer.h"

#include "base/json.h"
#include "core/answers.h"
#include "core/compile.h"
#include "core/proposals.h"
#include "core/recipe.h"
#include "model/reply.h"
#include "web/form.h"
#include "web/pages/components.h"

/* What the gate has found, and where that is shown. */
struct report {
	const char *json;
	const struct url *page; /* that has the lines; NULL: this one */
	const char *prefix;     /* of their anchors */
	const char *text;       /* whose lines are shown where it is refused */
	bool refused;           /* one of the findings refuses */
	bool empty;
};

static const struct err *
add_finding(struct req *req, const struct report *r, const struct json *item,
    int64_t line, struct html_list *list, bool *ret_refuses)
{
	struct view *row = view_new(req->arena, "answer#finding");
	const char *id = json_string(json_get(item, "code"), "");
	const char *place = arena_printf(req->arena, "%s%" PRId64, r->prefix,
	    line);
	enum err_code found;

	if (!code_find(id, &found))
		found = R_REFUSED;
	*ret_refuses = code_info(found)->severity == SEVERITY_ERROR;
	view_text(row, "severity", *ret_refuses ? "error" : "warning");
	view_text(row, "code", id);
	view_url(row, "code_url", component_code_url(req->arena, found));
	view_int(row, "line", line);
	view_url(row, "line_url", url_fragment(req->arena, r->page, place));
	view_text(row, "message", json_string(json_get(item, "message"), ""));
	view_text(row, "fix", json_string(json_get(item, "fix"), ""));
	return html_list_render(list, row);
}

static const struct err *
add_findings(struct req *req, struct report *r, struct view *v)
{
	const struct json *list = NULL;
	const struct json *item;
	const struct html *html = NULL;
	struct html_list rows;
	const struct err *e;
	int64_t *bad;
	size_t n = 0;

	view_html(v, "lines_html", NULL);
	e = json_parse_own(req->arena, slice_of(r->json), &list);
	if (e)
		return e;
	for (item = list->child; item; item = item->next)
		n++;
	bad = arena_array(req->arena, int64_t, n + 1);
	html_list_init(&rows, req->arena);
	for (item = list->child; item; item = item->next) {
		int64_t *line = &bad[rows.n];
		bool refuses;

		if (!json_to_int(json_get(item, "line"), 0, INT32_MAX, line))
			*line = 0;
		e = add_finding(req, r, item, *line, &rows, &refuses);
		if (e)
			return e;
		r->refused = r->refused || refuses;
	}
	r->empty = rows.n == 0;
	view_html(v, "findings_html", rows.n > 0 ? html_join(&rows) : NULL);
	if (r->refused)
		e = component_lines(req->arena, r->text, r->prefix, bad, rows.n,
		    &html);
	view_html(v, "lines_html", html);
	return e;
}

/* The tests that the model wrote, or why they are not used. */
static const struct err *
add_tests(struct req *req, const struct answer_row *answer, struct view *v)
{
	struct arena *a = req->arena;
	struct view *tests = view_new(a, "answer#tests");
	const struct url *url = url_path(a, "/generations/%" PRId64 "/tests",
	    answer->generation.v);
	bool used = answer_has_tests(answer);
	const struct html *html = NULL;
	struct report report = {.json = answer->tests_report,
	    .page = used
	        ? url
	        : url_path(a, "/generations/%" PRId64, answer->generation.v),
	    .prefix = used ? "L" : "T"};
	const struct err *e;
	struct reply reply;

	view_html(v, "tests_html", NULL);
	if (!used && str_empty(answer->tests_error))
		return NULL;
	reply_read(slice_of(answer->tests_text), &reply);
	report.text = slice_dup(a, reply.code);
	e = add_findings(req, &report, tests);
	if (e)
		return e;
	view_bool(tests, "are_used", used);
	view_text(tests, "verdict",
	    report.empty ? "passed" : "passed with remarks");
	view_text(tests, "verdict_class",
	    report.empty ? "succeeded" : "warning");
	view_bool(tests, "rounds", answer->tests_round > 1);
	view_text(tests, "error", answer->tests_error);
	view_url(tests, "tests_url", url);
	e = view_render(tests, &html);
	view_html(v, "tests_html", html);
	return e;
}

static void
add_verdict(const struct answer_row *answer, bool refused, bool has_findings,
    struct view *v)
{
	const char *verdict = "";

	if (answer->status == GENERATION_SUCCEEDED)
		verdict = has_findings ? "passed with remarks" : "passed";
	else if (refused)
		verdict = "refused";
	view_text(v, "verdict", verdict);
	view_text(v, "verdict_class",
	    refused            ? "error"
	        : has_findings ? "warning"
	                       : "succeeded");
	view_bool(v, "is_refused", refused);
	view_bool(v, "rounds", answer->round > 1);
}

static void
add_facts(struct req *req, const struct answer_row *answer, struct view *v)
{
	struct arena *a = req->arena;
	int64_t first = answer->first_ms - answer->started_ms;

	view_text(v, "model", answer->model);
	view_text(v, "host", answer->host);
	view_text(v, "wishes", answer->wishes);
	view_text(v, "first",
	    answer->first_ms > 0 ? component_duration(a, first * 1000) : "");
	view_text(v, "asked",
	    answer->asked_bytes > 0 ? component_size(a, answer->asked_bytes)
	                            : "");
	view_text(v, "tokens",
	    answer->tokens_out >= 0
	        ? arena_printf(a, "%s read, %s written",
	              answer->tokens_in >= 0
	                  ? component_count(a, answer->tokens_in)
	                  : "?",
	              component_count(a, answer->tokens_out))
	        : "");
	/* Where there is code, the page shows that. */
	view_text(v, "text",
	    answer->status == GENERATION_SUCCEEDED ? "" : answer->text);
	view_bool(v, "is_open", answer->state == ANSWER_INTERRUPTED);
}

/* NULL for none. */
static const struct url *
generation_url(struct arena *a, struct generation_id id)
{
	return id.v ? url_path(a, "/generations/%" PRId64, id.v) : NULL;
}

/* What the compiler would write in place of the model. Whoever may see the
 * answer may see that; a sheet or pattern that fits no more has none. */
static const struct err *
add_compiler(struct req *req, const struct answer_row *answer,
    const struct generation *g, struct view *v)
{
	const struct app *app = req->app;
	struct compiled compiled = {0};
	struct recipe recipe;
	const struct err *e;

	view_bool(v, "compiles", false);
	view_text(v, "compiled", "");
	view_url(v, "compile_url",
	    url_path(req->arena, "/generations/%" PRId64 "/compile", g->id.v));
	if (str_eq(g->engine, PROPOSAL_ENGINE) ||
	    answer->status == GENERATION_SUCCEEDED ||
	    answer->status == GENERATION_RUNNING)
		return NULL;
	e = recipe_of(app, req->arena, &req->session->user, g, &recipe);
	if (e)
		return e;
	if (!pattern_compiles(recipe.pattern) ||
	    compile_again(req->arena, recipe.sheet.bytes, recipe.sheet.name,
	        recipe.pattern, &recipe.options, app->release, &compiled) ||
	    compiled.problems.errors > 0)
		return NULL;
	view_bool(v, "compiles", true);
	view_slice(v, "compiled", compiled.code);
	return NULL;
}

/* When the answer was written that was used again: "2 hours ago". */
static const struct err *
find_age(struct req *req, const struct answer_row *answer, const char **ret)
{
	struct answer_row source;
	const struct err *e;

	e = answers_get(req->app, req->arena, &req->session->user,
	    answer->source, &source);
	if (!e && source.ended_ms > 0)
		*ret = time_format_relative(req->arena, source.ended_ms,
		    clock_now_ms(&req->app->clock));
	return e && e->code == W_NOT_FOUND ? NULL : e;
}

/* What its owner may do. */
static const struct err *
add_actions(struct req *req, const struct answer_row *answer,
    const struct generation *g, struct view *v)
{
	struct arena *a = req->arena;
	bool own = answer->owner.v == req->session->user.id.v;
	bool runs = answer->state == ANSWER_ACCEPTED ||
	    answer->state == ANSWER_RUNNING;
	bool again = own && !runs && answer->status != GENERATION_SUCCEEDED;
	/* Code that has passed may be taken as it is. */
	bool stops = own &&
	    (runs || (answer->state == ANSWER_INTERRUPTED && answer->has_code));
	struct connection c = {.auth = CONNECTION_STORED};
	struct generation_id earlier = {0};
	const char *age = "";
	const struct err *e = NULL;

	if (again)
		e = answers_earlier(req->app, a, g->id, &earlier);
	if (!e && answer->source.v)
		e = find_age(req, answer, &age);
	if (!e && again)
		e = connections_get(req->app, a, &req->session->user,
		    answer->connection, &c);
	if (e && e->code != W_NOT_FOUND)
		return e;
	view_bool(v, "is_running", runs);
	view_bool(v, "is_accepted", answer->state == ANSWER_ACCEPTED);
	view_bool(v, "has_code", answer->has_code && !runs);
	view_bool(v, "by_model", answer->wants_tests);
	view_bool(v, "is_interrupted", answer->state == ANSWER_INTERRUPTED);
	view_bool(v, "asks", c.auth == CONNECTION_ASKED);
	view_text(v, "token_error", form_error(req, "token"));
	view_int(v, "earlier", earlier.v);
	view_url(v, "earlier_url", generation_url(a, earlier));
	view_int(v, "source", answer->source.v);
	view_text(v, "source_age", age);
	view_url(v, "source_url", generation_url(a, answer->source));
	view_url(v, "live_url",
	    url_path(a, "/generations/%" PRId64 "/live", g->id.v));
	view_url(v, "stop_url",
	    stops ? url_path(a, "/generations/%" PRId64 "/stop", g->id.v)
	          : NULL);
	view_url(v, "restart_url",
	    again ? url_path(a, "/generations/%" PRId64 "/restart", g->id.v)
	          : NULL);
	return NULL;
}

const struct err *
answer_section(struct req *req, struct view *v, const struct generation *g)
{
	struct view *section = page_view(req, "answer");
	const struct html *html = NULL;
	struct report report = {.json = "[]",
	    .page = url_path(req->arena, "/generations/%" PRId64, g->id.v),
	    .prefix = "L",
	    .text = g->code};
	struct answer_row answer;
	const struct err *e;
	bool proposes;

	view_html(v, "answer_html", NULL);
	view_text(v, "tests_model", "");
	proposes = str_eq(g->engine, PROPOSAL_ENGINE);
	if (!proposes && !str_eq(g->engine, "model"))
		return NULL;
	e = answers_get(req->app, req->arena, &req->session->user, g->id,
	    &answer);
	if (e)
		return e;
	view_text(v, "tests_model",
	    answer_has_tests(&answer) ? answer.model : "");
	report.json = answer.report;
	e = add_findings(req, &report, section);
	if (!e)
		e = add_tests(req, &answer, section);
	if (e)
		return e;
	add_verdict(&answer, report.refused, !report.empty, section);
	/* Rows are judged where they are shown. */
	if (proposes)
		view_text(section, "verdict", "");
	view_bool(section, "is_code", !proposes);
	e = add_compiler(req, &answer, g, section);
	if (e)
		return e;
	add_facts(req, &answer, section);
	e = add_actions(req, &answer, g, section);
	if (!e)
		e = view_render(section, &html);
	view_html(v, "answer_html", html);
	return e;
}
