"""What the tests are made of: small tables, compiled notebooks and a stand-in for dbutils."""

import hashlib
import json
import logging
import os
import re
import subprocess
import sys
import types
import warnings
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

from delta.tables import DeltaTable
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql.types import StructField

from scala import Interpreter, widgets_of

TOP = Path(__file__).resolve().parents[2]
COMPILER = Path(os.environ.get("T2C_BIN", TOP / "build" / "text2code"))
SAMPLES = TOP / "samples"
PROBLEMS_STATUS = 3


def at(text: str) -> datetime:
    """Return the point in time that the text names: at("2024-01-31 10:00")."""
    return datetime.fromisoformat(text)


class NotebookExit(Exception):
    """What dbutils.notebook.exit() ends a notebook with."""


class Widgets:
    """Widgets as a job sees them: declared with a default, overridden by job parameters.

    Stricter than the original where that finds mistakes: an override that the notebook does not
    declare, a default that is no text, and a widget that is read before it is declared all fail.
    """

    def __init__(self, lake: "Lake", overrides: dict[str, str]) -> None:
        self._lake = lake
        self._overrides = overrides
        self.defaults: dict[str, str] = {}
        self._values: dict[str, str] = {}

    def text(self, name: str, defaultValue: str, label: str | None = None) -> None:
        """Declare a widget. A default that names a table or path becomes one of the test's own."""
        assert isinstance(defaultValue, str), f"the default of widget {name} is not text"
        assert name not in self.defaults, f"widget {name} is declared twice"
        self.defaults[name] = defaultValue
        self._values[name] = self._overrides.get(name, self._lake.where(defaultValue))

    def dropdown(self, name: str, defaultValue: str, choices: list, label: str | None = None):
        """Declare a widget with choices, of which the default has to be one."""
        assert defaultValue in choices, f"the default of widget {name} is not among its choices"
        self.defaults[name] = defaultValue
        self._values[name] = self._overrides.get(name, defaultValue)

    def get(self, name: str) -> str:
        """Return the value of a declared widget."""
        assert name in self._values, f"widget {name} is read but not declared"
        return self._values[name]

    def removeAll(self) -> None:
        """Forget all widgets."""
        self._values.clear()

    def check_overrides(self) -> None:
        """Fail if the test overrides a widget that the notebook does not have."""
        unknown = set(self._overrides) - set(self.defaults)
        assert not unknown, f"the notebook has no widgets {sorted(unknown)}"


class NotebookUtils:
    """dbutils.notebook"""

    def exit(self, value: str) -> None:
        """End the notebook."""
        raise NotebookExit(value)


class Secrets:
    """dbutils.secrets: nothing that is compiled here has a reason to ask for one."""

    def __getattr__(self, name: str):
        raise AssertionError(f"the notebook uses dbutils.secrets.{name}")


class Dbutils:
    """The parts of dbutils that a compiled notebook may use."""

    def __init__(self, widgets: Widgets) -> None:
        self.widgets = widgets
        self.notebook = NotebookUtils()
        self.secrets = Secrets()


def split_cells(code: str, sign: str = "#") -> list[tuple[int, str]]:
    """Cut notebook source into cells as Databricks does; give each with its first line number."""
    lines = code.splitlines()
    assert lines[0] == f"{sign} Databricks notebook source", "the first line makes it a notebook"
    cells = []
    start = 1
    for number, line in enumerate([*lines, f"{sign} COMMAND ----------"]):
        if line == f"{sign} COMMAND ----------":
            cells.append((start + 1, "\n".join(lines[start:number])))
            start = number + 1
    return cells


def split_statements(cell: str) -> list[str]:
    """Return the statements of a cell in SQL, each without its comments in front and semicolon."""
    lines = [line for line in cell.splitlines() if line and not line.startswith("--")]
    text = "\n".join(lines)
    assert not text or text.endswith(";"), "a semicolon ends a statement"
    return [statement for statement in text.removesuffix(";").split(";\n") if statement]


