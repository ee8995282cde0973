#include "base/base.h"

#include "web/pages/answer.h"

#include "base/json.h"
#include "core/answers.h"
#include "core/proposals.h"
#include "web/form.h"
#include "web/pages/components.h"

/* The findings of the gate; *ret_refused says whether one of them refuses. */
static const struct err *
add_findings(struct req *req, const struct answer_row *answer, const char *code,
    struct view *v, bool *ret_refused)
{
	const struct json *list = NULL;
	const struct json *item;
	const struct html *html = NULL;
	struct html_list rows;
	const struct err *e;

	int64_t *bad;
	size_t n = 0;

	*ret_refused = false;
	view_html(v, "lines_html", NULL);
	e = json_parse_own(req->arena, slice_of(answer->report), &list);
	if (e)
		return e;
	for (item = list->child; item; item = item->next)
		n++;
	bad = arena_array(req->arena, int64_t, n + 1);
	html_list_init(&rows, req->arena);
	for (item = list->child; item; item = item->next) {
		struct view *row = view_new(req->arena, "answer#finding");
		const char *id = json_string(json_get(item, "code"), "");
		bool refuses = false;
		enum err_code found;
		int64_t line;

		if (!code_find(id, &found))
			found = R_REFUSED;
		refuses = code_info(found)->severity == SEVERITY_ERROR;
		*ret_refused = *ret_refused || refuses;
		if (!json_to_int(json_get(item, "line"), 0, INT32_MAX, &line))
			line = 0;
		bad[rows.n] = line;
		view_text(row, "severity", refuses ? "error" : "warning");
		view_text(row, "code", id);
		view_url(row, "code_url",
		    component_code_url(req->arena, found));
		view_int(row, "line", line);
		view_text(row, "message",
		    json_string(json_get(item, "message"), ""));
		view_text(row, "fix", json_string(json_get(item, "fix"), ""));
		e = html_list_render(&rows, row);
		if (e)
			return e;
	}
	view_html(v, "findings_html", rows.n > 0 ? html_join(&rows) : NULL);
	if (*ret_refused) {
		e = component_lines(req->arena, code, bad, rows.n, &html);
		view_html(v, "lines_html", html);
	}
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

/* Whether the compiler could write what the model was asked for. */
static const struct err *
add_compiler(struct req *req, const struct generation *g, struct view *v)
{
	const struct json *plan = NULL;
	const struct err *e = NULL;

	if (g->plan[0])
		e = json_parse_own(req->arena, slice_of(g->plan), &plan);
	view_bool(v, "compiles",
	    plan &&
	        !str_eq(json_string(json_get(plan, "strategy"), ""),
	            strategy_name(STRATEGY_PROMPT)));
	return e;
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
	struct connection c = {.auth = CONNECTION_STORED};
	struct generation_id earlier = {0};
	const struct err *e = NULL;

	if (again)
		e = answers_earlier(req->app, a, g->id, &earlier);
	if (!e && again)
		e = connections_get(req->app, a, &req->session->user,
		    answer->connection, &c);
	if (e && e->code != W_NOT_FOUND)
		return e;
	view_bool(v, "is_running", runs);
	view_bool(v, "is_accepted", answer->state == ANSWER_ACCEPTED);
	view_bool(v, "is_interrupted", answer->state == ANSWER_INTERRUPTED);
	view_bool(v, "asks", c.auth == CONNECTION_ASKED);
	view_text(v, "token_error", form_error(req, "token"));
	view_int(v, "earlier", earlier.v);
	view_url(v, "earlier_url", generation_url(a, earlier));
	view_int(v, "source", answer->source.v);
	view_url(v, "source_url", generation_url(a, answer->source));
	view_url(v, "live_url",
	    url_path(a, "/generations/%" PRId64 "/live", g->id.v));
	view_url(v, "stop_url",
	    own && runs ? url_path(a, "/generations/%" PRId64 "/stop", g->id.v)
	                : NULL);
	view_url(v, "restart_url",
	    again ? url_path(a, "/generations/%" PRId64 "/restart", g->id.v)
	          : NULL);
	view_url(v, "again_url",
	    url_with(a,
	        url_path(a, "/mappings/%" PRId64 "/pattern", g->mapping.v),
	        "from", arena_printf(a, "%" PRId64, g->id.v)));
	return NULL;
}

const struct err *
answer_section(struct req *req, struct view *v, const struct generation *g)
{
	struct view *section = page_view(req, "answer");
	const struct html *html = NULL;
	struct answer_row answer;
	const struct err *e;
	bool proposes;
	bool refused;

	view_html(v, "answer_html", NULL);
	proposes = str_eq(g->engine, PROPOSAL_ENGINE);
	if (!proposes && !str_eq(g->engine, "model"))
		return NULL;
	e = answers_get(req->app, req->arena, &req->session->user, g->id,
	    &answer);
	if (!e)
		e = add_findings(req, &answer, g->code, section, &refused);
	if (e)
		return e;
	add_verdict(&answer, refused, !str_eq(answer.report, "[]"), section);
	/* Rows are judged where they are shown. */
	if (proposes)
		view_text(section, "verdict", "");
	view_bool(section, "is_code", !proposes);
	e = add_compiler(req, g, section);
	if (e)
		return e;
	add_facts(req, &answer, section);
	e = add_actions(req, &answer, g, section);
	if (!e)
		e = view_render(section, &html);
	view_html(v, "answer_html", html);
	return e;
}
