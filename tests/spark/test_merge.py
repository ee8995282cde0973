"""MERGE: one row a key, always the latest, and no work where nothing changed."""

from decimal import Decimal

import pytest

from shared import Shared, changed, listening
from support import at, messages

ITEMS = "shop.bronze.order_items"
PRODUCTS = "shop.bronze.products"
LINES = "shop.silver.order_lines"
ITEM_COLUMNS = (
    "order_id int, line_no int, product_id int, quantity int, unit_price decimal(8,3),"
    " changed_at timestamp"
)
DAY = [at(f"2024-01-0{n}") for n in range(1, 6)]
PRICE = Decimal("2.505")
FIRST = [
    (1, 1, 10, 2, PRICE, DAY[0]),
    (1, 2, 11, 1, PRICE, DAY[0]),
    (2, 1, 99, 1, None, DAY[0]),
]

# A key, a value, the order of versions, and a column that differs in every run.
PEOPLE_SHEET = """
source_table,source_column,target_table,target_column,transformation,role
a.b.people,id,a.c.people,id,,key
a.b.people,name,a.c.people,name,,
a.b.people,version,a.c.people,version,,sequence
a.b.people,,a.c.people,loaded_at,current_timestamp(),
"""
SOURCE = "a.b.people"
PEOPLE = "a.c.people"
COLUMNS = "id int, name string, version int"
UNORDERED_SHEET = PEOPLE_SHEET.replace("sequence", "")

NAMES = ("id", "name", "version")
# What tests bring whose rows have an order.
ORDERED = Shared(PEOPLE_SHEET, "merge", COLUMNS, NAMES)


@pytest.fixture
def lines(compile_sheet, lake):
    """The sample sheet, ordered by changed_at, and its products."""
    lake.write(PRODUCTS, "product_id int, name string", [(10, "red shoe"), (11, "hat")])
    return compile_sheet("order_lines_merge.csv", "merge", order_by="changed_at")


@pytest.fixture
def people(compile_sheet):
    """The small sheet, where the role sequence names the order column."""
    return compile_sheet(PEOPLE_SHEET, "merge")


def names(lake) -> list[tuple]:
    """Return the rows without the time of loading."""
    return lake.rows(PEOPLE, *NAMES)


def test_sample_values(lines, lake, ansi, caplog):
    """Every column of the sample follows its rule; a line without product stays (left join)."""
    lake.write(ITEMS, ITEM_COLUMNS, FIRST)
    lines.run()
    assert lake.rows(LINES) == [
        (1, 1, "Red Shoe", 2, Decimal("5.01"), DAY[0]),
        (1, 2, "Hat", 1, Decimal("2.51"), DAY[0]),
        (2, 1, None, 1, None, DAY[0]),
    ]
    assert lake.types(LINES) == {
        "order_id": "bigint",
        "line_no": "int",
        "product_name": "string",
        "quantity": "int",
        "line_amount": "decimal(12,2)",
        "changed_at": "timestamp",
    }
    assert lake.comments(LINES) == {
        "order_id": "order of the line",
        "line_no": "position within the order",
        "changed_at": "latest wins",
    }
    assert f"{lake.where(LINES)}: 3 rows inserted, 0 rows updated" in messages(caplog)


@pytest.mark.proves("P26", "P29")
def test_p26_p29_second_run_writes_nothing(lines, lake, caplog):
    """P26, P29: running twice is running once, and not one data file is written anew."""
    lake.create(ITEMS, ITEM_COLUMNS, FIRST)
    lines.run()
    rows, files = lake.hash(LINES), lake.files(LINES)
    caplog.clear()
    lines.run()
    assert lake.hash(LINES) == rows
    assert lake.files(LINES) == files
    assert f"{lake.where(LINES)}: 0 rows inserted, 0 rows updated" in messages(caplog)


def test_changed_source_updates_and_inserts(lines, lake, caplog):
    """A changed row is updated, a new one inserted, one that left the source stays."""
    lake.write(ITEMS, ITEM_COLUMNS, FIRST)
    lines.run()
    lake.write(
        ITEMS,
        ITEM_COLUMNS,
        [(1, 1, 10, 5, PRICE, DAY[1]), FIRST[1], (3, 1, 11, 1, PRICE, DAY[1])],
    )
    caplog.clear()
    lines.run()
    assert lake.rows(LINES, "order_id", "line_no", "quantity") == [
        (1, 1, 5),
        (1, 2, 1),
        (2, 1, 1),
        (3, 1, 1),
    ]
    assert f"{lake.where(LINES)}: 1 rows inserted, 1 rows updated" in messages(caplog)


