"""The proof cases: what each of them says, and the patterns whose code has to hold it."""

from dataclasses import dataclass, replace

# Patterns in the order of docs/proof.md, and what people call them.
PATTERNS = {
    "full_load": "Full load",
    "incremental": "Incremental",
    "merge": "MERGE",
    "scd1_snapshot": "SCD1 snapshot",
    "change_feed": "Change feed",
    "scd2": "SCD2",
}
LOADS = ("full_load", "incremental", "merge", "scd2")
# Those that tell rows apart, which a full load does not.
COMPARING = LOADS[1:]
# Compiled as MERGE is, so what holds for rules is proved there.
MERGING = ("merge", "scd1_snapshot", "change_feed")


@dataclass(frozen=True)
class Case:
    """One property: its number, its text, and the patterns that it is about."""

    number: str
    text: str
    patterns: tuple[str, ...]


def cases_of(patterns: tuple[str, ...], first: int, texts: str) -> list[Case]:
    """Number the lines of the texts from first on."""
    lines = texts.strip().splitlines()
    return [
        Case(f"P{number:02}", line.strip(), patterns) for number, line in enumerate(lines, first)
    ]


GROUPS: dict[str, list[Case]] = {
    "Every pattern": cases_of(
        tuple(PATTERNS),
        1,
        """
        the source has no rows
        the source has a single row
        a column holds nothing but NULL
        the columns come in another order
        the source has further columns
        the source lacks a mapped column: refused before anything is written
        names with blanks, dots, backticks, umlauts or reserved words
        a target column is mapped twice: refused
        narrower types, precision and scale of decimals, overflow
        times, time zones, the hours of a change to summer time, dates as text
        a value that differs in every run as a key: refused; in a comparison: left out
        quotes, backslashes, newlines, `${}` and braces in literals
        2,000 columns
        """,
    ),
    "Full load": cases_of(
        ("full_load",),
        14,
        """
        the second run gives the same rows
        a failure in the middle of the write leaves the old rows
        the schema is replaced, or kept, as declared
        """,
    ),
    "Incremental append": cases_of(
        ("incremental",),
        17,
        """
        the second run adds nothing
        rows with the very highest watermark are not lost
        rows older than the watermark, as declared
        rows without a watermark, as declared
        the first run, without a target or on an empty one
        """,
    ),
    "MERGE": cases_of(
        MERGING,
        22,
        """
        a key twice in the source: the declared order chooses, or the keys are listed
        a key twice in the target: refused before the MERGE
        keys of several columns
        NULL as key is never inserted twice
        only what changed is written: otherwise not one new data file
        rows that the source marks as deleted
        rows that the source no longer has
        the second run changes nothing
        batches in any order give the same rows
        """,
    ),
    "SCD2": cases_of(
        ("scd2",),
        31,
        """
        the first load
        a change of a tracked column closes one version and opens one
        a change of an untracked column does neither
        NULL to value, value to NULL, NULL to NULL
        A to B to A: three versions
        several changes of a key in one batch
        a late change splits an interval
        two changes at the same time: the declared one wins
        a delete closes, a return opens
        the second run changes nothing
        batches in any order give the same history
        one current row a key, no overlap, no gap, keys that stay
        a new tracked column
        """,
    ),
    "Rules": cases_of(
        LOADS,
        44,
        """
        a row that fails a rule goes aside with the rules; no row is lost or doubled
        a row that was mended comes back once
        """,
    ),
}
# What is compiled as MERGE is would only be slow once more.
GROUPS["Every pattern"][12] = replace(GROUPS["Every pattern"][12], patterns=LOADS)
# P11 is about telling rows apart.
GROUPS["Every pattern"][10] = replace(GROUPS["Every pattern"][10], patterns=tuple(PATTERNS)[1:])
# A snapshot has no flag, and no order but that in which snapshots were taken; in a feed nothing
# is missing.
for number, patterns in (
    (27, ("merge", "change_feed")),
    (28, ("merge", "scd1_snapshot")),
    (30, ("merge", "change_feed")),
):
    GROUPS["MERGE"][number - 22] = replace(GROUPS["MERGE"][number - 22], patterns=patterns)
CASES = {case.number: case for cases in GROUPS.values() for case in cases}
