/*
 * The one door to libcurl: a request to another server, made and waited for.
 *
 * Certificates are checked, redirects are not followed, proxies of the
 * environment are not used, and no cookie is kept. The address is looked at
 * before anything is sent (sys/address.h). Connections are kept for the next
 * request that only reads; each request brings its own credentials, which are
 * never logged.
 *
 * How a request ended is no error here: who asks knows what it means.
 */
#ifndef T2C_HTTP_H
#define T2C_HTTP_H

#include "base/buf.h"
#include "base/err.h"

struct http;

struct http_header {
	const char *name;
	const char *value;
};

struct http_headers {
	struct http_header *v;
	size_t n;
	size_t cap;
};

/* Which addresses may be connected to; link-local ones never. */
enum http_reach {
	HTTP_PUBLIC,   /* only those of the internet */
	HTTP_INTRANET, /* and private ones */
	HTTP_LOOPBACK  /* and this machine; http: is allowed, too */
};

struct http_request {
	const char *method; /* "GET" */
	const char *url;    /* https:; http: where reach or plain allows it */
	struct http_headers headers;
	const char *bearer; /* Authorization: Bearer …; NULL for none */
	struct slice body;
	enum http_reach reach;
	bool plain; /* http: is allowed */
	/* 0: 30 s, 60 s, no limit. */
	int64_t connect_ms;
	int64_t idle_ms; /* without a byte, from the connection on */
	int64_t total_ms;
	size_t max_bytes; /* of the answer's body; 0: 8 MB */

	/* Takes the body of an answer whose status is 2xx, piece by piece, in
	 * place of http_reply.body; false ends the request. May be NULL. */
	bool (*on_body)(void *context, struct slice piece);
	/* Called about ten times a second while nothing comes, and after each
	 * piece; false ends the request. May be NULL. */
	bool (*on_wait)(void *context);
	void *context;
};

enum http_end {
	HTTP_DONE,      /* status, headers and body are all there */
	HTTP_BAD_URL,   /* nothing was sent: no URL that is allowed */
	HTTP_BARRED,    /* nothing was sent: the address is not allowed */
	HTTP_NO_HOST,   /* nothing was sent: the name has no address */
	HTTP_REFUSED,   /* nothing was sent: no connection */
	HTTP_UNTRUSTED, /* nothing was sent: the certificate, or no TLS */
	HTTP_SLOW,      /* a limit of time was reached */
	HTTP_CUT,       /* the answer ended too early, or is none */
	HTTP_TOO_LARGE, /* more bytes than allowed */
	HTTP_STOPPED    /* on_body or on_wait said so */
};

struct http_reply {
	enum http_end end;
	const char *problem; /* for people: libcurl's words; "" if none */
	int status;          /* 0 before there is one */
	struct http_headers headers;
	struct slice body;
	int64_t pause_s;    /* of Retry-After, seconds or a date; 0 if none */
	int64_t connect_us; /* until the connection stood */
	int64_t first_us;   /* until the first byte of the answer */
	int64_t total_us;
	bool sent; /* the other side may have seen the request */
};

/* Closed when the arena is reset. S_INTERNAL if libcurl cannot be used. */
const struct err *http_open(struct arena *a, struct http **ret) MUST_USE;
/* Everything in *ret lives in the arena. */
void http_send(struct http *h, struct arena *a,
    const struct http_request *request, struct http_reply *ret);
void http_add_header(struct arena *a, struct http_headers *list,
    const char *name, const char *value);
/* The first header of that name (case does not matter), NULL if there is
 * none. */
const char *http_header(const struct http_reply *reply, const char *name);
/* HTTP_DONE with a status of 2xx. */
bool http_ok(const struct http_reply *reply);

#endif
