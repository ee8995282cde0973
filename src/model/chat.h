/*
 * Chats with a language model: what is sent to each kind of server, and what
 * comes back, as it comes.
 *
 * Sources: Databricks, "Foundation model REST API reference" (chat
 * completions); OpenAI, "API reference: Chat completions, streaming";
 * Anthropic, "Messages API" and "Streaming messages". Servers that speak like
 * OpenAI's differ in details, all of which are accepted: content as a text,
 * null or a list of parts; usage anywhere or nowhere; no [DONE] at the end; a
 * whole answer though a stream was asked for.
 */
#ifndef T2C_CHAT_H
#define T2C_CHAT_H

#include "remote/client.h"
#include "remote/sse.h"

/* For its header "anthropic-version". */
#define CHAT_ANTHROPIC_VERSION "2023-06-01"

enum chat_provider {
	CHAT_DATABRICKS, /* serving endpoints of a workspace */
	CHAT_OPENAI,     /* and what speaks like it: vLLM, llama.cpp, Ollama */
	CHAT_ANTHROPIC,
	CHAT__COUNT
};

enum chat_role { CHAT_USER, CHAT_ASSISTANT };

struct chat_message {
	enum chat_role role;
	const char *text;
};

struct chat {
	enum chat_provider provider;
	const char *model;        /* of Databricks: the endpoint's name */
	const char *instructions; /* the system prompt; "" for none */
	struct {
		struct chat_message *v;
		size_t n;
		size_t cap;
	} messages;
	int64_t max_tokens;
	int temperature_percent; /* 5: 0.05; -1: the server's own */
};

void chat_add(struct arena *a, struct chat *chat, enum chat_role role,
    const char *text);
/* The call that asks for a stream: its method, path, headers and body. It is
 * never sent twice once it may have been answered: each answer is paid for.
 * False where it would be larger than servers take (4 MB). */
bool chat_call(struct arena *a, const struct chat *chat, struct call *ret)
    MUST_USE;

enum chat_end {
	CHAT_CUT,      /* the stream ended without saying why */
	CHAT_COMPLETE, /* the model had said all */
	CHAT_LENGTH,   /* max_tokens, or the model's own limit */
	CHAT_FILTERED, /* the server holds the answer back */
	CHAT_OTHER
};

/* An answer, as far as it has come. */
struct chat_answer {
	struct buf text;
	enum chat_end end;
	const char *model; /* that answered; "" where it does not say */
	int64_t tokens_in; /* -1 where it does not say */
	int64_t tokens_out;
	bool failed;
	struct fault fault; /* of a stream that fails on its way */
};

struct chat_reader {
	struct arena *arena;
	struct sse sse;
	struct buf whole; /* of an answer that is no stream */
	enum { CHAT_UNKNOWN, CHAT_STREAM, CHAT_WHOLE } form;
	bool done; /* what comes now is of no interest */
	struct chat_answer answer;
};

/* The text may have at most max bytes. */
void chat_reader_init(struct chat_reader *r, struct arena *a, size_t max);
/* Takes the next bytes; the answer's text grows. False where nothing that
 * follows matters: the answer is over, has failed, or is too long. */
bool chat_read(struct chat_reader *r, struct slice piece) MUST_USE;
/* No more bytes come. */
void chat_read_end(struct chat_reader *r);

#endif
