"""Scenarios that share their loads.

A run of a notebook takes its seconds however few rows it has. So the tests of one notebook say
which rows they bring, and the rows of all of them are loaded together, once in each ANSI mode:

    people = Shared(SHEET, "merge", COLUMNS, ("id", "name"))

    @people.loads([(1, "a")], [(1, "b")])
    def test_update(after):
        assert after[1] == [(1, "a")]
        assert after[2] == [(1, "b")]

The sheet gets a first key column, `scenario`, which holds the name of the test: rows of different
tests do not meet, though their keys be equal or NULL. First there is a load without rows, unless
the pattern refuses that (`starts_empty`), then come the first batches of all tests, then the
second ones, …, and at last all batches at once, or the slice `again` of them.
"""

import logging
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import pytest

from support import Compiler, Lake, Notebook, sort_key

KEY = {"source_column": "scenario", "target_column": "scenario", "role": "key"}


@dataclass(frozen=True)
class Part:
    """Lines that a test adds to the sheet, and the columns that they need in the source."""

    lines: str
    columns: str


@dataclass(frozen=True)
class Scenario:
    """What a test brings: rows, its part of the sheet, and the columns it wants to see."""

    name: str
    batches: tuple[list[tuple], ...]
    part: Part
    show: tuple[str, ...]


@dataclass
class Loads:
    """A notebook and the tables of its loads; what was in the target after each of them."""

    lake: Lake
    notebook: Notebook
    scenarios: list[Scenario]
    parts: list[Part]
    # After a load without rows, after each batch, and after all batches at once.
    states: list[dict[str, list[tuple]]] = field(default_factory=list)
    # The target before and after that last load, and what it logged.
    files: list[set[str]] = field(default_factory=list)
    hashes: list[str] = field(default_factory=list)
    said: str = ""


class Shared:
    """A sheet with pattern and options, which several tests load; rows are shown by `show`."""

    def __init__(
        self,
        sheet: str,
        pattern: str,
        columns: str,
        show: tuple[str, ...],
        settings: dict[str, str] | None = None,
        again: slice = slice(None),
        starts_empty: bool = True,
        **options: str,
    ) -> None:
        header, first = sheet.strip().splitlines()[:2]
        cells = dict(zip(header.split(","), first.split(",")))
        self.source, self.target = cells["source_table"], cells["target_table"]
        key = {"source_table": self.source, "target_table": self.target} | KEY
        line = ",".join(key.get(name, "") for name in cells)
        self.sheet = sheet.replace(header, f"{header}\n{line}", 1)
        self.pattern = pattern
        self.columns = columns
        self.show = show
        self.settings = settings or {}
        self.again = again
        self.starts_empty = starts_empty
        self.options = options
        self._loads: dict[bool, Loads | Exception] = {}

    def loads(
        self,
        *batches: list[tuple],
        lines: str = "",
        columns: str = "",
        show: tuple[str, ...] = (),
    ):
        """Mark a test with what it brings; lines are added to the sheet, columns to the source.

        Tests with the same lines and columns have them in common. Without `show` the rows are
        shown as those of the others.
        """
        part = Part(lines, columns)
        return pytest.mark.loads.with_args(self, batches, part, show or self.show)

    def run(self, items: list[pytest.Item], ansi: bool, make_lake: Callable[[], Lake]) -> Loads:
        """Load what all these tests bring, unless that was done; if it fails, it does for all."""
        if ansi not in self._loads:
            lake = make_lake()
            try:
                self._loads[ansi] = self._run(brought(items, self), lake)
            except Exception as error:
                self._loads[ansi] = error
        loads = self._loads[ansi]
        if isinstance(loads, Exception):
            raise loads
        return loads

    def _run(self, scenarios: list[Scenario], lake: Lake) -> Loads:
        parts = list(dict.fromkeys(scenario.part for scenario in scenarios))
        sheet = self.sheet + "".join(part.lines for part in parts)
        lake.folder.mkdir()
        notebook = Compiler(lake, lake.folder)(sheet, self.pattern, **self.options)
        loads = Loads(lake, notebook, scenarios, parts)
        if self.starts_empty:
            self.load(loads, {})
        loads.states.append(
            self.rows(loads) if self.starts_empty else {s.name: [] for s in scenarios}
        )
        for number in range(max(len(scenario.batches) for scenario in scenarios)):
            self.load(loads, {s.name: sum(s.batches[number : number + 1], []) for s in scenarios})
            loads.states.append(self.rows(loads))
        self._look(loads)
        with listening() as said:
            self.load(loads, {s.name: sum(s.batches[self.again], []) for s in scenarios})
        loads.said = "\n".join(said)
        self._look(loads)
        loads.states.append(self.rows(loads))
        return loads

    def _look(self, loads: Loads) -> None:
        loads.files.append(loads.lake.files(self.target))
        loads.hashes.append(loads.lake.hash(self.target))

    def load(self, loads: Loads, batches: dict[str, list[tuple]]) -> None:
        """Load a batch of each scenario; a row has NULL in the columns that it does not bring."""
        base = count_columns(self.columns)
        widths = {part: count_columns(part.columns) for part in loads.parts}
        rows = []
        for scenario in loads.scenarios:
            for row in batches.get(scenario.name, []):
                own = {part: [None] * width for part, width in widths.items()}
                own[scenario.part] = row[base:]
                rows.append((scenario.name, *row[:base], *sum(map(tuple, own.values()), ())))
        columns = ["scenario string", self.columns, *(p.columns for p in loads.parts if p.columns)]
        loads.lake.write(self.source, ", ".join(columns), rows)
        with changed(loads.lake.spark.conf, self.settings):
            loads.notebook.run()

    def rows(self, loads: Loads) -> dict[str, list[tuple]]:
        """Return the rows of each scenario, sorted."""
        rows = loads.lake.read(self.target).collect()
        return {
            s.name: sorted(
                (tuple(row[c] for c in s.show) for row in rows if row["scenario"] == s.name),
                key=sort_key,
            )
            for s in loads.scenarios
        }


