/*
 * Code that a model writes: a generation that takes its time. Accepting one is
 * a short transaction; whoever then opens its live page claims it, asks the
 * model, and stores what comes while it comes. Who comes later looks on. A
 * worker that dies leaves a lease that runs out; then its owner may start it
 * again, which nothing does by itself, since each answer is paid for.
 *
 * Where the person wants the model to write the tests, too, it is asked for
 * them once its code has passed. From then on the code stays, whatever comes:
 * where the tests are refused, or do not come, the compiled ones are used.
 */
#ifndef T2C_ANSWERS_H
#define T2C_ANSWERS_H

#include "core/connections.h"
#include "core/generations.h"
#include "plan/pattern.h"

#define ANSWER_WISHES_MAX 4000 /* characters */

enum answer_state {
	ANSWER_ACCEPTED,    /* nobody has begun */
	ANSWER_RUNNING,     /* somebody works on it */
	ANSWER_INTERRUPTED, /* whoever did is gone */
	ANSWER_ENDED
};

struct answer_row {
	struct generation_id generation;
	struct user_id owner;
	enum answer_state state;
	enum generation_status status;
	struct connection_id connection; /* 0: removed meanwhile */
	const char *host;
	const char *model;
	const char *wishes;
	const char *box;
	bool stopped; /* its owner wants it to end */
	int64_t round;
	const char *text; /* so far */
	int64_t created_ms;
	int64_t started_ms; /* 0: not yet */
	int64_t first_ms;
	int64_t ended_ms;
	int64_t tokens_in; /* -1: not told */
	int64_t tokens_out;
	bool fresh;                  /* asked even if it was answered before */
	struct generation_id source; /* whose answer it is; 0: its own */
	int64_t asked_bytes;         /* that the model was told at first */
	const char *report;  /* JSON: objects with code, line, message, fix */
	bool wants_tests;    /* of the model; else the compiler's are used */
	bool has_code;       /* that has passed */
	int64_t tests_round; /* 0: they are not asked for yet */
	const char *tests_text;
	const char *tests_report;
	const char *tests_error; /* "R125: …": why they are not used; "" */
};

/* The generation has the tests that the model wrote. */
bool answer_has_tests(const struct answer_row *answer);

/* What is asked of a model. */
struct answer_question {
	const struct connection *connection;
	const char *token; /* of a connection that asks; sealed, and forgotten
	                      as soon as it is used */
	const char *wishes;
	bool fresh;       /* even if the very same was answered of late */
	bool wants_tests; /* of the model, too */
};

/* What the pattern wants of a model counts more than what the connection says;
 * the name of a model counts for workspaces alone. */
void answers_adapt(const struct pattern *pattern, struct connection *c);
/* Stores a running generation (status is set here) and what is asked. The same
 * key gives the first row again. W_FORM where a token is missing, W_TOO_MANY
 * where the person asks too often. */
const struct err *answers_accept(const struct app *app, struct arena *a,
    const struct user *user, const char *idempotency_key,
    const struct generation *g, const struct answer_question *question,
    struct generation_id *ret) MUST_USE;
/* W_NOT_FOUND where it is no answer of a model, or not the user's to see. */
const struct err *answers_get(const struct app *app, struct arena *a,
    const struct user *user, struct generation_id id, struct answer_row *ret)
    MUST_USE;
/* Whoever works on it ends; where nobody does, it has ended. Code that has
 * passed is kept, with the compiled tests. Nothing where it has ended already.
 * Only the owner may: W_NOT_FOUND. */
const struct err *answers_stop(const struct app *app, struct arena *a,
    const struct user *user, struct generation_id id) MUST_USE;
/* Accepts it once more, if it was interrupted, stopped or has failed; only its
 * tests, if the code has passed. tests: who writes them, "compiler" or "model";
 * NULL as it was. W_CONFLICT else; W_TOO_MANY as answers_accept(). */
const struct err *answers_restart(const struct app *app, struct arena *a,
    const struct user *user, struct generation_id id, const char *token,
    const char *tests) MUST_USE;
/* The newest good answer of a model for the plan of this generation; *ret 0 if
 * there is none. */
const struct err *answers_earlier(const struct app *app, struct arena *a,
    struct generation_id id, struct generation_id *ret) MUST_USE;
/* How long the newest answers of the model took; 0 where there is none. */
const struct err *answers_typical(const struct app *app, struct arena *a,
    const char *model, int64_t *ret_ms) MUST_USE;

/*
 * Working on one.
 */

enum answer_step {
	ANSWER_FOUND,   /* the same was answered before: words say when */
	ANSWER_ASKED,   /* the model was asked */
	ANSWER_BEGUN,   /* its first words are here */
	ANSWER_READ,    /* all is here */
	ANSWER_CHECKED, /* the gate has spoken: words is its verdict */
	ANSWER_REPAIR,  /* the model is asked to mend it */
	ANSWER_TESTS,   /* the model is asked for tests of its code */
	ANSWER_TESTS_READ,
	ANSWER_TESTS_CHECKED, /* as ANSWER_CHECKED */
	ANSWER_TESTS_REPAIR,
	ANSWER__STEP_COUNT
};

/* Who looks on. Each may be NULL. */
struct answer_watcher {
	void (*step)(void *context, enum answer_step step, const char *words);
	void (*text)(void *context, struct slice piece);
	/* About once in five seconds while nothing else is said. */
	void (*beat)(void *context, int64_t elapsed_ms);
	void *context;
};

/* Claims it, asks, checks and stores, in the calls pool. How it went is in the
 * generation; what is returned is a failure of the system. *ret_claimed is
 * false where somebody else has claimed it, or it has ended. */
const struct err *answer_run(const struct app *app, struct arena *a,
    const struct user *user, struct generation_id id, const char *worker,
    const struct answer_watcher *watcher, bool *ret_claimed) MUST_USE;

#endif
