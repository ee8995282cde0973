#include "base/base.h"

#include "web/pages/pattern_offer.h"

#include "core/own_patterns.h"
#include "web/form.h"

/* Each has its options for each target on the page. A sheet of more targets
 * has one pattern of the program for each strategy there. */
#define OWN_MAX 8
#define TARGETS_MAX 8

/* The option whose role a sheet must have for a strategy to fit it. The first
 * asks for most: every sheet with tracked columns or a watermark has keys. */
static const struct {
	enum strategy strategy;
	const char *option;
} decisive[] = {
    {STRATEGY_SCD2, "tracked"},
    {STRATEGY_INCREMENTAL, "watermark"},
    {STRATEGY_MERGE, "keys"},
};

/* The list names columns, and the target has them. */
static bool
has_columns(const struct mapping_target *target, const char *list)
{
	struct slice name;
	bool any = false;
	size_t i;

	while (option_next_column(&list, &name)) {
		any = true;
		for (i = 0; i < target->rows.n; i++) {
			if (slice_ieq(name, target->rows.v[i].target_column))
				break;
		}
		if (i == target->rows.n)
			return false;
	}
	return any;
}

/* The columns that the pattern asks for are there. */
static bool
has_required(struct arena *a, const struct pattern *pattern,
    const struct mapping_target *target)
{
	size_t i;

	for (i = 0; i < pattern->options.n; i++) {
		const struct option *o = &pattern->options.v[i];

		if (o->is_required &&
		    !has_columns(target, plan_option_initial(a, o, target)))
			return false;
	}
	return true;
}

/* How soon the pattern is to be offered, 0 first; COUNT_OF(decisive) where it
 * does not fit the sheet, or fits any. */
static size_t
fit(struct arena *a, const struct pattern *pattern, const struct mapping *m)
{
	const size_t none = COUNT_OF(decisive);
	size_t rank;
	size_t i;

	for (rank = 0; rank < none; rank++) {
		if (decisive[rank].strategy == pattern->strategy)
			break;
	}
	if (rank == none || m->targets.n == 0)
		return none;
	for (i = 0; i < m->targets.n; i++) {
		if (!has_columns(&m->targets.v[i],
		        plan_option_initial(a,
		            pattern_option(pattern, decisive[rank].option),
		            &m->targets.v[i])) ||
		    !has_required(a, pattern, &m->targets.v[i]))
			return none;
	}
	return rank;
}

bool
pattern_fits(struct arena *a, const struct pattern *pattern,
    const struct mapping *m)
{
	return fit(a, pattern, m) < COUNT_OF(decisive);
}

static const struct pattern *
find_reference(struct arena *a, const struct patterns *list,
    const char *reference)
{
	size_t i;

	for (i = 0; i < list->n; i++) {
		if (str_eq(pattern_reference(a, &list->v[i]), reference))
			return &list->v[i];
	}
	return NULL;
}

static const char *
choose(struct req *req, const struct mapping *m,
    const struct pattern_offer *offer, const char *given)
{
	const struct patterns *patterns = &offer->patterns;
	const char *sent = form_typed(req, "pattern");
	size_t best = COUNT_OF(decisive);
	size_t chosen = 0;
	size_t i;

	const char *asked = query_get(req, "pattern");

	if (sent[0] && find_reference(req->arena, patterns, sent))
		return sent;
	if (asked && find_reference(req->arena, patterns, asked))
		return asked;
	if (find_reference(req->arena, patterns, given))
		return given;
	for (i = 0; i < patterns->n; i++) {
		size_t rank = fit(req->arena, &patterns->v[i], m);

		if (rank < best) {
			best = rank;
			chosen = i;
		}
	}
	return patterns->n > 0
	    ? pattern_reference(req->arena, &patterns->v[chosen])
	    : "";
}

/* What was sent, or made with before, and is offered no more: an older version,
 * or a pattern that is disabled. One that cannot be had is left out. */
static const struct err *
add_old(struct req *req, const char *reference, bool models,
    struct pattern_offer *offer)
{
	const struct err *e;

	if (!reference[0] ||
	    find_reference(req->arena, &offer->patterns, reference))
		return NULL;
	e = own_patterns_get(req->app, req->arena, reference, &offer->old,
	    &offer->is_disabled);
	if (e && code_info(e->code)->http >= 500)
		return e;
	if (e || (!models && !pattern_compiles(offer->old)))
		return NULL;
	*LIST_ADD(req->arena, &offer->patterns) = *offer->old;
	return NULL;
}

/* Of the program, and compiled as one before it. */
static bool
is_variant(const struct patterns *all, size_t index)
{
	size_t i;

	for (i = 0; i < index && all->v[index].version == 0; i++) {
		if (all->v[i].version == 0 &&
		    all->v[i].strategy == all->v[index].strategy)
			return true;
	}
	return false;
}

/* The program's patterns, the chosen one, and the first of the others stay. */
static void
set_aside(struct arena *a, const struct mapping *m, struct pattern_offer *offer)
{
	bool many = m->targets.n > TARGETS_MAX;
	struct patterns all = offer->patterns;
	size_t own = 0;
	size_t i;

	offer->patterns = (struct patterns){0};
	for (i = 0; i < all.n; i++) {
		const struct pattern *p = &all.v[i];
		const char *reference = pattern_reference(a, p);
		bool stays = str_eq(reference, offer->chosen) ||
		    (offer->old &&
		        str_eq(reference, pattern_reference(a, offer->old)));

		stays = stays ||
		    (p->version == 0 ? !many || !is_variant(&all, i)
		                     : own++ < OWN_MAX);
		if (stays)
			*LIST_ADD(a, &offer->patterns) = *p;
		else
			*LIST_ADD(a, &offer->others) = *p;
	}
}

const struct err *
pattern_offer_make(struct req *req, const struct mapping *m,
    const struct pattern_given *given, struct pattern_offer *ret)
{
	struct arena *a = req->arena;
	const struct pattern was = {
	    .name = given->pattern, .version = given->version};
	const char *old = given->pattern ? pattern_reference(a, &was) : "";
	struct patterns all = {0};
	const struct err *e;
	size_t i;

	*ret = (struct pattern_offer){0};
	e = own_patterns_offered(req->app, a, &all);
	if (e)
		return e;
	for (i = 0; i < all.n; i++) {
		if (given->models || pattern_compiles(&all.v[i]))
			*LIST_ADD(a, &ret->patterns) = all.v[i];
		else
			*LIST_ADD(a, &ret->prompts) = all.v[i];
	}
	e = add_old(req, old, given->models, ret);
	if (!e && !ret->old)
		e = add_old(req, form_typed(req, "pattern"), given->models,
		    ret);
	if (e)
		return e;
	ret->chosen = choose(req, m, ret, old);
	set_aside(a, m, ret);
	return NULL;
}
