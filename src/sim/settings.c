#include "base/base.h"

#include "sim/settings.h"

#include "sim/misbehave.h"

#define TEXT(member, text, means)                                              \
	{                                                                      \
		.name = #member, .initial = text, .meaning = means,            \
		.offset = offsetof(struct settings, member)                    \
	}
#define NUMBER(member, text, least, most, means)                               \
	{                                                                      \
		.name = #member, .initial = text, .meaning = means,            \
		.offset = offsetof(struct settings, member),                   \
		.is_number = true, .min = least, .max = most                   \
	}

const struct setting settings_table[] = {
    TEXT(user, "trainee@simulated.example",
        "who signs in where the form is left as it is"),
    TEXT(org_id, "7405619283746501", "the id of the workspace"),
    TEXT(misbehaviour, "none", "what every model does wrong"),
    TEXT(endpoints,
        "databricks-claude-sonnet-4-5 databricks-gpt-oss-120b "
        "databricks-meta-llama-3-3-70b-instruct",
        "the serving endpoints, the first being the usual one"),
    NUMBER(tokens_per_second, "60", 0, 100000,
        "how fast a model writes; 0: without any delay"),
    NUMBER(drip_ms, "1000", 0, 600000,
        "milliseconds between the tokens of a slow drip"),
    NUMBER(token_life_s, "3600", 0, 86400,
        "seconds that an OAuth access token lives"),
    NUMBER(empty_pages, "1", 0, 1000,
        "empty pages at the start of each list of Unity Catalog"),
    NUMBER(page_size, "50", 1, 10000, "entries of a page of such a list"),
    NUMBER(chunk_rows, "1000", 0, 100000,
        "rows in a chunk of a statement's result; 0: all of them"),
    NUMBER(run_polls, "1", 0, 1000,
        "how often a run or a statement is seen at work before it is over"),
    NUMBER(statement_s, "10", 1, 50,
        "seconds that a statement may take in the database"),
    TEXT(run_result, "SUCCESS", "how a run ends: SUCCESS or FAILED"),
};
const size_t n_settings = COUNT_OF(settings_table);

static void *
member(struct settings *s, const struct setting *setting)
{
	return (char *)s + setting->offset;
}

static const struct err *
refused(const struct setting *setting, const char *value)
{
	if (setting->is_number)
		return err_new(S_USAGE,
		    "%s is a whole number from %" PRId64 " to %" PRId64
		    ", not %s.",
		    setting->name, setting->min, setting->max, value);
	return err_new(S_USAGE, "%s cannot be \"%s\".", setting->name, value);
}

const struct err *
settings_set(struct arena *a, struct settings *s, const char *name,
    const char *value)
{
	size_t i;

	for (i = 0; i < n_settings; i++) {
		const struct setting *setting = &settings_table[i];
		const char **text = member(s, setting);
		int64_t *number = member(s, setting);
		bool ok;

		if (!str_eq(setting->name, name))
			continue;
		if (setting->is_number)
			ok = str_to_int(value, setting->min, setting->max,
			    number);
		else if (str_eq(name, "misbehaviour"))
			ok = misbehaviour_known(value);
		else if (str_eq(name, "run_result"))
			ok = str_eq(value, "SUCCESS") ||
			    str_eq(value, "FAILED");
		else
			ok = !str_empty(value);
		if (!ok)
			return refused(setting, value);
		if (!setting->is_number)
			*text = arena_strdup(a, value);
		return NULL;
	}
	return err_new(S_USAGE, "There is no setting %s.", name);
}

void
settings_init(struct arena *a, struct settings *s)
{
	const struct err *e;
	size_t i;

	for (i = 0; i < n_settings; i++) {
		e = settings_set(a, s, settings_table[i].name,
		    settings_table[i].initial);
		assert(!e);
	}
}

const char *
settings_text(struct arena *a, const struct settings *s,
    const struct setting *setting)
{
	const void *p = (const char *)s + setting->offset;
	const char *const *text = p;
	const int64_t *number = p;

	if (setting->is_number)
		return arena_printf(a, "%" PRId64, *number);
	return *text;
}
