// Databricks notebook source
// MAGIC %md
// MAGIC # changes_scala.csv
// MAGIC
// MAGIC `shop.gold.orders`:
// MAGIC - Reads shop.bronze.orders as o.
// MAGIC - Keeps rows where o.state <> 'it/'s; a test'.
// MAGIC - Fills 4 columns: 2 copied, 2 computed.
// MAGIC - Adds _batch: The run that loaded the row.
// MAGIC - Checks 2 rules of the sheet.
// MAGIC - Refuses a batch in which a row breaks one of the rules.
// MAGIC - Of several rows of one key the highest changed_at wins.
// MAGIC - Merges into shop.gold.orders by order_id: changed rows are updated, new ones inserted.
// MAGIC - Where the new value is NULL the old one stays.
// MAGIC - Deletes the rows whose gone is true.
// MAGIC - Deletes the rows that the sources no longer have; refuses an empty batch.
// MAGIC
// MAGIC Pattern: MERGE upsert. Compiled by text2code 0.1.0.

// COMMAND ----------

// DBTITLE 1,Imports
import io.delta.tables.DeltaTable
import java.util.{Locale, UUID}
import org.apache.spark.sql.expressions.Window
import org.apache.spark.sql.functions._
import org.apache.spark.sql.types._
import org.apache.spark.sql.{Column, DataFrame}
import scala.util.Try
import scala.util.control.NonFatal

// COMMAND ----------

// DBTITLE 1,Parameters
dbutils.widgets.text("source_orders", "shop.bronze.orders", "Source table: orders")
dbutils.widgets.text("target_orders", "shop.gold.orders", "Target table: orders")
dbutils.widgets.text("batch_id", "", "Name of this batch (empty: a new one)")

val sourceOrders = dbutils.widgets.get("source_orders")
val targetOrders = dbutils.widgets.get("target_orders")
val givenBatch = dbutils.widgets.get("batch_id")
val batchId = if (givenBatch.isEmpty) UUID.randomUUID().toString else givenBatch

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

/** Return the rows with the names of the rules that each one breaks, in _broken_rules.
  *
  * A rule that is NULL for a row is broken, as a constraint of a Delta table would be.
  */
def withBrokenRules(rows: DataFrame, rules: Seq[(String, String)], exempt: String): DataFrame = {
  val broken = rules.map { case (name, rule) =>
    when(expr(s"NOT coalesce($rule, false)"), lit(name))
  }
  val told = filter(array(broken: _*), (name: Column) => name.isNotNull && !expr(exempt))
  rows.withColumn("_broken_rules", told)
}

/** Return how many rows break each rule, in words. */
def countBrokenRules(checked: DataFrame): Seq[String] =
  checked
    .select(explode(col("_broken_rules")).as("rule"))
    .groupBy("rule")
    .agg(count("*").as("rows"))
    .orderBy("rule")
    .collect()
    .toSeq
    .map(row => s"${row.getString(0)} (${row.getLong(1)} rows)")

/** Fail if a row breaks a rule. */
def refuseBrokenRules(checked: DataFrame, name: String): Unit = {
  val broken = countBrokenRules(checked)
  if (broken.nonEmpty) sys.error(s"$name: rules that rows break: ${broken.mkString("; ")}")
}

/** Return the rows each once, whatever they have in columns that differ in every run. */
def eachOnce(rows: DataFrame, volatile: String*): DataFrame =
  if (volatile.isEmpty) rows.distinct()
  else rows.dropDuplicates(rows.columns.toSeq.diff(volatile))

/** Return the rows of each key that are the newest. */
def newestOf(rows: DataFrame, keys: Seq[String], order: String): DataFrame = {
  val newestFirst = Window.partitionBy(keys.map(col): _*).orderBy(col(order).desc_nulls_last)
  rows.withColumn("_rank", rank().over(newestFirst)).where("_rank = 1").drop("_rank")
}

/** Return the condition that the stored row is not newer than the incoming one. */
def inOrder(order: String): String =
  s"(target.$order IS NULL OR (source.$order IS NOT NULL AND source.$order >= target.$order))"

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

// COMMAND ----------

