#include "base/base.h"

#include "web/pages/pages.h"

#include "core/answers.h"
#include "core/compile.h"
#include "core/proposals.h"
#include "web/pages/components.h"

#include <poll.h>
#include <string.h>

/* How often who looks on looks, and how long at most. */
#define TAIL_MS 250
#define TAIL_MAX_US ((int64_t)280 * 1000 * 1000)
#define BEAT_US ((int64_t)5 * 1000 * 1000)
/* Browsers wait for so many bytes before they show anything. */
#define PADDING 2048
#define MEND "The model is asked to mend it."
#define WRITE_TESTS "The model writes tests."
#define MEND_TESTS "The model is asked to mend the tests."

struct answer_again {
	const char *token;
	const char *tests; /* who writes them; "": as it was */
};

static const struct field restart_fields[] = {
    FIELD_SECRET(struct answer_again, token, "The token", CONNECTION_TOKEN_MAX),
    FIELD_TEXT(struct answer_again, tests, "Who writes the tests", 0, 10),
};

const struct form_table answer_restart_form = FORM(struct answer_again,
    restart_fields);

/* The page as it is sent. */
struct live {
	struct req *req;
	struct resp *resp;
	struct generation_id id;
	int64_t begun_us;
	const struct url *generation_url;
	bool proposes; /* rows, not code */
};

/* Each piece is markup of its own, in memory of its own: a page that is long
 * open must not grow. */
static void
send_view(struct live *live, struct view *v)
{
	const struct html *html;

	if (!view_render(v, &html))
		resp_stream(live->req, live->resp, html_bytes(html));
}

static const char *
elapsed(struct arena *a, const struct live *live)
{
	int64_t tenths = (clock_monotonic_us() - live->begun_us) / 100000;

	return arena_printf(a, "%" PRId64 ".%" PRId64 " s", tenths / 10,
	    tenths % 10);
}

static void
on_text(void *context, struct slice piece)
{
	struct arena a SCOPED(arena_done) = ARENA_INIT;
	struct live *live = context;
	struct view *v = view_new(&a, "live#text");

	view_slice(v, "text", piece);
	send_view(live, v);
}

/* Between what is said and what is said after it. */
static void
send_rule(struct live *live, const char *words)
{
	struct arena a SCOPED(arena_done) = ARENA_INIT;

	on_text(live, slice_of(arena_printf(&a, "\n\n— %s —\n\n", words)));
}

static void
on_step(void *context, enum answer_step step, const char *words)
{
	static const struct {
		const char *slot;
		const char *words;
	} steps[ANSWER__STEP_COUNT] = {
	    [ANSWER_FOUND] = {"asked", "The same was asked before:"},
	    [ANSWER_ASKED] = {"asked", "The model is asked."},
	    [ANSWER_BEGUN] = {"begun", "It answers."},
	    [ANSWER_READ] = {"read", "Its answer is complete."},
	    [ANSWER_CHECKED] = {"checked", "Checked against the plan:"},
	    [ANSWER_REPAIR] = {"repair", MEND},
	    [ANSWER_TESTS] = {"tests", WRITE_TESTS},
	    [ANSWER_TESTS_READ] = {"tests-read", "Its tests are complete."},
	    [ANSWER_TESTS_CHECKED] = {"tests-checked",
	        "The tests were checked:"},
	    [ANSWER_TESTS_REPAIR] = {"tests-repair", MEND_TESTS},
	};
	struct arena a SCOPED(arena_done) = ARENA_INIT;
	struct live *live = context;
	bool checked = step == ANSWER_CHECKED || step == ANSWER_TESTS_CHECKED;
	bool repair = step == ANSWER_REPAIR || step == ANSWER_TESTS_REPAIR;
	bool refused = checked && str_eq(words, "refused");
	struct view *v = view_new(&a, "live#step");

	view_text(v, "slot", steps[step].slot);
	view_text(v, "icon", refused ? "error" : repair ? "info" : "ok");
	if (live->proposes && step == ANSWER_CHECKED)
		words = arena_printf(&a, "Read as rows of the sheet: %s.",
		    words);
	view_text(v, "words",
	    live->proposes && step == ANSWER_CHECKED ? words
	        : checked || step == ANSWER_FOUND
	        ? arena_printf(&a, "%s %s.", steps[step].words, words)
	        : steps[step].words);
	view_text(v, "elapsed", elapsed(&a, live));
	send_view(live, v);
	if (repair || step == ANSWER_TESTS)
		send_rule(live, steps[step].words);
}

