"""What every compiled notebook is, whatever its pattern: readable, stable and safe to import."""

import ast
import json
import re

import black
import pycodestyle
import pytest
from pyflakes import checker

from support import split_cells

SAMPLES = [
    ("sales_full_load.csv", "full_load", {}),
    ("orders_incremental.csv", "incremental", {}),
    ("order_lines_merge.csv", "merge", {"order_by": "changed_at"}),
    ("customers_scd2.csv", "scd2", {}),
]
# Every option that brings code of its own; {flag} and {part} are columns.
ALL_OPTIONS = {
    "full_load": {"partition_by": "{part}", "overwrite_schema": "false"},
    "incremental": {"add_columns": "true", "partition_by": "{part}"},
    "merge": {
        "deleted": "{flag}",
        "vanished": "delete",
        "ignore_nulls": "true",
        "add_columns": "true",
        "partition_by": "{part}",
    },
    "scd2": {
        "deleted": "{flag}",
        "vanished": "close",
        "late_rows": "ignore",
        "surrogate_key": "order",
        "add_columns": "true",
        "partition_by": "{part}",
    },
}
AWKWARD = """
source_table,source_column,target_table,target_column,transformation,role,comment,join,default
a.b.orders o,id,a.c.first,id,,key,"{long}",,
a.b.orders o,n,a.c.first,"odd""name",concat('{long}'),watermark,'quoted' \\ back,,
a.b.people p,name,a.c.first,name,"upper(p.name)",,,"o.person = p.id and p.name <> '{long}'",'x'
a.c.first,id,/Volumes/x/y/2nd-target,id,,key,,,
a.c.first,name,/Volumes/x/y/2nd-target,name,,watermark,,,
""".replace("{long}", "word " * 40)
STYLE = black.Mode(line_length=100)
# The same with what orders changes, a column that marks deletions, and one to track.
MARKED = AWKWARD.replace("watermark", "sequence").replace(
    "a.c.first,id,/", "a.b.orders o,gone,a.c.first,gone?,,,,,\na.c.first,id,/"
)
MARKED += """
a.c.first,gone,/Volumes/x/y/2nd-target,gone?,,,,,
a.c.first,name,/Volumes/x/y/2nd-target,nick,trim(name),,,,
""".lstrip()


def all_options(pattern: str, flag: str, partitions: str) -> dict[str, str]:
    """Return all options of a pattern, with the deletion flag and the partition columns named."""
    options = ALL_OPTIONS[pattern].items()
    return {k: v.replace("{flag}", flag).replace("{part}", partitions) for k, v in options}


SHEETS = SAMPLES + [(AWKWARD, name, {}) for name in ("full_load", "incremental", "merge")]
SHEETS += [(MARKED, name, {}) for name in ("merge", "scd2")]
SHEETS += [(MARKED, name, all_options(name, "gone?", "name")) for name in ("merge", "scd2")]
SHEETS += [(AWKWARD, name, all_options(name, "", "name")) for name in ("full_load", "incremental")]
SHEETS += [(MARKED, "scd1_snapshot", {}), (MARKED, "change_feed", {"deleted": "gone?"})]


@pytest.fixture
def lake():
    """These tests read notebooks and run none: no Spark is needed."""
    return None


@pytest.fixture(params=SHEETS, ids=lambda s: f"{'awkward' if chr(10) in s[0] else 'sample'}-{s[1]}")
def notebook(request, compile_sheet):
    """Each sample in its pattern, and an awkward sheet in every pattern."""
    sheet, pattern, options = request.param
    return compile_sheet(sheet, pattern, **options)


def test_it_is_a_notebook(notebook):
    """The file is a Databricks notebook of titled cells, each of which is Python 3.10 by itself."""
    cells = [cell for _, cell in split_cells(notebook.code)]
    assert cells[0].startswith("# MAGIC %md\n# MAGIC # ")
    for cell in cells:
        lines = [line for line in cell.splitlines() if line]
        magic = [line.startswith("# MAGIC") for line in lines]
        assert lines and (all(magic) or not any(magic))
        ast.parse(cell, feature_version=(3, 10))


def test_it_keeps_to_the_style(notebook):
    """As black writes it, PEP 8 with lines up to 100, nothing unused, nothing undefined."""
    as_black = black.format_str(notebook.code, mode=STYLE)
    assert notebook.code == as_black
    style = pycodestyle.StyleGuide(max_line_length=100, quiet=True)
    report = style.check_files([str(notebook.path)])
    assert report.total_errors == 0, report.get_statistics()
    found = checker.Checker(ast.parse(notebook.code), builtins={"spark", "dbutils"}).messages
    assert [str(message) for message in found] == []


