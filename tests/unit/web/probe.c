#include "base/base.h"

#include "probe.h"

int probe_handled;

static struct route probes[128];

const struct err *
probe_handler(struct req *req, struct resp *resp)
{
	probe_handled++;
	return resp_text(req, resp, SLICE("handled"));
}

int
probe_setup(void **state)
{
	assert(n_routes <= COUNT_OF(probes));
	for (size_t i = 0; i < n_routes; i++) {
		probes[i] = routes[i];
		probes[i].handler = probe_handler;
		/* Forms are another test's business. */
		probes[i].form = NULL;
	}
	return testing_setup(state);
}

bool
probe_reaches(struct testing *t)
{
	probe_handled = 0;
	dispatch_routes(probes, n_routes, &t->app, &t->req, &t->resp);
	assert_true(probe_handled <= 1);
	return probe_handled == 1;
}

const char *
probe_target(struct testing *t, const struct route *route)
{
	struct buf b;

	buf_init(&b, &t->arena, 1000);
	for (const char *p = route->path; *p; p++) {
		if (*p != ':') {
			buf_add_chr(&b, *p);
			continue;
		}
		buf_add_str(&b,
		    str_starts(p, ":id") || str_starts(p, ":number") ? "7"
		                                                     : "word");
		while (p[1] && p[1] != '/')
			p++;
	}
	return buf_str(&b);
}

struct req *
probe_post(struct testing *t, enum who who, const struct route *route,
    const char *csrf)
{
	struct req *req = request(t, who, METHOD_POST, probe_target(t, route));

	req->content_type = "application/x-www-form-urlencoded";
	req->body = slice_of(csrf ? arena_printf(req->arena, "csrf=%s", csrf)
	                          : "");
	return req;
}
