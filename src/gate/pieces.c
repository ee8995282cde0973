#include "base/base.h"

#include "gate/flow.h"

#include "gate/allow.h"
#include "gate/imported.h"
#include "gate/uses.h"

#include <string.h>

#define MAX_DEPTH 200
/* A word is short; see flow_spells(). */
#define MAX_WORD 31

/*
 * What is gathered of a node depends on what becomes of it: its text, at level
 * 0; at level 1 its elements, at level 2 theirs. The characters of a text are
 * never gathered: what they spell cannot be told.
 */
struct pieces {
	struct program *program;
	struct texts *ret;
	unsigned *seen; /* of each node, by its order: levels, as bits */
	bool values;    /* of dictionaries, too, and not their keys alone */
	unsigned depth;
	/* How deep lists and dictionaries nest in what is at hand, in each node
	 * that has been gathered, and in any. */
	unsigned lists;
	unsigned char *nested;
	unsigned most;
	bool turns; /* something is made of itself */
};

#define MAX_LEVEL 8
/* In seen, behind the levels, which are there twice. */
#define IN_PROGRESS (1U << 31)

static void gather(struct pieces *g, const struct py_node *n, unsigned level);

static void
lose(struct pieces *g, const struct py_node *why)
{
	g->ret->unknown = true;
	if (!g->ret->why)
		g->ret->why = why;
}

static void
gather_children(struct pieces *g, const struct py_node *n, size_t from,
    unsigned level)
{
	size_t i;

	for (i = from; i < n->n; i++)
		gather(g, n->child[i], level);
}

static void
gather_values(struct pieces *g, const struct py_node *n, unsigned level)
{
	bool values = g->values;

	g->values = true;
	gather(g, n, level);
	g->values = values;
}

static unsigned
below(unsigned level)
{
	return level > 0 ? level - 1 : 0;
}

static unsigned
at_least(unsigned level, unsigned least)
{
	return level > least ? level : least;
}

/* Elements are taken out of lists, so often. */
static void
taken(struct pieces *g, unsigned times)
{
	g->lists -= g->lists < times ? g->lists : times;
}

/* It makes a list or dictionary of what has been gathered. */
static void
gathered_list(struct pieces *g)
{
	if (g->lists < MAX_LEVEL)
		g->lists++;
	g->most = at_least(g->most, g->lists);
}

static void
gather_param(struct pieces *g, const struct py_node *param, unsigned level)
{
	const struct py_node *function = param->parent->parent;
	int place = program_place(param);
	size_t i;

	if (place < 0 || !uses_calls_are_known(g->program, function)) {
		lose(g, param);
		return;
	}
	gather_children(g, param, 0, level);
	for (i = 0; i < g->program->calls.n; i++) {
		const struct py_node *call = g->program->calls.v[i];
		const struct py_node *arg;

		if (!uses_is_call_of(g->program, call, function))
			continue;
		arg = pytree_argument(call, place, param->text);
		if (arg)
			gather(g, arg, level);
	}
}

/* What x.append(y), x.extend(y) and their like add. */
static void
gather_put(struct pieces *g, const struct py_node *call, unsigned level)
{
	bool spreads = str_eq(pytree_called(call), "extend") ||
	    str_eq(pytree_called(call), "update");
	size_t i;

	for (i = 1; i < call->n; i++)
		gather_values(g, call->child[i],
		    spreads ? at_least(level, 1) : below(level));
	if (!spreads)
		gathered_list(g);
}

/* x[…] = y, x[…] += y */
static void
gather_set(struct pieces *g, const struct py_node *target, unsigned level)
{
	const struct py_node *up = target->parent;

	gather_children(g, target, 1, below(level));
	gather(g, up->child[1],
	    up->kind == PY_ASSIGN ? below(level) : MAX_LEVEL);
	gathered_list(g);
}

struct gathering {
	struct pieces *g;
	const struct py_node *name;
	unsigned level;
};

