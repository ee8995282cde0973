"""What holds in every pattern: the same sheet, and the same rows whatever writes them."""

from datetime import date
from decimal import Decimal

import pytest

from cases import LOADS
from shared import Shared
from support import at

PATTERNS = ("full_load", "incremental", "merge", "scd1_snapshot", "change_feed", "scd2")
SOURCE = "a.b.in"
TARGET = "a.c.out"
# A sheet that each pattern can load: a key that grows, and the columns of the test.
KEY = f"""
source_table,source_column,target_table,target_column,transformation,data_type,role,comment
{SOURCE},id,{TARGET},id,,INT,key,
{SOURCE},id,{TARGET},number,,INT,watermark,
"""

# What a pattern needs to know beside the sheet.
OPTIONS = {"scd2": {"order_by": "number"}, "change_feed": {"order_by": "number"}}
KEYS = dict.fromkeys(PATTERNS, KEY)
KEYS["change_feed"] += f"{SOURCE},,{TARGET},is_deleted,id < 0,BOOLEAN,,\n"
# The session stands in a time zone with summer time.
BERLIN = {"spark.sql.session.timeZone": "Europe/Berlin"}
SHARED = {
    pattern: Shared(
        KEYS[pattern],
        pattern,
        "id int",
        ("id",),
        BERLIN,
        # A snapshot without rows is refused.
        starts_empty=pattern != "scd1_snapshot",
        **OPTIONS.get(pattern, {}),
    )
    for pattern in PATTERNS
}

every_pattern = pytest.mark.parametrize("pattern", PATTERNS)


def loads(*batches: list[tuple], patterns: tuple[str, ...] = PATTERNS, **more):
    """Mark a test with what it brings: rows for a load of each pattern."""
    shared = [pytest.param(p, marks=SHARED[p].loads(*batches, **more)) for p in patterns]
    return pytest.mark.parametrize("pattern", shared)


def rows_of(column: str, transformation: str = "", data_type: str = "") -> str:
    """Return a row of the sheet for a column of the same name."""
    return f"{SOURCE},{column},{TARGET},{column},{transformation},{data_type},,\n"


@loads(
    [(1, None, None), (2, None, None)],
    lines=rows_of("name") + rows_of("born", "", "DATE"),
    columns="name string, born string",
    show=("id", "name", "born"),
)
@pytest.mark.proves("P03")
def test_p03_a_column_of_nulls(mine, pattern):
    """P03: a column without any value keeps its type and its NULLs, twice."""
    assert mine.after[1] == mine.after[2] == [(1, None, None), (2, None, None)]
    types = mine.lake.types(TARGET)
    assert (types["name"], types["born"]) == ("string", "date"), pattern


@every_pattern
@pytest.mark.proves("P08")
def test_p08_a_target_column_mapped_twice(compile_sheet, pattern):
    """P08: one column cannot come from two rows of the sheet; the second row is named."""
    sheet = KEYS[pattern] + rows_of("x") + f"{SOURCE},y,{TARGET},X,,,,\n"
    problems = compile_sheet.refuse(sheet, pattern, **OPTIONS.get(pattern, {}))
    assert [problem.row for problem in problems] == [KEYS[pattern].count("\n") + 1]


NARROW = {
    "lines": rows_of("amount", "", '"DECIMAL(8,2)"')
    + rows_of("size", "", "INT")
    + rows_of("digits", "", '"DECIMAL(5,3)"'),
    "columns": "amount decimal(20,6), size bigint, digits string",
    "show": ("amount", "size", "digits"),
}


@loads(
    [
        (1, Decimal("1.005000"), 2147483647, "1.2345"),
        (2, Decimal("-1.005000"), -2147483648, "-99.9994"),
        (3, Decimal("999999.994999"), 0, "1e1"),
    ],
    **NARROW,
)
@pytest.mark.proves("P09")
def test_p09_what_fits_is_rounded_to_the_scale(mine, pattern):
    """P09: a narrower decimal rounds half away from zero; the largest values still fit."""
    assert mine.after[1] == [
        (Decimal("-1.01"), -2147483648, Decimal("-99.999")),
        (Decimal("1.01"), 2147483647, Decimal("1.235")),
        (Decimal("999999.99"), 0, Decimal("10.000")),
    ]
    types = mine.lake.types(TARGET)
    assert [types[name] for name in NARROW["show"]] == [
        "decimal(8,2)",
        "int",
        "decimal(5,3)",
    ], pattern


