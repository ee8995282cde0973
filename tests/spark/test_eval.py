"""What `text2code evaluate` says an expression gives is what Spark gives.

Each expression is computed by both over the rows of eval_cases.py. Where the evaluator gives a
value, Spark must give the same one, of the same type, in both ANSI modes. Where it gives none, the
file eval_open.txt says so; UPDATE=1 writes it anew, so that its history shows what became known.
"""

import json
import math
import os
import subprocess
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from pyspark.sql import DataFrame
from pyspark.sql.types import ArrayType, StringType, StructField, StructType

from eval_cases import COLUMNS, EXPRESSIONS, VALUES
from support import COMPILER

OPEN = Path(__file__).with_name("eval_open.txt")
ROWS = range(len(VALUES["i"]))


def expressions() -> list[str]:
    """Return all expressions."""
    lines = EXPRESSIONS.splitlines()
    return [line for line in lines if line and not line.startswith("#")]


def evaluate(asked: list[str]) -> list[dict]:
    """Return what the evaluator says of each expression."""
    request = {
        "columns": [{"name": name, "type": type_} for name, type_ in COLUMNS.items()],
        "rows": [[VALUES[name][row] for name in COLUMNS] for row in ROWS],
        "expressions": asked,
    }
    done = subprocess.run(
        [COMPILER, "evaluate"], input=json.dumps(request).encode(), capture_output=True, check=False
    )
    assert done.returncode == 0, done.stderr.decode()
    return json.loads(done.stdout)


@pytest.fixture(scope="session")
def answers() -> list[dict]:
    """The evaluator's answers."""
    return evaluate(expressions())


def table(spark) -> DataFrame:
    """Return the rows, cast from text by Spark, with their number in row_."""
    fields = [StructField("row_", StringType())]
    for name, type_ in COLUMNS.items():
        nested = type_.startswith(("array", "struct"))
        fields.append(StructField(name, ArrayType(StringType()) if nested else StringType()))
    data = [[str(row), *(VALUES[name][row] for name in COLUMNS)] for row in ROWS]
    chosen = ["CAST(row_ AS INT) AS row_"]
    for name, type_ in COLUMNS.items():
        if type_.startswith("struct"):
            items = f"named_struct('city', {name}[0], 'zip', {name}[1])"
            chosen.append(f"CAST(if({name} IS NULL, NULL, {items}) AS {type_}) AS {name}")
        else:
            chosen.append(f"CAST({name} AS {type_}) AS {name}")
    return spark.createDataFrame(data, StructType(fields)).selectExpr(*chosen)


def plain(value):
    """Return a value of Spark's as JSON has it, with numbers and dates as text."""
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float):
        return repr(value)
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, bytearray):
        return bytes(value).hex()
    if isinstance(value, datetime):
        return value.isoformat(" ")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, dict):
        return [plain(item) for pair in value.items() for item in pair]
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    return str(value)


def same(given, wanted, type_: str) -> bool:
    """Whether two values are the same; reals are compared as numbers, their zeros as well."""
    if given is None or wanted is None:
        return given is wanted
    if type_ in ("double", "float"):
        a, b = float(given), float(wanted)
        if math.isnan(a) or math.isnan(b):
            return math.isnan(a) and math.isnan(b)
        return a == b and math.copysign(1, a) == math.copysign(1, b)
    if isinstance(given, list) and isinstance(wanted, list):
        inner = "double" if "<double" in type_ else ""
        return len(given) == len(wanted) and all(
            same(a, b, inner) for a, b in zip(given, wanted, strict=True)
        )
    if type_.startswith("decimal"):
        return Decimal(given) == Decimal(wanted)
    if type_.startswith("timestamp"):
        return datetime.fromisoformat(given) == datetime.fromisoformat(wanted)
    return given == wanted


def select(df: DataFrame, columns: list[str]) -> tuple[list[str], list] | None:
    """Return the types of columns and, computed at once, their rows; None if Spark refuses."""
    named = [f"{column} AS v{number}" for number, column in enumerate(columns)]
    try:
        chosen = df.selectExpr("row_", *named)
        rows = sorted(chosen.collect(), key=lambda row: row[0])
        return [field.dataType.simpleString() for field in chosen.schema][1:], rows
    except Exception:  # noqa: BLE001  Py4J's and Spark's errors have no common base
        return None


