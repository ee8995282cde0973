// Databricks notebook source
// MAGIC %md
// MAGIC # customers_scala.csv
// MAGIC
// MAGIC `crm.gold.dim_customer`:
// MAGIC - Reads crm.landing.customers as customers.
// MAGIC - Fills 6 columns: 3 copied, 3 computed.
// MAGIC - Adds _loaded_at: When the row was loaded.
// MAGIC - Keeps in crm.gold.dim_customer a version of each customer_id from one change of name,
// MAGIC   email, segment to the next.
// MAGIC - modified_at says when a change happened: valid_from, valid_to and is_current are made of
// MAGIC   it.
// MAGIC - Leaves out rows older than the newest of their key.
// MAGIC - Names each version by sk.
// MAGIC - Closes the keys that the sources no longer have, at the time of the parameter
// MAGIC   snapshot_at; refuses an empty batch.
// MAGIC
// MAGIC Pattern: SCD type 2. Compiled by text2code 0.1.0.

// COMMAND ----------

// DBTITLE 1,Imports
import io.delta.tables.DeltaTable
import java.util.Locale
import org.apache.spark.sql.expressions.Window
import org.apache.spark.sql.functions._
import org.apache.spark.sql.types._
import org.apache.spark.sql.{Column, DataFrame}
import scala.util.Try
import scala.util.control.NonFatal

// COMMAND ----------

// DBTITLE 1,Parameters
dbutils.widgets.text("source_customers", "crm.landing.customers", "Source table: customers")
dbutils.widgets.text("target_dim_customer", "crm.gold.dim_customer", "Target table: dim_customer")
dbutils.widgets.text("snapshot_at", "", "When keys that vanished ended (empty: now)")

val sourceCustomers = dbutils.widgets.get("source_customers")
val targetDimCustomer = dbutils.widgets.get("target_dim_customer")
val snapshotAt = dbutils.widgets.get("snapshot_at")

// COMMAND ----------

// DBTITLE 1,Helpers

/** Return the table, which must have the columns that the mapping uses. */
def requireColumns(table: DataFrame, name: String, columns: Seq[String]): DataFrame = {
  val present = table.columns.map(_.toLowerCase(Locale.ROOT)).toSet
  val missing = columns.filterNot(column => present(column.toLowerCase(Locale.ROOT)))
  if (missing.nonEmpty) sys.error(s"$name lacks the mapped columns: ${missing.mkString(", ")}")
  table
}

/** Return what the catalog shows of a column. */
def comment(text: String): Metadata = new MetadataBuilder().putString("comment", text).build()

/** Return the name of a column as SQL writes it. */
def quoted(name: String): String = "`" + name.replace("`", "``") + "`"

/** Fail if a key occurs more than once, showing up to 20 such keys. */
def requireUnique(rows: DataFrame, name: String, keys: Seq[String]): Unit = {
  val columns = keys.map(col)
  val repeated = rows
    .groupBy(columns: _*)
    .agg(count("*").as("_occurrences"))
    .where("_occurrences > 1")
    .drop("_occurrences")
    .orderBy(columns: _*)
    .limit(20)
    .select(to_json(struct(col("*")), Map("ignoreNullFields" -> "false")))
    .collect()
    .map(_.getString(0))
  if (repeated.nonEmpty)
    sys.error(
      s"$name: keys that occur more than once (up to 20 shown): ${repeated.mkString("; ")}"
    )
}

/** Return the condition that target and source agree in all these columns. */
def same(columns: Seq[String]): String =
  columns.map(column => s"target.$column <=> source.$column").mkString(" AND ")

/** Return the number of the table's version. */
def versionOf(table: DeltaTable): Long = table.history(1).select("version").first().getLong(0)

/** Say how many rows the merge that followed the given table version changed. */
def logChanges(target: DeltaTable, name: String, version: Long, changes: String*): Unit = {
  val commit = target.history(1).select("version", "operationMetrics").first()
  // A merge that finds nothing to do leaves no commit.
  def count(change: String) =
    if (commit.getLong(0) == version) "0"
    else commit.getMap[String, String](1).getOrElse(s"numTargetRows$change", "0")
  val counts = changes.map(change => s"${count(change)} rows ${change.toLowerCase(Locale.ROOT)}")
  println(s"$name: ${counts.mkString(", ")}")
}

