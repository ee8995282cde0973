#include "base/base.h"

#include "remote/sse.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

/* What came, as "name=data|", and how many more are wanted. */
struct taken {
	struct buf text;
	int left;
};

static bool
take(void *context, const struct sse_event *event)
{
	struct taken *taken = context;

	buf_add_slice(&taken->text, event->name);
	buf_add_chr(&taken->text, '=');
	buf_add_slice(&taken->text, event->data);
	buf_add_chr(&taken->text, '|');
	return --taken->left != 0;
}

static const struct {
	const char *stream;
	const char *events;
} rows[] = {
    {"", ""},
    {"data: a\n\n", "message=a|"},
    {"data:a\n\ndata: b\n\n", "message=a|message=b|"},
    {"data:  a \r\n\r\ndata: b\r\rdata: c\n\n",
        "message= a |message=b|message=c|"},
    {"data: a\ndata: b\ndata\n\n", "message=a\nb\n|"},
    {"data: a\r\ndata: b\r\n\r\n", "message=a\nb|"},
    {"event: error\ndata: {}\n\ndata: x\n\n", "error={}|message=x|"},
    {"event: a\nevent: b\ndata:\n\n", "b=|"},
    {"event: ping\n\ndata: a\n\n", "message=a|"},
    {": comment\n\n:\ndata: a\nid: 7\nretry: 9\nother: x\n\n", "message=a|"},
    {"\xef\xbb\xbf"
     "data: a\n\n",
        "message=a|"},
    {"data: a\n\n\xef\xbb\xbf"
     "data: b\n\n",
        "message=a|"},
    {"\n\n\n\r\n\rdata: a\n\n\n\n", "message=a|"},
    {"data: \xc3\xa4:b: c\n\n", "message=\xc3\xa4:b: c|"},
    {" data: a\n\ndata : b\n\nDATA: c\n\n", ""},
    /* The end of the stream ends the last event. */
    {"data: a\n\ndata: b\n", "message=a|message=b|"},
    {"data: a\n\ndata: b", "message=a|message=b|"},
    {"data: a\r", "message=a|"},
    {"data: [DONE]", "message=[DONE]|"},
};

/* The stream in pieces: up to byte `first`, and `step` bytes each after it. */
static const char *
read_in(struct arena *a, const char *stream, size_t first, size_t step)
{
	struct taken taken = {.left = -1};
	struct slice all = slice_of(stream);
	struct sse sse;
	size_t at = 0;
	size_t n = first;

	buf_init(&taken.text, a, 1000);
	sse_init(&sse, a, 100);
	while (at < all.n) {
		n = n < all.n - at ? n : all.n - at;
		assert_true(sse_read(&sse, (struct slice){all.p + at, n}, take,
		    &taken));
		at += n;
		n = step;
	}
	assert_true(sse_end(&sse, take, &taken));
	return buf_str(&taken.text);
}

static void
test_every_split(void **state)
{
	struct arena a = ARENA_INIT;
	size_t i;
	size_t at;

	(void)state;
	for (i = 0; i < COUNT_OF(rows); i++) {
		size_t n = strlen(rows[i].stream);

		for (at = 0; at <= n; at++)
			assert_string_equal(read_in(&a, rows[i].stream, at,
			                        n + 1),
			    rows[i].events);
		for (at = 1; at <= 3; at++)
			assert_string_equal(read_in(&a, rows[i].stream, at, at),
			    rows[i].events);
		arena_reset(&a);
	}
	arena_done(&a);
}

static void
test_enough(void **state)
{
	struct arena a = ARENA_INIT;
	struct taken taken = {.left = 2};
	struct sse sse;

	(void)state;
	buf_init(&taken.text, &a, 1000);
	sse_init(&sse, &a, 100);
	assert_false(sse_read(&sse, SLICE("data: 1\n\ndata: 2\n\ndata: 3\n\n"),
	    take, &taken));
	assert_string_equal(buf_str(&taken.text), "message=1|message=2|");
	arena_done(&a);
}

static void
test_too_long(void **state)
{
	static const char *const streams[] = {"data: 12345",
	    "data:1\ndata:2\n"
	    "data:3\ndata:4\n"
	    "data:5\ndata:6\n",
	    ":1234567890"};
	struct arena a = ARENA_INIT;
	struct taken taken = {.left = -1};
	struct sse sse;
	size_t i;

	(void)state;
	for (i = 0; i < COUNT_OF(streams); i++) {
		sse_init(&sse, &a, 10);
		assert_false(sse_read(&sse, slice_of(streams[i]), take,
		    &taken));
	}
	arena_done(&a);
}

/* Half a character is none; a whole one may come in two pieces. */
static void
test_broken(void **state)
{
	struct arena a = ARENA_INIT;
	struct taken taken = {.left = -1};
	struct sse sse;

	(void)state;
	buf_init(&taken.text, &a, 1000);
	sse_init(&sse, &a, 100);
	assert_true(sse_read(&sse, SLICE("data: \xc3"), take, &taken));
	assert_true(sse_read(&sse, SLICE("\xa4\n\n\xff\xfe"), take, &taken));
	assert_false(sse.broken);
	assert_false(sse_read(&sse, SLICE("data: b\n\n"), take, &taken));
	assert_true(sse.broken);
	assert_string_equal(buf_str(&taken.text), "message=\xc3\xa4|");
	arena_done(&a);
}

/* A name is what the stream says, to its last byte. */
static void
test_zero_in_name(void **state)
{
	static const char stream[] = "event: \0x\ndata: a\n\n";
	static const char want[] = "\0x=a|";
	struct arena a SCOPED(arena_done) = ARENA_INIT;
	struct taken taken = {.left = -1};
	struct sse sse;

	(void)state;
	buf_init(&taken.text, &a, 100);
	sse_init(&sse, &a, 100);
	assert_true(sse_read(&sse, (struct slice){stream, sizeof(stream) - 1},
	    take, &taken));
	assert_int_equal(taken.text.n, sizeof(want) - 1);
	assert_memory_equal(taken.text.p, want, sizeof(want) - 1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_every_split),
	    cmocka_unit_test(test_zero_in_name),
	    cmocka_unit_test(test_enough),
	    cmocka_unit_test(test_too_long),
	    cmocka_unit_test(test_broken),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
