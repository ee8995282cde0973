#include "base/base.h"

#include "core/connections.h"

#include "core/seal.h"
#include "fixture.h"
#include "../sys/peer.h"

#include <string.h>

#define AZURE "https://adb-1.2.azuredatabricks.net"

static struct connection_entry
workspace(void)
{
	return (struct connection_entry){.name = "Prod",
	    .provider = CHAT_DATABRICKS,
	    .address = AZURE "/?o=77",
	    .auth = CONNECTION_STORED,
	    .token = "dapi-secret",
	    .model = "claude",
	    .client_id = "",
	    .instructions = "",
	    .temperature = 5,
	    .max_tokens = 4000,
	    .first_s = 30,
	    .total_s = 120};
}

static const struct err *
save(struct fixture *f, const char *key, int64_t id,
    const struct connection_entry *entry, int64_t *ret)
{
	struct connection_id made = {0};
	enum connection_part part;
	const struct err *e;

	e = connections_save(&f->app, &f->arena, &f->ann, key,
	    (struct connection_id){id}, entry, &made, &part);
	if (ret)
		*ret = made.v;
	return e;
}

static struct connection
get(struct fixture *f, int64_t id)
{
	struct connection c;

	ok(connections_get(&f->app, &f->arena, &f->ann,
	    (struct connection_id){id}, &c));
	return c;
}

static void
test_what_is_entered_is_kept(void **state)
{
	struct fixture *f = *state;
	struct connection_entry entry = workspace();
	struct connection c;
	int64_t id;
	int64_t again;

	ok(save(f, "key-1", 0, &entry, &id));
	ok(save(f, "key-1", 0, &entry, &again));
	assert_int_equal(id, again);
	c = get(f, id);
	assert_string_equal(c.base, AZURE);
	assert_string_equal(c.host, "adb-1.2.azuredatabricks.net");
	assert_string_equal(c.workspace_id, "77");
	assert_true(c.has_token && c.is_default && !c.is_simulated);
	assert_int_equal(c.temperature, 5);
	assert_null(strstr(c.box, "secret"));
	/* Nobody else sees it, not even an administrator. */
	fails(connections_get(&f->app, &f->arena, &f->bob, c.id, &c),
	    W_NOT_FOUND);
	fails(connections_get(&f->app, &f->arena, &f->admin, c.id, &c),
	    W_NOT_FOUND);
}

static void
test_what_is_refused(void **state)
{
	struct fixture *f = *state;
	struct connection_entry entry = workspace();

	entry.address = "https://evil.example";
	fails(save(f, NULL, 0, &entry, NULL), R_BARRED);
	entry.address = "https://127.0.0.1";
	fails(save(f, NULL, 0, &entry, NULL), R_HOST);
	entry = workspace();
	entry.token = "";
	fails(save(f, NULL, 0, &entry, NULL), W_FORM);
	entry.token = "dapi\r\nX: y";
	fails(save(f, NULL, 0, &entry, NULL), W_FORM);
	entry = workspace();
	ok(save(f, NULL, 0, &entry, NULL));
	entry.name = "PROD";
	fails(save(f, NULL, 0, &entry, NULL), R_NAME_TAKEN);
	entry.name = "Model";
	entry.provider = CHAT_OPENAI;
	entry.address = "http://llm.example/v1";
	fails(save(f, NULL, 0, &entry, NULL), R_BARRED);
	f->config.model_hosts = "llm.example";
	ok(save(f, NULL, 0, &entry, NULL));
	fails(save(f, NULL, 99, &entry, NULL), W_NOT_FOUND);
}

/* A token stays where it was entered for. */
static void
test_a_token_is_of_its_host(void **state)
{
	struct fixture *f = *state;
	struct connection_entry entry = workspace();
	struct account account;
	struct connection c;
	int64_t id;

	ok(save(f, NULL, 0, &entry, &id));
	f->app.makes_calls = true;
	app_close(&f->app);
	ok(app_reopen(&f->arena, &f->app));
	c = get(f, id);
	ok(connection_account(&f->app, &f->arena, NULL, &c, NULL, &account));
	assert_string_equal(account.token, "dapi-secret");
	assert_int_equal(account.reach, HTTP_INTRANET);
	assert_false(account.plain);
	/* The rest may be changed without it. */
	entry.token = "";
	entry.name = "Production";
	ok(save(f, NULL, id, &entry, NULL));
	entry.address = "https://adb-9.9.azuredatabricks.net";
	fails(save(f, NULL, id, &entry, NULL), W_FORM);
	entry.token = "dapi-other";
	ok(save(f, NULL, id, &entry, NULL));
	c = get(f, id);
	ok(connection_account(&f->app, &f->arena, NULL, &c, NULL, &account));
	assert_string_equal(account.token, "dapi-other");
	/* A row whose host somebody changed in the database. */
	c.base = AZURE;
	fails(connection_account(&f->app, &f->arena, NULL, &c, NULL, &account),
	    S_SEAL);
	/* What an administrator takes back is not reached any more. */
	c = get(f, id);
	f->config.workspace_hosts = "*.cloud.databricks.com";
	fails(connection_account(&f->app, &f->arena, NULL, &c, NULL, &account),
	    R_BARRED);
}

static void
test_a_token_that_is_asked_for_is_not_stored(void **state)
{
	struct fixture *f = *state;
	struct connection_entry entry = workspace();
	struct account account;
	struct connection c;
	int64_t id;

	ok(save(f, NULL, 0, &entry, &id));
	entry.auth = CONNECTION_ASKED;
	ok(save(f, NULL, id, &entry, NULL));
	c = get(f, id);
	assert_false(c.has_token);
	fails(connection_account(&f->app, &f->arena, NULL, &c, "", &account),
	    W_FORM);
	ok(connection_account(&f->app, &f->arena, NULL, &c, "dapi-now",
	    &account));
	assert_string_equal(account.token, "dapi-now");
}

