/*
 * The calls that the simulated workspace knows, made by the client: what they
 * leave behind, what is asked for again and again until it is over, and lists
 * whose pages are short or empty.
 */
#include "base/base.h"

#include "simulated.h"

#include "base/buf.h"
#include "sys/files.h"

#include <string.h>

#define ANN "dapi-ann"
#define MAX_TEXT 100000
#define JOBS "/api/2.2/jobs/"
#define STATEMENTS "/api/2.0/sql/statements"
#define WORKSPACE "/api/2.0/workspace/"
#define VOLUME "/Volumes/crm/landing/files"

static int
post(const char *path, const char *body)
{
	return simulated_ask_as(ANN, "POST", path, body, RETRY_ONCE, false);
}

static const char *
text_at(const char *const *path)
{
	const struct json *v = simulated.answer.json;

	for (; *path; path++)
		v = json_get(v, *path);
	return json_string(v, "");
}

#define TEXT(...) text_at((const char *const[]){__VA_ARGS__, NULL})

static int64_t
number(const char *key)
{
	int64_t n;

	assert_true(json_to_int(json_get(simulated.answer.json, key), 1,
	    INT64_MAX, &n));
	return n;
}

static size_t
length(const struct json *list)
{
	size_t n = 0;

	for (const struct json *v = list ? list->child : NULL; v; v = v->next)
		n++;
	return n;
}

/* What one token keeps, no other one sees. */
static void
test_a_state_for_each_token(void **state)
{
	const char *const path = WORKSPACE "get-status?path=/Users/"
	                                   "ann%40simulated.example/mine";

	(void)state;
	assert_int_equal(post(WORKSPACE "mkdirs",
	                     "{\"path\":\"/Users/ann@simulated.example/"
	                     "mine\"}"),
	    -1);
	assert_int_equal(simulated_ask("GET", path, ""), -1);
	assert_true(number("object_id") > INT64_C(1) << 53);
	assert_int_equal(simulated_ask_as("dapi-bob", "GET", path, "",
	                     RETRY_READ, false),
	    R_MISSING);
}

static const char *
job_with(size_t n)
{
	struct buf b;

	buf_init(&b, &simulated.arena, MAX_TEXT);
	buf_add_str(&b, "{\"name\":\"many\",\"tasks\":[");
	for (size_t i = 0; i < n; i++)
		buf_printf(&b,
		    "%s{\"task_key\":\"t%zu\",\"notebook_task\":"
		    "{\"notebook_path\":\"/a\"}}",
		    i > 0 ? "," : "", i);
	buf_add_str(&b, "]}");
	assert_int_equal(post(JOBS "create", buf_str(&b)), -1);
	return arena_printf(&simulated.arena, "%" PRId64, number("job_id"));
}

/* It is seen at work first, and then at its end; each task has its output. */
static void
test_a_run(void **state)
{
	struct arena *a = &simulated.arena;
	const char *job = job_with(1);
	const struct json *task;
	const char *path;
	int64_t run;
	int64_t id;

	(void)state;
	assert_int_equal(post(JOBS "run-now",
	                     arena_printf(a, "{\"job_id\":%s}", job)),
	    -1);
	run = number("run_id");
	path = arena_printf(a, JOBS "runs/get?run_id=%" PRId64, run);
	assert_int_equal(simulated_ask("GET", path, ""), -1);
	assert_string_equal(TEXT("state", "life_cycle_state"), "RUNNING");
	assert_int_equal(simulated_ask("GET", path, ""), -1);
	assert_string_equal(TEXT("state", "life_cycle_state"), "TERMINATED");
	assert_string_equal(TEXT("state", "result_state"), "SUCCESS");
	task = json_get(simulated.answer.json, "tasks")->child;
	assert_true(json_to_int(json_get(task, "run_id"), 1, INT64_MAX, &id));
	assert_int_equal(simulated_ask("GET",
	                     arena_printf(a,
	                         JOBS "runs/get-output?run_id=%" PRId64, id),
	                     ""),
	    -1);
	assert_int_equal(simulated_ask("GET",
	                     arena_printf(a,
	                         JOBS "runs/get-output?run_id=%" PRId64, run),
	                     ""),
	    R_MISSING);
	/* 400 here, as the real one says it. */
	assert_int_equal(simulated_ask("GET", JOBS "get?job_id=1", ""),
	    R_MISSING);
}

