/*
 * Spark SQL as words and signs. Internal to src/lang.
 */
#ifndef T2C_LANG_SQL_H
#define T2C_LANG_SQL_H

#include "lang/lang.h"

/* Are quotes, comments and round brackets closed? Else where, and what. */
bool sql_check(struct slice text, size_t *ret_at, const char **ret_message)
    MUST_USE;
/* As lang_highlight. */
void sql_highlight(struct arena *a, struct slice text, struct spans *ret);

#endif
