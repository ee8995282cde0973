/*
 * What every C file of text2code includes first: feature macros, the
 * configuration header, function attributes, and the list of banned functions.
 */
#ifndef T2C_BASE_H
#define T2C_BASE_H

#include "config.h"

#include <assert.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The caller must look at the result. */
#define MUST_USE __attribute__((warn_unused_result))
/* printf-like: the format is argument a, its values start at argument b. */
#define PRINTF(a, b) __attribute__((format(printf, a, b)))
#define RETURNS_NONNULL __attribute__((returns_nonnull))
#define NONNULL __attribute__((nonnull))
#define NORETURN __attribute__((noreturn))
#define PURE __attribute__((pure))
#define COLD __attribute__((cold))
#define UNUSED __attribute__((unused))
#define FALLTHROUGH __attribute__((fallthrough))

/* A local variable, released by fn(&variable) at the end of its scope. */
#define SCOPED(fn) __attribute__((cleanup(fn)))

#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

#include "base/banned.h"

#endif
