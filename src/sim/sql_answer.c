#include "base/base.h"

#include "sim/sql_answer.h"

#include "sim/glob.h"
#include "sim/member.h"
#include "sim/store.h"

#include <string.h>

static const char no_data[] =
    "{\"columns\": [{\"name\": \"simulated\", \"type\": \"STRING\"}], "
    "\"rows\": [[\"The simulated workspace has no data; answers.json says "
    "what statements give.\"]]}";

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

const struct err *
sql_answer_find(const struct sim_req *req, const char *sql,
    struct sql_answer *ret)
{
	const struct json *json = NULL;
	const struct json *row;
	const struct json *v;
	const struct err *e;

	*ret = (struct sql_answer){.error = ""};
	e = store_read(req->arena, req->sim->dir, "answers.json", &json);
	if (e)
		return e;
	v = member_first(json, "answers");
	while (v && !glob_matches(json_string(json_get(v, "pattern"), ""), sql))
		v = v->next;
	if (!v && is_query(sql)) {
		e = json_parse_own(req->arena, slice_of(no_data), &v);
		if (e)
			return e;
	}
	ret->error = json_string(json_get(v, "error"), "");
	ret->columns = member_first(v, "columns");
	ret->rows = member_first(v, "rows");
	for (row = ret->rows; row; row = row->next)
		ret->n_rows++;
	return NULL;
}
