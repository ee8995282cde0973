#include "base/base.h"

#include "expr/check.h"

#include "expr/functions.h"

#include <stdlib.h>

/* The parameters of the lambdas around a node. */
struct scope {
	const struct scope *outer;
	const struct expr *lambda;
};

struct walk {
	struct arena *arena;
	struct expr_parsed *p;
};

static void walk(struct walk *w, const struct expr *e,
    const struct scope *scope);

static bool
is_error(enum err_code code)
{
	return code_info(code)->severity == SEVERITY_ERROR;
}

bool
check_wants(const struct expr_parsed *p, enum err_code code)
{
	return p->findings.n < EXPR_MAX_FINDINGS ||
	    (p->errors == 0 && is_error(code));
}

struct expr_finding *
check_add(struct arena *a, struct expr_parsed *p, enum err_code code,
    size_t start, size_t end)
{
	struct expr_finding *f = LIST_ADD(a, &p->findings);

	f->code = code;
	f->start = start;
	f->end = end;
	if (is_error(code))
		p->errors++;
	return f;
}

static bool
is_parameter(const struct scope *scope, const char *name)
{
	size_t i;

	for (; scope; scope = scope->outer) {
		for (i = 0; i < scope->lambda->n_params; i++) {
			if (str_ieq(scope->lambda->param[i], name))
				return true;
		}
	}
	return false;
}

static void
walk_column(struct walk *w, const struct expr *e, const struct scope *scope)
{
	struct expr_column *c;

	if (is_parameter(scope, e->part[0]))
		return;
	c = LIST_ADD(w->arena, &w->p->columns);
	c->part = e->part;
	c->n_parts = e->n_parts;
	c->start = e->start;
	c->end = e->end;
}

static bool
is_null(const struct expr *e)
{
	return e->kind == EXPR_LITERAL && e->literal == LITERAL_NULL;
}

static bool
is_string(const struct expr *e)
{
	return e->kind == EXPR_LITERAL && e->literal == LITERAL_STRING;
}

static bool
is_comparison(const char *op)
{
	static const char *const ops[] = {
	    "=", "==", "<>", "!=", "<", "<=", ">", ">=", "!<", "!>"};
	size_t i;

	for (i = 0; i < COUNT_OF(ops); i++) {
		if (str_eq(op, ops[i]))
			return true;
	}
	return false;
}

/* Text that Spark would read as a number where it must. */
static bool
is_numeric_text(const char *s)
{
	struct slice t = slice_trim(slice_of(s));
	bool digit = false;
	size_t i;

	for (i = 0; i < t.n; i++) {
		if (chr_is_digit(t.p[i]))
			digit = true;
		else if (t.p[i] != '.' && t.p[i] != '-' && t.p[i] != '+' &&
		    chr_lower(t.p[i]) != 'e')
			return false;
	}
	return digit;
}

/* 'a' + 'b' is NULL in Spark, and 'a' & 'b' fails only at run time. */
static void
check_text_operand(struct walk *w, const struct expr *e)
{
	struct expr_finding *f;
	size_t i;

	if ((!str_eq(e->op, "+") && !str_eq(e->op, "&")) ||
	    !check_wants(w->p, E_OPERANDS))
		return;
	for (i = 0; i < e->n_args; i++) {
		if (!is_string(e->arg[i]) || is_numeric_text(e->arg[i]->value))
			continue;
		f = check_add(w->arena, w->p, E_OPERANDS, e->arg[i]->start,
		    e->arg[i]->end);
		f->message = str_eq(e->op, "+")
		    ? "+ adds numbers; with text the result is NULL."
		    : "& is for the bits of whole numbers; it does not join "
		      "text.";
		f->fix = "Write || or concat() to join text.";
		return;
	}
}

static void
check_null_operand(struct walk *w, const struct expr *e)
{
	struct expr_finding *f;
	bool equal = str_eq(e->op, "=") || str_eq(e->op, "==");
	size_t null;

	if (!is_comparison(e->op) || !check_wants(w->p, E_NULL_COMPARED))
		return;
	null = is_null(e->arg[1]) ? 1 : 0;
	if (!is_null(e->arg[null]))
		return;
	f = check_add(w->arena, w->p, E_NULL_COMPARED, e->arg[null]->start,
	    e->arg[null]->end);
	f->message = "A comparison with NULL is never true.";
	f->fix = equal ? "Write IS NULL." : "Write IS NOT NULL.";
}

static void
check_null_in_list(struct walk *w, const struct expr *e)
{
	struct expr_finding *f;
	size_t i;

	for (i = 1; i < e->n_args && check_wants(w->p, E_NULL_COMPARED); i++) {
		if (!is_null(e->arg[i]))
			continue;
		f = check_add(w->arena, w->p, E_NULL_COMPARED, e->arg[i]->start,
		    e->arg[i]->end);
		f->message = e->negated
		    ? "NOT IN with NULL in the list is never true."
		    : "NULL in a list is never found.";
		f->fix = e->negated ? "Remove NULL from the list."
		                    : "Write … IN (…) OR x IS NULL.";
		return;
	}
}

