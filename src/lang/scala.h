/*
 * Scala as words and signs. Internal to src/lang.
 */
#ifndef T2C_LANG_SCALA_H
#define T2C_LANG_SCALA_H

#include "lang/lang.h"

/* Are quotes, comments and brackets closed, each by its own kind? Else where,
 * and what. */
bool scala_check(struct arena *a, struct slice text, size_t *ret_at,
    const char **ret_message) MUST_USE;
/* As lang_highlight. */
void scala_highlight(struct arena *a, struct slice text, struct spans *ret);

#endif
