#include "base/base.h"

#include "gate/allow.h"

#include "expr/functions.h"

#include <string.h>

/* Each list is words with blanks between. */
static const char modules[] =
    " pyspark pyspark.sql pyspark.sql.functions pyspark.sql.types"
    " pyspark.sql.window pyspark.sql.utils pyspark.sql.column"
    " pyspark.sql.dataframe pyspark.sql.session pyspark.sql.readwriter"
    " pyspark.errors pyspark.errors.exceptions pyspark.storagelevel"
    " delta delta.tables datetime decimal typing functools math re json"
    " logging uuid dataclasses collections collections.abc itertools hashlib"
    " time sys abc enum contextlib warnings traceback textwrap"
    " operator types __future__ ";

static const char dataframe_words[] =
    " agg alias approxQuantile cache checkpoint coalesce colRegex collect"
    " columns count crossJoin cube describe distinct drop dropDuplicates"
    " drop_duplicates dropna dtypes exceptAll explain fillna filter first"
    " groupBy groupby head hint intersect intersectAll isEmpty isStreaming"
    " join limit localCheckpoint na fill orderBy persist printSchema"
    " repartition repartitionByRange replace rollup sample schema select"
    " selectExpr show sort sortWithinPartitions sparkSession storageLevel"
    " subtract summary tail take toDF toLocalIterator transform union unionAll"
    " unionByName unpersist unpivot melt where withColumn withColumnRenamed"
    " withColumns withColumnsRenamed withMetadata withWatermark write writeTo"
    " createOrReplaceTempView createTempView"
    " asc asc_nulls_first asc_nulls_last between bitwiseAND bitwiseOR"
    " bitwiseXOR cast astype try_cast contains desc desc_nulls_first"
    " desc_nulls_last dropFields endswith eqNullSafe getField getItem ilike"
    " isNaN isNotNull isNull isin like name otherwise over rlike startswith"
    " substr when withField avg max mean min pivot sum"
    " format load option options orc parquet csv json avro table text read"
    " bucketBy clusterBy insertInto mode partitionBy save saveAsTable sortBy"
    " append create createOrReplace overwrite overwritePartitions partitionedBy"
    " tableProperty using"
    " currentRow rangeBetween rowsBetween unboundedFollowing"
    " unboundedPreceding asDict index";

static const char delta_words[] =
    " addColumn addColumns createIfNotExists detail execute forName forPath"
    " history isDeltaTable merge tableName property comment location update"
    " delete whenMatchedDelete whenMatchedUpdate whenMatchedUpdateAll"
    " whenNotMatchedBySourceDelete whenNotMatchedBySourceUpdate"
    " whenNotMatchedInsert whenNotMatchedInsertAll withSchemaEvolution optimize"
    " executeCompaction executeZOrderBy"
    " builder getOrCreate appName config conf set getActiveSession active"
    " createDataFrame range sql catalog version tableExists"
    " databaseExists clearCache refreshTable widgets dropdown combobox"
    " multiselect get remove removeAll notebook exit"
    " dataType fields names simpleString fieldNames metadata typeName nullable"
    " operationMetrics jsonValue";

static const char python_words[] =
    " join format lower upper strip lstrip rstrip split rsplit partition"
    " rpartition title capitalize isdigit isalnum zfill splitlines removeprefix"
    " removesuffix find append extend insert pop items keys values update get"
    " setdefault copy add discard difference intersection issubset reverse"
    " now today utcnow strftime strptime isoformat date datetime timedelta"
    " timezone utc fromisoformat total_seconds timestamp year month day hour"
    " minute second combine days seconds Decimal ROUND_HALF_UP quantize"
    " getLogger basicConfig info warning warn error debug exception critical"
    " setLevel INFO WARNING ERROR DEBUG CRITICAL StreamHandler Formatter"
    " addHandler setFormatter Logger LoggerAdapter hasHandlers handlers"
    " propagate log perf_counter monotonic time sleep reduce partial wraps"
    " and_ or_ MappingProxyType lru_cache cache chain product groupby uuid4 "
    "uuid5 NAMESPACE_DNS "
    "md5 sha1"
    " sha256 hexdigest encode dumps loads sub match compile search findall"
    " fullmatch IGNORECASE group groups Pattern args message field dataclass"
    " asdict fields astuple default_factory OrderedDict defaultdict Counter"
    " namedtuple deque List Dict Optional Any Tuple Callable Union Iterable"
    " Iterator Sequence Mapping MutableMapping Set FrozenSet Final Literal"
    " NamedTuple TypedDict TypeVar Generic ClassVar Generator Enum StrEnum auto"
    " value ABC abstractmethod contextmanager suppress stdout stderr argv"
    " format_exc print_exc dedent annotations inf nan isnan floor ceil sqrt pi"
    " filterwarnings simplefilter ascii_lowercase ascii_uppercase digits"
    " __name__ __init__";

