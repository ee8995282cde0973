#include "base/base.h"

#include "sim/faults.h"

#include "sim/glob.h"
#include "sim/member.h"
#include "sim/misbehave.h"
#include "sim/page.h"
#include "sim/reply.h"
#include "sim/store.h"

#include <string.h>

#define FILE_NAME "faults.json"

const char *const fault_bodies[] = {"error", "numeric", "message", "api12",
    "scim", "html", "text", "empty", NULL};
const char *const fault_cuts[] = {"none", "before", "middle", "stall", NULL};

static const char *const names[] = {"pattern", "status", "body", "code",
    "message", "retry_after", "latency_ms", "cut", "after", "misbehaviour",
    "times", "used", NULL};

static bool
is_one_of(const char *const *words, const char *word)
{
	for (; *words; words++) {
		if (str_eq(*words, word))
			return true;
	}
	return false;
}

/* The word, or the first one where none is said. */
static const struct err *
take_word(struct arena *a, const struct fields *f, const char *name,
    const char *const *words, const char **ret)
{
	const char *word = fields_get(f, name, "");

	if (word[0] && !is_one_of(words, word))
		return err_new(S_USAGE, "%s cannot be \"%s\".", name, word);
	*ret = word[0] ? arena_strdup(a, word) : words[0];
	return NULL;
}

static const struct err *
take_number(const struct fields *f, const char *name, int64_t min, int64_t max,
    int64_t initial, int64_t *ret)
{
	const char *text = fields_get(f, name, "");

	*ret = initial;
	if (text[0] && !str_to_int(text, min, max, ret))
		return err_new(S_USAGE,
		    "%s is a whole number from %" PRId64 " to %" PRId64 ".",
		    name, min, max);
	return NULL;
}

static const struct err *
check_names(const struct fields *f)
{
	const char *pattern = fields_get(f, "pattern", "");
	size_t i;

	for (i = 0; i < f->n; i++) {
		if (!is_one_of(names, f->v[i].name))
			return err_new(S_USAGE, "A fault has no %s.",
			    f->v[i].name);
	}
	if (!strstr(pattern, " /") && !strstr(pattern, " *"))
		return err_new(S_USAGE,
		    "The pattern is a method and a path: POST "
		    "/serving-endpoints/*");
	return NULL;
}

const struct err *
fault_from(struct arena *a, const struct fields *f, struct sim_fault *ret)
{
	struct sim_fault t = {.pattern = fields_get(f, "pattern", ""),
	    .code = fields_get(f, "code", ""),
	    .message = fields_get(f, "message", "")};
	const char *after = fields_get(f, "after", "");
	const struct err *e;

	e = check_names(f);
	if (!e)
		e = take_word(a, f, "body", fault_bodies, &t.body);
	if (!e)
		e = take_word(a, f, "cut", fault_cuts, &t.cut);
	if (!e)
		e = take_word(a, f, "misbehaviour", misbehaviours,
		    &t.misbehaviour);
	if (!e)
		e = take_number(f, "status", 0, 599, 0, &t.status);
	if (!e)
		e = take_number(f, "retry_after", -1, 86400, -1,
		    &t.retry_after);
	if (!e)
		e = take_number(f, "latency_ms", 0, 600000, 0, &t.latency_ms);
	if (!e)
		e = take_number(f, "times", FAULT_FOREVER, INT64_MAX, 1,
		    &t.times);
	if (!e)
		e = take_number(f, "used", 0, INT64_MAX, 0, &t.used);
	if (!e && t.status > 0 && t.status < 200)
		e = err_new(S_USAGE, "status is from 200, or 0.");
	if (e)
		return e;
	t.after = str_eq(after, "true") || str_eq(after, "on");
	*ret = t;
	return NULL;
}

bool
fault_matches(const char *pattern, const char *method, const char *path)
{
	size_t n = strcspn(pattern, " ");
	struct slice wanted = {pattern, n};

	if (pattern[n] != ' ')
		return false;
	if (!slice_is(wanted, "*") && !slice_is(wanted, method))
		return false;
	return glob_matches(pattern + n + 1, path);
}

const struct err *
faults_read(struct arena *a, const struct sim *sim, struct sim_faults *ret)
{
	const struct json *json = NULL;
	const struct json *v;
	const struct err *e;

	*ret = (struct sim_faults){0};
	e = store_read(a, sim->dir, FILE_NAME, &json);
	for (v = member_first(json, "faults"); !e && v; v = v->next) {
		struct fields f = {0};

		fields_add_json(a, &f, v);
		e = fault_from(a, &f, LIST_ADD(a, ret));
	}
	return e ? err_wrap(e, FILE_NAME) : NULL;
}

static void
fault_json(struct json_writer *w, const struct sim_fault *t)
{
	json_object(w);
	json_key_str(w, "pattern", t->pattern);
	json_key_int(w, "status", t->status);
	json_key_str(w, "body", t->body);
	json_key_str(w, "code", t->code);
	json_key_str(w, "message", t->message);
	json_key_int(w, "retry_after", t->retry_after);
	json_key_int(w, "latency_ms", t->latency_ms);
	json_key_str(w, "cut", t->cut);
	json_key_bool(w, "after", t->after);
	json_key_str(w, "misbehaviour", t->misbehaviour);
	json_key_int(w, "times", t->times);
	json_key_int(w, "used", t->used);
	json_object_end(w);
}

