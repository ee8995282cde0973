"""The Lakeflow output: what the pipeline declares, and what its queries give.

Only Databricks runs such a pipeline. Here a stand-in for pyspark.pipelines takes the declarations
down; the queries are run on Spark, with streams read as tables.
"""

import types
from decimal import Decimal

import pyspark
import pytest

SHEET = """
source_table,source_column,target_table,target_column,transformation,role,data_type,rule
a.b.orders,id,a.c.orders,order_id,,key,INT,not null
a.b.orders,amount,a.c.orders,amount,amount * 2,%s,"DECIMAL(8,2)",> 0
a.b.orders,seq,a.c.orders,seq,,%s,INT,
a.b.orders,,a.c.orders,gone,op = 'D',,BOOLEAN,
"""
COLUMNS = "id int, amount decimal(8,2), seq int, op string"
ROWS = [
    (1, Decimal("1.5"), 1, None),
    (2, Decimal("-1"), 2, "U"),
    (None, Decimal("1"), 3, "I"),
    (3, None, 4, "D"),
]


class Declarations(types.ModuleType):
    """pyspark.pipelines, as far as the compiler uses it: it remembers what is declared."""

    def __init__(self) -> None:
        super().__init__("pyspark.pipelines")
        self.queries: dict[str, tuple[str, dict, object]] = {}
        self.calls: list[tuple[str, dict]] = []

    def __getattr__(self, name: str):
        if name.startswith("create_"):
            return lambda **given: self.calls.append((name, given))
        if name.startswith("expect"):
            return lambda *given: lambda query: self._expect(query, name, given)
        assert name in ("table", "materialized_view", "temporary_view"), name
        return lambda **given: lambda query: self._declare(name, given, query)

    def _expect(self, query, name: str, given: tuple):
        query.expectations = [*getattr(query, "expectations", []), (name, *given)]
        return query

    def _declare(self, kind: str, given: dict, query):
        self.queries[given.pop("name")] = (kind, given, query)
        return query


class Session:
    """A session whose streams are tables, and whose tables may be declared queries."""

    def __init__(self, lake, declarations: Declarations, configuration: dict) -> None:
        self.read = self.readStream = self
        self.conf = configuration
        self._lake = lake
        self._declarations = declarations

    def table(self, name: str):
        """Return the rows of a declared query or of a table of the lake."""
        if name in self._declarations.queries:
            return self._declarations.queries[name][2]()
        return self._lake.spark.read.table(self._lake.where(name))


@pytest.fixture
def declare(compile_sheet, lake, monkeypatch):
    """Compile a sheet and take down what the pipeline declares."""

    def run(pattern: str, roles: tuple[str, str] = ("", ""), **options: str) -> Declarations:
        program = compile_sheet(SHEET % roles, pattern, output="lakeflow", **options)
        declarations = Declarations()
        monkeypatch.setattr(pyspark, "pipelines", declarations, raising=False)
        lake.write("a.b.orders", COLUMNS, ROWS)
        session = Session(lake, declarations, {})
        session.conf = types.SimpleNamespace(get=lambda name, default: default)
        exec(compile(program.code, "pipeline", "exec"), {"spark": session})  # noqa: S102
        return declarations

    return run


def keys(declarations: Declarations, name: str) -> list:
    """Return the keys of the rows that a declared query gives."""
    rows = declarations.queries[name][2]().collect()
    return sorted((row["order_id"] for row in rows), key=lambda key: (key is not None, key))


def test_full_load(declare):
    """A materialized view; rows that break a rule are in a view beside it."""
    found = declare("full_load", table_comment="All", cluster_by="seq")
    kind, given, _ = found.queries["a.c.orders"]
    assert (kind, given) == ("materialized_view", {"comment": "All", "cluster_by": ["seq"]})
    assert keys(found, "a.c.orders") == [1]
    assert found.queries["a.c.orders_quarantine"][0] == "materialized_view"
    assert keys(found, "a.c.orders_quarantine") == [None, 2, 3]


def test_incremental(declare):
    """A streaming table that loads each row once; rules and the watermark are expectations."""
    found = declare("incremental", ("", "watermark"), late_rows="load", broken_rules="refuse")
    kind, given, query = found.queries["a.c.orders"]
    assert (kind, given) == ("table", {})
    rules = {"row 2: order_id not null": "order_id IS NOT NULL", "row 3: amount > 0": "amount > 0"}
    assert sorted(query.expectations, key=str) == [
        ("expect_all_or_fail", rules),
        ("expect_or_fail", "a watermark", "seq IS NOT NULL"),
    ]
    assert len(keys(found, "a.c.orders")) == 4


def test_merge(declare):
    """An AUTO CDC flow of type 1; a deletion needs no values."""
    found = declare("merge", ("", "sequence"), deleted="gone", ignore_nulls="true")
    assert keys(found, "changes_orders") == [1, 3]
    assert found.calls[0] == ("create_streaming_table", {"name": "a.c.orders"})
    name, given = found.calls[1]
    assert name == "create_auto_cdc_flow"
    assert str(given.pop("apply_as_deletes")) == "Column<'coalesce(gone, false)'>"
    assert given == {
        "target": "a.c.orders",
        "source": "changes_orders",
        "keys": ["order_id"],
        "sequence_by": "seq",
        "ignore_null_updates": True,
        "except_column_list": ["gone"],
        "stored_as_scd_type": 1,
    }


def test_scd2(declare, lake):
    """An AUTO CDC flow of type 2 into a table of its own, and a view with the plan's names."""
    found = declare("scd2", ("tracked", "sequence"), valid_to="until")
    _, given = found.calls[1]
    assert given["stored_as_scd_type"] == 2
    assert given["track_history_column_list"] == ["amount"]
    assert given["target"] == found.calls[0][1]["name"] == "orders_versions"
    lake.write("orders_versions", "order_id int, __START_AT int, __END_AT int", [(1, 1, None)])
    rows = found.queries["a.c.orders"][2]()
    assert [row.asDict() for row in rows.collect()] == [
        {"order_id": 1, "valid_from": 1, "until": None, "is_current": True}
    ]
