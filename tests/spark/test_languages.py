"""Notebooks in SQL and in Scala: what they refuse when they run, and the tables that they make.

That they load what notebooks in Python load is what test_property.py shows.
"""

import pytest

from support import at

SHEET = """
source_table,source_column,target_table,target_column,transformation,role,data_type,comment
a.b.orders,id,a.c.orders,order_id,,key,INT,It's a key
a.b.orders,city,a.c.orders,city,,,STRING,
a.b.orders,seq,a.c.orders,seq,,%s,TIMESTAMP,
"""
UNTYPED = """
source_table,source_column,target_table,target_column,transformation,role
a.b.orders,id,a.c.orders,order_id,,key
a.b.orders,city,a.c.orders,city,,
a.b.orders,seq,a.c.orders,seq,,%s
"""
ROLES = {"full_load": "", "incremental": "watermark", "merge": "sequence", "scd2": "sequence"}
COLUMNS = "id int, city string, seq timestamp"
SOURCE, TARGET = "a.b.orders", "a.c.orders"
T1, T2 = at("2024-01-01"), at("2024-01-02")
OLD = [(1, "ulm", T1)]

every_pattern = pytest.mark.parametrize("pattern", list(ROLES))


def check_refused(lake, notebook, rows: list[tuple], *told: str) -> None:
    """The rows are refused with these words, and the target stays as it is."""
    before = lake.hash(TARGET)
    lake.write(SOURCE, COLUMNS, rows)
    with pytest.raises(Exception) as failure:  # noqa: PT011 - each Spark has its own class
        notebook.run()
    for text in told:
        assert text in str(failure.value)
    assert lake.hash(TARGET) == before


@pytest.fixture(params=["sql", "scala"])
def output(request) -> str:
    """The language of the notebook."""
    return request.param


@pytest.fixture
def loaded(compile_sheet, lake, output):
    """Compile the sheet and load one row."""

    def load(pattern: str, sheet: str = SHEET, **options: str):
        notebook = compile_sheet(sheet % ROLES[pattern], pattern, output=output, **options)
        lake.write(SOURCE, COLUMNS, OLD)
        notebook.run()
        return notebook

    return load


@every_pattern
@pytest.mark.parametrize("sheet", [SHEET, UNTYPED], ids=["typed", "untyped"])
def test_a_new_table(loaded, lake, pattern, sheet, output):
    """It has the layout and comments that the sheet and its options say, and keeps them."""
    options = {"table_comment": "Orders of 'all'", "cluster_by": "city"}
    unclustered = pattern == "full_load" and output == "sql"
    if unclustered:
        options = {"table_comment": "Orders of 'all'", "overwrite_schema": "false"}
    notebook = loaded(pattern, sheet, loaded_at="_at_time", batch_id="_batch", **options)
    notebook.run()
    detail = lake.table(TARGET).detail().first()
    assert detail["clusteringColumns"] == ([] if unclustered else ["city"])
    assert detail["description"] == "Orders of 'all'"
    types = lake.types(TARGET)
    assert (types["order_id"], types["_at_time"], types["_batch"]) == ("int", "timestamp", "string")
    if sheet == SHEET:
        assert lake.comments(TARGET)["order_id"] == "It's a key"
    assert lake.rows(TARGET, "order_id", "city") == [(1, "ulm")]
    notebook.run(batch_id="mine")
    batches = {row[0] for row in lake.rows(TARGET, "_batch")}
    assert batches == {"mine"} if pattern == "full_load" else len(batches) == 1


@every_pattern
def test_partitions(loaded, lake, pattern):
    """The files of a new table are divided; an empty text is NULL there."""
    # The catalog that Spark has in memory cannot replace a table whose last column is no partition.
    lines = SHEET.splitlines(keepends=True)
    city_last = "".join([*lines[:3], lines[4], lines[3]])
    notebook = loaded(pattern, city_last, partition_by="city")
    assert lake.table(TARGET).detail().first()["partitionColumns"] == ["city"]
    assert lake.comments(TARGET)["order_id"] == "It's a key"
    lake.write(SOURCE, COLUMNS, [(2, "", T2)])
    notebook.run()
    before = lake.files(TARGET)
    notebook.run()
    assert (2, None) in lake.rows(TARGET, "order_id", "city")
    assert lake.files(TARGET) == before or pattern == "full_load"


@pytest.mark.parametrize("pattern", ["incremental", "merge"])
def test_repeated_keys(loaded, lake, pattern):
    """They are refused and told, NULL too; nothing is loaded, even where the target is up to date."""
    notebook = loaded(pattern)
    repeated = [(7, "ulm", T2), (7, "bonn", T2), (None, "ulm", T2), (None, "bonn", T2)]
    told = ("New rows for", "more than once", '"order_id":7', '"order_id":null')
    check_refused(lake, notebook, repeated, *told)
    lake.spark.sql(f"INSERT INTO {lake.where(TARGET)} TABLE {lake.where(TARGET)}")
    if pattern == "merge":
        check_refused(lake, notebook, OLD, "more than once", '"order_id":1')


def test_no_watermark(loaded, lake):
    """Rows without one are refused and counted."""
    notebook = loaded("incremental")
    check_refused(
        lake, notebook, [(2, "a", None), (3, "b", None)], "2 source rows have no watermark"
    )


