/*
 * Any bytes as a stream of events: however they are split, the events are the
 * same. The first byte says where.
 */
#include "base/base.h"

#include "remote/sse.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static bool
take(void *context, const struct sse_event *event)
{
	struct buf *out = context;

	assert(event->name.n > 0);
	buf_add_slice(out, event->name);
	buf_add_chr(out, '\0');
	buf_add_slice(out, event->data);
	buf_add_chr(out, '\0');
	return true;
}

static struct slice
read_in(struct arena *a, const char *p, size_t n, size_t step)
{
	struct buf out;
	struct sse sse;
	size_t at;
	size_t piece;
	bool fine = true;

	buf_init(&out, a, SIZE_MAX - 1);
	sse_init(&sse, a, 1000);
	for (at = 0; fine && at < n; at += piece) {
		piece = n - at < step ? n - at : step;
		fine = sse_read(&sse, (struct slice){p + at, piece}, take,
		    &out);
	}
	if (fine && sse_end(&sse, take, &out))
		buf_add_chr(&out, '.');
	return buf_slice(&out);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct arena arena = ARENA_INIT;
	const char *text;

	if (n == 0)
		return 0;
	text = arena_strndup(&arena, (const char *)data + 1, n - 1);
	assert(slice_eq(read_in(&arena, text, n - 1, n),
	    read_in(&arena, text, n - 1, (size_t)data[0] % 7 + 1)));
	arena_done(&arena);
	return 0;
}
