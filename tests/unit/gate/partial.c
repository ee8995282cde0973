/*
 * Partial evaluation, by what programs come to. "same" stands for a program
 * that stays as it is.
 */
#include "base/base.h"

#include "gating.h"

#include "base/buf.h"
#include "gate/partial.h"

#include <string.h>

#define MAX_PROGRAM ((size_t)64 * 1024)

static void print(struct buf *b, const struct py_node *n);

static void
print_from(struct buf *b, const struct py_node *n, size_t from,
    const char *between)
{
	size_t i;

	for (i = from; i < n->n; i++) {
		buf_add_str(b, i > from ? between : "");
		print(b, n->child[i]);
	}
}

static void
print_block(struct buf *b, const char *head, const struct py_node *n,
    size_t from)
{
	buf_printf(b, "%s {", head);
	print_from(b, n, from, "; ");
	buf_add_str(b, "}");
}

static void
print_brackets(struct buf *b, const char *open, const struct py_node *n,
    size_t from, const char *close)
{
	buf_add_str(b, open);
	print_from(b, n, from, ", ");
	buf_add_str(b, close);
}

static void
print_other(struct buf *b, const struct py_node *n)
{
	if (str_eq(n->text, "module"))
		print_from(b, n, 0, "; ");
	else if (n->alias[0])
		print_from(b, n, 0, arena_printf(b->arena, " %s ", n->alias));
	else if (n->n == 0)
		buf_add_str(b, n->text);
	else
		print_brackets(b, arena_printf(b->arena, "<%s ", n->text), n, 0,
		    ">");
}

/* What holds statements, or is one. */
static bool
print_statement(struct buf *b, const struct py_node *n)
{
	switch ((int)n->kind) {
	case PY_RETURN:
		print_brackets(b, "return ", n, 0, "");
		break;
	case PY_PARAM:
		print_brackets(b, n->text, n, 0, "");
		break;
	case PY_FOR:
		print_block(b, "for", n, 0);
		break;
	case PY_DEF:
		print_block(b, arena_printf(b->arena, "def %s", n->text), n, 0);
		break;
	case PY_LAMBDA:
		print_block(b, "lambda", n, 0);
		break;
	case PY_CLASS:
		print_block(b, arena_printf(b->arena, "class %s", n->text), n,
		    0);
		break;
	case PY_IMPORT:
	case PY_FROM:
		buf_printf(b, "import %s", n->text);
		break;
	default:
		return false;
	}
	return true;
}

static bool
print_collection(struct buf *b, const struct py_node *n)
{
	switch ((int)n->kind) {
	case PY_LIST:
		print_brackets(b,
		    n->is_odd         ? "set("
		        : n->is_tuple ? "("
		                      : "[",
		    n, 0, n->is_odd || n->is_tuple ? ")" : "]");
		break;
	case PY_DICT:
		print_brackets(b, "{", n, 0, "}");
		break;
	case PY_PAIR:
		print_from(b, n, 0, ": ");
		break;
	case PY_CHOICE:
		print_brackets(b, "choice(", n, 0, ")");
		break;
	case PY_EACH:
		print_brackets(b, "each(", n, 0, ")");
		break;
	default:
		return false;
	}
	return true;
}

static void
print(struct buf *b, const struct py_node *n)
{
	if (print_statement(b, n) || print_collection(b, n))
		return;
	switch ((int)n->kind) {
	case PY_STRING:
		buf_printf(b, "'%s'", n->text);
		break;
	case PY_NAME:
	case PY_NUMBER:
		buf_add_str(b, n->text);
		break;
	case PY_FORMAT:
		print_brackets(b, "f(", n, 0, ")");
		break;
	case PY_CALL:
		print(b, n->child[0]);
		print_brackets(b, "(", n, 1, ")");
		break;
	case PY_KEYWORD:
		print_brackets(b, arena_printf(b->arena, "%s=", n->text), n, 0,
		    "");
		break;
	case PY_STAR:
		print_brackets(b, n->is_odd ? "**" : "*", n, 0, "");
		break;
	case PY_ATTRIBUTE:
		print(b, n->child[0]);
		buf_printf(b, ".%s", n->text);
		break;
	case PY_SUBSCRIPT:
		print(b, n->child[0]);
		print_brackets(b, "[", n, 1, "]");
		break;
	case PY_PLUS:
		print_from(b, n, 0, " + ");
		break;
	case PY_ASSIGN:
		print_from(b, n, 0, " = ");
		break;
	case PY_ADD:
		print_from(b, n, 0, " += ");
		break;
	case PY_OTHER:
		print_other(b, n);
		break;
	default:
		print_brackets(b, "?(", n, 0, ")");
		break;
	}
}

