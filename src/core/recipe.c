#include "base/base.h"

#include "core/recipe.h"

#include "base/json.h"
#include "core/own_patterns.h"

static const struct err *
read_options(struct arena *a, const char *text, struct plan_options *ret)
{
	const struct json *options = NULL;
	const struct json *o;
	const struct err *e = json_parse_own(a, slice_of(text), &options);

	for (o = options ? options->child : NULL; !e && o; o = o->next)
		*LIST_ADD(a, ret) = (struct plan_option){
		    o->key, json_string(o, "")};
	return e;
}

const struct err *
recipe_of(const struct app *app, struct arena *a, const struct user *user,
    const struct generation *g, struct recipe *ret)
{
	const struct err *e;
	bool disabled;

	*ret = (struct recipe){0};
	e = mappings_get_revision(app, a, user, g->mapping, g->revision_number,
	    &ret->sheet);
	if (!e)
		e = own_patterns_get_version(app, a, g->pattern,
		    g->pattern_version, &ret->pattern, &disabled);
	if (!e)
		e = read_options(a, g->options, &ret->options);
	return e;
}
