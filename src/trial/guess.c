#include "base/base.h"

#include "trial/guess.h"

#include "trial/use.h"

#include <string.h>

/* What the parameters of the lambdas around an expression stand for. */
struct bound {
	const struct bound *outer;
	const char *name;
	struct guess *guess;
};

struct walk {
	struct arena *arena;
	guess_find *find;
	void *data;
	const struct bound *bound;
};

/* What a place wants of the expression that stands there. */
struct want {
	unsigned uses;
	const struct value_type *content; /* that it is cast to; NULL */
	const char *format;
};

static void walk(const struct walk *w, const struct expr *e, struct want want);

struct guess *
guess_root(struct guess *g)
{
	while (g->same)
		g = g->same;
	return g;
}

void
guess_unite(struct arena *a, struct guess *x, struct guess *y)
{
	size_t i;

	x = guess_root(x);
	y = guess_root(y);
	if (x == y)
		return;
	x->uses |= y->uses;
	if (!x->has_content && y->has_content) {
		x->has_content = true;
		x->content = y->content;
	}
	if (!x->format)
		x->format = y->format;
	if (!x->element)
		x->element = y->element;
	x->is_json = x->is_json || y->is_json;
	x->is_text_file = x->is_text_file || y->is_text_file;
	x->is_json_file = x->is_json_file || y->is_json_file;
	for (i = 0; i < y->literals.n; i++)
		*LIST_ADD(a, &x->literals) = y->literals.v[i];
	for (i = 0; i < y->fields.n; i++)
		*LIST_ADD(a, &x->fields) = y->fields.v[i];
	y->same = x;
}

static struct guess *
field_of(struct arena *a, struct guess *g, const char *name)
{
	struct guess_field *f;
	size_t i;

	g = guess_root(g);
	for (i = 0; i < g->fields.n; i++) {
		if (str_ieq(g->fields.v[i].name, name))
			return g->fields.v[i].guess;
	}
	f = LIST_ADD(a, &g->fields);
	f->name = name;
	f->guess = arena_new(a, struct guess);
	return f->guess;
}

static struct guess *
element_of(struct arena *a, struct guess *g)
{
	g = guess_root(g);
	if (!g->element)
		g->element = arena_new(a, struct guess);
	return g->element;
}

/* The guess that a name means, down to the field of a struct. NULL if none. */
static struct guess *
named(const struct walk *w, const struct expr *e)
{
	const struct bound *b;
	struct guess *g = NULL;
	size_t i = 1;

	for (b = w->bound; b && !g; b = b->outer) {
		if (str_ieq(b->name, e->part[0]))
			g = b->guess;
	}
	if (!g)
		g = w->find(w->data, e->part, e->n_parts, &i);
	for (; g && i < e->n_parts; i++) {
		guess_root(g)->uses |= GUESS_STRUCT;
		g = field_of(w->arena, g, e->part[i]);
	}
	return g;
}

/* The column that decides about the value of the expression: x of
 * upper(trim(x)). NULL if there is none. */
static struct guess *
leaf_of(const struct walk *w, const struct expr *e)
{
	while ((e->kind == EXPR_CALL || e->kind == EXPR_CAST) &&
	    e->n_args > 0 && !e->over)
		e = e->arg[0];
	return e->kind == EXPR_COLUMN ? named(w, e) : NULL;
}

/* Things that are compared, or of which one is chosen: they are of one type,
 * and the columns among them know the literals among them. */
static void
walk_alike(const struct walk *w, const struct expr *const *list, size_t n,
    struct want want, bool compared)
{
	struct guess *first = NULL;
	size_t i;
	size_t j;

	want.uses |= use_natural_of(list, n, 1);
	for (i = 0; i < n; i++) {
		struct guess *leaf = leaf_of(w, list[i]);

		walk(w, list[i], want);
		for (j = 0; leaf && compared && j < n; j++) {
			if (list[j]->kind == EXPR_LITERAL &&
			    list[j]->literal != LITERAL_NULL)
				*LIST_ADD(w->arena,
				    &guess_root(leaf)->literals) = list[j];
		}
		if (list[i]->kind != EXPR_COLUMN || !leaf)
			continue;
		if (first)
			guess_unite(w->arena, first, leaf);
		first = leaf;
	}
}

static void
walk_list(const struct walk *w, const struct expr *const *list, size_t n,
    unsigned uses)
{
	size_t i;

	for (i = 0; i < n; i++)
		walk(w, list[i], (struct want){uses, NULL, NULL});
}

