"""Generated tests are green where the code is right, in every sheet that we have.

The samples are tried on both pairs; of the other sheets each on one of them.
"""

import pyspark
import pytest

from generated import run_tests
from sheets import SHEETS, compile_tests

HALF = int(pyspark.__version__.startswith("4."))
MINE = [name for n, name in enumerate(SHEETS) if not name.startswith("golden-") or n % 2 == HALF]


@pytest.mark.parametrize("sheet", MINE)
def test_they_are_green(spark, tmp_path, sheet):
    """The tests of the sheet pass, and there are tests of every kind."""
    outcome = run_tests(compile_tests(sheet, tmp_path))
    assert not outcome.failed, "\n".join(outcome.failed.values())
    kinds = ("test_schema_", "test_column_", "test_rows_", "test_nulls_", "test_load_")
    for kind in kinds:
        assert any(name.startswith(kind) for name in outcome.passed), kind
