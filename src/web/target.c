#include "base/base.h"

#include "web/parts.h"
#include "web/req.h"

#include <string.h>

/* An encoded slash would hide a segment's end from whoever looked at the
 * path before us. */
static bool
hides_slash(struct slice raw)
{
	for (size_t i = 0; i + 2 < raw.n; i++)
		if (raw.p[i] == '%' && raw.p[i + 1] == '2' &&
		    chr_lower(raw.p[i + 2]) == 'f')
			return true;
	return false;
}

static bool
is_honest(struct slice path)
{
	size_t start = 1;

	if (path.n == 0 || path.p[0] != '/' || !utf8_valid(path))
		return false;
	for (size_t i = 1; i <= path.n; i++) {
		struct slice segment = {path.p + start, i - start};

		if (i < path.n &&
		    ((unsigned char)path.p[i] < 0x20 || path.p[i] == 0x7f ||
		        path.p[i] == '\\'))
			return false;
		if (i < path.n && path.p[i] != '/')
			continue;
		/* The last one is empty where the path ends in a slash. */
		if ((segment.n == 0 && i < path.n) || slice_is(segment, ".") ||
		    slice_is(segment, ".."))
			return false;
		start = i + 1;
	}
	return true;
}

void
req_set_target(struct req *req, const char *target)
{
	struct slice raw = {target, strcspn(target, "?#")};
	struct slice path;

	req->path = NULL;
	req->query = "";
	if (hides_slash(raw) ||
	    !percent_decode(req->arena, raw, false, &path) || !is_honest(path))
		return;
	req->path = slice_dup(req->arena, path);
	if (target[raw.n] == '?')
		req->query = arena_strndup(req->arena, target + raw.n + 1,
		    strcspn(target + raw.n + 1, "#"));
}
