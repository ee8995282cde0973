#include "base/base.h"

#include "sim/control.h"

#include "sim/faults.h"
#include "sim/grants.h"
#include "sim/misbehave.h"
#include "sim/page.h"
#include "sim/reply.h"
#include "sim/store.h"

#include <string.h>

bool
control_allowed(const struct sim_req *req, struct sim_resp *resp)
{
	const char *host = req->host ? req->host : "";

	/* Other names may lead here, too, by whatever some site's name server
	 * says. */
	if (!req->origin)
		return true;
	if ((str_starts(host, "127.0.0.1:") ||
	        str_starts(host, "localhost:")) &&
	    str_eq(req->origin, arena_printf(req->arena, "http://%s", host)))
		return true;
	reply_error(req, resp, 403, "PERMISSION_DENIED",
	    "Only pages of the simulator may send this.");
	return false;
}

static bool
speaks_json(const struct sim_req *req)
{
	return req->content_type &&
	    str_starts(req->content_type, "application/json");
}

/* False after the body was refused. */
static bool
read_fields(const struct sim_req *req, struct sim_resp *resp,
    struct fields *ret)
{
	const struct json *json;

	if (!speaks_json(req)) {
		fields_add_form(req->arena, ret, req->body);
		return true;
	}
	json = reply_need_json(req, resp);
	fields_add_json(req->arena, ret, json);
	return json != NULL;
}

/* What follows a form: the page again. What follows JSON: {}. Unless it could
 * not be written: e, which is returned. */
static const struct err *
done(const struct sim_req *req, struct sim_resp *resp, const struct err *e)
{
	if (e || speaks_json(req))
		return reply_written(resp, e);
	reply_redirect(req, resp, 303, "/control");
	return NULL;
}

/* What the other side has sent does not fit: told, and no failure of ours. */
static const struct err *
tell(const struct sim_req *req, struct sim_resp *resp, const struct err *e)
{
	struct page p;

	if (e->code != S_USAGE)
		return e;
	if (speaks_json(req)) {
		reply_error(req, resp, 400, "INVALID_PARAMETER_VALUE", "%s",
		    e->message);
		return NULL;
	}
	page_start(req, &p, "That does not fit");
	page_text(&p, e->message);
	page_link(&p, "/control", "Back");
	page_reply(&p, req, resp, 400);
	return NULL;
}

const struct err *
control_home(const struct sim_req *req, struct sim_resp *resp)
{
	struct page p;

	page_start(req, &p, "Welcome");
	page_text(&p,
	    "This program behaves like the API of a Databricks workspace, so "
	    "that everything can be tried, and everything that can go wrong "
	    "can be made to go wrong.");
	page_text(&p,
	    arena_printf(req->arena,
	        "Its address as a workspace is %s. As an access token it takes "
	        "any word that starts with dapi; dapi-ann is Ann.",
	        req->sim->base));
	page_link(&p, "/control", "Settings and faults");
	page_reply(&p, req, resp, 200);
	return NULL;
}

static void
show_settings(const struct sim_req *req, struct page *p)
{
	size_t i;

	page_heading(p, "Settings");
	page_form(p, "/control/settings");
	for (i = 0; i < n_settings; i++) {
		const struct setting *s = &settings_table[i];
		const char *label = arena_printf(req->arena, "%s: %s", s->name,
		    s->meaning);
		const char *value = settings_text(req->arena, &req->settings,
		    s);

		if (str_eq(s->name, "misbehaviour"))
			page_choice(p, s->name, label, misbehaviours, value);
		else
			page_input(p, s->name, label, value);
	}
	page_button(p, NULL, NULL, "Save the settings");
}

static void
show_faults(const struct sim_req *req, struct page *p,
    const struct sim_faults *faults)
{
	static const char *const heads[] = {"Requests", "Status", "Body", "Cut",
	    "Misbehaviour", "Latency", "Times left", "Happened", NULL};
	struct arena *a = req->arena;
	size_t i;

	page_heading(p, "Faults");
	if (faults->n == 0) {
		page_text(p, "Nothing goes wrong but by itself.");
		return;
	}
	page_row(p, heads);
	for (i = 0; i < faults->n; i++) {
		const struct sim_fault *t = &faults->v[i];
		const char *const cells[] = {t->pattern,
		    arena_printf(a, "%" PRId64, t->status), t->body, t->cut,
		    t->misbehaviour,
		    arena_printf(a, "%" PRId64 " ms", t->latency_ms),
		    t->times == FAULT_FOREVER
		        ? "always"
		        : arena_printf(a, "%" PRId64, t->times),
		    arena_printf(a, "%" PRId64, t->used), NULL};

		page_row(p, cells);
	}
	page_form(p, "/control/faults/clear");
	page_button(p, NULL, NULL, "Remove all faults");
}

