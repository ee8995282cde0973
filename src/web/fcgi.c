/* For mallopt(), whose header declares the banned ones. */
#define T2C_ALLOW_BANNED
#include "base/base.h"

#include "web/fcgi.h"

#include "base/log.h"
#include "sys/config.h"
#include "sys/crypto.h"
#include "sys/files.h"
#include "web/dispatch.h"
#include "web/pages/pages.h"
#include "web/reply.h"

#include <errno.h>
#include <fcntl.h>
#include <malloc.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>

#include <fastcgi.h>
#include <fcgiapp.h>

/* Bytes of memory, of all that a request took. */
#define LARGE_REQUEST ((size_t)1024 * 1024)

/* A browser that takes nothing for so long is left to itself. */
#define STREAM_WAIT_MS 2000

/* Bytes of one FastCGI record; a multiple of 8 needs no padding. */
#define RECORD_MAX ((size_t)65528)

enum param {
	PARAM_METHOD,
	PARAM_URI,
	PARAM_CONTENT_TYPE,
	PARAM_CONTENT_LENGTH,
	PARAM_ADDRESS,
	PARAM_HTTPS,
	PARAM_ID,
	PARAM_HOST,
	PARAM_COOKIE,
	PARAM_ACCEPT,
	PARAM_ORIGIN,
	PARAM_FETCH_SITE,
	PARAM_CSRF,
	PARAM__COUNT
};

static const char *const param_names[PARAM__COUNT] = {
    [PARAM_METHOD] = "REQUEST_METHOD",
    [PARAM_URI] = "REQUEST_URI",
    [PARAM_CONTENT_TYPE] = "CONTENT_TYPE",
    [PARAM_CONTENT_LENGTH] = "CONTENT_LENGTH",
    [PARAM_ADDRESS] = "REMOTE_ADDR",
    [PARAM_HTTPS] = "HTTPS",
    [PARAM_ID] = "REQUEST_ID",
    [PARAM_HOST] = "HTTP_HOST",
    [PARAM_COOKIE] = "HTTP_COOKIE",
    [PARAM_ACCEPT] = "HTTP_ACCEPT",
    [PARAM_ORIGIN] = "HTTP_ORIGIN",
    [PARAM_FETCH_SITE] = "HTTP_SEC_FETCH_SITE",
    [PARAM_CSRF] = "HTTP_X_CSRF_TOKEN",
};

struct worker {
	const struct app *app;
	bool calls_pool;
	volatile struct worker_slot *slot;
	struct arena arena; /* of one request */
	FCGX_Request fcgi;
	int epoll;
	sigset_t waiting; /* the signal mask while idle */
};

static volatile sig_atomic_t stopping;

static void
on_term(int signal)
{
	(void)signal;
	stopping = 1;
}

static void
set_busy(const struct worker *w, int64_t since_us)
{
	if (w->slot)
		atomic_store(&w->slot->busy_since_us, since_us);
}

/* False if one of them came twice: nothing honest sends that. */
static bool
read_params(char *const *env, const char *ret[PARAM__COUNT])
{
	for (size_t i = 0; i < PARAM__COUNT; i++)
		ret[i] = NULL;
	for (; env && *env; env++) {
		const char *equals = strchr(*env, '=');
		struct slice name;

		if (!equals)
			continue;
		name = (struct slice){*env, (size_t)(equals - *env)};
		for (size_t i = 0; i < PARAM__COUNT; i++) {
			if (!slice_is(name, param_names[i]))
				continue;
			if (ret[i])
				return false;
			ret[i] = equals + 1;
		}
	}
	return true;
}

static enum method
find_method(const char *name)
{
	if (str_eq(name, "GET"))
		return METHOD_GET;
	if (str_eq(name, "HEAD"))
		return METHOD_HEAD;
	if (str_eq(name, "POST"))
		return METHOD_POST;
	return METHOD_NONE;
}

/* nginx's own id where it gives one, so that its log and ours go together. */
static const char *
request_id(struct arena *a, const char *given)
{
	size_t n = 0;

	while (given && chr_hex(given[n]) >= 0)
		n++;
	if (n == 32 && !given[n])
		return given;
	return arena_strndup(a, crypto_token(a), 16);
}

static const struct err *
read_body(struct worker *w, const char *length, struct slice *ret)
{
	int64_t want = 0;
	char *p;
	int n;

	if (!str_empty(length) && !str_to_int(length, 0, INT64_MAX, &want))
		return err_of(W_BAD_REQUEST);
	if (want > (int64_t)FCGI_BODY_MAX)
		return err_of(W_TOO_LARGE);
	p = arena_alloc(&w->arena, (size_t)want + 1);
	n = FCGX_GetStr(p, (int)want, w->fcgi.in);
	if (n != (int)want)
		return err_new(W_BAD_REQUEST,
		    "The request ended before its "
		    "time.");
	/* Takes the record that ends the body, for finish(). */
	(void)FCGX_GetChar(w->fcgi.in);
	*ret = (struct slice){p, (size_t)want};
	return NULL;
}

