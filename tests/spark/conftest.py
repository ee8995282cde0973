"""Fixtures of the Spark tests: one warm session, and a lake and a compiler for each test.

A test that proves a case of cases.py says so: @pytest.mark.proves("P26", "P29"). It runs on both
pairs of Spark and Delta, with Spark's ANSI mode off and on; so do tests that ask for the mode. All
others run on one of the pairs, chosen by their names, unless they are marked both_pairs, or
--everything is said. The pattern is the one that the file is named after, or the argument
pattern of the mark, or of the test. With --results FILE, the run leaves in FILE what it proved;
tests/spark/proof makes a table of that.
"""

import gc
import inspect
import itertools
import json
import os
import platform
import sys
import time
import zlib
from importlib.metadata import version
from pathlib import Path
from types import SimpleNamespace

import pytest

# Before the JVM starts: Spark, Python and the tests all mean UTC.
os.environ["TZ"] = "UTC"
time.tzset()
os.environ["PYSPARK_PYTHON"] = sys.executable
os.environ.pop("SPARK_HOME", None)

from py4j.java_gateway import JavaPackage, JVMView  # noqa: E402
from pyspark.sql import SparkSession  # noqa: E402

from cases import CASES, PATTERNS  # noqa: E402
from shared import Mine, name_of  # noqa: E402
from support import Compiler, Lake  # noqa: E402

JARS = Path(sys.prefix).parent / "jars"
SPARK = version("pyspark")
# The mode that this Spark is delivered with, for tests that prove no case.
ANSI = "off" if SPARK.startswith("3.") else "on"
ANSI_VALUES = {"off": "false", "on": "true"}
SCHEMA_NUMBERS = itertools.count(1)
NO_CALL = SimpleNamespace(params={})
OUTCOMES = pytest.StashKey[dict[str, str]]()
JAVA = pytest.StashKey[str]()
# Both compilers of the JVM: over some hundred tests the second one is worth its time, for what runs
# often enough; not for Scala's own compiler, which a few tests use. The tests of a run leave tables
# behind that Delta knows.
JAVA_OPTIONS = (
    "-Duser.timezone=UTC -XX:ReservedCodeCacheSize=400m "
    "-XX:Tier4InvocationThreshold=20000 -XX:Tier4MinInvocationThreshold=3000 "
    "-XX:Tier4CompileThreshold=60000 -XX:Tier3DelayOn=5 "
    "-XX:+UnlockDiagnosticVMOptions -XX:CompilerDirectivesFile={directives} "
    "-XX:+UseSerialGC -Xms2g -XX:MetaspaceSize=512m -Ddelta.log.cacheSize=50"
)
DIRECTIVES = """[
  {match: ["scala/tools/nsc*.*", "scala/reflect*.*"], c2: {Exclude: true}}
]
"""
LOCAL_ROWS = "org.apache.spark.sql.catalyst.optimizer.ConvertToLocalRelation"
DELTA = "org.apache.spark.sql.delta.catalog.DeltaCatalog"


def pytest_addoption(parser: pytest.Parser) -> None:
    """Know our own options."""
    parser.addoption(
        "--mutations", type=Path, help="try all faults of mutations.py, and write the table here"
    )
    parser.addoption(
        "--everything",
        action="store_true",
        help="run also what is left to the other pair",
    )
    parser.addoption("--results", type=Path, help="write what the run proved to this file")
    parser.addoption(
        "--ansi",
        choices=["off", "on", "both"],
        default="both",
        help="ANSI mode of the tests that prove a case",
    )


