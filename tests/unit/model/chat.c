#include "base/base.h"

#include "model/chat.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#define DELTA(content, reason)                                                 \
	"data: {\"id\":\"c\",\"model\":\"m\",\"choices\":[{\"index\":0,"       \
	"\"delta\":{\"role\":\"assistant\",\"content\":" content               \
	"},\"finish_reason\":" reason "}]}\n\n"
#define DONE "data: [DONE]\n\n"
#define BLOCK(text)                                                            \
	"event: content_block_delta\ndata: {\"type\":\"content_block_delta\"," \
	"\"index\":0,\"delta\":{\"type\":\"text_delta\",\"text\":\"" text      \
	"\"}}\n\n"

static const struct {
	const char *stream;
	const char *text;
	enum chat_end end;
	int64_t in;
	int64_t out;
} rows[] = {
    {DELTA("\"Hel\"", "null") DELTA("\"lo\"", "\"stop\"") DONE, "Hello",
        CHAT_COMPLETE, -1, -1},
    {DELTA("\"a\"", "null") DELTA("null", "\"length\"") DONE, "a", CHAT_LENGTH,
        -1, -1},
    /* Without [DONE], and without a reason. */
    {DELTA("\"a\"", "\"stop\""), "a", CHAT_COMPLETE, -1, -1},
    {DELTA("\"a\"", "null"), "a", CHAT_CUT, -1, -1},
    {"", "", CHAT_CUT, -1, -1},
    {DONE DELTA("\"late\"", "\"stop\""), "", CHAT_CUT, -1, -1},
    {DELTA("\"a\"", "\"content_filter\""), "a", CHAT_FILTERED, -1, -1},
    {DELTA("\"a\"", "\"tool_calls\""), "a", CHAT_OTHER, -1, -1},
    /* Parts; usage in a chunk that has no choice. */
    {DELTA("[{\"type\":\"reasoning\",\"summary\":[{\"type\":\"summary_text\","
           "\"text\":\"hm\"}]},{\"type\":\"text\",\"text\":\"x\"},"
           "{\"type\":\"text\",\"text\":\"y\"}]",
         "\"stop\"") "data: {\"choices\":[],\"usage\":{\"prompt_tokens\":9,"
                     "\"completion_tokens\":2}}\n\n" DONE,
        "xy", CHAT_COMPLETE, 9, 2},
    {": keep-alive\n\n" DELTA("\"\\u00e4\\n\"", "\"stop\"") DONE, "\xc3\xa4\n",
        CHAT_COMPLETE, -1, -1},
    {"data: {\"choices\":[{\"delta\":{}}],\"usage\":null}\n\n" DELTA("\"a\"",
         "\"stop\"") DONE,
        "a", CHAT_COMPLETE, -1, -1},
    /* A whole answer, though a stream was asked for. */
    {" {\"choices\":[{\"index\":0,\"message\":{\"role\":\"assistant\","
     "\"content\":\"Hi\"},\"finish_reason\":\"stop\"}],"
     "\"usage\":{\"prompt_tokens\":3,\"completion_tokens\":1}}",
        "Hi", CHAT_COMPLETE, 3, 1},
    {"{\"choices\":[{\"message\":{\"content\":null},"
     "\"finishReason\":\"length\"}]}",
        "", CHAT_LENGTH, -1, -1},
    /* Anthropic. */
    {"event: message_start\ndata: {\"type\":\"message_start\",\"message\":{"
     "\"model\":\"m\",\"usage\":{\"input_tokens\":7,\"output_tokens\":1}}}\n\n"
     "event: content_block_start\ndata: {\"type\":\"content_block_start\","
     "\"index\":0,\"content_block\":{\"type\":\"text\",\"text\":\"\"}}\n\n"
     "event: ping\ndata: {\"type\":\"ping\"}\n\n" BLOCK("a") BLOCK(
         "b") "data: {\"type\":\"content_block_delta\",\"delta\":{\"type\":"
              "\"thinking_delta\",\"thinking\":\"hm\"}}\n\n"
              "data: {\"type\":\"content_block_stop\",\"index\":0}\n\n"
              "data: {\"type\":\"message_delta\",\"delta\":{\"stop_reason\":"
              "\"end_turn\"},\"usage\":{\"output_tokens\":5}}\n\n"
              "data: {\"type\":\"message_stop\"}\n\n" BLOCK("late"),
        "ab", CHAT_COMPLETE, 7, 5},
    {"{\"type\":\"message\",\"model\":\"m\",\"content\":[{\"type\":\"text\","
     "\"text\":\"w\"}],\"stop_reason\":\"max_tokens\","
     "\"usage\":{\"input_tokens\":1,\"output_tokens\":2}}",
        "w", CHAT_LENGTH, 1, 2},
};

static const struct {
	const char *stream;
	const char *text;
	enum err_code code;
} failures[] = {
    {DELTA("\"a\"", "null") "data: {\"error_code\":\"RESOURCE_EXHAUSTED\","
                            "\"message\":\"m\"}\n\n",
        "a", R_THROTTLED},
    {DELTA("\"a\"", "null") "data: {\"error\":{\"message\":\"m\"}}\n\n", "a",
        R_BROKEN},
    {"event: error\ndata: {\"type\":\"error\",\"error\":{\"type\":"
     "\"overloaded_error\",\"message\":\"m\"}}\n\n",
        "", R_UNAVAILABLE},
    {DELTA("\"a\"", "null") "data: {\"choices\":[\n\n", "a", R_NOT_API},
    {"data: 7\n\n", "", R_NOT_API},
    {"{\"choices\":[", "", R_NOT_API},
    {"{\"error_code\":\"PERMISSION_DENIED\",\"message\":\"no\"}", "", R_DENIED},
};

