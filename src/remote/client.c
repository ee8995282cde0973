#include "base/base.h"

#include "remote/client.h"

#include "base/clock.h"
#include "base/log.h"
#include "sys/crypto.h"

#include <poll.h>
#include <string.h>

#define MAX_URL 16000
#define TICK_MS 100
#define MAX_PAGES 1000
/* So much of a token is told from other text. */
#define TOKEN_START 12

void
call_add(struct arena *a, struct call *call, const char *name,
    const char *value)
{
	*LIST_ADD(a, &call->query) = (struct call_parameter){name, value};
}

const char *
client_segment(struct arena *a, const char *text)
{
	struct buf b;

	buf_init(&b, a, 3 * strlen(text));
	buf_add_percent(&b, slice_of(text));
	return buf_str(&b);
}

static const char *
url_of(struct arena *a, const struct account *as, const struct call *call)
{
	struct buf b;
	size_t i;

	buf_init(&b, a, MAX_URL);
	buf_add_str(&b, as->base);
	buf_add_str(&b, call->path);
	for (i = 0; i < call->query.n; i++) {
		buf_add_chr(&b, i == 0 ? '?' : '&');
		buf_add_percent(&b, slice_of(call->query.v[i].name));
		buf_add_chr(&b, '=');
		buf_add_percent(&b, slice_of(call->query.v[i].value));
	}
	return buf_full(&b) ? "" : buf_str(&b);
}

static struct http_request
request_of(const struct client *c, struct arena *a, const struct account *as,
    const struct call *call)
{
	struct http_request r = {.method = call->method,
	    .url = url_of(a, as, call),
	    .bearer = as->key_header ? NULL : as->token,
	    .body = call->body,
	    .reach = as->reach,
	    .plain = as->plain,
	    .idle_ms = call->idle_ms,
	    .total_ms = call->total_ms,
	    .max_bytes = call->max_bytes,
	    .on_body = call->on_body,
	    .on_wait = c->on_wait,
	    .context = c->context};
	size_t i;

	for (i = 0; i < call->headers.n; i++)
		http_add_header(a, &r.headers, call->headers.v[i].name,
		    call->headers.v[i].value);
	http_add_header(a, &r.headers, "Accept",
	    call->any_type      ? "*/*"
	        : call->on_body ? "text/event-stream"
	                        : "application/json");
	http_add_header(a, &r.headers, "User-Agent",
	    arena_printf(a, "text2code/%s os/linux auth/%s", c->release,
	        as->auth ? as->auth : "none"));
	if (call->body.n > 0)
		http_add_header(a, &r.headers, "Content-Type",
		    call->body_type ? call->body_type : "application/json");
	if (as->key_header && as->token)
		http_add_header(a, &r.headers, as->key_header, as->token);
	if (as->workspace_id)
		http_add_header(a, &r.headers, "X-Databricks-Workspace-Id",
		    as->workspace_id);
	return r;
}

static bool
really_pause(const struct client *c, int64_t ms)
{
	int64_t end = clock_monotonic_us() + ms * 1000;
	int64_t left;

	while ((left = (end - clock_monotonic_us()) / 1000) > 0) {
		if (c->on_wait && !c->on_wait(c->context))
			return false;
		poll(NULL, 0, (int)(left < TICK_MS ? left : TICK_MS));
	}
	return true;
}

/* What the other side says may repeat what it was sent, and be cut within it.
 * So its beginning is looked for, and all that a token can have goes with
 * it. */
static void
hide_token(struct arena *a, const char *token, const char **text)
{
	static const char signs[] =
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
	    "0123456789-._~+/=";
	const char *start;
	const char *found;
	struct buf b;

	if (str_empty(token))
		return;
	start = arena_strndup(a, token, strnlen(token, TOKEN_START));
	if (!strstr(*text, start))
		return;
	buf_init(&b, a, 4 * strlen(*text));
	while ((found = strstr(*text, start))) {
		buf_add(&b, *text, (size_t)(found - *text));
		buf_add_str(&b, "…");
		*text = found + strlen(start);
		*text += strspn(*text, signs);
	}
	buf_add_str(&b, *text);
	*text = buf_str(&b);
}

