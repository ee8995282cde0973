#include "base/base.h"

#include "sim/jobs.h"

#include "sim/job_state.h"
#include "sim/reply.h"

/* Arrays are paged by so many, and lists have at most so many jobs. */
#define PAGE_MAX 100
#define PAGE_USUAL 20
#define TASKS_MAX 1000

int64_t
jobs_number(const struct sim_req *req, const char *name, int64_t fallback)
{
	int64_t n = fallback;

	if (!str_to_int(fields_get(&req->query, name, ""), 0, INT64_MAX, &n))
		return fallback;
	return n;
}

void
jobs_refuse_missing(const struct sim_req *req, struct sim_resp *resp,
    int64_t id)
{
	/* Not 404: so does the real one. */
	reply_error(req, resp, 400, "INVALID_PARAMETER_VALUE",
	    "Job %" PRId64 " does not exist.", id);
}

static const struct json *
tasks_of(const struct json *settings)
{
	const struct json *tasks = json_get(settings, "tasks");

	return tasks && tasks->kind == JSON_ARRAY ? tasks->child : NULL;
}

static const char *
key_of(const struct json *task)
{
	return json_string(json_get(task, "task_key"), "");
}

static size_t
count_key(const struct json *settings, const char *key)
{
	const struct json *t;
	size_t n = 0;

	for (t = tasks_of(settings); t; t = t->next)
		n += str_eq(key_of(t), key);
	return n;
}

/* What is wrong with a task; NULL if nothing is. */
static const char *
wrong_with(struct arena *a, const struct json *settings,
    const struct json *task)
{
	const struct json *needed = json_get(task, "depends_on");
	const char *key = key_of(task);

	if (!key[0])
		return "A task has no task_key.";
	if (count_key(settings, key) > 1)
		return arena_printf(a, "The task_key %s occurs twice.", key);
	for (needed = needed ? needed->child : NULL; needed;
	     needed = needed->next) {
		if (count_key(settings, key_of(needed)) == 0)
			return arena_printf(a,
			    "Task %s depends on %s, which is not there.", key,
			    key_of(needed));
	}
	return NULL;
}

bool
jobs_check_tasks(const struct sim_req *req, struct sim_resp *resp,
    const struct json *settings)
{
	const struct json *t;
	int64_t n = 0;

	for (t = tasks_of(settings); t; t = t->next) {
		const char *wrong = ++n > TASKS_MAX
		    ? "A job has at most 1000 tasks."
		    : wrong_with(req->arena, settings, t);

		if (!wrong)
			continue;
		reply_error(req, resp, 400, "INVALID_PARAMETER_VALUE", "%s",
		    wrong);
		return false;
	}
	return true;
}

const struct err *
jobs_create(const struct sim_req *req, struct sim_resp *resp)
{
	const struct json *settings = reply_need_json(req, resp);
	struct job_state state;
	struct json_writer w;
	const struct err *e;
	struct job *job;
	struct buf b;

	if (!settings || !jobs_check_tasks(req, resp, settings))
		return NULL;
	e = job_state_read(req, &state);
	if (e)
		return e;
	job = LIST_ADD(req->arena, &state.jobs);
	*job = (struct job){
	    state.next_id++, settings, clock_now_ms(&req->sim->clock)};
	e = job_state_write(req, &state);
	if (e)
		return e;
	reply_start(req, &b, &w);
	json_object(&w);
	json_key_int(&w, "job_id", job->id);
	json_object_end(&w);
	reply_json(resp, 200, &b);
	return NULL;
}

/* Some of the tasks; true where more follow. */
static bool
tasks_json(struct json_writer *w, const struct json *settings, int64_t skip)
{
	const struct json *t = tasks_of(settings);
	int64_t n = 0;

	for (; t && skip > 0; skip--)
		t = t->next;
	json_array(w);
	for (; t && n < PAGE_MAX; t = t->next, n++)
		json_value(w, t);
	json_array_end(w);
	return t != NULL;
}

/* The job up to its closing brace; true where more tasks follow. */
static bool
job_json(struct json_writer *w, const struct sim_req *req,
    const struct job *job, bool with_tasks, int64_t skip)
{
	const struct json *member;
	bool more = false;

	json_object(w);
	json_key_int(w, "job_id", job->id);
	json_key_str(w, "creator_user_name", req->user);
	json_key_int(w, "created_time", job->created_ms);
	json_key(w, "settings");
	json_object(w);
	for (member = job->settings->child; member; member = member->next) {
		bool is_tasks = str_eq(member->key, "tasks");

		if (is_tasks && !with_tasks)
			continue;
		json_key(w, member->key);
		if (is_tasks)
			more = tasks_json(w, job->settings, skip);
		else
			json_value(w, member);
	}
	json_object_end(w);
	return more;
}

static void
next_page_json(struct json_writer *w, struct arena *a, bool more, int64_t next)
{
	json_key_bool(w, "has_more", more);
	if (more)
		json_key_str(w, "next_page_token",
		    arena_printf(a, "%" PRId64, next));
}

const struct err *
jobs_get(const struct sim_req *req, struct sim_resp *resp)
{
	int64_t skip = jobs_number(req, "page_token", 0);
	int64_t id = jobs_number(req, "job_id", 0);
	struct job_state state;
	const struct job *job;
	struct json_writer w;
	const struct err *e;
	struct buf b;
	bool more;

	e = job_state_read(req, &state);
	if (e)
		return e;
	job = job_find(&state, id);
	if (!job) {
		jobs_refuse_missing(req, resp, id);
		return NULL;
	}
	reply_start(req, &b, &w);
	more = job_json(&w, req, job, true, skip);
	if (more || skip > 0)
		next_page_json(&w, req->arena, more, skip + PAGE_MAX);
	json_object_end(&w);
	reply_json(resp, 200, &b);
	return NULL;
}