def refused(df: DataFrame, columns: list[str]) -> list[str]:
    """Return the columns that Spark refuses, by halving."""
    if select(df, columns) is not None:
        return []
    if len(columns) == 1:
        return columns
    half = len(columns) // 2
    return refused(df, columns[:half]) + refused(df, columns[half:])


def is_interval(answer: dict) -> bool:
    """Whether the type is one that Python has no counterpart of, so that its text is compared."""
    return answer["type"].startswith("interval")


def masked(answer: dict) -> str:
    """Return the expression for those rows alone whose value the evaluator claims to know."""
    expression = answer["expression"]
    known = [str(row) for row in ROWS if "outcome" not in answer["rows"][row]]
    if is_interval(answer):
        expression = f"concat(typeof({expression}), ' ', CAST({expression} AS STRING))"
    if len(known) == len(ROWS):
        return expression
    return f"CASE WHEN row_ IN ({', '.join(known)}) THEN {expression} END"


def wrong_types(answers: list[dict], types: list[str]) -> list[str]:
    """Return what there is to say about types that are not Spark's."""
    return [
        f"{answer['expression']}: type {answer['type']}, Spark: {type_}"
        for answer, type_ in zip(answers, types, strict=True)
        if answer["type"] != type_ and not is_interval(answer)
    ]


def wrong_values(answer: dict, computed: list) -> list[str]:
    """Return what there is to say about values that are not Spark's."""
    wrong = []
    for row, given in enumerate(answer["rows"]):
        if "outcome" in given:
            continue
        value = given["value"]
        if is_interval(answer) and value is not None:
            value = f"{answer['type']} {value}"
        if not same(value, computed[row], answer["type"]):
            wrong.append(f"{answer['expression']}, row {row}: {value!r}, Spark: {computed[row]!r}")
    return wrong


def test_the_evaluator_agrees_with_spark(spark, answers, ansi):
    """Every value that the evaluator gives is Spark's, and of Spark's type."""
    df = table(spark).coalesce(1).cache()
    asked = [
        answer
        for answer in answers
        if "outcome" not in answer and any("outcome" not in row for row in answer["rows"])
    ]
    wrong = []
    selected = select(df, [masked(answer) for answer in asked])
    if selected is None:
        bad = refused(df, [masked(answer) for answer in asked])
        wrong += [f"{column}: Spark refuses" for column in bad]
        asked = [answer for answer in asked if masked(answer) not in bad]
        selected = select(df, [masked(answer) for answer in asked])
    df.unpersist()
    types, rows = selected
    wrong += wrong_types(asked, types)
    typed = [answer for answer in answers if "type" in answer and answer not in asked]
    schema = df.selectExpr(*(f"{a['expression']} AS v{n}" for n, a in enumerate(typed))).schema
    wrong += wrong_types(typed, [field.dataType.simpleString() for field in schema])
    for number, answer in enumerate(asked):
        wrong += wrong_values(answer, [plain(row[number + 1]) for row in rows])
    assert not wrong, "\n" + "\n".join(wrong)


def test_what_is_open_is_pinned(answers):
    """eval_open.txt lists every expression without a value for some row, and why."""
    lines = []
    for answer in answers:
        if "outcome" in answer:
            lines.append(f"{answer['outcome']}\t{answer['expression']}\t{answer['why']}")
            continue
        rows = [row for row in answer["rows"] if "outcome" in row]
        reasons = sorted({f"{row['outcome']}: {row['why']}" for row in rows})
        if rows:
            lines.append(f"{len(rows)} rows\t{answer['expression']}\t{' '.join(reasons)}")
    text = "".join(f"{line}\n" for line in lines)
    if os.environ.get("UPDATE"):
        OPEN.write_text(text, encoding="utf-8")
    assert text == OPEN.read_text(encoding="utf-8")
