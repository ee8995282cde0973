/*
 * The code in a model's answer: without the prose around it and the fences
 * that hold it.
 *
 * Of several fenced blocks it is the longest that says to be Python or says
 * nothing; blocks are never joined, for nobody knows which of them replaces
 * another. An answer without fences is code from its first line that can be
 * code, a comment, an import, a definition, an assignment or a call, to the
 * last one that is no sentence.
 */
#ifndef T2C_MODEL_REPLY_H
#define T2C_MODEL_REPLY_H

#include "base/str.h"

struct reply {
	struct slice code; /* of the answer's own bytes; empty: there is none */
	size_t first_line; /* of the code within the answer, from 1 */
	size_t blocks;     /* fenced ones that could be the code */
	bool is_cut;       /* its fence is never closed: the end is missing */
	bool has_prose;    /* something was left out before or behind it */
};

/* Any bytes. */
void reply_read(struct slice answer, struct reply *ret);

#endif
