"""Generated tests are red where the code is wrong.

Each fault of mutations.py is put into the notebook of its sheet, and the generated tests, which do
not know of it, must find it. Here a sample is tried. With --mutations FILE all are, and the file is
written: which test has found which fault. A fault that is known not to be found must not be found,
or the list of these is wrong.
"""

from pathlib import Path

import pyspark
import pytest

from generated import run_tests
from mutations import MUTATIONS, NOT_FOUND, Mutation
from sheets import compile_tests
from support import TOP

HEAD = """\
# Faults that the generated tests find

Written by the run that tries them; not by hand:

    tests/spark/run spark35 test_mutations.py --mutations docs/mutations.md

Each line is a fault that is put into a generated notebook (`tests/spark/mutations.py` has its
text), and the first of the generated tests that fails because of it. `./check` tries some of them.

| sheet | fault | found by |
| --- | --- | --- |
"""
# Every so many of them are tried on a pair where not all are: others on each.
SAMPLE = 26
FIRST = SAMPLE // 2 if pyspark.__version__.startswith("4.") else 0


def start_of(mutation: Mutation) -> str:
    """Return what the line of the table begins with."""
    return f"| {mutation.sheet} | {mutation.fault} | "


def why_not(mutation: Mutation) -> str | None:
    """Return why it is known not to be found."""
    return NOT_FOUND.get((mutation.sheet, mutation.fault))


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Choose the faults to be tried."""
    if "mutation" in metafunc.fixturenames:
        wanted = MUTATIONS
        if not metafunc.config.getoption("--mutations"):
            wanted = [m for m in MUTATIONS if not why_not(m)][FIRST::SAMPLE]
        ids = [f"{m.sheet}-{m.fault.replace(' ', '_')}" for m in wanted]
        metafunc.parametrize("mutation", wanted, ids=ids)


@pytest.fixture(scope="module")
def compiled(tmp_path_factory: pytest.TempPathFactory):
    """Each sheet is compiled once."""
    paths: dict[str, Path] = {}

    def tests_of(sheet: str) -> Path:
        if sheet not in paths:
            paths[sheet] = compile_tests(sheet, tmp_path_factory.mktemp(sheet))
        return paths[sheet]

    return tests_of


@pytest.fixture(scope="module")
def table(request: pytest.FixtureRequest):
    """Collect the lines of the table and write it; faults that were not tried keep theirs."""
    tried: dict[Mutation, str] = {}
    yield tried
    path = request.config.getoption("--mutations")
    if not path:
        return
    before = path.read_text(encoding="utf-8").splitlines(keepends=True) if path.exists() else []
    lines = []
    for mutation in MUTATIONS:
        old = [text for text in before if text.startswith(start_of(mutation))]
        lines += [tried[mutation]] if mutation in tried else old
    path.write_text(HEAD + "".join(lines), encoding="utf-8")


def test_a_fault_is_found(spark, tmp_path, monkeypatch, compiled, table, mutation):
    """The generated tests of the sheet go red."""
    tests = compiled(mutation.sheet)
    notebook = tests.with_name(tests.name.removeprefix("test_"))
    wrong = tmp_path / notebook.name
    wrong.write_text(mutation.apply(notebook.read_text(encoding="utf-8")), encoding="utf-8")
    monkeypatch.setenv("TESTED_FILE", str(wrong))
    outcome = run_tests(tests, "-x")
    reason = why_not(mutation)
    if reason:
        assert not outcome.failed, "it is found: NOT_FOUND is wrong"
        found = f"not found: {reason}"
    else:
        assert outcome.failed, "all generated tests pass"
        found = f"`{next(iter(outcome.failed))}`"
    table[mutation] = f"{start_of(mutation)}{found} |\n"


def test_the_table_is_of_these_faults():
    """The table in docs/ has a line for each fault, in their order."""
    table = (TOP / "docs" / "mutations.md").read_text(encoding="utf-8")
    lines = [line for line in table.splitlines() if line.startswith("| ")][2:]
    assert len(lines) == len(MUTATIONS)
    for line, mutation in zip(lines, MUTATIONS, strict=True):
        assert line.startswith(start_of(mutation))
        assert ("not found: " in line) == bool(why_not(mutation))
