#include "base/base.h"

#include "sim/serving.h"

#include "sim/compiler.h"
#include "sim/member.h"
#include "sim/misbehave.h"
#include "sim/reply.h"
#include "sim/rows.h"
#include "sim/script.h"
#include "sim/stream.h"
#include "sys/crypto.h"

#include <string.h>

/* What foundation model endpoints take. */
#define REQUEST_MAX ((size_t)4 << 20)
#define BYTES_OF_TOKEN 4

/* The next name of a list parted by blanks; false at its end. */
static bool
next_name(const char **list, struct slice *ret)
{
	*list += strspn(*list, " ");
	ret->p = *list;
	ret->n = strcspn(*list, " ");
	*list += ret->n;
	return ret->n > 0;
}

static bool
has_endpoint(const struct sim_req *req, const char *name)
{
	const char *list = req->settings.endpoints;
	struct slice next;

	while (next_name(&list, &next)) {
		if (slice_is(next, name))
			return true;
	}
	return false;
}

static void
refuse_name(const struct sim_req *req, struct sim_resp *resp)
{
	reply_error(req, resp, 404, "ENDPOINT_NOT_FOUND",
	    "The given endpoint does not exist, please retry after checking "
	    "the specified model and version deployment exists.");
}

static void
entity_json(struct json_writer *w, const char *name)
{
	json_object(w);
	json_key_str(w, "name", name);
	json_key_str(w, "entity_name", name);
	json_key_str(w, "entity_version", "1");
	json_key(w, "foundation_model");
	json_object(w);
	json_key_str(w, "name", name);
	json_key_str(w, "display_name", name);
	json_key_str(w, "description",
	    "Simulated: answers with code of the compiler.");
	json_object_end(w);
	json_object_end(w);
}

static void
endpoint_json(const struct sim_req *req, struct json_writer *w,
    struct slice slice)
{
	const char *name = slice_dup(req->arena, slice);

	json_object(w);
	json_key_str(w, "name", name);
	json_key_str(w, "id",
	    arena_printf(req->arena, "%.32s",
	        crypto_sha256(req->arena, slice)));
	json_key_str(w, "creator", "simulation@simulated.example");
	json_key_str(w, "task", "llm/v1/chat");
	json_key(w, "state");
	json_object(w);
	json_key_str(w, "ready", "READY");
	json_key_str(w, "config_update", "NOT_UPDATING");
	json_object_end(w);
	json_key(w, "config");
	json_object(w);
	json_key(w, "served_entities");
	json_array(w);
	entity_json(w, name);
	json_array_end(w);
	json_object_end(w);
	json_object_end(w);
}

const struct err *
serving_list(const struct sim_req *req, struct sim_resp *resp)
{
	const char *list = req->settings.endpoints;
	struct json_writer w;
	struct slice name;
	struct buf b;

	reply_start_list(req, &b, &w, "endpoints");
	while (next_name(&list, &name))
		endpoint_json(req, &w, name);
	json_array_end(&w);
	json_object_end(&w);
	reply_json(resp, 200, &b);
	return NULL;
}

const struct err *
serving_get(const struct sim_req *req, struct sim_resp *resp)
{
	struct json_writer w;
	struct buf b;

	if (!has_endpoint(req, req->part[0])) {
		reply_error(req, resp, 404, "RESOURCE_DOES_NOT_EXIST",
		    "Endpoint with name '%s' does not exist.", req->part[0]);
		return NULL;
	}
	reply_start(req, &b, &w);
	endpoint_json(req, &w, slice_of(req->part[0]));
	reply_json(resp, 200, &b);
	return NULL;
}

/* Content is a text, or a list of parts of which some are text. */
static struct slice
content_text(struct arena *a, const struct json *message)
{
	const struct json *content = json_get(message, "content");
	const struct json *part = member_first(message, "content");
	struct buf b;

	if (content && content->kind == JSON_STRING)
		return slice_of(content->string);
	buf_init(&b, a, REQUEST_MAX);
	for (; part; part = part->next) {
		if (str_eq(json_string(json_get(part, "type"), ""), "text"))
			buf_add_str(&b,
			    json_string(json_get(part, "text"), ""));
	}
	return slice_of(buf_str(&b));
}

