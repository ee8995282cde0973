# Databricks notebook source
# MAGIC %md
# MAGIC # change_feed.csv
# MAGIC
# MAGIC `crm.silver.accounts`:
# MAGIC - Reads crm.bronze.account_changes as account_changes.
# MAGIC - Fills 5 columns: 3 copied, 2 computed.
# MAGIC - Checks 1 rule of the sheet.
# MAGIC - Rows that break a rule go to crm.silver.accounts_quarantine, not to crm.silver.accounts.
# MAGIC - Of several rows of one key the highest log_position wins.
# MAGIC - Merges into crm.silver.accounts by account_id: changed rows are updated, new ones
# MAGIC   inserted.
# MAGIC - Keeps the rows whose is_deleted is true, so that older rows of their keys stay out.
# MAGIC
# MAGIC Pattern: Apply changes from a change feed. Compiled by text2code 0.1.0.

# COMMAND ----------

# DBTITLE 1,Imports
import logging

from delta.tables import DeltaTable
from pyspark.sql import DataFrame, Window
from pyspark.sql import functions as F

logging.basicConfig(format="%(asctime)s %(levelname)s %(name)s: %(message)s")
logger = logging.getLogger("accounts")
logger.setLevel(logging.INFO)

# COMMAND ----------

# DBTITLE 1,Parameters
dbutils.widgets.text(
    "source_account_changes", "crm.bronze.account_changes", "Source table: account_changes"
)
dbutils.widgets.text("target_accounts", "crm.silver.accounts", "Target table: accounts")
dbutils.widgets.text(
    "quarantine_accounts", "crm.silver.accounts_quarantine", "Quarantine table: accounts"
)

SOURCE_ACCOUNT_CHANGES = dbutils.widgets.get("source_account_changes")
TARGET_ACCOUNTS = dbutils.widgets.get("target_accounts")
QUARANTINE_ACCOUNTS = dbutils.widgets.get("quarantine_accounts")

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

# DBTITLE 1,accounts: transform


def transform_accounts(account_changes: DataFrame) -> DataFrame:
    """Build the target rows from account_changes."""
    return account_changes.select(
        F.col("account_id").cast("bigint").alias("account_id"),
        F.expr("trim(name)").cast("string").alias("name"),
        F.col("balance").cast("decimal(12,2)").alias("balance"),
        F.expr("op = 'D'").cast("boolean").alias("is_deleted"),
        F.col("log_position").cast("bigint").alias("log_position"),
    )


# COMMAND ----------

# DBTITLE 1,accounts: rules


def check_accounts(rows: DataFrame) -> DataFrame:
    """Return the rows with the rules of the sheet that they break."""
    rules = {
        "row 3: name not null": "name IS NOT NULL",
    }
    return with_broken_rules(rows, rules, "coalesce(is_deleted, false)")


def quarantine_accounts(failed: DataFrame) -> None:
    """Add the rows that break a rule to the quarantine; a second run adds nothing."""
    rows = as_quarantined(failed, [])
    rows.limit(0).write.format("delta").mode("ignore").saveAsTable(QUARANTINE_ACCOUNTS)
    held = spark.read.table(QUARANTINE_ACCOUNTS).select("_row_hash")
    rows = rows.join(held, "_row_hash", "left_anti")
    (
        rows.write.format("delta")
        .mode("append")
        .option("mergeSchema", "true")
        .saveAsTable(QUARANTINE_ACCOUNTS)
    )


def release_accounts(passed: DataFrame, failed: DataFrame) -> None:
    """Take out of the quarantine the keys that have passed since."""
    same = (
        "target.account_id <=> source.account_id"
        " AND (target.log_position IS NULL"
        " OR source.log_position >= target.log_position)"
    )
    held = spark.read.table(QUARANTINE_ACCOUNTS)
    quarantine = DeltaTable.forName(spark, QUARANTINE_ACCOUNTS)
    failed = as_quarantined(failed, [])
    release_mended(quarantine, held, passed, failed, same)


# COMMAND ----------

# DBTITLE 1,accounts: write


def latest_accounts(rows: DataFrame) -> DataFrame:
    """Return the newest rows of each key by log_position; equal rows become one."""
    newest_first = Window.partitionBy("account_id").orderBy(F.col("log_position").desc_nulls_last())
    newest = rows.withColumn("_rank", F.rank().over(newest_first)).where("_rank = 1")
    return newest.drop("_rank").distinct()


def write_accounts(rows: DataFrame) -> None:
    """Update the rows that changed and insert the new ones; a second run changes nothing."""
    rows.limit(0).write.format("delta").mode("ignore").saveAsTable(TARGET_ACCOUNTS)
    target = DeltaTable.forName(spark, TARGET_ACCOUNTS)
    require_columns(target.toDF(), TARGET_ACCOUNTS, rows.columns)
    batch = latest_accounts(rows)
    require_unique(target.toDF(), TARGET_ACCOUNTS, "account_id")
    require_unique(batch, f"New rows for {TARGET_ACCOUNTS}", "account_id")

    same_key = "target.account_id <=> source.account_id"
    # True where the stored row differs and is not newer than the incoming one.
    outdated = (
        "false IN ("
        "target.name <=> source.name"
        ", target.balance <=> source.balance"
        ", target.is_deleted <=> source.is_deleted"
        ", target.log_position <=> source.log_position"
        ") AND (target.log_position IS NULL"
        " OR (source.log_position IS NOT NULL AND source.log_position >= target.log_position))"
    )
    # A merge rewrites every file that holds a matching key, so it is given only real changes.
    unchanged = f"{same_key} AND NOT ({outdated})"
    stored = spark.read.table(TARGET_ACCOUNTS)
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
    log_changes(target, TARGET_ACCOUNTS, version, "Inserted", "Updated")


# COMMAND ----------

# DBTITLE 1,accounts: load


def load_accounts() -> None:
    """Read the sources, build the target rows and write them."""
    logger.info("Loading %s", TARGET_ACCOUNTS)
    rows = None
    try:
        account_changes = spark.read.table(SOURCE_ACCOUNT_CHANGES)
        require_columns(
            account_changes,
            SOURCE_ACCOUNT_CHANGES,
            ["account_id", "name", "balance", "op", "log_position"],
        )
        rows = transform_accounts(account_changes)
        checked = check_accounts(rows)
        log_broken_rules(checked, TARGET_ACCOUNTS)
        failed = checked.where("size(_broken_rules) > 0")
        passed = checked.where("size(_broken_rules) = 0").drop("_broken_rules")
        quarantine_accounts(failed)
        write_accounts(passed)
        release_accounts(passed, failed)
    except Exception as error:
        logger.exception("Loading %s failed", TARGET_ACCOUNTS)
        log_failing_column(error, rows, TARGET_ACCOUNTS, [*range(2, 7)])
        raise


# COMMAND ----------

# DBTITLE 1,Run
if __name__ == "__main__":
    load_accounts()
