"""SCD type 2: every version of a key, whatever the order in which its rows arrive."""

import random

import pytest

from shared import Shared
from support import at, messages

# A key, two tracked columns, an untracked one and the time of the change.
SHEET = """
source_table,source_column,target_table,target_column,transformation,role
a.b.people,id,a.c.people,id,,key
a.b.people,name,a.c.people,name,,tracked
a.b.people,city,a.c.people,city,,tracked
a.b.people,login,a.c.people,login,,untracked
a.b.people,changed,a.c.people,changed,,sequence
a.b.people,gone,a.c.people,gone,,
"""
SOURCE = "a.b.people"
PEOPLE = "a.c.people"
COLUMNS = "id int, name string, city string, login int, changed int, gone boolean"
SURROGATE = ("id", "valid_from", "sk")
HISTORY = ("id", "name", "city", "login", "valid_from", "valid_to", "is_current")
CUSTOMERS = "crm.landing.customers"
DIMENSION = "crm.gold.dim_customer"
CUSTOMER_COLUMNS = (
    "customer_id int, full_name string, email string, segment string, last_login timestamp,"
    " modified_at timestamp"
)
DAY = [at(f"2024-01-0{n}") for n in range(1, 8)]


def row(key, changed, name="ann", city="ulm", login=0, gone=False) -> tuple:
    """Return a row of the source: a key that had these values at that time."""
    return (key, name, city, login, changed, gone)


# Whatever the tests bring that know the whole of a key from its rows.
HISTORIES = Shared(SHEET, "scd2", COLUMNS, HISTORY, deleted="gone", surrogate_key="sk")


@pytest.fixture
def people(compile_sheet):
    """The small sheet with a deletion flag."""
    return compile_sheet(SHEET, "scd2", deleted="gone")


@pytest.fixture
def load(lake, people):
    """Load batches, one after the other, and return the history."""

    def load_batches(*batches, notebook=people, **widgets) -> list[tuple]:
        for batch in batches:
            lake.write(SOURCE, COLUMNS, batch)
            notebook.run(**widgets)
        return lake.rows(PEOPLE, *HISTORY)

    return load_batches


@pytest.mark.proves("P31")
def test_p31_first_load(compile_sheet, lake, caplog):
    """P31: the first load makes a version of each row, valid from its sequence."""
    lake.write(
        CUSTOMERS,
        CUSTOMER_COLUMNS,
        [
            (1, " Ann ", "ANN@X.ORG", None, DAY[0], DAY[1]),
            (2, "Bo", "bo@x.org", "gold", None, DAY[2]),
        ],
    )
    compile_sheet("customers_scd2.csv", "scd2").run()
    assert lake.rows(DIMENSION) == [
        (1, "Ann", "ann@x.org", "none", DAY[0], DAY[1], DAY[1], None, True, []),
        (2, "Bo", "bo@x.org", "gold", None, DAY[2], DAY[2], None, True, []),
    ]
    assert lake.types(DIMENSION)["valid_to"] == "timestamp"
    assert f"{lake.where(DIMENSION)}: 2 rows inserted, 0 rows updated" in messages(caplog)


@HISTORIES.loads([row(1, 1)])
@pytest.mark.proves("P01", "P02")
def test_p01_p02_no_rows_and_a_single_one(mine):
    """P01, P02: without rows the table is made, or left as it is; a single row arrives."""
    assert mine.after[0] == []
    assert mine.after[1] == [(1, "ann", "ulm", 0, 1, None, True)]
    files = mine.lake.files(PEOPLE)
    assert mine.load([]) == mine.after[1]
    assert mine.lake.files(PEOPLE) == files


@HISTORIES.loads()
@pytest.mark.proves("P04", "P05")
def test_p04_p05_source_layout_does_not_matter(mine):
    """P04, P05: the columns come in another order, and with a further one."""
    columns = "gone boolean, extra date, changed int, login int, city string, name string, id int"
    rows = [(False, None, 1, 0, "ulm", "ann", 1, mine.name)]
    mine.lake.write(SOURCE, f"{columns}, scenario string", rows)
    mine.notebook.run()
    assert mine.rows() == [(1, "ann", "ulm", 0, 1, None, True)]


