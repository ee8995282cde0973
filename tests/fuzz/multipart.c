/*
 * The first line as a content type, the rest as the body: urlencoded,
 * multipart or JSON. What can be read is written as multipart again, and must
 * give the same parts.
 */
#include "base/base.h"

#include "web/parts.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

#define BOUNDARY "boundary-0123456789-that-few-inputs-have"

static void
check_part(const struct part *part)
{
	const char *file = part->file_name;

	assert(part->name && part->name[0]);
	assert(strlen(part->name) <= PART_NAME_MAX);
	assert(utf8_valid(slice_of(part->name)));
	if (file)
		assert(utf8_valid(slice_of(file)) && !strchr(file, '/') &&
		    !strchr(file, '\\'));
}

/* As browsers do it. */
static void
add_name(struct buf *b, const char *key, const char *name)
{
	buf_printf(b, "; %s=\"", key);
	for (; *name; name++) {
		if (*name == '"')
			buf_add_str(b, "%22");
		else if (*name == '\r')
			buf_add_str(b, "%0D");
		else if (*name == '\n')
			buf_add_str(b, "%0A");
		else
			buf_add_chr(b, *name);
	}
	buf_add_chr(b, '"');
}

/* Names that end in a backslash or hold what looks like an escape do not
 * survive the way; browsers have the same trouble. */
static bool
survives(const char *name)
{
	return !name || (!strchr(name, '\\') && !strchr(name, '%'));
}

static void
check_again(struct arena *a, const struct parts *parts)
{
	struct parts again = {0};
	struct buf b;

	buf_init(&b, a, SIZE_MAX - 1);
	for (size_t i = 0; i < parts->n; i++) {
		const struct part *p = &parts->v[i];

		if (!survives(p->name) || !survives(p->file_name))
			return;
		/* A header may have 4 kB. */
		if (p->file_name && strlen(p->file_name) > 500)
			return;
		/* The fuzzer learns even this. */
		if (memmem(p->value.p, p->value.n, BOUNDARY, strlen(BOUNDARY)))
			return;
		buf_add_str(&b,
		    "--" BOUNDARY "\r\n"
		    "Content-Disposition: form-data");
		add_name(&b, "name", p->name);
		if (p->file_name)
			add_name(&b, "filename", p->file_name);
		buf_add_str(&b, "\r\n\r\n");
		buf_add_slice(&b, p->value);
		buf_add_str(&b, "\r\n");
	}
	buf_add_str(&b, "--" BOUNDARY "--\r\n");
	assert(!multipart_read(a, "multipart/form-data; boundary=" BOUNDARY,
	    buf_slice(&b), &again));
	assert(again.n == parts->n);
	for (size_t i = 0; i < again.n; i++) {
		assert(str_eq(again.v[i].name, parts->v[i].name));
		assert(str_eq(again.v[i].file_name, parts->v[i].file_name));
		assert(slice_eq(again.v[i].value, parts->v[i].value));
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct arena arena = ARENA_INIT;
	const char *text = (const char *)data;
	const char *end = n > 0 ? memchr(text, '\n', n) : NULL;
	struct parts parts = {0};
	struct slice body;
	const char *type;

	if (!end)
		return 0;
	type = arena_strndup(&arena, text, (size_t)(end - text));
	/* Of exactly this size, so that reading past it is noticed. */
	body.n = n - (size_t)(end - text) - 1;
	body.p = arena_memdup(&arena, end + 1, body.n);
	if (!body_read(&arena, type, body, &parts)) {
		assert(parts.n <= PARTS_MAX);
		for (size_t i = 0; i < parts.n; i++)
			check_part(&parts.v[i]);
		check_again(&arena, &parts);
	}
	err_clear();
	arena_done(&arena);
	return 0;
}
