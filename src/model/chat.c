#include "base/base.h"

#include "model/chat.h"

#include <string.h>

#define MAX_BODY ((size_t)4 * 1024 * 1024) /* Databricks' limit */

void
chat_add(struct arena *a, struct chat *chat, enum chat_role role,
    const char *text)
{
	*LIST_ADD(a, &chat->messages) = (struct chat_message){role, text};
}

static void
put_message(struct json_writer *w, const char *role, const char *text)
{
	json_object(w);
	json_key_str(w, "role", role);
	json_key_str(w, "content", text);
	json_object_end(w);
}

static void
put_messages(struct json_writer *w, const struct chat *chat)
{
	size_t i;

	json_key(w, "messages");
	json_array(w);
	if (chat->instructions[0] && chat->provider != CHAT_ANTHROPIC)
		put_message(w, "system", chat->instructions);
	for (i = 0; i < chat->messages.n; i++)
		put_message(w,
		    chat->messages.v[i].role == CHAT_USER ? "user"
		                                          : "assistant",
		    chat->messages.v[i].text);
	json_array_end(w);
}

static void
put_body(struct buf *b, const struct chat *chat)
{
	struct json_writer w;

	json_init(&w, b, false);
	json_object(&w);
	json_key_str(&w, "model", chat->model);
	if (chat->instructions[0] && chat->provider == CHAT_ANTHROPIC)
		json_key_str(&w, "system", chat->instructions);
	put_messages(&w, chat);
	json_key_int(&w, "max_tokens", chat->max_tokens);
	if (chat->temperature_percent >= 0) {
		json_key(&w, "temperature");
		json_hundredths(&w, chat->temperature_percent);
	}
	json_key_bool(&w, "stream", true);
	json_object_end(&w);
}

bool
chat_call(struct arena *a, const struct chat *chat, struct call *ret)
{
	static const char *const paths[CHAT__COUNT] = {
	    [CHAT_DATABRICKS] = "/serving-endpoints/chat/completions",
	    [CHAT_OPENAI] = "/chat/completions",
	    [CHAT_ANTHROPIC] = "/v1/messages",
	};
	struct call call = {.method = "POST",
	    .kind = RETRY_ONCE,
	    .path = paths[chat->provider]};
	struct buf body;

	buf_init(&body, a, MAX_BODY);
	put_body(&body, chat);
	if (buf_full(&body))
		return false;
	call.body = buf_slice(&body);
	if (chat->provider == CHAT_ANTHROPIC)
		http_add_header(a, &call.headers, "anthropic-version",
		    CHAT_ANTHROPIC_VERSION);
	*ret = call;
	return true;
}

void
chat_reader_init(struct chat_reader *r, struct arena *a, size_t max)
{
	*r = (struct chat_reader){.arena = a,
	    .answer = {.model = "", .tokens_in = -1, .tokens_out = -1}};
	buf_init(&r->answer.text, a, max);
	buf_init(&r->whole, a, 4 * max);
	sse_init(&r->sse, a, 4 * max);
}

/* A text, or a list of parts of which those of text count; what a model thinks
 * aloud is none of the answer. */
static void
add_content(struct chat_reader *r, const struct json *content)
{
	const struct json *part;

	if (!content)
		return;
	if (content->kind == JSON_STRING)
		buf_add_str(&r->answer.text, content->string);
	if (content->kind != JSON_ARRAY)
		return;
	for (part = content->child; part; part = part->next) {
		if (str_eq(json_string(json_get(part, "type"), ""), "text"))
			buf_add_str(&r->answer.text,
			    json_string(json_get(part, "text"), ""));
	}
}

static void
read_end(struct chat_answer *answer, const struct json *reason)
{
	static const struct {
		const char *word;
		enum chat_end end;
	} words[] = {
	    {"stop", CHAT_COMPLETE},
	    {"end_turn", CHAT_COMPLETE},
	    {"stop_sequence", CHAT_COMPLETE},
	    {"length", CHAT_LENGTH},
	    {"max_tokens", CHAT_LENGTH},
	    {"model_context_window_exceeded", CHAT_LENGTH},
	    {"content_filter", CHAT_FILTERED},
	    {"refusal", CHAT_FILTERED},
	};
	const char *word = json_string(reason, "");
	size_t i;

	if (!word[0])
		return;
	answer->end = CHAT_OTHER;
	for (i = 0; i < COUNT_OF(words); i++) {
		if (str_eq(word, words[i].word))
			answer->end = words[i].end;
	}
}

static void
read_tokens(struct chat_answer *answer, const struct json *usage)
{
	static const struct {
		const char *in;
		const char *out;
	} names[] = {
	    {"prompt_tokens", "completion_tokens"},
	    {"input_tokens", "output_tokens"},
	};
	size_t i;

	for (i = 0; i < COUNT_OF(names); i++) {
		(void)!json_to_int(json_get(usage, names[i].in), 0, INT32_MAX,
		    &answer->tokens_in);
		(void)!json_to_int(json_get(usage, names[i].out), 0, INT32_MAX,
		    &answer->tokens_out);
	}
}