@pytest.mark.proves("P06")
def test_p06_missing_source_column(people, lake):
    """P06: the run stops before the target is made and names the column."""
    lake.write(SOURCE, COLUMNS.replace("name string, ", ""), [(1, "ulm", 0, 1, False)])
    with pytest.raises(RuntimeError, match="b_people lacks the mapped columns: name"):
        people.run()
    assert not lake.exists(PEOPLE)


@HISTORIES.loads([row(1, 1)], [row(1, 5, name="bea")])
@pytest.mark.proves("P32")
def test_p32_change_of_a_tracked_column(after):
    """P32: a change closes the current version and opens exactly one, without a gap."""
    assert after[1] == [(1, "ann", "ulm", 0, 1, None, True)]
    assert (
        after[2]
        == after[-1]
        == [
            (1, "ann", "ulm", 0, 1, 5, False),
            (1, "bea", "ulm", 0, 5, None, True),
        ]
    )


@HISTORIES.loads([row(1, 1), row(1, 3, city="bonn")], [row(1, 5, city="bonn", login=7)])
@pytest.mark.proves("P33")
def test_p33_change_of_an_untracked_column(after):
    """P33: it opens no version; every version of the key has the latest value."""
    assert after[2] == [
        (1, "ann", "bonn", 7, 3, None, True),
        (1, "ann", "ulm", 7, 1, 3, False),
    ]


@HISTORIES.loads(*[[row(1, n, name=name)] for n, name in enumerate([None, None, "a", None, None])])
@pytest.mark.proves("P34")
def test_p34_null_is_a_value(after):
    """P34: NULL to value and value to NULL are changes, NULL to NULL is none."""
    assert after[5] == [
        (1, None, "ulm", 0, 0, 2, False),
        (1, None, "ulm", 0, 3, None, True),
        (1, "a", "ulm", 0, 2, 3, False),
    ]


A_B_A = [row(1, 1, city="a"), row(1, 2, city="b"), row(1, 3, city="a")]


@pytest.mark.parametrize(
    "batches",
    [
        pytest.param(1, marks=HISTORIES.loads(A_B_A)),
        pytest.param(3, marks=HISTORIES.loads(A_B_A[:1], A_B_A[1:2], A_B_A[2:])),
    ],
)
@pytest.mark.proves("P35", "P36")
def test_p35_p36_back_to_an_old_value(after, batches):
    """P35, P36: A→B→A keeps three versions, in one batch as in three."""
    assert after[batches] == [
        (1, "ann", "a", 0, 1, 2, False),
        (1, "ann", "a", 0, 3, None, True),
        (1, "ann", "b", 0, 2, 3, False),
    ]


@HISTORIES.loads([row(1, 1)], [row(1, 5)], [row(1, 3, city="bonn")])
@pytest.mark.proves("P37")
def test_p37_late_row_splits_a_version(after):
    """P37: a late row changes the history of its time; what was seen later stays seen."""
    assert after[2] == [(1, "ann", "ulm", 0, 1, None, True)]
    assert after[3] == [
        (1, "ann", "bonn", 0, 3, 5, False),
        (1, "ann", "ulm", 0, 1, 3, False),
        (1, "ann", "ulm", 0, 5, None, True),
    ]


@HISTORIES.loads([row(1, 5)], [row(1, 3)])
@pytest.mark.proves("P37")
def test_p37_late_row_moves_the_start(after):
    """P37: the values of a version were seen earlier than known: it starts earlier."""
    assert after[2] == [(1, "ann", "ulm", 0, 3, None, True)]


@pytest.mark.proves("P37")
def test_p37_late_rows_left_out(compile_sheet, load):
    """P37: the policy ignore leaves out what is older than the newest of its key."""
    notebook = compile_sheet(SHEET, "scd2", deleted="gone", late_rows="ignore")
    batches = [[row(1, 1), row(1, 5)], [row(1, 3, city="bonn"), row(2, 2), row(1, 6, city="c")]]
    assert load(*batches, notebook=notebook) == [
        (1, "ann", "c", 0, 6, None, True),
        (1, "ann", "ulm", 0, 1, 6, False),
        (2, "ann", "ulm", 0, 2, None, True),
    ]


OF_ONE_TIME = [row(1, 1, city="b"), row(1, 1, city="a", login=9)]


