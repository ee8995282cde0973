# Databricks notebook source
# MAGIC %md
# MAGIC # order_lines_merge.csv
# MAGIC
# MAGIC `shop.silver.order_lines`:
# MAGIC - Reads shop.bronze.order_items as i.
# MAGIC - Left-joins shop.bronze.products as p on i.product_id = p.product_id.
# MAGIC - Fills 6 columns: 4 copied, 2 computed.
# MAGIC - Of several rows of one key the highest changed_at wins.
# MAGIC - Merges into shop.silver.order_lines by order_id, line_no: changed rows are updated, new
# MAGIC   ones inserted.
# MAGIC
# MAGIC Pattern: MERGE upsert. Compiled by text2code 0.1.0.

# COMMAND ----------

# DBTITLE 1,Imports
import logging

from delta.tables import DeltaTable
from pyspark.sql import DataFrame, Window
from pyspark.sql import functions as F

logging.basicConfig(format="%(asctime)s %(levelname)s %(name)s: %(message)s")
logger = logging.getLogger("order_lines")
logger.setLevel(logging.INFO)

# COMMAND ----------

# DBTITLE 1,Parameters
dbutils.widgets.text("source_order_items", "shop.bronze.order_items", "Source table: order_items")
dbutils.widgets.text("source_products", "shop.bronze.products", "Source table: products")
dbutils.widgets.text("target_order_lines", "shop.silver.order_lines", "Target table: order_lines")

SOURCE_ORDER_ITEMS = dbutils.widgets.get("source_order_items")
SOURCE_PRODUCTS = dbutils.widgets.get("source_products")
TARGET_ORDER_LINES = dbutils.widgets.get("target_order_lines")

# COMMAND ----------

# DBTITLE 1,Helpers


def require_columns(table: DataFrame, name: str, columns: list[str]) -> None:
    """Raise RuntimeError if the table lacks a column that the mapping uses."""
    present = {column.lower() for column in table.columns}
    missing = [column for column in columns if column.lower() not in present]
    if missing:
        raise RuntimeError(f"{name} lacks the mapped columns: {', '.join(missing)}")


def require_unique(rows: DataFrame, name: str, *keys: str) -> None:
    """Raise RuntimeError if a key occurs more than once, showing up to 20 such keys."""
    repeated = (
        rows.groupBy(*keys)
        .agg(F.count("*").alias("_occurrences"))
        .where("_occurrences > 1")
        .drop("_occurrences")
        .orderBy(*keys)
        .limit(20)
        .collect()
    )
    if repeated:
        shown = "; ".join(str(row.asDict()) for row in repeated)
        raise RuntimeError(f"{name}: keys that occur more than once (up to 20 shown): {shown}")


def log_changes(target: DeltaTable, name: str, version: int, *changes: str) -> None:
    """Log how many rows the merge that followed the given table version changed."""
    commit = target.history(1).first()
    # A merge that finds nothing to do leaves no commit.
    metrics = commit.operationMetrics if commit.version > version else {}
    counts = [f"{metrics.get(f'numTargetRows{c}', 0)} rows {c.lower()}" for c in changes]
    logger.info("%s: %s", name, ", ".join(counts))


def reading_error(rows: DataFrame, first: int, end: int) -> Exception | None:
    """Return what Spark fails with where it computes these columns of all rows, or else None."""
    try:
        columns = ["`" + c.replace("`", "``") + "`" for c in rows.columns[first:end]]
        rows.select(*columns or [F.lit(1)]).write.format("noop").mode("overwrite").save()
    except Exception as error:
        return error
    return None


def log_failing_column(
    error: Exception, rows: DataFrame | None, name: str, sheet_rows: list[int]
) -> None:
    """Log the first column whose expression fails, with its row of the mapping sheet.

    Nothing is logged where the load failed for another reason. Halving finds one of 50 columns
    with nine reads of the sources.
    """
    first, end = 0, len(sheet_rows)
    # A RuntimeError is what this code says of rows that it could read.
    if rows is None or isinstance(error, RuntimeError) or reading_error(rows, 0, 0):
        return
    if not reading_error(rows, first, end):
        return
    while end - first > 1:
        middle = (first + end) // 2
        first, end = (first, middle) if reading_error(rows, first, middle) else (middle, end)
    failure = reading_error(rows, first, end)
    if not failure:
        return
    lines = str(failure).splitlines() or [repr(failure)]
    causes = [line for line in lines if line.startswith("Caused by: ")] or lines[:1]
    reason = causes[-1].removeprefix("Caused by: ")
    column, row = rows.columns[first], sheet_rows[first]
    logger.error("%s: column %s (row %d of the sheet) fails: %s", name, column, row, reason)


