#include "base/base.h"

#include "sim/paging.h"

#include "sim/reply.h"

#define EMPTY 'e'
#define ROWS 'r'

/* "e2" is the third of the empty pages, "r50" the one that begins with the
 * 51st entry. */
static bool
read_token(const struct sim_req *req, struct sim_resp *resp,
    int64_t empty_pages, struct paging *ret)
{
	const char *token = fields_get(&req->query, "page_token", "");
	char kind = token[0] ? token[0] : EMPTY;

	ret->first = 0;
	ret->seen = 0;
	if ((kind != EMPTY && kind != ROWS) ||
	    (token[0] && !str_to_int(token + 1, 0, INT32_MAX, &ret->first))) {
		reply_error(req, resp, 400, "INVALID_PARAMETER_VALUE",
		    "page_token is not one that was given.");
		return false;
	}
	ret->empty = kind == EMPTY && ret->first < empty_pages;
	if (kind == EMPTY && !ret->empty)
		ret->first = 0;
	return true;
}

bool
paging_read(const struct sim_req *req, struct sim_resp *resp, int64_t size,
    struct paging *ret)
{
	ret->size = size;
	return read_token(req, resp, 0, ret);
}

bool
paging_read_limit(const struct sim_req *req, struct sim_resp *resp,
    int64_t usual, int64_t most, struct paging *ret)
{
	const char *limit = fields_get(&req->query, "limit", "");

	ret->size = usual;
	if (limit[0] && !str_to_int(limit, 1, most, &ret->size)) {
		reply_error(req, resp, 400, "INVALID_PARAMETER_VALUE",
		    "limit is from 1 to %" PRId64 ".", most);
		return false;
	}
	return read_token(req, resp, 0, ret);
}

bool
paging_read_size(const struct sim_req *req, struct sim_resp *resp,
    const char *name, struct paging *ret)
{
	int64_t most = req->settings.page_size;

	if (!str_to_int(fields_get(&req->query, name, ""), 1, most, &ret->size))
		ret->size = most;
	return read_token(req, resp, req->settings.empty_pages, ret);
}

bool
paging_takes(struct paging *p)
{
	int64_t at = p->seen++;

	return !p->empty && at >= p->first && at - p->first < p->size;
}

bool
paging_has_more(const struct paging *p)
{
	return p->empty || p->seen - p->first > p->size;
}

void
paging_json(struct json_writer *w, const struct sim_req *req,
    const struct paging *p)
{
	if (paging_has_more(p))
		json_key_str(w, "next_page_token",
		    arena_printf(req->arena, "%c%" PRId64,
		        p->empty ? EMPTY : ROWS,
		        p->first + (p->empty ? 1 : p->size)));
}