class Mine:
    """A test's own part in the loads."""

    def __init__(self, shared: Shared, loads: Loads, name: str) -> None:
        self._shared = shared
        self._loads = loads
        self.name = name
        self.lake, self.notebook = loads.lake, loads.notebook
        self.files, self.hashes, self.said = loads.files, loads.hashes, loads.said
        self.after = [state[name] for state in loads.states]

    def load(self, *batches: list[tuple]) -> list[tuple]:
        """Load further batches of this test, one after the other; return its rows."""
        for batch in batches:
            self._shared.load(self._loads, {self.name: batch})
        return self.rows()

    def rows(self) -> list[tuple]:
        """Return the rows of this test as they are now, sorted."""
        return self._shared.rows(self._loads)[self.name]


def brought(items: list[pytest.Item], shared: Shared) -> list[Scenario]:
    """Return what the tests bring for these loads; the ANSI modes of a test bring the same."""
    found = {}
    for item in items:
        mark = item.get_closest_marker("loads")
        if mark and mark.args[0] is shared:
            found[name_of(item)] = Scenario(name_of(item), *mark.args[1:])
    return list(found.values())


def name_of(item: pytest.Item) -> str:
    """Return the name of a test without its ANSI mode, in letters and digits."""
    return re.sub(r"\W+", "_", re.sub(r"ansi_(on|off)", "", item.name)).strip("_")


def count_columns(columns: str) -> int:
    """Return the number of columns: 2 for "id int, amount decimal(8,2)"."""
    return len(re.sub(r"\([^)]*\)", "", columns).split(",")) if columns else 0


@contextmanager
def changed(conf, settings: dict[str, str]) -> Iterator[None]:
    """Change the session's settings for a while."""
    before = {name: conf.get(name, None) for name in settings}
    for name, value in settings.items():
        conf.set(name, value)
    try:
        yield
    finally:
        for name, value in before.items():
            conf.unset(name) if value is None else conf.set(name, value)


@contextmanager
def listening() -> Iterator[list[str]]:
    """Collect what is logged meanwhile."""
    said: list[str] = []
    handler = logging.Handler(logging.INFO)
    handler.emit = lambda record: said.append(record.getMessage())
    logging.getLogger().addHandler(handler)
    try:
        yield said
    finally:
        logging.getLogger().removeHandler(handler)
