/*
 * One request and its reply. A handler starts with everything checked:
 * route, session, access, CSRF, form. It asks core and fills a view.
 */
#ifndef T2C_REQ_H
#define T2C_REQ_H

#include "core/app.h"
#include "core/session.h"
#include "base/buf.h"

enum method {
	METHOD_NONE, /* any that we do not serve: 405 */
	METHOD_GET,
	METHOD_HEAD,
	METHOD_POST,
	METHOD__COUNT
};

/* The way to the browser while a handler still works. */
struct stream {
	/* False where the browser is gone, or takes nothing for seconds. */
	bool (*write)(void *context, struct slice bytes);
	void *context;
};

struct route;
struct form;
struct url;

struct crumb {
	const char *label;
	const struct url *url;
};

struct req {
	const struct app *app;
	struct arena *arena; /* reset after the reply */
	const struct route *route;
	enum method method;
	const char *path;    /* decoded, normalised, starts with /;
	                                    NULL: unreadable, answered by 400 */
	const char *query;   /* raw, "" if none */
	const char *address; /* of the client, as nginx saw it */
	const char *host;    /* Host header */
	bool secure;         /* the browser speaks TLS to nginx */
	const char *id;      /* request id: log, error pages */
	const char *content_type;
	struct slice body;
	const char *cookies;     /* raw Cookie header */
	const char *origin;      /* NULL if absent */
	const char *fetch_site;  /* Sec-Fetch-Site, NULL if absent */
	const char *csrf_header; /* X-CSRF-Token, NULL if absent */
	const char *accept;
	const struct session *session; /* NULL: nobody is signed in */
	struct form *form;             /* parsed fields; see form.h */
	int64_t param[2];              /* ids of the path, in order */
	const char *text_param[2];     /* named parts of the path */
	int64_t now_ms;
	bool calls_pool;              /* which pool this worker is of */
	LIST_OF(struct crumb) crumbs; /* by page_crumb() */
	bool text_width;              /* a page to read, not to work in: its
	                                    lines are kept short */
	bool error_page;              /* a wider panel than signing in has */
	const char *key;              /* by form_key() */
	const char *csrf;             /* by csrf_token() */
	bool csrf_is_new;             /* its cookie has to be sent */
	const struct stream *stream;  /* NULL: replies are sent as a whole */
};

/* Sets path and query from a request target as it came: "/a%20b?c=d". The path
 * is percent-decoded once, here. It is NULL where the target is not an honest
 * path: bad encoding, encoded slashes, control characters, empty or dot
 * segments, no UTF-8. */
void req_set_target(struct req *req, const char *target);
/* Whether the browser speaks TLS: as nginx says, or the configuration. */
bool req_is_secure(const struct req *req);

enum header {
	HEADER_LOCATION,
	HEADER_CONTENT_TYPE,
	HEADER_CONTENT_DISPOSITION,
	HEADER_CACHE_CONTROL,
	HEADER_RETRY_AFTER,
	HEADER_ALLOW,
	HEADER__COUNT
};

struct resp {
	int status; /* 200 at the start */
	const char *header[HEADER__COUNT];
	LIST_OF(const char *) cookies; /* whole Set-Cookie values */
	struct slice body;
	struct slice head; /* by dispatch(): the header block to
	                                    send before the body */
	bool streams;      /* by resp_stream_begin(): head and body are sent */
	bool gone;         /* the browser takes no more */
};

/* Each of these is a handler's last line: return resp_redirect(req, …). */

/* 303 See Other. */
const struct err *resp_redirect(struct req *req, struct resp *resp,
    const struct url *to);
/* The same to another site: where a person signs in to a workspace. */
const struct err *resp_leave(struct req *req, struct resp *resp,
    const char *url);
/* A file to save: text/x-python and so on, attachment, name made safe. */
const struct err *resp_download(struct req *req, struct resp *resp,
    const char *content_type, const char *file_name, struct slice body);
/* Plain text in the browser, never sniffed. */
const struct err *resp_text(struct req *req, struct resp *resp,
    struct slice body);
const struct err *resp_json(struct req *req, struct resp *resp,
    struct slice body);

/* A page that is sent in pieces: the head and whatever is in the body now, then
 * piece by piece. Nothing fails: where the browser is gone, nothing is sent,
 * and the handler goes on or not as it likes. Without a way to the browser the
 * pieces are added to the body. */
void resp_stream_begin(struct req *req, struct resp *resp);
void resp_stream(struct req *req, struct resp *resp, struct slice piece);

/* A message shown once on the next page of this browser; kind "ok", "problem",
 * "warning" or "note". It travels in a cookie of a minute, cut at 300 bytes,
 * and is text wherever it is shown. */
void flash_set(struct req *req, struct resp *resp, const char *kind,
    const char *message);

#endif