static void
read_model(struct chat_reader *r, const struct json *v)
{
	const char *model = json_string(json_get(v, "model"), "");

	if (model[0])
		r->answer.model = arena_strdup(r->arena, model);
}

/* A chunk of a stream, or a whole answer, of what speaks like OpenAI. */
static void
read_choices(struct chat_reader *r, const struct json *v)
{
	const struct json *choices = json_get(v, "choices");
	const struct json *choice = choices ? choices->child : NULL;
	const struct json *message = json_get(choice, "delta");
	const struct json *reason = json_get(choice, "finish_reason");

	if (!message)
		message = json_get(choice, "message");
	if (!reason)
		reason = json_get(choice, "finishReason");
	add_content(r, json_get(message, "content"));
	read_end(&r->answer, reason);
	read_tokens(&r->answer, json_get(v, "usage"));
	read_model(r, v);
}

/* An event of Anthropic's, or its whole answer. */
static void
read_message(struct chat_reader *r, const struct json *v, const char *type)
{
	const struct json *delta = json_get(v, "delta");

	if (str_eq(type, "message_start")) {
		v = json_get(v, "message");
		read_model(r, v);
		read_tokens(&r->answer, json_get(v, "usage"));
	} else if (str_eq(type, "content_block_delta")) {
		if (str_eq(json_string(json_get(delta, "type"), ""),
		        "text_delta"))
			add_content(r, json_get(delta, "text"));
	} else if (str_eq(type, "message_delta")) {
		read_end(&r->answer, json_get(delta, "stop_reason"));
		read_tokens(&r->answer, json_get(v, "usage"));
	} else if (str_eq(type, "message_stop")) {
		r->done = true;
	} else if (str_eq(type, "message")) {
		add_content(r, json_get(v, "content"));
		read_end(&r->answer, json_get(v, "stop_reason"));
		read_tokens(&r->answer, json_get(v, "usage"));
		read_model(r, v);
	}
}

static void
fail(struct chat_reader *r, enum err_code code)
{
	r->answer.failed = true;
	r->answer.fault = (struct fault){.code = code,
	    .name = "",
	    .message = "",
	    .request_id = "",
	    .sent = true};
}

static bool
read_json(struct chat_reader *r, struct slice text)
{
	const struct json *v = NULL;
	const char *type;

	if (json_parse(r->arena, text, &v) || v->kind != JSON_OBJECT) {
		fail(r, R_NOT_API);
		return false;
	}
	if (fault_in_stream(r->arena, v, &r->answer.fault)) {
		r->answer.failed = true;
		return false;
	}
	type = json_string(json_get(v, "type"), "");
	if (type[0] && !json_get(v, "choices"))
		read_message(r, v, type);
	else
		read_choices(r, v);
	if (buf_full(&r->answer.text)) {
		r->answer.end = CHAT_LENGTH;
		return false;
	}
	return !r->done;
}

static bool
take_event(void *context, const struct sse_event *event)
{
	struct chat_reader *r = context;

	if (slice_is(slice_trim(event->data), "[DONE]")) {
		r->done = true;
		return false;
	}
	return read_json(r, event->data);
}

/* A stream begins with the name of a field, a whole answer with a brace. */
static void
tell_form(struct chat_reader *r, struct slice piece)
{
	piece = slice_trim(piece);
	if (r->form == CHAT_UNKNOWN && piece.n > 0)
		r->form = piece.p[0] == '{' ? CHAT_WHOLE : CHAT_STREAM;
}

static bool
is_over(const struct chat_reader *r)
{
	return r->done || r->answer.failed || buf_full(&r->answer.text);
}

bool
chat_read(struct chat_reader *r, struct slice piece)
{
	if (is_over(r))
		return false;
	tell_form(r, piece);
	if (r->form == CHAT_WHOLE) {
		buf_add_slice(&r->whole, piece);
		if (buf_full(&r->whole))
			fail(r, R_TOO_LARGE);
	} else if (!sse_read(&r->sse, piece, take_event, r) && !is_over(r)) {
		fail(r, r->sse.broken ? R_NOT_API : R_TOO_LARGE);
	}
	return !is_over(r);
}

void
chat_read_end(struct chat_reader *r)
{
	if (is_over(r))
		return;
	if (r->form == CHAT_WHOLE)
		(void)read_json(r, buf_slice(&r->whole));
	else if (!sse_end(&r->sse, take_event, r) && !is_over(r))
		fail(r, r->sse.broken ? R_NOT_API : R_TOO_LARGE);
}
