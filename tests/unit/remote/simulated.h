/*
 * The simulated workspace of this build, and the client that asks it.
 */
#ifndef T2C_TEST_SIMULATED_H
#define T2C_TEST_SIMULATED_H

#include "model/chat.h"

#include <setjmp.h>
#include <stdarg.h>
#include <sys/types.h>

#include <cmocka.h>

/* One for all tests of a program, and what the last call came to. */
struct simulated {
	struct arena arena;
	struct http *http;
	const char *dir; /* its data */
	const char *base;
	pid_t pid;
	int pauses; /* of the last call */
	int64_t paused_ms;
	struct answer answer;
	struct fault fault;
	struct chat_reader reader; /* of calls that stream */
};
extern struct simulated simulated;

int simulated_setup(void **state);
int simulated_teardown(void **state);
/* Notes a pause in place of waiting. */
bool simulated_pause(const struct client *c, int64_t ms);
struct client simulated_client(void);
struct account simulated_account(const char *token);
/* Make a call, within limits of their own. The code of what went wrong; -1:
 * nothing did. */
int simulated_call(const char *token, const struct call *call);
int simulated_ask_as(const char *token, const char *method, const char *path,
    const char *body, enum retry_kind kind, bool streams);
/* As Ann, who repeats it where it fails. */
int simulated_ask(const char *method, const char *path, const char *body);
/* Posts to /control/…, which must work. */
void simulated_control(const char *what, const char *body);

#endif
