#include "base/base.h"

#include "web/route.h"

#include "web/api/api.h"
#include "web/pages/pages.h"

#include <string.h>

const struct route routes[] = {
    {METHOD_GET, "/", page_home, .access = ACCESS_SIGNED_IN},
    {METHOD_GET, "/healthz", page_health, .access = ACCESS_PUBLIC,
        .writes = true},
    {METHOD_GET, "/errors", page_errors_index, .access = ACCESS_PUBLIC},

    {METHOD_GET, "/login", page_login_show, .access = ACCESS_PUBLIC,
        .calls = true},
    {METHOD_POST, "/login", page_login_submit, .access = ACCESS_PUBLIC,
        .form = &login_form, .again = page_login_show, .calls = true},
    {METHOD_POST, "/logout", page_logout, .access = ACCESS_SIGNED_IN,
        .one_time = true},
    {METHOD_GET, "/account", page_account_show, .access = ACCESS_SIGNED_IN,
        .calls = true, .one_time = true},
    {METHOD_POST, "/account", page_account_update, .access = ACCESS_SIGNED_IN,
        .form = &account_form, .again = page_account_show, .calls = true,
        .one_time = true},

    {METHOD_GET, "/mappings/new", page_mapping_new, .access = ACCESS_SIGNED_IN},
    {METHOD_POST, "/mappings", page_mapping_create, .access = ACCESS_SIGNED_IN,
        .form = &mapping_new_form, .again = page_mapping_new},
    {METHOD_GET, "/samples/:name", page_sample, .access = ACCESS_SIGNED_IN},
    {METHOD_GET, "/mappings/:id", page_mapping, .access = ACCESS_SIGNED_IN},
    {METHOD_POST, "/mappings/:id", page_mapping_replace,
        .access = ACCESS_SIGNED_IN, .form = &mapping_replace_form,
        .again = page_mapping},
    {METHOD_POST, "/mappings/:id/rows/:number", page_mapping_row,
        .access = ACCESS_SIGNED_IN, .form = &mapping_row_form,
        .again = page_mapping},
    {METHOD_GET, "/mappings/:id/mapping.csv", page_mapping_csv,
        .access = ACCESS_SIGNED_IN},
    {METHOD_POST, "/mappings/:id/proposals", page_propose,
        .access = ACCESS_SIGNED_IN, .form = &propose_form,
        .again = page_mapping},
    {METHOD_GET, "/mappings/:id/pattern", page_pattern,
        .access = ACCESS_SIGNED_IN},
    {METHOD_POST, "/mappings/:id/generations", page_generate,
        .access = ACCESS_SIGNED_IN, .form = &generate_form,
        .again = page_pattern},

    {METHOD_GET, "/patterns", page_patterns, .access = ACCESS_SIGNED_IN},
    {METHOD_GET, "/patterns/new", page_pattern_new, .access = ACCESS_EDITOR},
    {METHOD_POST, "/patterns/new", page_pattern_save, .access = ACCESS_EDITOR,
        .form = &pattern_save_form, .again = page_pattern_new},
    {METHOD_GET, "/patterns/:name", page_pattern_page,
        .access = ACCESS_SIGNED_IN},
    {METHOD_GET, "/patterns/:name/edit", page_pattern_edit,
        .access = ACCESS_EDITOR},
    {METHOD_POST, "/patterns/:name/edit", page_pattern_save,
        .access = ACCESS_EDITOR, .form = &pattern_save_form,
        .again = page_pattern_edit},
    {METHOD_POST, "/patterns/:name/state", page_pattern_switch,
        .access = ACCESS_EDITOR, .form = &pattern_switch_form,
        .again = page_pattern_page},
    {METHOD_GET, "/patterns/:name/pattern.yaml", page_pattern_export,
        .access = ACCESS_EDITOR},

    {METHOD_GET, "/connections", page_connections, .access = ACCESS_SIGNED_IN},
    {METHOD_GET, "/connections/new", page_connection_new,
        .access = ACCESS_SIGNED_IN},
    {METHOD_POST, "/connections/new", page_connection_save,
        .access = ACCESS_SIGNED_IN, .form = &connection_form,
        .again = page_connection_new},
    {METHOD_GET, "/connections/:id", page_connection,
        .access = ACCESS_SIGNED_IN},
    {METHOD_GET, "/connections/:id/edit", page_connection_edit,
        .access = ACCESS_SIGNED_IN},
    {METHOD_POST, "/connections/:id/edit", page_connection_save,
        .access = ACCESS_SIGNED_IN, .form = &connection_form,
        .again = page_connection_edit},
    {METHOD_POST, "/connections/:id/test", page_connection_test,
        .access = ACCESS_SIGNED_IN, .form = &connection_test_form,
        .again = page_connection, .calls = true},
    {METHOD_GET, "/connections/:id/sign-in", page_connection_sign_in,
        .access = ACCESS_SIGNED_IN, .calls = true},
    {METHOD_POST, "/connections/:id/sign-out", page_connection_sign_out,
        .access = ACCESS_SIGNED_IN},
    {METHOD_GET, "/oauth/login", page_oauth_login, .access = ACCESS_PUBLIC,
        .calls = true},
    {METHOD_GET, "/oauth/callback", page_oauth_callback,
        .access = ACCESS_PUBLIC, .calls = true, .writes = true},
    {METHOD_POST, "/connections/:id/model", page_connection_model,
        .access = ACCESS_SIGNED_IN, .form = &connection_model_form,
        .again = page_connection},
    {METHOD_POST, "/connections/:id/default", page_connection_default,
        .access = ACCESS_SIGNED_IN},
    {METHOD_POST, "/connections/:id/remove", page_connection_remove,
        .access = ACCESS_SIGNED_IN},

    {METHOD_GET, "/generations", page_generations, .access = ACCESS_SIGNED_IN},
    {METHOD_GET, "/generations.csv", page_generations_csv,
        .access = ACCESS_SIGNED_IN},
    {METHOD_GET, "/generations/:id", page_generation,
        .access = ACCESS_SIGNED_IN},
    {METHOD_GET, "/generations/:id/live", page_live, .access = ACCESS_SIGNED_IN,
        .calls = true, .writes = true},
    {METHOD_POST, "/generations/:id/rows", page_proposal_accept,
        .access = ACCESS_SIGNED_IN, .form = &proposal_accept_form,
        .again = page_generation},
    {METHOD_POST, "/generations/:id/stop", page_answer_stop,
        .access = ACCESS_SIGNED_IN},
    {METHOD_POST, "/generations/:id/compile", page_compile_instead,
        .access = ACCESS_SIGNED_IN},
    {METHOD_POST, "/generations/:id/restart", page_answer_restart,
        .access = ACCESS_SIGNED_IN, .form = &answer_restart_form,
        .again = page_generation},
    {METHOD_GET, "/generations/:id/notebook.py", page_generation_download,
        .access = ACCESS_SIGNED_IN},
    {METHOD_GET, "/generations/:id/raw", page_generation_raw,
        .access = ACCESS_SIGNED_IN},
    {METHOD_GET, "/generations/:id/tests", page_generation_tests,
        .access = ACCESS_SIGNED_IN},
    {METHOD_GET, "/generations/:id/tests.py", page_generation_tests_download,
        .access = ACCESS_SIGNED_IN},
    {METHOD_GET, "/generations/:id/tests/raw", page_generation_tests_raw,
        .access = ACCESS_SIGNED_IN},
    {METHOD_GET, "/generations/:id/plan.json", page_generation_plan,
        .access = ACCESS_SIGNED_IN},
    {METHOD_GET, "/generations/:id/lineage", page_lineage,
        .access = ACCESS_SIGNED_IN},
    {METHOD_GET, "/generations/:id/lineage.json", page_lineage_json,
        .access = ACCESS_SIGNED_IN},
    {METHOD_GET, "/generations/:id/proof", page_proof,
        .access = ACCESS_SIGNED_IN},
    {METHOD_GET, "/generations/:id/proof.py", page_proof_notebook,
        .access = ACCESS_SIGNED_IN},
    {METHOD_GET, "/generations/:id/mapping.csv", page_generation_mapping,
        .access = ACCESS_SIGNED_IN},

    {METHOD_GET, "/api/patterns", api_patterns, .access = ACCESS_SIGNED_IN,
        .api = true},
    {METHOD_POST, "/api/validate", api_validate, .access = ACCESS_SIGNED_IN,
        .form = &api_validate_form, .api = true},
};
const size_t n_routes = COUNT_OF(routes);

