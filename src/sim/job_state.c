#include "base/base.h"

#include "sim/job_state.h"

#include "sim/member.h"
#include "sim/store.h"

#define FILE_NAME "jobs.json"

struct job *
job_find(const struct job_state *state, int64_t id)
{
	size_t i;

	for (i = 0; i < state->jobs.n; i++) {
		if (state->jobs.v[i].id == id)
			return &state->jobs.v[i];
	}
	return NULL;
}

struct run *
run_find(const struct job_state *state, int64_t id)
{
	size_t i;

	for (i = 0; i < state->runs.n; i++) {
		if (state->runs.v[i].id == id)
			return &state->runs.v[i];
	}
	return NULL;
}

void
job_remove(struct job_state *state, int64_t id)
{
	size_t kept = 0;
	size_t i;

	for (i = 0; i < state->jobs.n; i++) {
		if (state->jobs.v[i].id != id)
			state->jobs.v[kept++] = state->jobs.v[i];
	}
	state->jobs.n = kept;
}

static void
read_run(struct arena *a, struct run *run, const struct json *v)
{
	const struct json *t;

	run->id = member_int(v, "run_id");
	run->job_id = member_int(v, "job_id");
	run->name = json_string(json_get(v, "name"), "");
	run->token = json_string(json_get(v, "token"), "");
	run->result = json_string(json_get(v, "result"), "");
	run->polls = member_int(v, "polls");
	run->number = member_int(v, "number");
	run->start_ms = member_int(v, "start_ms");
	run->end_ms = member_int(v, "end_ms");
	for (t = member_first(v, "tasks"); t; t = t->next)
		*LIST_ADD(a, &run->tasks) = (struct run_task){
		    member_int(t, "run_id"),
		    json_string(json_get(t, "key"), "")};
}

const struct err *
job_state_read(const struct sim_req *req, struct job_state *ret)
{
	const struct json *json = NULL;
	const struct json *v;
	const struct err *e;

	*ret = (struct job_state){.next_id = SIM_FIRST_ID};
	e = store_read(req->arena, req->state, FILE_NAME, &json);
	if (e || !json)
		return e;
	ret->next_id = member_int(json, "next_id");
	for (v = member_first(json, "jobs"); v; v = v->next)
		*LIST_ADD(req->arena, &ret->jobs) = (struct job){
		    member_int(v, "job_id"), json_get(v, "settings"),
		    member_int(v, "created_ms")};
	for (v = member_first(json, "runs"); v; v = v->next)
		read_run(req->arena, LIST_ADD(req->arena, &ret->runs), v);
	return NULL;
}

static void
write_run(struct json_writer *w, const struct run *run)
{
	size_t i;

	json_object(w);
	json_key_int(w, "run_id", run->id);
	json_key_int(w, "job_id", run->job_id);
	json_key_str(w, "name", run->name);
	json_key_str(w, "token", run->token);
	json_key_str(w, "result", run->result);
	json_key_int(w, "polls", run->polls);
	json_key_int(w, "number", run->number);
	json_key_int(w, "start_ms", run->start_ms);
	json_key_int(w, "end_ms", run->end_ms);
	json_key(w, "tasks");
	json_array(w);
	for (i = 0; i < run->tasks.n; i++) {
		json_object(w);
		json_key_int(w, "run_id", run->tasks.v[i].id);
		json_key_str(w, "key", run->tasks.v[i].key);
		json_object_end(w);
	}
	json_array_end(w);
	json_object_end(w);
}

static void
write_job(struct json_writer *w, const struct job *job)
{
	json_object(w);
	json_key_int(w, "job_id", job->id);
	json_key_int(w, "created_ms", job->created_ms);
	json_key(w, "settings");
	json_value(w, job->settings);
	json_object_end(w);
}

const struct err *
job_state_write(const struct sim_req *req, const struct job_state *state)
{
	struct json_writer w;
	struct buf b;
	size_t i;

	buf_init(&b, req->arena, 4 * SIM_BODY_MAX);
	json_init(&w, &b, false);
	json_object(&w);
	json_key_int(&w, "next_id", state->next_id);
	json_key(&w, "jobs");
	json_array(&w);
	for (i = 0; i < state->jobs.n; i++)
		write_job(&w, &state->jobs.v[i]);
	json_array_end(&w);
	json_key(&w, "runs");
	json_array(&w);
	for (i = 0; i < state->runs.n; i++)
		write_run(&w, &state->runs.v[i]);
	json_array_end(&w);
	json_object_end(&w);
	return store_write_state(req, FILE_NAME, &b);
}
