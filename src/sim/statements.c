#include "base/base.h"

#include "sim/statements.h"

#include "sim/member.h"
#include "sim/reply.h"
#include "sim/sql_answer.h"
#include "sim/store.h"
#include "sim/warehouses.h"
#include "sys/crypto.h"

#include <string.h>

#define FILE_NAME "statements.json"

struct statement {
	const char *id;
	const char *sql;
	bool over;
	bool cancelled;
	int64_t looks;
	int64_t row_limit; /* 0: none */
};

struct statements {
	struct statement *v;
	size_t n;
	size_t cap;
};

static const struct err *
statements_read(const struct sim_req *req, struct statements *ret)
{
	const struct json *json = NULL;
	const struct json *v;
	const struct err *e;

	*ret = (struct statements){0};
	e = store_read(req->arena, req->state, FILE_NAME, &json);
	if (e)
		return e;
	for (v = member_first(json, "statements"); v; v = v->next)
		*LIST_ADD(req->arena, ret) = (struct statement){
		    .id = json_string(json_get(v, "id"), ""),
		    .sql = json_string(json_get(v, "sql"), ""),
		    .over = member_true(v, "over"),
		    .cancelled = member_true(v, "cancelled"),
		    .looks = member_int(v, "looks"),
		    .row_limit = member_int(v, "row_limit")};
	return NULL;
}

static const struct err *
statements_write(const struct sim_req *req, const struct statements *all)
{
	struct json_writer w;
	struct buf b;
	size_t i;

	buf_init(&b, req->arena, SIM_BODY_MAX);
	json_init(&w, &b, false);
	json_object(&w);
	json_key(&w, "statements");
	json_array(&w);
	for (i = 0; i < all->n; i++) {
		const struct statement *s = &all->v[i];

		json_object(&w);
		json_key_str(&w, "id", s->id);
		json_key_str(&w, "sql", s->sql);
		json_key_bool(&w, "over", s->over);
		json_key_bool(&w, "cancelled", s->cancelled);
		json_key_int(&w, "looks", s->looks);
		json_key_int(&w, "row_limit", s->row_limit);
		json_object_end(&w);
	}
	json_array_end(&w);
	json_object_end(&w);
	return store_write_state(req, FILE_NAME, &b);
}

/* The statement of the path; *ret is NULL after it was refused. */
static const struct err *
find(const struct sim_req *req, struct sim_resp *resp, struct statements *all,
    struct statement **ret)
{
	const struct err *e;
	size_t i;

	*ret = NULL;
	e = statements_read(req, all);
	if (e)
		return e;
	for (i = 0; i < all->n; i++) {
		if (str_eq(all->v[i].id, req->part[0]))
			*ret = &all->v[i];
	}
	if (!*ret)
		reply_error(req, resp, 404, "NOT_FOUND",
		    "The statement %s was not found.", req->part[0]);
	return NULL;
}

/* A statement's answer, and how it is cut into chunks. */
struct result {
	struct sql_answer answer;
	int64_t rows;
	int64_t chunk;  /* rows of one */
	int64_t chunks; /* 0 where there are no rows */
};

static const struct err *
result_of(const struct sim_req *req, const struct statement *s,
    struct result *ret)
{
	int64_t chunk = req->settings.chunk_rows;
	const struct err *e;

	e = sql_answer_find(req, s->sql, &ret->answer);
	if (e)
		return e;
	ret->rows = ret->answer.n_rows;
	if (s->row_limit > 0 && s->row_limit < ret->rows)
		ret->rows = s->row_limit;
	ret->chunk = chunk > 0 ? chunk : ret->rows;
	ret->chunks = ret->rows > 0 ? (ret->rows + ret->chunk - 1) / ret->chunk
	                            : 0;
	return NULL;
}

static int64_t
rows_in(const struct result *r, int64_t chunk)
{
	int64_t left = r->rows - chunk * r->chunk;

	return left < r->chunk ? left : r->chunk;
}

