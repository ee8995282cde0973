// Databricks notebook source
// MAGIC %md
// MAGIC # increments_scala.csv
// MAGIC
// MAGIC `shop.silver.orders`:
// MAGIC - Reads shop.bronze.orders as orders.
// MAGIC - Fills 5 columns: 1 copied, 4 computed.
// MAGIC - Takes the rows at or above the highest updated_at of the target; refuses the batch if one
// MAGIC   has none.
// MAGIC - Appends to shop.silver.orders the rows whose order_id and updated_at are not there yet.
// MAGIC
// MAGIC Pattern: Incremental append. Compiled by text2code 0.1.0.

// COMMAND ----------

// DBTITLE 1,Imports
import io.delta.tables.DeltaTable
import java.util.Locale
import org.apache.spark.sql.functions._
import org.apache.spark.sql.{Column, DataFrame}
import scala.util.Try
import scala.util.control.NonFatal

// COMMAND ----------

// DBTITLE 1,Parameters
dbutils.widgets.text("source_orders", "shop.bronze.orders", "Source table: orders")
dbutils.widgets.text("target_orders", "shop.silver.orders", "Target table: orders")

val sourceOrders = dbutils.widgets.get("source_orders")
val targetOrders = dbutils.widgets.get("target_orders")

// COMMAND ----------

// DBTITLE 1,Helpers

/** Return the table, which must have the columns that the mapping uses. */
def requireColumns(table: DataFrame, name: String, columns: Seq[String]): DataFrame = {
  val present = table.columns.map(_.toLowerCase(Locale.ROOT)).toSet
  val missing = columns.filterNot(column => present(column.toLowerCase(Locale.ROOT)))
  if (missing.nonEmpty) sys.error(s"$name lacks the mapped columns: ${missing.mkString(", ")}")
  table
}

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

/** Return the rows each once, whatever they have in columns that differ in every run. */
def eachOnce(rows: DataFrame, volatile: String*): DataFrame =
  if (volatile.isEmpty) rows.distinct()
  else rows.dropDuplicates(rows.columns.toSeq.diff(volatile))

/** Return the rows at or above the target's highest watermark, and those without one.
  *
  * Rows below it are late and are not loaded. Rows equal to it are kept, because more rows with
  * that value may have arrived since.
  */
def notLate(rows: DataFrame, target: DataFrame, name: String, watermark: String): DataFrame = {
  val highest = target.agg(max(col(watermark))).first().get(0)
  println(s"$name: the highest watermark so far is $highest")
  val mark = col(watermark)
  val kind = rows.select(mark).schema.head.dataType
  if (highest == null) rows else rows.where(mark.isNull || mark >= lit(highest).cast(kind))
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

// COMMAND ----------

// DBTITLE 1,orders: transform
/** Build the target rows from the sources. */
def transformOrders(): DataFrame =
  requireColumns(spark.table(sourceOrders), sourceOrders, Seq(
    "order_id", "customer_ref", "status", "updated_at"
  ))
    .select(
      expr("order_id").as("order_id"),
      expr("cast(customer_ref as bigint)").as("customer_id"),
      expr("case when upper(status) in ('C','CLOSED') then 'closed' when status is null then 'unknown' else lower(trim(status)) end").as("status"),
      expr("cast(updated_at as timestamp)").as("updated_at"),
      expr("'shop'").as("source_system")
    )

// COMMAND ----------

// DBTITLE 1,orders: write
/** Append the rows that the target does not hold yet; a second run adds nothing. */
def writeOrders(rows: DataFrame): Unit = {
  rows.limit(0).write.format("delta").mode("ignore").saveAsTable(targetOrders)
  val target = DeltaTable.forName(spark, targetOrders)
  requireColumns(target.toDF, targetOrders, rows.columns.toSeq)
  // These tell whether the target holds a row already.
  val rowKey = Seq("order_id", "updated_at")
  val unmarked = rows.where("updated_at IS NULL").count()
  if (unmarked > 0) sys.error(s"$targetOrders: $unmarked source rows have no watermark")
  val recent = notLate(rows, target.toDF, targetOrders, "updated_at")
  // One exchange serves this step and the next ones.
  val spread = recent.repartition(rowKey.map(col): _*)
  val batch = eachOnce(spread)
  requireUnique(batch, s"New rows for $targetOrders", rowKey)

  val values = rows.columns.map(quoted).map(column => column -> s"source.$column").toMap
  val version = versionOf(target)
  target
    .as("target")
    .merge(batch.as("source"), same(rowKey))
    .whenNotMatched()
    .insertExpr(values)
    .execute()
  logChanges(target, targetOrders, version, "Inserted")
}

// COMMAND ----------

// DBTITLE 1,orders: load
/** Read the sources, build the target rows and write them. */
def loadOrders(): Unit = {
  println(s"Loading $targetOrders")
  val rows = transformOrders()
  try {
    writeOrders(rows)
  } catch {
    case NonFatal(error) =>
      val sheetRows = Seq((2 to 6)).flatten
      logFailingColumn(error, rows, targetOrders, sheetRows)
      throw error
  }
}

// COMMAND ----------

// DBTITLE 1,Run
loadOrders()
