#include "base/base.h"

#include "trial/scope.h"

#include <string.h>

#define METADATA "_metadata"

struct field_list {
	const char **v;
	size_t n;
	size_t cap;
};

/* The place of a column in a row, SIZE_MAX if there is none. */
static size_t
find(const struct trial_scope *s, const char *const *part, size_t n_parts,
    size_t *ret_parts)
{
	const struct plan_pipeline *p = s->pipeline;
	size_t place;
	size_t i;

	for (i = 0; n_parts > 1 && i < p->sources.n; i++) {
		if (!p->sources.v[i].alias_used ||
		    !str_ieq(part[0], p->sources.v[i].alias))
			continue;
		place = map_get(&s->names[i], slice_of(part[1]), SIZE_MAX);
		*ret_parts = 2;
		return place == SIZE_MAX ? place : s->first[i] + place;
	}
	if (p->sources.n > 1)
		return SIZE_MAX;
	*ret_parts = 1;
	return map_get(&s->names[0], slice_of(part[0]), SIZE_MAX);
}

bool
scope_find(void *data, const char *const *part, size_t n_parts,
    struct eval_column *ret)
{
	const struct trial_scope *s = data;
	size_t place = find(s, part, n_parts, &ret->n_parts);

	if (place == SIZE_MAX)
		return false;
	ret->type = s->types[place];
	ret->index = place;
	return true;
}

static struct guess *
find_guess(void *data, const char *const *part, size_t n_parts,
    size_t *ret_parts)
{
	const struct trial_scope *s = data;
	size_t place = find(s, part, n_parts, ret_parts);

	return place == SIZE_MAX ? NULL : &s->guesses[place];
}

static const struct expr_parsed *
parse(struct arena *a, const char *text)
{
	struct expr_parsed *parsed = arena_new(a, struct expr_parsed);

	expr_parse(a, text, parsed);
	return parsed;
}

size_t
scope_same_table(const struct trial_scope *s, size_t source)
{
	const struct plan_pipeline *p = s->pipeline;
	size_t i;

	for (i = 0; i < source; i++) {
		if (str_eq(p->sources.v[i].widget, p->sources.v[source].widget))
			return i;
	}
	return source;
}

static bool
reads_metadata(const struct plan_pipeline *p, size_t source,
    const struct expr_parsed *parsed)
{
	size_t i;

	for (i = 0; parsed && i < parsed->columns.n; i++) {
		const struct expr_column *c = &parsed->columns.v[i];
		bool is_qualified = c->n_parts > 1 &&
		    str_ieq(c->part[0], p->sources.v[source].alias);

		if (is_qualified
		        ? str_ieq(c->part[1], METADATA)
		        : p->sources.n == 1 && str_ieq(c->part[0], METADATA))
			return true;
	}
	return false;
}

/* Spark gives rows of files a column of its own, which no source lists. */
static bool
uses_metadata(const struct trial_scope *s, size_t source)
{
	const struct plan_pipeline *p = s->pipeline;
	bool uses = false;
	size_t i;

	for (i = 0; i < p->columns.n; i++)
		uses = uses || reads_metadata(p, source, s->value[i]);
	for (i = 0; i < p->filters.n; i++)
		uses = uses || reads_metadata(p, source, s->filter[i]);
	for (i = 0; i < p->sources.n; i++)
		uses = uses || reads_metadata(p, source, s->on[i]);
	return uses;
}

static void
add_field(struct arena *a, struct trial_scope *s, struct field_list *fields,
    size_t source, const char *name)
{
	map_add(a, &s->names[source], slice_of(name),
	    fields->n - s->first[source]);
	*LIST_ADD(a, fields) = name;
}

/* A table that is read twice has the columns of both. */
static void
add_shared_fields(struct arena *a, const struct plan_pipeline *p,
    struct trial_scope *s, struct field_list *fields, size_t source)
{
	size_t i;
	size_t j;

	for (i = 0; i < p->sources.n; i++) {
		const struct plan_source *other = &p->sources.v[i];

		if (i == source ||
		    !str_eq(other->widget, p->sources.v[source].widget))
			continue;
		for (j = 0; j < other->needs.n; j++) {
			if (map_get(&s->names[source],
			        slice_of(other->needs.v[j]),
			        SIZE_MAX) == SIZE_MAX)
				add_field(a, s, fields, source,
				    other->needs.v[j]);
		}
	}
}

/* And their types. */
static void
unite_shared(struct arena *a, struct trial_scope *s)
{
	const struct plan_pipeline *p = s->pipeline;
	size_t i;
	size_t j;
	size_t k;

	for (i = 1; i < p->sources.n; i++) {
		size_t first = scope_same_table(s, i);

		for (j = s->first[i]; first < i && j < s->first[i + 1]; j++) {
			k = map_get(&s->names[first], slice_of(s->fields[j]),
			    SIZE_MAX);
			if (k != SIZE_MAX)
				guess_unite(a, &s->guesses[s->first[first] + k],
				    &s->guesses[j]);
		}
	}
}

