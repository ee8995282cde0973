// Databricks notebook source
// MAGIC %md
// MAGIC # full_scala.csv
// MAGIC
// MAGIC `shop.silver.order_lines`:
// MAGIC - Reads shop.bronze.order_items as i.
// MAGIC - Left-joins shop.bronze.products as p on i.product_id = p.product_id.
// MAGIC - Fills 6 columns: 4 copied, 2 computed.
// MAGIC - Refuses a batch in which a join finds several rows for one key.
// MAGIC - Replaces the content and the schema of shop.silver.order_lines in one transaction.
// MAGIC
// MAGIC Pattern: Full load. Compiled by text2code 0.1.0.

// COMMAND ----------

// DBTITLE 1,Imports
import io.delta.tables.DeltaTable
import java.util.Locale
import org.apache.spark.sql.functions._
import org.apache.spark.sql.types._
import org.apache.spark.sql.{Column, DataFrame}
import scala.util.Try
import scala.util.control.NonFatal

// COMMAND ----------

// DBTITLE 1,Parameters
dbutils.widgets.text("source_order_items", "shop.bronze.order_items", "Source table: order_items")
dbutils.widgets.text("source_products", "shop.bronze.products", "Source table: products")
dbutils.widgets.text("target_order_lines", "shop.silver.order_lines", "Target table: order_lines")

val sourceOrderItems = dbutils.widgets.get("source_order_items")
val sourceProducts = dbutils.widgets.get("source_products")
val targetOrderLines = dbutils.widgets.get("target_order_lines")

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

// DBTITLE 1,order_lines: transform
/** Build the target rows from the sources. */
def transformOrderLines(): DataFrame =
  requireColumns(spark.table(sourceOrderItems), sourceOrderItems, Seq(
    "product_id", "order_id", "line_no", "quantity", "unit_price", "changed_at"
  )).as("i")
    .join(
      requireColumns(spark.table(sourceProducts), sourceProducts, Seq(
        "product_id", "name"
      )).as("p"),
      expr("i.product_id = p.product_id"),
      "left"
    )
    .select(
      expr("CAST(i.order_id AS bigint)").as("order_id", comment("order of the line")),
      expr("CAST(i.line_no AS int)").as("line_no", comment("position within the order")),
      expr("CAST(initcap(p.name) AS string)").as("product_name"),
      expr("CAST(i.quantity AS int)").as("quantity"),
      expr("CAST(round(i.quantity * i.unit_price, 2) AS decimal(12,2))").as("line_amount"),
      expr("CAST(i.changed_at AS timestamp)").as("changed_at", comment("latest wins"))
    )

// COMMAND ----------

// DBTITLE 1,order_lines: write
/** Replace the content of the target in one transaction; if it fails, the old rows stay. */
def writeOrderLines(rows: DataFrame): Unit = {
  DeltaTable
    .createIfNotExists(spark)
    .tableName(targetOrderLines)
    .comment("Lines of 'orders'")
    .partitionedBy("order_id")
    .addColumns(nullable(rows.schema))
    .execute()
  rows.write
    .format("delta")
    .partitionBy("order_id")
    .option("overwriteSchema", "true")
    .mode("overwrite")
    .saveAsTable(targetOrderLines)
  println(s"$targetOrderLines holds ${spark.table(targetOrderLines).count()} rows")
}

// COMMAND ----------

// DBTITLE 1,order_lines: load
/** Read the sources, build the target rows and write them. */
def loadOrderLines(): Unit = {
  println(s"Loading $targetOrderLines")
  val rows = transformOrderLines()
  try {
    requireSingleMatches(spark.table(sourceProducts), sourceProducts, Seq("product_id"))
    writeOrderLines(rows)
  } catch {
    case NonFatal(error) =>
      val sheetRows = Seq((2 to 7)).flatten
      logFailingColumn(error, rows, targetOrderLines, sheetRows)
      throw error
  }
}

// COMMAND ----------

// DBTITLE 1,Run
loadOrderLines()
