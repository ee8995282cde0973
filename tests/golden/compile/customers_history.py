# Databricks notebook source
# MAGIC %md
# MAGIC # customers_history.csv
# MAGIC
# MAGIC `crm.gold.dim_customer`:
# MAGIC - Reads crm.landing.customers as customers.
# MAGIC - Fills 7 columns: 3 copied, 4 computed.
# MAGIC - Keeps in crm.gold.dim_customer a version of each customer_id from one change of name,
# MAGIC   email, segment to the next.
# MAGIC - modified_at says when a change happened: since, valid_to and is_current are made of it.
# MAGIC - Leaves out rows older than the newest of their key.
# MAGIC - Names each version by customer_key.
# MAGIC - Closes the key where is_deleted is true.
# MAGIC - Closes the keys that the sources no longer have, at the time of the parameter snapshot_at;
# MAGIC   refuses an empty batch.
# MAGIC
# MAGIC Pattern: SCD type 2. Compiled by text2code 0.1.0.

# COMMAND ----------

# DBTITLE 1,Imports
import logging
from dataclasses import dataclass

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
dbutils.widgets.text("snapshot_at", "", "When keys that vanished ended (empty: now)")

SOURCE_CUSTOMERS = dbutils.widgets.get("source_customers")
TARGET_DIM_CUSTOMER = dbutils.widgets.get("target_dim_customer")
SNAPSHOT_AT = dbutils.widgets.get("snapshot_at")

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


@dataclass(frozen=True)
class History:
    """The columns of a target that keeps versions, named as SQL writes them."""

    keys: list[str]
    tracked: list[str]  # a change opens a version
    latest: list[str]  # every version has the latest value
    volatile: list[str]  # as latest, but differs in every run
    sequence: str
    valid_from: str
    valid_to: str
    is_current: str
    surrogate: str | None = None


def same(columns: list[str]) -> str:
    """Return the condition that target and source agree in all these columns."""
    return " AND ".join(f"target.{column} <=> source.{column}" for column in columns)


def as_versions(rows: DataFrame, history: History) -> DataFrame:
    """Return the rows with the columns that a target with history has."""
    time = history.sequence
    surrogate = [f"'' AS {history.surrogate}"] if history.surrogate else []
    return rows.selectExpr(
        *surrogate,
        "*",
        f"{time} AS {history.valid_from}",
        f"{time} AS {history.valid_to}",
        f"true AS {history.is_current}",
        f"array(struct({time} AS at, false AS deleted)) AS _sightings",
    )


def sighting(history: History, at: str, deleted: str) -> list[str]:
    """Return what a sighting consists of: a key had these values then, or was deleted.

    The values are few columns, since each step costs Spark time for each column.
    """
    tracked = ", ".join(history.tracked)
    latest = ", ".join([f"{at} AS _at", *history.latest])
    volatile = ", ".join([f"{at} AS _at", *history.volatile])
    return [
        *history.keys,
        f"{at} AS _at",
        f"{deleted} AS _deleted",
        f"struct({tracked}) AS _tracked",
        f"struct({latest}) AS _latest",
        f"struct({volatile}) AS _volatile",
    ]


def sightings_of(rows: DataFrame, history: History, name: str, deleted: str) -> DataFrame:
    """Return the rows as sightings: a key is seen at some time, or seen to be deleted."""
    untimed = rows.where(f"{history.sequence} IS NULL").count()
    if untimed:
        raise RuntimeError(f"{name}: {untimed} rows have no {history.sequence}")
    return rows.selectExpr(*sighting(history, history.sequence, deleted))


def sightings_behind(versions: DataFrame, history: History) -> DataFrame:
    """Return the sightings that stored versions were made of."""
    opened = F.struct(F.col(history.valid_from).alias("at"), F.lit(False).alias("deleted"))
    seen = F.explode(F.concat(F.array(opened), F.col("_sightings")))
    return versions.withColumn("_seen", seen).selectExpr(
        *sighting(history, "_seen.at", "_seen.deleted")
    )


