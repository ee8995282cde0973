"""Faults that the generated tests must find: changes of generated notebooks that make them wrong.

Each says which sheet's notebook it changes (see sheets.py), what is wrong then, and the text that
is replaced. The text stands in the notebook as often as `times` says, so that a fault cannot miss
its place unnoticed.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Mutation:
    """One fault in one notebook."""

    sheet: str
    fault: str
    old: str
    new: str
    times: int = 1

    def apply(self, code: str) -> str:
        """Return the notebook with the fault in its first place."""
        assert code.count(self.old) == self.times, f"{self.fault}: {code.count(self.old)} places"
        return code.replace(self.old, self.new, 1)


SALES = [
    ("another factor", "amount * 1.1", "amount * 1.01"),
    ("a wrong column is copied", 'F.col("customer_id").alias', 'F.col("order_id").alias'),
    ("a wrong function", "to_timestamp(order_date)", "to_date(order_date)"),
    ("two columns change places", 'alias("order_key")', 'alias("key_order")'),
    ("rows are dropped", "return sales.select(", "return sales.limit(1).select("),
    ("rows are made one", "return sales.select(", "return sales.distinct().select("),
    ("old rows stay", '        .mode("overwrite")\n', '        .mode("append")\n'),
    ("the schema is not replaced", '.option("overwriteSchema", "true")', ""),
    ("a column is not required", '"amount", "order_date"]', '"amount"]'),
    ("the write is left out", "        write_orders(rows)\n", "        pass\n"),
]
INCREMENTAL = [
    ("a branch is left out", "in ('C','CLOSED')", "in ('CLOSED')"),
    ("upper is left out", "upper(status) in", "status in"),
    ("trim is left out", "lower(trim(status))", "lower(status)"),
    ("NULL is another word", "'unknown'", "'none'"),
    ("another cast", "cast(customer_ref as bigint)", "cast(customer_ref as int)"),
    ("a cast is left out", "cast(updated_at as timestamp)", "updated_at"),
    ("another constant", "F.expr(\"'shop'\")", "F.expr(\"'shops'\")"),
    (
        "rows as high as the highest are lost",
        'F.col("updated_at") >= watermark',
        'F.col("updated_at") > watermark',
    ),
    ("late rows are loaded", 'F.col("updated_at") >= watermark', "F.lit(True)"),
    ("the lowest watermark counts", 'F.max("updated_at")', 'F.min("updated_at")'),
    ("rows without a watermark pass", "if unmarked:", "if False:"),
    ("equal rows are loaded twice", "return rows.distinct()", "return rows"),
    ("ambiguous rows pass", '    require_unique(batch, f"New', '    (batch, f"New'),
    (
        "a key column is forgotten",
        "target.order_id <=> source.order_id AND target.updated_at <=> source.updated_at",
        "target.updated_at <=> source.updated_at",
    ),
    (
        "the watermark does not tell rows apart",
        "target.order_id <=> source.order_id AND target.updated_at <=> source.updated_at",
        "target.order_id <=> source.order_id",
    ),
    ("all rows are appended", "target.order_id <=> source.order_id AND", "false AND"),
    ("nothing is inserted", ".whenNotMatchedInsert(values=values)", ".whenMatchedDelete()"),
    (
        "stored rows are changed",
        ".whenNotMatchedInsert(",
        ".whenMatchedUpdate(set=values).whenNotMatchedInsert(",
    ),
]
MERGE = [
    ("inner for left join", 'p.product_id"), "left")', 'p.product_id"), "inner")'),
    ("full for left join", 'p.product_id"), "left")', 'p.product_id"), "full")'),
    ("a join by a wrong column", 'F.expr("i.product_id', 'F.expr("i.order_id'),
    ("a function is left out", "initcap(p.name)", "p.name"),
    ("another precision", "i.unit_price, 2)", "i.unit_price, 1)"),
    ("another type", '.cast("decimal(12,2)")', '.cast("decimal(12,1)")'),
    ("a cast is left out", '            .cast("bigint")\n', ""),
    ("a comment is lost", '{"comment": "latest wins"}', "{}"),
    ("the oldest row wins", ".desc_nulls_last()", ".asc_nulls_last()"),
    ("of one key all rows stay", '.where("_rank = 1")', '.where("_rank > 0")'),
    ("by a part of the key", 'partitionBy("order_id", "line_no")', 'partitionBy("order_id")'),
    (
        "a key column is forgotten",
        "target.order_id <=> source.order_id AND target.line_no <=> source.line_no",
        "target.order_id <=> source.order_id",
    ),
    (
        "NULL keys are not the same",
        "target.order_id <=> source.order_id",
        "target.order_id = source.order_id",
    ),
    (
        "a change of one column is missed",
        '", target.quantity <=> source.quantity"',
        '""',
    ),
    (
        "a change to NULL is missed",
        "target.product_name <=> source.product_name",
        "target.product_name = source.product_name",
    ),
    (
        "older rows overwrite newer ones",
        "source.changed_at >= target.changed_at",
        "source.changed_at <> target.changed_at",
    ),
    (
        "rows that are as new do not count",
        "source.changed_at >= target.changed_at",
        "source.changed_at > target.changed_at",
    ),
    (
        "updates are left out",
        "        .whenMatchedUpdate(condition=outdated, set=values)\n",
        "",
    ),
    ("inserts are left out", "        .whenNotMatchedInsert(values=values)\n", ""),
    (
        "all rows are written anew",
        'unchanged = f"{same_key} AND NOT ({outdated})"',
        'unchanged = "false"\n    outdated = "true"',
    ),
    (
        "ambiguous rows pass",
        '    require_unique(batch, f"New rows for {TARGET_ORDER_LINES}", "order_id", "line_no")\n'
        "\n",
        "    batch = batch.dropDuplicates(['order_id', 'line_no'])\n",
    ),
    (
        "a doubled target passes",
        '    require_unique(target.toDF(), TARGET_ORDER_LINES, "order_id", "line_no")\n',
        "",
    ),
    (
        "a target may lack columns",
        "    require_columns(target.toDF(), TARGET_ORDER_LINES, rows.columns)\n",
        "",
    ),
]
CHANGES = [
    ("the flag means another letter", "op = 'D'", "op = 'I'"),
    ("rows without a flag are lost", "NOT coalesce(is_deleted, false)", "NOT is_deleted"),
    (
        "deleted rows stay",
        '        .whenMatchedDelete(condition="source._deleted")\n',
        "",
    ),
    ("late deletions delete", "{same_key} AND {in_order}", "{same_key}"),
    ("the flag is stored", 'kept = rows.drop("is_deleted")', "kept = rows"),
    (
        "keys that vanished stay",
        'F.expr(same_key), "left_anti")\n    vanished',
        'F.expr(same_key), "left_anti").limit(0)\n    vanished',
    ),
    ("an empty batch ends all keys", "if batch.isEmpty():", "if False:"),
    ("NULL overwrites", "set=updates", "set=values"),
    (
        "NULL counts as a change",
        "target.segment <=> coalesce(source.segment, target.segment)",
        "target.segment <=> source.segment",
    ),
    ("columns are not added", "if lacking.columns:", "if False:"),
]
JOINS = [
    ("a filter is left out", "        .where(\"o.status <> 'deleted'\")\n", ""),
    ("a filter is turned round", '("o.status <> ', '("o.status = '),
    ("the border counts, too", '("fx.amount > 0', '("fx.amount >= 0'),
    ("one join condition less", '("fx.day = o.day and fx', '("fx'),
    ("left for inner join", 'c.country_id"), "inner")', 'c.country_id"), "left")'),
    ("of a cross join one row", 'run_data.alias("run")', 'run_data.limit(1).alias("run")'),
    ("a default is another one", "coalesce(countries.iso, 'xx')", "coalesce(countries.iso, 'x')"),
    ("a default is left out", "coalesce(countries.iso, 'xx')", "countries.iso"),
    ("the window turns round", "order by o.amount desc", "order by o.amount"),
    ("the wrong twin of a table", 'F.expr("r.name")', 'F.expr("c.name")'),
    ("minus for times", "o.amount * fx.rate", "o.amount - fx.rate"),
]
PATHS = [
    ("a default is left out", 'F.expr("0").cast', "F.expr('NULL').cast"),
    ("a wrong field", "c.address.city", "c.id"),
    ("a filter by another value", "(\"o.deleted = 'N'", "(\"o.deleted = 'n'"),
    ("the day is not taken", "r.day = to_date(o.ordered_at)", "r.day = o.ordered_at"),
]
HISTORY = [
    (
        "a tracked column is not tracked",
        'tracked=["name", "email", "segment"]',
        'tracked=["name", "email"]',
    ),
    (
        "an untracked column opens versions",
        '"segment"],\n        latest=["last_login"]',
        '"segment", "last_login"],\n        latest=[]',
    ),
    ("the end is the own start", 'F.lead("_from")', 'F.lag("_from")'),
    ("current is what has ended", "_to IS NULL AS", "_to IS NOT NULL AS"),
    ("NULL is no value", ".eqNullSafe(F.lag", " == (F.lag"),
    ("the first of two at one time wins", "F.col(c).desc() for c", "F.col(c).asc() for c"),
    ("late rows open no version", 'by_key.orderBy("_at")', 'by_key.orderBy(F.col("_at").desc())'),
    ("a row without time passes", "    if untimed:\n", "    if False:\n"),
    ("the second run writes again", "IS NULL OR {outdated}", "IS NULL OR true"),
    ("obsolete versions stay", '        .whenMatchedDelete(condition="source._obsolete")\n', ""),
    (
        "what was seen is forgotten",
        'F.concat(F.array(opened), F.col("_sightings"))',
        "F.array(opened)",
    ),
    (
        "old values of untracked columns stay",
        "F.last(newest, ignorenulls=True)",
        "F.first(newest, ignorenulls=True)",
    ),
]
OPTIONS = [
    ("another name of the start", 'valid_from="since"', 'valid_from="valid_from"'),
    ("a gap stays open", 'F.coalesce("_gone", ', "F.coalesce("),
    ("deletions are not seen", '"coalesce(is_deleted, false)"', '"false"'),
    ("keys that vanished stay current", "    seen = with_vanished(", "    with_vanished("),
    ("late rows count", "    seen = without_late(", "    without_late("),
    ("no surrogate key", 'surrogate="customer_key"', "surrogate=None"),
    ("an empty snapshot closes all", "    if present.isEmpty():\n", "    if False:\n"),
    ("they ended at another time", "time = F.lit(at)", "time = F.lit('2024-01-01')"),
]
TARGETS = [
    ("a wrong default", "F.expr(\"'unknown'\")", "F.expr(\"'other'\")"),
    ("a filter is left out", "events.where(\"kind = 'click'\")", "events"),
    ("rows without a watermark are loaded", 'where("`event.id` IS NOT NULL")', 'where("true")'),
    ("the time of loading tells rows apart", 'rows.dropDuplicates(["event_id", "kind"])', "rows"),
    (
        "it is compared, too",
        'target.kind <=> source.kind"\n',
        'target.kind <=> source.kind AND target.loaded_at <=> source.loaded_at"\n',
    ),
]

MUTATIONS = [
    Mutation(sheet, *fault)
    for sheet, faults in {
        "sales_full_load": SALES,
        "orders_incremental": INCREMENTAL,
        "order_lines_merge": MERGE,
        "golden-customers_changes": CHANGES,
        "golden-joins": JOINS,
        "golden-paths": PATHS,
        "customers_scd2": HISTORY,
        "golden-customers_history": OPTIONS,
        "golden-two_targets": TARGETS,
    }.items()
    for fault in faults
]

# What the generated tests do not find, and why.
NOT_FOUND = {
    ("golden-customers_changes", "NULL counts as a change"): "the row is written again as it is",
    ("golden-joins", "of a cross join one row"): "one row is all that it has beside a window",
    ("golden-joins", "the window turns round"): "no partition of the data has two rows",
    ("golden-paths", "the day is not taken"): "the data has days",
    (
        "golden-two_targets",
        "rows without a watermark are loaded",
    ): "behind the first load they are no higher than the watermark",
}
