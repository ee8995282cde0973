/*
 * For tests: cmocka with what it needs, a directory that goes away, and
 * checks of errors that say what the error was.
 */
#ifndef T2C_TEST_TEMP_H
#define T2C_TEST_TEMP_H

#include "base/arena.h"
#include "base/err.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

/* A new directory below $TMPDIR. */
const char *temp_dir(struct arena *a);
/* Removes it with all that is in it. */
void temp_remove(const char *dir);
const char *temp_path(struct arena *a, const char *dir, const char *name);
/* Makes or replaces a file. */
void temp_write(const char *path, const void *p, size_t n);

void check_ok(const struct err *e, const char *file, int line);
void check_fails(const struct err *e, enum err_code code, const char *file,
    int line);
#define ok(e) check_ok((e), __FILE__, __LINE__)
#define fails(e, code) check_fails((e), (code), __FILE__, __LINE__)

/* Runs fn(p) in a child. Returns its exit status, or minus the signal. */
int in_child(void (*fn)(void *), void *p);

#endif
