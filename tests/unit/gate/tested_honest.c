#include "base/base.h"

#include "tested.h"

/* What most of them begin with. */
#define ROWS                                                                   \
	"def orders(spark):\n"                                                 \
	"    return spark.createDataFrame(\n"                                  \
	"        [('1', 'NEW', 'web', 'p'), ('2', 'X', 'shop', 'p')],\n"       \
	"        'order_id string, status string, kind string, person "        \
	"string')"                                                             \
	"\n\n\n"                                                               \
	"def people(spark):\n"                                                 \
	"    return spark.createDataFrame([('p', 'Ann')], 'id string, name "   \
	"string')\n\n\n"
#define EXPECTED                                                               \
	"    expected = spark.createDataFrame([('1', 'new', 'Ann')],\n"        \
	"        'order_id string, status string, customer string')\n"
#define MADE "code.transform_orders(orders(spark), people(spark))"
#define TARGET                                                                 \
	"@pytest.fixture\n"                                                    \
	"def target(code, place, monkeypatch):\n"                              \
	"    name = place('table')\n"                                          \
	"    monkeypatch.setattr(code, 'TARGET_ORDERS', name)\n"               \
	"    return name\n\n\n"
#define SOURCES                                                                \
	"    monkeypatch.setattr(code, 'SOURCE_ORDERS', "                      \
	"view(orders(spark)))\n"                                               \
	"    monkeypatch.setattr(code, 'SOURCE_PEOPLE', "                      \
	"view(people(spark)))\n"
#define NAMES "    # order_id status customer\n"
#define ALL "    assert made.columns == ['order_id', 'status', 'customer']\n"

