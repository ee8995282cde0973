"""Full load: after a run the target is exactly what the sources say, or what it was before."""

from datetime import date
from decimal import Decimal

import pytest
from chispa import assert_df_equality

from support import at, messages

SALES = "/Volumes/retail/landing/input/sales.parquet"
ORDERS = "/Volumes/retail/curated/output/orders"
SALES_COLUMNS = "order_id int, customer_id int, amount decimal(10,2), order_date string"

# One source, one target, both tables.
PEOPLE_SHEET = """
source_table,source_column,target_table,target_column,transformation,data_type
crm.raw.people,id,crm.clean.people,person_id,,BIGINT
crm.raw.people,name,crm.clean.people,name,trim(name),STRING
"""
PEOPLE = "crm.clean.people"


@pytest.fixture
def sales(compile_sheet):
    """The sample sheet of this pattern."""
    return compile_sheet("sales_full_load.csv", "full_load")


@pytest.fixture
def people(compile_sheet, lake):
    """A small sheet and a first row for it."""
    lake.write("crm.raw.people", "id int, name string", [(1, " Ada ")])
    return compile_sheet(PEOPLE_SHEET, "full_load")


@pytest.mark.proves("P02")
def test_sample_values(sales, lake, ansi):
    """Every column of the sample follows its rule: copies, expressions and a derived column."""
    lake.write(SALES, SALES_COLUMNS, [(1, 7, Decimal("10.00"), "2024-01-31")])
    sales.run()
    assert lake.rows(ORDERS, "order_key", "customer_key", "total_amount", "order_timestamp") == [
        (1, 7, Decimal("11.000"), at("2024-01-31"))
    ]
    assert lake.rows(ORDERS, "load_timestamp")[0][0] > at("2024-01-01")
    assert lake.read(ORDERS).columns == [
        "order_key",
        "customer_key",
        "total_amount",
        "order_timestamp",
        "load_timestamp",
    ]


@pytest.mark.proves("P14")
def test_p14_second_run_gives_the_same_rows(sales, lake):
    """P14: running twice leaves the same rows as running once, the load time aside."""
    lake.write(SALES, SALES_COLUMNS, [(1, 7, Decimal("1.50"), "2024-01-31"), (2, None, None, None)])
    sales.run()
    first = lake.hash(ORDERS, volatile=("load_timestamp",))
    sales.run()
    assert lake.hash(ORDERS, volatile=("load_timestamp",)) == first


def test_changed_source_replaces_the_target(people, lake, caplog):
    """Rows that left the source leave the target, others are new; the row count is logged."""
    people.run()
    lake.write("crm.raw.people", "id int, name string", [(2, "Bo"), (3, "Cy")])
    people.run()
    assert lake.rows(PEOPLE) == [(2, "Bo"), (3, "Cy")]
    assert f"{lake.where(PEOPLE)} holds 2 rows" in messages(caplog)


@pytest.mark.proves("P01")
def test_p01_empty_source_empties_the_target(people, lake):
    """P01: a source without rows is a valid state of the source; the schema stays."""
    people.run()
    lake.write("crm.raw.people", "id int, name string")
    people.run()
    assert lake.rows(PEOPLE) == []
    assert lake.types(PEOPLE) == {"person_id": "bigint", "name": "string"}


@pytest.mark.proves("P01")
def test_p01_first_run_on_an_empty_source_makes_the_table(people, lake):
    """P01: the target exists after the first run even if there was nothing to load."""
    lake.write("crm.raw.people", "id int, name string")
    people.run()
    assert lake.rows(PEOPLE) == []


@pytest.mark.proves("P04", "P05")
def test_p04_p05_source_layout_does_not_matter(people, lake):
    """P04, P05: another column order or further columns in the source change nothing."""
    lake.write("crm.raw.people", "extra date, name string, id int", [(date(2024, 1, 1), "Ada", 1)])
    people.run()
    assert lake.rows(PEOPLE) == [(1, "Ada")]