def test_no_time(loaded, lake):
    """A history needs the time of each row."""
    check_refused(lake, loaded("scd2"), [(2, "a", None)], "1 rows have no seq")


@pytest.mark.parametrize(("pattern", "value"), [("merge", "delete"), ("scd2", "close")])
def test_empty_snapshot(loaded, lake, pattern, value):
    """A source without rows is more likely broken than empty."""
    check_refused(lake, loaded(pattern, vanished=value), [], "no rows")


def test_snapshot_at_no_time(loaded, lake):
    """The parameter must say a time."""
    notebook = loaded("scd2", vanished="close")
    lake.write(SOURCE, COLUMNS, [(2, "bonn", T2)])
    before = lake.hash(TARGET)
    with pytest.raises(Exception):  # noqa: B017, PT011 - with ANSI mode it is the cast that fails
        notebook.run(snapshot_at="sometime")
    assert lake.hash(TARGET) == before
    notebook.run(snapshot_at="2024-01-03")
    assert (1, at("2024-01-03"), False) in lake.rows(TARGET, "order_id", "valid_to", "is_current")


@every_pattern
def test_rules(compile_sheet, lake, pattern, output):
    """Rows that break a rule are refused, all rules at once, with how many there are."""
    sheet = SHEET.replace(",comment\n", ",comment,rule\n").replace("a key\n", "a key,> 0; unique\n")
    sheet = sheet.replace("STRING,\n", "STRING,,not null\n")
    notebook = compile_sheet(sheet % ROLES[pattern], pattern, output=output, broken_rules="refuse")
    lake.write(SOURCE, COLUMNS, OLD)
    notebook.run()
    told = ("order_id > 0 (1 rows)", "city not null (2 rows)")
    check_refused(lake, notebook, [(-1, None, T2), (5, None, T2), (6, "a", T2)], *told)
    told = ("unique", "(2 rows)")
    if pattern != "merge":  # which row of a key counts is decided before
        check_refused(lake, notebook, [(5, "a", T1), (5, "b", T2)], *told)


def test_a_join_matches_once(compile_sheet, lake, output):
    """Joined rows that would multiply are refused, where the option says so."""
    sheet = """
source_table,source_column,target_table,target_column,transformation,join
a.b.orders o,id,a.c.orders,order_id,,
a.b.cities c,land,a.c.orders,land,,o.city = c.name
"""
    notebook = compile_sheet(sheet, "full_load", output=output, join_matches="refuse")
    lake.write(SOURCE, COLUMNS, OLD)
    cities = [("ulm", "BW"), ("bonn", "NRW"), (None, "x"), (None, "y")]
    lake.write("a.b.cities", "name string, land string", cities)
    notebook.run()
    assert lake.rows(TARGET, "order_id", "land") == [(1, "BW")]
    lake.write("a.b.cities", "name string, land string", [*cities, ("bonn", "RLP")])
    check_refused(lake, notebook, OLD, "more than once", '"name":"bonn"')


@pytest.mark.parametrize("output", ["sql"])
def test_the_schema_is_kept(loaded, lake):
    """A full load that does not replace the columns writes into those that there are, by name.

    In Scala as in Python the types must be the same, too.
    """
    notebook = loaded("full_load", overwrite_schema="false")
    lake.spark.sql(f"DROP TABLE {lake.where(TARGET)}")
    lake.create(TARGET, "seq timestamp, order_id bigint, city string")
    notebook.run()
    assert lake.types(TARGET)["order_id"] == "bigint"
    assert lake.rows(TARGET, "order_id", "city", "seq") == OLD


@every_pattern
def test_a_source_lacks_a_column(compile_sheet, lake, pattern, output):
    """It is no column of the target that happens to have the name."""
    sheet = SHEET.replace("city,a.c.orders,city", "city,a.c.orders,town").replace(
        "a.b.orders,seq", "a.b.orders,town,a.c.orders,other,,,STRING,\na.b.orders,seq"
    )
    notebook = compile_sheet(sheet % ROLES[pattern], pattern, output=output)
    lake.write(SOURCE, COLUMNS, OLD)
    with pytest.raises(Exception, match="town"):  # noqa: PT011 - each Spark has its own class
        notebook.run()


@every_pattern
def test_texts(compile_sheet, lake, pattern, output):
    """Texts arrive as the sheet has them: dollars, quotes, backslashes, ends of lines, lengths."""
    sheet = """
source_table,source_column,target_table,target_column,transformation,role,data_type,comment
a.b.orders,id,a.c.orders,order_id,,key,INT,Costs $x ${y}
a.b.orders,city,a.c.orders,city,"concat(city, '$1 ${a}\\\\ \\'
-- COMMAND ----------
// COMMAND ----------\\\\u000a \\u00e9 ""')",,VARCHAR(3),
a.b.orders,seq,a.c.orders,seq,,%s,TIMESTAMP,
"""
    notebook = compile_sheet(sheet % ROLES[pattern], pattern, output=output)
    assert output == "scala" or "$" not in notebook.code
    lake.write(SOURCE, COLUMNS, OLD)
    notebook.run()
    notebook.run()
    text = "ulm$1 ${a}\\ '\n-- COMMAND ----------\n// COMMAND ----------\\u000a é \""
    assert lake.rows(TARGET, "order_id", "city") == [(1, text)]
    assert lake.types(TARGET)["city"] == "string"
    assert lake.comments(TARGET)["order_id"] == "Costs $x ${y}"
