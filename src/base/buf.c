#include "base/base.h"

#include "base/buf.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

void
buf_init(struct buf *b, struct arena *a, size_t max)
{
	*b = (struct buf){.arena = a, .max = max};
}

/* Makes room for n more bytes and the NUL; false at the ceiling. */
static bool
make_room(struct buf *b, size_t n)
{
	size_t need;
	size_t cap;

	if (b->full || n > b->max - b->n) {
		b->full = true;
		return false;
	}
	need = b->n + n + 1;
	if (need <= b->cap)
		return true;
	cap = b->cap ? b->cap : 64;
	while (cap < need)
		cap = cap > SIZE_MAX / 2 ? need : cap * 2;
	b->p = arena_grow_raw(b->arena, b->p, b->cap, cap);
	b->cap = cap;
	return true;
}

void
buf_reserve(struct buf *b, size_t n)
{
	if (n < b->max - b->n && make_room(b, n))
		b->p[b->n] = '\0';
}

void
buf_add(struct buf *b, const void *p, size_t n)
{
	if (n == 0 || !make_room(b, n))
		return;
	memcpy(b->p + b->n, p, n);
	b->n += n;
	b->p[b->n] = '\0';
}

void
buf_add_str(struct buf *b, const char *s)
{
	buf_add(b, s, strlen(s));
}

void
buf_add_slice(struct buf *b, struct slice s)
{
	buf_add(b, s.p, s.n);
}

void
buf_add_chr(struct buf *b, char c)
{
	buf_add(b, &c, 1);
}

void
buf_add_int(struct buf *b, int64_t n)
{
	char digits[20];
	char *p = digits + sizeof(digits);
	uint64_t rest = n < 0 ? -(uint64_t)n : (uint64_t)n;

	do {
		*--p = (char)('0' + rest % 10);
		rest /= 10;
	} while (rest > 0);
	if (n < 0)
		*--p = '-';
	buf_add(b, p, (size_t)(digits + sizeof(digits) - p));
}

void
buf_add_utf8(struct buf *b, uint32_t cp)
{
	char bytes[4];

	buf_add(b, bytes, utf8_put(cp, bytes));
}

void
buf_add_percent(struct buf *b, struct slice text)
{
	static const char hex[] = "0123456789ABCDEF";
	size_t i;

	for (i = 0; i < text.n; i++) {
		unsigned char c = (unsigned char)text.p[i];

		if (chr_is_alnum(text.p[i]) || (c && strchr("-._~", c))) {
			buf_add_chr(b, text.p[i]);
		} else {
			buf_add_chr(b, '%');
			buf_add_chr(b, hex[c >> 4]);
			buf_add_chr(b, hex[c & 15]);
		}
	}
}

void
buf_printf(struct buf *b, const char *format, ...)
{
	char first[256];
	va_list ap;
	va_list again;
	int n;

	va_start(ap, format);
	va_copy(again, ap);
	n = vsnprintf(first, sizeof(first), format, ap);
	va_end(ap);
	assert(n >= 0);
	if ((size_t)n < sizeof(first)) {
		buf_add(b, first, (size_t)n);
	} else if (make_room(b, (size_t)n)) {
		vsnprintf(b->p + b->n, (size_t)n + 1, format, again);
		b->n += (size_t)n;
	}
	va_end(again);
}

bool
buf_full(const struct buf *b)
{
	return b->full;
}

const char *
buf_str(const struct buf *b)
{
	return b->p ? b->p : "";
}

struct slice
buf_slice(const struct buf *b)
{
	return (struct slice){buf_str(b), b->n};
}
