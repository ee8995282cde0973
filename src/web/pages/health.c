#include "base/base.h"

#include "web/pages/pages.h"

#include "base/json.h"
#include "core/health.h"
#include "core/pools.h"
#include "web/worker_slot.h"

#include <string.h>

static const char *
word(bool good)
{
	return good ? "ok" : "degraded";
}

/* A pool that is always busy is too small. */
struct pool_state {
	const char *name;
	size_t workers;
	size_t busy;
};

static struct pool_state
look_at(const char *name, const struct worker_slot *slot, size_t n)
{
	struct pool_state s = {.name = name, .workers = n};

	for (size_t i = 0; i < n; i++)
		s.busy += atomic_load(&slot[i].busy_since_us) != 0;
	return s;
}

/* The pools that this worker's master has: none, one or two. */
static size_t
look_at_pools(const struct pools *pools, struct pool_state ret[2])
{
	size_t n = 0;

	if (pools && pools->pages > 0)
		ret[n++] = look_at("pages", pools->slot, pools->pages);
	if (pools && pools->calls > 0)
		ret[n++] = look_at("calls", pools->slot + pools->pages,
		    pools->calls);
	return n;
}

/* For nginx, for watchers and for people. It names what is degraded, and why
 * to administrators alone. */
const struct err *
page_health(struct req *req, struct resp *resp)
{
	const bool admin = req->session &&
	    req->session->user.role == USER_ROLE_ADMIN;
	struct health h;
	struct pool_state pool[2];
	size_t n_pools = look_at_pools(req->app->pools, pool);
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
		for (size_t i = 0; i < n_pools; i++)
			buf_printf(&b, "%s: %zu of %zu busy\n", pool[i].name,
			    pool[i].busy, pool[i].workers);
		if (admin && !str_empty(h.problem))
			buf_printf(&b, "problem: %s\n", h.problem);
		return resp_text(req, resp, buf_slice(&b));
	}
	json_init(&w, &b, false);
	json_object(&w);
	json_key_str(&w, "status", word(good));
	json_key_str(&w, "database", word(h.readable));
	json_key_str(&w, "disk", word(h.writable));
	for (size_t i = 0; i < n_pools; i++) {
		json_key(&w, pool[i].name);
		json_object(&w);
		json_key_int(&w, "workers", (int64_t)pool[i].workers);
		json_key_int(&w, "busy", (int64_t)pool[i].busy);
		json_object_end(&w);
	}
	if (admin && !str_empty(h.problem))
		json_key_str(&w, "problem", h.problem);
	json_object_end(&w);
	return resp_json(req, resp, buf_slice(&b));
}