def test_its_tests_keep_to_the_style(notebook):
    """The generated tests are as black writes them, too."""
    path = notebook.path.with_name(f"test_{notebook.path.name}")
    code = path.read_text(encoding="utf-8")
    assert code == black.format_str(code, mode=STYLE)
    style = pycodestyle.StyleGuide(max_line_length=100, quiet=True)
    report = style.check_files([str(path)])
    assert report.total_errors == 0, report.get_statistics()
    found = checker.Checker(ast.parse(code)).messages
    assert [str(message) for message in found] == []


@pytest.mark.parametrize("options", ["none", "all"])
@pytest.mark.parametrize("pattern", ["full_load", "incremental", "merge", "scd2"])
def test_the_layout_at_every_length(compile_sheet, pattern, options):
    """Names, expressions and conditions of 1 to 90 letters: always what black makes of them."""
    sheet = """
source_table,alias,source_column,target_table,target_column,transformation,role,{columns}
a.b.in,o,{n},a.c.out,{n},,key,,{n},,
a.b.in,o,at,a.c.out,at,,watermark,timestamp,{n} {n},,
a.b.in,o,{n},a.c.out,x,concat(o.{n}),,string,,'{n}',
a.b.in,o,{n},a.c.out,x-y,concat(o.{n}),,,{n},'{n}',o.a <> '{n}'
a.b.in,o,{n},a.c.out,z,,,,,'-',
a.b.in,o,b,a.c.out,{n}_2,,,"decimal(8,2)",,0,
""".replace("{columns}", "data_type,comment,default,filter")
    joined = (
        sheet.replace("filter\n", "filter,join\n") + 'a.b.s,s,a,a.c.out,j,,,,,,,"o.{n} = s.a"\n'
    )
    for length in range(1, 91):
        for text in (sheet, joined):
            given = all_options(pattern, "x-y", "x, z") if options == "all" else {}
            if pattern in ("merge", "scd2"):
                given["order_by"] = "at"
            notebook = compile_sheet(text.replace("{n}", "n" * length), pattern, **given)
            assert notebook.code == black.format_str(notebook.code, mode=STYLE)


@pytest.mark.parametrize("pattern", ["full_load", "incremental", "merge", "scd2"])
def test_the_layout_of_tests_at_many_lengths(compile_sheet, pattern):
    """The tests, too, of tables and columns with names of 1 to 90 letters."""
    sheet = """
source_table,alias,source_column,target_table,target_column,transformation,role,{columns}
a.b.s{n},o,{n},a.c.{n},{n},,key,,{n},
a.b.s{n},o,at,a.c.{n},at,,watermark,timestamp,{n} {n},
a.b.s{n},o,{n},a.c.{n},x-y,concat(o.{n}),,,{n},o.a <> '{n}'
a.b.s{n},o,b,a.c.{n},{n}_2,,,"decimal(8,2)",,
""".replace("{columns}", "data_type,comment,filter")
    given = {"order_by": "at"} if pattern in ("merge", "scd2") else {}
    for length in range(1, 91, 8):
        notebook = compile_sheet(sheet.replace("{n}", "n" * length), pattern, **given)
        code = notebook.path.with_name(f"test_{notebook.path.name}").read_text(encoding="utf-8")
        assert code == black.format_str(code, mode=STYLE)


def test_it_is_documented(notebook):
    """Every function says what it does and has types for its arguments and its result."""
    for node in ast.walk(ast.parse(notebook.code)):
        if isinstance(node, ast.FunctionDef):
            assert ast.get_docstring(node), node.name
            assert node.returns, node.name
            assert all(argument.annotation for argument in node.args.args), node.name


def test_it_has_no_timestamp_and_no_secret(notebook):
    """Nothing in the text depends on the day of compilation, and nothing looks like a secret."""
    assert not re.search(r"\b20[2-9]\d-\d\d", notebook.code)
    assert not re.search(r"(?i)password|token|dbutils\.secrets", notebook.code)


@pytest.mark.parametrize(("sheet", "pattern", "options"), SHEETS)
def test_same_input_same_bytes(compile_sheet, sheet, pattern, options):
    """Compiling twice gives the same notebook and the same plan, byte for byte."""
    first = compile_sheet(sheet, pattern, **options)
    second = compile_sheet(sheet, pattern, **options)
    assert first.path.read_bytes() == second.path.read_bytes()
    assert first.plan == second.plan


def test_every_row_has_its_lines(notebook):
    """The source map leads from the lines of each target column to its row of the sheet."""
    spans = json.loads((notebook.path.parent / "source_map.json").read_text(encoding="utf-8"))
    lines = notebook.code.splitlines()
    assert all(a["last"] < b["first"] for a, b in zip(spans, spans[1:]))
    texts = [("\n".join(lines[s["first"] - 1 : s["last"]]), s["row"]) for s in spans]
    for pipeline in notebook.plan["pipelines"]:
        for column in pipeline["columns"]:
            alias = re.compile(rf"\balias\(\s*['\"]{re.escape(column['name'])}['\"]")
            assert [row for text, row in texts if row == column["row"] and alias.search(text)]
