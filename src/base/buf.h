/*
 * A growing byte buffer in an arena, with a mandatory ceiling. Adding past
 * the ceiling sets a sticky flag instead of failing each call; the one check
 * is at the end: buf_full().
 */
#ifndef T2C_BUF_H
#define T2C_BUF_H

#include "base/str.h"

struct buf {
	struct arena *arena;
	char *p; /* NUL-terminated once anything was added */
	size_t n;
	size_t cap;
	size_t max; /* bytes, without the NUL */
	bool full;  /* something did not fit and was dropped */
};

/* An empty buffer that holds at most max bytes. */
void buf_init(struct buf *b, struct arena *a, size_t max) NONNULL;
void buf_add(struct buf *b, const void *p, size_t n);
void buf_add_str(struct buf *b, const char *s);
void buf_add_slice(struct buf *b, struct slice s);
void buf_add_chr(struct buf *b, char c);
/* In decimal; what printf() takes ten times as long for. */
void buf_add_int(struct buf *b, int64_t n);
void buf_add_utf8(struct buf *b, uint32_t cp);
/* Percent-encodes all but letters, digits and - . _ ~ (RFC 3986, 2.3). */
void buf_add_percent(struct buf *b, struct slice text);
void buf_printf(struct buf *b, const char *format, ...) PRINTF(2, 3);
/* Room for about n more bytes, where they can be told; else the buffer grows by
 * itself. */
void buf_reserve(struct buf *b, size_t n);
bool buf_full(const struct buf *b);
/* The text so far; "" where nothing was added. Valid until the next add. */
const char *buf_str(const struct buf *b);
struct slice buf_slice(const struct buf *b);

#endif
