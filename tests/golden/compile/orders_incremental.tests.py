"""Tests of orders_incremental.py, compiled
with it from the mapping sheet orders_incremental.csv.

    pip install pytest chispa delta-spark
    pytest test_orders_incremental.py

They run on a laptop, and on a Databricks cluster in the session that is there. The notebook
stands beside this file, or where the environment variable TESTED_FILE says. On a cluster
TEST_SCHEMA names the schema for tables of the tests, which they drop, and TEST_FOLDER a folder
in a volume for files.

What is expected was computed from the mapping sheet, not by the code.
Pattern: Incremental append. Compiled by text2code 0.1.0.
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

FILE = Path(os.environ.get("TESTED_FILE") or Path(__file__).with_name("orders_incremental.py"))
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


# shop.silver.orders
# The columns of the target and their types; None is a type that nobody knows beforehand.
COLUMNS_ORDERS = {
    "order_id": "string",
    "customer_id": "bigint",
    "status": "string",
    "updated_at": "timestamp",
    "source_system": "string",
}
COMMENTS_ORDERS = {}
STORED_ORDERS = COLUMNS_ORDERS
SOURCE_ORDERS = """
order_id | customer_ref        | status | updated_at
string   | string              | string | string
a        | 12                  | C      | 2024-01-01 10:00:00
b        | 0                   | CLOSED | 2024-01-02 10:00:00
c        | -3                  | other  | 2024-01-03 10:00:00
d        | 9223372036854775807 | c      | 2024-01-04 10:00:00
e        | NULL                | ' C '  | 2024-01-05 10:00:00
f        | 12                  | ''     | 2024-01-06 10:00:00
g        | 0                   | NULL   | 2024-01-07 10:00:00
"""
EXPECTED_ORDERS = """
order_id | customer_id         | status  | updated_at          | source_system
a        | 12                  | closed  | 2024-01-01 10:00:00 | shop
b        | 0                   | closed  | 2024-01-02 10:00:00 | shop
c        | -3                  | other   | 2024-01-03 10:00:00 | shop
d        | 9223372036854775807 | closed  | 2024-01-04 10:00:00 | shop
e        | NULL                | c       | 2024-01-05 10:00:00 | shop
f        | 12                  | ''      | 2024-01-06 10:00:00 | shop
g        | 0                   | unknown | 2024-01-07 10:00:00 | shop
"""


@pytest.fixture(scope="module")
def results_orders(code, spark):
    """The target rows that the code makes of the source rows above."""
    return code.transform_orders(table(spark, SOURCE_ORDERS))


def test_schema_orders(results_orders):
    """The columns of the target: their names, order, types and comments."""
    check_schema(results_orders, COLUMNS_ORDERS, COMMENTS_ORDERS)


@pytest.fixture(scope="module")
def values_orders(results_orders, spark):
    """The target rows as they are, and as they should be."""
    expected = table(spark, EXPECTED_ORDERS, columns_of(EXPECTED_ORDERS, COLUMNS_ORDERS))
    found = results_orders.collect()
    return found, expected.collect()


@pytest.mark.parametrize("name", names_of(EXPECTED_ORDERS))
def test_column_orders(values_orders, name):
    """Each column has the values that the mapping sheet says."""
    check_column(values_orders, name)


def test_rows_orders(results_orders):
    """The values stand in the right rows, and there are no others."""
    check(results_orders, EXPECTED_ORDERS, COLUMNS_ORDERS)


def test_nulls_orders(code, spark):
    """Of a source row without any value comes this."""
    source_orders = """
    order_id | customer_ref | status | updated_at
    NULL     | NULL         | NULL   | NULL
    """
    expected = """
    order_id | customer_id | status  | updated_at | source_system
    NULL     | NULL        | unknown | NULL       | shop
    """
    rows = code.transform_orders(table(spark, source_orders, types_of(SOURCE_ORDERS)))
    check(rows, expected, COLUMNS_ORDERS)


def test_duplicates_orders(code, spark):
    """Equal source rows stay as many as they are, up to where the pattern decides."""
    source_orders = """
    order_id | customer_ref | status | updated_at
    a        | 12           | C      | 2024-01-01 10:00:00
    a        | 12           | C      | 2024-01-01 10:00:00
    """
    expected = """
    order_id | customer_id | status | updated_at          | source_system
    a        | 12          | closed | 2024-01-01 10:00:00 | shop
    a        | 12          | closed | 2024-01-01 10:00:00 | shop
    """
    rows = code.transform_orders(table(spark, source_orders, types_of(SOURCE_ORDERS)))
    check(rows, expected, COLUMNS_ORDERS)


@pytest.fixture
def target_orders(code, spark, place, monkeypatch):
    """A target that is not there yet."""
    name = place("table")
    monkeypatch.setattr(code, "TARGET_ORDERS", name)
    return Target(spark, code.write_orders, name, COLUMNS_ORDERS, STORED_ORDERS)


def test_load_orders(code, spark, place, monkeypatch, target_orders):
    """From the sources, whose columns have another order, into the target."""
    monkeypatch.setattr(code, "SOURCE_ORDERS", view(rearranged(table(spark, SOURCE_ORDERS))))
    code.load_orders()
    check_schema(target_orders.read(), STORED_ORDERS, COMMENTS_ORDERS)
    target_orders.check(EXPECTED_ORDERS)


def test_refuses_orders_without_columns_of_orders(code, spark, place, monkeypatch):
    """A source that lacks mapped columns is refused by their names."""
    monkeypatch.setattr(code, "SOURCE_ORDERS", view(spark.sql("SELECT 'x' AS not_mapped")))
    check_lacking(code.load_orders, names_of(SOURCE_ORDERS))


def test_appends_orders(target_orders, spark):
    """What is new is added, once; a second run adds nothing."""
    stored = """
    order_id | customer_id | updated_at
    a        | 1           | 2024-01-02 10:00:00
    b        | 1           | 2024-01-03 10:00:00
    """
    target_orders.create(table(spark, stored, target_orders.stored))
    rows = """
    order_id | customer_id | updated_at
    b        | 1           | 2024-01-03 10:00:00 # stored already
    c        | 1           | 2024-01-03 10:00:00 # as high as the highest
    d        | 1           | 2024-01-04 10:00:00 # higher
    a        | 2           | 2024-01-04 10:00:00 # higher, of a known key
    e        | 1           | 2024-01-01 10:00:00 # late
    h        | 1           | 2024-01-02 10:00:00 # late, though not the oldest
    f        | 2           | 2024-01-05 10:00:00 # there twice
    f        | 2           | 2024-01-05 10:00:00
    """
    target_orders.write(rows)
    expected = """
    order_id | customer_id | updated_at
    a        | 1           | 2024-01-02 10:00:00
    b        | 1           | 2024-01-03 10:00:00
    c        | 1           | 2024-01-03 10:00:00
    d        | 1           | 2024-01-04 10:00:00
    a        | 2           | 2024-01-04 10:00:00
    f        | 2           | 2024-01-05 10:00:00
    """
    target_orders.check(expected)
    files = target_orders.files()
    target_orders.write(rows)
    target_orders.check(expected)
    assert target_orders.files() == files


def test_refuses_rows_without_watermark_orders(target_orders):
    """A row without a watermark refuses the batch."""
    rows = """
    order_id | customer_id | updated_at
    a        | 1           | 2024-01-02 10:00:00
    b        | 1           | NULL                # nobody knows whether it is new
    """
    with pytest.raises(RuntimeError, match="have no watermark"):
        target_orders.write(rows)
    expected = """
    order_id | customer_id | updated_at
    """
    target_orders.check(expected)


def test_refuses_ambiguous_rows_orders(target_orders):
    """Two rows of one key and watermark refuse the batch."""
    rows = """
    order_id | customer_id | updated_at
    a        | 1           | 2024-01-02 10:00:00
    a        | 2           | 2024-01-02 10:00:00 # the same row with another value
    """
    with pytest.raises(RuntimeError, match="keys that occur more than once"):
        target_orders.write(rows)
    expected = """
    order_id | customer_id | updated_at
    """
    target_orders.check(expected)


def test_refuses_target_without_column_orders(target_orders, spark):
    """A target that lacks a column of the sheet is refused."""
    stored = """
    order_id | updated_at
    a        | 2024-01-01 10:00:00
    """
    target_orders.create(table(spark, stored, target_orders.stored).drop("customer_id"))
    rows = """
    order_id | customer_id | updated_at
    b        | 2           | 2024-01-03 10:00:00
    """
    with pytest.raises(RuntimeError, match="lacks the mapped columns"):
        target_orders.write(rows)
    expected = """
    order_id | updated_at
    a        | 2024-01-01 10:00:00
    """
    target_orders.check(expected)
