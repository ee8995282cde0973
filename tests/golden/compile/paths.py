# Databricks notebook source
# MAGIC %md
# MAGIC # paths.csv
# MAGIC
# MAGIC `/Volumes/shop/silver/files/orders`:
# MAGIC - Reads s3a://landing/orders/orders.csv as o.
# MAGIC - Left-joins abfss://ref@shop.dfs.core.windows.net/rates/ as r on r.day =
# MAGIC   to_date(o.ordered_at).
# MAGIC - Inner-joins dbfs:/mnt/shop/customers.parquet as c on c.id = o.customer_id.
# MAGIC - Keeps rows where o.deleted = 'N'.
# MAGIC - Fills 6 columns: 2 copied, 4 computed.
# MAGIC - Replaces the content and the schema of /Volumes/shop/silver/files/orders in one
# MAGIC   transaction.
# MAGIC
# MAGIC Pattern: Full load. Compiled by text2code 0.1.0.

# COMMAND ----------

# DBTITLE 1,Imports
import logging

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

logging.basicConfig(format="%(asctime)s %(levelname)s %(name)s: %(message)s")
logger = logging.getLogger("orders")
logger.setLevel(logging.INFO)

# COMMAND ----------

# DBTITLE 1,Parameters
dbutils.widgets.text("source_orders", "s3a://landing/orders/orders.csv", "Source path: orders")
dbutils.widgets.text(
    "source_rates", "abfss://ref@shop.dfs.core.windows.net/rates/", "Source path: rates"
)
dbutils.widgets.text(
    "source_customers", "dbfs:/mnt/shop/customers.parquet", "Source path: customers"
)
dbutils.widgets.text("target_orders", "/Volumes/shop/silver/files/orders", "Target path: orders")

SOURCE_ORDERS = dbutils.widgets.get("source_orders")
SOURCE_RATES = dbutils.widgets.get("source_rates")
SOURCE_CUSTOMERS = dbutils.widgets.get("source_customers")
TARGET_ORDERS = dbutils.widgets.get("target_orders")

# COMMAND ----------

# DBTITLE 1,Helpers


def require_columns(table: DataFrame, name: str, columns: list[str]) -> None:
    """Raise RuntimeError if the table lacks a column that the mapping uses."""
    present = {column.lower() for column in table.columns}
    missing = [column for column in columns if column.lower() not in present]
    if missing:
        raise RuntimeError(f"{name} lacks the mapped columns: {', '.join(missing)}")


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


def transform_orders(orders: DataFrame, rates: DataFrame, customers: DataFrame) -> DataFrame:
    """Build the target rows from orders, rates and customers."""
    return (
        orders.alias("o")
        .join(rates.alias("r"), F.expr("r.day = to_date(o.ordered_at)"), "left")
        .join(customers.alias("c"), F.expr("c.id = o.customer_id"), "inner")
        .where("o.deleted = 'N'")
        .select(
            F.col("o.order_id").cast("bigint").alias("order_id"),
            F.coalesce(
                F.col("o.amount").cast("decimal(12,2)"), F.expr("0").cast("decimal(12,2)")
            ).alias("amount"),
            F.expr("round(o.amount * r.rate, 2)").alias("amount_eur"),
            F.expr("c.address.city").alias("city"),
            F.expr("o._metadata.file_path").alias("source_file"),
            F.expr("current_date()").alias("loaded_on"),
        )
    )


# COMMAND ----------

# DBTITLE 1,orders: write


def write_orders(rows: DataFrame) -> None:
    """Replace the content of the target in one transaction; if it fails, the old rows stay."""
    (
        rows.write.format("delta")
        .mode("overwrite")
        .option("overwriteSchema", "true")
        .save(TARGET_ORDERS)
    )
    count = spark.read.format("delta").load(TARGET_ORDERS).count()
    logger.info("%s holds %d rows", TARGET_ORDERS, count)


# COMMAND ----------

# DBTITLE 1,orders: load


def load_orders() -> None:
    """Read the sources, build the target rows and write them."""
    logger.info("Loading %s", TARGET_ORDERS)
    rows = None
    try:
        orders = spark.read.format("csv").option("header", "true").load(SOURCE_ORDERS)
        require_columns(
            orders, SOURCE_ORDERS, ["ordered_at", "customer_id", "deleted", "order_id", "amount"]
        )
        rates = spark.read.format("delta").load(SOURCE_RATES)
        require_columns(rates, SOURCE_RATES, ["day", "rate"])
        customers = spark.read.format("parquet").load(SOURCE_CUSTOMERS)
        require_columns(customers, SOURCE_CUSTOMERS, ["id", "address"])
        rows = transform_orders(orders, rates, customers)
        write_orders(rows)
    except Exception as error:
        logger.exception("Loading %s failed", TARGET_ORDERS)
        log_failing_column(error, rows, TARGET_ORDERS, [*range(2, 8)])
        raise


# COMMAND ----------

# DBTITLE 1,Run
if __name__ == "__main__":
    load_orders()
