# Databricks notebook source
# MAGIC %md
# MAGIC # scd1_snapshot.csv
# MAGIC
# MAGIC `crm.silver.products`:
# MAGIC - Reads crm.bronze.product_snapshot as product_snapshot.
# MAGIC - Fills 4 columns: 0 copied, 4 computed.
# MAGIC - Refuses a batch with two rows of one key.
# MAGIC - Merges into crm.silver.products by product_id: changed rows are updated, new ones
# MAGIC   inserted.
# MAGIC - Deletes the rows that the sources no longer have; refuses an empty batch.
# MAGIC
# MAGIC Pattern: SCD type 1 from snapshots. Compiled by text2code 0.1.0.

# COMMAND ----------

# DBTITLE 1,Imports
import logging

from delta.tables import DeltaTable
from pyspark.sql import DataFrame
from pyspark.sql import functions as F

logging.basicConfig(format="%(asctime)s %(levelname)s %(name)s: %(message)s")
logger = logging.getLogger("products")
logger.setLevel(logging.INFO)

# COMMAND ----------

# DBTITLE 1,Parameters
dbutils.widgets.text(
    "source_product_snapshot", "crm.bronze.product_snapshot", "Source table: product_snapshot"
)
dbutils.widgets.text("target_products", "crm.silver.products", "Target table: products")

SOURCE_PRODUCT_SNAPSHOT = dbutils.widgets.get("source_product_snapshot")
TARGET_PRODUCTS = dbutils.widgets.get("target_products")

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

# DBTITLE 1,products: transform


def transform_products(product_snapshot: DataFrame) -> DataFrame:
    """Build the target rows from product_snapshot."""
    return product_snapshot.select(
        F.expr("trim(sku)").alias("product_id"),
        F.expr("trim(name)").alias("name"),
        F.expr("cast(list_price as decimal(12,2))").alias("price"),
        F.expr("upper(category)").alias("category"),
    )


# COMMAND ----------

# DBTITLE 1,products: write


def write_products(rows: DataFrame) -> None:
    """Update, insert and delete what changed; a second run changes nothing."""
    rows.limit(0).write.format("delta").mode("ignore").saveAsTable(TARGET_PRODUCTS)
    target = DeltaTable.forName(spark, TARGET_PRODUCTS)
    require_columns(target.toDF(), TARGET_PRODUCTS, rows.columns)
    batch = rows
    require_unique(target.toDF(), TARGET_PRODUCTS, "product_id")
    require_unique(batch, f"New rows for {TARGET_PRODUCTS}", "product_id")

    same_key = "target.product_id <=> source.product_id"
    # True where the stored row differs from the incoming one.
    outdated = (
        "false IN ("
        "target.name <=> source.name"
        ", target.price <=> source.price"
        ", target.category <=> source.category"
        ")"
    )
    # A merge rewrites every file that holds a matching key, so it is given only real changes.
    unchanged = f"{same_key} AND NOT ({outdated})"
    stored = spark.read.table(TARGET_PRODUCTS)
    if batch.isEmpty():
        raise RuntimeError("The sources have no rows, so that all would be deleted")
    changes = batch.alias("source").join(stored.alias("target"), F.expr(unchanged), "left_anti")
    changes = changes.withColumn("_deleted", F.lit(False))
    vanished = stored.alias("target").join(batch.alias("source"), F.expr(same_key), "left_anti")
    vanished = vanished.select("product_id")
    vanished = vanished.withColumn("_deleted", F.lit(True))
    changes = changes.unionByName(vanished, allowMissingColumns=True)
    values = {column: f"source.{column}" for column in rows.columns}
    version = target.history(1).first().version
    (
        target.alias("target")
        .merge(changes.alias("source"), same_key)
        .whenMatchedDelete(condition="source._deleted")
        .whenMatchedUpdate(condition=outdated, set=values)
        .whenNotMatchedInsert(values=values)
        .execute()
    )
    log_changes(target, TARGET_PRODUCTS, version, "Inserted", "Updated", "Deleted")


# COMMAND ----------

# DBTITLE 1,products: load


def load_products() -> None:
    """Read the sources, build the target rows and write them."""
    logger.info("Loading %s", TARGET_PRODUCTS)
    rows = None
    try:
        product_snapshot = spark.read.table(SOURCE_PRODUCT_SNAPSHOT)
        require_columns(
            product_snapshot, SOURCE_PRODUCT_SNAPSHOT, ["sku", "name", "list_price", "category"]
        )
        rows = transform_products(product_snapshot)
        write_products(rows)
    except Exception as error:
        logger.exception("Loading %s failed", TARGET_PRODUCTS)
        log_failing_column(error, rows, TARGET_PRODUCTS, [*range(2, 6)])
        raise


# COMMAND ----------

# DBTITLE 1,Run
if __name__ == "__main__":
    load_products()