static struct slice
take_segment(const char **path)
{
	struct slice s = {*path, strcspn(*path, "/")};

	*path += s.n;
	if (**path == '/')
		(*path)++;
	return s;
}

static bool
is_word(struct slice s)
{
	for (size_t i = 0; i < s.n; i++)
		if (!chr_is_alnum(s.p[i]) && !strchr("._-", s.p[i]))
			return false;
	return s.n > 0;
}

struct matched {
	int64_t param[2];
	struct slice text[2];
	size_t n_params;
	size_t n_texts;
};

static bool
match_segment(struct slice want, struct slice have, struct matched *m)
{
	if (want.n == 0 || want.p[0] != ':')
		return slice_eq(want, have);
	if (slice_is(want, ":id") || slice_is(want, ":number")) {
		assert(m->n_params < COUNT_OF(m->param));
		/* One address a thing: no leading zero or sign. */
		return have.n > 0 && have.p[0] >= '1' && have.p[0] <= '9' &&
		    slice_to_int(have, 1, INT64_MAX, &m->param[m->n_params++]);
	}
	assert(m->n_texts < COUNT_OF(m->text));
	m->text[m->n_texts++] = have;
	return is_word(have);
}

static bool
match(const char *want, const char *have, struct matched *m)
{
	*m = (struct matched){0};
	/* No row but "/" ends in a slash. */
	if (have[1] && str_ends(have, "/"))
		return false;
	/* Both start with one. */
	want++;
	have++;
	while (*want && *have)
		if (!match_segment(take_segment(&want), take_segment(&have), m))
			return false;
	return !*want && !*have;
}

const struct route *
route_find(const struct route *list, size_t n, struct req *req,
    unsigned int *ret_methods)
{
	enum method method = req->method;

	if (method == METHOD_HEAD)
		method = METHOD_GET;
	*ret_methods = 0;
	for (size_t i = 0; i < n; i++) {
		struct matched m;

		if (!match(list[i].path, req->path, &m))
			continue;
		*ret_methods |= 1U << list[i].method;
		if (list[i].method != method)
			continue;
		memcpy(req->param, m.param, sizeof(req->param));
		for (size_t k = 0; k < m.n_texts; k++)
			req->text_param[k] = slice_dup(req->arena, m.text[k]);
		return &list[i];
	}
	return NULL;
}