static const char class_words[] =
    " SparkSession DataFrame Column Row Window WindowSpec GroupedData functions"
    " types window DeltaTable DeltaMergeBuilder tables StorageLevel"
    " MEMORY_AND_DISK MEMORY_ONLY AnalysisException PySparkException"
    " ParseException utils errors DataType"
    " NullType CharType StringType VarcharType BinaryType BooleanType DateType"
    " TimestampType TimestampNTZType DecimalType DoubleType FloatType ByteType"
    " IntegerType LongType ShortType ArrayType MapType StructField StructType"
    " DayTimeIntervalType YearMonthIntervalType"
    " asc desc bitwise_not broadcast bucket col column count_distinct"
    " create_map days desc_nulls_first expr hours listagg_distinct lit months"
    " negate product sum_distinct timestamp_add timestamp_diff years"
    " countDistinct sumDistinct approxCountDistinct bitwiseNOT shiftLeft"
    " shiftRight shiftRightUnsigned toDegrees toRadians when F T sql";

static const char denied_attributes[] =
    " system popen fork spawn eval exec execfile modules os subprocess"
    " builtins import_module addPyFile addFile addJar sparkContext rdd map"
    " mapPartitions foreach foreachPartition foreachBatch mapInPandas"
    " mapInArrow applyInPandas applyInArrow apply udf udtf pandas_udf call_udf"
    " call_function jdbc fs secrets getConf"
    " hadoopConfiguration addArtifact addArtifacts copyFromLocalToFs client"
    " dataSource streams readStream writeStream convertToDelta vacuum clone"
    " cloneAtTimestamp cloneAtVersion restoreToTimestamp restoreToVersion"
    " open write_text unlink registerFunction registerJavaFunction"
    " registerTempTable createGlobalTempView"
    " createOrReplaceGlobalTempView attrgetter methodcaller mergeInto remote"
    " newSession pandas_api FileHandler SocketHandler HTTPHandler socket"
    " urlopen java_method reflect try_reflect"
    " toPandas toArrow toJSON createTable createExternalTable dropTempView"
    " dropGlobalTempView setCurrentCatalog setCurrentDatabase cacheTable"
    " uncacheTable recoverPartitions upgradeTableProtocol addFeatureSupport"
    " dropFeatureSupport xml stream manager format_map interruptAll ";

static const char builtins[] =
    " print len range str int float bool list dict set tuple frozenset bytes"
    " zip map filter sorted min max sum any all enumerate isinstance"
    " issubclass reversed abs round divmod pow repr format next iter object"
    " super property staticmethod classmethod callable type hash ord"
    " Exception BaseException RuntimeError ValueError TypeError KeyError"
    " IndexError AttributeError NotImplementedError AssertionError"
    " StopIteration ArithmeticError ZeroDivisionError LookupError"
    " KeyboardInterrupt ImportError ModuleNotFoundError SystemExit"
    " NameError FileNotFoundError TimeoutError OSError Warning UserWarning "
    "DeprecationWarning"
    " NotImplemented Ellipsis __name__ spark dbutils display ";

static const char denied_names[] =
    " eval exec execfile compile open getattr setattr delattr hasattr globals"
    " locals vars dir input breakpoint memoryview help __import__"
    " __builtins__ __builtin__ __loader__ __spec__ __file__ __dict__"
    " __class__ __doc__ sc sqlContext get_ipython getArgument displayHTML"
    " reload unicode raw_input os subprocess socket importlib builtins"
    " ctypes pickle shutil pathlib requests urllib copyreg copy_reg ";

static const char denied_functions[] =
    " java_method reflect try_reflect secret try_secret list_secrets"
    " http_request remote_query read_files read_kafka read_kinesis"
    " read_pubsub read_pulsar cloud_files cloud_files_state read_statestore"
    " event_log table_changes sql_keywords session_user sqlite_query"
    " vector_search identifier stream from_avro to_avro from_protobuf"
    " to_protobuf ";

const char *const deny_words[] = {"java_method", "reflect", "try_reflect",
    "secret", "try_secret", "list_secrets", "http_request", "remote_query",
    "read_files", "read_kafka", "cloud_files", "ai_query", "ai_gen",
    "ai_generate_text", "select", "table", NULL};

static const char settings[] =
    " spark.sql.shuffle.partitions spark.sql.session.timezone"
    " spark.sql.ansi.enabled spark.sql.sources.partitionoverwritemode"
    " spark.sql.legacy.timeparserpolicy spark.sql.casesensitive"
    " spark.sql.autobroadcastjointhreshold spark.sql.extensions"
    " spark.sql.catalog.spark_catalog ";

static const char *const setting_starts[] = {"spark.sql.adaptive.",
    "spark.databricks.delta.schema.", "spark.databricks.delta.merge.",
    "spark.databricks.delta.optimizewrite.",
    "spark.databricks.delta.autocompact.", "spark.sql.parquet."};

static const char known_options[] =
    " header inferschema sep delimiter overwriteschema mergeschema replacewhere"
    " versionasof timestampasof quote escape encoding charset multiline"
    " dateformat timestampformat mode nullvalue emptyvalue compression"
    " partitionoverwritemode txnappid txnversion usermetadata"
    " maxrecordsperfile ignoreleadingwhitespace ignoretrailingwhitespace"
    " comment readchangefeed readchangedata startingversion startingtimestamp"
    " endingversion endingtimestamp path enforceschema linesep locale"
    " samplingratio recursivefilelookup pathglobfilter basepath"
    " columnnameofcorruptrecord datachange optimizewrite delta.columnmapping"
    " allowunquotedfieldnames allowsinglequotes primitivesasstring"
    " timezone wholetext ";

