"""Incremental append: what is new arrives once, and nothing that is there changes."""

from datetime import datetime
from decimal import Decimal

import pytest

from shared import Shared
from support import SAMPLES, at, messages

BRONZE = "shop.bronze.orders"
SILVER = "shop.silver.orders"
COLUMNS = "order_id int, customer_ref string, status string, updated_at string"

# The sample sheet of this pattern: key order_id, watermark updated_at.
SHEET = (SAMPLES / "orders_incremental.csv").read_text(encoding="utf-8")
SHOWN = ("order_id", "status", "updated_at")
ORDERS = Shared(SHEET, "incremental", COLUMNS, SHOWN)
# Whatever is late, or has no watermark, is loaded; or the latter is left out.
ALL_ORDERS = Shared(SHEET, "incremental", COLUMNS, SHOWN, late_rows="load", null_watermark="load")
MARKED_ORDERS = Shared(SHEET, "incremental", COLUMNS, SHOWN, null_watermark="skip")

FIRST = [
    (1, "7", "C", "2024-01-01 10:00:00"),
    (2, "8", None, "2024-01-01 11:00:00.123456"),
]


@pytest.fixture
def orders(compile_sheet):
    """The sample sheet of this pattern."""
    return compile_sheet("orders_incremental.csv", "incremental")


@pytest.mark.proves("P21")
def test_sample_values_p21(orders, lake, ansi, caplog):
    """P21: the first run makes the target and loads everything, every column by its rule."""
    lake.write(BRONZE, COLUMNS, FIRST + [(3, "9", " New ", "2024-01-01 09:00:00")])
    orders.run()
    assert lake.rows(SILVER) == [
        (1, 7, "closed", at("2024-01-01 10:00:00"), "shop"),
        (2, 8, "unknown", at("2024-01-01 11:00:00.123456"), "shop"),
        (3, 9, "new", at("2024-01-01 09:00:00"), "shop"),
    ]
    assert f"{lake.where(SILVER)}: 3 rows inserted" in messages(caplog)


@pytest.mark.proves("P21")
def test_p21_first_run_on_an_existing_empty_target(orders, lake):
    """P21: an empty table with another column order and a further column is filled by name."""
    lake.write(BRONZE, COLUMNS, FIRST[:1])
    lake.create(
        SILVER,
        "source_system string, note string, updated_at timestamp, status string,"
        " customer_id bigint, order_id int",
    )
    orders.run()
    assert lake.rows(SILVER) == [("shop", None, at("2024-01-01 10:00:00"), "closed", 7, 1)]


@pytest.mark.proves("P17")
def test_p17_second_run_adds_nothing(orders, lake, caplog):
    """P17: running twice is running once: same rows, same data files, and the log says so."""
    lake.create(BRONZE, COLUMNS, FIRST)
    orders.run()
    rows, files = lake.hash(SILVER), lake.files(SILVER)
    caplog.clear()
    orders.run()
    assert lake.hash(SILVER) == rows
    assert lake.files(SILVER) == files
    assert f"{lake.where(SILVER)}: 0 rows inserted" in messages(caplog)


NEWER = (1, "7", "open", "2024-01-02 00:00:00")
LATE = (3, "9", "late", "2023-12-31 00:00:00")
CLOSED = (1, "closed", at("2024-01-01 10:00:00"))
UNKNOWN = (2, "unknown", at("2024-01-01 11:00:00.123456"))


@ORDERS.loads(FIRST, FIRST, [*FIRST, NEWER])
def test_changed_source_adds_only_what_is_new(after):
    """A newer version of an order is a row of its own; the older one stays as it was."""
    assert after[2] == [CLOSED, UNKNOWN]
    assert after[3] == after[-1] == [CLOSED, (1, "open", at("2024-01-02 00:00:00")), UNKNOWN]