/* The numbers of copies differ with the size of the program. */
static void
number_copies(struct program *p)
{
	size_t n = 0;
	size_t i;
	size_t k;

	for (i = 0; i < p->all.n; i++) {
		const char *name = p->all.v[i]->text;
		const char *mark = strchr(name, '#');

		if (p->all.v[i]->kind != PY_DEF || !mark || mark[1] == '\0')
			continue;
		n++;
		for (k = p->all.n; k-- > 0;) {
			/* The tree is this test's own. */
			struct py_node *other = NULL;

			memcpy(&other, &p->all.v[k], sizeof(other));
			if (str_eq(other->text, name))
				other->text = arena_printf(p->arena, "%.*s%zu",
				    (int)(mark - name), name, n);
		}
	}
}

static const char *
evaluated(struct arena *a, const char *text)
{
	static const struct plan plan;
	struct gate_report report = {0};
	const struct program fresh = {
	    .arena = a, .plan = &plan, .report = &report, .budget = 100000};
	struct program p = fresh;
	struct buf b;
	size_t rounds = 0;

	assert_true(pytree_read(a, slice_of(text), &p.root));
	assert_true(program_read(&p));
	for (; rounds < 8; rounds++) {
		struct program next = fresh;

		next.root = partial_evaluate(&p);
		if (!next.root)
			break;
		assert_true(program_read(&next));
		p = next;
	}
	if (rounds == 0)
		return "same";
	number_copies(&p);
	buf_init(&b, a, MAX_PROGRAM);
	print(&b, p.root);
	return buf_str(&b);
}

struct partial_case {
	const char *text;
	const char *wanted;
};

static void
check(const struct partial_case *cases, size_t n)
{
	size_t wrong = 0;
	size_t i;

	for (i = 0; i < n; i++) {
		struct arena a = ARENA_INIT;
		const char *found = evaluated(&a, cases[i].text);

		if (!str_eq(found, cases[i].wanted)) {
			wrong++;
			print_message("%s\n-- wanted: %s\n-- found:  %s\n\n",
			    cases[i].text, cases[i].wanted, found);
		}
		arena_done(&a);
	}
	assert_int_equal(wrong, 0);
}

static void
test_loops(void **state)
{
	static const struct partial_case cases[] = {
	    {"for n in ['a', 'b']:\n    f(n)", "f('a'); f('b')"},
	    {"L = ['a', 'b']\nfor n in L:\n    f(n)",
	        "L = ['a', 'b']; f('a'); f('b')"},
	    {"D = {'a': 'x'}\nfor n, v in D.items():\n    f(n, v)",
	        "D = {'a': 'x'}; f('a', 'x')"},
	    {"for i, n in enumerate(['a', 'b']):\n    f(i, n)",
	        "f(0, 'a'); f(1, 'b')"},
	    {"for a, b in zip(['a'], ['b']):\n    f(a, b)", "f('a', 'b')"},
	    /* What is read behind the loop is its last value, if it ends. */
	    {"for n in ['a', 'b']:\n    f(n)\ng(n)", "same"},
	    /* These may go through something else. */
	    {"L = ['a']\nL.append('b')\ng()\nfor n in L:\n    f(n)\nL.pop()",
	        "L = ['a', 'b']; g(); for {n; L; f(n)}; L.pop()"},
	    {"L = ['a']\nM = L\nM[0] = 'b'\nfor n in L:\n    f(n)", "same"},
	    {"L = ['a']\nL = g()\nfor n in L:\n    f(n)", "same"},
	    {"for n in {'a', 'b'}:\n    f(n)", "same"},
	    {"for a, b in zip(['a'], ['b', 'c']):\n    f(a, b)", "same"},
	    {"x = 'a'\nfor n in [x, 'b']:\n    f(n)\nx = 'c'", "same"},
	    {"def g(x):\n    while True:\n        y = h(x)\n"
	     "        for n in [y]:\n            f(n)\n            k(y)",
	        "same"},
	    {"def g():\n    global t\n    t = 'a'\nfor n in [t]:\n    f(n)\n",
	        "def g {[]; ?(t); t = 'a'}; f('a')"},
	    {"for n in [x.y]:\n    f(n)\nx.y = 1\nimport x", "same"},
	    {"K = 'k'\nL = [K]\ndef f(K):\n    for n in L:\n        g(n)",
	        "K = 'k'; L = [K]; def f {[K]; g('k')}"},
	    {"def f(K):\n    for n in L:\n        g(n)\nK = 'k'\nL = [K]",
	        "def f {[K]; g('k')}; K = 'k'; L = [K]"},
	    /* These do more than their statements. */
	    {"for n in ['a', 'b']:\n    f(n)\n    break", "same"},
	    {"for n in ['a', 'b']:\n    if g():\n        continue\n    f(n)",
	        "same"},
	    {"for n in ['a', 'b']:\n    f(n)\nelse:\n    g()", "same"},
	    {"for n in ['a', 'b']:\n    n = g()\n    f(n)", "same"},
	    {"for n in ['a', 'b']:\n    f(lambda: n)", "same"},
	    {"for n in ['a', 'b']:\n    f.x = (g(n) for _ in y)", "same"},
	    {"for n in ['a', 'b']:\n    def g():\n        return n", "same"},
	    {"class C:\n    for n in ['a', 'b']:\n        f(n)", "same"},
	    {"for n in ['a', 'b']:\n    while True:\n        break\n    f(n)",
	        "<while_statement true, break_statement>; f('a'); "
	        "<while_statement true, break_statement>; f('b')"},
	    /* Branches that are known, and those that are not. */
	    {"for n in ['a', 'b']:\n    if n == 'a':\n        f(n)\n"
	     "    elif n != 'c':\n        g(n)\n    else:\n        h(n)",
	        "f('a'); g('b')"},
	    {"if 'a' == 'a':\n    f()", "same"},
	    {"for n in ['a']:\n    if g(n):\n        f(n)",
	        "<if_statement g('a'), f('a')>"},
	    {"for n in [None, 'a']:\n    f(n if n is not None else 'b')",
	        "f('b'); f('a')"},
	};

	(void)state;
	check(cases, COUNT_OF(cases));
}