/* Whether the list that is asked for has the job. */
static bool
is_wanted(const struct sim_req *req, const struct job *job)
{
	const char *name = fields_get(&req->query, "name", "");

	return !name[0] ||
	    str_ieq(json_string(json_get(job->settings, "name"), "Untitled"),
	        name);
}

const struct err *
jobs_list(const struct sim_req *req, struct sim_resp *resp)
{
	bool expand = str_eq(fields_get(&req->query, "expand_tasks", ""),
	    "true");
	int64_t skip = jobs_number(req, "page_token", 0);
	int64_t limit = jobs_number(req, "limit", PAGE_USUAL);
	struct job_state state;
	struct json_writer w;
	const struct err *e;
	int64_t seen = 0;
	struct buf b;
	size_t i;

	if (limit < 1 || limit > PAGE_MAX) {
		reply_error(req, resp, 400, "INVALID_PARAMETER_VALUE",
		    "limit is from 1 to %d.", PAGE_MAX);
		return NULL;
	}
	e = job_state_read(req, &state);
	if (e)
		return e;
	reply_start(req, &b, &w);
	json_object(&w);
	json_key(&w, "jobs");
	json_array(&w);
	/* Newest first. */
	for (i = state.jobs.n; i-- > 0;) {
		const struct job *job = &state.jobs.v[i];

		if (!is_wanted(req, job))
			continue;
		if (seen >= skip && seen < skip + limit) {
			job_json(&w, req, job, expand, 0);
			json_object_end(&w);
		}
		seen++;
	}
	json_array_end(&w);
	next_page_json(&w, req->arena, seen > skip + limit, skip + limit);
	json_object_end(&w);
	reply_json(resp, 200, &b);
	return NULL;
}

/* The job that the body names; *ret is NULL after it was refused. */
static const struct err *
find_named(const struct sim_req *req, struct sim_resp *resp,
    const struct json *body, struct job_state *state, struct job **ret)
{
	const struct err *e;
	int64_t id = 0;

	*ret = NULL;
	if (!json_to_int(json_get(body, "job_id"), 0, INT64_MAX, &id)) {
		reply_error(req, resp, 400, "INVALID_PARAMETER_VALUE",
		    "Missing required field: job_id");
		return NULL;
	}
	e = job_state_read(req, state);
	if (e)
		return e;
	*ret = job_find(state, id);
	if (!*ret)
		jobs_refuse_missing(req, resp, id);
	return NULL;
}

/* Whether a list of texts has the word. */
static bool
has_text(const struct json *list, const char *word)
{
	const struct json *v = list ? list->child : NULL;

	while (v && !str_eq(json_string(v, NULL), word))
		v = v->next;
	return v != NULL;
}

static void
members_json(struct json_writer *w, const struct json *from,
    const struct json *instead, const struct json *without)
{
	const struct json *v;

	for (v = from ? from->child : NULL; v; v = v->next) {
		if (json_get(instead, v->key) || has_text(without, v->key))
			continue;
		json_key(w, v->key);
		json_value(w, v);
	}
}

const struct err *
jobs_update(const struct sim_req *req, struct sim_resp *resp)
{
	const struct json *body = reply_need_json(req, resp);
	const struct json *changes = json_get(body, "new_settings");
	const struct json *settings = NULL;
	struct job *job = NULL;
	struct job_state state;
	struct json_writer w;
	const struct err *e;
	struct buf b;

	if (!body)
		return NULL;
	e = find_named(req, resp, body, &state, &job);
	if (e || !job)
		return e;
	reply_start(req, &b, &w);
	json_object(&w);
	members_json(&w, job->settings, changes,
	    json_get(body, "fields_to_remove"));
	members_json(&w, changes, NULL, NULL);
	json_object_end(&w);
	e = json_parse_own(req->arena, buf_slice(&b), &settings);
	if (e)
		return e;
	if (!jobs_check_tasks(req, resp, settings))
		return NULL;
	job->settings = settings;
	e = job_state_write(req, &state);
	if (!e)
		reply_empty(resp);
	return e;
}

const struct err *
jobs_reset(const struct sim_req *req, struct sim_resp *resp)
{
	const struct json *body = reply_need_json(req, resp);
	const struct json *settings = json_get(body, "new_settings");
	struct job *job = NULL;
	struct job_state state;
	const struct err *e;

	if (!body)
		return NULL;
	if (!settings || settings->kind != JSON_OBJECT) {
		reply_error(req, resp, 400, "INVALID_PARAMETER_VALUE",
		    "Missing required field: new_settings");
		return NULL;
	}
	if (!jobs_check_tasks(req, resp, settings))
		return NULL;
	e = find_named(req, resp, body, &state, &job);
	if (e || !job)
		return e;
	job->settings = settings;
	e = job_state_write(req, &state);
	if (!e)
		reply_empty(resp);
	return e;
}

const struct err *
jobs_delete(const struct sim_req *req, struct sim_resp *resp)
{
	const struct json *body = reply_need_json(req, resp);
	struct job *job = NULL;
	struct job_state state;
	const struct err *e;

	if (!body)
		return NULL;
	e = find_named(req, resp, body, &state, &job);
	if (e || !job)
		return e;
	job_remove(&state, job->id);
	e = job_state_write(req, &state);
	if (!e)
		reply_empty(resp);
	return e;
}
