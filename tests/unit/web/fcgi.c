/*
 * A worker in a process of its own, spoken to over its socket in FastCGI
 * records made by hand: what nginx sends, and what nobody should.
 */
#include "base/base.h"

#include "testing.h"

#include "web/fcgi.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

enum record {
	BEGIN_REQUEST = 1,
	END_REQUEST = 3,
	PARAMS = 4,
	STDIN = 5,
	STDOUT = 6
};

static struct {
	struct testing *t;
	struct arena arena;
	struct sockaddr_un address;
	int listener;
	struct worker_slot *slot;
	pid_t worker;
} now;

static int
setup(void **state)
{
	testing_setup(state);
	now.t = *state;
	/* A connection to the database does not cross a fork. */
	app_close(&now.t->app);
	now.address.sun_family = AF_UNIX;
	snprintf(now.address.sun_path, sizeof(now.address.sun_path),
	    "%s/worker.sock", now.t->dir);
	now.listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	assert_int_equal(bind(now.listener, (struct sockaddr *)&now.address,
	                     sizeof(now.address)),
	    0);
	assert_int_equal(listen(now.listener, 64), 0);
	now.slot = mmap(NULL, sizeof(*now.slot), PROT_READ | PROT_WRITE,
	    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	assert_true(now.slot != MAP_FAILED);
	return 0;
}

static int
teardown(void **state)
{
	close(now.listener);
	munmap(now.slot, sizeof(*now.slot));
	arena_done(&now.arena);
	return testing_teardown(state);
}

static void
start(int64_t requests)
{
	atomic_store(&now.slot->requests, 0);
	now.t->config.worker_requests = requests;
	now.worker = fork();
	assert_true(now.worker >= 0);
	if (now.worker == 0) {
		/* Should the test die, so does this. */
		alarm(60);
		if (app_reopen(&now.t->arena, &now.t->app))
			_exit(99);
		_exit(fcgi_worker_run(&now.t->app, now.listener, true,
		    now.slot));
	}
}

static void
assert_ends(void)
{
	int status;

	assert_int_equal(waitpid(now.worker, &status, 0), now.worker);
	/* Neither a signal nor a failure. */
	assert_int_equal(status, 0);
	assert_int_equal(atomic_load(&now.slot->busy_since_us), 0);
}

static void
end(void)
{
	kill(now.worker, SIGTERM);
	assert_ends();
}

static void
add_record(struct buf *b, enum record type, struct slice content)
{
	const char head[8] = {1, (char)type, 0, 1, (char)(content.n >> 8),
	    (char)(content.n & 0xff), 0, 0};

	assert_true(content.n <= 0xffff);
	buf_add(b, head, sizeof(head));
	buf_add_slice(b, content);
}

static void
add_length(struct buf *b, size_t n)
{
	if (n >= 0x80) {
		buf_add_chr(b, (char)(0x80 | n >> 24));
		buf_add_chr(b, (char)(n >> 16));
		buf_add_chr(b, (char)(n >> 8));
	}
	buf_add_chr(b, (char)n);
}

static void
add_param(struct buf *b, const char *name, const char *value)
{
	add_length(b, strlen(name));
	add_length(b, strlen(value));
	buf_add_str(b, name);
	buf_add_str(b, value);
}

/* A request with these parameters, by pairs ended by NULL, and body. */
static struct slice
make_request(const char *const *params, struct slice body)
{
	static const char begin[8] = {0, 1};
	struct buf pairs;
	struct buf all;

	buf_init(&pairs, &now.arena, SIZE_MAX - 1);
	for (; *params; params += 2)
		add_param(&pairs, params[0], params[1]);
	buf_init(&all, &now.arena, SIZE_MAX - 1);
	add_record(&all, BEGIN_REQUEST, (struct slice){begin, sizeof(begin)});
	add_record(&all, PARAMS, buf_slice(&pairs));
	add_record(&all, PARAMS, (struct slice){"", 0});
	while (body.n > 0) {
		struct slice piece = {
		    body.p, body.n > 0xff00 ? 0xff00 : body.n};

		add_record(&all, STDIN, piece);
		body.p += piece.n;
		body.n -= piece.n;
	}
	add_record(&all, STDIN, (struct slice){"", 0});
	return buf_slice(&all);
}

static int
connect_worker(void)
{
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	assert_int_equal(connect(fd, (struct sockaddr *)&now.address,
	                     sizeof(now.address)),
	    0);
	return fd;
}

/* A worker that refuses a body does not read it, so this may fail. */
static void
send_bytes(int fd, struct slice s)
{
	while (s.n > 0) {
		ssize_t n = send(fd, s.p, s.n, MSG_NOSIGNAL);

		if (n <= 0)
			return;
		s.p += n;
		s.n -= (size_t)n;
	}
}

/* The content of the reply's records of output, "" if it just ends. */
static const char *
receive(int fd)
{
	struct buf raw;
	struct buf out;
	char piece[4096];
	ssize_t n;
	size_t at = 0;

	buf_init(&raw, &now.arena, SIZE_MAX - 1);
	while ((n = read(fd, piece, sizeof(piece))) > 0)
		buf_add(&raw, piece, (size_t)n);
	close(fd);
	buf_init(&out, &now.arena, SIZE_MAX - 1);
	while (at + 8 <= raw.n) {
		const unsigned char *head = (unsigned char *)raw.p + at;
		size_t length = (size_t)head[4] << 8 | head[5];

		if (head[1] == STDOUT)
			buf_add(&out, raw.p + at + 8, length);
		at += 8 + length + head[6];
	}
	return buf_str(&out);
}

static const char *
ask(const char *const *params, struct slice body)
{
	int fd = connect_worker();

	send_bytes(fd, make_request(params, body));
	return receive(fd);
}

static bool
has_status(const char *reply, const char *status)
{
	if (str_starts(reply, arena_printf(&now.arena, "Status: %s ", status)))
		return true;
	fprintf(stderr, "%s\n", reply);
	return false;
}

static const char *const login[] = {"REQUEST_METHOD", "GET", "REQUEST_URI",
    "/login", "HTTP_HOST", "t2c.test", "REMOTE_ADDR", "192.0.2.1", NULL};

static void
test_serves(void **state)
{
	const char *reply;
	const char *const head[] = {
	    "REQUEST_METHOD", "HEAD", "REQUEST_URI", "/login", NULL};
	const char *const account[] = {"REQUEST_METHOD", "GET", "REQUEST_URI",
	    "/account", "HTTP_COOKIE",
	    arena_printf(&now.arena, "t2c=%s", now.t->token[WHO_USER]), NULL};

	(void)state;
	start(100);
	reply = ask(login, (struct slice){0});
	assert_true(has_status(reply, "200"));
	assert_non_null(strstr(reply, "\r\n\r\n<!DOCTYPE html>"));
	assert_true(str_ends(reply, "</html>"));
	reply = ask(head, (struct slice){0});
	assert_true(has_status(reply, "200"));
	assert_true(str_ends(reply, "\r\n\r\n"));
	reply = ask(account, (struct slice){0});
	assert_non_null(strstr(reply, "ada"));
	assert_int_equal(atomic_load(&now.slot->requests), 3);
	end();
}

static void
test_secure(void **state)
{
	const char *const on[] = {"REQUEST_METHOD", "GET", "REQUEST_URI",
	    "/login", "HTTPS", "on", NULL};
	/* What a browser says about itself is not what nginx says. */
	const char *const claimed[] = {"REQUEST_METHOD", "GET", "REQUEST_URI",
	    "/login", "HTTP_HTTPS", "on", "HTTP_REMOTE_ADDR", "x",
	    "HTTP_REQUEST_METHOD", "POST", NULL};

	(void)state;
	start(100);
	assert_non_null(strstr(ask(on, (struct slice){0}), "__Host-"));
	assert_null(strstr(ask(claimed, (struct slice){0}), "__Host-"));
	end();
}

static void
test_odd_requests(void **state)
{
	const char *wide = arena_printf(&now.arena, "/%060000d", 7);
	const struct {
		const char *const params[8];
		const char *status;
	} cases[] = {
	    {{"REQUEST_METHOD", "GET", "REQUEST_URI", "/login",
	         "REQUEST_METHOD", "POST", NULL},
	        "400"},
	    {{"REQUEST_METHOD", "GET", "REQUEST_URI", "/login", "HTTP_COOKIE",
	         "a=1", NULL},
	        "200"},
	    {{"REQUEST_URI", "/login", "HTTP_COOKIE", "a=1", "HTTP_COOKIE",
	         "t2c=1", NULL},
	        "400"},
	    {{NULL}, "400"},
	    {{"REQUEST_URI", "/login", NULL}, "405"},
	    {{"REQUEST_METHOD", "GET", NULL}, "400"},
	    {{"REQUEST_METHOD", "get", "REQUEST_URI", "/login", NULL}, "405"},
	    {{"REQUEST_METHOD", "GET", "REQUEST_URI", "", NULL}, "400"},
	    {{"REQUEST_METHOD", "GET", "REQUEST_URI", wide, NULL}, "404"},
	    {{"REQUEST_METHOD", "POST", "REQUEST_URI", "/login",
	         "CONTENT_LENGTH", "x", NULL},
	        "400"},
	    {{"REQUEST_METHOD", "POST", "REQUEST_URI", "/login",
	         "CONTENT_LENGTH", "-1", NULL},
	        "400"},
	    {{"REQUEST_METHOD", "POST", "REQUEST_URI", "/login",
	         "CONTENT_LENGTH", "10", NULL},
	        "400"},
	    {{"REQUEST_METHOD", "POST", "REQUEST_URI", "/login",
	         "CONTENT_LENGTH", "99999999999999999999", NULL},
	        "400"},
	    {{"REQUEST_METHOD", "POST", "REQUEST_URI", "/login",
	         "CONTENT_LENGTH", "11000000", NULL},
	        "413"},
	};

	(void)state;
	start(100);
	for (size_t i = 0; i < COUNT_OF(cases); i++)
		assert_true(has_status(ask(cases[i].params, SLICE("a=1")),
		    cases[i].status));
	assert_true(has_status(ask(login, (struct slice){0}), "200"));
	end();
}

static void
test_body(void **state)
{
	const size_t n = 10 * 1024 * 1024;
	char *bytes = arena_alloc(&now.arena, n);
	const char *const upload[] = {"REQUEST_METHOD", "POST", "REQUEST_URI",
	    "/login", "CONTENT_TYPE", "application/x-www-form-urlencoded",
	    "CONTENT_LENGTH", arena_printf(&now.arena, "%zu", n), NULL};
	const char *const large[] = {"REQUEST_METHOD", "POST", "REQUEST_URI",
	    "/login", "CONTENT_LENGTH",
	    arena_printf(&now.arena, "%zu", FCGI_BODY_MAX + 1), NULL};

	(void)state;
	memset(bytes, 'a', n);
	bytes[0] = '=';
	start(100);
	/* Read to its end, and then it is no form of ours. */
	assert_true(has_status(ask(upload, (struct slice){bytes, n}), "400"));
	assert_true(has_status(ask(large, SLICE("")), "413"));
	end();
}

/* Noise instead of records ends the connection, not the worker. */
static void
test_noise(void **state)
{
	const struct slice noise[] = {
	    SLICE(""),
	    SLICE("x"),
	    SLICE("GET / HTTP/1.0\r\n\r\n"),
	    SLICE("\x01\x01\x00\x01"),
	    SLICE("\x01\x01\x00\x01\x00\x08\x00\x00"
	          "\x7f\x7f\x7f\x7f\x7f\x7f\x7f\x7f"),
	};

	(void)state;
	start(100);
	for (size_t i = 0; i < COUNT_OF(noise); i++) {
		int fd = connect_worker();

		send_bytes(fd, noise[i]);
		shutdown(fd, SHUT_WR);
		receive(fd);
		assert_true(has_status(ask(login, (struct slice){0}), "200"));
	}
	end();
}

static void
test_ends_after_requests(void **state)
{
	(void)state;
	start(3);
	for (int i = 0; i < 3; i++)
		assert_true(has_status(ask(login, (struct slice){0}), "200"));
	assert_ends();
	assert_int_equal(atomic_load(&now.slot->requests), 3);
}

/* SIGTERM in the middle of a request: that one is answered, no other is. */
static void
test_finishes_request(void **state)
{
	const struct slice all = make_request(login, (struct slice){0});
	const struct timespec a_moment = {.tv_nsec = 1000000};
	const char *reply;
	int fd;
	int next;

	(void)state;
	start(100);
	fd = connect_worker();
	send_bytes(fd, (struct slice){all.p, 30});
	while (atomic_load(&now.slot->busy_since_us) == 0)
		nanosleep(&a_moment, NULL);
	kill(now.worker, SIGTERM);
	next = connect_worker();
	send_bytes(next, all);
	assert_int_equal(waitpid(now.worker, NULL, WNOHANG), 0);
	send_bytes(fd, (struct slice){all.p + 30, all.n - 30});
	reply = receive(fd);
	assert_true(has_status(reply, "200"));
	assert_ends();
	/* The next worker finds the other connection waiting. */
	start(1);
	assert_true(has_status(receive(next), "200"));
	assert_ends();
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_serves),
	    cmocka_unit_test(test_secure),
	    cmocka_unit_test(test_odd_requests),
	    cmocka_unit_test(test_body),
	    cmocka_unit_test(test_noise),
	    cmocka_unit_test(test_ends_after_requests),
	    cmocka_unit_test(test_finishes_request),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
