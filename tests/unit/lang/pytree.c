#include "base/base.h"

#include "lang/pytree.h"

#include "base/buf.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static const char *const kinds[] = {
    [PY_OTHER] = "other",
    [PY_NAME] = "name",
    [PY_STRING] = "string",
    [PY_FORMAT] = "format",
    [PY_NUMBER] = "number",
    [PY_CALL] = "call",
    [PY_KEYWORD] = "keyword",
    [PY_STAR] = "star",
    [PY_ATTRIBUTE] = "attribute",
    [PY_SUBSCRIPT] = "subscript",
    [PY_LIST] = "list",
    [PY_DICT] = "dict",
    [PY_PAIR] = "pair",
    [PY_PLUS] = "plus",
    [PY_CHOICE] = "choice",
    [PY_EACH] = "each",
    [PY_FOR] = "for",
    [PY_ASSIGN] = "assign",
    [PY_ADD] = "add",
    [PY_AS] = "as",
    [PY_IMPORT] = "import",
    [PY_FROM] = "from",
    [PY_DEF] = "def",
    [PY_PARAM] = "param",
    [PY_LAMBDA] = "lambda",
    [PY_CLASS] = "class",
    [PY_RETURN] = "return",
    [PY_GLOBAL] = "global",
};

static void
dump(struct buf *b, const struct py_node *n)
{
	size_t i;

	buf_printf(b, "(%s", kinds[n->kind]);
	if (n->text[0])
		buf_printf(b, " %s", n->text);
	if (n->module[0])
		buf_printf(b, " of %s", n->module);
	if (n->alias[0])
		buf_printf(b, " as %s", n->alias);
	for (i = 0; i < n->n; i++) {
		buf_add_chr(b, ' ');
		assert_ptr_equal(n->child[i]->parent, n);
		assert_true(n->child[i]->order > n->order);
		dump(b, n->child[i]);
	}
	buf_add_chr(b, ')');
}

/* The first statement, or all of them. */
static const char *
tree_of(struct arena *a, const char *text)
{
	const struct py_node *root;
	struct buf b;

	if (!pytree_read(a, slice_of(text), &root))
		return "none";
	buf_init(&b, a, (size_t)1024 * 1024);
	dump(&b, root->n == 1 ? root->child[0] : root);
	return buf_str(&b);
}

static void
check(const char *const cases[][2], size_t n)
{
	struct arena a = ARENA_INIT;
	size_t i;

	for (i = 0; i < n; i++)
		assert_string_equal(tree_of(&a, cases[i][0]), cases[i][1]);
	arena_done(&a);
}

static void
test_trees(void **state)
{
	static const char *const cases[][2] = {
	    {"x", "(name x)"},
	    {"((x))", "(name x)"},
	    {"f(1, a=b, *c, **d)",
	        "(call (name f) (number 1) (keyword a (name b)) "
	        "(star (name c)) (star (name d)))"},
	    {"f(x for x in y)",
	        "(call (name f) (each generator_expression (name x) (for (name "
	        "x) (name y))))"},
	    {"a.b[c]", "(subscript (attribute b (name a)) (name c))"},
	    {"a = b + c", "(assign (name a) (plus (name b) (name c)))"},
	    {"a: b = c",
	        "(other module (other type (name b)) "
	        "(assign (name a) (name c)))"},
	    {"a += 1", "(add (name a) (number 1))"},
	    {"a, b = c", "(assign (list (name a) (name b)) (name c))"},
	    {"(a := b)", "(assign (name a) (name b))"},
	    {"{'a': b, **c}",
	        "(dict (pair (string a) (name b)) (star (name c)))"},
	    {"a if b else c", "(choice (name a) (name b) (name c))"},
	    {"import a.b as c, d.e",
	        "(other module (import a.b as c) (import d.e as d))"},
	    {"from a.b import c as d, e",
	        "(other module (from c of a.b as d) (from e of a.b as e))"},
	    {"from a import *", "(from * of a)"},
	    {"from __future__ import annotations",
	        "(from annotations of __future__ as annotations)"},
	    {"lambda x: x", "(lambda (list (param x)) (name x))"},
	    {"def f(a, b: c = d, *e) -> g:\n  return a",
	        "(def f (list (param a) (param b (name d)) (param e)) "
	        "(other hints (other type (name c)) (other type (name g))) "
	        "(return (name a)))"},
	    {"class A(B):\n  x = 1",
	        "(class A (other argument_list (name B)) "
	        "(assign (name x) (number 1)))"},
	    {"for a in b:\n  c", "(for (name a) (name b) (name c))"},
	    {"def f():\n  global x", "(def f (list) (global (name x)))"},
	    {"# only\nx # comment", "(name x)"},
	    {"f(", "none"},
	};

	(void)state;
	check(cases, COUNT_OF(cases));
}