@pytest.mark.proves("P06")
def test_p06_missing_source_columns_are_all_named(people, lake):
    """P06: the run stops before writing and names every missing column at once."""
    people.run()
    lake.write("crm.raw.people", "other int", [(1,)])
    with pytest.raises(RuntimeError, match=r"crm_raw_people lacks the mapped columns: id, name"):
        people.run()
    assert lake.rows(PEOPLE) == [(1, "Ada")]


@pytest.mark.proves("P15")
def test_p15_a_failing_run_leaves_the_old_rows(compile_sheet, lake):
    """P15: an error in the middle of the write leaves the version of before."""
    notebook = compile_sheet(
        """
source_table,source_column,target_table,target_column,transformation
a.b.numbers,n,a.c.numbers,n,"if(n > 2, raise_error('stop'), n)"
""",
        "full_load",
    )
    lake.write("a.b.numbers", "n int", [(1,), (2,)])
    notebook.run()
    lake.write("a.b.numbers", "n int", [(1,), (2,), (3,)])
    with pytest.raises(Exception, match="stop"):
        notebook.run()
    assert lake.rows("a.c.numbers") == [(1,), (2,)]


WIDER_SHEET = PEOPLE_SHEET + "crm.raw.people,born,crm.clean.people,born,,DATE\n"


@pytest.mark.proves("P16")
def test_p16_schema_is_replaced_by_default(people, compile_sheet, lake):
    """P16: with overwrite_schema, a new column of the sheet arrives in an existing table."""
    people.run()
    lake.write("crm.raw.people", "id int, name string, born string", [(1, "Ada", "1815-12-10")])
    compile_sheet(WIDER_SHEET, "full_load").run()
    assert lake.rows(PEOPLE) == [(1, "Ada", date(1815, 12, 10))]


@pytest.mark.proves("P16")
def test_p16_schema_is_kept_on_request(people, compile_sheet, lake):
    """P16: without overwrite_schema, another schema is refused and the old rows stay."""
    people.run()
    lake.write("crm.raw.people", "id int, name string, born string", [(2, "Bo", "1815-12-10")])
    with pytest.raises(Exception, match="schema mismatch"):
        compile_sheet(WIDER_SHEET, "full_load", overwrite_schema="false").run()
    assert lake.rows(PEOPLE) == [(1, "Ada")]


@pytest.mark.proves("P07")
def test_p07_odd_names(compile_sheet, lake):
    """P07: reserved words, blanks, dots, backticks and umlauts in the names of columns."""
    notebook = compile_sheet(
        """
source_table,source_column,target_table,target_column,transformation
a.b.odd,line no,a.c.odd,line-no,
a.b.odd,select,a.c.odd,from,
a.b.odd,`a.b`,a.c.odd,`c.d`,
a.b.odd,größe,a.c.odd,Größe%,`größe` * 100
a.b.odd,`we``ird`,a.c.odd,`a``b`,
""",
        "full_load",
    )
    lake.write(
        "a.b.odd",
        "`line no` int, `select` int, `a.b` int, `größe` int, `we``ird` int",
        [(1, 2, 3, 4, 5)],
    )
    notebook.run()
    notebook.run()
    assert lake.read("a.c.odd").columns == ["line-no", "from", "c.d", "Größe%", "a`b"]
    assert lake.rows("a.c.odd") == [(1, 2, 3, 400, 5)]


@pytest.mark.proves("P07")
@pytest.mark.parametrize("name", ["line no", '"a,b"', "a;b", "a(b)", "a=b", "{a}"])
def test_p07_names_that_delta_cannot_store(compile_sheet, name):
    """P07: a target column that Delta would refuse at run time is refused in its cell."""
    problems = compile_sheet.refuse(
        f"""
source_table,source_column,target_table,target_column,transformation
a.b.in,x,a.c.out,{name},
""",
        "full_load",
    )
    assert [(problem.row, problem.column) for problem in problems] == [(2, "target_column")]