def test_change_of_a_joined_table_arrives(lines, lake):
    """A product is renamed while its order lines keep their changed_at: the name is updated."""
    lake.write(ITEMS, ITEM_COLUMNS, FIRST)
    lines.run()
    lake.write(PRODUCTS, "product_id int, name string", [(10, "blue shoe"), (11, "hat")])
    lines.run()
    assert lake.rows(LINES, "product_name") == [(None,), ("Blue Shoe",), ("Hat",)]


@pytest.mark.proves("P24")
def test_p24_composite_key(lines, lake):
    """P24: rows are one row only if all key columns agree."""
    lake.write(ITEMS, ITEM_COLUMNS, FIRST)
    lines.run()
    lake.write(ITEMS, ITEM_COLUMNS, [(2, 2, 10, 9, PRICE, DAY[0])])
    lines.run()
    assert lake.rows(LINES, "order_id", "line_no") == [(1, 1), (1, 2), (2, 1), (2, 2)]


def test_fan_out_by_a_join_is_refused(lines, lake):
    """Two products of one id would double an order line: refused with the key of the line."""
    lake.write(ITEMS, ITEM_COLUMNS, FIRST)
    lake.write(PRODUCTS, "product_id int, name string", [(10, "shoe"), (10, "boot")])
    with pytest.raises(RuntimeError, match=r"'order_id': 1, 'line_no': 1"):
        lines.run()
    assert lake.rows(LINES) == []


@ORDERED.loads([(1, "old", 1), (1, "new", 2), (1, "null", None), (2, "x", None)])
@pytest.mark.proves("P22")
def test_p22_the_latest_row_of_a_batch_wins(after):
    """P22: of several rows of a key the highest order value wins; NULL is the oldest."""
    assert after[1] == [(1, "new", 2), (2, "x", None)]


@ORDERED.loads([(1, "a", 1), (1, "a", 1)])
@pytest.mark.proves("P22")
def test_p22_equal_rows_of_a_batch_become_one(after):
    """P22: a row that comes twice with the same values is no contradiction."""
    assert after[1] == [(1, "a", 1)]


@ORDERED.loads()
@pytest.mark.proves("P22")
def test_p22_a_tie_is_refused(mine):
    """P22: different values with the same order value have no winner: refused with the key."""
    with pytest.raises(RuntimeError, match=r"more than once[^{]*\{[^{]*'id': 1\}$"):
        mine.load([(1, "a", 1), (1, "b", 1), (2, "c", 1)])
    assert mine.rows() == []


@pytest.mark.proves("P22")
def test_p22_without_order_column_duplicates_are_refused(compile_sheet, lake):
    """P22: no order column, so no row of a repeated key can be chosen; up to 20 are listed."""
    notebook = compile_sheet(UNORDERED_SHEET, "merge")
    lake.write(SOURCE, COLUMNS, [(n, name, 1) for n in range(30) for name in "ab"])
    with pytest.raises(RuntimeError, match="more than once") as refused:
        notebook.run()
    assert str(refused.value).count("'id'") == 20
    assert names(lake) == []


@pytest.mark.proves("P23")
def test_p23_duplicates_in_the_target_are_refused(people, lake):
    """P23: a key that the target holds twice stops the run before the MERGE, with the key."""
    lake.write(SOURCE, COLUMNS, [(1, "a", 1), (2, "b", 1)])
    people.run()
    lake.read(PEOPLE).where("id = 2").write.format("delta").mode("append").saveAsTable(
        lake.where(PEOPLE)
    )
    before = lake.hash(PEOPLE)
    lake.write(SOURCE, COLUMNS, [(1, "changed", 2)])
    with pytest.raises(RuntimeError, match=r"c_people: .*more than once.*\{'id': 2\}$"):
        people.run()
    assert lake.hash(PEOPLE) == before


@ORDERED.loads([(None, "a", 1)], [(None, "a", 1)], [(None, "b", 2)])
@pytest.mark.proves("P25")
def test_p25_null_keys_are_not_inserted_twice(after):
    """P25: NULL is a key like any other: found again, updated, never doubled."""
    assert after[1] == after[2] == [(None, "a", 1)]
    assert after[3] == [(None, "b", 2)]


@pytest.mark.proves("P25")
def test_p25_duplicate_null_keys_are_refused(compile_sheet, lake):
    """P25: two different rows without a key are two rows of the same key."""
    notebook = compile_sheet(UNORDERED_SHEET, "merge")
    lake.write(SOURCE, COLUMNS, [(None, "a", 1), (None, "b", 1)])
    with pytest.raises(RuntimeError, match=r"'id': None"):
        notebook.run()


