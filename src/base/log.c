#include "base/base.h"

#include "base/log.h"

#include "base/buf.h"
#include "base/clock.h"

#include <limits.h>
#include <stdarg.h>
#include <unistd.h>

static enum log_level threshold = LOG_LEVEL_INFO;

void
log_set_level(enum log_level level)
{
	threshold = level;
}

static void
add_pair(struct buf *b, const char *key, const char *value)
{
	const char *p;

	buf_printf(b, " %s=\"", key);
	for (p = value; *p; p++) {
		unsigned char c = (unsigned char)*p;

		if (c == '"' || c == '\\')
			buf_printf(b, "\\%c", c);
		else if (c < 0x20 || c == 0x7f)
			buf_printf(b, "\\x%02x", c);
		else
			buf_add_chr(b, *p);
	}
	buf_add_chr(b, '"');
}

void
log_line(enum log_level level, const char *event, ...)
{
	static const int priority[LOG_LEVEL__COUNT] = {
	    [LOG_LEVEL_ERROR] = 3,
	    [LOG_LEVEL_WARNING] = 4,
	    [LOG_LEVEL_INFO] = 6,
	    [LOG_LEVEL_DEBUG] = 7,
	};
	struct clock clock = {0};
	struct arena arena = ARENA_INIT;
	struct buf b;
	const char *key;
	va_list ap;
	ssize_t written;

	if (level > threshold)
		return;
	buf_init(&b, &arena, PIPE_BUF - 1);
	buf_printf(&b, "<%d>time=\"%s\"", priority[level],
	    time_format_iso(&arena, clock_now_ms(&clock)));
	add_pair(&b, "event", event);
	va_start(ap, event);
	while ((key = va_arg(ap, const char *)) != NULL) {
		const char *value = va_arg(ap, const char *);

		if (value)
			add_pair(&b, key, value);
	}
	va_end(ap);
	/* The ceiling leaves one byte for the newline. */
	b.p[b.n] = '\n';
	written = write(STDERR_FILENO, b.p, b.n + 1);
	(void)written; /* nowhere to complain */
	arena_done(&arena);
}
