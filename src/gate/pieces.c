#include "base/base.h"

#include "gate/flow.h"

#include <string.h>

#define MAX_DEPTH 200
/* A word is short; see flow_spells(). */
#define MAX_WORD 31

struct pieces {
	struct program *program;
	struct texts *ret;
	bool *seen; /* of each node, by its order */
	unsigned depth;
};

static void gather(struct pieces *g, const struct py_node *n);

static void
lose(struct pieces *g, const struct py_node *why)
{
	g->ret->unknown = true;
	if (!g->ret->why)
		g->ret->why = why;
}

static void
gather_children(struct pieces *g, const struct py_node *n, size_t from)
{
	size_t i;

	for (i = from; i < n->n; i++)
		gather(g, n->child[i]);
}

static void
gather_param(struct pieces *g, const struct py_node *param)
{
	const struct py_node *function = param->parent->parent;
	int place = program_place(param);
	size_t i;
	size_t k;

	if (function->kind == PY_LAMBDA ||
	    !program_is_only_called(g->program, function))
		lose(g, param);
	gather_children(g, param, 0);
	for (i = 0; i < g->program->calls.n; i++) {
		const struct py_node *call = g->program->calls.v[i];
		const struct py_node *arg;

		if (!str_eq(pytree_called(call), function->text))
			continue;
		arg = pytree_argument(call, place, param->text);
		if (arg) {
			gather(g, arg);
			continue;
		}
		/* Behind *x, or for *x: any of them. */
		for (k = 1; k < call->n; k++)
			gather(g, call->child[k]);
	}
}

/* What is added to a list. */
static void
gather_added(struct pieces *g, const struct py_node *name)
{
	size_t i;

	for (i = 0; i < g->program->calls.n; i++) {
		const struct py_node *call = g->program->calls.v[i];
		const struct py_node *f = call->child[0];

		if (f->kind == PY_ATTRIBUTE && f->child[0]->kind == PY_NAME &&
		    str_eq(f->child[0]->text, name->text) &&
		    (str_eq(f->text, "append") || str_eq(f->text, "extend") ||
		        str_eq(f->text, "insert") || str_eq(f->text, "update")))
			gather_children(g, call, 1);
	}
	for (i = 0; i < g->program->all.n; i++) {
		const struct py_node *n = g->program->all.v[i];

		if ((n->kind == PY_ASSIGN || n->kind == PY_ADD) && n->n > 1 &&
		    n->child[0]->kind == PY_SUBSCRIPT &&
		    n->child[0]->child[0]->kind == PY_NAME &&
		    str_eq(n->child[0]->child[0]->text, name->text)) {
			gather_children(g, n->child[0], 1);
			gather(g, n->child[1]);
		}
	}
}

static void
gather_binding(const struct binding *b, void *data)
{
	struct pieces *g = data;

	if (b->kind == BIND_PARAM)
		gather_param(g, b->node);
	else if (b->value)
		gather(g, b->value);
	else if (b->kind == BIND_OTHER)
		lose(g, b->node);
}

/* A field of an object of an own class: whatever any call sets under that
 * name. */
static void
gather_attribute(struct pieces *g, const struct py_node *n)
{
	const struct program *p = g->program;
	size_t i;

	if (str_eq(n->text, "columns"))
		return;
	if (!map_get(&p->members, slice_of(n->text), 0)) {
		lose(g, n);
		return;
	}
	for (i = 0; i < p->all.n; i++) {
		const struct py_node *m = p->all.v[i];

		if (m->kind == PY_KEYWORD && str_eq(m->text, n->text))
			gather_children(g, m, 0);
		else if (m->kind == PY_ASSIGN && m->n > 1 &&
		    str_eq(m->child[0]->text, n->text) &&
		    (m->child[0]->kind == PY_ATTRIBUTE ||
		        m->parent->kind == PY_CLASS))
			gather(g, m->child[1]);
	}
}

static void
gather_returns(struct pieces *g, const struct py_node *function)
{
	size_t i;

	for (i = 0; i < g->program->all.n; i++) {
		const struct py_node *n = g->program->all.v[i];

		if (n->kind == PY_RETURN && program_function(n) == function)
			gather_children(g, n, 0);
	}
}

bool
flow_gives_column(const struct program *p, const struct py_node *call)
{
	static const char *const methods[] = {"alias", "cast", "astype", "over",
	    "desc", "asc", "isNull", "isNotNull", "isin", "like", "rlike",
	    "ilike", "between", "when", "otherwise", "eqNullSafe", "getField",
	    "contains", "try_cast", "desc_nulls_last", "asc_nulls_last",
	    "startswith", "endswith"};
	const struct py_node *n = call->child[0];
	const struct binding *b;
	size_t i;

	for (i = 0; n->kind == PY_ATTRIBUTE && i < COUNT_OF(methods); i++) {
		if (str_eq(n->text, methods[i]))
			return true;
	}
	while ((n->kind == PY_ATTRIBUTE || n->kind == PY_CALL) && n->n > 0)
		n = n->child[0];
	b = program_only(p, n);
	return b && b->kind == BIND_IMPORT &&
	    (str_ends(b->node->module, "functions") ||
	        str_eq(b->node->text, "functions") ||
	        str_eq(b->node->text, "pyspark.sql.functions"));
}

