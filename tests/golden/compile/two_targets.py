# Databricks notebook source
# MAGIC %md
# MAGIC # two_targets.csv
# MAGIC
# MAGIC `shop.silver.events`:
# MAGIC - Reads /Volumes/shop/landing/input/events.csv as events.
# MAGIC - Fills 3 columns: 1 copied, 2 computed.
# MAGIC - Takes all rows, also those below the highest event_id of the target; loads those that have
# MAGIC   none, once.
# MAGIC - Appends to shop.silver.events the rows that are not there yet, all columns compared.
# MAGIC
# MAGIC `/Volumes/shop/gold/output/clicks`:
# MAGIC - Reads shop.silver.events as events.
# MAGIC - Keeps rows where kind = 'click'.
# MAGIC - Fills 3 columns: 2 copied, 1 computed.
# MAGIC - Takes the rows at or above the highest event.id of the target; leaves out those that have
# MAGIC   none.
# MAGIC - Appends to /Volumes/shop/gold/output/clicks the rows that are not there yet, all columns
# MAGIC   compared.
# MAGIC
# MAGIC Pattern: Incremental append. Compiled by text2code 0.1.0.

# COMMAND ----------

# DBTITLE 1,Imports
import logging

from delta.tables import DeltaTable
from pyspark.sql import DataFrame
from pyspark.sql import functions as F

logging.basicConfig(format="%(asctime)s %(levelname)s %(name)s: %(message)s")
logger = logging.getLogger("pipelines")
logger.setLevel(logging.INFO)

# COMMAND ----------

# DBTITLE 1,Parameters
dbutils.widgets.text(
    "source_events", "/Volumes/shop/landing/input/events.csv", "Source path: events"
)
dbutils.widgets.text("target_events", "shop.silver.events", "Target table: events")
dbutils.widgets.text("target_clicks", "/Volumes/shop/gold/output/clicks", "Target path: clicks")

SOURCE_EVENTS = dbutils.widgets.get("source_events")
TARGET_EVENTS = dbutils.widgets.get("target_events")
TARGET_CLICKS = dbutils.widgets.get("target_clicks")

# COMMAND ----------

# DBTITLE 1,Helpers


def require_columns(table: DataFrame, name: str, columns: list[str]) -> None:
    """Raise RuntimeError if the table lacks a column that the mapping uses."""
    present = {column.lower() for column in table.columns}
    missing = [column for column in columns if column.lower() not in present]
    if missing:
        raise RuntimeError(f"{name} lacks the mapped columns: {', '.join(missing)}")


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

# DBTITLE 1,events: transform


def transform_events(events: DataFrame) -> DataFrame:
    """Build the target rows from events."""
    return events.select(
        F.col("id").cast("bigint").alias("event_id"),
        F.coalesce(F.expr("lower(kind)"), F.expr("'unknown'")).alias("kind"),
        F.expr("current_timestamp()").alias("loaded_at"),
    )


# COMMAND ----------

# DBTITLE 1,events: write


def new_events(rows: DataFrame) -> DataFrame:
    """Return all rows, each once; late ones are loaded too."""
    return rows.dropDuplicates(["event_id", "kind"])


def write_events(rows: DataFrame) -> None:
    """Append the rows that the target does not hold yet; a second run adds nothing."""
    rows.limit(0).write.format("delta").mode("ignore").saveAsTable(TARGET_EVENTS)
    target = DeltaTable.forName(spark, TARGET_EVENTS)
    require_columns(target.toDF(), TARGET_EVENTS, rows.columns)
    batch = new_events(rows)

    same_row = "target.event_id <=> source.event_id AND target.kind <=> source.kind"
    values = {column: f"source.{column}" for column in rows.columns}
    version = target.history(1).first().version
    (
        target.alias("target")
        .merge(batch.alias("source"), same_row)
        .whenNotMatchedInsert(values=values)
        .execute()
    )
    log_changes(target, TARGET_EVENTS, version, "Inserted")


# COMMAND ----------

