#include "base/base.h"

#include "model/contract.h"

#include "base/buf.h"
#include "lang/pytree.h"

#include <string.h>

/* What the module under test is called in the tests. */
#define MODULE "code"

static const struct contract_item *
find(const struct contract *c, const char *name)
{
	for (size_t i = 0; i < c->n; i++) {
		if (str_eq(c->v[i].name, name))
			return &c->v[i];
	}
	return NULL;
}

/* The tests are our own, so their words are enough; the grammar would take most
 * of the time that preparing a question takes. */
struct words {
	const char *p;
	const char *end;
};

static bool
is_of_word(char c)
{
	return chr_is_alnum(c) || c == '_' || (c & 0x80);
}

/* p is at a quote; ret is what stands between it and the one that ends it. */
static void
take_string(struct words *w, struct slice *ret)
{
	char mark = *w->p;
	size_t n = w->end - w->p >= 3 && w->p[1] == mark && w->p[2] == mark ? 3
	                                                                    : 1;
	const char *start = w->p + n;
	const char *p = start;

	while (p < w->end) {
		if ((size_t)(w->end - p) >= n && *p == mark &&
		    (n == 1 || (p[1] == mark && p[2] == mark)))
			break;
		p += *p == '\\' && w->end - p > 1 ? 2 : 1;
	}
	*ret = (struct slice){start, (size_t)(p - start)};
	w->p = (size_t)(w->end - p) > n ? p + n : w->end;
}

/* The next word, string or sign, without blanks and comments before it; empty
 * at the end. *ret_string is what a string has between its quotes. */
static struct slice
take_word(struct words *w, struct slice *ret_string)
{
	const char *start;

	*ret_string = (struct slice){"", 0};
	while (w->p < w->end && (chr_is_space(*w->p) || *w->p == '#')) {
		const char *line = *w->p == '#'
		    ? memchr(w->p, '\n', (size_t)(w->end - w->p))
		    : w->p + 1;

		w->p = line ? line : w->end;
	}
	start = w->p;
	if (start == w->end)
		return (struct slice){start, 0};
	if (*start == '"' || *start == '\'')
		take_string(w, ret_string);
	else
		w->p++;
	while (is_of_word(*start) && w->p < w->end && is_of_word(*w->p))
		w->p++;
	return (struct slice){start, (size_t)(w->p - start)};
}

static void
add(struct arena *a, const char *name, struct contract *ret)
{
	if (!find(ret, name))
		*LIST_ADD(a, ret) = (struct contract_item){.name = name};
}

/* code.NAME, and monkeypatch.setattr(code, "NAME", …) */
static void
collect(struct arena *a, struct slice tests, struct contract *ret)
{
	struct words w = {tests.p, tests.p + tests.n};
	struct slice last[4] = {{"", 0}, {"", 0}, {"", 0}, {"", 0}};
	struct slice string;
	struct slice word;

	while ((word = take_word(&w, &string)).n > 0) {
		bool attribute = !slice_is(last[1], ".") &&
		    slice_is(last[2], MODULE) && slice_is(last[3], ".");
		bool replaced = slice_is(last[0], "setattr") &&
		    slice_is(last[1], "(") && slice_is(last[2], MODULE) &&
		    slice_is(last[3], ",") && string.n > 0;

		if (attribute || replaced)
			add(a, slice_dup(a, replaced ? string : word), ret);
		memmove(last, last + 1, 3 * sizeof(*last));
		last[3] = word;
	}
}

/* The function or the assignment of that name, at the top of the text. */
static const struct py_node *
defined(const struct py_node *root, const char *name)
{
	const struct py_node *found = NULL;

	for (size_t i = 0; i < root->n; i++) {
		const struct py_node *n = root->child[i];

		if (n->kind == PY_DEF && str_eq(n->text, name))
			found = n;
		if (n->kind == PY_ASSIGN && n->n > 0 &&
		    n->child[0]->kind == PY_NAME &&
		    str_eq(n->child[0]->text, name))
			found = n;
		/* A statement may stand in a node of the grammar's own. */
		if (n->kind == PY_OTHER && !found)
			found = defined(n, name);
	}
	return found;
}

static void
read_parameters(struct arena *a, const struct py_node *def,
    struct contract_item *item)
{
	const struct py_node *list = def->child[0];
	struct buf b;

	buf_init(&b, a, 10000);
	item->count = 0;
	for (size_t i = 0; i < list->n; i++) {
		if (list->child[i]->kind != PY_PARAM)
			continue;
		buf_printf(&b, "%s%s", item->count ? ", " : "",
		    list->child[i]->text);
		item->count++;
	}
	item->parameters = buf_str(&b);
}

void
contract_read(struct arena *a, struct slice code, struct slice tests,
    struct contract *ret)
{
	const struct py_node *root;

	*ret = (struct contract){0};
	if (tests.n == 0 || !pytree_read(a, code, &root))
		return;
	collect(a, tests, ret);
	for (size_t i = 0; i < ret->n; i++) {
		const struct py_node *n = defined(root, ret->v[i].name);

		if (n && n->kind == PY_DEF)
			read_parameters(a, n, &ret->v[i]);
	}
}

static void
complain(struct arena *a, const struct contract_item *item,
    const struct py_node *found, struct gate_report *report)
{
	const char *wanted = item->parameters
	    ? arena_printf(a, "the function %s(%s)", item->name,
	          item->parameters)
	    : arena_printf(a, "the constant %s", item->name);

	gate_add(a, report, G_UNTESTABLE, found ? found->line : 0,
	    arena_printf(a, "The compiled tests use %s, which the code %s.",
	        wanted, found ? "has otherwise" : "does not have"));
}

static bool
fits(struct arena *a, const struct contract_item *item,
    const struct py_node *found)
{
	struct contract_item has = {0};

	if (found && found->kind == PY_DEF)
		read_parameters(a, found, &has);
	return found && !has.parameters == !item->parameters &&
	    has.count == item->count;
}

void
contract_keep(struct arena *a, const struct contract *contract,
    struct slice code, struct contract *ret)
{
	const struct py_node *root;

	*ret = (struct contract){0};
	if (!pytree_read(a, code, &root))
		return;
	for (size_t i = 0; i < contract->n; i++) {
		const struct contract_item *item = &contract->v[i];

		if (fits(a, item, defined(root, item->name)))
			*LIST_ADD(a, ret) = *item;
	}
}

void
contract_check(struct arena *a, const struct contract *contract,
    struct slice code, struct gate_report *report)
{
	const struct py_node *root;

	if (contract->n == 0 || !pytree_read(a, code, &root))
		return;
	for (size_t i = 0; i < contract->n; i++) {
		const struct contract_item *item = &contract->v[i];
		const struct py_node *n = defined(root, item->name);

		if (!fits(a, item, n))
			complain(a, item, n, report);
	}
}
