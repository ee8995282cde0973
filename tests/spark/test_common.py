"""Options that every pattern has: added columns, comments, clustering, joins that match once."""

import pytest

from support import messages

SHEET = """
source_table,source_column,target_table,target_column,transformation,role,data_type
a.b.orders,id,a.c.orders,order_id,,key,INT
a.b.orders,city,a.c.orders,city,,,
a.b.orders,seq,a.c.orders,seq,,%s,INT
"""
ROLES = {"full_load": "", "incremental": "watermark", "merge": "sequence", "scd2": "sequence"}
COLUMNS = "id int, city string, seq int"
SOURCE, TARGET = "a.b.orders", "a.c.orders"

every_pattern = pytest.mark.parametrize("pattern", list(ROLES))


@every_pattern
def test_added_columns(compile_sheet, lake, pattern):
    """A row says when and by which batch it was loaded; a second run alone does not change that."""
    notebook = compile_sheet(
        SHEET % ROLES[pattern], pattern, loaded_at="_loaded_at", batch_id="_batch"
    )
    lake.write(SOURCE, COLUMNS, [(1, "ulm", 1)])
    notebook.run(batch_id="one")
    first = lake.rows(TARGET, "order_id", "_batch", "_loaded_at")
    assert first[0][:2] == (1, "one") and first[0][2] is not None
    lake.write(SOURCE, COLUMNS, [(1, "ulm", 1), (2, "bonn", 2)])
    notebook.run()
    second = lake.rows(TARGET, "order_id", "_batch", "_loaded_at")
    assert len(second[1][1]) == 36, "without a name a batch gets a new one"
    if pattern != "full_load":
        assert second[0] == first[0]
    assert lake.comments(TARGET)["_batch"] == "The run that loaded the row"


@every_pattern
@pytest.mark.parametrize("output", ["module", "scala"])
def test_outputs_agree(compile_sheet, lake, pattern, output):
    """A module, or a notebook in Scala, does what the notebook in Python does."""
    sheet = SHEET.replace("data_type\n", "data_type,rule\n").replace("city,,,", "city,,,,not null")
    options = {"batch_id": "_batch", "broken_rules": "quarantine"}
    if pattern in ("merge", "scd2"):
        options["vanished"] = {"merge": "delete", "scd2": "close"}[pattern]
    snapshot = {"snapshot_at": "7"} if pattern == "scd2" else {}
    results = []
    for language in ("notebook", output):
        program = compile_sheet(sheet % ROLES[pattern], pattern, output=language, **options)
        for name, batch in (
            ("one", [(1, "ulm", 1), (2, None, 1)]),
            ("two", [(3, "bonn", 2), (4, None, 2)]),
        ):
            lake.write(SOURCE, COLUMNS, batch)
            program.run(batch_id=name, **snapshot)
        tables = (TARGET, f"{TARGET}_quarantine")
        results.append([lake.rows(table, "order_id", "city", "_batch") for table in tables])
        results[-1].append(lake.rows(tables[1], "_broken_rules"))
        for table in tables:
            lake.spark.sql(f"DROP TABLE {lake.where(table)}")
    assert results[0] == results[1] and (["row 3: city not null"],) in results[0][2]


@pytest.mark.parametrize("path", ["/Volumes/in/orders.csv", "/Volumes/in/orders.parquet"])
def test_source_file(compile_sheet, lake, path):
    """A row read from a file says which; beside a join, too."""
    sheet = SHEET.replace(SOURCE, path) % ""
    join = f"{path},,a.c.orders,name,c.name,,\na.b.cities c,,a.c.orders,known,c.known,,\n"
    lines = [
        line + ("," if n else ",join") for n, line in enumerate((sheet + join).strip().split("\n"))
    ]
    lines[-1] += "orders.city = c.name"
    notebook = compile_sheet("\n".join(lines) + "\n", "full_load", source_file="file")
    lake.write(path, COLUMNS, [(1, "ulm", 1)])
    lake.write("a.b.cities", "name string, known boolean", [("ulm", True)])
    notebook.run()
    ((file, known),) = lake.rows(TARGET, "file", "known")
    assert path in file and known is True


