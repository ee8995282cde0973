#include "base/base.h"

#include "sim/statements.h"

#include "sim/member.h"
#include "sim/reply.h"
#include "sim/sql_answer.h"
#include "sim/sql_type.h"
#include "sim/store.h"
#include "sim/warehouses.h"
#include "sys/crypto.h"
#include "sys/files.h"

#include <string.h>
#include <unistd.h>

#define FILE_NAME "statements.json"
/* A result that is sent inline. */
#define INLINE_MAX ((int64_t)25 << 20)
#define ROWS_MAX ((int64_t)100000)
/* So long is one kept. */
#define LIFE_MS ((int64_t)3600 * 1000)

struct statement {
	const char *id;
	bool over;
	bool cancelled;
	int64_t looks;
	int64_t row_limit;  /* 0: none */
	int64_t byte_limit; /* 0: none */
	int64_t created_ms;
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
		    .over = member_true(v, "over"),
		    .cancelled = member_true(v, "cancelled"),
		    .looks = member_int(v, "looks"),
		    .row_limit = member_int(v, "row_limit"),
		    .byte_limit = member_int(v, "byte_limit"),
		    .created_ms = member_int(v, "created_ms")};
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
		json_key_bool(&w, "over", s->over);
		json_key_bool(&w, "cancelled", s->cancelled);
		json_key_int(&w, "looks", s->looks);
		json_key_int(&w, "row_limit", s->row_limit);
		json_key_int(&w, "byte_limit", s->byte_limit);
		json_key_int(&w, "created_ms", s->created_ms);
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

static const char *
results_folder(const struct sim_req *req)
{
	return arena_printf(req->arena, "%s/results", req->state);
}

static const char *
result_name(const struct sim_req *req, const struct statement *s)
{
	return arena_printf(req->arena, "%s.json", s->id);
}

static const struct err *
keep_result(const struct sim_req *req, const struct statement *s,
    const struct json *answer)
{
	const char *folder = results_folder(req);
	struct json_writer w;
	const struct err *e;
	struct buf b;

	buf_init(&b, req->arena, 4 * SIM_BODY_MAX);
	json_init(&w, &b, false);
	json_value(&w, answer);
	e = dir_make(req->arena, folder);
	return e ? e : store_write(req->arena, folder, result_name(req, s), &b);
}

/* Those whose time is over, with their results. */
static void
forget_old(const struct sim_req *req, struct statements *all)
{
	int64_t oldest = clock_now_ms(&req->sim->clock) - LIFE_MS;
	size_t kept = 0;
	size_t i;

	for (i = 0; i < all->n; i++) {
		if (all->v[i].created_ms >= oldest)
			all->v[kept++] = all->v[i];
		else
			unlink(arena_printf(req->arena, "%s/%s",
			    results_folder(req), result_name(req, &all->v[i])));
	}
	all->n = kept;
}

/* A statement's answer, and how it is cut into chunks. */
struct result {
	struct sql_answer answer;
	int64_t rows;
	int64_t bytes; /* of their values */
	bool truncated;
	int64_t chunk;  /* rows of one */
	int64_t chunks; /* 0 where there are no rows */
};

static int64_t
bytes_in(const struct json *row)
{
	const struct json *v;
	size_t n = 0;

	for (v = row->child; v; v = v->next)
		n += strlen(json_string(v, ""));
	return (int64_t)n;
}

/* Counts the rows up to the limits. */
static void
measure(const struct statement *s, struct result *r)
{
	int64_t most = s->row_limit > 0 && s->row_limit < ROWS_MAX
	    ? s->row_limit
	    : ROWS_MAX;
	const struct json *row;

	for (row = r->answer.rows; row; row = row->next) {
		int64_t bytes = r->bytes + bytes_in(row);

		r->truncated = r->rows == most ||
		    (s->byte_limit > 0 && bytes > s->byte_limit);
		if (r->truncated)
			return;
		r->rows++;
		r->bytes = bytes;
	}
	if (r->bytes > INLINE_MAX)
		r->answer.error =
		    "Inline byte limit exceeded. A result that is sent INLINE "
		    "has at most 26214400 bytes.";
}

