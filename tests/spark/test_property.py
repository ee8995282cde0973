"""Generated mappings and data: what holds whatever the sheet and its options are.

Each pack of properties.py is loaded batch by batch and compared with its model, then loaded once
more; where the order of batches is no matter, in other orders, too. A pack that fails is told by
the first group that differs, alone: a sheet and data to try.

T2C_PROPERTY_PACKS and T2C_PROPERTY_GROUPS say how many there are for each pattern; 300 groups of
one mapping each, with options of their own, are the whole of it:

    T2C_PROPERTY_PACKS=300 T2C_PROPERTY_GROUPS=1 tests/spark/run spark40 test_property.py
"""

import itertools
import os

import pytest

from properties import LABELS, LOOKUP, LOOKUP_COLUMNS, SOURCE, TARGET, Model, Pack, quoted
from support import sort_key

PACKS = int(os.environ.get("T2C_PROPERTY_PACKS", "2"))
GROUPS = int(os.environ.get("T2C_PROPERTY_GROUPS", "150"))
PART = 5  # of the groups, as many are loaded in other languages, in one order
FIRST = int(os.environ.get("T2C_PROPERTY_FIRST", "0"))
PATTERNS = ("full_load", "incremental", "merge", "scd1_snapshot", "change_feed", "scd2")
SNAPSHOTS = [0, 20, 30, 40]


class Loads:
    """A pack on Spark: what its notebook makes of batches."""

    def __init__(self, pack: Pack, compile_sheet, lake, output: str) -> None:
        self.pack = pack
        self.lake = lake
        self.notebook = compile_sheet(
            pack.sheet(), pack.pattern, output=output, **pack.option_values()
        )
        if pack.lookup:
            lake.write(LOOKUP, LOOKUP_COLUMNS, list(LABELS.items()))

    def load(self, rows: list[dict], number: int = 0) -> None:
        """Run the notebook on a batch."""
        pack = self.pack
        self.lake.write(SOURCE, pack.source_columns, [pack.source_row(row) for row in rows])
        widgets = {}
        if pack.pattern == "scd2" and pack.options.get("vanished") == "close":
            moment = pack.snapshot(SNAPSHOTS[number])
            widgets = {"snapshot_at": moment}
        self.notebook.run(**widgets)

    def forget(self) -> None:
        """Drop the target."""
        self.lake.spark.sql(f"DROP TABLE {self.lake.where(TARGET)}")

    def rows(self) -> list[tuple]:
        """Return what the target holds, as the model tells it."""
        names = [quoted(name) for name in self.pack.names()]
        if self.pack.pattern == "scd2":
            names += ["valid_from", "valid_to", "is_current"]
        return self.lake.rows(TARGET, *names)

    def check(self, model: Model, batches: list[list[dict]], what: str) -> None:
        """Compare with the model, group by group."""
        got, want = self.rows(), sorted(model.told(), key=sort_key)
        if got == want:
            return
        group = min(set(got) ^ set(want), key=sort_key)[0] if set(got) != set(want) else got[0][0]
        pack = self.pack
        lines = [f"{pack.pattern}, pack {pack.number}, group {group}, {what}: {pack.options}"]
        lines += [pack.sheet(group), f"source: {pack.source_columns}"]
        for batch in batches:
            lines.append(f"batch: {[pack.source_row(r) for r in batch if r['g'] == group]}")
        lines.append(f"want: {[row for row in want if row[0] == group]}")
        lines.append(f"got:  {[row for row in got if row[0] == group]}")
        pytest.fail("\n".join(lines), pytrace=False)


def check_history(rows: list[tuple], keys: int = 3) -> None:
    """A key has one current version at most, and its versions neither overlap nor are empty."""
    versions: dict[tuple, list] = {}
    for row in rows:
        start, end, current = row[-3:]
        assert current == (end is None) and (end is None or start < end)
        versions.setdefault(row[:keys], []).append((start, end))
    for spans in versions.values():
        spans.sort(key=lambda span: span[0])
        assert all(end is not None and end <= nxt for (_, end), (nxt, _) in zip(spans, spans[1:]))


def orders(pack: Pack) -> list[tuple[int, ...]]:
    """Return another order of the batches that must give the same target; each pack has its own."""
    if pack.pattern == "scd2" and pack.options["late_rows"] == "split":
        return [] if "vanished" in pack.options else [(0, 2, 1)]
    if pack.kind == "merge" and pack.ordered and (pack.marks or not pack.has_flag):
        if pack.options.get("ignore_nulls") != "true" and "vanished" not in pack.options:
            return [list(itertools.permutations(range(3)))[3 + pack.number % 3]]
    return []


@pytest.mark.parametrize("number", range(FIRST, FIRST + PACKS))
@pytest.mark.parametrize("pattern", PATTERNS)
@pytest.mark.parametrize(
    "output",
    [pytest.param("notebook", marks=pytest.mark.both_pairs), "sql", "scala"],
)
def test_generated_mappings(compile_sheet, lake, pattern, number, output):
    """Each load does what the model says, twice is once, and order is no matter where it is none."""
    pack = Pack(pattern, number, GROUPS if output == "notebook" else max(1, GROUPS // PART))
    batches = pack.batches()
    loads = Loads(pack, compile_sheet, lake, output)
    model = Model(pack)
    for n, batch in enumerate(batches):
        loads.load(batch, n)
        model.load(batch, SNAPSHOTS[n])
        loads.check(model, batches[: n + 1], f"after batch {n + 1}")
    before = lake.hash(TARGET), lake.files(TARGET)
    loads.load(batches[-1], len(batches) - 1)
    assert lake.hash(TARGET) == before[0], "a second run changes rows"
    if pattern != "full_load":
        assert lake.files(TARGET) == before[1], "a second run writes files"
    if pattern == "scd2":
        check_history(loads.rows())
    for order in orders(pack) if output == "notebook" else []:
        loads.forget()
        for n in order:
            loads.load(batches[n])
        loads.check(model, [batches[n] for n in order], f"in the order {order}")
        assert lake.hash(TARGET) == before[0] or pattern == "merge"
