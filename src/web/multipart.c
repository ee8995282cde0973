#include "base/base.h"

#include "web/header.h"
#include "web/parts.h"

#include <string.h>

#define BOUNDARY_MAX 70 /* RFC 2046 */
#define PART_HEADERS_MAX 4096

struct reader {
	struct arena *arena;
	struct slice rest;
	struct slice delimiter; /* CRLF "--" boundary */
	struct parts *ret;
};

struct part_head {
	struct slice name;
	const char *file_name;
	bool has_name;
};

static const struct err *
malformed(const char *why)
{
	return err_new(W_BAD_REQUEST, "The form data is malformed: %s.", why);
}

static bool
take(struct slice *rest, struct slice prefix)
{
	if (rest->n < prefix.n || memcmp(rest->p, prefix.p, prefix.n) != 0)
		return false;
	rest->p += prefix.n;
	rest->n -= prefix.n;
	return true;
}

/* What comes before the mark; *rest then starts after it. */
static bool
take_until(struct slice *rest, struct slice mark, struct slice *ret)
{
	const char *found = memmem(rest->p, rest->n, mark.p, mark.n);

	if (!found)
		return false;
	*ret = (struct slice){rest->p, (size_t)(found - rest->p)};
	rest->n -= ret->n + mark.n;
	rest->p = found + mark.n;
	return true;
}

/* Browsers write " CR LF of a name as %22 %0D %0A and leave every other
 * percent sign alone, so this is not percent-decoding. */
static struct slice
decode_name(struct arena *a, struct slice s)
{
	char *p = arena_alloc(a, s.n + 1);
	size_t n = 0;

	for (size_t i = 0; i < s.n; i++) {
		struct slice three = {s.p + i, s.n - i < 3 ? s.n - i : 3};

		if (slice_is(three, "%22"))
			p[n++] = '"';
		else if (slice_ieq(three, "%0d"))
			p[n++] = '\r';
		else if (slice_ieq(three, "%0a"))
			p[n++] = '\n';
		else
			p[n++] = s.p[i];
		if (s.p[i] == '%' && p[n - 1] != '%')
			i += 2;
	}
	return (struct slice){p, n};
}

/* Some programs send the whole path; only the last part is the name. */
static const char *
base_name(struct arena *a, struct slice s)
{
	for (size_t i = s.n; i > 0; i--) {
		if (s.p[i - 1] == '/' || s.p[i - 1] == '\\') {
			s.p += i;
			s.n -= i;
			break;
		}
	}
	if (!utf8_valid(s) || (s.n > 0 && memchr(s.p, '\0', s.n)))
		return "unnamed";
	return slice_dup(a, s);
}

static const struct err *
read_disposition(struct reader *r, struct slice value, struct part_head *ret)
{
	struct header_value parsed;
	struct slice s;

	if (!header_parse(r->arena, value, &parsed) ||
	    !str_ieq(parsed.value, "form-data"))
		return malformed("a part is not form-data");
	if (ret->has_name || !header_param(&parsed, "name", &s))
		return malformed("a part has no name or two");
	ret->name = decode_name(r->arena, s);
	ret->has_name = true;
	if (header_param(&parsed, "filename", &s))
		ret->file_name = base_name(r->arena, decode_name(r->arena, s));
	return NULL;
}

static const struct err *
read_header(struct reader *r, struct slice line, struct part_head *ret)
{
	const char *colon = memchr(line.p, ':', line.n);
	struct slice name;
	struct slice value;

	if (!colon)
		return malformed("a part's header has no colon");
	name = (struct slice){line.p, (size_t)(colon - line.p)};
	value = slice_trim((struct slice){colon + 1, line.n - name.n - 1});
	if (slice_ieq(name, "content-disposition"))
		return read_disposition(r, value, ret);
	if (slice_ieq(name, "content-type") && value.n >= 10 &&
	    slice_ieq((struct slice){value.p, 10}, "multipart/"))
		return malformed("a part holds parts");
	if (slice_ieq(name, "content-transfer-encoding") &&
	    !slice_ieq(value, "7bit") && !slice_ieq(value, "8bit") &&
	    !slice_ieq(value, "binary"))
		return malformed("a part is encoded");
	return NULL;
}

static const struct err *
read_head(struct reader *r, struct part_head *ret)
{
	const struct err *e;
	struct slice head = {r->rest.p, r->rest.n};
	struct slice line;

	if (head.n > PART_HEADERS_MAX)
		head.n = PART_HEADERS_MAX;
	*ret = (struct part_head){0};
	for (;;) {
		if (!take_until(&head, SLICE("\r\n"), &line))
			return malformed("a part's headers do not end");
		if (line.n == 0)
			break;
		e = read_header(r, line, ret);
		if (e)
			return e;
	}
	if (!ret->has_name)
		return malformed("a part has no name or two");
	r->rest.n -= (size_t)(head.p - r->rest.p);
	r->rest.p = head.p;
	return NULL;
}

static const struct err *
read_part(struct reader *r)
{
	const struct err *e;
	struct part_head head;
	struct slice value;

	e = read_head(r, &head);
	if (e)
		return e;
	/* The blank line's CRLF may be the delimiter's own. */
	r->rest.p -= 2;
	r->rest.n += 2;
	if (take(&r->rest, r->delimiter)) {
		value = (struct slice){r->rest.p, 0};
	} else {
		r->rest.p += 2;
		r->rest.n -= 2;
		if (!take_until(&r->rest, r->delimiter, &value))
			return malformed("the last part does not end");
	}
	return part_add(r->arena, r->ret, head.name, value, head.file_name);
}

static const struct err *
read_boundary(struct reader *r, const char *content_type)
{
	struct header_value parsed;
	struct slice s;

	if (!header_parse(r->arena, slice_of(content_type), &parsed) ||
	    !header_param(&parsed, "boundary", &s) || s.n == 0 ||
	    s.n > BOUNDARY_MAX)
		return malformed("it names no boundary");
	for (size_t i = 0; i < s.n; i++)
		if (s.p[i] < 0x20 || s.p[i] > 0x7e)
			return malformed("the boundary is not text");
	r->delimiter = slice_of(arena_printf(r->arena, "\r\n--%.*s", (int)s.n,
	    s.p));
	return NULL;
}

const struct err *
multipart_read(struct arena *a, const char *content_type, struct slice body,
    struct parts *ret)
{
	struct reader r = {.arena = a, .rest = body, .ret = ret};
	const struct err *e;

	e = read_boundary(&r, content_type);
	if (e)
		return e;
	/* The first delimiter has no line before it. */
	if (!take(&r.rest,
	        (struct slice){r.delimiter.p + 2, r.delimiter.n - 2}))
		return malformed("it does not start with its boundary");
	while (!take(&r.rest, SLICE("--"))) {
		if (!take(&r.rest, SLICE("\r\n")))
			return malformed("text follows a boundary");
		e = read_part(&r);
		if (e)
			return e;
	}
	if (slice_trim(r.rest).n > 0)
		return malformed("text follows the last boundary");
	return NULL;
}
