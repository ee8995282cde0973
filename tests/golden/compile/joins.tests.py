"""Tests of joins.py, compiled
with it from the mapping sheet joins.csv.

    pip install pytest chispa delta-spark
    pytest test_joins.py

They run on a laptop, and on a Databricks cluster in the session that is there. The notebook
stands beside this file, or where the environment variable TESTED_FILE says. On a cluster
TEST_SCHEMA names the schema for tables of the tests, which they drop, and TEST_FOLDER a folder
in a volume for files.

What is expected was computed from the mapping sheet, not by the code.
Pattern: MERGE upsert. Compiled by text2code 0.1.0.
"""

import ast
import os
import re
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType, SimpleNamespace
from uuid import uuid4

import pytest
from chispa import assert_df_equality
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F

FILE = Path(os.environ.get("TESTED_FILE") or Path(__file__).with_name("joins.py"))
# The session where there is none yet.
LOCAL = {
    "spark.sql.extensions": "io.delta.sql.DeltaSparkSessionExtension",
    "spark.sql.catalog.spark_catalog": "org.apache.spark.sql.delta.catalog.DeltaCatalog",
    "spark.sql.shuffle.partitions": "1",
    "spark.databricks.delta.snapshotPartitions": "1",
    "spark.ui.enabled": "false",
    "spark.sql.warehouse.dir": tempfile.gettempdir(),
}


def split(line: str) -> list[str | None]:
    """Return the cells of a line; quotes hold what would be misread without them."""
    cells = [cell.strip() for cell in line.partition(" # ")[0].split("|")]
    return [
        None if cell == "NULL" else ast.literal_eval(cell) if cell.startswith("'") else cell
        for cell in cells
    ]


def read(text: str) -> list[list[str | None]]:
    """Return the lines of a table; columns that do not fit beside the others stand below them."""
    blocks = [block.strip().splitlines() for block in re.split(r"\n\s*\n", text.strip())]
    return [sum(map(split, lines), []) for lines in zip(*blocks, strict=True)]


def names_of(text: str) -> list[str]:
    """Return the names of the columns of a table."""
    return read(text)[0]


def types_of(text: str) -> dict[str, str]:
    """Return the types of the columns of a table whose second line names them."""
    names, types = read(text)[:2]
    return dict(zip(names, types, strict=True))


def columns_of(text: str, types: dict[str, str | None]) -> dict[str, str | None]:
    """Return the types of those columns that a table has."""
    return {name: types[name] for name in names_of(text)}


def quoted(name: str) -> str:
    """Return a name as Spark SQL takes it, whatever is in it."""
    return "`" + name.replace("`", "``") + "`"


def literal(value: str | None) -> str:
    """Return a text as Spark SQL writes it."""
    if value is None:
        return "NULL"
    return "'" + re.sub(r"[\\'$]", lambda sign: f"\\u{ord(sign[0]):04x}", value) + "'"


def typed(column: str, kind: str) -> str:
    """Return the expression that makes a value of some type from a column of texts."""
    if kind.startswith(("array<", "map<", "struct<")):
        return f"from_json(CAST({column} AS STRING), {literal(kind)})"
    return f"unhex({column})" if kind == "binary" else f"CAST({column} AS {kind})"


def table(spark: SparkSession, text: str, types: dict[str, str | None] | None = None) -> DataFrame:
    """Return the rows of a table with columns of these types, by default those of its second line.

    Columns that the table does not have are NULL; a column whose type is None is text.
    """
    names, *rows = read(text) or [[]]
    if types is None:
        types = dict(zip(names, rows.pop(0), strict=True))
    # A row that is not wanted lets every column be NULL.
    lines = [[None] * (1 + len(names))] + [["wanted", *row] for row in rows]
    values = ", ".join(f"({', '.join(map(literal, line))})" for line in lines)
    places = {name: f"c{number}" for number, name in enumerate(names)}
    columns = ", ".join(
        f"{typed(places.get(name, 'NULL'), kind or 'string')} AS {quoted(name)}"
        for name, kind in types.items()
    )
    aliases = ", ".join(["kept", *places.values()])
    return spark.sql(
        f"SELECT {columns} FROM VALUES {values} AS rows({aliases}) WHERE kept = 'wanted'"
    )


def in_order(rows: DataFrame) -> DataFrame:
    """Return the rows in an order that depends on nothing but their values."""
    texts = [F.col(quoted(name)).cast("string") for name in rows.columns]
    return rows.coalesce(1).sortWithinPartitions(F.array(*texts))


