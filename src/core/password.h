/*
 * Which passwords are too easy to guess. A word that everybody uses, a run
 * over the keyboard, a repeated character, a year or the user's own name is
 * worth one character; what remains must be worth some.
 */
#ifndef T2C_PASSWORD_H
#define T2C_PASSWORD_H

#include "base/err.h"

/* A_PASSWORD_WEAK with the reason, or NULL. */
const struct err *password_judge(const char *password, const char *user_name)
    MUST_USE;

/* Lower-case words and well-known whole passwords, sorted, no duplicates. */
extern const char *const password_words[];
extern const size_t password_words_count;

#endif