static void
test_comprehensions(void **state)
{
	static const struct partial_case cases[] = {
	    {"L = ['a', 'b']\nx = [f(c) for c in L]",
	        "L = ['a', 'b']; x = [f('a'), f('b')]"},
	    {"L = ['a', 'b']\nx = {c: f(c) for c in L if c != 'b'}",
	        "L = ['a', 'b']; x = {'a': f('a')}"},
	    {"L = ['a']\nM = ['b']\nx = [c + d for c in L for d in M]",
	        "L = ['a']; M = ['b']; x = ['ab']"},
	    {"L = ['a', 'b']\nx = ','.join(f'{c}!' for c in L)",
	        "L = ['a', 'b']; x = ','.join(('a!', 'b!'))"},
	    {"L = ['a', 'b']\nx = (f(c) for c in L)", "same"},
	    {"L = ['a', 'b']\nx = [lambda: c for c in L]", "same"},
	    {"x = [c for c in [f()]]", "same"},
	    {"L = ['a', 'b']\nx = [c for c in L if g(c)]", "same"},
	    {"L = ['a', 'b', '']\n"
	     "x = [c for c in L if c and not c == 'b' or c != 'a' and not c]",
	        "L = ['a', 'b', '']; x = ['a', '']"},
	    {"L = ['a', 'b']\nx = [c for c in L if g() and c == 'a']", "same"},
	    {"K = ['b']\nL = ['a', 'b']\nx = [c for c in L if c not in K]",
	        "K = ['b']; L = ['a', 'b']; x = ['a']"},
	    {"f(*['a', 'b'], **{'c': 1})", "f('a', 'b', c=1)"},
	    {"A = ['a']\nB = ['b']\nx = [*A, 'c', *B]\ny = A + B",
	        "A = ['a']; B = ['b']; x = ['a', 'c', 'b']; y = ['a', 'b']"},
	    {"A = {'a': 'b'}\nx = {**A, 'c': 'd'}",
	        "A = {'a': 'b'}; x = {'a': 'b', 'c': 'd'}"},
	    {"D = {'a': 'b'}\nx = list(D.keys())\ny = tuple(D)",
	        "D = {'a': 'b'}; x = ['a']; y = ('a')"},
	};

	(void)state;
	check(cases, COUNT_OF(cases));
}