static void
on_beat(void *context, int64_t elapsed_ms)
{
	struct arena a SCOPED(arena_done) = ARENA_INIT;
	struct live *live = context;
	struct view *v = view_new(&a, "live#time");

	view_text(v, "elapsed",
	    arena_printf(&a, "%" PRId64 " s", elapsed_ms / 1000));
	send_view(live, v);
}

/* What the page says of the end. */
static void
send_end(struct live *live, enum generation_status status, const char *error,
    const char *tests_error)
{
	static const struct {
		const char *kind;
		const char *icon;
		const char *words;
		const char *label;
	} ends[GENERATION__STATUS_COUNT] = {
	    [GENERATION_RUNNING] = {"warning", "warning",
	        "It is not finished yet.", "Look how far it is"},
	    [GENERATION_SUCCEEDED] = {"ok", "ok", "The code is ready.",
	        "Open the code"},
	    [GENERATION_FAILED] = {"problem", "error", "", "What can be done"},
	    [GENERATION_STOPPED] = {"note", "info", "It was stopped.",
	        "What can be done"},
	};
	struct view *v = view_new(live->req->arena, "live#end");

	view_text(v, "kind", ends[status].kind);
	view_text(v, "icon", ends[status].icon);
	view_text(v, "words",
	    status == GENERATION_FAILED ? error : ends[status].words);
	if (live->proposes && status == GENERATION_SUCCEEDED)
		view_text(v, "words", "The rows are here.");
	if (status == GENERATION_SUCCEEDED && tests_error[0]) {
		view_text(v, "kind", "warning");
		view_text(v, "icon", "warning");
		view_text(v, "words",
		    arena_printf(live->req->arena,
		        "The code is ready, with the compiled tests. %s",
		        tests_error));
	}
	view_text(v, "label",
	    live->proposes && status == GENERATION_SUCCEEDED
	        ? "Look them over"
	        : ends[status].label);
	view_url(v, "generation_url", live->generation_url);
	send_view(live, v);
}

/* How much of a part of an answer was shown. */
struct seen {
	int64_t round;
	size_t told;
	const char *mend; /* what stands before another round */
};

static void
show_more(struct live *live, struct seen *seen, int64_t round, const char *text)
{
	size_t n = strlen(text);

	if (round != seen->round) {
		if (seen->round > 0)
			send_rule(live, seen->mend);
		seen->told = 0;
	}
	seen->round = round;
	if (n > seen->told)
		on_text(live,
		    (struct slice){text + seen->told, n - seen->told});
	seen->told = n > seen->told ? n : seen->told;
}

/* The text as far as it has come, and what comes, as it is stored. */
static const struct err *
look_on(struct live *live)
{
	struct req *req = live->req;
	int64_t begun_us = clock_monotonic_us();
	int64_t beat_us = begun_us;
	struct seen code = {.mend = MEND};
	struct seen tests = {.mend = MEND_TESTS};

	for (;;) {
		struct arena a SCOPED(arena_done) = ARENA_INIT;
		int64_t now_us = clock_monotonic_us();
		struct answer_row answer;
		const struct err *e;

		e = answers_get(req->app, &a, &req->session->user, live->id,
		    &answer);
		if (e)
			return e;
		show_more(live, &code, answer.round, answer.text);
		if (answer.tests_round > 0 && tests.round == 0)
			send_rule(live, WRITE_TESTS);
		show_more(live, &tests, answer.tests_round, answer.tests_text);
		if (answer.state != ANSWER_RUNNING || live->resp->gone ||
		    now_us - begun_us > TAIL_MAX_US)
			return NULL;
		if (now_us - beat_us > BEAT_US) {
			beat_us = now_us;
			on_beat(live,
			    clock_now_ms(&req->app->clock) - answer.started_ms);
		}
		poll(NULL, 0, TAIL_MS);
	}
}

static const struct err *
add_page(struct live *live, const struct generation *g,
    const struct answer_row *answer, const char *marker)
{
	struct req *req = live->req;
	struct arena *a = req->arena;
	struct view *v = page_view(req, "live");
	bool own = answer->owner.v == req->session->user.id.v;
	const struct err *e;
	int64_t typical;

	e = answers_typical(req->app, a, answer->model, &typical);
	if (e)
		return e;
	page_crumb(req, "History", url_path(a, "/generations"));
	page_crumb(req, arena_printf(a, "Generation %" PRId64, live->id.v),
	    live->generation_url);
	page_crumb(req, "Live", NULL);
	view_html(v, "title_html",
	    html_breakable(a, compile_base_name(a, g->name)));
	view_text(v, "state", own ? "running" : "looking on");
	view_text(v, "model", answer->model);
	view_bool(v, "is_code", !live->proposes);
	view_bool(v, "wants_tests", answer->wants_tests);
	view_text(v, "host", answer->host);
	view_text(v, "typical",
	    typical > 0 ? component_duration(a, typical * 1000) : "");
	view_bool(v, "is_simulated",
	    connection_is_simulated(req->app, answer->host));
	view_url(v, "stop_url",
	    own ? url_path(a, "/generations/%" PRId64 "/stop", live->id.v)
	        : NULL);
	view_url(v, "generation_url", live->generation_url);
	view_html(v, "stream_html", html_text(a, marker));
	return page_render(req, live->resp, "A model writes", v);
}