static void
walk_binary(const struct walk *w, const struct expr *e, struct want want)
{
	struct guess *leaf;
	unsigned uses = use_natural_of(e->arg, e->n_args, 1);

	if (use_is_comparison(e->op)) {
		walk_alike(w, e->arg, 2, (struct want){0, NULL, NULL}, true);
	} else if (use_is_arithmetic(e->op)) {
		if (uses & (GUESS_DATE | GUESS_TIMESTAMP))
			walk_list(w, e->arg, 2, uses);
		else if (e->arg[1]->kind == EXPR_INTERVAL)
			walk_list(w, e->arg, 1,
			    want.uses & GUESS_DATE ? GUESS_DATE
			                           : GUESS_TIMESTAMP);
		else
			walk_list(w, e->arg, 2, GUESS_NUMBER);
	} else if (str_eq(e->op, "||")) {
		walk_list(w, e->arg, 2, GUESS_TEXT);
	} else if (str_eq(e->op, ":")) {
		leaf = leaf_of(w, e->arg[0]);
		walk_list(w, e->arg, 1, GUESS_TEXT);
		if (leaf && e->arg[1]->value) {
			guess_root(leaf)->is_json = true;
			field_of(w->arena, leaf, e->arg[1]->value);
		}
	} else if (str_eq(e->op, "and") || str_eq(e->op, "or")) {
		walk_list(w, e->arg, 2, GUESS_BOOLEAN);
	} else {
		walk_list(w, e->arg, e->n_args, 0);
	}
}

static void
walk_case(const struct walk *w, const struct expr *e, struct want want)
{
	const struct expr **list = arena_array(w->arena, const struct expr *,
	    e->n_args + 1);
	size_t first = e->has_operand ? 1 : 0;
	size_t n = 0;
	size_t i;

	if (e->has_operand)
		list[n++] = e->arg[0];
	for (i = first; i + 1 < e->n_args; i += 2) {
		if (e->has_operand)
			list[n++] = e->arg[i];
		else
			walk_list(w, &e->arg[i], 1, GUESS_BOOLEAN);
	}
	if (n > 0)
		walk_alike(w, list, n, (struct want){0, NULL, NULL}, true);
	n = 0;
	for (i = first + 1; i < e->n_args; i += 2)
		list[n++] = e->arg[i];
	if (e->has_else)
		list[n++] = e->arg[e->n_args - 1];
	walk_alike(w, list, n, want, false);
}

/* The text of an argument that is a literal, NULL if it is none. */
static const char *
text_argument(const struct expr *e, size_t i)
{
	if (i >= e->n_args || e->arg[i]->kind != EXPR_LITERAL ||
	    e->arg[i]->literal != LITERAL_STRING)
		return NULL;
	return e->arg[i]->value;
}

static void
note_json(const struct walk *w, const struct expr *e, struct want want)
{
	struct guess *leaf = leaf_of(w, e->arg[0]);
	const char *path = text_argument(e, 1);
	struct guess *field;

	if (!leaf || !path || !str_starts(path, "$.") ||
	    strpbrk(path + 2, ".[]'\"*"))
		return;
	guess_root(leaf)->is_json = true;
	field = field_of(w->arena, leaf, path + 2);
	field->uses |= want.uses;
	if (want.content && !field->has_content) {
		field->has_content = true;
		field->content = *want.content;
	}
}

static void
walk_lambda(const struct walk *w, const struct expr *call, const struct expr *e)
{
	struct guess *leaf = leaf_of(w, call->arg[0]);
	struct walk inner = *w;
	struct bound bound[4];
	size_t i;

	if (!leaf || e->n_params > COUNT_OF(bound))
		return;
	for (i = 0; i < e->n_params; i++) {
		/* The second one of transform() and filter() is a position;
		 * of aggregate() the first one is what has been gathered. */
		bool is_element = str_eq(call->op, "aggregate") ? i == 1
		                                                : i == 0;

		bound[i] = (struct bound){inner.bound, e->param[i],
		    is_element ? element_of(w->arena, leaf)
		               : arena_new(w->arena, struct guess)};
		inner.bound = &bound[i];
	}
	walk(&inner, e->arg[0], (struct want){0, NULL, NULL});
}

static void
walk_argument(const struct walk *w, const struct expr *e, size_t i, char letter,
    struct want want)
{
	struct want inner = {use_of_letter(letter), NULL, NULL};
	static const struct value_type date = {.kind = VALUE_DATE};
	static const struct value_type timestamp = {.kind = VALUE_TIMESTAMP};

