/*
 * The patterns that are installed: the folders below SHARE/patterns.
 */
#ifndef T2C_PATTERNS_H
#define T2C_PATTERNS_H

#include "plan/pattern.h"

/* Reads and checks all of them, in the order of their positions. P_DEFINITION
 * names folder and fault; a process with a broken pattern does not start. */
const struct err *patterns_load(struct arena *a, const char *folder,
    struct patterns *ret) MUST_USE;

#endif
