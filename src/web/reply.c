#include "base/base.h"

#include "web/reply.h"

#include "sys/config.h"
#include "web/cookies.h"
#include "web/parts.h"
#include "web/url.h"

#include <string.h>

#define FLASH_MAX 300 /* bytes of a message */
#define FLASH_SECONDS 60
#define FILE_NAME_MAX 120 /* bytes */

static const char *const header_names[HEADER__COUNT] = {
    [HEADER_LOCATION] = "Location",
    [HEADER_CONTENT_TYPE] = "Content-Type",
    [HEADER_CONTENT_DISPOSITION] = "Content-Disposition",
    [HEADER_CACHE_CONTROL] = "Cache-Control",
    [HEADER_RETRY_AFTER] = "Retry-After",
    [HEADER_ALLOW] = "Allow",
};

static const char always[] =
    "Content-Security-Policy: " REPLY_CSP "\r\n"
    "X-Content-Type-Options: nosniff\r\n"
    "Referrer-Policy: same-origin\r\n"
    "Cross-Origin-Opener-Policy: same-origin\r\n"
    "Cross-Origin-Resource-Policy: same-origin\r\n"
    "Permissions-Policy: camera=(), geolocation=(), microphone=()\r\n";

bool
req_is_secure(const struct req *req)
{
	return req->secure ||
	    str_starts(req->app->config->public_url, "https://");
}

const char *
cookie_name(const struct req *req, enum cookie which)
{
	static const char *const names[COOKIE__COUNT][2] = {
	    [COOKIE_SESSION] = {"t2c", "__Host-t2c"},
	    [COOKIE_FORM] = {"t2c_form", "__Host-t2c_form"},
	    [COOKIE_FLASH] = {"t2c_flash", "__Host-t2c_flash"},
	    [COOKIE_OAUTH] = {"t2c_oauth", "__Host-t2c_oauth"},
	};

	return names[which][req_is_secure(req)];
}

/* SameSite is Lax, not Strict: a link to a generation in a mail or a chat
 * would otherwise arrive without the session and ask to sign in again. What
 * changes anything is a POST, which Lax keeps back as Strict does, and which
 * needs its token besides. */
void
cookie_set(const struct req *req, struct resp *resp, enum cookie which,
    const char *value, int64_t max_age)
{
	const char *age = "";

	if (max_age >= 0)
		age = arena_printf(req->arena, "; Max-Age=%" PRId64, max_age);
	*LIST_ADD(req->arena, &resp->cookies) = arena_printf(req->arena,
	    "%s=%s; Path=/; HttpOnly; SameSite=Lax%s%s",
	    cookie_name(req, which), value,
	    req_is_secure(req) ? "; Secure" : "", age);
}

const char *
session_token(const struct req *req)
{
	return cookies_find(req->arena, req->cookies,
	    cookie_name(req, COOKIE_SESSION));
}

void
flash_set(struct req *req, struct resp *resp, const char *kind,
    const char *message)
{
	struct slice text = slice_of(message);
	struct buf b;

	if (text.n > FLASH_MAX) {
		text.n = FLASH_MAX;
		/* Not in the middle of a character. */
		while ((text.p[text.n] & 0xc0) == 0x80)
			text.n--;
	}
	buf_init(&b, req->arena, FLASH_MAX * 3 + 64);
	buf_add_str(&b, kind);
	buf_add_chr(&b, '.');
	buf_add_percent(&b, text);
	cookie_set(req, resp, COOKIE_FLASH, buf_str(&b), FLASH_SECONDS);
}

/* The cookie is not signed: whoever can set it can show its owner a sentence
 * of at most 300 bytes of text, and nothing else. */