def check(rows: DataFrame, expected: str, types: dict[str, str | None]) -> None:
    """Compare the rows with a table, whatever their order, in the columns that the table has."""
    columns = columns_of(expected, types)
    assert_df_equality(
        rows.select(*map(quoted, columns)),
        table(rows.sparkSession, expected, columns),
        transforms=[in_order],
        ignore_nullable=True,
        ignore_metadata=True,
        allow_nan_equality=True,
    )


def check_schema(rows: DataFrame, types: dict[str, str | None], comments: dict[str, str]) -> None:
    """Compare names, order, types and comments of the columns; a type may be unknown."""
    found = {field.name: field.dataType.simpleString() for field in rows.schema}
    assert list(found) == list(types)
    assert {name: kind and found[name] for name, kind in types.items()} == types
    told = {field.name: field.metadata.get("comment") for field in rows.schema}
    assert told == {name: comments.get(name) for name in types}


def check_column(rows: tuple[list, list], name: str) -> None:
    """Compare the values of one column with those that it should have, whatever their order."""
    found, expected = (sorted(repr(row[name]) for row in side) for side in rows)
    assert found == expected


def check_lacking(load: Callable[[], None], names: list[str]) -> None:
    """Expect the code to refuse a source that lacks all these columns, and to say so."""
    with pytest.raises(RuntimeError, match="lacks the mapped columns: ") as refused:
        load()
    assert str(refused.value).partition("columns: ")[2].split(", ") == names


def rearranged(rows: DataFrame) -> DataFrame:
    """Return the rows with their columns in another order, and one more that nobody mapped."""
    names = [quoted(name) for name in reversed(rows.columns) if name != "_metadata"]
    return rows.select(F.lit("x").alias("not_mapped"), *names)


def view(rows: DataFrame) -> str:
    """Return the name of a view of the rows."""
    name = f"source_{uuid4().hex}"
    rows.createOrReplaceTempView(name)
    return name


class Widgets:
    """Stands in for dbutils.widgets: every parameter has its default value."""

    def __init__(self) -> None:
        self.values: dict[str, str] = {}

    def text(self, name: str, default: str, label: str = "") -> None:
        """Declare a parameter."""
        self.values[name] = default

    def get(self, name: str) -> str:
        """Return the value of a parameter."""
        return self.values[name]


class Target:
    """A table that the code under test writes; it is not there before the first write."""

    def __init__(
        self,
        spark: SparkSession,
        write: Callable,
        place: str,
        types: dict[str, str | None],
        stored: dict[str, str | None],
    ) -> None:
        self.spark = spark
        self.place = place
        self.types = types  # of what the code writes
        self.stored = stored  # of what the table has
        self._write = write

    def write(self, rows: str) -> None:
        """Hand the rows of a table to the code under test."""
        self._write(table(self.spark, rows, self.types))

    def read(self) -> DataFrame:
        """Return what is stored now."""
        stored = self.spark.read.format("delta")
        return stored.load(self.place) if "/" in self.place else stored.table(self.place)

    def create(self, rows: DataFrame) -> None:
        """Store rows without the code under test, as somebody else may have done."""
        writer = rows.write.format("delta").mode("overwrite").option("overwriteSchema", "true")
        writer.save(self.place) if "/" in self.place else writer.saveAsTable(self.place)

    def check(self, expected: str) -> None:
        """Compare what is stored with a table."""
        check(self.read(), expected, self.stored)

    def partitions(self) -> list[str]:
        """Return the columns that the files are divided by."""
        name = f"delta.`{self.place}`" if "/" in self.place else self.place
        return self.spark.sql(f"DESCRIBE DETAIL {name}").first().partitionColumns

    def files(self) -> set[str]:
        """Return the files that the table consists of now."""
        return set(self.read().inputFiles())


@pytest.fixture(scope="session")
def spark() -> Iterator[SparkSession]:
    """The session of the cluster, or one with Delta on this machine; its time zone is UTC."""
    session = SparkSession.getActiveSession()
    if session is None:
        from delta import configure_spark_with_delta_pip

        builder = SparkSession.builder.master("local[2]")
        for name, value in LOCAL.items():
            builder = builder.config(name, value)
        session = configure_spark_with_delta_pip(builder).getOrCreate()
    zone = session.conf.get("spark.sql.session.timeZone")
    session.conf.set("spark.sql.session.timeZone", "UTC")
    yield session
    session.conf.set("spark.sql.session.timeZone", zone)