/* The stream in pieces: up to byte `first`, then all, or one by one. */
static struct chat_answer
read_in(struct arena *a, const char *stream, size_t first, bool single)
{
	struct slice all = slice_of(stream);
	struct chat_reader r;
	size_t at = 0;
	size_t n = first;

	chat_reader_init(&r, a, 10000);
	while (at < all.n) {
		n = n < all.n - at ? n : all.n - at;
		if (!chat_read(&r, (struct slice){all.p + at, n}))
			break;
		at += n;
		n = single ? 1 : all.n;
	}
	chat_read_end(&r);
	return r.answer;
}

static void
check(const char *stream, struct chat_answer answer, size_t row)
{
	if (answer.failed || !str_eq(buf_str(&answer.text), rows[row].text) ||
	    answer.end != rows[row].end || answer.tokens_in != rows[row].in ||
	    answer.tokens_out != rows[row].out)
		fail_msg("%s: \"%s\", end %d", stream, buf_str(&answer.text),
		    (int)answer.end);
}

static void
test_every_split(void **state)
{
	struct arena a = ARENA_INIT;
	size_t i;
	size_t at;

	(void)state;
	for (i = 0; i < COUNT_OF(rows); i++) {
		const char *stream = rows[i].stream;

		for (at = 1; at <= strlen(stream); at++) {
			check(stream, read_in(&a, stream, at, false), i);
			arena_reset(&a);
		}
		check(stream, read_in(&a, stream, 1, true), i);
	}
	arena_done(&a);
}

static void
test_failures(void **state)
{
	struct arena a = ARENA_INIT;
	size_t i;
	size_t at;

	(void)state;
	for (i = 0; i < COUNT_OF(failures); i++) {
		const char *stream = failures[i].stream;

		for (at = 1; at <= strlen(stream); at++) {
			struct chat_answer answer = read_in(&a, stream, at,
			    at == 1);

			assert_true(answer.failed);
			if (answer.fault.code != failures[i].code)
				fail_msg("%s: %s", stream,
				    code_info(answer.fault.code)->id);
			assert_string_equal(buf_str(&answer.text),
			    failures[i].text);
		}
	}
	arena_done(&a);
	err_clear();
}

static void
test_too_long(void **state)
{
	struct arena a = ARENA_INIT;
	struct chat_reader r;
	const char *stream = DELTA("\"abcdef\"", "null");

	(void)state;
	chat_reader_init(&r, &a, 100);
	assert_true(chat_read(&r, slice_of(stream)));
	r.answer.text.max = 10;
	assert_false(chat_read(&r, slice_of(stream)));
	assert_int_equal(r.answer.end, CHAT_LENGTH);
	assert_false(chat_read(&r, slice_of(stream)));
	chat_reader_init(&r, &a, 10);
	assert_false(chat_read(&r, slice_of(stream)));
	assert_true(r.answer.failed);
	assert_int_equal(r.answer.fault.code, R_TOO_LARGE);
	arena_done(&a);
}

static void
test_what_is_sent(void **state)
{
	static const char *const bodies[CHAT__COUNT] = {
	    [CHAT_DATABRICKS] =
	        "{\"model\":\"m\",\"messages\":[{\"role\":\"system\","
	        "\"content\":\"Be \\\"brief\\\"\"},{\"role\":\"user\","
	        "\"content\":\"a\\nb\"},{\"role\":\"assistant\","
	        "\"content\":\"c\"}],\"max_tokens\":4000,"
	        "\"temperature\":0.05,\"stream\":true}",
	    [CHAT_ANTHROPIC] =
	        "{\"model\":\"m\",\"system\":\"Be \\\"brief\\\"\","
	        "\"messages\":[{\"role\":\"user\",\"content\":\"a\\nb\"},"
	        "{\"role\":\"assistant\",\"content\":\"c\"}],"
	        "\"max_tokens\":4000,\"temperature\":0.05,\"stream\":true}",
	};
	struct arena a = ARENA_INIT;
	struct chat chat = {.model = "m",
	    .instructions = "Be \"brief\"",
	    .max_tokens = 4000,
	    .temperature_percent = 5};
	struct call call;

	(void)state;
	chat_add(&a, &chat, CHAT_USER, "a\nb");
	chat_add(&a, &chat, CHAT_ASSISTANT, "c");
	assert_true(chat_call(&a, &chat, &call));
	assert_string_equal(call.path, "/serving-endpoints/chat/completions");
	assert_int_equal(call.kind, RETRY_ONCE);
	assert_true(slice_is(call.body, bodies[CHAT_DATABRICKS]));
	chat.provider = CHAT_OPENAI;
	assert_true(chat_call(&a, &chat, &call));
	assert_string_equal(call.path, "/chat/completions");
	assert_true(slice_is(call.body, bodies[CHAT_DATABRICKS]));
	chat.provider = CHAT_ANTHROPIC;
	assert_true(chat_call(&a, &chat, &call));
	assert_string_equal(call.path, "/v1/messages");
	assert_true(slice_is(call.body, bodies[CHAT_ANTHROPIC]));
	assert_int_equal(call.headers.n, 1);
	chat.instructions = "";
	chat.temperature_percent = -1;
	assert_true(chat_call(&a, &chat, &call));
	assert_null(strstr(call.body.p, "system"));
	assert_null(strstr(call.body.p, "temperature"));
	chat.instructions = memset(arena_alloc(&a, 5000001), 'x', 5000000);
	assert_false(chat_call(&a, &chat, &call));
	arena_done(&a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_every_split),
	    cmocka_unit_test(test_failures),
	    cmocka_unit_test(test_too_long),
	    cmocka_unit_test(test_what_is_sent),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