@pytest.mark.parametrize(
    "batches",
    [
        pytest.param(1, marks=HISTORIES.loads(OF_ONE_TIME)),
        pytest.param(2, marks=HISTORIES.loads(OF_ONE_TIME[1:], OF_ONE_TIME[:1])),
        pytest.param(3, marks=HISTORIES.loads(OF_ONE_TIME[:1], [], OF_ONE_TIME[1:])),
    ],
)
@pytest.mark.proves("P38")
def test_p38_two_rows_of_one_time(after, batches):
    """P38: of two rows with one sequence the greater values win, whichever comes first."""
    assert after[batches] == after[-1] == [(1, "ann", "b", 0, 1, None, True)]


@HISTORIES.loads([row(1, 1)], [row(1, 4, city="b")], [row(1, 4, gone=True)])
@pytest.mark.proves("P38")
def test_p38_deletion_wins(after):
    """P38: of a row and a deletion at the same time the deletion wins."""
    assert [r[:3] + r[4:] for r in after[3]] == [(1, "ann", "ulm", 1, 4, False)]


@HISTORIES.loads([row(1, 1)], [row(1, 3, gone=True)], [row(1, 5)])
@pytest.mark.proves("P39")
def test_p39_deletion_and_return(after):
    """P39: a deletion closes the key, a later row opens it again, with a gap between."""
    assert after[2] == [(1, "ann", "ulm", 0, 1, 3, False)]
    assert after[3] == [
        (1, "ann", "ulm", 0, 1, 3, False),
        (1, "ann", "ulm", 0, 5, None, True),
    ]


@pytest.mark.proves("P39")
def test_p39_keys_that_vanish(compile_sheet, load):
    """P39: with complete batches, a key that is no longer there ends when the parameter says."""
    notebook = compile_sheet(SHEET, "scd2", vanished="close", tracked="name,city")
    batches = [[row(1, 1), row(2, 1)], [row(2, 1)]]
    load(batches[0], notebook=notebook, snapshot_at="1")
    ended = load(batches[1], notebook=notebook, snapshot_at="4")
    assert ended == [(1, "ann", "ulm", 0, 1, 4, False), (2, "ann", "ulm", 0, 1, None, True)]
    assert load(batches[1], notebook=notebook, snapshot_at="6") == ended
    assert load([row(1, 8), row(2, 1)], notebook=notebook, snapshot_at="9")[0:2] == [
        (1, "ann", "ulm", 0, 1, 4, False),
        (1, "ann", "ulm", 0, 8, None, True),
    ]


@pytest.mark.proves("P39")
def test_p39_empty_snapshot_is_refused(compile_sheet, load):
    """P39: a source without rows closes nothing, nor does one whose time nobody knows."""
    notebook = compile_sheet(SHEET, "scd2", vanished="close")
    before = load([row(1, 1)], notebook=notebook, snapshot_at="1")
    with pytest.raises(RuntimeError, match="has no rows"):
        load([], notebook=notebook, snapshot_at="2")
    with pytest.raises(RuntimeError, match="snapshot_at"):
        load([row(2, 1)], notebook=notebook)
    assert load(notebook=notebook) == before


@HISTORIES.loads([row(1, 1), row(1, 4, city="b"), row(None, 2)], [row(1, 2), row(1, 6, gone=True)])
@pytest.mark.proves("P40")
def test_p40_loading_all_again_writes_nothing(mine):
    """P40: twice is once; not one data file is written anew for all that was ever loaded."""
    assert len(mine.after[2]) == 3
    assert mine.after[-1] == mine.after[-2]
    assert mine.hashes[0] == mine.hashes[1]
    assert mine.files[0] == mine.files[1]
    assert "0 rows inserted, 0 rows updated, 0 rows deleted" in mine.said


@HISTORIES.loads(
    [row(1, 1), row(None, 1), row(1, 9, city="b")], [row(1, 5, city="c"), row(2, 1)], show=SURROGATE
)
@pytest.mark.proves("P42")
def test_p42_surrogate_key_is_stable(after):
    """P42: a version keeps its surrogate key while others come; no two have the same."""
    assert len(after[1]) == 3
    assert set(after[1]) <= set(after[2])
    assert len({sk for _, _, sk in after[2]}) == len(after[2]) == 5