/* Sends what stands before the marker; what stands behind it is for later. */
static void
begin(struct live *live, const char *marker, struct slice *ret_rest)
{
	struct resp *resp = live->resp;
	struct slice page = resp->body;
	const char *at = memmem(page.p, page.n, marker, strlen(marker));
	struct buf padding;

	assert(at); /* the view has it */
	resp->body.n = (size_t)(at - page.p);
	*ret_rest = (struct slice){
	    at + strlen(marker), page.n - resp->body.n - strlen(marker)};
	resp_stream_begin(live->req, resp);
	buf_init(&padding, live->req->arena, PADDING + 1);
	while (padding.n < PADDING)
		buf_add_str(&padding, "                               \n");
	resp_stream(live->req, resp, buf_slice(&padding));
}

static const struct err *
stream(struct live *live)
{
	const struct answer_watcher watcher = {
	    .step = on_step, .text = on_text, .beat = on_beat, .context = live};
	struct req *req = live->req;
	struct answer_row answer;
	struct generation g;
	const struct err *e;
	bool claimed;

	e = answer_run(req->app, req->arena, &req->session->user, live->id,
	    req->id, &watcher, &claimed);
	if (!e && !claimed)
		e = look_on(live);
	if (!e)
		e = generations_get(req->app, req->arena, &req->session->user,
		    live->id, &g);
	if (!e)
		e = answers_get(req->app, req->arena, &req->session->user,
		    live->id, &answer);
	if (e)
		send_end(live, GENERATION_FAILED, e->message, "");
	else
		send_end(live, g.status, g.error, answer.tests_error);
	return e;
}

const struct err *
page_live(struct req *req, struct resp *resp)
{
	struct live live = {.req = req,
	    .resp = resp,
	    .id = {req->param[0]},
	    .begun_us = clock_monotonic_us(),
	    .generation_url = url_path(req->arena, "/generations/%" PRId64,
	        req->param[0])};
	const char *marker = arena_printf(req->arena, "stream-%s", req->id);
	struct answer_row answer;
	struct generation g;
	struct slice rest;
	const struct err *e;

	e = generations_get(req->app, req->arena, &req->session->user, live.id,
	    &g);
	if (!e)
		e = answers_get(req->app, req->arena, &req->session->user,
		    live.id, &answer);
	if (e)
		return e;
	live.proposes = str_eq(g.engine, PROPOSAL_ENGINE);
	if (answer.state == ANSWER_ENDED ||
	    answer.state == ANSWER_INTERRUPTED || req->method == METHOD_HEAD)
		return resp_redirect(req, resp, live.generation_url);
	e = add_page(&live, &g, &answer, marker);
	if (e)
		return e;
	begin(&live, marker, &rest);
	e = stream(&live);
	resp_stream(req, resp, rest);
	return e;
}

const struct err *
page_answer_stop(struct req *req, struct resp *resp)
{
	const struct err *e;

	e = answers_stop(req->app, req->arena, &req->session->user,
	    (struct generation_id){req->param[0]});
	if (e)
		return e;
	return resp_redirect(req, resp,
	    url_path(req->arena, "/generations/%" PRId64, req->param[0]));
}

const struct err *
page_answer_restart(struct req *req, struct resp *resp)
{
	const struct answer_again *form = form_values(req, struct answer_again);
	const struct err *e;

	if (form->tests[0] && !str_eq(form->tests, "model") &&
	    !str_eq(form->tests, "compiler"))
		return err_new(W_FORM,
		    "The compiler writes the tests, or the model.");
	e = answers_restart(req->app, req->arena, &req->session->user,
	    (struct generation_id){req->param[0]}, form->token,
	    form->tests[0] ? form->tests : NULL);
	if (e)
		return form_refuse(req, e->code == W_FORM ? "token" : NULL, e);
	return resp_redirect(req, resp,
	    url_path(req->arena, "/generations/%" PRId64 "/live",
	        req->param[0]));
}
