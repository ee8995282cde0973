"""SCD type 1 from snapshots: the target is what the last complete batch says."""

import pytest

from support import messages

SHEET = """
source_table,source_column,target_table,target_column,transformation,role
a.b.people,id,a.c.people,id,,key
a.b.people,part,a.c.people,part,,key
a.b.people,name,a.c.people,name,upper(name),
a.b.people,version,a.c.people,version,,sequence
"""
UNORDERED = SHEET.replace("sequence", "")
SOURCE, TARGET = "a.b.people", "a.c.people"
COLUMNS = "id int, part int, name string, version int"


def load(notebook, *rows: tuple) -> list[tuple]:
    """Load a snapshot and return the target."""
    notebook.lake.write(SOURCE, COLUMNS, rows)
    notebook.run()
    return notebook.lake.rows(TARGET)


@pytest.mark.proves("P24", "P25", "P28")
def test_p28_the_target_is_the_snapshot(compile_sheet, lake, caplog):
    """P24, P25, P28: rows change, come and go with the snapshot, by all keys, NULL among them."""
    notebook = compile_sheet(UNORDERED, "scd1_snapshot")
    load(notebook, (1, 1, "a", 1), (1, 2, "b", 1), (None, 1, "c", 1), (2, None, "d", 1))
    caplog.clear()
    rows = load(notebook, (1, 1, "x", 1), (None, 1, None, 1), (2, None, "d", 1), (3, 1, "e", 1))
    assert rows == [(None, 1, None, 1), (1, 1, "X", 1), (2, None, "D", 1), (3, 1, "E", 1)]
    assert "1 rows inserted, 2 rows updated, 1 rows deleted" in messages(caplog)
    assert load(notebook, (1, 2, "b", 1)) == [(1, 2, "B", 1)]


@pytest.mark.proves("P26", "P29")
def test_p29_the_same_snapshot_writes_nothing(compile_sheet, lake):
    """P26, P29: the same snapshot again changes no row and writes no file."""
    notebook = compile_sheet(SHEET, "scd1_snapshot", loaded_at="loaded")
    snapshot = [(1, 1, "a", 1), (2, None, None, None)]
    load(notebook, *snapshot)
    before, files = lake.hash(TARGET), lake.files(TARGET)
    load(notebook, *snapshot)
    assert lake.hash(TARGET) == before and lake.files(TARGET) == files


@pytest.mark.proves("P01", "P02", "P28")
def test_p28_an_empty_snapshot_is_refused(compile_sheet, lake):
    """P01, P02, P28: a source without rows is more likely broken than empty; a row is enough."""
    notebook = compile_sheet(SHEET, "scd1_snapshot")
    before = load(notebook, (1, 1, "a", 1))
    assert before == [(1, 1, "A", 1)]
    with pytest.raises(RuntimeError, match="have no rows"):
        load(notebook)
    assert lake.rows(TARGET) == before


@pytest.mark.proves("P22")
def test_p22_two_rows_of_a_key(compile_sheet, lake):
    """P22: the order column settles two rows of a key; without one, they are refused and listed."""
    rows = [(1, 1, "old", 1), (1, 1, "new", 2), (2, 1, "b", 1)]
    with pytest.raises(RuntimeError, match=r"'id': 1, 'part': 1"):
        load(compile_sheet(UNORDERED, "scd1_snapshot"), *rows)
    assert lake.rows(TARGET) == []
    settled = load(compile_sheet(SHEET, "scd1_snapshot"), *rows)
    assert settled == [(1, 1, "NEW", 2), (2, 1, "B", 1)]
    with pytest.raises(RuntimeError, match=r"'id': 1, 'part': 1"):
        load(compile_sheet(SHEET, "scd1_snapshot"), (1, 1, "x", 3), (1, 1, "y", 3))


@pytest.mark.proves("P23")
def test_p23_duplicates_in_the_target_are_refused(compile_sheet, lake):
    """P23: a key that the target holds twice stops the run before the MERGE."""
    notebook = compile_sheet(SHEET, "scd1_snapshot")
    load(notebook, (1, 1, "a", 1))
    lake.read(TARGET).write.format("delta").mode("append").saveAsTable(lake.where(TARGET))
    before = lake.hash(TARGET)
    with pytest.raises(RuntimeError, match=r"c_people: .*more than once"):
        load(notebook, (1, 1, "b", 2))
    assert lake.hash(TARGET) == before


def test_what_makes_it_a_snapshot_is_settled(compile_sheet):
    """A snapshot that keeps rows, or has a flag, is another pattern's."""
    for option in ({"vanished": "keep"}, {"deleted": "name"}, {"ignore_nulls": "true"}):
        (problem,) = compile_sheet.refuse(SHEET, "scd1_snapshot", **option)
        assert problem.code == "P150"
