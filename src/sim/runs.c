#include "base/base.h"

#include "sim/runs.h"

#include "sim/job_state.h"
#include "sim/jobs.h"
#include "sim/member.h"
#include "sim/paging.h"
#include "sim/reply.h"

#include <string.h>

#define TOKEN_MAX 64
#define TASKS_MAX 100
#define LIST_MAX 24
#define LIST_USUAL 20

static void
refuse_missing(const struct sim_req *req, struct sim_resp *resp, int64_t id)
{
	/* Not 404: so does the real one. */
	reply_error(req, resp, 400, "INVALID_PARAMETER_VALUE",
	    "Run %" PRId64 " does not exist.", id);
}

static const struct run *
find_token(const struct job_state *state, const char *token)
{
	size_t i;

	for (i = 0; token[0] && i < state->runs.n; i++) {
		if (str_eq(state->runs.v[i].token, token))
			return &state->runs.v[i];
	}
	return NULL;
}

static int64_t
count_runs(const struct job_state *state, int64_t job_id)
{
	int64_t n = 0;
	size_t i;

	for (i = 0; i < state->runs.n; i++)
		n += state->runs.v[i].job_id == job_id;
	return n;
}

static const struct run *
add_run(const struct sim_req *req, struct job_state *state, int64_t job_id,
    const struct json *settings, const char *name, const char *token)
{
	int64_t number = count_runs(state, job_id) + 1;
	struct run *run = LIST_ADD(req->arena, &state->runs);
	const struct json *t;

	*run = (struct run){.id = state->next_id++,
	    .job_id = job_id,
	    .name = name,
	    .token = token,
	    .result = "",
	    .number = number,
	    .start_ms = clock_now_ms(&req->sim->clock)};
	for (t = member_first(settings, "tasks"); t; t = t->next)
		*LIST_ADD(req->arena, &run->tasks) = (struct run_task){
		    state->next_id++, json_string(json_get(t, "task_key"), "")};
	return run;
}

static void
reply_run(const struct sim_req *req, struct sim_resp *resp,
    const struct run *run)
{
	struct json_writer w;
	struct buf b;

	reply_start(req, &b, &w);
	json_object(&w);
	json_key_int(&w, "run_id", run->id);
	if (run->job_id)
		json_key_int(&w, "number_in_job", run->number);
	json_object_end(&w);
	reply_json(resp, 200, &b);
}

/* The run of this token, or a new one. */
static const struct err *
start(const struct sim_req *req, struct sim_resp *resp, struct job_state *state,
    int64_t job_id, const struct json *settings, const struct json *body)
{
	const char *token = json_string(json_get(body, "idempotency_token"),
	    "");
	const char *key = job_id ? "name" : "run_name";
	const struct run *run = find_token(state, token);
	const struct err *e;

	if (strlen(token) > TOKEN_MAX) {
		reply_error(req, resp, 400, "INVALID_PARAMETER_VALUE",
		    "idempotency_token has at most %d characters.", TOKEN_MAX);
		return NULL;
	}
	if (!run) {
		run = add_run(req, state, job_id, settings,
		    json_string(json_get(settings, key), "Untitled"), token);
		e = job_state_write(req, state);
		if (e)
			return e;
	}
	reply_run(req, resp, run);
	return NULL;
}

const struct err *
runs_now(const struct sim_req *req, struct sim_resp *resp)
{
	const struct json *body = reply_need_json(req, resp);
	struct job *job = NULL;
	struct job_state state;
	const struct err *e;

	if (!body)
		return NULL;
	e = jobs_find(req, resp, member_int(body, "job_id"), &state, &job);
	if (e || !job)
		return e;
	return start(req, resp, &state, job->id, job->settings, body);
}

const struct err *
runs_submit(const struct sim_req *req, struct sim_resp *resp)
{
	const struct json *body = reply_need_json(req, resp);
	struct job_state state;
	const struct err *e;

	if (!body || !jobs_check_tasks(req, resp, body))
		return NULL;
	e = job_state_read(req, &state);
	if (e)
		return e;
	return start(req, resp, &state, 0, body, body);
}

