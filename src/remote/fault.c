#include "base/base.h"

#include "remote/fault.h"

#include <string.h>

#define MAX_MESSAGE 500 /* characters */
#define MAX_NAME 60
#define MAX_PAUSE_MS ((int64_t)3600 * 1000)

/* One line without what no person should be shown. */
static const char *
one_line(struct arena *a, struct slice text)
{
	struct buf b;
	size_t i = 0;

	buf_init(&b, a, 4 * MAX_MESSAGE + 16);
	while (i < text.n && !buf_full(&b)) {
		uint32_t c;

		i += utf8_next(text.p + i, text.n - i, &c);
		buf_add_utf8(&b, c < 0x20 || (c >= 0x7f && c < 0xa0) ? ' ' : c);
	}
	return utf8_cut(a, str_trim(a, buf_str(&b)), MAX_MESSAGE);
}

static const char *
one_line_of(struct arena *a, const char *text)
{
	return one_line(a, slice_of(text));
}

/* What stands between <tag…> and </tag>. */
static bool
within(struct slice html, const char *tag, struct slice *ret)
{
	size_t n = strlen(tag);
	size_t i;
	size_t end;

	for (i = 0; i + n + 1 < html.n; i++) {
		if (html.p[i] == '<' &&
		    slice_ieq((struct slice){html.p + i + 1, n}, tag))
			break;
	}
	if (i + n + 1 >= html.n)
		return false;
	while (i < html.n && html.p[i] != '>')
		i++;
	if (i == html.n)
		return false;
	for (end = i + 1; end < html.n && html.p[end] != '<'; end++)
		;
	*ret = (struct slice){html.p + i + 1, end - i - 1};
	return true;
}

/* "PERMISSION_DENIED: You may not" */
static bool
split_plain(struct arena *a, struct slice text, struct fault *f)
{
	size_t n = 0;

	while (n < text.n &&
	    (text.p[n] == '_' || (text.p[n] >= 'A' && text.p[n] <= 'Z')))
		n++;
	if (n == 0 || n > MAX_NAME || n + 1 >= text.n || text.p[n] != ':' ||
	    text.p[n + 1] != ' ')
		return false;
	f->name = arena_strndup(a, text.p, n);
	f->message = one_line(a,
	    (struct slice){text.p + n + 2, text.n - n - 2});
	return true;
}

/* A code is a word, or a number in some answers. */
static const char *
name_in(struct arena *a, const struct json *v)
{
	int64_t number;

	if (json_to_int(v, 0, INT32_MAX, &number))
		return arena_printf(a, "%" PRId64, number);
	return utf8_cut(a, one_line_of(a, json_string(v, "")), MAX_NAME);
}

/* "3s", "0.5s" */
static int64_t
delay_of(const char *text)
{
	size_t n = strspn(text, "0123456789");
	size_t i;
	int64_t ms;
	int64_t unit = 100;

	if (!slice_to_int((struct slice){text, n}, 0, 3600, &ms))
		return 0;
	ms *= 1000;
	if (text[n] != '.')
		return ms;
	for (i = n + 1; chr_is_digit(text[i]) && unit > 0; i++) {
		ms += unit * (text[i] - '0');
		unit /= 10;
	}
	return ms;
}

static void
read_details(struct arena *a, const struct json *details, struct fault *f)
{
	const struct json *v;

	if (!details || details->kind != JSON_ARRAY)
		return;
	for (v = details->child; v; v = v->next) {
		const char *type = json_string(json_get(v, "@type"), "");

		if (str_ends(type, ".RequestInfo"))
			f->request_id = one_line_of(a,
			    json_string(json_get(v, "request_id"), ""));
		if (str_ends(type, ".RetryInfo"))
			f->pause_ms =
			    delay_of(json_string(json_get(v, "retry_delay"),
			        ""));
	}
}

/* The first member of these that is a text. */
static const char *
first_text(const struct json *v, const char *const *names)
{
	for (; *names; names++) {
		const char *text = json_string(json_get(v, *names), "");

		if (text[0] && !str_eq(text, "null"))
			return text;
	}
	return "";
}

/* Databricks' form, that of its API 1.2, SCIM's, that of OAuth (RFC 6749, 5.2),
 * and {"error": {…}} as OpenAI and Anthropic have it. */