@pytest.fixture
def place(spark: SparkSession, tmp_path: Path) -> Iterator[Callable[[str], str]]:
    """Make names of tables and folders of which only this test knows; the tables are dropped."""
    tables = []
    schema = os.environ.get("TEST_SCHEMA")
    folder = os.environ.get("TEST_FOLDER", str(tmp_path))

    def new(kind: str) -> str:
        name = f"test_{uuid4().hex}"
        if kind == "folder":
            return f"{folder}/{name}"
        tables.append(f"{schema}.{name}" if schema else name)
        return tables[-1]

    yield new
    for name in tables:
        spark.sql(f"DROP TABLE IF EXISTS {name}")


@pytest.fixture(scope="module", name="code")
def notebook(spark: SparkSession) -> ModuleType:
    """The code under test: all cells of the notebook; the last one does nothing here."""
    module = ModuleType("notebook")
    module.__dict__.update(spark=spark, dbutils=SimpleNamespace(widgets=Widgets()))
    exec(compile(FILE.read_text(encoding="utf-8"), str(FILE), "exec"), module.__dict__)
    return module


# shop.gold.wide
# The columns of the target and their types; None is a type that nobody knows beforehand.
COLUMNS_WIDE = {
    "order_id": "string",
    "customer": "string",
    "referrer": "string",
    "country": "string",
    "eur": "decimal(24,2)",
    "batch": "string",
    "items": "array<string>",
    "rank": "int",
}
COMMENTS_WIDE = {}
STORED_WIDE = COLUMNS_WIDE
SOURCE_ORDERS = """
customer_id | day    | currency | status      | order_id | amount
string      | string | string   | string      | string   | decimal(12,2)
a           | a      | a        | other       | a        | 1.50
b           | b      | b        | DELETED     | b        | 2.50
c           | c      | c        | ' deleted ' | c        | 3.50
d           | d      | d        | ''          | d        | 4.50
e           | e      | e        | other       | e        | 5.50
f           | f      | f        | DELETED     | f        | 6.50
g           | g      | g        | ' deleted ' | g        | 7.50

items
array<struct<sku:string>>
[{"sku":"Ann Lee"},{"sku":" bob "}]
[]
NULL
[{"sku":"Ann Lee"},{"sku":" bob "}]
[]
NULL
[{"sku":"Ann Lee"},{"sku":" bob "}]
"""
SOURCE_CUSTOMERS = """
id     | referrer_id | country_id | name
string | string      | string     | string
a      | a           | a          | Ann Lee
b      | b           | b          | ' bob '
c      | c           | c          | ''
d      | d           | d          | MÜLLER
e      | e           | e          | NULL
f      | f           | f          | Ann Lee
g      | g           | g          | ' bob '
"""
SOURCE_CUSTOMERS_2 = """
id     | name    | referrer_id | country_id
string | string  | string      | string
a      | Ann Lee | a           | a
b      | ' bob ' | b           | b
c      | ''      | c           | c
d      | MÜLLER  | d           | d
e      | NULL    | e           | e
f      | Ann Lee | f           | f
g      | ' bob ' | g           | g
"""
SOURCE_COUNTRIES = """
id     | iso
string | string
a      | xx
b      | other
c      | XX
d      | ' xx '
e      | ''
f      | NULL
g      | xx
"""
SOURCE_FX = """
day    | currency | amount     | rate
string | string   | int        | decimal(12,2)
a      | a        | 1          | 12.50
b      | b        | 12         | 0.00
c      | c        | 2147483647 | -3.05
d      | d        | 1          | 9999999999.99
e      | e        | 12         | NULL
f      | f        | 2147483647 | 12.50
g      | g        | 1          | 0.00
"""
SOURCE_RUN_DATA = """
id
string
MÜLLER
"""
EXPECTED_WIDE = """
order_id | customer | referrer | country | eur            | batch  | items               | rank
a        | Ann Lee  | Ann Lee  | xx      | 18.75          | MÜLLER | ["Ann Lee"," bob "] | 1
b        | bob      | ' bob '  | other   | 0.00           | MÜLLER | []                  | 1
c        | ''       | ''       | XX      | -10.68         | MÜLLER | NULL                | 1
d        | MÜLLER   | MÜLLER   | ' xx '  | 44999999999.96 | MÜLLER | ["Ann Lee"," bob "] | 1
e        | NULL     | NULL     | ''      | NULL           | MÜLLER | []                  | 1
f        | Ann Lee  | Ann Lee  | xx      | 81.25          | MÜLLER | NULL                | 1
g        | bob      | ' bob '  | xx      | 0.00           | MÜLLER | ["Ann Lee"," bob "] | 1
"""