# COMMAND ----------

# DBTITLE 1,order_lines: transform


def transform_order_lines(order_items: DataFrame, products: DataFrame) -> DataFrame:
    """Build the target rows from order_items and products."""
    return (
        order_items.alias("i")
        .join(products.alias("p"), F.expr("i.product_id = p.product_id"), "left")
        .select(
            F.col("i.order_id")
            .cast("bigint")
            .alias("order_id", metadata={"comment": "order of the line"}),
            F.col("i.line_no")
            .cast("int")
            .alias("line_no", metadata={"comment": "position within the order"}),
            F.expr("initcap(p.name)").cast("string").alias("product_name"),
            F.col("i.quantity").cast("int").alias("quantity"),
            F.expr("round(i.quantity * i.unit_price, 2)")
            .cast("decimal(12,2)")
            .alias("line_amount"),
            F.col("i.changed_at")
            .cast("timestamp")
            .alias("changed_at", metadata={"comment": "latest wins"}),
        )
    )


# COMMAND ----------

# DBTITLE 1,order_lines: write


def latest_order_lines(rows: DataFrame) -> DataFrame:
    """Return the newest rows of each key by changed_at; equal rows become one."""
    newest_first = Window.partitionBy("order_id", "line_no").orderBy(
        F.col("changed_at").desc_nulls_last()
    )
    newest = rows.withColumn("_rank", F.rank().over(newest_first)).where("_rank = 1")
    return newest.drop("_rank").distinct()


def write_order_lines(rows: DataFrame) -> None:
    """Update the rows that changed and insert the new ones; a second run changes nothing."""
    rows.limit(0).write.format("delta").mode("ignore").saveAsTable(TARGET_ORDER_LINES)
    target = DeltaTable.forName(spark, TARGET_ORDER_LINES)
    require_columns(target.toDF(), TARGET_ORDER_LINES, rows.columns)
    batch = latest_order_lines(rows)
    require_unique(target.toDF(), TARGET_ORDER_LINES, "order_id", "line_no")
    require_unique(batch, f"New rows for {TARGET_ORDER_LINES}", "order_id", "line_no")

    same_key = "target.order_id <=> source.order_id AND target.line_no <=> source.line_no"
    # True where the stored row differs and is not newer than the incoming one.
    outdated = (
        "false IN ("
        "target.product_name <=> source.product_name"
        ", target.quantity <=> source.quantity"
        ", target.line_amount <=> source.line_amount"
        ", target.changed_at <=> source.changed_at"
        ") AND (target.changed_at IS NULL"
        " OR (source.changed_at IS NOT NULL AND source.changed_at >= target.changed_at))"
    )
    # A merge rewrites every file that holds a matching key, so it is given only real changes.
    unchanged = f"{same_key} AND NOT ({outdated})"
    stored = spark.read.table(TARGET_ORDER_LINES)
    changes = batch.alias("source").join(stored.alias("target"), F.expr(unchanged), "left_anti")
    values = {column: f"source.{column}" for column in rows.columns}
    version = target.history(1).first().version
    (
        target.alias("target")
        .merge(changes.alias("source"), same_key)
        .whenMatchedUpdate(condition=outdated, set=values)
        .whenNotMatchedInsert(values=values)
        .execute()
    )
    log_changes(target, TARGET_ORDER_LINES, version, "Inserted", "Updated")


# COMMAND ----------

# DBTITLE 1,order_lines: load


def load_order_lines() -> None:
    """Read the sources, build the target rows and write them."""
    logger.info("Loading %s", TARGET_ORDER_LINES)
    rows = None
    try:
        order_items = spark.read.table(SOURCE_ORDER_ITEMS)
        require_columns(
            order_items,
            SOURCE_ORDER_ITEMS,
            ["product_id", "order_id", "line_no", "quantity", "unit_price", "changed_at"],
        )
        products = spark.read.table(SOURCE_PRODUCTS)
        require_columns(products, SOURCE_PRODUCTS, ["product_id", "name"])
        rows = transform_order_lines(order_items, products)
        write_order_lines(rows)
    except Exception as error:
        logger.exception("Loading %s failed", TARGET_ORDER_LINES)
        log_failing_column(error, rows, TARGET_ORDER_LINES, [*range(2, 8)])
        raise


# COMMAND ----------

# DBTITLE 1,Run
if __name__ == "__main__":
    load_order_lines()