/* DATE'today', TIMESTAMP'now', TIMESTAMP'10:00' */
static bool
is_volatile_literal(const struct expr *e)
{
	struct slice s;

	if (e->kind != EXPR_LITERAL || e->literal != LITERAL_TYPED ||
	    (!str_eq(e->op, "date") && !str_starts(e->op, "timestamp")))
		return false;
	s = slice_trim(slice_of(e->value));
	if (slice_ieq(s, "epoch"))
		return false;
	return s.n > 2 &&
	    (chr_is_alpha(s.p[0]) || s.p[1] == ':' || s.p[2] == ':');
}

static void
walk_call(struct walk *w, const struct expr *e)
{
	struct expr_function *f = LIST_ADD(w->arena, &w->p->functions);

	f->name = e->op;
	f->start = e->start;
	f->end = e->op_end;
	f->known = function_is_known(e->op);
	check_call(w->arena, w->p, e);
}

static void
walk_list(struct walk *w, const struct expr *const *list, size_t n,
    const struct scope *scope)
{
	size_t i;

	for (i = 0; i < n; i++)
		walk(w, list[i], scope);
}

/* In the order of the text; no deeper than EXPR_MAX_HEIGHT. */
static void
walk(struct walk *w, const struct expr *e, const struct scope *scope)
{
	struct scope inner = {scope, e};

	if (e->kind == EXPR_COLUMN)
		walk_column(w, e, scope);
	else if (e->kind == EXPR_CALL)
		walk_call(w, e);
	else if (is_volatile_literal(e))
		w->p->is_volatile = true;
	walk_list(w, e->arg, e->n_args,
	    e->kind == EXPR_LAMBDA ? &inner : scope);
	walk_list(w, e->within, e->n_within, scope);
	if (e->filter)
		walk(w, e->filter, scope);
	if (e->over) {
		walk_list(w, e->over->partition, e->over->n_partition, scope);
		walk_list(w, e->over->order, e->over->n_order, scope);
	}
	if (e->kind == EXPR_BINARY) {
		check_text_operand(w, e);
		check_null_operand(w, e);
	} else if (e->kind == EXPR_IN) {
		check_null_in_list(w, e);
	}
}

static int
compare_findings(const void *left, const void *right)
{
	const struct expr_finding *l = left;
	const struct expr_finding *r = right;

	if (l->start != r->start)
		return l->start < r->start ? -1 : 1;
	if (l->end != r->end)
		return l->end < r->end ? -1 : 1;
	return (l->code > r->code) - (l->code < r->code);
}

static bool
is_one_literal(const struct expr *e)
{
	if (e->kind == EXPR_UNARY && !str_eq(e->op, "not") &&
	    !str_eq(e->op, "~"))
		e = e->arg[0];
	else if (e->kind == EXPR_LITERAL)
		return true;
	return e->kind == EXPR_LITERAL && e->literal == LITERAL_NUMBER &&
	    e->value[0] != '-';
}

static bool
binary_may_be_boolean(const struct expr *e)
{
	return is_comparison(e->op) || str_eq(e->op, "<=>") ||
	    str_eq(e->op, "and") || str_eq(e->op, "or") || str_eq(e->op, ":");
}

/* All results of a CASE have one type, so one that is not boolean decides. */
static bool
case_may_be_boolean(const struct expr *e)
{
	size_t first = e->has_operand ? 1 : 0;
	size_t i;

	for (i = first; i < e->n_args; i++) {
		bool last = i + 1 == e->n_args;

		if ((i - first) % 2 == 0 && !(last && e->has_else))
			continue;
		if (!check_may_be_boolean(e->arg[i]))
			return false;
	}
	return true;
}

bool
check_may_be_boolean(const struct expr *e)
{
	const struct function *f;

	switch (e->kind) {
	case EXPR_LITERAL:
		return e->literal == LITERAL_NULL ||
		    e->literal == LITERAL_BOOLEAN;
	case EXPR_UNARY:
		return str_eq(e->op, "not");
	case EXPR_BINARY:
		return binary_may_be_boolean(e);
	case EXPR_CASE:
		return case_may_be_boolean(e);
	case EXPR_CAST:
		return str_eq(e->type, "boolean");
	case EXPR_CALL:
		f = function_find(e->op);
		return !f || !(f->flags & FUNCTION_NEVER_BOOLEAN);
	case EXPR_INTERVAL:
	case EXPR_LAMBDA:
	case EXPR_ROW:
		return false;
	case EXPR_COLUMN:
	case EXPR_IN:
	case EXPR_BETWEEN:
	case EXPR_LIKE:
	case EXPR_IS:
	case EXPR_SUBSCRIPT:
	case EXPR_FIELD:
		break;
	}
	return true;
}

void
check_tree(struct arena *a, struct expr_parsed *p)
{
	struct walk w = {.arena = a, .p = p};

	walk(&w, p->root, NULL);
	if (p->findings.n > 1)
		qsort(p->findings.v, p->findings.n, sizeof(p->findings.v[0]),
		    compare_findings);
	p->is_literal = is_one_literal(p->root);
	p->is_condition = check_may_be_boolean(p->root);
}
