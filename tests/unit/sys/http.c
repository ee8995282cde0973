#include "base/base.h"

#include "sys/http.h"

#include "peer.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static const struct peer_answer answers[] = {
    {"/echo", NULL, true, NULL},
    {"/hello",
        "HTTP/1.1 200 OK\r\nX-Name:  a b \r\nContent-Length: 5\r\n\r\n"
        "hello",
        true, NULL},
    {"/chunks",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
        "3\r\nabc\r\n4\r\ndefg\r\n0\r\n\r\n",
        true, NULL},
    {"/continue",
        "HTTP/1.1 100 Continue\r\nX-Name: no\r\n\r\n"
        "HTTP/1.1 201 Created\r\nContent-Length: 0\r\n\r\n",
        true, NULL},
    {"/missing", "HTTP/1.1 404 Not Found\r\nContent-Length: 4\r\n\r\ngone",
        true, NULL},
    {"/moved",
        "HTTP/1.1 302 Found\r\nLocation: /hello\r\n"
        "Content-Length: 0\r\n\r\n",
        true, NULL},
    {"/cut", "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf", false, NULL},
    {"/nothing", "", false, NULL},
    {"/garbage", "220 mail.example ESMTP\r\n", false, NULL},
    {"/stuck", "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf", true, NULL},
    {"/silent", "", true, NULL},
    {NULL, NULL, false, NULL},
};

struct fixture {
	struct arena arena;
	struct http *http;
	struct peer peer;
	struct http_reply reply;
};

static int
setup(void **state)
{
	static struct fixture f;

	f = (struct fixture){0};
	peer_start(&f.peer, answers);
	assert_null(http_open(&f.arena, &f.http));
	*state = &f;
	return 0;
}

static int
teardown(void **state)
{
	struct fixture *f = *state;

	arena_done(&f->arena);
	peer_stop(&f->peer);
	return 0;
}

static enum http_end
send_it(struct fixture *f, const char *path, struct http_request request)
{
	request.method = request.method ? request.method : "GET";
	if (!request.url)
		request.url = peer_url(&f->arena, &f->peer, path);
	if (request.reach == HTTP_PUBLIC && !request.plain)
		request.reach = HTTP_LOOPBACK;
	http_send(f->http, &f->arena, &request, &f->reply);
	return f->reply.end;
}

static enum http_end
get(struct fixture *f, const char *path)
{
	return send_it(f, path, (struct http_request){0});
}

static bool
body_is(const struct fixture *f, const char *text)
{
	return slice_is(f->reply.body, text);
}

static void
test_answers(void **state)
{
	struct fixture *f = *state;

	assert_int_equal(get(f, "/hello"), HTTP_DONE);
	assert_true(http_ok(&f->reply));
	assert_true(body_is(f, "hello"));
	assert_string_equal(http_header(&f->reply, "x-name"), "a b");
	assert_null(http_header(&f->reply, "x-other"));
	assert_string_equal(f->reply.problem, "");
	assert_int_equal(get(f, "/chunks"), HTTP_DONE);
	assert_true(body_is(f, "abcdefg"));
	assert_int_equal(get(f, "/continue"), HTTP_DONE);
	assert_int_equal(f->reply.status, 201);
	assert_null(http_header(&f->reply, "X-Name"));
	assert_int_equal(get(f, "/missing"), HTTP_DONE);
	assert_int_equal(f->reply.status, 404);
	assert_false(http_ok(&f->reply));
	assert_true(body_is(f, "gone"));
}

/* Where the answer wants us to go is for the caller to know. */
static void
test_redirects_are_not_followed(void **state)
{
	struct fixture *f = *state;

	assert_int_equal(get(f, "/moved"), HTTP_DONE);
	assert_int_equal(f->reply.status, 302);
	assert_string_equal(http_header(&f->reply, "Location"), "/hello");
}