static void
gather_call(struct pieces *g, const struct py_node *n)
{
	static const char *const methods[] = {
	    "join", "lower", "upper", "items", "keys", "values", "copy"};
	static const char *const builtins[] = {"str", "sorted", "list", "tuple",
	    "set", "zip", "enumerate", "reversed", "dict", "range", "len"};
	const struct py_node *callee = program_callee(g->program, n);
	const struct py_node *f = n->child[0];
	size_t i;

	if (callee && callee->kind == PY_DEF) {
		gather_returns(g, callee);
		return;
	}
	if (flow_gives_column(g->program, n))
		return;
	for (i = 0; f->kind == PY_ATTRIBUTE && i < COUNT_OF(methods); i++) {
		if (!str_eq(f->text, methods[i]))
			continue;
		gather(g, f->child[0]);
		gather_children(g, n, 1);
		return;
	}
	for (i = 0; f->kind == PY_NAME && i < COUNT_OF(builtins); i++) {
		if (!str_eq(f->text, builtins[i]))
			continue;
		gather_children(g, n, 1);
		return;
	}
	lose(g, n);
}

static void
gather_subscript(struct pieces *g, const struct py_node *n)
{
	const struct binding *b = program_only(g->program, n->child[0]);

	if (!b || b->kind != BIND_VALUE ||
	    (b->value->kind != PY_LIST && b->value->kind != PY_DICT))
		lose(g, n);
	else
		gather(g, b->value);
}

/* "%s" % x and its like make texts that no piece shows. */
static void
gather_operator(struct pieces *g, const struct py_node *n)
{
	size_t i;

	for (i = 0; i < n->n && str_eq(n->text, "binary_operator"); i++) {
		if (n->child[i]->kind != PY_CALL &&
		    n->child[i]->kind != PY_NUMBER)
			lose(g, n);
	}
	gather_children(g, n, 0);
}

static void
gather_text(struct pieces *g, const struct py_node *n)
{
	g->ret->unknown |= n->is_odd;
	if (n->text[0])
		*LIST_ADD(g->program->arena, g->ret) = n->text;
}

static void
gather(struct pieces *g, const struct py_node *n)
{
	if (g->seen[n->order])
		return;
	if (g->depth >= MAX_DEPTH) {
		lose(g, n);
		return;
	}
	g->seen[n->order] = true;
	g->depth++;
	switch ((int)n->kind) {
	case PY_STRING:
	case PY_NUMBER:
		gather_text(g, n);
		break;
	case PY_NAME:
		if (!program_resolve(g->program, n, gather_binding, g))
			lose(g, n);
		gather_added(g, n);
		break;
	case PY_ATTRIBUTE:
		gather_attribute(g, n);
		break;
	case PY_CALL:
		gather_call(g, n);
		break;
	case PY_SUBSCRIPT:
		gather_subscript(g, n);
		break;
	case PY_FOR:
		gather_children(g, n, 1);
		break;
	case PY_LAMBDA:
		lose(g, n);
		break;
	case PY_OTHER:
		gather_operator(g, n);
		break;
	default:
		gather_children(g, n, 0);
		break;
	}
	g->depth--;
}

void
flow_pieces(struct program *p, const struct py_node *node, struct texts *ret)
{
	struct pieces g = {.program = p, .ret = ret};

	*ret = (struct texts){0};
	g.seen = arena_array(p->arena, bool, p->all.n + 1);
	gather(&g, node);
}

static bool
is_word(char c)
{
	return chr_is_alnum(c) || c == '_' || (c & 0x80);
}

/* Bits of the word's letters that may have been read: those that are when the
 * piece has been added, where at holds those before it. Bit n: n letters; the
 * top bit: the whole word. */
static uint32_t
advance(const char *piece, const char *word, size_t length, uint32_t at)
{
	uint32_t whole = at & (UINT32_C(1) << MAX_WORD);
	size_t i;

	for (i = 0; piece[i]; i++) {
		uint32_t next = 0;
		size_t k;

		if (i == 0 || !is_word(piece[i - 1]))
			at |= 1;
		for (k = 0; k < length; k++) {
			if ((at >> k & 1) && chr_lower(piece[i]) == word[k])
				next |= UINT32_C(1) << (k + 1);
		}
		if ((at >> length & 1) && !is_word(piece[i]))
			whole = UINT32_C(1) << MAX_WORD;
		at = next;
	}
	if (at >> length & 1)
		whole = UINT32_C(1) << MAX_WORD;
	return at | whole;
}

bool
flow_spells(const struct texts *pieces, const char *word)
{
	size_t length = strlen(word);
	uint32_t at = 1;
	uint32_t before;
	size_t i;

	assert(length < MAX_WORD);
	do {
		before = at;
		for (i = 0; i < pieces->n; i++)
			at |= advance(pieces->v[i], word, length, before);
	} while (at != before);
	return at >> MAX_WORD & 1;
}
