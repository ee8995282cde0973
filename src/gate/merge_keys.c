#include "base/base.h"

#include "gate/merges.h"

#include "gate/flow.h"

/* Conditions in conditions that are looked into. */
#define MAX_DEPTH 60

/* FALSE, or 1 = 0. */
static bool
is_false(const struct expr *e)
{
	if (e->kind == EXPR_LITERAL)
		return e->literal == LITERAL_BOOLEAN &&
		    str_ieq(e->value, "false");
	return e->kind == EXPR_BINARY && e->n_args == 2 &&
	    (str_eq(e->op, "=") || str_eq(e->op, "==") ||
	        str_eq(e->op, "<=>")) &&
	    e->arg[0]->kind == EXPR_LITERAL &&
	    e->arg[1]->kind == EXPR_LITERAL &&
	    e->arg[0]->literal == e->arg[1]->literal &&
	    !str_eq(e->arg[0]->value, e->arg[1]->value);
}

static bool
text_is_false(struct program *p, const char *text)
{
	struct expr_parsed parsed;

	expr_parse(p->arena, text, &parsed);
	return parsed.root && is_false(parsed.root);
}

bool
condition_is_false(struct program *p, const struct py_node *condition)
{
	const char *text = flow_constant(p, condition);
	const struct py_node *value;

	if (text)
		return text_is_false(p, text);
	if (condition->kind != PY_CALL || condition->n < 2 ||
	    !str_eq(program_called(p, condition), "lit"))
		return false;
	value = condition->child[1];
	return pytree_is_other(value, "false");
}

static bool
is_listed(const struct plan_indices *list, size_t column)
{
	size_t i;

	for (i = 0; i < list->n; i++) {
		if (list->v[i] == column)
			return true;
	}
	return false;
}

/* What the condition of a merge compares. */
struct comparing {
	struct merging *m;
	const struct shape *from;
	bool *found;  /* which columns are compared with their own */
	bool unclear; /* and there are conditions of other kinds */
};

static size_t
column_of(const struct plan_pipeline *l, const char *name)
{
	size_t i;

	for (i = 0; i < l->columns.n && !str_ieq(l->columns.v[i].name, name);
	     i++)
		continue;
	return i;
}

/* target.a = source.b */
static void
compare(struct comparing *k, const struct expr *target,
    const struct expr *source)
{
	struct checking *c = k->m->c;
	const char *name = target->part[target->n_parts - 1];
	size_t column = column_of(c->l, name);
	struct made m = {.name = name,
	    .sql = expr_quote_name(c->p->arena,
	        source->part[source->n_parts - 1]),
	    .from = k->from->side[1]};
	struct idents reads;
	enum reading how;
	const char *other;

	if (column == c->l->columns.n)
		return;
	if (!c->l->columns.v[column].is_key) {
		k->found[column] = true;
		return;
	}
	made_reads(c->p, &m, &reads);
	other = column_unread(&c->l->columns.v[column], &reads, &how);
	/* NULL instead of a key matches nothing, which histories use. */
	if (!other || reads.n == 0 || reads.unsure)
		k->found[column] = true;
}

static bool
is_of_target(const struct comparing *k, const struct expr *e)
{
	return e->n_parts > 1 && k->m->alias &&
	    str_ieq(e->part[0], k->m->alias);
}

static void
compare_all(struct comparing *k, const struct expr *e, unsigned depth)
{
	const struct expr *a = e->n_args > 0 ? e->arg[0] : NULL;
	const struct expr *b = e->n_args > 1 ? e->arg[1] : NULL;
	bool binary = e->kind == EXPR_BINARY && a && b;
	bool equal = binary &&
	    (str_eq(e->op, "=") || str_eq(e->op, "==") || str_eq(e->op, "<=>"));

	if (depth < MAX_DEPTH && binary && str_eq(e->op, "and")) {
		compare_all(k, a, depth + 1);
		compare_all(k, b, depth + 1);
	} else if (equal && a->kind == EXPR_COLUMN && b->kind == EXPR_COLUMN) {
		if (a->n_parts > 1 && b->n_parts > 1 &&
		    (str_ieq(a->part[0], b->part[0]) ||
		        (k->m->alias &&
		            is_of_target(k, a) == is_of_target(k, b))))
			k->unclear = true;
		else if (is_of_target(k, b))
			compare(k, b, a);
		else
			compare(k, a, b);
	} else if (equal &&
	    (a->kind == EXPR_COLUMN || b->kind == EXPR_COLUMN) &&
	    (a->kind == EXPR_LITERAL || b->kind == EXPR_LITERAL)) {
		return;
	} else if (e->kind != EXPR_LITERAL) {
		k->unclear = true;
	}
}

