#include "base/base.h"

#include "sim/sql_answer.h"

#include "sim/glob.h"
#include "sim/member.h"
#include "sim/store.h"

#include <string.h>

static const char no_data[] =
    "{\"columns\": [{\"name\": \"simulated\", \"type\": \"STRING\"}], "
    "\"rows\": [[\"The simulated workspace has no data and runs no SQL: it "
    "knows only the statements that answers.json has, and this is none of "
    "them.\"]]}";

static bool
is_query(const char *sql)
{
	static const char *const words[] = {
	    "select", "with", "show", "describe", "values", "explain"};
	size_t i;

	while (chr_is_space(*sql) || *sql == '(')
		sql++;
	for (i = 0; i < COUNT_OF(words); i++) {
		size_t n = strlen(words[i]);

		if (strncasecmp(sql, words[i], n) == 0 && !chr_is_alnum(sql[n]))
			return true;
	}
	return false;
}

/* *ret is NULL where none fits. */
static const struct err *
find_script(const struct sim_req *req, const char *sql, const struct json **ret)
{
	const struct json *json = NULL;
	const struct err *e;

	e = store_read(req->arena, req->sim->dir, "answers.json", &json);
	*ret = member_first(json, "answers");
	while (*ret &&
	    !glob_matches(json_string(json_get(*ret, "pattern"), ""), sql))
		*ret = (*ret)->next;
	return e;
}

const struct err *
sql_answer_make(const struct sim_req *req, const struct engine_task *task,
    const struct json **ret)
{
	const struct err *e = find_script(req, task->sql, ret);

	if (e || *ret)
		return e;
	if (req->sim->engine)
		return engine_run(req, task, ret);
	return json_parse_own(req->arena,
	    is_query(task->sql) ? slice_of(no_data) : SLICE("{}"), ret);
}

void
sql_answer_read(const struct json *json, struct sql_answer *ret)
{
	ret->error = json_string(json_get(json, "error"), "");
	ret->error_code = json_string(json_get(json, "error_code"),
	    "BAD_REQUEST");
	ret->sql_state = json_string(json_get(json, "sql_state"), "");
	ret->columns = member_first(json, "columns");
	ret->rows = member_first(json, "rows");
}
