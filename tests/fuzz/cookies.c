/*
 * The first line as a cookie's name, the rest as a Cookie header, and as a
 * header value with parameters.
 */
#include "base/base.h"

#include "web/cookies.h"
#include "web/header.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static void
check_cookie(struct arena *a, const char *header, const char *name)
{
	const char *value = cookies_find(a, header, name);

	if (!value)
		return;
	assert(value[0]);
	for (const char *p = value; *p; p++)
		assert(*p > 0x20 && *p < 0x7f && !strchr("\",;\\", *p));
	assert(strstr(header, arena_printf(a, "%s=%s", name, value)));
}

static void
check_header(struct arena *a, struct slice text)
{
	struct header_value h;
	struct slice value;

	if (!header_parse(a, text, &h))
		return;
	assert(h.n <= HEADER_PARAMS_MAX);
	for (size_t i = 0; i < h.n; i++) {
		assert(header_param(&h, slice_dup(a, h.param[i].name), &value));
		/* No name comes twice, so it is this one. */
		assert(slice_eq(value, h.param[i].value));
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct arena arena = ARENA_INIT;
	const char *text = (const char *)data;
	const char *end = n > 0 ? memchr(text, '\n', n) : NULL;
	struct slice rest;

	if (!end)
		return 0;
	rest.n = n - (size_t)(end - text) - 1;
	rest.p = arena_memdup(&arena, end + 1, rest.n);
	check_cookie(&arena, slice_dup(&arena, rest),
	    slice_dup(&arena, (struct slice){text, (size_t)(end - text)}));
	check_header(&arena, rest);
	arena_done(&arena);
	return 0;
}