static void
test_values(void **state)
{
	static const struct partial_case cases[] = {
	    {"D = {'a': {'b': 'c'}}\nf(D['a']['b'])",
	        "D = {'a': {'b': 'c'}}; f('c')"},
	    {"D = {'a': 'b'}\nD['a'] = 'c'\ng(D)\nf(D['a'])\nD.clear()",
	        "D = {'a': 'b', 'a': 'c'}; g(D); f(D['a']); D.clear()"},
	    {"f({'a': g(), 'b': 'c'}['b'])", "same"},
	    {"D = {'a': 'b'}\nf(D.get('a'))", "D = {'a': 'b'}; f('b')"},
	    {"L = ['a', 'b']\nf(L[1], L[2], L[-1])",
	        "L = ['a', 'b']; f('b', L[2], L[<unary_operator 1>])"},
	    {"class C:\n    X = 'a'\n    def f(self):\n        g(self.X)",
	        "class C {X = 'a'; def f {[self]; g('a')}}"},
	    {"class C:\n    X = 'a'\n    def f(self):\n        g(self.X)\n"
	     "    def h(self):\n        self.X = 'b'",
	        "same"},
	    {"class C:\n    X = 'a'\nclass D:\n    X = 'b'\ng(C.X)", "same"},
	    {"from typing import NamedTuple\nclass R(NamedTuple):\n    a: str\n"
	     "    b: str = 'y'\nr = R('x')\nf(r.a, r.b)",
	        "import NamedTuple; class R {<argument_list NamedTuple>; <type "
	        "str>; a; <type str>; b = 'y'}; r = R('x'); f('x', 'y')"},
	    {"from dataclasses import dataclass\n@dataclass\nclass R:\n"
	     "    a: str\nr = R('x')\nr.a = 'z'\nf(r.a)",
	        "same"},
	    {"from pyspark.sql import functions as F\n"
	     "from typing import NamedTuple\nclass R(NamedTuple):\n"
	     "    a: str\n    b: str\n    def c(self):\n        g(self.a)\n"
	     "R('x', F.lit(1)).c()",
	        "same"},
	    {"from enum import Enum\nclass E(Enum):\n    A = 'x'\n"
	     "f(E.A.value)",
	        "import Enum; class E {<argument_list Enum>; A = 'x'}; f('x')"},
	    {"class C:\n    def __init__(self, n):\n        self.n = n\n"
	     "    def f(self):\n        g(self.n)\nC('x').f()",
	        "class C {def __init__ {[self, n]; self.n = n}; def f {[self]; "
	        "g('x')}}; C('x').f()"},
	    {"class C:\n    def __init__(self, n):\n        self.n = n\n"
	     "    def f(self):\n        g(self.n)\nC('x').f()\nC('y').f()",
	        "same"},
	};

	(void)state;
	check(cases, COUNT_OF(cases));
}

static void
test_steps(void **state)
{
	static const struct partial_case cases[] = {
	    {"L = []\nL.append('a')\nL.append('b')\nf(L)",
	        "L = ['a', 'b']; f(L)"},
	    {"D = {}\nD['a'] = 'b'\nf(D)", "D = {'a': 'b'}; f(D)"},
	    {"L = []\nL.append('a')\nf(L)\nL.append('b')", "same"},
	    {"L = []\nL.append(g())\nf(L)", "same"},
	    {"L = []\nif x:\n    L.append('a')\nf(L)", "same"},
	    {"from functools import reduce\n"
	     "def s(x, y):\n    return x.t(y)\nf(reduce(s, ['a', 'b'], z))",
	        "import reduce; def s1 {[x]; return x.t('b')}; def s2 {[x]; "
	        "return x.t('a')}; f(s1(s2(z)))"},
	    {"from functools import reduce\n"
	     "f(reduce(lambda x, y: x.t(y), ['a', 'b'], z))",
	        "import reduce; f(z.t('a').t('b'))"},
	    {"from functools import reduce\n"
	     "f(reduce(lambda x, y: x.t(x, y), ['a', 'b'], z))",
	        "same"},
	    {"from functools import reduce\n"
	     "f(reduce(lambda x, y: x.t(), [g()], z))",
	        "same"},
	    {"from functools import reduce\nfrom operator import and_\n"
	     "f(reduce(and_, [a, b, c]))",
	        "import reduce; import and_; f(a & b & c)"},
	    {"from collections import namedtuple\n"
	     "P = namedtuple('P', ['a'])\nf(P('x').a)",
	        "import namedtuple; import NamedTuple; class P {<argument_list "
	        "NamedTuple>; <type str>; a}; f(P('x').a)"},
	};

	(void)state;
	check(cases, COUNT_OF(cases));
}

