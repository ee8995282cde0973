"""Runs generated test files in the session of these tests, and says how they ended."""

import contextlib
import io
import sys
from dataclasses import dataclass, field
from pathlib import Path

import pytest


@dataclass
class Outcome:
    """How the tests of a generated file ended."""

    passed: list[str] = field(default_factory=list)
    failed: dict[str, str] = field(default_factory=dict)  # name → what was said

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Take in a test, or what broke before or after it."""
        name = report.nodeid.rpartition("::")[2]
        if report.failed:
            self.failed[name] = report.longreprtext
        elif report.when == "call" and report.passed:
            self.passed.append(name)

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        """Take in a file that cannot even be read."""
        if report.failed:
            self.failed["collection"] = report.longreprtext


def run_tests(path: Path, *arguments: str) -> Outcome:
    """Run a test file in this process, where its `spark` fixture finds our session."""
    outcome = Outcome()
    options = ["-q", "-p", "no:cacheprovider", "--import-mode=importlib", "-c", "/dev/null"]
    options += [f"--rootdir={path.parent}", f"--confcutdir={path.parent}"]
    # Tests of our own may have the name of the file, and would be taken for it.
    namesake = sys.modules.pop(path.stem, None)
    with contextlib.redirect_stdout(io.StringIO()):
        pytest.main([*options, *arguments, str(path)], plugins=[outcome])
    # The next run shall read the file, and the environment, anew.
    for name, module in list(sys.modules.items()):
        if getattr(module, "__file__", None) == str(path):
            del sys.modules[name]
    if namesake:
        sys.modules[path.stem] = namesake
    return outcome
