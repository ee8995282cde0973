"""Tests of customers_history.py, compiled
with it from the mapping sheet customers_history.csv.

    pip install pytest chispa delta-spark
    pytest test_customers_history.py

They run on a laptop, and on a Databricks cluster in the session that is there. The notebook
stands beside this file, or where the environment variable TESTED_FILE says. On a cluster
TEST_SCHEMA names the schema for tables of the tests, which they drop, and TEST_FOLDER a folder
in a volume for files.

What is expected was computed from the mapping sheet, not by the code.
Pattern: SCD type 2. Compiled by text2code 0.1.0.
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

FILE = Path(os.environ.get("TESTED_FILE") or Path(__file__).with_name("customers_history.py"))
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


# crm.gold.dim_customer
# The columns of the target and their types; None is a type that nobody knows beforehand.
COLUMNS_DIM_CUSTOMER = {
    "customer_id": "bigint",
    "name": "string",
    "email": "string",
    "segment": "string",
    "last_login": "timestamp",
    "modified_at": "timestamp",
    "is_deleted": "boolean",
}
COMMENTS_DIM_CUSTOMER = {}
# As they are stored.
STORED_DIM_CUSTOMER = {
    "customer_key": "string",
    **COLUMNS_DIM_CUSTOMER,
    "since": "timestamp",
    "valid_to": "timestamp",
    "is_current": "boolean",
    "_sightings": "array<struct<at:timestamp,deleted:boolean>>",
}
del STORED_DIM_CUSTOMER["is_deleted"]
SOURCE_CUSTOMERS = """
customer_id | full_name | email   | segment  | last_login            | modified_at         | op
string      | string    | string  | string   | string                | string              | string
1           | Ann Lee   | ' bob ' | none     | 1999-12-31 00:00:00   | 2024-01-01 10:00:00 | other
2           | ' bob '   | ''      | other    | 2024-03-31 01:00:00   | 2024-01-02 10:00:00 | d
3           | ''        | MÜLLER  | NONE     | 2024-01-31 10:15:30   | 2024-01-03 10:00:00 | ' D '
4           | MÜLLER    | Ann Lee | ' none ' | 2024-02-29 23:59:59.5 | 2024-01-04 10:00:00 | ''
5           | NULL      | NULL    | ''       | NULL                  | 2024-01-05 10:00:00 | D
6           | Ann Lee   | ' bob ' | NULL     | 1999-12-31 00:00:00   | 2024-01-06 10:00:00 | NULL
"""
EXPECTED_DIM_CUSTOMER = """
customer_id | name    | email   | segment  | last_login            | modified_at
1           | Ann Lee | ' bob ' | none     | 1999-12-31 00:00:00   | 2024-01-01 10:00:00
2           | bob     | ''      | other    | 2024-03-31 01:00:00   | 2024-01-02 10:00:00
3           | ''      | müller  | NONE     | 2024-01-31 10:15:30   | 2024-01-03 10:00:00
4           | MÜLLER  | ann lee | ' none ' | 2024-02-29 23:59:59.5 | 2024-01-04 10:00:00
5           | NULL    | NULL    | ''       | NULL                  | 2024-01-05 10:00:00
6           | Ann Lee | ' bob ' | none     | 1999-12-31 00:00:00   | 2024-01-06 10:00:00

