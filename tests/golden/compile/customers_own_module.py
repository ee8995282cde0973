"""customers_own_module.csv: Customer dimension `2`/.

crm.gold.dim_customer:

- Reads crm.landing.customers as customers.
- Fills 6 columns: 3 copied, 3 computed.
- Keeps in crm.gold.dim_customer a version of each customer_id from one change of name, email,
  segment to the next.
- modified_at says when a change happened: gueltig_ab, gueltig_bis and aktuell are made of it.
- A row that comes late changes the versions of its time.
- Closes the keys that the sources no longer have, at the time of the parameter snapshot_at; refuses
  an empty batch.

Derived from scd2.
Compiled by text2code 0.1.0.
"""

import argparse
import logging
from dataclasses import dataclass, field, fields

from delta.tables import DeltaTable
from pyspark.sql import DataFrame, SparkSession, Window
from pyspark.sql import functions as F

logger = logging.getLogger("dim_customer")


@dataclass(frozen=True)
class Job:
    """The session and the parameters of one run."""

    spark: SparkSession
    source_customers: str = field(
        default="crm.landing.customers", metadata={"help": "Source table: customers"}
    )
    target_dim_customer: str = field(
        default="crm.gold.dim_customer", metadata={"help": "Target table: dim_customer"}
    )
    snapshot_at: str = field(
        default="", metadata={"help": "When keys that vanished ended (empty: now)"}
    )


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


def transform_dim_customer(customers: DataFrame) -> DataFrame:
    """Build the target rows from customers."""
    return customers.select(
        F.col("customer_id").cast("bigint").alias("customer_id"),
        F.expr("trim(full_name)").cast("string").alias("name"),
        F.expr("lower(email)").cast("string").alias("email"),
        F.when(F.expr("coalesce(segment, 'none')").cast("string").eqNullSafe(""), None)
        .otherwise(F.expr("coalesce(segment, 'none')").cast("string"))
        .alias("segment"),
        F.col("last_login").cast("timestamp").alias("last_login"),
        F.col("modified_at").cast("timestamp").alias("modified_at"),
    )


def write_dim_customer(rows: DataFrame, job: Job) -> None:
    """Bring the versions of the keys in the batch up to date; a second run changes nothing."""
    history = History(
        keys=["customer_id"],
        tracked=["name", "email", "segment"],
        latest=["last_login"],
        volatile=[],
        sequence="modified_at",
        valid_from="gueltig_ab",
        valid_to="gueltig_bis",
        is_current="aktuell",
    )
    versions = as_versions(rows, history)
    (
        versions.limit(0)
        .write.format("delta")
        .partitionBy("segment")
        .mode("ignore")
        .saveAsTable(job.target_dim_customer)
    )
    target = DeltaTable.forName(job.spark, job.target_dim_customer)
    require_columns(target.toDF(), job.target_dim_customer, versions.columns)
    stored = job.spark.read.table(job.target_dim_customer)
    seen = sightings_of(rows, history, job.target_dim_customer, "false")
    present = seen.select(*history.keys)
    seen = with_vanished(seen, present, stored, history, job.snapshot_at)
    version = target.history(1).first().version
    merge_versions(target, stored, seen, job.target_dim_customer, history)
    log_changes(target, job.target_dim_customer, version, "Inserted", "Updated", "Deleted")


def load_dim_customer(job: Job) -> None:
    """Read the sources, build the target rows and write them."""
    logger.info("Loading %s", job.target_dim_customer)
    rows = None
    try:
        customers = job.spark.read.table(job.source_customers)
        require_columns(
            customers,
            job.source_customers,
            ["customer_id", "full_name", "email", "segment", "last_login", "modified_at"],
        )
        rows = transform_dim_customer(customers)
        write_dim_customer(rows, job)
    except Exception as error:
        logger.exception("Loading %s failed", job.target_dim_customer)
        log_failing_column(error, rows, job.target_dim_customer, [*range(2, 8)])
        raise


def main() -> None:
    """Run the loads; each parameter is an option of the command line."""
    parser = argparse.ArgumentParser(description="customers_own_module.csv")
    for option in fields(Job)[1:]:
        name = "--" + option.name.replace("_", "-")
        parser.add_argument(name, dest=option.name, help=option.metadata["help"])
    given = vars(parser.parse_args())
    values = {name: value for name, value in given.items() if value is not None}
    logging.basicConfig(
        level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s"
    )
    job = Job(SparkSession.builder.getOrCreate(), **values)
    load_dim_customer(job)


if __name__ == "__main__":
    main()