def with_vanished(
    seen: DataFrame, present: DataFrame, stored: DataFrame, history: History, at: str
) -> DataFrame:
    """Return the sightings, and a deletion of each current key that is not present.

    The keys vanished at the time given, or now. A source without rows is refused: it is more
    likely to be broken than to say that everything was deleted.
    """
    if present.isEmpty():
        raise RuntimeError("The source has no rows, so that every key would be closed")
    kind = stored.select(history.valid_from).schema[0].dataType
    if not at and kind.typeName() not in ("date", "timestamp", "timestamp_ntz"):
        raise RuntimeError("The parameter snapshot_at must say when the vanished keys ended")
    time = F.lit(at).cast(kind) if at else F.current_timestamp().cast(kind)
    if stored.sparkSession.range(1).select(time).first()[0] is None:
        raise RuntimeError(f"snapshot_at: {at} is not a {kind.simpleString()}")
    vanished = (
        stored.where(history.is_current)
        .alias("target")
        .join(present.alias("source"), F.expr(same(history.keys)), "left_anti")
        .withColumn("_now", time)
        .selectExpr(*sighting(history, "_now", "true"))
    )
    return seen.unionByName(vanished)


def without_late(seen: DataFrame, stored: DataFrame, history: History) -> DataFrame:
    """Return the sightings that are not older than the newest one stored of their key."""
    newest = (
        sightings_behind(stored, history).groupBy(*history.keys).agg(F.max("_at").alias("_newest"))
    )
    return (
        seen.alias("source")
        .join(newest.alias("target"), F.expr(same(history.keys)), "left")
        .where("_newest IS NULL OR _at >= _newest")
        .select("source.*")
    )


def surrogate_of(history: History) -> list[str]:
    """Return the surrogate key of a version: a hash of its keys and of where it starts."""
    if not history.surrogate:
        return []
    # Times in full and in UTC: the hash is the same in every session.
    time = "\"yyyy-MM-dd'T'HH:mm:ss.SSSSSS\""
    values = f"struct({', '.join(history.keys)}, _from)"
    options = f"map('timeZone', 'UTC', 'timestampFormat', {time}, 'timestampNTZFormat', {time})"
    return [f"sha2(to_json({values}, {options}), 256) AS {history.surrogate}"]


def versions_of(seen: DataFrame, history: History) -> DataFrame:
    """Return the versions that sightings make up, in whatever order they have arrived."""
    by_key = Window.partitionBy(*history.keys)
    in_order = by_key.orderBy("_at")
    always = in_order.rowsBetween(Window.unboundedPreceding, Window.unboundedFollowing)
    # Of several sightings at one time a deletion wins, else the greatest values.
    ranks = [F.col(c).desc() for c in ("_deleted", "_tracked", "_latest")]
    best_first = Window.partitionBy(*history.keys, "_at").orderBy(*ranks)
    exists = ~F.col("_deleted")
    tracked = F.when(exists, F.col("_tracked"))
    newest = F.when(exists, F.struct("_latest", "_volatile"))
    opens = exists & ~F.col("_tracked").eqNullSafe(F.lag("_tracked").over(in_order))
    sighting = F.struct(F.col("_at").alias("at"), F.col("_deleted").alias("deleted"))
    versions = (
        # One exchange serves all the steps, which have the keys in common.
        seen.repartition(*history.keys)
        .withColumn("_rank", F.row_number().over(best_first))
        .where("_rank = 1")
        .withColumn("_tracked", tracked)
        .withColumn("_opens", opens)
        .withColumn("_version", F.sum(F.col("_opens").cast("int")).over(in_order))
        .withColumn("_newest", F.last(newest, ignorenulls=True).over(always))
        .where("_version > 0")
        .groupBy(*history.keys, "_version")
        .agg(
            F.min("_at").alias("_from"),
            F.min(F.when(~exists, F.col("_at"))).alias("_gone"),
            F.min_by("_tracked", "_at").alias("_tracked"),
            F.first("_newest").alias("_newest"),
            F.sort_array(F.collect_list(F.when(~F.col("_opens"), sighting))).alias("_sightings"),
        )
    )
    ended = F.coalesce("_gone", F.lead("_from").over(by_key.orderBy("_from")))
    return (
        versions.withColumn("_to", ended)
        .selectExpr(
            *surrogate_of(history),
            *history.keys,
            "_tracked.*",
            "_newest._latest.*",
            "_newest._volatile.*",
            f"_from AS {history.sequence}",
            f"_from AS {history.valid_from}",
            f"_to AS {history.valid_to}",
            f"_to IS NULL AS {history.is_current}",
            "_sightings",
        )
        .drop("_at")
    )