static void
read_object(struct arena *a, const struct json *v, struct fault *f)
{
	static const char *const texts[] = {"message", "error_description",
	    "detail", "errorSummary", "error", NULL};
	static const char *const names[] = {
	    "error_code", "errorCode", "code", "type", "scimType", NULL};
	const struct json *inner = json_get(v, "error");
	const char *const *name;

	read_details(a, json_get(v, "details"), f);
	if (inner && inner->kind == JSON_OBJECT)
		v = inner;
	for (name = names; *name && !f->name[0]; name++)
		f->name = name_in(a, json_get(v, *name));
	f->message = one_line_of(a, first_text(v, texts));
	if (!f->name[0] && inner && inner->kind == JSON_STRING &&
	    json_get(v, "error_description"))
		f->name = name_in(a, inner);
}

/* What a model behind the workspace says stands within the message, as JSON. */
static void
read_external(struct arena *a, struct fault *f)
{
	const struct json *v = NULL;
	const struct json *inner;
	struct fault told = {.name = "", .message = "", .request_id = ""};

	if (f->message[0] != '{' || json_parse(a, slice_of(f->message), &v))
		return;
	inner = json_get(v, "external_model_error");
	read_object(a, inner ? inner : v, &told);
	if (told.message[0])
		f->message = told.message;
}

static void
read_body(struct arena *a, struct slice body, struct fault *f)
{
	const struct json *v = NULL;
	struct slice text = slice_trim(body);

	if (text.n == 0)
		return;
	if (text.p[0] == '{' && !json_parse(a, text, &v)) {
		read_object(a, v, f);
		read_external(a, f);
	} else if (text.p[0] == '<') {
		if (within(text, "pre", &text) || within(text, "title", &text))
			f->message = one_line(a, text);
	} else if (!split_plain(a, text, f)) {
		f->message = one_line(a, text);
	}
}

/* Names of errors that say more than the status, whatever that is. */
static const struct {
	const char *name;
	enum err_code code;
} names[] = {
    {"REQUEST_LIMIT_EXCEEDED", R_THROTTLED},
    {"RESOURCE_EXHAUSTED", R_THROTTLED},
    {"rate_limit_error", R_THROTTLED},
    {"rate_limit_exceeded", R_THROTTLED},
    {"TEMPORARILY_UNAVAILABLE", R_UNAVAILABLE},
    {"WORKSPACE_TEMPORARILY_UNAVAILABLE", R_UNAVAILABLE},
    {"SERVICE_UNDER_MAINTENANCE", R_UNAVAILABLE},
    {"overloaded_error", R_UNAVAILABLE},
    {"UNAUTHENTICATED", R_TOKEN},
    {"authentication_error", R_TOKEN},
    {"invalid_api_key", R_TOKEN},
    {"invalid_token", R_TOKEN},
    {"invalid_grant", R_TOKEN},
    {"invalid_client", R_TOKEN},
    {"PERMISSION_DENIED", R_DENIED},
    {"permission_error", R_DENIED},
    {"CUSTOMER_UNAUTHORIZED", R_DENIED},
    {"RESOURCE_DOES_NOT_EXIST", R_MISSING},
    {"NOT_FOUND", R_MISSING},
    {"ENDPOINT_NOT_FOUND", R_MISSING},
    {"not_found_error", R_MISSING},
    {"RESOURCE_ALREADY_EXISTS", R_CONFLICT},
    {"ALREADY_EXISTS", R_CONFLICT},
    {"RESOURCE_CONFLICT", R_CONFLICT},
    {"ABORTED", R_CONFLICT},
    {"CANCELLED", R_CANCELLED},
    {"DEADLINE_EXCEEDED", R_SLOW},
};

static enum err_code
code_of_status(int status)
{
	switch (status) {
	case 401:
		return R_TOKEN;
	case 403:
		return R_DENIED;
	case 404:
		return R_MISSING;
	case 408:
	case 504:
		return R_SLOW;
	case 409:
		return R_CONFLICT;
	case 429:
		return R_THROTTLED;
	case 499:
		return R_CANCELLED;
	case 502:
	case 503:
	case 529: /* Anthropic: overloaded */
		return R_UNAVAILABLE;
	default:
		return status >= 500 ? R_BROKEN : R_INVALID;
	}
}

static bool
says(const struct fault *f, const char *words)
{
	size_t n = strlen(words);
	const char *p;

	for (p = f->message; *p; p++) {
		if (slice_ieq((struct slice){p, strnlen(p, n)}, words))
			return true;
	}
	return false;
}

/* A token that is no good is denied what it asks for: 403, "Invalid access
 * token." */
static bool
is_about_token(const struct fault *f)
{
	return says(f, "token") &&
	    (says(f, "invalid") || says(f, "expired") || says(f, "revoked"));
}

