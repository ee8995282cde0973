/*
 * Any bytes as an expression. Findings must lie within the text. What parses
 * is rewritten with its own names and with others, and must parse to the same
 * tree; nodes must lie within each other. The text as a name, as a string and
 * as a data type must survive quoting and reading.
 */
#include "base/base.h"

#include "expr/expr.h"
#include "expr/type.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static void
check_list(const struct expr *parent, const struct expr *const *list, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++) {
		assert(list[i]->start >= parent->start);
		assert(list[i]->end <= parent->end);
		assert(list[i]->height < parent->height);
	}
}

/* The children's children are looked at when their turn comes. */
static void
check_node(const struct expr *e, size_t length)
{
	size_t i;

	assert(e->start <= e->end && e->end <= length);
	assert(e->height >= 1 && e->height <= EXPR_MAX_HEIGHT);
	check_list(e, e->arg, e->n_args);
	check_list(e, e->within, e->n_within);
	for (i = 0; i < e->n_args; i++)
		check_node(e->arg[i], length);
	if (!e->over)
		return;
	check_list(e, e->over->partition, e->over->n_partition);
	check_list(e, e->over->order, e->over->n_order);
}

static void
check_places(const struct expr_parsed *p, size_t length)
{
	size_t errors = 0;
	size_t behind = 0;
	size_t i;

	assert(p->findings.n <= EXPR_MAX_FINDINGS + 1);
	for (i = 0; i < p->findings.n; i++) {
		const struct expr_finding *f = &p->findings.v[i];

		assert(f->start <= f->end && f->end <= length);
		assert(f->message && f->message[0]);
		assert(i == 0 || f->start >= p->findings.v[i - 1].start);
		if (code_info(f->code)->severity == SEVERITY_ERROR)
			errors++;
	}
	assert(errors == p->errors && (p->root || errors == 1));
	for (i = 0; i < p->columns.n; i++) {
		assert(p->columns.v[i].start >= behind);
		assert(p->columns.v[i].start < p->columns.v[i].end);
		assert(p->columns.v[i].n_parts > 0);
		behind = p->columns.v[i].end;
	}
	assert(behind <= length);
	for (i = 0; i < p->functions.n; i++)
		assert(p->functions.v[i].end <= length);
}

static const char *
rename_column(const struct expr_column *c, void *data)
{
	return arena_printf(data, "src.%s",
	    expr_quote_name(data, c->part[c->n_parts - 1]));
}

static void
check_rewrite(struct arena *a, const struct expr_parsed *p)
{
	const char *dump = expr_dump(a, p->root);
	const char *text = expr_rewrite(a, p, NULL, NULL);
	struct expr_parsed again;

	expr_parse(a, text, &again);
	assert(again.root && str_eq(expr_dump(a, again.root), dump));
	assert(str_eq(expr_rewrite(a, &again, NULL, NULL), text));
	assert(again.errors == p->errors);
	expr_parse(a, expr_rewrite(a, p, rename_column, a), &again);
	assert(again.root && again.columns.n == p->columns.n);
	assert(again.functions.n == p->functions.n);
}

static void
check_quoting(struct arena *a, const char *text)
{
	struct expr_parsed p;

	expr_parse(a, expr_quote_string(a, text), &p);
	assert(p.root && p.root->kind == EXPR_LITERAL && p.findings.n == 0);
	assert(str_eq(p.root->value, text) && p.is_literal);
	if (!text[0])
		return;
	expr_parse(a, expr_quote_name(a, text), &p);
	/* A remark such as direct stays one, for it is a plain name. */
	if (!p.root && p.findings.v[0].code == E_PROSE)
		return;
	assert(p.root && p.root->kind == EXPR_COLUMN && p.columns.n == 1);
	assert(p.root->n_parts == 1 && str_eq(p.root->part[0], text));
}

static void
check_type(struct arena *a, const char *text)
{
	const char *message = NULL;
	struct type type;
	struct type again;

	if (!type_parse(a, slice_of(text), &type, &message)) {
		assert(message && message[0]);
		return;
	}
	assert(type_parse(a, slice_of(type.text), &again, &message));
	assert(str_eq(type.text, again.text) && type.cls == again.cls);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct arena arena = ARENA_INIT;
	const char *text = arena_strndup(&arena, (const char *)data, n);
	struct expr_parsed p;

	/* Quoting may double the length. */
	if (n > EXPR_MAX_BYTES / 4)
		return 0;
	expr_parse(&arena, text, &p);
	check_places(&p, strlen(text));
	if (p.root) {
		check_node(p.root, strlen(text));
		check_rewrite(&arena, &p);
	}
	check_quoting(&arena, text);
	check_type(&arena, text);
	arena_done(&arena);
	return 0;
}