/** Return what Spark fails with where it computes these columns of all rows, or else None. */
def readingError(rows: DataFrame, columns: Seq[String]): Option[Throwable] = {
  val read = if (columns.isEmpty) Seq(lit(1)) else columns.map(column => col(quoted(column)))
  Try(rows.select(read: _*).write.format("noop").mode("overwrite").save()).failed.toOption
}

/** Say which is the first column whose expression fails, with its row of the mapping sheet.
  *
  * Nothing is said where the load failed for another reason. Halving finds one of 50 columns with
  * nine reads of the sources.
  */
def logFailingColumn(
    error: Throwable,
    rows: DataFrame,
    name: String,
    sheetRows: Seq[Int]
): Unit = {
  def failing(columns: Seq[String]): Option[String] = {
    val (left, right) = columns.splitAt(columns.length / 2)
    if (left.isEmpty) columns.headOption
    else failing(if (readingError(rows, left).nonEmpty) left else right)
  }
  val columns = rows.columns.toSeq.take(sheetRows.length)
  // A plain RuntimeException is what this code says of rows that it could read.
  val isPlain = error.getClass == classOf[RuntimeException]
  if (!isPlain && readingError(rows, Nil).isEmpty && readingError(rows, columns).nonEmpty)
    for (column <- failing(columns); failure <- readingError(rows, Seq(column))) {
      val causes = Iterator.iterate(failure)(_.getCause).takeWhile(_ != null).toSeq
      val reason = causes.last.toString.linesIterator.take(1).mkString
      val row = sheetRows(columns.indexOf(column))
      println(s"$name: column $column (row $row of the sheet) fails: $reason")
    }
}

/** The columns of a target that keeps versions, named as SQL writes them. */
case class History(
    keys: Seq[String],
    tracked: Seq[String], // a change opens a version
    latest: Seq[String], // every version has the latest value
    volatile: Seq[String], // as latest, but differs in every run
    sequence: String,
    validFrom: String,
    validTo: String,
    isCurrent: String,
    surrogate: Option[String]
)

/** Return the rows with the columns that a target with history has. */
def asVersions(rows: DataFrame, history: History): DataFrame = {
  val time = history.sequence
  val surrogate = history.surrogate.map(name => s"'' AS $name").toSeq
  val added = Seq(
    s"$time AS ${history.validFrom}",
    s"$time AS ${history.validTo}",
    s"true AS ${history.isCurrent}",
    s"array(struct($time AS at, false AS deleted)) AS _sightings"
  )
  rows.selectExpr((surrogate :+ "*") ++ added: _*)
}

/** Return what a sighting consists of: a key had these values then, or was deleted.
  *
  * The values are few columns, since each step costs Spark time for each column.
  */
def sighting(history: History, at: String, deleted: String): Seq[String] =
  history.keys ++ Seq(
    s"$at AS _at",
    s"$deleted AS _deleted",
    s"struct(${history.tracked.mkString(", ")}) AS _tracked",
    s"struct(${(s"$at AS _at" +: history.latest).mkString(", ")}) AS _latest",
    s"struct(${(s"$at AS _at" +: history.volatile).mkString(", ")}) AS _volatile"
  )

/** Return the rows as sightings: a key is seen at some time, or seen to be deleted. */
def sightingsOf(rows: DataFrame, history: History, name: String, deleted: String): DataFrame = {
  val untimed = rows.where(s"${history.sequence} IS NULL").count()
  if (untimed > 0) sys.error(s"$name: $untimed rows have no ${history.sequence}")
  rows.selectExpr(sighting(history, history.sequence, deleted): _*)
}

/** Return the sightings that stored versions were made of. */
def sightingsBehind(versions: DataFrame, history: History): DataFrame = {
  val opened = struct(col(history.validFrom).as("at"), lit(false).as("deleted"))
  versions
    .withColumn("_seen", explode(concat(array(opened), col("_sightings"))))
    .selectExpr(sighting(history, "_seen.at", "_seen.deleted"): _*)
}

/** Return the sightings, and a deletion of each current key that is not present.
  *
  * The keys vanished at the time given, or now. A source without rows is refused: it is more
  * likely to be broken than to say that everything was deleted.
  */