@dataclass
class Notebook:
    """A compiled notebook."""

    path: Path
    plan: dict
    lake: "Lake"

    @property
    def code(self) -> str:
        """The source text."""
        return self.path.read_text(encoding="utf-8")

    def run(self, **widgets: str) -> dict:
        """Execute the file as it is, cell by cell, and return its variables.

        The widgets get the values given; all others keep their defaults, but a default that names
        a table or path is redirected into the test's lake.
        """
        if self.plan["output"] == "module":
            return self._run_module(widgets)
        if self.plan["output"] == "sql":
            return self._run_sql(widgets)
        if self.plan["output"] == "scala":
            return self._run_scala(widgets)
        values = Widgets(self.lake, widgets)
        variables = {
            "__name__": "__main__",
            "spark": self.lake.spark,
            "dbutils": Dbutils(values),
            "display": lambda *args, **kwargs: None,
        }
        for line, cell in split_cells(self.code):
            if cell.lstrip().startswith("# MAGIC"):
                continue
            with warnings.catch_warnings():
                # An unknown escape in a string literal is a warning, and a bug of the compiler.
                warnings.simplefilter("error")
                program = compile("\n" * (line - 1) + cell, str(self.path), "exec")
            exec(program, variables)  # noqa: S102
        values.check_overrides()
        return variables

    def _run_sql(self, parameters: dict[str, str]) -> dict:
        """Run the statements one by one. Only Databricks has widgets in SQL, so we read those."""
        values = Widgets(self.lake, parameters)
        given: dict[str, str] = {}
        for _, cell in split_cells(self.code, "--"):
            for statement in split_statements(cell):
                if widget := re.fullmatch(r"CREATE WIDGET TEXT (\w+) DEFAULT '(.*)'", statement):
                    values.text(widget[1], re.sub(r"\\(.)", r"\1", widget[2]))
                    given[widget[1]] = values.get(widget[1])
                else:
                    self.lake.spark.sql(statement, args=given)
        values.check_overrides()
        return {}

    def _run_scala(self, parameters: dict[str, str]) -> dict:
        """Interpret the cells in the JVM, where the widgets are those that the code declares."""
        values = Widgets(self.lake, parameters)
        for name, default in widgets_of(self.code).items():
            values.text(name, default)
        given = {name: values.get(name) for name in values.defaults}
        cells = [cell for _, cell in split_cells(self.code, "//") if "// MAGIC" not in cell]
        values.check_overrides()
        Interpreter.of(self.lake.spark).run(cells, values.defaults, given)
        return {}

    def _run_module(self, parameters: dict[str, str]) -> dict:
        """Import the file and call its loads, as a program of one's own would."""
        module = types.ModuleType(self.path.stem)
        sys.modules[module.__name__] = module  # where dataclasses look
        exec(compile(self.code, str(self.path), "exec"), module.__dict__)  # noqa: S102
        given = {
            parameter["name"]: self.lake.where(parameter["default"])
            for parameter in self.plan["parameters"]
            if parameter["default"]
        }
        job = module.Job(self.lake.spark, **given | parameters)
        for pipeline in self.plan["pipelines"]:
            getattr(module, f"load_{pipeline['id']}")(job)
        return module.__dict__