bool
flash_take(const struct req *req, struct resp *resp, struct flash *ret)
{
	static const char *const kinds[][2] = {{"ok", "ok"},
	    {"problem", "error"}, {"warning", "warning"}, {"note", "info"}};
	const char *value = cookies_find(req->arena, req->cookies,
	    cookie_name(req, COOKIE_FLASH));
	const char *dot = value ? strchr(value, '.') : NULL;
	struct slice text;

	if (!dot)
		return false;
	cookie_set(req, resp, COOKIE_FLASH, "", 0);
	if (!percent_decode(req->arena, slice_of(dot + 1), false, &text) ||
	    text.n > FLASH_MAX)
		return false;
	for (size_t i = 0; i < COUNT_OF(kinds); i++) {
		if (slice_is((struct slice){value, (size_t)(dot - value)},
		        kinds[i][0])) {
			ret->kind = kinds[i][0];
			ret->icon = kinds[i][1];
			ret->message = slice_dup(req->arena, text);
			return true;
		}
	}
	return false;
}

void
reply_init(struct resp *resp)
{
	*resp = (struct resp){.status = 200};
}

void
reply_page(struct resp *resp, int status, struct slice markup)
{
	resp->status = status;
	resp->header[HEADER_CONTENT_TYPE] = "text/html; charset=utf-8";
	resp->body = markup;
}

const struct err *
resp_redirect(struct req *req, struct resp *resp, const struct url *to)
{
	(void)req;
	resp->status = 303;
	resp->header[HEADER_LOCATION] = url_text(to);
	resp->body = (struct slice){0};
	return NULL;
}

const struct err *
resp_leave(struct req *req, struct resp *resp, const char *url)
{
	(void)req;
	assert(str_starts(url, "https://") || str_starts(url, "http://"));
	resp->status = 303;
	resp->header[HEADER_LOCATION] = url;
	resp->body = (struct slice){0};
	return NULL;
}

const struct err *
resp_text(struct req *req, struct resp *resp, struct slice body)
{
	(void)req;
	resp->header[HEADER_CONTENT_TYPE] = "text/plain; charset=utf-8";
	resp->body = body;
	return NULL;
}

const struct err *
resp_json(struct req *req, struct resp *resp, struct slice body)
{
	(void)req;
	resp->header[HEADER_CONTENT_TYPE] = "application/json";
	resp->body = body;
	return NULL;
}

/* The name as every browser and file system takes it: ASCII letters, digits,
 * dots and dashes; _ for the rest; no leading dot. */
static const char *
plain_name(struct arena *a, const char *name)
{
	struct buf b;

	buf_init(&b, a, FILE_NAME_MAX);
	for (const char *p = name; *p; p++) {
		if (chr_is_alnum(*p) || *p == '-' || (*p == '.' && b.n > 0))
			buf_add_chr(&b, *p);
		else if ((*p & 0xc0) != 0x80)
			buf_add_chr(&b, '_');
	}
	return b.n > 0 ? buf_str(&b) : "download";
}

/* The same in full: any character but control and format ones, slashes and
 * what Windows refuses. */
static struct slice
full_name(struct arena *a, const char *name)
{
	struct slice rest = slice_of(name);
	struct buf b;

	buf_init(&b, a, FILE_NAME_MAX);
	while (rest.n > 0) {
		uint32_t cp;
		size_t n = utf8_next(rest.p, rest.n, &cp);
		bool bad = cp < 0x20 || (cp >= 0x7f && cp < 0xa0) ||
		    (cp >= 0x200b && cp <= 0x200f) ||
		    (cp >= 0x2028 && cp <= 0x202e) ||
		    (cp >= 0x2066 && cp <= 0x2069) || cp == 0xfeff ||
		    (cp < 0x80 && strchr("/\\:*?\"<>|", (int)cp)) ||
		    (cp == '.' && b.n == 0);

		buf_add_utf8(&b, bad ? '_' : cp);
		rest.p += n;
		rest.n -= n;
	}
	return buf_slice(&b);
}

