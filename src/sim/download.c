#include "base/base.h"

#include "sim/download.h"

#include "sim/reply.h"

#include <string.h>
#include <time.h>

#define DATE_FORMAT "%a, %d %b %Y %H:%M:%S GMT"
#define UNIT "bytes="

/* The program never sets a locale, so days and months are English. */
static const char *
date_of(struct arena *a, int64_t seconds)
{
	char *text = arena_alloc(a, sizeof("Sun, 06 Nov 1994 08:49:37 GMT"));
	time_t t = (time_t)seconds;
	struct tm tm = {0};

	gmtime_r(&t, &tm);
	strftime(text, sizeof("Sun, 06 Nov 1994 08:49:37 GMT"), DATE_FORMAT,
	    &tm);
	return text;
}

/* A date that cannot be read asks for nothing. */
static bool
is_changed(const struct sim_req *req, int64_t modified_s)
{
	struct tm tm = {0};
	const char *end = req->unmodified_since
	    ? strptime(req->unmodified_since, DATE_FORMAT, &tm)
	    : NULL;

	return end && *end == '\0' && modified_s > (int64_t)timegm(&tm);
}

enum range { RANGE_ALL, RANGE_PART, RANGE_OUTSIDE };

/* "500-999", "500-", and "-500" for the last 500 bytes. */
static enum range
read_range(const char *header, struct slice all, struct slice *ret)
{
	int64_t size = (int64_t)all.n;
	int64_t first = 0;
	int64_t last = size - 1;
	const char *dash;

	if (!header || !str_starts(header, UNIT))
		return RANGE_ALL;
	header += strlen(UNIT);
	dash = strchr(header, '-');
	if (!dash || str_eq(header, "-"))
		return RANGE_ALL;
	if (dash[1] && !str_to_int(dash + 1, 0, INT64_MAX, &last))
		return RANGE_ALL;
	if (dash == header) {
		first = last < size ? size - last : 0;
		last = size - 1;
	} else if (!slice_to_int((struct slice){header,
	                             (size_t)(dash - header)},
	               0, INT64_MAX, &first)) {
		return RANGE_ALL;
	}
	if (dash[1] && last < first && first < size)
		return RANGE_ALL;
	if (first >= size)
		return RANGE_OUTSIDE;
	if (last >= size)
		last = size - 1;
	*ret = (struct slice){all.p + first, (size_t)(last - first + 1)};
	return RANGE_PART;
}

static void
add_header(const struct sim_req *req, struct sim_resp *resp, const char *name,
    const char *value)
{
	fields_add(req->arena, &resp->headers, name, value);
}

void
download_reply(const struct sim_req *req, struct sim_resp *resp,
    struct slice bytes, int64_t modified_ms)
{
	struct slice part = bytes;
	enum range range = read_range(req->range, bytes, &part);

	if (is_changed(req, modified_ms / 1000)) {
		reply_error(req, resp, 412, "INVALID_STATE",
		    "The file was modified after %s.", req->unmodified_since);
		return;
	}
	if (range == RANGE_OUTSIDE) {
		reply_error(req, resp, 416, "INVALID_PARAMETER_VALUE",
		    "The file has %zu bytes; %s is not within them.", bytes.n,
		    req->range);
		add_header(req, resp, "Content-Range",
		    arena_printf(req->arena, "bytes */%zu", bytes.n));
		return;
	}
	resp->status = range == RANGE_PART ? 206 : 200;
	resp->content_type = "application/octet-stream";
	resp->body = part;
	add_header(req, resp, "Last-Modified",
	    date_of(req->arena, modified_ms / 1000));
	add_header(req, resp, "Accept-Ranges", "bytes");
	if (range == RANGE_PART)
		add_header(req, resp, "Content-Range",
		    arena_printf(req->arena, "bytes %zu-%zu/%zu",
		        (size_t)(part.p - bytes.p),
		        (size_t)(part.p - bytes.p) + part.n - 1, bytes.n));
}