# What a value was and what it becomes.
CHANGES = [("a", None), (None, "a"), ("a", "b"), ("a", "a"), (None, None)]


@pytest.mark.proves("P11", "P26")
def test_p26_update_only_if_changed(compile_sheet, lake):
    """P03, P26: NULL to value and value to NULL are changes, NULL to NULL is none.

    The time of loading is written with a change and is none itself.
    """
    notebook = compile_sheet(UNORDERED_SHEET, "merge")
    lake.write(SOURCE, COLUMNS, [(n, before, 1) for n, (before, _) in enumerate(CHANGES)])
    notebook.run()
    first = dict(lake.rows(PEOPLE, "id", "loaded_at"))
    lake.write(SOURCE, COLUMNS, [(n, after, 1) for n, (_, after) in enumerate(CHANGES)])
    notebook.run()
    assert names(lake) == [(n, after, 1) for n, (_, after) in enumerate(CHANGES)]
    second = dict(lake.rows(PEOPLE, "id", "loaded_at"))
    written = [second[n] > first[n] for n in range(len(CHANGES))]
    assert written == [before != after for before, after in CHANGES]


BATCHES = [
    [(1, "a1", 1), (2, "b3", 3), (3, "c1", 1)],
    [(1, "a2", 2), (2, "b2", 2), (4, "d1", 1), (3, None, 2)],
    [(1, "a0", None), (2, "b9", 9)],
]
FINAL = [(1, "a2", 2), (2, "b9", 9), (3, None, 2), (4, "d1", 1)]


@pytest.mark.parametrize(
    "order",
    [
        pytest.param("forth", marks=ORDERED.loads(*BATCHES)),
        pytest.param("back", marks=ORDERED.loads(*BATCHES[::-1])),
    ],
)
@pytest.mark.proves("P30")
def test_p30_batches_in_any_order(after, order):
    """P30: an older row never overwrites a newer one, so the order of batches is no matter."""
    assert after[3] == after[-1] == FINAL, order


@ORDERED.loads([(1, "a", 1)])
@pytest.mark.proves("P01", "P02")
def test_p01_p02_empty_source_and_single_row(mine):
    """P01, P02: nothing to merge makes or leaves the table; a single row arrives."""
    assert mine.after[0] == []
    assert mine.after[1] == [(1, "a", 1)]
    files = mine.lake.files(PEOPLE)
    assert mine.load([]) == [(1, "a", 1)]
    assert mine.lake.files(PEOPLE) == files


@ORDERED.loads([(1, "a", 1), (2, "b", 1)], [(1, "b", 2)])
@pytest.mark.proves("P26", "P29")
def test_p26_p29_loading_all_again_writes_nothing(mine):
    """P26, P29: twice is once; not one data file is written anew for all that was ever loaded."""
    assert mine.after[2] == mine.after[-1] == [(1, "b", 2), (2, "b", 1)]
    assert mine.hashes[0] == mine.hashes[1]
    assert mine.files[0] == mine.files[1]
    assert "0 rows inserted, 0 rows updated" in mine.said


@pytest.mark.proves("P04", "P05")
def test_p04_p05_layouts_do_not_matter(people, lake):
    """P04, P05: source and target may have other column orders and further columns."""
    lake.create(
        PEOPLE,
        "note string, loaded_at timestamp, version int, name string, id int",
        [("keep", DAY[0], 1, "a", 1)],
    )
    rows = [(0, 2, "b", 1), (0, 1, "c", 2)]
    lake.write(SOURCE, "extra int, version int, name string, id int", rows)
    people.run()
    assert lake.rows(PEOPLE, "id", "name", "note") == [(1, "b", "keep"), (2, "c", None)]


@pytest.mark.proves("P06")
def test_p06_missing_columns(people, lake):
    """P06: a column missing in the source, or in the target, is named before anything is done."""
    lake.write(SOURCE, "id int, version int", [(1, 1)])
    with pytest.raises(RuntimeError, match="b_people lacks the mapped columns: name"):
        people.run()
    assert not lake.exists(PEOPLE)
    lake.write(SOURCE, COLUMNS, [(1, "a", 1)])
    lake.create(PEOPLE, "id int, version int", [(1, 1)])
    with pytest.raises(RuntimeError, match="c_people lacks the mapped columns: name, loaded_at"):
        people.run()
    assert lake.rows(PEOPLE) == [(1, 1)]