@ORDERS.loads(FIRST, [*FIRST, (3, "9", "x", FIRST[1][3])])
@pytest.mark.proves("P18")
def test_p18_rows_with_the_highest_watermark_are_not_lost(after):
    """P18: a row that arrives later with the very watermark that was the highest is loaded."""
    assert after[1] == [CLOSED, UNKNOWN]
    assert after[2] == [CLOSED, UNKNOWN, (3, "x", UNKNOWN[2])]


@pytest.mark.parametrize(
    ("late_rows", "want"),
    [
        pytest.param("ignore", [], marks=ORDERS.loads(FIRST, [*FIRST, LATE])),
        pytest.param(
            "load",
            [(3, "late", at("2023-12-31 00:00:00"))],
            marks=ALL_ORDERS.loads(FIRST, [*FIRST, LATE]),
        ),
    ],
)
@pytest.mark.proves("P19")
def test_p19_late_rows(after, late_rows, want):
    """P19: rows older than the watermark are ignored or loaded, as declared; twice is once."""
    assert after[2] == after[-1] == [CLOSED, UNKNOWN, *want], late_rows


@pytest.mark.proves("P20")
def test_p20_rows_without_watermark_are_refused(orders, lake):
    """P20: by default they stop the run with their number, and nothing is written."""
    lake.write(BRONZE, COLUMNS, FIRST + [(3, "9", "x", None), (4, "9", "x", None)])
    with pytest.raises(RuntimeError, match="2 source rows have no"):
        orders.run()
    assert lake.rows(SILVER) == []


UNMARKED = (3, "9", "x", None)


@pytest.mark.parametrize(
    ("policy", "want"),
    [
        pytest.param("skip", [], marks=MARKED_ORDERS.loads([*FIRST, UNMARKED])),
        pytest.param("load", [(3, "x", None)], marks=ALL_ORDERS.loads([*FIRST, UNMARKED])),
    ],
)
@pytest.mark.proves("P20")
def test_p20_rows_without_watermark_by_choice(after, policy, want):
    """P20: they are left out or loaded, as declared; a second run adds nothing either way."""
    assert after[1] == after[-1] == [CLOSED, UNKNOWN, *want], policy


@ALL_ORDERS.loads(FIRST, [*FIRST, UNMARKED])
@pytest.mark.proves("P20")
def test_p20_rows_without_watermark_arrive_later(after):
    """P20: with load, such a row is also loaded when the target has a watermark already."""
    assert after[1] == [CLOSED, UNKNOWN]
    assert after[2] == after[-1] == [CLOSED, UNKNOWN, (3, "x", None)]


@ORDERS.loads(FIRST + FIRST)
def test_equal_rows_of_a_batch_become_one(after):
    """A row that the source delivers twice is loaded once."""
    assert after[1] == [CLOSED, UNKNOWN]


def test_contradicting_rows_of_a_batch_are_refused(orders, lake):
    """Same key and watermark with different values: refused with the key, nothing is written."""
    lake.write(BRONZE, COLUMNS, FIRST + [(1, "7", "other", "2024-01-01 10:00:00")])
    with pytest.raises(RuntimeError, match=r"more than once.*'order_id': 1"):
        orders.run()
    assert lake.rows(SILVER) == []


WITHOUT_KEY = (None, "8", None, FIRST[1][3])


@ORDERS.loads([WITHOUT_KEY], [WITHOUT_KEY])
def test_null_keys_are_not_inserted_twice(after):
    """A row whose key is NULL is found again in the target like any other."""
    assert after[1] == after[2] == [(None, *UNKNOWN[1:])]


@ORDERS.loads(FIRST)
@pytest.mark.proves("P01")
def test_p01_empty_source(mine):
    """P01: without rows the first run makes the table, a later one leaves it alone."""
    assert mine.after[0] == []
    assert mine.after[1] == [CLOSED, UNKNOWN]
    files = mine.lake.files(SILVER)
    assert mine.load([]) == [CLOSED, UNKNOWN]
    assert mine.lake.files(SILVER) == files


