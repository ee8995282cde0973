#include "base/base.h"

#include "sim/stream.h"

#include "sim/reply.h"
#include "sys/crypto.h"

#define TOKEN_BYTES 6

static const char garbage[] = "\xff\xfe\x80{\x00\xc0\"]}\x1b";

static bool
continues(char c)
{
	return ((unsigned char)c & 0xc0) == 0x80;
}

void
stream_tokens(struct arena *a, struct slice text, struct tokens *ret)
{
	size_t start = 0;

	while (start < text.n) {
		size_t end = start;

		while (end < text.n && chr_is_space(text.p[end]))
			end++;
		while (end < text.n && end - start < TOKEN_BYTES &&
		    !chr_is_space(text.p[end]))
			end++;
		while (end < text.n && continues(text.p[end]))
			end++;
		*LIST_ADD(a, ret) = (struct slice){text.p + start, end - start};
		start = end;
	}
}

/* What all events and the answer at once have in common. */
struct writing {
	const struct sim_req *req;
	struct sim_resp *resp;
	const struct model_answer *answer;
	const char *id;
	struct tokens tokens;
	const char *finish;
	int64_t pace_ms;
};

static bool
misbehaves(const struct writing *t, const char *how)
{
	return str_eq(t->req->misbehaviour, how);
}

static void
writing_init(struct writing *t, const struct sim_req *req,
    struct sim_resp *resp, const struct model_answer *answer)
{
	int64_t speed = req->settings.tokens_per_second;
	int64_t max = answer->max_tokens;

	*t = (struct writing){.req = req,
	    .resp = resp,
	    .answer = answer,
	    .finish = "stop",
	    .id = arena_printf(req->arena, "chatcmpl-sim-%.12s",
	        crypto_token(req->arena)),
	    .pace_ms = speed > 0 ? 1000 / speed : 0};
	stream_tokens(req->arena, answer->text, &t->tokens);
	if (max > 0 && (uint64_t)max < t->tokens.n) {
		t->tokens.n = (size_t)max;
		t->finish = "length";
	}
	if (misbehaves(t, "drip"))
		t->pace_ms = req->settings.drip_ms;
	resp->byte_by_byte = misbehaves(t, "bytes");
}

static void
head_json(const struct writing *t, struct json_writer *w, const char *object)
{
	json_object(w);
	json_key_str(w, "id", t->id);
	json_key_str(w, "object", object);
	json_key_int(w, "created", clock_now_ms(&t->req->sim->clock) / 1000);
	json_key_str(w, "model", t->answer->model);
	json_key(w, "choices");
	json_array(w);
	json_object(w);
	json_key_int(w, "index", 0);
}

static void
content_json(const struct writing *t, struct json_writer *w, struct slice text)
{
	json_key(w, "content");
	if (!misbehaves(t, "array")) {
		json_slice(w, text);
		return;
	}
	json_array(w);
	json_object(w);
	json_key_str(w, "type", "text");
	json_key(w, "text");
	json_slice(w, text);
	json_object_end(w);
	json_array_end(w);
}

static void
usage_json(const struct writing *t, struct json_writer *w)
{
	int64_t out = (int64_t)t->tokens.n;

	json_key(w, "usage");
	json_object(w);
	json_key_int(w, "prompt_tokens", t->answer->tokens_in);
	json_key_int(w, "completion_tokens", out);
	json_key_int(w, "total_tokens", t->answer->tokens_in + out);
	json_object_end(w);
}

static void
add_piece(const struct writing *t, struct slice bytes, int64_t wait_ms)
{
	struct sim_piece *piece = LIST_ADD(t->req->arena, &t->resp->pieces);

	piece->bytes = bytes;
	piece->wait_ms = wait_ms;
}

static void
event_start(const struct writing *t, struct buf *b, struct json_writer *w)
{
	reply_start(t->req, b, w);
	buf_add_str(b, "data: ");
}

static void
event_end(const struct writing *t, struct buf *b, int64_t wait_ms)
{
	buf_add_str(b, "\n\n");
	add_piece(t, buf_slice(b), wait_ms);
}

