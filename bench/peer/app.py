"""The history of generations as the source documents' own stack would serve it."""

import gc
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated
from urllib.parse import urlencode

from fastapi import FastAPI, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse
from jinja2 import Environment, FileSystemBytecodeCache, FileSystemLoader
from sqlalchemy import bindparam, select

import database
from auth import Database, SignedIn, SignedOut
from models import Generation, User

ROWS = 25
PATTERNS = ("full_load", "incremental_append", "merge_upsert")
STATUSES = ("done", "failed", "running")
HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; "
        "frame-ancestors 'none'; base-uri 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cache-Control": "no-store",
}

# One row more than is shown tells whether there is an older page.
HISTORY = (
    select(
        Generation.id,
        Generation.created,
        Generation.name,
        Generation.pattern,
        Generation.target,
        Generation.status,
        Generation.engine,
        Generation.duration_ms,
        User.name.label("user"),
    )
    .join(User, User.id == Generation.user_id)
    .order_by(Generation.created.desc(), Generation.id.desc())
    .limit(ROWS + 1)
    .offset(bindparam("skip"))
)


def when(seconds: int) -> str:
    return datetime.fromtimestamp(seconds, UTC).replace(tzinfo=None).isoformat(" ", "minutes")


views = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    bytecode_cache=FileSystemBytecodeCache(os.environ.get("PEER_CACHE")),
    autoescape=True,
    auto_reload=False,
    trim_blocks=True,
    lstrip_blocks=True,
)
views.filters["when"] = when
views.globals.update(patterns=PATTERNS, statuses=STATUSES)
history_view = views.get_template("generations.html")


@asynccontextmanager
async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
    await database.warm()
    gc.collect()
    gc.freeze()
    yield
    await database.engine.dispose()


app = FastAPI(lifespan=lifespan, openapi_url=None)


@app.exception_handler(SignedOut)
async def to_sign_in(_request: Request, _error: Exception) -> RedirectResponse:
    return RedirectResponse("/login", status_code=303)


@app.get("/generations")
async def history(
    db: Database,
    person: SignedIn,
    page: Annotated[int, Query(ge=1, le=100_000)] = 1,
    name: Annotated[str, Query(max_length=200)] = "",
    pattern: Annotated[str, Query(max_length=40)] = "",
    status: Annotated[str, Query(max_length=40)] = "",
) -> HTMLResponse:
    query = HISTORY
    if name:
        query = query.where(Generation.name.contains(name, autoescape=True))
    if pattern:
        query = query.where(Generation.pattern == pattern)
    if status:
        query = query.where(Generation.status == status)

    found = (await db.execute(query, {"skip": (page - 1) * ROWS})).all()
    chosen = {"name": name, "pattern": pattern, "status": status}
    kept = urlencode({key: value for key, value in chosen.items() if value})
    return HTMLResponse(
        history_view.render(
            person=person,
            rows=found[:ROWS],
            more=len(found) > ROWS,
            page=page,
            chosen=chosen,
            link="/generations?" + (kept + "&" if kept else ""),
        ),
        headers=HEADERS,
    )