void
faults_json(struct json_writer *w, const struct sim_faults *faults)
{
	size_t i;

	json_object(w);
	json_key(w, "faults");
	json_array(w);
	for (i = 0; i < faults->n; i++)
		fault_json(w, &faults->v[i]);
	json_array_end(w);
	json_object_end(w);
}

const struct err *
faults_write(struct arena *a, const struct sim *sim,
    const struct sim_faults *faults)
{
	struct json_writer w;
	struct buf b;

	buf_init(&b, a, SIM_BODY_MAX);
	json_init(&w, &b, true);
	faults_json(&w, faults);
	return store_write(a, sim->dir, FILE_NAME, &b);
}

const struct err *
faults_take(const struct sim_req *req, const struct sim_fault **ret)
{
	struct sim_faults faults;
	const struct err *e;
	size_t i;

	*ret = NULL;
	e = faults_read(req->arena, req->sim, &faults);
	if (e)
		return e;
	for (i = 0; i < faults.n; i++) {
		struct sim_fault *t = &faults.v[i];

		if (t->times == 0 ||
		    !fault_matches(t->pattern, req->method, req->path))
			continue;
		*ret = arena_memdup(req->arena, t, sizeof(*t));
		t->used++;
		if (t->times != FAULT_FOREVER)
			t->times--;
		return faults_write(req->arena, req->sim, &faults);
	}
	return NULL;
}

/* The code that usually comes with a status. */
static const char *
usual_code(int64_t status)
{
	static const struct {
		int64_t status;
		const char *code;
	} codes[] = {
	    {400, "INVALID_PARAMETER_VALUE"},
	    {401, "UNAUTHENTICATED"},
	    {403, "PERMISSION_DENIED"},
	    {404, "RESOURCE_DOES_NOT_EXIST"},
	    {409, "RESOURCE_CONFLICT"},
	    {429, "REQUEST_LIMIT_EXCEEDED"},
	    {500, "INTERNAL_ERROR"},
	    {501, "NOT_IMPLEMENTED"},
	    {503, "TEMPORARILY_UNAVAILABLE"},
	    {504, "DEADLINE_EXCEEDED"},
	};
	size_t i;

	for (i = 0; i < COUNT_OF(codes); i++) {
		if (codes[i].status == status)
			return codes[i].code;
	}
	return "UNKNOWN";
}

static void
body_json(const struct sim_req *req, const struct sim_fault *t,
    struct sim_resp *resp, const char *code, const char *message)
{
	const char *body = t->body;
	struct json_writer w;
	struct buf b;

	reply_start(req, &b, &w);
	json_object(&w);
	if (str_eq(body, "error"))
		json_key_str(&w, "error_code", code);
	if (str_eq(body, "numeric"))
		json_key_int(&w, "error_code", t->status);
	if (str_eq(body, "api12"))
		json_key_str(&w, "error", message);
	if (str_eq(body, "scim"))
		json_key_str(&w, "status",
		    arena_printf(req->arena, "%" PRId64, t->status));
	if (!str_eq(body, "api12"))
		json_key_str(&w, str_eq(body, "scim") ? "detail" : "message",
		    message);
	json_object_end(&w);
	reply_json(resp, (int)t->status, &b);
}

static void
replace(const struct sim_req *req, const struct sim_fault *t,
    struct sim_resp *resp)
{
	const char *code = t->code[0] ? t->code : usual_code(t->status);
	const char *message = t->message[0]
	    ? t->message
	    : "A fault of the simulated workspace.";

	*resp = (struct sim_resp){.status = (int)t->status};
	if (str_eq(t->body, "html")) {
		page_of_proxy(req, resp, (int)t->status, message);
	} else if (str_eq(t->body, "text")) {
		resp->content_type = "text/plain; charset=utf-8";
		resp->body = slice_of(arena_printf(req->arena, "%s: %s", code,
		    message));
	} else if (!str_eq(t->body, "empty")) {
		body_json(req, t, resp, code, message);
	}
}

/* Of a body, the server sends half. */
static void
halve(struct sim_resp *resp, enum sim_ending ending)
{
	resp->ending = ending;
	resp->pieces.n /= 2;
}

void
fault_apply(const struct sim_req *req, const struct sim_fault *fault,
    struct sim_resp *resp)
{
	if (fault->status > 0)
		replace(req, fault, resp);
	if (fault->retry_after >= 0)
		fields_add(req->arena, &resp->headers, "Retry-After",
		    arena_printf(req->arena, "%" PRId64, fault->retry_after));
	resp->latency_ms += fault->latency_ms;
	if (str_eq(fault->cut, "before"))
		resp->ending = SIM_CLOSE;
	else if (!str_eq(fault->cut, "none"))
		halve(resp, str_eq(fault->cut, "stall") ? SIM_STALL : SIM_CUT);
}