static void
test_what_is_sent(void **state)
{
	struct fixture *f = *state;
	struct http_request request = {
	    .method = "POST", .bearer = "tok", .body = SLICE("{\"a\":1}")};
	const char *sent;

	http_add_header(&f->arena, &request.headers, "Content-Type",
	    "application/json");
	assert_int_equal(send_it(f, "/echo", request), HTTP_DONE);
	sent = slice_dup(&f->arena, f->reply.body);
	assert_true(str_starts(sent, "POST /echo HTTP/1.1\r\n"));
	assert_non_null(strstr(sent, "\r\nAuthorization: Bearer tok\r\n"));
	assert_non_null(strstr(sent, "\r\nContent-Type: application/json\r\n"));
	assert_null(strstr(sent, "\r\nExpect:"));
	assert_true(str_ends(sent, "\r\n\r\n{\"a\":1}"));
	assert_int_equal(send_it(f, "/echo",
	                     (struct http_request){.method = "POST"}),
	    HTTP_DONE);
	sent = slice_dup(&f->arena, f->reply.body);
	assert_non_null(strstr(sent, "\r\nContent-Length: 0\r\n"));
	assert_null(strstr(sent, "Authorization"));
	assert_int_equal(send_it(f, "/echo",
	                     (struct http_request){.method = "DELETE"}),
	    HTTP_DONE);
	assert_true(str_starts(slice_dup(&f->arena, f->reply.body),
	    "DELETE /echo "));
}

static void
test_nothing_is_smuggled(void **state)
{
	static const char *const bad[] = {"a\r\nX-Other: b", "a\nb", "\x7f"};
	struct fixture *f = *state;
	size_t i;

	for (i = 0; i < COUNT_OF(bad); i++) {
		struct http_request request = {.bearer = bad[i]};

		assert_int_equal(send_it(f, "/echo", request), HTTP_BAD_URL);
		assert_false(f->reply.sent);
		request.bearer = NULL;
		http_add_header(&f->arena, &request.headers, "X-Name", bad[i]);
		assert_int_equal(send_it(f, "/echo", request), HTTP_BAD_URL);
	}
}

static void
test_broken_answers(void **state)
{
	struct fixture *f = *state;

	assert_int_equal(get(f, "/cut"), HTTP_CUT);
	assert_true(f->reply.sent);
	assert_int_equal(f->reply.status, 200);
	assert_int_equal(get(f, "/nothing"), HTTP_CUT);
	assert_int_equal(get(f, "/garbage"), HTTP_CUT);
	assert_int_not_equal(f->reply.problem[0], '\0');
}

static void
test_limits(void **state)
{
	struct fixture *f = *state;

	assert_int_equal(send_it(f, "/hello",
	                     (struct http_request){.max_bytes = 4}),
	    HTTP_TOO_LARGE);
	assert_int_equal(send_it(f, "/hello",
	                     (struct http_request){.max_bytes = 5}),
	    HTTP_DONE);
	assert_int_equal(send_it(f, "/stuck",
	                     (struct http_request){.idle_ms = 20}),
	    HTTP_SLOW);
	assert_int_equal(send_it(f, "/silent",
	                     (struct http_request){.idle_ms = 20}),
	    HTTP_SLOW);
	assert_int_equal(send_it(f, "/silent",
	                     (struct http_request){.total_ms = 20}),
	    HTTP_SLOW);
	assert_true(f->reply.sent);
}

struct taken {
	struct buf text;
	int pieces;
	int waits;
	int last; /* piece, or wait, that is the last one */
};

static bool
take_piece(void *p, struct slice piece)
{
	struct taken *taken = p;

	buf_add_slice(&taken->text, piece);
	return ++taken->pieces != taken->last;
}

static bool
count_wait(void *p)
{
	struct taken *taken = p;

	return ++taken->waits != taken->last;
}

static void
test_pieces(void **state)
{
	struct fixture *f = *state;
	struct taken taken = {0};
	struct http_request request = {
	    .on_body = take_piece, .context = &taken};

	buf_init(&taken.text, &f->arena, 1000);
	assert_int_equal(send_it(f, "/chunks", request), HTTP_DONE);
	assert_string_equal(buf_str(&taken.text), "abcdefg");
	assert_int_equal(f->reply.body.n, 0);
	/* What is no success is told whole. */
	taken.pieces = 0;
	assert_int_equal(send_it(f, "/missing", request), HTTP_DONE);
	assert_int_equal(taken.pieces, 0);
	assert_true(body_is(f, "gone"));
	taken.last = 1;
	assert_int_equal(send_it(f, "/stuck", request), HTTP_STOPPED);
}