@pytest.mark.proves("P07")
def test_p07_odd_names(compile_sheet, lake):
    """P07: keys, order column and other columns may have names that need quotes everywhere."""
    notebook = compile_sheet(
        """
source_table,source_column,target_table,target_column,transformation,role
a.b.odd,line no,a.c.odd,line-no,,key
a.b.odd,`a.b`,a.c.odd,`key.two`,,key
a.b.odd,select,a.c.odd,order,,sequence
a.b.odd,größe,a.c.odd,`größe``x`,,
""",
        "merge",
    )
    columns = "`line no` int, `a.b` string, `select` int, `größe` int"
    lake.write("a.b.odd", columns, [(1, "a", 1, 1), (1, "a", 2, 5), (2, "a", 1, 1)])
    notebook.run()
    files = lake.files("a.c.odd")
    notebook.run()
    assert lake.files("a.c.odd") == files
    lake.write("a.b.odd", columns, [(2, "a", 2, 7), (1, "a", 1, 9)])
    notebook.run()
    assert lake.read("a.c.odd").columns == ["line-no", "key.two", "order", "größe`x"]
    assert lake.rows("a.c.odd") == [(1, "a", 2, 5), (2, "a", 2, 7)]


def test_only_keys(compile_sheet, lake):
    """A sheet of nothing but keys inserts what is missing and has nothing to update."""
    notebook = compile_sheet(
        """
source_table,source_column,target_table,target_column,transformation,role
a.b.people,id,a.c.people,id,,key
a.b.people,,a.c.people,loaded_at,current_timestamp(),
""",
        "merge",
    )
    lake.write(SOURCE, "id int", [(1,)])
    notebook.run()
    first = lake.rows(PEOPLE)
    lake.write(SOURCE, "id int", [(1,), (2,)])
    notebook.run()
    assert lake.rows(PEOPLE, "id") == [(1,), (2,)]
    assert first[0] in lake.rows(PEOPLE)


def test_several_targets(compile_sheet, lake):
    """Each target has its own keys; the second reads what the first has just merged."""
    notebook = compile_sheet(
        """
source_table,source_column,target_table,target_column,transformation,role
a.b.people,id,a.c.people,id,,key
a.b.people,name,a.c.people,name,upper(name),
a.c.people,name,/Volumes/a/d/names,name,,key
a.c.people,id,/Volumes/a/d/names,id,,
""",
        "merge",
    )
    lake.write(SOURCE, COLUMNS, [(1, "a", 1), (2, "b", 1)])
    notebook.run()
    lake.write(SOURCE, COLUMNS, [(1, "c", 1)])
    notebook.run()
    assert lake.rows(PEOPLE) == [(1, "C"), (2, "B")]
    assert lake.rows("/Volumes/a/d/names") == [("A", 1), ("B", 2), ("C", 1)]


def test_keys_are_required_and_stable(compile_sheet):
    """A MERGE without a key, or with one that differs from run to run, is refused."""
    assert compile_sheet.refuse(PEOPLE_SHEET.replace(",key", ","), "merge")
    assert compile_sheet.refuse(PEOPLE_SHEET, "merge", keys="loaded_at")
    assert compile_sheet.refuse(PEOPLE_SHEET, "merge", order_by="loaded_at")


DELETIONS_SHEET = PEOPLE_SHEET + "a.b.people,gone,a.c.people,gone,,\n"
DELETION_COLUMNS = f"{COLUMNS}, gone boolean"


# Delta may keep the rows of a MERGE aside before it starts; it decides by itself.
KEPT_ASIDE = "spark.databricks.delta.merge.materializeSource"
WITH_DELETIONS = {
    kept: Shared(
        DELETIONS_SHEET,
        "merge",
        DELETION_COLUMNS,
        NAMES,
        settings={KEPT_ASIDE: kept},
        again=slice(-1, None),
        deleted="gone",
    )
    for kept in ("auto", "none")
}


def with_deletions(*batches: list[tuple]):
    """Mark a test with rows and deletions that it brings; it runs in both ways of a MERGE."""
    ways = [pytest.param(k, marks=shared.loads(*batches)) for k, shared in WITH_DELETIONS.items()]
    return pytest.mark.parametrize("kept_aside", ways)


@with_deletions(
    [(n, "a", 1, None) for n in (1, 2, None)],
    [(1, "a", 2, True), (None, "x", 2, True), (3, "b", 1, True)],
)
@pytest.mark.proves("P27")
def test_p27_flagged_rows_are_deleted(mine, kept_aside):
    """P27: a flagged row is deleted, one that was never there is not inserted; the flag stays out."""
    assert mine.after[1] == [(None, "a", 1), (1, "a", 1), (2, "a", 1)]
    assert mine.after[2] == [(2, "a", 1)]
    assert "gone" not in mine.lake.read(PEOPLE).columns, kept_aside


