// Databricks notebook source
// MAGIC %md
// MAGIC # rules_scala.csv
// MAGIC
// MAGIC `shop.gold.orders`:
// MAGIC - Reads /Volumes/shop/in/orders.csv as o.
// MAGIC - Left-joins shop.silver.customers as c on o.customer_id = c.id.
// MAGIC - Fills 6 columns: 3 copied, 3 computed.
// MAGIC - Adds _loaded_at: When the row was loaded.
// MAGIC - Adds _batch_id: The run that loaded the row.
// MAGIC - Adds _file: The file that the row was read from.
// MAGIC - Refuses a batch in which a join finds several rows for one key.
// MAGIC - Checks 7 rules of the sheet.
// MAGIC - Rows that break one of the rules go to shop.gold.orders_quarantine, not to
// MAGIC   shop.gold.orders.
// MAGIC - Of several rows of one key the highest changed_at wins.
// MAGIC - Merges into shop.gold.orders by order_id: changed rows are updated, new ones inserted.
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
dbutils.widgets.text("source_orders", "/Volumes/shop/in/orders.csv", "Source path: orders")
dbutils.widgets.text("source_customers", "shop.silver.customers", "Source table: customers")
dbutils.widgets.text("target_orders", "shop.gold.orders", "Target table: orders")
dbutils.widgets.text("quarantine_orders", "shop.gold.orders_quarantine", "Quarantine table: orders")
dbutils.widgets.text("batch_id", "", "Name of this batch (empty: a new one)")

val sourceOrders = dbutils.widgets.get("source_orders")
val sourceCustomers = dbutils.widgets.get("source_customers")
val targetOrders = dbutils.widgets.get("target_orders")
val quarantineOrders = dbutils.widgets.get("quarantine_orders")
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

/** Return the columns of a new table: named, typed and commented so, and all may be NULL. */
def nullable(schema: StructType): StructType = {
  def parts(kind: DataType): DataType = kind match {
    case struct: StructType => nullable(struct)
    case ArrayType(element, _) => ArrayType(parts(element), containsNull = true)
    case MapType(key, value, _) => MapType(parts(key), parts(value), valueContainsNull = true)
    case other => other
  }
  StructType(schema.map { field =>
    val column = StructField(field.name, parts(field.dataType))
    field.getComment().fold(column)(column.withComment)
  })
}

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

/** Fail if a join that sets these columns equal to something can find several rows. */
def requireSingleMatches(rows: DataFrame, name: String, columns: Seq[String]): Unit =
  if (columns.nonEmpty)
    requireUnique(rows.where(columns.map(_ + " IS NOT NULL").mkString(" AND ")), name, columns)
  else if (rows.limit(2).count() > 1)
    sys.error(s"$name: a join would take each of several rows")

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

/** Say how many rows break each rule. */
def logBrokenRules(checked: DataFrame, name: String): Unit =
  countBrokenRules(checked).foreach(broken => println(s"$name: rows break a rule: $broken"))

/** Return the rows as a quarantine keeps them: with a hash that tells them, and the time. */
def asQuarantined(failed: DataFrame, volatile: String*): DataFrame = {
  val told = failed.columns.toSeq.diff(volatile :+ "_broken_rules").map(name => col(quoted(name)))
  // Times in full and in UTC: the hash is the same in every session.
  val time = "yyyy-MM-dd'T'HH:mm:ss.SSSSSS"
  val options = Map("timeZone" -> "UTC", "timestampFormat" -> time, "timestampNTZFormat" -> time)
  failed
    .withColumn("_row_hash", sha2(to_json(struct(told: _*), options), 256))
    .withColumn("_quarantined_at", current_timestamp())
}

