# Databricks notebook source
# MAGIC %md
# MAGIC # orders_rules.csv
# MAGIC
# MAGIC `shop.gold.orders`:
# MAGIC - Reads /Volumes/shop/in/orders.csv as o.
# MAGIC - Left-joins shop.silver.customers as c on o.customer_id = c.id.
# MAGIC - Fills 6 columns: 3 copied, 3 computed.
# MAGIC - Adds _loaded_at: When the row was loaded.
# MAGIC - Adds _batch_id: The run that loaded the row.
# MAGIC - Adds _file: The file that the row was read from.
# MAGIC - Refuses a batch in which a join finds several rows for one key.
# MAGIC - Checks 7 rules of the sheet.
# MAGIC - Rows that break one of the rules go to shop.gold.orders_quarantine, not to
# MAGIC   shop.gold.orders.
# MAGIC - Of several rows of one key the highest changed_at wins.
# MAGIC - Merges into shop.gold.orders by order_id: changed rows are updated, new ones inserted.
# MAGIC - Deletes the rows whose gone is true.
# MAGIC - Deletes the rows that the sources no longer have; refuses an empty batch.
# MAGIC
# MAGIC Pattern: MERGE upsert. Compiled by text2code 0.1.0.

# COMMAND ----------

# DBTITLE 1,Imports
import json
import logging
import uuid

from delta.tables import DeltaTable, DeltaTableBuilder
from pyspark.sql import DataFrame, Window
from pyspark.sql import functions as F
from pyspark.sql.types import StructType

logging.basicConfig(format="%(asctime)s %(levelname)s %(name)s: %(message)s")
logger = logging.getLogger("orders")
logger.setLevel(logging.INFO)

# COMMAND ----------

# DBTITLE 1,Parameters
dbutils.widgets.text("source_orders", "/Volumes/shop/in/orders.csv", "Source path: orders")
dbutils.widgets.text("source_customers", "shop.silver.customers", "Source table: customers")
dbutils.widgets.text("target_orders", "shop.gold.orders", "Target table: orders")
dbutils.widgets.text("quarantine_orders", "shop.gold.orders_quarantine", "Quarantine table: orders")
dbutils.widgets.text("batch_id", "", "Name of this batch (empty: a new one)")

SOURCE_ORDERS = dbutils.widgets.get("source_orders")
SOURCE_CUSTOMERS = dbutils.widgets.get("source_customers")
TARGET_ORDERS = dbutils.widgets.get("target_orders")
QUARANTINE_ORDERS = dbutils.widgets.get("quarantine_orders")
BATCH_ID = dbutils.widgets.get("batch_id") or str(uuid.uuid4())

# COMMAND ----------

# DBTITLE 1,Helpers


def require_columns(table: DataFrame, name: str, columns: list[str]) -> None:
    """Raise RuntimeError if the table lacks a column that the mapping uses."""
    present = {column.lower() for column in table.columns}
    missing = [column for column in columns if column.lower() not in present]
    if missing:
        raise RuntimeError(f"{name} lacks the mapped columns: {', '.join(missing)}")


def with_columns_of(table: DeltaTableBuilder, rows: DataFrame) -> DeltaTableBuilder:
    """Return the definition of a table with the columns of the rows, which may all be NULL."""
    text = rows.schema.json().replace('"nullable":false', '"nullable":true')
    text = text.replace('ontainsNull":false', 'ontainsNull":true')
    for column in StructType.fromJson(json.loads(text)):
        comment = column.metadata.get("comment")
        table = table.addColumn(column.name, column.dataType, comment=comment)
    return table


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


def with_broken_rules(rows: DataFrame, rules: dict[str, str], exempt: str) -> DataFrame:
    """Return the rows with the names of the rules that each one breaks, in _broken_rules.

    A rule that is NULL for a row is broken, as a constraint of a Delta table would be.
    """
    broken = F.array(
        *[
            F.when(F.expr(f"NOT coalesce({rule}, false)"), F.lit(name))
            for name, rule in rules.items()
        ]
    )
    checked = ~F.expr(exempt)
    return rows.withColumn("_broken_rules", F.filter(broken, lambda n: n.isNotNull() & checked))


def count_broken_rules(checked: DataFrame) -> list[str]:
    """Return how many rows break each rule, in words."""
    counts = (
        checked.select(F.explode("_broken_rules").alias("rule"))
        .groupBy("rule")
        .agg(F.count("*").alias("rows"))
        .orderBy("rule")
        .collect()
    )
    return [f"{row['rule']} ({row['rows']} rows)" for row in counts]


def log_broken_rules(checked: DataFrame, name: str) -> None:
    """Log how many rows break each rule."""
    for broken in count_broken_rules(checked):
        logger.warning("%s: rows break a rule: %s", name, broken)


