# Databricks notebook source
# MAGIC %md
# MAGIC # customers_changes.csv
# MAGIC
# MAGIC `crm.gold.dim_customer`:
# MAGIC - Reads crm.landing.customers as customers.
# MAGIC - Fills 7 columns: 3 copied, 4 computed.
# MAGIC - Of several rows of one key the highest modified_at wins.
# MAGIC - Merges into crm.gold.dim_customer by customer_id: changed rows are updated, new ones
# MAGIC   inserted.
# MAGIC - Where the new value is NULL the old one stays.
# MAGIC - Deletes the rows whose is_deleted is true.
# MAGIC - Deletes the rows that the sources no longer have; refuses an empty batch.
# MAGIC
# MAGIC Pattern: MERGE upsert. Compiled by text2code 0.1.0.

# COMMAND ----------

# DBTITLE 1,Imports
import logging

from delta.tables import DeltaTable
from pyspark.sql import DataFrame, Window
from pyspark.sql import functions as F

logging.basicConfig(format="%(asctime)s %(levelname)s %(name)s: %(message)s")
logger = logging.getLogger("dim_customer")
logger.setLevel(logging.INFO)

# COMMAND ----------

# DBTITLE 1,Parameters
dbutils.widgets.text("source_customers", "crm.landing.customers", "Source table: customers")
dbutils.widgets.text("target_dim_customer", "crm.gold.dim_customer", "Target table: dim_customer")

SOURCE_CUSTOMERS = dbutils.widgets.get("source_customers")
TARGET_DIM_CUSTOMER = dbutils.widgets.get("target_dim_customer")

# COMMAND ----------

# DBTITLE 1,Helpers


def require_columns(table: DataFrame, name: str, columns: list[str]) -> None:
    """Raise RuntimeError if the table lacks a column that the mapping uses."""
    present = {column.lower() for column in table.columns}
    missing = [column for column in columns if column.lower() not in present]
    if missing:
        raise RuntimeError(f"{name} lacks the mapped columns: {', '.join(missing)}")


def lacking_columns(table: DataFrame, rows: DataFrame) -> DataFrame:
    """Return no rows, with those columns of the rows that the table lacks."""
    present = {column.lower() for column in table.columns}
    lacking = [column for column in rows.columns if column.lower() not in present]
    return rows.limit(0).select(*["`" + column.replace("`", "``") + "`" for column in lacking])


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

# DBTITLE 1,dim_customer: transform


def transform_dim_customer(customers: DataFrame) -> DataFrame:
    """Build the target rows from customers."""
    return customers.select(
        F.col("customer_id").cast("bigint").alias("customer_id"),
        F.expr("trim(full_name)").cast("string").alias("name"),
        F.expr("lower(email)").cast("string").alias("email"),
        F.expr("coalesce(segment, 'none')").cast("string").alias("segment"),
        F.col("last_login").cast("timestamp").alias("last_login"),
        F.col("modified_at").cast("timestamp").alias("modified_at"),
        F.expr("op = 'D'").cast("boolean").alias("is_deleted"),
    )


# COMMAND ----------

# DBTITLE 1,dim_customer: write


def latest_dim_customer(rows: DataFrame) -> DataFrame:
    """Return the newest rows of each key by modified_at; equal rows become one."""
    newest_first = Window.partitionBy("customer_id").orderBy(F.col("modified_at").desc_nulls_last())
    newest = rows.withColumn("_rank", F.rank().over(newest_first)).where("_rank = 1")
    return newest.drop("_rank").distinct()


