#include "base/base.h"

#include "tested.h"

#define TEST "def test_x(code, spark, place, monkeypatch):\n"
#define SET "    monkeypatch.setattr(code, 'T', place('table'))\n"
#define T "T = dbutils.widgets.get('target_orders')\n"
#define FINE "    assert code.T\n"
#define PUT "def put(rows, to):\n    print(T)\n    rows.write.saveAsTable(to)\n"
#define READ "def read(name):\n    return spark.table(name)\n"
#define LOAD "def load():\n    spark.range(1).write.saveAsTable(T)\n"

const struct tested_code tested_codes[] = {
    /* Tables that a function is handed. */
    {T PUT, TEST SET "    code.put(spark.range(1), 'hr.private.x')\n" FINE,
        true},
    {T PUT, TEST SET "    code.put(spark.range(1), to='hr.private.x')\n" FINE,
        true},
    {T PUT, TEST SET "    code.put(*[spark.range(1), 'hr.private.x'])\n" FINE,
        true},
    {T PUT, TEST SET "    code.put(spark.range(1), code.T)\n" FINE, false},
    {T PUT, TEST "    code.put(spark.range(1), code.T)\n" FINE, true},
    {T PUT, TEST SET "    code.put(spark.range(1), place('table'))\n" FINE,
        false},
    {T "def put(rows, to):\n    rows.write.saveAsTable(to)\n",
        TEST "    code.put(spark.range(1), place('table'))\n" FINE, false},
    {T READ, TEST "    code.read('hr.private.x').show()\n" FINE, true},
    {T READ, TEST "    f = code.read\n    f('hr.private.x').show()\n" FINE,
        true},
    {T READ, TEST "    list(map(code.read, ['hr.private.x']))\n" FINE, true},
    {T READ, TEST "    code.read(view(spark.range(1))).show()\n" FINE, false},
    /* SQL. */
    {T "def query(text):\n    return spark.sql(text)\n",
        TEST "    code.query('DROP TABLE hr.private.x')\n" FINE, true},
    {T "def clean(text):\n    return F.expr('trim(' + text + ')')\n",
        TEST "    code.clean(\"reflect('a', 'b')\")\n" FINE, true},
    {T "def clean(name):\n    return F.trim(F.col(name))\n",
        TEST "    code.clean('status')\n" FINE, false},
    {T "def only(rows, name):\n    return rows.where(F.col(name) == 1)\n",
        TEST "    code.only(spark.range(1), 'id')\n" FINE, false},
    {T "def only(rows, text):\n    return rows.where(text)\n",
        TEST "    code.only(spark.range(1), 'id = 1')\n" FINE, true},
    /* By way of other names, functions and objects. */
    {T "def read(n):\n    parts = []\n    parts.append(n)\n"
       "    return spark.table('.'.join(parts))\n",
        TEST "    code.read('hr.private.x')\n" FINE, true},
    {T READ "def outer(a, b):\n    return read(b)\n",
        TEST "    code.outer(1, 'hr.private.x')\n" FINE, true},
    {T READ "def outer(a, b):\n    return read(b)\n",
        TEST "    code.outer('x', view(spark.range(1)))\n" FINE, false},
    {T READ "def outer(names):\n    return list(map(read, names))\n",
        TEST "    code.outer(['hr.private.x'])\n" FINE, true},
    {T READ "def outer(n):\n    f = read\n    return f(n)\n",
        TEST "    code.outer('hr.private.x')\n" FINE, true},
    {T "def named(n):\n    return n.lower()\n\n\n"
       "def read(n):\n    return spark.table(named(n))\n",
        TEST "    code.read('hr.private.x')\n" FINE, true},
    {T "read = lambda n: spark.table(n)\n",
        TEST "    code.read('hr.private.x')\n" FINE, true},
    {T READ "again = read\n",
        TEST "    f = code.again\n    f('hr.private.x')\n" FINE, true},
    {T "class Loader:\n    def __init__(self, n):\n        self.n = n\n\n"
       "    def read(self):\n        return spark.table(self.n)\n",
        TEST "    code.Loader('hr.private.x').read()\n" FINE, true},
    {T "def read(rows, *names):\n    return spark.table(names[0])\n",
        TEST "    code.read(1, 2, 'hr.private.x')\n" FINE, true},
    {T "def make():\n    def inner(n):\n        return spark.table(n)\n\n"
       "    return inner\n",
        TEST "    code.make()('hr.private.x')\n" FINE, true},
    {T "def make():\n    return lambda n: spark.table(n)\n",
        TEST "    f = code.make()\n    f('hr.private.x')\n" FINE, true},
    {T "class Loader:\n    def read(self, n):\n"
       "        return spark.table(n)\n\n\n"
       "def make():\n    return Loader()\n",
        TEST "    code.make().read('hr.private.x')\n" FINE, true},
    {T "from dataclasses import dataclass\n\n\n@dataclass\n"
       "class Loader:\n    n: str\n\n    def read(self):\n"
       "        return spark.table(self.n)\n",
        TEST "    code.Loader('hr.private.x').read()\n" FINE, true},
    {T "def named(rows):\n    all = [F.expr(f'trim({c})') for c in "
       "rows.columns]\n    return rows.select(*all)\n",
        TEST "    code.named(spark.createDataFrame([(1,)], ['a']))\n" FINE,
        false},
    {T "def named(rows):\n    all = [F.expr(f'trim({c})') for c in "
       "rows.columns]\n    return rows.select(*all)\n",
        TEST "    code.named(spark.createDataFrame([(1,)], "
             "[\"reflect('a')\"]))\n" FINE,
        true},
    /* Settings and texts that tests could change. */
    {T "Q = 'SELECT 1'\n\n\ndef run():\n    return spark.sql(Q)\n",
        TEST "    monkeypatch.setattr(code, 'Q', 'DROP TABLE x')\n" FINE, true},
    {T "O = {'mergeSchema': 'true'}\n\n\n"
       "def put(rows):\n    rows.write.options(**O).saveAsTable(T)\n",
        TEST SET "    code.O['path'] = '/mnt/prod'\n"
                 "    code.put(spark.range(1))\n" FINE,
        true},
    {T "O = {'mergeSchema': 'true'}\n\n\n"
       "def put(rows):\n    rows.write.options(**O).saveAsTable(T)\n",
        TEST SET "    code.O.update(path='/mnt/prod')\n"
                 "    code.put(spark.range(1))\n" FINE,
        true},
    {T "LIMIT = 5\n\n\ndef few(rows):\n    return rows.limit(LIMIT)\n",
        TEST "    monkeypatch.setattr(code, 'LIMIT', 2)\n"
             "    code.few(spark.range(9))\n" FINE,
        false},
    /* Code that writes while it is loaded. */
    {T LOAD "load()\n", TEST FINE, true},
    {T "spark.range(1).write.saveAsTable(T)\n", TEST FINE, true},
    {T LOAD "if __name__ == '__main__':\n    load()\n", TEST FINE, false},
    {T LOAD "if __name__ != '__main__':\n    load()\n", TEST FINE, true},
    {T LOAD "if __name__ == '__main__':\n    pass\nelse:\n    load()\n",
        TEST FINE, true},
    {T LOAD "def other(x=load()):\n    return x\n", TEST FINE, true},
    {T LOAD "class A:\n    load()\n", TEST FINE, true},
    {T LOAD "def main():\n    load()\n", TEST FINE, false},
    /* A target that is kept while the code is loaded. */
    {T "class Config:\n    target = T\n\n\n"
       "def put(rows):\n    rows.write.saveAsTable(Config.target)\n",
        TEST SET "    code.put(spark.range(1))\n" FINE, true},
    {T "class Config:\n    mode = 'append'\n\n\n"
       "def put(rows):\n    rows.write.mode(Config.mode).saveAsTable(T)\n",
        TEST SET "    code.put(spark.range(1))\n" FINE, false},
};
const size_t tested_codes_count = COUNT_OF(tested_codes);
