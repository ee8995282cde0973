"""Runs notebooks in Scala: the interpreter that Spark's own shell has, in the JVM of the session.

It is the one of Spark's Scala, 2.12 with Spark 3.5 and 2.13 with Spark 4.0, and reads a notebook
cell by cell, as Databricks does. From its second run on a notebook is a class, compiled once.
"""

import json
import re

from pyspark.sql import SparkSession

# What Databricks has in every notebook; the widgets are as strict as those of support.py. What a
# notebook prints is kept for the test.
PRELUDE = """
val given = System.getProperties.get("notebook").asInstanceOf[java.util.Map[String, AnyRef]]
val spark = given.get("spark").asInstanceOf[org.apache.spark.sql.SparkSession]
val printed = given.get("printed").asInstanceOf[java.lang.StringBuffer]
def println(text: Any): Unit = printed.append(text).append("\\n")
object dbutils {
  object widgets {
    private def part(name: String) = given.get(name).asInstanceOf[java.util.Map[String, String]]
    def text(name: String, defaultValue: String, label: String): Unit =
      require(part("defaults").get(name) == defaultValue, s"widget $name: $defaultValue")
    def get(name: String): String = {
      require(part("values").containsKey(name), s"widget $name is read but not declared")
      part("values").get(name)
    }
  }
}
"""
WIDGET = re.compile(r'^dbutils\.widgets\.text\("(\w+)", ("(?:[^"\\]|\\.)*"), ', re.MULTILINE)


class ScalaError(Exception):
    """What the interpreter says of a cell that does not compile, or fails."""


def widgets_of(code: str) -> dict[str, str]:
    """Return the defaults of the widgets; literals in Scala are those of JSON."""
    return {name: json.loads(default) for name, default in WIDGET.findall(code)}


class Interpreter:
    """One interpreter, whose names are those of the notebook that runs."""

    _of_session: "Interpreter | None" = None

    @classmethod
    def of(cls, spark: SparkSession) -> "Interpreter":
        """Return the one of the session; the first cell takes it seconds, others less."""
        if cls._of_session is None:
            cls._of_session = cls(spark)
        return cls._of_session

    def __init__(self, spark: SparkSession) -> None:
        self._spark = spark
        self._code = ""
        self._runs = 0
        self._jvm = spark.sparkContext._jvm
        nsc = self._jvm.scala.tools.nsc
        settings = nsc.Settings()
        settings.usejavacp().tryToSetFromPropertyValue("true")
        # Delta is no part of Spark: the session has loaded it, and nobody may do so again.
        settings.embeddedDefaults(
            self._jvm.java.lang.Thread.currentThread().getContextClassLoader()
        )
        settings.classpath().append(spark.conf.get("spark.jars").replace(",", ":"))
        self._printed = self._jvm.java.lang.StringBuffer()
        self._said = self._jvm.java.io.StringWriter()
        writer = self._jvm.java.io.PrintWriter(self._said)
        if self._jvm.scala.util.Properties.versionNumberString().startswith("2.12"):
            self._reader = nsc.interpreter.IMain(settings, writer)
        else:
            reporter = nsc.interpreter.shell.ReplReporterImpl(settings, writer)
            self._reader = nsc.interpreter.IMain(settings, reporter)

    @property
    def printed(self) -> str:
        """What the notebook printed when it ran last."""
        return self._printed.toString()

    def _interpret(self, code: str) -> None:
        self._said.getBuffer().setLength(0)
        result = self._reader.interpret(code).toString()
        if result != "Success":
            raise ScalaError(f"{result}: {self._said.toString()}")

    def run(self, cells: list[str], defaults: dict[str, str], values: dict[str, str]) -> None:
        """Interpret the cells, where these are the widgets; `printed` is what they print."""
        self._printed.setLength(0)
        given = {"spark": self._spark._jsparkSession, "printed": self._printed}
        given |= {"defaults": defaults, "values": values}
        notebook = self._jvm.java.util.HashMap()
        for name, value in given.items():
            notebook.put(name, value)
        self._jvm.System.getProperties().put("notebook", notebook)
        code = "\n".join([PRELUDE, *cells])
        if code != self._code:
            # What it remembers of many notebooks would overflow its stack.
            self._reader.reset()
            self._code, self._runs = code, 0
        self._runs += 1
        if self._runs == 1:
            for cell in [PRELUDE, *cells]:
                self._interpret(cell)
            return
        if self._runs == 2:
            self._interpret(f"class Notebook {{\n{code}\n}}")
        self._interpret("new Notebook")