/* Whoever waits may have enough of it while the other side says nothing. */
static void
test_waiting_ends(void **state)
{
	struct fixture *f = *state;
	struct taken taken = {.last = 3};
	struct http_request request = {
	    .on_wait = count_wait, .context = &taken};

	assert_int_equal(send_it(f, "/silent", request), HTTP_STOPPED);
	assert_int_equal(taken.waits, 3);
}

static void
test_where_it_may_go(void **state)
{
	struct fixture *f = *state;
	struct http_request request = {.plain = true};

	assert_int_equal(send_it(f, "/hello", request), HTTP_BARRED);
	request.reach = HTTP_INTRANET;
	assert_int_equal(send_it(f, "/hello", request), HTTP_BARRED);
	request.url = arena_printf(&f->arena, "http://localhost:%d/hello",
	    f->peer.port);
	assert_int_equal(send_it(f, "/hello", request), HTTP_BARRED);
	assert_false(f->reply.sent);
	/* Nor over a connection that somebody else was allowed. */
	request = (struct http_request){0};
	assert_int_equal(send_it(f, "/hello", request), HTTP_DONE);
	request.plain = true;
	assert_int_equal(send_it(f, "/hello", request), HTTP_BARRED);
	request.reach = HTTP_LOOPBACK;
	request.url = "http://169.254.169.254/latest/meta-data";
	assert_int_equal(send_it(f, "", request), HTTP_BARRED);
	request.url = "http://[::ffff:169.254.169.254]/";
	assert_int_equal(send_it(f, "", request), HTTP_BARRED);
	request.url = "http://0/";
	assert_int_equal(send_it(f, "", request), HTTP_BARRED);
}

static void
test_no_connection(void **state)
{
	static const struct {
		const char *url;
		enum http_end end;
	} rows[] = {
	    {"http://nothing.invalid/", HTTP_NO_HOST},
	    {"file:///etc/passwd", HTTP_BAD_URL},
	    {"ftp://127.0.0.1/", HTTP_BAD_URL},
	    {"gopher://127.0.0.1/", HTTP_BAD_URL},
	    {"http://", HTTP_BAD_URL},
	    {"http://127.0.0.1:99999/", HTTP_BAD_URL},
	};
	struct fixture *f = *state;
	struct http_request request = {0};
	size_t i;

	for (i = 0; i < COUNT_OF(rows); i++) {
		request.url = rows[i].url;
		if (send_it(f, "", request) != rows[i].end)
			fail_msg("%s: %d, %s", rows[i].url, (int)f->reply.end,
			    f->reply.problem);
		assert_false(f->reply.sent);
	}
	/* Without TLS only where that is allowed, and no TLS where none is. */
	request = (struct http_request){
	    .method = "GET", .url = peer_url(&f->arena, &f->peer, "/hello")};
	http_send(f->http, &f->arena, &request, &f->reply);
	assert_int_equal(f->reply.end, HTTP_BAD_URL);
	request.url = arena_printf(&f->arena, "https://127.0.0.1:%d/",
	    f->peer.port);
	assert_int_equal(send_it(f, "", request), HTTP_UNTRUSTED);
	peer_stop(&f->peer);
	request.url = NULL;
	assert_int_equal(send_it(f, "/hello", request), HTTP_REFUSED);
	peer_start(&f->peer, answers);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(test_answers),
	    TEST(test_redirects_are_not_followed),
	    TEST(test_what_is_sent),
	    TEST(test_nothing_is_smuggled),
	    TEST(test_broken_answers),
	    TEST(test_limits),
	    TEST(test_pieces),
	    TEST(test_waiting_ends),
	    TEST(test_where_it_may_go),
	    TEST(test_no_connection),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
