#include "base/base.h"

#include "gate/sql_joints.h"

#include <string.h>

#define MAX_DEPTH 20
#define MAX_PARTS 1000
/* Nodes of the program that are as much work as a step of its budget. */
#define NODES_A_STEP 256

/* A part of a text, in the order in which parts are put together. */
struct part {
	const struct py_node *node;
	struct texts texts; /* what it may be; or, if they are pieces, the
	                     * pieces that may begin and end it */
	bool is_pieces;
	size_t skip; /* the part that may follow in its place; 0: none */
};

struct joints {
	struct program *program;
	LIST_OF(struct part) parts;
	unsigned depth;
	bool unknown;
};

static void spread(struct joints *j, const struct py_node *n);
static bool is_known(struct program *p, const struct py_node *n,
    unsigned depth);

static bool
is_name_char(char c)
{
	return chr_is_alnum(c) || c == '_' || c == '`' || (c & 0x80);
}

/* A call begins the text; blanks may stand before it if the name before ends
 * with a dot. */
static bool
starts_call(const char *text, bool dot)
{
	size_t i = 0;
	size_t first;

	while (dot && chr_is_space(text[i]))
		i++;
	first = i;
	while (is_name_char(text[i]))
		i++;
	if (i == first)
		return false;
	while (chr_is_space(text[i]))
		i++;
	return text[i] == '(';
}

/* The text ends with a name; dot: with one that surely goes on. */
static bool
ends_name(const char *text, bool dot)
{
	size_t n = strlen(text);

	while (dot && n > 0 && chr_is_space(text[n - 1]))
		n--;
	return n > 0 && (dot ? text[n - 1] == '.' : is_name_char(text[n - 1]));
}

static bool
is_blank(const char *text)
{
	while (chr_is_space(*text))
		text++;
	return *text == '\0';
}

static bool
any_ends(const struct texts *texts, bool dot)
{
	size_t i;

	for (i = 0; i < texts->n; i++) {
		if (ends_name(texts->v[i], dot))
			return true;
	}
	return false;
}

static bool
any_starts(const struct texts *texts, bool dot)
{
	size_t i;

	for (i = 0; i < texts->n; i++) {
		if (starts_call(texts->v[i], dot))
			return true;
	}
	return false;
}

/* What stands on both sides of the part may meet. */
static bool
lets_through(const struct part *part, bool dot)
{
	size_t i;

	for (i = 0; i < part->texts.n; i++) {
		if (!part->texts.v[i][0] || (dot && is_blank(part->texts.v[i])))
			return true;
	}
	return part->is_pieces;
}

/* A name at the end of a part goes on with a call in a later one. */
static bool
meets_call(const struct joints *j, size_t left, bool dot)
{
	bool *reached = arena_array(j->program->arena, bool, j->parts.n + 1);
	size_t i;

	if (!any_ends(&j->parts.v[left].texts, dot))
		return false;
	reached[left + 1] = true;
	for (i = left + 1; i < j->parts.n; i++) {
		const struct part *part = &j->parts.v[i];

		if (!reached[i])
			continue;
		if (any_starts(&part->texts, dot))
			return true;
		if (lets_through(part, dot))
			reached[i + 1] = true;
		if (part->skip)
			reached[part->skip] = true;
	}
	return false;
}

/* Takes what going through all nodes costs. */
static bool
can_afford(struct program *p)
{
	size_t cost = p->all.n / NODES_A_STEP + 1;

	if (p->budget < cost)
		return false;
	p->budget -= cost;
	return true;
}

/* What an own function returns is known. */
static bool
returns_known(struct program *p, const struct py_node *function, unsigned depth)
{
	const struct py_node *n = NULL;
	bool known = can_afford(p);

	while (known && (n = program_return(p, function, n))) {
		if (n->n > 0)
			known = is_known(p, n->child[0], depth);
	}
	return known;
}

/* The pieces of a part. But for those that an own function puts together,
 * they may meet in any order. */