def withVanished(
    seen: DataFrame,
    present: DataFrame,
    stored: DataFrame,
    history: History,
    at: String
): DataFrame = {
  if (present.isEmpty) sys.error("The source has no rows, so that every key would be closed")
  val kind = stored.select(history.validFrom).schema.head.dataType
  if (at.isEmpty && !Set("date", "timestamp", "timestamp_ntz").contains(kind.typeName))
    sys.error("The parameter snapshot_at must say when the vanished keys ended")
  val time = (if (at.isEmpty) current_timestamp() else lit(at)).cast(kind)
  if (stored.sparkSession.range(1).select(time).first().isNullAt(0))
    sys.error(s"snapshot_at: $at is not a ${kind.simpleString}")
  val vanished = stored
    .where(history.isCurrent)
    .as("target")
    .join(present.as("source"), expr(same(history.keys)), "left_anti")
    .withColumn("_now", time)
    .selectExpr(sighting(history, "_now", "true"): _*)
  seen.unionByName(vanished)
}

/** Return the sightings that are not older than the newest one stored of their key. */
def withoutLate(seen: DataFrame, stored: DataFrame, history: History): DataFrame = {
  val newest = sightingsBehind(stored, history)
    .groupBy(history.keys.map(col): _*)
    .agg(max("_at").as("_newest"))
  seen
    .as("source")
    .join(newest.as("target"), expr(same(history.keys)), "left")
    .where("_newest IS NULL OR _at >= _newest")
    .select("source.*")
}

/** Return the surrogate key of a version: a hash of its keys and of where it starts. */
def surrogateOf(history: History): Seq[String] = {
  // Times in full and in UTC: the hash is the same in every session.
  val time = "\"yyyy-MM-dd'T'HH:mm:ss.SSSSSS\""
  val values = s"struct(${history.keys.mkString(", ")}, _from)"
  val options =
    s"map('timeZone', 'UTC', 'timestampFormat', $time, 'timestampNTZFormat', $time)"
  history.surrogate.map(name => s"sha2(to_json($values, $options), 256) AS $name").toSeq
}

/** Return the versions that sightings make up, in whatever order they have arrived. */
def versionsOf(seen: DataFrame, history: History): DataFrame = {
  val keys = history.keys.map(col)
  val byKey = Window.partitionBy(keys: _*)
  val inOrder = byKey.orderBy("_at")
  val always = inOrder.rowsBetween(Window.unboundedPreceding, Window.unboundedFollowing)
  // Of several sightings at one time a deletion wins, else the greatest values.
  val bestFirst = Window
    .partitionBy(keys :+ col("_at"): _*)
    .orderBy(Seq("_deleted", "_tracked", "_latest").map(name => col(name).desc): _*)
  val exists = !col("_deleted")
  val opens = exists && !(col("_tracked") <=> lag("_tracked", 1).over(inOrder))
  val sighting = struct(col("_at").as("at"), col("_deleted").as("deleted"))
  val newest = last(when(exists, struct("_latest", "_volatile")), ignoreNulls = true)
  // One exchange serves all the steps, which have the keys in common.
  val versions = seen
    .repartition(keys: _*)
    .withColumn("_rank", row_number().over(bestFirst))
    .where("_rank = 1")
    .withColumn("_tracked", when(exists, col("_tracked")))
    .withColumn("_opens", opens)
    .withColumn("_version", sum(col("_opens").cast("int")).over(inOrder))
    .withColumn("_newest", newest.over(always))
    .where("_version > 0")
    .groupBy(keys :+ col("_version"): _*)
    .agg(
      min("_at").as("_from"),
      min(when(!exists, col("_at"))).as("_gone"),
      min_by(col("_tracked"), col("_at")).as("_tracked"),
      first("_newest").as("_newest"),
      sort_array(collect_list(when(!col("_opens"), sighting))).as("_sightings")
    )
  val ended = coalesce(col("_gone"), lead("_from", 1).over(byKey.orderBy("_from")))
  val shown = surrogateOf(history) ++ history.keys ++ Seq(
    "_tracked.*",
    "_newest._latest.*",
    "_newest._volatile.*",
    s"_from AS ${history.sequence}",
    s"_from AS ${history.validFrom}",
    s"_to AS ${history.validTo}",
    s"_to IS NULL AS ${history.isCurrent}",
    "_sightings"
  )
  versions.withColumn("_to", ended).selectExpr(shown: _*).drop("_at")
}