def merge_versions(
    target: DeltaTable, stored: DataFrame, seen: DataFrame, name: str, history: History
) -> None:
    """Merge into the target what the sightings change in the versions of their keys."""
    keys = seen.select(*history.keys).distinct()
    same_key = F.expr(same(history.keys))
    touched = stored.alias("target").join(keys.alias("source"), same_key, "left_semi")
    version_key = [*history.keys, history.valid_from]
    require_unique(touched, name, *version_key)
    versions = versions_of(sightings_behind(touched, history).unionByName(seen), history)
    values = [*history.tracked, *history.latest, history.valid_to, "_sightings"]
    others = [*values, *history.volatile, history.sequence, history.is_current]
    if history.surrogate:
        others.append(history.surrogate)
    # IN stays flat where AND would nest: Spark overflows its stack at some 2,000 of those.
    outdated = f"false IN ({', '.join(same([column]) for column in values)})"
    start = history.valid_from
    changes = (
        versions.alias("source")
        .join(touched.alias("target"), F.expr(same(version_key)), "full_outer")
        .where(f"target.{start} IS NULL OR source.{start} IS NULL OR {outdated}")
        .selectExpr(
            *[f"coalesce(source.{column}, target.{column}) AS {column}" for column in version_key],
            *[f"source.{column}" for column in others],
            f"source.{start} IS NULL AS _obsolete",
        )
    )
    sources = {column: f"source.{column}" for column in [*version_key, *others]}
    (
        target.alias("target")
        .merge(changes.alias("source"), same(version_key))
        .whenMatchedDelete(condition="source._obsolete")
        .whenMatchedUpdate(set=sources)
        .whenNotMatchedInsert(values=sources)
        .execute()
    )


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


def write_dim_customer(rows: DataFrame) -> None:
    """Bring the versions of the keys in the batch up to date; a second run changes nothing."""
    history = History(
        keys=["customer_id"],
        tracked=["name", "email", "segment"],
        latest=["last_login"],
        volatile=[],
        sequence="modified_at",
        valid_from="since",
        valid_to="valid_to",
        is_current="is_current",
        surrogate="customer_key",
    )
    versions = as_versions(rows.drop("is_deleted"), history)
    versions.limit(0).write.format("delta").mode("ignore").saveAsTable(TARGET_DIM_CUSTOMER)
    target = DeltaTable.forName(spark, TARGET_DIM_CUSTOMER)
    require_columns(target.toDF(), TARGET_DIM_CUSTOMER, versions.columns)
    stored = spark.read.table(TARGET_DIM_CUSTOMER)
    seen = sightings_of(rows, history, TARGET_DIM_CUSTOMER, "coalesce(is_deleted, false)")
    present = seen.select(*history.keys)
    seen = with_vanished(seen, present, stored, history, SNAPSHOT_AT)
    seen = without_late(seen, stored, history)
    version = target.history(1).first().version
    merge_versions(target, stored, seen, TARGET_DIM_CUSTOMER, history)
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