static void
fill_request(const struct worker *w, const char *const *param, struct req *req)
{
	req->method = find_method(param[PARAM_METHOD]);
	req_set_target(req, param[PARAM_URI] ? param[PARAM_URI] : "");
	req->address = param[PARAM_ADDRESS] ? param[PARAM_ADDRESS] : "";
	req->host = param[PARAM_HOST] ? param[PARAM_HOST] : "";
	req->secure = str_ieq(param[PARAM_HTTPS], "on");
	req->content_type = param[PARAM_CONTENT_TYPE];
	req->cookies = param[PARAM_COOKIE];
	req->origin = param[PARAM_ORIGIN];
	req->fetch_site = param[PARAM_FETCH_SITE];
	req->csrf_header = param[PARAM_CSRF];
	req->accept = param[PARAM_ACCEPT];
	req->calls_pool = w->calls_pool;
}

/* A record of the request: its head, then n bytes at p. */
static void
add_record(struct worker *w, struct buf *out, int type, const void *p, size_t n)
{
	const int id = w->fcgi.requestId;
	const FCGI_Header head = {
	    .version = FCGI_VERSION_1,
	    .type = (unsigned char)type,
	    .requestIdB1 = (unsigned char)(id >> 8 & 0xff),
	    .requestIdB0 = (unsigned char)(id & 0xff),
	    .contentLengthB1 = (unsigned char)(n >> 8),
	    .contentLengthB0 = (unsigned char)(n & 0xff),
	};

	buf_add(out, &head, sizeof(head));
	buf_add(out, p, n);
}

static void
add_stdout(struct worker *w, struct buf *out, struct slice s)
{
	while (s.n > 0) {
		size_t n = s.n < RECORD_MAX ? s.n : RECORD_MAX;

		add_record(w, out, FCGI_STDOUT, s.p, n);
		s.p += n;
		s.n -= n;
	}
}

/* Everything, or false where nginx does not take it: it is gone, or, where a
 * wait is given, takes nothing for so long. */
static bool
send_all(const struct worker *w, const struct buf *out, int wait_ms)
{
	struct pollfd ready = {.fd = w->fcgi.ipcFd, .events = POLLOUT};
	size_t done = 0;

	while (done < out->n) {
		ssize_t sent = send(w->fcgi.ipcFd, out->p + done, out->n - done,
		    MSG_NOSIGNAL | (wait_ms > 0 ? MSG_DONTWAIT : 0));

		if (sent < 0 && errno == EAGAIN && wait_ms > 0 &&
		    poll(&ready, 1, wait_ms) == 1)
			continue;
		if (sent < 0 && errno != EINTR)
			return false;
		done += sent > 0 ? (size_t)sent : 0;
	}
	return true;
}

static bool
write_piece(void *context, struct slice piece)
{
	struct arena a SCOPED(arena_done) = ARENA_INIT;
	struct worker *w = context;
	struct buf out;

	buf_init(&out, &a,
	    piece.n + (piece.n / RECORD_MAX + 2) * sizeof(FCGI_Header));
	add_stdout(w, &out, piece);
	return send_all(w, &out, STREAM_WAIT_MS);
}

/* The whole answer in one system call, which libfcgi would cut into pieces of
 * 8 kB: should the worker be killed then, nginx has all of it or nothing, and
 * asks another worker. (An answer larger than the socket's buffer, some
 * 200 kB, takes its time all the same.) */
static void
send_reply(struct worker *w, const struct resp *resp)
{
	const FCGI_EndRequestBody end = {
	    .protocolStatus = FCGI_REQUEST_COMPLETE};
	size_t n = resp->head.n + resp->body.n;
	struct buf out;

	n += (n / RECORD_MAX + 5) * sizeof(FCGI_Header) + sizeof(end);
	buf_init(&out, &w->arena, n);
	buf_reserve(&out, n - 1);
	if (!resp->streams) {
		add_stdout(w, &out, resp->head);
		add_stdout(w, &out, resp->body);
	}
	add_record(w, &out, FCGI_STDOUT, "", 0);
	add_record(w, &out, FCGI_END_REQUEST, &end, sizeof(end));
	assert(!buf_full(&out));
	/* A browser that went away is no failure of ours. */
	(void)send_all(w, &out, 0);
}

static void
serve(struct worker *w)
{
	const char *param[PARAM__COUNT];
	const struct err *e = NULL;
	const struct stream stream = {.write = write_piece, .context = w};
	struct req req = {.app = w->app, .arena = &w->arena, .stream = &stream};
	struct resp resp;

	if (!read_params(w->fcgi.envp, param))
		e = err_new(W_BAD_REQUEST, "A parameter came twice.");
	req.id = request_id(&w->arena, param[PARAM_ID]);
	fill_request(w, param, &req);
	if (!e)
		e = read_body(w, param[PARAM_CONTENT_LENGTH], &req.body);
	if (e)
		dispatch_error(w->app, &req, &resp, e);
	else
		dispatch(w->app, &req, &resp);
	send_reply(w, &resp);
}