def test_types_defaults_comments(compile_sheet, lake, ansi):
    """Data types are applied, defaults stand in for NULL, comments reach the table."""
    notebook = compile_sheet(
        """
source_table,source_column,target_table,target_column,transformation,data_type,default,comment
a.b.in,id,a.c.out,id,,BIGINT,,"the ""id"" of it"
a.b.in,price,a.c.out,price,,"DECIMAL(8,2)",0,
a.b.in,state,a.c.out,state,upper(state),STRING,'NEW',state of the thing
a.b.in,seen,a.c.out,seen,,DATE,,
""",
        "full_load",
    )
    lake.write(
        "a.b.in",
        "id int, price string, state string, seen string",
        [(1, "1.5", "old", "2024-02-29"), (2, None, None, None)],
    )
    notebook.run()
    assert lake.types("a.c.out") == {
        "id": "bigint",
        "price": "decimal(8,2)",
        "state": "string",
        "seen": "date",
    }
    assert lake.rows("a.c.out") == [
        (1, Decimal("1.50"), "OLD", date(2024, 2, 29)),
        (2, Decimal("0.00"), "NEW", None),
    ]
    assert lake.comments("a.c.out") == {"id": 'the "id" of it', "state": "state of the thing"}


def test_derived_columns_take_null_later(compile_sheet, lake):
    """A constant makes no NOT NULL column: the same table takes a NULL from the next sheet."""
    sheet = """
source_table,source_column,target_table,target_column,transformation
a.b.in,,a.c.out,origin,'shop'
"""
    lake.write("a.b.in", "origin string", [(None,)])
    compile_sheet(sheet, "full_load").run()
    compile_sheet(
        sheet.replace(",,a.c.out", ",origin,a.c.out").replace("'shop'", ""),
        "full_load",
        overwrite_schema="false",
    ).run()
    assert lake.rows("a.c.out") == [(None,)]


def test_filters_hold_together(compile_sheet, lake):
    """Filters of several rows of the sheet all hold; they see the source, not the result."""
    notebook = compile_sheet(
        """
source_table,source_column,target_table,target_column,transformation,filter
a.b.in,n,a.c.out,n,n * 10,n > 1
a.b.in,kind,a.c.out,kind,,kind = 'x'
""",
        "full_load",
    )
    lake.write("a.b.in", "n int, kind string", [(1, "x"), (2, "x"), (3, "y"), (4, None)])
    notebook.run()
    assert lake.rows("a.c.out") == [(20, "x")]


JOIN_SHEET = """
source_table,source_column,target_table,target_column,transformation,join
a.b.orders o,id,a.c.out,id,,
a.b.people p,name,a.c.out,name,,{join}
a.b.people r,name,a.c.out,referrer,lower(r.name),p.referrer = r.id
"""


@pytest.mark.parametrize(
    ("join", "want"),
    [
        ("o.person = p.id", [(1, "Ada", "bo"), (2, "Bo", None), (3, None, None)]),
        ("INNER JOIN ON o.person = p.id", [(1, "Ada", "bo"), (2, "Bo", None)]),
    ],
)
def test_joins(compile_sheet, lake, join, want):
    """A join keeps unmatched rows unless the sheet says inner; a table may be joined twice."""
    notebook = compile_sheet(JOIN_SHEET.format(join=join), "full_load")
    lake.write("a.b.orders", "id int, person int", [(1, 10), (2, 20), (3, 99)])
    lake.write("a.b.people", "id int, name string, referrer int", [(10, "Ada", 20), (20, "Bo", 0)])
    notebook.run()
    assert lake.rows("a.c.out") == want