# Their ids are above the watermark of the rows of the other tests.
FITTING = (10, Decimal(1), 1, "1")
TOO_WIDE = [
    (11, Decimal("999999.995000"), 1, "1"),
    (12, Decimal(1), 1, "100"),
    (13, Decimal(1), 1, "one"),
]


@loads(**NARROW)
@pytest.mark.proves("P09")
def test_p09_what_does_not_fit_is_no_other_value(mine, ansi, pattern):
    """P09: with ANSI the run fails and the old rows stay; without, the value is NULL."""
    one = Decimal(1)
    if not ansi:
        assert mine.load([FITTING, *TOO_WIDE]) == [
            (None, 1, one),
            (one, 1, None),
            (one, 1, None),
            (one, 1, one),
        ]
        return
    assert mine.load([FITTING]) == [(one, 1, one)]
    before = mine.lake.hash(TARGET)
    for row in TOO_WIDE:
        with pytest.raises(Exception, match="NUMERIC_VALUE_OUT_OF_RANGE|CAST_INVALID_INPUT"):
            mine.load([FITTING, row])
        assert mine.lake.hash(TARGET) == before, pattern


# In Berlin 02:30 does not exist on the first of these days, and exists twice on the second.
TIMES = [
    ("2024-01-31", at("2024-01-30 23:00"), date(2024, 1, 31)),
    ("2024-03-31 02:30:00", at("2024-03-31 01:30"), date(2024, 3, 31)),
    ("2024-10-27 02:30:00", at("2024-10-27 00:30"), date(2024, 10, 27)),
    ("2024-10-27T02:30:00+01:00", at("2024-10-27 01:30"), date(2024, 10, 27)),
    ("2024-06-30T23:59:59.999999Z", at("2024-06-30 23:59:59.999999"), date(2024, 6, 30)),
]


@loads(
    [(number, text) for number, (text, _, _) in enumerate(TIMES)],
    lines=f"{SOURCE},time,{TARGET},moment,,TIMESTAMP,,\n{SOURCE},time,{TARGET},day,,DATE,,\n",
    columns="time string",
    show=("id", "moment", "day"),
)
@pytest.mark.proves("P10")
def test_p10_times_as_text(after, pattern):
    """P10: a text is a time in the session's zone, or in its own; a second run shifts nothing."""
    want = [(number, moment, day) for number, (_, moment, day) in enumerate(TIMES)]
    assert after[1] == after[2] == want, pattern


VOLATILE = ["current_timestamp()", "uuid()", "rand()"]


@pytest.mark.parametrize("pattern", PATTERNS[1:])
@pytest.mark.parametrize("value", VOLATILE)
@pytest.mark.proves("P11")
def test_p11_a_value_that_changes_by_itself_is_no_key(compile_sheet, pattern, value):
    """P11: as a key it would make every row a new one in every run: refused, with the row."""
    sheet = KEYS[pattern] + f"{SOURCE},,{TARGET},changing,{value},STRING,key,\n"
    assert [
        problem.row for problem in compile_sheet.refuse(sheet, pattern, **OPTIONS.get(pattern, {}))
    ] == [KEYS[pattern].count("\n")]


@loads(
    [(1,), (2,)],
    patterns=PATTERNS[1:],
    lines="".join(
        f"{SOURCE},,{TARGET},changing{n},{value},,,\n" for n, value in enumerate(VOLATILE)
    ),
)
@pytest.mark.proves("P11")
def test_p11_a_value_that_changes_by_itself_is_no_change(mine, pattern):
    """P11: next to a key it is stored once; the second run touches neither rows nor files."""
    assert mine.after[1] == [(1,), (2,)]
    assert mine.hashes[0] == mine.hashes[1], pattern
    assert mine.files[0] == mine.files[1], pattern


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


LITERALS = [literal.replace('"', '""') for literal in HOSTILE]


