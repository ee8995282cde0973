"""Generated mappings and data, and what must come of them, told in the plainest way.

A pack is one sheet with one set of options, and holds many mappings: the group, a part of the key,
says by which of them a row is computed. So hundreds of generated mappings cost a few loads, each of
them real. Whatever a pack is follows from its pattern, its number and its size.
"""

import csv
import io
import itertools
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

SOURCE = "lab.raw.events"
LOOKUP = "lab.raw.labels"
TARGET = "lab.out.events"
SOURCE_COLUMNS = "g int, k1 int, k2 string, txt_a string, txt_b string, num_n int, num_m int"
LOOKUP_COLUMNS = "code string, label string"
LABELS = {"a": "first", "B": None, "it's": 'q"q'}
TEXTS = ["", "a", "B", "ä", "it's", 'q"q', "back\\slash", "x;y", "{x}", "-- no", "`", "${b}", "\n"]
NAMES = ["plain", "the.dot", 'quo"te', "back`tick", "größe", "select", "UPPER", "x-y", "a'b", "#h"]


@dataclass(frozen=True)
class Expr:
    """A Spark SQL expression, and the value that it has for a row, as Python computes it."""

    sql: str
    value: Callable[[dict], object]


def sql_text(value: str) -> str:
    """Return the literal of a text. Spark replaces ${...} before it parses."""
    for sign in ("\\", "'", "$", "\n"):
        value = value.replace(sign, f"\\u{ord(sign):04x}")
    return f"'{value}'"


def strict(function: Callable) -> Callable:
    """Let a function be NULL where an argument is."""
    return lambda *args: None if None in args else function(*args)


def first_known(*args: object) -> object:
    """coalesce()"""
    return next((arg for arg in args if arg is not None), None)


def both(a: bool | None, b: bool | None) -> bool | None:
    """AND, which NULL leaves open unless the other side is false."""
    if a is False or b is False:
        return False
    return None if a is None or b is None else True


def either(a: bool | None, b: bool | None) -> bool | None:
    """OR, which NULL leaves open unless the other side is true."""
    if a is True or b is True:
        return True
    return None if a is None or b is None else False


def largest(*args: int | None) -> int | None:
    """greatest(), which passes over NULL."""
    return max((arg for arg in args if arg is not None), default=None)


# What takes arguments: the SQL with a place for each, their kinds, and what Python makes of them.
# t: text, i: whole number, c: condition.
FORMS: dict[str, list[tuple[str, str, Callable]]] = {
    "t": [
        ("coalesce({}, {})", "tt", first_known),
        ("({} || {})", "tt", strict(lambda a, b: a + b)),
        ("concat({}, '-', {})", "tt", strict(lambda a, b: f"{a}-{b}")),
        ("upper({})", "t", strict(str.upper)),
        ("lower({})", "t", strict(str.lower)),
        ("CASE WHEN {} THEN {} ELSE {} END", "ctt", lambda c, a, b: a if c else b),
        ("CASE WHEN {} THEN {} END", "ct", lambda c, a: a if c else None),
        ("if({}, {}, {})", "ctt", lambda c, a, b: a if c else b),
        ("nullif({}, {})", "tt", lambda a, b: None if a is not None and a == b else a),
        ("CAST({} AS STRING)", "i", strict(str)),
        ("substring({}, 1, 2)", "t", strict(lambda a: a[:2])),
        ("replace({}, 'a', 'bb')", "t", strict(lambda a: a.replace("a", "bb"))),
    ],
    "i": [
        ("({} + {})", "ii", strict(lambda a, b: a + b)),
        ("({} - {})", "ii", strict(lambda a, b: a - b)),
        ("{} * 3", "i", strict(lambda a: a * 3)),
        ("abs({})", "i", strict(abs)),
        ("coalesce({}, {})", "ii", first_known),
        ("nullif({}, {})", "ii", lambda a, b: None if a is not None and a == b else a),
        ("length({})", "t", strict(len)),
        ("greatest({}, {})", "ii", largest),
        ("CASE WHEN {} THEN {} ELSE {} END", "cii", lambda c, a, b: a if c else b),
        ("CASE {} WHEN 1 THEN {} ELSE {} END", "iii", lambda x, a, b: a if x == 1 else b),
    ],
    "c": [
        ("{} = {}", "tt", strict(lambda a, b: a == b)),
        ("{} <> {}", "ii", strict(lambda a, b: a != b)),
        ("{} < {}", "tt", strict(lambda a, b: a < b)),
        ("{} <= {}", "ii", strict(lambda a, b: a <= b)),
        ("{} <=> {}", "tt", lambda a, b: a == b),
        ("{} IS NULL", "t", lambda a: a is None),
        ("{} IS NOT NULL", "i", lambda a: a is not None),
        ("{} IN ('a', '')", "t", strict(lambda a: a in ("a", ""))),
        ("{} BETWEEN -2 AND 2", "i", strict(lambda a: -2 <= a <= 2)),
        ("({} AND {})", "cc", both),
        ("({} OR {})", "cc", either),
        ("NOT ({})", "c", strict(lambda a: not a)),
    ],
}