def as_quarantined(failed: DataFrame, volatile: list[str]) -> DataFrame:
    """Return the rows as a quarantine keeps them: with a hash that tells them, and the time."""
    left_out = {*volatile, "_broken_rules"}
    told = [F.col("`" + c.replace("`", "``") + "`") for c in failed.columns if c not in left_out]
    # Times in full and in UTC: the hash is the same in every session.
    time = "yyyy-MM-dd'T'HH:mm:ss.SSSSSS"
    options = {"timeZone": "UTC", "timestampFormat": time, "timestampNTZFormat": time}
    text = F.to_json(F.struct(*told), options)
    return failed.withColumn("_row_hash", F.sha2(text, 256)).withColumn(
        "_quarantined_at", F.current_timestamp()
    )


def release_mended(
    quarantine: DeltaTable, held: DataFrame, passed: DataFrame, failed: DataFrame, same: str
) -> None:
    """Take out of the quarantine the rows that were mended: their keys have passed since."""
    mended = (
        held.alias("target")
        .join(passed.alias("source"), F.expr(same), "left_semi")
        .join(failed.select("_row_hash"), "_row_hash", "left_anti")
        .select("_row_hash")
        .distinct()
    )
    if mended.isEmpty():
        return
    same_row = "target._row_hash = source._row_hash"
    merge = quarantine.alias("target").merge(mended.alias("source"), same_row)
    merge.whenMatchedDelete().execute()


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


def transform_orders(orders: DataFrame, customers: DataFrame) -> DataFrame:
    """Build the target rows from orders and customers."""
    return (
        orders.alias("o")
        .join(customers.alias("c"), F.expr("o.customer_id = c.id"), "left")
        .select(
            F.col("o.id").cast("bigint").alias("order_id"),
            F.expr("o.amount * 1.19").cast("decimal(12,2)").alias("amount"),
            F.expr("upper(trim(o.state))").cast("string").alias("state"),
            F.col("o.changed").cast("timestamp").alias("changed_at"),
            F.col("c.name").cast("string").alias("customer"),
            F.expr("o.op = 'D'").cast("boolean").alias("gone"),
            F.expr("current_timestamp()").alias(
                "_loaded_at", metadata={"comment": "When the row was loaded"}
            ),
            F.lit(BATCH_ID).alias("_batch_id", metadata={"comment": "The run that loaded the row"}),
            F.expr("o._metadata.file_path").alias(
                "_file", metadata={"comment": "The file that the row was read from"}
            ),
        )
    )


# COMMAND ----------

# DBTITLE 1,orders: rules


def check_orders(rows: DataFrame) -> DataFrame:
    """Return the rows with the rules of the sheet that they break."""
    rules = {
        "row 2: order_id not null": "order_id IS NOT NULL",
        "row 3: amount > 0": "amount > 0",
        "row 3: amount < 1000000": "amount < 1000000",
        "row 4: state in ('NEW', 'DONE', 'it''s \"odd\"')": (
            "state in ('NEW', 'DONE', 'it''s \"odd\"')"
        ),
        "row 5: changed_at <= current_timestamp()": "changed_at <= current_timestamp()",
        "row 5: changed_at > TIMESTAMP'2000-01-01' AND order_id > 0": (
            "changed_at > TIMESTAMP'2000-01-01' AND order_id > 0"
        ),
        "row 6: customer not empty": "trim(customer) <> ''",
    }
    return with_broken_rules(rows, rules, "coalesce(gone, false)")


def quarantine_orders(failed: DataFrame) -> None:
    """Add the rows that break a rule to the quarantine; a second run adds nothing."""
    rows = as_quarantined(failed, ["_loaded_at", "_batch_id", "_file"])
    rows.limit(0).write.format("delta").mode("ignore").saveAsTable(QUARANTINE_ORDERS)
    held = spark.read.table(QUARANTINE_ORDERS).select("_row_hash")
    rows = rows.join(held, "_row_hash", "left_anti")
    (
        rows.write.format("delta")
        .mode("append")
        .option("mergeSchema", "true")
        .saveAsTable(QUARANTINE_ORDERS)
    )


def release_orders(passed: DataFrame, failed: DataFrame) -> None:
    """Take out of the quarantine the keys that have passed since."""
    same = (
        "target.order_id <=> source.order_id"
        " AND (target.changed_at IS NULL"
        " OR source.changed_at >= target.changed_at)"
    )
    held = spark.read.table(QUARANTINE_ORDERS)
    quarantine = DeltaTable.forName(spark, QUARANTINE_ORDERS)
    failed = as_quarantined(failed, ["_loaded_at", "_batch_id", "_file"])
    release_mended(quarantine, held, passed, failed, same)


# COMMAND ----------

# DBTITLE 1,orders: write


