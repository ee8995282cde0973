"""Rules of the sheet and quarantine (P44, P45), for every pattern."""

from decimal import Decimal

import pytest

from support import at, messages

SHEET = """
source_table,source_column,target_table,target_column,transformation,role,data_type,rule
a.b.orders,id,a.c.orders,order_id,,key,INT,
a.b.orders,amount,a.c.orders,amount,,,"DECIMAL(8,2)",> 0; < 1000
a.b.orders,state,a.c.orders,state,upper(state),,,"not null; in ('NEW', 'DONE')"
a.b.orders,changed,a.c.orders,changed,,%s,TIMESTAMP,
"""
ROLES = {"full_load": "", "incremental": "watermark", "merge": "sequence", "scd2": "sequence"}
COLUMNS = "id int, amount decimal(8,2), state string, changed timestamp"
SOURCE, TARGET, QUARANTINE = "a.b.orders", "a.c.orders", "a.c.orders_quarantine"
by_key = pytest.mark.parametrize("pattern", ["merge", "scd2"])

every_pattern = pytest.mark.parametrize("pattern", list(ROLES))


def order(key: int, amount: str | None = "5", state: str | None = "new", hour: int = 1) -> tuple:
    """Return a source row."""
    value = None if amount is None else Decimal(amount)
    return (key, value, state, at(f"2024-01-01 {hour:02}:00"))


@pytest.fixture
def load(compile_sheet, lake, pattern):
    """Load batches, one after the other, and return the keys in the target and in the quarantine."""
    notebook = compile_sheet(SHEET % ROLES[pattern], pattern)

    def run(*batches: list[tuple]) -> tuple[list, list]:
        for batch in batches:
            lake.write(SOURCE, COLUMNS, batch)
            notebook.run()
        return (
            [key for (key,) in lake.rows(TARGET, "order_id")],
            [key for (key,) in lake.rows(QUARANTINE, "order_id")],
        )

    return run


GOOD = [order(1), order(2, "999.99", "DONE")]
BAD = [order(3, "0"), order(4, None), order(5, "-1", "lost"), order(6, state=None)]
# It makes all others late.
NEWER = [order(9, hour=5)]
FIRST = [*GOOD, *BAD, *NEWER, BAD[3]]
MENDED = [*GOOD, order(3, "7"), *BAD[1:], *NEWER]
STEPS: dict[tuple, list] = {}


@pytest.fixture
def steps(load, lake, caplog, pattern, ansi):
    """What two loads left, and two more with a row mended: keys, quarantine and the log.

    The tests of a pattern and mode look at the same loads.
    """

    def step(batch: list[tuple]) -> tuple[list, list, str]:
        caplog.clear()
        keys = load(batch)[0]
        return keys, lake.rows(QUARANTINE, "order_id", "_broken_rules"), messages(caplog)

    if (pattern, ansi) not in STEPS:
        STEPS[pattern, ansi] = [step(batch) for batch in (FIRST, FIRST, MENDED, MENDED)]
    return STEPS[pattern, ansi]


@every_pattern
@pytest.mark.proves("P44")
def test_p44_no_row_is_lost(steps, pattern):
    """P44: a row that breaks a rule goes aside with all rules that it breaks, NULL included."""
    keys, aside, said = steps[0]
    above, below = "row 3: amount > 0", "row 3: amount < 1000"
    given, known = "row 4: state not null", "row 4: state in ('NEW', 'DONE')"
    assert keys == [1, 2, 9]
    assert aside[:4] == [
        (3, [above]),
        (4, [above, below]),
        (5, [above, known]),
        (6, [given, known]),
    ]
    assert f"a_c_orders: rows break a rule: {above} (3 rows)" in said, pattern


@every_pattern
@pytest.mark.proves("P44")
def test_p44_second_run_changes_nothing(steps, pattern):
    """P44: the quarantine of two runs is that of one; equal rows stay as many as they are."""
    assert steps[1][:2] == steps[0][:2]
    assert [key for key, _ in steps[1][1]] in ([3, 4, 5, 6], [3, 4, 5, 6, 6]), pattern


@every_pattern
@pytest.mark.proves("P45")
def test_p45_a_mended_row_comes_back_once(steps, pattern):
    """P45: a row that was put aside and is mended is loaded, once, and no longer put aside."""
    for keys, aside, _ in steps[2:]:
        assert keys == [1, 2, 3, 9], pattern
        assert [key for key, _ in aside][:3] == [4, 5, 6]
        assert 3 not in [key for key, _ in aside]


@by_key
def test_deletions_need_no_values(compile_sheet, lake, pattern):
    """A row that only says that its key was deleted is not asked for values."""
    sheet = SHEET % "sequence" + "a.b.orders,,a.c.orders,gone,state = 'gone',,,\n"
    notebook = compile_sheet(sheet, pattern, deleted="gone")
    for batch in (GOOD, [order(1, None, "gone", hour=2)]):
        lake.write(SOURCE, COLUMNS, batch)
        notebook.run()
    assert not lake.rows(QUARANTINE, "order_id")
    if pattern == "merge":
        assert lake.rows(TARGET, "order_id") == [(2,)]
    else:
        assert lake.rows(TARGET, "order_id", "is_current") == [(1, False), (2, True)]


@by_key
def test_rows_put_aside_have_not_vanished(compile_sheet, lake, pattern):
    """A key whose new row is put aside keeps its stored row, even where others vanish."""
    ended = {"merge": "delete", "scd2": "close"}[pattern]
    notebook = compile_sheet(SHEET % "sequence", pattern, vanished=ended)
    lake.write(SOURCE, COLUMNS, [*GOOD, order(7)])
    notebook.run()
    lake.write(SOURCE, COLUMNS, [GOOD[0], order(2, "0", hour=2)])
    notebook.run()
    current = lake.read(TARGET)
    if pattern == "scd2":
        current = current.where("is_current")
    assert sorted(row["order_id"] for row in current.collect()) == [1, 2]


@every_pattern
def test_refused(compile_sheet, lake, pattern):
    """The policy refuse: nothing is written, and the message counts the rows of each rule."""
    notebook = compile_sheet(SHEET % ROLES[pattern], pattern, broken_rules="refuse")
    lake.write(SOURCE, COLUMNS, GOOD)
    notebook.run()
    lake.write(SOURCE, COLUMNS, [order(8, hour=3), *BAD])
    with pytest.raises(RuntimeError, match=r"row 3: amount > 0 \(3 rows\); row 4: state in"):
        notebook.run()
    assert lake.rows(TARGET, "order_id") == [(1,), (2,)]
    assert not lake.exists(QUARANTINE)


@every_pattern
def test_reported(compile_sheet, lake, caplog, pattern):
    """The policy report: all rows are loaded, and the log counts those that break a rule."""
    notebook = compile_sheet(SHEET % ROLES[pattern], pattern, broken_rules="report")
    lake.write(SOURCE, COLUMNS, GOOD + BAD)
    notebook.run()
    assert len(lake.rows(TARGET, "order_id")) == 6
    assert "row 3: amount < 1000 (1 rows)" in messages(caplog)
