#include "base/base.h"

#include "box.h"

#include "base/log.h"
#include "sim/route.h"
#include "sys/crypto.h"

#include <string.h>

int
box_setup(void **state)
{
	static struct box box;

	box = (struct box){.token = "dapi-ann"};
	ok(crypto_init());
	log_set_level(LOG_LEVEL_ERROR);
	box.sim.dir = temp_dir(&box.arena);
	box.sim.base = "http://127.0.0.1:1";
	box.sim.compiler = "/nonexistent";
	*state = &box;
	return 0;
}

int
box_teardown(void **state)
{
	struct box *box = *state;

	temp_remove(box->sim.dir);
	arena_done(&box->arena);
	return 0;
}

struct sim_resp
box_send(struct box *box, const char *method, const char *path,
    struct slice body)
{
	struct arena *a = &box->arena;
	size_t n = strcspn(path, "?");
	struct sim_req req = {.sim = &box->sim,
	    .arena = a,
	    .method = method,
	    .path = arena_strndup(a, path, n),
	    .body = body,
	    .content_type = "application/json",
	    .authorization = box->token
	        ? arena_printf(a, "Bearer %s", box->token)
	        : NULL,
	    .host = "127.0.0.1",
	    .range = box->range,
	    .unmodified_since = box->unmodified_since};
	struct sim_resp resp;

	if (path[n])
		fields_add_form(a, &req.query, slice_of(path + n + 1));
	box->range = NULL;
	box->unmodified_since = NULL;
	sim_answer(&req, &resp);
	return resp;
}

struct sim_resp
box_ask(struct box *box, const char *method, const char *path, const char *body)
{
	return box_send(box, method, path, slice_of(body));
}

const struct json *
box_json(struct box *box, const struct sim_resp *resp)
{
	const struct json *json = NULL;

	ok(json_parse(&box->arena, resp->body, &json));
	return json;
}

const struct json *
box_get(struct box *box, const char *path)
{
	struct sim_resp resp = box_ask(box, "GET", path, "");

	answers(resp, 200);
	return box_json(box, &resp);
}

bool
box_says(const struct sim_resp *resp, const char *text)
{
	return memmem(resp->body.p, resp->body.n, text, strlen(text)) != NULL;
}

void
box_write(struct box *box, const char *name, const char *text)
{
	temp_write(temp_path(&box->arena, box->sim.dir, name), text,
	    strlen(text));
}

void
check_status(const struct sim_resp *resp, int status, const char *file,
    int line)
{
	if (resp->status == status)
		return;
	print_error("%d, not %d: %.*s\n", resp->status, status,
	    (int)resp->body.n, resp->body.p);
	_fail(file, line);
}
