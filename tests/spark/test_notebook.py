"""What every compiled notebook is, whatever its pattern: readable, stable and safe to import."""

import ast
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
]
AWKWARD = """
source_table,source_column,target_table,target_column,transformation,role,comment,join,default
a.b.orders o,id,a.c.first,id,,key,"{long}",,
a.b.orders o,n,a.c.first,"odd""name",concat('{long}'),watermark,'quoted' \\ back,,
a.b.people p,name,a.c.first,name,"upper(p.name)",,,"o.person = p.id and p.name <> '{long}'",'x'
a.c.first,id,/Volumes/x/y/2nd-target,id,,key,,,
a.c.first,name,/Volumes/x/y/2nd-target,name,,watermark,,,
""".replace("{long}", "word " * 40)
STYLE = black.Mode(line_length=100)
SHEETS = SAMPLES + [(AWKWARD, name, {}) for name in ("full_load", "incremental", "merge")]


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


@pytest.mark.parametrize("pattern", ["full_load", "incremental", "merge"])
def test_the_layout_at_every_length(compile_sheet, pattern):
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
    joined = sheet.replace("filter\n", "filter,join\n") + 'a.b.s,s,a,a.c.out,j,,,,,,,"o.{n} = s.a"\n'
    for length in range(1, 91):
        for text in (sheet, joined):
            notebook = compile_sheet(text.replace("{n}", "n" * length), pattern)
            assert notebook.code == black.format_str(notebook.code, mode=STYLE)


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