# DBTITLE 1,events: load


def load_events() -> None:
    """Read the sources, build the target rows and write them."""
    logger.info("Loading %s", TARGET_EVENTS)
    rows = None
    try:
        events = spark.read.format("csv").option("header", "true").load(SOURCE_EVENTS)
        require_columns(events, SOURCE_EVENTS, ["id", "kind"])
        rows = transform_events(events)
        write_events(rows)
    except Exception as error:
        logger.exception("Loading %s failed", TARGET_EVENTS)
        log_failing_column(error, rows, TARGET_EVENTS, [*range(2, 5)])
        raise


# COMMAND ----------

# DBTITLE 1,clicks: transform


def transform_clicks(events: DataFrame) -> DataFrame:
    """Build the target rows from events."""
    return events.where("kind = 'click'").select(
        F.col("event_id").alias("event.id"),
        F.col("kind").alias(
            "select",
            metadata={
                "comment": (
                    "a long comment that goes on and on and on and on and on and on and on and on"
                    " and on and on and on until it is long"
                )
            },
        ),
        F.coalesce(
            F.expr(
                "case when kind = 'a' then 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa' when kind = 'b'"
                " then 'bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb' end"
            ).cast("string"),
            F.expr("'x'").cast("string"),
        ).alias(
            "looong",
            metadata={
                "comment": (
                    "a long comment that goes on and on and on and on and on and on and on and on"
                    " and on and on and on until it is long"
                )
            },
        ),
    )


# COMMAND ----------

# DBTITLE 1,clicks: write


def new_clicks(rows: DataFrame, target: DataFrame) -> DataFrame:
    """Return the rows at or above the target's highest event.id, each once.

    Rows below it are late and are not loaded. Rows equal to it are kept, because more rows
    with that value may have arrived since.
    """
    rows = rows.where("`event.id` IS NOT NULL")
    # As text, the value loses nothing on its way through Python, whatever its type.
    highest = target.agg(F.max("`event.id`").cast("string")).first()[0]
    logger.info("%s: the highest watermark so far is %s", TARGET_CLICKS, highest)
    if highest is not None:
        watermark = F.lit(highest).cast(rows.schema["event.id"].dataType)
        rows = rows.where(F.col("`event.id`") >= watermark)
    return rows.distinct()


def write_clicks(rows: DataFrame) -> None:
    """Append the rows that the target does not hold yet; a second run adds nothing."""
    rows.limit(0).write.format("delta").mode("ignore").save(TARGET_CLICKS)
    target = DeltaTable.forPath(spark, TARGET_CLICKS)
    require_columns(target.toDF(), TARGET_CLICKS, rows.columns)
    batch = new_clicks(rows, target.toDF())

    same_row = (
        "target.`event.id` <=> source.`event.id`"
        " AND target.`select` <=> source.`select`"
        " AND target.looong <=> source.looong"
    )
    values = {
        "`event.id`": "source.`event.id`",
        "`select`": "source.`select`",
        "looong": "source.looong",
    }
    version = target.history(1).first().version
    (
        target.alias("target")
        .merge(batch.alias("source"), same_row)
        .whenNotMatchedInsert(values=values)
        .execute()
    )
    log_changes(target, TARGET_CLICKS, version, "Inserted")


# COMMAND ----------

# DBTITLE 1,clicks: load


def load_clicks() -> None:
    """Read the sources, build the target rows and write them."""
    logger.info("Loading %s", TARGET_CLICKS)
    rows = None
    try:
        events = spark.read.table(TARGET_EVENTS)
        require_columns(events, TARGET_EVENTS, ["kind", "event_id"])
        rows = transform_clicks(events)
        write_clicks(rows)
    except Exception as error:
        logger.exception("Loading %s failed", TARGET_CLICKS)
        log_failing_column(error, rows, TARGET_CLICKS, [*range(5, 8)])
        raise


# COMMAND ----------

# DBTITLE 1,Run
if __name__ == "__main__":
    load_events()
    load_clicks()