@loads(
    [(1,)],
    lines="".join(
        f'{SOURCE},,{TARGET},text{number},"{cell}",,,"{cell}"\n'
        for number, cell in enumerate(LITERALS)
    ),
    show=tuple(f"text{number}" for number in range(len(HOSTILE))),
)
@pytest.mark.proves("P12")
def test_p12_literals_reach_spark_as_they_stand(after, spark, pattern):
    """P12: quotes, backslashes, newlines, braces and cell markers mean what Spark SQL says.

    Each text stands in the sheet as a transformation and as a comment. What Spark would take for a
    variable is none.
    """
    want = spark.range(1).selectExpr(*(text.replace("$", "\\u0024") for text in HOSTILE)).first()
    assert want[3].startswith("${spark.app.name} ")
    assert after[1] == after[2] == [tuple(want)], pattern


@loads(
    [(1, text, text) for text in HOSTILE],
    lines=f"{SOURCE},text,{TARGET},text,,,key,\n" + rows_of("copy"),
    columns="text string, copy string",
    show=("id", "text", "copy"),
)
@pytest.mark.proves("P12")
def test_p12_hostile_data_stays_data(after, pattern):
    """P12: the same texts as keys and values of rows: stored as they are, found again."""
    assert after[1] == after[2] == sorted((1, text, text) for text in HOSTILE), pattern


# What the other patterns prove in files of their own.
MERGING = pytest.mark.parametrize("pattern", ["scd1_snapshot", "change_feed"])


@MERGING
@pytest.mark.proves("P04", "P05", "P06", "P07")
def test_p04_to_p07_source_layout_and_odd_names(compile_sheet, lake, pattern):
    """P04 to P07: columns are told by their names, which may be odd; what is missing is named."""
    sheet = KEYS[pattern] + f"{SOURCE},größe,{TARGET},`a.b``x`,,,,\n{SOURCE},select,{TARGET},"
    notebook = compile_sheet(f"{sheet}line-no,,,,\n", pattern, **OPTIONS.get(pattern, {}))
    lake.write(SOURCE, "`größe` int, id int", [(7, 1)])
    with pytest.raises(RuntimeError, match="b_in lacks the mapped columns: select"):
        notebook.run()
    assert not lake.exists(TARGET)
    for size in (8, 9):
        lake.write(SOURCE, "`größe` int, extra date, `select` int, id int", [(size, None, 3, 1)])
        notebook.run()
        if pattern == "scd1_snapshot":
            assert lake.rows(TARGET, "id", "`a.b``x`", "`line-no`") == [(1, size, 3)]
    assert lake.read(TARGET).columns[-2:] == ["a.b`x", "line-no"]
    lake.write(SOURCE, "`select` int, id int, `größe` int", [(4, 2, 1), (3, 1, 9)])
    notebook.run()
    rows = lake.rows(TARGET, "id", "`a.b``x`", "`line-no`")
    assert rows[1] == (2, 1, 4)


WIDTH = 1998


@pytest.fixture(scope="module")
def wide_source(spark, tmp_path_factory) -> str:
    """A table of many columns."""
    folder = str(tmp_path_factory.mktemp("wide"))
    columns = [f"CAST(id + {number} AS int) AS c{number}" for number in range(WIDTH)]
    rows = spark.range(1, 3).selectExpr("CAST(id AS int) AS id", *columns)
    rows.write.format("delta").save(folder)
    return f"delta.`{folder}`"


@pytest.mark.parametrize("pattern", LOADS)
@pytest.mark.proves("P13")
def test_p13_2000_columns(compile_sheet, lake, wide_source, pattern):
    """P13: the widest sheet that is allowed compiles and loads; every 20th column is computed."""
    width = 2000 - len(KEYS[pattern].strip().split("\n")[1:])
    sheet = KEYS[pattern] + "".join(
        rows_of(f"c{number}", "" if number % 20 else f"c{number} * 2") for number in range(width)
    )
    notebook = compile_sheet(sheet, pattern, **OPTIONS.get(pattern, {}))
    notebook.run(source_in_data=wide_source)
    assert len(notebook.plan["pipelines"][0]["columns"]) == 2000
    assert lake.rows(TARGET, "id", "c1980", "c1996") == [(1, 3962, 1997), (2, 3964, 1998)]
