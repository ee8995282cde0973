#include "base/base.h"

#include "tested.h"

#define TEST "def test_x(code, spark, place, monkeypatch, tmp_path):\n"
#define MADE "code.transform_orders(spark.range(1), spark.range(1))"
/* A test that has nothing wrong. */
#define GOOD                                                                   \
	"def test_good(code, spark):\n    assert " MADE ".count() == 1\n\n\n"
#define FINE "    assert " MADE ".count() == 1\n"
#define LOAD "    code.load_orders()\n" FINE

const struct refused refused_tests[] = {
    /* Nothing tests. */
    {"", "G128"},
    {"def check_x(code):\n    assert code\n", "G128"},
    {"def test_x(spark):\n    assert spark.range(1).count() == 1\n", "G128"},
    {GOOD "class Orders:\n    def test_y(self, code):\n"
          "        assert code.SOURCE_ORDERS\n",
        "G128"},
    {GOOD "class TestX:\n    class Orders:\n        def test_y(self, code):\n"
          "            assert code.SOURCE_ORDERS\n",
        "G128"},
    {GOOD "def make():\n    class TestX:\n        def test_y(self, code):\n"
          "            assert code.SOURCE_ORDERS\n",
        "G128"},
    {"def test_x(code, spark):\n    " MADE ".show()\n", "G129"},
    {"def test_x(code, spark):\n    assert True\n", "G129"},
    {GOOD "def test_y(code):\n    pass\n", "G129"},
    {GOOD "class TestX:\n    def test_y(self, code):\n        pass\n", "G129"},
    {"def test_x(code, spark):\n    assert code.transform_other(1) == 1\n",
        "G130"},
    {TEST "    monkeypatch.setattr(code, 'NOTHING', 1)\n" FINE, "G130"},
    {GOOD "def test_x(code):\n    assert (\n", "G103"},
    {GOOD "def test_good(code):\n    assert code.write_orders\n", "G107"},
    {GOOD "async def test_x(code):\n    assert code\n", "G108"},
    /* Calls that no test needs. */
    {GOOD "import subprocess\n", "G106"},
    {GOOD "import socket\n", "G106"},
    {GOOD "import requests\n", "G106"},
    {GOOD "from unittest.mock import patch\n", "G106"},
    {GOOD "import importlib\n", "G106"},
    {GOOD "import shutil\n", "G106"},
    {GOOD "from pathlib import Path as P\n", "G106"},
    {TEST FINE "    os.system('ls')\n", "G107"},
    {TEST FINE "    os.remove('x')\n", "G107"},
    {TEST FINE "    eval('1')\n", "G107"},
    {TEST FINE "    exec('1')\n", "G107"},
    {TEST FINE "    compile('1', 'x', 'exec')\n", "G107"},
    {TEST FINE "    __import__('os')\n", "G107"},
    {TEST FINE "    open('x')\n", "G107"},
    {TEST FINE "    getattr(spark, 'sql')('DROP TABLE x')\n", "G107"},
    {TEST FINE "    Path('/etc/passwd').read_text()\n", "G108"},
    {TEST FINE "    FILE.write_text('x')\n", "G134"},
    {TEST FINE "    tmp_path.parent.rmdir()\n", "G108"},
    {TEST FINE "    ast.literal_eval('1')\n", "G108"},
    {TEST FINE "    tempfile.mkdtemp()\n", "G108"},
    {TEST FINE "    spark.sparkContext.addPyFile('x')\n", "G108"},
    {TEST FINE "    spark.range(1).rdd.map(print)\n", "G108"},
    {TEST FINE "    dbutils.secrets.get('a', 'b')\n", "G108"},
    {TEST FINE "    dbutils.fs.rm('/')\n", "G108"},
    {TEST FINE "    pytest.main(['x'])\n", "G108"},
    {TEST FINE "    pytest.importorskip('os')\n", "G108"},
    {TEST FINE "    monkeypatch.setenv('TEST_SCHEMA', 'prod')\n", "G108"},
    {TEST FINE "    monkeypatch.syspath_prepend('/tmp')\n", "G108"},
    {TEST FINE "    spark.conf.set('spark.hadoop.x', '1')\n", "G114"},
    {TEST FINE "    spark.builder.master('spark://evil:7077')\n", "G114"},
    {TEST "    match code:\n        case spark:\n            pass\n" FINE,
        "G108"},
    {TEST FINE "    token = 'dapi0123456789abcdef0123456789abcdef'\n", "G115"},
    /* SQL. */
    {TEST FINE "    spark.sql('DROP TABLE a.c.orders')\n", "G112"},
    {TEST FINE "    spark.sql('DELETE FROM a.c.orders WHERE 1 = 1')\n", "G112"},
    {TEST FINE "    spark.sql('INSERT INTO a.c.orders SELECT 1')\n", "G112"},
    {TEST FINE "    spark.sql('CREATE TABLE x AS SELECT 1')\n", "G112"},
    {TEST FINE "    spark.sql('FROM v INSERT INTO a.c.orders SELECT *')\n",
        "G111"},
    {TEST FINE "    spark.sql('SELECT * FROM other.secret')\n", "G109"},
    {TEST FINE "    spark.sql(\"SELECT reflect('a', 'b')\")\n", "G112"},
    {TEST FINE "    spark.sql('SELECT ' + str(tmp_path))\n", "G113"},
    {TEST FINE "    name = place('table')\n"
               "    spark.sql(f'DROP TABLE {name}')\n",
        "G113"},
    {TEST FINE "    spark.range(1).selectExpr(\"java_method('a', 'b')\")\n",
        "G112"},
    /* Tables of others. */
    {TEST FINE "    spark.table('other.secret')\n", "G109"},
    {TEST FINE "    spark.read.table('other.' + str(tmp_path))\n", "G110"},
    {TEST FINE "    spark.read.parquet('/mnt/prod')\n", "G109"},
    {TEST FINE "    spark.read.csv(f'{tmp_path}/../x')\n", "G110"},
    {TEST FINE "    spark.read.csv(str(tmp_path / '/etc'))\n", "G110"},
    {TEST FINE "    " MADE ".write.saveAsTable('other.x')\n", "G109"},
    {TEST FINE "    " MADE ".write.saveAsTable('a.c.orders')\n", "G111"},
    {TEST FINE "    " MADE ".write.saveAsTable('a.b.orders')\n", "G111"},
    {TEST FINE "    " MADE ".write.save('/mnt/x')\n", "G109"},
    {TEST FINE "    " MADE ".write.insertInto(code.TARGET_ORDERS)\n", "G110"},
    {TEST FINE "    " MADE ".write.saveAsTable(place.name)\n", "G110"},
    {TEST FINE "    " MADE ".writeTo('a.c.orders').append()\n", "G111"},
    {GOOD "def test_x(code, spark, place='a.c.orders'):\n"
          "    " MADE ".write.save(str(place))\n" FINE,
        "G110"},
    {GOOD "def test_x(code, spark, tmp_path='/mnt'):\n"
          "    " MADE ".write.save(str(tmp_path))\n" FINE,
        "G110"},
    {GOOD "@pytest.mark.parametrize('tmp_path', ['/mnt'])\n"
          "def test_x(code, spark, tmp_path):\n"
          "    " MADE ".write.save(str(tmp_path))\n" FINE,
        "G108"},
    {GOOD "@pytest.fixture\ndef tmp_path():\n    return '/mnt'\n\n\n"
          "def test_x(code, spark, tmp_path):\n"
          "    " MADE ".write.save(str(tmp_path))\n" FINE,
        "G134"},
    /* Loads into the real target. */
    {TEST LOAD, "G111"},
    {TEST "    code.write_orders(" MADE ")\n" FINE, "G111"},
    {TEST "    load = code.load_orders\n    load()\n" FINE, "G111"},
    {TEST "    with pytest.raises(ValueError):\n"
          "        code.load_orders()\n",
        "G111"},
    {TEST "    pytest.raises(ValueError, code.load_orders)\n", "G111"},
    {TEST LOAD
        "    monkeypatch.setattr(code, 'TARGET_ORDERS', place('table'))\n",
        "G111"},
    {TEST "    if False:\n"
          "        monkeypatch.setattr(code, 'TARGET_ORDERS', "
          "place('table'))\n" LOAD,
        "G111"},
    {GOOD "def redirect(code, place, monkeypatch):\n"
          "    monkeypatch.setattr(code, 'TARGET_ORDERS', place('table'))\n"
          "    yield\n\n\n" TEST
          "    redirect(code, place, monkeypatch)\n" LOAD,
        "G111"},
    {GOOD "@pytest.fixture\ndef target(code, place, monkeypatch):\n"
          "    yield\n"
          "    monkeypatch.setattr(code, 'TARGET_ORDERS', place('table'))\n"
          "\n\ndef test_x(code, spark, target):\n" LOAD,
        "G111"},
    {GOOD "@pytest.fixture\ndef target(code, place, monkeypatch):\n"
          "    if code:\n        return\n"
          "    monkeypatch.setattr(code, 'TARGET_ORDERS', place('table'))\n"
          "\n\ndef test_x(code, spark, target):\n" LOAD,
        "G111"},
    {GOOD "@pytest.fixture\ndef target(code, place, monkeypatch):\n"
          "    monkeypatch.setattr(code, 'TARGET_ORDERS', place('table'))\n"
          "\n\n@pytest.mark.parametrize('target', [1])\n"
          "def test_x(code, spark, target):\n" LOAD,
        "G108"},
    {GOOD "@pytest.fixture\ndef target(code, place, monkeypatch):\n"
          "    monkeypatch.setattr(code, 'TARGET_ORDERS', place('table'))\n"
          "\n\ndef test_x(code, spark, target=1):\n" LOAD,
        "G111"},
    {GOOD "@pytest.fixture\ndef target(code, place, monkeypatch):\n"
          "    monkeypatch.setattr(code, 'TARGET_ORDERS', place('table'))\n"
          "\n\n@pytest.fixture(scope='module')\ndef loaded(code):\n"
          "    code.load_orders()\n"
          "\n\ndef test_x(code, spark, target, loaded):\n" FINE,
        "G111"},
    {GOOD "@pytest.fixture\ndef loaded(code):\n    code.load_orders()\n",
        "G111"},
    {GOOD "def skip(f):\n    return None\n\n\n"
          "@skip\n@pytest.fixture\ndef target(code, place, monkeypatch):\n"
          "    monkeypatch.setattr(code, 'TARGET_ORDERS', place('table'))\n"
          "\n\ndef test_x(code, spark, target):\n" LOAD,
        "G108"},
    {TEST "    monkeypatch.setattr(code, 'TARGET_ORDERS', 'a.c.orders')\n" LOAD,
        "G110"},
    {TEST "    monkeypatch.setattr(code, 'TARGET_ORDERS', 'other.x')\n" LOAD,
        "G110"},
    {TEST "    monkeypatch.setattr(code, 'TARGET_ORDERS', "
          "code.TARGET_ORDERS)\n" LOAD,
        "G110"},
    {TEST "    monkeypatch.setattr(code, 'SOURCE_ORDERS', 'other.x')\n" FINE,
        "G110"},
    {TEST "    monkeypatch.setattr(code, 'TARGET_ORDERS', "
          "view(spark.range(1)))\n" LOAD,
        "G110"},
    {TEST "    monkeypatch.setattr(code, 'write_orders', print)\n" FINE,
        "G108"},
    {TEST "    monkeypatch.setattr('os.system', print)\n" FINE, "G108"},
    {TEST "    monkeypatch.setattr(spark, 'sql', print)\n" FINE, "G108"},
    {TEST "    put = monkeypatch.setattr\n" FINE, "G108"},
    {TEST "    code.TARGET_ORDERS = 'other.x'\n" FINE, "G108"},
    {TEST "    pytest.fixture = print\n" FINE, "G108"},
    {TEST "    for code.TARGET_ORDERS in ['x']:\n        pass\n" FINE, "G108"},
    {TEST "    with x as code.TARGET_ORDERS:\n        pass\n" FINE, "G108"},
    /* Loads that are kept for later. */
    {GOOD "LATER = []\n\n\n" TEST
          "    monkeypatch.setattr(code, 'TARGET_ORDERS', place('table'))\n"
          "    LATER.append(code.load_orders)\n" FINE,
        "G111"},
    {GOOD "LATER = []\n\n\n" TEST
          "    monkeypatch.setattr(code, 'TARGET_ORDERS', place('table'))\n"
          "    LATER.append(lambda: code.load_orders())\n" FINE,
        "G111"},
    {GOOD "LATER = []\n\n\n" TEST
          "    monkeypatch.setattr(code, 'TARGET_ORDERS', place('table'))\n"
          "    LATER.append(code.load_orders() for _ in [1])\n" FINE,
        "G111"},
    {GOOD "def run(code):\n    code.load_orders()\n\n\n"
          "RUN = {'x': run}\n\n\n" TEST "    RUN['x'](code)\n" FINE,
        "G111"},
    {GOOD "KEPT = []\n\n\n" TEST "    KEPT.append(code)\n" FINE
          "\n\ndef test_y(spark):\n    KEPT[0].load_orders()\n"
          "    assert KEPT\n",
        "G111"},
    {GOOD "@pytest.fixture\ndef target(code, place, monkeypatch):\n"
          "    monkeypatch.setattr(code, 'TARGET_ORDERS', place('table'))\n"
          "\n\ndef test_x(code, spark, target):\n" LOAD
          "\n\ndef test_y(code, spark):\n    test_x(code, spark, 1)\n" FINE,
        "G108"},
    {GOOD "class TestX:\n"
          "    @pytest.fixture\n"
          "    def target(self, code, place, monkeypatch):\n"
          "        monkeypatch.setattr(code, 'TARGET_ORDERS', "
          "place('table'))\n\n"
          "    def test_x(self, code, target):\n"
          "        code.load_orders()\n        assert target\n\n"
          "    def test_y(self, code):\n        self.test_x(code, 1)\n"
          "        assert code\n",
        "G108"},
    /* What runs the tests is not theirs. */
    {GOOD "pytest_plugins = ['evil']\n", "G107"},
    {GOOD "def pytest_configure(config):\n    pass\n", "G107"},
    {GOOD "@pytest.mark.skipif('1 == 1', reason='x')\n" TEST FINE, "G108"},
    {GOOD "WHEN = 'a == b'\n\n\n@pytest.mark.skipif(WHEN, reason='x')\n" TEST
            FINE,
        "G108"},
    {GOOD "@pytest.mark.skipif('a' or 1, reason='x')\n" TEST FINE, "G108"},
    /* Fixtures of pytest and its plugins that do more than these. */
    {"def test_x(code, tmpdir):\n    tmpdir.join('/home/u/x', abs=True)"
     ".remove()\n    assert code.SOURCE_ORDERS\n",
        "G108"},
    {GOOD "def test_x(code, cache):\n    assert code.SOURCE_ORDERS\n", "G108"},
    {GOOD "@pytest.fixture\ndef mine(pytestconfig):\n    return 1\n", "G108"},
    {GOOD "@pytest.fixture\ndef mine(request):\n"
          "    return request.getfixturevalue('tmpdir')\n",
        "G108"},
    {GOOD "from pytest import fixture as fx\n\n\n@fx\ndef tmp_path():\n"
          "    return '/home/u'\n",
        "G108"},
    {GOOD "N = 'place'\n\n\n@pytest.fixture(name=N)\ndef other():\n"
          "    return 1\n",
        "G108"},
    {GOOD "@pytest.fixture(**{'name': 'place'})\ndef other():\n"
          "    return 1\n",
        "G108"},
    /* What a class of the tests has is not what others have. */
    {GOOD "class Fake:\n    def write_bytes(self, data):\n"
          "        return data\n\n\n" TEST FINE
          "    (tmp_path / '/home/u/x').write_bytes(b'')\n",
        "G108"},
    {GOOD
        "class Fake:\n    def setenv(self, a, b):\n        return a\n\n\n" TEST
            FINE "    monkeypatch.setenv('PATH', '/tmp')\n",
        "G108"},
    {GOOD "class Fake:\n    def sql(self, q):\n        return q\n\n"
          "    def run(self, q):\n        return self.sql(q)\n\n\n"
          "run = Fake.run\n\n\n" TEST FINE
          "    run(spark, 'DROP TABLE prod.x.y')\n",
        "G113"},
    /* Files are moved. */
    {TEST FINE "    Path('/home/u/x').replace(tmp_path)\n", "G134"},
    {TEST FINE "    (tmp_path / '/home/u/x').replace('/tmp/gone')\n", "G108"},
    {TEST FINE "    tmp_path.replace(target='/tmp/gone')\n", "G108"},
    {TEST FINE "    tmp_path.copy('/tmp/gone')\n", "G108"},
    /* The frame, and what belongs to the compiled tests. */
    {GOOD "@pytest.fixture\ndef spark():\n    return None\n", "G134"},
    {GOOD "@pytest.fixture(name='code')\ndef mine():\n    return None\n",
        "G134"},
    {GOOD "FILE = Path('/tmp/evil.py')\n", "G134"},
    {GOOD "LOCAL = {'spark.jars': 'http://evil'}\n", "G134"},
    {GOOD "LOCAL['spark.jars'] = 'http://evil'\n", "G134"},
    {GOOD "def os():\n    pass\n", "G134"},
    {GOOD "import re as os\n", "G134"},
    {GOOD "class Widgets:\n    pass\n", "G134"},
    {GOOD "def exec(code, where):\n    pass\n", "G134"},
    {GOOD "from pyspark.sql.functions import *\n", "G107"},
    /* What is handed on, or called by another name. */
    {TEST FINE
        "    assert spark.range(1).filter(F.cast('x', 'exists(select 1)'))\n",
        "G108"},
    {TEST "    parts = ['select 1']\n    y = parts\n    y += ['drop table x']\n"
          "    for q in parts:\n        assert spark.sql(q).count()\n" FINE,
        "G113"},
    {"from logging import basicConfig\n\n\n" TEST
     "    basicConfig(filename='/tmp/x')\n" FINE,
        "G108"},
    {TEST "    g = spark.conf.get\n    assert g('fs.azure.account.key')\n" FINE,
        "G108"},
    {TEST "    assert '{0.gi_frame.f_globals[os]}'.format(spark)\n" FINE,
        "G107"},
    {"from delta.tables import DeltaTable\n\n\n" TEST
     "    DeltaTable.forPath(spark, str(tmp_path / 'a'), {'fs.x': 'y'})\n" FINE,
        "G114"},
    /* Modules and classes are not handed on; nor is SQL that grows unread. */
    {"import pyspark.sql.types\n\n\n" TEST
     "    words = ['CloudPickleSerializer']\n"
     "    kinds = pyspark.sql.types\n"
     "    kinds.CloudPickleSerializer().loads(b'')\n" FINE,
        "G107"},
    {"from pyspark.sql import DataFrame\n\n\n" TEST
     "    DataFrame.filter(spark.range(1).alias('a'), 'refl' + \"ect('a', "
     "'b')\")\n" FINE,
        "G108"},
    {"import typing\n\n\n" TEST
     "    spark.range(1).where(typing.cast(str, 'refl' + \"ect('a', "
     "'b')\"))\n" FINE,
        "G113"},
    {"from pyspark.sql.functions import col as e\n"
     "from pyspark.sql.functions import expr as e\n\n\n" TEST
     "    spark.range(1).select(e('refl' + \"ect('a', 'b')\"))\n" FINE,
        "G107"},
    {TEST "    cols = ['id']\n"
          "    cols.append('refl' + \"ect('a', 'b')\")\n"
          "    spark.range(1).selectExpr(*cols)\n" FINE,
        "G112"},
    {TEST "    print(('{0' + '.gi_frame.f_globals[os]}').format(x for x in "
          "[1]))\n" FINE,
        "G107"},
    /* Views that are not there when they are read. */
    {TEST "    if not code:\n"
          "        spark.range(1).createOrReplaceTempView('salaries')\n"
          "    assert spark.table('salaries').count()\n" FINE,
        "G109"},
    {TEST "    assert spark.table('salaries').count()\n"
          "    spark.range(1).createOrReplaceTempView('salaries')\n" FINE,
        "G109"},
    {"@pytest.fixture\ndef never(spark):\n"
     "    spark.range(1).createOrReplaceTempView('salaries')\n\n\n" TEST
     "    assert spark.table('salaries').count()\n" FINE,
        "G109"},
    {"@pytest.fixture\ndef late(spark):\n    yield 1\n"
     "    spark.range(1).createOrReplaceTempView('salaries')\n\n\n"
     "def test_x(code, spark, late):\n"
     "    assert spark.table('salaries').count()\n" FINE,
        "G109"},
};
const size_t refused_tests_count = COUNT_OF(refused_tests);

/* Other frames than the one that was given. */
const struct changed changed_frames[] = {
    {"Path(__file__)", "Path('/tmp')"},
    {"TESTED_FILE", "HOME"},
    {"SparkSession.getActiveSession()", "None"},
    {"dbutils=SimpleNamespace(widgets=Widgets())", "dbutils=None"},
    {"FILE.read_text(encoding=\"utf-8\")", "\"import os\""},
    {"DROP TABLE IF EXISTS {name}", "DROP TABLE a.c.orders"},
    {"tempfile.gettempdir()", "'/mnt/prod'"},
};
const size_t changed_frames_count = COUNT_OF(changed_frames);
