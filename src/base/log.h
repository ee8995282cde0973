/*
 * Structured log lines on stderr: <N>time="…" event="…" key="value" …, where
 * N is the syslog priority that journald understands. Values are escaped, so
 * a line is always one line whatever a browser sent. Only the edges log: the
 * dispatcher, the supervisor, the command line, and calls of other servers.
 */
#ifndef T2C_LOG_H
#define T2C_LOG_H

#include "base/base.h"

enum log_level {
	LOG_LEVEL_ERROR,
	LOG_LEVEL_WARNING,
	LOG_LEVEL_INFO,
	LOG_LEVEL_DEBUG,
	LOG_LEVEL__COUNT
};

/* Lines below this level are dropped. INFO at the start. */
void log_set_level(enum log_level level);

/* Alternating keys and values, ended by NULL: log_line(LOG_LEVEL_INFO,
 * "request", "path", path, NULL). A NULL value is left out. The line is
 * written by one write(2), so lines of several workers never mix (up to
 * PIPE_BUF; longer ones are cut). */
void log_line(enum log_level level, const char *event, ...)
    __attribute__((sentinel));

#endif
