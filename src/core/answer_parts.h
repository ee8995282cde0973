/*
 * What the parts of core/answers.h share.
 */
#ifndef T2C_ANSWER_PARTS_H
#define T2C_ANSWER_PARTS_H

#include "core/answers.h"
#include "core/compile.h"
#include "core/recipe.h"
#include "core/seal.h"
#include "model/prompt.h"

enum part { PART_CODE, PART_TESTS, PART__COUNT };

/* An answer that is worked on. */
struct run {
	const struct app *app;
	struct arena *arena;
	const struct user *user;
	const char *worker;
	const struct answer_watcher *watcher;

	struct answer_row answer;
	struct generation generation;
	struct connection connection;
	struct client client;
	struct account account;
	bool proposes;            /* rows, not code */
	struct slice sheet;       /* that they are for */
	struct recipe recipe;     /* nothing where it proposes */
	struct compiled compiled; /* for the plan and the tests' sake */
	struct contract contract;
	struct chat chat;
	int64_t asked_bytes; /* of instructions and text */

	enum part part;
	struct chat_reader reader;
	/* Of the parts that are not at hand; NULL for nothing. */
	const char *text[PART__COUNT];
	int64_t round[PART__COUNT];
	size_t told; /* bytes of its text that the watcher has */
	int64_t begun_us;
	int64_t looked_us;
	int64_t saved_us;
	int64_t beat_us;
	int64_t first_ms; /* 0: no token yet */
	int64_t tokens_in;
	int64_t tokens_out;
	bool stopped;
	const char *prompt;          /* hash of all that is asked; "" */
	struct generation_id source; /* 0, or whose answer this is */
	const struct err *broken;    /* the database, on the way */
};

/* Who is asked, and as whom; then what. */
const struct err *answer_prepare(struct run *r) MUST_USE;
/* Begins the chat that asks for tests of code that has passed. */
void answer_prepare_tests(struct run *r, struct slice code);

/* Where a token that is used once is sealed. */
struct seal_place answer_place(struct generation_id id, struct user_id owner,
    const char *host);
/* "R121: …", as rows have it. */
const char *answer_error(struct arena *a, const struct err *e) RETURNS_NONNULL;

#endif
