#include "base/base.h"

#include "expr/expr.h"

#include "expr/check.h"
#include "expr/hint.h"
#include "expr/parser.h"
#include "expr/prose.h"

#include <string.h>

/* A sentence may fail in many ways, but not in these. */
static bool
may_be_prose(enum err_code code)
{
	return code == E_SYNTAX || code == E_UNCLOSED || code == E_CHARACTER ||
	    code == E_STATEMENT || code == E_SUBQUERY;
}

static const struct expr *
parse_root(struct parser *p)
{
	const struct expr *root;
	size_t at;

	hint_start(p);
	root = parse_expression(p);
	if (peek(p)->kind != TOKEN_END && !p->failed)
		hint_trailing(p);
	at = root->kind == EXPR_LAMBDA && p->tok[1].kind == TOKEN_ARROW;
	if (root->kind == EXPR_LAMBDA)
		fail(p, E_SYNTAX, &p->tok[at],
		    "Write get_json_object(x, '$.name') for a field of JSON.",
		    "A lambda x -> … stands only within a call.");
	return p->failed ? NULL : root;
}

/* A remark with a comment beside it. */
static bool
is_remark_inside(struct arena *a, const struct expr_parsed *p,
    const struct lexed *tokens, struct expr_finding *ret)
{
	const char *text;

	if (tokens->tokens.n > 6 ||
	    (!strstr(p->text, "--") && !strstr(p->text, "/*")))
		return false;
	text = expr_rewrite(a, p, NULL, NULL);
	if (!prose_is_remark(a, text, ret))
		return false;
	ret->start = p->root->start;
	ret->end = p->root->end;
	return true;
}

static void
refuse(struct arena *a, const struct expr_finding *f, struct expr_parsed *ret)
{
	*ret = (struct expr_parsed){.text = ret->text, .errors = 1};
	*LIST_ADD(a, &ret->findings) = *f;
}

void
expr_parse(struct arena *a, const char *text, struct expr_parsed *ret)
{
	struct lexed tokens;
	struct parser p;
	struct expr_finding prose;
	size_t i;

	*ret = (struct expr_parsed){.text = text};
	if (prose_is_remark(a, text, &prose)) {
		refuse(a, &prose, ret);
		return;
	}
	lexer_read(a, slice_of(text), &tokens);
	parser_init(&p, a, text, &tokens);
	ret->root = parse_root(&p);
	if (!ret->root) {
		if (may_be_prose(p.error.code) &&
		    prose_is_sentence(a, text, &prose))
			p.error = prose;
		refuse(a, &p.error, ret);
		return;
	}
	if (is_remark_inside(a, ret, &tokens, &prose)) {
		refuse(a, &prose, ret);
		return;
	}
	for (i = 0; i < p.warnings.n; i++)
		*LIST_ADD(a, &ret->findings) = p.warnings.v[i];
	check_tree(a, ret);
}

bool
expr_assigns(const struct expr_parsed *p, const char *target)
{
	const struct expr *e = p->root;
	const struct expr *left;

	if (!e || e->kind != EXPR_BINARY || !str_eq(e->op, "="))
		return false;
	left = e->arg[0];
	return left->kind == EXPR_COLUMN &&
	    str_ieq(left->part[left->n_parts - 1], target);
}
