/*
 * Memory that belongs to a lifetime. A function that returns memory takes an
 * arena; everything allocated from it lives until arena_reset() or
 * arena_done(). There is no free of a single object.
 *
 * Out of memory is not an error to handle: it is logged and the process exits
 * with status 70; the supervisor starts another. So nothing here returns NULL.
 */
#ifndef T2C_ARENA_H
#define T2C_ARENA_H

#include "base/base.h"

#include <stdarg.h>

struct arena_block;
struct arena_defer;

struct arena {
	struct arena_block *block; /* newest first */
	struct arena_defer *defer; /* newest first */
	size_t used;               /* bytes handed out since the last reset */
};

#define ARENA_INIT                                                             \
	{                                                                      \
		0                                                              \
	}

/* Runs the deferred functions, newest first, and frees all but one small
 * block, which is kept for the next use. */
void arena_reset(struct arena *a) NONNULL;

/* As arena_reset(), and frees everything. The arena may be used again. */
void arena_done(struct arena *a) NONNULL;

/* Zeroed memory of n bytes, aligned for any type. n may be 0. */
void *arena_alloc(struct arena *a, size_t n) NONNULL RETURNS_NONNULL;

/* Zeroed memory for count objects of the given size; an overflowing product
 * ends the process as running out of memory does. */
void *arena_calloc(struct arena *a, size_t count, size_t size)
    NONNULL RETURNS_NONNULL;

/* Grows p, of old bytes and from this arena, to n bytes (n >= old), in place
 * where p was the last allocation. New bytes are zero. p may be NULL if old
 * is 0. */
void *arena_grow(struct arena *a, void *p, size_t old, size_t n)
    RETURNS_NONNULL;
/* arena_alloc() and arena_grow() without the zeros, for who fills it now. */
void *arena_raw(struct arena *a, size_t n) NONNULL RETURNS_NONNULL;
void *arena_grow_raw(struct arena *a, void *p, size_t old, size_t n)
    RETURNS_NONNULL;

#define arena_new(a, type) ((type *)arena_alloc((a), sizeof(type)))
#define arena_array(a, type, n) ((type *)arena_calloc((a), (n), sizeof(type)))

char *arena_strdup(struct arena *a, const char *s) NONNULL RETURNS_NONNULL;
/* The first n bytes of s, with a NUL added. */
char *arena_strndup(struct arena *a, const char *s, size_t n) RETURNS_NONNULL;
void *arena_memdup(struct arena *a, const void *p, size_t n) RETURNS_NONNULL;
char *arena_printf(struct arena *a, const char *format, ...) PRINTF(2, 3)
    RETURNS_NONNULL;
char *arena_vprintf(struct arena *a, const char *format, va_list ap)
    PRINTF(2, 0) RETURNS_NONNULL;

/* fn(p) is called at the reset: for foreign handles. */
void arena_defer(struct arena *a, void (*fn)(void *), void *p);

/*
 * Growing lists. A list is any struct with the members `type *v; size_t n;
 * size_t cap;`. LIST_ADD returns a pointer to a new zeroed last element, valid
 * until the next LIST_ADD on the same list.
 */
#define LIST_OF(type)                                                          \
	struct {                                                               \
		type *v;                                                       \
		size_t n;                                                      \
		size_t cap;                                                    \
	}
#define LIST_ADD(a, list)                                                      \
	((list)->v = arena_list_grow((a), (list)->v, (list)->n, &(list)->cap,  \
	     sizeof((list)->v[0])),                                            \
	    &(list)->v[(list)->n++])

/* For LIST_ADD only. */
void *arena_list_grow(struct arena *a, void *v, size_t n, size_t *cap,
    size_t size) RETURNS_NONNULL;

#endif