const struct honest honest_tests[] = {
    /* Rows that are compared. */
    {ROWS "def test_rows(code, spark):\n" EXPECTED
          "    assert_df_equality(" MADE ", expected)\n",
        ""},
    {ROWS "def test_rows(code, spark):\n" EXPECTED
          "    assert_df_equality(" MADE
          ", expected, ignore_row_order=True, ignore_nullable=True)\n",
        ""},
    {"import chispa\n\n\n" ROWS "def test_rows(code, spark):\n" EXPECTED
     "    chispa.assert_df_equality(" MADE ", expected)\n",
        ""},
    {"from chispa.dataframe_comparer import assert_df_equality as same\n\n\n"
     "from chispa.dataframe_comparer import assert_approx_df_equality\n" ROWS
     "def test_rows(code, spark):\n" EXPECTED
     "    assert_approx_df_equality(" MADE ", expected, 0.01)\n",
        ""},
    {"from chispa import assert_column_equality\n\n\n" ROWS
     "def test_rows(code, spark):\n"
     "    made = " MADE "\n" ALL
     "    made = made.withColumn('expected', F.lit('new'))\n"
     "    assert_column_equality(made, 'status', 'expected')\n",
        ""},
    {"from pyspark.testing import assertDataFrameEqual\n\n\n" ROWS
     "def test_rows(code, spark):\n" EXPECTED "    assertDataFrameEqual(" MADE
     ", expected)\n",
        ""},
    {"from pyspark.testing.utils import assertDataFrameEqual, "
     "assertSchemaEqual\n\n\n" ROWS "def test_rows(code, spark):\n" EXPECTED
     "    assertSchemaEqual(" MADE ".schema, expected.schema)\n",
        ""},
    {ROWS "def test_rows(code, spark):\n" EXPECTED "    assert " MADE
          ".collect() == expected.collect()\n",
        ""},
    {ROWS "def test_rows(code, spark):\n" EXPECTED "    made = " MADE "\n"
          "    assert made.exceptAll(expected).count() == 0\n"
          "    assert expected.exceptAll(made).isEmpty()\n",
        ""},
    {ROWS "def test_rows(code, spark):\n" EXPECTED "    assert sorted(" MADE
          ".collect()) == "
          "sorted(expected.collect())\n",
        ""},
    /* One column at a time. */
    {ROWS "@pytest.mark.parametrize('name, value', [('order_id', '1'),\n"
          "    ('status', 'new'), ('customer', 'Ann')])\n"
          "def test_column(code, spark, name, value):\n"
          "    assert " MADE ".first()[name] == value\n",
        ""},
    {ROWS "@pytest.mark.parametrize(['name', 'value'], [\n"
          "    pytest.param('order_id', '1', id='key'),\n"
          "    pytest.param('status', 'new'), ('customer', 'Ann')])\n"
          "def test_column(code, spark, name, value):\n"
          "    assert " MADE ".first().asDict()[name] == value\n",
        ""},
    {ROWS "def test_columns(code, spark):\n"
          "    row = " MADE ".first()\n"
          "    assert row.order_id == '1'\n"
          "    assert row.status == 'new'\n"
          "    assert row.customer == 'Ann'\n",
        ""},
    {ROWS "def test_status(code, spark):\n"
          "    found = {r['order_id']: r['status'] for r in " MADE
          ".collect()}\n"
          "    assert found == {'1': 'new'}\n",
        "G131:0"},
    {ROWS "CASES = [('NEW', 'new'), (None, None), ('', '')]\n\n\n"
          "@pytest.mark.parametrize('given,expected', CASES)\n"
          "def test_status(code, spark, given, expected):\n"
          "    some = orders(spark).withColumn('status', F.lit(given))\n"
          "    made = code.transform_orders(some, people(spark))\n" NAMES
          "    assert [r.status for r in made.collect()] == [expected]\n",
        "G131:0"},
    {ROWS "def test_status(code, spark):\n"
          "    made = " MADE ".where(\"status = 'new' and customer = "
          "'Ann'\")\n"
          "    assert made.filter(F.col('order_id') == '1').count() == 1\n",
        ""},
    /* Schemas. */
    {ROWS "def test_schema(code, spark):\n"
          "    made = " MADE "\n" ALL
          "    assert made.dtypes == [(n, 'string') for n in "
          "made.columns]\n",
        ""},
    {ROWS "def test_schema(code, spark):\n"
          "    fields = " MADE ".schema.fields\n"
          "    assert [f.name for f in fields] == ['order_id', 'status',\n"
          "        'customer']\n"
          "    assert all(f.dataType.simpleString() == 'string' for f in "
          "fields)\n",
        ""},
    {"from pyspark.sql.types import StringType, StructField, "
     "StructType\n\n\n" ROWS
     "SCHEMA = StructType([StructField('order_id', StringType()),\n"
     "    StructField('status', StringType()), StructField('customer', "
     "StringType())])\n\n\n"
     "def test_schema(code, spark):\n"
     "    assert " MADE ".schema.fieldNames() == SCHEMA.fieldNames()\n"
     "    empty = spark.createDataFrame([], SCHEMA)\n"
     "    assert empty.count() == 0\n",
        ""},
    {"import pyspark.sql.types as T\n\n\n" ROWS "def test_types(code, spark):\n"
     "    made = " MADE "\n" ALL
     "    assert isinstance(made.schema['status'].dataType, "
     "T.StringType)\n",
        ""},
    /* Filters, joins, NULL. */
    {ROWS "def test_filter(code, spark):\n"
          "    made = " MADE "\n" ALL
          "    assert made.where(F.col('order_id') == '2').count() == 0\n",
        ""},
    {ROWS "def test_join(code, spark):\n"
          "    nobody = people(spark).limit(0)\n"
          "    made = code.transform_orders(orders(spark), nobody)\n" ALL
          "    assert made.count() in (0, 1)\n",
        ""},
    {ROWS "def test_null(code, spark):\n"
          "    rows = orders(spark).withColumn('person', "
          "F.lit(None).cast('string'))\n"
          "    made = code.transform_orders(rows, people(spark))\n" ALL
          "    assert made.filter(F.col('customer').isNotNull()).isEmpty()\n",
        ""},
    {ROWS "def test_duplicates(code, spark):\n"
          "    twice = orders(spark).union(orders(spark))\n"
          "    made = code.transform_orders(twice, people(spark))\n" ALL
          "    assert made.count() == 2, 'rows got lost'\n",
        ""},
    {"from pyspark.sql import Row\n\n\n"
     "def test_row(code, spark):\n"
     "    orders = spark.createDataFrame([Row(order_id='1', status='A', "
     "kind='web', person='p')])\n"
     "    people = spark.createDataFrame([Row(id='p', name='Ann')])\n"
     "    made = code.transform_orders(orders, people)\n"
     "    assert made.collect() == [Row(order_id='1', status='a', "
     "customer='Ann')]\n",
        ""},
    /* Fixtures of their own. */
    {ROWS "@pytest.fixture(scope='module')\n"
          "def made(code, spark):\n"
          "    return " MADE "\n\n\n"
          "def test_columns(made):\n" ALL "\n\n"
          "def test_count(made):\n"
          "    assert made.count() == 1\n",
        ""},
    {ROWS "@pytest.fixture\n"
          "def made(code, spark):\n"
          "    rows = " MADE "\n"
          "    yield rows\n"
          "    rows.unpersist()\n\n\n"
          "class TestOrders:\n"
          "    \"\"\"The target orders.\"\"\"\n\n"
          "    def test_columns(self, made):\n"
          "        assert made.columns == ['order_id', 'status', "
          "'customer']\n\n"
          "    def test_one(self, made):\n"
          "        assert made.count() == 1\n",
        ""},
    {ROWS "from pytest import fixture, mark\n\n\n"
          "@fixture(name='made')\n"
          "def make(code, spark):\n"
          "    return " MADE "\n\n\n"
          "@mark.slow\n"
          "def test_columns(made):\n" ALL,
        ""},
    {ROWS "def compare(found, expected):\n"
          "    \"\"\"Compare rows, whatever their order.\"\"\"\n"
          "    assert sorted(map(str, found)) == sorted(map(str, "
          "expected))\n\n\n"
          "def test_rows(code, spark):\n" EXPECTED "    compare(" MADE
          ".collect(), expected.collect())\n",
        ""},
    /* Views and SQL. */
    {ROWS "def test_sql(code, spark):\n"
          "    " MADE ".createOrReplaceTempView('made')\n"
          "    found = spark.sql('SELECT order_id, status, customer FROM "
          "made')\n"
          "    assert found.count() == 1\n",
        ""},
    {ROWS "def test_sql(code, spark):\n"
          "    " MADE ".createOrReplaceTempView('made')\n"
          "    made = spark.table('made')\n" ALL
          "    spark.catalog.dropTempView('made')\n",
        ""},
    {ROWS "@pytest.fixture\ndef made(code, spark):\n"
          "    " MADE ".createOrReplaceTempView('made')\n"
          "    yield 'made'\n\n\n"
          "@pytest.fixture\ndef found(made, spark):\n"
          "    return spark.table('made')\n\n\n"
          "def test_sql(code, spark, found):\n"
          "    made = spark.sql('SELECT * FROM made')\n" ALL,
        ""},
    {ROWS "def keep(rows):\n    rows.createOrReplaceTempView('made')\n\n\n"
          "@pytest.fixture(autouse=True)\ndef kept(code, spark):\n"
          "    keep(" MADE ")\n\n\n"
          "def read(spark):\n    return spark.table('made')\n\n\n"
          "def test_sql(code, spark):\n    made = read(spark)\n" ALL,
        ""},
    {"def test_sql(code, spark):\n"
     "    orders = spark.sql(\"SELECT '1' AS order_id, 'A' AS status, 'web' "
     "AS kind, 'p' AS person\")\n"
     "    people = spark.sql(\"SELECT 'p' AS id, 'Ann' AS name\")\n"
     "    made = code.transform_orders(orders, people)\n" ALL,
        ""},
    /* Loads into tables of their own. */
    {ROWS TARGET "def test_load(code, spark, monkeypatch, target):\n" SOURCES
                 "    code.load_orders()\n"
                 "    made = spark.read.table(target)\n" ALL,
        ""},
    {ROWS TARGET "def test_load(code, spark, monkeypatch, target):\n" SOURCES
                 "    code.load_orders()\n"
                 "    code.load_orders()\n"
                 "    assert spark.table(target).count() == 1\n" NAMES,
        "G131:0"},
    {ROWS TARGET "def test_write(code, spark, target):\n"
                 "    code.write_orders(" MADE ")\n"
                 "    made = spark.read.format('delta').table(target)\n" ALL,
        ""},
    {ROWS "def test_write(code, spark, place, monkeypatch):\n"
          "    target = place('table')\n"
          "    monkeypatch.setattr(code, 'TARGET_ORDERS', target)\n"
          "    code.write_orders(" MADE ")\n"
          "    made = spark.read.table(code.TARGET_ORDERS)\n" ALL,
        ""},
    {ROWS TARGET
        "def test_replaces(code, spark, target):\n"
        "    old = spark.createDataFrame([('9', 'a', 'b')],\n"
        "        'order_id string, status string, customer string')\n"
        "    old.write.format('delta').mode('overwrite').saveAsTable(target)\n"
        "    code.write_orders(" MADE ")\n"
        "    found = [r.order_id for r in spark.table(target).collect()]\n"
        "    assert found == ['1']\n",
        ""},
    {ROWS TARGET "@pytest.mark.usefixtures('target')\n"
                 "def test_write(code, spark):\n"
                 "    code.write_orders(" MADE ")\n"
                 "    made = spark.read.table(code.TARGET_ORDERS)\n" ALL,
        ""},
    {ROWS "@pytest.fixture(autouse=True)\n"
          "def redirected(code, place, monkeypatch):\n"
          "    monkeypatch.setattr(code, 'TARGET_ORDERS', place('table'))\n"
          "\n\n"
          "def test_write(code, spark):\n"
          "    code.write_orders(" MADE ")\n"
          "    made = spark.read.table(code.TARGET_ORDERS)\n" ALL,
        ""},
    {ROWS TARGET "def test_twice(code, spark, target):\n"
                 "    for _ in range(2):\n"
                 "        code.write_orders(" MADE ")\n"
                 "    made = spark.read.table(target)\n" ALL,
        ""},
    {ROWS TARGET "def test_lacks(code, spark, monkeypatch, target):\n" SOURCES
                 "    monkeypatch.setattr(code, 'SOURCE_ORDERS',\n"
                 "        view(orders(spark).drop('status')))\n"
                 "    with pytest.raises(RuntimeError, match='status'):\n"
                 "        code.load_orders()\n",
        "G131:0"},
    {ROWS TARGET
        "def test_lacks(code, spark, monkeypatch, target):\n" SOURCES
        "    orders(spark).drop('status').createOrReplaceTempView('less')\n"
        "    monkeypatch.setattr(code, 'SOURCE_ORDERS', 'less')\n"
        "    with pytest.raises(Exception) as refused:\n"
        "        code.load_orders()\n"
        "    assert 'status' in str(refused.value)\n",
        "G131:0"},
    /* Files of their own. */
    {ROWS "def test_file(code, spark, tmp_path):\n"
          "    path = str(tmp_path / 'made')\n"
          "    " MADE ".write.parquet(path)\n"
          "    made = spark.read.parquet(path)\n" ALL,
        ""},
    {ROWS "def test_file(code, spark, tmp_path):\n"
          "    " MADE ".write.mode('overwrite').save(f'{tmp_path}/made')\n"
          "    made = spark.read.load(f'{tmp_path}/made')\n" ALL,
        ""},
    {ROWS "def test_file(code, spark, tmp_path_factory):\n"
          "    path = str(tmp_path_factory.mktemp('made').joinpath('x'))\n"
          "    " MADE ".write.format('delta').save(path)\n"
          "    made = spark.read.format('delta').load(path)\n" ALL,
        ""},
    {ROWS "def test_twice(code, spark, place):\n"
          "    target = place('table') + '_2'\n"
          "    " MADE ".write.saveAsTable(target)\n"
          "    made = spark.table(target)\n" ALL,
        ""},
    /* Values of other modules. */
    {"import datetime\nimport math\nfrom decimal import Decimal\n\n\n" ROWS
     "def test_rows(code, spark):\n"
     "    made = " MADE "\n" ALL
     "    days = datetime.date(2024, 1, 2) - datetime.date(2024, 1, 1)\n"
     "    assert days.days == made.count()\n"
     "    assert math.isclose(Decimal('1.0'), 1.0)\n"
     "    assert made.count() == pytest.approx(1)\n",
        ""},
    {"import json\n\n\n" ROWS "def test_json(code, spark):\n"
     "    row = json.loads(json.dumps(" MADE ".first().asDict()))\n"
     "    assert row == {'order_id': '1', 'status': 'new', 'customer': "
     "'Ann'}\n",
        ""},
    /* Marks. */
    {ROWS "pytestmark = pytest.mark.slow\n\n\n"
          "def test_rows(code, spark):\n    made = " MADE "\n" ALL,
        ""},
    {ROWS "pytestmark = [pytest.mark.slow, pytest.mark.integration]\n\n\n"
          "@pytest.mark.unit\nclass TestOrders:\n"
          "    pytestmark = pytest.mark.smoke\n\n"
          "    def test_rows(self, code, spark):\n        made = " MADE "\n"
          "        assert made.columns == ['order_id', 'status', "
          "'customer']\n",
        ""},
    {ROWS "@pytest.mark.parametrize('given, expected',\n"
          "    [pytest.param('NEW', 'new', id='upper'),\n"
          "        pytest.param('', '', marks=pytest.mark.slow)],\n"
          "    ids=str)\n"
          "@pytest.mark.parametrize('person', ['p'], ids=lambda v: f'of {v}')\n"
          "def test_rows(code, spark, given, expected, person):\n" NAMES
          "    some = orders(spark).withColumn('status', F.lit(given))\n"
          "    made = code.transform_orders(some, people(spark))\n"
          "    assert made.first()['status'] == expected\n" ALL,
        ""},
    {"import pytest\nfrom decimal import Decimal\n\n\n" ROWS
     "@pytest.fixture(params=['web', 'shop'], ids=['a', 'b'])\n"
     "def kind(request):\n    yield request.param\n\n\n"
     "def test_rows(code, spark, kind):\n    made = " MADE "\n" ALL
     "    assert made.count() == (1 if kind == 'web' else 1)\n",
        ""},
    /* Classes. */
    {ROWS "class TestOrders:\n"
          "    SCHEMA = 'order_id string, status string, customer string'\n"
          "    COLUMNS = ['order_id', 'status', 'customer']\n\n"
          "    def names(self, rows):\n        return rows.columns\n\n"
          "    @staticmethod\n    def sorted_rows(rows):\n"
          "        return sorted(rows.collect())\n\n"
          "    def test_rows(self, code, spark):\n"
          "        made = " MADE "\n"
          "        expected = spark.createDataFrame([('1', 'new', 'Ann')], "
          "self.SCHEMA)\n"
          "        assert self.sorted_rows(made) == "
          "self.sorted_rows(expected)\n"
          "        assert self.names(made) == self.COLUMNS\n",
        ""},
    {ROWS "class TestOrders:\n"
          "    def setup_method(self):\n"
          "        self.columns = ['order_id', 'status', 'customer']\n\n"
          "    def test_rows(self, code, spark):\n"
          "        self.made = " MADE "\n"
          "        assert self.made.columns == self.columns\n\n"
          "    class TestKeys:\n"
          "        def test_key(self, code, spark):\n"
          "            assert " MADE ".first().order_id == '1'\n",
        ""},
    {"from pyspark.sql.types import StringType, StructField, "
     "StructType\n\n\n" ROWS "class TestOrders:\n"
     "    SCHEMA = StructType([StructField('order_id', StringType()),\n"
     "        StructField('status', StringType()),\n"
     "        StructField('customer', StringType(), True)])\n\n"
     "    def test_schema(self, code, spark):\n"
     "        assert " MADE ".schema == self.SCHEMA\n",
        ""},
    {"from dataclasses import dataclass\n\n\n" ROWS
     "@dataclass\nclass TestCase:\n    given: str\n    expected: str = 'new'\n"
     "\n\n@pytest.mark.parametrize('case', [TestCase('NEW'), TestCase('A', "
     "'a')])\n"
     "def test_status(code, spark, case):\n" NAMES
     "    some = orders(spark).withColumn('status', F.lit(case.given))\n"
     "    made = code.transform_orders(some, people(spark))\n" ALL
     "    assert made.first().status == case.expected\n",
        ""},
    /* Names, hints, and what was printed. */
    {ROWS "test_data = [('order_id', '1'), ('status', 'new')]\n\n\n"
          "def test_rows(code, spark):\n"
          "    test_rows = " MADE "\n"
          "    for test_name, value in test_data:\n"
          "        assert test_rows.first()[test_name] == value\n"
          "    assert test_rows.first()['customer'] == 'Ann'\n",
        ""},
    {ROWS
        "def test_rows(code: ModuleType, spark: SparkSession, tmp_path: Path,\n"
        "        monkeypatch: pytest.MonkeyPatch,\n"
        "        place: Callable[[str], str]) -> None:\n"
        "    monkeypatch.setattr(code, 'TARGET_ORDERS', place('table'))\n"
        "    made: DataFrame = " MADE "\n" ALL,
        ""},
    {ROWS "def test_prints(code, spark, capsys, caplog):\n"
          "    made = " MADE "\n" ALL "    made.show()\n"
          "    assert 'Ann' in capsys.readouterr().out\n"
          "    assert not caplog.records\n",
        ""},
    /* Folders. */
    {ROWS "def test_file(code, spark, tmp_path):\n"
          "    folder = tmp_path / 'made' / 'csv'\n"
          "    " MADE ".write.option('header', True).csv(str(folder))\n"
          "    made = spark.read.option('header', "
          "True).csv(folder.as_posix())\n" ALL,
        ""},
    {ROWS "def saved(rows, folder):\n"
          "    path = str(folder / 'rows')\n"
          "    rows.write.parquet(path)\n    return path\n\n\n"
          "@pytest.fixture\ndef folder(tmp_path):\n"
          "    return tmp_path / 'x'\n\n\n"
          "def test_file(code, spark, folder):\n"
          "    made = spark.read.parquet(saved(" MADE ", folder))\n" ALL,
        ""},
    {ROWS "@pytest.fixture(scope='module')\n"
          "def folder(tmp_path_factory):\n"
          "    return tmp_path_factory.mktemp('made')\n\n\n"
          "def test_file(code, spark, folder):\n"
          "    path = f'{folder}/rows'\n"
          "    " MADE ".write.json(path)\n"
          "    made = spark.read.json(path)\n" NAMES
          "    assert sorted(made.columns) == ['customer', 'order_id', "
          "'status']\n",
        ""},
    /* Remarks. */
    {ROWS "@pytest.mark.skip(reason='needs a cluster')\n"
          "def test_rows(code, spark):\n"
          "    made = " MADE "\n" ALL,
        "G132"},
    {ROWS "@pytest.mark.xfail(reason='known', strict=True)\n"
          "def test_rows(code, spark):\n"
          "    made = " MADE "\n" ALL,
        "G132"},
    {ROWS TARGET "def test_load(code, spark, target):\n"
                 "    code.load_orders()\n"
                 "    made = spark.read.table(target)\n" ALL,
        "G133"},
    {ROWS "def test_live(code, spark):\n"
          "    made = code.transform_orders(spark.table('a.b.orders'),\n"
          "        people(spark))\n" ALL,
        "G133"},
};
const size_t honest_tests_count = COUNT_OF(honest_tests);
