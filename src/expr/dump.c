#include "base/base.h"

#include "expr/expr.h"

#include "base/buf.h"

struct dump {
	struct arena *arena;
	struct buf out;
};

static void dump_node(struct dump *d, const struct expr *e);

static void
dump_list(struct dump *d, const struct expr *const *list, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++) {
		buf_add_chr(&d->out, ' ');
		dump_node(d, list[i]);
	}
}

static void
dump_named_list(struct dump *d, const char *name,
    const struct expr *const *list, size_t n)
{
	if (n == 0)
		return;
	buf_printf(&d->out, " (%s", name);
	dump_list(d, list, n);
	buf_add_chr(&d->out, ')');
}

static void
dump_literal(struct dump *d, const struct expr *e)
{
	const char *value = e->value;

	if (e->literal == LITERAL_STRING) {
		value = expr_quote_string(d->arena, value);
	} else if (e->literal == LITERAL_TYPED) {
		if (str_eq(e->op, "unit"))
			buf_add_str(&d->out, value);
		else
			buf_printf(&d->out, "(%s %s)", e->op,
			    expr_quote_string(d->arena, value));
		return;
	}
	buf_add_str(&d->out, value);
}

static void
dump_column(struct dump *d, const struct expr *e)
{
	size_t i;

	for (i = 0; i < e->n_parts; i++) {
		if (i > 0)
			buf_add_chr(&d->out, '.');
		buf_add_str(&d->out, expr_quote_name(d->arena, e->part[i]));
	}
}

static void
dump_case(struct dump *d, const struct expr *e)
{
	size_t i = 0;

	buf_add_str(&d->out, "(case");
	if (e->has_operand)
		dump_list(d, e->arg, ++i);
	for (; i + 1 < e->n_args; i += 2)
		dump_named_list(d, "when", e->arg + i, 2);
	if (e->has_else)
		dump_named_list(d, "else", e->arg + i, 1);
	buf_add_chr(&d->out, ')');
}

static void
dump_call(struct dump *d, const struct expr *e)
{
	buf_printf(&d->out, "(call %s", e->op);
	if (e->star)
		buf_add_str(&d->out, " *");
	if (e->distinct)
		buf_add_str(&d->out, " distinct");
	dump_list(d, e->arg, e->n_args);
	dump_named_list(d, "within", e->within, e->n_within);
	if (e->filter)
		dump_named_list(d, "filter", &e->filter, 1);
	if (e->nulls)
		buf_printf(&d->out, " (nulls %s)", e->nulls);
	if (e->over) {
		buf_printf(&d->out, " (over%s%s", e->over->name ? " " : "",
		    e->over->name ? e->over->name : "");
		dump_named_list(d, "partition", e->over->partition,
		    e->over->n_partition);
		dump_named_list(d, "order", e->over->order, e->over->n_order);
		buf_add_chr(&d->out, ')');
	}
	buf_add_chr(&d->out, ')');
}

static void
dump_lambda(struct dump *d, const struct expr *e)
{
	size_t i;

	buf_add_str(&d->out, "(-> (");
	for (i = 0; i < e->n_params; i++)
		buf_printf(&d->out, "%s%s", i ? " " : "",
		    expr_quote_name(d->arena, e->param[i]));
	buf_add_chr(&d->out, ')');
	dump_list(d, e->arg, e->n_args);
	buf_add_chr(&d->out, ')');
}

/* (head args…), the form of most kinds. */
static void
dump_plain(struct dump *d, const char *head, const struct expr *e)
{
	buf_printf(&d->out, "(%s%s", e->negated ? "not-" : "", head);
	dump_list(d, e->arg, e->n_args);
	if (e->kind == EXPR_CAST)
		buf_printf(&d->out, " %s", e->type);
	buf_add_chr(&d->out, ')');
}

static void
dump_node(struct dump *d, const struct expr *e)
{
	switch (e->kind) {
	case EXPR_LITERAL:
		dump_literal(d, e);
		break;
	case EXPR_INTERVAL:
		buf_printf(&d->out, "(interval %s)", e->value);
		break;
	case EXPR_COLUMN:
		dump_column(d, e);
		break;
	case EXPR_CASE:
		dump_case(d, e);
		break;
	case EXPR_CALL:
		dump_call(d, e);
		break;
	case EXPR_LAMBDA:
		dump_lambda(d, e);
		break;
	case EXPR_IN:
		dump_plain(d, "in", e);
		break;
	case EXPR_BETWEEN:
		dump_plain(d, "between", e);
		break;
	case EXPR_IS:
		buf_add_str(&d->out, "(is ");
		dump_plain(d, e->op, e);
		buf_add_chr(&d->out, ')');
		break;
	case EXPR_SUBSCRIPT:
		dump_plain(d, "[]", e);
		break;
	case EXPR_FIELD:
		dump_plain(d,
		    arena_printf(d->arena, ".%s",
		        expr_quote_name(d->arena, e->op)),
		    e);
		break;
	case EXPR_ROW:
		dump_plain(d, "row", e);
		break;
	case EXPR_UNARY:
	case EXPR_BINARY:
	case EXPR_CAST:
	case EXPR_LIKE:
		dump_plain(d, e->op, e);
		break;
	}
}

const char *
expr_dump(struct arena *a, const struct expr *e)
{
	struct dump d = {.arena = a};

	buf_init(&d.out, a, SIZE_MAX / 2);
	dump_node(&d, e);
	return buf_str(&d.out);
}
