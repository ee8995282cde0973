"""Generated tests are green where the code is right, in every sheet that we have.

The samples are tried on both pairs; of the other sheets each on one of them.
"""

import pytest

from generated import run_tests
from sheets import SHEETS, compile_tests

TRIED = [
    name if name.startswith("golden-") else pytest.param(name, marks=pytest.mark.both_pairs)
    for name in SHEETS
]


@pytest.mark.parametrize("sheet", TRIED)
def test_they_are_green(spark, tmp_path, sheet):
    """The tests of the sheet pass, and there are tests of every kind."""
    outcome = run_tests(compile_tests(sheet, tmp_path))
    assert not outcome.failed, "\n".join(outcome.failed.values())
    kinds = ("test_schema_", "test_column_", "test_rows_", "test_nulls_", "test_load_")
    for kind in kinds:
        assert any(name.startswith(kind) for name in outcome.passed), kind
