"""What holds in every pattern: the same sheet, and the same rows whatever writes them."""

from datetime import date
from decimal import Decimal

import pytest

from support import at

PATTERNS = ("full_load", "incremental", "merge")
SOURCE = "a.b.in"
TARGET = "a.c.out"
# A sheet that each pattern can load: a key that grows, and the columns of the test.
KEY = f"""
source_table,source_column,target_table,target_column,transformation,data_type,role,comment
{SOURCE},id,{TARGET},id,,INT,key,
{SOURCE},id,{TARGET},number,,INT,watermark,
"""

every_pattern = pytest.mark.parametrize("pattern", PATTERNS)


def rows_of(column: str, transformation: str = "", data_type: str = "") -> str:
    """Return a row of the sheet for a column of the same name."""
    return f"{SOURCE},{column},{TARGET},{column},{transformation},{data_type},,\n"


@every_pattern
@pytest.mark.proves("P03")
def test_p03_a_column_of_nulls(compile_sheet, lake, pattern):
    """P03: a column without any value keeps its type and its NULLs, twice."""
    notebook = compile_sheet(KEY + rows_of("name") + rows_of("day", "", "DATE"), pattern)
    lake.write(SOURCE, "id int, name string, day string", [(1, None, None), (2, None, None)])
    notebook.run()
    notebook.run()
    assert lake.rows(TARGET, "id", "name", "day") == [(1, None, None), (2, None, None)]
    types = lake.types(TARGET)
    assert (types["name"], types["day"]) == ("string", "date")


@every_pattern
@pytest.mark.proves("P08")
def test_p08_a_target_column_mapped_twice(compile_sheet, pattern):
    """P08: one column cannot come from two rows of the sheet; the second row is named."""
    sheet = KEY + rows_of("x") + f"{SOURCE},y,{TARGET},X,,,,\n"
    problems = compile_sheet.refuse(sheet, pattern)
    assert [problem.row for problem in problems] == [5]


NARROW_COLUMNS = "id int, amount decimal(20,6), number bigint, text string"
NARROW_SHEET = (
    KEY.replace(",number,,", ",version,,")
    + rows_of("amount", "", '"DECIMAL(8,2)"')
    + rows_of("number", "", "INT")
    + rows_of("text", "", '"DECIMAL(5,3)"')
)


@every_pattern
@pytest.mark.proves("P09")
def test_p09_what_fits_is_rounded_to_the_scale(compile_sheet, lake, pattern):
    """P09: a narrower decimal rounds half away from zero; the largest values still fit."""
    notebook = compile_sheet(NARROW_SHEET, pattern)
    lake.write(
        SOURCE,
        NARROW_COLUMNS,
        [
            (1, Decimal("1.005000"), 2147483647, "1.2345"),
            (2, Decimal("-1.005000"), -2147483648, "-99.9994"),
            (3, Decimal("999999.994999"), 0, "1e1"),
        ],
    )
    notebook.run()
    assert lake.rows(TARGET, "amount", "number", "text") == [
        (Decimal("-1.01"), -2147483648, Decimal("-99.999")),
        (Decimal("1.01"), 2147483647, Decimal("1.235")),
        (Decimal("999999.99"), 0, Decimal("10.000")),
    ]
    types = lake.types(TARGET)
    assert [types[name] for name in ("amount", "number", "text")] == [
        "decimal(8,2)",
        "int",
        "decimal(5,3)",
    ]


TOO_WIDE = [("amount", Decimal("999999.995000")), ("text", "100"), ("text", "one")]


@every_pattern
@pytest.mark.proves("P09")
def test_p09_what_does_not_fit_is_no_other_value(compile_sheet, lake, ansi, pattern):
    """P09: with ANSI the run fails and the old rows stay; without, the value is NULL."""
    notebook = compile_sheet(NARROW_SHEET, pattern)
    old = {"id": 1, "amount": Decimal(1), "number": 1, "text": "1"}
    lake.write(SOURCE, NARROW_COLUMNS, [tuple(old.values())])
    notebook.run()
    before = lake.hash(TARGET)
    new = [old | {"id": 2 + n, column: value} for n, (column, value) in enumerate(TOO_WIDE)]
    if not ansi:
        lake.write(SOURCE, NARROW_COLUMNS, [tuple(row.values()) for row in [old, *new]])
        notebook.run()
        one = Decimal(1)
        assert lake.rows(TARGET, "id", "amount", "text") == [
            (1, one, one),
            (2, None, one),
            (3, one, None),
            (4, one, None),
        ]
        return
    for row in new:
        lake.write(SOURCE, NARROW_COLUMNS, [tuple(old.values()), tuple(row.values())])
        with pytest.raises(Exception, match="NUMERIC_VALUE_OUT_OF_RANGE|CAST_INVALID_INPUT"):
            notebook.run()
        assert lake.hash(TARGET) == before


