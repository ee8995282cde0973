#include "base/base.h"

#include "remote/sse.h"

#include <string.h>

#define BYTE_ORDER_MARK "\xef\xbb\xbf"

void
sse_init(struct sse *s, struct arena *a, size_t max)
{
	*s = (struct sse){0};
	buf_init(&s->line, a, max);
	buf_init(&s->data, a, max);
	buf_init(&s->name, a, max);
}

/* The memory stays for what comes next. */
static void
empty(struct buf *b)
{
	b->n = 0;
	if (b->p)
		b->p[0] = '\0';
}

static bool
give(struct sse *s, bool (*take)(void *, const struct sse_event *),
    void *context)
{
	struct sse_event event = {
	    .name = s->name.n > 0 ? buf_slice(&s->name) : SLICE("message"),
	    .data = buf_slice(&s->data)};
	bool goes_on = !s->has_data || take(context, &event);

	empty(&s->data);
	empty(&s->name);
	s->has_data = false;
	return goes_on;
}

static void
read_field(struct sse *s, struct slice line)
{
	const char *colon = memchr(line.p, ':', line.n);
	struct slice name = line;
	struct slice value = {line.p + line.n, 0};

	if (colon) {
		name.n = (size_t)(colon - line.p);
		value = (struct slice){colon + 1, line.n - name.n - 1};
	}
	if (value.n > 0 && value.p[0] == ' ')
		value = (struct slice){value.p + 1, value.n - 1};
	if (slice_is(name, "data")) {
		if (s->has_data)
			buf_add_chr(&s->data, '\n');
		buf_add_slice(&s->data, value);
		s->has_data = true;
	} else if (slice_is(name, "event")) {
		empty(&s->name);
		buf_add_slice(&s->name, value);
	}
}

static bool
end_line(struct sse *s, bool (*take)(void *, const struct sse_event *),
    void *context)
{
	struct slice line = buf_slice(&s->line);
	bool goes_on = true;

	if (!s->began && line.n >= 3 && memcmp(line.p, BYTE_ORDER_MARK, 3) == 0)
		line = (struct slice){line.p + 3, line.n - 3};
	s->began = true;
	s->broken = s->broken || !utf8_valid(line);
	if (line.n == 0)
		goes_on = give(s, take, context);
	else
		read_field(s, line);
	empty(&s->line);
	return goes_on;
}

static bool
is_bad(const struct sse *s)
{
	return s->broken || buf_full(&s->line) || buf_full(&s->data) ||
	    buf_full(&s->name);
}

bool
sse_read(struct sse *s, struct slice bytes,
    bool (*take)(void *, const struct sse_event *), void *context)
{
	size_t i;

	for (i = 0; i < bytes.n; i++) {
		char c = bytes.p[i];
		bool second = c == '\n' && s->after_cr;

		s->after_cr = c == '\r';
		if (second)
			continue;
		if (c != '\n' && c != '\r')
			buf_add_chr(&s->line, c);
		else if (!end_line(s, take, context))
			return false;
		if (is_bad(s))
			return false;
	}
	return true;
}

bool
sse_end(struct sse *s, bool (*take)(void *, const struct sse_event *),
    void *context)
{
	if (s->line.n > 0 && !end_line(s, take, context))
		return false;
	return !is_bad(s) && give(s, take, context);
}