/* Pages can store a token, but not open it. */
static void
test_pages_open_nothing(void **state)
{
	struct fixture *f = *state;
	struct connection_entry entry = workspace();
	struct account account;
	struct connection c;
	int64_t id;

	assert_null(f->app.http);
	ok(save(f, NULL, 0, &entry, &id));
	c = get(f, id);
	fails(connection_account(&f->app, &f->arena, NULL, &c, NULL, &account),
	    S_SEAL);
}

static void
test_one_is_the_default(void **state)
{
	struct fixture *f = *state;
	struct connection_entry entry = workspace();
	struct connections list;
	int64_t first;
	int64_t second;

	ok(save(f, NULL, 0, &entry, &first));
	entry.name = "Another";
	ok(save(f, NULL, 0, &entry, &second));
	ok(connections_set_default(&f->app, &f->arena, &f->ann,
	    (struct connection_id){second}));
	assert_false(get(f, first).is_default);
	fails(connections_set_default(&f->app, &f->arena, &f->bob,
	          (struct connection_id){first}),
	    W_NOT_FOUND);
	fails(connections_remove(&f->app, &f->arena, &f->bob,
	          (struct connection_id){first}),
	    W_NOT_FOUND);
	ok(connections_remove(&f->app, &f->arena, &f->ann,
	    (struct connection_id){second}));
	ok(connections_list(&f->app, &f->arena, &f->ann, &list));
	assert_int_equal(list.n, 1);
	assert_true(list.v[0].is_default);
}

/* Ends with the connection. */
#define ANSWER(status, body)                                                   \
	"HTTP/1.1 " status "\r\nContent-Type: application/json\r\n\r\n" body

static const struct peer_answer answers[] = {
    {"/api/2.0/preview/scim/v2/Me",
        ANSWER("200 OK", "{\"userName\":\"a@b.ex\"}"), false, NULL},
    {"/api/2.0/serving-endpoints/claude",
        ANSWER("200 OK", "{\"state\":{\"ready\":\"READY\"}}"), false, NULL},
    {"/api/2.0/serving-endpoints/gone",
        ANSWER("404 No",
            "{\"error_code\":\"RESOURCE_DOES_NOT_EXIST\","
            "\"message\":\"\"}"),
        false, NULL},
    {"/models", ANSWER("200 OK", "{\"data\":[{\"id\":\"a\"},{\"id\":\"b\"}]}"),
        false, NULL},
    {"/v1/models/claude", ANSWER("200 OK", "{}"), false, NULL},
    {NULL, NULL, false, NULL},
};

static struct connection
tested(struct fixture *f, int64_t id)
{
	const struct client client = {
	    .http = f->app.http, .release = "1", .id = "r"};
	struct connection c = get(f, id);

	ok(connection_test(&f->app, &f->arena, &client, &c, NULL));
	return get(f, id);
}

static void
test_a_test_is_noted(void **state)
{
	struct fixture *f = *state;
	struct connection_entry entry = workspace();
	struct connection c;
	struct peer peer;
	int64_t id;

	peer_start(&peer, answers);
	f->config.simulator = arena_printf(&f->arena, "http://127.0.0.1:%d",
	    peer.port);
	f->config.model_hosts = arena_printf(&f->arena, "127.0.0.1:%d",
	    peer.port);
	f->app.makes_calls = true;
	app_close(&f->app);
	ok(app_reopen(&f->arena, &f->app));
	entry.address = f->config.simulator;
	ok(save(f, NULL, 0, &entry, &id));
	assert_true(get(f, id).is_simulated);
	assert_int_equal(get(f, id).tested_ms, 0);
	c = tested(f, id);
	assert_int_equal(c.tested_ms, START_MS);
	assert_string_equal(c.tested_code, "");
	assert_string_equal(c.tested_note,
	    "Signed in as a@b.ex. The endpoint claude is ready.");
	entry.model = "gone";
	entry.token = "";
	ok(save(f, NULL, id, &entry, NULL));
	assert_int_equal(get(f, id).tested_ms, 0);
	c = tested(f, id);
	assert_string_equal(c.tested_code, "R112");
	assert_non_null(strstr(c.tested_note, "Signed in as a@b.ex. But of"));
	entry.provider = CHAT_OPENAI;
	entry.auth = CONNECTION_NONE;
	entry.name = "Local";
	entry.model = "b";
	ok(save(f, NULL, 0, &entry, &id));
	assert_string_equal(tested(f, id).tested_note,
	    "It answers, and has the model b.");
	entry.model = "c";
	ok(save(f, NULL, id, &entry, NULL));
	assert_string_equal(tested(f, id).tested_code, "R112");
	entry.provider = CHAT_ANTHROPIC;
	entry.auth = CONNECTION_STORED;
	entry.token = "sk-ant";
	entry.name = "Claude";
	entry.model = "claude";
	ok(save(f, NULL, 0, &entry, &id));
	assert_string_equal(tested(f, id).tested_code, "");
	peer_stop(&peer);
	assert_string_equal(tested(f, id).tested_code, "R101");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    FIXTURE_TEST(test_what_is_entered_is_kept),
	    FIXTURE_TEST(test_what_is_refused),
	    FIXTURE_TEST(test_a_token_is_of_its_host),
	    FIXTURE_TEST(test_a_token_that_is_asked_for_is_not_stored),
	    FIXTURE_TEST(test_pages_open_nothing),
	    FIXTURE_TEST(test_one_is_the_default),
	    FIXTURE_TEST(test_a_test_is_noted),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