def leaf(rnd: random.Random, kind: str, lookup: bool) -> Expr:
    """Return a column or a literal."""
    if kind == "t":
        if rnd.random() < 0.3:
            text = rnd.choice(TEXTS)
            return Expr(sql_text(text), lambda row: text)
        names = ["txt_a", "txt_b"] + (["l.label"] if lookup else [])
        name = rnd.choice(names)
        return Expr(name, lambda row: row[name.removeprefix("l.")])
    if rnd.random() < 0.3:
        number = rnd.randrange(10)
        return Expr(str(number), lambda row: number)
    name = rnd.choice(["num_n", "num_m"])
    return Expr(name, lambda row: row[name])


def expression(rnd: random.Random, kind: str, depth: int, lookup: bool) -> Expr:
    """Return a random expression of a kind."""
    if kind != "c" and (depth == 0 or rnd.random() < 0.15):
        return leaf(rnd, kind, lookup)
    form, kinds, function = rnd.choice(FORMS[kind])
    if depth == 0 and "c" in kinds:
        form, kinds, function = "{} IS NULL", "t", lambda a: a is None
    args = [expression(rnd, k, max(depth - 1, 0), lookup) for k in kinds]
    # A cast and a product bind more than their argument may.
    sql = form.format(*(f"({a.sql})" if form[0] == "{" and kind != "c" else a.sql for a in args))
    if kind == "c":
        sql = form.format(*(f"({a.sql})" for a in args))
    return Expr(sql, lambda row: function(*(a.value(row) for a in args)))


@dataclass
class Column:
    """A computed column of the target, with an expression for each group."""

    name: str
    kind: str
    default: object
    tracked: bool
    values: list[Expr]

    def value(self, row: dict) -> object:
        """Return what the column has for a row of the source."""
        value = self.values[row["g"]].value(row)
        return self.default if value is None else value


def of_time(kind: str, number: int | None) -> object:
    """Return a point in time: a number, a day or a moment."""
    if number is None or kind == "int":
        return number
    if kind == "date":
        return date(2026, 3, 1) + timedelta(days=number)
    return datetime(2026, 3, 29, 0, 59, 59, 999999) + timedelta(minutes=10 * number)


# Patterns that are compiled as MERGE is.
MERGING = ("merge", "scd1_snapshot", "change_feed")