@pytest.mark.proves("P43")
def test_p43_new_tracked_column(compile_sheet, lake, load):
    """P43: a new column of the sheet is refused, or added if the option says so."""
    small = SHEET.replace("a.b.people,city,a.c.people,city,,tracked\n", "")
    lake.write(SOURCE, COLUMNS, [row(1, 1)])
    compile_sheet(small, "scd2", deleted="gone").run()
    with pytest.raises(RuntimeError, match="lacks the mapped columns: city"):
        compile_sheet(SHEET, "scd2", deleted="gone").run()
    notebook = compile_sheet(SHEET, "scd2", deleted="gone", add_columns="true")
    assert load([row(1, 4)], notebook=notebook) == [
        (1, "ann", None, 0, 1, 4, False),
        (1, "ann", "ulm", 0, 4, None, True),
    ]


def test_row_without_sequence_is_refused(load):
    """Nobody can say when such a row was true."""
    with pytest.raises(RuntimeError, match="1 rows have no changed"):
        load([row(1, None), row(2, 1)])


@pytest.mark.proves("P07")
def test_names_as_wished(compile_sheet, lake):
    """Names with dots, quotes and backticks; the columns that the pattern adds may be SQL's words."""
    names = {"c.people,id": "c.people,`the.id`", "c.people,city": 'c.people,"the""city"'}
    sheet = SHEET
    for plain, odd in names.items():
        sheet = sheet.replace(plain, odd)
    added = {"valid_from": "from", "valid_to": "to", "is_current": "select"}
    notebook = compile_sheet(sheet, "scd2", deleted="gone", surrogate_key="order", **added)
    for city, time in (("a", 1), ("b", 2)):
        lake.write(SOURCE, COLUMNS, [row(1, time, city=city)])
        notebook.run()
    columns = ("`the.id`", 'the"city', "from", "to", "select")
    assert lake.rows(PEOPLE, *columns) == [(1, "a", 1, 2, False), (1, "b", 2, None, True)]


def model(rows: list[tuple]) -> list[tuple]:
    """Return the history of all rows at once, told in the plainest way."""
    keys: dict = {}
    for key, name, city, login, changed, gone in rows:
        keys.setdefault(key, {}).setdefault(changed, []).append((gone, name, city, login))
    history = []
    for key, times in keys.items():
        versions: list[list] = []
        latest = None
        for time in sorted(times):
            gone, name, city, login = max(
                times[time], key=lambda v: [(x is not None, x) for x in v]
            )
            is_open = versions and versions[-1][3] is None
            if gone:
                if is_open:
                    versions[-1][3] = time
                continue
            latest = login
            if is_open and versions[-1][:2] == [name, city]:
                continue
            if is_open:
                versions[-1][3] = time
            versions.append([name, city, time, None])
        history += [(key, n, c, latest, start, end, end is None) for n, c, start, end in versions]
    return history


def by_text(rows: list[tuple]) -> list[str]:
    """Order rows of mixed values."""
    return sorted(map(repr, rows))


def batches_of(seed: int) -> list[list[tuple]]:
    """Return rows of 300 random keys: each key's first, then the others cut into three batches.

    Deletions have times of their own: in a conflict at one time the deletion wins, and the
    untracked values of the row that lost are forgotten. Each key is known before it is deleted.
    """
    rnd = random.Random(seed)
    keys = [None, *range(299)]
    rows = []
    for key in keys:
        for _ in range(rnd.randrange(1, 8)):
            values = (rnd.choice("ab"), rnd.choice(["x", None]), rnd.randrange(3))
            rows.append((key, *values, 2 * rnd.randrange(5), False))
        if rnd.random() < 0.5:
            rows.append(row(key, 2 * rnd.randrange(5) + 1, gone=True))
    rnd.shuffle(rows)
    return [[row(key, -2) for key in keys], *(rows[n::3] for n in range(3))]


@pytest.mark.parametrize(
    "seed", [pytest.param(n, marks=HISTORIES.loads(*batches_of(n))) for n in range(2)]
)
@pytest.mark.proves("P41", "P42")
def test_p41_p42_any_order_gives_the_same_history(after, seed):
    """P41, P42: random keys, cut into batches at random: always the history of the model."""
    batches = batches_of(seed)
    for number in range(1, len(batches) + 1):
        assert by_text(after[number]) == by_text(model(sum(batches[:number], [])))
    versions = {}
    for key, _, _, _, start, end, current in after[-1]:
        assert current == (end is None) and (end is None or start < end)
        versions.setdefault(key, []).append((start, end))
    for spans in versions.values():
        spans.sort()
        assert all(end is not None and end <= nxt for (_, end), (nxt, _) in zip(spans, spans[1:]))
    assert after[-1] == after[-2]