def write_dim_customer(rows: DataFrame) -> None:
    """Update, insert and delete what changed; a second run changes nothing."""
    kept = rows.drop("is_deleted")
    kept.limit(0).write.format("delta").mode("ignore").saveAsTable(TARGET_DIM_CUSTOMER)
    lacking = lacking_columns(spark.read.table(TARGET_DIM_CUSTOMER), kept)
    if lacking.columns:
        (
            lacking.write.format("delta")
            .mode("append")
            .option("mergeSchema", "true")
            .saveAsTable(TARGET_DIM_CUSTOMER)
        )
    target = DeltaTable.forName(spark, TARGET_DIM_CUSTOMER)
    require_columns(target.toDF(), TARGET_DIM_CUSTOMER, kept.columns)
    batch = latest_dim_customer(rows)
    require_unique(target.toDF(), TARGET_DIM_CUSTOMER, "customer_id")
    require_unique(batch, f"New rows for {TARGET_DIM_CUSTOMER}", "customer_id")

    same_key = "target.customer_id <=> source.customer_id"
    # True where the stored row differs and is not newer than the incoming one.
    outdated = (
        "false IN ("
        "target.name <=> coalesce(source.name, target.name)"
        ", target.email <=> coalesce(source.email, target.email)"
        ", target.segment <=> coalesce(source.segment, target.segment)"
        ", target.last_login <=> coalesce(source.last_login, target.last_login)"
        ", target.modified_at <=> coalesce(source.modified_at, target.modified_at)"
        ") AND (target.modified_at IS NULL"
        " OR (source.modified_at IS NOT NULL AND source.modified_at >= target.modified_at))"
    )
    # A merge rewrites every file that holds a matching key, so it is given only real changes.
    unchanged = f"{same_key} AND NOT ({outdated})"
    stored = spark.read.table(TARGET_DIM_CUSTOMER)
    if batch.isEmpty():
        raise RuntimeError("The sources have no rows, so that all would be deleted")
    deleted = batch.where("coalesce(is_deleted, false)")
    present = batch.where("NOT coalesce(is_deleted, false)")
    changes = present.alias("source").join(stored.alias("target"), F.expr(unchanged), "left_anti")
    changes = changes.withColumn("_deleted", F.lit(False))
    in_order = (
        "(target.modified_at IS NULL"
        " OR (source.modified_at IS NOT NULL AND source.modified_at >= target.modified_at))"
    )
    deletable = f"{same_key} AND {in_order}"
    deleted = deleted.alias("source").join(stored.alias("target"), F.expr(deletable), "left_semi")
    changes = changes.unionByName(deleted.withColumn("_deleted", F.lit(True)))
    vanished = stored.alias("target").join(batch.alias("source"), F.expr(same_key), "left_anti")
    vanished = vanished.select("customer_id")
    vanished = vanished.withColumn("_deleted", F.lit(True))
    changes = changes.unionByName(vanished, allowMissingColumns=True)
    values = {column: f"source.{column}" for column in kept.columns}
    updates = {column: f"coalesce({value}, target.{column})" for column, value in values.items()}
    version = target.history(1).first().version
    (
        target.alias("target")
        .merge(changes.alias("source"), same_key)
        .whenMatchedDelete(condition="source._deleted")
        .whenMatchedUpdate(condition=outdated, set=updates)
        .whenNotMatchedInsert(values=values)
        .execute()
    )
    log_changes(target, TARGET_DIM_CUSTOMER, version, "Inserted", "Updated", "Deleted")


# COMMAND ----------

# DBTITLE 1,dim_customer: load


def load_dim_customer() -> None:
    """Read the sources, build the target rows and write them."""
    logger.info("Loading %s", TARGET_DIM_CUSTOMER)
    rows = None
    try:
        customers = spark.read.table(SOURCE_CUSTOMERS)
        require_columns(
            customers,
            SOURCE_CUSTOMERS,
            ["customer_id", "full_name", "email", "segment", "last_login", "modified_at", "op"],
        )
        rows = transform_dim_customer(customers)
        write_dim_customer(rows)
    except Exception as error:
        logger.exception("Loading %s failed", TARGET_DIM_CUSTOMER)
        log_failing_column(error, rows, TARGET_DIM_CUSTOMER, [*range(2, 9)])
        raise


# COMMAND ----------

# DBTITLE 1,Run
if __name__ == "__main__":
    load_dim_customer()