static void
state_json(struct json_writer *w, const struct run *run)
{
	bool over = run->result[0];

	json_key(w, "state");
	json_object(w);
	json_key_str(w, "life_cycle_state", over ? "TERMINATED" : "RUNNING");
	if (over)
		json_key_str(w, "result_state", run->result);
	json_key_str(w, "state_message", over ? "Simulated." : "In run");
	json_key_bool(w, "user_cancelled_or_timedout",
	    str_eq(run->result, "CANCELED"));
	json_object_end(w);
}

static void
status_json(struct json_writer *w, const struct run *run)
{
	bool good = str_eq(run->result, "SUCCESS");
	bool over = run->result[0];

	json_key(w, "status");
	json_object(w);
	json_key_str(w, "state", over ? "TERMINATED" : "RUNNING");
	if (over) {
		json_key(w, "termination_details");
		json_object(w);
		json_key_str(w, "code",
		    good                                ? "SUCCESS"
		        : str_eq(run->result, "FAILED") ? "RUN_EXECUTION_ERROR"
		                                        : "USER_CANCELED");
		json_key_str(w, "type", good ? "SUCCESS" : "CLIENT_ERROR");
		json_key_str(w, "message", "Simulated.");
		json_object_end(w);
	}
	json_object_end(w);
}

/* What a run and the run of a task have in common. */
static void
common_json(struct json_writer *w, const struct sim_req *req,
    const struct run *run, int64_t id)
{
	json_key_int(w, "run_id", id);
	json_key_str(w, "run_page_url",
	    arena_printf(req->arena, "%s/?o=%s#job/%" PRId64 "/run/%" PRId64,
	        req->sim->base, req->settings.org_id, run->job_id, id));
	json_key_int(w, "start_time", run->start_ms);
	json_key_int(w, "end_time", run->end_ms);
	state_json(w, run);
	status_json(w, run);
}

static void
head_json(struct json_writer *w, const struct sim_req *req,
    const struct run *run)
{
	common_json(w, req, run, run->id);
	if (run->job_id)
		json_key_int(w, "job_id", run->job_id);
	json_key_str(w, "run_name", run->name);
	json_key_str(w, "run_type", run->job_id ? "JOB_RUN" : "SUBMIT_RUN");
	json_key_str(w, "creator_user_name", req->user);
	json_key_str(w, "trigger", "ONE_TIME");
}

static void
task_json(struct json_writer *w, const struct sim_req *req,
    const struct run *run, const struct run_task *task)
{
	json_object(w);
	json_key_str(w, "task_key", task->key);
	json_key_int(w, "attempt_number", 0);
	common_json(w, req, run, task->id);
	json_object_end(w);
}

/* Reads the state, and finds a run in it; *ret is NULL after a 400. */
static const struct err *
find(const struct sim_req *req, struct sim_resp *resp, int64_t id,
    struct job_state *state, struct run **ret)
{
	const struct err *e = job_state_read(req, state);

	*ret = e ? NULL : run_find(state, id);
	if (!e && !*ret)
		refuse_missing(req, resp, id);
	return e;
}

/* A look at a run brings it forward. */
static const struct err *
look(const struct sim_req *req, const struct job_state *state, struct run *run)
{
	if (run->result[0])
		return NULL;
	if (run->polls < req->settings.run_polls) {
		run->polls++;
	} else {
		run->result = req->settings.run_result;
		run->end_ms = clock_now_ms(&req->sim->clock);
	}
	return job_state_write(req, state);
}

const struct err *
runs_get(const struct sim_req *req, struct sim_resp *resp)
{
	struct run *run = NULL;
	struct job_state state;
	struct paging page;
	struct json_writer w;
	const struct err *e;
	struct buf b;
	size_t i;

	if (!paging_read(req, resp, TASKS_MAX, &page))
		return NULL;
	e = find(req, resp, jobs_number(req, "run_id"), &state, &run);
	if (e || !run)
		return e;
	e = look(req, &state, run);
	if (e)
		return e;
	reply_start(req, &b, &w);
	json_object(&w);
	head_json(&w, req, run);
	json_key(&w, "tasks");
	json_array(&w);
	for (i = 0; i < run->tasks.n; i++) {
		if (paging_takes(&page))
			task_json(&w, req, run, &run->tasks.v[i]);
	}
	json_array_end(&w);
	paging_json(&w, req, &page);
	json_object_end(&w);
	reply_json(resp, 200, &b);
	return NULL;
}