class Lake:
    """Tables and files of one test, under the names that mapping sheets use.

    shop.bronze.orders becomes a table in the test's own schema, /Volumes/a/b.parquet a file in its
    own folder, so that tests can say the names of the sheet and still see only their own data.
    Sources that are only read are views in memory, which take no time to make.
    """

    def __init__(self, spark: SparkSession, folder: Path, schema: str) -> None:
        self.spark = spark
        self.folder = folder
        self.schema = schema
        self._views: set[str] = set()

    def where(self, name: str) -> str:
        """Return where the table or path really is; what names neither stays as it is."""
        if not name:
            return name
        if "/" in name:
            return str(self.folder / re.sub(r"^[a-z0-9]+:/+|^/", "", name))
        plain = plain_name(name)
        return f"{self.schema}{'_' if plain in self._views else '.'}{plain}"

    def write(self, name: str, columns: str, rows: list[tuple] = ()) -> None:
        """Replace a source: write("shop.bronze.orders", "id int, at timestamp", [...])."""
        frame = small_frame(self.spark, columns, rows)
        if "/" not in name:
            self._views.add(plain_name(name))
            frame.createOrReplaceTempView(self.where(name))
            return
        kind = Path(name).suffix[1:] or "delta"
        writer = frame.write.format(kind).option("header", "true").mode("overwrite")
        writer.save(self.where(name))

    def create(self, name: str, columns: str, rows: list[tuple] = ()) -> None:
        """Make or replace a Delta table: a target that exists, or a source as it really is."""
        self._views.discard(plain_name(name))
        frame = small_frame(self.spark, columns, rows)
        writer = frame.write.format("delta").mode("overwrite").option("overwriteSchema", "true")
        writer.saveAsTable(self.where(name))

    def read(self, name: str) -> DataFrame:
        """Return the current content of a Delta table, by name or path."""
        return self.table(name).toDF()

    def table(self, name: str) -> DeltaTable:
        """Return a Delta table, by name or path."""
        if "/" in name:
            return DeltaTable.forPath(self.spark, self.where(name))
        return DeltaTable.forName(self.spark, self.where(name))

    def exists(self, name: str) -> bool:
        """Tell whether the Delta table is there."""
        if "/" in name:
            return DeltaTable.isDeltaTable(self.spark, self.where(name))
        return self.spark.catalog.tableExists(self.where(name))

    def rows(self, name: str, *columns: str) -> list[tuple]:
        """Return the rows, sorted, with NULL first; all columns or the ones named."""
        frame = self.read(name)
        if columns:
            frame = frame.select(*columns)
        return sorted(map(tuple, frame.collect()), key=sort_key)

    def types(self, name: str) -> dict[str, str]:
        """Return the type of each column."""
        return dict(self.read(name).dtypes)

    def comments(self, name: str) -> dict[str, str]:
        """Return the comments of the columns that have one."""
        fields = self.read(name).schema.fields
        return {f.name: f.metadata["comment"] for f in fields if "comment" in f.metadata}

    def hash(self, name: str, volatile: tuple[str, ...] = ()) -> str:
        """Return one hash over all rows, whatever their order, without the volatile columns."""
        frame = self.read(name).drop(*volatile)
        digest = hashlib.sha256(repr(frame.dtypes).encode())
        for row in sorted(map(tuple, frame.collect()), key=sort_key):
            digest.update(repr(row).encode())
        return digest.hexdigest()

    def files(self, name: str) -> set[str]:
        """Return the data files that the table consists of now."""
        return set(self.read(name).inputFiles())


def small_frame(spark: SparkSession, columns: str, rows: list[tuple]) -> DataFrame:
    """Return a DataFrame of nullable columns: small_frame(spark, "id int, name string", [...]).

    Its rows stand in the query. Those of spark.createDataFrame() would pass through a Python
    process in each of the many jobs that read them.
    """
    fields = spark.createDataFrame([], columns).schema.fields
    names = [f"c{number}" for number in range(len(fields))]
    # A row that is not wanted lets every column be NULL.
    lines = [", ".join(["false"] + ["NULL"] * len(fields))]
    for row in rows:
        cells = [literal(value, field) for value, field in zip(row, fields, strict=True)]
        lines.append(", ".join(["true", *cells]))
    values = ", ".join(f"({line})" for line in lines)
    wanted = ", ".join(
        f"CAST({name} AS {field.dataType.simpleString()}) AS `{field.name.replace('`', '``')}`"
        for name, field in zip(names, fields, strict=True)
    )
    table = f"VALUES {values} AS rows(wanted, {', '.join(names)})"
    return spark.sql(f"SELECT {wanted} FROM {table} WHERE wanted")


