"""The sheets whose generated tests are run: the samples, and those of tests/golden."""

import shlex
import subprocess
from pathlib import Path

from support import COMPILER, SAMPLES, TOP

GOLDEN = TOP / "tests" / "golden" / "compile"
SAMPLE_OPTIONS = {
    "sales_full_load": "--pattern full_load",
    "orders_incremental": "--pattern incremental",
    "order_lines_merge": "--pattern merge --option order_by=changed_at",
    "customers_scd2": "--pattern scd2",
}
SHEETS = {name: (SAMPLES / f"{name}.csv", options) for name, options in SAMPLE_OPTIONS.items()}
SHEETS |= {
    f"golden-{path.stem}": (path, path.with_suffix(".args").read_text(encoding="utf-8"))
    for path in sorted(GOLDEN.glob("*.csv"))
    # Tests call functions of Python, and nothing but Lakeflow runs its pipelines.
    if not path.stem.endswith(("_lakeflow", "_scala", "_sql"))
}


def compile_tests(name: str, folder: Path) -> Path:
    """Compile a sheet into the folder and return the path of its tests."""
    sheet, options = SHEETS[name]
    # As tests/golden/run has it.
    given = shlex.split(options.replace("$here", str(GOLDEN.parent)))
    command = [str(COMPILER), "compile", str(sheet), *given]
    subprocess.run([*command, "--output", str(folder)], check=True, timeout=60)
    return folder / f"test_{sheet.stem}.py"