const struct err *
resp_download(struct req *req, struct resp *resp, const char *content_type,
    const char *file_name, struct slice body)
{
	struct arena *a = req->arena;
	struct buf b;

	buf_init(&b, a, FILE_NAME_MAX * 8);
	buf_printf(&b, "attachment; filename=\"%s\"; filename*=UTF-8''",
	    plain_name(a, file_name));
	buf_add_percent(&b, full_name(a, file_name));
	resp->header[HEADER_CONTENT_TYPE] = content_type;
	resp->header[HEADER_CONTENT_DISPOSITION] = buf_str(&b);
	resp->body = body;
	return NULL;
}

/* A value never reaches the next line, wherever it came from. */
static void
add_header(struct buf *b, const char *name, const char *value)
{
	buf_add_str(b, name);
	buf_add_str(b, ": ");
	for (const char *p = value; *p; p++)
		if ((unsigned char)*p >= 0x20 && *p != 0x7f)
			buf_add_chr(b, *p);
	buf_add_str(b, "\r\n");
}

static const char *
reason(int status)
{
	static const struct {
		int status;
		const char *text;
	} reasons[] = {
	    {200, "OK"},
	    {303, "See Other"},
	    {308, "Permanent Redirect"},
	    {400, "Bad Request"},
	    {401, "Unauthorized"},
	    {403, "Forbidden"},
	    {404, "Not Found"},
	    {405, "Method Not Allowed"},
	    {409, "Conflict"},
	    {413, "Content Too Large"},
	    {415, "Unsupported Media Type"},
	    {422, "Unprocessable Content"},
	    {429, "Too Many Requests"},
	    {500, "Internal Server Error"},
	    {503, "Service Unavailable"},
	    {504, "Gateway Timeout"},
	    {507, "Insufficient Storage"},
	};

	for (size_t i = 0; i < COUNT_OF(reasons); i++)
		if (reasons[i].status == status)
			return reasons[i].text;
	return "Other";
}

void
reply_finish(const struct req *req, struct resp *resp)
{
	struct buf b;

	if (req->csrf_is_new)
		cookie_set(req, resp, COOKIE_FORM, req->csrf, -1);
	/* What somebody signed in has seen, nobody finds in a cache. */
	if (!resp->header[HEADER_CACHE_CONTROL])
		resp->header[HEADER_CACHE_CONTROL] = req->session ||
		        resp->cookies.n > 0
		    ? "private, no-store"
		    : "private, no-cache";
	buf_init(&b, req->arena, SIZE_MAX - 1);
	buf_printf(&b, "Status: %d %s\r\n", resp->status, reason(resp->status));
	for (size_t i = 0; i < HEADER__COUNT; i++)
		if (resp->header[i])
			add_header(&b, header_names[i], resp->header[i]);
	if (resp->streams)
		buf_add_str(&b, "X-Accel-Buffering: no\r\n");
	else
		buf_printf(&b, "Content-Length: %zu\r\n", resp->body.n);
	buf_add_str(&b, always);
	for (size_t i = 0; i < resp->cookies.n; i++)
		add_header(&b, "Set-Cookie", resp->cookies.v[i]);
	buf_add_str(&b, "\r\n");
	resp->head = buf_slice(&b);
	if (req->method == METHOD_HEAD)
		resp->body = (struct slice){"", 0};
}

void
resp_stream_begin(struct req *req, struct resp *resp)
{
	struct slice first = resp->body;

	if (!req->stream)
		return;
	resp->streams = true;
	reply_finish(req, resp);
	resp_stream(req, resp, resp->head);
	resp_stream(req, resp, first);
	resp->body = (struct slice){0};
}

void
resp_stream(struct req *req, struct resp *resp, struct slice piece)
{
	struct buf all;

	if (resp->streams) {
		if (piece.n > 0 && !resp->gone)
			resp->gone = !req->stream->write(req->stream->context,
			    piece);
		return;
	}
	buf_init(&all, req->arena, SIZE_MAX - 1);
	buf_add_slice(&all, resp->body);
	buf_add_slice(&all, piece);
	resp->body = buf_slice(&all);
}
