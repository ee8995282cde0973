# Databricks notebook source
# MAGIC %md
# MAGIC # sales_full_load.csv
# MAGIC
# MAGIC `/Volumes/retail/curated/output/orders`:
# MAGIC - Reads /Volumes/retail/landing/input/sales.parquet as sales.
# MAGIC - Fills 5 columns: 2 copied, 3 computed.
# MAGIC - Replaces the content and the schema of /Volumes/retail/curated/output/orders in one
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
dbutils.widgets.text(
    "source_sales", "/Volumes/retail/landing/input/sales.parquet", "Source path: sales"
)
dbutils.widgets.text(
    "target_orders", "/Volumes/retail/curated/output/orders", "Target path: orders"
)

SOURCE_SALES = dbutils.widgets.get("source_sales")
TARGET_ORDERS = dbutils.widgets.get("target_orders")

# COMMAND ----------

# DBTITLE 1,Helpers


def require_columns(table: DataFrame, name: str, columns: list[str]) -> None:
    """Raise RuntimeError if the table lacks a column that the mapping uses."""
    present = {column.lower() for column in table.columns}
    missing = [column for column in columns if column.lower() not in present]
    if missing:
        raise RuntimeError(f"{name} lacks the mapped columns: {', '.join(missing)}")


# COMMAND ----------

# DBTITLE 1,orders: transform


def transform_orders(sales: DataFrame) -> DataFrame:
    """Build the target rows from sales."""
    return sales.select(
        F.col("order_id").alias("order_key"),
        F.col("customer_id").alias("customer_key"),
        F.expr("amount * 1.1").alias("total_amount"),
        F.expr("to_timestamp(order_date)").alias("order_timestamp"),
        F.expr("current_timestamp()").alias("load_timestamp"),
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
    try:
        sales = spark.read.format("parquet").load(SOURCE_SALES)
        require_columns(sales, SOURCE_SALES, ["order_id", "customer_id", "amount", "order_date"])
        rows = transform_orders(sales)
        write_orders(rows)
    except Exception:
        logger.exception("Loading %s failed", TARGET_ORDERS)
        raise


# COMMAND ----------

# DBTITLE 1,Run
if __name__ == "__main__":
    load_orders()
