#include "base/base.h"

#include "remote/client.h"

#include "peer.h"
#include "sys/crypto.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#define JSON_HEAD "Content-Type: application/json\r\n"
#define ANSWER(status, length, body)                                           \
	"HTTP/1.1 " status "\r\n" JSON_HEAD "Content-Length: " length          \
	"\r\n\r\n" body

static const struct peer_answer answers[] = {
    {"/echo", NULL, true, NULL},
    {"/good", ANSWER("200 OK", "7", "{\"a\":1}"), true, NULL},
    {"/empty", "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", true, NULL},
    {"/torn", ANSWER("200 OK", "5", "{\"a\":"), true, NULL},
    {"/page",
        "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"
        "Content-Length: 6\r\n\r\n<html>",
        true, NULL},
    {"/busy", ANSWER("429 Too Many", "2", "{}"), true, NULL},
    {"/down", ANSWER("503 Unavailable", "2", "{}"), true, NULL},
    {"/soon",
        "HTTP/1.1 503 Wait\r\nRetry-After: 7\r\n"
        "Content-Length: 0\r\n\r\n",
        true, NULL},
    {"/cut", "HTTP/1.1 200 OK\r\n" JSON_HEAD "Content-Length: 9\r\n\r\n{",
        false, NULL},
    {"/token", ANSWER("401 No", "0", ""), true, NULL},
    {"/tells",
        ANSWER("403 No", "40", "{\"message\":\"secret-1 and secret-1 fail\"}"),
        true, NULL},
    {"/long", ANSWER("403 No", "35", "{\"message\":\"bad: secret-token-abc\"}"),
        true, NULL},
    {NULL, NULL, false, NULL},
};

struct fixture {
	struct arena arena;
	struct peer peer;
	struct client client;
	struct account as;
	struct call call;
	struct answer answer;
	struct fault fault;
	int pauses;
	int64_t paused_ms;
	int enough; /* pauses after which there is no time left */
};

static bool
note_pause(const struct client *c, int64_t ms)
{
	struct fixture *f = c->context;

	f->paused_ms += ms;
	return ++f->pauses != f->enough;
}

static int
setup(void **state)
{
	static struct fixture f;

	f = (struct fixture){0};
	assert_null(crypto_init());
	peer_start(&f.peer, answers);
	assert_null(http_open(&f.arena, &f.client.http));
	f.client.release = "1.2.3";
	f.client.id = "r1";
	f.client.context = &f;
	f.client.pause = note_pause;
	f.as = (struct account){.host = "peer",
	    .token = "secret-1",
	    .auth = "pat",
	    .reach = HTTP_LOOPBACK,
	    .base = peer_url(&f.arena, &f.peer, "")};
	f.call = (struct call){.method = "GET", .budget_ms = 60000};
	*state = &f;
	return 0;
}

static int
teardown(void **state)
{
	struct fixture *f = *state;

	arena_done(&f->arena);
	err_clear();
	peer_stop(&f->peer);
	return 0;
}

/* The code of the error, or ERR__COUNT for none. */
static enum err_code
ask(struct fixture *f, const char *path)
{
	const struct err *e;

	f->call.path = path;
	f->pauses = 0;
	f->paused_ms = 0;
	e = client_call(&f->client, &f->arena, &f->as, &f->call, &f->answer,
	    &f->fault);
	return e ? e->code : ERR__COUNT;
}

static void
test_answers(void **state)
{
	struct fixture *f = *state;
	int64_t n = 0;

	assert_int_equal(ask(f, "/good"), ERR__COUNT);
	assert_true(json_to_int(json_get(f->answer.json, "a"), 1, 1, &n));
	assert_int_equal(f->answer.tries, 1);
	assert_int_equal(ask(f, "/empty"), ERR__COUNT);
	assert_null(f->answer.json);
	assert_int_equal(ask(f, "/torn"), R_NOT_API);
	assert_int_equal(ask(f, "/page"), R_NOT_API);
	f->call.any_type = true;
	assert_int_equal(ask(f, "/page"), ERR__COUNT);
	assert_int_equal(f->pauses, 0);
}