@pytest.fixture(scope="module")
def results_wide(code, spark):
    """The target rows that the code makes of the source rows above."""
    return code.transform_wide(
        table(spark, SOURCE_ORDERS),
        table(spark, SOURCE_CUSTOMERS),
        table(spark, SOURCE_CUSTOMERS_2),
        table(spark, SOURCE_COUNTRIES),
        table(spark, SOURCE_FX),
        table(spark, SOURCE_RUN_DATA),
    )


def test_schema_wide(results_wide):
    """The columns of the target: their names, order, types and comments."""
    check_schema(results_wide, COLUMNS_WIDE, COMMENTS_WIDE)


@pytest.fixture(scope="module")
def values_wide(results_wide, spark):
    """The target rows as they are, and as they should be."""
    expected = table(spark, EXPECTED_WIDE, columns_of(EXPECTED_WIDE, COLUMNS_WIDE))
    found = results_wide.collect()
    return found, expected.collect()


@pytest.mark.parametrize("name", names_of(EXPECTED_WIDE))
def test_column_wide(values_wide, name):
    """Each column has the values that the mapping sheet says."""
    check_column(values_wide, name)


def test_rows_wide(results_wide):
    """The values stand in the right rows, and there are no others."""
    check(results_wide, EXPECTED_WIDE, COLUMNS_WIDE)


def test_nulls_wide(code, spark):
    """Of a source row without any value comes this."""
    source_orders = """
    customer_id | day  | currency | status | order_id | amount | items
    NULL        | NULL | NULL     | NULL   | NULL     | NULL   | NULL
    """
    source_customers = """
    id   | referrer_id | country_id | name
    NULL | NULL        | NULL       | NULL
    """
    source_customers_2 = """
    id   | name
    NULL | NULL
    """
    source_countries = """
    id   | iso
    NULL | NULL
    """
    source_fx = """
    day  | currency | amount | rate
    NULL | NULL     | NULL   | NULL
    """
    source_run_data = """
    id
    NULL
    """
    expected = """
    order_id | customer | referrer | country | eur | batch | items | rank
    """
    rows = code.transform_wide(
        table(spark, source_orders, types_of(SOURCE_ORDERS)),
        table(spark, source_customers, types_of(SOURCE_CUSTOMERS)),
        table(spark, source_customers_2, types_of(SOURCE_CUSTOMERS_2)),
        table(spark, source_countries, types_of(SOURCE_COUNTRIES)),
        table(spark, source_fx, types_of(SOURCE_FX)),
        table(spark, source_run_data, types_of(SOURCE_RUN_DATA)),
    )
    check(rows, expected, COLUMNS_WIDE)


def test_duplicates_wide(code, spark):
    """Equal source rows stay as many as they are, up to where the pattern decides."""
    source_orders = """
    customer_id | day | currency | status | order_id | amount
    a           | a   | a        | other  | a        | 1.50
    a           | a   | a        | other  | a        | 1.50
    """
    source_customers = """
    id | referrer_id | country_id | name
    a  | a           | a          | Ann Lee
    """
    source_customers_2 = """
    id | name
    a  | ' bob '
    """
    source_countries = """
    id | iso
    a  | xx
    """
    source_fx = """
    day | currency | amount | rate
    a   | a        | 1      | 12.50
    """
    source_run_data = """
    id
    MÜLLER
    """
    expected = """
    order_id | customer | referrer | country | eur   | batch
    a        | Ann Lee  | ' bob '  | xx      | 18.75 | MÜLLER
    a        | Ann Lee  | ' bob '  | xx      | 18.75 | MÜLLER
    """
    rows = code.transform_wide(
        table(spark, source_orders, types_of(SOURCE_ORDERS)),
        table(spark, source_customers, types_of(SOURCE_CUSTOMERS)),
        table(spark, source_customers_2, types_of(SOURCE_CUSTOMERS_2)),
        table(spark, source_countries, types_of(SOURCE_COUNTRIES)),
        table(spark, source_fx, types_of(SOURCE_FX)),
        table(spark, source_run_data, types_of(SOURCE_RUN_DATA)),
    )
    check(rows, expected, COLUMNS_WIDE)