# In Berlin 02:30 does not exist on the first of these days, and exists twice on the second.
TIMES = [
    ("2024-01-31", at("2024-01-30 23:00"), date(2024, 1, 31)),
    ("2024-03-31 02:30:00", at("2024-03-31 01:30"), date(2024, 3, 31)),
    ("2024-10-27 02:30:00", at("2024-10-27 00:30"), date(2024, 10, 27)),
    ("2024-10-27T02:30:00+01:00", at("2024-10-27 01:30"), date(2024, 10, 27)),
    ("2024-06-30T23:59:59.999999Z", at("2024-06-30 23:59:59.999999"), date(2024, 6, 30)),
]


@every_pattern
@pytest.mark.proves("P10")
def test_p10_times_as_text(compile_sheet, lake, berlin, pattern):
    """P10: a text is a time in the session's zone, or in its own; a second run shifts nothing."""
    sheet = KEY + f"{SOURCE},text,{TARGET},moment,,TIMESTAMP,,\n"
    sheet += f"{SOURCE},text,{TARGET},day,,DATE,,\n"
    notebook = compile_sheet(sheet, pattern)
    rows = [(number, text) for number, (text, _, _) in enumerate(TIMES)]
    lake.write(SOURCE, "id int, text string", rows)
    notebook.run()
    notebook.run()
    want = [(number, moment, day) for number, (_, moment, day) in enumerate(TIMES)]
    assert lake.rows(TARGET, "id", "moment", "day") == want


VOLATILE = ["current_timestamp()", "uuid()", "rand()"]


@pytest.mark.parametrize("pattern", PATTERNS[1:])
@pytest.mark.parametrize("value", VOLATILE)
@pytest.mark.proves("P11")
def test_p11_a_value_that_changes_by_itself_is_no_key(compile_sheet, pattern, value):
    """P11: as a key it would make every row a new one in every run: refused, with the row."""
    sheet = KEY + f"{SOURCE},,{TARGET},changing,{value},STRING,key,\n"
    assert [problem.row for problem in compile_sheet.refuse(sheet, pattern)] == [4]


@pytest.mark.parametrize("pattern", PATTERNS[1:])
@pytest.mark.proves("P11")
def test_p11_a_value_that_changes_by_itself_is_no_change(compile_sheet, lake, pattern):
    """P11: next to a key it is stored once; the second run touches neither rows nor files."""
    sheet = KEY + "".join(
        f"{SOURCE},,{TARGET},changing{number},{value},,,\n" for number, value in enumerate(VOLATILE)
    )
    notebook = compile_sheet(sheet, pattern)
    lake.create(SOURCE, "id int", [(1,), (2,)])
    notebook.run()
    rows, files = lake.hash(TARGET), lake.files(TARGET)
    notebook.run()
    assert lake.hash(TARGET) == rows
    assert lake.files(TARGET) == files


HOSTILE = [
    "'it''s'",
    "'back\\\\slash'",
    '"double ""quoted"" text"',
    "'${spark.app.name} {{ jinja }} {braces} %s'",
    '\'"""\'',
    "'# COMMAND ----------'",
    "'two\nlines'",
    "'\n# COMMAND ----------\n'",
    "'tab\tand ünïcödé'",
    "'\\n is no line end in Python'",
]


@every_pattern
@pytest.mark.proves("P12")
def test_p12_literals_reach_spark_as_they_stand(compile_sheet, lake, spark, pattern):
    """P12: quotes, backslashes, newlines, braces and cell markers mean what Spark SQL says.

    Each text stands in the sheet as a transformation and as a comment.
    """
    sheet = KEY
    for number, literal in enumerate(HOSTILE):
        cell = literal.replace('"', '""')
        sheet += f'{SOURCE},,{TARGET},text{number},"{cell}",,,"{cell}"\n'
    notebook = compile_sheet(sheet, pattern)
    lake.write(SOURCE, "id int", [(1,)])
    notebook.run()
    notebook.run()
    want = spark.range(1).selectExpr("1", "1", *HOSTILE).first()
    assert lake.rows(TARGET) == [tuple(want)]


@every_pattern
@pytest.mark.proves("P12")
def test_p12_hostile_data_stays_data(compile_sheet, lake, spark, pattern):
    """P12: the same texts as keys and values of rows: stored as they are, found again."""
    sheet = KEY + f"{SOURCE},text,{TARGET},text,,,key,\n" + rows_of("copy")
    notebook = compile_sheet(sheet, pattern)
    rows = [(1, text, text) for text in HOSTILE]
    lake.write(SOURCE, "id int, text string, copy string", rows)
    notebook.run()
    notebook.run()
    assert lake.rows(TARGET, "id", "text", "copy") == sorted(rows)


@every_pattern
@pytest.mark.proves("P13")
def test_p13_2000_columns(compile_sheet, lake, pattern):
    """P13: the widest sheet that is allowed compiles and loads."""
    width = 1998
    sheet = KEY + "".join(
        f"{SOURCE},id,{TARGET},c{number},id + {number},,,\n" for number in range(width)
    )
    notebook = compile_sheet(sheet, pattern)
    lake.write(SOURCE, "id int", [(1,), (2,)])
    notebook.run()
    assert len(lake.types(TARGET)) == 2000
    last = width - 1
    assert lake.rows(TARGET, "id", f"c{last}") == [(1, 1 + last), (2, 2 + last)]