static void
gather_one_added(const struct py_node *at, void *data)
{
	struct gathering *of = data;
	unsigned around = of->g->lists;

	of->g->lists = 0;
	if (at->kind == PY_CALL)
		gather_put(of->g, at, of->level);
	else
		gather_set(of->g, at, of->level);
	of->g->lists = at_least(of->g->lists, around);
}

/* What is added to a list or dictionary, by its name or attribute. */
static void
gather_added(struct pieces *g, const struct py_node *name, unsigned level)
{
	struct gathering of = {g, name, level};

	uses_added(g->program, name, gather_one_added, &of);
}

static void
gather_binding(const struct binding *b, void *data)
{
	struct gathering *of = data;
	struct pieces *g = of->g;
	unsigned level = of->level + (b->kind == BIND_EACH ? b->levels : 0);
	unsigned around = g->lists;

	g->lists = 0;
	if (b->kind == BIND_PARAM)
		gather_param(g, b->node, level);
	else if (b->value)
		gather(g, b->value, level);
	else if (b->kind == BIND_OTHER)
		lose(g, b->node);
	if (b->kind == BIND_EACH)
		taken(g, b->levels);
	else if (g->lists > 0 ||
	    (b->value && uses_may_change(g->program, b->value))) {
		gather_added(g, of->name, of->level);
		if (!uses_are_known(g->program, b, true, g->lists > 1))
			lose(g, b->node);
	}
	g->lists = at_least(g->lists, around);
}

struct gathering_field {
	struct pieces *g;
	unsigned level;
	bool changes; /* a value may be changed later */
};

static void
gather_field(const struct py_node *value, void *data)
{
	struct gathering_field *of = data;

	of->changes = of->changes || uses_may_change(of->g->program, value);
	gather(of->g, value, of->level);
}

/* A field of an object of an own class: whatever any call sets under that
 * name. */
static void
gather_attribute(struct pieces *g, const struct py_node *n, unsigned level)
{
	struct gathering_field of = {.g = g, .level = level};
	struct program *p = g->program;

	if (str_eq(n->text, "columns") && !program_has(p, n))
		return;
	if (!program_has(p, n) || !uses_is_own_object(p, n->child[0])) {
		lose(g, n);
		return;
	}
	if (!uses_field_values(p, n->text, gather_field, &of))
		lose(g, n);
	gather_added(g, n, level);
	if ((of.changes || g->lists > 0) &&
	    !uses_of_field_are_known(p, n->text, true, g->lists > 1))
		lose(g, n);
}

static void
gather_returns(struct pieces *g, const struct py_node *function, unsigned level)
{
	const struct py_node *n = NULL;

	if (uses_is_decorated(function)) {
		lose(g, function);
		return;
	}
	while ((n = program_return(g->program, function, n)))
		gather_children(g, n, 0, level);
}

static bool
is_column_function(const char *name)
{
	return allow_column_function(name) && !str_eq(name, "broadcast");
}

/* F.f(…), or f(…) from the functions: but for broadcast(), which gives a
 * table. */
static bool
calls_function(const struct program *p, const struct py_node *f)
{
	bool attribute = f->kind == PY_ATTRIBUTE;
	const struct binding *b = program_only(p, attribute ? f->child[0] : f);

	if (!b || b->kind != BIND_IMPORT)
		return false;
	if (!attribute)
		return b->node->kind == PY_FROM &&
		    str_ends(b->node->module, "functions") &&
		    is_column_function(b->node->text);
	return is_column_function(f->text) &&
	    (str_eq(b->node->text, "functions") ||
	        str_eq(b->node->text, "pyspark.sql.functions"));
}

/* x & y, x | y: no texts, whatever x and y are. */
static bool
is_joined(const struct py_node *n)
{
	return str_eq(n->alias, "&") || str_eq(n->alias, "|");
}

/* reduce(lambda a, b: a & b, …): with what it begins with, where there is
 * nothing to join. */