def test_joins_wide(code, spark):
    """Rows that match once, twice and not at all, and a key that is NULL."""
    source_orders = """
    customer_id | day  | currency | status | order_id | amount
    a           | a    | a        | other  | a        | 1.50   # matches
    b           | b    | b        | other  | b        | 2.50   # matches nothing
    c           | c    | c        | other  | c        | 3.50   # matches twice
    f           | f    | f        | other  | f        | 6.50   # fx has another day
    h           | h    | h        | other  | h        | 8.50   # fx has another currency
    j           | j    | j        | other  | j        | 10.50  # has all but customers
    k           | k    | k        | other  | k        | 11.50  # has all but customers_2
    l           | l    | l        | other  | l        | 12.50  # has all but countries
    m           | m    | m        | other  | m        | 13.50  # has all but fx
    NULL        | NULL | NULL     | other  | NULL     | NULL   # has no key to join by

    items
    [{"sku":"Ann Lee"},{"sku":" bob "}]
    []
    NULL
    NULL
    [{"sku":"Ann Lee"},{"sku":" bob "}]
    NULL
    [{"sku":"Ann Lee"},{"sku":" bob "}]
    []
    NULL
    [{"sku":"Ann Lee"},{"sku":" bob "}]
    """
    source_customers = """
    id | referrer_id | country_id | name
    a  | a           | a          | Ann Lee
    c  | c           | c          | ''
    c  | c           | c          | ''
    e  | e           | e          | NULL    # joins nothing
    f  | f           | f          | Ann Lee
    h  | h           | h          | Ann Lee
    k  | k           | k          | MÜLLER
    l  | l           | l          | NULL
    m  | m           | m          | Ann Lee
    """
    source_customers_2 = """
    id | name    | referrer_id | country_id
    a  | ''      | MÜLLER      | Ann Lee
    c  | Ann Lee | ' bob '     | ''
    e  | ' bob ' | ''          | MÜLLER     # joins nothing
    f  | ''      | MÜLLER      | Ann Lee
    h  | ''      | MÜLLER      | Ann Lee
    j  | Ann Lee | ' bob '     | ''
    l  | ' bob ' | ''          | MÜLLER
    m  | ''      | MÜLLER      | Ann Lee
    """
    source_countries = """
    id | iso
    a  | xx
    c  | XX
    e  | ''     # joins nothing
    f  | NULL
    h  | xx
    j  | XX
    k  | ' xx '
    m  | NULL
    """
    source_fx = """
    day | currency | amount | rate
    a   | a        | 1      | 12.50
    c   | c        | 1      | -3.05
    e   | e        | 1      | NULL          # joins nothing
    g   | f        | 1      | 12.50
    h   | i        | 1      | 12.50
    j   | j        | 1      | -3.05
    k   | k        | 1      | 9999999999.99
    l   | l        | 1      | NULL
    """
    source_run_data = """
    id
    MÜLLER
    """
    expected = """
    order_id | customer | referrer | country | eur             | items
    a        | Ann Lee  | ''       | xx      | 18.75           | ["Ann Lee"," bob "]
    c        | ''       | Ann Lee  | XX      | -10.68          | NULL
    c        | ''       | Ann Lee  | XX      | -10.68          | NULL
    k        | MÜLLER   | NULL     | ' xx '  | 114999999999.89 | ["Ann Lee"," bob "]
    """
    rows = code.transform_wide(
        table(spark, source_orders, types_of(SOURCE_ORDERS)),
        table(spark, source_customers, types_of(SOURCE_CUSTOMERS)),
        table(spark, source_customers_2, types_of(SOURCE_CUSTOMERS_2)),
        table(spark, source_countries, types_of(SOURCE_COUNTRIES)),
        table(spark, source_fx, types_of(SOURCE_FX)),
        table(spark, source_run_data, types_of(SOURCE_RUN_DATA)),
    )
    check(rows, expected, COLUMNS_WIDE)


