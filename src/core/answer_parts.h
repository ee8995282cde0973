/*
 * What the two halves of core/answers.h share.
 */
#ifndef T2C_ANSWER_PARTS_H
#define T2C_ANSWER_PARTS_H

#include "core/answers.h"
#include "core/seal.h"

/* Where a token that is used once is sealed. */
struct seal_place answer_place(struct generation_id id, struct user_id owner,
    const char *host);

#endif
