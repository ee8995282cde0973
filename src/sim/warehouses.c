#include "base/base.h"

#include "sim/warehouses.h"

#include "sim/member.h"
#include "sim/reply.h"
#include "sim/store.h"

#define FILE_NAME "warehouses.json"

struct warehouse {
	const char *id;
	const char *name;
	const char *state;
	int64_t looks; /* at it while it starts or stops */
};

static const struct warehouse usual[] = {
    {"51a0000000000001", "Simulated warehouse", "RUNNING", 0},
    {"51a0000000000002", "Simulated warehouse, stopped", "STOPPED", 0},
};

struct warehouses {
	struct warehouse v[COUNT_OF(usual)];
};

/* NULL where there is none of that id. */
static struct warehouse *
find(struct warehouses *all, const char *id)
{
	size_t i;

	for (i = 0; i < COUNT_OF(all->v); i++) {
		if (str_eq(all->v[i].id, id))
			return &all->v[i];
	}
	return NULL;
}

static const struct err *
warehouses_read(const struct sim_req *req, struct warehouses *ret)
{
	const struct json *json = NULL;
	const struct json *v;
	const struct err *e;
	size_t i;

	for (i = 0; i < COUNT_OF(ret->v); i++)
		ret->v[i] = usual[i];
	e = store_read(req->arena, req->state, FILE_NAME, &json);
	for (v = member_first(json, "warehouses"); !e && v; v = v->next) {
		struct warehouse *w = find(ret,
		    json_string(json_get(v, "id"), ""));

		if (!w)
			continue;
		w->state = json_string(json_get(v, "state"), w->state);
		w->looks = member_int(v, "looks");
	}
	return e;
}

static const struct err *
warehouses_write(const struct sim_req *req, const struct warehouses *all)
{
	struct json_writer w;
	struct buf b;
	size_t i;

	buf_init(&b, req->arena, SIM_BODY_MAX);
	json_init(&w, &b, false);
	json_object(&w);
	json_key(&w, "warehouses");
	json_array(&w);
	for (i = 0; i < COUNT_OF(all->v); i++) {
		json_object(&w);
		json_key_str(&w, "id", all->v[i].id);
		json_key_str(&w, "state", all->v[i].state);
		json_key_int(&w, "looks", all->v[i].looks);
		json_object_end(&w);
	}
	json_array_end(&w);
	json_object_end(&w);
	return store_write_state(req, FILE_NAME, &b);
}

/* For drivers, which cannot reach anything here. */
static void
odbc_json(struct json_writer *w, const struct sim_req *req, const char *id)
{
	json_key(w, "odbc_params");
	json_object(w);
	json_key_str(w, "hostname", "127.0.0.1");
	json_key_str(w, "path",
	    arena_printf(req->arena, "/sql/1.0/warehouses/%s", id));
	json_key_str(w, "protocol", "https");
	json_key_int(w, "port", 443);
	json_object_end(w);
}

static void
warehouse_json(struct json_writer *w, const struct sim_req *req,
    const struct warehouse *warehouse)
{
	json_object(w);
	json_key_str(w, "id", warehouse->id);
	json_key_str(w, "name", warehouse->name);
	json_key_str(w, "state", warehouse->state);
	json_key_str(w, "cluster_size", "2X-Small");
	json_key_str(w, "warehouse_type", "PRO");
	json_key_bool(w, "enable_serverless_compute", true);
	json_key_int(w, "auto_stop_mins", 10);
	json_key_int(w, "num_clusters", 1);
	json_key_str(w, "creator_name", req->user);
	odbc_json(w, req, warehouse->id);
	json_object_end(w);
}

const struct err *
warehouses_list(const struct sim_req *req, struct sim_resp *resp)
{
	struct warehouses all;
	struct json_writer w;
	const struct err *e;
	struct buf b;
	size_t i;

	e = warehouses_read(req, &all);
	if (e)
		return e;
	reply_start_list(req, &b, &w, "warehouses");
	for (i = 0; i < COUNT_OF(all.v); i++)
		warehouse_json(&w, req, &all.v[i]);
	json_array_end(&w);
	json_object_end(&w);
	reply_json(resp, 200, &b);
	return NULL;
}

/* The warehouse of the path; *ret is NULL after it was refused. */
static const struct err *
find_asked(const struct sim_req *req, struct sim_resp *resp,
    struct warehouses *all, struct warehouse **ret)
{
	const struct err *e = warehouses_read(req, all);

	*ret = e ? NULL : find(all, req->part[0]);
	if (!e && !*ret)
		reply_error(req, resp, 404, "RESOURCE_DOES_NOT_EXIST",
		    "Warehouse %s does not exist.", req->part[0]);
	return e;
}

/* A look at a warehouse brings it forward. */
static const struct err *
look(const struct sim_req *req, const struct warehouses *all,
    struct warehouse *warehouse)
{
	bool starts = str_eq(warehouse->state, "STARTING");

	if (!starts && !str_eq(warehouse->state, "STOPPING"))
		return NULL;
	if (warehouse->looks++ >= req->settings.run_polls)
		warehouse->state = starts ? "RUNNING" : "STOPPED";
	return warehouses_write(req, all);
}

const struct err *
warehouses_get(const struct sim_req *req, struct sim_resp *resp)
{
	struct warehouse *warehouse = NULL;
	struct warehouses all;
	struct json_writer w;
	const struct err *e;
	struct buf b;

	e = find_asked(req, resp, &all, &warehouse);
	if (e || !warehouse)
		return e;
	e = look(req, &all, warehouse);
	if (e)
		return e;
	reply_start(req, &b, &w);
	warehouse_json(&w, req, warehouse);
	reply_json(resp, 200, &b);
	return NULL;
}

/* On the way to a state, unless it is there. */
static const struct err *
go(const struct sim_req *req, struct sim_resp *resp, const char *way,
    const char *end)
{
	struct warehouse *warehouse = NULL;
	struct warehouses all;
	const struct err *e;

	e = find_asked(req, resp, &all, &warehouse);
	if (e || !warehouse)
		return e;
	if (!str_eq(warehouse->state, end) && !str_eq(warehouse->state, way)) {
		warehouse->state = way;
		warehouse->looks = 0;
		e = warehouses_write(req, &all);
	}
	return reply_written(resp, e);
}

const struct err *
warehouses_start(const struct sim_req *req, struct sim_resp *resp)
{
	return go(req, resp, "STARTING", "RUNNING");
}

const struct err *
warehouses_stop(const struct sim_req *req, struct sim_resp *resp)
{
	return go(req, resp, "STOPPING", "STOPPED");
}

const struct err *
warehouses_use(const struct sim_req *req, const char *id, bool *ret_known)
{
	struct warehouse *warehouse;
	struct warehouses all;
	const struct err *e;

	*ret_known = false;
	e = warehouses_read(req, &all);
	if (e)
		return e;
	warehouse = find(&all, id);
	*ret_known = warehouse != NULL;
	if (!warehouse || str_eq(warehouse->state, "RUNNING"))
		return NULL;
	warehouse->state = "RUNNING";
	return warehouses_write(req, &all);
}