/* What stands in a chunk's object of the result. */
static void
chunk_json(struct json_writer *w, const struct sim_req *req,
    const struct statement *s, const struct result *r, int64_t chunk)
{
	const struct json *row = r->answer.rows;
	int64_t i;

	json_key_int(w, "chunk_index", chunk);
	json_key_int(w, "row_offset", chunk * r->chunk);
	json_key_int(w, "row_count", rows_in(r, chunk));
	for (i = 0; i < chunk * r->chunk; i++)
		row = row->next;
	json_key(w, "data_array");
	json_array(w);
	for (i = 0; i < rows_in(r, chunk); i++, row = row->next)
		json_value(w, row);
	json_array_end(w);
	if (chunk + 1 == r->chunks)
		return;
	json_key_int(w, "next_chunk_index", chunk + 1);
	json_key_str(w, "next_chunk_internal_link",
	    arena_printf(req->arena,
	        "/api/2.0/sql/statements/%s/result/chunks/%" PRId64, s->id,
	        chunk + 1));
}

static void
columns_json(struct json_writer *w, struct arena *a, const struct json *columns)
{
	const struct json *c;
	int64_t n = 0;

	json_key(w, "columns");
	json_array(w);
	for (c = columns; c; c = c->next, n++) {
		const char *type = json_string(json_get(c, "type"), "STRING");

		json_object(w);
		json_key_str(w, "name", json_string(json_get(c, "name"), ""));
		json_key_int(w, "position", n);
		json_key_str(w, "type_name",
		    arena_strndup(a, type, strcspn(type, "(")));
		json_key_str(w, "type_text", type);
		json_object_end(w);
	}
	json_array_end(w);
	json_key_int(w, "column_count", n);
}

static void
manifest_json(struct json_writer *w, const struct sim_req *req,
    const struct result *r)
{
	int64_t i;

	json_key(w, "manifest");
	json_object(w);
	json_key_str(w, "format", "JSON_ARRAY");
	json_key(w, "schema");
	json_object(w);
	columns_json(w, req->arena, r->answer.columns);
	json_object_end(w);
	json_key_int(w, "total_chunk_count", r->chunks);
	json_key_int(w, "total_row_count", r->rows);
	json_key_bool(w, "truncated", r->rows < r->answer.n_rows);
	json_key(w, "chunks");
	json_array(w);
	for (i = 0; i < r->chunks; i++) {
		json_object(w);
		json_key_int(w, "chunk_index", i);
		json_key_int(w, "row_offset", i * r->chunk);
		json_key_int(w, "row_count", rows_in(r, i));
		json_object_end(w);
	}
	json_array_end(w);
	json_object_end(w);
}

static void
status_json(struct json_writer *w, const char *state, const char *error)
{
	json_key(w, "status");
	json_object(w);
	json_key_str(w, "state", state);
	if (error[0]) {
		json_key(w, "error");
		json_object(w);
		json_key_str(w, "error_code", "BAD_REQUEST");
		json_key_str(w, "message", error);
		json_object_end(w);
	}
	json_object_end(w);
}

static const struct err *
reply_statement(const struct sim_req *req, struct sim_resp *resp,
    const struct statement *s)
{
	const char *state = s->cancelled ? "CANCELED"
	    : s->over                    ? "SUCCEEDED"
	    : s->looks > 0               ? "RUNNING"
	                                 : "PENDING";
	struct json_writer w;
	const struct err *e;
	struct result r;
	struct buf b;
	bool failed;

	e = result_of(req, s, &r);
	if (e)
		return e;
	failed = s->over && !s->cancelled && r.answer.error[0];
	reply_start(req, &b, &w);
	json_object(&w);
	json_key_str(&w, "statement_id", s->id);
	/* A statement that fails is no failure of the call. */
	status_json(&w, failed ? "FAILED" : state,
	    failed ? r.answer.error : "");
	if (s->over && !s->cancelled && !failed) {
		manifest_json(&w, req, &r);
		json_key(&w, "result");
		json_object(&w);
		if (r.chunks > 0)
			chunk_json(&w, req, s, &r, 0);
		json_object_end(&w);
	}
	json_object_end(&w);
	reply_json(resp, 200, &b);
	return NULL;
}

/* "0s", or "5s" to "50s"; 10 where nothing is said. */
static bool
read_wait(const char *text, int64_t *ret)
{
	size_t n = strlen(text);

	*ret = 10;
	if (n == 0)
		return true;
	if (text[n - 1] != 's' ||
	    !slice_to_int((struct slice){text, n - 1}, 0, 50, ret))
		return false;
	return *ret == 0 || *ret >= 5;
}

