#include "base/base.h"

#include "model/contract.h"

#include "base/buf.h"
#include "lang/pytree.h"

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

static bool
is_module(const struct py_node *n)
{
	return n && n->kind == PY_NAME && str_eq(n->text, MODULE);
}

/* code.NAME, and monkeypatch.setattr(code, "NAME", …) */
static const char *
used_name(const struct py_node *n)
{
	const struct py_node *name;

	if (n->kind == PY_ATTRIBUTE && n->n > 0 && is_module(n->child[0]))
		return n->text;
	if (n->kind != PY_CALL || !str_eq(pytree_called(n), "setattr") ||
	    !is_module(pytree_argument(n, 0, NULL)))
		return NULL;
	name = pytree_argument(n, 1, NULL);
	return name && name->kind == PY_STRING ? name->text : NULL;
}

/* The reader of trees bounds the depth. */
static void
collect(struct arena *a, const struct py_node *n, struct contract *ret)
{
	const char *name = used_name(n);

	if (name && !find(ret, name))
		*LIST_ADD(a, ret) = (struct contract_item){.name = name};
	for (size_t i = 0; i < n->n; i++)
		collect(a, n->child[i], ret);
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
	const struct py_node *used;

	*ret = (struct contract){0};
	if (tests.n == 0 || !pytree_read(a, tests, &used) ||
	    !pytree_read(a, code, &root))
		return;
	collect(a, used, ret);
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