	if (e->arg[i]->kind == EXPR_LAMBDA) {
		walk_lambda(w, e, e->arg[i]);
		return;
	}
	if (letter == 'P')
		inner.content = want.content;
	if (letter == 'F') {
		inner.format = text_argument(e, 1);
		inner.content = strstr(e->op, "date") ? &date : &timestamp;
	}
	if (letter == 'J')
		note_json(w, e, want);
	walk(w, e->arg[i], inner);
}

static void
walk_call(const struct walk *w, const struct expr *e, struct want want)
{
	const char *letters = use_signature(e->op);
	size_t n = strlen(letters);
	size_t i;

	if (letters[0] == '=' && !e->over) {
		size_t first = letters[1] == '=' ? 0 : 1;

		for (i = 0; i < first && i < e->n_args; i++)
			walk_argument(w, e, i, letters[1], want);
		if (e->n_args > first)
			walk_alike(w, e->arg + first, e->n_args - first, want,
			    true);
	} else {
		for (i = 0; i < e->n_args; i++)
			walk_argument(w, e, i,
			    n > 1 ? letters[i + 1 < n ? i + 1 : n - 1] : 'A',
			    want);
	}
	if (e->filter)
		walk_list(w, &e->filter, 1, GUESS_BOOLEAN);
	if (e->over) {
		walk_list(w, e->over->partition, e->over->n_partition, 0);
		walk_list(w, e->over->order, e->over->n_order, 0);
	}
}

static void
walk_like(const struct walk *w, const struct expr *e)
{
	struct guess *leaf = leaf_of(w, e->arg[0]);
	size_t i;

	walk_list(w, e->arg, e->n_args, GUESS_TEXT);
	for (i = 1; leaf && i < e->n_args; i++) {
		if (text_argument(e, i))
			*LIST_ADD(w->arena,
			    &guess_root(leaf)->literals) = e->arg[i];
	}
}

static void
walk_column(const struct walk *w, const struct expr *e, struct want want)
{
	struct guess *g = named(w, e);

	if (!g)
		return;
	g = guess_root(g);
	g->uses |= want.uses;
	if (want.content && !g->has_content) {
		g->has_content = true;
		g->content = *want.content;
	}
	if (want.format && !g->format)
		g->format = want.format;
}

static void
walk_subscript(const struct walk *w, const struct expr *e)
{
	unsigned key = use_natural(e->arg[1]);

	walk_list(w, e->arg, 1, key & GUESS_TEXT ? GUESS_MAP : GUESS_ARRAY);
	walk_list(w, e->arg + 1, 1, 0);
}

static void
walk_cast(const struct walk *w, const struct expr *e)
{
	struct value_type *type = arena_new(w->arena, struct value_type);
	bool known = value_type_parse(w->arena, e->type, type);

	walk(w, e->arg[0], (struct want){0, known ? type : NULL, NULL});
}

static void
walk(const struct walk *w, const struct expr *e, struct want want)
{
	switch (e->kind) {
	case EXPR_COLUMN:
		walk_column(w, e, want);
		break;
	case EXPR_CAST:
		walk_cast(w, e);
		break;
	case EXPR_BINARY:
		walk_binary(w, e, want);
		break;
	case EXPR_UNARY:
		walk_list(w, e->arg, 1, use_natural(e));
		break;
	case EXPR_CASE:
		walk_case(w, e, want);
		break;
	case EXPR_IN:
	case EXPR_BETWEEN:
		walk_alike(w, e->arg, e->n_args, (struct want){0, NULL, NULL},
		    true);
		break;
	case EXPR_LIKE:
		walk_like(w, e);
		break;
	case EXPR_IS:
		if (e->n_args > 1)
			walk_alike(w, e->arg, e->n_args,
			    (struct want){0, NULL, NULL}, true);
		else
			walk_list(w, e->arg, 1,
			    str_eq(e->op, "null") ? 0 : GUESS_BOOLEAN);
		break;
	case EXPR_CALL:
		walk_call(w, e, want);
		break;
	case EXPR_SUBSCRIPT:
		walk_subscript(w, e);
		break;
	case EXPR_LITERAL:
	case EXPR_INTERVAL:
	case EXPR_LAMBDA:
	case EXPR_FIELD:
	case EXPR_ROW:
		walk_list(w, e->arg, e->n_args, 0);
		break;
	}
}

void
guess_expr(struct arena *a, guess_find *find, void *data, const struct expr *e,
    const struct value_type *want)
{
	const struct walk w = {a, find, data, NULL};

	walk(&w, e, (struct want){0, want, NULL});
}

void
guess_condition(struct arena *a, guess_find *find, void *data,
    const struct expr *e)
{
	const struct walk w = {a, find, data, NULL};

	walk(&w, e, (struct want){GUESS_BOOLEAN, NULL, NULL});
}
