/*
 * How the answer of a model is sent: at once, or as server-sent events at the
 * pace of a model. The misbehaviours that are not in the text are made here:
 * - truncated: ends in the middle, a stream without its [DONE]
 * - drip: slowly, token after token
 * - stall: in the middle nothing more comes, and the connection stays
 * - garbage: bytes that are no UTF-8 and no JSON, in the middle
 * - array: content is a list of parts
 * - error: an error in the middle; of an answer at once, instead of it
 * - bytes: each byte is sent on its own
 */
#ifndef T2C_SIM_STREAM_H
#define T2C_SIM_STREAM_H

#include "sim/sim.h"

struct model_answer {
	const char *model;
	struct slice text;
	int64_t tokens_in;
	int64_t max_tokens; /* after which it ends; 0: without limit */
};

struct tokens {
	struct slice *v;
	size_t n;
	size_t cap;
};

/* The text in pieces as a model would write them: some characters of a word,
 * or blanks and a word. Together they are the text. */
void stream_tokens(struct arena *a, struct slice text, struct tokens *ret);

/* req->misbehaviour says what goes wrong. */
void stream_events(const struct sim_req *req, struct sim_resp *resp,
    const struct model_answer *answer);
void stream_whole(const struct sim_req *req, struct sim_resp *resp,
    const struct model_answer *answer);

#endif