static void
log_try(const struct client *c, const struct account *as,
    const struct call *call, const struct http_reply *reply,
    const struct fault *f, const char *tries)
{
	struct arena a = ARENA_INIT;

	log_line(f ? LOG_LEVEL_WARNING : LOG_LEVEL_INFO, "call", "id", c->id,
	    "host", as->host, "method", call->method, "path", call->path,
	    "status", arena_printf(&a, "%d", reply->status), "us",
	    arena_printf(&a, "%" PRId64, reply->total_us), "try", tries, "code",
	    f ? code_info(f->code)->id : NULL, "said", f ? f->message : NULL,
	    "their_id", f ? f->request_id : NULL, NULL);
	arena_done(&a);
}

/* One try; true where it is an answer of the API. */
static bool
try_once(const struct client *c, struct arena *a, const struct account *as,
    const struct call *call, struct answer *ret, struct fault *ret_fault)
{
	struct http_request request = request_of(c, a, as, call);
	bool wants_json = !call->any_type && !call->on_body;
	bool failed;

	http_send(c->http, a, &request, &ret->reply);
	ret->tries++;
	failed = fault_read(a, &ret->reply, wants_json, ret_fault);
	/* Who takes the body piece by piece may have had enough of it. */
	if (call->on_body && ret->reply.end == HTTP_STOPPED &&
	    ret->reply.status >= 200 && ret->reply.status < 300)
		failed = false;
	if (!failed && wants_json && ret->reply.body.n > 0 &&
	    json_parse(a, ret->reply.body, &ret->json)) {
		failed = true;
		ret_fault->code = R_NOT_API;
		ret_fault->message = "";
	}
	if (failed) {
		hide_token(a, as->token, &ret_fault->message);
		hide_token(a, call->secret, &ret_fault->message);
	}
	log_try(c, as, call, &ret->reply, failed ? ret_fault : NULL,
	    arena_printf(a, "%d", ret->tries));
	return !failed;
}

/* Whether to go on after a fault, having waited. */
static bool
wait_for_next(const struct client *c, const struct call *call,
    const struct answer *answer, const struct fault *f, struct retry *retry)
{
	int64_t ms;

	retry->sent = answer->tries;
	if (!retry_next(retry, f, call->kind, crypto_random_below(UINT32_MAX),
	        &ms))
		return false;
	return c->pause ? c->pause(c, ms) : really_pause(c, ms);
}

const struct err *
client_call(const struct client *c, struct arena *a, const struct account *as,
    const struct call *call, struct answer *ret, struct fault *ret_fault)
{
	const struct err *e;
	struct account now = *as;
	struct retry retry = {.left_ms = call->budget_ms};
	struct fault f = {.name = "", .message = "", .request_id = ""};

	*ret = (struct answer){.tries = 0};
	while (!try_once(c, a, &now, call, ret, &f)) {
		if (f.code == R_TOKEN && now.renew) {
			e = now.renew(now.renew_context, a, now.token,
			    &now.token);
			if (e)
				return e;
			now.renew = NULL; /* once */
		} else if (!wait_for_next(c, call, ret, &f, &retry)) {
			if (ret_fault)
				*ret_fault = f;
			return fault_err(&f, as->host);
		}
	}
	return NULL;
}

/* What to ask the next page with; "" at the end. */
static const char *
next_page(const struct pages *pages, const struct json *page)
{
	const struct json *more = pages->more ? json_get(page, pages->more)
	                                      : NULL;

	if (pages->more && !(more && more->kind == JSON_BOOL && more->boolean))
		return "";
	return json_string(json_get(page, pages->member), "");
}

const struct err *
client_pages(const struct client *c, struct arena *a, const struct account *as,
    const struct call *call, const struct pages *pages)
{
	const char *token = "";
	int n;

	for (n = 0; n < MAX_PAGES; n++) {
		struct call next = *call;
		struct answer answer;
		const struct err *e;
		const char *before = token;

		/* The list is the caller's, so it is copied, not added to. */
		next.query.v = NULL;
		next.query.n = next.query.cap = 0;
		for (size_t i = 0; i < call->query.n; i++)
			call_add(a, &next, call->query.v[i].name,
			    call->query.v[i].value);
		if (token[0])
			call_add(a, &next, pages->parameter, token);
		e = client_call(c, a, as, &next, &answer, NULL);
		if (e)
			return e;
		if (!pages->on_page(pages->context, answer.json))
			return NULL;
		token = next_page(pages, answer.json);
		if (!token[0])
			return NULL;
		if (str_eq(token, before))
			break;
	}
	return err_new(R_NOT_API, "The list of %s has no end.", as->host);
}
