/*
 * A sheet, a connection to a model that says what a test has written down, and
 * answers that are asked of it.
 */
#ifndef T2C_TEST_ASKING_H
#define T2C_TEST_ASKING_H

#include "core/answers.h"
#include "fixture.h"
#include "../sys/peer.h"

/* The end of a stream that is whole. */
#define COMPLETE                                                               \
	"data: {\"choices\":[{\"delta\":{},\"finish_reason\":\"stop\"}],"      \
	"\"usage\":{\"prompt_tokens\":10,\"completion_tokens\":20}}\n\n"       \
	"data: [DONE]\n\n"

struct state {
	struct fixture *f;
	struct peer peer;
	struct peer_answer answers[3];
	const char *code; /* the compiler's */
	const char *tests;
	const char *tests_bytes; /* what the peer says to who asks for tests */
	bool wants_tests;
	enum answer_step stops_at; /* the watcher stops it there; 0: nowhere */
	struct connection connection;
	struct mapping_id mapping;
	struct buf heard; /* what the watcher was told */
	const char *kept; /* the code when its tests were asked for */
	bool fresh;       /* the next one is asked anew */
	int keys;         /* used so far */
	bool stops;       /* the watcher stops it at the first word */
};

extern struct state now;

int asking_setup(void **state);
int asking_teardown(void **state);
/* A stream that says this text, in two pieces, and ends like that. */
const char *stream(const char *text, const char *end) RETURNS_NONNULL;
/* A connection to a model that answers like that; to who asks for tests, as
 * now.tests_bytes has it. */
void connect_model(const char *bytes, enum connection_auth auth);
/* What is asked, as now has it. */
struct generation_id accepted(const char *token);
/* False: somebody else has claimed it. What the watcher hears is in now. */
bool run_as(const struct user *user, struct generation_id id);
struct generation result(struct generation_id id);
struct answer_row answer(struct generation_id id);
/* The code as models send it. */
const char *fenced(const char *code) RETURNS_NONNULL;

#endif
