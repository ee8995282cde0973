/*
 * One request and its reply. A handler starts with everything checked:
 * route, session, access, CSRF, form. It asks core and fills a view.
 */
#ifndef T2C_REQ_H
#define T2C_REQ_H

#include "core/app.h"
#include "core/session.h"
#include "base/buf.h"

enum method { METHOD_GET = 1, METHOD_HEAD, METHOD_POST, METHOD__COUNT };

struct route;
struct form;

struct req {
	const struct app *app;
	struct arena *arena;             /* reset after the reply */
	const struct route *route;
	enum method method;
	const char *path;                /* decoded, normalised, starts with / */
	const char *query;               /* raw, "" if none */
	const char *address;             /* of the client, as nginx saw it */
	const char *host;                /* Host header */
	bool secure;                     /* the browser speaks TLS to nginx */
	const char *id;                  /* request id: log, error pages */
	const char *content_type;
	struct slice body;
	const char *cookies;             /* raw Cookie header */
	const char *origin;              /* NULL if absent */
	const char *fetch_site;          /* Sec-Fetch-Site, NULL if absent */
	const char *csrf_header;         /* X-CSRF-Token, NULL if absent */
	const char *accept;
	const struct session *session;   /* NULL: nobody is signed in */
	struct form *form;               /* parsed fields; see form.h */
	int64_t param[2];                /* ids of the path, in order */
	const char *text_param[2];       /* named parts of the path */
	int64_t now_ms;
	bool calls_pool;                 /* which pool this worker is of */
};

enum header { HEADER_LOCATION, HEADER_CONTENT_TYPE,
	HEADER_CONTENT_DISPOSITION, HEADER_CACHE_CONTROL, HEADER_RETRY_AFTER,
	HEADER_ALLOW, HEADER__COUNT };

struct resp {
	int status;                      /* 200 at the start */
	const char *header[HEADER__COUNT];
	LIST_OF(const char *) cookies;   /* whole Set-Cookie values */
	struct slice body;
};

/* 303 See Other. The path is made by url.h. */
struct url;
const struct err *resp_redirect(struct req *req, struct resp *resp,
    const struct url *to);
/* A file to save: text/x-python and so on, attachment, name made safe. */
const struct err *resp_download(struct req *req, struct resp *resp,
    const char *content_type, const char *file_name, struct slice body);
/* Plain text in the browser, never sniffed. */
const struct err *resp_text(struct req *req, struct resp *resp,
    struct slice body);
const struct err *resp_json(struct req *req, struct resp *resp,
    struct slice body);

/* A message shown once on the next page of this browser (a signed cookie, or
 * the session row); kind "ok" or "problem". */
void flash_set(struct req *req, struct resp *resp, const char *kind,
    const char *message);

#endif
