/*
 * The one door through which a reply leaves: whatever a handler did, the
 * security headers are there, and no header can hold a line break. The
 * functions for handlers are in web/req.h.
 */
#ifndef T2C_REPLY_H
#define T2C_REPLY_H

#include "web/req.h"

/* What every page may load and do; nginx says the same for its own pages. */
#define REPLY_CSP                                                              \
	"default-src 'none'; style-src 'self'; img-src 'self'; "               \
	"form-action 'self'; frame-ancestors 'none'; base-uri 'none'"

enum cookie {
	COOKIE_SESSION, /* the session's token */
	COOKIE_FORM,    /* guards the forms of those who are not signed in */
	COOKIE_FLASH,   /* a message for the next page */
	COOKIE_OAUTH,   /* of who has left for a workspace to sign in */
	COOKIE__COUNT
};

/* Names start with __Host- on TLS: then only this host can have set them. */
const char *cookie_name(const struct req *req, enum cookie which)
    RETURNS_NONNULL;
/* Sends a cookie: for max_age seconds, or until the browser closes if that is
 * negative. An empty value with max_age 0 takes it away. */
void cookie_set(const struct req *req, struct resp *resp, enum cookie which,
    const char *value, int64_t max_age);

/* The token of the session's cookie, NULL if there is none. */
const char *session_token(const struct req *req);

/* The message of the previous request, NULL if there is none; it is then
 * taken away from the browser. */
struct flash {
	const char *kind;
	const char *icon;
	const char *message;
};
bool flash_take(const struct req *req, struct resp *resp, struct flash *ret);

/* An empty reply, 200. */
void reply_init(struct resp *resp);
/* HTML of this status. */
void reply_page(struct resp *resp, int status, struct slice markup);
/* Writes resp->head; a reply to HEAD loses its body. */
void reply_finish(const struct req *req, struct resp *resp);

#endif