/* The last thing the user said that holds a mapping: who asks for it to be
 * mended does not say it again. Else what the user said last. */
static struct slice
last_prompt(struct arena *a, const struct json *body)
{
	struct slice last = SLICE("");
	struct script_task task;
	const struct json *m;
	bool mapped = false;

	for (m = member_first(body, "messages"); m; m = m->next) {
		struct slice text;

		if (!str_eq(json_string(json_get(m, "role"), ""), "user"))
			continue;
		text = content_text(a, m);
		if (script_mapping(a, text, &task)) {
			last = text;
			mapped = true;
		} else if (!mapped) {
			last = text;
		}
	}
	return last;
}

static const struct err *
answer_text(const struct sim_req *req, struct slice prompt, struct slice *ret)
{
	struct compiler_result result;
	struct script_task task;
	const struct err *e;

	if (!script_mapping(req->arena, prompt, &task)) {
		*ret = SLICE(
		    "I am the simulated model of text2code-sim, not a language "
		    "model. There is no mapping in your message, so I have no "
		    "code for you.\n");
		return NULL;
	}
	if (rows_wanted(prompt)) {
		*ret = misbehave_text(req->arena, req->misbehaviour,
		    rows_propose(req->arena, prompt, task.sheet), prompt);
		return NULL;
	}
	e = compiler_run(req->arena, req->sim, &task, &result);
	if (e)
		return e;
	if (result.ok)
		*ret = misbehave_text(req->arena, req->misbehaviour,
		    script_wants_tests(prompt) ? result.tests : result.text,
		    prompt);
	else
		*ret = slice_of(arena_printf(req->arena,
		    "I am the simulated model of text2code-sim, and the "
		    "compiler that writes my answers refuses this mapping:"
		    "\n\n%.*s",
		    (int)result.text.n, result.text.p));
	return NULL;
}

static const struct err *
answer(const struct sim_req *req, struct sim_resp *resp,
    const struct json *body, const char *model)
{
	struct slice prompt = last_prompt(req->arena, body);
	struct model_answer answer = {.model = model,
	    .tokens_in = (int64_t)(req->body.n / BYTES_OF_TOKEN)};
	const struct err *e;

	if (prompt.n == 0) {
		reply_error(req, resp, 400, "BAD_REQUEST",
		    "messages has no text of the role user.");
		return NULL;
	}
	if (!json_to_int(json_get(body, "max_tokens"), 1, INT64_MAX,
	        &answer.max_tokens))
		answer.max_tokens = 0;
	e = answer_text(req, prompt, &answer.text);
	if (e)
		return e;
	fields_add(req->arena, &resp->headers, "served-model-name", model);
	if (member_true(body, "stream"))
		stream_events(req, resp, &answer);
	else
		stream_whole(req, resp, &answer);
	return NULL;
}

static const struct err *
serve(const struct sim_req *req, struct sim_resp *resp, const char *name)
{
	const struct json *body;

	if (req->body.n > REQUEST_MAX) {
		reply_error(req, resp, 400, "BAD_REQUEST",
		    "The request is larger than 4 MB.");
		return NULL;
	}
	body = reply_need_json(req, resp);
	if (!body)
		return NULL;
	if (!name) {
		name = reply_need_text(req, resp, body, "model");
		if (!name)
			return NULL;
	}
	if (!has_endpoint(req, name)) {
		refuse_name(req, resp);
		return NULL;
	}
	return answer(req, resp, body, name);
}

const struct err *
serving_invoke(const struct sim_req *req, struct sim_resp *resp)
{
	return serve(req, resp, req->part[0]);
}

const struct err *
serving_complete(const struct sim_req *req, struct sim_resp *resp)
{
	return serve(req, resp, NULL);
}
