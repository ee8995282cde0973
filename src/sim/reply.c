#include "base/base.h"

#include "sim/reply.h"

#include <stdarg.h>

#define TYPE_JSON "application/json"

void
reply_start(const struct sim_req *req, struct buf *b, struct json_writer *w)
{
	buf_init(b, req->arena, SIM_BODY_MAX);
	json_init(w, b, false);
}

void
reply_start_list(const struct sim_req *req, struct buf *b,
    struct json_writer *w, const char *key)
{
	reply_start(req, b, w);
	json_object(w);
	json_key(w, key);
	json_array(w);
}

void
reply_json(struct sim_resp *resp, int status, const struct buf *b)
{
	resp->status = status;
	resp->content_type = TYPE_JSON;
	resp->body = buf_slice(b);
}

const struct err *
reply_written(struct sim_resp *resp, const struct err *e)
{
	if (e)
		return e;
	resp->status = 200;
	resp->content_type = TYPE_JSON;
	resp->body = SLICE("{}");
	return NULL;
}

void
reply_error(const struct sim_req *req, struct sim_resp *resp, int status,
    const char *code, const char *format, ...)
{
	struct json_writer w;
	struct buf b;
	va_list ap;

	reply_start(req, &b, &w);
	json_object(&w);
	json_key_str(&w, "error_code", code);
	va_start(ap, format);
	json_key_str(&w, "message", arena_vprintf(req->arena, format, ap));
	va_end(ap);
	json_object_end(&w);
	reply_json(resp, status, &b);
}

void
reply_error_reason(const struct sim_req *req, struct sim_resp *resp, int status,
    const char *code, const char *reason, const char *message)
{
	struct json_writer w;
	struct buf b;

	reply_start(req, &b, &w);
	json_object(&w);
	json_key_str(&w, "error_code", code);
	json_key_str(&w, "message", message);
	json_key(&w, "details");
	json_array(&w);
	json_object(&w);
	json_key_str(&w, "@type", "type.googleapis.com/google.rpc.ErrorInfo");
	json_key_str(&w, "reason", reason);
	json_key_str(&w, "domain", "simulated.example");
	json_object_end(&w);
	json_array_end(&w);
	json_object_end(&w);
	reply_json(resp, status, &b);
}

void
reply_redirect(const struct sim_req *req, struct sim_resp *resp, int status,
    const char *location)
{
	resp->status = status;
	fields_add(req->arena, &resp->headers, "Location", location);
}

const struct json *
reply_need_json(const struct sim_req *req, struct sim_resp *resp)
{
	const struct json *json = NULL;
	const struct err *e = json_parse(req->arena, req->body, &json);

	if (!e && json->kind == JSON_OBJECT)
		return json;
	reply_error(req, resp, 400, "MALFORMED_REQUEST",
	    "Could not parse request object: %s",
	    e ? e->message : "Expected an object.");
	return NULL;
}

const char *
reply_need_text(const struct sim_req *req, struct sim_resp *resp,
    const struct json *object, const char *key)
{
	const char *text = json_string(json_get(object, key), "");

	if (text[0])
		return text;
	reply_error(req, resp, 400, "INVALID_PARAMETER_VALUE",
	    "Missing required field: %s", key);
	return NULL;
}