/* An event of the stream, up to what is in its "delta". */
static void
chunk_start(const struct writing *t, struct buf *b, struct json_writer *w)
{
	event_start(t, b, w);
	head_json(t, w, "chat.completion.chunk");
	json_key(w, "delta");
	json_object(w);
}

static void
add_token(const struct writing *t, size_t i)
{
	struct json_writer w;
	struct buf b;

	chunk_start(t, &b, &w);
	if (i == 0)
		json_key_str(&w, "role", "assistant");
	content_json(t, &w, t->tokens.v[i]);
	json_object_end(&w);
	json_key(&w, "finish_reason");
	json_null(&w);
	json_object_end(&w);
	json_array_end(&w);
	json_object_end(&w);
	event_end(t, &b, t->pace_ms);
}

static void
add_finish(const struct writing *t)
{
	struct json_writer w;
	struct buf b;

	chunk_start(t, &b, &w);
	json_object_end(&w);
	json_key_str(&w, "finish_reason", t->finish);
	json_object_end(&w);
	json_array_end(&w);
	usage_json(t, &w);
	json_object_end(&w);
	event_end(t, &b, 0);
	add_piece(t, SLICE("data: [DONE]\n\n"), 0);
}

static void
add_error(const struct writing *t)
{
	struct json_writer w;
	struct buf b;

	event_start(t, &b, &w);
	json_object(&w);
	json_key_str(&w, "error_code", "INTERNAL_ERROR");
	json_key_str(&w, "message", "The simulated model failed on its way.");
	json_object_end(&w);
	event_end(t, &b, 0);
}

void
stream_events(const struct sim_req *req, struct sim_resp *resp,
    const struct model_answer *answer)
{
	struct writing t;
	size_t half;
	size_t i;

	writing_init(&t, req, resp, answer);
	half = t.tokens.n / 2;
	resp->status = 200;
	resp->content_type = "text/event-stream";
	fields_add(req->arena, &resp->headers, "Cache-Control", "no-cache");
	for (i = 0; i < t.tokens.n; i++) {
		if (i == half && misbehaves(&t, "garbage"))
			add_piece(&t,
			    (struct slice){garbage, sizeof(garbage) - 1}, 0);
		if (i == half && misbehaves(&t, "error"))
			add_error(&t);
		if (i == half && misbehaves(&t, "stall"))
			resp->ending = SIM_STALL;
		if (i == half &&
		    (misbehaves(&t, "error") || misbehaves(&t, "stall") ||
		        misbehaves(&t, "truncated")))
			return;
		add_token(&t, i);
	}
	add_finish(&t);
}

static struct slice
written(const struct writing *t)
{
	size_t n = t->tokens.n;
	const struct slice *last = n > 0 ? &t->tokens.v[n - 1] : NULL;
	const char *start = t->answer->text.p;

	if (!last)
		return SLICE("");
	return (struct slice){start, (size_t)(last->p + last->n - start)};
}

void
stream_whole(const struct sim_req *req, struct sim_resp *resp,
    const struct model_answer *answer)
{
	struct json_writer w;
	struct writing t;
	struct buf b;

	writing_init(&t, req, resp, answer);
	if (misbehaves(&t, "error")) {
		reply_error(req, resp, 500, "INTERNAL_ERROR",
		    "The simulated model failed.");
		return;
	}
	if (misbehaves(&t, "truncated")) {
		t.tokens.n /= 2;
		t.finish = "length";
	}
	reply_start(req, &b, &w);
	head_json(&t, &w, "chat.completion");
	json_key(&w, "message");
	json_object(&w);
	json_key_str(&w, "role", "assistant");
	content_json(&t, &w, written(&t));
	json_object_end(&w);
	json_key_str(&w, "finish_reason", t.finish);
	json_object_end(&w);
	json_array_end(&w);
	usage_json(&t, &w);
	if (misbehaves(&t, "garbage"))
		buf_add(&b, garbage, sizeof(garbage) - 1);
	json_object_end(&w);
	reply_json(resp, 200, &b);
	resp->latency_ms = t.pace_ms * (int64_t)t.tokens.n;
	if (misbehaves(&t, "stall"))
		resp->ending = SIM_STALL;
}
