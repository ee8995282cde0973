/*
 * Any bytes as a model's answer: however they are split, the same text comes
 * of them, and what has come never changes. The first byte says where.
 */
#include "base/base.h"

#include "model/chat.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static struct chat_answer
read_in(struct arena *a, const char *p, size_t n, size_t step)
{
	struct chat_reader r;
	size_t at;
	size_t piece;
	size_t before = 0;
	bool goes_on = true;

	chat_reader_init(&r, a, 1000);
	for (at = 0; goes_on && at < n; at += piece) {
		piece = n - at < step ? n - at : step;
		goes_on = chat_read(&r, (struct slice){p + at, piece});
		assert(r.answer.text.n >= before);
		before = r.answer.text.n;
	}
	chat_read_end(&r);
	assert(r.answer.text.n <= 1000);
	return r.answer;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct arena arena = ARENA_INIT;
	struct chat_answer whole;
	struct chat_answer pieces;
	const char *text;

	if (n == 0)
		return 0;
	text = arena_strndup(&arena, (const char *)data + 1, n - 1);
	whole = read_in(&arena, text, n - 1, n);
	pieces = read_in(&arena, text, n - 1, (size_t)data[0] % 7 + 1);
	assert(slice_eq(buf_slice(&whole.text), buf_slice(&pieces.text)));
	assert(whole.failed == pieces.failed && whole.end == pieces.end);
	arena_done(&arena);
	err_clear();
	return 0;
}
