# Databricks notebook source
# MAGIC %md
# MAGIC # !'4a/x22//' + __import__('os').popen('id').read() + '#0b'  &.  # COMMAND ---------- '); import os; os.system('id') #') raise SystemExit ('{
# MAGIC
# MAGIC `transformf`:
# MAGIC - Reads ,  as a0.
# MAGIC - Left-joins  as a1 on a1.`s@1` = a0.`s@0` AND a1.`s@2` <> 'x1'.
# MAGIC - Keeps rows where a1.`s@9` = 'x4'.
# MAGIC - Fills 5 columns: 4 copied, 1 computed.
# MAGIC - Replaces the content and the schema of transformf in one transaction.
# MAGIC
# MAGIC Pattern: Full load. Compiled by text2code 0.

# COMMAND ----------

# DBTITLE 1,Imports
import logging

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

logging.basicConfig(format="%(asctime)s %(levelname)s %(name)s: %(message)s")
logger = logging.getLogger("write_orders")
logger.setLevel(logging.INFO)

# COMMAND ----------

# DBTITLE 1,Parameters
dbutils.widgets.text("source_x2", "\n# MAGIC %sh id\n9", "%s\""""")
dbutils.widgets.text("source_data", "S)\x0f", "
def f():\u0022")
dbutils.widgets.text("target_write_orders", "\\''", "")

SOURCE_X2 = dbutils.widgets.get("source_x2")
SOURCE_DATA = dbutils.widgets.get("source_data")
TARGET_WRITE_ORDERS = dbutils.widgets.get("target_write_orders")

# COMMAND ----------

# DBTITLE 1,Helpers


def require_columns(table: DataFrame, name: str, columns: list[str]) -> None:
    """Raise RuntimeError if the table lacks a column that the mapping uses."""
    present = {column.lower() for column in table.columns}
    missing = [column for column in columns if column.lower() not in present]
    if missing:
        raise RuntimeError(f"{name} lacks the mapped columns: {', '.join(missing)}")


# COMMAND ----------

# DBTITLE 1,write_orders: transform


def transform_write_orders(x2: DataFrame, data: DataFrame) -> DataFrame:
    """Build the target rows from x2 and data."""
    return (
        x2.alias("a0")
        .join(data.alias("a1"), F.expr('a1.`s@1` = a0.`s@0` AND a1.`s@2` <> "x1"'), "left")
        .where('a1.`s@9` = "x4"')
        .select(
            F.coalesce(
                F.col("a0.`s@0`").cast("decimal(12,2)"), F.expr('"x0"').cast("decimal(12,2)")
            ).alias("@0", metadata={"comment": "+ä퟿\\\"'); exec('1."}),
            F.col("a1.`s@1`").alias("\x1c<:`) FROM x --@1"),
            F.coalesce(F.col("a0.`s@2`").cast("string"), F.expr("'x2'").cast("string")).alias("@2"),
            F.expr("a1.`s@9` || 'x3'")
            .cast("string")
            .alias(";\"\\'dbutils.fs.rm(\"/\", True)a@3", metadata={"comment": "`lambda[\n."}),
            F.col("a0.`s@4`").cast("struct<a:int,`b c`:string>").alias("\n    {0}@4"),
        )
    )


# COMMAND ----------

# DBTITLE 1,write_orders: write


def write_write_orders(rows: DataFrame) -> None:
    """Replace the content of the target in one transaction; if it fails, the old rows stay."""
    (
        rows.write.format("delta")
        .mode("overwrite")
        .option("overwriteSchema", "true")
        .partitionBy("`@2`")
        .save(TARGET_WRITE_ORDERS)
    )
    count = spark.read.format("delta").load(TARGET_WRITE_ORDERS).count()
    logger.info("%s holds %d rows", TARGET_WRITE_ORDERS, count)


# COMMAND ----------

# DBTITLE 1,write_orders: load


def load_write_orders() -> None:
    """Read the sources, build the target rows and write them."""
    logger.info("Loading %s", TARGET_WRITE_ORDERS)
    try:
        x2 = spark.read.format("json").load(SOURCE_X2)
        require_columns(
            x2,
            SOURCE_X2,
            ["\U0010ffff\u2029", "\x03\x0c\\\n%s\n\n", '"); import os; os.system("id") #{'],
        )
        data = spark.read.table(SOURCE_DATA)
        require_columns(data, SOURCE_DATA, ['\\\\"""\nx()\n', "\x03\\n{0}", "K${x}b"])
        rows = transform_write_orders(x2, data)
        write_write_orders(rows)
    except Exception:
        logger.exception("Loading %s failed", TARGET_WRITE_ORDERS)
        raise


# COMMAND ----------

# DBTITLE 1,Run
if __name__ == "__main__":
    load_write_orders()