static bool
joins_columns(const struct program *p, const struct py_node *call)
{
	const struct py_node *f = call->n > 2 ? call->child[1] : NULL;
	const struct py_node *first = call->n > 3 ? call->child[3] : NULL;

	if (!f || f->kind != PY_LAMBDA ||
	    !str_eq(program_called(p, call), "reduce") ||
	    !program_only(p, call->child[0]) || !is_joined(f->child[f->n - 1]))
		return false;
	if (!first && call->child[2]->kind == PY_EACH)
		first = call->child[2]->child[0];
	return first && first->kind == PY_CALL && flow_gives_column(p, first);
}

bool
flow_gives_column(const struct program *p, const struct py_node *call)
{
	static const char *const methods[] = {"alias", "cast", "astype", "over",
	    "desc", "asc", "isNull", "isNotNull", "isin", "like", "rlike",
	    "ilike", "between", "when", "otherwise", "eqNullSafe", "getField",
	    "contains", "try_cast", "desc_nulls_last", "asc_nulls_last",
	    "startswith", "endswith"};
	const struct py_node *f = call->child[0];

	return calls_function(p, f) || joins_columns(p, call) ||
	    (f->kind == PY_ATTRIBUTE && !program_has(p, f) &&
	        !imported_module(p, f->child[0]) &&
	        STR_IS_IN(f->text, methods));
}

/* A call of what Python has. */
static void
gather_call_of(struct pieces *g, const struct py_node *n, unsigned level)
{
	static const char *const copies[] = {"list", "tuple", "set", "sorted",
	    "reversed", "dict", "keys", "values", "copy"};
	static const char *const pairs[] = {"zip", "enumerate", "items"};
	static const char *const numbers[] = {"range", "len"};
	const struct py_node *f = n->child[0];
	const char *name = f->text;
	bool method = f->kind == PY_ATTRIBUTE;
	unsigned of;

	if (STR_IS_IN(name, numbers) && !method)
		return;
	if (method && str_eq(name, "join")) {
		gather(g, f->child[0], 0);
		gather_children(g, n, 1, 1);
		g->lists = 0;
		return;
	}
	if (method && (str_eq(name, "lower") || str_eq(name, "upper"))) {
		if (level > 0)
			lose(g, n);
		gather(g, f->child[0], 0);
		return;
	}
	if (STR_IS_IN(name, copies))
		of = at_least(level, 1);
	else if (STR_IS_IN(name, pairs))
		of = at_least(below(level), 1);
	else {
		lose(g, n);
		return;
	}
	if (method)
		gather_values(g, f->child[0], of);
	gather_children(g, n, 1, of);
	if (str_eq(name, "dict") || STR_IS_IN(name, pairs))
		gathered_list(g);
}

static void
gather_call(struct pieces *g, const struct py_node *n, unsigned level)
{
	const struct py_node *callee = program_callee(g->program, n);
	const struct py_node *f = n->child[0];
	bool text = !(f->kind == PY_ATTRIBUTE) &&
	    str_eq(pytree_called(n), "str");

	if (callee && callee->kind == PY_DEF && flow_calls_own(g->program, n))
		gather_returns(g, callee, level);
	else if (flow_gives_column(g->program, n))
		return;
	else if (program_has(g->program, f) ||
	    (f->kind != PY_NAME && f->kind != PY_ATTRIBUTE))
		lose(g, n);
	else if (text && level == 0)
		gather_children(g, n, 1, 0);
	else
		gather_call_of(g, n, level);
}

/* "%s" % x and x * 2 make texts that no piece shows; columns are joined by
 * others. */
static void
gather_operator(struct pieces *g, const struct py_node *n, unsigned level)
{
	bool joins = is_joined(n);
	size_t i;

	for (i = 0; i < n->n && str_eq(n->text, "binary_operator") && !joins;
	     i++) {
		if (n->child[i]->kind != PY_CALL &&
		    n->child[i]->kind != PY_NUMBER)
			lose(g, n);
	}
	gather_children(g, n, 0, level);
}

static void
gather_text(struct pieces *g, const struct py_node *n, unsigned level)
{
	if (n->is_odd || (level > 0 && n->text[0]))
		lose(g, n);
	if (n->text[0])
		*LIST_ADD(g->program->arena, g->ret) = n->text;
}

