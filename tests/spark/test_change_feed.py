"""A feed of changes: inserts, updates and deletes, in whatever order they arrive."""

import itertools

import pytest

from shared import Shared

SHEET = """
source_table,source_column,target_table,target_column,transformation,role,rule
a.b.changes,id,a.c.people,id,,key,
a.b.changes,name,a.c.people,name,upper(name),,{rule}
a.b.changes,position,a.c.people,position,,sequence,
a.b.changes,op,a.c.people,is_deleted,op = 'D',,
"""
PLAIN = SHEET.format(rule="")
SOURCE, TARGET = "a.b.changes", "a.c.people"
COLUMNS = "id int, name string, position int, op string"
SHOWN = ("id", "name", "position", "is_deleted")
MARKED = Shared(PLAIN, "change_feed", COLUMNS, SHOWN)
REMOVED = Shared(
    PLAIN, "change_feed", COLUMNS, SHOWN[:3], again=slice(-1, None), deletions="delete"
)


@MARKED.loads(
    [(1, "a", 1, "I"), (2, "b", 1, "I")],
    [(1, "x", 2, "U"), (2, None, 2, "D"), (3, None, 9, "D")],
    [(2, "late", 1, "U"), (3, "late", 5, "I"), (1, None, 3, "D"), (1, "y", 4, "I")],
)
@pytest.mark.proves("P22", "P27")
def test_p27_late_changes_bring_nothing_back(after):
    """P22, P27: the highest position wins, and what was deleted stays so for older changes."""
    assert after[2] == [(1, "X", 2, False), (2, None, 2, True), (3, None, 9, True)]
    assert after[3] == [(1, "Y", 4, False), (2, None, 2, True), (3, None, 9, True)]


@MARKED.loads([(2, None, 5, "D"), (None, "n", 1, "I")], [(2, "again", 6, "I"), (None, "m", 2, "U")])
@pytest.mark.proves("P25", "P27")
def test_p27_a_newer_change_brings_it_back(after):
    """P25, P27: inserted again after its deletion; NULL is a key, too."""
    assert after[2] == [(None, "M", 2, False), (2, "AGAIN", 6, False)]


@MARKED.loads([(1, "a", 1, "I"), (2, None, 1, "D")], [(1, "b", 2, "U")])
@pytest.mark.proves("P26", "P29")
def test_p26_p29_all_again_writes_nothing(mine):
    """P26, P29: all that was ever applied changes nothing when it comes once more."""
    assert mine.after[-1] == mine.after[2] == [(1, "B", 2, False), (2, None, 1, True)]
    assert mine.hashes[0] == mine.hashes[1]
    assert mine.files[0] == mine.files[1]
    assert "0 rows inserted, 0 rows updated" in mine.said


BATCHES = [
    [(1, "a", 1, "I"), (2, "b", 1, "I"), (3, "c", 4, "I"), (4, None, 7, "D")],
    [(1, None, 3, "D"), (2, None, 2, "D"), (3, None, 2, "D"), (4, "d", 6, "U")],
    [(1, "late", 2, "U"), (2, "b", 1, "I"), (2, "new", 5, "I"), (4, "d", 5, "I")],
]
FINAL = [(1, None, 3, True), (2, "NEW", 5, False), (3, "C", 4, False), (4, None, 7, True)]
ORDERS = [
    pytest.param(
        order, marks=MARKED.loads(*(BATCHES[n] for n in order)), id="".join(map(str, order))
    )
    for order in itertools.permutations(range(3))
]


@pytest.mark.parametrize("order", ORDERS)
@pytest.mark.proves("P30")
def test_p30_batches_in_any_order(after, order):
    """P30: deletions among them, all six orders of three batches give the same rows."""
    assert after[3] == after[-1] == FINAL, order


@MARKED.loads()
@pytest.mark.proves("P22")
def test_p22_a_tie_is_refused(mine):
    """P22: two different changes of a key at one position have no order: refused with the key."""
    with pytest.raises(RuntimeError, match=r"more than once[^{]*\{[^{]*'id': 1\}$"):
        mine.load([(1, "a", 1, "U"), (1, None, 1, "D")])
    assert mine.rows() == []


@REMOVED.loads(
    [(1, "a", 1, "I"), (2, "b", 3, "I")],
    [(1, None, 2, "D"), (2, None, 2, "D"), (3, None, 2, "D")],
)
@pytest.mark.proves("P27")
def test_p27_deletions_may_be_carried_out(mine):
    """P27: a deleted row is gone, the flag is not written, and a late deletion deletes nothing."""
    assert mine.after[2] == [(2, "B", 3)]
    assert "is_deleted" not in mine.lake.read(TARGET).columns


@MARKED.loads([(1, "a", 1, "I")])
@pytest.mark.proves("P01", "P02")
def test_p01_p02_no_change_and_a_single_one(mine):
    """P01, P02: without changes the table is made, or left as it is; a single change arrives."""
    assert mine.after[0] == []
    assert mine.after[1] == mine.after[2] == [(1, "A", 1, False)]


@pytest.mark.proves("P23", "P24")
def test_p23_p24_keys(compile_sheet, lake):
    """P23, P24: all key columns tell a row; a target that holds a key twice is refused."""
    notebook = compile_sheet(PLAIN, "change_feed", keys="id,name")
    lake.write(SOURCE, COLUMNS, [(1, "a", 1, "I"), (1, "b", 1, "I"), (1, "a", 2, "D")])
    notebook.run()
    assert lake.rows(TARGET, "id", "name", "is_deleted") == [(1, "A", True), (1, "B", False)]
    lake.read(TARGET).write.format("delta").mode("append").saveAsTable(lake.where(TARGET))
    before = lake.hash(TARGET)
    with pytest.raises(RuntimeError, match=r"c_people: .*more than once"):
        notebook.run()
    assert lake.hash(TARGET) == before


def test_marks_need_no_values(compile_sheet, lake):
    """A rule asks nothing of a row that says that its key was deleted."""
    notebook = compile_sheet(SHEET.format(rule="not null"), "change_feed")
    lake.write(SOURCE, COLUMNS, [(1, None, 1, "D"), (2, None, 1, "U"), (3, "c", 1, "I")])
    notebook.run()
    assert lake.rows(TARGET, "id", "is_deleted") == [(1, True), (3, False)]
    assert lake.rows(f"{TARGET}_quarantine", "id") == [(2,)]


def test_sequence_and_flag_are_needed(compile_sheet):
    """Without them a feed cannot be applied, and the codes say what is missing."""
    (problem,) = compile_sheet.refuse(PLAIN.replace("sequence", ""), "change_feed")
    assert problem.code == "P116"
    (problem,) = compile_sheet.refuse(PLAIN.replace("is_deleted", "gone"), "change_feed")
    assert problem.code == "P156"