@dataclass
class Pack:
    """A sheet with many mappings, its options and the batches of its source."""

    pattern: str
    number: int
    groups: int
    rnd: random.Random = field(init=False)
    options: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Draw all that the pack is."""
        rnd = self.rnd = random.Random(f"{self.pattern} {self.number} {self.groups}")
        self.lookup = rnd.random() < 0.4
        self.time = rnd.choice(["int", "date", "timestamp"])
        # The first packs have what the later ones have by chance.
        self.coins = iter([(self.number >> bit) % 2 == 0 for bit in range(3)])
        self.keyed = self.pattern != "incremental" or self.coin()
        self.kind = "merge" if self.pattern in MERGING else self.pattern
        self.ordered = self.pattern not in ("merge", "scd1_snapshot") or self.coin()
        self.choose_options()
        names = rnd.sample(NAMES, 6)
        self.key_names = names[:2]
        self.time_name, self.flag_name = names[2:4]
        self.columns = [self.column(n, k) for n, k in zip(names[4:], "ti", strict=True)]
        self.columns[0].tracked = True
        # An empty batch would close or delete everything, which is refused.
        wanted = "vanished" not in self.options and rnd.random() < 0.4
        self.filter = self.draw_filter() if wanted else None
        if self.pattern == "full_load" and rnd.random() < 0.5:
            self.options["overwrite_schema"] = "false"
        # To replace such a table, the catalog in memory wants the column to be the last one.
        if rnd.random() < 0.3 and self.pattern != "full_load":
            self.options["partition_by"] = "g"

    def coin(self) -> bool:
        """Return true or false: planned for the first packs, later random."""
        return next(self.coins, None) if self.number < 4 else self.rnd.random() < 0.5

    def choose_options(self) -> None:
        """Draw the options that change what is loaded."""
        options = self.options
        if self.pattern == "incremental":
            options["late_rows"] = self.rnd.choice(["ignore", "load"])
            options["null_watermark"] = self.rnd.choice(["skip", "load"])
        if self.pattern == "merge":
            options["ignore_nulls"] = "true" if self.rnd.random() < 0.3 else "false"
        if self.pattern == "scd2":
            options["late_rows"] = "split" if self.coin() else "ignore"
            options["surrogate_key"] = "sk" if self.rnd.random() < 0.5 else ""
        if self.pattern == "scd1_snapshot":
            options["vanished"] = "delete"
        if self.pattern == "change_feed":
            options["deleted"] = "{flag}"
            options["deletions"] = "mark" if self.coin() else "delete"
        if self.pattern in ("merge", "scd2"):
            if self.coin():
                options["deleted"] = "{flag}"
            elif self.rnd.random() < 0.5:
                options["vanished"] = "delete" if self.pattern == "merge" else "close"

    def column(self, name: str, kind: str) -> Column:
        """Draw a column."""
        default = self.rnd.choice([None, None, "none" if kind == "t" else -1])
        values = [
            # What Spark does with a plan takes time for each of its nodes.
            expression(self.rnd, kind, self.rnd.choice([1, 1, 2]), self.lookup)
            for _ in range(self.groups)
        ]
        return Column(name, kind, default, self.rnd.random() < 0.6, values)

    def draw_filter(self) -> Expr:
        """Draw a condition that holds for some rows and not for others."""
        rows = [{**self.row(0, (None, None), 0), "label": None} for _ in range(40)]
        while True:
            found = expression(self.rnd, "c", 1, self.lookup)
            if 10 < sum(found.value(row) is True for row in rows) < 36:
                return found

    def option_values(self) -> dict[str, str]:
        """Return the options as the command line takes them."""
        return {n: v.replace("{flag}", self.flag_name) for n, v in self.options.items()}

    def sheet(self, only: int | None = None) -> str:
        """Return the mapping sheet; of one group alone, without the others' expressions."""
        head = "source_table source_column target_table target_column transformation role"
        out = io.StringIO()
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow([*head.split(), "data_type", "default", "join", "filter"])
        source = f"{SOURCE} e" if self.lookup else SOURCE
        order = {"incremental": "watermark", "merge": "sequence" if self.ordered else ""}
        time_role = order.get(self.kind, "sequence")
        key = "key" if self.keyed and self.pattern != "full_load" else ""

        def put(column: str, name: str, value: str = "", role: str = "", *more: str) -> None:
            cells = [source, column, TARGET, quoted(name), value, role, *more]
            writer.writerow([*cells, *[""] * (10 - len(cells))])

        put("g", "g", "", key, "", "", "", self.filter.sql if self.filter else "")
        for column, name in zip(("k1", "k2"), self.key_names, strict=True):
            put(column, name, "", key)
        for column in self.columns:
            role = "tracked" if column.tracked else "untracked"
            role = role if self.pattern == "scd2" else ""
            kind = self.number % 2 * ("STRING" if column.kind == "t" else "INT")
            default = column.default if column.kind == "i" else sql_text(column.default or "")
            default = "" if column.default is None else str(default)
            put("", column.name, self.choice(column, only), role, kind, default)
        put("at", self.time_name, "", time_role)
        if self.has_flag:
            put("gone", self.flag_name)
        if self.lookup:
            cells = [f"{LOOKUP} l", "label", TARGET, "label", "", "", "", "", "l.code = e.txt_b"]
            writer.writerow([*cells, ""])
        return out.getvalue()

    def choice(self, column: Column, only: int | None) -> str:
        """Return the expression of a column: that of the group."""
        if only is not None or self.groups == 1:
            return column.values[only or 0].sql
        cases = " ".join(f"WHEN {g} THEN {value.sql}" for g, value in enumerate(column.values))
        return f"CASE g {cases} END"

    @property
    def has_flag(self) -> bool:
        """Tell whether rows say that they are deleted."""
        return "deleted" in self.options

    @property
    def marks(self) -> bool:
        """Tell whether deleted rows stay, with the flag."""
        return self.options.get("deletions") == "mark"

    @property
    def source_columns(self) -> str:
        """Return the columns of the source, as DDL has them."""
        return f"{SOURCE_COLUMNS}, at {self.time}, gone boolean"

    def names(self) -> list[str]:
        """Return the target's columns in the order of loaded()."""
        names = ["g", *self.key_names, *(c.name for c in self.columns), self.time_name]
        return names + ["label"] * self.lookup + [self.flag_name] * self.marks

    def source_row(self, row: dict) -> tuple:
        """Return a row as the source has it."""
        names = ("g", "k1", "k2", "txt_a", "txt_b", "num_n", "num_m")
        return (*(row[name] for name in names), of_time(self.time, row["at"]), row["gone"])

    def snapshot(self, number: int) -> str:
        """Return the parameter that says when keys that vanished ended."""
        return str(of_time(self.time, number))

    def loaded(self, rows: list[dict]) -> list[dict]:
        """Return what a transform makes of rows: key, values, time and flag of each."""
        found = []
        for plain in rows:
            row = {**plain, "label": LABELS.get(plain["txt_b"]) if self.lookup else None}
            if self.filter and self.filter.value(row) is not True:
                continue
            values = [column.value(row) for column in self.columns]
            found.append(
                {
                    "key": (row["g"], row["k1"], row["k2"]),
                    "values": tuple(values + ([row["label"]] if self.lookup else [])),
                    "at": row["at"],
                    "gone": bool(row["gone"]) and self.has_flag,
                    "flag": row["gone"],
                }
            )
        return found

    def told(self, key: tuple, values: tuple, at: int | None, flag: bool | None = None) -> tuple:
        """Return a target row in the order of names()."""
        n = len(self.columns)
        marks = [flag] * self.marks
        return (*key, *values[:n], of_time(self.time, at), *values[n:], *marks)

    def row(self, group: int, key: tuple, at: int | None) -> dict:
        """Draw a row."""
        rnd = self.rnd
        texts = [rnd.choice([None, *TEXTS[:6], rnd.choice(TEXTS)]) for _ in range(2)]
        numbers = [rnd.choice([None, *range(-3, 7)]) for _ in range(2)]
        names = ("txt_a", "txt_b", "num_n", "num_m")
        row = dict(zip(names, [*texts, *numbers], strict=True))
        return {"g": group, "k1": key[0], "k2": key[1], **row, "at": at, "gone": None}

    def batches(self) -> list[list[dict]]:
        """Draw what the source has, one time after the other."""
        batches: list[list[dict]] = [[], [], []]
        for group in range(self.groups):
            draw = getattr(self, f"draw_{self.kind}")
            for batch, rows in zip(batches, draw(group, self.keys()), strict=True):
                batch += rows
        for batch in batches:
            self.rnd.shuffle(batch)
        return batches

    def keys(self) -> list[tuple]:
        """Draw the keys of a group; NULL is a key, too."""
        keys = itertools.product([None, 0, 1], [None, "x", ""])
        return self.rnd.sample(list(keys), self.rnd.randrange(1, 4))

    def draw_full_load(self, group: int, keys: list[tuple]) -> list[list[dict]]:
        """Return any rows; the same ones several times."""
        rnd = self.rnd
        pool = [self.row(group, rnd.choice(keys), rnd.randrange(9)) for _ in range(4)]
        return [rnd.choices(pool, k=rnd.randrange(4)) for _ in range(3)]

    def draw_incremental(self, group: int, keys: list[tuple]) -> list[list[dict]]:
        """Return events: key and time say which one it is."""
        rnd = self.rnd
        times = [None, *range(8)]
        pool = {(k, t): self.row(group, k, t) for k in keys for t in rnd.sample(times, 3)}
        batches = []
        for n in range(3):
            likely = [r for (_, t), r in pool.items() if t is None or abs(t - 3 * n) < 4]
            batches.append(rnd.choices(likely, k=rnd.randrange(4)) if likely else [])
        return batches

    def draw_merge(self, group: int, keys: list[tuple]) -> list[list[dict]]:
        """Return states of keys: key and time say which one, where there is an order."""
        rnd = self.rnd
        pool: dict = {}
        batches = []
        for _ in range(3):
            rows = []
            for key in rnd.sample(keys, rnd.randrange(1, len(keys) + 1)):
                times = rnd.choices([None, *range(6)], k=rnd.randrange(1, 3) if self.ordered else 1)
                for time in times:
                    place = (key, time) if self.ordered else (key, rnd.random())
                    row = pool.setdefault(place, self.row(group, key, time))
                    row["gone"] = row["gone"] or rnd.choice([None, False, False, True])
                    rows.append(row)
            batches.append([dict(row) for row in rows])
        if self.ordered:
            # What a row says does not change from batch to batch.
            batches = [[dict(pool[(r["k1"], r["k2"]), r["at"]]) for r in b] for b in batches]
        return batches

    def draw_scd2(self, group: int, keys: list[tuple]) -> list[list[dict]]:
        """Return a first row of each key, then changes, and deletions at times of their own.

        Of a row and a deletion at one time the deletion wins, and the values of the row that lost
        are forgotten: that is no matter of order. Nor is it that the deletion of a key that nobody
        has seen is forgotten, so keys whose first row is filtered out are not deleted.
        """
        rnd = self.rnd
        first = [self.row(group, key, -2) for key in keys]
        seen = {row["key"] for row in self.loaded(first)}
        batches = [first, [], []]
        for key, batch in itertools.product(keys, batches[1:]):
            batch += [self.row(group, key, 2 * rnd.randrange(5)) for _ in range(rnd.randrange(3))]
            if self.has_flag and rnd.random() < 0.3 and (group, *key) in seen:
                batch.append({**self.row(group, key, 2 * rnd.randrange(5) + 1), "gone": True})
        return batches