/** Merge into the target what the sightings change in the versions of their keys. */
def mergeVersions(
    target: DeltaTable,
    stored: DataFrame,
    seen: DataFrame,
    name: String,
    history: History
): Unit = {
  val keys = seen.select(history.keys.map(col): _*).distinct()
  val sameKey = expr(same(history.keys))
  val touched = stored.as("target").join(keys.as("source"), sameKey, "left_semi")
  val versionKey = history.keys :+ history.validFrom
  requireUnique(touched, name, versionKey)
  val versions = versionsOf(sightingsBehind(touched, history).unionByName(seen), history)
  val values = history.tracked ++ history.latest ++ Seq(history.validTo, "_sightings")
  val others =
    values ++ history.volatile ++ Seq(history.sequence, history.isCurrent) ++ history.surrogate
  // IN stays flat where AND would nest: Spark overflows its stack at some 2,000 of those.
  val outdated = values.map(column => same(Seq(column))).mkString("false IN (", ", ", ")")
  val start = history.validFrom
  val changed =
    versionKey.map(column => s"coalesce(source.$column, target.$column) AS $column") ++
      others.map(column => s"source.$column") :+ s"source.$start IS NULL AS _obsolete"
  val changes = versions
    .as("source")
    .join(touched.as("target"), expr(same(versionKey)), "full_outer")
    .where(s"target.$start IS NULL OR source.$start IS NULL OR $outdated")
    .selectExpr(changed: _*)
  val sources = (versionKey ++ others).map(column => column -> s"source.$column").toMap
  target
    .as("target")
    .merge(changes.as("source"), same(versionKey))
    .whenMatched("source._obsolete")
    .delete()
    .whenMatched()
    .updateExpr(sources)
    .whenNotMatched()
    .insertExpr(sources)
    .execute()
}

// COMMAND ----------

// DBTITLE 1,dim_customer: transform
/** Build the target rows from the sources. */
def transformDimCustomer(): DataFrame =
  requireColumns(spark.table(sourceCustomers), sourceCustomers, Seq(
    "customer_id", "full_name", "email", "segment", "last_login", "modified_at"
  ))
    .select(
      expr("CAST(customer_id AS bigint)").as("customer_id"),
      expr("CAST(trim(full_name) AS string)").as("name"),
      expr("CAST(lower(email) AS string)").as("email"),
      expr("CAST(coalesce(segment, 'none') AS string)").as("segment"),
      expr("CAST(last_login AS timestamp)").as("last_login"),
      expr("CAST(modified_at AS timestamp)").as("modified_at"),
      expr("current_timestamp()").as("_loaded_at", comment("When the row was loaded"))
    )

// COMMAND ----------

// DBTITLE 1,dim_customer: write
/** Bring the versions of the keys in the batch up to date; a second run changes nothing. */
def writeDimCustomer(rows: DataFrame): Unit = {
  val history = History(
    keys = Seq("customer_id"),
    tracked = Seq("name", "email", "segment"),
    latest = Seq("last_login"),
    volatile = Seq("_loaded_at"),
    sequence = "modified_at",
    validFrom = "valid_from",
    validTo = "valid_to",
    isCurrent = "is_current",
    surrogate = Some("sk")
  )
  val versions = asVersions(rows, history)
  versions.limit(0).write.format("delta").mode("ignore").saveAsTable(targetDimCustomer)
  val target = DeltaTable.forName(spark, targetDimCustomer)
  requireColumns(target.toDF, targetDimCustomer, versions.columns.toSeq)
  val stored = spark.table(targetDimCustomer)
  val seen = sightingsOf(rows, history, targetDimCustomer, "false")
  val keyColumns = history.keys.map(col)
  val present = seen.select(keyColumns: _*)
  val all = withVanished(seen, present, stored, history, snapshotAt)
  val recent = withoutLate(all, stored, history)
  val version = versionOf(target)
  mergeVersions(target, stored, recent, targetDimCustomer, history)
  logChanges(target, targetDimCustomer, version, "Inserted", "Updated", "Deleted")
}

// COMMAND ----------

// DBTITLE 1,dim_customer: load
/** Read the sources, build the target rows and write them. */
def loadDimCustomer(): Unit = {
  println(s"Loading $targetDimCustomer")
  val rows = transformDimCustomer()
  try {
    writeDimCustomer(rows)
  } catch {
    case NonFatal(error) =>
      val sheetRows = Seq((2 to 7)).flatten
      logFailingColumn(error, rows, targetDimCustomer, sheetRows)
      throw error
  }
}

// COMMAND ----------

// DBTITLE 1,Run
loadDimCustomer()