@pytest.mark.parametrize("kind", ["parquet", "csv", "json", "delta"])
def test_files_and_tables_give_the_same(compile_sheet, lake, kind):
    """The format follows from the path's ending; types come from the sheet, not from the file."""
    source = "/Volumes/a/b/in" + ("" if kind == "delta" else f".{kind}")
    notebook = compile_sheet(
        f"""
source_table,source_column,target_table,target_column,transformation,data_type
{source},n,/Volumes/a/c/out,n,,INT
{source},text,/Volumes/a/c/out,text,,STRING
""",
        "full_load",
    )
    lake.write(source, "n int, text string", [(1, "007"), (2, 'a "b", c')])
    notebook.run()
    assert lake.rows("/Volumes/a/c/out") == [(1, "007"), (2, 'a "b", c')]


def test_several_targets_run_in_order(compile_sheet, lake):
    """Targets of one sheet run in order, and one that reads another sees its new rows.

    The second target is redirected together with the first: one parameter for one table.
    """
    notebook = compile_sheet(
        """
source_table,source_column,target_table,target_column,transformation
a.silver.orders,n,a.gold.big,n,
a.silver.orders,,a.gold.big,size,"if(n > 1, 'big', 'small')"
a.bronze.orders,id,a.silver.orders,n,id + 0
""",
        "full_load",
    )
    lake.write("a.bronze.orders", "id int", [(1,), (2,)])
    notebook.run()
    lake.write("a.bronze.orders", "id int", [(3,)])
    notebook.run()
    assert lake.rows("a.silver.orders") == [(3,)]
    assert lake.rows("a.gold.big") == [(3, "big")]


def test_failure_of_one_target_stops_the_next(compile_sheet, lake, caplog):
    """A pipeline that fails is logged with its target, and those after it do not run."""
    notebook = compile_sheet(
        """
source_table,source_column,target_table,target_column,transformation
a.b.first,n,a.c.first,n,
a.b.second,n,a.c.second,n,
""",
        "full_load",
    )
    lake.write("a.b.first", "other int", [(1,)])
    lake.write("a.b.second", "n int", [(1,)])
    with pytest.raises(RuntimeError, match="lacks the mapped columns: n"):
        notebook.run()
    assert f"Loading {lake.where('a.c.first')} failed" in messages(caplog)
    assert not lake.exists("a.c.second")


def test_widgets_redirect_a_run(people, lake):
    """Job parameters choose other tables; the file itself stays as it is."""
    lake.write("x.y.other", "id int, name string", [(9, "Zoe")])
    people.run(source_people=lake.where("x.y.other"), target_people=lake.where("x.y.target"))
    assert lake.rows("x.y.target") == [(9, "Zoe")]
    assert not lake.exists(PEOPLE)


def test_transform_is_usable_alone(people, lake, spark):
    """The transformation is a function of DataFrames: it can be tested without any table."""
    transform = people.run()["transform_people"]
    got = transform(spark.createDataFrame([(5, " x ")], "id int, name string"))
    want = spark.createDataFrame([(5, "x")], "person_id bigint, name string")
    assert_df_equality(got, want, ignore_nullable=True)


def test_partitions(compile_sheet, lake):
    """A new target has the partitions that the option names, whatever their names."""
    sheet = """
source_table,source_column,target_table,target_column
a.b.people,id,a.c.people,id
a.b.people,name,a.c.people,the-name
a.b.people,v,a.c.people,v
"""
    lake.write("a.b.people", "id int, name string, v int", [(1, "a", 2), (2, "b", 3)])
    for pattern, options in (("full_load", {}), ("merge", {"keys": "id"})):
        target = f"a.c.people_{pattern}"
        notebook = compile_sheet(
            sheet.replace("a.c.people", target), pattern, partition_by="the-name, v", **options
        )
        notebook.run()
        notebook.run()
        detail = lake.table(target).detail().first()
        assert detail.partitionColumns == ["the-name", "v"]
        assert lake.rows(target) == [(1, "a", 2), (2, "b", 3)]
