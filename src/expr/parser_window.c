#include "base/base.h"

#include "expr/parser.h"

/* How the items of an ORDER BY are sorted. */
struct sorts {
	struct expr_sort *v;
	size_t n;
	size_t cap;
};

/* x [ASC | DESC] [NULLS FIRST | LAST], … */
static void
parse_sort(struct parser *p, struct nodes *list, struct sorts *sorts)
{
	do {
		struct expr_sort sort = {0};

		nodes_add(p, list, parse_expression(p));
		if (!take_word(p, KW_ASC))
			sort.descending = take_word(p, KW_DESC);
		sort.nulls_last = sort.descending;
		if (take_word(p, KW_NULLS)) {
			sort.nulls_last = !take_word(p, KW_FIRST);
			if (sort.nulls_last)
				want_word(p, KW_LAST,
				    "FIRST or LAST after NULLS");
		}
		*LIST_ADD(p->arena, sorts) = sort;
	} while (take_kind(p, TOKEN_COMMA));
}

static struct expr_bound
parse_bound(struct parser *p)
{
	struct expr_bound bound = {.kind = BOUND_CURRENT};
	const struct token *t = peek(p);

	if (peek_word(p, 0, KW_CURRENT) && peek_word(p, 1, KW_ROW)) {
		take(p);
		take(p);
		return bound;
	}
	if (!take_word(p, KW_UNBOUNDED)) {
		bound.offset = parse_expression(p);
		if (bound.offset->kind == EXPR_COLUMN)
			fail(p, E_SYNTAX, t, NULL,
			    "A bound of a window is a "
			    "number or an interval, not a column.");
	}
	if (take_word(p, KW_PRECEDING)) {
		bound.kind = bound.offset ? BOUND_PRECEDING : BOUND_FIRST;
	} else {
		want_word(p, KW_FOLLOWING, "PRECEDING or FOLLOWING");
		bound.kind = bound.offset ? BOUND_FOLLOWING : BOUND_LAST;
	}
	return bound;
}

static void
parse_frame(struct parser *p, struct expr_window *w)
{
	if (take_word(p, KW_ROWS))
		w->frame = FRAME_ROWS;
	else if (take_word(p, KW_RANGE))
		w->frame = FRAME_RANGE;
	else
		return;
	w->to.kind = BOUND_CURRENT;
	if (!take_word(p, KW_BETWEEN)) {
		w->from = parse_bound(p);
		return;
	}
	w->from = parse_bound(p);
	want_word(p, KW_AND, "AND between the two bounds of the window");
	w->to = parse_bound(p);
}

/* The first of two words, with BY behind it. */
static bool
take_by(struct parser *p, enum keyword one, enum keyword other)
{
	if (!peek_word(p, 0, one) && !peek_word(p, 0, other))
		return false;
	take(p);
	want_word(p, KW_BY, "BY");
	return true;
}

static void
parse_window_body(struct parser *p, struct expr_window *w,
    struct nodes *partition, struct nodes *order)
{
	struct sorts sorts = {0};
	bool cluster = take_by(p, KW_CLUSTER, KW_CLUSTER);

	if (cluster || take_by(p, KW_PARTITION, KW_DISTRIBUTE)) {
		do {
			nodes_add(p, partition, parse_expression(p));
		} while (take_kind(p, TOKEN_COMMA));
	}
	if (!cluster && take_by(p, KW_ORDER, KW_SORT))
		parse_sort(p, order, &sorts);
	w->sort = sorts.v;
	parse_frame(p, w);
	want_kind(p, TOKEN_RPAREN,
	    partition->n || order->n
	        ? "a comma, ORDER BY, ROWS, RANGE or ) in the window"
	        : "PARTITION BY, ORDER BY or ) after OVER (");
}

/* (x) may be a window's name; (PARTITION BY … is never. */
static bool
is_window_name(const struct parser *p)
{
	return is_name(p, 0) && peek_kind(p, 1) == TOKEN_RPAREN;
}

static const struct expr_window *
parse_window(struct parser *p)
{
	struct expr_window *w = arena_new(p->arena, struct expr_window);
	struct nodes partition = {0};
	struct nodes order = {0};

	if (!take_kind(p, TOKEN_LPAREN)) {
		w->name = take_name(p, "( after OVER");
		return w;
	}
	if (is_window_name(p)) {
		w->name = take_name(p, "a name");
		take(p);
		return w;
	}
	parse_window_body(p, w, &partition, &order);
	w->partition = partition.v;
	w->n_partition = partition.n;
	w->order = order.v;
	w->n_order = order.n;
	return w;
}

void
parse_call_tail(struct parser *p, struct expr *call)
{
	struct nodes within = {0};
	struct sorts sorts = {0};

	if (peek_word(p, 0, KW_WITHIN) && peek_word(p, 1, KW_GROUP)) {
		take(p);
		take(p);
		want_kind(p, TOKEN_LPAREN, "( after WITHIN GROUP");
		want_word(p, KW_ORDER, "ORDER BY after WITHIN GROUP (");
		want_word(p, KW_BY, "BY after ORDER");
		parse_sort(p, &within, &sorts);
		want_kind(p, TOKEN_RPAREN, ") after the ORDER BY");
		call->within = within.v;
		call->n_within = within.n;
	}
	if (peek_word(p, 0, KW_FILTER) && peek_kind(p, 1) == TOKEN_LPAREN) {
		take(p);
		take(p);
		want_word(p, KW_WHERE, "WHERE after FILTER (");
		call->filter = parse_expression(p);
		want_kind(p, TOKEN_RPAREN, ") after the condition of FILTER");
	}
	if (peek_word(p, 1, KW_NULLS) &&
	    (peek_word(p, 0, KW_IGNORE) || peek_word(p, 0, KW_RESPECT))) {
		call->nulls = keyword_text((enum keyword)take(p)->word);
		take(p);
	}
	if (take_word(p, KW_OVER))
		call->over = parse_window(p);
}