def literal(value: object, field: StructField) -> str:
    """Return a column's value as Spark SQL writes it; Python's times are those of UTC."""
    if value is None or isinstance(value, bool | int):
        return "NULL" if value is None else str(value)
    if isinstance(value, Decimal):
        return f"{value}BD"
    if isinstance(value, float):
        return f"DOUBLE('{value}')"
    if isinstance(value, datetime):
        without_zone = field.dataType.simpleString() == "timestamp_ntz"
        return f"TIMESTAMP_NTZ'{value}'" if without_zone else f"TIMESTAMP'{value} UTC'"
    if isinstance(value, date):
        return f"DATE'{value}'"
    assert isinstance(value, str), f"no literal for {value!r}"
    # Spark replaces ${...} before it parses.
    for sign in ("\\", "'", "$"):
        value = value.replace(sign, f"\\u{ord(sign):04x}")
    return f"'{value}'"


def plain_name(name: str) -> str:
    """Return the letters and digits of a table's name: a.b.`odd name` is a_b_odd_name."""
    return re.sub(r"[^a-z0-9]+", "_", name.lower()).strip("_")


def sort_key(row: tuple) -> list:
    """Order rows of mixed values; NULL comes first."""
    return [(value is not None, str(type(value)), str(value)) for value in row]


@dataclass
class Problem:
    """One line of what the compiler says about a sheet."""

    code: str
    row: int
    column: str
    message: str
    fix: str


class Compiler:
    """The command line: text2code compile MAPPING --pattern NAME --option k=v --output DIR."""

    def __init__(self, lake: Lake, folder: Path) -> None:
        assert os.access(COMPILER, os.X_OK), f"{COMPILER} is not built"
        self._lake = lake
        self._folder = folder
        self._count = 0

    def __call__(self, sheet: str, pattern: str, **options: str) -> Notebook:
        """Compile a sheet, given as text or as the file name of a sample, and load the result."""
        result, output, name = self._compile(sheet, pattern, options)
        assert result.returncode == 0, f"exit {result.returncode}\n{result.stdout}{result.stderr}"
        plan = json.loads((output / "plan.json").read_text(encoding="utf-8"))
        suffix = {"sql": "sql", "scala": "scala"}.get(plan["output"], "py")
        return Notebook(output / f"{name}.{suffix}", plan, self._lake)

    def refuse(self, sheet: str, pattern: str, **options: str) -> list[Problem]:
        """Compile a sheet that must be refused and return the problems."""
        result, output, name = self._compile(sheet, pattern, options)
        assert result.returncode == PROBLEMS_STATUS, f"exit {result.returncode}\n{result.stderr}"
        assert not (output / f"{name}.py").exists(), "a refused sheet leaves no code"
        lines = [line.split("\t") for line in result.stdout.splitlines()]
        return [Problem(code, int(row), *rest) for code, row, *rest in lines]

    def _compile(self, sheet: str, pattern: str, options: dict[str, str]):
        self._count += 1
        output = self._folder / f"compiled_{self._count}"
        output.mkdir()
        path = SAMPLES / sheet
        if "\n" in sheet:
            path = output / "sheet.csv"
            path.write_text(sheet.lstrip("\n"), encoding="utf-8")
        command = [str(COMPILER), "compile", str(path), "--pattern", pattern]
        for option, value in options.items():
            command += ["--option", f"{option}={value}"]
        command += ["--output", str(output)]
        result = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
        return result, output, path.stem


def messages(caplog) -> str:
    """Return what the notebook logged, one message a line."""
    return "\n".join(r.getMessage() for r in caplog.records if r.levelno >= logging.INFO)