/* False after it was refused. */
static bool
check_question(const struct sim_req *req, struct sim_resp *resp,
    const struct json *body, int64_t *ret_wait)
{
	if (!reply_need_text(req, resp, body, "warehouse_id") ||
	    !reply_need_text(req, resp, body, "statement"))
		return false;
	if (!read_wait(json_string(json_get(body, "wait_timeout"), ""),
	        ret_wait)) {
		reply_error(req, resp, 400, "INVALID_PARAMETER_VALUE",
		    "wait_timeout is 0s, or from 5s to 50s.");
		return false;
	}
	if (!str_eq(json_string(json_get(body, "disposition"), "INLINE"),
	        "INLINE") ||
	    !str_eq(json_string(json_get(body, "format"), "JSON_ARRAY"),
	        "JSON_ARRAY")) {
		reply_error(req, resp, 501, "NOT_IMPLEMENTED",
		    "The simulator gives results INLINE, as JSON_ARRAY.");
		return false;
	}
	return true;
}

const struct err *
statements_execute(const struct sim_req *req, struct sim_resp *resp)
{
	const struct json *body = reply_need_json(req, resp);
	const char *warehouse = json_string(json_get(body, "warehouse_id"), "");
	struct statements all;
	struct statement *s;
	const struct err *e;
	bool known = false;
	int64_t wait = 0;

	if (!body || !check_question(req, resp, body, &wait))
		return NULL;
	e = warehouses_use(req, warehouse, &known);
	if (e)
		return e;
	if (!known) {
		reply_error(req, resp, 400, "INVALID_PARAMETER_VALUE",
		    "%s is not a valid endpoint id.", warehouse);
		return NULL;
	}
	e = statements_read(req, &all);
	if (e)
		return e;
	s = LIST_ADD(req->arena, &all);
	*s = (struct statement){
	    .id = arena_printf(req->arena, "01ef%.28s",
	        crypto_sha256(req->arena, slice_of(crypto_token(req->arena)))),
	    .sql = json_string(json_get(body, "statement"), ""),
	    .over = wait > 0,
	    .row_limit = member_int(body, "row_limit")};
	e = statements_write(req, &all);
	if (!e)
		e = reply_statement(req, resp, s);
	return e;
}

const struct err *
statements_get(const struct sim_req *req, struct sim_resp *resp)
{
	struct statement *s = NULL;
	struct statements all;
	const struct err *e;

	e = find(req, resp, &all, &s);
	if (e || !s)
		return e;
	if (!s->over) {
		s->over = s->looks >= req->settings.run_polls;
		s->looks++;
		e = statements_write(req, &all);
	}
	if (!e)
		e = reply_statement(req, resp, s);
	return e;
}

const struct err *
statements_chunk(const struct sim_req *req, struct sim_resp *resp)
{
	struct statement *s = NULL;
	struct statements all;
	struct json_writer w;
	const struct err *e;
	int64_t chunk = 0;
	struct result r;
	struct buf b;

	e = find(req, resp, &all, &s);
	if (e || !s)
		return e;
	e = result_of(req, s, &r);
	if (e)
		return e;
	if (!s->over || s->cancelled || r.answer.error[0] ||
	    !str_to_int(req->part[1], 0, r.chunks - 1, &chunk)) {
		reply_error(req, resp, 404, "NOT_FOUND",
		    "There is no chunk %s.", req->part[1]);
		return NULL;
	}
	reply_start(req, &b, &w);
	json_object(&w);
	chunk_json(&w, req, s, &r, chunk);
	json_object_end(&w);
	reply_json(resp, 200, &b);
	return NULL;
}

const struct err *
statements_cancel(const struct sim_req *req, struct sim_resp *resp)
{
	struct statement *s = NULL;
	struct statements all;
	const struct err *e;

	e = find(req, resp, &all, &s);
	if (e || !s)
		return e;
	if (!s->over) {
		s->over = true;
		s->cancelled = true;
		e = statements_write(req, &all);
	}
	return reply_written(resp, e);
}