static const struct run *
find_task(const struct job_state *state, int64_t id,
    const struct run_task **ret)
{
	size_t i;
	size_t j;

	for (i = 0; i < state->runs.n; i++) {
		const struct run *run = &state->runs.v[i];

		for (j = 0; j < run->tasks.n; j++) {
			*ret = &run->tasks.v[j];
			if ((*ret)->id == id)
				return run;
		}
	}
	return NULL;
}

const struct err *
runs_output(const struct sim_req *req, struct sim_resp *resp)
{
	int64_t id = jobs_number(req, "run_id");
	const struct run_task *task = NULL;
	const struct run *run;
	struct job_state state;
	struct json_writer w;
	const struct err *e;
	struct buf b;

	e = job_state_read(req, &state);
	if (e)
		return e;
	run = find_task(&state, id, &task);
	if (!run) {
		refuse_missing(req, resp, id);
		return NULL;
	}
	reply_start(req, &b, &w);
	json_object(&w);
	json_key(&w, "metadata");
	task_json(&w, req, run, task);
	if (str_eq(run->result, "SUCCESS")) {
		json_key(&w, "notebook_output");
		json_object(&w);
		json_key_str(&w, "result", "simulated");
		json_key_bool(&w, "truncated", false);
		json_object_end(&w);
	} else if (str_eq(run->result, "FAILED")) {
		json_key_str(&w, "error", "RuntimeError: simulated");
		json_key_str(&w, "error_trace",
		    "Traceback (most recent call last):\n"
		    "RuntimeError: simulated\n");
	}
	json_object_end(&w);
	reply_json(resp, 200, &b);
	return NULL;
}

static bool
is_listed(const struct sim_req *req, const struct run *run)
{
	int64_t job_id = jobs_number(req, "job_id");
	const char *active = fields_get(&req->query, "active_only", "");
	const char *completed = fields_get(&req->query, "completed_only", "");
	bool over = run->result[0];

	if (job_id && run->job_id != job_id)
		return false;
	return !(str_eq(active, "true") && over) &&
	    !(str_eq(completed, "true") && !over);
}

const struct err *
runs_list(const struct sim_req *req, struct sim_resp *resp)
{
	struct job_state state;
	struct paging page;
	struct json_writer w;
	const struct err *e;
	struct buf b;
	size_t i;

	if (!paging_read_limit(req, resp, LIST_USUAL, LIST_MAX, &page))
		return NULL;
	e = job_state_read(req, &state);
	if (e)
		return e;
	reply_start_list(req, &b, &w, "runs");
	/* Newest first. */
	for (i = state.runs.n; i-- > 0;) {
		if (!is_listed(req, &state.runs.v[i]) || !paging_takes(&page))
			continue;
		json_object(&w);
		head_json(&w, req, &state.runs.v[i]);
		json_object_end(&w);
	}
	json_array_end(&w);
	json_key_bool(&w, "has_more", paging_has_more(&page));
	paging_json(&w, req, &page);
	json_object_end(&w);
	reply_json(resp, 200, &b);
	return NULL;
}

const struct err *
runs_cancel(const struct sim_req *req, struct sim_resp *resp)
{
	const struct json *body = reply_need_json(req, resp);
	struct run *run = NULL;
	struct job_state state;
	const struct err *e;

	if (!body)
		return NULL;
	e = find(req, resp, member_int(body, "run_id"), &state, &run);
	if (e || !run)
		return e;
	if (!run->result[0]) {
		run->result = "CANCELED";
		run->end_ms = clock_now_ms(&req->sim->clock);
		e = job_state_write(req, &state);
	}
	return reply_written(resp, e);
}
