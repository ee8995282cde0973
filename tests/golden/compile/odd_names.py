# Databricks notebook source
# MAGIC %md
# MAGIC # odd_names.csv
# MAGIC
# MAGIC `'my cat'.gold.'t.x'`:
# MAGIC - Reads `my cat`.`sch-ema`.`order` as order.
# MAGIC - Fills 4 columns: 2 copied, 2 computed.
# MAGIC - Refuses a batch with two rows of one key.
# MAGIC - Merges into `my cat`.gold.`t.x` by quote'd: changed rows are updated, new ones inserted.
# MAGIC
# MAGIC Pattern: MERGE upsert. Compiled by text2code 0.1.0.

# COMMAND ----------

# DBTITLE 1,Imports
import logging

from delta.tables import DeltaTable
from pyspark.sql import DataFrame
from pyspark.sql import functions as F

logging.basicConfig(format="%(asctime)s %(levelname)s %(name)s: %(message)s")
logger = logging.getLogger("t_x")
logger.setLevel(logging.INFO)

# COMMAND ----------

# DBTITLE 1,Parameters
dbutils.widgets.text("source_order", "`my cat`.`sch-ema`.`order`", "Source table: order")
dbutils.widgets.text("target_t_x", "`my cat`.gold.`t.x`", "Target table: t_x")

SOURCE_ORDER = dbutils.widgets.get("source_order")
TARGET_T_X = dbutils.widgets.get("target_t_x")

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

# DBTITLE 1,t_x: transform


def transform_t_x(order: DataFrame) -> DataFrame:
    """Build the target rows from order."""
    return order.select(
        F.col('`quote"d`').alias('quote"d', metadata={"comment": 'says "hi" and \\n'}),
        F.col("`back``tick`").alias("it's", metadata={"comment": "line one\nline two"}),
        F.expr("concat(`a b`, ' {x} \\u0024{y} %s ', 'it\\'s', \"dq\")").alias(
            "select", metadata={"comment": "# COMMAND ----------"}
        ),
        F.expr("regexp_replace(`back``tick`, '\\\\d+', '')").alias(
            "größe", metadata={"comment": "ünï"}
        ),
    )


# COMMAND ----------

# DBTITLE 1,t_x: write


def write_t_x(rows: DataFrame) -> None:
    """Update the rows that changed and insert the new ones; a second run changes nothing."""
    rows.limit(0).write.format("delta").mode("ignore").saveAsTable(TARGET_T_X)
    target = DeltaTable.forName(spark, TARGET_T_X)
    require_columns(target.toDF(), TARGET_T_X, rows.columns)
    batch = rows
    require_unique(target.toDF(), TARGET_T_X, '`quote"d`')
    require_unique(batch, f"New rows for {TARGET_T_X}", '`quote"d`')

    same_key = 'target.`quote"d` <=> source.`quote"d`'
    # True where the stored row differs from the incoming one.
    outdated = (
        "false IN ("
        "target.`it's` <=> source.`it's`"
        ", target.`select` <=> source.`select`"
        ", target.`größe` <=> source.`größe`"
        ")"
    )
    # A merge rewrites every file that holds a matching key, so it is given only real changes.
    unchanged = f"{same_key} AND NOT ({outdated})"
    stored = spark.read.table(TARGET_T_X)
    changes = batch.alias("source").join(stored.alias("target"), F.expr(unchanged), "left_anti")
    values = {
        '`quote"d`': 'source.`quote"d`',
        "`it's`": "source.`it's`",
        "`select`": "source.`select`",
        "`größe`": "source.`größe`",
    }
    version = target.history(1).first().version
    (
        target.alias("target")
        .merge(changes.alias("source"), same_key)
        .whenMatchedUpdate(condition=outdated, set=values)
        .whenNotMatchedInsert(values=values)
        .execute()
    )
    log_changes(target, TARGET_T_X, version, "Inserted", "Updated")


# COMMAND ----------

# DBTITLE 1,t_x: load


def load_t_x() -> None:
    """Read the sources, build the target rows and write them."""
    logger.info("Loading %s", TARGET_T_X)
    rows = None
    try:
        order = spark.read.table(SOURCE_ORDER)
        require_columns(order, SOURCE_ORDER, ['quote"d', "back`tick", "a b"])
        rows = transform_t_x(order)
        write_t_x(rows)
    except Exception as error:
        logger.exception("Loading %s failed", TARGET_T_X)
        log_failing_column(error, rows, TARGET_T_X, [*range(2, 6)])
        raise


# COMMAND ----------

# DBTITLE 1,Run
if __name__ == "__main__":
    load_t_x()
