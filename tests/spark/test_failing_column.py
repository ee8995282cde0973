"""Which row of the sheet is to blame: what the log says where a column's expression fails."""

import pytest

from scala import Interpreter, ScalaError
from support import messages

SHEET = """
source_table,source_column,target_table,target_column,transformation,role,data_type,filter,rule
a.b.orders,id,a.c.orders,order_id,,key,INT,{filter},
a.b.orders,city,a.c.orders,city,,,,,
a.b.orders,seq,a.c.orders,odd?name,100 div seq,,INT,,{rule}
a.b.orders,city,a.c.orders,number,{number},,INT,,
a.b.orders,seq,a.c.orders,seq,,{role},INT,,
"""
ROLES = {"full_load": "", "incremental": "watermark", "merge": "sequence", "scd2": "sequence"}
COLUMNS = "id int, city string, seq int"
SOURCE, TARGET = "a.b.orders", "a.c.orders"
# What fails for the city "x" alone: in ANSI mode, and in any.
CAST = "cast(city as int)"
RAISES = "\"if(city = 'x', raise_error('no, city'), 1)\""

# The same, by an error of Spark's own rather than of the sheet's.
NO_INDEX = "\"element_at(array(1), if(city = 'x', 0, 1))\""


def sheet(pattern: str, number: str = "1", condition: str = "", rule: str = "") -> str:
    """Return the sheet with the role that orders rows in that pattern."""
    values = {"number": number, "role": ROLES[pattern], "filter": condition, "rule": rule}
    return SHEET.format(**values)


def where(notebook) -> str:
    """Return the name of the target."""
    return notebook.lake.where(TARGET)


def failure(notebook, caplog) -> str:
    """Let a load fail, and return what the log says of columns."""
    caplog.clear()
    with pytest.raises(Exception) as caught:
        notebook.run()
    lines = messages(caplog).splitlines()
    (said,) = [r for r in caplog.records if r.getMessage() == f"Loading {where(notebook)} failed"]
    assert said.exc_info[1] is caught.value
    return "\n".join(line for line in lines if " of the sheet)" in line)


@pytest.mark.parametrize("output", ["notebook", "module"])
@pytest.mark.parametrize("pattern", list(ROLES))
def test_the_column_is_named(compile_sheet, lake, caplog, pattern, output, ansi):
    """The column that fails, its row of the sheet, and why, whatever the pattern and output."""
    notebook = compile_sheet(sheet(pattern, CAST if ansi else RAISES), pattern, output=output)
    lake.write(SOURCE, COLUMNS, [(1, "1", 1), (2, "x", 2)])
    said = failure(notebook, caplog)
    assert f"{where(notebook)}: column number (row 5 of the sheet) fails: " in said
    assert ("CAST_INVALID_INPUT" if ansi else "no, city") in said and "\n" not in said


@pytest.mark.parametrize("pattern", list(ROLES))
def test_scala_names_the_column(compile_sheet, lake, pattern):
    """A notebook in Scala prints what one in Python logs."""
    notebook = compile_sheet(sheet(pattern, NO_INDEX), pattern, output="scala")
    lake.write(SOURCE, COLUMNS, [(1, "1", 1), (2, "x", 2)])
    with pytest.raises(ScalaError, match="INVALID_INDEX_OF_ZERO"):
        notebook.run()
    printed = Interpreter.of(lake.spark).printed.splitlines()
    (said,) = [line for line in printed if " of the sheet)" in line]
    named = f"{where(notebook)}: column number (row 5 of the sheet) fails: "
    assert said.startswith(named) and "INVALID_INDEX_OF_ZERO" in said


def test_the_first_column_is_named(compile_sheet, lake, caplog, ansi):
    """Of several that fail the first one, here with an odd name, and beside rules."""
    lines = sheet("merge", RAISES, rule="not null")
    if not ansi:
        lines = lines.replace("100 div seq", "\"if(seq = 0, raise_error('none'), 1)\"")
    notebook = compile_sheet(lines, "merge")
    lake.write(SOURCE, COLUMNS, [(1, "1", 1), (2, "x", 0)])
    said = failure(notebook, caplog)
    assert "column odd?name (row 4 of the sheet) fails: " in said
    assert ("DIVIDE_BY_ZERO" if ansi else "none") in said


@pytest.mark.parametrize("count", [1, 2, 3, 50])
def test_any_column_of_many(compile_sheet, lake, caplog, count):
    """Halving finds the first column, the last and those between."""
    lake.write(SOURCE, COLUMNS, [(1, "x", 1)])
    for number in sorted({1, (count + 1) // 2, count}):
        lines = ["source_table,source_column,target_table,target_column,transformation,comment"]
        for column in range(1, count + 1):
            value = RAISES if column == number else ""
            lines.append(f"{SOURCE},id,{TARGET},c{column},{value},")
            # Rows of the sheet that are no column's.
            lines += [",,,,,"] * (column % 3)
        row = next(n for n, line in enumerate(lines, 1) if f",c{number}," in line)
        notebook = compile_sheet("\n".join(lines) + "\n", "full_load")
        said = failure(notebook, caplog)
        assert f": column c{number} (row {row} of the sheet) fails: " in said


STOPS = "\"if(city = '1', raise_error('no'), true)\""
OTHERS = {
    "rows are refused": ({}, [(1, "1", 1), (1, "2", 1)]),
    "a filter fails": ({"condition": STOPS}, [(1, "1", 1)]),
    "a rule fails": ({"rule": STOPS}, [(1, "1", 1)]),
}


@pytest.mark.parametrize("why", list(OTHERS))
def test_other_failures_name_no_column(compile_sheet, lake, caplog, why):
    """A load that fails for another reason has no column to blame."""
    values, rows = OTHERS[why]
    notebook = compile_sheet(sheet("merge", **values), "merge")
    lake.write(SOURCE, COLUMNS, rows)
    assert failure(notebook, caplog) == ""


def test_a_failing_write_names_no_column(compile_sheet, lake, caplog):
    """The target's own constraint is the target's."""
    notebook = compile_sheet(sheet("merge"), "merge")
    lake.write(SOURCE, COLUMNS, [(1, "1", 1)])
    notebook.run()
    lake.spark.sql(f"ALTER TABLE {lake.where(TARGET)} ADD CONSTRAINT low CHECK (seq < 2)")
    lake.write(SOURCE, COLUMNS, [(2, "1", 2)])
    assert failure(notebook, caplog) == ""


def test_no_rows_yet(compile_sheet, lake, caplog):
    """Where the sources cannot be read there is nothing to look through."""
    notebook = compile_sheet(sheet("merge"), "merge")
    assert failure(notebook, caplog) == ""
