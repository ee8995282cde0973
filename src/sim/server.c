#include "base/base.h"

#include "sim/server.h"

#include "sim/route.h"
#include "sys/files.h"

#include <arpa/inet.h>
#include <errno.h>
#include <microhttpd.h>
#include <poll.h>
#include <pthread.h>
#include <string.h>
#include <unistd.h>

struct server {
	struct MHD_Daemon *daemon;
	struct sim *sim;
	pthread_mutex_t lock; /* of all that makes an answer */
	int stop[2];          /* a pipe: its end is closed to stop */
};

/* A request and its answer, in an arena of their own. */
struct exchange {
	struct arena arena;
	struct server *server;
	struct buf body;
	struct sim_req req;
	struct sim_resp resp;
	int fd;        /* of the connection */
	size_t piece;  /* that is being sent */
	size_t offset; /* within it */
	bool waited;   /* before this piece */
};

/* False where the other side is gone or the program ends; ms < 0: that is all
 * it waits for. */
static bool
pause_for(const struct exchange *x, int64_t ms)
{
	struct pollfd fds[] = {{.fd = x->server->stop[0], .events = POLLIN},
	    {.fd = x->fd, .events = POLLRDHUP}};
	int64_t end = clock_monotonic_us() / 1000 + ms;
	int n;

	do {
		int64_t left = end - clock_monotonic_us() / 1000;

		n = poll(fds, COUNT_OF(fds),
		    ms < 0         ? -1
		        : left > 0 ? (int)left
		                   : 0);
	} while (n < 0 && errno == EINTR);
	return n == 0;
}

/* The bytes after which the answer is cut or stalls. */
static size_t
body_sent(const struct exchange *x)
{
	size_t n = x->resp.body.n;

	return x->resp.ending == SIM_END ? n : n / 2;
}

static ssize_t
finish(const struct exchange *x)
{
	if (x->resp.ending == SIM_END)
		return MHD_CONTENT_READER_END_OF_STREAM;
	if (x->resp.ending == SIM_STALL)
		pause_for(x, -1);
	return MHD_CONTENT_READER_END_WITH_ERROR;
}

/* A body whose length was told. */
static ssize_t
send_body(void *context, uint64_t at, char *out, size_t max)
{
	struct exchange *x = context;
	size_t sent = body_sent(x);
	size_t n = x->resp.byte_by_byte ? 1 : max;

	if (at >= sent)
		return finish(x);
	if (n > sent - at)
		n = (size_t)(sent - at);
	memcpy(out, x->resp.body.p + at, n);
	return (ssize_t)n;
}

static ssize_t
send_pieces(void *context, uint64_t at UNUSED, char *out, size_t max)
{
	struct exchange *x = context;
	const struct sim_piece *p;
	size_t n;

	if (x->piece == x->resp.pieces.n)
		return finish(x);
	p = &x->resp.pieces.v[x->piece];
	if (!x->waited && p->wait_ms > 0 && !pause_for(x, p->wait_ms))
		return MHD_CONTENT_READER_END_WITH_ERROR;
	x->waited = true;
	n = x->resp.byte_by_byte ? 1 : max;
	if (n > p->bytes.n - x->offset)
		n = p->bytes.n - x->offset;
	memcpy(out, p->bytes.p + x->offset, n);
	x->offset += n;
	if (x->offset == p->bytes.n) {
		x->piece++;
		x->offset = 0;
		x->waited = false;
	}
	return (ssize_t)n;
}

static struct MHD_Response *
response_of(struct exchange *x)
{
	const struct sim_resp *resp = &x->resp;
	struct MHD_Response *r;
	size_t i;

	if (resp->pieces.n > 0)
		r = MHD_create_response_from_callback(MHD_SIZE_UNKNOWN, 4096,
		    send_pieces, x, NULL);
	else
		r = MHD_create_response_from_callback(resp->body.n, 4096,
		    send_body, x, NULL);
	assert(r);
	MHD_add_response_header(r, "Server", SIM_NAME "/" PACKAGE_VERSION);
	MHD_add_response_header(r, "X-Simulated-Workspace", "true");
	if (resp->content_type)
		MHD_add_response_header(r, "Content-Type", resp->content_type);
	for (i = 0; i < resp->headers.n; i++)
		MHD_add_response_header(r, resp->headers.v[i].name,
		    resp->headers.v[i].value);
	return r;
}

/* The request is complete; one whose body did not fit is refused. */
static enum MHD_Result
answer(struct exchange *x, struct MHD_Connection *connection)
{
	struct MHD_Response *r;
	enum MHD_Result ok;

	if (buf_full(&x->body)) {
		x->resp = (struct sim_resp){
		    .status = MHD_HTTP_CONTENT_TOO_LARGE};
	} else {
		x->req.body = buf_slice(&x->body);
		pthread_mutex_lock(&x->server->lock);
		sim_answer(&x->req, &x->resp);
		pthread_mutex_unlock(&x->server->lock);
	}
	if (x->resp.latency_ms > 0 && !pause_for(x, x->resp.latency_ms))
		return MHD_NO;
	if (x->resp.ending == SIM_CLOSE)
		return MHD_NO;
	r = response_of(x);
	ok = MHD_queue_response(connection, (unsigned int)x->resp.status, r);
	MHD_destroy_response(r);
	return ok;
}

