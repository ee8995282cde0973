/*
 * Any bytes as a query string and as a request target. A query that can be
 * read is written again, and must give the same pairs; a path that is
 * accepted must be an honest one.
 */
#include "base/base.h"

#include "web/parts.h"
#include "web/req.h"
#include "web/url.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static void
check_query(struct arena *a, struct slice text)
{
	struct parts parts = {0};
	struct parts again = {0};
	struct buf b;

	if (query_read(a, text, &parts))
		return;
	buf_init(&b, a, SIZE_MAX - 1);
	for (size_t i = 0; i < parts.n; i++) {
		assert(parts.v[i].name[0] && !parts.v[i].file_name);
		if (i > 0)
			buf_add_chr(&b, '&');
		buf_add_percent(&b, slice_of(parts.v[i].name));
		buf_add_chr(&b, '=');
		buf_add_percent(&b, parts.v[i].value);
	}
	assert(!query_read(a, buf_slice(&b), &again));
	assert(again.n == parts.n);
	for (size_t i = 0; i < parts.n; i++) {
		assert(str_eq(again.v[i].name, parts.v[i].name));
		assert(slice_eq(again.v[i].value, parts.v[i].value));
	}
}

static void
check_path(const char *path)
{
	assert(path[0] == '/');
	assert(utf8_valid(slice_of(path)));
	assert(!strstr(path, "//") && !strstr(path, "/./"));
	assert(!strstr(path, "/../") && !strchr(path, '\\'));
	assert(!str_ends(path, "/.") && !str_ends(path, "/.."));
	for (const char *p = path; *p; p++)
		assert((unsigned char)*p >= 0x20 && *p != 0x7f);
}

static void
check_local(struct arena *a, const char *text)
{
	const struct url *url = url_local(a, text);

	if (!url)
		return;
	text = url_text(url);
	assert(text[0] == '/' && text[1] != '/' && text[1] != '\\');
	for (const char *p = text; *p; p++)
		assert(*p > 0x20 && *p < 0x7f);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct arena arena = ARENA_INIT;
	struct req req = {.arena = &arena};
	const char *text = arena_strndup(&arena, (const char *)data, n);

	check_query(&arena, (struct slice){arena_memdup(&arena, data, n), n});
	req_set_target(&req, text);
	assert(req.query);
	if (req.path)
		check_path(req.path);
	check_local(&arena, text);
	err_clear();
	arena_done(&arena);
	return 0;
}