def test_filters_wide(code, spark):
    """Kept are the rows where o.status <> 'deleted' and fx.amount > 0."""
    source_orders = """
    customer_id | day | currency | status      | order_id | amount
    a           | a   | a        | other       | a        | 1.50   # kept
    b           | b   | b        | deleted     | b        | 2.50   # dropped
    c           | c   | c        | DELETED     | c        | 3.50   # kept
    d           | d   | d        | ' deleted ' | d        | 4.50   # kept
    e           | e   | e        | ''          | e        | 5.50   # kept
    f           | f   | f        | NULL        | f        | 6.50   # dropped
    g           | g   | g        | other       | g        | 7.50   # dropped
    h           | h   | h        | other       | h        | 8.50   # dropped
    i           | i   | i        | other       | i        | 9.50   # kept

    items
    [{"sku":"Ann Lee"},{"sku":" bob "}]
    []
    NULL
    [{"sku":"Ann Lee"},{"sku":" bob "}]
    []
    NULL
    [{"sku":"Ann Lee"},{"sku":" bob "}]
    [{"sku":"Ann Lee"},{"sku":" bob "}]
    []
    """
    source_customers = """
    id | referrer_id | country_id | name
    a  | a           | a          | Ann Lee
    b  | b           | b          | ' bob '
    c  | c           | c          | ''
    d  | d           | d          | MÜLLER
    e  | e           | e          | NULL
    f  | f           | f          | Ann Lee
    g  | g           | g          | ' bob '
    h  | h           | h          | Ann Lee
    i  | i           | i          | ' bob '
    """
    source_customers_2 = """
    id | name    | referrer_id | country_id
    a  | ' bob ' | ''          | MÜLLER
    b  | MÜLLER  | Ann Lee     | ' bob '
    c  | Ann Lee | ' bob '     | ''
    d  | NULL    | NULL        | NULL
    e  | ' bob ' | ''          | MÜLLER
    f  | ''      | MÜLLER      | Ann Lee
    g  | ' bob ' | ''          | MÜLLER
    h  | ''      | MÜLLER      | Ann Lee
    i  | MÜLLER  | Ann Lee     | ' bob '
    """
    source_countries = """
    id | iso
    a  | xx
    b  | other
    c  | XX
    d  | ' xx '
    e  | ''
    f  | NULL
    g  | xx
    h  | xx
    i  | other
    """
    source_fx = """
    day | currency | amount | rate
    a   | a        | 1      | 12.50
    b   | b        | 1      | 0.00
    c   | c        | 1      | -3.05
    d   | d        | 1      | 9999999999.99
    e   | e        | 1      | NULL
    f   | f        | 1      | 12.50
    g   | g        | 0      | 0.00
    h   | h        | -1     | 12.50
    i   | i        | 12     | 0.00
    """
    source_run_data = """
    id
    MÜLLER
    """
    expected = """
    order_id | customer | referrer | country | eur            | items
    a        | Ann Lee  | ' bob '  | xx      | 18.75          | ["Ann Lee"," bob "]
    c        | ''       | Ann Lee  | XX      | -10.68         | NULL
    d        | MÜLLER   | NULL     | ' xx '  | 44999999999.96 | ["Ann Lee"," bob "]
    e        | NULL     | ' bob '  | ''      | NULL           | []
    i        | bob      | MÜLLER   | other   | 0.00           | []
    """
    rows = code.transform_wide(
        table(spark, source_orders, types_of(SOURCE_ORDERS)),
        table(spark, source_customers, types_of(SOURCE_CUSTOMERS)),
        table(spark, source_customers_2, types_of(SOURCE_CUSTOMERS_2)),
        table(spark, source_countries, types_of(SOURCE_COUNTRIES)),
        table(spark, source_fx, types_of(SOURCE_FX)),
        table(spark, source_run_data, types_of(SOURCE_RUN_DATA)),
    )
    check(rows, expected, COLUMNS_WIDE)


@pytest.fixture
def target_wide(code, spark, place, monkeypatch):
    """A target that is not there yet."""
    name = place("table")
    monkeypatch.setattr(code, "TARGET_WIDE", name)
    return Target(spark, code.write_wide, name, COLUMNS_WIDE, STORED_WIDE)


def test_load_wide(code, spark, place, monkeypatch, target_wide):
    """From the sources, whose columns have another order, into the target."""
    monkeypatch.setattr(code, "SOURCE_ORDERS", view(rearranged(table(spark, SOURCE_ORDERS))))
    monkeypatch.setattr(code, "SOURCE_CUSTOMERS", view(rearranged(table(spark, SOURCE_CUSTOMERS))))
    monkeypatch.setattr(code, "SOURCE_COUNTRIES", view(rearranged(table(spark, SOURCE_COUNTRIES))))
    monkeypatch.setattr(code, "SOURCE_FX", view(rearranged(table(spark, SOURCE_FX))))
    monkeypatch.setattr(code, "SOURCE_RUN_DATA", view(rearranged(table(spark, SOURCE_RUN_DATA))))
    code.load_wide()
    check_schema(target_wide.read(), STORED_WIDE, COMMENTS_WIDE)
    target_wide.check(EXPECTED_WIDE)


