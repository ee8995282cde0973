"""Fills a new SQLite file for the peer: the same 1,000 generations by 20 users each time.

Needs the standard library only, so the load runner can use it outside the peer's venv.
"""

import hashlib
import sqlite3
import time
from pathlib import Path

USERS = 20
GENERATIONS = 1000
SCHEMA = """
PRAGMA journal_mode = WAL;
CREATE TABLE user (
    id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, role TEXT NOT NULL
) STRICT;
CREATE TABLE session (
    token_hash BLOB PRIMARY KEY, user_id INTEGER NOT NULL REFERENCES user,
    csrf TEXT NOT NULL, created INTEGER NOT NULL, seen INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE generation (
    id INTEGER PRIMARY KEY, created INTEGER NOT NULL, name TEXT NOT NULL,
    pattern TEXT NOT NULL, target TEXT NOT NULL, status TEXT NOT NULL,
    engine TEXT NOT NULL, duration_ms INTEGER NOT NULL,
    user_id INTEGER NOT NULL REFERENCES user
) STRICT;
CREATE INDEX generation_created ON generation (created, id);
"""
PATTERNS = ("full_load", "incremental_append", "merge_upsert")
SUBJECTS = ("orders", "customers", "order_lines", "invoices", "products", "shipments", "returns")


def generation(number: int, now: int) -> tuple[int | str, ...]:
    subject = SUBJECTS[number % len(SUBJECTS)]
    return (
        number,
        now - (GENERATIONS - number) * 600,
        f"{subject} {number:04d}",
        PATTERNS[number % len(PATTERNS)],
        f"shop.silver.{subject}",
        "failed" if number % 17 == 0 else "done",
        "compiler",
        1 + number * 7 % 40,
        1 + number % USERS,
    )


def seed(path: Path, token: str) -> None:
    """Creates the database at `path` with one live session per user; `token` is user 1's cookie."""
    now = int(time.time())
    people = [(n, f"person{n:02d}", "user") for n in range(1, USERS + 1)]
    cookies = [(n, token if n == 1 else f"{token}-{n}") for n in range(1, USERS + 1)]
    hashed = [(n, hashlib.sha256(cookie.encode())) for n, cookie in cookies]
    logins = [(h.digest(), n, h.hexdigest()[::-1], now, now) for n, h in hashed]
    history = [generation(n, now) for n in range(1, GENERATIONS + 1)]
    connection = sqlite3.connect(path)
    connection.executescript(SCHEMA)
    with connection:
        connection.executemany("INSERT INTO user VALUES (?, ?, ?)", people)
        connection.executemany("INSERT INTO session VALUES (?, ?, ?, ?, ?)", logins)
        connection.executemany(f"INSERT INTO generation VALUES ({', '.join('?' * 9)})", history)
    connection.execute("ANALYZE")
    connection.close()