// DBTITLE 1,orders: transform
/** Build the target rows from the sources. */
def transformOrders(): DataFrame =
  requireColumns(spark.table(sourceOrders), sourceOrders, Seq(
    "state", "id", "changed", "op"
  )).as("o")
    .where("o.state <> 'it\\'s; a test'")
    .select(
      expr("CAST(id AS bigint)").as("order_id"),
      expr("CAST(upper(trim(o.state)) || ' \"odd\" ; -- no comment' AS string)").as("new.state"),
      expr("CAST(changed AS timestamp)").as("changed_at"),
      expr("CAST(o.op = 'D' AS boolean)").as("gone"),
      lit(batchId).as("_batch", comment("The run that loaded the row"))
    )

// COMMAND ----------

// DBTITLE 1,orders: rules
/** Return the rows with the rules of the sheet that they break. */
def checkOrders(rows: DataFrame): DataFrame = {
  val rules = Seq(
    ("row 2: order_id not null", "order_id IS NOT NULL"),
    ("row 3: new.state not empty", "trim(`new.state`) <> ''")
  )
  withBrokenRules(rows, rules, "coalesce(gone, false)")
}

// COMMAND ----------

// DBTITLE 1,orders: write
/** Update, insert and delete what changed; a second run changes nothing. */
def writeOrders(rows: DataFrame): Unit = {
  val kept = rows.drop("gone")
  kept.limit(0).write.format("delta").mode("ignore").saveAsTable(targetOrders)
  val target = DeltaTable.forName(spark, targetOrders)
  requireColumns(target.toDF, targetOrders, kept.columns.toSeq)
  val keys = Seq("order_id")
  val batch = eachOnce(newestOf(rows, keys, "changed_at"), "_batch")
  requireUnique(target.toDF, targetOrders, keys)
  requireUnique(batch, s"New rows for $targetOrders", keys)
  if (batch.isEmpty) sys.error("The sources have no rows, so that all would be deleted")

  val sameKey = same(keys)
  val notNewer = inOrder("changed_at")
  val columns = kept.columns.toSeq
  def updated(column: String) = s"coalesce(source.$column, target.$column)"
  val compared = columns.diff(Seq("order_id", "_batch")).map(quoted)
  val unchanged = compared.map(column => s"target.$column <=> ${updated(column)}")
  val outdated = s"false IN (${unchanged.mkString(", ")}) AND $notNewer"
  val stored = spark.table(targetOrders)
  // A merge rewrites every file that holds a matching key, so it is given only real changes.
  val present = batch
    .where("NOT coalesce(gone, false)")
    .as("source")
    .join(stored.as("target"), expr(s"$sameKey AND NOT ($outdated)"), "left_anti")
    .withColumn("_deleted", lit(false))
  val deleted = batch
    .where("coalesce(gone, false)")
    .as("source")
    .join(stored.as("target"), expr(s"$sameKey AND $notNewer"), "left_semi")
    .withColumn("_deleted", lit(true))
  val vanished = stored
    .as("target")
    .join(batch.as("source"), expr(sameKey), "left_anti")
    .select(keys.map(col): _*)
    .withColumn("_deleted", lit(true))
  val changes = present.unionByName(deleted).unionByName(vanished, allowMissingColumns = true)

  val names = columns.map(quoted)
  val version = versionOf(target)
  target
    .as("target")
    .merge(changes.as("source"), sameKey)
    .whenMatched("source._deleted")
    .delete()
    .whenMatched(outdated)
    .updateExpr(names.map(name => name -> updated(name)).toMap)
    .whenNotMatched()
    .insertExpr(names.map(name => name -> s"source.$name").toMap)
    .execute()
  logChanges(target, targetOrders, version, "Inserted", "Updated", "Deleted")
}

// COMMAND ----------

// DBTITLE 1,orders: load
/** Read the sources, build the target rows and write them. */
def loadOrders(): Unit = {
  println(s"Loading $targetOrders")
  val rows = transformOrders()
  try {
    val checked = checkOrders(rows)
    refuseBrokenRules(checked, targetOrders)
    writeOrders(rows)
  } catch {
    case NonFatal(error) =>
      val sheetRows = Seq((2 to 5)).flatten
      logFailingColumn(error, rows, targetOrders, sheetRows)
      throw error
  }
}

// COMMAND ----------

// DBTITLE 1,Run
loadOrders()
