#!/usr/bin/env python3
"""Prints a mapping sheet of any number of rows: one source, one target, one column per row.

usage: make_mapping.py ROWS > mapping.csv

The first two columns are a key and a watermark, so every pattern accepts the sheet; the others go
through the kinds of expression that real sheets have. The same number gives the same bytes.
"""

import csv
import sys
from collections.abc import Iterator
from typing import TextIO

HEADER = (
    "source_table",
    "source_column",
    "target_table",
    "target_column",
    "transformation",
    "role",
    "data_type",
)
SOURCE = "shop.bronze.orders"
TARGET = "shop.silver.orders"
KINDS = (
    ("", "STRING"),
    ("trim({c})", "STRING"),
    ("cast({c} as decimal(18,2))", "DECIMAL(18,2)"),
    ("coalesce({c}, 'none')", "STRING"),
    (
        "case when upper({c}) in ('C','CLOSED') then 'closed' "
        "when {c} is null then 'unknown' else lower(trim({c})) end",
        "STRING",
    ),
    ("to_date({c}, 'yyyy-MM-dd')", "DATE"),
    ("round({c} * 1.19, 2)", "DOUBLE"),
    ("regexp_replace({c}, '[^0-9]', '')", "STRING"),
    ("concat_ws(' ', initcap({c}), upper(substr({c}, 1, 3)))", "STRING"),
    ("if({c} between 1 and 100, {c}, null)", "INT"),
)


def rows(count: int) -> Iterator[tuple[str, ...]]:
    yield SOURCE, "order_id", TARGET, "order_id", "", "key", "BIGINT"
    yield SOURCE, "updated_at", TARGET, "updated_at", "", "watermark", "TIMESTAMP"
    for number in range(3, count + 1):
        column = f"attribute_{number:04d}"
        expression, data_type = KINDS[number % len(KINDS)]
        yield SOURCE, column, TARGET, column, expression.format(c=column), "", data_type


def write(count: int, out: TextIO) -> None:
    sheet = csv.writer(out, lineterminator="\n")
    sheet.writerow(HEADER)
    sheet.writerows(rows(count))


def main() -> int:
    if len(sys.argv) != 2 or not sys.argv[1].isdigit() or int(sys.argv[1]) < 2:
        print("usage: make_mapping.py ROWS  (2 or more)", file=sys.stderr)
        return 2
    write(int(sys.argv[1]), sys.stdout)
    return 0


if __name__ == "__main__":
    sys.exit(main())