@pytest.mark.proves("P02", "P04", "P05")
def test_p04_p05_source_layout_does_not_matter(orders, lake):
    """P02, P04, P05: one row, columns in another order, a further column."""
    lake.write(
        BRONZE,
        "updated_at string, extra int, status string, customer_ref string, order_id int",
        [("2024-01-01 10:00:00", 5, "C", "7", 1)],
    )
    orders.run()
    assert lake.rows(SILVER) == [(1, 7, "closed", at("2024-01-01 10:00:00"), "shop")]


@pytest.mark.proves("P06")
def test_p06_missing_source_column(orders, lake):
    """P06: the run stops before the target is made and names the column."""
    lake.write(BRONZE, "order_id int, customer_ref string, status string", [(1, "7", "C")])
    with pytest.raises(RuntimeError, match="lacks the mapped columns: updated_at"):
        orders.run()
    assert not lake.exists(SILVER)


def test_target_without_a_mapped_column_is_refused(orders, lake):
    """A column of the sheet that the target lacks is named; it is not dropped silently."""
    lake.write(BRONZE, COLUMNS, FIRST)
    lake.create(SILVER, "order_id int, customer_id bigint, status string, updated_at timestamp")
    with pytest.raises(RuntimeError, match="silver_orders lacks the mapped columns: source_system"):
        orders.run()
    assert lake.rows(SILVER) == []


# No key: a row is known by all columns that do not change from run to run.
EVENTS_SHEET = """
source_table,source_column,target_table,target_column,transformation,role
a.b.events,id,a.c.events,id,,watermark
a.b.events,kind,a.c.events,kind,lower(kind),
a.b.events,,a.c.events,loaded_at,current_timestamp(),
"""


def test_without_key_all_stable_columns_count(compile_sheet, lake):
    """P03: without a key, rows that differ anywhere are different rows, NULLs compare equal,
    and a column that changes with every run makes no difference.
    """
    notebook = compile_sheet(EVENTS_SHEET, "incremental")
    rows = [(1, "A"), (1, "a"), (1, None), (2, None)]
    lake.write("a.b.events", "id bigint, kind string", rows)
    notebook.run()
    first = lake.hash("a.c.events")
    notebook.run()
    assert lake.hash("a.c.events") == first
    lake.write("a.b.events", "id bigint, kind string", rows + [(2, "b")])
    notebook.run()
    assert lake.rows("a.c.events", "id", "kind") == [(1, None), (1, "a"), (2, None), (2, "b")]


NUMBERS = [
    ("bigint", 9, 10, 9007199254740993),
    ("decimal(20,2)", Decimal("9.90"), Decimal("10.01"), Decimal("900719925474099301.25")),
]


def kinds_after(notebook, lake, kind, low, middle, high) -> set[str]:
    """Load a row with the middle watermark, then one below, one equal and one above it."""
    lake.write("a.b.events", f"id {kind}, kind string", [(middle, "first")])
    notebook.run()
    rows = [(low, "late"), (middle, "first"), (middle, "tie"), (high, "next")]
    lake.write("a.b.events", f"id {kind}, kind string", rows)
    notebook.run()
    return {row[0] for row in lake.rows("a.c.events", "kind")}


@pytest.mark.parametrize(("kind", "low", "middle", "high"), NUMBERS, ids=lambda v: str(v)[:12])
def test_a_number_as_watermark_is_exact(compile_sheet, lake, kind, low, middle, high):
    """Whatever its type, the highest watermark is not rounded.

    Were it read back too high, the next row would be lost; too low, the late row would be loaded.
    """
    notebook = compile_sheet(EVENTS_SHEET, "incremental")
    kinds = kinds_after(notebook, lake, kind, low, middle, high)
    assert kinds == {"first", "tie", "next"}


