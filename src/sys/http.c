#include "base/base.h"

#include "sys/http.h"

#include "base/clock.h"
#include "sys/address.h"
#include "sys/crypto.h"

#include <arpa/inet.h>
#include <curl/curl.h>
#include <netinet/in.h>
#include <string.h>
#include <unistd.h>

#define CONNECT_MS 30000
#define IDLE_MS 60000
#define MAX_BYTES ((size_t)8 * 1024 * 1024)
#define MAX_HEADERS 100
#define MAX_HEADER_BYTES ((size_t)64 * 1024)
#define WAIT_MS 100
#define KEPT_CONNECTIONS 8L

struct http {
	CURLM *multi;
};

/* A request on its way. */
struct transfer {
	struct arena *arena;
	const struct http_request *request;
	struct http_reply *reply;
	CURL *easy;
	struct buf body;
	size_t header_bytes;
	size_t bytes;
	int64_t last_us;   /* when something moved */
	curl_off_t sent;   /* bytes of the request's body */
	enum http_end why; /* HTTP_DONE, or what made us end it */
	char said[CURL_ERROR_SIZE];
};

void
http_add_header(struct arena *a, struct http_headers *list, const char *name,
    const char *value)
{
	*LIST_ADD(a, list) = (struct http_header){name, value};
}

const char *
http_header(const struct http_reply *reply, const char *name)
{
	size_t i;

	for (i = 0; i < reply->headers.n; i++) {
		if (str_ieq(reply->headers.v[i].name, name))
			return reply->headers.v[i].value;
	}
	return NULL;
}

bool
http_ok(const struct http_reply *reply)
{
	return reply->end == HTTP_DONE && reply->status >= 200 &&
	    reply->status < 300;
}

static void
close_multi(void *p)
{
	struct http *h = p;

	curl_multi_cleanup(h->multi);
}

