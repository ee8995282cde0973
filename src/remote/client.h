/*
 * Calls of a JSON API as somebody: address, credentials, retries, limits and
 * errors are looked after here, in one place for all of them.
 *
 * Nothing here keeps a token longer than the call, and none is ever part of a
 * message: what the other side says is searched for it first.
 */
#ifndef T2C_CLIENT_H
#define T2C_CLIENT_H

#include "base/json.h"
#include "remote/retry.h"

/* Where to, and as whom. */
struct account {
	const char *host;         /* for people: "adb-1.azuredatabricks.net" */
	const char *base;         /* "https://adb-1.azuredatabricks.net" */
	const char *token;        /* sent as Bearer; NULL: none */
	const char *key_header;   /* has the token instead; NULL: Bearer */
	const char *workspace_id; /* of a host with many workspaces; or NULL */
	const char *auth;         /* how, for User-Agent: "pat", "oauth-u2m" */
	enum http_reach reach;
	bool plain; /* http: is allowed */
	/* Gets another token where the one that was sent, refused, was not
	 * accepted; NULL where there is none to get. */
	const struct err *(*renew)(void *context, struct arena *a,
	    const char *refused, const char **ret_token);
	void *renew_context;
};

struct client {
	struct http *http;
	const char *release; /* of this program: "0.1.0" */
	const char *id;      /* of the request that this serves, for the log */
	/* As in struct http_request, also between two tries. */
	bool (*on_wait)(void *context);
	void *context;
	/* Waits; false where on_wait has had enough. NULL: really. */
	bool (*pause)(const struct client *c, int64_t ms);
};

struct call_parameter {
	const char *name;
	const char *value;
};

struct call {
	const char *method;
	const char *path; /* "/api/2.0/…", percent-encoded where it must be */
	struct {
		struct call_parameter *v;
		size_t n;
		size_t cap;
	} query;
	struct http_headers headers; /* besides those of every call */
	struct slice body;
	const char *body_type; /* NULL: JSON */
	/* What is in the body and must not be in a message, or NULL. */
	const char *secret;
	enum retry_kind kind;
	int64_t budget_ms; /* for waiting between tries; 0: one try */
	int64_t idle_ms;   /* as in struct http_request */
	int64_t total_ms;
	size_t max_bytes;
	bool (*on_body)(void *context, struct slice piece); /* of c->context */
	bool any_type; /* the answer need not be JSON */
};

void call_add(struct arena *a, struct call *call, const char *name,
    const char *value);

struct answer {
	struct http_reply reply;
	const struct json *json; /* NULL where there is no body */
	int tries;
};

/* An answer of 2xx that on_body, or on_wait meanwhile, has ended is no fault:
 * whoever ended it knows why.
 * An error of R_… is also told in *ret_fault, unless that is NULL; what else
 * fails is S_INTERNAL. An answer that is no JSON where one should be is
 * R_NOT_API. */
const struct err *client_call(const struct client *c, struct arena *a,
    const struct account *as, const struct call *call, struct answer *ret,
    struct fault *ret_fault) MUST_USE;
/* A list that comes in pages: each but the last one says how to ask for the
 * next. */
struct pages {
	const char *parameter; /* of the query: "page_token" */
	const char *member;    /* of the answer: "next_page_token" */
	const char *more;      /* a truth value of the answer that must be true
	                          besides; NULL for none */
	/* False: that is enough. */
	bool (*on_page)(void *context, const struct json *page);
	void *context;
};

/* Asks page after page, which may be empty; R_NOT_API where a page names itself
 * as the next, or there is no end of them. Else as client_call(). */
const struct err *client_pages(const struct client *c, struct arena *a,
    const struct account *as, const struct call *call,
    const struct pages *pages) MUST_USE;
/* A segment of a path, percent-encoded. */
const char *client_segment(struct arena *a, const char *text) RETURNS_NONNULL;

#endif
