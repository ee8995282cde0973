"""Fixtures of the Spark tests: one warm session, and a lake and a compiler for each test."""

import itertools
import os
import sys
import time
from pathlib import Path

import pytest

# Before the JVM starts: Spark, Python and the tests all mean UTC.
os.environ["TZ"] = "UTC"
time.tzset()
os.environ["PYSPARK_PYTHON"] = sys.executable
os.environ.pop("SPARK_HOME", None)

from pyspark.sql import SparkSession  # noqa: E402

from support import COMPILER, Compiler, Lake  # noqa: E402

JARS = Path(sys.prefix).parent / "jars"
SCHEMA_NUMBERS = itertools.count(1)
# Quick to compile rather than quick to run; the small code cache that goes with it would fill up.
JAVA_OPTIONS = (
    "-Duser.timezone=UTC -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -XX:ReservedCodeCacheSize=240m"
)
DELTA = "org.apache.spark.sql.delta.catalog.DeltaCatalog"


@pytest.fixture(scope="session")
def spark(tmp_path_factory: pytest.TempPathFactory):
    """One Spark session with Delta for all tests: starting it takes longer than most of them."""
    folder = tmp_path_factory.mktemp("spark")
    jars = sorted(map(str, JARS.glob("*.jar")))
    assert jars, f"no jars in {JARS}: run tests/spark/setup and use the Python that it makes"
    settings = {
        "spark.jars": ",".join(jars),
        "spark.sql.extensions": "io.delta.sql.DeltaSparkSessionExtension",
        "spark.sql.catalog.spark_catalog": DELTA,
        "spark.sql.warehouse.dir": str(folder / "warehouse"),
        "spark.local.dir": str(folder / "local"),
        "spark.driver.memory": "2g",
        "spark.driver.host": "127.0.0.1",
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.driver.extraJavaOptions": JAVA_OPTIONS,
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        "spark.sql.session.timeZone": "UTC",
        # Tables of a few rows: parallelism and code generation would only cost time.
        "spark.default.parallelism": "2",
        "spark.sql.shuffle.partitions": "2",
        "spark.databricks.delta.snapshotPartitions": "1",
        "spark.sql.codegen.wholeStage": "false",
        "spark.sql.codegen.factoryMode": "NO_CODEGEN",
    }
    builder = SparkSession.builder.master("local[2]").appName("text2code tests")
    for name, value in settings.items():
        builder = builder.config(name, value)
    session = builder.getOrCreate()
    session.sparkContext.setLogLevel("OFF")
    yield session
    session.stop()


@pytest.fixture
def lake(spark: SparkSession, tmp_path: Path):
    """Tables and files that only this test sees."""
    schema = f"test_{next(SCHEMA_NUMBERS)}"
    spark.sql(f"CREATE SCHEMA {schema}")
    return Lake(spark, tmp_path / "lake", schema)


@pytest.fixture
def compile_sheet(lake: Lake, tmp_path: Path) -> Compiler:
    """The compiler under test; its notebooks read and write the test's lake."""
    assert os.access(COMPILER, os.X_OK), f"{COMPILER} is not built"
    return Compiler(lake, tmp_path)


@pytest.fixture(params=["false", "true"], ids=["ansi_off", "ansi_on"])
def ansi(request: pytest.FixtureRequest, spark: SparkSession):
    """Run the test twice: with Spark's ANSI mode off (clusters) and on (SQL warehouses)."""
    spark.conf.set("spark.sql.ansi.enabled", request.param)
    yield request.param == "true"
    spark.conf.unset("spark.sql.ansi.enabled")