static void
add_fields(struct arena *a, const struct plan_pipeline *p,
    struct trial_scope *s)
{
	struct field_list fields = {0};
	size_t i;
	size_t j;

	s->names = arena_array(a, struct map, p->sources.n);
	s->first = arena_array(a, size_t, p->sources.n + 1);
	for (i = 0; i < p->sources.n; i++) {
		const struct plan_source *from = &p->sources.v[i];

		s->first[i] = fields.n;
		s->names[i].fold = true;
		for (j = 0; j < from->needs.n; j++)
			add_field(a, s, &fields, i, from->needs.v[j]);
		add_shared_fields(a, p, s, &fields, i);
		if (uses_metadata(s, i))
			add_field(a, s, &fields, i, METADATA);
		/* Constants alone: the rows count, not what they hold. */
		if (fields.n == s->first[i])
			add_field(a, s, &fields, i, "not_mapped");
	}
	s->first[i] = fields.n;
	s->width = fields.n;
	s->fields = fields.v;
	s->guesses = arena_array(a, struct guess, s->width + 1);
	s->types = arena_array(a, struct value_type, s->width + 1);
	for (i = 0; i < p->sources.n; i++) {
		const char *format = p->sources.v[i].table->format;

		for (j = s->first[i]; j < s->first[i + 1]; j++) {
			if (str_ieq(s->fields[j], METADATA))
				continue;
			s->guesses[j].is_text_file = str_eq(format, "csv") ||
			    str_eq(format, "text");
			s->guesses[j].is_json_file = str_eq(format, "json");
		}
	}
}

static bool
parse_condition(struct arena *a, const char *text,
    const struct expr_parsed **ret, const char **ret_why)
{
	if (!text)
		return true;
	*ret = parse(a, text);
	if ((*ret)->root)
		return true;
	*ret_why = arena_printf(a, "%s is not understood.", text);
	return false;
}

static bool
parse_all(struct arena *a, struct trial_scope *s, const char **ret_why)
{
	const struct plan_pipeline *p = s->pipeline;
	size_t i;

	s->on = arena_array(a, const struct expr_parsed *, p->sources.n);
	s->filter = arena_array(a, const struct expr_parsed *,
	    p->filters.n + 1);
	s->value = arena_array(a, const struct expr_parsed *, p->columns.n + 1);
	for (i = 0; i < p->sources.n; i++) {
		if (!parse_condition(a, p->sources.v[i].on, &s->on[i], ret_why))
			return false;
	}
	for (i = 0; i < p->filters.n; i++) {
		if (!parse_condition(a, p->filters.v[i], &s->filter[i],
		        ret_why))
			return false;
	}
	/* A parameter stands for a text that nobody knows. */
	for (i = 0; i < p->columns.n; i++)
		s->value[i] = parse(a,
		    plan_column_sql(a, &p->columns.v[i],
		        "CAST(NULL AS STRING)"));
	return true;
}

static void
guess_all(struct arena *a, struct trial_scope *s)
{
	const struct plan_pipeline *p = s->pipeline;
	size_t i;

	for (i = 0; i < p->sources.n; i++) {
		if (s->on[i])
			guess_condition(a, find_guess, s, s->on[i]->root);
	}
	for (i = 0; i < p->filters.n; i++)
		guess_condition(a, find_guess, s, s->filter[i]->root);
	for (i = 0; i < p->columns.n; i++) {
		if (s->value[i]->root)
			guess_expr(a, find_guess, s, s->value[i]->root, NULL);
	}
	unite_shared(a, s);
}

bool
scope_make(struct arena *a, const struct plan_pipeline *p,
    const struct value_type *types, struct trial_scope *ret,
    const char **ret_why)
{
	size_t i;

	*ret = (struct trial_scope){.pipeline = p};
	if (!parse_all(a, ret, ret_why))
		return false;
	add_fields(a, p, ret);
	for (i = 0; types && i < ret->width; i++)
		ret->guesses[i].known = &types[i];
	guess_all(a, ret);
	for (i = 0; i < ret->width; i++)
		ret->types[i] = guess_type(a, &ret->guesses[i]);
	return true;
}

bool
scope_holds(struct arena *a, struct trial_scope *s,
    const struct expr *condition, const struct value *row,
    enum eval_outcome *ret_outcome, const char **ret_why)
{
	const struct value *const rows[] = {row};
	const struct eval_scope scope = {scope_find, s, rows, 1};
	struct value v;

	*ret_outcome = eval_expr(a, &scope, condition, 0, &v, ret_why);
	return *ret_outcome == EVAL_VALUE && !v.is_null &&
	    v.type.kind == VALUE_BOOLEAN && v.boolean;
}
