"""Functions and fixtures that generated tests share. The compiler writes those a test file needs
into it, as they stand here (tools/pyembed makes C of this file); see helpers.py for notebooks.
"""

import ast
import os
import re
import sys
from collections.abc import Callable, Iterator
from dataclasses import fields
from importlib.util import module_from_spec, spec_from_file_location
from inspect import signature
from pathlib import Path
from types import ModuleType, SimpleNamespace
from uuid import uuid4

import pytest
from chispa import assert_df_equality
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F


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


def view(rows: DataFrame) -> str:
    """Return the name of a view of the rows."""
    name = f"source_{uuid4().hex}"
    rows.createOrReplaceTempView(name)
    return name


def files(rows: DataFrame, folder: str, kind: str) -> str:
    """Write the rows as files of some format, and return the folder."""
    options = {"header": "true", "ignoreLeadingWhiteSpace": "false"}
    options["ignoreTrailingWhiteSpace"] = "false"
    rows.coalesce(1).write.format(kind).options(**options).save(folder)
    return folder


def rearranged(rows: DataFrame) -> DataFrame:
    """Return the rows with their columns in another order, and one more that nobody mapped."""
    names = [quoted(name) for name in reversed(rows.columns) if name != "_metadata"]
    return rows.select(F.lit("x").alias("not_mapped"), *names)


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


class Job:
    """The functions of a module, and the parameters of its job as a notebook has them."""

    def __init__(self, module: ModuleType, spark: SparkSession) -> None:
        self._module = module
        self._spark = spark
        for name, value in vars(module.Job(spark)).items():
            setattr(self, name.upper(), value)

    def __getattr__(self, name: str) -> Callable:
        """Return a function of the module; a job that it wants has the parameters of now."""
        function = getattr(self._module, name)
        if "job" not in signature(function).parameters:
            return function
        return lambda *rows: function(*rows, self._job())

    def _job(self) -> object:
        names = [option.name for option in fields(self._module.Job) if option.name != "spark"]
        return self._module.Job(self._spark, **{n: getattr(self, n.upper()) for n in names})


@pytest.fixture(scope="module", name="code")
def notebook(spark: SparkSession) -> ModuleType:
    """The code under test: all cells of the notebook; the last one does nothing here."""
    module = ModuleType("notebook")
    module.__dict__.update(spark=spark, dbutils=SimpleNamespace(widgets=Widgets()))
    exec(compile(FILE.read_text(encoding="utf-8"), str(FILE), "exec"), module.__dict__)
    return module


@pytest.fixture(scope="module", name="code")
def module(spark: SparkSession) -> Job:
    """The code under test: the functions of the module, for which a job is made."""
    spec = spec_from_file_location("module_under_test", FILE)
    loaded = module_from_spec(spec)
    sys.modules[spec.name] = loaded
    spec.loader.exec_module(loaded)
    return Job(loaded, spark)


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
