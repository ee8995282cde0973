"""What runs a statement: DuckDB, in a process of its own for each.

tools/pyembed makes C of the functions; sim/engine.c adds the imports and the call of main(). A task comes
as JSON on standard input, and its answer goes to standard output, in the form that answers.json has.
"""

import base64
import datetime
import decimal
import json
import os
import re
import sys
import urllib.parse

import duckdb


def quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def attached(catalog: str) -> str:
    """What a catalog is called in DuckDB, which keeps some names to itself."""
    return catalog + "_" if catalog.lower() in ("main", "temp", "system") else catalog


def split_types(text: str) -> list[str]:
    """The parts of "a:int,b:struct<c:int,d:int>" that commas outside of brackets part."""
    parts, depth = [""], 0
    for char in text:
        depth += (char in "<(") - (char in ">)")
        if char == "," and depth == 0:
            parts.append("")
        else:
            parts[-1] += char
    return [part.strip() for part in parts]


def type_to_duckdb(text: str) -> str:
    """A type of Databricks as DuckDB's; what has none there is text."""
    text = text.strip()
    head = re.split(r"[<(]", text)[0].strip().lower()
    inner = text[len(head) :].strip()
    if head == "array" and inner:
        return type_to_duckdb(inner[1:-1]) + "[]"
    if head == "map" and inner:
        return "MAP(" + ", ".join(type_to_duckdb(part) for part in split_types(inner[1:-1])) + ")"
    if head == "struct" and inner:
        fields = [re.split(r"\s*:\s*|\s+", part, maxsplit=1) for part in split_types(inner[1:-1])]
        return "STRUCT(" + ", ".join(f"{quoted(f[0])} {type_to_duckdb(f[-1])}" for f in fields) + ")"
    if head in ("decimal", "dec", "numeric"):
        size = re.fullmatch(r"\(\s*(\d{1,2})\s*(?:,\s*(\d{1,2})\s*)?\)", inner)
        return f"DECIMAL({size[1]}, {size[2] or 0})" if size else "DECIMAL(10, 0)"
    known = {"byte": "TINYINT", "short": "SMALLINT", "integer": "INTEGER", "long": "BIGINT"}
    known |= {"real": "FLOAT", "binary": "BLOB", "timestamp_ntz": "TIMESTAMP"}
    same = "boolean tinyint smallint int bigint float double date timestamp".split()
    return known.get(head) or (head.upper() if head in same else "VARCHAR")


def type_to_databricks(kind: object) -> str:
    """A type of DuckDB as Databricks writes it."""
    name = str(kind)
    if kind.id == "decimal":
        return name.replace(" ", "")
    if kind.id in ("list", "array"):
        return f"ARRAY<{type_to_databricks(kind.children[0][1])}>"
    if kind.id == "map":
        return "MAP<" + ", ".join(type_to_databricks(part) for _, part in kind.children) + ">"
    if kind.id == "struct":
        parts = [f"{field}: {type_to_databricks(part)}" for field, part in kind.children]
        return f"STRUCT<{', '.join(parts)}>"
    known = {"INTEGER": "INT", "UTINYINT": "SMALLINT", "USMALLINT": "INT", "UINTEGER": "BIGINT"}
    known |= {"UBIGINT": "DECIMAL(20,0)", "HUGEINT": "DECIMAL(38,0)", "UHUGEINT": "DECIMAL(38,0)"}
    known |= {"BLOB": "BINARY", '"NULL"': "VOID", "TIMESTAMP WITH TIME ZONE": "TIMESTAMP"}
    same = "BOOLEAN TINYINT SMALLINT BIGINT FLOAT DOUBLE DATE TIMESTAMP INTERVAL".split()
    return known.get(name) or (name if name in same else "STRING")