static void
test_what_is_sent(void **state)
{
	struct fixture *f = *state;
	const char *sent;

	f->call.any_type = true;
	f->call.method = "POST";
	f->call.body = SLICE("{}");
	f->as.workspace_id = "77";
	call_add(&f->arena, &f->call, "path", "/a b&c=ä");
	call_add(&f->arena, &f->call, "x", "");
	assert_int_equal(ask(f,
	                     arena_printf(&f->arena, "/echo/%s",
	                         client_segment(&f->arena, "a/b?"))),
	    ERR__COUNT);
	sent = slice_dup(&f->arena, f->answer.reply.body);
	assert_true(str_starts(sent,
	    "POST /echo/a%2Fb%3F?path=%2Fa%20b%26c%3D"
	    "%C3%A4&x= HTTP/1.1\r\n"));
	assert_non_null(strstr(sent, "\r\nAuthorization: Bearer secret-1\r\n"));
	assert_non_null(strstr(sent, "\r\nX-Databricks-Workspace-Id: 77\r\n"));
	assert_non_null(strstr(sent, "\r\nContent-Type: application/json\r\n"));
	assert_non_null(strstr(sent,
	    "\r\nUser-Agent: text2code/1.2.3 os/linux auth/pat\r\n"));
}

static void
test_tries(void **state)
{
	struct fixture *f = *state;

	assert_int_equal(ask(f, "/busy"), R_THROTTLED);
	assert_true(f->answer.tries > 5);
	assert_int_equal(f->pauses, f->answer.tries - 1);
	assert_true(f->paused_ms <= 60000);
	f->call.kind = RETRY_ONCE;
	assert_int_equal(ask(f, "/down"), R_UNAVAILABLE);
	assert_true(f->answer.tries > 5);
	assert_int_equal(ask(f, "/cut"), R_CUT);
	assert_int_equal(f->answer.tries, 1);
	f->call.kind = RETRY_READ;
	assert_int_equal(ask(f, "/cut"), R_CUT);
	assert_true(f->answer.tries > 5);
	f->call.budget_ms = 14000;
	assert_int_equal(ask(f, "/soon"), R_UNAVAILABLE);
	assert_int_equal(f->answer.tries, 2);
	assert_true(f->paused_ms >= 7050);
	f->call.budget_ms = 0;
	assert_int_equal(ask(f, "/busy"), R_THROTTLED);
	assert_int_equal(f->answer.tries, 1);
	f->call.budget_ms = 60000;
	f->enough = 2;
	assert_int_equal(ask(f, "/busy"), R_THROTTLED);
	assert_int_equal(f->answer.tries, 2);
}

static const struct err *
renew(void *context, struct arena *a, const char *refused, const char **ret)
{
	int *times = context;

	assert_non_null(refused);

	if (++*times > 2)
		return err_of(R_DENIED);
	*ret = arena_printf(a, "secret-%d", *times + 1);
	return NULL;
}

/* A token that is not accepted is renewed once, and the request repeated. */
static void
test_renewal(void **state)
{
	struct fixture *f = *state;
	int times = 0;

	assert_int_equal(ask(f, "/token"), R_TOKEN);
	assert_int_equal(f->answer.tries, 1);
	f->as.renew = renew;
	f->as.renew_context = &times;
	assert_int_equal(ask(f, "/token"), R_TOKEN);
	assert_int_equal(times, 1);
	assert_int_equal(f->answer.tries, 2);
	assert_int_equal(f->pauses, 0);
	times = 2;
	assert_int_equal(ask(f, "/token"), R_DENIED);
}

static void
test_no_token_in_words(void **state)
{
	struct fixture *f = *state;

	assert_int_equal(ask(f, "/tells"), R_DENIED);
	assert_null(strstr(f->fault.message, "secret"));
	assert_string_equal(f->fault.message, "… and … fail");
	/* Nor where the message was cut within it. */
	f->as.token = "secret-token-abcdefghijklmnopqrstuvwxyz";
	assert_int_equal(ask(f, "/long"), R_DENIED);
	assert_string_equal(f->fault.message, "bad: …");
}

static bool
never(void *context)
{
	(void)context;
	return false;
}

/* Whoever has left waits for no further try. */
static void
test_leaving(void **state)
{
	struct fixture *f = *state;

	f->client.pause = NULL;
	f->client.on_wait = never;
	assert_int_equal(ask(f, "/busy"), R_CANCELLED);
	assert_int_equal(f->answer.tries, 1);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(test_answers),
	    TEST(test_what_is_sent),
	    TEST(test_tries),
	    TEST(test_renewal),
	    TEST(test_no_token_in_words),
	    TEST(test_leaving),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