/* Databricks calls it an invalid value if a cluster, a job or a run of that id
 * is not there. */
static bool
is_missing(const struct fault *f)
{
	return str_eq(f->name, "INVALID_PARAMETER_VALUE") &&
	    (says(f, "does not exist") || says(f, "doesn't exist"));
}

/* What its SDKs try again, whatever the status. */
static bool
is_starting(const struct fault *f)
{
	return says(f, "UnknownWorkerEnvironmentException") ||
	    says(f, "does not have any associated worker environments") ||
	    says(f, "There is no worker environment with id") ||
	    says(f, "Unknown worker environment") ||
	    says(f, "ClusterNotReadyException");
}

static void
classify(struct fault *f)
{
	size_t i;

	f->code = code_of_status(f->status);
	for (i = 0; i < COUNT_OF(names); i++) {
		if (str_eq(f->name, names[i].name))
			f->code = names[i].code;
	}
	if (says(f, "REQUEST_LIMIT_EXCEEDED"))
		f->code = R_THROTTLED;
	else if (is_starting(f))
		f->code = R_UNAVAILABLE;
	else if (f->code == R_DENIED && is_about_token(f))
		f->code = R_TOKEN;
	else if (is_missing(f))
		f->code = R_MISSING;
}

static enum err_code
code_of_end(enum http_end end)
{
	static const enum err_code codes[] = {
	    [HTTP_DONE] = R_BROKEN,
	    [HTTP_BAD_URL] = R_BARRED,
	    [HTTP_BARRED] = R_BARRED,
	    [HTTP_NO_HOST] = R_UNREACHABLE,
	    [HTTP_REFUSED] = R_UNREACHABLE,
	    [HTTP_UNTRUSTED] = R_UNTRUSTED,
	    [HTTP_SLOW] = R_SLOW,
	    [HTTP_CUT] = R_CUT,
	    [HTTP_TOO_LARGE] = R_TOO_LARGE,
	    [HTTP_STOPPED] = R_CANCELLED,
	};

	return codes[end];
}

static bool
is_json(const struct http_reply *reply)
{
	const char *type = http_header(reply, "Content-Type");

	return type &&
	    (str_starts(type, "application/json") ||
	        str_starts(type, "application/scim+json"));
}

static const char *
request_id_of(const struct http_reply *reply)
{
	static const char *const headers[] = {
	    "X-Request-Id", "X-Databricks-Request-Id", "Request-Id"};
	const char *found = NULL;
	size_t i;

	for (i = 0; i < COUNT_OF(headers) && !found; i++)
		found = http_header(reply, headers[i]);
	return found ? found : "";
}

bool
fault_read(struct arena *a, const struct http_reply *reply, bool wants_json,
    struct fault *ret)
{
	const char *reason = http_header(reply, "X-Databricks-Reason-Phrase");
	struct fault f = {.status = reply->status,
	    .name = "",
	    .message = "",
	    .request_id = one_line_of(a, request_id_of(reply)),
	    .pause_ms = reply->pause_s * 1000,
	    .sent = reply->sent};

	if (reply->end != HTTP_DONE) {
		f.code = code_of_end(reply->end);
		f.message = one_line_of(a, reply->problem);
	} else if (reply->status >= 400) {
		read_body(a, reply->body, &f);
		if (!f.message[0])
			f.message = reason ? one_line_of(a, reason) : "";
		classify(&f);
	} else if (!http_ok(reply) ||
	    (wants_json && reply->body.n > 0 && !is_json(reply))) {
		f.code = R_NOT_API;
	} else {
		return false;
	}
	if (f.pause_ms > MAX_PAUSE_MS)
		f.pause_ms = MAX_PAUSE_MS;
	*ret = f;
	return true;
}

bool
fault_in_stream(struct arena *a, const struct json *v, struct fault *ret)
{
	struct fault f = {.status = 500,
	    .name = "",
	    .message = "",
	    .request_id = "",
	    .sent = true};

	if (json_get(v, "choices") ||
	    (!json_get(v, "error") && !json_get(v, "error_code")))
		return false;
	read_object(a, v, &f);
	classify(&f);
	*ret = f;
	return true;
}

const struct err *
fault_err(const struct fault *f, const char *who)
{
	const char *what = f->message[0] ? f->message
	                                 : code_info(f->code)->cause;

	if (f->name[0])
		return err_new(f->code, "%s says %s: %s", who, f->name, what);
	if (f->status >= 400)
		return err_new(f->code, "%s says %d: %s", who, f->status, what);
	return err_new(f->code, "%s: %s", who, what);
}
