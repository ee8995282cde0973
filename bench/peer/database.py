"""The engine: one pool of prepared aiosqlite connections per worker process."""

import asyncio
import os
from collections.abc import AsyncIterator
from typing import Any

from sqlalchemy import event
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine

POOL_SIZE = int(os.environ.get("PEER_POOL", "4"))

# Every statement of this application stands alone, so connections run in autocommit mode and the
# pool has nothing to roll back when one is returned. That saves a round trip to its thread.
engine = create_async_engine(
    f"sqlite+aiosqlite:///{os.environ['PEER_DATABASE']}",
    isolation_level="AUTOCOMMIT",
    skip_autocommit_rollback=True,
    pool_size=POOL_SIZE,
    max_overflow=0,
    pool_reset_on_return=None,
)
# The pool hands a free connection to whoever asks first, so under load some requests would
# wait far longer than others. The semaphore serves them in order of arrival.
turn = asyncio.Semaphore(POOL_SIZE)
sessions = async_sessionmaker(engine, expire_on_commit=False, autoflush=False)


@event.listens_for(engine.sync_engine, "connect")
def prepare(connection: Any, _record: Any) -> None:
    """Sets a new connection up once; the pool keeps it for the life of the process."""
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode = WAL")
    cursor.execute("PRAGMA synchronous = FULL")
    cursor.execute("PRAGMA foreign_keys = ON")
    cursor.execute("PRAGMA cache_size = -8192")
    cursor.execute("PRAGMA mmap_size = 67108864")
    cursor.close()


async def warm() -> None:
    """Opens every connection of the pool before the first request."""
    opened = [await engine.connect() for _ in range(POOL_SIZE)]
    for connection in opened:
        await connection.close()


async def session() -> AsyncIterator[AsyncSession]:
    async with turn, sessions() as opened:
        yield opened