static const struct err *
result_of(const struct sim_req *req, const struct statement *s,
    struct result *ret)
{
	int64_t chunk = req->settings.chunk_rows;
	const struct json *answer = NULL;
	const struct err *e;

	e = store_read(req->arena, results_folder(req), result_name(req, s),
	    &answer);
	if (e)
		return e;
	*ret = (struct result){0};
	sql_answer_read(answer, &ret->answer);
	measure(s, ret);
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
		sql_type_json(w, a, type);
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
	json_key_int(w, "total_byte_count", r->bytes);
	json_key_bool(w, "truncated", r->truncated);
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
status_json(struct json_writer *w, const char *state,
    const struct sql_answer *failed)
{
	json_key(w, "status");
	json_object(w);
	json_key_str(w, "state", state);
	if (failed) {
		json_key(w, "error");
		json_object(w);
		json_key_str(w, "error_code", failed->error_code);
		json_key_str(w, "message", failed->error);
		json_object_end(w);
		if (failed->sql_state[0])
			json_key_str(w, "sql_state", failed->sql_state);
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
	status_json(&w, failed ? "FAILED" : state, failed ? &r.answer : NULL);
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

static bool
check_parameters(const struct sim_req *req, struct sim_resp *resp,
    const struct json *body)
{
	const struct json *p;

	for (p = member_first(body, "parameters"); p; p = p->next) {
		const struct json *value = json_get(p, "value");

		if (json_string(json_get(p, "name"), "")[0] &&
		    (!value || value->kind == JSON_STRING ||
		        value->kind == JSON_NULL))
			continue;
		reply_error(req, resp, 400, "INVALID_PARAMETER_VALUE",
		    "A parameter has a name, and a text as its value.");
		return false;
	}
	return true;
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
	return check_parameters(req, resp, body);
}

/* What the body asks of the database, which need not give more than is
 * shown. */
static struct engine_task
task_of(const struct json *body)
{
	int64_t rows = member_int(body, "row_limit");
	int64_t bytes = member_int(body, "byte_limit");

	return (struct engine_task){
	    .sql = json_string(json_get(body, "statement"), ""),
	    .parameters = member_first(body, "parameters"),
	    .catalog = json_string(json_get(body, "catalog"), ""),
	    .schema = json_string(json_get(body, "schema"), ""),
	    .rows = (rows > 0 && rows < ROWS_MAX ? rows : ROWS_MAX) + 1,
	    .bytes = bytes > 0 && bytes < INLINE_MAX ? bytes : INLINE_MAX};
}

/* Runs what the body asks for, and keeps it with its result. */
static const struct err *
execute(const struct sim_req *req, const struct json *body, bool waits,
    struct statement *ret)
{
	const struct engine_task task = task_of(body);
	const struct json *answer = NULL;
	struct statements all;
	const struct err *e;

	e = statements_read(req, &all);
	if (!e)
		e = sql_answer_make(req, &task, &answer);
	if (e)
		return e;
	*ret = (struct statement){
	    .id = arena_printf(req->arena, "01ef%.28s",
	        crypto_sha256(req->arena, slice_of(crypto_token(req->arena)))),
	    .over = waits,
	    .row_limit = member_int(body, "row_limit"),
	    .byte_limit = member_int(body, "byte_limit"),
	    .created_ms = clock_now_ms(&req->sim->clock)};
	forget_old(req, &all);
	*LIST_ADD(req->arena, &all) = *ret;
	e = keep_result(req, ret, answer);
	return e ? e : statements_write(req, &all);
}

const struct err *
statements_execute(const struct sim_req *req, struct sim_resp *resp)
{
	const struct json *body = reply_need_json(req, resp);
	const char *warehouse = json_string(json_get(body, "warehouse_id"), "");
	struct statement s;
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
	e = execute(req, body, wait > 0, &s);
	return e ? e : reply_statement(req, resp, &s);
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
