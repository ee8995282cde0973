#include "base/base.h"

#include "sim/jobs.h"

#include "sim/job_state.h"
#include "sim/member.h"
#include "sim/paging.h"
#include "sim/reply.h"

/* Arrays are paged by so many, and lists have at most so many jobs. */
#define PAGE_MAX 100
#define PAGE_USUAL 20
#define TASKS_MAX 1000

int64_t
jobs_number(const struct sim_req *req, const char *name)
{
	int64_t n = 0;

	return str_to_int(fields_get(&req->query, name, ""), 0, INT64_MAX, &n)
	    ? n
	    : 0;
}

const struct err *
jobs_find(const struct sim_req *req, struct sim_resp *resp, int64_t id,
    struct job_state *state, struct job **ret)
{
	const struct err *e = job_state_read(req, state);

	*ret = e ? NULL : job_find(state, id);
	/* Not 404: so does the real one. */
	if (!e && !*ret)
		reply_error(req, resp, 400, "INVALID_PARAMETER_VALUE",
		    "Job %" PRId64 " does not exist.", id);
	return e;
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

	for (t = member_first(settings, "tasks"); t; t = t->next)
		n += str_eq(key_of(t), key);
	return n;
}

/* What is wrong with a task; NULL if nothing is. */
static const char *
wrong_with(struct arena *a, const struct json *settings,
    const struct json *task)
{
	const struct json *needed = member_first(task, "depends_on");
	const char *key = key_of(task);

	if (!key[0])
		return "A task has no task_key.";
	if (count_key(settings, key) > 1)
		return arena_printf(a, "The task_key %s occurs twice.", key);
	for (; needed; needed = needed->next) {
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

	for (t = member_first(settings, "tasks"); t; t = t->next) {
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

static void
tasks_json(struct json_writer *w, const struct json *settings,
    struct paging *page)
{
	const struct json *t;

	json_array(w);
	for (t = member_first(settings, "tasks"); t; t = t->next) {
		if (paging_takes(page))
			json_value(w, t);
	}
	json_array_end(w);
}

/* The job up to its closing brace, with the tasks of the page; NULL: none. */
static void
job_json(struct json_writer *w, const struct sim_req *req,
    const struct job *job, struct paging *page)
{
	const struct json *member;

	json_object(w);
	json_key_int(w, "job_id", job->id);
	json_key_str(w, "creator_user_name", req->user);
	json_key_int(w, "created_time", job->created_ms);
	json_key(w, "settings");
	json_object(w);
	for (member = job->settings->child; member; member = member->next) {
		bool is_tasks = str_eq(member->key, "tasks");

		if (is_tasks && !page)
			continue;
		json_key(w, member->key);
		if (is_tasks)
			tasks_json(w, job->settings, page);
		else
			json_value(w, member);
	}
	json_object_end(w);
}

const struct err *
jobs_get(const struct sim_req *req, struct sim_resp *resp)
{
	struct job *job = NULL;
	struct job_state state;
	struct paging page;
	struct json_writer w;
	const struct err *e;
	struct buf b;

	if (!paging_read(req, resp, PAGE_MAX, &page))
		return NULL;
	e = jobs_find(req, resp, jobs_number(req, "job_id"), &state, &job);
	if (e || !job)
		return e;
	reply_start(req, &b, &w);
	job_json(&w, req, job, &page);
	if (page.first > 0 || paging_has_more(&page))
		json_key_bool(&w, "has_more", paging_has_more(&page));
	paging_json(&w, req, &page);
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
	struct job_state state;
	struct paging page;
	struct json_writer w;
	const struct err *e;
	struct buf b;
	size_t i;

	if (!paging_read_limit(req, resp, PAGE_USUAL, PAGE_MAX, &page))
		return NULL;
	e = job_state_read(req, &state);
	if (e)
		return e;
	reply_start_list(req, &b, &w, "jobs");
	/* Newest first. */
	for (i = state.jobs.n; i-- > 0;) {
		const struct job *job = &state.jobs.v[i];
		struct paging tasks = {.size = PAGE_MAX};

		if (!is_wanted(req, job) || !paging_takes(&page))
			continue;
		job_json(&w, req, job, expand ? &tasks : NULL);
		json_object_end(&w);
	}
	json_array_end(&w);
	json_key_bool(&w, "has_more", paging_has_more(&page));
	paging_json(&w, req, &page);
	json_object_end(&w);
	reply_json(resp, 200, &b);
	return NULL;
}

/* The job that the body names; *ret is NULL after it was refused. */
static const struct err *
find_named(const struct sim_req *req, struct sim_resp *resp,
    const struct json *body, struct job_state *state, struct job **ret)
{
	int64_t id = 0;

	*ret = NULL;
	if (!json_to_int(json_get(body, "job_id"), 0, INT64_MAX, &id)) {
		reply_error(req, resp, 400, "INVALID_PARAMETER_VALUE",
		    "Missing required field: job_id");
		return NULL;
	}
	return jobs_find(req, resp, id, state, ret);
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
	return reply_written(resp, job_state_write(req, &state));
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
	return reply_written(resp, job_state_write(req, &state));
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
	return reply_written(resp, job_state_write(req, &state));
}
