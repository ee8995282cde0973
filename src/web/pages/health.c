#include "base/base.h"

#include "web/pages/pages.h"

#include "base/json.h"
#include "core/health.h"

#include <string.h>

static const char *
word(bool good)
{
	return good ? "ok" : "degraded";
}

/* For nginx, for watchers and for people. It names what is degraded, and why
 * to administrators alone. */
const struct err *
page_health(struct req *req, struct resp *resp)
{
	const bool admin = req->session &&
	    req->session->user.role == USER_ROLE_ADMIN;
	struct health h;
	struct json_writer w;
	struct buf b;
	bool good;

	health_check(req->app, req->arena, &h);
	good = h.readable && h.writable;
	/* Pages are still served while nothing can be stored. */
	resp->status = h.readable ? 200 : 503;
	resp->header[HEADER_CACHE_CONTROL] = "no-store";
	buf_init(&b, req->arena, 4096);
	if (!req->accept || !strstr(req->accept, "application/json")) {
		buf_printf(&b, "%s\ndatabase: %s\ndisk: %s\n", word(good),
		    word(h.readable), word(h.writable));
		if (admin && !str_empty(h.problem))
			buf_printf(&b, "problem: %s\n", h.problem);
		return resp_text(req, resp, buf_slice(&b));
	}
	json_init(&w, &b, false);
	json_object(&w);
	json_key_str(&w, "status", word(good));
	json_key_str(&w, "database", word(h.readable));
	json_key_str(&w, "disk", word(h.writable));
	if (admin && !str_empty(h.problem))
		json_key_str(&w, "problem", h.problem);
	json_object_end(&w);
	return resp_json(req, resp, buf_slice(&b));
}