static void
test_functions(void **state)
{
	static const struct partial_case cases[] = {
	    {"def f(a, b='y'):\n    g(a)\n    h(a, b)\nf('x')",
	        "def f1 {[]; g('x'); h('x', 'y')}; f1()"},
	    {"def f(d, a):\n    g(d, a)\n    h(a)\nf(k(), 'x')\nf(k(), a='z')",
	        "def f1 {[d]; g(d, 'x'); h('x')}; def f2 {[d]; g(d, 'z'); "
	        "h('z')}; f1(k()); f2(k())"},
	    {"def f(a):\n    return g(a)\nh(f('x'))", "h(g('x'))"},
	    {"def f():\n    return ['x', 'y']\ng(*f())", "g('x', 'y')"},
	    {"def f():\n    return [h()]\ng(*f())", "same"},
	    {"def f(a):\n    a = g(a)\n    return a\nf('x')", "same"},
	    {"def f(*a):\n    g(a)\nf('x')", "same"},
	    {"@d\ndef f(a):\n    g(a)\nf('x')", "same"},
	    {"def f(a):\n    g(a)\n    k()\nf('x')\nh(f)",
	        "def f {[a]; g(a); k()}; def f1 {[]; g('x'); k()}; f1(); h(f)"},
	    {"def f(a):\n    g(1)\nf(h('x'))", "same"},
	    {"def f(a):\n    a.append('y')\n    g(a)\nf(['x'])", "same"},
	    {"class C:\n    @property\n    @d\n    def m(self):\n"
	     "        return 'x'\n    def k(self):\n        g(self.m)",
	        "same"},
	    {"class A:\n    def f(self):\n        self.g()\n"
	     "    def g(self):\n        h(1)\n"
	     "class B(A):\n    def g(self):\n        h(2)\nB().f()",
	        "class B {def f {[self]; self.g()}; def g {[self]; h(2)}}; "
	        "B().f()"},
	    {"class A:\n    def f(self):\n        h(1)\n"
	     "class B(A):\n    def f(self):\n        super().f()\nB().f()",
	        "same"},
	    {"class A:\n    def f(self):\n        h(1)\nclass B(A):\n"
	     "    x = 1\nB().f()\nA().f()",
	        "class A {def f {[self]; h(1)}}; class B {def f {[self]; "
	        "h(1)}; x = 1}; B().f(); A().f()"},
	    {"class A:\n    def f(self):\n        g(self.__class__.__name__)",
	        "class A {def f {[self]; g('A')}}"},
	    {"class C:\n    def __init__(self, n):\n        self.n = n\n"
	     "    @property\n    def m(self):\n        return f'{self.n}!'\n"
	     "    def k(self):\n        g(self.m)",
	        "class C {def __init__ {[self, n]; self.n = n}; "
	        "<decorated_definition <decorator property>, def m {[self]; "
	        "return f(self.n, '!')}>; def k {[self]; g(f(self.n, '!'))}}"},
	};

	(void)state;
	check(cases, COUNT_OF(cases));
}

static void
test_statements(void **state)
{
	static const struct partial_case cases[] = {
	    {"s.sql('SELECT * FROM IDENTIFIER(:t) WHERE a = :v',"
	     " args={'t': 'a.b.c', 'v': \"x'y\"})",
	        "s.sql('SELECT * FROM a.b.c WHERE a = 'x\\'y'')"},
	    {"s.sql('SELECT \\':t\\', a:t FROM x', args={'t': 'b'})",
	        "s.sql('SELECT ':t', a:t FROM x')"},
	    {"s.sql('SELECT * FROM {d} JOIN {e}', d=f(), e=g)",
	        "s.sql('SELECT * FROM d JOIN e', d=f(), e=g)"},
	    {"s.sql('SELECT {d} FROM x', d=f())", "same"},
	    {"s.sql('SELECT * FROM {d!r}', d=f())", "same"},
	    {"s.sql('SELECT * FROM IDENTIFIER(:t)', args={'t': 'a b'})",
	        "same"},
	    {"import u\nt = 'a.b' if u.x else 'c.d'\n"
	     "s.sql('SELECT * FROM IDENTIFIER(:t)', args={'t': t})",
	        "same"},
	    {"s.sql('SELECT * FROM IDENTIFIER(:t)', args={'t': f()})", "same"},
	    {"s.sql('SELECT * FROM IDENTIFIER(:t)', args={'u': 'a'})", "same"},
	    {"def f(t):\n    s.sql('SELECT * FROM IDENTIFIER(:t)',"
	     " args={'t': t})\nf(g())",
	        "same"},
	};

	(void)state;
	check(cases, COUNT_OF(cases));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_loops),
	    cmocka_unit_test(test_comprehensions),
	    cmocka_unit_test(test_values),
	    cmocka_unit_test(test_steps),
	    cmocka_unit_test(test_functions),
	    cmocka_unit_test(test_statements),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