@pytest.mark.parametrize("pattern", ["full_load", "scd2"])
def test_clustering_and_comment(compile_sheet, lake, pattern):
    """A new target has its comment and liquid clustering; loads after the first keep both."""
    notebook = compile_sheet(
        SHEET % ROLES[pattern], pattern, cluster_by="city,seq", table_comment="Orders of 'all'"
    )
    for rows in ([(1, "ulm", 1)], [(1, "ulm", 1), (2, "bonn", 2)]):
        lake.write(SOURCE, COLUMNS, rows)
        notebook.run()
        detail = lake.table(TARGET).detail().first()
        assert detail["clusteringColumns"] == ["city", "seq"]
        assert detail["description"] == "Orders of 'all'"
    assert lake.rows(TARGET, "order_id") == [(1,), (2,)]


@every_pattern
def test_empty_partition(compile_sheet, lake, pattern):
    """Delta stores an empty text in a partition column as NULL: that is not a change."""
    notebook = compile_sheet(SHEET % ROLES[pattern], pattern, partition_by="city")
    lake.write(SOURCE, COLUMNS, [(1, "", 1), (2, None, 1), (3, "ulm", 1)])
    notebook.run()
    files = lake.files(TARGET)
    notebook.run()
    assert lake.rows(TARGET, "order_id", "city") == [(1, None), (2, None), (3, "ulm")]
    if pattern != "full_load":
        assert lake.files(TARGET) == files


def test_clustering_of_a_path(compile_sheet, lake):
    """A folder may have clustering as well."""
    path = "/Volumes/out/orders"
    notebook = compile_sheet(SHEET.replace(TARGET, path) % "", "full_load", cluster_by="city")
    lake.write(SOURCE, COLUMNS, [(1, "ulm", 1)])
    for _ in range(2):
        notebook.run()
    assert lake.table(path).detail().first()["clusteringColumns"] == ["city"]


JOINED = """
source_table,source_column,target_table,target_column,transformation,join
a.b.orders o,id,a.c.orders,order_id,,
a.b.orders o,city,a.c.orders,city,,
a.b.cities c,land,a.c.orders,land,,%s
"""


@pytest.mark.parametrize(
    "join", ["o.city = c.name", "inner join on c.name = lower(o.city) AND c.since <= 2000"]
)
def test_a_join_matches_once(compile_sheet, lake, join):
    """Two rows for what a join asks for are refused; those that NULL would ask for do not count."""
    notebook = compile_sheet(JOINED % join, "full_load", join_matches="refuse")
    columns = "name string, land string, since int"
    lake.write(SOURCE, COLUMNS, [(1, "ulm", 1)])
    unknown = [(None, "x", 1), (None, "y", 1)]
    lake.write("a.b.cities", columns, [("ulm", "bw", 1), *unknown])
    notebook.run()
    lake.write("a.b.cities", columns, [("ulm", "bw", 1), ("ulm", "by", 1), *unknown])
    with pytest.raises(RuntimeError, match="keys that occur more than once.*{'name': 'ulm'}"):
        notebook.run()
    assert lake.rows(TARGET, "order_id", "land") == [(1, "bw")]


def test_a_cross_join_of_one_row(compile_sheet, lake, caplog):
    """Where nothing is compared, the joined source may have one row."""
    notebook = compile_sheet(JOINED % "cross", "full_load", join_matches="refuse")
    lake.write(SOURCE, COLUMNS, [(1, "ulm", 1)])
    lake.write("a.b.cities", "land string", [("bw",)])
    notebook.run()
    lake.write("a.b.cities", "land string", [("bw",), ("by",)])
    with pytest.raises(RuntimeError, match="several rows"):
        notebook.run()
    assert "holds 1 rows" in messages(caplog)