static void
judge_comparison(const struct comparing *k)
{
	const struct checking *c = k->m->c;
	const struct plan_pipeline *l = c->l;
	enum strategy strategy = c->p->plan->pattern->strategy;
	bool sure = strategy == STRATEGY_MERGE && !k->from->doubt && k->m->sure;
	size_t i;

	for (i = 0; i < l->columns.n; i++) {
		const struct plan_column *column = &l->columns.v[i];

		if (column->is_key && !k->found[i])
			program_say(c->p,
			    sure && !k->unclear ? G_WRITE : G_UNSURE,
			    k->m->call,
			    k->unclear
			        ? "Whether the merge compares the key %s "
			          "cannot be told."
			        : "The merge does not compare the key %s with "
			          "what it is made of.",
			    column->name);
		else if (!column->is_key && k->found[i] &&
		    (int)i != l->watermark && !is_listed(&l->partitions, i) &&
		    !is_listed(&l->clusters, i))
			program_say(c->p, sure ? G_WRITE : G_UNSURE, k->m->call,
			    "The merge compares %s, which is no key.",
			    column->name);
	}
}

static bool
is_mentioned(const struct texts *pieces, const char *name)
{
	size_t i;

	for (i = 0; i < pieces->n; i++) {
		if (text_has_word(pieces->v[i], name))
			return true;
	}
	return false;
}

/* a != b, a < b, not a == b */
static bool
compares_otherwise(const struct program *p, const struct py_node *n,
    unsigned depth)
{
	const struct binding *b = program_only(p, n);
	size_t i;

	if (depth >= MAX_DEPTH)
		return true;
	if (b && b->kind == BIND_VALUE)
		return compares_otherwise(p, b->value, depth + 1);
	if ((pytree_is_other(n, "comparison_operator") &&
	        !str_eq(n->alias, "==")) ||
	    pytree_is_other(n, "unary_operator"))
		return true;
	for (i = 0; i < n->n; i++) {
		if (compares_otherwise(p, n->child[i], depth + 1))
			return true;
	}
	return false;
}

/* A text that is put together, or columns: by what they mention. */
static void
check_mentioned(struct merging *m, const struct py_node *condition)
{
	struct checking *c = m->c;
	struct made made = {
	    .value = condition, .from = merge_both(m, m->from->v[0])};
	struct idents reads = {0};
	struct texts pieces;
	enum reading how;
	bool otherwise = compares_otherwise(c->p, condition, 0);
	size_t i;

	flow_pieces(c->p, condition, &pieces);
	if (pieces.unknown || pieces.n == 0)
		made_reads(c->p, &made, &reads);
	for (i = 0; i < c->l->columns.n; i++) {
		const struct plan_column *column = &c->l->columns.v[i];

		if (!column->is_key)
			continue;
		if (!otherwise &&
		    (is_mentioned(&pieces, column->name) ||
		        (reads.n > 0 && !column_unread(column, &reads, &how))))
			continue;
		program_say(c->p, G_UNSURE, m->call,
		    "Whether the merge compares the key %s cannot be told.",
		    column->name);
	}
}

void
merge_check_keys(struct merging *m)
{
	struct checking *c = m->c;
	const struct py_node *arg = pytree_argument(m->call, 1, "condition");
	const char *text = m->condition ? m->condition
	    : arg                       ? flow_constant(c->p, arg)
	                                : NULL;
	struct expr_parsed parsed;
	size_t i;

	if ((!arg && !text) || c->l->keys.n == 0 ||
	    c->p->plan->pattern->strategy == STRATEGY_FULL_LOAD)
		return;
	if (text ? text_is_false(c->p, text) : condition_is_false(c->p, arg)) {
		program_say(c->p, m->sure ? G_WRITE : G_UNSURE, m->call,
		    "The merge finds no row of the target, as its condition is "
		    "always false.");
		return;
	}
	if (text)
		expr_parse(c->p->arena, text, &parsed);
	if (!text || !parsed.root) {
		if (!m->condition)
			check_mentioned(m, arg);
		return;
	}
	for (i = 0; i < m->from->n; i++) {
		struct comparing k = {.m = m,
		    .from = merge_both(m, m->from->v[i]),
		    .found = arena_array(c->p->arena, bool,
		        c->l->columns.n + 1)};

		if (m->from->v[i]->own && m->from->n > 1)
			continue;
		compare_all(&k, parsed.root, 0);
		judge_comparison(&k);
	}
}