def nested(value: object) -> object:
    """A value within an array, a map or a struct, for JSON."""
    if isinstance(value, dict):
        return {str(key): nested(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [nested(part) for part in value]
    return text_of(value)


def text_of(value: object) -> str | None:
    """A value as the API sends it: everything is text, but for null."""
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return {"nan": "NaN", "inf": "Infinity", "-inf": "-Infinity"}.get(repr(value), repr(value))
    if isinstance(value, decimal.Decimal):
        return format(value, "f")
    if isinstance(value, datetime.datetime):
        digits = "microseconds" if value.microsecond % 1000 else "milliseconds"
        return value.replace(tzinfo=None).isoformat(timespec=digits) + "Z"
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    if isinstance(value, dict | list | tuple):
        return json.dumps(nested(value), ensure_ascii=False, separators=(",", ":"))
    return str(value)


def unescaped(text: str) -> str:
    """What a string of Spark's SQL means, its quotes taken off."""
    known = {"n": "\n", "t": "\t", "r": "\r", "0": "\0", "b": "\b"}
    plain = text[1:-1].replace(text[0] * 2, text[0])
    return re.sub(r"\\(.)", lambda found: known.get(found[1], found[1]), plain, flags=re.S)


def translated(sql: str, types: dict[str, str], catalogs: list[str]) -> str:
    """Spark's quotes and markers as DuckDB has them, and catalogs as they are attached."""
    schemas = re.match(r"\s*(?:(?:CREATE|DROP)\s+SCHEMA|USE)\b", sql, re.I)
    follows = r"(?=\s*\.)" if schemas else r"(?=\s*\.\s*(?:\w+|`[^`]*`)\s*\.)"
    renamed = [name.lower() for name in catalogs if attached(name) != name]
    names = "|".join(renamed) or r"(?!)"
    token = (
        r"(?P<text>'(?:[^'\\]|\\.|'')*'|\"(?:[^\"\\]|\\.|\"\")*\")"
        rf"|(?P<catalog>(?<![\w.`])`?(?:{names})`?{follows})"
        r"|(?P<name>`(?:[^`]|``)*`)"
        r"|(?P<other>--[^\n]*|/\*.*?\*/|::|\w+)"
        r"|(?<![\w\])}'\"`]):(?P<marker>[A-Za-z_]\w*)"
    )

    def put(found: re.Match[str]) -> str:
        if found["text"]:
            return literal(unescaped(found["text"]))
        if found["catalog"]:
            return quoted(attached(found["catalog"].strip("`")))
        if found["name"]:
            return quoted(found["name"][1:-1].replace("``", "`"))
        if found["marker"]:
            kind = types.get(found["marker"])
            return f"CAST(${found['marker']} AS {kind})" if kind else f"${found['marker']}"
        return found[0]

    return re.sub(token, put, sql, flags=re.S | re.I)


def opened(task: dict) -> tuple[object, list[str]]:
    """A connection that sees the catalogs and nothing else of the machine, and their names."""
    con = duckdb.connect(":memory:", config={"threads": 1, "memory_limit": "512MB"})
    objects = [*task["catalog"].get("tables", []), *task["catalog"].get("volumes", [])]
    tables = [(entry["full_name"].split(".", 2), entry.get("columns")) for entry in objects]
    tables = [entry for entry in tables if len(entry[0]) == 3]
    catalogs = list(dict.fromkeys(name[0] for name, _ in tables)) or ["main"]
    for catalog in catalogs:
        path = f"{task['folder']}/{urllib.parse.quote(catalog, safe='')}.duckdb"
        con.execute(f"ATTACH {literal(path)} AS {quoted(attached(catalog))}")
        con.execute(f"CREATE SCHEMA IF NOT EXISTS {quoted(attached(catalog))}.\"default\"")
    for name, columns in tables:
        schema = f"{quoted(attached(name[0]))}.{quoted(name[1])}"
        con.execute(f"CREATE SCHEMA IF NOT EXISTS {schema}")
        if columns:
            kinds = [f"{quoted(c['name'])} {type_to_duckdb(c.get('type', ''))}" for c in columns]
            table = f"{schema}.{quoted(name[2])}"
            con.execute(f"CREATE TABLE IF NOT EXISTS {table} ({', '.join(kinds)})")
    con.execute("SET temp_directory = ''")
    con.execute("SET TimeZone = 'UTC'")
    con.execute("SET enable_external_access = false")
    catalog = quoted(attached(task["use_catalog"] or catalogs[0]))
    con.execute(f"USE {catalog}.{quoted(task['use_schema'] or 'default')}")
    con.execute("SET lock_configuration = true")
    return con, catalogs


def executed(con: object, statement: object, values: dict[str, str | None]) -> object:
    """Runs it. Times come without their zone, for which Python needs a module that may be missing."""
    query = statement.query.rstrip().rstrip(";")
    if statement.type != duckdb.StatementType.SELECT:
        return con.execute(query, values)
    zoned = "TIMESTAMP WITH TIME ZONE"
    columns = con.execute("DESCRIBE " + query, values).fetchall()
    if zoned not in [column[1] for column in columns]:
        return con.execute(query, values)
    parts = [
        f"#{i}{'::TIMESTAMP' if column[1] == zoned else ''} AS {quoted(column[0])}"
        for i, column in enumerate(columns, 1)
    ]
    return con.execute(f"SELECT {', '.join(parts)} FROM ({query}\n)", values)


def fetched(result: object, task: dict) -> dict:
    """The answer, with at most one row more than the limits allow."""
    columns = [{"name": c[0], "type": type_to_databricks(c[1])} for c in result.description]
    rows, size = [], 0
    while len(rows) < task["rows"] and size <= task["bytes"]:
        row = result.fetchone()
        if row is None:
            break
        rows.append([text_of(value) for value in row])
        size += sum(len(value.encode()) for value in rows[-1] if value is not None)
    return {"columns": columns, "rows": rows}


def run(task: dict) -> dict:
    con, catalogs = opened(task)
    given = {p["name"]: p for p in task["parameters"]}
    types = {name: type_to_duckdb(p.get("type", "STRING")) for name, p in given.items()}
    statements = con.extract_statements(translated(task["sql"], types, catalogs))
    if len(statements) != 1:
        raise duckdb.ParserException(f"One statement is wanted, not {len(statements)}.")
    values = {name: given[name].get("value") for name in statements[0].named_parameters if name in given}
    result = executed(con, statements[0], values)
    kind = str(statements[0].type).rpartition(".")[2]
    changes = kind in ("INSERT", "UPDATE", "DELETE", "MERGE_INTO")
    if changes and [c[0] for c in result.description] == ["Count"]:
        columns = [{"name": "num_affected_rows", "type": "BIGINT"}]
        return {"columns": columns, "rows": [[str(result.fetchone()[0])]]}
    return fetched(result, task) if changes or kind in ("SELECT", "EXPLAIN", "CALL") else {}


def failure(error: Exception) -> dict:
    """What went wrong, as the API says it: class, sentence, SQLSTATE."""
    kind = type(error).__name__.removesuffix("Exception")
    text = re.sub(r"^[A-Za-z ]+ Error: ", "", str(error)).partition("\n")[0].strip()
    rows = [
        ("Parser", "", "PARSE_SYNTAX_ERROR", "42601"),
        ("", r"Table .*already exists", "TABLE_OR_VIEW_ALREADY_EXISTS", "42P07"),
        ("", r"Schema .*already exists", "SCHEMA_ALREADY_EXISTS", "42P06"),
        ("", r"(Table|View) with name .* does not exist", "TABLE_OR_VIEW_NOT_FOUND", "42P01"),
        ("", r"(catalog|schema) .*(does not exist|found)", "SCHEMA_NOT_FOUND", "42704"),
        ("", r"Function with name .* does not exist", "UNRESOLVED_ROUTINE", "42883"),
        ("", r"column .* not found|does not have a column", "UNRESOLVED_COLUMN", "42703"),
        ("", r"Values were not provided", "UNBOUND_SQL_PARAMETER", "42P02"),
        ("Conversion", "", "CAST_INVALID_INPUT", "22018"),
        ("OutOfRange", "", "ARITHMETIC_OVERFLOW", "22003"),
        ("Constraint", "", "CONSTRAINT_VIOLATION", "23000"),
        ("Permission", "", "INSUFFICIENT_PERMISSIONS", "42501"),
        ("Binder", "", "INVALID_STATEMENT", "42000"),
        ("Catalog", "", "INVALID_STATEMENT", "42000"),
        ("InvalidInput", "", "INVALID_STATEMENT", "42000"),
        ("OutOfMemory", "", "OUT_OF_MEMORY", "53200"),
        ("IO", "", "IO_ERROR", "58030"),
        ("", "", "UNSUPPORTED_FEATURE", "0A000"),
    ]
    name, state = next(
        row[2:] for row in rows if row[0] in ("", kind) and re.search(row[1], text, re.I | re.S)
    )
    return {"error": f"[{name}] {text} SQLSTATE: {state}", "sql_state": state}


def main() -> None:
    """Run the task. What DuckDB prints by itself, as the progress of what takes long, is no answer."""
    task = json.load(sys.stdin)
    out = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    try:
        answer = run(task)
    except duckdb.Error as error:
        answer = failure(error)
    json.dump(answer, out)
    out.close()