static enum MHD_Result
take_argument(void *context, enum MHD_ValueKind kind UNUSED, const char *name,
    const char *value)
{
	struct exchange *x = context;

	fields_add(&x->arena, &x->req.query, arena_strdup(&x->arena, name),
	    arena_strdup(&x->arena, value ? value : ""));
	return MHD_YES;
}

static const char *
header(struct exchange *x, struct MHD_Connection *connection, const char *name)
{
	const char *value = MHD_lookup_connection_value(connection,
	    MHD_HEADER_KIND, name);

	return value ? arena_strdup(&x->arena, value) : NULL;
}

static struct exchange *
exchange_new(struct server *server, struct MHD_Connection *connection,
    const char *path, const char *method)
{
	struct arena arena = ARENA_INIT;
	struct exchange *x = arena_new(&arena, struct exchange);
	struct arena *a = &x->arena;

	x->arena = arena;
	x->server = server;
	x->fd = MHD_get_connection_info(connection,
	    MHD_CONNECTION_INFO_CONNECTION_FD)
	            ->connect_fd;
	buf_init(&x->body, a, SIM_BODY_MAX);
	x->req = (struct sim_req){.sim = server->sim,
	    .arena = a,
	    .method = arena_strdup(a, method),
	    .path = arena_strdup(a, path),
	    .authorization = header(x, connection, "Authorization"),
	    .content_type = header(x, connection, "Content-Type"),
	    .origin = header(x, connection, "Origin"),
	    .host = header(x, connection, "Host"),
	    .range = header(x, connection, "Range"),
	    .unmodified_since = header(x, connection, "If-Unmodified-Since")};
	MHD_get_connection_values(connection, MHD_GET_ARGUMENT_KIND,
	    take_argument, x);
	return x;
}

/* Called for the head of a request, for each part of its body, and at its
 * end. */
static enum MHD_Result
take(void *context, struct MHD_Connection *connection, const char *path,
    const char *method, const char *version UNUSED, const char *data, size_t *n,
    void **state)
{
	struct exchange *x = *state;

	if (!x) {
		*state = exchange_new(context, connection, path, method);
		return MHD_YES;
	}
	if (*n > 0) {
		buf_add(&x->body, data, *n);
		*n = 0;
		return MHD_YES;
	}
	return answer(x, connection);
}

static void
forget(void *context UNUSED, struct MHD_Connection *connection UNUSED,
    void **state, enum MHD_RequestTerminationCode why UNUSED)
{
	const struct exchange *x = *state;
	struct arena arena;

	if (!x)
		return;
	/* The exchange is in it. */
	arena = x->arena;
	arena_done(&arena);
	*state = NULL;
}

static const struct err *
start_daemon(struct server *server, uint16_t port)
{
	struct sockaddr_in address = {.sin_family = AF_INET,
	    .sin_port = htons(port),
	    .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};

	server->daemon = MHD_start_daemon(MHD_USE_THREAD_PER_CONNECTION |
	        MHD_USE_INTERNAL_POLLING_THREAD | MHD_USE_POLL,
	    0, NULL, NULL, take, server, MHD_OPTION_SOCK_ADDR, &address,
	    MHD_OPTION_NOTIFY_COMPLETED, forget, NULL, MHD_OPTION_END);
	if (!server->daemon)
		return err_new(S_CONFIG,
		    "Nobody can listen at 127.0.0.1, port %u: %s", port,
		    strerror(errno));
	return NULL;
}

const struct err *
server_start(struct arena *a, struct sim *sim, uint16_t port,
    struct server **ret)
{
	struct server *server = arena_new(a, struct server);
	const struct err *e;

	server->sim = sim;
	pthread_mutex_init(&server->lock, NULL);
	if (pipe(server->stop) != 0)
		return err_system(S_INTERNAL, "pipe: %s", strerror(errno));
	/* No request is answered before its own address is known. */
	pthread_mutex_lock(&server->lock);
	e = start_daemon(server, port);
	if (!e)
		sim->base = arena_printf(a, "http://127.0.0.1:%u",
		    MHD_get_daemon_info(server->daemon,
		        MHD_DAEMON_INFO_BIND_PORT)
		        ->port);
	pthread_mutex_unlock(&server->lock);
	if (!e)
		*ret = server;
	return e;
}

void
server_stop(struct server *server)
{
	fd_close(&server->stop[1]);
	MHD_stop_daemon(server->daemon);
	fd_close(&server->stop[0]);
	pthread_mutex_destroy(&server->lock);
}