is_deleted
false
false
false
false
true
NULL
"""


@pytest.fixture(scope="module")
def results_dim_customer(code, spark):
    """The target rows that the code makes of the source rows above."""
    return code.transform_dim_customer(table(spark, SOURCE_CUSTOMERS))


def test_schema_dim_customer(results_dim_customer):
    """The columns of the target: their names, order, types and comments."""
    check_schema(results_dim_customer, COLUMNS_DIM_CUSTOMER, COMMENTS_DIM_CUSTOMER)


@pytest.fixture(scope="module")
def values_dim_customer(results_dim_customer, spark):
    """The target rows as they are, and as they should be."""
    expected = table(
        spark, EXPECTED_DIM_CUSTOMER, columns_of(EXPECTED_DIM_CUSTOMER, COLUMNS_DIM_CUSTOMER)
    )
    found = results_dim_customer.collect()
    return found, expected.collect()


@pytest.mark.parametrize("name", names_of(EXPECTED_DIM_CUSTOMER))
def test_column_dim_customer(values_dim_customer, name):
    """Each column has the values that the mapping sheet says."""
    check_column(values_dim_customer, name)


def test_rows_dim_customer(results_dim_customer):
    """The values stand in the right rows, and there are no others."""
    check(results_dim_customer, EXPECTED_DIM_CUSTOMER, COLUMNS_DIM_CUSTOMER)


def test_nulls_dim_customer(code, spark):
    """Of a source row without any value comes this."""
    source_customers = """
    customer_id | full_name | email | segment | last_login | modified_at | op
    NULL        | NULL      | NULL  | NULL    | NULL       | NULL        | NULL
    """
    expected = """
    customer_id | name | email | segment | last_login | modified_at | is_deleted
    NULL        | NULL | NULL  | none    | NULL       | NULL        | NULL
    """
    rows = code.transform_dim_customer(table(spark, source_customers, types_of(SOURCE_CUSTOMERS)))
    check(rows, expected, COLUMNS_DIM_CUSTOMER)


def test_duplicates_dim_customer(code, spark):
    """Equal source rows stay as many as they are, up to where the pattern decides."""
    source_customers = """
    customer_id | full_name | email   | segment | last_login          | modified_at
    1           | Ann Lee   | ' bob ' | none    | 1999-12-31 00:00:00 | 2024-01-01 10:00:00
    1           | Ann Lee   | ' bob ' | none    | 1999-12-31 00:00:00 | 2024-01-01 10:00:00
    """
    expected = """
    customer_id | name    | email   | segment | last_login          | modified_at
    1           | Ann Lee | ' bob ' | none    | 1999-12-31 00:00:00 | 2024-01-01 10:00:00
    1           | Ann Lee | ' bob ' | none    | 1999-12-31 00:00:00 | 2024-01-01 10:00:00
    """
    rows = code.transform_dim_customer(table(spark, source_customers, types_of(SOURCE_CUSTOMERS)))
    check(rows, expected, COLUMNS_DIM_CUSTOMER)


@pytest.fixture
def target_dim_customer(code, spark, place, monkeypatch):
    """A target that is not there yet."""
    name = place("table")
    monkeypatch.setattr(code, "TARGET_DIM_CUSTOMER", name)
    return Target(spark, code.write_dim_customer, name, COLUMNS_DIM_CUSTOMER, STORED_DIM_CUSTOMER)


def test_load_dim_customer(code, spark, place, monkeypatch, target_dim_customer):
    """From the sources, whose columns have another order, into the target."""
    monkeypatch.setattr(code, "SOURCE_CUSTOMERS", view(rearranged(table(spark, SOURCE_CUSTOMERS))))
    code.load_dim_customer()
    check_schema(target_dim_customer.read(), STORED_DIM_CUSTOMER, COMMENTS_DIM_CUSTOMER)
    expected = """
    customer_id | name    | email   | segment  | last_login            | modified_at
    1           | Ann Lee | ' bob ' | none     | 1999-12-31 00:00:00   | 2024-01-01 10:00:00
    2           | bob     | ''      | other    | 2024-03-31 01:00:00   | 2024-01-02 10:00:00
    3           | ''      | müller  | NONE     | 2024-01-31 10:15:30   | 2024-01-03 10:00:00
    4           | MÜLLER  | ann lee | ' none ' | 2024-02-29 23:59:59.5 | 2024-01-04 10:00:00
    6           | Ann Lee | ' bob ' | none     | 1999-12-31 00:00:00   | 2024-01-06 10:00:00
    """
    target_dim_customer.check(expected)


def test_refuses_customers_without_columns_of_dim_customer(code, spark, place, monkeypatch):
    """A source that lacks mapped columns is refused by their names."""
    monkeypatch.setattr(code, "SOURCE_CUSTOMERS", view(spark.sql("SELECT 'x' AS not_mapped")))
    check_lacking(code.load_dim_customer, names_of(SOURCE_CUSTOMERS))


def test_versions_dim_customer(target_dim_customer, code, monkeypatch):
    """A change of a tracked column opens a version; a second run changes nothing."""
    monkeypatch.setattr(code, "SNAPSHOT_AT", "2024-01-09 10:00:00")
    first = """
    customer_id | name | last_login          | modified_at         | is_deleted
    1           | a    | 2024-01-01 10:00:00 | 2024-01-01 10:00:00 | NULL
    2           | a    | 2024-01-01 10:00:00 | 2024-01-01 10:00:00 | false
    3           | a    | 2024-01-01 10:00:00 | 2024-01-01 10:00:00 | false      # and back again
    3           | a    | 2024-01-01 10:00:00 | 2024-01-03 10:00:00 | false
    3           | b    | 2024-01-01 10:00:00 | 2024-01-02 10:00:00 | false
    4           | a    | 2024-01-01 10:00:00 | 2024-01-01 10:00:00 | false
    5           | a    | 2024-01-01 10:00:00 | 2024-01-01 10:00:00 | false
    5           | a    | 2024-01-01 10:00:00 | 2024-01-05 10:00:00 | false      # seen once more
    6           | NULL | 2024-01-01 10:00:00 | 2024-01-01 10:00:00 | false
    7           | a    | 2024-01-01 10:00:00 | 2024-01-01 10:00:00 | false
    10          | a    | 2024-01-01 10:00:00 | 2024-01-01 10:00:00 | false
    10          | b    | 2024-01-01 10:00:00 | 2024-01-05 10:00:00 | false
    NULL        | a    | 2024-01-01 10:00:00 | 2024-01-01 10:00:00 | false      # NULL is a key, too
    """
    target_dim_customer.write(first)
    second = """
    customer_id | name | last_login
    1           | b    | 2024-01-01 10:00:00 # changed
    2           | a    | 2024-01-02 10:00:00 # no tracked column changed
    5           | b    | 2024-01-01 10:00:00 # late
    6           | a    | 2024-01-01 10:00:00 # NULL to a value
    7           | NULL | 2024-01-01 10:00:00 # a value to NULL
    8           | a    | 2024-01-01 10:00:00 # new
    8           | b    | 2024-01-01 10:00:00 # the greater values win
    10          | b    | 2024-01-01 10:00:00 # late: so that version began before
    NULL        | b    | 2024-01-01 10:00:00 # changed
    4           | a    | 2024-01-01 10:00:00 # deleted
    4           | a    | 2024-01-01 10:00:00 # there again
    9           | a    | 2024-01-01 10:00:00 # deleted, never seen

    modified_at         | is_deleted
    2024-01-04 10:00:00 | NULL
    2024-01-04 10:00:00 | false
    2024-01-03 10:00:00 | false
    2024-01-04 10:00:00 | false
    2024-01-04 10:00:00 | false
    2024-01-04 10:00:00 | false
    2024-01-04 10:00:00 | false
    2024-01-03 10:00:00 | false
    2024-01-04 10:00:00 | false
    2024-01-04 10:00:00 | true
    2024-01-06 10:00:00 | false
    2024-01-04 10:00:00 | true
    """
    target_dim_customer.write(second)
    expected = """
    customer_id | name | last_login          | modified_at         | since
    1           | a    | 2024-01-01 10:00:00 | 2024-01-01 10:00:00 | 2024-01-01 10:00:00
    1           | b    | 2024-01-01 10:00:00 | 2024-01-04 10:00:00 | 2024-01-04 10:00:00
    2           | a    | 2024-01-02 10:00:00 | 2024-01-01 10:00:00 | 2024-01-01 10:00:00
    3           | a    | 2024-01-01 10:00:00 | 2024-01-01 10:00:00 | 2024-01-01 10:00:00
    3           | b    | 2024-01-01 10:00:00 | 2024-01-02 10:00:00 | 2024-01-02 10:00:00
    3           | a    | 2024-01-01 10:00:00 | 2024-01-03 10:00:00 | 2024-01-03 10:00:00
    4           | a    | 2024-01-01 10:00:00 | 2024-01-01 10:00:00 | 2024-01-01 10:00:00
    4           | a    | 2024-01-01 10:00:00 | 2024-01-06 10:00:00 | 2024-01-06 10:00:00
    5           | a    | 2024-01-01 10:00:00 | 2024-01-01 10:00:00 | 2024-01-01 10:00:00
    6           | NULL | 2024-01-01 10:00:00 | 2024-01-01 10:00:00 | 2024-01-01 10:00:00
    6           | a    | 2024-01-01 10:00:00 | 2024-01-04 10:00:00 | 2024-01-04 10:00:00
    7           | a    | 2024-01-01 10:00:00 | 2024-01-01 10:00:00 | 2024-01-01 10:00:00
    7           | NULL | 2024-01-01 10:00:00 | 2024-01-04 10:00:00 | 2024-01-04 10:00:00
    10          | a    | 2024-01-01 10:00:00 | 2024-01-01 10:00:00 | 2024-01-01 10:00:00
    10          | b    | 2024-01-01 10:00:00 | 2024-01-05 10:00:00 | 2024-01-05 10:00:00
    NULL        | a    | 2024-01-01 10:00:00 | 2024-01-01 10:00:00 | 2024-01-01 10:00:00
    NULL        | b    | 2024-01-01 10:00:00 | 2024-01-04 10:00:00 | 2024-01-04 10:00:00
    8           | b    | 2024-01-01 10:00:00 | 2024-01-04 10:00:00 | 2024-01-04 10:00:00

    valid_to            | is_current
    2024-01-04 10:00:00 | false
    NULL                | true
    NULL                | true
    2024-01-02 10:00:00 | false
    2024-01-03 10:00:00 | false
    2024-01-09 10:00:00 | false
    2024-01-04 10:00:00 | false
    NULL                | true
    NULL                | true
    2024-01-04 10:00:00 | false
    NULL                | true
    2024-01-04 10:00:00 | false
    NULL                | true
    2024-01-05 10:00:00 | false
    NULL                | true
    2024-01-04 10:00:00 | false
    NULL                | true
    NULL                | true
    """
    target_dim_customer.check(expected)
    files = target_dim_customer.files()
    target_dim_customer.write(second)
    target_dim_customer.check(expected)
    assert target_dim_customer.files() == files


def test_refuses_rows_without_time_dim_customer(target_dim_customer, code, monkeypatch):
    """A row of which nobody knows when it was true refuses the batch."""
    monkeypatch.setattr(code, "SNAPSHOT_AT", "2024-01-09 10:00:00")
    rows = """
    customer_id | name | last_login          | modified_at
    1           | a    | 2024-01-01 10:00:00 | 2024-01-02 10:00:00
    2           | a    | 2024-01-01 10:00:00 | NULL                # nobody knows when it was true

    is_deleted
    NULL
    false
    """
    with pytest.raises(RuntimeError, match="have no"):
        target_dim_customer.write(rows)
    expected = """
    customer_id | name | last_login | modified_at | since | valid_to | is_current
    """
    target_dim_customer.check(expected)


def test_each_column_dim_customer(target_dim_customer, code, monkeypatch):
    """One key a column: that it alone changes is enough."""
    monkeypatch.setattr(code, "SNAPSHOT_AT", "2024-01-09 10:00:00")
    first = """
    customer_id | name | email | segment | last_login          | modified_at         | is_deleted
    1           | a    | a     | a       | 2024-01-01 10:00:00 | 2024-01-01 10:00:00 | NULL
    2           | a    | a     | a       | 2024-01-01 10:00:00 | 2024-01-01 10:00:00 | false
    3           | a    | a     | a       | 2024-01-01 10:00:00 | 2024-01-01 10:00:00 | false
    """
    target_dim_customer.write(first)
    second = """
    customer_id | name | email | segment | last_login          | modified_at         | is_deleted
    1           | b    | a     | a       | 2024-01-01 10:00:00 | 2024-01-02 10:00:00 | NULL
    2           | a    | b     | a       | 2024-01-01 10:00:00 | 2024-01-02 10:00:00 | false
    3           | a    | a     | b       | 2024-01-01 10:00:00 | 2024-01-02 10:00:00 | false
    """
    target_dim_customer.write(second)
    expected = """
    customer_id | name | email | segment | last_login          | modified_at
    1           | a    | a     | a       | 2024-01-01 10:00:00 | 2024-01-01 10:00:00
    1           | b    | a     | a       | 2024-01-01 10:00:00 | 2024-01-02 10:00:00
    2           | a    | a     | a       | 2024-01-01 10:00:00 | 2024-01-01 10:00:00
    2           | a    | b     | a       | 2024-01-01 10:00:00 | 2024-01-02 10:00:00
    3           | a    | a     | a       | 2024-01-01 10:00:00 | 2024-01-01 10:00:00
    3           | a    | a     | b       | 2024-01-01 10:00:00 | 2024-01-02 10:00:00

    since               | valid_to            | is_current
    2024-01-01 10:00:00 | 2024-01-02 10:00:00 | false
    2024-01-02 10:00:00 | NULL                | true
    2024-01-01 10:00:00 | 2024-01-02 10:00:00 | false
    2024-01-02 10:00:00 | NULL                | true
    2024-01-01 10:00:00 | 2024-01-02 10:00:00 | false
    2024-01-02 10:00:00 | NULL                | true
    """
    target_dim_customer.check(expected)


def test_refuses_an_empty_batch_dim_customer(target_dim_customer, code, monkeypatch):
    """A batch without rows would end all keys: it is refused."""
    monkeypatch.setattr(code, "SNAPSHOT_AT", "2024-01-09 10:00:00")
    first = """
    customer_id | name | last_login          | modified_at
    1           | a    | 2024-01-01 10:00:00 | 2024-01-01 10:00:00
    """
    target_dim_customer.write(first)
    second = """
    customer_id | name | last_login | modified_at
    """
    with pytest.raises(RuntimeError, match="has no rows"):
        target_dim_customer.write(second)
    expected = """
    customer_id | name | last_login          | modified_at         | since               | valid_to
    1           | a    | 2024-01-01 10:00:00 | 2024-01-01 10:00:00 | 2024-01-01 10:00:00 | NULL

    is_current
    true
    """
    target_dim_customer.check(expected)
