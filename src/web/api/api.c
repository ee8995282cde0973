#include "base/base.h"

#include "web/api/api.h"

#include "base/json.h"
#include "core/compile.h"
#include "core/own_patterns.h"
#include "core/problems.h"

#define MAX_REPLY ((size_t)32 * 1024 * 1024)

struct validate {
	const char *mapping_csv;
};

static const struct field validate_fields[] = {
    FIELD_TEXT(struct validate, mapping_csv, "Mapping", 1, SHEET_MAX_BYTES),
};

const struct form_table api_validate_form = FORM(struct validate,
    validate_fields);

const struct err *
api_validate(struct req *req, struct resp *resp)
{
	const struct validate *form = form_values(req, struct validate);
	struct compiled compiled;
	struct json_writer w;
	struct buf b;
	size_t i;

	compile_check(req->arena, slice_of(form->mapping_csv), &compiled);
	buf_init(&b, req->arena, MAX_REPLY);
	json_init(&w, &b, false);
	json_object(&w);
	json_key_bool(&w, "valid", compiled.problems.errors == 0);
	json_key_int(&w, "errors", (int64_t)compiled.problems.errors);
	json_key_int(&w, "warnings",
	    (int64_t)(compiled.problems.n - compiled.problems.errors));
	json_key(&w, "problems");
	json_array(&w);
	for (i = 0; i < compiled.problems.n; i++)
		problem_json(&w, &compiled.problems.v[i]);
	json_array_end(&w);
	json_object_end(&w);
	return resp_json(req, resp, buf_slice(&b));
}

static void
put_options(struct json_writer *w, const struct pattern *p)
{
	size_t i;
	size_t j;

	json_key(w, "options");
	json_array(w);
	for (i = 0; i < p->options.n; i++) {
		const struct option *o = &p->options.v[i];

		json_object(w);
		json_key_str(w, "name", o->name);
		json_key_str(w, "title", o->title);
		json_key_str(w, "description", o->description);
		json_key_str(w, "default", o->initial);
		json_key_str(w, "access", option_access_name(o->access));
		json_key_bool(w, "required", o->is_required);
		json_key(w, "choices");
		json_array(w);
		for (j = 0; j < o->choices.n; j++)
			json_str(w, o->choices.v[j].value);
		json_array_end(w);
		json_object_end(w);
	}
	json_array_end(w);
}

static void
put_pattern(struct json_writer *w, struct arena *a, const struct pattern *p)
{
	json_object(w);
	json_key_str(w, "name", p->name);
	json_key_str(w, "display_name", p->title);
	json_key_str(w, "description", p->description);
	json_key_str(w, "reference", pattern_reference(a, p));
	json_key(w, "version");
	if (p->version > 0)
		json_int(w, p->version);
	else
		json_null(w);
	json_key_str(w, "extends", str_empty(p->extends) ? NULL : p->extends);
	json_key_bool(w, "compiles", pattern_compiles(p));
	put_options(w, p);
	json_key_str(w, "prompt_template", p->prompt);
	json_key(w, "example_mapping");
	json_slice(w, p->example);
	json_object_end(w);
}

const struct err *
api_patterns(struct req *req, struct resp *resp)
{
	struct patterns patterns;
	struct json_writer w;
	const struct err *e;
	struct buf b;
	size_t i;

	e = own_patterns_offered(req->app, req->arena, &patterns);
	if (e)
		return e;
	buf_init(&b, req->arena, MAX_REPLY);
	json_init(&w, &b, false);
	json_object(&w);
	json_key(&w, "patterns");
	json_array(&w);
	for (i = 0; i < patterns.n; i++)
		put_pattern(&w, req->arena, &patterns.v[i]);
	json_array_end(&w);
	json_object_end(&w);
	return resp_json(req, resp, buf_slice(&b));
}
