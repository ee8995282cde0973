"""Generated tests are green where the code is right, and red where it is not."""

import shlex

import pytest

from generated import run_tests
from support import TOP

GOLDEN = TOP / "tests" / "golden" / "compile"
SHEETS = {
    "sales_full_load": (["--pattern", "full_load"], TOP / "samples"),
    "orders_incremental": (["--pattern", "incremental"], TOP / "samples"),
    "order_lines_merge": (["--pattern", "merge", "--option", "order_by=changed_at"], TOP / "samples"),
    "customers_scd2": (["--pattern", "scd2"], TOP / "samples"),
}
GOLDEN_SHEETS = {
    f"golden-{path.stem}": (shlex.split(path.with_suffix(".args").read_text()), GOLDEN)
    for path in sorted(GOLDEN.glob("*.csv"))
}


@pytest.mark.parametrize("sheet", [*SHEETS, *GOLDEN_SHEETS])
def test_they_are_green(compile_sheet, sheet, ansi):
    """The tests of every sample and of every golden sheet pass."""
    arguments, folder = {**SHEETS, **GOLDEN_SHEETS}[sheet]
    path = compile_sheet.tests(folder / f"{sheet.removeprefix('golden-')}.csv", arguments)
    outcome = run_tests(path)
    assert outcome.failed == {}
    assert outcome.passed