/** Take out of the quarantine the rows that were mended: their keys have passed since. */
def releaseMended(
    quarantine: DeltaTable,
    held: DataFrame,
    passed: DataFrame,
    failed: DataFrame,
    same: String
): Unit = {
  val mended = held
    .as("target")
    .join(passed.as("source"), expr(same), "left_semi")
    .join(failed.select("_row_hash"), Seq("_row_hash"), "left_anti")
    .select("_row_hash")
    .distinct()
  if (!mended.isEmpty)
    quarantine
      .as("target")
      .merge(mended.as("source"), "target._row_hash = source._row_hash")
      .whenMatched()
      .delete()
      .execute()
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
  requireColumns(spark.read.format("csv").option("header", "true").load(sourceOrders), sourceOrders, Seq(
    "customer_id", "id", "amount", "state", "changed", "op"
  )).as("o")
    .join(
      requireColumns(spark.table(sourceCustomers), sourceCustomers, Seq("id", "name")).as("c"),
      expr("o.customer_id = c.id"),
      "left"
    )
    .select(
      expr("CAST(o.id AS bigint)").as("order_id"),
      expr("CAST(o.amount * 1.19 AS decimal(12,2))").as("amount"),
      expr("CAST(upper(trim(o.state)) AS string)").as("state"),
      expr("CAST(o.changed AS timestamp)").as("changed_at"),
      expr("CAST(c.name AS string)").as("customer"),
      expr("CAST(o.op = 'D' AS boolean)").as("gone"),
      expr("current_timestamp()").as("_loaded_at", comment("When the row was loaded")),
      lit(batchId).as("_batch_id", comment("The run that loaded the row")),
      expr("o._metadata.file_path").as("_file", comment("The file that the row was read from"))
    )

// COMMAND ----------

// DBTITLE 1,orders: rules
/** Return the rows with the rules of the sheet that they break. */
def checkOrders(rows: DataFrame): DataFrame = {
  val rules = Seq(
    ("row 2: order_id not null", "order_id IS NOT NULL"),
    ("row 3: amount > 0", "amount > 0"),
    ("row 3: amount < 1000000", "amount < 1000000"),
    ("row 4: state in ('NEW', 'DONE', 'it''s \"odd\"')", "state in ('NEW', 'DONE', 'it''s \"odd\"')"),
    ("row 5: changed_at <= current_timestamp()", "changed_at <= current_timestamp()"),
    ("row 5: changed_at > TIMESTAMP'2000-01-01' AND order_id > 0", "changed_at > TIMESTAMP'2000-01-01' AND order_id > 0"),
    ("row 6: customer not empty", "trim(customer) <> ''")
  )
  withBrokenRules(rows, rules, "coalesce(gone, false)")
}

/** Add the rows that break a rule to the quarantine; a second run adds nothing. */
def putAsideOrders(failed: DataFrame): Unit = {
  val rows = asQuarantined(failed, "_loaded_at", "_batch_id", "_file")
  rows.limit(0).write.format("delta").mode("ignore").saveAsTable(quarantineOrders)
  val held = spark.table(quarantineOrders).select("_row_hash")
  val added = rows.join(held, Seq("_row_hash"), "left_anti")
  added.write
    .format("delta")
    .option("mergeSchema", "true")
    .mode("append")
    .saveAsTable(quarantineOrders)
}

/** Take out of the quarantine the keys that have passed since. */
def releaseOrders(passed: DataFrame, failed: DataFrame): Unit = {
  val mends = same(Seq("order_id")) +
    " AND (target.changed_at IS NULL OR source.changed_at >= target.changed_at)"
  val held = spark.table(quarantineOrders)
  val quarantine = DeltaTable.forName(spark, quarantineOrders)
  val broken = asQuarantined(failed, "_loaded_at", "_batch_id", "_file")
  releaseMended(quarantine, held, passed, broken, mends)
}

// COMMAND ----------

// DBTITLE 1,orders: write
/** Update, insert and delete what changed; a second run changes nothing. */
def writeOrders(rows: DataFrame, failed: DataFrame): Unit = {
  val kept = rows.drop("gone")
  DeltaTable
    .createIfNotExists(spark)
    .tableName(targetOrders)
    .comment("Orders, as \"they\" are")
    .clusterBy("order_id", "state")
    .addColumns(nullable(kept.schema))
    .execute()
  val target = DeltaTable.forName(spark, targetOrders)
  requireColumns(target.toDF, targetOrders, kept.columns.toSeq)
  val keys = Seq("order_id")
  val batch = eachOnce(newestOf(rows, keys, "changed_at"), "_loaded_at", "_batch_id", "_file")
  requireUnique(target.toDF, targetOrders, keys)
  requireUnique(batch, s"New rows for $targetOrders", keys)
  if (batch.isEmpty) sys.error("The sources have no rows, so that all would be deleted")

  val sameKey = same(keys)
  val notNewer = inOrder("changed_at")
  val columns = kept.columns.toSeq
  def updated(column: String) = s"source.$column"
  val compared = columns.diff(Seq("order_id", "_loaded_at", "_batch_id", "_file")).map(quoted)
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
    .join(failed.as("source"), expr(sameKey), "left_anti")
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
    requireSingleMatches(spark.table(sourceCustomers), sourceCustomers, Seq("id"))
    val checked = checkOrders(rows)
    logBrokenRules(checked, targetOrders)
    val failed = checked.where("size(_broken_rules) > 0")
    val passed = checked.where("size(_broken_rules) = 0").drop("_broken_rules")
    putAsideOrders(failed)
    writeOrders(passed, failed)
    releaseOrders(passed, failed)
  } catch {
    case NonFatal(error) =>
      val sheetRows = Seq((2 to 7)).flatten
      logFailingColumn(error, rows, targetOrders, sheetRows)
      throw error
  }
}

// COMMAND ----------

// DBTITLE 1,Run
loadOrders()