const struct err *
http_open(struct arena *a, struct http **ret)
{
	static bool ready;
	struct http *h = arena_new(a, struct http);

	if (!ready && curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
		return err_system(S_INTERNAL, "libcurl does not start");
	ready = true;
	h->multi = curl_multi_init();
	if (!h->multi)
		return err_system(S_INTERNAL, "libcurl has no handle");
	curl_multi_setopt(h->multi, CURLMOPT_MAXCONNECTS, KEPT_CONNECTIONS);
	arena_defer(a, close_multi, h);
	*ret = h;
	return NULL;
}

/* Ends the transfer from within one of its callbacks. */
static void
end_for(struct transfer *t, enum http_end why)
{
	if (t->why == HTTP_DONE)
		t->why = why;
}

static bool
may_reach(enum http_reach reach, const struct sockaddr *address)
{
	switch (address_kind(address)) {
	case ADDRESS_PUBLIC:
		return true;
	case ADDRESS_PRIVATE:
		return reach != HTTP_PUBLIC;
	case ADDRESS_LOOPBACK:
		return reach == HTTP_LOOPBACK;
	case ADDRESS_NEVER:
		break;
	}
	return false;
}

static bool
may_reach_text(enum http_reach reach, const char *text)
{
	struct sockaddr_in v4 = {.sin_family = AF_INET};
	struct sockaddr_in6 v6 = {.sin6_family = AF_INET6};

	if (inet_pton(AF_INET, text, &v4.sin_addr) == 1)
		return may_reach(reach, (const struct sockaddr *)&v4);
	return inet_pton(AF_INET6, text, &v6.sin6_addr) == 1 &&
	    may_reach(reach, (const struct sockaddr *)&v6);
}

static curl_socket_t
on_socket(void *p, curlsocktype purpose, struct curl_sockaddr *address)
{
	struct transfer *t = p;

	(void)purpose;
	if (!may_reach(t->request->reach, &address->addr)) {
		end_for(t, HTTP_BARRED);
		return CURL_SOCKET_BAD;
	}
	return socket(address->family, address->socktype | SOCK_CLOEXEC,
	    address->protocol);
}

/* A connection that was kept is looked at like a new one. */
static int
on_connected(void *p, char *remote, char *local, int remote_port,
    int local_port)
{
	struct transfer *t = p;

	(void)local;
	(void)remote_port;
	(void)local_port;
	if (!may_reach_text(t->request->reach, remote)) {
		end_for(t, HTTP_BARRED);
		return CURL_PREREQFUNC_ABORT;
	}
	t->last_us = clock_monotonic_us();
	t->reply->sent = true;
	return CURL_PREREQFUNC_OK;
}

static int
on_progress(void *p, curl_off_t total, curl_off_t now, curl_off_t send_total,
    curl_off_t sent)
{
	struct transfer *t = p;

	(void)total;
	(void)now;
	(void)send_total;
	if (sent != t->sent)
		t->last_us = clock_monotonic_us();
	t->sent = sent;
	return 0;
}

static size_t
on_header(char *p, size_t size, size_t n, void *context)
{
	struct transfer *t = context;
	struct slice line = slice_trim((struct slice){p, size * n});
	const char *colon = memchr(line.p, ':', line.n);
	struct slice name;
	struct slice value;

	t->last_us = clock_monotonic_us();
	t->header_bytes += size * n;
	if (t->header_bytes > MAX_HEADER_BYTES ||
	    t->reply->headers.n >= MAX_HEADERS) {
		end_for(t, HTTP_TOO_LARGE);
		return 0;
	}
	/* Another status line follows 100 Continue. */
	if (line.n > 5 && memcmp(line.p, "HTTP/", 5) == 0) {
		t->reply->headers.n = 0;
		return size * n;
	}
	if (!colon)
		return size * n;
	name = slice_trim((struct slice){line.p, (size_t)(colon - line.p)});
	value = slice_trim((struct slice){
	    colon + 1, line.n - (size_t)(colon + 1 - line.p)});
	http_add_header(t->arena, &t->reply->headers, slice_dup(t->arena, name),
	    slice_dup(t->arena, value));
	return size * n;
}

static size_t
on_body(char *p, size_t size, size_t n, void *context)
{
	struct transfer *t = context;
	struct slice piece = {p, size * n};
	long status = 0;

	t->last_us = clock_monotonic_us();
	t->bytes += piece.n;
	if (t->bytes > t->body.max) {
		end_for(t, HTTP_TOO_LARGE);
		return 0;
	}
	curl_easy_getinfo(t->easy, CURLINFO_RESPONSE_CODE, &status);
	if (!t->request->on_body || status < 200 || status > 299) {
		buf_add_slice(&t->body, piece);
		return piece.n;
	}
	if (!t->request->on_body(t->request->context, piece)) {
		end_for(t, HTTP_STOPPED);
		return 0;
	}
	return piece.n;
}

static enum http_end
end_of(CURLcode code)
{
	switch ((int)code) {
	case CURLE_OK:
		return HTTP_DONE;
	case CURLE_UNSUPPORTED_PROTOCOL:
	case CURLE_URL_MALFORMAT:
		return HTTP_BAD_URL;
	case CURLE_COULDNT_RESOLVE_HOST:
		return HTTP_NO_HOST;
	case CURLE_COULDNT_CONNECT:
		return HTTP_REFUSED;
	case CURLE_OPERATION_TIMEDOUT:
		return HTTP_SLOW;
	case CURLE_SSL_CONNECT_ERROR:
	case CURLE_PEER_FAILED_VERIFICATION:
	case CURLE_SSL_CACERT_BADFILE:
	case CURLE_SSL_CERTPROBLEM:
	case CURLE_SSL_ISSUER_ERROR:
	case CURLE_SSL_INVALIDCERTSTATUS:
		return HTTP_UNTRUSTED;
	default:
		return HTTP_CUT;
	}
}

/* Header lines for libcurl, which copies them. */
struct lines {
	struct curl_slist *list;
	bool bad; /* a line of its own could be smuggled in, or no memory */
};

static void
lines_done(struct lines *lines)
{
	struct curl_slist *at;

	for (at = lines->list; at; at = at->next)
		crypto_wipe(at->data, strlen(at->data));
	curl_slist_free_all(lines->list);
}

static void
add_line(struct lines *lines, const char *line)
{
	struct curl_slist *list;
	const char *p;

	for (p = line; *p; p++) {
		if ((unsigned char)*p < 0x20 || *p == 0x7f)
			lines->bad = true;
	}
	list = lines->bad ? NULL : curl_slist_append(lines->list, line);
	if (list)
		lines->list = list;
	else
		lines->bad = true;
}

static void
add_lines(struct transfer *t, struct lines *lines)
{
	const struct http_request *r = t->request;
	char *line;
	size_t i;

	for (i = 0; i < r->headers.n; i++)
		add_line(lines,
		    arena_printf(t->arena, "%s: %s", r->headers.v[i].name,
		        r->headers.v[i].value));
	/* libcurl would wait for "100 Continue" before larger bodies. */
	add_line(lines, "Expect:");
	if (!r->bearer)
		return;
	line = arena_printf(t->arena, "Authorization: Bearer %s", r->bearer);
	add_line(lines, line);
	crypto_wipe(line, strlen(line));
}

#define SET(easy, option, value)                                               \
	do {                                                                   \
		if (curl_easy_setopt((easy), (option), (value)) != CURLE_OK)   \
			return false;                                          \
	} while (0)

static bool
set_request(struct transfer *t, const struct lines *lines)
{
	const struct http_request *r = t->request;
	bool plain = r->plain || r->reach == HTTP_LOOPBACK;

	SET(t->easy, CURLOPT_PROTOCOLS_STR, plain ? "https,http" : "https");
	SET(t->easy, CURLOPT_URL, r->url);
	SET(t->easy, CURLOPT_HTTPHEADER, lines->list);
	if (str_eq(r->method, "HEAD"))
		SET(t->easy, CURLOPT_NOBODY, 1L);
	if (r->body.n > 0 || str_eq(r->method, "POST")) {
		SET(t->easy, CURLOPT_POSTFIELDSIZE_LARGE,
		    (curl_off_t)r->body.n);
		SET(t->easy, CURLOPT_POSTFIELDS, r->body.n ? r->body.p : "");
	}
	SET(t->easy, CURLOPT_CUSTOMREQUEST, r->method);
	/* libcurl sends a request once more by itself where a kept connection
	 * ends without an answer; the other side may have seen it all the
	 * same. */
	if (!str_eq(r->method, "GET") && !str_eq(r->method, "HEAD")) {
		SET(t->easy, CURLOPT_FRESH_CONNECT, 1L);
		SET(t->easy, CURLOPT_FORBID_REUSE, 1L);
	}
	SET(t->easy, CURLOPT_CONNECTTIMEOUT_MS,
	    (long)(r->connect_ms ? r->connect_ms : CONNECT_MS));
	SET(t->easy, CURLOPT_TIMEOUT_MS, (long)r->total_ms);
	return true;
}

static bool
set_rules(struct transfer *t)
{
	SET(t->easy, CURLOPT_ERRORBUFFER, t->said);
	SET(t->easy, CURLOPT_NOSIGNAL, 1L);
	SET(t->easy, CURLOPT_PROXY, "");
	SET(t->easy, CURLOPT_FOLLOWLOCATION, 0L);
	SET(t->easy, CURLOPT_HTTP09_ALLOWED, 0L);
	SET(t->easy, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
	SET(t->easy, CURLOPT_OPENSOCKETFUNCTION, on_socket);
	SET(t->easy, CURLOPT_OPENSOCKETDATA, t);
	SET(t->easy, CURLOPT_PREREQFUNCTION, on_connected);
	SET(t->easy, CURLOPT_PREREQDATA, t);
	SET(t->easy, CURLOPT_NOPROGRESS, 0L);
	SET(t->easy, CURLOPT_XFERINFOFUNCTION, on_progress);
	SET(t->easy, CURLOPT_XFERINFODATA, t);
	SET(t->easy, CURLOPT_HEADERFUNCTION, on_header);
	SET(t->easy, CURLOPT_HEADERDATA, t);
	SET(t->easy, CURLOPT_WRITEFUNCTION, on_body);
	SET(t->easy, CURLOPT_WRITEDATA, t);
	return true;
}

/* Whether the other side has been silent for too long, or the caller wants no
 * more. While the connection is made, its own limit counts. */
static bool
goes_on(struct transfer *t)
{
	const struct http_request *r = t->request;
	int64_t limit = r->idle_ms ? r->idle_ms : IDLE_MS;

	if (t->why == HTTP_DONE && r->on_wait && !r->on_wait(r->context))
		end_for(t, HTTP_STOPPED);
	if (t->reply->sent && clock_monotonic_us() - t->last_us > limit * 1000)
		end_for(t, HTTP_SLOW);
	return t->why == HTTP_DONE;
}

static enum http_end
drive(struct http *h, struct transfer *t)
{
	CURLMsg *message;
	int running = 1;
	int left;

	if (curl_multi_add_handle(h->multi, t->easy) != CURLM_OK)
		return HTTP_BAD_URL;
	while (curl_multi_perform(h->multi, &running) == CURLM_OK && running) {
		if (!goes_on(t))
			break;
		curl_multi_poll(h->multi, NULL, 0, WAIT_MS, NULL);
	}
	message = curl_multi_info_read(h->multi, &left);
	if (t->why == HTTP_DONE)
		t->why = message && message->msg == CURLMSG_DONE
		    ? end_of(message->data.result)
		    : HTTP_CUT;
	/* That is also said of answers that are no HTTP. */
	if (t->why == HTTP_BAD_URL && t->reply->sent)
		t->why = HTTP_CUT;
	curl_multi_remove_handle(h->multi, t->easy);
	return t->why;
}

/* Microseconds; the pause is in seconds. */
static int64_t
time_of(CURL *easy, CURLINFO what)
{
	curl_off_t us = 0;

	curl_easy_getinfo(easy, what, &us);
	return us;
}

static void
easy_done(CURL **easy)
{
	curl_easy_cleanup(*easy);
}

void
http_send(struct http *h, struct arena *a, const struct http_request *request,
    struct http_reply *ret)
{
	SCOPED(lines_done) struct lines lines = {0};
	SCOPED(easy_done) CURL *easy = curl_easy_init();
	struct transfer t = {.arena = a,
	    .request = request,
	    .reply = ret,
	    .easy = easy,
	    .last_us = clock_monotonic_us()};
	long status = 0;

	*ret = (struct http_reply){.end = HTTP_BAD_URL, .problem = ""};
	buf_init(&t.body, a,
	    request->max_bytes ? request->max_bytes : MAX_BYTES);
	add_lines(&t, &lines);
	if (!easy || lines.bad || !set_rules(&t) || !set_request(&t, &lines)) {
		ret->problem = "the request has characters that no request "
		               "can have";
		return;
	}
	ret->end = drive(h, &t);
	ret->problem = arena_strdup(a, t.said);
	curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &status);
	ret->status = (int)status;
	ret->body = buf_slice(&t.body);
	ret->connect_us = time_of(easy, CURLINFO_APPCONNECT_TIME_T);
	if (ret->connect_us == 0)
		ret->connect_us = time_of(easy, CURLINFO_CONNECT_TIME_T);
	ret->pause_s = time_of(easy, CURLINFO_RETRY_AFTER);
	ret->first_us = time_of(easy, CURLINFO_STARTTRANSFER_TIME_T);
	ret->total_us = time_of(easy, CURLINFO_TOTAL_TIME_T);
}