struct counted {
	const char *in; /* the member that has the list; or NULL */
	const char *list;
	size_t pages;
	size_t entries;
	size_t shortest;
};

static bool
count(void *context, const struct json *page)
{
	struct counted *c = context;
	size_t n = length(json_get(c->in ? json_get(page, c->in) : page,
	    c->list));

	c->shortest = c->pages == 0 || n < c->shortest ? n : c->shortest;
	c->pages++;
	c->entries += n;
	return true;
}

static struct counted
count_all(const char *path, const char *job, const char *in, const char *list,
    const char *more)
{
	const struct client client = simulated_client();
	const struct account as = simulated_account(ANN);
	struct call call = {.method = "GET",
	    .path = path,
	    .kind = RETRY_READ,
	    .idle_ms = 1000,
	    .total_ms = 20000};
	struct counted counted = {.in = in, .list = list};
	const struct pages pages = {.parameter = "page_token",
	    .member = "next_page_token",
	    .more = more,
	    .on_page = count,
	    .context = &counted};

	if (job)
		call_add(&simulated.arena, &call, "job_id", job);
	assert_null(client_pages(&client, &simulated.arena, &as, &call,
	    &pages));
	return counted;
}

/* More than a hundred tasks come in pages. */
static void
test_tasks_in_pages(void **state)
{
	struct counted all;

	(void)state;
	all = count_all(JOBS "get", job_with(230), "settings", "tasks",
	    "has_more");
	assert_int_equal(all.entries, 230);
	assert_int_equal(all.pages, 3);
}

static void
expect_state(const char *path, const char *wanted)
{
	assert_int_equal(simulated_ask("GET", path, ""), -1);
	assert_string_equal(TEXT("status", "state"), wanted);
}

/* The path of a statement that was sent and not waited for. */
static const char *
send_statement(const char *text)
{
	struct arena *a = &simulated.arena;

	assert_int_equal(post(STATEMENTS,
	                     arena_printf(a,
	                         "{\"warehouse_id\":\"%s\",\"statement\":"
	                         "\"%s\",\"wait_timeout\":\"0s\"}",
	                         "51a0000000000001", text)),
	    -1);
	assert_string_equal(TEXT("status", "state"), "PENDING");
	return arena_printf(a, STATEMENTS "/%s", TEXT("statement_id"));
}

/* Pending, running, over; a result comes in chunks, a failure with status 200,
 * and what was cancelled is so at the next look. */
static void
test_a_statement(void **state)
{
	static const char answers[] =
	    "{\"answers\":[{\"pattern\":\"*orders*\",\"columns\":["
	    "{\"name\":\"id\",\"type\":\"INT\"}],"
	    "\"rows\":[[\"1\"],[\"2\"],[null]]},"
	    "{\"pattern\":\"*nothing*\",\"columns\":[],\"rows\":[]},"
	    "{\"pattern\":\"*missing*\",\"error\":"
	    "\"[TABLE_OR_VIEW_NOT_FOUND] There is none.\","
	    "\"sql_state\":\"42P01\"}]}";
	struct arena *a = &simulated.arena;
	const struct json *result;
	const char *path;

	(void)state;
	assert_null(file_write(a,
	    arena_printf(a, "%s/answers.json", simulated.dir),
	    slice_of(answers)));
	simulated_control("settings", "{\"chunk_rows\":2}");
	path = send_statement("SELECT id FROM orders");
	expect_state(path, "RUNNING");
	expect_state(path, "SUCCEEDED");
	result = json_get(simulated.answer.json, "result");
	assert_int_equal(length(json_get(result, "data_array")), 2);
	assert_int_equal(simulated_ask("GET",
	                     arena_printf(a, "%s/result/chunks/1", path), ""),
	    -1);
	result = json_get(simulated.answer.json, "data_array");
	assert_int_equal(length(result), 1);
	assert_int_equal(result->child->child->kind, JSON_NULL);
	path = send_statement("nothing");
	expect_state(path, "RUNNING");
	expect_state(path, "SUCCEEDED");
	assert_int_equal(length(json_get(simulated.answer.json, "result")), 0);
	path = send_statement("missing");
	expect_state(path, "RUNNING");
	expect_state(path, "FAILED");
	assert_string_equal(TEXT("status", "sql_state"), "42P01");
	path = send_statement("SELECT id FROM orders");
	assert_int_equal(post(arena_printf(a, "%s/cancel", path), "{}"), -1);
	expect_state(path, "CANCELED");
}

