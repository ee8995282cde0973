#include "base/base.h"

#include "plan/derived_parts.h"

static const char *const model_keys[] = {
    "name", "temperature", "max_tokens", "first_s", "total_s", "instructions"};

/* A whole number of the model's settings; it stays 0 where it is absent. */
static void
read_number(const struct reading *r, const struct json *model, const char *key,
    int64_t min, int64_t max, int64_t *ret)
{
	const struct json *v = json_get(model, key);

	if (v && !json_to_int(v, min, max, ret))
		problem_add(r->problems, r->arena, P_KEY_VALUE,
		    derived_line_of(v), -1,
		    "model.%s must be a whole number from %" PRId64
		    " to %" PRId64 ".",
		    key, min, max);
}

static void
read_temperature(const struct reading *r, const struct json *v,
    struct pattern_model *ret)
{
	if (!v)
		return;
	ret->has_temperature = (v->kind == JSON_NUMBER ||
	                           v->kind == JSON_STRING) &&
	    str_to_hundredths(v->string, PATTERN_TEMPERATURE_MAX,
	        &ret->temperature);
	if (!ret->has_temperature)
		derived_complain(r, P_KEY_VALUE, derived_line_of(v),
		    "model.temperature must be a number from 0 to 2.");
}

void
derived_read_model(const struct reading *r, const struct json *root)
{
	const struct json *model = json_get(root, "model");
	struct pattern_model *ret = &r->derived->pattern.model;
	const struct json *v;

	if (!model || model->kind == JSON_NULL)
		return;
	if (model->kind != JSON_OBJECT) {
		derived_complain(r, P_KEY_VALUE, derived_line_of(model),
		    "model must have keys of its own.")
		    ->fix = "Write name: …, temperature: … and so on below it.";
		return;
	}
	derived_check_known(r, model, model_keys, COUNT_OF(model_keys));
	if ((v = json_get(model, "name")))
		ret->name = derived_take_text(r, "model.name", v, 200, true);
	if ((v = json_get(model, "instructions")))
		ret->instructions = derived_take_text(r, "model.instructions",
		    v, 20000, false);
	read_temperature(r, json_get(model, "temperature"), ret);
	read_number(r, model, "max_tokens", PATTERN_TOKENS_MIN,
	    PATTERN_TOKENS_MAX, &ret->max_tokens);
	read_number(r, model, "first_s", 1, PATTERN_WAIT_MAX, &ret->first_s);
	read_number(r, model, "total_s", 1, PATTERN_WAIT_MAX, &ret->total_s);
	if (ret->total_s > 0 && ret->first_s > ret->total_s)
		derived_complain(r, P_KEY_VALUE,
		    derived_line_of(json_get(model, "total_s")),
		    "model.total_s is less than model.first_s.");
}
