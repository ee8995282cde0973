#define T2C_ALLOW_BANNED
#include "base/base.h"

#include "base/arena.h"

#include <stdalign.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The block that survives a reset, so a small request allocates nothing. */
#define BLOCK_SIZE ((size_t)64 * 1024)

struct arena_block {
	struct arena_block *next;
	size_t size;
	size_t used;
	alignas(max_align_t) char data[];
};

struct arena_defer {
	struct arena_defer *next;
	void (*fn)(void *);
	void *p;
};

static NORETURN COLD void
out_of_memory(size_t n)
{
	fprintf(stderr, "<2>event=\"out of memory\" bytes=\"%zu\"\n", n);
	_Exit(70);
}

static size_t
align_up(size_t n)
{
	const size_t mask = alignof(max_align_t) - 1;

	if (n > SIZE_MAX - mask)
		out_of_memory(n);
	return (n + mask) & ~mask;
}

static void
add_block(struct arena *a, size_t n)
{
	size_t size = n > BLOCK_SIZE / 4 ? n : BLOCK_SIZE;
	struct arena_block *b;

	if (size > SIZE_MAX - sizeof(*b))
		out_of_memory(size);
	b = malloc(sizeof(*b) + size);
	if (!b)
		out_of_memory(size);
	b->size = size;
	b->used = 0;
	b->next = a->block;
	a->block = b;
}

void *
arena_raw(struct arena *a, size_t n)
{
	struct arena_block *b = a->block;
	void *p;

	n = align_up(n);
	if (!b || b->size - b->used < n) {
		add_block(a, n);
		b = a->block;
	}
	p = b->data + b->used;
	b->used += n;
	a->used += n;
	return p;
}

void *
arena_alloc(struct arena *a, size_t n)
{
	return memset(arena_raw(a, n), 0, n);
}

void *
arena_calloc(struct arena *a, size_t count, size_t size)
{
	size_t n;

	if (__builtin_mul_overflow(count, size, &n))
		out_of_memory(SIZE_MAX);
	return arena_alloc(a, n);
}

void *
arena_grow_raw(struct arena *a, void *p, size_t old, size_t n)
{
	struct arena_block *b = a->block;
	size_t old_aligned = align_up(old);
	size_t new_aligned = align_up(n);
	char *fresh;

	assert(n >= old);
	if (p && b && (char *)p + old_aligned == b->data + b->used &&
	    b->size - b->used >= new_aligned - old_aligned) {
		b->used += new_aligned - old_aligned;
		a->used += new_aligned - old_aligned;
		return p;
	}
	fresh = arena_raw(a, n);
	if (old > 0)
		memcpy(fresh, p, old);
	return fresh;
}

void *
arena_grow(struct arena *a, void *p, size_t old, size_t n)
{
	char *grown = arena_grow_raw(a, p, old, n);

	memset(grown + old, 0, n - old);
	return grown;
}

void *
arena_list_grow(struct arena *a, void *v, size_t n, size_t *cap, size_t size)
{
	size_t want;
	size_t bytes;

	if (n < *cap)
		return v;
	want = *cap ? *cap : 8;
	if (*cap && __builtin_mul_overflow(*cap, (size_t)2, &want))
		out_of_memory(SIZE_MAX);
	if (__builtin_mul_overflow(want, size, &bytes))
		out_of_memory(SIZE_MAX);
	v = arena_grow(a, v, *cap * size, bytes);
	*cap = want;
	return v;
}

void
arena_reset(struct arena *a)
{
	struct arena_block *keep = NULL;

	while (a->defer) {
		struct arena_defer *d = a->defer;

		a->defer = d->next;
		d->fn(d->p);
	}
	while (a->block) {
		struct arena_block *b = a->block;

		a->block = b->next;
		if (!keep && b->size == BLOCK_SIZE)
			keep = b;
		else
			free(b);
	}
	if (keep) {
		keep->next = NULL;
		keep->used = 0;
		a->block = keep;
	}
	a->used = 0;
}

void
arena_done(struct arena *a)
{
	arena_reset(a);
	free(a->block);
	a->block = NULL;
}

char *
arena_strndup(struct arena *a, const char *s, size_t n)
{
	char *p = arena_raw(a, n + 1);

	if (n > 0)
		memcpy(p, s, n);
	p[n] = '\0';
	return p;
}

char *
arena_strdup(struct arena *a, const char *s)
{
	return arena_strndup(a, s, strlen(s));
}

void *
arena_memdup(struct arena *a, const void *p, size_t n)
{
	return arena_strndup(a, p, n);
}

char *
arena_vprintf(struct arena *a, const char *format, va_list ap)
{
	/* Most texts are short: then formatting once is enough. */
	char first[256];
	va_list again;
	char *p;
	int n;

	va_copy(again, ap);
	n = vsnprintf(first, sizeof(first), format, ap);
	assert(n >= 0);
	if ((size_t)n < sizeof(first)) {
		p = arena_strndup(a, first, (size_t)n);
	} else {
		p = arena_raw(a, (size_t)n + 1);
		vsnprintf(p, (size_t)n + 1, format, again);
	}
	va_end(again);
	return p;
}

char *
arena_printf(struct arena *a, const char *format, ...)
{
	va_list ap;
	char *p;

	va_start(ap, format);
	p = arena_vprintf(a, format, ap);
	va_end(ap);
	return p;
}

void
arena_defer(struct arena *a, void (*fn)(void *), void *p)
{
	struct arena_defer *d = arena_new(a, struct arena_defer);

	d->fn = fn;
	d->p = p;
	d->next = a->defer;
	a->defer = d;
}