static const char denied_options[] =
    " url driver dbtable query user username password token host port"
    " checkpointlocation sfurl sfuser sfpassword tempdir "
    "forward_spark_s3_credentials"
    " kafka.bootstrap.servers subscribe connectionstring secret accesskey"
    " credential credentials ";

static const char formats[] = " delta parquet csv json orc text avro noop ";

static const char test_modules[] =
    " pytest chispa chispa.dataframe_comparer chispa.column_comparer"
    " chispa.schema_comparer chispa.row_comparer chispa.rows_comparer"
    " pyspark.testing pyspark.testing.utils types ";

static const char test_words[] =
    " fixture mark parametrize raises warns skip skipif xfail fail approx param"
    " usefixtures match setattr mktemp joinpath as_posix text records"
    " assert_df_equality assert_approx_df_equality assert_column_equality"
    " assert_approx_column_equality assert_schema_equality"
    " assert_schema_equality_ignore_nullable assert_basic_rows_equality"
    " DataFramesNotEqualError ColumnsNotEqualError SchemasNotEqualError"
    " dataframe_comparer column_comparer schema_comparer"
    " assertDataFrameEqual assertSchemaEqual PySparkAssertionError testing"
    " ModuleType SimpleNamespace MonkeyPatch FixtureRequest master stop"
    " dropTempView isclose elementType keyType valueType precision scale"
    " isdisjoint issuperset union symmetric_difference index count readouterr"
    " out err slow integration unit smoke ";

static const char test_settings[] =
    " spark.ui.enabled spark.default.parallelism"
    " spark.ui.showconsoleprogress spark.sql.execution.arrow.pyspark.enabled"
    " spark.databricks.delta.snapshotpartitions ";

bool
allow_lists(const char *list, const char *name)
{
	size_t n = strlen(name);
	const char *at = list;

	if (n == 0 || strchr(name, ' '))
		return false;
	while ((at = strstr(at, name))) {
		if ((at == list || at[-1] == ' ') &&
		    (at[n] == ' ' || at[n] == '\0'))
			return true;
		at++;
	}
	return false;
}

static bool
lists_folded(const char *list, const char *name)
{
	struct arena a = ARENA_INIT;
	bool found = allow_lists(list, str_lower(&a, name));

	arena_done(&a);
	return found;
}

bool
allow_module(const char *name)
{
	return allow_lists(modules, name);
}

bool
allow_test_module(const char *name)
{
	return allow_lists(test_modules, name);
}

bool
allow_test_attribute(const char *name)
{
	return allow_lists(test_words, name);
}

bool
allow_test_setting(const char *key)
{
	return lists_folded(test_settings, key);
}

bool
allow_function(const char *name)
{
	return function_is_known(name) &&
	    !allow_lists(denied_functions, name) && !str_starts(name, "ai_");
}

bool
allow_column_function(const char *name)
{
	static const char own[] =
	    " col column lit expr when asc desc asc_nulls_first asc_nulls_last"
	    " desc_nulls_first desc_nulls_last broadcast count_distinct"
	    " countDistinct sum_distinct sumDistinct approxCountDistinct"
	    " create_map bitwise_not bitwiseNOT shiftLeft shiftRight"
	    " shiftRightUnsigned toDegrees toRadians negate product"
	    " timestamp_add timestamp_diff bucket days hours months years"
	    " listagg_distinct monotonically_increasing_id sort_array window"
	    " split substring overlay functions ";

	return (allow_function(name) && !str_eq(name, "cast") &&
	           !str_eq(name, "try_cast")) ||
	    allow_lists(own, name);
}

bool
allow_attribute(const char *name)
{
	return !deny_attribute(name) &&
	    (allow_lists(dataframe_words, name) ||
	        allow_lists(delta_words, name) ||
	        allow_lists(python_words, name) ||
	        allow_lists(class_words, name));
}

bool
deny_attribute(const char *name)
{
	return allow_lists(denied_attributes, name) ||
	    (name[0] == '_' && !allow_lists(python_words, name));
}

bool
allow_builtin(const char *name)
{
	return allow_lists(builtins, name);
}

bool
deny_name(const char *name)
{
	return allow_lists(denied_names, name);
}

bool
allow_setting(const char *key)
{
	struct arena a = ARENA_INIT;
	const char *lower = str_lower(&a, key);
	bool found = allow_lists(settings, lower);
	size_t i;

	for (i = 0; i < COUNT_OF(setting_starts); i++)
		found = found || str_starts(lower, setting_starts[i]);
	arena_done(&a);
	return found;
}

bool
allow_option(const char *key)
{
	return lists_folded(known_options, key);
}

bool
deny_option(const char *key)
{
	return lists_folded(denied_options, key);
}

bool
allow_format(const char *name)
{
	return lists_folded(formats, name);
}
