/*
 * Loads of a model whose lists, dictionaries, objects and names change behind
 * what is written: none passes.
 */
#include "base/base.h"

#include "gating.h"

static const char *const statements[] = {
    "d = {'a': 'status'}\n"
    "d.update({'b': \"reflect('java.lang.System', 'exit', 1)\"})\n"
    "F.expr(d['b' + ''])",
    "def f(**d):\n    return F.expr(d['b'])\n"
    "f(**{'b': \"reflect('java.lang.System', 'exit', 1)\"})",
    "F.expr(''.join([*{'a': \"reflect('java.lang.System', 'exit', "
    "1)\"}.values()]))",
    "F.expr({'a': \"reflect('java.lang.System', 'exit', 1)\"}['a' + ''])",
    "for a, b in {'a': \"reflect('java.lang.System', 'exit', 1)\"}.items():\n"
    "    F.expr(b + '')",
    "F.expr(''.join(reversed(\")1 ,'tixe' ,'metsyS.gnal.avaj'(tcelfer\")))",
    "F.expr(''.join(sorted(\"reflect('java.lang.System', 'exit', 1)\")))",
    "from enum import Enum\n"
    "class hr(str, Enum):\n"
    "    salaries = 'shop.bronze.orders'\n"
    "spark.table(f\"{hr.salaries}\")",
    "class A:\n"
    "    q = 'SELECT 1'\n"
    "class B:\n"
    "    @property\n"
    "    def q(self):\n"
    "        return 'DROP TABLE hr.private.salaries'\n"
    "b = B()\n"
    "spark.sql(b.q)",
    "from dataclasses import dataclass, replace\n"
    "@dataclass\n"
    "class A:\n"
    "    q: str = 'SELECT 1'\n"
    "a = replace(A(), **{'q': 'DROP TABLE hr.private.salaries'})\n"
    "spark.sql(a.q)",
    "from dataclasses import dataclass, replace\n"
    "@dataclass\n"
    "class A:\n"
    "    q: str = 'SELECT 1'\n"
    "a = A('DROP TABLE hr.private.salaries')\n"
    "spark.sql(a.q)",
    "class A:\n"
    "    def __init__(self, q):\n"
    "        self.q = q\n"
    "a = A('SELECT 1')\n"
    "a.q = 'DROP TABLE hr.private.salaries'\n"
    "spark.sql(a.q)",
    "class A:\n"
    "    def __init__(self, q):\n"
    "        self.q = q\n"
    "for q in ['DROP TABLE hr.private.salaries']:\n"
    "    a = A(q)\n"
    "    spark.sql(a.q)",
    "d = {'q': {'a': 'SELECT 1'}}\n"
    "e = d['q']\n"
    "e['a'] = 'DROP TABLE hr.private.salaries'\n"
    "spark.sql(d['q']['a'])",
    "def f(x):\n"
    "    x['q'] = 'DROP TABLE hr.private.salaries'\n"
    "d = {'q': 'SELECT 1'}\n"
    "f(x=d)\n"
    "spark.sql(d['q'])",
    "d = {'q': 'SELECT 1'}\n"
    "for e in [d]:\n"
    "    e['q'] = 'DROP TABLE hr.private.salaries'\n"
    "spark.sql(d['q'])",
    "d = {'q': 'SELECT 1'}\n"
    "e = [d][0]\n"
    "e['q'] = 'DROP TABLE hr.private.salaries'\n"
    "spark.sql(d['q'])",
    "d = {'q': 'SELECT 1'}\n"
    "with_d = {'x': d}\n"
    "with_d['x']['q'] = 'DROP TABLE hr.private.salaries'\n"
    "spark.sql(d['q'])",
    "d = {'q': 'SELECT 1'}\n"
    "e = (lambda: d)()\n"
    "e['q'] = 'DROP TABLE hr.private.salaries'\n"
    "spark.sql(d['q'])",
    "d = {'q': 'SELECT 1'}\n"
    "def g():\n"
    "    return d\n"
    "g()['q'] = 'DROP TABLE hr.private.salaries'\n"
    "spark.sql(d['q'])",
    "d = {'q': 'SELECT 1'}\n"
    "def g():\n"
    "    yield d\n"
    "for e in g():\n"
    "    e['q'] = 'DROP TABLE hr.private.salaries'\n"
    "spark.sql(d['q'])",
    "d = ['SELECT 1']\n"
    "for i in range(1):\n"
    "    d[i] = 'DROP TABLE hr.private.salaries'\n"
    "for q in d:\n"
    "    spark.sql(q)",
    "L = ['status']\n"
    "def get():\n"
    "    return L\n"
    "e = get()\n"
    "f = e\n"
    "f.append(\"reflect('java.lang.System', 'exit', 1)\")\n"
    "for x in L:\n"
    "    F.expr(x)",
    "L = ['status']\n"
    "m = max([L, ['a']])\n"
    "m.append(\"reflect('java.lang.System', 'exit', 1)\")\n"
    "for x in L:\n"
    "    F.expr(x)",
    "L = ['status']\n"
    "m = max(L, ['a'])\n"
    "m.append(\"reflect('java.lang.System', 'exit', 1)\")\n"
    "for x in L:\n"
    "    F.expr(x)",
    "L = ['status']\n"
    "z = list(zip([1]))\n"
    "g = next(iter([L]))\n"
    "g.append(\"reflect('java.lang.System', 'exit', 1)\")\n"
    "for x in L:\n"
    "    F.expr(x)",
    "L = ['status']\n"
    "d = {}.get('a', L)\n"
    "d.append(\"reflect('java.lang.System', 'exit', 1)\")\n"
    "for x in L:\n"
    "    F.expr(x)",
    "from functools import reduce\n"
    "L = ['status']\n"
    "reduce(lambda a, b: a.append(b), [\"reflect('java.lang.System', 'e"
    "xit', 1)\"], L)\n"
    "for x in L:\n"
    "    F.expr(x)",
    "q = 'SELECT 1'\n"
    "def f():\n"
    "    global q\n"
    "    q = 'DROP TABLE hr.private.salaries'\n"
    "f()\n"
    "spark.sql(q)",
    "Q = 'DROP TABLE hr.private.salaries'\n"
    "def f():\n"
    "    x = [0 for Q in ['SELECT 1']]\n"
    "    spark.sql(Q)\n"
    "f()",
    "def f(q='SELECT 1', *, r='SELECT 1'):\n"
    "    spark.sql(q)\n"
    "f('SELECT 1')\n"
    "g = {'f': f}",
    "class A:\n"
    "    q = 'SELECT 1'\n"
    "    def run(self):\n"
    "        spark.sql(self.q)\n"
    "a = A()\n"
    "a.__class__.q = 'DROP TABLE x'\n"
    "a.run()",
    "import itertools\n"
    "L = ['status']\n"
    "for m in itertools.chain([L]):\n"
    "    m.append(\"reflect('java.lang.System', 'exit', 1)\")\n"
    "for x in L:\n"
    "    F.expr(x)",
    "L = ['status']\n"
    "m = sorted([L])[0]\n"
    "m.append(\"reflect('java.lang.System', 'exit', 1)\")\n"
    "for x in L:\n"
    "    F.expr(x)",
    "L = ['status']\n"
    "a, b = L, 1\n"
    "a.append(\"reflect('java.lang.System', 'exit', 1)\")\n"
    "for x in L:\n"
    "    F.expr(x)",
    "L = ['status']\n"
    "m = L if True else None\n"
    "m.append(\"reflect('java.lang.System', 'exit', 1)\")\n"
    "for x in L:\n"
    "    F.expr(x)",
    "L = ['status']\n"
    "m = L or None\n"
    "m.append(\"reflect('java.lang.System', 'exit', 1)\")\n"
    "for x in L:\n"
    "    F.expr(x)",
};

static void
test_they_are_refused(void **state)
{
	(void)state;
	gating_refuse(statements, COUNT_OF(statements));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_they_are_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
