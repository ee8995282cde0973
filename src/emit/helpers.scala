// Functions that compiled Scala notebooks share. The compiler writes those a notebook needs into
// it, as they stand here (tools/pyembed makes C of this file). They compile with Scala 2.12 and
// 2.13; names of columns are as SQL writes them, unless a DataFrame gave them.

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

/** Return no rows, with those columns of the rows that the table lacks. */
def lackingColumns(table: DataFrame, rows: DataFrame): DataFrame = {
  val present = table.columns.map(_.toLowerCase(Locale.ROOT)).toSet
  val lacking = rows.columns.toSeq.filterNot(column => present(column.toLowerCase(Locale.ROOT)))
  rows.limit(0).select(lacking.map(column => col(quoted(column))): _*)
}

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

/** Fail if a row breaks a rule. */
def refuseBrokenRules(checked: DataFrame, name: String): Unit = {
  val broken = countBrokenRules(checked)
  if (broken.nonEmpty) sys.error(s"$name: rules that rows break: ${broken.mkString("; ")}")
}

/** Say how many rows break each rule. */
def logBrokenRules(checked: DataFrame, name: String): Unit =
  countBrokenRules(checked).foreach(broken => println(s"$name: rows break a rule: $broken"))

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