static void
show_new_fault(struct page *p)
{
	static const char *const after[] = {"false", "true", NULL};

	page_heading(p, "A new fault");
	page_form(p, "/control/faults");
	page_input(p, "pattern", "Requests: method and path, * for any text",
	    "POST /serving-endpoints/*");
	page_input(p, "status", "Status; 0 leaves the answer as it is", "503");
	page_choice(p, "body", "Form of the body", fault_bodies, "error");
	page_input(p, "code", "error_code; empty for the usual one", "");
	page_input(p, "message", "Message", "");
	page_input(p, "retry_after", "Retry-After in seconds; -1 for none",
	    "-1");
	page_input(p, "latency_ms", "Milliseconds until the answer", "0");
	page_choice(p, "cut", "Where the connection is cut, or stalls",
	    fault_cuts, "none");
	page_choice(p, "after", "The request has its effect all the same",
	    after, "false");
	page_choice(p, "misbehaviour", "What the model does wrong",
	    misbehaviours, "none");
	page_input(p, "times", "How often; -1 for always", "1");
	page_button(p, NULL, NULL, "Add the fault");
}

const struct err *
control_show(const struct sim_req *req, struct sim_resp *resp)
{
	struct sim_faults faults;
	const struct err *e;
	struct page p;

	e = faults_read(req->arena, req->sim, &faults);
	if (e)
		return e;
	page_start(req, &p, "Settings and faults");
	show_faults(req, &p, &faults);
	show_new_fault(&p);
	show_settings(req, &p);
	page_heading(&p, "Tokens");
	page_form(&p, "/control/expire");
	page_button(&p, NULL, NULL, "Let all OAuth access tokens expire");
	page_reply(&p, req, resp, 200);
	return NULL;
}

const struct err *
control_faults(const struct sim_req *req, struct sim_resp *resp)
{
	struct sim_faults faults;
	struct json_writer w;
	const struct err *e;
	struct buf b;

	e = faults_read(req->arena, req->sim, &faults);
	if (e)
		return e;
	reply_start(req, &b, &w);
	faults_json(&w, &faults);
	reply_json(resp, 200, &b);
	return NULL;
}

const struct err *
control_add(const struct sim_req *req, struct sim_resp *resp)
{
	struct sim_faults faults;
	struct sim_fault fault;
	struct fields f = {0};
	const struct err *e;

	if (!read_fields(req, resp, &f))
		return NULL;
	e = fault_from(req->arena, &f, &fault);
	if (e)
		return tell(req, resp, e);
	e = faults_read(req->arena, req->sim, &faults);
	if (e)
		return e;
	*LIST_ADD(req->arena, &faults) = fault;
	return done(req, resp, faults_write(req->arena, req->sim, &faults));
}

const struct err *
control_clear(const struct sim_req *req, struct sim_resp *resp)
{
	const struct sim_faults none = {0};

	return done(req, resp, faults_write(req->arena, req->sim, &none));
}

const struct err *
control_settings(const struct sim_req *req, struct sim_resp *resp)
{
	struct fields f = {0};
	const struct err *e;

	if (!read_fields(req, resp, &f))
		return NULL;
	e = store_change_settings(req->arena, req->sim, &f);
	return e ? tell(req, resp, e) : done(req, resp, NULL);
}

const struct err *
control_expire(const struct sim_req *req, struct sim_resp *resp)
{
	int64_t now = clock_now_ms(&req->sim->clock);
	struct grants grants;
	const struct err *e;
	size_t i;

	e = grants_read(req->arena, req->sim, &grants);
	if (e)
		return e;
	for (i = 0; i < grants.n; i++) {
		if (str_eq(grants.v[i].kind, "access"))
			grants.v[i].expires_ms = now;
	}
	return done(req, resp, grants_write(req->arena, req->sim, &grants));
}