def quoted(name: str) -> str:
    """Return a name as a cell of the sheet takes it, whatever it is."""
    return "`" + name.replace("`", "``") + "`"


def least(value: object) -> tuple:
    """Order values, NULL the least."""
    return (value is not None, value)


class Model:
    """A target in memory, and what a load does to it."""

    def __init__(self, pack: Pack) -> None:
        self.pack = pack
        self.rows: list[tuple] = []
        self.stored: dict[tuple, tuple] = {}
        self.seen: list[dict] = []

    def load(self, rows: list[dict], at: int | None = None) -> None:
        """Load a batch; at is when keys that vanished ended."""
        getattr(self, f"load_{self.pack.kind}")(self.pack.loaded(rows), at)

    def told(self) -> list[tuple]:
        """Return the rows in the order of the pack's names()."""
        if self.pack.kind == "merge":
            return [self.pack.told(k, v, at, flag) for k, (at, v, flag) in self.stored.items()]
        if self.pack.pattern == "scd2":
            return self.history()
        return self.rows

    def load_full_load(self, rows: list[dict], _: int | None) -> None:
        """All that is there gives way."""
        self.rows = [self.pack.told(r["key"], r["values"], r["at"]) for r in rows]

    def load_incremental(self, rows: list[dict], _: int | None) -> None:
        """Rows at or above the highest watermark that are not there yet."""
        options = self.pack.options
        highest = max((r["at"] for r in self.seen if r["at"] is not None), default=None)
        there = {self.identity(r) for r in self.seen}
        for row in rows:
            time = row["at"]
            if time is None and options["null_watermark"] == "skip":
                continue
            late = options["late_rows"] == "ignore" and highest is not None
            if late and time is not None and time < highest:
                continue
            if self.identity(row) in there:
                continue
            there.add(self.identity(row))
            self.seen.append(row)
        self.rows = [self.pack.told(r["key"], r["values"], r["at"]) for r in self.seen]

    def identity(self, row: dict) -> tuple:
        """Return what tells a row from others."""
        whole = (row["key"], row["at"], row["values"])
        return whole[:2] if self.pack.keyed else whole

    def load_merge(self, rows: list[dict], _: int | None) -> None:
        """The newest row of each key, if it is not older than what is there."""
        pack = self.pack
        latest: dict[tuple, dict] = {}
        for row in rows:
            other = latest.get(row["key"])
            if not other or least(row["at"]) > least(other["at"]):
                latest[row["key"]] = row
        if pack.options.get("vanished") == "delete":
            self.stored = {k: v for k, v in self.stored.items() if k in latest}
        for key, row in latest.items():
            new = (row["at"], row["values"], row["flag"])
            old = self.stored.get(key)
            if old and pack.ordered and least(new[0]) < least(old[0]):
                continue
            if row["gone"] and not pack.marks:
                self.stored.pop(key, None)
                continue
            if old and pack.options.get("ignore_nulls") == "true":
                values = tuple(map(first_known, new[1], old[1]))
                new = (first_known(new[0], old[0]), values, first_known(new[2], old[2]))
            self.stored[key] = new

    def load_scd2(self, rows: list[dict], at: int | None) -> None:
        """All sightings count, whenever they come; or those that are not late."""
        present = {r["key"] for r in rows}
        if self.pack.options["late_rows"] == "ignore":
            newest: dict[tuple, int] = {}
            for row in self.seen:
                newest[row["key"]] = max(newest.get(row["key"], row["at"]), row["at"])
            rows = [r for r in rows if r["at"] >= newest.get(r["key"], r["at"])]
        if self.pack.options.get("vanished") == "close":
            current = {row[:3] for row in self.history() if row[-1]}
            gone = current - present
            rows = rows + [{"key": k, "at": at, "gone": True, "values": ()} for k in gone]
        self.seen += rows

    def history(self) -> list[tuple]:
        """Return the versions that all sightings make up."""
        pack = self.pack
        # A column without a role is none of the tracked ones where some have it.
        kinds = [c.tracked for c in pack.columns] + [False] * pack.lookup
        times: dict[tuple, dict[int, list[dict]]] = {}
        for row in self.seen:
            times.setdefault(row["key"], {}).setdefault(row["at"], []).append(row)
        found = []
        for key, sightings in times.items():
            versions: list[list] = []
            latest: tuple = ()
            for time in sorted(sightings):
                best = max(sightings[time], key=lambda row: ranked(row, kinds))
                is_open = bool(versions) and versions[-1][2] is None
                if best["gone"]:
                    if is_open:
                        versions[-1][2] = time
                    continue
                tracked = picked(best["values"], kinds, True)
                latest = picked(best["values"], kinds, False)
                if is_open and versions[-1][0] == tracked:
                    continue
                if is_open:
                    versions[-1][2] = time
                versions.append([tracked, time, None])
            for tracked, start, end in versions:
                values = merged(tracked, latest, kinds)
                ends = (of_time(pack.time, start), of_time(pack.time, end), end is None)
                found.append((*pack.told(key, values, start), *ends))
        return found


def picked(values: tuple, kinds: list[bool], tracked: bool) -> tuple:
    """Return the values of the tracked columns, or of the others."""
    return tuple(v for v, kind in zip(values, kinds, strict=True) if kind == tracked)


def merged(tracked: tuple, latest: tuple, kinds: list[bool]) -> tuple:
    """Put the two kinds of values back into their order."""
    rest = {True: iter(tracked), False: iter(latest)}
    return tuple(next(rest[kind]) for kind in kinds)


def ranked(row: dict, kinds: list[bool]) -> tuple:
    """Order rows of one time: deletions win, then the greatest values, tracked ones first."""
    if row["gone"]:
        return (True,)
    values = picked(row["values"], kinds, True) + picked(row["values"], kinds, False)
    return (False, *map(least, values))
