#include "base/base.h"

#include "mapping/reader.h"

#include "base/buf.h"
#include "mapping/name.h"

/* More are not listed in a message. */
#define LISTED 10

enum mark { NEW, OPEN, DONE };

/* A target whose sources are being looked at. */
struct step {
	size_t target;
	size_t next; /* source to look at */
};

struct ordering {
	struct reader *r;
	enum mark *mark;
	bool *in_cycle; /* reported already */
	LIST_OF(struct step) stack;
	LIST_OF(size_t) order;
};

/* The target that writes a source; NONE if none of this sheet does. */
static size_t
writer_of(const struct ordering *o, size_t target, size_t source)
{
	const struct target_state *t = &o->r->states.v[target];

	return o->r->tables.v[t->sources.v[source].table].target;
}

static const char *
shown_target(const struct ordering *o, size_t target)
{
	return text_shown(o->r->a,
	    slice_of(o->r->m->targets.v[target].table.name));
}

/* The targets on the stack from the given one on read each other in turn. */
static void
report_cycle(struct ordering *o, size_t from)
{
	struct reader *r = o->r;
	struct buf b;
	size_t first;
	size_t i;

	if (o->in_cycle[from] || o->in_cycle[o->stack.v[o->stack.n - 1].target])
		return;
	for (first = o->stack.n - 1; o->stack.v[first].target != from;)
		first--;
	buf_init(&b, r->a, SHEET_MAX_CELL);
	for (i = first; i < o->stack.n; i++) {
		size_t target = o->stack.v[i].target;

		o->in_cycle[target] = true;
		if (i - first < LISTED)
			buf_printf(&b, "%s reads ", shown_target(o, target));
		else if (i - first == LISTED)
			buf_add_str(&b, "\xe2\x80\xa6 reads ");
	}
	reader_report(r, &r->states.v[from].cell, M_TARGET_CYCLE, "%s%s.",
	    buf_str(&b), shown_target(o, from));
}

/* Puts a target behind the targets it reads. No recursion: a chain may be as
 * long as the sheet. */
static void
place(struct ordering *o, size_t target)
{
	*LIST_ADD(o->r->a, &o->stack) = (struct step){target, 0};
	o->mark[target] = OPEN;
	while (o->stack.n > 0) {
		struct step *s = &o->stack.v[o->stack.n - 1];
		size_t at = s->target;
		size_t before;

		if (s->next == o->r->states.v[at].sources.n) {
			o->mark[at] = DONE;
			*LIST_ADD(o->r->a, &o->order) = at;
			o->stack.n--;
			continue;
		}
		before = writer_of(o, at, s->next++);
		if (before == NONE || before == at)
			continue;
		if (o->mark[before] == OPEN)
			report_cycle(o, before);
		if (o->mark[before] != NEW)
			continue;
		o->mark[before] = OPEN;
		*LIST_ADD(o->r->a, &o->stack) = (struct step){before, 0};
	}
}

static void
check_self(struct ordering *o, size_t target)
{
	const struct target_state *t = &o->r->states.v[target];
	size_t i;

	for (i = 0; i < t->sources.n; i++) {
		if (t->sources.v[i].table != t->table)
			continue;
		reader_report(o->r, &t->sources.v[i].cell, M_TARGET_IS_SOURCE,
		    "%s is written and read by the same pipeline.",
		    shown_target(o, target));
		return;
	}
}

void
order_targets(struct reader *r)
{
	size_t n = r->m->targets.n;
	struct ordering o = {.r = r};
	struct mapping_target *ordered = arena_array(r->a,
	    struct mapping_target, n);
	size_t i;

	o.mark = arena_array(r->a, enum mark, n);
	o.in_cycle = arena_array(r->a, bool, n);
	for (i = 0; i < n; i++) {
		check_self(&o, i);
		if (o.mark[i] == NEW)
			place(&o, i);
	}
	for (i = 0; i < n; i++)
		ordered[i] = r->m->targets.v[o.order.v[i]];
	r->m->targets.v = ordered;
	r->m->targets.cap = n;
}
