/*
 * Server-sent events, read as they come (WHATWG HTML, "Interpreting an event
 * stream"): lines that end with LF, CR or CRLF, fields "name: value", a blank
 * line after each event. Comments and fields other than data and event are
 * passed over. A line that is no UTF-8 is the end of it: something has got into
 * the stream, and perhaps into the place of an event. Bytes may be split
 * anywhere.
 */
#ifndef T2C_SSE_H
#define T2C_SSE_H

#include "base/buf.h"

struct sse_event {
	struct slice name; /* "message" where the stream gives none */
	struct slice data; /* lines joined with \n */
};

struct sse {
	struct buf line;
	struct buf data;
	struct buf name;
	bool has_data;
	bool after_cr; /* an LF that comes next belongs to it */
	bool broken;   /* such a line came */
	bool began;    /* the first line is over, and its byte order mark */
};

/* No line and no event may have more than max bytes. */
void sse_init(struct sse *s, struct arena *a, size_t max);
/* Gives each event that is complete to take(), as long as that returns true;
 * an event lives until take() returns. False where take() said so, something
 * was too long, or the stream is broken. */
bool sse_read(struct sse *s, struct slice bytes,
    bool (*take)(void *context, const struct sse_event *event), void *context)
    MUST_USE;
/* The stream is over: an event that no blank line has ended counts, too, since
 * servers of models end like that. */
bool sse_end(struct sse *s,
    bool (*take)(void *context, const struct sse_event *event), void *context)
    MUST_USE;

#endif