def test_refuses_orders_without_columns_of_wide(code, spark, place, monkeypatch):
    """A source that lacks mapped columns is refused by their names."""
    monkeypatch.setattr(code, "SOURCE_CUSTOMERS", view(rearranged(table(spark, SOURCE_CUSTOMERS))))
    monkeypatch.setattr(code, "SOURCE_COUNTRIES", view(rearranged(table(spark, SOURCE_COUNTRIES))))
    monkeypatch.setattr(code, "SOURCE_FX", view(rearranged(table(spark, SOURCE_FX))))
    monkeypatch.setattr(code, "SOURCE_RUN_DATA", view(rearranged(table(spark, SOURCE_RUN_DATA))))
    monkeypatch.setattr(code, "SOURCE_ORDERS", view(spark.sql("SELECT 'x' AS not_mapped")))
    check_lacking(code.load_wide, names_of(SOURCE_ORDERS))


def test_refuses_customers_without_columns_of_wide(code, spark, place, monkeypatch):
    """A source that lacks mapped columns is refused by their names."""
    monkeypatch.setattr(code, "SOURCE_ORDERS", view(rearranged(table(spark, SOURCE_ORDERS))))
    monkeypatch.setattr(code, "SOURCE_COUNTRIES", view(rearranged(table(spark, SOURCE_COUNTRIES))))
    monkeypatch.setattr(code, "SOURCE_FX", view(rearranged(table(spark, SOURCE_FX))))
    monkeypatch.setattr(code, "SOURCE_RUN_DATA", view(rearranged(table(spark, SOURCE_RUN_DATA))))
    monkeypatch.setattr(code, "SOURCE_CUSTOMERS", view(spark.sql("SELECT 'x' AS not_mapped")))
    check_lacking(code.load_wide, names_of(SOURCE_CUSTOMERS))


def test_refuses_countries_without_columns_of_wide(code, spark, place, monkeypatch):
    """A source that lacks mapped columns is refused by their names."""
    monkeypatch.setattr(code, "SOURCE_ORDERS", view(rearranged(table(spark, SOURCE_ORDERS))))
    monkeypatch.setattr(code, "SOURCE_CUSTOMERS", view(rearranged(table(spark, SOURCE_CUSTOMERS))))
    monkeypatch.setattr(code, "SOURCE_FX", view(rearranged(table(spark, SOURCE_FX))))
    monkeypatch.setattr(code, "SOURCE_RUN_DATA", view(rearranged(table(spark, SOURCE_RUN_DATA))))
    monkeypatch.setattr(code, "SOURCE_COUNTRIES", view(spark.sql("SELECT 'x' AS not_mapped")))
    check_lacking(code.load_wide, names_of(SOURCE_COUNTRIES))


def test_refuses_fx_without_columns_of_wide(code, spark, place, monkeypatch):
    """A source that lacks mapped columns is refused by their names."""
    monkeypatch.setattr(code, "SOURCE_ORDERS", view(rearranged(table(spark, SOURCE_ORDERS))))
    monkeypatch.setattr(code, "SOURCE_CUSTOMERS", view(rearranged(table(spark, SOURCE_CUSTOMERS))))
    monkeypatch.setattr(code, "SOURCE_COUNTRIES", view(rearranged(table(spark, SOURCE_COUNTRIES))))
    monkeypatch.setattr(code, "SOURCE_RUN_DATA", view(rearranged(table(spark, SOURCE_RUN_DATA))))
    monkeypatch.setattr(code, "SOURCE_FX", view(spark.sql("SELECT 'x' AS not_mapped")))
    check_lacking(code.load_wide, names_of(SOURCE_FX))