static void
gather_name(struct pieces *g, const struct py_node *n, unsigned level)
{
	struct gathering of = {g, n, level};

	if (!program_resolve(g->program, n, gather_binding, &of))
		lose(g, n);
}

/* x["key"], of a dictionary that is written out or of whatever. */
static void
gather_subscript(struct pieces *g, const struct py_node *n, unsigned level)
{
	const struct py_node *value[2];
	size_t found = flow_entry(g->program, n, value);

	if (found == 1) {
		gather(g, value[0], level);
	} else {
		gather_values(g, n->child[0], level + 1);
		taken(g, 1);
	}
}

/* Of a dictionary that is gone through, the keys alone come. */
static void
gather_pairs(struct pieces *g, const struct py_node *dict, unsigned level)
{
	size_t i;

	for (i = 0; i < dict->n; i++) {
		const struct py_node *n = dict->child[i];

		if (n->kind == PY_PAIR && !g->values)
			gather(g, n->child[0], level);
		else
			gather(g, n, level);
	}
}

static void
gather_kind(struct pieces *g, const struct py_node *n, unsigned level)
{
	size_t i;

	switch ((int)n->kind) {
	case PY_STRING:
	case PY_NUMBER:
		gather_text(g, n, level);
		break;
	case PY_FORMAT:
		if (level > 0 || n->is_odd)
			lose(g, n);
		gather_children(g, n, 0, 0);
		g->lists = 0;
		break;
	case PY_NAME:
		gather_name(g, n, level);
		break;
	case PY_ATTRIBUTE:
		gather_attribute(g, n, level);
		break;
	case PY_CALL:
		gather_call(g, n, level);
		break;
	case PY_SUBSCRIPT:
		gather_subscript(g, n, level);
		break;
	case PY_DICT:
		gather_pairs(g, n, below(level));
		gathered_list(g);
		break;
	case PY_LIST:
		gather_children(g, n, 0, below(level));
		gathered_list(g);
		break;
	case PY_EACH:
		gather(g, n->child[0], below(level));
		gathered_list(g);
		break;
	case PY_STAR:
		/* **x, it may be */
		for (i = 0; i < n->n; i++)
			gather_values(g, n->child[i], level + 1);
		taken(g, 1);
		break;
	case PY_LAMBDA:
		lose(g, n);
		break;
	case PY_OTHER:
		gather_operator(g, n, level);
		break;
	default:
		gather_children(g, n, 0, level);
		break;
	}
}

static void
gather(struct pieces *g, const struct py_node *n, unsigned level)
{
	unsigned around = g->lists;
	unsigned *seen = &g->seen[n->order];
	unsigned outer = *seen & IN_PROGRESS;
	unsigned bit;

	if (g->depth >= MAX_DEPTH || level >= MAX_LEVEL ||
	    g->program->budget == 0) {
		lose(g, n);
		return;
	}
	bit = level + (g->values ? MAX_LEVEL : 0);
	if (*seen >> bit & 1) {
		g->turns = g->turns || (*seen & IN_PROGRESS);
		g->lists = at_least(g->lists, g->nested[n->order]);
		return;
	}
	g->program->budget--;
	*seen |= 1U << bit | IN_PROGRESS;
	g->lists = 0;
	g->depth++;
	gather_kind(g, n, level);
	g->depth--;
	*seen = (*seen & ~IN_PROGRESS) | outer;
	g->nested[n->order] = (unsigned char)at_least(g->lists,
	    g->nested[n->order]);
	g->lists = at_least(g->lists, around);
}

void
flow_pieces(struct program *p, const struct py_node *node, struct texts *ret)
{
	struct pieces g = {.program = p, .ret = ret};

	*ret = (struct texts){0};
	g.seen = arena_array(p->arena, unsigned, p->all.n + 1);
	g.nested = arena_array(p->arena, unsigned char, p->all.n + 1);
	gather(&g, node, 0);
	/* How deep they nest in the end, nobody counts. */
	if (g.turns && g.most > 1)
		lose(&g, node);
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