#define NOTEBOOK "IyBEYXRhYnJpY2tzIG5vdGVib29rIHNvdXJjZQo="

static const char *
import(const char *path)
{
	return arena_printf(&simulated.arena,
	    "{\"path\":\"%s\",\"format\":\"AUTO\",\"content\":"
	    "\"" NOTEBOOK "\"}",
	    path);
}

/* The folder must be there, a file must not; a notebook has no extension, and
 * one place has two names. What is new may not be seen at once. */
static void
test_import(void **state)
{
	static const char seen[] = WORKSPACE "get-status?path=/Workspace/Users/"
	                                     "ann%40simulated.example/in/n";

	(void)state;
	assert_int_equal(post(WORKSPACE "import",
	                     import("/Users/ann@simulated.example/in/n.py")),
	    R_MISSING);
	assert_int_equal(post(WORKSPACE "mkdirs",
	                     "{\"path\":\"/Users/ann@simulated.example/in\"}"),
	    -1);
	assert_int_equal(post(WORKSPACE "import",
	                     import("/Users/ann@simulated.example/in/n.py")),
	    -1);
	assert_int_equal(simulated.answer.reply.body.n, 0);
	assert_int_equal(post(WORKSPACE "import",
	                     import("/Users/ann@simulated.example/in/n.py")),
	    R_CONFLICT);
	simulated_control("faults",
	    "{\"pattern\":\"GET " WORKSPACE "*\",\"status\":404}");
	assert_int_equal(simulated_ask("GET", seen, ""), R_MISSING);
	assert_int_equal(simulated_ask("GET", seen, ""), -1);
	assert_string_equal(TEXT("object_type"), "NOTEBOOK");
}

/* A file of bytes, and a folder whose pages are shorter than they may be. */
static void
test_files(void **state)
{
	static const char bytes[] = "id\n1\n\xff";
	struct arena *a = &simulated.arena;
	struct counted all;

	(void)state;
	for (int i = 0; i < 5; i++) {
		const struct call put = {.method = "PUT",
		    .path = arena_printf(a,
		        "/api/2.0/fs/files" VOLUME "/in/%d.csv", i),
		    .body = slice_of(bytes),
		    .body_type = "application/octet-stream",
		    .kind = RETRY_REPEATABLE};

		assert_int_equal(simulated_call(ANN, &put), -1);
	}
	assert_int_equal(simulated_call(ANN,
	                     &(struct call){.method = "GET",
	                         .path = "/api/2.0/fs/files" VOLUME "/in/0.csv",
	                         .kind = RETRY_READ,
	                         .any_type = true}),
	    -1);
	assert_true(slice_eq(simulated.answer.reply.body, slice_of(bytes)));
	simulated_control("settings", "{\"page_size\":2,\"empty_pages\":1}");
	all = count_all("/api/2.0/fs/directories" VOLUME "/in", NULL, NULL,
	    "contents", NULL);
	assert_int_equal(all.entries, 5);
	assert_int_equal(all.shortest, 0);
	assert_int_equal(simulated_ask("GET",
	                     "/api/2.0/fs/files" VOLUME "/out/0.csv", ""),
	    R_MISSING);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_a_state_for_each_token),
	    cmocka_unit_test(test_a_run),
	    cmocka_unit_test(test_tasks_in_pages),
	    cmocka_unit_test(test_a_statement),
	    cmocka_unit_test(test_import),
	    cmocka_unit_test(test_files),
	};

	return cmocka_run_group_tests(tests, simulated_setup,
	    simulated_teardown);
}