@pytest.mark.proves("P10")
def test_p10_a_time_without_zone_as_watermark_is_exact(compile_sheet, lake):
    """P10: such a time is what its text says, to the microsecond."""
    notebook = compile_sheet(EVENTS_SHEET, "incremental")
    low, middle = datetime(2024, 10, 27, 2, 30, 0, 1), datetime(2024, 10, 27, 2, 30, 0, 2)
    high = datetime(2024, 10, 27, 2, 31)
    kinds = kinds_after(notebook, lake, "timestamp_ntz", low, middle, high)
    assert kinds == {"first", "tie", "next"}


@pytest.mark.proves("P10")
def test_p10_the_doubled_hour_loses_nothing(compile_sheet, lake, berlin):
    """P10: 02:30 summer time, 02:30 and 02:31 winter time: no row is lost in Berlin's long hour.

    The watermark may come back as the earlier 02:30, so the late row may be loaded, never less.
    """
    notebook = compile_sheet(EVENTS_SHEET, "incremental")
    low, middle = at("2024-10-27 00:30:00.000001"), at("2024-10-27 01:30:00.000001")
    kinds = kinds_after(notebook, lake, "timestamp", low, middle, at("2024-10-27 01:31:00"))
    assert kinds - {"late"} == {"first", "tie", "next"}


@pytest.mark.proves("P07")
def test_p07_odd_names(compile_sheet, lake):
    """P07: watermark, key and other columns may have names that need quotes everywhere."""
    notebook = compile_sheet(
        """
source_table,source_column,target_table,target_column,transformation,role
a.b.odd,event id,a.c.odd,event-id,,watermark
a.b.odd,`key.part`,a.c.odd,`key.part`,,key
a.b.odd,select,a.c.odd,`größe``x`,,
""",
        "incremental",
    )
    columns = "`event id` int, `key.part` string, `select` int"
    lake.write("a.b.odd", columns, [(1, "a", 1)])
    notebook.run()
    lake.write("a.b.odd", columns, [(1, "a", 1), (1, "b", 2), (2, "a", 3), (0, "z", 0)])
    notebook.run()
    notebook.run()
    assert lake.read("a.c.odd").columns == ["event-id", "key.part", "größe`x"]
    assert lake.rows("a.c.odd") == [(1, "a", 1), (1, "b", 2), (2, "a", 3)]


def test_several_targets_and_paths(compile_sheet, lake):
    """Each target has its own watermark; the second reads what the first has just written."""
    notebook = compile_sheet(
        """
source_table,source_column,target_table,target_column,transformation,data_type,role,filter
/Volumes/a/in/events.csv,id,a.silver.events,id,,BIGINT,watermark,
/Volumes/a/in/events.csv,kind,a.silver.events,kind,,STRING,,
a.silver.events,id,/Volumes/a/out/clicks,n,,BIGINT,watermark,kind = 'click'
""",
        "incremental",
    )
    events = "/Volumes/a/in/events.csv"
    lake.write(events, "id string, kind string", [("9", "click"), ("8", "view")])
    notebook.run()
    lake.write(events, "id string, kind string", [("9", "click"), ("10", "click"), ("11", "view")])
    notebook.run()
    notebook.run()
    assert lake.rows("a.silver.events", "id") == [(10,), (11,), (8,), (9,)]
    assert lake.rows("/Volumes/a/out/clicks") == [(10,), (9,)]


def test_watermark_may_not_change_by_itself(compile_sheet):
    """A watermark or key that differs from run to run would load everything again: refused."""
    sheet = EVENTS_SHEET.replace("kind,lower(kind),", "kind,lower(kind),key")
    assert compile_sheet.refuse(sheet, "incremental", watermark="loaded_at")
    assert compile_sheet.refuse(sheet, "incremental", keys="loaded_at")
    assert compile_sheet.refuse(sheet, "incremental", watermark="nothing")