def latest_orders(rows: DataFrame) -> DataFrame:
    """Return the newest rows of each key by changed_at; equal rows become one."""
    newest_first = Window.partitionBy("order_id").orderBy(F.col("changed_at").desc_nulls_last())
    newest = rows.withColumn("_rank", F.rank().over(newest_first)).where("_rank = 1")
    return newest.drop("_rank").dropDuplicates(
        ["order_id", "amount", "state", "changed_at", "customer", "gone"]
    )


def write_orders(rows: DataFrame, failed: DataFrame) -> None:
    """Update, insert and delete what changed; a second run changes nothing."""
    kept = rows.drop("gone")
    table = (
        DeltaTable.createIfNotExists(spark)
        .tableName(TARGET_ORDERS)
        .comment('Orders, as "they" are')
        .clusterBy("order_id", "state")
    )
    with_columns_of(table, kept).execute()
    target = DeltaTable.forName(spark, TARGET_ORDERS)
    require_columns(target.toDF(), TARGET_ORDERS, kept.columns)
    batch = latest_orders(rows)
    require_unique(target.toDF(), TARGET_ORDERS, "order_id")
    require_unique(batch, f"New rows for {TARGET_ORDERS}", "order_id")

    same_key = "target.order_id <=> source.order_id"
    # True where the stored row differs and is not newer than the incoming one.
    outdated = (
        "false IN ("
        "target.amount <=> source.amount"
        ", target.state <=> source.state"
        ", target.changed_at <=> source.changed_at"
        ", target.customer <=> source.customer"
        ") AND (target.changed_at IS NULL"
        " OR (source.changed_at IS NOT NULL AND source.changed_at >= target.changed_at))"
    )
    # A merge rewrites every file that holds a matching key, so it is given only real changes.
    unchanged = f"{same_key} AND NOT ({outdated})"
    stored = spark.read.table(TARGET_ORDERS)
    if batch.isEmpty():
        raise RuntimeError("The sources have no rows, so that all would be deleted")
    deleted = batch.where("coalesce(gone, false)")
    present = batch.where("NOT coalesce(gone, false)")
    changes = present.alias("source").join(stored.alias("target"), F.expr(unchanged), "left_anti")
    changes = changes.withColumn("_deleted", F.lit(False))
    in_order = (
        "(target.changed_at IS NULL"
        " OR (source.changed_at IS NOT NULL AND source.changed_at >= target.changed_at))"
    )
    deletable = f"{same_key} AND {in_order}"
    deleted = deleted.alias("source").join(stored.alias("target"), F.expr(deletable), "left_semi")
    changes = changes.unionByName(deleted.withColumn("_deleted", F.lit(True)))
    vanished = stored.alias("target").join(batch.alias("source"), F.expr(same_key), "left_anti")
    vanished = vanished.select("order_id")
    vanished = vanished.alias("target").join(failed.alias("source"), F.expr(same_key), "left_anti")
    vanished = vanished.withColumn("_deleted", F.lit(True))
    changes = changes.unionByName(vanished, allowMissingColumns=True)
    values = {column: f"source.{column}" for column in kept.columns}
    version = target.history(1).first().version
    (
        target.alias("target")
        .merge(changes.alias("source"), same_key)
        .whenMatchedDelete(condition="source._deleted")
        .whenMatchedUpdate(condition=outdated, set=values)
        .whenNotMatchedInsert(values=values)
        .execute()
    )
    log_changes(target, TARGET_ORDERS, version, "Inserted", "Updated", "Deleted")


# COMMAND ----------

# DBTITLE 1,orders: load


def load_orders() -> None:
    """Read the sources, build the target rows and write them."""
    logger.info("Loading %s", TARGET_ORDERS)
    rows = None
    try:
        orders = spark.read.format("csv").option("header", "true").load(SOURCE_ORDERS)
        require_columns(
            orders, SOURCE_ORDERS, ["customer_id", "id", "amount", "state", "changed", "op"]
        )
        customers = spark.read.table(SOURCE_CUSTOMERS)
        require_columns(customers, SOURCE_CUSTOMERS, ["id", "name"])
        require_unique(customers.where("id IS NOT NULL"), SOURCE_CUSTOMERS, "id")
        rows = transform_orders(orders, customers)
        checked = check_orders(rows)
        log_broken_rules(checked, TARGET_ORDERS)
        failed = checked.where("size(_broken_rules) > 0")
        passed = checked.where("size(_broken_rules) = 0").drop("_broken_rules")
        quarantine_orders(failed)
        write_orders(passed, failed)
        release_orders(passed, failed)
    except Exception as error:
        logger.exception("Loading %s failed", TARGET_ORDERS)
        log_failing_column(error, rows, TARGET_ORDERS, [*range(2, 8)])
        raise


# COMMAND ----------

# DBTITLE 1,Run
if __name__ == "__main__":
    load_orders()
