# Databricks notebook source
# MAGIC %md
# MAGIC # orders_incremental.csv
# MAGIC
# MAGIC `shop.silver.orders`:
# MAGIC - Reads shop.bronze.orders as orders.
# MAGIC - Fills 5 columns: 1 copied, 4 computed.
# MAGIC - Takes the rows at or above the highest updated_at of the target; refuses the batch if one
# MAGIC   has none.
# MAGIC - Appends to shop.silver.orders the rows whose order_id and updated_at are not there yet.
# MAGIC
# MAGIC Pattern: Incremental append. Compiled by text2code 0.1.0.

# COMMAND ----------

# DBTITLE 1,Imports
import logging

from delta.tables import DeltaTable
from pyspark.sql import DataFrame
from pyspark.sql import functions as F

logging.basicConfig(format="%(asctime)s %(levelname)s %(name)s: %(message)s")
logger = logging.getLogger("orders")
logger.setLevel(logging.INFO)

# COMMAND ----------

# DBTITLE 1,Parameters
dbutils.widgets.text("source_orders", "shop.bronze.orders", "Source table: orders")
dbutils.widgets.text("target_orders", "shop.silver.orders", "Target table: orders")

SOURCE_ORDERS = dbutils.widgets.get("source_orders")
TARGET_ORDERS = dbutils.widgets.get("target_orders")

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

# DBTITLE 1,orders: transform


def transform_orders(orders: DataFrame) -> DataFrame:
    """Build the target rows from orders."""
    return orders.select(
        F.col("order_id").alias("order_id"),
        F.expr("cast(customer_ref as bigint)").alias("customer_id"),
        F.expr(
            "case when upper(status) in ('C','CLOSED') then 'closed' when status is null then"
            " 'unknown' else lower(trim(status)) end"
        ).alias("status"),
        F.expr("cast(updated_at as timestamp)").alias("updated_at"),
        F.expr("'shop'").alias("source_system"),
    )


# COMMAND ----------

# DBTITLE 1,orders: write


def new_orders(rows: DataFrame, target: DataFrame) -> DataFrame:
    """Return the rows at or above the target's highest updated_at, each once.

    Rows below it are late and are not loaded. Rows equal to it are kept, because more rows
    with that value may have arrived since.
    """
    unmarked = rows.where("updated_at IS NULL").count()
    if unmarked:
        raise RuntimeError(f"{TARGET_ORDERS}: {unmarked} source rows have no watermark")
    # As text, the value loses nothing on its way through Python, whatever its type.
    highest = target.agg(F.max("updated_at").cast("string")).first()[0]
    logger.info("%s: the highest watermark so far is %s", TARGET_ORDERS, highest)
    if highest is not None:
        watermark = F.lit(highest).cast(rows.schema["updated_at"].dataType)
        rows = rows.where(F.col("updated_at") >= watermark)
    # One exchange serves this step and the next ones.
    rows = rows.repartition("order_id", "updated_at")
    return rows.distinct()


def write_orders(rows: DataFrame) -> None:
    """Append the rows that the target does not hold yet; a second run adds nothing."""
    rows.limit(0).write.format("delta").mode("ignore").saveAsTable(TARGET_ORDERS)
    target = DeltaTable.forName(spark, TARGET_ORDERS)
    require_columns(target.toDF(), TARGET_ORDERS, rows.columns)
    batch = new_orders(rows, target.toDF())
    require_unique(batch, f"New rows for {TARGET_ORDERS}", "order_id", "updated_at")

    same_row = "target.order_id <=> source.order_id AND target.updated_at <=> source.updated_at"
    values = {column: f"source.{column}" for column in rows.columns}
    version = target.history(1).first().version
    (
        target.alias("target")
        .merge(batch.alias("source"), same_row)
        .whenNotMatchedInsert(values=values)
        .execute()
    )
    log_changes(target, TARGET_ORDERS, version, "Inserted")


# COMMAND ----------

# DBTITLE 1,orders: load


def load_orders() -> None:
    """Read the sources, build the target rows and write them."""
    logger.info("Loading %s", TARGET_ORDERS)
    rows = None
    try:
        orders = spark.read.table(SOURCE_ORDERS)
        require_columns(orders, SOURCE_ORDERS, ["order_id", "customer_ref", "status", "updated_at"])
        rows = transform_orders(orders)
        write_orders(rows)
    except Exception as error:
        logger.exception("Loading %s failed", TARGET_ORDERS)
        log_failing_column(error, rows, TARGET_ORDERS, [*range(2, 7)])
        raise


# COMMAND ----------

# DBTITLE 1,Run
if __name__ == "__main__":
    load_orders()