def pytest_configure(config: pytest.Config) -> None:
    """Know the mark `proves`."""
    config.addinivalue_line("markers", "proves(*cases, pattern): the cases that a test proves")
    config.addinivalue_line("markers", "loads(...): what a test brings, see shared.py")
    config.addinivalue_line("markers", "both_pairs: runs on both pairs, though it proves no case")
    config.stash[OUTCOMES] = {}


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run what proves a case, or asks for the mode, in both ANSI modes."""
    asks = "ansi" in inspect.signature(metafunc.function).parameters
    if asks or metafunc.definition.get_closest_marker("proves"):
        chosen = metafunc.config.getoption("--ansi")
        modes = list(ANSI_VALUES) if chosen == "both" else [chosen]
        metafunc.parametrize("ansi", modes, ids=[f"ansi_{mode}" for mode in modes], indirect=True)


def proofs(item: pytest.Item) -> list[dict[str, str]]:
    """Return what a test proves if it passes: cases, each with the pattern and the ANSI mode."""
    found = []
    for mark in item.iter_markers("proves"):
        arguments = item.callspec.params
        pattern = mark.kwargs.get("pattern") or arguments.get("pattern")
        pattern = pattern or item.path.stem.removeprefix("test_")
        unknown = [name for name in mark.args if name not in CASES]
        if unknown or pattern not in PATTERNS:
            raise pytest.UsageError(f"{item.nodeid}: cases.py knows no {unknown or pattern}")
        found += [
            {"case": name, "pattern": pattern, "ansi": arguments["ansi"]} for name in mark.args
        ]
    return found


def is_of_other_pair(item: pytest.Item) -> bool:
    """Tell whether a test runs on one pair, and this is the other one.

    Spark 4.0, which is faster, has five of eight.
    """
    if item.get_closest_marker("both_pairs") or "ansi" in getattr(item, "callspec", NO_CALL).params:
        return False
    of_newer = zlib.crc32(item.name.encode()) % 8 < 5
    return of_newer != SPARK.startswith("4.")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Refuse marks with a case or pattern that does not exist, before anything runs."""
    for item in items:
        proofs(item)
    if not config.getoption("--everything"):
        left = [item for item in items if is_of_other_pair(item)]
        config.hook.pytest_deselected(items=left)
        items[:] = [item for item in items if item not in left]


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item):
    """Remember the outcome of each test: the worst of its three phases."""
    report = yield
    outcomes = item.config.stash[OUTCOMES]
    if report.outcome != "passed" or outcomes.get(item.nodeid) is None:
        outcomes[item.nodeid] = report.outcome
    return report


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Write what the run proved, for tests/spark/proof."""
    path = session.config.getoption("--results")
    if path is None:
        return
    outcomes = session.config.stash[OUTCOMES]
    results = {
        "spark": SPARK,
        "delta": version("delta-spark"),
        "python": ".".join(platform.python_version_tuple()[:2]),
        "java": session.config.stash.get(JAVA, "none"),
        "proofs": [
            {"test": item.nodeid, "outcome": outcomes.get(item.nodeid, "not run"), **proof}
            for item in session.items
            for proof in proofs(item)
        ],
    }
    path.write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")


def remember_java_names() -> None:
    """Let Python ask only once what a Java name is: each time, Java looks through all its jars."""
    for kind in (JVMView, JavaPackage):

        def find(self, name, ask=kind.__getattr__):
            found = ask(self, name)
            if not name.startswith("_"):
                self.__dict__[name] = found
            return found

        kind.__getattr__ = find


@pytest.fixture(scope="session")
def spark(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory):
    """One Spark session with Delta for all tests: starting it takes longer than most of them."""
    folder = tmp_path_factory.mktemp("spark")
    jars = sorted(map(str, JARS.glob("*.jar")))
    directives = folder / "directives"
    directives.write_text(DIRECTIVES, encoding="utf-8")
    assert jars, f"no jars in {JARS}: run tests/spark/setup and use the Python that it makes"
    settings = {
        "spark.jars": ",".join(jars),
        "spark.sql.extensions": "io.delta.sql.DeltaSparkSessionExtension",
        "spark.sql.catalog.spark_catalog": DELTA,
        "spark.sql.warehouse.dir": str(folder / "warehouse"),
        "spark.local.dir": str(folder / "local"),
        "spark.driver.memory": "4g",
        "spark.driver.host": "127.0.0.1",
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.driver.extraJavaOptions": JAVA_OPTIONS.format(directives=directives),
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        "spark.sql.session.timeZone": "UTC",
        "spark.sql.ansi.enabled": ANSI_VALUES[ANSI],
        # Rows that stand in a query are worked on by tasks, as those of tables are.
        "spark.sql.optimizer.excludedRules": LOCAL_ROWS,
        # Tables of a few rows: parallelism and code generation would only cost time.
        "spark.default.parallelism": "2",
        "spark.sql.shuffle.partitions": "2",
        "spark.databricks.delta.snapshotPartitions": "1",
        # Nobody looks at what Spark would tell its pages, nor at Delta's sums beside each version.
        "spark.sql.ui.explainMode": "simple",
        "spark.sql.debug.maxToStringFields": "1",
        "spark.databricks.delta.writeChecksumFile.enabled": "false",
        # Room for a few rows, where Spark would take 64 MB for each sort or join, and no memory of
        # queries that are over.
        "spark.buffer.pageSize": "256k",
        "spark.ui.retainedJobs": "10",
        "spark.ui.retainedStages": "10",
        "spark.ui.retainedTasks": "100",
        "spark.sql.ui.retainedExecutions": "10",
        "spark.sql.codegen.wholeStage": "false",
        "spark.sql.codegen.factoryMode": "NO_CODEGEN",
    }
    builder = SparkSession.builder.master("local[2]").appName("text2code tests")
    for name, value in settings.items():
        builder = builder.config(name, value)
    session = builder.getOrCreate()
    session.sparkContext.setLogLevel("OFF")
    remember_java_names()
    java = session.sparkContext._jvm.System.getProperty("java.specification.version")
    request.config.stash[JAVA] = java
    gc.collect()
    gc.freeze()
    yield session
    session.stop()


@pytest.fixture(autouse=True)
def let_go():
    """Let Java forget the tables of a test: functions of a notebook and its globals hold each other,
    and Python alone would seldom look for such circles."""
    yield
    gc.collect()


def new_lake(spark: SparkSession, folder: Path) -> Lake:
    """Return a lake with a schema of its own."""
    schema = f"test_{next(SCHEMA_NUMBERS)}"
    spark.sql(f"CREATE SCHEMA {schema}")
    return Lake(spark, folder / "lake", schema)


@pytest.fixture
def lake(spark: SparkSession, tmp_path: Path):
    """Tables and files that only this test sees."""
    return new_lake(spark, tmp_path)


@pytest.fixture
def compile_sheet(lake: Lake, tmp_path: Path) -> Compiler:
    """The compiler under test; its notebooks read and write the test's lake."""
    return Compiler(lake, tmp_path)


