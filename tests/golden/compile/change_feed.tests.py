"""Tests of change_feed.py, compiled
with it from the mapping sheet change_feed.csv.

    pip install pytest chispa delta-spark
    pytest test_change_feed.py

They run on a laptop, and on a Databricks cluster in the session that is there. The notebook
stands beside this file, or where the environment variable TESTED_FILE says. On a cluster
TEST_SCHEMA names the schema for tables of the tests, which they drop, and TEST_FOLDER a folder
in a volume for files.

What is expected was computed from the mapping sheet, not by the code.
Pattern: Apply changes from a change feed. Compiled by text2code 0.1.0.
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

FILE = Path(os.environ.get("TESTED_FILE") or Path(__file__).with_name("change_feed.py"))
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


# crm.silver.accounts
# The columns of the target and their types; None is a type that nobody knows beforehand.
COLUMNS_ACCOUNTS = {
    "account_id": "bigint",
    "name": "string",
    "balance": "decimal(12,2)",
    "is_deleted": "boolean",
    "log_position": "bigint",
}
COMMENTS_ACCOUNTS = {}
STORED_ACCOUNTS = COLUMNS_ACCOUNTS
SOURCE_ACCOUNT_CHANGES = """
account_id | name    | balance | op     | log_position
string     | string  | string  | string | string
1          | Ann Lee | 12.500  | other  | 1
2          | ' bob ' | 2.015   | d      | 2
3          | ''      | 0.000   | ' D '  | 3
4          | MÜLLER  | -3.050  | ''     | 4
5          | NULL    | 12.500  | D      | 5
6          | Ann Lee | NULL    | NULL   | 6
"""
EXPECTED_ACCOUNTS = """
account_id | name    | balance | is_deleted | log_position
1          | Ann Lee | 12.50   | false      | 1
2          | bob     | 2.02    | false      | 2
3          | ''      | 0.00    | false      | 3
4          | MÜLLER  | -3.05   | false      | 4
5          | NULL    | 12.50   | true       | 5
6          | Ann Lee | NULL    | NULL       | 6
"""


@pytest.fixture(scope="module")
def results_accounts(code, spark):
    """The target rows that the code makes of the source rows above."""
    return code.transform_accounts(table(spark, SOURCE_ACCOUNT_CHANGES))


def test_schema_accounts(results_accounts):
    """The columns of the target: their names, order, types and comments."""
    check_schema(results_accounts, COLUMNS_ACCOUNTS, COMMENTS_ACCOUNTS)


@pytest.fixture(scope="module")
def values_accounts(results_accounts, spark):
    """The target rows as they are, and as they should be."""
    expected = table(spark, EXPECTED_ACCOUNTS, columns_of(EXPECTED_ACCOUNTS, COLUMNS_ACCOUNTS))
    found = results_accounts.collect()
    return found, expected.collect()


@pytest.mark.parametrize("name", names_of(EXPECTED_ACCOUNTS))
def test_column_accounts(values_accounts, name):
    """Each column has the values that the mapping sheet says."""
    check_column(values_accounts, name)


def test_rows_accounts(results_accounts):
    """The values stand in the right rows, and there are no others."""
    check(results_accounts, EXPECTED_ACCOUNTS, COLUMNS_ACCOUNTS)


def test_nulls_accounts(code, spark):
    """Of a source row without any value comes this."""
    source_account_changes = """
    account_id | name | balance | op   | log_position
    NULL       | NULL | NULL    | NULL | NULL
    """
    expected = """
    account_id | name | balance | is_deleted | log_position
    NULL       | NULL | NULL    | NULL       | NULL
    """
    rows = code.transform_accounts(
        table(spark, source_account_changes, types_of(SOURCE_ACCOUNT_CHANGES))
    )
    check(rows, expected, COLUMNS_ACCOUNTS)


def test_duplicates_accounts(code, spark):
    """Equal source rows stay as many as they are, up to where the pattern decides."""
    source_account_changes = """
    account_id | name    | balance | op    | log_position
    1          | Ann Lee | 12.500  | other | 1
    1          | Ann Lee | 12.500  | other | 1
    """
    expected = """
    account_id | name    | balance | is_deleted | log_position
    1          | Ann Lee | 12.50   | false      | 1
    1          | Ann Lee | 12.50   | false      | 1
    """
    rows = code.transform_accounts(
        table(spark, source_account_changes, types_of(SOURCE_ACCOUNT_CHANGES))
    )
    check(rows, expected, COLUMNS_ACCOUNTS)


def test_rules_accounts(code, spark):
    """Which rules of the sheet each row breaks."""
    rows = """
    name    | _broken_rules
    Ann Lee | []
    ' bob ' | []
    ''      | []
    MÜLLER  | []
    NULL    | ["row 3: name not null"]
    """
    checked = code.check_accounts(table(spark, rows, COLUMNS_ACCOUNTS))
    check(checked, rows, {**COLUMNS_ACCOUNTS, "_broken_rules": "array<string>"})


@pytest.fixture
def target_accounts(code, spark, place, monkeypatch):
    """A target that is not there yet."""
    name = place("table")
    monkeypatch.setattr(code, "TARGET_ACCOUNTS", name)
    monkeypatch.setattr(code, "QUARANTINE_ACCOUNTS", place("table"))
    return Target(spark, code.write_accounts, name, COLUMNS_ACCOUNTS, STORED_ACCOUNTS)


def test_load_accounts(code, spark, place, monkeypatch, target_accounts):
    """From the sources, whose columns have another order, into the target."""
    monkeypatch.setattr(
        code, "SOURCE_ACCOUNT_CHANGES", view(rearranged(table(spark, SOURCE_ACCOUNT_CHANGES)))
    )
    code.load_accounts()
    check_schema(target_accounts.read(), STORED_ACCOUNTS, COMMENTS_ACCOUNTS)
    target_accounts.check(EXPECTED_ACCOUNTS)


def test_refuses_account_changes_without_columns_of_accounts(code, spark, place, monkeypatch):
    """A source that lacks mapped columns is refused by their names."""
    monkeypatch.setattr(code, "SOURCE_ACCOUNT_CHANGES", view(spark.sql("SELECT 'x' AS not_mapped")))
    check_lacking(code.load_accounts, names_of(SOURCE_ACCOUNT_CHANGES))


def test_changes_accounts(target_accounts, spark):
    """Rows are changed and inserted, others stay; a second run changes nothing."""
    stored = """
    account_id | name | is_deleted | log_position
    1          | a    | NULL       | 2
    2          | a    | false      | 2
    3          | a    | false      | 2
    4          | a    | false      | 5
    5          | a    | false      | 2
    6          | a    | false      | 5
    7          | a    | false      | 2
    11         | a    | false      | 2
    NULL       | a    | false      | 2            # NULL is a key, too
    """
    target_accounts.create(table(spark, stored, target_accounts.stored))
    rows = """
    account_id | name | is_deleted | log_position
    1          | b    | NULL       | 3            # changed
    2          | a    | false      | 2            # as it was
    3          | NULL | false      | 3            # now NULL
    10         | a    | false      | 2            # new
    NULL       | b    | false      | 3            # changed
    4          | b    | false      | 3            # older than stored
    11         | a    | false      | 3            # nothing but newer
    9          | a    | false      | 2            # the newest wins
    9          | c    | false      | 4
    9          | b    | false      | 3
    5          | a    | true       | 3            # deleted
    8          | a    | true       | 3            # deleted, never seen
    6          | a    | true       | 3            # deleted, but older
    """
    target_accounts.write(rows)
    expected = """
    account_id | name | is_deleted | log_position
    1          | b    | NULL       | 3
    2          | a    | false      | 2
    3          | NULL | false      | 3
    4          | a    | false      | 5
    5          | a    | true       | 3
    6          | a    | false      | 5
    7          | a    | false      | 2
    11         | a    | false      | 3
    NULL       | b    | false      | 3
    10         | a    | false      | 2
    9          | c    | false      | 4
    8          | a    | true       | 3
    """
    target_accounts.check(expected)
    files = target_accounts.files()
    target_accounts.write(rows)
    target_accounts.check(expected)
    assert target_accounts.files() == files


def test_remembers_deletions_accounts(target_accounts, spark):
    """A deleted row stays, and older rows of its key stay out."""
    stored = """
    account_id | name | is_deleted | log_position
    2          | a    | true       | 4            # deleted
    3          | a    | true       | 4            # deleted
    """
    target_accounts.create(table(spark, stored, target_accounts.stored))
    first = """
    account_id | name | is_deleted | log_position
    2          | b    | false      | 3            # older than its deletion
    3          | b    | false      | 5            # there again
    4          | a    | true       | 4            # deleted before it is seen
    """
    target_accounts.write(first)
    second = """
    account_id | name | is_deleted | log_position
    4          | b    | false      | 3            # older than its deletion
    """
    target_accounts.write(second)
    expected = """
    account_id | name | is_deleted | log_position
    2          | a    | true       | 4
    3          | b    | false      | 5
    4          | a    | true       | 4
    """
    target_accounts.check(expected)


def test_refuses_ambiguous_rows_accounts(target_accounts):
    """Two different rows of one key, none of them newer, refuse the batch."""
    rows = """
    account_id | name | log_position
    1          | a    | 2
    1          | b    | 2            # nobody knows which one is right
    """
    with pytest.raises(RuntimeError, match="keys that occur more than once"):
        target_accounts.write(rows)
    expected = """
    account_id | name | log_position
    """
    target_accounts.check(expected)


def test_each_column_accounts(target_accounts, spark):
    """One key a column: that it alone changes is enough."""
    stored = """
    account_id | name | balance | is_deleted | log_position
    1          | a    | 1.50    | false      | 1
    2          | a    | 1.50    | false      | 1
    3          | a    | 1.50    | false      | 1
    """
    target_accounts.create(table(spark, stored, target_accounts.stored))
    rows = """
    account_id | name | balance | is_deleted | log_position
    1          | b    | 1.50    | false      | 1
    2          | a    | 2.50    | false      | 1
    3          | a    | 1.50    | true       | 1
    """
    target_accounts.write(rows)
    expected = """
    account_id | name | balance | is_deleted | log_position
    1          | b    | 1.50    | false      | 1
    2          | a    | 2.50    | false      | 1
    3          | a    | 1.50    | true       | 1
    """
    target_accounts.check(expected)


def test_refuses_doubled_target_accounts(target_accounts, spark):
    """Keys that the target has twice refuse the run."""
    stored = """
    account_id | name | is_deleted | log_position
    1          | a    | NULL       | 1            # one key
    1          | b    | NULL       | 2            # twice
    """
    target_accounts.create(table(spark, stored, target_accounts.stored))
    rows = """
    account_id | name | is_deleted | log_position
    2          | a    | false      | 3
    """
    with pytest.raises(RuntimeError, match="keys that occur more than once"):
        target_accounts.write(rows)
    expected = """
    account_id | name | is_deleted | log_position
    1          | a    | NULL       | 1            # one key
    1          | b    | NULL       | 2            # twice
    """
    target_accounts.check(expected)


def test_refuses_target_without_column_accounts(target_accounts, spark):
    """A target that lacks a column of the sheet is refused."""
    stored = """
    account_id | is_deleted | log_position
    1          | NULL       | 1
    """
    target_accounts.create(table(spark, stored, target_accounts.stored).drop("name"))
    rows = """
    account_id | name | is_deleted | log_position
    2          | b    | false      | 3
    """
    with pytest.raises(RuntimeError, match="lacks the mapped columns"):
        target_accounts.write(rows)
    expected = """
    account_id | is_deleted | log_position
    1          | NULL       | 1
    """
    target_accounts.check(expected)