/* epoll_pwait() lets no signal in while it has connections to report, which
 * on a busy day is always. */
static bool
is_told_to_stop(void)
{
	sigset_t pending;

	return stopping ||
	    (sigpending(&pending) == 0 && sigismember(&pending, SIGTERM));
}

/* Sleeps until a connection is there. Only here does SIGTERM get through, so
 * none comes between taking a connection and answering it. */
static bool
wait_for_work(const struct worker *w)
{
	struct epoll_event event;
	int n;

	if (is_told_to_stop())
		return false;
	do {
		n = epoll_pwait(w->epoll, &event, 1, -1, &w->waiting);
	} while (n < 0 && errno == EINTR && !stopping);
	return n > 0 && !stopping;
}

static bool
accept_one(struct worker *w)
{
	int n = FCGX_Accept_r(&w->fcgi);

	/* Another worker may have been faster. */
	if (n < 0 && n != -EAGAIN && n != -EINTR)
		log_line(LOG_LEVEL_WARNING, "accept", "detail", strerror(-n),
		    NULL);
	return n >= 0;
}

/* What a large request leaves in the heap is full of holes, and glibc gives
 * back only what lies at its end. */
static void
forget(struct worker *w)
{
	bool large = w->arena.used > LARGE_REQUEST;

	arena_reset(&w->arena);
	if (large)
		(void)malloc_trim(0);
}

/* Before it closes a connection, libfcgi waits until nginx has closed its end,
 * lest what nginx still sends make the kernel drop the answer. Where all of the
 * request is here nothing comes any more, and a detached connection is just
 * closed (measured: 24 microseconds and a change of context less). */
static void
finish(struct worker *w)
{
	if (w->fcgi.in && FCGX_HasSeenEOF(w->fcgi.in) == EOF)
		FCGX_Detach(&w->fcgi);
	/* Not FCGX_Finish_r(), which would end the answer a second time. */
	FCGX_Free(&w->fcgi, 1);
}

static void
work(struct worker *w)
{
	int64_t left = w->app->config->worker_requests;

	while (left > 0 && wait_for_work(w)) {
		set_busy(w, clock_monotonic_us());
		if (accept_one(w)) {
			serve(w);
			if (w->slot)
				atomic_fetch_add(&w->slot->requests, 1);
			finish(w);
			forget(w);
			left--;
		}
		set_busy(w, 0);
	}
}

static bool
open_worker(struct worker *w, int listen_fd)
{
	struct epoll_event event = {.events = EPOLLIN | EPOLLEXCLUSIVE};
	struct sigaction action = {.sa_handler = on_term};
	sigset_t term;
	int flags = fcntl(listen_fd, F_GETFL);

	sigemptyset(&action.sa_mask);
	sigemptyset(&term);
	sigaddset(&term, SIGTERM);
	sigprocmask(SIG_BLOCK, &term, &w->waiting);
	sigdelset(&w->waiting, SIGTERM);
	sigaction(SIGTERM, &action, NULL);
	/* Whoever loses the race for a connection must not block in accept(),
	 * where SIGTERM does not reach it. */
	if (flags < 0 || fcntl(listen_fd, F_SETFL, flags | O_NONBLOCK) < 0 ||
	    FCGX_Init() != 0 ||
	    FCGX_InitRequest(&w->fcgi, listen_fd, FCGI_FAIL_ACCEPT_ON_INTR))
		return false;
	w->epoll = epoll_create1(EPOLL_CLOEXEC);
	return w->epoll >= 0 &&
	    epoll_ctl(w->epoll, EPOLL_CTL_ADD, listen_fd, &event) == 0;
}

int
fcgi_worker_run(const struct app *app, int listen_fd, bool calls_pool,
    volatile struct worker_slot *slot)
{
	struct worker w = {
	    .app = app, .calls_pool = calls_pool, .slot = slot, .epoll = -1};

	/* Without this, glibc learns from the first large upload to keep such
	 * blocks, and the worker stays large for good. */
	mallopt(M_MMAP_THRESHOLD, 128 * 1024);
	/* The memory of an ordinary request is not given back and fetched anew
	 * each time. */
	mallopt(M_TRIM_THRESHOLD, 512 * 1024);
	if (!open_worker(&w, listen_fd)) {
		log_line(LOG_LEVEL_ERROR, "worker", "detail", strerror(errno),
		    NULL);
		return 70;
	}
	work(&w);
	fd_close(&w.epoll);
	arena_done(&w.arena);
	return 0;
}