def test_refuses_run_data_without_columns_of_wide(code, spark, place, monkeypatch):
    """A source that lacks mapped columns is refused by their names."""
    monkeypatch.setattr(code, "SOURCE_ORDERS", view(rearranged(table(spark, SOURCE_ORDERS))))
    monkeypatch.setattr(code, "SOURCE_CUSTOMERS", view(rearranged(table(spark, SOURCE_CUSTOMERS))))
    monkeypatch.setattr(code, "SOURCE_COUNTRIES", view(rearranged(table(spark, SOURCE_COUNTRIES))))
    monkeypatch.setattr(code, "SOURCE_FX", view(rearranged(table(spark, SOURCE_FX))))
    monkeypatch.setattr(code, "SOURCE_RUN_DATA", view(spark.sql("SELECT 'x' AS not_mapped")))
    check_lacking(code.load_wide, names_of(SOURCE_RUN_DATA))


def test_changes_wide(target_wide, spark):
    """Rows are changed and inserted, others stay; a second run changes nothing."""
    stored = """
    order_id | customer
    a        | a
    b        | a
    c        | a
    d        | a
    e        | a
    f        | a
    g        | a
    k        | a
    NULL     | a        # NULL is a key, too
    """
    target_wide.create(table(spark, stored, target_wide.stored))
    rows = """
    order_id | customer
    a        | b        # changed
    b        | a        # as it was
    c        | NULL     # now NULL
    j        | a        # new
    NULL     | b        # changed
    """
    target_wide.write(rows)
    expected = """
    order_id | customer
    a        | b
    b        | a
    c        | NULL
    d        | a
    e        | a
    f        | a
    g        | a
    k        | a
    NULL     | b
    j        | a
    """
    target_wide.check(expected)
    files = target_wide.files()
    target_wide.write(rows)
    target_wide.check(expected)
    assert target_wide.files() == files


def test_refuses_ambiguous_rows_wide(target_wide):
    """Two rows of one key refuse the batch."""
    rows = """
    order_id | customer
    a        | a
    a        | b        # nobody knows which one is right
    """
    with pytest.raises(RuntimeError, match="keys that occur more than once"):
        target_wide.write(rows)
    expected = """
    order_id | customer
    """
    target_wide.check(expected)


def test_each_column_wide(target_wide, spark):
    """One key a column: that it alone changes is enough."""
    stored = """
    order_id | customer | referrer | country | eur  | batch | rank
    a        | a        | a        | a       | 1.50 | a     | 1
    b        | a        | a        | a       | 1.50 | a     | 1
    c        | a        | a        | a       | 1.50 | a     | 1
    d        | a        | a        | a       | 1.50 | a     | 1
    e        | a        | a        | a       | 1.50 | a     | 1
    f        | a        | a        | a       | 1.50 | a     | 1
    """
    target_wide.create(table(spark, stored, target_wide.stored))
    rows = """
    order_id | customer | referrer | country | eur  | batch | rank
    a        | b        | a        | a       | 1.50 | a     | 1
    b        | a        | b        | a       | 1.50 | a     | 1
    c        | a        | a        | b       | 1.50 | a     | 1
    d        | a        | a        | a       | 2.50 | a     | 1
    e        | a        | a        | a       | 1.50 | b     | 1
    f        | a        | a        | a       | 1.50 | a     | 2
    """
    target_wide.write(rows)
    expected = """
    order_id | customer | referrer | country | eur  | batch | rank
    a        | b        | a        | a       | 1.50 | a     | 1
    b        | a        | b        | a       | 1.50 | a     | 1
    c        | a        | a        | b       | 1.50 | a     | 1
    d        | a        | a        | a       | 2.50 | a     | 1
    e        | a        | a        | a       | 1.50 | b     | 1
    f        | a        | a        | a       | 1.50 | a     | 2
    """
    target_wide.check(expected)


def test_refuses_doubled_target_wide(target_wide, spark):
    """Keys that the target has twice refuse the run."""
    stored = """
    order_id | customer
    a        | a        # one key
    a        | b        # twice
    """
    target_wide.create(table(spark, stored, target_wide.stored))
    rows = """
    order_id | customer
    b        | a
    """
    with pytest.raises(RuntimeError, match="keys that occur more than once"):
        target_wide.write(rows)
    expected = """
    order_id | customer
    a        | a        # one key
    a        | b        # twice
    """
    target_wide.check(expected)


def test_refuses_target_without_column_wide(target_wide, spark):
    """A target that lacks a column of the sheet is refused."""
    stored = """
    order_id
    a
    """
    target_wide.create(table(spark, stored, target_wide.stored).drop("customer"))
    rows = """
    order_id | customer
    b        | b
    """
    with pytest.raises(RuntimeError, match="lacks the mapped columns"):
        target_wide.write(rows)
    expected = """
    order_id
    a
    """
    target_wide.check(expected)