static void
add_pieces(struct joints *j, struct part *part)
{
	const struct py_node *callee = program_callee(j->program, part->node);

	part->is_pieces = true;
	if (!can_afford(j->program)) {
		j->unknown = true;
		return;
	}
	flow_pieces(j->program, part->node, &part->texts);
	if (callee && callee->kind == PY_DEF)
		j->unknown |= !returns_known(j->program, callee, j->depth);
	else
		j->unknown |= (any_ends(&part->texts, false) &&
		                  any_starts(&part->texts, false)) ||
		    (any_ends(&part->texts, true) &&
		        any_starts(&part->texts, true));
}

static void
add(struct joints *j, const struct py_node *n)
{
	struct part *part = LIST_ADD(j->program->arena, &j->parts);
	size_t i;

	part->node = n;
	j->unknown |= j->parts.n > MAX_PARTS;
	if (j->unknown)
		return;
	flow_texts(j->program, n, &part->texts);
	if (part->texts.unknown || part->texts.from_widget) {
		add_pieces(j, part);
		return;
	}
	for (i = 0; i < part->texts.n; i++)
		j->unknown |= !sql_calls_known(j->program, part->texts.v[i]);
}

/* One of the elements after the other, with the separator between. */
static void
spread_join(struct joints *j, const struct py_node *separator,
    const struct py_node *list)
{
	size_t first = j->parts.n;
	size_t i;

	/* Each element is written out. */
	if (list->kind == PY_LIST && list->n > 0 &&
	    !pytree_has(list, PY_STAR)) {
		for (i = 0; i < list->n; i++) {
			if (i > 0)
				spread(j, separator);
			spread(j, list->child[i]);
		}
		return;
	}
	if (list->kind == PY_EACH)
		list = list->child[0];
	spread(j, list);
	spread(j, separator);
	spread(j, list);
	/* There may be no element. */
	if (j->parts.n > first)
		j->parts.v[first].skip = j->parts.n;
}

static bool
is_join(const struct joints *j, const struct py_node *n)
{
	return n->kind == PY_CALL && n->n == 2 &&
	    n->child[0]->kind == PY_ATTRIBUTE &&
	    str_eq(n->child[0]->text, "join") &&
	    n->child[1]->kind != PY_KEYWORD && n->child[1]->kind != PY_STAR &&
	    !program_callee(j->program, n);
}

static bool
is_built(const struct joints *j, const struct py_node *n)
{
	return n->kind == PY_PLUS || n->kind == PY_FORMAT || is_join(j, n);
}

static void
spread(struct joints *j, const struct py_node *n)
{
	const struct binding *b = program_only(j->program, n);
	size_t i;

	if (b && b->kind == BIND_VALUE && is_built(j, b->value))
		n = b->value;
	if (j->depth >= MAX_DEPTH || j->parts.n > MAX_PARTS)
		j->unknown = true;
	if (j->unknown)
		return;
	j->depth++;
	if (!is_built(j, n)) {
		add(j, n);
	} else if (n->kind == PY_CALL) {
		spread_join(j, n->child[0]->child[0], n->child[1]);
	} else {
		for (i = 0; i < n->n; i++)
			spread(j, n->child[i]);
	}
	j->depth--;
}

static bool
is_known(struct program *p, const struct py_node *n, unsigned depth)
{
	struct joints j = {.program = p, .depth = depth};
	const struct py_node *callee = program_callee(p, n);
	size_t i;

	if (depth >= MAX_DEPTH)
		return false;
	/* Several texts, each of its own. */
	if (n->kind == PY_EACH)
		return is_known(p, n->child[0], depth + 1);
	if (n->kind == PY_LIST || n->kind == PY_STAR) {
		for (i = 0; i < n->n && !j.unknown; i++)
			j.unknown = !is_known(p, n->child[i], depth + 1);
		return !j.unknown;
	}
	if (callee && callee->kind == PY_DEF)
		return returns_known(p, callee, depth + 1);
	spread(&j, n);
	for (i = 0; i < j.parts.n && !j.unknown; i++)
		j.unknown = meets_call(&j, i, true) || meets_call(&j, i, false);
	return !j.unknown;
}

bool
sql_joints_known(struct program *p, const struct py_node *node)
{
	return is_known(p, node, 0);
}
