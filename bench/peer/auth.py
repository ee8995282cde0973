"""Who is asking: the session cookie, its row, its user."""

import hashlib
import time
from typing import Annotated, NamedTuple

from fastapi import Cookie, Depends
from sqlalchemy import bindparam, select, update
from sqlalchemy.ext.asyncio import AsyncSession

import database
from models import Session, User

IDLE_S = 8 * 3600
ABSOLUTE_S = 7 * 24 * 3600
TOUCH_S = 60

Database = Annotated[AsyncSession, Depends(database.session, scope="function")]

FIND = (
    select(User.id, User.name, User.role, Session.csrf, Session.created, Session.seen)
    .join(User, User.id == Session.user_id)
    .where(Session.token_hash == bindparam("token_hash"))
)
TOUCH = (
    update(Session)
    .where(Session.token_hash == bindparam("hash"))
    .values(seen=bindparam("now"))
    .execution_options(synchronize_session=False)
)


class SignedOut(Exception):
    """There is no live session; the handler answers with the way to the sign-in page."""


class Person(NamedTuple):
    id: int
    name: str
    role: str
    csrf: str


async def signed_in(db: Database, session: Annotated[str | None, Cookie()] = None) -> Person:
    if not session:
        raise SignedOut
    token_hash = hashlib.sha256(session.encode()).digest()
    row = (await db.execute(FIND, {"token_hash": token_hash})).one_or_none()
    now = int(time.time())
    if row is None or now - row.seen > IDLE_S or now - row.created > ABSOLUTE_S:
        raise SignedOut
    if now - row.seen > TOUCH_S:
        await db.execute(TOUCH, {"hash": token_hash, "now": now})
    return Person(row.id, row.name, row.role, row.csrf)


SignedIn = Annotated[Person, Depends(signed_in)]