/* Templates are what f-strings are, as long as each argument is there. */
static void
test_templates(void **state)
{
	static const char *const cases[][2] = {
	    {"'a {} b {}'.format(x, y)",
	        "(format (string a ) (name x) (string  b ) (name y))"},
	    {"'{0} {0}'.format(x)", "(format (name x) (string  ) (name x))"},
	    {"'{1}{0}'.format(x, y)", "(format (name y) (name x))"},
	    {"'{a}{{{b}}}'.format(b=x, a=f(y))",
	        "(format (call (name f) (name y)) (string {) (name x) (string "
	        "}))"},
	    {"'%s = %s%%' % (x, 'y')",
	        "(format (name x) (string  = ) (string y) (string %))"},
	    {"'%s' % x.y", "(format (attribute y (name x)))"},
	    {"''.format()", "(format)"},
	    /* An argument is left out, or there is none, or it is shown in
	     * another way. */
	    {"'{}'.format(x, y)",
	        "(call (attribute format (string {})) (name x) (name y))"},
	    {"'{} {}'.format(x)",
	        "(call (attribute format (string {} {})) (name x))"},
	    {"'{0.a}'.format(x)",
	        "(call (attribute format (string {0.a})) (name x))"},
	    {"'{:>5}'.format(x)",
	        "(call (attribute format (string {:>5})) (name x))"},
	    {"'{!r}'.format(x)",
	        "(call (attribute format (string {!r})) (name x))"},
	    {"'{'.format(x)", "(call (attribute format (string {)) (name x))"},
	    {"'{}'.format(*x)",
	        "(call (attribute format (string {})) (star (name x)))"},
	    {"x is  not None",
	        "(other comparison_operator as is  not (name x) (other none))"},
	    {"a & b", "(other binary_operator as & (name a) (name b))"},
	    {"a or b", "(other boolean_operator as or (name a) (name b))"},
	    {"a < b < c",
	        "(other comparison_operator (name a) (name b) (name c))"},
	    {"'%d' % x", "(other binary_operator as % (string %d) (name x))"},
	    {"'%s' % (x, y)",
	        "(other binary_operator as % (string %s) (list (name x) (name "
	        "y)))"},
	    {"'%(a)s' % x",
	        "(other binary_operator as % (string %(a)s) (name x))"},
	    {"a.format(x)", "(call (attribute format (name a)) (name x))"},
	};

	(void)state;
	check(cases, COUNT_OF(cases));
}

static void
test_strings(void **state)
{
	static const char *const cases[][2] = {
	    {"'a'", "(string a)"},
	    {"''", "(string)"},
	    {"'''a'b'''", "(string a'b)"},
	    {"r'\\x41'", "(string \\x41)"},
	    {"'\\x41\\u0042\\103\\''", "(string ABC')"},
	    {"'a\\\nb'", "(string ab)"},
	    {"'\\q'", "(string \\q)"},
	    {"'a' \"b\" r'c'", "(string abc)"},
	    {"f'a{b}c'", "(format (string a) (name b) (string c))"},
	    {"f'{{a}}'", "(format (string {a}))"},
	    {"f'{a!r:>{b}}'",
	        "(format (name a) (other type_conversion) "
	        "(other format_specifier (other format_expression (name "
	        "b))))"},
	    {"'a' f'{b}'", "(format (string a) (format (name b)))"},
	    {"'\\N{DIGIT ONE}'", "(string \xef\xbf\xbd)"},
	};

	(void)state;
	check(cases, COUNT_OF(cases));
}

static void
test_lines_and_arguments(void **state)
{
	const struct py_node *root;
	const struct py_node *call;
	struct arena a = ARENA_INIT;

	(void)state;
	assert_true(pytree_read(&a,
	    SLICE("\n\ns.read.table(1, *x, 2,\n  name='y')\n"), &root));
	call = root->child[0];
	assert_int_equal(call->line, 3);
	assert_string_equal(pytree_called(call), "table");
	assert_string_equal(pytree_argument(call, 0, NULL)->text, "1");
	assert_null(pytree_argument(call, 1, NULL));
	assert_string_equal(pytree_argument(call, 1, "name")->text, "y");
	assert_int_equal(pytree_argument(call, -1, "name")->line, 4);
	arena_done(&a);
}

/* Orders have no gaps, whatever is left out of the tree. */
static size_t
count_nodes(const struct py_node *n)
{
	size_t count = 1;

	for (size_t i = 0; i < n->n; i++) {
		assert_int_equal(n->child[i]->order, n->order + count);
		count += count_nodes(n->child[i]);
	}
	return count;
}

static void
test_orders(void **state)
{
	struct arena a = ARENA_INIT;
	const struct py_node *root;

	(void)state;
	assert_true(pytree_read(&a,
	    SLICE("def f(a: int = 'x' 'y') -> str:\n"
	          "    b: int = 'x' f'{a!r}' 'y'\n"
	          "    return lambda: 'x' 'y'\n\n\n"
	          "class A(f('a' 'b')):\n    x: int = 1\n\n\n"
	          "@f\ndef g():\n    'x' 'y'\n"),
	    &root));
	assert_int_equal(root->order, 0);
	assert_true(count_nodes(root) > 30);
	arena_done(&a);
}

/* A chain of 300 calls is read, brackets without end are not. */
static void
test_depth(void **state)
{
	const struct py_node *root;
	struct arena a = ARENA_INIT;
	struct buf b;
	size_t i;

	(void)state;
	buf_init(&b, &a, (size_t)1024 * 1024);
	buf_add_str(&b, "x");
	for (i = 0; i < 300; i++)
		buf_add_str(&b, ".f(1)");
	assert_true(pytree_read(&a, buf_slice(&b), &root));
	buf_init(&b, &a, (size_t)1024 * 1024);
	for (i = 0; i < 3 * PYTREE_MAX_DEPTH; i++)
		buf_add_str(&b, "-");
	buf_add_str(&b, "x");
	assert_false(pytree_read(&a, buf_slice(&b), &root));
	arena_done(&a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_trees),
	    cmocka_unit_test(test_templates),
	    cmocka_unit_test(test_strings),
	    cmocka_unit_test(test_lines_and_arguments),
	    cmocka_unit_test(test_orders),
	    cmocka_unit_test(test_depth),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