@pytest.fixture
def mine(request: pytest.FixtureRequest, spark: SparkSession, tmp_path_factory, ansi: bool) -> Mine:
    """The part of this test in the loads that its mark `loads` speaks of."""
    shared = request.node.get_closest_marker("loads").args[0]
    folder = tmp_path_factory.mktemp("shared")
    loads = shared.run(request.session.items, ansi, lambda: new_lake(spark, folder))
    return Mine(shared, loads, name_of(request.node))


@pytest.fixture
def after(mine: Mine) -> list[list[tuple]]:
    """The rows of this test after a load without rows, after each batch, and after all again."""
    return mine.after


@pytest.fixture(autouse=True)
def ansi(request: pytest.FixtureRequest):
    """Set Spark's ANSI mode: off as on clusters, on as in SQL warehouses and Spark 4."""
    if not hasattr(request, "param"):
        yield ANSI == "on"
        return
    spark = request.getfixturevalue("spark")
    spark.conf.set("spark.sql.ansi.enabled", ANSI_VALUES[request.param])
    yield request.param == "on"
    spark.conf.set("spark.sql.ansi.enabled", ANSI_VALUES[ANSI])


@pytest.fixture
def berlin(spark: SparkSession):
    """Let the session stand in a time zone with summer time."""
    spark.conf.set("spark.sql.session.timeZone", "Europe/Berlin")
    yield
    spark.conf.set("spark.sql.session.timeZone", "UTC")