@with_deletions([(1, "a", 5, False), (2, "b", 5, False)], [(1, "a", 4, True), (2, "b", 5, True)])
@pytest.mark.proves("P27", "P30")
def test_p27_an_old_deletion_deletes_nothing_newer(after, kept_aside):
    """P27, P30: a deletion older than the stored row is late."""
    assert after[2] == [(1, "a", 5)], kept_aside


@with_deletions(
    [(1, "a", 1, False), (2, "b", 1, False)],
    [(1, "a", 2, True), (2, "c", 2, False), (4, "d", 1, None)],
)
@pytest.mark.proves("P27")
def test_p27_the_log_counts_deletions(mine, kept_aside):
    """P27: the log says how many rows were deleted; the same batch again deletes none."""
    assert mine.after[2] == mine.after[-1] == [(2, "c", 2), (4, "d", 1)]
    batch = [(2, "b", 3, True), (3, "c", 1, True)]
    with listening() as said:
        mine.load(batch)
    assert "0 rows inserted, 0 rows updated, 1 rows deleted" in "\n".join(said), kept_aside
    files = mine.lake.files(PEOPLE)
    assert mine.load(batch) == [(4, "d", 1)]
    assert mine.lake.files(PEOPLE) == files


@ORDERED.loads([(1, "a", 1), (2, "b", 1)], [(1, "a", 1)])
@pytest.mark.proves("P28")
def test_p28_rows_that_vanished_stay(after):
    """P28: by default a row that the source no longer has stays."""
    assert after[2] == [(1, "a", 1), (2, "b", 1)]


@pytest.fixture(params=["auto", "none"])
def materialize(request, spark):
    """Let Delta keep the rows of a MERGE aside before it starts, or never do so."""
    with changed(spark.conf, {KEPT_ASIDE: request.param}):
        yield


@pytest.mark.proves("P28")
def test_p28_rows_that_vanished_are_deleted(compile_sheet, lake, materialize, caplog):
    """P28: with complete batches it is deleted; an empty batch is refused."""
    notebook = compile_sheet(PEOPLE_SHEET, "merge", vanished="delete")
    lake.write(SOURCE, COLUMNS, [(1, "a", 1), (2, "b", 1), (None, "c", 1)])
    notebook.run()
    lake.write(SOURCE, COLUMNS, [(1, "z", 2), (3, "d", 1)])
    caplog.clear()
    notebook.run()
    assert names(lake) == [(1, "z", 2), (3, "d", 1)]
    assert "1 rows inserted, 1 rows updated, 2 rows deleted" in messages(caplog)
    files = lake.files(PEOPLE)
    notebook.run()
    assert lake.files(PEOPLE) == files
    lake.write(SOURCE, COLUMNS, [])
    with pytest.raises(RuntimeError, match="have no rows"):
        notebook.run()
    assert names(lake) == [(1, "z", 2), (3, "d", 1)]


def test_nulls_leave_the_stored_value(compile_sheet, lake):
    """NULL in a batch changes nothing, in a new row it is NULL; twice is once."""
    notebook = compile_sheet(PEOPLE_SHEET, "merge", ignore_nulls="true")
    lake.write(SOURCE, COLUMNS, [(1, "a", 1), (2, "b", 1)])
    notebook.run()
    lake.write(SOURCE, COLUMNS, [(1, None, 2), (2, "c", 2), (3, None, 1)])
    notebook.run()
    assert names(lake) == [(1, "a", 2), (2, "c", 2), (3, None, 1)]
    files = lake.files(PEOPLE)
    notebook.run()
    assert lake.files(PEOPLE) == files


def test_columns_that_the_target_lacks(compile_sheet, lake):
    """A new column of the sheet is refused, or added with its comment if the option says so."""
    lake.write(SOURCE, COLUMNS, [(1, "a", 1)])
    compile_sheet(PEOPLE_SHEET.replace("a.b.people,name,a.c.people,name,,\n", ""), "merge").run()
    with pytest.raises(RuntimeError, match="lacks the mapped columns: name"):
        compile_sheet(PEOPLE_SHEET, "merge").run()
    notebook = compile_sheet(PEOPLE_SHEET, "merge", add_columns="true")
    notebook.run()
    notebook.run()
    assert names(lake) == [(1, "a", 1)]
    assert lake.read(PEOPLE).columns == ["id", "version", "loaded_at", "name"]
