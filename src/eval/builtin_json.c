#include "base/base.h"

#include "eval/builtin.h"

#include "base/json.h"

#include <math.h>

#define LARGEST_WHOLE 9007199254740992.0 /* 2^53 */

/* One step of a path: a member, or an element where name is NULL. */
struct step {
	const char *name;
	int64_t index;
};

struct path {
	struct step *v;
	size_t n;
	size_t cap;
};

/* .name, ['name'] or [2] at the front of the text. */
static bool
take_step(struct arena *a, struct slice *s, struct step *ret)
{
	size_t n = 1;

	*ret = (struct step){0};
	if (*s->p == '.') {
		while (n < s->n &&
		    (chr_is_alnum(s->p[n]) || s->p[n] == '_' ||
		        (s->p[n] & 0x80)))
			n++;
		ret->name = arena_strndup(a, s->p + 1, n - 1);
		*s = (struct slice){s->p + n, s->n - n};
		return n > 1;
	}
	if (*s->p != '[')
		return false;
	while (n < s->n && s->p[n] != ']')
		n++;
	if (n == s->n || n < 2)
		return false;
	if (s->p[1] == '\'' && n >= 4 && s->p[n - 1] == '\'')
		ret->name = arena_strndup(a, s->p + 2, n - 3);
	else if (!slice_to_int((struct slice){s->p + 1, n - 1}, 0, INT32_MAX,
	             &ret->index))
		return false;
	*s = (struct slice){s->p + n + 1, s->n - n - 1};
	return true;
}

/* $.a.b[1]['c']; without wildcards. */
static bool
read_path(struct arena *a, struct slice text, struct path *ret)
{
	*ret = (struct path){0};
	if (text.n == 0 || *text.p != '$')
		return false;
	text = (struct slice){text.p + 1, text.n - 1};
	while (text.n > 0) {
		if (!take_step(a, &text, LIST_ADD(a, ret)))
			return false;
	}
	return true;
}

/* The one member of that name; *ret_twice where there are more. */
static const struct json *
member(const struct json *object, const char *name, bool *ret_twice)
{
	const struct json *found = NULL;
	const struct json *v;

	for (v = object->child; v; v = v->next) {
		if (!str_eq(v->key, name))
			continue;
		*ret_twice = *ret_twice || found;
		found = v;
	}
	return found;
}

static const struct json *
follow(const struct json *v, const struct path *path, bool *ret_twice)
{
	size_t i;
	int64_t j;

	for (i = 0; v && i < path->n; i++) {
		const struct step *s = &path->v[i];

		if (s->name) {
			v = v->kind == JSON_OBJECT
			    ? member(v, s->name, ret_twice)
			    : NULL;
			continue;
		}
		v = v->kind == JSON_ARRAY ? v->child : NULL;
		for (j = 0; v && j < s->index; j++)
			v = v->next;
	}
	return v;
}

/* A whole number is written as it is; whether one is whole can be told where no
 * number of the text has a point or an exponent. */
static bool
has_fraction(struct slice text)
{
	size_t i;

	for (i = 0; i + 1 < text.n; i++) {
		char next = chr_lower(text.p[i + 1]);

		if (chr_is_digit(text.p[i]) && (next == '.' || next == 'e'))
			return true;
		if (text.p[i] == '-' && next == '0')
			return true;
	}
	return false;
}

/* What is no text needs the form that it has in the JSON, or that Spark's
 * library gives it; that is not known here. */
static enum eval_outcome
run_get_json_object(struct run *r, const struct node *n,
    const struct value *arg, struct value *ret)
{
	const struct json *v;
	bool twice = false;
	struct path path;

	if (!read_path(r->arena, arg[1].text, &path))
		return node_unknown(r, "The path into JSON is not known here.");
	if (json_parse(r->arena, arg[0].text, &v))
		return node_unknown(r, "The text is no JSON.");
	v = follow(v, &path, &twice);
	if (twice)
		return node_unknown(r, "A member of JSON is there twice.");
	if (!v || v->kind == JSON_NULL)
		return node_null(n, ret);
	if (v->kind == JSON_BOOL) {
		*ret = value_string(v->boolean ? "true" : "false");
		return EVAL_VALUE;
	}
	if (v->kind == JSON_NUMBER && fabs(v->number) < LARGEST_WHOLE &&
	    !has_fraction(arg[0].text)) {
		*ret = value_string(arena_printf(r->arena, "%" PRId64,
		    (int64_t)v->number));
		return EVAL_VALUE;
	}
	if (v->kind != JSON_STRING)
		return node_unknown(r,
		    "Fractions, objects and arrays in JSON are not known "
		    "here.");
	*ret = value_string(v->string);
	return EVAL_VALUE;
}

static const struct builtin table[] = {
    {.name = "get_json_object",
        .signature = "ss:s",
        .run = run_get_json_object},
};

const struct builtins builtins_json = {table, COUNT_OF(table)};
